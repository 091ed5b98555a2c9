/**
 * Options of a scan.
 *
 * @module
 */

/**
 * A scan technique: `syn`, `ack`, `window`, `maimon`, `fin`, `null` and `xmas` send raw packets, `connect` opens connections by the
 * kernel, `auto` is `syn` if raw sockets are allowed, else `connect`.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { technique } = await scan({ targets: "127.0.0.1", ports: "22", technique: "connect" }).plan;
 * console.log(technique); // connect
 * ```
 */
export type Technique = string;

/**
 * A transport of packets: `sendto` makes one system call per packet, `sendmmsg` one for many packets, `ethernet` sends frames
 * through AF_PACKET; `auto` chooses.
 *
 * @example
 * ```ts
 * import type { TransportName } from "@synscan/synscan";
 *
 * const transport: TransportName = "sendmmsg";
 * console.log(transport);
 * ```
 */
export type TransportName = "auto" | "sendto" | "sendmmsg" | "ethernet";

/**
 * A timing template, as nmap's `-T0` to `-T5`: rates, timeouts and parallelism.
 *
 * @example
 * ```ts
 * import type { ScanOptions, Timing } from "@synscan/synscan";
 *
 * const timing: Timing = 4;
 * const options: ScanOptions = { targets: "192.0.2.0/24", timing };
 * console.log(options);
 * ```
 */
export type Timing = 0 | 1 | 2 | 3 | 4 | 5;

/** The largest number of workers. */
export const MAX_WORKERS = 64;

/**
 * Targets in the syntax of a file: separated by white space, with comments.
 *
 * @example
 * ```ts
 * import { planScan, type TargetList } from "@synscan/synscan";
 *
 * const list: TargetList = { name: "hosts.txt", text: "192.0.2.1 # the gateway\n192.0.2.7:22,80" };
 * const { hosts, probes } = await planScan({ targets: [], targetLists: [list], ports: "443" });
 * console.log(hosts, probes); // 2 3
 * ```
 */
export interface TargetList {
  /** The name of the list in messages, for example the file's name. */
  readonly name: string;
  /** Targets, in the syntax of {@linkcode ScanOptions.targets}, between white space; `#` begins a comment. */
  readonly text: string;
}

/**
 * The user that the process continues as, for {@linkcode ScanOptions.dropPrivileges}.
 *
 * @example
 * ```ts
 * import type { LaterUser, ScanOptions } from "@synscan/synscan";
 *
 * const dropPrivileges: LaterUser = { uid: 1000, gid: 1000 };
 * const options: ScanOptions = { targets: "192.0.2.7", dropPrivileges };
 * console.log(options);
 * ```
 */
export interface LaterUser {
  /** The user's number. */
  readonly uid: number;
  /** The number of its group. */
  readonly gid: number;
  /** Its name, whose supplementary groups are taken; none without it. */
  readonly name?: string;
}

/**
 * The identification of services on open TCP ports, for {@linkcode ScanOptions.services}.
 *
 * @example
 * ```ts
 * import type { ScanOptions, ServiceOptions } from "@synscan/synscan";
 *
 * const services: ServiceOptions = { intensity: 9 };
 * const options: ScanOptions = { targets: "192.0.2.7", services };
 * console.log(options);
 * ```
 */
export interface ServiceOptions {
  /**
   * 0 to 9: the probes that are sent to ports which are not their usual ones, from none to all; 7 by default. More than 7 takes more
   * time for ports that stay silent.
   */
  readonly intensity?: number;
  /** Probe also the ports 9100 to 9107, where printers print what they are sent; false by default. */
  readonly allPorts?: boolean;
}

/**
 * The targets, ports and behaviour of a scan. Only `targets` is required.
 *
 * @example
 * ```ts
 * import { planScan, type ScanOptions } from "@synscan/synscan";
 *
 * const options: ScanOptions = {
 *   targets: "192.0.2.0/24",
 *   ports: "22,80,8000-8100",
 *   exclude: ["192.0.2.1"],
 *   maxRatePps: 1000,
 *   deadlineMs: 60_000,
 * };
 * console.log((await planScan(options)).probes); // 26265
 * ```
 */
export interface ScanOptions {
  /**
   * Addresses, CIDR blocks, ranges (`10.0.0.1-9`, `10.0.0-3.1-254`, `10.0.0.1-10.0.1.9`), names; each may carry its own
   * ports (`192.0.2.7:22,80`).
   */
  readonly targets: string | readonly string[];
  /** More targets, from files; errors in them are reported with file and line. */
  readonly targetLists?: readonly TargetList[];
  /** Ports for targets without their own, as text (`"22,80,8000-8100"`, `"-"`, `"http"`) or numbers; the useful 1,000 by default. */
  readonly ports?: string | readonly number[];
  /** Scan the N most useful ports of each protocol instead. */
  readonly topPorts?: number;
  /** Targets never to be probed, in the syntax of `targets`, without ports. */
  readonly exclude?: readonly string[];
  /** More targets never to be probed, from files. */
  readonly excludeLists?: readonly TargetList[];
  /**
   * Scan also the reserved addresses (private, loopback, multicast, ...) that a wide target runs over: more than a /8, or a
   * range in the first byte. Without it they are left out, unless a target names them.
   */
  readonly includeReserved?: boolean;
  /** Ports never to be probed. */
  readonly excludePorts?: string;
  /** Scan every address of a name, not only the first of each address family. */
  readonly allAddresses?: boolean;
  /**
   * The interface identifiers of the addresses in a pattern of prefixes (`2001:db8::/48-64`): `low` (::1), `zero` (the routers'
   * anycast address), `random`, `eui64:OUI`, or `set:` and identifiers with blanks between them.
   */
  readonly iid?: string;
  /** Scan addresses of this family only, 4 or 6; by default names are scanned by both, if there are routes. */
  readonly family?: 4 | 6;
  /** The scan technique, or several, which give a result each for every port; `auto` by default. */
  readonly technique?: Technique | readonly Technique[];
  /** Probe hosts as a whole, and no ports; false by default. */
  readonly hostsOnly?: boolean;
  /** Probe the ports of every host, found or not; ARP then only finds hardware addresses. Those of a host without one are filtered without a probe. False by default. */
  readonly noDiscovery?: boolean;
  /**
   * Ping hosts first: `echo`, `timestamp`, `mask`, `syn:PORT`, `ack:PORT`, `udp:PORT`. The ports of hosts beyond own links that do not reply are
   * then not probed. By default only `hostsOnly` pings. Without raw sockets `echo` takes a ping socket, and `syn` and `ack` connect.
   */
  readonly pings?: readonly string[];
  /** Let replies to ARP requests show that hosts on own links are up; true by default. Without it they are pinged like others. */
  readonly arpPing?: boolean;
  /** A RST does not show that a host is up: some firewalls send them in place of hosts. False by default. */
  readonly ignoreRst?: boolean;
  /**
   * UDP ports whose silence shows nothing, because their host limits its ICMP errors, are reported as `closed|filtered` and not probed again
   * at the pace of the limit. False by default.
   */
  readonly defeatIcmpRateLimit?: boolean;
  /** TCP flags of the probes, 0-255, in place of the technique's own; replies are read as the technique reads them. */
  readonly scanFlags?: number;
  /** The TCP options of a SYN, as systems lay them out: `none`, `mss`, `windows` (the default), `linux` or `bsd`. */
  readonly synOptions?: string;
  /** The transport of packets; `auto` by default. */
  readonly transport?: TransportName;
  /** Send from this interface. */
  readonly interface?: string;
  /** Send from this address; of several, with commas between, from each in turn. */
  readonly sourceIp?: string;
  /** Send from this port, 1-65535. */
  readonly sourcePort?: number;
  /** Time to live of probes, 1-255. */
  readonly ttl?: number;
  /** The timing template; 3 by default. */
  readonly timing?: Timing;
  /** Upper bound of the rate, in probes a second. */
  readonly maxRatePps?: number;
  /** Lower bound of the rate, in probes a second, if the machine can send them. */
  readonly minRatePps?: number;
  /** The largest number of retransmissions of a probe; by default chosen by the measured loss. */
  readonly maxRetries?: number;
  /** The first timeout of a probe, before a round trip is measured, in milliseconds; at most `maxRttTimeoutMs`. */
  readonly timeoutMs?: number;
  /** The longest timeout of a probe, in milliseconds. */
  readonly maxRttTimeoutMs?: number;
  /** End this many milliseconds after the call, including name resolution, with the results so far. */
  readonly deadlineMs?: number;
  /**
   * Give up a host this many milliseconds after its first probe, in all passes, the identification of its services and its trace
   * together: what is known of it is reported, and its other ports are undecided (`host-timeout`).
   */
  readonly hostTimeoutMs?: number;
  /**
   * Once the sockets are open and before the first probe, give up for good, in every thread of the process, what the rest of
   * the scan does not need: root's identity, capabilities(7), the right to gain others, and system calls such as execve(2) and
   * listen(2). `true` becomes the user who called sudo, or without sudo the user 65534; or name the user. For programs that do
   * nothing else; false by default.
   */
  readonly dropPrivileges?: boolean | LaterUser;
  /**
   * Look up the names of hosts by reverse DNS: `never` (the default); `auto` for hosts that reply, in scans of at most 256 hosts or
   * with `dnsServers`; `all` for every host. With `auto` alone, names of private addresses are asked of private DNS servers only.
   */
  readonly hostnames?: "never" | "auto" | "all";
  /**
   * DNS servers for `hostnames`, not for names of targets, as `192.0.2.53` or `192.0.2.53:5353`. By default those of `/etc/resolv.conf`, if Deno may read it,
   * or else the C library's.
   */
  readonly dnsServers?: readonly string[];
  /**
   * Find the routers on the path to each host that replied, once its ports are decided; the paths are in the summary. Needs raw
   * sockets and a technique that sends TCP segments, or with `hostsOnly` pings by echo, SYN or ACK; `auto` leaves the paths out without
   * these.
   */
  readonly traceroute?: boolean | "auto";
  /** Find the last router that probes of filtered ports reach; takes in `traceroute`. */
  readonly whereFiltered?: boolean;
  /**
   * Identify the services of open TCP ports by connections to them, while the scan continues; each result waits until its port is
   * identified.
   */
  readonly services?: ServiceOptions;
  /** Orders the probes; the same seed gives the same order, which is what makes shards of several machines fit together. */
  readonly seed?: number;
  /** Scan only the `index`-th (from 1) of `count` parts of the space; needs `seed`. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** The number of workers (threads), at most {@linkcode MAX_WORKERS}; chosen from cores and size by default. */
  readonly workers?: number;
  /** Give each packet sent and received, as one line of text. */
  readonly onPacket?: (line: string) => void;
}

/** Returns true for options of a scan of the hosts of a link, whichever these are. */
export function isOfLink({ hostsOnly, targets, targetLists = [], interface: name }: ScanOptions): boolean {
  return hostsOnly === true && name !== undefined && [targets].flat().length === 0 && targetLists.length === 0;
}
