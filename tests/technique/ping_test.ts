/** Probes of hosts: ARP, and pings of several kinds in one pass. */
import { assert, assertEquals } from "@std/assert";
import { PacketDriver, packetNeeds } from "../../src/driver/packet_driver.ts";
import { Engine } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import { Correlator } from "../../src/engine/token.ts";
import { type Reason, reasonCode, REASONS } from "../../src/result/reasons.ts";
import { BY_HOST, BY_TOKEN } from "../../src/result/reply_kind.ts";
import { HOST_STATES } from "../../src/result/states.ts";
import { ARP } from "../../src/technique/arp.ts";
import { ECHO, MASK, TIMESTAMP } from "../../src/technique/icmp_probe.ts";
import type { IcmpRequest } from "../../src/technique/packets.ts";
import { type PingKind, PingTechnique } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { Reply } from "../../src/technique/technique.ts";
import { openTransport } from "../../src/transport/open.ts";
import { findRoutePlan } from "../../src/transport/target_routes.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { ICMPV4_HEADER_LEN, setIcmpv4Checksum } from "../../src/wire/icmpv4.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import {
  fillIpv4Checksum,
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4Id,
  ipv4Source,
  setIpv4Destination,
} from "../../src/wire/ipv4.ts";
import { TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { addressOf, buildIcmpError, buildTcp, fromHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";
import { LIMITS } from "../support/sim.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const OWN = addressOf("192.0.2.1");
const HOST = addressOf("192.0.2.7");
const PORT = 61003;
const TOKEN = 0x89abcdef;
const ACK = FLAG_SCANS.find(({ name }) => name === "ack")!;
const KINDS: readonly PingKind[] = [
  { name: "echo", icmp: ECHO },
  { name: "timestamp", icmp: TIMESTAMP },
  { name: "mask", icmp: MASK },
  { name: "syn:443", tcp: SYN, port: 443 },
  { name: "ack:443", tcp: ACK, port: 443 },
  { name: "ack:80", tcp: ACK, port: 80 },
];
const PING = new PingTechnique(KINDS);
const TRAITS = { source: OWN, ttl: 64 };

/** Writes the probe of a kind between bytes that must stay. */
function probe(what: number, token = TOKEN, destination = HOST): Uint8Array {
  const room = new Uint8Array(8 + PING.maxLength + 8).fill(0xa5);
  const length = PING.prepare(TRAITS).write(viewOf(room), 8, destination, what, PORT, token);
  assert(length <= PING.maxLength);
  assert(
    room.subarray(0, 8).every((byte) => byte === 0xa5) && room.subarray(8 + length).every((byte) => byte === 0xa5),
  );
  return room.slice(8, 8 + length);
}

/** Returns the reply of a host to an ICMP request: the same message of another type, the other way. */
function replyTo(request: Uint8Array, { replyType }: IcmpRequest): Uint8Array {
  const packet = request.slice();
  const view = viewOf(packet);
  const [source, destination] = [ipv4Source(view, 0), ipv4Destination(view, 0)];
  view.setUint32(12, destination);
  setIpv4Destination(view, 0, source);
  fillIpv4Checksum(view, 0);
  view.setUint8(IPV4_MIN_HEADER_LEN, replyType);
  // A mask reply and the later timestamps have data of the host's.
  for (let at = IPV4_MIN_HEADER_LEN + ICMPV4_HEADER_LEN + 4; at < packet.length; at++) packet[at] = at;
  setIcmpv4Checksum(view, IPV4_MIN_HEADER_LEN, 0);
  setIcmpv4Checksum(
    view,
    IPV4_MIN_HEADER_LEN,
    checksum(view, IPV4_MIN_HEADER_LEN, packet.length - IPV4_MIN_HEADER_LEN),
  );
  return packet;
}

function read(packet: Uint8Array, technique = PING): Reply | undefined {
  const reply = new Reply();
  return technique.parse(viewOf(packet), 0, packet.length, reply) ? reply : undefined;
}

function summaryOf(reply: Reply | undefined): unknown[] {
  if (reply === undefined) return [];
  const { kind, host, port, ownAddress, ownPort, strength, token } = reply;
  return [
    REASONS[kind],
    host,
    KINDS[port]!.name,
    ownAddress,
    ownPort,
    strength,
    token,
  ];
}

for (const [what, { name, ...kind }] of KINDS.entries()) {
  Deno.test(`ping: ${name} has right checksums for any host and token`, () => {
    const random = new Random(792);
    for (let round = 0; round < 200; round++) {
      assert(hasRightChecksums(viewOf(probe(what, random.u32(), random.u32())), 0));
    }
  });

  if (!("icmp" in kind)) continue;
  const { icmp } = kind;
  Deno.test(`ping: a reply to ${name} is read, and errors that quote eight bytes of it`, () => {
    const strength = icmp.hasToken ? BY_TOKEN : BY_HOST;
    const token = icmp.hasToken ? TOKEN : TOKEN & 0xffff;
    const expected = [icmp.reason, HOST, name, OWN, PORT, strength, token];
    const reply = replyTo(probe(what), icmp);
    assertEquals(summaryOf(read(reply)), expected);
    reply[reply.length - 1]! ^= 1;
    assertEquals(read(reply), undefined, "a wrong checksum");
    const error = buildIcmpError({
      type: 3,
      code: 1,
      quoted: probe(what),
      quotedLen: 28,
      source: "192.0.2.2",
      destination: OWN,
    });
    assertEquals(summaryOf(read(error)), ["host-unreach", HOST, name, OWN, PORT, BY_TOKEN, TOKEN]);
  });
}

for (const token of [0x0000beef, 0x0001beef, 0x00020000]) {
  Deno.test(`ping: the kernel replaces no identification, and an error names the token 0x${token.toString(16)}`, () => {
    const request = probe(0, token);
    assert(ipv4Id(viewOf(request), 0) > 0);
    const reply = read(buildIcmpError({ type: 3, code: 1, quoted: request, quotedLen: 28, destination: OWN }))!;
    const tokens = [reply.token, ...reply.otherTokens.subarray(0, reply.otherTokenCount)];
    assert(tokens.includes(token) && tokens.length <= 2, `${tokens}`);
    assertEquals(summaryOf(read(replyTo(request, ECHO)))[6], token);
  });
}

const segment = { source: HOST, destination: OWN, destinationPort: PORT };
const SEGMENTS: readonly (readonly [string, Uint8Array, Reason, string, number])[] = [
  [
    "SYN-ACK",
    buildTcp({ ...segment, sourcePort: 443, flags: TCP_SYN | TCP_ACK, ack: TOKEN + 1 }),
    "syn-ack",
    "syn:443",
    TOKEN,
  ],
  [
    "RST with ACK",
    buildTcp({ ...segment, sourcePort: 443, flags: TCP_RST | TCP_ACK, ack: TOKEN + 1 }),
    "reset",
    "syn:443",
    TOKEN,
  ],
  ["RST without ACK", buildTcp({ ...segment, sourcePort: 443, flags: TCP_RST, seq: TOKEN }), "reset", "ack:443", TOKEN],
  [
    "RST from another port",
    buildTcp({ ...segment, sourcePort: 80, flags: TCP_RST, seq: TOKEN }),
    "reset",
    "ack:80",
    TOKEN,
  ],
];

for (const [name, packet, reason, kind, token] of SEGMENTS) {
  Deno.test(`ping: a ${name} is the reply to ${kind}`, () => {
    const [found, host, what, own, port, , given] = summaryOf(read(packet));
    assertEquals([found, host, what, own, port, given], [reason, HOST, kind, OWN, PORT, token]);
  });
}

Deno.test("ping: the checksum of an echo is the same with every token, by which routers may balance load", () => {
  const checksums = [0, 1, 0xffff, 0x1_0000, 0xffff_ffff, TOKEN].map((token) => {
    const bytes = probe(0, token);
    assert(hasRightChecksums(viewOf(bytes), 0));
    return viewOf(bytes).getUint16(IPV4_MIN_HEADER_LEN + 2);
  });
  assertEquals(new Set(checksums).size, 1);
});

Deno.test("ping: a RST from a port that is not probed, and replies to kinds that are not sent, are none", () => {
  assertEquals(read(buildTcp({ ...segment, sourcePort: 22, flags: TCP_RST, seq: TOKEN })), undefined);
  assertEquals(read(replyTo(probe(0), ECHO), new PingTechnique(KINDS.slice(1))), undefined);
});

Deno.test("ping: a SYN-ACK is owed a RST to its port", () => {
  assert(PING.owes(reasonCode("syn-ack")) && !PING.owes(reasonCode("reset")));
  const room = new DataView(new ArrayBuffer(64));
  const owed = { kind: reasonCode("syn-ack"), host: HOST, port: 3, ownPort: PORT, number: TOKEN + 1 };
  const length = PING.acknowledge(room, 0, TRAITS, owed);
  assertEquals([length, room.getUint16(20), room.getUint16(22), room.getUint8(33)], [40, PORT, 443, TCP_RST]);
});

Deno.test("ping: whatever arrives is read within its bounds", () => {
  const random = new Random(950);
  const seeds = [
    ...[ECHO, TIMESTAMP, MASK].map((icmp, what) => replyTo(probe(what), icmp)),
    ...SEGMENTS.map(([, packet]) => packet),
    buildIcmpError({ type: 11, code: 0, quoted: probe(1), quotedLen: 28 }),
  ];
  for (let round = 0; round < 30_000; round++) {
    let packet = random.pick(seeds).slice();
    for (let i = random.below(4); i > 0; i--) packet[random.below(packet.length)] = random.u32();
    if (random.chance(0.4)) packet = packet.slice(0, random.below(packet.length + 1));
    const reply = new Reply();
    if (PING.parse(viewOf(packet), 0, packet.length, reply)) assert(reply.port >= 0 && reply.port < KINDS.length);
    ARP.parse(viewOf(packet), 0, packet.length, reply);
  }
});

Deno.test("ping: the state that a reply shows", () => {
  const stateOf = (technique: PingTechnique, reason: Reason, column: number) =>
    HOST_STATES[technique.states[reasonCode(reason) * 4 + column]!];
  const states = (reason: Reason) => [0, 1].map((column) => stateOf(PING, reason, column));
  assertEquals(states("echo-reply"), ["up", "up"]);
  assertEquals(states("reset"), ["up", "up"]);
  assertEquals(states("port-unreach"), ["up", "silent"]);
  assertEquals(states("time-exceeded"), ["up", "silent"]);
  assertEquals(states("no-response"), ["silent", "silent"]);
  assertEquals(states("no-carrier"), ["undecided", "undecided"]);
  const ignoring = new PingTechnique(KINDS, { ignoresRst: true });
  assertEquals([stateOf(ignoring, "reset", 0), stateOf(ignoring, "syn-ack", 0)], ["silent", "up"]);
});

Deno.test("arp: a reply decides by host, a request decides nothing", () => {
  const packet = fromHex("00010800060400020200000a00020a4001020200000a00010a400101");
  const reply = new Reply();
  assert(ARP.parse(viewOf(packet), 0, packet.length, reply));
  const { kind, strength, host, from, port, ownPort, ttl } = reply;
  assertEquals([REASONS[kind], strength, host, from, port, ownPort, ttl], [
    ...["arp-response", BY_HOST, 0x0a400102, 0x0a400102],
    ...[0, 0, 0],
  ]);
  packet[7] = 1;
  assert(!ARP.parse(viewOf(packet), 0, packet.length, reply));
});

Deno.test({
  name: "ping: every kind over this machine's own kernel",
  ignore: Deno.uid() !== 0,
  async fn() {
    const first = addressOf("127.0.0.1");
    const hosts = 50;
    const targets: [number, number][] = [[first, first + hosts - 1]];
    using opened = await openTransport(
      { targets, kind: "auto", random: 1, packets: packetNeeds(PING) },
      findRoutePlan({ targets }, IPV4_BOOK),
    );
    using driver = new PacketDriver({
      ...{
        technique: PING,
        book: IPV4_BOOK,
        transport: opened.transport,
        sources: opened.sources,
        ports: opened.ports,
        ttl: 64,
      },
    });
    const found = new Map<string, Set<string>>();
    const source = {
      size: hosts * KINDS.length,
      host: 0,
      port: 0,
      locate(position: number) {
        this.host = first + position % hosts;
        this.port = Math.floor(position / hosts);
      },
      portCountOf: () => KINDS.length,
      isSpare: () => false,
    };
    const engine = new Engine({
      source,
      driver,
      correlator: new Correlator(new Uint32Array([3, 4])),
      limits: { ...LIMITS, timeouts: { ...LIMITS.timeouts, initialMs: 100 } },
      sink: {
        result: (_host, what, state, reason) => {
          const { name } = KINDS[what]!;
          const results = found.get(name) ?? new Set();
          found.set(name, results.add(`${HOST_STATES[state]} ${REASONS[reason]}`));
        },
      },
      nowMs: performance.now(),
    });
    const yieldToEventLoop = () => new Promise<void>((resolve) => setTimeout(resolve));
    await run({ engine, driver, clock: { now: () => performance.now() }, yieldToEventLoop });
    const results = (name: string) => [...found.get(name)!];
    assertEquals([results("echo"), results("timestamp")], [["up echo-reply"], ["up timestamp-reply"]]);
    // Linux does not reply to mask requests.
    assertEquals(results("mask"), ["silent no-response"]);
    for (const name of ["syn:443", "ack:443", "ack:80"]) {
      assert(results(name).every((result) => /^up (syn-ack|reset)/.test(result)), results(name).join());
    }
  },
});
