// Hot path: nothing here may allocate per packet.
/**
 * A model of the token bucket by which a host limits its ICMP errors. The silence of a port shows something only if the host could have
 * sent an error: while its bucket had a token. Tokens are spent by errors alone, so that the errors received, and the times at which their
 * probes were sent, tell when the bucket was empty.
 *
 * The model begins with the tightest limit of the known kernels and goes to a wider one when more errors arrive than that allows; to find
 * that out, a trial measures the rate, and some later probes are sent before there is a token for them. It becomes pessimistic where an error may have been lost: then its token
 * was spent. Where errors end in the midst of probes of which most had one, the bucket is empty, whatever the model says.
 *
 * The constants are chosen by tests/engine/icmp_limit_test.ts and tests/lab/udp_calibration.ts.
 *
 * @module
 */

import { EmptyTimes } from "./empty_times.ts";
import { RateTrial } from "./rate_trial.ts";
import { SilentRows } from "./silent_rows.ts";

/** A token bucket: errors that can be saved up, and errors a second. */
interface ErrorRate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * The limits of kernels, the tightest first: Linux by peer over IPv4 (icmp_ratelimit, burst of 6) and over IPv6 since 6.18, Linux for
 * all peers together (icmp_msgs_per_sec, whose burst has been seen to reach 104), none.
 */
const KNOWN: readonly ErrorRate[] = [
  { burst: 6, perSecond: 1 },
  { burst: 6, perSecond: 10 },
  { burst: 110, perSecond: 1000 },
  { burst: Infinity, perSecond: Infinity },
];

/** Errors more than a limit allows that show another one; and the time by which probes may have arrived unevenly, in milliseconds. */
const EXCESS = 0.5;
const JITTER_MS = 20;
/** The time between two tokens is rounded up by this share: clocks differ, and kernels count in jiffies. */
const MARGIN = 0.01;
/** Weight of a probe in the share of those that are replied to while there are tokens. */
const SHARE_WEIGHT = 0.1;
/** A share below this shows that the model is wrong: losses of that size are hardly the path's. */
const TOO_FEW = 0.35;
/** The least errors from which a rate is taken. */
const ENOUGH_ERRORS = 8;
/**
 * Of so many probes at the pace of the limit one is sent before its time: of a rate that kernels have, and of the first ones at a rate that
 * is a guess. A silent port has to be probed in time, too.
 */
const PACED_PER_EARLY = 8;
const GUESSED_PER_EARLY = 2;
const GUESSED_EARLY = 16;
/** A measured rate that differs from a known one by no more than this share is that. */
const SAME_RATE = 0.15;
/** So many silent ports before the first error show that there was no token before it, and one then. */
const ENOUGH_BEFORE = 3;
/** A rate from which on a limit is wide: several times those by peer. */
const WIDE_PER_SECOND = 100;
/** A rate this high is as good as none. */
const UNLIMITED_PER_SECOND = 20_000;
/** Less than a token by which sums of times may be off. */
const ROUNDING = 1e-6;

/** The bucket of one sender of errors. Times are those at which probes were sent, in milliseconds. */
export class ErrorLimit {
  #rate: ErrorRate = KNOWN[0]!;
  /** Tokens that the bucket has at least, as far as is known, and at most. */
  #least: number;
  #most: number;
  #atMs = -Infinity;
  #sinceMs = 0;
  /** When the first probe with an error was sent, Infinity before it: whether there was a token before is not known. And first probes since. */
  #firstMs = Infinity;
  #silentBeforeFirst = 0;
  /** Errors since the limit was last changed. */
  #errors = 0;
  #share = 1;
  /** When a probe was sent last at the pace of the limit, and how many were since the limit was last changed. */
  #pacedMs = -Infinity;
  #paced = 0;
  #isGuess = false;
  readonly #rows = new SilentRows();
  readonly #trial = new RateTrial();
  readonly #empty = new EmptyTimes();

  constructor() {
    this.#least = this.#most = this.#rate.burst;
  }

  /** The limit. */
  get rate(): ErrorRate {
    return this.#rate;
  }

  /** True for a limit that a scan of few ports does not reach. */
  get isWide(): boolean {
    return this.#rate.perSecond >= WIDE_PER_SECOND;
  }

  /** True where no limit is known. */
  get isUnlimited(): boolean {
    return this.#rate.perSecond === Infinity;
  }

  /** Takes that the bucket was empty until the probe left, at `sentMs`, that the first error came for. */
  startEmpty(sentMs: number): void {
    this.#firstMs = sentMs;
    this.#advance(sentMs);
    this.#drain(sentMs);
  }

  /**
   * Takes an error in reply to a probe that was sent at `sentMs`.
   *
   * @param lost Earlier probes of the same port that were sent while there was a token and have had no reply.
   * @param first The place of the probe among the first probes of all ports; 0 for a later one.
   */
  onError(sentMs: number, lost: number, first = 0): void {
    this.#advance(sentMs);
    this.#firstMs = Math.min(this.#firstMs, sentMs);
    this.#errors++;
    this.#rows.onError(sentMs, first);
    for (let i = 0; i < lost; i++) this.#share -= SHARE_WEIGHT * this.#share;
    this.#share += SHARE_WEIGHT * (1 - this.#share);
    if (this.isUnlimited) {
      if (this.#share < TOO_FEW) this.#measure(sentMs);
      return;
    }
    this.#most--;
    const measured = this.#trial.onError(sentMs);
    if (measured > 0) this.#onMeasured(measured, sentMs);
    else if (!this.#trial.covers(sentMs) && this.#most < -EXCESS - JITTER_MS * this.#rate.perSecond / 1000) {
      this.#widen(sentMs);
    }
    this.#least = lost > 0 ? 0 : Math.max(0, this.#least - 1);
    if (this.#share < TOO_FEW) this.#measure(sentMs);
    if (this.#least < 1) this.#empty.add(sentMs, sentMs + this.#waitMs(1));
  }

  /**
   * Takes that a probe which was sent at `sentMs` has had no reply.
   *
   * @param first The place of the probe among the first probes of all ports; 0 for a later one.
   * @param spent The chance that its error has taken a token and was lost.
   */
  onSilence(sentMs: number, first: number, spent: number): void {
    if (first > 0) {
      const isBefore = this.#isBeforeFirst(sentMs);
      if (isBefore && ++this.#silentBeforeFirst === ENOUGH_BEFORE && !this.isWide) this.#drain(this.#firstMs);
      if (this.#rows.onFirst(first)) this.#onEmpty(sentMs);
    }
    if (spent === 0 || this.isUnlimited || this.#atMs === -Infinity) return;
    const refilled = Math.max(0, this.#atMs - sentMs) * this.#rate.perSecond / 1000;
    this.#least = Math.max(Math.min(this.#least, refilled), this.#least - spent);
    if (this.#least < 1) this.#empty.add(sentMs + Number.EPSILON * sentMs, this.#atMs + this.#waitMs(1));
  }

  /** Takes that a probe which was sent for a token has had no reply, as it has with this chance if there was one. */
  onCovered(sentMs: number, chance: number): void {
    if (this.#rows.onCovered(chance)) this.#drain(sentMs);
  }

  /** Takes that the bucket has been empty since the last error. */
  #onEmpty(nowMs: number): void {
    const [tightest, next] = KNOWN as [ErrorRate, ErrorRate];
    if (this.#rate.perSecond > next.perSecond) {
      this.#begin(tightest, 0, nowMs);
      this.#isGuess = true;
    }
    this.#advance(nowMs);
    this.#drain(this.#rows.lastErrorMs);
  }

  /** Takes that the bucket has been empty since `fromMs`. */
  #drain(fromMs: number): void {
    this.#least = 0;
    this.#empty.add(fromMs, this.#atMs + this.#waitMs(1));
  }

  /** True where an error could have been sent in reply to a probe that was sent at `sentMs`. */
  couldSend(sentMs: number): boolean {
    if (this.isUnlimited) return true;
    if (this.#isBeforeFirst(sentMs)) return false;
    return !this.#empty.covers(sentMs, 2 * ROUNDING * 1000 / this.#rate.perSecond);
  }

  #isBeforeFirst(sentMs: number): boolean {
    return this.#firstMs !== Infinity && sentMs < this.#firstMs;
  }

  /** True where there is a token for one more probe than the `reserved` ones in flight. */
  hasToken(nowMs: number, reserved: number): boolean {
    if (this.isUnlimited) return true;
    this.#advance(nowMs);
    return this.#least >= reserved + 1 - ROUNDING;
  }

  /** Returns when the next probe is to be sent, for a token or beyond the limit, while `reserved` others are in flight. */
  nextAt(nowMs: number, reserved: number): number {
    if (this.hasToken(nowMs, reserved)) return nowMs;
    const dueMs = reserved + 1 > this.#rate.burst ? Infinity : nowMs + this.#waitMs(reserved + 1);
    if (this.#isOnTrial(nowMs)) return Math.min(dueMs, this.#trial.nextAt(nowMs));
    const isNew = this.#isGuess && this.#paced < GUESSED_EARLY;
    if (this.#paced % (isNew ? GUESSED_PER_EARLY : PACED_PER_EARLY) !== 0) return dueMs;
    return Math.min(dueMs, Math.max(nowMs, this.#pacedMs + 500 / this.#rate.perSecond));
  }

  /** Takes that a probe is sent at the pace of the limit. */
  onPaced(nowMs: number): void {
    this.#pacedMs = nowMs;
    this.#paced++;
    if (this.#isOnTrial(nowMs)) this.#trial.onSent(nowMs);
  }

  /** The time, in milliseconds, after which an attempt meets another token than the one before. */
  apartMs(nowMs: number): number {
    return this.#isOnTrial(nowMs) ? 0 : 1000 / this.#rate.perSecond;
  }

  /** True while the rate is measured that the first errors have not shown. */
  #isOnTrial(nowMs: number): boolean {
    return this.#rate === KNOWN[0] && this.#trial.isOn(nowMs);
  }

  /** Takes the rate that a trial has shown, while the bucket is empty. */
  #onMeasured(perSecond: number, nowMs: number): void {
    this.#trial.end();
    const { burst } = KNOWN[0]!;
    const known = KNOWN.find((each) => Math.abs(perSecond / each.perSecond - 1) <= SAME_RATE);
    this.#begin(known?.burst === burst ? known : { burst, perSecond: Math.max(1, perSecond) }, 0, nowMs);
    this.#isGuess = known === undefined;
  }

  #waitMs(wanted: number): number {
    return (wanted - this.#least) * 1000 * (1 + MARGIN) / this.#rate.perSecond;
  }

  #advance(toMs: number): void {
    if (this.#atMs === -Infinity) this.#sinceMs = this.#atMs = toMs;
    if (toMs <= this.#atMs) return;
    const more = (toMs - this.#atMs) * this.#rate.perSecond / 1000;
    this.#atMs = toMs;
    this.#least = Math.min(this.#rate.burst, this.#least + more / (1 + MARGIN));
    this.#most = Math.min(this.#rate.burst, this.#most + more);
  }

  /** Takes the next wider limit. */
  #widen(nowMs: number): void {
    const { burst, perSecond } = this.#rate;
    // What was spent of the tighter bucket was spent of the wider one, too.
    const spent = burst - this.#most;
    // Errors at the pace of the probes show that a rate is too low, those of a burst that it is another kernel's.
    const isBurst = this.#pacedMs === -Infinity;
    // There were tokens at the times at which the tighter bucket would have been empty.
    if (isBurst) this.#empty.clear();
    const wider = isBurst
      ? KNOWN.find((known) => known.perSecond > perSecond || known.burst > burst)!
      : { burst, perSecond: 2 * perSecond };
    this.#begin(
      wider.perSecond > UNLIMITED_PER_SECOND ? KNOWN.at(-1)! : wider,
      Math.max(0, wider.burst - spent),
      nowMs,
    );
  }

  /** Takes the rate at which errors have arrived as the limit. */
  #measure(nowMs: number): void {
    const seconds = (nowMs - this.#sinceMs) / 1000;
    if (this.#errors < ENOUGH_ERRORS || seconds <= 0) return;
    const { burst, perSecond } = KNOWN[0]!;
    const measured = Math.max(perSecond, this.#errors / seconds);
    if (measured >= this.#rate.perSecond) return;
    this.#begin({ burst, perSecond: measured }, 0, nowMs);
    this.#isGuess = true;
  }

  #begin(rate: ErrorRate, tokens: number, nowMs: number): void {
    this.#rate = rate;
    this.#least = tokens;
    this.#most = rate.burst;
    this.#sinceMs = nowMs;
    this.#errors = this.#paced = 0;
    this.#share = 1;
  }
}
