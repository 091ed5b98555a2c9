/**
 * Hostile IPv6 packets by seed: chains of extension headers, cut and nested quotes, fragments, neighbor advertisements. Every parser reads
 * them in a view that ends where the packet ends, so that a read out of range throws.
 *
 * `SYNSCAN_FUZZ_ROUNDS` and `SYNSCAN_FUZZ_SEED` choose how many and which.
 */
import { assert } from "@std/assert";
import { NOT_A_REPLY } from "../../src/result/reply_kind.ts";
import { DualBook, ipv6BookParts } from "../../src/target/ipv6_book.ts";
import { Ipv6Packets } from "../../src/technique/ipv6_packets.ts";
import { ND } from "../../src/technique/nd.ts";
import { pingKind, PingTechnique } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { Reply } from "../../src/technique/technique.ts";
import { techniqueOver } from "../../src/technique/techniques.ts";
import { UDP } from "../../src/technique/udp.ts";
import { canBeSource6, parseIpv6 } from "../../src/wire/address6.ts";
import { describeIpv6 } from "../../src/wire/describe6.ts";
import {
  checkIcmpv6,
  ICMPV6_QUOTE_OFFSET,
  icmpv6Checksum,
  icmpv6Code,
  icmpv6IsError,
  icmpv6Rest,
  icmpv6Type,
} from "../../src/wire/icmpv6.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import {
  checkIpv6,
  checkIpv6Quoted,
  IPV6_DESTINATION,
  IPV6_SOURCE,
  ipv6HopLimit,
  Ipv6Payload,
  ipv6TrafficClass,
  PROTOCOL_ICMPV6,
  upperChecksum,
} from "../../src/wire/ipv6.ts";
import { advertisedMac, checkAdvertisement } from "../../src/wire/ndp.ts";
import { checkTcp, tcpFlags, tcpSeq } from "../../src/wire/tcp.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { buildIcmpv6, buildTcp6, buildUdp6, withExtensions } from "../support/packets6.ts";
import type { Random } from "../support/random.ts";
import { FRAMES6 } from "../vectors/frames6.ts";
import { fuzz, mutate } from "./rounds.ts";

const payload = new Ipv6Payload();
/** Techniques over IPv6, whose targets are those of the packets below. */
const IPV6 = new DualBook(
  ipv6BookParts([{ first: parseIpv6("2001:db8::7")!, last: parseIpv6("2001:db8::ff")!, scope: 0 }], false, [])!,
).ipv6!;
const OWN = IPV6.sender(viewOf(fromHex("20010db8000000000000000000000001")), 0, 0);
const TECHNIQUES = [
  SYN,
  ...FLAG_SCANS,
  new PingTechnique(["echo", "syn:443", "ack:80"].map((name) => pingKind(name)!)),
  ND,
  UDP,
].map((technique) => techniqueOver(technique, new Ipv6Packets(IPV6, [OWN]))!);
const reply = new Reply();

/** Every parser on the same bytes; asserts that nothing found lies outside of them. */
function readEverything(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const { length } = bytes;
  if (checkIpv6(view, 0, length) > 0) {
    assert(ipv6HopLimit(view, 0) <= 255 && ipv6TrafficClass(view, 0) <= 255);
    canBeSource6(view, IPV6_SOURCE, IPV6_DESTINATION);
    if (payload.find(view, 0)) readUpper(view, 0, payload.protocol, payload.at, payload.length, length);
  }
  readQuoted(view, 0, length);
  readMessage(view, 0, length);
  assert(/^[\x20-\x7e]{1,4000}$/.test(describeIpv6(view, 0, length)));
  for (const technique of TECHNIQUES) {
    if (!technique.parse(view, 0, length, reply)) continue;
    technique.proves?.(view, 0, reply, 7);
    assert(reply.host >= IPV6.first && reply.host <= IPV6.last && reply.kind !== NOT_A_REPLY, technique.name);
  }
}

function readQuoted(view: DataView, at: number, length: number): void {
  if (checkIpv6Quoted(view, at, length) === 0 || !payload.findQuoted(view, at, length)) return;
  readUpper(view, at, payload.protocol, payload.at, payload.length, at + length);
}

function readUpper(view: DataView, ipAt: number, protocol: number, at: number, length: number, end: number): void {
  assert(at >= ipAt + 40 && length >= 0 && at + length <= end, `payload of ${length} at ${at} of ${end}`);
  if (protocol === PROTOCOL_TCP && checkTcp(view, at, length) > 0) {
    tcpFlags(view, at);
    tcpSeq(view, at);
  }
  upperChecksum(view, ipAt, at, length, protocol);
  if (protocol !== PROTOCOL_ICMPV6) return;
  if (checkAdvertisement(view, ipAt, at, length) > 0) advertisedMac(view, at, length);
  readMessage(view, at, length);
}

function readMessage(view: DataView, at: number, length: number): void {
  if (checkIcmpv6(view, at, length) === 0) return;
  icmpv6Code(view, at);
  icmpv6Rest(view, at);
  icmpv6Checksum(view, at);
  if (length >= 24) advertisedMac(view, at, length);
  if (icmpv6IsError(icmpv6Type(view, at))) readQuoted(view, at + ICMPV6_QUOTE_OFFSET, length - ICMPV6_QUOTE_OFFSET);
}

const PROBE = buildTcp6({ seq: 7 });
const OPTIONS = [60, "010400000000"] as const;
const QUESTION = buildUdp6(61_000, 53, new Uint8Array(40), { source: "2001:db8::1", destination: "2001:db8::7" });
const DATAGRAM = buildUdp6(53, 61_000, new Uint8Array(40));
const UNREACHABLE = buildIcmpv6({ type: 1, code: 3, quoted: PROBE });

const CORPUS: readonly Uint8Array[] = [
  ...Object.values(FRAMES6).map(fromHex),
  ...[PROBE, UNREACHABLE],
  withExtensions(PROBE, [[0, "010400000000"], [43, "000000000000"], [44, "000000000001"], [
    51,
    "00000000000100000001",
  ]]),
  withExtensions(PROBE, Array(8).fill(OPTIONS)),
  buildIcmpv6({ type: 1, code: 3, quoted: UNREACHABLE }),
  buildIcmpv6({ type: 4, code: 0, quoted: withExtensions(PROBE, [OPTIONS, OPTIONS]) }),
  buildIcmpv6({ type: 3, code: 0, quoted: PROBE.subarray(0, 44) }),
  ...[DATAGRAM, buildIcmpv6({ type: 1, code: 4, quoted: QUESTION }), withExtensions(DATAGRAM, [OPTIONS])],
];

/** Packets with the right beginnings, so that chance gets past the first check. */
function randomPacket(random: Random): Uint8Array {
  const bytes = random.bytes(random.below(200));
  if (bytes.length < 40 || random.chance(0.1)) return bytes;
  const next = () => random.pick([0, 43, 44, 51, 60, 60, 135, 6, 58, 59]);
  bytes[0] = 0x60 | bytes[0]! & 0xf;
  new DataView(bytes.buffer).setUint16(4, random.pick([bytes.length - 40, bytes.length - 40, 0, random.below(300)]));
  bytes[6] = next();
  for (let at = 40; at + 8 <= bytes.length; at += 8) {
    bytes[at] = next();
    bytes[at + 1] = random.pick([0, 0, 0, 1, 2, 255]);
    if (random.chance(0.5)) bytes.fill(0, at + 2, at + 4);
  }
  return bytes;
}

fuzz("damaged IPv6 packets", (random) => mutate(random, random.pick(CORPUS), random.pick(CORPUS)), readEverything);
fuzz("random IPv6 packets", randomPacket, readEverything);
