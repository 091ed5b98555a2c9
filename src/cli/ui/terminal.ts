/**
 * The terminal during a scan: messages on standard error, a progress line, and keys.
 *
 * @module
 */
import { counted, printable } from "../../base/text.ts";
import { startTimer } from "../../base/timeout.ts";
import type { CommandLine } from "../args/command_line.ts";
import { isDumb } from "../output_choice.ts";
import { keysText } from "./keys.ts";
import { Keyboard } from "./keyboard.ts";
import { NOT_BEGUN, progressText, statusText } from "./progress.ts";
import type { RunningScan } from "../scanner.ts";
import type { Progress } from "../../result/summary.ts";
import { wrapped } from "../../base/wrap.ts";
import type { System } from "../system.ts";

const EVERY_MS = 200;
const CLEAR = "\r\x1b[K";
const MOST_VERBOSE = 9;
/** The columns of a terminal without a size, such as one that a program has made. */
const USUAL_COLUMNS = 80;

/** Prints messages and progress, and reads keys, while a scan runs. */
export class TerminalUi implements Disposable {
  /** The verbosity, 0 or more. Keys change it. */
  verbosity: number;
  readonly #system: System;
  readonly #line: CommandLine;
  readonly #stack = new DisposableStack();
  #keyboard: Keyboard | undefined;
  #scan: RunningScan | undefined;
  #isLineShown = false;
  #isTracing: boolean;

  constructor(system: System, line: CommandLine) {
    this.#system = system;
    this.#line = line;
    this.verbosity = line.verbosity;
    this.#isTracing = line.packetTrace;
  }

  /** Prints a message on a line of its own, wrapped on a terminal. */
  say(text: string): void {
    const { stderrIsTerminal } = this.#system;
    const lines = stderrIsTerminal ? wrapped(printable(text), this.#columns() - 1) : [printable(text)];
    this.write(`${lines.join("\n")}\n`);
  }

  /** Prints the status of the scan. */
  sayStatus(): void {
    this.say(this.#scan === undefined ? NOT_BEGUN : statusText(this.#scan.progress()));
  }

  /** Writes whole lines without escaping them. */
  write(lines: string): void {
    this.clear();
    this.#system.writeStderr(lines);
  }

  /** Clears the progress line, so that other text can be written; the next tick restores it. */
  clear(): void {
    if (this.#isLineShown) this.#system.writeStderr(CLEAR);
    this.#isLineShown = false;
  }

  /**
   * Shows progress from now on, and handles keys and Ctrl-Z. `quit` ends the scan; `stats` is called with the progress at the
   * interval of `--stats-every`.
   */
  follow(scan: RunningScan, { quit, stats }: { quit: () => void; stats: (progress: Progress) => void }): void {
    const system = this.#system;
    const { progress, keys, statsEveryMs } = this.#line;
    this.#scan = scan;
    if (statsEveryMs !== undefined) {
      this.#every(statsEveryMs, () => {
        this.sayStatus();
        stats(scan.progress());
      });
    }
    if (!system.stderrIsTerminal) return;
    if (progress && !isDumb(system)) {
      this.#every(EVERY_MS, () => {
        if (system.stdinIsTerminal && !system.inForeground()) return this.clear();
        system.writeStderr(CLEAR + progressText(scan.progress(), this.#columns()));
        this.#isLineShown = true;
      });
    }
    if (keys && system.stdinIsTerminal && system.stdoutIsTerminal) {
      this.#keyboard = this.#stack.use(new Keyboard(system, (key) => this.#onKey(key, scan, quit)));
    }
    this.#stack.use(system.onSignal(["SIGTSTP"], () => {
      this.clear();
      this.#keyboard?.release();
      system.stopSelf();
    }));
  }

  /** Restores the terminal. */
  [Symbol.dispose](): void {
    this.#stack.dispose();
    this.#keyboard = undefined;
    this.clear();
  }

  #columns(): number {
    return this.#system.columns() || USUAL_COLUMNS;
  }

  #every(spanMs: number, act: () => void): void {
    let timer: Disposable;
    const wait = () =>
      timer = startTimer(spanMs, () => {
        wait();
        act();
      });
    wait();
    this.#stack.defer(() => timer[Symbol.dispose]());
  }

  #onKey(key: string, scan: RunningScan, quit: () => void): void {
    const actions: Readonly<Record<string, () => void>> = {
      "+": () => this.#setRate(scan, 2),
      "-": () => this.#setRate(scan, 1 / 2),
      "v": () => this.#setVerbosity(this.verbosity + 1),
      "V": () => this.#setVerbosity(this.verbosity - 1),
      "p": () => this.#trace(scan, true),
      "P": () => this.#trace(scan, false),
      "q": quit,
      "?": () => this.write(keysText(this.#columns())),
    };
    const action = actions[key] ?? (() => this.say(`${statusText(scan.progress())} (? for keys)`));
    action();
  }

  #setRate(scan: RunningScan, factor: number): void {
    const { maxRatePps, ratePps } = scan.progress();
    if (maxRatePps === Infinity && factor > 1) return this.say("Rate: bounded only by the machine and the path");
    const maxRate = Math.max(1, Math.round((maxRatePps === Infinity ? ratePps ?? 1 : maxRatePps) * factor));
    scan.setMaxRate(maxRate);
    this.say(`Rate: at most ${counted(maxRate, "probe")}/s`);
  }

  #setVerbosity(verbosity: number): void {
    this.verbosity = Math.max(0, Math.min(MOST_VERBOSE, verbosity));
    this.say(
      this.verbosity === 0
        ? "Verbosity 0: open ports are printed at the end"
        : `Verbosity ${this.verbosity}: open ports are printed as they are found`,
    );
  }

  #trace(scan: RunningScan, wanted: boolean): void {
    const can = scan.setOnPacket(wanted ? (packet) => this.say(packet) : undefined);
    if (!can) return this.say("Packets cannot be shown: they need a SYN scan with one worker (-sS --workers 1)");
    if (wanted !== this.#isTracing) this.say(wanted ? "Packets are shown" : "Packets are no longer shown");
    this.#isTracing = wanted;
  }
}
