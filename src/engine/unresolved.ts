// Hot path: nothing here may allocate per packet.
/**
 * Probes to hosts on an own link whose hardware address is being resolved: one makes the kernel resolve it, the others wait.
 *
 * @module
 */

import { HOP_ANSWERS, HOP_PENDING, NO_PROBLEM } from "../local/local.ts";
import { stateIn } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { Results } from "./results.ts";
import { QUEUED, READY_LIST, UNRESOLVED_LIST } from "./probe_table.ts";

const NO_ARP_RESPONSE = reasonCode("no-arp-response");
/** While hardware addresses are resolved, how often to look, in milliseconds, and how many probes may wait for them. */
const RESOLVE_GAP_MS = 2;
const MAX_UNRESOLVED = 1 << 16;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { sender: ProbeSender; results: Results };

/** The probes of a scan that wait for a hardware address. */
export class Unresolved {
  readonly #state: Parts;
  #resolutions = 0;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** True while no more probes of the source are to be taken. */
  get isFull(): boolean {
    return this.#state.table.count(UNRESOLVED_LIST) >= MAX_UNRESOLVED;
  }

  /** When to look again; Infinity while nothing waits. */
  get nextAt(): number {
    const { table, clock } = this.#state;
    return table.first(UNRESOLVED_LIST) >= 0 ? clock.nowMs + RESOLVE_GAP_MS : Infinity;
  }

  /** Makes what waits ready to be looked at again, once an address was resolved, or not. */
  release(): void {
    const { local, table } = this.#state;
    if (local.resolutions === this.#resolutions) return;
    this.#resolutions = local.resolutions;
    while (table.first(UNRESOLVED_LIST) >= 0) table.move(table.first(UNRESOLVED_LIST), READY_LIST);
  }

  /** Holds a slot back whose host's address is being resolved, or decides it where no host has replied to ARP; false where it may be sent. */
  holds(slot: number, timeMs: number): boolean {
    const { local, table } = this.#state;
    const host = table.host[slot]!;
    // Where probes do not leave, one is sent now and then so that the kernel looks again.
    if (local.problem(host) !== NO_PROBLEM) return false;
    const hop = local.resolve(host, timeMs);
    if (hop === HOP_ANSWERS) return false;
    if (hop === HOP_PENDING) {
      table.status[slot] = QUEUED;
      table.move(slot, UNRESOLVED_LIST);
    } else {
      this.#state.sender.cancel(slot);
      this.#state.results.decide(slot, stateIn(this.#state.driver.outcomes, NO_ARP_RESPONSE), NO_ARP_RESPONSE);
    }
    return true;
  }
}
