import { assertEquals } from "@std/assert";
import { hostAt, portAt, ResultBatcher, type ResultColumns, ROW_LEN, stateAt } from "../../src/result/batch.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import type { Reason } from "../../src/result/reasons.ts";
import { ABSENT, CLOSED, FILTERED, UP } from "../../src/result/states.ts";
import { AbsentPorts } from "../../src/scan/absent_ports.ts";
import { passesIn } from "../../src/scan/passes.ts";
import { Ranges } from "../../src/target/ranges.ts";

const ROUTER = 1;
const HOST = 100;
const OTHER = 101;
const PORTS = 2;
/** The numbers of the passes. */
const [SYN, FIN, ERRORS] = [0, 1, 2];
const PASSES = passesIn("syn+fin+icmp-errors");

/** Rows held and rows given, as text: `pass host:port`, or `absent host`. */
function made({ hosts = Ranges.of(HOST, OTHER), portsOf = () => 2 * PORTS, wasUp = () => false }: {
  hosts?: Ranges;
  portsOf?: () => number;
  wasUp?: (host: number) => boolean;
} = {}) {
  const given: string[] = [];
  const absent = new AbsentPorts({
    ...{ passes: PASSES, absentPass: ERRORS, hosts, portsOf, wasUp, isSingle: portsOf() === 1 },
    emit: (rows, pass) => {
      for (let at = 0; at < rows.length; at += ROW_LEN) {
        const isAbsent = pass === ERRORS && stateAt(rows, at) === ABSENT;
        given.push(isAbsent ? `absent ${hostAt(rows, at)}` : `${pass} ${hostAt(rows, at)}:${portAt(rows, at)}`);
      }
    },
  });
  return { given, absent };
}

function row(host: number, port: number, state: number, reason: Reason, from = host, tries = 3): ResultColumns {
  let made = new Uint32Array();
  const batcher = new ResultBatcher((rows) => made = rows);
  batcher.result(host, port, state, reasonCode(reason), 0, -1, tries, from, -1, 0);
  batcher.flush();
  return made;
}

const silent = (host: number, port: number) => row(host, port, FILTERED, "no-response");
const closed = (host: number, port: number) => row(host, port, CLOSED, "reset");
const unreachable = (host: number, port: number) => row(host, port, FILTERED, "host-unreach", ROUTER);
const reported = (host: number) => row(host, 0, ABSENT, "host-unreach", ROUTER, 0);

Deno.test("absent ports: results before and after a report, of every pass and worker, are one absent host", () => {
  const { given, absent } = made();
  absent.take(silent(HOST, 1), SYN, 0);
  absent.take(reported(HOST), ERRORS, 1);
  absent.take(unreachable(HOST, 2), SYN, 1);
  absent.take(silent(HOST, 1), FIN, 0);
  assertEquals(given, []);
  assertEquals(absent.reported, [HOST, ROUTER]);
  absent.take(silent(HOST, 2), FIN, 0);
  assertEquals(given, [`absent ${HOST}`]);
  absent.finish();
  const { byState, cut, found } = absent.report();
  assertEquals([given, byState[FILTERED], cut, [...found!.absent]], [[`absent ${HOST}`], -4, 4, [HOST, HOST]]);
});

Deno.test("absent ports: a host that replies to any pass or worker is never absent, and its results are given", () => {
  for (const reply of ["before", "after"] as const) {
    const { given, absent } = made();
    absent.take(silent(HOST, 1), SYN, 0);
    if (reply === "before") absent.take(closed(HOST, 2), SYN, 1);
    absent.take(reported(HOST), ERRORS, 0);
    if (reply === "after") absent.take(closed(HOST, 2), SYN, 1);
    absent.take(unreachable(HOST, 1), FIN, 0);
    absent.finish();
    assertEquals(given.toSorted(), [`0 ${HOST}:1`, `0 ${HOST}:2`, `1 ${HOST}:1`], reply);
    assertEquals([absent.report().cut, absent.report().found], [0, undefined]);
  }
  const before = made({ wasUp: () => true });
  before.absent.take(silent(HOST, 1), SYN, 0);
  assertEquals(before.given, [`0 ${HOST}:1`]);
  const pinged = made();
  pinged.absent.take(row(HOST, 0, UP, "echo-reply"), ERRORS, 0);
  pinged.absent.take(silent(HOST, 1), SYN, 0);
  assertEquals(pinged.given, [`2 ${HOST}:0`, `0 ${HOST}:1`]);
});

Deno.test("absent ports: without a report, results are given once all of a host are there, or at the end", () => {
  const { given, absent } = made();
  for (const port of [1, 2]) absent.take(silent(HOST, port), SYN, 0);
  absent.take(silent(OTHER, 1), SYN, 0);
  for (const port of [1, 2]) absent.take(silent(HOST, port), FIN, 0);
  assertEquals(given, [`0 ${HOST}:1`, `0 ${HOST}:2`, `1 ${HOST}:1`, `1 ${HOST}:2`]);
  absent.finish();
  assertEquals(given.length, 5);
  const single = made({ portsOf: () => 1 });
  single.absent.take(silent(HOST, 1), SYN, 0);
  assertEquals(single.given, [`0 ${HOST}:1`]);
  single.absent.take(reported(OTHER), ERRORS, 0);
  single.absent.take(unreachable(OTHER, 1), SYN, 0);
  assertEquals(single.given, [`0 ${HOST}:1`, `absent ${OTHER}`]);
  const elsewhere = made();
  elsewhere.absent.take(silent(HOST + 5, 1), SYN, 0);
  assertEquals(elsewhere.given, [`0 ${HOST + 5}:1`]);
});

Deno.test("absent ports: beyond 262,143 results, those of the oldest host are given, and it is never absent", () => {
  const most = (1 << 18) - 1;
  const { given, absent } = made({ hosts: Ranges.of(HOST, HOST + most), portsOf: () => 3 });
  absent.take(silent(HOST, 1), SYN, 0);
  absent.take(silent(HOST, 2), SYN, 0);
  for (let i = 1; i < most - 1; i++) absent.take(silent(HOST + i, 1), SYN, 0);
  assertEquals(given, []);
  absent.take(silent(HOST + most, 1), FIN, 0);
  assertEquals(given, [`0 ${HOST}:1`, `0 ${HOST}:2`]);
  absent.take(reported(HOST), ERRORS, 0);
  absent.take(silent(HOST, 3), SYN, 0);
  assertEquals(given.splice(0), [`0 ${HOST}:1`, `0 ${HOST}:2`, `0 ${HOST}:3`]);
  absent.finish();
  assertEquals([given.length, absent.report().cut], [most - 1, 0]);
});

Deno.test("absent ports: what is held is in a snapshot, and goes on from it", () => {
  const first = made();
  first.absent.take(silent(HOST, 1), SYN, 0);
  first.absent.take(reported(HOST), ERRORS, 0);
  first.absent.take(silent(OTHER, 1), SYN, 0);
  const second = made();
  second.absent.resume(first.absent.snapshot());
  for (const { rows, pass } of first.absent.held()) second.absent.take(rows, pass, -1);
  assertEquals([second.given, second.absent.reported], [[], [HOST, ROUTER]]);
  second.absent.finish();
  assertEquals(second.given.toSorted(), [`0 ${OTHER}:1`, `absent ${HOST}`]);
  const third = made();
  third.absent.resume(second.absent.snapshot());
  third.absent.take(silent(HOST, 2), SYN, 0);
  third.absent.finish();
  const { cut, found } = third.absent.report();
  assertEquals([third.given, cut, [...found!.absent]], [[], 2, [HOST, HOST]]);
});
