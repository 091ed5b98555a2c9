/**
 * What a person sees and does while a scan runs: what is said on standard error, a line of progress, and keys.
 *
 * @module
 */
import { counted, printable } from "../../base/text.ts";
import type { CommandLine } from "../args/command_line.ts";
import { keysText } from "./keys.ts";
import { Keyboard } from "./keyboard.ts";
import { NOT_BEGUN, progressText, statusText } from "./progress.ts";
import type { RunningScan } from "../scanner.ts";
import type { Progress } from "../../result/outcome.ts";
import { wrapped } from "../../base/wrap.ts";
import type { System } from "../system.ts";

const EVERY_MS = 200;
const CLEAR = "\r\x1b[K";
const MOST_VERBOSE = 9;
/** Of a terminal that does not know its own, such as one that a program has made and not sized. */
const USUAL_COLUMNS = 80;

/** The side of a scan that faces a person. */
export class TerminalUi implements Disposable {
  /** How much is told, 0 for little. Keys change it. */
  verbosity: number;
  readonly #system: System;
  readonly #line: CommandLine;
  readonly #stack = new DisposableStack();
  #keyboard: Keyboard | undefined;
  #scan: RunningScan | undefined;
  #isLineShown = false;
  #isTracing: boolean;

  constructor(world: System, line: CommandLine) {
    this.#system = world;
    this.#line = line;
    this.verbosity = line.verbosity;
    this.#isTracing = line.packetTrace;
  }

  /** Says something, on a line of its own; on a terminal, on as many as it takes. */
  say(text: string): void {
    const { stderrIsTerminal } = this.#system;
    const lines = stderrIsTerminal ? wrapped(printable(text), this.#columns() - 1) : [printable(text)];
    this.write(`${lines.join("\n")}\n`);
  }

  /** Says where the scan stands. */
  sayStatus(): void {
    this.say(this.#scan === undefined ? NOT_BEGUN : statusText(this.#scan.progress()));
  }

  /** Writes whole lines, which may be printed as they are. */
  write(lines: string): void {
    this.clear();
    this.#system.writeStderr(lines);
  }

  /** Takes the line of progress away, so that other text can be written; the next tick brings it back. */
  clear(): void {
    if (this.#isLineShown) this.#system.writeStderr(CLEAR);
    this.#isLineShown = false;
  }

  /**
   * Shows where the scan stands from now on, and obeys keys and Ctrl-Z. `quit` ends the scan; `stats` is told where it stands
   * as often as `--stats-every` says.
   */
  follow(scan: RunningScan, { quit, stats }: { quit: () => void; stats: (progress: Progress) => void }): void {
    const world = this.#system;
    const { progress, keys, statsEveryMs } = this.#line;
    this.#scan = scan;
    if (statsEveryMs !== undefined) {
      this.#every(statsEveryMs, () => {
        this.sayStatus();
        stats(scan.progress());
      });
    }
    if (!world.stderrIsTerminal) return;
    if (progress) {
      this.#every(EVERY_MS, () => {
        if (world.stdinIsTerminal && !world.inForeground()) return this.clear();
        world.writeStderr(CLEAR + progressText(scan.progress(), this.#columns()));
        this.#isLineShown = true;
      });
    }
    if (keys && world.stdinIsTerminal && world.stdoutIsTerminal) {
      this.#keyboard = this.#stack.use(new Keyboard(world, (key) => this.#onKey(key, scan, quit)));
    }
    this.#stack.use(world.onSignal(["SIGTSTP"], () => {
      this.clear();
      this.#keyboard?.release();
      world.stopSelf();
    }));
  }

  /** Gives the terminal back as it was. */
  [Symbol.dispose](): void {
    this.#stack.dispose();
    this.#keyboard = undefined;
    this.clear();
  }

  #columns(): number {
    return this.#system.columns() || USUAL_COLUMNS;
  }

  #every(spanMs: number, act: () => void): void {
    const timer = setInterval(act, spanMs);
    this.#stack.defer(() => clearInterval(timer));
  }

  #onKey(key: string, scan: RunningScan, quit: () => void): void {
    switch (key) {
      case "+":
        return this.#setRate(scan, 2);
      case "-":
        return this.#setRate(scan, 1 / 2);
      case "v":
        return this.#setVerbosity(this.verbosity + 1);
      case "V":
        return this.#setVerbosity(this.verbosity - 1);
      case "p":
        return this.#trace(scan, true);
      case "P":
        return this.#trace(scan, false);
      case "q":
        return quit();
      case "?":
        return this.write(keysText(this.#columns()));
      default:
        return this.say(`${statusText(scan.progress())} (? for keys)`);
    }
  }

  #setRate(scan: RunningScan, factor: number): void {
    const { maxRatePps, ratePps } = scan.progress();
    if (maxRatePps === Infinity && factor > 1) return this.say("Rate: nothing bounds it but the machine and the path");
    const wished = Math.max(1, Math.round((maxRatePps === Infinity ? ratePps ?? 1 : maxRatePps) * factor));
    scan.setMaxRate(wished);
    this.say(`Rate: at most ${counted(wished, "probe")}/s`);
  }

  #setVerbosity(verbosity: number): void {
    this.verbosity = Math.max(0, Math.min(MOST_VERBOSE, verbosity));
    this.say(
      this.verbosity === 0
        ? "Verbosity 0: open ports are told at the end"
        : `Verbosity ${this.verbosity}: open ports are told as they are found`,
    );
  }

  #trace(scan: RunningScan, wanted: boolean): void {
    const can = scan.setOnPacket(wanted ? (packet) => this.say(packet) : undefined);
    if (!can) return this.say("Packets cannot be shown: that takes a SYN scan with one worker (-sS --workers 1)");
    if (wanted !== this.#isTracing) this.say(wanted ? "Packets are shown" : "Packets are no longer shown");
    this.#isTracing = wanted;
  }
}
