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
import { hasShape, isText, orNull, type Shape } from "../base/shape.ts";
import { damaged, isCount, isEnding, isPlain, isSummary, isTime, knownSummary } from "./validate.ts";
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

const isRanges = (value: unknown): boolean => isText(value) && /^[\d.,-]*$/.test(String(value));

const RECORD: Shape = {
  ...Object.fromEntries(["hosts", "probes", ...STATES].map((name) => [name, isCount])),
  ...{ technique: isPlain, version: isPlain, args: [isText], summary: orNull(isSummary) },
  ...{ started_ms: isTime, written_ms: isTime, ended_ms: orNull(isTime), ended: orNull(isEnding) },
  ...{ excluded: orNull(isRanges), excluded_ports: orNull(isRanges), ports: orNull(isRanges) },
};

function toRecord(row: Row): ScanRecord {
  const summary = row["summary"] === null ? null : parsed(row["summary"]);
  const args = parsed(row["args"]);
  if (!hasShape({ ...row, args, summary }, RECORD)) throw damaged("the list of scans");
  const text = (name: string) => row[name] as string;
  const count = (name: string) => row[name] as number;
  const optional = (name: string) => row[name] === null ? undefined : text(name);
  return {
    ...{ id: count("id"), space: text("space"), targets: text("targets"), ports: optional("ports") },
    head: {
      ...{ hosts: count("hosts"), probes: count("probes"), technique: text("technique"), version: text("version") },
      ...{ startedAtMs: count("started_ms"), args: args as string[], targets: text("targets") },
    },
    ended: optional("ended") as Summary["ended"] | undefined ?? "unfinished",
    endedAtMs: count(row["ended_ms"] === null ? "written_ms" : "ended_ms"),
    counts: Object.fromEntries(STATES.map((state) => [state, count(state)])) as Record<State, number>,
    ...{ excluded: optional("excluded"), excludedPorts: optional("excluded_ports") },
    summary: summary === null ? undefined : knownSummary(summary as Summary),
  };
}

/** Returns a value that a file has as JSON. */
function parsed(text: unknown): unknown {
  try {
    const value = JSON.parse(String(text));
    if (value !== null) return value;
  } catch {
    // Nor is it JSON.
  }
  throw damaged("the list of scans");
}
