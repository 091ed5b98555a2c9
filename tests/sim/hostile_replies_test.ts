/**
 * Malformed and hostile replies, one to a scan on a network in memory: the state that each proves, and what is counted.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Correlator } from "../../src/engine/token.ts";
import { Engine } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { TCP_OVER_IPV4 } from "../../src/technique/tcp_probe.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";
import { ManualClock } from "../support/clock.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { mssOption, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN, TCP_URG } from "../../src/wire/tcp.ts";
import { FakeTransport } from "../driver/fake_transport.ts";
import { addressOf, buildIcmpError, buildTcp, cutTo, patched, type TcpSettings, viewOf } from "../support/packets.ts";
import { LIMITS } from "../support/sim.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const OWN = addressOf("192.0.2.1");
const HOST = addressOf("198.51.100.7");

/** A SYN as it left. */
interface Syn {
  readonly packet: Uint8Array;
  readonly ownPort: number;
  readonly seq: number;
}

type Reply = (syn: Syn) => Uint8Array | readonly Uint8Array[];

/** A segment in answer to a SYN that acknowledges it. */
function segment(settings: (syn: Syn) => TcpSettings): Reply {
  return (syn) =>
    buildTcp({
      ...{ source: HOST, destination: OWN, sourcePort: 22, destinationPort: syn.ownPort, ack: (syn.seq + 1) >>> 0 },
      ...{ window: 64240, options: mssOption(1460) },
      ...settings(syn),
    });
}

const SYN_ACK = TCP_SYN | TCP_ACK;
const synAck = segment(() => ({ flags: SYN_ACK }));
const rst = segment(() => ({ flags: TCP_RST | TCP_ACK }));
const error = (change: Partial<Parameters<typeof buildIcmpError>[0]> = {}): Reply => (syn) =>
  buildIcmpError({ type: 3, code: 13, quoted: syn.packet, source: "198.51.100.1", ...change });

/** The reply with bytes replaced, its IP checksum right. */
function changed(reply: Reply, patches: Readonly<Record<number, number>>): Reply {
  return (syn) => patched(reply(syn) as Uint8Array, patches);
}

/** A SYN-ACK with these TCP options. */
function options(...bytes: number[]): Reply {
  return segment(() => ({ flags: SYN_ACK, options: Uint8Array.from(bytes) }));
}

const SILENT = "filtered no-response";
const OPEN = "open syn-ack";
const CLOSED = "closed reset";
const PROHIBITED = "filtered admin-prohibited";

const ROWS: readonly (readonly [name: string, reply: Reply, expected: string])[] = [
  ["SYN-ACK", synAck, OPEN],
  ["RST", rst, CLOSED],
  ["TCP data offset 4", changed(synAck, { 32: 0x40 }), SILENT],
  ["TCP data offset 0", changed(synAck, { 32: 0 }), SILENT],
  ["TCP data offset past the end", changed(synAck, { 32: 0xf0 }), SILENT],
  ["option length 0", options(2, 0, 5, 180), OPEN],
  ["option length 1", options(2, 1, 5, 180), OPEN],
  ["option length past the end", options(2, 40, 5, 180), OPEN],
  ["an option that is only a kind, at the end", options(1, 1, 1, 2), OPEN],
  ["IP header length 16", changed(synAck, { 0: 0x44 }), SILENT],
  ["IP header length past the end", changed(synAck, { 0: 0x4f }), SILENT],
  ["IP total length under the headers", changed(synAck, { 2: 0, 3: 39 }), SILENT],
  ["IP total length 0", changed(synAck, { 2: 0, 3: 0 }), SILENT],
  ["IP total length past the captured end", changed(synAck, { 2: 0, 3: 200 }), SILENT],
  ["cut in the TCP header", (syn) => cutTo(synAck(syn) as Uint8Array, 30), SILENT],
  ["a first fragment", segment(() => ({ flags: SYN_ACK, moreFragments: true })), SILENT],
  ["a later fragment", segment(() => ({ flags: SYN_ACK, fragmentOffset: 8 })), SILENT],
  ["an ICMP error", error(), PROHIBITED],
  ["an ICMP error that quotes 20 bytes", error({ quotedLen: 20 }), SILENT],
  ["an ICMP error that quotes 27 bytes", error({ quotedLen: 27 }), SILENT],
  [
    "an ICMP error about an ICMP error",
    (syn) => error({ quoted: error()(syn) as Uint8Array, quotedLen: 56 })(syn),
    SILENT,
  ],
  ["an ICMP error about another's packet", error({ quoted: buildTcp({ source: OWN, destination: HOST }) }), SILENT],
  [
    "an ICMP error with another number",
    (syn) => error({ quoted: patched(syn.packet, { 27: syn.packet[27]! ^ 1 }) })(syn),
    SILENT,
  ],
  ...["127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.255"].map((
    source,
  ): [string, Reply, string] => [`an ICMP error from ${source}`, error({ source }), SILENT]),
  ["a wrong TCP checksum", changed(synAck, { 36: 0x12, 37: 0x34 }), SILENT],
  ["a wrong IP checksum", (syn) => {
    const packet = synAck(syn) as Uint8Array;
    packet[11]! ^= 1;
    return packet;
  }, SILENT],
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

/** Replies to each SYN as it is told. */
class HostileTransport extends FakeTransport {
  constructor(readonly clock: ManualClock, readonly reply: Reply) {
    super(64);
  }

  override flush(sink: Parameters<FakeTransport["flush"]>[0]): number {
    const before = this.sent.length;
    const waiting = super.flush(sink);
    for (const packet of this.sent.slice(before)) {
      if (packet.length === TCP_OVER_IPV4.segmentLen) continue;
      const view = viewOf(packet);
      const replies = this.reply({ packet, ownPort: view.getUint16(20), seq: view.getUint32(24) });
      this.arriving.push(...[replies].flat() as Uint8Array[]);
    }
    return waiting;
  }

  override wait(timeoutMs: number): Promise<void> {
    this.clock.advanceTo(this.clock.now() + (this.arriving.length > 0 ? 0.1 : timeoutMs));
    return Promise.resolve();
  }
}

for (const [name, reply, expected] of ROWS) {
  Deno.test(`sim: hostile replies: ${name}`, async () => {
    const clock = new ManualClock();
    const transport = new HostileTransport(clock, reply);
    const driver = new PacketDriver({
      book: IPV4_BOOK,
      technique: SYN,
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
