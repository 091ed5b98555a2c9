// Hot path: nothing here may allocate per packet.
/**
 * A ping socket, icmp(7): sends echo requests and receives their replies without privileges, where the sysctl
 * `net.ipv4.ping_group_range` permits it. The kernel chooses the identifier, and passes on only replies and errors with it. Messages of
 * ICMP and of ICMPv6 differ by their types alone.
 *
 * @module
 */

import {
  AF_INET,
  IP_RECVERR,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_ICMP,
  IPPROTO_IP,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { timespec } from "../../ffi/layout.ts";
import { pin, type PinnedBuffer } from "../../ffi/memory.ts";
import { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, openSocket, pinInet4, sendTo, writeInet4 } from "../../ffi/socket.ts";
import { bindToDevice, setOption } from "../../ffi/socket_options.ts";
import { readTimespecMs } from "../../ffi/system.ts";
import { sourceTexts } from "../base/source_texts.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import type { AddressBook } from "../target/address_book.ts";
import { parseIpv4 } from "../wire/address.ts";
import {
  checkIcmpv4,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMPV4_HEADER_LEN,
  icmpv4Rest,
  icmpv4Type,
  setIcmpv4Rest,
  writeIcmpv4,
} from "../wire/icmpv4.ts";
import { ArrivalClock } from "./arrival_clock.ts";
import { enlargeReceiveBuffer } from "./buffers.ts";
import { isNoRoom } from "./send_errors.ts";

/** The options of a ping socket. */
export interface PingSocketOptions {
  /** The address to ping from, or one of each family with a comma between them; the kernel's choice if not given. */
  readonly sourceIp?: string | undefined;
  /** The interface to ping by; the kernel's choice if not given. */
  readonly interface?: string | undefined;
  /** The TTL of requests, 1-255; the system's default if not given. */
  readonly ttl?: number | undefined;
}

/** The receiver of what comes to a ping socket. */
export interface EchoSink {
  /**
   * Takes an echo reply.
   *
   * @param sequence The sequence number of the request, and `data` the number that it has brought back.
   * @param from The host that has sent it; -1 if it is none.
   * @param ttl The TTL as received; 0 if it is unknown.
   */
  echoReply(sequence: number, data: number, from: number, ttl: number, arrivedMs: number): void;
  /** Takes an ICMP error about the request of this sequence number, and its sender. */
  echoError(sequence: number, kind: ReplyKind, from: number): void;
}

/** Echo requests of one version of IP. */
export interface EchoFamily {
  /** The types of requests and replies. */
  readonly requestType: number;
  readonly replyType: number;
  /** The family of addresses, the level of socket options, and the type of the control data with the TTL of a reply. */
  readonly sources: "inet4" | "inet6";
  readonly level: number;
  readonly hopLimit: number;
  /** The socket address that requests go to. */
  readonly destination: PinnedBuffer;
  /**
   * Opens a socket that reports errors and the TTL of replies.
   *
   * @throws {SyscallError} If the kernel refuses.
   */
  open(options: PingSocketOptions): Fd;
  /** Sets the host that requests go to. */
  setDestination(host: number): void;
  /** Returns the host that sent a reply; -1 if it is none. */
  hostOf(replies: ReceiveBatch, index: number): number;
  /** Takes the oldest ICMP error that waits; false if there is none. */
  takeError(errors: ErrorQueue, fd: Fd): boolean;
  /** Returns the number of the sender of the error taken last. */
  senderOf(errors: ErrorQueue): number;
}

/** Echo requests to hosts of IPv4. */
export class Ipv4Echo implements EchoFamily {
  readonly requestType = ICMP_ECHO_REQUEST;
  readonly replyType = ICMP_ECHO_REPLY;
  readonly sources = "inet4";
  readonly level = IPPROTO_IP;
  readonly hopLimit = IP_TTL;
  readonly destination: PinnedBuffer = pinInet4(0, 0);
  readonly #book: AddressBook;

  constructor(book: AddressBook) {
    this.#book = book;
  }

  open({ sourceIp, ttl }: PingSocketOptions): Fd {
    const fd = openSocket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    try {
      setOption(fd, IPPROTO_IP, IP_RECVERR, 1);
      setOption(fd, IPPROTO_IP, IP_RECVTTL, 1);
      if (ttl !== undefined) setOption(fd, IPPROTO_IP, IP_TTL, ttl);
      const source = sourceTexts(sourceIp).map(parseIpv4).find((address) => address !== undefined);
      if (source !== undefined) bindInet4(fd, source, 0);
      return fd;
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  setDestination(host: number): void {
    writeInet4(this.destination.view, 0, this.#book.address(host), 0);
  }

  hostOf(replies: ReceiveBatch, index: number): number {
    return this.#book.find(replies.source(index));
  }

  takeError(errors: ErrorQueue, fd: Fd): boolean {
    return errors.take(fd);
  }

  senderOf({ from }: ErrorQueue): number {
    return this.#book.sender(from);
  }
}

/** Bytes of data in a request: the number, and its complement, so that the checksum does not depend on it. */
const DATA_LEN = 8;
const REQUEST_LEN = ICMPV4_HEADER_LEN + DATA_LEN;
/** Replies received in one call. */
const BATCH = 64;
const CONTROL_LEN = 128;
/** Errors of earlier requests that one request may meet before it is sent. */
const STALE_ERRORS = 3;

/** An open ping socket. */
export class PingSocket implements Disposable {
  readonly fd: Fd;
  /** Replies and errors that one {@linkcode receive} passes on at most. */
  readonly batch: number = 2 * BATCH;
  readonly #family: EchoFamily;
  readonly #errorKind: (type: number, code: number) => ReplyKind;
  readonly #request = pin(REQUEST_LEN);
  readonly #replies: ReceiveBatch;
  readonly #errors = new ErrorQueue();
  readonly #clock = new ArrivalClock();

  /**
   * @param errorKind Returns what an ICMP error of the family stands for.
   * @throws {SyscallError} If it cannot be opened: `EACCES` if `net.ipv4.ping_group_range` has no group of this process.
   */
  constructor(
    family: EchoFamily,
    errorKind: (type: number, code: number) => ReplyKind,
    options: PingSocketOptions = {},
  ) {
    this.#family = family;
    this.#errorKind = errorKind;
    const { sources } = family;
    this.#replies = new ReceiveBatch({ count: BATCH, slotLen: REQUEST_LEN, controlLen: CONTROL_LEN, sources });
    const fd = this.fd = family.open(options);
    try {
      setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
      if (options.interface !== undefined) bindToDevice(fd, options.interface);
      enlargeReceiveBuffer(fd);
    } catch (error) {
      fd.close();
      throw error;
    }
    // The kernel fills in identifier and checksum.
    writeIcmpv4(this.#request.view, 0, { type: family.requestType, code: 0, quoted: new Uint8Array(DATA_LEN) });
  }

  /** Returns true if this process may open ping sockets, of either family. */
  static isPermitted(): boolean {
    try {
      openSocket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP).close();
      return true;
    } catch (error) {
      if (error instanceof SyscallError && (error.errno === ERRNO.EACCES || error.errno === ERRNO.EPERM)) return false;
      throw error;
    }
  }

  /**
   * Sends a request to a host.
   *
   * @param sequence 16 bits.
   * @param data 32 bits, which the reply brings back.
   * @returns 0, or the errno.
   */
  send(host: number, sequence: number, data: number): number {
    const { view } = this.#request;
    setIcmpv4Rest(view, 0, sequence);
    view.setUint32(ICMPV4_HEADER_LEN, data);
    view.setUint32(ICMPV4_HEADER_LEN + 4, ~data);
    this.#family.setDestination(host);
    for (let stale = 0;; stale++) {
      const result = sendTo(this.fd, this.#request, 0, REQUEST_LEN, this.#family.destination);
      if (result >= 0) return 0;
      // An error that waits on the socket is of an earlier request, and is returned once.
      if (isNoRoom(-result) || stale === STALE_ERRORS) return -result;
    }
  }

  /** Passes on replies and errors, at most a batch of each; returns their number. */
  receive(sink: EchoSink, nowMs: number): number {
    const errors = this.#receiveErrors(sink);
    const replies = this.#replies;
    this.#clock.begin(nowMs);
    // An error that waits on the socket is returned once, in place of replies.
    let count = replies.receive(this.fd);
    if (count < 0) count = Math.max(0, replies.receive(this.fd));
    for (let i = 0; i < count; i++) this.#takeReply(i, sink, nowMs);
    if (count < BATCH) this.#clock.emptied();
    return errors + count;
  }

  #takeReply(index: number, sink: EchoSink, nowMs: number): void {
    const { slots, controls } = this.#replies;
    const at = index * REQUEST_LEN;
    const length = this.#replies.length(index);
    if (length < REQUEST_LEN || icmpv4Type(slots, at) !== this.#family.replyType) return;
    const data = slots.getUint32(at + ICMPV4_HEADER_LEN);
    if (slots.getInt32(at + ICMPV4_HEADER_LEN + 4) !== ~data) return;
    const ttlAt = this.#replies.findControl(index, this.#family.level, this.#family.hopLimit, 4);
    const timeAt = this.#replies.findControl(index, SOL_SOCKET, SO_TIMESTAMPNS, timespec.size);
    sink.echoReply(
      icmpv4Rest(slots, at) & 0xffff,
      data,
      this.#family.hostOf(this.#replies, index),
      ttlAt < 0 ? 0 : controls.getInt32(ttlAt, true),
      timeAt < 0 ? nowMs : this.#clock.arrival(readTimespecMs(controls, timeAt)),
    );
  }

  #receiveErrors(sink: EchoSink): number {
    const errors = this.#errors;
    let count = 0;
    while (count < BATCH && this.#family.takeError(errors, this.fd)) {
      count++;
      // What the kernel finds out by itself, such as a packet that is too long, quotes nothing.
      if (errors.isLocal || checkIcmpv4(errors.quote, 0, errors.quoteLen) === 0) continue;
      const kind = this.#errorKind(errors.type, errors.code);
      if (kind !== NOT_A_REPLY) {
        sink.echoError(icmpv4Rest(errors.quote, 0) & 0xffff, kind, this.#family.senderOf(errors));
      }
    }
    return count;
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}
