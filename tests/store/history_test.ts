/** Results that are recorded are read again, in whichever table they are. */

import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { FIELDS } from "../../src/report/fields.ts";
import { recordsJson, recordsText } from "../../src/store/records.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { State } from "../../src/result/states.ts";
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ListBook } from "../support/list_book.ts";
import { cursorOver, textOf, usualState } from "../support/results.ts";
import { Random } from "../support/random.ts";
import { newWriter } from "../support/writers.ts";
import { historyTest, HOUR, Place, record, result, resultsOf, start, summary, T0 } from "./support.ts";

const FULL = result("192.0.2.7", 443, "open", {
  reason: "split-handshake-syn",
  ttl: 57,
  rttMs: 12.345,
  tries: 2,
  from: "192.0.2.254",
  service: "https",
  names: ["www.example"],
  late: true,
  replaces: undefined,
  note: "SYN-ACK and RST",
  finding: {
    ...{ service: "https", confidence: 10, product: "nginx", version: "1.22.1", info: "Debian", hostname: "www" },
    ...{
      os: "Linux",
      device: "router",
      cpe: ["cpe:/a:f5:nginx:1.22.1"],
      tunnel: "ssl",
      banner: "b",
      row: "r",
      label: "l",
    },
    tls: {
      ...{
        version: "TLSv1.3",
        cipher: "c",
        subject: "s",
        issuer: "i",
        names: ["n"],
        notBefore: "2026",
        expires: "2027",
      },
      ...{ sha256: "00", alpn: "h2", hello: "h" },
    },
    http: { status: 200, server: "s", title: "t", location: "l" },
    sshKeys: [{ type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:x" }],
  },
});

historyTest("history: every field of a result with a row of its own is read again", (history) => {
  for (const field of FIELDS) assert(field.get(FULL) !== undefined, `give ${field.name} a value in this test`);
  assertEquals(resultsOf(history, record(history, [FULL])), [FULL]);
});

historyTest("history: every field but the round trip is read again of a result in a range", (history, place) => {
  const { finding: _, ...found } = FULL;
  const closed: PortResult = { ...found, state: "closed", reason: "host-prohibited", note: undefined, late: false };
  assertEquals(resultsOf(history, record(history, [closed])), [{ ...closed, rttMs: undefined }]);
  assertEquals(place.query("SELECT count(*) AS rows FROM port"), [{ rows: 0 }]);
});

historyTest("history: hosts are kept by their addresses, whatever numbers a scan gave them", (history) => {
  const ips = ["192.0.2.9", "10.0.0.1", "192.0.2.7", "192.0.2.8"];
  const results = ips.flatMap((ip, at) => [
    result(ip, 80, at % 2 === 0 ? "open" : "filtered"),
    result(ip, 81, "filtered", { reason: "host-unreach", from: "198.51.100.1" }),
    result(ip, 82, "closed"),
  ]);
  const book = new ListBook(ips.map(IPV4_BOOK.hostOf));
  const [numbered, plain] = [book, IPV4_BOOK].map((each) => {
    const recorder = history.begin(start({}, results));
    recorder.add(cursorOver(results, each), T0 + 500);
    recorder.finish(summary(), T0 + 1000);
    return resultsOf(history, history.scan(`${recorder.id}`));
  });
  assertEquals(numbered!.length, results.length);
  assertEquals(numbered, plain);
});

const SHAPES: readonly {
  name: string;
  at: (random: Random, i: number) => [host: number, port: number];
  count: number;
}[] = [
  { name: "one host, all ports", at: (_, i) => [0x0a000001, i], count: 65536 },
  { name: "a /16, one port", at: (_, i) => [0x0a000000 + i, 80], count: 65536 },
  { name: "a /24, 1,000 ports, in no order", at: (_, i) => [0x0a000000 + i * 7919 % 256, i % 1000], count: 100_000 },
  {
    name: "samples of the whole address space, the ends of ranges among them",
    at: (random, i) =>
      i < 4
        ? [[0, 0], [0, 65535], [0xffffffff, 0], [0xffffffff, 65535]][i] as [number, number]
        : [random.u32(), random.below(65536)],
    count: 20_000,
  },
];

for (const { name, at, count } of SHAPES) {
  historyTest(`history: all results are read again, in order: ${name}`, (history) => {
    const random = new Random(2026);
    const model = new Map<string, PortResult>();
    for (let i = 0; i < count; i++) {
      const [host, port] = at(random, i);
      const found = anyResult(random, formatIpv4(host), port);
      model.set(`${host} ${port}`, found);
    }
    const expected = [...model.values()].sort(byAddressAndPort);
    const scan = record(history, random.shuffled(expected));
    assertSameResults(resultsOf(history, scan), expected);
  });
}

historyTest(
  "history: a scan of many writes is read while it runs, and has one row per host and state in the end",
  (history, place) => {
    const random = new Random(7);
    const all: PortResult[] = [];
    for (let host = 0; host < 300; host++) {
      const ip = formatIpv4(0x0a000000 + host);
      for (let port = 1; port <= 1000; port++) {
        all.push(host < 2 ? anyResult(random, ip, port) : result(ip, port, host % 3 === 0 ? "closed" : "filtered"));
      }
    }
    const recorder = history.begin(start({ probes: 300_000 }));
    const shuffled = random.shuffled(all);
    for (let i = 0; i < shuffled.length; i += 5000) recorder.add(shuffled.slice(i, i + 5000), T0 + i);
    recorder.add([], T0 + 10 * HOUR);
    const running = history.scan(`${recorder.id}`);
    assertEquals(running.ended, "unfinished");
    assertSameResults(resultsOf(history, running), all);
    assertGreater(count(place, "port_part"), 50);

    recorder.finish(summary(), T0 + 11 * HOUR);
    assertSameResults(resultsOf(history, history.scan("last")), all);
    assertEquals(count(place, "port_part"), 0);
    assertLess(count(place, "port_range"), 310);
    assertEquals(
      place.query("SELECT ip, state, hosts, ports FROM port_range WHERE number >= 167772419 ORDER BY number LIMIT 2"),
      [
        { ip: "10.0.1.3", state: "filtered", hosts: 2, ports: "1-1000" },
        { ip: "10.0.1.5", state: "closed", hosts: 1, ports: "1-1000" },
      ],
    );
  },
);

const NONE = { unfiltered: 0, "open|filtered": 0, "closed|filtered": 0 };

const LATE: readonly { name: string; known: boolean; writes: boolean; late: State }[] = [
  { name: "open, in another transaction", known: false, writes: true, late: "open" },
  { name: "open, in the same one", known: false, writes: false, late: "open" },
  { name: "closed, in another transaction", known: false, writes: true, late: "closed" },
  { name: "closed, in the same one", known: false, writes: false, late: "closed" },
  { name: "open, on a port that was open before", known: true, writes: true, late: "open" },
  { name: "closed, on a port that was open before", known: true, writes: true, late: "closed" },
  {
    name: "closed, on a port that was open before, in the same transaction",
    known: true,
    writes: false,
    late: "closed",
  },
];

for (const { name, known, writes, late } of LATE) {
  for (const settled of [false, true]) {
    historyTest(
      `history: a late answer replaces silence: ${name}${settled ? ", in the end" : ""}`,
      (history, place) => {
        if (known) record(history, [result("192.0.2.7", 22, "open")]);
        const recorder = history.begin(start({ startedAtMs: T0 + HOUR }));
        const silent = (port: number) => result("192.0.2.7", port, "filtered");
        recorder.add([silent(21), silent(22), silent(23)], T0 + HOUR);
        if (writes) recorder.add([], T0 + HOUR + 2000);
        const answer = result("192.0.2.7", 22, late, { late: true, replaces: "no-response", rttMs: undefined });
        recorder.add([answer], T0 + HOUR + 2000);
        recorder.add([], T0 + HOUR + 4000);
        if (settled) recorder.finish(summary(), T0 + HOUR + 5000);
        const scan = history.scan(`${recorder.id}`);
        assertEquals(resultsOf(history, scan), [silent(21), {
          ...answer,
          replaces: undefined,
          replacesState: undefined,
        }, silent(23)]);
        assertEquals(scan.counts, { ...NONE, open: 0, closed: 0, filtered: 2, undecided: 0, [late]: 1 });
        const states = place.query(`SELECT state FROM port WHERE scan = ${scan.id} AND port = 22 ORDER BY row`);
        assertEquals(settled ? states : states.slice(-1), [{ state: late }]);
        if (settled) {
          assertEquals(place.query(`SELECT ports FROM port_range WHERE scan = ${scan.id}`), [{ ports: "21,23" }]);
        }
        recorder[Symbol.dispose]();
      },
    );
  }
}

historyTest("history: a late answer is counted in place of what it replaces, whatever that was", (history) => {
  const recorder = history.begin(start());
  const before = ["host-silent", "admin-prohibited", "no-response"] as const;
  before.forEach((reason, port) => recorder.add([result("192.0.2.7", port, usualState(reason), { reason })], T0));
  before.forEach((replaces, port) =>
    recorder.add([result("192.0.2.7", port, "open", { late: true, replaces })], T0 + 2000)
  );
  recorder.finish(summary(), T0 + 4000);
  assertEquals(history.scan("1").counts, { ...NONE, open: 3, closed: 0, filtered: 0, undecided: 0 });
  recorder[Symbol.dispose]();
});

for (const writes of [false, true]) {
  historyTest(`history: a late answer replaces one before it${writes ? ", in another transaction" : ""}`, (history) => {
    const recorder = history.begin(start());
    const late = { late: true, rttMs: undefined };
    const refused = (port: number) => result("192.0.2.7", port, "closed", { ...late, replaces: "no-response" });
    const answers = [
      result("192.0.2.7", 21, "filtered"),
      refused(21),
      result("192.0.2.7", 22, "undecided", { reason: "host-silent" }),
      result("192.0.2.7", 22, "filtered", { ...late, reason: "admin-prohibited", replaces: "host-silent" }),
      { ...refused(22), replaces: "admin-prohibited" } as const,
    ];
    answers.forEach((answer, i) => recorder.add([answer], T0 + (writes ? i * 2000 : 0)));
    recorder.finish(summary(), T0 + HOUR);
    const scan = history.scan("1");
    assertEquals(resultsOf(history, scan).map(({ port, state }) => [port, state]), [[21, "closed"], [22, "closed"]]);
    assertEquals([scan.counts.closed, scan.counts.filtered, scan.counts.undecided], [2, 0, 0]);
  });
}

historyTest(
  "history: late replies replace silence from many writes, each where it stands among hosts that are alike",
  (history) => {
    const recorder = history.begin(start());
    const ip = (host: number) => formatIpv4(0x0a000000 + host);
    const expected = Array.from({ length: 2000 }, (_, i) => result(ip(i), 80, "filtered"));
    for (let part = 0; part < 7; part++) {
      recorder.add(expected.filter((_, i) => i % 7 === part), T0 + (part + 1) * 1000);
    }
    for (let host = 3; host < 2000; host += 97) {
      expected[host] = result(ip(host), 80, host % 2 === 0 ? "open" : "closed", {
        late: true,
        replaces: "no-response",
        rttMs: undefined,
      });
      recorder.add([expected[host]!], T0 + 10_000 + host);
    }
    recorder.add([], T0 + HOUR);
    const kept = expected.map((found) => ({ ...found, replaces: undefined, replacesState: undefined }));
    assertSameResults(resultsOf(history, history.scan("1")), kept);
    assertEquals(history.targets("@1:open").length, 10);
    recorder.finish(summary(), T0 + HOUR);
    assertSameResults(resultsOf(history, history.scan("1")), kept);
  },
);

historyTest(
  "history: hosts and ports have the times of their first and last reply, and of each change",
  (history, place) => {
    const ip = "192.0.2.7";
    const scans: readonly (readonly State[])[] = [
      // Ports 22, 80, 443
      ["open", "closed", "closed"],
      ["open", "open", "closed"],
      ["closed", "undecided", "closed"],
      ["closed", "filtered", "closed"],
      ["undecided", "undecided", "undecided"],
    ];
    scans.forEach((states, i) => {
      const results = [22, 80, 443].map((port, at) => result(ip, port, states[at]!));
      record(history, [...results, result("192.0.2.8", 22, i < 2 ? "closed" : "filtered")], {
        startedAtMs: T0 + i * HOUR,
      });
    });
    const seen = (scan: number) => T0 + (scan - 1) * HOUR + 500;
    assertEquals(
      place.query(
        "SELECT ip, port, min(seen_ms) AS first, max(seen_ms) AS last FROM port WHERE state = 'open' GROUP BY number, proto, port",
      ),
      [{ ip, port: 22, first: seen(1), last: seen(2) }, { ip, port: 80, first: seen(2), last: seen(2) }],
    );
    assertEquals(
      place.query("SELECT port, before, state, seen_ms, scan FROM port_change"),
      [
        { port: 22, before: null, state: "open", seen_ms: seen(1), scan: 1 },
        { port: 22, before: "open", state: "closed", seen_ms: seen(3), scan: 3 },
        { port: 80, before: null, state: "open", seen_ms: seen(2), scan: 2 },
        { port: 80, before: "open", state: "filtered", seen_ms: seen(4), scan: 4 },
      ],
    );
    assertEquals(place.query("SELECT ip, first_seen_ms, last_seen_ms FROM host"), [{
      ip,
      first_seen_ms: T0,
      last_seen_ms: seen(4),
    }, { ip: "192.0.2.8", first_seen_ms: T0, last_seen_ms: T0 + HOUR }]);
  },
);

historyTest(
  "history: a scan that ends earlier than one that began before it does not turn back what is known",
  (history, place) => {
    using other = place.open();
    const slow = history.begin(start());
    slow.add([result("192.0.2.7", 22, "open")], T0);
    record(other, [result("192.0.2.7", 22, "open")], { startedAtMs: T0 + HOUR });
    record(other, [result("192.0.2.7", 22, "closed")], { startedAtMs: T0 + 2 * HOUR });
    slow.finish(summary(), T0 + 3 * HOUR);
    assertEquals(place.query("SELECT before, state, scan FROM port_change"), [
      { before: null, state: "open", scan: 1 },
      { before: "open", state: "closed", scan: 3 },
    ]);
    assertEquals(place.query("SELECT first_seen_ms, last_seen_ms FROM host"), [{
      first_seen_ms: T0,
      last_seen_ms: T0 + 2 * HOUR + 500,
    }]);
  },
);

historyTest("history: IPv6 addresses follow all others, in order, as RFC 5952 writes them", (history, place) => {
  const six = [
    result("2001:db8::7", 22, "open"),
    result("2001:db8::7", 23, "closed"),
    result("2001:db8::7", 24, "closed"),
    result("2001:db8::10:0", 23, "closed"),
  ];
  const four = result("192.0.2.7", 22, "closed");
  assertEquals(resultsOf(history, record(history, [...six, four])), [four, ...six]);
  const number = "2001:0db8:0000:0000:0000:0000:0000:0007";
  assertEquals(place.query("SELECT number, ip, port FROM port"), [{ number, ip: "2001:db8::7", port: 22 }]);
  assertEquals(place.query("SELECT ip, ports FROM port_range ORDER BY number"), [{ ip: "192.0.2.7", ports: "22" }, {
    ip: "2001:db8::7",
    ports: "23-24",
  }, { ip: "2001:db8::10:0", ports: "23" }]);
  assertEquals(history.targets("@last"), ["192.0.2.7", "2001:db8::7", "2001:db8::10:0"]);
});

historyTest("history: the last port of a host and the first one of the next are not one range", (history) => {
  const all = [["10.0.0.1", 65534], ["10.0.0.1", 65535], ["10.0.0.2", 0], ["10.0.0.2", 1]] as const;
  const results = all.map(([ip, port]) => result(ip, port, "closed"));
  assertEquals(resultsOf(history, record(history, results)), results);
});

historyTest("history: results of very many kinds are read again", (history) => {
  const all = Array.from(
    { length: 70_000 },
    (_, i) =>
      result(formatIpv4(0x0a000000 + i), 80, "filtered", { reason: "host-unreach", from: formatIpv4(0x0b000000 + i) }),
  );
  const scan = record(history, all);
  assertSameResults(resultsOf(history, scan), all);
});

historyTest("history: scans are listed with how they ended", (history) => {
  record(history, [result("192.0.2.7", 22, "open"), result("192.0.2.7", 23, "closed")]);
  record(history, [], { ended: "interrupted", targets: "evil\x1b[31m\u202etxt" });
  history.begin(start())[Symbol.dispose]();
  const lines = recordsText(history.scans()).split("\n");
  assertEquals(lines[0], "SCAN  BEGAN                       TOOK  ENDED        HOSTS  PORTS  OPEN  TARGETS");
  assertEquals(lines.slice(1, 4).map((line) => line.replace(/\S+ \S+ +\d+ \d\d:\d\d:\d\d 2026/, "DATE")), [
    "   1  DATE  1.00 s  done             1      1     1  192.0.2.0/24",
    "   2  DATE  1.00 s  interrupted      1      1     0  evil?[31m?txt",
    "   3  DATE    0 ms  unfinished       1      1     0  192.0.2.0/24",
  ]);
  const json = recordsJson(history.scans());
  assert(!/\p{Cc}/u.test(json.replaceAll("\n", "")) && !json.includes("\u202e"));
  assertEquals(
    json.trimEnd().split("\n").map((line) => JSON.parse(line)).map((
      { scan, ended, open, targets },
    ) => [scan, ended, open, targets]),
    [[1, "done", 1, "192.0.2.0/24"], [2, "interrupted", 0, "evil\x1b[31m\u202etxt"], [
      3,
      "unfinished",
      0,
      "192.0.2.0/24",
    ]],
  );
  assertEquals(recordsText([]), "No scans yet\n");
});

historyTest("history: a scan is shown by any format, every port of it", (history) => {
  const all = Array.from({ length: 3000 }, (_, port) => result("192.0.2.7", port, port === 80 ? "open" : "closed"));
  record(history, all);
  const writer = newWriter("json");
  const lines = Array.from(history.show(history.scan("1"), writer), textOf).join("").trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(lines.map(({ type }) => type), ["start", ...all.map(() => "port"), "summary"]);
  assertEquals(lines[81], { ...lines[82], port: 80, state: "open", reason: "syn-ack", rtt_ms: 1.5 });
  assertEquals(lines[3001].trusted, true);
});

historyTest("history: an unfinished scan is shown with what is known of it, and says so", (history) => {
  const recorder = history.begin(start());
  recorder.add([result("192.0.2.7", 80, "open"), result("192.0.2.8", 80, "filtered")], T0 + 2000);
  const writer = newWriter("json");
  const lines = Array.from(history.show(history.scan("@1"), writer), textOf).join("").trimEnd().split("\n").map((
    line,
  ) => JSON.parse(line));
  assertEquals(lines.map(({ type }) => type), ["start", "port", "port", "summary"]);
  const { ended, trusted, open, hosts_up, warnings } = lines[3];
  assertEquals([ended, trusted, open, hosts_up], ["interrupted", false, 1, 1]);
  assert(warnings[0].startsWith("Scan 1 is unfinished"));
  recorder[Symbol.dispose]();
});

historyTest("history: names are text, whatever they say", (history, place) => {
  const name = `"'; DROP TABLE port; --\x1b[2J<script>\u0000`;
  const all = [
    result("192.0.2.7", 22, "open", { names: [name], service: name }),
    result("192.0.2.8", 22, "closed", { names: [name], service: name }),
  ];
  const scan = record(history, all, { space: name, targets: name });
  // SQLite ends a text at a NUL.
  const kept = name.replace("\0", "\ufffd");
  assertEquals(resultsOf(history, scan), all.map((found) => ({ ...found, names: [kept], service: kept })));
  assertEquals(history.lastOf(name)?.targets, kept);
  assertEquals(place.query("SELECT count(*) AS rows FROM port"), [{ rows: 1 }]);
});

const NO_SCAN: readonly { name: string; says: string }[] = [
  { name: "9", says: "Cannot find scan 9: the history does not have it" },
  { name: "0", says: "Cannot find scan 0: " },
  { name: "first", says: 'Cannot find the scan "first": it is no number' },
  { name: "", says: 'Cannot find the scan "": ' },
  { name: "-1", says: "it is no number" },
  { name: "1 OR 1", says: "it is no number" },
  { name: "\x1b[2J", says: 'Cannot find the scan "?[2J"' },
];

for (const { name, says } of NO_SCAN) {
  historyTest(`history: no such scan: ${JSON.stringify(name)}`, (history) => {
    assertThrows(() => history.scan("last"), UsageError, "none has ended yet");
    record(history, []);
    assertThrows(() => history.scan(name), UsageError, says);
  });
}

const TARGETS: readonly { name: string; gives: readonly string[] | string }[] = [
  { name: "@last", gives: ["192.0.2.7", "192.0.2.9"] },
  { name: "@2", gives: ["192.0.2.7", "192.0.2.9"] },
  { name: "@last:open", gives: ["192.0.2.7:22,80-82"] },
  { name: "@last:closed", gives: ["192.0.2.9:22"] },
  { name: "@last:filtered", gives: ["192.0.2.8:22"] },
  { name: "@1:open", gives: ["192.0.2.1:1"] },
  { name: "@1:undecided", gives: "Cannot scan @1:undecided: that scan found no undecided port" },
  { name: "@3", gives: "Cannot find scan 3" },
  { name: "@last:opened", gives: 'Cannot read the target "@last:opened"' },
  { name: "@", gives: 'Cannot read the target "@"' },
  { name: "last", gives: 'Cannot read the target "last"' },
];

for (const { name, gives } of TARGETS) {
  historyTest(`history: targets from ${name}`, (history) => {
    record(history, [result("192.0.2.1", 1, "open")]);
    record(history, [
      ...[22, 80, 81, 82].map((port) => result("192.0.2.7", port, "open")),
      result("192.0.2.8", 22, "filtered"),
      result("192.0.2.9", 22, "closed"),
    ]);
    if (typeof gives === "string") assertThrows(() => history.targets(name), UsageError, gives);
    else assertEquals(history.targets(name), gives);
  });
}

historyTest("history: targets from a scan that found no host", (history) => {
  record(history, [result("192.0.2.1", 1, "filtered")]);
  assertThrows(() => history.targets("@last"), UsageError, "found no host that replied");
});

Deno.test("history: what a scan that was killed left behind is compacted by the next", () => {
  using place = new Place();
  const all = Array.from(
    { length: 300 },
    (_, i) => result(formatIpv4(0xc0000200 + i), 22, i % 3 === 0 ? "open" : "closed"),
  );
  {
    using history = place.open();
    const recorder = history.begin(start());
    all.forEach((found, i) => recorder.add([found], T0 + i * 1000));
    recorder.add([], T0 + HOUR);
  }
  assertEquals(count(place, "port_range"), 0);
  using history = place.open();
  history.begin(start({ startedAtMs: T0 + 30 * HOUR }))[Symbol.dispose]();
  assertEquals(["port", "host", "port_range", "port_part"].map((table) => count(place, table)), [100, 300, 200, 0]);
  assertEquals(history.scan("1").ended, "unfinished");
  assertSameResults(resultsOf(history, history.scan("1")), all);
});

function anyResult(random: Random, ip: string, port: number): PortResult {
  if (random.chance(0.01)) return result(ip, port, "open", { rttMs: 2, tries: 1 + random.below(3) });
  if (random.chance(0.3)) return result(ip, port, "closed", { tries: 1 + random.below(2), ttl: 60 + random.below(2) });
  if (random.chance(0.02)) {
    return result(ip, port, "filtered", { reason: "admin-prohibited", ttl: 61, from: "192.0.2.254" });
  }
  return result(ip, port, "filtered");
}

function byAddressAndPort(one: PortResult, other: PortResult): number {
  return parseIpv4(one.ip)! - parseIpv4(other.ip)! || one.port - other.port;
}

/** Compares without the cost of a difference as text, which would be too long to read. */
function assertSameResults(actual: readonly PortResult[], expected: readonly PortResult[]): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (JSON.stringify(actual[i]) !== JSON.stringify(expected[i])) assertEquals(actual[i], expected[i]);
  }
}

function count(place: Place, table: string): number {
  const [{ rows }] = place.query(`SELECT count(*) AS rows FROM ${table}`) as [{ rows: number }];
  return rows;
}
