/**
 * The program: reads the command line, runs the scan, writes its reports, and ends with the right status.
 *
 * @module
 */
import { CannotScanError, UsageError } from "../base/errors.ts";
import { hangingLines } from "../base/wrap.ts";
import { printable, probedText } from "../base/text.ts";
import type { CommandLine, Given, SubcommandName } from "./args/command_line.ts";
import { configFor, configText } from "./args/config.ts";
import { DIFF_STATUS, EXIT } from "./exit.ts";
import { FileCheck } from "./files.ts";
import { Cancelled, scanOptions } from "./inputs.ts";
import { currentFolder } from "./checkpoint_writer.ts";
import { ClosedPipe, lineWidth, stdoutSink } from "./output.ts";
import { parseCommandLine, readArguments } from "./args/parse.ts";
import type { DryRunView, Scanner } from "./scanner.ts";
import { outputsOf, Session } from "./commands/scan.ts";
import { HELP_TOPICS, SHELLS, type Subcommand, SUBCOMMANDS } from "./args/subcommands.ts";
import { parseWord } from "./args/values.ts";
import { VERSION } from "./version.ts";
import { denoSystem, type System } from "./system.ts";

/** Runs the program with Deno's own arguments, and ends it. */
export async function run(scanner: Scanner): Promise<never> {
  Deno.exit(await main(Deno.args, scanner, denoSystem()));
}

/** Runs the program; resolves to its exit status. Nothing is thrown: whatever goes wrong becomes one line. */
export async function main(args: readonly string[], scanner: Scanner, world: System): Promise<number> {
  try {
    const taken = readArguments(args);
    const config = await configFor(taken, world);
    const line = parseCommandLine(taken, config.given, { folder: folderOf(world), configPath: config.path });
    switch (line.action) {
      case "help":
      case "help-all":
        return await help({ all: line.action === "help-all", subcommand: taken.subcommand }, world);
      case "version":
        return await print(`synscan ${VERSION}\n`, world);
      case "dry-run":
        return await dryRun(line, scanner, world);
      case "print-config":
        return await print(configText(line.effective, line.targets), world);
      case "scan":
        return line.subcommand === undefined
          ? await new Session(args, line, scanner, world).run()
          : await runSubcommand(line.subcommand, line, taken.given, scanner, world);
    }
  } catch (error) {
    const status = reportError(error, world);
    // Its 0 and 1 say what it found, which whoever hung up has not seen.
    return args[0] === "diff" ? DIFF_STATUS.trouble : status;
  }
}

/** The directory that paths begin in, where it may be known, and is still there. */
function folderOf(world: System): string | undefined {
  try {
    return currentFolder(world) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Does what a subcommand says. What one needs and a scan does not is loaded only here. */
async function runSubcommand(
  subcommand: SubcommandName,
  line: CommandLine,
  given: readonly Given[],
  scanner: Scanner,
  world: System,
): Promise<number> {
  const [operand = ""] = line.operands;
  new FileCheck(line, world).before();
  switch (subcommand) {
    case "resume":
      return await (await import("./commands/resume.ts")).resume(operand, given, scanner, world);
    case "history":
      return await (await import("./commands/history.ts")).listHistory(line, world);
    case "show":
      return await (await import("./commands/history.ts")).showScan(line, outputsOf(line), world);
    case "diff":
      return await (await import("./commands/history.ts")).diffScans(line, world);
    case "completion": {
      const { completionText } = await import("./docs/completion.ts");
      return await print(completionText(parseWord(operand, "synscan completion", SHELLS)), world);
    }
    case "help":
      return await helpOn(operand, world);
    case "man":
      return await print((await import("./docs/man.ts")).manText(), world);
  }
}

async function helpOn(topic: string, world: System): Promise<number> {
  if (topic !== "") parseWord(topic, "synscan help", HELP_TOPICS);
  if (topic === "states") {
    const { statesText } = await import("./docs/help.ts");
    return await print(hangingLines(statesText(), lineWidth(world)), world);
  }
  return await help({ all: topic === "all", subcommand: SUBCOMMANDS.find(({ name }) => name === topic) }, world);
}

async function help(wanted: { all: boolean; subcommand: Subcommand | undefined }, world: System): Promise<number> {
  const { helpText } = await import("./docs/help.ts");
  return await print(hangingLines(helpText(wanted), lineWidth(world)), world);
}

async function print(text: string, world: System): Promise<number> {
  await stdoutSink(world).add(text, "");
  return EXIT.done;
}

/** Says what went wrong, in one line; returns the exit status. */
function reportError(error: unknown, world: System): number {
  if (error instanceof ClosedPipe) return EXIT.done;
  if (error instanceof Cancelled) return EXIT.interrupted;
  const status = error instanceof UsageError ? EXIT.usage : EXIT.cannot;
  const known = error instanceof UsageError || error instanceof CannotScanError;
  const message = error instanceof Error ? error.message : String(error);
  world.writeStderr(`${printable(known ? message : `Cannot go on: ${message || String(error)}`)}\n`);
  return status;
}

/** What a line of a dry run's JSON says of a target, besides its type; for the README as well. */
export const TARGET_FIELDS: readonly (readonly [name: string, doc: string])[] = [
  ["ip", "An address that would be probed"],
  ["ports", "The ports of it that would be, written as for `-p`"],
];

async function dryRun(line: CommandLine, scanner: Scanner, world: System): Promise<number> {
  new FileCheck(line, world).before();
  const plan: DryRunView = await scanner.planScan(await scanOptions(line, scanner, world));
  for (const warning of plan.warnings) world.writeStderr(`${printable(warning)}\n`);
  const json = line.outputs.some(({ format }) => format === "json");
  const sink = stdoutSink(world);
  let text = "";
  for (const { ip, ports } of plan.entries()) {
    text += json ? `${JSON.stringify({ type: "target", ip, ports })}\n` : `${ip}: ${ports}\n`;
    if (text.length > 1 << 16) {
      await sink.add(text, "");
      text = "";
    }
  }
  const total = `Would probe ${
    probedText(plan.hosts, plan.probes, plan.portsOfEach)
  } (${plan.technique}); nothing was sent\n`;
  if (json) world.writeStderr(total);
  else text += total;
  await sink.add(text, "");
  return EXIT.done;
}
