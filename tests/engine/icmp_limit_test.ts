import { assert, assertEquals } from "@std/assert";
import { ErrorLimit } from "../../src/engine/icmp_limit.ts";

/** A token bucket as kernels have it. */
class Bucket {
  #tokens: number;
  #atMs = 0;

  constructor(readonly burst: number, readonly perSecond: number) {
    this.#tokens = burst;
  }

  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.burst, this.#tokens + (nowMs - this.#atMs) * this.perSecond / 1000);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** Sends a probe to `ports` closed ports at once; tells the limit of errors, then of silence. */
function sweep(limit: ErrorLimit, bucket: Bucket, ports: number, nowMs = 0): void {
  const isAnswered = Array.from({ length: ports }, () => bucket.take(nowMs));
  isAnswered.forEach((answered, index) => answered && limit.onError(nowMs, 0, index + 1));
  isAnswered.forEach((answered, index) => answered || limit.onSilence(nowMs, index + 1, 0));
}

Deno.test("icmp limit: of Linux' limit as much is used as the kernel gives, and silence before a token shows nothing", () => {
  const limit = new ErrorLimit();
  const bucket = new Bucket(6, 1);
  sweep(limit, bucket, 100);
  assertEquals(limit.rate, { burst: 6, perSecond: 1 });
  assert(!limit.couldSend(0) && !limit.couldSend(500));
  let errors = 0;
  for (let nowMs = 100; nowMs <= 60_000;) {
    nowMs = limit.nextAt(nowMs, 0);
    limit.onPaced(nowMs);
    if (!bucket.take(nowMs)) continue;
    errors++;
    limit.onError(nowMs, 0);
  }
  assert(errors >= 59, `${errors} of 60`);
});

Deno.test("icmp limit: wider limits are found by their errors", () => {
  for (const [burst, perSecond] of [[110, 1000], [6, 10]] as const) {
    const limit = new ErrorLimit();
    const bucket = new Bucket(burst, perSecond);
    for (let nowMs = 0; nowMs < 300; nowMs++) sweep(limit, bucket, 1, nowMs);
    assertEquals(limit.rate, { burst, perSecond });
  }
  const unlimited = new ErrorLimit();
  sweep(unlimited, new Bucket(Infinity, Infinity), 1000);
  assert(unlimited.isUnlimited);
});

Deno.test("icmp limit: errors that end in the midst of a sweep show an empty bucket, whatever its burst", () => {
  const limit = new ErrorLimit();
  sweep(limit, new Bucket(40, 2), 200);
  assertEquals(limit.rate.perSecond, 1);
  assert(!limit.couldSend(0));
});

Deno.test("icmp limit: a rate that was guessed too low rises to that of the host", () => {
  const limit = new ErrorLimit();
  const bucket = new Bucket(40, 50);
  sweep(limit, bucket, 200);
  let nowMs = 100;
  for (let probes = 0; probes < 3000; probes++) {
    nowMs = limit.nextAt(nowMs, 0);
    limit.onPaced(nowMs);
    if (bucket.take(nowMs)) limit.onError(nowMs, 0);
  }
  // What the host has saved up meanwhile makes it higher; losses lower it again.
  assert(limit.rate.perSecond >= 25, `${limit.rate.perSecond}`);
});

Deno.test("icmp limit: where most probes for a token are lost, the rate is taken from the errors", () => {
  const limit = new ErrorLimit();
  sweep(limit, new Bucket(Infinity, Infinity), 1000);
  assert(limit.isUnlimited);
  for (let nowMs = 1000; nowMs < 21_000; nowMs += 500) limit.onError(nowMs, 9);
  assert(limit.rate.perSecond >= 1 && limit.rate.perSecond < 30, `${limit.rate.perSecond}`);
});

Deno.test("icmp limit: where more errors arrive than a tighter limit allows, there were tokens all the time", () => {
  const limit = new ErrorLimit();
  sweep(limit, new Bucket(Infinity, Infinity), 75);
  assert(limit.isWide && limit.couldSend(0) && limit.couldSend(500));
});

Deno.test("icmp limit: a row of silent probes that would hardly be one shows that the bucket was empty", () => {
  const limit = new ErrorLimit();
  limit.onError(0, 0);
  for (const sentMs of [1, 2]) limit.onCovered(sentMs, 0.3);
  assert(limit.hasToken(2, 0) && limit.couldSend(2));
  limit.onCovered(3, 0.3);
  assert(!limit.hasToken(4, 0) && !limit.couldSend(4) && limit.couldSend(2) && limit.hasToken(1013, 0));
});

Deno.test("icmp limit: silence takes a token where errors get lost", () => {
  const certain = new ErrorLimit();
  const doubtful = new ErrorLimit();
  for (const limit of [certain, doubtful]) for (let i = 0; i < 5; i++) limit.onError(0, 0);
  certain.onSilence(0, 0, 0);
  doubtful.onSilence(0, 0, 1);
  assert(certain.couldSend(1) && !doubtful.couldSend(1));
  assert(certain.hasToken(1, 0) && !doubtful.hasToken(1, 0));
});

Deno.test("icmp limit: silence before the first error shows nothing, and a row of it that there was one token", () => {
  const limit = new ErrorLimit();
  limit.onError(1000, 0, 4);
  assert(!limit.couldSend(999) && limit.couldSend(1000) && limit.hasToken(1000, 0));
  for (const first of [1, 2, 3]) limit.onSilence(100 * first, first, 0);
  assert(!limit.couldSend(1000) && !limit.hasToken(1000, 0) && limit.couldSend(2020));
});

Deno.test("icmp limit: a bucket that is empty at the beginning has a token after a refill", () => {
  const limit = new ErrorLimit();
  limit.startEmpty(1000);
  limit.onError(1000, 0);
  assert(!limit.couldSend(0) && !limit.couldSend(1000) && !limit.couldSend(1900) && limit.couldSend(2020));
  assert(!limit.hasToken(1500, 0) && limit.hasToken(2020, 0) && !limit.hasToken(2020, 1));
});

Deno.test("icmp limit: a trial finds the rate of a bucket of which a sweep has shown the burst alone", () => {
  for (const [perSecond, least, most] of [[1, 1, 1], [6, 5, 7], [10, 10, 10], [13, 10, 14]] as const) {
    for (const idleMs of [100, 400, 900]) {
      const limit = new ErrorLimit();
      const bucket = new Bucket(6, perSecond);
      sweep(limit, bucket, 100);
      let probes = 0;
      for (let nowMs = idleMs; nowMs < idleMs + 1000; probes++) {
        nowMs = limit.nextAt(nowMs + 1, 0);
        limit.onPaced(nowMs);
        if (bucket.take(nowMs)) limit.onError(nowMs, 0);
      }
      const { rate } = limit;
      assert(rate.perSecond >= least && rate.perSecond <= most, `${perSecond}/s after ${idleMs} ms: ${rate.perSecond}`);
      assert(probes <= 45, `${probes} probes`);
    }
  }
});
