/**
 * Neighbours, and the limits of the tables of neighbours, rtnetlink(7).
 *
 * @module
 */

import * as C from "../constants.ts";
import { ERRNO } from "../errno.ts";
import { nda_cacheinfo, ndmsg, ndt_stats, ndtmsg } from "../layout.ts";
import { type Address, addressBytes, type AddressFamily, familyOf, INET } from "./family.ts";
import { Attributes, bodyAt, type ParseRow } from "./message.ts";
import { type Netlink, withNetlink } from "./socket.ts";

const STATES = {
  incomplete: C.NUD_INCOMPLETE,
  reachable: C.NUD_REACHABLE,
  stale: C.NUD_STALE,
  delay: C.NUD_DELAY,
  probe: C.NUD_PROBE,
  failed: C.NUD_FAILED,
  noarp: C.NUD_NOARP,
  permanent: C.NUD_PERMANENT,
} as const;

/** The kernel's trust in a neighbour's hardware address. */
type NeighbourState = keyof typeof STATES | "none";

const STATE_NAMES: ReadonlyMap<number, NeighbourState> = new Map(
  Object.entries(STATES).map(([name, state]) => [state, name as NeighbourState]),
);

/** States in which the kernel sends to a neighbour. */
export const USABLE_STATES: ReadonlySet<NeighbourState> = new Set(
  ["reachable", "stale", "delay", "probe", "permanent", "noarp"],
);

/** A host on a link, and its hardware address. */
export interface Neighbour<Of extends Address = number> {
  interfaceIndex: number;
  address: Of;
  state: NeighbourState;
  /** Absent while it is not resolved. */
  hardwareAddress?: Uint8Array<ArrayBuffer> | undefined;
  /** Milliseconds since the kernel last had it confirmed, to the nearest 10; absent where the kernel does not report it. */
  confirmedAgoMs?: number | undefined;
}

/** Milliseconds of a clock tick as the kernel counts them for programs (`USER_HZ` is 100). */
const TICK_MS = 10;

/** Returns a parser of `RTM_NEWNEIGH` messages about a family. */
export function neighbourParser<Of extends Address>(family: AddressFamily<Of>): ParseRow<Neighbour<Of>> {
  return (view, at, length) => {
    const body = bodyAt(view, at, length, C.RTM_NEWNEIGH, ndmsg.size);
    if (body === -1 || view.getUint8(body + ndmsg.ndm_family) !== family.number) return undefined;
    const attributes = new Attributes(view, body + ndmsg.size, at + length);
    const address = family.read(attributes, C.NDA_DST);
    if (address === undefined) return undefined;
    const cache = attributes.place(C.NDA_CACHEINFO, nda_cacheinfo.size);
    return {
      interfaceIndex: view.getInt32(body + ndmsg.ndm_ifindex, true),
      address,
      state: STATE_NAMES.get(view.getUint16(body + ndmsg.ndm_state, true)) ?? "none",
      hardwareAddress: attributes.bytes(C.NDA_LLADDR),
      confirmedAgoMs: cache && view.getUint32(cache.at + nda_cacheinfo.ndm_confirmed, true) * TICK_MS,
    };
  };
}

/** Lists every neighbour of a family in the kernel's table. */
export function dumpNeighbours<Of extends Address>(family: AddressFamily<Of>, netlink?: Netlink): Neighbour<Of>[] {
  const parse = neighbourParser(family);
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETNEIGH, ndmsg.size, family.number, parse));
}

/** Reads one neighbour; undefined where the kernel has no entry. Needs Linux 5.0; before, the whole table is read. */
export function getNeighbour(
  interfaceIndex: number,
  address: Address,
  netlink?: Netlink,
): Neighbour<Address> | undefined {
  const family = familyOf(address);
  return withNetlink(netlink, (netlink) => {
    const fill = (view: DataView, at: number) => writeHead(view, at, family, interfaceIndex);
    const attributes = [[C.NDA_DST, addressBytes(address)]] as const;
    const reply = netlink.get(C.RTM_GETNEIGH, ndmsg.size, fill, attributes, neighbourParser(family));
    if ("row" in reply) return reply.row;
    if (reply.errno === ERRNO.ENOENT || reply.errno === ERRNO.ENODEV) return undefined;
    const all = dumpNeighbours(family, netlink);
    return all.find((row) => row.interfaceIndex === interfaceIndex && row.address === address);
  });
}

/** The limit of a table of neighbours of the kernel: one table of each address family for all network namespaces. */
export interface NeighbourTable {
  family: 4 | 6;
  /** The most entries, `gc_thresh3` in `net.ipv4.neigh.default` or `net.ipv6.neigh.default`. */
  limit: number;
  /** The number of entries that were not made because the table was full, since the kernel started. */
  overflows: number;
}

/** The tables by their names. */
const TABLE_FAMILIES: ReadonlyMap<string | undefined, 4 | 6> = new Map([["arp_cache", 4], ["ndisc_cache", 6]]);

/** Reads an `RTM_NEWNEIGHTBL` message; undefined if it is not about a whole table of IPv4 or IPv6. */
function parseNeighbourTable(view: DataView, at: number, length: number): NeighbourTable | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWNEIGHTBL, ndtmsg.size);
  if (body === -1) return undefined;
  const attributes = new Attributes(view, body + ndtmsg.size, at + length);
  const family = TABLE_FAMILIES.get(attributes.string(C.NDTA_NAME));
  const limit = attributes.u32(C.NDTA_THRESH3);
  const stats = attributes.place(C.NDTA_STATS, ndt_stats.size);
  if (family === undefined || limit === undefined || stats === undefined) return undefined;
  return { family, limit, overflows: Number(view.getBigUint64(stats.at + ndt_stats.ndts_table_fulls, true)) };
}

/** Reads the limits of the tables of neighbours; none where the kernel does not report them (before Linux 4.3). */
export function neighbourTables(netlink?: Netlink): NeighbourTable[] {
  return withNetlink(
    netlink,
    (netlink) => netlink.dump(C.RTM_GETNEIGHTBL, ndtmsg.size, C.AF_UNSPEC, parseNeighbourTable),
  );
}

/**
 * Adds a neighbour of IPv4 that needs no confirmation, unless the kernel has an entry for it.
 *
 * @returns 0, or the errno with which the kernel refused: `EEXIST` where there is an entry, `EPERM` without `CAP_NET_ADMIN`.
 */
export function addNeighbour(
  interfaceIndex: number,
  address: number,
  hardwareAddress: Uint8Array,
  netlink: Netlink,
): number {
  return netlink.change(
    C.RTM_NEWNEIGH,
    C.NLM_F_CREATE | C.NLM_F_EXCL,
    ndmsg.size,
    (view, at) => {
      writeHead(view, at, INET, interfaceIndex);
      view.setUint16(at + ndmsg.ndm_state, C.NUD_NOARP, true);
    },
    [[C.NDA_DST, addressBytes(address)], [C.NDA_LLADDR, hardwareAddress]],
  );
}

/** Removes a neighbour of IPv4; returns 0, or the errno with which the kernel refused. */
export function removeNeighbour(interfaceIndex: number, address: number, netlink: Netlink): number {
  const fill = (view: DataView, at: number) => writeHead(view, at, INET, interfaceIndex);
  return netlink.change(C.RTM_DELNEIGH, 0, ndmsg.size, fill, [[C.NDA_DST, addressBytes(address)]]);
}

function writeHead(view: DataView, at: number, { number }: AddressFamily<Address>, interfaceIndex: number): void {
  view.setUint8(at + ndmsg.ndm_family, number);
  view.setInt32(at + ndmsg.ndm_ifindex, interfaceIndex, true);
}
