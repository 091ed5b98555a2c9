/**
 * The UDP ports that are most useful to probe, in an order of synscan's own.
 *
 * The order was written from public facts and measures nothing: the registrations in the IANA Service Name and Transport Protocol Port
 * Number Registry (RFC 6335) and the default ports that makers document. A group stands earlier the likelier it is that a service in it is
 * there and matters to the user; inside a group the same holds from left to right. Behind the groups come the other ports of the system
 * range (RFC 6335), and then all others, in ascending order.
 *
 * @module
 */

/** The number of ports that are probed if the user names none. */
export const TOP_UDP_PORT_COUNT = 100;

/** Ports in order, each once. */
const GROUPS: readonly string[] = [
  // Names, clocks and management, which nearly every network has (IANA domain, ntp, snmp, netbios, ipp, syslog, mdns, ssdp).
  "53 123 161 137 138 67 68 69 111 514 1900 5353 500 4500 631 162 520 88 389 445 135 1434",
  // Tunnels, calls and encrypted sessions (IANA isakmp, openvpn, l2tp, stun, sip, quic; WireGuard's documentation).
  "443 1194 51820 1701 3478 5060 5061 80 853 1723 4789 3784 8472 5349 19302",
  // Accounts, files and databases (IANA radius, nfs, mountd, kpasswd, memcache, db2, asf-rmcp, xdmcp).
  "1812 1813 1645 1646 2049 20048 464 11211 623 177 523 4045 3702 427 5355 1433 7001 7000",
  // Things and machines (IANA coap, bacnet, EtherNet-IP, knx, nat-pmp; makers' discovery protocols).
  "5683 5684 47808 44818 5351 3671 5050 20000 34964 502 9600 10001 3283 1604 5632 5555 17185 30718 9999",
  // Services of old, and games (RFC 862 to 868, IANA talk, who, biff; makers' documentation).
  "7 9 13 17 19 37 49 79 113 512 513 517 518 19132 27015 27960 25565 6881 2123 2152 784 8853 8443 4433 664 49152 49153 32768",
];

/** The last port of the system range. */
const SYSTEM_MAX = 1023;
const PORT_MAX = 65535;

/** Returns the `count` most useful ports, in their order; 65,536 are all. */
export function topUdpPorts(count: number): number[] {
  const ports = new Set<number>();
  for (const item of GROUPS.join(" ").split(" ")) ports.add(Number(item));
  for (let port = 1; port <= SYSTEM_MAX; port++) ports.add(port);
  for (let port = 0; port <= PORT_MAX; port++) ports.add(port);
  return [...ports].slice(0, count);
}
