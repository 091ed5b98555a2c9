/**
 * Checks of values whose type is unknown, such as those of a file.
 *
 * @module
 */

/** A description of a value: a condition, a list of items of one shape, or an object that has these members among others. */
export type Shape = ((value: unknown) => boolean) | readonly [Shape] | { readonly [name: string]: Shape };

/** Returns true for a value that has a shape. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape === "function") return shape(value);
  if (isListShape(shape)) return Array.isArray(value) && value.every((item) => hasShape(item, shape[0]));
  const members = isObject(value) ? value : undefined;
  return members !== undefined && Object.entries(shape).every(([name, member]) => hasShape(members[name], member));
}

function isListShape(shape: readonly [Shape] | { readonly [name: string]: Shape }): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** Returns true for an object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns true for text. */
export function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Returns true for a whole number from 0 to `most`. */
export function isWhole(value: unknown, most: number = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

/** Returns a condition that `null`, or a value with a shape, passes. */
export function orNull(shape: Shape): (value: unknown) => boolean {
  return (value) => value === null || hasShape(value, shape);
}

/** Returns a condition that `undefined`, or a value with a shape, passes. */
export function orMissing(shape: Shape): (value: unknown) => boolean {
  return (value) => value === undefined || hasShape(value, shape);
}
