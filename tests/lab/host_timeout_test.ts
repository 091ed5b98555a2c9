/** --host-timeout and --deadline in every pass of a scan: what is known by then is reported, and the rest is undecided. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { chain, Lab, labTest, lacking, rule } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";

const DTD = "/usr/share/nmap/nmap.dtd";
const SLOW = "10.66.0.10";
const FAST = "10.66.0.40";
const PORTS = 2000;

/** An address behind the router that replies at port 81 once, so that it takes long to trace. */
const ONCE = "10.66.8.3";

/** A host that sends ten RSTs a second, one that sends all, which is a router too, and silent addresses behind it. */
function lan(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: [`10.66.9.0/24 via ${FAST}`, `10.66.8.0/24 via ${FAST}`] },
      slow: { listen: "22", chains: [chain("output", [rule.capResets(10)])] },
      fast: {
        forward: true,
        local: [`${ONCE}/32`],
        routes: ["blackhole 10.66.9.0/24"],
        chains: [chain("input", [`ip daddr ${ONCE} tcp dport 81 limit rate over 1/hour burst 1 packets drop`])],
      },
    },
    bridges: [{ name: "lan", members: { scanner: "10.66.0.1/24", slow: `${SLOW}/24`, fast: `${FAST}/24` } }],
  });
}

labTest("host timeout: a host whose time is up is marked in every format, and others are whole", [], async () => {
  await using lab = await lan();
  const folder = lab.folder();
  const args = ["-p", `1-${PORTS}`, "--host-timeout", "3s", "-oA", `${folder}/all`, "--db", `${folder}/db`, SLOW, FAST];
  const { ports, hosts, summary, code } = await runSynscan(lab, "scanner", args);
  assertEquals(hosts.map(({ ip, timed_out }) => [ip, timed_out]), [[SLOW, true], [FAST, undefined]]);
  const reasons = (ip: string) => new Set(ports.filter((port) => port.ip === ip).map(({ reason }) => reason));
  assertEquals(reasons(FAST), new Set(["reset"]));
  // What it had replied by then is known.
  assertEquals(reasons(SLOW).has("host-timeout") && reasons(SLOW).has("reset"), true);
  assertEquals([...reasons(SLOW)].every((reason) => ["host-timeout", "reset", "syn-ack"].includes(reason)), true);
  assertEquals([ports.length, summary.ended, summary.trusted, code], [2 * PORTS, "done", false, 3]);
  assertStringIncludes(summary.warnings.join("\n"), `1 host timed out (--host-timeout): ${SLOW}`);
  const read = (suffix: string) => Deno.readTextFileSync(`${folder}/all.${suffix}`);
  assertMatch(read("nmap"), /^Timed out: what is not shown of it is undecided$/m);
  assertEquals(read("gnmap").match(/^Host: \S+ \(\)\tStatus: Timeout$/gm), [`Host: ${SLOW} ()\tStatus: Timeout`]);
  assertEquals(
    [...read("xml").matchAll(/<host [^>]*timedout="true"[^>]*><status state="up"[^>]*>\s*<address addr="([^"]*)"/g)]
      .map(([, ip]) => ip),
    [SLOW],
  );
  if (lacking(["xmllint", "nmap"]) === "") {
    const checked = await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, `${folder}/all.xml`]);
    assertEquals(checked.code, 0, checked.stderr);
  }
  const shown = await lab.run("scanner", [...SYNSCAN, "show", "--db", `${folder}/db`, "1"]);
  assertMatch(shown.stdout, new RegExp(`${SLOW}[^]*undecided`));
});

labTest("host timeout: nmap ends the same host, and marks it in the same ways", ["nmap"], async () => {
  await using lab = await lan();
  const status = async (argv: readonly string[]) => {
    const args = ["-n", "-p", "1-1000", "--host-timeout", "3s", "-oG", "-", SLOW, FAST];
    const { stdout } = await lab.run("scanner", [...argv, ...args], { timeoutMs: 60_000 });
    return stdout.split("\n").filter((line) => line.includes("Status: ")).toSorted();
  };
  assertEquals(await status([...SYNSCAN, "--no-config"]), await status(["nmap"]));
});

labTest("host timeout: it covers discovery", [], async () => {
  await using lab = await lan();
  // Pings of a silent host take longer.
  const args = ["-sn", "-PE", "--timeout", "20s", "--max-rtt-timeout", "20s", "--host-timeout", "500ms", "10.66.9.5"];
  const { hosts, code } = await runSynscan(lab, "scanner", args);
  assertEquals(hosts.map(({ ip, state, reason, timed_out }) => [ip, state, reason, timed_out]), [
    ["10.66.9.5", "undecided", "host-timeout", true],
  ]);
  assertEquals(code, 3);
  const xml = await lab.run("scanner", [...SYNSCAN, "-n", "-oX", "-", ...args]);
  assertMatch(xml.stdout, /<host timedout="true"><status state="unknown"/);
});

labTest("host timeout: it covers traces", [], async () => {
  await using lab = await lan();
  const { ports, summary } = await runSynscan(lab, "scanner", [
    "-p",
    "81",
    "--traceroute",
    "--host-timeout",
    "2s",
    ONCE,
  ]);
  assertEquals(ports.map(({ state }) => state), ["closed"]);
  // Without a limit it takes 15 s.
  assert(summary.elapsed_ms < 9000, `${summary.elapsed_ms} ms`);
});

labTest("host timeout: a scan that is interrupted and resumed keeps what was given up", [], async () => {
  await using lab = await lan();
  await withFolder(async (folder) => {
    const args = ["-p", `1-${PORTS}`, "-n", "--host-timeout", "1s", "--max-rate", "900", "-oJ", `${folder}/o.json`];
    const { code } = await lab.run("scanner", [...SYNSCAN, ...args, "--checkpoint", `${folder}/ck`, SLOW, FAST], {
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
    assertEquals([of(SLOW), of(FAST)], [PORTS, PORTS]);
    assert(ports.some(({ ip, reason }) => ip === SLOW && reason === "host-timeout"));
    assert(summary !== undefined && summary.undecided > 0);
  });
});

/** Scans of which one pass alone would take far longer than the deadline. */
const LONG: readonly (readonly [pass: string, args: readonly string[]])[] = [
  ["ARP", ["-sn", "--max-rate", "20", "10.66.0.0/24"]],
  ["pings", ["-sn", "-PE", "-PS80", "--max-rate", "20", "10.66.9.0/24"]],
  ["pings without raw sockets", ["-sT", "-PE", "--max-rate", "20", "10.66.9.0/24"]],
  ["ports", ["-p", "1-65535", "--max-rate", "200", FAST]],
  ["connections", ["-sT", "-p", "1-65535", "--max-rate", "200", FAST]],
  ["traces", ["-p", "81", "--traceroute", ONCE]],
  ["names", ["-sn", "-R", "--dns-servers", "10.66.9.9", "10.66.0.0/26"]],
];

for (const [pass, args] of LONG) {
  labTest(`deadline: it covers ${pass}`, [], async () => {
    await using lab = await lan();
    const argv = [...SYNSCAN, "--no-config", "--json", "--deadline", "2s", ...args];
    const { code, stdout, stderr } = await lab.run("scanner", argv, { timeoutMs: 60_000 });
    const { summary } = readSynscanJson(stdout);
    assert(summary !== undefined, stderr);
    // Names are no results: without some of them the scan is complete.
    const isOfNames = pass === "names";
    assertEquals([summary.ended, code], isOfNames ? ["done", 0] : ["deadline", 3], JSON.stringify(summary));
    if (isOfNames) {
      assertMatch(summary.warnings.join("\n"), /The scan ended before \d+ names of hosts could be looked up/);
    }
    assert(summary.elapsed_ms < 8000, `${summary.elapsed_ms} ms`);
  });
}
