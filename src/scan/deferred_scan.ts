/**
 * A scan whose code is loaded when it starts. Importing the library, and the program's `--version` and `--help`, load none of it.
 *
 * @module
 */

import { isObject } from "../base/shape.ts";
import { UsageError } from "../base/errors.ts";
import type { PortResult, ResultList } from "../result/port_result.ts";
import type { Progress, Summary } from "../result/summary.ts";
import type { Scan, ScanControl, ScanPlan } from "./api.ts";
import type { ScanOptions } from "./options.ts";
import type { RunningScan } from "./running_scan.ts";
import type { ScanSnapshot } from "./snapshot.ts";

/** The status until the code is loaded, some 30 ms. */
const NOT_BEGUN: Progress = {
  ...{ decided: 0, probes: 0, sent: 0, open: 0, inFlight: 0 },
  ...{ ratePps: undefined, maxRatePps: Infinity, loss: null, elapsedMs: 0, leftMs: undefined },
};

/** A scan that starts from its construction on, as soon as its code is loaded. */
export class DeferredScan implements Scan {
  readonly plan: Promise<ScanPlan>;
  readonly #loading: Promise<RunningScan>;
  #running: RunningScan | undefined;
  #maxRatePps: number | undefined;
  #summary: Promise<Summary> | undefined;

  constructor(options: ScanOptions, control?: ScanControl) {
    // The caller may change its object meanwhile.
    const own = isObject(options) ? { ...options } : options;
    this.#loading = import("./running_scan.ts").then(({ RunningScan }) => {
      const running = this.#running = new RunningScan(own, control);
      if (this.#maxRatePps !== undefined) running.setMaxRate(this.#maxRatePps);
      return running;
    });
    this.plan = this.#loading.then(({ plan }) => plan);
    // A caller that reads only the results gets a failure from them.
    this.plan.catch(() => {});
  }

  get summary(): Promise<Summary> {
    if (this.#summary === undefined) {
      this.#summary = this.#loading.then(({ summary }) => summary);
      this.#summary.catch(() => {});
    }
    return this.#summary;
  }

  progress(): Progress {
    return this.#running?.progress() ?? { ...NOT_BEGUN, maxRatePps: this.#maxRatePps ?? Infinity };
  }

  setMaxRate(maxRatePps: number): void {
    if (!(maxRatePps > 0)) throw new UsageError(`Cannot send ${maxRatePps} probes a second: give a number above 0`);
    this.#maxRatePps = maxRatePps;
    this.#running?.setMaxRate(maxRatePps);
  }

  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean {
    return this.#running?.setOnPacket(onPacket) ?? false;
  }

  async snapshot(): Promise<ScanSnapshot> {
    return await (await this.#loading).snapshot();
  }

  async *batches(): AsyncGenerator<ResultList, void, void> {
    yield* (await this.#loading).batches();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PortResult, void, void> {
    yield* await this.#loading;
  }
}
