/** The loss of hosts whose ICMP errors are limited, from attempts at ports of which some reply to nothing. */

import { assert, assertEquals } from "@std/assert";
import { CoveredLoss } from "../../src/engine/covered_loss.ts";
import { Random } from "../support/random.ts";

const PORTS = 400;

/** Sends so many rounds of attempts at ports that are silent in one of `every`, and of whose replies the share `loss` is lost. */
function after(rounds: number, loss: number, every: number): CoveredLoss {
  const random = new Random(17);
  const found = new CoveredLoss();
  const silent = new Array<number>(PORTS).fill(0);
  for (let round = 0; round < rounds; round++) {
    for (let port = 0; port < PORTS; port++) {
      if (silent[port]! < 0) continue;
      const isLost = port % every === 0 || random.below(1000) < 1000 * loss;
      if (isLost) found.onSilence(silent[port]!++);
      else {
        found.onReply(silent[port]!, true);
        silent[port] = -1;
      }
    }
  }
  return found;
}

const shareOf = ({ returned, lost }: CoveredLoss) => lost / (returned + lost);

Deno.test("covered loss: while no port has had two attempts, silence counts as loss", () => {
  const found = after(1, 0.3, 10);
  assert(Math.abs(shareOf(found) - 0.37) < 0.06, `${shareOf(found)}`);
  // As little is known where nothing is lost.
  assert(shareOf(after(1, 0, 10)) > 0.08);
});

Deno.test("covered loss: further attempts tell lost replies from silent ports", () => {
  for (const loss of [0.05, 0.2, 0.36]) {
    for (const every of [2, 4, 50]) {
      const share = shareOf(after(6, loss, every));
      assert(Math.abs(share - loss) < 0.07, `${loss} lost, 1 of ${every} silent: ${share}`);
    }
  }
  assert(shareOf(after(6, 0, 4)) < 0.01);
});

Deno.test("covered loss: a reply to an attempt that no token was kept for proves what was lost before, and nothing more", () => {
  const found = new CoveredLoss();
  found.onSilence(0);
  found.onSilence(1);
  found.onReply(2, false);
  assertEquals([found.returned, found.lost], [0, 2]);
});

Deno.test("covered loss: where nothing but silent ports is left, two replies are enough to show that little is lost", () => {
  const found = new CoveredLoss();
  for (let port = 0; port < 25; port++) for (let attempt = 0; attempt < 20; attempt++) found.onSilence(attempt);
  found.onReply(0, true);
  found.onReply(0, true);
  assert(shareOf(found) < 0.5, `${shareOf(found)}`);
});
