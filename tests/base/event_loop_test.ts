/** Who has its turn when. */

import { assert, assertEquals } from "@std/assert";
import { EventLoopYielder } from "../../src/base/event_loop.ts";

for (
  const [who, needs, turns] of [
    ["nobody", 0, 0],
    ["who needs some promises", 20, 0],
    ["who needs more than promises", Infinity, 1],
  ] as const
) {
  Deno.test(`yielder: ${who} waits, and the event loop has ${turns} turn(s)`, async () => {
    let left: number = needs;
    let turned = 0;
    const taker = async () => {
      while (left > 0 && left < Infinity) {
        await undefined;
        left--;
      }
    };
    const yielder = new EventLoopYielder({
      hasWaitingConsumer: () => left > 0,
      waitForEvents: () => {
        turned++;
        left = 0;
        return Promise.resolve();
      },
    });
    const taking = taker();
    await yielder.yield();
    assertEquals([left, turned], [0, turns]);
    await taking;
  });
}

Deno.test("yielder: the event loop has a turn now and then, though no consumer waits", async () => {
  let turned = 0;
  const yielder = new EventLoopYielder({
    hasWaitingConsumer: () => false,
    waitForEvents: () => Promise.resolve(void turned++),
  });
  const beganMs = performance.now();
  while (performance.now() < beganMs + 200) await yielder.yield();
  const tookMs = performance.now() - beganMs;
  assert(turned >= 1 && turned <= tookMs / 25, `${turned} turns in ${tookMs} ms`);
});
