/**
 * All rows, by field.
 *
 * @module
 */

import { HTTP_ROWS } from "./http.ts";
import { SSH_ROWS } from "./ssh.ts";
import type { Row } from "./row.ts";

/** The rows of all protocols. */
export const ROWS: readonly Row[] = [...SSH_ROWS, ...HTTP_ROWS];

const BY_FIELD = Map.groupBy(ROWS, ({ field }) => field);

/** Returns the rows for a field, in the order in which they are tried. */
export function rowsOf(field: string): readonly Row[] {
  return BY_FIELD.get(field) ?? [];
}
