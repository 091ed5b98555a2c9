// Hot path: nothing here may allocate per packet.
/**
 * Timeouts from measured round trips (RFC 6298, with the bounds that the user set).
 *
 * @module
 */

/** Bounds of the wait for a reply, in milliseconds. */
export interface TimeoutBounds {
  /** The wait before any round trip was measured. */
  readonly initialMs: number;
  /** The shortest wait. */
  readonly minMs: number;
  /** The longest wait. */
  readonly maxMs: number;
}

/** RFC 6298 section 2: weight of a new sample in the smoothed round trip. */
const ALPHA = 1 / 8;
/** RFC 6298 section 2: weight of a new sample in the variation. */
const BETA = 1 / 4;

/** Returns the smoothed RTT (SRTT) after a sample; `srtt` below 0 means that this is the first sample. */
export function smoothedRtt(srtt: number, sampleMs: number): number {
  return srtt < 0 ? sampleMs : srtt + ALPHA * (sampleMs - srtt);
}

/** Returns the RTT variation (RFC 6298's RTTVAR) after a sample; `srtt` and `variation` are the values before the sample. */
export function rttVariation(srtt: number, variation: number, sampleMs: number): number {
  return srtt < 0 ? sampleMs / 2 : variation + BETA * (Math.abs(sampleMs - srtt) - variation);
}

/** Returns the retransmission timeout in milliseconds. */
export function answerTimeout(srtt: number, variation: number, bounds: TimeoutBounds): number {
  if (srtt < 0) return bounds.initialMs;
  return Math.min(bounds.maxMs, Math.max(bounds.minMs, srtt + 4 * variation));
}
