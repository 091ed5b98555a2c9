/**
 * One scan from the command line: runs it, writes its reports, and returns the exit status.
 *
 * @module
 */
import type { KeptOutput } from "../../checkpoint/checkpoint.ts";
import { newAggregator } from "../../report/formats.ts";
import type { HostAggregator } from "../../report/host_aggregator.ts";
import { counted, grouped } from "../../base/text.ts";
import type { ProbedPort, ScanHead } from "../../report/writer.ts";
import type { ScanSnapshot } from "../../scan/snapshot.ts";
import type { HostnamesSoFar, Summary } from "../../result/summary.ts";
import type { CommandLine, Output } from "../args/command_line.ts";
import { END_SIGNALS, ENDING, EXIT, SIGNAL_STATUS, statusOf } from "../exit.ts";
import { FileCheck } from "../files.ts";
import { events } from "../events.ts";
import { scanOptions } from "../inputs.ts";
import { CheckpointWriter, identityOf, type Resumed, type ScanState } from "../checkpoint_writer.ts";
import { TerminalUi } from "../ui/terminal.ts";
import { outputsOf, remarksOnStderr } from "../output_choice.ts";
import { openReport, type Report } from "../report.ts";
import { WriteDeadline } from "../write_deadline.ts";
import type { RunningScan, Scanner, ScanPlanView } from "../scanner.ts";
import { techniqueOf } from "../../result/pass.ts";
import { ReportSet } from "../report_set.ts";
import { ResultReporter } from "../result_reporter.ts";
import { planText, scanHead, targetsText } from "../scan_head.ts";
import { SessionRecord } from "../session_record.ts";
import { Snapshots } from "../snapshots.ts";
import { Tally } from "../tally.ts";
import { Vendors } from "../vendors.ts";
import type { EndSignal, System } from "../system.ts";

/** The longest wait for a stalled reader of a report after a signal, in milliseconds. */
const STALLED_MS = 2000;

/** The longest time in all for which results wait for names of hosts, before they are written beside these, in milliseconds. */
const MAX_HOSTNAME_WAIT_MS = 1000;

/** The context of a running scan. */
interface Surroundings {
  readonly tally: Tally;
  readonly startedAtMs: number;
  readonly checkpointWriter: CheckpointWriter;
  /** Its targets as text. */
  readonly targets: string;
}

/** One scan from the command line. */
export class Session {
  readonly #args: readonly string[];
  readonly #line: CommandLine;
  readonly #scanner: Scanner;
  readonly #system: System;
  readonly #abort = new AbortController();
  readonly #beganAtMs = Date.now() - performance.now();
  /** Results by host, shared by the reports that need them. */
  readonly #aggregator: HostAggregator;
  readonly #vendors: Vendors;
  readonly #terminal: TerminalUi;
  readonly #resumed: Resumed | undefined;
  #checkpointWriter: CheckpointWriter | undefined;
  #signal: EndSignal | undefined;
  /** False until the scan has begun. */
  #hasBegun = false;
  readonly #reports = new ReportSet({
    failed: (message) => {
      // The last checkpoint has the whole report; a later one would not.
      this.#checkpointWriter?.stop();
      this.#terminal.say(message);
    },
    noneLeft: () => this.#abort.abort(),
  });
  readonly #record: SessionRecord;
  #hostnameWaitMs = MAX_HOSTNAME_WAIT_MS;
  readonly #writeDeadline = new WriteDeadline();
  #snapshots: Snapshots | undefined;
  /** The number of results at the last of them. */
  #takenBySnapshot = 0;
  /** The way of results, once files are open. */
  #results: ResultReporter | undefined;

  /** Creates a session; `resumed` is the scan to resume. */
  constructor(args: readonly string[], line: CommandLine, scanner: Scanner, system: System, resumed?: Resumed) {
    this.#resumed = resumed;
    this.#args = args;
    this.#line = line;
    this.#scanner = scanner;
    this.#system = system;
    this.#terminal = new TerminalUi(system, line);
    this.#record = new SessionRecord({
      ...{ line, system, resumed },
      say: (text) => this.#terminal.say(text),
      failed: (message) => {
        // The last checkpoint matches the history; a later one would not.
        this.#checkpointWriter?.stop();
        this.#terminal.say(message);
      },
    });
    this.#vendors = new Vendors(system);
    this.#aggregator = newAggregator(line.verbosity, {
      openOnly: line.openOnly,
      vendorOf: (mac) => this.#vendors.of(mac),
    });
  }

  /** Returns the time, in milliseconds since 1970, by a monotonic clock. */
  #nowMs(): number {
    return Math.round(this.#beganAtMs + performance.now());
  }

  async run(): Promise<number> {
    using _live = this.#terminal;
    using _patience = this.#writeDeadline;
    using _signals = this.#system.onSignal(END_SIGNALS, (signal) => this.#end(signal));
    // From the beginning to the end: without a handler the signal kills the process.
    using _status = this.#system.onSignal(["SIGUSR2"], () => this.#terminal.sayStatus());
    // Files are checked, then opened, and only then are privileges dropped, by the scan.
    const files = new FileCheck(this.#line, this.#system, { checkpoint: this.#resumed?.path.file });
    files.before();
    const options = await scanOptions(this.#line, this.#scanner, this.#system);
    await this.#vendors.open(this.#line);
    const startedAtMs = this.#resumed?.checkpoint.startedAtMs ?? this.#line.typedAtMs;
    using checkpointWriter = new CheckpointWriter(
      this.#system,
      this.#resumed?.checkpoint ??
        identityOf(this.#args, this.#line, options, this.#system),
      (text) => this.#terminal.say(text),
    );
    this.#checkpointWriter = checkpointWriter;
    // Files that are replaced while the scan runs; reports are written through descriptors that are open by then.
    const replaced = [this.#line.checkpoint, this.#resumed?.path.file, this.#line.db];
    const laterUser = this.#system.laterUser(replaced.filter((path) => path !== undefined));
    if (this.#resumed !== undefined) checkpointWriter.resume(this.#resumed);
    else if (this.#line.checkpoint !== undefined) checkpointWriter.begin(this.#line.checkpoint);
    using opened = new DisposableStack();
    try {
      await this.#record.open(opened);
      // One by one: if the next cannot be opened, those before it are discarded.
      for (const output of outputsOf(this.#line)) {
        this.#reports.add(opened.use(await this.#open(output, files)));
      }
      const rest = this.#resumed?.rest;
      const tally = new Tally(rest?.done);
      const scan = this.#scanner.scan({
        ...options,
        dropPrivileges: laterUser,
        ...(this.#line.packetTrace ? { onPacket: (text: string) => this.#terminal.say(text) } : {}),
      }, { signal: this.#abort.signal, ...(rest === undefined ? {} : { resume: rest }) });
      return await this.#follow(scan, { tally, startedAtMs, checkpointWriter, targets: targetsText(options) });
    } catch (error) {
      if (!this.#hasBegun) this.#discard();
      if (this.#signal !== undefined && isAbort(error)) return SIGNAL_STATUS[this.#signal];
      throw error;
    }
  }

  async #follow(
    scan: RunningScan,
    { tally, startedAtMs, checkpointWriter, targets }: Surroundings,
  ): Promise<number> {
    const stream = events(scan, checkpointWriter, this.#abort.signal);
    const results = this.#results = new ResultReporter({
      ...{ line: this.#line, terminal: this.#terminal, vendors: this.#vendors, reports: this.#reports },
      ...{ record: this.#record, checkpointWriter, nowMs: () => this.#nowMs() },
    });
    // Requested before anything is awaited, so that the scan starts; the plan rejects with the same error.
    let next = stream.next();
    next.catch(() => {});
    scan.summary.catch(() => {});
    const plan = await scan.plan;
    const { excluded, names, hostnames } = plan;
    const head = scanHead(plan, {
      args: this.#args,
      line: this.#line,
      startedAtMs,
      targets,
      machine: this.#system.hostname(),
    });
    this.#record.begin({
      head,
      space: plan.space,
      targets,
      ...(names === undefined ? {} : { names }),
      ...(excluded === undefined ? {} : { excluded }),
    });
    this.#hasBegun = true;
    if (results.isPart) this.#aggregator.listMatches();
    this.#announce(plan);
    this.#record.announce();
    await this.#reports.toAll((report) => report.start(head));
    if (this.#resumed !== undefined) await results.replay(plan, this.#resumed);
    this.#terminal.follow(scan, {
      quit: () => this.#quit(),
      stats: (progress) => void this.#reports.toAll((report) => report.progress(progress)),
    });
    using _snapshots = this.#snapshots = this.#reports.some(({ isLate }) => isLate)
      ? new Snapshots(() => this.#snapshot(head, plan, tally, scan))
      : undefined;
    let summary: Summary;
    try {
      for (let event = await next; event.done !== true; event = await next) {
        if (event.value.batch === undefined) this.#keep(plan, event.value.rest, checkpointWriter);
        else {
          if (hostnames !== undefined) await this.#waitForHostnames(hostnames);
          await results.report(event.value.batch, tally);
        }
        next = stream.next();
        next.catch(() => {});
      }
      summary = await scan.summary;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      results.countNotProbed(this.#aggregator, head);
      await this.#finish(tally.summary(plan, `the scan failed after ${grouped(tally.decided)} ports: ${why}`));
      throw error;
    }
    if (summary.ended !== "done") results.countNotProbed(this.#aggregator, head);
    await this.#finish(summary);
    return this.#status(summary);
  }

  /** Waits until hosts that replied have their names, if a report has these beside ports: for a moment in the whole scan. */
  async #waitForHostnames(hostnames: HostnamesSoFar): Promise<void> {
    if (this.#hostnameWaitMs <= 0 || !this.#reports.some(({ hasHostnames }) => hasHostnames)) return;
    const beganMs = performance.now();
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, this.#hostnameWaitMs);
    await Promise.race([hostnames.settled(), timeout.promise]);
    clearTimeout(timer);
    this.#hostnameWaitMs -= performance.now() - beganMs;
  }

  /** Closes every output, once: a failure is not retried. */
  async #finish(summary: Summary): Promise<void> {
    let isDone = false;
    try {
      await this.#close(summary);
      isDone = summary.ended === "done" && !this.#record.hasFailed && !this.#reports.hasFailed &&
        !this.#reports.hasStalled;
    } finally {
      await this.#checkpointWriter?.finish(isDone);
    }
  }

  /** Removes the files of a scan that has not begun. */
  #discard(): void {
    this.#checkpointWriter?.discard();
    for (const report of this.#reports) report.discard();
  }

  /** Appends a provisional ending to reports that are written at the end. */
  async #snapshot(head: ScanHead, plan: ScanPlanView, tally: Tally, scan: RunningScan): Promise<void> {
    const snapshots = this.#snapshots;
    if (snapshots === undefined || tally.taken === this.#takenBySnapshot) return;
    this.#takenBySnapshot = tally.taken;
    const endings = new Map<Report, Iterable<string>>();
    let copy: HostAggregator | undefined;
    await this.#reports.toAll((report) => {
      if (snapshots.isOver || !report.isLate) return;
      copy ??= snapshots.copy(this.#aggregator, this.#line.verbosity);
      if (copy === undefined) return;
      this.#results?.countNotProbed(copy, head);
      const { sent, ratePps, loss } = scan.progress();
      const hostsUp = copy.report(plan.hosts).upHosts;
      const summary = { ...tally.summary(plan, "The scan was cut off"), sent, ratePps: ratePps ?? 0, loss, hostsUp };
      endings.set(report, report.ending(copy, summary, this.#nowMs()));
    });
    for (const [report, pieces] of endings) {
      const text = await snapshots.join(pieces);
      await this.#reports.toAll(async (each) => {
        if (text !== undefined && each === report && !snapshots.isOver) await report.endFor(text);
      });
    }
  }

  /** Writes a checkpoint, after the history: it must hold all results of the checkpoint. */
  #keep(plan: ScanPlanView, rest: ScanSnapshot, checkpointWriter: CheckpointWriter): void {
    if (this.#record.flush(this.#nowMs())) checkpointWriter.keep(this.#stateOf(plan, rest));
    else checkpointWriter.missed();
  }

  /** Returns the state for a checkpoint. All results before it are in the reports. */
  #stateOf({ passes }: ScanPlanView, rest: ScanSnapshot): ScanState {
    const reports = [...this.#reports];
    return {
      technique: techniqueOf(passes),
      rest,
      outputs: [...reports.map((report) => report.keep()), ...this.#record.keep()],
      sync: async () => void await Promise.all(reports.map((report) => report.sync())),
    };
  }

  async #open(output: Output, files: FileCheck): Promise<Report> {
    const isThis = ({ format, path }: Pick<KeptOutput, "format" | "path">) =>
      output.format === format && output.path === path;
    return await openReport(output, {
      ...{ line: this.#line, system: this.#system, aggregator: this.#aggregator, files, patience: this.#writeDeadline },
      kept: this.#resumed?.checkpoint.outputs.find(isThis),
      beforeWrite: () => {
        if (this.#system.stdoutIsTerminal) this.#terminal.clear();
      },
      // The recording exists once the scan begins, before anything is written.
      stateBefore: this.#line.changed ? (probed: ProbedPort) => this.#record.earlier?.stateOf(probed) : undefined,
    });
  }

  async #close(summary: Summary): Promise<void> {
    this.#terminal[Symbol.dispose]();
    this.#snapshots?.[Symbol.dispose]();
    const endedAtMs = this.#nowMs();
    // The history first: a report may contain the changes since the scan before.
    this.#record.finish(summary, endedAtMs);
    await this.#results?.reportLost(endedAtMs);
    if (this.#reports.some(({ wantsChanges }) => wantsChanges)) {
      const changes = await this.#record.changes();
      if (changes !== undefined) { for (const report of this.#reports) report.compared(changes); }
    }
    await this.#reports.toAll((report) => report.end(summary, endedAtMs));
    for (const remark of remarksOnStderr(this.#line, summary)) this.#terminal.say(remark);
  }

  #announce(plan: ScanPlanView): void {
    for (const warning of plan.warnings) this.#terminal.say(warning);
    if (this.#line.verbosity === 0) return;
    if (this.#line.configPath !== undefined) this.#terminal.say(`Configuration: ${this.#line.configPath}`);
    this.#terminal.say(planText(plan));
    for (const why of plan.notes) this.#terminal.say(why);
    const before = this.#resumed?.rest?.done.byState.reduce((sum, count) => sum + count, 0);
    if (before !== undefined) {
      this.#terminal.say(`Resuming: ${counted(before, "port")} ${before === 1 ? "was" : "were"} decided before`);
    }
  }

  #quit(): void {
    this.#terminal.say("Ending; press Ctrl-C to end at once");
    this.#signal = "SIGINT";
    this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
  }

  /** Handles a signal: the first ends the scan with its results; before the scan has begun, or on the second, the program exits. */
  #end(signal: EndSignal): void {
    const isAtOnce = this.#signal !== undefined || !this.#hasBegun || signal === "SIGQUIT";
    this.#signal = signal;
    if (isAtOnce) {
      this.#terminal[Symbol.dispose]();
      if (!this.#hasBegun) this.#discard();
      this.#system.exit(SIGNAL_STATUS[signal]);
    }
    if (signal === "SIGINT") this.#terminal.say(ENDING);
    // A user at a terminal can press Ctrl-C again; a script cannot.
    if (!this.#system.stderrIsTerminal) this.#writeDeadline.limit(STALLED_MS);
    this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
  }

  #status(summary: Summary): number {
    const { hasFailed, hasStalled, isPipeClosed } = this.#reports;
    if (hasFailed || this.#record.hasFailed) return EXIT.cannot;
    if (summary.ended !== "interrupted" && !hasStalled) return statusOf(summary);
    if (this.#signal !== undefined) return SIGNAL_STATUS[this.#signal];
    return isPipeClosed ? EXIT.done : EXIT.interrupted;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
