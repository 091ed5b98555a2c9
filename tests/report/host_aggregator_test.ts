import { assertEquals } from "@std/assert";
import { newAggregator } from "../../src/report/formats.ts";
import { HostAggregator } from "../../src/report/host_aggregator.ts";
import type { HostReport } from "../../src/report/host_report.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { Random } from "../support/random.ts";
import { cursorOver, result, summary, usualState } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const silent = (changes: Partial<PortResult>) =>
  result({ state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, ...changes });
const open = (changes: Partial<PortResult>) => result({ state: "open", reason: "syn-ack", ...changes });

interface Shown {
  readonly ip: string;
  readonly ports: string[];
  readonly hidden: string[];
}

function shown({ ip, ports, hidden, atLeast }: HostReport): Shown {
  return {
    ip,
    ports: ports.map(({ port, state }) => `${port} ${state}`),
    hidden: hidden.map(({ count, state, reason }) => `${atLeast ? ">=" : ""}${count} ${state} (${reason})`),
  };
}

function aggregated(
  results: readonly PortResult[],
  bounds: { listUpTo?: number; listUnresponsiveUpTo?: number; silentHosts?: number; silentRows?: number } = {},
) {
  const aggregator = new HostAggregator({ listUpTo: 2, listUnresponsiveUpTo: 1, ...bounds });
  aggregator.take(results);
  const report = aggregator.report(new Set(results.map(({ ip }) => ip)).size);
  return { hosts: [...report.hosts()].map(shown), unlisted: Object.fromEntries(report.unlisted) };
}

Deno.test("host aggregator: hosts are in the order of their addresses, ports in their own", () => {
  const { hosts } = aggregated([
    open({ ip: "10.0.0.10", port: 80 }),
    open({ ip: "10.0.0.9", port: 443 }),
    open({ ip: "10.0.0.9", port: 22 }),
    open({ ip: "9.255.0.1", port: 1 }),
  ]);
  assertEquals(hosts.map(({ ip, ports }) => [ip, ...ports]), [["9.255.0.1", "1 open"], [
    "10.0.0.9",
    "22 open",
    "443 open",
  ], ["10.0.0.10", "80 open"]]);
});

Deno.test("host aggregator: ports that were never probed are counted for each technique, unless silence was dropped", () => {
  const each = [{ technique: "syn", proto: "tcp" }, { technique: "udp", proto: "udp" }];
  const hostsOf = (silentHosts: number) => {
    const aggregator = new HostAggregator({ listUpTo: 2, listUnresponsiveUpTo: 1, silentHosts });
    const [syn, udp] = each as [typeof each[0], typeof each[0]];
    aggregator.take([
      ...[1, 2, 3].map((port) => result({ ...syn, port })),
      silent({ ...syn, ip: "10.0.0.2", port: 1 }),
      result({ ...syn, ip: "10.0.0.3", port: 1, state: "undecided", reason: "not-asked", ttl: undefined }),
      open({ ...udp, ip: "10.0.0.3", port: 53, reason: "udp-response" }),
    ]);
    aggregator.countNotProbed(each.map((pass) => ({ ...pass, ports: { count: 5, text: "1-5" } })));
    return [...aggregator.report(9).hosts()].map(({ ip, ports, hidden }) => [
      ip,
      ...ports.map(({ proto, state }) => `${proto} ${state}`),
      ...hidden.map(({ technique, count, reason }) => `${technique} ${count} ${reason}`),
    ]);
  };
  assertEquals(hostsOf(9), [
    ["10.0.0.1", "udp 5 not-asked", "syn 3 reset", "syn 2 not-asked"],
    ["10.0.0.2", "tcp filtered", "udp 5 not-asked", "syn 4 not-asked"],
    ["10.0.0.3", "udp open", "syn 5 not-asked", "udp 4 not-asked"],
  ]);
  assertEquals(hostsOf(1).flat().filter((text) => / [45] not-asked/.test(text)), []);
});

Deno.test("host aggregator: hosts that were never probed are counted as undecided, beside those without a decided port", () => {
  const unlistedOf = (isCounted: boolean) => {
    const aggregator = new HostAggregator({ listUpTo: 2, listUnresponsiveUpTo: 1 });
    const undecided = { state: "undecided", reason: "deadline", ttl: undefined, rttMs: undefined } as const;
    aggregator.take([
      result({ port: 1 }),
      ...[2, 3].map((host) => result({ ip: `10.0.0.${host}`, port: 1, ...undecided })),
      silent({ ip: "10.0.0.4", port: 1, reason: "no-arp-response" }),
    ]);
    if (isCounted) aggregator.countNotProbed([{ technique: "syn", proto: "tcp", ports: { count: 5, text: "1-5" } }]);
    return Object.fromEntries(aggregator.report(9).unlisted);
  };
  assertEquals(unlistedOf(true), { "no-arp-response": 1, undecided: 7 });
  assertEquals(unlistedOf(false), { "no-arp-response": 1, undecided: 2 });
});

Deno.test("host aggregator: a state with many ports is counted, a state with few is listed", () => {
  const { hosts } = aggregated([
    ...[1, 2, 3].map((port) => result({ port })),
    ...[4, 5].map((port) => silent({ port })),
    ...[6, 7, 8, 9].map((port) => open({ port })),
  ]);
  assertEquals(hosts, [{
    ip: "10.0.0.1",
    ports: ["4 filtered", "5 filtered", "6 open", "7 open", "8 open", "9 open"],
    hidden: ["3 closed (reset)"],
  }]);
});

Deno.test("host aggregator: a state is listed or counted as a whole, by reason", () => {
  const { hosts } = aggregated([
    open({ port: 9 }),
    silent({ port: 1 }),
    result({ port: 2, state: "filtered", reason: "admin-prohibited" }),
    result({ port: 3, state: "filtered", reason: "admin-prohibited" }),
  ]);
  assertEquals(hosts[0]?.ports, ["9 open"]);
  assertEquals(hosts[0]?.hidden, ["2 filtered (admin-prohibited)", "1 filtered (no-response)"]);
});

Deno.test("host aggregator: silence before the first reply belongs to the host", () => {
  const { hosts } = aggregated([silent({ port: 1 }), open({ port: 2 }), silent({ port: 3 })]);
  assertEquals(hosts, [{ ip: "10.0.0.1", ports: ["1 filtered", "2 open", "3 filtered"], hidden: [] }]);
});

Deno.test("host aggregator: a late reply replaces the result, wherever it is stored", () => {
  const late = open({ port: 2, late: true, replaces: "no-response" });
  const rows: [string, PortResult[], string[], string[]][] = [
    ["heard before", [open({ port: 1 }), silent({ port: 2 }), late], ["1 open", "2 open"], []],
    ["unheard before", [silent({ port: 1 }), silent({ port: 2 }), late], ["1 filtered", "2 open"], []],
    [
      "only counted before",
      [open({ port: 1 }), silent({ port: 3 }), silent({ port: 4 }), silent({ port: 5 }), silent({ port: 2 }), late],
      ["1 open", "2 open"],
      ["3 filtered (no-response)"],
    ],
    [
      "of which a router had spoken",
      [result({ port: 2, state: "filtered", reason: "host-unreach" }), { ...late, replaces: "host-unreach" }],
      ["2 open"],
      [],
    ],
    [
      "given up before",
      [
        open({ port: 1 }),
        silent({ port: 3 }),
        silent({ port: 2, state: "undecided", reason: "host-silent" }),
        { ...late, replaces: "host-silent", replacesState: "undecided" },
      ],
      ["1 open", "2 open", "3 filtered"],
      [],
    ],
    ["read from a history", [silent({ port: 1 }), { ...late, replaces: undefined }], ["1 filtered", "2 open"], []],
  ];
  for (const [name, results, ports, hidden] of rows) {
    assertEquals(aggregated(results).hosts, [{ ip: "10.0.0.1", ports, hidden }], name);
  }
});

Deno.test("host aggregator: many hosts without a reply are only counted", () => {
  const few = aggregated([open({ ip: "10.0.0.1" }), silent({ ip: "10.0.0.2" })]);
  assertEquals([few.hosts.map(({ ip }) => ip), few.unlisted], [["10.0.0.1", "10.0.0.2"], {}]);
  const many = aggregated([open({ ip: "10.0.0.1" }), silent({ ip: "10.0.0.2" }), silent({ ip: "10.0.0.3" })]);
  assertEquals([many.hosts.map(({ ip }) => ip), many.unlisted], [["10.0.0.1"], { "no-response": 2 }]);
});

Deno.test("host aggregator: many hosts for which only routers replied are counted by reason", () => {
  const unreachable = (ip: string) => result({ ip, state: "filtered", reason: "host-unreach", from: "10.9.9.9" });
  const one = aggregated([unreachable("10.0.0.1")]);
  assertEquals([one.hosts.map(({ ip }) => ip), one.unlisted], [["10.0.0.1"], {}]);
  const two = aggregated([unreachable("10.0.0.1"), unreachable("10.0.0.2"), result({ ip: "10.0.0.3" })]);
  assertEquals([two.hosts.map(({ ip }) => ip), two.unlisted], [["10.0.0.3"], { "host-unreach": 2 }]);
});

Deno.test("host aggregator: counts are lower bounds after silence had to be dropped", () => {
  const { hosts, unlisted } = aggregated([
    silent({ ip: "10.0.0.1", port: 1 }),
    silent({ ip: "10.0.0.2", port: 1 }),
    silent({ ip: "10.0.0.3", port: 1 }),
    silent({ ip: "10.0.0.1", port: 2 }),
    open({ port: 6 }),
  ], { silentHosts: 2, listUpTo: 0 });
  assertEquals(hosts, [{ ip: "10.0.0.1", ports: ["6 open"], hidden: [">=1 filtered (no-response)"] }]);
  assertEquals(unlisted, { "no-response": 2 });
});

Deno.test("host aggregator: silent ports are counted however many they are, and listed where they are few", () => {
  for (const [ports, listed] of [[3, 3], [4, 0], [5000, 0]] as const) {
    const before = Array.from({ length: ports }, (_, port) => silent({ port: port + 1 }));
    const { hosts } = aggregated([...before, open({ port: 6000 })], { listUpTo: 3, silentRows: 16 });
    assertEquals(hosts[0]?.ports.length, listed + 1);
    assertEquals(hosts[0]?.hidden, listed > 0 ? [] : [`${ports} filtered (no-response)`]);
  }
  // Where there is no room to remember them all, they are only counted.
  const many = Array.from({ length: 40 }, (_, at) => silent({ ip: `10.0.0.${at % 20}`, port: 1 + at }));
  const { hosts } = aggregated([...many, open({ ip: "10.0.0.3", port: 80 })], {
    listUpTo: 3,
    silentRows: 16,
    listUnresponsiveUpTo: 0,
  });
  assertEquals(hosts, [{ ip: "10.0.0.3", ports: ["80 open"], hidden: ["2 filtered (no-response)"] }]);
});

Deno.test("host aggregator: an address that is not IPv4 is stored as text", () => {
  const { hosts } = aggregated([silent({ ip: "2001:db8::2" }), open({ ip: "2001:db8::1" }), open({ ip: "10.0.0.1" })]);
  assertEquals(hosts.map(({ ip }) => ip), ["10.0.0.1", "2001:db8::1", "2001:db8::2"]);
});

Deno.test("host aggregator: memory for a million silent hosts is bounded", () => {
  const aggregator = new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 8 });
  const one = silent({});
  for (let at = 0; at < 1 << 20; at++) aggregator.take([{ ...one, ip: `10.${at >> 16}.${at >> 8 & 255}.${at & 255}` }]);
  // The last host replies on another port: of its silent ports some may be forgotten by then.
  aggregator.take([open({ ip: "10.15.255.255", port: 81 })]);
  const report = aggregator.report(1 << 20);
  const hosts = [...report.hosts()].map(({ atLeast }) => atLeast);
  assertEquals([report.unlisted.get("no-response"), hosts], [(1 << 20) - 1, [true]]);
});

Deno.test("host aggregator: a copy holds each of a thousand silent hosts", () => {
  const [aggregator, copy] = [1, 2].map(() => new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 2000 })) as [
    HostAggregator,
    HostAggregator,
  ];
  aggregator.take(
    Array.from(
      { length: 3000 },
      (_, at) => silent({ ip: `10.0.${at % 1000 >> 8}.${at % 1000 & 255}`, port: at < 1000 ? 1 : 2 + at % 7 }),
    ),
  );
  aggregator.copyTo(copy);
  const told = [...copy.report(1000).hosts()];
  assertEquals([told.length, told.filter(({ ports }) => ports.length === 3).length], [1000, 1000]);
  assertEquals(told, [...aggregator.report(1000).hosts()]);
});

Deno.test("host aggregator: results of a cursor equal results as objects", () => {
  const random = new Random(5);
  for (let round = 0; round < 50; round++) {
    const bounds = {
      listUpTo: random.below(4),
      listUnresponsiveUpTo: random.below(4),
      silentHosts: 1 + random.below(8),
      silentRows: 2 + random.below(8),
    };
    const [one, other] = [new HostAggregator(bounds), new HostAggregator(bounds)];
    let batch: PortResult[] = [];
    for (let port = 1; port < 120; port++) {
      const host = random.below(6);
      const where = {
        ip: `10.0.0.${host}`,
        port,
        tries: 1 + random.below(9),
        service: random.chance(0.3) ? `service-${port}` : undefined,
        name: host === 0 && round % 2 === 0 ? "a.example" : undefined,
      };
      const answer = {
        state: "closed",
        reason: "reset",
        rttMs: 1,
        ttl: 64,
        ...(port % 3 > 0 ? { tries: 1 } : {}),
      } as const;
      const late = { late: true, replaces: "no-response" } as const;
      batch.push(
        random.chance(1 - 0.8 * host / 5)
          ? silent({ ...where, rttMs: undefined, ttl: undefined })
          : random.chance(0.1)
          ? open({ ...where, rttMs: 1 })
          : silent({ ...where, ...answer, ...(random.chance(0.2) ? late : {}) }),
      );
      if (random.chance(0.9)) continue;
      one.take(batch);
      other.take(cursorOver(batch));
      batch = [];
    }
    const copy = new HostAggregator(bounds);
    one.copyTo(copy);
    const [expected, ...others] = [one, other, copy].map((each) => {
      const { hosts, hostsAndAbsent, ...counts } = each.report(6);
      return { ...counts, hosts: [...hosts()], all: [...hostsAndAbsent()] };
    });
    assertEquals(others, [expected, expected]);
  }
});

Deno.test("host aggregator: the round trip of a host is the median of its own replies", () => {
  const aggregator = new HostAggregator({ listUpTo: 20, listUnresponsiveUpTo: 1 });
  aggregator.take([
    open({ port: 1, rttMs: 0.05 }),
    open({ port: 2, rttMs: 0.0625 }),
    open({ port: 3, rttMs: 16 }),
    result({ port: 4, state: "filtered", reason: "host-unreach", from: "10.0.0.254", rttMs: 3000 }),
    result({ port: 5, state: "filtered", reason: "host-unreach", from: "10.0.0.254", rttMs: 3000 }),
    result({ port: 6, state: "closed", reason: "reset", rttMs: undefined }),
  ]);
  const [host] = [...aggregator.report(1).hosts()];
  assertEquals(host!.roundTrip, { smoothedMs: 0.0625, variationMs: Math.fround(0.0625) - Math.fround(0.05) });
});

Deno.test("host aggregator: hosts that others replied for are ranges by reason", () => {
  const aggregator = new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 2 });
  const said = (host: number, reason: "host-unreach" | "admin-prohibited") =>
    result({ ip: `10.0.0.${host}`, port: 22, state: "filtered", reason, from: "10.0.0.254" });
  aggregator.take([5, 4, 7, 3].map((host) => said(host, "host-unreach")));
  aggregator.take([said(6, "admin-prohibited"), result({ ip: "10.0.0.1" })]);
  const base = 0x0a000000;
  assertEquals(aggregator.report(9).unreachedRanges, [["host-unreach", base + 3, base + 5], [
    "admin-prohibited",
    base + 6,
    base + 6,
  ], ["host-unreach", base + 7, base + 7]]);
});

Deno.test("host aggregator: absent, silent and unprobed hosts are distinguished among many", () => {
  const aggregator = new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 2 });
  const silence = (host: number, port: number, reason: "no-response" | "no-arp-response" | "deadline") =>
    result({ ip: `10.0.0.${host}`, port, state: usualState(reason), reason, ttl: undefined, rttMs: undefined });
  aggregator.take([
    ...[1, 2, 3].map((host) => silence(host, 22, "no-response")),
    silence(3, 23, "deadline"),
    ...[4, 5, 9].map((host) => silence(host, 22, "no-arp-response")),
    ...[6, 7].map((host) => silence(host, 22, "deadline")),
    result({ ip: "10.0.0.8" }),
  ]);
  const { unlisted, unreachedRanges } = aggregator.report(9);
  assertEquals([...unlisted], [["no-response", 3], ["undecided", 2], ["no-arp-response", 3]]);
  const base = 0x0a000000;
  assertEquals(unreachedRanges, [["no-arp-response", base + 4, base + 5], ["no-arp-response", base + 9, base + 9]]);
});

Deno.test("host aggregator: ports that are only counted weigh in the round trip like those of their state that are listed", () => {
  const aggregator = new HostAggregator({ listUpTo: 3, listUnresponsiveUpTo: 1 });
  aggregator.take([
    ...Array.from({ length: 20 }, (_, i) => open({ port: 1 + i, rttMs: 8 })),
    ...Array.from({ length: 100 }, (_, i) => result({ port: 100 + i, state: "closed", reason: "reset", rttMs: 4 })),
  ]);
  const [host] = [...aggregator.report(1).hosts()];
  assertEquals(host!.roundTrip, { smoothedMs: 4, variationMs: 0 });
});

Deno.test("host aggregator: with --open formats are the same without the rows of what is not shown", () => {
  const random = new Random(9);
  for (let round = 0; round < 10; round++) {
    const results: PortResult[] = [];
    for (let at = 0; at < 400; at++) {
      const where = { ip: `10.0.0.${random.below(5)}`, port: 1 + at, rttMs: 0.5 };
      const late = { late: true, replaces: "no-response" } as const;
      results.push(
        random.chance(0.1)
          ? open({ ...where, ...(random.chance(0.3) ? late : {}) })
          : random.chance(0.2)
          ? silent({ ...where, rttMs: undefined })
          : random.chance(0.2)
          ? result({ ...where, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" })
          : result({ ...where, ...(random.chance(0.1) ? late : {}) }),
      );
    }
    const options = { openOnly: true, reason: true, verbosity: round % 2 };
    const [expected, formats] = [false, true].map((openOnly) => {
      const aggregator = newAggregator(options.verbosity, { openOnly });
      // HTML has the groups of ports that are not shown in another order.
      const { html: _, ...written } = inFormats(results, {}, summary({ hosts: 5 }), options, aggregator);
      return written;
    });
    assertEquals(formats, expected);
  }
});

Deno.test("host aggregator: with --open of closed ports only their number is stored, and one round trip of a host", () => {
  const aggregator = newAggregator(0, { openOnly: true });
  aggregator.take(Array.from({ length: 20 }, (_, at) => result({ port: 1 + at, rttMs: 0.25 })));
  assertEquals(aggregator.rowCount, 0);
  aggregator.take([open({ port: 30, rttMs: undefined })]);
  assertEquals(aggregator.rowCount, 1);
  const [host] = [...aggregator.report(1).hosts()];
  assertEquals([host!.roundTrip?.smoothedMs, host!.hidden[0]?.count, host!.openCount], [0.25, 20, 1]);
});

Deno.test("host aggregator: hosts keep their counts when there are more groups than columns", () => {
  const reasons = ["host-unreach", "admin-prohibited", "net-unreach", "port-unreach", "host-prohibited"] as const;
  const results = Array.from({ length: 300 }, (_, at) => ({ ip: `10.0.${at >> 8}.${at & 255}`, port: 1 }));
  const aggregator = new HostAggregator({ listUpTo: 0, listUnresponsiveUpTo: 8 });
  aggregator.take(results.map((each) => result(each)));
  for (const [at, reason] of reasons.entries()) {
    aggregator.take(results.map(({ ip }) => result({ ip, port: 2 + at, state: "filtered", reason })));
  }
  const hosts = [...aggregator.report(300).hosts()].map(({ ip, hidden }) => [ip, hidden.length]);
  assertEquals(hosts, results.map(({ ip }) => [ip, 1 + reasons.length]));
});
