/** Ports that wait to be written, and lists of ports that are read. */

import { assertEquals, assertThrows } from "@std/assert";
import { CannotScanError } from "../../src/base/errors.ts";
import { parseRanges, PortBuffer } from "../../src/store/ranges.ts";
import { Random } from "../support/random.ts";

/** Each port of the rows of a buffer as `host:port=kind`. */
function portsIn(buffer: PortBuffer): string[] {
  const ports: string[] = [];
  buffer.rows((hosts, kind, list) => {
    const bounds = parseRanges(list);
    for (const host of JSON.parse(hosts)) {
      for (let i = 0; i < bounds.length; i += 2) {
        for (let port = bounds[i]!; port <= bounds[i + 1]!; port++) ports.push(`${host}:${port}=${kind}`);
      }
    }
  });
  return ports;
}

for (const byHost of [true, false]) {
  Deno.test(`ranges: a buffer has every port once, ${byHost ? "a row for each host" : "a row for each port"}`, () => {
    const random = new Random(11);
    for (const [hosts, ports, kinds] of [[3, 65536, 4], [2 ** 32, 3, 2], [2 ** 32, 65536, 65536]] as const) {
      const model = new Set<string>();
      const buffer = new PortBuffer(byHost);
      for (let i = 0; i < 6000; i++) {
        // The ends of each range are among them.
        const [host, port, kind] = i < 2
          ? [hosts - 1, ports - 1, kinds - 1]
          : [hosts, ports, kinds].map((n) => random.below(n));
        model.add(`${host}:${port}=${kind}`);
        buffer.push(host!, kind!, port!);
      }
      assertEquals([...new Set(portsIn(buffer))].sort(), [...model].sort());
    }
  });
}

Deno.test("ranges: neighbouring ports are one range, and IPv6 addresses are texts", () => {
  const rows: unknown[] = [];
  const buffer = new PortBuffer(true);
  for (const port of [80, 22, 21, 23, 65535, 65534]) buffer.push("2001:0db8::", 7, port);
  buffer.rows((...row) => rows.push(row));
  assertEquals(rows, [['["2001:0db8::"]', 7, "21-23,80,65534-65535"]]);
});

for (
  const list of [
    "",
    "-",
    "22-",
    "-22",
    "23-22",
    "65536",
    "1-65536",
    "1,,2",
    "1,",
    "0x1",
    "1 ",
    "9".repeat(20),
    22,
    null,
  ]
) {
  Deno.test(`ranges: no list of ports: ${JSON.stringify(list)}`, () => {
    assertThrows(() => parseRanges(list), CannotScanError, "the history is damaged");
  });
}
