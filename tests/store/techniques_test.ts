/** Scans of several techniques in the history: a result for each, compared with those of the same. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { ResultBatcher } from "../../src/result/batch.ts";
import { passesNamed } from "../../src/result/pass.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { type Reason, reasonCode } from "../../src/result/reasons.ts";
import { ResultRows } from "../../src/result/rows.ts";
import { ABSENT, SILENT, UP } from "../../src/result/states.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";
import { historyTest, HOUR, record, result, resultsOf, start, summary, T0 } from "./support.ts";
import type { FormatName } from "../../src/report/formats.ts";
import type { History } from "../../src/store/history.ts";
import { textOf } from "../support/results.ts";
import { newWriter } from "../support/writers.ts";

const IP = "192.0.2.7";

function of(technique: string, states: Readonly<Record<number, PortResult["state"]>>): PortResult[] {
  return Object.entries(states).map(([port, state]) => result(IP, Number(port), state, { technique }));
}

const BEFORE = [
  ...of("syn", { 22: "open", 80: "closed", 443: "closed" }),
  ...of("fin", { 22: "open|filtered", 80: "closed", 443: "closed" }),
];

/** Records a scan of these techniques. */
function recordOf(history: History, technique: string, results: readonly PortResult[], startedAtMs = T0) {
  const begun = start({ startedAtMs, probes: results.length }, results);
  const recorder = history.begin({ ...begun, head: { ...begun.head, technique } });
  recorder.add(results, startedAtMs + 500);
  recorder.finish(summary(), startedAtMs + 1000);
  return history.scan(`${recorder.id}`);
}

const shown = (results: readonly PortResult[]) => results.map((each) => `${each.technique} ${each.port} ${each.state}`);

historyTest("history: a scan of two techniques is shown with both results of each port", (history, place) => {
  const scan = recordOf(history, "syn+fin", BEFORE);
  assertEquals(scan.head.technique, "syn+fin");
  assertEquals(shown(resultsOf(history, scan)).sort(), shown(BEFORE).sort());
  assertEquals(resultsOf(history, scan).every(({ proto }) => proto === "tcp"), true);
  assertEquals(place.query("SELECT DISTINCT technique FROM port_range ORDER BY 1"), [
    { technique: "fin" },
    { technique: "syn" },
  ]);
  assertEquals(history.targets("@last:open"), [`${IP}:22`]);
  assertEquals(history.targets("@last:open|filtered"), [`${IP}:22`]);
  assertEquals(history.targets("@last:closed"), [`${IP}:80,443`]);
});

historyTest(
  "history: a scan of TCP and UDP is shown as it was reported: each protocol has its own ports",
  (history) => {
    const udp = { proto: "udp", technique: "udp", reason: "udp-response" } as const;
    const results = [
      ...of("syn", { 22: "open", 53: "open" }),
      ...[53, 69, 161].map((port) => result(IP, port, "open", udp)),
    ];
    const scan = recordOf(history, "syn+udp", results);
    const shownAs = (format: FormatName) => Array.from(history.show(scan, newWriter(format)), textOf).join("");
    assertStringIncludes(shownAs("table"), "PORT    STATE SERVICE\n");
    assertStringIncludes(shownAs("grepable"), "# Ports scanned: TCP(2;22,53) UDP(3;53,69,161) SCTP(0;)");
    assertEquals(shownAs("xml").match(/<scaninfo .*/g), [
      '<scaninfo type="syn" protocol="tcp" numservices="2" services="22,53"/>',
      '<scaninfo type="udp" protocol="udp" numservices="3" services="53,69,161"/>',
    ]);
    assertStringIncludes(shownAs("html"), '"proto":"udp"');
  },
);

historyTest("history: a difference is one of the same technique, and named where that is no handshake", (history) => {
  recordOf(history, "syn+fin", BEFORE);
  const after = [
    ...of("syn", { 22: "open", 80: "open", 443: "closed" }),
    ...of("fin", { 22: "open|filtered", 80: "open|filtered", 443: "closed" }),
  ];
  recordOf(history, "syn+fin", after, T0 + HOUR);
  const text = [...history.diff().text()].join("");
  assertStringIncludes(text, "  + 80/tcp    closed -> open\n");
  assertStringIncludes(text, "  ~ closed -> open|filtered (fin): 80 (1 port)\n");
  assertStringIncludes(text, "6 ports of 1 host compared: 1 opened, 0 no longer open, 1 changed otherwise");
  const lines = [...history.diff().json()].join("").trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ type, technique }) => [type, technique]), [
    ["change", undefined],
    ["change", "fin"],
    ["diff", undefined],
  ]);
});

historyTest("history: scans by connect(2) and by SYN are compared, and those by FIN alone are not", (history) => {
  recordOf(history, "syn", of("syn", { 22: "open", 80: "closed" }));
  recordOf(history, "fin", of("fin", { 22: "open|filtered", 80: "closed" }), T0 + HOUR);
  const connect = recordOf(history, "connect", of("connect", { 22: "closed", 80: "closed" }), T0 + 2 * HOUR);
  const diff = history.diff();
  assertEquals([diff.before.last.head.technique, diff.after.last.id], ["syn", connect.id]);
  assertStringIncludes([...diff.text()].join(""), "  - 22/tcp    open -> closed\n");
  const fin = recordOf(history, "ack+fin", of("fin", { 22: "closed", 80: "closed" }), T0 + 3 * HOUR);
  assertEquals([history.diff().before.last.head.technique, history.diff().after.last.id], ["fin", fin.id]);
});

historyTest("history: news are those of the technique, whatever another one found before", (history) => {
  const baseline = history.baseline(recordOf(history, "syn+fin", BEFORE));
  const news = (technique: string, port: number, state: PortResult["state"]) =>
    baseline.isNews(result(IP, port, state, { technique }));
  assertEquals([news("syn", 22, "open"), news("connect", 22, "open"), news("fin", 22, "open|filtered")], [
    false,
    false,
    false,
  ]);
  assertEquals([news("fin", 22, "closed"), news("ack", 22, "unfiltered")], [true, true]);
  assertEquals(baseline.stateOf(result(IP, 22, "closed", { technique: "fin" })), "open|filtered");
});

historyTest("history: changes of a port that was open are told apart by technique", (history, place) => {
  recordOf(history, "syn+fin", BEFORE);
  recordOf(history, "syn+fin", [...of("syn", { 22: "closed" }), ...of("fin", { 22: "closed" })], T0 + HOUR);
  assertEquals(
    place.query("SELECT technique, before, state FROM port_change WHERE port = 22 ORDER BY technique, seen_ms"),
    [
      { technique: "syn", before: null, state: "open" },
      { technique: "syn", before: "open", state: "closed" },
    ],
  );
});

historyTest("history: of a scan of one technique nothing changes", (history) => {
  const scan = record(history, of("syn", { 22: "open", 80: "closed" }));
  assertEquals(shown(resultsOf(history, scan)), ["syn 22 open", "syn 80 closed"]);
});

const udp = (ip: string, port: number, state: PortResult["state"], more: Partial<PortResult> = {}) =>
  result(ip, port, state, { proto: "udp", technique: "udp", ...more });

historyTest(
  "history: a host of which every port of UDP is closed has replied, and one behind a firewall has not",
  (history, place) => {
    const refused = { reason: "port-unreach" } as const;
    const results = [7, 8].flatMap((host) =>
      [1000, 1001].map((port) => udp(`192.0.2.${host}`, port, "closed", refused))
    );
    const firewalled = [1000, 1001].map((port) =>
      udp("192.0.2.9", port, "filtered", { ...refused, from: "192.0.2.254" })
    );
    recordOf(history, "udp", [...results, ...firewalled]);
    assertEquals(history.targets("@last"), ["192.0.2.7", "192.0.2.8"]);
    assertEquals(place.query("SELECT ip FROM host"), [{ ip: "192.0.2.7" }, { ip: "192.0.2.8" }]);
    const silent = { reason: "no-response", ttl: undefined } as const;
    const after = [1000, 1001].map((port) => udp("192.0.2.7", port, "open|filtered", silent));
    recordOf(history, "udp", [...results.slice(2), ...firewalled, ...after], T0 + HOUR);
    const text = [...history.diff().text()].join("");
    assertStringIncludes(text, "192.0.2.7 went down\n  ~ udp closed -> open|filtered: 1000-1001 (2 ports)\n");
    assertStringIncludes(text, "0 hosts came up, 1 went down\n");
  },
);

historyTest("history: @last:open has the ports of the protocols that are scanned next", (history) => {
  const more = { reason: "udp-response" } as const;
  recordOf(history, "syn+udp", [result(IP, 22, "open"), udp(IP, 53, "open", more), udp(IP, 123, "open", more)]);
  assertEquals(history.targets("@last:open"), [`${IP}:22`]);
  assertEquals(history.targets("@last:open", ["udp"]), [`${IP}:53,123`]);
  assertEquals(history.targets("@last:open", ["syn", "udp"]), [`${IP}:22,53,123`]);
  recordOf(history, "udp", [udp(IP, 53, "open", more)], T0 + HOUR);
  assertThrows(() => history.targets("@last:open"), UsageError, "that scan found no open port of TCP. ");
});

historyTest("history: a scan of hosts alone is listed, with its hosts, however many pings it has", (history, place) => {
  const technique = `ping(echo,${Array.from({ length: 64 }, (_, at) => `syn:${60_000 + at}`)})`;
  for (const [at, states] of [[UP, ABSENT, UP, SILENT], [UP, UP, ABSENT, SILENT]].entries()) {
    const startedAtMs = T0 + at * HOUR;
    const begun = start({ probes: 0, startedAtMs });
    const ports = { ports: { count: 0, text: "" } };
    const recorder = history.begin({ ...begun, head: { ...begun.head, technique, hosts: 4, passes: [], ...ports } });
    const batcher = new ResultBatcher((rows) => {
      const addresses = { addresses: IPV4_BOOK, hosts: { size: 0, namesAt: () => [] }, service: () => undefined };
      recorder.add(new ResultRows(rows, addresses, { number: 0, technique, proto: "host" }), startedAtMs);
    });
    states.forEach((state, host) => {
      const reason = state === UP ? "echo-reply" : state === ABSENT ? "no-arp-response" : "no-response";
      batcher.result(parseIpv4(IP)! + host, 0, state, reasonCode(reason), 0, -1, 1, 0, -1, 0);
    });
    batcher.flush();
    recorder.finish(summary({ hosts: 4, hostsUp: 2, probes: 0 }), startedAtMs + 1000);
  }
  assertEquals(history.scans().map(({ head }) => head.technique), [technique, technique]);
  const at = (host: number) => formatIpv4(parseIpv4(IP)! + host);
  assertEquals(history.targets("@1"), [at(0), at(2)]);
  assertEquals(history.targets("@2"), [at(0), at(1)]);
  assertEquals(resultsOf(history, history.scan("last")), []);
  assertEquals(place.query("SELECT ip, hosts, state, reason FROM port_range WHERE scan = 2 ORDER BY number"), [
    { ip: at(0), hosts: 1, state: "up", reason: "echo-reply" },
    { ip: at(1), hosts: 1, state: "up", reason: "echo-reply" },
    { ip: at(2), hosts: 1, state: "absent", reason: "no-arp-response" },
    { ip: at(3), hosts: 1, state: "silent", reason: "no-response" },
  ]);
  assertEquals([...history.diff("1", "2").text()].slice(1), [
    `${at(1)} came up\n`,
    `${at(2)} went down\n`,
    "4 hosts compared: 1 host came up, 1 went down\n",
  ]);
});

historyTest("history: absent hosts of both families are shown together, once each", (history) => {
  const hosts = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8::3"];
  const reasonOf = (ip: string): Reason => ip.endsWith("2") ? "no-arp-response" : "host-unreach";
  const absent = hosts.flatMap((ip) =>
    Array.from({ length: 3000 }, (_, port) => result(ip, port, "filtered", { reason: reasonOf(ip), tries: 0 }))
  );
  // A port of it was probed.
  const probed = [0, 1].map((tries) => result("192.0.2.3", tries, "filtered", { reason: "no-arp-response", tries }));
  const scan = recordOf(history, "syn", [...absent, ...probed, result("2001:db8::4", 22, "open")]);
  const shown: string[][] = [];
  const take = (found: readonly { readonly ip: string; readonly state: string }[]) =>
    void shown.push(found.map(({ ip, state }) => `${ip} ${state}`));
  const pieces = [...history.show(scan, newWriter("grepable"), undefined, take)].map((piece) =>
    typeof piece === "string" ? piece : new TextDecoder().decode(piece)
  );
  assertEquals(shown, [hosts.map((ip) => `${ip} absent`)]);
  assertEquals(new Set(pieces.join("").match(/Host: \S+/g)), new Set(["Host: 192.0.2.3", "Host: 2001:db8::4"]));
});

historyTest("history: absent hosts have the ports of each protocol", (history, place) => {
  const begun = start({ probes: 6 });
  const passes = passesNamed("syn+udp", (technique) => technique === "udp" ? "udp" : "tcp");
  const ports = { ports: { count: 2, text: "22,80" }, udpPorts: { count: 1, text: "53" } };
  const recorder = history.begin({
    ...begun,
    head: { ...begun.head, technique: "syn+udp", hosts: 2, passes, ...ports },
  });
  const absent = new ResultBatcher((rows) => {
    const addresses = { addresses: IPV4_BOOK, hosts: { size: 0, namesAt: () => [] }, service: () => undefined };
    recorder.add(new ResultRows(rows, addresses, { number: 0, technique: "arp", proto: "host" }), T0);
  });
  absent.result(parseIpv4(IP)!, 0, ABSENT, reasonCode("no-arp-response"), 0, -1, 2, 0, -1, 0);
  absent.flush();
  recorder.finish(summary(), T0 + 1000);
  assertEquals(place.query("SELECT proto, ports, state FROM port_range ORDER BY proto"), [
    { proto: "tcp", ports: "22,80", state: "filtered" },
    { proto: "udp", ports: "53", state: "filtered" },
  ]);
});
