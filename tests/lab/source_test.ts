/**
 * Source address, port, interface and TTL of packets, as captured by tshark on each of two interfaces.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const HOST = "10.65.0.9";
const SOURCE = "10.64.2.7";
const ASKED = ["--source-ip", SOURCE, "--interface", "lan2"];
/** Each way of sending, told apart on the wire by its source port. */
const TRANSPORTS = [["sendto", "4321"], ["sendmmsg", "4322"], ["auto", "4323"]] as const;
const TTL = "33";
/** Connections have a port each, but may have a time to live of their own. */
const CONNECT_TTL = "35";

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

/** Returns source address, source port, TTL and SYN flag of captured packets to the host. */
async function toHost(lab: Lab, file: string): Promise<string[][]> {
  const fields = ["ip.src", "tcp.srcport", "ip.ttl", "tcp.flags.syn"].flatMap((field) => ["-e", field]);
  const filter = `ip.dst == ${HOST} && tcp`;
  const { stdout } = await lab.run("scanner", ["tshark", "-r", file, "-Y", filter, "-T", "fields", ...fields]);
  return stdout.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
}

/** The different rows, in order of first appearance. */
function distinct(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row.join(), row])).values()];
}

labTest("lab: address, port, interface and time to live are what was asked for", ["tshark", "dumpcap"], async (t) => {
  await using lab = await twoWays();
  const truth = groundTruth([
    [HOST, "79-83", "closed", "reset", "conn-refused"],
    [HOST, "80", "open", "syn-ack", "conn-accept"],
  ]);
  const scan = async (...args: string[]) => {
    const run = await runSynscan(lab, "scanner", [HOST, "-p", "79-83", ...args]);
    assertTruth(truth, run.ports, "synscan");
    assertEquals(run.code, 0, run.stderr);
  };
  const stops = [await lab.capture("scanner", "lan1"), await lab.capture("scanner", "lan2")];
  for (const [transport, port] of TRANSPORTS) {
    await scan(...ASKED, "--source-port", port, "--ttl", TTL, "--transport", transport);
  }
  await scan(...ASKED, "--ttl", CONNECT_TTL, "-sT");
  await scan();
  const [first, second] = await Promise.all(stops.map(async (stop) => toHost(lab, await stop())));
  const connected = second!.filter(([, , ttl]) => ttl === CONNECT_TTL);

  for (const [transport, port] of TRANSPORTS) {
    await t.step(transport, () => {
      const sent = second!.filter((row) => row[1] === port).map((row) => row.slice(0, 3));
      assertEquals(distinct(sent), [[SOURCE, port, TTL]]);
    });
  }
  await t.step("connect(2)", () => {
    assertEquals(distinct(connected.map(withoutPort)), [[SOURCE, CONNECT_TTL]]);
  });
  await t.step("nothing else leaves by the interface asked for", () => {
    const ports: readonly string[] = TRANSPORTS.map(([, port]) => port);
    assertEquals(second!.filter((row) => !connected.includes(row) && !ports.includes(row[1]!)), []);
  });
  await t.step("and by the other only what was sent without being asked, as the kernel chose", () => {
    // The kernel may refuse a late SYN-ACK by itself, the way it chooses.
    const asked = first!.filter(([, , , syn]) => syn === "1" || syn === "True");
    assertEquals(distinct(asked.map(withoutPort)), [["10.64.1.1", "64"]]);
  });
  await t.step("the Ethernet sender is used: hardly a probe goes by raw IP", async () => {
    lab.rules("scanner", [chain("output", ["tcp flags & (syn | rst) == syn counter"])]);
    const run = await runSynscan(lab, "scanner", [HOST, "-p", "1-3000", ...ASKED]);
    const [, counted] = /counter packets (\d+)/.exec(lab.set("scanner", ["nft", "list", "ruleset"])) ?? [];
    assertEquals([run.summary.transport, Number(counted) < 1000], ["ethernet", true], `${counted} probes by raw IP`);
  });
});

function withoutPort([address = "", , ttl = ""]: readonly string[]): string[] {
  return [address, ttl];
}

labTest("lab: an interface is known by its alternative names too", [], async () => {
  await using lab = await twoWays();
  const altName = "the-second-of-two-interfaces";
  for (const name of ["l2", altName]) {
    lab.set("scanner", ["ip", "link", "property", "add", "dev", "lan2", "altname", name]);
  }
  const truth = groundTruth([[HOST, "79-81", "closed", "reset", "conn-refused"], [
    HOST,
    "80",
    "open",
    "syn-ack",
    "conn-accept",
  ]]);
  for (const technique of ["-sS", "-sT"]) {
    const run = await runSynscan(lab, "scanner", [HOST, "-p", "79-81", technique, "-e", altName]);
    assertTruth(truth, run.ports, `synscan ${technique}`);
  }
  const { stderr } = await lab.run("scanner", [...SYNSCAN, "-n", HOST, "-p", "80", "-e", "lan3"]);
  assertStringIncludes(stderr, `lan2, l2, ${altName}`);
});
