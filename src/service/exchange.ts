/**
 * Probes of a port and the replies to them, as they were exchanged.
 *
 * @module
 */

import type { TlsFacts } from "../result/finding.ts";

/** The state of a connection after the reply: still open, closed by the peer (FIN or RST), never opened, or timed out. */
export type End = "open" | "fin" | "rst" | "refused" | "timeout";

/** The name of the probe that sends nothing. */
export const NULL_PROBE = "null";

/** One probe, and everything that came back on its connection up to the next probe. */
export interface Exchange {
  /** The probe's name; {@linkcode NULL_PROBE} if the client only listened. */
  readonly probe: string;
  readonly reply: Uint8Array;
  /** The time from the probe, or from the connection, to the first byte; -1 without a reply. */
  readonly firstByteMs: number;
  readonly end: End;
  readonly tunnel?: "ssl";
  readonly tls?: TlsFacts;
  /** The connection's number: exchanges of one connection have the same. */
  readonly connection: number;
}
