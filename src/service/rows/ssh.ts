/** Rows of SSH's version line. */

import type { Row } from "./row.ts";

/** SSH servers. */
export const SSH_ROWS: readonly Row[] = [
  {
    id: "ssh-openssh",
    field: "ssh.software",
    pattern: /^OpenSSH_(\d[\d.]*)(p\d+)?$/,
    product: "OpenSSH",
    version: "$1$2",
    cpe: ["a:openbsd:openssh:$1:$2"],
    seen: ["openssh-server"],
  },
];
