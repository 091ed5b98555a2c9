/**
 * Addresses of this machine, rtnetlink(7).
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  IFA_ADDRESS,
  IFA_F_DADFAILED,
  IFA_F_DEPRECATED,
  IFA_F_TEMPORARY,
  IFA_F_TENTATIVE,
  IFA_FLAGS,
  IFA_LOCAL,
  RTM_GETADDR,
  RTM_NEWADDR,
} from "../constants.ts";
import { ifaddrmsg } from "../layout.ts";
import { INET, INET6 } from "./family.ts";
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
  if (address === undefined || prefixLen > INET.bits) return undefined;
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

/** An IPv6 address of this machine. */
interface InterfaceAddress6 {
  readonly interfaceIndex: number;
  readonly address: bigint;
  readonly prefixLen: number;
  /** True before duplicate address detection is over, or where it has failed: the kernel does not send from it. */
  readonly isTentative: boolean;
  /** True where its preferred lifetime is over. */
  readonly isDeprecated: boolean;
  /** True for an address that is replaced after a while (RFC 8981). */
  readonly isTemporary: boolean;
}

/** Reads an `RTM_NEWADDR` message of `length` bytes at `at`; undefined if it is not about IPv6. */
export function parseAddress6(view: DataView, at: number, length: number): InterfaceAddress6 | undefined {
  const body = bodyAt(view, at, length, RTM_NEWADDR, ifaddrmsg.size);
  if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== AF_INET6) return undefined;
  const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
  const address = attributes.address6(IFA_LOCAL) ?? attributes.address6(IFA_ADDRESS);
  const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
  if (address === undefined || prefixLen > INET6.bits) return undefined;
  const flags = attributes.u32(IFA_FLAGS) ?? 0;
  return {
    interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
    address,
    prefixLen,
    isTentative: (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) !== 0,
    isDeprecated: (flags & IFA_F_DEPRECATED) !== 0,
    isTemporary: (flags & IFA_F_TEMPORARY) !== 0,
  };
}

/**
 * Lists every IPv6 address of this network namespace.
 *
 * @throws {SyscallError} If the kernel does not reply; `EOPNOTSUPP` without IPv6.
 */
export function dumpAddresses6(netlink?: Netlink): InterfaceAddress6[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETADDR, ifaddrmsg.size, AF_INET6, parseAddress6));
}
