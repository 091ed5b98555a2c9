/**
 * Neighbor solicitations on behalf of the kernel; loaded only for scans that have hosts of IPv6.
 *
 * @module
 */

import { ETH_P_IPV6 } from "../../ffi/constants.ts";
import { pin } from "../../ffi/memory.ts";
import type { Link } from "../../ffi/netlink/link.ts";
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
