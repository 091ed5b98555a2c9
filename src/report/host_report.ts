/**
 * The report of one host, as formats by host show it.
 *
 * @module
 */
import type { NamesByHost, PortResult } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { Trace } from "../result/trace.ts";
import type { HostState, State } from "../result/states.ts";
import type { Evidence } from "./host_findings.ts";

/** One listed port of a host. */
export type PortRow = Pick<
  PortResult,
  | "port"
  | "proto"
  | "technique"
  | "state"
  | "reason"
  | "ttl"
  | "rttMs"
  | "tries"
  | "from"
  | "service"
  | "names"
  | "finding"
>;

/** The number of a host's ports in one state for one reason, as one technique found them. */
export interface PortGroup {
  readonly technique: string;
  readonly proto: string;
  readonly state: State;
  readonly reason: Reason;
  readonly count: number;
}

/**
 * The conclusion on a host that did not reply itself: `undecided` if no port of it was decided, `no-arp-response` if its own link
 * has no such address, `no-response` if nothing was received, otherwise the error that others sent most often.
 */
export type Conclusion = Reason | "undecided";

/** The report of one host. */
export interface HostReport {
  readonly ip: string;
  /** Its target names. */
  readonly names: readonly string[];
  /** Its name by reverse DNS, if it is known. */
  readonly hostname?: string | undefined;
  /** The path to it, if it was traced. */
  readonly trace?: Trace | undefined;
  /** Ports to list, in order. */
  readonly ports: readonly PortRow[];
  /** Ports that are too many to list, the largest group first. */
  readonly hidden: readonly PortGroup[];
  /** The number of open ports, and of all that may be open. */
  readonly openCount: number;
  readonly maybeOpenCount: number;
  /** The host's own reply, if any: a SYN-ACK, a RST, a refusal. */
  readonly answer: Reason | undefined;
  /** The time to live of the packet with that reply, as received; undefined if it is not known or the reply has none, as of ARP. */
  readonly answerTtl: number | undefined;
  /** The median of the host's own round trips and the median distance from it. */
  readonly roundTrip: { readonly smoothedMs: number; readonly variationMs: number } | undefined;
  /** The conclusion if the host did not reply itself; undefined otherwise. */
  readonly conclusion: Conclusion | undefined;
  /** Findings of discovery; undefined if it has not looked for the host. */
  readonly found?: FoundReport | undefined;
  /** Ports of a host that is one of many without a reply: no format lists them. */
  readonly unlisted?: readonly PortGroup[] | undefined;
  /** True if silent ports of this host may have been dropped, so that counts are lower bounds. */
  readonly atLeast: boolean;
  /**
   * A number of everything but the address and the round trips, among the hosts that are iterated over together; undefined where a name
   * or a finding is known, a path, or too many ports.
   */
  readonly kind?: number | undefined;
}

/** Findings of discovery about a host, as text. */
export interface FoundReport {
  readonly state: HostState;
  /** Its first reply, or why there is none. */
  readonly reason: Reason;
  /** The shortest round trip, in milliseconds; undefined if none was measured. */
  readonly rttMs: number | undefined;
  /** Every reply. */
  readonly evidence: readonly Evidence[];
  /** Its hardware address and the holder of the block that it is from; undefined if they are not known. */
  readonly mac: string | undefined;
  readonly vendor: string | undefined;
}

/** Returns the report of a host without ports, of which discovery has shown no reply. */
export function hostWithout(ip: string, names: NamesByHost, state: HostState, reason: Reason): HostReport {
  const conclusion = state === "undecided" ? state : reason;
  return { ...absentHost(ip, names), conclusion, found: foundWithout(state, reason) };
}

/** Returns findings without a reply to discovery. */
export function foundWithout(state: HostState, reason: Reason): FoundReport {
  return { state, reason, rttMs: undefined, evidence: [], mac: undefined, vendor: undefined };
}

/** Returns the report of an address that its own link does not have, or that a router reports as absent. */
export function absentHost(ip: string, names: NamesByHost): HostReport {
  return {
    ip,
    names: names.of(ip),
    ports: [],
    hidden: [],
    openCount: 0,
    maybeOpenCount: 0,
    answer: undefined,
    answerTtl: undefined,
    roundTrip: undefined,
    conclusion: "no-arp-response",
    atLeast: false,
  };
}

/** Returns true for an address without a host: its own link does not have it, or a router reports it as absent. */
export function isAbsent({ conclusion, found }: HostReport): boolean {
  return conclusion === "no-arp-response" || found?.state === "absent";
}

/** Returns true for a host that discovery has not found, of which no ports are listed. */
export function isUnknown({ found, ports, hidden }: HostReport): boolean {
  return found !== undefined && found.state !== "up" && ports.length === 0 && hidden.length === 0;
}

/** Returns true for a host whose time (`--host-timeout`) was up before everything about it was known. */
export function isTimedOut({ ports, hidden, found }: HostReport): boolean {
  const ended: Reason = "host-timeout";
  return found?.reason === ended || hidden.some(({ reason }) => reason === ended) ||
    ports.some(({ reason }) => reason === ended);
}

/** Returns a host's ports that a format lists, and all others by state and reason, the largest group first. */
export function shownOf(
  { ports, hidden }: HostReport,
  isListed: (row: PortRow) => boolean,
): { rows: readonly PortRow[]; hidden: readonly PortGroup[] } {
  const rows = ports.filter(isListed);
  if (rows.length === ports.length) return { rows, hidden };
  const groups = new Map<string, PortGroup>();
  const add = ({ technique, proto, state, reason, count }: PortGroup) => {
    const key = `${technique} ${state} ${reason}`;
    groups.set(key, { technique, proto, state, reason, count: count + (groups.get(key)?.count ?? 0) });
  };
  hidden.forEach(add);
  for (const row of ports) if (!isListed(row)) add({ ...row, count: 1 });
  return { rows, hidden: [...groups.values()].sort((one, other) => other.count - one.count) };
}

/** Returns a host with nmap's words for reasons: its IPv6 scans have another one for "no route to destination" (RFC 4443 section 3.1, code 0). */
export function inNmapWords(host: HostReport): HostReport {
  if (!host.ip.includes(":")) return host;
  const worded = <Row extends { readonly reason: Reason }>(row: Row): Row =>
    row.reason === "net-unreach" ? { ...row, reason: "no-route" } : row;
  return { ...host, ports: host.ports.map(worded), hidden: host.hidden.map(worded) };
}
