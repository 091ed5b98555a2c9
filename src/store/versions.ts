/**
 * The comparison of what service detection found in two scans.
 *
 * @module
 */
import { type Finding, isIdentified, serviceText, versionText } from "../result/finding.ts";
import type { PortResult } from "../result/port_result.ts";

/** Returns true for a port that is open in both, with another service, product or version. */
export function hasOtherService(before: PortResult, after: PortResult): boolean {
  const [one, other] = [before.finding, after.finding];
  return before.state === "open" && after.state === "open" && isIdentified(one) && isIdentified(other) &&
    foundText(one) !== foundText(other);
}

/** Returns service, product and version as text. */
export function foundText(finding: Finding | undefined): string {
  if (finding === undefined) return "";
  return [serviceText(finding), versionText(finding)].filter((text) => text !== "").join(" ");
}
