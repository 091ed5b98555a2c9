/** --host-timeout and --deadline in every pass of a scan: what is known by then is reported, and the rest is undecided. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { block, Family, forFamilies, IPV4, MIXED } from "../support/families.ts";
import { chain, Lab, labTest, lacking, rule } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { named } from "../support/dns.ts";
import { startDnsServer } from "../support/dns_server.ts";
import { enterNetns } from "../support/netns.ts";

const DTD = "/usr/share/nmap/nmap.dtd";
/** The link, its slow host, and its fast one, which is a router too; networks behind that. */
const [LINK, SLOW_HOST, FAST_HOST, BEHIND, MUTE] = [66, 10, 40, 8, 9];
const PORTS = 2000;
/** So many that the slow host takes 20 s, and the fast one little on a busy machine, too. */
const FEW_PORTS = 200;
/** A host behind the router that replies at port 81 once, so that it takes long to trace. */
const ONCE = 3;

/** A host that sends ten RSTs a second, one that sends all, which is a router too, and silent addresses behind it. */
function lan(family = MIXED): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: {
        routes: [...family.routesVia(LINK, FAST_HOST, BEHIND), ...family.routesVia(LINK, FAST_HOST, MUTE)],
      },
      slow: { listen: "22", chains: [chain("output", [rule.capResets(10)])] },
      fast: {
        forward: true,
        local: family.each((version) => block(version, BEHIND, ONCE, 1)),
        routes: family.routesOfType("blackhole", MUTE),
        chains: [chain(
          "input",
          family.each(({ header, address }) =>
            `${header} daddr ${address(BEHIND, ONCE)} tcp dport 81 limit rate over 1/hour burst 1 packets drop`
          ),
        )],
      },
    },
    bridges: [{
      name: "lan",
      members: {
        scanner: family.onLink(LINK, 1),
        slow: family.onLink(LINK, SLOW_HOST),
        fast: family.onLink(LINK, FAST_HOST),
      },
    }],
  });
}

/** The slow and the fast hosts of a family. */
const hostsOf = (family: Family) => [family.hosts(LINK, SLOW_HOST), family.hosts(LINK, FAST_HOST)] as const;

labTest(
  "host timeout: a host whose time is up is marked in every format, and others are whole",
  [],
  (t) => forFamilies(t, checkMarked),
);

async function checkMarked(family: Family): Promise<void> {
  await using lab = await lan(family);
  const folder = lab.folder();
  const [slow, fast] = hostsOf(family);
  const outputs = ["-oA", `${folder}/all`, "--db", `${folder}/db`];
  const args = ["-p", `1-${FEW_PORTS}`, "--host-timeout", "3s", ...outputs, ...slow, ...fast];
  const { ports, hosts, summary, code } = await runSynscan(lab, "scanner", args);
  assertEquals(
    hosts.map(({ ip, timed_out }) => [ip, timed_out]),
    family.each(({ address }) => [[address(LINK, SLOW_HOST), true], [address(LINK, FAST_HOST), undefined]]),
  );
  const reasons = (ip: string) => new Set(ports.filter((port) => port.ip === ip).map(({ reason }) => reason));
  for (const ip of fast) assertEquals(reasons(ip), new Set(["reset"]));
  for (const ip of slow) {
    // What it had replied by then is known.
    assertEquals(reasons(ip).has("host-timeout") && reasons(ip).has("reset"), true);
    assertEquals([...reasons(ip)].every((reason) => ["host-timeout", "reset", "syn-ack"].includes(reason)), true);
  }
  assertEquals([ports.length, summary.ended, summary.trusted, code], [2 * FEW_PORTS * slow.length, "done", false, 3]);
  const count = slow.length === 1 ? "1 host" : `${slow.length} hosts`;
  assertStringIncludes(summary.warnings.join("\n"), `${count} timed out (--host-timeout): ${slow.join(", ")}`);
  const read = (suffix: string) => Deno.readTextFileSync(`${folder}/all.${suffix}`);
  assertMatch(read("nmap"), /^Timed out: what is not shown of it is undecided$/m);
  assertEquals(
    read("gnmap").match(/^Host: \S+ \(\)\tStatus: Timeout$/gm),
    slow.map((ip) => `Host: ${ip} ()\tStatus: Timeout`),
  );
  assertEquals(
    [...read("xml").matchAll(/<host [^>]*timedout="true"[^>]*><status state="up"[^>]*>\s*<address addr="([^"]*)"/g)]
      .map(([, ip]) => ip),
    slow,
  );
  if (lacking(["xmllint", "nmap"]) === "") {
    const checked = await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, `${folder}/all.xml`]);
    assertEquals(checked.code, 0, checked.stderr);
  }
  const shown = await lab.run("scanner", [...SYNSCAN, "show", "--db", `${folder}/db`, "1"]);
  for (const ip of slow) assertMatch(shown.stdout, new RegExp(`${ip}[^]*undecided`));
}

labTest(
  "host timeout: nmap ends the same host, and marks it in the same ways",
  ["nmap"],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await lan(family);
      const status = async (argv: readonly string[], of: Family) => {
        const hosts = of.each(({ address }) => [address(LINK, SLOW_HOST), address(LINK, FAST_HOST)]);
        const args = ["-n", "-p", "1-1000", "--host-timeout", "3s", "-oG", "-", ...hosts];
        const { stdout } = await lab.run("scanner", [...argv, ...args]);
        return stdout.split("\n").filter((line) => line.includes("Status: "));
      };
      const ours = await status([...SYNSCAN, "--no-config"], family);
      const others = family.versions.map((version) =>
        status(["nmap", ...version.nmap], new Family(version.name, [version]))
      );
      assertEquals(ours.toSorted(), (await Promise.all(others)).flat().toSorted());
    }),
);

labTest("host timeout: it covers discovery", [], async (t) => {
  await using lab = await lan();
  await forFamilies(t, async (family) => {
    // Pings of a silent host take longer.
    const mute = family.hosts(MUTE, 5);
    const args = ["-sn", "-PE", "--timeout", "20s", "--max-rtt-timeout", "20s", "--host-timeout", "500ms", ...mute];
    const { hosts, code } = await runSynscan(lab, "scanner", args);
    assertEquals(
      hosts.map(({ ip, state, reason, timed_out }) => [ip, state, reason, timed_out]),
      mute.map((ip) => [ip, "undecided", "host-timeout", true]),
    );
    assertEquals(code, 3);
    const xml = await lab.run("scanner", [...SYNSCAN, "-n", "-oX", "-", ...args]);
    assertEquals(xml.stdout.match(/<host timedout="true"><status state="unknown"/g)?.length, mute.length);
  });
});

labTest("host timeout: it covers traces", [], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await lan();
    const once = family.hosts(BEHIND, ONCE);
    const args = ["-p", "81", "--traceroute", "--host-timeout", "2s", ...once];
    const { ports, summary } = await runSynscan(lab, "scanner", args);
    assertEquals(
      ports.map(({ ip, state }) => `${ip} ${state}`).toSorted(),
      once.map((ip) => `${ip} closed`).toSorted(),
    );
    // Without a limit it takes 15 s.
    assert(summary.elapsed_ms < 9000, `${summary.elapsed_ms} ms`);
  }));

labTest(
  "host timeout: a scan that is interrupted and resumed keeps what was given up",
  [],
  (t) => forFamilies(t, (family) => withFolder((folder) => checkInterrupted(family, folder))),
);

async function checkInterrupted(family: Family, folder: string): Promise<void> {
  await using lab = await lan(family);
  const [slow, fast] = hostsOf(family);
  const args = ["-p", `1-${PORTS}`, "-n", "--host-timeout", "1s", "--max-rate", "900", "-oJ", `${folder}/o.json`];
  const { code } = await lab.run("scanner", [...SYNSCAN, ...args, "--checkpoint", `${folder}/ck`, ...slow, ...fast], {
    meanwhile: async (child) => {
      const text = () => {
        try {
          return Deno.readTextFileSync(`${folder}/o.json`);
        } catch {
          return "";
        }
      };
      while (!text().includes("host-timeout")) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill("SIGINT");
    },
  });
  // It may have ended by then.
  if (code === 130) {
    const resumed = await lab.run("scanner", [...SYNSCAN, "resume", `${folder}/ck`]);
    assertEquals(resumed.code, 3, resumed.stderr);
  }
  const { ports, summary } = readSynscanJson(Deno.readTextFileSync(`${folder}/o.json`));
  const of = (ip: string) => new Set(ports.filter((each) => each.ip === ip).map(({ port }) => port)).size;
  for (const ip of [...slow, ...fast]) assertEquals(of(ip), PORTS);
  for (const ip of slow) assert(ports.some((port) => port.ip === ip && port.reason === "host-timeout"));
  assert(summary !== undefined && summary.undecided > 0);
}

/** Scans of which one pass alone would take far longer than the deadline. */
const LONG: readonly (readonly [pass: string, args: (family: Family) => string[]])[] = [
  ["ARP or ND", (family) => ["-sn", "--max-rate", "20", ...blocks(family, LINK, 256)]],
  ["pings", (family) => ["-sn", "-PE", "-PS80", "--max-rate", "20", ...blocks(family, MUTE, 256)]],
  ["pings without raw sockets", (family) => ["-sT", "-PE", "--max-rate", "20", ...blocks(family, MUTE, 256)]],
  ["ports", (family) => ["-p", "1-65535", "--max-rate", "200", ...family.hosts(LINK, FAST_HOST)]],
  ["connections", (family) => ["-sT", "-p", "1-65535", "--max-rate", "200", ...family.hosts(LINK, FAST_HOST)]],
  ["traces", (family) => ["-p", "81", "--traceroute", ...family.hosts(BEHIND, ONCE)]],
  ["names", (family) => ["-sn", "-R", "--dns-servers", IPV4.address(LINK, FAST_HOST), ...blocks(family, LINK, 64)]],
];

/** Starts a DNS server of which two queries a second get a reply. */
async function startSlowDns(lab: Lab): Promise<AsyncDisposable> {
  using _inside = enterNetns(lab.name("fast"));
  let repliedMs = -Infinity;
  return await startDnsServer(
    (query, send) => {
      const nowMs = performance.now();
      if (nowMs - repliedMs < 500) return;
      repliedMs = nowMs;
      send(named(query, "a.example"));
    },
    IPV4.address(LINK, FAST_HOST),
    53,
  );
}

function blocks(family: Family, network: number, count: number): string[] {
  return family.each((version) => block(version, network, 0, count));
}

for (const [pass, argsFor] of LONG) {
  labTest(`deadline: it covers ${pass}`, [], (t) =>
    forFamilies(t, async (family) => {
      await using lab = await lan();
      // Names are no results: without some of them the scan is complete.
      const isOfNames = pass === "names";
      await using _dns = isOfNames ? await startSlowDns(lab) : undefined;
      let seconds = 1, run;
      do {
        const argv = [...SYNSCAN, "--no-config", "--json", "--deadline", `${++seconds}s`, ...argsFor(family)];
        run = await lab.run("scanner", argv, { timeoutMs: 60_000 });
        // On a busy machine the hosts may not have been found by then.
      } while (isOfNames && run.stdout.includes('"ended":"deadline"') && seconds < 30);
      const { code, stdout, stderr } = run;
      const { summary } = readSynscanJson(stdout);
      assert(summary !== undefined, stderr);
      assertEquals([summary.ended, code], isOfNames ? ["done", 0] : ["deadline", 3], JSON.stringify(summary));
      if (isOfNames) {
        assertMatch(summary.warnings.join("\n"), /The scan ended before \d+ names of hosts could be looked up/);
      }
      assert(summary.elapsed_ms < 6000 + 1000 * seconds, `${summary.elapsed_ms} ms`);
    }));
}
