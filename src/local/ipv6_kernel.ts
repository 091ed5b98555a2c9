/**
 * Neighbours and routes of IPv6 from the kernel, and neighbor solicitations on its behalf; loaded only for scans that have hosts of it.
 *
 * @module
 */

import { AF_INET6, ETH_P_IPV6 } from "../../ffi/constants.ts";
import { pin } from "../../ffi/memory.ts";
import { dumpAddresses6, dumpRules6, getNeighbour6, getRoute6 } from "../../ffi/netlink/ipv6.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import { address6Bytes } from "../../ffi/netlink/message.ts";
import { findWays } from "../../ffi/netlink/route.ts";
import type { Fd } from "../../ffi/fd.ts";
import { pinGroup, sendTo } from "../../ffi/socket.ts";
import { formatIpv6, isLinkLocal, writeIpv6Address } from "../wire/address6.ts";
import { macOf, writeMac } from "../wire/ethernet.ts";
import { IPV6_SOURCE } from "../wire/ipv6.ts";
import { groupMac, setSolicitationMac, SOLICITATION_LEN, writeSolicitation } from "../wire/ndp.ts";
import type { Ipv6Kernel } from "./kernel.ts";

const packet = pin(SOLICITATION_LEN);
const TARGET = new DataView(new ArrayBuffer(16));
const GROUP = new DataView(new ArrayBuffer(6));

/** The real kernel, by netlink. */
export const IPV6_KERNEL: Ipv6Kernel = {
  neighbour: getNeighbour6,
  route: getRoute6,
  ways(destination, flow, { source, interfaceIndex, netlink }) {
    const from = source === undefined ? undefined : address6Bytes(source);
    const addresses = { source: from, destination: address6Bytes(destination) };
    return findWays(AF_INET6, addresses, flow, interfaceIndex, netlink!);
  },
  ruleCount: (netlink) => dumpRules6(netlink).length,
  addresses: (netlink) => dumpAddresses6(netlink).map(({ address }) => address),
  text: formatIpv6,
  isLinkLocal,
  solicit(socket: Fd, link: Link, sender: bigint, target: bigint): boolean {
    const { view } = packet;
    writeIpv6Address(TARGET, 0, target);
    writeSolicitation(view, 0, TARGET, 0);
    writeIpv6Address(view, IPV6_SOURCE, sender);
    setSolicitationMac(view, 0, macOf(link.hardwareAddress!));
    writeMac(GROUP, 0, groupMac(view, 0));
    const name = pinGroup(link.index, ETH_P_IPV6, new Uint8Array(GROUP.buffer));
    return sendTo(socket, packet, 0, SOLICITATION_LEN, name) >= 0;
  },
};
