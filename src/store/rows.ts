/**
 * Between a result and the columns that hold it.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { type Field, FIELDS } from "../report/fields.ts";
import type { PortResult } from "../result/outcome.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import { type Check, damaged, fieldCheck } from "./validate.ts";
import { column } from "./schema.ts";

/**
 * A host as a key: the number of an IPv4 address, or else the address as text. Both SQLite and {@linkcode compareHosts}
 * put numbers before texts.
 */
export type HostKey = number | string;

/** A row of a table. */
export type Row = Record<string, SQLOutputValue>;

/**
 * Fields that need no column to be known again: the address follows from the key, the protocol is always the same, and names
 * have a table of their own.
 */
const IMPLIED = new Set(["ip", "proto", "names"]);

/** A field that is not implied: its property in a result, and its column's place, -1 where it has none. */
interface Property {
  readonly name: string;
  readonly at: number;
  readonly isFlag: boolean;
  readonly check: Check;
}

/** Reads results out of the columns of a table that are there; a field that is newer than the file is not known. */
export class ResultReader {
  /** The columns to select, as SQL. */
  readonly columns: string;
  readonly #properties: readonly Property[];

  /** `table` is the table's name. */
  constructor(db: DatabaseSync, table: string) {
    const present = new Set(db.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => name));
    // Of which ports a group speaks is said elsewhere.
    const fields = FIELDS.filter(({ name }) => !IMPLIED.has(name) && (table !== "groups" || name !== "port"));
    const selected = fields.filter(({ name }) => present.has(name));
    this.columns = selected.map(column).join(", ");
    this.#properties = fields.map((field) => ({
      name: field.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      at: selected.indexOf(field),
      isFlag: field.type === "yes or no",
      check: fieldCheck(field),
    }));
  }

  /**
   * The result whose fields stand in `values`, from number `from` on.
   *
   * @throws {CannotScanError} if they cannot be those of a result.
   */
  read(ip: string, values: readonly SQLOutputValue[], from: number): PortResult {
    // Which verdict a late one replaced is not kept.
    const result: Record<string, unknown> = { ip, names: [], replaces: undefined, replacesState: undefined };
    for (const { name, at, isFlag, check } of this.#properties) {
      const value = at < 0 ? null : values[from + at]!;
      if (!check(value)) throw damaged("this scan");
      result[name] = isFlag ? value === 1 : value ?? undefined;
    }
    return result as unknown as PortResult;
  }
}

/** The key of an address. */
export function hostKey(ip: string): HostKey {
  return parseIpv4(ip) ?? ip;
}

/** The address of a key. */
export function hostText(host: HostKey): string {
  return typeof host === "number" ? formatIpv4(host) : host;
}

/** The order of hosts: negative where the first comes first. */
export function compareHosts(one: HostKey, other: HostKey): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A field's value as SQLite takes it. */
export function bound(field: Field, result: PortResult): SQLInputValue {
  const value = field.get(result);
  if (typeof value === "object") return textual(value.join(" "));
  if (typeof value === "string") return textual(value);
  return value === undefined ? null : typeof value === "boolean" ? Number(value) : value;
}

/** Text as SQLite can keep it: it would end at the first NUL. */
export function textual(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
