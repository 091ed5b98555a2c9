/**
 * Finds the hosts of a link by probes to all of its nodes, ff02::1 (RFC 4291 section 2.7.1): by echo requests, which hosts may be set to
 * ignore, and by an option that no host knows, which each has to report even if it was sent to a group (RFC 4443 section 3.4).
 *
 * @module
 */

import { assembleBpf, BPF_VERDICTS } from "../../ffi/bpf.ts";
import { AF_INET6, ETH_P_IPV6, IPPROTO_RAW, POLLIN, SOCK_RAW } from "../../ffi/constants.ts";
import { Inet6, INET6_ADDRESS } from "../../ffi/ipv6_socket.ts";
import { pin, type PinnedBuffer } from "../../ffi/memory.ts";
import { dumpAddresses6 } from "../../ffi/netlink/address.ts";
import { INET6 } from "../../ffi/netlink/family.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import { dumpNeighbours, USABLE_STATES } from "../../ffi/netlink/neighbor.ts";
import { PollSet } from "../../ffi/poll.ts";
import { openSocket, sendTo } from "../../ffi/socket.ts";
import { formatIpv6, isLinkLocal, readIpv6Address, writeIpv6Address } from "../wire/address6.ts";
import {
  fillIcmpv6Checksum,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER_LEN,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_QUOTE_OFFSET,
  ICMPV6_UNKNOWN_OPTION,
  icmpv6Code,
  icmpv6Type,
  writeIcmpv6Head,
} from "../wire/icmpv6.ts";
import {
  checkIpv6,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  Ipv6Payload,
  NEXT_DESTINATION_OPTIONS,
  PROTOCOL_ICMPV6,
  setIpv6PayloadLen,
  upperChecksum,
  writeIpv6,
} from "../wire/ipv6.ts";
import { PlainReceiver } from "./receiver.ts";

const ALL_NODES = (0xff02n << 112n) | 1n;
/** An option header whose first option has a type that no host knows: "discard the packet, and report it" (RFC 8200 section 4.2). */
const UNKNOWN_OPTION = [PROTOCOL_ICMPV6, 0, 0x80, 4, 0, 0, 0, 0];
const COOKIE_LEN = 8;
const ECHO_LEN = ICMPV6_HEADER_LEN + COOKIE_LEN;
/** When probes are sent, in milliseconds from the first on, and until when replies are awaited. */
const ROUNDS_MS = [0, 200, 500];
const END_MS = 1000;
/** Most sources that probes are sent from: hosts reply from an address of the same prefix. */
const MAX_SOURCES = 16;
/** Most addresses that are taken. */
const MAX_FOUND = 1 << 14;
const RECEIVE_BATCH = 1024;

/**
 * Returns the addresses that hosts of a link reply from, as text: of each host its link-local address, and one of each of our own prefixes that it
 * has an address of. Those of this machine are not among them.
 *
 * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
 */
export async function findNodes(link: Link): Promise<string[]> {
  const own = dumpAddresses6().filter(({ interfaceIndex }) => interfaceIndex === link.index);
  const usable = own.filter(({ isTentative, isDeprecated }) => !isTentative && !isDeprecated);
  const byPrefix = new Map(usable.map(({ address, prefixLen }) => [address >> BigInt(128 - prefixLen), address]));
  const sources = [...byPrefix.values()].slice(0, MAX_SOURCES);
  const cookie = crypto.getRandomValues(new Uint8Array(COOKIE_LEN));
  const probes = sources.flatMap((source) => [echo(source, cookie, []), echo(source, cookie, UNKNOWN_OPTION)]);
  using opening = new DisposableStack();
  const receiver = opening.use(
    new PlainReceiver({ filter: replies(), interfaceIndex: link.index, protocol: ETH_P_IPV6 }),
  );
  const socket = opening.use(openSocket(AF_INET6, SOCK_RAW, IPPROTO_RAW));
  const group = new Inet6();
  writeIpv6Address(group.view, INET6_ADDRESS, ALL_NODES);
  group.set(0, link.index);
  const poll = new PollSet(1);
  poll.set(0, receiver.fd, POLLIN);
  const found = new Set<bigint>();
  const isOwn = new Set(own.map(({ address }) => address));
  const payload = new Ipv6Payload();
  const sink = {
    sent: () => {},
    sendFailed: () => {},
    packet(view: DataView, at: number, length: number) {
      if (!isReply(view, at, length, payload, cookie)) return;
      const address = readIpv6Address(view, at + IPV6_SOURCE);
      if (!isOwn.has(address) && found.size < MAX_FOUND) found.add(address);
    },
  };
  const beganMs = performance.now();
  const rounds = [...ROUNDS_MS];
  for (let ms = 0; ms < END_MS; ms = performance.now() - beganMs) {
    if (rounds.length > 0 && ms >= rounds[0]!) {
      rounds.shift();
      for (const probe of probes) sendTo(socket, probe, 0, probe.bytes.length, group.memory);
    }
    await poll.pollUntil(Math.max(0, (rounds[0] ?? END_MS) - ms));
    receiver.drain(sink, RECEIVE_BATCH, performance.now());
  }
  return addressTexts(found, link);
}

/**
 * Returns the addresses on a link that the kernel has resolved for its own packets, as text. Nothing is sent.
 *
 * @throws {SyscallError} If the kernel refuses.
 */
export function knownNodes(link: Link): string[] {
  const nodes = dumpNeighbours(INET6).filter(({ interfaceIndex, address, state }) =>
    interfaceIndex === link.index && USABLE_STATES.has(state) && address >> 120n !== 0xffn
  );
  return addressTexts(nodes.map(({ address }) => address), link);
}

/** Returns addresses on a link as text, in order. */
function addressTexts(addresses: Iterable<bigint>, link: Link): string[] {
  return [...addresses].sort((one, other) => one < other ? -1 : 1)
    .map((address) => formatIpv6(address) + (isLinkLocal(address) ? `%${link.name}` : ""));
}

/** Returns an echo request to all nodes, behind an extension header. */
function echo(source: bigint, cookie: Uint8Array, extension: readonly number[]): PinnedBuffer {
  const packet = pin(IPV6_HEADER_LEN + extension.length + ECHO_LEN);
  const { view, bytes } = packet;
  const ends = { source, destination: ALL_NODES };
  writeIpv6(view, 0, { ...ends, nextHeader: PROTOCOL_ICMPV6, payloadLen: ECHO_LEN, hopLimit: 1 });
  bytes.set(cookie, IPV6_HEADER_LEN + ICMPV6_HEADER_LEN);
  const id = cookie[0]! << 8 | cookie[1]!;
  writeIcmpv6Head(view, IPV6_HEADER_LEN, ICMPV6_ECHO_REQUEST, 0, id * 0x1_0000 + 1);
  fillIcmpv6Checksum(view, 0, IPV6_HEADER_LEN, ECHO_LEN);
  if (extension.length === 0) return packet;
  bytes.copyWithin(IPV6_HEADER_LEN + extension.length, IPV6_HEADER_LEN, IPV6_HEADER_LEN + ECHO_LEN);
  bytes.set(extension, IPV6_HEADER_LEN);
  bytes[6] = NEXT_DESTINATION_OPTIONS;
  setIpv6PayloadLen(view, 0, extension.length + ECHO_LEN);
  return packet;
}

/** Returns true for a reply to one of the probes: both an echo reply and the packet that an error quotes hold the cookie. */
function isReply(view: DataView, at: number, length: number, payload: Ipv6Payload, cookie: Uint8Array): boolean {
  if (checkIpv6(view, at, length) === 0 || !payload.find(view, at) || payload.protocol !== PROTOCOL_ICMPV6) {
    return false;
  }
  const { at: icmpAt, length: icmpLen } = payload;
  if (icmpLen < ECHO_LEN || view.getUint8(at + IPV6_SOURCE) === 0xff) return false;
  const type = icmpv6Type(view, icmpAt);
  let dataAt = icmpAt + ICMPV6_HEADER_LEN;
  if (type === ICMPV6_PARAMETER_PROBLEM) {
    dataAt = icmpAt + ICMPV6_QUOTE_OFFSET + IPV6_HEADER_LEN + UNKNOWN_OPTION.length + ICMPV6_HEADER_LEN;
    if (icmpv6Code(view, icmpAt) !== ICMPV6_UNKNOWN_OPTION || dataAt + COOKIE_LEN > icmpAt + icmpLen) return false;
    const quotedAt = icmpAt + ICMPV6_QUOTE_OFFSET + IPV6_DESTINATION;
    if (readIpv6Address(view, quotedAt) !== ALL_NODES) return false;
  } else if (type !== ICMPV6_ECHO_REPLY) return false;
  for (let i = 0; i < COOKIE_LEN; i++) if (view.getUint8(dataAt + i) !== cookie[i]) return false;
  return upperChecksum(view, at, icmpAt, icmpLen, PROTOCOL_ICMPV6) === 0;
}

/** Returns the filter of replies: ICMPv6 of these types. */
function replies(): Uint8Array<ArrayBuffer> {
  return assembleBpf([
    ["ldb", 6],
    ["jeq", PROTOCOL_ICMPV6, "next", "reject"],
    ["ldb", IPV6_HEADER_LEN],
    ["jeq", ICMPV6_ECHO_REPLY, "ours", "next"],
    ["jeq", ICMPV6_PARAMETER_PROBLEM, "ours", "reject"],
    ...BPF_VERDICTS,
  ]);
}
