/**
 * Help topic: hosts and their discovery.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "With raw sockets, hosts on own links are asked by ARP first, those of IPv6 by neighbor solicitations (ND) in the same way. One that replies is up, and its hardware address is reported; one " +
  "that does not reply to any of several requests is absent, and none of its ports is probed. The requests are synscan's own: the " +
  "kernel's table of neighbours stays as it is. Addresses of this machine need no request.",
  "A station that replies for an address that no host has replies for every address (a router with proxy ARP, a program behind a " +
  "tap interface). Its replies prove nothing: the hosts that it replies for are undecided (proxy-arp), and their ports are probed. An " +
  "address that two stations reply for has a note.",
  "Beyond own links a missing reply proves nothing, so every port is probed, until a router reports that it has looked for the host " +
  "in vain (synscan help reliability). With a flag for a ping (-PE, -PP, -PM, -PS, -PA, -PU), " +
  "hosts there are pinged first, and those that reply to none of them are silent: their ports are not probed.",
  "-PU sends datagrams with the requests of the UDP scan. A reply, or an error of the host itself that the port is unreachable, shows " +
  "that it is up: the default port is one that no service has.",
  {
    rows: [
      ["up", "The host has replied."],
      ["absent", "It does not reply to ARP or ND on its link, or its router reports that it finds no such host."],
      ["silent", "It replies to no ping, which proves nothing."],
      ["undecided", "It was not probed, or the link failed meanwhile."],
    ],
  },
  "The addresses of an IPv6 link are too many to try. -sn -e eth0 without targets finds its hosts: echo requests, and packets with an " +
  "option that every host has to report as unknown, go to all nodes (ff02::1), from a link-local address and one of each own prefix. " +
  "The addresses that reply are then asked by ND. As multicast reaches every host, exclusions rule it out: then only " +
  "neighbors that the kernel knows already are asked, with a note.",
  "-sn probes hosts alone, and -Pn every port of every host, but for hosts of own links that do not reply to ARP or ND: to these " +
  "nothing can be sent, with --disable-arp-ping neither. Their ports are filtered (no-arp-response), and the table counts the address " +
  "alone. A connect scan (-sT) finds hosts first only with -sn or a flag for that.",
  "Without the right to open raw sockets, -PE sends echo requests through ping sockets, where the sysctl net.ipv4.ping_group_range, " +
  "which is for both address families, has one of the user's groups, -PU sends from UDP sockets, and -PS and -PA open connections: one " +
  "that is accepted or refused shows a host. -sn then pings by echo and by connections to ports 80 and 443, and the kernel's own ARP or " +
  "ND shows absent hosts. -PP, -PM and -PR are refused.",
  { flags: "Hosts" },
];
