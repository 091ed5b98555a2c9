/**
 * `deno task compile` makes one program that runs by itself. It carries a runtime that Deno downloads from dl.deno.land on
 * first use; where that cannot be had, the tests that run the program say so and are skipped.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { readSynscanJson } from "./support/lab_synscan.ts";

const ROOT = new URL("../", import.meta.url);
/** A network that swallows packets must not hold the tests up. */
const LIMIT_MS = 60_000;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const options = { args, cwd: ROOT, env: { NO_COLOR: "1", ...env }, signal };
  const { code, stdout, stderr } = await new Deno.Command(command, options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Does what the task in deno.json does, with another place for the program, and perhaps another runtime in it. */
async function compile(program: string, runtime?: string): Promise<Outcome> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT))) as { tasks: { compile: string } };
  const words = tasks.compile.split(" ");
  assertEquals([words[0], words.filter((word) => word === "synscan").length], ["deno", 1]);
  const args = words.slice(1).map((word) => word === "synscan" ? program : word);
  return await run(Deno.execPath(), args, runtime === undefined ? {} : { DENORT_BIN: runtime });
}

const folder = await Deno.makeTempDir({ prefix: "synscan-compile-" });
const compiled = await compile(`${folder}/synscan`);
const killed = compiled.code > 128;
const unreachable = killed || /error sending request|timed out/.test(compiled.stderr);
const why = unreachable ? " (skipped: the runtime that a compiled program carries could not be downloaded)" : "";

Deno.test({
  name: `compile: the program runs by itself${why}`,
  ignore: unreachable,
  fn: async () => {
    assertEquals(compiled.code, 0, compiled.stderr);
    const { code, stdout } = await run(`${folder}/synscan`, ["--version"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "synscan");
  },
});

Deno.test({
  name: `compile: two workers of the program scan loopback${why}`,
  ignore: unreachable || !canOpenRaw(), // Raw sockets take root; `sudo deno task test` runs it.
  fn: async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const args = ["--json", "--workers", "2", "-p", `1-500,${port}`, "127.0.0.1"];
    const { code, stdout, stderr } = await run(`${folder}/synscan`, args);
    const { ports, summary } = readSynscanJson(stdout);
    assertEquals([code, stderr, summary?.workers, summary?.undecided], [0, "", 2, 0]);
    assertEquals(new Set(ports.map(({ port }) => port)).size, 501);
    assertEquals(ports.find((found) => found.port === port)?.state, "open");
  },
});

Deno.test("compile: the program carries the code of its workers", async () => {
  // What is carried does not hang on the runtime: Deno itself serves, although the program would then be Deno.
  const { code, stdout, stderr } = unreachable ? await compile(`${folder}/carrier`, Deno.execPath()) : compiled;
  assertEquals(code, 0, stderr);
  const carried = (stdout + stderr).split("\n").map((line) => /([\w.]+) \([\d.]+\w*B\)$/.exec(line)?.[1]);
  // Deno lists a folder all of whose files are embedded as one line.
  const isWhole = /\bbundle\/\* \(/.test(stdout + stderr);
  for (const file of isWhole ? ["mod.ts"] : ["mod.ts", "worker.js"]) {
    assert(carried.includes(file), `${file}: ${stdout}${stderr}`);
  }
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
