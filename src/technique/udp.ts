// Hot path: nothing here may allocate per packet.
/**
 * The UDP scan: requests that services reply to. A closed port is reported by an ICMP error (RFC 1122 section 4.1.3.1), which hosts send
 * at a limited rate. Attempts at one port have its payloads in turn, each from a port of its own, so that a reply names its request.
 *
 * Replies prove themselves by what the protocol repeats of the request, errors by what they quote of it: bits of the token in the IP header,
 * and the payload or its checksum. Both are compared with the probe, which is written again for that. Over sockets, for which the kernel
 * writes the headers, there is the payload alone.
 *
 * @module
 */

import { outcomeTable } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, UNPROVEN } from "../result/reply_kind.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import { UDP_HEADER_LEN, udpChecksum } from "../wire/udp.ts";
import { ICMP_ERRORS } from "./ip_reply.ts";
import type { PayloadWriter, UdpPackets } from "./packets.ts";
import { hasToken, isEchoed, isWeak, type Payload, writePayload } from "./payloads/payload.ts";
import {
  hasPayload,
  PAYLOADS,
  payloadsOf,
  payloadsWithin,
  payloadsWithToken,
  requestName,
} from "./payloads/payloads.ts";
import type { ProbeTemplate, ProbeTraits, Reply, ServiceData, SourcePorts, Technique } from "./technique.ts";
import { UDP_RESPONSE } from "./udp_headers.ts";
import { UDP_OVER_IPV4 } from "./udp_packets.ts";

const PORT_UNREACH = reasonCode("port-unreach");
const MAX_PAYLOAD_LEN = Math.max(...PAYLOADS.map(({ bytes }) => bytes.length));
/** Attempts of which each has a source port of its own. */
const ATTEMPT_PERIOD = 8;
/** Bytes of a quoted payload that are compared; where fewer are quoted, the checksum is. */
const ENOUGH_QUOTED = 4;

/** The port whose replies come from any port of the host. */
const ELSEWHERE = PAYLOADS.find(({ isElsewhere }) => isElsewhere)!.ports[0]!;

/** The probe that a reply is compared with. */
const request = new DataView(new ArrayBuffer(MAX_PAYLOAD_LEN));

/** Sends datagrams. */
export class UdpTechnique implements Technique {
  readonly name = "udp";
  readonly protocol = "udp";
  readonly families: readonly (4 | 6)[];
  readonly maxLength: number;
  readonly attemptPeriod = ATTEMPT_PERIOD;
  readonly isTokenless = true;
  readonly rationed = ICMP_ERRORS;
  readonly elsewhere = ELSEWHERE;
  readonly isLikely = hasPayload;
  readonly refusal = PORT_UNREACH;
  readonly states = outcomeTable({
    "no-response": "open|filtered",
    "port-unreach": { own: "closed", other: "filtered" },
  });
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly #packets: UdpPackets;
  readonly #isOverSockets: boolean;
  readonly #payloadsOf: typeof payloadsOf;
  readonly #writePayload: PayloadWriter = (view, at, port, sourcePort, token) =>
    writePayload(this.#payloadOf(port, sourcePort), view, at, token);

  /**
   * @param isOverSockets True if the kernel writes the headers of probes.
   * @param maxLength The most bytes of a probe, where its headers are not the kernel's, which divides long packets. At least 68.
   */
  constructor(packets: UdpPackets, isOverSockets = false, maxLength = Infinity) {
    this.#packets = packets;
    this.#isOverSockets = isOverSockets;
    this.families = [packets.family];
    this.maxLength = Math.min(maxLength, packets.udpHeadersLen + MAX_PAYLOAD_LEN);
    const isShort = this.maxLength === maxLength;
    this.#payloadsOf = isOverSockets
      ? payloadsWithToken
      : isShort
      ? payloadsWithin(maxLength - packets.udpHeadersLen)
      : payloadsOf;
    if (packets.describe !== undefined) this.describe = packets.describe;
  }

  over(packets: UdpPackets): UdpTechnique {
    return new UdpTechnique(packets, this.#isOverSockets);
  }

  get overSockets(): UdpTechnique {
    return new UdpTechnique(this.#packets, true);
  }

  within(maxLength: number): UdpTechnique {
    return new UdpTechnique(this.#packets, this.#isOverSockets, maxLength);
  }

  serviceOf(port: number): string | undefined {
    return payloadsOf(port)[0]!.service || undefined;
  }

  serviceData(view: DataView, { kind, port, ownPort, number, dataLen }: Reply): ServiceData | undefined {
    if (kind !== UDP_RESPONSE) return undefined;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + number + UDP_HEADER_LEN, dataLen).slice();
    return { request: requestName(this.#payloadOf(port, ownPort)), bytes };
  }

  filter(_family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return this.#packets.udpFilter(ports);
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    return this.#packets.prepareUdp(traits, this.#writePayload);
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    const kind = this.#packets.readUdp(view, at, length, reply);
    reply.seq = reply.token = reply.otherTokenCount = 0;
    reply.strength = BY_TOKEN;
    return kind !== NOT_A_REPLY && this.#packets.isIntact(view, at);
  }

  proves(view: DataView, at: number, reply: Reply, token: number): boolean {
    const payload = this.#payloadOf(reply.port, reply.ownPort);
    const requestLen = writePayload(payload, request, 0, token);
    const behind = reply.number + UDP_HEADER_LEN;
    if (reply.kind === UDP_RESPONSE) {
      if (isWeak(payload)) reply.strength = UNPROVEN;
      return isEchoed(payload, request, 0, view, behind, reply.dataLen);
    }
    const quotedLen = Math.min(requestLen, this.#packets.quoteEnd(view, at) - behind);
    // Firewalls change IP headers; so much of a request can do without what they had.
    if (!hasToken(payload, quotedLen)) {
      if (this.#isOverSockets) reply.strength = UNPROVEN;
      else if (!this.#packets.quotesToken(view, reply, token)) return false;
      else if (quotedLen < ENOUGH_QUOTED && quotedLen < requestLen) {
        return this.#quotesChecksum(view, reply, requestLen);
      }
    }
    for (let i = 0; i < quotedLen; i++) if (view.getUint8(behind + i) !== request.getUint8(i)) return false;
    return true;
  }

  /** Returns the payload of a probe, by the ports that it has. */
  #payloadOf(port: number, sourcePort: number): Payload {
    const payloads = this.#payloadsOf(port);
    return payloads.length === 1 ? payloads[0]! : payloads[sourcePort % payloads.length]!;
  }

  /** Returns true if a quoted header has the checksum of the request, of this many bytes. */
  #quotesChecksum(view: DataView, reply: Reply, requestLen: number): boolean {
    const length = UDP_HEADER_LEN + requestLen;
    const sum = this.#packets.quotedPseudoSum(view, reply, length) + reply.ownPort + reply.port + length;
    return udpChecksum(view, reply.number) === (foldChecksum(sumWords(request, 0, requestLen, sum)) || 0xffff);
  }
}

/** The UDP scan. */
export const UDP: UdpTechnique = new UdpTechnique(UDP_OVER_IPV4);
