/**
 * Links, neighbours and routes of this machine, from the kernel, and ARP requests and neighbor solicitations on its behalf.
 *
 * @module
 */

import { AF_INET, ARPHRD_ETHER, ETH_P_ARP, SOCK_DGRAM } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import { dumpAddresses } from "../../ffi/netlink/address.ts";
import type { RouteQuestion6 } from "../../ffi/netlink/ipv6.ts";
import { getLink, type Link } from "../../ffi/netlink/link.ts";
import { getNeighbour, type Neighbour, type NeighbourTable, neighbourTables } from "../../ffi/netlink/neighbor.ts";
import {
  dumpRules,
  findWays,
  type Flow,
  getRoute,
  type RouteAnswer,
  type RouteQuestion,
  type Way,
} from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { reversePathDrops } from "../../ffi/system.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openPacketSocket, pinBroadcast, sendTo } from "../../ffi/socket.ts";
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
  /** Lists the next hops by which the packets of a flow may leave; none where that is not known. */
  ways(destination: HopAddress, flow: Flow): Way[];
  /** True where rules may send packets to one host different ways, by the address family of this one. */
  hasRules(destination: HopAddress): boolean;
  /** Lists every address of this machine. */
  addresses(): readonly HopAddress[];
  /** Returns the number of packets that the reverse-path filter has dropped. */
  reversePathDrops(): number;
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
  route(destination: bigint, question: RouteQuestion6): RouteAnswer;
  ways(destination: bigint, flow: Flow, question: RouteQuestion6): Way[];
  ruleCount(netlink: Netlink): number;
  addresses(netlink: Netlink): readonly bigint[];
  /** Sends a neighbor solicitation by a packet socket. */
  solicit(socket: Fd, link: Link, sender: bigint, target: bigint): boolean;
}

/** The policy rules that every kernel has: of the tables local, main and, of IPv4, default. */
const DEFAULT_RULES = { 4: 3, 6: 2 };

/** The real kernel, by netlink. */
export class NetlinkKernel implements LocalKernel {
  readonly ipv6: Ipv6Kernel | undefined;
  readonly #netlink = new Netlink();
  readonly #question: RouteQuestion;
  readonly #question6: RouteQuestion6;
  readonly #socket: Fd | undefined;
  readonly #packet = pin(ARP_LEN);

  /**
   * @param question A source address of IPv4 and an interface for all route lookups.
   * @param ipv6 Needed where there are hosts of IPv6.
   * @param source6 A source address of IPv6 for all route lookups.
   * @throws {SyscallError} If there is no netlink socket.
   */
  constructor(question: RouteQuestion, ipv6?: Ipv6Kernel, source6?: bigint) {
    this.#question = { ...question, netlink: this.#netlink };
    this.#question6 = { source: source6, interfaceIndex: question.interfaceIndex, netlink: this.#netlink };
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
      return this.ipv6?.route(destination, this.#question6) ?? { type: "none" };
    }
    return getRoute(destination, this.#question);
  }

  ways(destination: HopAddress, flow: Flow): Way[] {
    if (typeof destination === "bigint") return this.ipv6?.ways(destination, flow, this.#question6) ?? [];
    const { source, interfaceIndex } = this.#question;
    const addresses = { source: source === undefined ? undefined : bytesOf(source), destination: bytesOf(destination) };
    return findWays(AF_INET, addresses, flow, interfaceIndex, this.#netlink);
  }

  hasRules(destination: HopAddress): boolean {
    if (typeof destination === "bigint") return (this.ipv6?.ruleCount(this.#netlink) ?? 0) > DEFAULT_RULES[6];
    return dumpRules(this.#netlink).length > DEFAULT_RULES[4];
  }

  addresses(): readonly HopAddress[] {
    const own = dumpAddresses(this.#netlink).map(({ address }) => address);
    return this.ipv6 === undefined ? own : [...own, ...this.ipv6.addresses(this.#netlink)];
  }

  reversePathDrops(): number {
    return reversePathDrops();
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

function bytesOf(address: number): Uint8Array {
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
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
