/**
 * The targets of a scan of hosts that names an interface and nothing else: the IPv6 hosts of its link, whose addresses are too many to try.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ScanOptions } from "./options.ts";

/**
 * Finds the hosts of a link by probes to all of its nodes.
 *
 * @returns The options with these hosts as targets.
 * @throws {UsageError} If some hosts must not be probed.
 * @throws {CannotScanError} If the hosts cannot be found, or there are none.
 */
export async function withLinkHosts(options: ScanOptions): Promise<ScanOptions> {
  const { interface: name = "", exclude = [], excludeLists = [], family } = options;
  if (family === 4) {
    throw new UsageError(
      `Cannot find the hosts on ${name} by IPv4: only IPv6 reaches all of them at once. Name targets`,
    );
  }
  if (exclude.length + excludeLists.length > 0) {
    throw new UsageError(
      `Cannot find the hosts on ${name}: multicast would reach those that are excluded too. Name targets, or leave out the exclusions`,
    );
  }
  if (!canOpenRaw()) {
    throw new CannotScanError(`Cannot find the hosts on ${name}: CAP_NET_RAW is missing. Use sudo, or name targets`);
  }
  const link = dumpLinks().find((link) => link.name === name || link.otherNames.includes(name));
  if (link === undefined || !link.up) {
    const why = link === undefined ? "there is no such interface" : "it is down";
    throw new CannotScanError(`Cannot find the hosts on ${name}: ${why}. Name another interface`);
  }
  const { findNodes } = await import("../transport/ipv6_multicast.ts");
  const found = await findNodes(link);
  if (found.length === 0) {
    throw new CannotScanError(`Cannot find hosts on ${name}: none replied to IPv6 multicast. Name targets`);
  }
  return { ...options, targets: found };
}
