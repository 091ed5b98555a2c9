/**
 * IPv4 routes and policy rules, rtnetlink(7), and the route of one packet.
 *
 * @module
 */

import * as C from "../constants.ts";
import { ERRNO, SyscallError } from "../errno.ts";
import { fib_rule_hdr, nlmsghdr, rtmsg, rtnexthop } from "../layout.ts";
import { align4, Attributes, bodyAt, readAddress6 } from "./message.ts";
import { type Netlink, withNetlink } from "./socket.ts";

/** A packet that the kernel would send. */
export interface RouteFound {
  readonly type: "unicast" | "local" | "broadcast" | "anycast" | "multicast";
  readonly interfaceIndex: number;
  /** Absent where the destination is on the link itself. */
  readonly gateway?: number | undefined;
  /** The gateway of IPv6 packets, or an IPv6 gateway of IPv4 packets (RFC 5549). */
  readonly gateway6?: bigint | undefined;
  /** The source address that the kernel would choose. */
  readonly source?: number | undefined;
  /** The same of IPv6 packets. */
  readonly source6?: bigint | undefined;
  /** From the route, or from path MTU discovery. */
  readonly mtu?: number | undefined;
}

/** A packet that the kernel would not send: no route matches (`none`), or one of that type does. */
export interface RouteRefused {
  readonly type: "none" | "unreachable" | "prohibit" | "blackhole";
}

/** The kernel's reply to a route lookup. */
export type RouteAnswer = RouteFound | RouteRefused;

/** Returns true where a packet would be sent. */
export function isRouted(answer: RouteAnswer): answer is RouteFound {
  return "interfaceIndex" in answer;
}

/** An address and a prefix length. */
interface Prefix {
  readonly destination: number;
  readonly prefixLen: number;
}

/** A row of a routing table. */
interface Route extends Prefix, Omit<RouteFound, "type"> {
  /** `RT_TABLE_MAIN`, `RT_TABLE_LOCAL` or another table's number. */
  readonly table: number;
  /** `none` for other types than those below. */
  readonly type: RouteAnswer["type"];
}

/** The types of routes by their numbers. */
export const ROUTE_TYPES: ReadonlyMap<number, RouteAnswer["type"]> = new Map([
  [C.RTN_UNICAST, "unicast"],
  [C.RTN_LOCAL, "local"],
  [C.RTN_BROADCAST, "broadcast"],
  [C.RTN_ANYCAST, "anycast"],
  [C.RTN_MULTICAST, "multicast"],
  [C.RTN_BLACKHOLE, "blackhole"],
  [C.RTN_UNREACHABLE, "unreachable"],
  [C.RTN_PROHIBIT, "prohibit"],
]);

/** A next hop; `dead` where the kernel passes over it: its link has no carrier, or it is gone. */
type NextHop = Pick<RouteFound, "interfaceIndex" | "gateway" | "gateway6"> & { readonly dead: boolean };

/** Reads RTA_GATEWAY, or RTA_VIA: `__u16` family in host order, then the address. */
function gatewayOf(attributes: Attributes): Pick<RouteFound, "gateway" | "gateway6"> {
  const gateway = attributes.address(C.RTA_GATEWAY);
  if (gateway !== undefined) return { gateway };
  const gateway6 = attributes.address6(C.RTA_GATEWAY);
  if (gateway6 !== undefined) return { gateway6 };
  const via = attributes.place(C.RTA_VIA, 2);
  if (via === undefined) return {};
  const family = attributes.view.getUint16(via.at, true);
  if (family === C.AF_INET && via.length === 6) return { gateway: attributes.view.getUint32(via.at + 2) };
  if (family === C.AF_INET6 && via.length === 18) return { gateway6: readAddress6(attributes.view, via.at + 2) };
  return {};
}

/** Returns the first next hop that is not dead; the first one where all are. */
export function nextHopOf(attributes: Attributes, flags: number): NextHop | undefined {
  const hops = nextHopsOf(attributes, flags);
  return hops.find(({ dead }) => !dead) ?? hops[0];
}

/** Returns the next hops of a route: several of a multipath route. */
function nextHopsOf(attributes: Attributes, flags: number): NextHop[] {
  const interfaceIndex = attributes.u32(C.RTA_OIF);
  if (interfaceIndex !== undefined) return [{ interfaceIndex, ...gatewayOf(attributes), dead: isDead(flags) }];
  const place = attributes.place(C.RTA_MULTIPATH);
  if (place === undefined) return [];
  const { view } = attributes;
  let { at } = place;
  const end = at + place.length;
  const hops: NextHop[] = [];
  while (at + rtnexthop.size <= end) {
    const length = view.getUint16(at + rtnexthop.rtnh_len, true);
    if (length < rtnexthop.size || at + length > end) break;
    hops.push({
      interfaceIndex: view.getInt32(at + rtnexthop.rtnh_ifindex, true),
      ...gatewayOf(new Attributes(view, at + rtnexthop.size, at + length)),
      dead: isDead(view.getUint8(at + rtnexthop.rtnh_flags)),
    });
    at += align4(length);
  }
  return hops;
}

function isDead(flags: number): boolean {
  return (flags & (C.RTNH_F_DEAD | C.RTNH_F_LINKDOWN)) !== 0;
}

/** Reads the destination of a route or a rule; undefined where it does not make sense. */
function prefixOf(attributes: Attributes, type: number, prefixLen: number): Prefix | undefined {
  const destination = attributes.address(type) ?? (prefixLen === 0 ? 0 : undefined);
  return destination === undefined || prefixLen > 32 ? undefined : { destination, prefixLen };
}

/** Reads an `RTM_NEWROUTE` message of `length` bytes at `at`; undefined if it is not about IPv4. */
export function parseRoute(view: DataView, at: number, length: number): Route | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWROUTE, rtmsg.size);
  if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== C.AF_INET) return undefined;
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  const prefix = prefixOf(attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
  if (prefix === undefined) return undefined;
  const hop = nextHopOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true));
  return {
    ...prefix,
    table: attributes.u32(C.RTA_TABLE) ?? view.getUint8(body + rtmsg.rtm_table),
    type: ROUTE_TYPES.get(view.getUint8(body + rtmsg.rtm_type)) ?? "none",
    interfaceIndex: hop?.interfaceIndex ?? 0,
    gateway: hop?.gateway,
    gateway6: hop?.gateway6,
    source: attributes.address(C.RTA_PREFSRC),
    mtu: attributes.nested(C.RTA_METRICS)?.u32(C.RTAX_MTU),
  };
}

/** Reads the destination of an `RTM_NEWRULE` message of `length` bytes at `at`; undefined if it is not about IPv4. */
export function parseRule(view: DataView, at: number, length: number): Prefix | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWRULE, fib_rule_hdr.size);
  if (body === -1 || view.getUint8(body + fib_rule_hdr.family) !== C.AF_INET) return undefined;
  const attributes = new Attributes(view, body + fib_rule_hdr.size, at + length);
  return prefixOf(attributes, C.FRA_DST, view.getUint8(body + fib_rule_hdr.dst_len));
}

/** The multicast groups of IPv4 routes and policy rules. */
export const ROUTE_GROUPS = C.RTMGRP_IPV4_ROUTE | C.RTMGRP_IPV4_RULE;

/** A notification about a route or a rule, beside its destinations. */
export interface Changed {
  /** True for a rule. */
  readonly isRule: boolean;
}

/** Notifications about routes and rules. Their fixed parts and destinations have the same places. */
const CHANGES = [C.RTM_NEWROUTE, C.RTM_DELROUTE, C.RTM_NEWRULE, C.RTM_DELRULE];

/** Returns the offset of the fixed part of a notification about a route or a rule; -1 if it is about something else. */
export function changeAt(view: DataView, at: number, length: number): number {
  return Math.max(...CHANGES.map((type) => bodyAt(view, at, length, type, rtmsg.size)));
}

/** Returns true for a notification about a rule. */
export function isRuleChange(view: DataView, at: number): boolean {
  return view.getUint16(at + nlmsghdr.nlmsg_type, true) >= C.RTM_NEWRULE;
}

/** Reads a notification about a route or a policy rule; undefined if it is not about IPv4. */
export function parseRouteChange(view: DataView, at: number, length: number): Prefix & Changed | undefined {
  const body = changeAt(view, at, length);
  if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== C.AF_INET) return undefined;
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  const prefix = prefixOf(attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
  return prefix && { ...prefix, isRule: isRuleChange(view, at) };
}

/** Lists every IPv4 route of every table, the local table's too. */
export function dumpRoutes(netlink?: Netlink): Route[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETROUTE, rtmsg.size, C.AF_INET, parseRoute));
}

/** Lists the destinations of every IPv4 policy rule. */
export function dumpRules(netlink?: Netlink): Prefix[] {
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETRULE, fib_rule_hdr.size, C.AF_INET, parseRule));
}

/** The packet of a route lookup, beside its destination. */
export interface RouteQuestion {
  /** Its source address; without one the kernel would choose it. */
  source?: number;
  /** The interface that it must leave by. */
  interfaceIndex?: number;
  /** The socket to use; without one, each lookup opens its own. */
  netlink?: Netlink;
}

/** The reasons for which the kernel refuses a packet, by errno. */
export const REFUSALS: ReadonlyMap<number, RouteRefused["type"]> = new Map([
  [ERRNO.ENETUNREACH, "none"],
  [ERRNO.ENODEV, "none"],
  [ERRNO.ENETDOWN, "none"],
  [ERRNO.EHOSTUNREACH, "unreachable"],
  [ERRNO.EACCES, "prohibit"],
  // Also for a source address that is not this machine's.
  [ERRNO.EINVAL, "blackhole"],
]);

/** Looks up how the kernel would send a packet to `destination`, or why it would not. */
export function getRoute(destination: number, question: RouteQuestion = {}): RouteAnswer {
  const { source, interfaceIndex } = question;
  return withNetlink(question.netlink, (netlink) => {
    const reply = netlink.get(
      C.RTM_GETROUTE,
      rtmsg.size,
      (view, at) => {
        view.setUint8(at + rtmsg.rtm_family, C.AF_INET);
        view.setUint8(at + rtmsg.rtm_dst_len, 32);
        if (source !== undefined) view.setUint8(at + rtmsg.rtm_src_len, 32);
        view.setUint32(at + rtmsg.rtm_flags, C.RTM_F_LOOKUP_TABLE, true);
      },
      [
        [C.RTA_DST, destination, "address"],
        ...(source === undefined ? [] : [[C.RTA_SRC, source, "address"] as const]),
        ...(interfaceIndex === undefined ? [] : [[C.RTA_OIF, interfaceIndex, "u32"] as const]),
      ],
      parseRoute,
    );
    if ("row" in reply) return answerOf(reply.row, source);
    const type = REFUSALS.get(reply.errno);
    if (type === undefined) throw new SyscallError("netlink", reply.errno);
    return { type };
  });
}

function answerOf(route: Route, requestedSource: number | undefined): RouteAnswer {
  const { type, interfaceIndex, gateway, gateway6, mtu } = route;
  if (type === "none" || type === "unreachable" || type === "prohibit" || type === "blackhole") return { type };
  // The kernel returns the source only when it was not in the request.
  return { type, interfaceIndex, gateway, gateway6, source: route.source ?? requestedSource, mtu };
}

/** The flow of a packet, beside its addresses. */
export interface Flow {
  /** `IPPROTO_TCP` or `IPPROTO_UDP`; 0 for packets with a header of their own, whose protocol and ports no rule sees. */
  readonly protocol: number;
  /** The port that the packet goes to; not read of protocol 0. */
  readonly port: number;
}

/** A packet that the kernel would send by one of several next hops. */
export type Way = Omit<NextHop, "dead">;

/**
 * Lists the next hops by which the kernel may send the packets of a flow, from Linux 4.13 on all of a multipath route; none where it would not
 * send them, or not to another host.
 *
 * @param family `AF_INET` or `AF_INET6`, with addresses of its length in network order.
 */
export function findWays(
  family: number,
  addresses: { readonly source?: Uint8Array | undefined; readonly destination: Uint8Array },
  { protocol, port }: Flow,
  interfaceIndex: number | undefined,
  netlink: Netlink,
): Way[] {
  const { source, destination } = addresses;
  const reply = netlink.get(
    C.RTM_GETROUTE,
    rtmsg.size,
    (view, at) => {
      view.setUint8(at + rtmsg.rtm_family, family);
      view.setUint8(at + rtmsg.rtm_dst_len, 8 * destination.length);
      if (source !== undefined) view.setUint8(at + rtmsg.rtm_src_len, 8 * source.length);
      view.setUint32(at + rtmsg.rtm_flags, C.RTM_F_LOOKUP_TABLE | C.RTM_F_FIB_MATCH, true);
    },
    [
      [C.RTA_DST, destination, "address"],
      ...(source === undefined ? [] : [[C.RTA_SRC, source, "address"] as const]),
      ...(interfaceIndex === undefined ? [] : [[C.RTA_OIF, interfaceIndex, "u32"] as const]),
      ...(protocol === 0 ? [] : [
        [C.RTA_IP_PROTO, Uint8Array.of(protocol), "u32"] as const,
        [C.RTA_DPORT, Uint8Array.of(port >>> 8, port), "u32"] as const,
      ]),
    ],
    parseWays,
  );
  return "row" in reply ? reply.row : [];
}

/** Reads the next hops of an `RTM_NEWROUTE` message about packets to other hosts. */
function parseWays(view: DataView, at: number, length: number): Way[] | undefined {
  const body = bodyAt(view, at, length, C.RTM_NEWROUTE, rtmsg.size);
  if (body === -1) return undefined;
  if (view.getUint8(body + rtmsg.rtm_type) !== C.RTN_UNICAST) return [];
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  return nextHopsOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true)).filter(({ dead }) => !dead);
}
