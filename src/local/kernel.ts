/**
 * Links, neighbours and routes of this machine, from the kernel, and ARP requests and neighbor solicitations on its behalf.
 *
 * @module
 */

import { ARPHRD_ETHER, ETH_P_ARP, SOCK_DGRAM } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import { dumpAddresses, dumpAddresses6 } from "../../ffi/netlink/address.ts";
import { type Address, INET, INET6 } from "../../ffi/netlink/family.ts";
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
import { type InputDrops, inputDrops } from "../../ffi/system.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openPacketSocket, pinBroadcast, sendTo } from "../../ffi/socket.ts";
import { ARP_LEN, setArpSenderMac, writeArpRequest } from "../wire/arp.ts";
import { macOf } from "../wire/ethernet.ts";

/** The lookups that facts about this machine are based on. */
export interface LocalKernel extends Disposable {
  /** Reads one interface; undefined where it is gone. */
  link(interfaceIndex: number): Link | undefined;
  /** Reads one neighbour; undefined where the kernel has no entry for it. */
  neighbour(interfaceIndex: number, address: Address): Neighbour<Address> | undefined;
  /** Looks up how a packet would leave. */
  route(destination: Address): RouteAnswer;
  /** Lists the next hops by which the packets of a flow may leave; none where that is not known. */
  ways(destination: Address, flow: Flow): Way[];
  /** True where rules may send packets to one host different ways, by the address family of this one. */
  hasRules(destination: Address): boolean;
  /** Lists every address of this machine. */
  addresses(): readonly Address[];
  /** Returns the packets of an address family that were received and dropped. */
  inputDrops(family: 4 | 6): InputDrops;
  /** Reads the limits of the tables of neighbours; none where the kernel does not report them. */
  neighbourTables(): NeighbourTable[];
  /** True where requests can be sent. */
  readonly canProbe: boolean;
  /**
   * Sends an ARP request or a neighbor solicitation, whose reply the kernel notes; false where that is not allowed or not
   * possible. Both addresses are of one family.
   */
  request(link: Link, sender: Address, target: Address): boolean;
  /** Needed where there are hosts of IPv6. */
  readonly ipv6?: Ipv6Facts | undefined;
}

/** Facts about addresses of IPv6. */
export interface Ipv6Facts {
  text(address: bigint): string;
  isLinkLocal(address: bigint): boolean;
}

/** The requests of IPv6, which are loaded only for scans that have hosts of it. */
export interface Ipv6Kernel extends Ipv6Facts {
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
  readonly #question6: RouteQuestion;
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

  neighbour(interfaceIndex: number, address: Address): Neighbour<Address> | undefined {
    return getNeighbour(interfaceIndex, address, this.#netlink);
  }

  route(destination: Address): RouteAnswer {
    return getRoute(destination, this.#questionFor(destination));
  }

  ways(destination: Address, flow: Flow): Way[] {
    return findWays(destination, flow, this.#questionFor(destination));
  }

  hasRules(destination: Address): boolean {
    if (typeof destination === "bigint") return dumpRules(INET6, this.#netlink).length > DEFAULT_RULES[6];
    return dumpRules(INET, this.#netlink).length > DEFAULT_RULES[4];
  }

  addresses(): readonly Address[] {
    const own = dumpAddresses(this.#netlink);
    const own6 = this.ipv6 === undefined ? [] : dumpAddresses6(this.#netlink);
    return [...own, ...own6].map(({ address }) => address);
  }

  inputDrops(family: 4 | 6): InputDrops {
    return inputDrops(family);
  }

  neighbourTables(): NeighbourTable[] {
    return neighbourTables(this.#netlink);
  }

  request(link: Link, sender: Address, target: Address): boolean {
    const socket = this.#socket;
    if (socket === undefined || link.type !== ARPHRD_ETHER || link.hardwareAddress?.length !== 6) return false;
    if (typeof sender === "bigint" || typeof target === "bigint") {
      return this.ipv6?.solicit(socket, link, BigInt(sender), BigInt(target)) === true;
    }
    writeArpRequest(this.#packet.view, 0, sender, target);
    setArpSenderMac(this.#packet.view, 0, macOf(link.hardwareAddress));
    return sendTo(socket, this.#packet, 0, ARP_LEN, pinBroadcast(link.index, ETH_P_ARP)) >= 0;
  }

  #questionFor(destination: Address): RouteQuestion {
    return typeof destination === "bigint" ? this.#question6 : this.#question;
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
