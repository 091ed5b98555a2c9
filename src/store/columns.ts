/**
 * Conversions between a result and the columns that hold it.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Field } from "../report/fields.ts";
import type { PortResult } from "../result/port_result.ts";
import { damaged, fieldCheck } from "./validate.ts";

/** A row of a table. */
export type Row = Record<string, SQLOutputValue>;

/** Fields that are not read from columns: they follow from the key of a result, or are in a table of their own. */
const IMPLIED = new Set(["ip", "names"]);

/** Reads results from rows whose columns are fields. */
export class ResultReader {
  readonly #properties;

  /** `fields` are those of the columns, in their order. */
  constructor(fields: readonly Field[]) {
    this.#properties = fields.map((field) => ({
      isImplied: IMPLIED.has(field.name),
      name: field.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      isFlag: field.type === "yes or no",
      check: fieldCheck(field),
    }));
  }

  /**
   * Reads the result whose fields are `values`. The state that a late reply replaced is not recorded.
   *
   * @throws {CannotScanError} if they cannot be those of a result.
   */
  read(ip: string, values: readonly SQLOutputValue[]): PortResult {
    const result: Record<string, unknown> = { ...NOTHING, ip };
    this.#properties.forEach(({ isImplied, name, isFlag, check }, at) => {
      if (isImplied) return;
      const value = values[at]!;
      if (!check(value)) throw damaged("this scan");
      result[name] = isFlag ? value === 1 : value ?? undefined;
    });
    return result as unknown as PortResult;
  }
}

const NOTHING: Partial<PortResult> = {
  ip: "",
  port: 0,
  rttMs: undefined,
  from: undefined,
  service: undefined,
  names: [],
  late: false,
  replaces: undefined,
  replacesState: undefined,
  note: undefined,
};

/** Returns a field's value in a type that SQLite can bind. */
export function bound(field: Field, result: PortResult): SQLInputValue {
  const value = field.get(result);
  if (typeof value === "object") return textual(value.join(" "));
  if (typeof value === "string") return textual(value);
  return value === undefined ? null : typeof value === "boolean" ? Number(value) : value;
}

/** Replaces each NUL by U+FFFD: SQLite would end the text there. */
export function textual(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

/** The part of `node:sqlite` that Deno's types leave out. */
interface ArrayStatement {
  setReturnArrays(enabled: boolean): void;
}

/**
 * Iterates over the rows of a query, as arrays of `width` values, sorted by the first four columns.
 *
 * @throws {CannotScanError} if the end marker row is missing: after an error, an iterator of `node:sqlite` ends without throwing.
 */
export function* sorted(
  db: DatabaseSync,
  query: string,
  width: number,
  values: readonly SQLInputValue[],
): Generator<readonly SQLOutputValue[]> {
  // A blob comes after every number and text.
  const last = `SELECT x''${", NULL".repeat(width - 1)}`;
  const statement = db.prepare(`${query} UNION ALL ${last} ORDER BY 1, 2, 3, 4`) as StatementSync & ArrayStatement;
  statement.setReturnArrays(true);
  let isWhole = false;
  for (const row of statement.iterate(...values) as unknown as Iterable<readonly SQLOutputValue[]>) {
    isWhole = row[0] instanceof Uint8Array && row[1] === null;
    if (!isWhole) yield row;
  }
  if (!isWhole) throw damaged("this scan");
}
