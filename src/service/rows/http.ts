/** Rows of HTTP's headers and pages. */

import type { Row } from "./row.ts";

/** HTTP servers and applications. */
export const HTTP_ROWS: readonly Row[] = [
  {
    id: "http-nginx",
    field: "http.server",
    pattern: /^nginx(?:\/(\d[\d.]*))?$/,
    product: "nginx",
    version: "$1",
    cpe: ["a:f5:nginx:$1"],
    seen: ["nginx"],
  },
];
