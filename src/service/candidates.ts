/**
 * Exact probes worth sending to a port: by its number, and by the probes on which the server closed.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import type { Exchange } from "./exchange.ts";
import { PROBES } from "./probes.ts";

/** Returns names of exact probes, the likeliest first; none once the protocol is known. */
export function candidates(
  exchanges: readonly Exchange[],
  port: number,
  known: Finding | undefined,
): readonly string[] {
  if (known && known.confidence >= 8) return [];
  const exact = PROBES.filter(({ kind }) => kind === "exact");
  const own = exact.filter(({ ports }) => ports.includes(port));
  const others = exact.filter((probe) => !own.includes(probe)).sort((a, b) => a.intensity - b.intensity);
  const closes = exchanges.some(({ reply, end }) => reply.length === 0 && (end === "fin" || end === "rst"));
  // Servers that close on a wrong first message have a protocol of their own; those that stay silent often have none.
  return [...own, ...(closes ? others : others.filter(({ intensity }) => intensity <= 6))].map(({ name }) => name);
}
