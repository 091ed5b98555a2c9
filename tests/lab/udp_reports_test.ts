/**
 * Scans of UDP beside TCP that are killed and resumed, divided and merged, recorded and compared: a port of each protocol stays one of its own.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { delay, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { asUser, type PortLine, readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";
import { NO_LIMITS, startUdpServers, UDP_SERVERS } from "../support/lab_udp.ts";
import { assertTruth, type GroundTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

const TARGET = "10.64.1.2";
/** Both protocols have an open port 53 and a closed port 123 of the other. */
const TCP_OPEN = "22,53";
const DTD = "/usr/share/nmap/nmap.dtd";

async function udpLab(): Promise<Lab> {
  const lab = await linkedLab({
    scanner: { routes: [`10.65.0.0/28 via ${TARGET}`] },
    target: { sysctls: NO_LIMITS, local: ["10.65.0.0/28"] },
  });
  await startUdpServers(lab, "target", TARGET);
  await lab.listen("target", TCP_OPEN, TARGET);
  return lab;
}

/** The states of the ports of a protocol up to `last`. */
function truthOf(open: readonly number[], last: number, reasons: readonly [open: string, closed: string]): GroundTruth {
  const closed = Array.from({ length: last }, (_, index) => index + 1).filter((port) => !open.includes(port));
  return groundTruth([
    [TARGET, open.filter((port) => port <= last).join(), "open", reasons[0]],
    [TARGET, closed.join(), "closed", reasons[1]],
  ]);
}

const UDP_TRUTH = truthOf(UDP_SERVERS, 500, ["udp-response", "port-unreach"]);

/** Checks the results of a JSON report of 500 ports of each protocol. */
function assertWhole(text: string, tcp: readonly [open: string, closed: string]): void {
  const { ports, summary } = readSynscanJson(text);
  assertBoth(ports, tcp);
  assertEquals([summary?.probes, summary?.undecided], [1000, 0]);
}

/** Checks the results of 500 ports of each protocol of the target. */
function assertBoth(ports: readonly PortLine[], tcp: readonly [open: string, closed: string]): void {
  const isUdp = ({ proto }: { proto: string }) => proto === "udp";
  assertTruth(UDP_TRUTH, ports.filter(isUdp), "UDP");
  assertTruth(truthOf([22, 53], 500, tcp), ports.filter((line) => !isUdp(line)), "TCP");
  assertEquals(ports.length, 1000);
}

for (const isUser of [false, true]) {
  const [tcp, reasons] = isUser
    ? (["-sT", ["conn-accept", "conn-refused"]] as const)
    : (["-sS", ["syn-ack", "reset"]] as const);

  labTest(
    `lab: -sU ${tcp} that is killed goes on where it was${isUser ? ", without privileges" : ""}`,
    [...isUser ? ["setpriv"] : [], "xmllint"],
    async () => {
      await using lab = await udpLab();
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
        ...["--no-config", "-n", tcp, "-sU", "-p", "T:1-500,U:1-500", "--max-rate", "500"],
        ...["--checkpoint", checkpoint!, "-oJ", json!, "-oX", xml!, TARGET],
      ];
      // In the pass of TCP, and in that of UDP, which comes behind it.
      for (const [args, lines] of [[scan, 50], [["resume", checkpoint!], 650]] as const) {
        const { code, stderr } = await run(args, lines);
        assertEquals(code, 137, stderr);
      }
      const { code, stderr } = await run(["resume", checkpoint!]);
      assertEquals(code, 0, stderr);
      assertWhole(Deno.readTextFileSync(json!), reasons);
      const text = Deno.readTextFileSync(xml!);
      assertEquals(text.match(/<scaninfo [^>]*protocol="\w+" numservices="\d+"/g), [
        `<scaninfo type="${isUser ? "connect" : "syn"}" protocol="tcp" numservices="500"`,
        '<scaninfo type="udp" protocol="udp" numservices="500"',
      ]);
      assertMatch(text, /<port protocol="tcp" portid="53"><state state="open"/);
      assertMatch(text, /<port protocol="udp" portid="53"><state state="open" reason="udp-response"/);
      assertEquals((await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, xml!])).code, 0);
    },
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

labTest("lab: -sU -sS is divided among shards, and merged again", ["xmllint"], async () => {
  await using lab = await udpLab();
  const folder = lab.folder();
  const synscan = (...args: string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
  // A scan of UDP is divided by host.
  const others = hostsFrom("10.65.0.1", 5);
  const parts = [1, 2, 3].map((index) => `${folder}/part${index}.json`);
  for (const [index, part] of parts.entries()) {
    const shard = ["--seed", "5", "--shard", `${index + 1}/3`, "-oJ", part];
    const { code, stderr } = await synscan("-n", "-sS", "-sU", "-p", "T:1-500,U:1-500", ...shard, TARGET, ...others);
    assertEquals(code, 0, stderr);
  }
  const merged = await synscan("merge", "--json", "-oX", `${folder}/all.xml`, "-oG", `${folder}/all.gnmap`, ...parts);
  assertEquals([merged.code, merged.stderr], [0, ""]);
  const { ports, summary } = readSynscanJson(merged.stdout);
  const ofTarget = ({ ip }: { ip: string }) => ip === TARGET;
  assertBoth(ports.filter(ofTarget), ["syn-ack", "reset"]);
  const closed = Map.groupBy(ports.filter((line) => !ofTarget(line)), ({ proto, reason }) => `${proto} ${reason}`);
  assertEquals(Array.from(closed, ([key, { length }]) => [key, length]).sort(), [
    ["tcp reset", 2500],
    ["udp port-unreach", 2500],
  ]);
  assertEquals([summary?.probes, summary?.hosts, summary?.undecided], [6000, 6, 0]);
  const xml = Deno.readTextFileSync(`${folder}/all.xml`);
  assertMatch(xml, /<port protocol="udp" portid="123"><state state="open" reason="udp-response"/);
  assertEquals((await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", DTD, `${folder}/all.xml`])).code, 0);
  const grepable = Deno.readTextFileSync(`${folder}/all.gnmap`);
  assertStringIncludes(grepable, "53/open/tcp//domain///, 53/open/udp//domain///");
  assertStringIncludes(grepable, "# Ports scanned: TCP(500;1-500) UDP(500;1-500) ");
});

labTest("lab: a history tells ports of UDP and TCP apart, and so does the difference of two scans", [], async () => {
  await using lab = await udpLab();
  const db = ["--db", `${lab.folder()}/history.db`];
  const synscan = async (...args: string[]) => {
    const { code, stdout, stderr } = await lab.run("scanner", [...SYNSCAN, ...args, ...db]);
    assert(code <= 1, stderr);
    return stdout;
  };
  const scan = ["-n", "-sS", "-sU", "-p", "T:22,53,123,U:22,53,123,1000", TARGET];
  await synscan(...scan);
  // TCP 53 stays open while UDP 53 is filtered, and 123 is open over UDP alone.
  lab.rules("target", ["chain input {\ntype filter hook input priority filter;\nudp dport 53 drop\n}"]);
  await synscan(...scan);
  const shown = await synscan("show", "1");
  assertEquals(shown.match(/^\d+\/\w+ +\S+/gm)?.map((row) => row.replace(/ +/, " ")), [
    ...[
      "22/tcp open",
      "22/udp closed",
      "53/tcp open",
      "53/udp open",
      "123/tcp closed",
      "123/udp open",
      "1000/udp closed",
    ],
  ]);
  const { ports } = readSynscanJson(await synscan("show", "1", "--json"));
  assertEquals(ports.filter(({ port }) => port === 53).map(({ proto, state }) => `${proto} ${state}`).sort(), [
    "tcp open",
    "udp open",
  ]);
  const diff = await synscan("diff");
  assertEquals(diff.match(/^ {2}[-+~] .*/gm), ["  - 53/udp    open -> open|filtered  domain"]);
  assertStringIncludes(diff, "7 ports of 1 host compared: 0 opened, 1 no longer open, 0 changed otherwise");
  const [change] = (await synscan("diff", "--json")).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals([change.port, change.proto, change.before, change.after], [53, "udp", "open", "open|filtered"]);
});
