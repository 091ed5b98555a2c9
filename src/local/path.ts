/**
 * The ways out of this machine, and what is wrong with them.
 *
 * @module
 */

import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import type { RouteFound } from "../../ffi/netlink/route.ts";
import { formatIpv4 } from "../wire/address.ts";
import { Hop } from "./hop.ts";
import type { LocalKernel } from "./kernel.ts";
import { INTERFACE_DOWN, LOCAL_FIREWALL, NEXT_HOP_SILENT, NO_CARRIER, NO_PROBLEM } from "./local.ts";

/** In place of the address of a host, where that is one of IPv6: the kernel is not asked for its next hop, or for another way. */
export const NO_SAMPLE = -1;

/** One way out of this machine: an interface, and the gateway behind it if there is one. */
export class Path {
  interfaceIndex: number;
  source: number;
  /** The gateway; undefined where every host is its own next hop, or there is none. */
  gateway: Hop | undefined;
  /** The address of a host behind it; {@linkcode NO_SAMPLE} for hosts of IPv6. */
  readonly sample: number;
  link: Link | undefined;
  linkName = "";
  reason = NO_PROBLEM;
  validSince = 0;
  triedAt = -Infinity;

  constructor(sample: number, answer: RouteFound) {
    this.sample = sample;
    this.interfaceIndex = answer.interfaceIndex;
    this.source = answer.source ?? 0;
    this.gateway = answer.gateway === undefined ? undefined : new Hop(answer.gateway, true);
    this.isRouted = answer.gateway !== undefined || answer.gateway6 !== undefined;
    this.hasNeighbours = answer.type === "unicast" && answer.gateway6 === undefined && sample !== NO_SAMPLE;
  }

  readonly isRouted: boolean;
  /** True where next hops have IPv4 addresses that may have to be resolved. */
  readonly hasNeighbours: boolean;

  /** True where next hops are found by ARP. */
  get resolves(): boolean {
    return this.hasNeighbours && this.link !== undefined && this.link.type === ARPHRD_ETHER && !this.link.noArp;
  }

  /** True where a program of this machine receives the packets: a tun or tap interface, whose kind is `tun` for both. */
  get leadsToProgram(): boolean {
    return this.link?.kind === "tun";
  }

  /** Returns true for a way of the same kind. */
  isLike(other: Path): boolean {
    return this.hasNeighbours === other.hasNeighbours && this.isRouted === other.isRouted &&
      (this.sample === NO_SAMPLE) === (other.sample === NO_SAMPLE);
  }

  /** Returns true where the kernel's reply to a route lookup is this path. */
  isWayOf(answer: RouteFound): boolean {
    return answer.interfaceIndex === this.interfaceIndex && answer.gateway === this.gateway?.address;
  }

  /** Changes to another route. */
  follow(answer: RouteFound): void {
    this.interfaceIndex = answer.interfaceIndex;
    this.source = answer.source ?? 0;
    this.gateway = answer.gateway === undefined ? undefined : new Hop(answer.gateway, true);
    this.link = undefined;
  }

  /** Sends an ARP request on behalf of the kernel, which notes the reply; false where none is due any more. */
  requestArp(kernel: LocalKernel, hop: Hop, nowMs: number): boolean {
    return hop.probe((address) => kernel.requestArp(this.link!, this.source, address), nowMs);
  }
}

/** Returns the code of the reason for which nothing is sent by a link; {@linkcode NO_PROBLEM} where something is. */
export function linkProblem(link: Link | undefined): number {
  if (link === undefined || !link.up) return INTERFACE_DOWN;
  return link.carrier ? NO_PROBLEM : NO_CARRIER;
}

/** Returns the reason of this code as a sentence about a path; `undefined` where there is none. */
export function problemText(path: Path | undefined, reason: number): string | undefined {
  const name = path?.linkName ?? "";
  switch (reason) {
    case NO_CARRIER:
      return `${name} has no carrier`;
    case INTERFACE_DOWN:
      return path === undefined || path.link === undefined ? `${name || "An interface"} is gone` : `${name} is down`;
    case NEXT_HOP_SILENT:
      return path?.gateway === undefined
        ? undefined
        : `The next hop ${formatIpv4(path.gateway.address)} on ${name} does not answer`;
    case LOCAL_FIREWALL:
      return "The firewall of this machine refuses to send";
  }
  return undefined;
}
