/**
 * Features that only IPv6 has: hosts of an own link that are found by neighbor solicitations or without a list, and paths.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const OWN = "2001:db8:1::1";
const NEAR = "2001:db8:1::2";
const FAR = "2001:db8:2::2";

/** A host on the scanner's link that is a router, and a host behind it. */
function routedLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: [`default via ${NEAR}`] },
      router: { forward: true, listen: "22,80-81" },
      target: { routes: ["default via 2001:db8:2::1"], listen: "22" },
    },
    links: [
      { between: ["scanner", "router"], addresses: [`${OWN}/64`, `${NEAR}/64`] },
      { between: ["router", "target"], addresses: ["2001:db8:2::1/64", `${FAR}/64`] },
    ],
  });
}

/** Returns the link-local address of a device in a space. */
function linkLocalOf(lab: Lab, space: string, device: string): string {
  return /inet6 (fe80\S+)\//.exec(lab.set(space, ["ip", "-6", "address", "show", device]))![1]!;
}

labTest(
  "lab: hosts of an own link are found by neighbor solicitations, and hosts that are not there are absent",
  [],
  async () => {
    await using lab = await routedLab();
    const find = await runSynscan(lab, "scanner", ["-sn", "2001:db8:1::1-8", FAR]);
    const hosts = find.hosts.map(({ ip, state, reason, mac }) => ({
      ...{ ip, state, hasMac: mac !== undefined },
      // Beyond the router the echo or one of the segments is replied to first.
      reason: ip === FAR && ["echo-reply", "syn-ack", "reset"].includes(reason!) ? "reply" : reason,
    }));
    assertEquals(hosts.filter(({ state }) => state === "up").sort((one, other) => one.ip < other.ip ? -1 : 1), [
      { ip: OWN, state: "up", reason: "localhost-response", hasMac: false },
      { ip: NEAR, state: "up", reason: "nd-response", hasMac: true },
      { ip: FAR, state: "up", reason: "reply", hasMac: false },
    ]);
    assertEquals(find.summary.hosts_absent, 6);
    const { ports, summary } = await runSynscan(lab, "scanner", ["2001:db8:1::2-8", "-p", "22,80-82"]);
    assertTruth(
      groundTruth([[NEAR, "82", "closed", "reset"], [NEAR, "22,80,81", "open", "syn-ack"]]),
      ports,
      "synscan",
    );
    assertEquals([summary.transport, summary.hosts_absent], ["ethernet", 6]);
  },
);

labTest(
  "lab: a host of IPv6 whose link loses three of four solicitations is found, and no port of it is wrong",
  [],
  async () => {
    const lossy = chain("input", ["icmpv6 type nd-neighbor-solicit numgen inc mod 4 < 3 drop"]);
    await using lab = await Lab.create({
      spaces: { scanner: {}, target: { listen: "22", chains: [lossy] } },
      links: [{ between: ["scanner", "target"], addresses: [`${OWN}/64`, `${NEAR}/64`] }],
    });
    const truth = groundTruth([[NEAR, "1-100", "closed", "reset"], [NEAR, "22", "open", "syn-ack"]]);
    for (const transport of ["ethernet", "sendmmsg"]) {
      lab.ip("scanner", "-6 neighbour flush all");
      const { ports, summary } = await runSynscan(lab, "scanner", ["--transport", transport, NEAR, "-p", "1-100"]);
      assertTruth(truth, ports, transport);
      assertEquals(summary.trusted, true);
    }
  },
);

labTest(
  "lab: the IPv6 hosts of a link are found without a list, also those that ignore echo requests",
  [],
  async () => {
    const hosts = ["one", "deaf", "mute", "local"];
    await using lab = await Lab.create({
      spaces: {
        ...Object.fromEntries(["scanner", ...hosts].map((name) => [name, {}])),
        deaf: { sysctls: { "net.ipv6.icmp.echo_ignore_multicast": 1 } },
        mute: { sysctls: { "net.ipv6.icmp.echo_ignore_all": 1 } },
      },
      bridges: [{
        name: "net",
        members: Object.fromEntries(["scanner", ...hosts].map((name, i) => [
          name,
          // One has no address but its link-local one.
          name === "local" ? `10.64.1.${i + 1}/24` : `2001:db8:1::${i + 1}/64`,
        ])),
      }],
    });
    const { hosts: found } = await runSynscan(lab, "scanner", ["-sn", "-e", "net"]);
    const up = new Set(found.filter(({ state }) => state === "up").map(({ ip }) => ip));
    const expected = [
      ...[2, 3, 4].map((i) => `2001:db8:1::${i}`),
      ...hosts.map((name) => `${linkLocalOf(lab, name, "net")}%net`),
    ];
    assertEquals(expected.filter((ip) => !up.has(ip)), []);
    // The bridge itself is a host of the link.
    assertEquals([found.length, up.size], [expected.length + 1, expected.length + 1]);
    const traced = await runSynscan(lab, "scanner", ["-sn", "--packet-trace", "2001:db8:1::2"]);
    for (
      const words of [
        "SENT ICMPv6 2001:db8:1::1 > ff02::1:ff00:2 neighbor solicitation",
        "RCVD ICMPv6 2001:db8:1::2 > 2001:db8:1::1 neighbor advertisement",
      ]
    ) {
      assertStringIncludes(traced.stderr, `${words} for 2001:db8:1::2 `);
    }
    // Exclusions rule out multicast: neighbors that the kernel knows are left.
    const excluding = [...SYNSCAN, "-sn", "-e", "net", "--exclude", "2001:db8:1::2"];
    await lab.run("scanner", ["ip", "neighbor", "flush", "dev", "net"]);
    const refused = await lab.run("scanner", excluding);
    assertEquals([refused.code, refused.stdout], [1, ""]);
    assertStringIncludes(
      refused.stderr,
      "multicast would reach those that are excluded too, and the kernel knows no other",
    );
    await runSynscan(lab, "scanner", ["-sT", "-p", "9", "2001:db8:1::2-3"]);
    // Probes to all nodes have a hop limit of 1.
    lab.rules("deaf", [chain("input", ["ip6 daddr ff02::1 ip6 hoplimit 1 counter"])]);
    const known = await runSynscan(lab, "scanner", excluding.slice(SYNSCAN.length));
    assertStringIncludes(known.stderr, "Excluded hosts rule out IPv6 multicast on net: only neighbors");
    assertEquals(known.hosts.map(({ ip, state }) => `${ip} ${state}`), ["2001:db8:1::3 up"]);
    assertStringIncludes(lab.set("deaf", ["nft", "list", "ruleset"]), "counter packets 0 ");
    await runSynscan(lab, "scanner", ["-sn", "-e", "net"]);
    assertStringIncludes(lab.set("deaf", ["nft", "list", "ruleset"]), "counter packets 12 ");
  },
);

labTest(
  "lab: the path to a host of IPv6 leads through every router, and shows after which one ports are filtered",
  [],
  async () => {
    await using lab = await Lab.create({
      spaces: {
        scanner: { routes: ["default via 2001:db8:1::2"] },
        first: { forward: true, routes: ["2001:db8:3::/64 via 2001:db8:2::2"] },
        second: {
          ...{ forward: true, routes: ["2001:db8:1::/64 via 2001:db8:2::1"] },
          chains: [chain("forward", [rule.drop("90-92")])],
        },
        target: { routes: ["default via 2001:db8:3::1"], listen: "80" },
      },
      links: [
        { between: ["scanner", "first"], addresses: ["2001:db8:1::1/64", "2001:db8:1::2/64"] },
        { between: ["first", "second"], addresses: ["2001:db8:2::1/64", "2001:db8:2::2/64"] },
        { between: ["second", "target"], addresses: ["2001:db8:3::1/64", "2001:db8:3::2/64"] },
      ],
    });
    const args = ["2001:db8:3::2", "-p", "80-82,90-92", "--traceroute", "--where-filtered"];
    const { hosts: [host], summary } = await runSynscan(lab, "scanner", args);
    assertEquals(host?.trace?.hops.map(({ ip }) => ip), ["2001:db8:1::2", "2001:db8:2::2", "2001:db8:3::2"]);
    assertEquals([host?.trace?.reached, summary.undecided], [true, 0]);
    assertEquals(host?.where_filtered?.map(({ ports, after_hop, ip }) => [ports, after_hop, ip]), [
      ["90-92", 2, "2001:db8:2::2"],
    ]);
  },
);
