/** The changes between two scans, and new results of one that runs. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { openDatabase } from "../../src/store/database.ts";
import type { History } from "../../src/store/history.ts";
import { UsageError } from "../../src/base/errors.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { State } from "../../src/result/states.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { historyTest, HOUR, record, result, T0 } from "./support.ts";

/** Ports of hosts, as `7:22 open`: the last byte of an address, a port, a state. */
type Line = string;

function parse(lines: readonly Line[]): PortResult[] {
  return lines.map((line) => {
    const [, host, port, state] = /^(\d+):(\d+) (\w+)$/.exec(line)!;
    return result(`192.0.2.${host}`, Number(port), state as State);
  });
}

function twoScans(history: History, before: readonly Line[], after: readonly Line[]): void {
  record(history, parse(before));
  record(history, parse(after), { startedAtMs: T0 + HOUR });
}

interface DiffCase {
  readonly name: string;
  readonly before: readonly Line[];
  readonly after: readonly Line[];
  /** The lines between the first, which names the scans, and the end. */
  readonly text: readonly string[];
  readonly different: boolean;
}

const DIFFS: readonly DiffCase[] = [
  {
    name: "nothing",
    before: ["7:22 open", "7:23 closed"],
    after: ["7:22 open", "7:23 closed"],
    text: ["2 ports of 1 host compared: no difference"],
    different: false,
  },
  {
    name: "ports open, close and fall silent, in the order of addresses",
    before: ["10:22 closed", "9:22 open", "9:80 open", "9:443 closed", "9:25 closed"],
    after: ["10:22 open", "9:22 open", "9:80 filtered", "9:443 open", "9:25 filtered"],
    text: [
      "192.0.2.9",
      "  - 80/tcp    open -> filtered",
      "  + 443/tcp   closed -> open",
      "  ~ closed -> filtered: 25 (1 port)",
      "192.0.2.10",
      "  + 22/tcp    closed -> open",
      "5 ports of 2 hosts compared: 2 opened, 1 no longer open, 1 changed otherwise; 0 hosts came up, 0 went down",
    ],
    different: true,
  },
  {
    name: "a host goes, another comes",
    before: ["7:22 open", "7:23 closed", "7:24 closed", "8:22 filtered", "8:23 filtered"],
    after: ["7:22 filtered", "7:23 filtered", "7:24 filtered", "8:22 closed", "8:23 filtered"],
    text: [
      "192.0.2.7 went down",
      "  - 22/tcp    open -> filtered",
      "  ~ closed -> filtered: 23-24 (2 ports)",
      "192.0.2.8 came up",
      "  ~ filtered -> closed: 22 (1 port)",
      "5 ports of 2 hosts compared: 0 opened, 1 no longer open, 3 changed otherwise; 1 host came up, 1 went down",
    ],
    different: true,
  },
  {
    name: "ports and hosts that one scan did not ask are no difference",
    before: ["7:22 open", "7:80 open", "7:81 closed", "6:22 closed"],
    after: ["7:22 open", "7:443 open", "9:22 filtered", "9:23 filtered"],
    text: [
      "192.0.2.7",
      "  ? 80/tcp    open in scan 1, not probed in scan 2",
      "  ? 443/tcp   open in scan 2, not probed in scan 1",
      "1 port of 1 host compared: no difference",
      "Not probed in scan 2: 3 ports",
      "Not probed in scan 1: 3 ports",
    ],
    different: false,
  },
  {
    name: "what was not decided is no difference",
    before: ["7:22 open", "7:80 open", "7:81 undecided"],
    after: ["7:22 open", "7:80 undecided", "7:81 closed"],
    text: [
      "192.0.2.7",
      "  ? 80/tcp    open in scan 1, undecided in scan 2",
      "1 port of 1 host compared: no difference",
      "Not decided in one of them: 2 ports",
    ],
    different: false,
  },
];

for (const { name, before, after, text, different } of DIFFS) {
  historyTest(`diff: ${name}`, (history) => {
    twoScans(history, before, after);
    const diff = history.diff();
    const [head, ...lines] = [...diff.text()].join("").trimEnd().split("\n");
    assertEquals(lines, text);
    assert(/^Scan 1 \(.* 2026\) against scan 2 \(.* 2026\)$/.test(head!));
    assertEquals(diff.isDifferent, different);
  });
}

historyTest("diff: as JSON lines", (history) => {
  record(history, [result("192.0.2.7", 22, "closed"), ...parse(["8:22 closed", "9:1 open"])]);
  const hostile = "a\x1b[2J\u009b\u2028";
  record(history, [
    result("192.0.2.7", 22, "open", { names: [hostile], service: hostile }),
    ...parse(["8:22 filtered"]),
  ]);
  const text = [...history.diff("1", "2").json()].join("");
  assert(!/[\p{Cc}\p{Zl}]/u.test(text.replaceAll("\n", "")));
  assertEquals(text.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      type: "change",
      ip: "192.0.2.7",
      names: [hostile],
      port: 22,
      proto: "tcp",
      before: "closed",
      after: "open",
      reason_before: "reset",
      reason_after: "syn-ack",
      service: hostile,
    },
    { type: "host", ip: "192.0.2.8", before: "up", after: "down" },
    {
      type: "change",
      ip: "192.0.2.8",
      port: 22,
      proto: "tcp",
      before: "closed",
      after: "filtered",
      reason_before: "reset",
      reason_after: "no-response",
      service: null,
    },
    { type: "uncompared", ip: "192.0.2.9", port: 1, proto: "tcp", open_in: "before", why: "not probed", service: null },
    {
      type: "diff",
      before: 1,
      after: 2,
      different: true,
      hosts: 2,
      ports: 2,
      opened: 1,
      closed: 0,
      otherwise: 1,
      versions: 0,
      hosts_up: 0,
      hosts_down: 1,
      only_before: 1,
      only_after: 0,
      undecided: 0,
    },
  ]);
});

historyTest("diff: names and services cannot command a terminal", (history) => {
  const hostile = "a\x1b[2J\u202eb";
  record(history, [result("192.0.2.7", 22, "closed")]);
  record(history, [result("192.0.2.7", 22, "open", { names: [hostile], service: hostile })]);
  const lines = [...history.diff().text()].join("").split("\n");
  assertEquals(lines.slice(1, 3), ["192.0.2.7 (a?[2J?b)", "  + 22/tcp    closed -> open         a?[2J?b"]);
});

historyTest("diff: many hosts that are alike, split differently in the two scans", (history) => {
  const scan = (openAt: readonly number[], downFrom: number) =>
    Array.from(
      { length: 20_000 },
      (_, i) =>
        result(formatIpv4(0x0a000000 + i), 80, openAt.includes(i) ? "open" : i < downFrom ? "closed" : "filtered"),
    );
  record(history, scan([5, 700, 9_000], 15_000));
  record(history, scan([700, 8_000], 14_000));
  const diff = history.diff();
  const hosts = [...diff.hosts()].map(({ ip }) => ip);
  assertEquals(hosts.length, 1000 + 3);
  assertEquals(hosts.slice(0, 4), ["10.0.0.5", "10.0.31.64", "10.0.35.40", formatIpv4(0x0a000000 + 14_000)]);
  const { ports, opened, closed, otherwise, hostsDown, hostsUp } = diff.totals;
  assertEquals({ ports, opened, closed, otherwise, hostsDown, hostsUp }, {
    ports: 20_000,
    opened: 1,
    closed: 2,
    otherwise: 1000,
    hostsDown: 1000,
    hostsUp: 0,
  });
});

historyTest("diff: hosts that are alike, of which each scan asked others", (history) => {
  const scan = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => result(formatIpv4(0x0a000000 + first + i), 80, "filtered"));
  record(history, [...scan(0, 100), ...scan(200, 10)]);
  record(history, [...scan(50, 100), ...scan(205, 1)]);
  const diff = history.diff();
  assertEquals([...diff.hosts()], []);
  const { hosts, ports, onlyBefore, onlyAfter } = diff.totals;
  assertEquals([hosts, ports, onlyBefore, onlyAfter], [51, 51, 59, 50]);
});

historyTest("diff: scans that cannot be compared", (history) => {
  assertThrows(() => history.diff(), UsageError, "none has ended yet");
  record(history, parse(["7:22 open"]));
  assertThrows(() => history.diff(), UsageError, "it is the first one of its targets");
  record(history, parse(["8:22 open"]), { space: "others" });
  assertThrows(() => history.diff(), UsageError, "it is the first one of its targets");
  assertThrows(() => history.diff("1", "3"), UsageError, "Cannot find scan 3");
  assertThrows(() => [...history.diff("1", "2").text()], UsageError, "no port was decided in both");
});

historyTest("diff: without names, the last two that ended, of the same targets", (history) => {
  record(history, parse(["7:22 open"]), { space: "a" });
  record(history, parse(["7:22 open"]), { space: "b" });
  record(history, parse(["7:22 open"]), { space: "a", ended: "failed" });
  record(history, parse(["7:22 closed"]), { space: "a", ended: "deadline" });
  record(history, parse(["7:22 closed"]), { space: "a", ended: "failed" });
  const { before, after } = history.diff();
  assertEquals([before.last.id, after.last.id], [1, 4]);
});

historyTest(
  "diff: what was cut off, or could not decide a port, is compared with no later scan where there is a whole one",
  (history) => {
    record(history, parse(["7:22 open", "7:23 closed"]), { probes: 2 });
    record(history, parse(["7:23 closed"]), { probes: 2, ended: "interrupted" });
    record(history, parse(["7:22 open", "7:23 undecided"]), { probes: 2, ended: "deadline" });
    record(history, parse(["7:22 undecided", "7:23 undecided"]), { probes: 2 });
    // What was left of a scan whose beginning another file has.
    record(history, parse(["7:23 closed"]), { probes: 2 });
    const last = record(history, parse(["7:22 closed", "7:23 closed"]), { probes: 2 });
    assertEquals(history.lastOf(last.space)?.id, 6);
    assertEquals(history.lastOf(last.space, 6)?.id, 1);
    const diff = history.diff();
    assertEquals([diff.before.last.id, diff.after.last.id], [1, 6]);
    assertEquals([...diff.hosts()].flatMap(({ ports }) => ports.map(({ port }) => port)), [22]);
  },
);

historyTest("diff: where no scan is whole, the last one that ended will do", (history) => {
  record(history, parse(["7:22 open"]), { ended: "interrupted" });
  record(history, parse(["7:22 open", "7:23 undecided"]));
  record(history, parse(["7:22 open"]), { ended: "failed" });
  record(history, parse(["7:22 closed"]), { ended: "deadline" });
  const { before, after } = history.diff();
  assertEquals([before.last.id, after.last.id], [2, 4]);
});

const ALONE: readonly { name: string; compares: readonly number[] | string }[] = [
  { name: "1", compares: [1, 4] },
  { name: "2", compares: [2, 4] },
  { name: "4", compares: [1, 4] },
  { name: "last", compares: [1, 4] },
  { name: "5", compares: [4, 5] },
  { name: "6", compares: "Cannot compare scan 6: it is the first one of its targets" },
];

for (const { name, compares } of ALONE) {
  historyTest(`diff: one scan named: ${name}`, (history) => {
    record(history, parse(["7:22 open"]));
    record(history, parse(["7:22 closed"]), { space: "another" });
    record(history, parse(["7:22 closed"]), { ended: "interrupted", probes: 9 });
    record(history, parse(["7:22 closed"]));
    record(history, parse(["7:22 filtered"]), { ended: "failed" });
    record(history, [], { space: "new", ended: "failed" });
    if (typeof compares === "string") {
      assertThrows(() => history.diff(name), UsageError, compares);
    } else {
      const { before, after } = history.diff(name);
      assertEquals([before.last.id, after.last.id], compares);
    }
  });
}

const late = (host: number) => result(`192.0.2.${host}`, 22, "open", { late: true, replaces: "no-response" });

/** Results of a later scan, and the ones among them that are news. */
const NEWS: readonly (readonly [name: string, results: readonly (Line | PortResult)[], isNews: readonly boolean[]])[] =
  [
    ["the same is no news", ["7:22 open", "7:80 closed", "8:22 filtered", "9:22 filtered"], [
      false,
      false,
      false,
      false,
    ]],
    ["another state is", ["7:22 closed", "7:80 open", "8:22 closed", "9:22 open"], [true, true, true, true]],
    ["ports and hosts that were not asked are", ["7:23 closed", "10:22 filtered"], [true, true]],
    ["an undecided result is no news", ["7:22 undecided", "10:22 undecided"], [false, false]],
    ["what was not decided is", ["7:99 closed"], [true]],
    ["a late answer takes back news of silence", ["7:22 filtered", late(7)], [true, true]],
    ["a late answer where silence was no news", ["8:22 filtered", late(8)], [false, true]],
  ];

for (const [name, results, isNews] of NEWS) {
  historyTest(`changed: ${name}`, (history) => {
    const before = parse(["7:22 open", "7:80 closed", "7:99 undecided", "8:22 filtered", "9:22 filtered"]);
    const baseline = history.baseline(record(history, before));
    const all = results.flatMap((found) => typeof found === "string" ? parse([found]) : [found]);
    assertEquals(all.map((found) => baseline.isNews(found)), isNews);
  });
}

historyTest("changed: the whole of a scan is known again", (history) => {
  const all = Array.from({ length: 50_000 }, (_, i) => {
    const state = i % 977 === 0 ? "open" : i % 3 === 0 ? "closed" : "filtered";
    return result(formatIpv4(0x0a000000 + i % 500), 10 * Math.floor(i / 500), state);
  });
  // Neighbours that differ in nothing but how often they were asked.
  for (let i = 0; i < 100; i++) all.push(result(formatIpv4(0x0b000000 + i), 80, "filtered", { tries: 3 + i % 2 }));
  all.push(result("2001:db8::7", 22, "open"));
  const baseline = history.baseline(record(history, all));
  assertEquals(all.filter((found) => baseline.isNews(found)), []);
  assertEquals(baseline.stateOf(result("10.0.0.1", 5, "closed")), undefined);
  assertEquals(baseline.stateOf(result("10.0.2.1", 0, "closed")), undefined);
  assertEquals(baseline.stateOf(result("9.255.255.255", 0, "closed")), undefined);
  assertEquals(baseline.stateOf(result("2001:db8::8", 22, "closed")), undefined);
});

historyTest(
  "diff: a host that has another name by reverse DNS is a difference, one whose name is unknown is none",
  (history) => {
    const named = (...names: readonly (string | undefined)[]) =>
      names.flatMap((name, index) => name === undefined ? [] : [{ ip: `192.0.2.${index + 7}`, name }]);
    const ports = parse(["7:22 open", "8:22 open", "9:22 open"]);
    record(history, ports, { hostnames: named("a.example", "b.example", "c.example") });
    record(history, ports, { startedAtMs: T0 + HOUR, hostnames: named("a.example", "x.example") });
    const diff = history.diff();
    const text = [...diff.text()].join("");
    assertEquals(text.split("\n").slice(1, 2), ["192.0.2.8 has another name: b.example -> x.example"]);
    assertEquals(diff.isDifferent, true);
    const json = [...history.diff().json()].map((line) => JSON.parse(line));
    assertEquals(json.filter(({ type }) => type === "renamed"), [
      { type: "renamed", ip: "192.0.2.8", before: "b.example", after: "x.example" },
    ]);
  },
);

historyTest("diff: changes on a host name it by reverse DNS too", (history) => {
  const hostnames = [{ ip: "192.0.2.7", name: "a.example" }];
  record(history, parse(["7:22 open"]), { hostnames });
  record(history, parse(["7:22 closed"]), { startedAtMs: T0 + HOUR });
  const text = [...history.diff().text()].join("");
  assertEquals(text.split("\n").slice(1, 2), ["192.0.2.7 (a.example)"]);
});

historyTest(
  "history: a scan is shown again with names and systems of its hosts, and one of an earlier version too, or without",
  (history, place) => {
    const hostnames = [{ ip: "192.0.2.7", name: "a.example" }];
    const guess = { family: "Linux", evidence: "TTL 64", ports: [] };
    const os = [{ ip: "192.0.2.7", ...guess }];
    record(history, parse(["7:22 open"]), { hostnames, os });
    const shown = () => {
      const { summary } = history.scan("last");
      return [summary?.hostnames, summary?.os];
    };
    assertEquals(shown(), [hostnames, os]);
    const change = (sql: string, ...values: string[]) => {
      const db = openDatabase(place.path, { write: true });
      assertEquals(db.prepare(`UPDATE scan SET summary = ${sql}`).run(...values).changes, 1);
      db.close();
    };
    change("json_set(json_remove(summary, '$.systems'), '$.os', json(?))", JSON.stringify(os));
    assertEquals(shown(), [hostnames, os]);
    change("json_remove(summary, '$.hostnames', '$.os')");
    assertEquals(shown(), [[], []]);
  },
);

historyTest("history: hosts with the same guesses of their systems have them once", (history, place) => {
  const linux = { family: "Linux", evidence: "TTL 64", ports: [] };
  const unknown = { family: null, evidence: "window 1024", ports: [80, 443] };
  const windows = { family: "Windows", evidence: "TTL 128", ports: [3389] };
  const guesses: [ip: string, of: typeof linux[] | [typeof unknown, typeof windows]][] = [
    ["9.255.255.255", [linux]],
    ["10.0.0.0", [linux]],
    ["10.0.0.1", [linux]],
    ["10.0.0.2", [unknown, windows]],
    ["10.0.0.3", [linux]],
    ["255.255.255.255", [linux]],
    ["2001:db8::2", [linux]],
    ["2001:db8::3", [linux]],
    ["2001:db8::10", [unknown, windows]],
    ["fe80::1%br-1", [linux]],
  ];
  const os = guesses.flatMap(([ip, of]) => of.map((guess) => ({ ip, ...guess })));
  record(history, parse(["7:22 open"]), { os });
  assertEquals(history.scan("last").summary?.os, os);
  const [{ systems }] = place.query("SELECT summary ->> '$.systems' AS systems FROM scan") as [{ systems: string }];
  assertEquals(JSON.parse(systems), [
    {
      hosts: "9.255.255.255-10.0.0.1,10.0.0.3,255.255.255.255,2001:db8::2,2001:db8::3,fe80::1%br-1",
      guesses: [linux],
    },
    { hosts: "10.0.0.2,2001:db8::10", guesses: [unknown, windows] },
  ]);
});
