/**
 * Verdicts pass from thread to thread as they were.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { outcomeCode } from "../../src/result/outcome.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";
import {
  countResults,
  doublesOf,
  fromAt,
  hostAt,
  noteAt,
  portAt,
  reasonAt,
  replacedAt,
  ResultBatcher,
  type ResultColumns,
  ROW_LEN,
  rttMsAt,
  stateAt,
  triesAt,
  ttlAt,
} from "../../src/result/batch.ts";
import { Random } from "../support/random.ts";

type Verdict = [
  ...[host: number, port: number, state: number, reason: number, ttl: number],
  ...[rttMs: number, tries: number, from: number, replaced: number, note: number],
];

Deno.test("results: whatever they say comes out as it went in, in order", () => {
  const random = new Random(1);
  const given: Verdict[] = [
    [0, 0, 0, 0, 0, -1, 0, 0, -1, 0],
    [
      0xffff_ffff,
      65_535,
      STATES.length - 1,
      REASONS.length - 1,
      255,
      1e6 / 3,
      255,
      0xffff_ffff,
      outcomeCode(STATES.length - 1, REASONS.length - 1),
      255,
    ],
  ];
  while (given.length < 3000) {
    given.push([
      ...[random.u32(), random.below(65_536), random.below(STATES.length), random.below(REASONS.length)] as const,
      ...[random.below(256), random.fraction() * 1000, random.below(256), random.u32()] as const,
      ...[random.below(9) === 0 ? -1 : anyOutcome(random), random.below(256)] as const,
    ]);
  }
  const batches: ResultColumns[] = [];
  const batcher = new ResultBatcher((rows) => batches.push(rows));
  for (const verdict of given) batcher.result(...verdict);
  batcher.flush();
  const taken: Verdict[] = [];
  const byState = STATES.map(() => 0);
  for (const rows of batches) {
    for (let at = 0; at < rows.length; at += ROW_LEN) taken.push(verdictAt(rows, at));
    countResults(rows, byState);
  }
  assertEquals(taken, given);
  const replaced = given.filter((verdict) => verdict[8] >= 0).length;
  assertEquals(byState.reduce((sum, count) => sum + count), given.length - replaced);
  for (const rows of batches) countResults(rows, byState, -1);
  assertEquals(byState, STATES.map(() => 0));
});

function anyOutcome(random: Random): number {
  return outcomeCode(random.below(STATES.length), random.below(REASONS.length));
}

function verdictAt(rows: ResultColumns, at: number): Verdict {
  return [
    ...[hostAt(rows, at), portAt(rows, at), stateAt(rows, at), reasonAt(rows, at), ttlAt(rows, at)] as const,
    ...[rttMsAt(doublesOf(rows), at), triesAt(rows, at), fromAt(rows, at), replacedAt(rows, at)] as const,
    noteAt(rows, at),
  ];
}
