/**
 * Chooses the link of an Ethernet sender and opens it, or returns the reason why there is none.
 *
 * @module
 */

import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { dumpLinks, type Link } from "../../ffi/netlink/link.ts";
import { isRouted, type RouteFound } from "../../ffi/netlink/route.ts";
import { PolicyWatch } from "../../ffi/netlink/xfrm.ts";
import { familyOf } from "../target/address_book.ts";
import type { EthernetRange, EthernetSender } from "./ethernet_sender.ts";
import type { RawIpOptions } from "./raw_sender.ts";
import type { Neighbors } from "./neighbors.ts";
import type { SendThread } from "./thread_queue.ts";
import type { RoutePlan } from "./target_routes.ts";

/** The parts of an Ethernet sender that a scan may have. */
export interface EthernetOpenOptions {
  /** Learns the hosts on own links that ARP requests of our own find; the kernel's table is used if not given. */
  readonly neighbors?: Neighbors | undefined;
  /** Starts a thread that sends packets; resolves with undefined if it cannot. */
  readonly sendThread?: (() => Promise<SendThread | undefined>) | undefined;
}

/** Watches the IPsec policies, which an Ethernet sender would bypass; returns the reason if there are some, or they cannot be read. */
export function watchPolicies(): PolicyWatch | string {
  try {
    const policies = new PolicyWatch();
    if (!policies.any()) return policies;
    policies[Symbol.dispose]();
    return "this machine has IPsec policies, which it would bypass";
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return `only a process with CAP_NET_ADMIN can read the IPsec policies, which it would bypass (${error.code})`;
  }
}

/** Loads and opens the Ethernet sender; returns the reason if there is none. */
export async function openEthernet(
  plan: RoutePlan,
  sourcePort: number,
  isUdp: boolean,
  raw: RawIpOptions,
  { neighbors, sendThread }: EthernetOpenOptions,
): Promise<EthernetSender | string> {
  const ethernet = ethernetLinkFor(plan, 4, ({ gateway }) => gateway);
  if (typeof ethernet === "string") return ethernet;
  using opening = new DisposableStack();
  const policies = watchPolicies();
  if (typeof policies === "string") return policies;
  opening.use(policies);
  const [thread, { EthernetSender }, { isAllowedByFirewall }] = await Promise.all([
    sendThread?.(),
    import("./ethernet_sender.ts"),
    import("./firewall_check.ts"),
  ]);
  const { book, constraints } = plan;
  const { link } = ethernet;
  const ranges = ethernet.ranges.map((range): EthernetRange => {
    if (neighbors === undefined || range.gateway !== undefined) return range;
    const source = plan.sources.addresses[plan.sources.indexFor(range.first)]!;
    const [first, last] = [book.address(range.first), book.address(range.last)];
    return { ...range, isAllowed: isAllowedByFirewall({ link, first, last, source, sourcePort, isUdp }, raw) };
  });
  const opened = new EthernetSender(link, {
    ...{ ranges, book, constraints, maxLength: raw.maxLength, policies, neighbors },
    thread: thread && { thread, ...await import("./thread_queue.ts") },
  });
  opening.move();
  return opened;
}

/**
 * The Ethernet interface that most targets of an address family leave by, and which do; or why there is none.
 *
 * @param gatewayOf Returns the address of the gateway of a route, as a number; undefined for a host on the link.
 */
export function ethernetLinkFor(
  plan: RoutePlan,
  family: 4 | 6,
  gatewayOf: (answer: RouteFound) => number | undefined,
): { link: Link; ranges: EthernetRange[] } | string {
  let links: Map<number, Link> | undefined;
  const byLink = new Map<number, { link: Link; ranges: EthernetRange[]; size: number }>();
  for (const { first, last, answer } of plan.routes.segments) {
    if (!isRouted(answer) || answer.type !== "unicast" || familyOf(plan.book, first) !== family) continue;
    if (family === 4 && answer.gateway6 !== undefined) continue;
    links ??= new Map(dumpLinks().map((link) => [link.index, link]));
    const link = links.get(answer.interfaceIndex);
    if (link === undefined || link.type !== ARPHRD_ETHER || link.noArp || link.hardwareAddress?.length !== 6) continue;
    const ethernet = byLink.get(link.index) ?? { link, ranges: [], size: 0 };
    ethernet.ranges.push({ first, last, gateway: gatewayOf(answer) });
    ethernet.size += last - first + 1;
    byLink.set(link.index, ethernet);
  }
  const [largest] = [...byLink.values()].sort((a, b) => b.size - a.size);
  return largest ?? "no target is reached through an Ethernet interface";
}
