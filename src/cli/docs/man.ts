/**
 * The manual page, made from the declarations of flags, subcommands, keys and exit statuses: roff, in the macros of man(7).
 *
 * @module
 */
import { EXIT_MEANINGS } from "../exit.ts";
import { type Flag, FLAGS, GROUPS } from "../args/flags.ts";
import { EXAMPLES, TARGET_HELP, TITLE } from "./help.ts";
import { KEYS } from "../ui/keys.ts";
import { SUBCOMMANDS } from "../args/subcommands.ts";
import { RELEASED, VERSION } from "../version.ts";

const DESCRIPTION = [
  "synscan sends a TCP SYN to each port of each target and says which are open, closed or filtered, why, and how far to " +
  "trust the answer. Without the right to send raw packets it lets the kernel connect instead.",
  TARGET_HELP,
  "Scan only what you may scan.",
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["XDG_CONFIG_HOME", "Where synscan/config.json is looked for, instead of ~/.config."],
  ["NO_COLOR", "Where it is set, nothing is coloured."],
];

const SIGNALS: readonly (readonly [string, string])[] = [
  ["SIGINT, SIGTERM, SIGHUP", "End the scan: what is known is printed. A second one ends the program at once."],
  ["SIGQUIT", "Ends the program at once; what had not been printed yet is lost."],
  ["SIGUSR2", "A line on standard error says where the scan stands."],
];

/** The page. */
export function manText(): string {
  return [
    `.TH SYNSCAN 1 ${RELEASED} "synscan ${VERSION}" "User Commands"\n`,
    // Neither flags nor examples may be broken within words, or spread out.
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
      `${roff("A word is one only where it comes first: synscan -- man scans a host of that name.")}\n` +
        SUBCOMMANDS.map(({ name, takes, help, more }) =>
          entry(`\\fB${roff(name)}\\fR${takes === "" ? "" : ` \\fI${roff(takes)}\\fR`}`, sentences([help, more]))
        ).join(""),
    ),
    section(
      "KEYS",
      `${roff("While a scan runs, where standard input, output and error are the terminal:")}\n` +
        KEYS.map(([keys, does]) => entry(keys.length === 0 ? "any other" : bold(keys), `${does}.`)).join(""),
    ),
    section(
      "EXIT STATUS",
      EXIT_MEANINGS.map(([status, meaning]) => entry(bold([`${status}`]), `${meaning}.`)).join(""),
    ),
    section("SIGNALS", SIGNALS.map(([name, does]) => entry(bold([name]), does)).join("")),
    section("ENVIRONMENT", ENVIRONMENT.map(([name, does]) => entry(bold([name]), does)).join("")),
    section("FILES", entry("\\fI\\(ti/.config/synscan/config.json\\fR", "The user's configuration: see --config.")),
    section("EXAMPLES", EXAMPLES.map(([line, does]) => entry(bold([`synscan ${line}`]), `${does}.`)).join("")),
    section("SEE ALSO", ".BR nmap (1)\n"),
  ].join("");
}

function section(title: string, text: string): string {
  return `.SH ${title.includes(" ") ? `"${title}"` : title}\n${text}`;
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

/** Text as roff sets it: as it is. */
function roff(text: string): string {
  return text.replace(/[\\'`~^-]/g, (letter) => ESCAPES[letter] ?? letter).replace(/^\./, "\\&.");
}
