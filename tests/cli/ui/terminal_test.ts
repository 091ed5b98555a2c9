/** What is shown and obeyed while a scan runs, with a library and a world of the test's own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EXIT } from "../../../src/cli/exit.ts";
import { main } from "../../../src/cli/main.ts";
import type { SystemSignal } from "../../../src/cli/system.ts";
import { type FakeScan, FakeScanner, FakeWorld, type FakeWorldOptions, result, runMain } from "../fake.ts";

const SSH = result({ port: 22, state: "open", reason: "syn-ack" });

/** Runs a scan that does not end by itself, on a terminal, until what is typed ends with q. */
function onTerminal(line: string, typed: readonly string[], fake: FakeScan = {}, options: FakeWorldOptions = {}) {
  return runMain(line, { hangs: true, ...fake }, { terminal: true, columns: 200, typed: [...typed, "q"], ...options });
}

/** What stays on the screen of a terminal: lines of progress are overwritten. */
function lasting(text: string): string[] {
  return text.split("\n").map((line) => line.split("\x1b[K").at(-1)!).filter((line) => line !== "");
}

Deno.test("live: the line of progress comes and is gone when the scan is done", async () => {
  const { world } = await onTerminal("10.0.0.1", ["", "", "", "", ""]);
  assertStringIncludes(world.stderr, "\r\x1b[K33 % of 3 ports, under 1 s left, 1 open, 5 probes/s, 0 % loss");
  assert(!lasting(world.stderr).some((line) => line.includes(" % of ")), world.stderr);
});

const QUIET: readonly (readonly [string, string, FakeWorldOptions])[] = [
  ["with --no-progress", "--no-progress 10.0.0.1", {}],
  ["without a terminal", "10.0.0.1", { terminal: false, signals: ["SIGINT"] }],
  ["in the background", "10.0.0.1", { inBackground: true, signals: ["SIGINT"] }],
  ["on a terminal without escape sequences", "10.0.0.1", { env: { TERM: "dumb" } }],
];

for (const [name, line, options] of QUIET) {
  Deno.test(`live: no line of progress ${name}`, async () => {
    const { world } = await onTerminal(line, ["", "", "", "", ""], {}, options);
    assert(!world.stderr.includes(" % of "), world.stderr);
  });
}

for (const [name, options] of [QUIET[1]!, QUIET[2]!].map(([name, , options]) => [name, options] as const)) {
  Deno.test(`live: keys are left alone ${name}`, async () => {
    const { world } = await onTerminal("10.0.0.1", ["+"], {}, options);
    assertEquals(world.terminal, []);
  });
}

Deno.test("live: keys are left alone with --no-keys", async () => {
  const { world } = await onTerminal("--no-keys 10.0.0.1", ["+"], {}, { signals: ["SIGINT"] });
  assertEquals(world.terminal, []);
});

Deno.test("live: q ends the scan with what is known, and gives the terminal back", async () => {
  const { status, world } = await onTerminal("10.0.0.1", [], { batches: [[SSH]] });
  assertEquals([status, world.terminal], [EXIT.interrupted, ["raw", "as it was"]]);
  assertStringIncludes(world.stdout, "22/tcp");
  assertStringIncludes(world.stdout, "synscan interrupted: ");
});

for (const [name, fake] of [["fails", { laterError: new Error("broken") }], ["is done", {}]] as const) {
  Deno.test(`live: the terminal is given back when the scan ${name}`, async () => {
    const { world } = await runMain("10.0.0.1", { batches: [[SSH]], ...fake }, { terminal: true });
    assertEquals(world.terminal, ["raw", "as it was"]);
  });
}

Deno.test("live: the terminal is given back when a second Ctrl-C ends the program at once", async () => {
  const { world } = await runMainUntilExit({ signals: ["SIGINT", "SIGINT"] });
  assertEquals(world.terminal.at(-1), "as it was");
});

Deno.test("live: SIGQUIT ends the program at once, with the terminal as it was", async () => {
  const { world, status } = await runMainUntilExit({ signals: ["SIGQUIT"] });
  assertEquals([status, world.terminal.at(-1)], [EXIT.quit, "as it was"]);
});

async function runMainUntilExit(options: FakeWorldOptions) {
  const world = new FakeWorld({ terminal: true, ...options });
  void main(["--no-progress", "10.0.0.1"], new FakeScanner({ deaf: true }), world);
  return { world, status: await world.exited };
}

Deno.test("live: Ctrl-Z gives the terminal back, stops, and takes it again", async () => {
  const { world } = await onTerminal("10.0.0.1", ["", "", ""], {}, { signals: ["SIGTSTP"] });
  assertEquals(world.terminal, ["raw", "as it was", "stopped", "raw", "as it was"]);
});

Deno.test("live: a terminal that is gone is no longer read", async () => {
  const { status, world } = await runMain("10.0.0.1", { hangs: true }, {
    terminal: true,
    typed: [null, "+"],
    signals: ["SIGUSR2", "SIGUSR2", "SIGUSR2", "SIGUSR2", "SIGUSR2", "SIGHUP"],
  });
  assertEquals([status, world.terminal], [EXIT.hungUp, ["raw", "as it was"]]);
});

const STATUS = "Status: 33 % (1 of 3 ports) after 0.10 s, under 1 s left; 1 open; 5 probes/s, 0 % loss, 2 unanswered";
const BOUNDED = { progress: { maxRatePps: 1000 } };
const FOUND = "open ports are printed as they are found";
const ENDED = "open ports are printed at the end";

/** Keys, the lines that they print, the scan, and the rates that they set. */
const KEYS: Readonly<
  Record<string, readonly [typed: readonly string[], says: readonly string[], fake?: FakeScan, rates?: number[]]>
> = {
  "any key: the status": [[" ", "x", "\r", "\x1b[A"], Array(4).fill(`${STATUS} (? for keys)`)],
  "+ and -: the rate": [
    ["+", "+", "-"],
    [2000, 4000, 2000].map((rate) => `Rate: at most ${rate / 1000},000 probes/s`),
    BOUNDED,
    [2000, 4000, 2000],
  ],
  "+ where nothing bounds the rate": [["+"], ["Rate: bounded only by the machine and the path"]],
  "- where nothing bounds the rate: half of what it is": [
    ["-"],
    ["Rate: at most 45,000 probes/s"],
    { progress: { ratePps: 90_000 } },
    [45_000],
  ],
  "- never stops a scan": [["-"], ["Rate: at most 1 probe/s"], { progress: { maxRatePps: 1 } }, [1]],
  "several keys at once": [
    ["+-"],
    ["Rate: at most 2,000 probes/s", "Rate: at most 1,000 probes/s"],
    BOUNDED,
    [2000, 1000],
  ],
  "v and V: how much is told": [
    ["v", "v", "V", "V", "V"],
    [1, 2, 1, 0, 0].map((verbosity) => `Verbosity ${verbosity}: ${verbosity > 0 ? FOUND : ENDED}`),
  ],
  "p and P: packets": [["p", "p", "P"], ["Packets are shown", "Packets are no longer shown"]],
  "p where packets cannot be seen": [
    ["p"],
    ["Packets cannot be shown: they need a SYN scan with one worker (-sS --workers 1)"],
    { canTrace: false },
  ],
};

for (const [name, [typed, says, fake = {}, rates = []]] of Object.entries(KEYS)) {
  Deno.test(`live: ${name}`, async () => {
    const { world, scanner } = await onTerminal("--no-progress 10.0.0.1", typed, fake);
    assertEquals(lasting(world.stderr), [...says, "Ending; press Ctrl-C to end at once"]);
    assertEquals(scanner.rates, rates);
  });
}

Deno.test("live: what is said on a narrow terminal is broken between words", async () => {
  const { world } = await onTerminal("--no-progress 10.0.0.1", ["x"], {}, { columns: 40 });
  assertEquals(lasting(world.stderr).slice(0, 2), [
    "Status: 33 % (1 of 3 ports) after 0.10",
    "s, under 1 s left; 1 open; 5 probes/s,",
  ]);
});

Deno.test("live: a terminal that does not know its width is taken for one of 80 columns", async () => {
  const { world } = await onTerminal("10.0.0.1", ["x", "", "", "", "", ""], {}, { columns: 0 });
  assertEquals(lasting(world.stderr).slice(0, 2), [
    "Status: 33 % (1 of 3 ports) after 0.10 s, under 1 s left; 1 open; 5 probes/s, 0",
    "% loss, 2 unanswered (? for keys)",
  ]);
  assertStringIncludes(world.stderr, "33 % of 3 ports, under 1 s left, 1 open, 5 probes/s, 0 % loss");
});

Deno.test("live: on a terminal of a few columns no line is shorter than it has to be", async () => {
  const { world } = await onTerminal("--no-progress 10.0.0.1", ["x"], {}, { columns: 3 });
  assertEquals(lasting(world.stderr).slice(0, 2), ["Status: 33 % (1 of 3", "ports) after 0.10 s,"]);
});

Deno.test("live: SIGUSR2 is answered before the scan has begun, and until its reports are written", async () => {
  const listening: boolean[] = [];
  class Listened extends FakeWorld {
    isHeard = false;
    override onSignal<T extends SystemSignal>(signals: readonly T[], callback: (signal: T) => void): Disposable {
      const heard = super.onSignal(signals, callback);
      if (!signals.some((signal) => signal === "SIGUSR2")) return heard;
      this.isHeard = true;
      return {
        [Symbol.dispose]: () => {
          this.isHeard = false;
          heard[Symbol.dispose]();
        },
      };
    }
    override async readStdin(): Promise<string> {
      listening.push(this.isHeard);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return "10.0.0.1";
    }
    override writeStdout(bytes: Uint8Array): Promise<number> {
      if (bytes.length > 0) listening.push(this.isHeard);
      return super.writeStdout(bytes);
    }
  }
  const world = new Listened({ signals: ["SIGUSR2"] });
  await main(["-iL", "-"], new FakeScanner({ batches: [[SSH]] }), world);
  assertEquals([listening, world.stderr], [[true, true], "Status: getting ready\n"]);
});

Deno.test("live: ? lists the keys", async () => {
  const { world } = await onTerminal("--no-progress 10.0.0.1", ["?"]);
  assertMatch(lasting(world.stderr)[0]!, /^Keys while scanning:/);
});

Deno.test("live: --stats-every and SIGUSR2 say where the scan stands, without a terminal too", async () => {
  const every = await runMain("--stats-every 100ms 10.0.0.1", { hangs: true }, {
    signals: [...Array(12).fill("SIGUSR2"), "SIGINT"],
  });
  const lines = lasting(every.world.stderr);
  assertEquals(lines.pop(), "Ending; press Ctrl-C again to end at once");
  assert(lines.length >= 13, `${lines.length}`);
  assertEquals(new Set(lines), new Set([STATUS]));
});

Deno.test("live: Ctrl-C before the first probe ends the program at once", async () => {
  const world = new FakeWorld({ signals: ["SIGINT"] });
  const scanner = new FakeScanner();
  scanner.scan = () => ({
    ...new FakeScanner().scan({ targets: [] }, { signal: new AbortController().signal }),
    plan: new Promise(() => {}),
  });
  void main(["10.0.0.1"], scanner, world);
  assertEquals([await world.exited, world.stderr], [EXIT.interrupted, ""]);
});
