/**
 * Techniques without ports, from engine to wire: one whose replies carry the token (ICMP echo, RFC 792), and one whose replies
 * carry none, as those of ARP.
 */
import { assert, assertEquals } from "@std/assert";
import { rejectAll } from "../../ffi/bpf.ts";
import { PacketDriver, packetNeeds } from "../../src/driver/packet_driver.ts";
import { Engine } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import { Correlator } from "../../src/engine/token.ts";
import { outcomeTable } from "../../src/result/outcome.ts";
import { reasonCode, REASONS, reasonSet } from "../../src/result/reasons.ts";
import { BY_HOST, BY_TOKEN } from "../../src/result/reply_kind.ts";
import { STATES } from "../../src/result/states.ts";
import { ICMP_ERRORS, readIcmpError, readIpv4 } from "../../src/technique/ip_reply.ts";
import { replyFilter } from "../../src/technique/reply_filter.ts";
import { ARP } from "../../src/technique/arp.ts";
import { type ProbeTraits, Reply, type Technique } from "../../src/technique/technique.ts";
import { openTransport } from "../../src/transport/open.ts";
import { findRoutePlan } from "../../src/transport/target_routes.ts";
import type { PacketSink, Transport } from "../../src/transport/transport.ts";
import {
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMPV4_HEADER_LEN,
  icmpv4Rest,
  icmpv4Type,
  writeIcmpv4,
} from "../../src/wire/icmpv4.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import { IPV4_MIN_HEADER_LEN, ipv4Protocol, ipv4TotalLen, PROTOCOL_ICMP, writeIpv4 } from "../../src/wire/ipv4.ts";
import { ManualClock } from "../support/clock.ts";
import { LIMITS } from "../support/sim.ts";
import { addressOf, fromHex, viewOf } from "../support/packets.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ListBook } from "../support/list_book.ts";

Deno.test("arp: a reply without the hardware address of a station is none", () => {
  const reply = new Reply();
  const isReply = (mac: string) => {
    const bytes = fromHex(`0001080006040002${mac}c0000207020000000001c0000201`);
    return ARP.parse(viewOf(bytes), 0, bytes.length, reply);
  };
  assertEquals(isReply("020000000002"), true);
  assertEquals(reply.host, addressOf("192.0.2.7"));
  for (const mac of ["000000000000", "ffffffffffff", "01005e000001", "3333ff000001"]) assertEquals(isReply(mac), false);
});

/** A reason that stands for a host which is there. */
const ANSWER = reasonCode("conn-accept");
const ECHO_LEN = IPV4_MIN_HEADER_LEN + ICMPV4_HEADER_LEN;

const ECHO: Technique = {
  name: "echo",
  protocol: "host",
  families: [4],
  maxLength: ECHO_LEN,
  attemptPeriod: 1,
  states: outcomeTable(),
  rationed: ICMP_ERRORS,
  filter: () =>
    replyFilter([{
      protocol: PROTOCOL_ICMP,
      isReply: [["ldb_at", 0], ["jeq", ICMP_ECHO_REPLY, "ours", "reject"]],
      isProbe: [["ldb_at", 8], ["jeq", ICMP_ECHO_REQUEST, "ours", "reject"]],
    }]),
  prepare: ({ source, ttl }: ProbeTraits) => ({
    write(view, at, destination, _what, _sourcePort, token) {
      const icmpAt = at +
        writeIpv4(view, at, { totalLen: ECHO_LEN, ttl, protocol: PROTOCOL_ICMP, source, destination });
      writeIcmpv4(view, icmpAt, { type: ICMP_ECHO_REQUEST, code: 0, rest: token });
      return ECHO_LEN;
    },
  }),
  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    const headerLen = readIpv4(view, at, length, reply);
    if (headerLen === 0 || ipv4Protocol(view, at) !== PROTOCOL_ICMP) return false;
    const icmpAt = at + headerLen;
    const icmpLen = ipv4TotalLen(view, at) - headerLen;
    let tokenAt = readIcmpError(view, icmpAt, icmpLen, PROTOCOL_ICMP, ICMPV4_HEADER_LEN, reply);
    if (tokenAt === 0) {
      if (icmpLen < ICMPV4_HEADER_LEN || icmpv4Type(view, icmpAt) !== ICMP_ECHO_REPLY) return false;
      tokenAt = icmpAt;
      reply.kind = ANSWER;
      reply.strength = BY_TOKEN;
      reply.host = reply.from;
      reply.odd = false;
    }
    reply.port = reply.ownPort = 0;
    reply.token = icmpv4Rest(view, tokenAt);
    reply.otherTokenCount = 0;
    return hasRightChecksums(view, at);
  },
};

/** Four bytes that name the host, and four that name the sender: no token, as in ARP. */
const TOKENLESS: Technique = {
  name: "tokenless",
  protocol: "host",
  families: [4],
  maxLength: 8,
  attemptPeriod: 1,
  isTokenless: true,
  states: outcomeTable(),
  rationed: reasonSet([]),
  filter: rejectAll,
  prepare: ({ source }: ProbeTraits) => ({
    write(view, at, destination) {
      view.setUint32(at, destination);
      view.setUint32(at + 4, source);
      return 8;
    },
  }),
  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    if (length < 8) return false;
    reply.kind = ANSWER;
    reply.strength = BY_HOST;
    reply.from = reply.host = view.getUint32(at);
    reply.ownAddress = view.getUint32(at + 4);
    reply.port = reply.ownPort = reply.ttl = 0;
    reply.odd = false;
    return true;
  },
};

const OWN = addressOf("10.0.0.254");
const FIRST = addressOf("10.0.0.1");

/** Scans `hosts` addresses, one probe each; returns the results by host, and the engine. */
async function scan(driver: PacketDriver, clock: ManualClock | undefined, first: number, hosts: number) {
  const results = new Map<number, string>();
  const source = {
    size: hosts,
    host: 0,
    port: 0,
    locate(position: number) {
      this.host = first + position;
    },
    portCountOf: () => 1,
    isSpare: () => true,
  };
  const engine = new Engine({
    source,
    driver,
    correlator: new Correlator(new Uint32Array([3, 4])),
    limits: { ...LIMITS, timeouts: { ...LIMITS.timeouts, initialMs: 200 } },
    sink: {
      result: (host, _what, state, reason, _ttl, _rttMs, tries) =>
        results.set(host - first, `${STATES[state]} ${REASONS[reason]} ${Math.min(tries, 2)}`),
    },
    nowMs: clock?.now() ?? performance.now(),
  });
  await run({
    engine,
    driver,
    clock: clock ?? { now: () => performance.now() },
    yieldToEventLoop: () => new Promise((resolve) => setTimeout(resolve)),
  });
  return { results, engine };
}

/** A transport that gives a probe back after 10 ms as often as `copies` says for it. */
class Echoing implements Transport {
  readonly traits = { name: "echoing", batch: 64, receiveBatch: 1024 };
  readonly counters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly slots = new DataView(new ArrayBuffer(64 * 64));
  #committed = 0;
  #arriving: { readonly atMs: number; readonly packet: Uint8Array }[] = [];

  constructor(readonly clock: ManualClock, readonly copies: (host: number, nth: number) => number) {}

  reserve(): number {
    return this.#committed < 64 ? this.#committed * 64 : -1;
  }

  commit(length: number): void {
    const packet = new Uint8Array(this.slots.buffer.slice(this.#committed * 64, this.#committed * 64 + length));
    this.#committed++;
    const host = new DataView(packet.buffer).getUint32(0) - FIRST;
    const nth = this.#seen.get(host) ?? 0;
    this.#seen.set(host, nth + 1);
    for (let i = this.copies(host, nth); i > 0; i--) this.#arriving.push({ atMs: this.clock.now() + 10 * i, packet });
  }

  readonly #seen = new Map<number, number>();

  flush(): number {
    this.#committed = 0;
    return 0;
  }

  receive(sink: PacketSink): number {
    const due = this.#arriving.filter(({ atMs }) => atMs <= this.clock.now());
    this.#arriving = this.#arriving.filter(({ atMs }) => atMs > this.clock.now());
    for (const { packet, atMs } of due) sink.packet(new DataView(packet.buffer), 0, packet.length, atMs);
    return due.length;
  }

  wait(timeoutMs: number): Promise<void> {
    const nextMs = Math.min(...this.#arriving.map(({ atMs }) => atMs), this.clock.now() + timeoutMs);
    this.clock.advanceTo(Math.max(nextMs, this.clock.now()));
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}

Deno.test("technique: replies without a token decide by host, once each, and silence after retransmissions", async () => {
  const clock = new ManualClock();
  // Of 1,000 hosts every third is silent, every fifth replies to the second attempt alone, every seventh twice.
  const copies = (host: number, nth: number) => host % 3 === 0 ? 0 : host % 5 === 0 && nth === 0 ? 0 : host % 7 ? 1 : 2;
  const driver = new PacketDriver({
    book: IPV4_BOOK,
    technique: TOKENLESS,
    transport: new Echoing(clock, copies),
    sources: { addresses: [OWN], indexFor: () => 0 },
    ports: { first: 0, count: 0 },
    ttl: 64,
  });
  const { results, engine } = await scan(driver, clock, FIRST, 1000);
  assertEquals(results.size, 1000);
  for (const [host, result] of results) {
    const expected = host % 3 === 0 ? "filtered no-response 2" : `open conn-accept ${host % 5 === 0 ? 2 : 1}`;
    assertEquals(result, expected, `host ${host}`);
  }
  assert(engine.counts.duplicates > 0);
});

Deno.test("technique: a reply without a token counts for no host that is not probed", async () => {
  const clock = new ManualClock();
  const transport = new Echoing(clock, () => 0);
  const driver = new PacketDriver({
    book: IPV4_BOOK,
    technique: TOKENLESS,
    transport,
    sources: { addresses: [OWN], indexFor: () => 0 },
    ports: { first: 0, count: 0 },
    ttl: 64,
  });
  const foreign = new DataView(new ArrayBuffer(8));
  foreign.setUint32(0, FIRST + 500);
  foreign.setUint32(4, OWN);
  transport.receive = (sink) => {
    sink.packet(foreign, 0, 8, clock.now());
    return 1;
  };
  const { results } = await scan(driver, clock, FIRST, 2);
  assertEquals([...results.values()], ["filtered no-response 2", "filtered no-response 2"]);
  assert(driver.counters.unmatched > 0);
});

for (
  const [name, book] of [
    ["addresses", IPV4_BOOK],
    ["a list", new ListBook(Array.from({ length: 100 }, (_, at) => addressOf("127.0.0.1") + at * 3))],
  ] as const
) {
  Deno.test({
    name:
      `technique: one without ports runs through engine, driver and transport, on this machine's own kernel, host numbers of ${name}`,
    ignore: Deno.uid() !== 0,
    async fn() {
      const first = book.hostOf("127.0.0.1");
      const targets: [number, number][] = [[first, first + 99]];
      const plan = findRoutePlan({ targets }, book);
      using opened = await openTransport({ targets, kind: "auto", random: 1, packets: packetNeeds(ECHO) }, plan);
      assertEquals(opened.ports.count, 0);
      using driver = new PacketDriver({
        book,
        technique: ECHO,
        transport: opened.transport,
        sources: opened.sources,
        ports: opened.ports,
        ttl: 64,
      });
      const { results } = await scan(driver, undefined, first, 100);
      assertEquals([results.size, driver.counters.sent < 400], [100, true]);
      for (const result of results.values()) assertEquals(result.split(" ", 2), ["open", "conn-accept"]);
    },
  });
}
