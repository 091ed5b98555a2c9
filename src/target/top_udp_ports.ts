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

import { COMMON_PORTS, portsIn } from "./port_tiers.ts";

/** The number of ports that are probed if the user names none. */
export const TOP_UDP_PORT_COUNT = 100;

/** The last port of the system range. */
const SYSTEM_MAX = 1023;
const PORT_MAX = 65535;

/** Returns the `count` most useful ports, in their order; 65,536 are all. */
export function topUdpPorts(count: number): number[] {
  const ports = new Set(portsIn(COMMON_PORTS.udp));
  for (let port = 1; port <= SYSTEM_MAX && ports.size < count; port++) ports.add(port);
  for (let port = 0; port <= PORT_MAX && ports.size < count; port++) ports.add(port);
  return [...ports].slice(0, count);
}
