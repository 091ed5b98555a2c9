import { assert, assertEquals } from "@std/assert";
import { formatIpv4 } from "../../src/wire/address.ts";
import {
  addressIn,
  CNAME,
  labels,
  lowered,
  named,
  nameOf,
  NXDOMAIN,
  PTR,
  REFUSED,
  replyTo,
  SERVFAIL,
  withId,
} from "../support/dns.ts";
import { SimDns, type SimServer } from "../support/sim_dns.ts";

const FIRST = 0xc000_0200;

function hosts(count: number): number[] {
  return Array.from({ length: count }, (_, index) => FIRST + index);
}

function nameFor(host: number): string {
  return `h${formatIpv4(host).replaceAll(".", "-")}.example`;
}

/** A server that knows every address. */
const honest: SimServer = (query) => [{ bytes: named(query, nameFor(addressIn(query))), afterMs: 5 }];
const silent: SimServer = () => [];

function lookUp(sim: SimDns, count: number, options: Parameters<SimDns["driver"]>[0] = {}) {
  const driver = sim.driver(options);
  for (const host of hosts(count)) driver.add(host);
  driver.finish();
  sim.run(driver);
  return driver;
}

function assertAllNamed(sim: SimDns, count: number): void {
  assertEquals(sim.results.size, count);
  for (const host of hosts(count)) assertEquals(sim.results.get(host), nameFor(host));
}

Deno.test("dns_driver: thousands of names with one query each", () => {
  const sim = new SimDns([honest]);
  const driver = lookUp(sim, 5000);
  assertAllNamed(sim, 5000);
  assertEquals([driver.sent, driver.unmatched, driver.pending], [5000, 0, 0]);
  // A window of 256 and 5 ms a round trip.
  assert(sim.nowMs < 300, `${sim.nowMs} ms`);
});

for (const seed of [1, 2, 3]) {
  Deno.test(`dns_driver: a loss of 20 % each way leaves no address without its name (seed ${seed})`, () => {
    const lossy: SimServer = (query, context) =>
      context.random.chance(0.2) || context.random.chance(0.2) ? [] : honest(query, context);
    const sim = new SimDns([lossy], seed);
    lookUp(sim, 1000);
    assertAllNamed(sim, 1000);
    assert(sim.nowMs < 20_000, `${sim.nowMs} ms`);
  });
}

Deno.test("dns_driver: forged, duplicate, reordered and late replies give no wrong name", () => {
  const sim = new SimDns([(query, { random, socket }) => {
    const genuine = named(query, nameFor(addressIn(query)));
    const evil = named(query, "evil.example");
    const other = named(query, "evil.example");
    // The question of another address.
    other[13] = other[13] === 0x31 ? 0x32 : 0x31;
    const id = query[0]! << 8 | query[1]!;
    return [
      { bytes: withId(evil, random.below(65536) ^ 1), afterMs: 0 },
      { bytes: withId(evil, id ^ 1), afterMs: 0 },
      { bytes: evil, afterMs: 0, socket: socket ^ 1 },
      { bytes: lowered(evil), afterMs: 0 },
      { bytes: other, afterMs: 0 },
      { bytes: query, afterMs: 0 },
      { bytes: evil.subarray(0, 11), afterMs: 0 },
      { bytes: genuine, afterMs: random.below(300) },
      { bytes: genuine, afterMs: random.below(900) },
    ];
  }]);
  const driver = lookUp(sim, 300);
  assertAllNamed(sim, 300);
  assert(driver.unmatched > 5 * 300, `${driver.unmatched} unmatched`);
});

Deno.test("dns_driver: a reply that comes after its query was retransmitted still counts", () => {
  let queries = 0;
  const sim = new SimDns([(query) => queries++ === 0 ? [{ bytes: named(query, "late.example"), afterMs: 1700 }] : []]);
  lookUp(sim, 1);
  assertEquals(sim.results.get(FIRST), "late.example");
  assert(queries > 1);
});

Deno.test("dns_driver: a server that changes the case of letters is believed once two replies agree", () => {
  const sim = new SimDns([(query) => [{ bytes: lowered(named(query, nameFor(addressIn(query)))), afterMs: 5 }]]);
  const driver = lookUp(sim, 1000);
  assertAllNamed(sim, 1000);
  assert(driver.sent < 1100, `${driver.sent} queries`);
  assert(sim.nowMs < 3000, `${sim.nowMs} ms`);
});

Deno.test("dns_driver: replies with the wrong case that do not agree are no name", () => {
  const sim = new SimDns([(query, { random }) => [
    { bytes: lowered(named(query, `evil${random.u32()}.example`)), afterMs: 5 },
  ]]);
  lookUp(sim, 3);
  assertEquals([...sim.results.values()], [undefined, undefined, undefined]);
});

Deno.test("dns_driver: addresses without a name, and with an alias", () => {
  const alias = labels("0", "0/25", "2", "0", "192", "in-addr", "arpa");
  const sim = new SimDns([(query) => {
    const records = [{ type: CNAME, data: alias }, { owner: alias, type: PTR, data: nameOf("host.example") }];
    return [{
      bytes: addressIn(query) === FIRST ? replyTo(query, { records }) : replyTo(query, { code: NXDOMAIN }),
      afterMs: 5,
    }];
  }]);
  const driver = lookUp(sim, 2);
  assertEquals([...sim.results].sort(), [[FIRST, "host.example"], [FIRST + 1, null]]);
  assertEquals(driver.sent, 2);
});

Deno.test("dns_driver: after a failure the other server is asked at once", () => {
  for (const code of [SERVFAIL, REFUSED, 1, 4]) {
    const sim = new SimDns([(query) => [{ bytes: replyTo(query, { code }), afterMs: 5 }], honest]);
    lookUp(sim, 50);
    assertAllNamed(sim, 50);
    assert(sim.nowMs < 400, `${sim.nowMs} ms`);
    // Who refuses everything is left.
    if (code !== SERVFAIL) assert(sim.asked[0]! <= 8, `${sim.asked[0]} queries`);
  }
});

Deno.test("dns_driver: a truncated reply counts with the names that it has, and is a failure without any", () => {
  const sim = new SimDns([(query) => [{
    bytes: replyTo(query, {
      flags: 0x8380,
      records: addressIn(query) === FIRST ? [{ type: PTR, data: nameOf("cut.example") }] : [],
    }),
    afterMs: 5,
  }]]);
  lookUp(sim, 2);
  assertEquals([...sim.results].sort(), [[FIRST, "cut.example"], [FIRST + 1, undefined]]);
});

Deno.test("dns_driver: a dead server is left after few queries, and the next one has its addresses", () => {
  const sim = new SimDns([silent, honest]);
  lookUp(sim, 500);
  assertAllNamed(sim, 500);
  assert(sim.asked[0]! <= 8, `${sim.asked[0]} queries`);
  assert(sim.nowMs < 1500, `${sim.nowMs} ms`);
});

Deno.test("dns_driver: if every server is dead, the lookups end soon, whatever their number", () => {
  for (const count of [1, 256]) {
    const sim = new SimDns([silent, silent]);
    const driver = lookUp(sim, count);
    assertEquals([driver.pending, driver.hasReplies], [0, false]);
    assertEquals([...sim.results.values()], Array(count).fill(undefined));
    assert(sim.nowMs <= 3000, `${count}: ${sim.nowMs} ms`);
    assert(driver.sent <= 60, `${count}: ${driver.sent} queries`);
  }
});

Deno.test("dns_driver: a closed port ends the lookups at once", () => {
  const sim = new SimDns([() => "refused"]);
  lookUp(sim, 256);
  assertEquals(sim.results.size, 256);
  assert(sim.nowMs < 1500, `${sim.nowMs} ms`);
});

Deno.test("dns_driver: a server that is silent for a while is asked again, while more addresses may come", () => {
  const sim = new SimDns([
    (query, { nowMs }) => nowMs < 6000 ? [] : [{ bytes: named(query, nameFor(addressIn(query))), afterMs: 5 }],
  ]);
  const driver = sim.driver();
  for (const host of hosts(20)) driver.add(host);
  sim.run(driver, 30_000);
  assertAllNamed(sim, 20);
});

Deno.test("dns_driver: queries are spread over the servers if wished, and otherwise the first has all", () => {
  const both = new SimDns([honest, honest]);
  lookUp(both, 1000, { spreads: true });
  assert(both.asked.every((count) => count > 400), `${both.asked}`);
  const first = new SimDns([honest, honest]);
  lookUp(first, 1000);
  assertEquals(first.asked, [1000, 0]);
});

Deno.test("dns_driver: an address is sent to its own servers only", () => {
  const sim = new SimDns([silent, honest, honest]);
  const driver = sim.driver({ spreads: true });
  hosts(100).forEach((host, index) => driver.add(host, index % 2 === 0 ? 0b001 : 0b110));
  driver.finish();
  sim.run(driver);
  for (const [host, name] of sim.results) assertEquals(name, host % 2 === 0 ? undefined : nameFor(host));
  assertEquals(sim.asked[1]! + sim.asked[2]!, 50);
});

Deno.test("dns_driver: no query is sent while none may be", () => {
  let left = 3;
  const sim = new SimDns([honest]);
  const driver = sim.driver({ maySend: () => left-- > 0 });
  for (const host of hosts(10)) driver.add(host);
  driver.finish();
  sim.run(driver, 1000);
  assertEquals([driver.sent, driver.pending], [3, 7]);
  left = 100;
  sim.run(driver);
  assertAllNamed(sim, 10);
});

Deno.test("dns_driver: an unresponsive name does not hold up the others, and is given up", () => {
  const sim = new SimDns([(query, context) => addressIn(query) % 10 === 0 ? [] : honest(query, context)]);
  const driver = lookUp(sim, 1000);
  for (const [host, name] of sim.results) assertEquals(name, host % 10 === 0 ? undefined : nameFor(host));
  assertEquals(driver.pending, 0);
  assert(sim.nowMs < 8000, `${sim.nowMs} ms`);
});

Deno.test("dns_driver: damaged and random replies with the right id neither throw nor name a host", () => {
  const sim = new SimDns([(query, { random }) => {
    const genuine = named(query, nameFor(addressIn(query)));
    const replies = Array.from({ length: 8 }, () => {
      const bytes = random.chance(0.5) ? named(query, "evil.example") : random.bytes(12 + random.below(200));
      // In the question, behind the id: the tokens no longer fit.
      bytes[12 + random.below(18)]! ^= 1 + random.below(255) & 0x5f || 1;
      return {
        bytes: withId(bytes, query[0]! << 8 | query[1]!).subarray(0, 1 + random.below(bytes.length)),
        afterMs: 1,
      };
    });
    return [...replies, { bytes: genuine, afterMs: 5 }];
  }]);
  lookUp(sim, 2000);
  assertAllNamed(sim, 2000);
});
