import { assert, assertEquals } from "@std/assert";
import { HostLimiter } from "../../src/engine/host_limit.ts";
import { Random } from "../support/random.ts";

const TIMEOUT_MS = 100;
const REPLY_MS = 2;

/**
 * Asks for `forMs` a host that answers `capPps` turns a second, evenly, and loses the share `loss` of liveness probes besides. Returns
 * the turns a second in the second half, and whether the host was ever taken for one with a cap.
 */
function drive(
  pace: HostLimiter,
  capPps: number,
  loss: number,
  forMs: number,
  seed = 1,
): { readonly turnsPps: number; readonly hadCap: boolean } {
  const random = new Random(seed);
  const lostAt: number[] = [];
  const room = Math.max(5, capPps / 1000);
  let tokens = 0;
  let turns = 0;
  let hadCap = false;
  for (let nowMs = 0; nowMs < forMs && !pace.free; nowMs++) {
    tokens = Math.min(room, tokens + capPps / 1000);
    while (lostAt.length > 0 && lostAt[0]! + TIMEOUT_MS <= nowMs) {
      pace.onLivenessProbe(lostAt.shift()!, false, TIMEOUT_MS);
    }
    while (!pace.free && pace.nextAt <= nowMs) {
      const isPulse = pace.livenessIsNext;
      const answered = tokens >= 1 && !random.chance(loss);
      if (tokens >= 1) tokens--;
      pace.onSent(nowMs, isPulse, REPLY_MS);
      if (nowMs >= forMs / 2) turns++;
      if (!isPulse && answered) pace.onReply(nowMs);
      if (!isPulse) continue;
      hadCap ||= pace.hasCap;
      if (answered) pace.onLivenessProbe(nowMs, true, TIMEOUT_MS);
      else lostAt.push(nowMs);
    }
  }
  return { turnsPps: turns * 2000 / forMs, hadCap };
}

/** The rate that a pace has, by the time to its next turn. */
function ratePps(pace: HostLimiter): number {
  const before = pace.nextAt;
  pace.onSent(before, true, REPLY_MS);
  return 1000 / (pace.nextAt - before);
}

for (const [capPps, answerPps] of [[250, 100], [250, 2000], [20, 100], [2000, 100], [2, 2]] as const) {
  Deno.test(`pace: a host that answers ${capPps} a second, asked ${answerPps} at first`, () => {
    const pace = new HostLimiter(1, 9);
    pace.begin(0, answerPps, 0.1);
    const { turnsPps, hadCap } = drive(pace, capPps, 0, 10_000);
    assertEquals([pace.free, hadCap], [false, true]);
    assert(turnsPps > 0.7 * capPps && turnsPps < 4 * capPps, `${turnsPps} a second`);
  });
}

Deno.test("pace: where packets are lost by chance, the pace is given up", () => {
  for (const loss of [0.3, 0.5]) {
    for (const seed of [1, 2, 3, 4, 5]) {
      const pace = new HostLimiter(1, 9);
      pace.begin(0, 1000, 1 - loss);
      drive(pace, Infinity, loss, 30_000, seed);
      assert(pace.free, `${loss}, seed ${seed}: ${ratePps(pace)} a second`);
    }
  }
});

Deno.test("pace: a host that answers all is free again", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 200, 0.5);
  drive(pace, Infinity, 0, 5000);
  assert(pace.free);
});

Deno.test("pace: one turn in ten is a liveness probe's, more rarely where there are many turns, more often where there are few", () => {
  for (const [answerPps, least, most] of [[100, 0.08, 0.12], [4000, 0.008, 0.012], [10, 0.3, 0.5]] as const) {
    const pace = new HostLimiter(1, 9);
    pace.begin(0, answerPps, 0.5);
    let livenessProbes = 0;
    for (let turn = 0; turn < 1000; turn++) {
      if (pace.livenessIsNext) livenessProbes++;
      pace.onSent(pace.nextAt, pace.livenessIsNext, TIMEOUT_MS);
    }
    assert(
      livenessProbes / 1000 >= least && livenessProbes / 1000 <= most,
      `${answerPps} a second: ${livenessProbes} of 1,000`,
    );
  }
});

Deno.test("pace: turns that were missed are made up for by twenty milliseconds at most", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 1000, 0.5);
  pace.onSent(0, false, REPLY_MS);
  let turns = 0;
  while (pace.nextAt <= 10_000) {
    pace.onSent(10_000, false, REPLY_MS);
    turns++;
  }
  assert(turns >= 20 && turns <= 22, `${turns} turns`);
});

Deno.test("pace: silence while the host was overwhelmed says nothing", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 1000, 0.9);
  for (let i = 0; i < 5; i++) pace.onLivenessProbe(100 + 25 * i, true, TIMEOUT_MS);
  assertEquals(pace.wasOverwhelmed(200), false);
  for (let i = 0; i < 10; i++) pace.onLivenessProbe(300 + 25 * i, false, TIMEOUT_MS);
  assertEquals([pace.wasOverwhelmed(500), pace.wasOverwhelmed(9999)], [true, true]);
  for (let i = 0; i < 12; i++) pace.onLivenessProbe(2000 + 25 * i, true, TIMEOUT_MS);
  assertEquals([pace.wasOverwhelmed(500), pace.wasOverwhelmed(2400)], [true, false]);
});

Deno.test("pace: liveness probes from before the pace do not move it", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(1000, 500, 0.5);
  const before = ratePps(pace);
  for (let i = 0; i < 20; i++) pace.onLivenessProbe(999, i % 2 === 0, TIMEOUT_MS);
  assertEquals(ratePps(pace), before);
});

Deno.test("pace: at a slow rate a liveness probe follows what is not replied to, and its silence makes that void", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 2, 0.9);
  pace.onSent(0, false, REPLY_MS);
  assertEquals([pace.nextAt, pace.livenessIsNext], [REPLY_MS, true]);
  pace.onReply(0);
  assertEquals([pace.nextAt > 400, pace.livenessIsNext], [true, false], "a reply makes it needless");
  for (const [atMs, isAnswered] of [[1000, true], [2000, false]] as const) {
    pace.onSent(atMs, false, REPLY_MS);
    pace.onSent(atMs + REPLY_MS, true, REPLY_MS);
    assertEquals(pace.livenessIsNext, false);
    pace.onLivenessProbe(atMs + REPLY_MS, isAnswered, TIMEOUT_MS);
    assertEquals(pace.wasOverwhelmed(atMs), !isAnswered);
  }
  pace.onSent(4000, false, REPLY_MS);
  pace.onSent(4300, true, REPLY_MS);
  pace.onLivenessProbe(4300, true, TIMEOUT_MS);
  assertEquals(pace.wasOverwhelmed(4000), true, "a reply may have become possible since then");
});

Deno.test("pace: at a slow rate a liveness probe leaves shortly after what it follows, however long replies take", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 2, 0.9);
  pace.onSent(0, false, 700);
  assertEquals([pace.nextAt, pace.livenessIsNext], [500 / 32, true]);
  pace.onSent(pace.nextAt, true, 700);
  pace.onReply(0);
  pace.onLivenessProbe(500 / 32, false, TIMEOUT_MS);
  assertEquals(pace.wasOverwhelmed(0), false, "its reply was the one that the cap allowed");
});

Deno.test("pace: a host that replies to hardly any probe at the lowest rates is hopeless", () => {
  const pace = new HostLimiter(1, 9);
  pace.begin(0, 1, 0.1);
  for (let i = 0; i < 30; i++) pace.onLivenessProbe(1000 * i, i % 10 === 0, TIMEOUT_MS);
  assertEquals(pace.isHopeless, true);
});
