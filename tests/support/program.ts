/**
 * The program as a process of its own.
 *
 * @module
 */

/** The path of mod.ts. */
export const MOD: string = new URL("../../mod.ts", import.meta.url).pathname;

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

/** Resolves once something holds; a file that is missing counts as a no. */
export async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 200; round++) {
    try {
      if (holds()) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Waited 10 s in vain");
}

/** Runs the program in a folder whose file `hosts` is mounted over /etc/hosts. Needs root. */
export function runWithHosts(folder: string, args: readonly string[]): Promise<Ended> {
  const script = `mount --bind ${folder}/hosts /etc/hosts && exec "$@"`;
  const command = ["unshare", "--mount", "sh", "-c", script, "sh", ...synscan(args)];
  return ended(start(command, { cwd: folder, env: { XDG_CONFIG_HOME: folder } }));
}
