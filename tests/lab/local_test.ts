/**
 * Failures on this machine, or between it and the next router, on real kernels: never a fact about a remote port,
 * by any technique.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DIFF_STATUS } from "../../src/cli/exit.ts";
import {
  block,
  FAMILIES,
  type Family,
  forFamilies,
  IPV4,
  IPV6,
  MIXED,
  prefixOf,
  type Version,
} from "../support/families.ts";
import { chain, delay, expandPorts, Lab, labTest, rule } from "../support/lab.ts";
import { withFolder } from "../support/folder.ts";
import { until } from "../support/program.ts";
import { stepsAtOnce } from "../support/steps.ts";
import { readSynscanJson, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";

/** The machine's link to its router, the link behind that to the target, and a network of 256 hosts that is the target. */
const [NEAR, BEHIND, HOSTS] = [71, 72, 73];

/** The machine that scans, a router, and a target behind it that listens on every port which is scanned. */
function routed(family: Family): Promise<Lab> {
  return Lab.create({
    spaces: {
      machine: { routes: family.routesVia(NEAR, 1) },
      router: { forward: true, routes: family.routesVia(BEHIND, 2, HOSTS) },
      target: {
        routes: family.routesVia(BEHIND, 1),
        local: family.each((version) => prefixOf(version, HOSTS)),
        listen: "22",
      },
    },
    links: [
      { between: ["router", "machine"], addresses: family.link(NEAR) },
      { between: ["router", "target"], addresses: family.link(BEHIND) },
    ],
  });
}

/** Scans 256 hosts of each version, one open port each, in 2.6 s. */
function argsFor(family: Family): string[] {
  const targets = family.each((version) => block(version, HOSTS, 0, 256));
  return ["-p", "22", ...targets, "--max-rate", `${100 * targets.length}`];
}

/** Fails unless every port is open or undecided for one of the reasons, and the scan is not trusted. */
function assertHonest(run: SynscanRun, reasons: readonly string[]): void {
  const others = run.ports.filter(({ state, reason }) =>
    state !== "open" && !(state === "undecided" && reasons.includes(reason))
  );
  assertEquals(others.slice(0, 3), []);
  assert(run.summary.undecided > 0, "nothing was undecided");
  assertEquals([run.code, run.summary.trusted], [3, false]);
}

/** `command` is of ip(8) in a space, run during the scan or before it, and so is that for each version. */
interface Outage {
  readonly name: string;
  readonly reasons: readonly string[];
  /** The statement on probes of a version. */
  readonly problem: (version: Version) => string;
  readonly space: string;
  readonly commands: (version: Version) => string;
  readonly isBefore?: boolean;
}

const OUTAGES: readonly Outage[] = [
  {
    ...{ name: "the router loses its carrier", reasons: ["no-carrier"], problem: () => "router has no carrier" },
    ...{ space: "router", commands: () => "link set machine down" },
  },
  {
    ...{ name: "the router loses its address", reasons: ["next-hop-silent"], problem: nextHop(1) },
    ...{ space: "router", commands: ({ option }) => `${option} address flush dev machine` },
  },
  {
    ...{ name: "the own interface disappears", reasons: ["interface-down", "unroutable"] },
    ...{ problem: () => "router is gone", space: "machine", commands: () => "link del router" },
  },
  {
    ...{ name: "a default route by an absent address", reasons: ["next-hop-silent"], problem: nextHop(254) },
    ...{ space: "machine", commands: (version) => `route replace default via ${version.address(NEAR, 254)}` },
    isBefore: true,
  },
  {
    ...{ name: "no carrier from the start", reasons: ["no-carrier"], problem: () => "router has no carrier" },
    ...{ space: "router", commands: () => "link set machine down", isBefore: true },
  },
];

function nextHop(host: number): Outage["problem"] {
  return (version) => `The next hop ${version.address(NEAR, host)} on router does not answer`;
}

/** Resolves once the router has received so many packets from the machine. */
function received(lab: Lab, packets: number): Promise<void> {
  return until(() => lab.packets("router", "machine").received >= packets);
}

async function assertOutage(outage: Outage, family: Family, technique: string): Promise<void> {
  const { reasons, problem, space, commands, isBefore = false } = outage;
  await using lab = await routed(family);
  const begin = () => {
    for (const words of new Set(family.each(commands))) lab.ip(space, words);
  };
  if (isBefore) begin();
  const run = await runSynscan(lab, "machine", [technique, ...argsFor(family)], {
    meanwhile: async () => {
      if (isBefore) return;
      await received(lab, 50);
      begin();
    },
  });
  assertHonest(run, reasons);
  // One statement for all that has the same cause.
  const problems = [...new Set(family.each(problem))];
  const each = isBefore ? `${256 * family.versions.length / problems.length}` : "\\d+";
  assertMatch(
    run.summary.warnings.toSorted().join("\n"),
    new RegExp(
      problems.map((text) => `^${text.replaceAll(".", "\\.")}: ${each} ports were not probed$`).join("\n"),
      "m",
    ),
  );
  assert(run.elapsedMs < 60_000, `took ${run.elapsedMs} ms`);
}

/** The commands that cause an outage, and end it. */
const RECOVERIES: Readonly<Record<string, readonly [off: Outage["commands"], on: Outage["commands"]]>> = {
  carrier: [() => "link set machine down", () => "link set machine up"],
  gateway: [
    ({ option }) => `${option} address flush dev machine`,
    (version) => `address add ${version.address(NEAR, 1)}/${version.prefixLen} dev machine`,
  ],
};

/** The length of an outage in milliseconds, and that from which on a scan may give up: it waits for 10 s. */
const [OUTAGE_MS, TOO_LONG_MS] = [2500, 8000];

async function assertRecovery(outage: string, family: Family, how: readonly string[]): Promise<void> {
  await using lab = await routed(family);
  const [off, on] = RECOVERIES[outage]!.map((commands) => new Set(family.each(commands)));
  let outageMs = 0;
  const run = await runSynscan(lab, "machine", [...how, ...argsFor(family)], {
    meanwhile: async () => {
      await received(lab, 50);
      const from = performance.now();
      for (const words of off!) lab.ip("router", words);
      await delay(OUTAGE_MS);
      for (const words of on!) lab.ip("router", words);
      await until(() => lab.set("machine", ["ip", "link", "show", "dev", "router"]).includes("LOWER_UP"));
      outageMs = performance.now() - from;
    },
  });
  // On a busy machine.
  if (outageMs > TOO_LONG_MS) return await assertRecovery(outage, family, how);
  assertEquals(run.ports.filter(({ state }) => state !== "open").slice(0, 3), [], run.stderr);
  assertEquals([run.code, run.summary.trusted], [0, true]);
}

labTest("local: an outage is undecided, with its reason; after it everything is probed", [], (t) => {
  const of = (name: string, check: (family: Family) => Promise<void>) =>
    FAMILIES.map((family) => ({ name: `${family.name}, ${name}`, check: () => check(family) }));
  const recovery = (outage: string, how: string) =>
    of(`${outage} back, ${how}`, (family) => assertRecovery(outage, family, how.split(" ")));
  return stepsAtOnce(
    t,
    [
      ...OUTAGES.flatMap((outage, index) => {
        // Each by one of the two: what differs between them is tested by the recoveries.
        const technique = index % 2 === 0 ? "-sS" : "-sT";
        return of(`${outage.name}, ${technique}`, (family) => assertOutage(outage, family, technique));
      }),
      ...recovery("carrier", "--transport ethernet"),
      ...recovery("carrier", "-sT"),
      ...recovery("gateway", "--transport sendto"),
      ...recovery("gateway", "--transport ethernet"),
      ...recovery("gateway", "-sT"),
    ],
    ({ name }) => name,
    ({ check }) => check(),
  );
});

labTest("local: what an outage hid is no change in the history", [], async (t) => {
  await using lab = await routed(MIXED);
  await withFolder(async (folder) => {
    const run = (...words: string[]) => lab.run("machine", [...SYNSCAN, ...words]);
    const argsOf = (family: Family) => [
      ...["-n", "-p", "22", ...family.each((version) => block(version, HOSTS, 0, 16))],
      ...["--db", `${folder}/${family.name}.db`],
    ];
    await Promise.all(FAMILIES.map((family) => run(...argsOf(family))));
    lab.ip("router", "link set machine down");
    await forFamilies(t, async (family) => {
      assertEquals((await run(...argsOf(family))).code, 3);
      const { stdout, code } = await run("diff", "--db", `${folder}/${family.name}.db`);
      const count = 16 * family.versions.length;
      assertEquals(stdout.match(/open in scan 1, undecided in scan 2/g)?.length, count, stdout);
      assertEquals(code, DIFF_STATUS.trouble, "an incomplete scan cannot be compared to the end");
    });
  });
});

labTest("local: a host that stays silent is told from an address without a host", [], async (t) => {
  await using lab = await routed(MIXED);
  lab.rules("router", [chain("input", ["meta l4proto tcp drop"])]);
  await stepsAtOnce(
    t,
    FAMILIES.flatMap((family) => ["-sS", "-sT"].map((technique) => ({ family, technique }))),
    ({ family, technique }) => `${family.name}, ${technique}`,
    async ({ family, technique }) => {
      const [silent, absent] = [family.hosts(NEAR, 1), family.hosts(NEAR, 77)];
      const run = await runSynscan(lab, "machine", [technique, "-p", "1-20", ...silent, ...absent]);
      const reasons = new Set(run.ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`));
      const isRaw = technique === "-sS";
      assertEquals(
        [...reasons].toSorted(),
        [
          ...silent.map((ip) => `${ip} filtered no-response`),
          ...isRaw ? [] : absent.map((ip) => `${ip} filtered no-arp-response`),
        ].toSorted(),
      );
      for (const ip of absent) {
        assertEquals(run.hosts.find((host) => host.ip === ip)?.state, isRaw ? "absent" : undefined);
      }
      const resolutions = family.each(({ resolution }) => resolution).join(" or ");
      assertEquals(run.summary.warnings, [
        silent.length === 1
          ? `${silent[0]} answers ${resolutions}, but no probe: the host is up`
          : `${silent.length} hosts on own links answer ${resolutions}, but no probe: they are up`,
      ]);
      assertEquals([run.summary.hosts_up, run.code], [silent.length, 0]);
    },
  );
});

labTest("local: an address without a host is down for scripts, in a block of any size", [], async (t) => {
  await using lab = await routed(MIXED);
  await stepsAtOnce(
    t,
    FAMILIES.flatMap((family) => [4, 8, 64].map((count) => ({ family, count }))),
    ({ family, count }) => `${family.name}, ${count} addresses`,
    async ({ family, count }) => {
      const up = family.hosts(NEAR, 1);
      const targets = [...family.each((version) => block(version, NEAR, 64, count)), ...up];
      const { stdout, code } = await lab.run("machine", [...SYNSCAN, "-n", "-p", "22", "-oG", "-", ...targets]);
      const statuses = Array.from(stdout.matchAll(/^Host: (\S+) \(\)\tStatus: (\w+)$/gm), ([, ...each]) => each);
      const expected = family.each((version) => [
        [version.address(NEAR, 1), "Up"],
        ...Array.from({ length: count }, (_, at) => [version.address(NEAR, 64 + at), "Down"]),
      ]);
      assertEquals([statuses.toSorted(), code], [expected.toSorted(), 0], stdout);
      const all = `${expected.length} IP addresses (${up.length} ${up.length === 1 ? "host" : "hosts"} up) scanned`;
      assertStringIncludes(stdout, `-- ${all}`);
    },
  );
});

labTest(
  "local: a neighbour that dies in the middle is undecided, whatever the own kernel says of it",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routed(family);
      const targets = family.hosts(NEAR, 1);
      const run = await runSynscan(lab, "machine", ["-p", "1-1000", ...targets, "--max-rate", "500"], {
        meanwhile: async () => {
          // In the last pass, before which every host has replied.
          await received(lab, 200 + 1000 * (targets.length - 1));
          lab.ip("router", "address flush dev machine");
        },
      });
      const states = new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`));
      assertEquals([...states].toSorted(), ["closed reset", "undecided host-silent"]);
      assertEquals(run.code, 3);
    }),
);

labTest("local: a router's report of a dead host behind it is waited for", [], async (t) => {
  await using lab = await routed(MIXED);
  await forFamilies(t, async (family) => {
    // Errors about one host are limited where several scans look for it.
    const dead = family.hosts(BEHIND, 99 + FAMILIES.indexOf(family));
    const run = await runSynscan(lab, "machine", ["-p", "1-20", ...dead]);
    assertEquals(
      [run.ports, run.hosts.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`)],
      [[], dead.map((ip) => `${ip} absent host-unreach`)],
    );
    const all = await runSynscan(lab, "machine", ["-Pn", "-p", "1-20", ...dead]);
    assertEquals(
      new Set(all.ports.map(({ ip, reason, from }) => `${ip} ${reason} ${from}`)),
      new Set(dead.map((ip, at) => `${ip} host-unreach ${family.hosts(NEAR, 1)[at]}`)),
    );
  });
});

labTest(
  "local: a host that blocks the scanner in the middle is reported with time, count and cause",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routed(family);
      // As portsentry does: a sender that probes one of its ports is dropped from then on.
      const rules = family.each(({ header }) => ({
        set: `set ${header}_scanners { type ${
          header === "ip" ? "ipv4_addr" : "ipv6_addr"
        }; flags dynamic; timeout 60s; }`,
        drop: `${header} saddr @${header}_scanners drop`,
        add: `tcp dport 111 add @${header}_scanners { ${header} saddr } drop`,
      }));
      lab.rules("router", [
        ...rules.map(({ set }) => set),
        chain("input", [
          "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
          ...rules.flatMap(({ drop, add }) => [drop, add]),
        ]),
      ]);
      const targets = family.hosts(NEAR, 1);
      const run = await runSynscan(lab, "machine", ["-p", "1-500", ...targets, "--max-rate", "2000"]);
      for (const target of targets) {
        const line = run.summary.warnings.find((text) => text.startsWith(`${target} `)) ?? "";
        const [, replies] =
          /^\S+ stopped replying \S+ m?s after the scan began, after (\d+) repl.*: it probably blocks/.exec(line) ?? [];
        const closed = run.ports.filter(({ ip, state }) => ip === target && state === "closed").length;
        assert(Number(replies) >= closed && Number(replies) <= closed + 20, `${line} ${closed}`);
      }
      assertEquals(
        new Set(run.ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`)),
        new Set(targets.flatMap((ip) => [`${ip} closed reset`, `${ip} undecided host-silent`])),
      );
    }),
);

labTest("local: ICMP errors that a router limits are one statement", [], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await routed(family);
    const settings = Object.entries(family.limitedErrors()).map(([name, value]) => `${name}=${value}`);
    lab.set("router", ["sysctl", "-qw", ...settings]);
    const targets = family.each(({ address }) => `${address(200, 1)}-${address(200, 254)}`);
    const run = await runSynscan(lab, "machine", ["-p", "80", ...targets]);
    assertEquals(
      run.summary.warnings.toSorted(),
      family.each((version) => {
        const isOf = (ip: string) => ip.includes(":") === (version !== IPV4);
        const answered = run.ports.filter(({ ip, reason }) => isOf(ip) && reason === "net-unreach").length;
        assert(answered > 0 && answered < 60, `${answered}`);
        return `${version.address(NEAR, 1)} answered for ${answered} of 254 ports by ICMP errors; ` +
          "routers and hosts limit such errors, so the silence of the others may mean the same";
      }).toSorted(),
    );
    assertEquals([run.code, run.summary.loss], [0, null]);
    const early = await runSynscan(lab, "machine", ["-T5", "-p", "80", ...family.hosts(BEHIND, 99)]);
    assertMatch(early.summary.warnings.join(), /Silence was not waited for .* \(3\.1 s\)/);
  }));

labTest(
  "local: limited ICMP errors explain the silence of their own network, and of the host that sends them",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routed(family);
      const settings = Object.entries(family.limitedErrors()).map(([name, value]) => `${name}=${value}`);
      for (const space of ["router", "target"]) lab.set(space, ["sysctl", "-qw", ...settings]);
      for (const route of family.routesOfType("blackhole", 201)) lab.ip("router", `route add ${route}`);
      for (const version of family.versions) {
        lab.ip("target", `${version.option} address add ${version.address(BEHIND, 9)}/${version.prefixLen} dev router`);
      }
      lab.rules("target", [
        chain("input", [
          ...family.each(({ header, address }) => `${header} daddr ${address(BEHIND, 9)} tcp dport 100-199 drop`),
          ...family.each(({ icmp }) => `tcp dport 100-199 reject with ${icmp} type admin-prohibited`),
        ]),
      ]);
      const answered = ({ ports }: SynscanRun, text: string, reason: string) =>
        ports.filter(({ ip, ...port }) => port.reason === reason && ip.startsWith(text)).length;
      // Of two networks that are neighbours in the list of targets one has errors, the other is silent.
      const targets = family.each(({ address }) => [200, 201].map((net) => `${address(net, 1)}-${address(net, 60)}`));
      const networks = await runSynscan(lab, "machine", ["-p", "80", ...targets]);
      const statement = (ip: string, count: number, of: number) =>
        `${ip} answered for ${count} of ${of} ports by ICMP errors; ` +
        "routers and hosts limit such errors, so the silence of the others may mean the same";
      assertEquals(
        networks.summary.warnings.toSorted(),
        family.each(({ address }) => {
          const count = answered(networks, address(200, 0).replace(/0$/, ""), "net-unreach");
          assert(count > 0 && count < 60, `${count}`);
          return statement(address(NEAR, 1), count, 60);
        }).toSorted(),
      );
      // A host that refuses ports by errors, and a neighbour that drops the packets.
      const both = [2, 9].flatMap((host) => family.hosts(BEHIND, host));
      const hosts = await runSynscan(lab, "machine", ["-Pn", "-p", "100-199", ...both]);
      assertEquals(
        hosts.summary.warnings.toSorted(),
        family.each(({ address }) => {
          const count = answered(hosts, address(BEHIND, 2), "admin-prohibited");
          assert(count > 0 && count < 100, `${count}`);
          return statement(address(BEHIND, 2), count, 100);
        }).toSorted(),
      );
    }),
);

labTest("local: an address that no host has is refused, or left out of others, and explained", [], async (t) => {
  await using lab = await routed(MIXED);
  const run = (args: readonly string[]) => lab.run("machine", [...SYNSCAN, "-n", "-p", "22", ...args]);
  const refused: readonly (readonly [args: readonly string[], why: string | RegExp])[] = [
    [["0.0.0.0"], "Cannot scan 0.0.0.0: it is this host. Scan 127.0.0.1"],
    [
      ["-sT", "10.64.71.255"],
      "Cannot scan 10.64.71.255: it is the broadcast address of router. Name the address of a host",
    ],
    [["255.255.255.255,0.0.0.0"], /^Cannot scan .* Name the address of a host$/],
    [["224.0.0.1"], "Cannot scan 224.0.0.1: it is a multicast address. Name the address of a host"],
    [["::"], /^Cannot read target "::": it is the unspecified address/],
    [["ff02::1"], /^Cannot read target "ff02::1": it is a multicast address/],
  ];
  for (const [args, why] of refused) {
    const { code, stderr } = await run(args);
    assertEquals(code, 1);
    if (typeof why === "string") assertEquals(stderr.trim(), why);
    else assertMatch(stderr.trim(), why);
  }
  await forFamilies(t, async (family) => {
    // IPv6 has no broadcast addresses.
    const targets = family.each((version) => block(version, NEAR, 254, 2));
    const others = await run([...targets, "--json"]);
    const leftOut = family.versions.includes(IPV4)
      ? "10.64.71.255 is left out: it is the broadcast address of router"
      : "";
    assertEquals(others.stderr.trim(), leftOut);
    assertEquals(
      readSynscanJson(others.stdout).hosts.map(({ ip, state }) => [ip, state]),
      family.each((version): [string, string][] =>
        [254, 255].map((host): [string, string] => [version.address(NEAR, host), "absent"])
      ).filter(([ip]) => ip !== IPV4.address(NEAR, 255)),
    );
  });
});

labTest("local: a router reports a replying host as unreachable: it died", [], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await routed(family);
    const targets = family.hosts(BEHIND, 2);
    const run = await runSynscan(lab, "machine", ["-p", "1-500", ...targets, "--max-rate", "500"], {
      meanwhile: async () => {
        await received(lab, 200 + 500 * (targets.length - 1));
        lab.ip("target", "link set router down");
      },
    });
    const found = new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`));
    found.delete("open syn-ack");
    assertEquals([...found].toSorted(), ["closed reset", "undecided host-silent"]);
    const gateway = family.hosts(NEAR, 1).at(-1)!.replaceAll(".", "\\.");
    assertMatch(run.summary.warnings.join(), new RegExp(`${gateway} reports it as unreachable, so it went down`));
    assertEquals(run.code, 3);
  }));

labTest("local: a router reports a replying host as unreachable: a firewall's error is of ports", [], async (t) => {
  await using lab = await routed(MIXED);
  lab.rules("router", [chain("forward", [rule.reject("100-109", "host-unreachable")])]);
  await forFamilies(t, async (family) => {
    const run = await runSynscan(lab, "machine", ["-p", "1-200", ...family.hosts(BEHIND, 2)]);
    const rejected = run.ports.filter(({ reason }) => reason === "host-unreach");
    assertEquals(
      rejected.map(({ port, from }) => `${port} ${from}`).toSorted(),
      family.hosts(NEAR, 1).flatMap((from) => expandPorts("100-109").map((port) => `${port} ${from}`)).toSorted(),
    );
    assertEquals([run.code, run.summary.undecided], [0, 0]);
  });
});

labTest(
  "local: more addresses on an own link than the kernel's table of neighbours holds need no room in it",
  [],
  async (t) => {
    // The limit is of the whole machine, and no namespace can change it: the network has twice as many addresses.
    const countOf = (version: Version) => {
      const limit = Number(
        Deno.readTextFileSync(`/proc/sys/net/${version.name.toLowerCase()}/neigh/default/gc_thresh3`),
      );
      // A larger table would take minutes.
      return Math.min(1 << 16, 2 << Math.ceil(Math.log2(limit)));
    };
    const address = (host: number) =>
      MIXED.each((version) =>
        `${version.address(0, host)}/${version === IPV4 ? 32 - Math.log2(countOf(version)) : version.prefixLen}`
      ).join(" ");
    await using lab = await Lab.create({
      spaces: { machine: {}, target: {} },
      links: [{ between: ["machine", "target"], addresses: [address(1), address(2)] }],
    });
    await forFamilies(t, async (family) => {
      const targets = family.each((version) => block(version, 0, 0, countOf(version)));
      const { ports, summary } = await runSynscan(lab, "machine", ["-p", "22", ...targets]);
      const up = [...family.hosts(0, 1), ...family.hosts(0, 2)];
      assertEquals(
        ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`).toSorted(),
        up.map((ip) => `${ip} closed reset`).toSorted(),
      );
      // Neither the two hosts nor the broadcast address of IPv4.
      const absent = family.each((version) => countOf(version) - (version === IPV4 ? 3 : 2));
      assertEquals(
        [summary.hosts_absent, summary.send_retries, summary.warnings],
        [absent.reduce((sum, count) => sum + count, 0), 0, []],
      );
      for (const { option } of family.versions) {
        const entries = (await lab.run("machine", ["ip", option, "neigh"])).stdout.trim().split("\n");
        // A kernel has an entry for each host that has solicited it.
        const isOther = (line: string) => !/^fe80:|^$/.test(line) && !line.startsWith(`${IPV6.address(0, 2)} `);
        const others = entries.filter(isOther);
        assertEquals(others, []);
      }
    });
  },
);

/** Replies of an own firewall, and the way of sending. */
const OWN_FIREWALL = [
  ["drop", "--transport sendto"],
  ["reject with tcp reset", "--transport sendmmsg"],
  ["reject with icmpx type admin-prohibited", "--transport sendmmsg"],
  ["reject with icmpx type host-unreachable", "--transport ethernet"],
  ["reject with icmpx type admin-prohibited", "-sT"],
  ["reject with icmpx type host-unreachable", "-sT"],
  ["reject with icmpx type no-route", "-sT"],
  ["reject with icmpx type port-unreachable", "-sT"],
  ["reject with tcp reset", "-sT"],
  ["drop", "-sT"],
] as const;

labTest("local: what the own firewall refuses to send is undecided", [], (t) =>
  stepsAtOnce(
    t,
    OWN_FIREWALL.flatMap(([answer, how]) => FAMILIES.map((family) => ({ answer, how, family }))),
    ({ answer, how, family }) => `${family.name}, ${answer}, ${how}`,
    async ({ answer, how, family }) => {
      await using lab = await routed(family);
      lab.rules("machine", [chain("output", [`tcp dport 22 ${answer}`])]);
      // Beyond a router, and on the own link.
      const targets = [...family.hosts(BEHIND, 2), ...how === "-sT" ? family.hosts(NEAR, 1) : []];
      const isUser = how === "-sT" && FAMILIES.indexOf(family) % 2 === 0;
      const run = await runSynscan(lab, "machine", ["-p", "22,23", ...targets, ...how.split(" ")], { isUser });
      const found = run.ports.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).toSorted();
      const closed = how === "-sT" ? "conn-refused" : "reset";
      assertEquals(
        found,
        targets.flatMap((ip) => [`${ip} 22 undecided local-firewall`, `${ip} 23 closed ${closed}`]).toSorted(),
      );
      assertEquals(run.code, 3);
      const refused = targets.length === 1 ? "1 port was" : `${targets.length} ports were`;
      const [warning] = run.summary.warnings;
      assertEquals(warning, `The firewall of this machine refuses to send: ${refused} not probed`);
    },
  ));

labTest(
  "local: a refusal of the own firewall is no reply to service detection either",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routed(family);
      // Of connections alone: the window of probes is small.
      for (const answer of ["tcp reset", "icmpx type port-unreachable"]) {
        lab.rules("machine", [chain("output", [`tcp dport 22 tcp window > 60000 reject with ${answer}`])]);
        const run = await runSynscan(lab, "machine", ["-sV", "-p", "22", ...family.hosts(BEHIND, 2)]);
        for (const port of run.ports) assertEquals([port.state, port.service_label], ["open", "no-connection"], answer);
      }
      // A host that refuses them by itself.
      lab.rules("machine", []);
      lab.rules("target", [chain("input", ["tcp dport 22 tcp window > 60000 reject with tcp reset"])]);
      const run = await runSynscan(lab, "machine", ["-sV", "-p", "22", ...family.hosts(BEHIND, 2)]);
      for (const port of run.ports) assertEquals([port.state, port.service_label], ["open", "refused"]);
    }),
);

labTest(
  "local: refused connections are the hosts' while others use loopback",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await routed(family);
      const targets = ["127.0.0.1", ...family.hosts(BEHIND, 2)];
      const run = await runSynscan(lab, "machine", ["-sT", "-p", "1000-1499", ...targets]);
      const states = new Set(run.ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`));
      assertEquals(states, new Set(targets.map((ip) => `${ip} closed conn-refused`)));
      assertEquals([run.code, run.ports.length], [0, 500 * targets.length]);
    }),
);

labTest("local: a sparse network on an own link is decided without probes to absent hosts", [], async (t) => {
  await using lab = await Lab.create({
    spaces: { machine: {}, target: {} },
    links: [{ between: ["machine", "target"], addresses: MIXED.link(NEAR) }],
  });
  const hosts = [2, 9, 77, 130, 254];
  for (const address of hosts.slice(1).flatMap((host) => MIXED.onLink(NEAR, host).split(" "))) {
    lab.ip("target", `address add ${address} dev machine`);
  }
  await forFamilies(t, async (family) => {
    const up = hosts.flatMap((host) => family.hosts(NEAR, host));
    const targets = family.each((version) => block(version, NEAR, 0, 256));
    const run = await runSynscan(lab, "machine", [...targets, "--exclude", family.hosts(NEAR, 1).join()]);
    const states = run.ports.filter(({ ip, reason }) => reason !== (up.includes(ip) ? "reset" : "no-arp-response"));
    assertEquals(states.slice(0, 3), [], run.stderr);
    assertEquals(run.ports.filter(({ state }) => state === "closed").length, up.length * 1000);
    assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
    assert(run.summary.sent < 7000 * targets.length, `${run.summary.sent} probes were sent`);
  });
});
