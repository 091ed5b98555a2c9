/** Service detection over real links: far hosts, and ports that accept no data. */

import { assert, assertEquals } from "@std/assert";
import type { Finding } from "../../src/result/finding.ts";
import { chain, Lab, labTest, linkedLab } from "../support/lab.ts";
import { MOD } from "../support/program.ts";

/** Starts servers of several kinds in a space. */
function serveTalkers(lab: Lab, space: string, kinds: readonly string[]): Promise<void> {
  const script = new URL("../support/lab_talkers.ts", import.meta.url).pathname;
  return lab.serve(space, [Deno.execPath(), "run", "--no-config", "--allow-all", script, ...kinds]);
}

/** A port's line of JSON, as far as it is looked at here. */
type Line = Pick<Finding, "service" | "product"> & {
  readonly port: number;
  readonly type: string;
  readonly service_label?: string;
};

/** Scans ports of 10.64.1.2 from the space `near`, with service detection, and returns their lines by port. */
async function identify(lab: Lab, ports: string, args: readonly string[] = []): Promise<Map<number, Line>> {
  const program = [Deno.execPath(), "run", "--no-prompt", "-A", MOD];
  const line = [...program, "-n", "-sV", "-Pn", "--json", "-p", ports, ...args, "10.64.1.2"];
  const { code, stdout, stderr } = await lab.run("near", line);
  assertEquals(code, 0, stderr);
  const lines = stdout.trim().split("\n").map((text) => JSON.parse(text) as Line);
  return new Map(lines.filter(({ type }) => type === "port").map((line) => [line.port, line]));
}

labTest("services: a port that acknowledges no data is labelled, and its neighbours are identified", [], async () => {
  // What is longer than a SYN is dropped: requests, and nothing else here.
  const chains = [chain("input", ["tcp dport { 8001, 8002 } ip length > 60 drop"])];
  await using lab = await linkedLab({ near: {}, far: { chains } });
  await serveTalkers(lab, "far", ["ssh:8000-8001", "http:8002-8003"]);
  for (const technique of ["-sS", "-sT"]) {
    const found = await identify(lab, "8000-8003", [technique]);
    assertEquals(found.get(8000)?.product, "OpenSSH");
    assertEquals(found.get(8001)?.product, "OpenSSH", "it speaks first");
    assertEquals(found.get(8002)?.service_label, "no-data");
    assertEquals(found.get(8003)?.service, "http");
  }
});

labTest("services: waits follow the round trip of a far host", ["gcc"], async () => {
  await using lab = await Lab.create({
    spaces: { near: {}, far: {} },
    links: [{ between: ["near", "far"], addresses: ["10.64.1.1/24", "10.64.1.2/24"], tunDelayMs: 250 }],
  });
  await serveTalkers(lab, "far", ["ssh:8000-8003", "http:8010-8013", "late:8020-8021"]);
  const found = await identify(lab, "8000-8003,8010-8013,8020-8021");
  const services = [...found].sort(([one], [other]) => one - other).map(([, { service }]) => service);
  assertEquals(services, [...Array(4).fill("ssh"), ...Array(4).fill("http"), "ssh", "ssh"]);
  assert([...found.values()].every((line) => line.service_label === undefined));
});
