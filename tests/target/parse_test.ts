import { assert, assertEquals } from "@std/assert";
import {
  parseExclusionFile,
  parseExclusions,
  parseTargetFile,
  parseTargets,
  type TargetSpec,
} from "../../src/target/parse.ts";
import { readIpv6 } from "../../src/target/ipv6_syntax.ts";
import { patternAddresses } from "../../src/target/ipv4_syntax.ts";
import { rangeText } from "../../src/target/ipv6_book.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { Random } from "../support/random.ts";
import { assertUsageError, type BadRow } from "./one_line.ts";

/** A spec in a few words: `192.0.2.0-192.0.2.255 :22,80`. */
function describe(spec: TargetSpec): string {
  if (spec.kind === "ipv6") {
    return `${rangeText(spec.first, spec.last, spec.zone)}${spec.ports === undefined ? "" : ` :${spec.ports}`}`;
  }
  const ports = spec.ports === undefined ? "" : ` :${spec.ports}`;
  if (spec.kind === "prefixes") return `${rangeText(spec.base, spec.base, undefined)}/${spec.from}-${spec.to}${ports}`;
  if (spec.kind === "name") return `${spec.name}${spec.prefixLen === 32 ? "" : `/${spec.prefixLen}`}${ports}`;
  const ranges: Iterable<[number, number]> = spec.kind === "pattern"
    ? patternAddresses(spec)
    : [[spec.first, spec.last]];
  const texts = Array.from(ranges, ([first, last]) => {
    return first === last ? formatIpv4(first) : `${formatIpv4(first)}-${formatIpv4(last)}`;
  });
  return texts.join(" ") + ports;
}

Deno.test("targets are read", async (t) => {
  const rows: [input: string, expected: string][] = [
    ["192.0.2.7", "192.0.2.7"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["192.0.2.0/24", "192.0.2.0-192.0.2.255"],
    ["192.0.2.7/24", "192.0.2.0-192.0.2.255"],
    ["192.0.2.7/32", "192.0.2.7"],
    ["192.0.2.7/31", "192.0.2.6-192.0.2.7"],
    ["10.1.2.3/0", "0.0.0.0-255.255.255.255"],
    ["200.1.2.3/1", "128.0.0.0-255.255.255.255"],
    ["10.0.0.1-10.0.1.9", "10.0.0.1-10.0.1.9"],
    ["10.0.0.1-10.0.0.1", "10.0.0.1"],
    ["0.0.0.0-255.255.255.255", "0.0.0.0-255.255.255.255"],
    ["10.0.0.1-9", "10.0.0.1-10.0.0.9"],
    ["10.0.0.250-", "10.0.0.250-10.0.0.255"],
    ["10.0.0.-5", "10.0.0.0-10.0.0.5"],
    ["10.0.0.-", "10.0.0.0-10.0.0.255"],
    ["10.0.0.*", "10.0.0.0-10.0.0.255"],
    ["10.0.*.*", "10.0.0.0-10.0.255.255"],
    ["10.0.3-4.*", "10.0.3.0-10.0.4.255"],
    ["*.*.*.*", "0.0.0.0-255.255.255.255"],
    ["0-255.-.0-.*", "0.0.0.0-255.255.255.255"],
    ["10.0.0-1.1-254", "10.0.0.1-10.0.0.254 10.0.1.1-10.0.1.254"],
    ["10.0.0-1.0-254", "10.0.0.0-10.0.0.254 10.0.1.0-10.0.1.254"],
    ["10.0.0.1,3,5", "10.0.0.1 10.0.0.3 10.0.0.5"],
    ["10.0.0.5,1-2,3", "10.0.0.1-10.0.0.3 10.0.0.5"],
    ["10.0.0.1,*", "10.0.0.0-10.0.0.255"],
    ["10,11.0.0.1", "10.0.0.1 11.0.0.1"],
    ["1-2.0.0.1", "1.0.0.1 2.0.0.1"],
    ["10.0.1,2.255,0-1", "10.0.1.0-10.0.1.1 10.0.1.255-10.0.2.1 10.0.2.255"],
    ["localhost", "localhost"],
    ["scan-me.example.com", "scan-me.example.com"],
    ["example.com.", "example.com."],
    ["_dmarc.example_1.net", "_dmarc.example_1.net"],
    ["3com.example", "3com.example"],
    ["10.0.0.1.example", "10.0.0.1.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["beef", "beef"],
    ["example.com/24", "example.com/24"],
    ["192.0.2.7:22", "192.0.2.7 :22"],
    ["192.0.2.7:22,80,8000-8100", "192.0.2.7 :22,80,8000-8100"],
    ["192.0.2.7:-", "192.0.2.7 :1-65535"],
    ["192.0.2.7:http", "192.0.2.7 :80"],
    ["192.0.2.7:T:80", "192.0.2.7 :80"],
    ["192.0.2.0/30:443", "192.0.2.0-192.0.2.3 :443"],
    ["10.0.0.1-10.0.1.9:1-3", "10.0.0.1-10.0.1.9 :1-3"],
    ["10.0.0.1,3:5,7", "10.0.0.1 10.0.0.3 :5,7"],
    ["example.com:80,443", "example.com :80,443"],
    ["example.com/28:ssh", "example.com/28 :22"],
    ["beef:80", "beef :80"],
  ];
  for (const [input, expected] of rows) {
    await t.step(input, () => assertEquals(describe(parseTargets(input)[0]!), expected));
  }
});

Deno.test("neighbouring addresses are kept as first and last only", () => {
  for (const text of ["10.0.0.1-9", "10.0.*.*", "10.0.3-4.*", "*.*.*.*"]) {
    assertEquals(parseTargets(text)[0]!.kind, "addresses", text);
  }
});

Deno.test("what names no target is refused in one line", async (t) => {
  const rows: BadRow[] = [
    ["a byte over 255", "10.0.0.256", `"256" is more than 255`, 8],
    ["a first byte over 255", "300.0.0.1", `"300" is more than 255`, 1],
    ["three bytes", "10.0.0", "3 bytes", 1],
    ["one byte", "10", "1 byte where", 1],
    ["five bytes", "10.0.0.1.2", "5 bytes", 1],
    ["an empty byte", "10..0.1", "a number is missing", 4],
    ["a dot at the end", "10.0.0.", "a number is missing", 8],
    ["a dot at the beginning", ".0.0.1", "a number is missing", 1],
    ["a leading zero", "10.0.0.010", `"010" begins with 0`, 8],
    ["a very long number", `10.0.0.${"1".repeat(500)}`, "more than 255", 8],
    ["a list that ends in a comma", "10.0.0.1,", "a number is missing", 10],
    ["a byte range that runs backwards", "10.0.0.9-1", `"9-1" runs backwards`, 8],
    ["a byte range past 255", "10.0.0.1-256", `"256" is more than 255`, 10],
    ["two hyphens in an byte", "10.0.0.1-2-3", `"2-3" is no byte`, 10],
    ["two wild cards", "10.0.0.**", `"**" is no byte`, 8],
    ["half a wild card", "10.0.0.1*", `"1*" is no byte`, 8],
    ["a range that runs backwards", "10.0.1.9-10.0.0.1", "runs backwards", 1],
    ["a range with a bad begin", "10.0.0.999-10.0.1.1", `"999" is more than 255`, 8],
    ["a range with a bad end", "10.0.0.1-10.0.1.999", `"999" is more than 255`, 17],
    ["a range with half an end", "10.0.0.1-10.0.1", "6 bytes", 1],
    ["a range with a wild card", "10.0.0.*-10.0.1.1", `"*" is no byte`, 8],
    ["a range of three", "10.0.0.1-10.0.0.2-10.0.0.3", "10 bytes", 1],
    ["no prefix length", "10.0.0.0/", `"" is no prefix length`, 10],
    ["a prefix length over 32", "10.0.0.0/33", `"33" is no prefix length`, 10],
    ["a negative prefix length", "10.0.0.0/-1", `"-1" is no prefix length`, 10],
    ["a netmask", "10.0.0.0/255.255.255.0", "is no prefix length", 10],
    ["two prefix lengths", "10.0.0.0/8/8", `"8/8" is no prefix length`, 10],
    ["a long prefix length", "10.0.0.0/0000000024", "is no prefix length", 10],
    ["a pattern with a prefix length", "10.0.0-1.0/24", "cannot have a prefix length", 11],
    ["a short address with a prefix length", "10.0.0/24", "3 bytes", 1],
    ["a slash alone", "/24", "there is no host", 1],
    ["a colon alone", ":", "no port follows", 1],
    ["ports alone", ":80", "there is no host", 1],
    ["no ports after the colon", "10.0.0.1:", "no port follows", 9],
    ["a bad port", "10.0.0.1:80,99999", `"99999" is more than 65535`, 13],
    ["an unknown service", "example.com:no-such", `no service named "no-such"`, 13],
    ["a prefix length after the ports", "10.0.0.0:80/24", `"80/24" is no port`, 10],
    ["UDP ports", "10.0.0.1:U:53", "names ports of UDP, which is not scanned", 10],
    ["an IPv6 block that is too wide", "2001:db8::/32", "it has 2^96 addresses", 1],
    ["an IPv6 range that is too wide", "2001:db8::-2001:db8:1::", "it has about 2^80 addresses", 1],
    ["a pattern of more than 2^32 prefixes", "2001:db8::/31-64", "it has 2^33 prefixes", 12],
    ["a pattern with its lengths the wrong way round", "2001:db8::/64-32", "Write the shorter one first", 12],
    ["a pattern of link-local prefixes", "fe80::/16-48", "its addresses are of no global hosts", 1],
    ["IPv4 inside IPv6", "::ffff:192.0.2.1", "Write the IPv4 address: 192.0.2.1", 1],
    ["IPv4 inside IPv6, compatible", "::192.0.2.1", "Write the IPv4 address: 192.0.2.1", 1],
    ["an IPv6 address that is none", "2001:db8::1::", "it is no IPv6 address", 1],
    ["an IPv6 address and its port without brackets", "2001:db8:1:2:3:4:5:6:80", "ports follow brackets", 1],
    ["an open bracket", "[2001:db8::1", "its bracket is not closed", 1],
    ["text behind a bracket", "[2001:db8::1]x", "only ports follow a bracket", 14],
    ["no IPv6 ports after the colon", "[::1]:", "no port follows", 6],
    ["a bad IPv6 prefix length", "2001:db8::/129", "is no prefix length", 12],
    ["an IPv6 range that runs backwards", "2001:db8::9-2001:db8::1", "the range runs backwards", 13],
    ["an IPv6 range with a bad end", "2001:db8::1-g", "it is no IPv6 address", 1],
    ["a link-local address without its interface", "fe80::1", "Write it like fe80::1%eth0, or add -e", 1],
    ["a zone of a global address", "2001:db8::1%eth0", "only link-local addresses have a zone", 12],
    ["the unspecified address", "::", "it is the unspecified address", 1],
    ["an IPv6 multicast address", "ff02::1", "it is a multicast address", 1],
    ["IPv6 addresses with commas and ports", "[2001:db8::1,2001:db8::2]:80", "Separate targets by spaces", 12],
    ["a URL", "https://example.com/", "it is a URL", 1],
    ["a path", "example.com/index", `"index" is no prefix length`, 13],
    ["a user", "root@example.com", `"@" cannot be part`, 5],
    ["a question mark", "example.com?", `"?" cannot be part`, 12],
    ["a shell's leftovers", "$HOST", `"$" cannot be part`, 1],
    ["an option", "--open", "begins or ends with a hyphen", 1],
    ["a hyphen at a label's end", "a.b-.c", `"b-" begins or ends`, 3],
    ["a hyphen at a label's beginning", "a.-b.c", `"-b" begins or ends`, 3],
    ["an empty label", "a..b", "between dots is empty", 3],
    ["a dot before a name", ".example", "between dots is empty", 1],
    ["a label of 64", `${"a".repeat(64)}.example`, "longer than 63", 1],
    ["a name of 254", `${"abcdefg.".repeat(31)}abcdef`, "longer than 253", 1],
    ["a megabyte", "a".repeat(1_000_000), "longer than 63", 1],
    ["letters that are not ASCII", "bücher.example", `"ü" is not ASCII`, 2],
    ["digits of another script", "１０.0.0.1", "is not ASCII", 1],
    ["a look-alike of a dot", "10。0。0。1", "cannot be part", 3],
    ["hexadecimal", "0x7f000001", "ends in a number", 1],
    ["a hexadecimal byte", "0x7f.0.0.0x1", "ends in a number", 1],
    ["a name that ends in a number", "example.1", "ends in a number", 1],
    ["letters among bytes", "10.0.0.1a.2", "ends in a number", 1],
    ["addresses with commas and ports", "10.0.0.1,10.0.0.2:80", "7 bytes", 1],
    ["names with commas and ports", "a.example,b.example:80", "there is a comma", 10],
    ["an escape sequence", "\x1b[2J.example", "\\u001b", 1],
    ["a zero byte of text", "a\0b", `"\\u0000" cannot be part`, 2],
    ["an exclamation mark", "!10.0.0.1", `"!" cannot be part`, 1],
    ["too many pieces", "*.*.*.1,3", "33554432 separate ranges", 1],
  ];
  assert(rows.length >= 60);
  for (const [name, input, says, column] of rows) {
    await t.step(
      name,
      () => assertUsageError(() => parseTargets(input, { ipv6: readIpv6 })[0]!, says, `(column ${column})`),
    );
  }
});

Deno.test("exclusions take no ports", () => {
  const options = { where: "--exclude" };
  assertEquals(parseExclusions("10.0.0.0/8", options).map(describe), ["10.0.0.0-10.255.255.255"]);
  assertUsageError(() => parseExclusions("10.0.0.1:80", options), "whole hosts are meant", "(--exclude, column 9)");
});

Deno.test("targets: IPv6 addresses are read in every form, and written as RFC 5952 recommends", async (t) => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ["::1", "::1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["[::1]:22,80", "::1 :22,80"],
    ["[2001:db8::/126]:443", "2001:db8::-2001:db8::3 :443"],
    ["[2001:db8::5]/126:443", "2001:db8::4-2001:db8::7 :443"],
    ["2001:db8::ff/112", "2001:db8::-2001:db8::ffff"],
    ["2001:db8::/96", "2001:db8::-2001:db8::ffff:ffff"],
    ["2001:db8::1-2001:db8::ff", "2001:db8::1-2001:db8::ff"],
    ["2001:db8::1-ff", "2001:db8::1-2001:db8::ff"],
    ["[2001:db8::1-ff]:22", "2001:db8::1-2001:db8::ff :22"],
    ["2001:db8:0:1::/32-64", "2001:db8::/32-64"],
    ["[2001:db8::/48-64]:22", "2001:db8::/48-64 :22"],
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["[fe80::1%eth0.7]:22", "fe80::1%eth0.7 :22"],
    ["fe80::%2/120", "fe80::%2-fe80::ff%2"],
    ["fe80::/120%br-lan", "fe80::%br-lan-fe80::ff%br-lan"],
  ];
  for (const [text, expected] of rows) {
    await t.step(text, () => assertEquals(parseTargets(text, { ipv6: readIpv6 }).map(describe), [expected]));
  }
  const mixed = parseTargets("192.0.2.1 2001:db8::1\texample.com [::1]:80", { ipv6: readIpv6 });
  assertEquals(mixed.map(describe), ["192.0.2.1", "2001:db8::1", "example.com", "::1 :80"]);
});

Deno.test("exclusions: IPv6 addresses and blocks are told apart from what is misspelt", async (t) => {
  const accepted = [
    ["::1", "::1"],
    ["2001:db8::/32", "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["fe80::1", "fe80::1"],
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["ff00::/8", "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["::/0", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["::ffff:0:0/96", "::ffff:0.0.0.0-::ffff:255.255.255.255"],
  ] as const;
  for (const [text, expected] of accepted) {
    await t.step(text, () => assertEquals(parseExclusions(text, { ipv6: readIpv6 }).map(describe), [expected]));
  }
  for (const text of ["::ffff:192.0.2.1", "::ffff:c000:201", "::192.0.2.1", "::ffff:192.0.2.0/120"]) {
    await t.step(
      text,
      () => assertUsageError(() => parseExclusions(text, { ipv6: readIpv6 }), "inside an IPv6 address"),
    );
  }
  for (const text of ["1::2::3", "12345::1", "[2001:db8::1]:443", "fe80:1", "::1/129", "a:b", "10.0.0.1::"]) {
    await t.step(text, () => assertUsageError(() => parseExclusions(text, { ipv6: readIpv6 }), "Cannot read"));
  }
});

Deno.test("exclusions: no address is lost by the way in which a line is written", async (t) => {
  const rows: [name: string, text: string, expected: string[]][] = [
    ["blanks around the hyphen", "10.0.0.1 - 10.0.1.9", ["10.0.0.1-10.0.1.9"]],
    ["a blank before the hyphen", "10.0.0.1\t-10.0.1.9 # net", ["10.0.0.1-10.0.1.9"]],
    ["a range among others", "10.0.9.9 10.0.0.1  -  10.0.0.3 a.example", [
      "10.0.9.9",
      "10.0.0.1-10.0.0.3",
      "a.example",
    ]],
    ["line ends of an old Mac", "# mine\r10.0.0.1\r10.0.0.2", ["10.0.0.1", "10.0.0.2"]],
    [
      "line ends of all kinds",
      "#\n\r10.0.0.1 #\u202810.0.0.2#\x8510.0.0.3#\v10.0.0.4#\f10.0.0.5",
      [1, 2, 3, 4, 5].map((n) => `10.0.0.${n}`),
    ],
  ];
  for (const [name, text, expected] of rows) {
    await t.step(name, () => assertEquals([...parseExclusionFile(text, "no.txt")].map(describe), expected));
  }
  const refused: [text: string, says: string, column: number][] = [
    ["10.0.0.1- 10.0.1.9", "one range or two targets", 1],
    ["10.0.9.9 10.0.0.0 255.255.255.0", "a mask follows an address", 10],
    ["10.0.0.0 netmask 255.255.0.0", "a mask follows an address", 1],
    ["10.0.0.0\t0.0.0.255", "a mask follows an address", 1],
    ["10.0.0.1 to 10.0.0.9", "a hyphen between", 1],
    ["10.0.0.1 - 10.0.0", "1 byte", 10],
    ["10.0.0.9 - 10.0.0.1", "runs backwards", 1],
    ["- 10.0.0.1", "1 byte", 1],
    ["10.0.0.1 \u2013 10.0.0.9", "cannot be part of a name", 10],
    ["[10.0.0.1]", "only IPv6 addresses have brackets", 1],
    ["10.0.0.0 /24", "there is no host", 10],
    ["10.0.0.1;10.0.0.2", "cannot be part", 9],
    ["10.0.0.1 // mine", "is no prefix length", 11],
  ];
  for (const [text, says, column] of refused) {
    await t.step(text, () => {
      assertUsageError(() => [...parseExclusionFile(text, "no.txt")], says, `(no.txt line 1, column ${column})`);
    });
  }
});

Deno.test("several targets have white space between them, or commas", async (t) => {
  const rows: [input: string | string[], expected: string[]][] = [
    ["", []],
    ["  \t\n ", []],
    ["10.0.0.1 10.0.0.2\n10.0.0.3", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]],
    [["10.0.0.1", " a.example b.example "], ["10.0.0.1", "a.example", "b.example"]],
    ["10.0.0.1,10.0.0.2", ["10.0.0.1", "10.0.0.2"]],
    ["10.0.0.0/31,a.example,10.0.0.7-8", ["10.0.0.0-10.0.0.1", "a.example", "10.0.0.7-10.0.0.8"]],
    ["10.0.0.1,3", ["10.0.0.1 10.0.0.3"]],
    ["a.example:80,443 b.example", ["a.example :80,443", "b.example"]],
    ["10.0.0.1:80,443", ["10.0.0.1 :80,443"]],
    ["2001:db8::1,2001:db8::3-2001:db8::4", ["2001:db8::1", "2001:db8::3-2001:db8::4"]],
    ["::1,10.0.0.1-2,[2001:db8::2],a.example", ["::1", "10.0.0.1-10.0.0.2", "2001:db8::2", "a.example"]],
    ["[::1]:80,443", ["::1 :80,443"]],
  ];
  for (const [input, expected] of rows) {
    await t.step(
      JSON.stringify(input),
      () => assertEquals(parseTargets(input, { ipv6: readIpv6 }).map(describe), expected),
    );
  }
  await t.step("the column counts from the argument's beginning", () => {
    assertUsageError(() => parseTargets("10.0.0.1 10.0.0.999"), `target "10.0.0.999"`, "(column 17)");
    assertUsageError(() => parseTargets("10.0.0.1,10.0.0.2,,"), "empty", "(column 19)");
  });
});

Deno.test("files are read", async (t) => {
  const rows: [name: string, text: string, expected: string[]][] = [
    ["nothing", "", []],
    ["a mark alone", "\ufeff", []],
    ["one a line", "10.0.0.1\n10.0.0.2\n", ["10.0.0.1", "10.0.0.2"]],
    ["no line break at the end", "10.0.0.1\n10.0.0.2", ["10.0.0.1", "10.0.0.2"]],
    ["CRLF", "10.0.0.1\r\n\r\n10.0.0.2\r\n", ["10.0.0.1", "10.0.0.2"]],
    ["a byte order mark", "\ufeff10.0.0.1\n", ["10.0.0.1"]],
    ["several on a line", "10.0.0.1\t10.0.0.2  a.example:80\n", ["10.0.0.1", "10.0.0.2", "a.example :80"]],
    ["comments", "# hosts\n10.0.0.1 # the first\n#10.0.0.2\n  # 3\n10.0.0.4#x", ["10.0.0.1", "10.0.0.4"]],
    ["commas", "10.0.0.1,10.0.0.2\n", ["10.0.0.1", "10.0.0.2"]],
    ["commas with blanks", "10.0.0.1, a.example , b.example, 10.0.0.4\n", [
      "10.0.0.1",
      "a.example",
      "b.example",
      "10.0.0.4",
    ]],
  ];
  for (const [name, text, expected] of rows) {
    await t.step(name, () => assertEquals([...parseTargetFile(text, "hosts.txt")].map(describe), expected));
  }
});

Deno.test("a mistake in a file is told with file, line and column", async (t) => {
  const rows: [name: string, text: string, says: string, place: string][] = [
    ["in the third line", "10.0.0.1\n# two\n10.0.0.999\n", "more than 255", "hosts.txt line 3, column 8"],
    ["later in a line", "10.0.0.1\r\n10.0.0.2 10.0.0.2/40\r\n", "prefix length", "hosts.txt line 2, column 19"],
    ["in ports", "\n10.0.0.1:80,x!", `"x!" is no port`, "hosts.txt line 2, column 13"],
    ["in a file that is no text", "\x7fELF\x02\x01\0\0", "cannot be part", "hosts.txt line 1, column 1"],
    ["behind a mark", "\ufeff10.0.0", "3 bytes", "hosts.txt line 1, column 1"],
    ["a list in JSON", '["10.0.0.1"]', "cannot be part", "hosts.txt line 1, column 1"],
  ];
  for (const [name, text, says, place] of rows) {
    await t.step(name, () => assertUsageError(() => [...parseTargetFile(text, "hosts.txt")], says, `(${place})`));
  }
});

Deno.test("targets of a file share their port sets", () => {
  const [first, second] = parseTargetFile("10.0.0.1:80,443\n10.0.0.2:80,443", "hosts.txt");
  assert(first!.ports !== undefined && first!.ports === second!.ports);
});

Deno.test("patterns agree with counting every address out", () => {
  const random = new Random(31);
  for (let round = 0; round < 200; round++) {
    // The last two bytes vary freely, the first two a little, so that every address can be counted.
    const bytes = [3, 2, 256, 256].map((bound) => {
      const items = Array.from({ length: 1 + random.below(3) }, () => {
        const a = random.below(bound), b = random.below(bound);
        return random.chance(0.5) ? { low: a, high: a } : { low: Math.min(a, b), high: Math.max(a, b) };
      });
      return random.chance(0.2) && bound === 256 ? [{ low: 0, high: 255 }] : items;
    });
    const text = bytes.map((items) => {
      return items.map(({ low, high }) => low === 0 && high === 255 ? "*" : low === high ? low : `${low}-${high}`)
        .join();
    }).join(".");
    const values = bytes.map((items) => {
      const all = Array.from({ length: 256 }, (_, value) => value);
      return all.filter((value) => items.some(({ low, high }) => low <= value && value <= high));
    });
    const spec = parseTargets(text)[0]!;
    const count = values.reduce((product, byte) => product * byte.length, 1);
    const size = spec.kind === "pattern"
      ? patternAddresses(spec).size
      : spec.kind === "addresses"
      ? spec.last - spec.first + 1
      : 0;
    assertEquals(size, count, text);
    if (spec.kind !== "pattern") continue;
    const addresses = patternAddresses(spec);
    for (let sample = 0; sample < 50; sample++) {
      const [a, b, c, d] = [random.below(3), random.below(2), random.below(256), random.below(256)];
      const expected = values[0]!.includes(a) && values[1]!.includes(b) && values[2]!.includes(c) &&
        values[3]!.includes(d);
      assertEquals(addresses.has(((a * 256 + b) * 256 + c) * 256 + d), expected, `${text} and ${a}.${b}.${c}.${d}`);
    }
  }
});

Deno.test("no text does anything but give a target or a usage error", () => {
  const random = new Random(32);
  const alphabet = [..."0123456789....//--,,::**abx_#@[]% ", "10.0.0.", "1.2.3.4", "255", "é", "\0", "\n", "\x1b"];
  let read = 0;
  for (let round = 0; round < 30_000; round++) {
    const text = Array.from({ length: random.below(10) }, () => random.pick(alphabet)).join("");
    try {
      parseTargets(text)[0]!;
      read++;
    } catch {
      assertUsageError(() => parseTargets(text)[0]!, "Cannot read ", "column");
    }
  }
  assert(read > 300, `only ${read} texts were targets`);
});
