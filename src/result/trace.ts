/**
 * The paths to hosts, and where on them packets to filtered ports are lost.
 *
 * @module
 */

/**
 * A hop of a path: a router, or the host itself.
 *
 * @example
 * ```ts
 * import type { Hop } from "@synscan/synscan";
 *
 * const hop: Hop = { ttl: 1, ip: "192.0.2.1", rttMs: 0.4 };
 * console.log(hop);
 * ```
 */
export interface Hop {
  /** The hop limit that ends at it, from 1. */
  readonly ttl: number;
  /** The address that it replied from; undefined if it did not reply. */
  readonly ip?: string | undefined;
  /** Its round trip in milliseconds, if it is known. */
  readonly rttMs?: number | undefined;
  /** Its name by reverse DNS, if it is known. */
  readonly hostname?: string | undefined;
}

/**
 * Filtered ports of a host whose probes are lost at the same place.
 *
 * @example
 * ```ts
 * import type { FilteredPorts } from "@synscan/synscan";
 *
 * const probe = { proto: "tcp", technique: "syn" };
 * const filtered: FilteredPorts = { ...probe, ports: "25,135-139", probed: "25,135,139", afterHop: 3, ip: "192.0.2.1" };
 * console.log(`${filtered.ports} filtered after hop ${filtered.afterHop} (${filtered.ip})`);
 * ```
 */
export interface FilteredPorts {
  /** The ports, as text. Those between two of `probed` are taken to be lost at the same place. */
  readonly ports: string;
  /** Their protocol. */
  readonly proto: string;
  /** The technique by which they are filtered, and by which they were traced. */
  readonly technique: string;
  /** The ports that probes with hop limits were sent to, as text. */
  readonly probed: string;
  /** The last hop that such a probe reaches; 0 if none that replies to others does. */
  readonly afterHop: number;
  /** The address of that hop; undefined for 0. */
  readonly ip?: string | undefined;
}

/**
 * The path to a host.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { traces } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, hops } of traces) console.log(ip, hops.map((hop) => hop.ip ?? "*").join(" "));
 * ```
 */
export interface Trace {
  /** The address of the host. */
  readonly ip: string;
  /** The protocol of the probes. */
  readonly proto: string;
  /** The port that they were sent to; undefined for ICMP. */
  readonly port?: number | undefined;
  /** The hops, in order and without a gap. The last is the host itself, if it was reached. */
  readonly hops: readonly Hop[];
  /** True if the host itself replied. */
  readonly isReached: boolean;
  /** The first hops, which were probed for another host with the same path. */
  readonly shared?: { readonly hops: number; readonly ip: string } | undefined;
  /** The places where probes of filtered ports are lost, if that was asked for. */
  readonly filtered: readonly FilteredPorts[];
}
