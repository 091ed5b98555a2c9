/**
 * Input of a scan beyond its command line: targets in files, and answers to prompts.
 *
 * @module
 */
import { CannotScanError, UsageError } from "../base/errors.ts";
import { isOfLink, type ScanOptions, type TargetList } from "../scan/options.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import { whyNot } from "./why_not.ts";
import type { Scanner } from "./scanner.ts";
import { noRightTo } from "./permissions.ts";
import type { System } from "./system.ts";

/** A person was asked, and rather left. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Options for the library, with what files hold and a person answers. */
export async function scanOptions(line: CommandLine, scanner: Scanner, system: System): Promise<ScanOptions> {
  if (!system.isAllowed({ name: "ffi" })) {
    throw new CannotScanError("Cannot scan: synscan calls the system's C library. Add --allow-ffi to deno run");
  }
  const { exclude } = line;
  const namesInHistory = line.targets.filter((target) => target.startsWith("@"));
  const targets = line.targets.filter((target) => !target.startsWith("@"));
  const found = await targetsFound(namesInHistory, line, system);
  const targetLists = await readLists(line.targetFiles, "-iL", system);
  const excludeLists = await readLists(line.excludeFiles, "--exclude-file", system);
  targetLists.push(...found);
  const ports = await readPorts(line, system);
  const iid = await readIids(line, system);
  const options: ScanOptions = {
    hostnames: "auto",
    ...line.scan,
    ...iid,
    ...ports,
    targets,
    targetLists,
    exclude,
    excludeLists,
  };
  if (targets.length > 0 || targetLists.length > 0 || isOfLink(options)) return options;
  if (!system.stdinIsTerminal || !system.stdoutIsTerminal) {
    throw new UsageError(
      "Cannot scan: no target. Name an address, a block, a range or a name, or read them with -iL FILE (- is standard input)",
    );
  }
  return { ...options, ...await askForTarget(line, scanner, system) };
}

/**
 * Targets that scans of the history found: `@last`, `@7:open`. In the line, the last scan gets its number: it is another when
 * this scan goes on after it was cut off.
 */
async function targetsFound(names: readonly string[], line: CommandLine, system: System): Promise<TargetList[]> {
  if (names.length === 0) return [];
  const { openHistory } = await import("./commands/history.ts");
  using history = await openHistory(line.db, { write: false, why: `to scan ${names[0]}` }, system);
  return names.map((name) => {
    const text = history.targets(name, line.scan.technique).join("\n");
    const [scan = "", ...state] = name.split(":");
    line.targets[line.targets.indexOf(name)] = [`@${history.scan(scan).id}`, ...state].join(":");
    return { name, text };
  });
}

/** The ports that a file holds, without its comments; nothing where no file is named. */
async function readPorts({ portsFile }: CommandLine, system: System): Promise<Pick<ScanOptions, "ports">> {
  if (portsFile === undefined) return {};
  const [list] = await readLists([portsFile], "--ports-file", system);
  const ports = list!.text.replaceAll(/#.*/g, "");
  if (ports.trim() === "") throw new UsageError(`Cannot scan: no port in ${quote(list!.name)}. Name at least one`);
  return { ports };
}

/** The interface identifiers of a file that --iid names; nothing where it names none. */
async function readIids({ scan: { iid } }: CommandLine, system: System): Promise<Pick<ScanOptions, "iid">> {
  const [, path] = /^set:(.*)$/s.exec(iid ?? "") ?? [];
  if (path === undefined) return {};
  if (path === "") throw new UsageError("Cannot use --iid set: without a file. Name it behind the colon");
  return { iid: `set:${await readText(path, "--iid", system)}` };
}

async function readLists(paths: readonly string[], flag: string, system: System): Promise<TargetList[]> {
  const lists: TargetList[] = [];
  for (const path of paths) {
    lists.push(
      path === "-"
        ? { name: "standard input", text: await readStdin(flag, system) }
        : { name: path, text: await readText(path, flag, system) },
    );
  }
  return lists;
}

async function readStdin(flag: string, system: System): Promise<string> {
  try {
    return await system.readStdin();
  } catch (error) {
    throw new UsageError(`Cannot read standard input for ${flag}: ${whyNot(error)}`, { cause: error });
  }
}

/**
 * Reads a file that a flag names.
 *
 * @throws {UsageError} if it is not there, or is no text.
 * @throws {CannotScanError} if it may not be read, by the rights of Deno or of the system.
 */
export async function readText(path: string, flag: string, system: System): Promise<string> {
  if (!system.isAllowed({ name: "read", path })) {
    throw noRightTo(`Cannot read ${quote(path)}: ${flag}`, "read");
  }
  try {
    return await system.readFile(path);
  } catch (error) {
    const message = `Cannot read ${quote(path)} for ${flag}: ${whyNot(error)}`;
    const options = { cause: error };
    throw error instanceof Deno.errors.PermissionDenied
      ? new CannotScanError(message, options)
      : new UsageError(message, options);
  }
}

async function askForTarget(
  line: CommandLine,
  scanner: Scanner,
  system: System,
): Promise<Pick<ScanOptions, "targets" | "sourceIp">> {
  const target = ask("Target (an address, a block, a range or a name):", undefined, system);
  if (target === "") throw new UsageError("Cannot scan: no target. Name an address, a block, a range or a name");
  const targets = target.split(/\s+/);
  const found = line.scan.sourceIp ?? await scanner.suggestSource?.(targets[0] ?? "");
  if (found === undefined || line.scan.sourceIp !== undefined) return { targets };
  const source = ask("Source address:", found, system);
  return source === "" || source === found ? { targets } : { targets, sourceIp: source };
}

function ask(question: string, offered: string | undefined, system: System): string {
  const answer = system.ask(question, offered);
  if (answer === null) throw new Cancelled();
  return answer.trim();
}
