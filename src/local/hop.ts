/**
 * The next hop of packets: its state in the kernel's neighbour table, and ARP requests or neighbor solicitations where that is too old to rely on. The kernel trusts a neighbour that has gone away for up to 50 seconds.
 *
 * @module
 */

import type { Address } from "../../ffi/netlink/family.ts";
import { type Neighbour, USABLE_STATES } from "../../ffi/netlink/neighbor.ts";
import type { LocalKernel } from "./kernel.ts";

/** The neighbour table is read at most this often for one neighbour, in milliseconds. */
const LOOK_MS = 10;
/** The time between two requests, in milliseconds: while there was no reply, and after a reply. */
const REQUEST_GAP_MS = 300;
const REQUEST_AGAIN_MS = 100;
/** Requests without a reply after which a neighbour is silent. */
const REQUESTS = 4;
/** The kernel rounds the age of a confirmation to 10 ms; one that is this much younger is certainly younger. */
const MARGIN_MS = 20;
/** The longest time that the kernel may look for a gateway before that is a problem; it repeats its request after a second. */
const INCOMPLETE_MS = 1100;

/** No probe was sent to a host on an own link yet. */
export const UNTRIED = 0;
/** The kernel is resolving the host's hardware address. */
export const RESOLVING = 1;
/** The host's hardware address is, or was, known: probes are sent. */
export const RESOLVED = 2;
/** No reply to requests. */
export const UNRESOLVED = 3;

/** A gateway, or a host on an own link. Times are the engine's, in milliseconds. */
export class Hop {
  readonly address: Address;
  readonly #isGateway: boolean;
  /** The state of its entry in the kernel's neighbour table; undefined if there is none. */
  state: Neighbour["state"] | undefined;
  /** The time of the last known reply. */
  confirmedAt = -Infinity;
  /** The time at which it last failed to reply. */
  failedAt = -Infinity;
  /** True if a port of it did not reply, and no other port replied. */
  isSilent = false;
  /** {@linkcode UNTRIED}, {@linkcode RESOLVING}, {@linkcode RESOLVED} or {@linkcode UNRESOLVED}; of a host on an own link. */
  resolution = UNTRIED;
  /** The time at which a probe last made the kernel resolve its address, and the number of such probes. */
  triedAt = 0;
  tries = 0;
  /** When it last replied to a request of our own, by the table of those; undefined before the first look at it. */
  #lastReplyMs: number | undefined;
  #lookedAt = -Infinity;
  #requestedAt = -Infinity;
  #requests = 0;
  #incompleteSince = -1;

  constructor(address: Address, isGateway: boolean) {
    this.address = address;
    this.#isGateway = isGateway;
  }

  /** True where it has failed since it last answered. */
  get hasFailed(): boolean {
    return this.failedAt > this.confirmedAt;
  }

  /** True where the kernel would send to it. */
  get isUsable(): boolean {
    return this.state !== undefined && USABLE_STATES.has(this.state);
  }

  /** True where it needs no confirmation: its hardware address is permanent, or it needs none. */
  get isFixed(): boolean {
    return this.state === "permanent" || this.state === "noarp";
  }

  /** Returns true where it has certainly replied after `sinceMs`. */
  hasAnsweredSince(sinceMs: number): boolean {
    return this.confirmedAt - MARGIN_MS >= sinceMs;
  }

  /** Reads the neighbour table, unless it was read in the last 10 ms. */
  look(kernel: LocalKernel, interfaceIndex: number, nowMs: number): void {
    if (nowMs - this.#lookedAt >= LOOK_MS) this.read(kernel, interfaceIndex, nowMs);
  }

  /** Reads the neighbour table. */
  read(kernel: LocalKernel, interfaceIndex: number, nowMs: number): void {
    this.#lookedAt = nowMs;
    const neighbour = kernel.neighbour(interfaceIndex, this.address);
    this.state = neighbour?.state;
    if (this.state === "failed") this.failedAt = nowMs;
    if (this.state !== "incomplete") this.#incompleteSince = -1;
    else if (this.#incompleteSince < 0) this.#incompleteSince = nowMs;
    else if (this.#isGateway && nowMs - this.#incompleteSince > INCOMPLETE_MS) this.failedAt = nowMs;
    // A new entry is born with a confirmation of a minute ago, which means nothing until it is resolved.
    if (!this.isUsable) return;
    const confirmedAt = this.isFixed ? nowMs : nowMs - (neighbour?.confirmedAgoMs ?? 0);
    if (confirmedAt > this.confirmedAt) this.confirmedAt = confirmedAt;
    if (this.confirmedAt + MARGIN_MS > this.#requestedAt) this.#requests = 0;
  }

  /** Takes when it last replied to a request of our own: a new reply confirms it as of that request. */
  readReply(lastReplyMs: number): void {
    if (this.#lastReplyMs !== undefined && lastReplyMs !== this.#lastReplyMs) {
      this.confirmedAt = Math.max(this.confirmedAt, this.#requestedAt);
      this.#requests = 0;
    }
    this.#lastReplyMs = lastReplyMs;
  }

  /**
   * Sends a request where one is due; false once enough of them had no reply, or where none can be sent.
   *
   * @param request Sends one; returns false where that is not possible.
   */
  probe(request: () => boolean, nowMs: number): boolean {
    if (nowMs - this.#requestedAt < (this.#requests > 0 ? REQUEST_GAP_MS : REQUEST_AGAIN_MS)) return true;
    if (this.#requests >= REQUESTS) return false;
    this.#requests++;
    this.#requestedAt = nowMs;
    return request();
  }

  /** Resets the count of requests without a reply. */
  probeAgain(): void {
    this.#requests = 0;
  }
}
