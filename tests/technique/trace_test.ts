/** Probes with hop limits: ports that routers balance load by stay the same, and every reply shows the probe that it is to. */
import { assert, assertEquals } from "@std/assert";
import { type Reason, reasonCode } from "../../src/result/reasons.ts";
import type { PingKind } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { Reply } from "../../src/technique/technique.ts";
import {
  hopLimitOf,
  kindOf,
  markedToken,
  MAX_HOP_LIMIT,
  MAX_TRACE_KINDS,
  sealedPart,
  TraceTechnique,
  whatOf,
} from "../../src/technique/trace.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import { fillIpv4Checksum, ipv4Ttl } from "../../src/wire/ipv4.ts";
import { TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { addressOf, buildIcmpError, buildTcp, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";

const ACK = FLAG_SCANS.find(({ name }) => name === "ack")!;
const KINDS: readonly PingKind[] = [
  { name: "syn:443", tcp: SYN, port: 443 },
  { name: "ack:80", tcp: ACK, port: 80 },
  // Errors that quote eight bytes of a segment do not show its flags.
  { name: "ack:443", tcp: ACK, port: 443 },
];
const TRACE = new TraceTechnique(KINDS);
const PORT = 61003;
const SEALED = 0x89ab_cdef;

function probe(what: number): Uint8Array {
  const bytes = new Uint8Array(TRACE.maxLength);
  const template = TRACE.prepare({ source: addressOf("192.0.2.1"), ttl: 64 });
  const token = markedToken(SEALED, TRACE.markOf(what));
  return bytes.slice(0, template.write(viewOf(bytes), 0, addressOf("192.0.2.7"), what, PORT, token));
}

function read(packet: Uint8Array): { readonly reply: Reply; readonly isReply: boolean } {
  const reply = new Reply();
  return { isReply: TRACE.parse(viewOf(packet), 0, packet.length, reply), reply };
}

for (const [kind, { name }] of KINDS.entries()) {
  const port = Number(name.split(":")[1]);
  const isSyn = name.startsWith("syn");
  for (const hopLimit of [1, 2, MAX_HOP_LIMIT]) {
    const what = whatOf(kind, hopLimit);
    const token = markedToken(SEALED, TRACE.markOf(what));
    const [source, destination] = ["192.0.2.7", "192.0.2.1"];
    const replies: readonly (readonly [Reason, Uint8Array, string])[] = [
      [
        "time-exceeded",
        buildIcmpError({ type: 11, code: 0, quoted: probe(what), source: "203.0.113.9" }),
        "203.0.113.9",
      ],
      [
        "reset",
        buildTcp({
          ...{ source, destination, destinationPort: PORT },
          sourcePort: port,
          ...isSyn ? { flags: TCP_RST | TCP_ACK, ack: (token + 1) >>> 0 } : { flags: TCP_RST, seq: token },
        }),
        source,
      ],
      ...kind === 0
        ? [
          [
            "syn-ack",
            buildTcp({
              ...{ source, destination, destinationPort: PORT, sourcePort: 443 },
              ...{ flags: TCP_SYN | TCP_ACK, ack: (token + 1) >>> 0 },
            }),
            source,
          ] as const,
        ]
        : [],
    ];

    Deno.test(`trace: ${name} leaves with hop limit ${hopLimit}, from and to the same ports`, () => {
      const bytes = probe(what);
      assertEquals(ipv4Ttl(viewOf(bytes), 0), hopLimit);
      assert(hasRightChecksums(viewOf(bytes), 0));
      assertEquals(bytes.subarray(20, 24), probe(whatOf(kind, 5)).subarray(20, 24));
    });

    for (const [reason, packet, from] of replies) {
      Deno.test(`trace: ${reason} to ${name} shows its hop limit ${hopLimit}`, () => {
        const { isReply, reply } = read(packet);
        assert(isReply);
        assertEquals([hopLimitOf(reply.port), kindOf(reply.port)], [hopLimit, kind]);
        assertEquals([reply.kind, reply.token, reply.ownPort], [reasonCode(reason), token, PORT]);
        assertEquals([reply.host, reply.from], [addressOf(source), addressOf(from)]);
      });
    }
  }
}

Deno.test("trace: a router quotes the hop limit as it has arrived, which is not looked at", () => {
  const quoted = probe(whatOf(0, 7));
  quoted[8] = 1;
  fillIpv4Checksum(viewOf(quoted), 0);
  const { reply } = read(buildIcmpError({ type: 11, code: 0, quoted }));
  assertEquals(hopLimitOf(reply.port), 7);
});

Deno.test("trace: what is probed has 16 bits, and a token keeps those below the mark", () => {
  const most = whatOf(MAX_TRACE_KINDS - 1, MAX_HOP_LIMIT);
  assertEquals(most, 0xffff);
  assertEquals([kindOf(most), hopLimitOf(most)], [MAX_TRACE_KINDS - 1, MAX_HOP_LIMIT]);
  for (const token of [0, 0xffff_ffff, SEALED]) {
    assertEquals(sealedPart(markedToken(token, 0x1ff)), sealedPart(token));
    assert(sealedPart(token) < 2 ** 23);
  }
});

Deno.test("trace: a RST is owed to a SYN-ACK, from the port of the probe", () => {
  const bytes = new Uint8Array(64);
  const kind = reasonCode("syn-ack");
  assert(TRACE.owes(kind) && !TRACE.owes(reasonCode("reset")));
  const reply = { kind, host: addressOf("192.0.2.7"), port: whatOf(0, 9), ownPort: PORT, number: 77 };
  const length = TRACE.acknowledge(viewOf(bytes), 0, { source: addressOf("192.0.2.1"), ttl: 64 }, reply);
  assertEquals(viewOf(bytes).getUint16(20), PORT);
  assertEquals(viewOf(bytes).getUint16(22), 443);
  assertEquals(viewOf(bytes).getUint32(24), 77);
  assert(hasRightChecksums(viewOf(bytes.subarray(0, length)), 0));
});

Deno.test("trace: damaged replies are none, or show a kind that was sent", () => {
  const random = new Random(4711);
  const whole = [
    buildIcmpError({ type: 11, code: 0, quoted: probe(whatOf(2, 7)), quotedLen: 60 }),
    buildTcp({ source: "192.0.2.7", destination: "192.0.2.1", sourcePort: 443, flags: TCP_RST, seq: 0xffff_ffff }),
  ];
  for (const packet of whole) {
    for (let length = 0; length < packet.length; length++) assert(!read(packet.slice(0, length)).isReply);
    for (let round = 0; round < 2000; round++) {
      const damaged = packet.slice();
      damaged[random.below(damaged.length)] = random.below(256);
      const view = viewOf(damaged);
      if (round % 2 === 0 && damaged[0] === packet[0]) fillIpv4Checksum(view, 0);
      const { isReply, reply } = read(damaged);
      if (isReply) assert(kindOf(reply.port) < KINDS.length);
    }
  }
});
