// Hot path: nothing here may allocate per packet of a host whose replies all have one TTL.
/**
 * Finds ports that another host replies for: replies of one address have passed different numbers of routers where a port is
 * forwarded (destination NAT, a load balancer) to a host behind it.
 *
 * @module
 */

import { initialTtl } from "../base/ttl.ts";
import { FIRST_PORTS, type HostTable } from "./host_table.ts";

/** Hosts with more than one TTL that are kept, TTLs of each, and ports of each TTL. */
const MAX_HOSTS = 1 << 12;
const MAX_TTLS = 6;
const MAX_PORTS = 16;
/**
 * A port is called forwarded where few are: up to so many, or this share of the ports with a reply from nearby. Where more of
 * them differ, paths of different lengths (ECMP) are as likely.
 */
const FEW_PORTS = 8;
const FEW_SHARE = 1 / 4;
/** Routers between two TTLs that are believed; more of them mean another initial TTL. */
const MAX_HOPS = 8;

/** Replies of a host with one TTL. */
interface TtlGroup {
  readonly ttl: number;
  count: number;
  open: number;
  readonly ports: number[];
}

/** A port with replies from behind its host. */
interface ForwardedPort {
  readonly host: number;
  readonly port: number;
  /** Routers between. */
  readonly hops: number;
  /** True where nothing nearer is open: a firewall may have sent those RSTs in the place of the host. */
  readonly isMaybeFirewall: boolean;
}

/** The TTLs of hosts whose replies have different ones. */
export class TtlTable {
  readonly #hosts = new Map<number, TtlGroup[]>();

  /** Takes the TTL of a reply from a port of the host at `index`, after the reply was counted there. */
  see(hosts: HostTable, index: number, port: number, ttl: number, isOpen: boolean): void {
    const before = hosts.answered[index]! - 1;
    if (before === 0) hosts.ttl[index] = ttl;
    const at = index * FIRST_PORTS;
    if (ttl !== hosts.ttl[index]) {
      this.#add(
        hosts.address[index]!,
        port,
        ttl,
        isOpen,
        hosts.ttl[index]!,
        hosts.firstPorts.subarray(at, at + Math.min(before, FIRST_PORTS)),
      );
    } else if (this.#hosts.size > 0) {
      const first = this.#hosts.get(hosts.address[index]!)?.[0];
      if (first !== undefined && first.ports.length < MAX_PORTS) first.ports.push(port);
    }
    if (before < FIRST_PORTS) hosts.firstPorts[at + before] = port;
  }

  /** Adds a reply whose TTL is not `first`, that of all replies of its host before it was known to have several. */
  #add(host: number, port: number, ttl: number, isOpen: boolean, first: number, firstPorts: Uint16Array): void {
    let groups = this.#hosts.get(host);
    if (groups === undefined) {
      if (this.#hosts.size >= MAX_HOSTS) return;
      this.#hosts.set(host, groups = [{ ttl: first, count: 0, open: 0, ports: [...firstPorts] }]);
    }
    let group = groups.find((each) => each.ttl === ttl);
    if (group === undefined) {
      if (groups.length >= MAX_TTLS) return;
      groups.push(group = { ttl, count: 0, open: 0, ports: [] });
    }
    group.count++;
    if (isOpen) group.open++;
    if (group.ports.length < MAX_PORTS) group.ports.push(port);
  }

  /**
   * Returns the ports that are forwarded.
   *
   * @param repliesOf Returns the number of ports of a host that replied.
   * @param openOf Returns the number of these that are open.
   */
  forwarded(repliesOf: (host: number) => number, openOf: (host: number) => number): ForwardedPort[] {
    const found: ForwardedPort[] = [];
    for (const [host, [first, ...others]] of this.#hosts) {
      // Of the first TTL there may have been replies that were not counted here.
      const count = Math.max(1, repliesOf(host) - others.reduce((sum, group) => sum + group.count, 0));
      const open = openOf(host) - others.reduce((sum, group) => sum + group.open, 0);
      const groups = [{ ...first!, count, open }, ...others];
      const nearest = Math.min(...groups.map(({ ttl }) => hopsOf(ttl)));
      let nearCount = 0;
      let nearOpen = 0;
      for (const group of groups) {
        if (hopsOf(group.ttl) !== nearest) continue;
        nearCount += group.count;
        nearOpen += group.open;
      }
      for (const { ttl, count, ports } of groups) {
        const hops = hopsOf(ttl) - nearest;
        if (hops <= 0 || hops > MAX_HOPS || count > Math.max(FEW_PORTS, FEW_SHARE * nearCount)) continue;
        for (const port of ports) found.push({ host, port, hops, isMaybeFirewall: nearOpen === 0 });
      }
    }
    return found;
  }
}

/** The routers that a packet has passed, if it was sent with the usual initial TTL next above. */
function hopsOf(ttl: number): number {
  return initialTtl(ttl) - ttl;
}
