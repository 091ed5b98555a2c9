/**
 * Runs all tests: the labs, each in a process of its own, one by one beside the others in one process, and then a few at a time, as they
 * mostly wait for hosts that do not reply. Types are not checked: `deno task ok` has done that. Arguments are passed to `deno test`
 * (`--filter NAME`, files).
 *
 * @module
 */

/** Labs at a time once all other tests have ended. */
const AT_ONCE = 3;

/** A run of `deno test` over `arguments_`, with its output to this program's or to a pipe. */
function run(arguments_: readonly string[], stdout: "inherit" | "piped"): Deno.ChildProcess {
  const command = ["test", "--allow-all", "--no-check", ...arguments_];
  return new Deno.Command(Deno.execPath(), { args: command, stdin: "inherit", stdout, stderr: "inherit" }).spawn();
}

if (Deno.args.length > 0) Deno.exit((await run(Deno.args, "inherit").status).code);

const others = [...Deno.readDirSync("tests")]
  .filter((entry) => entry.isDirectory ? entry.name !== "lab" : entry.name.endsWith("_test.ts"))
  .map((entry) => `tests/${entry.name}`);
// From the last on, among which the longest are.
const labs = [...Deno.readDirSync("tests/lab")].map(({ name }) => name).filter((name) => name.endsWith("_test.ts"))
  .sort().reverse();

const first = run(others.sort(), "inherit").status;
let printed: Promise<unknown> = first;
let labCode = 0;
/** Runs labs one after the other; their output follows that of the other tests. */
async function runLabs(): Promise<void> {
  for (let lab = labs.shift(); lab !== undefined; lab = labs.shift()) {
    const { code, stdout } = await run([`tests/lab/${lab}`], "piped").output();
    labCode ||= code;
    printed = printed.then(() => new Blob([stdout]).stream().pipeTo(Deno.stdout.writable, { preventClose: true }));
  }
}
const beside = runLabs();
await first;
await Promise.all([beside, ...Array.from({ length: AT_ONCE - 1 }, runLabs)]);
await printed;
Deno.exit((await first).code || labCode);
