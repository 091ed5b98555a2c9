/** Owner and version of a file, and the errors of one that cannot be used. */

import { DatabaseSync } from "node:sqlite";
import {
  assert,
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { CannotScanError, UsageError } from "../../src/base/errors.ts";
import { openDatabase, transaction } from "../../src/store/database.ts";
import { History } from "../../src/store/history.ts";
import { VERSION } from "../../src/store/schema.ts";
import { type State, STATES } from "../../src/result/states.ts";
import { historyTest, HOUR, Place, record, result, resultsOf, start, summary, T0 } from "./support.ts";
import { ended, start as startCommand } from "../support/program.ts";

const ROOT = new URL("../../", import.meta.url);

/** Sets the version of a history. */
function withVersion(place: Place, version: number): string {
  place.open()[Symbol.dispose]();
  new DatabaseSync(place.path).exec(`PRAGMA user_version = ${version}`);
  return place.path;
}

const withText = (path: string, text: string) => (Deno.writeTextFileSync(path, text), path);
const withTables = (path: string, sql: string) => (new DatabaseSync(path).exec(sql), path);

function cutOff(place: Place): string {
  {
    using history = place.open();
    record(history, Array.from({ length: 5000 }, (_, i) => result("192.0.2.7", i, "open")));
  }
  new DatabaseSync(place.path).exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  Deno.truncateSync(place.path, 20_000);
  return place.path;
}

type Trouble = readonly [name: string, make: (place: Place) => string, says: RegExp];

/** Files that a test makes, and the error of opening one to read or to write. */
const BROKEN: readonly Trouble[] = [
  [
    "text",
    ({ path }) => withText(path, "192.0.2.7\n".repeat(100)),
    /^Cannot (read|write) the history ".*": it is no SQLite database\. Name another file for --db$/,
  ],
  [
    "another program's database",
    ({ path }) => withTables(path, "CREATE TABLE cookies (name)"),
    /^Cannot use ".*" as a history: it is another program's database\. Name another file for --db$/,
  ],
  [
    "another program's database with an id",
    ({ path }) => withTables(path, "PRAGMA application_id = 7; CREATE TABLE a (b)"),
    /another program's database/,
  ],
  [
    "of a newer version",
    (place) => withVersion(place, VERSION + 3),
    /: a newer synscan made it \(version \d+, this one uses \d+\)\. Use the newer synscan, or name another file for --db$/,
  ],
  [
    "of an older version",
    (place) => withVersion(place, VERSION - 1),
    /: an older synscan made it \(version \d+, this one uses \d+\)\. Name another file for --db$/,
  ],
  ["cut off", cutOff, /: it is damaged\. Restore it from a copy, or name another file for --db$/],
];

const MISNAMED: readonly Trouble[] = [
  [
    "no such directory",
    ({ folder }) => `${folder}/none/scans.db`,
    /: there is no directory ".*none\/"\. Make it, or name another file for --db$/,
  ],
  [
    "a part of the path is a file",
    ({ folder }) => `${withText(`${folder}/file`, "")}/scans.db`,
    /there is no directory/,
  ],
  ["a directory", ({ folder }) => folder, /: it is a directory\. Name a file for --db$/],
];

const UNREADABLE: readonly Trouble[] = [
  [
    "an empty file",
    ({ path }) => withText(path, ""),
    /^Cannot read the history ".*": it is empty\. Scan with --db first$/,
  ],
  [
    "no such file, to read",
    ({ path }) => path,
    /: there is no such file\. Scan with --db first, which makes it$/,
  ],
  [
    "an empty file, to read",
    ({ path }) => `${withText(path, "")}\x1b[2J`,
    /scans\.db\?\[2J": there is no such file/,
  ],
];

/** Defines a test of each file and aim. */
function refuses(troubles: readonly Trouble[], error: new () => Error, aims: readonly ("read" | "write")[]): void {
  for (const [name, make, says] of troubles) {
    for (const aim of aims) {
      Deno.test(`database: ${name}: refused to ${aim}`, () => {
        using place = new Place();
        const path = make(place);
        const thrown = assertThrows(() => {
          using history = History.open(path, { write: aim === "write" });
          for (const scan of history.scans()) resultsOf(history, scan);
        }, error);
        assertMatch(thrown.message, says);
        assert(!thrown.message.includes("\n"));
      });
    }
  }
}

refuses(BROKEN, CannotScanError, ["read", "write"]);
refuses(MISNAMED, UsageError, ["read", "write"]);
refuses(UNREADABLE, UsageError, ["read"]);

const NO_FILES: readonly { path: string; says: string }[] = [
  { path: ":memory:", says: 'Cannot use ":memory:" as a history: it names no file. Name a file for --db' },
  { path: "", says: 'Cannot use "" as a history: it names no file. Name a file for --db' },
  { path: "a\0b", says: 'Cannot use "a?b" as a history: it names no file. Name a file for --db' },
  ...["file:scans.db", "file::memory:", "file:a\x1b?mode=memory"].map((path) => ({
    path,
    says: `Cannot use "${path.replace("\x1b", "?")}" as a history: SQLite would take it for a URI. ` +
      "Name a file by its path for --db",
  })),
];

for (const { path, says } of NO_FILES) {
  for (const write of [false, true]) {
    Deno.test(`database: a name that is no file's: ${JSON.stringify(path)}, to ${write ? "write" : "read"}`, () => {
      const thrown = assertThrows(() => History.open(path, { write })[Symbol.dispose](), UsageError);
      assertEquals(thrown.message, says);
    });
  }
}

Deno.test("database: an empty file becomes a history", () => {
  using place = new Place();
  Deno.writeTextFileSync(place.path, "");
  using history = place.open();
  assertEquals(history.scans(), []);
});

/** Calls `onBegin` before each transaction that `run` begins, or tries to; returns their number. */
function watchTransactions(run: () => void, onBegin: (number: number) => void = () => {}): number {
  const { exec } = DatabaseSync.prototype;
  let count = 0;
  let isOwn = true;
  DatabaseSync.prototype.exec = function (sql) {
    if (isOwn && sql === "BEGIN IMMEDIATE") {
      isOwn = false;
      onBegin(++count);
      isOwn = true;
    }
    exec.call(this, sql);
  };
  try {
    run();
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
  return count;
}

historyTest("database: a scan taken for killed that writes again meanwhile loses no result", (history, place) => {
  const found = (from: number) =>
    Array.from({ length: 3000 }, (_, i) => result(`10.0.0.${i % 250}`, from + i, i % 7 === 0 ? "open" : "closed"));
  const wholeAfter = (writesAt: number): boolean => {
    const recorder = history.begin(start());
    recorder.add(found(1), T0 + 1000);
    assertEquals(recorder.flush(T0 + 1000), true);
    using other = place.open();
    let isLate = true;
    const count = watchTransactions(() => void other.begin(start({ startedAtMs: T0 + HOUR })), (number) => {
      if (number !== writesAt) return;
      isLate = false;
      // The second is found again in another state.
      recorder.add([...found(3001), result("10.0.0.1", 2, "filtered")], T0 + 2 * HOUR);
      assertEquals(recorder.flush(T0 + 2 * HOUR), true);
    });
    if (isLate) return false;
    assert(count > 1);
    const check = () => {
      const scan = history.scan(`${recorder.id}`);
      const results = resultsOf(history, scan);
      assertEquals(results.length, 6000, `written before transaction ${writesAt}`);
      assertEquals(results.find(({ ip, port }) => ip === "10.0.0.1" && port === 2)?.state, "filtered");
    };
    check();
    recorder.finish(summary(), T0 + 3 * HOUR);
    check();
    assertEquals(place.query(`SELECT count(*) AS rows FROM port_part WHERE scan = ${recorder.id}`), [{ rows: 0 }]);
    return true;
  };
  let writesAt = 1;
  while (wholeAfter(writesAt)) writesAt++;
  assert(writesAt > 2, `${writesAt - 1} transactions`);
});

historyTest("database: two processes that compact the same scan do not disturb each other", (history, place) => {
  const killed = history.begin(start());
  const found = Array.from({ length: 6000 }, (_, i) => result(`10.0.0.${i % 250}`, i, "closed"));
  killed.add(found, T0 + 1000);
  assertEquals(killed.flush(T0 + 1000), true);
  using one = place.open();
  using other = place.open();
  watchTransactions(() => void one.begin(start({ startedAtMs: T0 + HOUR })), (number) => {
    if (number === 2) other.begin(start({ startedAtMs: T0 + HOUR }));
  });
  assertEquals(resultsOf(history, history.scan("1")).length, found.length);
  assertEquals(place.query("SELECT id FROM scan"), [{ id: 1 }, { id: 2 }, { id: 3 }]);
});

historyTest("database: another process that writes does not stop the scan", (history, place) => {
  const recorder = history.begin(start());
  const other = openDatabase(place.path, { write: true });
  other.exec("BEGIN IMMEDIATE");
  const results = Array.from({ length: 100 }, (_, i) => result("192.0.2.7", i, i % 9 === 0 ? "open" : "closed"));
  const tries = watchTransactions(() => results.forEach((found, i) => recorder.add([found], T0 + 1500 + i)));
  assert(tries >= 1 && tries <= 2, `${tries} tries to write in 0.1 s`);
  assertEquals(history.scan("1").counts.open, 0);
  other.exec("ROLLBACK");
  other.close();
  recorder.finish(summary(), T0 + 5000);
  assertEquals(resultsOf(history, history.scan("1")).map(({ port }) => port), results.map(({ port }) => port));
});

/** More than is written at once, of what is packed and of what has rows. */
const BACKLOGS: readonly { name: string; state: State; batches: number }[] = [{
  name: "packed ports",
  state: "closed",
  batches: 300,
}, { name: "rows", state: "open", batches: 40 }];

for (const { name, state, batches } of BACKLOGS) {
  historyTest(`database: the scan does not stand still for another program: many ${name}`, (history, place) => {
    const recorder = history.begin(start());
    const batch = (number: number) =>
      Array.from({ length: 1000 }, (_, port) => result(`10.0.0.${number % 256}`, port + 1000 * (number >> 8), state));
    // In part written before, as small slices.
    recorder.add(batch(0), T0 + 1000);
    const other = openDatabase(place.path, { write: true });
    other.exec("BEGIN IMMEDIATE");
    const tries = watchTransactions(() => {
      for (let number = 1; number < batches; number++) recorder.add(batch(number), T0 + 1000 + 3 * number);
    });
    // Five tries a second.
    assert(tries >= 1 && tries <= 2 + 3 * batches / 200, `${tries} tries to write in ${3 * batches} ms`);
    assertEquals(recorder.flush(T0 + 3000), false);
    assertEquals(resultsOf(history, history.scan("1")).length, 1000);
    other.exec("ROLLBACK");
    other.close();
    recorder.add(batch(batches), T0 + 4000);
    assertGreater(resultsOf(history, history.scan("1")).length, 1000);
    assertEquals(recorder.flush(T0 + 4001), true);
    assertEquals(resultsOf(history, history.scan("1")).length, 1000 * (batches + 1));
    recorder.finish(summary(), T0 + 5000);
    assertEquals(resultsOf(history, history.scan("1")).length, 1000 * (batches + 1));
    assertEquals(history.scan("1").counts[state as "open" | "filtered"], 1000 * (batches + 1));
  });
}

Deno.test("database: a transaction is whole or nothing, and the next one goes on", () => {
  using place = new Place();
  place.open()[Symbol.dispose]();
  const db = openDatabase(place.path, { write: true });
  const insert = "INSERT INTO service VALUES ('tcp', 1, 'a')";
  assertThrows(() => transaction(db, () => (db.exec(insert), db.exec(insert))), Error, "UNIQUE");
  transaction(db, () => db.exec("INSERT INTO service VALUES ('tcp', 2, 'b')"));
  assertEquals(place.query("SELECT port FROM service"), [{ port: 2 }]);
  db.close();
});

Deno.test("database: the columns of the tables are those of this version", () => {
  using place = new Place();
  place.open()[Symbol.dispose]();
  const tables = place.query(
    "SELECT t.name || ': ' || group_concat(c.name, ' ') AS text FROM sqlite_schema t, pragma_table_info(t.name) c " +
      "WHERE t.type IN ('table', 'view') GROUP BY t.name ORDER BY t.name",
  ) as { text: string }[];
  // A change here needs another VERSION.
  assertEquals([VERSION, ...tables.map(({ text }) => text)], [
    7,
    "host: number ip name first_seen_ms last_seen_ms",
    // Of a table that a file may lack (createLaterTables) the first form alone needs none.
    "mac: scan number ip mac",
    "name: scan number name ports",
    "port: scan row number seen_ms ip port proto state reason ttl rtt_ms tries service from names late note technique finding",
    "port_change: ip proto technique port before state seen_ms scan",
    "port_part: scan row proto technique state reason ttl tries from results",
    "port_range: scan row number ip hosts proto technique state reason ttl tries from ports",
    "scan: id started_ms written_ms ended_ms ended targets ports excluded excluded_ports space args version technique hosts " +
    `probes ${STATES.join(" ")} summary compacted`,
    "service: proto port name",
    "version: scan number ip proto port seen_ms service product version info cpe",
  ]);
});

const RIGHTS: readonly (readonly [name: string, flags: readonly string[], aim: string, says: string])[] = [
  ["no rights", [], "read", "Add --allow-read to deno run"],
  ["no rights, to write", [], "write", "Add --allow-read and --allow-write to deno run"],
  ["the right to read, to write", ["--allow-read"], "write", "Add --allow-read and --allow-write"],
  ["the right to read", ["--allow-read"], "read", "opened, 0 scans"],
  ["both rights", ["--allow-read", "--allow-write"], "write", "opened, 0 scans"],
];

for (const [name, flags, aim, says] of RIGHTS) {
  Deno.test(`database: in Deno, with ${name}`, async () => {
    using place = new Place();
    place.open()[Symbol.dispose]();
    const command = [Deno.execPath(), "run", "--no-prompt", ...flags, "tests/store/opener.ts", place.path, aim];
    assertMatch((await ended(startCommand(command, { cwd: ROOT }))).out, new RegExp(says));
  });
}

const isRoot = Deno.uid() === 0;
const OTHER_USER = 65534;

const OWNERS: readonly (readonly [name: string, mode: number, folderMode: number, aim: string, says: string])[] = [
  ["a file that may not be read", 0o600, 0o755, "read", "permission denied"],
  ["a file that may not be written", 0o644, 0o777, "write", "it may not be written"],
  ["a folder that may not be written", 0o644, 0o755, "read", "opened, 0 scans"],
  ["a file that may only be read", 0o644, 0o777, "read", "opened, 0 scans"],
  ["a file of a folder that may not be entered", 0o644, 0o700, "write", "permission denied"],
];

for (const [name, mode, folderMode, aim, says] of OWNERS) {
  Deno.test({
    name: `database: another user's: ${name}${isRoot ? "" : " (skipped: it takes root to become another user)"}`,
    ignore: !isRoot,
    fn: async () => {
      using place = new Place();
      place.open()[Symbol.dispose]();
      Deno.chmodSync(place.path, mode);
      Deno.chmodSync(place.folder, folderMode);
      const command = [Deno.execPath(), "run", "--allow-all", "--no-lock", "tests/store/opener.ts", place.path, aim];
      const env = { DENO_DIR: `${place.folder}/none`, HOME: "/" };
      const { out, err } = await ended(startCommand(command, { cwd: ROOT, uid: OTHER_USER, gid: OTHER_USER, env }));
      assertMatch(out, new RegExp(says), err);
    },
  });
}

/** A database on a disk that is then made read-only, and the result of reading it. */
const READ_ONLY: readonly { name: string; leave: (path: string) => void; says: string | RegExp }[] = [
  { name: "closed", leave: (path) => recordOne(path)[Symbol.dispose](), says: "opened, 1 scans" },
  {
    name: "with an empty log",
    leave: (path) => {
      recordOne(path)[Symbol.dispose]();
      Deno.writeTextFileSync(`${path}-wal`, "");
    },
    says: "opened, 1 scans",
  },
  {
    name: "with a log, copied without its index",
    leave: (path) => {
      using _history = recordOne(`${path}.live`);
      for (const suffix of ["", "-wal"]) Deno.copyFileSync(`${path}.live${suffix}`, `${path}${suffix}`);
    },
    says:
      /Cannot read the history "[^"]+": "[^"]+-wal" beside it has changes that are not in it yet[^\n]+name the copy with --db$/,
  },
];

function recordOne(path: string): History {
  const history = History.open(path, { write: true });
  record(history, [result("192.0.2.7", 22, "open")]);
  return history;
}

for (const { name, leave, says } of READ_ONLY) {
  Deno.test({
    name: `database: on a read-only disk, as root: ${name}${isRoot ? "" : " (skipped: it takes root to mount one)"}`,
    ignore: !isRoot,
    fn: async () => {
      await withDisk("a #disk? 100%", "4m", async (disk) => {
        leave(`${disk}/scans.db`);
        await run("mount", "-o", "remount,ro", disk);
        let seen: string;
        try {
          using history = History.open(`${disk}/scans.db`, { write: false });
          seen = `opened, ${history.scans().length} scans`;
        } catch (error) {
          seen = String(error);
        }
        if (typeof says === "string") assertStringIncludes(seen, says);
        else assertMatch(seen, says);
        for (const name of ["scans.db", "others.db"]) {
          assertThrows(
            () => History.open(`${disk}/${name}`, { write: true }),
            CannotScanError,
            "the file system is read-only. Name another file for --db",
          );
        }
      });
    },
  });
}

Deno.test({
  name: `database: a full disk${isRoot ? "" : " (skipped: it takes root to make a small one)"}`,
  ignore: !isRoot,
  fn: () =>
    withDisk("disk", "1m", (disk) => {
      const path = `${disk}/scans.db`;
      using history = History.open(path, { write: true });
      const recorder = history.begin(start());
      let taken = 0;
      const thrown = assertThrows(() => {
        for (; taken < 1000; taken++) {
          const batch = Array.from({ length: 100 }, (_, i) => result(`192.0.2.${i}`, taken, "open"));
          recorder.add(batch, T0 + taken * 1000);
        }
      });
      assertInstanceOf(thrown, CannotScanError);
      assertMatch(
        thrown.message,
        /^Cannot write the history ".*": the disk is full\. Make room; what had been written before is kept$/,
      );
      assert(taken > 10);
      // The first batch waits for its second.
      assertEquals(resultsOf(history, history.scan("1")).length, taken * 100);
      assertThrows(() => recorder[Symbol.dispose](), CannotScanError, "the disk is full");
    }),
});

Deno.test({
  name: `database: a disk that is full before it is opened${
    isRoot ? "" : " (skipped: it takes root to make a small one)"
  }`,
  ignore: !isRoot,
  fn: async () => {
    const full = "the disk is full. Make room; what had been written before is kept";
    await withDisk("disk", "256k", (disk) => {
      recordOne(`${disk}/scans.db`)[Symbol.dispose]();
      assertThrows(() => Deno.writeFileSync(`${disk}/other`, new Uint8Array(1 << 18)));
      for (const name of ["scans.db", "others.db"]) {
        assertThrows(() => History.open(`${disk}/${name}`, { write: true }), CannotScanError, full);
      }
      assertEquals([...Deno.readDirSync(disk)].filter(({ name }) => /probe/.test(name)), []);
    });
    await withDisk("disk", "1m,nr_inodes=2", (disk) => {
      Deno.writeTextFileSync(`${disk}/other`, "");
      assertThrows(() => History.open(`${disk}/scans.db`, { write: true }), CannotScanError, full);
    });
  },
});

async function withDisk(name: string, size: string, use: (disk: string) => Promise<void> | void): Promise<void> {
  using place = new Place();
  const disk = `${place.folder}/${name}`;
  Deno.mkdirSync(disk);
  await run("mount", "-t", "tmpfs", "-o", `size=${size}`, "synscan-test", disk);
  try {
    await use(disk);
  } finally {
    await run("umount", disk);
  }
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { code, err } = await ended(startCommand([command, ...args]));
  assertEquals(code, 0, err);
}
