/** Scans of several techniques in the history: a result for each, compared with those of the same. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { PortResult } from "../../src/result/port_result.ts";
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
