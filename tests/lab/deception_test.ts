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
  async (t) => {
    await using lab = await Lab.create({
      spaces: {
        scanner: { routes: MIXED.routesVia(1, 2) },
        router: { forward: true },
        target: { listen: "22,80,443", routes: MIXED.routesVia(2, 1) },
      },
      links: [
        { between: ["scanner", "router"], addresses: MIXED.link(1) },
        { between: ["router", "target"], addresses: MIXED.link(2), tunDelayMs: 100 },
      ],
    });
    const program = await lab.compile(new URL("responder.c", import.meta.url));
    // It answers every SYN at once; those of the host itself arrive 200 ms later: in this order on a busy machine too.
    await lab.serve("router", [program, "packet", "scanner", "0", "0", "64", "1"]);
    await forFamilies(t, async (family) => {
      const targets = family.hosts(2, 2);
      // A pass that is over before the first of them arrives does not wait for it: each takes 500 ms.
      const { code, ports, summary } = await runSynscan(lab, "scanner", [
        ...targets,
        "-p",
        "2-500",
        "--max-rate",
        "1000",
      ]);
      assertEquals(
        ports.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).toSorted(),
        targets.flatMap((ip) => [22, 80, 443].map((port) => `${ip} ${port}`)).toSorted(),
      );
      assertEquals(
        [code, summary.trusted, summary.suspects],
        [3, false, targets.map((ip) => ({ ip, suspect: "rst-spoof" }))],
      );
    });
  },
);
