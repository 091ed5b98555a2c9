/**
 * Routes and policy rules, rtnetlink(7), and the route of one packet.
 *
 * @module
 */

import * as C from "../constants.ts";
import { ERRNO, SyscallError } from "../errno.ts";
import { fib_rule_hdr, nlmsghdr, rtmsg, rtnexthop } from "../layout.ts";
import { type Address, addressBytes, type AddressFamily, familyOf } from "./family.ts";
import { align4, Attributes, bodyAt, type ParseRow, readAddress6 } from "./message.ts";
import { type Attribute, type Netlink, withNetlink } from "./socket.ts";

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
interface Prefix<Of extends Address> {
  readonly destination: Of;
  readonly prefixLen: number;
}

/** A row of a routing table. */
interface Route<Of extends Address> extends Prefix<Of>, Omit<RouteFound, "type" | "source" | "source6"> {
  /** `RT_TABLE_MAIN`, `RT_TABLE_LOCAL` or another table's number. */
  readonly table: number;
  /** `none` for other types than those below. */
  readonly type: RouteAnswer["type"];
  readonly source: Of | undefined;
}

/** The types of routes by their numbers. */
const ROUTE_TYPES: ReadonlyMap<number, RouteAnswer["type"]> = new Map([
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
function nextHopOf(attributes: Attributes, flags: number): NextHop | undefined {
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
function prefixOf<Of extends Address>(
  { read, zero, bits }: AddressFamily<Of>,
  attributes: Attributes,
  type: number,
  prefixLen: number,
): Prefix<Of> | undefined {
  const destination = read(attributes, type) ?? (prefixLen === 0 ? zero : undefined);
  return destination === undefined || prefixLen > bits ? undefined : { destination, prefixLen };
}

/** Returns a parser of `RTM_NEWROUTE` messages about a family. */
export function routeParser<Of extends Address>(family: AddressFamily<Of>): ParseRow<Route<Of>> {
  return (view, at, length) => {
    const body = bodyAt(view, at, length, C.RTM_NEWROUTE, rtmsg.size);
    if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== family.number) return undefined;
    const attributes = new Attributes(view, body + rtmsg.size, at + length);
    const prefix = prefixOf(family, attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
    if (prefix === undefined) return undefined;
    const hop = nextHopOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true));
    return {
      ...prefix,
      table: attributes.u32(C.RTA_TABLE) ?? view.getUint8(body + rtmsg.rtm_table),
      type: ROUTE_TYPES.get(view.getUint8(body + rtmsg.rtm_type)) ?? "none",
      interfaceIndex: hop?.interfaceIndex ?? 0,
      gateway: hop?.gateway,
      gateway6: hop?.gateway6,
      source: family.read(attributes, C.RTA_PREFSRC),
      mtu: attributes.nested(C.RTA_METRICS)?.u32(C.RTAX_MTU),
    };
  };
}

/** Returns a parser of `RTM_NEWRULE` messages about a family, of which it reads the destination. */
export function ruleParser<Of extends Address>(family: AddressFamily<Of>): ParseRow<Prefix<Of>> {
  return (view, at, length) => {
    const body = bodyAt(view, at, length, C.RTM_NEWRULE, fib_rule_hdr.size);
    if (body === -1 || view.getUint8(body + fib_rule_hdr.family) !== family.number) return undefined;
    const attributes = new Attributes(view, body + fib_rule_hdr.size, at + length);
    return prefixOf(family, attributes, C.FRA_DST, view.getUint8(body + fib_rule_hdr.dst_len));
  };
}

/** A notification about a route or a rule. */
interface RouteChange<Of extends Address> extends Prefix<Of> {
  /** True for a rule. */
  readonly isRule: boolean;
}

/** Notifications about routes and rules. Their fixed parts and destinations have the same places. */
const CHANGES = [C.RTM_NEWROUTE, C.RTM_DELROUTE, C.RTM_NEWRULE, C.RTM_DELRULE];

/** Returns a parser of notifications about routes and policy rules of a family. */
export function routeChangeParser<Of extends Address>(family: AddressFamily<Of>): ParseRow<RouteChange<Of>> {
  return (view, at, length) => {
    const body = Math.max(...CHANGES.map((type) => bodyAt(view, at, length, type, rtmsg.size)));
    if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== family.number) return undefined;
    const attributes = new Attributes(view, body + rtmsg.size, at + length);
    const prefix = prefixOf(family, attributes, C.RTA_DST, view.getUint8(body + rtmsg.rtm_dst_len));
    const isRule = view.getUint16(at + nlmsghdr.nlmsg_type, true) >= C.RTM_NEWRULE;
    return prefix && { ...prefix, isRule };
  };
}

/** Lists every route of a family in every table, the local table's too. */
export function dumpRoutes<Of extends Address>(family: AddressFamily<Of>, netlink?: Netlink): Route<Of>[] {
  const parse = routeParser(family);
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETROUTE, rtmsg.size, family.number, parse));
}

/** Lists the destinations of every policy rule of a family. */
export function dumpRules<Of extends Address>(family: AddressFamily<Of>, netlink?: Netlink): Prefix<Of>[] {
  const parse = ruleParser(family);
  return withNetlink(netlink, (netlink) => netlink.dump(C.RTM_GETRULE, fib_rule_hdr.size, family.number, parse));
}

/** The packet of a route lookup, beside its destination. */
export interface RouteQuestion {
  /** Its source address, of the family of its destination; without one the kernel would choose it. */
  readonly source?: Address | undefined;
  /** The interface that it must leave by: of a link-local destination of IPv6 that of its zone. */
  readonly interfaceIndex?: number | undefined;
  /** The socket to use; without one, each lookup opens its own. */
  readonly netlink?: Netlink | undefined;
}

/** The reasons for which the kernel refuses a packet, by errno. */
const REFUSALS: ReadonlyMap<number, RouteRefused["type"]> = new Map([
  [ERRNO.ENETUNREACH, "none"],
  [ERRNO.ENODEV, "none"],
  [ERRNO.ENETDOWN, "none"],
  [ERRNO.EHOSTUNREACH, "unreachable"],
  [ERRNO.EACCES, "prohibit"],
  // Also for a source address that is not this machine's.
  [ERRNO.EINVAL, "blackhole"],
]);

/** Requests the route of a packet; returns what `parse` reads in the reply, or the errno that the kernel returned. */
function lookUp<Row>(
  destination: Address,
  { source, interfaceIndex, netlink }: RouteQuestion,
  flags: number,
  more: readonly Attribute[],
  parse: ParseRow<Row>,
): { row: Row } | { errno: number } {
  const { number, bits } = familyOf(destination);
  return withNetlink(netlink, (netlink) =>
    netlink.get(
      C.RTM_GETROUTE,
      rtmsg.size,
      (view, at) => {
        view.setUint8(at + rtmsg.rtm_family, number);
        view.setUint8(at + rtmsg.rtm_dst_len, bits);
        if (source !== undefined) view.setUint8(at + rtmsg.rtm_src_len, bits);
        view.setUint32(at + rtmsg.rtm_flags, flags, true);
      },
      [
        [C.RTA_DST, addressBytes(destination)],
        ...(source === undefined ? [] : [[C.RTA_SRC, addressBytes(source)] as const]),
        ...(interfaceIndex === undefined ? [] : [[C.RTA_OIF, interfaceIndex] as const]),
        ...more,
      ],
      parse,
    ));
}

/** Looks up how the kernel would send a packet to `destination`, or why it would not. */
export function getRoute(destination: Address, question: RouteQuestion = {}): RouteAnswer {
  const parse = routeParser(familyOf(destination));
  const reply = lookUp(destination, question, C.RTM_F_LOOKUP_TABLE, [], parse);
  if (!("row" in reply)) {
    const type = REFUSALS.get(reply.errno);
    if (type === undefined) throw new SyscallError("netlink", reply.errno);
    return { type };
  }
  const { type, interfaceIndex, gateway, gateway6, mtu } = reply.row;
  if (type === "none" || type === "unreachable" || type === "prohibit" || type === "blackhole") return { type };
  // To a request with a source, the kernel replies without one over IPv4, and with its own choice over IPv6.
  const source = question.source ?? reply.row.source;
  const sources = typeof source === "bigint" ? { source6: source } : { source };
  return { type, interfaceIndex, gateway, gateway6, ...sources, mtu };
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
 */
export function findWays(destination: Address, { protocol, port }: Flow, question: RouteQuestion): Way[] {
  const flow: readonly Attribute[] = protocol === 0 ? [] : [
    [C.RTA_IP_PROTO, Uint8Array.of(protocol)],
    [C.RTA_DPORT, Uint8Array.of(port >>> 8, port)],
  ];
  const reply = lookUp(destination, question, C.RTM_F_LOOKUP_TABLE | C.RTM_F_FIB_MATCH, flow, parseWays);
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
