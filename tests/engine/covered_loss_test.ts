/** The loss of hosts whose ICMP errors are limited, from attempts at ports of which some reply to nothing. */

import { assert, assertAlmostEquals } from "@std/assert";
import { CoveredLoss } from "../../src/engine/covered_loss.ts";
import { Random } from "../support/random.ts";

const PORTS = 400;

/** The counts after so many rounds of attempts, and how many closed ports are still silent. */
interface Rounds {
  readonly found: CoveredLoss;
  readonly silentPorts: number;
  readonly missed: number;
}

/** Sends so many rounds of attempts at ports that are silent in one of `every`, and of whose replies the share `loss` is lost. */
function roundsOf(rounds: number, loss: number, every: number, ports: number, random: Random): Rounds {
  const found = new CoveredLoss();
  const silent = new Array<number>(ports).fill(0);
  for (let round = 0; round < rounds; round++) {
    for (let port = 0; port < ports; port++) {
      if (silent[port]! < 0) continue;
      const isLost = port % every === 0 || random.below(1000) < 1000 * loss;
      if (isLost) found.onSilence(silent[port]!++);
      else {
        found.onReply(silent[port]!, true);
        silent[port] = -1;
      }
    }
  }
  const silentPorts = silent.filter((count) => count >= 0).length;
  return { found, silentPorts, missed: silentPorts - Math.ceil(ports / every) };
}

function after(rounds: number, loss: number, every: number): CoveredLoss {
  return roundsOf(rounds, loss, every, PORTS, new Random(17)).found;
}

Deno.test("covered loss: while no port has had two attempts, silence counts as loss", () => {
  const found = after(1, 0.3, 10);
  assert(Math.abs(found.share - 0.37) < 0.06, `${found.share}`);
  // As little is known where nothing is lost.
  assert(after(1, 0, 10).share > 0.08);
});

Deno.test("covered loss: further attempts tell lost replies from silent ports", () => {
  for (const loss of [0.05, 0.2, 0.36]) {
    for (const every of [2, 4, 50]) {
      const share = after(6, loss, every).share;
      assert(Math.abs(share - loss) < 0.07, `${loss} lost, 1 of ${every} silent: ${share}`);
    }
  }
  assert(after(6, 0, 4).share < 0.01);
});

Deno.test("covered loss: a reply to an attempt that no token was kept for proves what was lost before, and nothing more", () => {
  // As if 7 had come back before, and 2 been lost.
  for (const [isCovered, share] of [[false, 4 / 11], [true, 4 / 12]] as const) {
    const found = new CoveredLoss();
    found.onSilence(0);
    found.onSilence(1);
    found.onReply(2, isCovered);
    assertAlmostEquals(found.share, share, 0.01);
  }
});

Deno.test("covered loss: where nothing but silent ports is left, two replies are enough to show that little is lost", () => {
  const found = new CoveredLoss();
  for (let port = 0; port < 25; port++) for (let attempt = 0; attempt < 20; attempt++) found.onSilence(attempt);
  found.onReply(0, true);
  found.onReply(0, true);
  assert(found.share < 0.5, `${found.share}`);
});

Deno.test("covered loss: of the ports that are reported as silent as many are closed as is expected", () => {
  const HOSTS = 200;
  const random = new Random(5);
  let [allMissed, allExpected] = [0, 0];
  for (const rounds of [4, 5, 6, 8]) {
    for (const loss of [0.04, 0.1, 0.2, 0.36]) {
      for (const every of [2, 4, 10]) {
        let [missed, expected] = [0, 0];
        for (let host = 0; host < HOSTS; host++) {
          const each = roundsOf(rounds, loss, every, 100, random);
          for (let port = 0; port < each.silentPorts; port++) each.found.addSilent(rounds);
          missed += each.missed;
          expected += each.found.expectedWrong;
        }
        allMissed += missed;
        allExpected += expected;
        const row = `${rounds} attempts, ${loss} lost, 1 of ${every} silent: ${missed} closed, ${expected} expected`;
        if (Math.max(missed, expected) < 40) continue;
        assert(missed <= 2 * expected && expected <= 2 * missed, row);
      }
    }
  }
  const row = `${allMissed} closed, ${allExpected} expected`;
  assert(allMissed > 300 && allMissed <= 1.6 * allExpected && allExpected <= 1.6 * allMissed, row);
});

Deno.test("covered loss: a port that replies after all is expected to be closed no more, and tokens are spent by what may be closed", () => {
  const found = after(3, 0.2, 4);
  found.addSilent(3);
  const one = found.expectedWrong;
  found.addSilent(3);
  assertAlmostEquals(found.expectedWrong, 2 * one);
  found.addSilent(3, -1);
  assertAlmostEquals(found.expectedWrong, one);
  assert(found.spentBy(1) === 1 && found.spentBy(2) > 2 * found.spentBy(3));
  assert(after(3, 0, 4).spentBy(1) < 0.1);
});
