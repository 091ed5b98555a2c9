/**
 * A library that scans nothing and a world without a terminal, for tests of the program.
 */
import { passesNamed } from "../../src/result/pass.ts";
import { main } from "../../src/cli/main.ts";
import type { FileIdentity } from "../../src/cli/identity.ts";
import type { RunningScan, Scanner, ScanPlanView } from "../../src/cli/scanner.ts";
import type { OutputFile, System, SystemSignal } from "../../src/cli/system.ts";
import type { LaterUser, ScanOptions } from "../../src/scan/options.ts";
import type { PortResult, ResultList } from "../../src/result/port_result.ts";
import type { Progress, Summary } from "../../src/result/summary.ts";
import { cursorOver, result, summary } from "../support/results.ts";

export { result, summary };

/** What a fake scan does. */
export interface FakeScan {
  readonly batches?: readonly (readonly PortResult[])[];
  readonly summary?: Summary;
  readonly plan?: Partial<ScanPlanView>;
  /** Fails before the first result. */
  readonly setUpError?: Error;
  /** Fails after the last batch. */
  readonly laterError?: Error;
  /** After its batches, waits to be aborted, and then ends as interrupted. */
  readonly hangs?: boolean;
  /** Never ends, not even when aborted. */
  readonly deaf?: boolean;
  readonly source?: string;
  readonly progress?: Partial<Progress>;
  /** False where packets cannot be seen. */
  readonly canTrace?: boolean;
}

/** A library that gives what it is told to, and notes what it was asked. */
export class FakeScanner implements Scanner {
  readonly asked: ScanOptions[] = [];
  /** What the rate was set to while scans ran. */
  readonly rates: number[] = [];
  onPacket: ((line: string) => void) | undefined;
  readonly #fake: FakeScan;

  constructor(fake: FakeScan = {}) {
    this.#fake = fake;
  }

  scan(options: ScanOptions, { signal }: { signal: AbortSignal }): RunningScan {
    this.asked.push(options);
    const fake = this.#fake;
    const failure = fake.setUpError ?? fake.laterError;
    const ended = fake.deaf ? new Promise<void>(() => {}) : fake.hangs ? aborted(signal) : Promise.resolve();
    async function* lentBatches(): AsyncGenerator<ResultList> {
      await Promise.resolve();
      if (fake.setUpError) throw fake.setUpError;
      for (const batch of fake.batches ?? []) yield cursorOver(batch);
      await ended;
      if (fake.laterError) throw fake.laterError;
    }
    const plan: ScanPlanView = {
      hosts: 1,
      probes: 3,
      ports: { count: 3, text: "7-9" },
      technique: "syn",
      passes: passesNamed("syn"),
      transport: "sendmmsg",
      notes: ["Many packets can be handed over at once"],
      sources: ["10.0.0.9"],
      workers: 1,
      space: "10.0.0.1",
      warnings: [],
      ...fake.plan,
    };
    const last = summary({ ...fake.summary, ...(fake.hangs ? { ended: "interrupted", trusted: false } : {}) });
    return {
      batches: lentBatches,
      plan: fake.setUpError ? Promise.reject(fake.setUpError) : Promise.resolve(plan),
      summary: failure ? Promise.reject(failure) : ended.then(() => last),
      progress: () => ({
        decided: 1,
        probes: 3,
        sent: 4,
        open: 1,
        inFlight: 2,
        ratePps: 5,
        maxRatePps: Infinity,
        loss: 0,
        elapsedMs: 100,
        leftMs: 200,
        ...fake.progress,
        ...(this.rates.length > 0 ? { maxRatePps: this.rates.at(-1)! } : {}),
      }),
      setMaxRate: (ratePps) => {
        this.rates.push(ratePps);
      },
      setOnPacket: (onPacket) => {
        if (fake.canTrace !== false) this.onPacket = onPacket;
        return fake.canTrace !== false;
      },
    };
  }

  planScan(options: ScanOptions): ReturnType<Scanner["planScan"]> {
    this.asked.push(options);
    if (this.#fake.setUpError) return Promise.reject(this.#fake.setUpError);
    return Promise.resolve({
      hosts: 2,
      probes: 4,
      technique: "syn",
      warnings: [],
      entries: () => [{ ip: "10.0.0.1", ports: "22,80" }, { ip: "10.0.0.2", ports: "22,80" }],
    });
  }

  listHosts(options: ScanOptions): ReturnType<Scanner["listHosts"]> {
    this.asked.push(options);
    if (this.#fake.setUpError) return Promise.reject(this.#fake.setUpError);
    return Promise.resolve({
      hosts: 2,
      isComplete: true,
      ended: "done",
      warnings: [],
      entries: () => [
        { ip: "10.0.0.1", names: ["a.example"], hostname: "<b>.example" },
        { ip: "10.0.0.2", names: [], hostname: "c.example" },
      ],
    });
  }

  suggestSource(): Promise<string | undefined> {
    return Promise.resolve(this.#fake.source);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}

/** What the world is like. */
export interface FakeWorldOptions {
  readonly terminal?: boolean;
  readonly files?: Readonly<Record<string, string | Error>>;
  /** Permissions that Deno was not given. */
  readonly denied?: readonly string[];
  readonly stdin?: string;
  readonly answers?: readonly (string | null)[];
  /** Octets after which a write fails, and how. */
  readonly stdoutFails?: { readonly after: number; readonly error: Error };
  readonly diskFails?: { readonly after: number; readonly error: Error };
  /** Signals that come one after the other, as soon as someone listens. */
  readonly signals?: readonly SystemSignal[];
  /** What is typed, a piece each time that someone looks; after the last, nothing. */
  readonly typed?: readonly (string | null)[];
  readonly env?: Readonly<Record<string, string>>;
  readonly inBackground?: boolean;
  readonly identities?: Readonly<Record<string, FileIdentity>>;
  readonly uid?: number;
  readonly columns?: number;
}

/** Thrown where the program would end at once. */
class Exited extends Error {
  constructor(status: number) {
    super(`exited with ${status}`);
  }
}

/** A world in memory. */
export class FakeWorld implements System {
  stdout = "";
  stderr = "";
  readonly asked: string[] = [];
  /** What became of the terminal, in order. */
  readonly terminal: ("raw" | "as it was" | "stopped")[] = [];
  readonly #typed: (string | null)[];
  readonly written = new Map<string, FakeFile>();
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly colorAllowed = true;
  readonly #options: FakeWorldOptions;
  readonly #answers: (string | null)[];
  #stdoutLen = 0;
  /** The status with which the program ended at once. */
  readonly exited: Promise<number>;
  #markExited: (status: number) => void;

  constructor(options: FakeWorldOptions = {}) {
    this.#options = options;
    ({ promise: this.exited, resolve: this.#markExited } = Promise.withResolvers<number>());
    this.#answers = [...options.answers ?? []];
    this.#typed = [...options.typed ?? []];
    this.stdinIsTerminal = this.stdoutIsTerminal = this.stderrIsTerminal = options.terminal ?? false;
  }

  columns(): number {
    return this.#options.columns ?? 80;
  }

  env(name: string): string | undefined {
    return this.#options.denied?.includes("env") ? undefined : this.#options.env?.[name];
  }

  environ(name: string): string | undefined {
    return this.#options.denied?.includes("ffi") ? undefined : this.#options.env?.[name];
  }

  mayExist(path: string): boolean {
    return this.#options.files?.[path] !== undefined;
  }

  hostname(): string {
    return "scanner";
  }

  isAllowed({ name }: Deno.PermissionDescriptor): boolean {
    return !(this.#options.denied ?? []).includes(name);
  }

  writeStdout(bytes: Uint8Array): Promise<number> {
    const fails = this.#options.stdoutFails;
    if (fails && this.#stdoutLen + bytes.length > fails.after) return Promise.reject(fails.error);
    this.#stdoutLen += bytes.length;
    this.stdout += new TextDecoder().decode(bytes);
    return Promise.resolve(bytes.length);
  }

  writeStderr(text: string): void {
    this.stderr += text;
  }

  readStdin(): Promise<string> {
    return Promise.resolve(this.#options.stdin ?? "");
  }

  readFile(path: string): Promise<string> {
    const file = this.#options.files?.[path] ?? new Deno.errors.NotFound("No such file or directory (os error 2)");
    return typeof file === "string" ? Promise.resolve(file) : Promise.reject(file);
  }

  identify(place: string | number): FileIdentity | undefined {
    return typeof place === "string" ? this.#options.identities?.[place] : undefined;
  }

  effectiveUser(): number | undefined {
    return this.#options.uid;
  }

  openOutput(path: string): OutputFile {
    const there = this.#options.files?.[path];
    if (there instanceof Error) throw there;
    const file = new FakeFile(path, there ?? "", this.#options.diskFails, () => {
      if (there === undefined) this.written.delete(path);
    });
    this.written.set(path, file);
    return file;
  }

  laterUser(): LaterUser {
    return { uid: 65534, gid: 65534 };
  }

  asLaterUser<T>(action: () => T): T {
    return action();
  }

  ask(question: string, offered?: string): string | null {
    this.asked.push(offered === undefined ? question : `${question} [${offered}]`);
    return this.#answers.shift() ?? null;
  }

  onSignal<T extends SystemSignal>(signals: readonly T[], callback: (signal: T) => void): Disposable {
    const coming = (this.#options.signals ?? []).map((signal, at) => ({ signal: signal as T, at }));
    const timers = coming.filter(({ signal }) => signals.includes(signal)).map(({ signal, at }) =>
      setTimeout(() => {
        try {
          callback(signal);
        } catch (error) {
          if (!(error instanceof Exited)) throw error;
        }
      }, 20 * (at + 1))
    );
    return { [Symbol.dispose]: () => timers.forEach((timer) => clearTimeout(timer)) };
  }

  inForeground(): boolean {
    return this.#options.inBackground !== true;
  }

  setRaw(isRaw: boolean): void {
    this.terminal.push(isRaw ? "raw" : "as it was");
  }

  readTyped(): string | null {
    return this.#typed.length === 0 ? "" : this.#typed.shift()!;
  }

  stopSelf(): void {
    this.terminal.push("stopped");
  }

  exit(status: number): never {
    this.#markExited(status);
    throw new Exited(status);
  }
}

/** A file in memory, on a disk that may fill up. */
class FakeFile implements OutputFile {
  readonly seekable = true;
  readonly openedLen: number;
  readonly #fails: FakeWorldOptions["diskFails"];
  #bytes: Uint8Array;
  #at = 0;
  closed = false;
  /** Removes it, if it was made by being opened. */
  readonly discard: () => void;

  constructor(readonly id: string, text: string, fails: FakeWorldOptions["diskFails"], forget: () => void = () => {}) {
    this.discard = forget;
    this.#bytes = new TextEncoder().encode(text);
    this.openedLen = this.#bytes.length;
    this.#fails = fails;
  }

  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }

  write(bytes: Uint8Array): Promise<number> {
    const room = Math.max(0, (this.#fails?.after ?? Infinity) - this.#at);
    if (bytes.length > 0 && room === 0 && this.#fails) return Promise.reject(this.#fails.error);
    const taken = bytes.subarray(0, room);
    const grown = new Uint8Array(Math.max(this.#bytes.length, this.#at + taken.length));
    grown.set(this.#bytes);
    grown.set(taken, this.#at);
    this.#bytes = grown;
    this.#at += taken.length;
    return Promise.resolve(taken.length);
  }

  readAt(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  truncate(length: number): void {
    this.#bytes = this.#bytes.slice(0, length);
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  isInPlace(): boolean {
    return true;
  }

  close(): void {
    this.closed = true;
  }
}

/** Runs the program on a command line. */
export async function runMain(
  commandLine: string | readonly string[],
  fake: FakeScan = {},
  options: FakeWorldOptions = {},
): Promise<{ status: number; world: FakeWorld; scanner: FakeScanner }> {
  const args = typeof commandLine === "string" ? commandLine.split(" ").filter((arg) => arg !== "") : commandLine;
  const scanner = new FakeScanner(fake);
  const world = new FakeWorld(options);
  return { status: await main(args, scanner, world), world, scanner };
}
