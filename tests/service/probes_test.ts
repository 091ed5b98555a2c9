/** The table of probes: names, lengths that the bytes state, and hints. */
import { assert, assertEquals } from "@std/assert";
import { isText, latin1, Reader } from "../../src/service/bytes.ts";
import { probeBytes, probeNamed, PROBES } from "../../src/service/probes.ts";

const TARGET = { host: "192.0.2.1", port: 1234, names: ["a.test"] };

const bytesOfProbe = (name: string): Uint8Array => probeBytes(probeNamed(name)!, TARGET);

Deno.test("probes: each has its own name, some bytes, and an intensity from 1 to 9", () => {
  assertEquals(new Set(PROBES.map(({ name }) => name)).size, PROBES.length);
  for (const probe of PROBES) {
    assert(probe.intensity >= 1 && probe.intensity <= 9, probe.name);
    assert(probeBytes(probe, TARGET).length > 0, probe.name);
    assert(probe.name !== "null");
  }
});

Deno.test("probes: generic ones stand before exact ones", () => {
  const kinds = PROBES.map(({ kind }) => kind);
  assert(kinds.lastIndexOf("generic") < kinds.indexOf("exact"));
});

Deno.test("probes: probes that count as text are text", () => {
  for (const probe of PROBES.filter(({ isText }) => isText)) {
    assert(isText(probeBytes(probe, TARGET).filter((byte) => byte !== 0)), probe.name);
  }
});

Deno.test("probes: a length in front of a message is that of the message", () => {
  const cases: readonly [string, (reader: Reader) => number][] = [
    ["dns", (reader) => reader.u16()],
    ["smb", (reader) => reader.u32()],
    ["kerberos", (reader) => reader.u32()],
    ["rpc", (reader) => reader.u32() - 0x80000000],
    ["git", (reader) => parseInt(reader.text(4), 16) - 4],
    ["adb", (reader) => parseInt(reader.text(4), 16)],
    ["freeciv", (reader) => reader.u16() - 2],
    ["pgssl", (reader) => reader.u32() - 4],
    ["rdp", (reader) => (reader.u16(), reader.u16() - 4)],
    ["ldap", (reader) => (reader.u8(), reader.u8())],
    ["mqtt", (reader) => (reader.u8(), reader.u8())],
    ["tls", (reader) => (reader.u8(), reader.u16(), reader.u16())],
    ["modbus", (reader) => (reader.u32(), reader.u16())],
    ["opcua", (reader) => (reader.u32(), reader.u32le() - 8)],
    ["dicom", (reader) => (reader.u16(), reader.u32())],
    ["diameter", (reader) => (reader.u8(), reader.u24() - 4)],
    ["isns", (reader) => (reader.u32(), reader.u16() + 6)],
  ];
  for (const [name, length] of cases) {
    const reader = new Reader(bytesOfProbe(name));
    assertEquals(length(reader), reader.left, name);
  }
  const kerberos = new Reader(bytesOfProbe("kerberos"), 4);
  for (const tag of [0x6a, 0x30]) {
    assertEquals([kerberos.u8(), kerberos.u8()], [tag, 0x81], "a length of two bytes (X.690 section 8.1.3.5)");
    assertEquals(kerberos.u8(), kerberos.left);
  }
  const giop = new Reader(bytesOfProbe("giop"), 8);
  assertEquals(giop.u32le(), giop.left);
  const bgp = new Reader(bytesOfProbe("bgp"), 16);
  assertEquals(bgp.u16(), bgp.bytes.length);
  const zabbix = new Reader(bytesOfProbe("zabbix"), 5);
  assertEquals(zabbix.u32le(), zabbix.left - 4);
});

Deno.test("probes: the name of a host is in its requests", () => {
  assert(latin1(bytesOfProbe("http11")).includes("\r\nHost: a.test\r\n"));
  assert(latin1(bytesOfProbe("tls")).includes("a.test"));
  const bare = { host: "fe80::1", port: 80, names: [] };
  assert(latin1(probeBytes(probeNamed("http11")!, bare)).includes("\r\nHost: [fe80::1]\r\n"));
});
