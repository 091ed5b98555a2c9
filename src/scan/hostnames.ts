/**
 * The decision whether a scan looks up names of its hosts, and where. What looks them up is loaded only then.
 *
 * @module
 */

import { UsageError } from "../base/errors.ts";
import { isOwnMachine } from "../local/special.ts";
import type { Shard } from "../order/shard.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import type { Ranges } from "../target/ranges.ts";
import type { HostnameLookup } from "./hostname_lookup.ts";
import type { ScanOptions } from "./options.ts";
import { hostShare } from "./shares.ts";

/** A scan of more hosts looks up names only on request. */
const MAX_HOSTS_BY_DEFAULT = 256;

/** The facts of a scan that the decision depends on. */
interface HostnamePlan {
  /** Hosts to probe. */
  readonly hosts: Ranges;
  /** The shard of them whose names are all looked up, if that is wanted. */
  readonly shard?: Shard;
  /** Addresses that receive no packet. */
  readonly excluded: Ranges;
  readonly book: AddressBook;
  /** Returns the upper bound of the rate that the user set, in packets a second; Infinity without one. */
  readonly maxRatePps: () => number;
  /** The addresses that a scan which is resumed had to look up; undefined if it looked up none, or is not resumed. */
  readonly lookups?: readonly number[] | undefined;
  readonly isResumed: boolean;
  /** True if the names of every host are wished, however many these are. */
  readonly isOfEveryHost?: boolean;
}

/**
 * Begins to look up names as the options say; undefined if there is nothing to look up.
 *
 * @throws {UsageError} If a DNS server makes no sense or is excluded.
 */
export async function openHostnames(options: ScanOptions, plan: HostnamePlan): Promise<HostnameLookup | undefined> {
  const { hostnames = "never", dnsServers } = options;
  const isRequested = hostnames === "all" || dnsServers !== undefined;
  const { hosts, excluded, book, maxRatePps } = plan;
  // A scan that is resumed may have fewer hosts, and goes on as it began.
  const isOfEveryHost = hostnames === "all" || plan.isOfEveryHost === true;
  const isSmall = plan.isResumed ? plan.lookups !== undefined : isOfEveryHost || hosts.size <= MAX_HOSTS_BY_DEFAULT;
  const isWorth = isRequested ||
    isSmall && [...hosts].some(([, last]) => !isOwnMachine(book, last));
  if (hostnames === "never" || !isWorth) return undefined;
  const [{ HostnameLookup }, { MAX_DNS_SERVERS }, { dnsServerText, parseDnsServers, systemDnsServers }] = await Promise
    .all([
      import("./hostname_lookup.ts"),
      import("../driver/dns_driver.ts"),
      import("../local/dns_servers.ts"),
    ]);
  const chosen = dnsServers === undefined ? undefined : await parseDnsServers(dnsServers, MAX_DNS_SERVERS);
  const refused = chosen?.find(({ address }) => excluded.has(address));
  if (refused !== undefined) {
    throw new UsageError(
      `Cannot ask the DNS server ${dnsServerText(refused)}: it is excluded. Name another one, or use -n`,
    );
  }
  const servers = chosen ?? systemDnsServers()?.filter(({ address }) => !excluded.has(address));
  const lookup = new HostnameLookup({ servers, isRequested, book, maxRatePps });
  for (const address of plan.lookups ?? []) lookup.add(address);
  if (isOfEveryHost) {
    const share = hostShare(hosts, plan.shard);
    lookup.addAll(addressesIn(share, book), share.size);
  }
  return lookup;
}

function* addressesIn(hosts: Ranges, book: AddressBook): Generator<number> {
  for (const [first, last] of hosts) {
    for (let host = first; host <= last; host++) yield familyOf(book, host) === 6 ? host : book.address(host);
  }
}
