/**
 * Failures on this machine, or between it and the next router, on real kernels: never a fact about a remote port,
 * by any technique.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { DIFF_STATUS } from "../../src/cli/exit.ts";
import { chain, delay, expandPorts, Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { withFolder } from "../support/folder.ts";
import { readSynscanJson, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";

const TARGET = "10.72.0.2";
const GATEWAY = "10.71.0.1";

/** The machine that scans, a router, and a target behind it that listens on every port which is scanned. */
function routed(): Promise<Lab> {
  return Lab.create({
    spaces: {
      machine: { routes: [`default via ${GATEWAY}`] },
      router: { forward: true, routes: [`10.73.0.0/24 via ${TARGET}`] },
      target: { routes: ["default via 10.72.0.1"], local: ["10.73.0.0/24"], listen: "22" },
    },
    links: [
      { between: ["machine", "router"], addresses: ["10.71.0.2/24", `${GATEWAY}/24`] },
      { between: ["router", "target"], addresses: ["10.72.0.1/24", `${TARGET}/24`] },
    ],
  });
}

/** 256 hosts, one open port each. */
const ARGS = ["-p", "22", "10.73.0.0/24", "--max-rate", "100"];

/** Fails unless every port is open or undecided for one of the reasons, and the scan says what it did not learn. */
function assertHonest(run: SynscanRun, reasons: readonly string[], statement: RegExp): void {
  const others = run.ports.filter(({ state, reason }) =>
    state !== "open" && !(state === "undecided" && reasons.includes(reason))
  );
  assertEquals(others.slice(0, 3), []);
  assert(run.summary.undecided > 0, "nothing was undecided");
  assertEquals([run.code, run.summary.trusted], [3, false]);
  assert(run.summary.warnings.some((line) => statement.test(line)), run.summary.warnings.join("\n"));
}

/** `command` is one of ip(8) in a space, run during the scan or before it. */
type Outage = readonly [
  name: string,
  reasons: string,
  problem: string,
  space: string,
  command: string,
  isBefore?: true,
];

const OUTAGES: readonly Outage[] = [
  ["the router loses its carrier", "no-carrier", "router has no carrier", "router", "link set machine down"],
  ["the router loses its address", "next-hop-silent", nextHop("10.71.0.1"), "router", "address flush dev machine"],
  ["the own interface disappears", "interface-down unroutable", "router is gone", "machine", "link del router"],
  [
    ...["a default route by an absent address", "next-hop-silent", nextHop("10.71.0.254")] as const,
    ...["machine", "route replace default via 10.71.0.254", true] as const,
  ],
  ["no carrier from the start", "no-carrier", "router has no carrier", "router", "link set machine down", true],
];

function nextHop(address: string): string {
  return `The next hop ${address} on router does not answer`;
}

/** Resolves once the router has received so many packets from the machine. */
async function received(lab: Lab, packets: number): Promise<void> {
  for (let looks = 0; looks < 400; looks++) {
    const [link] = JSON.parse(lab.set("router", ["ip", "-s", "-j", "link", "show", "machine"]));
    if (link.stats64.rx.packets >= packets) return;
    await delay(50);
  }
}

/** A step of a test whose steps run at the same time, for all of them wait most of theirs. */
function step(name: string, fn: () => Promise<void>): Deno.TestStepDefinition {
  return { name, fn, sanitizeExit: false, sanitizeOps: false, sanitizeResources: false };
}

async function assertOutage(outage: Outage, technique: string): Promise<void> {
  const [, reasons, problem, space, command, isBefore = false] = outage;
  await using lab = await routed();
  if (isBefore) lab.ip(space, command);
  const run = await runSynscan(lab, "machine", [technique, ...ARGS], {
    meanwhile: async () => {
      if (isBefore) return;
      await received(lab, 50);
      lab.ip(space, command);
    },
  });
  const count = isBefore ? "256" : "\\d+";
  const statement = new RegExp(`^${problem.replaceAll(".", "\\.")}: ${count} ports were not probed$`);
  assertHonest(run, reasons.split(" "), statement);
  assert(run.elapsedMs < 60_000, `took ${run.elapsedMs} ms`);
}

/** The commands that cause an outage, and end it. */
const RECOVERIES = {
  carrier: ["link set machine down", "link set machine up"],
  gateway: ["address flush dev machine", `address add ${GATEWAY}/24 dev machine`],
} as const;

async function assertRecovery(outage: keyof typeof RECOVERIES, how: readonly string[]): Promise<void> {
  await using lab = await routed();
  const [off, on] = RECOVERIES[outage];
  const run = await runSynscan(lab, "machine", [...how, ...ARGS], {
    meanwhile: async () => {
      await received(lab, 50);
      lab.ip("router", off);
      await delay(2500);
      lab.ip("router", on);
    },
  });
  assertEquals(run.ports.filter(({ state }) => state !== "open").slice(0, 3), [], run.stderr);
  assertEquals([run.code, run.summary.trusted], [0, true]);
}

labTest("local: an outage is undecided, with its reason; after it everything is probed", [], async (t) => {
  await Promise.all([
    ...OUTAGES.map((outage, index) => {
      // Each by one of the two: what differs between them is tested by the recoveries.
      const technique = index % 2 === 0 ? "-sS" : "-sT";
      return t.step(step(`${outage[0]}, ${technique}`, () => assertOutage(outage, technique)));
    }),
    t.step(step("carrier back, lane", () => assertRecovery("carrier", ["--transport", "ethernet"]))),
    t.step(step("carrier back, connect", () => assertRecovery("carrier", ["-sT"]))),
    t.step(step("gateway back, plain", () => assertRecovery("gateway", ["--transport", "sendto"]))),
    t.step(step("gateway back, lane", () => assertRecovery("gateway", ["--transport", "ethernet"]))),
    t.step(step("gateway back, connect", () => assertRecovery("gateway", ["-sT"]))),
  ]);
});

labTest("local: what an outage hid is no change in the history", [], async () => {
  await using lab = await routed();
  await withFolder(async (folder) => {
    const args = ["-n", "-p", "22", "10.73.0.0/28", "--db", `${folder}/history.db`];
    const run = (...words: string[]) => lab.run("machine", [...SYNSCAN, ...words]);
    await run(...args);
    lab.ip("router", "link set machine down");
    assertEquals((await run(...args)).code, 3);
    const { stdout, code } = await run("diff", "--db", `${folder}/history.db`);
    assertEquals(stdout.match(/open in scan 1, undecided in scan 2/g)?.length, 16, stdout);
    assertEquals(code, DIFF_STATUS.trouble, "an incomplete scan cannot be compared to the end");
  });
});

labTest("local: a host that stays silent is told from an address without a host", [], async (t) => {
  await using lab = await routed();
  lab.rules("router", [chain("input", ["meta l4proto tcp drop"])]);
  await Promise.all(["-sS", "-sT"].map((technique) =>
    t.step(step(technique, async () => {
      const run = await runSynscan(lab, "machine", [technique, "-p", "1-20", `${GATEWAY},10.71.0.77`]);
      const reasons = new Set(run.ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`));
      const isRaw = technique === "-sS";
      assertEquals([...reasons].toSorted(), [
        `${GATEWAY} filtered no-response`,
        ...(isRaw ? [] : ["10.71.0.77 filtered no-arp-response"]),
      ]);
      assertEquals(run.hosts.find(({ ip }) => ip === "10.71.0.77")?.state, isRaw ? "absent" : undefined);
      assertEquals(run.summary.warnings, [
        `${GATEWAY} answers ARP, but no probe: the host is up`,
      ]);
      assertEquals([run.summary.hosts_up, run.code], [1, 0]);
    }))
  ));
});

labTest("local: an address without a host is down for scripts, in a block of any size", [], async () => {
  await using lab = await routed();
  for (const bits of [30, 29, 26]) {
    const size = 2 ** (32 - bits);
    const { stdout, code } = await lab.run("machine", [
      ...SYNSCAN,
      "-n",
      "-p",
      "22",
      "-oG",
      "-",
      `10.71.0.64/${bits},${GATEWAY}`,
    ]);
    const statuses = Array.from(stdout.matchAll(/^Host: (\S+) \(\)\tStatus: (\w+)$/gm), ([, ...each]) => each);
    const absent = Array.from({ length: size }, (_, at) => [`10.71.0.${64 + at}`, "Down"]);
    assertEquals([statuses, code], [[[GATEWAY, "Up"], ...absent], 0], stdout);
    assert(stdout.includes(`-- ${size + 1} IP addresses (1 host up) scanned`), stdout);
  }
});

labTest("local: a neighbour that dies in the middle is undecided, whatever the own kernel says of it", [], async () => {
  await using lab = await routed();
  const run = await runSynscan(lab, "machine", ["-p", "1-1000", GATEWAY, "--max-rate", "500"], {
    meanwhile: async () => {
      await received(lab, 200);
      lab.ip("router", "address flush dev machine");
    },
  });
  const states = new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`));
  assertEquals([...states].toSorted(), ["closed reset", "undecided host-silent"]);
  assertEquals(run.code, 3);
});

labTest("local: a router's report of a dead host behind it is waited for", [], async () => {
  await using lab = await routed();
  const run = await runSynscan(lab, "machine", ["-p", "1-20", "10.72.0.99"]);
  assertEquals([run.ports, run.hosts.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`)], [
    [],
    ["10.72.0.99 absent host-unreach"],
  ]);
  const all = await runSynscan(lab, "machine", ["-Pn", "-p", "1-20", "10.72.0.99"]);
  assertEquals(new Set(all.ports.map(({ reason, from }) => `${reason} ${from}`)), new Set([`host-unreach ${GATEWAY}`]));
});

labTest("local: a host that blocks the scanner in the middle is reported with time, count and cause", [], async () => {
  await using lab = await routed();
  // As portsentry does: a sender that probes one of its ports is dropped from then on.
  lab.rules("router", [
    "set scanners { type ipv4_addr; flags dynamic; timeout 60s; }",
    chain("input", ["ip saddr @scanners drop", "tcp dport 111 add @scanners { ip saddr } drop"]),
  ]);
  const run = await runSynscan(lab, "machine", ["-p", "1-500", GATEWAY, "--max-rate", "2000"]);
  const [line = ""] = run.summary.warnings;
  const [, replies] =
    /^10\.71\.0\.1 stopped replying \S+ m?s after the scan began, after (\d+) repl.*: it probably blocks/
      .exec(line) ?? [];
  const closed = run.ports.filter(({ state }) => state === "closed").length;
  assert(Number(replies) >= closed && Number(replies) <= closed + 20, `${line} ${closed}`);
  assertEquals(
    new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`)),
    new Set(["closed reset", "undecided host-silent"]),
  );
});

labTest("local: ICMP errors that a router rations are one statement", [], async () => {
  await using lab = await routed();
  lab.set("router", ["sysctl", "-qw", "net.ipv4.icmp_ratemask=6168"]);
  const run = await runSynscan(lab, "machine", ["-p", "80", "192.0.2.0/24"]);
  const answered = run.ports.filter(({ reason }) => reason === "net-unreach").length;
  assert(answered > 0 && answered < 20, `${answered}`);
  assertEquals(run.summary.warnings, [
    `${GATEWAY} answered for ${answered} of 256 ports by ICMP errors; routers and hosts limit such errors`,
  ]);
  assertEquals([run.code, run.summary.loss], [0, null]);
  const early = await runSynscan(lab, "machine", ["-T5", "-p", "80", "10.72.0.99"]);
  assertMatch(early.summary.warnings.join(), /Silence was not waited for .* \(3\.1 s\)/);
});

labTest("local: an address that no host has is refused, or left out of others, and explained", [], async () => {
  await using lab = await routed();
  const run = (args: readonly string[]) => lab.run("machine", [...SYNSCAN, "-n", "-p", "22", ...args]);
  const refused = [
    [["0.0.0.0"], "Cannot scan 0.0.0.0: it is this host. Scan 127.0.0.1"],
    [
      ["-sT", "10.71.0.255"],
      "Cannot scan 10.71.0.255: it is the broadcast address of router. Name the address of a host",
    ],
    [["255.255.255.255,0.0.0.0"], /^Cannot scan .* Name the address of a host$/],
    [["224.0.0.1"], "Cannot scan 224.0.0.1: it is a multicast address. Name the address of a host"],
  ] as const;
  for (const [args, why] of refused) {
    const { code, stderr } = await run(args);
    assertEquals(code, 1);
    if (typeof why === "string") assertEquals(stderr.trim(), why);
    else assertMatch(stderr.trim(), why);
  }
  const others = await run(["10.71.0.254/31", "--json"]);
  assertEquals(others.stderr.trim(), "10.71.0.255 is left out: it is the broadcast address of router");
  assertEquals(readSynscanJson(others.stdout).hosts.map(({ ip, state }) => [ip, state]), [["10.71.0.254", "absent"]]);
});

labTest(
  "local: a router that reports a replying host as unreachable: it died, or a firewall speaks of ports",
  [],
  async (t) => {
    await Promise.all([
      t.step(step("died", async () => {
        await using lab = await routed();
        const run = await runSynscan(lab, "machine", ["-p", "1-500", TARGET, "--max-rate", "500"], {
          meanwhile: async () => {
            await received(lab, 200);
            lab.ip("target", "link set router down");
          },
        });
        const found = new Set(run.ports.map(({ state, reason }) => `${state} ${reason}`));
        found.delete("open syn-ack");
        assertEquals([...found].toSorted(), ["closed reset", "undecided host-silent"]);
        assertMatch(run.summary.warnings.join(), /10\.71\.0\.1 reports it as unreachable, so it went down/);
        assertEquals(run.code, 3);
      })),
      t.step(step("firewall", async () => {
        await using lab = await routed();
        lab.rules("router", [chain("forward", [rule.reject("100-109", "host-unreachable")])]);
        const run = await runSynscan(lab, "machine", ["-p", "1-200", TARGET]);
        const rejected = run.ports.filter(({ reason }) => reason === "host-unreach");
        assertEquals(
          rejected.map(({ port, from }) => `${port} ${from}`).toSorted(),
          expandPorts("100-109").map((port) => `${port} ${GATEWAY}`),
        );
        assertEquals([run.code, run.summary.undecided], [0, 0]);
      })),
    ]);
  },
);

labTest(
  "local: more addresses on an own link than the kernel's table of neighbours holds need no room in it",
  [],
  async () => {
    // The limit is of the whole machine, and no namespace can change it: the network has twice as many addresses.
    const limit = Number(Deno.readTextFileSync("/proc/sys/net/ipv4/neigh/default/gc_thresh3"));
    // A larger table would take minutes.
    const prefixLen = Math.max(16, 31 - Math.ceil(Math.log2(limit)));
    await using lab = await linkedLab({ machine: {}, target: {} }, "10.64.1", prefixLen);
    const { ports, summary } = await runSynscan(lab, "machine", ["-p", "22", `10.64.0.0/${prefixLen}`]);
    const neighbours = (await lab.run("machine", ["ip", "-4", "neigh"])).stdout;
    // Neither the address of the network nor the broadcast address nor the two hosts.
    const absent = 2 ** (32 - prefixLen) - 3;
    assertEquals(ports.map(({ state, reason }) => `${state} ${reason}`), ["closed reset", "closed reset"]);
    assertEquals([summary.hosts_absent, summary.send_retries, summary.warnings], [absent, 0, []]);
    assertEquals(neighbours, "");
  },
);

labTest("local: what the own firewall refuses to send is undecided", [], async (t) => {
  const check = async (answer: string, how: readonly string[], closed: string) => {
    await using lab = await routed();
    lab.rules("machine", [chain("output", [`tcp dport 22 ${answer}`])]);
    const run = await runSynscan(lab, "machine", ["-p", "22,23", TARGET, ...how]);
    const found = run.ports.map(({ port, state, reason }) => `${port} ${state} ${reason}`).toSorted();
    assertEquals(found, ["22 undecided local-firewall", `23 closed ${closed}`]);
    assertEquals(run.code, 3);
    assert(run.summary.warnings.includes("The firewall of this machine refuses to send: 1 port was not probed"));
  };
  const icmp = "reject with icmp type admin-prohibited";
  await Promise.all([
    t.step(step("drop", () => check("drop", ["--transport", "sendto"], "reset"))),
    t.step(step("RST", () => check("reject with tcp reset", ["--transport", "sendmmsg"], "reset"))),
    t.step(step("ICMP", () => check(icmp, ["--transport", "sendmmsg"], "reset"))),
    t.step(step("ICMP, connect(2)", () => check(icmp, ["-sT"], "conn-refused"))),
  ]);
});

labTest("local: a sparse network on an own link is decided without probes to absent hosts", [], async () => {
  await using lab = await linkedLab({ machine: {}, target: {} });
  const up = [2, 9, 77, 130, 254].map((host) => `10.64.1.${host}`);
  for (const address of up.slice(1)) lab.ip("target", `address add ${address}/24 dev machine`);
  const run = await runSynscan(lab, "machine", ["10.64.1.0/24", "--exclude", "10.64.1.1"]);
  const states = run.ports.filter(({ ip, reason }) => reason !== (up.includes(ip) ? "reset" : "no-arp-response"));
  assertEquals(states.slice(0, 3), [], run.stderr);
  assertEquals(run.ports.filter(({ state }) => state === "closed").length, up.length * 1000);
  assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
  assert(run.summary.sent < 7000, `${run.summary.sent} probes were sent`);
});
