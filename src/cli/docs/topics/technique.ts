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
  "Other TCP flags need raw sockets as well. -sF, -sN and -sX send probes that closed ports reset (RFC 9293, section 3.10.7.1) " +
  "and open ports ignore, so that no response means open|filtered. Some stacks, such as Windows, reset them at open ports " +
  "too. -sA shows whether a firewall filters a port: both open and closed ones reset it (unfiltered). -sW reads the window of " +
  "that RST, -sM sends FIN and ACK. --scanflags sets the flags of the probe; replies keep the meaning of the technique.",
  "Techniques of packets can be combined, as in -sS -sF -sA: the scan makes a pass over all ports with each, -sS first, and each " +
  "port has a state for each. A host that resets the probes of -sF, -sN, -sX, -sM or -sW at a port that -sS showed open as well is " +
  "marked rst-always, and what that technique would call closed is undecided. -sT cannot be combined: scan once with each.",
  "On Ethernet, once the next hop's hardware address is known, probes are sent to it directly through AF_PACKET (--transport " +
  "ethernet, the default there) and do not pass the kernel's routing. They also bypass this machine's own firewall. " +
  "Therefore the first probe to each network, and one now and then, is sent through the kernel; if the firewall drops one " +
  "of these, all further probes are sent through the kernel. If the kernel has IPsec policies for outgoing packets, or does " +
  "not show them because CAP_NET_ADMIN is missing, all probes are sent through the kernel.",
  "Hosts and ports are probed in a random order in which each is probed exactly once; --seed repeats an order. Large scans are " +
  "divided among workers (threads), and with --shard among machines.",
  "Probes are sent from free source ports outside the kernel's ephemeral range, which are reserved so that no connection of " +
  "this machine uses them.",
  { flags: "Technique" },
];
