/**
 * Outcomes: the state that a reason stands for, in one table per technique.
 *
 * @module
 */

import { type Rank, type Reason, REASON_ROWS, reasonCode, REASONS } from "./reasons.ts";
import { type HostState, hostStateCode, type State, stateCode } from "./states.ts";

/** The state of each reason: of a reply from the host itself, from another sender, and of a suspicious one (`Reply.odd`) or late error. */
type OutcomeRow = State | { readonly own: State; readonly other?: State; readonly odd?: State };

/** States by code, for each reason and kind of sender; see {@linkcode stateIn}. */
export type OutcomeTable = Uint8Array;

const OTHER_SENDER = 1;

const ODD = 2;

const COLUMNS = 4;

const HOST_UNREACH = reasonCode("host-unreach");

/** The table of a technique without differences: one look-up of each state, since every start of the program makes it. */
const USUAL: OutcomeTable = new Uint8Array(REASONS.length * COLUMNS);
REASON_ROWS.forEach(([, , usual], code) => setRow(USUAL, code, usual));

/** Sets the states of a reason, by its code. */
function setRow(table: OutcomeTable, code: number, row: OutcomeRow): void {
  const at = code * COLUMNS;
  if (typeof row === "string") {
    table.fill(stateCode(row), at, at + COLUMNS);
    return;
  }
  const { own, other = own, odd } = row;
  table[at] = stateCode(own);
  table[at + OTHER_SENDER] = stateCode(other);
  table[at + ODD] = stateCode(odd ?? own);
  table[at + (OTHER_SENDER | ODD)] = stateCode(odd ?? other);
}

/** Makes the table of a technique, in which these reasons have another state than usual. */
export function outcomeTable(differences: Readonly<Partial<Record<Reason, OutcomeRow>>> = {}): OutcomeTable {
  const table = USUAL.slice();
  for (const [reason, row] of Object.entries(differences)) setRow(table, reasonCode(reason as Reason), row);
  return table;
}

/** States of hosts by the rank of a reason: of a reply from the host itself, and of one from another sender. */
const HOST_STATE_OF: Readonly<Record<Rank, readonly [own: HostState, other: HostState]>> = {
  unknown: ["undecided", "undecided"],
  silence: ["silent", "silent"],
  absence: ["absent", "absent"],
  // Errors that a router sends show nothing of the host: RFC 1122 section 3.2.2.1 calls them a hint.
  error: ["up", "silent"],
  refuse: ["up", "up"],
  accept: ["up", "up"],
};

/** The table of a technique that probes hosts without differences. */
const USUAL_OF_HOSTS: OutcomeTable = new Uint8Array(REASONS.length * COLUMNS);
REASON_ROWS.forEach(([, rank], code) => setHostRow(USUAL_OF_HOSTS, code, ...HOST_STATE_OF[rank]));

/** Sets the states of hosts of a reason, by its code. */
function setHostRow(table: OutcomeTable, code: number, own: HostState, other: HostState): void {
  const at = code * COLUMNS, ownCode = hostStateCode(own), otherCode = hostStateCode(other);
  table[at] = table[at + ODD] = ownCode;
  table[at + OTHER_SENDER] = otherCode;
  // A router that reports a host late has looked for it on its own link in vain; at once it may as well be a firewall.
  table[at + (OTHER_SENDER | ODD)] = code === HOST_UNREACH ? hostStateCode("absent") : otherCode;
}

/** Makes the table of a technique that probes hosts, in which these reasons have another state than their rank has. */
export function hostOutcomeTable(differences: Readonly<Partial<Record<Reason, HostState>>> = {}): OutcomeTable {
  const table = USUAL_OF_HOSTS.slice();
  for (const [reason, state] of Object.entries(differences)) {
    setHostRow(table, reasonCode(reason as Reason), state, state);
  }
  return table;
}

/** The code of the state that a reason, by its code, stands for in a technique's table. */
export function stateIn(table: OutcomeTable, reason: number, own = true, odd = false): number {
  return table[reason * COLUMNS + (own ? 0 : OTHER_SENDER) + (odd ? ODD : 0)]!;
}

/** The outcomes of a handshake: of a SYN, and of connect(2). */
export const HANDSHAKE_OUTCOMES: OutcomeTable = outcomeTable();

/** State and reason of a result, by their codes, as one number of at least 0. */
export function outcomeCode(state: number, reason: number): number {
  return state << 8 | reason;
}

/** Returns the code of the state in an outcome code. */
export function stateOfOutcome(outcome: number): number {
  return outcome >>> 8;
}

/** Returns the code of the reason in an outcome code. */
export function reasonOfOutcome(outcome: number): number {
  return outcome & 0xff;
}
