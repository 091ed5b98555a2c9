/**
 * Remarks on a port or a host that no state or reason expresses.
 *
 * @module
 */

/**
 * Remarks on a port or a host that no state or reason expresses, in the order of their codes; 0 is none. `#` stands for a
 * number that goes with the remark. Append only: checkpoints hold the codes.
 */
export const NOTES: readonly Note[] = [
  "",
  "SYN-ACK and RST",
  "SYN-ACK and ICMP error",
  "RST and ICMP error",
  "window 0: a SYN proxy answered",
  "something answers for every port: control ports are open",
  "something answers for every address: control ports are open on other hosts too",
  "these replies are generated on your side: states are those of a proxy's connect()",
  "forwarded, 1 hop behind",
  "forwarded, 2 hops behind",
  "forwarded, 3 or more hops behind",
  "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server",
  "answered before the first router: the next hop itself, or a program on your side",
  "forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports",
  "forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports",
  "forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports",
  "an ACK of another connection from the same port was answered with RST",
  "FIN without SYN: a proxy on the path could not connect",
  "rst-always: it resets probes to open ports too, so that closed says nothing",
  "rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place",
  "proxy-arp: its hardware address replies to ARP for addresses that no host has too",
  "two hardware addresses reply to ARP for it",
  "the reply repeats too little of the probe: anybody who knows the ports can have sent it",
  "a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for",
  "blocked: it refuses a port now that replied otherwise before, so that refusals may be a firewall's",
  "limited: an open port did not reply again while others were silent, so that silent ports may be open",
  "something replies at every UDP port, so that open shows no service",
  "two hardware addresses reply to neighbor solicitations for it",
];

/**
 * A remark on a port or a host.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { port, note } of scan({ targets: "127.0.0.1", ports: "1" })) {
 *   if (note !== undefined) console.log(port, note);
 * }
 * ```
 */
export type Note =
  | ""
  | "SYN-ACK and RST"
  | "SYN-ACK and ICMP error"
  | "RST and ICMP error"
  | "window 0: a SYN proxy answered"
  | "something answers for every port: control ports are open"
  | "something answers for every address: control ports are open on other hosts too"
  | "these replies are generated on your side: states are those of a proxy's connect()"
  | "forwarded, 1 hop behind"
  | "forwarded, 2 hops behind"
  | "forwarded, 3 or more hops behind"
  | "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server"
  | "answered before the first router: the next hop itself, or a program on your side"
  | "forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports"
  | "forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports"
  | "forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports"
  | "an ACK of another connection from the same port was answered with RST"
  | "FIN without SYN: a proxy on the path could not connect"
  | "rst-always: it resets probes to open ports too, so that closed says nothing"
  | "rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place"
  | "proxy-arp: its hardware address replies to ARP for addresses that no host has too"
  | "two hardware addresses reply to ARP for it"
  | "the reply repeats too little of the probe: anybody who knows the ports can have sent it"
  | "a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for"
  | "blocked: it refuses a port now that replied otherwise before, so that refusals may be a firewall's"
  | "limited: an open port did not reply again while others were silent, so that silent ports may be open"
  | "something replies at every UDP port, so that open shows no service"
  | "two hardware addresses reply to neighbor solicitations for it";
