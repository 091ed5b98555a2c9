// Hot path: nothing here may allocate per packet.
/**
 * ICMP requests and their replies, as bytes: echo and timestamp (RFC 792), address mask (RFC 950). The identifier is the port that the
 * probe would leave from; the sequence number is the lower half of the token, and the identification in the IP header the upper half, so
 * that errors which quote eight bytes carry the token. Echo and timestamp replies carry it in their data; mask replies carry its lower half
 * only.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import { BY_HOST, BY_TOKEN, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import {
  checkIcmpv4,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_MASK_REPLY,
  ICMP_MASK_REQUEST,
  ICMP_TIMESTAMP_REPLY,
  ICMP_TIMESTAMP_REQUEST,
  ICMPV4_HEADER_LEN,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Code,
  icmpv4Rest,
  icmpv4Type,
  setIcmpv4Checksum,
  setIcmpv4Rest,
  writeIcmpv4,
} from "../wire/icmpv4.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Id,
  ipv4Protocol,
  ipv4TotalLen,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
  writeIpv4,
} from "../wire/ipv4.ts";
import { readIcmpError, readIpv4 } from "./ip_reply.ts";
import { type FilteredProtocol, isOneOf, replyFilter, withPorts } from "./reply_filter.ts";
import type { IcmpRequest, PingPackets } from "./packets.ts";
import { TCP_OVER_IPV4 } from "./tcp_probe.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts } from "./technique.ts";

/** Echo: ping(8). */
export const ECHO: IcmpRequest = {
  type: ICMP_ECHO_REQUEST,
  replyType: ICMP_ECHO_REPLY,
  dataLen: 8,
  reason: "echo-reply",
  hasToken: true,
};
/** Timestamp. */
export const TIMESTAMP: IcmpRequest = {
  type: ICMP_TIMESTAMP_REQUEST,
  replyType: ICMP_TIMESTAMP_REPLY,
  dataLen: 12,
  reason: "timestamp-reply",
  hasToken: true,
};
/** Address mask. */
export const MASK: IcmpRequest = {
  type: ICMP_MASK_REQUEST,
  replyType: ICMP_MASK_REPLY,
  dataLen: 4,
  reason: "mask-reply",
  hasToken: false,
};

const REQUESTS = [ECHO, TIMESTAMP, MASK];
const HEADERS_LEN = IPV4_MIN_HEADER_LEN + ICMPV4_HEADER_LEN;

/**
 * The identification in place of 0, which the kernel would replace by a number of its own. A quoted header that has it can be that of
 * either token.
 */
const REPLACED_ID = 1;

/** Bytes of the longest request. */
const MAX_REQUEST_LEN = HEADERS_LEN + Math.max(...REQUESTS.map(({ dataLen }) => dataLen));

/** Returns the request that messages of a type are replies to. */
function requestRepliedBy(type: number): IcmpRequest | undefined {
  for (const request of REQUESTS) if (request.replyType === type) return request;
  return undefined;
}

/** A request that is complete but for destination, port and token. */
class IcmpTemplate implements ProbeTemplate {
  readonly #words: DataView;
  readonly #length: number;
  readonly #ipSum: number;
  readonly #icmpSum: number;
  readonly #hasToken: boolean;
  /** True if data makes up for the token in the checksum: routers that balance load may choose the way by it. */
  readonly #isBalanced: boolean;

  constructor({ type, dataLen, hasToken }: IcmpRequest, { source, ttl }: ProbeTraits) {
    this.#length = HEADERS_LEN + dataLen;
    this.#words = new DataView(new ArrayBuffer(this.#length));
    const fields = { totalLen: this.#length, ttl, protocol: PROTOCOL_ICMP, source, destination: 0 };
    const at = writeIpv4(this.#words, 0, fields);
    setIpv4Checksum(this.#words, 0, 0);
    this.#ipSum = sumWords(this.#words, 0, at);
    writeIcmpv4(this.#words, at, { type, code: 0, quoted: new Uint8Array(dataLen) });
    setIcmpv4Checksum(this.#words, at, 0);
    this.#icmpSum = sumWords(this.#words, at, this.#length - at);
    this.#hasToken = hasToken;
    this.#isBalanced = type === ICMP_ECHO_REQUEST && dataLen >= 8;
  }

  /** Writes a request; returns its length. */
  write(view: DataView, at: number, destination: number, _what: number, sourcePort: number, token: number): number {
    for (let i = 0; i < this.#length; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
    const upper = token >>> 16;
    const lower = token & 0xffff;
    const id = upper === 0 ? REPLACED_ID : upper;
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
    const icmpAt = at + IPV4_MIN_HEADER_LEN;
    setIcmpv4Rest(view, icmpAt, sourcePort * 0x1_0000 + lower);
    let sum = this.#icmpSum + sourcePort + lower;
    if (this.#hasToken) {
      view.setUint32(icmpAt + ICMPV4_HEADER_LEN, token);
      sum += upper + lower;
    }
    if (this.#isBalanced) {
      // A number and its complement add up to 0 (RFC 1071).
      view.setUint16(icmpAt + ICMPV4_HEADER_LEN + 4, lower ^ 0xffff);
      view.setUint16(icmpAt + ICMPV4_HEADER_LEN + 6, foldChecksum(upper + lower));
      sum = this.#icmpSum + sourcePort;
    }
    setIcmpv4Checksum(view, icmpAt, foldChecksum(sum));
    return this.#length;
  }
}

/**
 * Reads an ICMP reply; returns the request that it is the reply to.
 *
 * @param at The offset of the ICMP header, behind what `readIpv4` has read.
 */
function readIcmpReply(view: DataView, at: number, length: number, reply: Reply): IcmpRequest | undefined {
  if (checkIcmpv4(view, at, length) === 0 || icmpv4Code(view, at) !== 0) return undefined;
  const request = requestRepliedBy(icmpv4Type(view, at));
  if (request === undefined || length < ICMPV4_HEADER_LEN + (request.hasToken ? 4 : 0)) return undefined;
  reply.kind = KINDS[REQUESTS.indexOf(request)]!;
  reply.strength = request.hasToken ? BY_TOKEN : BY_HOST;
  reply.odd = false;
  reply.host = reply.from;
  reply.ownPort = icmpv4Rest(view, at) >>> 16;
  reply.number = request.hasToken ? view.getUint32(at + ICMPV4_HEADER_LEN) : icmpv4Rest(view, at) & 0xffff;
  reply.token = reply.number;
  reply.otherTokenCount = 0;
  return request;
}

const KINDS: readonly ReplyKind[] = REQUESTS.map(({ reason }) => reasonCode(reason));

/** Reads an ICMP error that quotes a request; returns that request. */
function readRequestError(view: DataView, at: number, length: number, reply: Reply): IcmpRequest | undefined {
  const quotedAt = readIcmpError(view, at, length, PROTOCOL_ICMP, ICMPV4_HEADER_LEN, reply);
  if (quotedAt === 0) return undefined;
  for (const request of REQUESTS) {
    if (request.type !== icmpv4Type(view, quotedAt)) continue;
    const rest = icmpv4Rest(view, quotedAt);
    reply.ownPort = rest >>> 16;
    // The header before the quoted one is the IP header of the request, which has no options.
    const id = ipv4Id(view, quotedAt - IPV4_MIN_HEADER_LEN);
    reply.number = (id << 16 | rest & 0xffff) >>> 0;
    reply.token = reply.number;
    reply.otherTokens[0] = rest & 0xffff;
    reply.otherTokenCount = id === REPLACED_ID ? 1 : 0;
    return request;
  }
  reply.kind = NOT_A_REPLY;
  return undefined;
}

/** Reads a received packet; returns the request that it is a reply to, or an error about. */
function readIcmp(view: DataView, at: number, length: number, reply: Reply): IcmpRequest | undefined {
  const headerLen = readIpv4(view, at, length, reply);
  if (headerLen === 0 || ipv4Protocol(view, at) !== PROTOCOL_ICMP) return undefined;
  const icmpAt = at + headerLen;
  const icmpLen = ipv4TotalLen(view, at) - headerLen;
  return readIcmpReply(view, icmpAt, icmpLen, reply) ?? readRequestError(view, icmpAt, icmpLen, reply);
}

/** The offset of the identifier in a request and its reply. */
const ICMP_ID = 4;

function pingFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
  const icmp: FilteredProtocol = {
    protocol: PROTOCOL_ICMP,
    isReply: [
      ["ldb_at", 0], // type
      ["jeq", ICMP_ECHO_REPLY, "id", "next"],
      ["jeq", ICMP_TIMESTAMP_REPLY, "id", "next"],
      ["jeq", ICMP_MASK_REPLY, "id", "reject"],
      "id:",
      ...isOneOf(ports, ICMP_ID),
    ],
    isProbe: isOneOf(ports, ICMPV4_QUOTE_OFFSET + ICMP_ID),
  };
  return replyFilter([icmp, withPorts(PROTOCOL_TCP, ports)]);
}

/** Pings over IPv4. */
export const PINGS_OVER_IPV4: PingPackets = {
  ...TCP_OVER_IPV4,
  maxRequestLen: MAX_REQUEST_LEN,
  prepareRequest: (request, traits) => new IcmpTemplate(request, traits),
  readIcmp,
  pingFilter,
};
