/**
 * Privileges of each thread of the program while it scans, and its user.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { ended, MOD as PROGRAM, start as startCommand, until } from "../support/program.ts";

const NOBODY = 65534;
/** A user whom the system's database does not have. */
const USER = 12345;
const GROUP = 12346;
const NONE = "0000000000000000";
const REPORTS = ["-oX", "o.xml", "-oN", "o.txt", "-oJ", "o.json", "--html-file", "o.html"];
const KEPT = ["--checkpoint", "ck", "--db", "h.db"];
/** Slow enough to be looked at. */
const SLOW = ["-v", "--max-rate", "300", "-p", "1-8000", "127.0.0.1"];

/** The status of a thread, as the kernel reports it. */
interface Thread {
  readonly name: string;
  readonly uid: string;
  readonly gid: string;
  readonly groups: string;
  readonly capabilities: string;
  readonly noNewPrivs: string;
  readonly seccomp: string;
}

function threadsOf(pid: number): Thread[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) => {
    let status: string;
    try {
      status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
    } catch {
      return []; // It has ended since.
    }
    const field = (key: string) => new RegExp(`^${key}:[ \\t]*(.*?)[ \\t]*$`, "m").exec(status)?.[1] ?? "";
    const capabilities = ["CapInh", "CapPrm", "CapEff", "CapAmb"].map(field);
    return [{
      name: field("Name"),
      uid: field("Uid"),
      gid: field("Gid"),
      groups: field("Groups"),
      capabilities: [...new Set(capabilities)].join(),
      noNewPrivs: field("NoNewPrivs"),
      seccomp: field("Seccomp"),
    }];
  });
}

/** The expected status of every thread of a scan. */
function threadOf(uid: number, gid: number): Omit<Thread, "name"> {
  const four = (id: number) => Array(4).fill(id).join("\t");
  return { uid: four(uid), gid: four(gid), groups: "", capabilities: NONE, noNewPrivs: "1", seccomp: "2" };
}

interface Running {
  readonly pid: number;
  /** Ends it; resolves to its status and all that it said. */
  end(signal: Deno.Signal): Promise<{ code: number; err: string }>;
}

/** Starts the program, and returns when it has announced the scan. */
async function start(argv: readonly string[], cwd: string, variables: Record<string, string> = {}): Promise<Running> {
  const [program = "", ...args] = argv;
  // Where the later user may not write, a scan that is cut off would be kept in /tmp.
  const env = { TMPDIR: `${cwd}/none`, ...variables };
  const child = new Deno.Command(program, { args, cwd, env, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  let text = "";
  const reading = (async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) text += piece;
  })();
  const over = child.status.then(() => reading);
  while (!/^The scan continues/m.test(text)) {
    const ended = await Promise.race([over.then(() => true), new Promise((resolve) => setTimeout(resolve, 20))]);
    if (ended === true && !/^The scan continues/m.test(text)) throw new Error(`Cannot scan: ${text}`);
  }
  return {
    pid: child.pid,
    async end(signal) {
      child.kill(signal);
      const { code } = await child.status;
      await reading;
      return { code, err: text };
    },
  };
}

function deno(...args: string[]): string[] {
  return [Deno.execPath(), "run", "--allow-all", PROGRAM, ...args];
}

const run = (argv: readonly string[], cwd: string, env: Record<string, string> = {}) =>
  ended(startCommand(argv, { cwd, env }));

async function withFolder(owner: number, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  if (owner !== 0) Deno.chownSync(folder, owner, owner === USER ? GROUP : owner);
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function rootTest(name: string, fn: () => Promise<void>): void {
  // Raw sockets take root; `sudo deno task test` runs it.
  Deno.test({ name: `privileges: ${name}`, ignore: !canOpenRaw() || Deno.uid() !== 0, fn });
}

/** Looks at every thread, again and again, since Deno begins and ends some. */
async function assertEachThread(pid: number, expected: Omit<Thread, "name">, atLeast: number): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const threads = threadsOf(pid);
    assert(threads.length > atLeast, `${threads.length} threads`);
    for (const { name, ...thread } of threads) assertEquals({ name, ...thread }, { name, ...expected });
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

const SUDO = { SUDO_UID: `${USER}`, SUDO_GID: `${GROUP}`, SUDO_COMMAND: "/usr/bin/deno run mod.ts" };

/** Each way to scan: who begins it, in a folder of whose, and who goes on with it. */
const SCANS: readonly {
  readonly what: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  readonly folder?: number;
  readonly as: readonly [uid: number, gid: number];
}[] = [
  { what: "SYN, 1 worker", args: ["-sS", "--workers", "1"], as: [NOBODY, NOBODY] },
  { what: "SYN, 2 workers, with reports", args: ["--workers", "2", ...REPORTS], as: [NOBODY, NOBODY] },
  { what: "SYN, 4 workers", args: ["--workers", "4"], as: [NOBODY, NOBODY] },
  { what: "connect, with reports", args: ["-sT", ...REPORTS], as: [NOBODY, NOBODY] },
  { what: "SYN, checkpoint and history where only root may write", args: [...REPORTS, ...KEPT], as: [0, 0] },
  { what: "connect, checkpoint in a user's folder", args: ["-sT", ...KEPT], folder: USER, as: [USER, GROUP] },
  { what: "SYN under sudo, 1 worker", args: REPORTS, env: SUDO, folder: USER, as: [USER, GROUP] },
  {
    what: "SYN under sudo, 2 workers, with all files",
    args: ["--workers", "2", ...REPORTS, ...KEPT],
    env: SUDO,
    folder: USER,
    as: [USER, GROUP],
  },
  {
    what: "connect under sudo, with all files",
    args: ["-sT", ...REPORTS, ...KEPT],
    env: SUDO,
    folder: USER,
    as: [USER, GROUP],
  },
];

for (const { what, args, env, folder: owner = 0, as: [uid, gid] } of SCANS) {
  rootTest(
    `${what}: no thread keeps any, and each is filtered, as user ${uid}`,
    () =>
      withFolder(owner, async (folder) => {
        const scan = await start(deno(...args, ...SLOW), folder, env);
        await assertEachThread(scan.pid, threadOf(uid, gid), 3);
        // A checkpoint is replaced about twice a second.
        if (args.includes("--checkpoint")) {
          const { ino } = Deno.statSync(`${folder}/ck`);
          await until(() => Deno.statSync(`${folder}/ck`).ino !== ino);
        }
        const { code, err } = await scan.end("SIGTERM");
        assertEquals(code, 143, err);
        assert(!/cannot/i.test(err), err);
        const made = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
        const expected = [
          ...(args.includes("-oX") ? ["o.html", "o.json", "o.txt", "o.xml"] : []),
          ...(args.includes("--db") ? ["ck", "h.db"] : []),
        ];
        // Where the user may write, what is left of the scan is kept without being asked for.
        const isAsked = (name: string) => !name.endsWith(".journal") && !name.startsWith("synscan-");
        assertEquals(made.filter(isAsked), expected.sort());
        for (const name of made) {
          // Under sudo files are the user's; root's reports are root's.
          const isRoots = env === undefined && name.startsWith("o.");
          assertEquals([name, Deno.statSync(`${folder}/${name}`).uid], [name, isRoots ? 0 : uid]);
        }
        if (args.includes("-oX")) assertStringIncludes(Deno.readTextFileSync(`${folder}/o.xml`), "</nmaprun>");
        if (args.includes("--checkpoint")) {
          // The rest of it is scanned by the same user, who removes the checkpoint.
          const resumed = await run(deno("resume", "ck", "--max-rate", "1000000"), folder, env);
          assertEquals(resumed.code, 0, resumed.err);
          assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("ck")), []);
        }
      }),
  );
}

for (
  const [what, args, message] of [
    ["a report", ["-oX", "o.xml"], `Cannot write "o.xml" for -oX: permission denied to user ${USER}`],
    ["a checkpoint", ["--checkpoint", "ck"], `Cannot keep a checkpoint in "ck": permission denied to user ${USER}`],
    ["a history", ["--db", "h.db"], 'Cannot write the history "h.db": permission denied'],
  ] as const
) {
  rootTest(
    `${what} that the user of sudo may not write is refused before the scan`,
    () =>
      withFolder(0, async (folder) => {
        Deno.chmodSync(folder, 0o755);
        const { code, err } = await run(deno(...args, "-p", "1", "127.0.0.1"), folder, SUDO);
        assertEquals(code, 2);
        assertStringIncludes(err, message);
        assertEquals([...Deno.readDirSync(folder)], []);
      }),
  );
}

rootTest("a variable of sudo's that names no user changes nothing", () =>
  withFolder(0, async (folder) => {
    for (const SUDO_UID of ["", "alice", "-1", "0", "4294967295", "99999999999", "1000 "]) {
      const scan = await start(deno(...SLOW), folder, { SUDO_UID });
      assertEquals(threadsOf(scan.pid)[0]?.uid, threadOf(NOBODY, NOBODY).uid, JSON.stringify(SUDO_UID));
      await scan.end("SIGTERM");
    }
  }));

rootTest("in a root shell that sudo began, root's own folder may be written", () =>
  withFolder(0, async (folder) => {
    const scan = await start(deno("-oX", "o.xml", ...SLOW), folder, { ...SUDO, SUDO_COMMAND: "/bin/bash" });
    await assertEachThread(scan.pid, threadOf(NOBODY, NOBODY), 3);
    assertEquals((await scan.end("SIGTERM")).code, 143);
  }));

rootTest(
  "Ctrl-C where the later user may not write keeps the scan where everyone may, for nobody else to read",
  () =>
    withFolder(0, async (folder) => {
      const elsewhere = `${folder}-elsewhere`;
      Deno.mkdirSync(elsewhere);
      Deno.chmodSync(elsewhere, 0o1777);
      try {
        const scan = await start(deno(...SLOW), folder, { TMPDIR: elsewhere });
        const { code, err } = await scan.end("SIGINT");
        assertEquals(code, 130);
        const [, path = ""] = /^To go on: synscan resume (.*)$/m.exec(err) ?? [];
        assertMatch(path, /^\/.*-elsewhere\/synscan-[-\d]+\.checkpoint$/);
        assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
        assertEquals((await run(deno("resume", path, "--max-rate", "1000000"), folder)).code, 0);
        assertEquals([...Deno.readDirSync(elsewhere)], []);
      } finally {
        Deno.removeSync(elsewhere, { recursive: true });
      }
    }),
);

rootTest("formats and workers need no code that the later user may not read", () =>
  withFolder(0, async (folder) => {
    // A copy of the program, and of all that Deno keeps of it, that root alone can read.
    const sources = ["deno.json", "mod.ts", "src", "ffi"].map((name) => PROGRAM.replace("mod.ts", name));
    assertEquals((await run(["cp", "-r", ...sources, folder], folder)).code, 0);
    const flags = "--no-config --workers 2 -oG o.gnmap --json -p 1-2000 127.0.0.1".split(" ");
    const argv = [Deno.execPath(), "run", "-q", "--allow-all", `${folder}/mod.ts`, ...flags, ...REPORTS];
    const { code, out, err } = await run(argv, folder, { DENO_DIR: `${folder}/cache` });
    assertEquals([code, err], [0, ""]);
    assertEquals(out.match(/"type":"port"/g)?.length, 2000);
    assertStringIncludes(Deno.readTextFileSync(`${folder}/o.html`), "</html>");
  }));
