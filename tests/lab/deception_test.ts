/**
 * A middlebox that answers for every port.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { forFamilies, MIXED } from "../support/families.ts";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

labTest("lab: a host on which every port answers is labelled", [], async (t) => {
  const everyPort = "chain answer { type nat hook prerouting priority dstnat; tcp dport 1-65535 redirect to :80; }";
  await using lab = await Lab.create({
    spaces: { scanner: {}, proxy: { listen: "80", chains: [everyPort] }, honest: { listen: "80" } },
    bridges: [{
      name: "lan",
      members: { scanner: MIXED.onLink(1, 1), proxy: MIXED.onLink(1, 2), honest: MIXED.onLink(1, 3) },
    }],
  });
  await forFamilies(t, async (family) => {
    const [proxies, honest] = [family.hosts(1, 2), family.hosts(1, 3)];
    const { summary } = await runSynscan(lab, "scanner", [...proxies, ...honest, "-p", "1-1000"]);
    assertEquals(summary.suspects, proxies.map((ip) => ({ ip, suspect: "syn-proxy" })));
  });
});

labTest(
  "lab: rst-spoof: a router that sends RSTs in the place of a host is labelled, and its ports are open",
  ["gcc"],
  async () => {
    await using lab = await Lab.create({
      spaces: {
        scanner: { routes: ["default via 10.64.1.2"] },
        router: { forward: true },
        target: { listen: "22,80,443", routes: ["default via 10.64.2.1"] },
      },
      links: [
        { between: ["scanner", "router"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] },
        { between: ["router", "target"], addresses: ["10.64.2.1/24", "10.64.2.2/24"], tunDelayMs: 100 },
      ],
    });
    const program = await lab.compile(new URL("responder.c", import.meta.url));
    // It answers every SYN at once; those of the host itself arrive 200 ms later: in this order on a busy machine too.
    await lab.serve("router", [program, "packet", "scanner", "0", "0", "64", "1"]);
    const { code, ports, summary } = await runSynscan(lab, "scanner", ["10.64.2.2", "-p", "2-500"]);
    assertEquals(
      ports.filter(({ state }) => state === "open").map(({ port }) => port).sort((one, other) => one - other),
      [22, 80, 443],
    );
    assertEquals([code, summary.trusted, summary.suspects], [3, false, [{ ip: "10.64.2.2", suspect: "rst-spoof" }]]);
  },
);
