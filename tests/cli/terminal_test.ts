/**
 * The program on a terminal of 80 columns, as a person has it: a shell in tmux, keys typed, the screen read.
 */
import { assert, assertMatch, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;
const HAS_TMUX = new Deno.Command("sh", { args: ["-c", "command -v tmux bash stty"], stdout: "null", stderr: "null" })
  .outputSync().success;

/** A shell on a terminal. */
class Terminal implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync();

  static async open(columns: number, lines: number): Promise<Terminal> {
    const terminal = new Terminal();
    await terminal.#tmux("new-session", "-d", "-x", `${columns}`, "-y", `${lines}`, "env PS1='$ ' bash --norc");
    await terminal.enter("stty -a > before; echo rea''dy");
    await terminal.until(/^ready$/m);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** Types a line and Enter. */
  type(line: string): Promise<string> {
    return this.keys(line, "Enter");
  }

  /** Types a line and Enter once the shell shows its prompt: a program may discard, or read, what is typed before it has exited. */
  async enter(line: string): Promise<string> {
    await this.until(/^\$ ?$/m);
    return await this.type(line);
  }

  /** Presses keys, by tmux's names. */
  keys(...keys: string[]): Promise<string> {
    return this.#tmux("send-keys", ...keys);
  }

  /** What is on the screen. */
  screen(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-J");
  }

  /** Waits until the screen shows something; returns the screen. */
  async until(shown: RegExp): Promise<string> {
    for (let round = 0; round < 600; round++) {
      const screen = await this.screen();
      if (shown.test(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Waited 60 s for ${shown} in vain:\n${await this.screen()}`);
  }

  /** Whether the terminal's modes are those that the shell began with, but for its size. */
  async isAsItWas(): Promise<boolean> {
    await this.enter("stty -a | tail -n +2 > after; tail -n +2 before | cmp - after && echo as it was || echo changed");
    return /^as it was$/m.test(await this.until(/^(as it was|changed)$/m));
  }

  async #tmux(...args: string[]): Promise<string> {
    const command = new Deno.Command("tmux", {
      args: ["-f", "/dev/null", "-S", `${this.#folder}/socket`, ...args],
      cwd: this.#folder,
      env: { SYNSCAN: `'${Deno.execPath()}' run --allow-ffi ${ROOT}mod.ts` },
    });
    const { success, stdout, stderr } = await command.output();
    if (!success) throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }
}

function testOnTerminal(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: HAS_TMUX ? name : `${name} (skipped: install tmux)`, ignore: !HAS_TMUX, fn });
}

const SLOW = "clear; eval $SYNSCAN -p- --max-rate 2000 127.0.0.1";

testOnTerminal("terminal: before, during and after a scan at 80 columns", async () => {
  await using terminal = await Terminal.open(80, 24);
  await terminal.enter("clear; eval $SYNSCAN -p 1-4000 --max-rate 1000 127.0.0.1");
  const during = await terminal.until(/ % of 4,000 ports, /);
  assertMatch(during, /^\d+ % of 4,000 ports, ((\d+ min )?\d+|under 1) s left, \d+ open, [\d,]+ probes\/s, 0 % loss$/m);
  const after = await terminal.until(/^synscan done: /m);
  assert(!after.includes(" % of "), "the line of progress is gone");
  assert(await terminal.isAsItWas());
});

testOnTerminal("terminal: keys show the status, turn the rate, and end the scan", async () => {
  await using terminal = await Terminal.open(80, 24);
  await terminal.enter(SLOW);
  await terminal.until(/ % of 65,535 ports, /);
  await terminal.keys("Space", "-", "?");
  const screen = await terminal.until(/^Keys while scanning:/m);
  assertMatch(screen, /^Status: \d+ % \([\d,]+ of 65,535 ports\) after /m);
  assertStringIncludes(screen, "Rate: at most 1,000 probes/s\n");
  await terminal.keys("q");
  const after = await terminal.until(/^synscan interrupted: /m);
  assertStringIncludes(after, "undecided (not-asked)");
  assert(await terminal.isAsItWas());
});

testOnTerminal("terminal: Ctrl-Z, background and foreground again", async () => {
  await using terminal = await Terminal.open(80, 24);
  await terminal.enter(SLOW);
  await terminal.until(/ % of 65,535 ports, /);
  await terminal.keys("C-z");
  await terminal.until(/Stopped/);
  assert(await terminal.isAsItWas());
  await terminal.enter("clear; bg");
  await terminal.until(/&$/m);
  await terminal.enter("echo still $((40 + 2))");
  const meanwhile = await terminal.until(/^still 42$/m);
  assert(!/Stopped| % of /.test(meanwhile), "it neither reads the terminal nor writes over the shell's line");
  await terminal.enter("fg");
  await terminal.until(/ % of 65,535 ports, /);
  await terminal.keys("C-c");
  await terminal.until(/^synscan interrupted: /m);
  await terminal.enter("echo status $?");
  await terminal.until(/^status 130$/m);
  assert(await terminal.isAsItWas());
});

testOnTerminal("terminal: started in the background, it leaves the terminal alone", async () => {
  await using terminal = await Terminal.open(80, 24);
  await terminal.enter("clear; eval $SYNSCAN -p 1-3000 --max-rate 2000 127.0.0.1 & echo begun");
  await terminal.until(/^begun$/m);
  const after = await terminal.until(/^synscan done: /m);
  assert(!/Stopped| % of /.test(after));
});

testOnTerminal("terminal: asks for a target, and takes Ctrl-C for an answer", async () => {
  await using terminal = await Terminal.open(80, 24);
  await terminal.enter("clear; eval $SYNSCAN -p 1-10");
  await terminal.until(/^Target \(.*:/m);
  await terminal.type("127.0.0.1");
  await terminal.until(/^Source address:/m);
  await terminal.keys("C-c");
  await terminal.enter("echo status $?");
  const after = await terminal.until(/^status \d+$/m);
  assertStringIncludes(after, "status 130\n");
  assert(!after.includes("synscan done"), after);
});
