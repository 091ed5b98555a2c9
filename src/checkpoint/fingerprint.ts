/**
 * Whether a file is still the one that was written, told by the octets before a place in it.
 *
 * @module
 */

/** How many octets before a place are looked at. */
export const FINGERPRINT_LEN = 4096;

/**
 * A number that other octets are unlikely to have: FNV-1a of 32 bits. It tells a file that was replaced or edited
 * by mistake; who wants to deceive can.
 */
export function fingerprint(octets: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  return hash >>> 0;
}
