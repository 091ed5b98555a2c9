/**
 * Discovery without raw sockets, as an ordinary user: by ping sockets where net.ipv4.ping_group_range permits them, and by connections.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { block, FAMILIES, type Family, forFamilies, MIXED, type Version } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { asUser, readSynscanJson, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";
import { until } from "../support/program.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** Every group may open ping sockets, or none may. */
const PERMITTED = "0 2147483647";
const FORBIDDEN = "1 0";
const ANNOUNCED = "No right to open raw sockets: hosts are pinged by";

/** The scanner's link, and the network behind it. */
const [LAN, BEHIND] = [1, 9];

/** A scanner, a router with a neighbour on the scanner's link, and a network behind it: of 256 addresses the first 16 are those of hosts. */
function net(pingGroups: string, chains: readonly string[] = [], family = MIXED): Promise<Lab> {
  const ofNetwork = (first: number, count: number) => family.each((version) => block(version, BEHIND, first, count));
  const sysctls = { "net.ipv4.ping_group_range": pingGroups };
  return Lab.create({
    spaces: {
      scanner: {
        sysctls,
        routes: family.each((version) => `${block(version, BEHIND, 0, 256)} via ${version.address(LAN, 10)}`),
      },
      one: {
        ...{ forward: true, local: ofNetwork(0, 16), chains },
        routes: ofNetwork(128, 128).map((prefix) => `blackhole ${prefix}`),
      },
      two: { listen: "22" },
    },
    bridges: [{
      name: "lan",
      members: { scanner: family.onLink(LAN, 1), one: family.onLink(LAN, 10), two: family.onLink(LAN, 40) },
    }],
  });
}

async function scan(lab: Lab, ...args: string[]): Promise<Omit<SynscanRun, "elapsedMs">> {
  const argv = asUser([...SYNSCAN, "--no-config", "-n", "--json", ...args]);
  const { code, stdout, stderr } = await lab.run("scanner", argv);
  const { ports, hosts, summary } = readSynscanJson(stdout);
  if (summary === undefined) throw new Error(`${args.join(" ")}: status ${code}: ${stderr}`);
  return { code, ports, hosts, summary, stderr };
}

function evidence({ hosts }: Pick<SynscanRun, "hosts">): string[] {
  return hosts.map(({ ip, state, reason, evidence = [] }) =>
    `${ip} ${state} ${evidence.map(({ probe, reason }) => `${probe} ${reason}`).toSorted().join(", ") || reason}`
  );
}

labTest(
  "unprivileged: -sn finds hosts by echo and by connections, and the kernel's ARP proves absence",
  ["setpriv"],
  async () => {
    await using lab = await net(PERMITTED, [chain("input", [rule.drop("443")])]);
    const run = await scan(lab, "-sn", "10.64.1.1", "10.64.1.9-10", "10.64.1.40", "10.64.9.3", "10.64.9.200");
    assertEquals(evidence(run), [
      "10.64.1.1 up echo localhost-response",
      "10.64.1.9 absent no-arp-response",
      "10.64.1.10 up connect:80 conn-refused, echo echo-reply",
      "10.64.1.40 up connect:443 conn-refused, connect:80 conn-refused, echo echo-reply",
      "10.64.9.3 up connect:80 conn-refused, echo echo-reply",
      "10.64.9.200 silent no-response",
    ]);
    assertEquals(
      run.stderr,
      `${ANNOUNCED} ICMP echo and connections to ports 80, 443. Use sudo for ARP and all pings\n`,
    );
    assertEquals([run.code, run.summary.hosts_up, run.summary.hosts_absent, run.ports.length], [0, 4, 1, 0]);
    const echo = run.hosts.find(({ ip }) => ip === "10.64.9.3")?.evidence?.find(({ probe }) => probe === "echo");
    assert(echo !== undefined && echo.ttl === 64 && echo.rtt_ms !== null && echo.rtt_ms < 1000, JSON.stringify(echo));
  },
);

labTest("unprivileged: hosts of IPv6 are found by echo alone, beside those of IPv4", ["setpriv"], async () => {
  const sysctls = { "net.ipv4.ping_group_range": PERMITTED };
  await using lab = await Lab.create({
    spaces: {
      scanner: { sysctls, routes: ["fd66:9::/64 via fd66::10"] },
      one: {
        ...{ forward: true, local: ["fd66:9::/124"], routes: ["blackhole fd66:9::8000/113"] },
        chains: [chain("input", ["meta l4proto tcp drop"])],
      },
    },
    links: [{ between: ["scanner", "one"], addresses: ["10.66.0.1/24 fd66::1/64", "10.66.0.10/24 fd66::10/64"] }],
  });
  const run = await scan(lab, "-sn", "10.66.0.10", "fd66::1", "fd66::10", "fd66::99", "fd66:9::3", "fd66:9::8001");
  assertEquals(evidence(run), [
    "10.66.0.10 up echo echo-reply",
    "fd66::1 up echo localhost-response",
    "fd66::10 up echo echo-reply",
    "fd66::99 absent no-arp-response",
    "fd66:9::3 up echo echo-reply",
    "fd66:9::8001 silent no-response",
  ]);
  const echo = run.hosts.find(({ ip }) => ip === "fd66:9::3")?.evidence?.[0];
  assert(echo !== undefined && echo.ttl === 64 && echo.rtt_ms !== null && echo.rtt_ms < 1000, JSON.stringify(echo));
  // Of the addresses to ping from each family has its own.
  const bound = await scan(lab, "-sn", "-PE", "-S", "10.66.0.1,fd66::1", "10.66.0.10", "fd66:9::3");
  assertEquals(evidence(bound), ["10.66.0.10 up echo echo-reply", "fd66:9::3 up echo echo-reply"]);
});

labTest("unprivileged: without a ping group hosts are found by connections alone", ["setpriv"], async () => {
  await using lab = await net(FORBIDDEN);
  const run = await scan(lab, "-sn", "-PE", "-PS22", "-PA22,81", "10.64.1.40", "10.64.9.3");
  assertEquals(evidence(run), [
    "10.64.1.40 up connect:22 conn-accept, connect:81 conn-refused",
    "10.64.9.3 up connect:22 conn-refused, connect:81 conn-refused",
  ]);
  assertMatch(
    run.stderr,
    /^No right .* connections to ports 22, 81 \(net\.ipv4\.ping_group_range permits no ICMP echo\)\. /,
  );
  const ignored = await scan(lab, "-sn", "-PS81", "--discovery-ignore-rst", "10.64.9.3");
  assertEquals(evidence(ignored), ["10.64.9.3 silent no-response"]);
});

labTest("unprivileged: what takes raw sockets is refused in one line with the remedy", ["setpriv"], async () => {
  await using lab = await net(FORBIDDEN);
  const rows: readonly (readonly [string, RegExp])[] = [
    ["-sn -PP", /^Cannot ping by ICMP timestamp: that takes raw sockets.* Use sudo, or ping with -PE or -PS80,443$/],
    ["-PM -PS80", /^Cannot ping by ICMP address mask: .* Use sudo, or /],
    ["-sn -PR", /^Cannot find hosts by ARP: .* Use sudo, or leave -PR out$/],
    ["-PE", /^Cannot ping by ICMP echo: .* net\.ipv4\.ping_group_range .* Use sudo, .*, or ping with -PS80,443$/],
  ];
  for (const [flags, says] of rows) {
    const argv = asUser([...SYNSCAN, "--no-config", "-n", ...flags.split(" "), "10.64.1.10"]);
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr.trimEnd(), says);
    assertEquals(stderr.split("\n").length, 2, stderr);
  }
});

labTest(
  "unprivileged: -sT after -PE probes the ports of hosts that replied, with and without root",
  ["setpriv"],
  async (t) => {
    await using lab = await net(PERMITTED);
    await forFamilies(t, async (family) => {
      const [near, far, none] = [family.hosts(LAN, 40), family.hosts(BEHIND, 3), family.hosts(BEHIND, 200)];
      const args = ["-sT", "-PE", "-p", "22,81", ...near, ...far, ...none];
      const expected = [
        ...near.flatMap((ip) => [`${ip} 22 open`, `${ip} 81 closed`]),
        ...far.flatMap((ip) => [`${ip} 22 closed`, `${ip} 81 closed`]),
      ].sort();
      const seen = ({ ports }: Pick<SynscanRun, "ports">) =>
        ports.map(({ ip, port, state }) => `${ip} ${port} ${state}`).toSorted();
      const statesOf = ({ hosts }: Pick<SynscanRun, "hosts">) =>
        hosts.map(({ ip, state }) => `${ip} ${state}`).toSorted();
      const user = await scan(lab, ...args);
      assertEquals(seen(user), expected);
      assertEquals(
        statesOf(user),
        [...[...near, ...far].map((ip) => `${ip} up`), ...none.map((ip) => `${ip} silent`)].sort(),
      );
      assertStringIncludes(user.stderr, `${ANNOUNCED} ICMP echo. `);
      // As root the pings are packets, and hosts on own links are asked by ARP or ND.
      const root = await runSynscan(lab, "scanner", args);
      assertEquals(seen(root), expected);
      const reasons = root.hosts.filter(({ state }) => state === "up").map(({ ip, evidence = [] }) =>
        `${ip} ${evidence.map(({ probe, reason }) => `${probe} ${reason}`).join()}`
      );
      const ofNear = { IPv4: "arp arp-response", IPv6: "nd nd-response" };
      assertEquals(
        reasons.toSorted(),
        family.each(({ name, address }) => [
          `${address(LAN, 40)} ${ofNear[name]}`,
          `${address(BEHIND, 3)} echo echo-reply`,
        ]).sort(),
      );
      assertEquals(root.stderr, "");
    });
  },
);

/** The pings of hosts of a lossy network. */
const LOSSY = [[PERMITTED, ["-PE"]], [FORBIDDEN, ["-PS80"]], [PERMITTED, []]] as const;

labTest("unprivileged: a loss of 10 % each way hides no host", ["setpriv"], async (t) => {
  const lossy = ["input", "output"] as const;
  const cases = LOSSY.flatMap(([groups, kinds]) => FAMILIES.map((family) => ({ groups, kinds, family })));
  await stepsAtOnce(
    t,
    cases,
    ({ kinds, family }) => `${family.name}, ${kinds.join() || "usual pings"}`,
    async ({ groups, kinds, family }) => {
      await using lab = await net(groups, lossy.map((hook) => chain(hook, [rule.lose(10)])), family);
      for (const [first, count] of [[16, 16], [32, 32]] as const) {
        for (const version of family.versions) {
          lab.ip("one", `route add local ${block(version, BEHIND, first, count)} dev lo`);
        }
      }
      const { hosts, summary } = await scan(lab, "-sn", ...kinds, ...networkOf(family));
      assertEquals(hosts.filter(({ state }) => state !== "up"), []);
      assertEquals([summary.hosts_up, summary.unmatched], [64 * family.versions.length, 0]);
    },
  );
});

/** The first 64 addresses of the network behind the router. */
const networkOf = (family: Family) => family.each((version: Version) => block(version, BEHIND, 0, 64));

labTest(
  "unprivileged: a scan of hosts that is interrupted is resumed",
  ["setpriv"],
  (t) => forFamilies(t, checkResumed),
);

async function checkResumed(family: Family): Promise<void> {
  await using lab = await net(PERMITTED, [], family);
  const folder = lab.folder();
  Deno.chmodSync(folder, 0o777);
  const file = `${folder}/o.json`;
  const times = family.versions.length;
  const files = ["--checkpoint", `${folder}/ck`, "-oJ", file];
  const pace = ["--max-rate", `${20 * times}`];
  const args = ["--no-config", "-n", "-sn", "-PE", ...pace, ...files, ...networkOf(family)];
  const received = () => JSON.parse(lab.set("one", ["ip", "-s", "-j", "link", "show", "lan"]))[0].stats64.rx.packets;
  const before = received();
  const first = await lab.run("scanner", asUser([...SYNSCAN, ...args]), {
    meanwhile: async (child) => {
      await until(() => received() > before + 20 * times);
      child.kill("SIGINT");
    },
  });
  assertEquals(first.code, 130, first.stderr);
  const resumed = await lab.run("scanner", asUser([...SYNSCAN, "resume", `${folder}/ck`]));
  assertEquals(resumed.code, 0, resumed.stderr);
  const { hosts, summary } = readSynscanJson(Deno.readTextFileSync(file));
  assertEquals(hosts.filter(({ state }) => state === "up").length, 16 * times);
  assertEquals([hosts.length, summary?.hosts_up], [64 * times, 16 * times]);
}

// Targets of IPv6 without a route are left out when a scan is planned.
labTest(
  "unprivileged: a host that no probe could be sent to is undecided, and the scan is not trusted",
  ["setpriv"],
  async () => {
    await using lab = await net(PERMITTED);
    const run = await scan(lab, "-sn", "192.0.2.1", "10.64.9.1");
    assertEquals(run.hosts.map(({ state }) => state), ["up", "undecided"]);
    assertEquals([run.code, run.summary.trusted], [3, false]);
    assertStringIncludes(run.summary.warnings.join("\n"), "1 of 2 hosts is undecided");
  },
);

labTest("unprivileged: nmap finds the same hosts", ["setpriv", "nmap"], async (t) => {
  await using lab = await net(FORBIDDEN);
  const theirs = (version: Version, targets: readonly string[]) =>
    lab.run("scanner", asUser(["nmap", ...version.nmap, "-n", "-sn", "-oG", "-", ...targets])).then(({ stdout }) =>
      [...stdout.matchAll(/^Host: (\S+) .*Status: Up$/gm)].map(([, ip]) => ip!)
    );
  await forFamilies(t, async (family) => {
    const targetsOf = ({ address }: Version) =>
      [8, 9, 10, 11, 12, 40].map((host) => address(LAN, host))
        .concat(address(BEHIND, 3));
    const found = await scan(lab, "-sn", ...family.each(targetsOf));
    const up = found.hosts.filter(({ state }) => state === "up").map(({ ip }) => ip);
    const others = await Promise.all(family.versions.map((version) => theirs(version, targetsOf(version))));
    assertEquals(up.toSorted(), others.flat().sort());
    assertEquals(up.length, 3 * family.versions.length);
  });
});

labTest("unprivileged: -e lo reaches every own address, whichever interface has it", ["setpriv"], async (t) => {
  await using lab = await Lab.create({
    spaces: { scanner: { listen: "22", sysctls: { "net.ipv4.ping_group_range": PERMITTED } }, peer: {} },
    links: [{ between: ["scanner", "peer"], addresses: MIXED.link(LAN) }],
  });
  await forFamilies(t, async (family) => {
    const own = [...family.hosts(LAN, 1), ...family.each(({ name }) => name === "IPv4" ? "127.0.0.1" : "::1")];
    const ports = ({ ports }: Pick<SynscanRun, "ports">) =>
      ports.map(({ ip, port, state }) => `${ip} ${port} ${state}`).toSorted();
    const expected = own.flatMap((ip) => [`${ip} 22 open`, `${ip} 81 closed`]).toSorted();
    for (const technique of ["-sT", "-sS"]) {
      assertEquals(
        ports(await runSynscan(lab, "scanner", [technique, "-e", "lo", "-p", "22,81", ...own])),
        expected,
        technique,
      );
    }
    assertEquals(ports(await scan(lab, "-sT", "-e", "lo", "-p", "22,81", ...own)), expected);
    const udp = await scan(lab, "-sU", "-e", "lo", "-p", "81", ...own);
    assertEquals(ports(udp), own.map((ip) => `${ip} 81 closed`).toSorted());
    const pinged = await scan(lab, "-sn", "-PE", "-e", "lo", ...own);
    assertEquals(evidence(pinged).toSorted(), own.map((ip) => `${ip} up echo localhost-response`).toSorted());
  });
});

labTest(
  "unprivileged: CAP_NET_RAW alone, as in a container, is enough for packets of both families",
  ["setpriv"],
  async () => {
    await using lab = await net(FORBIDDEN);
    const capabilities = ["setpriv", "--bounding-set=-all,+net_raw", "--inh-caps=-all,+net_raw", "--"];
    const [router, neighbour] = [10, 40].map((host) => MIXED.each((version) => version.address(LAN, host)));
    const targets = [...router!, ...neighbour!];
    const argv = [...capabilities, ...SYNSCAN, "--no-config", "-n", "--json", "-sS", "-p", "22-23", ...targets];
    const { code, stdout, stderr } = await lab.run("scanner", argv, { timeoutMs: 60_000 });
    assertEquals([code, stderr], [0, ""]);
    const { ports, summary } = readSynscanJson(stdout);
    assertEquals(summary!.probes, 2 * targets.length);
    assertEquals(
      ports.filter(({ state }) => state === "open").map(({ ip, port, reason }) => `${ip} ${port} ${reason}`).toSorted(),
      neighbour!.map((ip) => `${ip} 22 syn-ack`).toSorted(),
    );
  },
);
