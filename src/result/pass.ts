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
}

/** The protocol of passes that probe hosts as a whole. */
export const HOST = "host";

/** True for a pass that probes hosts as a whole, and for its batches, whose results have the states of hosts. */
export function probesHosts({ proto }: { readonly proto?: string }): boolean {
  return proto === HOST;
}

const JOIN = "+";

/** Returns the name of all techniques of a scan together: `syn+fin`. */
export function techniqueOf(passes: readonly Pass[]): string {
  return passes.map(({ technique }) => technique).join(JOIN);
}

/** Returns the name of a scan's techniques for people: those over ports, or, if there are none, those over hosts. */
export function shownTechnique(passes: readonly Pass[]): string {
  return techniqueOf(passes.filter((pass) => !probesHosts(pass))) || techniqueOf(passes);
}

/** Returns the passes of a scan by the name of all its techniques together, each with its protocol. */
export function passesNamed(joined: string, protocolOf = (_technique: string) => "tcp"): Pass[] {
  return passesOf(joined.split(JOIN), protocolOf);
}

/** Returns a pass for each technique, in their order. */
export function passesOf(techniques: readonly string[], protocolOf: (technique: string) => string): Pass[] {
  return techniques.map((technique, number) => ({ number, technique, proto: protocolOf(technique) }));
}

/** Returns the kinds of probe of a technique, by its name: `ping(echo,syn:443)` has two, `arp` has one. */
export function probeNames(technique: string): string[] {
  const [, kinds] = /^\w+\((.*)\)$/.exec(technique) ?? [];
  return kinds === undefined ? [technique] : kinds.split(",");
}
