// Hot path: nothing here may allocate per packet.
/**
 * Many packets a call: sendmmsg(2) and recvmmsg(2) over headers that are built once. Slot i is the `slotLen` octets from
 * `i * slotLen` on.
 *
 * @module
 */

import { AF_INET, AF_PACKET, ETH_P_IP, MSG_DONTWAIT } from "./constants.ts";
import { ERRNO, lastErrno } from "./errno.ts";
import { iovec, mmsghdr, msghdr, sockaddr_in, sockaddr_ll } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./socket.ts";

/** Octets of an Ethernet address. */
const HARDWARE_LEN = 6;

/** `struct mmsghdr[count]`, each with one `struct iovec` for its slot. */
class Headers {
  readonly slots: PinnedBuffer;
  readonly messages: PinnedBuffer;
  readonly vectors: PinnedBuffer;

  constructor(count: number, slotLen: number) {
    this.slots = pin(count * slotLen);
    this.messages = pin(count * mmsghdr.size);
    this.vectors = pin(count * iovec.size);
    for (let index = 0; index < count; index++) {
      const vector = index * iovec.size;
      this.vectors.view.setBigUint64(vector + iovec.iov_base, this.slots.address + BigInt(index * slotLen), true);
      this.vectors.view.setBigUint64(vector + iovec.iov_len, BigInt(slotLen), true);
      const message = index * mmsghdr.size + mmsghdr.msg_hdr;
      this.messages.view.setBigUint64(message + msghdr.msg_iov, this.vectors.address + BigInt(vector), true);
      this.messages.view.setBigUint64(message + msghdr.msg_iovlen, 1n, true);
    }
  }

  /** Gives every message `nameLen` octets of a socket address. */
  nameAll(names: PinnedBuffer, nameLen: number): void {
    const { view } = this.messages;
    for (let message = 0; message < this.messages.bytes.length; message += mmsghdr.size) {
      const name = message / mmsghdr.size * nameLen;
      view.setBigUint64(message + mmsghdr.msg_hdr + msghdr.msg_name, names.address + BigInt(name), true);
      view.setUint32(message + mmsghdr.msg_hdr + msghdr.msg_namelen, nameLen, true);
    }
  }
}

/** How a batch is shaped. */
export interface SendBatchOptions {
  /** How many slots there are. */
  count: number;
  /** Octets in a slot. */
  slotLen: number;
  /**
   * `inet4`: each message has an IPv4 destination, see `setDestination`. `link`: each has a hardware address on one
   * interface, see `setHardwareDestination`. `none`: the socket is bound or connected and knows where packets go.
   */
  destination: "inet4" | "link" | "none";
  /** The interface, where the destination is `link`. */
  interfaceIndex?: number;
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
    const { count, slotLen, destination } = options;
    this.count = count;
    this.slotLen = slotLen;
    this.#headers = new Headers(count, slotLen);
    this.slots = this.#headers.slots.view;
    this.#lengths = this.#headers.vectors.view;
    const nameLen = destination === "link" ? sockaddr_ll.size : sockaddr_in.size;
    this.#names = pin(count * nameLen);
    if (destination === "none") return;
    const { view } = this.#names;
    for (let name = 0; name < count * nameLen; name += nameLen) {
      if (destination === "inet4") {
        view.setUint16(name + sockaddr_in.sin_family, AF_INET, true);
      } else {
        view.setUint16(name + sockaddr_ll.sll_family, AF_PACKET, true);
        view.setUint16(name + sockaddr_ll.sll_protocol, ETH_P_IP);
        view.setInt32(name + sockaddr_ll.sll_ifindex, options.interfaceIndex ?? 0, true);
        view.setUint8(name + sockaddr_ll.sll_halen, HARDWARE_LEN);
      }
    }
    this.#headers.nameAll(this.#names, nameLen);
  }

  /** Says where slot `index` goes: an IPv4 address. */
  setDestination(index: number, address: number): void {
    this.#names.view.setUint32(index * sockaddr_in.size + sockaddr_in.sin_addr, address);
  }

  /** Says where slot `index` goes on the link: a hardware address of six octets, as a 48-bit number. */
  setHardwareDestination(index: number, address: number): void {
    const at = index * sockaddr_ll.size + sockaddr_ll.sll_addr;
    this.#names.view.setUint16(at, Math.floor(address / 2 ** 32));
    this.#names.view.setUint32(at + 2, address % 2 ** 32);
  }

  /** Says how many octets of slot `index` are sent. */
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
    const messages = this.#headers.messages.at(from * mmsghdr.size);
    for (;;) {
      const result = libc().sendmmsg(fd.number, messages, count, MSG_DONTWAIT);
      if (result >= 0) return result;
      const errno = lastErrno();
      if (errno !== ERRNO.EINTR) return -errno;
    }
  }
}

/** Packets received by recvmmsg(2). */
export class ReceiveBatch {
  readonly count: number;
  readonly slotLen: number;
  /** All slots. */
  readonly slots: DataView<ArrayBuffer>;
  readonly #headers: Headers;
  readonly #results: DataView<ArrayBuffer>;

  constructor(options: { count: number; slotLen: number }) {
    this.count = options.count;
    this.slotLen = options.slotLen;
    this.#headers = new Headers(options.count, options.slotLen);
    this.slots = this.#headers.slots.view;
    this.#results = this.#headers.messages.view;
  }

  /** Receives what waits, `count` packets at most; answers how many, 0 for none, or the errno as a negative number. */
  receive(fd: Fd): number {
    for (;;) {
      const result = libc().recvmmsg(fd.number, this.#headers.messages.pointer, this.count, MSG_DONTWAIT, null);
      if (result >= 0) return result;
      const errno = lastErrno();
      if (errno === ERRNO.EAGAIN) return 0;
      if (errno !== ERRNO.EINTR) return -errno;
    }
  }

  /** Octets that the last call wrote to slot `index`. */
  length(index: number): number {
    return this.#results.getUint32(index * mmsghdr.size + mmsghdr.msg_len, true);
  }
}
