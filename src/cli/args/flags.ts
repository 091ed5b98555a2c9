/**
 * Every flag, declared once. The parser, `--help`, and the table in README.md are made from this list.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { MAX_WORKERS } from "../../scan/options.ts";
import { FIELDS } from "../../report/fields.ts";
import { parseFilter } from "../../report/filter.ts";
import { quote } from "../../base/quote.ts";
import type { CommandLine } from "./command_line.ts";
import {
  parseFields,
  parseRate,
  parseShard,
  parseSpanMs,
  parseTiming,
  parseWhole,
  parseWord,
  TIMINGS,
  withTime,
} from "./values.ts";

/** Headings under which flags are shown, in order. */
export const GROUPS = ["Targets", "Ports", "How to ask", "Speed and patience", "Output", "Other"] as const;

/** One flag. */
export interface Flag {
  /** The long name, with its dashes. */
  readonly name: string;
  /** Other spellings: short, nmap's, or an older tool's. */
  readonly also: readonly string[];
  /** What it takes, as shown in help; a flag without takes nothing. */
  readonly takes?: string;
  /** Words that may follow a flag that takes nothing (`-v true`, `--help all`). */
  readonly mayTake?: RegExp;
  readonly group: typeof GROUPS[number];
  /** One line. */
  readonly help: string;
  /** What `--help all` and the README add. */
  readonly more?: string;
  /** What holds without it. */
  readonly byDefault?: string;
  /** True where `--help` shows it; `--help all` shows every flag. */
  readonly often?: boolean;
  /** True where giving it again adds to what was given before. */
  readonly repeats?: boolean;
  /** True where what the command line gives adds to what a configuration gives, instead of taking its place. */
  readonly addsToConfig?: boolean;
  /** True where it makes no sense in a configuration. */
  readonly onlyTyped?: boolean;
  /** The words that it takes, for completion; several with commas between where `takesList`. */
  readonly words?: readonly string[];
  readonly takesList?: boolean;
  /** True for a report: its value is a file, or `-`. */
  readonly writes?: boolean;
  /** Fills the command line in. `flag` is the spelling that was used, for errors. */
  set(line: CommandLine, value: string, flag: string): void;
}

/** The names that Linux has for standard input and output, besides `-`. */
const STREAM = /^\/(dev|proc\/self)\/(std(?<name>in|out)|fd\/(?<fd>[01]))$/;

/** A path to write to, with the time in it where it asks for that; `-` for every name of standard output. */
function outputPath({ typedAtMs }: CommandLine, value: string): string {
  const path = withTime(value, typedAtMs);
  const { name, fd } = STREAM.exec(path)?.groups ?? {};
  return name === "out" || fd === "1" ? "-" : path;
}

/** A path to read from; `-` for every name of standard input. */
function inputPath(path: string): string {
  const { name, fd } = STREAM.exec(path)?.groups ?? {};
  return name === "in" || fd === "0" ? "-" : path;
}

const COLORS = ["auto", "always", "never"] as const;
const TRANSPORTS = ["auto", "sendto", "sendmmsg", "ethernet"] as const;

/** The reports of `-oA`, with nmap's suffixes where nmap has such a report. */
const ALL_FILES = [["normal", "nmap"], ["xml", "xml"], ["grepable", "gnmap"], ["json", "json"], [
  "html",
  "html",
]] as const;

/** Every flag, in the order in which help shows them. */
export const FLAGS: readonly Flag[] = [
  {
    name: "--target-file",
    also: ["-iL"],
    takes: "FILE",
    group: "Targets",
    often: true,
    help: "Read targets from a file; - is standard input",
    more:
      "Targets stand between white space; # begins a comment. Of a file of results (nmap's XML or grepable format, " +
      "synscan's JSON, masscan's list or JSON) the targets are the hosts that answered. Needs --allow-read, except for -",
    repeats: true,
    set: (line, value) => line.targetFiles.push(inputPath(value)),
  },
  {
    name: "--range",
    also: ["-r"],
    takes: "TARGET",
    group: "Targets",
    help: "A target, as if it stood alone",
    repeats: true,
    set: (line, value) => line.targets.push(value),
  },
  {
    name: "--exclude",
    also: [],
    takes: "TARGETS",
    group: "Targets",
    often: true,
    help: "Never probe these targets",
    more: "Several have commas between",
    repeats: true,
    addsToConfig: true,
    set: (line, value) => line.exclude.push(value),
  },
  {
    name: "--exclude-file",
    also: ["--excludefile"],
    takes: "FILE",
    group: "Targets",
    help: "Never probe the targets in this file",
    more: "Written as for --target-file; - is standard input. Needs --allow-read, except for -",
    repeats: true,
    addsToConfig: true,
    set: (line, value) => line.excludeFiles.push(inputPath(value)),
  },
  {
    name: "--include-reserved",
    also: [],
    group: "Targets",
    help: "Keep reserved addresses in wide targets",
    more: "Without it, a target of more than a /8 leaves out private, loopback and multicast addresses and the like",
    set: (line) => line.scan.includeReserved = true,
  },
  {
    name: "--all-addresses",
    also: ["--resolve-all"],
    group: "Targets",
    help: "Scan every address of a name",
    byDefault: "the first",
    set: (line) => line.scan.allAddresses = true,
  },
  {
    name: "--no-ping",
    also: ["-Pn", "-P0", "-PN"],
    group: "Targets",
    help: "Do not ask whether a host is up (always so)",
    set: () => {},
  },
  {
    name: "--no-dns",
    also: ["-n"],
    group: "Targets",
    help: "Do not look up names of addresses (always so)",
    set: () => {},
  },
  {
    name: "--ports",
    also: ["-p"],
    takes: "PORTS",
    group: "Ports",
    often: true,
    help: "22,80,8000-8100, http, or - for all but 0",
    more: "A target may carry its own: 192.0.2.7:22,80",
    byDefault: "the 1,000 most useful",
    set: (line, value) => line.scan.ports = value,
  },
  {
    name: "--ports-file",
    also: ["--port-file"],
    takes: "FILE",
    group: "Ports",
    help: "Read ports from a file; - is standard input",
    more:
      "Written as for --ports, one a line or with commas between; # begins a comment. Needs --allow-read, except for -",
    set: (line, value) => line.portsFile = inputPath(value),
  },
  {
    name: "--exclude-ports",
    also: [],
    takes: "PORTS",
    group: "Ports",
    help: "Never probe these ports",
    set: (line, value) => line.scan.excludePorts = value,
  },
  {
    name: "--top-ports",
    also: [],
    takes: "N",
    group: "Ports",
    often: true,
    help: "The N most useful ports",
    set: (line, value, flag) => line.scan.topPorts = parseWhole(value, flag, { min: 1, max: 65536 }),
  },
  {
    name: "--fast",
    also: ["-F"],
    group: "Ports",
    often: true,
    help: "The 100 most useful ports",
    set: (line) => line.scan.topPorts = 100,
  },
  {
    name: "--syn",
    also: ["-sS"],
    group: "How to ask",
    often: true,
    help: "TCP SYN scan, with raw packets",
    byDefault: "on, where raw packets are allowed",
    set: (line) => line.scan.technique = "syn",
  },
  {
    name: "--connect",
    also: ["-sT"],
    group: "How to ask",
    often: true,
    help: "Let the kernel connect; needs no privilege",
    byDefault: "on, where raw packets are not allowed",
    set: (line) => line.scan.technique = "connect",
  },
  {
    name: "--interface",
    also: ["-e"],
    takes: "NAME",
    group: "How to ask",
    help: "Send from this interface",
    byDefault: "as the kernel routes",
    set: (line, value) => line.scan.interface = value,
  },
  {
    name: "--source-ip",
    also: ["-S"],
    takes: "IP",
    group: "How to ask",
    help: "Send from this address",
    byDefault: "as the kernel routes",
    set: (line, value) => line.scan.sourceIp = value,
  },
  {
    name: "--source-port",
    also: ["-g"],
    takes: "PORT",
    group: "How to ask",
    help: "Send from this port",
    byDefault: "free ports outside the kernel's own range",
    set: (line, value, flag) => line.scan.sourcePort = parseWhole(value, flag, { min: 1, max: 65535 }),
  },
  {
    name: "--ttl",
    also: [],
    takes: "N",
    group: "How to ask",
    help: "Time to live of probes, 1-255",
    set: (line, value, flag) => line.scan.ttl = parseWhole(value, flag, { min: 1, max: 255 }),
  },
  {
    name: "--transport",
    also: [],
    takes: "NAME",
    group: "How to ask",
    help: "How packets travel: auto, sendto, sendmmsg or ethernet",
    more: "sendto makes one system call a packet, sendmmsg one for many, ethernet sends frames through AF_PACKET; -v " +
      "prints the choice and its reason",
    byDefault: "auto",
    words: TRANSPORTS,
    set: (line, value, flag) => line.scan.transport = parseWord(value, flag, TRANSPORTS),
  },
  {
    name: "--workers",
    also: [],
    takes: "N",
    group: "How to ask",
    help: "Divide the scan among N workers",
    byDefault: "by cores and size of the scan",
    set: (line, value, flag) => line.scan.workers = parseWhole(value, flag, { min: 1, max: MAX_WORKERS }),
  },
  {
    name: "--shard",
    also: [],
    takes: "I/N",
    group: "How to ask",
    help: "Scan only the I-th of N parts; needs --seed",
    more: "Machines that are given the same targets, ports and seed, and each its own part, scan everything once",
    set: (line, value, flag) => line.scan.shard = parseShard(value, flag),
  },
  {
    name: "--seed",
    also: [],
    takes: "N",
    group: "How to ask",
    help: "Repeat an order of probes",
    byDefault: "a new order each time",
    set: (line, value, flag) => line.scan.seed = parseWhole(value, flag, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  {
    name: "--timing",
    also: ["-T"],
    takes: "0-5",
    group: "Speed and patience",
    often: true,
    help: "How hard to press, from paranoid (0) to insane (5)",
    byDefault: "3, normal",
    words: ["0", "1", "2", "3", "4", "5", ...TIMINGS],
    set: (line, value, flag) => line.scan.timing = parseTiming(value, flag),
  },
  {
    name: "--max-rate",
    also: [],
    takes: "RATE",
    group: "Speed and patience",
    often: true,
    help: "Never more probes a second: 500, 10k, 1.5m",
    set: (line, value, flag) => line.scan.maxRatePps = parseRate(value, flag),
  },
  {
    name: "--min-rate",
    also: [],
    takes: "RATE",
    group: "Speed and patience",
    help: "Never fewer, if the machine can send them",
    set: (line, value, flag) => line.scan.minRatePps = parseRate(value, flag),
  },
  {
    name: "--max-retries",
    also: [],
    takes: "N",
    group: "Speed and patience",
    help: "Never repeat a silent probe more often than this",
    byDefault: "by the loss that is measured",
    set: (line, value, flag) => line.scan.maxRetries = parseWhole(value, flag, { min: 0, max: 100 }),
  },
  {
    name: "--timeout",
    also: ["--initial-rtt-timeout"],
    takes: "TIME",
    group: "Speed and patience",
    help: "Wait this long while no round trip is measured",
    more: "500ms, 2s, 1m; a plain number is seconds",
    set: (line, value, flag) => line.scan.timeoutMs = parseSpanMs(value, flag),
  },
  {
    name: "--max-rtt-timeout",
    also: [],
    takes: "TIME",
    group: "Speed and patience",
    help: "Never wait longer than this for an answer",
    set: (line, value, flag) => line.scan.maxRttTimeoutMs = parseSpanMs(value, flag),
  },
  {
    name: "--deadline",
    also: [],
    takes: "TIME",
    group: "Speed and patience",
    often: true,
    help: "End after this time with what is known",
    more: "What is not known by then is undecided, and the exit status is 3",
    set: (line, value, flag) => line.scan.deadlineMs = parseSpanMs(value, flag),
  },
  {
    name: "--open",
    also: [],
    group: "Output",
    often: true,
    help: "Show only open ports",
    set: (line) => line.openOnly = true,
  },
  {
    name: "--reason",
    also: [],
    group: "Output",
    often: true,
    help: "Show why a port is in its state",
    set: (line) => line.reason = true,
  },
  {
    name: "--verbose",
    also: ["-v"],
    mayTake: /^(true|false|[0-9])$/,
    group: "Output",
    often: true,
    help: "Tell of open ports as they are found",
    more:
      "Also what was chosen and why, and reasons; -vv adds TTL, round trip and tries. A following true, false or digit " +
      "is taken as its value",
    repeats: true,
    set: (line, value) => {
      if (value === "true") line.verbosity++;
      else line.verbosity = value === "false" ? 0 : Number(value);
    },
  },
  {
    name: "--quiet",
    also: ["-q"],
    group: "Output",
    often: true,
    help: "Print results, warnings and errors alone",
    more: "The table has no closing summary, and no progress is shown; the exit status still tells how far to trust it",
    set: (line) => {
      line.quiet = true;
      line.progress = false;
    },
  },
  {
    name: "--color",
    also: [],
    takes: "WHEN",
    group: "Output",
    help: "Colour the table: auto, always or never",
    byDefault: "auto: on a terminal, unless NO_COLOR is set",
    words: COLORS,
    set: (line, value, flag) => line.color = parseWord(value, flag, COLORS),
  },
  {
    name: "--json",
    also: [],
    group: "Output",
    often: true,
    help: "JSON lines instead of the table",
    set: (line, _value, flag) => {
      if (line.outputs.some((output) => output.flag === flag)) return;
      line.outputs.push({ format: "json", path: "-", flag });
    },
  },
  {
    name: "--json-file",
    also: ["-oJ"],
    takes: "FILE",
    group: "Output",
    help: "JSON lines to a file; - is standard output",
    more:
      "Every report to a file needs --allow-write; with any of them, - is standard output, and the name may hold the time, " +
      "as nmap has it: %Y %m %d %H %M %S, %F (%Y-%m-%d), %T (%H%M%S), %R (%H%M), %D (%m%d%y), %% for a percent sign",
    repeats: true,
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "json", path: outputPath(line, value), flag }),
  },
  {
    name: "--normal-file",
    also: ["-oN"],
    takes: "FILE",
    group: "Output",
    help: "The table to a file",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "normal", path: outputPath(line, value), flag }),
  },
  {
    name: "--xml-file",
    also: ["-oX"],
    takes: "FILE",
    group: "Output",
    often: true,
    help: "nmap's XML to a file; - is standard output",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "xml", path: outputPath(line, value), flag }),
  },
  {
    name: "--grepable-file",
    also: ["-oG"],
    takes: "FILE",
    group: "Output",
    help: "nmap's grepable format to a file",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "grepable", path: outputPath(line, value), flag }),
  },
  {
    name: "--all-files",
    also: ["-oA"],
    takes: "BASE",
    group: "Output",
    often: true,
    help: "BASE.nmap, .xml, .gnmap, .json and .html",
    more: "As -oN, -oX, -oG, -oJ and -oH would write them",
    set: (line, value, flag) => {
      if (value === "-") {
        throw new UsageError(
          `Cannot write five reports to standard output with ${flag}. Name what files shall begin with, as in ${flag} found`,
        );
      }
      if (value.endsWith("/")) {
        throw new UsageError(
          `Cannot write to ${
            quote(value)
          } with ${flag}: it names no file. Name what files shall begin with, as in ${flag} ` +
            "scans/found",
        );
      }
      for (const [format, suffix] of ALL_FILES) {
        line.outputs.push({ format, path: `${withTime(value, line.typedAtMs)}.${suffix}`, flag });
      }
    },
  },
  {
    name: "--csv-file",
    also: ["-oC"],
    takes: "FILE",
    group: "Output",
    help: "Comma-separated values to a file",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "csv", path: outputPath(line, value), flag }),
  },
  {
    name: "--list-file",
    also: ["-oL"],
    takes: "FILE",
    group: "Output",
    help: "masscan's list of open ports to a file",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "list", path: outputPath(line, value), flag }),
  },
  {
    name: "--ip-port",
    also: [],
    group: "Output",
    help: "Open ports as ip:port lines, not the table",
    more: "For tools that take such a list, each port as it is found; --ip-port-file and -oI write it to a file",
    set: (line, _value, flag) => {
      if (line.outputs.some((output) => output.flag === flag)) return;
      line.outputs.push({ format: "ip-port", path: "-", flag });
    },
  },
  {
    name: "--ip-port-file",
    also: ["-oI"],
    takes: "FILE",
    group: "Output",
    help: "Open ports as ip:port lines to a file",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "ip-port", path: outputPath(line, value), flag }),
  },
  {
    name: "--html-file",
    also: ["-oH"],
    takes: "FILE",
    group: "Output",
    often: true,
    help: "A report for browsers, in one file",
    more:
      "Findings come first, with --db also what changed since the scan before; the list can be searched, sorted, copied and saved. It loads nothing from anywhere",
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format: "html", path: outputPath(line, value), flag }),
  },
  {
    name: "--db",
    also: [],
    takes: "FILE",
    group: "Output",
    often: true,
    help: "Remember the scan in a history",
    more:
      "A database, made if there is none, for synscan history, show and diff, and for targets such as @last:open. Needs " +
      "--allow-read and --allow-write",
    set: (line, value) => line.db = value,
  },
  {
    name: "--changed",
    also: [],
    group: "Output",
    help: "Only what is new since the last such scan",
    more:
      "That is the last scan of the same targets and ports that decided every one of them, in the history that --db names. " +
      "The table, JSON and CSV also show the state before, as was",
    set: (line) => line.changed = true,
  },
  {
    name: "--fields",
    also: [],
    takes: "NAMES",
    group: "Output",
    help: "Only these fields: ip,port,state",
    more:
      "In this order, in the table (which has a host's ip and name above it, and no late), JSON and CSV; the others keep " +
      "what their shape demands and leave out the rest. Fields: " +
      FIELDS.map(({ name }) => name).join(", "),
    byDefault: "all that the format has",
    words: FIELDS.map(({ name }) => name),
    takesList: true,
    set: (line, value, flag) => line.fields = parseFields(value, flag),
  },
  {
    name: "--filter",
    also: [],
    takes: "EXPR",
    group: "Output",
    help: "Only what passes: 'state=open and port<1024'",
    more: "Fields as for --fields; = != < <= > >=, ~ for text within, and, or, not, parentheses",
    set: (line, value) => line.filter = parseFilter(value),
  },
  {
    name: "--packet-trace",
    also: [],
    group: "Output",
    help: "Show each packet sent and received",
    set: (line) => line.packetTrace = true,
  },
  {
    name: "--dry-run",
    also: [],
    group: "Output",
    often: true,
    help: "Print what would be probed, and send nothing",
    onlyTyped: true,
    set: (line) => {
      if (line.action === "scan") line.action = "dry-run";
    },
  },
  {
    name: "--stats-every",
    also: [],
    takes: "TIME",
    group: "Output",
    help: "Say where the scan stands, this often",
    more: "On standard error, as SIGUSR2 and any key on a terminal do once, and as progress lines in JSON",
    set: (line, value, flag) => line.statsEveryMs = parseSpanMs(value, flag),
  },
  {
    name: "--no-progress",
    also: [],
    group: "Output",
    help: "No progress line on a terminal",
    more: "For a screen reader; keys work all the same",
    set: (line) => line.progress = false,
  },
  {
    name: "--no-keys",
    also: ["--noninteractive"],
    group: "Output",
    help: "Leave the keyboard alone while scanning",
    more: "Keys are heard where standard input, output and error are the terminal",
    set: (line) => line.keys = false,
  },
  {
    name: "--checkpoint",
    also: [],
    takes: "FILE",
    group: "Other",
    often: true,
    help: "Keep the scan in a file for synscan resume",
    more:
      "Renewed about twice a second, so that not even kill -9 loses more, and removed once all is done. Its size is " +
      "bounded by the probes in flight; what reports need of the hosts found is added to FILE.found. Needs --allow-read and " +
      "--allow-write",
    byDefault: "kept when the scan is interrupted, in a new file, where these rights are given",
    onlyTyped: true,
    set: (line, value) => line.checkpoint = value,
  },
  {
    name: "--config",
    also: [],
    takes: "FILE",
    group: "Other",
    help: "Take what is not typed from a configuration",
    more: "JSON, with the long names of flags for keys; the command line wins. Needs --allow-read",
    byDefault: "~/.config/synscan/config.json, where it may be read",
    onlyTyped: true,
    set: () => {},
  },
  {
    name: "--no-config",
    also: [],
    group: "Other",
    help: "Read no configuration",
    onlyTyped: true,
    set: () => {},
  },
  {
    name: "--print-config",
    also: [],
    group: "Other",
    help: "Print what is in effect, as a configuration",
    onlyTyped: true,
    set: (line) => line.action = "print-config",
  },
  {
    name: "--help",
    also: ["-h"],
    mayTake: /^all$/,
    group: "Other",
    often: true,
    help: "Print help; --help all says more of each flag",
    repeats: true,
    onlyTyped: true,
    set: (line, value) => line.action = value === "all" ? "help-all" : "help",
  },
  {
    name: "--version",
    also: ["-V"],
    group: "Other",
    often: true,
    help: "Print the version",
    onlyTyped: true,
    set: (line) => line.action = "version",
  },
];

/** Every spelling of every flag. */
export const SPELLINGS: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((flag) => [flag.name, ...flag.also].map((spelling) => [spelling, flag] as const)),
);

/** The flag of a long name. It must be one of synscan's own. */
export function flagNamed(name: string): Flag {
  const flag = SPELLINGS.get(name);
  if (flag === undefined) throw new TypeError(`There is no flag ${name}`);
  return flag;
}
