/**
 * The table as a file (`-oN`): the same text, between two comments that say when and as what it was made.
 *
 * @module
 */
import type { ResultList, Summary } from "../result.ts";
import type { HostBook } from "./host_book.ts";
import { TableWriter } from "./table.ts";
import { dateText, printable } from "./text.ts";
import type { ReportOptions, ScanHead, Writer } from "./writer.ts";

/** Writes the table with comments around it. */
export class NormalWriter implements Writer {
  readonly #table: TableWriter;

  constructor(options: ReportOptions, book: HostBook) {
    this.#table = new TableWriter({ ...options, color: false }, book);
  }

  start(head: ScanHead): string {
    return initiatedComment(head) + this.#table.start(head);
  }

  results(batch: ResultList): string {
    return this.#table.results(batch);
  }

  tail(): string {
    return "";
  }

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    yield* this.#table.end(summary);
    yield `# synscan ${summary.ended} at ${dateText(endedAtMs)}\n`;
  }
}

/**
 * The comment that opens a file: what made it, when and how. It has nmap's words but not nmap's name, for nmap did not make it.
 * Programs that know a file of nmap's by `# Nmap` do better with the XML.
 */
export function initiatedComment({ version, startedAtMs, args }: ScanHead): string {
  return `# synscan ${version} scan initiated ${dateText(startedAtMs)} as: ${
    printable(["synscan", ...args].join(" "))
  }\n`;
}
