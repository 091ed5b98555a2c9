import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseIpv4 } from "../../src/wire/address.ts";
import {
  checkDns,
  compareQuestion,
  DNS_HEADER_LEN,
  dnsId,
  dnsIsReply,
  dnsIsTruncated,
  dnsResponseCode,
  PTR_QUERY_MAX_LEN,
  ptrNameIn,
  QUESTION_DIFFERS,
  QUESTION_OTHER_CASE,
  QUESTION_SAME,
  safeName,
  writePtrQuery,
} from "../../src/wire/dns.ts";
import { CNAME, type DnsRecord, labels, lowered, named, nameOf, PTR, replyTo } from "../support/dns.ts";
import { cutTo, toHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";

const HOST = parseIpv4("192.0.2.107")!;
const ROUNDS = 50_000;

function query(host = HOST, id = 0x1234, letters = 0): Uint8Array {
  const bytes = new Uint8Array(PTR_QUERY_MAX_LEN + 2).fill(0xa5);
  const length = writePtrQuery(viewOf(bytes), 1, id, host, letters);
  assertEquals([bytes[0], ...bytes.subarray(1 + length)].every((byte) => byte === 0xa5), true);
  return bytes.slice(1, 1 + length);
}

function nameIn(reply: Uint8Array): string | undefined {
  return ptrNameIn(viewOf(reply), 0, reply.length);
}

function ptr(name: string | Uint8Array, owner?: Uint8Array): DnsRecord {
  return { type: PTR, data: typeof name === "string" ? nameOf(name) : name, ...(owner === undefined ? {} : { owner }) };
}

Deno.test("dns: query for the name of an address, byte by byte", () => {
  const question = toHex(labels("107", "2", "0", "192", "in-addr", "arpa"));
  assertEquals(toHex(query()), `1234010000010000${"00000000"}${question}000c0001`);
  const mixed = toHex(labels("107", "2", "0", "192", "In-aDdr", "arpA"));
  assertEquals(toHex(query(HOST, 0xffff, 0b1000001001)), `ffff010000010000${"00000000"}${mixed}000c0001`);
});

Deno.test("dns: queries for every first byte have their digits, and the longest has its length", () => {
  for (let byte = 0; byte < 256; byte++) {
    const host = (byte * 0x1010101) >>> 0;
    const text = `${byte}`;
    const expected = labels(text, text, text, text, "in-addr", "arpa");
    const bytes = query(host);
    assertEquals(bytes.slice(DNS_HEADER_LEN, -4), expected, text);
    assert(bytes.length <= PTR_QUERY_MAX_LEN);
  }
  assertEquals(query(0xffffffff).length, 46);
});

Deno.test("dns: query for the name of a host of IPv6 has its digits backwards, and is told apart from others", () => {
  const write = (host: number, view: DataView, at: number) => {
    view.setBigUint64(at, 0x20010db800000000n);
    view.setBigUint64(at + 8, 0x1234_0000_abcd_ef00n + BigInt(host));
  };
  const hosts = { first: 100, write };
  const bytes = new Uint8Array(PTR_QUERY_MAX_LEN);
  const length = writePtrQuery(viewOf(bytes), 0, 0x1234, 107, 0b100101, hosts);
  const digits = [..."20010db8000000001234" + "0000" + "abcdef6b"].reverse();
  assertEquals(bytes.slice(DNS_HEADER_LEN, length - 4), labels(...digits, "Ip6", "ArpA"));
  assertEquals(length, PTR_QUERY_MAX_LEN);
  const compare = (host: number, letters: number) => compareQuestion(viewOf(bytes), 0, length, host, letters, hosts);
  assertEquals([compare(107, 0b100101), compare(107, 0b100100), compare(108, 0b100101), compare(7, 0b100101)], [
    QUESTION_SAME,
    QUESTION_OTHER_CASE,
    QUESTION_DIFFERS,
    QUESTION_DIFFERS,
  ]);
  assertEquals(toHex(query(HOST, 1, 0)), toHex(bytes.slice(0, writePtrQuery(viewOf(bytes), 0, 1, HOST, 0))));
});

Deno.test("dns: header fields of a reply", () => {
  const reply = viewOf(replyTo(query(), { code: 3, flags: 0x8380 }));
  assertEquals(
    [dnsId(reply, 0), dnsIsReply(reply, 0), dnsIsTruncated(reply, 0), dnsResponseCode(reply, 0)],
    [0x1234, true, true, 3],
  );
  assertEquals(dnsIsReply(viewOf(query()), 0), false);
  // Another opcode: a reply to a NOTIFY.
  assertEquals(dnsIsReply(viewOf(replyTo(query(), { flags: 0xa180 })), 0), false);
  for (let length = 0; length < DNS_HEADER_LEN; length++) assertEquals(checkDns(reply, 0, length), 0);
});

Deno.test("dns: the question of a reply belongs to its query only with the same address, type and case", () => {
  const asked = query(HOST, 1, 0b11);
  const compare = (bytes: Uint8Array, host = HOST, letters = 0b11) =>
    compareQuestion(viewOf(bytes), 0, bytes.length, host, letters);
  assertEquals(compare(named(asked, "a.example")), QUESTION_SAME);
  assertEquals(compare(lowered(named(asked, "a.example"))), QUESTION_OTHER_CASE);
  assertEquals(compare(named(asked, "a.example"), HOST, 0b10), QUESTION_OTHER_CASE);
  assertEquals(compare(named(asked, "a.example"), HOST + 1), QUESTION_DIFFERS);
  // A suffix of other digits that has the same length.
  assertEquals(compare(named(asked, "a.example"), parseIpv4("192.0.2.170")!), QUESTION_DIFFERS);
  const otherType = asked.slice();
  otherType[otherType.length - 3] = 1;
  assertEquals(compare(otherType), QUESTION_DIFFERS);
  const otherClass = asked.slice();
  otherClass[otherClass.length - 1] = 3;
  assertEquals(compare(otherClass), QUESTION_DIFFERS);
  const twoQuestions = asked.slice();
  twoQuestions[5] = 2;
  assertEquals(compare(twoQuestions), QUESTION_DIFFERS);
  for (let length = 0; length < asked.length; length++) {
    assertEquals(compare(cutTo(asked, length)), QUESTION_DIFFERS, `${length} bytes`);
  }
});

Deno.test("dns: names of replies, by their records", () => {
  const own = query();
  const alias = labels("107", "64/26", "2", "0", "192", "in-addr", "arpa");
  const cases: readonly (readonly [string, readonly DnsRecord[], string | undefined])[] = [
    ["one", [ptr("www.example.com")], "www.example.com"],
    ["upper case", [ptr("WWW.Example.COM")], "www.example.com"],
    ["none", [], undefined],
    ["several: the one that sorts first", [ptr("b.example"), ptr("a.example"), ptr("c.example")], "a.example"],
    ["of another owner", [ptr("evil.example", nameOf("108.2.0.192.in-addr.arpa"))], undefined],
    [
      "of the same owner, written out in other letters",
      [ptr("x.example", nameOf("107.2.0.192.IN-ADDR.ARPA"))],
      "x.example",
    ],
    ["delegation of RFC 2317", [{ type: CNAME, data: alias }, ptr("host.example", alias)], "host.example"],
    ["the same, alias last", [ptr("host.example", alias), { type: CNAME, data: alias }], "host.example"],
    ["alias without its name", [{ type: CNAME, data: alias }], undefined],
    ["alias of itself", [{ type: CNAME, data: Uint8Array.of(0xc0, DNS_HEADER_LEN) }], undefined],
    ["two aliases of each other", [
      { type: CNAME, data: alias },
      { owner: alias, type: CNAME, data: Uint8Array.of(0xc0, DNS_HEADER_LEN) },
    ], undefined],
    ["other types", [{ type: 16, data: nameOf("text") }, { type: 1, data: Uint8Array.of(1, 2, 3, 4) }], undefined],
    ["data longer than the name", [ptr(Uint8Array.from([...nameOf("a.example"), 0]))], undefined],
    ["the root", [ptr(Uint8Array.of(0))], undefined],
    ["a pointer to itself", [ptr(Uint8Array.of(0xc0, own.length + 12))], undefined],
    ["a pointer forwards", [ptr(Uint8Array.of(0xc0, own.length + 14))], undefined],
    ["a pointer beyond the end", [ptr(Uint8Array.of(0xff, 0xff))], undefined],
    ["a pointer that leads around through a label", [ptr(Uint8Array.of(1, 0x61, 0xc0, own.length + 12))], undefined],
    [
      "a pointer to the question",
      [ptr(Uint8Array.from([4, ...new TextEncoder().encode("host"), 0xc0, 12]))],
      "host.107.2.0.192.in-addr.arpa",
    ],
    ["a label with a reserved length", [ptr(Uint8Array.of(0x41, ...new Uint8Array(0x41), 0))], undefined],
    ["longer than 255 bytes", [ptr(labels(...Array<string>(5).fill("a".repeat(60))))], undefined],
  ];
  for (const [name, records, expected] of cases) assertEquals(nameIn(replyTo(own, { records })), expected, name);
});

Deno.test("dns: hostile bytes of a name are escaped", () => {
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [labels("a.b", "example"), "a\\046b.example"],
    [labels("-oX", "example"), "\\045ox.example"],
    [labels("a-b", "-c"), "a-b.-c"],
    [labels("a\x1b[31m\x07", "x"), "a\\027\\09131m\\007.x"],
    [labels("<b>&\"'", "x"), "\\060b\\062\\038\\034\\039.x"],
    [labels("a\nb\tc\0", "x"), "a\\010b\\009c\\000.x"],
    [labels("é\u202e", "x"), "\\195\\169\\226\\128\\174.x"],
    [labels(Uint8Array.of(0xff, 0x80), "x"), "\\255\\128.x"],
    [labels("back\\slash", "x"), "back\\092slash.x"],
    [labels("=cmd|' /C calc'!A0", "x"), "\\061cmd\\124\\039\\032/c\\032calc\\039\\033a0.x"],
    [labels("xn--bcher-kva", "example"), "xn--bcher-kva.example"],
    [labels("_sip", "_tcp"), "_sip._tcp"],
  ];
  for (const [data, expected] of cases) assertEquals(nameIn(replyTo(query(), { records: [ptr(data)] })), expected);
  const long = labels(...Array<Uint8Array>(3).fill(new Uint8Array(63).fill(1)));
  assertEquals(nameIn(replyTo(query(), { records: [ptr(long)] })), undefined);
});

Deno.test("dns: names of the C library are made safe in the same way", () => {
  const safe = (text: string) => safeName(new TextEncoder().encode(text));
  assertEquals(safe("Host.Example.COM"), "host.example.com");
  assertEquals(safe("host.example."), "host.example");
  assertEquals(safe("-n"), "\\045n");
  assertEquals(safe("a\x1b]0;x"), "a\\027\\0930\\059x");
  assertEquals(safe(""), undefined);
  assertEquals(safe("."), undefined);
  assertEquals(safe("a".repeat(256)), undefined);
});

Deno.test("dns: a reply cut at every length is read without error, and never gives another name", () => {
  const alias = labels("107", "64/26", "2", "0", "192", "in-addr", "arpa");
  const whole = replyTo(query(), { records: [{ type: CNAME, data: alias }, ptr("host.example", alias)] });
  for (let length = query().length; length < whole.length; length++) {
    assertEquals(nameIn(cutTo(whole, length)), undefined, `${length} bytes`);
  }
  assertEquals(nameIn(whole), "host.example");
});

Deno.test("dns: damaged and random replies are read without error, in bounded time, and give safe names", () => {
  const random = new Random(20_261);
  const alias = labels("107", "64/26", "2", "0", "192", "in-addr", "arpa");
  const own = query();
  const whole = replyTo(own, {
    records: [{ type: CNAME, data: alias }, ptr("host.example", alias), ptr("b.example"), ptr("c.example")],
  });
  let names = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const isRandom = random.chance(0.3);
    const bytes = isRandom ? random.bytes(random.below(600)) : cutTo(whole, whole.length - random.below(3));
    const damage = isRandom ? 0 : 1 + random.below(6);
    for (let each = 0; each < damage; each++) {
      bytes[random.below(bytes.length)] = random.pick([random.below(256), 0xc0, 0, 63, 12]);
    }
    const view = viewOf(bytes);
    if (checkDns(view, 0, bytes.length) === 0) continue;
    compareQuestion(view, 0, bytes.length, HOST, 0);
    const name = ptrNameIn(view, 0, bytes.length);
    if (name === undefined) continue;
    names++;
    assertMatch(name, /^(?!-)[a-z0-9._\/\\-]{1,255}$/, `seed ${random.seed}, round ${round}`);
  }
  assert(names > 1000, `${names} names`);
});

Deno.test("dns: the most expensive reply takes bounded time", () => {
  // Pointers in a chain, which every record's owner follows.
  const records: DnsRecord[] = [];
  const own = query();
  for (let at = own.length; at < 1400; at += 14) {
    records.push({
      owner: Uint8Array.of(0xc0 | at - 14 >> 8, at - 14 & 0xff),
      type: CNAME,
      data: Uint8Array.of(0xc0, 12),
    });
  }
  const reply = replyTo(own, { records });
  const beganMs = performance.now();
  for (let round = 0; round < 100; round++) nameIn(reply);
  assert(performance.now() - beganMs < 1000);
});
