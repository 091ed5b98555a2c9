/**
 * Next hops that the kernel chooses by more than the destination: by rules about ports, protocols and sources, and by multipath routes. A
 * port is not silent because of a next hop that its probes alone take.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ALL_FAMILIES, FAMILIES, type Family, prefixOf } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** Links to two routers, links behind these, and the network of the target. */
const [ONE, OTHER, BEHIND_ONE, BEHIND_OTHER, HOSTS] = [74, 75, 76, 77, 78];
const SILENT_PORT = 7;
const [IPV4_ALONE] = ALL_FAMILIES;

/** A machine with two routers, of which the other one does not reply, and a target behind both that drops one port. */
async function twoRouters(family: Family): Promise<Lab> {
  const hosts = family.each((version) => prefixOf(version, HOSTS));
  const lab = await Lab.create({
    spaces: {
      machine: {},
      one: { forward: true, routes: family.routesVia(BEHIND_ONE, 2, HOSTS) },
      other: { forward: true, routes: family.routesVia(BEHIND_OTHER, 2, HOSTS) },
      target: {
        routes: [...family.routesVia(BEHIND_ONE, 1, ONE), ...family.routesVia(BEHIND_OTHER, 1, OTHER)],
        local: hosts,
        chains: [chain("input", [rule.drop(`${SILENT_PORT}`)])],
      },
    },
    links: [
      { between: ["machine", "one"], addresses: family.link(ONE).toReversed() as [string, string] },
      { between: ["machine", "other"], addresses: family.link(OTHER).toReversed() as [string, string] },
      { between: ["one", "target"], addresses: family.link(BEHIND_ONE) },
      { between: ["other", "target"], addresses: family.link(BEHIND_OTHER) },
    ],
  });
  lab.ip("other", "address flush dev machine");
  return lab;
}

/** Rules by which all packets to port 443, or all that a connect scan sends, leave by the other router. */
const RULES: readonly (readonly [rule: string, silent: readonly number[]])[] = [
  ["dport 443", [443]],
  ["ipproto tcp", [SILENT_PORT, 443, 444]],
];

labTest(
  "flows: a dead next hop of a rule about flows is named, and no port is silent because of it",
  [],
  (t) =>
    stepsAtOnce(
      t,
      FAMILIES.flatMap((family) => RULES.map(([rule, silent]) => ({ family, rule, silent }))),
      ({ family, rule }) => `${family.name}, ${rule}`,
      async ({ family, rule, silent }) => {
        await using lab = await twoRouters(family);
        for (const version of family.versions) {
          const option = version.option;
          lab.ip("machine", `${option} route add default via ${version.address(ONE, 1)}`);
          lab.ip("machine", `${option} route add default via ${version.address(OTHER, 1)} table 100`);
          lab.ip("machine", `${option} rule add ${rule} table 100 pref 100`);
        }
        const targets = family.hosts(HOSTS, 2);
        const run = await runSynscan(lab, "machine", ["-sT", "-p", `${SILENT_PORT},443,444`, ...targets]);
        assertEquals(
          run.ports.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).toSorted(),
          targets.flatMap((ip) =>
            [SILENT_PORT, 443, 444].map((port) =>
              silent.includes(port)
                ? `${ip} ${port} undecided next-hop-silent`
                : `${ip} ${port} ${port === SILENT_PORT ? "filtered no-response" : "closed conn-refused"}`
            )
          ).toSorted(),
        );
        const ports = silent.length === 1 ? "1 port was" : `${silent.length} ports were`;
        const named = family.each((version) =>
          `The next hop ${version.address(OTHER, 1)} on other does not answer: ${ports} not probed`
        );
        assertEquals(run.summary.warnings.filter((text) => text.startsWith("The next")).toSorted(), named.toSorted());
        assertEquals([run.code, run.summary.trusted], [3, false]);
      },
    ),
);

labTest("flows: a dead next hop of a rule about sources is named", [], (t) =>
  stepsAtOnce(
    t,
    // A connect scan has one address to send from.
    FAMILIES.flatMap((family) =>
      ["-sS", ...family.versions.length === 1 ? ["-sT"] : []].map((technique) => ({ family, technique }))
    ),
    ({ family, technique }) => `${family.name}, ${technique}`,
    async ({ family, technique }) => {
      await using lab = await twoRouters(family);
      const sources = family.hosts(OTHER, 2);
      for (const version of family.versions) {
        const { option } = version;
        lab.ip("machine", `${option} route add default via ${version.address(ONE, 1)}`);
        lab.ip("machine", `${option} route add default via ${version.address(OTHER, 1)} table 100`);
        lab.ip("machine", `${option} rule add from ${version.address(OTHER, 2)} table 100 pref 100`);
      }
      const run = await runSynscan(lab, "machine", [
        technique,
        "-S",
        sources.join(),
        "-p",
        "443",
        ...family.hosts(HOSTS, 2),
      ]);
      assertEquals(
        new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`)),
        new Set(["undecided next-hop-silent"]),
      );
      const named = family.each((version) =>
        `The next hop ${version.address(OTHER, 1)} on other does not answer: 1 port was not probed`
      );
      assertEquals(run.summary.warnings.filter((text) => text.startsWith("The next")).toSorted(), named.toSorted());
    },
  ));

labTest(
  "flows: with a dead next hop of a multipath route no silence counts, and replies do",
  [],
  (t) =>
    stepsAtOnce(t, FAMILIES, ({ name }) => name, async (family) => {
      await using lab = await twoRouters(family);
      const settings = ["ipv4", "ipv6"].map((each) => `net.${each}.fib_multipath_hash_policy=1`);
      lab.set("machine", ["sysctl", "-qw", ...settings]);
      for (const version of family.versions) {
        const hops = [ONE, OTHER].map((network) => `nexthop via ${version.address(network, 1)}`).join(" ");
        lab.ip("machine", `${version.option} route add default ${hops}`);
      }
      const targets = family.hosts(HOSTS, 2);
      const run = await runSynscan(lab, "machine", ["-sT", "-p", `${SILENT_PORT},440-459`, ...targets]);
      const silent = run.ports.filter(({ reason }) => reason !== "conn-refused");
      assertEquals(
        silent.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).toSorted(),
        targets.map((ip) => `${ip} ${SILENT_PORT} undecided next-hop-silent`).toSorted(),
      );
      const named = family.each((version) =>
        `The next hop ${version.address(OTHER, 1)} on other does not answer: 1 port was not probed`
      );
      assertEquals(run.summary.warnings.filter((text) => text.startsWith("The next")).toSorted(), named.toSorted());
    }),
);

labTest("flows: replies that the reverse-path filter drops make silence worthless to a connect scan", [], async (t) => {
  await stepsAtOnce(t, [1, 2], (mode) => `rp_filter = ${mode}`, async (mode) => {
    await using lab = await Lab.create({
      spaces: {
        machine: { routes: IPV4_ALONE.routesVia(BEHIND_ONE, 1, HOSTS) },
        one: { forward: true, routes: IPV4_ALONE.routesVia(ONE, 2, HOSTS) },
        other: { forward: true },
        target: { local: IPV4_ALONE.each((version) => prefixOf(version, HOSTS)) },
      },
      links: [
        { between: ["one", "machine"], addresses: IPV4_ALONE.link(BEHIND_ONE) },
        { between: ["other", "machine"], addresses: IPV4_ALONE.link(BEHIND_OTHER) },
        { between: ["one", "target"], addresses: IPV4_ALONE.link(ONE) },
        { between: ["other", "target"], addresses: IPV4_ALONE.link(OTHER) },
      ],
    });
    // Replies come back by the other router.
    for (const route of IPV4_ALONE.routesVia(OTHER, 1, BEHIND_ONE)) lab.ip("target", `route add ${route}`);
    for (const route of IPV4_ALONE.routesVia(BEHIND_OTHER, 2, BEHIND_ONE)) lab.ip("other", `route add ${route}`);
    const settings = ["all", "one", "other"].map((each) => `net.ipv4.conf.${each}.rp_filter=${mode}`);
    lab.set("machine", ["sysctl", "-qw", ...settings]);
    const run = await runSynscan(lab, "machine", ["-sT", "-p", "80-83", ...IPV4_ALONE.hosts(HOSTS, 2)], {
      isUser: true,
    });
    const states = new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`));
    const isStrict = mode === 1;
    assertEquals(states, new Set([isStrict ? "filtered no-response" : "closed conn-refused"]), run.stderr);
    assertEquals([run.code, run.summary.trusted], isStrict ? [3, false] : [0, true]);
    const dropped = /^The reverse-path filter of this machine .* dropped \d+ packets/;
    assertEquals(run.summary.warnings.some((text) => dropped.test(text)), isStrict);
  });
});

/** A chain of the scanner's packet filter that lets little come in. */
const DROPS_REPLIES = chain("input", [
  "iifname lo accept",
  "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
  "drop",
]);
const KEEPS_REPLIES = chain("input", [
  ...["iifname lo accept", "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"],
  ...["ct state established,related accept", "drop"],
]);

labTest("flows: replies that the scanner's own packet filter drops make the silence of its sockets worthless", [
  "setpriv",
], async (t) => {
  await stepsAtOnce(
    t,
    FAMILIES,
    ({ name }) => name,
    async (family) => {
      await using lab = await Lab.create({
        spaces: {
          machine: {},
          target: { listen: "443", chains: [chain("input", ["th dport 7 drop"])] },
        },
        links: [{ between: ["machine", "target"], addresses: family.link(HOSTS) }],
      });
      const scan = async (ports: string) => {
        const run = await runSynscan(lab, "machine", ["-sT", "-p", ports, ...family.hosts(HOSTS, 2)], {
          isUser: true,
        });
        const hasWarning = run.summary.warnings.some((text) =>
          /^This machine dropped \d+ packets that came in/.test(text)
        );
        return { states: new Set(run.ports.map(({ port, state }) => `${port} ${state}`)), code: run.code, hasWarning };
      };
      // The drops of the target are no fault of this machine, whatever its filter is.
      lab.rules("machine", [KEEPS_REPLIES]);
      assertEquals(await scan("7,9"), { states: new Set(["7 filtered", "9 closed"]), code: 0, hasWarning: false });
      lab.rules("machine", [DROPS_REPLIES]);
      const states = new Set([...Array(20).keys()].map((at) => `${9 + at} filtered`).concat("443 filtered"));
      assertEquals(await scan("9-28,443"), { states, code: 3, hasWarning: true });
    },
  );
});
