/**
 * Help topic: scan technique and transport.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "A SYN scan (-sS) sends a TCP SYN to each port by a raw socket and needs CAP_NET_RAW. A connect scan (-sT) opens a " +
  "connection by the kernel and needs no privilege. Without either flag, synscan makes a SYN scan if it may open raw " +
  "sockets, else a connect scan, and prints one line about it.",
  "Other TCP flags need raw sockets as well. Replies mean what they mean in nmap; an ICMP error (type 3, codes 0 to 3, 9, 10 and " +
  "13, or type 11) means filtered:",
  {
    rows: [
      ["-sS, -sT", "SYN-ACK: open. RST: closed. No response: filtered."],
      ["-sF, -sN, -sX, -sM", "RST: closed. No response: open|filtered."],
      ["-sA", "RST: unfiltered. No response: filtered."],
      ["-sW", "RST with a window: open. RST without one: closed. No response: filtered."],
      ["--scanflags", "As the technique that is named with it, or else -sS."],
    ],
  },
  "Closed ports reset the probes of -sF, -sN and -sX, and open ports ignore them (RFC 9293, section 3.10.7); some stacks, such as " +
  "Windows, reset them at open ports too. -sA shows whether a firewall filters a port, for both open and closed ones reset an " +
  "ACK. -sM sends FIN and ACK, which Linux resets at open ports too. Few systems send a window with the RST that -sW reads.",
  "A UDP scan (-sU) sends requests of the usual services, and elsewhere four bytes. A reply means open, port-unreachable from the host " +
  "itself closed, any other ICMP error filtered, and silence open|filtered. It goes together with techniques of TCP: -sS -sU -p " +
  "T:80,U:53. Without the right to open raw sockets it sends from UDP sockets and reads their error queues (IP_RECVERR), which " +
  "gives the same states; -sT -sU then scans both protocols.",
  "Hosts limit their ICMP errors, Linux to six and then one a second for each peer. Silence counts only where the host could have sent " +
  "one. A scan just before may have used them up, so a silent port of a host without any error so far is probed again for two to " +
  "four seconds; until an error could have come, its port is undecided with the reason icmp-limited.",
  "The limit is one for each address that asks: scans of one host that run at once from one address share its errors, and each settles " +
  "fewer ports in the same time. Run them one after the other, or from an address each (-S); one scan from several addresses (-S A,B) " +
  "gets the errors of all.",
  "Replies prove themselves by a cookie that the protocol repeats, and ICMP errors by the probe that they quote: a forger who knows " +
  "addresses and ports, but has not seen the probe, has to guess 24 bits at least. Where less is repeated, replies to two attempts have " +
  "to agree, and the result has a note. A forger's packet then hits an attempt with a chance of 1 in 2^n for n repeated bits: of " +
  "memcached, NetBIOS, mDNS, SLP and GTP 16, of IPMI and RADIUS 8, of TFTP, DTLS, Kerberos, SSDP, XDMCP, NAT-PMP and requests to ports without a usual service none, so that " +
  "two packets are enough.",
  "Techniques of packets can be combined, as in -sS -sF -sA: the scan makes a pass over all ports with each, -sS first, and each " +
  "port has a state for each. A host that resets the probes of -sF, -sN, -sX, -sM or -sW at a port that -sS showed open as well is " +
  "marked rst-always, and what that technique would call closed is undecided. For that, RSTs of a host with open ports are " +
  "reported once the technique has probed all of these; a RST that comes after its port was reported without a response marks " +
  "only later results.",
  "-sT cannot be combined: scan once with each. It has -e, -S and --ttl, as the kernel offers them; --scanflags, --syn-options, " +
  "-g, --transport and --packet-trace need packets of the scan's own.",
  "--traceroute traces the path to each host that replied, once all ports are decided, by probes that the host is known to answer. " +
  "All leave from and to the same ports, so that routers which balance load by ports send them one way. Routers limit the ICMP " +
  "errors that they send, Linux to one a second: hosts of one network at the same distance share the routers that were probed " +
  "for the first of them, once the last routers of some agree. A router that stays silent is shown as *.",
  "--where-filtered sends probes with hop limits to filtered ports: the last router that replies is the last that they reach, and " +
  "it, the next one or the host drops them. At most 10 ports of a host are probed, and 128 in all, of 64 hosts at most; ports " +
  "between two of them with the same result are taken to have it too. Hosts that replied to nothing are traced by such a port.",
  "On Ethernet, once the next hop's hardware address is known, probes are sent to it directly through AF_PACKET (--transport " +
  "ethernet, the default there) and do not pass the kernel's routing. They also bypass this machine's own firewall. " +
  "Therefore the first probe to each network, and one now and then, is sent through the kernel; if the firewall drops one " +
  "of these, all further probes are sent through the kernel. If the kernel has IPsec policies for outgoing packets, or does " +
  "not show them because CAP_NET_ADMIN is missing, all probes are sent through the kernel.",
  "Hosts and ports are probed in a random order in which each is probed exactly once; --seed repeats an order. Common ports come " +
  "first: the 8 most useful of all hosts, then the next 16, the next 76 and all others, each tier in random order. So a scan that ends " +
  "early has probed the ports that matter most, and so has one of hosts that block it after ten closed ports or more: the first tier " +
  "has fewer. Large scans are divided among workers (threads), and with --shard among machines; each has its " +
  "part of every tier, and waits for no other.",
  "Probes are sent from free source ports outside the kernel's ephemeral range, which are reserved so that no connection of " +
  "this machine uses them.",
  { flags: "Technique" },
];
