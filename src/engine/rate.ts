// Hot path: nothing here may allocate per packet.
/**
 * The rate of a scan: a token bucket whose rate follows what the path and the kernel carry. It starts fast, backs off on
 * evidence of loss, and goes up again. Loss that stays the same at a lower rate is not congestion: the rate comes back, and
 * that loss is the new normal. The constants are chosen by tests/sim/bottleneck_test.ts and tests/engine/rate_test.ts.
 *
 * @module
 */

/** Bounds of a rate. All rates are probe packets a second; Infinity means no bound. */
export interface RateBounds {
  /** The rate to begin with. */
  readonly startPps: number;
  /** The rate never to exceed. */
  readonly maxPps: number;
  /** The rate that is exceeded only while replies show that little is lost; `maxPps` where there is none. */
  readonly uncheckedPps?: number;
  /** The rate never to fall below, whatever is lost. */
  readonly minPps: number;
}

/** Milliseconds of sending that may be made up for at once. */
const BURST_MS = 10;
/** Milliseconds of sending that are waited for at least. */
const WAIT_MS = 1;
/** Round trips, with a reply or proven lost, that make a share of losses worth a decision. */
const ENOUGH_SEEN = 50;
/** Round trips that make a share of losses worth waiting for more of them. */
const SOME_SEEN = 10;
/** Loss above the normal by this share is evidence. */
const LOSS_MARGIN = 0.05;
/** The slowest that loss alone makes a scan. */
const LOSS_FLOOR_PPS = 100;
/** Bounds of what is left of the rate after evidence of loss. */
const MIN_CUT = 0.25;
const MAX_CUT = 0.7;
/** Intervals after which a decision is taken with what there is, or given up. */
const DECREASE_PATIENCE = 5;
/** Intervals without replies after which a rate that needs them is given up. */
const CHECK_PATIENCE = 2;

/** A mode of the controller: no loss speaks against a higher rate. */
const GROWING = 0;
/** Measuring whether a lower rate loses less. */
const TESTING = 1;
/** Congestion has been seen: the rate grows slowly. */
const CREEPING = 2;

/** A token bucket: probes that may be sent at a rate. */
class TokenBucket {
  /** Probe packets a second that are allowed now. */
  ratePps = Infinity;
  /** Tokens taken so far. */
  spent = 0;
  #tokens = 0;
  #filledAt = -1;

  /** Returns the number of probes that may be sent at `nowMs`; below 1 for none. */
  available(nowMs: number): number {
    if (this.ratePps === Infinity) return Infinity;
    if (this.#filledAt < 0) {
      this.#filledAt = nowMs;
      this.#tokens = 1;
    }
    const burst = Math.max(1, this.ratePps * BURST_MS / 1000);
    this.#tokens = Math.min(burst, this.#tokens + (nowMs - this.#filledAt) * this.ratePps / 1000);
    this.#filledAt = nowMs;
    return Math.floor(this.#tokens);
  }

  /** Takes a token for a probe that was sent. */
  spend(): void {
    this.spent++;
    if (this.ratePps !== Infinity) this.#tokens--;
  }

  /**
   * Returns when it is worth sending again, in the milliseconds that `available` was last given: as soon as one probe may be sent, or
   * those of a millisecond, since each wait costs as much time as many probes.
   */
  nextAt(): number {
    const wanted = Math.max(1, this.ratePps * WAIT_MS / 1000);
    if (this.ratePps === Infinity || this.#tokens >= wanted) return this.#filledAt;
    return this.#filledAt + (wanted - this.#tokens) * 1000 / this.ratePps;
  }
}

/** A token bucket whose rate follows the loss. */
export class RateController extends TokenBucket {
  readonly #bounds: RateBounds;
  /** The rate never to exceed: the user's, or less where that was too much for the path. */
  #maxPps: number;
  #uncheckedPps: number;
  #minPps: number;

  #mode = GROWING;
  /** The time of the last change of the rate; results of probes sent earlier do not count. */
  #since = 0;
  #intervals = 1;
  #spentBefore = 0;
  #returned = 0;
  #lost = 0;
  #measuredPps = 0;
  #normalLoss = 0;
  #lossBefore = 0;
  #seenBefore = 0;
  #rateBefore = 0;
  #cuts = 0;
  #lastSqueezeAt = -Infinity;
  #lastCutAt = -Infinity;
  /** Until when the path was overloaded, as far as that has been proven; later probes met a rate that it carries. */
  overloadedUntil = -Infinity;

  constructor(bounds: RateBounds) {
    super();
    this.#bounds = bounds;
    this.#maxPps = bounds.maxPps;
    this.#uncheckedPps = bounds.uncheckedPps ?? bounds.maxPps;
    this.#minPps = Math.min(bounds.minPps, bounds.maxPps);
    this.ratePps = this.#bounded(bounds.startPps);
  }

  /** Sets a new upper bound, as the user may ask for: a rate that the user wants needs no replies. */
  setMax(maxPps: number): void {
    this.#maxPps = this.#uncheckedPps = Math.max(1, maxPps);
    this.#minPps = Math.min(this.#bounds.minPps, this.#maxPps);
    this.ratePps = this.#bounded(Number.isFinite(this.ratePps) ? Math.max(this.ratePps, maxPps) : maxPps);
  }

  /** Counts a probe that was sent at `sentMs` and had a reply. */
  returned(sentMs: number): void {
    if (sentMs >= this.#since) this.#returned++;
  }

  /** Counts a probe that was sent at `sentMs` and is proven lost. */
  lost(sentMs: number): void {
    if (sentMs >= this.#since) this.#lost++;
  }

  /** Lowers the rate, because packets were dropped on this machine: it is too high for it, whatever the path does. */
  squeeze(nowMs: number, intervalMs: number): void {
    if (nowMs - this.#lastSqueezeAt < intervalMs) return;
    this.#lastSqueezeAt = nowMs;
    this.#measure(nowMs);
    this.#setRate(Math.max(LOSS_FLOOR_PPS, this.#basis() * MAX_CUT));
    this.#begin(CREEPING, nowMs);
  }

  /**
   * Moves the rate by what was measured since it was last moved.
   *
   * @param intervalMs How long the effect of a change takes to be seen: a loss is proven by the reply to a later attempt.
   */
  adjust(nowMs: number, intervalMs: number): void {
    const elapsedMs = nowMs - this.#since;
    if (elapsedMs < intervalMs * this.#intervals) return;
    this.#intervals++;
    const seen = this.#returned + this.#lost;
    const loss = seen === 0 ? 0 : this.#lost / seen;
    const suspect = seen >= SOME_SEEN && loss > this.#normalLoss + LOSS_MARGIN;
    if (seen < ENOUGH_SEEN && (suspect || this.#mode === TESTING) && elapsedMs < DECREASE_PATIENCE * intervalMs) return;
    if (seen < SOME_SEEN && this.ratePps > this.#uncheckedPps && elapsedMs < CHECK_PATIENCE * intervalMs) return;
    this.#measure(nowMs);
    if (this.#mode === TESTING) {
      this.#judge(nowMs, loss, seen);
    } else if (suspect) {
      this.#cuts = 0;
      this.#cut(nowMs, loss, seen);
    } else if (seen < SOME_SEEN && this.ratePps > this.#uncheckedPps) {
      // A path that drops everything gives no evidence of loss either.
      this.#setRate(this.#uncheckedPps);
      this.#begin(CREEPING, nowMs);
    } else {
      // Silence is no evidence: a scan of dropped ports goes on growing, as far as that is safe without replies.
      const grown = this.ratePps * (this.#mode !== GROWING ? 1.1 : this.ratePps < this.#uncheckedPps ? 2 : 1.5);
      this.#setRate(seen < SOME_SEEN ? Math.min(grown, this.#uncheckedPps) : grown);
      this.#begin(this.#mode, nowMs);
    }
  }

  /** Judges the effect of a lower rate. */
  #judge(nowMs: number, loss: number, seen: number): void {
    // Twice the standard deviation of the difference of two shares.
    const doubt = 2 *
      Math.sqrt(this.#lossBefore * (1 - this.#lossBefore) * (1 / Math.max(1, seen) + 1 / this.#seenBefore));
    if (loss <= this.#normalLoss + LOSS_MARGIN) {
      // What the path does not carry beyond the usual bound is not tried again: each try costs probes that are lost.
      const isCongestion = this.#lossBefore - loss > doubt && this.#rateBefore > this.#uncheckedPps;
      if (isCongestion) {
        this.#maxPps = Math.max(this.#uncheckedPps, this.ratePps);
        this.overloadedUntil = this.#lastCutAt;
      }
      this.#begin(CREEPING, nowMs);
    } else if (this.#lossBefore - loss > doubt) {
      this.#cut(nowMs, loss, seen);
    } else {
      this.#normalLoss = Math.max(loss, this.#lossBefore);
      this.#setRate(this.#rateBefore);
      this.#begin(this.#cuts > 1 ? CREEPING : GROWING, nowMs);
    }
  }

  #cut(nowMs: number, loss: number, seen: number): void {
    this.#cuts++;
    this.#lastCutAt = nowMs;
    this.#lossBefore = loss;
    this.#seenBefore = seen;
    this.#rateBefore = this.ratePps;
    this.#setRate(Math.max(LOSS_FLOOR_PPS, this.#basis() * Math.min(MAX_CUT, Math.max(MIN_CUT, 1 - loss))));
    this.#begin(TESTING, nowMs);
  }

  /** The rate that a decrease starts from: what was really sent, where that is less than what was allowed. */
  #basis(): number {
    return Math.min(this.ratePps, this.#measuredPps);
  }

  /** Measures the rate that was really sent; that of the time just before counts as well, for its losses are seen now. */
  #measure(nowMs: number): void {
    const elapsedMs = Math.max(1, nowMs - this.#since);
    this.#measuredPps = Math.max((this.spent - this.#spentBefore) * 1000 / elapsedMs, this.#measuredPps / 2);
  }

  #setRate(ratePps: number): void {
    this.ratePps = this.#bounded(ratePps);
  }

  #bounded(ratePps: number): number {
    return Math.max(this.#minPps, Math.min(this.#maxPps, ratePps));
  }

  #begin(mode: number, nowMs: number): void {
    this.#mode = mode;
    this.#since = nowMs;
    this.#intervals = 1;
    this.#spentBefore = this.spent;
    this.#returned = this.#lost = 0;
  }
}
