/**
 * Checkpoints as bytes and as files: what is written comes back, what is damaged, foreign or newer is told apart, and one
 * process at a time has a file.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { decode, encode, type Kept } from "../../src/checkpoint/encoding.ts";
import { CheckpointError, type CheckpointTrouble } from "../../src/checkpoint/error.ts";
import { CheckpointFile, discoveriesPath, draftPath } from "../../src/checkpoint/file.ts";
import { DiscoveryLog, NO_FINDINGS, type SavedDiscoveries, writeDiscoveries } from "../../src/checkpoint/findings.ts";
import { Random } from "../support/random.ts";
import { withFolder } from "../support/folder.ts";

const CHECKPOINT: Checkpoint = {
  args: ["-p", "1-100", "127.0.0.1"],
  given: [{ name: "--ports", spelling: "-p", value: "1-100" }],
  operands: ["127.0.0.1"],
  sourceIp: null,
  folder: "/tmp",
  startedAtMs: 1_700_000_000_000,
  technique: "connect",
  rest: { seed: 7, parts: [{ position: 3, pending: Uint32Array.of(1, 2) }] },
  book: null,
  findings: { recent: Uint8Array.of(7, 8), octets: 20_000, print: 9 },
  outputs: [{ format: "json", path: "out", bytes: 12, memory: null }],
};

async function troubleOf(bytes: Uint8Array<ArrayBuffer>): Promise<CheckpointTrouble | undefined> {
  try {
    await readCheckpoint(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return error.trouble;
    throw error;
  }
}

function text(words: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(words);
}

Deno.test("checkpoint: what is written comes back, columns of every kind and length included", async () => {
  const value: Kept = {
    words: ["", "\u2028 \ud83d\ude00", 'a "b"'],
    numbers: [0, -1.5, 2 ** 53],
    none: null,
    yes: true,
    columns: [Uint8Array.of(1), new Uint16Array(), Uint32Array.of(2 ** 32 - 1, 0), Float32Array.of(NaN, 0.5)],
    nested: { bytes: Uint8Array.of(10, 0, 255).subarray(1) },
  };
  assertEquals(await decode(await encode(value)), { ...value, nested: { bytes: Uint8Array.of(0, 255) } });
  assertEquals(await readCheckpoint(await writeCheckpoint(CHECKPOINT)), CHECKPOINT);
});

Deno.test("checkpoint: cut anywhere, or with any octet changed, it is not taken for one", async () => {
  const bytes = await writeCheckpoint(CHECKPOINT);
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(await troubleOf(bytes.subarray(0, length)), length === 0 ? "empty" : "damaged", `cut to ${length}`);
  }
  const random = new Random(1);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1 + random.below(255);
    const trouble = await troubleOf(changed);
    assert(trouble === "damaged" || at < 64 && trouble !== undefined, `octet ${at}: ${trouble}`);
  }
  assertEquals(await troubleOf(Uint8Array.of(...bytes, 0)), "damaged");
});

const NOT_OURS: readonly [name: string, bytes: Uint8Array<ArrayBuffer>, trouble: CheckpointTrouble][] = [
  ["nothing", text(""), "empty"],
  ["text", text("a list of hosts\n"), "foreign"],
  ["JSON of another kind", text('{"type":"port"}\n'), "foreign"],
  ["octets", new Uint8Array(4096), "foreign"],
  ["a newer version", text('{"synscan":"checkpoint","version":4,"anything":[]}\nbeyond us'), "newer"],
  ["an older version", text('{"synscan":"checkpoint","version":2,"octets":0,"sha256":""}\n'), "older"],
  ["a piece of findings", await writeDiscoveries({}), "foreign"],
  ["a newer version that is cut", text('{"synscan":"checkpoint","version":99}\n'), "newer"],
  ["a first line without numbers", text('{"synscan":"checkpoint","version":"1"}\n{}\n'), "damaged"],
  ["a first line without an end", text('{"synscan":"checkpoint","version":1'), "damaged"],
  ["whole, but with nothing in it", await encode({}), "damaged"],
  ["whole, but no object", await encode([]), "damaged"],
  [
    "whole, with arguments that are none",
    await encode({ ...(CHECKPOINT as unknown as { [name: string]: Kept }), args: [1] }),
    "damaged",
  ],
  [
    "whole, with an output without length",
    await encode({ ...(CHECKPOINT as unknown as { [name: string]: Kept }), outputs: [{}] }),
    "damaged",
  ],
  [
    "whole, with findings that are none",
    await encode({
      ...(CHECKPOINT as unknown as { [name: string]: Kept }),
      findings: { recent: "", octets: 0, print: 0 },
    }),
    "damaged",
  ],
];

for (const [name, bytes, trouble] of NOT_OURS) {
  Deno.test(`checkpoint: ${name} is ${trouble}`, async () => assertEquals(await troubleOf(bytes), trouble));
}

Deno.test("checkpoint file: replaced as a whole, removed with its draft", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = CheckpointFile.create(path);
    assertEquals(Deno.readFileSync(path).length, 0);
    // Left by a process that was killed while it wrote.
    Deno.writeTextFileSync(draftPath(path), "half");
    for (const words of ["one", "another, longer", "two"]) {
      await file.replace(text(words));
      assertEquals(Deno.readTextFileSync(path), words);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["scan"]);
    await file.remove();
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("checkpoint file: a draft that is a link leads nowhere", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/precious`, "untouched");
    using file = CheckpointFile.create(`${folder}/scan`);
    Deno.symlinkSync(`${folder}/precious`, draftPath(`${folder}/scan`));
    await file.replace(text("state"));
    assertEquals(Deno.readTextFileSync(`${folder}/precious`), "untouched");
    assertEquals(Deno.readTextFileSync(`${folder}/scan`), "state");
  }));

Deno.test("checkpoint file: a link to nothing creates nothing", () =>
  withFolder((folder) => {
    Deno.symlinkSync("elsewhere", `${folder}/link`);
    assertThrows(() => CheckpointFile.create(`${folder}/link`), Deno.errors.NotFound);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["link"]);
    return Promise.resolve();
  }));

Deno.test("checkpoint file: what is there is not taken for a new one, and stays as it is", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/scan`, "old");
    const { trouble } = assertThrows(() => CheckpointFile.create(`${folder}/scan`), CheckpointError);
    assertEquals([trouble, Deno.readTextFileSync(`${folder}/scan`)], ["exists", "old"]);
    await Promise.resolve();
  }));

Deno.test("checkpoint file: one at a time has it, before and after it is replaced", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    const first = CheckpointFile.create(path);
    const refused = () =>
      assertEquals(assertThrows(() => CheckpointFile.open(path), CheckpointError).trouble, "in use");
    refused();
    await first.replace(text("state"));
    refused();
    first[Symbol.dispose]();
    const { file, bytes } = CheckpointFile.open(path);
    assertEquals(new TextDecoder().decode(bytes), "state");
    refused();
    await file.replace(text("next"));
    refused();
    file[Symbol.dispose]();
    CheckpointFile.open(path).file[Symbol.dispose]();
  }));

Deno.test("checkpoint file: what cannot be written leaves what was there", () =>
  withFolder(async (folder) => {
    using file = CheckpointFile.create(`${folder}/scan`);
    await file.replace(text("state"));
    Deno.mkdirSync(`${draftPath(`${folder}/scan`)}/full`, { recursive: true });
    await assertRejects(() => file.replace(text("next")));
    assertEquals(Deno.readTextFileSync(`${folder}/scan`), "state");
    const { trouble } = assertThrows(() => CheckpointFile.open("/dev/zero"), CheckpointError);
    assertEquals(trouble, "foreign");
    assertThrows(() => CheckpointFile.create(`${folder}/none/scan`), Deno.errors.NotFound);
    assertThrows(() => CheckpointFile.create(folder));
  }));

/** A piece of findings of so many octets and some more. */
const pieceOf = (name: string, octets: number): Kept => ({ name, numbers: new Uint8Array(octets).fill(name.length) });

async function log(file: CheckpointFile, pieces: readonly Kept[]): Promise<SavedDiscoveries[]> {
  const log = new DiscoveryLog();
  const kept: SavedDiscoveries[] = [];
  for (const piece of pieces) {
    log.add(await writeDiscoveries(piece));
    kept.push(await log.keep(file));
  }
  return kept;
}

const PIECES = ["a", "bb", "ccc", "dddd", "eeeee"].map((name, at) => pieceOf(name, 5000 * (at + 1)));

Deno.test("findings: those that a checkpoint has room for are in it, and all others beside it; every state finds its own", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = CheckpointFile.create(path);
    const states = await log(file, PIECES);
    assertEquals(states.map(({ recent }) => recent.length < 16_384), PIECES.map(() => true));
    assertEquals(states.map(({ octets }) => octets > 0), [false, false, true, true, true]);
    for (const [at, state] of states.entries()) {
      const { pieces } = await DiscoveryLog.read(state, file);
      assertEquals(pieces, PIECES.slice(0, at + 1), `state ${at}`);
    }
    // Killed once the findings were written, before the checkpoint knew of them: what follows takes their place.
    const { log: again } = await DiscoveryLog.read(states[2]!, file);
    again.add(await writeDiscoveries(pieceOf("other", 30_000)));
    const other = await again.keep(file);
    assertEquals((await DiscoveryLog.read(other, file)).pieces, [...PIECES.slice(0, 3), pieceOf("other", 30_000)]);
    assertEquals(Deno.statSync(discoveriesPath(path)).size, other.octets);
    await file.remove();
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

for (
  const [name, spoil] of [
    ["missing", (path: string) => Deno.removeSync(path)],
    ["cut", (path: string) => Deno.truncateSync(path, 20_000)],
    ["those of another scan", (path: string) => Deno.writeFileSync(path, Deno.readFileSync(path).reverse())],
    ["a link", (path: string) => {
      Deno.renameSync(path, `${path}.away`);
      Deno.symlinkSync(`${path}.away`, path);
    }],
  ] as const
) {
  Deno.test(`findings: a checkpoint is not gone on with where they are ${name}`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/scan`;
      const first = CheckpointFile.create(path);
      const state = (await log(first, PIECES)).at(-1)!;
      first[Symbol.dispose]();
      spoil(discoveriesPath(path));
      using file = CheckpointFile.open(path).file;
      const { trouble } = await assertRejects(() => DiscoveryLog.read(state, file), CheckpointError);
      assertEquals(trouble, "without its findings");
    }));
}

Deno.test("findings: one octet changed far from their end is seen", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = CheckpointFile.create(path);
    const state = (await log(file, PIECES)).at(-1)!;
    const bytes = Deno.readFileSync(discoveriesPath(path));
    bytes[9000]! ^= 1;
    Deno.writeFileSync(discoveriesPath(path), bytes);
    assertEquals((await assertRejects(() => DiscoveryLog.read(state, file), CheckpointError)).trouble, "damaged");
  }));

Deno.test("findings: what lies where they are to lie is theirs, or is left alone", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    // Left by a scan that was killed while it removed its checkpoint.
    Deno.writeFileSync(discoveriesPath(path), await writeDiscoveries(pieceOf("old", 3)));
    {
      using file = CheckpointFile.create(path);
      const state = (await log(file, PIECES.slice(0, 3))).at(-1)!;
      assertEquals((await DiscoveryLog.read(state, file)).pieces, PIECES.slice(0, 3));
      await file.remove();
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    Deno.writeFileSync(discoveriesPath(path), await writeDiscoveries(pieceOf("old", 3)));
    {
      using file = CheckpointFile.create(path);
      await file.remove();
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    for (const words of ["precious", ""]) {
      Deno.writeTextFileSync(discoveriesPath(path), words);
      const { trouble } = assertThrows(() => CheckpointFile.create(path), CheckpointError);
      assertEquals([trouble, Deno.readTextFileSync(discoveriesPath(path))], ["beside something", words]);
    }
  }));

Deno.test("findings: a file that a killed scan left empty is replaced by the scan that resumes it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = CheckpointFile.create(path);
    Deno.writeTextFileSync(discoveriesPath(path), "");
    const state = (await log(file, PIECES)).at(-1)!;
    assertEquals((await DiscoveryLog.read(state, file)).pieces, PIECES);
  }));

Deno.test("findings: what has no room is kept until there is some", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = CheckpointFile.create(path);
    const findings = new DiscoveryLog();
    findings.add(await writeDiscoveries(PIECES[4]!));
    Deno.mkdirSync(discoveriesPath(path));
    await assertRejects(() => findings.keep(file));
    Deno.removeSync(discoveriesPath(path));
    findings.add(await writeDiscoveries(PIECES[0]!));
    const { pieces } = await DiscoveryLog.read(await findings.keep(file), file);
    assertEquals(pieces, [PIECES[4]!, PIECES[0]!]);
    assertEquals((await DiscoveryLog.read(NO_FINDINGS, file)).pieces, []);
  }));
