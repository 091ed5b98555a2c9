// Hot path: nothing is allocated per result.
/**
 * Results in memory: those that wait for a row of `port_part`, and those that were written, as long as a scan has few enough of them.
 * Then its record is compacted without being read again.
 *
 * @module
 */
import { sortWhole } from "../collections/order.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import { Utf8Buffer } from "../report/utf8.ts";
import { type PortResult, type ResultCursor, toResult } from "../result/port_result.ts";
import { reasonCode, REASONS } from "../result/reasons.ts";
import { stateCode, STATES } from "../result/states.ts";
import { type HostKey, isHostBefore, MAX_HOST_NUMBER, PORT_KEYS, portKey, PORTS } from "./key.ts";
import { type HostCursor, inOrder, keysOf, type PartsInOrder } from "./parts.ts";

/** Results that are held after they were written, of so many kinds: they take 16 MiB. */
const MAX_HELD = 1 << 21;
const MAX_KINDS = 1 << 12;

/** Results that have all columns of a row in common. */
interface Kind {
  readonly result: PortResult;
  /** Each as host x 65536 + port. */
  readonly keys: TypedVector<Float64Array>;
  /** The number of keys that were written. */
  written: number;
  /** The last row of `port_part` that has some of them. */
  row: number;
}

/** Results that wait for a row of `port_part`. */
interface UnwrittenPart {
  readonly result: PortResult;
  /** A JSON object of the ports of each host. */
  readonly results: string;
}

/** The results of a scan that are held in memory. */
export class HeldResults {
  /** By {@linkcode kindOf}. */
  readonly #kinds = new Map<number | string, Kind>();
  /** True while these are all results of the scan without a row of `port`, each once. */
  #isWhole: boolean;
  /** False once a row of `port` may be about a port of theirs. */
  #isApart = true;
  // The columns of the last result, and its kind: most results of a batch have the same.
  #columns = -1;
  #kind: Kind | undefined;
  // IPv6 addresses, and their numbers in the keys.
  #hosts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #written = 0;
  #waiting = 0;
  readonly #text = new Utf8Buffer();

  /** @param isWhole True where no result of the scan was recorded before. */
  constructor(isWhole: boolean) {
    this.#isWhole = isWhole;
  }

  /** True while these are all results of the scan, each once. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The number of results that wait to be written. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins another batch: it may be of another pass, with another technique. */
  beginBatch(): void {
    this.#columns = -1;
  }

  /** Takes a result. */
  add(result: ResultCursor, host: HostKey): void {
    // The result that this one replaces may be held too.
    if (result.replacesState !== undefined) this.#isWhole = false;
    this.#kindOf(result).keys.push((typeof host === "number" ? host : this.#numberOf(host)) * PORTS + result.port);
    this.#waiting++;
  }

  /** Takes note of a result that has a row of `port`. */
  passBy({ late, replacesState }: PortResult): void {
    if (late || replacesState !== undefined) this.#isApart = false;
  }

  /** Yields what waits; `row` is called for the number of each row. */
  *unwritten(row: () => number): Generator<UnwrittenPart> {
    for (const kind of this.#kinds.values()) {
      if (kind.written === kind.keys.length) continue;
      const keys = kind.keys.values.subarray(kind.written);
      sortWhole(keys);
      kind.row = row();
      yield { result: kind.result, results: this.#packed(keys) };
    }
  }

  /** Takes what waited as written. */
  markWritten(): void {
    this.#written += this.#waiting;
    this.#waiting = 0;
    this.#isWhole &&= this.#written <= MAX_HELD && this.#kinds.size <= MAX_KINDS;
    if (this.#isWhole) {
      for (const kind of this.#kinds.values()) kind.written = kind.keys.length;
    } else {
      this.#kinds.clear();
      this.#columns = -1;
    }
  }

  /** Returns the results of a scan, which must all be written, in the order of hosts; undefined where not all are held. */
  inOrder(scan: number): PartsInOrder | undefined {
    if (!this.#isWhole) return undefined;
    this.#sortHosts();
    const kinds = [...this.#kinds.values()].sort((one, other) => one.row - other.row);
    for (const { keys } of kinds) sortWhole(keys.values);
    const cursors = () => kinds.map(({ keys, row }) => new HeldCursor(scan, row, keys.values, this.#hosts, this.#text));
    return { hosts: inOrder(cursors(), keysOf(cursors())), isApart: this.#isApart };
  }

  #kindOf(result: ResultCursor): Kind {
    const { columns } = result;
    if (columns !== undefined && columns === this.#columns) return this.#kind!;
    const key = kindOf(result);
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      kind = { result: toResult(result), keys: new TypedVector(new Float64Array(1)), written: 0, row: 0 };
      this.#kinds.set(key, kind);
    }
    if (columns !== undefined) [this.#columns, this.#kind] = [columns, kind];
    return kind;
  }

  /** Returns a number for an IPv6 address, above those of IPv4. */
  #numberOf(host: string): number {
    let number = this.#numbers.get(host);
    if (number === undefined) this.#numbers.set(host, number = MAX_HOST_NUMBER + this.#hosts.push(host));
    return number;
  }

  /** Gives IPv6 addresses numbers in their order. */
  #sortHosts(): void {
    const before = this.#hosts;
    if (before.length === 0) return;
    this.#hosts = before.toSorted((one, other) => isHostBefore(one, other) ? -1 : 1);
    this.#hosts.forEach((host, at) => this.#numbers.set(host, MAX_HOST_NUMBER + 1 + at));
    const from = (MAX_HOST_NUMBER + 1) * PORTS;
    for (const { keys: { values: keys } } of this.#kinds.values()) {
      for (let at = 0; at < keys.length; at++) {
        if (keys[at]! < from) continue;
        const host = Math.floor(keys[at]! / PORTS);
        keys[at] = keys[at]! + (this.#numbers.get(before[host - MAX_HOST_NUMBER - 1]!)! - host) * PORTS;
      }
    }
  }

  /** Returns sorted keys as a JSON object of the ports of each host. */
  #packed(keys: Float64Array): string {
    const text = this.#text;
    text.clear();
    const cursor = new HeldCursor(0, 0, keys, this.#hosts, text);
    for (let before = "{"; cursor.skip(); before = ",") {
      text.addText(before);
      text.addText('"');
      if (typeof cursor.host === "number") text.addNumber(cursor.host);
      else text.addText(cursor.host);
      text.addText('":"');
      cursor.addPorts(text);
      text.addText('"');
    }
    text.addText("}");
    return new TextDecoder().decode(text.bytes);
  }
}

/** The hosts of sorted keys. */
class HeldCursor implements HostCursor {
  readonly scan: number;
  readonly row: number;
  readonly #keys: Float64Array;
  readonly #hosts: readonly string[];
  number = -1;
  ports = "";
  // The keys of the host.
  #from = 0;
  #to = 0;
  readonly #text: Utf8Buffer;

  constructor(scan: number, row: number, keys: Float64Array, hosts: readonly string[], text: Utf8Buffer) {
    this.scan = scan;
    this.row = row;
    this.#keys = keys;
    this.#hosts = hosts;
    this.#text = text;
  }

  get host(): HostKey {
    return this.number > MAX_HOST_NUMBER ? this.#hosts[this.number - MAX_HOST_NUMBER - 1]! : this.number;
  }

  skip(): boolean {
    const keys = this.#keys;
    let at = this.#from = this.#to;
    if (at === keys.length) return false;
    this.number = Math.floor(keys[at]! / PORTS);
    const end = (this.number + 1) * PORTS;
    while (at < keys.length && keys[at]! < end) at++;
    this.#to = at;
    return true;
  }

  next(): void {
    const [from, to, base] = [this.#from, this.#to, this.number * PORTS];
    this.skip();
    const offset = this.number * PORTS - base;
    // Most hosts have the ports of the one before.
    let isSame = this.#to - this.#from === to - from;
    for (let at = from; isSame && at < to; at++) isSame = this.#keys[at + to - from] === this.#keys[at]! + offset;
    if (isSame) return;
    this.#text.clear();
    this.addPorts(this.#text);
    this.ports = DECODER.decode(this.#text.bytes);
  }

  /** Adds the ports as text: `22,80-85`. */
  addPorts(text: Utf8Buffer): void {
    const [keys, end, base] = [this.#keys, this.#to, this.number * PORTS];
    for (let at = this.#from; at < end;) {
      const first = keys[at++]! - base;
      let last = first;
      for (; at < end && keys[at]! <= base + last + 1; at++) last = keys[at]! - base;
      text.addNumber(first);
      if (last > first) {
        text.addText("-");
        text.addNumber(last);
      }
      if (at < end) text.addText(",");
    }
  }
}

const DECODER = new TextDecoder();

/** Returns a key of all fields that results of one kind have in common. */
function kindOf({ proto, technique, state, reason, ttl = 0, tries, from }: PortResult): number | string {
  const outcome = stateCode(state) * REASONS.length + reasonCode(reason);
  const kind = ((tries * TTLS + ttl) * OUTCOMES + outcome) * PORT_KEYS + portKey({ proto, technique, port: 0 });
  return from === undefined ? kind : `${kind} ${from}`;
}

const TTLS = 256;
const OUTCOMES = STATES.length * REASONS.length;
