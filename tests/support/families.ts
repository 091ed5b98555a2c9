/**
 * The address families that labs are made for and scanned by: IPv4, IPv6, and both in one scan. A lab is described once, by numbers of
 * networks and hosts; a family gives the addresses, and the words of the tools.
 *
 * @module
 */

import { formatIpv6 } from "../../src/wire/address6.ts";
import { stepsAtOnce } from "./steps.ts";

/** An ICMP error that nftables can send for a probe. */
export interface IcmpError {
  /** nftables' name of it. */
  readonly code: string;
  /** The reason of a result. */
  readonly reason: string;
  /** nmap's word for it, where that differs. */
  readonly nmap?: string;
  /** The state and the possible reasons by the errno of a connection, which several errors share: what nmap's `-sT` has. */
  readonly byErrno: readonly [state: string, ...reasons: string[]];
}

/** One version of IP. */
export interface Version {
  readonly name: "IPv4" | "IPv6";
  /** nftables' word for its header. */
  readonly header: "ip" | "ip6";
  /** nftables' word for its errors. */
  readonly icmp: "icmp" | "icmpv6";
  /** The protocol that resolves link-layer addresses. */
  readonly resolution: "ARP" | "neighbor solicitations";
  /** ip(8)'s option. */
  readonly option: "-4" | "-6";
  readonly loopback: string;
  /** nmap's options to scan it. */
  readonly nmap: readonly string[];
  readonly errors: readonly IcmpError[];
  /** nftables' name of the error about a host that cannot be reached. */
  readonly hostUnreachable: string;
  /** The reason of a probe that a route of type `unreachable` forbids. */
  readonly unreachable: string;
  /** Length of a link's prefix. */
  readonly prefixLen: number;
  /** The kernel's own settings, by which it limits its ICMP errors to a host after a burst of six. */
  readonly limitedErrors: Readonly<Record<string, string | number>>;
  /** Returns the address of a host of a network, both from 0 to 255. */
  address(network: number, host: number): string;
}

function error4(code: string, reason: string, errno: string): IcmpError {
  return { code, reason, byErrno: [errno === "conn-refused" ? "closed" : "filtered", errno] };
}

/** An error that comes while connect(2) still holds its socket has no errno (Linux 6.18, `tcp_v6_err`); retransmissions fare alike. */
function error6(code: string, reason: string, errno: string): IcmpError {
  return {
    code,
    reason,
    byErrno: [errno === "conn-refused" ? "closed or filtered" : "filtered", errno, "no-response"],
  };
}

/** IPv4; network 1 is 10.64.1.0/24. */
export const IPV4: Version = {
  ...{ name: "IPv4", header: "ip", icmp: "icmp", option: "-4", loopback: "127.0.0.1", nmap: [], prefixLen: 24 },
  ...{
    hostUnreachable: "host-unreachable",
    unreachable: "host-unreach",
    resolution: "ARP",
    limitedErrors: { "net.ipv4.icmp_ratemask": 6168, "net.ipv4.icmp_ratelimit": 1000 },
  },
  // Type 3, codes 0 to 3, 9, 10, and 13 (RFC 792, RFC 1812).
  errors: [
    error4("net-unreachable", "net-unreach", "net-unreach"),
    error4("host-unreachable", "host-unreach", "host-unreach"),
    error4("prot-unreachable", "proto-unreach", "proto-unreach"),
    error4("port-unreachable", "port-unreach", "conn-refused"),
    error4("net-prohibited", "net-prohibited", "net-unreach"),
    error4("host-prohibited", "host-prohibited", "host-unreach"),
    error4("admin-prohibited", "admin-prohibited", "host-unreach"),
  ],
  address: (network, host) => `10.64.${network}.${host}`,
};

/** IPv6; network 1 is fd64:1::/64. */
export const IPV6: Version = {
  ...{ name: "IPv6", header: "ip6", icmp: "icmpv6", option: "-6", loopback: "::1", nmap: ["-6"], prefixLen: 64 },
  ...{
    hostUnreachable: "addr-unreachable",
    unreachable: "net-unreach",
    resolution: "neighbor solicitations",
    limitedErrors: { "net.ipv6.icmp.ratemask": "0-1,3-127", "net.ipv6.icmp.ratelimit": 100 },
  },
  // Type 1, codes 0, 1, 3 to 6 (RFC 4443 section 3.1).
  errors: [
    { ...error6("no-route", "net-unreach", "net-unreach"), nmap: "no-route" },
    error6("admin-prohibited", "admin-prohibited", "admin-prohibited"),
    error6("addr-unreachable", "host-unreach", "host-unreach"),
    error6("port-unreachable", "port-unreach", "conn-refused"),
    error6("policy-fail", "admin-prohibited", "admin-prohibited"),
    error6("reject-route", "reject-route", "admin-prohibited"),
  ],
  address: (network, host) => formatIpv6(0xfd64n << 112n | BigInt(network) << 96n | BigInt(host)),
};

/** The address families of one scan: one, or both. */
export class Family {
  constructor(readonly name: "IPv4" | "IPv6" | "mixed", readonly versions: readonly Version[]) {}

  /** Returns what each of its versions has, in one list. */
  each<T>(of: (version: Version) => T | readonly T[]): T[] {
    return this.versions.flatMap(of);
  }

  /** Returns the addresses of a host of a network. */
  hosts(network: number, host: number): string[] {
    return this.each((version) => version.address(network, host));
  }

  /** Returns the addresses of a host of a link with their prefix length, as a {@linkcode LabSpec} has them. */
  onLink(network: number, host: number): string {
    return this.each((version) => `${version.address(network, host)}/${version.prefixLen}`).join(" ");
  }

  /** Returns the addresses of hosts 1 and 2 at the two ends of a link. */
  link(network: number): readonly [string, string] {
    return [this.onLink(network, 1), this.onLink(network, 2)];
  }

  /** Returns routes for each version: default routes, or those to one network. */
  routesVia(network: number, host: number, to?: number): string[] {
    return this.each((version) =>
      `${to === undefined ? "default" : prefixOf(version, to)} via ${version.address(network, host)}`
    );
  }

  /** Returns routes of a type, such as `unreachable`, to a network. */
  routesOfType(type: string, network: number): string[] {
    return this.each((version) => `${type} ${prefixOf(version, network)}`);
  }

  /** Returns the settings of a kernel that limits its ICMP errors as it does by default. */
  limitedErrors(): Record<string, string | number> {
    return Object.assign({}, ...this.versions.map(({ limitedErrors }) => limitedErrors));
  }

  /** Returns rules by which ports from one on are rejected, each with another error, in the versions' orders. */
  rejections(first: number): string[] {
    return this.each(({ icmp, errors }) =>
      errors.map(({ code }, i) => `tcp dport ${first + i} reject with ${icmp} type ${code}`)
    );
  }
}

/** Both versions in one scan; what a lab has where scans of every family use it. */
export const MIXED = new Family("mixed", [IPV4, IPV6]);

/** The address families, each alone and both together. */
export const ALL_FAMILIES: readonly [Family, Family, Family] = [
  new Family("IPv4", [IPV4]),
  new Family("IPv6", [IPV6]),
  MIXED,
];

/** The address families that every lab test runs for: all, or, with `SYNSCAN_FAMILIES=few`, IPv6 in mixed scans alone. */
export const FAMILIES: readonly Family[] = Deno.env.get("SYNSCAN_FAMILIES") === "few"
  ? [ALL_FAMILIES[0], MIXED]
  : ALL_FAMILIES;

/** Returns a network's prefix. */
export function prefixOf(version: Version, network: number): string {
  return `${version.address(network, 0)}/${version.prefixLen}`;
}

/** Returns the block of so many addresses from a host of a network on. */
export function block(version: Version, network: number, host: number, count: number): string {
  return `${version.address(network, host)}/${(version === IPV4 ? 32 : 128) - Math.log2(count)}`;
}

/** Returns a target with ports of its own, `10.64.1.2:22,80` or `[fd64:1::2]:22,80`. */
export function withPorts(host: string, ports: string): string {
  return `${host.includes(":") ? `[${host}]` : host}:${ports}`;
}

/** Does something for each family, in steps that run at the same time. */
export function forFamilies(t: Deno.TestContext, body: (family: Family) => Promise<void>): Promise<void> {
  return stepsAtOnce(t, FAMILIES, ({ name }) => name, body);
}
