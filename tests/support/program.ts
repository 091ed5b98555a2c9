/**
 * The program as a process of its own.
 *
 * @module
 */

/** The path of mod.ts. */
export const MOD: string = new URL("../../mod.ts", import.meta.url).pathname;

/** Flags of `deno run` with which mod.ts loads its sources, not its bundle. */
export const FROM_SOURCES: readonly string[] = [
  "--no-config",
  `--import-map=${new URL("sources.json", import.meta.url).pathname}`,
];

/** The result of a process. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Resolves with the result of a process once it has exited. */
export async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** Resolves once a process has printed to standard output, or error; the result of the process follows. */
export async function untilItPrints(
  child: Deno.ChildProcess,
  to: "stdout" | "stderr" = "stdout",
): Promise<{ readonly ending: Promise<Ended> }> {
  const [first, all] = child[to].tee();
  const reader = first.getReader();
  const textOf = (stream: "stdout" | "stderr") => new Response(stream === to ? all : child[stream]).text();
  const ending = Promise.all([child.status, textOf("stdout"), textOf("stderr")])
    .then(([{ code }, out, err]) => ({ code, out, err }));
  await reader.read();
  // It resolves once both readers have cancelled.
  reader.cancel();
  return { ending };
}

/** Starts a command without standard input; both outputs are piped. */
export function start(command: readonly string[], options: Deno.CommandOptions = {}): Deno.ChildProcess {
  const [program = "", ...args] = command;
  return new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped", ...options }).spawn();
}

/** Returns the command line of the program, with Deno's permissions. */
export function synscan(args: readonly string[], rights: readonly string[] = ["-A"]): string[] {
  return [Deno.execPath(), "run", "--no-prompt", ...rights, MOD, ...args];
}

/** Runs the program in a folder, which also is that of its configuration. */
export function runIn(folder: string, args: readonly string[], rights?: readonly string[]): Promise<Ended> {
  return ended(start(synscan(args, rights), { cwd: folder, env: { XDG_CONFIG_HOME: folder } }));
}

/** The longest wait of {@linkcode until}, in milliseconds: no condition takes that long on a machine that is loaded. */
const PATIENCE_MS = 600_000;

/** Resolves once a condition holds; it does not hold while a file that it reads is missing. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const beganMs = performance.now(); performance.now() - beganMs < PATIENCE_MS;) {
    try {
      if (await holds()) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited ${PATIENCE_MS / 1000} s for: ${holds}`);
}

/** Returns true where a process has a handler for a signal (of this number), proc_pid_status(5). */
export function catchesSignal(pid: number, signal: number): boolean {
  const [, caught = ""] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
  return (BigInt(`0x${caught}`) >> BigInt(signal - 1) & 1n) === 1n;
}

/** Runs the program in a folder whose file `hosts` is mounted over /etc/hosts. Needs root. */
export function runWithHosts(folder: string, args: readonly string[]): Promise<Ended> {
  const script = `mount --bind ${folder}/hosts /etc/hosts && exec "$@"`;
  const command = ["unshare", "--mount", "sh", "-c", script, "sh", ...synscan(args)];
  return ended(start(command, { cwd: folder, env: { XDG_CONFIG_HOME: folder } }));
}
