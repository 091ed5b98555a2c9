/** Lists of hosts (-sL): in every format, with names, and without a packet to the hosts. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FORMATS_OF_LISTS } from "../../src/cli/args/contradictions.ts";
import { flagNamed } from "../../src/cli/args/flags.ts";
import { LIST_FORMATS, LIST_SUMMARY_FIELDS, LISTED_FIELDS } from "../../src/report/list.ts";
import { addressIn, named } from "../support/dns.ts";
import { startDnsServer } from "../support/dns_server.ts";
import { withFolder } from "../support/folder.ts";
import { ended, runIn, start, synscan, until } from "../support/program.ts";
import { labTest, lacking, linkedLab } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { runMain } from "./fake.ts";

const DTD = "/usr/share/nmap/nmap.dtd";

Deno.test("list: each host is listed with its names in the table and nmap's formats", async () => {
  const listed = async (args: string) => (await runMain(`-sL 10.0.0.1-2${args}`)).world.stdout;
  assertMatch(
    await listed(""),
    /^synscan report for a\.example \(10\.0\.0\.1\)\nsynscan report for c\.example \(10\.0\.0\.2\)\nsynscan done: 2 hosts listed in .*; nothing was sent to them\n$/,
  );
  assertMatch(await listed(" -q"), /\nsynscan report for c\.example \(10\.0\.0\.2\)\n$/);
  assertMatch(
    await listed(" -oN -"),
    /^# Nmap synscan-\S+ scan initiated .*\nNmap scan report for a\.example \(10\.0\.0\.1\)\nNmap scan report for c\.example \(10\.0\.0\.2\)\n# Nmap done at .* -- 2 IP addresses \(0 hosts up\) scanned in .*\n$/,
  );
  assertMatch(
    await listed(" -oG -"),
    /^# Nmap .*\nHost: 10\.0\.0\.1 \(a\.example\)\tStatus: Unknown\nHost: 10\.0\.0\.2 \(c\.example\)\tStatus: Unknown\n# Nmap done at .*\n$/,
  );
  const xml = await listed(" -oX -");
  assertStringIncludes(
    xml,
    '<host><status state="unknown" reason="user-set" reason_ttl="0"/>\n<address addr="10.0.0.1"',
  );
  assertStringIncludes(
    xml,
    '<hostname name="a.example" type="user"/>\n<hostname name="&lt;b&gt;.example" type="PTR"/>',
  );
  assertStringIncludes(xml, '<hosts up="0" down="2" total="2"/>');
  assert(!xml.includes("<scaninfo") && !xml.includes("<ports"), xml);
});

Deno.test("list: the formats that the command line accepts are those that exist", () => {
  assertEquals([...FORMATS_OF_LISTS].toSorted(), Object.keys(LIST_FORMATS).toSorted());
});

Deno.test("list: JSON has one line for each host, and a summary", async () => {
  const { world, status } = await runMain("-sL --json 10.0.0.1-2");
  const lines = world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines, [
    { type: "target", ip: "10.0.0.1", names: ["a.example"], hostname: "<b>.example" },
    { type: "target", ip: "10.0.0.2", hostname: "c.example" },
    { type: "summary", hosts: 2, elapsed_ms: lines.at(-1).elapsed_ms, ended: "done", warnings: [], trusted: true },
  ]);
  assertEquals(Object.keys(lines.at(-1)), ["type", ...LIST_SUMMARY_FIELDS]);
  assertEquals(Object.keys(lines[0]), ["type", ...LISTED_FIELDS.map(([name]) => name)]);
  assertEquals([status, world.stderr], [0, ""]);
});

Deno.test("list: -oA writes every report but HTML, and nmap's document type accepts the XML", async () => {
  await withFolder(async (folder) => {
    const { code, out, err } = await runIn(folder, [
      "-sL",
      "-n",
      "-4",
      "-oA",
      "all",
      "--no-config",
      "192.0.2.0/30",
      "localhost",
    ]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^synscan report for localhost \(127\.0\.0\.1\)\nsynscan report for 192\.0\.2\.0\n/);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).toSorted(), [
      "all.gnmap",
      "all.json",
      "all.nmap",
      "all.xml",
    ]);
    assertStringIncludes(flagNamed("--all-files").more ?? "", "-sL, of which there is no HTML, writes the others");
    if (lacking(["xmllint"]) !== "" || lacking(["nmap"]) !== "") return;
    const checked = await ended(start(["xmllint", "--noout", "--dtdvalid", DTD, `${folder}/all.xml`]));
    assertEquals(checked.code, 0, checked.err);
  });
});

Deno.test("list: names of every host are looked up, however many there are, and with -n none", async () => {
  await using server = await startDnsServer((query, send) =>
    send(named(query, `host-${addressIn(query) & 0xffff}.example`))
  );
  await withFolder(async (folder) => {
    const args = ["-sL", "--no-config", "--dns-servers", `127.0.0.1:${server.port}`, "10.77.0.0/22"];
    const { out, code } = await runIn(folder, args);
    assertEquals([code, out.match(/^synscan report for host-\d+\.example \(10\.77\.\d+\.\d+\)$/gm)?.length], [0, 1024]);
    assertStringIncludes(out, "synscan report for host-768.example (10.77.3.0)\n");
    const before = server.queries.length;
    assertMatch((await runIn(folder, [...args, "-n"])).out, /^synscan report for 10\.77\.0\.0\n/);
    assertEquals(server.queries.length, before);
  });
});

Deno.test("list: a deadline ends lookups, and what is known is listed", async () => {
  await using server = await startDnsServer(() => {});
  await withFolder(async (folder) => {
    const args = [
      "-sL",
      "--no-config",
      "--deadline",
      "300ms",
      "--dns-servers",
      `127.0.0.1:${server.port}`,
      ...["10.77.0.0/20", "--json"],
    ];
    const { out, err, code } = await runIn(folder, args);
    const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const warning = "The scan ended before 4,096 names of hosts could be looked up";
    assertEquals([code, err, lines.length, lines[0].ip], [3, `${warning}\n`, 4097, "10.77.0.0"]);
    const { ended, warnings, trusted } = lines.at(-1);
    assertEquals({ ended, warnings, trusted }, { ended: "deadline", warnings: [warning], trusted: false });
  });
});

Deno.test("list: a signal ends lookups, and what is known is listed", async () => {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    await using server = await startDnsServer((query, send) => {
      if (addressIn(query) === 0x0a4d0001) send(named(query, "known.example"));
    });
    await withFolder(async (folder) => {
      const args = ["-sL", "--no-config", "--dns-servers", `127.0.0.1:${server.port}`, "-oX", "x", "10.77.0.0/20"];
      const child = start(synscan(args), { cwd: folder });
      const ending = ended(child);
      await until(() => server.queries.length > 10);
      child.kill(signal);
      const { code, out, err } = await ending;
      assertEquals(code, status, err);
      assertMatch(err, /The scan ended before 4,09\d names of hosts could be looked up\n$/);
      assertEquals(out.match(/^synscan report for /gm)?.length, 4096);
      const xml = Deno.readTextFileSync(`${folder}/x`);
      assertEquals(xml.match(/<host>/g)?.length, 4096);
      assertMatch(xml, /exit="error" errormsg="The scan ended before [^]*<\/nmaprun>\n$/);
    });
  }
});

Deno.test("list: a name without an address is told, and the list is incomplete", async () => {
  await withFolder(async (folder) => {
    const { out, err, code } = await runIn(folder, ["-sL", "-n", "--no-config", "no-such-name.invalid", "192.0.2.1"]);
    assertMatch(out, /^synscan report for 192\.0\.2\.1\n/);
    assertMatch(err, /^Cannot resolve no-such-name\.invalid: .* It is left out\n$/);
    const asked = ["-sL", "--no-config", "--dns-servers", "127.0.0.1:9", "no-such-name.invalid"];
    assertStringIncludes((await runIn(folder, asked)).err, " by the system's resolver (the chosen DNS servers are ");
    assertEquals(code, 3);
  });
});

labTest("list: nothing is sent to the hosts, and nmap lists the same", ["nmap"], async () => {
  await using lab = await linkedLab({ scanner: {}, target: {} });
  const list = async (...argv: string[]) => {
    const { stdout } = await lab.run("scanner", [
      ...argv,
      "-sL",
      "-n",
      "-oG",
      "-",
      "10.64.1.2-4",
      "--exclude",
      "10.64.1.3",
    ]);
    return stdout.split("\n").filter((line) => line.startsWith("Host:"));
  };
  const ours = await list(...SYNSCAN, "--no-config");
  assertEquals(ours, await list("nmap"));
  assertEquals(ours.length, 2);
  const [, received] = /^Ip: \d+ \d+ (\d+)/m.exec(lab.set("target", ["cat", "/proc/net/snmp"])) ?? [];
  assertEquals(received, "0");
  assertEquals(lab.set("scanner", ["ip", "-4", "neigh"]), "");
});
