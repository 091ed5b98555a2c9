/**
 * Ranks of reasons: which of two results of one port replaces the other.
 *
 * @module
 */

import { NOTES } from "./notes.ts";
import { type Rank, type Reason, REASON_ROWS, reasonCode } from "./reasons.ts";
import type { State } from "./states.ts";

const WEIGHTS: Readonly<Record<Rank, number>> = { unknown: 0, silence: 1, absence: 2, error: 2, refuse: 3, accept: 4 };

const WEIGHT_OF: Uint8Array = Uint8Array.from(REASON_ROWS, ([, rank]) => WEIGHTS[rank]);

/**
 * The rule for replies to one probe that contradict each other: SYN-ACK over RST over ICMP error over silence, in whatever
 * order they arrive. True where the reason `code` replaces the reason `before` that a port was reported with.
 */
export function wins(code: number, before: number): boolean {
  return WEIGHT_OF[code]! > WEIGHT_OF[before]!;
}

/** The weight of a reason, by its code: a result of more weight replaces one of less. */
export function weightOf(code: number): number {
  return WEIGHT_OF[code]!;
}

/** True where the host refused, by the code of the reason: a closed port, or one that this probe does not open. */
export function refuses(code: number): boolean {
  return WEIGHT_OF[code] === WEIGHTS.refuse;
}

/** True where the code of a reason is that of an ICMP error, or of a reply in the place of one. */
export function isError(code: number): boolean {
  return ERRORS[code] === 1;
}

const ERRORS: Uint8Array = Uint8Array.from(REASON_ROWS, ([, rank]) => rank === "error" ? 1 : 0);

/**
 * True where a reply of the host itself was seen: one that no router sends, or the port unreachable that makes a port of UDP closed, which
 * it does from the host alone.
 */
export function isOwnAnswer({ reason, state }: { readonly reason: Reason; readonly state?: State }): boolean {
  return state === "closed" || WEIGHT_OF[reasonCode(reason)]! >= WEIGHTS.refuse;
}

/** True where no reply was seen. */
export function isSilence(reason: Reason): boolean {
  return SILENT[reasonCode(reason)] === 1;
}

const SILENT: Uint8Array = Uint8Array.from(
  REASON_ROWS,
  ([, rank]) => rank === "unknown" || rank === "silence" || rank === "absence" ? 1 : 0,
);

/** The code of the note on a port with two replies; 0 where they do not contradict each other. */
export function contradiction(code: number, other: number): number {
  const high = Math.max(WEIGHT_OF[code]!, WEIGHT_OF[other]!);
  const low = Math.min(WEIGHT_OF[code]!, WEIGHT_OF[other]!);
  if (low < WEIGHTS.error || high === low) return 0;
  return NOTES.indexOf(
    high === WEIGHTS.refuse
      ? "RST and ICMP error"
      : low === WEIGHTS.refuse
      ? "SYN-ACK and RST"
      : "SYN-ACK and ICMP error",
  );
}
