/**
 * Every format that one scan writes, each read by a program that is not ours.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Browser, CHROMIUM } from "../support/chromium.ts";
import { chain, type Finished, Lab, labTest, lacking, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { readNmapXml } from "../support/nmap_xml.ts";

const PORTS = "1-100,443,3000-3004,4000-4005,5000";
/** So few of its ports are filtered that nmap's formats name each; of the other host they only count them. */
const FEW = "10.64.1.2";
const MANY = "10.64.1.3";
const TRUTH = groundTruth([
  [[FEW, MANY], PORTS, "closed", "reset"],
  [FEW, "22,80,443", "open", "syn-ack"],
  [FEW, "3000-3004", "filtered", "no-response"],
  [FEW, "4000-4004", "filtered", "admin-prohibited"],
  [FEW, "4005", "filtered", "port-unreach"],
  [MANY, "40-99", "filtered", "no-response"],
  [MANY, "22,443", "open", "syn-ack"],
]);
const OPEN = [...TRUTH].filter(([, { state }]) => state === "open").map(([where]) => where).sort();
const COUNTS = { open: 5, closed: 150, filtered: 71 };

const DTD = "/usr/share/nmap/nmap.dtd";
/** The states of a CSV file, and which ports are open, as JSON. */
const CSV_READER = `
import collections, csv, json, sys
rows = list(csv.DictReader(sys.stdin, strict=True))
print(json.dumps({
  "states": collections.Counter(row["state"] for row in rows),
  "open": sorted(row["ip"] + ":" + row["port"] for row in rows if row["state"] == "open"),
  "service": [row["service"] for row in rows if row["ip"] == "${FEW}" and row["port"] == "22"],
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
        ])],
      },
      many: { listen: "22,443", chains: [chain("input", [rule.drop("40-99")])] },
    },
    bridges: [{ name: "lan", members: { scanner: "10.64.1.1/24", few: `${FEW}/24`, many: `${MANY}/24` } }],
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

labTest("lab: every report of one scan, read by programs that are not ours", ["nmap"], async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "synscan-reports-" });
  const at = (name: string) => `${folder}/${name}`;
  try {
    let nmap: Finished;
    {
      await using lab = await twoHosts();
      const outputs = [
        ...["-oA", at("base"), "-oJ", at("lines"), "-oC", at("table.csv"), "-oH", at("page.html"), "-oL", at("list")],
        ...["--db", at("history.db")],
      ];
      const { code, stderr } = await lab.run("scanner", [...SYNSCAN, "-n", "-p", PORTS, ...outputs, `${FEW}-3`]);
      assertEquals([code, stderr], [0, ""]);
      nmap = await lab.run("scanner", [
        ...["nmap", "-sS", "-n", "-Pn", "-T4", "-p", PORTS, "-oX", at("nmap.xml"), `${FEW}-3`],
      ]);
      assertEquals(nmap.code, 0, nmap.stderr);
    }
    /** A step that says what it lacks. */
    const step = (name: string, missing: string, fn: () => Promise<void>) =>
      t.step({ name: missing === "" ? name : `${name} [skipped: ${missing}]`, ignore: missing !== "", fn });
    const python = await pythonWith("csv");
    const libnmap = await pythonWith("libnmap");

    await t.step("nmap agrees with the ground truth", async () => {
      assertTruth(TRUTH, readNmapXml(await Deno.readTextFile(at("nmap.xml"))), "nmap");
    });

    await step("XML is valid by nmap's own document type: xmllint", lacking(["xmllint"]), async () => {
      await read("xmllint", ["--noout", "--dtdvalid", DTD, at("base.xml")]);
      const open = await read("xmllint", ["--xpath", `//port[state/@state="open"]/@portid`, at("base.xml")]);
      assertEquals(open.match(/\d+/g)?.map(Number).sort((a, b) => a - b), [22, 22, 80, 443, 443]);
    });

    await step("XML says of each port what nmap's says: ndiff", lacking(["ndiff"]), async () => {
      assertEquals(await differences(at("nmap.xml"), at("base.xml")), []);
      // It would have said so.
      const xml = await Deno.readTextFile(at("base.xml"));
      const changed = xml.replace(/portid="4005"><state state="filtered"/, `portid="4005"><state state="open"`);
      await Deno.writeTextFile(at("changed.xml"), changed);
      assertEquals(await differences(at("nmap.xml"), at("changed.xml")), ["-4005/tcp filtered", "+4005/tcp open"]);
    });

    await step("XML: python-libnmap", libnmap === undefined ? "install python3-libnmap" : "", async () => {
      const found = async (name: string) => JSON.parse(await read(libnmap!, ["-c", LIBNMAP_READER, at(name)]));
      const ours = await found("base.xml");
      assertEquals([ours.up, ours.open, ours.ports.length], [2, OPEN, 16]);
      assertEquals(ours, await found("nmap.xml"));
    });

    await step("grepable: awk", lacking(["awk"]), async () => {
      const program =
        `{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+\\/open\\/tcp/) { split($i, p, "/"); print $2 ":" p[1] } }`;
      const found = await read("awk", [program, at("base.gnmap")]);
      assertEquals(found.trim().split("\n").sort(), OPEN);
    });

    await t.step("normal: the same ports in the same states as in nmap's own", async () => {
      const ports = (text: string) => text.match(/^(?:\d+\/tcp +\w+|PORT +STATE +SERVICE$)/gm);
      assertEquals(ports(await Deno.readTextFile(at("base.nmap"))), ports(nmap.stdout));
    });

    await step("JSON lines: jq", lacking(["jq"]), async () => {
      const program = `[.[] | select(.type == "port")] | {
        states: (group_by(.state) | map({(.[0].state): length}) | add),
        open: (map(select(.state == "open") | "\\(.ip):\\(.port)") | sort),
        distinct: (unique_by([.ip, .port]) | length)
      }`;
      assertEquals(JSON.parse(await read("jq", ["-s", program, at("lines")])), {
        states: COUNTS,
        open: OPEN,
        distinct: TRUTH.size,
      });
      const summary = `select(.type == "summary") | [.open, .closed, .filtered, .undecided]`;
      assertEquals(JSON.parse(await read("jq", ["-c", summary, at("lines")])), [5, 150, 71, 0]);
    });

    await step("history: sqlite3", lacking(["sqlite3"]), async () => {
      const query = (sql: string) => read("sqlite3", ["-readonly", at("history.db"), sql]);
      assertEquals(await query("PRAGMA integrity_check"), "ok\n");
      assertEquals(
        await query("SELECT ended, hosts, probes, open, closed, filtered, undecided FROM scan"),
        "done|2|226|5|150|71|0\n",
      );
      const open = await query("SELECT ip || ':' || port FROM port WHERE state = 'open'");
      assertEquals(open.trim().split("\n").sort(), OPEN);
      assertEquals(await query("SELECT ip FROM host ORDER BY number"), `${FEW}\n${MANY}\n`);
    });

    await step("CSV: Python's reader", python === undefined ? "install python3" : "", async () => {
      const csv = await Deno.readTextFile(at("table.csv"));
      assertEquals(JSON.parse(await read(python!, ["-c", CSV_READER], csv)), {
        states: COUNTS,
        open: OPEN,
        service: ["ssh"],
        short: [],
      });
    });

    await t.step("masscan's list: one line for each open port, between its first and its last", async () => {
      const lines = (await Deno.readTextFile(at("list"))).trimEnd().split("\n");
      assertEquals([lines.shift(), lines.pop()], ["#masscan", "# end"]);
      for (const line of lines) assertMatch(line, /^open tcp \d+ \d+\.\d+\.\d+\.\d+ \d{10}$/);
      assertEquals(lines.map((line) => line.split(" ")).map(([, , port, ip]) => `${ip}:${port}`).sort(), OPEN);
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
        ["2", "hosts up", "of 2"],
        ["5", "open", "2.2 % of ports"],
        ["150", "closed", "66 % of ports"],
        ["71", "filtered", "31 % of ports"],
      ]);
      const hosts = await page.evaluate<string[][]>(
        `[...document.querySelectorAll("#table tbody tr:not(.detail)")].map((row) =>
          [...row.cells].map((cell) => cell.textContent.replace(/\\s/g, " ").trim()).filter((text) => text !== "")
            .slice(0, -1))`,
      );
      assertEquals(hosts, [
        [FEW, "22 ssh 80 http 443 https", "3", "99", "11"],
        [MANY, "22 ssh 443 https", "2", "51", "60"],
      ]);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
