/**
 * Reads a command line. nmap's ways of writing flags are first brought into one form, by the declarations in `flags.ts`; what
 * a configuration gives goes before it; `parseArgs` collects them, and each flag fills in its part.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { quote } from "../targets/quote.ts";
import { FORMATS_WITH_FIELDS } from "../report/formats.ts";
import { type CommandLine, emptyCommandLine, type Given } from "./command_line.ts";
import { type Flag, flagNamed, FLAGS, SPELLINGS } from "./flags.ts";
import { nearest } from "./nearest.ts";
import { NMAP_FLAGS } from "./nmap_flags.ts";
import { type Subcommand, SUBCOMMANDS } from "./subcommands.ts";

const keyOf = (flag: Flag) => flag.name.slice(2);
const takesNothing = (flag: Flag) => flag.takes === undefined;
const isSwitch = (flag: Flag) => takesNothing(flag) && flag.mayTake === undefined;
const SWITCHES = FLAGS.filter(isSwitch).map(keyOf);
const VALUED = FLAGS.filter((flag) => !isSwitch(flag)).map(keyOf);

/** A command line, taken apart. */
export interface Arguments {
  readonly subcommand: Subcommand | undefined;
  readonly given: readonly Given[];
  /** What is no flag: targets, or what a subcommand works on. */
  readonly operands: readonly string[];
}

/**
 * Takes arguments apart.
 *
 * @throws {UsageError} if a flag is unknown, lacks its value, or has one that it cannot have.
 */
export function readArguments(args: readonly string[]): Arguments {
  const subcommand = SUBCOMMANDS.find(({ name }) => name === args[0]);
  const given: Given[] = [];
  const operands: string[] = [];
  let at = subcommand === undefined ? 0 : 1;
  const give = (flag: Flag, spelling: string, attached: string | undefined) => {
    const next = args[at];
    if (attached === undefined && next !== undefined && mayFollow(flag, next)) {
      at++;
      given.push({ name: flag.name, spelling, value: checked(flag, spelling, next) });
    } else {
      given.push({ name: flag.name, spelling, value: checked(flag, spelling, attached) });
    }
  };
  while (at < args.length) {
    const arg = args[at++] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(at));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (arg === "-") {
        throw new UsageError('Cannot scan "-": not a target. Read targets from standard input with -iL -');
      }
      if (arg === "") throw new UsageError('Cannot scan "": an empty target');
      operands.push(arg);
    } else if (arg.startsWith("--")) {
      const equals = arg.indexOf("=");
      const spelling = equals < 0 ? arg : arg.slice(0, equals);
      const flag = SPELLINGS.get(spelling) ?? refuseUnknown(spelling);
      give(flag, spelling, equals < 0 ? undefined : arg.slice(equals + 1));
    } else {
      for (const { flag, spelling, value } of shortFlags(arg)) give(flag, spelling, value);
    }
  }
  return { subcommand, given, operands };
}

/** A flag's value as it is to be set. */
function checked(flag: Flag, spelling: string, value: string | undefined): string {
  if (isSwitch(flag)) {
    if (value === undefined) return "true";
    if (value === "false" && spelling.startsWith("--") && flag.onlyTyped !== true) return value;
    throw new UsageError(`Cannot give ${spelling} a value: it takes none`);
  }
  if (value === undefined && takesNothing(flag)) return "true";
  if (value === undefined || value === "") {
    throw new UsageError(`Cannot use ${spelling} without a value. Write ${spelling} ${flag.takes ?? ""}`);
  }
  if (takesNothing(flag) && value !== "true" && !flag.mayTake?.test(value)) {
    throw new UsageError(`Cannot give ${spelling} the value ${quote(value)}: it takes none`);
  }
  return value;
}

/**
 * What a command line asks for, with what a configuration gives.
 *
 * @throws {UsageError} if a flag is unknown, lacks its value, has a wrong one, or does not go with another.
 */
export function parseCommandLine(
  args: readonly string[] | Arguments,
  config: readonly Given[] = [],
): CommandLine {
  const { subcommand, given, operands } = "given" in args ? args : readArguments(args);
  const all = effective(given, operands, config, subcommand);
  const spelled = new Map(all.map(({ name, spelling }) => [flagNamed(name), spelling]));
  const values = parseArgs([...all.map(toArgument), "--", ...operands], {
    boolean: SWITCHES,
    string: VALUED,
    collect: [...SWITCHES, ...VALUED],
    "--": true,
  });
  const line = emptyCommandLine();
  for (const flag of FLAGS) {
    const given = values[keyOf(flag)];
    if (!Array.isArray(given) || given.length === 0) continue;
    const spelling = spelled.get(flag) ?? flag.name;
    if (given.length > 1 && flag.repeats !== true) refuseTwice(flag, spelling, given);
    for (const value of given) flag.set(line, String(value), spelling);
  }
  line.effective = all;
  line.subcommand = subcommand?.name;
  if (subcommand === undefined) line.targets.push(...values["--"]);
  else line.operands.push(...values["--"]);
  if (line.action.startsWith("help") || line.action === "version") return line;
  if (subcommand !== undefined) refuseForeignTo(subcommand, line, given);
  refuseContradictions(line, spelled);
  return line;
}

function toArgument({ name, value }: Given): string {
  return isSwitch(flagNamed(name)) ? name : `${name}=${value}`;
}

/** What is typed, before it what a configuration gives and the command line does not speak against. */
function effective(
  typed: readonly Given[],
  operands: readonly string[],
  config: readonly Given[],
  subcommand: Subcommand | undefined,
): Given[] {
  const names = new Set(typed.map(({ name }) => name));
  const writesToStdout = typed.some(toStdout);
  const namesTargets = operands.length > 0 || TARGET_FLAGS.some((name) => names.has(name));
  const kept = config.filter((given) => {
    const { name } = given;
    if (names.has(name) && flagNamed(name).addsToConfig !== true) return false;
    if (subcommand !== undefined && !subcommand.flags.includes(name)) return false;
    if (namesTargets && TARGET_FLAGS.includes(name)) return false;
    if (writesToStdout && toStdout(given)) return false;
    return ![...RIVALS, ...EXCLUSIVE].some(([one, other]) =>
      one === name && names.has(other) || other === name && names.has(one)
    );
  });
  return [...kept, ...typed].filter(({ name, value }) => !(isSwitch(flagNamed(name)) && value === "false"));
}

const TARGET_FLAGS: readonly string[] = ["--range", "--target-file"];

/** Whether a report goes to standard output, of which there can be one. */
function toStdout({ name, value }: Given): boolean {
  return name === "--json" || flagNamed(name).writes === true && value === "-";
}

/** @throws {UsageError} if what was typed does not belong to the subcommand. */
function refuseForeignTo(subcommand: Subcommand, line: CommandLine, typed: readonly Given[]): void {
  const { name, takes, flags, operands: { least, most } } = subcommand;
  const foreign = typed.find(({ name }) => !flags.includes(name));
  if (foreign !== undefined) {
    throw new UsageError(
      `Cannot use ${foreign.spelling} with synscan ${name}. To scan a host of that name, write synscan -- ${name}`,
    );
  }
  const count = line.operands.length;
  if (count < least) throw new UsageError(`Cannot do synscan ${name} alone. Write synscan ${name} ${takes}`);
  if (count > most) {
    throw new UsageError(
      `Cannot understand ${quote(line.operands[most] ?? "")} after synscan ${name}. Write ${
        `synscan ${name} ${takes}`.trim()
      }; to scan a host of that name, synscan -- ${name}`,
    );
  }
}

function refuseTwice(flag: Flag, spelling: string, given: readonly unknown[]): void {
  if (takesNothing(flag)) return;
  throw new UsageError(`Cannot take ${spelling} twice, as ${given.map((value) => quote(String(value))).join(" and ")}`);
}

/** Whether the next argument is the flag's value. */
function mayFollow(flag: Flag, next: string): boolean {
  if (takesNothing(flag)) return flag.mayTake?.test(next) ?? false;
  return !SPELLINGS.has(next) && !(next.startsWith("--") && next.length > 2);
}

interface Short {
  readonly flag: Flag;
  readonly spelling: string;
  readonly value: string | undefined;
}

/** Takes `-sS`, `-p22`, `-T4`, `-vv` and `-nvF` apart. */
function shortFlags(arg: string): Short[] {
  const whole = SPELLINGS.get(arg);
  if (whole !== undefined) return [{ flag: whole, spelling: arg, value: undefined }];
  // nmap takes long names with one dash, too.
  const { name = "", value: afterEquals } = /^-(?<name>[a-z][a-z-]+)(=(?<value>.*))?$/s.exec(arg)?.groups ?? {};
  const long = SPELLINGS.get(`--${name}`);
  if (long !== undefined) return [{ flag: long, spelling: `-${name}`, value: afterEquals }];
  const foreign = FOREIGN_SHORT.exec(arg)?.[0];
  if (foreign !== undefined && NMAP_FLAGS[foreign] !== undefined) refuseUnknown(foreign);
  // nmap's -s takes several letters, each a technique.
  const techniques = /^-s([A-Z]{2,})$/.exec(arg)?.[1];
  if (techniques !== undefined) return [...techniques].flatMap((letter) => shortFlags(`-s${letter}`));

  const found: Short[] = [];
  for (let at = 1; at < arg.length; at++) {
    const spelling = `-${arg.charAt(at)}`;
    const flag = SPELLINGS.get(spelling) ??
      refuseUnknown(at === 1 || NMAP_FLAGS[spelling] === undefined ? arg : spelling);
    const rest = arg.slice(at + 1);
    if (!takesNothing(flag)) {
      return [...found, { flag, spelling, value: rest === "" ? undefined : rest.replace(/^=/, "") }];
    }
    const value = rest.replace(/^=/, "");
    if (flag.mayTake?.test(value)) return [...found, { flag, spelling, value }];
    found.push({ flag, spelling, value: undefined });
  }
  return found;
}

// nmap's flags of two letters, which may have a value attached, and those of one that take one.
const FOREIGN_SHORT = /^-(P[SAUYEPMOR](?![a-z])|[sio][A-Z]$|[DMbd](?=.)|[fdAOR6]$|ff$|dd$)/;

/** @throws {UsageError} always, with what is nearest to it. */
function refuseUnknown(spelling: string): never {
  const foreign = NMAP_FLAGS[spelling] ?? NMAP_FLAGS[`-${spelling}`];
  if (foreign !== undefined) {
    const instead = foreign.instead === undefined ? "" : `. Nearest: ${foreign.instead}`;
    throw new UsageError(`synscan has no ${spelling} (${foreign.what})${instead}`);
  }
  // Among short flags, any letter is near to any other.
  const long = spelling.length > 3 ? spelling.replace(/^-(?!-)/, "--") : undefined;
  const meant = long === undefined ? undefined : nearest(long, LONG_NAMES);
  throw new UsageError(
    `Unknown flag ${shown(spelling)}. ${meant === undefined ? "Try --help" : `Did you mean ${meant}?`}`,
  );
}

const LONG_NAMES = [...SPELLINGS.keys()].filter((spelling) => spelling.startsWith("--"));

// Flags are shown bare where that is harmless.
function shown(text: string): string {
  return /^[-\w.,:/=]{1,40}$/.test(text) ? text : quote(text);
}

/** @throws {UsageError} if two things that were asked for exclude each other. */
function refuseContradictions(line: CommandLine, spelled: ReadonlyMap<Flag, string>): void {
  const asTyped = (name: string): string | undefined => {
    const flag = SPELLINGS.get(name);
    return flag === undefined ? undefined : spelled.get(flag);
  };
  for (const [one, other, why] of EXCLUSIVE) {
    const [first, second] = [asTyped(one), asTyped(other)];
    if (first !== undefined && second !== undefined) {
      throw new UsageError(`Cannot use ${first} together with ${second}: ${why}`);
    }
  }
  const { minRatePps, maxRatePps, timeoutMs, maxRttTimeoutMs, shard, seed } = line.scan;
  if ((minRatePps ?? 0) > (maxRatePps ?? Infinity)) {
    throw new UsageError(
      `Cannot keep --min-rate ${minRatePps} under --max-rate ${maxRatePps}: the least is above the most`,
    );
  }
  if ((timeoutMs ?? 0) > (maxRttTimeoutMs ?? Infinity)) {
    throw new UsageError(
      `Cannot wait for ${
        asTyped("--timeout")
      } under --max-rtt-timeout: ${timeoutMs} ms is longer than ${maxRttTimeoutMs} ms`,
    );
  }
  if (shard !== undefined && shard.count > 1 && seed === undefined) {
    throw new UsageError(
      "Cannot use --shard without --seed: parts fit together only in one order. Give all the same --seed N",
    );
  }
  if (line.checkpoint === "-") throw new UsageError("Cannot keep a checkpoint on standard output. Name a file");
  const paths = line.outputs.map(({ path }) => path);
  if (line.checkpoint !== undefined && paths.includes(line.checkpoint)) {
    throw new UsageError(
      `Cannot write a report and a checkpoint to ${quote(line.checkpoint)}. Give each a place of its own`,
    );
  }
  const twice = paths.find((path, at) => paths.indexOf(path) < at);
  if (twice !== undefined) {
    const where = twice === "-" ? "standard output" : quote(twice);
    throw new UsageError(`Cannot write two reports to ${where}. Give each a place of its own`);
  }
  const fixed = line.outputs.find(({ format, path }) => path === "-" && !FORMATS_WITH_FIELDS.has(format));
  if (
    line.fields !== undefined && fixed !== undefined &&
    line.outputs.every(({ format }) => !FORMATS_WITH_FIELDS.has(format))
  ) {
    throw new UsageError(`Cannot use --fields with ${fixed.flag}: its shape is fixed. Leave one of them out`);
  }
  if (line.action === "dry-run" && paths.some((path) => path !== "-")) {
    throw new UsageError("Cannot write a report of --dry-run to a file: nothing is scanned. Leave one of them out");
  }
  if (line.changed && line.db === undefined) {
    throw new UsageError("Cannot use --changed without a history to compare with. Name it with --db FILE");
  }
  if ([...line.targetFiles, ...line.excludeFiles].filter((path) => path === "-").length > 1) {
    throw new UsageError("Cannot read standard input twice. Use - for one of the files only");
  }
}

/** Pairs of which the typed one puts aside what a configuration says of the other. */
const RIVALS: readonly (readonly [string, string])[] = [
  ["--min-rate", "--max-rate"],
  ["--timeout", "--max-rtt-timeout"],
];

const EXCLUSIVE: readonly (readonly [string, string, string])[] = [
  ["--syn", "--connect", "a port is asked in one way"],
  ["--ports", "--top-ports", "both say which ports"],
  ["--ports", "--fast", "both say which ports"],
  ["--top-ports", "--fast", "both say which ports"],
  ["--connect", "--transport", "the kernel sends its own packets"],
  ["--connect", "--source-port", "every connection has a port of its own"],
  ["--checkpoint", "--dry-run", "nothing is scanned"],
  ["--connect", "--packet-trace", "the kernel does not show its packets"],
];
