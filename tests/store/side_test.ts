import { assertEquals } from "@std/assert";
import type { ScanRecord } from "../../src/store/records.ts";
import { excludedBy, Side } from "../../src/store/side.ts";

function excluding(excluded: string | null, excludedPorts = ""): Side {
  return new Side([{ excluded, excludedPorts } as ScanRecord]);
}

Deno.test("side: hosts that only one scan excluded are ranges of addresses, of either family and by zone", () => {
  const rows: readonly (readonly [one: string, other: string, only: string])[] = [
    ["192.0.2.1-192.0.2.9", "192.0.2.3,192.0.2.5-192.0.2.20", "192.0.2.1-192.0.2.2, 192.0.2.4"],
    ["192.0.2.1", "192.0.2.1", ""],
    ["2001:db8::-2001:db8::ffff", "", "2001:db8::-2001:db8::ffff"],
    [
      "2001:db8::-2001:db8::1:1",
      "2001:db8::5,2001:db8::ffff-2001:db8::1:0",
      [
        "2001:db8::-2001:db8::4",
        "2001:db8::6-2001:db8::fffe",
        "2001:db8::1:1",
      ].join(", "),
    ],
    ["192.0.2.1,2001:db8::1", "2001:db8::1", "192.0.2.1"],
    // The same number as an address of the other family, and the same address in another zone.
    ["0.0.0.1", "::1", "0.0.0.1"],
    ["fe80::1%eth0", "fe80::1%eth1", "fe80::1%eth0"],
    ["fe80::1%br-fe-fe80::9%br-fe", "fe80::2%br-fe", "fe80::1%br-fe, fe80::3%br-fe-fe80::9%br-fe"],
    ["fe80::1%br-lan", "", "fe80::1%br-lan"],
    ["nonsense,::2", "%,-", "::2"],
  ];
  for (const [one, other, only] of rows) assertEquals(excludedBy(excluding(one), excluding(other)), only, one);
  assertEquals(excludedBy(excluding("::1", "22"), excluding("::1", "23")), "port 22");
  assertEquals(excludedBy(excluding(null), excluding("::1")), "");
});
