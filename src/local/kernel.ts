/**
 * Links, neighbours and routes of this machine, from the kernel, and ARP requests on its behalf.
 *
 * @module
 */

import { AF_PACKET, ARPHRD_ETHER, ETH_P_ARP, SOCK_DGRAM } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { getLink, type Link } from "../../ffi/netlink/link.ts";
import { getNeighbour, type Neighbour, type NeighbourTable, neighbourTable } from "../../ffi/netlink/neighbor.ts";
import { getRoute, type RouteAnswer, type RouteQuestion } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { type Fd, openSocket, pinBroadcast, sendTo } from "../../ffi/socket.ts";
import { ARP_LEN, setArpSenderMac, writeArpRequest } from "../wire/arp.ts";
import { macOf } from "../wire/ethernet.ts";

/** The lookups that facts about this machine are based on. */
export interface LocalKernel extends Disposable {
  /** Reads one interface; undefined where it is gone. */
  link(interfaceIndex: number): Link | undefined;
  /** Reads one neighbour; undefined where the kernel has no entry for it. */
  neighbour(interfaceIndex: number, address: number): Neighbour | undefined;
  /** Looks up how a packet would leave. */
  route(destination: number): RouteAnswer;
  /** Lists every address of this machine. */
  addresses(): InterfaceAddress[];
  /** Reads the limit of the table of neighbours; undefined where the kernel does not report it. */
  neighbourTable(): NeighbourTable | undefined;
  /** True where ARP requests can be sent. */
  readonly canProbe: boolean;
  /** Sends an ARP request, whose reply the kernel notes; false where that is not allowed or not possible. */
  requestArp(link: Link, sender: number, target: number): boolean;
}

/** The real kernel, by netlink. */
export class NetlinkKernel implements LocalKernel {
  readonly #netlink = new Netlink();
  readonly #question: RouteQuestion;
  readonly #arp: Fd | undefined;
  readonly #packet = pin(ARP_LEN);

  /**
   * @param question A source address and an interface for all route lookups.
   * @throws {SyscallError} If there is no netlink socket.
   */
  constructor(question: RouteQuestion) {
    this.#question = { ...question, netlink: this.#netlink };
    this.#arp = openArp();
  }

  get canProbe(): boolean {
    return this.#arp !== undefined;
  }

  link(interfaceIndex: number): Link | undefined {
    return getLink(interfaceIndex, this.#netlink);
  }

  neighbour(interfaceIndex: number, address: number): Neighbour | undefined {
    return getNeighbour(interfaceIndex, address, this.#netlink);
  }

  route(destination: number): RouteAnswer {
    return getRoute(destination, this.#question);
  }

  addresses(): InterfaceAddress[] {
    return dumpAddresses(this.#netlink);
  }

  neighbourTable(): NeighbourTable | undefined {
    return neighbourTable(this.#netlink);
  }

  requestArp(link: Link, sender: number, target: number): boolean {
    if (this.#arp === undefined || link.type !== ARPHRD_ETHER || link.hardwareAddress?.length !== 6) return false;
    writeArpRequest(this.#packet.view, 0, sender, target);
    setArpSenderMac(this.#packet.view, 0, macOf(link.hardwareAddress));
    return sendTo(this.#arp, this.#packet, 0, ARP_LEN, pinBroadcast(link.index, ETH_P_ARP)) >= 0;
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
    this.#arp?.closeAside();
  }
}

/** Opens a socket to send ARP requests, where this process may have one. */
function openArp(): Fd | undefined {
  try {
    return openSocket(AF_PACKET, SOCK_DGRAM, 0);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
