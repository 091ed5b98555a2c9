/**
 * The service of a port as reports show it.
 *
 * @module
 */
import { isIdentified, serviceText } from "../result/finding.ts";
import type { PortResult } from "../result/port_result.ts";

/**
 * Returns the service: `ssl/http` if it was detected through TLS, `unknown` if none is known. One that no reply has shown, and that is
 * only the one usually found at the port, is marked as such: `hbci?`. nmap does so with service detection only.
 */
export function shownService(
  { service, finding }: Pick<PortResult, "service" | "finding">,
  isMarked: boolean = finding !== undefined,
): string {
  if (isIdentified(finding)) return serviceText(finding);
  return service === undefined ? "unknown" : isMarked ? `${service}?` : service;
}
