import { assert, assertEquals } from "@std/assert";
import { ROW_LEN } from "../../src/result/batch.ts";
import { HeldRows, NONE } from "../../src/scan/held_rows.ts";
import { Random } from "../support/random.ts";

const words = (first: number) => Uint32Array.from({ length: ROW_LEN }, (_, i) => first * ROW_LEN + i);

Deno.test("held rows: the same as arrays by host, with hosts and rows that come and go", () => {
  const random = new Random(1);
  const held = new HeldRows();
  const expected = new Map<number, { words: number[]; pass: number }[]>();
  const assertSame = (host: number) => {
    const rows: { words: number[]; pass: number }[] = [];
    const slot = held.slotOf(host);
    held.forEachRow(slot, (of, at, pass) => rows.push({ words: [...of.subarray(at, at + ROW_LEN)], pass }));
    assertEquals(rows, expected.get(host));
    assertEquals([...held.copy(slot)], rows.flatMap((row) => row.words));
  };
  for (let i = 0; i < 20_000; i++) {
    const host = 0xffff_ff00 + random.below(200);
    const slot = held.slotOf(host);
    assertEquals(slot === NONE, !expected.has(host));
    if (slot !== NONE && random.below(12) === 0) {
      assertSame(host);
      held.remove(slot);
      expected.delete(host);
    } else {
      if (!expected.has(host)) expected.set(host, []);
      const row = words(i), other = words(0), pass = random.below(3);
      held.addRow(slot === NONE ? held.addHost(host) : slot, new Uint32Array([...other, ...row]), ROW_LEN, pass);
      expected.get(host)!.push({ words: [...row], pass });
    }
    assertEquals(held.hostCount, expected.size);
    assertEquals(held.length, expected.values().reduce((sum, rows) => sum + rows.length, 0));
    assertEquals(held.oldest === NONE ? undefined : held.hostOf(held.oldest), expected.keys().next().value);
  }
  assertEquals([...held.slots()].map((slot) => held.hostOf(slot)), [...expected.keys()]);
  for (const host of expected.keys()) assertSame(host);
  for (const slot of held.slots()) held.remove(slot);
  assertEquals([held.hostCount, held.length, held.oldest], [0, 0, NONE]);
});

Deno.test("held rows: a host without rows has none", () => {
  const held = new HeldRows();
  const slot = held.addHost(1);
  assertEquals([held.copy(slot).length, held.length, held.hostCount], [0, 0, 1]);
  held.remove(slot);
  assertEquals([held.slotOf(1), held.hostCount], [NONE, 0]);
});

Deno.test("held rows: the memory of removed hosts and rows is used again", () => {
  const held = new HeldRows();
  const row = words(0);
  const before = Deno.memoryUsage().external;
  for (let round = 0; round < 2000; round++) {
    for (let host = 0; host < 200; host++) {
      const slot = held.addHost(host);
      for (let i = 0; i < 4; i++) held.addRow(slot, row, 0, 0);
    }
    for (const slot of held.slots()) held.remove(slot);
  }
  // One round takes 30 KB, and all of them would take 50 MB.
  const grownBy = Deno.memoryUsage().external - before;
  assert(grownBy < 2 ** 20, `${grownBy} bytes`);
});
