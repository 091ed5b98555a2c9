/**
 * Tables as parallel typed arrays: the public typed arrays of an object are its columns.
 *
 * @module
 */

import { grown, type TypedColumn } from "../collections/grown.ts";

/**
 * Replaces each column of a table by a longer copy.
 *
 * @param rows Rows of the longer table.
 * @param fills Values of the elements of new rows that are not 0, by column.
 * @param widths Elements to a row where they are not 1, by column.
 */
export function growColumns(
  table: object,
  rows: number,
  fills: Readonly<Record<string, number>>,
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
