// Hot path: nothing here may allocate per packet.
/**
 * ARP requests to hosts on an own link, RFC 826: a host that is there has to reply, and one that does not reply to any of several
 * requests is not there. A reply carries no token; it comes from the link, and is read from there alone.
 *
 * @module
 */

import { assembleBpf, BPF_LINK_VERDICTS } from "../../ffi/bpf.ts";
import { hostOutcomeTable } from "../result/outcome.ts";
import { reasonCode, reasonSet } from "../result/reasons.ts";
import { BY_HOST, NOT_A_REPLY } from "../result/reply_kind.ts";
import { ARP_LEN, ARP_REPLY, arpSenderIp, arpTargetIp, checkArp, isArpReply, writeArpRequest } from "../wire/arp.ts";
import { ETHERTYPE_ARP } from "../wire/ethernet.ts";
import type { ProbeTemplate, ProbeTraits, Reply, Technique } from "./technique.ts";

const ARP_RESPONSE = reasonCode("arp-response");
/** The offset of the operation. */
const OPERATION = 6;

const PROBE: Omit<Technique, "name" | "states"> = {
  protocol: "host",
  families: [4],
  ethertype: ETHERTYPE_ARP,
  maxLength: ARP_LEN,
  attemptPeriod: 1,
  isTokenless: true,
  rationed: reasonSet([]),

  filter(): Uint8Array<ArrayBuffer> {
    // Some hosts reply to all stations.
    return assembleBpf([["ldh", OPERATION], ["jeq", ARP_REPLY, "ours", "reject"], ...BPF_LINK_VERDICTS]);
  },

  prepare({ source }: ProbeTraits): ProbeTemplate {
    return { write: (view, at, destination) => writeArpRequest(view, at, source, destination) };
  },

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    reply.kind = NOT_A_REPLY;
    if (checkArp(view, at, length) === 0 || !isArpReply(view, at)) return false;
    reply.kind = ARP_RESPONSE;
    reply.strength = BY_HOST;
    reply.host = reply.from = arpSenderIp(view, at);
    reply.ownAddress = arpTargetIp(view, at);
    reply.port = reply.ownPort = reply.ttl = 0;
    reply.number = reply.seq = reply.otherTokenCount = 0;
    reply.odd = false;
    return true;
  },
};

/** Asks who has an address: a host that replies is up, and one that does not is absent. */
export const ARP: Technique = { ...PROBE, name: "arp", states: hostOutcomeTable({ "no-response": "absent" }) };

/** The same where a reply shows no more than a hardware address: another host may reply for all of them. */
export const ARP_RESOLVE: Technique = {
  ...PROBE,
  name: "arp-resolve",
  states: hostOutcomeTable({ "no-response": "absent", "arp-response": "silent" }),
};
