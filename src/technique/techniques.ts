/**
 * The list of the techniques that send packets. Every other technique is the kernel's connect(2).
 *
 * @module
 */

import { FLAG_SCANS } from "./tcp_flags.ts";
import { SYN, SYN_OPTIONS } from "./tcp_syn.ts";
import { TcpTechnique } from "./tcp_technique.ts";
import type { Technique } from "./technique.ts";

/** Every technique that sends packets. */
export const TECHNIQUES: readonly Technique[] = [SYN, ...FLAG_SCANS];

/** The name of the choice among SYN and connect(2) by what is allowed. */
export const AUTO = "auto";
/** The name of a scan by the kernel's connect(2). */
export const CONNECT = "connect";

/**
 * Returns the technique of this name that sends packets; undefined for another name.
 *
 * @param flags TCP flags in place of its own.
 * @param synOptions A layout of {@linkcode SYN_OPTIONS} in place of its own, if it sends a SYN.
 */
export function packetTechnique(name: string, flags?: number, synOptions?: string): Technique | undefined {
  const technique = TECHNIQUES.find((each) => each.name === name);
  if (flags === undefined && synOptions === undefined || !(technique instanceof TcpTechnique)) return technique;
  const { properties } = technique;
  const options = synOptions === undefined || !properties.isHandshake ? properties.options : SYN_OPTIONS[synOptions];
  return new TcpTechnique({ ...properties, flags: flags ?? properties.flags, ...(options && { options }) });
}
