import { assert, assertEquals } from "@std/assert";
import type { History } from "../../src/store/history.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Reason } from "../../src/result/reasons.ts";
import type { State } from "../../src/result/states.ts";
import { Random } from "../support/random.ts";
import { historyTest, HOUR, type Place, result, resultsOf, start, summary, T0 } from "./support.ts";

const HOSTS = [
  ...Array.from({ length: 40 }, (_, host) => `10.0.${host % 3}.${host}`),
  ...["192.0.2.1", "255.255.255.254", "2001:db8::9", "2001:db8::1:0", "fe80::2%eth0", "fe80::1%eth0", "2001:db8::"],
];
const PORTS = 60;
const KINDS: readonly (readonly [state: State, reason: Reason, changes?: Partial<PortResult>])[] = [
  ["closed", "reset"],
  ["closed", "reset", { ttl: 63 }],
  ["filtered", "no-response"],
  ["filtered", "host-unreach", { from: "10.0.0.254" }],
  ["open", "syn-ack"],
  ["undecided", "deadline"],
];

/** Results that replace others: none, late ones alone, or some that are not marked as late as well. */
const REPLACING = ["none", "late results", "any results"] as const;

/** Results of every port of every host, in any order; about one in 100 is found in another state afterwards. */
function resultsIn(random: Random, replacing: typeof REPLACING[number]): PortResult[] {
  const any = () => {
    const [state, reason, changes] = KINDS[random.below(KINDS.length)]!;
    return { state, reason, ...changes };
  };
  const made = HOSTS.flatMap((ip) =>
    Array.from({ length: PORTS }, (_, at) => {
      const { state, ...more } = any();
      return { order: random.below(1e9), found: result(ip, at < 30 ? at : 1000 * at, state, more) };
    })
  ).sort((one, other) => one.order - other.order).map(({ found }) => found);
  const late = made.filter(({ state }) => replacing !== "none" && state === "filtered" && random.below(20) === 0)
    .map(({ ip, port, reason }) =>
      result(ip, port, "closed", {
        late: replacing === "late results" || random.below(2) === 0,
        replaces: reason,
        replacesState: "filtered",
      })
    );
  return [...made, ...late];
}

/** Records results in several writes, and does not end the scan. */
function record(history: History, results: readonly PortResult[], startedAtMs: number) {
  const recorder = history.begin(start({ startedAtMs }));
  const size = Math.ceil(results.length / 7);
  for (let at = 0; at < results.length; at += size) {
    recorder.add(results.slice(at, at + size), startedAtMs + at);
    assert(recorder.flush(startedAtMs + at));
  }
  return recorder;
}

/** The rows of a compacted scan, with its results. */
function settled(place: Place, history: History, scan: number): unknown {
  const { compacted } = place.query(`SELECT compacted FROM scan WHERE id = ${scan}`)[0] as Record<string, number>;
  assertEquals(compacted, 1);
  const rows = place.query(`SELECT * FROM port_range WHERE scan = ${scan} ORDER BY number, row`);
  return {
    ranges: rows.map((row) => ({ ...row as object, scan: 0 })),
    results: resultsOf(history, history.scan(`${scan}`)),
  };
}

for (const replacing of REPLACING) {
  historyTest(
    `held: what is compacted from memory is what is compacted from the file, where ${replacing} replace others`,
    (history, place) => {
      for (let seed = 1; seed <= 4; seed++) {
        const results = resultsIn(new Random(seed), replacing);
        const ended = record(history, results, T0 + seed * HOUR);
        ended.finish(summary(), T0 + seed * HOUR + 9000);
        const killed = record(history, results, T0 + seed * HOUR);
        const later = history.begin(start({ startedAtMs: T0 + (seed + 1) * HOUR }));
        assertEquals([seed, settled(place, history, ended.id)], [seed, settled(place, history, killed.id)]);
        later.finish(summary(), T0 + (seed + 1) * HOUR);
      }
    },
  );
}

historyTest("held: a result that comes twice is recorded once", (history) => {
  const twice = [result("10.0.0.1", 80, "closed"), result("10.0.0.1", 80, "closed")];
  const recorder = record(history, [...twice, ...twice], T0);
  recorder.finish(summary(), T0 + 1000);
  assertEquals(resultsOf(history, history.scan("last")).map(({ port }) => port), [80]);
});
