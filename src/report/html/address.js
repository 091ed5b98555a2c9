/**
 * Addresses as text, as numbers, and in order.
 *
 * @module
 */

/**
 * An IPv4 address as a number; -1 for any other text.
 *
 * @param {string} ip
 */
export function ipv4Number(ip) {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip);
  if (bytes === null) return -1;
  return bytes.slice(1).reduce((address, byte) => address * 256 + Math.min(255, Number(byte)), 0);
}

/** @param {number} address */
export function ipv4Text(address) {
  return [24, 16, 8, 0].map((shift) => address >>> shift & 255).join(".");
}

/**
 * An IPv6 address as text whose order is that of the addresses.
 *
 * @param {string} ip
 */
export function ipv6Key(ip) {
  const [before = "", after] = (ip.split("%")[0] ?? "").split("::");
  const first = before === "" ? [] : before.split(":");
  const last = after === undefined || after === "" ? [] : after.split(":");
  const zeros = after === undefined ? [] : new Array(Math.max(0, 8 - first.length - last.length)).fill("0");
  return [...first, ...zeros, ...last].map((group) => group.padStart(4, "0")).join(":");
}
