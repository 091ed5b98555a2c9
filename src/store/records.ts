/**
 * The scans of a history, as they are listed.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { counted, dateText, grouped, jsonText, printable, spanText } from "../base/text.ts";
import type { ScanHead } from "../report/writer.ts";
import { passesNamed } from "../result/pass.ts";
import { type State, STATES } from "../result/states.ts";
import { type Summary, UNTOLD } from "../result/summary.ts";
import { hasShape, isText, orNull, type Shape } from "../base/shape.ts";
import { protocolOf } from "./key.ts";
import { isStoredSummary, summaryIn } from "./stored_summary.ts";
import { damaged, isCount, isEnding, isPlain, isTechnique, isTime } from "./validate.ts";

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
  /** Hosts and ports that were excluded, as text; null where they are not known. */
  readonly excluded: string | null;
  readonly excludedPorts: string | null;
  /** The ports that were probed, as text; null where they are not known. */
  readonly ports: string | null;
  /** Its summary; null while it is unfinished. */
  readonly summary: Summary | null;
}

/** Returns an object as one line of JSON, which a terminal can show. */
export function jsonLine(value: unknown): string {
  return `${jsonText(value)}\n`;
}

/** Reads scans, by a condition in SQL. */
export function readRecords(db: DatabaseSync, condition: string, ...values: (string | number)[]): ScanRecord[] {
  return db.prepare(`SELECT ${COLUMNS} FROM scan ${condition}`).all(...values).map(toRecord);
}

const COLUMNS = `id, space, targets, args, version, technique, hosts, probes, ports, excluded,
  excluded_ports AS excludedPorts, started_ms AS startedAtMs, ifnull(ended_ms, written_ms) AS endedAtMs, ended, summary,
  json_object(${STATES.map((state) => `'${state}', "${state}"`).join(", ")}) AS counts`;

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
  if (record.summary !== null) return record.summary;
  const { id, counts, head: { hosts, probes, startedAtMs }, endedAtMs } = record;
  const { open, closed, filtered, unfiltered, "open|filtered": openFiltered, "closed|filtered": closedFiltered } =
    counts;
  const known = open + closed + filtered + unfiltered + openFiltered + closedFiltered;
  const warning = `Scan ${id} is unfinished: it was killed, or still runs. ` +
    (probes === 0 ? "It has the hosts found by then" : `${grouped(known)} of ${counted(probes, "port")} are known`);
  return {
    ...{ ...UNTOLD, hosts, hostsUp, probes, elapsedMs: endedAtMs - startedAtMs, ended: "interrupted" },
    ...{ open, closed, filtered, unfiltered, openFiltered, closedFiltered, undecided: probes - known },
    warnings: [warning],
  };
}

const isRanges = (value: unknown): boolean => isText(value) && /^[\d.,-]*$/.test(String(value));
/** Addresses of either family, with their zones. */
const isHosts = (value: unknown): boolean => isText(value) && /^[\w.:%@,-]*$/.test(String(value));

const RECORD: Shape = {
  ...{ hosts: isCount, probes: isCount, counts: Object.fromEntries(STATES.map((state) => [state, isCount])) },
  ...{ technique: isTechnique, version: isPlain, args: [isText], summary: orNull(isStoredSummary) },
  ...{ startedAtMs: isTime, endedAtMs: isTime, ended: orNull(isEnding) },
  ...{ excluded: orNull(isHosts), excludedPorts: orNull(isRanges), ports: orNull(isRanges) },
};

/** A row of `scan` that has the shape of {@linkcode RECORD}. */
type ScanRow = Omit<ScanRecord, "head" | "ended"> & Omit<ScanHead, "ports"> & {
  readonly ended: Summary["ended"] | null;
};

function toRecord(row: Readonly<Record<string, unknown>>): ScanRecord {
  const json = ["args", "counts", "summary"].map((name) => [name, row[name] === null ? null : parsed(row[name])]);
  const values = { ...row, ...Object.fromEntries(json) };
  if (!hasShape(values, RECORD)) throw damaged("the list of scans");
  const { hosts, probes, technique, version, startedAtMs, args, ended, summary, ...rest } = values as ScanRow;
  const passes = probes === 0 ? [] : passesNamed(technique, protocolOf);
  // Those of UDP beside ports of TCP are not recorded.
  const isOfOne = new Set(passes.map(({ proto }) => proto)).size === 1;
  return {
    ...rest,
    head: {
      ...{ hosts, probes, technique, passes, version, startedAtMs, args, targets: rest.targets },
      ...isOfOne && rest.ports !== null && { ports: { count: countIn(rest.ports), text: rest.ports } },
    },
    ended: ended ?? "unfinished",
    summary: summary && summaryIn(summary),
  };
}

/** Returns the number of ports in a list, such as `22,8000-8010`. */
function countIn(ports: string): number {
  return ports.split(",").reduce((sum, item) => {
    const [first = 0, last = first] = item.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
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
