/**
 * Conversions between a result and the columns that hold it.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Field } from "../report/fields.ts";
import { NOTHING, type PortResult } from "../result/port_result.ts";
import { column, fieldsNamed, RANGE_FIELDS } from "./schema.ts";
import { damaged, fieldCheck } from "./validate.ts";

/** A row of a table. */
export type Row = Record<string, SQLOutputValue>;

/** The fields that few results of a scan differ in. */
const KIND_FIELDS = [...RANGE_FIELDS, ...fieldsNamed("service late note")].map((field) => ({
  ...field,
  check: fieldCheck(field),
}));

/** The columns of a result that are read together, as one JSON array. In `port_range`, some of them do not exist. */
export function kindColumn(isRange: boolean): string {
  const columns = KIND_FIELDS.map((field) =>
    isRange && !RANGE_FIELDS.some(({ name }) => name === field.name) ? "NULL" : column(field)
  );
  return `json_array(${columns.join(", ")})`;
}

/**
 * Reads a {@linkcode kindColumn}: a result without address, port, names and round trip. The state that a late reply replaced is not
 * recorded.
 *
 * @throws {CannotScanError} if it cannot be that of a result.
 */
export function readKind(kind: SQLOutputValue): PortResult {
  const values: readonly unknown[] = JSON.parse(String(kind));
  if (!KIND_FIELDS.every(({ check }, at) => check(values[at]))) throw damaged("this scan");
  const fields = KIND_FIELDS.map((
    { name, type },
    at,
  ) => [name, type === "yes or no" ? values[at] === 1 : values[at] ?? undefined]);
  return { ...NOTHING, ...Object.fromEntries(fields) };
}

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
