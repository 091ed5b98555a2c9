/**
 * The holders of MAC address blocks, from the IEEE's list `oui.txt`: a line such as `00-22-72   (hex)		Name` for each block of
 * 2^24 addresses.
 *
 * @module
 */

const BLOCK = /^([\dA-F]{2})-([\dA-F]{2})-([\dA-F]{2})[ \t]+\(hex\)[ \t]+(\S.*?)\s*$/gm;
/** Addresses of a block. */
const BLOCK_SIZE = 2 ** 24;
/** Characters of a name at most. */
const MAX_NAME_LEN = 60;
/** Bit of an address that its owner has chosen, IEEE 802 section 8.2.2. Such addresses have no vendor. */
const LOCAL_BIT = 2;
/** Control characters, and those that change the direction of text. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Vendor names by the upper 24 bits of a MAC address. */
export type VendorList = ReadonlyMap<number, string>;

/** Reads the text of `oui.txt`; `undefined` if it holds no block. */
export function parseVendors(text: string): VendorList | undefined {
  const vendors = new Map<number, string>();
  for (const [, a, b, c, name] of text.matchAll(BLOCK)) {
    vendors.set(parseInt(`${a}${b}${c}`, 16), name!.replace(UNPRINTABLE, "").slice(0, MAX_NAME_LEN));
  }
  return vendors.size === 0 ? undefined : vendors;
}

/** Returns the vendor of a MAC address; `undefined` if it is not in the list, or the address was chosen by its owner. */
export function vendorOf(vendors: VendorList, mac: number): string | undefined {
  const block = Math.floor(mac / BLOCK_SIZE);
  return (block >> 16 & LOCAL_BIT) !== 0 ? undefined : vendors.get(block);
}
