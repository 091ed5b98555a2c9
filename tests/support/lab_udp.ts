/**
 * Labs of UDP scans: ten small servers, on every address of a target with both address families.
 *
 * @module
 */

import { type Family, MIXED } from "./families.ts";
import { Lab, type SpaceSpec } from "./lab.ts";
import type { PortLine } from "./lab_synscan.ts";

/** The ports of lab_udp_server.ts. */
export const UDP_SERVERS: readonly number[] = [53, 69, 111, 123, 161, 3478, 5060, 5353, 5683, 11211];
/** Settings of a kernel. */
export type KernelLimits = Readonly<Record<string, string | number>>;

/** The limits of Linux: a burst of 6 and one a second for each peer, ten over IPv6, of all types of errors that it limits. */
export const LINUX_LIMITS: KernelLimits = {
  "net.ipv4.icmp_ratemask": 6168,
  "net.ipv4.icmp_ratelimit": 1000,
  "net.ipv4.icmp_msgs_per_sec": 1000,
  "net.ipv6.icmp.ratemask": "0-1,3-127",
  "net.ipv6.icmp.ratelimit": 100,
};
/** A kernel without limits. */
export const NO_LIMITS: KernelLimits = { "net.ipv4.icmp_ratemask": 0, "net.ipv6.icmp.ratemask": 127 };

/** The number of the scanner's link, with the target or a router at its other end. */
export const NEAR_NETWORK = 1;
/** The number of the link between the router and the target. */
export const FAR_NETWORK = 2;

/** A lab of a scanner and a target. */
interface UdpLabOptions {
  /** The address families; both by default. */
  readonly family?: Family;
  /** Settings of the target's kernel; without limits by default. */
  readonly sysctls?: KernelLimits;
  /** The addresses of the servers; by default those of the target. */
  readonly serve?: readonly string[];
  readonly scanner?: SpaceSpec;
  readonly router?: SpaceSpec;
  readonly target?: SpaceSpec;
}

/** Makes a lab of a scanner and a target on one link. */
export async function udpLab(options: UdpLabOptions = {}): Promise<Lab> {
  const { family = MIXED, sysctls = NO_LIMITS, serve = family.hosts(NEAR_NETWORK, 2), scanner = {}, target } = options;
  const lab = await Lab.create({
    spaces: { scanner, target: { ...target, sysctls } },
    links: [{ between: ["scanner", "target"], addresses: family.link(NEAR_NETWORK) }],
  });
  await startUdpServers(lab, "target", ...serve);
  return lab;
}

/** Makes a lab of a scanner, a router and a target. */
export async function farUdpLab(options: UdpLabOptions = {}): Promise<Lab> {
  const { family = MIXED, sysctls = NO_LIMITS, serve = family.hosts(FAR_NETWORK, 2), scanner, router, target } =
    options;
  const lab = await Lab.create({
    spaces: {
      scanner: { ...scanner, routes: family.routesVia(NEAR_NETWORK, 2) },
      router: { ...router, forward: true },
      target: { ...target, sysctls, routes: family.routesVia(FAR_NETWORK, 1) },
    },
    links: [
      { between: ["scanner", "router"], addresses: family.link(NEAR_NETWORK) },
      { between: ["router", "target"], addresses: family.link(FAR_NETWORK) },
    ],
  });
  await startUdpServers(lab, "target", ...serve);
  return lab;
}

/** Starts the servers in a space, on addresses. */
export async function startUdpServers(lab: Lab, space: string, ...addresses: readonly string[]): Promise<void> {
  const script = new URL("lab_udp_server.ts", import.meta.url).pathname;
  for (const address of addresses) {
    await lab.serve(space, [
      Deno.execPath(),
      ...["run", "--no-config", "--unstable-net", "--allow-net", "--allow-read", script, address],
    ]);
  }
}

/** Returns the ports of each state and reason. */
export function portsOf(ports: readonly PortLine[]): Map<string, number[]> {
  const found = Map.groupBy(ports, ({ state, reason }) => `${state} ${reason}`);
  return new Map(
    Array.from(found, ([key, lines]) => [key, lines.map(({ port }) => port).sort((one, other) => one - other)]),
  );
}

/** Returns the number of errors about unreachable destinations that the kernel of a space has sent: of both address families. */
export async function errorsSentBy(lab: Lab, space: string): Promise<number> {
  const { stdout } = await lab.run(space, ["cat", "/proc/net/snmp", "/proc/net/snmp6"]);
  const [names, values] = stdout.split("\n").filter((line) => line.startsWith("Icmp:")).map((line) => line.split(" "));
  const ipv6 = /^Icmp6OutDestUnreachs\s+(\d+)$/m.exec(stdout)?.[1];
  return Number(values![names!.indexOf("OutDestUnreachs")]) + Number(ipv6);
}
