/**
 * Comma-separated values (RFC 4180, with line feeds alone): a line of names, then a line for each port as it is decided.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import { type Field, FIELDS } from "./fields.ts";
import { printable } from "../base/text.ts";
import { mayBeOpen, type ReportOptions, type Writer } from "./writer.ts";

/** Writes results as comma-separated values. Unknown values are empty. */
export class CsvWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #fields: readonly Field[];
  readonly #stateBefore: ReportOptions["stateBefore"];

  constructor(options: ReportOptions) {
    this.#openOnly = options.openOnly;
    this.#fields = options.fields ?? FIELDS;
    this.#stateBefore = options.fields === undefined ? options.stateBefore : undefined;
  }

  start(): string {
    const was = this.#stateBefore === undefined ? "" : ",was";
    return `${this.#fields.map(({ name }) => name).join(",")}${was}\n`;
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
