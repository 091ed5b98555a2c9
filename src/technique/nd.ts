// Hot path: nothing here may allocate per packet.
/**
 * Neighbor solicitations to hosts on an own link, RFC 4861, as ARP requests are for IPv4: a host that is there has to reply with an
 * advertisement, and one that does not reply to any of several solicitations is not there.
 *
 * @module
 */

import { assembleBpf, BPF_LINK_VERDICTS } from "../../ffi/bpf.ts";
import { hostOutcomeTable, type OutcomeTable } from "../result/outcome.ts";
import { reasonCode, reasonSet } from "../result/reasons.ts";
import { BY_HOST } from "../result/reply_kind.ts";
import type { NeighborPackets } from "./packets.ts";
import type { ProbeTemplate, ProbeTraits, Reply, Technique } from "./technique.ts";

/** The Ethernet type of IPv6. */
const ETHERTYPE_IPV6 = 0x86dd;
const ND_RESPONSE = reasonCode("nd-response");
/** The offsets of the next header and of the type of a message, the numbers of ICMPv6 and of an advertisement. */
const [NEXT_HEADER, TYPE, ICMPV6, ADVERTISEMENT] = [6, 40, 58, 136];

/** Solicits advertisements. */
class NeighborTechnique implements Technique {
  readonly protocol = "host";
  readonly families = [6] as const;
  readonly ethertype = ETHERTYPE_IPV6;
  readonly attemptPeriod = 1;
  readonly isTokenless = true;
  readonly rationed = reasonSet([]);
  readonly name: string;
  readonly states: OutcomeTable;
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly #packets: NeighborPackets | undefined;

  /** @param packets Needed to send and receive. */
  constructor(name: string, states: OutcomeTable, packets?: NeighborPackets) {
    this.name = name;
    this.states = states;
    this.#packets = packets;
    if (packets !== undefined) this.describe = packets.describe;
  }

  get maxLength(): number {
    return this.#packets!.solicitationLen;
  }

  /** Returns the same technique with packets. */
  over(packets: NeighborPackets): NeighborTechnique {
    return new NeighborTechnique(this.name, this.states, packets);
  }

  filter(): Uint8Array<ArrayBuffer> {
    return assembleBpf([
      ["ldb", NEXT_HEADER],
      ["jeq", ICMPV6, "next", "reject"],
      ["ldb", TYPE],
      ["jeq", ADVERTISEMENT, "ours", "reject"],
      ...BPF_LINK_VERDICTS,
    ]);
  }

  prepare({ source }: ProbeTraits): ProbeTemplate {
    const packets = this.#packets!;
    return { write: (view, at, destination) => packets.writeSolicitation(view, at, source, destination) };
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    if (!this.#packets!.readAdvertisement(view, at, length, reply)) return false;
    reply.kind = ND_RESPONSE;
    reply.strength = BY_HOST;
    reply.port = reply.ownPort = reply.ttl = 0;
    reply.number =
      reply.seq =
      reply.token =
      reply.otherTokenCount =
        0;
    reply.odd = false;
    return true;
  }
}

/** Asks who has an address: a host that replies is up, and one that does not is absent. */
export const ND = new NeighborTechnique("nd", hostOutcomeTable({ "no-response": "absent" }));

/** The same where an advertisement shows no more than a hardware address: another host may reply for all of them. */
export const ND_RESOLVE = new NeighborTechnique(
  "nd-resolve",
  hostOutcomeTable({ "no-response": "absent", "nd-response": "silent" }),
);
