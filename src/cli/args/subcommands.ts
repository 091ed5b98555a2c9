/**
 * What the program does besides scanning, declared once, as the flags are. A word is a subcommand only where it comes first;
 * after `--`, or after another argument, it is a target.
 *
 * @module
 */
import type { SubcommandName } from "./command_line.ts";
import { FLAGS } from "./flags.ts";

/** One subcommand. */
export interface Subcommand {
  readonly name: SubcommandName;
  /** What follows it, as shown in help. */
  readonly takes: string;
  /** How many operands there may be. */
  readonly operands: { readonly least: number; readonly most: number };
  /** The words that an operand may be, for completion. */
  readonly words?: readonly string[];
  /** One line. */
  readonly help: string;
  /** What `--help all`, the README and the man page add. */
  readonly more?: string;
  /** What to do instead of giving it what it does not take. */
  readonly instead?: string;
  /** Names of the flags that it takes, besides `--help`. */
  readonly flags: readonly string[];
}

/** Shells for which there is completion. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

const CONFIG_FLAGS = ["--config", "--no-config"];

const ALL_BUT_HELP: readonly Subcommand[] = [
  {
    name: "history",
    takes: "",
    operands: { least: 0, most: 0 },
    help: "List the scans that --db has remembered",
    more: "The history is named by --db, here as for a scan",
    flags: ["--db", "--json", ...CONFIG_FLAGS],
  },
  {
    name: "show",
    takes: "[SCAN]",
    operands: { least: 0, most: 1 },
    words: ["last"],
    help: "Print a scan of the history again",
    more:
      "By its number, or the last one; in every format that a scan can have. Round trips are kept of open ports only",
    flags: [
      "--db",
      "--open",
      "--reason",
      "--verbose",
      "--quiet",
      "--color",
      ...FLAGS.filter(({ writes }) => writes === true).map(({ name }) => name),
      "--json",
      "--ip-port",
      "--all-files",
      "--fields",
      "--filter",
      ...CONFIG_FLAGS,
    ],
  },
  {
    name: "diff",
    takes: "[A [B]]",
    operands: { least: 0, most: 2 },
    words: ["last"],
    help: "Say what changed between two scans of the history, or in two files",
    more:
      "Without numbers, from the last scan of the same targets before it that decided every port to the last scan, or " +
      "where there is none, from the last one that decided some of its ports. Shards of one scan are taken together; 2+3 " +
      "takes scans together. Two files are nmap's XML or synscan's JSON lines, whoever wrote them. What only one has probed is no difference, a name that has another address is; " +
      "with one, from that scan to the last, or, where it is the last, from the one before it. Exit status: 0 no " +
      "difference, 1 some, 2 trouble",
    flags: ["--db", "--json", ...CONFIG_FLAGS],
  },
  {
    name: "resume",
    takes: "FILE",
    operands: { least: 1, most: 1 },
    help: "Go on with a scan that was cut off, kept by --checkpoint",
    more:
      "The scan has the options that it had, and its reports are gone on with, so that in the end they are those of one " +
      "whole scan. A list of targets on standard input has to be given again; what standard output was given before " +
      "cannot be taken back, so that the second part follows there, and the last results before the end may come again. " +
      "What --exclude, --exclude-file and --exclude-ports name is left out from then on: its ports that are not decided " +
      "are reported as not probed",
    instead:
      "The scan keeps its targets and ports: leave some out with --exclude or --exclude-ports, or begin another scan",
    flags: [
      "--exclude",
      "--exclude-file",
      "--exclude-ports",
      "--verbose",
      "--max-rate",
      "--min-rate",
      "--deadline",
      "--packet-trace",
      "--no-progress",
      "--no-keys",
      "--stats-every",
    ],
  },
  {
    name: "completion",
    takes: "SHELL",
    operands: { least: 1, most: 1 },
    words: SHELLS,
    help: `Print completion for ${SHELLS.join(", ")}`,
    more: "For example: synscan completion bash > ~/.local/share/bash-completion/completions/synscan",
    flags: [],
  },
  {
    name: "man",
    takes: "",
    operands: { least: 0, most: 0 },
    help: "Print the manual page",
    more: "For example: synscan man > synscan.1; man -l synscan.1",
    flags: [],
  },
];

/** What there is help for, besides the program. */
export const HELP_TOPICS = ["all", "states", ...ALL_BUT_HELP.map(({ name }) => name)];

/** Every subcommand, in the order in which help shows them. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  ...ALL_BUT_HELP,
  {
    name: "help",
    takes: "[TOPIC]",
    operands: { least: 0, most: 1 },
    words: HELP_TOPICS,
    help: "Print help, as --help does",
    more:
      "Of a subcommand; all says more of each flag; states explains the states of a port, the reasons, and which reply wins",
    flags: [],
  },
];

/** The flags that belong to a subcommand. */
export function flagsOf({ flags }: Subcommand): typeof FLAGS {
  return FLAGS.filter(({ name }) => name === "--help" || flags.includes(name));
}
