/**
 * The status of a running scan and the summary of one that has ended.
 *
 * @module
 */

import type { Trace } from "./trace.ts";

/**
 * A suspicion about a host: a SYN proxy replies for it, its replies are generated on the scanner's own side of the network, another device sends
 * its RSTs, or something replies at every UDP port.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { suspects } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, suspect } of suspects) console.log(ip, suspect);
 * ```
 */
export type Suspicion = "syn-proxy" | "own-side" | "rst-spoof" | "udp-responder";

/**
 * A remark on a host, or on some of its ports.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { notes } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, ports, note } of notes) console.log(ip, ports, note);
 * ```
 */
export interface HostNote {
  /** The host's address. */
  readonly ip: string;
  /** The ports that it is about, in order; empty where it is about the host. */
  readonly ports: readonly number[];
  /** The number of further ports that it is about. */
  readonly more: number;
  /** The remark. */
  readonly note: string;
}

/**
 * The name of a host by reverse DNS. The owner of the address chooses it, so that it proves nothing; synscan has escaped
 * everything in it but letters, digits, dots, hyphens, underscores and slashes.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { hostnames } = await scan({ targets: "127.0.0.1", ports: "1", hostnames: "auto" }).summary;
 * for (const { ip, name } of hostnames) console.log(ip, name);
 * ```
 */
export interface Hostname {
  /** The host's address. */
  readonly ip: string;
  /** Its name, in lower case. */
  readonly name: string;
}

/**
 * The names of hosts by reverse DNS, as far as they are known while a scan runs.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const running = scan({ targets: "127.0.0.1", ports: "1", hostnames: "auto" });
 * const { hostnames } = await running.plan;
 * for await (const { ip, port } of running) console.log(ip, port, hostnames?.of(ip));
 * ```
 */
export interface HostnamesSoFar {
  /** Returns the name of a host; `undefined` if it is not known, or not yet. */
  of(ip: string): string | undefined;
  /** Resolves once no host that has replied so far waits for its name. */
  settled(): Promise<void>;
}

/**
 * A guess of the system behind an address, from the TCP options, window and IP header of a SYN-ACK. An address has several if different
 * stacks reply for different ports.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { os } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, family, evidence } of os) console.log(ip, family ?? "unknown", evidence);
 * ```
 */
export interface HostOs {
  /** The host's address. */
  readonly ip: string;
  /** The family of systems, such as `Linux`; null if the shape of the SYN-ACK is unknown, or that of several. */
  readonly family: string | null;
  /** The shape of the SYN-ACK: `options MSS,NOP,NOP,SACK,NOP,WS; MSS 1460; window 64240, scale 7; TTL 64; DF`. */
  readonly evidence: string;
  /** Some of the ports that this stack replied for, if the address has several; else empty. */
  readonly ports: readonly number[];
}

/**
 * A prefix of IPv6 of which every address seems to reply: control addresses, chosen at random, did.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { aliased } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { prefix, hosts } of aliased) console.log(prefix, hosts);
 * ```
 */
export interface AliasedPrefix {
  /** The prefix: `2001:db8::/64`. */
  readonly prefix: string;
  /** Hosts of the scan in it that are up. */
  readonly hosts: number;
  /** Control addresses that were chosen. */
  readonly controls: number;
  /** Those of them that replied. */
  readonly replied: number;
}

/**
 * The summary of a scan that has ended. Counts are of ports unless the name states otherwise.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { open, probes, elapsedMs, loss, trusted } = await scan({ targets: "127.0.0.1", ports: "1-100" }).summary;
 * console.log(`${open} of ${probes} open in ${elapsedMs} ms, loss ${loss}, trusted: ${trusted}`);
 * ```
 */
export interface Summary {
  /** Hosts that were probed. */
  readonly hosts: number;
  /** Hosts that sent any reply, even a refusal. */
  readonly hostsUp: number;
  /** Hosts that are known not to be there. */
  readonly hostsAbsent: number;
  /** Hosts that replied to no probe of discovery, which proves nothing. */
  readonly hostsSilent: number;
  /** Hosts that discovery has no result for. */
  readonly hostsUndecided: number;
  /** Ports of hosts (host x port pairs) that were to be decided. */
  readonly probes: number;
  /** Probe packets sent, attempts included. */
  readonly sent: number;
  /** Replies that decided a port. */
  readonly answered: number;
  /** Ports found open. */
  readonly open: number;
  /** Ports found closed. */
  readonly closed: number;
  /** Ports found filtered. */
  readonly filtered: number;
  /** Ports that replied without showing whether they are open (`-sA`). */
  readonly unfiltered: number;
  /** Ports whose silence may mean open or filtered. */
  readonly openFiltered: number;
  /** Ports whose silence may mean closed or filtered. */
  readonly closedFiltered: number;
  /** Ports without a result. */
  readonly undecided: number;
  /** From the first probe to the last result, in milliseconds. */
  readonly elapsedMs: number;
  /** Probe packets a second, over the time in which probes were sent. */
  readonly ratePps: number;
  /** The share of round trips that were lost, 0 to 1, estimated from the attempts that were replied to; null if none was. */
  readonly loss: number | null;
  /** The number of round trips of which that is the share. */
  readonly roundTrips: number;
  /** The number of results that are expected to be wrong, given the measured loss. */
  readonly expectedWrong: number;
  /** Replies that arrived after the port was reported. */
  readonly late: number;
  /** Replies to probes that had a reply already. */
  readonly duplicates: number;
  /** Replies of FIN and ACK with our numbers, as a proxy sends them whose own connection failed. They decide nothing. */
  readonly finAcks: number;
  /** Packets to the scan's source ports that match no probe: forged, stale or damaged. */
  readonly unmatched: number;
  /** The number of times that the kernel had no room for a packet (`ENOBUFS`, `EAGAIN`). */
  readonly sendRetries: number;
  /** Probes that the kernel refused to send for another reason, by errno name. */
  readonly sendErrors: Readonly<Record<string, number>>;
  /** Packets that the kernel dropped before synscan read them. */
  readonly receiveDrops: number;
  /** Hosts that limit their rate of replies and were probed at a lower rate. */
  readonly cappedHosts: number;
  /** Hosts for which something else seems to reply. */
  readonly suspects: readonly { readonly ip: string; readonly suspect: Suspicion }[];
  /** Remarks on hosts and their ports. */
  readonly notes: readonly HostNote[];
  /** Prefixes of IPv6 whose hosts are likely one machine, in the order of addresses. */
  readonly aliased: readonly AliasedPrefix[];
  /** The names of hosts by reverse DNS, in the order of addresses. */
  readonly hostnames: readonly Hostname[];
  /** The paths to hosts, in the order of addresses, if they were traced. */
  readonly traces: readonly Trace[];
  /** Guesses of the systems of hosts with an open port. */
  readonly os: readonly HostOs[];
  /** The reason of the scan's end. */
  readonly ended: "done" | "deadline" | "interrupted" | "failed";
  /** Warnings about the results, a line each. */
  readonly warnings: readonly string[];
  /**
   * True if every target was found, every port was decided, less than half a wrong result is expected, and nothing replies in
   * the place of every host.
   */
  readonly trusted: boolean;
  /** The transport, for example `sendmmsg`. */
  readonly transport: string;
  /** The number of workers. */
  readonly workers: number;
}

/** A guess of a system without the address. */
export type SystemGuess = Omit<HostOs, "ip">;

/** The hosts whose systems are guessed, in the order of addresses. Their guesses are made when they are read. */
export interface GuessedHosts {
  /** The number of hosts. */
  readonly length: number;
  /** Returns the address of a host. */
  ipOf(index: number): string;
  /** Returns the guesses on a host. Hosts whose guesses are equal may share them. */
  guessesOf(index: number): readonly SystemGuess[];
}

/** The key of the hosts in a summary whose `os` is made of them when it is read. */
const GUESSED_HOSTS = Symbol("guessed hosts");

/** Returns a summary with guesses of systems: as a list they take much memory, so that it is only made when it is read. */
export function withOs(summary: Omit<Summary, "os">, hosts: GuessedHosts): Summary {
  let os: readonly HostOs[] | undefined;
  const whole: Summary = {
    ...summary,
    get os() {
      return os ??= Array.from({ length: hosts.length }, (_, index) => {
        const ip = hosts.ipOf(index);
        return hosts.guessesOf(index).map((guess) => ({ ip, ...guess }));
      }).flat();
    },
  };
  return Object.defineProperty(whole, GUESSED_HOSTS, { value: hosts });
}

/** Returns the hosts of a summary whose systems are guessed. */
export function guessedHosts(summary: Pick<Summary, "os">): GuessedHosts {
  if (GUESSED_HOSTS in summary) return summary[GUESSED_HOSTS] as GuessedHosts;
  const { os } = summary;
  // Those of a host follow each other.
  const starts = [...os.keys()].filter((at) => os[at]!.ip !== os[at - 1]?.ip);
  return {
    length: starts.length,
    ipOf: (index) => os[starts[index]!]!.ip,
    guessesOf: (index) => os.slice(starts[index], starts[index + 1]),
  };
}

/** The summary of a scan that has not said anything of itself: to be filled in with what others know. */
export const UNTOLD: Summary = {
  hosts: 0,
  hostsUp: 0,
  hostsAbsent: 0,
  hostsSilent: 0,
  hostsUndecided: 0,
  probes: 0,
  sent: 0,
  answered: 0,
  open: 0,
  closed: 0,
  filtered: 0,
  unfiltered: 0,
  openFiltered: 0,
  closedFiltered: 0,
  undecided: 0,
  elapsedMs: 0,
  ratePps: 0,
  loss: null,
  roundTrips: 0,
  expectedWrong: 0,
  late: 0,
  duplicates: 0,
  finAcks: 0,
  unmatched: 0,
  sendRetries: 0,
  sendErrors: {},
  receiveDrops: 0,
  cappedHosts: 0,
  suspects: [],
  notes: [],
  aliased: [],
  hostnames: [],
  traces: [],
  os: [],
  ended: "failed",
  warnings: [],
  trusted: false,
  transport: "",
  workers: 1,
};

/**
 * The status of a running scan.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const running = scan({ targets: "127.0.0.1", ports: "1-1000" });
 * const timer = setInterval(() => console.log(running.progress().decided), 100);
 * await running.summary;
 * clearInterval(timer);
 * ```
 */
export interface Progress {
  /** Ports decided so far. */
  readonly decided: number;
  /** Ports to decide. */
  readonly probes: number;
  /** Probe packets sent so far. */
  readonly sent: number;
  /** Ports found open so far. */
  readonly open: number;
  /** Open ports whose services are not identified yet; `undefined` if services are not identified. */
  readonly identifying?: number;
  /** Probes waiting for a reply. */
  readonly inFlight: number;
  /** The present rate in probe packets a second; `undefined` while unknown. */
  readonly ratePps: number | undefined;
  /**
   * The upper bound of the rate in probe packets a second; Infinity without one. Unless the user has set it, a higher rate is
   * possible while replies show that little is lost.
   */
  readonly maxRatePps: number;
  /** Estimated loss of round trips, 0 to 1; null before the first one. */
  readonly loss: number | null;
  /** Milliseconds since the scan began. */
  readonly elapsedMs: number;
  /** Estimated milliseconds to the end; `undefined` while unknown. */
  readonly leftMs: number | undefined;
}

/** The counts of ports in a {@linkcode Summary}. */
type StateCounts = Pick<Summary, typeof COUNT_NAMES[number]>;

/** The name of the count of each state in a {@linkcode Summary}, by code of the state. */
export const COUNT_NAMES = [
  "open",
  "closed",
  "filtered",
  "unfiltered",
  "openFiltered",
  "closedFiltered",
  "undecided",
] as const;

/** Counts by code of the state as the counts of a summary. */
export function stateCounts(byState: ArrayLike<number>): StateCounts {
  return Object.fromEntries(COUNT_NAMES.map((name, code) => [name, byState[code] ?? 0])) as unknown as StateCounts;
}

/** The number of decided ports. */
export function decidedIn(counts: StateCounts): number {
  return COUNT_NAMES.reduce((sum, name) => name === "undecided" ? sum : sum + counts[name], 0);
}

/** True if so many results are expected to be wrong that a scan is not to be trusted. */
export function isMuchWrong({ expectedWrong }: Pick<Summary, "expectedWrong">): boolean {
  return expectedWrong >= 0.5;
}

/** Returns the warning about results that are expected to be wrong. */
export function wrongText({ expectedWrong }: Pick<Summary, "expectedWrong">): string {
  return `About ${expectedWrong.toFixed(1)} of the filtered ports are expected to be wrong: too much was lost`;
}
