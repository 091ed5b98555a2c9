/**
 * The program: reads the command line, runs the scan, writes its reports, and ends with the right status.
 *
 * @module
 */
import { CannotScanError, NothingLeftError, UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { printable } from "../base/text.ts";
import type { CommandLine, Given, SubcommandName } from "./args/command_line.ts";
import { type Config, configFor, configText } from "./args/config.ts";
import { DIFF_STATUS, EXIT } from "./exit.ts";
import { currentFolder, FileCheck } from "./files.ts";
import { Cancelled } from "./inputs.ts";
import { lineWidth } from "./output_choice.ts";
import { ClosedPipe, stdoutSink } from "./sinks.ts";
import { parseCommandLine, readArguments } from "./args/parse.ts";
import type { Scanner } from "./scanner.ts";
import { HELP_TOPICS, SHELLS, type Subcommand, SUBCOMMANDS } from "./args/subcommands.ts";
import { SPELLINGS } from "./args/flags.ts";
import { parseWord } from "./args/values.ts";
import { VERSION } from "./version.ts";
import { denoSystem, type System } from "./system.ts";

/** Runs the program with Deno's own arguments, and ends it. */
export async function run(scanner: Scanner): Promise<never> {
  Deno.exit(await main(Deno.args, scanner, denoSystem()));
}

/** Runs the program and resolves to its exit status. Never rejects: every error becomes one line on standard error. */
export async function main(args: readonly string[], scanner: Scanner, system: System): Promise<number> {
  let config: Config | undefined;
  try {
    const typed = readArguments(args);
    config = await configFor(typed, system);
    const taken = { ...typed, given: await withShardOfJob(typed.given, system) };
    const configured = await withShardOfJob(config.given, system);
    const line = parseCommandLine(taken, configured, { folder: folderOf(system), configPath: config.path });
    switch (line.action) {
      case "help":
      case "help-all": {
        const topic = line.targets.find((word) => HELP_TOPICS.includes(word));
        if (topic !== undefined) return await helpOn(topic, system);
        return await help({ all: line.action === "help-all", subcommand: taken.subcommand }, system);
      }
      case "version":
        return await print(`synscan ${VERSION}\n`, system);
      case "dry-run":
        return await (await import("./dry_run.ts")).dryRun(line, scanner, system);
      case "list":
        return await (await import("./commands/list.ts")).listScan(args, line, scanner, system);
      case "print-config":
        return await print(configText(line.effective, line.targets), system);
      case "scan":
        return line.subcommand === undefined
          ? await new (await import("./commands/scan.ts")).Session(args, line, scanner, system).run()
          : await runSubcommand(line.subcommand, { args, line, given: taken.given }, scanner, system);
    }
  } catch (error) {
    const status = reportError(namingConfig(error, config), system);
    // 0 and 1 of diff are results, which the reader of a closed standard output has not seen.
    return args[0] === "diff" ? DIFF_STATUS.trouble : status;
  }
}

/** Returns flags with the shard of this job in place of `--shard auto`. */
async function withShardOfJob(given: readonly Given[], system: System): Promise<readonly Given[]> {
  const auto = given.find(({ name, value }) => name === "--shard" && value === "auto");
  if (auto === undefined) return given;
  const { shardOfJob } = await import("./args/job_shard.ts");
  return given.with(given.indexOf(auto), {
    ...auto,
    value: shardOfJob({ env: (name) => system.env(name), isAllowed: (permission) => system.isAllowed(permission) }),
  });
}

/** Adds to an error that exclusions leave nothing to scan that a configuration has some of them. */
function namingConfig(error: unknown, config: Config | undefined): unknown {
  const excludes = config?.given.some(({ name }) => name.startsWith("--exclude")) ?? false;
  if (!(error instanceof NothingLeftError) || !excludes) return error;
  return new UsageError(
    `${error.message}. The configuration ${quote(config?.path ?? "")} has exclusions; --no-config ignores them`,
  );
}

/** Returns the directory that relative paths begin in, if it may be read and exists. */
function folderOf(system: System): string | undefined {
  try {
    return currentFolder(system) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Runs a subcommand. Modules that a scan does not need are loaded only here. */
async function runSubcommand(
  subcommand: SubcommandName,
  { args, line, given }: {
    readonly args: readonly string[];
    readonly line: CommandLine;
    readonly given: readonly Given[];
  },
  scanner: Scanner,
  system: System,
): Promise<number> {
  const [operand = ""] = line.operands;
  new FileCheck(line, system).before();
  switch (subcommand) {
    case "resume":
      return await (await import("./commands/resume.ts")).resume(operand, given, scanner, system);
    case "history":
      return await (await import("./commands/history.ts")).listHistory(line, system);
    case "show":
      return await (await import("./commands/history.ts")).showScan(line, system);
    case "diff":
      return await (await import("./commands/history.ts")).diffScans(line, system);
    case "merge":
      return await (await import("./commands/merge.ts")).merge(args, line, system);
    case "completion": {
      const { completionText } = await import("./docs/completion.ts");
      return await print(completionText(parseWord(operand, "synscan completion", SHELLS)), system);
    }
    case "help":
      return await helpOn(operand, system);
    case "man":
      return await print(await (await import("./docs/man.ts")).manText(), system);
  }
}

async function helpOn(topic: string, system: System): Promise<number> {
  const flag = SPELLINGS.get(topic);
  if (flag !== undefined) {
    const { flagText } = await import("./docs/help.ts");
    return await print(flagText(flag, { columns: lineWidth(system) }), system);
  }
  if (topic !== "") parseWord(topic, "synscan help", HELP_TOPICS);
  const subcommand = SUBCOMMANDS.find(({ name }) => name === topic);
  if (topic === "" || topic === "all" || subcommand !== undefined) {
    return await help({ all: topic === "all", subcommand }, system);
  }
  const { topicText } = await import("./docs/help.ts");
  return await print(await topicText(topic, { columns: lineWidth(system) }), system);
}

async function help(wanted: { all: boolean; subcommand: Subcommand | undefined }, system: System): Promise<number> {
  const { helpText, topicText } = await import("./docs/help.ts");
  const columns = lineWidth(system);
  const topic = wanted.subcommand === undefined ? "" : await topicText(wanted.subcommand.name, { columns });
  return await print(helpText({ ...wanted, columns }) + (topic === "" ? "" : `\n${topic}`), system);
}

async function print(text: string, system: System): Promise<number> {
  await stdoutSink(system).add(text, "");
  return EXIT.done;
}

/** Prints an error in one line; returns the exit status. */
function reportError(error: unknown, system: System): number {
  if (error instanceof ClosedPipe) return EXIT.done;
  if (error instanceof Cancelled) return EXIT.interrupted;
  const status = error instanceof UsageError ? EXIT.usage : EXIT.cannot;
  const known = error instanceof UsageError || error instanceof CannotScanError;
  const message = error instanceof Error ? error.message : String(error);
  system.writeStderr(`${printable(known ? message : `Cannot go on: ${message || String(error)}`)}\n`);
  return status;
}
