/**
 * Calibration of UDP scans: what a scan states of its results from silence, held against what is wrong, with fixed seeds.
 * `deno task lab:udp-calibration` takes many more.
 *
 * @module
 */

import { assert } from "@std/assert";
import { type ErrorLimit, simulateUdp, type UdpScan } from "../support/sim_udp.ts";

const SILENT = "open|filtered no-response";
const UNLIMITED: ErrorLimit = { burst: Infinity, perSecond: Infinity };
const LIMITS: readonly ErrorLimit[] = [
  UNLIMITED,
  { burst: 6, perSecond: 1 },
  { burst: 6, perSecond: 10 },
  { burst: 200, perSecond: 200 },
  { burst: 20, perSecond: 3 },
];
/** Wrong results, stated or seen, from which on they are compared, and the factor by which the two may differ. */
const ENOUGH = 20;
const FACTOR = 2;

/** Results of scans. */
interface Outcome {
  readonly wrong: number;
  readonly stated: number;
  readonly seconds: number;
}

/** Runs a scan for each seed: of `ports` one in `every` is silent, the others are closed. */
async function scansOf(
  seeds: readonly number[],
  every: number,
  count: number,
  conditions: { readonly limit: ErrorLimit; readonly loss: number },
  limits?: UdpScan["limits"],
): Promise<Outcome> {
  const ports = Array.from({ length: count }, (_, index) => 20_001 + index);
  let [wrong, stated, seconds] = [0, 0, 0];
  for (const seed of seeds) {
    const port = (_host: number, each: number) => (each + seed) % every === 0 ? "silent" : "closed";
    const scan = { conditions: { port, seed: Math.imul(seed, 0x9e3779b1), ...conditions }, ports, seed };
    const { results, engine, elapsedMs } = await simulateUdp(limits === undefined ? scan : { ...scan, limits });
    wrong += ports.filter((each) => port(0, each) === "closed" && results.get(`0:${each}`) === SILENT).length;
    stated += engine.expectedWrong;
    seconds += elapsedMs / 1000;
  }
  return { wrong, stated, seconds };
}

function seedsTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function assertCalibrated({ wrong, stated }: Outcome, name: string): void {
  if (Math.max(wrong, stated) < ENOUGH) return;
  assert(wrong <= FACTOR * stated && stated <= FACTOR * wrong, `${name}: ${wrong} wrong, ${stated} stated`);
}

Deno.test("udp calibration: with few retries as many results are wrong as are stated, over losses and shares of silent ports", async () => {
  let wrong = 0;
  for (const maxRetries of [1, 2]) {
    for (const loss of [0.02, 0.05, 0.1, 0.2]) {
      for (const every of [4, 10, 50]) {
        const outcome = await scansOf(seedsTo(8), every, 400, { limit: UNLIMITED, loss }, { maxRetries });
        wrong += outcome.wrong;
        assertCalibrated(outcome, `${maxRetries} retries, ${100 * loss} % lost each way, 1 in ${every} silent`);
      }
    }
  }
  assert(wrong > 1000, `${wrong} wrong`);
});

Deno.test("udp calibration: of single ports whose host has an empty bucket as many are wrong as are stated, whatever the loss", async () => {
  let [wrong, stated] = [0, 0];
  for (const loss of [0.05, 0.1, 0.15, 0.2]) {
    const outcome = await scansOf(seedsTo(600), 2, 1, { limit: { burst: 6, perSecond: 1, tokens: 0 }, loss });
    wrong += outcome.wrong;
    stated += outcome.stated;
  }
  assert(wrong >= ENOUGH, `${wrong} wrong`);
  assertCalibrated({ wrong, stated, seconds: 0 }, "one port");
});

Deno.test("udp calibration: no scan states more than it has to, under any limit, loss, and share of silent ports", async () => {
  let wrong = 0;
  for (const limit of LIMITS) {
    for (const loss of [0.02, 0.1, 0.2]) {
      for (const every of [4, 10, 50]) {
        const outcome = await scansOf(seedsTo(3), every, 100, { limit, loss });
        wrong += outcome.wrong;
        const name = `${limit.perSecond}/s, ${100 * loss} % lost each way, 1 in ${every} silent`;
        assert(outcome.stated < 0.01, `${name}: ${outcome.stated} stated in three scans`);
        // The closed ports alone take 100 seconds, and few more, since what replies to nothing spends no token.
        if (limit.perSecond === 1) assert(outcome.seconds < 3 * 220, `${name}: ${outcome.seconds / 3} s`);
      }
    }
  }
  assert(wrong === 0, `${wrong} wrong`);
});
