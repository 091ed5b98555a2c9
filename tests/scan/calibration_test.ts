/** Techniques judged by the open ports of SYN: where those are reset as well, closed says nothing. */
import { assertEquals } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { type PortResult, scan, type ScanOptions, type ScanSnapshot } from "../support/library.ts";
import {
  hostAt,
  portAt,
  reasonAt,
  ResultBatcher,
  type ResultColumns,
  ROW_LEN,
  stateAt,
} from "../../src/result/batch.ts";
import { reasonCode, REASONS } from "../../src/result/reasons.ts";
import { stateCode, STATES } from "../../src/result/states.ts";
import { Calibration } from "../../src/scan/calibration.ts";
import { passesIn } from "../../src/scan/passes.ts";

const OPEN = ["open", "syn-ack"] as const;
const CLOSED = ["closed", "reset"] as const;
const SILENT = ["open|filtered", "no-response"] as const;

type Row = readonly [host: number, port: number, outcome: typeof OPEN | typeof CLOSED | typeof SILENT];

function rowsOf(...rows: readonly Row[]): ResultColumns {
  const batches: ResultColumns[] = [];
  const batcher = new ResultBatcher((batch) => batches.push(batch));
  for (const [host, port, [state, reason]] of rows) {
    batcher.result(host, port, stateCode(state), reasonCode(reason), 64, 0.5, 1, host, -1, 0);
  }
  batcher.flush();
  return batches[0]!;
}

function calibrated(technique: string, workers = 1) {
  const given: string[] = [];
  const calibration = Calibration.of(passesIn(technique), workers, (rows, pass) => {
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const [state, reason] = [STATES[stateAt(rows, at)], REASONS[reasonAt(rows, at)]];
      given.push(`${pass} ${hostAt(rows, at)}:${portAt(rows, at)} ${state} ${reason}`);
    }
  })!;
  return { calibration, taken: () => given.splice(0) };
}

Deno.test("calibration: RSTs of a host wait for its open ports, and become undecided where one of these is reset", () => {
  const { calibration, taken } = calibrated("syn+fin");
  calibration.take(rowsOf([1, 22, OPEN], [1, 80, CLOSED], [2, 22, OPEN], [3, 22, CLOSED]), 0, 0);
  assertEquals(taken().length, 4);
  calibration.take(rowsOf([1, 80, CLOSED], [2, 80, CLOSED], [3, 22, CLOSED], [1, 81, SILENT]), 1, 0);
  assertEquals(taken(), ["1 3:22 closed reset", "1 1:81 open|filtered no-response"]);
  calibration.take(rowsOf([1, 22, CLOSED], [2, 22, SILENT]), 1, 0);
  assertEquals(taken(), [
    "1 1:22 undecided rst-always",
    "1 2:22 open|filtered no-response",
    "1 1:80 undecided rst-always",
    "1 2:80 closed reset",
  ]);
  calibration.take(rowsOf([1, 82, CLOSED], [2, 82, CLOSED]), 1, 0);
  assertEquals(taken(), ["1 1:82 undecided rst-always", "1 2:82 closed reset"]);
  assertEquals(calibration.findings, { hosts: [1], undecided: 3 });
  const { byState, notes } = calibration.report();
  assertEquals([byState[stateCode("closed")], byState[stateCode("undecided")], notes[0]], [-3, 3, 1]);
});

Deno.test("calibration: several workers find the open ports of a host, and none of them waits", () => {
  const { calibration, taken } = calibrated("syn+fin", 2);
  calibration.take(rowsOf([1, 80, CLOSED]), 0, 0);
  calibration.take(rowsOf([1, 80, CLOSED]), 1, 0);
  assertEquals(taken(), ["0 1:80 closed reset"]);
  calibration.take(rowsOf([1, 22, OPEN]), 0, 1);
  calibration.take(rowsOf([1, 25, CLOSED]), 1, 1);
  assertEquals(taken(), ["0 1:22 open syn-ack"]);
  calibration.take(rowsOf([1, 22, CLOSED]), 1, 1);
  assertEquals(taken(), ["1 1:22 undecided rst-always", "1 1:80 undecided rst-always", "1 1:25 undecided rst-always"]);
});

Deno.test("calibration: what is held when the scan ends is given, and before that belongs to what is left", () => {
  const { calibration, taken } = calibrated("syn+ack+xmas");
  calibration.take(rowsOf([1, 22, OPEN]), 0, 0);
  // ACK shows no closed port: nothing of it is judged.
  calibration.take(rowsOf([1, 22, CLOSED], [1, 80, CLOSED]), 1, 0);
  assertEquals(taken().length, 3);
  calibration.take(rowsOf([1, 80, CLOSED]), 2, 0);
  assertEquals(taken(), []);
  assertEquals([...calibration.held()].map(({ rows, pass }) => [portAt(rows, 0), pass]), [[80, 2]]);
  const other = calibrated("syn+ack+xmas");
  other.calibration.resume(JSON.parse(JSON.stringify(calibration.snapshot())));
  other.calibration.take(rowsOf([1, 80, CLOSED], [1, 22, CLOSED]), 2, 0);
  assertEquals(other.taken(), ["2 1:22 undecided rst-always", "2 1:80 undecided rst-always"]);
  const third = calibrated("syn+ack+xmas");
  third.calibration.resume(other.calibration.snapshot());
  third.calibration.take(rowsOf([1, 81, CLOSED]), 2, 0);
  assertEquals(third.taken(), ["2 1:81 undecided rst-always"]);
  calibration.finish();
  assertEquals(taken(), ["2 1:80 closed reset"]);
});

Deno.test("calibration: without a technique that shows open ports, and one to be judged, there is none", () => {
  for (const technique of ["syn", "syn+ack", "fin+null", "connect"]) {
    assertEquals(Calibration.of(passesIn(technique), 1, () => {}), undefined, technique);
  }
});

// Linux resets FIN with ACK at open ports too, so that its closed ports cannot be told (RFC 9293 section 3.10.7.2).
const OPTIONS: ScanOptions = {
  targets: "127.0.0.1",
  ports: "1-200",
  technique: ["maimon", "syn"],
  seed: 3,
  maxRatePps: 2000,
};

function listenBelow(limit: number): Disposable {
  for (let port = 100; port < limit; port++) {
    try {
      const listener = Deno.listen({ hostname: "127.0.0.1", port });
      return { [Symbol.dispose]: () => listener.close() };
    } catch {
      continue;
    }
  }
  throw new Error("No port is free");
}

Deno.test({
  name: "calibration: a whole scan counts what became undecided, names the host, and is not trusted",
  ignore: !canOpenRaw(),
  async fn() {
    using _listener = listenBelow(200);
    const running = scan(OPTIONS);
    const found = await Array.fromAsync(running);
    const later = found.filter(({ technique }) => technique === "maimon");
    assertEquals([later.length, later.every(({ state, reason }) => state === "undecided" && reason === "rst-always")], [
      200,
      true,
    ]);
    const { open, closed, undecided, notes, trusted, warnings, ended } = await running.summary;
    const openBySyn = found.filter(({ state }) => state === "open").length;
    assertEquals({ open, closed, undecided, trusted, ended }, {
      ...{ open: openBySyn, closed: 200 - openBySyn, undecided: 200, trusted: false, ended: "done" },
    });
    assertEquals(notes.some(({ ip, note }) => ip === "127.0.0.1" && note.startsWith("rst-always")), true);
    assertEquals(
      warnings.some((warning) => warning.includes("rst-always") && warning.includes("200 closed results")),
      true,
    );
    assertEquals(running.progress().decided, 400);
  },
});

Deno.test({
  name: "calibration: goes on where a scan was interrupted, in either pass",
  ignore: !canOpenRaw(),
  async fn() {
    using _listener = listenBelow(200);
    for (const most of [50, 190, 210]) {
      const first: string[] = [];
      let rest: ScanSnapshot | undefined;
      const shown = ({ technique, port, state }: PortResult) => `${technique} ${port} ${state}`;
      const running = scan(OPTIONS);
      for await (const batch of running.batches()) {
        for (const result of batch) first.push(shown(result));
        if (first.length < most) continue;
        rest = await running.snapshot();
        break;
      }
      const resumed = scan(OPTIONS, { resume: JSON.parse(JSON.stringify(rest)) });
      const second = (await Array.fromAsync(resumed)).map(shown);
      const all = [...first, ...second];
      assertEquals([all.length, new Set(all).size], [400, 400], `${most}`);
      assertEquals(all.filter((text) => text.startsWith("maimon") && !text.endsWith("undecided")), []);
      const { undecided, closed, open, notes } = await resumed.summary;
      assertEquals([undecided, closed + open, notes.some(({ note }) => note.startsWith("rst-always"))], [
        200,
        200,
        true,
      ]);
    }
  },
});
