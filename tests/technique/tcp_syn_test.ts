import { assert, assertEquals, assertNotEquals, assertObjectMatch } from "@std/assert";
import { type Reason, reasonCode } from "../../src/result/reasons.ts";
import { BARE_ACK, FIN_ACK, NOT_A_REPLY } from "../../src/result/reply_kind.ts";
import { icmpErrorKind } from "../../src/technique/ip_reply.ts";
import { RESET, RESET_NO_ACK, SYN_ACK, TCP_OVER_IPV4 } from "../../src/technique/tcp_probe.ts";
import { type ProbeTemplate, Reply } from "../../src/technique/technique.ts";
import { SYN, SYN_OPTIONS } from "../../src/technique/tcp_syn.ts";
import { fillIpv4Checksum, IPV4_MIN_HEADER_LEN, PROTOCOL_TCP, PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import {
  fillTcpChecksum,
  mssOption,
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
} from "../../src/wire/tcp.ts";
import {
  addressOf,
  buildIcmpError,
  buildIpv4,
  buildTcp,
  cutTo,
  fromHex,
  patched,
  type TcpSettings,
  toHex,
  viewOf,
} from "../support/packets.ts";
import { Random } from "../support/random.ts";

/** Length of a probe: an IPv4 header, a TCP header and Windows' options. */
const SYN_LEN = 52;
const BARE_SYN = reasonCode("split-handshake-syn");
const HOST_UNREACH = reasonCode("host-unreach");
const ADMIN_PROHIBITED = reasonCode("admin-prohibited");
/** Bytes around a packet in which nothing may be written. */
const EDGE = 8;

function writeSyn(template: ProbeTemplate, ...fields: readonly [number, number, number, number]): Uint8Array {
  const room = new Uint8Array(EDGE + SYN_LEN + EDGE).fill(0xa5);
  template.write(viewOf(room), EDGE, ...fields);
  assert(room.subarray(0, EDGE).every((byte) => byte === 0xa5));
  assert(room.subarray(EDGE + SYN_LEN).every((byte) => byte === 0xa5));
  return room.slice(EDGE, EDGE + SYN_LEN);
}

Deno.test("a probe is a SYN with Windows' options, byte by byte", () => {
  const template = SYN.prepare({ source: addressOf("192.0.2.1"), ttl: 57 });
  const packet = writeSyn(template, addressOf("198.51.100.7"), 443, 61000, 0x89abcdef);
  assertEquals(
    toHex(packet),
    toHex(fromHex(`
      45 00 0034 89ab 0000 39 06 0bdd c0000201 c6336407
      ee48 01bb 89abcdef 00000000 80 02 0400 3735 0000 02 04 05b4 01 03 03 08 01 01 04 02`)),
  );
});

Deno.test("a probe equals the one that is built whole, for many inputs", () => {
  const random = new Random(1);
  const edges = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
  const word = () => random.chance(0.3) ? random.pick(edges) : random.u32();
  for (let round = 0; round < 20_000; round++) {
    const source = word();
    const ttl = 1 + random.below(255);
    const destination = word();
    const port = word() & 0xffff;
    const sourcePort = word() & 0xffff;
    const seq = word();
    const template = SYN.prepare({ source, ttl });
    const packet = writeSyn(template, destination, port, sourcePort, seq);
    const id = viewOf(packet).getUint16(4);
    assertNotEquals(id, 0);
    const whole = buildTcp({
      ...{ source, ttl, destination, sourcePort, seq, id },
      destinationPort: port,
      options: SYN_OPTIONS["windows"]!,
    });
    assertEquals(toHex(packet), toHex(whole), `seed 1, round ${round}`);
  }
});

Deno.test("one template serves many probes", () => {
  const random = new Random(2);
  const source = addressOf("10.66.0.1");
  const template = SYN.prepare({ source, ttl: 64 });
  for (let round = 0; round < 1000; round++) {
    const fields = [random.u32(), random.below(65536), random.below(65536), random.u32()] as const;
    assertEquals(toHex(writeSyn(template, ...fields)), toHex(writeSyn(SYN.prepare({ source, ttl: 64 }), ...fields)));
  }
});

Deno.test("a probe is the same whatever its slot held before", () => {
  const random = new Random(4);
  const source = addressOf("10.66.0.1");
  const traits = { source, ttl: 64 };
  const template = SYN.prepare(traits);
  const fields = () => [random.u32(), random.below(65536), random.below(65536), random.u32()] as const;
  const earlier: [name: string, write: (view: DataView) => void][] = [
    ["nothing", () => {}],
    ["a probe", (view) => template.write(view, 0, ...fields())],
    ["a RST", (view) => TCP_OVER_IPV4.writeRst(view, 0, traits, ...fields())],
    ["a probe, then a RST", (view) => {
      template.write(view, 0, ...fields());
      TCP_OVER_IPV4.writeRst(view, 0, traits, ...fields());
    }],
    ["a probe from elsewhere", (view) => SYN.prepare({ ...traits, source: 7 }).write(view, 0, ...fields())],
    ["a probe that goes less far", (view) => SYN.prepare({ ...traits, ttl: 9 }).write(view, 0, ...fields())],
    ["noise", (view) => {
      for (let at = 0; at < SYN_LEN; at++) view.setUint8(at, random.below(256));
    }],
  ];
  for (const [name, write] of earlier) {
    for (let round = 0; round < 100; round++) {
      const slot = new Uint8Array(SYN_LEN);
      write(viewOf(slot));
      const probe = fields();
      template.write(viewOf(slot), 0, ...probe);
      assertEquals(toHex(slot), toHex(writeSyn(SYN.prepare(traits), ...probe)), name);
    }
  }
});

Deno.test("a RST equals the one that is built whole, for many inputs", () => {
  const random = new Random(3);
  for (let round = 0; round < 5000; round++) {
    const source = random.u32();
    const destination = random.u32();
    const ttl = 1 + random.below(255);
    const sourcePort = random.below(65536);
    const port = random.below(65536);
    const seq = random.u32();
    const room = new Uint8Array(EDGE + TCP_OVER_IPV4.segmentLen + EDGE).fill(0xa5);
    TCP_OVER_IPV4.writeRst(viewOf(room), EDGE, { source, ttl }, destination, port, sourcePort, seq);
    const whole = buildTcp({
      ...{ source, destination, ttl, sourcePort, seq, destinationPort: port },
      flags: TCP_RST,
      window: 0,
    });
    assertEquals(toHex(room), "a5".repeat(EDGE) + toHex(whole) + "a5".repeat(EDGE));
  }
});

/** Reads a packet between bytes that do not belong to it: with zeros, with ones, and with nothing around. Its segment is counted from its beginning. */
function read(packet: Uint8Array, captured = packet.length): Reply {
  const replies = [0x00, 0xff, undefined].map((fill) => {
    const reply = new Reply();
    reply.odd = fill !== 0; // As an earlier reply has left it.
    if (fill === undefined) {
      TCP_OVER_IPV4.readTcp(viewOf(packet.slice(0, captured)), 0, captured, reply);
    } else {
      const room = new Uint8Array(EDGE + packet.length + 200).fill(fill);
      room.set(packet.subarray(0, captured), EDGE);
      TCP_OVER_IPV4.readTcp(viewOf(room), EDGE, captured, reply);
    }
    if (reply.segmentAt > 0) reply.segmentAt -= fill === undefined ? 0 : EDGE;
    return reply;
  });
  const [first, second, third] = replies.map((reply) => reply.kind === NOT_A_REPLY ? { kind: NOT_A_REPLY } : reply);
  assertEquals({ ...second }, { ...first });
  assertEquals({ ...third }, { ...first });
  return replies[0]!;
}

const OWN = addressOf("192.0.2.1");
const HOST = addressOf("198.51.100.7");
const ROUTER = addressOf("203.0.113.1");

/** A segment from the host, in answer to a probe from port 61003 to port 22 with sequence number 0x89abcdef. */
function answer(settings: TcpSettings): Uint8Array {
  return buildTcp({
    source: HOST,
    destination: OWN,
    sourcePort: 22,
    destinationPort: 61003,
    seq: 0x11223344,
    ack: 0x89abcdf0,
    ttl: 57,
    window: 64240,
    options: mssOption(1460),
    ...settings,
  });
}

const SEGMENTS: readonly (readonly [name: string, settings: TcpSettings, kind: number, odd?: boolean])[] = [
  ["SYN-ACK", { flags: TCP_SYN | TCP_ACK }, SYN_ACK],
  ["SYN-ACK with ECN", { flags: TCP_SYN | TCP_ACK | TCP_ECE }, SYN_ACK],
  ["SYN-ACK with every harmless flag", {
    flags: TCP_SYN | TCP_ACK | TCP_ECE | TCP_CWR | TCP_PSH | TCP_URG,
  }, SYN_ACK],
  ["SYN-ACK with window 0", { flags: TCP_SYN | TCP_ACK, window: 0 }, SYN_ACK, true],
  ["SYN-ACK without options", { flags: TCP_SYN | TCP_ACK, options: new Uint8Array(), window: 2048 }, SYN_ACK],
  [
    "SYN-ACK without options, window 0",
    { flags: TCP_SYN | TCP_ACK, options: new Uint8Array(), window: 0 },
    SYN_ACK,
    true,
  ],
  ["SYN-ACK with data", { flags: TCP_SYN | TCP_ACK, payload: new Uint8Array(100) }, SYN_ACK],
  ["SYN", { flags: TCP_SYN, ack: 0 }, BARE_SYN],
  ["SYN with window 0", { flags: TCP_SYN, window: 0 }, BARE_SYN],
  ["RST-ACK", { flags: TCP_RST | TCP_ACK, window: 0, options: new Uint8Array() }, RESET],
  ["RST", { flags: TCP_RST, window: 0, options: new Uint8Array() }, RESET_NO_ACK],
  ["RST with FIN, and a window", { flags: TCP_RST | TCP_FIN }, RESET_NO_ACK, true],
  ["RST-ACK with FIN, and a window", { flags: TCP_RST | TCP_ACK | TCP_FIN }, RESET, true],
  [
    "RST with a reason in it (RFC 9293 section 3.5.3)",
    {
      flags: TCP_RST | TCP_ACK,
      payload: new TextEncoder().encode("no"),
    },
    RESET,
    true,
  ],
  ["RST with SYN", { flags: TCP_RST | TCP_SYN }, NOT_A_REPLY],
  ["RST with SYN-ACK", { flags: TCP_RST | TCP_SYN | TCP_ACK }, NOT_A_REPLY],
  ["SYN with FIN", { flags: TCP_SYN | TCP_FIN }, NOT_A_REPLY],
  ["SYN-ACK with FIN", { flags: TCP_SYN | TCP_ACK | TCP_FIN }, NOT_A_REPLY],
  ["ACK", { flags: TCP_ACK }, BARE_ACK],
  ["FIN", { flags: TCP_FIN }, NOT_A_REPLY],
  ["FIN-ACK", { flags: TCP_FIN | TCP_ACK }, FIN_ACK],
  ["data", { flags: TCP_ACK | TCP_PSH, payload: new Uint8Array(10) }, BARE_ACK],
  ["no flag", { flags: 0 }, NOT_A_REPLY],
];

for (const [name, settings, kind, odd = false] of SEGMENTS) {
  Deno.test(`a segment is read as what it is: ${name}`, () => {
    const reply = read(answer(settings));
    assertEquals(reply.kind, kind);
    if (kind === NOT_A_REPLY) return;
    const number = settings.ack ?? 0x89abcdf0;
    const expected = {
      kind,
      host: HOST,
      port: 22,
      ownAddress: OWN,
      ownPort: 61003,
      number,
      ttl: 57,
      from: HOST,
      odd,
      segmentAt: 20,
    };
    assertObjectMatch(reply, expected);
  });
}

Deno.test("a segment is read behind IPv4 options", () => {
  const plain = answer({ flags: TCP_SYN | TCP_ACK });
  const packet = new Uint8Array(plain.length + 40);
  packet.set(plain.subarray(0, IPV4_MIN_HEADER_LEN));
  packet.fill(1, IPV4_MIN_HEADER_LEN, 60);
  packet.set(plain.subarray(IPV4_MIN_HEADER_LEN), 60);
  viewOf(packet).setUint8(0, 0x4f);
  viewOf(packet).setUint16(2, packet.length);
  fillIpv4Checksum(viewOf(packet), 0);
  assertEquals({ ...read(packet) }, { ...read(plain), segmentAt: 60 });
});

Deno.test("what a link has added behind a packet is not read", () => {
  const packet = answer({ flags: TCP_RST | TCP_ACK, options: new Uint8Array() });
  const padded = new Uint8Array(packet.length + 6).fill(0xee);
  padded.set(packet);
  assertEquals({ ...read(padded) }, { ...read(packet) });
});

const ACCEPTING = answer({ flags: TCP_SYN | TCP_ACK });

const UNREADABLE: readonly (readonly [name: string, packet: Uint8Array, captured?: number])[] = [
  ["nothing", new Uint8Array()],
  ["version 6", patched(ACCEPTING, { 0: 0x65 })],
  ["header length 16", patched(ACCEPTING, { 0: 0x44 })],
  ["header length past the end", patched(cutTo(ACCEPTING, 40, true), { 0: 0x4f })],
  ["header length that leaves no room for TCP", patched(ACCEPTING, { 0: 0x4b })],
  ["total length under the header", patched(ACCEPTING, { 2: 0, 3: 19 })],
  ["total length past what was captured", patched(ACCEPTING, { 2: 0, 3: ACCEPTING.length + 1 })],
  ["total length 65535", patched(ACCEPTING, { 2: 0xff, 3: 0xff })],
  ["total length that cuts the TCP header", patched(ACCEPTING, { 2: 0, 3: 39 })],
  ["TCP data offset 4", patched(ACCEPTING, { 32: 0x40 })],
  ["TCP data offset 0", patched(ACCEPTING, { 32: 0x00 })],
  ["TCP data offset past the end", patched(ACCEPTING, { 32: 0x70 })],
  ["TCP data offset 15", patched(ACCEPTING, { 32: 0xf0 })],
  ["a first fragment", answer({ flags: TCP_SYN | TCP_ACK, moreFragments: true })],
  ["a middle fragment", answer({ flags: TCP_SYN | TCP_ACK, moreFragments: true, fragmentOffset: 8 })],
  ["a last fragment", answer({ flags: TCP_SYN | TCP_ACK, fragmentOffset: 1480 })],
  ["UDP", patched(ACCEPTING, { 9: PROTOCOL_UDP })],
  ["protocol 0", patched(ACCEPTING, { 9: 0 })],
  ["protocol 255", patched(ACCEPTING, { 9: 255 })],
];

for (const [name, packet] of UNREADABLE) {
  Deno.test(`no reply: ${name}`, () => assertEquals(read(packet).kind, NOT_A_REPLY));
}

Deno.test("a segment that was cut in capture is no reply, at any length", () => {
  for (let captured = 0; captured < ACCEPTING.length; captured++) {
    assertEquals(read(ACCEPTING, captured).kind, NOT_A_REPLY, `${captured} bytes`);
  }
});

Deno.test("a segment that says itself that it is short is a reply as soon as its header is whole", () => {
  // Without options, of which the data offset says nothing any more.
  const bare = patched(ACCEPTING, { 32: 0x50 });
  for (let length = 0; length <= bare.length; length++) {
    assertEquals(read(cutTo(bare, length, true)).kind, length >= 40 ? SYN_ACK : NOT_A_REPLY, `${length} bytes`);
  }
});

/** The probe that errors quote. */
const PROBE = buildTcp({
  source: OWN,
  destination: HOST,
  sourcePort: 61003,
  destinationPort: 22,
  seq: 0x89abcdef,
  options: mssOption(1460),
});

const ERRORS: readonly (readonly [type: number, code: number, reason: Reason])[] = [
  [3, 0, "net-unreach"],
  [3, 1, "host-unreach"],
  [3, 2, "proto-unreach"],
  [3, 3, "port-unreach"],
  [3, 6, "net-unreach"],
  [3, 7, "host-unreach"],
  [3, 8, "host-unreach"],
  [3, 9, "net-prohibited"],
  [3, 10, "host-prohibited"],
  [3, 11, "net-unreach"],
  [3, 12, "host-unreach"],
  [3, 13, "admin-prohibited"],
  [3, 14, "admin-prohibited"],
  [3, 15, "admin-prohibited"],
  [11, 0, "time-exceeded"],
];

for (const [type, code, reason] of ERRORS) {
  Deno.test(`an ICMP error is read through what it quotes: type ${type}, code ${code}, ${reason}`, () => {
    const reply = read(buildIcmpError({ type, code, quoted: PROBE, source: ROUTER, ttl: 61 }));
    assertObjectMatch(reply, {
      kind: reasonCode(reason),
      host: HOST,
      port: 22,
      ownAddress: OWN,
      ownPort: 61003,
      number: 0x89abcdef,
      ttl: 61,
      from: ROUTER,
      odd: false,
    });
  });
}

Deno.test("an ICMP error by which the target calls itself unknown is no reply of it", () => {
  const known = [0, 1, 2, 3, 9, 10, 11, 12, 13, 14, 15];
  const replies = Array.from({ length: 16 }, (_, code) => code)
    .filter((code) => read(buildIcmpError({ type: 3, code, quoted: PROBE, source: HOST })).kind !== NOT_A_REPLY);
  assertEquals(replies, known);
});

Deno.test("of all types and codes of ICMP, these and no others are replies", () => {
  for (let type = 0; type < 256; type++) {
    for (let code = 0; code < 256; code++) {
      const error = ERRORS.find(([t, c]) => t === type && (c === code || type === 11));
      const expected = error === undefined ? NOT_A_REPLY : reasonCode(error[2]);
      const reply = new Reply();
      const packet = buildIcmpError({ type, code, quoted: PROBE });
      TCP_OVER_IPV4.readTcp(viewOf(packet), 0, packet.length, reply);
      assertEquals([reply.kind, icmpErrorKind(type, code)], [expected, expected], `type ${type} code ${code}`);
    }
  }
});

Deno.test("a quote is enough with ports and sequence number, and nothing with less", () => {
  for (let quotedLen = 0; quotedLen <= PROBE.length; quotedLen++) {
    const packet = buildIcmpError({ type: 3, code: 1, quoted: PROBE, quotedLen, destination: OWN });
    assertEquals(read(packet).kind, quotedLen >= 28 ? HOST_UNREACH : NOT_A_REPLY, `${quotedLen} bytes quoted`);
  }
});

Deno.test("an ICMP error that was cut in capture is no reply, at any length", () => {
  const packet = buildIcmpError({ type: 3, code: 1, quoted: PROBE, quotedLen: PROBE.length });
  for (let captured = 0; captured < packet.length; captured++) {
    assertEquals(read(packet, captured).kind, NOT_A_REPLY, `${captured} bytes`);
  }
});

/** Changes by routers to a quoted header, which is still recognized. */
const CHANGED_QUOTES: readonly (readonly [name: string, patches: Readonly<Record<number, number>>])[] = [
  ["TTL 0", { 8: 0 }],
  ["a total length in host order", { 2: 44, 3: 0 }],
  ["a total length of 0", { 2: 0, 3: 0 }],
  ["a type of service", { 1: 0xff }],
  ["don't fragment", { 6: 0x40 }],
  ["more fragments to come", { 6: 0x20 }],
];

for (const [name, patches] of CHANGED_QUOTES) {
  Deno.test(`a quote is known in spite of ${name}`, () => {
    const reply = read(buildIcmpError({ type: 3, code: 13, quoted: patched(PROBE, patches) }));
    assertEquals([reply.kind, reply.host, reply.port, reply.number], [ADMIN_PROHIBITED, HOST, 22, 0x89abcdef]);
  });
}

Deno.test("a quote is read behind its IPv4 options", () => {
  const quoted = new Uint8Array(24 + 8).fill(1);
  quoted.set(PROBE.subarray(0, 20));
  quoted.set(PROBE.subarray(20, 28), 24);
  quoted[0] = 0x46;
  const reply = read(buildIcmpError({ type: 3, code: 13, quoted, quotedLen: quoted.length }));
  assertEquals([reply.kind, reply.host, reply.port, reply.ownPort], [ADMIN_PROHIBITED, HOST, 22, 61003]);
});

const FOREIGN_QUOTES: readonly (readonly [name: string, quoted: Uint8Array])[] = [
  ["UDP", buildIpv4(PROTOCOL_UDP, new Uint8Array(8), { source: OWN, destination: HOST })],
  ["an ICMP error", buildIcmpError({ type: 3, code: 1, quoted: PROBE })],
  ["a later fragment", patched(PROBE, { 6: 0, 7: 1 })],
  ["IPv6", patched(PROBE, { 0: 0x65 })],
  ["a header length of 0", patched(PROBE, { 0: 0x40 })],
  ["a header length past its end", patched(PROBE, { 0: 0x4f })],
  ["a header that leaves no room for ports", patched(PROBE, { 0: 0x46 })],
];

for (const [name, quoted] of FOREIGN_QUOTES) {
  Deno.test(`no reply: an ICMP error that quotes ${name}`, () => {
    assertEquals(read(buildIcmpError({ type: 3, code: 1, quoted })).kind, NOT_A_REPLY);
  });
}

Deno.test("no reply: a fragment of an ICMP error", () => {
  const error = { type: 3, code: 1, quoted: PROBE };
  assertEquals(read(buildIcmpError({ ...error, moreFragments: true })).kind, NOT_A_REPLY);
  assertEquals(read(buildIcmpError({ ...error, fragmentOffset: 8 })).kind, NOT_A_REPLY);
});

Deno.test("whatever arrives, nothing is thrown, and nothing is read that is not in the packet", () => {
  const seed = 9293;
  const random = new Random(seed);
  const seeds = [
    ...SEGMENTS.map(([, settings]) => answer(settings)),
    ...ERRORS.map(([type, code]) => buildIcmpError({ type, code, quoted: PROBE, quotedLen: 44 })),
    buildIcmpError({ type: 11, code: 1, quoted: buildIcmpError({ type: 3, code: 1, quoted: PROBE }), quotedLen: 56 }),
  ];
  const kinds = new Map<number, number>();
  for (let round = 0; round < 40_000; round++) {
    let packet: Uint8Array = random.pick(seeds).slice();
    if (random.chance(0.3)) packet = cutTo(packet, random.below(packet.length + 1), random.chance(0.5));
    for (let hits = random.below(4); hits > 0 && packet.length > 0; hits--) {
      packet[random.below(packet.length)] = random.u32() & 0xff;
    }
    if (random.chance(0.05)) packet = random.bytes(random.below(120));
    const captured = random.chance(0.1) ? random.below(packet.length + 1) : packet.length;
    const message = () => `seed ${seed}, round ${round}: ${toHex(packet)}, ${captured} bytes`;
    let reply: Reply;
    try {
      reply = read(packet, captured);
    } catch (error) {
      throw new Error(message(), { cause: error });
    }
    kinds.set(reply.kind, (kinds.get(reply.kind) ?? 0) + 1);
    if (reply.kind === NOT_A_REPLY) continue;
    // Each field stands somewhere in the packet.
    const inside = toHex(packet.slice(0, captured));
    const stands = (value: number, bytes: number) => inside.includes(value.toString(16).padStart(2 * bytes, "0"));
    assert(stands(reply.number, 4) && stands(reply.host, 4) && stands(reply.ownAddress, 4), message());
    assert(stands(reply.port, 2) && stands(reply.ownPort, 2) && stands(reply.from, 4), message());
  }
  assertEquals(kinds.size, 7 + new Set(ERRORS.map(([, , reason]) => reason)).size);
  assert([...kinds.values()].every((count) => count > 200), `too few of a kind: ${[...kinds]}`);
});

Deno.test("checksums of the builders' packets are right, so that the comparisons above mean something", () => {
  const packet = buildTcp({ source: OWN, destination: HOST });
  const before = toHex(packet);
  fillIpv4Checksum(viewOf(packet), 0);
  fillTcpChecksum(viewOf(packet), 20, 20, OWN, HOST);
  assertEquals([toHex(packet), packet[9]], [before, PROTOCOL_TCP]);
});
