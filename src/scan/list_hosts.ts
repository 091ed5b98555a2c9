/**
 * The list of hosts that a scan would probe, with their names, without a packet to any of them.
 *
 * @module
 */

import type { HostList, ListedHost } from "./api.ts";
import { openHostnames } from "./hostnames.ts";
import { checkOptions } from "./option_checks.ts";
import type { ScanOptions } from "./options.ts";
import { planTargets } from "./plan.ts";

/** Implements `listHosts` of the library. */
export async function listHosts(options: ScanOptions): Promise<HostList> {
  checkOptions(options);
  const beganMs = performance.now();
  const { book, space, excluded, names, warnings, unresolved } = await planTargets(options);
  const hosts = space.hostRanges();
  const lookup = await openHostnames(options, {
    ...{ hosts, book, excluded: excluded.hosts, isResumed: false, isOfEveryHost: true },
    maxRatePps: () => options.maxRatePps ?? Infinity,
  });
  await lookup?.finish(beganMs + (options.deadlineMs ?? Infinity));
  return {
    hosts: hosts.size,
    isComplete: unresolved.length === 0,
    warnings: [...warnings, ...lookup?.warnings() ?? []],
    *entries(): Generator<ListedHost> {
      for (const [first, last] of hosts) {
        for (let host = first; host <= last; host++) {
          const ip = book.text(host);
          yield { ip, names: names.of(ip), hostname: lookup?.of(ip) };
        }
      }
    },
  };
}
