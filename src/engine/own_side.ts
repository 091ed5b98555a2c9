/**
 * Detects replies that are generated on the scanner's own side: by the user-mode network of a container or virtual machine
 * (slirp4netns, pasta), by tun2socks, or by a transparent proxy at the next hop. Two signs together: the target lies beyond a
 * gateway, yet the TTL of its reply was not decremented; and a SYN with a TTL of 1, which no router forwards, gets a reply.
 *
 * A gateway that is scanned by another address of its own shows both signs and is no proxy. So a host is checked only if
 * its packets go to a program of this machine (a tun or tap interface), or if its control ports are open.
 *
 * @module
 */

import { BEYOND_PROGRAM, ON_LINK } from "../driver/driver.ts";

/** Hosts that are sent a SYN with a TTL of 1. */
const MAX_CHECKS = 4;
/** Attempts of such a SYN that stays without a reply. */
const NEAR_TRIES = 2;
/** Replies that are looked at for a host to check. Their TTLs are known by then. */
const MAX_LOOKS = 4096;

/** 1 for each TTL that stacks send with (nmap and p0f agree on them). */
const IS_INITIAL_TTL = Uint8Array.from({ length: 256 }, (_, ttl) => [32, 64, 128, 255].includes(ttl) ? 1 : 0);

/** A host that is checked. */
interface Checked {
  /** The port whose reply led to the check; -1 once it was used. */
  port: number;
  isAnswered: boolean;
  /** True where a reply is that of a user-mode stack: by the window of a RST or an open control port. */
  isCertain: boolean;
}

/** The own-side check of a scan. */
export class OwnSide {
  /** Returns how a host is reached; undefined where every host is on the link. */
  readonly #pathTo: ((host: number) => number) | undefined;
  readonly #checked = new Map<number, Checked>();
  #looks = 0;
  /** True once a reply from beyond a program has passed a router: replies to a TTL of 1 then come from the next hop's own address. */
  #isDecremented = false;

  constructor(pathTo: ((host: number) => number) | undefined) {
    this.#pathTo = pathTo;
  }

  /**
   * Takes the TTL of a host's reply; returns true where the host is to be sent a SYN with a TTL of 1.
   *
   * @param isUserStack True where the reply is one that only user-mode stacks send.
   */
  isDueBeyondProgram(host: number, port: number, ttl: number, isUserStack: boolean): boolean {
    if (this.#pathTo === undefined || this.#looks >= MAX_LOOKS) return false;
    this.#looks++;
    if (this.#pathTo(host) !== BEYOND_PROGRAM) return false;
    if (IS_INITIAL_TTL[ttl] === 0) this.#isDecremented = true;
    const isDue = this.#begin(host, port, ttl);
    const checked = this.#checked.get(host);
    if (checked !== undefined && isUserStack) checked.isCertain = true;
    return isDue;
  }

  /** The same for a host of which control ports are open. */
  isDueAsProxy(host: number, ttl: number): boolean {
    return this.#pathTo !== undefined && this.#pathTo(host) !== ON_LINK && this.#begin(host, -1, ttl);
  }

  #begin(host: number, port: number, ttl: number): boolean {
    if (IS_INITIAL_TTL[ttl] === 0 || this.#checked.size >= MAX_CHECKS || this.#checked.has(host)) return false;
    this.#checked.set(host, { port, isAnswered: false, isCertain: false });
    return true;
  }

  /** True where a SYN that was sent `tries` times without a reply is to be sent again. */
  isRetried(tries: number): boolean {
    return tries < NEAR_TRIES;
  }

  /** The port to check in the place of a control port that stayed silent; -1 if there is none. */
  nextPort(host: number): number {
    const checked = this.#checked.get(host);
    if (checked === undefined) return -1;
    const { port } = checked;
    checked.port = -1;
    return port;
  }

  /** Notes a reply of the host to a SYN with a TTL of 1, by a user-mode stack where that is certain. */
  answered(host: number, isCertain: boolean): void {
    const checked = this.#checked.get(host);
    if (checked === undefined) return;
    checked.isAnswered = true;
    if (isCertain) checked.isCertain = true;
  }

  /**
   * The hosts whose replies are generated on this side, as far as they were checked. The next hop's own address replies like
   * them; what tells them apart is a user-mode stack, or that more than one host replies so.
   */
  hosts(): number[] {
    const hosts = this.#answered();
    return hosts.length > 1 || hosts.some((host) => this.#checked.get(host)!.isCertain) ? hosts : [];
  }

  /** The hosts that may as well be the next hop itself. */
  nextHops(): number[] {
    return this.hosts().length > 0 ? [] : this.#answered();
  }

  #answered(): number[] {
    return [...this.#checked].filter(([host, { isAnswered }]) =>
      isAnswered && !(this.#isDecremented && this.#pathTo?.(host) === BEYOND_PROGRAM)
    ).map(([host]) => host);
  }
}
