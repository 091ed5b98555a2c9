/**
 * A host that is absent behind a router: one line in the place of its ports, in every kind of scan and of report.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { FAMILIES, type Family, forFamilies, MIXED } from "../support/families.ts";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { hasContent } from "../support/resuming.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The link to the router, and the one behind it. */
const [NEAR, BEHIND] = [1, 2];
const UP = 200;
/** The router rejects what goes there, at once. */
const REJECTED = 210;

/** A router with a link on which one address has a host. */
function behindRouter(): Promise<Lab> {
  const rejects = MIXED.each(({ header, address, icmp, hostUnreachable }) =>
    `${header} daddr ${address(BEHIND, REJECTED)} reject with ${icmp} type ${hostUnreachable}`
  );
  return Lab.create({
    spaces: {
      scanner: { routes: MIXED.routesVia(NEAR, 1) },
      router: { forward: true, chains: [chain("forward", rejects)] },
      hosts: { listen: "22", routes: MIXED.routesVia(BEHIND, 1) },
    },
    links: [
      { between: ["router", "scanner"], addresses: MIXED.link(NEAR) },
      { between: ["router", "hosts"], addresses: [MIXED.onLink(BEHIND, 1), MIXED.onLink(BEHIND, UP)] },
    ],
  });
}

/** Returns addresses without a host, by a number below 50: for each family others, as the router looks for each once. */
function absentHosts(family: Family, number: number): string[] {
  return family.hosts(BEHIND, number + 50 * FAMILIES.indexOf(family));
}

const inOrder = (ips: readonly string[]) => ips.toSorted();

labTest("lab: absent: a host behind a router is one line, in every kind of scan", [], async (t) => {
  await using lab = await behindRouter();
  const run = (args: readonly string[]) => runSynscan(lab, "scanner", args);
  const isAbsent = async (args: readonly string[], ips: readonly string[]) => {
    const { code, ports, hosts, summary } = await run([...args, ...ips]);
    assertEquals(ports, []);
    assertEquals(
      hosts.map((host) => [host.ip, host.state, host.reason]),
      ips.map((ip) => [ip, "absent", "host-unreach"]),
    );
    const { hosts: count, hosts_absent: absent, hosts_up: up, probes, filtered, warnings } = summary;
    assertEquals([code, count, absent, up, probes, filtered, warnings], [0, ips.length, ips.length, 0, 0, 0, []]);
  };
  const ports = async (args: readonly string[], expected: Record<string, number>) => {
    const { ports, hosts, summary } = await run(args);
    const counts = Object.groupBy(ports, ({ ip, state, reason }) => `${ip} ${state} ${reason}`);
    assertEquals(
      Object.fromEntries(Object.entries(counts).map(([key, all]) => [key, all!.length]).toSorted()),
      Object.fromEntries(Object.entries(expected).toSorted()),
    );
    return { hosts, summary };
  };
  const each = (ips: readonly string[], text: string, count: number) =>
    Object.fromEntries(ips.map((ip) => [`${ip} ${text}`, count]));
  // A kernel sends some 200 errors at a time: fewer probes may wait for their hosts.
  const besideOthers = async (family: Family) => {
    const [up, absent] = [family.hosts(BEHIND, UP), [21, 22].flatMap((number) => absentHosts(family, number))];
    const { hosts, summary } = await ports(["-p", "21-22", ...up, ...absent], {
      ...each(up, "open syn-ack", 1),
      ...each(up, "closed reset", 1),
    });
    const found = hosts.filter(({ state }) => state === "absent").map(({ ip }) => ip);
    assertEquals(inOrder(found), inOrder(absent));
    const times = up.length;
    assertEquals(
      [summary.hosts, summary.hosts_up, summary.hosts_absent, summary.probes],
      [3 * times, times, 2 * times, 2 * times],
    );
  };
  const kinds = [
    "-n",
    "-p 80",
    "-sT -p 1-10",
    "-sT -p 80",
    "-p 1-10 --workers 2",
    "-sS -sA -sF -p 1-5",
    "-sn",
  ];
  // Not all at once: the router's kernel sends a bounded number of errors, and a busy machine takes a late report for silence.
  for (const family of FAMILIES) {
    const steps = kinds.map((words, at) => ({
      name: `${family.name}, ${words}`,
      check: () => isAbsent(words.split(" "), absentHosts(family, 2 + at)),
    }));
    const others = [
      { name: `${family.name}, beside a host that is there`, check: () => besideOthers(family) },
      {
        name: `${family.name}, -Pn`,
        check: async () => {
          const ips = absentHosts(family, 20);
          await ports(["-p", "1-5", "-Pn", ...ips], each(ips, "filtered host-unreach", 5));
        },
      },
      {
        name: `${family.name}, rejected at once`,
        check: async () => {
          const ips = family.hosts(BEHIND, REJECTED);
          await ports(["-p", "1-50", ...ips], each(ips, "filtered host-unreach", 50));
        },
      },
    ];
    // A thousand ports have the router send most of its errors at once.
    for (const some of [steps.slice(0, 1), steps.slice(1, 4), steps.slice(4), others]) {
      await stepsAtOnce(
        t,
        some,
        ({ name }) => name,
        ({ check }) => check(),
      );
    }
  }
});

labTest("lab: absent: reports, merged shards and a resumed scan have a host behind a router once", [], async (t) => {
  await using lab = await behindRouter();
  await forFamilies(t, async (family) => {
    await Promise.all([
      ...[checkReports(lab, family), checkMerged(lab, family), checkResumed(lab, family)],
      ...[checkShown(lab, family, 34, "-sS"), checkShown(lab, family, 35, "-sT")],
    ]);
  });
});

async function checkReports(lab: Lab, family: Family): Promise<void> {
  const folder = lab.folder();
  const ips = absentHosts(family, 30);
  const times = ips.length;
  const hosts = times === 1 ? "1 host" : `${times} hosts`;
  const synscan = (args: readonly string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
  const table = await synscan(["-n", "-p", "1-20", "-oA", `${folder}/all`, "--db", `${folder}/history.db`, ...ips]);
  assertEquals(table.code, 0, table.stderr);
  assertMatch(table.stdout, new RegExp(`Not shown: ${hosts} out of reach \\(host-unreach\\)`));
  assertMatch(table.stdout, new RegExp(`${hosts} \\(0 up, ${times} absent\\), 0 ports`));
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  const xml = read("all.xml");
  for (const ip of ips) {
    assertMatch(xml, new RegExp(`<status state="down" reason="host-unreach" reason_ttl="0"/>\n<address addr="${ip}"`));
    assertMatch(read("all.gnmap"), new RegExp(`^Host: ${ip} \\(\\)\tStatus: Down$`, "m"));
  }
  assertMatch(xml, new RegExp(`<hosts up="0" down="${times}" total="${times}"/>`));
  assert(!xml.includes("<port "), "XML has ports of an absent host");
  const shown = await synscan(["show", "1", "--db", `${folder}/history.db`]);
  assertMatch(
    shown.stdout,
    new RegExp(
      `^Not shown: ${hosts} out of reach \\(host-unreach\\)\n\nsynscan done: ${hosts} \\(0 up, ${times} absent\\)`,
    ),
  );
}

/** Checks that a recorded scan of hosts that are absent, from an own link or behind a router, is shown as its own reports have it. */
async function checkShown(lab: Lab, family: Family, number: number, technique: string): Promise<void> {
  const folder = lab.folder();
  const ips = [...absentHosts(family, number), ...family.hosts(NEAR, number)];
  const db = `${folder}/history.db`;
  const synscan = (args: readonly string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
  const scan = await synscan(["-n", technique, "-p", "20-23", "--db", db, "-oA", `${folder}/scan`, ...ips]);
  const show = await synscan(["show", "--db", db, "-oA", `${folder}/show`]);
  assertEquals([scan.code, show.code], [0, 0], scan.stderr + show.stderr);
  for (const format of ["json", "xml", "gnmap", "nmap"]) {
    const [own, shown] = ["scan", "show"].map((name) => Deno.readTextFileSync(`${folder}/${name}.${format}`));
    // Ports are in the order in which they were decided, or in that of addresses.
    const linesOf = (text = "") => inOrder(text.split("\n").filter((line) => !line.includes('"type":"start"')));
    assertEquals(linesOf(shown), linesOf(own), `${family.name} ${technique} ${format}`);
  }
}

async function checkMerged(lab: Lab, family: Family): Promise<void> {
  const folder = lab.folder();
  const ips = absentHosts(family, 31);
  const synscan = (args: readonly string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
  const shard = (index: number) => `${folder}/shard${index}.json`;
  await Promise.all(
    [1, 2].map((index) =>
      synscan(["-n", "-p", "1-20", "--seed", "5", "--shard", `${index}/2`, "-oJ", shard(index), ...ips])
    ),
  );
  const merged = await synscan(["merge", "--json", shard(1), shard(2)]);
  assertEquals(merged.code, 0, merged.stderr);
  const { ports, hosts, summary } = readSynscanJson(merged.stdout);
  assertEquals(ports, []);
  assertEquals(
    hosts.map((host) => [host.ip, host.state, host.reason]),
    ips.map((ip) => [ip, "absent", "host-unreach"]),
  );
  assertEquals([summary?.hosts, summary?.hosts_absent, summary?.probes], [ips.length, ips.length, 0]);
}

/** Checks that a scan that is killed before a router reports its host goes on to that report. */
async function checkResumed(lab: Lab, family: Family): Promise<void> {
  const ips = absentHosts(family, 32);
  const folder = lab.folder();
  const checkpoint = `${folder}/checkpoint`;
  const report = `${folder}/report.json`;
  const run = (args: readonly string[], killAfterMs = Infinity) =>
    lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        if (killAfterMs === Infinity) return;
        while (!hasContent(checkpoint)) await delay(20);
        await delay(killAfterMs);
        child.kill("SIGKILL");
      },
    });
  const scan = ["-n", "-p", "1-20", "--checkpoint", checkpoint, "-oJ", report, ...ips];
  assertEquals((await run(scan, 200)).code, 137);
  // The router has given up by then, and looks for the host again.
  await delay(3500);
  const { code, stderr } = await run(["resume", checkpoint]);
  assertEquals(code, 0, stderr);
  const { ports, hosts, summary } = readSynscanJson(Deno.readTextFileSync(report));
  assertEquals(ports, []);
  assertEquals(hosts.map((host) => [host.ip, host.state]), ips.map((ip) => [ip, "absent"]));
  assertEquals([summary?.hosts_absent, summary?.probes, summary?.filtered], [ips.length, 0, 0]);
}
