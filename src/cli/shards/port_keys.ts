/**
 * The ports in the file of a shard as numbers, in which a port that is there twice is found: a million take 8 MB.
 *
 * @module
 */
import { sortWhole } from "../../collections/order.ts";
import { TypedVector } from "../../collections/typed_vector.ts";
import { IPV4_BOOK, NO_HOST } from "../../target/address_book.ts";

/** Techniques of a scan at most. */
const MAX_PASSES = 16;
const PORTS = 0x10000;
const IPV4_HOSTS = 2 ** 32;

/** The ports that a file has results of. */
export class PortKeys {
  readonly #keys = new TypedVector(new Float64Array(64));
  readonly #lines = new TypedVector(new Uint32Array(64));
  readonly #ipv6: Map<string, number>;

  /** @param ipv6 The numbers of IPv6 hosts, which all files have in common. */
  constructor(ipv6: Map<string, number>) {
    this.#ipv6 = ipv6;
  }

  /** Adds the port in a line, of a technique whose place in the list of them is `pass`. */
  add(line: number, ip: string, pass: number, port: number): void {
    let host = IPV4_BOOK.hostOf(ip);
    if (host === NO_HOST) {
      host = this.#ipv6.get(ip) ?? IPV4_HOSTS + this.#ipv6.size;
      this.#ipv6.set(ip, host);
    }
    this.#keys.push((host * MAX_PASSES + pass) * PORTS + port);
    this.#lines.push(line);
  }

  /** Keys in the order of lines. */
  get keys(): Float64Array {
    return this.#keys.values;
  }

  /** Returns the lines that have a key. */
  linesOf(key: number): number[] {
    return Array.from(this.#lines.values).filter((_, at) => this.#keys.at(at) === key);
  }
}

/** Returns a key that is there twice; undefined if there is none. */
export function doubleIn(keys: readonly Float64Array[]): number | undefined {
  const sorted = new Float64Array(keys.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of keys) {
    sorted.set(some, at);
    at += some.length;
  }
  sortWhole(sorted);
  return sorted.find((key, index) => key === sorted[index + 1]);
}
