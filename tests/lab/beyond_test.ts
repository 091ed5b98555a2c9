/**
 * Many hosts beyond a gateway: a first round, then the ports of hosts that have replied, and those of silent hosts last.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { block, type Family, forFamilies } from "../support/families.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { hostsFrom } from "../support/lab_verdicts.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { hasContent } from "../support/resuming.ts";

/** The link to the router, and the one behind it. */
const [NEAR, BEHIND] = [1, 66];
const UP = 10;
/** Drops pings and SYNs, but for one port. */
const HIDDEN = 20;
/** The router rejects what goes there. */
const REJECTED = 25;
const HIDDEN_PORT = 133;

/** The open ports of a family's hosts, sorted. */
function openPorts(family: Family): string[] {
  const [up, hidden] = [family.hosts(BEHIND, UP), family.hosts(BEHIND, HIDDEN)];
  return [
    ...up.flatMap((ip) => [`${ip} ${HIDDEN_PORT}`, `${ip} 22`]),
    ...hidden.map((ip) => `${ip} ${HIDDEN_PORT}`),
  ].sort();
}

/** The addresses behind the router that are scanned. */
function targetsOf(family: Family): string[] {
  return family.each(({ address }) => `${address(BEHIND, 1)}-${address(BEHIND, 30)}`);
}

/** A router with a link on which two addresses have a host. */
function behindRouter(family: Family): Promise<Lab> {
  const forward = chain(
    "forward",
    family.each(({ header, address, icmp, hostUnreachable }) =>
      `${header} daddr ${address(BEHIND, REJECTED)} reject with ${icmp} type ${hostUnreachable}`
    ),
  );
  const input = chain(
    "input",
    family.each(({ header, address, icmp }) => [
      `${header} daddr ${address(BEHIND, HIDDEN)} tcp dport != ${HIDDEN_PORT} drop`,
      `${header} daddr ${address(BEHIND, HIDDEN)} ${icmp} type ${
        icmp === "icmp" ? "{ echo-request, timestamp-request }" : "echo-request"
      } drop`,
    ]),
  );
  return Lab.create({
    spaces: {
      scanner: { routes: family.routesVia(NEAR, 1) },
      router: { forward: true, chains: [forward] },
      hosts: { listen: `22,${HIDDEN_PORT}`, chains: [input], routes: family.routesVia(BEHIND, 1) },
    },
    links: [
      { between: ["router", "scanner"], addresses: family.link(NEAR) },
      {
        between: ["router", "hosts"],
        addresses: [family.onLink(BEHIND, 1), `${family.onLink(BEHIND, UP)} ${family.onLink(BEHIND, HIDDEN)}`],
      },
    ],
  });
}

labTest(
  "lab: beyond a gateway: a host that replies to no ping is found, and absent ones are reported once",
  [],
  (t) => forFamilies(t, checkFound),
);

async function checkFound(family: Family): Promise<void> {
  await using lab = await behindRouter(family);
  const times = family.versions.length;
  const args = [...targetsOf(family), "-p", "1-200"];
  const { code, ports, hosts, summary } = await runSynscan(lab, "scanner", args);
  const open = ports.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).sort();
  assertEquals(open, openPorts(family));
  const absent = hosts.filter(({ state }) => state === "absent");
  // Kernels limit such errors to 1,000 a second, and to 50 at a time: not every host is reported.
  assert(absent.length > 10 * times && absent.length <= 26 * times, `${absent.length} hosts reported as absent`);
  assertEquals(new Set(absent.map(({ reason }) => reason)), new Set(["host-unreach"]));
  assert(!ports.some(({ ip }) => absent.some((host) => host.ip === ip)), "ports of an absent host were probed");
  const rejected = ports.filter(({ ip }) => family.hosts(BEHIND, REJECTED).includes(ip));
  assertEquals(
    new Set(rejected.map(({ state, reason }) => `${state} ${reason}`)),
    new Set(["filtered host-unreach"]),
  );
  assertEquals(
    [code, rejected.length, summary.probes],
    [0, 200 * times, (30 * times - absent.length) * 200],
  );
}

labTest(
  "lab: beyond a gateway: a scan that is killed in any pass goes on where it was",
  [],
  (t) => forFamilies(t, checkKilled),
);

async function checkKilled(family: Family): Promise<void> {
  await using lab = await behindRouter(family);
  const times = family.versions.length;
  const folder = lab.folder();
  const checkpoint = `${folder}/checkpoint`;
  const report = `${folder}/report.json`;
  const pace = ["--max-rate", `${1500 * times}`];
  const scan = [...targetsOf(family), "-p", "1-200", ...pace, "-n", "--checkpoint", checkpoint, "-oJ", report];
  const run = (args: readonly string[], killAfterMs: number) =>
    lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        while (killAfterMs < Infinity && !hasContent(checkpoint)) await delay(20);
        if (killAfterMs === Infinity) return;
        await delay(killAfterMs);
        child.kill("SIGKILL");
      },
    });
  // The pings take more than 3 s, and the ports about as long.
  assertEquals((await run(scan, 1500)).code, 137);
  assertEquals((await run(["resume", checkpoint], 4500)).code, 137);
  const { code, stderr } = await run(["resume", checkpoint], Infinity);
  assertEquals(code, 0, stderr);
  const { ports, hosts, summary } = readSynscanJson(Deno.readTextFileSync(report));
  const absent = hosts.filter(({ state }) => state === "absent").length;
  const keys = new Set(ports.map(({ ip, port }) => `${ip} ${port}`));
  assertEquals([keys.size, ports.length, summary?.probes], Array(3).fill((30 * times - absent) * 200));
  const open = ports.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).sort();
  assertEquals(open, openPorts(family));
}

/** Scans of a lab with loss: one of them in the suite, more by `deno task discovery`. */
const ROUNDS = Number(Deno.env.get("SYNSCAN_ARP_ROUNDS") ?? 1);
/** Loss of all packets each way, in percent. */
const LOSS = 10;
/** A network of which so many addresses from the first on are up, and nothing is heard of others. */
const SILENT = 64;
const [SWEPT, SWEPT_UP] = [1024, 64];

/** A router to a block of addresses whose first ones are those of hosts. */
function silentNetwork(family: Family, loss: number): Promise<Lab> {
  const ofBlock = (count: number) => family.each((version) => block(version, SILENT, 0, count));
  const routes = family.each((version) => `${block(version, SILENT, 0, SWEPT)} via ${version.address(2, 2)}`);
  return Lab.create({
    spaces: {
      scanner: { routes: family.routesVia(1, 2) },
      router: { forward: true, routes, chains: [chain("forward", [rule.lose(loss)])] },
      hosts: { local: ofBlock(SWEPT_UP), routes: family.routesVia(2, 1), listen: "22" },
    },
    links: [
      { between: ["scanner", "router"], addresses: family.link(1) },
      { between: ["router", "hosts"], addresses: family.link(2) },
    ],
  });
}

labTest(
  `lab: beyond a gateway: pings find every host with ${LOSS} % loss each way`,
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await silentNetwork(family, LOSS);
      const blocks = family.each((version) => block(version, SILENT, 0, SWEPT));
      const hosts = family.each(({ address }) => hostsFrom(address(SILENT, 0), SWEPT_UP));
      for (let round = 1; round <= ROUNDS; round++) {
        for (const pings of [["-PE"], []]) {
          const run = await runSynscan(lab, "scanner", ["-sn", ...pings, "--max-rate", "10k", ...blocks]);
          const which = `scan ${round}: -sn ${pings.join(" ")}`;
          const inState = (wanted: string) => run.hosts.filter(({ state }) => state === wanted).map(({ ip }) => ip);
          assertEquals(inState("up"), hosts, which);
          const { hosts_up: up, hosts_absent: absent = 0, trusted } = run.summary;
          const silent = (SWEPT - SWEPT_UP) * blocks.length;
          assertEquals(
            [inState("silent").length, up, absent, trusted, run.code],
            [silent, hosts.length, 0, true, 0],
            which,
          );
        }
      }
    }),
);

labTest(
  "lab: beyond a gateway: a host that was silent counts once, by its last state",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await silentNetwork(family, 0);
      const targets = family.each(({ address }) => `${address(SILENT, 55)}-${address(SILENT, 74)}`);
      const scan = [...SYNSCAN, "-n", "-T4", "-p", "1-120", ...targets];
      // A host that only replies at its ports is up; without a first reply it was silent.
      lab.rules("hosts", [
        chain("input", [
          "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
          ...family.each(({ header, address }) => `${header} daddr ${address(SILENT, 60)} tcp dport 22 accept`),
          "drop",
        ]),
      ]);
      const times = targets.length;
      for (const more of [[], ["--exclude-ports", "22"]]) {
        const { stdout, stderr } = await lab.run("scanner", [...scan, ...more]);
        const up = (1 - more.length / 2) * times;
        const silent = 20 * times - up;
        assertMatch(stdout, new RegExp(`Not shown: ${silent} hosts without a reply`), stderr);
        assertMatch(stdout, new RegExp(`${20 * times} hosts \\(${up} up, ${silent} silent\\)`));
      }
    }),
);
