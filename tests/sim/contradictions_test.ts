/**
 * Replies to one probe that contradict each other, and segments of other connections.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { noteTexts } from "../../src/engine/notes.ts";
import { proxyFindings } from "../../src/engine/proxies.ts";
import { NO_FACTS } from "../../src/local/local.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";
import {
  SIM_CHALLENGE,
  SIM_CLOSED,
  SIM_CLOSED_BARE,
  SIM_DROPPED,
  SIM_FIN_ACK,
  SIM_ICMP,
  SIM_LEFT_OVER,
  SIM_OPEN,
} from "../support/sim_network.ts";
import type { SimOutcome } from "../support/sim.ts";
import { assertRight, simTest } from "./mixes.ts";

const FIRST_HOST = 0x0a000001;

function notesOf({ engine }: SimOutcome): string[] {
  return noteTexts(engine.noteRows(), (host) => `${host - FIRST_HOST}`).map(({ ip, ports, more, note }) =>
    `host ${ip}, ${ports.length + more} ports: ${note}`
  );
}

const ICMP = SIM_ICMP + 13;
const ROWS = [
  ["SYN-ACK and RST", SIM_OPEN, SIM_CLOSED, "open syn-ack"],
  ["SYN-ACK and RST", SIM_OPEN, SIM_CLOSED_BARE, "open syn-ack"],
  ["SYN-ACK and ICMP error", SIM_OPEN, ICMP, "open syn-ack"],
  ["RST and ICMP error", SIM_CLOSED, ICMP, "closed reset"],
] as const;

for (const [note, one, other, expected] of ROWS) {
  for (const [first, then] of [[one, other], [other, one]] as const) {
    for (const afterMs of [0, 4, 900, 3000]) {
      const name = `${note}, ${first === one ? "in that order" : "the other way round"}, ${afterMs} ms apart`;
      simTest(`sim: contradictions: ${name}`, async ({ scanned }) => {
        // The port that is asked first answers twice, so that the scan is not over when the second reply comes.
        let twice = -1;
        const outcome = await scanned({
          ports: 200,
          limits: { rate: { startPps: 50, maxPps: 50, minPps: 0 } },
          conditions: {
            port: (_host, port) => {
              if (twice < 0) twice = port;
              return port === twice ? first : SIM_CLOSED;
            },
            alsoAnswers: (_host, port) => port === twice ? { as: then, afterMs } : undefined,
          },
        });
        const { results, reasons, engine } = outcome;
        assertEquals(`${STATES[results[twice - 1]!]} ${REASONS[reasons[twice - 1]!]}`, expected);
        assertEquals(notesOf(outcome), [`host 0, 1 ports: ${note}`]);
        assertEquals(engine.counts.byState.reduce((sum, count) => sum + count, 0), 200);
        assertEquals(engine.counts.byState[STATES.indexOf("closed")], results.filter((state) => state === 1).length);
      });
    }
  }
}

simTest(
  "sim: contradictions: on the only port, the second reply is waited for as long as round trips are",
  async ({ scanned }) => {
    for (const [delayMs, afterMs] of [[1, 4], [30, 50]] as const) {
      const { results, elapsedMs } = await scanned({
        ports: 1,
        conditions: { port: () => SIM_CLOSED, delayMs, alsoAnswers: () => ({ as: SIM_OPEN, afterMs }) },
      });
      assertEquals([...results].map((state) => STATES[state]), ["open"]);
      assert(elapsedMs < 200, `${elapsedMs} ms`);
    }
  },
);

simTest("sim: contradictions: second replies of this machine itself are not waited for", async ({ scanned }) => {
  const elapsed = await Promise.all([true, false].map(async (isOwn) => {
    const local = { ...NO_FACTS, isOwn: () => isOwn };
    const conditions = { port: () => SIM_CLOSED, delayMs: 0.1 };
    const { engine, elapsedMs } = await scanned({ ports: 100, local, conditions });
    assertEquals(engine.counts.byState[STATES.indexOf("closed")], 100);
    return elapsedMs;
  }));
  assert(elapsed[0]! < 1 && elapsed[1]! > 5, `${elapsed} ms`);
});

simTest(
  "sim: contradictions: once second replies have come, those of the last ports are waited for as long",
  async ({ scanned }) => {
    for (const afterMs of [20, 60, 200]) {
      const { results, elapsedMs } = await scanned({
        ports: 300,
        limits: { rate: { startPps: 500, maxPps: 500, minPps: 0 } },
        conditions: { port: () => SIM_CLOSED, alsoAnswers: () => ({ as: SIM_OPEN, afterMs }) },
      });
      const open = results.filter((state) => STATES[state] === "open").length;
      assertEquals(open, 300, `${afterMs} ms apart`);
      assert(elapsedMs < 600 + 3 * afterMs, `${elapsedMs} ms`);
    }
  },
);

simTest(
  "sim: contradictions: refusals of further attempts are no second replies, and are not waited for",
  async ({ scanned }) => {
    for (const seed of [1, 2, 3]) {
      let decidedAt = 0;
      const { engine, elapsedMs } = await scanned({
        ports: 2000,
        seed,
        // Both of two attempts are often replied to, in up to 60 ms.
        limits: { timeouts: { initialMs: 20, minMs: 20, maxMs: 20 } },
        conditions: { port: () => SIM_CLOSED, jitterMs: 60, seed },
        afterStep: ({ counts }, clock) => {
          if (decidedAt === 0 && counts.byState[STATES.indexOf("closed")] === 2000) decidedAt = clock.now();
        },
      });
      assert(engine.counts.duplicates > 100, `${engine.counts.duplicates} duplicates`);
      assert(decidedAt > 0 && elapsedMs - decidedAt <= 55, `${elapsedMs - decidedAt} ms`);
    }
  },
);

simTest(
  "sim: contradictions: what comes after silence was reported replaces it, an ICMP error as well",
  async ({ scanned }) => {
    for (const [as, expected] of [[ICMP, "filtered admin-prohibited"], [SIM_CLOSED, "closed reset"]] as const) {
      let late = -1;
      const outcome = await scanned({
        ports: 400,
        limits: {
          rate: { startPps: 200, maxPps: 200, minPps: 0 },
          timeouts: { initialMs: 100, minMs: 50, maxMs: 100 },
        },
        conditions: {
          port: (_host, port) => {
            if (late < 0 && port % 2 === 1) late = port;
            return port % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;
          },
          alsoAnswers: (_host, port) => port === late ? { as, afterMs: 1000 } : undefined,
        },
      });
      const { results, reasons } = outcome;
      assertEquals(`${STATES[results[late - 1]!]} ${REASONS[reasons[late - 1]!]}`, expected);
      assertEquals(notesOf(outcome), []);
    }
  },
);

simTest(
  "sim: contradictions: every port of many contradicts itself, and each is reported once and open",
  async ({ scanned }) => {
    const outcome = await scanned({
      ports: 20_000,
      conditions: { port: () => SIM_CLOSED, alsoAnswers: () => ({ as: SIM_OPEN, afterMs: 2 }) },
    });
    const { results } = outcome;
    // The first few come when no host reckons with them, and their slots ask something else by then.
    const open = results.filter((state) => state === 0).length;
    assert(open > 19_000, `${open} open`);
    assert(notesOf(outcome)[0]?.startsWith("host 0, "), `${notesOf(outcome)}`);
  },
);

simTest(
  "sim: stray ACK: a left-over connection from the same port is reset, and the next attempt gets the truth",
  async ({ scanned }) => {
    for (const loss of [0, 0.05]) {
      const outcome = await scanned({
        ports: 100,
        sourcePorts: 1,
        conditions: {
          port: (_host, port) => port % 10 === 0 ? SIM_LEFT_OVER : port % 10 === 1 ? SIM_DROPPED : SIM_CLOSED,
          lossOut: loss,
          lossBack: loss,
        },
      });
      assertRight(outcome.wrong());
      assertEquals(notesOf(outcome), [
        "host 0, 10 ports: an ACK of another connection from the same port was answered with RST",
      ]);
      assert(outcome.network.resets < 60, `${outcome.network.resets} RSTs`);
    }
  },
);

simTest(
  "sim: stray SYN-ACK: protection against SYN floods gets the RST that it asks for, and the next attempt gets the truth",
  async ({ scanned }) => {
    for (const sourcePorts of [1, 16]) {
      for (const loss of [0, 0.05]) {
        const outcome = await scanned({
          ports: 100,
          sourcePorts,
          conditions: {
            port: (_host, port) => port % 10 === 0 ? SIM_CHALLENGE : port % 10 === 1 ? SIM_DROPPED : SIM_CLOSED,
            lossOut: loss,
            lossBack: loss,
          },
        });
        assertRight(outcome.wrong());
        assertEquals(notesOf(outcome), [
          "host 0, 10 ports: a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for",
        ]);
        assert(outcome.network.resets < 60, `${outcome.network.resets} RSTs`);
      }
    }
  },
);

simTest("sim: FIN-ACK with our numbers decides nothing, and is counted by itself", async ({ scanned }) => {
  const outcome = await scanned({
    ports: 20,
    conditions: { port: (_host, port) => port === 3 ? SIM_FIN_ACK : SIM_CLOSED },
  });
  const { engine, driver, results, reasons } = outcome;
  assertEquals(`${STATES[results[2]!]} ${REASONS[reasons[2]!]}`, "filtered no-response");
  assert(engine.counts.finAcks >= 2, `${engine.counts.finAcks}`);
  assertEquals(driver.counters.unmatched, 0);
  assertEquals(notesOf(outcome), ["host 0, 1 ports: FIN without SYN: a proxy on the path could not connect"]);
});

simTest(
  "sim: RST without ACK: closed at once, no host after the 3.07 s of a kernel that finds no neighbor",
  async ({ scanned }) => {
    // Hosts 0 and 2 are closed behind the proxy, at the address of host 1 there is none.
    for (const hosts of [[0, 1, 2], [1]]) {
      const outcome = await scanned({
        hosts: hosts.length,
        firstHost: FIRST_HOST + hosts[0]!,
        ports: 20,
        limits: { rate: { startPps: 10, maxPps: 10, minPps: 0 } },
        conditions: { port: () => SIM_CLOSED_BARE, slowMs: (host) => host === FIRST_HOST + 1 ? 3070 : 0 },
      });
      const { engine, results, reasons, decidedAt, elapsedMs } = outcome;
      const dead = "filtered neighbor-timeout";
      const found = hosts.map((_, at) => {
        const all = Array.from({ length: 20 }, (_, port) => 20 * at + port);
        // Of what was asked shortly before the end, the RST comes after it.
        const isTooLate = (i: number) => REASONS[reasons[i]!] === "no-response" && decidedAt[i]! > elapsedMs - 3070;
        return [...new Set(all.map((i) => isTooLate(i) ? dead : `${STATES[results[i]!]} ${REASONS[reasons[i]!]}`))]
          .join();
      });
      assertEquals(found, hosts.length === 1 ? [dead] : ["closed reset-no-ack", dead, "closed reset-no-ack"]);
      assertEquals([...engine.hostsUp()].sort(), hosts.length === 1 ? [] : [FIRST_HOST, FIRST_HOST + 2]);
    }
  },
);

simTest(
  "sim: rst-spoof: a host whose ports reply to single probes by RST and then by SYN-ACK is suspect",
  async ({ scanned }) => {
    for (const [spoofed, expected] of [[5, 1], [2, 1], [1, 0]] as const) {
      const { engine, results } = await scanned({
        ports: 200,
        limits: { rate: { startPps: 1000, maxPps: 1000, minPps: 0 } },
        conditions: {
          port: () => SIM_CLOSED,
          alsoAnswers: (_host, port) => port <= spoofed ? { as: SIM_OPEN, afterMs: 4 } : undefined,
        },
      });
      assertEquals(results.filter((state) => STATES[state] === "open").length, spoofed);
      assertEquals(engine.suspects(), expected === 1 ? [FIRST_HOST] : [], `${spoofed} ports`);
      assertEquals(proxyFindings(engine.noteRows()).rstSpoof.size, expected);
    }
  },
);

simTest(
  "sim: rst-spoof: a port that opens or closes while its probes are lost makes no host suspect",
  async ({ scanned }) => {
    // The first attempt is refused and lost on the way back, or comes so late that the second is accepted before.
    const { engine } = await scanned({
      ports: 500,
      conditions: {
        port: (_host, port) => port % 5 === 0 ? SIM_OPEN : SIM_CLOSED,
        lossOut: 0.2,
        lossBack: 0.2,
        duplicates: 0.3,
      },
    });
    assertEquals(engine.suspects(), []);
  },
);
