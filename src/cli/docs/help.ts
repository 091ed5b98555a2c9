/**
 * Help, made from the declarations of flags and subcommands; the README's tables too.
 *
 * @module
 */
import { type Flag, FLAGS, GROUPS } from "../args/flags.ts";
import { REASON_MEANINGS, REPLY_RULES, STATE_MEANINGS } from "./states.ts";
import { flagsOf, type Subcommand, SUBCOMMANDS } from "../args/subcommands.ts";
import { VERSION } from "../version.ts";
import { wrapped } from "../../base/wrap.ts";

const WIDTH = 80;
const NAMES_WIDTH = 30;
const STATES_WIDTH = 23;

/** What synscan is, in one line. */
export const TITLE = "which TCP ports are open, closed or filtered";

/** What a target is. */
export const TARGET_HELP =
  "A TARGET is an address, a block (192.0.2.0/24), a range (192.0.2.1-9, 10.0.0-3.1-254) or a " +
  "name; it may carry its own ports (192.0.2.7:22,80).";

/** Command lines, without the program's name, and what each does. */
export const EXAMPLES: readonly (readonly [line: string, does: string])[] = [
  ["192.0.2.7", "the 1,000 most useful ports of a host"],
  ["-p- -T4 192.0.2.7", "every port but 0, pressing hard"],
  ["-p 22 --open 192.0.2.0/24", "who has SSH open"],
  ["-iL hosts -oA found", "targets from a file, reports as nmap writes them"],
];

const EXIT_STATUS = `Exit status: 0 done, 1 wrong usage, 2 cannot run, 3 not complete or not to be
trusted, 130 interrupted. Scan only what you may scan.
`;

/** What `--help` prints, of which `--help all` says more and all; after a subcommand, of that alone. */
export function helpText({ all, subcommand }: { all: boolean; subcommand?: Subcommand | undefined }): string {
  if (subcommand !== undefined) return subcommandText(subcommand);
  const groups = GROUPS.map((group) => {
    const flags = FLAGS.filter((flag) => flag.group === group && (all || flag.often === true));
    return `${group}:\n${flags.map((flag) => all ? long(flag) : short(flag)).join("")}`;
  });
  const subcommands = SUBCOMMANDS.map((each) => row(usageOf(each), all ? textsOf(each) : [each.help])).join("");
  const examples = EXAMPLES.map(([line, does]) => row(`synscan ${line}`, [does], 38)).join("");
  return [
    `synscan ${VERSION}: ${TITLE}\n\nUsage: synscan [FLAGS] TARGET...\n       synscan SUBCOMMAND ...\n`,
    `${wrapped(TARGET_HELP, WIDTH).join("\n")}\n`,
    ...groups,
    `Subcommands, where they come first (synscan -- man scans a host of that name):\n${subcommands}`,
    `Examples:\n${examples}`,
    all ? EXIT_STATUS : `${EXIT_STATUS}synscan --help all shows every flag, and says more of each.\n`,
  ].join("\n");
}

/** What `synscan help states` prints. */
export function statesText(): string {
  const plain = (text: string) => text.replaceAll("`", "");
  const states = Object.entries(STATE_MEANINGS).map(([state, meaning]) => row(state, [meaning], STATES_WIDTH));
  // Reasons stand above each other where there are several.
  const reasons = REASON_MEANINGS.map(([words, meaning]) => {
    const [last, ...above] = words.toReversed();
    return above.toReversed().map((word) => `  ${word}\n`).join("") + row(last!, [plain(meaning)], STATES_WIDTH);
  });
  const rules = REPLY_RULES.map((rule) => `${wrapped(plain(rule), WIDTH).join("\n")}\n`);
  return [`States of a port:\n${states.join("")}`, `Reasons:\n${reasons.join("")}`, ...rules].join("\n");
}

function subcommandText(subcommand: Subcommand): string {
  const flags = flagsOf(subcommand).map(long).join("");
  const texts = textsOf(subcommand).flatMap((text) => wrapped(`${text}.`, WIDTH)).join("\n");
  return `Usage: synscan ${usageOf(subcommand)} [FLAGS]\n\n${texts}\n\nFlags:\n${flags}`;
}

/** How a subcommand is written: `resume FILE`. */
export function usageOf({ name, takes }: Subcommand): string {
  return `${name} ${takes}`.trim();
}

function textsOf({ help, more }: Subcommand): string[] {
  return more === undefined ? [help] : [help, more];
}

/** How a flag is written: `-p, --ports PORTS`. */
export function flagNames(flag: Flag): string {
  const short = flag.also.filter((spelling) => !spelling.startsWith("--"));
  const value = flag.takes === undefined ? "" : ` ${flag.takes}`;
  return [...short.slice(0, 1), flag.name].join(", ") + value;
}

function short(flag: Flag): string {
  return row(flagNames(flag), [flag.help]);
}

function long(flag: Flag): string {
  const others = flag.also.filter((spelling) => !flagNames(flag).split(/[ ,]+/).includes(spelling));
  const lines = [
    flag.help,
    flag.more,
    flag.byDefault === undefined ? undefined : `Default: ${flag.byDefault}`,
    others.length === 0 ? undefined : `Also written ${others.join(", ")}`,
  ];
  return row(flagNames(flag), lines.filter((line) => line !== undefined));
}

/** A name, and beside it texts, each on lines of its own. */
function row(name: string, texts: readonly string[], namesWidth: number = NAMES_WIDTH): string {
  const [first = "", ...rest] = texts.flatMap((text) => wrapped(text, WIDTH - namesWidth));
  const indent = " ".repeat(namesWidth);
  return [`  ${name}`.padEnd(namesWidth) + first, ...rest.map((line) => indent + line)].join("\n") + "\n";
}

/** The table of flags in README.md, by group. */
export function flagTable(): string {
  return GROUPS.map((group) => {
    const rows = FLAGS.filter((flag) => flag.group === group).map((flag) => {
      const names = [...flag.also, flag.name].map((spelling) => `\`${spelling}\``).join(" ");
      const value = flag.takes === undefined ? "" : ` ${flag.takes}`;
      const help = [flag.help, flag.more].filter((text) => text !== undefined).join(". ");
      return `| ${names}${value} | ${help.replaceAll("|", "\\|")} | ${flag.byDefault ?? ""} |\n`;
    });
    return `### ${group}\n\n| flag | what it does | default |\n| --- | --- | --- |\n${rows.join("")}`;
  }).join("\n");
}

/** The table of subcommands in README.md. */
export function subcommandTable(): string {
  const rows = SUBCOMMANDS.map((subcommand) => {
    const [name = "", ...takes] = usageOf(subcommand).split(" ");
    const usage = [`\`synscan ${name}\``, ...takes].join(" ");
    return `| ${usage} | ${textsOf(subcommand).join(". ").replaceAll("|", "\\|")} |\n`;
  });
  return `| subcommand | what it does |\n| --- | --- |\n${rows.join("")}`;
}
