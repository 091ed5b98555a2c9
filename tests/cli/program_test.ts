/**
 * The program as a person runs it: a process of its own, with pipes, signals and full disks, scanning this machine's own
 * loopback.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import {
  catchesSignal,
  type Ended,
  ended,
  start as startCommand,
  synscan,
  until,
  untilItPrints,
} from "../support/program.ts";

const ROOT = new URL("../../", import.meta.url);
const NO_TIMERS = new URL("../support/no_timers.ts", import.meta.url).pathname;

const start = (args: readonly string[], rights: readonly string[] = ["--allow-ffi"]) =>
  startCommand(synscan(args, rights), { cwd: ROOT });

/** Runs a line of shell with `synscan` in it. */
async function shell(line: string, rights: readonly string[] = []): Promise<Ended> {
  const program = `'${Deno.execPath()}' run --allow-ffi ${rights.join(" ")} mod.ts`;
  return await ended(startCommand(["bash", "-c", line.replaceAll("synscan", program)], { cwd: ROOT }));
}

Deno.test("program: finds a listener on loopback, in every way of asking that is allowed", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (const technique of [[], ["-sT"]]) {
    const { code, out, err } = await ended(start([...technique, "-p", `${port},1`, "127.0.0.1"]));
    assertEquals(code, 0, err);
    assertMatch(out, new RegExp(`^${port}/tcp +open`, "m"));
    assertMatch(out, /^1\/tcp +closed/m);
    assertMatch(out, /^synscan done: 1 host \(1 up\), 2 ports in /m);
  }
});

Deno.test("program: a short scan uses no timer, the first of which takes 11 ms", async () => {
  const { out, err } = await ended(start(["-p", "1-10", "127.0.0.1"], ["--allow-ffi", "--preload", NO_TIMERS]));
  assertMatch(out, /^synscan done: 1 host \(1 up\), 10 ports in /m);
  assertEquals(err, "");
});

Deno.test("program: the older tool's line works as typed", async () => {
  const { code, out } = await ended(start(["-r", "127.0.0.1", "-p", "20-139", "-v", "true"]));
  assertEquals(code, 0);
  assertMatch(out, /^synscan done: 1 host \(1 up\), 120 ports in /m);
});

Deno.test("program: --json gives one line for each port, and the summary", async () => {
  const { out } = await ended(start(["--json", "-p", "1-2000", "127.0.0.1"]));
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const ports = lines.filter(({ type }) => type === "port").map(({ port }) => port);
  assertEquals([ports.length, new Set(ports).size], [2000, 2000]);
  assertEquals([lines.at(-1).type, lines.at(-1).probes, lines.at(-1).undecided], ["summary", 2000, 0]);
});

Deno.test("program: --stats-every tells JSON where the scan stands, too", async () => {
  const { out, err } = await ended(
    start(["--json", "--stats-every", "50ms", "--max-rate", "1000", "-p", "1-1000", "127.0.0.1"]),
  );
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const decided = lines.filter(({ type }) => type === "progress").map(({ decided }) => decided);
  assert(decided.length >= 3, out);
  assertEquals(decided, decided.toSorted((one, other) => one - other));
  assertEquals(err.split("\n").filter((line) => line.startsWith("Status: ")).length, decided.length);
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`program: ${signal} prints what is known and closes every file`, () =>
    withFolder(async (folder) => {
      const args = ["-p-", "--max-rate", "400", "-oJ", `${folder}/out.jsonl`, "-oX", `${folder}/out.xml`, "127.0.0.1"];
      const child = start(args, ["--allow-ffi", "--allow-write"]);
      const ending = ended(child);
      await until(() => Deno.statSync(`${folder}/out.jsonl`).size > 1000);
      child.kill(signal);
      const { code, out, err } = await ending;
      assertEquals(code, status, err);
      assertMatch(out, /^synscan interrupted: 1 host \(1 up\), 65,535 ports \([\d,]+ undecided\) in /m);
      const lines = (await Deno.readTextFile(`${folder}/out.jsonl`)).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      assertEquals([lines.at(-1).type, lines.at(-1).ended], ["summary", "interrupted"]);
      assert(lines.some(({ state }) => state === "closed"));
      assert((await Deno.readTextFile(`${folder}/out.xml`)).endsWith("</runstats>\n</nmaprun>\n"));
    }));
}

const SIGUSR2 = 12;
/** Deno installs a handler for SIGUSR1 some 100 ms after it has started, in milliseconds. */
const DEBUGGER_MS = 300;

/** Runs it until it has its handlers, of which that for SIGUSR2 is the last, sends signals, and returns how it ended. */
async function withSignals(before: string, signals: readonly Deno.Signal[], args: readonly string[]): Promise<Ended> {
  const child = new Deno.Command("bash", {
    args: ["-c", `${before} exec "$@"`, "bash", Deno.execPath(), "run", "--allow-ffi", "mod.ts", ...args],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await until(() => catchesSignal(child.pid, SIGUSR2));
  if (signals.includes("SIGUSR1")) await new Promise((resolve) => setTimeout(resolve, DEBUGGER_MS));
  for (const signal of signals) child.kill(signal);
  // The status is printed before the targets are there.
  const ending = signals.includes("SIGUSR2") ? (await untilItPrints(child, "stderr")).ending : ended(child);
  const target = child.stdin.getWriter();
  await target.write(new TextEncoder().encode("127.0.0.1\n")).catch(() => {});
  await target.close().catch(() => {});
  return await ending;
}

Deno.test("program: signals that nohup and a script's & have ignored end nothing", async () => {
  const args = ["-p", "1-5", "-iL", "-"];
  const { code, err } = await withSignals("trap '' HUP INT QUIT;", ["SIGHUP", "SIGINT", "SIGQUIT", "SIGINT"], args);
  assertEquals([code, err], [0, ""]);
  // Not so short a scan that it is over before the signal is seen.
  assertEquals((await withSignals("", ["SIGHUP"], ["--max-rate", "20", "-p", "1-50", "-iL", "-"])).code, 129);
});

Deno.test("program: SIGUSR2 is answered before the scan has begun", async () => {
  const { code, err } = await withSignals("", ["SIGUSR2"], ["-p", "1-5", "-iL", "-"]);
  assertEquals([code, err], [0, "Status: getting ready\n"]);
});

Deno.test("program: SIGUSR1 opens no debugger, and ends nothing", async () => {
  const { code, err } = await withSignals("", ["SIGUSR1", "SIGUSR1"], ["-p", "1-5", "-iL", "-"]);
  assertEquals([code, err], [0, ""]);
});

Deno.test("program: a scan that does not begin leaves no report behind, and none is emptied", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/old.txt`, "kept");
    const args = ["-oX", `${folder}/new.xml`, "-oN", `${folder}/old.txt`, "-p", "1", "no-such-host.invalid"];
    const { code } = await ended(start(args, ["--allow-ffi", "--allow-write"]));
    const none = await ended(
      start(["-oX", `${folder}/new.xml`, "-oG", `${folder}/none/x`, "127.0.0.1"], ["--allow-ffi", "--allow-write"]),
    );
    assertEquals([code, none.code], [1, 1]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["old.txt"]);
    assertEquals(await Deno.readTextFile(`${folder}/old.txt`), "kept");
  }));

const DTD = "/usr/share/nmap/nmap.dtd";

Deno.test("program: kill -9 leaves nmap's formats whole, with what was known a moment before", () =>
  withFolder(async (folder) => {
    const args = ["-oA", `${folder}/o`, "-p", "1-20000", "--max-rate", "700", "127.0.0.1:1", "127.8.0.1"];
    const child = start(args, ["--allow-ffi", "--allow-write"]);
    const ending = ended(child);
    const decided = () => Number(/state="closed" count="(\d+)"/.exec(Deno.readTextFileSync(`${folder}/o.xml`))?.[1]);
    await until(() => decided() > 2000);
    const before = decided();
    // The file is replaced again and again, not once.
    await until(() => decided() >= before + 700);
    child.kill("SIGKILL");
    await ending;
    assert(decided() >= before + 700);
    const xml = await Deno.readTextFile(`${folder}/o.xml`);
    assertStringIncludes(xml, '<scaninfo type="');
    assertMatch(
      xml,
      /exit="error" errormsg="The scan was cut off"\/><hosts up="\d" down="\d" total="2"\/>\n<\/runstats>/,
    );
    const command = new Deno.Command("xmllint", {
      args: ["--noout", "--dtdvalid", DTD, `${folder}/o.xml`],
      stdout: "piped",
      stderr: "piped",
    });
    if (await isThere(DTD)) assertEquals((await ended(command.spawn())).code, 0);
    assertMatch(
      await Deno.readTextFile(`${folder}/o.gnmap`),
      /^Host: 127\.8\.0\.1 .*Ignored State: closed \(\d{4,}\)$/m,
    );
    assertMatch(await Deno.readTextFile(`${folder}/o.nmap`), /^Not shown: [\d,]+ closed tcp ports \(reset\)$/m);
  }));

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("program: a reader that hangs up ends it quietly", async () => {
  const before = performance.now();
  const { code, out, err } = await shell("set -o pipefail; synscan --json -p- --max-rate 500 127.0.0.1 | head -n 2");
  assertEquals([code, out.split("\n").length, err], [0, 3, ""]);
  assert(performance.now() - before < 60_000, "it went on for the 131 s that the scan takes");
});

Deno.test("program: a full disk is told in one line", async () => {
  const { code, err } = await shell("synscan --json -p 1-5 127.0.0.1 > /dev/full");
  assertEquals([code, err], [2, "Cannot write to standard output: no space left on device\n"]);
});

Deno.test("program: a limit on the size of files is told in one line, and ends no other report", async () => {
  await withFolder(async (folder) => {
    // Deno's caches are files as well: without them it writes none that could meet the limit before the program runs.
    const { code, err } = await shell(
      `export DENO_DIR=/dev/null/deno; ulimit -f 20; ` +
        `synscan -p 1-1200 -oJ ${folder}/json -oL ${folder}/list 127.0.0.1 > /dev/null`,
      ["--allow-write"],
    );
    const reason = 'json": file too large. What had been written before is kept, and whole\n';
    assertEquals([code, err], [2, `Cannot write to "${folder}/${reason}`]);
    for (const line of (await Deno.readTextFile(`${folder}/json`)).trimEnd().split("\n")) JSON.parse(line);
    assertMatch(await Deno.readTextFile(`${folder}/list`), /^# end\n$/m);
  });
});

Deno.test("program: a history that meets the limit on the size of files names it, and keeps what it has", async () => {
  await withFolder(async (folder) => {
    // Before its first table, and in the middle of its log.
    for (const limit of [8, 200, 400]) {
      const path = `${folder}/${limit}.db`;
      const { code, err } = await shell(
        `export DENO_DIR=/dev/null/deno; ulimit -f ${
          2 * limit
        }; synscan -n -p 1-3000 --db ${path} 127.0.0.1-60 > /dev/null`,
        ["--allow-read", "--allow-write"],
      );
      const line = `Cannot write the history "${path}": a file has reached the limit on its size (ulimit -f). ` +
        "Raise it; what had been written before is kept\n";
      assertEquals([code, err], [2, line]);
    }
  });
});

Deno.test({
  name: "program: the limit on open files is named where it is too low (needs root, to scan by packets)",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const { code, err } = await shell("ulimit -n 32; synscan -p 1-5 127.0.0.1");
    const reason = "socket: EMFILE (Too many open files). Raise the limit on open files (ulimit -n)";
    assertEquals([code, err], [2, `Cannot scan: ${reason}\n`]);
  },
});

Deno.test("program: a device is no input, which might have no end, but for standard input and /dev/null", async () => {
  const zero = '"/dev/zero"';
  const reading = async (args: string[]) => {
    const { code, err } = await ended(start([...args, "--dry-run"], ["--allow-ffi", "--allow-read"]));
    return [code, err];
  };
  for (const flag of ["-iL", "--exclude-file", "--ports-file", "--config"]) {
    const line = `Cannot read ${zero} for ${flag}: it is a device. Name a file or a pipe\n`;
    assertEquals(await reading([flag, "/dev/zero", "127.0.0.1"]), [1, line]);
  }
  assertEquals(await reading(["-iL", "/dev/null", "127.0.0.1"]), [0, ""]);
  const { code, out } = await shell("synscan -iL /dev/stdin --dry-run < /dev/null", ["--allow-read"]);
  assertEquals([code, out], [1, ""]);
  const { out: piped } = await shell("echo 127.0.0.1 | synscan -p 1 -iL /dev/stdin --dry-run", ["--allow-read"]);
  assertMatch(piped, /^Would probe 1 port on 1 host/m);
});

Deno.test("program: a file, and whoever reads a pipe slowly, get every line", async () => {
  const { code, out } = await shell(
    "file=$(mktemp); synscan --json -p 1-20000 127.0.0.1 > $file; cat $file; rm $file; " +
      "synscan --json -p 1-20000 127.0.0.1 | (sleep 1; cat)",
  );
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const ports = lines.filter(({ type }) => type === "port").map(({ port }) => port);
  assertEquals([code, ports.length, new Set(ports).size], [0, 40_000, 20_000]);
  assertEquals(lines.map(({ type }) => type).filter((type) => type === "summary" || type === "start").length, 4);
});

Deno.test("program: pipes and devices can be written to as files are", async () => {
  const { code, out } = await shell("synscan -oJ >(tail -n 1) -oX /dev/null -p 1-5 127.0.0.1 > /dev/null; wait $!", [
    "--allow-write",
  ]);
  assertEquals([code, JSON.parse(out).type], [0, "summary"]);
});

Deno.test({
  name: "program: what is in a file when its disk is full is whole (needs root, to mount a small disk)",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const mount = `mount -t tmpfs -o size=64k none ${folder}`;
    const { code, out, err } = await shell(
      `${mount} || exit 77; synscan -oJ ${folder}/out -p 1-5000 127.0.0.1; echo $?; cat ${folder}/out; umount ${folder}`,
      ["--allow-write"],
    );
    await Deno.remove(folder);
    if (code === 77) throw new Error(`Cannot mount a small disk: ${err}`);
    assertMatch(
      err,
      /^Cannot write to ".*": no space left on device\. What had been written before is kept, and whole\n$/,
    );
    const [table = "", lines = ""] = out.split(/(?<=\n)2\n/);
    assertMatch(table, /^synscan done: 1 host \(1 up\), 5,000 ports in /m);
    for (const line of lines.trimEnd().split("\n")) JSON.parse(line);
  },
});

Deno.test("program: a deadline is kept, and ends with status 3", async () => {
  const { code, out } = await ended(start(["-p-", "--max-rate", "100", "--deadline", "500ms", "127.0.0.1"]));
  assertEquals(code, 3);
  assertStringIncludes(out, "synscan ended at its deadline: ");
});

Deno.test("program: NO_COLOR, pipes and files get no colour; help needs no right at all", async () => {
  const { code, out } = await ended(start(["--help"], []));
  assertEquals(code, 0);
  assertStringIncludes(out, "Usage: synscan");
  assert(!out.includes("\x1b"));
});

Deno.test("program: starts nothing when it is imported", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", `await import("${new URL("mod.ts", ROOT)}"); console.log("quiet")`],
    stdout: "piped",
    stderr: "piped",
  });
  const { stdout } = await child.output();
  assertEquals(new TextDecoder().decode(stdout), "quiet\n");
});
