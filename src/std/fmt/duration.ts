/**
 * A local stand-in for the part of `@std/fmt/duration` that synscan uses.
 *
 * @module
 */

/** How {@linkcode format} writes. */
export interface FormatOptions {
  /** `narrow` (the default): `1m 39s 674ms`; `full`: `1 minute, 39 seconds, 674 milliseconds`. */
  style?: "narrow" | "full";
  /** Leaves out units that are zero. */
  ignoreZero?: boolean;
}

/** Name, short name and length of a unit, and how many of it make the next longer one. */
type Unit = readonly [name: string, short: string, length: number, limit: number];

const MILLISECOND_AND_LONGER: readonly Unit[] = [
  ["day", "d", 86_400_000, Infinity],
  ["hour", "h", 3_600_000, 24],
  ["minute", "m", 60_000, 60],
  ["second", "s", 1000, 60],
  ["millisecond", "ms", 1, 1000],
];
const SHORTER: readonly Unit[] = [
  ["microsecond", "µs", 1000, 1000],
  ["nanosecond", "ns", 1, 1000],
];

/** Writes milliseconds as days, hours and so on down to nanoseconds; the sign and what is shorter are dropped. */
export function format(ms: number, options: FormatOptions = {}): string {
  const { style = "narrow", ignoreZero = false } = options;
  const full = style === "full";
  const size = Math.abs(ms);
  // The digit after the nanoseconds is rounded, and then dropped; nothing is carried over into the milliseconds.
  const nanos = Number(size.toFixed(7).slice(-7, -1));
  return [...counts(size, MILLISECOND_AND_LONGER), ...counts(nanos, SHORTER)]
    .filter(({ count }) => count > 0 || !ignoreZero)
    .map(({ name, short, count }) => full ? `${count} ${name}${count === 1 ? "" : "s"}` : `${count}${short}`)
    .join(full ? ", " : " ");
}

function counts(size: number, units: readonly Unit[]): { name: string; short: string; count: number }[] {
  return units.map(([name, short, length, limit]) => ({ name, short, count: Math.trunc(size / length) % limit }));
}
