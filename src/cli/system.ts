/**
 * The host interface of the program: terminal, files, signals, permissions. Tests replace it.
 *
 * @module
 */

import { decodeText } from "./decode.ts";
import { effectiveUser, WritableFile } from "../../ffi/file.ts";
import type { LaterUser } from "../scan/options.ts";
import { chooseLaterUser, invokingUser, withRightsOf } from "../scan/privileges.ts";
import {
  environmentVariable,
  ignore,
  inForeground,
  inputWaits,
  isIgnored,
  outputIsFile,
  stopSelf,
} from "../../ffi/terminal.ts";
import { type FileIdentity, identify, identifyDescriptor, mayExist } from "./identity.ts";

/** Signals that end a scan. */
export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT";

/** Signals that are listened to. */
export type SystemSignal = EndSignal | "SIGUSR2" | "SIGTSTP";

/** Standard input, output or error. */
export type StandardStream = 0 | 1 | 2;

/** A file that is being written. */
export interface OutputFile {
  /** Its device and inode, as in {@linkcode FileIdentity}. */
  readonly id: string;
  /** False for pipes and devices, which can only be added to. */
  readonly seekable: boolean;
  /** Its size in bytes when it was opened; 0 if it is not seekable. */
  readonly openedLen: number;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Returns the contents of a file that was opened to be resumed; less than `length` bytes at its end. */
  readAt(offset: number, length: number): Uint8Array;
  seek(offset: number): void;
  truncate(length: number): void;
  /** Flushes what was written to disk. */
  sync(): Promise<void>;
  /** Removes it, if it was made by being opened. */
  discard(): void;
  /** False where its path has come to lead to another file, or to none. */
  isInPlace(): boolean;
  close(): void;
}

/** The outside. */
export interface System {
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** False where the user wants no colour anywhere (NO_COLOR). */
  readonly colorAllowed: boolean;
  /** Columns of the terminal; 0 where it does not know. */
  columns(): number;
  /** A variable of the environment; `undefined` where it is not set, or may not be read. */
  env(name: string): string | undefined;
  /** A variable of the environment, as the C library has it; `undefined` where it is not set, or the library may not be called. */
  environ(name: string): string | undefined;
  /** The name of this machine; `undefined` where it may not be read. */
  hostname(): string | undefined;
  /** True where Deno allows it without asking. */
  isAllowed(permission: Deno.PermissionDescriptor): boolean;
  writeStdout(bytes: Uint8Array): Promise<number>;
  /** Writes to standard error; never throws. */
  writeStderr(text: string): void;
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
  /** Identifies the file at a path, or of a standard stream; undefined where that is not possible. */
  identify(place: string | StandardStream): FileIdentity | undefined;
  /** False where there is no file at a path, nor a symbolic link, as far as that may be known. */
  mayExist(path: string): boolean;
  /** The user as whom files are opened; undefined where it is not known. */
  effectiveUser(): number | undefined;
  /** Opens for writing, without cutting off what is there; one that must exist, to be resumed, for reading as well. */
  openOutput(path: string, options?: { mustExist: boolean }): OutputFile;
  /** Chooses who the program becomes once the scan's sockets are open, when it will still have to replace `files`. */
  laterUser(files: readonly string[]): LaterUser;
  /** Calls a function that opens files which that user has to replace later. */
  asLaterUser<T>(action: () => T): T;
  /** Asks a person; `null` if there is no answer. */
  ask(question: string, offered?: string): string | null;
  /** Calls back on each of these signals, until disposed; those that were ignored when the program began stay so. */
  onSignal<T extends SystemSignal>(signals: readonly T[], callback: (signal: T) => void): Disposable;
  /** True while this program may read keys from its terminal: not in the background. */
  inForeground(): boolean;
  /** Has the terminal give keys as they are pressed, without showing them; Ctrl-C and the like still send signals. */
  setRaw(isRaw: boolean): void;
  /** Returns the text typed since the last call, `""` for nothing, without waiting; `null` if nothing will come any more. */
  readTyped(): string | null;
  /** Stops the program as Ctrl-Z does; returns when it goes on. */
  stopSelf(): void;
  /** Ends the program at once. */
  exit(status: number): never;
}

/** The real outside. */
export function denoSystem(): System {
  const encoder = new TextEncoder();
  let later: LaterUser | undefined;
  // A write beyond the limit on the size of files (ulimit -f) then fails with EFBIG, instead of ending the program.
  if (isAllowed({ name: "ffi" })) ignore("SIGXFSZ");
  return {
    stdinIsTerminal: Deno.stdin.isTerminal(),
    stdoutIsTerminal: Deno.stdout.isTerminal(),
    stderrIsTerminal: Deno.stderr.isTerminal(),
    colorAllowed: !Deno.noColor,
    columns: terminalColumns,
    env: (variable) => isAllowed({ name: "env", variable }) ? Deno.env.get(variable) : undefined,
    environ: (name) => isAllowed({ name: "ffi" }) ? environmentVariable(name) : undefined,
    hostname: () => isAllowed({ name: "sys", kind: "hostname" }) ? Deno.hostname() : undefined,
    isAllowed,
    writeStdout,
    writeStderr: (text) => writeQuietly(encoder.encode(text)),
    readStdin: async () => decodeText(await new Response(Deno.stdin.readable).bytes()),
    readFile,
    identify: (place) => {
      if (!isAllowed({ name: "ffi" })) return undefined;
      return typeof place === "string" ? identify(place) : identifyDescriptor(place);
    },
    mayExist: (path) =>
      isAllowed({ name: "read", path }) ? isThere(path) : isAllowed({ name: "ffi" }) && mayExist(path),
    effectiveUser: () => isAllowed({ name: "ffi" }) ? effectiveUser() : undefined,
    // Under sudo with the rights of who called it: a user who may use sudo for this program only must not write anywhere.
    openOutput: (path, options) =>
      withRightsOf(isAllowed({ name: "ffi" }) ? invokingUser() : undefined, () => openFile(path, options)),
    laterUser: (files) => later = chooseLaterUser(files),
    asLaterUser: (action) => withRightsOf(later, action),
    ask: (question, offered) => prompt(question, offered),
    onSignal: listen,
    inForeground,
    setRaw: (isRaw) => Deno.stdin.setRaw(isRaw, { cbreak: isRaw }),
    readTyped,
    stopSelf,
    exit: (status) => Deno.exit(status),
  };
}

function isAllowed(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

/** The device number of /dev/null, from the kernel's `admin-guide/devices.txt`. */
const NULL_DEVICE = 0x103;

/** Reads a text file. A device other than standard input or /dev/null may have no end, or act on being opened. */
async function readFile(path: string): Promise<string> {
  const { isBlockDevice, isCharDevice, rdev } = await Deno.stat(path);
  if (isBlockDevice || isCharDevice && rdev !== NULL_DEVICE && path !== "/dev/stdin") {
    throw new TypeError("it is a device. Name a file or a pipe");
  }
  return decodeText(await Deno.readFile(path));
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80;
  }
}

// Standard error may be closed, or full; the error cannot be reported.
let outputNeedsNoWait: boolean | undefined;

/**
 * Writes to standard output. A file takes what it is given at once, so that no thread is needed to wait for it, and results
 * do not pile up meanwhile; the reader of a pipe may be slow.
 */
async function writeStdout(bytes: Uint8Array): Promise<number> {
  outputNeedsNoWait ??= !Deno.stdout.isTerminal() && isAllowed({ name: "ffi" }) && outputIsFile();
  return outputNeedsNoWait ? Deno.stdout.writeSync(bytes) : await Deno.stdout.write(bytes);
}

function writeQuietly(bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  } catch {
    return;
  }
}

function openFile(path: string, { mustExist } = { mustExist: false }): OutputFile {
  // Links were followed, and judged, before: what becomes a link in between is refused.
  const resolved = path.endsWith("/") ? undefined : identify(path)?.path;
  const file = new WritableFile(resolved ?? path, { isOld: mustExist, noFollow: resolved !== undefined });
  const { id, kind, length } = file.status;
  return {
    id,
    seekable: kind === "file",
    openedLen: length,
    write: async (bytes) => await file.write(bytes),
    readAt: (offset, length) => file.readAt(offset, length),
    seek: (offset) => file.seek(offset),
    truncate: (length) => file.truncate(length),
    sync: () => file.sync(),
    discard: () => file.remove(),
    isInPlace: () => file.isInPlace(),
    close: () => file.close(),
  };
}

/** Never waits: it looks first. */
function readTyped(): string | null {
  if (!inputWaits()) return "";
  const typed = new Uint8Array(64);
  const length = Deno.stdin.readSync(typed);
  return length === null ? null : new TextDecoder().decode(typed.subarray(0, length));
}

function listen<T extends SystemSignal>(signals: readonly T[], callback: (signal: T) => void): Disposable {
  // nohup and a script's & have signals ignored; to listen would undo that. Only the C library tells.
  if (ignoredSignals === undefined) {
    ignoredSignals = isAllowed({ name: "ffi" }) ? SIGNALS.filter(isIgnored) : [];
    refuseDebugger();
  }
  const ignored: readonly SystemSignal[] = ignoredSignals;
  const listeners = signals.filter((signal) => !ignored.includes(signal)).map((signal) => ({
    signal,
    listener: () => callback(signal),
  }));
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  // As soon as one signal is listened to, Deno catches all that end a program, and ends it.
  ignored.forEach(ignore);
  return {
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}

/**
 * Has SIGUSR1 ignored. Some 100 ms after it has started, Deno 2.9 installs a handler for it that opens the debugger on
 * 127.0.0.1:9229, to every user of the machine. It installs a handler once in the life of a process; a listener of our own,
 * however short-lived, is that once, and what replaces the handler afterwards stays.
 */
function refuseDebugger(): void {
  if (!isAllowed({ name: "ffi" })) return;
  const listener = () => {};
  Deno.addSignalListener("SIGUSR1", listener);
  Deno.removeSignalListener("SIGUSR1", listener);
  ignore("SIGUSR1");
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGTSTP"] as const satisfies SystemSignal[];
/** Signals that were ignored when this program began; unknown before it listens to any. */
let ignoredSignals: readonly SystemSignal[] | undefined;
