/**
 * What a caller may ask of a scan.
 *
 * @module
 */

/** How a port is asked: `syn` sends raw packets, `connect` asks the kernel to connect, `auto` takes the best that is allowed. */
export type Technique = "auto" | "syn" | "connect";

/** How packets leave and arrive. `sendto` is one `sendto` and one `recvfrom` a packet; the others are faster. */
export type TransportName = "auto" | "sendto" | "sendmmsg" | "ethernet";

/** How hard a scan presses, as nmap's `-T0` to `-T5`. */
export type Timing = 0 | 1 | 2 | 3 | 4 | 5;

/** More workers than this are refused. */
export const MAX_WORKERS = 64;

/** Targets as a file holds them. */
export interface TargetList {
  /** What to call it in messages, for example the file's name. */
  readonly name: string;
  /** Targets, in the syntax of {@linkcode ScanOptions.targets}, between white space; `#` begins a comment. */
  readonly text: string;
}

/** The user that a process becomes. */
export interface LaterUser {
  /** The user's number. */
  readonly uid: number;
  /** The number of its group. */
  readonly gid: number;
  /** Its name, whose supplementary groups are taken; none without it. */
  readonly name?: string;
}

/** What to scan, and how. Only `targets` is needed. */
export interface ScanOptions {
  /**
   * Addresses, CIDR blocks, ranges (`10.0.0.1-9`, `10.0.0-3.1-254`, `10.0.0.1-10.0.1.9`), names; each may carry its own
   * ports (`192.0.2.7:22,80`).
   */
  readonly targets: string | readonly string[];
  /** More targets, from files; mistakes in them are told with the line. */
  readonly targetLists?: readonly TargetList[];
  /** Ports for targets without their own, as text (`"22,80,8000-8100"`, `"-"`, `"http"`) or numbers; the useful 1,000 by default. */
  readonly ports?: string | readonly number[];
  /** Scan the N most useful ports instead. */
  readonly topPorts?: number;
  /** Targets never to be probed, in the syntax of `targets`, without ports. */
  readonly exclude?: readonly string[];
  /** More targets never to be probed, from files. */
  readonly excludeLists?: readonly TargetList[];
  /**
   * Scan also the reserved addresses (private, loopback, multicast, ...) that a wide target runs over: more than a /8, or a
   * range in the first octet. Without it they are left out, unless a target names them.
   */
  readonly includeReserved?: boolean;
  /** Ports never to be probed. */
  readonly excludePorts?: string;
  /** Scan every address of a name, not only the first. */
  readonly allAddresses?: boolean;
  /** How a port is asked. */
  readonly technique?: Technique;
  /** How packets leave and arrive. */
  readonly transport?: TransportName;
  /** Send from this interface. */
  readonly interface?: string;
  /** Send from this address. */
  readonly sourceIp?: string;
  /** Send from this port, 1-65535. */
  readonly sourcePort?: number;
  /** Time to live of probes, 1-255. */
  readonly ttl?: number;
  /** How hard to press; 3 by default. */
  readonly timing?: Timing;
  /** Never more probes a second than this. */
  readonly maxRatePps?: number;
  /** Never fewer probes a second than this, if the machine can send them. */
  readonly minRatePps?: number;
  /** Never more than this many repeats of a probe that was not answered. */
  readonly maxRetries?: number;
  /** How long to wait for an answer before any round trip was measured, in milliseconds. */
  readonly timeoutMs?: number;
  /** The longest wait for an answer, in milliseconds. */
  readonly maxRttTimeoutMs?: number;
  /** End this many milliseconds after the call, names looked up included, with what is known by then. */
  readonly deadlineMs?: number;
  /**
   * Once the sockets are open and before the first probe, give up for good, in every thread of the process, what the rest of
   * the scan does not need: root's identity, capabilities(7), the right to gain others, and system calls such as execve(2) and
   * listen(2). `true` becomes the user who called sudo, and nobody where root did not use it; or name the user. For programs
   * that do nothing else; false by default.
   */
  readonly dropPrivileges?: boolean | LaterUser;
  /** Orders the probes; the same seed gives the same order, which is what makes shards of several machines fit together. */
  readonly seed?: number;
  /** Scan only the `index`-th (from 1) of `count` parts of the space. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** How many workers divide the scan, at most {@linkcode MAX_WORKERS}; chosen from cores and size by default. */
  readonly workers?: number;
  /** Give each packet sent and received, as one line of text. */
  readonly onPacket?: (line: string) => void;
}
