import { assert, assertEquals } from "@std/assert";
import {
  DECIDED,
  FOR_LIVENESS,
  FOR_RESULT,
  FREE_LIST,
  IN_FLIGHT,
  ProbeTable,
  QUEUED,
  READY_LIST,
  UNUSED,
} from "../../src/engine/probe_table.ts";
import { Random } from "../support/random.ts";

function listed(table: ProbeTable, list: number): number[] {
  const slots: number[] = [];
  while (table.first(list) >= 0) {
    slots.push(table.first(list));
    table.move(table.first(list), FREE_LIST);
  }
  return slots;
}

Deno.test("in flight: slots are taken in the order in which they were given back", () => {
  const table = new ProbeTable(4, 4);
  assertEquals([0, 1, 2, 3].map(() => table.take(READY_LIST, 0)), [0, 1, 2, 3]);
  assertEquals(table.take(READY_LIST, 0), -1);
  assertEquals(table.used, 4);
  for (const slot of [2, 0, 3]) table.move(slot, FREE_LIST);
  assertEquals([table.take(READY_LIST, 0), table.take(READY_LIST, 0)], [2, 0]);
  assertEquals(table.used, 3);
});

Deno.test("in flight: lists are queues", () => {
  const table = new ProbeTable(8, 8);
  const list = table.newList();
  for (let i = 0; i < 5; i++) table.take(list, 0);
  table.move(0, READY_LIST);
  table.move(0, list);
  table.move(2, READY_LIST);
  assertEquals(table.count(list), 4);
  assertEquals(listed(table, list), [1, 3, 4, 0]);
  assertEquals(listed(table, READY_LIST), [2]);
  assertEquals(table.first(list), -1);
  assertEquals(table.count(list), 0);
});

Deno.test("in flight: the table grows to its bound, and keeps what it holds", () => {
  const table = new ProbeTable(2, 5);
  for (let i = 0; i < 5; i++) {
    const slot = table.take(READY_LIST, 0);
    assertEquals(slot, i);
    table.host[slot] = 100 + i;
    table.tries[slot] = 1;
    table.times.set(slot, 0, 10 * i);
  }
  assertEquals(table.capacity, 5);
  assertEquals(table.take(READY_LIST, 0), -1);
  assertEquals([...table.host], [100, 101, 102, 103, 104]);
  assertEquals([0, 1, 2, 3, 4].map((slot) => table.sentAt(slot, 0)), [0, 10, 20, 30, 40]);
  assertEquals(listed(table, READY_LIST), [0, 1, 2, 3, 4]);
});

Deno.test("in flight: many lists", () => {
  const table = new ProbeTable(200, 200);
  const lists = Array.from({ length: 200 }, () => table.newList());
  assertEquals(new Set(lists).size, 200);
  for (const list of lists) table.take(list, 0);
  for (const [i, list] of lists.entries()) assertEquals([table.first(list), table.count(list)], [i, 1]);
  const first = table.newLists(5000);
  assertEquals([first, table.newList()], [lists.at(-1)! + 1, first + 5000]);
  for (const list of [first, first + 4999]) assertEquals([table.first(list), table.count(list)], [-1, 0]);
});

Deno.test("in flight: the times of the last four attempts are remembered", () => {
  const table = new ProbeTable(2, 2);
  for (let attempt = 0; attempt < 7; attempt++) {
    table.tries[1] = attempt + 1;
    table.times.set(1, attempt, 100 + attempt);
    assertEquals(table.lastSentAt(1), 100 + attempt);
  }
  assertEquals([-1, 0, 1, 2, 3, 4, 5, 6].map((attempt) => table.sentAt(1, attempt)), [
    -1,
    -1,
    -1,
    -1,
    103,
    104,
    105,
    106,
  ]);
});

Deno.test("in flight: a search finds only what waits for a result", () => {
  const table = new ProbeTable(4, 4);
  const rows = [[UNUSED, FOR_RESULT], [DECIDED, FOR_RESULT], [IN_FLIGHT, FOR_LIVENESS], [QUEUED, FOR_RESULT]] as const;
  for (const [slot, [status, purpose]] of rows.entries()) {
    table.host[slot] = 7;
    table.port[slot] = 80;
    table.status[slot] = status;
    table.purpose[slot] = purpose;
  }
  assertEquals(table.search(7, 80), 3);
  assertEquals(table.search(7, 81), -1);
  assertEquals(table.search(8, 80), -1);
});

Deno.test("in flight: against a model: any sequence of moves leaves each slot on one list", () => {
  const random = new Random(5);
  const table = new ProbeTable(3, 40);
  const lists = [FREE_LIST, READY_LIST, table.newList(), table.newList()];
  const model: number[][] = [[0, 1, 2], [], [], []];
  for (let round = 0; round < 5000; round++) {
    const to = random.below(4);
    if (random.chance(0.3)) {
      const slot = table.take(lists[to]!, 0);
      if (slot < 0) {
        assertEquals([table.capacity, model[0]!.length], [40, 0]);
        continue;
      }
      for (let fresh = model.flat().length; fresh < table.capacity; fresh++) model[0]!.push(fresh);
      assertEquals(slot, model[0]!.shift());
      model[to]!.push(slot);
    } else {
      const slot = random.below(table.capacity);
      const from = model.findIndex((slots) => slots.includes(slot));
      model[from] = model[from]!.filter((other) => other !== slot);
      model[to]!.push(slot);
      table.move(slot, lists[to]!);
    }
    for (const [i, list] of lists.entries()) {
      assertEquals(table.count(list), model[i]!.length);
      assertEquals(table.first(list), model[i]![0] ?? -1);
    }
  }
  assert(table.capacity === 40);
});
