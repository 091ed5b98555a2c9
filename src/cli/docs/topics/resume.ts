/**
 * Help topic: resuming a scan.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "With --checkpoint FILE a scan that is interrupted, even by kill -9 or a power failure, can be resumed probe by probe:",
  { code: ["synscan -p- --checkpoint scan.ck -oJ found.jsonl -oX found.xml 192.0.2.0/24", "synscan resume scan.ck"] },
  "The resumed scan has the options and reports of the first one. In the end the reports are those of one whole scan: nothing is " +
  "missing or doubled, and the summary is of the whole. The checkpoint is replaced about twice a second and removed when " +
  "the scan is done; a deadline leaves it. Without --checkpoint, Ctrl-C leaves a checkpoint in the current directory, or in /tmp " +
  "if the user of the running scan cannot write there, and prints the command that resumes the scan.",
  "The checkpoint's size is bounded by the probes in flight and the hosts found. The results, 24 bytes each, and what SYN-ACKs " +
  "show of their hosts are appended to FILE.journal, from which the reports are filled again. If you move one file, move both.",
  "Standard output cannot be taken back: the second part follows the first, and the last results before the interruption may be " +
  "repeated. Names keep their addresses. If a target list was changed, or a report was modified, nothing is sent and no file " +
  "is touched.",
];
