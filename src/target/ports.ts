/**
 * Sets of ports, and their syntax.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { Ranges, RangesBuilder } from "./ranges.ts";
import { knownPorts, portOfService } from "./services.ts";

/** The largest port number. */
const PORT_MAX = 65535;

/** The longest list of ports in characters; longer lists are rejected unread. A list of every single port fits. */
const LONGEST_LIST = 1_000_000;

/** An immutable set of ports, 0 to 65535. */
export class PortSet {
  /** The empty set. */
  static readonly EMPTY: PortSet = new PortSet(Ranges.EMPTY);

  /** The ports as ranges. */
  readonly ranges: Ranges;
  /** The number of ports in the set, 0 to 65536. */
  readonly size: number;
  /** Every port in order, if there is more than one range; computed on first use. */
  #list: Uint16Array | undefined;
  #text: string | undefined;

  private constructor(ranges: Ranges) {
    this.ranges = ranges;
    this.size = ranges.size;
  }

  /**
   * Returns the set of these ports.
   *
   * @throws {UsageError} If one is not an integer from 0 to 65535.
   */
  static of(ports: Iterable<number>): PortSet {
    const builder = new RangesBuilder();
    for (const port of ports) {
      if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
        throw new UsageError(
          `Cannot scan port ${port}: ports are integers from 0 to ${PORT_MAX}. Correct or remove it`,
        );
      }
      builder.add(port, port);
    }
    return new PortSet(builder.build());
  }

  /**
   * Returns the set of the ports in ranges.
   *
   * @throws {RangeError} If a range reaches past 65535.
   */
  static fromRanges(ranges: Ranges): PortSet {
    if (ranges.count === 0) return PortSet.EMPTY;
    const last = ranges.lastOf(ranges.count - 1);
    if (last > PORT_MAX) throw new RangeError(`Cannot take ${last} as a port: the largest is ${PORT_MAX}`);
    return new PortSet(ranges);
  }

  /** The ports that are in any of the sets. */
  static unionOf(sets: Iterable<PortSet>): PortSet {
    const builder = new RangesBuilder();
    for (const set of sets) builder.addAll(set.ranges);
    return PortSet.fromRanges(builder.build());
  }

  /** The `index`-th smallest port, from 0 to `size` - 1. */
  at(index: number): number {
    if (this.ranges.count === 1) return this.ranges.firstOf(0) + index;
    return (this.#list ??= this.#expand())[index]!;
  }

  /** Returns true if `port` is in the set. */
  has(port: number): boolean {
    return this.ranges.has(port);
  }

  /** The ports of this set or the other. */
  union(other: PortSet): PortSet {
    return PortSet.fromRanges(this.ranges.union(other.ranges));
  }

  /** The ports of this set that are not in the other. */
  subtract(other: PortSet): PortSet {
    const left = this.ranges.subtract(other.ranges);
    return left.size === this.size ? this : PortSet.fromRanges(left);
  }

  /** The set as {@linkcode parsePorts} would read it, `22,80,8000-8100`; equal sets give equal text. */
  toString(): string {
    return this.#text ??= Array.from(this.ranges, ([first, last]) => first === last ? `${first}` : `${first}-${last}`)
      .join();
  }

  /** Every port, in order. */
  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.size; i++) yield this.at(i);
  }

  #expand(): Uint16Array {
    const list = new Uint16Array(this.size);
    let length = 0;
    for (const [first, last] of this.ranges) {
      for (let port = first; port <= last; port++) list[length++] = port;
    }
    return list;
  }
}

/** A protocol with ports. */
export type PortProtocol = "tcp" | "udp";

/** Options of {@linkcode parsePorts}. */
export interface ParsePortsOptions {
  /** The port of a service's name, for example from the system's services database; it precedes the built-in names. */
  readonly services?: (name: string) => number | undefined;
  /** The protocols that a scan probes; items of the list may name one of these. TCP alone if not given; empty where none can be named. */
  readonly protocols?: readonly PortProtocol[];
  /** The protocol whose ports are wanted, of {@linkcode ParsePortsOptions.protocols}; the first if not given. */
  readonly protocol?: PortProtocol;
  /** The place of the text, for messages: `in hosts.txt line 7`. */
  readonly where?: string;
  /** The column, from 1, at which the text begins in what the user typed. */
  readonly column?: number;
}

/**
 * Reads a list of ports: `22,80,8000-8100`, `-` (1 to 65535), `-100` (from 1), `60000-` (to 65535), `0`, names of services.
 * `http*` and `ftp?` are all services of matching built-in names, `[1-1024]` the ports of a range that have a name. Items are
 * separated by commas, blanks or line ends; the ports may overlap and come in any order. As in nmap, `T:` or `U:` before an item makes it and
 * those that follow ports of TCP or UDP; items before the first of these are ports of both.
 *
 * @throws {UsageError} If the text is no such list; the message names the item, its column and the correct form.
 */
export function parsePorts(text: string, options: ParsePortsOptions = {}): PortSet {
  const { protocols = ["tcp"], protocol = protocols[0]! } = options;
  const list: PortList = { text, where: options.where, column: options.column ?? 1, protocols, protocol, isOf: true };
  if (text.length > LONGEST_LIST) {
    throw wrong(list, 0, `it is ${text.length} characters long`, "Write neighbouring ports as a range, like 1-1024");
  }
  if (text.trim() === "") throw wrong(list, 0, "it is empty", `Write ports like 22,80,8000-8100, or - for all`);
  const builder = new RangesBuilder();
  let at = 0;
  for (const piece of text.split(",")) {
    const items = [...piece.matchAll(ITEM)];
    // A comma at a line's end is followed by nothing else.
    if (items.length === 0 && !/[\r\n]/.test(piece)) addItem(builder, "", at, list, options.services);
    for (const { 0: item, index } of items) {
      if (item === "-" && items.length > 1) {
        throw wrong(list, at + index, "a hyphen stands alone", "Write ranges like 8000-8100");
      }
      addItem(builder, item.replace(/\s*-\s*/, "-"), at + index, list, options.services);
    }
    at += piece.length + 1;
  }
  return PortSet.fromRanges(builder.build());
}

/** One port, range or name between white space; a range may have blanks around its hyphen. */
const ITEM = /(?:[A-Za-z]:\s*)?(?:\d+[^\S\r\n]*-[^\S\r\n]*\d+(?!\S)|\S+)/g;

interface PortList {
  readonly text: string;
  readonly where: string | undefined;
  readonly column: number;
  readonly protocols: readonly PortProtocol[];
  readonly protocol: PortProtocol;
  /** True while items are ports of the protocol. */
  isOf: boolean;
}

/** The protocols that nmap has letters for. */
const LETTERS: Readonly<Record<string, string>> = { T: "tcp", U: "udp", S: "sctp", P: "ip" };
/** Flags of techniques that probe ports of each. */
const FLAGS: Readonly<Record<PortProtocol, string>> = { tcp: "-sS or -sT", udp: "-sU" };

function addItem(
  builder: RangesBuilder,
  prefixed: string,
  start: number,
  list: PortList,
  services: ParsePortsOptions["services"],
): void {
  let item = prefixed, at = start;
  const protocol = /^([A-Za-z]):\s*/.exec(item);
  if (protocol !== null) {
    const named = LETTERS[protocol[1]!.toUpperCase()];
    if (named !== "tcp" && named !== "udp") {
      throw wrong(list, at, `${quote(item)} names a protocol other than TCP and UDP`, "Write T: or U:, or remove it");
    }
    if (list.protocols.length === 0) {
      throw wrong(
        list,
        at,
        `${quote(item)} names a protocol, and these ports are of all`,
        "Remove it, or write it with -p",
      );
    }
    if (!list.protocols.includes(named)) {
      const remedy = `Add ${FLAGS[named]}, or remove them`;
      throw wrong(list, at, `${quote(item)} names ports of ${named.toUpperCase()}, which is not scanned`, remedy);
    }
    list.isOf = named === list.protocol;
    item = item.slice(protocol[0].length);
    at += protocol[0].length;
  }
  if (item === "") {
    throw wrong(list, at, "an item is empty", "Remove the extra comma, or write the port that is missing");
  }

  const range = /^(\d*)(-?)(\d*)$/.exec(item);
  if (range !== null) {
    const [, from = "", dash = "", to = ""] = range;
    const first = from === "" ? 1 : readPort(from, at, list);
    const last = dash === "" ? first : to === "" ? PORT_MAX : readPort(to, at + from.length + 1, list);
    if (first > last) {
      throw wrong(
        list,
        at,
        `the range ${quote(item)} runs backwards`,
        `Write the smaller port first: ${last}-${first}`,
      );
    }
    if (list.isOf) builder.add(first, last);
    return;
  }
  const known = /^\[(\d*)-(\d*)\]$/.exec(item);
  if (known !== null || /^[\w+.-]*[*?][\w+.*?-]*$/.test(item)) {
    const first = readPort(known?.[1] || "1", at, list), last = readPort(known?.[2] || `${PORT_MAX}`, at, list);
    const ports = knownPorts(known === null ? item : "*").filter((port) => port >= first && port <= last);
    if (ports.length === 0) throw wrong(list, at, `no known service matches ${quote(item)}`, "Write port numbers");
    if (list.isOf) { for (const port of ports) builder.add(port, port); }
    return;
  }
  if (/^[A-Za-z0-9][A-Za-z0-9+_.-]*$/.test(item) && /[A-Za-z]/.test(item)) {
    const port = services?.(item) ?? portOfService(item);
    if (port === undefined) {
      const remedy = /^(full|all)$/i.test(item)
        ? "For all ports, write -p-"
        : item.includes(".")
        ? "Write its port number; --ports-file reads a file"
        : "Write its port number";
      throw wrong(list, at, `no service named ${quote(item)} is known`, remedy);
    }
    if (list.isOf) builder.add(port, port);
    return;
  }
  const remedy = item.includes("/")
    ? "Write a number or a range like 8000-8100; --ports-file reads a file"
    : "Write a number, a range like 8000-8100, or a service's name";
  throw wrong(list, at, `${quote(item)} is no port`, remedy);
}

function readPort(digits: string, at: number, list: PortList): number {
  const port = Number(digits);
  if (port > PORT_MAX || digits.length > 5) {
    throw wrong(list, at, `${quote(digits)} is more than ${PORT_MAX}`, `Write ports from 0 to ${PORT_MAX}`);
  }
  return port;
}

function wrong(list: PortList, at: number, why: string, remedy: string): UsageError {
  const before = list.text.slice(0, at).split(LINE_END);
  const [line = ""] = list.text.slice(at).split(LINE_END, 1);
  const start = before.pop()!;
  const isList = LINE_END.test(list.text.trim());
  const where = [
    ...(list.where === undefined ? [] : [list.where]),
    ...(isList ? [`line ${before.length + 1}`] : []),
    `column ${(isList ? 1 : list.column) + start.length}`,
  ];
  const text = isList ? start + line : list.text;
  return new UsageError(`Cannot read ports ${quote(text)}: ${why} (${where.join(", ")}). ${remedy}`);
}

const LINE_END = /\r\n|[\r\n]/;
