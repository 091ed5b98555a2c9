/**
 * The list of the techniques, and the choice among them. Those that send packets are objects of the contract; the other is the
 * kernel's connect(2).
 *
 * @module
 */

import { TCP_SYN } from "../wire/tcp.ts";
import { FLAG_SCANS } from "./tcp_flags.ts";
import { SYN, SYN_OPTIONS } from "./tcp_syn.ts";
import { TcpTechnique } from "./tcp_technique.ts";
import type { Technique } from "./technique.ts";

/** Every technique that sends packets. */
export const TECHNIQUES: readonly Technique[] = [SYN, ...FLAG_SCANS];

/** The name of the choice among SYN and connect(2) by what is allowed. */
const AUTO = "auto";
/** The name of a scan by the kernel's connect(2). */
const CONNECT = "connect";
/** The name of the technique of a user who chooses none, if raw sockets are allowed. */
const USUAL = SYN.name;

/** Every technique, in the order of their passes: the first shows open ports, by which others are judged. */
const NAMES: readonly string[] = [...TECHNIQUES.map(({ name }) => name), CONNECT];

/** The names that can be chosen. */
export const TECHNIQUE_CHOICES: readonly string[] = [AUTO, ...NAMES];

/** Returns true if a choice names a technique; false if it leaves that to the scan. */
export function namesTechnique(choice: string | readonly string[] = AUTO): boolean {
  return [choice].flat().some((name) => name !== AUTO);
}

/** Returns the techniques that a choice names, each once and in the order of their passes. */
export function techniquesIn(choice: string | readonly string[] = AUTO, canOpenRaw = true): string[] {
  if (!canOpenRaw && !namesTechnique(choice)) return [CONNECT];
  const wanted = new Set([choice].flat().map((name) => name === AUTO ? USUAL : name));
  return NAMES.filter((name) => wanted.has(name));
}

/** Returns true if a technique, with these flags in place of its own, sends a SYN, which alone has options. */
export function sendsSyn(name: string, flags?: number): boolean {
  const technique = packetTechnique(name);
  return technique instanceof TcpTechnique && technique.properties.options !== undefined &&
    ((flags ?? technique.properties.flags) & TCP_SYN) !== 0;
}

/**
 * Returns the technique of this name that sends packets; undefined for another name.
 *
 * @param flags TCP flags in place of its own.
 * @param synOptions A layout of {@linkcode SYN_OPTIONS} in place of its own, if it sends a SYN.
 */
export function packetTechnique(name: string, flags?: number, synOptions?: string): Technique | undefined {
  const technique = TECHNIQUES.find((each) => each.name === name);
  if (flags === undefined && synOptions === undefined || !(technique instanceof TcpTechnique)) return technique;
  const { options: own, ...properties } = technique.properties;
  const layout = sendsSyn(name, flags) ? synOptions === undefined ? own : SYN_OPTIONS[synOptions] : undefined;
  return new TcpTechnique({
    ...properties,
    ...(flags === undefined ? {} : { flags }),
    ...(layout === undefined ? {} : { options: layout }),
  });
}
