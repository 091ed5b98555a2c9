import { assertEquals } from "@std/assert";
import { ProbeIndex } from "../../src/engine/probe_index.ts";
import { DECIDED, IN_FLIGHT, ProbeTable, READY_LIST } from "../../src/engine/probe_table.ts";
import { Random } from "../support/random.ts";

Deno.test("probe index: a probe is found by host and port, one in flight before one that is decided", () => {
  const table = new ProbeTable(4, 4);
  const index = new ProbeIndex(table);
  for (let slot = 0; slot < 3; slot++) {
    table.move(slot, READY_LIST);
    table.host[slot] = 7;
    table.port[slot] = 80;
    table.status[slot] = slot === 1 ? IN_FLIGHT : DECIDED;
    index.add(slot);
  }
  assertEquals([index.find(7, 80), index.find(7, 81), index.find(8, 80)], [1, -1, -1]);
  table.status[1] = DECIDED;
  assertEquals(index.find(7, 80), 2);
});

Deno.test("probe index: against a model, while slots are reused", () => {
  const random = new Random(5);
  const table = new ProbeTable(64, 64);
  const index = new ProbeIndex(table);
  for (let step = 0; step < 5000; step++) {
    const slot = random.below(64);
    table.host[slot] = random.pick([0, 1, 0xffffffff, 0x0a000001]);
    table.port[slot] = random.below(6);
    table.status[slot] = IN_FLIGHT;
    index.add(slot);
    const host = random.pick([0, 1, 0xffffffff, 0x0a000001]);
    const port = random.below(6);
    const found = index.find(host, port);
    const isThere = table.status.some((status, at) =>
      status === IN_FLIGHT && table.host[at] === host && table.port[at] === port
    );
    assertEquals(found >= 0, isThere, `step ${step}`);
    if (isThere) assertEquals([table.host[found], table.port[found]], [host, port]);
  }
});

Deno.test("probe index: every probe is still found after the table has grown, the last one of a port first", () => {
  const table = new ProbeTable(2, 1000);
  const index = new ProbeIndex(table);
  const last = new Map<number, number>();
  for (let count = 0; count < 1000; count++) {
    const slot = table.take(READY_LIST, 0);
    const host = count % 300;
    table.host[slot] = host;
    table.port[slot] = 80;
    table.status[slot] = DECIDED;
    index.add(slot);
    last.set(host, slot);
    for (const [each, expected] of last) assertEquals([each, index.find(each, 80)], [each, expected]);
  }
  assertEquals(index.find(300, 80), -1);
});
