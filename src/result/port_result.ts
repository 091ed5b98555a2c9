/**
 * The result of a port as the user of the library gets it, and batches of them.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import type { Reason } from "./reasons.ts";
import type { State } from "./states.ts";

/**
 * The target names of hosts.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { names } = await scan({ targets: "localhost", ports: "1" }).plan;
 * console.log(names.of("127.0.0.1")); // ["localhost"]
 * ```
 */
export interface NamesByHost {
  /** Every name of a host, in the order in which they were typed. */
  of(ip: string): readonly string[];
  /** The names for which a port of it was asked. */
  at(ip: string, port: number): readonly string[];
}

/** Hosts that were asked for by their addresses. */
export const NO_NAMES: NamesByHost = { of: () => [], at: () => [] };

/**
 * The addresses of host numbers. A number is good for its scan only; in a scan of IPv4 it is the address.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { addresses, rows } of scan({ targets: "127.0.0.1", ports: "1" }).batches()) {
 *   console.log(addresses?.text(rows![0]!)); // 127.0.0.1
 * }
 * ```
 */
export interface HostAddresses {
  /** Returns the address of a host, or of the sender of a reply, as text. */
  text(host: number): string;
  /** Returns the number of the host with this address; -1 if there is none. */
  hostOf(ip: string): number;
  /** Returns the IPv4 address of a host, or of a sender, as a number of 32 bits; -1 for one of IPv6. */
  address(host: number): number;
  /** Divides the hosts from `first` to `last` into ranges of hosts whose addresses are neighbours, in order. */
  stretches(first: number, last: number): Iterable<readonly [first: number, last: number]>;
  /** Returns a function that finds the first of some prefixes of IPv6 that an address is in; -1 if it is in none. Missing without IPv6. */
  prefixFinder?(prefixes: readonly string[]): (ip: string) => number;
}

/**
 * The result of one port of one host.
 *
 * @example
 * ```ts
 * import { type PortResult, scan } from "@synscan/synscan";
 *
 * const results: PortResult[] = await Array.fromAsync(scan({ targets: "127.0.0.1", ports: "1-3" }));
 * console.log(results.length); // 3
 * ```
 */
export interface PortResult {
  /** The host's address, as text. */
  readonly ip: string;
  /** The port, 0-65535. */
  readonly port: number;
  /** The protocol: `tcp` or `udp`. */
  readonly proto: string;
  /** The technique of the probe: a port has one result for each technique of the scan. */
  readonly technique: string;
  /** The state of the port. */
  readonly state: State;
  /** The reason of the state. */
  readonly reason: Reason;
  /** Time to live of the packet that decided, as received; `undefined` without a packet. */
  readonly ttl: number | undefined;
  /** Round trip of the attempt that was replied to, in milliseconds; `undefined` without a reply. */
  readonly rttMs: number | undefined;
  /** The number of probes that were sent to this port. */
  readonly tries: number;
  /** The sender of the deciding ICMP error, if it is not the host itself. */
  readonly from: string | undefined;
  /**
   * The service that its replies showed, or else the one usually found at this port, by the system's services database; `undefined` if
   * none is known.
   */
  readonly service: string | undefined;
  /** The findings of service detection; missing without it, and for ports that are not open. */
  readonly finding?: Finding | undefined;
  /** The target names of this port, in the order in which they were given; empty if there are none. */
  readonly names: readonly string[];
  /** True if a reply arrived after this port had been reported: this result supersedes the earlier one. */
  readonly late: boolean;
  /** The reason of the superseded result; `undefined` if there is none or it is no longer known. */
  readonly replaces: Reason | undefined;
  /** The state of the result that is replaced. */
  readonly replacesState: State | undefined;
  /** A remark on the port that was known when it was reported; `undefined` if there is none. */
  readonly note: string | undefined;
}

/** A result of a probe without a reply, whose host, port, technique and state are to be replaced. */
export const NOTHING: PortResult = {
  ...{ ip: "", port: 0, proto: "tcp", technique: "", state: "undecided", reason: "not-asked" },
  ...{ ttl: undefined, rttMs: undefined, tries: 0, from: undefined, service: undefined, names: [] },
  ...{ late: false, replaces: undefined, replacesState: undefined, note: undefined },
};

/**
 * A reusable cursor over a result batch: one object that holds the next result as soon as the iteration continues. Copy it
 * with {@linkcode toResult} to keep a result.
 *
 * @example
 * ```ts
 * import { scan, toResult } from "@synscan/synscan";
 *
 * const kept = [];
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1-3" }).batches()) {
 *   for (const cursor of batch) if (cursor.state === "closed") kept.push(toResult(cursor));
 * }
 * ```
 */
export interface ResultCursor extends PortResult {
  /** The number of the host, where its batch has {@linkcode ResultList.addresses}. */
  readonly host?: number;
  /** State and reason as one number; missing where {@linkcode ResultCursor.host} is. */
  readonly outcome?: number;
  /**
   * A number of all other columns but the round trip: two results with the same number differ in host, port, service and round
   * trip only. Missing in results with names or another sender.
   */
  readonly columns?: number | undefined;
}

/**
 * A batch of results, read through a reusable cursor.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * let count = 0;
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1-3" }).batches()) count += batch.length;
 * console.log(count); // 3
 * ```
 */
export interface ResultList extends Iterable<ResultCursor> {
  /** The number of results. */
  readonly length: number;
  /** The results as rows of numbers; missing unless they come from a running scan. */
  readonly rows?: Uint32Array<ArrayBuffer>;
  /** True if results may have what service detection found. */
  readonly mayHaveFindings?: boolean;
  /** The addresses of the host numbers in rows and cursors; missing where these have none. */
  readonly addresses?: HostAddresses;
  /** The number of the pass that all of them are of, from 0; missing as {@linkcode ResultList.rows} is. */
  readonly pass?: number;
  /**
   * The protocol of what that pass probes. `host` is that of discovery, whose results are of whole hosts (`hostResults`) and have no
   * port.
   */
  readonly proto?: string;
  /** Returns the results for which `passes` returns true. */
  filter(passes: (result: PortResult) => boolean): ResultList;
}

/**
 * Copies the result that a cursor holds.
 *
 * @param result A cursor of a batch, or a result.
 * @returns A result of its own.
 *
 * @example
 * ```ts
 * import { scan, toResult } from "@synscan/synscan";
 *
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1" }).batches()) {
 *   console.log(Array.from(batch, toResult));
 * }
 * ```
 */
export function toResult(result: PortResult): PortResult {
  return {
    ip: result.ip,
    port: result.port,
    proto: result.proto,
    technique: result.technique,
    state: result.state,
    reason: result.reason,
    ttl: result.ttl,
    rttMs: result.rttMs,
    tries: result.tries,
    from: result.from,
    service: result.service,
    ...(result.finding === undefined ? {} : { finding: result.finding }),
    names: result.names,
    late: result.late,
    replaces: result.replaces,
    replacesState: result.replacesState,
    note: result.note,
  };
}
