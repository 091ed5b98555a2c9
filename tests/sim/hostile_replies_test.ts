/**
 * Malformed and hostile replies, one to a scan on a network in memory, over both versions of IP: the state that each proves, and what is counted.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Correlator } from "../../src/engine/token.ts";
import { Engine } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";
import { ManualClock } from "../support/clock.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import {
  mssOption,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
} from "../../src/wire/tcp.ts";
import { FakeTransport } from "../driver/fake_transport.ts";
import { addressOf, buildIcmpError, buildTcp, cutTo, patched, viewOf } from "../support/packets.ts";
import { buildIcmpv6, buildTcp6, type Icmp6Settings, withExtensions } from "../support/packets6.ts";
import { LIMITS } from "../support/sim.ts";
import { type Family, simHosts, simIp, text6 } from "../support/sim_ip.ts";

const OWN = addressOf("192.0.2.1");
const HOST = addressOf("198.51.100.7");
const ROUTER = addressOf("198.51.100.1");

/** A SYN as it left. */
interface Syn {
  readonly packet: Uint8Array;
  readonly ownPort: number;
  readonly seq: number;
}

type Reply = (syn: Syn) => Uint8Array | readonly Uint8Array[];

/** Fields of a segment; what is not given is that of a SYN-ACK from the host's port 22 to the SYN. */
interface Segment {
  readonly source?: number;
  readonly destination?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** The packets of one version of IP. */
interface Packets {
  segment(settings: Segment): Uint8Array;
  /** Returns an error of a router, that the port is prohibited; the whole packet is quoted if no length is given. */
  error(settings: { readonly quoted: Uint8Array; readonly quotedLen?: number; readonly source?: number }): Uint8Array;
}

const PACKETS: Readonly<Record<Family, Packets>> = {
  4: {
    segment: buildTcp,
    error: ({ source = ROUTER, quoted, quotedLen = quoted.length }) =>
      buildIcmpError({ type: 3, code: 13, source, destination: OWN, quoted, quotedLen }),
  },
  6: {
    segment: ({ source, destination, ...settings }) =>
      buildTcp6({ ...settings, source: text6(source!), destination: text6(destination!) }),
    error: ({ source = ROUTER, quoted, quotedLen }) =>
      buildIcmpv6({
        ...{ type: 1, code: 1, source: text6(source), destination: text6(OWN) },
        quoted: quoted.subarray(0, quotedLen),
      }),
  },
};

const SYN_ACK = TCP_SYN | TCP_ACK;

const SILENT = "filtered no-response";
const OPEN = "open syn-ack";
const CLOSED = "closed reset";
const PROHIBITED = "filtered admin-prohibited";

type Row = readonly [name: string, reply: Reply, expected: string];

/** Returns the replies that both versions of IP carry. */
function rowsOf(family: Family): Row[] {
  const packets = PACKETS[family];
  const tcpAt = simIp(family).headerLen;
  /** A segment in answer to a SYN that acknowledges it. */
  const segment = (settings: (syn: Syn) => Segment): Reply => (syn) =>
    packets.segment({
      ...{ source: HOST, destination: OWN, sourcePort: 22, destinationPort: syn.ownPort, ack: (syn.seq + 1) >>> 0 },
      ...{ window: 64240, options: mssOption(1460) },
      ...settings(syn),
    });
  const synAck = segment(() => ({ flags: SYN_ACK }));
  const rst = segment(() => ({ flags: TCP_RST | TCP_ACK }));
  const error = (change: Partial<Parameters<Packets["error"]>[0]> = {}): Reply => (syn) =>
    packets.error({ quoted: syn.packet, ...change });
  const changed = (patches: Readonly<Record<number, number>>): Reply => (syn) =>
    patched(synAck(syn) as Uint8Array, patches);
  const options = (...bytes: number[]) => segment(() => ({ flags: SYN_ACK, options: Uint8Array.from(bytes) }));
  const quoteLen = tcpAt + 8;
  return [
    ["SYN-ACK", synAck, OPEN],
    ["RST", rst, CLOSED],
    ["TCP data offset 4", changed({ [tcpAt + 12]: 0x40 }), SILENT],
    ["TCP data offset 0", changed({ [tcpAt + 12]: 0 }), SILENT],
    ["TCP data offset past the end", changed({ [tcpAt + 12]: 0xf0 }), SILENT],
    ["cut in the TCP header", (syn) => cutTo(synAck(syn) as Uint8Array, tcpAt + 10), SILENT],
    ["option length 0", options(2, 0, 5, 180), OPEN],
    ["option length 1", options(2, 1, 5, 180), OPEN],
    ["option length past the end", options(2, 40, 5, 180), OPEN],
    ["an option that is only a kind, at the end", options(1, 1, 1, 2), OPEN],
    ["an ICMP error", error(), PROHIBITED],
    ["an ICMP error of the host itself", error({ source: HOST }), PROHIBITED],
    ["an ICMP error that quotes ports and sequence number", error({ quotedLen: quoteLen }), PROHIBITED],
    ["an ICMP error that quotes one byte less", error({ quotedLen: quoteLen - 1 }), SILENT],
    ["an ICMP error that quotes the IP header alone", error({ quotedLen: tcpAt }), SILENT],
    ["an ICMP error that quotes nothing", error({ quotedLen: 0 }), SILENT],
    [
      "an ICMP error about an ICMP error",
      (syn) => error({ quoted: error()(syn) as Uint8Array })(syn),
      SILENT,
    ],
    [
      "an ICMP error about another's packet",
      error({ quoted: packets.segment({ source: OWN, destination: HOST }) }),
      SILENT,
    ],
    [
      "an ICMP error with another number",
      (syn) => error({ quoted: patched(syn.packet, { [tcpAt + 7]: syn.packet[tcpAt + 7]! ^ 1 }) })(syn),
      SILENT,
    ],
    ["a wrong TCP checksum", changed({ [tcpAt + 16]: 0x12, [tcpAt + 17]: 0x34 }), SILENT],
    ["RST with ack = seq", segment(({ seq }) => ({ flags: TCP_RST | TCP_ACK, ack: seq })), CLOSED],
    ["RST with ack = seq + 2", segment(({ seq }) => ({ flags: TCP_RST | TCP_ACK, ack: (seq + 2) >>> 0 })), SILENT],
    ["RST without ACK", segment(() => ({ flags: TCP_RST })), "closed reset-no-ack"],
    ["FIN and ACK", segment(() => ({ flags: TCP_FIN | TCP_ACK })), SILENT],
    ["FIN", segment(() => ({ flags: TCP_FIN })), SILENT],
    ["a bare ACK of the SYN", segment(() => ({ flags: TCP_ACK })), SILENT],
    ["a bare ACK of something else", segment(() => ({ flags: TCP_ACK, ack: 7 })), SILENT],
    ["data", segment(() => ({ flags: TCP_ACK | TCP_PSH, payload: new Uint8Array(9) })), SILENT],
    ["SYN-ACK with ack = seq", segment(({ seq }) => ({ flags: SYN_ACK, ack: seq })), SILENT],
    ["SYN-ACK with ack 0", segment(() => ({ flags: SYN_ACK, ack: 0 })), SILENT],
    ["SYN-ACK with data", segment(() => ({ flags: SYN_ACK, payload: new Uint8Array(50) })), OPEN],
    ["SYN-ACK with window 0", segment(() => ({ flags: SYN_ACK, window: 0 })), OPEN],
    ["SYN-ACK without options", segment(() => ({ flags: SYN_ACK, options: new Uint8Array() })), OPEN],
    ["SYN-ACK with PSH and URG", segment(() => ({ flags: SYN_ACK | TCP_PSH | TCP_URG })), OPEN],
    ["SYN-ACK with RST", segment(() => ({ flags: SYN_ACK | TCP_RST })), SILENT],
    ["SYN-ACK with FIN", segment(() => ({ flags: SYN_ACK | TCP_FIN })), SILENT],
    ["SYN-ACK from another port", segment(() => ({ flags: SYN_ACK, sourcePort: 23 })), SILENT],
    ["SYN-ACK from another host", segment(() => ({ flags: SYN_ACK, source: HOST + 1 })), SILENT],
    ["no flag", segment(() => ({ flags: 0 })), SILENT],
    ["every flag", segment(() => ({ flags: 0xff })), SILENT],
    ["a bare SYN", segment(() => ({ flags: TCP_SYN, ack: 0 })), "open split-handshake-syn"],
    ["RST, then SYN-ACK", (syn) => [rst(syn), synAck(syn)].flat(), OPEN],
    ["SYN-ACK, then RST", (syn) => [synAck(syn), rst(syn)].flat(), OPEN],
    ["ICMP error, then RST", (syn) => [error()(syn), rst(syn)].flat(), CLOSED],
    ["the probe itself", ({ packet }) => packet, SILENT],
    ["a thousand times the same SYN-ACK", (syn) => Array.from({ length: 1000 }, () => synAck(syn)).flat(), OPEN],
    ["nothing but zeros", () => new Uint8Array(60), SILENT],
  ];
}

/** Returns the replies whose faults are those of IPv4 alone. */
function rowsOfIpv4(): Row[] {
  const synAck = (settings: Parameters<typeof buildTcp>[0] = {}): Reply => ({ ownPort, seq }) =>
    buildTcp({
      ...{ source: HOST, destination: OWN, sourcePort: 22, destinationPort: ownPort, ack: (seq + 1) >>> 0 },
      ...{ flags: SYN_ACK, ...settings },
    });
  const changed = (patches: Readonly<Record<number, number>>): Reply => (syn) =>
    patched(synAck()(syn) as Uint8Array, patches);
  return [
    ["IP header length 16", changed({ 0: 0x44 }), SILENT],
    ["IP header length past the end", changed({ 0: 0x4f }), SILENT],
    ["IP total length under the headers", changed({ 2: 0, 3: 39 }), SILENT],
    ["IP total length 0", changed({ 2: 0, 3: 0 }), SILENT],
    ["IP total length past the captured end", changed({ 2: 0, 3: 200 }), SILENT],
    ["a first fragment", synAck({ moreFragments: true }), SILENT],
    ["a later fragment", synAck({ fragmentOffset: 8 }), SILENT],
    ["a wrong IP checksum", (syn) => {
      const packet = synAck()(syn) as Uint8Array;
      packet[11]! ^= 1;
      return packet;
    }, SILENT],
    ...["127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.255"].map((source): Row => [
      `an ICMP error from ${source}`,
      (syn) => PACKETS[4].error({ quoted: syn.packet, source: addressOf(source) }),
      SILENT,
    ]),
  ];
}

/** Errors by type and code, and the state that each gives a port: none opens one. */
const ERRORS6: readonly (readonly [type: number, code: number, expected: string])[] = [
  [1, 0, "filtered net-unreach"],
  [1, 2, "filtered beyond-scope"],
  [1, 3, "filtered host-unreach"],
  [1, 4, "filtered port-unreach"],
  [1, 5, PROHIBITED],
  [1, 6, "filtered reject-route"],
  [1, 7, SILENT],
  [2, 0, SILENT],
  [3, 0, "filtered time-exceeded"],
  [4, 0, "filtered param-problem"],
  [4, 1, "filtered proto-unreach"],
  [4, 2, SILENT],
  [100, 0, SILENT],
];

/** Returns the replies whose faults are those of IPv6 alone. */
function rowsOfIpv6(): Row[] {
  const synAck = ({ ownPort, seq }: Syn): Uint8Array =>
    PACKETS[6].segment({
      ...{ source: HOST, destination: OWN, sourcePort: 22, destinationPort: ownPort, ack: (seq + 1) >>> 0 },
      flags: SYN_ACK,
    });
  const changed = (patches: Readonly<Record<number, number>>): Reply => (syn) => patched(synAck(syn), patches);
  const behind = (...chain: Parameters<typeof withExtensions>[1]): Reply => (syn) => withExtensions(synAck(syn), chain);
  const error = (settings: Partial<Icmp6Settings> = {}): Reply => ({ packet }) =>
    buildIcmpv6({ type: 1, code: 1, source: text6(ROUTER), destination: text6(OWN), quoted: packet, ...settings });
  const quoting = (...chain: Parameters<typeof withExtensions>[1]): Reply => (syn) =>
    error({ quoted: withExtensions(syn.packet, chain) })(syn);
  const options = [60, "010400000000"] as const;
  return [
    ["another flow label", changed({ 3: 7 }), OPEN],
    ["version 4", changed({ 0: 0x40 }), SILENT],
    ["payload length under the TCP header", changed({ 4: 0, 5: 19 }), SILENT],
    ["payload length 0", changed({ 4: 0, 5: 0 }), SILENT],
    ["payload length past the captured end", changed({ 4: 0, 5: 200 }), SILENT],
    ["no next header", changed({ 6: 59 }), SILENT],
    ["behind options and a used routing header", behind([0, "010400000000"], options, [43, "000000000000"]), OPEN],
    ["behind a routing header that is not used up", behind([43, "000100000000"]), SILENT],
    ["behind the fragment header of a whole packet", behind([44, "000000000001"]), OPEN],
    ["a first fragment", behind([44, "000100000001"]), SILENT],
    ["a later fragment", behind([44, "000800000001"]), SILENT],
    ["behind eight extension headers", behind(...Array(8).fill(options)), OPEN],
    ["behind nine extension headers", behind(...Array(9).fill(options)), SILENT],
    ["an extension header past the end", (syn) => patched(withExtensions(synAck(syn), [options]), { 41: 200 }), SILENT],
    ["an error that quotes a chain of headers", quoting(options, options), PROHIBITED],
    ["an error that quotes a first fragment", quoting([44, "000100000001"]), PROHIBITED],
    ["an error that quotes a later fragment", quoting([44, "000800000001"]), SILENT],
    ["an error behind options", (syn) => withExtensions(error()(syn) as Uint8Array, [options]), PROHIBITED],
    ["an error with a wrong checksum", (syn) => patched(error()(syn) as Uint8Array, { 42: 0x12, 43: 0x34 }), SILENT],
    ...["::", "::1", "ff02::1"].map((source): Row => [`an error from ${source}`, error({ source }), SILENT]),
    ...ERRORS6.map(([type, code, expected]): Row => [`ICMPv6 ${type}/${code}`, error({ type, code }), expected]),
  ];
}

/** Replies to each SYN as it is told. */
class HostileTransport extends FakeTransport {
  constructor(readonly clock: ManualClock, readonly family: Family, readonly reply: Reply) {
    super(64);
  }

  override flush(sink: Parameters<FakeTransport["flush"]>[0]): number {
    const before = this.sent.length;
    const waiting = super.flush(sink);
    for (const packet of this.sent.slice(before)) {
      const view = viewOf(packet);
      const tcpAt = simIp(this.family).headerLen;
      if (tcpFlags(view, tcpAt) !== TCP_SYN) continue;
      const replies = this.reply({ packet, ownPort: tcpSourcePort(view, tcpAt), seq: tcpSeq(view, tcpAt) });
      this.arriving.push(...[replies].flat() as Uint8Array[]);
    }
    return waiting;
  }

  override wait(timeoutMs: number): Promise<void> {
    this.clock.advanceTo(this.clock.now() + (this.arriving.length > 0 ? 0.1 : timeoutMs));
    return Promise.resolve();
  }
}

function hostileTest(family: Family, [name, reply, expected]: Row): void {
  Deno.test(`sim: hostile replies over IPv${family}: ${name}`, async () => {
    const clock = new ManualClock();
    const transport = new HostileTransport(clock, family, reply);
    const { book, over } = simHosts(family, OWN);
    const driver = new PacketDriver({
      book,
      technique: over(SYN),
      transport,
      sources: { addresses: [OWN], indexFor: () => 0 },
      ports: { first: 61_000, count: 16 },
      ttl: 64,
      broadcasts: [addressOf("192.0.2.255")],
    });
    let state = "";
    const engine = new Engine({
      source: { size: 1, host: HOST, port: 22, locate: () => {}, portCountOf: () => 1, isSpare: () => false },
      driver,
      correlator: new Correlator(new Uint32Array([1, 2])),
      limits: LIMITS,
      sink: { result: (_host, _port, code, reason) => state = `${STATES[code]} ${REASONS[reason]}` },
      nowMs: 0,
    });
    await run({ engine, driver, clock, yieldToEventLoop: () => Promise.resolve() });
    assertEquals(state, expected);
    if (expected === SILENT && name !== "FIN and ACK") assertEquals(driver.counters.unmatched > 0, true, "counted");
  });
}

for (const row of [...rowsOf(4), ...rowsOfIpv4()]) hostileTest(4, row);
for (const row of [...rowsOf(6), ...rowsOfIpv6()]) hostileTest(6, row);
