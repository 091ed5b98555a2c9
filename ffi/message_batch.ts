// Hot path: nothing here may allocate per packet.
/**
 * Many packets a call: sendmmsg(2) and recvmmsg(2) over headers that are built once. Slot i is the `slotLen` bytes from
 * `i * slotLen` on; what the kernel reports of a received packet, cmsg(3), is in the control data of its slot.
 *
 * @module
 */

import { AF_INET, AF_INET6, MSG_DONTWAIT } from "./constants.ts";
import { ERRNO, lastErrno } from "./errno.ts";
import { cmsghdr, iovec, mmsghdr, msghdr, sockaddr_in, sockaddr_in6, sockaddr_ll } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./fd.ts";
import { writeLink } from "./socket.ts";

/** `struct mmsghdr[count]`, each with one `struct iovec` for its slot, from the byte `from` of it on. */
class Headers {
  readonly slots: PinnedBuffer;
  readonly messages: PinnedBuffer;
  readonly vectors: PinnedBuffer;

  constructor(count: number, slotLen: number, from = 0) {
    this.slots = pin(count * slotLen);
    this.messages = pin(count * mmsghdr.size);
    this.vectors = pin(count * iovec.size);
    for (let index = 0; index < count; index++) {
      const vector = index * iovec.size;
      this.vectors.view.setBigUint64(
        vector + iovec.iov_base,
        this.slots.address + BigInt(index * slotLen + from),
        true,
      );
      this.vectors.view.setBigUint64(vector + iovec.iov_len, BigInt(slotLen - from), true);
      const message = index * mmsghdr.size + mmsghdr.msg_hdr;
      this.messages.view.setBigUint64(message + msghdr.msg_iov, this.vectors.address + BigInt(vector), true);
      this.messages.view.setBigUint64(message + msghdr.msg_iovlen, 1n, true);
    }
  }

  /** Gives every message a socket address of `nameLen` bytes: the next of them, or all the only one. */
  nameAll(names: PinnedBuffer, nameLen: number): void {
    const { view } = this.messages;
    for (let message = 0; message < this.messages.bytes.length; message += mmsghdr.size) {
      const name = names.bytes.length > nameLen ? message / mmsghdr.size * nameLen : 0;
      view.setBigUint64(message + mmsghdr.msg_hdr + msghdr.msg_name, names.address + BigInt(name), true);
      view.setUint32(message + mmsghdr.msg_hdr + msghdr.msg_namelen, nameLen, true);
    }
  }
}

/** The shape of a batch to send. */
interface SendBatchOptions {
  /** The number of slots. */
  count: number;
  /** Bytes in a slot. */
  slotLen: number;
  /** Bytes at the beginning of each slot that are not sent; 0 unless told otherwise. */
  sentFrom?: number;
  /**
   * `inet4`: each message has an IPv4 destination, see `setDestination`; `inet6`: an IPv6 destination, see `names`. `none`: the socket is connected. An object: each is a frame, with
   * the link's header, of a protocol such as `ETH_P_IP`, that leaves by that interface, or by that of `setInterface` where there is none.
   */
  destination: "inet4" | "inet6" | "none" | { readonly interfaceIndex?: number; readonly protocol: number };
}

/** Packets to be sent by sendmmsg(2). */
export class SendBatch {
  readonly count: number;
  readonly slotLen: number;
  /** All slots. */
  readonly slots: DataView<ArrayBuffer>;
  readonly #headers: Headers;
  readonly #names: PinnedBuffer;
  readonly #lengths: DataView<ArrayBuffer>;

  constructor(options: SendBatchOptions) {
    const { count, slotLen, sentFrom, destination } = options;
    this.count = count;
    this.slotLen = slotLen;
    this.#headers = new Headers(count, slotLen, sentFrom);
    this.slots = this.#headers.slots.view;
    this.#lengths = this.#headers.vectors.view;
    const inet = destination === "inet6" ? sockaddr_in6 : sockaddr_in;
    const nameLen = typeof destination === "object" ? sockaddr_ll.size : inet.size;
    const names = typeof destination === "object" && destination.interfaceIndex !== undefined ? 1 : count;
    this.#names = pin(names * nameLen);
    if (destination === "none") return;
    const { view } = this.#names;
    for (let index = 0; index < names; index++) {
      if (destination === "inet4") view.setUint16(index * nameLen + sockaddr_in.sin_family, AF_INET, true);
      else if (destination === "inet6") view.setUint16(index * nameLen + sockaddr_in6.sin6_family, AF_INET6, true);
      else writeLink(view, index * nameLen, destination.interfaceIndex ?? 0, destination.protocol);
    }
    this.#headers.nameAll(this.#names, nameLen);
  }

  /** Sets the interface that the frame in slot `index` leaves by. */
  setInterface(index: number, interfaceIndex: number): void {
    this.#names.view.setInt32(index * sockaddr_ll.size + sockaddr_ll.sll_ifindex, interfaceIndex, true);
  }

  /** Sets the destination of slot `index`, an IPv4 address as a number. */
  setDestination(index: number, address: number): void {
    this.#names.view.setUint32(index * sockaddr_in.size + sockaddr_in.sin_addr, address);
  }

  /** The socket addresses of all slots: those of `inet6` a `struct sockaddr_in6` each. */
  get names(): DataView<ArrayBuffer> {
    return this.#names.view;
  }

  /** Sets the number of bytes of slot `index` that are sent. */
  setLength(index: number, length: number): void {
    // The upper half of the size_t has been 0 from the beginning.
    this.#lengths.setUint32(index * iovec.size + iovec.iov_len, length, true);
  }

  /**
   * Sends `count` slots from slot `from` on.
   *
   * @returns How many the kernel took, in order, at least one; or, if it did not take the first, the errno as a negative
   *   number.
   */
  send(fd: Fd, from: number, count: number): number {
    return sendMessages(fd.number, this.#headers.messages.at(from * mmsghdr.size), count);
  }

  /** The address of the messages, for a {@linkcode PacketMessages} of another thread. They live as long as this object. */
  get messages(): bigint {
    return this.#headers.messages.address;
  }
}

/** The messages of a {@linkcode SendBatch} of another thread, which must outlive this object. */
export class PacketMessages {
  readonly #pointers: readonly Deno.PointerObject[];

  constructor(address: bigint, count: number) {
    this.#pointers = Array.from(
      { length: count },
      (_, index) => Deno.UnsafePointer.create(address + BigInt(index * mmsghdr.size))!,
    );
  }

  /** Sends as {@linkcode SendBatch.send} does. */
  send(fd: number, from: number, count: number): number {
    return sendMessages(fd, this.#pointers[from]!, count);
  }
}

function sendMessages(fd: number, messages: Deno.PointerObject, count: number): number {
  for (;;) {
    const result = libc().sendmmsg(fd, messages, count, MSG_DONTWAIT);
    if (result >= 0) return result;
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) return -errno;
  }
}

/** The shape of a batch to receive into. */
interface ReceiveBatchOptions {
  /** The number of slots. */
  count: number;
  /** Bytes in a slot; what is longer is cut. */
  slotLen: number;
  /** Bytes of control data to a slot, a multiple of 8; 0 unless told otherwise. */
  controlLen?: number;
  /** Bytes at the beginning of each slot into which nothing is received; 0 unless told otherwise. */
  receivedFrom?: number;
  /** The address family of the sources of packets, which {@linkcode ReceiveBatch.source} and others return; not kept unless told otherwise. */
  sources?: "inet4" | "inet6";
}

/** Packets received by recvmmsg(2). */
export class ReceiveBatch {
  readonly count: number;
  /** All slots. */
  readonly slots: DataView<ArrayBuffer>;
  /** The control data of all slots; {@linkcode ReceiveBatch.findControl} finds what is in there. */
  readonly controls: DataView<ArrayBuffer>;
  readonly #controlLen: number;
  readonly #headers: Headers;
  readonly #controls: PinnedBuffer;
  readonly #results: DataView<ArrayBuffer>;
  readonly #sources: PinnedBuffer | undefined;
  readonly #sourceLen: number;
  /** Slots of which the kernel has changed the lengths of control data and source since they were set. */
  #used: number;

  constructor(options: ReceiveBatchOptions) {
    const { count, slotLen, receivedFrom, controlLen = 0, sources } = options;
    this.count = this.#used = count;
    this.#controlLen = controlLen;
    this.#headers = new Headers(count, slotLen, receivedFrom);
    this.slots = this.#headers.slots.view;
    this.#results = this.#headers.messages.view;
    this.#controls = pin(count * controlLen);
    this.controls = this.#controls.view;
    this.#sourceLen = sources === "inet6" ? sockaddr_in6.size : sockaddr_in.size;
    this.#sources = sources === undefined ? undefined : pin(count * this.#sourceLen);
    if (this.#sources !== undefined) this.#headers.nameAll(this.#sources, this.#sourceLen);
    for (let index = 0; index < count && controlLen > 0; index++) {
      const address = this.#controls.address + BigInt(index * controlLen);
      this.#results.setBigUint64(index * mmsghdr.size + mmsghdr.msg_hdr + msghdr.msg_control, address, true);
    }
  }

  /**
   * Receives what waits, `count` packets at most; answers how many, 0 for none, or the errno as a negative number.
   *
   * @param flags As recvmsg(2) takes them.
   */
  receive(fd: Fd, flags = 0): number {
    for (let index = 0; index < this.#used; index++) {
      const at = index * mmsghdr.size + mmsghdr.msg_hdr;
      this.#results.setUint32(at + msghdr.msg_controllen, this.#controlLen, true);
      if (this.#sources !== undefined) this.#results.setUint32(at + msghdr.msg_namelen, this.#sourceLen, true);
    }
    this.#used = 0;
    for (;;) {
      const result = libc().recvmmsg(fd.number, this.#headers.messages.pointer, this.count, MSG_DONTWAIT | flags, null);
      if (result >= 0) {
        this.#used = result;
        return result;
      }
      const errno = lastErrno();
      if (errno === ERRNO.EAGAIN) return 0;
      if (errno !== ERRNO.EINTR) return -errno;
    }
  }

  /**
   * The IPv4 address that the packet in slot `index` came from, if the batch has such sources; of an error in the error queue the address
   * that its packet was sent to.
   */
  source(index: number): number {
    return this.#sources!.view.getUint32(index * sockaddr_in.size + sockaddr_in.sin_addr);
  }

  /** The port that belongs to the address, of either family. */
  sourcePort(index: number): number {
    return this.#sources!.view.getUint16(index * this.#sourceLen + sockaddr_in.sin_port);
  }

  /** The sources of all slots: those of `inet6` a `struct sockaddr_in6` each. */
  get sources(): DataView<ArrayBuffer> {
    return this.#sources!.view;
  }

  /** Bytes that the last call wrote to slot `index`. */
  length(index: number): number {
    return this.#results.getUint32(index * mmsghdr.size + mmsghdr.msg_len, true);
  }

  /**
   * Returns the offset in {@linkcode ReceiveBatch.controls} of the control data of that level and type which came with slot
   * `index`; -1 where none came, or fewer than `least` bytes.
   */
  findControl(index: number, level: number, type: number, least: number): number {
    const { controls } = this;
    const begin = index * this.#controlLen;
    const controlLen = this.#results.getUint32(index * mmsghdr.size + mmsghdr.msg_hdr + msghdr.msg_controllen, true);
    const end = begin + Math.min(this.#controlLen, controlLen);
    for (let at = begin; at + cmsghdr.size <= end;) {
      const length = controls.getUint32(at + cmsghdr.cmsg_len, true);
      if (length < cmsghdr.size || at + length > end) return -1;
      const isIt = controls.getInt32(at + cmsghdr.cmsg_level, true) === level &&
        controls.getInt32(at + cmsghdr.cmsg_type, true) === type;
      if (isIt) return length - cmsghdr.size >= least ? at + cmsghdr.size : -1;
      at += length + 7 & ~7;
    }
    return -1;
  }
}
