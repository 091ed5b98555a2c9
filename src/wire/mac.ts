/**
 * MAC addresses as numbers of 48 bits, and as text.
 *
 * @module
 */

/** Bytes of a MAC address. */
export const MAC_LEN = 6;
/** The MAC address of all stations of a link. */
export const MAC_BROADCAST = 0xffff_ffff_ffff;

/** A MAC address as text, for example `02:00:5e:10:00:07`. */
export function formatMac(mac: number): string {
  return mac.toString(16).padStart(2 * MAC_LEN, "0").replace(/..(?=.)/g, "$&:");
}

/** Reads a MAC address as {@linkcode formatMac} writes it, in letters of either case; `undefined` for anything else. */
export function parseMac(text: string): number | undefined {
  return /^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text) ? parseInt(text.replaceAll(":", ""), 16) : undefined;
}

/** True for the address of one station: not of a group, not broadcast, not 0. */
export function isStationMac(mac: number): boolean {
  return mac !== 0 && (Math.floor(mac / GROUP_BIT) & 1) === 0;
}

/** The bit of a group address, IEEE 802 section 8.2.2. */
const GROUP_BIT = 2 ** 40;
