/**
 * The scans of a history, as they are listed.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { counted, dateText, grouped, printable, spanText } from "../base/text.ts";
import type { ScanHead } from "../report/writer.ts";
import { type State, STATES } from "../result/states.ts";
import { type Summary, UNTOLD } from "../result/summary.ts";
import { damaged, isCount, isEnding, isPlain, isTexts, isTime, summaryFrom } from "./validate.ts";
import type { Row } from "./columns.ts";
import { jsonLine } from "./format.ts";

/** A scan in a history. */
export interface ScanRecord {
  /** Its number. */
  readonly id: number;
  /** The space that was probed, in the canonical form that its caller gave. */
  readonly space: string;
  /** The targets as they were typed. */
  readonly targets: string;
  /** Its head in the reports. */
  readonly head: ScanHead;
  /** Its end; `unfinished` if it was killed, or still runs. */
  readonly ended: Summary["ended"] | "unfinished";
  /** When it ended, or last wrote, in milliseconds since 1970. */
  readonly endedAtMs: number;
  /** Ports by state. */
  readonly counts: Readonly<Record<State, number>>;
  /** Hosts and ports that were excluded, as text; `undefined` where they are not known. */
  readonly excluded?: string | undefined;
  readonly excludedPorts?: string | undefined;
  /** The ports that were probed, as text; `undefined` where they are not known. */
  readonly ports?: string | undefined;
  /** Its summary; `undefined` while it is unfinished. */
  readonly summary: Summary | undefined;
}

/** Reads scans, by a condition in SQL. */
export function readRecords(db: DatabaseSync, condition: string, ...values: (string | number)[]): ScanRecord[] {
  return db.prepare(`SELECT * FROM scan ${condition}`).all(...values).map(toRecord);
}

/** The scans for a person: a line each, the first scan first. */
export function recordsText(records: readonly ScanRecord[]): string {
  if (records.length === 0) return "No scans yet\n";
  const lines = records.map((record) => [
    `${record.id}`,
    dateText(record.head.startedAtMs),
    spanText(record.summary?.elapsedMs ?? record.endedAtMs - record.head.startedAtMs),
    record.ended,
    grouped(record.summary?.hosts ?? record.head.hosts),
    grouped(record.head.probes),
    grouped(record.counts.open),
    printable(record.targets),
  ]);
  const head = ["SCAN", "BEGAN", "TOOK", "ENDED", "HOSTS", "PORTS", "OPEN", "TARGETS"];
  const toTheRight = new Set(["SCAN", "TOOK", "HOSTS", "PORTS", "OPEN"]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]!.length)));
  const lay = (cells: readonly string[]): string =>
    cells.map((cell, i) => toTheRight.has(head[i]!) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd() + "\n";
  return [head, ...lines].map(lay).join("");
}

/** The scans as JSON lines, the first scan first. */
export function recordsJson(records: readonly ScanRecord[]): string {
  return records.map(({ id, targets, head, ended, endedAtMs, counts, summary }) =>
    jsonLine({
      type: "scan",
      scan: id,
      targets,
      args: head.args,
      technique: head.technique,
      version: head.version,
      started: new Date(head.startedAtMs).toISOString(),
      ended_at: new Date(endedAtMs).toISOString(),
      ended,
      hosts: summary?.hosts ?? head.hosts,
      probes: head.probes,
      open: counts.open,
      closed: counts.closed,
      filtered: counts.filtered,
      unfiltered: counts.unfiltered || undefined,
      open_filtered: counts["open|filtered"] || undefined,
      closed_filtered: counts["closed|filtered"] || undefined,
      undecided: counts.undecided,
      trusted: summary?.trusted ?? false,
    })
  ).join("");
}

/** Returns the summary of a scan, or the known part of it where the scan was cut off. */
export function summaryOf(record: ScanRecord, hostsUp: number): Summary {
  if (record.summary !== undefined) return record.summary;
  const { counts, head } = record;
  const known = STATES.reduce((sum, state) => state === "undecided" ? sum : sum + counts[state], 0);
  return {
    ...UNTOLD,
    ...{ open: counts.open, closed: counts.closed, filtered: counts.filtered, unfiltered: counts.unfiltered },
    ...{ openFiltered: counts["open|filtered"], closedFiltered: counts["closed|filtered"] },
    hosts: head.hosts,
    hostsUp,
    probes: head.probes,
    undecided: head.probes - known,
    elapsedMs: record.endedAtMs - head.startedAtMs,
    ended: "interrupted",
    warnings: [
      `Scan ${record.id} is unfinished: it was killed, or still runs. ` +
      `${grouped(known)} of ${counted(head.probes, "port")} are known`,
    ],
  };
}

const COUNTS = ["hosts", "probes", ...STATES];

function toRecord(row: Row): ScanRecord {
  const { ended, technique, version, started_ms: startedAtMs } = row;
  const endedAtMs = row["ended_ms"] ?? row["written_ms"];
  const args = parsed(row["args"]);
  const summary = row["summary"] === null ? undefined : summaryFrom(parsed(row["summary"]));
  const isSound = COUNTS.every((name) => isCount(row[name])) && isPlain(technique) && isPlain(version) &&
    isTime(startedAtMs) && isTime(endedAtMs) && isTexts(args) && (ended === null || isEnding(ended)) &&
    (row["summary"] === null || summary !== undefined);
  if (!isSound) throw damaged("the list of scans");
  return {
    id: Number(row["id"]),
    space: String(row["space"]),
    targets: String(row["targets"]),
    head: {
      hosts: Number(row["hosts"]),
      probes: Number(row["probes"]),
      technique: String(technique),
      startedAtMs: Number(startedAtMs),
      args: args as string[],
      version: String(version),
      targets: String(row["targets"]),
    },
    ended: ended === null ? "unfinished" : ended as Summary["ended"],
    endedAtMs: Number(endedAtMs),
    counts: Object.fromEntries(STATES.map((state) => [state, Number(row[state])])) as Record<State, number>,
    excluded: textIn(row["excluded"]),
    excludedPorts: textIn(row["excluded_ports"]),
    ports: textIn(row["ports"]),
    summary,
  };
}

/** Addresses or ports as text, as a scan that begins has written them. */
function textIn(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "string" || !/^[\d.,-]*$/.test(value)) throw damaged("the list of scans");
  return value;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw damaged("the list of scans");
  }
}
