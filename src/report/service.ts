/**
 * The service of a port as reports show it.
 *
 * @module
 */
import { isIdentified, serviceText } from "../result/finding.ts";
import type { PortResult } from "../result/port_result.ts";

/**
 * Returns the service: `ssl/http` if it was detected through TLS, `hbci?` if service detection has not found it and it is only the one
 * usually found at the port, `unknown` if none is known.
 */
export function shownService({ service, finding }: Pick<PortResult, "service" | "finding">): string {
  if (isIdentified(finding)) return serviceText(finding);
  return service === undefined ? "unknown" : finding === undefined ? service : `${service}?`;
}
