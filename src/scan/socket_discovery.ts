/**
 * Discovery without raw sockets: hosts are pinged by ICMP echo through ping sockets, where the kernel permits these, and by connections
 * to TCP ports. Whether a host of an own link is absent, the kernel's own ARP or neighbor discovery shows.
 *
 * @module
 */

import { CannotScanError } from "../base/errors.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import { connectPing, ECHO_PING, socketPingName } from "../technique/ping.ts";
import type { RoutePlan } from "../transport/open.ts";
import { PingSocket } from "../transport/ping_socket.ts";
import { boundsOf, type DiscoveryOptions, type DiscoveryPlan, ownRanges, within } from "./discovery.ts";

/** The ports of the pings of a scan of hosts alone, as nmap connects to them without privileges. */
const USUAL_PORTS: readonly number[] = [80, 443];

const NO_RAW = "that takes raw sockets, and CAP_NET_RAW is missing";

/** Names of ICMP requests that only raw sockets send. */
const RAW_REQUESTS: Readonly<Record<string, string>> = {
  timestamp: "ICMP timestamp",
  mask: "ICMP address mask",
  udp: "UDP",
};

/**
 * Plans the discovery of a scan that may not open raw sockets.
 *
 * @throws {CannotScanError} If the user asks for something that needs them.
 */
export function planSocketDiscovery(
  options: DiscoveryOptions,
  { routes }: Pick<RoutePlan, "routes">,
  space: ProbeSpace,
): DiscoveryPlan {
  const { pings = [], arpPing } = options;
  if (arpPing === true) {
    throw new CannotScanError(`Cannot find hosts by ARP: ${NO_RAW}. Use sudo, or leave -PR out`);
  }
  const raw = pings.map((name) => name.split(":")[0]!).find((name) => Object.hasOwn(RAW_REQUESTS, name));
  if (raw !== undefined) {
    throw new CannotScanError(
      `Cannot ping by ${RAW_REQUESTS[raw]}: ${NO_RAW}. Use sudo, or ping with -PE or -PS80,443`,
    );
  }
  const hosts = space.hostRanges();
  const ports = pings.length === 0 ? USUAL_PORTS : portsOf(pings);
  const wantsEcho = pings.length === 0 || pings.includes(ECHO_PING);
  const hasEcho = wantsEcho && PingSocket.isPermitted();
  const remedy = "Use sudo, or a net.ipv4.ping_group_range with one of your groups";
  if (!hasEcho && ports.length === 0) {
    throw new CannotScanError(
      "Cannot ping by ICMP echo: CAP_NET_RAW is missing, and net.ipv4.ping_group_range permits no ping socket. " +
        `${remedy}, or ping with -PS80,443`,
    );
  }
  const kinds = [...hasEcho ? [ECHO_PING] : [], ...ports.map(connectPing)];
  const own = within(hosts, ownRanges(routes));
  return {
    links: boundsOf(Ranges.EMPTY),
    pinged: boundsOf(hosts.subtract(own)),
    own: boundsOf(own),
    skips: true,
    needsReply: true,
    passes: [socketPingName(kinds)],
    warnings: [announcement(kinds, ports, wantsEcho && !hasEcho)],
  };
}

/** Returns the ports of pings by TCP, each once: SYNs and ACKs are connections alike. */
function portsOf(pings: readonly string[]): number[] {
  return [...new Set(pings.filter((name) => name.includes(":")).map((name) => Number(name.split(":")[1])))];
}

/** Returns the line that tells of the pings, in place of those that need raw sockets. */
function announcement(kinds: readonly string[], ports: readonly number[], isEchoForbidden: boolean): string {
  const to = `connections to ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`;
  const ways = [...kinds.includes(ECHO_PING) ? ["ICMP echo"] : [], ...ports.length > 0 ? [to] : []].join(" and ");
  const why = isEchoForbidden ? " (net.ipv4.ping_group_range permits no ICMP echo)" : "";
  return `No right to open raw sockets: hosts are pinged by ${ways}${why}. Use sudo for ARP and all pings`;
}
