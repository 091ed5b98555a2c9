/**
 * Help topic: JSON lines.
 *
 * @module
 */
import { FIELDS } from "../../../report/fields.ts";
import { JSON_EVENTS } from "../../../report/json_events.ts";
import { LIST_SUMMARY_FIELDS, LISTED_FIELDS } from "../../../report/list.ts";
import { TARGET_FIELDS } from "../../dry_run.ts";
import type { Block } from "../blocks.ts";

const rowsOf = (fields: readonly { readonly name: string; readonly doc: string }[]): Block => ({
  rows: fields.map(({ name, doc }) => [name, doc]),
});

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "With --json or -oJ FILE every line is a JSON object whose type states what it is. Readers should skip types and fields " +
  "that they do not know; the schema in the first line changes if a reader could be misled.",
  { heading: "port, as each port is decided" },
  rowsOf(FIELDS),
  `A field that is not known is null; ${
    FIELDS.filter(({ sparse }) => sparse).map(({ name }) => name).join(", ")
  } are left out instead. With --changed, was is the state in the previous scan, if known.`,
  "Round trips are taken from the kernel's timestamps of probe and reply. In a fast scan the first 1,536 probes and a sample of " +
  "the others have a transmit timestamp of their own; the rest get their share of the time of a system call that sends up " +
  "to 32 packets, which bounds the error. -sT reports the kernel's measurement of the handshake (TCP_INFO), and none for a " +
  "refused connection.",
  "If a scan ends early, ports that were not probed are reported as well if they are at most 65,536; more are only counted, " +
  "in the summary's undecided.",
  ...JSON_EVENTS.flatMap(({ type, when, fields }): Block[] => [
    { heading: `${type}, ${when.replaceAll("`", "")}` },
    rowsOf(fields),
  ]),
  { heading: "target, the only type with --dry-run: one line for each host" },
  rowsOf(TARGET_FIELDS.map(([name, doc]) => ({ name, doc }))),
  { heading: "target, with -sL: one line for each address" },
  rowsOf(LISTED_FIELDS.map(([name, doc]) => ({ name, doc }))),
  `The last line is a summary with ${LIST_SUMMARY_FIELDS.join(", ")}; trusted is false if names are missing.`,
];
