// Hot path: nothing here may allocate per packet.
/**
 * Finds hosts that refuse everything once they have seen the scan, as firewalls and fail2ban do that reject where others
 * drop. Ports are probed in random order, so that the kinds of replies are mixed. Where one kind has ended, a port that replied so is
 * probed once more. If it is refused now, the refusals since then show only that the host blocks this scanner. Else the order may be why:
 * common ports come first, and more of them are open. So the next port is probed again much later.
 *
 * @module
 */

import { CLOSED, OPEN } from "../result/states.ts";
import type { EngineState } from "./engine_state.ts";
import { GLOBAL } from "./host_table.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import { noteCode } from "./notes.ts";
import { FOR_RECHECK } from "./probe_table.ts";
import type { ProbeSender } from "./probe_sender.ts";

/** Note on a host. */
export const BLOCKED = noteCode(
  "blocked: it refuses a port now that replied otherwise before, so that refusals may be a firewall's",
);

/** Note on a host. */
export const LIMITED = noteCode(
  "limited: an open port did not reply again while others were silent, so that silent ports may be open",
);

/** An open port is probed again after so many replies of its host: where something rejects or drops what is beyond a rate, it meets that port, too. */
const CHECKED_REPLIES: readonly number[] = [32, 512];
/** The chance that a port which replies stays without a reply when it is probed again, for which it is probed often enough. */
const CHANCE_OF_SILENCE = 0.0001;
/** Attempts at least. */
const MIN_RECHECK_TRIES = 3;
/** Replies between two looks at a host. */
const LOOK_EVERY = 8;
/** A port is probed again where the order of replies had no more than this chance. */
const UNLIKELY = 0.01;
/** Ports of a host that are probed again at most: enough for 65,536, as its replies have become three times as many from one to the next. */
const MAX_RECHECKS = 8;
/** Another port is probed again once this share of the host's replies has come since the one before. */
const LATER_SHARE = 2 / 3;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { sender: ProbeSender; loss: LossAccount; limiters: HostLimiters; icmp: IcmpErrors };

/** The hosts of one scan that block it. */
export class Blocks {
  readonly #state: Parts;
  /** Hosts that have a note because of an ICMP error. */
  readonly #byError = new Set<number>();
  /** Hosts of which an open port did not reply as before when it was last probed again. */
  readonly #failedOnce = new Set<number>();

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Takes a reply that decides a port of a host with several, after it was counted. */
  onReply(index: number, port: number, state: number, isError: boolean): void {
    const { hosts, driver, icmp } = this.#state;
    if (index === GLOBAL || !driver.hasPorts || icmp.isOn) return;
    const { answered, open, errors, refusedRow, errorRow, rechecks } = hosts;
    if (state === OPEN) {
      // connect(2) would be one connection more to a service.
      if (driver.sendNear !== undefined) hosts.openPort[index] = port;
      refusedRow[index] = errorRow[index] = 0;
      return;
    }
    refusedRow[index]!++;
    if (isError) {
      errors[index]!++;
      errorRow[index]!++;
    } else errorRow[index] = 0;
    const replies = answered[index]! + errors[index]!;
    if (CHECKED_REPLIES.includes(replies) && !this.#isLimited(index)) {
      this.#send(index, hosts.openPort[index]!);
    }
    if (replies % LOOK_EVERY !== 0 || rechecks[index]! >= MAX_RECHECKS) return;
    const least = rechecks[index] === 0 ? 0 : LATER_SHARE * replies;
    if (errorRow[index]! > least && isUnlikely(errorRow[index]!, answered[index]!, replies)) {
      const closed = hosts.livenessPort[index]!;
      this.#recheck(index, closed >= 0 ? closed : hosts.openPort[index]!);
    } else if (refusedRow[index]! > least && isUnlikely(refusedRow[index]!, open[index]!, replies)) {
      this.#recheck(index, hosts.openPort[index]!);
    }
  }

  /** Takes the reply of a port that was probed again. */
  onRecheck(slot: number, state: number, isError: boolean): void {
    const { hosts, notes, table } = this.#state;
    const host = table.host[slot]!;
    const index = hosts.find(host);
    const isOpen = state === OPEN;
    const wasOpen = table.state[slot] === OPEN;
    const isRefused = !isError && !isOpen && wasOpen;
    if (isRefused && this.#isFirstFailure(slot, index)) return;
    if (isError || isRefused) {
      if (!isError) this.#byError.delete(host);
      else if (!notes.hasHost(host, BLOCKED)) this.#byError.add(host);
      notes.addHost(host, BLOCKED);
      hosts.rechecks[index] = MAX_RECHECKS;
      return;
    }
    hosts.errorRow[index] = 0;
    if (isOpen) hosts.refusedRow[index] = 0;
    if (wasOpen) this.#failedOnce.delete(host);
  }

  /** Takes that a probe which reports no result stays silent, and whether it could have been replied to. */
  onSilent(slot: number, couldReply: boolean): void {
    const { hosts, notes, table } = this.#state;
    if (table.purpose[slot] !== FOR_RECHECK || table.state[slot] !== OPEN) return;
    const host = table.host[slot]!;
    const index = hosts.find(host);
    if (!couldReply || this.#isLimited(index) || this.#isFirstFailure(slot, index)) return;
    const firstMs = table.sentAt(slot, table.tries[slot]! - table.countedTries[slot]!);
    // Where nothing else is replied to, either, the host or the path is to blame.
    if (hosts.aliveAt[index]! >= firstMs) notes.addHost(host, LIMITED);
  }

  /**
   * Returns true where an open port has failed to reply as before for the first time; probes it once more then, beside a closed one. It may be
   * chance, or an outage, and Linux resets a half-open connection, where our RST was lost, at another SYN from the same port that has another
   * sequence number (tcp_check_req).
   */
  #isFirstFailure(slot: number, index: number): boolean {
    const { table: { host, port }, hosts: { livenessPort } } = this.#state;
    if (this.#failedOnce.has(host[slot]!)) return false;
    this.#failedOnce.add(host[slot]!);
    this.#send(index, port[slot]!, OPEN);
    this.#send(index, livenessPort[index]!, CLOSED);
    return true;
  }

  /** Takes that a port which an ICMP error had decided has another reply now: the errors met a part of the probes only. */
  onOtherReply(host: number): void {
    if (this.#byError.delete(host)) this.#state.notes.removeHost(host, BLOCKED);
  }

  /** True where a port that had replied, and has not replied to so many attempts, is to be sent one more. */
  isRepeated(index: number, attempts: number): boolean {
    if (attempts < MIN_RECHECK_TRIES) return true;
    return !this.#isLimited(index) && this.#state.loss.of(index).probabilityAllLost(attempts) >= CHANCE_OF_SILENCE;
  }

  /** True where a limit of a host is known: it is probed at that rate, and its silence shows nothing. */
  #isLimited(index: number): boolean {
    return this.#state.limiters.of(index) !== undefined;
  }

  #recheck(index: number, port: number): void {
    if (this.#send(index, port)) this.#state.hosts.rechecks[index]!++;
  }

  /** Probes a port of a host again, which was in a state, or open if it is the host's open one. */
  #send(index: number, port: number, before = port === this.#state.hosts.openPort[index] ? OPEN : CLOSED): boolean {
    const { hosts, sender, table } = this.#state;
    const slot = port < 0 ? -1 : sender.enqueue(hosts.address[index]!, port, FOR_RECHECK);
    if (slot >= 0) table.state[slot] = before;
    return slot >= 0;
  }
}

/** True where it is unlikely that the last `row` of so many replies, in random order, are none of `others` among them. */
function isUnlikely(row: number, others: number, replies: number): boolean {
  return others > 0 && row > 0 && (1 - row / replies) ** others < UNLIKELY;
}
