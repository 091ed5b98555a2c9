/**
 * ICMP errors that meet a part of the probes, or come for a second only: no open port stays filtered for these, and no host silent.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ALL_FAMILIES, type Family, type Version } from "../support/families.ts";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { compare, groundTruth } from "../support/lab_verdicts.ts";
import { readSynscanJson, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";
import { until } from "../support/program.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The links of the scanner to the router, and of the router to the target. */
const [NEAR, BEHIND] = [73, 74];
const PORTS = 1000;
const OPEN = Array.from({ length: PORTS / 10 }, (_, i) => 10 * i + 5).join();
/** From the first error to the last, by the clock of the router's kernel: a busy machine does not prolong it. */
const FLAP_MS = 600;
const EACH = ALL_FAMILIES.filter(({ versions }) => versions.length === 1);

function behindRouter(family: Family, rules: readonly string[] = []): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: family.routesVia(NEAR, 2) },
      router: { forward: true },
      target: { routes: family.routesVia(BEHIND, 1), listen: OPEN, chains: [chain("input", rules)] },
    },
    links: [
      { between: ["scanner", "router"], addresses: family.link(NEAR) },
      { between: ["router", "target"], addresses: family.link(BEHIND) },
    ],
  });
}

/** Scans while the router reports the target as unreachable for less than a second, from the first packet behind so many on. */
async function scanDuringFlap(
  lab: Lab,
  family: Family,
  args: readonly string[],
  afterPackets: number,
): Promise<SynscanRun> {
  const [{ header, icmp, hostUnreachable, address }] = family.versions as [Version];
  const type = header === "ip" ? "ipv4_addr" : "ipv6_addr";
  const target = `${header} daddr ${address(BEHIND, 2)}`;
  const reject = `reject with ${icmp} type ${hostUnreachable}`;
  lab.rules("router", [
    `set began { type ${type}; size 9; flags dynamic; }`,
    `set rejected { type ${type}; size 9; flags dynamic, timeout; timeout ${FLAP_MS}ms; }`,
    chain("forward", [
      `${header} daddr @rejected ${reject}`,
      `${header} daddr @began accept`,
      ...afterPackets === 0 ? [] : [`${target} limit rate 1/day burst ${afterPackets} packets accept`],
      `${target} add @began { ${header} daddr } add @rejected { ${header} daddr } ${reject}`,
    ]),
  ]);
  const run = await runSynscan(lab, "scanner", [...args, ...family.hosts(BEHIND, 2)]);
  assertMatch(lab.set("router", ["nft", "list", "set", "inet", "lab", "began"]), /elements = /);
  return run;
}

/** Fails where a port is wrong, unless the scan is not trusted; of several results of a port the last counts. */
function assertRight(
  family: Family,
  { ports, summary, code }: Pick<SynscanRun, "ports" | "summary" | "code">,
  [open, closed] = ["open", "closed"],
): void {
  const hosts = family.hosts(BEHIND, 2);
  const truth = groundTruth([[hosts, `1-${PORTS}`, closed!], [hosts, OPEN, open!]]);
  const last = new Map(ports.map((each) => [`${each.ip} ${each.port}`, each]));
  const { wrong, missing } = compare(truth, last.values());
  assertEquals(missing, []);
  if (summary.trusted) assertEquals(wrong.slice(0, 3), [], `${wrong.length} ports wrong`);
  assertEquals(code, summary.trusted ? 0 : 3);
}

labTest("lab: refusals: a firewall that rejects beyond a rate hides no open port", [], (t) =>
  stepsAtOnce(
    t,
    EACH.flatMap((family) =>
      [["admin-prohibited", ""], ["port-unreachable", "-sT"]].map(([code, technique]) => ({ family, code, technique }))
    ),
    ({ family, code, technique }) => `${family.name}, ${code} ${technique}`,
    async ({ family, code, technique }) => {
      const rule = `tcp dport 1-${PORTS} limit rate over 500/second reject with icmpx type ${code}`;
      await using lab = await behindRouter(family, [rule]);
      const args = ["-p", `1-${PORTS}`, ...technique === "" ? [] : [technique!], ...family.hosts(BEHIND, 2)];
      assertRight(family, await runSynscan(lab, "scanner", args));
    },
  ));

labTest("lab: refusals: a firewall that rejects nearly all makes a scan not to be trusted", [], async () => {
  const [family] = EACH as [Family];
  const rule = `tcp dport 1-${PORTS} limit rate over 2/second reject with icmpx type host-unreachable`;
  await using lab = await behindRouter(family, [rule]);
  const run = await runSynscan(lab, "scanner", ["-p", `1-${PORTS}`, ...family.hosts(BEHIND, 2)]);
  assertEquals([run.summary.trusted, run.code], [false, 3]);
  assertMatch(run.summary.warnings.join("\n"), /refuses a part of the probes \(host-unreach\): [\d,]+ results/);
});

labTest(
  "lab: refusals: a router that reports a host as unreachable for a second hides no open port",
  [],
  (t) =>
    stepsAtOnce(
      t,
      EACH.flatMap((family) =>
        [["-sS", 0], ["-sS", 200], ["-sF", 200]].map(([flag, after]) => ({ family, flag, after }))
      ),
      ({ family, flag, after }) => `${family.name}, ${flag}, after ${after} packets`,
      async ({ family, flag, after }) => {
        await using lab = await behindRouter(family);
        const run = await scanDuringFlap(lab, family, [`${flag}`, "-p", `1-${PORTS}`], Number(after));
        assertRight(family, run, flag === "-sF" ? ["open|filtered", "closed"] : undefined);
      },
    ),
);

labTest(
  "lab: refusals: a host is up that a router reports as unreachable for a second",
  [],
  (t) =>
    stepsAtOnce(t, EACH, ({ name }) => name, async (family) => {
      await using lab = await behindRouter(family);
      for (const pings of [[], ["-PE"]]) {
        const { hosts, summary } = await scanDuringFlap(lab, family, ["-sn", ...pings], 0);
        assertEquals(hosts.map(({ ip, state }) => [ip, state]), family.hosts(BEHIND, 2).map((ip) => [ip, "up"]));
        assert(summary.trusted);
      }
    }),
);

labTest(
  "lab: refusals: ports rejected for good stay so, for a sample of probes and about a second",
  [],
  (t) =>
    stepsAtOnce(t, EACH, ({ name }) => name, async (family) => {
      await using lab = await behindRouter(family, [`meta l4proto tcp reject with icmpx type admin-prohibited`]);
      const { ports, summary } = await runSynscan(lab, "scanner", ["-p", `1-${PORTS}`, ...family.hosts(BEHIND, 2)]);
      assertEquals(ports.filter(({ state, reason }) => state !== "filtered" || reason !== "admin-prohibited"), []);
      assertEquals([ports.length, summary.sent, summary.trusted], [PORTS, PORTS + 16, true]);
      assert(summary.elapsed_ms < 10_000, `${summary.elapsed_ms} ms`);
    }),
);

/** Counts the packets that came to the router from the scanner. */
function packetsAt(lab: Lab): number {
  return JSON.parse(lab.set("router", ["ip", "-s", "-j", "link", "show", "scanner"]))[0].stats64.rx.packets;
}

labTest("lab: refusals: a resumed scan checks the errors of the interrupted one", [], async () => {
  const family = EACH[1]!;
  await using lab = await behindRouter(family);
  const checkpoint = `${lab.folder()}/checkpoint`;
  const rejected = family.each(({ header, icmp, hostUnreachable, address }) =>
    `${header} daddr ${address(BEHIND, 2)} reject with ${icmp} type ${hostUnreachable}`
  );
  lab.rules("router", [chain("forward", rejected)]);
  const before = packetsAt(lab);
  const first = ["-p", `1-${PORTS}`, "--checkpoint", checkpoint, ...family.hosts(BEHIND, 2)];
  const { code, ports } = await runSynscan(lab, "scanner", first, {
    meanwhile: async (child) => {
      await until(() => packetsAt(lab) >= before + PORTS);
      await delay(500);
      child.kill("SIGINT");
    },
  });
  assertEquals([code, ports.filter(({ state }) => state !== "filtered")], [130, []]);
  lab.rules("router", []);
  const resume = [...SYNSCAN, "resume", checkpoint];
  const { stdout, stderr, code: status } = await lab.run("scanner", resume);
  const { ports: all, summary } = readSynscanJson(stdout);
  assert(summary !== undefined, stderr);
  assertRight(family, { ports: all, summary, code: status });
  assert(summary.trusted);
});
