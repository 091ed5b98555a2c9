/**
 * Netlink messages and their attributes, netlink(7). Every length is checked: a message that is cut short, or of another type, has no
 * body.
 *
 * @module
 */

import {
  NLA_F_NESTED,
  NLA_F_NET_BYTEORDER,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from "../constants.ts";
import { ERRNO } from "../errno.ts";
import { nlattr, nlmsgerr, nlmsghdr } from "../layout.ts";

/** Reads one message of `length` bytes at `at`; undefined where it is no such row. */
export type ParseRow<Row> = (view: DataView, at: number, length: number) => Row | undefined;

/** Rounds up to a multiple of four bytes, at which attributes and messages begin. */
export function align4(length: number): number {
  return (length + 3) & ~3;
}

/** An attribute's payload. */
interface Place {
  readonly at: number;
  readonly length: number;
}

/** The attributes of a message, by type. The last of a type counts, as in the kernel. */
export class Attributes {
  readonly view: DataView;
  readonly #places = new Map<number, Place[]>();

  constructor(view: DataView, at: number, end: number) {
    this.view = view;
    while (at + nlattr.size <= end) {
      const length = view.getUint16(at + nlattr.nla_len, true);
      if (length < nlattr.size || at + length > end) break;
      const type = view.getUint16(at + nlattr.nla_type, true) & ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
      const place = { at: at + nlattr.size, length: length - nlattr.size };
      const places = this.#places.get(type);
      if (places === undefined) this.#places.set(type, [place]);
      else places.push(place);
      at += align4(length);
    }
  }

  /** Returns offset and length of an attribute's payload, where it has at least `least` bytes. */
  place(type: number, least = 0): Place | undefined {
    const place = this.#places.get(type)?.at(-1);
    return place !== undefined && place.length >= least ? place : undefined;
  }

  u32(type: number): number | undefined {
    const place = this.place(type, 4);
    return place && this.view.getUint32(place.at, true);
  }

  /** Reads an IPv4 address. */
  address(type: number): number | undefined {
    const place = this.place(type, 4);
    return place?.length === 4 ? this.view.getUint32(place.at) : undefined;
  }

  /** Reads an IPv6 address. */
  address6(type: number): bigint | undefined {
    const place = this.place(type, ADDRESS6_LEN);
    return place?.length === ADDRESS6_LEN ? readAddress6(this.view, place.at) : undefined;
  }

  /** Copies an attribute's payload; undefined where it is empty. */
  bytes(type: number): Uint8Array<ArrayBuffer> | undefined {
    const place = this.place(type, 1);
    return place && copyBytes(this.view, place.at, place.length);
  }

  string(type: number): string | undefined {
    return this.strings(type).at(-1);
  }

  /** Reads the strings of every attribute of a type. */
  strings(type: number): string[] {
    return (this.#places.get(type) ?? []).map(({ at, length }) => {
      const bytes = copyBytes(this.view, at, length);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
    });
  }

  /** Reads the attributes nested in an attribute. */
  nested(type: number): Attributes | undefined {
    const place = this.place(type);
    return place && new Attributes(this.view, place.at, place.at + place.length);
  }
}

/** Bytes of an IPv6 address. */
const ADDRESS6_LEN = 16;

/** Reads an IPv6 address at an offset. */
export function readAddress6(view: DataView, at: number): bigint {
  return view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
}

/** Copies bytes out of the receive buffer. */
function copyBytes(view: DataView, at: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

/** Returns the offset of a message's fixed part, or -1 if it is of another type, or too short for that part. */
export function bodyAt(view: DataView, at: number, length: number, type: number, bodyLen: number): number {
  if (length < nlmsghdr.size + bodyLen || at + length > view.byteLength) return -1;
  return view.getUint16(at + nlmsghdr.nlmsg_type, true) === type ? at + nlmsghdr.size : -1;
}

/** Reads the error number (positive; 0 for an acknowledgement) of an `NLMSG_ERROR` message of `length` bytes at `at`. */
export function parseError(view: DataView, at: number, length: number): number | undefined {
  const body = bodyAt(view, at, length, NLMSG_ERROR, 4);
  return body === -1 ? undefined : 0 - view.getInt32(body + nlmsgerr.error, true);
}

/** The state of a reply after one of its datagrams. */
export interface DatagramEnd {
  /** The dump is complete, or failed. */
  done: boolean;
  /** Rows changed while they were dumped: they may not fit together. */
  interrupted: boolean;
  /** The error that ended it, 0 for none. */
  errno: number;
}

/**
 * Walks the messages of one datagram of `length` bytes, and passes on those that reply to request `sequence`, or all if that is
 * undefined. A message that is cut short ends the walk with `EBADMSG`.
 */
export function readDatagram(
  view: DataView,
  length: number,
  sequence: number | undefined,
  onMessage: (view: DataView, at: number, length: number) => void,
): DatagramEnd {
  let interrupted = false;
  const end = (errno: number) => ({ done: true, interrupted, errno });
  let at = 0;
  while (at < length) {
    const messageLen = at + nlmsghdr.size > length ? 0 : view.getUint32(at + nlmsghdr.nlmsg_len, true);
    if (messageLen < nlmsghdr.size || at + messageLen > length) return end(ERRNO.EBADMSG);
    if (sequence === undefined || view.getUint32(at + nlmsghdr.nlmsg_seq, true) === sequence) {
      const type = view.getUint16(at + nlmsghdr.nlmsg_type, true);
      const flags = view.getUint16(at + nlmsghdr.nlmsg_flags, true);
      if ((flags & NLM_F_DUMP_INTR) !== 0) interrupted = true;
      if (type === NLMSG_DONE) {
        // A dump that fails has its error in the body of its last message.
        const status = messageLen >= nlmsghdr.size + 4 ? view.getInt32(at + nlmsghdr.size, true) : 0;
        return end(status < 0 ? -status : 0);
      }
      if (type === NLMSG_ERROR) return end(parseError(view, at, messageLen) ?? ERRNO.EBADMSG);
      if (type === NLMSG_OVERRUN) return end(ERRNO.ENOBUFS);
      if (type !== NLMSG_NOOP) onMessage(view, at, messageLen);
    }
    at += align4(messageLen);
  }
  return { done: false, interrupted, errno: 0 };
}
