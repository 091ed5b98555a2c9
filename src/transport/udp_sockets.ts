// Hot path: nothing here may allocate per packet.
/**
 * A transport of datagrams without privileges: UDP sockets that are not connected, two for each source port, whose ICMP errors come from
 * their error queues, ip(7). The kernel writes the headers of what is sent, and takes them off what is received; here they are put
 * before it again, so that a technique reads the packets that it would read from a packet socket.
 *
 * An error that waits on a socket makes the kernel refuse the next datagram by it, once: where errors come at once, sendmmsg(2) would
 * send one datagram a call. Therefore datagrams leave by one socket, and another one, bound to the same address and port after it, gets
 * what arrives: Linux takes the socket that was bound last. Both are read, so that nothing depends on that but the rate.
 *
 * The header that an error quotes is not the one that was sent: of that the kernel keeps addresses and ports only.
 *
 * @module
 */

import { EPOLLERR, EPOLLIN, SO_TIMESTAMPNS, SOL_SOCKET } from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { timespec } from "../../ffi/layout.ts";
import { ReceiveBatch, SendBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { socketDrops } from "../../ffi/socket_options.ts";
import { readTimespecMs } from "../../ffi/system.ts";
import { UDP_HEADER_LEN, udpDestinationPort, udpSourcePort } from "../wire/udp.ts";
import { ArrivalClock } from "./arrival_clock.ts";
import { slotLenFor } from "./raw_sender.ts";
import type { Receiver } from "./receiver.ts";
import { isNoRoom } from "./send_errors.ts";
import type { Sender } from "./send_queue.ts";
import type { PacketSink } from "./transport.ts";

/** Slots to send from: one call takes those of one source port. */
const SEND_BATCH = 128;
/** Datagrams, or errors, received in one call: all that {@linkcode SEND_BATCH} datagrams draw, mostly. */
const RECEIVE_BATCH = 192;
/** Longer datagrams are cut: no field that is read lies beyond. */
const RECEIVED_LEN = 2048;
/** Time of arrival and TTL. */
const CONTROL_LEN = 128;
/** Errors of earlier datagrams that the sending of one may meet: each is returned once, in its place, and it is sent again. */
const STALE_ERRORS = 16;

/** The sockets of consecutive source ports: those of one own address after the other. */
export interface PortSockets {
  readonly first: number;
  /** The number of ports. */
  readonly count: number;
  readonly senders: readonly Fd[];
  readonly receivers: readonly Fd[];
}

/** The packets of one version of IP, whose headers sockets neither send nor receive. */
export interface SocketPackets {
  readonly family: "inet4" | "inet6";
  /** Bytes of a socket address. */
  readonly nameLen: number;
  /** The offset of the port in a socket address. */
  readonly namePort: number;
  /** Bytes of the headers of a datagram; the last is that of UDP. */
  readonly headersLen: number;
  /** Bytes of the headers of an error, up to the payload that it quotes. */
  readonly errorHeadersLen: number;
  /** Returns the index of the own address that a datagram has in its headers. */
  sourceIn(slots: DataView, at: number): number;
  /** Writes the address of a datagram into its socket address. */
  setDestination(names: DataView, at: number, destination: number): void;
  /** Returns the TTL in the control data of a slot; 0 if there is none. */
  ttlOf(received: ReceiveBatch, index: number): number;
  /**
   * Writes the headers of a received datagram at an offset; returns its length with them.
   *
   * @param own The index of the own address that it was sent to.
   */
  writeDatagram(replies: ReceiveBatch, index: number, at: number, ttl: number, own: number, ownPort: number): number;
  /** Writes the headers of a received error at an offset; returns its length with them, or 0 if it is no ICMP error. */
  writeError(errors: ErrorQueue, index: number, at: number, ttl: number, own: number, ownPort: number): number;
  /**
   * Writes the headers of the error that a datagram from an own address would have got if its port were not held by the scan; returns its
   * length with them.
   */
  writeRefusal(replies: ReceiveBatch, index: number, at: number, own: number, ownPort: number): number;
  /** True for a datagram from an own address. */
  isOwn(replies: ReceiveBatch, index: number): boolean;
}

/** Sends by the sockets of the addresses and ports that packets leave from. */
export class UdpSocketSender implements Sender {
  readonly count = SEND_BATCH;
  readonly headerAt = 0;
  readonly slotLen: number;
  readonly slots: DataView;
  readonly #sockets: PortSockets;
  readonly #packets: SocketPackets;
  readonly #batch: SendBatch;
  readonly #names: DataView;
  readonly #udpAt: number;
  #fd: Fd;

  constructor(sockets: PortSockets, packets: SocketPackets, maxLength: number) {
    this.#sockets = sockets;
    this.#packets = packets;
    this.slotLen = slotLenFor(maxLength);
    this.#batch = new SendBatch({
      count: SEND_BATCH,
      slotLen: this.slotLen,
      sentFrom: packets.headersLen,
      destination: packets.family,
    });
    this.slots = this.#batch.slots;
    this.#names = this.#batch.names;
    this.#udpAt = packets.headersLen - UDP_HEADER_LEN;
    this.#fd = sockets.senders[0]!;
  }

  /** The socket of the last call. */
  get fd(): Fd {
    return this.#fd;
  }

  setDestination(index: number, destination: number): void {
    this.#packets.setDestination(this.#names, index * this.#packets.nameLen, destination);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, length - this.#packets.headersLen);
  }

  send(from: number, count: number): number {
    const { slots, slotLen } = this;
    const { nameLen, namePort } = this.#packets;
    const own = this.#packets.sourceIn(slots, from * slotLen);
    const sourcePort = udpSourcePort(slots, from * slotLen + this.#udpAt);
    let sent = 0;
    for (; sent < count; sent++) {
      const at = (from + sent) * slotLen;
      const udpAt = at + this.#udpAt;
      if (udpSourcePort(slots, udpAt) !== sourcePort || this.#packets.sourceIn(slots, at) !== own) break;
      this.#names.setUint16((from + sent) * nameLen + namePort, udpDestinationPort(slots, udpAt));
    }
    const { senders, first, count: ports } = this.#sockets;
    this.#fd = senders[own * ports + sourcePort - first]!;
    for (let stale = 0;; stale++) {
      const result = this.#batch.send(this.#fd, from, sent);
      if (result > 0 || isNoRoom(-result) || stale === STALE_ERRORS) return result;
    }
  }

  [Symbol.dispose](): void {
    for (const fd of [...this.#sockets.senders, ...this.#sockets.receivers]) fd.close();
  }
}

/** Receives datagrams and errors from all sockets. */
export class UdpSocketReceiver implements Receiver {
  readonly #sockets: PortSockets;
  readonly #fds: readonly Fd[];
  readonly #packets: SocketPackets;
  readonly #epoll: Epoll;
  readonly #replies: ReceiveBatch;
  readonly #errors: ErrorQueue;
  readonly #clock = new ArrivalClock();
  #sink: PacketSink | undefined;
  #nowMs = 0;
  #drops = 0;
  /** The socket that is read, the index of the address that it is bound to, and its port. */
  #fd: Fd;
  #own = 0;
  #ownPort = 0;

  constructor(sockets: PortSockets, packets: SocketPackets) {
    this.#sockets = sockets;
    this.#fds = [...sockets.receivers, ...sockets.senders];
    this.#fd = this.#fds[0]!;
    this.#packets = packets;
    const slotLen = packets.errorHeadersLen + RECEIVED_LEN;
    this.#replies = new ReceiveBatch({
      ...{ count: RECEIVE_BATCH, slotLen, controlLen: CONTROL_LEN },
      ...{ receivedFrom: packets.errorHeadersLen, sources: packets.family },
    });
    this.#errors = new ErrorQueue({
      ...{ count: RECEIVE_BATCH, slotLen },
      ...{ quoteAt: packets.errorHeadersLen, destinations: packets.family },
    });
    this.#epoll = new Epoll(this.#fds.length);
    this.#fds.forEach((fd, index) => this.#epoll.add(fd, EPOLLIN, index));
  }

  get fd(): Fd {
    return this.#epoll.fd;
  }

  drain(sink: PacketSink, maxPackets: number, nowMs: number): number {
    this.#sink = sink;
    this.#nowMs = nowMs;
    this.#clock.begin(nowMs);
    const ready = this.#epoll.look();
    let count = 0;
    for (let i = 0; i < ready && count < maxPackets; i++) {
      this.#choose(this.#epoll.data(i));
      const events = this.#epoll.events(i);
      if ((events & EPOLLERR) !== 0) count += this.#drainErrors(maxPackets - count);
      if ((events & EPOLLIN) !== 0) count += this.#drainReplies(maxPackets - count);
    }
    if (count < maxPackets) this.#clock.emptied();
    return count;
  }

  takeDrops(): number {
    const drops = this.#fds.reduce((sum, fd) => sum + socketDrops(fd), 0);
    const since = drops - this.#drops;
    this.#drops = drops;
    return since;
  }

  #choose(index: number): void {
    const { first, count, receivers } = this.#sockets;
    const at = index % receivers.length;
    this.#fd = this.#fds[index]!;
    this.#own = Math.floor(at / count);
    this.#ownPort = first + at % count;
  }

  #drainErrors(most: number): number {
    const { batch } = this.#errors;
    let total = 0;
    for (;;) {
      const count = this.#errors.receive(this.#fd);
      for (let i = 0; i < count; i++) {
        const at = i * (this.#packets.errorHeadersLen + RECEIVED_LEN);
        const ttl = this.#packets.ttlOf(batch, i);
        const length = this.#packets.writeError(this.#errors, i, at, ttl, this.#own, this.#ownPort);
        if (length > 0) this.#sink!.packet(batch.slots, at, length, this.#arrivalMs(batch, i));
      }
      total += count;
      if (count < RECEIVE_BATCH || total >= most) return total;
    }
  }

  #drainReplies(most: number): number {
    const replies = this.#replies;
    let total = 0;
    for (;;) {
      // An error that waits on the socket is returned once, in place of replies.
      let count = replies.receive(this.#fd);
      if (count < 0) count = Math.max(0, replies.receive(this.#fd));
      for (let i = 0; i < count; i++) this.#takeReply(i);
      total += count;
      if (count < RECEIVE_BATCH || total >= most) return total;
    }
  }

  #takeReply(index: number): void {
    const replies = this.#replies;
    const packets = this.#packets;
    let at = index * (packets.errorHeadersLen + RECEIVED_LEN);
    const fromPort = replies.sourcePort(index) - this.#sockets.first;
    const isProbe = fromPort >= 0 && fromPort < this.#sockets.count && packets.isOwn(replies, index);
    let length: number;
    if (isProbe) {
      length = packets.writeRefusal(replies, index, at, this.#own, this.#ownPort);
    } else {
      at += packets.errorHeadersLen - packets.headersLen;
      length = packets.writeDatagram(replies, index, at, packets.ttlOf(replies, index), this.#own, this.#ownPort);
    }
    this.#sink!.packet(replies.slots, at, length, this.#arrivalMs(replies, index));
  }

  #arrivalMs(received: ReceiveBatch, index: number): number {
    const at = received.findControl(index, SOL_SOCKET, SO_TIMESTAMPNS, timespec.size);
    return at < 0 ? this.#nowMs : this.#clock.arrival(readTimespecMs(received.controls, at));
  }

  [Symbol.dispose](): void {
    this.#epoll[Symbol.dispose]();
  }
}
