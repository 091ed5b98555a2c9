import { assert, assertEquals } from "@std/assert";
import { formatIpv4, IPV4_MAX, parseIpv4, RESERVED_IPV4 } from "../../src/wire/address.ts";
import { Random } from "../support/random.ts";

const GOOD: readonly [text: string, address: number][] = [
  ["0.0.0.0", 0],
  ["0.0.0.1", 1],
  ["127.0.0.1", 0x7f000001],
  ["128.0.0.0", 0x80000000],
  ["192.0.2.7", 0xc0000207],
  ["255.255.255.255", IPV4_MAX],
  ["10.20.30.40", 0x0a141e28],
  ["100.100.100.100", 0x64646464],
];

for (const [text, address] of GOOD) {
  Deno.test(`address: ${text} is an address, there and back`, () => {
    assertEquals(parseIpv4(text), address);
    assertEquals(formatIpv4(address), text);
  });
}

const BAD: readonly [name: string, text: string][] = [
  ["nothing", ""],
  ["three numbers", "1.2.3"],
  ["three numbers and a dot", "1.2.3."],
  ["five numbers", "1.2.3.4.5"],
  ["a dot before", ".1.2.3.4"],
  ["a dot after", "1.2.3.4."],
  ["an empty number", "1..3.4"],
  ["only dots", "......."],
  ["a number over 255", "1.2.3.256"],
  ["a long number", "1.2.3.1000"],
  ["a leading zero", "1.2.3.04"],
  ["two zeros", "1.2.3.00"],
  ["octal", "0177.0.0.1"],
  ["hexadecimal", "0x7f.0.0.1"],
  ["one number", "2130706433"],
  ["a space before", " 1.2.3.4"],
  ["a space after", "1.2.3.4 "],
  ["a line end", "1.2.3.4\n"],
  ["a sign", "+1.2.3.4"],
  ["a minus", "-1.2.3.4"],
  ["a letter", "1.2.3.a"],
  ["a port", "1.2.3.4:80"],
  ["a prefix length", "1.2.3.4/8"],
  ["digits of another script", "1.2.3.\u0664"],
  ["a full-width dot", "1.2.3\uff0e4"],
  ["a NUL", "1.2.3.4\0"],
  ["very long text", "1.".repeat(100_000)],
];

for (const [name, text] of BAD) {
  Deno.test(`address: not an address: ${name}`, () => assertEquals(parseIpv4(text), undefined));
}

Deno.test("address: any address comes back from its text", () => {
  const random = new Random(791);
  for (let i = 0; i < 10_000; i++) {
    const address = random.u32();
    assertEquals(parseIpv4(formatIpv4(address)), address);
  }
});

const RESERVED: readonly [address: string, name: string | undefined][] = [
  ["0.0.0.0", "This network"],
  ["0.255.255.255", "This network"],
  ["1.0.0.0", undefined],
  ["9.255.255.255", undefined],
  ["10.0.0.0", "Private-Use"],
  ["10.255.255.255", "Private-Use"],
  ["11.0.0.0", undefined],
  ["100.63.255.255", undefined],
  ["100.64.0.0", "Shared Address Space"],
  ["100.127.255.255", "Shared Address Space"],
  ["100.128.0.0", undefined],
  ["127.0.0.1", "Loopback"],
  ["128.0.0.0", undefined],
  ["169.254.0.0", "Link Local"],
  ["169.254.255.255", "Link Local"],
  ["169.255.0.0", undefined],
  ["172.15.255.255", undefined],
  ["172.16.0.0", "Private-Use"],
  ["172.31.255.255", "Private-Use"],
  ["172.32.0.0", undefined],
  ["192.0.0.8", "IETF Protocol Assignments"],
  ["192.0.0.9", undefined],
  ["192.0.0.10", undefined],
  ["192.0.0.11", "IETF Protocol Assignments"],
  ["192.0.0.255", "IETF Protocol Assignments"],
  ["192.0.1.0", undefined],
  ["192.0.2.7", "Documentation (TEST-NET-1)"],
  ["192.0.3.0", undefined],
  ["192.31.196.1", undefined],
  ["192.52.193.1", undefined],
  ["192.88.99.1", "Deprecated (6to4 Relay Anycast)"],
  ["192.168.0.0", "Private-Use"],
  ["192.168.255.255", "Private-Use"],
  ["192.169.0.0", undefined],
  ["192.175.48.1", undefined],
  ["198.17.255.255", undefined],
  ["198.18.0.0", "Benchmarking"],
  ["198.19.255.255", "Benchmarking"],
  ["198.20.0.0", undefined],
  ["198.51.100.7", "Documentation (TEST-NET-2)"],
  ["203.0.113.255", "Documentation (TEST-NET-3)"],
  ["203.0.114.0", undefined],
  ["223.255.255.255", undefined],
  ["224.0.0.1", "Multicast"],
  ["239.255.255.255", "Multicast"],
  ["240.0.0.0", "Reserved"],
  ["255.255.255.254", "Reserved"],
  ["255.255.255.255", "Limited Broadcast"],
];

for (const [text, name] of RESERVED) {
  Deno.test(`address: ${text} is ${name === undefined ? "not set aside" : `set aside: ${name}`}`, () => {
    const address = parseIpv4(text);
    assert(address !== undefined);
    assertEquals(RESERVED_IPV4.find(({ first, last }) => address >= first && address <= last)?.name, name);
  });
}

Deno.test("address: ranges that are set aside ascend and do not overlap", () => {
  let last = -1;
  for (const range of RESERVED_IPV4) {
    assert(range.first > last, range.name);
    assert(range.last >= range.first && range.last <= IPV4_MAX, range.name);
    last = range.last;
  }
});
