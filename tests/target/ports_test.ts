import { assert, assertEquals, assertThrows } from "@std/assert";
import { parsePorts, PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { Random } from "../support/random.ts";
import { assertUsageError, type BadRow } from "./one_line.ts";

Deno.test("lists of ports are read", async (t) => {
  const rows: [input: string, expected: string][] = [
    ["22", "22"],
    ["0", "0"],
    ["65535", "65535"],
    ["22,80,8000-8100", "22,80,8000-8100"],
    ["-", "1-65535"],
    ["1-65535", "1-65535"],
    ["0-65535", "0-65535"],
    ["-100", "1-100"],
    ["60000-", "60000-65535"],
    ["0-", "0-65535"],
    ["80-80", "80"],
    ["443,80,80,443", "80,443"],
    ["20-30,25-40", "20-40"],
    ["1,2,3", "1-3"],
    ["http", "80"],
    ["ssh,HTTPS", "22,443"],
    ["ms-wbt-server", "3389"],
    ["http-alt", "8080"],
    ["T:80", "80"],
    ["t:80,443", "80,443"],
    ["T:80,T:443", "80,443"],
    ["T:-", "1-65535"],
    ["[1-25]", "7,9,13,17,19-23,25"],
    ["[-9],[47808-]", "7,9,47808,50000"],
    ["ftp*", "20-21,989-990,8021"],
    ["ss?", "22"],
    ["T: 22", "22"],
    ["22, 80", "22,80"],
    [" 22 ", "22"],
    ["00080", "80"],
    ["80 443", "80,443"],
    ["22\n80\r\n443\n", "22,80,443"],
    ["22,\n80,\n", "22,80"],
    ["22 - 80", "22-80"],
    ["T: 22 -25\n8000- 8002", "22-25,8000-8002"],
    ["\n22\n", "22"],
  ];
  for (const [input, expected] of rows) await t.step(input, () => assertEquals(`${parsePorts(input)}`, expected));
});

Deno.test("names of services are asked of the database first", () => {
  const services = (name: string) => ({ http: 8080, mine: 4711 })[name];
  assertEquals(`${parsePorts("http,mine,ssh", { services })}`, "22,4711,8080");
});

Deno.test("what is no list of ports is refused in one line", async (t) => {
  const rows: BadRow[] = [
    ["nothing", "", "empty", 1],
    ["blanks", "   ", "empty", 1],
    ["a comma alone", ",", "empty", 1],
    ["a comma at the beginning", ",80", "empty", 1],
    ["a comma at the end", "80,", "empty", 4],
    ["two commas", "22,,80", "empty", 4],
    ["a blank item", "22, ,80", "empty", 4],
    ["a range that runs backwards", "22,90-80", "backwards", 4],
    ["more than 65535", "80,65536", `"65536" is more than 65535`, 4],
    ["a range past 65535", "1-70000", `"70000" is more than 65535`, 3],
    ["six digits", "000080", "more than 65535", 1],
    ["a very large number", "9".repeat(400), "more than 65535", 1],
    ["a negative range", "-5-10", `"-5-10" is no port`, 1],
    ["a fraction", "80.5", `"80.5" is no port`, 1],
    ["hexadecimal", "0x50", `no service named "0x50"`, 1],
    ["trailing junk", "80,443/tcp", `"443/tcp" is no port`, 4],
    ["a semicolon", "80;443", `"80;443" is no port`, 1],
    ["a hyphen alone behind a port", "22 -", "a hyphen stands alone", 4],
    ["a range that blanks break", "22 - http", "a hyphen stands alone", 4],
    ["two dots", "1..80", `"1..80" is no port`, 1],
    ["three ends", "1-2-3", `"1-2-3" is no port`, 1],
    ["two hyphens", "--", `"--" is no port`, 1],
    ["an unknown service", "80,no-such", `no service named "no-such"`, 4],
    ["a pattern that no name matches", "htp*", `no known service matches "htp*"`, 1],
    ["a range in brackets without a known port", "[1-2]", `no known service matches "[1-2]"`, 1],
    ["UDP", "80,U:53", `"U:53" names ports of UDP, which is not scanned`, 4],
    ["SCTP", "s:22", "other than TCP", 1],
    ["a protocol and no port", "T:", "empty", 3],
    ["two protocols", "T:T:80", `"T:80" is no port`, 3],
    ["an escape sequence", "80,\x1b[31m", "\\u001b", 4],
    ["a letter of another script", "８０", "is no port", 1],
    ["a minus sign of typography", "80–90", "is no port", 1],
    ["a surrogate", "80,\ud800", "is no port", 4],
    ["half a megabyte too much", "1,".repeat(600_000), "1200000 characters long", 1],
    ["a long name", "a".repeat(10_000), "no service named", 1],
    ["a plus sign", "+80", "is no port", 1],
  ];
  for (const [name, input, says, column] of rows) {
    await t.step(name, () => assertUsageError(() => parsePorts(input), says, `(column ${column})`));
  }
});

Deno.test("messages say where the list stands", () => {
  const act = () => parsePorts("80,x y", { where: "hosts.txt line 7", column: 11 });
  assertUsageError(act, `Cannot read ports "80,x y"`, "(hosts.txt line 7, column 14)");
  const second = () => parsePorts("22\n80, 4x3!\n443");
  assertUsageError(second, `Cannot read ports "80, 4x3!": "4x3!" is no port (line 2, column 5)`, "Write a number");
  assertUsageError(() => parsePorts("22,x\r\n443"), `Cannot read ports "22,x"`, "(line 1, column 4)");
});

Deno.test("a set says its members, its text and its size", () => {
  const set = parsePorts("22,80,8000-8003,65535");
  assertEquals([...set], [22, 80, 8000, 8001, 8002, 8003, 65535]);
  assertEquals(set.size, 7);
  assertEquals(set.at(6), 65535);
  assert(set.has(8003) && !set.has(8004) && !set.has(0));
  assertEquals(parsePorts("-").at(65534), 65535);
  assertEquals([PortSet.EMPTY.size, `${PortSet.EMPTY}`], [0, ""]);
  assertEquals(set.ranges, PortSet.of([65535, 8003, 8002, 8001, 8000, 80, 22, 22]).ranges);
  assertEquals(PortSet.unionOf([PortSet.of([1]), PortSet.of([3]), PortSet.of([2])]).ranges, parsePorts("1-3").ranges);
  assertEquals(`${set.subtract(parsePorts("80-8001"))}`, "22,8002-8003,65535");
  assertEquals(`${set.union(parsePorts("23"))}`, "22-23,80,8000-8003,65535");
});

Deno.test("numbers that are no ports are refused", () => {
  for (const port of [-1, 65536, 80.5, NaN, Infinity]) {
    assertUsageError(() => PortSet.of([22, port]), `Cannot scan port ${port}`);
  }
  assertThrows(() => PortSet.fromRanges(Ranges.of(0, 65536)), RangeError);
});

Deno.test("what a set prints is read back as the same set", () => {
  const random = new Random(21);
  for (let round = 0; round < 300; round++) {
    const ports = Array.from({ length: 1 + random.below(50) }, () => random.below(round % 2 === 0 ? 100 : 65536));
    const set = PortSet.of(ports);
    const back = parsePorts(`${set}`);
    assertEquals(back.ranges, set.ranges);
    assertEquals([...back], [...new Set(ports)].sort((a, b) => a - b));
  }
});

Deno.test("no text does anything but give ports or a usage error", () => {
  const random = new Random(22);
  const alphabet = [..."0123456789,,--- ::TU*[]x", "http", "\0", "\n", "é"];
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: random.below(14) }, () => random.pick(alphabet)).join("");
    try {
      assert(parsePorts(text).size > 0, text);
    } catch {
      assertUsageError(() => parsePorts(text), "Cannot read ports", "column");
    }
  }
});

Deno.test("ports: a letter makes an item, and those that follow, ports of one protocol", () => {
  const protocols = ["tcp", "udp"] as const;
  for (
    const [text, tcp, udp] of [
      ["22,U:53,161,T:80", "22,80", "22,53,161"],
      ["U:53,T:80,443", "80,443", "53"],
      ["53", "53", "53"],
      ["T:80", "80", ""],
      ["U:-,T:1", "1", "1-65535"],
    ] as const
  ) {
    assertEquals(`${parsePorts(text, { protocols, protocol: "tcp" })}`, tcp, text);
    assertEquals(`${parsePorts(text, { protocols, protocol: "udp" })}`, udp, text);
  }
});

Deno.test("ports: the most useful ones of UDP are each there once, and all others follow", async () => {
  const { topUdpPorts, TOP_UDP_PORT_COUNT } = await import("../../src/target/top_udp_ports.ts");
  const all = topUdpPorts(65_536);
  assertEquals([all.length, new Set(all).size], [65_536, 65_536]);
  assertEquals(topUdpPorts(TOP_UDP_PORT_COUNT), all.slice(0, 100));
  for (const port of [53, 67, 69, 123, 137, 161, 443, 500, 514, 1900, 5353]) {
    assert(topUdpPorts(100).includes(port), `${port}`);
  }
});
