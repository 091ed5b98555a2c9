/**
 * Address books: the numbers of IPv4 are its addresses, and everything between text and packets works as well with numbers that
 * are not, as those of IPv6 will be.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Journal, RESULTS } from "../../src/checkpoint/journal.ts";
import { type FormatName, FORMATS, newAggregator } from "../../src/report/formats.ts";
import type { ScanHead } from "../../src/report/writer.ts";
import { fromAt, hostAt, ResultBatcher, type ResultColumns, ROW_LEN } from "../../src/result/batch.ts";
import { type Reason, reasonCode } from "../../src/result/reasons.ts";
import { FILTERED } from "../../src/result/states.ts";
import { passesNamed } from "../../src/result/pass.ts";
import { ResultRows } from "../../src/result/rows.ts";
import { type AddressBook, IPV4_BOOK, NO_HOST, rangeTexts } from "../../src/target/address_book.ts";
import { rangesOf, rangesText } from "../../src/scan/exclusions.ts";
import { HostNames } from "../../src/target/names.ts";
import { PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { ListBook } from "../support/list_book.ts";
import { summary, textOf } from "../support/results.ts";
import { simulate } from "../support/sim.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_ICMP, SIM_OPEN, SIM_REJECT } from "../support/sim_network.ts";
import { newWriter } from "../support/writers.ts";

const ROUTER = "10.255.255.254";
const IPS = ["10.0.0.3", "10.0.0.1", "172.16.0.9", "10.0.0.2", "10.0.7.200", "10.3.0.1", "10.0.0.7"];
const ADDRESSES = IPS.map(IPV4_BOOK.hostOf);
/** Hosts without a reply of their own: absent ones, and some that the router reports. */
const ABSENT = Array.from({ length: 60 }, (_, at) => IPV4_BOOK.hostOf("10.9.0.0") + at + (at < 30 ? 0 : 7));
const REPORTED = Array.from({ length: 12 }, (_, at) => IPV4_BOOK.hostOf("10.8.0.0") + at + (at < 5 ? 0 : 7));
const EVERYBODY = [...ADDRESSES, ...ABSENT, ...REPORTED];
const PORTS = 40;

for (const [name, book] of [["IPv4", IPV4_BOOK], ["a list", new ListBook(ADDRESSES)]] as const) {
  Deno.test(`address book: numbers of ${name} lead to their addresses and back, in the same order`, () => {
    const numbers = ADDRESSES.toSorted((one, other) => one - other).map((address) => book.find(address));
    assertEquals(numbers, numbers.toSorted((one, other) => one - other));
    for (const ip of IPS) {
      const host = book.hostOf(ip);
      assert(host > 0, "0 is no host");
      assertEquals([book.text(host), book.find(book.address(host)), book.sender(book.address(host))], [ip, host, host]);
      assertEquals(book.lastUpTo(book.address(host)), host);
    }
    assertEquals(book.hostOf("10.0.0"), NO_HOST);
    const networks = IPS.map((ip) => book.networkOf(book.hostOf(ip)));
    const prefixes = IPS.map((ip) => ip.replace(/\d+$/, ""));
    for (const [at, network] of networks.entries()) {
      assertEquals(networks.indexOf(network), prefixes.indexOf(prefixes[at]!), IPS[at]);
    }
    const whole = Ranges.of(IPV4_BOOK.hostOf("10.0.0.1"), IPV4_BOOK.hostOf("10.0.0.3"));
    const [first, last] = [book.hostOf("10.0.0.1"), book.hostOf("10.0.0.3")];
    assertEquals([...book.numbers(whole)], [[first, last]]);
    assertEquals(rangeTexts(book, first, last), ["10.0.0.1-10.0.0.3"]);
    assertEquals(rangeTexts(book, last, last), ["10.0.0.3"]);
    const router = book.sender(IPV4_BOOK.hostOf(ROUTER));
    assertEquals([book.text(router), book.sender(book.address(router))], [ROUTER, router]);
  });
}

Deno.test("address book: neighbouring numbers of addresses that are no neighbours are no range", () => {
  const book = new ListBook(ADDRESSES);
  assertEquals(rangeTexts(book, 2, 5), ["10.0.0.2-10.0.0.3", "10.0.0.7", "10.0.7.200"]);
  assertEquals([book.find(IPV4_BOOK.hostOf("10.0.0.4")), book.hostOf("10.0.0.4")], [NO_HOST, NO_HOST]);
  const some = Ranges.of(2, 5);
  assertEquals(rangesText(some, book), "10.0.0.2-10.0.0.3,10.0.0.7,10.0.7.200");
  assertEquals(rangesOf(some, book)?.length, 3);
  assertEquals(rangesOf(some, book)?.[0], [ADDRESSES[3]!, ADDRESSES[0]!]);
  const around = Ranges.from([[0, ADDRESSES[1]! - 1], [ADDRESSES[0]! + 1, IPV4_BOOK.hostOf("10.3.0.1")]]);
  assertEquals([...book.numbers(around)], [[4, 6]]);
});

/** The behavior of a host at a port. The last host is silent, one is rejected by a router and one by itself. */
function behaviour(address: number, port: number): number {
  const ip = IPV4_BOOK.text(address);
  if (ip === "172.16.0.9") return SIM_DROPPED;
  if (ip === "10.0.7.200" && port % 2 === 0) return SIM_ICMP + 13;
  if (ip === "10.0.0.7" && port % 3 === 0) return SIM_REJECT + 3;
  return port % 7 === address % 7 ? SIM_OPEN : port % 11 === 0 ? SIM_DROPPED : SIM_CLOSED;
}

/** Scans, keeps the journal of it, and replays that into every format with another book of the same addresses. */
async function documents(
  book: AddressBook,
  reopened: () => AddressBook,
): Promise<{ rows: ResultColumns; texts: Record<string, string> }> {
  const path = await Deno.makeTempFile();
  try {
    let kept: ReturnType<Journal["flush"]>;
    {
      using journal = new Journal("0123456789abcdef", () => Deno.openSync(path, { read: true, write: true }));
      const batcher = new ResultBatcher((rows) => journal.add({ kind: RESULTS, pass: 0, timeMs: 1000, body: rows }));
      const { wrong } = await simulate({
        conditions: { port: behaviour },
        numbers: ADDRESSES.map((address) => book.find(address)),
        ports: PORTS,
        book,
        sink: batcher,
      });
      assertEquals(wrong(), []);
      const add = (address: number, reason: Reason, sender: number) =>
        batcher.result(book.find(address), 80, FILTERED, reasonCode(reason), 0, -1, 1, sender, -1, 0);
      for (const address of ABSENT) add(address, "no-arp-response", 0);
      for (const address of REPORTED) add(address, "host-unreach", book.sender(IPV4_BOOK.hostOf(ROUTER)));
      batcher.flush();
      kept = journal.flush();
    }
    using journal = Journal.open(Deno.openSync(path, { read: true, write: true }), kept);
    const after = reopened();
    const names = new HostNames([[after.hostOf("10.0.0.2"), [{ name: "two", ports: PortSet.of([1, 2, 3]) }]]], after);
    const batches = [...journal.records()].map(({ body: rows }) =>
      new ResultRows(rows, { addresses: after, hosts: names, service: () => undefined }, passesNamed("syn")[0]!)
    );
    const ended = summary({ hosts: EVERYBODY.length, probes: IPS.length * PORTS + ABSENT.length + REPORTED.length });
    const head: ScanHead = {
      ...{
        hosts: EVERYBODY.length,
        probes: ended.probes,
        technique: "syn",
        startedAtMs: 0,
        args: [],
        version: "1",
        names,
      },
      ports: { count: PORTS, text: `1-${PORTS}` },
    };
    const write = (format: FormatName) => {
      const writer = newWriter(format, { reason: true }, newAggregator(0));
      const pieces = [writer.start(head), ...batches.map((batch) => textOf(writer.results(batch, 1000)))];
      return [...pieces, ...writer.end(ended, 2000)].join("");
    };
    return {
      rows: batches[0]!.rows,
      texts: Object.fromEntries(FORMATS.map((format) => [format, write(format)])),
    };
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("address book: a scan whose host numbers are no addresses is reported by the right ones in every format", async () => {
  const list = new ListBook(EVERYBODY);
  const numbered = await documents(list, () => new ListBook(EVERYBODY, list.senders));
  const plain = await documents(IPV4_BOOK, () => IPV4_BOOK);
  // Engine and journal have seen numbers, and a number beyond the hosts for the router.
  const hosts = new Set<number>(), senders = new Set<number>();
  for (let at = 0; at < numbered.rows.length; at += ROW_LEN) {
    hosts.add(hostAt(numbered.rows, at));
    senders.add(fromAt(numbered.rows, at));
  }
  assertEquals(hosts, new Set(EVERYBODY.map((_, at) => at + 1)));
  assertEquals(Math.max(...senders), EVERYBODY.length + 1);
  assertNotEquals(numbered.rows, plain.rows);
  for (const format of FORMATS) assertEquals(numbered.texts[format], plain.texts[format], format);
  assertStringIncludes(numbered.texts["xml"]!, `addr="10.0.7.200"`);
  assertStringIncludes(numbered.texts["json"]!, `"from":"${ROUTER}"`);
  assertStringIncludes(numbered.texts["normal"]!, "two (10.0.0.2)");
  const ranges = [
    ...rangeTexts(IPV4_BOOK, ABSENT[0]!, ABSENT[29]!),
    ...rangeTexts(IPV4_BOOK, ABSENT[30]!, ABSENT[59]!),
  ];
  assertEquals(ranges, ["10.9.0.0-10.9.0.29", "10.9.0.37-10.9.0.66"]);
  const [, unreached] = /"unreached":(\[.*?\]\])/.exec(numbered.texts["html"]!)!;
  assertEquals(JSON.parse(unreached!), [
    ["host-unreach", REPORTED[0]!, REPORTED[4]!],
    ["host-unreach", REPORTED[5]!, REPORTED[11]!],
    ["no-arp-response", ABSENT[0]!, ABSENT[29]!],
    ["no-arp-response", ABSENT[30]!, ABSENT[59]!],
    ["no-response", IPV4_BOOK.hostOf("172.16.0.9"), IPV4_BOOK.hostOf("172.16.0.9")],
  ]);
});
