/**
 * A check that a file is still the one that was written, by the bytes before a position in it.
 *
 * @module
 */

/** The number of bytes before the position that are read. */
export const FINGERPRINT_LEN = 4096;

/**
 * A number that other bytes are unlikely to have: FNV-1a of 32 bits. It tells a file that was replaced or edited
 * by mistake; it is no protection against forgery.
 */
export function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
