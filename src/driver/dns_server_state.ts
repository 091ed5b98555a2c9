// Hot path: nothing here may allocate per query.
/**
 * The state of a DNS server as its replies show it: round trips, the number of queries that it bears, whether it replies.
 *
 * @module
 */

import { answerTimeout, rttVariation, smoothedRtt, type TimeoutBounds } from "../base/rtt.ts";

const BOUNDS: TimeoutBounds = { initialMs: 500, minMs: 100, maxMs: 2000 };
/** Each timeout of an address is longer than the one before by this factor, up to a limit. */
const BACKOFF = 1.5;
const BACKOFF_MAX_MS = 1000;

/** Queries in flight at a server that has not replied yet. */
const FIRST_WINDOW = 4;
const MIN_WINDOW = 16;
/** Small packets that a socket's default receive buffer (208 KiB) holds are no more than 277. */
const MAX_WINDOW = 256;
const WINDOW_CUT = 0.7;

/** Timeouts in a row, and time without any reply, after which a server is left; the first two if it has never replied. */
const NEVER_REPLIED = { timeouts: 5, silentMs: 2000 };
const FELL_SILENT = { timeouts: 16, silentMs: 2000 };
/** Refusals (of the server, or of its port) without any answer after which it is left. */
const MAX_REFUSALS = 3;
/** A server that was left is tried again after this time. */
const PAUSE_MS = 10_000;
/** Confirmed replies with the wrong case of letters after which a server is taken to change the case. */
const OTHER_CASE_CONFIRMED = 3;

/** One server: its times, its window of queries in flight, and whether it replies. */
export class DnsServerState {
  #srtt = -1;
  #variation = 0;
  #window = FIRST_WINDOW;
  /** Above this, the window grows by one a round trip instead of by one a reply. */
  #threshold = MAX_WINDOW;
  inFlight = 0;
  /** When the window was cut last. */
  #cutMs = -Infinity;
  hasReplied = false;
  /** The last reply, or the first query since. */
  #silentSinceMs = 0;
  #timeoutsInRow = 0;
  refusals = 0;
  /** Queries that could be sent to it begin again at this time. */
  #pausedUntilMs = -Infinity;
  /** True once it has repeated the case of a query's letters. */
  keepsCase = false;
  /** Replies that were confirmed although the case of their letters was wrong. */
  otherCase = 0;

  get changesCase(): boolean {
    return !this.keepsCase && this.otherCase >= OTHER_CASE_CONFIRMED;
  }

  /** True if it has not replied to its first queries. */
  get isDoubtful(): boolean {
    return !this.hasReplied && this.#timeoutsInRow > 0;
  }

  /** Returns the timeout of an address's `attempt`-th query. */
  timeoutMs(attempt: number): number {
    const timeoutMs = answerTimeout(this.#srtt, this.#variation, BOUNDS);
    if (!this.hasReplied) return timeoutMs;
    return Math.min(Math.max(timeoutMs, BACKOFF_MAX_MS), timeoutMs * BACKOFF ** (attempt - 1));
  }

  /** The share of its window that is in flight. */
  get load(): number {
    return this.inFlight / this.#window;
  }

  /** True if another query may be sent. */
  get hasRoom(): boolean {
    return this.inFlight < Math.floor(this.#window);
  }

  /** Returns false while it is left alone, because it does not reply. */
  isUsable(nowMs: number): boolean {
    return this.#pausedUntilMs <= nowMs;
  }

  onSent(nowMs: number): void {
    if (this.inFlight++ === 0 && this.#timeoutsInRow === 0) this.#silentSinceMs = nowMs;
  }

  /** Takes a reply to a query that was sent at `sentMs`. */
  onReply(sentMs: number, nowMs: number): void {
    const sampleMs = nowMs - sentMs;
    this.#variation = rttVariation(this.#srtt, this.#variation, sampleMs);
    this.#srtt = smoothedRtt(this.#srtt, sampleMs);
    this.hasReplied = true;
    this.#timeoutsInRow = 0;
    this.#silentSinceMs = nowMs;
    this.#pausedUntilMs = -Infinity;
    const growth = this.#window < this.#threshold ? 1 : 1 / this.#window;
    this.#window = Math.min(MAX_WINDOW, this.#window + growth);
  }

  /** Takes the timeout of a query that was sent at `sentMs`. */
  onTimeout(sentMs: number, nowMs: number): void {
    this.#timeoutsInRow++;
    // Once for all queries that were in flight together.
    if (this.hasReplied && sentMs > this.#cutMs) {
      this.#cutMs = nowMs;
      this.#window = this.#threshold = Math.max(MIN_WINDOW, this.#window * WINDOW_CUT);
    }
    const limit = this.hasReplied ? FELL_SILENT : NEVER_REPLIED;
    if (this.#timeoutsInRow >= limit.timeouts && nowMs - this.#silentSinceMs >= limit.silentMs) this.#pause(nowMs);
  }

  /** Takes a refusal: of the server, or of its port. */
  onRefused(nowMs: number): void {
    if (++this.refusals >= MAX_REFUSALS) this.#pause(nowMs);
  }

  #pause(nowMs: number): void {
    this.#pausedUntilMs = nowMs + PAUSE_MS;
    this.#window = FIRST_WINDOW;
    // One query is enough to try it again.
    this.#timeoutsInRow = FELL_SILENT.timeouts;
    this.#silentSinceMs = -Infinity;
  }
}
