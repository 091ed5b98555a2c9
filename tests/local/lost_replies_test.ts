/**
 * Replies that this machine drops itself, from counters that a test sets.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { LostReplies } from "../../src/local/lost_replies.ts";

const NONE = { reversePath: 0, firewall: 0 };

/** Returns the report after a second and so many silent ports of each family, while the counters rose to these. */
function reportAfter(
  silent: Readonly<Record<4 | 6, number>>,
  now: Readonly<Record<4 | 6, typeof NONE>>,
  own?: 4 | 6,
): typeof NONE {
  let isBegun = false;
  const before = { reversePath: 7, firewall: 1000 };
  const lost = new LostReplies({
    inputDrops: (family) => {
      const { reversePath, firewall } = isBegun ? now[family] : NONE;
      return { reversePath: before.reversePath + reversePath, firewall: before.firewall + firewall };
    },
  }, 5000);
  isBegun = true;
  for (const family of [4, 6] as const) {
    for (let port = 1; port <= silent[family]; port++) {
      lost.onSilence(family, family, port, family === own);
      if (port < 4096) lost.onSilence(family, family, port, family === own);
    }
  }
  return lost.report(6000);
}

Deno.test("LostReplies: packets dropped count where they are about as many as the replies to silent ports would be", () => {
  const drops = (reversePath: number, firewall: number) => ({ reversePath, firewall });
  assertEquals(reportAfter({ 4: 0, 6: 0 }, { 4: drops(9, 9), 6: drops(0, 9) }), NONE);
  assertEquals(reportAfter({ 4: 10, 6: 0 }, { 4: drops(9, 31), 6: drops(0, 999) }), NONE);
  assertEquals(reportAfter({ 4: 10, 6: 0 }, { 4: drops(10, 32), 6: drops(0, 999) }), drops(10, 32));
  assertEquals(reportAfter({ 4: 1, 6: 2 }, { 4: drops(0, 4), 6: drops(0, 8) }), drops(0, 8));
  assertEquals(reportAfter({ 4: 5000, 6: 0 }, { 4: drops(4999, 15_001), 6: NONE }), NONE);
  // Of a family of which this machine is a target, its packet filter drops probes.
  assertEquals(reportAfter({ 4: 10, 6: 2 }, { 4: drops(10, 99), 6: drops(0, 8) }, 4), drops(10, 8));
});
