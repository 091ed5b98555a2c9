/**
 * The list of the techniques, and the choice among them. Those that send packets are objects of the contract; the other is the
 * kernel's connect(2).
 *
 * @module
 */

import { TCP_SYN } from "../wire/tcp.ts";
import { probeNames } from "../result/pass.ts";
import { ARP, ARP_RESOLVE } from "./arp.ts";
import { isUdpPing, type PingKind, pingKind, PingTechnique } from "./ping.ts";
import { ND, ND_RESOLVE } from "./nd.ts";
import type { IpPackets } from "./packets.ts";
import { FLAG_SCANS } from "./tcp_flags.ts";
import { SYN, SYN_OPTIONS } from "./tcp_syn.ts";
import { TcpTechnique } from "./tcp_technique.ts";
import type { Technique } from "./technique.ts";

/** Every technique that probes ports by packets. */
const TECHNIQUES: readonly Technique[] = [SYN, ...FLAG_SCANS];

/** The name of the choice among SYN and connect(2) by what is allowed. */
const AUTO = "auto";
/** The name of a scan by the kernel's connect(2). */
const CONNECT = "connect";
/** The name of the UDP scan, which is loaded when it is wanted. */
const UDP_NAME = "udp";
/** The name of the technique of a user who chooses none, if raw sockets are allowed. */
const USUAL = SYN.name;

/** Every technique, in the order of their passes: the first shows open ports, by which others are judged. */
const NAMES: readonly string[] = [...TECHNIQUES.map(({ name }) => name), CONNECT, UDP_NAME];

/** The names that can be chosen. */
export const TECHNIQUE_CHOICES: readonly string[] = [AUTO, ...NAMES];

/** Returns true if a choice names a technique; false if it leaves that to the scan. */
export function namesTechnique(choice: string | readonly string[] = AUTO): boolean {
  return [choice].flat().some((name) => name !== AUTO);
}

/** Returns the techniques that a choice names, each once and in the order of their passes. */
export function techniquesIn(choice: string | readonly string[] = AUTO, canOpenRaw: boolean): string[] {
  if (!canOpenRaw && !namesTechnique(choice)) return [CONNECT];
  const wanted = new Set([choice].flat().map((name) => name === AUTO ? USUAL : name));
  return NAMES.filter((name) => wanted.has(name));
}

/** Returns the protocols of the ports that a choice probes. */
export function protocolsIn(choice: string | readonly string[] = AUTO): ("tcp" | "udp")[] {
  const names = [choice].flat();
  const others = names.some((name) => name !== UDP_NAME);
  return [...others ? ["tcp" as const] : [], ...names.includes(UDP_NAME) ? ["udp" as const] : []];
}

let udp: Technique | undefined;
let udpPings: typeof import("./udp_ping.ts") | undefined;

/** Loads those of the techniques of these names that are not loaded already. */
export async function loadTechniques(names: readonly string[]): Promise<void> {
  if (names.includes(UDP_NAME)) udp ??= (await import("./udp.ts")).UDP;
  if (names.some(isUdpPing)) udpPings ??= await import("./udp_ping.ts");
}

/** Returns true if a technique of this name sends packets, be it loaded or not. */
export function isPacketTechnique(name: string): boolean {
  return name === UDP_NAME || isUdpPing(name) || packetTechnique(name) !== undefined;
}

/** Returns true if the probes of a technique of this name can leave through sockets that need no privilege, be it loaded or not. */
export function canUseSockets(name: string): boolean {
  return name === UDP_NAME || isUdpPing(name) || !isPacketTechnique(name);
}

/** Returns the protocol of what a technique of this name probes, be it loaded or not. */
export function protocolOfTechnique(name: string): Technique["protocol"] {
  return name === UDP_NAME ? "udp" : isUdpPing(name) ? "host" : packetTechnique(name)?.protocol ?? "tcp";
}

/** Returns true if a technique, with these flags in place of its own, sends a SYN, which alone has options. */
export function sendsSyn(name: string, flags?: number): boolean {
  const technique = packetTechnique(name);
  return technique instanceof TcpTechnique && technique.properties.options !== undefined &&
    ((flags ?? technique.properties.flags) & TCP_SYN) !== 0;
}

/** The settings of techniques. */
interface TechniqueSettings {
  /** TCP flags in place of its own. */
  readonly scanFlags?: number | undefined;
  /** A layout of {@linkcode SYN_OPTIONS} in place of its own, if it sends a SYN. */
  readonly synOptions?: string | undefined;
  /** True if a RST does not show that a host is up. */
  readonly ignoreRst?: boolean | undefined;
}

/** Returns the technique of this name that sends packets, be it over ports or over hosts; undefined for another name. */
export function packetTechnique(name: string, settings: TechniqueSettings = {}): Technique | undefined {
  const { scanFlags: flags, synOptions, ignoreRst } = settings;
  if (name === UDP_NAME) return udp;
  if (isUdpPing(name)) return udpPings && new udpPings.UdpPingTechnique(name);
  const technique = [...TECHNIQUES, ARP, ARP_RESOLVE, ND, ND_RESOLVE].find((each) => each.name === name);
  if (technique === undefined) {
    const kinds = pingKindsIn(name);
    return kinds === undefined ? undefined : new PingTechnique(kinds, { ignoresRst: ignoreRst });
  }
  if (flags === undefined && synOptions === undefined || !(technique instanceof TcpTechnique)) return technique;
  const { options: own, ...properties } = technique.properties;
  const layout = sendsSyn(name, flags) ? synOptions === undefined ? own : SYN_OPTIONS[synOptions] : undefined;
  return new TcpTechnique({
    ...properties,
    ...(flags === undefined ? {} : { flags }),
    ...(layout === undefined ? {} : { options: layout }),
  });
}

/**
 * The name of the results of a scan beyond a gateway that have no probe of their own: the hosts that routers report as absent while their
 * ports are probed.
 */
export const ICMP_ERRORS = "icmp-errors";

/** Returns true for the name of results without probes. */
export function isOfErrors(name: string): boolean {
  return name === ICMP_ERRORS;
}

/** Returns true for the name of a technique that pings hosts by packets of the scan's own. */
export function isPing(name: string): boolean {
  return name.startsWith("ping(");
}

/** Returns a technique over another version of IP; undefined if it has one alone. */
export function techniqueOver(technique: Technique, packets: IpPackets): Technique | undefined {
  return "over" in technique ? (technique as OverAnyIp).over(packets) : undefined;
}

/** A technique that is the same over both versions of IP. */
interface OverAnyIp extends Technique {
  over(packets: IpPackets): Technique;
}

/** Returns the kinds of ping in the name of a technique; undefined if it is not one of pings. */
function pingKindsIn(name: string): PingKind[] | undefined {
  if (!isPing(name)) return undefined;
  const kinds = probeNames(name).map(pingKind);
  return kinds.every((kind) => kind !== undefined) ? kinds : undefined;
}
