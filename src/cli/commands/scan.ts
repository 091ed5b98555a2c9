/**
 * One scan from the command line: runs it, writes its reports, and says how it ended.
 *
 * @module
 */
import { CannotScanError } from "../../base/errors.ts";
import type { KeptOutput } from "../../checkpoint/checkpoint.ts";
import type { ScanSoFar, ScanStart } from "../../store/recorder.ts";
import type { ScanOptions } from "../../scan/options.ts";
import { newAggregator, writerOf } from "../../report/formats.ts";
import type { HostAggregator } from "../../report/host_aggregator.ts";
import { remarksOn } from "../../report/closing.ts";
import { counted, grouped, probedText } from "../../base/text.ts";
import type { ScanHead } from "../../report/writer.ts";
import type { ScanDone, ScanSnapshot } from "../../scan/snapshot.ts";
import { decidedIn, type ResultList, stateCounts, STATES, type Summary, UNTOLD } from "../../result/outcome.ts";
import type { CommandLine, Output } from "../args/command_line.ts";
import { EXIT, statusOf } from "../exit.ts";
import { FileCheck } from "../files.ts";
import { events } from "../events.ts";
import { scanOptions } from "../inputs.ts";
import { CheckpointWriter, identityOf, type Resumed, type ScanState } from "../checkpoint_writer.ts";
import type { Recording } from "./history.ts";
import { TerminalUi } from "../ui/terminal.ts";
import {
  ClosedPipe,
  fileSink,
  isColored,
  lineWidth,
  Report,
  StalledReader,
  stdoutSink,
  WriteDeadline,
} from "../output.ts";
import type { RunningScan, Scanner, ScanPlanView } from "../scanner.ts";
import { countResults } from "../../result/batch.ts";
import { resultsIn } from "../../scan/plan.ts";
import { Snapshots } from "../snapshots.ts";
import { VERSION } from "../version.ts";
import type { EndSignal, System } from "../system.ts";

const SIGNAL_STATUS: Readonly<Record<EndSignal, number>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
  SIGQUIT: EXIT.quit,
};
const END_SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** How long a scan that is ended by a signal waits for a reader that takes nothing. */
const STALLED_MS = 2000;

/** For this long results of before are replayed at a stretch: the scan has to go on meanwhile. */
const REPLAY_SLICE_MS = 10;

/** Begins a {@linkcode Recording}. */
type NewRecording = (
  start: ScanStart,
  how: { readonly changed: boolean; readonly before?: ScanSoFar },
) => Recording;

/** What a scan is run with. */
interface Surroundings {
  readonly tally: Tally;
  readonly startedAtMs: number;
  readonly keeper: CheckpointWriter;
  /** Begins its record, where it is to have one. */
  readonly record: NewRecording | undefined;
  /** Its targets, as a person would say them. */
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
  /** What reports by host keep in common. */
  readonly #aggregator: HostAggregator;
  readonly #terminal: TerminalUi;
  readonly #resumed: Resumed | undefined;
  #checkpointWriter: CheckpointWriter | undefined;
  #signal: EndSignal | undefined;
  /** False until there is something to be lost. */
  #hasBegun = false;
  #reports: Report[] = [];
  /** What is being written to them. */
  #writing: Promise<void> = Promise.resolve();
  #recording: Recording | undefined;
  #recordingFailed = false;
  #writeFailed = false;
  /** True once a report was given up because its reader reads nothing, after a signal. */
  #hasStalled = false;
  #pipeClosed = false;
  readonly #writeDeadline = new WriteDeadline();
  #snapshots: Snapshots | undefined;
  /** How many results there were at the last of them. */
  #takenBySnapshot = 0;

  /** With `resumed`, it is one that was begun before. */
  constructor(args: readonly string[], line: CommandLine, scanner: Scanner, world: System, resumed?: Resumed) {
    this.#resumed = resumed;
    this.#args = args;
    this.#line = line;
    this.#scanner = scanner;
    this.#system = world;
    this.#terminal = new TerminalUi(world, line);
    this.#aggregator = newAggregator(line.verbosity);
  }

  /** The time, in milliseconds since 1970, by a clock that nobody sets while the scan runs. */
  #nowMs(): number {
    return Math.round(this.#beganAtMs + performance.now());
  }

  async run(): Promise<number> {
    using _live = this.#terminal;
    using _patience = this.#writeDeadline;
    using _signals = this.#system.onSignal(END_SIGNALS, (signal) => this.#end(signal));
    // From the beginning to the end: whoever does not listen is killed by it.
    using _status = this.#system.onSignal(["SIGUSR2"], () => this.#terminal.sayStatus());
    // Files are checked, then opened, and only then are privileges dropped, by the scan.
    const files = new FileCheck(this.#line, this.#system, { checkpoint: this.#resumed?.file.path });
    files.before();
    const options = await scanOptions(this.#line, this.#scanner, this.#system);
    const startedAtMs = this.#resumed?.checkpoint.startedAtMs ?? this.#line.typedAtMs;
    using keeper = new CheckpointWriter(
      this.#system,
      this.#resumed?.checkpoint ??
        identityOf({ args: this.#args, line: this.#line, options, startedAtMs }, this.#system),
      (text) => this.#terminal.say(text),
    );
    this.#checkpointWriter = keeper;
    // What has to be replaced while the scan runs; reports are written through descriptors that are open by then.
    const replaced = [this.#line.checkpoint, this.#resumed?.file.path, this.#line.db];
    const laterUser = this.#system.laterUser(replaced.filter((path) => path !== undefined));
    if (this.#resumed !== undefined) keeper.resume(this.#resumed);
    else if (this.#line.checkpoint !== undefined) await keeper.begin(this.#line.checkpoint);
    using opened = new DisposableStack();
    try {
      const record = await this.#openHistory(opened);
      // One by one: where the next cannot be opened, those before it are forgotten.
      for (const output of outputsOf(this.#line)) {
        this.#reports.push(opened.use(await this.#open(output, files)));
      }
      const rest = this.#resumed?.rest;
      const tally = new Tally(rest?.done);
      const scan = this.#scanner.scan({
        ...options,
        dropPrivileges: laterUser,
        ...(this.#line.packetTrace ? { onPacket: (text: string) => this.#terminal.say(text) } : {}),
      }, {
        signal: this.#abort.signal,
        ...(rest === undefined ? {} : { resume: rest }),
      });
      return await this.#follow(scan, {
        tally,
        startedAtMs,
        keeper,
        record,
        targets: targetsText(options),
      });
    } catch (error) {
      if (!this.#hasBegun) this.#discard();
      if (this.#signal !== undefined && isAbort(error)) return SIGNAL_STATUS[this.#signal];
      throw error;
    }
  }

  async #follow(scan: RunningScan, { tally, startedAtMs, keeper, record, targets }: Surroundings): Promise<number> {
    const turns = events(scan, keeper, this.#abort.signal);
    // Asked for before anything is awaited, so that the scan gets going; its failure shows in the plan as well.
    let next = turns.next();
    next.catch(() => {});
    scan.summary.catch(() => {});
    const plan = await scan.plan;
    const { hosts, probes, ports, technique } = plan;
    const { names, excluded, sources, ranges } = plan;
    const named = names === undefined ? {} : { names };
    const machine = this.#system.hostname();
    const head: ScanHead = {
      ...{ hosts, probes, ports, technique, startedAtMs, args: this.#args, version: VERSION, targets, sources },
      ...(machine === undefined ? {} : { machine }),
      ...(ranges === undefined ? {} : { ranges }),
      ...named,
    };
    const before = this.#recordedBefore();
    const recording = record?.({
      head,
      space: plan.space,
      targets,
      ...named,
      ...(excluded === undefined ? {} : { excluded }),
    }, {
      changed: this.#line.changed,
      ...(before === undefined ? {} : { before }),
    });
    this.#hasBegun = true;
    this.#announce(plan);
    if (recording !== undefined) this.#begin(recording);
    await this.#toAll((report) => report.start(head));
    await this.#replay(plan);
    this.#terminal.follow(scan, {
      quit: () => this.#quit(),
      stats: (progress) => void this.#toAll((report) => report.progress(progress)),
    });
    using _snapshots = this.#snapshots = this.#reports.some(({ isLate }) => isLate)
      ? new Snapshots(() => this.#snapshot(plan, tally, scan))
      : undefined;
    let summary: Summary;
    try {
      for (let turn = await next; turn.done !== true; turn = await next) {
        if (turn.value.batch === undefined) this.#keep(plan, turn.value.rest, keeper);
        else await this.#report(turn.value.batch, tally);
        next = turns.next();
        next.catch(() => {});
      }
      summary = await scan.summary;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.#finish(tally.summary(plan, `the scan failed after ${grouped(tally.decided)} ports: ${why}`), keeper);
      throw error;
    }
    await this.#finish(summary, keeper);
    return this.#status(summary);
  }

  /** Closes every output, once: what fails here is not to be tried again. */
  async #finish(summary: Summary, keeper: CheckpointWriter): Promise<void> {
    let isDone = false;
    try {
      await this.#close(summary);
      isDone = summary.ended === "done" && !this.#writeFailed && !this.#hasStalled;
    } finally {
      await keeper.finish(isDone);
    }
  }

  /** Leaves nothing behind of a scan that has not begun. */
  #discard(): void {
    this.#checkpointWriter?.discard();
    for (const report of this.#reports) report.discard();
  }

  /** Has reports that are written at the end hold what is known by now. */
  async #snapshot(plan: ScanPlanView, tally: Tally, scan: RunningScan): Promise<void> {
    const snapshots = this.#snapshots;
    if (snapshots === undefined || tally.taken === this.#takenBySnapshot) return;
    this.#takenBySnapshot = tally.taken;
    const endings = new Map<Report, Iterable<string>>();
    let book: HostAggregator | undefined;
    await this.#toAll((report) => {
      if (snapshots.isOver || !report.isLate) return;
      book ??= snapshots.copy(this.#aggregator, this.#line.verbosity);
      if (book === undefined) return;
      const { sent, ratePps, loss } = scan.progress();
      const hostsUp = book.report(plan.hosts).upHosts;
      const summary = { ...tally.summary(plan, "The scan was cut off"), sent, ratePps: ratePps ?? 0, loss, hostsUp };
      endings.set(report, report.ending(book, summary, this.#nowMs()));
    });
    for (const [report, pieces] of endings) {
      const text = await snapshots.join(pieces);
      await this.#toAll(async (each) => {
        if (text !== undefined && each === report && !snapshots.isOver) await report.endFor(text);
      });
    }
  }

  async #report(batch: ResultList, tally: Tally): Promise<void> {
    const { filter } = this.#line;
    const isNews = this.#line.changed ? this.#recording?.isNews : undefined;
    let shown = filter === undefined ? batch : batch.filter(filter);
    if (isNews !== undefined) shown = shown.filter(isNews);
    tally.add(batch);
    if (this.#terminal.verbosity > 0) this.#tellOpen(shown);
    const nowMs = this.#nowMs();
    this.#record((recording) => recording.add(batch, nowMs));
    await this.#toAll((report) => report.results(shown, nowMs));
    if (shown.rows !== undefined) this.#checkpointWriter?.record(shown.rows, nowMs);
  }

  /** Gives the reports the results that those of the scan were given before it was resumed. */
  async #replay({ names }: ScanPlanView): Promise<void> {
    if (this.#resumed === undefined) return;
    let sinceMs = performance.now();
    for (const { rows, timeMs } of this.#resumed.journal.batches()) {
      const batch = resultsIn(rows, names);
      await this.#toAll((report) => report.replay(batch, timeMs));
      if (performance.now() - sinceMs < REPLAY_SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      sinceMs = performance.now();
    }
  }

  #historyKept(): KeptOutput[] {
    const { db } = this.#line;
    if (db === undefined || this.#recording === undefined || this.#recordingFailed) return [];
    return [{ format: "history", path: db, bytes: null, scan: this.#recording.id }];
  }

  #begin(recording: Recording): void {
    this.#recording = recording;
    if (this.#resumed?.rest !== undefined && recording.id !== this.#recordedBefore()?.id) {
      this.#terminal.say("What is left of the scan is recorded as a scan of its own");
    }
    if (this.#line.changed && !recording.hasEarlier) {
      this.#terminal.say("The history has no earlier scan of these targets and ports: everything is new");
    }
  }

  /** The scan as the history has it, where it was begun before. */
  #recordedBefore(): ScanSoFar | undefined {
    const { rest, checkpoint } = this.#resumed ?? {};
    const kept = checkpoint?.outputs.find(({ format, path }) => format === "history" && path === this.#line.db);
    return rest === undefined || kept?.scan === undefined ? undefined : { id: kept.scan, byState: rest.done.byState };
  }

  /** Writes to the history; where that fails it is given up, and the reports go on. */
  #record(act: (recording: Recording) => void): void {
    if (this.#recording === undefined || this.#recordingFailed) return;
    try {
      act(this.#recording);
    } catch (error) {
      if (!(error instanceof CannotScanError)) throw error;
      this.#recordingFailed = this.#writeFailed = true;
      // What was kept last is in the history; from now on something would be missing.
      this.#checkpointWriter?.stop();
      this.#terminal.say(error.message);
    }
  }

  /** What is kept of a scan must be in the history as well. */
  #keep(plan: ScanPlanView, rest: ScanSnapshot, keeper: CheckpointWriter): void {
    let isWritten = true;
    this.#record((recording) => isWritten = recording.flush(this.#nowMs()));
    if (isWritten) keeper.keep(this.#stateOf(plan, rest));
    else keeper.missed();
  }

  /** The scan as it is now, all that it has given having been reported. */
  #stateOf({ technique }: ScanPlanView, rest: ScanSnapshot): ScanState {
    const reports = this.#reports;
    return {
      technique,
      rest,
      outputs: [...reports.map((report) => report.keep()), ...this.#historyKept()],
      sync: async () => void await Promise.all(reports.map((report) => report.sync())),
    };
  }

  async #openHistory(opened: DisposableStack): Promise<NewRecording | undefined> {
    const { db } = this.#line;
    if (db === undefined) return undefined;
    const { openHistory, Recording } = await import("./history.ts");
    const history = opened.use(await openHistory(db, { write: true, why: "to record the scan" }, this.#system));
    return (start, how) => new Recording(history, start, how);
  }

  async #open({ format, path, flag }: Output, files: FileCheck): Promise<Report> {
    const { openOnly, reason, verbosity, fields, quiet } = this.#line;
    const color = path === "-" && isColored(this.#line, this.#system);
    const columns = path === "-" ? lineWidth(this.#system) : undefined;
    const clearLine = () => {
      if (this.#system.stdoutIsTerminal) this.#terminal.clear();
    };
    const isThis = (output: Pick<KeptOutput, "format" | "path">) => output.format === format && output.path === path;
    const kept = this.#resumed?.checkpoint.outputs.find(isThis);
    const FormatWriter = await writerOf(format);
    const sink = path === "-"
      ? stdoutSink(this.#system, clearLine, this.#writeDeadline)
      : fileSink(path, flag, this.#system, { files, kept, patience: this.#writeDeadline });
    // The history tells once the scan begins; writers ask when they write.
    const stateBefore = this.#line.changed
      ? (ip: string, port: number) => this.#recording?.stateBefore(ip, port)
      : undefined;
    const options = { openOnly, reason, verbosity, fields, color, quiet, columns, stateBefore };
    const another = (book: HostAggregator) => new FormatWriter(options, book);
    return new Report({ format, path }, { writer: another(this.#aggregator), another }, sink, kept);
  }

  /**
   * Does something with every report, after what was to be done before; one that cannot be written any more is given up, and
   * the others go on.
   */
  #toAll(act: (report: Report) => Promise<void> | void): Promise<void> {
    const turn = this.#writing.then(() => this.#toEach(act));
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #toEach(act: (report: Report) => Promise<void> | void): Promise<void> {
    const lost: Report[] = [];
    for (const report of this.#reports) {
      try {
        await act(report);
      } catch (error) {
        const isStalled = error instanceof StalledReader;
        if (!(error instanceof ClosedPipe) && !(error instanceof CannotScanError) && !isStalled) throw error;
        lost.push(report);
        if (error instanceof ClosedPipe) {
          this.#pipeClosed = true;
        } else {
          if (isStalled) this.#hasStalled = true;
          else this.#writeFailed = true;
          // What was kept last has all of it; from now on something would be missing.
          this.#checkpointWriter?.stop();
          this.#terminal.say(error.message);
        }
      }
    }
    if (lost.length === 0) return;
    this.#reports = this.#reports.filter((report) => !lost.includes(report));
    if (this.#reports.length === 0) this.#abort.abort();
  }

  async #close(summary: Summary): Promise<void> {
    this.#terminal[Symbol.dispose]();
    this.#snapshots?.[Symbol.dispose]();
    const endedAtMs = this.#nowMs();
    // The history first: a report may tell what changed since the scan before.
    this.#record((recording) => recording.finish(summary, endedAtMs));
    if (this.#reports.some(({ wantsChanges }) => wantsChanges)) {
      this.#record((recording) => {
        const changes = recording.changes();
        if (changes !== undefined) { for (const report of this.#reports) report.compared(changes); }
      });
    }
    await this.#toAll((report) => report.end(summary, endedAtMs));
    if (this.#line.quiet) { for (const remark of remarksOn(summary)) this.#terminal.say(remark); }
  }

  #announce(plan: ScanPlanView): void {
    for (const warning of plan.warnings) this.#terminal.say(warning);
    if (this.#line.verbosity === 0) return;
    if (this.#line.configPath !== undefined) this.#terminal.say(`Configuration: ${this.#line.configPath}`);
    const from = plan.sources.length === 0 ? "" : ` from ${plan.sources.join(", ")}`;
    this.#terminal.say(
      `Scanning ${
        probedText(plan.hosts, plan.probes, plan.ports.count)
      } (${plan.technique}, ${plan.transport}${from}, ` +
        `${counted(plan.workers, "worker")})`,
    );
    for (const why of plan.notes) this.#terminal.say(why);
    const before = this.#resumed?.rest?.done.byState.reduce((sum, count) => sum + count, 0);
    if (before !== undefined) this.#terminal.say(`Going on: ${counted(before, "port")} were decided before`);
  }

  #tellOpen(batch: ResultList): void {
    let text = "";
    for (const { ip, port, state } of batch) {
      if (state !== "open") continue;
      const before = this.#line.changed ? this.#recording?.stateBefore(ip, port) : undefined;
      text += `Discovered open port ${port}/tcp on ${ip}${before === undefined ? "" : ` (was ${before})`}\n`;
    }
    if (text !== "") this.#terminal.write(text);
  }

  #quit(): void {
    this.#terminal.say("Ending; press Ctrl-C to end at once");
    this.#signal = "SIGINT";
    this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
  }

  /** The first signal ends the scan with all that is known; where nothing is, and for the second, the program just ends. */
  #end(signal: EndSignal): void {
    const isAtOnce = this.#signal !== undefined || !this.#hasBegun || signal === "SIGQUIT";
    this.#signal = signal;
    if (isAtOnce) {
      this.#terminal[Symbol.dispose]();
      if (!this.#hasBegun) this.#discard();
      this.#system.exit(SIGNAL_STATUS[signal]);
    }
    if (signal === "SIGINT") this.#terminal.say("Ending; press Ctrl-C again to end at once");
    // A person can do that; a script cannot.
    if (!this.#system.stderrIsTerminal) this.#writeDeadline.limit(STALLED_MS);
    this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
  }

  #status(summary: Summary): number {
    if (this.#writeFailed) return EXIT.cannot;
    if (summary.ended !== "interrupted" && !this.#hasStalled) return statusOf(summary);
    if (this.#signal !== undefined) return SIGNAL_STATUS[this.#signal];
    return this.#pipeClosed ? EXIT.done : EXIT.interrupted;
  }
}

/** What is asked, as a person would say it. */
function targetsText({ targets, targetLists = [] }: ScanOptions): string {
  const lists = targetLists.map(({ name }) => name.startsWith("@") ? name : `-iL ${name}`);
  return [...(typeof targets === "string" ? [targets] : targets), ...lists].join(" ");
}

/** Every report that was asked for; the table goes to standard output unless another does. */
export function outputsOf({ outputs }: CommandLine): readonly Output[] {
  return outputs.some(({ path }) => path === "-") ? outputs : [{ format: "table", path: "-", flag: "" }, ...outputs];
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What is known of a scan that fails before it can give a summary itself. */
class Tally {
  readonly #byState = STATES.map(() => 0);
  readonly #sinceMs: number;
  /** Results that it was told. */
  taken = 0;

  /** With what was done before. */
  constructor(before: ScanDone | undefined) {
    before?.byState.forEach((count, code) => this.#byState[code] = count);
    this.#sinceMs = performance.now() - (before?.elapsedMs ?? 0);
  }

  add(batch: ResultList): void {
    this.taken += batch.length;
    if (batch.rows !== undefined) countResults(batch.rows, this.#byState);
  }

  /** Ports that were decided. */
  get decided(): number {
    return decidedIn(stateCounts(this.#byState));
  }

  summary(plan: ScanPlanView, warning: string): Summary {
    const counts = stateCounts(this.#byState);
    return {
      ...UNTOLD,
      ...counts,
      hosts: plan.hosts,
      probes: plan.probes,
      answered: counts.open + counts.closed + counts.unfiltered,
      undecided: plan.probes - this.decided,
      elapsedMs: performance.now() - this.#sinceMs,
      warnings: [warning],
      transport: plan.transport,
      workers: plan.workers,
    };
  }
}
