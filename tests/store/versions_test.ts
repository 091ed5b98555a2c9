/** The findings of service detection in the history: kept, compared, and there for queries. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CannotScanError } from "../../src/base/errors.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { Finding } from "../../src/result/finding.ts";
import { historyTest, HOUR, record, result, resultsOf, T0 } from "./support.ts";

const IP = "192.0.2.7";
const ssh = (version: string): Finding => ({
  ...{ service: "ssh", confidence: 10, product: "OpenSSH", version, cpe: [`cpe:/a:openbsd:openssh:${version}`] },
});
const scanOf = (finding?: Finding) => [
  result(IP, 22, "open", finding === undefined ? {} : { finding, service: finding.service }),
  result(IP, 80, "open", { finding: { service: "unknown", confidence: 0, label: "no-data" } }),
  result(IP, 81, "closed"),
];

historyTest("versions: what was found is given back, and there for a query", (history, place) => {
  const scan = record(history, scanOf(ssh("9.2")));
  const found = resultsOf(history, scan).map(({ port, finding }) => [port, finding?.version, finding?.label]);
  assertEquals(found, [[22, "9.2", undefined], [80, undefined, "no-data"], [81, undefined, undefined]]);
  assertEquals(place.query("SELECT port, product, version, cpe FROM version WHERE product IS NOT NULL"), [
    { port: 22, product: "OpenSSH", version: "9.2", cpe: "cpe:/a:openbsd:openssh:9.2" },
  ]);
});

historyTest("versions: another version is a difference, and news; one that is no longer known is none", (history) => {
  record(history, scanOf(ssh("9.2")));
  record(history, scanOf(ssh("9.3")), { startedAtMs: T0 + HOUR });
  const text = [...history.diff().text()].join("");
  assertStringIncludes(text, "  ~ 22/tcp    ssh OpenSSH 9.2 -> ssh OpenSSH 9.3\n");
  assertStringIncludes(text, "0 changed otherwise, 1 with another service or version; ");
  const [change] = [...history.diff().json()].join("").split("\n").map((line) => JSON.parse(line || "{}"));
  assertEquals([change.port, change.version_before, change.version_after], [22, "ssh OpenSSH 9.2", "ssh OpenSSH 9.3"]);
  const changes = history.diff().changes(10);
  assertEquals([changes.versions, changes.ports[0]?.was, changes.ports[0]?.now], [
    1,
    "ssh OpenSSH 9.2",
    "ssh OpenSSH 9.3",
  ]);

  const baseline = history.baseline(history.scan("last"));
  const news = (finding?: Finding) => scanOf(finding).map((each) => baseline.isNews(each));
  assertEquals([news(ssh("9.3")), news(ssh("9.4")), news()], [[false, false, false], [true, false, false], [
    false,
    false,
    false,
  ]]);

  record(history, scanOf(), { startedAtMs: T0 + 2 * HOUR });
  assertStringIncludes([...history.diff().text()].join(""), "3 ports of 1 host compared: no difference\n");
});

historyTest("versions: a finding that is none is damage, not a result", (history, place) => {
  const scan = record(history, scanOf(ssh("9.2")));
  for (
    const finding of [
      "no JSON",
      '{"service":1}',
      '{"service":"ssh","confidence":99}',
      '{"service":"x","confidence":1,"tunnel":"y"}',
    ]
  ) {
    const db = openDatabase(place.path, { write: true });
    db.prepare("UPDATE port SET finding = ? WHERE port = 22").run(finding);
    db.close();
    assertThrows(() => resultsOf(history, scan), CannotScanError, "the history is damaged", finding);
  }
});
