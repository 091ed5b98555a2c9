import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Correlator } from "../../src/engine/token.ts";
import { Random } from "../support/random.ts";

const correlator = new Correlator(new Uint32Array([0x01234567, 0x89abcdef]));

Deno.test("correlate: a token names its slot again", () => {
  const random = new Random(1);
  for (let i = 0; i < 10_000; i++) {
    const [host, port, attempt, slot] = [random.u32(), random.below(65_536), random.below(256), random.below(1 << 20)];
    const token = correlator.seal(slot, host, port, attempt);
    assert(token >= 0 && token <= 0xffff_ffff && Number.isInteger(token));
    assertEquals(correlator.open(token, host, port, attempt), slot);
  }
});

Deno.test("correlate: a token of another probe, or under another key, names no slot of the table", () => {
  const [host, port, slot] = [0xc0000207, 443, 5];
  const token = correlator.seal(slot, host, port, 0);
  const other = new Correlator(new Uint32Array([0x01234567, 0x89abcdee]));
  const capacity = 1 << 12;
  for (
    const [name, opened] of [
      ["host", correlator.open(token, host + 1, port, 0)],
      ["port", correlator.open(token, host, port + 1, 0)],
      ["attempt", correlator.open(token, host, port, 1)],
      ["acknowledgement", correlator.open((token + 1) >>> 0, host, port, 0)],
      ["key", other.open(token, host, port, 0)],
    ] as const
  ) {
    // With the acknowledgement off by one the slot is off by little: that it asks something else is the table's to see.
    if (name === "acknowledgement") assertNotEquals(opened, slot);
    else assert(opened >= capacity, `${name}: ${opened}`);
  }
});

Deno.test("correlate: tokens look random: every bit is set half of the time, and probes next to each other share none", () => {
  const counts = new Uint32Array(32);
  const flips = new Uint32Array(32);
  const N = 20_000;
  let before = 0;
  for (let i = 0; i < N; i++) {
    const token = correlator.seal(0, 0x0a000001 + (i >>> 8), i & 0xff, 0);
    for (let bit = 0; bit < 32; bit++) {
      counts[bit]! += token >>> bit & 1;
      flips[bit]! += (token ^ before) >>> bit & 1;
    }
    before = token;
  }
  // Five standard deviations of a fair coin.
  const most = 5 * Math.sqrt(N) / 2;
  for (const tally of [counts, flips]) {
    for (const count of tally) assert(Math.abs(count - N / 2) < most, `${count} of ${N}`);
  }
});

Deno.test("correlate: guessed tokens hit as rarely as chance has it", () => {
  const random = new Random(2);
  let hits = 0;
  for (let i = 0; i < 1_000_000; i++) {
    if (correlator.open(random.u32(), 0x0a000001, 80, 0) < 1 << 12) hits++;
  }
  // One in 2^20 guesses names some slot of 4,096, and that slot has still to ask this very probe.
  assert(hits <= 8, `${hits} hits`);
});
