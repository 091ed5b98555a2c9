/**
 * The bundle of the program: it is that of the sources, and a scan loads few of its modules.
 */
import { assertEquals, assertLess } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { ended, MOD, start, synscan } from "./support/program.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const FOLDER = `${ROOT}src/cli/bundle/`;
/** Exit status of the maker of bundles if its bundler cannot be downloaded. */
const UNREACHABLE = 3;
/** A network that swallows packets must not hold the tests up. */
const LIMIT_MS = 120_000;

function make(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const command = [Deno.execPath(), "run", "-q", "-A", "--no-lock", `${ROOT}tests/bundle/make.ts`, ...args];
  return ended(start(command, { signal: AbortSignal.timeout(LIMIT_MS) }));
}

/** Returns the texts of the modules in a directory by name. */
function modulesIn(folder: string): Record<string, string> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) => name.endsWith(".js")).sort();
  return Object.fromEntries(names.map((name) => [name, Deno.readTextFileSync(`${folder}${name}`)]));
}

const committed = modulesIn(FOLDER);
const isBundled = "main.js" in committed;
const folder = `${await Deno.makeTempDir({ prefix: "synscan-bundle-" })}/`;
const made = await make("--out", folder);
const why = made.code === UNREACHABLE
  ? ` (skipped: ${made.err.trim().split("\n")[0]})`
  : made.code > 128
  ? ` (skipped: the bundler was not there after ${LIMIT_MS / 1000} s)`
  : "";

Deno.test({
  name: `bundle: the one in src/cli/bundle is that of the sources; \`deno task bundle\` makes it${why}`,
  ignore: why !== "",
  fn: async () => {
    assertEquals(made.code, 0, made.err);
    if (!isBundled) await make("--sources", "--out", folder);
    const expected = modulesIn(folder);
    const changed = Object.keys({ ...expected, ...committed }).filter((name) => expected[name] !== committed[name]);
    assertEquals(
      changed,
      [],
      "Run `deno task bundle` after a change of src/ or ffi/, and commit src/cli/bundle/ with it",
    );
  },
});

Deno.test({
  name: "bundle: the one in src/cli/bundle names the digest of the sources",
  ignore: !isBundled,
  fn: async () => {
    const { out } = await make("--digest");
    const [, digest] = /^\/\/ Sources: SHA-256 (\w+)$/m.exec(committed["start.js"] ?? "") ?? [];
    assertEquals(
      digest,
      out.trim(),
      "Run `deno task bundle` after a change of src/ or ffi/, and commit src/cli/bundle/ with it",
    );
  },
});

Deno.test({
  name: `bundle: a directory of the sources' bundle is complete: the program in it scans with two workers${why}`,
  ignore: why !== "" || !canOpenRaw(),
  fn: async () => {
    const copy = await Deno.makeTempDir({ prefix: "synscan-bundled-" });
    try {
      for (const name of ["deno.json", "mod.ts", "src"]) await ended(start(["cp", "-r", `${ROOT}${name}`, copy]));
      const built = await make("--out", `${copy}/src/cli/bundle`);
      assertEquals(built.code, 0, built.err);
      // Without the sources that it is made of; those of the types stay out of sight.
      for (const name of ["scan", "engine", "report", "cli/commands"]) {
        await Deno.remove(`${copy}/src/${name}`, { recursive: true });
      }
      const command = synscan(["-n", "--workers", "2", "-sS", "-p", "1-3", "-oJ", "-", "127.0.0.1"])
        .map((word) => word === MOD ? `${copy}/mod.ts` : word);
      const { code, out, err } = await ended(start(command));
      assertEquals([code, err], [0, ""]);
      const lines = out.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals(lines.filter(({ type }) => type === "port").map(({ state }) => state), [
        "closed",
        "closed",
        "closed",
      ]);
      assertEquals(lines.at(-1).workers, 2);
    } finally {
      await Deno.remove(copy, { recursive: true });
    }
  },
});

/**
 * Returns the paths of the modules that the program loads, from the root of the project. Deno 2.9.6 keeps the code that it makes for
 * coverage, with its counters, in its cache for all later runs, which take up to twice as long (findings/deno-coverage-stays-cached.sh).
 */
async function modulesOf(rights: string, ...args: string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "synscan-start-" });
  try {
    // The program writes the list of its modules when it ends, as the user nobody.
    await Deno.chmod(folder, 0o777);
    const { code, err } = await ended(
      start([Deno.execPath(), "run", "--no-prompt", rights, "--no-code-cache", `--coverage=${folder}`, MOD, ...args]),
    );
    assertEquals(code, 0, err);
    const urls = Array.from(Deno.readDirSync(folder), ({ name }) => {
      return (JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) as { url: string }).url;
    });
    return urls.map((url) => url.replace(`file://${ROOT}`, "")).sort();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "bundle: --version loads four modules, a small scan seven",
  ignore: !isBundled || !canOpenRaw(),
  fn: async () => {
    const own = (paths: readonly string[]) => paths.filter((path) => /^(mod|src|ffi)/.test(path));
    const version = own(await modulesOf("--allow-ffi", "--version"));
    assertLess(version.length, 5, version.join(" "));
    // With all rights it may name the vendors of hardware addresses too.
    for (const [rights, most] of [["--allow-ffi", 7], ["--allow-all", 8]] as const) {
      const scan = own(await modulesOf(rights, "-p", "1-1000", "127.0.0.1"));
      assertLess(scan.length, most + 1, scan.join(" "));
      assertEquals(scan.every((path) => /^mod\.ts|^src\/cli\/(bundle\/|program\.js)/.test(path)), true, scan.join(" "));
    }
  },
});

Deno.test({
  name: `bundle: V8 compiles nearly all that a small scan calls with its module${why}`,
  ignore: why !== "" || !canOpenRaw(),
  fn: async () => {
    const { code, out, err } = await make("--called");
    assertEquals(code, 0, err);
    const listed = new Set(Deno.readTextFileSync(`${ROOT}tests/bundle/called.txt`).trimEnd().split("\n"));
    const called = out.trimEnd().split("\n");
    const others = called.filter((name) => !listed.has(name));
    const repair = "Run `deno task bundle --called > tests/bundle/called.txt` as root, then `deno task bundle`";
    assertLess(others.length, called.length / 20, `${repair}: ${others.join(" ")}`);
  },
});

Deno.test("bundle: no test imports mod.ts, which exports the bundle's library in this project", () => {
  const tests = (folder: string): string[] =>
    Array.from(Deno.readDirSync(`${ROOT}${folder}`)).flatMap(({ name, isDirectory }) =>
      isDirectory ? tests(`${folder}${name}/`) : name.endsWith(".ts") ? [`${folder}${name}`] : []
    );
  const importing = tests("tests/").filter((path) =>
    /^(import|export) .*from "(\.\.\/)+mod\.ts"/ms.test(Deno.readTextFileSync(`${ROOT}${path}`))
  );
  assertEquals(importing, [], "Import tests/support/library.ts");
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
