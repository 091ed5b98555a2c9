/**
 * The pass that a batch of results belongs to: a property of the batch, not of each row.
 *
 * @module
 */

/** One pass of a scan: one technique over its probe space. */
export interface Pass {
  /** Its place in the list of passes, from 0. */
  readonly number: number;
  /** The name of the technique. */
  readonly technique: string;
  /** The protocol of what is probed: `tcp`, ... */
  readonly proto: string;
}

const JOIN = "+";

/** Returns the name of all techniques of a scan together: `syn+fin`. */
export function techniqueOf(passes: readonly Pass[]): string {
  return passes.map(({ technique }) => technique).join(JOIN);
}

/** Returns the passes of a scan by the name of all its techniques together, each with its protocol. */
export function passesNamed(joined: string, protocolOf = (_technique: string) => "tcp"): Pass[] {
  return passesOf(joined.split(JOIN), protocolOf);
}

/** Returns a pass for each technique, in their order. */
export function passesOf(techniques: readonly string[], protocolOf: (technique: string) => string): Pass[] {
  return techniques.map((technique, number) => ({ number, technique, proto: protocolOf(technique) }));
}
