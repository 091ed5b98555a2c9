/**
 * Network interfaces, rtnetlink(7).
 *
 * @module
 */

import * as C from "../constants.ts";
import { ERRNO, SyscallError } from "../errno.ts";
import { ifinfomsg } from "../layout.ts";
import { Attributes, bodyAt } from "./message.ts";
import { type Netlink, withNetlink } from "./socket.ts";

/** A network interface. */
export interface Link {
  index: number;
  name: string;
  /** Alternative names (`ip link property add altname`). */
  otherNames: readonly string[];
  /** Hardware type: `ARPHRD_ETHER`, `ARPHRD_LOOPBACK`, `ARPHRD_NONE` for tun, ... */
  type: number;
  /** The kind of a virtual interface: `veth`, `bridge`, `tun`, `wireguard`, `dummy`, ...; absent for real hardware. */
  kind?: string | undefined;
  /** Switched on by the administrator. */
  up: boolean;
  /** The physical link is established, as the driver reports it. */
  carrier: boolean;
  /** The number of times the carrier has come or gone; a difference between two reads shows a loss that was shorter than both. */
  carrierChanges: number;
  /** True where neighbours are not resolved (tun, WireGuard, most tunnels). */
  noArp: boolean;
  /** The longest packet that it sends, in bytes, without the header of its own. */
  mtu: number;
  /** Of any length; 6 bytes on Ethernet; absent where there is none. */
  hardwareAddress?: Uint8Array<ArrayBuffer> | undefined;
}

/** Returns the interface of this name, or with this other name; undefined if there is none. */
export function linkNamed(name: string, links: readonly Link[]): Link | undefined {
  return links.find((link) => link.name === name || link.otherNames.includes(name));
}

/** Reads an `RTM_NEWLINK` message of `length` bytes at `at`. */
export function parseLink(view: DataView, at: number, length: number): Link | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWLINK, ifinfomsg.size);
  if (body === -1) return undefined;
  const attributes = new Attributes(view, body + ifinfomsg.size, at + length);
  const name = attributes.string(C.IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = view.getUint32(body + ifinfomsg.ifi_flags, true);
  return {
    index: view.getInt32(body + ifinfomsg.ifi_index, true),
    name,
    otherNames: attributes.nested(C.IFLA_PROP_LIST)?.strings(C.IFLA_ALT_IFNAME) ?? [],
    type: view.getUint16(body + ifinfomsg.ifi_type, true),
    kind: attributes.nested(C.IFLA_LINKINFO)?.string(C.IFLA_INFO_KIND),
    up: (flags & C.IFF_UP) !== 0,
    carrier: (flags & C.IFF_LOWER_UP) !== 0,
    carrierChanges: attributes.u32(C.IFLA_CARRIER_CHANGES) ?? 0,
    noArp: (flags & C.IFF_NOARP) !== 0,
    mtu: attributes.u32(C.IFLA_MTU) ?? Infinity,
    hardwareAddress: attributes.bytes(C.IFLA_ADDRESS),
  };
}

/**
 * Lists every interface of this network namespace.
 *
 * @throws {SyscallError} If the kernel does not reply; so for all functions of this folder.
 */
export function dumpLinks(netlink?: Netlink): Link[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETLINK, ifinfomsg.size, C.AF_UNSPEC, parseLink));
}

/** Reads one interface; undefined where there is none of this index. */
export function getLink(interfaceIndex: number, netlink?: Netlink): Link | undefined {
  return withNetlink(netlink, (netlink) => readLink(interfaceIndex, netlink, parseLink));
}

/** The index of the loopback interface, which every network namespace has first (LOOPBACK_IFINDEX). */
export const LOOPBACK_INDEX = 1;

/** Returns the number of packets that an interface has received, modulo 2^32; undefined where there is none of this index. */
export function receivedPackets(interfaceIndex: number, netlink: Netlink): number | undefined {
  return readLink(interfaceIndex, netlink, parseReceivedPackets);
}

/** `struct rtnl_link_stats64` begins with the number of packets received. */
function parseReceivedPackets(view: DataView, at: number, length: number): number | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWLINK, ifinfomsg.size);
  if (body === -1) return undefined;
  const place = new Attributes(view, body + ifinfomsg.size, at + length).place(C.IFLA_STATS64, 8);
  return place === undefined ? undefined : view.getUint32(place.at, true);
}

function readLink<Row>(
  interfaceIndex: number,
  netlink: Netlink,
  parse: (view: DataView, at: number, length: number) => Row | undefined,
): Row | undefined {
  const fill = (view: DataView, at: number) => view.setInt32(at + ifinfomsg.ifi_index, interfaceIndex, true);
  const reply = netlink.get(C.RTM_GETLINK, ifinfomsg.size, fill, [], parse);
  if ("row" in reply) return reply.row;
  if (reply.errno === ERRNO.ENODEV || reply.errno === ERRNO.ENOENT) return undefined;
  throw new SyscallError("netlink", reply.errno);
}
