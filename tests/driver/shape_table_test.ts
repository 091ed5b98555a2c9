import { assert, assertEquals } from "@std/assert";
import { mergedShapes, SHAPE_ROW_LEN, ShapeSet, ShapeTable } from "../../src/driver/shape_table.ts";
import { SHAPE_LEN } from "../../src/technique/os_shape.ts";
import { TCP_ACK, TCP_SYN } from "../../src/wire/tcp.ts";
import { buildTcp, segmentIn, viewOf } from "../support/packets.ts";

const MSS = [2, 4, 5, 180];
const LINUX = [...MSS, 1, 1, 4, 2, 1, 3, 3, 7];
const WINDOWS = [...MSS, 1, 3, 3, 8, 1, 1, 4, 2];

/** The table after SYN-ACKs of hosts. */
function tableOf(
  ...replies: readonly (readonly [host: number, port: number, options: readonly number[], ttl?: number])[]
): ShapeTable {
  const table = new ShapeTable();
  for (const [host, port, options, ttl = 64] of replies) {
    const settings = { flags: TCP_SYN | TCP_ACK, window: 1000, ttl, options: Uint8Array.from(options) };
    const packet = buildTcp(settings);
    table.see(host, port, viewOf(packet), 0, segmentIn(packet));
  }
  return table;
}

/** Hosts and ports of rows. */
function seen(rows: Uint32Array): [number, number][] {
  return Array.from(
    { length: rows.length / SHAPE_ROW_LEN },
    (_, row) => [rows[row * SHAPE_ROW_LEN]!, rows[row * SHAPE_ROW_LEN + 1]!],
  );
}

Deno.test("shape table: the first of each host, and the ports of other stacks, each once", () => {
  const table = tableOf(
    ...[[7, 22, LINUX], [8, 22, WINDOWS, 128], [7, 80, LINUX], [7, 443, LINUX, 61]] as const,
    ...[[7, 3389, WINDOWS, 127], [7, 3389, WINDOWS, 127], [7, 445, WINDOWS, 127], [8, 80, WINDOWS, 120]] as const,
  );
  assertEquals(seen(table.rows()), [[7, 22], [8, 22], [7, 3389], [7, 445]]);
});

Deno.test("shape table: a SYN cookie is no other stack, and gives way to a SYN-ACK that shows more", () => {
  for (const replies of [[[7, 22, MSS], [7, 80, LINUX]], [[7, 80, LINUX], [7, 22, MSS]]] as const) {
    const rows = tableOf(...replies).rows();
    assertEquals(seen(rows), [[7, 80]]);
    assertEquals(rows, tableOf([7, 80, LINUX]).rows());
  }
});

Deno.test("shape table: tables of several workers become one", () => {
  const tables = [tableOf([7, 22, LINUX], [9, 1, LINUX]), tableOf([7, 3389, WINDOWS, 127], [8, 80, LINUX])]
    .map((table) => table.rows());
  assertEquals(seen(mergedShapes(tables)), [[7, 22], [9, 1], [8, 80], [7, 3389]]);
  const merged = mergedShapes(tables);
  assertEquals(mergedShapes([merged, ...tables, merged]), merged);
});

Deno.test("shape table: of rows in a journal, a SYN cookie gives way to a SYN-ACK that shows more", () => {
  const [cookie, whole] = [tableOf([7, 22, MSS]).rows(), tableOf([7, 80, LINUX]).rows()];
  assertEquals(mergedShapes([[], [...cookie, ...whole]]), whole);
});

Deno.test("shape table: many hosts are kept, and of a host with many stacks a few", () => {
  const rows = tableOf(
    ...Array.from({ length: 1000 }, (_, host) => [host * 77_777, host, LINUX] as const),
    ...Array.from({ length: 1000 }, (_, port) => [0, port, WINDOWS, 128] as const),
  ).rows();
  const hosts = seen(rows);
  assertEquals(hosts.slice(0, 1000), Array.from({ length: 1000 }, (_, host) => [host * 77_777, host]));
  assert(hosts.length > 1000 && hosts.length < 1100, `${hosts.length} rows`);
});

Deno.test("shape table: equal shapes have one number, different ones their own, in order, also with many", () => {
  const words = Uint32Array.from({ length: 5000 * SHAPE_LEN }, (_, at) => Math.imul(at % 7 + 1, 0x9e3779b1) ^ at >>> 3);
  const known = new Map<string, number>();
  const set = new ShapeSet();
  for (const _ of ["added", "found again"]) {
    for (let at = 0; at < words.length; at += SHAPE_LEN) {
      const text = words.subarray(at, at + SHAPE_LEN).join();
      if (!known.has(text)) known.set(text, known.size);
      const number = set.numberOf(words, at);
      assertEquals(number, known.get(text));
      assertEquals(set.words.slice(number * SHAPE_LEN, (number + 1) * SHAPE_LEN).join(), text);
    }
  }
  assertEquals(set.size, known.size);
});

Deno.test("shape table: hosts whose SYN-ACKs differ in one field have shapes of their own", () => {
  const [base, ...others] = [
    { ttl: 64, window: 1000, options: LINUX },
    { ttl: 63, window: 1000, options: LINUX },
    { ttl: 64, window: 1001, options: LINUX },
    { ttl: 64, window: 1000, options: [...LINUX.slice(0, -1), 8] },
    { ttl: 64, window: 1000, options: [...LINUX, 1, 1, 1, 1] },
    { ttl: 64, window: 1000, options: MSS },
  ];
  const table = new ShapeTable();
  const all = others.flatMap((other) => [base!, other, other, base!]);
  all.forEach(({ options, ...fields }, host) => {
    const packet = buildTcp({ ...fields, flags: TCP_SYN | TCP_ACK, options: Uint8Array.from(options) });
    table.see(host, 22, viewOf(packet), 0, segmentIn(packet));
  });
  const rows = table.rows();
  const shapeOf = (host: number) => rows.slice(host * SHAPE_ROW_LEN + 2, (host + 1) * SHAPE_ROW_LEN).join();
  assertEquals(rows.length, all.length * SHAPE_ROW_LEN);
  for (let first = 0; first < all.length; first += 4) {
    assertEquals([shapeOf(first + 3), shapeOf(first + 2)], [shapeOf(0), shapeOf(first + 1)]);
  }
  assertEquals(new Set(all.map((_, host) => shapeOf(host))).size, 1 + others.length);
});
