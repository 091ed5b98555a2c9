/**
 * The scanners that synscan is compared with: which are at hand, how each is asked, and how its answer is read.
 *
 * @module
 */

import { asUser, readSynscanJson, SYNSCAN } from "../../support/lab_synscan.ts";
import type { Sighting } from "../../support/lab_verdicts.ts";
import { readNmapXml } from "../../support/nmap_xml.ts";

/** A scanner that is at hand. */
export interface Tool {
  readonly kind: "nmap" | "masscan" | "zmap";
  readonly path: string;
  /** Name and version, for the table. */
  readonly label: string;
  /** The first number of its version. */
  readonly major: number;
}

/** A scan that every tool can run. */
export interface Job {
  readonly targets: readonly string[];
  /** Ports as text; with a hyphen in front flags that choose ports, and without anything each tool's own choice. */
  readonly ports: string;
  /** The device that leads there, its address, and the Ethernet address of the next hop. */
  readonly device: string;
  readonly sourceIp: string;
  readonly nextHopMac: string;
}

/** The command line of a tool, and the reader of its output. */
export interface Question {
  readonly name: string;
  /** The command line that leaves its answer in a file. */
  readonly argv: (answerFile: string) => readonly string[];
  readonly read: (answer: string) => Sighting[];
  /** True for a tool that speaks only of open ports. */
  readonly openOnly?: boolean;
}

/** Finds tools on the PATH and at the paths given. */
export async function findTools(paths: readonly string[]): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const path of ["nmap", "masscan", "zmap", ...paths]) {
    const kind = (["nmap", "masscan", "zmap"] as const).find((name) => path.split("/").at(-1)?.startsWith(name));
    if (kind === undefined) throw new Error(`Cannot use ${path}: it is named neither nmap, masscan nor zmap`);
    try {
      // A zmap reads its settings even before it tells its version, and falls over another version's.
      const args = [...(kind === "zmap" ? ["-C", "/dev/null"] : []), "--version"];
      const { stdout } = await new Deno.Command(path, { args }).output();
      const version = /\d+(\.\d+)+/.exec(new TextDecoder().decode(stdout))?.[0] ?? "from source";
      // A zmap built from its repository calls itself "Development Build".
      tools.push({ kind, path, label: `${kind} ${version}`, major: parseInt(version) || Infinity });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || path.includes("/")) throw error;
    }
  }
  return tools;
}

/** A command whose standard output goes to a file. */
export function writing(file: string, command: readonly string[]): string[] {
  return ["sh", "-c", 'answer=$1; shift; exec "$@" > "$answer"', "sh", file, ...command];
}

function portFlags(ports: string): string[] {
  if (ports === "") return [];
  return ports.startsWith("-") ? [ports] : ["-p", ports];
}

/** Asks synscan for one report, as the others are asked for one. */
export function askSynscan(job: Pick<Job, "targets" | "ports">, ...flags: string[]): Question {
  return {
    name: ["synscan", ...flags].join(" "),
    argv: (file) => writing(file, synscanFor(job, flags)),
    read: (answer) => readSynscanJson(answer).ports,
  };
}

/**
 * Asks the same without privileges.
 *
 * @param cache The folder in which Deno keeps the compiled program: a user has one, and may not write to that of root.
 */
export function askSynscanAsUser(job: Pick<Job, "targets" | "ports">, cache: string, ...flags: string[]): Question {
  const question = askSynscan(job, ...flags);
  const command = ["env", `DENO_DIR=${cache}`, ...synscanFor(job, ["--no-config", ...flags])];
  const argv = (file: string) => writing(file, asUser(command));
  return { ...question, name: `${question.name} without privileges`, argv };
}

function synscanFor({ targets, ports }: Pick<Job, "targets" | "ports">, flags: readonly string[]): string[] {
  return [...SYNSCAN, "-n", ...portFlags(ports), "--json", ...flags, ...targets];
}

/** Names of hosts as sightings: the name stands for the state. */
function namedAs(ip: string, name: string): Sighting {
  return { ip, port: NAME_PORT, state: name, reason: "PTR" };
}

/** The port of a sighting of a host's name. */
export const NAME_PORT = 53;

/** Asks synscan for the names of all hosts; it probes a port of each besides. */
export function askSynscanForNames(job: Pick<Job, "targets" | "ports">, server: string, ...flags: string[]): Question {
  return {
    name: ["synscan -R", ...flags].join(" "),
    argv: (file) =>
      writing(file, [
        ...[...SYNSCAN, "-R", "--dns-servers", server, "-p", job.ports, "--json", ...flags],
        ...job.targets,
      ]),
    read: (answer) =>
      readSynscanJson(answer).hosts.flatMap(({ ip, hostname }) =>
        hostname === undefined ? [] : [namedAs(ip, hostname)]
      ),
  };
}

/** Asks nmap for the names of all hosts, and for nothing else. */
export function askNmapForNames(tool: Tool, { targets }: Pick<Job, "targets">, server: string): Question {
  return {
    name: `${tool.label} -sL -R`,
    argv: (file) => [tool.path, "-sL", "-R", "--dns-servers", server, "-oX", file, ...targets],
    read: (answer) =>
      [...answer.matchAll(/<address addr="([^"]+)"[^>]*>\s*<hostnames>\s*<hostname name="([^"]+)"/g)]
        .map(([, ip = "", name = ""]) => namedAs(ip, name)),
  };
}

/** A host that has replied to an echo request, as a sighting. */
function echoed(ip: string): Sighting {
  return { ip, port: ECHO_PORT, state: "up", reason: "echo-reply" };
}

/** The port of a sighting of a host that replies to pings. */
export const ECHO_PORT = 7;

/** Asks synscan which hosts reply to echo requests. */
export function askSynscanForEchoes({ targets }: Pick<Job, "targets">, ...flags: string[]): Question {
  return {
    name: ["synscan -sn -PE", ...flags].join(" "),
    argv: (file) => writing(file, [...SYNSCAN, "-n", "-sn", "-PE", "--json", ...flags, ...targets]),
    read: (answer) =>
      readSynscanJson(answer).hosts.filter(({ state }) => state === "up").map(({ ip, reason, evidence = [] }) => ({
        ...echoed(ip),
        reason: evidence[0]?.reason ?? reason ?? "",
      })),
  };
}

/** A host of a link that has replied in any way, as a sighting: without the zone of its address, which nmap leaves out. */
function present(ip: string): Sighting {
  return { ip: ip.replace(/%.*/, ""), port: PRESENT_PORT, state: "up", reason: "" };
}

/** The port of a sighting of a host that is on a link. */
export const PRESENT_PORT = 0;

/** Asks synscan which hosts of IPv6 are on the link of a device. */
export function askSynscanForLink(device: string): Question {
  return {
    name: "synscan -sn -e",
    argv: (file) => writing(file, [...SYNSCAN, "-n", "-sn", "-e", device, "--json"]),
    read: (answer) => readSynscanJson(answer).hosts.filter(({ state }) => state === "up").map(({ ip }) => present(ip)),
  };
}

/** Asks nmap's scripts for the same: of those that send probes themselves. */
export function askNmapForLink(tool: Tool, device: string): Question {
  const scripts = ["echo", "invalid-dst", "mld", "slaac"].map((name) => `targets-ipv6-multicast-${name}`);
  return {
    name: `${tool.label} targets-ipv6-multicast-*`,
    argv: (file) => [
      ...[tool.path, "-6", "-n", "-sn", "--script", scripts.join(), "--script-args", `newtargets,interface=${device}`],
      ...["-e", device, "-oX", file],
    ],
    read: (answer) =>
      [...answer.matchAll(/<status state="up"[^>]*>\s*<address addr="([^"]+)"/g)].map(([, ip = ""]) => present(ip)),
  };
}

/** Asks zmap for echo replies. It sends one request to each address, unless told otherwise, and then waits for 8 s. */
export function askZmapForEchoes(tool: Tool, job: Job, ...flags: string[]): Question {
  const output = tool.major < 4 ? [] : ["-f", "saddr", "--output-filter=", "--no-header-row"];
  return {
    name: [`${tool.label} icmp_echoscan`, ...flags].join(" "),
    argv: (file) => [
      ...[tool.path, "-q", "-C", "/dev/null", "-b", "/dev/null", "-M", "icmp_echoscan", "-o", file],
      ...["-i", job.device, "-G", job.nextHopMac, "-S", job.sourceIp, ...output, ...flags, ...job.targets],
    ],
    read: (answer) => [...answer.matchAll(/^\d+\.\d+\.\d+\.\d+$/gm)].map(([ip]) => echoed(ip)),
  };
}

/** Asks synscan for the same, and for a new history in which it records every result. */
export function askSynscanToRecord(job: Pick<Job, "targets" | "ports">, ...flags: string[]): Question {
  const question = askSynscan(job, ...flags);
  const record = 'folder=$(mktemp -d); "$@" --db "$folder/scans.db"; status=$?; rm -r "$folder"; exit $status';
  return {
    ...question,
    name: `${question.name} --db`,
    argv: (file) => ["sh", "-c", record, "sh", ...question.argv(file)],
  };
}

/** Asks synscan for a table, JSON lines, XML and a new history in which it records every result. The answer is the JSON. */
export function askSynscanForAll(job: Pick<Job, "targets" | "ports">, ...flags: string[]): Question {
  const script = 'answer=$1; shift; folder=$(mktemp -d); "$@" -oJ "$answer" -oX "$folder/scan.xml" ' +
    '--db "$folder/scans.db" > "$folder/table"; status=$?; rm -r "$folder"; exit $status';
  const command = [...SYNSCAN, "-n", ...portFlags(job.ports), ...flags, ...job.targets];
  return {
    name: ["synscan", ...flags, "table, JSON, XML, history"].join(" "),
    argv: (file) => ["sh", "-c", script, "sh", file, ...command],
    read: (answer) => readSynscanJson(answer).ports,
  };
}

/**
 * Asks nmap, with hosts taken to be up. Without `-n` among the flags it looks up the host's name too, which takes 13 s
 * where no name server answers, as in a lab.
 */
export function askNmap(tool: Tool, job: Pick<Job, "targets" | "ports">, ...flags: string[]): Question {
  return {
    name: [tool.label, ...flags].join(" "),
    argv: (file) => [tool.path, "-Pn", "-sS", ...flags, ...portFlags(job.ports), "-oX", file, ...job.targets],
    read: readNmapXml,
  };
}

/** Asks nmap, which leaves out hosts that do not reply to its pings. */
export function askNmapWithPings(tool: Tool, job: Pick<Job, "targets" | "ports">, ...flags: string[]): Question {
  const question = askNmap(tool, job, ...flags);
  return {
    ...question,
    name: `${question.name}, after pings`,
    argv: (file) => question.argv(file).filter((word) => word !== "-Pn"),
  };
}

/** Asks masscan, as fast as it can, with the shortest wait that it offers. */
export function askMasscan(tool: Tool, job: Job): Question {
  return {
    name: `${tool.label} --wait 1`,
    argv: (file) => [
      ...[tool.path, "-p", job.ports, "--rate", "10000000", "--wait", "1", "-e", job.device],
      ...["--router-mac", job.nextHopMac, "-oL", file, ...job.targets],
    ],
    read: (answer) =>
      [...answer.matchAll(/^open tcp (\d+) (\S+)/gm)]
        .map(([, port, ip = ""]) => ({ ip, port: Number(port), state: "open", reason: "syn-ack" })),
    openOnly: true,
  };
}

/** Asks zmap, as fast as it can, with a cool-down of 1 s; undefined where this version knows only one port a scan. */
export function askZmap(tool: Tool, job: Job): Question | undefined {
  const old = tool.major < 4;
  if (old && !/^\d+$/.test(job.ports)) return undefined;
  // Version 2 sends at no rate at all when told to know no limit.
  const rate = old ? "1000000" : "0";
  const states: Readonly<Record<string, readonly [state: string, reason: string]>> = {
    synack: ["open", "syn-ack"],
    rst: ["closed", "reset"],
  };
  const output = old ? [] : ["-f", "saddr,sport,classification", "--output-filter="];
  return {
    name: `${tool.label} -c 1`,
    argv: (file) => [
      ...[tool.path, "-q", "-C", "/dev/null", "-b", "/dev/null", "-r", rate, "-c", "1", "-p", job.ports, "-o", file],
      ...["-i", job.device, "-G", job.nextHopMac, "-S", job.sourceIp, ...output, ...job.targets],
    ],
    read: (answer) =>
      [...answer.matchAll(/^(\d+\.\d+\.\d+\.\d+)(?:,(\d+),(\w+))?$/gm)].flatMap(([, ip = "", port, classification]) => {
        const [state, reason] = states[classification ?? "synack"] ?? [];
        return state === undefined || reason === undefined
          ? []
          : [{ ip, port: Number(port ?? job.ports), state, reason }];
      }),
    openOnly: old,
  };
}
