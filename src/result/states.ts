/**
 * States of a port: numbers on the hot path, words everywhere else; the array is the only conversion.
 *
 * @module
 */

/**
 * The state of a port: nmap's words, and `undecided` where a scan ended, or failed, before the state was known.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const open: number[] = [];
 * for await (const { port, state } of scan({ targets: "127.0.0.1", ports: "22,80" })) {
 *   if (state === "open") open.push(port);
 * }
 * ```
 */
export type State = "open" | "closed" | "filtered" | "unfiltered" | "open|filtered" | "closed|filtered" | "undecided";

/** The states of a port, in the order of their codes. */
export const STATES: readonly State[] = [
  "open",
  "closed",
  "filtered",
  "unfiltered",
  "open|filtered",
  "closed|filtered",
  "undecided",
];

/** Code of {@linkcode State} `open`. */
export const OPEN = 0;

/** Code of {@linkcode State} `closed`. */
export const CLOSED = 1;

/** Code of {@linkcode State} `filtered`. */
export const FILTERED = 2;

/** Code of {@linkcode State} `undecided`. */
export const UNDECIDED = 6;

/** The code of a state. */
export function stateCode(state: State): number {
  return STATES.indexOf(state);
}
