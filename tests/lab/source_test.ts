/**
 * What leaves on the wire when the user says from where: in tshark's eyes, on each of two interfaces.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const HOST = "10.65.0.9";
const ASKED = { "--source-ip": "10.64.2.7", "--source-port": "4321", "--interface": "lan2", "--ttl": "33" };
const SOURCE: readonly string[] = [ASKED["--source-ip"], ASKED["--source-port"], ASKED["--ttl"]];

/** A scanner with two interfaces, two addresses on the second, and a host that is reached by the first unless told otherwise. */
async function twoWays(): Promise<Lab> {
  const lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80", local: ["10.65.0.0/16"] } },
    bridges: [
      { name: "lan1", members: { scanner: "10.64.1.1/24", target: "10.64.1.2/24" } },
      { name: "lan2", members: { scanner: "10.64.2.1/24", target: "10.64.2.2/24" } },
    ],
  });
  lab.ip("scanner", "address add 10.64.2.7/24 dev lan2");
  lab.ip("scanner", "route add 10.65.0.0/16 via 10.64.1.2 metric 100");
  lab.ip("scanner", "route add 10.65.0.0/16 via 10.64.2.2 metric 200");
  return lab;
}

/** What a capture holds of packets to the host's ports: source address, source port, TTL. */
async function toHost(lab: Lab, file: string): Promise<string[][]> {
  const fields = ["ip.src", "tcp.srcport", "ip.ttl"].flatMap((field) => ["-e", field]);
  const filter = `ip.dst == ${HOST} && tcp`;
  const { stdout } = await lab.run("scanner", ["tshark", "-r", file, "-Y", filter, "-T", "fields", ...fields]);
  return stdout.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
}

/** The different rows, in order of first appearance. */
function distinct(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row.join(), row])).values()];
}

function withoutPort([address = "", , ttl = ""]: readonly string[]): string[] {
  return [address, ttl];
}

labTest("lab: address, port, interface and time to live are what was asked for", ["tshark", "dumpcap"], async (t) => {
  await using lab = await twoWays();
  const truth = groundTruth([
    [HOST, "79-83", "closed", "reset", "conn-refused"],
    [HOST, "80", "open", "syn-ack", "conn-accept"],
  ]);
  const captured = async (args: readonly string[]) => {
    const stops = [await lab.capture("scanner", "lan1"), await lab.capture("scanner", "lan2")];
    const run = await runSynscan(lab, "scanner", [HOST, "-p", "79-83", ...args]);
    assertTruth(truth, run.ports, "synscan");
    assertEquals(run.code, 0, run.stderr);
    const [one, two] = await Promise.all(stops.map(async (stop) => toHost(lab, await stop())));
    return { one: one!, two: two! };
  };
  for (const transport of ["plain", "batched", "auto"]) {
    await t.step(transport, async () => {
      const { one, two } = await captured([...Object.entries(ASKED).flat(), "--transport", transport]);
      assertEquals([one, distinct(two)], [[], [SOURCE]]);
    });
  }
  await t.step("connect(2), whose connections have a port each", async () => {
    const { "--source-port": _, ...asked } = ASKED;
    const { one, two } = await captured([...Object.entries(asked).flat(), "-sT"]);
    assertEquals([one, distinct(two.map(withoutPort))], [[], [withoutPort(SOURCE)]]);
  });
  await t.step("and the packet lane serves them: hardly a probe goes by raw IP", async () => {
    lab.rules("scanner", [chain("output", ["tcp flags & (syn | rst) == syn counter"])]);
    const run = await runSynscan(lab, "scanner", [HOST, "-p", "1-3000", ...Object.entries(ASKED).flat()]);
    const [, counted] = /counter packets (\d+)/.exec(lab.set("scanner", ["nft", "list", "ruleset"])) ?? [];
    assertEquals([run.summary.transport, Number(counted) < 1000], ["lane", true], `${counted} probes by raw IP`);
  });
  await t.step("and without being asked, the kernel's own choice", async () => {
    const { one, two } = await captured([]);
    assertEquals([distinct(one.map(withoutPort)), two], [[["10.64.1.1", "64"]], []]);
  });
});
