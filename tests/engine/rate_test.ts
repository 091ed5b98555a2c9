import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type RateBounds, RateController } from "../../src/engine/rate.ts";
import { Random } from "../support/random.ts";

const INTERVAL_MS = 200;

/** Sends for `forMs` through a path that carries `pathPps` and loses the share `loss` of the rest by chance. */
function drive(
  rate: RateController,
  path: { readonly pps?: number; readonly loss?: number; readonly answering?: number },
  fromMs: number,
  forMs: number,
  stepMs = 1,
): number {
  const { pps = Infinity, loss = 0, answering = 1 } = path;
  const random = new Random(11);
  let sent = 0;
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += stepMs) {
    const room = pps * stepMs / 1000;
    const count = Math.min(rate.available(nowMs), 1000 * stepMs);
    for (let i = 0; i < count; i++) {
      rate.spend();
      if (!random.chance(answering)) continue;
      const lost = random.chance(1 - Math.min(1, room / count)) || random.chance(loss);
      if (lost) rate.lost(nowMs);
      else rate.returned(nowMs);
    }
    sent += count;
    rate.adjust(nowMs, INTERVAL_MS);
  }
  return sent;
}

Deno.test("rate: a token bucket gives its rate, and no more than ten milliseconds of it at once", () => {
  const rate = new RateController({ startPps: 1000, maxPps: 1000, minPps: 0 });
  assertEquals(rate.available(0), 1);
  rate.spend();
  assertEquals(rate.available(0.5), 0);
  assertAlmostEquals(rate.nextAt(), 1);
  assertEquals(rate.available(1), 1);
  assertEquals(rate.available(5), 5);
  assertEquals(rate.available(500), 10);
  for (let i = 0; i < 12; i++) rate.spend();
  assert(rate.available(501) < 1, "a debt is paid back");
  assertEquals(rate.available(503), 1);
});

Deno.test("rate: the slowest rates", () => {
  const rate = new RateController({ startPps: 1 / 300, maxPps: 1 / 300, minPps: 0 });
  assertEquals(rate.available(0), 1);
  rate.spend();
  assertEquals(rate.available(299_999), 0);
  assertAlmostEquals(rate.nextAt(), 300_000, 1e-6);
  assertEquals(rate.available(300_000), 1);
});

Deno.test("rate: unbounded means unbounded", () => {
  const rate = new RateController({ startPps: Infinity, maxPps: Infinity, minPps: 0 });
  assertEquals(rate.available(0), Infinity);
  for (let i = 0; i < 1000; i++) rate.spend();
  assertEquals(rate.available(0), Infinity);
});

const upTo = (startPps: number, maxPps: number, minPps = 0): RateBounds => ({ startPps, maxPps, minPps });
const CHECKED: RateBounds = { startPps: 1000, uncheckedPps: 10_000, maxPps: 100_000, minPps: 0 };

type Row = readonly [
  bounds: RateBounds,
  path: Parameters<typeof drive>[1],
  forMs: number,
  leastPps: number,
  mostPps: number,
];
const ROWS: Readonly<Record<string, Row>> = {
  "it grows to the most": [upTo(1000, 10_000), {}, 1200, 10_000, 10_000],
  "silence does not slow it": [upTo(1000, 10_000), { answering: 0 }, 1200, 10_000, 10_000],
  "a narrow path does": [upTo(1000, 100_000), { pps: 5000 }, 4000, 3000, 9000],
  "a narrow path among filtered ports": [upTo(1000, 100_000), { pps: 5000, answering: 0.2 }, 4000, 2500, 10_000],
  "loss by chance does not": [upTo(1000, 10_000), { loss: 0.36 }, 6000, 10_000, 10_000],
  "a narrow path that loses by chance": [upTo(1000, 100_000), { pps: 5000, loss: 0.19 }, 6000, 2500, 12_000],
  "without replies it grows as far as that is safe": [CHECKED, { answering: 0 }, 3000, 10_000, 10_000],
  "a few replies let it grow further": [CHECKED, { answering: 0.01 }, 3000, 100_000, 100_000],
  "a few replies show a narrow path": [CHECKED, { answering: 0.02, pps: 30_000 }, 6000, 8000, 50_000],
  "loss by chance does not keep it from growing": [CHECKED, { answering: 0.1, loss: 0.1 }, 6000, 100_000, 100_000],
  "the least is kept whatever is lost": [upTo(50_000, 50_000, 50_000), { pps: 5000 }, 3000, 50_000, 50_000],
};

for (const [name, [bounds, path, forMs, leastPps, mostPps]] of Object.entries(ROWS)) {
  Deno.test(`rate: ${name}`, () => {
    const rate = new RateController(bounds);
    drive(rate, path, 0, forMs);
    assert(rate.ratePps >= leastPps && rate.ratePps <= mostPps, `${rate.ratePps} a second`);
  });
}

Deno.test("rate: once replies stop, it falls to the rate that needs none", () => {
  const rate = new RateController(CHECKED);
  drive(rate, { answering: 0.05 }, 0, 3000);
  assertEquals(rate.ratePps, 100_000);
  drive(rate, { answering: 0 }, 3000, 3 * INTERVAL_MS);
  assertEquals(rate.ratePps, 10_000);
  drive(rate, { answering: 0 }, 3000 + 3 * INTERVAL_MS, 3000);
  assertEquals(rate.ratePps, 10_000);
});

Deno.test("rate: an overload is told from loss by chance, and known to be over", () => {
  const rate = new RateController(CHECKED);
  drive(rate, { answering: 0.1, pps: 20_000 }, 0, 4000);
  const { overloadedUntil } = rate;
  assert(overloadedUntil > 1000 && overloadedUntil < 3000, `until ${overloadedUntil}`);
  const chance = new RateController(CHECKED);
  drive(chance, { answering: 0.1, loss: 0.1 }, 0, 4000);
  assertEquals(chance.overloadedUntil, -Infinity);
});

Deno.test("rate: a bound that a person sets needs no replies", () => {
  const rate = new RateController(CHECKED);
  rate.setMax(50_000);
  drive(rate, { answering: 0 }, 0, 3000);
  assertEquals(rate.ratePps, 50_000);
});

Deno.test("rate: a start without bounds finds a narrow path", () => {
  const rate = new RateController({ startPps: Infinity, maxPps: Infinity, minPps: 0 });
  drive(rate, { pps: 5000 }, 0, 4000);
  assert(rate.ratePps > 2500 && rate.ratePps < 12_000, `${rate.ratePps} a second`);
});

Deno.test("rate: what was sent before the rate was moved does not count", () => {
  const rate = new RateController({ startPps: 1000, maxPps: 1000, minPps: 0 });
  drive(rate, { loss: 0.5 }, 0, 250);
  const before = rate.ratePps;
  assert(before < 1000, `${before}`);
  for (let i = 0; i < 500; i++) rate.lost(100);
  for (let i = 0; i < 500; i++) rate.returned(450);
  rate.adjust(700, INTERVAL_MS);
  assert(rate.ratePps >= before, "judged by what was lost before");
});

Deno.test("rate: packets dropped on this machine slow it, once an interval", () => {
  const rate = new RateController({ startPps: 10_000, maxPps: 10_000, minPps: 0 });
  drive(rate, {}, 0, 100);
  rate.squeeze(100, INTERVAL_MS);
  const squeezed = rate.ratePps;
  assert(squeezed < 8000 && squeezed > 4000, `${squeezed}`);
  rate.squeeze(150, INTERVAL_MS);
  assertEquals(rate.ratePps, squeezed);
  drive(rate, {}, 150, 3000);
  assert(rate.ratePps > squeezed, "it recovers");
});

Deno.test("rate: a person sets another bound", () => {
  const rate = new RateController({ startPps: Infinity, maxPps: Infinity, minPps: 100 });
  rate.setMax(500);
  assertEquals(rate.ratePps, 500);
  rate.setMax(50);
  assertEquals(rate.ratePps, 50);
  rate.setMax(2000);
  assertEquals(rate.ratePps, 2000);
  rate.setMax(0);
  assertEquals(rate.ratePps, 1);
});
