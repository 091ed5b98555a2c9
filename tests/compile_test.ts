/**
 * `deno task compile` makes one program that runs by itself. It carries a runtime that Deno downloads from dl.deno.land on
 * first use; where that cannot be had, the test says so and is skipped.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
/** A network that swallows packets must not hold the tests up. */
const LIMIT_MS = 60_000;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: string[]): Promise<Outcome> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd: ROOT, env: { NO_COLOR: "1" }, signal })
    .output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Does what the task in deno.json does, with another place for the program. */
async function compile(program: string): Promise<Outcome> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT))) as { tasks: { compile: string } };
  const words = tasks.compile.split(" ");
  assertEquals([words[0], words.filter((word) => word === "synscan").length], ["deno", 1]);
  return await run(Deno.execPath(), words.slice(1).map((word) => word === "synscan" ? program : word));
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

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
