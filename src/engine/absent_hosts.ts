// Hot path: nothing here may allocate per packet, but for the first of a host.
/**
 * Hosts that a router has reported as unreachable so late that it must have looked for them on its own link in vain.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import type { EngineState } from "./engine_state.ts";
import { GLOBAL } from "./host_table.ts";

const HOST_UNREACH = reasonCode("host-unreach");
/**
 * A router that reports a host as unreachable so long after the first probe, in milliseconds, has not found it on its own link: Linux
 * sends three ARP requests, a second each, before it reports that (arp(7)), and others wait as long. At once it may be a firewall.
 */
const LATE_UNREACHABLE_MS = 2950;
/** An error so late may be one for which a router has waited, as far as its round trip is concerned. */
const MAY_HAVE_WAITED_MS = 900;
/** Hosts that are kept. */
const MAX_ABSENT = 1 << 16;

/** The hosts of a scan that are known to be absent. */
export class AbsentHosts {
  readonly #state: EngineState;
  readonly #reportedBy = new Map<number, number>();

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** True where an error that arrives now for a slot shows that the host, which has not replied, is absent. */
  isShownBy(slot: number, index: number, reason: number, from: number, timeMs: number): boolean {
    if (reason !== HOST_UNREACH || index !== GLOBAL) return false;
    const { table } = this.#state;
    const host = table.host[slot]!;
    if (from === host || timeMs - table.times.first[slot]! < LATE_UNREACHABLE_MS) return false;
    if (this.#reportedBy.size < MAX_ABSENT) this.#reportedBy.set(host, from);
    return true;
  }

  /** True for an error that a router may have sent only after it had looked for the host for a while. */
  mayHaveWaited(slot: number, reason: number, from: number, timeMs: number): boolean {
    const { table } = this.#state;
    const host = table.host[slot]!;
    return reason === HOST_UNREACH && from !== host &&
      (timeMs - table.times.first[slot]! >= MAY_HAVE_WAITED_MS || this.reporterOf(host) !== 0);
  }

  /** Returns the router that has reported a host; 0 if none has. */
  reporterOf(host: number): number {
    return this.#reportedBy.size === 0 ? 0 : this.#reportedBy.get(host) ?? 0;
  }

  /** Takes that a host has replied after all. */
  onReply(host: number): void {
    if (this.#reportedBy.size > 0) this.#reportedBy.delete(host);
  }
}
