/**
 * JSON lines: one object a line, a line for each port as it is decided, and one for the scan at its end (RFC 8259;
 * every line ends with a line feed).
 *
 * @module
 */
import type { PortResult, Summary } from "../result.ts";
import { type Field, FIELDS } from "./fields.ts";
import type { ReportOptions, ScanHead, Writer } from "./writer.ts";

/** Writes results and the summary as JSON lines. */
export class JsonLinesWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #columns: readonly { readonly field: Field; readonly key: string }[];

  constructor(options: ReportOptions) {
    this.#openOnly = options.openOnly;
    this.#columns = (options.fields ?? FIELDS).map((field) => ({ field, key: `,${JSON.stringify(field.name)}:` }));
  }

  start(_head: ScanHead): string {
    return "";
  }

  results(batch: readonly PortResult[]): string {
    let text = "";
    for (const result of batch) {
      if (this.#openOnly && result.state !== "open") continue;
      text += '{"type":"port"';
      for (const { field, key } of this.#columns) {
        const value = field.get(result);
        if (value === undefined) {
          if (!field.sparse) text += `${key}null`;
        } else if (typeof value === "string") {
          text += field.plain ? `${key}"${value}"` : key + jsonText(value);
        } else {
          text += Number.isNaN(value) ? `${key}null` : key + value;
        }
      }
      text += "}\n";
    }
    return text;
  }

  tail(): string {
    return "";
  }

  end(summary: Summary): string[] {
    return [summaryLine(summary)];
  }
}

/** A scan's summary as one JSON line. */
export function summaryLine(summary: Summary): string {
  return JSON.stringify({
    type: "summary",
    hosts: summary.hosts,
    hosts_up: summary.hostsUp,
    probes: summary.probes,
    sent: summary.sent,
    answered: summary.answered,
    open: summary.open,
    closed: summary.closed,
    filtered: summary.filtered,
    undecided: summary.undecided,
    elapsed_ms: rounded(summary.elapsedMs, 1e3),
    rate_pps: rounded(summary.ratePps, 10),
    loss: rounded(summary.loss, 1e6),
    expected_wrong: rounded(summary.expectedWrong, 1e6),
    late: summary.late,
    duplicates: summary.duplicates,
    unmatched: summary.unmatched,
    send_retries: summary.sendRetries,
    send_errors: summary.sendErrors,
    receive_drops: summary.receiveDrops,
    capped_hosts: summary.cappedHosts,
    suspects: summary.suspects,
    ended: summary.ended,
    warnings: summary.warnings,
    trusted: summary.trusted,
    transport: summary.transport,
    workers: summary.workers,
  }) + "\n";
}

// JSON.stringify leaves DEL, C1 and the line separators as they are; a terminal that shows the line would obey them.
function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
