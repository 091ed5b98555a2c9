/**
 * Discovery without raw sockets: hosts are pinged by ICMP echo through ping sockets, where the kernel permits these, and by connections
 * to TCP ports. Whether a host of an own link is absent, the kernel's own ARP or neighbor discovery shows.
 *
 * @module
 */

import { CannotScanError } from "../base/errors.ts";
import { sourceTexts } from "../base/source_texts.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import { connectPing, ECHO_PING, socketPingName, udpPingName, udpPingPort } from "../technique/ping.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import { PingSocket } from "../transport/ping_socket.ts";
import { boundsOf, type DiscoveryOptions, type DiscoveryPlan, familiesIn, ownRanges, within } from "./discovery.ts";

/** The ports of the pings of a scan of hosts alone, as nmap connects to them without privileges. */
const USUAL_PORTS: readonly number[] = [80, 443];

const NO_RAW = "that takes raw sockets, and CAP_NET_RAW is missing";

/** Names of ICMP requests that only raw sockets send. */
const RAW_REQUESTS: Readonly<Record<string, string>> = {
  timestamp: "ICMP timestamp",
  mask: "ICMP address mask",
};

/**
 * Plans the discovery of a scan that may not open raw sockets.
 *
 * @throws {CannotScanError} If the user asks for something that needs them.
 */
export function planSocketDiscovery(
  options: DiscoveryOptions,
  { routes, book }: Pick<RoutePlan, "routes" | "book">,
  space: ProbeSpace,
): DiscoveryPlan {
  const { pings = [], arpPing } = options;
  if (arpPing === true) {
    throw new CannotScanError(`Cannot find hosts by ARP: ${NO_RAW}. Use sudo, or leave -PR out`);
  }
  const raw = pings.find((name) => Object.hasOwn(RAW_REQUESTS, name));
  if (raw !== undefined) {
    throw new CannotScanError(
      `Cannot ping by ${RAW_REQUESTS[raw]}: ${NO_RAW}. Use sudo, or ping with -PE or -PS80,443`,
    );
  }
  const hosts = space.hostRanges();
  const byUdp = pings.filter((name) => udpPingPort(name) !== undefined);
  const ports = pings.length === 0 ? USUAL_PORTS : portsOf(pings.filter((name) => !byUdp.includes(name)));
  const wantsEcho = pings.length === 0 || pings.includes(ECHO_PING);
  const hasEcho = wantsEcho && PingSocket.isPermitted();
  const remedy = "Use sudo, or a net.ipv4.ping_group_range with one of your groups";
  if (!hasEcho && ports.length + byUdp.length === 0) {
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
    passes: [
      ...kinds.length === 0 ? [] : [socketPingName(kinds)],
      ...byUdp.length === 0
        ? []
        : familiesIn(hosts, book).map((family) => udpPingName(byUdp) + (family === 6 ? "/6" : "")),
    ],
    warnings: [
      announcement({
        hasEcho,
        ports,
        udpPorts: byUdp.map((name) => udpPingPort(name)!),
        isEchoForbidden: wantsEcho && !hasEcho,
        isFromFirst: kinds.length > 0 && sourceTexts(options.sourceIp).length > 1,
      }),
    ],
  };
}

/** Returns the ports of pings by TCP, each once: SYNs and ACKs are connections alike. */
function portsOf(pings: readonly string[]): number[] {
  return [...new Set(pings.filter((name) => name.includes(":")).map((name) => Number(name.split(":")[1])))];
}

/** The pings of a scan without raw sockets. */
interface Announced {
  readonly hasEcho: boolean;
  /** Ports of connections, and of datagrams. */
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  readonly isEchoForbidden: boolean;
  /** True if of several addresses to send from the first has to do, but for datagrams. */
  readonly isFromFirst: boolean;
}

/** Returns the line that tells of the pings, in place of those that need raw sockets. */
function announcement({ hasEcho, ports, udpPorts, isEchoForbidden, isFromFirst }: Announced): string {
  const to = (what: string, ports: readonly number[]) =>
    ports.length === 0 ? [] : [`${what} to ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`];
  const others = [...hasEcho ? ["ICMP echo"] : [], ...to("connections", ports)].join(" and ");
  const from = isFromFirst ? `${others} from the first address` : others;
  const ways = [...from === "" ? [] : [from], ...to("datagrams", udpPorts)].join(" and ");
  const why = isEchoForbidden ? " (net.ipv4.ping_group_range permits no ICMP echo)" : "";
  return `No right to open raw sockets: hosts are pinged by ${ways}${why}. Use sudo for ARP and all pings`;
}
