/**
 * The longest packet that the links to the targets carry. The kernel divides its own packets, and those of others on their way, but none
 * that comes with an IP header or a frame around it.
 *
 * @module
 */

import { getLink, type Link } from "../../ffi/netlink/link.ts";
import { isRouted } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import type { RouteMap } from "./route_plan.ts";

/** Returns the link with the smallest MTU of those that packets to the targets leave by; undefined where there is none. */
export function narrowestLink({ segments }: Pick<RouteMap, "segments">): Link | undefined {
  using netlink = new Netlink();
  const indexes = new Set(segments.flatMap(({ answer }) => isRouted(answer) ? [answer.interfaceIndex] : []));
  const links = Array.from(indexes, (index) => getLink(index, netlink)).filter((link) => link !== undefined);
  return links.toSorted((one, other) => one.mtu - other.mtu)[0];
}
