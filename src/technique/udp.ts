// Hot path: nothing here may allocate per packet.
/**
 * The UDP scan: requests that services reply to. A closed port is reported by an ICMP error (RFC 1122 section 4.1.3.1), which hosts send
 * at a limited rate. Attempts at one port have its payloads in turn, each from a port of its own, so that a reply names its request.
 *
 * Replies prove themselves by what the protocol repeats of the request, errors by what they quote of it: the identification in the IP
 * header, and the payload or its checksum. Both are compared with the probe, which is written again for that.
 *
 * @module
 */

import { outcomeTable } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, type ReplyKind, UNPROVEN } from "../result/reply_kind.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import { hasRightChecksums } from "../wire/integrity.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Id,
  ipv4Protocol,
  ipv4TotalLen,
  PROTOCOL_ICMP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
  setIpv4TotalLen,
  writeIpv4,
} from "../wire/ipv4.ts";
import {
  checkUdp,
  UDP_HEADER_LEN,
  udpChecksum,
  udpDestinationPort,
  udpLen,
  udpSourcePort,
  writeUdp,
} from "../wire/udp.ts";
import { ICMP_ERRORS, readIcmpError, readIpv4 } from "./ip_reply.ts";
import { isEchoed, isWeak, type Payload, writePayload } from "./payloads/payload.ts";
import { hasPayload, PAYLOADS, payloadsOf } from "./payloads/payloads.ts";
import { replyFilter, withPorts } from "./reply_filter.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";

const UDP_RESPONSE: ReplyKind = reasonCode("udp-response");
const HEADERS_LEN = IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN;
const MAX_PAYLOAD_LEN = Math.max(...PAYLOADS.map(({ bytes }) => bytes.length));
/** Attempts of which each has a source port of its own. */
const ATTEMPT_PERIOD = 8;
/** Bytes of a quoted payload that are compared; where fewer are quoted, the checksum is. */
const ENOUGH_QUOTED = 4;

/** The payload of a probe, by the ports that it has. */
function payloadOf(port: number, sourcePort: number): Payload {
  const payloads = payloadsOf(port);
  return payloads.length === 1 ? payloads[0]! : payloads[sourcePort % payloads.length]!;
}

/** The port whose replies come from any port of the host. */
const ELSEWHERE = PAYLOADS.find(({ isElsewhere }) => isElsewhere)!.ports[0]!;

/** A datagram that is complete but for destination, ports and payload. */
class UdpTemplate implements ProbeTemplate {
  readonly #source: number;
  readonly #header = new DataView(new ArrayBuffer(IPV4_MIN_HEADER_LEN));
  readonly #ipSum: number;

  constructor({ source, ttl }: ProbeTraits) {
    this.#source = source;
    writeIpv4(this.#header, 0, { totalLen: 0, ttl, protocol: PROTOCOL_UDP, source, destination: 0 });
    setIpv4Checksum(this.#header, 0, 0);
    this.#ipSum = sumWords(this.#header, 0, IPV4_MIN_HEADER_LEN);
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): number {
    for (let i = 0; i < IPV4_MIN_HEADER_LEN; i += 4) view.setUint32(at + i, this.#header.getUint32(i));
    const udpAt = at + IPV4_MIN_HEADER_LEN;
    const length = UDP_HEADER_LEN + writePayload(payloadOf(port, sourcePort), view, udpAt + UDP_HEADER_LEN, token);
    const totalLen = IPV4_MIN_HEADER_LEN + length;
    const id = idOf(token);
    setIpv4TotalLen(view, at, totalLen);
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    setIpv4Checksum(view, at, foldChecksum(this.#ipSum + totalLen + id + destinationSum));
    writeUdp(view, udpAt, sourcePort, port, length, pseudoHeaderSum(this.#source, destination, PROTOCOL_UDP, length));
    return totalLen;
  }
}

/** The identification of a probe, which is never 0: the kernel would replace that. */
function idOf(token: number): number {
  return token >>> 16 | 1;
}

/** The probe that a reply is compared with. */
const request = new DataView(new ArrayBuffer(MAX_PAYLOAD_LEN));

/** Reads a reply, or an error; returns its kind. */
function readReply(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
  const headerLen = readIpv4(view, at, length, reply);
  if (headerLen === 0) return NOT_A_REPLY;
  const behind = at + headerLen;
  const behindLen = ipv4TotalLen(view, at) - headerLen;
  if (ipv4Protocol(view, at) === PROTOCOL_UDP) {
    if (checkUdp(view, behind, behindLen) === 0) return NOT_A_REPLY;
    reply.host = reply.from;
    reply.port = udpSourcePort(view, behind);
    reply.ownPort = udpDestinationPort(view, behind);
    reply.number = behind;
    reply.odd = false;
    return UDP_RESPONSE;
  }
  if (ipv4Protocol(view, at) !== PROTOCOL_ICMP) return NOT_A_REPLY;
  const quotedAt = readIcmpError(view, behind, behindLen, PROTOCOL_UDP, UDP_HEADER_LEN, reply);
  if (quotedAt === 0) return NOT_A_REPLY;
  reply.port = udpDestinationPort(view, quotedAt);
  reply.ownPort = udpSourcePort(view, quotedAt);
  reply.number = quotedAt;
  return reply.kind;
}

/** The UDP scan. */
export const UDP: Technique = {
  name: "udp",
  protocol: "udp",
  families: [4],
  maxLength: HEADERS_LEN + MAX_PAYLOAD_LEN,
  attemptPeriod: ATTEMPT_PERIOD,
  isTokenless: true,
  states: outcomeTable({
    "no-response": "open|filtered",
    "port-unreach": { own: "closed", other: "filtered" },
  }),
  rationed: ICMP_ERRORS,
  elsewhere: ELSEWHERE,

  isLikely: hasPayload,

  serviceOf(port: number): string | undefined {
    return payloadsOf(port)[0]!.service || undefined;
  },

  filter(_family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return replyFilter([withPorts(PROTOCOL_UDP, ports)]);
  },

  prepare(traits: ProbeTraits): ProbeTemplate {
    return new UdpTemplate(traits);
  },

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    reply.kind = readReply(view, at, length, reply);
    reply.seq = reply.token = reply.otherTokenCount = 0;
    reply.strength = BY_TOKEN;
    return reply.kind !== NOT_A_REPLY && hasRightChecksums(view, at);
  },

  proves(view: DataView, at: number, reply: Reply, token: number): boolean {
    const payload = payloadOf(reply.port, reply.ownPort);
    const requestLen = writePayload(payload, request, 0, token);
    const headerAt = reply.number;
    const behind = headerAt + UDP_HEADER_LEN;
    if (reply.kind === UDP_RESPONSE) {
      if (isWeak(payload)) reply.strength = UNPROVEN;
      return isEchoed(payload, request, 0, view, behind, udpLen(view, headerAt) - UDP_HEADER_LEN);
    }
    // The header before the quoted one is the IP header of the probe, which has no options.
    if (ipv4Id(view, headerAt - IPV4_MIN_HEADER_LEN) !== idOf(token)) return false;
    const quotedLen = Math.min(requestLen, at + ipv4TotalLen(view, at) - behind);
    if (quotedLen < ENOUGH_QUOTED && quotedLen < requestLen) {
      const datagramLen = UDP_HEADER_LEN + requestLen;
      const sum = pseudoHeaderSum(reply.ownAddress, reply.host, PROTOCOL_UDP, datagramLen) + reply.ownPort +
        reply.port +
        datagramLen;
      return udpChecksum(view, headerAt) === (foldChecksum(sumWords(request, 0, requestLen, sum)) || 0xffff);
    }
    for (let i = 0; i < quotedLen; i++) if (view.getUint8(behind + i) !== request.getUint8(i)) return false;
    return true;
  },
};
