/**
 * Whatever arrives: hostile packets by name, then damaged and random ones by seed. Every parser reads them in a view that
 * ends where the packet ends, so that a read out of range throws.
 *
 * With `--allow-env`, `SYNSCAN_FUZZ_ROUNDS` and `SYNSCAN_FUZZ_SEED` choose how many and which.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checksum } from "../../src/wire/checksum.ts";
import { describePacket } from "../../src/wire/describe.ts";
import {
  checkIcmpv4,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Checksum,
  icmpv4Code,
  icmpv4IsError,
  icmpv4Rest,
  icmpv4Type,
} from "../../src/wire/icmpv4.ts";
import {
  checkIpv4,
  checkIpv4Quoted,
  ipv4Checksum,
  ipv4Destination,
  ipv4DontFragment,
  ipv4FragmentOffset,
  ipv4HeaderLen,
  ipv4Id,
  ipv4IsFragment,
  ipv4MoreFragments,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
} from "../../src/wire/ipv4.ts";
import {
  checkTcp,
  mssOption,
  TCP_ACK,
  TCP_MIN_HEADER_LEN,
  TCP_RST,
  TCP_SYN,
  tcpAck,
  tcpChecksum,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderLen,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
} from "../../src/wire/tcp.ts";
import {
  buildIcmpError,
  buildIpv4,
  buildTcp,
  cutTo,
  fromHex,
  patched,
  tcpMss,
  tcpOption,
  viewOf,
} from "../support/packets.ts";
import type { Random } from "../support/random.ts";
import { FRAMES } from "../vectors/frames.ts";
import { fuzz, mutate } from "./rounds.ts";

/** The fields read of one packet, by layer; a layer is missing where its check returned 0. */
interface Reading {
  ip?: readonly number[];
  tcp?: readonly number[];
  mss?: number;
  icmp?: readonly number[];
  quoted?: Reading;
  line: string;
}

type Getter = (view: DataView, at: number) => number;

const IP_FIELDS: readonly Getter[] = [
  ...[ipv4TotalLen, ipv4Id, ipv4FragmentOffset, ipv4Ttl, ipv4Protocol],
  ...[ipv4Checksum, ipv4Source, ipv4Destination],
];
const TCP_FIELDS: readonly Getter[] = [
  ...[tcpSourcePort, tcpDestinationPort, tcpSeq, tcpAck, tcpFlags, tcpWindow, tcpChecksum],
];
const ICMP_FIELDS: readonly Getter[] = [icmpv4Type, icmpv4Code, icmpv4Checksum, icmpv4Rest];

/** Reads fields of a header, and asserts that each is a number of at most 32 bits. */
function readFields(view: DataView, at: number, fields: readonly Getter[]): readonly number[] {
  const numbers = fields.map((field) => field(view, at));
  for (const [i, number] of numbers.entries()) {
    assert(Number.isInteger(number) && number >= 0 && number < 2 ** 32, `${fields[i]!.name} read ${number}`);
  }
  return numbers;
}

function readIp(view: DataView, at: number): readonly number[] {
  ipv4DontFragment(view, at);
  ipv4MoreFragments(view, at);
  assert(ipv4HeaderLen(view, at) >= 20);
  return readFields(view, at, IP_FIELDS);
}

function readTcp(view: DataView, at: number, length: number, reading: Reading): void {
  const headerLen = checkTcp(view, at, length);
  if (headerLen === 0) return;
  assert(headerLen >= TCP_MIN_HEADER_LEN && headerLen <= length && headerLen === tcpHeaderLen(view, at));
  reading.tcp = readFields(view, at, TCP_FIELDS);
  for (const kind of [0, 1, 2, 3, 4, 5, 8, 34, 253, 254, 255]) {
    const offset = tcpOption(view, at, headerLen, kind);
    assert(offset === 0 || (offset >= at + TCP_MIN_HEADER_LEN && offset < at + headerLen), `option at ${offset}`);
    assert(offset === 0 || view.getUint8(offset) === kind, `option ${kind} is not at ${offset}`);
  }
  reading.mss = tcpMss(view, at, headerLen);
  assert(Number.isInteger(reading.mss) && reading.mss >= 0 && reading.mss < 2 ** 16, `MSS of ${reading.mss}`);
}

function readIcmp(view: DataView, at: number, length: number, reading: Reading): void {
  if (checkIcmpv4(view, at, length) === 0) return;
  reading.icmp = readFields(view, at, ICMP_FIELDS);
  if (!icmpv4IsError(icmpv4Type(view, at))) return;
  reading.quoted = readPacket(view, at + ICMPV4_QUOTE_OFFSET, length - ICMPV4_QUOTE_OFFSET, true);
}

/** Reads a packet as a receiver does, layer by layer; asserts that nothing is out of range on the way. */
function readPacket(view: DataView, at: number, length: number, quoted: boolean): Reading {
  const reading: Reading = { line: describePacket(view, at, length) };
  assert(/^[\x20-\x7e]{1,4000}$/.test(reading.line), `described as ${JSON.stringify(reading.line)}`);
  const headerLen = quoted ? checkIpv4Quoted(view, at, length) : checkIpv4(view, at, length);
  if (headerLen === 0) return reading;
  assert(headerLen >= 20 && headerLen <= 60 && headerLen <= length, `header of ${headerLen} in ${length}`);
  reading.ip = readIp(view, at);
  const payloadLen = (quoted ? length : ipv4TotalLen(view, at)) - headerLen;
  if (ipv4IsFragment(view, at)) return reading;
  if (ipv4Protocol(view, at) === PROTOCOL_TCP) readTcp(view, at + headerLen, payloadLen, reading);
  if (ipv4Protocol(view, at) === PROTOCOL_ICMP) readIcmp(view, at + headerLen, payloadLen, reading);
  return reading;
}

/** Every parser on the same bytes, whatever they are. */
function readEverything(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const length = bytes.length;
  readPacket(view, 0, length, false);
  readPacket(view, 0, length, true);
  readTcp(view, 0, length, { line: "" });
  readIcmp(view, 0, length, { line: "" });
  checksum(view, 0, length);
}

const SYN = buildTcp({ seq: 7, options: mssOption(1460) });
const SYN_ACK = buildTcp({
  source: "192.0.2.7",
  destination: "192.0.2.1",
  sourcePort: 22,
  destinationPort: 61000,
  flags: TCP_SYN | TCP_ACK,
  seq: 100,
  ack: 8,
  options: mssOption(1460),
});
const UNREACHABLE = buildIcmpError({ type: 3, code: 13, quoted: SYN });
const WHOLE = "ip tcp";

/** Returns {@linkcode SYN_ACK} with bytes replaced. */
function changed(patches: Readonly<Record<number, number>>): Uint8Array {
  return patched(SYN_ACK, patches);
}

/** Returns an ICMP host unreachable. */
function unreachable(settings: { quoted: Uint8Array; quotedLen?: number }): Uint8Array {
  return buildIcmpError({ type: 3, code: 1, ...settings });
}

/** `layers` are those that can be read; `text` is part of the description. */

const HOSTILE: readonly (readonly [name: string, packet: Uint8Array, layers: string, text: string])[] = [
  ["data offset 0", changed({ 32: 0x00 }), "ip", "bad data offset"],
  ["data offset under 5", changed({ 32: 0x40 }), "ip", "bad data offset"],
  ["data offset past the end", changed({ 32: 0xf0 }), "ip", "bad data offset"],
  [
    "data offset past the total length, into padding",
    patched(Uint8Array.of(...SYN_ACK, 0, 0, 0, 0), { 32: 0x70 }),
    "ip",
    "bad data offset",
  ],
  ["option length 0", changed({ 41: 0 }), WHOLE, "<malformed>"],
  ["option length 1", changed({ 41: 1 }), WHOLE, "<malformed>"],
  ["option length past the end", changed({ 41: 5 }), WHOLE, "<malformed>"],
  ["option length 255", changed({ 41: 255 }), WHOLE, "<malformed>"],
  ["an option without room for its length", changed({ 40: 1, 41: 1, 42: 1, 43: 2 }), WHOLE, "<nop,nop,nop,malformed>"],
  ["IP header length 0", changed({ 0: 0x40 }), "", "bad header length"],
  ["IP header length under 5", changed({ 0: 0x44 }), "", "bad header length"],
  ["IP header length past the end", changed({ 0: 0x4f }), "", "bad header length"],
  ["IP header length that leaves TCP 4 bytes", changed({ 0: 0x4a }), "ip", "TCP header cut short, 4 bytes"],
  ["total length 0", changed({ 2: 0, 3: 0 }), "", "bad total length"],
  ["total length under the IP header", changed({ 3: 19 }), "", "bad total length"],
  ["total length of the IP header", changed({ 3: 20 }), "ip", "0 bytes"],
  ["total length under the TCP header", changed({ 3: 30 }), "ip", "TCP header cut short, 10 bytes"],
  ["total length inside the TCP options", changed({ 3: 42 }), "ip", "bad data offset"],
  ["total length past the captured end", changed({ 3: 45 }), "", "cut short"],
  ["total length 65535", changed({ 2: 255, 3: 255 }), "", "cut short"],
  ["captured up to the ports", cutTo(SYN_ACK, 24), "", "cut short"],
  ["the first fragment", changed({ 6: 0x20 }), "ip", "frag=0+"],
  ["a later fragment", changed({ 6: 0x00, 7: 0x01 }), "ip", "frag=8"],
  ["the last place for a fragment", changed({ 6: 0x1f, 7: 0xff }), "ip", "65528"],
  ["version 0", changed({ 0: 0x05 }), "", "not an IP packet (version 0"],
  ["version 15", changed({ 0: 0xf5 }), "", "not an IP packet (version 15"],
  [
    "IPv6 with a chain of extension headers",
    fromHex(`60000000 0020 00 40 ${"20010db8".repeat(8)} ${"00000000".repeat(8)}`),
    "",
    "IPv6 packet (72 bytes)",
  ],
  ["IPv6 cut short", fromHex("60"), "", "IPv6 packet (1 byte)"],
  ["a VLAN tag where an IP header should be", fromHex("8100000508004500"), "", "version 8"],
  ["an ICMP error that quotes nothing", unreachable({ quoted: new Uint8Array() }), "ip icmp quoted", "[empty packet]"],
  [
    "an ICMP error whose quote is cut in the IP header",
    unreachable({ quoted: SYN, quotedLen: 19 }),
    "ip icmp quoted",
    "[IPv4 header cut short (19 bytes)]",
  ],
  [
    "an ICMP error whose quote is cut in the ports",
    unreachable({ quoted: SYN, quotedLen: 23 }),
    "ip icmp quoted quoted.ip",
    "TCP header cut short, 3 bytes",
  ],
  [
    "an ICMP error that quotes 8 bytes of TCP",
    UNREACHABLE,
    "ip icmp quoted quoted.ip",
    "[TCP 192.0.2.1:61000 > 192.0.2.7:22 ttl=64 id=0 len=44 seq=7]",
  ],
  [
    "an ICMP error whose quoted header length is past the end",
    unreachable({ quoted: patched(SYN, { 0: 0x4f }) }),
    "ip icmp quoted",
    "bad header length",
  ],
  [
    "an ICMP error whose quoted total length was swapped on the way",
    buildIcmpError({ type: 3, code: 3, quoted: patched(SYN, { 2: 44, 3: 0 }), quotedLen: 44 }),
    "ip icmp quoted quoted.ip quoted.tcp",
    "len=11264 seq=7 win=1024 <mss 1460>]",
  ],
  [
    "an ICMP error about an ICMP error about an ICMP error",
    unreachable({ quoted: unreachable({ quoted: UNREACHABLE, quotedLen: 56 }), quotedLen: 84 }),
    "ip icmp quoted quoted.ip quoted.icmp quoted.quoted",
    "host unreachable (type 3 code 1)",
  ],
  [
    "an ICMP error about somebody else's packet",
    unreachable({ quoted: buildTcp({ source: "203.0.113.9", sourcePort: 5 }) }),
    "ip icmp quoted quoted.ip",
    "[TCP 203.0.113.9:5 > 192.0.2.7:22",
  ],
  [
    "an ICMP error about UDP",
    buildIcmpError({ type: 3, code: 3, quoted: buildIpv4(17, new Uint8Array(8)) }),
    "ip icmp quoted quoted.ip",
    "[UDP 192.0.2.1:0 > 192.0.2.7:0",
  ],
  [
    "an ICMP error about a later fragment",
    buildIcmpError({ type: 11, code: 1, quoted: buildTcp({ fragmentOffset: 8 }), quotedLen: 40 }),
    "ip icmp quoted quoted.ip",
    "reassembly time exceeded",
  ],
  [
    "an ICMP error that quotes IPv6",
    unreachable({ quoted: fromHex(`60${"00".repeat(39)}`), quotedLen: 40 }),
    "ip icmp quoted",
    "[IPv6 packet (40 bytes)]",
  ],
  ["ICMP cut in its header", buildIpv4(1, fromHex("03010000000000")), "ip", "7 bytes"],
  ["RST with ack = seq", rst(7), WHOLE, " RA ttl=64 id=0 len=40 seq=0 ack=7 "],
  ["RST with ack = seq + 1", rst(8), WHOLE, " RA ttl=64 id=0 len=40 seq=0 ack=8 "],
  ["SYN-ACK with the largest ack", changed({ 28: 255, 29: 255, 30: 255, 31: 255 }), WHOLE, "ack=4294967295"],
  ["a bare SYN in answer to a SYN", changed({ 33: TCP_SYN }), WHOLE, ":61000 S ttl"],
  [
    "our own packet seen again on loopback",
    buildTcp({ source: "127.0.0.1", destination: "127.0.0.1", sourcePort: 22, destinationPort: 22 }),
    WHOLE,
    "TCP 127.0.0.1:22 > 127.0.0.1:22 S",
  ],
  [
    "a banner with terminal escapes and HTML",
    buildTcp({ payload: new TextEncoder().encode("\x1b]0;owned\x07\x9b2J</host><script>'; DROP TABLE--\0\r\n") }),
    WHOLE,
    "win=1024",
  ],
  ["options with terminal escapes", buildTcp({ options: fromHex("1b075d303b0d0a") }), WHOLE, "<option 27 (7 bytes)>"],
];

function rst(ack: number): Uint8Array {
  return buildTcp({ source: "192.0.2.7", destination: "192.0.2.1", flags: TCP_RST | TCP_ACK, ack });
}

function layersOf(reading: Reading, prefix = ""): string[] {
  const layers = (["ip", "tcp", "icmp", "quoted"] as const).filter((layer) => reading[layer] !== undefined);
  const quoted = prefix === "" && reading.quoted !== undefined ? layersOf(reading.quoted, "quoted.") : [];
  return [...layers.map((layer) => prefix + layer), ...quoted];
}

for (const [name, packet, layers, text] of HOSTILE) {
  Deno.test(`fuzz: hostile packet: ${name}`, () => {
    const reading = readPacket(viewOf(packet), 0, packet.length, false);
    assertEquals(layersOf(reading).join(" "), layers);
    assertStringIncludes(reading.line, text);
    readEverything(packet);
  });
}

Deno.test("fuzz: a packet is read the same with any bytes around it", () => {
  for (const [name, packet] of HOSTILE) {
    const { length } = packet;
    const expected = readPacket(viewOf(packet), 0, length, false);
    for (const around of [0x00, 0x45, 0xff]) {
      const room = new Uint8Array(64 + length + 64).fill(around);
      room.set(packet, 64);
      assertEquals(readPacket(viewOf(room), 64, length, false), expected, name);
    }
  }
});

/** Packets with the right beginnings, so that chance gets past the first check. */
function randomPacket(random: Random): Uint8Array {
  const bytes = random.bytes(random.below(120));
  if (bytes.length < 20 || random.chance(0.2)) return bytes;
  bytes[0] = 0x40 | random.pick([0, 4, 5, 5, 5, 6, 15]);
  bytes[2] = 0;
  bytes[3] = random.pick([bytes.length, bytes.length, 20, random.below(256)]);
  bytes[6] = random.pick([0, 0, 0x40, 0x20, 0x1f]);
  bytes[7] = random.pick([0, 0, 1]);
  bytes[9] = random.pick([PROTOCOL_TCP, PROTOCOL_TCP, PROTOCOL_ICMP, 17]);
  if (bytes.length > 32) bytes[random.pick([20, 32])] = random.pick([3, 11, 0x40, 0x50, 0x60, 0xa0, 0xf0]);
  if (bytes.length > 28) bytes[28] = random.pick([0x45, 0x46, 0x4f, 0x60]);
  return bytes;
}

const CORPUS: readonly Uint8Array[] = [
  ...FRAMES.map((vector) => fromHex(vector.hex).subarray(vector.payloadOffset)),
  ...HOSTILE.map(([, packet]) => packet),
];

fuzz("damaged packets", (random) => mutate(random, random.pick(CORPUS), random.pick(CORPUS)), readEverything);
fuzz("random packets", randomPacket, readEverything);
