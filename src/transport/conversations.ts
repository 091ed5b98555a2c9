// Hot path: but for the sockets themselves, nothing here may be allocated per packet.
/**
 * Many TCP conversations at once: connections that send and receive, over one epoll(7).
 *
 * @module
 */

import { EPOLLERR, EPOLLET, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP, POLLIN } from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { pin } from "../../ffi/memory.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { Fd } from "../../ffi/fd.ts";
import { receive, send } from "../../ffi/socket.ts";
import { finishOnClose, takeSocketError } from "../../ffi/socket_options.ts";
import { isUnacknowledged } from "../../ffi/tcp_info.ts";
import { type ConnectSockets, isReset } from "./connect_sockets.ts";
import { isNoRoom } from "./send_errors.ts";

/** The end of a conversation by the other side. */
export type ConversationEnd = "fin" | "rst" | "refused" | "timeout";

/** A receiver of what happens in conversations. */
export interface ConversationSink {
  /** A connection is established. */
  connected(slot: number): void;
  /** Bytes have come. They are valid until the function returns, which may end the conversation. */
  received(slot: number, bytes: Uint8Array): void;
  /** The other side has ended the conversation, or the connection was not established. Its slot is free. */
  ended(slot: number, end: ConversationEnd): void;
}

/** Conversations told in one {@linkcode Conversations.poll}, and bytes received at a time. */
const BATCH = 256;
const RECEIVE_LEN = 16_384;
/** The longest message. */
const SEND_LEN = 16_384 + 512;
/** Receptions from one conversation in a row. */
const MAX_RECEPTIONS = 8;

/** Events that are watched; each is reported once. */
const EVENTS = (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET) >>> 0;

const IDLE = 0;
const CONNECTING = 1;
const ESTABLISHED = 2;

/** Connections that send and receive, by a number that the caller gives each. */
export class Conversations implements Disposable {
  readonly capacity: number;
  readonly #opener: ConnectSockets;
  readonly #epoll: Epoll;
  readonly #waiting = new PollSet(1);
  readonly #sockets: (Fd | undefined)[];
  readonly #states: Uint8Array;
  /** The number of uses of each slot: a conversation that epoll has found may meanwhile have ended. */
  readonly #uses: Uint32Array;
  readonly #hosts: Uint32Array;
  readonly #ports: Uint16Array;
  readonly #beganMs: Float64Array;
  readonly #errors = new ErrorQueue();
  /** Slots that have more to be received than was taken at a time: epoll reports only what is new. */
  readonly #unread = new Set<number>();
  readonly #received = pin(RECEIVE_LEN);
  readonly #sending = pin(SEND_LEN);

  /**
   * @param capacity The most conversations at one time.
   * @param sockets Sockets without a port of their own.
   * @throws {CannotScanError} If sockets cannot be opened with their options.
   */
  constructor(capacity: number, sockets: ConnectSockets) {
    this.capacity = capacity;
    this.#opener = sockets;
    this.#sockets = new Array<Fd | undefined>(capacity).fill(undefined);
    this.#states = new Uint8Array(capacity);
    this.#uses = new Uint32Array(capacity);
    this.#hosts = new Uint32Array(capacity);
    this.#ports = new Uint16Array(capacity);
    this.#beganMs = new Float64Array(capacity);
    this.#epoll = new Epoll(BATCH);
    this.#waiting.set(0, this.#epoll.fd, POLLIN);
    try {
      this.#opener.check();
    } catch (error) {
      this.#epoll[Symbol.dispose]();
      this.#opener[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Begins a conversation.
   *
   * @param slot Names it; under the capacity, and not in use.
   * @returns 0, or the errno with which the kernel refused to try.
   */
  begin(slot: number, host: number, port: number): number {
    this.#beganMs[slot] = performance.now();
    const socket = this.#opener.begin(this.#epoll, EVENTS, slot, ++this.#uses[slot]!, host, port);
    if (typeof socket === "number") return socket;
    this.#hold(slot, socket, host, port);
    return 0;
  }

  /**
   * Begins a conversation on an established connection, which {@linkcode ConversationSink.connected} reports as any other.
   *
   * @param socket The connection to that port of the host; closed with the conversation.
   */
  adopt(slot: number, socket: Fd, host: number, port: number): void {
    this.#epoll.add(socket, EVENTS, slot, ++this.#uses[slot]!);
    this.#hold(slot, socket, host, port);
  }

  #hold(slot: number, socket: Fd, host: number, port: number): void {
    this.#sockets[slot] = socket;
    this.#states[slot] = CONNECTING;
    this.#hosts[slot] = host;
    this.#ports[slot] = port;
  }

  /**
   * Sends a message, which is short enough for the kernel to take it whole.
   *
   * @returns False if the connection has ended or has no room: nothing more can be sent then.
   */
  send(slot: number, bytes: Uint8Array): boolean {
    const socket = this.#sockets[slot];
    if (socket === undefined || bytes.length > SEND_LEN) return false;
    this.#sending.bytes.set(bytes);
    return send(socket, this.#sending, bytes.length) === bytes.length;
  }

  /** Returns true if the other side has not acknowledged what was sent. */
  isUnacknowledged(slot: number): boolean {
    const socket = this.#sockets[slot];
    return socket !== undefined && isUnacknowledged(socket);
  }

  /**
   * Ends a conversation.
   *
   * @param inOrder True to send a FIN; otherwise the connection is reset.
   */
  end(slot: number, inOrder: boolean): void {
    const socket = this.#sockets[slot];
    if (socket === undefined) return;
    if (inOrder) finishOnClose(socket);
    socket.close();
    this.#sockets[slot] = undefined;
    this.#states[slot] = IDLE;
    this.#unread.delete(slot);
  }

  /** Reports what has happened in conversations, of at most a batch of them; returns of how many. */
  poll(sink: ConversationSink): number {
    let count = this.#unread.size;
    for (const slot of [...this.#unread]) {
      this.#unread.delete(slot);
      this.#receive(slot, sink);
    }
    this.#opener.onPoll();
    const found = this.#epoll.look();
    count += found;
    for (let i = 0; i < found; i++) {
      const slot = this.#epoll.data(i);
      const socket = this.#sockets[slot];
      if (socket !== undefined && this.#uses[slot] === this.#epoll.tag(i)) {
        this.#handle(slot, socket, this.#epoll.events(i), sink);
      }
    }
    return count;
  }

  /** Resolves when something has happened in a conversation, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    await this.#waiting.pollUntil(this.#unread.size > 0 ? 0 : timeoutMs);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket?.close();
    this.#sockets.fill(undefined);
    this.#unread.clear();
    this.#epoll[Symbol.dispose]();
    this.#opener[Symbol.dispose]();
  }

  #handle(slot: number, socket: Fd, events: number, sink: ConversationSink): void {
    if (this.#states[slot] === CONNECTING) {
      if ((events & EPOLLERR) !== 0) return this.#fail(slot, takeSocketError(socket), sink);
      if ((events & EPOLLOUT) === 0) return;
      this.#states[slot] = ESTABLISHED;
      // On loopback the kernel may connect a socket with itself, where its own port is the one to connect to.
      if (this.#opener.isSelf(socket, this.#hosts[slot]!, this.#ports[slot]!)) {
        return this.#finish(slot, "refused", sink);
      }
      sink.connected(slot);
      if (this.#sockets[slot] !== socket) return;
    }
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) !== 0) this.#receive(slot, sink);
  }

  #receive(slot: number, sink: ConversationSink): void {
    for (let times = 0; times < MAX_RECEPTIONS; times++) {
      const socket = this.#sockets[slot];
      if (socket === undefined) return;
      const length = receive(socket, this.#received, 0, RECEIVE_LEN);
      if (length === 0) return this.#finish(slot, "fin", sink);
      if (length < 0) {
        if (!isNoRoom(-length)) this.#fail(slot, -length, sink);
        return;
      }
      sink.received(slot, this.#received.bytes.subarray(0, length));
      if (this.#sockets[slot] !== socket) return;
    }
    this.#unread.add(slot);
  }

  #fail(slot: number, errno: number, sink: ConversationSink): void {
    const isRefused = errno === ERRNO.ECONNREFUSED && this.#isHostsRefusal(slot);
    this.#finish(slot, isRefused ? "refused" : isReset(errno) ? "rst" : "timeout", sink);
  }

  /** Returns true where the host itself has refused: by a RST, or by an ICMP error. */
  #isHostsRefusal(slot: number): boolean {
    const [socket, host] = [this.#sockets[slot]!, this.#hosts[slot]!];
    if (this.#opener.takeError(this.#errors, socket, host)) return this.#opener.senderOf(this.#errors, host) === host;
    return !this.#opener.isOwnRefusal(host, this.#ports[slot]!, this.#beganMs[slot]!);
  }

  #finish(slot: number, end: ConversationEnd, sink: ConversationSink): void {
    this.end(slot, end === "fin");
    sink.ended(slot, end);
  }
}
