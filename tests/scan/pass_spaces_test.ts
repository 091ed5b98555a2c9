/**
 * The spaces of passes, from what the passes over hosts have found.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  hostAt,
  macAt,
  reasonAt,
  ResultBatcher,
  type ResultColumns,
  ROW_LEN,
  setMac,
  stateAt,
  triesAt,
} from "../../src/result/batch.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { ABSENT, UNDECIDED, UP } from "../../src/result/states.ts";
import { PassSpaces } from "../../src/scan/pass_spaces.ts";
import type { WorkerTask } from "../../src/scan/worker_task.ts";

const PASSES = [{ number: 0, technique: "arp", proto: "host" }, { number: 1, technique: "syn", proto: "tcp" }];
const MAC = 0x0022_7200_0007;

/** A task for hosts 1 to 10 with two ports each, of which all but the machine's own address 1 are on an own link. */
function task(skips = true): WorkerTask {
  return {
    blocks: [{ hosts: Uint32Array.of(1, 10), ports: [[22, 22], [80, 80]] }],
    ...{ excludePorts: [], seed: 1, shard: { index: 1, count: 1 }, passes: PASSES, maxNotProbed: 0, options: {} },
    discovery: { links: Uint32Array.of(2, 10), pinged: new Uint32Array(), own: Uint32Array.of(1, 1), skips },
    limits: undefined,
  } as unknown as WorkerTask;
}

function rowsOf(add: (batcher: ResultBatcher) => void): ResultColumns {
  const batches: ResultColumns[] = [];
  const batcher = new ResultBatcher((rows) => batches.push(rows));
  add(batcher);
  batcher.flush();
  return batches[0]!;
}

function addTo(batcher: ResultBatcher, host: number, state: number): void {
  const reason = reasonCode(state === UP ? "arp-response" : state === ABSENT ? "no-arp-response" : "no-carrier");
  batcher.result(host, 0, state, reason, 0, -1, 1, 0, -1, 0);
}

/** Takes results of ARP: hosts 3 and 7 are up, 10 is undecided, the others are absent. */
function arp(spaces: PassSpaces): ResultColumns {
  const rows = rowsOf((batcher) => {
    for (let host = 2; host <= 10; host++) {
      addTo(batcher, host, host === 3 || host === 7 ? UP : host === 10 ? UNDECIDED : ABSENT);
    }
  });
  spaces.take(rows, PASSES[0]!, (host) => MAC + host);
  return rows;
}

Deno.test("pass spaces: ARP asks each host of a link once, and ports of absent hosts are cut", () => {
  const spaces = new PassSpaces(task());
  assertEquals(spaces.sourceOf(PASSES[0]!).size, 9);
  arp(spaces);
  spaces.giveOwn(() => {});
  // Two ports of each of 1, 3, 7 and 10: a host without a decision may be there.
  assertEquals([spaces.sourceOf(PASSES[1]!).size, spaces.cutOf(PASSES[1]!)], [8, 12]);
  const { up, absent, undecided } = spaces.found!;
  assertEquals([[...up], [...absent], [...undecided]], [[1, 1, 3, 3, 7, 7], [2, 2, 4, 6, 8, 9], [10, 10]]);
});

Deno.test("pass spaces: without discovery nothing is cut", () => {
  const spaces = new PassSpaces(task(false));
  arp(spaces);
  assertEquals([spaces.sourceOf(PASSES[1]!).size, spaces.cutOf(PASSES[1]!)], [20, 0]);
});

Deno.test("pass spaces: a reply by ARP gets the hardware address, and any 48 bits come back", () => {
  const rows = arp(new PassSpaces(task()));
  assertEquals([hostAt(rows, ROW_LEN), macAt(rows, ROW_LEN)], [3, MAC + 3]);
  for (const mac of [1, MAC, 0xfefe_fefe_fefe, 0xfdff_ffff_ffff, 0x8000_8000_0000]) {
    const before = [hostAt(rows, 0), stateAt(rows, 0), reasonAt(rows, 0), triesAt(rows, 0)];
    setMac(rows, 0, mac);
    assertEquals(macAt(rows, 0), mac);
    assertEquals([hostAt(rows, 0), stateAt(rows, 0), reasonAt(rows, 0), triesAt(rows, 0)], before);
  }
});

Deno.test("pass spaces: hosts for which a station replies that replies for all are undecided, and are probed", () => {
  const spaces = new PassSpaces(task());
  arp(spaces);
  const given: ResultColumns[] = [];
  const proxied = spaces.giveProxied((host) => host === 7, () => MAC, (rows) => given.push(rows));
  assertEquals([proxied, given.length, stateAt(given[0]!, 0), macAt(given[0]!, 0)], [[7], 1, UNDECIDED, MAC]);
  assertEquals([[...spaces.found!.up], [...spaces.found!.undecided]], [[3, 3], [7, 7, 10, 10]]);
  assertEquals(spaces.sourceOf(PASSES[1]!).size, 8);
  assertEquals(spaces.giveProxied((host) => host === 7, () => MAC, (rows) => given.push(rows)), []);
});
