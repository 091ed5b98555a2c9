// Hot path: nothing here may allocate per packet.
/**
 * Raw IPv6 sockets, raw(7): with the protocol `IPPROTO_RAW` packets have their IPv6 header, of which the kernel changes nothing. The
 * socket address decides the route.
 *
 * @module
 */

import { AF_INET6, IPPROTO_IPV6, IPPROTO_RAW, IPV6_RECVERR, SOCK_RAW } from "../../ffi/constants.ts";
import { bindInet6, Inet6, INET6_ADDRESS } from "../../ffi/ipv6_socket.ts";
import { sockaddr_in6 } from "../../ffi/layout.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { bindToDevice, setOption } from "../../ffi/socket_options.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { enlargeSendBuffer } from "./buffers.ts";
import { slotLenFor } from "./raw_sender.ts";
import type { Sender } from "./send_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";

/** Packets of a batch: one call each is the reference for many. */
const BATCH = 128;
const NAME_LEN = sockaddr_in6.size;

/** The options of a raw IPv6 socket. */
interface RawIpv6Options {
  /** The interface that packets must leave by; the kernel's choice if not given. */
  readonly interfaceName: string | undefined;
  /**
   * The number of the only address of this machine that packets leave from: without it the kernel looks for a source for each packet, which
   * takes ten times as long where it has 160 addresses.
   */
  readonly source: number | undefined;
  /** The length of the longest packet, in bytes. */
  readonly maxLength: number;
  /** True to send many packets in one call. */
  readonly isBatched: boolean;
}

/** Sends by a raw IPv6 socket. */
export class Ipv6Sender implements Sender {
  readonly fd: Fd;
  readonly count = BATCH;
  readonly headerAt = 0;
  readonly slotLen: number;
  readonly slots: DataView;
  readonly timestamps: SendTimestamps;
  readonly #ipv6: Ipv6Addresses;
  readonly #batch: SendBatch;
  readonly #names: DataView;
  readonly #most: number;

  /** @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`. */
  constructor(options: RawIpv6Options, ipv6: Ipv6Addresses) {
    this.#ipv6 = ipv6;
    this.#most = options.isBatched ? BATCH : 1;
    this.slotLen = slotLenFor(options.maxLength);
    this.fd = openRawIpv6(options, ipv6);
    this.timestamps = new SendTimestamps(this.fd, "ip6");
    this.#batch = new SendBatch({ count: BATCH, slotLen: this.slotLen, destination: "inet6" });
    this.slots = this.#batch.slots;
    this.#names = this.#batch.names;
  }

  setDestination(index: number, destination: number): void {
    const at = index * NAME_LEN;
    this.#ipv6.write(destination, this.#names, at + sockaddr_in6.sin6_addr);
    this.#names.setUint32(at + sockaddr_in6.sin6_scope_id, this.#ipv6.scopeOf(destination), true);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, length);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, Math.min(count, this.#most));
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

function openRawIpv6({ interfaceName, source }: RawIpv6Options, ipv6: Ipv6Addresses): Fd {
  const fd = openSocket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
  try {
    // Without it, a raw socket swallows ENOBUFS.
    setOption(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    enlargeSendBuffer(fd);
    if (interfaceName !== undefined) bindToDevice(fd, interfaceName);
    if (source !== undefined) bindInet6(fd, nameOf(source, 0, ipv6));
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

/** Returns the socket address of a host or a sender. */
export function nameOf(number: number, port: number, ipv6: Ipv6Addresses): Inet6 {
  const name = new Inet6();
  ipv6.write(number, name.view, INET6_ADDRESS);
  name.set(port, ipv6.scopeOf(number));
  return name;
}
