// Hot path: nothing here may allocate per packet.
/**
 * Echo requests over IPv6 for ping sockets, which the sysctl `net.ipv4.ping_group_range` permits as well.
 *
 * @module
 */

import {
  AF_INET6,
  IPPROTO_ICMPV6,
  IPPROTO_IPV6,
  IPV6_HOPLIMIT,
  IPV6_RECVERR,
  IPV6_RECVHOPLIMIT,
  IPV6_UNICAST_HOPS,
  SOCK_DGRAM,
} from "../../ffi/constants.ts";
import type { ErrorQueue } from "../../ffi/error_queue.ts";
import { bindInet6, Inet6, INET6_ADDRESS } from "../../ffi/ipv6_socket.ts";
import { sockaddr_in6 } from "../../ffi/layout.ts";
import type { PinnedBuffer } from "../../ffi/memory.ts";
import type { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { sourceTexts } from "../base/source_texts.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { parseIpv6, writeIpv6Address } from "../wire/address6.ts";
import { ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from "../wire/icmpv6.ts";
import type { EchoFamily, PingSocketOptions } from "./ping_socket.ts";

/** Echo requests to hosts of IPv6. */
export class Ipv6Echo implements EchoFamily {
  readonly requestType = ICMPV6_ECHO_REQUEST;
  readonly replyType = ICMPV6_ECHO_REPLY;
  readonly sources = "inet6";
  readonly level = IPPROTO_IPV6;
  readonly hopLimit = IPV6_HOPLIMIT;
  readonly destination: PinnedBuffer;
  readonly #book: Ipv6Addresses;
  readonly #host = new Inet6();

  constructor(book: Ipv6Addresses) {
    this.#book = book;
    this.destination = this.#host.memory;
  }

  open({ sourceIp, ttl }: PingSocketOptions): Fd {
    const fd = openSocket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
    try {
      setOption(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
      setOption(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
      if (ttl !== undefined) setOption(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
      const source = sourceTexts(sourceIp).map(parseIpv6).find((address) => address !== undefined);
      if (source !== undefined) {
        const bound = new Inet6();
        writeIpv6Address(bound.view, INET6_ADDRESS, source);
        bindInet6(fd, bound);
      }
      return fd;
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  setDestination(host: number): void {
    this.#book.write(host, this.#host.view, INET6_ADDRESS);
    this.#host.set(0, this.#book.scopeOf(host));
  }

  hostOf({ sources }: ReceiveBatch, index: number): number {
    const at = index * sockaddr_in6.size;
    return this.#book.find(sources, at + INET6_ADDRESS, sources.getUint32(at + sockaddr_in6.sin6_scope_id, true));
  }

  takeError(errors: ErrorQueue, fd: Fd): boolean {
    return errors.takeIpv6(fd);
  }

  senderOf({ senders, fromAt, scope }: ErrorQueue): number {
    return this.#book.sender(senders, fromAt, scope);
  }
}
