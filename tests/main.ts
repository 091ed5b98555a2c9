/**
 * Runs all tests: those of tests/lab, which mostly wait for hosts that do not reply, in a process beside the others.
 * The output of the labs follows that of the others. Arguments are passed to `deno test` (`--filter NAME`, files).
 *
 * @module
 */

/** A run of `deno test` over `arguments_`, with its output to this program's or to a pipe. */
function run(arguments_: string[], stdout: "inherit" | "piped"): Deno.ChildProcess {
  const command = ["test", "--allow-all", ...arguments_];
  return new Deno.Command(Deno.execPath(), { args: command, stdin: "inherit", stdout, stderr: "inherit" }).spawn();
}

if (Deno.args.length > 0) Deno.exit((await run(Deno.args, "inherit").status).code);

const folders = [...Deno.readDirSync("tests")];
const others = folders
  .filter((entry) => entry.isDirectory ? entry.name !== "lab" : entry.name.endsWith("_test.ts"))
  .map((entry) => `tests/${entry.name}`);
const labs = run(["tests/lab"], "piped");
const labOutput = labs.output();
const { code } = await run(others.sort(), "inherit").status;
const { code: labCode, stdout } = await labOutput;
await new Blob([stdout]).stream().pipeTo(Deno.stdout.writable);
Deno.exit(code || labCode);
