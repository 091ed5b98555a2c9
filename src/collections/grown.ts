/**
 * Typed arrays that grow.
 *
 * @module
 */

/** The typed arrays that {@linkcode grown} copies. */
export type TypedColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Returns a copy of a typed array with `length` elements, the new ones set to `fill`. */
export function grown<A extends TypedColumn>(array: A, length: number, fill = 0): A {
  const longer = new (array.constructor as new (length: number) => A)(length);
  longer.set(array);
  if (fill !== 0) longer.fill(fill, array.length);
  return longer;
}
