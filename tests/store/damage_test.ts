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

/** A column, and what is put there; `undefined` where that does no harm. */
const ATTACKS:
  readonly (readonly [where: string, value: string | number | null | Uint8Array, says: RegExp | undefined])[] = [
    ...[HOSTILE, "opened", "", null, 7, Uint8Array.of(1)].map((value) => ["port.state", value, IN_SCAN] as const),
    ...[HOSTILE, "syn", null, 7].map((value) => ["port.reason", value, IN_SCAN] as const),
    ...[HOSTILE, "192.0.2.1\n", "192.0.2.256", "fe80::1%<b>", "", 7, Uint8Array.of(1)].map((value) =>
      ["port.from", value, IN_SCAN] as const
    ),
    ["port.from", "2001:db8::1", undefined],
    ["port.from", null, undefined],
    ...[HOSTILE, 256, -1, 1.5].map((value) => ["port.ttl", value, IN_SCAN] as const),
    ...[HOSTILE, null, 1.5].map((value) => ["port.tries", value, IN_SCAN] as const),
    ...[HOSTILE, Uint8Array.of(1)].map((value) => ["port.rtt_ms", value, IN_SCAN] as const),
    ...[HOSTILE, 2, -1].map((value) => ["port.late", value, IN_SCAN] as const),
    ...[HOSTILE, null, -1, 65536, 22.5].map((value) => ["port.port", value, IN_SCAN] as const),
    ["port.port", 2 ** 60, IN_SCAN],
    ["port.service", Uint8Array.of(1), IN_SCAN],
    ["port.service", HOSTILE, undefined],
    ["port.names", 7, undefined],
    ["port.names", HOSTILE, undefined],
    // It follows from the number.
    ["port.ip", HOSTILE, undefined],
    ["port.proto", HOSTILE, IN_SCAN],
    ...[HOSTILE, "192.0.2", "::1%eth0", "fe80::<b>", -1, 2 ** 32, 1.5, Uint8Array.of(1)].map((value) =>
      ["port.number", value, IN_SCAN] as const
    ),
    ["port.number", "2001:0db8:0000:0000:0000:0000:0000:0009", undefined],
    ...[HOSTILE, -1].map((value) => ["port.seen_ms", value, IN_SCAN] as const),
    ...[HOSTILE, null].map((value) => ["port_range.state", value, IN_SCAN] as const),
    ...[HOSTILE, null].map((value) => ["port_range.reason", value, IN_SCAN] as const),
    ["port_range.from", HOSTILE, IN_SCAN],
    ["port_range.ttl", HOSTILE, IN_SCAN],
    ["port_range.proto", HOSTILE, IN_SCAN],
    ["port_range.ip", HOSTILE, undefined],
    ...[HOSTILE, -1, 2 ** 32, 1.5, Uint8Array.of(1)].map((value) => ["port_range.number", value, IN_SCAN] as const),
    ...[HOSTILE, 0, 2, 2 ** 40].map((value) => ["port_range.hosts", value, IN_SCAN] as const),
    ...[HOSTILE, "", "23-", "23-22", "65536", "1,,2", "9".repeat(9), 7, Uint8Array.of(1)].map((value) =>
      ["port_range.ports", value, IN_SCAN] as const
    ),
    ...[HOSTILE, "", "[1", "[-1]", '["x"]', "[4294967296]"].map((value) =>
      ["port_part.numbers", value, IN_SCAN] as const
    ),
    ["port_part.ports", HOSTILE, IN_SCAN],
    ["port_part.state", HOSTILE, IN_SCAN],
    ["name.name", HOSTILE, undefined],
    ["service.name", HOSTILE, undefined],
    ["scan.targets", HOSTILE, undefined],
    ...[HOSTILE, "", "1".repeat(65)].map((value) => ["scan.version", value, IN_LIST] as const),
    ["scan.technique", HOSTILE, IN_LIST],
    ...[HOSTILE, "unfinished", 7].map((value) => ["scan.ended", value, IN_LIST] as const),
    ...[HOSTILE, 1e300, -1, 1.5].map((value) => ["scan.started_ms", value, IN_LIST] as const),
    ["scan.ended_ms", HOSTILE, IN_LIST],
    ["scan.hosts", HOSTILE, IN_LIST],
    ["scan.hosts", 2 ** 60, IN_FILE],
    ["scan.probes", 1.5, IN_LIST],
    ["scan.open", HOSTILE, IN_LIST],
    ...["x", "{}", "7", '"a"', "[7]", "[[]]"].map((value) => ["scan.args", value, IN_LIST] as const),
    ["scan.args", JSON.stringify([HOSTILE]), undefined],
    ...["x", "{}", "[]", "null", "7"].map((value) => ["scan.summary", value, IN_LIST] as const),
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

function attack(
  name: string,
  sql: string,
  values: (string | number | null | Uint8Array)[],
  says: RegExp | undefined,
): void {
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

for (const [where, value, says] of ATTACKS) {
  const [table = "", column = ""] = where.split(".");
  // One row: the keys are not to collide.
  const key = table === "host" || table === "service" ? "name" : table === "scan" ? "id" : "number";
  const first = table === "port_part" || table === "port_range" || table === "port" ? "row" : key;
  const sql = `UPDATE ${table} SET "${column}" = ? WHERE ${first} = (SELECT min(${first}) FROM ${table})`;
  const name = typeof value === "object" && value !== null ? "a blob" : JSON.stringify(value);
  attack(`${where} is ${name}`, sql, [value], says);
}

for (const [part, value, says] of SUMMARIES) {
  const sql = value === undefined
    ? `UPDATE scan SET summary = json_remove(summary, '$."${part}"') WHERE id = 1`
    : `UPDATE scan SET summary = json_set(summary, '$."${part}"', json(?)) WHERE id = 1`;
  const values = value === undefined ? [] : [JSON.stringify(value)];
  attack(`the summary's ${part} is ${JSON.stringify(value) ?? "missing"}`, sql, values, says);
}
