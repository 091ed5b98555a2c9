/**
 * Checkpoints as bytes and as files: what is written comes back, what is damaged, foreign or newer is told apart, and one
 * process at a time has a file.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { VERSION } from "../../src/checkpoint/encoding.ts";
import { CheckpointError, type CheckpointTrouble } from "../../src/checkpoint/error.ts";
import { CheckpointFile, openJournal } from "../../src/checkpoint/file.ts";
import { draftPath, journalPath } from "../../src/checkpoint/paths.ts";
import { Journal, type JournalBatch, type JournalState } from "../../src/checkpoint/journal.ts";
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
  rest: { seed: 7, parts: [{ position: 3, pending: [1, 2] }] },
  journal: { scan: "0123456789abcdef", bytes: 20_000 },
  outputs: [{ format: "json", path: "out", bytes: 12 }, { format: "history", path: "db", bytes: null, scan: 3 }],
};

function troubleOf(bytes: Uint8Array<ArrayBuffer>): CheckpointTrouble | undefined {
  try {
    readCheckpoint(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return error.trouble;
    throw error;
  }
}

/** Locks a path for a new checkpoint, with an empty journal. */
function created(path: string): CheckpointFile {
  const { file, journal } = CheckpointFile.create(path);
  journal.close();
  return file;
}

function text(words: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(words);
}

Deno.test("checkpoint: what is written comes back, lists of every length included", () => {
  const rest = {
    words: ["", "\u2028 \ud83d\ude00", 'a "b"'],
    numbers: [0, -1.5, 2 ** 53],
    none: null,
    yes: true,
    lists: [[1], [], [2 ** 32 - 1, 0]],
    long: [0, 1, -1, 0.5, 2 ** 32].map((last) => [...Array.from({ length: 1000 }, (_, i) => 2 ** 32 - 1 - i), last]),
    texts: Array(1000).fill("1"),
  };
  for (const checkpoint of [CHECKPOINT, { ...CHECKPOINT, rest }]) {
    assertEquals(readCheckpoint(writeCheckpoint(checkpoint)), checkpoint);
  }
});

Deno.test("checkpoint: cut anywhere, or with any octet changed, it is not taken for one", () => {
  const bytes = writeCheckpoint(CHECKPOINT);
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(troubleOf(bytes.subarray(0, length)), length === 0 ? "empty" : "damaged", `cut to ${length}`);
  }
  const random = new Random(1);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1 + random.below(255);
    const trouble = troubleOf(changed);
    assert(trouble === "damaged" || at < 64 && trouble !== undefined, `octet ${at}: ${trouble}`);
  }
  assertEquals(troubleOf(Uint8Array.of(...bytes, 0)), "damaged");
});

function spoiled(checkpoint: unknown): Uint8Array<ArrayBuffer> {
  return writeCheckpoint(checkpoint as Checkpoint);
}

const NOT_OURS: readonly [name: string, bytes: Uint8Array<ArrayBuffer>, trouble: CheckpointTrouble][] = [
  ["nothing", text(""), "empty"],
  ["text", text("a list of hosts\n"), "foreign"],
  ["JSON of another kind", text('{"type":"port"}\n'), "foreign"],
  ["octets", new Uint8Array(4096), "foreign"],
  ["a newer version", text(`{"synscan":"checkpoint","version":${VERSION + 1},"anything":[]}\nbeyond us`), "newer"],
  ["an older version", text('{"synscan":"checkpoint","version":7,"octets":0,"sha256":""}\n'), "older"],
  ["a journal", text('{"synscan":"journal","version":1}\n'), "foreign"],
  ["a newer version that is cut", text('{"synscan":"checkpoint","version":99}\n'), "newer"],
  ["a first line without numbers", text('{"synscan":"checkpoint","version":"1"}\n{}\n'), "damaged"],
  ["a first line without an end", text('{"synscan":"checkpoint","version":1'), "damaged"],
  ["whole, but with nothing in it", spoiled({ journal: CHECKPOINT.journal }), "damaged"],
  ["whole, with arguments that are none", spoiled({ ...CHECKPOINT, args: [1] }), "damaged"],
  ["whole, with an output without length", spoiled({ ...CHECKPOINT, outputs: [{}] }), "damaged"],
  ["whole, with a journal without length", spoiled({ ...CHECKPOINT, journal: { scan: "" } }), "damaged"],
  ["a first line alone", writeCheckpoint(CHECKPOINT).slice(0, 72), "damaged"],
];

for (const [name, bytes, trouble] of NOT_OURS) {
  Deno.test(`checkpoint: ${name} is ${trouble}`, () => assertEquals(troubleOf(bytes), trouble));
}

Deno.test("checkpoint file: replaced as a whole, removed with its draft", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    using file = created(path);
    assertEquals(Deno.readFileSync(path).length, 0);
    // Left by a process that was killed while it wrote.
    Deno.writeTextFileSync(draftPath(path), "half");
    for (const words of ["one", "another, longer", "two"]) {
      await file.replace(text(words));
      assertEquals(Deno.readTextFileSync(path), words);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["scan", "scan.journal"]);
    assertEquals(file.remove(), undefined);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("checkpoint file: a draft that is a link leads nowhere", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/precious`, "untouched");
    using file = created(`${folder}/scan`);
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
    const first = created(path);
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
    using file = created(`${folder}/scan`);
    await file.replace(text("state"));
    Deno.mkdirSync(`${draftPath(`${folder}/scan`)}/full`, { recursive: true });
    await assertRejects(() => file.replace(text("next")));
    assertEquals(Deno.readTextFileSync(`${folder}/scan`), "state");
    const { trouble } = assertThrows(() => CheckpointFile.open("/dev/zero"), CheckpointError);
    assertEquals(trouble, "foreign");
    assertThrows(() => CheckpointFile.create(`${folder}/none/scan`), Deno.errors.NotFound);
    assertThrows(() => CheckpointFile.create(folder));
  }));

const KEY = "0123456789abcdef";

/** Batches of results whose numbers a test can recognise. */
function batchesOf(count: number, rows = 1000): JournalBatch[] {
  return Array.from(
    { length: count },
    (_, at) => ({
      rows: Uint32Array.from({ length: 6 * rows }, (_, word) => at * 1_000_003 + word),
      pass: at % 3 === 2 ? 0xffff : at % 3,
      timeMs: 1_700_000_000_000.5 + at,
    }),
  );
}

/** Writes batches to the journal of a checkpoint; its state after each. */
function journalOf(file: CheckpointFile, batches: readonly JournalBatch[]): JournalState[] {
  using journal = new Journal(KEY, () => openJournal(file.path));
  return batches.map((batch) => {
    journal.add(batch);
    return journal.flush();
  });
}

function troubleOfJournal(file: CheckpointFile, state: JournalState): CheckpointTrouble | undefined {
  try {
    using _journal = Journal.open(openJournal(file.path), state);
    return undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return error.trouble;
    throw error;
  }
}

Deno.test("journal: batches come back as they were added, up to the state of every checkpoint", () =>
  withFolder((folder) => {
    using file = created(`${folder}/scan`);
    const batches = batchesOf(40);
    const states = journalOf(file, batches);
    assertEquals(Deno.statSync(journalPath(file.path)).size, states.at(-1)!.bytes);
    for (const at of [0, 7, 39]) {
      using journal = Journal.open(openJournal(file.path), states[at]!);
      assertEquals([...journal.batches()], batches.slice(0, at + 1), `state ${at}`);
      assertEquals(journal.flush(), states[at]);
    }
    // Killed after the seventh checkpoint: later records are overwritten.
    const other = batchesOf(3, 5);
    {
      using journal = Journal.open(openJournal(file.path), states[6]!);
      for (const batch of other) journal.add(batch);
      const { bytes } = journal.flush();
      assertEquals([...journal.batches()], [...batches.slice(0, 7), ...other]);
      assertEquals(Deno.statSync(journalPath(file.path)).size, bytes);
    }
    assertEquals(file.remove(), undefined);
    assertEquals([...Deno.readDirSync(folder)], []);
    return Promise.resolve();
  }));

Deno.test("journal: without a checkpoint, what was written moves to the one that is made later", () =>
  withFolder((folder) => {
    const path = `${folder}/temporary`;
    const batches = batchesOf(20);
    using journal = new Journal(KEY, () => Deno.openSync(path, { read: true, write: true, createNew: true }));
    for (const batch of batches.slice(0, 19)) journal.add(batch);
    assert(Deno.statSync(path).size > 0, "all of it was kept in memory");
    journal.add(batches[19]!);
    const state = journal.flush();
    using file = created(`${folder}/scan`);
    journal.moveTo(openJournal(file.path));
    assertEquals(journal.flush(), state);
    using opened = Journal.open(openJournal(file.path), state);
    assertEquals([...opened.batches()], batches);
    return Promise.resolve();
  }));

const SPOILED: readonly [trouble: CheckpointTrouble, spoil: (path: string) => void][] = [
  ["journal missing", (path) => Deno.removeSync(path)],
  ["journal missing", (path) => {
    Deno.renameSync(path, `${path}.away`);
    Deno.symlinkSync(`${path}.away`, path);
  }],
  ["journal cut", (path) => Deno.truncateSync(path)],
  ["journal cut", (path) => Deno.truncateSync(path, 40)],
  ["journal cut", (path) => Deno.truncateSync(path, 20_000)],
  ["journal damaged", (path) => Deno.writeFileSync(path, Deno.readFileSync(path).reverse())],
  ["journal damaged", (path) => change(path, (bytes) => bytes[9000]! ^= 1)],
  ["journal damaged", (path) => change(path, (bytes) => bytes[80]! ^= 64)],
  ["journal damaged", (path) => change(path, (bytes) => bytes[bytes.length - 1]! ^= 128)],
  ["journal of another scan", (path) => change(path, (bytes) => bytes.set(text("fedc"), bytes.indexOf(0x30, 30)))],
  ["journal of another version", (path) => change(path, (bytes) => bytes[bytes.indexOf(0x30 + VERSION)]!++)],
];

function change(path: string, alter: (bytes: Uint8Array) => void): void {
  const bytes = Deno.readFileSync(path);
  alter(bytes);
  Deno.writeFileSync(path, bytes);
}

for (const [at, [trouble, spoil]] of SPOILED.entries()) {
  Deno.test(`journal: refused as "${trouble}", and not changed (${at + 1})`, () =>
    withFolder((folder) => {
      using file = created(`${folder}/scan`);
      const state = journalOf(file, batchesOf(4)).at(-1)!;
      const path = journalPath(file.path);
      spoil(path);
      const before = trouble === "journal missing" ? undefined : Deno.readFileSync(path);
      assertEquals(troubleOfJournal(file, state), trouble);
      if (before !== undefined) assertEquals(Deno.readFileSync(path), before);
      return Promise.resolve();
    }));
}

Deno.test("journal: what lies where it is to lie is one, or is left alone", () =>
  withFolder((folder) => {
    const path = `${folder}/scan`;
    // Left by a scan that was killed while it removed its checkpoint.
    Deno.writeTextFileSync(journalPath(path), '{"synscan":"journal","version":1}\n');
    {
      using file = created(path);
      const state = journalOf(file, batchesOf(2)).at(-1)!;
      assertEquals(troubleOfJournal(file, state), undefined);
      assertEquals(file.remove(), undefined);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    for (const words of ["precious", ""]) {
      Deno.writeTextFileSync(journalPath(path), words);
      const { trouble } = assertThrows(() => CheckpointFile.create(path), CheckpointError);
      assertEquals([trouble, Deno.readTextFileSync(journalPath(path))], ["beside something", words]);
    }
    return Promise.resolve();
  }));

Deno.test("journal: what cannot be written leaves what was written before", () =>
  withFolder((folder) => {
    using file = created(`${folder}/scan`);
    const batches = batchesOf(2);
    const journalFile = openJournal(file.path);
    let room = Infinity;
    const full = new Proxy(journalFile, {
      get(target, name) {
        if (name === "writeSync") {
          return (bytes: Uint8Array) => {
            if (room === 0) throw new Error("No space left on device (os error 28)");
            return target.writeSync(bytes.subarray(0, room));
          };
        }
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    using journal = new Journal(KEY, () => full);
    journal.add(batches[0]!);
    const state = journal.flush();
    room = 0;
    journal.add(batches[1]!);
    assertThrows(() => journal.flush());
    assertEquals(troubleOfJournal(file, state), undefined);
    return Promise.resolve();
  }));
