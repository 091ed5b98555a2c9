import { assert, assertEquals, assertRejects } from "@std/assert";
import { resolveAddress } from "../../ffi/resolver.ts";
import { scan, UsageError } from "../support/library.ts";
import { HostnameLookup } from "../../src/scan/hostname_lookup.ts";
import type { ScanOptions } from "../../src/scan/options.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { addressIn, labels, named, NXDOMAIN, PTR, replyTo } from "../support/dns.ts";
import { startDnsServer } from "../support/dns_server.ts";

/** A connect scan of closed ports of loopback, which is done at once. */
const QUICK = { technique: "connect", ports: "1,2" } as const;

function nameFor(address: number): string {
  return `host-${formatIpv4(address).replaceAll(".", "-")}.example`;
}

async function namesOf(options: ScanOptions): Promise<Record<string, string>> {
  const { hostnames } = await scan(options).summary;
  return Object.fromEntries(hostnames.map(({ ip, name }) => [ip, name]));
}

Deno.test("hostnames: names of hosts that replied, in the order of addresses", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query)))));
  const options = {
    ...QUICK,
    targets: "127.0.0.1-9",
    hostnames: "auto",
    dnsServers: [`127.0.0.1:${server.port}`],
  } as const;
  const running = scan(options);
  const { hostnames, warnings } = await running.summary;
  const { notes } = await running.plan;
  assert(notes.includes(`Names of hosts are looked up by 127.0.0.1:${server.port}`), notes.join("; "));
  assertEquals(hostnames.map(({ ip }) => ip), Array.from({ length: 9 }, (_, index) => `127.0.0.${index + 1}`));
  for (const { ip, name } of hostnames) assertEquals(name, `host-${ip.replaceAll(".", "-")}.example`);
  assertEquals([warnings, server.queries.length], [[], 9]);
});

Deno.test("hostnames: none are looked up by default, nor with `never`, nor of loopback addresses without a wish", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, "x.example")));
  const dnsServers = [`127.0.0.1:${server.port}`];
  assertEquals(await namesOf({ ...QUICK, targets: "127.0.0.1", dnsServers }), {});
  assertEquals(await namesOf({ ...QUICK, targets: "127.0.0.1", hostnames: "never", dnsServers }), {});
  assertEquals(server.queries.length, 0);
  assertEquals(await namesOf({ ...QUICK, targets: "127.0.0.1", hostnames: "auto" }), {});
});

Deno.test("hostnames: with `all`, every host that is not excluded has its name", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query)))));
  const options = { ...QUICK, targets: "127.0.0.1-4", exclude: ["127.0.0.2"], hostnames: "all" } as const;
  const found = await namesOf({ ...options, dnsServers: [`127.0.0.1:${server.port}`] });
  assertEquals(Object.keys(found), ["127.0.0.1", "127.0.0.3", "127.0.0.4"]);
});

Deno.test("hostnames: an address without a name has none, and a hostile name is harmless", async () => {
  await using server = await startDnsServer((query, send) => {
    const isFirst = (addressIn(query) & 0xff) === 1;
    const data = labels("-x\x1b[31m<b>\u202e", "example");
    send(isFirst ? replyTo(query, { records: [{ type: PTR, data }] }) : replyTo(query, { code: NXDOMAIN }));
  });
  const found = await namesOf({
    ...{ ...QUICK, targets: "127.0.0.1-2", hostnames: "auto" },
    dnsServers: [`127.0.0.1:${server.port}`],
  });
  assertEquals(found, { "127.0.0.1": "\\045x\\027\\09131m\\060b\\062\\226\\128\\174.example" });
});

Deno.test("hostnames: a server that does not reply is a warning, and does not hold up the scan for long", async () => {
  await using server = await startDnsServer(() => {});
  const beganMs = performance.now();
  const dnsServers = [`127.0.0.1:${server.port}`];
  const { hostnames, warnings, trusted } = await scan({
    ...QUICK,
    targets: "127.0.0.1-3",
    hostnames: "auto",
    dnsServers,
  }).summary;
  assertEquals([hostnames, trusted], [[], true]);
  assertEquals(warnings, [
    `Cannot look up names of hosts: the DNS server 127.0.0.1:${server.port} did not reply. Name another with --dns-servers, or use -n`,
  ]);
  assert(server.queries.length <= 20, `${server.queries.length} queries`);
  assert(performance.now() - beganMs < 30_000);
});

Deno.test("hostnames: cancelling the scan, or leaving its results, ends the lookups at once", async () => {
  await using server = await startDnsServer(() => {});
  const dnsServers = [`127.0.0.1:${server.port}`];
  const options = { ...QUICK, targets: "127.0.0.1-3", hostnames: "auto", dnsServers } as const;
  const abort = new AbortController();
  const cancelled = scan(options, { signal: abort.signal });
  while (server.queries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort();
  const beganMs = performance.now();
  await cancelled.summary;
  // Without the signal it would take two seconds.
  assert(performance.now() - beganMs < 1500);
  const queries = server.queries.length;
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert(server.queries.length <= queries + 1, "queries after the end");
});

Deno.test("hostnames: the deadline of the scan covers the lookups", async () => {
  await using server = await startDnsServer(() => {});
  const dnsServers = [`127.0.0.1:${server.port}`];
  const running = scan({ ...QUICK, targets: "127.0.0.1", hostnames: "auto", dnsServers, deadlineMs: 600 });
  const { ended, warnings } = await running.summary;
  assertEquals([ended, warnings], ["done", ["The scan ended before 1 name of hosts could be looked up"]]);
  assert(server.queries.length <= 4, `${server.queries.length} queries`);
});

Deno.test("hostnames: an excluded server is not asked", async () => {
  const options = { ...QUICK, targets: "127.0.0.1", exclude: ["127.0.0.53"], hostnames: "auto" } as const;
  await assertRejects(() => scan({ ...options, dnsServers: ["127.0.0.53"] }).summary, UsageError, "it is excluded");
});

Deno.test("hostnames: a resumed scan looks up the hosts of before again", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query)))));
  const dnsServers = [`127.0.0.1:${server.port}`];
  const options = {
    technique: "connect",
    ports: "1-40",
    targets: "127.0.0.1-3",
    hostnames: "auto",
    dnsServers,
    maxRatePps: 200,
  } as const;
  const abort = new AbortController();
  const first = scan(options, { signal: abort.signal });
  let taken = 0;
  let snapshot: Awaited<ReturnType<typeof first.snapshot>> | undefined;
  for await (const batch of first.batches()) {
    taken += batch.length;
    if (taken < 60) continue;
    snapshot = await first.snapshot();
    break;
  }
  assert(snapshot !== undefined);
  assertEquals([...snapshot.lookups ?? []].sort(), [0x7f000001, 0x7f000002, 0x7f000003]);
  // Only what the snapshot holds is left of the names.
  const { hostnames } = await scan({ ...options, maxRatePps: 1e6 }, { resume: snapshot }).summary;
  assertEquals(hostnames.map(({ ip }) => ip), ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
});

Deno.test("hostnames: names are known while the scan runs, and it says when none is waited for", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query))), 50));
  const dnsServers = [`127.0.0.1:${server.port}`];
  const running = scan({ ...QUICK, targets: "127.0.0.1", hostnames: "auto", dnsServers });
  const { hostnames } = await running.plan;
  const names: (string | undefined)[] = [];
  for await (const { ip } of running) {
    await hostnames?.settled();
    names.push(hostnames?.of(ip));
  }
  assertEquals(names, ["host-127-0-0-1.example", "host-127-0-0-1.example"]);
  assertEquals([hostnames?.of("127.0.0.2"), hostnames?.of("::1"), hostnames?.of("")], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("hostnames: the C library looks up names where no server is known", async () => {
  const lookup = new HostnameLookup({
    servers: undefined,
    isRequested: true,
    book: IPV4_BOOK,
    maxRatePps: () => Infinity,
  });
  lookup.add(0x7f000001);
  await lookup.finish(Infinity);
  const name = await resolveAddress(0x7f000001);
  const expected = name instanceof Uint8Array
    ? [{ ip: "127.0.0.1", name: new TextDecoder().decode(name).toLowerCase() }]
    : [];
  assertEquals(lookup.named(), expected);
  // Its servers may be public: private addresses are not looked up without a wish.
  const shy = new HostnameLookup({
    servers: undefined,
    isRequested: false,
    book: IPV4_BOOK,
    maxRatePps: () => Infinity,
  });
  for (const address of [0x7f000001, 0x0a000001, 0xc0a80001]) shy.add(address);
  await shy.finish(Infinity);
  assertEquals([shy.named(), shy.warnings()], [[], []]);
  assertEquals(shy.notes(), [
    "Names of hosts are looked up by the C library, but not those of private addresses: the servers may be public; -R asks them too",
  ]);
});

Deno.test("hostnames: queries keep to a limited rate, of which they take a small share while ports are probed", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query)))));
  const servers = [{ address: 0x7f000001, port: server.port }];
  const lookup = new HostnameLookup({ servers, isRequested: true, book: IPV4_BOOK, maxRatePps: () => 500 });
  for (let host = 0; host < 100; host++) lookup.add(0x0a000000 + host);
  const beganMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 500));
  // 2 % of 500 a second.
  const most = 2 + (performance.now() - beganMs) / 100;
  assert(server.queries.length <= most, `${server.queries.length} queries`);
  const endsMs = performance.now();
  await lookup.finish(Infinity);
  assertEquals(lookup.named().length, 100);
  const least = (100 - most - 25) / 500 * 1000;
  assert(performance.now() - endsMs > least, `${performance.now() - endsMs} ms`);
});

Deno.test("hostnames: a timing template that pauses between probes does not slow down lookups", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(addressIn(query)))));
  const dnsServers = [`127.0.0.1:${server.port}`];
  // The second probe would be sent after five minutes.
  const options = { technique: "connect", ports: "1", targets: "127.0.0.1-3", timing: 0, deadlineMs: 2000 } as const;
  const { hostnames } = await scan({ ...options, hostnames: "all", dnsServers }).summary;
  assertEquals(hostnames.length, 3);
});
