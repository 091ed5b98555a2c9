/** The history from the command line: a library of the test's own, and a database on disk. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EXIT } from "../../../src/cli/exit.ts";
import { passesNamed } from "../../../src/result/pass.ts";
import type { PortResult } from "../../../src/result/port_result.ts";
import { withFolder } from "../../support/folder.ts";
import { until } from "../../support/program.ts";
import { type FakeScan, result, runMain, summary } from "../fake.ts";

const OPEN = result({ port: 22, state: "open", reason: "syn-ack", service: "ssh" });
const CLOSED = result({ port: 80 });
const DONE = summary({ open: 1, closed: 1, filtered: 0, probes: 2 });

/** A scan of two ports of a host. */
function found(...batches: readonly (readonly PortResult[])[]): FakeScan {
  return { batches, summary: DONE, plan: { probes: 2 } };
}

/** Runs tests with a file that is removed afterwards. */
function testWithFile(name: string, fn: (db: string) => Promise<void>): void {
  Deno.test(`history: ${name}`, () => withFolder((folder) => fn(`${folder}/h.db`)));
}

testWithFile("scans are recorded, listed, shown and compared", async (db) => {
  const nothing = await runMain(`history --db ${db}`);
  assertEquals(nothing.status, EXIT.usage);
  for (
    const batch of [[OPEN, CLOSED], [OPEN, CLOSED], [{ ...OPEN, state: "closed", reason: "reset" } as const, CLOSED]]
  ) {
    const { status, world } = await runMain(`--db ${db} 10.0.0.1`, found(batch));
    assertEquals([status, world.stderr], [EXIT.done, ""]);
  }

  const list = await runMain(`history --db ${db}`);
  assertEquals(list.world.stdout.trimEnd().split("\n").length, 4);
  const json = await runMain(`history --json --db ${db}`);
  assertEquals(json.world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).open), [1, 1, 0]);

  const first = await runMain(`show 1 --db ${db}`);
  assertStringIncludes(first.world.stdout, "22/tcp open   ssh?\n80/tcp closed");
  const last = await runMain(`show --json --filter port=22 --db ${db}`);
  const lines = last.world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ type, port, state }) => [type, port, state]), [
    ["start", undefined, undefined],
    ["port", 22, "closed"],
    ["host", undefined, undefined],
    ["summary", undefined, undefined],
  ]);
  const files = await runMain(`show 1 -oX x -oC c --open --db ${db}`);
  assert(files.world.written.get("x")?.text.endsWith("</nmaprun>\n"));
  assertEquals(files.world.written.get("c")?.text.split("\n").length, 3);

  const rows: readonly (readonly [string, number, string])[] = [
    ["diff 1 2", 0, "no difference"],
    ["diff", 1, "22/tcp    open -> closed"],
    ["diff 1", 1, "22/tcp    open -> closed"],
    ["diff --json", 1, '"before":'],
    ["diff 9", 2, ""],
    ["diff 1 2 3", 2, ""],
    ["diff --ports 22", 2, ""],
  ];
  for (const [line, expected, says] of rows) {
    const { status, world } = await runMain(`${line} --db ${db}`);
    assertEquals(status, expected, line);
    assertStringIncludes(world.stdout, says);
    assertEquals(world.stderr === "", expected < 2, line);
  }
});

testWithFile("on a terminal, lists and comparisons are as wide as it, and JSON is not broken", async (db) => {
  for (const state of ["open", "closed"] as const) {
    const targets = Array.from({ length: 20 }, (_, host) => `10.0.0.${host}`).join(" ");
    await runMain(`--db ${db} ${targets}`, found([{ ...OPEN, state, service: "some-longer-name" }, CLOSED]));
  }
  for (const command of ["history", "diff", "diff --json"]) {
    const narrow = (await runMain(`${command} --db ${db}`, {}, { terminal: true, columns: 40 })).world.stdout;
    const { stdout } = (await runMain(`${command} --db ${db}`)).world;
    const words = (text: string) => text.split(/\s+/);
    assertEquals(words(narrow), words(stdout));
    const isBroken = !command.endsWith("--json");
    assertEquals(narrow.split("\n").every((line) => line.length < 40), isBroken, narrow);
    assert(stdout.split("\n").some((line) => line.length > 40), stdout);
  }
});

testWithFile("show refuses formats of ports for a scan that found hosts", async (db) => {
  const plan = { hosts: 1, probes: 0, ports: { count: 0, text: "" }, technique: "arp", passes: passesNamed("arp") };
  await runMain(`-sn --db ${db} 10.0.0.1`, { plan });
  for (const flag of ["-oC -", "-oL f", "--ip-port"]) {
    const { status, world } = await runMain(`show --db ${db} ${flag}`);
    const [spelling] = flag.split(" ");
    assertEquals([status, world.stdout], [EXIT.usage, ""]);
    assertStringIncludes(
      world.stderr,
      `Cannot use scan 1, which found hosts alone, with ${spelling}: no port is probed. Use --json, -oN, -oX or -oG`,
    );
  }
  assertEquals((await runMain(`show --db ${db} -oX - -oA f`)).status, EXIT.done);
});

testWithFile("show -q prints warnings on standard error, once", async (db) => {
  await runMain(`--db ${db} 10.0.0.1`, found([OPEN, CLOSED]));
  assertEquals((await runMain(`show -q --db ${db}`)).world.stderr, "");
  await runMain(`--db ${db} 10.0.0.2`, {
    ...found([OPEN, CLOSED]),
    summary: summary({ ...DONE, trusted: false, warnings: ["half of it was lost"] }),
  });
  const doubtful = await runMain(`show -q --db ${db}`);
  assertEquals(doubtful.world.stdout.includes("half"), false);
  assertEquals(doubtful.world.stderr, "Warning: half of it was lost\nNot to be trusted in full\n");
  assertEquals((await runMain(`show -q --json --db ${db}`)).world.stderr, "");
});

testWithFile("--changed shows only what is new, and records all", async (db) => {
  const first = await runMain(`--db ${db} --changed --json 10.0.0.1`, found([OPEN, CLOSED]));
  assertEquals(first.world.stdout.split('"port":').length - 1, 2);
  assertStringIncludes(first.world.stderr, "everything is new\n");
  const same = await runMain(`--db ${db} --changed --json 10.0.0.1`, found([OPEN, CLOSED]));
  assertEquals([same.world.stdout.split('"port":').length - 1, same.world.stderr], [0, ""]);
  const other = await runMain(`--db ${db} --changed --json 10.0.0.1`, found([OPEN], [{ ...CLOSED, state: "open" }]));
  assertStringIncludes(other.world.stdout, '"port":80');
  assert(!other.world.stdout.includes('"port":22'));
  assertMatch(other.world.stdout, /"port":80,[^\n]*,"was":"closed"\}\n/);
  for (const line of other.world.stdout.trimEnd().split("\n")) JSON.parse(line);
  const shown = await runMain(`show --json --db ${db}`);
  assertEquals(shown.world.stdout.split('"port":').length - 1, 2);
  const elsewhere = await runMain(`--db ${db} --changed --json 10.0.0.2`, {
    ...found([OPEN, CLOSED]),
    plan: { space: "another" },
  });
  assertStringIncludes(elsewhere.world.stderr, "everything is new\n");
});

testWithFile("--changed shows the state before, in the table, CSV and what -v tells", async (db) => {
  await runMain(`--db ${db} 10.0.0.1`, found([OPEN, CLOSED]));
  const scan = found([OPEN], [{ ...CLOSED, state: "open", reason: "syn-ack" }, { ...CLOSED, port: 81 }]);
  const { world } = await runMain(`--db ${db} --changed -v -oC c 10.0.0.1`, scan);
  assertMatch(world.stdout, /^PORT +STATE +SERVICE +REASON +WAS\n80\/tcp +open .* closed\n81\/tcp +closed .* -$/m);
  assertStringIncludes(world.stderr, "Discovered open port 80/tcp on 10.0.0.1 (was closed)\n");
  const [head, opened, unknown] = world.written.get("c")?.text.split("\n") ?? [];
  assertMatch(head ?? "", /,was$/);
  assertMatch(opened ?? "", /,80,tcp,open,.*,closed$/);
  assertMatch(unknown ?? "", /,81,tcp,closed,.*,$/);
  const chosen = await runMain(`--db ${db} --changed --fields port,state 10.0.0.1`, found([CLOSED]));
  assertMatch(chosen.world.stdout, /^PORT +STATE\n80\/tcp +closed$/m);
});

testWithFile(
  "what was cut off is compared with nothing: --changed and diff go on from the last whole scan",
  async (db) => {
    await runMain(`--db ${db} 10.0.0.1`, found([OPEN, CLOSED]));
    await runMain(`--db ${db} 10.0.0.1`, { ...found([CLOSED]), hangs: true }, { signals: ["SIGINT"] });
    const same = await runMain(`--db ${db} --changed --json 10.0.0.1`, found([OPEN, CLOSED]));
    assertEquals([same.world.stdout.split('"port":').length - 1, same.world.stderr], [0, ""]);
    const rows: readonly (readonly [string, string])[] = [
      ["diff", "2 ports of 1 host compared: no difference"],
      ["diff 3", "2 ports of 1 host compared: no difference"],
      ["diff 2", "1 port of 1 host compared: no difference"],
    ];
    for (const [line, says] of rows) {
      const { status, world } = await runMain(`${line} --db ${db}`);
      assertEquals([status, world.stdout.split("\n")[line === "diff 2" ? 3 : 1]], [0, says]);
      assertEquals(/^Scan (\d)/.exec(world.stdout)?.[1], line === "diff 2" ? "2" : "1");
    }
  },
);

testWithFile("targets of a scan are what an earlier one found", async (db) => {
  await runMain(`--db ${db} 10.0.0.1`, found([OPEN, CLOSED]));
  const { scanner } = await runMain(`--db ${db} @last:open 10.0.0.9`, found([OPEN]));
  assertEquals(scanner.asked[0]?.targets, ["10.0.0.9"]);
  assertEquals(scanner.asked[0]?.targetLists, [{ name: "@last:open", text: "10.0.0.1:22" }]);
  const list = await runMain(`history --json --db ${db}`);
  assertEquals(JSON.parse(list.world.stdout.trimEnd().split("\n")[1]!).targets, "10.0.0.9 @last:open");
});

testWithFile("a scan that is interrupted, or fails, is recorded as far as it went", async (db) => {
  await runMain(`--db ${db} 10.0.0.1`, { ...found([OPEN]), hangs: true }, { signals: ["SIGINT"] });
  await runMain(`--db ${db} 10.0.0.1`, { ...found([OPEN]), laterError: new Error("broken") });
  const list = await runMain(`history --json --db ${db}`);
  assertEquals(
    list.world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line)).map(({ ended, open }) => [ended, open]),
    [["interrupted", 1], ["failed", 1]],
  );
});

testWithFile("the configuration can name it", async (db) => {
  const options = { files: { c: JSON.stringify({ db }) } };
  await runMain("--config c 10.0.0.1", found([OPEN]), options);
  const { status, world } = await runMain("history --config c", {}, options);
  assertEquals([status, world.stdout.split("\n").length], [EXIT.done, 3]);
});

const REFUSED: readonly (readonly [line: string, status: number, message: string, denied?: string])[] = [
  ["history", EXIT.usage, "Name it with --db FILE"],
  ["show", EXIT.usage, "Name it with --db FILE"],
  ["diff", 2, "Name it with --db FILE"],
  ["@last", EXIT.usage, "Name it with --db FILE"],
  ["--changed h", EXIT.usage, "Cannot use --changed without a history"],
  ["history --db none.db", EXIT.usage, "there is no such file"],
  ["--db none/h.db h", EXIT.usage, "there is no directory"],
  ["history --db :memory:", EXIT.usage, 'Cannot use ":memory:" as a history: it names no file'],
  ["--db :memory: h", EXIT.usage, 'Cannot use ":memory:" as a history: it names no file', "write"],
  ["diff --db file:h.db", 2, "SQLite would take it for a URI", "read"],
  ["--db h.db h", EXIT.cannot, "Add --allow-read and --allow-write", "read"],
  ["--db h.db h", EXIT.cannot, "Add --allow-read and --allow-write", "write"],
  ["history --db h.db", EXIT.cannot, "--db needs the right to read files. Add --allow-read to deno run", "read"],
  ["history last", EXIT.usage, 'Cannot understand "last" after synscan history'],
];

for (const [line, expected, message, denied] of REFUSED) {
  Deno.test(`history: refuses ${line}${denied === undefined ? "" : ` without the right to ${denied}`}`, async () => {
    const { status, world, scanner } = await runMain(line, {}, { denied: denied === undefined ? [] : [denied] });
    assertEquals([status, world.stdout, scanner.asked], [expected, "", []]);
    assertStringIncludes(world.stderr, message);
    assertEquals(world.stderr.split("\n").length, 2);
  });
}

testWithFile("a scan that is killed and resumed is one scan", async (db) => {
  const checkpoint = `${db}.ck`;
  const start = (args: readonly string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-ffi", "--allow-read", "--allow-write", "mod.ts", ...args],
      cwd: new URL("../../../", import.meta.url),
      stdout: "piped",
      stderr: "null",
    }).spawn();
  const killed = start(["-p", "1-3000", "--max-rate", "500", "--checkpoint", checkpoint, "--db", db, "127.0.0.1"]);
  // A scan that has no checkpoint with results yet begins anew. Each checkpoint replaces the file of the one before.
  await until(() => Deno.statSync(`${checkpoint}.journal`).size > 2000);
  const { ino } = Deno.statSync(checkpoint);
  await until(() => Deno.statSync(checkpoint).ino !== ino);
  killed.kill("SIGKILL");
  await killed.output();
  const unfinished = await runMain(`history --json --db ${db}`);
  assertEquals(JSON.parse(unfinished.world.stdout).ended, "unfinished");
  await start(["resume", checkpoint, "--max-rate", "100k"]).output();
  const list = await runMain(`history --json --db ${db}`);
  const { scan, ended, open, closed, probes } = JSON.parse(list.world.stdout);
  assertEquals([scan, ended, open + closed, probes], [1, "done", 3000, 3000]);
  const shown = await runMain(`show --json --db ${db}`);
  const lines = shown.world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const ports = lines.filter(({ type }) => type === "port").map(({ port }) => port);
  assertEquals([ports.length, new Set(ports).size], [3000, 3000]);
});

testWithFile(
  "an HTML report tells what changed since the scan before, of a scan and of one that is shown",
  async (db) => {
    const changesIn = (text: string | undefined) => {
      const lines = text?.split('id="scan">\n')[1]?.split("\n").filter((line) => line.startsWith("{")) ?? [];
      return JSON.parse(lines.at(-1)!).changes;
    };
    const scan = async (batch: readonly PortResult[]) => {
      const { status, world } = await runMain(`--db ${db} -oH r.html 10.0.0.1`, found(batch));
      assertEquals([status, world.stderr], [EXIT.done, ""]);
      return changesIn(world.written.get("r.html")?.text);
    };
    assertEquals(await scan([OPEN, CLOSED]), undefined);
    const second = await scan([{ ...OPEN, state: "closed", reason: "reset" }, CLOSED]);
    assertEquals([second.scan, second.compared, second.opened, second.closed, second.more], [1, 2, 0, 1, 0]);
    assertEquals(second.ports, [["10.0.0.1", 22, "open", "closed", "ssh"]]);
    assertEquals((await scan([{ ...OPEN, state: "closed", reason: "reset" }, CLOSED])).ports, []);
    const shown = await runMain(`show 2 --db ${db} -oH s.html`);
    assertEquals(changesIn(shown.world.written.get("s.html")?.text), second);
  },
);

testWithFile("an HTML report names targets, the scanning host and the ranges that were probed", async (db) => {
  const { world } = await runMain(`--db ${db} -oH r.html 10.0.0.1`, {
    ...found([OPEN]),
    plan: { probes: 1, sources: ["10.0.0.9"], ranges: [[0x0a000001, 0x0a000001]] },
  });
  const head = /\{"head":.*\}/.exec(world.written.get("r.html")?.text ?? "")?.[0] ?? "";
  const { targets, sources, machine, ranges, command } = JSON.parse(head).head;
  assertEquals([targets, sources, machine, ranges], ["10.0.0.1", ["10.0.0.9"], "scanner", [[0x0a000001, 0x0a000001]]]);
  assertEquals(command, `synscan --db ${db} -oH r.html 10.0.0.1`);
});
