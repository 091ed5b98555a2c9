/**
 * Runs all tests in two lines of processes: the labs, which mostly wait for hosts that do not reply, beside the others; and the last of
 * the labs once the others have ended. The output of the first labs follows that of the other line. Arguments are passed to
 * `deno test` (`--filter NAME`, files).
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
const labFiles = [...Deno.readDirSync("tests/lab")].map(({ name }) => name).filter((name) => name.endsWith("_test.ts"));
/** The labs from this letter on take as long as the others have taken less than the first ones. */
const LAST_FROM = "t";
const labsWhere = (isLast: boolean) =>
  labFiles.filter((name) => name >= LAST_FROM === isLast).sort().map((name) => `tests/lab/${name}`);

const labs = run(labsWhere(false), "piped");
const labOutput = labs.output();
const { code } = await run(others.sort(), "inherit").status;
const { code: lastCode } = await run(labsWhere(true), "inherit").status;
const { code: labCode, stdout } = await labOutput;
await new Blob([stdout]).stream().pipeTo(Deno.stdout.writable);
Deno.exit(code || lastCode || labCode);
