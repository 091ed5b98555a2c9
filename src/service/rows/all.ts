/**
 * All rows, by field.
 *
 * @module
 */

import { DATAGRAM_ROWS } from "./datagrams.ts";
import { ERROR_ROWS } from "./errors.ts";
import { GREETING_ROWS } from "./greeting.ts";
import { HTTP_ROWS } from "./http.ts";
import { PAGE_ROWS } from "./pages.ts";
import type { Row } from "./row.ts";
import { SELF_NAMED_ROWS } from "./self_named.ts";
import { SSH_ROWS } from "./ssh.ts";
import { DATA_ROWS, DEVICE_ROWS, NETWORK_ROWS } from "./systems.ts";

/** The rows of all protocols. */
export const ROWS: readonly Row[] = [
  ...SSH_ROWS,
  ...HTTP_ROWS,
  ...GREETING_ROWS,
  ...DATA_ROWS,
  ...NETWORK_ROWS,
  ...DEVICE_ROWS,
  ...ERROR_ROWS,
  ...PAGE_ROWS,
  ...DATAGRAM_ROWS,
];

const BY_FIELD = Map.groupBy(ROWS, ({ field }) => field);
const SELF_NAMED_BY_FIELD = Map.groupBy(SELF_NAMED_ROWS, ({ field }) => field);

/** Returns the rows for a field, in the order in which they are tried. */
export function rowsOf(field: string): readonly Row[] {
  return BY_FIELD.get(field) ?? [];
}

/** Returns the rows by which a field names its server itself. */
export function selfNamedRowsOf(field: string): readonly Row[] {
  return SELF_NAMED_BY_FIELD.get(field) ?? [];
}
