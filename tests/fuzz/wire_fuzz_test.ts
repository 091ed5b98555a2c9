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
  ipv4Tos,
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
  tcpMss,
  tcpOption,
  tcpSeq,
  tcpSourcePort,
  tcpUrgent,
  tcpWindow,
} from "../../src/wire/tcp.ts";
import { buildIcmpError, buildIpv4, buildTcp, cutTo, fromHex, patched, toHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";
import { FRAMES } from "../vectors/frames.ts";

const DEFAULT_ROUNDS = 100_000;
const DEFAULT_SEED = 9293;

/** The fields read of one packet, by layer; a layer is missing where its check returned 0. */
interface Reading {
  ip?: readonly number[];
  tcp?: readonly number[];
  mss?: number;
  icmp?: readonly number[];
  quoted?: Reading;
  line: string;
}

function assertNumbers(numbers: readonly number[], bits: number, layer: string): readonly number[] {
  for (const number of numbers) {
    assert(Number.isInteger(number) && number >= 0 && number < 2 ** bits, `${layer} read ${number}`);
  }
  return numbers;
}

function readIp(view: DataView, at: number): readonly number[] {
  ipv4DontFragment(view, at);
  ipv4MoreFragments(view, at);
  assert(ipv4HeaderLen(view, at) >= 20);
  return assertNumbers(
    [
      ipv4Tos(view, at),
      ipv4TotalLen(view, at),
      ipv4Id(view, at),
      ipv4FragmentOffset(view, at),
      ipv4Ttl(view, at),
      ipv4Protocol(view, at),
      ipv4Checksum(view, at),
      ipv4Source(view, at),
      ipv4Destination(view, at),
    ],
    32,
    "IPv4",
  );
}

function readTcp(view: DataView, at: number, length: number, reading: Reading): void {
  const headerLen = checkTcp(view, at, length);
  if (headerLen === 0) return;
  assert(headerLen >= TCP_MIN_HEADER_LEN && headerLen <= length && headerLen === tcpHeaderLen(view, at));
  reading.tcp = assertNumbers(
    [
      tcpSourcePort(view, at),
      tcpDestinationPort(view, at),
      tcpSeq(view, at),
      tcpAck(view, at),
      tcpFlags(view, at),
      tcpWindow(view, at),
      tcpChecksum(view, at),
      tcpUrgent(view, at),
    ],
    32,
    "TCP",
  );
  for (const kind of [0, 1, 2, 3, 4, 5, 8, 34, 253, 254, 255]) {
    const offset = tcpOption(view, at, headerLen, kind);
    assert(offset === 0 || (offset >= at + TCP_MIN_HEADER_LEN && offset < at + headerLen), `option at ${offset}`);
    assert(offset === 0 || view.getUint8(offset) === kind, `option ${kind} is not at ${offset}`);
  }
  reading.mss = tcpMss(view, at, headerLen);
  assertNumbers([reading.mss], 16, "MSS");
}

function readIcmp(view: DataView, at: number, length: number, reading: Reading): void {
  if (checkIcmpv4(view, at, length) === 0) return;
  reading.icmp = assertNumbers(
    [icmpv4Type(view, at), icmpv4Code(view, at), icmpv4Checksum(view, at), icmpv4Rest(view, at)],
    32,
    "ICMP",
  );
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
const WHOLE = ["ip", "tcp"];

/** `layers` are those that can be read; `says` is part of the description. */
interface HostileRow {
  readonly name: string;
  readonly packet: Uint8Array;
  readonly layers: readonly string[];
  readonly says: string;
}

const HOSTILE: readonly HostileRow[] = [
  { name: "data offset 0", packet: patched(SYN_ACK, { 32: 0x00 }), layers: ["ip"], says: "bad data offset" },
  { name: "data offset under 5", packet: patched(SYN_ACK, { 32: 0x40 }), layers: ["ip"], says: "bad data offset" },
  { name: "data offset past the end", packet: patched(SYN_ACK, { 32: 0xf0 }), layers: ["ip"], says: "bad data offset" },
  {
    name: "data offset past the total length, into padding",
    packet: patched(Uint8Array.of(...SYN_ACK, 0, 0, 0, 0), { 32: 0x70 }),
    layers: ["ip"],
    says: "bad data offset",
  },
  { name: "option length 0", packet: patched(SYN_ACK, { 41: 0 }), layers: WHOLE, says: "<malformed>" },
  { name: "option length 1", packet: patched(SYN_ACK, { 41: 1 }), layers: WHOLE, says: "<malformed>" },
  { name: "option length past the end", packet: patched(SYN_ACK, { 41: 5 }), layers: WHOLE, says: "<malformed>" },
  { name: "option length 255", packet: patched(SYN_ACK, { 41: 255 }), layers: WHOLE, says: "<malformed>" },
  {
    name: "an option without room for its length",
    packet: patched(SYN_ACK, { 40: 1, 41: 1, 42: 1, 43: 2 }),
    layers: WHOLE,
    says: "<nop,nop,nop,malformed>",
  },
  { name: "IP header length 0", packet: patched(SYN_ACK, { 0: 0x40 }), layers: [], says: "bad header length" },
  { name: "IP header length under 5", packet: patched(SYN_ACK, { 0: 0x44 }), layers: [], says: "bad header length" },
  {
    name: "IP header length past the end",
    packet: patched(SYN_ACK, { 0: 0x4f }),
    layers: [],
    says: "bad header length",
  },
  {
    name: "IP header length that leaves TCP 4 bytes",
    packet: patched(SYN_ACK, { 0: 0x4a }),
    layers: ["ip"],
    says: "TCP header cut short, 4 bytes",
  },
  { name: "total length 0", packet: patched(SYN_ACK, { 2: 0, 3: 0 }), layers: [], says: "bad total length" },
  {
    name: "total length under the IP header",
    packet: patched(SYN_ACK, { 3: 19 }),
    layers: [],
    says: "bad total length",
  },
  { name: "total length of the IP header", packet: patched(SYN_ACK, { 3: 20 }), layers: ["ip"], says: "0 bytes" },
  {
    name: "total length under the TCP header",
    packet: patched(SYN_ACK, { 3: 30 }),
    layers: ["ip"],
    says: "TCP header cut short, 10 bytes",
  },
  {
    name: "total length inside the TCP options",
    packet: patched(SYN_ACK, { 3: 42 }),
    layers: ["ip"],
    says: "bad data offset",
  },
  { name: "total length past the captured end", packet: patched(SYN_ACK, { 3: 45 }), layers: [], says: "cut short" },
  { name: "total length 65535", packet: patched(SYN_ACK, { 2: 255, 3: 255 }), layers: [], says: "cut short" },
  { name: "captured up to the ports", packet: cutTo(SYN_ACK, 24), layers: [], says: "cut short" },
  { name: "the first fragment", packet: patched(SYN_ACK, { 6: 0x20 }), layers: ["ip"], says: "frag=0+" },
  { name: "a later fragment", packet: patched(SYN_ACK, { 6: 0x00, 7: 0x01 }), layers: ["ip"], says: "frag=8" },
  {
    name: "the last place for a fragment",
    packet: patched(SYN_ACK, { 6: 0x1f, 7: 0xff }),
    layers: ["ip"],
    says: "65528",
  },
  { name: "version 0", packet: patched(SYN_ACK, { 0: 0x05 }), layers: [], says: "not an IP packet (version 0" },
  { name: "version 15", packet: patched(SYN_ACK, { 0: 0xf5 }), layers: [], says: "not an IP packet (version 15" },
  {
    name: "IPv6 with a chain of extension headers",
    packet: fromHex(`60000000 0020 00 40 ${"20010db8".repeat(8)} ${"00000000".repeat(8)}`),
    layers: [],
    says: "IPv6 packet (72 bytes)",
  },
  { name: "IPv6 cut short", packet: fromHex("60"), layers: [], says: "IPv6 packet (1 byte)" },
  {
    name: "a VLAN tag where an IP header should be",
    packet: fromHex("8100000508004500"),
    layers: [],
    says: "version 8",
  },
  {
    name: "an ICMP error that quotes nothing",
    packet: buildIcmpError({ type: 3, code: 1, quoted: new Uint8Array() }),
    layers: ["ip", "icmp", "quoted"],
    says: "[empty packet]",
  },
  {
    name: "an ICMP error whose quote is cut in the IP header",
    packet: buildIcmpError({ type: 3, code: 1, quoted: SYN, quotedLen: 19 }),
    layers: ["ip", "icmp", "quoted"],
    says: "[IPv4 header cut short (19 bytes)]",
  },
  {
    name: "an ICMP error whose quote is cut in the ports",
    packet: buildIcmpError({ type: 3, code: 1, quoted: SYN, quotedLen: 23 }),
    layers: ["ip", "icmp", "quoted", "quoted.ip"],
    says: "TCP header cut short, 3 bytes",
  },
  {
    name: "an ICMP error that quotes 8 bytes of TCP",
    packet: UNREACHABLE,
    layers: ["ip", "icmp", "quoted", "quoted.ip"],
    says: "[TCP 192.0.2.1:61000 > 192.0.2.7:22 ttl=64 id=0 len=44 seq=7]",
  },
  {
    name: "an ICMP error whose quoted header length is past the end",
    packet: buildIcmpError({ type: 3, code: 1, quoted: patched(SYN, { 0: 0x4f }) }),
    layers: ["ip", "icmp", "quoted"],
    says: "bad header length",
  },
  {
    name: "an ICMP error whose quoted total length was swapped on the way",
    packet: buildIcmpError({ type: 3, code: 3, quoted: patched(SYN, { 2: 44, 3: 0 }), quotedLen: 44 }),
    layers: ["ip", "icmp", "quoted", "quoted.ip", "quoted.tcp"],
    says: "len=11264 seq=7 win=1024 <mss 1460>]",
  },
  {
    name: "an ICMP error about an ICMP error about an ICMP error",
    packet: buildIcmpError({
      type: 3,
      code: 1,
      quoted: buildIcmpError({ type: 3, code: 1, quoted: UNREACHABLE, quotedLen: 56 }),
      quotedLen: 84,
    }),
    layers: ["ip", "icmp", "quoted", "quoted.ip", "quoted.icmp", "quoted.quoted"],
    says: "host unreachable (type 3 code 1)",
  },
  {
    name: "an ICMP error about somebody else's packet",
    packet: buildIcmpError({ type: 3, code: 1, quoted: buildTcp({ source: "203.0.113.9", sourcePort: 5 }) }),
    layers: ["ip", "icmp", "quoted", "quoted.ip"],
    says: "[TCP 203.0.113.9:5 > 192.0.2.7:22",
  },
  {
    name: "an ICMP error about UDP",
    packet: buildIcmpError({ type: 3, code: 3, quoted: buildIpv4(17, new Uint8Array(8)) }),
    layers: ["ip", "icmp", "quoted", "quoted.ip"],
    says: "[UDP 192.0.2.1 > 192.0.2.7",
  },
  {
    name: "an ICMP error about a later fragment",
    packet: buildIcmpError({ type: 11, code: 1, quoted: buildTcp({ fragmentOffset: 8 }), quotedLen: 40 }),
    layers: ["ip", "icmp", "quoted", "quoted.ip"],
    says: "reassembly time exceeded",
  },
  {
    name: "an ICMP error that quotes IPv6",
    packet: buildIcmpError({ type: 3, code: 1, quoted: fromHex(`60${"00".repeat(39)}`), quotedLen: 40 }),
    layers: ["ip", "icmp", "quoted"],
    says: "[IPv6 packet (40 bytes)]",
  },
  { name: "ICMP cut in its header", packet: buildIpv4(1, fromHex("03010000000000")), layers: ["ip"], says: "7 bytes" },
  { name: "RST with ack = seq", packet: rst(7), layers: WHOLE, says: " RA ttl=64 id=0 len=40 seq=0 ack=7 " },
  { name: "RST with ack = seq + 1", packet: rst(8), layers: WHOLE, says: " RA ttl=64 id=0 len=40 seq=0 ack=8 " },
  {
    name: "SYN-ACK with the largest ack",
    packet: patched(SYN_ACK, { 28: 255, 29: 255, 30: 255, 31: 255 }),
    layers: WHOLE,
    says: "ack=4294967295",
  },
  {
    name: "a bare SYN in answer to a SYN",
    packet: patched(SYN_ACK, { 33: TCP_SYN }),
    layers: WHOLE,
    says: ":61000 S ttl",
  },
  {
    name: "our own packet seen again on loopback",
    packet: buildTcp({ source: "127.0.0.1", destination: "127.0.0.1", sourcePort: 22, destinationPort: 22 }),
    layers: WHOLE,
    says: "TCP 127.0.0.1:22 > 127.0.0.1:22 S",
  },
  {
    name: "a banner with terminal escapes and HTML",
    packet: buildTcp({
      payload: new TextEncoder().encode("\x1b]0;owned\x07\x9b2J</host><script>'; DROP TABLE--\0\r\n"),
    }),
    layers: WHOLE,
    says: "win=1024",
  },
  {
    name: "options with terminal escapes",
    packet: buildTcp({ options: fromHex("1b075d303b0d0a") }),
    layers: WHOLE,
    says: "<option 27 (7 bytes)>",
  },
];

function rst(ack: number): Uint8Array {
  return buildTcp({ source: "192.0.2.7", destination: "192.0.2.1", flags: TCP_RST | TCP_ACK, ack });
}

function layersOf(reading: Reading, prefix = ""): string[] {
  const layers: string[] = [];
  if (reading.ip !== undefined) layers.push(`${prefix}ip`);
  if (reading.tcp !== undefined) layers.push(`${prefix}tcp`);
  if (reading.icmp !== undefined) layers.push(`${prefix}icmp`);
  if (reading.quoted !== undefined) {
    layers.push(`${prefix}quoted`);
    if (prefix === "") layers.push(...layersOf(reading.quoted, "quoted."));
  }
  return layers;
}

for (const row of HOSTILE) {
  Deno.test(`hostile packet: ${row.name}`, () => {
    const reading = readPacket(viewOf(row.packet), 0, row.packet.length, false);
    assertEquals(layersOf(reading), [...row.layers]);
    assertStringIncludes(reading.line, row.says);
    readEverything(row.packet);
  });
}

Deno.test("fuzz: a packet is read the same with any bytes around it", () => {
  for (const row of HOSTILE) {
    const { length } = row.packet;
    const expected = readPacket(viewOf(row.packet), 0, length, false);
    for (const around of [0x00, 0x45, 0xff]) {
      const room = new Uint8Array(64 + length + 64).fill(around);
      room.set(row.packet, 64);
      assertEquals(readPacket(viewOf(room), 64, length, false), expected, row.name);
    }
  }
});

/** Values that sit on the edges of checks. */
const EDGES = [0, 1, 2, 4, 5, 0x0f, 0x10, 0x14, 0x40, 0x44, 0x45, 0x4f, 0x50, 0x60, 0x7f, 0x80, 0xf0, 0xfe, 0xff];

function mutate(random: Random, original: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = original.slice();
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random.pick(EDGES);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...random.bytes(random.below(12)), ...bytes.subarray(at));
        break;
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random.below(8)));
        break;
      case 5:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...other.subarray(random.below(other.length)));
        break;
    }
  }
  return bytes;
}

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

function settingOf(name: string, otherwise: number): number {
  // Asking never prompts: without the permission the default holds.
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return otherwise;
  const text = Deno.env.get(name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
}

const ROUNDS = settingOf("SYNSCAN_FUZZ_ROUNDS", DEFAULT_ROUNDS);
const SEED = settingOf("SYNSCAN_FUZZ_SEED", DEFAULT_SEED);

const CORPUS: readonly Uint8Array[] = [
  ...FRAMES.map((vector) => fromHex(vector.hex).subarray(vector.payloadOffset)),
  ...HOSTILE.map((row) => row.packet),
];

/** Runs `rounds` packets; each has its own seed, so that the one that fails can be made again alone. */
function fuzz(make: (random: Random) => Uint8Array): void {
  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED + round;
    const packet = make(new Random(seed));
    try {
      readEverything(packet);
    } catch (cause) {
      const again = `SYNSCAN_FUZZ_SEED=${seed} SYNSCAN_FUZZ_ROUNDS=1`;
      throw new Error(`Cannot read packet ${toHex(packet)}: ${cause}. Run again with ${again}`, { cause });
    }
  }
}

Deno.test(`fuzz: ${ROUNDS} damaged packets from seed ${SEED}`, () => {
  fuzz((random) => mutate(random, random.pick(CORPUS), random.pick(CORPUS)));
});

Deno.test(`fuzz: ${ROUNDS} random packets from seed ${SEED}`, () => {
  fuzz(randomPacket);
});
