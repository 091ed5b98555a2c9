/**
 * What a format has to be able to do. A writer turns results into text as they arrive and knows nothing of files; who
 * runs it (`src/cli/output.ts`) puts the text where it belongs.
 *
 * @module
 */
import {
  type NamesByHost,
  type Progress,
  type ResultCursor,
  type ResultList,
  type State,
  stateOf,
  type Summary,
} from "../result/outcome.ts";
import type { ScanChanges } from "./changes.ts";
import type { Field } from "./fields.ts";

/** What is known of a scan when it begins. */
export interface ScanHead {
  /** Hosts to scan. */
  readonly hosts: number;
  /** Ports of hosts to decide. */
  readonly probes: number;
  /** The ports that hosts are asked for, as `22,80,8000-8100`, and how many; undefined where nobody knows any more. */
  readonly ports?: { readonly count: number; readonly text: string } | undefined;
  /** How ports are asked. */
  readonly technique: "syn" | "connect";
  /** When it began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The command line, as typed. */
  readonly args: readonly string[];
  /** synscan's version. */
  readonly version: string;
  /** The names by which hosts were asked for, where there are any. */
  readonly names?: NamesByHost;
  /** The targets, as the user named them. */
  readonly targets?: string;
  /** Addresses that probes leave from, and the name of the machine, where they are known. */
  readonly sources?: readonly string[];
  readonly machine?: string;
  /** First and last IPv4 address of each range of hosts to scan, as numbers; undefined where they are too many. */
  readonly ranges?: readonly (readonly [first: number, last: number])[];
}

/** How much a report says. */
export interface ReportOptions {
  /** Only open ports. */
  readonly openOnly: boolean;
  /** With the reason of each state. */
  readonly reason: boolean;
  /** 0, or how often `-v` was given. */
  readonly verbosity: number;
  /** With colour, where the format has any. */
  readonly color: boolean;
  /** Columns of the terminal that lines are broken for; lines are not broken where it is undefined. */
  readonly columns?: number | undefined;
  /** Without a closing summary, where the format is for people. */
  readonly quiet?: boolean;
  /** The state that a port had in the scan before, where only changes are reported; undefined where it is not known. */
  readonly stateBefore?: ((ip: string, port: number) => State | undefined) | undefined;
  /**
   * Which fields; every one where `undefined`. A format whose shape is fixed keeps what that shape demands, in its order, and
   * leaves out what it may.
   */
  readonly fields?: readonly Field[] | undefined;
}

/** A piece of a document: text, or its octets in UTF-8, which are good until its writer is asked for the next. */
export type Piece = string | Uint8Array<ArrayBuffer>;

/**
 * A format being written. Calls come in the order `start`, `results` any number of times, `end` once; the text of all
 * of them, one after the other, is the document.
 *
 * A document may be cut short between two calls: what `tail` returns then makes it whole. Another writer may continue it after
 * `start` with the same head and `results` with the same results.
 */
export interface Writer {
  /** Opens the document. */
  start(head: ScanHead): string;
  /**
   * Takes results, decided by `nowMs` (milliseconds since 1970). The piece is empty where a format needs them all before it
   * can say anything.
   */
  results(batch: ResultList, nowMs: number): Piece;
  /** Says where the scan stands, between two calls of `results`; nothing where a format has no place for it. */
  progress?(progress: Progress): string;
  /** Takes what changed since an earlier scan, before `end`; there is no such method where a format has no place for it. */
  compared?(changes: ScanChanges): void;
  /** What would have to follow now for the document to be valid, without a summary. */
  tail(): string;
  /** Closes the document, in pieces that need not be in memory together. `endedAtMs` is in milliseconds since 1970. */
  end(summary: Summary, endedAtMs: number): Iterable<string>;
}

/** True for a port that is open, and was not reported as open before: a list of open ports names each once. */
export function isNewlyOpen({ state, replaces }: ResultCursor): boolean {
  return state === "open" && (replaces === undefined || stateOf(replaces) !== "open");
}
