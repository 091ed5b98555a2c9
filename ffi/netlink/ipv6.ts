/**
 * IPv6 addresses, routes, policy rules and neighbours, rtnetlink(7). Addresses are bigints of 128 bits.
 *
 * @module
 */

import * as C from "../constants.ts";
import { ERRNO, SyscallError } from "../errno.ts";
import { fib_rule_hdr, ifaddrmsg, ndmsg, rtmsg } from "../layout.ts";
import { address6Bytes, Attributes, bodyAt } from "./message.ts";
import { type Neighbour, neighbourOf } from "./neighbor.ts";
import {
  changeAt,
  type Changed,
  isRuleChange,
  nextHopOf,
  REFUSALS,
  ROUTE_TYPES,
  type RouteAnswer,
  type RouteFound,
} from "./route.ts";
import { type Netlink, withNetlink } from "./socket.ts";

const ADDRESS_BITS = 128;

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
  const body = bodyAt(view, at, length, C.RTM_NEWADDR, ifaddrmsg.size);
  if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== C.AF_INET6) return undefined;
  const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
  const address = attributes.address6(C.IFA_LOCAL) ?? attributes.address6(C.IFA_ADDRESS);
  const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
  if (address === undefined || prefixLen > ADDRESS_BITS) return undefined;
  const flags = attributes.u32(C.IFA_FLAGS) ?? 0;
  return {
    interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
    address,
    prefixLen,
    isTentative: (flags & (C.IFA_F_TENTATIVE | C.IFA_F_DADFAILED)) !== 0,
    isDeprecated: (flags & C.IFA_F_DEPRECATED) !== 0,
    isTemporary: (flags & C.IFA_F_TEMPORARY) !== 0,
  };
}

/**
 * Lists every IPv6 address of this network namespace.
 *
 * @throws {SyscallError} If the kernel does not reply; so for all functions of this file. `EOPNOTSUPP` without IPv6.
 */
export function dumpAddresses6(netlink?: Netlink): InterfaceAddress6[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETADDR, ifaddrmsg.size, C.AF_INET6, parseAddress6));
}

/** An IPv6 address and a prefix length. */
interface Prefix6 {
  readonly destination: bigint;
  readonly prefixLen: number;
}

/** A row of an IPv6 routing table. */
interface Route6 extends Prefix6, Omit<RouteFound, "type" | "source" | "gateway"> {
  /** `RT_TABLE_MAIN`, `RT_TABLE_LOCAL` or another table's number. */
  readonly table: number;
  /** `none` for other types than those of an answer. */
  readonly type: RouteAnswer["type"];
}

/** Reads the destination of a route or a rule; undefined where it does not make sense. */
function prefixOf(attributes: Attributes, type: number, prefixLen: number): Prefix6 | undefined {
  const destination = attributes.address6(type) ?? (prefixLen === 0 ? 0n : undefined);
  return destination === undefined || prefixLen > ADDRESS_BITS ? undefined : { destination, prefixLen };
}

/** Reads an `RTM_NEWROUTE` message of `length` bytes at `at`; undefined if it is not about IPv6. */
export function parseRoute6(view: DataView, at: number, length: number): Route6 | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWROUTE, rtmsg.size);
  if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== C.AF_INET6) return undefined;
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  const prefix = prefixOf(attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
  if (prefix === undefined) return undefined;
  const hop = nextHopOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true));
  return {
    ...prefix,
    table: attributes.u32(C.RTA_TABLE) ?? view.getUint8(body + rtmsg.rtm_table),
    type: ROUTE_TYPES.get(view.getUint8(body + rtmsg.rtm_type)) ?? "none",
    interfaceIndex: hop?.interfaceIndex ?? 0,
    gateway6: hop?.gateway6,
    source6: attributes.address6(C.RTA_PREFSRC),
    mtu: attributes.nested(C.RTA_METRICS)?.u32(C.RTAX_MTU),
  };
}

/** Reads the destination of an `RTM_NEWRULE` message of `length` bytes at `at`; undefined if it is not about IPv6. */
export function parseRule6(view: DataView, at: number, length: number): Prefix6 | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWRULE, fib_rule_hdr.size);
  if (body === -1 || view.getUint8(body + fib_rule_hdr.family) !== C.AF_INET6) return undefined;
  const attributes = new Attributes(view, body + fib_rule_hdr.size, at + length);
  return prefixOf(attributes, C.FRA_DST, view.getUint8(body + fib_rule_hdr.dst_len));
}

/** The multicast groups of IPv6 routes and policy rules. */
export const ROUTE_GROUPS6 = C.RTMGRP_IPV6_ROUTE | 1 << C.RTNLGRP_IPV6_RULE - 1;

/** Reads a notification about a route or a policy rule; undefined if it is not about IPv6. */
export function parseRouteChange6(view: DataView, at: number, length: number): Prefix6 & Changed | undefined {
  const body = changeAt(view, at, length);
  if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== C.AF_INET6) return undefined;
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  const prefix = prefixOf(attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
  return prefix && { ...prefix, isRule: isRuleChange(view, at) };
}

/** Lists every IPv6 route of every table, the local table's too. */
export function dumpRoutes6(netlink?: Netlink): Route6[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETROUTE, rtmsg.size, C.AF_INET6, parseRoute6));
}

/** Lists the destinations of every IPv6 policy rule. */
export function dumpRules6(netlink?: Netlink): Prefix6[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETRULE, fib_rule_hdr.size, C.AF_INET6, parseRule6));
}

/** The packet of a route lookup, beside its destination. */
export interface RouteQuestion6 {
  /** Its source address; without one the kernel would choose it (RFC 6724). */
  readonly source?: bigint | undefined;
  /** The interface that it must leave by: of a link-local destination that of its zone. */
  readonly interfaceIndex?: number | undefined;
  /** The socket to use; without one, each lookup opens its own. */
  readonly netlink?: Netlink | undefined;
}

/** Looks up how the kernel would send a packet to `destination`, or why it would not. */
export function getRoute6(destination: bigint, question: RouteQuestion6 = {}): RouteAnswer {
  const { source, interfaceIndex } = question;
  return withNetlink(question.netlink, (netlink) => {
    const reply = netlink.get(
      C.RTM_GETROUTE,
      rtmsg.size,
      (view, at) => {
        view.setUint8(at + rtmsg.rtm_family, C.AF_INET6);
        view.setUint8(at + rtmsg.rtm_dst_len, ADDRESS_BITS);
        if (source !== undefined) view.setUint8(at + rtmsg.rtm_src_len, ADDRESS_BITS);
        view.setUint32(at + rtmsg.rtm_flags, C.RTM_F_LOOKUP_TABLE, true);
      },
      [
        [C.RTA_DST, address6Bytes(destination), "address"],
        ...(source === undefined ? [] : [[C.RTA_SRC, address6Bytes(source), "address"] as const]),
        ...(interfaceIndex === undefined ? [] : [[C.RTA_OIF, interfaceIndex, "u32"] as const]),
      ],
      parseRoute6,
    );
    if (!("row" in reply)) {
      const type = REFUSALS.get(reply.errno);
      if (type === undefined) throw new SyscallError("netlink", reply.errno);
      return { type };
    }
    const { type, interfaceIndex: index, gateway6, mtu } = reply.row;
    // Unlike that of IPv4, the reply has the kernel's choice also where the request has a source.
    const source6 = source ?? reply.row.source6;
    if (type === "none" || type === "unreachable" || type === "prohibit" || type === "blackhole") return { type };
    return { type, interfaceIndex: index, gateway6, source6, mtu };
  });
}

/** Reads an `RTM_NEWNEIGH` message of `length` bytes at `at`; undefined if it is not about IPv6. */
export function parseNeighbour6(view: DataView, at: number, length: number): Neighbour<bigint> | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWNEIGH, ndmsg.size);
  if (body === -1 || view.getUint8(body + ndmsg.ndm_family) !== C.AF_INET6) return undefined;
  const attributes = new Attributes(view, body + ndmsg.size, at + length);
  const address = attributes.address6(C.NDA_DST);
  return address === undefined ? undefined : neighbourOf(view, body, address, attributes);
}

/** Lists every IPv6 neighbour in the kernel's table. */
export function dumpNeighbours6(netlink?: Netlink): Neighbour<bigint>[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETNEIGH, ndmsg.size, C.AF_INET6, parseNeighbour6));
}

/** Reads one IPv6 neighbour; undefined where the kernel has no entry. Needs Linux 5.0. */
export function getNeighbour6(
  interfaceIndex: number,
  address: bigint,
  netlink?: Netlink,
): Neighbour<bigint> | undefined {
  return withNetlink(netlink, (netlink) => {
    const fill = (view: DataView, at: number) => {
      view.setUint8(at + ndmsg.ndm_family, C.AF_INET6);
      view.setInt32(at + ndmsg.ndm_ifindex, interfaceIndex, true);
    };
    const attributes = [[C.NDA_DST, address6Bytes(address), "address"]] as const;
    const reply = netlink.get(C.RTM_GETNEIGH, ndmsg.size, fill, attributes, parseNeighbour6);
    if ("row" in reply) return reply.row;
    if (reply.errno === ERRNO.ENOENT || reply.errno === ERRNO.ENODEV) return undefined;
    throw new SyscallError("netlink", reply.errno);
  });
}
