// Hot path: but for the constructor nothing here may allocate.
/**
 * The ICMP errors of a socket with `IP_RECVERR` or `IPV6_RECVERR`, ip(7): their types, codes and senders, where errno has
 * only a few kinds and no sender. A connecting TCP socket keeps them since Linux 5.8; older kernels leave the queue empty.
 *
 * @module
 */

import {
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  MSG_ERRQUEUE,
  SO_EE_ORIGIN_ICMP,
  SO_EE_ORIGIN_ICMP6,
  SO_EE_ORIGIN_LOCAL,
} from "./constants.ts";
import { sock_extended_err, sockaddr_in, sockaddr_in6 } from "./layout.ts";
import { ReceiveBatch } from "./message_batch.ts";
import type { Fd } from "./fd.ts";

/** An error and the address of its sender, its TTL, and its time of arrival. */
const CONTROL_LEN = 128;
/** The error, and the address of its sender behind it. */
const LEAST_LEN = sock_extended_err.size + sockaddr_in.size;
const LEAST_LEN6 = sock_extended_err.size + sockaddr_in6.size;

/** Bytes of the packet that an error is about, of which routers quote eight at least. */
const QUOTE_LEN = 64;

/** The shape of the memory for errors. */
interface ErrorQueueOptions {
  /** The number of errors that one call receives at most; 1 unless told otherwise. */
  readonly count?: number;
  /** Bytes from the quote of one error to the next. */
  readonly slotLen?: number;
  /** Bytes at the beginning of each slot before the quote; 0 unless told otherwise. */
  readonly quoteAt?: number;
  /** The address family of the destinations of quoted packets, if they are wanted. */
  readonly destinations?: "inet4" | "inet6";
}

/** Takes errors from the queues of sockets: one at a time, or many in one call. */
export class ErrorQueue {
  /** Type of the ICMP error taken last. */
  type = 0;
  /** Code of the ICMP error taken last. */
  code = 0;
  /** The IPv4 address of who sent the ICMP error taken last. */
  from = 0;
  /** Of an ICMPv6 error the offset in {@linkcode senders} of the 16 bytes of the address of its sender, and the interface that is its zone. */
  fromAt = 0;
  scope = 0;
  readonly senders: DataView;
  /** True where the error taken last is no ICMP error: this machine's kernel found it out by itself. */
  isLocal = false;
  /**
   * The packet that the error taken last is about: the first {@linkcode quoteLen} bytes, of a datagram those behind its header, of others from the
   * header behind IP on.
   */
  readonly quote: DataView<ArrayBuffer>;
  quoteLen = 0;
  /** The memory of what was received: a slot for each quote, whose source is the destination of the quoted packet. */
  readonly batch: ReceiveBatch;

  constructor({ count = 1, slotLen = QUOTE_LEN, quoteAt, destinations }: ErrorQueueOptions = {}) {
    this.batch = new ReceiveBatch({
      ...{ count, slotLen, controlLen: CONTROL_LEN },
      ...quoteAt === undefined ? {} : { receivedFrom: quoteAt },
      ...destinations === undefined ? {} : { sources: destinations },
    });
    this.quote = this.batch.slots;
    this.senders = this.batch.controls;
  }

  /** Receives the oldest errors that wait on `fd`, and returns their number. */
  receive(fd: Fd): number {
    return Math.max(0, this.batch.receive(fd, MSG_ERRQUEUE));
  }

  /** Takes the oldest error that waits on `fd`; false if there is none. */
  take(fd: Fd): boolean {
    return this.receive(fd) === 1 && this.read(0);
  }

  /** Takes the oldest ICMPv6 error that waits on `fd`; false if there is none. */
  takeIpv6(fd: Fd): boolean {
    return this.receive(fd) === 1 && this.readIpv6(0);
  }

  /** Reads one of the errors received last; false if it is none of IP. */
  read(index: number): boolean {
    const { controls } = this.batch;
    const at = this.batch.findControl(index, IPPROTO_IP, IP_RECVERR, LEAST_LEN);
    if (at < 0) return false;
    const origin = controls.getUint8(at + sock_extended_err.ee_origin);
    this.isLocal = origin === SO_EE_ORIGIN_LOCAL;
    if (origin !== SO_EE_ORIGIN_ICMP && !this.isLocal) return false;
    this.quoteLen = quoteLenOf(this.batch.length(index), controls, at);
    this.type = controls.getUint8(at + sock_extended_err.ee_type);
    this.code = controls.getUint8(at + sock_extended_err.ee_code);
    this.from = controls.getUint32(at + sock_extended_err.size + sockaddr_in.sin_addr);
    return true;
  }

  /** Reads one of the errors received last; false if it is none of IPv6. */
  readIpv6(index: number): boolean {
    const { controls } = this.batch;
    const at = this.batch.findControl(index, IPPROTO_IPV6, IPV6_RECVERR, LEAST_LEN6);
    if (at < 0) return false;
    const origin = controls.getUint8(at + sock_extended_err.ee_origin);
    this.isLocal = origin === SO_EE_ORIGIN_LOCAL;
    if (origin !== SO_EE_ORIGIN_ICMP6 && !this.isLocal) return false;
    this.quoteLen = quoteLenOf(this.batch.length(index), controls, at);
    this.type = controls.getUint8(at + sock_extended_err.ee_type);
    this.code = controls.getUint8(at + sock_extended_err.ee_code);
    this.fromAt = at + sock_extended_err.size + sockaddr_in6.sin6_addr;
    this.scope = controls.getUint32(at + sock_extended_err.size + sockaddr_in6.sin6_scope_id, true);
    return true;
  }
}

/** Returns the bytes of a quote, of those received: on a socket with `IP_RECVERR_RFC4884` extensions may follow it, RFC 4884. */
function quoteLenOf(length: number, controls: DataView, at: number): number {
  return Math.min(length, controls.getUint16(at + sock_extended_err.ee_data, true) || length);
}
