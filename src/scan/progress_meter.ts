/**
 * The progress of a scan: its time, its rate, and what the reports of its workers add up to.
 *
 * @module
 */

import type { Progress } from "../result/summary.ts";
import { sum } from "./snapshot.ts";
import { lossOf } from "./summarize.ts";
import type { WorkerStatus } from "./worker_task.ts";

/** Time over which the present rate is measured, in milliseconds. */
const RATE_WINDOW_MS = 1000;
/** Time after which the first rate is known, in milliseconds. */
const FIRST_RATE_MS = 200;

/** Measures the progress of one scan. */
export class ProgressMeter {
  /** Probes to decide. */
  probes = 0;
  /** The rate that is not exceeded, in probes a second. */
  maxRatePps = Infinity;
  /** True if a higher rate is possible while replies show that little is lost. */
  mayExceed = false;
  /** The time that the scan had run before it was resumed, in milliseconds. */
  readonly #beforeMs: number;
  #beganMs = 0;
  /** The last measurement of the rate. */
  #atMs = 0;
  #sent = 0;
  #ratePps: number | undefined;

  constructor(beforeMs: number) {
    this.#beforeMs = beforeMs;
  }

  /** Takes note that the first probe is about to be sent. */
  begin(): void {
    this.#beganMs = performance.now();
  }

  /** The milliseconds that the scan has run, without the time between an interruption and its resumption. */
  get elapsedMs(): number {
    return this.#beganMs > 0 ? this.#beforeMs + performance.now() - this.#beganMs : this.#beforeMs;
  }

  /** Returns the progress that these reports show. */
  of(parts: readonly WorkerStatus[]): Progress {
    const { elapsedMs, probes } = this;
    const decided = sum(parts, ({ byState }) => byState.reduce((all, count) => all + count, 0));
    const sent = sum(parts, (part) => part.sent);
    this.#measure(sent);
    return {
      decided,
      probes,
      sent,
      open: sum(parts, ({ byState }) => byState[0]!),
      inFlight: sum(parts, (part) => part.inFlight),
      ratePps: this.#ratePps,
      maxRatePps: Math.max(this.maxRatePps, this.mayExceed ? Math.round(this.#ratePps ?? 0) : 0),
      loss: lossOf(parts),
      elapsedMs,
      leftMs: decided > 0 ? elapsedMs * (probes - decided) / decided : undefined,
    };
  }

  #measure(sent: number): void {
    const nowMs = performance.now();
    const spanMs = this.#beganMs > 0 ? nowMs - Math.max(this.#atMs, this.#beganMs) : 0;
    // The first rate is measured over a shorter time than later ones.
    if (spanMs < (this.#ratePps === undefined ? FIRST_RATE_MS : RATE_WINDOW_MS)) return;
    this.#ratePps = (sent - this.#sent) * 1000 / spanMs;
    this.#atMs = nowMs;
    this.#sent = sent;
  }
}
