import { assertEquals } from "@std/assert";
import { probeId } from "../../src/driver/driver.ts";
import { Sockets } from "../../src/driver/sockets.ts";
import { Random } from "../support/random.ts";

for (const capacity of [1, 2, 5, 64]) {
  Deno.test(`sockets: the attempts of a slot are found in any order of use, ${capacity} sockets`, () => {
    const random = new Random(capacity);
    const sockets = new Sockets(capacity);
    /** The sockets in use, oldest first, each with its slot; and those cancelled, in that order. */
    let used: { readonly socket: number; readonly slot: number }[] = [];
    let cancelled: number[] = [];
    for (let step = 0; step < 4000; step++) {
      const slot = random.pick([0, 1, 63, 64, 5000]);
      const own = used.length === 0 ? undefined : random.pick(used);
      switch (random.below(4)) {
        case 0:
        case 1: {
          const socket = sockets.take(7, step & 0xffff, probeId(slot, step), step);
          assertEquals(socket < 0, used.length === capacity);
          if (socket >= 0) used.push({ socket, slot });
          break;
        }
        case 2:
          if (own === undefined) break;
          if (!cancelled.includes(own.socket)) cancelled.push(own.socket);
          sockets.cancel(own.socket);
          break;
        default:
          if (own === undefined) break;
          sockets.release(own.socket);
          used = used.filter((each) => each !== own);
          cancelled = cancelled.filter((socket) => socket !== own.socket);
      }
      assertEquals([sockets.used, sockets.oldestCancelled], [used.length, cancelled[0] ?? -1]);
      const found: number[] = [];
      for (let socket = sockets.lastOf(slot); socket >= 0; socket = sockets.before(socket)) found.push(socket);
      const expected = used.filter((each) => each.slot === slot).map(({ socket }) => socket);
      assertEquals(found, expected.toReversed(), `step ${step}`);
    }
  });
}
