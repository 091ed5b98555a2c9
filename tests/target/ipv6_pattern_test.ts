import { assert, assertEquals } from "@std/assert";
import { NO_HOST } from "../../src/target/address_book.ts";
import { DualBook, ipv6PatternParts } from "../../src/target/ipv6_book.ts";
import type { IidPolicy } from "../../src/target/ipv6_pattern.ts";
import { RangesBuilder } from "../../src/target/ranges.ts";
import { parseIid } from "../../src/scan/ipv6_patterns.ts";
import { parseIpv6, writeIpv6Address } from "../../src/wire/address6.ts";

function bookOf(base: string, from: number, to: number, policy: IidPolicy): DualBook {
  return new DualBook(ipv6PatternParts({ base: parseIpv6(base)!, from, to, policy }, false)!);
}

const policy = (text: string, bits = 64) => parseIid(text, bits, 7);

Deno.test("ipv6 pattern: every prefix has the identifiers of the policy, in the order of addresses", async (t) => {
  const rows: readonly (readonly [base: string, from: number, to: number, policy: string, expected: string[]])[] = [
    ["2001:db8::", 62, 64, "low", ["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"]],
    ["2001:db8::", 63, 64, "zero", ["2001:db8::", "2001:db8:0:1::"]],
    ["2001:db8::", 56, 57, "low", ["2001:db8::1", "2001:db8:0:80::1"]],
    ["2001:db8:ff00::", 40, 42, "low", [
      "2001:db8:ff00::1",
      "2001:db8:ff40::1",
      "2001:db8:ff80::1",
      "2001:db8:ffc0::1",
    ]],
    ["2001:db8::", 127, 128, "zero", ["2001:db8::", "2001:db8::1"]],
    ["2001:db8::", 64, 64, "set:::53,::1 ::1:0:0:0", ["2001:db8::1", "2001:db8::53", "2001:db8:0:0:1::"]],
    ["2001:db8::", 63, 64, "set:# routers\n::1\n::fffe\n", [
      ...["2001:db8::1", "2001:db8::fffe", "2001:db8:0:1::1", "2001:db8:0:1::fffe"],
    ]],
  ];
  for (const [base, from, to, text, expected] of rows) {
    await t.step(`${base}/${from}-${to} ${text}`, () => {
      const { ipv6 } = bookOf(base, from, to, policy(text, 128 - to));
      const hosts = Array.from({ length: ipv6.last - ipv6.first + 1 }, (_, at) => ipv6.text(ipv6.first + at));
      assertEquals(hosts, expected);
    });
  }
});

Deno.test("ipv6 pattern: the hosts of one /64, and no others, have one network", () => {
  const rows: readonly (readonly [from: number, to: number, policy: string])[] = [
    ...[[60, 64, "low"], [60, 66, "zero"], [68, 72, "random"], [56, 60, "set:::1,::2"]] as const,
    ...[[62, 66, "set:::1,::2"], [44, 48, "set:::1,::2,::1:0:0:0:1,::1:0:0:0:2,::2:0:0:0:1"]] as const,
  ];
  for (const [from, to, text] of rows) {
    const { ipv6 } = bookOf("2001:db8::", from, to, policy(text, 128 - to));
    const networks = new Map<bigint, number>();
    for (let host = ipv6.first; host <= ipv6.last; host++) {
      const prefix = ipv6.addressOf(host) >> 64n;
      const network = ipv6.networkOf(host);
      if (!networks.has(prefix)) networks.set(prefix, network);
      assertEquals(networks.get(prefix), network, `/${from}-${to} ${text}: ${ipv6.text(host)}`);
    }
    assertEquals(new Set(networks.values()).size, networks.size, `/${from}-${to} ${text}`);
  }
});

for (const text of ["low", "zero", "random", "eui64:00:16:3e", "set:::1,::2,::ffff:0:1,::8000:0:0:1"]) {
  Deno.test(`ipv6 pattern: numbers of ${text} lead to addresses and back, and nothing else has one`, () => {
    for (const [from, to] of [[32, 64], [40, 56], [47, 61], [20, 50], [64, 64]] as const) {
      const { ipv6 } = bookOf("2001::", Math.max(from, to - 30), to, policy(text, 128 - to));
      const size = ipv6.last - ipv6.first + 1;
      const view = new DataView(new ArrayBuffer(20));
      let before = -1n;
      for (let i = 0; i < 200; i++) {
        const host = ipv6.first + Math.floor(i * (size - 1) / 199);
        const address = ipv6.addressOf(host);
        assert(address > before || host === ipv6.first || size < 200, `${i}`);
        before = address;
        ipv6.write(host, view, 4);
        assertEquals(ipv6.find(view, 4, 0), host);
        assertEquals([ipv6.lastUpTo(address, 0), ipv6.lastUpTo(address - 1n, 0)], [host, host - 1]);
        for (const other of [address ^ 1n << 127n, address ^ 1n << 126n, address ^ 1n << 3n]) {
          writeIpv6Address(view, 4, other);
          const found = ipv6.find(view, 4, 0);
          assert(found === NO_HOST || ipv6.addressOf(found) === other, text);
        }
      }
    }
  });
}

Deno.test("ipv6 pattern: all /64 of a /32 have numbers, and excluded blocks are sets of them", () => {
  const book = bookOf("2001:db8::", 32, 64, policy("low"));
  assertEquals([book.ipv6.first, book.ipv6.last], [0, 0xffff_ffff]);
  assertEquals([book.text(0), book.text(0xffff_ffff)], ["2001:db8::1", "2001:db8:ffff:ffff::1"]);
  assertEquals(book.hostOf("2001:db8:1:2::1"), 0x10002);
  const excluded = new RangesBuilder();
  const first = parseIpv6("2001:db8:12::")!;
  book.ipv6.addNumbers({ first, last: first + (1n << 80n) - 1n, scope: 0 }, excluded);
  assertEquals([...excluded.build()], [[0x12_0000, 0x12_ffff]]);
  assertEquals(Array.from(book.stretches(5, 7)), [[5, 5], [6, 6], [7, 7]]);
  assertEquals(Array.from(book.stretches(0, 0xffff_ffff)), [[0, 0xffff_ffff]]);
});

Deno.test("ipv6 pattern: identifiers of one key are the same, those of another differ, and EUI-64 has its form", () => {
  const texts = (text: string, key: number) => {
    const { ipv6 } = bookOf("2001:db8::", 54, 64, parseIid(text, 64, key));
    return Array.from({ length: 1024 }, (_, at) => ipv6.text(ipv6.first + at));
  };
  assertEquals(texts("random", 1), texts("random", 1));
  assertEquals(new Set(texts("random", 1).map((text) => text.split(":").slice(-3).join())).size, 1024);
  assert(texts("random", 1)[5] !== texts("random", 2)[5]);
  for (const text of texts("eui64:001b21", 1)) assert(/:21b:21ff:fe[\da-f]{2}:[\da-f]{1,4}$/.test(text), text);
});
