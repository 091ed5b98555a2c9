/**
 * Checkpoints as bytes and as files: what is written comes back, what is damaged, foreign or newer is told apart, and one
 * process at a time has a file.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { type FileRecord, headOf, VERSION } from "../../src/checkpoint/encoding.ts";
import { CheckpointError, type CheckpointTrouble } from "../../src/checkpoint/error.ts";
import {
  checkpointBytes,
  createJournal,
  openJournal,
  removeCheckpoint,
  replaceCheckpoint,
  tryToReplace,
  writeFirst,
} from "../../src/checkpoint/file.ts";
import { draftPath, journalPath } from "../../src/checkpoint/paths.ts";
import { Journal, type JournalState, RESULTS } from "../../src/checkpoint/journal.ts";
import { Random } from "../support/random.ts";
import { withFolder } from "../support/folder.ts";

const KEY = "0123456789abcdef";

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

Deno.test("checkpoint: cut anywhere, or with any byte changed, it is not taken for one", () => {
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
    using _journal = createJournal(path);
    writeFirst(path, text("first"));
    assertEquals(Deno.readTextFileSync(path), "first");
    // Left by a process that was killed while it wrote.
    Deno.writeTextFileSync(draftPath(path), "half");
    for (const words of ["one", "another, longer", "two"]) {
      await replaceCheckpoint(path, text(words));
      assertEquals(Deno.readTextFileSync(path), words);
    }
    tryToReplace(path);
    assertEquals(Deno.readTextFileSync(path), "two");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["scan", "scan.journal"]);
    for (const file of [path, journalPath(path)]) assertEquals(Deno.statSync(file).mode! & 0o777, 0o600);
    assertEquals(removeCheckpoint(path), undefined);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("checkpoint file: a draft that is a link leads nowhere", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/precious`, "untouched");
    Deno.symlinkSync(`${folder}/precious`, draftPath(`${folder}/scan`));
    await replaceCheckpoint(`${folder}/scan`, text("state"));
    assertEquals(Deno.readTextFileSync(`${folder}/precious`), "untouched");
    assertEquals(Deno.readTextFileSync(`${folder}/scan`), "state");
  }));

Deno.test("checkpoint file: a link to nothing creates nothing", () =>
  withFolder((folder) => {
    for (const name of ["link", "other.journal"]) Deno.symlinkSync("elsewhere", `${folder}/${name}`);
    assertThrows(() => createJournal(`${folder}/link`), Deno.errors.NotFound);
    assertThrows(() => createJournal(`${folder}/other`), CheckpointError, "beside something");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["link", "other.journal"]);
    return Promise.resolve();
  }));

Deno.test("checkpoint file: what is there is not taken for a new one, and stays as it is", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/scan`, "old");
    const { trouble } = assertThrows(() => createJournal(`${folder}/scan`), CheckpointError);
    assertEquals([trouble, Deno.readTextFileSync(`${folder}/scan`)], ["exists", "old"]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["scan"]);
    return Promise.resolve();
  }));

Deno.test("checkpoint file: one at a time has it, before and after it is replaced", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    const refused = () => {
      for (const open of [openJournal, createJournal]) {
        assertEquals(assertThrows(() => open(path), CheckpointError).trouble, "in use");
      }
    };
    const first = new Journal(KEY, () => createJournal(path));
    first.flush();
    refused();
    await replaceCheckpoint(path, text("state"));
    refused();
    first[Symbol.dispose]();
    assertEquals(assertThrows(() => createJournal(path), CheckpointError).trouble, "exists");
    using _second = openJournal(path);
    assertEquals(new TextDecoder().decode(checkpointBytes(path)), "state");
    refused();
  }));

Deno.test("checkpoint file: what cannot be written leaves what was there", () =>
  withFolder(async (folder) => {
    const path = `${folder}/scan`;
    await replaceCheckpoint(path, text("state"));
    Deno.mkdirSync(`${draftPath(path)}/full`, { recursive: true });
    await assertRejects(() => replaceCheckpoint(path, text("next")));
    assertEquals(Deno.readTextFileSync(path), "state");
    assertEquals(assertThrows(() => checkpointBytes("/dev/zero"), CheckpointError).trouble, "foreign");
    assertThrows(() => createJournal(`${folder}/none/scan`), Deno.errors.NotFound);
    assertThrows(() => createJournal(folder), Deno.errors.IsADirectory);
  }));

/** Batches of results whose numbers a test can recognise. */
function batchesOf(count: number, rows = 1000): FileRecord[] {
  return Array.from(
    { length: count },
    (_, at) => ({
      kind: RESULTS,
      body: Uint32Array.from({ length: 6 * rows }, (_, word) => at * 1_000_003 + word),
      pass: at % 3 === 2 ? 0xffff : at % 3,
      timeMs: 1_700_000_000_000.5 + at,
    }),
  );
}

/** Writes batches to the journal of a checkpoint; its state after each. */
function journalOf(path: string, batches: readonly FileRecord[]): JournalState[] {
  using journal = new Journal(KEY, () => createJournal(path));
  return batches.map((batch) => {
    journal.add(batch);
    return journal.flush();
  });
}

function troubleOfJournal(path: string, state: JournalState): CheckpointTrouble | undefined {
  try {
    using _journal = Journal.open(openJournal(path), state);
    return undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return error.trouble;
    throw error;
  }
}

Deno.test("journal: batches come back as they were added, up to the state of every checkpoint", () =>
  withFolder((folder) => {
    const path = `${folder}/scan`;
    const batches = batchesOf(40);
    const states = journalOf(path, batches);
    assertEquals(Deno.statSync(journalPath(path)).size, states.at(-1)!.bytes);
    for (const at of [0, 7, 39]) {
      using journal = Journal.open(openJournal(path), states[at]!);
      assertEquals([...journal.records()], batches.slice(0, at + 1), `state ${at}`);
      assertEquals(journal.flush(), states[at]);
    }
    // Killed after the seventh checkpoint: later records are overwritten.
    const other = [...batchesOf(3, 5), { kind: 2, pass: 1, timeMs: 3, body: Uint32Array.of(7) }];
    {
      using journal = Journal.open(openJournal(path), states[6]!);
      for (const batch of other) journal.add(batch);
      const { bytes } = journal.flush();
      assertEquals([...journal.records()], [...batches.slice(0, 7), ...other]);
      assertEquals(Deno.statSync(journalPath(path)).size, bytes);
    }
    assertEquals(removeCheckpoint(path), undefined);
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
    // More than is written together.
    batches.push(...batchesOf(1, 20_000));
    journal.add(batches[20]!);
    const state = journal.flush();
    const scan = `${folder}/scan`;
    journal.moveTo(createJournal(scan));
    assertEquals(journal.flush(), state);
    journal[Symbol.dispose]();
    using opened = Journal.open(openJournal(scan), state);
    assertEquals([...opened.records()], batches);
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
  ...[72, 76, 78, 80, 81, 83, 84, 90, 95].map((at): [CheckpointTrouble, (path: string) => void] => [
    "journal damaged",
    (path) => change(path, (bytes) => bytes[at]! ^= 0x81),
  ]),
  ["journal damaged", (path) => change(path, (bytes) => bytes[bytes.length - 1]! ^= 128)],
  ["journal of another scan", (path) => change(path, (bytes) => bytes.set(text("fedc"), bytes.indexOf(0x30, 40)))],
  [
    "journal of another version",
    (path) => change(path, (bytes) => bytes[headOf("journal", "").indexOf(0x30 + VERSION % 10)]! ^= 1),
  ],
];

function change(path: string, alter: (bytes: Uint8Array) => void): void {
  const bytes = Deno.readFileSync(path);
  alter(bytes);
  Deno.writeFileSync(path, bytes);
}

for (const [at, [trouble, spoil]] of SPOILED.entries()) {
  Deno.test(`journal: refused as "${trouble}", and not changed (${at + 1})`, () =>
    withFolder((folder) => {
      const scan = `${folder}/scan`;
      const state = journalOf(scan, batchesOf(4)).at(-1)!;
      const path = journalPath(scan);
      spoil(path);
      const before = trouble === "journal missing" ? undefined : Deno.readFileSync(path);
      assertEquals(troubleOfJournal(scan, state), trouble);
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
      const state = journalOf(path, batchesOf(2)).at(-1)!;
      assertEquals(troubleOfJournal(path, state), undefined);
      assertEquals(removeCheckpoint(path), undefined);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    for (const words of ["precious", ""]) {
      Deno.writeTextFileSync(journalPath(path), words);
      const { trouble } = assertThrows(() => createJournal(path), CheckpointError);
      assertEquals([trouble, Deno.readTextFileSync(journalPath(path))], ["beside something", words]);
    }
    return Promise.resolve();
  }));

Deno.test("journal: what cannot be written leaves what was written before", () =>
  withFolder((folder) => {
    const path = `${folder}/scan`;
    const batches = batchesOf(2);
    using journalFile = createJournal(path);
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
    journal[Symbol.dispose]();
    assertEquals(troubleOfJournal(path, state), undefined);
    return Promise.resolve();
  }));
