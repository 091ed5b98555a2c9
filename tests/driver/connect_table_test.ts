import { assert, assertEquals } from "@std/assert";
import { ConnectTable } from "../../src/driver/connect_table.ts";
import { Random } from "../support/random.ts";

Deno.test("gives its slots out, and back, and no more than it has", () => {
  const table = new ConnectTable(3);
  const slots = [1, 2, 3].map((port) => table.take(7, port, 0, port, -1, 0));
  assertEquals(slots.toSorted(), [0, 1, 2]);
  assertEquals([table.take(7, 4, 0, 4, -1, 0), table.used], [-1, 3]);
  table.release(slots[1]!);
  assertEquals([table.find(7, 2), table.take(8, 9, 0, 0, -1, 0), table.used], [-1, slots[1], 3]);
});

for (const capacity of [1, 2, 5, 64]) {
  Deno.test(`finds what a map and a list would find, ${capacity} slots`, () => {
    const random = new Random(capacity);
    const table = new ConnectTable(capacity);
    const used = new Map<number, { host: number; port: number; attempt: number; token: number; beganMs: number }>();
    let forgotten: number[] = [];
    for (let step = 0; step < 4000; step++) {
      // Few hosts and ports, so that the same is often asked several times.
      const host = random.pick([0, 1, 0xffffffff, 0x0a000001]);
      const port = random.pick([0, 80, 65535]);
      switch (random.below(4)) {
        case 0:
        case 1: {
          const asked = { host, port, attempt: random.below(250), token: random.u32(), beganMs: step };
          const slot = table.take(host, port, asked.attempt, asked.token, -1, step);
          assertEquals(slot < 0, used.size === capacity);
          if (slot >= 0) {
            assert(!used.has(slot));
            used.set(slot, asked);
          }
          break;
        }
        case 2: {
          if (used.size === 0) break;
          const slot = random.pick([...used.keys()]);
          table.cancel(slot);
          if (!forgotten.includes(slot)) forgotten.push(slot);
          break;
        }
        case 3: {
          if (used.size === 0) break;
          const slot = random.pick([...used.keys()]);
          table.release(slot);
          used.delete(slot);
          forgotten = forgotten.filter((other) => other !== slot);
          break;
        }
      }
      assertEquals([table.used, table.oldestForgotten], [used.size, forgotten[0] ?? -1]);
      const found: number[] = [];
      for (let slot = table.find(host, port); slot >= 0; slot = table.after(slot)) found.push(slot);
      const expected = [...used].filter(([, asked]) => asked.host === host && asked.port === port);
      assertEquals(found.toSorted(), expected.map(([slot]) => slot).toSorted());
      for (const [slot, asked] of expected) {
        const { attempt, token, beganMs } = table;
        assertEquals(
          { host, port, attempt: attempt[slot]!, token: token[slot]!, beganMs: beganMs[slot]! },
          asked,
        );
      }
    }
  });
}
