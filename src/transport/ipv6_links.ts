// Hot path: nothing here may allocate per packet.
/**
 * A transport of neighbor discovery: solicitations to the groups of hosts on own links, and the advertisements of these hosts.
 *
 * @module
 */

import { ETH_P_IPV6 } from "../../ffi/constants.ts";
import { NO_HOST } from "../target/address_book.ts";
import { Ipv6Payload } from "../wire/ipv6.ts";
import { advertisedMac, findAdvertisement, groupMac, NDP_TARGET, setSolicitationMac } from "../wire/ndp.ts";
import type { Ipv6Ends } from "./ipv6_open.ts";
import { LinkProber, type WriteRequest } from "./link_prober.ts";
import { openLinks } from "./link_transport.ts";
import { Neighbors } from "./neighbors.ts";
import { onLinkRanges } from "./on_link.ts";
import type { RoutePlan } from "./target_routes.ts";

/**
 * Opens a transport of neighbor discovery to the targets on own links.
 *
 * @param filter A classic BPF program over packets that begin at the IP header.
 * @param maxLength Bytes of the longest packet.
 * @param write Writes a solicitation of a host.
 */
export function openLinks6(
  { routes, book }: RoutePlan,
  { ipv6, numbers }: Ipv6Ends,
  filter: Uint8Array,
  maxLength: number,
  write: WriteRequest,
) {
  const ranges = onLinkRanges(routes, book, 6);
  const neighbors = new Neighbors();
  const payload = new Ipv6Payload();
  const transport = openLinks(
    ranges,
    {
      ...{ ethertype: ETH_P_IPV6, maxLength, filter },
      complete(view, at, mac) {
        setSolicitationMac(view, at, mac);
        return groupMac(view, at);
      },
      learn(neighbors, view, at, length, nowMs) {
        if (!findAdvertisement(view, at, length, payload)) return;
        const host = ipv6.find(view, payload.at + NDP_TARGET, 0);
        if (host !== NO_HOST) neighbors.learn(host, advertisedMac(view, payload.at, payload.length), nowMs);
      },
    },
    neighbors,
    numbers,
  );
  const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
  return {
    transport,
    neighbors,
    // A worker may have no such host in its share.
    prober: ranges.length === 0 ? undefined : new LinkProber(transport, neighbors, write),
    notes: ranges.length === 0 ? [] : [`Hosts on ${names} are asked by neighbor solicitations first`],
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}
