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

/** Name, short name and length in nanoseconds of each unit, and how many of it make the next longer one. */
const UNITS = [
  ["day", "d", 86_400e9, Infinity],
  ["hour", "h", 3_600e9, 24],
  ["minute", "m", 60e9, 60],
  ["second", "s", 1e9, 60],
  ["millisecond", "ms", 1e6, 1000],
  ["microsecond", "µs", 1e3, 1000],
  ["nanosecond", "ns", 1, 1000],
] as const;

/** Writes milliseconds as days, hours and so on down to nanoseconds; the sign is dropped. */
export function format(ms: number, options: FormatOptions = {}): string {
  const { style = "narrow", ignoreZero = false } = options;
  const full = style === "full";
  const nanos = Math.trunc(Math.round(Math.abs(ms) * 1e7) / 10);
  return UNITS.map(([name, short, length, limit]) => ({
    name,
    short,
    count: Math.trunc(nanos / length) % limit,
  }))
    .filter(({ count }) => count > 0 || !ignoreZero)
    .map(({ name, short, count }) => full ? `${count} ${name}${count === 1 ? "" : "s"}` : `${count}${short}`)
    .join(full ? ", " : " ");
}
