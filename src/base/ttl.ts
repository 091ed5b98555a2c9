/**
 * The time to live that packets are sent with.
 *
 * @module
 */

/** Returns the usual initial time to live next above the one of a received packet: each router takes one from it. */
export function initialTtl(ttl: number): number {
  return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}
