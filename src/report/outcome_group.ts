/**
 * A state and a reason as one number, by which the aggregator groups ports.
 *
 * @module
 */
import { isSilence } from "../result/rank.ts";
import { type Reason, REASONS } from "../result/reasons.ts";
import { OPEN, type State, STATES } from "../result/states.ts";

const STATE_CODE = new Map<State, number>(STATES.map((state, code) => [state, code]));
const REASON_CODE = new Map<Reason, number>(REASONS.map((reason, code) => [reason, code]));
const IS_SILENCE = REASONS.map(isSilence);

const REASON_BITS = 8;
const REASON_MASK = (1 << REASON_BITS) - 1;

/** The number of groups; each is below it. */
export const GROUP_COUNT = STATES.length << REASON_BITS;

/** Returns the group of a state and a reason. */
export function groupOf(state: State, reason: Reason): number {
  return STATE_CODE.get(state)! << REASON_BITS | REASON_CODE.get(reason)!;
}

/** Returns the code of a group's state. */
export function stateCodeOf(group: number): number {
  return group >> REASON_BITS;
}

/** Returns the state of a group. */
export function stateOf(group: number): State {
  return STATES[group >> REASON_BITS]!;
}

/** Returns the reason of a group. */
export function reasonOf(group: number): Reason {
  return REASONS[group & REASON_MASK]!;
}

/** Returns true for a group of open ports. */
export function isOpen(group: number): boolean {
  return group >> REASON_BITS === OPEN;
}

/** Returns true for a group of ports for which nothing was received. */
export function isSilent(group: number): boolean {
  return IS_SILENCE[group & REASON_MASK]!;
}
