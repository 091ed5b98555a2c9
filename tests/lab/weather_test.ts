/**
 * Failures on the scanner's own side while it scans. A scan may end undecided and say so (status 3);
 * it may never be wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, delay, type Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

const TARGET = "10.64.1.2";

function pair(listen = "22,80,8000-8009"): Promise<Lab> {
  return linkedLab({
    scanner: { routes: [`10.65.0.0/16 via ${TARGET}`] },
    target: { listen, local: ["10.65.0.0/16"] },
  });
}

labTest("lab: the interface goes down and comes back in the middle", [], async () => {
  await using lab = await pair();
  const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-9000", "--max-rate", "4000"], {
    meanwhile: async () => {
      await received(lab, 2000);
      lab.ip("scanner", "link set target down");
      await delay(700);
      lab.ip("scanner", "link set target up");
    },
  });
  const truth = groundTruth([
    [TARGET, "1-9000", "closed or undecided"],
    [TARGET, "22,80,8000-8009", "open or undecided"],
  ]);
  assertTruth(truth, run.ports, "synscan");
  assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
  assert(run.summary.undecided < 4500, `${run.summary.undecided} ports undecided after 0.7 s without an interface`);
});

labTest("lab: the route disappears in the middle", [], async (t) => {
  const truth = groundTruth([
    ["10.65.0.9", "1-9000", "closed or undecided"],
    ["10.65.0.9", "22,80,8000-8009", "open or undecided"],
  ]);
  const step = (transport: string) => ({
    name: transport,
    // They run at the same time, for both wait most of theirs.
    ...{ sanitizeExit: false, sanitizeOps: false, sanitizeResources: false },
    fn: async () => {
      await using lab = await pair();
      const args = ["10.65.0.9", "-p", "1-9000", "--max-rate", "4000", "--transport", transport];
      const run = await runSynscan(lab, "scanner", args, {
        meanwhile: async () => {
          await received(lab, 2000);
          lab.ip("scanner", "route del 10.65.0.0/16");
        },
      });
      assertTruth(truth, run.ports, "synscan");
      // Ethernet frames need no route, so that the lane may find the whole truth.
      assert(transport === "auto" || run.summary.undecided > 0, "no port undecided although the route went away");
      assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
      assert(run.elapsedMs < 55_000, `took ${run.elapsedMs} ms`);
    },
  });
  await Promise.all(["sendmmsg", "auto"].map((transport) => t.step(step(transport))));
});

labTest("lab: no route at all", [], async () => {
  await using lab = await pair();
  const argv = ["192.0.2.7", "-p", "1-10"];
  const run = await runSynscan(lab, "scanner", argv).catch((error: Error) => error.message);
  // Either refused at once, or scanned to the end with nothing decided; both are honest.
  if (typeof run === "string") assert(/status [23]/.test(run), run);
  else assertTruth(groundTruth([["192.0.2.7", "1-10", "undecided"]]), run.ports, "synscan");
});

labTest("lab: a neighbour that never resolves, beside one that does", [], async () => {
  await using lab = await pair();
  const run = await runSynscan(lab, "scanner", [TARGET, "10.64.1.77", "-p", "1-200"]);
  const truth = groundTruth([
    [TARGET, "1-200", "closed", "reset"],
    [TARGET, "22,80", "open", "syn-ack"],
  ]);
  assertTruth(truth, run.ports, "synscan");
  assertEquals(run.hosts.find(({ ip }) => ip === "10.64.1.77")?.state, "absent");
  assert(run.elapsedMs < 55_000, `took ${run.elapsedMs} ms`);
});

// The kernel's table holds 1,024 neighbours (net.ipv4.neigh.default.gc_thresh3). A raw socket says nothing of what it
// drops beyond that unless IP_RECVERR is set: without it the kernel swallows ENOBUFS.
labTest("lab: more absent neighbours than the kernel's table holds", [], async (t) => {
  await using lab = await linkedLab({ scanner: {}, target: { listen: "80", local: ["10.64.2.0/25"] } }, "10.64.1", 20);
  const truth = groundTruth([
    ["10.64.1.1", "80", "closed", "reset"],
    [[TARGET, ...hostsFrom("10.64.2.0", 128)], "80", "open", "syn-ack"],
  ]);
  for (const transport of ["sendto", "auto"]) {
    await t.step(transport, async () => {
      const run = await runSynscan(lab, "scanner", ["10.64.0-4.0-255", "-p", "80", "--transport", transport]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals([run.code, run.summary.hosts_absent], [0, 1150], run.stderr);
    });
  }
});

labTest("lab: the scanner's own firewall drops what it sends", [], async (t) => {
  await using lab = await pair();
  lab.rules("scanner", [chain("output", [rule.drop("100-199")])]);
  for (const transport of ["sendto", "sendmmsg", "auto"]) {
    await t.step(transport, async () => {
      const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-300", "--transport", transport]);
      const truth = groundTruth([
        [TARGET, "1-300", "closed", "reset"],
        [TARGET, "22,80", "open", "syn-ack"],
        // Ethernet frames pass below the firewall, so that the lane may find the truth.
        [TARGET, "100-199", transport === "auto" ? "closed or undecided" : "undecided", "reset", "local-firewall"],
      ]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
    });
  }
});

labTest("lab: the scanner's own firewall drops what it receives", [], async (t) => {
  await using lab = await pair();
  lab.rules("scanner", [chain("input", ["meta l4proto tcp drop"])]);
  for (const transport of ["sendto", "sendmmsg", "ethernet"]) {
    await t.step(transport, async () => {
      const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-300", "--transport", transport]);
      const truth = groundTruth([[TARGET, "1-300", "closed", "reset"], [TARGET, "22,80", "open", "syn-ack"]]);
      assertTruth(truth, run.ports, "synscan");
    });
  }
});

labTest("lab: connect(2) with 64 descriptors", [], async () => {
  await using lab = await pair();
  const run = await runSynscan(lab, "scanner", ["-sT", TARGET, "-p", "1-2000"], { maxDescriptors: 64 });
  const truth = groundTruth([[TARGET, "1-2000", "closed", "conn-refused"], [TARGET, "22,80", "open", "conn-accept"]]);
  assertTruth(truth, run.ports, "synscan -sT");
});

labTest("lab: stopped for 10 s and continued: no burst, no wrong result", [], async () => {
  await using lab = await pair();
  let [burst, burstMs] = [0, 0];
  const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-9000", "--max-rate", "3000"], {
    meanwhile: async (child) => {
      await received(lab, 2000);
      child.kill("SIGSTOP");
      await delay(10_000);
      const before = packetsReceived(lab);
      const beganMs = performance.now();
      child.kill("SIGCONT");
      await delay(200);
      burst = packetsReceived(lab) - before;
      burstMs = performance.now() - beganMs;
    },
  });
  const truth = groundTruth([[TARGET, "1-9000", "closed", "reset"], [TARGET, "22,80,8000-8009", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  // The pause alone would allow 30,000 packets.
  assert(burst < 2000 + 3 * burstMs, `${burst} packets in the first ${burstMs} ms`);
});

function packetsReceived(lab: Lab): number {
  const [link] = JSON.parse(lab.set("target", ["ip", "-s", "-j", "link", "show", "scanner"]));
  return link.stats64.rx.packets;
}

/** Resolves once the target has received so many packets: a loaded machine may take long to begin a scan. */
async function received(lab: Lab, packets: number): Promise<void> {
  for (let looks = 0; looks < 400 && packetsReceived(lab) < packets; looks++) await delay(50);
}
