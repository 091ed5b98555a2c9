/**
 * Links, neighbours and routes of this machine, from the kernel, and ARP requests and neighbor solicitations on its behalf.
 *
 * @module
 */

import { ARPHRD_ETHER, ETH_P_ARP, SOCK_DGRAM } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { getLink, type Link } from "../../ffi/netlink/link.ts";
import { getNeighbour, type Neighbour, type NeighbourTable, neighbourTables } from "../../ffi/netlink/neighbor.ts";
import { getRoute, type RouteAnswer, type RouteQuestion } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { type Fd, openPacketSocket, pinBroadcast, sendTo } from "../../ffi/socket.ts";
import { ARP_LEN, setArpSenderMac, writeArpRequest } from "../wire/arp.ts";
import { macOf } from "../wire/ethernet.ts";

/** The address of a host or next hop: of IPv4 as a number, of IPv6 as a bigint. */
export type HopAddress = number | bigint;

/** The lookups that facts about this machine are based on. */
export interface LocalKernel extends Disposable {
  /** Reads one interface; undefined where it is gone. */
  link(interfaceIndex: number): Link | undefined;
  /** Reads one neighbour; undefined where the kernel has no entry for it. */
  neighbour(interfaceIndex: number, address: HopAddress): Neighbour<HopAddress> | undefined;
  /** Looks up how a packet would leave. */
  route(destination: HopAddress): RouteAnswer;
  /** Lists every address of this machine. */
  addresses(): InterfaceAddress[];
  /** Reads the limits of the tables of neighbours; none where the kernel does not report them. */
  neighbourTables(): NeighbourTable[];
  /** True where requests can be sent. */
  readonly canProbe: boolean;
  /**
   * Sends an ARP request or a neighbor solicitation, whose reply the kernel notes; false where that is not allowed or not
   * possible. Both addresses are of one family.
   */
  request(link: Link, sender: HopAddress, target: HopAddress): boolean;
  /** Needed where there are hosts of IPv6. */
  readonly ipv6?: Ipv6Facts | undefined;
}

/** Facts about addresses of IPv6. */
export interface Ipv6Facts {
  text(address: bigint): string;
  isLinkLocal(address: bigint): boolean;
}

/** The lookups and requests of IPv6, which are loaded only for scans that have hosts of it. */
export interface Ipv6Kernel extends Ipv6Facts {
  neighbour(interfaceIndex: number, address: bigint, netlink: Netlink): Neighbour<bigint> | undefined;
  route(destination: bigint, interfaceIndex: number | undefined, netlink: Netlink): RouteAnswer;
  /** Sends a neighbor solicitation by a packet socket. */
  solicit(socket: Fd, link: Link, sender: bigint, target: bigint): boolean;
}

/** The real kernel, by netlink. */
export class NetlinkKernel implements LocalKernel {
  readonly ipv6: Ipv6Kernel | undefined;
  readonly #netlink = new Netlink();
  readonly #question: RouteQuestion;
  readonly #socket: Fd | undefined;
  readonly #packet = pin(ARP_LEN);

  /**
   * @param question A source address of IPv4 and an interface for all route lookups.
   * @param ipv6 Needed where there are hosts of IPv6.
   * @throws {SyscallError} If there is no netlink socket.
   */
  constructor(question: RouteQuestion, ipv6?: Ipv6Kernel) {
    this.#question = { ...question, netlink: this.#netlink };
    this.ipv6 = ipv6;
    this.#socket = openRequests();
  }

  get canProbe(): boolean {
    return this.#socket !== undefined;
  }

  link(interfaceIndex: number): Link | undefined {
    return getLink(interfaceIndex, this.#netlink);
  }

  neighbour(interfaceIndex: number, address: HopAddress): Neighbour<HopAddress> | undefined {
    if (typeof address === "bigint") return this.ipv6?.neighbour(interfaceIndex, address, this.#netlink);
    return getNeighbour(interfaceIndex, address, this.#netlink);
  }

  route(destination: HopAddress): RouteAnswer {
    if (typeof destination === "bigint") {
      return this.ipv6?.route(destination, this.#question.interfaceIndex, this.#netlink) ?? { type: "none" };
    }
    return getRoute(destination, this.#question);
  }

  addresses(): InterfaceAddress[] {
    return dumpAddresses(this.#netlink);
  }

  neighbourTables(): NeighbourTable[] {
    return neighbourTables(this.#netlink);
  }

  request(link: Link, sender: HopAddress, target: HopAddress): boolean {
    const socket = this.#socket;
    if (socket === undefined || link.type !== ARPHRD_ETHER || link.hardwareAddress?.length !== 6) return false;
    if (typeof sender === "bigint" || typeof target === "bigint") {
      return this.ipv6?.solicit(socket, link, BigInt(sender), BigInt(target)) === true;
    }
    writeArpRequest(this.#packet.view, 0, sender, target);
    setArpSenderMac(this.#packet.view, 0, macOf(link.hardwareAddress));
    return sendTo(socket, this.#packet, 0, ARP_LEN, pinBroadcast(link.index, ETH_P_ARP)) >= 0;
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
    this.#socket?.closeAside();
  }
}

/** Opens a socket to send requests, where this process may have one. */
function openRequests(): Fd | undefined {
  try {
    return openPacketSocket(SOCK_DGRAM);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
