/**
 * The reports of one scan.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import type { Report } from "./report.ts";
import { ClosedPipe } from "./sinks.ts";
import { StalledReader } from "./write_deadline.ts";

/** Callbacks of a set of reports. */
interface LostReports {
  /** Called with the message of a report that cannot be written any more. */
  failed(message: string): void;
  /** Called once no report is left. */
  noneLeft(): void;
}

/** Reports that are written one after another. One that cannot be written any more is closed, and the others continue. */
export class ReportSet implements Iterable<Report> {
  /** True once a report could not be written. */
  hasFailed = false;
  /** True once a report was closed because its reader stalled after a signal. */
  hasStalled = false;
  /** True once a reader has closed its pipe. */
  isPipeClosed = false;
  readonly #lost: LostReports;
  #reports: Report[] = [];
  /** Settles when all actions so far are done. */
  #writing: Promise<void> = Promise.resolve();

  constructor(lost: LostReports) {
    this.#lost = lost;
  }

  add(report: Report): void {
    this.#reports.push(report);
  }

  /** Iterates over the reports that can be written. */
  [Symbol.iterator](): Iterator<Report> {
    return this.#reports[Symbol.iterator]();
  }

  /** True if any of them passes. */
  some(passes: (report: Report) => boolean): boolean {
    return this.#reports.some(passes);
  }

  /** Performs an action on every report, after the actions before. */
  toAll(act: (report: Report) => Promise<void> | void): Promise<void> {
    const written = this.#writing.then(() => this.#toEach(act));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #toEach(act: (report: Report) => Promise<void> | void): Promise<void> {
    const lost = new Set<Report>();
    for (const report of this.#reports) {
      try {
        await act(report);
      } catch (error) {
        this.#note(error);
        lost.add(report);
      }
    }
    if (lost.size === 0) return;
    this.#reports = this.#reports.filter((report) => !lost.has(report));
    if (this.#reports.length === 0) this.#lost.noneLeft();
  }

  /** Takes note of the error of a report; throws any that is not about writing it. */
  #note(error: unknown): void {
    if (error instanceof ClosedPipe) {
      this.isPipeClosed = true;
      return;
    }
    if (error instanceof StalledReader) this.hasStalled = true;
    else if (error instanceof CannotScanError) this.hasFailed = true;
    else throw error;
    this.#lost.failed(error.message);
  }
}
