/** A file that says what no scan can have found: it is refused, and commands no terminal and breaks no report. */

import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { CannotScanError } from "../../src/base/errors.ts";
import { History } from "../../src/store/history.ts";
import { recordsJson, recordsText } from "../../src/store/records.ts";
import type { FormatName } from "../../src/report/formats.ts";
import { textOf } from "../support/results.ts";
import { newWriter } from "../support/writers.ts";
import { HOUR, Place, record, result, start, T0 } from "./support.ts";

const HOSTILE = "\x1b[2J<b>\"&'";

const FORMATS: readonly FormatName[] = ["table", "normal", "json", "xml", "grepable", "csv", "list", "ip-port", "html"];

/** Errors of a value that is refused: by the list of scans, by a scan, or by SQLite. */
const IN_LIST = /^Cannot read the list of scans: the history is damaged\. Restore the file from a copy$/;
const IN_SCAN = /^Cannot read this scan: the history is damaged\. Restore the file from a copy$/;
const IN_FILE = /^Cannot read the history ".*": it is damaged\. Restore it from a copy, or name another file for --db$/;

const BLOB = Uint8Array.of(1);

type Value = string | number | null | Uint8Array;

/** A column, the error, `undefined` where there is none, and what is put there, a test each. */
const ATTACKS: readonly (readonly [where: string, says: RegExp | undefined, ...values: Value[]])[] = [
  ["port.state", IN_SCAN, HOSTILE, "opened", "", null, 7, BLOB],
  ["port.reason", IN_SCAN, HOSTILE, "syn", null, 7],
  ["port.from", IN_SCAN, HOSTILE, "192.0.2.1\n", "192.0.2.256", "fe80::1%<b>", "", 7, BLOB],
  ["port.from", undefined, "2001:db8::1", null],
  ["port.ttl", IN_SCAN, HOSTILE, 256, -1, 1.5],
  ["port.tries", IN_SCAN, HOSTILE, null, 1.5],
  ["port.rtt_ms", IN_SCAN, HOSTILE, BLOB],
  ["port.late", IN_SCAN, HOSTILE, 2, -1],
  ["port.port", IN_SCAN, HOSTILE, null, -1, 65536, 22.5, 2 ** 60],
  ["port.service", IN_SCAN, BLOB],
  ["port.service", undefined, HOSTILE],
  ["port.names", undefined, 7, HOSTILE],
  // It follows from the number.
  ["port.ip", undefined, HOSTILE],
  ["port.proto", IN_SCAN, HOSTILE],
  ["port.number", IN_SCAN, HOSTILE, "192.0.2", "::1%eth0", "fe80::<b>", -1, 2 ** 32, 1.5, BLOB],
  ["port.number", undefined, "2001:0db8:0000:0000:0000:0000:0000:0009"],
  // It is for queries only.
  ["port.seen_ms", undefined, HOSTILE, -1],
  ["port_range.state", IN_SCAN, HOSTILE, null],
  ["port_range.reason", IN_SCAN, HOSTILE, null],
  ["port_range.from", IN_SCAN, HOSTILE],
  ["port_range.ttl", IN_SCAN, HOSTILE],
  ["port_range.proto", IN_SCAN, HOSTILE],
  ["port_range.ip", undefined, HOSTILE],
  ["port_range.number", IN_SCAN, HOSTILE, -1, 2 ** 32, 1.5, BLOB],
  ["port_range.hosts", IN_SCAN, HOSTILE, 0, 2, 2 ** 40],
  ["port_range.ports", IN_SCAN, HOSTILE, "", "23-", "23-22", "65536", "1,,2", "9".repeat(9), 7, BLOB],
  ["port_part.results", IN_SCAN, HOSTILE, "", "{", "[1]", '{"-1":"1"}', '{"x":"1"}', '{"4294967296":"1"}'],
  ["port_part.results", IN_SCAN, '{"1":"65536"}', '{"1":"2,1"}', '{"1":1}', '{"1":null}'],
  ["port_part.state", IN_SCAN, HOSTILE],
  ["name.name", undefined, HOSTILE],
  ["service.name", undefined, HOSTILE],
  ["scan.targets", undefined, HOSTILE],
  ["scan.version", IN_LIST, HOSTILE, "", "1".repeat(65)],
  ["scan.technique", IN_LIST, HOSTILE],
  ["scan.ended", IN_LIST, HOSTILE, "unfinished", 7],
  ["scan.started_ms", IN_LIST, HOSTILE, 1e300, -1, 1.5],
  ["scan.ended_ms", IN_LIST, HOSTILE],
  ["scan.hosts", IN_LIST, HOSTILE],
  ["scan.hosts", IN_FILE, 2 ** 60],
  ["scan.probes", IN_LIST, 1.5],
  ["scan.open", IN_LIST, HOSTILE],
  ["scan.args", IN_LIST, "x", "{}", "7", '"a"', "[7]", "[[]]"],
  ["scan.args", undefined, JSON.stringify([HOSTILE])],
  ["scan.summary", IN_LIST, "x", "{}", "[]", "null", "7"],
];

/** A part of a summary, and what is put there. */
const SUMMARIES: readonly (readonly [name: string, value: unknown, says: RegExp | undefined])[] = [
  ...["open", "loss", "elapsedMs", "workers", "ended", "trusted", "suspects", "warnings", "sendErrors"].map((name) =>
    [name, HOSTILE, IN_LIST] as const
  ),
  ["ratePps", null, IN_LIST],
  ["transport", HOSTILE, IN_LIST],
  ["transport", undefined, IN_LIST],
  ["sendErrors", { [HOSTILE]: 1 }, IN_LIST],
  ["sendErrors", { EPERM: HOSTILE }, IN_LIST],
  ["sendErrors", { EPERM: 7, "errno 200": 1 }, undefined],
  ["suspects", [null], IN_LIST],
  ["suspects", [{ ip: HOSTILE, suspect: "syn-proxy" }], IN_LIST],
  ["suspects", [{ ip: "192.0.2.7", suspect: HOSTILE }], IN_LIST],
  ["suspects", [{ ip: "192.0.2.7", suspect: "syn-proxy" }], undefined],
  ["os", [{ ip: "192.0.2.7", family: 7, evidence: "", ports: [] }], IN_LIST],
  ["os", [{ ip: HOSTILE, family: "Linux", evidence: "", ports: [] }], IN_LIST],
  ["os", [{ ip: "192.0.2.7", family: null, evidence: HOSTILE, ports: [70_000] }], IN_LIST],
  ["os", [{ ip: "192.0.2.7", family: null, evidence: HOSTILE, ports: [22] }], undefined],
  ...[HOSTILE, 7, "", "192.0.2", "192.0.2.7-192.0.2.6", "192.0.2.7-192.0.2.256", "192.0.2.7-::1", "192.0.2.7,", "1-2-3"]
    .map(
      (hosts) => ["systems", [{ hosts, guesses: [] }], IN_LIST] as const,
    ),
  ["systems", [{ hosts: "192.0.2.7", guesses: [{ family: 7, evidence: "", ports: [] }] }], IN_LIST],
  ["systems", [{ hosts: "192.0.2.7", guesses: [{ family: null, evidence: "", ports: [70_000] }] }], IN_LIST],
  [
    "systems",
    [{ hosts: "192.0.2.7-192.0.2.8", guesses: [{ family: HOSTILE, evidence: HOSTILE, ports: [22] }] }],
    undefined,
  ],
  ["warnings", [7], IN_LIST],
  ["warnings", [HOSTILE], undefined],
  ["unheard of", HOSTILE, undefined],
];

function make(place: Place): void {
  using history = place.open();
  const six = result("2001:db8::7", 22, "open");
  const shared = { service: "ssh", names: ["www.example"], from: "192.0.2.254" };
  record(history, [result("192.0.2.7", 22, "open", shared), result("192.0.2.7", 23, "closed", shared), six]);
  record(history, [result("192.0.2.7", 22, "closed", shared), result("192.0.2.7", 23, "closed")], {
    startedAtMs: T0 + HOUR,
  });
  history.begin(start({ startedAtMs: T0 + HOUR })).add([result("192.0.2.9", 23, "closed")], T0 + 3 * HOUR);
}

/** Everything that a history says, to a person and to programs: where, and what. */
function* saidBy(path: string): Generator<readonly [where: string, text: string]> {
  using history = History.open(path, { write: false });
  const scans = history.scans();
  yield ["list", recordsText(scans)];
  yield ["list as JSON", recordsJson(scans)];
  for (const scan of scans) {
    for (const format of FORMATS) {
      for (const text of history.show(scan, newWriter(format, { reason: true, verbosity: 2 }))) {
        yield [format, textOf(text)];
      }
    }
    history.baseline(scan);
  }
  for (const text of history.diff("1", "2").text()) yield ["diff", text];
  for (const text of history.diff("1", "2").json()) yield ["diff as JSON", text];
  yield ["targets", [...history.targets("@1"), ...history.targets("@1:open")].join("\n")];
}

function attack(name: string, sql: string, values: Value[], says: RegExp | undefined): void {
  Deno.test(`damage: ${name}`, () => {
    using place = new Place();
    make(place);
    const db = new DatabaseSync(place.path);
    const { changes } = db.prepare(sql).run(...values);
    db.close();
    assert(Number(changes) > 0);
    let thrown: unknown;
    try {
      for (const [where, text] of saidBy(place.path)) {
        assertEquals(/[^\P{Cc}\n\t]/u.exec(text), null, `${where} commands a terminal`);
        if (where === "xml" || where === "html") assert(!text.includes("<b>"), `${where} has markup from elsewhere`);
      }
    } catch (error) {
      thrown = error;
    }
    if (says === undefined) {
      if (thrown !== undefined) throw thrown;
    } else {
      assert(thrown instanceof CannotScanError, String(thrown));
      assertMatch(thrown.message, says);
    }
  });
}

for (const [where, says, ...values] of ATTACKS) {
  const [table = "", column = ""] = where.split(".");
  // One row: the keys are not to collide.
  const key = table === "host" || table === "service" ? "name" : table === "scan" ? "id" : "number";
  const first = table === "port_part" || table === "port_range" || table === "port" ? "row" : key;
  const sql = `UPDATE ${table} SET "${column}" = ? WHERE ${first} = (SELECT min(${first}) FROM ${table})`;
  for (const value of values) {
    attack(`${where} is ${value instanceof Uint8Array ? "a blob" : JSON.stringify(value)}`, sql, [value], says);
  }
}

for (const [part, value, says] of SUMMARIES) {
  const sql = value === undefined
    ? `UPDATE scan SET summary = json_remove(summary, '$."${part}"') WHERE id = 1`
    : `UPDATE scan SET summary = json_set(summary, '$."${part}"', json(?)) WHERE id = 1`;
  const values = value === undefined ? [] : [JSON.stringify(value)];
  attack(`the summary's ${part} is ${JSON.stringify(value) ?? "missing"}`, sql, values, says);
}
