/**
 * The fields of a result, declared once. JSON lines, CSV, `--fields`, `--filter` and the README's table are made from
 * this list.
 *
 * @module
 */
import type { PortResult } from "../result/outcome.ts";

/** A value that a field can have; `undefined` where nothing is known. */
export type FieldValue = string | number | boolean | readonly string[] | undefined;

/** One field of a result. */
export interface Field {
  /** The name in JSON, in CSV's first line, in `--fields` and in `--filter`. */
  readonly name: string;
  /** What its values are. */
  readonly type: "text" | "whole" | "fraction" | "yes or no" | "list";
  /** What it means, for a person. */
  readonly doc: string;
  /** True where JSON leaves the field out when it is not known (or not true), instead of saying `null`. */
  readonly sparse: boolean;
  /** True where the text is of our own making and needs no escaping in any format. */
  readonly plain: boolean;
  /** True where the value differs from result to result, and is known of each: {@linkcode isRepeat} does not ask for it. */
  readonly varies?: boolean;
  /** The field's value in a result. */
  get(result: PortResult): FieldValue;
}

/** Every field, in the order in which formats give them. */
export const FIELDS: readonly Field[] = [
  {
    name: "ip",
    type: "text",
    doc: "The host's address",
    sparse: false,
    plain: true,
    varies: true,
    get: (result) => result.ip,
  },
  {
    name: "port",
    type: "whole",
    doc: "The port, 0-65535",
    sparse: false,
    plain: true,
    varies: true,
    get: (result) => result.port,
  },
  {
    name: "proto",
    type: "text",
    doc: "The protocol, always `tcp`",
    sparse: false,
    plain: true,
    get: () => "tcp",
  },
  {
    name: "state",
    type: "text",
    doc: "`open`, `closed`, `filtered` or `undecided`",
    sparse: false,
    plain: true,
    get: (result) => result.state,
  },
  {
    name: "reason",
    type: "text",
    doc: "What the state was concluded from",
    sparse: false,
    plain: true,
    get: (result) => result.reason,
  },
  {
    name: "ttl",
    type: "whole",
    doc: "Time to live of the packet that decided, as received",
    sparse: false,
    plain: true,
    get: (result) => result.ttl,
  },
  {
    name: "rtt_ms",
    type: "fraction",
    doc: "Round trip of the attempt that was answered, in milliseconds",
    sparse: false,
    plain: true,
    varies: true,
    get: (result) => result.rttMs === undefined ? undefined : Math.round(result.rttMs * 1000) / 1000,
  },
  {
    name: "tries",
    type: "whole",
    doc: "How many probes were sent to the port",
    sparse: false,
    plain: true,
    get: (result) => result.tries,
  },
  {
    name: "service",
    type: "text",
    doc: "The service usually found at the port",
    sparse: false,
    plain: false,
    get: (result) => result.service,
  },
  {
    name: "from",
    type: "text",
    doc: "Who sent the ICMP error that decided, where that is not the host itself",
    sparse: true,
    plain: true,
    get: (result) => result.from,
  },
  {
    name: "names",
    type: "list",
    doc: "The names for which the port was asked; a list in JSON, with blanks between them elsewhere",
    sparse: true,
    plain: false,
    get: (result) => result.names.length === 0 ? undefined : result.names,
  },
  {
    name: "late",
    type: "yes or no",
    doc: "True where an answer came after the port had been reported: this line replaces the earlier one",
    sparse: true,
    plain: true,
    get: (result) => result.late || undefined,
  },
  {
    name: "note",
    type: "text",
    doc: "A remark on the port that its state does not express, such as two replies that contradict each other",
    sparse: true,
    plain: false,
    get: (result) => result.note,
  },
];

/** Whether two results have the same values in all fields but those that vary. */
export function isRepeat(one: PortResult, other: PortResult): boolean {
  return one.state === other.state && one.reason === other.reason && one.ttl === other.ttl &&
    one.service === other.service && one.tries === other.tries && one.late === other.late &&
    areSame(one.names, other.names) && one.from === other.from && one.note === other.note;
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || one.length === other.length && one.every((name, at) => name === other[at]);
}

/** Tells by its name whether a field is among those that are asked for, which is every one where they are `undefined`. */
export function chooser(fields: readonly Field[] | undefined): (name: string) => boolean {
  if (fields === undefined) return () => true;
  const names = new Set(fields.map(({ name }) => name));
  return (name) => names.has(name);
}

/** The field of that name; `undefined` if there is none. */
export function fieldNamed(name: string): Field | undefined {
  // There was one name only.
  const wanted = name === "name" ? "names" : name;
  return FIELDS.find((field) => field.name === wanted);
}
