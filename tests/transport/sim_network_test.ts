import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { isError } from "../../src/result/rank.ts";
import { type Reason, reasonCode, REASONS } from "../../src/result/reasons.ts";
import { Reply } from "../../src/technique/technique.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import type { TcpTechnique } from "../../src/technique/tcp_technique.ts";
import { ManualClock } from "../support/clock.ts";
import { type Family, simHosts, text6 } from "../support/sim_ip.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OPEN,
  SIM_PROXY,
  SIM_SYN,
  SimNetwork,
} from "../support/sim_network.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { ipv4HeaderLen, ipv4TotalLen, PROTOCOL_TCP, pseudoHeaderSum } from "../../src/wire/ipv4.ts";
import { IPV6_HEADER_LEN, ipv6PayloadLen, PROTOCOL_ICMPV6, upperChecksum } from "../../src/wire/ipv6.ts";
import { mssOption, TCP_RST } from "../../src/wire/tcp.ts";
import { addressOf, buildTcp, toHex, viewOf } from "../support/packets.ts";
import { buildTcp6 } from "../support/packets6.ts";
import { PacketLog } from "./packet_log.ts";

const OWN = addressOf("10.0.0.254");
const HOST = addressOf("10.0.0.1");

/** A network, its clock, and what has come from it. */
class Bench {
  readonly clock = new ManualClock();
  readonly network: SimNetwork;
  readonly log = new PacketLog();

  readonly #family: Family;
  readonly #technique: TcpTechnique;

  constructor(conditions: Partial<NetworkConditions> = {}, family: Family = 4) {
    this.#family = family;
    this.#technique = simHosts(family, OWN).over(SYN);
    this.network = new SimNetwork(this.clock, { port: () => SIM_CLOSED, ...conditions });
  }

  /** Sends a SYN to each of `count` ports from `firstPort` on, with its port as the sequence number, at once. */
  ask(firstPort: number, count = 1, host = HOST): void {
    for (let port = firstPort; port < firstPort + count; port++) {
      const segment = { sourcePort: 61000, destinationPort: port, seq: 0xffff_0000 + port, options: mssOption(1460) };
      this.send(
        this.#family === 4
          ? buildTcp({ ...segment, source: OWN, destination: host })
          : buildTcp6({ ...segment, source: text6(OWN), destination: text6(host) }),
      );
    }
    this.network.flush(this.log);
  }

  send(packet: Uint8Array): void {
    let at = this.network.reserve();
    if (at < 0) {
      this.network.flush(this.log);
      at = this.network.reserve();
    }
    for (const [i, byte] of packet.entries()) this.network.slots.setUint8(at + i, byte);
    this.network.commit(packet.length);
  }

  /** Waits until nothing more comes for a second; returns what has. */
  async hear(): Promise<Reply[]> {
    for (;;) {
      const nowMs = this.clock.now();
      await this.network.wait(1000);
      if (this.network.receive(this.log) === 0 && this.clock.now() - nowMs >= 1000) break;
    }
    return this.log.packets.map((packet) => {
      const reply = new Reply();
      this.#technique.parse(viewOf(packet), 0, packet.length, reply);
      return reply;
    });
  }
}

const BEHAVIOURS: readonly (readonly [name: string, behaviour: number, reason: Reason, odd: boolean])[] = [
  ["open", SIM_OPEN, "syn-ack", false],
  ["behind a SYN proxy", SIM_PROXY, "syn-ack", true],
  ["closed", SIM_CLOSED, "reset", false],
  ["that opens at the same time", SIM_SYN, "split-handshake-syn", false],
  ["whose network is unreachable", SIM_ICMP + 0, "net-unreach", false],
  ["whose host is unreachable", SIM_ICMP + 1, "host-unreach", false],
  ["that is administratively prohibited", SIM_ICMP + 13, "admin-prohibited", false],
];

for (const [name, behaviour, reason, odd] of BEHAVIOURS) {
  const isIcmp = isError(reasonCode(reason));
  for (const family of [4, 6] as const) {
    Deno.test(`simulated: a port ${name} answers after one round trip, over IPv${family}`, async () => {
      const bench = new Bench({ port: () => behaviour, delayMs: 30 }, family);
      bench.ask(443);
      const [reply, ...more] = await bench.hear();
      assertEquals([more.length, bench.log.times], [0, [30]]);
      assertEquals([REASONS[reply!.kind], reply!.odd], [reason, odd]);
      assertEquals([reply!.host, reply!.port, reply!.ownAddress, reply!.ownPort], [HOST, 443, OWN, 61000]);
      const seq = 0xffff_0000 + 443;
      if (reason !== "split-handshake-syn") assertEquals(reply!.number, isIcmp ? seq : seq + 1);
      assertEquals(reply!.from === HOST, !isIcmp);
      assertEquals([bench.network.syns, bench.network.counters.sent, bench.network.counters.received], [1, 1, 1]);
    });
  }

  Deno.test(`simulated: checksums of an answer are right: ${name}`, async () => {
    const bench = new Bench({ port: () => behaviour });
    bench.ask(443);
    await bench.hear();
    const packet = bench.log.packets[0]!;
    const view = viewOf(packet);
    const headerLen = ipv4HeaderLen(view, 0);
    const payloadLen = packet.length - headerLen;
    assertEquals([ipv4TotalLen(view, 0), checksum(view, 0, headerLen)], [packet.length, 0]);
    const pseudo = isIcmp ? 0 : pseudoHeaderSum(HOST, OWN, PROTOCOL_TCP, payloadLen);
    assertEquals(checksum(view, headerLen, payloadLen, pseudo), 0);
  });

  Deno.test(`simulated: checksums of an answer over IPv6 are right: ${name}`, async () => {
    const bench = new Bench({ port: () => behaviour }, 6);
    bench.ask(443);
    await bench.hear();
    const packet = bench.log.packets[0]!;
    const view = viewOf(packet);
    assertEquals(ipv6PayloadLen(view, 0), packet.length - IPV6_HEADER_LEN);
    const protocol = isIcmp ? PROTOCOL_ICMPV6 : PROTOCOL_TCP;
    assertEquals(upperChecksum(view, 0, IPV6_HEADER_LEN, packet.length - IPV6_HEADER_LEN, protocol), 0);
  });
}

Deno.test("simulated: a dropped port says nothing", async () => {
  const bench = new Bench({ port: () => SIM_DROPPED });
  bench.ask(1, 100);
  assertEquals(await bench.hear(), []);
  assertEquals([bench.network.syns, bench.network.counters.sent], [100, 100]);
});

Deno.test("simulated: each host and port behaves as it is told", async () => {
  const bench = new Bench({
    port: (host, port) => host === HOST ? (port === 2 ? SIM_OPEN : SIM_DROPPED) : SIM_CLOSED,
  });
  bench.ask(1, 3);
  bench.ask(1, 1, HOST + 1);
  const replies = await bench.hear();
  assertEquals(
    replies.map(({ kind, host, port }) => [REASONS[kind], host - HOST, port]),
    [["syn-ack", 0, 2], ["reset", 1, 1]],
  );
});

Deno.test("simulated: a RST is counted and has no reply", async () => {
  const bench = new Bench({ port: () => SIM_OPEN });
  bench.send(buildTcp({ source: OWN, destination: HOST, flags: TCP_RST }));
  bench.network.flush(bench.log);
  assertEquals([await bench.hear(), bench.network.resets, bench.network.syns], [[], 1, 0]);
});

Deno.test("simulated: all slots can be reserved, and are free again after a flush", () => {
  const { network, log } = new Bench();
  const reserved: number[] = [];
  for (let at = network.reserve(); at >= 0; at = network.reserve()) {
    reserved.push(at);
    network.commit(44);
  }
  assertEquals([reserved.length, new Set(reserved).size], [network.traits.batch, network.traits.batch]);
  assertEquals([network.flush(log), network.reserve()], [0, 0]);
});

Deno.test("simulated: time passes only while something waits, and no further than to the next packet", async () => {
  const { network, clock, log } = new Bench({ delayMs: 5 });
  await network.wait(7);
  assertEquals([clock.now(), network.receive(log)], [7, 0]);
  const bench = new Bench({ delayMs: 5 });
  bench.ask(1);
  assertEquals([bench.clock.now(), bench.network.receive(bench.log)], [0, 0]);
  await bench.network.wait(100);
  assertEquals([bench.clock.now(), bench.network.receive(bench.log)], [5, 1]);
});

Deno.test("simulated: what sending takes passes on the clock", () => {
  const bench = new Bench({ sendMs: 0.25 });
  bench.ask(1, 8);
  assertEquals(bench.clock.now(), 2);
});

Deno.test("simulated: answers come in the order of their times, however they were asked for", async () => {
  const bench = new Bench({ delayMs: 10, jitterMs: 90 });
  bench.ask(1, 500);
  const replies = await bench.hear();
  const { times } = bench.log;
  assertEquals(times, times.toSorted((a, b) => a - b));
  assertEquals(new Set(replies.map(({ port }) => port)).size, 500);
  assert(times[0]! >= 10 && times.at(-1)! <= 100);
  assert(replies.some(({ port }, i) => i > 0 && port < replies[i - 1]!.port));
});

Deno.test("simulated: many packets under way come one by one, in batches", async () => {
  const bench = new Bench({ delayMs: 10, jitterMs: 10 });
  for (let port = 1; port <= 5000; port += 500) bench.ask(port, 500);
  bench.clock.advanceTo(50);
  const { network, log } = bench;
  const batches: number[] = [];
  for (let count = network.receive(log); count > 0; count = network.receive(log)) batches.push(count);
  assertEquals(batches, [1024, 1024, 1024, 1024, 904]);
  assertEquals(new Set(log.hex()).size, 5000);
  await bench.hear();
});

for (const [name, conditions] of [["out", { lossOut: 0.2 }], ["back", { lossBack: 0.2 }]] as const) {
  Deno.test(`simulated: so much is lost on the way ${name}`, async () => {
    const bench = new Bench(conditions);
    bench.ask(1, 5000);
    const { length } = await bench.hear();
    // Four standard deviations of a binomial.
    assert(Math.abs(length - 4000) < 4 * Math.sqrt(5000 * 0.2 * 0.8), `${length} of 5000`);
  });
}

Deno.test("simulated: loss both ways multiplies, and a seed gives the same conditions again", async () => {
  const lost = async (seed: number) => {
    const bench = new Bench({ lossOut: 0.1, lossBack: 0.1, jitterMs: 10, seed });
    bench.ask(1, 5000);
    await bench.hear();
    return bench.log.hex().join();
  };
  const first = await lost(3);
  assertEquals(await lost(3), first);
  assert(await lost(4) !== first);
  const count = first.split(",").length;
  assert(Math.abs(count - 4050) < 4 * Math.sqrt(5000 * 0.19 * 0.81), `${count} of 5000`);
});

Deno.test("simulated: duplicates are whole, and come later", async () => {
  const bench = new Bench({ port: () => SIM_CLOSED, duplicates: 0.5 });
  bench.ask(1, 1000);
  const replies = await bench.hear();
  const counts = Map.groupBy(bench.log.hex(), (hex) => hex);
  assertEquals(counts.size, 1000);
  const twice = [...counts.values()].filter(({ length }) => length === 2).length;
  assertEquals(replies.length, 1000 + twice);
  assert(twice > 400 && twice < 600, `${twice} of 1000`);
});

Deno.test("simulated: forged replies have guessed, and come before the genuine one", async () => {
  const bench = new Bench({ port: () => SIM_DROPPED, forged: 6, delayMs: 10 });
  bench.ask(1, 100);
  const replies = await bench.hear();
  const kinds = Map.groupBy(replies, ({ kind }) => REASONS[kind]);
  assertEquals([...kinds.keys()].toSorted(), ["admin-prohibited", "reset", "syn-ack"]);
  for (const { kind, port, number } of replies) {
    assert(number !== 0xffff_0000 + port + (isError(kind) ? 0 : 1));
  }
  assertEquals(replies.length, 600);
  assertLess(Math.max(...bench.log.times), 10);
});

Deno.test("simulated: a host that caps its answers gives its burst and then no more than its rate", async () => {
  const bench = new Bench({
    port: (_, port) => port > 60_000 ? SIM_OPEN : SIM_CLOSED,
    answerCap: (host) => host === HOST ? { perSecond: 100, burst: 10 } : undefined,
  });
  bench.ask(1, 500);
  bench.ask(1, 20, HOST + 1);
  bench.ask(60_001, 20);
  assertEquals((await bench.hear()).length, 10 + 20 + 20);
  // A second of hearing has filled the bucket again.
  for (let step = 0; step < 100; step++) {
    bench.clock.advanceTo(bench.clock.now() + 10);
    bench.ask(1000 + step * 5, 5);
  }
  assertEquals((await bench.hear()).length, 50 + 10 + 99);
});

Deno.test("simulated: a bottleneck carries its rate and a short queue", async () => {
  const bench = new Bench({ bottleneckPps: 1000, delayMs: 1 });
  bench.ask(1, 500);
  const burst = (await bench.hear()).length;
  assert(burst >= 15 && burst <= 27, `${burst}`);
  for (let step = 0; step < 1000; step++) {
    bench.clock.advanceTo(bench.clock.now() + 1);
    bench.ask(1000 + step * 3, 3);
  }
  const { length } = await bench.hear();
  assert(length - burst >= 950 && length - burst <= 1075, `${length - burst}`);
});

Deno.test("simulated: nothing gets through an outage", async () => {
  const bench = new Bench({ outages: [[100, 200]] });
  const heard: number[] = [];
  for (const atMs of [99, 100, 199, 200]) {
    bench.clock.advanceTo(atMs);
    bench.ask(1);
    await bench.network.wait(0.5);
    heard.push(bench.log.packets.length);
  }
  assertGreater((await bench.hear()).length, 0);
  assertEquals(bench.log.packets.length, 2);
});

Deno.test("simulated: the sender's own kernel refuses, with the errno that it is told", async () => {
  const bench = new Bench({ refusals: [{ fromMs: 0, untilMs: 10, errno: 101 }] });
  bench.ask(5, 2);
  assertEquals(bench.log.failures.map(({ packet, errno }) => [viewOf(packet).getUint16(22), errno]), [[5, 101], [
    6,
    101,
  ]]);
  assertEquals([bench.network.counters.sent, toHex(bench.log.failures[0]!.packet).length], [0, 88]);
  bench.clock.advanceTo(10);
  bench.ask(5);
  assertEquals([(await bench.hear()).length, bench.log.failures.length, bench.network.counters.sent], [1, 2, 1]);
});
