/**
 * The list of hosts that a scan would probe, with their names, without a packet to any of them.
 *
 * @module
 */

import { CannotScanError } from "../base/errors.ts";
import { withTimeout } from "../base/timeout.ts";
import type { HostList, ListedHost, ScanControl } from "./api.ts";
import { openHostnames } from "./hostnames.ts";
import { checkOptions } from "./option_checks.ts";
import type { ScanOptions } from "./options.ts";
import { planTargets } from "./plan.ts";

/** Implements `listHosts` of the library. */
export async function listHosts(options: ScanOptions, { signal }: Pick<ScanControl, "signal"> = {}): Promise<HostList> {
  checkOptions(options);
  const deadlineMs = options.deadlineMs ?? Infinity;
  const endMs = performance.now() + deadlineMs;
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  signal?.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });
  const planning = withTimeout(
    planTargets(options),
    deadlineMs,
    () => new CannotScanError("Cannot list in time: the deadline passed while names were looked up. Give more time"),
  );
  const { book, space, excluded, names, warnings, unresolved } = await Promise.race([planning, aborted.promise]);
  const hosts = space.hostRanges();
  const lookup = await openHostnames(options, {
    ...{ hosts, book, excluded: excluded.hosts, isResumed: false, isOfEveryHost: true },
    maxRatePps: () => options.maxRatePps ?? Infinity,
  });
  aborted.promise.catch(() => lookup?.stop());
  await lookup?.finish(endMs);
  const isCut = (lookup?.missing ?? 0) > 0;
  return {
    hosts: hosts.size,
    isComplete: unresolved.length === 0 && !isCut,
    ended: signal?.aborted === true ? "interrupted" : isCut ? "deadline" : "done",
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
