/**
 * The list of the techniques that send packets. Every other technique is the kernel's connect(2).
 *
 * @module
 */

import { FLAG_SCANS } from "./tcp_flags.ts";
import { SYN } from "./tcp_syn.ts";
import { TcpTechnique } from "./tcp_technique.ts";
import type { Technique } from "./technique.ts";

/** Every technique that sends packets. */
export const TECHNIQUES: readonly Technique[] = [SYN, ...FLAG_SCANS];

/** The name of the choice among SYN and connect(2) by what is allowed. */
export const AUTO = "auto";
/** The name of a scan by the kernel's connect(2). */
export const CONNECT = "connect";

/** Returns the technique of this name that sends packets, with other TCP flags if given; undefined for another name. */
export function packetTechnique(name: string, flags?: number): Technique | undefined {
  const technique = TECHNIQUES.find((each) => each.name === name);
  if (flags === undefined || !(technique instanceof TcpTechnique)) return technique;
  return new TcpTechnique({ ...technique.properties, flags });
}
