import { assert, assertEquals } from "@std/assert";
import { ResultBatcher, type ResultColumns } from "../../src/result/batch.ts";
import { type Reason, reasonCode } from "../../src/result/reasons.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { ResultRows } from "../../src/result/rows.ts";
import type { HostOs } from "../../src/result/summary.ts";
import { HOST_STATES, type HostState } from "../../src/result/states.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { fieldNamed, FIELDS } from "../../src/report/fields.ts";
import { JsonLinesWriter } from "../../src/report/json.ts";
import type { ReportOptions, ScanHead } from "../../src/report/writer.ts";
import { newAggregator } from "../../src/report/formats.ts";
import { HostAggregator } from "../../src/report/host_aggregator.ts";
import { Random } from "../support/random.ts";
import { namesIn, result, summary, textOf } from "../support/results.ts";
import { OPTIONS } from "../support/writers.ts";

const HEAD: ScanHead = {
  hosts: 2,
  probes: 4,
  technique: "syn",
  startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  args: ["10.0.0.1-2", "-p", "1,\u009b"],
  version: "9.9.9",
};

function newLines(options: Partial<ReportOptions> = {}): JsonLinesWriter {
  return new JsonLinesWriter({ ...OPTIONS, ...options }, newAggregator(0));
}

/** Lines as what they say, each of a given type. */
function linesOf(texts: Iterable<string>, type: string): Record<string, unknown>[] {
  return [...texts].join("").trimEnd().split("\n").map((line) => JSON.parse(line)).filter((line) => line.type === type);
}

Deno.test("json lines: a port is one line, in the order of the fields", () => {
  const writer = newLines();
  assertEquals(
    textOf(writer.results([result({ port: 22, state: "open", reason: "syn-ack", rttMs: 0.12345, service: "ssh" })])),
    '{"type":"port","ip":"10.0.0.1","port":22,"proto":"tcp","state":"open","reason":"syn-ack","ttl":64,"rtt_ms":0.123,' +
      '"tries":1,"service":"ssh","technique":"syn"}\n',
  );
});

Deno.test("json lines: unknown values are null, and sparse fields are omitted", () => {
  const writer = newLines();
  assertEquals(
    textOf(
      writer.results([
        result({ state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, tries: 3 }),
      ]),
    ),
    '{"type":"port","ip":"10.0.0.1","port":80,"proto":"tcp","state":"filtered","reason":"no-response","ttl":null,' +
      '"rtt_ms":null,"tries":3,"service":null,"technique":"syn"}\n',
  );
  assertEquals(
    textOf(writer.results([result({ from: "10.0.0.254", names: ["a.example"], late: true, replaces: "no-response" })])),
    '{"type":"port","ip":"10.0.0.1","port":80,"proto":"tcp","state":"closed","reason":"reset","ttl":64,"rtt_ms":0.25,' +
      '"tries":1,"service":null,"from":"10.0.0.254","names":["a.example"],"late":true,"technique":"syn"}\n',
  );
});

Deno.test("json lines: foreign text is escaped, whatever it contains", () => {
  const hostile = 'a"b\\c\n\u0000\u001b[31m\u007f\u009b\u2028\u2029\u202e\ud800';
  const text = textOf(newLines().results([result({ service: hostile, names: [hostile] })]));
  assertEquals(text.split("\n").length, 2);
  assert(/^[\x20-\x7e]*\n$/.test(text), text);
  assertEquals(JSON.parse(text).service, hostile);
});

Deno.test("json lines: NaN is null", () => {
  const text = textOf(newLines().results([result({ rttMs: NaN })]));
  assertEquals(JSON.parse(text).rtt_ms, null);
});

Deno.test("json lines: only open ports with --open", () => {
  const writer = newLines({ openOnly: true });
  const text = textOf(writer.results([result(), result({ state: "open", port: 1 }), result({ state: "filtered" })]));
  assertEquals(text.trim().split("\n").map((line) => JSON.parse(line).port), [1]);
});

Deno.test("json lines: only the chosen fields", () => {
  const fields = FIELDS.filter(({ name }) => name === "ip" || name === "port");
  assertEquals(textOf(newLines({ fields }).results([result()])), '{"type":"port","ip":"10.0.0.1","port":80}\n');
});

Deno.test("json lines: the summary is the last line", () => {
  const line = [
    ...newLines().end(
      summary({
        suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }],
        warnings: ["odd\nthing"],
        sendErrors: { EPERM: 2 },
      }),
    ),
  ].join("");
  assertEquals(line.split("\n").length, 2);
  assertEquals(JSON.parse(line), {
    type: "summary",
    hosts: 1,
    hosts_up: 1,
    probes: 3,
    sent: 4,
    answered: 2,
    open: 1,
    closed: 1,
    filtered: 1,
    undecided: 0,
    elapsed_ms: 1234.5,
    rate_pps: 9876.5,
    loss: 0,
    loss_each_way: 0,
    expected_wrong: 0,
    late: 0,
    duplicates: 0,
    fin_acks: 0,
    unmatched: 0,
    send_retries: 0,
    send_errors: { EPERM: 2 },
    receive_drops: 0,
    capped_hosts: 0,
    suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }],
    ended: "done",
    warnings: ["odd\nthing"],
    trusted: true,
    transport: "sendmmsg",
    workers: 1,
  });
});

Deno.test("json lines: the first line holds the scan's facts and the schema", () => {
  const text = newLines().start(HEAD);
  assert(/^[\x20-\x7e]*\n$/.test(text), text);
  assertEquals(JSON.parse(text), {
    type: "start",
    schema: 2,
    version: "9.9.9",
    started: "2026-01-02T03:04:05.678Z",
    args: ["10.0.0.1-2", "-p", "1,\u009b"],
    technique: "syn",
    hosts: 2,
    probes: 4,
  });
});

Deno.test("json lines: a line for each host that replied, in the order of addresses", () => {
  const writer = newLines();
  const named = result({ ip: "10.0.0.2", port: 1, state: "open", reason: "syn-ack", names: ["b.example"] });
  writer.start({ ...HEAD, names: namesIn([named]) });
  writer.results([
    named,
    result({ ip: "10.0.0.1", port: 1, rttMs: 2 }),
    result({ ip: "10.0.0.3", port: 1, state: "filtered", reason: "no-response", rttMs: undefined }),
    result({ ip: "10.0.0.2", port: 2, state: "filtered", reason: "no-response", rttMs: undefined }),
    result({ ip: "10.0.0.4", port: 1, state: "filtered", reason: "host-unreach", from: "10.0.0.254" }),
  ]);
  assertEquals(linesOf(writer.end(summary({ suspects: [{ ip: "10.0.0.2", suspect: "syn-proxy" }] })), "host"), [
    { type: "host", ip: "10.0.0.1", reason: "reset", rtt_ms: 2, open: 0, closed: 1, filtered: 0, undecided: 0 },
    {
      type: "host",
      ip: "10.0.0.2",
      names: ["b.example"],
      reason: "syn-ack",
      rtt_ms: 0.25,
      open: 1,
      closed: 0,
      filtered: 1,
      undecided: 0,
      suspect: "syn-proxy",
    },
  ]);
});

Deno.test("json lines: ports that are too many to be listed are counted for their host", () => {
  const writer = newLines();
  writer.start(HEAD);
  writer.results(Array.from({ length: 1000 }, (_, port) => result({ port, state: port < 3 ? "open" : "closed" })));
  const [{ open, closed } = {}] = linesOf(writer.end(summary()), "host");
  assertEquals([open, closed], [3, 997]);
});

Deno.test("json lines: no host lines for one port each, nor without open ports with --open", () => {
  const single = newLines();
  single.start({ ...HEAD, probes: 2 });
  single.results([result(), result({ ip: "10.0.0.2" })]);
  assertEquals(linesOf(single.end(summary()), "host"), []);
  const open = newLines({ openOnly: true });
  open.start(HEAD);
  open.results([result(), result({ ip: "10.0.0.2", state: "open", reason: "syn-ack" })]);
  assertEquals(linesOf(open.end(summary()), "host").map(({ ip }) => ip), ["10.0.0.2"]);
});

Deno.test("json lines: progress", () => {
  const progress = {
    decided: 1,
    probes: 4,
    sent: 3,
    open: 1,
    inFlight: 2,
    ratePps: 12.345,
    maxRatePps: Infinity,
    loss: 0.25,
    elapsedMs: 1000.5,
    leftMs: undefined,
  };
  assertEquals(JSON.parse(newLines().progress(progress)), {
    type: "progress",
    elapsed_ms: 1000.5,
    left_ms: null,
    decided: 1,
    probes: 4,
    sent: 3,
    open: 1,
    in_flight: 2,
    rate_pps: 12.3,
    loss: 0.25,
  });
  assertEquals(JSON.parse(newLines().progress({ ...progress, leftMs: 3000.4 })).left_ms, 3000);
});

Deno.test("json lines: each line holds its result, whatever line precedes it", () => {
  const random = new Random(3);
  const one = <T>(...of: readonly T[]): T => of[random.below(of.length)]!;
  const results = Array.from({ length: 2000 }, () =>
    result({
      ip: `10.0.0.${random.below(3)}`,
      port: random.below(4),
      ...one({ state: "open", reason: "syn-ack" } as const, { state: "closed", reason: "reset" } as const),
      ttl: one(64, undefined),
      rttMs: one(undefined, NaN, 0.5),
      tries: one(1, 2),
      service: one("ssh", 'a"b', undefined),
      from: one("10.0.0.9", undefined),
      names: one(["a.example"], []),
      late: one(true, false),
    }));
  for (const names of [undefined, ["port"], ["state", "ip"], ["service"], ["rtt_ms", "late", "name", "port", "ip"]]) {
    const fields = names?.map((name) => fieldNamed(name)!);
    const writer = newLines({ fields });
    const lines = [results.slice(0, 700), results.slice(700)].map((batch) => textOf(writer.results(batch))).join("")
      .trimEnd();
    const expected = results.map((each) => {
      const known = (fields ?? FIELDS).map((field) => [field, field.get(each)] as const);
      const said = known.filter(([field, value]) => value !== undefined || !field.sparse);
      return JSON.stringify(
        Object.fromEntries([["type", "port"], ...said.map(([{ name }, value]) => [name, value ?? null])]),
      );
    });
    assertEquals(lines.split("\n"), expected, `${names}`);
  }
});

/** A batch of a pass over hosts of 10.0.0.0/24, by the last part of the address. */
function hostsIn(results: readonly (readonly [last: number, state: HostState, reason: Reason])[]): ResultRows {
  const columns: ResultColumns[] = [];
  const batcher = new ResultBatcher((rows) => columns.push(rows.slice()));
  for (const [last, state, reason] of results) {
    const host = 0x0a000000 + last;
    batcher.result(host, 0, HOST_STATES.indexOf(state), reasonCode(reason), 0, -1, 4, host, -1, 0);
  }
  batcher.flush();
  const [rows] = columns;
  const names = { addresses: IPV4_BOOK, hosts: { size: 0, namesAt: () => [] }, service: () => undefined };
  return new ResultRows(rows!, names, { number: 0, technique: "ping(echo)", proto: "host" });
}

Deno.test("json lines: hosts of which only the state is known differ by their addresses, and others are whole", () => {
  const writer = newLines();
  writer.start(HEAD);
  writer.hosts(hostsIn([
    [1, "silent", "no-response"],
    [2, "absent", "no-arp-response"],
    [3, "silent", "no-response"],
    [4, "absent", "no-arp-response"],
    [5, "silent", "no-response"],
    [6, "undecided", "deadline"],
    [7, "up", "echo-reply"],
  ]));
  const notes = [{ ip: "10.0.0.3", ports: [], more: 0, note: "a remark" }];
  const lines = linesOf(writer.end(summary({ hosts: 7, notes })), "host");
  assertEquals(lines.map(({ ip, state, reason }) => [ip, state, reason]), [
    ["10.0.0.1", "silent", "no-response"],
    ["10.0.0.2", "absent", "no-arp-response"],
    ["10.0.0.3", "silent", "no-response"],
    ["10.0.0.4", "absent", "no-arp-response"],
    ["10.0.0.5", "silent", "no-response"],
    ["10.0.0.6", "undecided", "no-response"],
    ["10.0.0.7", "up", "echo-reply"],
  ]);
  assertEquals(lines.map((line) => "notes" in line), [false, false, true, false, false, false, false]);
  const { ip: _, ...rest } = lines[0]!;
  assertEquals([{ ip: "10.0.0.1", ...rest }, { ip: "10.0.0.5", ...rest }], [lines[0], lines[4]]);
});

for (const count of [3, 20]) {
  Deno.test(`json lines: ${count} hosts that discovery has looked for have their states and counts`, () => {
    const writer = newLines();
    const lasts = Array.from({ length: count }, (_, at) => at + 10);
    const [silent, refusedBy, replying] = [lasts, lasts.map((last) => last + 100), [1]];
    writer.start({ ...HEAD, hosts: 2 * count + 1, probes: 2 * (2 * count + 1) });
    writer.hosts(hostsIn([...silent, ...refusedBy, ...replying].map((last) => [last, "silent", "no-response"])));
    const ports = (last: number, changes: Partial<PortResult>) =>
      [1, 2].map((port) => result({ ip: `10.0.0.${last}`, port, rttMs: undefined, ...changes }));
    const none = { state: "filtered", reason: "no-response" } as const;
    writer.results([
      ...silent.flatMap((last) => ports(last, none)),
      ...refusedBy.flatMap((last) => [
        ...ports(last, { state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" }).slice(1),
        ...ports(last, none).slice(0, 1),
      ]),
      ...replying.flatMap((last) => ports(last, { rttMs: 2 })),
    ]);
    const counts = { open: 0, closed: 0, filtered: 2, undecided: 0 };
    assertEquals(linesOf(writer.end(summary({ hosts: 2 * count + 1 })), "host") as unknown, [
      {
        ...{ type: "host", ip: "10.0.0.1", state: "up", reason: "reset", rtt_ms: 2 },
        ...{ open: 0, closed: 2, filtered: 0, undecided: 0 },
      },
      ...[...silent, ...refusedBy].map((last) => ({
        ...{ type: "host", ip: `10.0.0.${last}`, state: "silent", reason: "no-response", rtt_ms: null, ...counts },
      })),
    ]);
  });
}

Deno.test("json lines: counts of silent hosts that are too many to be counted are marked as lower bounds", () => {
  const aggregator = new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 8, silentHosts: 4 });
  const writer = new JsonLinesWriter(OPTIONS, aggregator);
  writer.start({ ...HEAD, hosts: 10, probes: 20 });
  const lasts = Array.from({ length: 10 }, (_, at) => at + 1);
  writer.hosts(hostsIn(lasts.map((last) => [last, "silent", "no-response"])));
  writer.results(lasts.map((last) => result({ ip: `10.0.0.${last}`, state: "filtered", reason: "no-response" })));
  const lines = linesOf(writer.end(summary({ hosts: 10 })), "host");
  assertEquals(
    lines.map(({ at_least, filtered }) => [at_least, (filtered as number) <= 1]),
    lasts.map(() => [true, true]),
  );
});

Deno.test("json lines: hosts with equal counts have lines that differ by address and round trip, others their own", () => {
  const random = new Random(11);
  const writer = newLines();
  writer.start({ ...HEAD, probes: 10_000 });
  const results: PortResult[] = [];
  const os: HostOs[] = [];
  const expected = Array.from({ length: 300 }, (_, at) => {
    const ip = `10.0.${at >> 8}.${at & 255}`;
    const counts = { open: 1 + random.below(2), closed: random.below(3) * 15, filtered: random.below(2) };
    const rttMs = Math.fround(random.below(4000) / 8);
    let port = 1;
    const add = (count: number, changes: Partial<PortResult>) => {
      for (let each = 0; each < count; each++) results.push(result({ ip, port: port++, rttMs, ...changes }));
    };
    add(counts.open, { state: "open", reason: "syn-ack" });
    add(counts.closed, {});
    add(counts.filtered, { state: "filtered", reason: "no-response", rttMs: undefined });
    const family = [undefined, "Linux", "Windows", null][random.below(4)];
    if (family !== undefined) os.push({ ip, family, evidence: `window ${family}`, ports: [] });
    const guess = family === undefined ? {} : { os: [{ family, evidence: `window ${family}` }] };
    return { type: "host", ip, reason: "syn-ack", rtt_ms: rttMs, ...counts, undecided: 0, ...guess };
  });
  writer.results(results);
  const lines = linesOf(writer.end(summary({ hosts: 300, os })), "host");
  assertEquals(lines as unknown, expected);
});
