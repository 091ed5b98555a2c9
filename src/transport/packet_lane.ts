// Hot path: nothing here may allocate per packet.
/**
 * The packet lane: packets for a hardware address, through an AF_PACKET socket, past the kernel's routing. It serves destinations whose
 * next hop (a gateway, or the host itself on the link) has a hardware address that the kernel knows and trusts. Everything else
 * goes by raw IP, which is also what makes the kernel ask for hardware addresses: the lane takes over when they are there, and
 * gives back when they, or the route, are gone.
 *
 * @module
 */

import { SendBatch } from "../../ffi/message_batch.ts";
import { dumpNeighbours, getRoute, isRouted, type Link, type Neighbour, Netlink } from "../../ffi/netlink.ts";
import type { Fd } from "../../ffi/socket.ts";
import { readMac } from "../wire/ethernet.ts";
import type { FastLane } from "./kernel_transport.ts";
import type { RouteWishes } from "./routes.ts";

const COUNT = 128;
const SLOT_LEN = 64;
/**
 * How often the neighbours are looked at, in milliseconds: soon after the first packets have made the kernel ask for
 * them, then ever less often.
 */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 250;
/** Stretches of which it is watched whether their route is still what it was. */
const WATCHED_STRETCHES = 64;
/** States in which the kernel itself would use a neighbour's address; of the rest it is still finding out. */
const USABLE: ReadonlySet<Neighbour["state"]> = new Set(["reachable", "stale", "delay", "probe", "permanent", "noarp"]);

/** A stretch of addresses that leave by the lane's interface. */
export interface LaneStretch {
  readonly first: number;
  readonly last: number;
  /** The gateway to all of them; undefined where each is on the link itself. */
  readonly gateway: number | undefined;
}

/** What a lane serves. */
export interface LaneOptions {
  /** What leaves by it, ascending and disjoint. */
  readonly stretches: readonly LaneStretch[];
  /** What the kernel is told when it is asked for their routes. */
  readonly wishes: RouteWishes;
}

/** Sends by one Ethernet interface. */
export class PacketLane implements FastLane {
  readonly fd: Fd;
  readonly count = COUNT;
  readonly slotLen = SLOT_LEN;
  readonly slots: DataView;

  readonly #batch: SendBatch;
  readonly #link: Link;
  readonly #stretches: readonly LaneStretch[];
  readonly #wishes: RouteWishes;
  /** Which stretches the kernel still sends by this lane. */
  readonly #open: boolean[];
  readonly #netlink = new Netlink();
  /** Hardware address by next hop. */
  #addresses = new Map<number, number>();
  /** Hardware address of each stretch's gateway; 0 where there is none. */
  readonly #gateways: Float64Array;
  /** The hardware address that each slot is addressed to. */
  readonly #addressed = new Float64Array(COUNT);
  #refreshedAt = -Infinity;
  #everyMs = FIRST_LOOK_MS;
  /** The destination asked about last, and the hardware address to send it to; 0 if there is none. */
  #destination = -1;
  #hardware = 0;

  /**
   * @param fd An AF_PACKET socket of type SOCK_DGRAM: the one that replies arrive at, for closing another costs
   *   milliseconds. It is left open.
   * @param link An Ethernet interface.
   */
  constructor(fd: Fd, link: Link, { stretches, wishes }: LaneOptions) {
    this.fd = fd;
    this.#batch = new SendBatch({
      count: COUNT,
      slotLen: SLOT_LEN,
      destination: "link",
      interfaceIndex: link.index,
    });
    this.#link = link;
    this.#stretches = stretches;
    this.#wishes = wishes;
    this.#open = stretches.map(() => true);
    this.#gateways = new Float64Array(stretches.length);
    this.slots = this.#batch.slots;
  }

  serves(destination: number): boolean {
    if (destination !== this.#destination) {
      this.#destination = destination;
      this.#hardware = this.#find(destination);
    }
    return this.#hardware !== 0;
  }

  refresh(nowMs: number): void {
    if (nowMs - this.#refreshedAt < this.#everyMs) return;
    this.#refreshedAt = nowMs;
    const addresses = new Map<number, number>();
    for (const { interfaceIndex, address, state, hardwareAddress } of dumpNeighbours(this.#netlink)) {
      if (interfaceIndex !== this.#link.index || !USABLE.has(state) || hardwareAddress?.length !== 6) continue;
      addresses.set(address, readMac(new DataView(hardwareAddress.buffer, hardwareAddress.byteOffset), 0));
    }
    this.#addresses = addresses;
    this.#stretches.forEach(({ gateway }, i) => {
      this.#gateways[i] = gateway === undefined ? 0 : addresses.get(gateway) ?? 0;
    });
    this.#destination = -1;
    for (let i = 0; i < Math.min(this.#stretches.length, WATCHED_STRETCHES); i++) {
      const { first, gateway } = this.#stretches[i]!;
      const answer = getRoute(first, { ...this.#wishes, netlink: this.#netlink });
      this.#open[i] = isRouted(answer) && answer.interfaceIndex === this.#link.index && answer.gateway === gateway;
    }
    this.#everyMs = Math.min(LAST_LOOK_MS, this.#everyMs * 2);
  }

  setDestination(index: number): void {
    // `serves` has just been asked about the same destination.
    if (this.#addressed[index] === this.#hardware) return;
    this.#addressed[index] = this.#hardware;
    this.#batch.setHardwareDestination(index, this.#hardware);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, length);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, count);
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
  }

  #find(destination: number): number {
    const stretches = this.#stretches;
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (stretches[middle]!.first <= destination) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low]!;
    if (!this.#open[low] || destination < stretch.first || destination > stretch.last) return 0;
    return stretch.gateway === undefined ? this.#addresses.get(destination) ?? 0 : this.#gateways[low]!;
  }
}
