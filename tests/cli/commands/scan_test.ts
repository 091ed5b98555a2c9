/** How a scan from the command line begins and ends, with a library of the test's own. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Checkpoint, writeCheckpoint } from "../../../src/checkpoint/checkpoint.ts";
import { createJournal, replaceCheckpoint } from "../../../src/checkpoint/file.ts";
import { draftPath } from "../../../src/checkpoint/paths.ts";
import { Journal } from "../../../src/checkpoint/journal.ts";
import { EXIT } from "../../../src/cli/exit.ts";
import { CheckpointWriter } from "../../../src/cli/checkpoint_writer.ts";
import { fileSink } from "../../../src/cli/sinks.ts";
import { Snapshots } from "../../../src/cli/snapshots.ts";
import { denoSystem } from "../../../src/cli/system.ts";
import { newAggregator } from "../../../src/report/formats.ts";
import { type FakeScan, FakeWorld, result, runMain, summary } from "../fake.ts";
import { withFolder } from "../../support/folder.ts";

const SSH = result({ port: 22, state: "open", reason: "syn-ack" });

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("session: what nobody foresaw while reports are closed closes none of them twice", async () => {
  // The second report cannot be made of such a summary; the first can.
  const broken = { ...summary(), suspects: null as never };
  const fake = { batches: [[SSH]], summary: broken, plan: { probes: 1 } };
  const { status, world } = await runMain("-oJ - -oN later 10.0.0.1", fake);
  assertEquals(status, EXIT.cannot);
  const types = world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).type);
  assertEquals(types, ["start", "port", "summary"]);
  assertMatch(world.stderr, /^Cannot go on: [^\n]+\n$/);
});

Deno.test("session: a scan that cannot begin removes the files that it made, and leaves those that were there", async () => {
  const { status, world } = await runMain("-oX new -oN old 10.0.0.1", { setUpError: new Error("broken") }, {
    files: { old: "kept" },
  });
  assertEquals([status, [...world.written.keys()], world.written.get("old")?.text], [EXIT.cannot, ["old"], "kept"]);
});

Deno.test("session: a scan that cannot be recorded has not begun, and leaves no checkpoint", () =>
  withFolder(async (folder) => {
    const fake = { plan: { space: null as never } };
    const { status } = await runMain(["--db", `${folder}/db`, "--checkpoint", `${folder}/ck`, "10.0.0.1"], fake);
    assertEquals([status, names(folder).filter((name) => name.startsWith("ck"))], [EXIT.cannot, []]);
  }));

Deno.test("session: to forget a checkpoint takes its draft along, and minds none that is gone", () =>
  withFolder(async (folder) => {
    const identity = { args: [], given: [], operands: [], sourceIp: null, folder: null, startedAtMs: 0 };
    for (const isGone of [false, true]) {
      using keeper = new CheckpointWriter(denoSystem(), identity, () => {});
      await keeper.begin(`${folder}/ck`);
      await Deno.writeTextFile(draftPath(`${folder}/ck`), "half");
      if (isGone) await Deno.remove(`${folder}/ck`);
      keeper.discard();
      assertEquals(names(folder), []);
    }
  }));

const CHECKPOINT: Checkpoint = {
  args: ["10.0.0.1"],
  given: [],
  operands: ["10.0.0.1"],
  sourceIp: null,
  folder: null,
  startedAtMs: 0,
  technique: "syn",
  rest: {
    parts: [1, 2].map((position) => [{ position, pending: new Uint32Array() }]),
    done: { byState: [0, 0, 0, 0], hostsUp: [], cappedHosts: [], suspects: [], notes: [], shapes: [] },
    excluded: { hosts: [], ports: [] },
    removed: { hosts: [], ports: [] },
  },
  journal: { scan: "", bytes: 0 },
  outputs: [],
};

const CLOSED = [7, 8, 9].map((port) => result({ port }));
const XML_LINES = /<scaninfo .*|<hosts .*/g;

for (const shown of ["", "--open", "--filter state=open"]) {
  Deno.test(`session: XML says what was asked and who is up, whatever is shown (${shown || "all of it"})`, async () => {
    const fake = { batches: [CLOSED], summary: summary({ hosts: 1, hostsUp: 1 }) };
    const { world } = await runMain(`-p 7-9 -oX - ${shown} 10.0.0.1`, fake);
    assertEquals(world.stdout.match(XML_LINES), [
      '<scaninfo type="syn" protocol="tcp" numservices="3" services="7-9"/>',
      '<hosts up="1" down="0" total="1"/>',
    ]);
  });
}

Deno.test("session: what is written behind a report for the time being is replaced as a whole", async () => {
  const world = new FakeWorld();
  using sink = fileSink("o", "-oX", world);
  const file = world.written.get("o")!;
  await sink.add("head\n", "a long ending\n");
  await sink.add("", "short\n");
  assertEquals([file.text.length, file.text.trimEnd()], [19, "head\nshort"]);
  assertEquals(sink.written().bytes, 5);
  await sink.add("", "a longer ending than before\n");
  assertEquals(file.text, "head\na longer ending than before\n");
  await sink.add("rest\n", "");
  assertEquals(file.text, "head\nrest\n");
});

Deno.test("session: of too many hosts no copy is made, and none again", () => {
  const book = newAggregator(0);
  using snapshots = new Snapshots(() => Promise.resolve());
  const hosts = (count: number) =>
    Array.from({ length: count }, (_, at) => result({ ip: `10.0.${at >> 8}.${at & 255}` }));
  book.take(hosts(4000));
  assertEquals([snapshots.copy(book, 0)?.report(4000).upHosts, snapshots.isOver], [4000, false]);
  book.take(hosts(5000));
  assertEquals([snapshots.copy(book, 0), snapshots.isOver], [undefined, true]);
});

for (
  const [how, changes, says] of [
    ["with several workers", {}, "divided among 2 workers"],
    ["by connect(2)", { technique: "connect", rest: null }, "connect(2)"],
  ] as const
) {
  Deno.test(`session: --packet-trace of a scan that goes on ${how} is refused before anything is sent`, () =>
    withFolder(async (folder) => {
      const journal = new Journal("0", () => createJournal(`${folder}/ck`));
      const kept = writeCheckpoint({ ...CHECKPOINT, ...changes, journal: journal.flush() });
      await replaceCheckpoint(`${folder}/ck`, kept);
      journal[Symbol.dispose]();
      const { status, world, scanner } = await runMain(["resume", `${folder}/ck`, "--packet-trace"]);
      assertEquals([status, scanner.asked], [EXIT.usage, []]);
      assertMatch(world.stderr, /^Cannot show packets: .*\. Leave out --packet-trace\n$/);
      assertStringIncludes(world.stderr, says);
      assertEquals(await Deno.readFile(`${folder}/ck`), kept);
    }));
}

Deno.test("session: all reports of a scan that was interrupted count the ports that were never probed", async () => {
  const [hosts, count] = [2, 40_000];
  const fake: FakeScan = {
    batches: [[1, 2].map((host) => result({ ip: `10.0.0.${host}`, port: 7 * host }))],
    plan: { hosts, probes: hosts * count, ports: { count, text: `1-${count}` } },
    summary: summary({ ended: "interrupted", closed: 2, undecided: hosts * count - 2 }),
  };
  const { world } = await runMain("-oX x -oG g -oN n -oJ j 10.0.0.1-2", fake);
  const textOf = (name: string) => world.written.get(name)!.text;
  const left = count - 1;
  assertEquals(textOf("x").match(new RegExp(`<extraports state="unknown" count="${left}">`, "g"))?.length, hosts);
  assertEquals(textOf("g").match(new RegExp(`Ignored State: unknown \\(${left}\\)`, "g"))?.length, hosts);
  assertEquals(textOf("n").match(new RegExp(`Not shown: ${left} undecided tcp ports`, "g"))?.length, hosts);
  const lines = textOf("j").trimEnd().split("\n").map((line) => JSON.parse(line));
  const counts = lines.flatMap(({ type, closed, undecided }) => type === "host" ? [[closed, undecided]] : []);
  assertEquals(counts, Array.from({ length: hosts }, () => [1, left]));
  // Of the ports that a filter leaves, it is not known which were not probed.
  const filtered = await runMain("--filter port=7 10.0.0.1-2", fake);
  assertEquals(filtered.world.stdout.includes("not-asked"), false);
});

Deno.test("session: what was decided is counted when the scan fails", async () => {
  const silent = [7, 8, 9].map((port) => result({ port, state: "filtered", reason: "no-response" }));
  const late = result({ port: 9, late: true, replaces: "no-response" });
  const fake = { batches: [silent, [SSH, late]], plan: { probes: 5 }, laterError: new Error("broken") };
  const { world } = await runMain("--json --open 10.0.0.1", fake);
  const { open, closed, filtered, undecided, warnings } = JSON.parse(world.stdout.trimEnd().split("\n").at(-1)!);
  assertEquals([open, closed, filtered, undecided], [1, 1, 2, 1]);
  assertEquals(warnings, ["the scan failed after 4 ports: broken"]);
});
