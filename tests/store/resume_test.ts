/**
 * Scans in a history that were cut off, and resumed from an earlier checkpoint: in the end the record is that of one whole scan.
 */
import { assertEquals } from "@std/assert";
import { ResultBatcher } from "../../src/result/batch.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { ResultRows } from "../../src/result/rows.ts";
import { ABSENT, type State, STATES, UP } from "../../src/result/states.ts";
import type { ScanRecorder } from "../../src/store/recorder.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { parseIpv4 } from "../../src/wire/address.ts";
import { Random } from "../support/random.ts";
import { historyTest, Place, result, resultsOf, start, summary, T0 } from "./support.ts";

/** Ways to cut off a scan: killed, or interrupted, which reports the ports that were not probed as well. */
const CUTS = ["killed", "interrupted", "interrupted and settled"] as const;

function resultsIn(random: Random): PortResult[] {
  const found: PortResult[] = [];
  for (let host = 1; host <= 20; host++) {
    for (let port = 1; port <= 50; port++) {
      const state = STATES[random.below(3)]!;
      found.push(
        result(`192.0.2.${host}`, port, state, { tries: 1 + random.below(3), names: host === 3 ? ["three"] : [] }),
      );
    }
  }
  return random.shuffled(found);
}

function byState(results: readonly PortResult[]): number[] {
  return STATES.map((state) => results.filter((each) => each.state === state).length);
}

for (const cut of CUTS) {
  Deno.test(`history: a scan that was ${cut} is resumed as the same scan`, () => {
    using place = new Place();
    const all = resultsIn(new Random(5));
    const moment = all.slice(0, 400);
    {
      using history = place.open();
      const recorder = history.begin(start());
      recorder.add(moment, T0 + 500);
      assertEquals(recorder.flush(T0 + 600), true);
      // Found after the moment from which the scan goes on.
      recorder.add(all.slice(400, 480), T0 + 700);
      if (cut === "killed") {
        recorder.flush(T0 + 800);
      } else {
        const unknown = all.slice(480).map((each) => result(each.ip, each.port, "undecided", { tries: 0 }));
        recorder.add(unknown, T0 + 900);
        recorder.finish(summary({ ended: "interrupted" }), T0 + 1000);
      }
    }
    using history = place.open();
    const recorder = history.resume({ id: 1, byState: byState(moment) }, start());
    assertEquals(recorder.id, 1);
    assertEquals(history.scan("1").ended, "unfinished");
    for (let at = 400; at < all.length; at += 50) recorder.add(all.slice(at, at + 50), T0 + 60_000 + at * 40);
    recorder.finish(summary({ ended: "done" }), T0 + 120_000);
    const scan = history.scan("1");
    assertEquals([history.scans().length, scan.ended, scan.endedAtMs], [1, "done", T0 + 120_000]);
    const { open, closed, filtered, undecided } = scan.counts;
    assertEquals([open, closed, filtered, 0, 0, 0, undecided], byState(all));

    using other = new Place();
    using whole = other.open();
    const once = whole.begin(start());
    once.add(all, T0);
    once.finish(summary(), T0 + 1000);
    const plain = (each: PortResult) => ({ ...each, rttMs: undefined });
    assertEquals(resultsOf(history, scan).map(plain), resultsOf(whole, whole.scan("1")).map(plain));
    for (const columns of ["ip, port, state FROM port", "ip, state, tries, ports, hosts FROM port_range"]) {
      const sorted = `SELECT ${columns} ORDER BY number, 2, 3`;
      // A port that was open before the scan was cut off, and is closed after it, has a row of its own.
      assertEquals(place.query(sorted), other.query(sorted));
    }
  });
}

/** A result after the checkpoint, and the result of the same port once the scan was resumed. */
const AGAIN: readonly { name: string; before: PortResult; after: PortResult; keeps?: "before" }[] = [
  { name: "open, then closed", before: at("open"), after: at("closed") },
  { name: "open, then filtered", before: at("open"), after: at("filtered") },
  { name: "open, then open in another round trip", before: at("open", { rttMs: 9 }), after: at("open", { rttMs: 2 }) },
  { name: "closed, then open", before: at("closed"), after: at("open") },
  { name: "closed, then filtered", before: at("closed"), after: at("filtered") },
  { name: "open, then not asked any more", before: at("open"), after: at("undecided"), keeps: "before" },
  { name: "closed, then not asked any more", before: at("closed"), after: at("undecided"), keeps: "before" },
  { name: "not asked any more, then closed", before: at("undecided"), after: at("closed") },
];

function at(state: State, more: Partial<PortResult> = {}): PortResult {
  return result("192.0.2.7", 22, state, more);
}

for (const { name, before, after, keeps } of AGAIN) {
  for (const cut of CUTS) {
    Deno.test(`history: of two results the later counts: ${name}, ${cut}`, () => {
      using place = new Place();
      const others = [
        result("192.0.2.7", 21, "open"),
        result("192.0.2.7", 23, "closed"),
        result("192.0.2.8", 22, "closed"),
      ];
      {
        using history = place.open();
        const recorder = history.begin(start());
        recorder.add([...others, before], T0 + 500);
        if (cut === "killed") recorder.flush(T0 + 800);
        else recorder.finish(summary({ ended: "interrupted" }), T0 + 1000);
      }
      using history = place.open();
      const recorder = history.resume({ id: 1, byState: byState(others) }, start());
      recorder.add([after], T0 + 60_000);
      const expected = [others[0]!, keeps === "before" ? before : after, others[1]!, others[2]!];
      recorder.add([], T0 + 70_000);
      assertEquals(resultsOf(history, history.scan("1")), expected);
      recorder.finish(summary(), T0 + 120_000);
      assertEquals(resultsOf(history, history.scan("1")), expected);
      const rows = place.query("SELECT state FROM port WHERE ip = '192.0.2.7' AND port = 22") as { state: State }[];
      assertEquals(rows, [before, after].some(({ state }) => state === "open") ? [{ state: expected[1]!.state }] : []);
    });
  }
}

const IP = parseIpv4("192.0.2.8")!;

/** Records results of ARP: the state of each host from {@linkcode IP} on, undefined for one that has none yet. */
function findHosts(recorder: ScanRecorder, states: readonly (number | undefined)[], nowMs: number): void {
  const batcher = new ResultBatcher((rows) => {
    const names = { addresses: IPV4_BOOK, hosts: { size: 0, namesAt: () => [] }, service: () => undefined };
    recorder.add(new ResultRows(rows, names, { number: 0, technique: "arp", proto: "host" }), nowMs);
  });
  for (const [at, state] of states.entries()) {
    if (state === undefined) continue;
    const reason = reasonCode(state === UP ? "arp-response" : "no-arp-response");
    batcher.result(IP + at, 0, state, reason, 0, -1, 1, 0, -1, 0);
  }
  batcher.flush();
}

/** Scans of four hosts, of which ARP finds the first and the third. */
const OF_HOSTS = [
  {
    name: "hosts alone",
    head: { probes: 0, passes: [], technique: "arp", ports: { count: 0, text: "" } },
    partly: ["192.0.2.8 1 up 0"],
    whole: ["192.0.2.8 1 up 0", "192.0.2.9 1 absent 0", "192.0.2.10 1 up 0", "192.0.2.11 1 absent 0"],
  },
  {
    name: "ports",
    head: { probes: 8, ports: { count: 2, text: "22,80" } },
    partly: [],
    whole: ["192.0.2.9 1 filtered 22,80", "192.0.2.11 1 filtered 22,80"],
  },
] as const;

for (const { name, head, partly, whole } of OF_HOSTS) {
  for (const cut of ["killed", "interrupted"] as const) {
    Deno.test(`history: a scan of ${name} that was ${cut} while it found hosts is resumed as the same scan`, () => {
      using place = new Place();
      const begun = start();
      const scan = { ...begun, head: { ...begun.head, ...head, hosts: 4 } };
      const rows = () =>
        place.query("SELECT concat_ws(' ', ip, hosts, state, ports) AS row FROM port_range ORDER BY number");
      const found = [UP, ABSENT, UP, ABSENT];
      {
        using history = place.open();
        const recorder = history.begin(scan);
        findHosts(recorder, found.slice(0, 2), T0 + 500);
        if (cut === "killed") {
          recorder.flush(T0 + 800);
          assertEquals(rows(), partly.map((row) => ({ row })));
        } else recorder.finish(summary({ ended: "interrupted" }), T0 + 1000);
      }
      using history = place.open();
      const recorder = history.resume({ id: 1, byState: [0, 0, 0, 0] }, scan);
      // The journal's hosts come first.
      findHosts(recorder, found.slice(0, 2), T0 + 500);
      findHosts(recorder, [undefined, undefined, ...found.slice(2)], T0 + 60_000);
      recorder.finish(summary(), T0 + 120_000);
      assertEquals(rows(), whole.map((row) => ({ row })));
    });
  }
}

historyTest("history: a scan that the file does not know begins as a new one", (history) => {
  history.begin(start({ space: "another" })).finish(summary(), T0 + 1);
  const recorder = history.resume({ id: 1, byState: [0, 0, 0, 0] }, start());
  assertEquals(recorder.id, 2);
  recorder.finish(summary(), T0 + 2);
  assertEquals(history.scan("1").ended, "done");
});
