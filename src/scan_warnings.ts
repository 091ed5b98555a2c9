/**
 * What a scan says of the machine that it ran on.
 *
 * @module
 */

import type { LocalReport } from "./local/machine.ts";
import { counted, grouped } from "./report/text.ts";
import { unionOf } from "./rest.ts";
import { formatIpv4 } from "./wire/address.ts";

/** What the local facts of all workers come to, a line each. */
export function localWarnings(reports: readonly LocalReport[]): string[] {
  const notProbed = new Map<string, number>();
  for (const [why, ports] of reports.flatMap((report) => report.notProbed)) {
    notProbed.set(why, (notProbed.get(why) ?? 0) + ports);
  }
  const warnings = [...notProbed].map(([why, ports]) =>
    `${why}: ${counted(ports, "port")} ${ports === 1 ? "was" : "were"} not probed`
  );
  const absent = unionOf(reports.map((report) => report.absent));
  if (absent.length === 1) {
    warnings.push(`${formatIpv4(absent[0]!)} does not answer ARP: there is no host at this address`);
  } else if (absent.length > 1) {
    warnings.push(`${grouped(absent.length)} addresses on own links do not answer ARP: there is no host at them`);
  }
  const silent = unionOf(reports.map((report) => report.silent));
  if (silent.length === 1) {
    warnings.push(`${formatIpv4(silent[0]!)} answers ARP, but no probe: the host is up`);
  } else if (silent.length > 1) {
    warnings.push(`${grouped(silent.length)} hosts on own links answer ARP, but no probe: they are up`);
  }
  return [...warnings, ...new Set(reports.flatMap((report) => report.notes))];
}
