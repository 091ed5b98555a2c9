import { assertEquals } from "@std/assert";
import {
  canBeSource6,
  formatIpv6,
  IPV6_LEN,
  IPV6_MAX,
  isLinkLocal,
  isMulticast6,
  parseIpv6,
  readIpv6Address,
  writeIpv6Address,
} from "../../src/wire/address6.ts";
import { Random } from "../support/random.ts";

/** Text, and the form of RFC 5952. */
const TEXTS: readonly (readonly [text: string, form: string])[] = [
  ["::", "::"],
  ["::1", "::1"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["2001:DB8::7", "2001:db8::7"],
  ["2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["1::", "1::"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ["::ffff:c000:201", "::ffff:192.0.2.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

const NO_ADDRESSES = [
  ...["", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "::1:2:3:4:5:6:7:8"],
  ...[
    "12345::",
    "g::",
    "::1%eth0",
    "[::1]",
    " ::1",
    "::1 ",
    "1.2.3.4",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "::1.2.3",
    "::01.2.3.4",
  ],
  ...["1:2:3:4:5:6:7:1.2.3.4", ":1::2", "1::2:", "2001:db8::/32", "-1::", "::+1", "1:".repeat(40)],
];

Deno.test("address6: text is read, and written in the form of RFC 5952", () => {
  for (const [text, form] of TEXTS) {
    const address = parseIpv6(text);
    assertEquals([text, address === undefined ? undefined : formatIpv6(address)], [text, form]);
    assertEquals(parseIpv6(form), address);
  }
  for (const text of NO_ADDRESSES) assertEquals([text, parseIpv6(text)], [text, undefined]);
});

Deno.test("address6: every address is read back from its bytes and its text", () => {
  const random = new Random(5952);
  const view = new DataView(new ArrayBuffer(3 + IPV6_LEN));
  for (let round = 0; round < 2000; round++) {
    let address = 0n;
    for (let group = 0; group < 8; group++) {
      address = address << 16n | BigInt(random.pick([0, 0, 1, random.below(65536)]));
    }
    writeIpv6Address(view, 3, address);
    assertEquals(readIpv6Address(view, 3), address);
    const text = formatIpv6(address);
    assertEquals(parseIpv6(text), address, text);
    if (!text.includes(".")) assertEquals(new URL(`http://[${text}]/`).hostname, `[${text}]`);
  }
  assertEquals(parseIpv6(formatIpv6(IPV6_MAX)), IPV6_MAX);
});

Deno.test("address6: link-local addresses and groups are told from others", () => {
  const all = ["fe80::1", "febf::", "fec0::", "fe7f::", "ff02::1", "2001:db8::"].map((text) => parseIpv6(text)!);
  assertEquals(all.map(isLinkLocal), [true, true, false, false, false, false]);
  assertEquals(all.map(isMulticast6), [false, false, false, false, true, false]);
});

Deno.test("address6: a packet comes from no group and not from nowhere, and from loopback only to loopback", () => {
  const view = new DataView(new ArrayBuffer(2 * IPV6_LEN));
  const canCome = (from: string, to: string) => {
    writeIpv6Address(view, 0, parseIpv6(from)!);
    writeIpv6Address(view, IPV6_LEN, parseIpv6(to)!);
    return canBeSource6(view, 0, IPV6_LEN);
  };
  assertEquals(canCome("2001:db8::1", "2001:db8::2"), true);
  assertEquals(canCome("fe80::1", "fe80::2"), true);
  assertEquals(canCome("::2", "2001:db8::2"), true);
  assertEquals(canCome("::1", "::1"), true);
  for (const [from, to] of [["::1", "2001:db8::2"], ["::", "2001:db8::2"], ["ff02::1", "2001:db8::2"], ["::", "::1"]]) {
    assertEquals(canCome(from!, to!), false, from);
  }
});
