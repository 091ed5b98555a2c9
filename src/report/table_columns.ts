/**
 * The columns of the report for people.
 *
 * @module
 */
import { green, red, yellow } from "@std/fmt/colors";
import { printable, roundTripDigits } from "../base/text.ts";
import { versionText } from "../result/finding.ts";
import type { State } from "../result/states.ts";
import type { HostNote } from "../result/summary.ts";
import type { PortRow } from "./host_report.ts";
import { portNote } from "./notes.ts";
import { shownService } from "./service.ts";
import type { ReportOptions } from "./writer.ts";

/** A column of the table. */
export interface Column {
  /** The field it shows, for `--fields`. */
  readonly field: string;
  readonly title: string;
  readonly text: (row: PortRow, notes: readonly HostNote[]) => string;
}

/** The names of each port. */
export const NAMES: Column = {
  field: "names",
  title: "NAMES",
  text: ({ names }) => names.map(printable).join(" ") || "-",
};

/** Product and version, where service detection found any. */
export const VERSION: Column = {
  field: "version",
  title: "VERSION",
  text: ({ finding }) => finding === undefined ? "" : printable(versionText(finding)),
};

/** The technique of each result, where a port has several. */
const TECHNIQUE: Column = { field: "technique", title: "TECHNIQUE", text: ({ technique }) => technique };

/** In the default order; `--fields` sets another. */
const COLUMNS: readonly Column[] = [
  { field: "port", title: "PORT", text: ({ port, proto }) => `${port}/${proto}` },
  { field: "state", title: "STATE", text: ({ state }) => state },
  { field: "service", title: "SERVICE", text: (row) => printable(shownService(row, true)) },
  {
    field: "reason",
    title: "REASON",
    text: ({ reason, from }) => from === undefined ? reason : `${reason} from ${from}`,
  },
  { field: "ttl", title: "TTL", text: ({ ttl }) => ttl === undefined ? "-" : `${ttl}` },
  { field: "rtt_ms", title: "RTT", text: ({ rttMs }) => rttMs === undefined ? "-" : `${roundTripDigits(rttMs)}ms` },
  { field: "tries", title: "TRIES", text: ({ tries }) => `${tries}` },
  { field: "proto", title: "PROTO", text: ({ proto }) => proto },
  TECHNIQUE,
  { field: "from", title: "FROM", text: ({ from }) => from ?? "-" },
  VERSION,
  NAMES,
  { field: "note", title: "NOTE", text: (row, notes) => portNote(notes, row) || "-" },
];

/** Columns that are always shown. */
const USUAL_COLUMNS = 3;

/** The fields that the table has columns for. Facts about a host stand above its table. */
export const TABLE_FIELDS: ReadonlySet<string> = new Set(COLUMNS.map(({ field }) => field));

/** The service as nmap shows it. */
export const NMAP_SERVICE: Column = {
  field: "service",
  title: "SERVICE",
  text: (row) => printable(shownService(row)),
};

/** Returns true if a table has the reasons of states. */
export function showsReasons({ fields, reason, verbosity }: ReportOptions): boolean {
  return fields === undefined ? reason || verbosity > 0 : fields.some(({ name }) => name === "reason");
}

/** Returns the columns requested by `--fields`, or by `--reason` and `-v`; `several` is true with several techniques. */
export function columnsFor(options: ReportOptions, several: boolean): readonly Column[] {
  const { fields, verbosity } = options;
  if (fields !== undefined) {
    return fields.flatMap(({ name }) => COLUMNS.filter(({ field }) => field === name));
  }
  const usual = COLUMNS.slice(0, verbosity > 1 ? 7 : showsReasons(options) ? 4 : USUAL_COLUMNS);
  return several ? usual.toSpliced(USUAL_COLUMNS, 0, TECHNIQUE) : usual;
}

/** Returns a header and a line for each row. */
export function rowsText(
  rows: readonly PortRow[],
  columns: readonly Column[],
  { color, columns: room = Infinity }: ReportOptions,
  notes: readonly HostNote[],
): string {
  const cells = columns.map(({ title, text }) => [title, ...rows.map((row) => text(row, notes))]);
  const widths = cells.map((column) => column.reduce((width, cell) => Math.max(width, cell.length), 0));
  // On a narrow terminal, a row continues in further lines.
  let used = -1;
  const separators = widths.map((width, at) => {
    used += 1 + width;
    if (used <= room || at === 0) return at === 0 ? "" : " ";
    used = 2 + width;
    return "\n  ";
  });
  let text = "";
  for (let line = 0; line <= rows.length; line++) {
    const state = rows[line - 1]?.state;
    text += columns.map(({ field }, at) => {
      const cell = cells[at]?.[line] ?? "";
      const isLast = at === columns.length - 1 || separators[at + 1] !== " ";
      const padded = isLast ? cell : cell.padEnd(widths[at] ?? 0);
      return separators[at] + (color && state !== undefined && field === "state" ? stateColor(state, padded) : padded);
    }).join("").trimEnd() + "\n";
  }
  return text;
}

function stateColor(state: State, text: string): string {
  return state === "open" ? green(text) : state === "closed" ? red(text) : yellow(text);
}
