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

/** The titles of a list's columns; those of numbers are aligned to the right. */
const TITLES = ["SCAN", "BEGAN", "TOOK", "ENDED", "HOSTS", "PORTS", "OPEN", "TARGETS"];
const NUMBERS: ReadonlySet<string> = new Set(["SCAN", "TOOK", "HOSTS", "PORTS", "OPEN"]);

/** The scans for a person: a line each, the first scan first. */
export function recordsText(records: readonly ScanRecord[]): string {
  if (records.length === 0) return "No scans yet\n";
  const lines = records.map(({ id, head, summary, endedAtMs, ended, counts, targets }) => {
    const tookMs = summary?.elapsedMs ?? endedAtMs - head.startedAtMs;
    const sizes = [summary?.hosts ?? head.hosts, head.probes, counts.open].map(grouped);
    return [`${id}`, dateText(head.startedAtMs), spanText(tookMs), ended, ...sizes, printable(targets)];
  });
  const widths = TITLES.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]!.length)));
  const aligned = (cell: string, i: number) => cell[NUMBERS.has(TITLES[i]!) ? "padStart" : "padEnd"](widths[i]!);
  return [TITLES, ...lines].map((cells) => `${cells.map(aligned).join("  ").trimEnd()}\n`).join("");
}

/** The scans as JSON lines, the first scan first. */
export function recordsJson(records: readonly ScanRecord[]): string {
  return records.map(({ id, targets, head, ended, endedAtMs, counts, summary }) => {
    const { args, technique, version, startedAtMs, probes } = head;
    const [started, ended_at] = [startedAtMs, endedAtMs].map((ms) => new Date(ms).toISOString());
    // States that only some techniques have are left out where they did not occur.
    const byState = STATES.filter((state) => USUAL.has(state) || counts[state] > 0)
      .map((state) => [state.replace("|", "_"), counts[state]]);
    return jsonLine({
      ...{ type: "scan", scan: id, targets, args, technique, version, started, ended_at, ended },
      ...{ hosts: summary?.hosts ?? head.hosts, probes, ...Object.fromEntries(byState) },
      trusted: summary?.trusted ?? false,
    });
  }).join("");
}

const USUAL: ReadonlySet<State> = new Set<State>(["open", "closed", "filtered", "undecided"]);

/** Returns the summary of a scan, or the known part of it where the scan was cut off. */
export function summaryOf(record: ScanRecord, hostsUp: number): Summary {
  if (record.summary !== undefined) return record.summary;
  const { id, counts, head: { hosts, probes, startedAtMs }, endedAtMs } = record;
  const { open, closed, filtered, unfiltered, "open|filtered": openFiltered, "closed|filtered": closedFiltered } =
    counts;
  const known = open + closed + filtered + unfiltered + openFiltered + closedFiltered;
  const warning = `Scan ${id} is unfinished: it was killed, or still runs. ` +
    `${grouped(known)} of ${counted(probes, "port")} are known`;
  return {
    ...{ ...UNTOLD, hosts, hostsUp, probes, elapsedMs: endedAtMs - startedAtMs, ended: "interrupted" },
    ...{ open, closed, filtered, unfiltered, openFiltered, closedFiltered, undecided: probes - known },
    warnings: [warning],
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
  const values = { ...row, args, summary };
  if (!hasShape(values, RECORD)) throw damaged("the list of scans");
  const { id, space, targets, ports, excluded, excluded_ports, ...rest } = values as unknown as ScanRow;
  const { hosts, probes, technique, version, started_ms, written_ms, ended_ms, ended } = rest;
  return {
    ...{ id, space, targets, ports: ports ?? undefined },
    head: { hosts, probes, technique, version, startedAtMs: started_ms, args: rest.args, targets },
    ...{ ended: ended ?? "unfinished", endedAtMs: ended_ms ?? written_ms },
    ...{ excluded: excluded ?? undefined, excludedPorts: excluded_ports ?? undefined },
    counts: Object.fromEntries(STATES.map((state) => [state, rest[state]])) as Record<State, number>,
    summary: rest.summary === null ? undefined : knownSummary(rest.summary),
  };
}

/** A row of `scan`, as {@linkcode RECORD} describes it, with its JSON read. */
type ScanRow =
  & Readonly<Record<State | "id" | "hosts" | "probes" | "started_ms" | "written_ms", number>>
  & Readonly<Record<"space" | "targets" | "technique" | "version", string>>
  & Readonly<Record<"ports" | "excluded" | "excluded_ports", string | null>>
  & {
    readonly ended_ms: number | null;
    readonly ended: Summary["ended"] | null;
    readonly args: readonly string[];
    readonly summary: Summary | null;
  };

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
