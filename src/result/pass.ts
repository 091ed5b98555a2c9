/**
 * The pass that a batch of results belongs to: a property of the batch, not of each row.
 *
 * @module
 */

/**
 * One pass of a scan: one technique over its probe space.
 *
 * @example
 * ```ts
 * import type { Pass } from "@synscan/synscan";
 *
 * const pass: Pass = { number: 0, technique: "syn", proto: "tcp" };
 * console.log(pass.technique); // syn
 * ```
 */
export interface Pass {
  /** Its place in the list of passes, from 0. */
  readonly number: number;
  /** The name of the technique. */
  readonly technique: string;
  /** The protocol of what is probed: `tcp`, ..., or `host` where hosts as a whole are. */
  readonly proto: string;
  /** 6 for a pass whose packets are of IPv6; absent if they are of IPv4, or if the kernel sends them. */
  readonly family?: 6 | undefined;
}

/** The protocol of passes that probe hosts as a whole. */
export const HOST = "host";

/** True for a pass that probes hosts as a whole, and for its batches, whose results have the states of hosts. */
export function probesHosts({ proto }: { readonly proto?: string }): boolean {
  return proto === HOST;
}

/** The protocol of the UDP scan. */
const UDP = "udp";

const JOIN = "+";

/** Behind the name of the technique of a pass over IPv6. */
const OVER_IPV6 = "/6";

/** Returns the name of all techniques of a scan together: `syn+fin`; `syn+syn/6` of both address families. */
export function techniqueOf(passes: readonly Pass[]): string {
  return passes.map(passName).join(JOIN);
}

/** Returns the name of a pass: its technique, and its address family if that is IPv6. */
export function passName({ technique, family }: Pass): string {
  return family === 6 ? technique + OVER_IPV6 : technique;
}

/** Returns the name of a scan's techniques for people: those over ports, or, if there are none, those over hosts. */
export function shownTechnique(passes: readonly Pass[]): string {
  return namesOf(passesOverPorts(passes)) || namesOf(passes);
}

/** Returns the passes over ports, of those of both address families the first. */
export function passesOverPorts(passes: readonly Pass[]): Pass[] {
  const overPorts = passes.filter((pass) => !probesHosts(pass));
  return overPorts.filter(({ technique }, at) => overPorts.findIndex((each) => each.technique === technique) === at);
}

/** Returns the number of techniques that give a result for one port each: the most of one protocol; 0 for a scan of hosts alone. */
export function techniquesOfPort(passes: readonly Pass[]): number {
  const counts = Map.groupBy(passesOverPorts(passes), ({ proto }) => proto);
  return Math.max(0, ...Array.from(counts.values(), ({ length }) => length));
}

/**
 * Returns true for a scan that is divided among shards and workers by host: some passes probe hosts as a whole, or only those of one
 * address family, or ports of UDP, as a host limits its ICMP errors for all of these together.
 */
export function isByHost(passes: readonly Pass[]): boolean {
  return passesOverPorts(passes).length < passes.length || passes.some(({ proto }) => proto === UDP);
}

function namesOf(passes: readonly Pass[]): string {
  return [...new Set(passes.map(({ technique }) => technique))].join(JOIN);
}

/** Returns the passes of a scan by the name of all its techniques together, each with its protocol. */
export function passesNamed(joined: string, protocolOf = (_technique: string) => "tcp"): Pass[] {
  return passesOf(joined.split(JOIN), protocolOf);
}

/** Returns a pass for each name ({@linkcode passName}), in their order. */
export function passesOf(names: readonly string[], protocolOf: (technique: string) => string): Pass[] {
  return names.map((name, number) => {
    const isOverIpv6 = name.endsWith(OVER_IPV6);
    const technique = isOverIpv6 ? name.slice(0, -OVER_IPV6.length) : name;
    return { number, technique, proto: protocolOf(technique), ...(isOverIpv6 ? { family: 6 as const } : {}) };
  });
}

/** Returns the kinds of probe of a technique, by its name: `ping(echo,syn:443)` has two, `arp` has one. */
export function probeNames(technique: string): string[] {
  const [, kinds] = /^\w+\((.*)\)$/.exec(technique) ?? [];
  return kinds === undefined ? [technique] : kinds.split(",");
}
