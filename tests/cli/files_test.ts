/**
 * Files that may not be one, by device and inode, and what reports can be written to.
 */
import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FileCheck } from "../../src/cli/files.ts";
import { type FileIdentity, identify } from "../../src/cli/identity.ts";
import { main } from "../../src/cli/main.ts";
import { parseCommandLine } from "../../src/cli/args/parse.ts";
import { denoSystem } from "../../src/cli/system.ts";
import { UsageError } from "../../src/base/errors.ts";
import { withFolder } from "../support/folder.ts";
import { type Ended, ended, MOD, start } from "../support/program.ts";
import { FakeScanner, FakeWorld, result } from "./fake.ts";

/** Runs the program on real files, scanning nothing. */
async function runReal(args: readonly string[]): Promise<{ status: number; err: string }> {
  const real = denoSystem();
  let err = "";
  const hasConfig = args.includes("--config") || args[0] === "show";
  const status = await main(hasConfig ? args : ["--no-config", ...args], new FakeScanner({ batches: [[result()]] }), {
    ...real,
    writeStdout: (bytes) => Promise.resolve(bytes.length),
    writeStderr: (text) => err += text,
  });
  return { status, err };
}

/** Runs a line of shell, with `synscan` in it, in a directory. */
function shell(folder: string, line: string): Promise<Ended> {
  const synscan = `'${Deno.execPath()}' run -q --allow-all '${MOD}' --no-config`;
  return ended(start(["bash", "-c", line.replaceAll("synscan", synscan)], { cwd: folder }));
}

/** Every file of a directory with its text. */
function contents(folder: string): Record<string, string> {
  const files = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile);
  return Object.fromEntries(files.map(({ name }) => [name, Deno.readTextFileSync(`${folder}/${name}`)]).sort());
}

const SHARED: readonly (readonly [name: string, args: string, message: string])[] = [
  ["a symbolic link to a target list", "-iL F/list -oX F/link", "targets are read from there"],
  ["a hard link to a target list", "-iL F/list -oX F/hard", "targets are read from there"],
  ["a hard link to an exclusion list", "--exclude-file F/list -oG F/hard h", "exclusions are read from there"],
  ["a link to a list of ports", "--ports-file F/list -oX F/hard h", "ports are read from there"],
  ["a link to the configuration", "--config F/config -oJ F/confighard h", "the configuration is read from there"],
  ["a link to the history", "--db F/db -oJ F/dbhard h", "a report and the history"],
  ["the history's log", "--db F/db -oJ F/./db-wal h", "a report and the history"],
  ["the history's journal", "--db F/db -oJ F/way/db-journal h", "a report and the history"],
  ["a checkpoint's journal", "--checkpoint F/new -oJ F/way/new.journal h", "a report and a checkpoint"],
  ["a checkpoint's draft", "--checkpoint F/new -oJ F/way/new.new h", "a report and a checkpoint"],
  ["the history as a checkpoint", "--checkpoint F/dbhard --db F/db h", "a checkpoint and the history"],
  ["two new files, one through a linked directory", "-oJ F/new -oX F/way/new h", "two reports"],
  ["two new files, through a link to nothing", "-oJ F/nothing -oX F/dangling h", "two reports"],
  ["-oA and another spelling of one of its files", "-oA F/way/base -oC F/base.gnmap h", "two reports"],
  ["an old file and its hard link", "-oJ F/list -oX F/hard h", "two reports"],
  ["show over the history", "show --db F/db -oX F/dbhard", "a report and the history"],
];

for (const [name, args, message] of SHARED) {
  Deno.test(`files: ${name} is refused, and nothing is touched`, () =>
    withFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/list`, "127.0.0.1\n");
      Deno.writeTextFileSync(`${folder}/config`, '{"reason":true}');
      Deno.writeTextFileSync(`${folder}/db`, "not to be lost");
      Deno.symlinkSync("list", `${folder}/link`);
      for (const file of ["list", "config", "db"]) {
        Deno.linkSync(`${folder}/${file}`, `${folder}/${file === "list" ? "" : file}hard`);
      }
      Deno.symlinkSync(folder, `${folder}/way`);
      Deno.symlinkSync("nothing", `${folder}/dangling`);
      const before = contents(folder);
      const words = args.replaceAll("F/", `${folder}/`).split(" ");
      const { status, err } = await runReal(words);
      assertEquals(status, 1, err);
      assert(/^[^\n]+\n$/.test(err), err);
      // As root, a link to nothing is refused for itself.
      if (!(name.includes("link to nothing") && Deno.uid() === 0)) assertStringIncludes(err, message);
      assertEquals(contents(folder), before);
    }));
}

Deno.test("files: standard streams are files as well", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/list`, "127.0.0.1\n");
    for (
      const [line, message] of [
        ["synscan -p 1 127.0.0.1 -oX out >> out", 'write a report to "out": standard output is that file'],
        ["synscan -p 1 -iL list >> list", 'read targets from "list": standard output is that file'],
        ["synscan -p 1 -iL - -oX list < list", 'write a report to "list": standard input is that file'],
        ["synscan -p 1 --dry-run -iL list >> list", 'read targets from "list": standard output is that file'],
      ] as const
    ) {
      const { code, err } = await shell(folder, line);
      assertEquals(code, 1, err);
      assertStringIncludes(err, message);
    }
    const { code, err } = await shell(
      folder,
      "synscan -p 1 127.0.0.1 -oX log 2> log; code=$?; cat log >&2; exit $code",
    );
    assertEquals([code, err], [
      1,
      'Cannot write a report to "log": standard error is that file. Give each a different file name\n',
    ]);
    assertEquals(Deno.readTextFileSync(`${folder}/list`), "127.0.0.1\n");
    // Both streams may be one; a descriptor may be named.
    const both = await shell(folder, "synscan -p 1 127.0.0.1 -oJ /dev/fd/3 3> three > both 2>&1");
    assertEquals(both.code, 0, both.err);
    assertStringIncludes(Deno.readTextFileSync(`${folder}/three`), '"summary"');
  }));

Deno.test("files: what becomes another file while it is opened is refused", () => {
  const line = parseCommandLine(["-oJ", "a", "-oX", "b", "h"]);
  const files = new FileCheck(line, new FakeWorld());
  files.before();
  files.opened("a", "8:1:77");
  assertThrows(() => files.opened("b", "8:1:77"), UsageError, "two reports");
});

Deno.test("files: a checkpoint that is resumed by another spelling is one checkpoint, and no report's place", () =>
  withFolder((folder) => {
    const check = (line: string, checkpoint: string) =>
      new FileCheck(parseCommandLine(line.split(" ")), denoSystem(), { checkpoint }).before();
    Deno.writeTextFileSync(`${folder}/ck`, "");
    check(`--checkpoint ${folder}/ck h`, `${folder}/./ck`);
    for (const file of ["ck", "ck.journal"]) {
      assertThrows(() => check(`-oJ ${folder}/${file} h`, `${folder}/./ck`), UsageError, "a report and a checkpoint");
    }
  }));

Deno.test("identity: is one for every way to a file, and for every way to one that does not exist", () =>
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/real`);
    Deno.symlinkSync("real", `${folder}/way`);
    Deno.writeTextFileSync(`${folder}/real/old`, "");
    Deno.linkSync(`${folder}/real/old`, `${folder}/hard`);
    Deno.symlinkSync("way/old", `${folder}/soft`);
    Deno.symlinkSync("way/../way/none", `${folder}/dangling`);
    Deno.symlinkSync("loop", `${folder}/loop`);
    const id = (name: string) => identify(`${folder}/${name}`)?.id;
    for (const name of ["hard", "soft", "way/old", "way/../real/./old", "/real//old"]) {
      assertEquals(id(name), id("real/old"), name);
    }
    for (const name of ["way/none", "dangling", "real/../real/none"]) assertEquals(id(name), id("real/none"), name);
    assertNotEquals(id("real/none"), id("real/old"));
    assertNotEquals(id("real/none"), id("none"));
    assertEquals([id("loop"), id("missing/none")], [undefined, undefined]);
    assertEquals(identify(`${folder}/soft`)?.path, `${folder}/real/old`.replace(folder, Deno.realPathSync(folder)));
    assertEquals([identify(`${folder}/soft`)?.isLink, identify(`${folder}/way/old`)?.isLink], [true, false]);
  }));

const ROOTS: readonly (readonly [
  name: string,
  links: readonly number[],
  owner: number | undefined,
  sudo: string | undefined,
  refused: boolean,
])[] = [
  ["the user's link to the user's file", [1000], 1000, "1000", false],
  ["root's link to the user's file", [0], 1000, "1000", false],
  ["root's own, without sudo", [0], 0, undefined, false],
  ["the user's link to root's file", [1000], 0, "1000", true],
  ["somebody's link to root's file", [33], 0, undefined, true],
  ["somebody's link to the user's file", [33], 1000, "1000", true],
  ["root's link to somebody's file", [0], 33, undefined, true],
  ["a link by way of somebody's link", [0, 33], 0, undefined, true],
  ["a link to nothing", [0], undefined, undefined, true],
];

for (const [name, owners, owner, sudo, refused] of ROOTS) {
  for (const uid of [0, 1000]) {
    const isRefused = refused && uid === 0;
    Deno.test(`files: ${name}, opened by uid ${uid}, is ${isRefused ? "refused" : "followed"}`, () => {
      const identity: FileIdentity = {
        id: "1:1",
        kind: owner === undefined ? "missing" : "file",
        owner,
        path: "/etc/victim",
        links: owners.map((owner) => ({ path: "/tmp/r.xml", owner })),
        isLink: true,
      };
      const env = sudo === undefined ? {} : { SUDO_UID: sudo };
      const world = new FakeWorld({ identities: { "/tmp/r.xml": identity }, uid, env });
      const files = new FileCheck(parseCommandLine(["-oX", "/tmp/r.xml", "h"]), world);
      if (!isRefused) return files.before();
      assertThrows(() => files.before(), UsageError, 'as root: it is a symbolic link to "/etc/victim"');
    });
  }
}

Deno.test("files: as root, a directory on the way that is somebody's link is refused", () => {
  const identity: FileIdentity = {
    id: "1:1",
    kind: "file",
    owner: 0,
    path: "/etc/cron.d/x",
    links: [{ path: "/tmp/out", owner: 33 }],
    isLink: false,
  };
  const world = new FakeWorld({ identities: { "/tmp/out/x": identity }, uid: 0 });
  const files = new FileCheck(parseCommandLine(["-oX", "/tmp/out/x", "h"]), world);
  assertThrows(() => files.before(), UsageError, 'its path has a symbolic link to "/etc/cron.d/x"');
});

Deno.test("files: a pipe that no process reads, a socket, a directory and a disk are refused at once", () =>
  withFolder(async (folder) => {
    new Deno.Command("mkfifo", { args: [`${folder}/f`] }).outputSync();
    using _socket = Deno.listen({ transport: "unix", path: `${folder}/s` });
    for (
      const [path, status, message] of [
        [`${folder}/f`, 2, `no process reads "${folder}/f"`],
        [`${folder}/s`, 2, "it is a socket"],
        [folder, 1, "it is a directory"],
        [`${folder}/gone/x`, 1, "no such file or directory"],
      ] as const
    ) {
      const { status: seen, err } = await runReal(["-oX", `${folder}/first`, "-oJ", path, "h"]);
      assertEquals(seen, status, err);
      assert(/^[^\n]+\n$/.test(err), err);
      assertStringIncludes(err, message);
      assertEquals(contents(folder), {});
    }
  }));

Deno.test("files: a pipe whose reader leaves is named, and the other reports are complete", () =>
  withFolder(async (folder) => {
    const { code, err } = await shell(
      folder,
      "mkfifo f; (head -c 50 f > /dev/null) & synscan -p 1-5000 127.0.0.1 -oJ f -oX x > table",
    );
    assertEquals([code, err], [
      2,
      'Cannot write to "f": the process that read it has closed it. Its report is incomplete\n',
    ]);
    assertMatch(Deno.readTextFileSync(`${folder}/x`), /exit="success"[^]*<\/nmaprun>\n$/);
    assertMatch(Deno.readTextFileSync(`${folder}/table`), /^synscan done/m);
  }));

for (const [where, output] of [["a pipe", "-oJ f > out"], ["standard output", "--json > f"]] as const) {
  Deno.test(`files: SIGTERM ends a scan whose reader of ${where} does not read, and the other reports are complete`, () =>
    withFolder(async (folder) => {
      const { code, err } = await shell(
        folder,
        `mkfifo f; sleep 30 < f & reader=$!; synscan -p 1-20000 127.0.0.1 ${output} -oX x & scan=$!; ` +
          "sleep 2; kill -TERM $scan; wait $scan; code=$?; kill $reader; exit $code",
      );
      assertEquals(code, 143, err);
      assertStringIncludes(err, "the process that reads it takes nothing. Its report is incomplete\n");
      assertMatch(Deno.readTextFileSync(`${folder}/x`), /<\/nmaprun>\n$/);
    }));
}

Deno.test("files: a report that is removed while the scan runs is said to be lost", () =>
  withFolder(async (folder) => {
    const { code, err } = await shell(
      folder,
      "synscan -p 1-20000 --max-rate 10000 127.0.0.1 -oX x -oJ j > /dev/null & scan=$!; " +
        "until [ -s x ]; do sleep 0.05; done; rm x; wait $scan",
    );
    assertEquals([code, err], [
      2,
      'Cannot complete "x": it was removed or replaced while it was written. Its report is lost\n',
    ]);
    assertMatch(Deno.readTextFileSync(`${folder}/j`), /"type":"summary"[^\n]*\n$/);
  }));
