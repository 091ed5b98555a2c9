/**
 * The ways out of this machine, and what is wrong with them.
 *
 * @module
 */

import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import type { Address } from "../../ffi/netlink/family.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import type { RouteFound } from "../../ffi/netlink/route.ts";
import { formatIpv4 } from "../wire/address.ts";
import { Hop } from "./hop.ts";
import type { Ipv6Facts, LocalKernel } from "./kernel.ts";
import { INTERFACE_DOWN, LOCAL_FIREWALL, NEXT_HOP_SILENT, NO_CARRIER, NO_PROBLEM } from "./local.ts";

/** One way out of this machine: an interface, and the gateway behind it if there is one. */
export class Path {
  interfaceIndex: number;
  source: Address;
  /** The gateway; undefined where every host is its own next hop, or there is none. */
  gateway: Hop | undefined;
  /** The address of a host behind it. */
  readonly sample: Address;
  link: Link | undefined;
  linkName = "";
  reason = NO_PROBLEM;
  validSince = 0;
  triedAt = -Infinity;
  /** True where the kernel may send packets to one host by other ways too; undefined before that was looked at. */
  mayVary: boolean | undefined;

  constructor(sample: Address, answer: RouteFound) {
    this.sample = sample;
    this.interfaceIndex = answer.interfaceIndex;
    this.source = sourceOf(sample, answer);
    this.gateway = gatewayOf(answer);
    this.isRouted = this.gateway !== undefined;
    this.hasNeighbours = answer.type === "unicast" && (typeof sample === "bigint" || answer.gateway6 === undefined);
  }

  readonly isRouted: boolean;
  /** True where next hops have addresses of the hosts' family that may have to be resolved. */
  readonly hasNeighbours: boolean;

  /** True where next hops are found by ARP or neighbor discovery. */
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
      typeof this.sample === typeof other.sample;
  }

  /** Returns true where the kernel's reply to a route lookup is this path. */
  isWayOf(answer: RouteFound): boolean {
    return answer.interfaceIndex === this.interfaceIndex && hopAddressOf(answer) === this.gateway?.address;
  }

  /** Changes to another route. */
  follow(answer: RouteFound): void {
    this.interfaceIndex = answer.interfaceIndex;
    this.source = sourceOf(this.sample, answer);
    this.gateway = gatewayOf(answer);
    this.link = undefined;
  }

  /** Sends a request on behalf of the kernel, which notes the reply; false where none is due any more. */
  request(kernel: LocalKernel, hop: Hop, nowMs: number): boolean {
    return hop.probe(() => kernel.request(this.link!, this.source, hop.address), nowMs);
  }
}

function hopAddressOf({ gateway, gateway6 }: RouteFound): Address | undefined {
  return gateway ?? gateway6;
}

function gatewayOf(answer: RouteFound): Hop | undefined {
  const address = hopAddressOf(answer);
  return address === undefined ? undefined : new Hop(address, true);
}

/** Returns the address that packets to a host leave from. */
function sourceOf(sample: Address, answer: RouteFound): Address {
  return typeof sample === "bigint" ? answer.source6 ?? 0n : answer.source ?? 0;
}

/** Returns the code of the reason for which nothing is sent by a link; {@linkcode NO_PROBLEM} where something is. */
export function linkProblem(link: Link | undefined): number {
  if (link === undefined || !link.up) return INTERFACE_DOWN;
  return link.carrier ? NO_PROBLEM : NO_CARRIER;
}

/** Returns the reason of this code as a sentence about a path; `undefined` where there is none. */
export function problemText(path: Path | undefined, reason: number, ipv6?: Ipv6Facts): string | undefined {
  const name = path?.linkName ?? "";
  switch (reason) {
    case NO_CARRIER:
      return `${name} has no carrier`;
    case INTERFACE_DOWN:
      return path === undefined || path.link === undefined ? `${name || "An interface"} is gone` : `${name} is down`;
    case NEXT_HOP_SILENT:
      return path?.gateway === undefined
        ? undefined
        : `The next hop ${formatHop(path.gateway.address, ipv6)} on ${name} does not answer`;
    case LOCAL_FIREWALL:
      return "The firewall of this machine refuses to send";
  }
  return undefined;
}

function formatHop(address: Address, ipv6: Ipv6Facts | undefined): string {
  return typeof address === "bigint" ? ipv6!.text(address) : formatIpv4(address);
}
