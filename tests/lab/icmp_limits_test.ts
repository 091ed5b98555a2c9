/**
 * Hosts and routers whose ICMP errors a real kernel limits: ports that are refused by errors, and ports that stay silent because errors are missing, have no wrong state.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { FAMILIES, type Family, forFamilies } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The scanner's link, to the router, and the one behind it. */
const [NEAR, BEHIND] = [1, 2];
const REFUSED = "100-199";

/** A router that refuses ports of its own and of the host behind it, and loses so many percent of the packets each way. */
function routedLab(family: Family, loss = 0): Promise<Lab> {
  const losing = [chain("prerouting", [rule.lose(loss)]), chain("output", [rule.lose(loss)])];
  const refuse = rule.reject(REFUSED, "admin-prohibited");
  return Lab.create({
    spaces: {
      scanner: { routes: family.routesVia(NEAR, 2) },
      router: {
        ...{ forward: true, listen: "80", sysctls: family.limitedErrors() },
        chains: [chain("input", [refuse]), chain("forward", [refuse]), ...loss > 0 ? losing : []],
      },
      target: { routes: family.routesVia(BEHIND, 1), listen: "80" },
    },
    links: [
      { between: ["scanner", "router"], addresses: family.link(NEAR) },
      { between: ["router", "target"], addresses: family.link(BEHIND) },
    ],
  });
}

for (const loss of [0, 10]) {
  labTest(
    `lab: refusals that a kernel limits are filtered all the same, ${loss} % lost each way`,
    [],
    (t) =>
      stepsAtOnce(
        t,
        FAMILIES.flatMap((family) => [NEAR, BEHIND].map((network) => ({ family, network }))),
        ({ family, network }) => `${family.name}, ${network === NEAR ? "a router" : "a host behind it"}`,
        async ({ family, network }) => {
          await using lab = await routedLab(family, loss);
          const hosts = family.hosts(network, 2);
          const { ports, summary, elapsedMs } = await runSynscan(lab, "scanner", [...hosts, "-p", "1-300"]);
          const truth = groundTruth([
            [hosts, "1-300", "closed", "reset"],
            [hosts, "80", "open", "syn-ack"],
            [hosts, REFUSED, "filtered", "admin-prohibited", "no-response"],
          ]);
          assertTruth(truth, ports, "synscan");
          for (const [at, host] of hosts.entries()) {
            const refusals = ports.filter(({ ip, reason }) => ip === host && reason === "admin-prohibited");
            // The burst; with loss, what is left of it.
            assert(refusals.length >= (loss === 0 ? 6 : 3) && refusals.length < 100, `${refusals.length} refusals`);
            assertEquals(new Set(refusals.map(({ from }) => from ?? host)), new Set([family.hosts(NEAR, 2)[at]]));
          }
          assertEquals([summary.undecided, summary.trusted], [0, true]);
          assert(elapsedMs < 20_000 * hosts.length, `took ${elapsedMs} ms`);
        },
      ),
  );
}

labTest(
  "lab: refusals that a kernel limits make no port of other techniques closed or unfiltered",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routedLab(family);
      for (const [flag, states] of [["-sF", ["filtered", "open|filtered"]], ["-sA", ["filtered"]]] as const) {
        const { ports } = await runSynscan(lab, "scanner", [flag, ...family.hosts(BEHIND, 2), "-p", REFUSED]);
        assertEquals([...new Set(ports.map(({ state }) => state))].sort(), [...states], flag);
      }
    }),
);

labTest(
  "lab: of many absent hosts behind a router that limits its errors, some are reported and none is up",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routedLab(family);
      const targets = family.each(({ address }) => `${address(BEHIND, 2)}-${address(BEHIND, 65)}`);
      const { hosts, ports, summary } = await runSynscan(lab, "scanner", ["-p", "22", ...targets]);
      assertEquals(
        ports.filter(({ state }) => state !== "filtered").map(({ ip, state }) => `${ip} ${state}`).sort(),
        family.hosts(BEHIND, 2).map((ip) => `${ip} closed`).sort(),
      );
      const absent = hosts.filter(({ state }) => state === "absent");
      assertEquals([absent.length, new Set(absent.map(({ reason }) => reason))], [
        summary.hosts_absent!,
        new Set(["host-unreach"]),
      ]);
      // The six errors at once are about the waiting probes of one host or two.
      for (const { header } of family.versions) {
        assert(absent.some(({ ip }) => ip.includes(":") === (header === "ip6")), "none was reported");
      }
    }),
);
