/**
 * Every format that one scan writes, each read by a program that is not ours.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Browser, CHROMIUM } from "../support/chromium.ts";
import { FAMILIES, type Family, MIXED, type Version } from "../support/families.ts";
import { chain, Lab, labTest, lacking, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, compare, type GroundTruth, groundTruth, type TruthRow } from "../support/lab_verdicts.ts";
import { readNmapXml } from "../support/nmap_xml.ts";

const PORTS = "1-100,443,3000-3004,4000-4006,5000";
/** So few of its ports are filtered that nmap's formats name each; of the other host they only count them. */
const [FEW, MANY] = [2, 3];

function hostsOf(family: Family): string[] {
  return family.each((version) => [version.address(1, FEW), version.address(1, MANY)]);
}

function truthOf(family: Family): GroundTruth {
  const [few, many] = [family.hosts(1, FEW), family.hosts(1, MANY)];
  return groundTruth([
    [[...few, ...many], PORTS, "closed", "reset"],
    [few, "22,80,443", "open", "syn-ack"],
    [few, "3000-3004", "filtered", "no-response"],
    [few, "4000-4004", "filtered", "admin-prohibited"],
    [few, "4005", "filtered", "port-unreach"],
    // By nmap's words.
    ...family.each(({ name, address }): TruthRow[] => [
      [address(1, FEW), "4006", "filtered", name === "IPv4" ? "net-unreach" : "no-route"],
    ]),
    [many, "40-99", "filtered", "no-response"],
    [many, "22,443", "open", "syn-ack"],
  ]);
}

/** The numbers of ports of each version. */
const COUNTS = { open: 5, closed: 151, filtered: 72 };

const DTD = "/usr/share/nmap/nmap.dtd";
/** The states of a CSV file, and which ports are open, as JSON. */
const CSV_READER = `
import collections, csv, json, sys
rows = list(csv.DictReader(sys.stdin, strict=True))
print(json.dumps({
  "states": collections.Counter(row["state"] for row in rows),
  "open": sorted(row["ip"] + ":" + row["port"] for row in rows if row["state"] == "open"),
  "service": [row["service"] for row in rows if row["port"] == "22"],
  "short": [row for row in rows if None in row.values() or None in row],
}))
`;
/** Prints the contents of nmap's XML by python-libnmap, as JSON; of a host's groups of counted ports it has one. */
const LIBNMAP_READER = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps({
  "up": report.hosts_up,
  "open": sorted(f"{host.address}:{port}" for host in report.hosts for port, _ in host.get_open_ports()),
  "ports": [[s.port, s.protocol, s.state, s.reason] for host in report.hosts for s in host.services],
  "counted": [host.extraports_state["state"] for host in report.hosts],
}))
`;

/** A host whose filtered ports are few and of all kinds, and one of which most are dropped. */
function twoHosts(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: {},
      few: {
        listen: "22,80,443",
        chains: [chain("input", [
          rule.drop("3000-3004"),
          rule.reject("4000-4004", "admin-prohibited"),
          rule.reject("4005", "port-unreachable"),
          rule.reject("4006", "no-route"),
        ])],
      },
      many: { listen: "22,443", chains: [chain("input", [rule.drop("40-99")])] },
    },
    bridges: [{
      name: "lan",
      members: { scanner: MIXED.onLink(1, 1), few: MIXED.onLink(1, FEW), many: MIXED.onLink(1, MANY) },
    }],
  });
}

/** Runs a program that must succeed. */
async function read(program: string, args: readonly string[], stdin?: string): Promise<string> {
  const child = new Deno.Command(program, { args: [...args], stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  if (stdin !== undefined) await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout);
  // ndiff's 1 says that there are differences.
  assert(
    code === 0 || program === "ndiff" && code === 1,
    `${program}: status ${code}: ${new TextDecoder().decode(stderr)}`,
  );
  return text;
}

/** The Python that has a module; Debian's own may not be the first on the path. */
async function pythonWith(module: string): Promise<string | undefined> {
  for (const program of ["python3", "/usr/bin/python3"]) {
    try {
      const { success } = await new Deno.Command(program, { args: ["-c", `import ${module}`] }).output();
      if (success) return program;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/**
 * Returns the differences of two files by ndiff, port by port. Left out are hardware addresses, the scanner, and the names
 * of services, which nmap has from a database of its own.
 */
async function differences(one: string, other: string): Promise<string[]> {
  const text = await read("ndiff", [one, other]);
  const lines = text.split("\n").filter((line) => /^[-+](\d+\/|Not shown)/.test(line))
    .map((line) => line.replace(/^([-+]\d+\/tcp) +(\S+).*/, "$1 $2"));
  const opposite = (line: string) => (line.startsWith("-") ? "+" : "-") + line.slice(1);
  return lines.filter((line) => !lines.includes(opposite(line)));
}

/** nmap's XML and normal output of two hosts. */
interface NmapOutput {
  readonly xml: string;
  readonly normal: string;
}

async function runNmap(lab: Lab, version: Version): Promise<NmapOutput> {
  const file = `${lab.folder()}/nmap.xml`;
  const targets = [version.address(1, FEW), version.address(1, MANY)];
  const argv = ["nmap", ...version.nmap, "-sS", "-n", "-Pn", "-T4", "--reason", "-p", PORTS, "-oX", file, ...targets];
  const { code, stdout, stderr } = await lab.run("scanner", argv);
  assertEquals(code, 0, stderr);
  return { xml: await Deno.readTextFile(file), normal: stdout };
}

/** Returns two outputs as one, as if nmap scanned both families at once. */
function joined(outputs: readonly NmapOutput[]): NmapOutput {
  const hosts = outputs.flatMap(({ xml }) => xml.match(/<host [^]*?<\/host>\n/g) ?? []);
  const up = `<hosts up="${hosts.length}" down="0" total="${hosts.length}"/>`;
  const xml = outputs[0]!.xml.replace(/<host [^]*<\/host>\n/, () => hosts.join("")).replace(/<hosts up=.*?\/>/, up);
  return { xml, normal: outputs.map(({ normal }) => normal).join("") };
}

labTest("lab: every report of one scan, read by programs that are not ours", ["nmap"], async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "synscan-reports-" });
  try {
    {
      await using lab = await twoHosts();
      const outputs = new Map(
        await Promise.all(MIXED.versions.map(async (version) => [version, await runNmap(lab, version)] as const)),
      );
      await Promise.all(FAMILIES.map(async (family) => {
        const of = `${folder}/${family.name}`;
        await Deno.mkdir(of);
        const at = (name: string) => `${of}/${name}`;
        const { xml, normal } = joined(family.each((version) => outputs.get(version)!));
        await Deno.writeTextFile(at("nmap.xml"), xml);
        await Deno.writeTextFile(at("nmap.nmap"), normal);
        const reports = [
          ...["-oA", at("base"), "-oJ", at("lines"), "-oC", at("table.csv"), "-oH", at("page.html"), "-oL", at("list")],
          ...["--db", at("history.db")],
        ];
        const argv = [...SYNSCAN, "-n", "--reason", "-p", PORTS, ...reports, ...hostsOf(family)];
        const { code, stderr } = await lab.run("scanner", argv);
        assertEquals([code, stderr], [0, ""]);
      }));
    }
    const python = await pythonWith("csv");
    const libnmap = await pythonWith("libnmap");
    for (const family of FAMILIES) {
      await t.step(family.name, (t) => checkReports(t, family, `${folder}/${family.name}`, { python, libnmap }));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Checks the reports in a folder of a scan of both hosts. */
async function checkReports(
  t: Deno.TestContext,
  family: Family,
  folder: string,
  { python, libnmap }: { readonly python: string | undefined; readonly libnmap: string | undefined },
): Promise<void> {
  const at = (name: string) => `${folder}/${name}`;
  const truth = truthOf(family);
  const times = family.versions.length;
  const open = [...truth].filter(([, { state }]) => state === "open").map(([where]) => where).sort();
  const counts = Object.fromEntries(Object.entries(COUNTS).map(([state, count]) => [state, count * times]));
  /** A step that names what it lacks. */
  const step = (name: string, missing: string, fn: () => Promise<void>) =>
    t.step({ name: missing === "" ? name : `${name} [skipped: ${missing}]`, ignore: missing !== "", fn });

  await t.step("nmap agrees with the ground truth, and synscan's XML with nmap's", async () => {
    assertTruth(truth, readNmapXml(await Deno.readTextFile(at("nmap.xml"))), "nmap");
    // Of the ports that are only counted, synscan's XML has no list.
    const listed = readNmapXml(await Deno.readTextFile(at("base.xml"))).filter(({ port }) => port > 0);
    const { wrong, unexpected, duplicates } = compare(truth, listed);
    assertEquals([wrong, unexpected, duplicates, listed.length], [[], [], [], 17 * times]);
  });

  await step("XML is valid by nmap's own document type: xmllint", lacking(["xmllint"]), async () => {
    await read("xmllint", ["--noout", "--dtdvalid", DTD, at("base.xml")]);
    const open = await read("xmllint", ["--xpath", `//port[state/@state="open"]/@portid`, at("base.xml")]);
    const numbers = Array.from({ length: times }, () => [22, 22, 80, 443, 443]).flat().sort((a, b) => a - b);
    assertEquals(open.match(/\d+/g)?.map(Number).sort((a, b) => a - b), numbers);
    const kinds = await read("xmllint", ["--xpath", "//address[@addrtype!='mac']", at("base.xml")]);
    assertEquals(
      kinds.trim().split("\n").sort(),
      hostsOf(family).map((ip) => `<address addr="${ip}" addrtype="${ip.includes(":") ? "ipv6" : "ipv4"}"/>`).sort(),
    );
  });

  await step("XML says of each port what nmap's says: ndiff", lacking(["ndiff"]), async () => {
    assertEquals(await differences(at("nmap.xml"), at("base.xml")), []);
    // It would have said so.
    const xml = await Deno.readTextFile(at("base.xml"));
    const changed = xml.replaceAll(/portid="4005"><state state="filtered"/g, `portid="4005"><state state="open"`);
    await Deno.writeTextFile(at("changed.xml"), changed);
    const lines = Array.from({ length: times }, () => ["-4005/tcp filtered", "+4005/tcp open"]).flat();
    assertEquals(await differences(at("nmap.xml"), at("changed.xml")), lines);
  });

  await step("XML: python-libnmap", libnmap === undefined ? "install python3-libnmap" : "", async () => {
    const found = async (name: string) => JSON.parse(await read(libnmap!, ["-c", LIBNMAP_READER, at(name)]));
    const ours = await found("base.xml");
    assertEquals([ours.up, ours.open, ours.ports.length], [2 * times, open, 17 * times]);
    assertEquals(ours, await found("nmap.xml"));
  });

  await step("grepable: awk", lacking(["awk"]), async () => {
    const program =
      `{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+\\/open\\/tcp/) { split($i, p, "/"); print $2 ":" p[1] } }`;
    const found = await read("awk", [program, at("base.gnmap")]);
    assertEquals(found.trim().split("\n").sort(), open);
  });

  await t.step("normal: the same ports in the same states for the same reasons as in nmap's own", async () => {
    const ports = (text: string) =>
      Array.from(
        text.matchAll(
          /^(Nmap scan report for .*|PORT +STATE +SERVICE +REASON$|\d+\/tcp +\w+) *(?:\S+ +([\w-]+).*)?$/gm,
        ),
        ([, line, reason]) => [line!.replace(/ +/g, " "), reason],
      );
    const [ours, others] = await Promise.all(["base.nmap", "nmap.nmap"].map((name) => Deno.readTextFile(at(name))));
    assertEquals(ports(ours!), ports(others!));
  });

  await step("JSON lines: jq", lacking(["jq"]), async () => {
    const program = `[.[] | select(.type == "port")] | {
      states: (group_by(.state) | map({(.[0].state): length}) | add),
      open: (map(select(.state == "open") | "\\(.ip):\\(.port)") | sort),
      distinct: (unique_by([.ip, .port]) | length)
    }`;
    assertEquals(JSON.parse(await read("jq", ["-s", program, at("lines")])), {
      states: counts,
      open,
      distinct: truth.size,
    });
    const summary = `select(.type == "summary") | [.open, .closed, .filtered, .undecided]`;
    assertEquals(JSON.parse(await read("jq", ["-c", summary, at("lines")])), [...Object.values(counts), 0]);
  });

  await step("history: sqlite3", lacking(["sqlite3"]), async () => {
    const query = (sql: string) => read("sqlite3", ["-readonly", at("history.db"), sql]);
    assertEquals(await query("PRAGMA integrity_check"), "ok\n");
    assertEquals(
      await query("SELECT ended, hosts, probes, open, closed, filtered, undecided FROM scan"),
      ["done", 2 * times, truth.size, ...Object.values(counts), "0\n"].join("|"),
    );
    const found = await query("SELECT ip || ':' || port FROM port WHERE state = 'open'");
    assertEquals(found.trim().split("\n").sort(), open);
    const hosts = await query("SELECT ip FROM host");
    assertEquals(hosts.trim().split("\n").sort(), hostsOf(family).sort());
  });

  await step("CSV: Python's reader", python === undefined ? "install python3" : "", async () => {
    const csv = await Deno.readTextFile(at("table.csv"));
    assertEquals(JSON.parse(await read(python!, ["-c", CSV_READER], csv)), {
      states: counts,
      open,
      service: Array.from({ length: 2 * times }, () => "ssh"),
      short: [],
    });
  });

  await t.step("masscan's list: one line for each open port, between its first and its last", async () => {
    const lines = (await Deno.readTextFile(at("list"))).trimEnd().split("\n");
    assertEquals([lines.shift(), lines.pop()], ["#masscan", "# end"]);
    for (const line of lines) assertMatch(line, /^open tcp \d+ [\da-f.:]+ \d{10}$/);
    assertEquals(lines.map((line) => line.split(" ")).map(([, , port, ip]) => `${ip}:${port}`).sort(), open);
  });

  await step("HTML: Chromium", CHROMIUM === undefined ? "install chromium" : "", async () => {
    await using browser = await Browser.launch();
    const page = await browser.newPage();
    await page.open(at("page.html"));
    assertEquals(page.errors, []);
    const figures = await page.evaluate<string[][]>(
      `[...document.querySelectorAll("#figures button")].map(({ children }) =>
        [...children].map(({ textContent }) => textContent))`,
    );
    assertEquals(figures, [
      [`${2 * times}`, "hosts up", `of ${2 * times}`],
      [`${5 * times}`, "open", "2.2 % of ports"],
      [`${151 * times}`, "closed", "66 % of ports"],
      [`${72 * times}`, "filtered", "32 % of ports"],
    ]);
    const hosts = await page.evaluate<string[][]>(
      `[...document.querySelectorAll("#table tbody tr:not(.detail)")].map((row) =>
        [...row.cells].map((cell) => cell.textContent.replace(/\\s/g, " ").trim()).filter((text) => text !== "")
          .slice(0, -1))`,
    );
    assertEquals(
      hosts,
      family.each(({ address }) => [
        [address(1, FEW), "22 ssh 80 http 443 https", "3", "99", "12"],
        [address(1, MANY), "22 ssh 443 https", "2", "52", "60"],
      ]),
    );
  });
}
