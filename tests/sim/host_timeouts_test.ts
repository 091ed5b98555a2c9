/** The times of hosts on the simulated network: what is known by then is right, and the rest is undecided. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { HostTimeouts } from "../../src/engine/host_timeouts.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { UNDECIDED } from "../../src/result/states.ts";
import type { SimOutcome } from "../support/sim.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_ICMP, SIM_OPEN } from "../support/sim_network.ts";
import { MIXED, simTest } from "./mixes.ts";

const FIRST = 0x0a000001;
const PORTS = 300;
/** A host that replies ten times a second, and one that replies at once. */
const CONDITIONS = {
  port: (_host: number, port: number) => port % 50 === 0 ? SIM_OPEN : SIM_CLOSED,
  answerCap: (host: number) => host === FIRST ? { perSecond: 10, burst: 5 } : undefined,
  delayMs: 5,
};

function reasonsOf({ results, reasons }: SimOutcome, host: number, ports = PORTS): Map<string, number> {
  const found = new Map<string, number>();
  for (let index = host * ports; index < (host + 1) * ports; index++) {
    const key = results[index] === UNDECIDED ? REASONS[reasons[index]!]! : "decided";
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

Deno.test("host timeouts: a time begins with the first probe of each host, and is up after the limit", () => {
  const timeouts = new HostTimeouts(100);
  assertEquals([timeouts.canBeOver(1e9), timeouts.isOver(7, 1e9)], [false, false]);
  timeouts.begin(7, 1000);
  timeouts.begin(0xffffffff, 1050.7);
  timeouts.begin(7, 1090);
  assertEquals([1099, 1100].map((nowMs) => timeouts.isOver(7, nowMs)), [false, true]);
  assertEquals([1149, 1151].map((nowMs) => timeouts.isOver(0xffffffff, nowMs)), [false, true]);
  assertEquals(timeouts.isOver(8, 5000), false);
});

Deno.test("host timeouts: the time of hosts stands still while passes over the other address family run", () => {
  const [ofIpv4, ofIpv6] = [7, 1000];
  const timeouts = new HostTimeouts(100, ofIpv6);
  for (const host of [ofIpv4, ofIpv6]) timeouts.begin(host, 1000);
  timeouts.wait(6, 70);
  assertEquals([1099, 1100].map((nowMs) => timeouts.isOver(ofIpv4, nowMs)), [false, true]);
  assertEquals([1169, 1170].map((nowMs) => timeouts.isOver(ofIpv6, nowMs)), [false, true]);
});

for (const seed of [1, 2, 3]) {
  simTest(`host timeouts: a slow host is ended on time, and the others are not, seed ${seed}`, async ({ simulate }) => {
    const scan = { conditions: { ...CONDITIONS, seed }, hosts: 2, ports: PORTS, seed };
    const outcome = await simulate({ ...scan, timeouts: new HostTimeouts(2000) });
    assertEquals(reasonsOf(outcome, 1), new Map([["decided", PORTS]]));
    const slow = reasonsOf(outcome, 0);
    assert(slow.get("host-timeout")! > PORTS / 2 && slow.get("decided")! > 10, JSON.stringify([...slow]));
    assertEquals(slow.size, 2);
    // Nothing that was decided is wrong.
    assertEquals(outcome.wrong().filter((line) => !line.includes("undecided (host-timeout)")), []);
    assertLess(outcome.elapsedMs, 2200);
    assertEquals(outcome.engine.silences().timedOut, [FIRST]);
    assert((await simulate(scan)).elapsedMs > 10_000);
  });
}

simTest(
  "host timeouts: a host that drops everything is undecided, not filtered, if its time is up first",
  async ({ simulate }) => {
    const conditions = { port: () => SIM_DROPPED, delayMs: 5 };
    const outcome = await simulate({ conditions, hosts: 1, ports: 20, timeouts: new HostTimeouts(500) });
    assertEquals(reasonsOf(outcome, 0, 20), new Map([["host-timeout", 20]]));
    assertLess(outcome.elapsedMs, 700);
  },
);

simTest(
  "host timeouts: times go on from pass to pass, and nothing is sent to a host whose time was up before",
  async ({ simulate }) => {
    const timeouts = new HostTimeouts(2000);
    const scan = { conditions: CONDITIONS, hosts: 2, ports: PORTS, timeouts };
    const first = await simulate(scan);
    const second = await simulate({ ...scan, after: first, firstPort: 1001 });
    assertEquals(reasonsOf(second, 0), new Map([["host-timeout", PORTS]]));
    // The other host's time is up as well by now.
    assertEquals(reasonsOf(second, 1), new Map([["host-timeout", PORTS]]));
    assertEquals(second.driver.counters.sent, 0);
    assertLess(second.elapsedMs, 100);
  },
);

simTest(
  "host timeouts: silence from before a cap was known is undecided where no time is left to check it",
  async ({ simulate }) => {
    for (const seed of [18, 28, 33]) {
      const conditions = {
        port: MIXED,
        delayMs: 300,
        answerCap: () => ({ perSecond: 2, burst: 5 }),
        seed: 7919 * seed,
      };
      // Some end before the ports are probed again, some in the middle of that.
      for (const limitMs of [20_000, 35_000, 38_000, 40_000, 45_000]) {
        const outcome = await simulate({ conditions, ports: 90, seed, timeouts: new HostTimeouts(limitMs) });
        const text = `seed ${seed}, ${limitMs} ms`;
        assertEquals(outcome.wrong().filter((line) => !line.includes("undecided (host-timeout)")), [], text);
        if (outcome.elapsedMs < limitMs) continue;
        assertLess(outcome.elapsedMs, limitMs + 200, text);
        assertEquals(outcome.engine.silences().timedOut, [FIRST], text);
      }
    }
  },
);

simTest(
  "host timeouts: refusals that were not the same each time are named where no time is left for the others",
  async ({ simulate }) => {
    // A firewall that rejects what is beyond ten a second.
    for (const limitMs of [3000, 5000, 10_000]) {
      let [tokens, atMs] = [5, 0];
      const instead = (_host: number, _port: number, nowMs: number) => {
        tokens = Math.min(5, tokens + (nowMs - atMs) / 100);
        atMs = nowMs;
        return tokens < 1 ? SIM_ICMP + 13 : void tokens--;
      };
      const conditions = { port: () => SIM_CLOSED, instead };
      const limits = { rate: { startPps: 5000, maxPps: 5000, minPps: 0 } };
      const outcome = await simulate({ conditions, ports: PORTS, limits, timeouts: new HostTimeouts(limitMs) });
      const { timedOut, unsettled } = outcome.engine.silences();
      assertLess(outcome.elapsedMs, limitMs + 200);
      assertEquals([timedOut, unsettled.map(({ ports }) => ports)], [[FIRST], [outcome.wrong().length]]);
      assert(outcome.wrong().length > 0);
    }
  },
);
