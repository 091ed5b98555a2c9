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

/**
 * A prefix as text: of `2001:0db8:0000:0001` and 64 it is `2001:db8:0:1::/64`.
 *
 * @param {string} key the groups of the prefix
 * @param {number} length
 */
export function ipv6PrefixText(key, length) {
  const groups = key.split(":").map((group) => parseInt(group, 16).toString(16));
  while (groups.at(-1) === "0") groups.pop();
  return `${groups.join(":")}::/${length}`;
}

/**
 * True where two addresses, or their first groups, begin with the same bits.
 *
 * @param {string} one the key of an address
 * @param {string} other
 * @param {number} length
 */
export function isSameIpv6Prefix(one, other, length) {
  const digits = Math.floor(length / 4);
  const [first, second] = [one, other].map((key) => key.replaceAll(":", ""));
  if (first === undefined || second === undefined || first.slice(0, digits) !== second.slice(0, digits)) return false;
  const bits = length % 4;
  /** @param {string} text */
  const rest = (text) => parseInt(text[digits] ?? "0", 16) >> 4 - bits;
  return bits === 0 || rest(first) === rest(second);
}
