/**
 * The manual page in roff, with the macros of man(7), generated from the declarations of flags, subcommands and help topics.
 *
 * @module
 */
import { type Flag, FLAGS, GROUPS } from "../args/flags.ts";
import { EXAMPLES, SCAN_ONLY, TARGET_HELP, TITLE } from "./help.ts";
import { SUBCOMMANDS } from "../args/subcommands.ts";
import { type Block, plain } from "./blocks.ts";
import { TOPICS } from "./topics.ts";
import { RELEASED, VERSION } from "../version.ts";

const DESCRIPTION = [
  "synscan sends a TCP SYN to each port of each target and reports which are open, closed or filtered, the reason, and the " +
  "loss and reliability of the scan. Without the right to send raw packets it makes a connect scan instead.",
  TARGET_HELP,
  SCAN_ONLY,
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["XDG_CONFIG_HOME", "The directory of synscan/config.json, instead of ~/.config."],
  ["NO_COLOR", "If set, output has no colour."],
];

/** Returns the page. */
export async function manText(): Promise<string> {
  const topics = await Promise.all(TOPICS.map(async ({ title, load }) => ({ title, blocks: (await load()).BLOCKS })));
  return [
    `.TH SYNSCAN 1 ${RELEASED} "synscan ${VERSION}" "User Commands"\n`,
    // Flags and examples are neither hyphenated nor justified.
    ".nh\n.ad l\n",
    section("NAME", `synscan \\- ${roff(TITLE)}\n`),
    section(
      "SYNOPSIS",
      `.B synscan\n[\\fIFLAGS\\fR] \\fITARGET\\fR...\n` + SUBCOMMANDS.map((each) => {
        const takes = each.takes === "" ? "" : ` \\fI${roff(each.takes)}\\fR`;
        return `.br\n.B synscan ${roff(each.name)}\n${takes === "" ? "" : `${takes.trim()}\n`}`;
      }).join(""),
    ),
    section("DESCRIPTION", DESCRIPTION.map((text) => `${roff(text)}\n`).join(".PP\n")),
    section("OPTIONS", GROUPS.map(groupText).join("")),
    section(
      "SUBCOMMANDS",
      `${roff("A subcommand is the first argument: synscan -- man scans a host of that name.")}\n` +
        SUBCOMMANDS.map(({ name, takes, help, more }) =>
          entry(`\\fB${roff(name)}\\fR${takes === "" ? "" : ` \\fI${roff(takes)}\\fR`}`, sentences([help, more]))
        ).join(""),
    ),
    ...topics.map(({ title, blocks }) => section(title.toUpperCase(), blocksText(blocks))),
    section("ENVIRONMENT", ENVIRONMENT.map(([name, does]) => entry(bold([name]), does)).join("")),
    section("FILES", entry("\\fI\\(ti/.config/synscan/config.json\\fR", "The user's configuration: see --config.")),
    section("EXAMPLES", EXAMPLES.map(([line, does]) => entry(bold([`synscan ${line}`]), `${does}.`)).join("")),
    section("SEE ALSO", ".BR nmap (1)\n"),
  ].join("");
}

function section(title: string, text: string): string {
  return `.SH ${title.includes(" ") ? `"${title}"` : title}\n${text}`;
}

function blocksText(blocks: readonly Block[]): string {
  return blocks.map((block, at) => {
    const before = blocks[at - 1];
    // A paragraph begins by itself after a heading.
    const begin = before === undefined || typeof before === "object" && "heading" in before ? "" : ".PP\n";
    if (typeof block === "string") return `${begin}${roff(plain(block))}\n`;
    if ("heading" in block) return `.SS "${roff(block.heading)}"\n`;
    if ("code" in block) return `${begin}.nf\n${block.code.map((line) => `${roff(line)}\n`).join("")}.fi\n`;
    if ("flags" in block) return `${begin}${roff(`Flags: see ${block.flags} under OPTIONS.`)}\n`;
    return block.rows.map(([name, text]) => entry(bold([name].flat()), plain(text))).join("");
  }).join("");
}

function groupText(group: string): string {
  return `.SS "${group}"\n${FLAGS.filter((flag) => flag.group === group).map(flagText).join("")}`;
}

function flagText(flag: Flag): string {
  const value = flag.takes === undefined ? "" : ` \\fI${roff(flag.takes)}\\fR`;
  const byDefault = flag.byDefault === undefined ? undefined : `Default: ${flag.byDefault}`;
  return entry(bold([...flag.also, flag.name]) + value, sentences([flag.help, flag.more, byDefault]));
}

function sentences(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).map((text) => `${text}.`).join(" ");
}

function bold(words: readonly string[]): string {
  return words.map((word) => `\\fB${roff(word)}\\fR`).join(", ");
}

/** A tagged paragraph. The tag is roff already. */
function entry(tag: string, text: string): string {
  return `.TP\n${tag}\n${roff(text)}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "~": "\\(ti",
  "^": "\\(ha",
};

/** Escapes text for roff. */
function roff(text: string): string {
  return text.replace(/[\\'`~^-]/g, (letter) => ESCAPES[letter] ?? letter).replace(/^\./, "\\&.");
}
