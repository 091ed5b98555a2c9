/**
 * Subcommands, declared once, as the flags are. A word is a subcommand only as the first argument; after `--`, or after
 * another argument, it is a target.
 *
 * @module
 */
import type { SubcommandName } from "./command_line.ts";
import { FLAGS } from "./flags.ts";
import { TOPICS } from "../docs/topics.ts";

/** One subcommand. */
export interface Subcommand {
  readonly name: SubcommandName;
  /** Its operands, as shown in help. */
  readonly takes: string;
  /** The number of operands. */
  readonly operands: { readonly least: number; readonly most: number };
  /** The values of an operand, for completion. */
  readonly words?: readonly string[];
  /** One line. */
  readonly help: string;
  /** Further text for `--help all` and the manual page. */
  readonly more?: string;
  /** The advice if it is given what it does not take. */
  readonly instead?: string;
  /** Names of its flags, besides `--help`. */
  readonly flags: readonly string[];
}

/** Shells for which there is completion. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** Flags of reports. */
const REPORT_FLAGS: readonly string[] = [
  ...["--db", "--open", "--reason", "--verbose", "--quiet", "--color"],
  ...FLAGS.filter(({ writes }) => writes === true).map(({ name }) => name),
  ...["--json", "--ip-port", "--all-files", "--fields", "--filter"],
];

const CONFIG_FLAGS = ["--config", "--no-config"];

const ALL_BUT_HELP: readonly Subcommand[] = [
  {
    name: "history",
    takes: "",
    operands: { least: 0, most: 0 },
    help: "List the scans in the history of --db",
    flags: ["--db", "--json", ...CONFIG_FLAGS],
  },
  {
    name: "show",
    takes: "[SCAN]",
    operands: { least: 0, most: 1 },
    words: ["last"],
    help: "Print a scan of the history",
    more: "Without a number, the last scan; in every output format. Round trips are stored for open ports only",
    flags: [...REPORT_FLAGS, ...CONFIG_FLAGS],
  },
  {
    name: "diff",
    takes: "[A [B]]",
    operands: { least: 0, most: 2 },
    words: ["last"],
    help: "Print changes between two scans, or two files",
    more:
      "Without numbers, compares the last scan with an earlier scan of the same targets: the latest that decided every port, or " +
      "if there is none, the latest that decided any. With one number, compares that scan with the last one; the last scan " +
      "itself is compared with an earlier one. Shards of one scan are combined; 2+3 combines scans 2 and 3. Files can be " +
      "nmap's XML or synscan's JSON lines. A port that only one scan probed is not a difference; a name that resolves to " +
      "another address is. Exit status: 0 no difference, 1 differences, 2 error",
    flags: ["--db", "--json", ...CONFIG_FLAGS],
  },
  {
    name: "merge",
    takes: "FILE...",
    operands: { least: 1, most: Infinity },
    help: "Join the results of shards into the reports of one scan",
    more:
      "Files are synscan's JSON lines, and checkpoints of shards that are not finished. They must be shards of one scan: of the same " +
      "targets, ports, seed, options and version, each once. Shards that are missing are named, with the command that supplies each; " +
      "the exit status is 3 then. If the files do not belong together, nothing is written",
    flags: [...REPORT_FLAGS, "--mac-vendors", ...CONFIG_FLAGS],
  },
  {
    name: "resume",
    takes: "FILE",
    operands: { least: 1, most: 1 },
    help: "Resume an interrupted scan from its checkpoint",
    more:
      "The scan keeps its options and continues its reports. A target list on standard input must be given again. Ports of " +
      "--exclude, --exclude-file and --exclude-ports that have no result yet are skipped and reported as not probed",
    instead:
      "The scan keeps its options, targets and ports: exclude some with --exclude or --exclude-ports, or start another scan",
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

/** The words that `synscan help` takes: topics, subcommands (some are both), and `all`. */
export const HELP_TOPICS = [
  ...new Set(["all", ...TOPICS.map(({ name }) => name), ...ALL_BUT_HELP.map(({ name }) => name)]),
];

/** Every subcommand, in the order in which help shows them. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  ...ALL_BUT_HELP,
  {
    name: "help",
    takes: "[TOPIC|FLAG]",
    operands: { least: 0, most: 1 },
    words: HELP_TOPICS,
    help: "Print help on a topic, a subcommand or a flag",
    more: `On a topic (${
      TOPICS.map(({ name }) => name).join(", ")
    }) a subcommand or a flag (synscan help -p); all explains every flag in full`,
    flags: [],
  },
];

/** Returns the flags of a subcommand. */
export function flagsOf({ flags }: Subcommand): typeof FLAGS {
  return FLAGS.filter(({ name }) => name === "--help" || flags.includes(name));
}
