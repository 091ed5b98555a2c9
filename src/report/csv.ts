/**
 * Comma-separated values (RFC 4180, with line feeds alone): a line of names, then a line for each port as it is decided. Where names
 * of hosts are looked up, the last value is the name by reverse DNS, if it was known by then.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import { type Field, FIELDS, PROBED_FIELDS } from "./fields.ts";
import { printable } from "../base/text.ts";
import { mayBeOpen, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

/** Writes results as comma-separated values. Unknown values are empty. */
export class CsvWriter implements Writer {
  readonly #openOnly: boolean;
  #fields: readonly Field[];
  readonly #stateBefore: ReportOptions["stateBefore"];
  readonly #isWhole: boolean;
  #hostnames: ScanHead["hostnames"];

  constructor(options: ReportOptions) {
    this.#openOnly = options.openOnly;
    this.#fields = options.fields ?? PROBED_FIELDS;
    this.#isWhole = options.fields === undefined;
    this.#stateBefore = this.#isWhole ? options.stateBefore : undefined;
  }

  start({ hostnames, detectsServices }: ScanHead): string {
    if (this.#isWhole && detectsServices === true) this.#fields = FIELDS;
    this.#hostnames = this.#isWhole ? hostnames : undefined;
    const was = this.#stateBefore === undefined ? "" : ",was";
    const hostname = this.#hostnames === undefined ? "" : ",hostname";
    return `${this.#fields.map(({ name }) => name).join(",")}${was}${hostname}\n`;
  }

  results(batch: ResultList): string {
    let text = "";
    for (const result of batch) {
      if (this.#openOnly && !mayBeOpen(result.state)) continue;
      let separator = "";
      for (const field of this.#fields) {
        const value = field.get(result);
        text += separator;
        const shown = Array.isArray(value) ? value.join(" ") : value;
        if (shown !== undefined) text += typeof shown === "string" && !field.plain ? quoted(shown) : shown;
        separator = ",";
      }
      if (this.#stateBefore !== undefined) text += `,${this.#stateBefore(result) ?? ""}`;
      if (this.#hostnames !== undefined) {
        const hostname = this.#hostnames.of(result.ip);
        text += hostname === undefined ? "," : `,${quoted(hostname)}`;
      }
      text += "\n";
    }
    return text;
  }

  end(): string[] {
    return [];
  }
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll('"', '""')}"`;
}
