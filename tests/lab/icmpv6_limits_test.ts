/**
 * Hosts and routers whose ICMPv6 errors a real kernel limits: ports that are refused by errors, and ports that stay silent because errors are missing, have no wrong state.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const NEAR = "2001:db8:1::2";
const FAR = "2001:db8:2::2";
/** The kernel's own defaults since Linux 6.18: to each address six errors at once, and then one in 100 ms. */
const LIMITED = { "net.ipv6.icmp.ratemask": "0-1,3-127", "net.ipv6.icmp.ratelimit": 100 };
const REFUSED = "100-199";

/** A router that refuses ports of its own and of the host behind it, and loses so many percent of the packets each way. */
function routedLab(loss = 0): Promise<Lab> {
  const losing = [chain("prerouting", [rule.lose(loss)]), chain("output", [rule.lose(loss)])];
  const refuse = `tcp dport { ${REFUSED} } reject with icmpv6 type admin-prohibited`;
  return Lab.create({
    spaces: {
      scanner: { routes: ["default via 2001:db8:1::2"] },
      router: {
        ...{ forward: true, listen: "80", sysctls: LIMITED },
        chains: [chain("input", [refuse]), chain("forward", [refuse]), ...loss > 0 ? losing : []],
      },
      target: { routes: ["default via 2001:db8:2::1"], listen: "80" },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["2001:db8:1::1/64", `${NEAR}/64`] },
      { between: ["router", "target"], addresses: ["2001:db8:2::1/64", `${FAR}/64`] },
    ],
  });
}

for (const loss of [0, 10]) {
  labTest(
    `lab: refusals over IPv6 that a kernel limits are filtered all the same, ${loss} % lost each way`,
    [],
    async () => {
      await using lab = await routedLab(loss);
      for (const host of [NEAR, FAR]) {
        const { ports, summary, elapsedMs } = await runSynscan(lab, "scanner", [host, "-p", "1-300"]);
        const truth = groundTruth([
          [host, "1-300", "closed", "reset"],
          [host, "80", "open", "syn-ack"],
          [host, REFUSED, "filtered", "admin-prohibited", "no-response"],
        ]);
        assertTruth(truth, ports, "synscan");
        const refusals = ports.filter(({ reason }) => reason === "admin-prohibited");
        assert(refusals.length >= 6 && refusals.length < 100, `${refusals.length} refusals`);
        assertEquals(new Set(refusals.map(({ from }) => from ?? host)), new Set([NEAR]));
        assertEquals([summary.undecided, summary.trusted], [0, true]);
        assert(elapsedMs < 20_000, `took ${elapsedMs} ms`);
      }
    },
  );
}

labTest(
  "lab: refusals over IPv6 that a kernel limits make no port of other techniques closed or unfiltered",
  [],
  async () => {
    await using lab = await routedLab();
    for (const [flag, states] of [["-sF", ["filtered", "open|filtered"]], ["-sA", ["filtered"]]] as const) {
      const { ports } = await runSynscan(lab, "scanner", [flag, FAR, "-p", REFUSED]);
      assertEquals([...new Set(ports.map(({ state }) => state))].sort(), [...states], flag);
    }
  },
);

labTest(
  "lab: of many absent hosts behind a router that limits its errors, some are reported and none is up",
  [],
  async () => {
    await using lab = await routedLab();
    const { hosts, ports, summary } = await runSynscan(lab, "scanner", ["-p", "22", "2001:db8:2::2-41"]);
    assertEquals(ports.filter(({ state }) => state !== "filtered").map(({ ip, state }) => [ip, state]), [[
      FAR,
      "closed",
    ]]);
    const absent = hosts.filter(({ state }) => state === "absent");
    assertEquals([absent.length, new Set(absent.map(({ reason }) => reason))], [
      summary.hosts_absent!,
      new Set(["host-unreach"]),
    ]);
    // The six errors at once are about the waiting probes of one host or two.
    assert(absent.length >= 1, "none was reported");
  },
);
