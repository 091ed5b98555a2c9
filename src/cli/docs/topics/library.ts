/**
 * Help topic: library.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "mod.ts exports scan(options, control). It can be imported by a relative or an absolute path, also from another project; " +
  "importing it opens nothing:",
  {
    code: [
      'import { scan } from "/path/to/synscan/mod.ts";',
      "",
      'const running = scan({ targets: "127.0.0.1", ports: "22,80" });',
      "for await (const { ip, port, state, reason } of running) {",
      "  console.log(ip, port, state, reason);",
      "}",
      "const { elapsedMs, trusted } = await running.summary;",
    ],
  },
  {
    rows: [
      ["for await (... of running)", "Results one by one. Leaving the loop ends the scan."],
      ["running.batches()", "The same results in batches read through a cursor; toResult(cursor) copies one."],
      ["running.plan", "A promise of what was decided before the first probe."],
      ["running.summary", "A promise of the summary; it can be awaited alone if no results are needed."],
      ["running.progress()", "The status of the scan."],
      ["running.setMaxRate(pps)", "Changes the upper bound of the rate."],
      ["running.setOnPacket(f)", "Passes each packet, as text, to a function."],
      ["planScan(options)", "What would be probed; sends nothing."],
    ],
  },
  "The second argument of scan can hold an AbortSignal, which ends the scan. Options that make no sense reject with a UsageError, " +
  "and what cannot be done on this machine with a CannotScanError.",
  "A library does not change the user or the rights of its process unless dropPrivileges is given: true drops them as the program " +
  "does (help permissions), for the user who called sudo; { uid, gid, name } names another user. Afterwards the process " +
  "can neither run programs nor listen on ports.",
  "deno doc mod.ts prints every export with an example.",
];
