/**
 * Tells a RST that this machine has sent, by a rule of its packet filter or in the place of a port that it was redirected to, from one of
 * the host that a socket connects to. The former comes by the loopback interface, whose counter it raises before connect(2) returns.
 * Nothing shows that on the socket which it ended, and filters of segments need CAP_NET_ADMIN on new kernels. Where loopback has received a
 * packet since the refused connection began, a few more are made, and the packets counted that loopback receives meanwhile.
 *
 * @module
 */

import { SyscallError } from "../../ffi/errno.ts";
import { LOOPBACK_INDEX, receivedPackets } from "../../ffi/netlink/link.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";

/** Connections that are made to check one. Others may use loopback, so that one during which it received nothing decides. */
const CHECKS = 4;

/** Refused connections. Times are those of `performance.now()`. */
export class OwnRefusals implements Disposable {
  readonly #connect: (host: number, port: number) => void;
  readonly #netlink = new Netlink();
  #received = -1;
  /** When a packet on loopback was last noticed. */
  #noticedMs = -Infinity;
  #isFresh = false;

  /** @param connect Begins to connect to a port of a host, and gives up at once. */
  constructor(connect: (host: number, port: number) => void) {
    this.#connect = connect;
    this.#look();
  }

  /** Takes note that refusals may have come since the last call of {@linkcode OwnRefusals.isOwn}. */
  onPoll(): void {
    this.#isFresh = false;
  }

  /** Returns true where this machine has refused a connection to another, which began at `beganMs`. */
  isOwn(host: number, port: number, beganMs: number): boolean {
    if (!this.#isFresh) this.#look();
    return beganMs <= this.#noticedMs && this.#isRefusedHere(host, port);
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
  }

  #look(): void {
    this.#isFresh = true;
    const received = this.#count();
    if (received === this.#received) return;
    this.#received = received;
    this.#noticedMs = performance.now();
  }

  #isRefusedHere(host: number, port: number): boolean {
    try {
      let isIdle = false;
      for (let i = 0; i < CHECKS; i++) {
        const before = this.#count();
        this.#connect(host, port);
        const after = this.#count();
        if (after === before) return false;
        if (this.#count() === after) isIdle = true;
      }
      return isIdle;
    } catch (error) {
      if (error instanceof SyscallError) return false;
      throw error;
    }
  }

  #count(): number {
    return receivedPackets(LOOPBACK_INDEX, this.#netlink) ?? 0;
  }
}
