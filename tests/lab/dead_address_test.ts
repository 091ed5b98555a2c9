/**
 * Addresses without a host behind the user-mode networks of containers.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

const TIMED_OUT = ["filtered neighbor-timeout", "filtered no-response"];

function containerLab(): Promise<Lab> {
  return Lab.create({
    // Its outer interface is one with a default route.
    spaces: { outer: { routes: ["default via 10.64.1.3"] }, target: { listen: "80" }, inner: {} },
    links: [{ between: ["outer", "target"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] }],
  });
}

/** `port state reason` of each result, and the hosts up. */
async function found(lab: Lab, ...args: string[]): Promise<{ ports: string[]; up: number; finAcks: number }> {
  const { ports, summary } = await runSynscan(lab, "inner", args);
  const texts = ports.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).sort();
  return { ports: texts, up: summary.hosts_up, finAcks: summary.fin_acks };
}

labTest(
  "lab: pasta: a closed port is reset-no-ack, an address without a host is neither closed nor up",
  ["pasta"],
  async (t) => {
    await using lab = await containerLab();
    const inner = `/run/netns/${lab.name("inner")}`;
    // It prints nothing when it is ready, and does not end with its standard input.
    await lab.serve("outer", [
      "sh",
      "-c",
      `pasta -f --config-net --netns-only -i target -I tap0 --runas 0 --netns ${inner} 2>/dev/null & child=$!; ` +
      `until ip -n ${
        lab.name("inner")
      } route | grep -q .; do kill -0 $child || exit; sleep 0.05; done; echo ready; cat; kill $child`,
    ]);
    await t.step("an address without a host", async () => {
      const { ports, up } = await found(lab, "-p", "80-82", "10.64.1.9");
      // Where this machine is too busy, the RST comes after the scan has ended.
      const states = new Set(ports.map((text) => text.split(" ").slice(2).join(" ")));
      assertEquals([...states].filter((text) => !TIMED_OUT.includes(text)), []);
      assertEquals(up, 0);
    });
    await t.step("a host", async () => {
      const { ports, up } = await found(lab, "-p", "80-81", "10.64.1.2");
      assertEquals([ports, up], [["10.64.1.2 80 open syn-ack", "10.64.1.2 81 closed reset-no-ack"], 1]);
    });
  },
);
