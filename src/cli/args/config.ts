/**
 * Configuration: defaults of flags for every scan. A JSON object whose keys are the long
 * names of flags: `{ "timing": 4, "open": true, "exclude": ["192.0.2.1", "192.0.2.9"] }`.
 *
 * @module
 */
import { CannotScanError, UsageError } from "../../base/errors.ts";
import { printable } from "../../base/text.ts";
import { quote } from "../../base/quote.ts";
import type { Given, SubcommandName } from "./command_line.ts";
import { type Flag, flagNamed, FLAGS } from "./flags.ts";
import { readText } from "../inputs.ts";
import { nearest } from "../../base/suggest.ts";
import type { Arguments } from "./parse.ts";
import type { System } from "../system.ts";

/** A configuration that was read. */
export interface Config {
  readonly path: string | undefined;
  readonly given: readonly Given[];
}

const NONE: Config = { path: undefined, given: [] };
const FLAGS_IN_CONFIG = FLAGS.filter(({ onlyTyped }) => onlyTyped !== true);

/**
 * Reads the configuration for a command line: the one it names, or the user's own if that exists and may be read.
 *
 * @throws {UsageError} if the file is missing or invalid.
 * @throws {CannotScanError} if it may not be read.
 */
export async function configFor({ given, subcommand }: Arguments, system: System): Promise<Config> {
  // Completion that a starting shell reads must not fail because of a configuration.
  if (subcommand !== undefined && !subcommand.flags.includes("--config")) return NONE;
  const names = given.map(({ name }) => name);
  if (names.includes("--help") || names.includes("--version")) return NONE;
  const named = given.filter(({ name }) => name === "--config");
  if (names.includes("--no-config")) {
    if (named.length === 0) return NONE;
    throw new UsageError("Cannot use --config together with --no-config: they contradict each other");
  }
  const name = named.at(-1)?.value;
  if (name !== undefined) return { path: name, given: parseConfig(await readText(name, "--config", system), name) };
  const mayReadEnv = ["HOME", "XDG_CONFIG_HOME"].every((variable) => system.isAllowed({ name: "env", variable }));
  const path = usualPath((variable) => mayReadEnv ? system.env(variable) : system.environ(variable));
  if (path === undefined) return NONE;
  if (!mayReadEnv || !system.isAllowed({ name: "read", path })) {
    if (system.mayExist(path)) refuseHidden(path, subcommand?.name, system);
    return NONE;
  }
  try {
    return { path, given: parseConfig(await readText(path, "the configuration", system), path) };
  } catch (error) {
    // A symbolic link to nothing is a lost configuration, and an error.
    if (isMissing(error) && !system.mayExist(path)) return NONE;
    throw error;
  }
}

/**
 * Reports a configuration that may not be read, so that its exclusions are not known.
 *
 * @throws {CannotScanError} if a scan would start without them.
 */
function refuseHidden(path: string, subcommand: SubcommandName | undefined, system: System): void {
  const cannot = `Cannot read the configuration ${quote(path)}`;
  const rights = "--allow-read and --allow-env=HOME,XDG_CONFIG_HOME";
  if (subcommand === undefined) {
    throw new CannotScanError(
      `${cannot}, which may have exclusions: that needs the right to read it. Add ${rights} to deno run, or ` +
        "--no-config to scan without it",
    );
  }
  system.writeStderr(`${printable(cannot)}: that needs the right to read it. Add ${rights} to deno run\n`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.cause instanceof Deno.errors.NotFound ||
    error.cause instanceof Deno.errors.NotADirectory);
}

/** Returns the path of the user's configuration by the XDG Base Directory Specification. */
function usualPath(env: (variable: string) => string | undefined): string | undefined {
  const home = env("HOME");
  const folder = env("XDG_CONFIG_HOME");
  if (folder?.startsWith("/")) return `${folder}/synscan/config.json`;
  return home?.startsWith("/") ? `${home}/.config/synscan/config.json` : undefined;
}

/**
 * Parses the text of a configuration.
 *
 * @throws {UsageError} if it is no JSON object, or has an unknown key or an invalid value.
 */
export function parseConfig(text: string, path: string): Given[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read the configuration ${quote(path)}: it is not JSON. ${why}`);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw new UsageError(
      `Cannot read the configuration ${quote(path)}: it is no object. Write it as {"timing": 4, "open": true}`,
    );
  }
  refuseRepeatedKey(text, path);
  return Object.entries(read).flatMap(([key, value]) => givenBy(key, value, path));
}

/**
 * Refuses a repeated key, of which JSON.parse keeps the last value. `text` is a JSON object.
 *
 * @throws {UsageError} with the key and the lines.
 */
function refuseRepeatedKey(text: string, path: string): void {
  const lines = new Map<string, number>();
  let [line, depth] = [1, 0];
  let last = { text: "", line };
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:\n]/g)) {
    if (token === "\n") line++;
    else if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (token !== ":") last = { text: token, line };
    else if (depth === 1) {
      const key = String(JSON.parse(last.text));
      const first = lines.get(key);
      if (first !== undefined) {
        const where = first === last.line ? `twice in line ${first}` : `in lines ${first} and ${last.line}`;
        throw new UsageError(
          `Cannot take ${quote(key)} twice: it is ${where} of ${quote(path)}. Write one key, with all values in a list`,
        );
      }
      lines.set(key, last.line);
    }
  }
}

function givenBy(key: string, value: unknown, path: string): Given[] {
  const where = `in ${quote(path)}`;
  const flag = FLAGS_IN_CONFIG.find(({ name }) => name === `--${key}`);
  if (flag === undefined) {
    const typed = FLAGS.some(({ name }) => name === `--${key}`);
    if (typed) throw new UsageError(`Cannot use ${quote(key)} ${where}: it belongs on the command line`);
    const meant = nearest(key, FLAGS_IN_CONFIG.map(({ name }) => name.slice(2)));
    throw new UsageError(
      `Unknown key ${quote(key)} ${where}. ` +
        (meant === undefined ? "Keys are the long names of flags, without dashes" : `Did you mean ${quote(meant)}?`),
    );
  }
  const values = Array.isArray(value) ? value : [value];
  if (values.length > 1 && flag.repeats !== true) {
    throw new UsageError(`Cannot take ${quote(key)} ${where} more than once. Give it one value`);
  }
  return values.map((each) => ({
    name: flag.name,
    spelling: `${key} (${where})`,
    value: textOf(flag, each) ?? refuse(flag, key, each, where),
  }));
}

/** Returns a value as it is typed on the command line; `undefined` if it cannot be. */
function textOf(flag: Flag, value: unknown): string | undefined {
  if (flag.takes === undefined) {
    if (typeof value === "boolean") return String(value);
    const isText = typeof value === "string" && !flag.mayTake?.test("true");
    return flag.mayTake?.test(String(value)) && (typeof value === "number" || isText) ? String(value) : undefined;
  }
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function refuse(flag: Flag, key: string, value: unknown, where: string): never {
  const wanted = flag.takes === undefined ? "true or false" : `${flag.takes}, as text or a number`;
  throw new UsageError(`Cannot read ${quote(key)} ${where}: ${quote(JSON.stringify(value))} is not ${wanted}`);
}

/** Returns the options in effect as the text of an equivalent configuration. */
export function configText(effective: readonly Given[], targets: readonly string[]): string {
  const config: Record<string, string | boolean | number | (string | boolean)[]> = {};
  for (const { name, value } of effective) {
    const flag = flagNamed(name);
    if (flag.onlyTyped === true) continue;
    const key = name.slice(2);
    if (flag.takes === undefined && flag.mayTake === undefined) {
      config[key] = true;
    } else if (flag.takes === undefined && flag.mayTake?.test("true") !== true) {
      config[key] = value === "true" ? true : value;
    } else if (flag.takes === undefined) {
      config[key] = verbosityOf(config[key], value);
    } else {
      const before = config[key];
      config[key] = flag.repeats !== true ? value : [...(Array.isArray(before) ? before : []), value];
    }
  }
  if (targets.length > 0) config.targets = [...targets];
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** `-v` adds up. */
function verbosityOf(before: unknown, value: string): number {
  if (value === "false") return 0;
  return value === "true" ? (typeof before === "number" ? before : 0) + 1 : Number(value);
}
