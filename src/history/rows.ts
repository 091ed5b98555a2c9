/**
 * Between a result and the columns that hold it.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { type Field, FIELDS } from "../report/fields.ts";
import type { PortResult, Reason } from "../result.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import { column } from "./schema.ts";

/**
 * A host as a key: the number of an IPv4 address, or else the address as text. Both SQLite and {@linkcode compareHosts}
 * put numbers before texts.
 */
export type HostKey = number | string;

/** A row of a table. */
export type Row = Record<string, SQLOutputValue>;

/** What can only come from the host itself, and so shows that it is up. */
const ANSWERS: ReadonlySet<Reason> = new Set<Reason>([
  "syn-ack",
  "split-handshake-syn",
  "reset",
  "conn-accept",
  "conn-refused",
]);

/** Fields that need no column to be known again: the address follows from the key, and the protocol is always the same. */
const IMPLIED = new Set(["ip", "proto"]);

/** Reads results out of the columns of a table that are there; a field that is newer than the file is not known. */
export class ResultReader {
  /** The columns to select, as SQL. */
  readonly columns: string;
  // Of each field that is not implied: its property in a result, and the place of its column; -1 where it has none.
  readonly #properties: readonly { readonly name: string; readonly at: number; readonly isFlag: boolean }[];

  /** `table` is the table's name. */
  constructor(db: DatabaseSync, table: string) {
    const present = new Set(db.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => name));
    const fields = FIELDS.filter(({ name }) => !IMPLIED.has(name));
    const selected = fields.filter(({ name }) => present.has(name));
    this.columns = selected.map(column).join(", ");
    this.#properties = fields.map((field) => ({
      name: field.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      at: selected.indexOf(field),
      isFlag: field.type === "yes or no",
    }));
  }

  /** The result whose fields stand in `values`, from number `from` on. */
  read(ip: string, values: readonly SQLOutputValue[], from: number): PortResult {
    // Which verdict a late one replaced is not kept.
    const result: Record<string, unknown> = { ip, replaces: undefined };
    for (const { name, at, isFlag } of this.#properties) {
      const value = at < 0 ? undefined : values[from + at];
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

/** True where the host itself must have answered. */
export function isAnswer(reason: Reason): boolean {
  return ANSWERS.has(reason);
}

/** A field's value as SQLite takes it. */
export function bound(field: Field, result: PortResult): SQLInputValue {
  const value = field.get(result);
  if (typeof value === "string") return textual(value);
  return value === undefined ? null : typeof value === "boolean" ? Number(value) : value;
}

/** Text as SQLite can keep it: it would end at the first NUL. */
export function textual(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
