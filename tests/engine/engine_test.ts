/**
 * The engine against a prober that does as it is told, step by step. Whole scans are in tests/sim/.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { HANDSHAKE_OUTCOMES } from "../../src/result/outcome.ts";
import { Correlator } from "../../src/engine/token.ts";
import { Engine, type EngineLimits } from "../../src/engine/engine.ts";
import type { Driver, ReplySink } from "../../src/driver/driver.ts";
import { type Reason, reasonCode, REASONS, reasonSet } from "../../src/result/reasons.ts";
import { UNPROVEN } from "../../src/result/reply_kind.ts";
import { STATES } from "../../src/result/states.ts";
import { LIMITS } from "../support/sim.ts";

const HOST = 0x0a000001;
const ROUTER = 0x0afffffe;

interface Asked {
  readonly host: number;
  readonly port: number;
  readonly attempt: number;
  readonly token: number;
}

/** A bench: an engine that asks `ports` ports of one host, and a prober that keeps what it was asked. */
class Bench implements Driver {
  readonly name = "scripted";
  readonly outcomes = HANDSHAKE_OUTCOMES;
  readonly rationed = reasonSet([]);
  readonly hasPorts = true;
  readonly isTokenless = false;
  readonly batch = 64;
  readonly drainBatch = 16;
  readonly maxInFlight = Infinity;
  readonly counters = {
    sent: 0,
    owed: 0,
    sendRetries: 0,
    sendErrors: new Map<string, number>(),
    receiveDrops: 0,
    unmatched: 0,
  };
  readonly asked: Asked[] = [];
  /** Ids of the probes that were cancelled. */
  readonly forgotten: number[] = [];
  readonly results: string[] = [];
  /** The round trip of each result, in milliseconds. */
  readonly roundTrips: number[] = [];
  readonly engine: Engine;
  /** Replies of the next drain, and the number of packets that it reports. */
  arriving: ((sink: ReplySink) => void)[] = [];
  drained = 0;
  /** True while the kernel refuses. */
  refusing: Reason | undefined;
  /** The number of packets owed that leave no room for the next probe. */
  owing = 0;
  /** Ids of the probes asked. */
  readonly ids: number[] = [];
  #waiting: number[] = [];

  constructor(
    ports: number,
    limits: Partial<EngineLimits> = {},
    technique: "syn" | "connect" = "syn",
    readonly attemptPeriod = 16,
    readonly overlaps = technique === "syn",
  ) {
    this.engine = new Engine({
      source: {
        size: ports,
        host: HOST,
        port: 0,
        locate(position) {
          this.port = position + 1;
        },
        portCountOf: () => ports,
        isSpare: (_host, port) => port > ports,
      } as { size: number; host: number; port: number } & ConstructorParameters<typeof Engine>[0]["source"],
      driver: this,
      correlator: new Correlator(new Uint32Array([1, 2])),
      limits: { ...LIMITS, ...limits },
      sink: {
        result: (_host, port, state, reason, ttl, rttMs, tries, _from, replaced) => {
          this.roundTrips.push(rttMs);
          this.results.push(
            `${port} ${STATES[state]} ${REASONS[reason]} ${ttl} ${tries}${
              replaced < 0 ? "" : ` late for ${REASONS[replaced & 0xff]}`
            }`,
          );
        },
      },
      nowMs: 0,
    });
  }

  send(host: number, port: number, attempt: number, token: number, id: number): boolean {
    if (this.owing > 0) {
      this.counters.owed += this.owing;
      this.owing = 0;
      return false;
    }
    this.asked.push({ host, port, attempt, token });
    this.ids.push(id);
    this.#waiting.push(id);
    return true;
  }

  flush(sink: ReplySink): number {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (this.refusing === undefined) return 0;
    for (const id of waiting) sink.onSendError(id, reasonCode(this.refusing));
    return 0;
  }

  drain(sink: ReplySink): number {
    for (const arrive of this.arriving) arrive(sink);
    this.arriving = [];
    return this.drained;
  }

  cancel(id: number): void {
    this.forgotten.push(id);
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}

  /** The probes for a port so far. */
  probes(port: number): Asked[] {
    return this.asked.filter((asked) => asked.port === port);
  }

  /** Lets an answer to a probe arrive with the next step; the result says later whether it was believed. */
  answer(
    probe: Asked,
    reason: Reason,
    change: Partial<Asked> & { from?: number; timed?: boolean } = {},
  ): { genuine: boolean | undefined } {
    const outcome: { genuine: boolean | undefined } = { genuine: undefined };
    const { host, port, attempt, token, from = host, timed = true } = { ...probe, ...change };
    this.arriving.push((sink) => {
      const kind = reasonCode(reason);
      outcome.genuine = reason === "split-handshake-syn"
        ? sink.onTokenlessReply(host, port, attempt, UNPROVEN, kind, 57, from, this.nowMs)
        : sink.onReply(host, port, attempt, token, kind, 57, from, false, this.nowMs, timed);
    });
    return outcome;
  }

  nowMs = 0;

  step(nowMs: number): number {
    this.nowMs = nowMs;
    return this.engine.step(nowMs);
  }

  /** Steps whenever the engine wants to, until `untilMs`. */
  run(untilMs: number): void {
    while (this.nowMs < untilMs && !this.engine.finished) {
      const nextMs = this.step(this.nowMs);
      this.nowMs = Math.max(this.nowMs + 0.5, Math.min(nextMs, untilMs));
    }
  }
}

Deno.test("engine: probes follow at once where packets that were owed left no room for them", () => {
  const bench = new Bench(2);
  bench.owing = 3;
  assertEquals(bench.step(0), 0);
  assertEquals(bench.asked.length, 0);
  bench.step(0);
  assertEquals(bench.asked.length, 2);
});

Deno.test("engine: each port is asked once, and an answer decides", () => {
  const bench = new Bench(3);
  bench.step(0);
  assertEquals(bench.asked.map(({ port, attempt }) => [port, attempt]), [[1, 0], [2, 0], [3, 0]]);
  const outcomes = [
    bench.answer(bench.asked[0]!, "syn-ack"),
    bench.answer(bench.asked[1]!, "reset"),
    bench.answer(bench.asked[2]!, "admin-prohibited", { from: ROUTER }),
  ];
  bench.step(1);
  assertEquals(outcomes.map(({ genuine }) => genuine), [true, true, true]);
  assertEquals(bench.results, ["1 open syn-ack 57 1", "2 closed reset 57 1", "3 filtered admin-prohibited 57 1"]);
  // A reply that contradicts the last refusal is waited for.
  assertEquals(bench.engine.finished, false);
  bench.step(10);
  assertEquals(bench.engine.finished, false, "an ICMP error is checked");
  bench.run(1200);
  assertEquals(bench.asked.slice(3).map(({ port, attempt }) => [port, attempt]), [[3, 0]]);
  bench.answer(bench.asked[3]!, "admin-prohibited", { from: ROUTER });
  bench.run(1300);
  assertEquals([bench.engine.finished, bench.asked.length, bench.results.length], [true, 4, 3]);
  assertEquals([bench.engine.counts.answered, ...bench.engine.counts.byState], [3, 1, 1, 1, 0, 0, 0, 0]);
  assertEquals([...bench.engine.hostsUp()], [HOST]);
});

Deno.test("engine: an answer whose token, host, port or attempt is another's decides nothing", () => {
  for (
    const [name, change] of [
      ["token", (probe: Asked) => ({ token: (probe.token ^ 0x4000_0000) >>> 0 })],
      ["host", (probe: Asked) => ({ host: probe.host + 1 })],
      ["port", (probe: Asked) => ({ port: probe.port + 7 })],
      ["attempt", (probe: Asked) => ({ attempt: probe.attempt + 1 })],
    ] as const
  ) {
    const bench = new Bench(2);
    bench.step(0);
    const { genuine } = bench.answer(bench.asked[0]!, "syn-ack", change(bench.asked[0]!));
    bench.step(1);
    assertEquals([genuine ?? false, bench.results], [false, []], name);
  }
});

Deno.test("engine: an answer to what a slot asked before is no answer to what it asks now", () => {
  const bench = new Bench(200, { maxInFlight: 1, maxRetries: 0, timeouts: { initialMs: 50, minMs: 50, maxMs: 50 } });
  bench.run(190 * 52);
  const before = bench.results.length;
  const late = bench.answer(bench.probes(1)[0]!, "syn-ack");
  bench.step(bench.nowMs);
  assertEquals(late.genuine, true, "it is ours, though no host waits for it");
  assert(!bench.results.slice(before).some((result) => result.includes("open") && !result.startsWith("1 ")));
});

Deno.test("engine: a port that answers ICMP and then SYN-ACK is open, said again as late", () => {
  const bench = new Bench(2);
  bench.step(0);
  bench.answer(bench.asked[0]!, "admin-prohibited", { from: ROUTER });
  bench.step(1);
  bench.answer(bench.asked[0]!, "syn-ack");
  bench.step(2);
  bench.answer(bench.asked[0]!, "reset");
  bench.step(3);
  assertEquals(bench.results, ["1 filtered admin-prohibited 57 1", "1 open syn-ack 57 1 late for admin-prohibited"]);
  assertEquals([bench.engine.counts.late, bench.engine.counts.duplicates], [1, 1]);
  assertEquals(bench.engine.expectedWrong, 0);
  assertEquals([...bench.engine.counts.byState], [1, 0, 0, 0, 0, 0, 0]);
});

Deno.test("engine: one bare SYN is not believed, one for each of two attempts is", () => {
  for (const [syns, state] of [[1, "filtered no-response"], [2, "open split-handshake-syn"]] as const) {
    const bench = new Bench(1);
    bench.step(0);
    for (let i = 0; i < syns; i++) {
      const { port, attempt } = bench.asked.at(-1)!;
      assertEquals(attempt, i);
      bench.answer({ host: HOST, port, attempt, token: 0 }, "split-handshake-syn");
      while (bench.asked.length === i + 1 && !bench.engine.finished) bench.run(bench.nowMs + 5);
    }
    bench.run(20_000);
    assertEquals(bench.results.length, 1);
    assert(bench.results[0]!.startsWith(`1 ${state}`), bench.results[0]);
  }
});

Deno.test("engine: bare SYNs to the port of one attempt are not believed, however many come", () => {
  const bench = new Bench(1);
  bench.step(0);
  while (!bench.engine.finished) {
    bench.answer({ ...bench.asked[0]!, token: 0 }, "split-handshake-syn");
    bench.answer({ ...bench.asked[0]!, attempt: bench.asked.length, token: 0 }, "split-handshake-syn");
    bench.run(bench.nowMs + 5);
  }
  assertEquals(bench.results.length, 1);
  assert(bench.results[0]!.startsWith("1 filtered no-response"), bench.results[0]);
});

Deno.test("engine: bare SYNs, which anybody can send, cost no more than a few searches a step", () => {
  const bench = new Bench(10);
  bench.step(0);
  const outcomes = Array.from(
    { length: 40 },
    () => bench.answer({ ...bench.asked[0]!, token: 0 }, "split-handshake-syn"),
  );
  bench.step(1);
  assertEquals(outcomes.filter(({ genuine }) => genuine).length, 16);
});

Deno.test("engine: timers wait while there is more to read, but not for ever", () => {
  const bench = new Bench(5);
  bench.step(0);
  bench.drained = bench.drainBatch;
  for (let nowMs = 200; nowMs < 5000; nowMs += 200) bench.step(nowMs);
  assertEquals(bench.asked.length, 5, "retransmitted though what has arrived was not read");
  for (let nowMs = 5000; nowMs < 20_000; nowMs += 200) bench.step(nowMs);
  assert(bench.asked.length > 5, "a flood has stopped the timers");
});

Deno.test("engine: what is not waited for any more is forgotten, each attempt", () => {
  const bench = new Bench(1, {}, "connect", 256);
  bench.run(60_000);
  assertEquals(bench.results.length, 1);
  assertEquals(bench.forgotten, bench.ids);
  assertEquals(new Set(bench.asked.map(({ token }) => token)).size, bench.asked.length);
});

Deno.test("engine: an outcome that the kernel has matched decides the probe of its id, and no other", () => {
  const bench = new Bench(2, {}, "connect", 256);
  bench.step(0);
  const refused = reasonCode("conn-refused");
  const [first, second] = bench.ids;
  bench.arriving.push((sink) => {
    // Of a port that the slot was for before, and of an attempt that was not made.
    sink.onOutcome(first!, HOST, 7, refused, HOST, 1, false);
    sink.onOutcome(first! + 1, HOST, 1, refused, HOST, 1, false);
  });
  bench.step(1);
  assertEquals([bench.results, bench.engine.counts.late], [[], 2]);
  bench.arriving.push((sink) => sink.onOutcome(second!, HOST, 2, refused, HOST, 2, true));
  bench.step(2);
  assertEquals(bench.results, ["2 closed conn-refused 0 1"]);
});

Deno.test("engine: sockets are not doubled: where an attempt costs one, the next waits until it is given up", () => {
  for (const [technique, leastMs, mostMs] of [["connect", 900, 1100], ["syn", 200, 300]] as const) {
    const bench = new Bench(1, {}, technique, 256);
    const times: number[] = [];
    while (!bench.engine.finished) {
      const before = bench.asked.length;
      bench.run(bench.nowMs + 10);
      if (bench.asked.length > before) times.push(bench.nowMs);
    }
    const gapMs = times[2]! - times[1]!;
    assert(gapMs > leastMs && gapMs < mostMs, `${technique}: ${gapMs} ms between the second attempt and the third`);
  }
});

Deno.test("engine: what the kernel refuses counts for no attempt, and is asked when it no longer does", () => {
  const bench = new Bench(3);
  bench.refusing = "unroutable";
  bench.run(1000);
  assertEquals(bench.results, []);
  bench.refusing = undefined;
  bench.run(1200);
  for (const port of [1, 2, 3]) bench.answer(bench.probes(port).at(-1)!, "reset");
  bench.step(bench.nowMs);
  assertEquals(bench.results, ["1 closed reset 57 1", "2 closed reset 57 1", "3 closed reset 57 1"]);
});

Deno.test("engine: what the kernel refuses for long is undecided; standing still is not counted", () => {
  for (
    const [reason, patienceMs] of [
      ["unroutable", 10_000],
      ["interface-down", 10_000],
      ["local-firewall", 2000],
      ["send-failed", 2000],
    ] as const
  ) {
    const bench = new Bench(2);
    bench.refusing = reason;
    bench.run(500);
    // The program is stopped and continued; it cannot know for how long it would have been refused.
    bench.nowMs += 30_000;
    bench.run(30_500 + patienceMs - 1000);
    assertEquals(bench.results, [], reason);
    bench.run(31_500 + patienceMs);
    assertEquals(bench.results, [`1 undecided ${reason} 0 0`, `2 undecided ${reason} 0 0`]);
  }
});

Deno.test("engine: the end makes what is under way undecided, and can be told what was never asked", () => {
  const bench = new Bench(200, { rate: { startPps: 1000, maxPps: 1000, minPps: 0 } });
  bench.run(20);
  const asked = bench.engine.position;
  assert(asked > 10 && asked < 30, `${asked}`);
  assertEquals(bench.engine.remaining().pending.length, 2 * asked);
  bench.engine.pause(true);
  bench.answer(bench.asked[0]!, "reset");
  bench.step(20);
  assertEquals(bench.engine.remaining().pending.length, 2 * (asked - 1));
  bench.engine.end(reasonCode("interrupted"));
  bench.engine.end(reasonCode("deadline"));
  bench.engine.skip(1000, reasonCode("not-asked"));
  const reasons = (reason: string) => bench.results.filter((result) => result.includes(` undecided ${reason} `)).length;
  assertEquals([reasons("interrupted"), reasons("not-asked"), reasons("deadline")], [asked - 1, 200 - asked, 0]);
});

Deno.test("engine: a stray ACK is answered once an attempt, only while its port is asked, and the port is retransmitted", () => {
  const bench = new Bench(2, {}, "syn", 1);
  bench.step(0);
  const answered: boolean[] = [];
  const strayAck = (host: number, port: number, attempt = 0) =>
    bench.arriving.push((sink) => answered.push(sink.answersStrayAck(host, port, attempt, false)));
  strayAck(HOST, 1);
  strayAck(HOST, 1);
  strayAck(HOST + 1, 1);
  strayAck(HOST, 77);
  bench.step(1);
  assertEquals(answered, [true, false, false, false]);
  assertEquals(bench.probes(1).map(({ attempt }) => attempt), [0, 1]);
  assertEquals(bench.probes(2).length, 1);
  bench.answer(bench.probes(1)[1]!, "syn-ack", { attempt: 0 });
  strayAck(HOST, 1);
  bench.step(2);
  assertEquals(answered.at(-1), false);
  assertEquals(bench.results, ["1 open syn-ack 57 2"]);
});

Deno.test("engine: stray ACKs in a flood are answered a few times a step", () => {
  const bench = new Bench(64, {}, "syn", 1);
  bench.step(0);
  let answered = 0;
  for (let port = 1; port <= 64; port++) {
    bench.arriving.push((sink) => answered += sink.answersStrayAck(HOST, port, 0, false) ? 1 : 0);
  }
  bench.step(1);
  assert(answered > 0 && answered <= 16, `${answered} answered`);
});

Deno.test("engine: a round trip is told only where both its times were measured", () => {
  const bench = new Bench(4);
  bench.step(0);
  // Sent later than the step that asked, as the first is; never told when, as the third; noticed, not measured, as the fourth.
  bench.arriving.push((sink) => {
    for (const index of [0, 1, 3]) sink.sent(bench.ids[index]!, index === 1 ? 20 : 7);
  });
  bench.step(7.01);
  const [first, second, third, fourth] = bench.asked as [Asked, Asked, Asked, Asked];
  bench.answer(first, "reset");
  bench.answer(third, "reset");
  bench.answer(fourth, "reset", { timed: false });
  // A reply that came before its probe left is measured wrongly.
  bench.answer(second, "reset");
  bench.step(7.05);
  assertEquals(bench.roundTrips.map((ms) => Math.round(ms * 100) / 100), [0.05, -1, -1, -1]);
});

/** Makes an engine whose only port was refused by a router, and that probes it again. */
function refused(): Bench {
  const bench = new Bench(1, {});
  bench.step(0);
  bench.answer(bench.asked[0]!, "host-unreach", { from: ROUTER });
  bench.run(1150);
  assertEquals([bench.asked.length, bench.results], [2, ["1 filtered host-unreach 57 1"]]);
  return bench;
}

Deno.test("engine: a refused port that replies when it is probed again is given anew, once", () => {
  for (const order of [[0, 1], [1, 0], [1, 1], [0, 0]]) {
    const bench = refused();
    for (const at of order) {
      bench.answer(bench.asked[at]!, "syn-ack");
      bench.step(bench.nowMs + 1);
    }
    bench.run(20_000);
    assertEquals(bench.results.slice(1), ["1 open syn-ack 57 1 late for host-unreach"], `${order}`);
    assertEquals([...bench.engine.counts.byState], [1, 0, 0, 0, 0, 0, 0], `${order}`);
    assertEquals([bench.engine.counts.answered, bench.engine.finished], [1, true]);
  }
});

Deno.test("engine: a refused port that is silent when it is probed again stays refused", () => {
  const bench = refused();
  bench.run(20_000);
  assertEquals([bench.results.length, bench.engine.finished], [1, true]);
  assertEquals([...bench.engine.counts.byState], [0, 0, 1, 0, 0, 0, 0]);
  assert(bench.asked.length > 2, "the check was lost, perhaps");
});

Deno.test("engine: a scan that ends, is paused or saved while a refused port is probed again keeps its result", () => {
  const bench = refused();
  const { pending, refused: kept } = bench.engine.remaining();
  assertEquals([[...pending], [...kept]], [[], [HOST, 1, reasonCode("host-unreach"), 0]]);
  bench.engine.end(reasonCode("interrupted"));
  assertEquals([bench.results.length, ...bench.engine.counts.byState], [1, 0, 0, 1, 0, 0, 0, 0]);
  const paused = new Bench(1);
  paused.step(0);
  paused.answer(paused.asked[0]!, "host-unreach", { from: ROUTER });
  paused.step(1);
  paused.engine.pause(true);
  paused.run(5000);
  assertEquals(paused.asked.length, 1);
  paused.engine.pause(false);
  paused.run(5100);
  assertEquals(paused.asked.length, 2);
});
