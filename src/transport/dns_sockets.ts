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
import { connectInet4, type Fd, openSocket, receive, send } from "../../ffi/socket.ts";
import { PTR_QUERY_MAX_LEN } from "../wire/dns.ts";

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

/** The address and the port of a DNS server. */
export interface DnsServer {
  readonly address: number;
  readonly port: number;
}

/** The longest reply that is read; without EDNS a server sends 512 bytes at most. */
const REPLY_MAX_LEN = 1500;

/** Open UDP sockets. */
export class UdpDnsSockets implements DnsSockets, Disposable {
  readonly #sockets: readonly Fd[];
  readonly #poll: PollSet;
  readonly #query = pin(PTR_QUERY_MAX_LEN);
  readonly #reply = pin(REPLY_MAX_LEN);
  readonly query: DataView = this.#query.view;
  readonly reply: DataView = this.#reply.view;

  private constructor(sockets: readonly Fd[]) {
    this.#sockets = sockets;
    this.#poll = new PollSet(sockets.length);
    sockets.forEach((socket, index) => this.#poll.set(index, socket, POLLIN));
  }

  /** @throws {SyscallError} If a socket cannot be opened, or there is no route to a server. */
  static open(servers: readonly DnsServer[]): UdpDnsSockets {
    using opening = new DisposableStack();
    const sockets: Fd[] = [];
    for (const { address, port } of servers) {
      for (let index = 0; index < SOCKETS_PER_SERVER; index++) {
        const socket = opening.use(openSocket(AF_INET, SOCK_DGRAM, 0));
        const errno = connectInet4(socket, address, port);
        if (errno !== 0) throw new SyscallError("connect", errno);
        sockets.push(socket);
      }
    }
    opening.move();
    return new UdpDnsSockets(sockets);
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

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.close();
  }
}
