import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CannotScanError, UsageError } from "../../src/base/errors.ts";
import { EXIT } from "../../src/cli/exit.ts";
import { TARGET_FIELDS } from "../../src/cli/dry_run.ts";
import { main } from "../../src/cli/main.ts";
import { withFolder } from "../support/folder.ts";
import { FakeScanner, FakeWorld, result, runMain, summary } from "./fake.ts";

const SSH = result({ port: 22, state: "open", reason: "syn-ack", service: "ssh" });
const BATCHES = [[SSH], [result()]];
const NO_SPACE = new Error("No space left on device (os error 28)");
const TABLE = `synscan report for 10.0.0.1
PORT   STATE  SERVICE
22/tcp open   ssh?
80/tcp closed unknown

synscan done: 1 host (1 up), 3 ports in 1.23 s; 9,877 probes/s, 0 % loss
`;

function jsonLines(text: string): { type: string; ended?: string; port?: number }[] {
  assert(text.endsWith("\n"), "the last line is whole");
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("main: prints the table, and nothing else", async () => {
  const { status, world } = await runMain("10.0.0.1", { batches: BATCHES });
  assertEquals([status, world.stdout, world.stderr], [EXIT.done, TABLE, ""]);
});

Deno.test("main: asks the library for what was typed", async () => {
  const { scanner } = await runMain("-p 22 -T4 --exclude 10.0.0.3 10.0.0.1 10.0.0.2");
  assertEquals(scanner.asked, [
    {
      hostnames: "auto",
      targets: ["10.0.0.1", "10.0.0.2"],
      targetLists: [],
      exclude: ["10.0.0.3"],
      excludeLists: [],
      ports: "22",
      timing: 4,
      dropPrivileges: { uid: 65534, gid: 65534 },
    },
  ]);
});

Deno.test("main: JSON lines take the table's place on standard output", async () => {
  const { status, world } = await runMain("--json 10.0.0.1", { batches: BATCHES });
  assertEquals(status, EXIT.done);
  assertEquals(jsonLines(world.stdout).map(({ type, port }) => [type, port]), [
    ["start", undefined],
    ["port", 22],
    ["port", 80],
    ["host", undefined],
    ["summary", undefined],
  ]);
});

Deno.test("main: JSON lines to a file go beside the table", async () => {
  const { world } = await runMain("-oJ out 10.0.0.1", { batches: BATCHES }, { files: { out: "old\n".repeat(1000) } });
  assertEquals(world.stdout, TABLE);
  assertEquals(jsonLines(world.written.get("out")?.text ?? "").length, 5);
  assertEquals(world.written.get("out")?.closed, true);
});

Deno.test("main: a scan that cannot begin leaves the file of an earlier one alone", async () => {
  const { status, world } = await runMain("-oJ out 10.0.0.1", {
    setUpError: new CannotScanError("Cannot scan: no route"),
  }, { files: { out: "old\n" } });
  assertEquals([status, world.stderr], [EXIT.cannot, "Cannot scan: no route\n"]);
  assertEquals(world.written.get("out")?.text, "old\n");
});

Deno.test("main: -v tells of open ports as they are found, and of what was chosen", async () => {
  const { world } = await runMain("-v 10.0.0.1", { batches: BATCHES });
  assertEquals(
    world.stderr,
    `Scanning 3 ports on 1 host (syn, sendmmsg from 10.0.0.9, 1 worker)
Many packets can be handed over at once
Discovered open port 22/tcp on 10.0.0.1
`,
  );
});

Deno.test("main: warnings are told without -v", async () => {
  const { world } = await runMain("10.0.0.1", { batches: BATCHES, plan: { warnings: ["No raw sockets here"] } });
  assertEquals(world.stderr, "No raw sockets here\n");
});

const STATUSES = [
  ["done and to be trusted", {}, EXIT.done],
  ["done, not to be trusted", { trusted: false, expectedWrong: 2 }, EXIT.untrusted],
  ["out of time", { ended: "deadline", undecided: 5, trusted: false }, EXIT.untrusted],
  ["failed by its own account", { ended: "failed", trusted: false }, EXIT.untrusted],
] as const;

for (const [name, changes, expected] of STATUSES) {
  Deno.test(`main: status of a scan that is ${name}`, async () => {
    const { status } = await runMain("10.0.0.1", { batches: BATCHES, summary: summary(changes) });
    assertEquals(status, expected);
  });
}

const SIGNALLED = [["SIGINT", EXIT.interrupted], ["SIGTERM", EXIT.terminated], ["SIGHUP", EXIT.hungUp]] as const;

for (const [signal, expected] of SIGNALLED) {
  Deno.test(`main: ${signal} ends every report and sets the status`, async () => {
    const { status, world } = await runMain("-oJ out 10.0.0.1", { batches: BATCHES, hangs: true }, {
      signals: [signal],
    });
    assertEquals(status, expected);
    assertStringIncludes(world.stdout, "22/tcp open");
    assertStringIncludes(world.stdout, "synscan interrupted: ");
    const lines = jsonLines(world.written.get("out")?.text ?? "");
    assertEquals([lines.length, lines.at(-1)?.ended], [5, "interrupted"]);
  });
}

Deno.test("main: a second Ctrl-C ends the program at once", async () => {
  const world = new FakeWorld({ signals: ["SIGINT", "SIGINT"] });
  const neverEnds = main(["10.0.0.1"], new FakeScanner({ deaf: true }), world);
  await Promise.race([neverEnds, world.exited]);
  assertEquals([await world.exited, world.stderr], [EXIT.interrupted, "Ending; press Ctrl-C again to end at once\n"]);
});

Deno.test("main: a closed pipe ends the scan quietly", async () => {
  const { status, world } = await runMain("--json 10.0.0.1", { batches: BATCHES, hangs: true }, {
    stdoutFails: { after: 0, error: new Deno.errors.BrokenPipe("Broken pipe (os error 32)") },
  });
  assertEquals([status, world.stderr], [EXIT.done, ""]);
});

Deno.test("main: a closed pipe leaves no word that there is no difference", () =>
  withFolder(async (folder) => {
    for (const batch of BATCHES) await runMain(`--db ${folder}/h.db 10.0.0.1`, { batches: [batch] });
    const { status, world } = await runMain(`diff --db ${folder}/h.db`, {}, {
      stdoutFails: { after: 0, error: new Deno.errors.BrokenPipe("Broken pipe (os error 32)") },
    });
    assertEquals([status, world.stderr], [2, ""]);
  }));

Deno.test("main: a closed pipe does not end a scan that is written to a file as well", async () => {
  const { status, world } = await runMain("--json -oJ out 10.0.0.1", { batches: BATCHES }, {
    stdoutFails: { after: 0, error: new Deno.errors.BrokenPipe("Broken pipe (os error 32)") },
  });
  assertEquals([status, world.stderr], [EXIT.done, ""]);
  assertEquals(jsonLines(world.written.get("out")?.text ?? "").length, 5);
});

Deno.test("main: a full disk is told, and what is in the file is whole", async () => {
  for (const after of [0, 1, 130, 150, 200, 250, 300, 500]) {
    const { status, world } = await runMain("-oJ out 10.0.0.1", { batches: BATCHES }, {
      diskFails: { after, error: NO_SPACE },
    });
    assertEquals(status, EXIT.cannot, `${after}`);
    assertEquals(
      world.stderr,
      'Cannot write to "out": no space left on device. What had been written before is kept, and whole\n',
    );
    const text = world.written.get("out")?.text ?? "";
    if (text !== "") jsonLines(text);
    assertEquals(world.stdout, TABLE, "the table is not lost with it");
  }
});

Deno.test("main: a scan that fails midway prints what is known, and why it failed", async () => {
  const { status, world } = await runMain("-oJ out 10.0.0.1", {
    batches: BATCHES,
    laterError: new CannotScanError("Cannot send: the network is down"),
  });
  assertEquals([status, world.stderr], [EXIT.cannot, "Cannot send: the network is down\n"]);
  assertStringIncludes(world.stdout, "22/tcp open   ssh?");
  assertStringIncludes(world.stdout, "synscan failed: ");
  assertEquals(jsonLines(world.written.get("out")?.text ?? "").at(-1)?.ended, "failed");
});

Deno.test("main: an error that nobody foresaw is one line", async () => {
  const { status, world } = await runMain("10.0.0.1", { setUpError: new TypeError("x is\nnot a function") });
  assertEquals([status, world.stderr], [EXIT.cannot, "Cannot go on: x is?not a function\n"]);
});

Deno.test("main: targets and exclusions come from files and standard input", async () => {
  const files = { hosts: "\ufeff10.0.0.1 10.0.0.2 # two\r\n\n# none\n10.0.0.3:22,80\n", no: "10.0.0.2" };
  const { scanner } = await runMain("-iL hosts -iL - --excludefile no 10.0.0.9", {}, { files, stdin: "10.0.0.4" });
  assertEquals(scanner.asked[0], {
    hostnames: "auto",
    targets: ["10.0.0.9"],
    targetLists: [{ name: "hosts", text: files.hosts }, { name: "standard input", text: "10.0.0.4" }],
    exclude: [],
    excludeLists: [{ name: "no", text: "10.0.0.2" }],
    dropPrivileges: { uid: 65534, gid: 65534 },
  });
});

Deno.test("main: on a terminal, asks for a target and offers the source address", async () => {
  const ask = async (answers: (string | null)[], line = "") =>
    await runMain(line, { source: "10.0.0.9" }, { terminal: true, answers });
  const both = await ask(["10.0.0.1 ", "10.0.0.9"]);
  assertEquals(both.world.asked, ["Target (an address, a block, a range or a name):", "Source address: [10.0.0.9]"]);
  assertEquals(both.scanner.asked[0]?.targets, ["10.0.0.1"]);
  assertEquals(both.scanner.asked[0]?.sourceIp, undefined);
  assertEquals((await ask(["10.0.0.1", "10.0.0.8"])).scanner.asked[0]?.sourceIp, "10.0.0.8");
  assertEquals((await ask(["10.0.0.1"], "-S 10.0.0.7")).scanner.asked[0]?.sourceIp, "10.0.0.7");
  for (const answers of [[null], ["10.0.0.1", null]]) {
    const left = await ask(answers);
    assertEquals([left.status, left.scanner.asked, left.world.stderr], [EXIT.interrupted, [], ""]);
  }
});

Deno.test("main: --dry-run lists what would be probed", async () => {
  const text = await runMain("--dry-run 10.0.0.1-2");
  assertEquals(
    text.world.stdout,
    "10.0.0.1: 22,80\n10.0.0.2: 22,80\nWould probe 4 ports in all on 2 hosts (syn); nothing was sent\n",
  );
  assertEquals((await runMain("--dry-run -q 10.0.0.1-2")).world.stdout, "10.0.0.1: 22,80\n10.0.0.2: 22,80\n");
  assertEquals((await runMain("--dry-run -q --json 10.0.0.1-2")).world.stderr, "");
  const json = await runMain("--dry-run --json 10.0.0.1-2");
  assertEquals(
    json.world.stdout,
    '{"type":"target","ip":"10.0.0.1","ports":"22,80"}\n{"type":"target","ip":"10.0.0.2","ports":"22,80"}\n',
  );
  assertEquals(Object.keys(JSON.parse(json.world.stdout.split("\n")[0]!)), [
    "type",
    ...TARGET_FIELDS.map(([name]) => name),
  ]);
  assertEquals(json.world.stderr, "Would probe 4 ports in all on 2 hosts (syn); nothing was sent\n");
});

Deno.test("main: help and version ask for no right and no target", async () => {
  const denied = ["ffi", "read", "write", "env", "sys", "net", "run"];
  const help = await runMain("--help", {}, { denied });
  assertEquals(help.status, EXIT.done);
  assertStringIncludes(help.world.stdout, "Usage: synscan");
  const version = await runMain("-V", {}, { denied });
  assertMatch(version.world.stdout, /^synscan \d+\.\d+\.\d+\n$/);
});

Deno.test("main: what the library refuses is one line with its status", async () => {
  const usage = await runMain("10.0.0.1", { setUpError: new UsageError("Cannot read port 70000: too large") });
  assertEquals([usage.status, usage.world.stderr], [EXIT.usage, "Cannot read port 70000: too large\n"]);
});

Deno.test("main: -q prints only results on standard output, and warnings on standard error", async () => {
  const bare = TABLE.slice(0, TABLE.indexOf("synscan done"));
  const quiet = await runMain("-q 10.0.0.1", { batches: BATCHES }, { terminal: true });
  assertEquals([quiet.status, quiet.world.stderr.includes("probes/s")], [EXIT.done, false]);
  const { world } = await runMain("-q 10.0.0.1", { batches: BATCHES });
  assertEquals([world.stdout, world.stderr], [bare, ""]);
  const doubtful = await runMain("-q 10.0.0.1", {
    batches: BATCHES,
    summary: summary({ trusted: false, warnings: ["half of it was lost"] }),
  });
  assertEquals(doubtful.status, EXIT.untrusted);
  assertEquals(doubtful.world.stdout, bare);
  assertEquals(doubtful.world.stderr, "Warning: half of it was lost\nNot to be trusted in full\n");
});

Deno.test("main: -q with JSON on standard output prints each warning once", async () => {
  const lost = { batches: BATCHES, summary: summary({ trusted: false, warnings: ["half of it was lost"] }) };
  const json = await runMain("-q --json 10.0.0.1", lost);
  assertEquals([json.world.stdout.split("half of it was lost").length, json.world.stderr], [2, ""]);
  const table = await runMain("-q -oJ x 10.0.0.1", lost);
  assertEquals(table.world.stderr, "Warning: half of it was lost\nNot to be trusted in full\n");
});

Deno.test("main: --color decides over a pipe, a terminal and NO_COLOR", async () => {
  const isColored = async (line: string, terminal: boolean) =>
    (await runMain(`${line} 10.0.0.1`, { batches: BATCHES }, { terminal })).world.stdout.includes("\x1b[3");
  assertEquals(await isColored("", false), false);
  assertEquals(await isColored("", true), true);
  assertEquals(await isColored("--color always", false), true);
  assertEquals(await isColored("--color never", true), false);
  assertEquals(await isColored("--color auto", true), true);
  const dumb = { terminal: true, env: { TERM: "dumb" } };
  assert(!(await runMain("10.0.0.1", { batches: BATCHES }, dumb)).world.stdout.includes("\x1b"));
});
