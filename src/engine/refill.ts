// Hot path: nothing here may allocate per packet.
/**
 * Takes probes from the source while there is room for them.
 *
 * @module
 */

import { stateIn } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { UNDECIDED } from "../result/states.ts";
import type { AbsentHosts } from "./absent_hosts.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { Results } from "./results.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { RefusalChecks } from "./refusal_checks.ts";
import type { Unresolved } from "./unresolved.ts";
import { FOR_RESULT } from "./probe_table.ts";

const NOT_ASKED = reasonCode("not-asked");
const HOST_UNREACH = reasonCode("host-unreach");
const HOST_TIMEOUT = reasonCode("host-timeout");
/** Excluded probes that are passed over in a step. */
const SKIP_BATCH = 4096;
/** The share of all slots that probes of the source may take; the others are for liveness probes and control ports. */
const SOURCE_SHARE = 3 / 4;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  results: Results;
  limiters: HostLimiters;
  icmp: IcmpErrors;
  unresolved: Unresolved;
  absent: AbsentHosts;
  checks: RefusalChecks;
};

/** The intake of an engine. */
export class Refill {
  /** While true, no probe is taken. */
  isPaused = false;
  readonly #state: Parts;
  /** Slots in use beyond which no probe is taken, however many only wait for their host's limiter. */
  readonly #maxUsed: number;
  readonly #maxInFlight: number;

  constructor(state: Parts) {
    this.#state = state;
    this.#maxInFlight = state.maxInFlight;
    this.#maxUsed = Math.floor(state.table.maxCapacity * SOURCE_SHARE);
  }

  /** True where there is a probe to take, and room for it. */
  get isPossible(): boolean {
    return this.#state.position < this.#state.source.size && this.#hasRoom;
  }

  /** When there will be a refused port to take, in engine time; Infinity while there is none, or no room for it. */
  get checkAt(): number {
    return this.#hasRoom ? this.#state.checks.nextAt : Infinity;
  }

  get #hasRoom(): boolean {
    const { used } = this.#state.table;
    return !this.isPaused && used < this.#maxUsed &&
      used - this.#state.limiters.queued - this.#state.icmp.queued < this.#maxInFlight &&
      !this.#state.unresolved.isFull;
  }

  /** Takes the next probe of the source, or then of a refused port; returns its slot, or -1 where none may be taken now. */
  take(): number {
    if (!this.#hasRoom) return -1;
    const { source, position } = this.#state;
    if (position >= source.size) return this.#takeCheck();
    source.locate(position);
    if (source.isExcluded === true || this.#isAbsent(source.host) || this.#state.isOver(source.host)) return -1;
    const slot = this.#state.sender.enqueue(source.host, source.port, FOR_RESULT);
    if (slot >= 0) this.#state.position++;
    return slot;
  }

  /** Takes a port that is probed again; where the time of its host is up, its result shows nothing without that. */
  #takeCheck(): number {
    const { checks, table, silences, results } = this.#state;
    let slot = checks.take();
    for (; slot >= 0 && this.#state.isOver(table.host[slot]!); slot = checks.take()) {
      silences.timedOut.add(table.host[slot]!);
      results.decide(slot, UNDECIDED, HOST_TIMEOUT);
    }
    return slot;
  }

  /** Passes over probes that are not to be sent any more, some at a time; returns their number. */
  skipExcluded(): number {
    const { source, position, timeouts, clock } = this.#state;
    const canSkip = source.isExcluded !== undefined || this.#skipsAbsent ||
      timeouts?.canBeOver(clock.callerTime(clock.nowMs)) === true;
    if (!canSkip || this.isPaused) return 0;
    const end = Math.min(source.size, position + SKIP_BATCH);
    while (this.#state.position < end) {
      source.locate(this.#state.position);
      if (source.isExcluded) this.#skipLocated(NOT_ASKED);
      else if (this.#isAbsent(source.host)) this.#skipAbsent();
      else if (this.#state.isOver(source.host)) this.#skipOverdue();
      else break;
    }
    return this.#state.position - position;
  }

  /** Gives the next `count` probes the state undecided without sending them. */
  skip(count: number, reason: number): void {
    const { source, position } = this.#state;
    const end = Math.min(source.size, position + count);
    while (this.#state.position < end) {
      source.locate(this.#state.position);
      this.#skipLocated(reason);
    }
  }

  /** True where hosts have been reported in the place of their ports. */
  get #skipsAbsent(): boolean {
    return this.#state.sink.absent !== undefined && this.#state.absent.isAny;
  }

  #isAbsent(host: number): boolean {
    return this.#skipsAbsent && this.#state.absent.reporterOf(host) !== 0;
  }

  #skipAbsent(): void {
    const { source, driver: { outcomes }, absent, results } = this.#state;
    this.#state.position++;
    const state = stateIn(outcomes, HOST_UNREACH, false, true);
    results.skip(source.host, source.port, state, HOST_UNREACH, absent.reporterOf(source.host));
  }

  #skipOverdue(): void {
    this.#state.silences.timedOut.add(this.#state.source.host);
    this.#skipLocated(HOST_TIMEOUT);
  }

  #skipLocated(reason: number): void {
    const { source } = this.#state;
    this.#state.position++;
    this.#state.results.skip(source.host, source.port, UNDECIDED, reason);
  }
}
