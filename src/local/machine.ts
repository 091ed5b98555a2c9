/**
 * The facts about this machine that a scan depends on, from the kernel: carrier, next hops, own addresses.
 *
 * @module
 */

import { SyscallError } from "../../ffi/errno.ts";
import type { Address } from "../../ffi/netlink/family.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import type { InputDrops } from "../../ffi/system.ts";
import { isRouted, type RouteAnswer } from "../../ffi/netlink/route.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import { isLoopback } from "../wire/address.ts";
import { Hop, RESOLVED, UNTRIED } from "./hop.ts";
import type { LocalKernel } from "./kernel.ts";
import { LostReplies } from "./lost_replies.ts";
import {
  HOP_ABSENT,
  HOP_ANSWERS,
  HOP_GONE,
  HOP_PENDING,
  type HopState,
  LOCAL_FIREWALL,
  type LocalFacts,
  NEXT_HOP_SILENT,
  NO_PROBLEM,
  UNROUTABLE,
} from "./local.ts";
import { linkProblem, Path, problemText } from "./path.ts";
import { NO_ENTRY_MS, Resolution } from "./resolution.ts";

/** The routes to the targets, by ranges of hosts. */
interface LocalRoutes {
  readonly segments: readonly { readonly first: number; readonly last: number; readonly answer: RouteAnswer }[];
  /** The index of the segment that holds a host, or of one before it. */
  indexFor(host: number): number;
}

/** The findings about this machine at the end of a scan. */
export interface LocalReport {
  /** Reasons for which ports were not probed, each the beginning of a sentence, and the number of ports. */
  readonly notProbed: readonly (readonly [why: string, ports: number])[];
  /** Hosts on own links that reply to ARP or neighbor solicitations, and to nothing else. */
  readonly silent: Uint32Array;
  /** Packets that this machine has dropped, if they may have been replies that the kernel was to receive; else 0. */
  readonly lostReplies: InputDrops;
  /** Other notes, a line each. */
  readonly notes: readonly string[];
}

/** An empty report. */
export const NO_LOCAL_REPORT: LocalReport = {
  notProbed: [],
  silent: new Uint32Array(),
  lostReplies: { reversePath: 0, firewall: 0 },
  notes: [],
};

/** The time between two reads of links and gateways, in milliseconds. Less than the shortest wait for a reply. */
const LOOK_MS = 50;
/** The time between two reads of this machine's addresses, in milliseconds. */
const ADDRESSES_MS = 1000;
/** While a path has a problem, one probe in so many milliseconds makes the kernel resolve its next hop. */
const TRY_GAP_MS = 500;
/** The kernel takes longer than this to give up an address, and keeps an entry for it then. */
const RESOLUTION_MS = 1000;
/** The address of this machine on loopback, ::1. */
const LOOPBACK6 = 1n;

/** Sends requests of our own to hosts on own links, and reads the replies. Hosts are IPv4 addresses, or numbers of IPv6 addresses. */
export interface NeighborProber {
  /** Returns true for a host whose hardware address is known. */
  isKnown(host: number): boolean;
  /** The number of times that a host has got another hardware address. */
  readonly moves: number;
  /** Sends a request to a host; false where it could not be sent. */
  request(host: number): boolean;
  /** Returns when a host last replied, in milliseconds of any clock; -Infinity if it has not. */
  lastReplyMs(host: number, nowMs: number): number;
}

/** The senders of requests of our own, by address family. */
type NeighborProbers = { readonly [Family in 4 | 6]?: NeighborProber | undefined };

/** Facts from the kernel, read often enough to conclude from them. */
export class LocalMachine implements LocalFacts, Disposable {
  recoveries = 0;
  /** True while a pass of the scan itself asks for hardware addresses: then nothing else does. */
  isResolving = false;
  /** Returns true for a host that a pass of the scan has found absent from its link. */
  isAbsent: (host: number) => boolean = () => false;
  /** Returns true for a host in whose place a station replies to ARP that replies for every address. */
  isProxied: (host: number) => boolean = () => false;
  readonly #kernel: LocalKernel;
  readonly #book: AddressBook;
  readonly #probers: NeighborProbers;
  /** The moves of hosts that were taken note of, by prober. */
  readonly #moves = new Map<NeighborProber, number>();
  readonly #routes: LocalRoutes;
  readonly #paths: Path[] = [];
  /** Ways of single flows, which are looked at only where these matter. */
  readonly #ways: Path[] = [];
  /** The path of each segment. */
  readonly #pathOf: (Path | undefined)[];
  readonly #own = new Set<number | bigint>();
  /** Hosts on own links that had to be looked at. */
  readonly #neighbours = new Map<number, Hop>();
  readonly #resolution: Resolution;
  /** The host that {@linkcode resolve} has let pass last. */
  #resolved = -1;
  readonly #notProbed = new Map<string, number>();
  #problems = 0;
  #beganMs = -1;
  #lookedAt = -Infinity;
  #addressesAt = -Infinity;
  #lost: LostReplies | undefined;
  /** The times that each table of neighbours was full before the scan, by address family. */
  readonly #overflows = new Map<number, number>();

  /**
   * @param kernel Disposed of together with this object.
   * @param probers For hosts of families without one, the kernel's table of neighbours is used.
   */
  constructor(kernel: LocalKernel, routes: LocalRoutes, book: AddressBook, probers: NeighborProbers = {}) {
    this.#kernel = kernel;
    this.#resolution = new Resolution(kernel);
    this.#book = book;
    this.#probers = probers;
    this.#routes = routes;
    this.#pathOf = routes.segments.map(({ first, answer }) => this.#pathFor(first, answer));
  }

  get resolutions(): number {
    return this.#resolution.count;
  }

  get wayCount(): number {
    return this.#paths.length;
  }

  look(nowMs: number): void {
    this.#resolution.look(nowMs);
    if (nowMs - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = nowMs;
    try {
      if (this.#beganMs < 0) {
        this.#beganMs = nowMs;
        this.#lost = new LostReplies(this.#kernel, nowMs);
        for (const { family, overflows } of this.#kernel.neighbourTables()) this.#overflows.set(family, overflows);
      }
      if (nowMs - this.#addressesAt >= ADDRESSES_MS) {
        this.#addressesAt = nowMs;
        for (const address of this.#kernel.addresses()) this.#own.add(address);
      }
      const links = new Map<number, Link | undefined>();
      for (const path of this.#paths) {
        const { interfaceIndex } = path;
        if (!links.has(interfaceIndex)) links.set(interfaceIndex, this.#kernel.link(interfaceIndex));
        this.#lookAt(path, links.get(interfaceIndex), nowMs);
      }
    } catch (error) {
      // The kernel has no room for its reply just now: the next look reads it.
      if (!(error instanceof SyscallError)) throw error;
    }
  }

  problem(host: number): number {
    return this.#problems === 0 ? NO_PROBLEM : this.#path(host)?.reason ?? NO_PROBLEM;
  }

  mayTry(host: number, nowMs: number): boolean {
    const path = this.#path(host);
    // Only a next hop is found by sending: without a carrier everything is lost.
    if (path === undefined || path.reason !== NEXT_HOP_SILENT || nowMs - path.triedAt < TRY_GAP_MS) return false;
    path.triedAt = nowMs;
    return true;
  }

  validSince(host: number): number {
    return this.recoveries === 0 ? 0 : this.#path(host)?.validSince ?? 0;
  }

  confirm(host: number, sinceMs: number, nowMs: number): HopState {
    const path = this.#path(host);
    if (path === undefined || this.isResolving) return HOP_ANSWERS;
    if (path.reason !== NO_PROBLEM) return HOP_PENDING;
    if (!path.resolves) return HOP_ANSWERS;
    const prober = path.gateway === undefined ? this.#proberOf(host) : undefined;
    if (prober !== undefined) return this.#confirmNeighbour(prober, path, host, sinceMs, nowMs);
    return this.#confirmHop(path, path.gateway ?? this.#neighbour(host), sinceMs, nowMs);
  }

  confirmFlow(host: number, port: number, protocol: number, sinceMs: number, nowMs: number): HopState {
    let state = HOP_ANSWERS;
    for (const way of this.#otherWays(host, port, protocol)) {
      way.reason = linkProblem(way.link = this.#kernel.link(way.interfaceIndex));
      way.linkName = way.link?.name ?? way.linkName;
      if (way.reason === NO_PROBLEM && way.resolves && way.gateway !== undefined) {
        if (this.#confirmHop(way, way.gateway, sinceMs, nowMs) === HOP_PENDING) state = HOP_PENDING;
      }
      if (way.reason === NO_PROBLEM) continue;
      this.#note(problemText(way, way.reason, this.#kernel.ipv6));
      return HOP_GONE;
    }
    if (protocol !== 0) this.#lost?.onSilence(familyOf(this.#book, host), host, port, this.isOwn(host));
    return state;
  }

  /** Returns the state of a next hop by the kernel's table of neighbours, and by requests of our own. */
  #confirmHop(path: Path, hop: Hop, sinceMs: number, nowMs: number): HopState {
    if (hop.hasAnsweredSince(sinceMs)) return HOP_ANSWERS;
    hop.look(this.#kernel, path.interfaceIndex, nowMs);
    if (hop.hasAnsweredSince(sinceMs) || hop.isFixed) return HOP_ANSWERS;
    if (hop.hasFailed) return this.#failed(path, hop, nowMs);
    if (hop.state === "incomplete") return HOP_PENDING;
    if (hop.state === undefined) return nowMs - sinceMs < NO_ENTRY_MS ? HOP_PENDING : HOP_GONE;
    if (path.request(this.#kernel, hop, nowMs)) return HOP_PENDING;
    // Without the right to send requests, the state counts as it is, unless the kernel is confirming it.
    if (!this.#kernel.canProbe) return hop.state === "delay" || hop.state === "probe" ? HOP_PENDING : HOP_ANSWERS;
    hop.failedAt = nowMs;
    return this.#failed(path, hop, nowMs);
  }

  resolve(host: number, nowMs: number): HopState {
    if (host === this.#resolved || this.isResolving || this.#proberOf(host)?.isKnown(this.#numberOf(host)) === true) {
      return HOP_ANSWERS;
    }
    const path = this.#path(host);
    if (path === undefined || path.gateway !== undefined || !path.resolves) return HOP_ANSWERS;
    const hop = this.#neighbour(host);
    if (hop.resolution === UNTRIED && this.isAbsent(host)) this.#resolution.settle(path, hop, nowMs);
    const state = this.#resolution.resolve(path, hop, nowMs);
    if (hop.resolution === RESOLVED) this.#resolved = host;
    return state;
  }

  isLocalError(host: number, from: number): boolean {
    if (this.isOwn(host)) return false;
    if (from !== 0) return this.isOwn(from);
    const path = this.#path(host);
    return path !== undefined && path.hasNeighbours && !path.isRouted;
  }

  isOwn(host: number): boolean {
    if (familyOf(this.#book, host) === 6) return this.#own.has(this.#book.ipv6!.addressOf(host));
    const address = this.#book.address(host);
    return this.#own.has(address) || isLoopback(address);
  }

  unreachable(host: number, port: number, protocol: number | undefined, nowMs: number): number {
    const path = this.#path(host);
    // A tunnel makes the error where it has no way to the host.
    if (path === undefined || !path.hasNeighbours) return UNROUTABLE;
    const hop = path.gateway ?? this.#neighbour(host);
    hop.read(this.#kernel, path.interfaceIndex, nowMs);
    const ways = protocol === undefined ? [] : this.#otherWays(host, port, protocol);
    for (const { gateway, interfaceIndex } of ways) gateway?.read(this.#kernel, interfaceIndex, nowMs);
    // An error about another next hop of the flow; this one may never have been used.
    if (
      (hop.isUsable || hop.state === undefined) && ways.some(({ gateway }) => gateway?.isUsable === false)
    ) return NO_PROBLEM;
    if (hop.isUsable) return LOCAL_FIREWALL;
    if (path.gateway === undefined && hop.state === undefined && nowMs - hop.triedAt < RESOLUTION_MS) {
      // The kernel was not asked to resolve the address: the next probe makes it.
      this.#resolution.again(hop);
      return LOCAL_FIREWALL;
    }
    hop.failedAt = nowMs;
    if (path.gateway !== undefined) this.#setReason(path, NEXT_HOP_SILENT, nowMs);
    return NO_PROBLEM;
  }

  isRouted(host: number): boolean {
    const path = this.#path(host);
    return path !== undefined && (path.isRouted || path.leadsToProgram);
  }

  notProbed(host: number, reason: number): void {
    this.#note(problemText(this.#path(host), reason, this.#kernel.ipv6));
  }

  noReply(host: number): void {
    const hop = this.#neighbours.get(host);
    // A program behind a tap interface (pasta) answers ARP for every address.
    if (hop !== undefined && this.#path(host)?.leadsToProgram !== true && !this.isProxied(host)) {
      hop.isSilent = true;
    }
  }

  /**
   * Returns the findings.
   *
   * @param isUp Returns true for a host that has replied.
   * @param hasWaited True where the kernel had no room for a packet at least once.
   */
  report(isUp: (host: number) => boolean, hasWaited: boolean): LocalReport {
    const silent = [...this.#neighbours].filter(([host, hop]) => hop.isSilent && !hop.hasFailed && !isUp(host));
    return {
      notProbed: [...this.#notProbed],
      silent: Uint32Array.from(silent, ([host]) => host),
      lostReplies: this.#lost?.report(this.#lookedAt) ?? NO_LOCAL_REPORT.lostReplies,
      notes: hasWaited ? this.#fullTables() : [],
    };
  }

  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }

  /** Returns the number of a host as packets have it. */
  #numberOf(host: number): number {
    return familyOf(this.#book, host) === 6 ? host : this.#book.address(host);
  }

  #addressOf(host: number): Address {
    return familyOf(this.#book, host) === 6 ? this.#book.ipv6!.addressOf(host) : this.#book.address(host);
  }

  #proberOf(host: number): NeighborProber | undefined {
    return this.#probers[familyOf(this.#book, host)];
  }

  #pathFor(first: number, answer: RouteAnswer): Path | undefined {
    if (!isRouted(answer)) return undefined;
    if (familyOf(this.#book, first) === 6) {
      this.#own.add(LOOPBACK6);
      if (answer.source6 !== undefined) this.#own.add(answer.source6);
    }
    const path = new Path(this.#addressOf(first), answer);
    const known = this.#paths.find((other) => other.isWayOf(answer) && other.isLike(path));
    if (known === undefined) this.#paths.push(path);
    return known ?? path;
  }

  #path(host: number): Path | undefined {
    return this.#pathOf.length === 1 ? this.#pathOf[0] : this.#pathOf[this.#routes.indexFor(host)];
  }

  /** Counts a port that was not probed. */
  #note(why: string | undefined): void {
    if (why !== undefined) this.#notProbed.set(why, (this.#notProbed.get(why) ?? 0) + 1);
  }

  /** Returns the ways by which the kernel may send the probes to a port beside the one of its host. */
  #otherWays(host: number, port: number, protocol: number): Path[] {
    const path = this.#path(host);
    if (path === undefined || !path.hasNeighbours) return [];
    const address = this.#addressOf(host);
    const flow = { protocol, port };
    path.mayVary ??= this.#kernel.hasRules(address) || this.#kernel.ways(address, flow).length > 1;
    if (!path.mayVary) return [];
    return this.#kernel.ways(address, flow).map((way) => ({ type: "unicast" as const, ...way }))
      .filter((way) => !path.isWayOf(way)).map((way) => {
        const known = this.#ways.find((other) => other.isWayOf(way));
        if (known !== undefined) return known;
        const gateway = way.gateway ?? way.gateway6;
        const near = gateway === undefined ? undefined : this.#kernel.route(gateway);
        const { source, source6 } = near !== undefined && isRouted(near) ? near : {};
        const found = new Path(address, { ...way, source, source6 });
        this.#ways.push(found);
        return found;
      });
  }

  #neighbour(host: number): Hop {
    let hop = this.#neighbours.get(host);
    if (hop === undefined) this.#neighbours.set(host, hop = new Hop(this.#addressOf(host), false));
    return hop;
  }

  #lookAt(path: Path, link: Link | undefined, nowMs: number): void {
    const before = path.link;
    if (before !== undefined && link !== undefined && link.carrierChanges !== before.carrierChanges) {
      path.validSince = nowMs;
      this.recoveries++;
    }
    path.link = link;
    if (link !== undefined) path.linkName = link.name;
    let reason = linkProblem(link);
    const { gateway } = path;
    if (reason === NO_PROBLEM && gateway !== undefined && path.resolves) {
      gateway.look(this.#kernel, path.interfaceIndex, nowMs);
      if (gateway.hasFailed) reason = NEXT_HOP_SILENT;
    }
    this.#setReason(path, reason, nowMs);
    if (reason === NO_PROBLEM) return;
    if (reason === NEXT_HOP_SILENT) {
      gateway!.probeAgain();
      path.request(this.#kernel, gateway!, nowMs);
    }
    // Link-local addresses have no other way than their zone.
    if (typeof path.sample === "bigint" && this.#kernel.ipv6!.isLinkLocal(path.sample)) return;
    // Another way may have been found meanwhile.
    const answer = this.#kernel.route(path.sample);
    if (isRouted(answer) && !path.isWayOf(answer)) {
      path.follow(answer);
      this.#setReason(path, NO_PROBLEM, nowMs);
    }
  }

  #setReason(path: Path, reason: number, nowMs: number): void {
    const before = path.reason;
    if (reason === before) return;
    path.reason = reason;
    if (before === NO_PROBLEM) this.#problems++;
    if (reason !== NO_PROBLEM) return;
    this.#problems--;
    this.recoveries++;
    path.validSince = nowMs;
  }

  /**
   * Returns a note for each table of neighbours that was full during the scan. The kernel counts it: the number of entries says
   * little, as all entries without a reply are removed together, three seconds after they were made.
   */
  #fullTables(): string[] {
    const families = new Set(
      this.#paths.filter(({ resolves }) => resolves).map(({ sample }) => typeof sample === "bigint" ? 6 : 4),
    );
    if (families.size === 0) return [];
    try {
      return this.#kernel.neighbourTables()
        .filter(({ family, overflows }) =>
          families.has(family) && overflows > (this.#overflows.get(family) ?? Infinity)
        )
        .map(({ family, limit }) =>
          `The kernel's table of neighbours was full (net.ipv${family}.neigh.default.gc_thresh3 = ${limit}): ` +
          "addresses on own links had to wait for room in it"
        );
    } catch (error) {
      if (error instanceof SyscallError) return [];
      throw error;
    }
  }

  /** Returns the state of a host on an own link by requests of our own. */
  #confirmNeighbour(prober: NeighborProber, path: Path, host: number, sinceMs: number, nowMs: number): HopState {
    const hop = this.#neighbour(host);
    const number = this.#numberOf(host);
    hop.readReply(prober.lastReplyMs(number, nowMs));
    if (prober.moves !== (this.#moves.get(prober) ?? 0)) {
      // What was sent to the hardware address before shows nothing.
      this.#moves.set(prober, prober.moves);
      path.validSince = nowMs;
      this.recoveries++;
      return HOP_PENDING;
    }
    if (hop.hasAnsweredSince(sinceMs)) return HOP_ANSWERS;
    if (hop.probe(() => prober.request(number), nowMs)) return HOP_PENDING;
    hop.failedAt = nowMs;
    return prober.isKnown(number) ? HOP_GONE : this.#failed(path, hop, nowMs);
  }

  /** Handles a next hop that does not reply. */
  #failed(path: Path, hop: Hop, nowMs: number): HopState {
    if (path.gateway === undefined) return hop.confirmedAt >= this.#beganMs ? HOP_GONE : HOP_ABSENT;
    if (this.#ways.includes(path)) path.reason = NEXT_HOP_SILENT;
    else this.#setReason(path, NEXT_HOP_SILENT, nowMs);
    return HOP_PENDING;
  }
}
