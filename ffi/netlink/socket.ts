/**
 * A netlink(7) socket: requests, dumps and notifications. No privilege is needed for rtnetlink(7).
 *
 * @module
 */

import {
  AF_NETLINK,
  MSG_TRUNC,
  NETLINK_ROUTE,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  POLLIN,
  SOCK_RAW,
} from "../constants.ts";
import { check, ERRNO, SyscallError } from "../errno.ts";
import { nlattr, nlmsghdr, sockaddr_nl } from "../layout.ts";
import { libc } from "../libc.ts";
import { pin, type PinnedBuffer } from "../memory.ts";
import { PollSet } from "../poll.ts";
import type { Fd } from "../fd.ts";
import { openSocket, pinSourceName, receiveFrom, sendTo } from "../socket.ts";
import { align4, type DatagramEnd, type ParseRow, readDatagram } from "./message.ts";

const REQUEST_LEN = 128;
/** The kernel fills at most 32 KiB of a dump's datagram; a single reply may be larger where a link has many VFs. */
const RECEIVE_LEN = 256 * 1024;
const REPLY_TIMEOUT_MS = 5000;
const DUMP_ATTEMPTS = 8;

let replyMemory: PinnedBuffer | undefined;

/** An attribute of a request: its type, and a number of 32 bits or bytes. */
export type Attribute = readonly [type: number, value: number | Uint8Array];

/** A netlink socket. */
export class Netlink implements Disposable {
  readonly #fd: Fd;
  readonly #poll = new PollSet(1);
  readonly #request = pin(REQUEST_LEN);
  // One for all sockets: a reply is read before the next request.
  readonly #reply = replyMemory ??= pin(RECEIVE_LEN);
  readonly #source = pinSourceName();
  readonly #kernel = pin(sockaddr_nl.size);
  #sequence = 0;
  #length = 0;

  /**
   * @param protocol The kernel's subsystem, `NETLINK_ROUTE` by default.
   * @param groups A bit for each multicast group to join, see {@linkcode Netlink.hasNews} and {@linkcode Netlink.news}.
   * @throws {SyscallError} If the socket cannot be opened; `EPERM` where joining a group needs a privilege.
   */
  constructor(protocol = NETLINK_ROUTE, groups = 0) {
    using opening = new DisposableStack();
    this.#fd = opening.use(openSocket(AF_NETLINK, SOCK_RAW, protocol));
    const { view, pointer } = this.#kernel;
    view.setUint16(sockaddr_nl.nl_family, AF_NETLINK, true);
    view.setUint32(sockaddr_nl.nl_groups, groups, true);
    check(libc().bind(this.#fd.number, pointer, sockaddr_nl.size), "bind");
    // From here on it is the kernel's address.
    view.setUint32(sockaddr_nl.nl_groups, 0, true);
    this.#poll.set(0, this.#fd, POLLIN);
    opening.move();
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }

  /**
   * Requests every row of a kind; returns those that `parse` accepts, once they all fit together.
   *
   * @throws {SyscallError} If the kernel refuses.
   */
  dump<Row>(type: number, bodyLen: number, family: number, parse: ParseRow<Row>): Row[] {
    for (let attempt = 1;; attempt++) {
      const rows: Row[] = [];
      this.#begin(type, NLM_F_DUMP, bodyLen).setUint8(nlmsghdr.size, family);
      const { errno, interrupted } = this.#exchange((view, at, length) => {
        const row = parse(view, at, length);
        if (row !== undefined) rows.push(row);
      }, true);
      // Rows that keep changing are taken as they are in the end: each was true once.
      if (errno === 0 && (!interrupted || attempt >= DUMP_ATTEMPTS)) return rows;
      if (errno !== 0 && (errno !== ERRNO.ENOBUFS && errno !== ERRNO.EBUSY || attempt >= DUMP_ATTEMPTS)) {
        throw new SyscallError("netlink", errno);
      }
    }
  }

  /**
   * Requests one row.
   *
   * @param fill Writes the fixed part of the request at its offset.
   * @returns The row, or the errno that the kernel returned.
   */
  get<Row>(
    type: number,
    bodyLen: number,
    fill: (view: DataView, at: number) => void,
    attributes: readonly Attribute[],
    parse: ParseRow<Row>,
  ): { row: Row } | { errno: number } {
    fill(this.#begin(type, 0, bodyLen), nlmsghdr.size);
    this.#append(attributes);
    let row: Row | undefined;
    const { errno } = this.#exchange((view, at, length) => row ??= parse(view, at, length), false);
    if (row !== undefined) return { row };
    return { errno: errno === 0 ? ERRNO.ENOENT : errno };
  }

  /**
   * Requests a change; returns 0, or the errno with which the kernel refused it.
   *
   * @param flags Such as `NLM_F_CREATE`.
   * @param fill Writes the fixed part of the request at its offset.
   */
  change(
    type: number,
    flags: number,
    bodyLen: number,
    fill: (view: DataView, at: number) => void,
    attributes: readonly Attribute[],
  ): number {
    fill(this.#begin(type, NLM_F_ACK | flags, bodyLen), nlmsghdr.size);
    this.#append(attributes);
    return this.#exchange(() => {}, false).errno;
  }

  /** Returns true if the joined groups have had messages since the last call. Not for sockets that send requests. */
  hasNews(): boolean {
    // ENOBUFS reports messages that found no room.
    return receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN, this.#source) !== -ERRNO.EAGAIN;
  }

  /**
   * Reads what the joined groups have sent since the last call. Not for sockets that send requests.
   *
   * @returns The rows that `parse` accepts; undefined where messages were lost, as they found no room.
   */
  news<Row>(parse: ParseRow<Row>): Row[] | undefined {
    const rows: Row[] = [];
    for (;;) {
      const received = receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN, this.#source);
      if (received === -ERRNO.EAGAIN) return rows;
      if (received < 0) return undefined;
      readDatagram(this.#reply.view, received, undefined, (view, at, length) => {
        const row = parse(view, at, length);
        if (row !== undefined) rows.push(row);
      });
    }
  }

  #begin(type: number, flags: number, bodyLen: number): DataView {
    const { bytes, view } = this.#request;
    bytes.fill(0);
    this.#length = nlmsghdr.size + align4(bodyLen);
    this.#sequence = this.#sequence + 1 >>> 0;
    view.setUint16(nlmsghdr.nlmsg_type, type, true);
    view.setUint16(nlmsghdr.nlmsg_flags, NLM_F_REQUEST | flags, true);
    view.setUint32(nlmsghdr.nlmsg_seq, this.#sequence, true);
    return view;
  }

  #append(attributes: readonly Attribute[]): void {
    const { view, bytes } = this.#request;
    for (const [type, value] of attributes) {
      const length = typeof value === "number" ? 4 : value.length;
      view.setUint16(this.#length + nlattr.nla_len, nlattr.size + length, true);
      view.setUint16(this.#length + nlattr.nla_type, type, true);
      if (typeof value === "number") view.setUint32(this.#length + nlattr.size, value, true);
      else bytes.set(value, this.#length + nlattr.size);
      this.#length += nlattr.size + align4(length);
    }
  }

  #exchange(onMessage: (view: DataView, at: number, length: number) => void, dump: boolean): DatagramEnd {
    this.#request.view.setUint32(nlmsghdr.nlmsg_len, this.#length, true);
    const sent = sendTo(this.#fd, this.#request, 0, this.#length, this.#kernel);
    if (sent < 0) throw new SyscallError("sendto", -sent);
    let interrupted = false;
    for (;;) {
      if (this.#poll.pollNow(REPLY_TIMEOUT_MS) === 0) throw new SyscallError("netlink", ERRNO.ETIMEDOUT);
      const received = receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN, this.#source, MSG_TRUNC);
      if (received === -ERRNO.EAGAIN) continue;
      if (received < 0) return { done: true, interrupted, errno: -received };
      if (received > RECEIVE_LEN) return { done: true, interrupted, errno: ERRNO.EMSGSIZE };
      // Only the kernel replies; it has port number 0.
      if (this.#source.address.view.getUint32(sockaddr_nl.nl_pid, true) !== 0) continue;
      let any = false;
      const end = readDatagram(this.#reply.view, received, this.#sequence, (view, at, length) => {
        any = true;
        onMessage(view, at, length);
      });
      interrupted ||= end.interrupted;
      if (end.done || (any && !dump)) return { ...end, interrupted };
    }
  }
}

/** Calls a function with a socket: the one given, or one of its own. */
export function withNetlink<Result>(netlink: Netlink | undefined, action: (netlink: Netlink) => Result): Result {
  if (netlink !== undefined) return action(netlink);
  using own = new Netlink();
  return action(own);
}
