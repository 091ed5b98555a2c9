/**
 * Reads a command line. nmap's ways of writing flags are first brought into one form, by the declarations in `flags.ts`; what
 * a configuration gives goes before it, and each flag fills in its part.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { type CommandLine, emptyCommandLine, type Given, type Output } from "./command_line.ts";
import { filesOf, placeOf, refuseSharedFiles } from "../files.ts";
import {
  exclusiveAmong,
  FORMATS_OF_DRY_RUNS,
  FORMATS_OF_LISTS,
  refuseContradictions,
  RIVALS,
  TECHNIQUE_FLAGS,
  whyNoFields,
} from "./contradictions.ts";
import { type Flag, flagNamed, FLAGS, PING_PORTS, SPELLINGS } from "./flags.ts";
import { foreignFlags } from "./foreign_flags.ts";
import { nearest } from "../../base/suggest.ts";
import { type Subcommand, SUBCOMMANDS } from "./subcommands.ts";

const takesNothing = (flag: Flag) => flag.takes === undefined;
const isSwitch = (flag: Flag) => takesNothing(flag) && flag.mayTake === undefined;

/** A command line, split into flags and operands. */
export interface Arguments {
  readonly subcommand: Subcommand | undefined;
  readonly given: readonly Given[];
  /** Arguments that are no flags: targets, or the operands of a subcommand. */
  readonly operands: readonly string[];
}

/**
 * Splits arguments into flags and operands.
 *
 * @throws {UsageError} if a flag is unknown, lacks its value, or has one that it cannot have.
 */
export function readArguments(args: readonly string[]): Arguments {
  const subcommand = SUBCOMMANDS.find(({ name }) => name === args[0]);
  const given: Given[] = [];
  const operands: string[] = [];
  let at = subcommand === undefined ? 0 : 1;
  const give = (flag: Flag, spelling: string, attached: string | undefined, mayTakeNext = true) => {
    const next = mayTakeNext ? args[at] : undefined;
    const follows = attached === undefined && next !== undefined && mayFollow(flag, next);
    if (follows) {
      at++;
      refuseFlagLike(flag, spelling, next);
    }
    const value = checked(flag, spelling, follows ? next : attached);
    // A flag that no configuration can have cannot be undone either.
    if (flag.onlyTyped !== true || value !== "false") given.push({ name: flag.name, spelling, value });
  };
  while (at < args.length) {
    const arg = args[at++] ?? "";
    if (arg === "--") {
      const rest = args.slice(at);
      const flag = subcommand === undefined ? rest.find((each) => each.startsWith("-")) : undefined;
      if (flag !== undefined) {
        throw new UsageError(`Cannot scan ${quote(flag)}: behind --, everything is a target. Write flags before it`);
      }
      operands.push(...rest);
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (arg === "-") {
        throw new UsageError('Cannot scan "-": not a target. Read targets from standard input with -iL -');
      }
      if (arg === "") throw new UsageError('Cannot scan "": an empty target');
      refuseTypographicDash(arg);
      if (subcommand === undefined) {
        if (args[at - 2] === given.at(-1)?.spelling) refuseTruth(arg, args[at - 2]!);
        refuseMisplaced(arg, operands, given);
      }
      operands.push(arg);
    } else if (subcommand?.name === "help" && SPELLINGS.has(arg) && SPELLINGS.get(arg)!.name !== "--help") {
      operands.push(arg);
    } else if (arg.startsWith("--")) {
      const equals = arg.indexOf("=");
      const spelling = equals < 0 ? arg : arg.slice(0, equals);
      const flag = SPELLINGS.get(spelling) ?? refuseUnknown(spelling);
      give(flag, spelling, equals < 0 ? undefined : arg.slice(equals + 1));
    } else {
      const cluster = shortFlags(arg);
      // As in getopt, what follows a cluster belongs to its last letter.
      cluster.forEach(({ flag, spelling, value }, at) => give(flag, spelling, value, at === cluster.length - 1));
    }
  }
  return { subcommand, given, operands };
}

/** Flags that users put before a subcommand of any program. */
const GENERAL: readonly string[] = ["--config", "--no-config", "--verbose", "--quiet", "--color"];

/**
 * Refuses a port, or a subcommand behind its flags, where a target is expected.
 *
 * @throws {UsageError} with the order that was probably meant.
 */
function refuseMisplaced(arg: string, operands: readonly string[], given: readonly Given[]): void {
  const misplaced = SUBCOMMANDS.find(({ name }) => name === arg);
  const fits = ({ name }: Given) => GENERAL.includes(name) || misplaced?.flags.includes(name);
  if (misplaced !== undefined && operands.length === 0 && given.length > 0 && given.every(fits)) {
    throw new UsageError(
      `Cannot scan ${
        quote(arg)
      }: a subcommand comes first. Write synscan ${arg}, then its flags; for a host of that name, ` +
        `put -- before it`,
    );
  }
  if (!/^\d{1,5}(?:[-,]\d{1,5})*$/.test(arg)) return;
  const last = given.at(-1);
  const hint = last?.name === "--ports" && operands.length === 0
    ? `Did you mean ${last.spelling} ${last.value.replace(/,$/, "")},${arg}?`
    : `For a port, write -p ${arg}`;
  throw new UsageError(`Cannot scan ${quote(arg)}: not a target. ${hint}`);
}

/** @throws {UsageError} if what follows a flag without a value is its value, as in `--open true`, and no target. */
function refuseTruth(arg: string, spelling: string): void {
  if (arg !== "true" && arg !== "false") return;
  throw new UsageError(
    `Cannot scan ${
      quote(arg)
    }: not a target. Did you mean ${spelling}=${arg}? For a host of that name, put -- before it`,
  );
}

/** @throws {UsageError} if `-r` has a target beside others: it may be a DNS server, as with naabu, that is not to be scanned. */
function refuseResolvers(given: readonly Given[]): void {
  const suspect = given.find(({ spelling }) => spelling === "-r");
  if (suspect === undefined) return;
  throw new UsageError(
    `Cannot use -r ${shown(suspect.value)} beside other targets: for DNS servers, as with naabu, write --dns-servers ` +
      `${shown(suspect.value)}; for a target, leave out -r`,
  );
}

/** @throws {UsageError} if a flag begins with a typographic dash, as copied from a word processor or a web page. */
function refuseTypographicDash(arg: string): void {
  const { flag } = /^\p{Dash}+(?<flag>[a-z].*)$/isu.exec(arg)?.groups ?? {};
  if (flag === undefined) return;
  const dashes = SPELLINGS.has(`--${flag.replace(/=.*/s, "")}`) ? "--" : "-";
  throw new UsageError(
    `Cannot read ${quote(arg)}: its dash is not the one that flags begin with. Write ${shown(dashes + flag)}`,
  );
}

/** Returns the value of a flag. */
function checked(flag: Flag, spelling: string, value: string | undefined): string {
  if (isSwitch(flag)) {
    if (value === undefined || value === "true") return "true";
    if (value === "false") return value;
    throw new UsageError(`Cannot give ${spelling} the value ${quote(value)}: it takes only true or false`);
  }
  if (value === undefined && takesNothing(flag)) return "true";
  if (value === undefined || value === "") {
    throw new UsageError(
      `Cannot use ${spelling} without a value. Write ${missing(spelling, flag.takes ?? "", flag.ifMissing)}`,
    );
  }
  if (takesNothing(flag) && value !== "true" && !flag.mayTake?.test(value)) {
    throw new UsageError(`Cannot give ${spelling} the value ${quote(value)}: it takes none`);
  }
  return value;
}

/** The circumstances of a command line. */
interface TypedIn {
  /** The current directory, if it may be read. */
  readonly folder?: string | undefined;
  /** The file that the configuration was read from. */
  readonly configPath?: string | undefined;
  /** The time of typing, in milliseconds since 1970; now by default. */
  readonly typedAtMs?: number;
}

/**
 * Parses a command line together with the flags of a configuration.
 *
 * @throws {UsageError} if a flag is unknown, lacks its value, has a wrong one, or does not go with another.
 */
export function parseCommandLine(
  args: readonly string[] | Arguments,
  config: readonly Given[] = [],
  { folder, configPath, typedAtMs = Date.now() }: TypedIn = {},
): CommandLine {
  const taken = "given" in args ? args : readArguments(args);
  const { subcommand, given, operands } = taken;
  const all = effective(taken, config, { folder, typedAtMs });
  const spelled = new Map(all.map(({ name, spelling }) => [flagNamed(name), spelling]));
  const values = Map.groupBy(all, ({ name }) => name);
  const line = emptyCommandLine(typedAtMs);
  for (const flag of FLAGS) {
    const given = values.get(flag.name)?.map(({ value }) => value);
    if (given === undefined) continue;
    const spelling = spelled.get(flag) ?? flag.name;
    if (given.length > 1 && flag.repeats !== true) refuseTwice(flag, spelling, given);
    for (const value of given) flag.set(line, value, spelling);
  }
  line.effective = all;
  line.configPath = configPath;
  line.subcommand = subcommand?.name;
  if (subcommand === undefined) {
    if (operands.length > 0 || line.targetFiles.length > 0) refuseResolvers(given);
    line.targets.push(...operands);
  }
  if (subcommand !== undefined) line.operands.push(...operands);
  if (line.action.startsWith("help") || line.action === "version") return line;
  if (subcommand !== undefined) refuseForeignTo(subcommand, line, given);
  refuseContradictions(line, spelled);
  refuseSharedFiles(filesOf(line), ({ path }) => placeOf(path, folder));
  return line;
}

/** Returns the typed flags, and before them those of the configuration that the command line does not override. */
function effective(
  { given: typed, operands, subcommand }: Arguments,
  config: readonly Given[],
  { folder, typedAtMs }: { readonly folder: string | undefined; readonly typedAtMs: number },
): Given[] {
  const names = new Set(typed.map(({ name }) => name));
  const asked = reportsOf(typed, typedAtMs);
  const writesToStdout = asked.outputs.some(({ path }) => path === "-");
  const typedPlaces = new Set(filesOf(asked).map(({ path }) => placeOf(path, folder)));
  const choosesTechnique = TECHNIQUE_FLAGS.some((name) => names.has(name));
  const namesTargets = operands.length > 0 || TARGET_FLAGS.some((name) => names.has(name));
  const isPutAside = ({ format, path }: Output) =>
    writesToStdout && path === "-" || typedPlaces.has(placeOf(path, folder)) ||
    names.has("--dry-run") && !(path === "-" && FORMATS_OF_DRY_RUNS.has(format)) ||
    names.has("--list-scan") && !FORMATS_OF_LISTS.has(format);
  const rivals = [...RIVALS, ...exclusiveAmong((name) => names.has(name))];
  const kept = config.filter((given) => {
    const { name, value } = given;
    if (isSwitch(flagNamed(name)) && value === "false") return false;
    if (names.has(name) && flagNamed(name).addsToConfig !== true) return false;
    if (subcommand !== undefined && (!subcommand.flags.includes(name) || isReport(given))) return false;
    if (namesTargets && TARGET_FLAGS.includes(name)) return false;
    // Its flags are those of one technique.
    if (choosesTechnique && (TECHNIQUE_FLAGS.includes(name) || name === "--scanflags")) return false;
    if (isReport(given) && reportsOf([given], typedAtMs).outputs.some(isPutAside)) return false;
    return !rivals.some(([one, other]) => one === name && names.has(other) || other === name && names.has(one));
  });
  const all = [...kept, ...typed].filter(({ name, value }) => !(isSwitch(flagNamed(name)) && value === "false"));
  // Configured fields give way to a table that has no columns for them.
  if (names.has("--fields") || whyNoFields(reportsOf(all, typedAtMs)) === undefined) return all;
  const choosesReports = subcommand !== undefined || names.has("--dry-run") || names.has("--list-scan") ||
    typed.some(isReport);
  return choosesReports ? all.filter(({ name }) => name !== "--fields") : all;
}

const TARGET_FLAGS: readonly string[] = ["--targets", "--target-file"];

function isReport({ name }: Given): boolean {
  return name === "--json" || name === "--ip-port" || name === "--all-files" || flagNamed(name).writes === true;
}

/** Returns the part of a command line that names files or the contents of reports. */
function reportsOf(given: readonly Given[], typedAtMs: number): CommandLine {
  const line = emptyCommandLine(typedAtMs);
  for (const each of given) {
    const flag = flagNamed(each.name);
    const isAboutFiles = flag.takes === "FILE" || flag.takes === "BASE" || flag.name === "--fields";
    if (isAboutFiles || isReport(each) && each.value !== "false") flag.set(line, each.value, each.spelling);
  }
  return line;
}

/** @throws {UsageError} if a flag or operand does not belong to the subcommand. */
function refuseForeignTo(subcommand: Subcommand, line: CommandLine, typed: readonly Given[]): void {
  const { name, takes, instead, flags, operands: { least, most } } = subcommand;
  const foreign = typed.find(({ name }) => !flags.includes(name));
  if (foreign !== undefined) {
    throw new UsageError(
      `Cannot use ${foreign.spelling} with synscan ${name}. ` +
        (instead ?? `To scan a host of that name, write synscan -- ${name}`),
    );
  }
  const count = line.operands.length;
  if (count < least) {
    throw new UsageError(`Cannot run synscan ${name} without an argument. Write synscan ${name} ${takes}`);
  }
  if (count > most) {
    throw new UsageError(
      `Cannot understand ${quote(line.operands[most] ?? "")} after synscan ${name}. ` +
        (instead ?? `Write ${`synscan ${name} ${takes}`.trim()}; to scan a host of that name, synscan -- ${name}`),
    );
  }
}

function refuseTwice(flag: Flag, spelling: string, given: readonly string[]): void {
  if (takesNothing(flag)) return;
  throw new UsageError(`Cannot take ${spelling} twice, as ${given.map(quote).join(" and ")}`);
}

/** @throws {UsageError} if the value of a flag looks like a flag. Ranges of ports may begin with a hyphen, and numbers get their own error. */
function refuseFlagLike({ takes = "", ifMissing }: Flag, spelling: string, next: string): void {
  if (!next.startsWith("-") || next === "-") return;
  const isFile = takes === "FILE" || takes === "BASE";
  if (!isFile && (takes === "PORTS" || !/^-[a-z]/i.test(next))) return;
  throw new UsageError(
    `Cannot use ${spelling} without a value: ${quote(next)} looks like a flag. ` +
      (isFile
        ? `For a file of that name, write ${spelling} ./${shown(next)}`
        : `Write ${missing(spelling, takes, ifMissing)}`),
  );
}

/** Returns how a flag is written with its value, and advice if it is given without one. */
function missing(spelling: string, takes: string, ifMissing: string | undefined): string {
  return `${spelling} ${takes}${ifMissing === undefined ? "" : `. ${ifMissing}`}`;
}

/** Returns true if the next argument is the flag's value. */
function mayFollow(flag: Flag, next: string): boolean {
  if (takesNothing(flag)) return flag.mayTake?.test(next) ?? false;
  return !SPELLINGS.has(next) && !(next.startsWith("--") && next.length > 2);
}

interface Short {
  readonly flag: Flag;
  readonly spelling: string;
  readonly value: string | undefined;
}

/** Splits `-sS`, `-p22`, `-T4`, `-vv` and `-nvF` into flags and values. */
function shortFlags(arg: string): Short[] {
  const whole = SPELLINGS.get(arg);
  if (whole !== undefined) return [{ flag: whole, spelling: arg, value: undefined }];
  // -PS22,443: a flag of two letters with its value.
  const spelling = arg.slice(0, 3);
  const value = arg.slice(3).replace(/^=/, "");
  const two = SPELLINGS.get(spelling);
  if (two?.mayTake?.test(value)) return [{ flag: two, spelling, value }];
  // nmap takes long names with one dash, too.
  const { name = "", value: afterEquals } = /^-(?<name>[a-z][a-z0-9-]+)(=(?<value>.*))?$/s.exec(arg)?.groups ?? {};
  const long = SPELLINGS.get(`--${name}`);
  if (long !== undefined) return [{ flag: long, spelling: `-${name}`, value: afterEquals }];
  refuseLongForeign(name);
  if (two?.mayTake === PING_PORTS && value !== "") {
    throw new UsageError(`Cannot use ${shown(arg)}: ports of pings are numbers. Write them as in ${spelling}22,80-82`);
  }
  const foreign = FOREIGN_SHORT.exec(arg)?.[0];
  if (foreign !== undefined && foreignFlags()[foreign] !== undefined) refuseUnknown(foreign);
  // nmap's -s takes several letters, each a technique.
  const techniques = /^-s([A-Z]{2,})$/.exec(arg)?.[1];
  if (techniques !== undefined) return [...techniques].flatMap((letter) => shortFlags(`-s${letter}`));

  const found: Short[] = [];
  for (let at = 1; at < arg.length; at++) {
    // As in nmap, a flag of two letters can end a cluster: -nPn, -vsS.
    if (at > 1 && TWO_LETTERS.test(arg.slice(at)) && SPELLINGS.has(`-${arg.slice(at, at + 2)}`)) {
      return [...found, ...shortFlags(`-${arg.slice(at)}`)];
    }
    const spelling = `-${arg.charAt(at)}`;
    const flag = SPELLINGS.get(spelling) ??
      refuseUnknown(foreignFlags()[spelling] === undefined || !isCluster(arg, at) ? arg : spelling);
    const rest = arg.slice(at + 1);
    if (!takesNothing(flag)) {
      refuseMistakenWord(flag, spelling, { arg, value: rest });
      return [...found, { flag, spelling, value: rest === "" ? undefined : rest.replace(/^=/, "") }];
    }
    const value = rest.replace(/^=/, "");
    if (flag.mayTake?.test(value)) return [...found, { flag, spelling, value }];
    found.push({ flag, spelling, value: undefined });
  }
  return found;
}

/** Letters that nmap's flags of two letters begin with. */
const TWO_LETTERS = /^[Psio][A-Za-z]/;

/** Returns true if the letter of `arg` at `at` is rather a flag than part of a word: `-t10`, `-nd`. */
function isCluster(arg: string, at: number): boolean {
  if (TWO_LETTERS.test(arg.slice(at))) return false;
  return at === 1 ? /^-[a-z]\d/i.test(arg) : !/^-[a-z][a-z.-]{3,}/.test(arg);
}

/** @throws {UsageError} if a word after one dash is a flag of another tool, as naabu and httpx write theirs. */
function refuseLongForeign(name: string): void {
  if (foreignFlags()[`--${name}`] !== undefined || foreignFlags()[`-${name}`] !== undefined) refuseUnknown(`-${name}`);
}

/**
 * Refuses a word after one dash of which a letter happens to be a flag with a value: `-retry` is no target "etry". A
 * value without digits that is attached to its flag is read only where it cannot be a flag: `-phttp`, `-iLhosts`.
 *
 * @throws {UsageError} if it may be a misspelt flag.
 */
function refuseMistakenWord(
  flag: Flag,
  spelling: string,
  { arg, value }: { readonly arg: string; readonly value: string },
): void {
  if (!/^-[a-z][a-z-]{3,}(=.*)?$/s.test(arg)) return;
  const word = `-${arg.replace(/=.*/s, "")}`;
  const meant = nearest(word, LONG_NAMES) ?? nearest(word, foreignLongNames());
  if (meant === undefined && flag.takes === "PORTS") return;
  const hint = meant === undefined
    ? "Try --help."
    : LONG_NAMES.includes(meant)
    ? `Did you mean ${meant}?`
    : `${foreignFlags()[meant]?.instead ?? "synscan has no such flag"}.`;
  throw new UsageError(
    `Unknown flag ${shown(arg)}. ${hint} For a value of ${spelling}, write ${spelling} ${shown(value)}`,
  );
}

// nmap's flags of two letters, which may have a value attached, and those of one that take one.
const FOREIGN_SHORT = /^-(P[UYO](?![a-z])|[sio][A-Z]$|[DMbd](?=.)|[fdOR6]$|ff$|dd$)/;

/** @throws {UsageError} always, with the nearest flag. */
function refuseUnknown(spelling: string): never {
  const foreign = foreignFlags()[spelling] ?? foreignFlags()[`-${spelling}`];
  if (foreign !== undefined) {
    const instead = foreign.instead === undefined ? "" : `. ${foreign.instead}`;
    throw new UsageError(`Cannot use ${spelling}: ${foreign.why}${instead}`);
  }
  // Among short flags, any letter is near to any other.
  const long = spelling.length > 3 ? spelling.replace(/^-(?!-)/, "--") : undefined;
  const meant = long === undefined ? undefined : nearest(long, LONG_NAMES);
  throw new UsageError(
    `Unknown flag ${shown(spelling)}. ${meant === undefined ? "Try --help" : `Did you mean ${meant}?`}`,
  );
}

const LONG_NAMES = [...SPELLINGS.keys()].filter((spelling) => spelling.startsWith("--"));
const foreignLongNames = () => Object.keys(foreignFlags()).filter((spelling) => spelling.startsWith("--"));

// Flags are shown bare where that is harmless.
function shown(text: string): string {
  return /^[-\w.,:/=]{1,40}$/.test(text) ? text : quote(text);
}
