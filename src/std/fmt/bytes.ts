/**
 * A local stand-in for the part of `@std/fmt/bytes` that synscan uses.
 *
 * @module
 */

/** How {@linkcode format} writes. */
export interface FormatOptions {
  /** Powers of 1024 (KiB) instead of 1000 (kB). */
  binary?: boolean;
}

const UNITS = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

/**
 * Writes a number of bytes with three digits and a unit.
 *
 * @throws {TypeError} If `num` is not finite.
 */
export function format(num: number, options: FormatOptions = {}): string {
  if (!Number.isFinite(num)) {
    throw new TypeError(`Cannot format ${num} as bytes: it is not finite`);
  }
  const size = Math.abs(num);
  const sign = num < 0 ? "-" : "";
  if (size < 1) return `${sign}${size} B`;
  const steps = options.binary ? Math.log(size) / Math.log(1024) : Math.log10(size) / 3;
  const power = Math.min(Math.floor(steps), UNITS.length - 1);
  const scaled = Number(
    (size / (options.binary ? 1024 : 1000) ** power).toPrecision(3),
  );
  return `${sign}${scaled} ${UNITS[power]}${options.binary && power > 0 ? "i" : ""}B`;
}
