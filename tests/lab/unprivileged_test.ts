/**
 * Discovery without raw sockets, as an ordinary user: by ping sockets where net.ipv4.ping_group_range permits them, and by connections.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { asUser, readSynscanJson, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";

/** Every group may open ping sockets, or none may. */
const PERMITTED = "0 2147483647";
const FORBIDDEN = "1 0";
const ANNOUNCED = "No right to open raw sockets: hosts are pinged by";

/** A scanner, a router with a neighbour on the scanner's link, and hosts behind it: 10.66.9.0/28 has 16, the rest of it none. */
function net(pingGroups: string, chains: readonly string[] = []): Promise<Lab> {
  const sysctls = { "net.ipv4.ping_group_range": pingGroups };
  return Lab.create({
    spaces: {
      scanner: { sysctls, routes: ["10.66.9.0/24 via 10.66.0.10"] },
      one: { forward: true, local: ["10.66.9.0/28"], routes: ["blackhole 10.66.9.128/25"], chains },
      two: { listen: "22" },
    },
    bridges: [{ name: "lan", members: { scanner: "10.66.0.1/24", one: "10.66.0.10/24", two: "10.66.0.40/24" } }],
  });
}

async function scan(lab: Lab, ...args: string[]): Promise<Omit<SynscanRun, "elapsedMs">> {
  const argv = asUser([...SYNSCAN, "--no-config", "-n", "--json", ...args]);
  const { code, stdout, stderr } = await lab.run("scanner", argv, { timeoutMs: 60_000 });
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
    const run = await scan(lab, "-sn", "10.66.0.1", "10.66.0.9-10", "10.66.0.40", "10.66.9.3", "10.66.9.200");
    assertEquals(evidence(run), [
      "10.66.0.1 up echo localhost-response",
      "10.66.0.9 absent no-arp-response",
      "10.66.0.10 up connect:80 conn-refused, echo echo-reply",
      "10.66.0.40 up connect:443 conn-refused, connect:80 conn-refused, echo echo-reply",
      "10.66.9.3 up connect:80 conn-refused, echo echo-reply",
      "10.66.9.200 silent no-response",
    ]);
    assertEquals(
      run.stderr,
      `${ANNOUNCED} ICMP echo and connections to ports 80, 443. Use sudo for ARP and all pings\n`,
    );
    assertEquals([run.code, run.summary.hosts_up, run.summary.hosts_absent, run.ports.length], [0, 4, 1, 0]);
    const echo = run.hosts.find(({ ip }) => ip === "10.66.9.3")?.evidence?.find(({ probe }) => probe === "echo");
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
  const run = await scan(lab, "-sn", "-PE", "-PS22", "-PA22,81", "10.66.0.40", "10.66.9.3");
  assertEquals(evidence(run), [
    "10.66.0.40 up connect:22 conn-accept, connect:81 conn-refused",
    "10.66.9.3 up connect:22 conn-refused, connect:81 conn-refused",
  ]);
  assertMatch(
    run.stderr,
    /^No right .* connections to ports 22, 81 \(net\.ipv4\.ping_group_range permits no ICMP echo\)\. /,
  );
  const ignored = await scan(lab, "-sn", "-PS81", "--discovery-ignore-rst", "10.66.9.3");
  assertEquals(evidence(ignored), ["10.66.9.3 silent no-response"]);
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
    const argv = asUser([...SYNSCAN, "--no-config", "-n", ...flags.split(" "), "10.66.0.10"]);
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr.trimEnd(), says);
    assertEquals(stderr.split("\n").length, 2, stderr);
  }
});

labTest(
  "unprivileged: -sT after -PE probes the ports of hosts that replied, with and without root",
  ["setpriv"],
  async () => {
    await using lab = await net(PERMITTED);
    const args = ["-sT", "-PE", "-p", "22,81", "10.66.0.40", "10.66.9.3", "10.66.9.200"];
    const expected = ["10.66.0.40 22 open", "10.66.0.40 81 closed", "10.66.9.3 22 closed", "10.66.9.3 81 closed"];
    const seen = ({ ports }: Pick<SynscanRun, "ports">) =>
      ports.map(({ ip, port, state }) => `${ip} ${port} ${state}`).toSorted();
    const user = await scan(lab, ...args);
    assertEquals(seen(user), expected);
    assertEquals(user.hosts.map(({ state }) => state), ["up", "up", "silent"]);
    assertStringIncludes(user.stderr, `${ANNOUNCED} ICMP echo. `);
    // As root the pings are packets, and hosts on own links are asked by ARP.
    const root = await runSynscan(lab, "scanner", args);
    assertEquals(seen(root), expected);
    assertEquals(evidence(root).slice(0, 2), ["10.66.0.40 up arp arp-response", "10.66.9.3 up echo echo-reply"]);
    assertEquals(root.stderr, "");
  },
);

labTest("unprivileged: a loss of 10 % each way hides no host", ["setpriv"], async (t) => {
  const lossy = ["input", "output"] as const;
  for (const [groups, kinds] of [[PERMITTED, ["-PE"]], [FORBIDDEN, ["-PS80"]], [PERMITTED, []]] as const) {
    await t.step(kinds.join() || "usual pings", async () => {
      await using lab = await net(groups, lossy.map((hook) => chain(hook, [rule.lose(10)])));
      lab.ip("one", "route add local 10.66.9.16/28 dev lo");
      lab.ip("one", "route add local 10.66.9.32/27 dev lo");
      const { hosts, summary } = await scan(lab, "-sn", ...kinds, "10.66.9.0/26");
      assertEquals(hosts.filter(({ state }) => state !== "up"), []);
      assertEquals([summary.hosts_up, summary.unmatched], [64, 0]);
    });
  }
});

labTest("unprivileged: a scan of hosts that is interrupted is resumed", ["setpriv"], async () => {
  await using lab = await net(PERMITTED);
  const folder = lab.folder();
  Deno.chmodSync(folder, 0o777);
  const file = `${folder}/o.json`;
  const read = () => {
    try {
      return Deno.readTextFileSync(file);
    } catch {
      return "";
    }
  };
  const files = ["--checkpoint", `${folder}/ck`, "-oJ", file];
  const args = ["--no-config", "-n", "-sn", "-PE", "--max-rate", "20", ...files, "10.66.9.0/26"];
  const first = await lab.run("scanner", asUser([...SYNSCAN, ...args]), {
    meanwhile: async (child) => {
      // Its first line is there once the scan has begun.
      while (!read().includes('"start"')) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      child.kill("SIGINT");
    },
  });
  assertEquals(first.code, 130, first.stderr);
  const resumed = await lab.run("scanner", asUser([...SYNSCAN, "resume", `${folder}/ck`]));
  assertEquals(resumed.code, 0, resumed.stderr);
  const { hosts, summary } = readSynscanJson(read());
  assertEquals(hosts.filter(({ state }) => state === "up").length, 16);
  assertEquals([hosts.length, summary?.hosts_up], [64, 16]);
});

labTest(
  "unprivileged: a host that no probe could be sent to is undecided, and the scan is not trusted",
  ["setpriv"],
  async () => {
    await using lab = await net(PERMITTED);
    const run = await scan(lab, "-sn", "192.0.2.1", "10.66.9.1");
    assertEquals(run.hosts.map(({ state }) => state), ["up", "undecided"]);
    assertEquals([run.code, run.summary.trusted], [3, false]);
    assertStringIncludes(run.summary.warnings.join("\n"), "1 of 2 hosts is undecided");
  },
);

labTest("unprivileged: nmap finds the same hosts", ["setpriv", "nmap"], async () => {
  await using lab = await net(FORBIDDEN);
  const targets = ["10.66.0.8-12", "10.66.0.40", "10.66.9.3"];
  const { stdout } = await lab.run("scanner", asUser(["nmap", "-n", "-sn", "-oG", "-", ...targets]));
  const theirs = [...stdout.matchAll(/^Host: (\S+) .*Status: Up$/gm)].map(([, ip]) => ip).toSorted();
  const ours = (await scan(lab, "-sn", ...targets)).hosts.filter(({ state }) => state === "up").map(({ ip }) => ip);
  assertEquals(ours.toSorted(), theirs);
  assertEquals(ours.length, 3);
});
