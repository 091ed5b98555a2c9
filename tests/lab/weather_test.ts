/**
 * Failures on the scanner's own side while it scans. A scan may end undecided and say so (status 3);
 * it may never be wrong.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { FAMILIES, type Family, forFamilies, IPV6, MIXED, prefixOf } from "../support/families.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { until } from "../support/program.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The link, and a network behind its other end. */
const [LINK, BEHIND] = [1, 9];

function pair(family: Family): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: family.routesVia(LINK, 2, BEHIND) },
      target: { listen: "22,80,8000-8009", local: family.each((version) => prefixOf(version, BEHIND)) },
    },
    links: [{ between: ["scanner", "target"], addresses: family.link(LINK) }],
  });
}

/** Packets after which the network may fail: shortly before the first pass of a scan of both families ends, else early. */
const moment = ({ versions }: Family, ports: number) => versions.length === 1 ? 2000 : ports - 500;

labTest("lab: the interface goes down and comes back in the middle", [], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await pair(family);
    const targets = family.hosts(LINK, 2);
    let downMs = 0;
    const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-9000", "--max-rate", "4000"], {
      meanwhile: async () => {
        await received(lab, moment(family, 9000));
        const beganMs = performance.now();
        lab.ip("scanner", "link set target down");
        await delay(700);
        lab.ip("scanner", "link set target up");
        downMs = performance.now() - beganMs;
      },
    });
    const truth = groundTruth([
      [targets, "1-9000", "closed or undecided"],
      [targets, "22,80,8000-8009", "open or undecided"],
    ]);
    assertTruth(truth, run.ports, "synscan");
    assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
    const { undecided } = run.summary;
    assert(undecided < 1700 + 4 * downMs, `${undecided} ports undecided after ${downMs} ms without an interface`);
  }));

labTest("lab: the route disappears in the middle", [], async (t) => {
  const cases = FAMILIES.flatMap((family) => ["sendmmsg", "auto"].map((transport) => ({ family, transport })));
  await stepsAtOnce(
    t,
    cases,
    ({ family, transport }) => `${family.name}, ${transport}`,
    async ({ family, transport }) => {
      const targets = family.hosts(BEHIND, 9);
      await using lab = await pair(family);
      const args = [...targets, "-p", "1-9000", "--max-rate", "4000", "--transport", transport];
      const run = await runSynscan(lab, "scanner", args, {
        meanwhile: async () => {
          await received(lab, moment(family, 9000));
          for (const version of family.versions) lab.ip("scanner", `route del ${prefixOf(version, BEHIND)}`);
        },
      });
      const truth = groundTruth([
        [targets, "1-9000", "closed or undecided"],
        [targets, "22,80,8000-8009", "open or undecided"],
      ]);
      assertTruth(truth, run.ports, "synscan");
      // Ethernet frames need no route, so that the lane may find the whole truth.
      assert(transport === "auto" || run.summary.undecided > 0, "no port undecided although the route went away");
      assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
      assert(run.elapsedMs < 55_000, `took ${run.elapsedMs} ms`);
    },
  );
});

labTest("lab: no route at all", [], async (t) => {
  await using lab = await pair(MIXED);
  await forFamilies(t, async (family) => {
    const targets = family.hosts(200, 7);
    const { code, stdout, stderr } = await lab.run("scanner", [...SYNSCAN, ...targets, "-p", "1-10"]);
    assert(code === 1 || code === 2, `${code}`);
    assertEquals(stdout, "");
    for (const [at, line] of stderr.trimEnd().split("\n").entries()) {
      assertMatch(line, new RegExp(`^Cannot .*${targets[at]}.* no route to it`));
    }
  });
});

labTest("lab: a neighbour that never resolves, beside one that does", [], async (t) => {
  await using lab = await pair(MIXED);
  await forFamilies(t, async (family) => {
    const [targets, silent] = [family.hosts(LINK, 2), family.hosts(LINK, 77)];
    const run = await runSynscan(lab, "scanner", [...targets, ...silent, "-p", "1-200"]);
    const truth = groundTruth([[targets, "1-200", "closed", "reset"], [targets, "22,80", "open", "syn-ack"]]);
    assertTruth(truth, run.ports, "synscan");
    const absent = run.hosts.filter(({ state }) => state === "absent").map(({ ip }) => ip);
    assertEquals(absent, silent);
    assert(run.elapsedMs < 55_000, `took ${run.elapsedMs} ms`);
  });
});

// The kernel's tables hold 1,024 neighbours each (neigh.default.gc_thresh3). A raw socket reports nothing of what it
// drops beyond that unless IP_RECVERR is set: without it the kernel swallows ENOBUFS.
labTest("lab: more absent neighbours than the kernel's table holds", [], async (t) => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80" } },
    links: [{
      between: ["scanner", "target"],
      addresses: ["10.64.1.1/20 fd64:1::101/64", "10.64.1.2/20 fd64:1::102/64"],
    }],
  });
  /** The addresses of the link by their last 16 bits, from the first on. */
  const addresses = (family: Family, first: number, count: number) =>
    family.each((version) =>
      Array.from({ length: count }, (_, i) => first + i).map((low) =>
        version === IPV6 ? `fd64:1::${low.toString(16)}` : `10.64.${low >> 8}.${low & 255}`
      )
    );
  const commands = addresses(MIXED, 0x200, 128).map((ip) => `address add ${ip}/32 dev scanner`);
  lab.set("target", ["sh", "-c", `ip -batch - <<E\n${commands.join("\n").replaceAll(/(:.*)\/32/g, "$1/128")}\nE`]);
  const cases = FAMILIES.flatMap((family) => ["sendto", "auto"].map((transport) => ({ family, transport })));
  await stepsAtOnce(
    t,
    cases,
    ({ family, transport }) => `${family.name}, ${transport}`,
    async ({ family, transport }) => {
      const truth = groundTruth([
        [addresses(family, 0x101, 1), "80", "closed", "reset"],
        [[...addresses(family, 0x102, 1), ...addresses(family, 0x200, 128)], "80", "open", "syn-ack"],
      ]);
      const targets = family.each((version) => version === IPV6 ? "fd64:1::-fd64:1::4ff" : "10.64.0-4.0-255");
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "80", "--transport", transport]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals([run.code, run.summary.hosts_absent], [0, 1150 * family.versions.length], run.stderr);
    },
  );
});

labTest("lab: the scanner's own firewall drops what it sends", [], async (t) => {
  await using lab = await pair(MIXED);
  lab.rules("scanner", [chain("output", [rule.drop("100-199")])]);
  const transports = ["sendto", "sendmmsg", "auto"];
  const cases = FAMILIES.flatMap((family) => transports.map((transport) => ({ family, transport })));
  await stepsAtOnce(
    t,
    cases,
    ({ family, transport }) => `${family.name}, ${transport}`,
    async ({ family, transport }) => {
      const targets = family.hosts(LINK, 2);
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-300", "--transport", transport]);
      const truth = groundTruth([
        [targets, "1-300", "closed", "reset"],
        [targets, "22,80", "open", "syn-ack"],
        // Ethernet frames pass below the firewall, so that the lane may find the truth.
        [targets, "100-199", transport === "auto" ? "closed or undecided" : "undecided", "reset", "local-firewall"],
      ]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals(run.code, run.summary.undecided > 0 ? 3 : 0, run.stderr);
    },
  );
});

labTest("lab: the scanner's own firewall drops what it receives", [], async (t) => {
  await using lab = await pair(MIXED);
  lab.rules("scanner", [chain("input", ["meta l4proto tcp drop"])]);
  const transports = ["sendto", "sendmmsg", "ethernet"];
  const cases = FAMILIES.flatMap((family) => transports.map((transport) => ({ family, transport })));
  await stepsAtOnce(
    t,
    cases,
    ({ family, transport }) => `${family.name}, ${transport}`,
    async ({ family, transport }) => {
      const targets = family.hosts(LINK, 2);
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-300", "--transport", transport]);
      const truth = groundTruth([[targets, "1-300", "closed", "reset"], [targets, "22,80", "open", "syn-ack"]]);
      assertTruth(truth, run.ports, "synscan");
    },
  );
});

labTest("lab: connect(2) with 64 descriptors", [], async (t) => {
  await using lab = await pair(MIXED);
  await forFamilies(t, async (family) => {
    const targets = family.hosts(LINK, 2);
    const run = await runSynscan(lab, "scanner", ["-sT", ...targets, "-p", "1-2000"], { maxDescriptors: 64 });
    const truth = groundTruth([
      [targets, "1-2000", "closed", "conn-refused"],
      [targets, "22,80", "open", "conn-accept"],
    ]);
    assertTruth(truth, run.ports, "synscan -sT");
  });
});

labTest("lab: stopped for 10 s and continued: no burst, no wrong result", [], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await pair(family);
    const targets = family.hosts(LINK, 2);
    let [burst, burstMs] = [0, 0];
    const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-9000", "--max-rate", "3000"], {
      meanwhile: async (child) => {
        await received(lab, moment(family, 9000));
        child.kill("SIGSTOP");
        await delay(10_000);
        const before = lab.packets("target", "scanner").received;
        const beganMs = performance.now();
        child.kill("SIGCONT");
        await delay(200);
        burst = lab.packets("target", "scanner").received - before;
        burstMs = performance.now() - beganMs;
      },
    });
    const truth = groundTruth([
      [targets, "1-9000", "closed", "reset"],
      [targets, "22,80,8000-8009", "open", "syn-ack"],
    ]);
    assertTruth(truth, run.ports, "synscan");
    // The pause alone would allow 30,000 packets.
    assert(burst < 2000 + 3 * burstMs, `${burst} packets in the first ${burstMs} ms`);
  }));

/** Resolves once the target has received so many packets: a loaded machine may take long to begin a scan. */
const received = (lab: Lab, packets: number) => until(() => lab.packets("target", "scanner").received >= packets);
