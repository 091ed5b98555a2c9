/**
 * The meaning of states and reasons, and the rules for contradicting replies, for `synscan help states` and README.md.
 *
 * @module
 */
import type { Reason } from "../../result/reasons.ts";
import type { HostState, State } from "../../result/states.ts";

/** The meaning of each state. */
export const STATE_MEANINGS: Readonly<Record<State, string>> = {
  open: "the host accepts connections",
  closed: "the host refuses connections",
  filtered: "no reply after every attempt, or an ICMP error",
  unfiltered: "the host replied to a probe that does not show whether the port is open (`-sA`)",
  "open|filtered": "no reply: the port is open and ignored the probe, or the probe was dropped (`-sF`, `-sU`)",
  "closed|filtered": "no reply: the port is closed, or the probe was dropped (`-sU --defeat-icmp-ratelimit`)",
  undecided: "the scan ended, or failed, before there was a result",
};

/** The meaning of each state of a host. */
export const HOST_STATE_MEANINGS: Readonly<Record<HostState, string>> = {
  up: "the host has replied to something",
  absent:
    "no host has this address: no reply to ARP requests on its own link, or its router reports that it finds none",
  silent: "no reply, which proves nothing: the host may drop what it is sent",
  undecided: "the scan ended, or the link failed, before there was a result",
};

/** The meaning of each reason; reasons of about the same meaning are together. */
export const REASON_MEANINGS: readonly (readonly [reasons: readonly Reason[], meaning: string])[] = [
  [["syn-ack", "conn-accept"], "the host accepted: by a SYN-ACK, or the kernel's connection (`-sT`)"],
  [
    ["conn-reset"],
    "the connection was accepted and reset at once: by the server, or by a SYN proxy without a server behind it (`-sT`)",
  ],
  [["udp-response"], "the service replied to a datagram (`-sU`)"],
  [
    ["icmp-limited"],
    "silence of a UDP port while its host, or a router, could send no ICMP error: it limits these, and there was no time to wait",
  ],
  [["split-handshake-syn"], "the host replied to a SYN with a SYN, which opens a connection too"],
  [["reset", "conn-refused"], "the host refused: by a RST, or the kernel's connection (`-sT`)"],
  [
    ["reset-no-ack"],
    "a RST without ACK, which a TCP that connects ignores: pasta, the network of rootless containers, sends it for a closed " +
    "port, an ICMP error and a missing route alike, so that `-sT` reports the same port as filtered",
  ],
  [
    ["neighbor-timeout"],
    "a RST after about 3.07 s on a path of milliseconds: the kernel behind a proxy found no host at the address",
  ],
  [
    ["rst-always"],
    "the host sent a RST, but it resets such probes at ports that SYN showed open as well, so that the RST says nothing",
  ],
  [["no-response"], "no reply after every attempt"],
  [["no-arp-response"], "no host has this address of an own link: no reply to ARP requests or neighbor solicitations"],
  [
    ["net-unreach", "host-unreach", "proto-unreach", "port-unreach"],
    "ICMP type 3, codes 0 to 3; codes 6 and 11 are net-unreach too, 7, 8 and 12 host-unreach; ICMPv6 type 1, codes 0, 3 and 4, and type 4, code 1 (proto-unreach); in `-oX` and `-oN`, nmap's " +
    "word for ICMPv6 type 1, code 0 is `no-route`. Of `-sU`, port-unreach of the host " +
    "itself shows a closed port",
  ],
  [
    ["net-prohibited", "host-prohibited", "admin-prohibited"],
    "ICMP type 3, codes 9, 10 and 13 to 15; ICMPv6 type 1, codes 1 and 5 (admin-prohibited)",
  ],
  [["beyond-scope", "reject-route"], "ICMPv6 type 1, codes 2 and 6"],
  [["param-problem"], "ICMPv6 type 4, code 0; it never makes a port open"],
  [["time-exceeded"], "ICMP type 11 or ICMPv6 type 3: a routing loop, or a TTL that was too small"],
  [["host-silent"], "the host had replied, then stopped replying to anything: no response means nothing for a port"],
  [["unroutable", "send-failed"], "the probe could not be sent: no route, or an error of the kernel"],
  [["no-route"], "in histories of earlier versions, what is `unroutable` now"],
  [["no-carrier", "interface-down"], "the probe was not sent: the interface had no carrier, was down or removed"],
  [["next-hop-silent"], "the probe did not leave this link: the next router did not reply"],
  [["local-firewall"], "this machine's own firewall refused to send the probe"],
  [["arp-response"], "the host replied to an ARP request on its own link"],
  [["nd-response"], "the host replied to a neighbor solicitation (IPv6) on its own link"],
  [["proxy-arp"], "a station replied to ARP that replies for every address: the host may be there or not"],
  [["echo-reply", "timestamp-reply", "mask-reply"], "the host replied to an ICMP request"],
  [["localhost-response"], "the address is one of this machine"],
  [["host-timeout"], "the time of the host (`--host-timeout`) was up before a reply, or before the probe was sent"],
  [["deadline", "interrupted", "not-asked"], "the scan ended before a reply, or before the probe was sent"],
];

/** The rules for replies that contradict each other or match no probe, a paragraph each. */
export const REPLY_RULES: readonly string[] = [
  "Replies from one port can contradict each other. A SYN-ACK wins over a RST, a RST over an ICMP error, an ICMP error over " +
  "silence, in whatever order they arrive; a reply that wins after the port was reported supersedes the result (a line of " +
  "JSON with `late`), and the host gets a note such as `port 80: SYN-ACK and RST`. So does, without a note, the reply to a probe that " +
  "checks an ICMP error.",
  "An ACK of a connection that was left over at the host, from the same port (`-g`), is replied to with a RST, and the " +
  "port is probed again. A FIN-ACK with the scan's numbers, which a proxy sends whose own connection failed (slirp4netns), " +
  "decides nothing and is counted (`fin_acks`).",
  "Packets are counted as unmatched, and decide nothing, if they acknowledge another number, have a wrong checksum, " +
  "are ICMP errors from an address that cannot send one (loopback, multicast, broadcast, 0.0.0.0), or were addressed by " +
  "the link to another host, to all hosts or to a VLAN that the interface is not on. A bare SYN carries no number: it counts " +
  "as open if it replies to two attempts while no unrelated bare SYNs and ACKs arrive.",
];
