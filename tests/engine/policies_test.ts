/**
 * The policies of the engine, one at a time. How they work together is in engine_test.ts and in tests/sim.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { GLOBAL } from "../../src/engine/host_table.ts";
import { LocalDrops } from "../../src/engine/local_drops.ts";
import { BLOCKED_LIST, FOR_LIVENESS, FOR_PATH_LIVENESS, FOR_RESULT, READY_LIST } from "../../src/engine/probe_table.ts";
import { HOP_ABSENT, HOP_PENDING, NO_CARRIER, NO_PROBLEM } from "../../src/local/local.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { CLOSED, FILTERED, OPEN, UNDECIDED } from "../../src/result/states.ts";
import { HOST, testState } from "./engine_parts.ts";

function policies(options: Parameters<typeof testState>[0] = {}) {
  const test = testState(options);
  const { targets, limiters, loss, retransmit, sendErrors, sender, liveness, results, unresolved, refill } = test.state;
  return { ...test, targets, limiters, loss, retransmit, sendErrors, sender, liveness, results, unresolved, refill };
}

/** Adds the host, with a round trip of 1 ms and port 7 closed. */
function addHost({ state }: ReturnType<typeof policies>): number {
  const index = state.hosts.findOrAdd(HOST);
  state.hosts.livenessPort[index] = 7;
  for (const i of [GLOBAL, index]) state.hosts.srtt[i] = 1;
  return index;
}

Deno.test("retransmit: the first attempt waits for its timeout, the third leaves earlier", () => {
  const test = policies();
  const { state, sender, retransmit } = test;
  const slot = sender.enqueue(HOST, 1, FOR_RESULT);
  sender.send(slot, GLOBAL, 0);
  assertEquals([retransmit.waitMs(slot, GLOBAL), retransmit.firstWaitMs(slot, GLOBAL)], [1000, 125]);
  sender.send(slot, GLOBAL, 1000);
  assertEquals(retransmit.waitMs(slot, GLOBAL), retransmit.gapMs(GLOBAL));
  assert(retransmit.gapMs(GLOBAL) < 1000);
  state.hosts.srtt[GLOBAL] = 1;
  assertEquals(retransmit.timeoutMs(GLOBAL), state.limits.timeouts.minMs);
});

Deno.test("retransmit: attempts end at the user's bound, or where the loss makes further ones useless", () => {
  const bounded = policies({ limits: { maxRetries: 1 } });
  const slot = bounded.sender.enqueue(HOST, 1, FOR_RESULT);
  bounded.sender.send(slot, GLOBAL, 0);
  assertEquals(bounded.retransmit.needsAttempt(slot, GLOBAL, false, false), true);
  bounded.sender.send(slot, GLOBAL, 0);
  assertEquals(bounded.retransmit.needsAttempt(slot, GLOBAL, false, false), false);
  // An attempt that has not left this machine is none.
  assertEquals(bounded.retransmit.needsAttempt(slot, GLOBAL, true, true), true);
  const free = policies();
  const other = free.sender.enqueue(HOST, 1, FOR_RESULT);
  let attempts = 0;
  while (free.retransmit.needsAttempt(other, GLOBAL, false, false)) {
    free.sender.send(other, GLOBAL, 0);
    attempts++;
  }
  assertEquals(attempts, free.loss.attemptsNeeded(other, GLOBAL));
});

Deno.test("liveness: retransmissions to a host carry a probe to a port that is known to reply", () => {
  const test = policies();
  const index = addHost(test);
  assertEquals(test.liveness.witnessOf(index), index);
  for (let i = 0; i < 8; i++) test.liveness.onRetransmit(index, 1);
  assert(test.sent.length >= 1 && test.sent.length < 8, `${test.sent.length} liveness probes`);
  assert(test.sent.every(({ host, port }) => host === HOST && port === 7));
});

Deno.test("liveness: a host without a known port is judged by the others, once there are two", () => {
  const { liveness, targets } = policies();
  assertEquals([liveness.witnessOf(GLOBAL), liveness.wasAlive(GLOBAL, 100, 200), liveness.send(GLOBAL, 0)], [
    GLOBAL,
    true,
    false,
  ]);
  targets.answered(HOST + 1, 80);
  targets.answered(HOST + 2, 80);
  assertEquals([liveness.wasAlive(GLOBAL, 100, 200), liveness.send(GLOBAL, 0)], [false, true]);
});

Deno.test("liveness: a host was alive while it replied, and no more once a liveness probe stays without a reply", () => {
  const test = policies({ limits: { rate: { startPps: 1e6, maxPps: 1e6, minPps: 0 } } });
  const index = addHost(test);
  test.loss.noteAlive(index, 100);
  assertEquals([test.liveness.wasAlive(index, 100, 200), test.liveness.wasAlive(index, 200, 200)], [true, false]);
  test.state.hosts.noteLivenessLost(index, 90);
  assertEquals(test.liveness.wasAlive(index, 100, 200), false);
});

Deno.test("liveness: a silent host is probed ever more rarely, and given up after a while", () => {
  const test = policies();
  const index = addHost(test);
  let nowMs = 0;
  for (; !test.state.hosts.isUnreachable(index, nowMs) && nowMs < 60_000; nowMs += 10) {
    const before = test.sent.length;
    test.liveness.probeSilent(index, nowMs);
    if (test.sent.length > before) test.state.hosts.noteLivenessLost(index, nowMs);
  }
  assert(nowMs >= 5000 && nowMs < 20_000, `${nowMs} ms`);
  assert(test.sent.length >= 8 && test.sent.length < 60, `${test.sent.length} liveness probes`);
});

Deno.test("send errors: a refused probe counts for no attempt, and is undecided after two seconds", () => {
  const { state, sender, sendErrors, ...test } = policies();
  const slot = sender.enqueue(HOST, 1, FOR_RESULT);
  for (let nowMs = 1; nowMs < 4000 && test.reported.length === 0; nowMs += 100) {
    sendErrors.retry(nowMs, state.results);
    if (state.table.first(READY_LIST) !== slot) continue;
    sender.send(slot, GLOBAL, nowMs);
    sendErrors.notSent(slot, reasonCode("send-failed"), nowMs);
    assertEquals([state.table.tries[slot], state.table.first(BLOCKED_LIST)], [0, slot]);
  }
  assertEquals(test.reported, [`1 ${UNDECIDED} ${reasonCode("send-failed")}`]);
});

Deno.test("send errors: while the kernel refuses few probes are tried at a time, more once it does not", () => {
  const { state, sender, sendErrors } = policies();
  for (let port = 1; port <= 100; port++) {
    sendErrors.notSent(sender.enqueue(HOST, port, FOR_RESULT), reasonCode("send-failed"), 1);
  }
  sendErrors.retry(200, state.results);
  assertEquals(state.table.count(READY_LIST), 8);
  sendErrors.retry(400, state.results);
  assertEquals(state.table.count(READY_LIST), 40);
  assertEquals(sendErrors.nextAt, 500);
});

Deno.test("send errors: a probe is not sent while its path has a problem", () => {
  let problem = NO_CARRIER;
  const { state, sender, ...test } = policies({ local: { problem: () => problem, mayTry: () => false } });
  const slot = sender.enqueue(HOST, 1, FOR_RESULT);
  assertEquals([sender.send(slot, GLOBAL, 0), state.table.first(BLOCKED_LIST), test.sent.length], [true, slot, 0]);
  problem = NO_PROBLEM;
  sender.send(slot, GLOBAL, 0);
  assertEquals(test.sent.length, 1);
});

Deno.test("unresolved: probes wait for a hardware address, and are decided where no host has it", () => {
  let hop = HOP_PENDING;
  const local = { resolutions: 0, resolve: () => hop };
  const { state, sender, unresolved, reported } = policies({ local });
  const slot = sender.enqueue(HOST, 1, FOR_RESULT);
  assertEquals([unresolved.holds(slot, 0), state.table.first(READY_LIST)], [true, -1]);
  unresolved.release();
  assertEquals([state.table.first(READY_LIST), reported], [-1, []]);
  (state.local as { resolutions: number }).resolutions++;
  unresolved.release();
  assertEquals(state.table.first(READY_LIST), slot);
  hop = HOP_ABSENT;
  assertEquals([unresolved.holds(slot, 1), reported], [true, [`1 ${FILTERED} ${reasonCode("no-arp-response")}`]]);
});

Deno.test("host limiters: a host that loses most of what it is sent is limited, and loses no more for the path", () => {
  const test = policies();
  const index = addHost(test);
  for (let port = 1; port <= 50; port++) test.sender.enqueue(HOST, port, FOR_RESULT);
  test.loss.addLost(index, 19);
  assertEquals(test.limiters.of(index), undefined);
  test.loss.addLost(index, 1);
  const limiter = test.limiters.of(index);
  assertEquals([limiter?.free, test.loss.path.lost, test.state.hosts.lost[index]], [false, 0, 0]);
  test.loss.addLost(index, 5);
  assertEquals([test.loss.path.lost, test.loss.seen.lost], [0, 5]);
  const slot = test.state.table.first(READY_LIST);
  test.limiters.enqueue(slot, limiter!);
  let sent = 0;
  for (let nowMs = 1000; nowMs < 2000; nowMs++) {
    sent += test.limiters.service(nowMs, 64, test.sender, test.liveness, { giveUpHost: () => {} });
  }
  assert(test.sent.some(({ port }) => port === test.state.table.port[slot]), "the queued probe was sent");
  assert(sent < 50, `${sent} probes in a second`);
});

Deno.test("host limiters: what was sent before a cap was known proves nothing, though the reply that shows it arrived before", () => {
  const test = policies();
  const index = addHost(test);
  for (let port = 1; port <= 50; port++) test.sender.enqueue(HOST, port, FOR_RESULT);
  const slot = test.state.table.first(READY_LIST);
  for (const sentMs of [200, 240, 280]) test.sender.send(slot, index, sentMs);
  // The kernel hands over at 300 what arrived at 270.
  test.state.clock.begin(300);
  test.loss.addLost(index, 20);
  assertEquals(test.state.hosts.silenceCountsSince(index), 300);
  // Neither does the end of an outage before.
  for (const sentMs of [210, 220, 230, 240]) test.state.hosts.noteLivenessLost(index, sentMs);
  test.loss.noteAlive(index, 250);
  assertEquals(test.state.hosts.silenceCountsSince(index), 300);
  test.sender.send(slot, index, 300);
  assertEquals([test.state.table.tries[slot], test.state.table.countedTries[slot]], [4, 1]);
});

Deno.test("retransmit: attempts to a host that other engines probe are spread, until it is known what it replies", () => {
  for (const sharesHosts of [false, true]) {
    const test = policies({ limits: { sharesHosts } });
    const index = addHost(test);
    const waits = () => {
      const slots = [1, 2, 3, 4].map((port) => test.sender.enqueue(HOST, port, FOR_RESULT));
      for (const slot of slots) test.sender.send(slot, index, 0);
      return new Set(slots.map((slot) => test.state.retransmit.waitMs(slot, index))).size;
    };
    test.state.hosts.livenessPort[index] = -1;
    assertEquals(waits(), sharesHosts ? 4 : 1);
    test.state.hosts.livenessPort[index] = 7;
    assertEquals(waits(), 1);
  }
});

Deno.test("host limiters: a host with few ports, or few losses, is not limited", () => {
  const test = policies({ ports: 10 });
  const index = addHost(test);
  test.loss.addLost(index, 100);
  assertEquals(test.limiters.of(index), undefined);
});

Deno.test("loss account: liveness probes lost in an outage are no loss of the path", () => {
  const test = policies();
  const index = addHost(test);
  for (let i = 0; i < 10; i++) test.state.hosts.noteLivenessLost(index, 100 + i);
  test.loss.noteAlive(index, 200);
  assertEquals([test.loss.seen.lost, test.state.hosts.countsSince[index]], [0, 200]);
  test.state.hosts.noteLivenessLost(GLOBAL, 100);
  test.loss.noteAlive(GLOBAL, 200);
  assertEquals(test.loss.seen.lost, 1);
});

Deno.test("loss account: probes for the liveness of the path count for the path alone, replied to or lost", () => {
  const test = policies();
  const index = addHost(test);
  const { hosts } = test.state;
  for (const purpose of [FOR_PATH_LIVENESS, FOR_LIVENESS]) {
    const [replied, silent] = [0, 0].map(() => test.sender.enqueue(HOST, 7, purpose));
    for (const slot of [replied!, silent!]) test.sender.send(slot, index, 100);
    test.loss.noteAlive(GLOBAL, 200);
    test.loss.noteAlive(index, 200);
    test.loss.addReply(replied!, index, test.state.table.tries[replied!]! - 1, 100);
    test.state.silence.giveUp(silent!);
    const count = purpose === FOR_LIVENESS ? 1 : 0;
    assertEquals([hosts.returned[index], hosts.lost[index]], [count, count]);
  }
  assertEquals([test.loss.path.answered, test.loss.path.lost], [2, 2]);
});

Deno.test("refill: probes of the source leave a quarter of the slots to others, and stop while paused", () => {
  const test = policies({ ports: 10_000, limits: { maxInFlight: 100 } });
  test.refill.isPaused = true;
  assertEquals(test.refill.take(), -1);
  test.refill.isPaused = false;
  let taken = 0;
  while (test.refill.take() >= 0) taken++;
  assertEquals([taken, test.state.position, test.refill.isPossible], [100, 100, false]);
  assert(test.sender.enqueue(HOST, 7, FOR_LIVENESS) >= 0);
});

Deno.test("local drops: each drop is noticed once, a few send retries are tolerated", () => {
  const { state } = policies();
  const drops = new LocalDrops(state);
  const { counters } = state.driver;
  counters.sendRetries = 8;
  assertEquals(drops.haveOccurred(), false);
  counters.receiveDrops = 1;
  assertEquals([drops.haveOccurred(), drops.haveOccurred()], [true, false]);
  counters.sendRetries = 30;
  assertEquals(drops.haveOccurred(), true);
});

Deno.test("results: a late reply replaces silence, and a weaker one does not", () => {
  const { state, sender, loss, results, reported } = policies();
  const slot = sender.enqueue(HOST, 1, FOR_RESULT);
  sender.send(slot, GLOBAL, 0);
  loss.ledger.add(loss.probabilityMissed(slot, GLOBAL));
  results.decide(slot, FILTERED, reasonCode("no-response"));
  assert(loss.ledger.expectedWrong(1) > 0);
  for (const [code, reason] of [[OPEN, "syn-ack"], [CLOSED, "reset"]] as const) {
    results.onLateReply(slot, 0, code, reasonCode(reason), 64, true, 0, 1, 1, HOST);
  }
  assertEquals(reported, [`1 ${FILTERED} ${reasonCode("no-response")}`, `1 ${OPEN} ${reasonCode("syn-ack")}`]);
  const { counts } = state;
  assertEquals([counts.late, counts.duplicates, counts.byState[FILTERED], counts.byState[OPEN]], [1, 1, 0, 1]);
  assertEquals(loss.ledger.expectedWrong(1), 0);
});

Deno.test("results: RST and then SYN-ACK to the same attempt show another device, to two attempts they do not", () => {
  for (const [attempt, expected] of [[0, []], [1, [HOST]]] as const) {
    const { state, sender, results } = policies();
    for (const port of [1, 2]) {
      const slot = sender.enqueue(HOST, port, FOR_RESULT);
      for (const sentMs of [0, 100]) sender.send(slot, GLOBAL, sentMs);
      state.table.answered[slot] = 1;
      results.decide(slot, CLOSED, reasonCode("reset"));
      results.onLateReply(slot, attempt, OPEN, reasonCode("syn-ack"), 64, true, 100, 1, 1, HOST);
    }
    assertEquals(state.proxies.suspects(), [...expected]);
  }
});
