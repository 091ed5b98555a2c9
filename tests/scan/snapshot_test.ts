/**
 * What is left of a scan, as numbers: results that nobody took are asked again and do not count, whatever they replaced.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { PassReport } from "../../src/scan/worker_task.ts";
import { doneBefore, doneTogether, toRetransmit, unionOf } from "../../src/scan/snapshot.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Reason } from "../../src/result/reasons.ts";
import type { State } from "../../src/result/states.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ListBook } from "../support/list_book.ts";
import { result } from "../support/results.ts";
import { passReport } from "./worker_report.ts";

const HOST = 0x0a000001;
const PASSES = [{ number: 0, technique: "syn", proto: "tcp" }];

function of(port: number, state: State, reason: Reason, replaces?: Reason): PortResult {
  return result({ ip: "10.0.0.1", port, state, reason, late: replaces !== undefined, replaces });
}

const report = (byState: readonly number[], counts: Partial<PassReport> = {}) => passReport({ byState, ...counts });

const NONE = { again: new Set<PortResult>(), reported: [], isProbedOnce: () => false, hostOf: () => 1 };

Deno.test("rest: a late answer that nobody took is asked for again, as a port that was reported before", () => {
  const untaken = [of(80, "open", "syn-ack", "no-response"), of(81, "closed", "reset")];
  assertEquals(toRetransmit(untaken, PASSES, IPV4_BOOK), {
    pending: [[HOST, 80, HOST, 81]],
    reported: [[0, HOST, 80, "no-response", "filtered"]],
  });
  // By then: 80 filtered and taken, then open and not taken; 81 closed and not taken; 82 and 83 closed and taken.
  const done = doneTogether(
    [report([1, 3, 0, 0, 0, 0, 0], { answered: 3, late: 1 })],
    { ...NONE, results: untaken },
    0,
  );
  assertEquals([done.byState, done.answered, done.late], [[0, 2, 1, 0, 0, 0, 0], 2, 0]);
});

Deno.test("rest: results that nobody took are asked for by the numbers of their hosts", () => {
  const book = new ListBook([HOST - 9, HOST]);
  assertEquals(toRetransmit([of(80, "open", "syn-ack")], PASSES, book).pending, [[2, 80]]);
});

Deno.test("rest: where the verdict that a late answer replaced was not taken either, the port is asked once", () => {
  const untaken = [of(80, "filtered", "no-response"), of(80, "open", "syn-ack", "no-response")];
  assertEquals(toRetransmit(untaken, PASSES, IPV4_BOOK), { pending: [[HOST, 80]], reported: [] });
  const done = doneTogether([report([1, 0, 0, 0, 0, 0, 0], { late: 1 })], { ...NONE, results: untaken }, 0);
  assertEquals([done.byState, done.late], [[0, 0, 0, 0, 0, 0, 0], 0]);
});

Deno.test("rest: of what was reported before, the earlier verdict counts until another is taken", () => {
  const reported = [[0, HOST, 80, "no-response", "filtered"]] as const;
  const before = doneTogether([report([1, 0, 0, 0, 0, 0, 0], { late: 1 })], {
    ...NONE,
    results: [of(80, "open", "syn-ack", "no-response")],
  }, 0);
  const goneOn = doneBefore({ done: before, reported });
  assertEquals(goneOn.byState, [0, 0, 0, 0, 0, 0, 0]);
  // Not decided yet.
  assertEquals(doneTogether([goneOn], { ...NONE, results: [], reported }, 0).byState, [0, 0, 1, 0, 0, 0, 0]);
  // Decided, but not taken.
  const again = of(80, "open", "syn-ack", "no-response");
  const part = report([1, 0, 0, 0, 0, 0, 0], { answered: 1 });
  const untaken = doneTogether([goneOn, part], { ...NONE, results: [again], again: new Set([again]) }, 0);
  assertEquals([untaken.byState, untaken.answered, untaken.late], [[0, 0, 1, 0, 0, 0, 0], 0, 0]);
  // Taken.
  const taken = doneTogether([goneOn, part], { ...NONE, results: [] }, 0);
  assertEquals([taken.byState, taken.answered], [[1, 0, 0, 0, 0, 0, 0], 1]);
});

Deno.test("rest: a host that is asked one port is up once its answer was taken, and not before", () => {
  const results = [
    of(80, "closed", "reset"),
    of(80, "open", "syn-ack", "no-response"),
    of(80, "filtered", "no-response"),
    { ...of(80, "filtered", "admin-prohibited"), from: "192.0.2.1" },
  ];
  const counts = [true, false].map((askedOnce) =>
    doneTogether([report([9, 9, 9, 0, 0, 0, 0], { answered: 9, singlesUp: 5 })], {
      ...NONE,
      results,
      isProbedOnce: () => askedOnce,
      hostOf: () => 1,
    }, 0)
      .singlesUp
  );
  assertEquals(counts, [3, 5]);
});

Deno.test("rest: hosts of several parts come together, more than a Set holds", () => {
  assertEquals([...unionOf([Uint32Array.of(9, 2, 5), new Uint32Array(), Uint32Array.of(5, 1, 9)])], [1, 2, 5, 9]);
  const half = 2 ** 23 + 1;
  const [first, second] = [half, 0].map((from) => new Uint32Array(half).map((_, i) => from + i));
  const { hostsUp } = doneTogether([report([], { hostsUp: first! }), report([], { hostsUp: second! })], {
    ...NONE,
    results: [],
  }, 0);
  assertEquals(hostsUp, [0, 2 ** 24 + 1]);
});

Deno.test("rest: shapes of SYN-ACKs are kept over a resume, but of hosts of which one port is probed", () => {
  const shape = [0x3, 0x05b4_faf0, 0xff40];
  const rows = Uint32Array.of(7, 22, ...shape, 9, 80, ...shape);
  const done = doneTogether([report([0, 0, 0, 0, 0, 0, 0], { shapes: rows })], {
    ...NONE,
    results: [],
    isProbedOnce: (host) => host === 9,
  }, 0);
  assertEquals(done.shapes, [7, 22, ...shape]);
  const resumed = doneBefore({ done, reported: [] });
  assertEquals(doneTogether([resumed, resumed], { ...NONE, results: [] }, 0).shapes, done.shapes);
});
