/**
 * Every flag, declared once. The parser, help, the manual page and completion are made from this list.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { MAX_WORKERS } from "../../scan/options.ts";
import { FIELDS } from "../../report/fields.ts";
import { parseFilter } from "../../report/filter.ts";
import type { FormatName } from "../../report/formats.ts";
import { quote } from "../../base/quote.ts";
import type { CommandLine, Given } from "./command_line.ts";
import {
  parseFields,
  parseHostTimeoutMs,
  parseNamedTarget,
  parsePingPorts,
  parseRate,
  parseShard,
  parseSpanMs,
  parseTcpFlags,
  parseTimeoutMs,
  parseTiming,
  parseWhole,
  parseWord,
  TIMINGS,
  withTime,
} from "./values.ts";

/** Ports of a ping. */
export const PING_PORTS = /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/;

const SYN_LAYOUTS = ["none", "mss", "windows", "linux", "bsd"] as const;

/** Headings under which flags are shown, in order. */
export const GROUPS = ["Targets", "Hosts", "Ports", "Technique", "Timing and rate", "Output", "Other"] as const;

/** One flag. */
export interface Flag {
  /** The long name, with its dashes. */
  readonly name: string;
  /** Other spellings: short, nmap's, or an older tool's. */
  readonly also: readonly string[];
  /** The name of its value in help; a flag without it takes no value. */
  readonly takes?: string;
  /** Words that can follow a flag without a value (`-v true`, `--help all`). */
  readonly mayTake?: RegExp;
  readonly group: typeof GROUPS[number];
  /** One line. */
  readonly help: string;
  /** Further text for `--help all` and the manual page. */
  readonly more?: string;
  /** The default. */
  readonly byDefault?: string;
  /** Advice if its value is missing. */
  readonly ifMissing?: string;
  /** True if `--help` shows it; `--help all` shows every flag. */
  readonly often?: boolean;
  /** True if it can be given several times. */
  readonly repeats?: boolean;
  /** True if values of the command line add to those of a configuration instead of replacing them. */
  readonly addsToConfig?: boolean;
  /** True if a configuration cannot have it. */
  readonly onlyTyped?: boolean;
  /** The possible values, for completion; a list with commas if `takesList`. */
  readonly words?: readonly string[];
  readonly takesList?: boolean;
  /** True if it chooses a technique. */
  readonly isTechnique?: boolean;
  /** True for a report, whose value is a file or `-`. */
  readonly writes?: boolean;
  /** Sets its part of the command line. `flag` is the spelling that was used, for errors. */
  set(line: CommandLine, value: string, flag: string): void;
}

/** Linux names of standard input and output, besides `-`. */
const STREAM = /^\/(dev|proc\/self)\/(std(?<name>in|out)|fd\/(?<fd>[01]))$/;

/** Returns a path to write to, with the time and the shard filled in; `-` for every name of standard output. */
function outputPath({ typedAtMs, scan }: CommandLine, value: string): string {
  const path = withTime(value, typedAtMs, scan.shard);
  const { name, fd } = STREAM.exec(path)?.groups ?? {};
  return name === "out" || fd === "1" ? "-" : path;
}

/** Returns a path to read from; `-` for every name of standard input. */
function inputPath(path: string): string {
  const { name, fd } = STREAM.exec(path)?.groups ?? {};
  return name === "in" || fd === "0" ? "-" : path;
}

const COLORS = ["auto", "always", "never"] as const;
const TRANSPORTS = ["auto", "sendto", "sendmmsg", "ethernet"] as const;

/** The reports of `-oA`, with nmap's suffixes where nmap has such a report. */
const ALL_FILES = { normal: "nmap", xml: "xml", grepable: "gnmap", json: "json", html: "html" } as const;

/** A flag, without its group. */
type Declaration = Omit<Flag, "group" | "also"> & Partial<Pick<Flag, "also">>;

/** Declares a technique, by its flag's usage and its own name. */
function technique(usage: string, name: string, help: string, more: Partial<Flag> = {}): Declaration {
  const set: Flag["set"] = ({ scan }) =>
    scan.technique = scan.technique === undefined ? name : [...[scan.technique].flat(), name];
  return flag(usage, help, { ...more, isTechnique: true, set });
}

/** Declares pings to the ports that are attached to the flag. */
function portPing(usage: string, kind: string, port: number, help: string): Declaration {
  return flag(usage, help, {
    mayTake: PING_PORTS,
    byDefault: `${port}`,
    set: (line, value, flag) =>
      addPings(line, (value === "true" ? [port] : parsePingPorts(value, flag)).map((port) => `${kind}:${port}`)),
  });
}

function addPings({ scan }: CommandLine, pings: readonly string[]): void {
  scan.pings = [...new Set([...scan.pings ?? [], ...pings])];
}

/** Declares the flags of one group. */
function inGroup(group: Flag["group"], flags: readonly Declaration[]): Flag[] {
  return flags.map((flag) => ({ also: [], ...flag, group }));
}

/** Declares a flag by its usage, as in `--timing|-T 0-5`: the name, other spellings and the value that it takes. */
function flag(usage: string, help: string, more: Omit<Declaration, "name" | "also" | "takes" | "help">): Declaration {
  const [spellings = "", takes] = usage.split(" ");
  const [name = "", ...also] = spellings.split("|");
  return { name, also, help, ...more, ...(takes === undefined ? {} : { takes }) };
}

/** Declares a report: written to a file, or to standard output by `-`. */
function report(name: string, short: string, format: FormatName, help: string, more: Partial<Flag> = {}): Declaration {
  return {
    name,
    also: [short],
    takes: "FILE",
    help,
    writes: true,
    set: (line, value, flag) => line.outputs.push({ format, path: outputPath(line, value), flag }),
    ...more,
  };
}

/** Declares a report on standard output, for a flag without a value. */
function printed(name: string, format: FormatName, help: string, more: Partial<Flag>): Declaration {
  const set: Flag["set"] = ({ outputs }, _value, flag) => {
    if (!outputs.some((output) => output.flag === flag)) outputs.push({ format, path: "-", flag });
  };
  return { name, help, set, ...more };
}

const TARGET_FLAGS = inGroup("Targets", [
  flag("--target-file|-iL FILE", "Read targets from a file; - is standard input", {
    often: true,
    more:
      "Targets are separated by white space; # begins a comment. In a result file (nmap's XML or grepable format, " +
      "synscan's JSON, masscan's list or JSON) the targets are the hosts that replied. Needs --allow-read, except for -",
    repeats: true,
    set: (line, value) => line.targetFiles.push(inputPath(value)),
  }),
  flag("--targets|-r|--range TARGET", "Scan this target, as if it were given without a flag", {
    more: "-r goes with no target without a flag: elsewhere it names DNS servers, which are not to be scanned",
    ifMissing: "The order is random, common ports first; nmap's -r (ports in order) does not exist",
    repeats: true,
    set: (line, value, flag) => line.targets.push(parseNamedTarget(value, flag)),
  }),
  flag("--exclude TARGETS", "Never probe these targets", {
    often: true,
    more: "Several are separated by commas",
    repeats: true,
    addsToConfig: true,
    set: (line, value) => line.exclude.push(value),
  }),
  flag("--exclude-file|--excludefile FILE", "Never probe the targets in this file", {
    more: "Same syntax as for --target-file; - is standard input. Needs --allow-read, except for -",
    repeats: true,
    addsToConfig: true,
    set: (line, value) => line.excludeFiles.push(inputPath(value)),
  }),
  flag("--include-reserved", "Scan reserved addresses in wide targets too", {
    more: "Without it, a target of more than a /8 skips private, loopback, multicast and other reserved addresses",
    set: (line) => line.scan.includeReserved = true,
  }),
  flag("--all-addresses|--resolve-all", "Scan every address of a name", {
    byDefault: "the first address of each family",
    set: (line) => line.scan.allAddresses = true,
  }),
  flag("--iid POLICY", "Choose the addresses in a pattern of IPv6 prefixes: low, zero, random, eui64:OUI, set:FILE", {
    more:
      "A pattern names every prefix of some bits of a block, like 2001:db8::/32-64. low is ::1 in each, zero the anycast address of " +
      "its routers, random one of its own, eui64:00:16:3e one that is made of a hardware address; set:FILE are those in a file",
    set: (line, value) => line.scan.iid = value,
  }),
  flag("--ipv4|-4", "Scan addresses of IPv4 only", {
    more: "Names are asked for these alone; other targets of IPv6 are left out",
    set: (line) => line.scan.family = 4,
  }),
  flag("--ipv6|-6", "Scan addresses of IPv6 only", {
    more: "Names are asked for these alone; other targets of IPv4 are left out",
    set: (line) => line.scan.family = 6,
  }),
  flag("--no-dns|-n", "Do not look up names of hosts", {
    often: true,
    byDefault: "hosts that reply, in scans of at most 256 hosts",
    set: (line) => line.scan.hostnames = "never",
  }),
  flag("--reverse-dns|-R", "Look up the name of every host, also of those that do not reply", {
    more: "Names of private addresses are asked of public DNS servers too, and those of loopback addresses",
    set: (line) => line.scan.hostnames = "all",
  }),
  flag("--dns-servers SERVERS", "Ask these DNS servers for the names of hosts: 192.0.2.53,192.0.2.54:5353", {
    more:
      "By reverse DNS, for scans of any size; the system resolves names of targets. Without it, /etc/resolv.conf names the servers if --allow-read permits that, and otherwise the C " +
      "library looks up names; names of private addresses are then asked of private DNS servers only",
    repeats: true,
    set: (line, value) => line.scan.dnsServers = [...line.scan.dnsServers ?? [], ...value.split(",")],
  }),
]);

const HOST_FLAGS = inGroup("Hosts", [
  flag("--ping-scan|-sn|-sP", "Find hosts, and probe no port", {
    often: true,
    more: "By ARP on own links. Elsewhere by the pings of -PE -PS443 -PA80 -PP, unless others are given",
    set: (line) => line.scan.hostsOnly = true,
  }),
  flag("--list-scan|-sL", "List hosts with their names, and send nothing to them", {
    often: true,
    more: "Names are looked up by reverse DNS unless -n is given. In the table, -oN, -oX, -oG and --json",
    onlyTyped: true,
    set: (line) => {
      if (line.action === "scan") line.action = "list";
    },
  }),
  flag("--no-ping|-Pn|-P0|-PN", "Probe the ports of every host, even if a router reports it as absent", {
    more:
      "ARP and ND still look for the hardware addresses of hosts on own links. To a host without one nothing can be sent: its " +
      "ports are filtered (no-arp-response) without a probe",
    set: (line) => line.scan.noDiscovery = true,
  }),
  flag("--ping-echo|-PE", "Ping hosts by ICMP echo; those beyond own links that reply to no ping are skipped", {
    set: (line) => addPings(line, ["echo"]),
  }),
  flag("--ping-timestamp|-PP", "Ping hosts by ICMP timestamp", { set: (line) => addPings(line, ["timestamp"]) }),
  flag("--ping-mask|-PM", "Ping hosts by ICMP address mask", { set: (line) => addPings(line, ["mask"]) }),
  portPing("--ping-syn|-PS", "syn", 80, "Ping hosts by SYN to these ports: -PS22,443"),
  portPing("--ping-ack|-PA", "ack", 80, "Ping hosts by ACK to these ports: -PA80"),
  portPing("--ping-udp|-PU", "udp", 40125, "Ping hosts by UDP to these ports: -PU53,161"),
  flag("--ping-arp|-PR", "Find hosts on own links by ARP (always in effect)", {
    set: (line) => line.scan.arpPing = true,
  }),
  flag("--disable-arp-ping", "Do not take ARP for a reply: only pings show that a host on an own link is up", {
    set: (line) => line.scan.arpPing = false,
  }),
  flag("--mac-vendors FILE", "Names of vendors by hardware address: oui.txt of the IEEE", {
    more: "Needs --allow-read",
    byDefault: "/usr/share/ieee-data/oui.txt, if --allow-read permits that",
    set: (line, value) => line.vendorsFile = inputPath(value),
  }),
  flag("--discovery-ignore-rst", "Do not take a RST for the reply of a host: a firewall may send it", {
    set: (line) => line.scan.ignoreRst = true,
  }),
]);

const PORT_FLAGS = inGroup("Ports", [
  flag("--ports|-p PORTS", "22,80,8000-8100, http, or -p- for all but 0", {
    often: true,
    more: "A target can have its own: 192.0.2.7:22,80. T: and U: begin ports of one protocol: T:80,U:53,161",
    byDefault: "the 1,000 most useful of TCP, the 100 most useful of UDP",
    set: (line, value) => line.scan.ports = value,
  }),
  flag("--ports-file|--port-file FILE", "Read ports from a file; - is standard input", {
    more:
      "Same syntax as for --ports, one per line or separated by commas; # begins a comment. Needs --allow-read, except for -",
    set: (line, value) => line.portsFile = inputPath(value),
  }),
  flag("--exclude-ports PORTS", "Never probe these ports", { set: (line, value) => line.scan.excludePorts = value }),
  flag("--top-ports N", "Scan the N most useful ports", {
    often: true,
    set: (line, value, flag) => line.scan.topPorts = parseWhole(value, flag, { min: 1, max: 65536 }),
  }),
  flag("--fast|-F", "Scan the 100 most useful ports", { often: true, set: (line) => line.scan.topPorts = 100 }),
]);

const TECHNIQUE_FLAGS = inGroup("Technique", [
  technique("--syn|-sS", "syn", "SYN scan, with raw packets", {
    often: true,
    more: "Techniques of packets can be combined, as in -sS -sA: each port then has a state for each",
    byDefault: "if raw sockets are allowed",
  }),
  technique("--connect|-sT", "connect", "Connect scan: connect(2); needs no privilege", {
    often: true,
    byDefault: "if raw sockets are not allowed",
  }),
  technique("--ack|-sA", "ack", "ACK scan: shows filtered ports; open and closed ones are both unfiltered"),
  technique("--window|-sW", "window", "Window scan: an ACK scan that takes a RST with a window for an open port"),
  technique("--maimon|-sM", "maimon", "Maimon scan: FIN and ACK; open ports of some BSD systems ignore it"),
  technique("--fin|-sF", "fin", "FIN scan: open ports ignore the probe, closed ones reset it"),
  technique("--null|-sN", "null", "Null scan: no TCP flags; replies mean the same as for -sF"),
  technique("--xmas|-sX", "xmas", "Xmas scan: FIN, PSH, URG; replies mean the same as for -sF"),
  technique("--udp|-sU", "udp", "UDP scan; alone, or together with techniques of TCP", {
    more:
      "Without the right to raw sockets it takes sockets of the kernel, which give the same states, and -sT beside it. " +
      "Ports whose silence shows nothing, because their host limits its ICMP errors, are probed again as slowly as it sends " +
      "these: for a host of Linux one a second",
  }),
  flag("--defeat-icmp-ratelimit", "Do not wait for limited ICMP errors: such UDP ports are closed|filtered", {
    set: (line) => line.scan.defeatIcmpRateLimit = true,
  }),
  flag("--scanflags FLAGS", "Probe with these TCP flags, as in SYNFIN or 0x03", {
    more: "Names are URG, ACK, PSH, SYN, FIN, ECE, CWR and NONE. Replies are read as those of the technique",
    byDefault: "those of the technique",
    set: (line, value, flag) => line.scan.scanFlags = parseTcpFlags(value, flag),
  }),
  flag("--syn-options LAYOUT", "Send a SYN with the TCP options of this system: none, mss, windows, linux or bsd", {
    more: "A few hosts reply to some layouts only; longer probes lower the highest rate of a link",
    byDefault: "windows",
    words: SYN_LAYOUTS,
    set: (line, value, flag) => line.scan.synOptions = parseWord(value, flag, SYN_LAYOUTS),
  }),
  flag("--aggressive|-A", "Identify services and show paths: -sV --traceroute", {
    often: true,
    more: "The systems of hosts are guessed in any case. Connect and UDP scans show no paths",
    set: ({ scan }) => {
      scan.services = { ...scan.services };
      scan.traceroute = "auto";
    },
  }),
  flag("--traceroute", "Show the routers on the path to each host that replied", {
    more:
      "By probes that the host is known to answer, with a hop limit: segments of TCP, and with -sn pings by -PE, -PS or -PA. Not for " +
      "connect scans, and not for UDP scans alone. With -sn, paths to this machine and to hosts on own links are left out",
    set: (line) => line.scan.traceroute = true,
  }),
  flag("--where-filtered", "Show the last router that probes of filtered ports reach", {
    more:
      "Of many filtered ports of a host some are probed with hop limits. Shows the paths, too, as --traceroute does",
    set: (line) => line.scan.whereFiltered = true,
  }),
  flag("--services|-sV", "Identify the services of open ports: product and version", {
    often: true,
    more: "While the scan continues; each port is reported once it is identified",
    set: ({ scan }) => scan.services = { ...scan.services },
  }),
  flag("--version-intensity N", "Send more or fewer probes for services, 0-9; takes in -sV", {
    more: "0 sends each port only the probes for it, 9 sends all probes to every port",
    byDefault: "7",
    set: ({ scan }, value, flag) =>
      scan.services = { ...scan.services, intensity: parseWhole(value, flag, { min: 0, max: 9 }) },
  }),
  flag("--version-light", "The same as --version-intensity 2", {
    set: ({ scan }) => scan.services = { ...scan.services, intensity: 2 },
  }),
  flag("--version-all", "The same as --version-intensity 9", {
    set: ({ scan }) => scan.services = { ...scan.services, intensity: 9 },
  }),
  flag("--allports", "Identify also the ports 9100-9107, where printers print what they are sent; takes in -sV", {
    set: ({ scan }) => scan.services = { ...scan.services, allPorts: true },
  }),
  flag("--interface|-e NAME", "Send from this interface", {
    byDefault: "chosen by the kernel's routes",
    more:
      "IPv6 link-local targets without a zone are those of its link. With -sn and without a target, the IPv6 hosts of its link are found by multicast",
    set: (line, value) => line.scan.interface = value,
  }),
  flag("--source-ip|-S IP,...", "Send from this address, or from several of this machine in turn", {
    byDefault: "chosen by the kernel's routes",
    more: "Hosts limit their ICMP errors by address, so that a UDP scan from four takes a quarter of the time",
    set: (line, value) => line.scan.sourceIp = value,
  }),
  flag("--source-port|-g PORT", "Send from this port", {
    ifMissing: "For ports without anything else, as with RustScan's -g, write --ip-port",
    byDefault: "free ports outside the kernel's own range",
    set: (line, value, flag) => line.scan.sourcePort = parseWhole(value, flag, { min: 1, max: 65535 }),
  }),
  flag("--ttl N", "Time to live of probes, 1-255", {
    set: (line, value, flag) => line.scan.ttl = parseWhole(value, flag, { min: 1, max: 255 }),
  }),
  flag("--transport NAME", "Send by auto, sendto, sendmmsg or ethernet", {
    more:
      "sendto makes one system call per packet, sendmmsg one for many packets, ethernet sends frames through AF_PACKET; -v " +
      "prints the choice and its reason",
    byDefault: "auto",
    words: TRANSPORTS,
    set: (line, value, flag) => line.scan.transport = parseWord(value, flag, TRANSPORTS),
  }),
  flag("--workers N", "Divide the scan among N workers", {
    byDefault: "chosen by cores and size of the scan",
    set: (line, value, flag) => line.scan.workers = parseWhole(value, flag, { min: 1, max: MAX_WORKERS }),
  }),
  flag("--shard I/N", "Scan only the I-th of N parts; needs --seed", {
    more:
      "Machines with the same targets, ports and seed, each with its own I, together scan everything once; synscan merge joins their " +
      "results. auto takes I and N from a Slurm array, a Kubernetes Indexed Job or GNU parallel; see synscan help cluster",
    set: (line, value, flag) => line.scan.shard = parseShard(value, flag),
  }),
  flag("--seed N", "Seed of the random order of probes", {
    byDefault: "random",
    set: (line, value, flag) => line.scan.seed = parseWhole(value, flag, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  }),
]);

const TIMING_FLAGS = inGroup("Timing and rate", [
  flag("--timing|-T 0-5", "Timing template, from paranoid (0) to insane (5)", {
    often: true,
    byDefault: "3, normal",
    words: ["0", "1", "2", "3", "4", "5", ...TIMINGS],
    set: (line, value, flag) => line.scan.timing = parseTiming(value, flag),
  }),
  flag("--max-rate RATE", "At most this many probes a second: 500, 10k, 1.5m", {
    often: true,
    set: (line, value, flag) => line.scan.maxRatePps = parseRate(value, flag),
  }),
  flag("--min-rate RATE", "At least this many probes a second, if possible", {
    set: (line, value, flag) => line.scan.minRatePps = parseRate(value, flag),
  }),
  flag("--max-retries N", "Retransmit a probe at most this many times", {
    byDefault: "chosen by the measured loss",
    set: (line, value, flag) => line.scan.maxRetries = parseWhole(value, flag, { min: 0, max: 100 }),
  }),
  flag("--timeout|--initial-rtt-timeout TIME", "First timeout, before a round trip is measured", {
    more: "For example 500ms, 2s or 1m; a plain number, of at most 60, is in seconds",
    set: (line, value, flag) => line.scan.timeoutMs = parseTimeoutMs(value, flag),
  }),
  flag("--max-rtt-timeout TIME", "Longest timeout of a probe", {
    set: (line, value, flag) => line.scan.maxRttTimeoutMs = parseTimeoutMs(value, flag),
  }),
  flag("--deadline TIME", "End the scan after this time: 90s, 1h30m", {
    often: true,
    more: "Ports without a result by then are undecided, and the exit status is 3",
    set: (line, value, flag) => line.scan.deadlineMs = parseSpanMs(value, flag),
  }),
  flag("--host-timeout TIME", "Give up a host this long after its first probe: 30s, 5m", {
    more: "What is known of it is reported, its other ports are undecided, and the exit status is 3. 0 is no limit",
    byDefault: "no limit",
    set: ({ scan }, value, flag) => {
      const ms = parseHostTimeoutMs(value, flag);
      if (ms > 0) scan.hostTimeoutMs = ms;
    },
  }),
]);

const OUTPUT_FLAGS = inGroup("Output", [
  flag("--open", "Show only open ports", { often: true, set: (line) => line.openOnly = true }),
  flag("--reason", "Show the reason of each state", {
    often: true,
    more: "Of a host that is up, it is the reply that shows that",
    set: (line) => line.reason = true,
  }),
  flag("--verbose|-v", "Print open ports as they are found; -vv more", {
    mayTake: /^(true|false|[0-9])$/,
    often: true,
    more:
      "Also prints the chosen options and the reasons of states; -vv adds TTL, round trip and tries to the table. A following " +
      "true, false or digit is its value",
    repeats: true,
    set: (line, value) => {
      if (value === "true") line.verbosity++;
      else line.verbosity = value === "false" ? 0 : Number(value);
    },
  }),
  flag("--quiet|-q", "Print only results, warnings and errors", {
    often: true,
    more:
      'Standard output holds the results only, without "Not shown" lines and summary; warnings and errors go to standard error ' +
      "(the summary in JSON has the warnings of the scan already), and no progress is " +
      "shown. The exit status is the same",
    set: (line) => {
      line.quiet = true;
      line.progress = false;
    },
  }),
  flag("--color WHEN", "Colour the table: auto, always or never", {
    byDefault: "auto: on a terminal, unless NO_COLOR is set or TERM is dumb",
    words: COLORS,
    set: (line, value, flag) => line.color = parseWord(value, flag, COLORS),
  }),
  printed("--json", "json", "Print JSON lines instead of the table", { often: true }),
  report("--json-file", "-oJ", "json", "Write JSON lines to a file; - is standard output", {
    more:
      "Reports to files need --allow-write. In every format, - as the file name is standard output. As in nmap, a file name can " +
      "contain the time: %Y %m %d %H %M %S, %F (%Y-%m-%d), %T (%H%M%S), %R (%H%M), %D (%m%d%y), %% for a percent sign; %i is the number of the shard",
    repeats: true,
  }),
  report("--normal-file", "-oN", "normal", "Write the table to a file"),
  report("--xml-file", "-oX", "xml", "Write nmap's XML to a file; - is standard output", { often: true }),
  report("--grepable-file", "-oG", "grepable", "Write nmap's grepable format to a file"),
  flag("--all-files|-oA BASE", "Write BASE.nmap, .xml, .gnmap, .json and .html", {
    often: true,
    more: "The formats of -oN, -oX, -oG, -oJ and -oH; -sL, of which there is no HTML, writes the others",
    set: (line, value, flag) => {
      if (value === "-") {
        throw new UsageError(
          `Cannot write five reports to standard output with ${flag}. Give the base name of the files, as in ${flag} found`,
        );
      }
      if (value.endsWith("/")) {
        throw new UsageError(
          `Cannot write to ${
            quote(value)
          } with ${flag}: it names no file. Give the base name of the files, as in ${flag} ` +
            "scans/found",
        );
      }
      for (const [format, suffix] of Object.entries(ALL_FILES) as [FormatName, string][]) {
        line.outputs.push({ format, path: `${withTime(value, line.typedAtMs, line.scan.shard)}.${suffix}`, flag });
      }
    },
  }),
  report("--csv-file", "-oC", "csv", "Write comma-separated values to a file"),
  report("--list-file", "-oL", "list", "Write masscan's list of open ports to a file"),
  printed("--ip-port", "ip-port", "Print open ports as ip:port lines, not the table", {
    more: "For programs that read such a list; each port is printed as it is found",
  }),
  report("--ip-port-file", "-oI", "ip-port", "Write open ports as ip:port lines to a file"),
  report("--html-file", "-oH", "html", "Write a report for browsers, in one file", {
    often: true,
    more:
      "Findings come first, with --db also the changes since the previous scan; the list can be searched, sorted, copied and " +
      "saved. The report loads nothing",
  }),
  flag("--db FILE", "Record the scan in a history", {
    often: true,
    more:
      "An SQLite database, created if missing. synscan history, show and diff read it, and targets such as @last:open. Needs " +
      "--allow-read and --allow-write",
    set: (line, value) => line.db = value,
  }),
  flag("--changed", "Report only changes since the last scan of the same ports", {
    more: "Compares with the last scan of the same targets and ports in the history of --db that decided every port. " +
      "The table, JSON and CSV also have the previous state, as was. A host that is absent now is reported with the ports that it had: " +
      "they are filtered",
    set: (line) => line.changed = true,
  }),
  flag("--fields NAMES", "Report only these fields: ip,port,state", {
    more:
      "The table, JSON and CSV have these fields in this order; other formats always have their own. The table shows ip and " +
      "names above the ports of each host, and never late. Fields: " +
      FIELDS.map(({ name }) => name).join(", "),
    byDefault: "all fields of the format",
    words: FIELDS.map(({ name }) => name),
    takesList: true,
    set: (line, value, flag) => line.fields = parseFields(value, flag),
  }),
  flag("--filter EXPR", "Report only matches: 'state=open and port<1024'", {
    more: "Fields as for --fields; = != < <= > >=, ~ (contains), and, or, not, parentheses",
    set: (line, value) => line.filter = parseFilter(value),
  }),
  flag("--packet-trace", "Show each packet sent and received", { set: (line) => line.packetTrace = true }),
  flag("--dry-run", "Print hosts and ports to be probed; send nothing", {
    often: true,
    onlyTyped: true,
    set: (line) => {
      if (line.action === "scan") line.action = "dry-run";
    },
  }),
  flag("--stats-every TIME", "Print the status of the scan at this interval", {
    more: "On standard error, as SIGUSR2 and any key on a terminal do once; JSON gets progress lines",
    set: (line, value, flag) => line.statsEveryMs = parseSpanMs(value, flag),
  }),
  flag("--no-progress", "No progress line on a terminal", {
    more: "For example for a screen reader; keys still work",
    set: (line) => line.progress = false,
  }),
  flag("--no-keys|--noninteractive", "Do not read the keyboard while scanning", {
    more: "Keys are read if standard input, output and error are the terminal",
    set: (line) => line.keys = false,
  }),
]);

const OTHER_FLAGS = inGroup("Other", [
  flag("--checkpoint FILE", "Save the scan in a file, for synscan resume", {
    often: true,
    more:
      "Replaced about twice a second, so that kill -9 loses no result, and removed when the scan is done. The results, " +
      "24 bytes each, are appended to FILE.journal, which synscan resume needs too. Needs --allow-read and --allow-write",
    byDefault: "saved in a new file if the scan is interrupted and these rights are given",
    onlyTyped: true,
    set: (line, value) => line.checkpoint = value,
  }),
  flag("--config FILE", "Read defaults of flags from this configuration", {
    more: "JSON, with the long names of flags as keys; the command line wins. Needs --allow-read",
    byDefault: "~/.config/synscan/config.json, if it may be read",
    onlyTyped: true,
    set: () => {},
  }),
  flag("--no-config", "Read no configuration", { onlyTyped: true, set: () => {} }),
  flag("--print-config", "Print the options in effect, as a configuration", {
    onlyTyped: true,
    set: (line) => line.action = "print-config",
  }),
  flag("--help|-h", "Print help; --help all or --help TOPIC has more", {
    mayTake: /^all$/,
    often: true,
    repeats: true,
    onlyTyped: true,
    set: (line, value) => line.action = value === "all" ? "help-all" : "help",
  }),
  flag("--version|-V", "Print the version", { often: true, onlyTyped: true, set: (line) => line.action = "version" }),
]);

/** Every flag, in the order in which help shows them. */
export const FLAGS: readonly Flag[] = [
  ...TARGET_FLAGS,
  ...HOST_FLAGS,
  ...PORT_FLAGS,
  ...TECHNIQUE_FLAGS,
  ...TIMING_FLAGS,
  ...OUTPUT_FLAGS,
  ...OTHER_FLAGS,
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

/** Groups of flags that decide what results mean. Targets and ports are in the key of a scan. */
const GROUPS_OF_OPTIONS: readonly Flag["group"][] = ["Hosts", "Technique", "Timing and rate"];
/** Flags of these groups that are about one machine, or that a scan may change while it runs. */
const OF_ONE_SHARD: ReadonlySet<string> = new Set([
  ...["--mac-vendors", "--interface", "--source-ip", "--source-port", "--transport", "--workers", "--shard", "--seed"],
  ...["--max-rate", "--min-rate", "--deadline"],
]);
/** Other flags, which decide what results a file has. */
const OF_CONTENTS: ReadonlySet<string> = new Set(["--open", "--filter", "--changed"]);

/** Returns the flags that all shards of a scan have in common, in an order of their own. */
export function commonOptions(effective: readonly Given[]): string[] {
  return effective.filter(({ name }) => {
    const isOfScan = GROUPS_OF_OPTIONS.includes(flagNamed(name).group) && !OF_ONE_SHARD.has(name);
    return isOfScan || OF_CONTENTS.has(name);
  }).map(({ name, value }) => value === "true" ? name : `${name} ${value}`).sort();
}
