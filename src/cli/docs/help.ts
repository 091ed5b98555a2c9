/**
 * Help, generated from the declarations of flags, subcommands and topics.
 *
 * @module
 */
import { type Flag, FLAGS, GROUPS } from "../args/flags.ts";
import { blocksText, row, WIDTH } from "./blocks.ts";
import { TOPICS } from "./topics.ts";
import { flagsOf, type Subcommand, SUBCOMMANDS } from "../args/subcommands.ts";
import { VERSION } from "../version.ts";
import { wrapped } from "../../base/wrap.ts";

const NAMES_WIDTH = 30;

/** A description of synscan in one line. */
export const TITLE = "TCP and UDP port scanner with SYN, connect and UDP scans";

/** The syntax of a target. */
export const TARGET_HELP =
  "A TARGET is an address, a block (192.0.2.0/24), a range (192.0.2.1-9, 10.0.0-3.1-254) or a " +
  "name; it can have its own ports (192.0.2.7:22,80).";

/** Advice that help and the manual page repeat. */
export const SCAN_ONLY = "Scan only hosts that you are allowed to scan.";

/** Command lines, without the program's name, and the effect of each. */
export const EXAMPLES: readonly (readonly [line: string, does: string])[] = [
  ["192.0.2.7", "the 1,000 most useful ports of a host"],
  ["-p- -T4 192.0.2.7", "every port but 0, at a high rate"],
  ["-p 22 --open 192.0.2.0/24", "hosts whose SSH port is open"],
  ["-iL hosts -oA found", "targets from a file, reports in nmap's formats"],
];

const EXIT_STATUS = "Exit status: 0 done, 1 wrong usage, 2 cannot run, 3 incomplete or not trusted, 130 interrupted. " +
  SCAN_ONLY;

/** The columns that a text may fill: those of the terminal, if it is narrower than 80. */
interface Wide {
  readonly columns?: number | undefined;
}

/** Returns the text of `--help`, of `--help all`, or of a subcommand's `--help`. */
export function helpText(
  { all, subcommand, columns = WIDTH }: { readonly all: boolean; readonly subcommand?: Subcommand | undefined } & Wide,
): string {
  const width = Math.min(columns, WIDTH);
  if (subcommand !== undefined) return subcommandText(subcommand, width);
  const paragraph = (text: string) => `${wrapped(text, width).join("\n")}\n`;
  const groups = GROUPS.map((group) => {
    const flags = FLAGS.filter((flag) => flag.group === group && (all || flag.often === true));
    return `${group}:\n${flags.map((flag) => all ? long(flag, width) : short(flag, width)).join("")}`;
  });
  const subcommands = SUBCOMMANDS.map((each) =>
    row(usageOf(each), all ? textsOf(each) : [each.help], { namesWidth: NAMES_WIDTH, width })
  ).join("");
  const examples = EXAMPLES.map(([line, does]) => row(`synscan ${line}`, [does], { namesWidth: 38, width })).join("");
  return [
    `${paragraph(`synscan ${VERSION}: ${TITLE}`)}\nUsage: synscan [FLAGS] TARGET...\n       synscan SUBCOMMAND ...\n`,
    paragraph(TARGET_HELP),
    ...groups,
    `${paragraph("Subcommands, as the first argument (synscan -- man scans a host of that name):")}${subcommands}`,
    `Examples:\n${examples}`,
    `Topics of synscan help TOPIC:\n${
      wrapped(TOPICS.map(({ name }) => name).join(", "), width - 2).map((line) => `  ${line}\n`).join("")
    }`,
    `${paragraph(EXIT_STATUS)}${all ? "" : paragraph("synscan --help all explains every flag.")}`,
  ].join("\n");
}

/** Returns the text of a topic; "" if there is no such topic. */
export async function topicText(name: string, { columns = WIDTH }: Wide = {}): Promise<string> {
  const topic = TOPICS.find((topic) => topic.name === name);
  if (topic === undefined) return "";
  const { BLOCKS } = await topic.load();
  const width = Math.min(columns, WIDTH);
  const flagsText = (group: string) =>
    FLAGS.filter((flag) => flag.group === group).map((flag) => long(flag, width)).join("");
  return `${topic.title}\n\n${blocksText(BLOCKS, { flagsText, width })}`;
}

/** Returns the text of a flag. */
export function flagText(flag: Flag, { columns = WIDTH }: Wide = {}): string {
  return long(flag, Math.min(columns, WIDTH));
}

function subcommandText(subcommand: Subcommand, width: number): string {
  const flags = flagsOf(subcommand).map((flag) => long(flag, width)).join("");
  const texts = textsOf(subcommand).flatMap((text) => wrapped(`${text}.`, width)).join("\n");
  return `Usage: synscan ${usageOf(subcommand)} [FLAGS]\n\n${texts}\n\nFlags:\n${flags}`;
}

/** Returns the usage of a subcommand: `resume FILE`. */
function usageOf({ name, takes }: Subcommand): string {
  return `${name} ${takes}`.trim();
}

function textsOf({ help, more }: Subcommand): string[] {
  return more === undefined ? [help] : [help, more];
}

/** Returns the spelling of a flag: `-p, --ports PORTS`. */
function flagNames(flag: Flag): string {
  const short = flag.also.filter((spelling) => !spelling.startsWith("--"));
  const value = flag.takes === undefined ? "" : ` ${flag.takes}`;
  return [...short.slice(0, 1), flag.name].join(", ") + value;
}

function short(flag: Flag, width: number): string {
  return row(flagNames(flag), [flag.help], { namesWidth: NAMES_WIDTH, width });
}

function long(flag: Flag, width: number): string {
  const others = flag.also.filter((spelling) => !flagNames(flag).split(/[ ,]+/).includes(spelling));
  const lines = [
    flag.help,
    flag.more,
    flag.byDefault === undefined ? undefined : `Default: ${flag.byDefault}`,
    others.length === 0 ? undefined : `Also written ${others.join(", ")}`,
  ];
  return row(flagNames(flag), lines.filter((line) => line !== undefined), { namesWidth: NAMES_WIDTH, width });
}
