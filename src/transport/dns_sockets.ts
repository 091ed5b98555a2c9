// Hot path: nothing here may allocate per packet.
/**
 * UDP sockets to DNS servers. Each is connected to its server, so that the kernel gives it replies of this server's port alone
 * and reports ICMP errors, and has a random port that the kernel chose.
 *
 * @module
 */

import { AF_INET, POLLIN, SOCK_DGRAM } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { Fd } from "../../ffi/fd.ts";
import { connectInet4, openSocket, receive, send } from "../../ffi/socket.ts";
import { type DnsServer, PTR_QUERY_MAX_LEN } from "../wire/dns.ts";

/** Sockets of each server: the port of a query is one of its tokens. */
export const SOCKETS_PER_SERVER = 4;

/** The sockets of all servers, {@linkcode SOCKETS_PER_SERVER} of each, one server after the other. */
export interface DnsSockets {
  /** Memory of the query to send, from its beginning. */
  readonly query: DataView;
  /** Memory of the reply received last. */
  readonly reply: DataView;
  /** Sends the first bytes of the query through a socket; returns 0 or the errno. */
  send(socket: number, length: number): number;
  /** Receives one reply; returns its length, or the errno as a negative number: `-EAGAIN` when nothing waits. */
  receive(socket: number): number;
}

/** The longest reply that is read; without EDNS a server sends 512 bytes at most. */
const REPLY_MAX_LEN = 1500;

/** A server that cannot be reached, and why. */
interface UnreachableServer {
  readonly server: DnsServer;
  readonly error: SyscallError;
}

/** Open UDP sockets. */
export class UdpDnsSockets implements DnsSockets, Disposable {
  /** The servers that the sockets lead to. */
  readonly servers: readonly DnsServer[];
  /** Servers without a route, which are left out. */
  readonly unreachable: readonly UnreachableServer[];
  readonly #sockets: readonly Fd[];
  readonly #poll: PollSet;
  readonly #query = pin(PTR_QUERY_MAX_LEN);
  readonly #reply = pin(REPLY_MAX_LEN);
  readonly query: DataView = this.#query.view;
  readonly reply: DataView = this.#reply.view;

  /** @throws {SyscallError} If a socket cannot be opened. */
  constructor(servers: readonly DnsServer[]) {
    using opening = new DisposableStack();
    const reachable: DnsServer[] = [];
    const unreachable: UnreachableServer[] = [];
    const sockets: Fd[] = [];
    for (const server of servers) {
      const own = Array.from({ length: SOCKETS_PER_SERVER }, () => opening.use(openSocket(AF_INET, SOCK_DGRAM, 0)));
      const errno = own.reduce((failed, socket) => failed || connectInet4(socket, server.address, server.port), 0);
      if (errno !== 0) {
        unreachable.push({ server, error: new SyscallError("connect", errno) });
        own.forEach((socket) => socket.close());
        continue;
      }
      reachable.push(server);
      sockets.push(...own);
    }
    opening.move();
    this.servers = reachable;
    this.unreachable = unreachable;
    this.#sockets = sockets;
    this.#poll = new PollSet(sockets.length);
    sockets.forEach((socket, index) => this.#poll.set(index, socket, POLLIN));
  }

  send(socket: number, length: number): number {
    const result = send(this.#sockets[socket]!, this.#query, length);
    return result < 0 ? -result : 0;
  }

  receive(socket: number): number {
    return receive(this.#sockets[socket]!, this.#reply, 0, REPLY_MAX_LEN);
  }

  /** Waits until a reply can be received, or for `timeoutMs`; the event loop runs meanwhile. */
  async wait(timeoutMs: number): Promise<void> {
    await this.#poll.pollUntil(timeoutMs);
  }

  /** Waits as {@linkcode UdpDnsSockets.wait} does; the event loop stands still meanwhile, so that no thread has to wake another. */
  block(timeoutMs: number): void {
    this.#poll.pollNow(timeoutMs);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.close();
  }
}
