/**
 * Links, addresses, routes, rules and neighbours, asked of the kernel by netlink(7), rtnetlink(7). No privilege is
 * needed. Only IPv4 is read; addresses are numbers in host order.
 *
 * The parsers are pure functions over the octets of one message. They check every length, and answer undefined where
 * the message is cut short, or speaks of something else.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNSPEC,
  ARPHRD_LOOPBACK,
  FRA_DST,
  FRA_FWMARK,
  FRA_IIFNAME,
  FRA_OIFNAME,
  FRA_PRIORITY,
  FRA_SRC,
  FRA_TABLE,
  IFA_ADDRESS,
  IFA_F_SECONDARY,
  IFA_FLAGS,
  IFA_LOCAL,
  IFF_BROADCAST,
  IFF_LOOPBACK,
  IFF_LOWER_UP,
  IFF_NOARP,
  IFF_POINTOPOINT,
  IFF_RUNNING,
  IFF_UP,
  IFLA_ADDRESS,
  IFLA_ALT_IFNAME,
  IFLA_CARRIER_CHANGES,
  IFLA_IFNAME,
  IFLA_INFO_KIND,
  IFLA_LINKINFO,
  IFLA_MTU,
  IFLA_PROP_LIST,
  MSG_TRUNC,
  NDA_CACHEINFO,
  NDA_DST,
  NDA_LLADDR,
  NDTA_CONFIG,
  NDTA_NAME,
  NDTA_THRESH3,
  NETLINK_ROUTE,
  NLA_F_NESTED,
  NLA_F_NET_BYTEORDER,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_PROBE,
  NUD_REACHABLE,
  NUD_STALE,
  POLLIN,
  RTA_DST,
  RTA_GATEWAY,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_OIF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTA_VIA,
  RTAX_MTU,
  RTM_F_LOOKUP_TABLE,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETNEIGH,
  RTM_GETNEIGHTBL,
  RTM_GETROUTE,
  RTM_GETRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNEIGHTBL,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTN_ANYCAST,
  RTN_BLACKHOLE,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_PROHIBIT,
  RTN_THROW,
  RTN_UNICAST,
  RTN_UNREACHABLE,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  SOCK_RAW,
} from "./constants.ts";
import { check, ERRNO, errnoName, SyscallError } from "./errno.ts";
import {
  fib_rule_hdr,
  ifaddrmsg,
  ifinfomsg,
  nda_cacheinfo,
  ndmsg,
  ndt_config,
  ndtmsg,
  nlattr,
  nlmsgerr,
  nlmsghdr,
  rtmsg,
  rtnexthop,
  sockaddr_nl,
} from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import { PollSet } from "./poll.ts";
import { type Fd, openSocket, pinSourceName, receiveFrom, sendTo } from "./socket.ts";

// ---------------------------------------------------------------------------------------------------- what is told

/** A network interface. */
export interface Link {
  index: number;
  name: string;
  /** Alternative names (`ip link property add altname`); absent where there are none. */
  otherNames?: readonly string[];
  /** Hardware type: `ARPHRD_ETHER`, `ARPHRD_LOOPBACK`, `ARPHRD_NONE` for tun, ... */
  type: number;
  /** What made it: `veth`, `bridge`, `tun`, `wireguard`, `dummy`, ...; absent for real hardware. */
  kind?: string;
  /** Octets of the largest IP packet. */
  mtu: number;
  /** Switched on by the administrator. */
  up: boolean;
  /** Switched on and its carrier is there. */
  running: boolean;
  /** The physical link stands, as the driver reports it; `running` follows within a second. */
  carrier: boolean;
  /** How often the carrier has come or gone; a difference between two looks shows a loss that was shorter than both. */
  carrierChanges: number;
  loopback: boolean;
  broadcast: boolean;
  pointToPoint: boolean;
  /** True where neighbours are not resolved (tun, WireGuard, most tunnels). */
  noArp: boolean;
  /** Of any length; 6 octets on Ethernet; absent where there is none. */
  hardwareAddress?: Uint8Array<ArrayBuffer>;
}

/** An IPv4 address of this machine. */
export interface InterfaceAddress {
  interfaceIndex: number;
  address: number;
  prefixLen: number;
  /** The other end of a point-to-point link; absent elsewhere. */
  peer?: number;
  /** `RT_SCOPE_UNIVERSE`, `RT_SCOPE_LINK` or `RT_SCOPE_HOST`. */
  scope: number;
  /** Not the first address of its subnet on this interface. */
  secondary: boolean;
}

/** What a route does with a packet. */
export type RouteType =
  | "unicast"
  | "local"
  | "broadcast"
  | "anycast"
  | "multicast"
  | "blackhole"
  | "unreachable"
  | "prohibit"
  | "throw"
  | "other";

/** Where a route leads. */
export interface NextHop {
  interfaceIndex: number;
  /** Absent where the destination is on the link itself. */
  gateway?: number;
  /** An IPv6 gateway of IPv4 packets (RFC 5549). */
  gateway6?: Uint8Array<ArrayBuffer>;
  /** The kernel passes over this hop: the link has no carrier, or the hop is gone. */
  dead: boolean;
}

/** A row of a routing table. */
export interface Route {
  destination: number;
  prefixLen: number;
  /** `RT_TABLE_MAIN`, `RT_TABLE_LOCAL` or another table's number. */
  table: number;
  type: RouteType;
  /** The first next hop's interface; 0 for a route that leads nowhere. */
  interfaceIndex: number;
  gateway?: number;
  gateway6?: Uint8Array<ArrayBuffer>;
  preferredSource?: number;
  /** The lower is taken first. */
  metric: number;
  mtu?: number;
  /** Every next hop; more than one on a multipath route. */
  nextHops: NextHop[];
}

/** A row of the policy that chooses among routing tables. */
export interface Rule {
  priority: number;
  table: number;
  destination: number;
  destinationPrefixLen: number;
  source: number;
  sourcePrefixLen: number;
  /** True where something besides source and destination decides (mark, interface, ...). */
  conditional: boolean;
}

/** How the kernel would send a packet. */
export interface RouteFound {
  type: "unicast" | "local" | "broadcast" | "anycast" | "multicast";
  interfaceIndex: number;
  gateway?: number;
  gateway6?: Uint8Array<ArrayBuffer>;
  /** The source address that the kernel would choose. */
  source?: number;
  /** Where the route or a path MTU discovery says so. */
  mtu?: number;
  table: number;
}

/** Why the kernel would not send a packet. */
export interface RouteRefused {
  /** `none`: no route matches; the others: a route of that type does. */
  type: "none" | "unreachable" | "prohibit" | "blackhole";
  errno: number;
  code: string;
}

/** The kernel's answer to "how would this packet leave?". */
export type RouteAnswer = RouteFound | RouteRefused;

/** True where a packet would be sent. */
export function isRouted(answer: RouteAnswer): answer is RouteFound {
  return !("errno" in answer);
}

/** How much the kernel trusts a neighbour's hardware address. */
export type NeighbourState =
  | "incomplete"
  | "reachable"
  | "stale"
  | "delay"
  | "probe"
  | "failed"
  | "noarp"
  | "permanent"
  | "none";

/** A host on a link, and its hardware address. */
export interface Neighbour {
  interfaceIndex: number;
  address: number;
  state: NeighbourState;
  /** Absent while it is not resolved. */
  hardwareAddress?: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the kernel last knew it to be reachable, to the nearest 10; absent where the kernel does not say. */
  confirmedAgoMs?: number;
}

const ROUTE_TYPES: ReadonlyMap<number, RouteType> = new Map([
  [RTN_UNICAST, "unicast"],
  [RTN_LOCAL, "local"],
  [RTN_BROADCAST, "broadcast"],
  [RTN_ANYCAST, "anycast"],
  [RTN_MULTICAST, "multicast"],
  [RTN_BLACKHOLE, "blackhole"],
  [RTN_UNREACHABLE, "unreachable"],
  [RTN_PROHIBIT, "prohibit"],
  [RTN_THROW, "throw"],
]);

const NEIGHBOUR_STATES: ReadonlyMap<number, NeighbourState> = new Map([
  [NUD_INCOMPLETE, "incomplete"],
  [NUD_REACHABLE, "reachable"],
  [NUD_STALE, "stale"],
  [NUD_DELAY, "delay"],
  [NUD_PROBE, "probe"],
  [NUD_FAILED, "failed"],
  [NUD_NOARP, "noarp"],
  [NUD_PERMANENT, "permanent"],
]);

// --------------------------------------------------------------------------------------------------------- parsers

/** Milliseconds of a clock tick as the kernel counts them for programs (`USER_HZ` is 100). */
const TICK_MS = 10;

/** Attributes and messages begin at multiples of four octets. */
function align4(length: number): number {
  return (length + 3) & ~3;
}

/** Where the attributes of a message lie: by type, their offset and length. The last of a type wins, as in the kernel. */
class Attributes {
  readonly view: DataView;
  readonly #places = new Map<number, { at: number; length: number }>();
  /** The places of types that come more than once. */
  readonly #repeated = new Map<number, { at: number; length: number }[]>();

  constructor(view: DataView, at: number, end: number) {
    this.view = view;
    while (at + nlattr.size <= end) {
      const length = view.getUint16(at + nlattr.nla_len, true);
      if (length < nlattr.size || at + length > end) break;
      const type = view.getUint16(at + nlattr.nla_type, true) & ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
      const earlier = this.#places.get(type);
      if (earlier !== undefined) this.#repeated.set(type, [...this.#repeated.get(type) ?? [], earlier]);
      this.#places.set(type, { at: at + nlattr.size, length: length - nlattr.size });
      at += align4(length);
    }
  }

  has(type: number): boolean {
    return this.#places.has(type);
  }

  u32(type: number): number | undefined {
    const place = this.#places.get(type);
    return place === undefined || place.length < 4 ? undefined : this.view.getUint32(place.at, true);
  }

  /** An IPv4 address. */
  address(type: number): number | undefined {
    const place = this.#places.get(type);
    return place === undefined || place.length !== 4 ? undefined : this.view.getUint32(place.at);
  }

  bytes(type: number): Uint8Array<ArrayBuffer> | undefined {
    const place = this.#places.get(type);
    return place === undefined ? undefined : copyBytes(this.view, place.at, place.length);
  }

  string(type: number): string | undefined {
    return this.strings(type).at(-1);
  }

  /** The strings of every attribute of a type. */
  strings(type: number): string[] {
    const last = this.#places.get(type);
    if (last === undefined) return [];
    return [...this.#repeated.get(type) ?? [], last].map(({ at, length }) => {
      const bytes = copyBytes(this.view, at, length);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
    });
  }

  /** The attributes nested in an attribute. */
  nested(type: number): Attributes | undefined {
    const place = this.#places.get(type);
    return place === undefined ? undefined : new Attributes(this.view, place.at, place.at + place.length);
  }

  /** Offset and length of an attribute's octets. */
  place(type: number): { at: number; length: number } | undefined {
    return this.#places.get(type);
  }
}

function copyBytes(view: DataView, at: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

/** Where a message's fixed part begins, or -1 if it is not of the type, or too short for that part. */
export function bodyAt(view: DataView, at: number, length: number, type: number, bodyLen: number): number {
  if (length < nlmsghdr.size + bodyLen || at + length > view.byteLength) return -1;
  return view.getUint16(at + nlmsghdr.nlmsg_type, true) === type ? at + nlmsghdr.size : -1;
}

/** Reads an `RTM_NEWLINK` message of `length` octets at `at`. */
export function parseLink(view: DataView, at: number, length: number): Link | undefined {
  const body = bodyAt(view, at, length, RTM_NEWLINK, ifinfomsg.size);
  if (body === -1) return undefined;
  const attributes = new Attributes(view, body + ifinfomsg.size, at + length);
  const name = attributes.string(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const type = view.getUint16(body + ifinfomsg.ifi_type, true);
  const flags = view.getUint32(body + ifinfomsg.ifi_flags, true);
  const otherNames = attributes.nested(IFLA_PROP_LIST)?.strings(IFLA_ALT_IFNAME) ?? [];
  const kind = attributes.nested(IFLA_LINKINFO)?.string(IFLA_INFO_KIND);
  const hardwareAddress = attributes.bytes(IFLA_ADDRESS);
  return {
    index: view.getInt32(body + ifinfomsg.ifi_index, true),
    name,
    ...(otherNames.length === 0 ? {} : { otherNames }),
    type,
    ...(kind === undefined ? {} : { kind }),
    mtu: attributes.u32(IFLA_MTU) ?? 0,
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    carrierChanges: attributes.u32(IFLA_CARRIER_CHANGES) ?? 0,
    loopback: (flags & IFF_LOOPBACK) !== 0 || type === ARPHRD_LOOPBACK,
    broadcast: (flags & IFF_BROADCAST) !== 0,
    pointToPoint: (flags & IFF_POINTOPOINT) !== 0,
    noArp: (flags & IFF_NOARP) !== 0,
    ...(hardwareAddress === undefined || hardwareAddress.length === 0 ? {} : { hardwareAddress }),
  };
}

/** Reads an `RTM_NEWADDR` message of `length` octets at `at`, if it is about IPv4. */
export function parseAddress(view: DataView, at: number, length: number): InterfaceAddress | undefined {
  const body = bodyAt(view, at, length, RTM_NEWADDR, ifaddrmsg.size);
  if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== AF_INET) return undefined;
  const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
  // On a point-to-point link IFA_ADDRESS is the other end; elsewhere both are the same.
  const prefix = attributes.address(IFA_ADDRESS);
  const address = attributes.address(IFA_LOCAL) ?? prefix;
  const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
  if (address === undefined || prefixLen > 32) return undefined;
  const flags = attributes.u32(IFA_FLAGS) ?? view.getUint8(body + ifaddrmsg.ifa_flags);
  return {
    interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
    address,
    prefixLen,
    ...(prefix === undefined || prefix === address ? {} : { peer: prefix }),
    scope: view.getUint8(body + ifaddrmsg.ifa_scope),
    secondary: (flags & IFA_F_SECONDARY) !== 0,
  };
}

/** RTA_GATEWAY and RTA_VIA: `__u16` family in host order, then the address. */
function gatewayOf(attributes: Attributes): { gateway?: number; gateway6?: Uint8Array<ArrayBuffer> } {
  const gateway = attributes.address(RTA_GATEWAY);
  if (gateway !== undefined) return { gateway };
  const via = attributes.place(RTA_VIA);
  if (via === undefined || via.length < 2) return {};
  const family = attributes.view.getUint16(via.at, true);
  if (family === AF_INET && via.length === 6) return { gateway: attributes.view.getUint32(via.at + 2) };
  if (family === AF_INET6 && via.length === 18) return { gateway6: copyBytes(attributes.view, via.at + 2, 16) };
  return {};
}

function nextHopsOf(attributes: Attributes, flags: number): NextHop[] {
  const interfaceIndex = attributes.u32(RTA_OIF);
  if (interfaceIndex !== undefined) return [{ interfaceIndex, ...gatewayOf(attributes), dead: isDead(flags) }];
  const hops: NextHop[] = [];
  const place = attributes.place(RTA_MULTIPATH);
  if (place === undefined) return hops;
  const { view } = attributes;
  let { at } = place;
  const end = at + place.length;
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
  return (flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) !== 0;
}

/** Reads an `RTM_NEWROUTE` message of `length` octets at `at`, if it is about IPv4. */
export function parseRoute(view: DataView, at: number, length: number): Route | undefined {
  const body = bodyAt(view, at, length, RTM_NEWROUTE, rtmsg.size);
  if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== AF_INET) return undefined;
  const attributes = new Attributes(view, body + rtmsg.size, at + length);
  const prefixLen = view.getUint8(body + rtmsg.rtm_dst_len);
  const destination = attributes.address(RTA_DST) ?? (prefixLen === 0 ? 0 : undefined);
  if (destination === undefined || prefixLen > 32) return undefined;
  const nextHops = nextHopsOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true));
  const first = nextHops.find((hop) => !hop.dead) ?? nextHops[0];
  const preferredSource = attributes.address(RTA_PREFSRC);
  const mtu = attributes.nested(RTA_METRICS)?.u32(RTAX_MTU);
  return {
    destination,
    prefixLen,
    table: attributes.u32(RTA_TABLE) ?? view.getUint8(body + rtmsg.rtm_table),
    type: ROUTE_TYPES.get(view.getUint8(body + rtmsg.rtm_type)) ?? "other",
    interfaceIndex: first?.interfaceIndex ?? 0,
    ...(first?.gateway === undefined ? {} : { gateway: first.gateway }),
    ...(first?.gateway6 === undefined ? {} : { gateway6: first.gateway6 }),
    ...(preferredSource === undefined ? {} : { preferredSource }),
    metric: attributes.u32(RTA_PRIORITY) ?? 0,
    ...(mtu === undefined ? {} : { mtu }),
    nextHops,
  };
}

/** Reads an `RTM_NEWRULE` message of `length` octets at `at`, if it is about IPv4. */
export function parseRule(view: DataView, at: number, length: number): Rule | undefined {
  const body = bodyAt(view, at, length, RTM_NEWRULE, fib_rule_hdr.size);
  if (body === -1 || view.getUint8(body + fib_rule_hdr.family) !== AF_INET) return undefined;
  const attributes = new Attributes(view, body + fib_rule_hdr.size, at + length);
  const destinationPrefixLen = view.getUint8(body + fib_rule_hdr.dst_len);
  const sourcePrefixLen = view.getUint8(body + fib_rule_hdr.src_len);
  const destination = attributes.address(FRA_DST) ?? (destinationPrefixLen === 0 ? 0 : undefined);
  const source = attributes.address(FRA_SRC) ?? (sourcePrefixLen === 0 ? 0 : undefined);
  if (destination === undefined || source === undefined) return undefined;
  if (destinationPrefixLen > 32 || sourcePrefixLen > 32) return undefined;
  return {
    priority: attributes.u32(FRA_PRIORITY) ?? 0,
    table: attributes.u32(FRA_TABLE) ?? view.getUint8(body + fib_rule_hdr.table),
    destination,
    destinationPrefixLen,
    source,
    sourcePrefixLen,
    conditional: attributes.has(FRA_IIFNAME) || attributes.has(FRA_OIFNAME) || attributes.has(FRA_FWMARK) ||
      view.getUint8(body + fib_rule_hdr.tos) !== 0,
  };
}

/** Reads an `RTM_NEWNEIGH` message of `length` octets at `at`, if it is about IPv4. */
export function parseNeighbour(view: DataView, at: number, length: number): Neighbour | undefined {
  const body = bodyAt(view, at, length, RTM_NEWNEIGH, ndmsg.size);
  if (body === -1 || view.getUint8(body + ndmsg.ndm_family) !== AF_INET) return undefined;
  const attributes = new Attributes(view, body + ndmsg.size, at + length);
  const address = attributes.address(NDA_DST);
  if (address === undefined) return undefined;
  const hardwareAddress = attributes.bytes(NDA_LLADDR);
  const cache = attributes.place(NDA_CACHEINFO);
  return {
    interfaceIndex: view.getInt32(body + ndmsg.ndm_ifindex, true),
    address,
    state: NEIGHBOUR_STATES.get(view.getUint16(body + ndmsg.ndm_state, true)) ?? "none",
    ...(hardwareAddress === undefined || hardwareAddress.length === 0 ? {} : { hardwareAddress }),
    ...(cache === undefined || cache.length < nda_cacheinfo.size
      ? {}
      : { confirmedAgoMs: view.getUint32(cache.at + nda_cacheinfo.ndm_confirmed, true) * TICK_MS }),
  };
}

/** Reads the error number (positive; 0 for an acknowledgement) of an `NLMSG_ERROR` message of `length` octets at `at`. */
export function parseError(view: DataView, at: number, length: number): number | undefined {
  const body = bodyAt(view, at, length, NLMSG_ERROR, 4);
  return body === -1 ? undefined : 0 - view.getInt32(body + nlmsgerr.error, true);
}

/** What a datagram of netlink messages held, beside the messages that were handed on. */
export interface DatagramEnd {
  /** The dump is complete, or the only answer has been given. */
  done: boolean;
  /** Rows changed while they were dumped: the whole may not fit together. */
  interrupted: boolean;
  /** The error that ended it, 0 for none. */
  errno: number;
}

/**
 * Walks the messages of one datagram of `length` octets, and hands on those that answer request `sequence`. What is cut
 * short ends the walk with `EBADMSG`.
 */
export function readDatagram(
  view: DataView,
  length: number,
  sequence: number,
  onMessage: (view: DataView, at: number, length: number) => void,
): DatagramEnd {
  const end: DatagramEnd = { done: false, interrupted: false, errno: 0 };
  let at = 0;
  while (at < length) {
    if (at + nlmsghdr.size > length) return { ...end, done: true, errno: ERRNO.EBADMSG };
    const messageLen = view.getUint32(at + nlmsghdr.nlmsg_len, true);
    if (messageLen < nlmsghdr.size || at + messageLen > length) return { ...end, done: true, errno: ERRNO.EBADMSG };
    if (view.getUint32(at + nlmsghdr.nlmsg_seq, true) === sequence) {
      const type = view.getUint16(at + nlmsghdr.nlmsg_type, true);
      const flags = view.getUint16(at + nlmsghdr.nlmsg_flags, true);
      if ((flags & NLM_F_DUMP_INTR) !== 0) end.interrupted = true;
      if (type === NLMSG_DONE) {
        // A dump that fails says so in the body of its last message.
        const status = messageLen >= nlmsghdr.size + 4 ? view.getInt32(at + nlmsghdr.size, true) : 0;
        return { ...end, done: true, errno: status < 0 ? -status : 0 };
      }
      if (type === NLMSG_ERROR) {
        return { ...end, done: true, errno: parseError(view, at, messageLen) ?? ERRNO.EBADMSG };
      }
      if (type === NLMSG_OVERRUN) return { ...end, done: true, errno: ERRNO.ENOBUFS };
      if (type !== NLMSG_NOOP) onMessage(view, at, messageLen);
    }
    at += align4(messageLen);
  }
  return end;
}

// --------------------------------------------------------------------------------------------------------- requests

const REQUEST_LEN = 128;
/** The kernel fills at most 32 KiB of a dump's datagram; a single answer may be larger where a link has many VFs. */
const RECEIVE_LEN = 256 * 1024;
const ANSWER_TIMEOUT_MS = 5000;
const DUMP_ATTEMPTS = 8;

type OnMessage = (view: DataView, at: number, length: number) => void;

let answerMemory: PinnedBuffer | undefined;

/** A netlink socket, for those who ask more than once. */
export class Netlink implements Disposable {
  readonly #fd: Fd;
  readonly #poll = new PollSet(1);
  readonly #request = pin(REQUEST_LEN);
  // One for all: whoever asks has read the answer before anyone else asks.
  readonly #answer = answerMemory ??= pin(RECEIVE_LEN);
  readonly #source = pinSourceName();
  readonly #kernel = pin(sockaddr_nl.size);
  #sequence = 0;
  #length = 0;

  /**
   * @param protocol Whom it speaks to; routes and the like unless told otherwise.
   * @param groups A bit for each group whose news are heard, see {@linkcode Netlink.hasNews}.
   * @throws {SyscallError} If the socket cannot be opened; `EPERM` where hearing the news is a privilege.
   */
  constructor(protocol = NETLINK_ROUTE, groups = 0) {
    using opening = new DisposableStack();
    this.#fd = opening.use(openSocket(AF_NETLINK, SOCK_RAW, protocol));
    const { view, pointer } = this.#kernel;
    view.setUint16(sockaddr_nl.nl_family, AF_NETLINK, true);
    view.setUint32(sockaddr_nl.nl_groups, groups, true);
    check(libc().bind(this.#fd.number, pointer, sockaddr_nl.size), "bind");
    // From here on it is the address of the kernel alone.
    view.setUint32(sockaddr_nl.nl_groups, 0, true);
    this.#poll.set(0, this.#fd, POLLIN);
    opening.move();
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }

  /**
   * Asks for every row of a kind, and hands the rows on once they all fit together.
   *
   * @throws {SyscallError} If the kernel refuses.
   */
  dump<Row>(type: number, bodyLen: number, family: number, parse: (...message: Parameters<OnMessage>) => Row): Row[] {
    for (let attempt = 1;; attempt++) {
      const rows: Row[] = [];
      this.#begin(type, NLM_F_DUMP, bodyLen).setUint8(nlmsghdr.size, family);
      const { errno, interrupted } = this.#exchange((view, at, length) => rows.push(parse(view, at, length)), true);
      // Rows that keep changing are taken as they are in the end: they were each true once.
      if (errno === 0 && (!interrupted || attempt >= DUMP_ATTEMPTS)) return rows;
      if (errno !== 0 && (errno !== ERRNO.ENOBUFS && errno !== ERRNO.EBUSY || attempt >= DUMP_ATTEMPTS)) {
        throw new SyscallError("netlink", errno);
      }
    }
  }

  /**
   * Asks for one row.
   *
   * @param fill Writes the fixed part of the request at its offset.
   * @returns The row, or the errno that the kernel answered.
   */
  get<Row>(
    type: number,
    bodyLen: number,
    fill: (view: DataView, at: number) => void,
    attributes: readonly (readonly [type: number, value: number, kind: "address" | "u32"])[],
    parse: (...message: Parameters<OnMessage>) => Row | undefined,
  ): { row: Row } | { errno: number } {
    fill(this.#begin(type, 0, bodyLen), nlmsghdr.size);
    for (const [attribute, value, kind] of attributes) this.#append(attribute, value, kind);
    let row: Row | undefined;
    const { errno } = this.#exchange((view, at, length) => row ??= parse(view, at, length), false);
    if (row !== undefined) return { row };
    return { errno: errno === 0 ? ERRNO.ENOENT : errno };
  }

  /** Whether the groups that this socket listens to have had news since the last call. Not for sockets that ask. */
  hasNews(): boolean {
    // ENOBUFS tells of news that found no room.
    return receiveFrom(this.#fd, this.#answer, 0, RECEIVE_LEN, this.#source) !== -ERRNO.EAGAIN;
  }

  #begin(type: number, flags: number, bodyLen: number): DataView {
    const { bytes, view } = this.#request;
    bytes.fill(0);
    this.#length = nlmsghdr.size + align4(bodyLen);
    this.#sequence = this.#sequence + 1 >>> 0;
    view.setUint16(nlmsghdr.nlmsg_type, type, true);
    view.setUint16(nlmsghdr.nlmsg_flags, NLM_F_REQUEST | flags, true);
    view.setUint32(nlmsghdr.nlmsg_seq, this.#sequence, true);
    return view;
  }

  #append(type: number, value: number, kind: "address" | "u32"): void {
    const { view } = this.#request;
    view.setUint16(this.#length + nlattr.nla_len, nlattr.size + 4, true);
    view.setUint16(this.#length + nlattr.nla_type, type, true);
    view.setUint32(this.#length + nlattr.size, value, kind === "u32");
    this.#length += nlattr.size + 4;
  }

  #exchange(onMessage: OnMessage, dump: boolean): DatagramEnd {
    this.#request.view.setUint32(nlmsghdr.nlmsg_len, this.#length, true);
    const sent = sendTo(this.#fd, this.#request, 0, this.#length, this.#kernel);
    if (sent < 0) throw new SyscallError("sendto", -sent);
    let interrupted = false;
    for (;;) {
      if (this.#poll.pollNow(ANSWER_TIMEOUT_MS) === 0) throw new SyscallError("netlink", ERRNO.ETIMEDOUT);
      const received = receiveFrom(this.#fd, this.#answer, 0, RECEIVE_LEN, this.#source, MSG_TRUNC);
      if (received === -ERRNO.EAGAIN) continue;
      if (received < 0) return { done: true, interrupted, errno: -received };
      if (received > RECEIVE_LEN) return { done: true, interrupted, errno: ERRNO.EMSGSIZE };
      // Only the kernel may answer; it has port number 0.
      if (this.#source.address.view.getUint32(sockaddr_nl.nl_pid, true) !== 0) continue;
      let any = false;
      const end = readDatagram(this.#answer.view, received, this.#sequence, (view, at, length) => {
        any = true;
        onMessage(view, at, length);
      });
      interrupted ||= end.interrupted;
      if (end.done || (any && !dump)) return { ...end, interrupted };
    }
  }
}

function withNetlink<Answer>(netlink: Netlink | undefined, ask: (netlink: Netlink) => Answer): Answer {
  if (netlink !== undefined) return ask(netlink);
  using own = new Netlink();
  return ask(own);
}

function isRow<Row>(row: Row | undefined): row is Row {
  return row !== undefined;
}

/**
 * Every interface of this network namespace.
 *
 * @throws {SyscallError} If the kernel cannot be asked; so for all functions below.
 */
export function dumpLinks(netlink?: Netlink): Link[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETLINK, ifinfomsg.size, AF_UNSPEC, parseLink))
    .filter(isRow);
}

/** One interface; undefined where there is none of this index. */
export function getLink(interfaceIndex: number, netlink?: Netlink): Link | undefined {
  return withNetlink(netlink, (netlink) => {
    const fill = (view: DataView, at: number) => view.setInt32(at + ifinfomsg.ifi_index, interfaceIndex, true);
    const answer = netlink.get(RTM_GETLINK, ifinfomsg.size, fill, [], parseLink);
    if ("row" in answer) return answer.row;
    if (answer.errno === ERRNO.ENODEV || answer.errno === ERRNO.ENOENT) return undefined;
    throw new SyscallError("netlink", answer.errno);
  });
}

/** Every IPv4 address of this network namespace. */
export function dumpAddresses(netlink?: Netlink): InterfaceAddress[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETADDR, ifaddrmsg.size, AF_INET, parseAddress))
    .filter(isRow);
}

/** Every IPv4 route of every table, the local table's too. */
export function dumpRoutes(netlink?: Netlink): Route[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETROUTE, rtmsg.size, AF_INET, parseRoute)).filter(isRow);
}

/** Every IPv4 policy rule, in the order in which the kernel asks them. */
export function dumpRules(netlink?: Netlink): Rule[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETRULE, fib_rule_hdr.size, AF_INET, parseRule))
    .filter(isRow);
}

/** Every IPv4 neighbour that the kernel remembers. */
export function dumpNeighbours(netlink?: Netlink): Neighbour[] {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETNEIGH, ndmsg.size, AF_INET, parseNeighbour))
    .filter(isRow);
}

/** One IPv4 neighbour; undefined where the kernel has no entry for it. Needs Linux 5.0; before, the whole table is read. */
export function getNeighbour(interfaceIndex: number, address: number, netlink?: Netlink): Neighbour | undefined {
  return withNetlink(netlink, (netlink) => {
    const answer = netlink.get(
      RTM_GETNEIGH,
      ndmsg.size,
      (view, at) => {
        view.setUint8(at + ndmsg.ndm_family, AF_INET);
        view.setInt32(at + ndmsg.ndm_ifindex, interfaceIndex, true);
      },
      [[NDA_DST, address, "address"]],
      parseNeighbour,
    );
    if ("row" in answer) return answer.row;
    if (answer.errno === ERRNO.ENOENT || answer.errno === ERRNO.ENODEV) return undefined;
    return dumpNeighbours(netlink).find((row) => row.interfaceIndex === interfaceIndex && row.address === address);
  });
}

/** How full the kernel's table of neighbours is: one for all network namespaces. */
export interface NeighbourTable {
  /** Entries in it. */
  entries: number;
  /** The most entries, `net.ipv4.neigh.default.gc_thresh3`. */
  limit: number;
}

/** Reads an `RTM_NEWNEIGHTBL` message, if it is about the IPv4 table itself and not about one interface. */
export function parseNeighbourTable(view: DataView, at: number, length: number): NeighbourTable | undefined {
  const body = bodyAt(view, at, length, RTM_NEWNEIGHTBL, ndtmsg.size);
  if (body === -1) return undefined;
  const attributes = new Attributes(view, body + ndtmsg.size, at + length);
  const limit = attributes.u32(NDTA_THRESH3);
  const config = attributes.place(NDTA_CONFIG);
  if (attributes.string(NDTA_NAME) !== "arp_cache" || limit === undefined || config === undefined) return undefined;
  if (config.length < ndt_config.size) return undefined;
  return { entries: view.getUint32(config.at + ndt_config.ndtc_entries, true), limit };
}

/** How full the table of IPv4 neighbours is; undefined where the kernel does not say. */
export function neighbourTable(netlink?: Netlink): NeighbourTable | undefined {
  return withNetlink(netlink, (netlink) => netlink.dump(RTM_GETNEIGHTBL, ndtmsg.size, AF_INET, parseNeighbourTable))
    .find(isRow);
}

/** What a packet is, beside where it goes. */
export interface RouteQuestion {
  /** Its source address; without one the kernel would choose it. */
  source?: number;
  /** The interface that it must leave by. */
  interfaceIndex?: number;
  /** A socket to ask with; without one, each question opens its own. */
  netlink?: Netlink;
}

const REFUSALS: ReadonlyMap<number, RouteRefused["type"]> = new Map([
  [ERRNO.ENETUNREACH, "none"],
  [ERRNO.ENODEV, "none"],
  [ERRNO.ENETDOWN, "none"],
  [ERRNO.EHOSTUNREACH, "unreachable"],
  [ERRNO.EACCES, "prohibit"],
  // Also the answer to a source address that is not this machine's.
  [ERRNO.EINVAL, "blackhole"],
]);

/** How the kernel would send a packet to `destination`, or why it would not. */
export function getRoute(destination: number, question: RouteQuestion = {}): RouteAnswer {
  const { source, interfaceIndex } = question;
  return withNetlink(question.netlink, (netlink) => {
    const answer = netlink.get(
      RTM_GETROUTE,
      rtmsg.size,
      (view, at) => {
        view.setUint8(at + rtmsg.rtm_family, AF_INET);
        view.setUint8(at + rtmsg.rtm_dst_len, 32);
        if (source !== undefined) view.setUint8(at + rtmsg.rtm_src_len, 32);
        view.setUint32(at + rtmsg.rtm_flags, RTM_F_LOOKUP_TABLE, true);
      },
      [
        [RTA_DST, destination, "address"],
        ...(source === undefined ? [] : [[RTA_SRC, source, "address"] as const]),
        ...(interfaceIndex === undefined ? [] : [[RTA_OIF, interfaceIndex, "u32"] as const]),
      ],
      parseRoute,
    );
    if ("row" in answer) return found(answer.row, source);
    const type = REFUSALS.get(answer.errno);
    if (type === undefined) throw new SyscallError("netlink", answer.errno);
    return { type, errno: answer.errno, code: errnoName(answer.errno) };
  });
}

function found(route: Route, askedSource: number | undefined): RouteAnswer {
  switch (route.type) {
    case "unicast":
    case "local":
    case "broadcast":
    case "anycast":
    case "multicast": {
      // The kernel tells the source only when it was not in the question.
      const source = route.preferredSource ?? askedSource;
      return {
        type: route.type,
        interfaceIndex: route.interfaceIndex,
        ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
        ...(route.gateway6 === undefined ? {} : { gateway6: route.gateway6 }),
        ...(source === undefined ? {} : { source }),
        ...(route.mtu === undefined ? {} : { mtu: route.mtu }),
        table: route.table,
      };
    }
    case "unreachable":
      return { type: "unreachable", errno: ERRNO.EHOSTUNREACH, code: "EHOSTUNREACH" };
    case "prohibit":
      return { type: "prohibit", errno: ERRNO.EACCES, code: "EACCES" };
    case "blackhole":
      return { type: "blackhole", errno: ERRNO.EINVAL, code: "EINVAL" };
    default:
      return { type: "none", errno: ERRNO.ENETUNREACH, code: "ENETUNREACH" };
  }
}
