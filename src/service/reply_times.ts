/**
 * Waiting times for the replies of one host, from its round trip and from the replies that it has given so far.
 *
 * @module
 */

/** The shortest waits, in milliseconds: for a greeting, for the reply to a request that most servers know, and for any other. */
const LISTEN_MS = 300;
const REQUEST_MS = 700;
const PROBE_MS = 300;
/** The longest wait that slow replies lead to, beyond round trips. */
const MAX_WAIT_MS = 1500;
/** The multiples of the round trip, and of the time of a slow reply, in a wait. */
const ROUND_TRIPS = 4;
const SLOW_REPLIES = 3;
/** The part of a shortest wait that is added to round trips. */
const LEAST_SHARE = 0.7;
/** Replies that are remembered, and the part of them that are slow. */
const REPLIES = 40;
const SLOW_SHARE = 0.1;
/** The longest time that slow replies add to each wait of those that a dialogue may have. */
const MAX_EXTRA_MS = 250;
/** The shortest wait for a connection. */
const CONNECT_MS = 1000;

/** The times of one host. */
export class ReplyTimes {
  #roundTripMs: number;
  /** The times of the last replies, in a ring, and the time of the slow ones among them. */
  readonly #replies: number[] = [];
  #count = 0;
  #slowMs = 0;

  /** @param roundTripMs The round trip; below 0 if it is not known. */
  constructor(roundTripMs: number) {
    this.#roundTripMs = Math.max(0, roundTripMs);
  }

  /** Takes note of a round trip. */
  addRoundTrip(roundTripMs: number): void {
    this.#roundTripMs = Math.max(this.#roundTripMs, roundTripMs);
  }

  /** Takes note of the time from a probe to the first byte of its reply. */
  addReply(firstByteMs: number): void {
    this.#replies[this.#count++ % REPLIES] = firstByteMs;
    const sorted = this.#replies.toSorted((one, other) => other - one);
    this.#slowMs = sorted[Math.floor(sorted.length * SLOW_SHARE)]!;
  }

  /** The time that round trips take of a wait. */
  get #travelMs(): number {
    return ROUND_TRIPS * this.#roundTripMs;
  }

  /** The wait for a greeting. */
  get listenMs(): number {
    return Math.max(LISTEN_MS, this.#travelMs + LISTEN_MS / 2);
  }

  /** The wait for the reply to a request that most servers know. */
  get requestMs(): number {
    return this.#wait(REQUEST_MS);
  }

  /** The wait for the reply to any other probe. */
  get probeMs(): number {
    return this.#wait(PROBE_MS);
  }

  /** The same on a host without slow replies. */
  get leastProbeMs(): number {
    return Math.max(PROBE_MS, this.#travelMs + PROBE_MS * LEAST_SHARE);
  }

  /** The wait for a connection to be established: the kernel sends its SYN again after one second. */
  get connectMs(): number {
    return CONNECT_MS + this.#travelMs + Math.min(MAX_WAIT_MS, SLOW_REPLIES * this.#slowMs);
  }

  /**
   * The time by which a connection and the wait on it are longer than the shortest. Slow replies prolong dialogues by a part of their
   * time only.
   */
  get extraMs(): number {
    const slowMs = this.probeMs - this.leastProbeMs;
    return this.#roundTripMs + this.leastProbeMs - PROBE_MS + Math.min(MAX_EXTRA_MS, slowMs);
  }

  #wait(leastMs: number): number {
    const slowMs = Math.min(MAX_WAIT_MS, SLOW_REPLIES * this.#slowMs + 100);
    return Math.max(leastMs, this.#travelMs + leastMs * LEAST_SHARE, this.#roundTripMs + slowMs);
  }
}
