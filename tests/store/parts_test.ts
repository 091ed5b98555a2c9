import { PORTS } from "../../src/store/key.ts";
import { portsText } from "../../src/store/hosts.ts";
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { hostPortsOf } from "../../src/store/parts.ts";

/** Returns what is read of rows with these results, as text; undefined where SQL is to read them. */
function read(rows: readonly (readonly [scan: number, row: number, results: string])[]): string[] | undefined {
  using db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE port_part (scan INTEGER, row INTEGER, results TEXT)");
  for (const row of rows) db.prepare("INSERT INTO port_part VALUES (?, ?, ?)").run(...row);
  const found = hostPortsOf(db, [1, 2]);
  return found && Array.from(found, ({ host, scan, row, ports }) => `${host} ${scan}.${row} ${ports}`);
}

Deno.test("history: ports as text, neighbours as ranges, those of several techniques once", () => {
  const ranges = (...bounds: readonly [number, number][]) => bounds.map(([first, last]) => ({ first, last }));
  assertEquals(portsText([]), "");
  assertEquals(portsText(ranges([0, 0], [2, 5], [6, 6], [8, 0xffff])), "0,2-6,8-65535");
  const other = 2 * PORTS;
  assertEquals(portsText(ranges([1, 3], [7, 7], [other + 2, other + 4], [other + 7, other + 7])), "1-4,7");
});

Deno.test("parts: the hosts of all rows come in the order of host, scan and row, each with its ports", () => {
  const rows = [
    [2, 1, '{"5":"80","7":"80","4294967295":"1-3,9"}'],
    [1, 2, '{"0":"22","7":"80"}'],
    [1, 1, '{"7":"443","8":"443-445"}'],
    [1, 3, "{}"],
    [3, 1, '{"1":"1"}'],
  ] as const;
  assertEquals(read(rows), [
    ...["0 1.2 22", "5 2.1 80", "7 1.1 443", "7 1.2 80", "7 2.1 80", "8 1.1 443-445", "4294967295 2.1 1-3,9"],
  ]);
  assertEquals(read([]), []);
});

Deno.test("parts: rows with hosts that have no number, or that are damaged, are left to SQL", () => {
  const others = [
    '{"2001:0db8":"80"}',
    '{"7":"80","2001:0db8":"80"}',
    '{"7":"80","6":"80"}',
    '{"7":"80","7":"80"}',
    '{"4294967296":"80"}',
    '{"7":"80"',
    '{"7":"80",}',
    '{"7":"80"}}',
    '{"7":"80" }',
    '{"7":80}',
    '{7:"80"}',
    '{"":"80"}',
    '["7"]',
    "{",
    "",
  ];
  for (const results of others) {
    assertEquals([results, read([[1, 1, '{"1":"1"}'], [1, 2, results]])], [results, undefined]);
  }
});
