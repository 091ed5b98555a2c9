/**
 * A system call made by every thread of the process. libc does that for a change of user only; for what else belongs to a
 * single thread, such as capabilities, each thread is sent a signal whose handler makes the call. The handler is written
 * here as machine code: none in JavaScript may run in a thread that another one has interrupted.
 *
 * @module
 */

import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_EXEC, PROT_READ, SA_RESTART } from "./constants.ts";
import { check, ERRNO, lastErrno, SyscallError } from "./errno.ts";
import { dirent, sigaction } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, MappedMemory, pin, pinString } from "./memory.ts";
import { type Machine, syscall, type SyscallName, syscallNumber } from "./syscalls.ts";

/** A real-time signal that neither a libc nor Deno uses for itself. */
const SIGNAL = 62;
const PAGE_LEN = 4096;
/** The handler comes first in every libc's `struct sigaction`; so does this one: "ignore it". */
const SA_HANDLER = 0;
const SIG_IGN = 1n;
/** The longest wait for threads, in milliseconds. */
const PATIENT_MS = 2000;

/** Arguments of a call, at most six. */
type CallArguments = readonly bigint[];

/** A function in machine code that makes one call and returns. Registers that it changes are the caller's to save. */
export function callCode(number: number, args: CallArguments, machine: Machine): Uint8Array<ArrayBuffer> {
  return machine === "x86_64" ? x86Code(number, args) : armCode(number, args);
}

/** movabs of rdi, rsi, rdx, r10, r8 and r9. */
const X86_ARGUMENTS: readonly (readonly [prefix: number, opcode: number])[] = [
  [0x48, 0xbf],
  [0x48, 0xbe],
  [0x48, 0xba],
  [0x49, 0xba],
  [0x49, 0xb8],
  [0x49, 0xb9],
];

function x86Code(number: number, args: CallArguments): Uint8Array<ArrayBuffer> {
  const code: number[] = [];
  args.forEach((argument, index) => code.push(...X86_ARGUMENTS[index]!, ...littleEndian(argument, 8)));
  code.push(0xb8, ...littleEndian(BigInt(number), 4)); // mov eax, number
  code.push(0x0f, 0x05, 0xc3); // syscall; ret
  return Uint8Array.from(code);
}

function armCode(number: number, args: CallArguments): Uint8Array<ArrayBuffer> {
  const words: number[] = [];
  const load = (register: number, value: bigint) => {
    for (let part = 0; part < 4; part++) {
      const bits = Number(value >> BigInt(16 * part) & 0xffffn);
      // movz for the first quarter, movk for the others
      words.push((part === 0 ? 0xd2800000 : 0xf2800000) + part * 0x200000 + bits * 32 + register);
    }
  };
  args.forEach((argument, index) => load(index, argument));
  load(8, BigInt(number));
  words.push(0xd4000001, 0xd65f03c0); // svc #0; ret
  return Uint8Array.from(words.flatMap((word) => littleEndian(BigInt(word), 4)));
}

function littleEndian(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number(value >> BigInt(8 * index) & 0xffn));
}

/** The numbers of the threads of this process. */
export function threadNumbers(): number[] {
  const name = pinString("/proc/self/task");
  const folder = libc().opendir(name.pointer);
  const errno = lastErrno();
  keepAlive(name);
  if (folder === null) throw new SyscallError("opendir", errno);
  const numbers: number[] = [];
  for (let entry = libc().readdir(folder); entry !== null; entry = libc().readdir(folder)) {
    const number = Number(Deno.UnsafePointerView.getCString(entry, dirent.d_name));
    if (number > 0) numbers.push(number);
  }
  libc().closedir(folder);
  return numbers;
}

/**
 * Has every thread make a call, which may not change what threads have in common. `isDone` returns true for the
 * number of a thread that has made it; threads that begin meanwhile are like the one that began them, or are asked as well.
 *
 * @throws {SyscallError} If the handler cannot be installed, or (`ETIME`) some thread did not make the call in time.
 */
export function inEveryThread(name: SyscallName, args: CallArguments, isDone: (thread: number) => boolean): void {
  if (threadNumbers().every(isDone)) return;
  const process = BigInt(Deno.pid);
  handle(BigInt(installed(callCode(syscallNumber(name), args, Deno.build.arch))));
  try {
    const lastMs = performance.now() + PATIENT_MS;
    for (;;) {
      const missing = threadNumbers().filter((thread) => !isDone(thread));
      if (missing.length === 0) return;
      if (performance.now() > lastMs) throw new SyscallError(name, ERRNO.ETIME);
      for (const thread of missing) signal(process, thread);
      libc().poll(null, 0n, 1);
    }
  } finally {
    // A thread that blocked it must not be ended by it later on.
    handle(SIG_IGN);
  }
}

function signal(process: bigint, thread: number): void {
  try {
    syscall("tgkill", process, BigInt(thread), BigInt(SIGNAL));
  } catch (error) {
    // The thread has ended meanwhile, or has more signals waiting than it may.
    if (!(error instanceof SyscallError) || (error.errno !== ERRNO.ESRCH && error.errno !== ERRNO.EAGAIN)) throw error;
  }
}

/** Puts code where it can run, for as long as the process lives: a thread may be in it at any time. Returns where. */
function installed(code: Uint8Array<ArrayBuffer>): bigint {
  const page = new MappedMemory(-1, PAGE_LEN, MAP_PRIVATE | MAP_ANONYMOUS);
  new Uint8Array(page.buffer).set(code);
  // Never writable and executable at once. The kernel makes caches agree when a page becomes executable.
  check(libc().mprotect(page.pointer, BigInt(PAGE_LEN), PROT_READ | PROT_EXEC), "mprotect");
  return Deno.UnsafePointer.value(page.pointer);
}

function handle(handler: bigint): void {
  const action = pin(sigaction.size);
  action.view.setBigUint64(SA_HANDLER, handler, true);
  action.view.setInt32(sigaction.sa_flags, SA_RESTART, true);
  check(libc().sigaction(SIGNAL, action.pointer, null), "sigaction");
  keepAlive(action);
}
