/**
 * Runs synscan itself in a lab.
 *
 * @module
 */

import type { Lab, RunOptions } from "./lab.ts";
import type { Sighting } from "./lab_verdicts.ts";

/** One port's line of synscan's JSON. */
export interface PortLine extends Sighting {
  readonly type: "port";
  readonly proto: "tcp";
  readonly ttl: number | null;
  readonly rtt_ms: number | null;
  readonly tries: number;
  readonly service: string | null;
  readonly service_label?: string;
  readonly from?: string | null;
}

/** The last line of synscan's JSON, as far as the labs look at it. */
export interface SummaryLine {
  readonly type: "summary";
  readonly probes: number;
  readonly sent: number;
  readonly open: number;
  readonly closed: number;
  readonly filtered: number;
  readonly undecided: number;
  readonly hosts: number;
  readonly hosts_up: number;
  readonly unmatched: number;
  readonly fin_acks: number;
  readonly receive_drops: number;
  readonly elapsed_ms: number;
  readonly rate_pps: number;
  readonly loss: number | null;
  readonly expected_wrong: number;
  readonly send_retries: number;
  readonly hosts_absent?: number;
  readonly hosts_silent?: number;
  readonly transport: string;
  readonly workers: number;
  readonly ended: string;
  readonly trusted: boolean;
  readonly warnings: readonly string[];
  readonly aliased?: readonly {
    readonly prefix: string;
    readonly hosts: number;
    readonly controls: number;
    readonly replied: number;
  }[];
  readonly suspects: readonly { readonly ip: string; readonly suspect: string }[];
}

/** One host's line of synscan's JSON, as far as the labs look at it. */
export interface HostLine {
  readonly type: "host";
  readonly ip: string;
  readonly state?: string;
  readonly reason?: string;
  readonly mac?: string;
  readonly vendor?: string;
  readonly evidence?: readonly {
    readonly probe: string;
    readonly reason: string;
    readonly rtt_ms: number | null;
    readonly ttl: number | null;
  }[];
  readonly hostname?: string;
  readonly trace?: {
    readonly proto: string;
    readonly port: number;
    readonly reached: boolean;
    readonly shared?: { readonly hops: number; readonly ip: string };
    readonly hops: readonly {
      readonly ttl: number;
      readonly ip: string | null;
      readonly rtt_ms: number | null;
      readonly hostname?: string;
    }[];
  };
  readonly where_filtered?: readonly {
    readonly ports: string;
    readonly probed: string;
    readonly after_hop: number;
    readonly ip: string | null;
  }[];
  readonly timed_out?: boolean;
  readonly notes?: readonly string[];
  readonly os?: readonly {
    readonly family: string | null;
    readonly evidence: string;
    readonly ports?: readonly number[];
  }[];
}

/** What a run of synscan gave. */
export interface SynscanRun {
  readonly code: number;
  readonly ports: PortLine[];
  readonly hosts: HostLine[];
  readonly summary: SummaryLine;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** The command line of synscan as users have it. */
export const SYNSCAN: readonly string[] = [
  Deno.execPath(),
  "run",
  "--allow-all",
  new URL("../../mod.ts", import.meta.url).pathname,
];

/** Returns a command line that runs as the unprivileged user 65534, without any capability. */
export function asUser(argv: readonly string[]): string[] {
  const user = ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"];
  return ["setpriv", ...user, "--", ...argv];
}

/** Runs synscan in a space of a lab with JSON output and without names; with `isUser` without privileges. */
export async function runSynscan(
  lab: Lab,
  space: string,
  args: readonly string[],
  { isUser = false, ...options }: RunOptions & { readonly isUser?: boolean } = {},
): Promise<SynscanRun> {
  const command = [...SYNSCAN, "--no-config", "-n", "--json", ...args];
  const argv = isUser ? asUser(command) : command;
  const { code, stdout, stderr, elapsedMs } = await lab.run(space, argv, options);
  const { ports, hosts, summary } = readSynscanJson(stdout);
  if (summary === undefined) {
    throw new Error(`synscan ${args.join(" ")} printed no summary: status ${code}: ${stderr.trim()}`);
  }
  return { code, ports, hosts, summary, stderr, elapsedMs };
}

/** Reads synscan's JSON lines; the summary is undefined where it is not the last line. */
export function readSynscanJson(
  text: string,
): { ports: PortLine[]; hosts: HostLine[]; summary: SummaryLine | undefined } {
  const events: { readonly type: string }[] = text.trimEnd().split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const last = events.at(-1);
  return {
    ports: events.filter((event): event is PortLine => event.type === "port"),
    hosts: events.filter((event): event is HostLine => event.type === "host"),
    summary: last?.type === "summary" ? last as SummaryLine : undefined,
  };
}
