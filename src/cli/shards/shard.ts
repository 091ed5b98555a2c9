/**
 * A shard of a scan, as a file has it, and the names of its hosts.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { HostAddresses, NamesByHost, ResultList } from "../../result/port_result.ts";
import type { ScanShare } from "../../result/share.ts";
import type { Summary } from "../../result/summary.ts";
import { bookOfTexts } from "../../target/ipv6_book.ts";
import type { PortKeys } from "./port_keys.ts";

/** Results that are known by a time, in milliseconds since 1970. */
export interface ShardBatch {
  readonly batch: ResultList;
  readonly timeMs: number;
}

/** The results of one shard. */
export interface Shard {
  /** Its file. */
  readonly path: string;
  readonly share: ScanShare;
  /** The version of synscan; undefined if the file does not state it. */
  readonly version: string | undefined;
  /** The techniques over ports, joined by `+`. */
  readonly technique: string;
  /** The options that all shards have in common. */
  readonly options: readonly string[];
  /** Its command line. */
  readonly args: readonly string[];
  readonly startedAtMs: number;
  /** True if it may have what service detection found. */
  readonly detectsServices: boolean;
  /** Targets and ports as text, if the file has them. */
  readonly targets: string | undefined;
  readonly ports: string | undefined;
  /** The ports of UDP, if ports of TCP were probed as well. */
  readonly udpPorts: string | undefined;
  /** Its hosts and ports, as planned; of an unfinished one the ports that have a result, and no hosts. */
  readonly hosts: number;
  readonly probes: number;
  /** Its summary; of an unfinished one as far as it came. */
  readonly summary: Summary;
  /** The command that completes it; undefined if it is complete. */
  readonly remedy: string | undefined;
  /** The addresses of all hosts in the file, if it has them as text. */
  readonly addresses: ReadonlySet<string>;
  /** The ports in the file, if it has them as text. */
  readonly portKeys?: PortKeys;
  /** The hosts that it has results of, if hosts are divided and it is finished. */
  readonly results: ReadonlySet<string>;
  /** Target names of hosts by address. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Holders of hardware addresses. */
  readonly vendors: ReadonlyMap<number, string>;
  /** The numbers of all hosts of the scan; undefined if the file has addresses as text. */
  readonly book: HostAddresses | undefined;
  /**
   * Yields its results: those of hosts, then each port once.
   *
   * @param book The numbers of hosts, which all shards have in common ({@linkcode commonBook}).
   */
  batches(book: HostAddresses): Iterable<ShardBatch>;
}

/** Returns one book for the hosts of all shards: reports take the number of a host for the same host in each of them. */
export function commonBook(shards: readonly Pick<Shard, "addresses" | "book">[]): HostAddresses {
  const whole = shards.find(({ book }) => book !== undefined)?.book;
  return whole ?? bookOfTexts(shards.flatMap(({ addresses }) => [...addresses]));
}

/** Returns the error of a file that cannot be merged. */
export function cannotMerge(path: string, why: string): UsageError {
  return new UsageError(`Cannot merge ${quote(path)}: ${why}`);
}

/** Target names by address: those of a host are the names of each of its ports. */
export class ShardNames implements NamesByHost {
  readonly #names: ReadonlyMap<string, readonly string[]>;
  readonly #ports: string;

  /** @param ports The ports of every host as text. */
  constructor(names: ReadonlyMap<string, readonly string[]>, ports: string) {
    this.#names = names;
    this.#ports = ports;
  }

  of(ip: string): readonly string[] {
    return this.#names.get(ip) ?? [];
  }

  at(ip: string): readonly string[] {
    return this.of(ip);
  }

  *[Symbol.iterator](): Iterator<{ readonly ip: string; readonly name: string; readonly ports: string }> {
    for (const [ip, names] of this.#names) for (const name of names) yield { ip, name, ports: this.#ports };
  }
}
