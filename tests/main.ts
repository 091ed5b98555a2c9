/**
 * Runs all tests: the labs, each in a process of its own, two at a time beside the others in one process, and then more, as they mostly
 * wait for hosts that do not reply. Types are not checked: `deno task ok` has done that. Arguments are passed to `deno test`
 * (`--filter NAME`, files).
 *
 * @module
 */

/** Labs at a time beside the other tests, and once those have ended. */
const [BESIDE, ALONE] = [2, 4];
/** The labs that take longest, which begin first, so that the last ones are short. */
const LONGEST = [
  ...["local", "shards", "udp", "flags", "weather", "host_timeout", "udp_ping", "trace", "unprivileged", "loss"],
  ...["tiers", "beyond", "absent", "whole", "udp_reports", "discovery", "lane"],
].map((name) => `${name}_test.ts`);

/** A run of `deno test` over `arguments_`, with its output to this program's or to a pipe. */
function run(arguments_: readonly string[], stdout: "inherit" | "piped"): Deno.ChildProcess {
  const command = ["test", "--allow-all", "--no-check", ...arguments_];
  return new Deno.Command(Deno.execPath(), { args: command, stdin: "inherit", stdout, stderr: "inherit" }).spawn();
}

if (Deno.args.length > 0) Deno.exit((await run(Deno.args, "inherit").status).code);

const found = [...Deno.readDirSync("tests/lab")].map(({ name }) => name).filter((name) => name.endsWith("_test.ts"))
  .sort();
const labs = [...LONGEST.filter((name) => found.includes(name)), ...found.filter((name) => !LONGEST.includes(name))];

const first = run(["tests/others.ts"], "inherit").status;
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
const beside = Array.from({ length: BESIDE }, runLabs);
await first;
await Promise.all([...beside, ...Array.from({ length: ALONE - BESIDE }, runLabs)]);
await printed;
Deno.exit((await first).code || labCode);
