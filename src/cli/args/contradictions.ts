/**
 * Flags that contradict each other.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { TABLE_FIELDS } from "../../report/table_columns.ts";
import type { CommandLine, Output } from "./command_line.ts";
import { type Flag, FLAGS, SPELLINGS } from "./flags.ts";

/** @throws {UsageError} if two flags exclude each other. */
export function refuseContradictions(line: CommandLine, spelled: ReadonlyMap<Flag, string>): void {
  const asTyped = (name: string): string | undefined => {
    const flag = SPELLINGS.get(name);
    return flag === undefined ? undefined : spelled.get(flag);
  };
  for (const [one, other, why] of exclusiveAmong((name) => asTyped(name) !== undefined)) {
    const [first, second] = [asTyped(one), asTyped(other)];
    if (first !== undefined && second !== undefined) {
      throw new UsageError(`Cannot use ${first} together with ${second}: ${why}`);
    }
  }
  const techniques = TECHNIQUE_FLAGS.flatMap((name) => asTyped(name) ?? []);
  if (line.scan.scanFlags !== undefined && techniques.length > 1) {
    throw new UsageError(
      `Cannot use --scanflags together with ${
        techniques.join(" and ")
      }: the flags are those of one probe. Scan once with each`,
    );
  }
  const { minRatePps, maxRatePps, timeoutMs, maxRttTimeoutMs, shard, seed } = line.scan;
  if ((minRatePps ?? 0) > (maxRatePps ?? Infinity)) {
    throw new UsageError(
      `Cannot use --min-rate ${minRatePps} with --max-rate ${maxRatePps}: the minimum is above the maximum`,
    );
  }
  if ((timeoutMs ?? 0) > (maxRttTimeoutMs ?? Infinity)) {
    throw new UsageError(
      `Cannot use ${
        asTyped("--timeout")
      } with this --max-rtt-timeout: ${timeoutMs} ms is longer than ${maxRttTimeoutMs} ms`,
    );
  }
  if (shard !== undefined && shard.count > 1 && seed === undefined) {
    throw new UsageError(
      "Cannot use --shard without --seed: all shards must use the same random order. Give every shard the same --seed N",
    );
  }
  if (line.checkpoint === "-") throw new UsageError("Cannot write a checkpoint to standard output. Name a file");
  if (line.db === "-") throw new UsageError("Cannot write a history to standard output. Name a file");
  if (line.outputs.filter(({ path }) => path === "-").length > 1) {
    throw new UsageError("Cannot write two reports to standard output. Write one of them to a file");
  }
  const why = whyNoFields(line);
  if (why !== undefined) throw new UsageError(why);
  if (line.reason && hasTable(line) && line.fields?.some(({ name }) => name === "reason") === false) {
    throw new UsageError(
      "Cannot use --reason together with these --fields: reason is none of them. Add it, or leave out --reason",
    );
  }
  if (line.action === "dry-run") refuseReportsOfNothing(line.outputs);
  if (line.action === "list") refuseReportsOfPorts("-sL", line.outputs, FORMATS_OF_LISTS);
  if (asTyped("--ping-scan") !== undefined) refuseReportsOfPorts("-sn", line.outputs, FORMATS_OF_HOSTS);
  if (line.changed && line.db === undefined) {
    throw new UsageError("Cannot use --changed without a history to compare with. Name it with --db FILE");
  }
  if ([...line.targetFiles, ...line.excludeFiles, line.portsFile].filter((path) => path === "-").length > 1) {
    throw new UsageError("Cannot read standard input twice. Use - for one of the files only");
  }
}

/** Formats of a dry run on standard output: text, and JSON lines. */
export const FORMATS_OF_DRY_RUNS: ReadonlySet<Output["format"]> = new Set<Output["format"]>(["normal", "json"]);

function refuseReportsOfNothing(outputs: readonly Output[]): void {
  if (outputs.some(({ path }) => path !== "-")) {
    throw new UsageError("Cannot write a report of --dry-run to a file: nothing is scanned. Leave one of them out");
  }
  const wrong = outputs.find(({ format }) => !FORMATS_OF_DRY_RUNS.has(format));
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot use --dry-run with ${wrong.flag}: nothing is scanned. Use --json, or leave one of them out`,
    );
  }
}

/** Formats of a list of hosts. */
export const FORMATS_OF_LISTS: ReadonlySet<Output["format"]> = new Set<Output["format"]>([
  ...["table", "normal", "xml", "grepable", "json"] as const,
]);

/** Formats of the hosts that a scan has found. */
const FORMATS_OF_HOSTS: ReadonlySet<Output["format"]> = new Set<Output["format"]>([...FORMATS_OF_LISTS, "html"]);

function refuseReportsOfPorts(flag: string, outputs: readonly Output[], formats: ReadonlySet<Output["format"]>): void {
  const wrong = outputs.find((output) =>
    !formats.has(output.format) && SPELLINGS.get(output.flag)?.name !== "--all-files"
  );
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot use ${flag} with ${wrong.flag}: no port is probed. Use --json, -oN, -oX or -oG, or leave one of them out`,
    );
  }
}

/**
 * Refuses formats that have ports alone for results of a scan that found hosts.
 *
 * @param scan What names it in the error: `scan 2`.
 * @throws {UsageError} if a report is in such a format.
 */
export function refuseReportsOfHosts(scan: string, outputs: readonly Output[]): void {
  refuseReportsOfPorts(scan, outputs, FORMATS_OF_HOSTS);
}

/** Returns true if a report is the table. */
function hasTable({ outputs }: Pick<CommandLine, "outputs">): boolean {
  return !outputs.some(({ path }) => path === "-") || outputs.some(({ format }) => format === "normal");
}

/** Returns the error if the requested fields leave a table without columns; else `undefined`. */
export function whyNoFields({ fields, outputs }: CommandLine): string | undefined {
  if (fields === undefined || outputs.some(({ format }) => format === "json" || format === "csv")) return undefined;
  if (!hasTable({ outputs }) || fields.some(({ name }) => TABLE_FIELDS.has(name))) return undefined;
  return `Cannot make a table of --fields ${fields.map(({ name }) => name).join(",")}: it has columns for ${
    [...TABLE_FIELDS].join(", ")
  }. Add one of these, or write --json or -oC -`;
}

/** Returns the pairs of {@linkcode EXCLUSIVE} that hold for a command line with these flags. */
export function exclusiveAmong(has: (name: string) => boolean): readonly (readonly [string, string, string])[] {
  // A SYN that is sent beside other probes has the options, and hosts are found first where a ping or ARP is wanted.
  const findsHosts = [...PING_FLAGS, "--ping-arp"].some(has);
  return EXCLUSIVE.filter(([one, other]) =>
    !(has("--syn") && other === "--syn-options") &&
    !(findsHosts && one === "--connect" && DISCOVERY_FLAGS.includes(other))
  );
}

/** Pairs of flags of which a typed one overrides a configured other. */
export const RIVALS: readonly (readonly [string, string])[] = [
  ["--scanflags", "--syn-options"],
  ["--min-rate", "--max-rate"],
  ["--timeout", "--max-rtt-timeout"],
  ["--reason", "--fields"],
];

/** The flags that choose a technique. */
export const TECHNIQUE_FLAGS: readonly string[] = FLAGS.filter(({ isTechnique }) => isTechnique).map(({ name }) =>
  name
);

/** Returns every pair of these flags, with the reason why they exclude each other. */
function pairsOf(names: readonly string[], why: string): [string, string, string][] {
  return names.flatMap((one, at) => names.slice(at + 1).map((other): [string, string, string] => [one, other, why]));
}

const PING_FLAGS: readonly string[] = [
  "--ping-echo",
  "--ping-timestamp",
  "--ping-mask",
  "--ping-syn",
  "--ping-ack",
  "--ping-udp",
];

const SERVICE_FLAGS: readonly string[] = [
  ...["--aggressive", "--services", "--version-intensity", "--version-light", "--version-all", "--allports"],
];

/** Flags of a scan that a list of hosts has too: the zone of targets, and limits of the look-up of names. */
const OF_LISTS: readonly string[] = ["--list-scan", "--interface", "--max-rate", "--deadline"];
const GROUPS_OF_SCANS: readonly Flag["group"][] = ["Hosts", "Ports", "Technique", "Timing and rate"];
/** Flags that do nothing in a list of hosts. */
const NOT_OF_LISTS: readonly string[] = [
  ...FLAGS.filter(({ group, name }) => GROUPS_OF_SCANS.includes(group) && !OF_LISTS.includes(name))
    .map(({ name }) => name),
  ...["--open", "--reason", "--fields", "--filter", "--changed", "--db", "--checkpoint"],
  ...["--packet-trace", "--stats-every"],
];

/** Flags about how hosts are found, which do nothing in a connect scan that finds none first. */
const DISCOVERY_FLAGS: readonly string[] = ["--disable-arp-ping", "--discovery-ignore-rst"];

/** Pairs of flags that exclude each other, and the reason. */
const EXCLUSIVE: readonly (readonly [string, string, string])[] = [
  ["--ipv4", "--ipv6", "without both, names are scanned by both"],
  ...TECHNIQUE_FLAGS.filter((name) => name !== "--connect" && name !== "--udp").map((name) =>
    [name, "--connect", "both probe TCP ports, and the kernel sends the packets of one. Scan once with each"] as [
      string,
      string,
      string,
    ]
  ),
  ...TECHNIQUE_FLAGS.filter((name) => name !== "--syn").map((name) =>
    [name, "--syn-options", "its probes are no SYN that the scan writes"] as [string, string, string]
  ),
  ...PING_FLAGS.map((
    name,
  ): [string, string, string] => [name, "--no-ping", "one finds hosts, the other probes all of them"]),
  ["--ping-arp", "--disable-arp-ping", "they contradict each other"],
  ["--ping-scan", "--no-ping", "no host is probed at all then"],
  ...[
    ...["--ports", "--ports-file", "--exclude-ports", "--top-ports", "--fast", "--scanflags", "--syn-options"],
    ...["--fields", "--defeat-icmp-ratelimit", ...TECHNIQUE_FLAGS],
  ].map((
    name,
  ): [string, string, string] => [name, "--ping-scan", "no port is probed. Scan the ports, or leave them out"]),
  ...[...SERVICE_FLAGS, "--open", "--filter", "--where-filtered"].map((
    name,
  ): [string, string, string] => [name, "--ping-scan", "no port is probed. Scan the ports, or leave one of them out"]),
  ["--changed", "--ping-scan", "changes are those of ports. Record the scan with --db, and compare it by synscan diff"],
  ["--version-light", "--version-all", "they contradict each other"],
  ["--version-intensity", "--version-light", "both set the intensity"],
  ["--version-intensity", "--version-all", "both set the intensity"],
  ["--udp", "--scanflags", "datagrams have no TCP flags"],
  ["--connect", "--scanflags", "the kernel sets the flags of its packets"],
  ...pairsOf(["--ports-file", "--ports", "--top-ports", "--fast"], "both choose the ports"),
  ["--connect", "--transport", "the kernel sends its own packets"],
  ["--connect", "--source-port", "every connection has a port of its own"],
  ["--checkpoint", "--dry-run", "nothing is scanned"],
  ["--dry-run", "--list-scan", "the one prints hosts and ports, the other hosts and names"],
  ...NOT_OF_LISTS.map((name): [string, string, string] => [name, "--list-scan", "nothing is scanned"]),
  ["--quiet", "--verbose", "one prints less, the other more"],
  ["--no-dns", "--reverse-dns", "one looks up no name, the other every name"],
  ...DISCOVERY_FLAGS.map((name): [string, string, string] => [
    ...["--connect", name] as const,
    "a connect scan finds no hosts first. Add a ping, as in -PE, or leave it out",
  ]),
  ["--connect", "--traceroute", "the kernel sets the hop limits of its packets"],
  ["--connect", "--where-filtered", "the kernel sets the hop limits of its packets"],
  ["--connect", "--packet-trace", "the kernel does not show its packets"],
];
