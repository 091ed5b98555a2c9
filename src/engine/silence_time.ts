// Hot path: nothing here may allocate per packet.
/**
 * The time that the silence of a port takes to mean something.
 *
 * @module
 */

import type { EngineState } from "./engine_state.ts";
import { GLOBAL } from "./host_table.ts";

/**
 * A router reports a host behind it that does not reply to ARP after 3.07 s (three requests of a second each in Linux): that long
 * is waited for a host that has not replied.
 */
const LATE_UNREACHABLE_MS = 3300;

/**
 * Returns the engine time from which on the silence of a slot counts.
 *
 * @param index Its host's index.
 * @param sentMs When its last probe was sent.
 */
export function silenceCountsAt(state: EngineState, slot: number, index: number, sentMs: number): number {
  const { table, limits: { timeouts: { maxMs } }, driver: { leastSilenceMs = 0 } } = state;
  const hostMs = index === GLOBAL ? table.times.first[slot]! + leastMs(state, table.host[slot]!) : 0;
  return Math.max(hostMs, leastSilenceMs <= maxMs ? sentMs + leastSilenceMs : 0);
}

/** Returns the time that a host gets of which no round trip is known, in milliseconds. */
function leastMs(state: EngineState, host: number): number {
  const { local, silences, limits: { timeouts: { initialMs, maxMs } } } = state;
  // In an earlier pass the router has had the time to report it.
  if (!local.isRouted(host) || state.isSilent(host, GLOBAL)) return initialMs;
  // A user who bounds the wait for a reply below that wants an end sooner.
  if (maxMs >= LATE_UNREACHABLE_MS) return LATE_UNREACHABLE_MS;
  silences.isEarly = true;
  return initialMs;
}
