/**
 * The way of results to the history, the reports and the journal.
 *
 * @module
 */

import { encodeFindings, findingsIn } from "../checkpoint/findings.ts";
import { FINDINGS, RESULTS } from "../checkpoint/journal.ts";
import type { HostAggregator } from "../report/host_aggregator.ts";
import { portsOfEach, type ScanHead } from "../report/writer.ts";
import { probesHosts } from "../result/pass.ts";
import type { PortResult, ResultList } from "../result/port_result.ts";
import type { CommandLine } from "./args/command_line.ts";
import { type CheckpointWriter, resultsOf, type Resumed } from "./checkpoint_writer.ts";
import type { ReportSet } from "./report_set.ts";
import type { ScanPlanView } from "./scanner.ts";
import type { SessionRecord } from "./session_record.ts";
import type { Tally } from "./tally.ts";
import type { TerminalUi } from "./ui/terminal.ts";
import type { Vendors } from "./vendors.ts";

/** Ports of absent hosts that are reported at once. */
const LOST_AT_ONCE = 1024;

/** The longest time for which the replay of results blocks the scan, in milliseconds. */
const REPLAY_SLICE_MS = 10;

/** The receivers of results, and what chooses among these. */
interface ResultReporterParts {
  readonly line: CommandLine;
  readonly terminal: TerminalUi;
  readonly vendors: Vendors;
  readonly reports: ReportSet;
  readonly record: SessionRecord;
  readonly checkpointWriter: CheckpointWriter;
  /** Returns the time, in milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** Passes results on, as they come. */
export class ResultReporter {
  readonly #parts: ResultReporterParts;

  constructor(parts: ResultReporterParts) {
    this.#parts = parts;
  }

  /** True if reports have some of the results only. */
  get isPart(): boolean {
    return this.#parts.line.filter !== undefined || this.#parts.record.earlier !== undefined;
  }

  /** Has reports count the ports that were never probed, unless they have some of the ports only. */
  countNotProbed(aggregator: HostAggregator, head: ScanHead): void {
    if (!this.isPart) aggregator.countNotProbed(portsOfEach(head));
  }

  /** Passes on what the scan has found: the results that are wanted to the reports, all to the history. */
  async report(batch: ResultList, tally: Tally): Promise<void> {
    if (probesHosts(batch)) return await this.#reportHosts(batch, tally);
    const { line: { filter }, record, reports, terminal } = this.#parts;
    const { earlier } = record;
    let shown = filter === undefined ? batch : batch.filter(filter);
    if (earlier !== undefined) shown = shown.filter((result) => earlier.isNews(result));
    tally.add(batch);
    if (terminal.verbosity > 0) this.#sayOpen(shown);
    const nowMs = this.#parts.nowMs();
    record.add(batch, nowMs);
    await reports.toAll((report) => report.results(shown, nowMs));
    this.#keepResults(shown, nowMs);
  }

  /** Passes on what discovery has found: filters are of ports. */
  async #reportHosts(batch: ResultList, tally: Tally): Promise<void> {
    const { record, reports, vendors } = this.#parts;
    tally.add(batch);
    const nowMs = this.#parts.nowMs();
    record.add(batch, nowMs);
    await vendors.meet(batch);
    await reports.toAll((report) => report.results(batch, nowMs));
    this.#keepResults(batch, nowMs);
  }

  /** Appends results to the journal of the checkpoint. */
  #keepResults(batch: ResultList, timeMs: number): void {
    const { rows, pass } = batch;
    if (rows === undefined || pass === undefined || rows.length === 0) return;
    const findings = batch.mayHaveFindings === true ? findingsIn(batch) : [];
    if (findings.length > 0) {
      this.#parts.checkpointWriter.record({ kind: FINDINGS, pass, timeMs, body: encodeFindings(findings) });
    }
    this.#parts.checkpointWriter.record({ kind: RESULTS, pass, timeMs, body: rows });
  }

  /** Passes the results from before the scan was resumed to the reports. */
  async replay(plan: ScanPlanView, { journal }: Pick<Resumed, "journal">): Promise<void> {
    const { record, reports, vendors } = this.#parts;
    let sinceMs = performance.now();
    for (const { batch, timeMs } of resultsOf(journal, plan)) {
      if (probesHosts(batch)) {
        record.add(batch, timeMs);
        await vendors.meet(batch);
      }
      await reports.toAll((report) => report.replay(batch, timeMs));
      if (performance.now() - sinceMs < REPLAY_SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      sinceMs = performance.now();
    }
  }

  /** Reports what is news of hosts that are absent now. */
  async reportLost(nowMs: number): Promise<void> {
    const { filter } = this.#parts.line;
    let batch: PortResult[] = [];
    const report = () => this.#parts.reports.toAll((report) => report.results(batch, nowMs));
    for (const result of this.#parts.record.lost()) {
      if (filter?.(result) === false) continue;
      batch.push(result);
      if (batch.length < LOST_AT_ONCE) continue;
      await report();
      batch = [];
    }
    if (batch.length > 0) await report();
  }

  /** Prints open ports as they are found. */
  #sayOpen(batch: ResultList): void {
    let text = "";
    for (const result of batch) {
      const { ip, port, proto, state } = result;
      if (state !== "open") continue;
      const before = this.#parts.record.earlier?.stateOf(result);
      text += `Discovered open port ${port}/${proto} on ${ip}${before === undefined ? "" : ` (was ${before})`}\n`;
    }
    if (text !== "") this.#parts.terminal.write(text);
  }
}
