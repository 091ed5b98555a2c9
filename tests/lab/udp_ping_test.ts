/**
 * Pings by UDP of real kernels, over IPv4 and IPv6.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { type HostLine, runSynscan } from "../support/lab_synscan.ts";
import { errorsSentBy, NO_LIMITS, startUdpServers } from "../support/lab_udp.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** Hosts beyond a router: one that is up, one that drops all but DNS, one that drops everything, and an address that no host has. */
const UP = ["10.64.2.2", "fd64:2::2"];
const GUARDED = ["10.64.2.3", "fd64:2::3"];
const MUTE = ["10.64.2.4", "fd64:2::4"];
const GONE = ["10.64.2.9", "fd64:2::9"];
const WEAK = "the reply repeats too little of the probe: anybody who knows the ports can have sent it";
const ALL = [...UP, ...GUARDED, ...MUTE, ...GONE];

async function lanBehindRouter(): Promise<Lab> {
  const routes = ["default via 10.64.2.1", "default via fd64:2::1"];
  // Neighbor discovery has to pass.
  const guard = (rules: readonly string[]) => [chain("input", ["icmpv6 type { 135, 136 } accept", ...rules, "drop"])];
  const lab = await Lab.create({
    spaces: {
      scanner: { routes: ["default via 10.64.1.2", "default via fd64:1::2"] },
      router: { forward: true, chains: [chain("forward", ["udp dport 40125 ip daddr 10.64.2.4 reject"])] },
      plain: { sysctls: NO_LIMITS, routes },
      guarded: { sysctls: NO_LIMITS, routes, chains: guard(["udp dport { 53, 69 } accept"]) },
      mute: { routes, chains: guard([]) },
    },
    links: [{ between: ["scanner", "router"], addresses: ["10.64.1.1/24 fd64:1::1/64", "10.64.1.2/24 fd64:1::2/64"] }],
    bridges: [{
      name: "lan",
      members: {
        router: "10.64.2.1/24 fd64:2::1/64",
        plain: UP.map((ip, i) => `${ip}/${[24, 64][i]}`).join(" "),
        guarded: GUARDED.map((ip, i) => `${ip}/${[24, 64][i]}`).join(" "),
        mute: MUTE.map((ip, i) => `${ip}/${[24, 64][i]}`).join(" "),
      },
    }],
  });
  await startUdpServers(lab, "guarded", ...GUARDED);
  return lab;
}

function found(hosts: readonly HostLine[]): Record<string, string> {
  return Object.fromEntries(hosts.map(({ ip, state, reason }) => [ip, `${state} ${reason}`]));
}

labTest(
  "lab: -PU finds hosts by their port unreachable, and by the replies of services",
  ["setpriv"],
  (t) => stepsAtOnce(t, [false, true], (isUser) => isUser ? "without privileges" : "as root", findByUdp),
);

async function findByUdp(isUser: boolean): Promise<void> {
  await using lab = await lanBehindRouter();
  const before = await errorsSentBy(lab, "scanner");
  const scan = (...args: string[]) => runSynscan(lab, "scanner", args, { isUser });
  const [{ hosts, stderr }, named] = await Promise.all([
    scan("-sn", "-PU", ...ALL),
    scan("-sn", "-PU53,161", ...ALL),
  ]);
  assertEquals(stderr.includes("hosts are pinged by datagrams to port 40125. Use sudo"), isUser, stderr);
  const byError = found(hosts);
  for (const ip of UP) assertEquals(byError[ip], "up port-unreach");
  assertEquals(hosts.flatMap(({ notes = [] }) => notes), []);
  // An error of the router shows nothing of the host.
  for (const ip of [...GUARDED, ...MUTE, ...GONE]) assert(!byError[ip]?.startsWith("up"), `${ip}: ${byError[ip]}`);
  const byReply = found(named.hosts);
  for (const ip of GUARDED) assertEquals(byReply[ip], "up udp-response");
  for (const ip of UP) assertEquals(byReply[ip], "up port-unreach");
  for (const ip of [...MUTE, ...GONE]) assert(!byReply[ip]?.startsWith("up"), `${ip}: ${byReply[ip]}`);
  assertEquals(await errorsSentBy(lab, "scanner"), before);
  // TFTP repeats nothing of a request: such replies show hosts, too, and the note on them is about no port.
  const [weak, { summary }] = await Promise.all([
    scan("-sn", "-PU69", ...GUARDED),
    scan("-sU", "-p", "69,70", "--max-retries", "2", ...GUARDED),
  ]);
  assertEquals(weak.hosts.map(({ ip, state, notes }) => [ip, state, notes]), GUARDED.map((ip) => [ip, "up", [WEAK]]));
  assertEquals([summary.hosts_up, summary.open], [2, 2]);
}

labTest(
  "lab: -PU beside other pings, and before ports: those of hosts that reply to none are not probed",
  [],
  async () => {
    await using lab = await lanBehindRouter();
    await lab.listen("plain", "22", "::");
    const args = ["-PE", "-PU53", "-sS", "-sU", "-p", "T:22,U:53", ...ALL];
    const withoutRights = ["-PS22", "-PU53", "-sT", "-sU", "-p", "T:22,U:53", ...ALL];
    const [{ ports, hosts }, unprivileged] = await Promise.all([
      runSynscan(lab, "scanner", args),
      runSynscan(lab, "scanner", withoutRights, { isUser: true }),
    ]);
    const states = ports.map(({ ip, proto, state }) => `${ip} ${proto} ${state}`).sort();
    assertEquals(
      states,
      [
        ...UP.flatMap((ip) => [`${ip} tcp open`, `${ip} udp closed`]),
        ...GUARDED.flatMap((ip) => [`${ip} tcp filtered`, `${ip} udp open`]),
      ].sort(),
    );
    const evidence = hosts.find(({ ip }) => ip === UP[1])?.evidence?.map(({ probe, reason }) => `${probe} ${reason}`);
    assertEquals(evidence, ["echo echo-reply", "udp:53 port-unreach"]);
    const guarded = hosts.find(({ ip }) => ip === GUARDED[0]);
    assertEquals(guarded?.evidence?.map(({ probe, reason }) => `${probe} ${reason}`), ["udp:53 udp-response"]);
    assertEquals(unprivileged.ports.map(({ ip, proto, state }) => `${ip} ${proto} ${state}`).sort(), states);
    assertStringIncludes(unprivileged.stderr, "pinged by connections to port 22 and datagrams to port 53. Use sudo");
  },
);
