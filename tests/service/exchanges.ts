/**
 * Exchanges for tests of service detection.
 *
 * @module
 */

import { bytesOf } from "../../src/service/bytes.ts";
import type { End, Exchange } from "../../src/service/exchange.ts";

/** Returns the exchange of a probe whose reply is given as text of one character per byte. */
export function exchange(probe: string, reply: string | Uint8Array, end: End = "open", connection = 0): Exchange {
  const bytes = typeof reply === "string" ? bytesOf(reply) : reply;
  return { probe, reply: bytes, firstByteMs: bytes.length > 0 ? 1 : -1, end, connection };
}
