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

/**
 * The state of a host: it has replied (`up`), it has not although it would have had to (`absent`), its silence shows nothing
 * (`silent`), or the scan ended, or failed, before the state was known (`undecided`).
 *
 * @example
 * ```ts
 * import { type HostState, scan } from "@synscan/synscan";
 *
 * const state: HostState = "up";
 * const { hostsUp } = await scan({ targets: "127.0.0.1", ports: "22" }).summary;
 * console.log(state, hostsUp);
 * ```
 */
export type HostState = "up" | "absent" | "silent" | "undecided";

/**
 * The states of a host by code, which has the bits of a port's: which of the two a code means is known from the pass of its batch. Codes
 * that are missing mean nothing.
 */
export const HOST_STATES: readonly HostState[] = [
  "up",
  "absent",
  "silent",
  ...Array<HostState>(UNDECIDED - 3).fill("undecided"),
  "undecided",
];

/** Code of {@linkcode HostState} `up`. */
export const UP = 0;

/** Code of {@linkcode HostState} `absent`. */
export const ABSENT = 1;

/** Code of {@linkcode HostState} `silent`. */
export const SILENT = 2;

/** The code of a host's state. */
export function hostStateCode(state: HostState): number {
  return state === "undecided" ? UNDECIDED : HOST_STATES.indexOf(state);
}
