// Hot path: nothing here may allocate per packet.
/**
 * The Ethernet sender: frames through an AF_PACKET socket, past the kernel's routing. It sends to destinations whose next hop (a
 * gateway, or the host itself on the link) has a hardware address that the kernel has and trusts, or that a pass of ARP requests has
 * found. All other packets go by raw IP, which also makes the kernel resolve hardware addresses: this sender takes over when they are
 * there, and gives back when they, or the route, are gone.
 *
 * It bypasses the kernel's packet filter and IPsec policies, so that raw IP goes first, and again now and then, to every range of
 * addresses: where the kernel refuses a packet, the range stays with raw IP. With IPsec policies this sender is not used.
 *
 * @module
 */

import { lastAtMost } from "../collections/sorted_search.ts";
import { SOCK_RAW } from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import { getLink, type Link } from "../../ffi/netlink/link.ts";
import { INET } from "../../ffi/netlink/family.ts";
import { dumpNeighbours, type Neighbour, USABLE_STATES } from "../../ffi/netlink/neighbor.ts";
import { getRoute, isRouted, routeChangeParser } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openPacketSocket } from "../../ffi/socket.ts";
import type { PolicyWatch } from "../../ffi/netlink/xfrm.ts";
import {
  ETHERNET_HEADER_LEN,
  ETHERTYPE_IPV4,
  macOf,
  setEthernetDestination,
  setEthernetEthertype,
  setEthernetSource,
} from "../wire/ethernet.ts";
import { enlargeSendBuffer } from "./buffers.ts";
import type { PreferredSender } from "./kernel_transport.ts";
import { MovedHosts, type RouteNews } from "./moved_hosts.ts";
import type { Neighbors } from "./neighbors.ts";
import type { RouteConstraints } from "./route_plan.ts";
import { slotLenFor } from "./raw_sender.ts";
import type { PacketQueue } from "./send_queue.ts";
import type { SendThread, ThreadQueue } from "./thread_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";
import type { AddressBook } from "../target/address_book.ts";

const COUNT = 128;
/** Slots where another thread sends: those of some milliseconds. */
const SHARED_COUNT = 1024;
/** The offset of the frame in a slot: the IP header behind that of the link then lies on a whole word. */
const FRAME_AT = 2;
const HEADER_AT = FRAME_AT + ETHERNET_HEADER_LEN;
/**
 * The time between two reads of the neighbours, in milliseconds: soon after the first packets have made the kernel resolve
 * them, then ever longer.
 */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 250;
/** The time between two reads of notifications about routes, in milliseconds. */
const NEWS_EVERY_MS = 4;
/** A pause after each read, as a multiple of its own length: with 100,000 neighbours a read takes half a second. */
const LOOK_RESPITE = 20;
/** Ranges whose route is checked for changes. */
const WATCHED_RANGES = 64;
/** State of a range: no packet has gone by raw IP yet. */
const UNSENT = 0;
/** A packet by raw IP has not been sent or refused yet. */
const IN_FLIGHT = 1;
const ALLOWED = 2;
/** It was allowed, and one packet by raw IP is to check that it still is. */
const DUE = 3;
const REFUSED = 4;
/**
 * Packets that the kernel has to let pass before frames to hosts behind a gateway bypass its packet filter, which may refuse a few ports
 * alone.
 */
const FIRST_PACKETS = 16;

/** A range of hosts behind the interface. */
export interface EthernetRange {
  readonly first: number;
  readonly last: number;
  /** The gateway to all of them; undefined where each is on the link itself. */
  readonly gateway: number | undefined;
  /** True where the packet filter is known to let packets pass, or to refuse them; undefined until one was sent by raw IP. */
  readonly isAllowed?: boolean | undefined;
}

/** The kernel's knowledge of next hops, whose addresses are numbers. */
export interface NextHops {
  /** The Ethernet type of packets. */
  readonly ethertype: number;
  /** Yields the neighbours in the kernel's table that can be next hops on a link. */
  neighbours(interfaceIndex: number, netlink: Netlink): Iterable<Neighbour>;
  /** Returns true where the kernel sends packets to a host by a link and a gateway, or straight to the host. */
  isRoutedBy(host: number, interfaceIndex: number, gateway: number | undefined, netlink: Netlink): boolean;
  /** Its notifications about routes. */
  readonly routeNews: RouteNews;
}

/** Returns the next hops of IPv4. */
function ipv4NextHops(book: AddressBook, constraints: RouteConstraints): NextHops {
  const parseChange = routeChangeParser(INET);
  return {
    ethertype: ETHERTYPE_IPV4,
    neighbours: (interfaceIndex, netlink) =>
      dumpNeighbours(INET, netlink).filter((neighbour) => neighbour.interfaceIndex === interfaceIndex),
    isRoutedBy: (host, interfaceIndex, gateway, netlink) => {
      const answer = getRoute(book.address(host), { ...constraints, netlink });
      return isRouted(answer) && answer.type === "unicast" && answer.interfaceIndex === interfaceIndex &&
        answer.gateway === gateway && answer.gateway6 === undefined;
    },
    routeNews: {
      groups: INET.routeGroups,
      parse(view, at, length) {
        const change = parseChange(view, at, length);
        if (change === undefined) return undefined;
        const { destination, prefixLen, isRule } = change;
        const last = destination + 2 ** (32 - prefixLen) - 1;
        return { hosts: [{ first: book.lastUpTo(destination - 1) + 1, last: book.lastUpTo(last) }], isRule };
      },
    },
  };
}

/** The options of an Ethernet sender. */
interface EthernetOptions {
  /** The destinations behind its interface, ascending and disjoint. */
  readonly ranges: readonly EthernetRange[];
  /** The addresses of hosts. */
  readonly book: AddressBook;
  /** The constraints of their route lookups. */
  readonly constraints: RouteConstraints;
  /** Next hops of another protocol than IPv4. */
  readonly nextHops?: NextHops | undefined;
  /** The length of the longest packet, from its IP header on, in bytes. */
  readonly maxLength: number;
  /** IPsec policies, which end the use of this sender; disposed of together with it. */
  readonly policies: PolicyWatch;
  /** Hosts on own links that were found by ARP requests of our own. */
  readonly neighbors?: Neighbors | undefined;
  /** A thread that sends its packets, and the class of their queue. */
  readonly thread?: { readonly thread: SendThread; readonly ThreadQueue: typeof ThreadQueue } | undefined;
}

/** Sends by one Ethernet interface. */
export class EthernetSender implements PreferredSender {
  readonly fd: Fd;
  readonly count: number;
  readonly slotLen: number;
  readonly headerAt = HEADER_AT;
  readonly slots: DataView;
  readonly timestamps: SendTimestamps;

  readonly #thread: EthernetOptions["thread"];
  readonly #batch: SendBatch;
  readonly #link: Link;
  readonly #ranges: readonly EthernetRange[];
  readonly #firsts: Uint32Array;
  readonly #book: AddressBook;
  readonly #nextHops: NextHops;
  /** Of each range, true where the kernel still routes it by this interface. */
  readonly #open: boolean[];
  /** Of each range: UNSENT, IN_FLIGHT, ALLOWED, DUE or REFUSED. */
  readonly #neighborState: Uint8Array;
  /** Indices of the ranges that are IN_FLIGHT. */
  readonly #requested: number[] = [];
  /** Packets to ranges that were not allowed yet, which the kernel let pass. */
  #passed = 0;
  readonly #policies: PolicyWatch;
  readonly #moved: MovedHosts<EthernetRange>;
  readonly #netlink: Netlink;
  readonly #neighbors: Neighbors | undefined;
  /** Hardware address by next hop. */
  #addresses = new Map<number, number>();
  /**
   * Next hops that the kernel last had confirmed long ago. It confirms them again when it sends a packet itself, and would
   * trust them for ever if it sent none.
   */
  #stale = new Set<number>();
  /** Hardware address of each range's gateway; 0 where there is none. */
  readonly #gateways: Float64Array;
  /** The hardware address that each slot is addressed to. */
  readonly #addressed: Float64Array;
  /** The interface's own hardware address, the source of all frames; 0 before the first read. */
  #source = 0;
  #refreshedAt = -Infinity;
  #newsAt = -Infinity;
  #everyMs = FIRST_LOOK_MS;
  /** The destination of the last {@linkcode canSend}, the index of its range, and the hardware address to send to; 0 if there is none. */
  #destination = -1;
  #index = -1;
  #hardware = 0;
  /** The destinations with the same result as that one: behind the same gateway. No number is above the first of none. */
  #sameFirst = Infinity;
  #sameLast = -1;
  /** The same destination, which a read does not reset. */
  #latest = -1;

  /**
   * @param link An Ethernet interface.
   * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
   */
  constructor(link: Link, options: EthernetOptions) {
    const { ranges, book, constraints, maxLength, policies, neighbors } = options;
    this.#nextHops = options.nextHops ?? ipv4NextHops(book, constraints);
    const { ethertype } = this.#nextHops;
    this.slotLen = HEADER_AT + slotLenFor(maxLength);
    this.#thread = options.thread;
    const count = this.count = this.isShared ? SHARED_COUNT : COUNT;
    this.#addressed = new Float64Array(count);
    this.#book = book;
    using opening = new DisposableStack();
    // With protocol 0 nothing ever arrives at it. Frames with their header pass faster than packets that get theirs.
    this.fd = opening.use(openPacketSocket(SOCK_RAW));
    enlargeSendBuffer(this.fd);
    this.timestamps = new SendTimestamps(this.fd, "packet");
    this.#batch = new SendBatch({
      count,
      slotLen: this.slotLen,
      sentFrom: FRAME_AT,
      destination: { interfaceIndex: link.index, protocol: ethertype },
    });
    this.#link = link;
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    this.#policies = policies;
    this.#neighbors = neighbors;
    this.#open = ranges.map(() => true);
    this.#neighborState = Uint8Array.from(
      ranges,
      ({ isAllowed }) => isAllowed === undefined ? UNSENT : isAllowed ? ALLOWED : REFUSED,
    );
    this.#gateways = new Float64Array(ranges.length);
    this.slots = this.#batch.slots;
    for (let index = 0; index < count; index++) {
      setEthernetEthertype(this.slots, index * this.slotLen + FRAME_AT, ethertype);
    }
    this.#netlink = opening.use(new Netlink());
    this.#moved = opening.use(
      new MovedHosts(ranges, this.#nextHops.routeNews, (host, { gateway }) => this.#isRoutedHere(host, gateway)),
    );
    opening.move();
  }

  canSend(destination: number): boolean {
    if (destination !== this.#destination) {
      this.#destination = this.#latest = destination;
      if (destination < this.#sameFirst || destination > this.#sameLast) this.#hardware = this.#find(destination);
    }
    return this.#hardware !== 0;
  }

  /** Resets the results for destinations. */
  #removeNeighbor(): void {
    this.#destination = -1;
    this.#sameFirst = Infinity;
  }

  refresh(nowMs: number): void {
    if (nowMs - this.#newsAt >= NEWS_EVERY_MS) {
      this.#newsAt = nowMs;
      if (this.#moved.refresh()) this.#removeNeighbor();
    }
    if (nowMs - this.#refreshedAt < this.#everyMs) return;
    this.#refreshedAt = nowMs;
    const beganMs = performance.now();
    this.#removeNeighbor();
    try {
      this.#look();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      // The kernel has no room for its reply just now: raw IP is used until the next read.
      this.#open.fill(false);
    }
    const tookMs = performance.now() - beganMs;
    this.#everyMs = Math.max(Math.min(LAST_LOOK_MS, this.#everyMs * 2), tookMs * LOOK_RESPITE);
  }

  sentByKernel(): void {
    const index = this.#index;
    const state = index < 0 ? REFUSED : this.#neighborState[index];
    if (state === UNSENT || state === IN_FLIGHT) {
      if (state === UNSENT) this.#requested.push(index);
      this.#neighborState[index] = IN_FLIGHT;
      this.#passed++;
    } else if (state === DUE || state === ALLOWED) {
      this.#neighborState[index] = ALLOWED;
      // One packet is enough to make the kernel confirm it.
      this.#stale.delete(this.#book.address(this.#destination));
      this.#removeNeighbor();
    }
  }

  onSendError(destination: number, errno: number): void {
    if (errno !== ERRNO.EPERM) return;
    const index = this.#rangeOf(destination);
    // For good: a packet filter that refuses one packet in many must not be bypassed.
    if (index >= 0) this.#neighborState[index] = REFUSED;
    this.#removeNeighbor();
  }

  kernelSendsDone(): void {
    if (this.#requested.length === 0) return;
    for (const index of this.#requested) {
      if (this.#neighborState[index] !== IN_FLIGHT) continue;
      const isEnough = this.#ranges[index]!.gateway === undefined || this.#passed >= FIRST_PACKETS;
      this.#neighborState[index] = isEnough ? ALLOWED : UNSENT;
    }
    this.#requested.length = 0;
    this.#removeNeighbor();
  }

  /** The name of its interface. */
  get linkName(): string {
    return this.#link.name;
  }

  setDestination(index: number): void {
    // `canSend` has just been called for the same destination.
    if (this.#addressed[index] === this.#hardware) return;
    this.#addressed[index] = this.#hardware;
    setEthernetDestination(this.slots, index * this.slotLen + FRAME_AT, this.#hardware);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, ETHERNET_HEADER_LEN + length);
  }

  get messages(): bigint {
    return this.#batch.messages;
  }

  /** True if another thread sends its packets. */
  get isShared(): boolean {
    return this.#thread !== undefined;
  }

  threadQueue(): PacketQueue | undefined {
    return this.#thread && new this.#thread.ThreadQueue(this, this.#thread.thread);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, count);
  }

  [Symbol.dispose](): void {
    this.fd.closeAside();
    this.#policies[Symbol.dispose]();
    this.#moved[Symbol.dispose]();
    this.#netlink[Symbol.dispose]();
  }

  #look(): void {
    const own = getLink(this.#link.index, this.#netlink)?.hardwareAddress;
    if (own?.length !== 6) {
      this.#open.fill(false);
      return;
    }
    this.#comeFrom(macOf(own));
    const addresses = new Map<number, number>();
    const stale = new Set<number>();
    for (const { address, state, hardwareAddress } of this.#nextHops.neighbours(this.#link.index, this.#netlink)) {
      if (!USABLE_STATES.has(state) || hardwareAddress?.length !== 6) continue;
      addresses.set(address, macOf(hardwareAddress));
      if (state === "stale") stale.add(address);
    }
    this.#addresses = addresses;
    this.#stale = stale;
    const policies = this.#policies.any();
    this.#ranges.forEach((range, i) => {
      const { first, last, gateway } = range;
      this.#gateways[i] = gateway === undefined ? 0 : addresses.get(gateway) ?? 0;
      if (policies) this.#neighborState[i] = REFUSED;
      else if (this.#neighborState[i] === ALLOWED) this.#neighborState[i] = DUE;
      const sample = this.#moved.hasMoved(first, range) ? last : first;
      this.#open[i] = i >= WATCHED_RANGES || this.#isRoutedHere(sample, gateway);
    });
    const latest = this.#latest < 0 ? -1 : this.#rangeOf(this.#latest);
    // Part of the range has got a route of its own without a notification, as by an ICMP redirect. Hosts there no longer reply, so that
    // probes to them are retransmitted: sooner or later one of them is the latest destination.
    if (latest < 0 || !this.#open[latest] || this.#moved.hasMoved(this.#latest, this.#ranges[latest]!)) return;
    if (!this.#isRoutedHere(this.#latest, this.#ranges[latest]!.gateway)) this.#neighborState[latest] = REFUSED;
  }

  #comeFrom(source: number): void {
    if (source === this.#source) return;
    this.#source = source;
    for (let index = 0; index < this.count; index++) {
      setEthernetSource(this.slots, index * this.slotLen + FRAME_AT, source);
    }
  }

  /** @throws {SyscallError} If the kernel does not reply. */
  #isRoutedHere(destination: number, gateway: number | undefined): boolean {
    return this.#nextHops.isRoutedBy(destination, this.#link.index, gateway, this.#netlink);
  }

  /** The hardware address to send to, or 0 where the next packet is to go by raw IP. */
  #find(destination: number): number {
    const index = this.#index = this.#rangeOf(destination);
    this.#sameFirst = Infinity;
    if (index < 0 || !this.#open[index]) return 0;
    const range = this.#ranges[index]!;
    if (this.#moved.hasMoved(destination, range)) {
      this.#index = -1;
      return 0;
    }
    const { gateway } = range;
    const address = this.#book.address(destination);
    const state = this.#neighborState[index];
    if (state === DUE && gateway === undefined && !this.#addresses.has(address)) {
      // Raw IP would make the kernel resolve it: what checks the packet filter again goes to a host that the kernel knows.
      return this.#neighbors?.macOf(address) ?? 0;
    }
    if (state !== ALLOWED) return 0;
    if (gateway !== undefined) {
      this.#sameFirst = this.#moved.unmovedFirst;
      this.#sameLast = this.#moved.unmovedLast;
      return this.#gateways[index]!;
    }
    if (this.#stale.size > 0 && this.#stale.has(address)) return 0;
    return this.#addresses.get(address) ?? this.#neighbors?.macOf(address) ?? 0;
  }

  /** The index of the range that holds a destination, or -1. */
  #rangeOf(destination: number): number {
    const index = lastAtMost(this.#firsts, destination);
    return index >= 0 && destination <= this.#ranges[index]!.last ? index : -1;
  }
}
