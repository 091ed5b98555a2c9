/**
 * The targets of a scan of hosts that names an interface and nothing else: the IPv6 hosts of its link, whose addresses are too many to try.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ScanOptions } from "./options.ts";
import { wantedLink } from "../transport/route_plan.ts";

/** The scan of a link: its options, with hosts as targets, and what the user has to be told of how these were found. */
interface LinkScan {
  readonly options: ScanOptions;
  readonly warnings: readonly string[];
}

/**
 * Finds the hosts of a link by probes to all of its nodes. These would reach hosts that must not be probed, too; where there are such, nothing
 * is sent, and the hosts are those that the kernel knows.
 *
 * @throws {UsageError} If there is no such interface, or only IPv4 is wanted, or some hosts are excluded and none is known.
 * @throws {CannotScanError} If the hosts cannot be found, or there are none.
 */
export async function withLinkHosts(options: ScanOptions): Promise<LinkScan> {
  const { interface: name = "", exclude = [], excludeLists = [], family } = options;
  const link = wantedLink(name);
  if (family === 4) {
    throw new UsageError(
      `Cannot find the hosts on ${name} by IPv4: only IPv6 reaches all of them at once. Name targets`,
    );
  }
  if (!canOpenRaw()) {
    throw new CannotScanError(`Cannot find the hosts on ${name}: CAP_NET_RAW is missing. Use sudo, or name targets`);
  }
  if (!link.up) throw new CannotScanError(`Cannot find the hosts on ${name}: it is down. Name another interface`);
  const { findNodes, knownNodes } = await import("../transport/ipv6_multicast.ts");
  if (exclude.length + excludeLists.length === 0) {
    const found = await findNodes(link);
    if (found.length > 0) return { options: { ...options, targets: found }, warnings: [] };
    throw new CannotScanError(`Cannot find hosts on ${name}: none replied to IPv6 multicast. Name targets`);
  }
  const known = knownNodes(link);
  if (known.length === 0) {
    throw new UsageError(
      `Cannot find the hosts on ${name}: multicast would reach those that are excluded too, and the kernel knows no ` +
        "other. Name targets, or leave out the exclusions",
    );
  }
  const warning =
    `Excluded hosts rule out IPv6 multicast on ${name}: only neighbors that the kernel knows already are ` +
    "looked for. Name targets to look for others";
  return { options: { ...options, targets: known }, warnings: [warning] };
}
