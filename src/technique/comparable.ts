/**
 * The techniques with results that can be compared, of one scan with those of another.
 *
 * @module
 */

import { passesNamed } from "../result/pass.ts";

/** Techniques of TCP that ask for a connection: their states mean the same, whichever of them found them. */
const HANDSHAKES: ReadonlySet<string> = new Set(["syn", "connect"]);

/** Returns true if results of a technique can be compared with those of the usual technique of the protocol. */
export function isUsualTechnique(technique: string, proto: string): boolean {
  return technique === proto || HANDSHAKES.has(technique);
}

/** Returns the techniques with results that can be compared with those of a scan, by the name of all its techniques together. */
export function comparableTechniques(joined: string): string[] {
  const own = passesNamed(joined).map(({ technique }) => technique);
  return own.some((technique) => HANDSHAKES.has(technique)) ? [...new Set([...own, ...HANDSHAKES])] : own;
}
