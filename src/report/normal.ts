/**
 * The table as a file (`-oN`), between two comments with command and time. Hosts and ports that are not shown are worded
 * as by nmap, for programs that read its normal output.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import type { Summary } from "../result/summary.ts";
import { chooser } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import { type HostReport, inNmapWords, type PortGroup } from "./host_report.ts";
import { hostName, type TableWords, TableWriter } from "./table.ts";
import { NMAP_SERVICE } from "./table_columns.ts";
import { commandText, dateText, printable, scannedText } from "../base/text.ts";
import type { ReportOptions, ScanHead, Writer } from "./writer.ts";

/** Writes the table with comments around it. */
export class NormalWriter implements Writer {
  readonly #table: TableWriter;

  constructor(options: ReportOptions, aggregator: HostAggregator) {
    this.#table = new TableWriter(
      { ...options, color: false, columns: undefined },
      aggregator,
      nmapWords(chooser(options.fields)),
    );
  }

  start(head: ScanHead): string {
    return initiatedComment(head) + this.#table.start(head);
  }

  results(batch: ResultList): string {
    return this.#table.results(batch);
  }

  hosts(batch: ResultList): string {
    return this.#table.hosts(batch);
  }

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    yield* this.#table.end(summary);
    yield endedComment(summary, endedAtMs);
  }
}

/**
 * Returns the comment that opens a file: program, time and command. Programs recognize nmap's files by its first two words; the
 * third names synscan.
 */
export function initiatedComment(
  { version, startedAtMs, args }: Pick<ScanHead, "version" | "startedAtMs" | "args">,
): string {
  return `# Nmap synscan-${version} scan initiated ${dateText(startedAtMs)} as: ${commandText(["synscan", ...args])}\n`;
}

function nmapWords(has: (field: string) => boolean): TableWords {
  return {
    service: NMAP_SERVICE,
    host: inNmapWords,
    title: (host) => `Nmap scan report for ${hostName(host)}${host.found?.state === "absent" ? " [host down]" : ""}`,
    status: ({ answer, roundTrip, found }, reason) =>
      answer === undefined
        ? ""
        : `Host is up${reason}${has("rtt_ms") ? latencyText(roundTrip?.smoothedMs ?? found?.rttMs) : ""}.\n${
          macLine(found)
        }`,
    hidden: (groups, atLeast, several) => groups.map((group) => hiddenText(group, atLeast, several)).join(", "),
  };
}

const ENDINGS = { done: "done", deadline: "stopped", interrupted: "interrupted", failed: "failed" } as const;

/** Returns the comment that closes a file. It contains `done`, as nmap's, only if the scan is complete. */
export function endedComment(
  { ended, hosts, hostsUp, elapsedMs }: Pick<Summary, "ended" | "hosts" | "hostsUp" | "elapsedMs">,
  endedAtMs: number,
): string {
  return `# Nmap ${ENDINGS[ended]} at ${dateText(endedAtMs)} -- ${scannedText(hosts, hostsUp, elapsedMs)} by synscan\n`;
}

function latencyText(roundTripMs: number | undefined): string {
  return roundTripMs === undefined ? "" : ` (${(roundTripMs / 1000).toPrecision(2)}s latency)`;
}

function macLine(found: HostReport["found"]): string {
  if (found?.mac === undefined) return "";
  return `MAC Address: ${found.mac.toUpperCase()} (${printable(found.vendor ?? "Unknown")})\n`;
}

/** Ports that are not listed: `995 closed tcp ports (reset)`. */
function hiddenText({ technique, proto, state, reason, count }: PortGroup, atLeast: boolean, several: boolean): string {
  const least = atLeast && reason === "no-response" ? "at least " : "";
  return `${least}${count} ${state} ${proto} ${count === 1 ? "port" : "ports"} (${reason}${
    several ? `, ${technique}` : ""
  })`;
}
