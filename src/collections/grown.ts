/**
 * Typed arrays that grow, and tables made of them.
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

/**
 * Replaces each column of a table by a longer copy: the public typed arrays of an object are its columns.
 *
 * @param rows Rows of the longer table.
 * @param fills Values of the elements of new rows that are not 0, by column.
 * @param widths Elements to a row where they are not 1, by column.
 */
export function growColumns(
  table: object,
  rows: number,
  fills: Readonly<Record<string, number>> = {},
  widths: Readonly<Record<string, number>> = {},
): void {
  for (const [name, column] of Object.entries(table)) {
    if (!ArrayBuffer.isView(column)) continue;
    (table as Record<string, unknown>)[name] = grown(
      column as TypedColumn,
      rows * (widths[name] ?? 1),
      fills[name] ?? 0,
    );
  }
}
