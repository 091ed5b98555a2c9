/**
 * IPv4 addresses of this machine, rtnetlink(7).
 *
 * @module
 */

import { AF_INET, IFA_ADDRESS, IFA_LOCAL, RTM_GETADDR, RTM_NEWADDR } from "../constants.ts";
import { ifaddrmsg } from "../layout.ts";
import { Attributes, bodyAt } from "./message.ts";
import { type Netlink, withNetlink } from "./socket.ts";

/** An IPv4 address of this machine. */
export interface InterfaceAddress {
  interfaceIndex: number;
  address: number;
  prefixLen: number;
  /** The other end of a point-to-point link; the address itself elsewhere. */
  peer: number;
}

/** Reads an `RTM_NEWADDR` message of `length` bytes at `at`; undefined if it is not about IPv4. */
export function parseAddress(view: DataView, at: number, length: number): InterfaceAddress | undefined {
  const body = bodyAt(view, at, length, RTM_NEWADDR, ifaddrmsg.size);
  if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== AF_INET) return undefined;
  const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
  const peer = attributes.address(IFA_ADDRESS);
  const address = attributes.address(IFA_LOCAL) ?? peer;
  const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
  if (address === undefined || prefixLen > 32) return undefined;
  return {
    interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
    address,
    prefixLen,
    peer: peer ?? address,
  };
}

/** Lists every IPv4 address of this network namespace. */
export function dumpAddresses(netlink?: Netlink): InterfaceAddress[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETADDR, ifaddrmsg.size, AF_INET, parseAddress));
}
