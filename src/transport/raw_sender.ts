// Hot path: nothing here may allocate per packet.
/**
 * Raw IP sockets with IP_HDRINCL, raw(7): the kernel routes their packets, whatever the link. One `sendto` a packet is the
 * reference for the other senders; `sendmmsg` sends many.
 *
 * @module
 */

import {
  AF_INET,
  IP_HDRINCL,
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_RAW,
  SO_BROADCAST,
  SOCK_RAW,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { sockaddr_in } from "../../ffi/layout.ts";
import { pin } from "../../ffi/memory.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, openSocket, pinInet4, sendTo } from "../../ffi/socket.ts";
import { bindToDevice, setOption } from "../../ffi/socket_options.ts";
import { enlargeSendBuffer } from "./buffers.ts";
import type { Sender } from "./send_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";

/** Slots of a whole number of cache lines. */
const LINE_LEN = 64;

/** The options of a raw IP socket. */
export interface RawIpOptions {
  /** The interface that packets must leave by; the kernel's choice if not given. */
  readonly interfaceName: string | undefined;
  /** The address of this machine that packets leave from, where one was asked for: policy routing looks at it. */
  readonly source?: number | undefined;
  /** The length of the longest packet, in bytes. */
  readonly maxLength: number;
}

/**
 * Opens a raw IP socket that takes packets with their IP header.
 *
 * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
 */
export function openRawIp(options: Omit<RawIpOptions, "maxLength">): Fd {
  const fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  try {
    setOption(fd, IPPROTO_IP, IP_HDRINCL, 1);
    // Without it, a raw socket swallows ENOBUFS: what finds the neighbour table full counts as sent and is lost.
    setOption(fd, IPPROTO_IP, IP_RECVERR, 1);
    // The first and last address of a subnet are probed like any other; without this the kernel refuses the last.
    setOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    enlargeSendBuffer(fd);
    if (options.interfaceName !== undefined) bindToDevice(fd, options.interfaceName);
    if (options.source !== undefined) bindInet4(fd, options.source, 0);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

/** Returns the length of slots for packets of this many bytes. */
export function slotLenFor(maxLength: number): number {
  return Math.ceil(maxLength / LINE_LEN) * LINE_LEN;
}

/** A sender by a raw IP socket. */
abstract class RawSender implements Sender {
  readonly fd: Fd;
  abstract readonly count: number;
  abstract readonly slots: DataView;
  readonly slotLen: number;
  readonly headerAt = 0;
  readonly timestamps: SendTimestamps;

  /** @throws {SyscallError} As {@linkcode openRawIp}. */
  constructor(options: RawIpOptions) {
    this.fd = openRawIp(options);
    this.slotLen = slotLenFor(options.maxLength);
    this.timestamps = new SendTimestamps(this.fd, "ip");
  }

  abstract setDestination(index: number, destination: number): void;
  abstract setLength(index: number, length: number): void;
  abstract send(from: number, count: number): number;

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

/** Sends one packet a call: `sendto`. */
export class PlainSender extends RawSender {
  readonly count = 64;
  readonly #memory = pin(this.count * this.slotLen);
  readonly slots: DataView = this.#memory.view;
  readonly #destination = pinInet4(0, 0);
  readonly #destinations = new Uint32Array(this.count);
  readonly #lengths = new Uint16Array(this.count);

  setDestination(index: number, destination: number): void {
    this.#destinations[index] = destination;
  }

  setLength(index: number, length: number): void {
    this.#lengths[index] = length;
  }

  send(from: number): number {
    this.#destination.view.setUint32(sockaddr_in.sin_addr, this.#destinations[from]!);
    const result = sendTo(this.fd, this.#memory, from * this.slotLen, this.#lengths[from]!, this.#destination);
    return result >= 0 ? 1 : result;
  }
}

/** Sends a batch a call: `sendmmsg` over headers that are built once. */
export class BatchedSender extends RawSender {
  readonly count = 128;
  readonly #batch = new SendBatch({ count: this.count, slotLen: this.slotLen, destination: "inet4" });
  readonly slots: DataView = this.#batch.slots;

  setDestination(index: number, destination: number): void {
    this.#batch.setDestination(index, destination);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, length);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, count);
  }
}
