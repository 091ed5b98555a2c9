/**
 * Scans of UDP beside TCP that are killed and resumed, divided and merged, recorded and compared: a port of each protocol stays one of its own.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { block, type Family, forFamilies } from "../support/families.ts";
import { delay, type Lab, labTest } from "../support/lab.ts";
import { asUser, type PortLine, readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";
import { NEAR_NETWORK, UDP_SERVERS, udpLab } from "../support/lab_udp.ts";
import { assertTruth, type GroundTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

/** Both protocols have an open port 53 and a closed port 123 of the other. */
const TCP_OPEN = "22,53";
const DTD = "/usr/share/nmap/nmap.dtd";

/** A network of sixteen hosts, all of them the target. */
const [OTHERS, OTHER_COUNT] = [65, 16];

const targetsOf = (family: Family) => family.hosts(NEAR_NETWORK, 2);

async function bothLab(family: Family): Promise<Lab> {
  const others = family.each((version) => block(version, OTHERS, 0, OTHER_COUNT));
  const routes = family.each((version) =>
    `${block(version, OTHERS, 0, OTHER_COUNT)} via ${version.address(NEAR_NETWORK, 2)}`
  );
  const lab = await udpLab({ family, scanner: { routes }, target: { local: others } });
  for (const target of targetsOf(family)) await lab.listen("target", TCP_OPEN, target);
  return lab;
}

/** The states of the first 500 ports of a protocol of hosts. */
function truthOf(
  hosts: readonly string[],
  open: readonly number[],
  reasons: readonly [open: string, closed: string],
): GroundTruth {
  const ports = open.filter((port) => port <= 500).join();
  return groundTruth([[hosts, "1-500", "closed", reasons[1]], [hosts, ports, "open", reasons[0]]]);
}

/** Checks the results of a JSON report of 500 ports of each protocol. */
function assertWhole(text: string, family: Family, tcp: readonly [open: string, closed: string]): void {
  const { ports, summary } = readSynscanJson(text);
  assertBoth(ports, family, tcp);
  assertEquals([summary?.probes, summary?.undecided], [1000 * family.versions.length, 0]);
}

/** Checks the results of 500 ports of each protocol of the target. */
function assertBoth(ports: readonly PortLine[], family: Family, tcp: readonly [open: string, closed: string]): void {
  const targets = targetsOf(family);
  const isUdp = ({ proto }: { proto: string }) => proto === "udp";
  assertTruth(truthOf(targets, UDP_SERVERS, ["udp-response", "port-unreach"]), ports.filter(isUdp), "UDP");
  assertTruth(truthOf(targets, [22, 53], tcp), ports.filter((line) => !isUdp(line)), "TCP");
}

for (const isUser of [false, true]) {
  const [tcp, reasons] = isUser
    ? (["-sT", ["conn-accept", "conn-refused"]] as const)
    : (["-sS", ["syn-ack", "reset"]] as const);

  labTest(
    `lab: -sU ${tcp} that is killed goes on where it was${isUser ? ", without privileges" : ""}`,
    [...isUser ? ["setpriv"] : [], "xmllint"],
    (t) =>
      forFamilies(t, async (family) => {
        await using lab = await bothLab(family);
        const targets = targetsOf(family);
        const folder = lab.folder();
        Deno.chmodSync(folder, 0o777);
        const [checkpoint, json, xml] = ["checkpoint", "report.json", "report.xml"].map((name) => `${folder}/${name}`);
        const run = (args: readonly string[], killAtLines = Infinity) => {
          const argv = [...SYNSCAN, ...args];
          return lab.run("scanner", isUser ? asUser(argv) : argv, {
            meanwhile: async (child) => {
              if (killAtLines === Infinity) return;
              while (linesOf(json!) < killAtLines || sizeOf(checkpoint!) === 0) await delay(10);
              child.kill("SIGKILL");
            },
          });
        };
        const scan = [
          ...["--no-config", "-n", tcp, "-sU", "-p", "T:1-500,U:1-500", "--max-rate", `${500 * targets.length}`],
          ...["--checkpoint", checkpoint!, "-oJ", json!, "-oX", xml!, ...targets],
        ];
        // In the pass of TCP, and in that of UDP, which comes behind it.
        for (const [args, lines] of [[scan, 50], [["resume", checkpoint!], 650]] as const) {
          const { code, stderr } = await run(args, lines * targets.length);
          assertEquals(code, 137, stderr);
        }
        const { code, stderr } = await run(["resume", checkpoint!]);
        assertEquals(code, 0, stderr);
        assertWhole(Deno.readTextFileSync(json!), family, reasons);
        const text = Deno.readTextFileSync(xml!);
        assertEquals(text.match(/<scaninfo [^>]*protocol="\w+" numservices="\d+"/g), [
          `<scaninfo type="${isUser ? "connect" : "syn"}" protocol="tcp" numservices="500"`,
          '<scaninfo type="udp" protocol="udp" numservices="500"',
        ]);
        const opens = [
          'protocol="tcp" portid="53"><state state="open"',
          'protocol="udp" portid="53"><state state="open" reason="udp-response"',
        ];
        for (const open of opens) assertEquals(text.split(`<port ${open}`).length - 1, targets.length, open);
        assertEquals((await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, xml!])).code, 0);
      }),
  );
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

function linesOf(path: string): number {
  return sizeOf(path) === 0 ? 0 : Deno.readTextFileSync(path).split("\n").length - 1;
}

labTest("lab: -sU -sS is divided among shards, and merged again", ["xmllint"], (t) =>
  forFamilies(t, async (family) => {
    await using lab = await bothLab(family);
    const targets = targetsOf(family);
    const times = targets.length;
    const folder = lab.folder();
    const synscan = (...args: string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
    // A scan of UDP is divided by host.
    const hosts = [...targets, ...family.each(({ address }) => hostsFrom(address(OTHERS, 1), 5))];
    const parts = [1, 2, 3].map((index) => `${folder}/part${index}.json`);
    for (const [index, part] of parts.entries()) {
      const shard = ["--seed", "5", "--shard", `${index + 1}/3`, "-oJ", part];
      const { code, stderr } = await synscan("-n", "-sS", "-sU", "-p", "T:1-500,U:1-500", ...shard, ...hosts);
      assertEquals(code, 0, stderr);
    }
    const merged = await synscan("merge", "--json", "-oX", `${folder}/all.xml`, "-oG", `${folder}/all.gnmap`, ...parts);
    assertEquals([merged.code, merged.stderr], [0, ""]);
    const { ports, summary } = readSynscanJson(merged.stdout);
    const ofTarget = ({ ip }: { ip: string }) => targets.includes(ip);
    assertBoth(ports.filter(ofTarget), family, ["syn-ack", "reset"]);
    const closed = Map.groupBy(ports.filter((line) => !ofTarget(line)), ({ proto, reason }) => `${proto} ${reason}`);
    assertEquals(Array.from(closed, ([key, { length }]) => [key, length]).sort(), [
      ["tcp reset", 2500 * times],
      ["udp port-unreach", 2500 * times],
    ]);
    assertEquals([summary?.probes, summary?.hosts, summary?.undecided], [6000 * times, 6 * times, 0]);
    const xml = Deno.readTextFileSync(`${folder}/all.xml`);
    assertMatch(xml, /<port protocol="udp" portid="123"><state state="open" reason="udp-response"/);
    assertEquals((await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, `${folder}/all.xml`])).code, 0);
    const grepable = Deno.readTextFileSync(`${folder}/all.gnmap`);
    assertStringIncludes(grepable, "53/open/tcp//domain///, 53/open/udp//domain///");
    assertStringIncludes(grepable, "# Ports scanned: TCP(500;1-500) UDP(500;1-500) ");
  }));

labTest(
  "lab: a history tells ports of UDP and TCP apart, and so does the difference of two scans",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await bothLab(family);
      const times = family.versions.length;
      /** Lines that each host has, by its number. */
      const each = <T>(rows: readonly T[]): T[] => family.each(() => rows);
      const db = ["--db", `${lab.folder()}/history.db`];
      const synscan = async (...args: string[]) => {
        const { code, stdout, stderr } = await lab.run("scanner", [...SYNSCAN, ...args, ...db]);
        assert(code <= 1, stderr);
        return stdout;
      };
      const scan = ["-n", "-sS", "-sU", "-p", "T:22,53,123,U:22,53,123,1000", ...targetsOf(family)];
      await synscan(...scan);
      // TCP 53 stays open while UDP 53 is filtered, and 123 is open over UDP alone.
      lab.rules("target", ["chain input {\ntype filter hook input priority filter;\nudp dport 53 drop\n}"]);
      await synscan(...scan);
      const shown = await synscan("show", "1");
      assertEquals(
        shown.match(/^\d+\/\w+ +\S+/gm)?.map((row) => row.replace(/ +/, " ")),
        each([
          ...["22/tcp open", "22/udp closed", "53/tcp open", "53/udp open"],
          ...["123/tcp closed", "123/udp open", "1000/udp closed"],
        ]),
      );
      const { ports } = readSynscanJson(await synscan("show", "1", "--json"));
      assertEquals(
        ports.filter(({ port }) => port === 53).map(({ proto, state }) => `${proto} ${state}`).sort(),
        each(["tcp open", "udp open"]).sort(),
      );
      const diff = await synscan("diff");
      assertEquals(diff.match(/^ {2}[-+~] .*/gm), each(["  - 53/udp    open -> open|filtered  domain"]));
      const compared = `${7 * times} ports of ${times === 1 ? "1 host" : `${times} hosts`} compared`;
      assertStringIncludes(diff, `${compared}: 0 opened, ${times} no longer open, 0 changed otherwise`);
      const changes = (await synscan("diff", "--json")).trim().split("\n").map((line) => JSON.parse(line))
        .filter(({ port }) => port !== undefined);
      assertEquals(
        changes.map(({ ip, port, proto, before, after }) => [ip, port, proto, before, after]),
        targetsOf(family).map((ip) => [ip, 53, "udp", "open", "open|filtered"]),
      );
    }),
);
