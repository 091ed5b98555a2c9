import { assert, assertEquals } from "@std/assert";
import { IPV4_BOOK, NO_HOST, rangeTexts } from "../../src/target/address_book.ts";
import { bookOfTexts, DualBook, ipv6BookParts, type Ipv6Range, keptBook } from "../../src/target/ipv6_book.ts";
import { Ranges, RangesBuilder } from "../../src/target/ranges.ts";
import { formatIpv6, parseIpv6, writeIpv6Address } from "../../src/wire/address6.ts";
import { Random } from "../support/random.ts";

const ZONES = [[2, "eth0"], [3, "eth1"]] as const;

function big(text: string): bigint {
  return parseIpv6(text)!;
}

function range(first: string, last = first, scope = 0): Ipv6Range {
  return { first: big(first), last: big(last), scope };
}

function viewOf(address: bigint): DataView {
  const view = new DataView(new ArrayBuffer(24));
  writeIpv6Address(view, 4, address);
  return view;
}

function bookOf(ranges: readonly Ipv6Range[], hasIpv4 = false): DualBook {
  return new DualBook(ipv6BookParts(ranges, hasIpv4, ZONES)!);
}

for (const hasIpv4 of [false, true]) {
  Deno.test(`ipv6 book: hosts ${hasIpv4 ? "beside IPv4" : "of IPv6 alone"} of one /64 and zone have one network`, () => {
    const book = bookOf(
      [
        range("2001:db8::5", "2001:db8::9"),
        range("2001:db8::ffff"),
        range("2001:db8::ffff:ffff:ffff:fffe", "2001:db8:0:1::2"),
        range("2001:db8:0:3::"),
        range("fe80::1", "fe80::2", 2),
        range("fe80::2", "fe80::2", 3),
      ],
      hasIpv4,
    );
    const { ipv6 } = book;
    const networks = new Map<string, number>();
    for (let host = ipv6.first; host <= ipv6.last; host++) {
      const prefix = `${ipv6.addressOf(host) >> 64n} ${ipv6.scopeOf(host)}`;
      const network = book.networkOf(host);
      assertEquals(networks.get(prefix) ?? network, network, ipv6.text(host));
      if (!networks.has(prefix)) assertEquals([...networks.values()].includes(network), false, ipv6.text(host));
      networks.set(prefix, network);
    }
    assertEquals(networks.size, 5);
    const [first, neighbour, other] = ["192.0.2.1", "192.0.2.255", "192.0.3.1"].map((ip) => IPV4_BOOK.hostOf(ip));
    if (hasIpv4) {
      assertEquals(book.networkOf(first!), book.networkOf(neighbour!));
      assertEquals(book.networkOf(first!) === book.networkOf(other!), false);
      assertEquals([...networks.values()].includes(book.networkOf(first!)), false);
    }
  });
}

for (const hasIpv4 of [false, true]) {
  const beside = hasIpv4 ? "beside IPv4" : "of IPv6 alone";
  Deno.test(`ipv6 book: numbers ${beside} lead to addresses and back, in their order`, () => {
    const ranges = [
      range("2001:db8::fffe", "2001:db8::1:2"),
      range("::1"),
      range("fe80::1", "fe80::3", 3),
      range("2001:db8::ffff:ffff", "2001:db8::1:0:1"),
      range("2001:db8::1:1", "2001:db8::1:5"),
      range("fe80::2", "fe80::2", 2),
    ];
    const { ipv6, ...book } = Object.assign(bookOf(ranges, hasIpv4));
    const whole = bookOf(ranges, hasIpv4);
    assertEquals(ipv6.first, hasIpv4 ? 0xf000_0000 : 1);
    assertEquals(ipv6.last - ipv6.first + 1, 1 + 8 + 3 + 1 + 3);
    const texts: string[] = [];
    for (let host = ipv6.first; host <= ipv6.last; host++) {
      const text = whole.text(host);
      texts.push(text);
      const view = new DataView(new ArrayBuffer(24));
      ipv6.write(host, view, 4);
      assertEquals(ipv6.find(view, 4, ipv6.scopeOf(host)), host, text);
      assertEquals(ipv6.sender(view, 4, ipv6.scopeOf(host)), host, text);
      assertEquals(whole.hostOf(text), host, text);
      assertEquals([whole.address(host), ipv6.lastUpTo(ipv6.addressOf(host), ipv6.scopeOf(host))], [-1, host]);
    }
    assertEquals(texts.slice(0, 2).concat(texts.slice(-4)), [
      ...["::1", "2001:db8::fffe"],
      ...["fe80::2%eth0", "fe80::1%eth1", "fe80::2%eth1", "fe80::3%eth1"],
    ]);
    assertEquals(rangeTexts(whole, ipv6.first, ipv6.last), [
      ...["::1", "2001:db8::fffe-2001:db8::1:5", "2001:db8::ffff:ffff-2001:db8::1:0:1"],
      ...["fe80::2%eth0", "fe80::1%eth1-fe80::3%eth1"],
    ]);
    for (
      const text of ["::", "2001:db8::fffd", "2001:db8::1:6", "2001:db9::fffe", "fe80::4", "::2", "2001:db8:0:1::fffe"]
    ) {
      assertEquals(ipv6.find(viewOf(big(text)), 4, 3), NO_HOST, text);
    }
    // A link-local address is one of a zone: of another it is no host.
    assertEquals([whole.hostOf("fe80::1%eth0"), whole.hostOf("fe80::1%eth9"), whole.hostOf("fe80::1")], [-1, -1, -1]);
    assert(book !== undefined);
  });
}

Deno.test("ipv6 book: numbers of IPv4 beside it are addresses, without those in whose place it has its own", () => {
  const book = bookOf([range("2001:db8::1", "2001:db8::9")], true);
  const host = IPV4_BOOK.hostOf("192.0.2.1");
  assertEquals([book.hostOf("192.0.2.1"), book.text(host), book.find(host), book.sender(host)], [
    host,
    "192.0.2.1",
    host,
    host,
  ]);
  assertEquals([book.find(0xf000_0000), book.sender(0xf000_0001), book.hostOf("240.0.0.1")], [NO_HOST, 0, NO_HOST]);
  assertEquals([...book.numbers(Ranges.of(0xefff_ffff, 0xf000_0009))], [[0xefff_ffff, 0xefff_ffff]]);
  assertEquals([...book.stretches(0xefff_fff0, 0xf000_0003)], [[0xefff_fff0, 0xefff_ffff], [0xf000_0000, 0xf000_0003]]);
});

Deno.test("ipv6 book: senders that are no hosts have numbers, up to a bound, which other threads and a resumed scan know", () => {
  const parts = ipv6BookParts([range("2001:db8::1", "2001:db8::9"), range("fe80::1", "fe80::1", 2)], true, ZONES)!;
  const [main, other] = [new DualBook(parts), new DualBook(structuredClone(parts), 1)];
  const router = viewOf(big("2001:db8:1::1"));
  const number = other.ipv6.sender(router, 4, 0);
  assert(number > main.ipv6.last);
  assertEquals(other.ipv6.sender(router, 4, 7), number);
  assertEquals([main.text(number), main.hostOf("2001:db8:1::1")], ["2001:db8:1::1", number]);
  // The zone of the only link that is scanned is taken where that of a sender is not known.
  const local = main.ipv6.sender(viewOf(big("fe80::77")), 4, 0);
  assertEquals([main.text(local), main.ipv6.scopeOf(local)], ["fe80::77%eth0", 2]);
  const kept = main.senders.kept();
  const resumed = new DualBook(
    ipv6BookParts([range("2001:db8::1", "2001:db8::9"), range("fe80::1", "fe80::1", 2)], true, ZONES)!,
  );
  resumed.senders.take(kept);
  assertEquals([resumed.text(number), resumed.text(local)], ["2001:db8:1::1", "fe80::77%eth0"]);
  const numbers = new Set<number>();
  for (let i = 0n; i < 3000n; i++) numbers.add(main.ipv6.sender(viewOf(big("2001:db8:2::") + i), 4, 0));
  assert(numbers.has(0) && numbers.size < 1100, `${numbers.size}`);
  for (const each of numbers) assert(each === 0 || main.text(each).startsWith("2001:db8:2::"));
});

Deno.test("ipv6 book: sets of addresses become sets of numbers", () => {
  const book = bookOf([
    range("2001:db8::10", "2001:db8::1f"),
    range("2001:db8::30"),
    range("fe80::1", "fe80::2", 2),
    range("fe80::1", "fe80::2", 3),
  ]);
  const numbers = (...ranges: readonly Ipv6Range[]) => {
    const builder = new RangesBuilder();
    for (const each of ranges) book.ipv6.addNumbers(each, builder);
    return Array.from(builder.build(), ([first, last]) => rangeTexts(book, first, last)).flat();
  };
  assertEquals(numbers(range("::", "2001:db8::11")), ["2001:db8::10-2001:db8::11"]);
  assertEquals(numbers(range("2001:db8::1e", "2001:db8::2f")), ["2001:db8::1e-2001:db8::1f"]);
  assertEquals(numbers(range("2001:db8::20", "2001:db8::2f"), range("::", "2001:db8::f")), []);
  assertEquals(numbers(range("fe80::2")), ["fe80::2%eth0", "fe80::2%eth1"]);
  assertEquals(numbers(range("fe80::2", "fe80::2", 3)), ["fe80::2%eth1"]);
  assertEquals(numbers(range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).length, 4);
});

Deno.test("ipv6 book: addresses of a report have numbers whatever their zones are called", () => {
  const texts = ["192.0.2.7", "fe80::1%wlan0", "2001:db8::1", "fe80::1%eth0"];
  const book = bookOfTexts(texts);
  assertEquals(texts.map((text) => book.text(book.hostOf(text))), texts);
  assertEquals(bookOfTexts(["192.0.2.7"]), IPV4_BOOK);
});

Deno.test("ipv6 book: a checkpoint keeps it with its senders, unless its ranges are very many", () => {
  const book = bookOf([range("2001:db8::1", "2001:db8::9"), range("fe80::1", "fe80::1", 2)], true);
  const router = book.ipv6.sender(viewOf(big("2001:db8:1::1")), 4, 0);
  const kept = keptBook(JSON.parse(JSON.stringify(book.kept())))!;
  for (const host of [0xc0000201, 0xf000_0003, 0xf000_0009, router]) assertEquals(kept.text(host), book.text(host));
  const many = bookOf(Array.from({ length: 5000 }, (_, at) => range(`2001:db8::${at.toString(16)}:1`)));
  assertEquals(keptBook(many.kept()), undefined);
});

Deno.test("ipv6 book: random ranges agree with a sorted list of their addresses", () => {
  const random = new Random(7);
  for (let round = 0; round < 40; round++) {
    const addresses = new Set<bigint>();
    const ranges: Ipv6Range[] = [];
    const base = big("2001:db8:0:0:0:ffff:ffff:ff00");
    for (let i = 0; i < 1 + random.below(9); i++) {
      const first = base + BigInt(random.below(600));
      const last = first + BigInt(random.below(40));
      ranges.push({ first, last, scope: 0 });
      for (let address = first; address <= last; address++) addresses.add(address);
    }
    const sorted = [...addresses].sort((one, other) => one < other ? -1 : 1);
    const { ipv6 } = bookOf(ranges, round % 2 === 0);
    assertEquals(ipv6.last - ipv6.first + 1, sorted.length);
    sorted.forEach((address, at) => assertEquals(ipv6.addressOf(ipv6.first + at), address));
    for (let address = base - 2n; address < base + 700n; address++) {
      const found = ipv6.find(viewOf(address), 4, 0);
      assertEquals(
        found === NO_HOST ? undefined : sorted[found - ipv6.first],
        addresses.has(address) ? address : undefined,
      );
      const upTo = sorted.filter((each) => each <= address).length;
      assertEquals(ipv6.lastUpTo(address, 0), ipv6.first + upTo - 1, formatIpv6(address));
    }
  }
});

Deno.test("ipv6 book: a /96 has a number for each address, and more hosts have none", () => {
  const whole = bookOf([range("2001:db8::", "2001:db8::ffff:ffff")]);
  assertEquals([whole.ipv6.first, whole.ipv6.last], [0, 0xffff_ffff]);
  assertEquals([whole.text(0xffff_fffe), whole.hostOf("2001:db8::ffff:fffe")], ["2001:db8::ffff:fffe", 0xffff_fffe]);
  assertEquals(whole.ipv6.sender(viewOf(big("2001:db8:1::1")), 4, 0), 0);
  assertEquals(ipv6BookParts([range("2001:db8::", "2001:db8::1:0:0")], false, []), undefined);
  assertEquals(ipv6BookParts([range("2001:db8::", "2001:db8::ffff:ffff")], true, []), undefined);
});

Deno.test("ipv6 book: a link-local address by an unknown interface is that of the zone which has it", () => {
  const { ipv6 } = bookOf([range("fe80::1", "fe80::3", 2), range("fe80::7", "fe80::9", 3)]);
  const found = (text: string, scope: number) => ipv6.find(viewOf(big(text)), 4, scope);
  assertEquals([found("fe80::2", 0), found("fe80::8", 0)], [found("fe80::2", 2), found("fe80::8", 3)]);
  assertEquals([found("fe80::2", 3), found("fe80::5", 0)], [NO_HOST, NO_HOST]);
});
