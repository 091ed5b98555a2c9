/**
 * A technique, a state and a reason as one number, by which the aggregator groups ports.
 *
 * @module
 */
import { isOwnAnswer as isOwn, isSilence } from "../result/rank.ts";
import { mayBeOpen as stateMayBeOpen } from "./writer.ts";
import { type Reason, REASONS } from "../result/reasons.ts";
import { OPEN, type State, STATES } from "../result/states.ts";

const STATE_CODE = new Map<State, number>(STATES.map((state, code) => [state, code]));
const REASON_CODE = new Map<Reason, number>(REASONS.map((reason, code) => [reason, code]));
const IS_SILENCE = REASONS.map(isSilence);
const MAY_BE_OPEN = STATES.map(stateMayBeOpen);

const REASON_BITS = 8;
const REASON_MASK = (1 << REASON_BITS) - 1;
const STATE_BITS = 3;
const STATE_MASK = (1 << STATE_BITS) - 1;
/** By state, and by reason within it. */
const IS_OWN = STATES.flatMap((state) => REASONS.map((reason) => isOwn({ reason, state })));
/** Techniques of one scan. */
export const MAX_TECHNIQUES = 16;

/** The number of groups; each is below it. */
export const GROUP_COUNT = MAX_TECHNIQUES << STATE_BITS + REASON_BITS;

/** Returns the group of a state and a reason, found by the technique of this number. */
export function groupOf(state: State, reason: Reason, technique: number): number {
  return (technique << STATE_BITS | STATE_CODE.get(state)!) << REASON_BITS | REASON_CODE.get(reason)!;
}

/** Returns the group of an outcome code, found by the technique of this number. */
export function outcomeGroup(outcome: number, technique: number): number {
  return technique << STATE_BITS + REASON_BITS | outcome;
}

/** Returns the number of a group's technique. */
export function techniqueOf(group: number): number {
  return group >> STATE_BITS + REASON_BITS;
}

/** Returns a number for a group's technique and state. */
export function stateIndex(group: number): number {
  return group >> REASON_BITS;
}

/** Returns the number of technique and state pairs of so many techniques. */
export function stateIndices(techniques: number): number {
  return techniques << STATE_BITS;
}

/** Returns the state of a group. */
export function stateOf(group: number): State {
  return STATES[group >> REASON_BITS & STATE_MASK]!;
}

/** Returns the reason of a group. */
export function reasonOf(group: number): Reason {
  return REASONS[group & REASON_MASK]!;
}

/** Returns true for a group of open ports. */
export function isOpen(group: number): boolean {
  return (group >> REASON_BITS & STATE_MASK) === OPEN;
}

/** Returns true for a group of ports that are or may be open. */
export function mayBeOpen(group: number): boolean {
  return MAY_BE_OPEN[group >> REASON_BITS & STATE_MASK]!;
}

/** Returns true for a group of ports of which the host itself has sent a reply. */
export function isOwnAnswer(group: number): boolean {
  return IS_OWN[(group >> REASON_BITS & STATE_MASK) * REASONS.length + (group & REASON_MASK)]!;
}

/** Returns true for a group of ports for which nothing was received. */
export function isSilent(group: number): boolean {
  return IS_SILENCE[group & REASON_MASK]!;
}
