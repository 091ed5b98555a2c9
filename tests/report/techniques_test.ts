/** Scans of several techniques in every format: a state for each, and none of the first technique's is lost. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FORMATS, newAggregator } from "../../src/report/formats.ts";
import { passesNamed } from "../../src/result/pass.ts";
import { withFolder } from "../support/folder.ts";
import { lacking } from "../support/lab.ts";
import { ended, start } from "../support/program.ts";
import { cursorOver, result, summary, textOf } from "../support/results.ts";
import { inFormats, newWriter } from "../support/writers.ts";

const OPEN = { state: "open", reason: "syn-ack" } as const;
const SILENT = { state: "open|filtered", reason: "no-response", ttl: undefined, rttMs: undefined } as const;

/** A host with an open and a closed port, and one with 30 closed ports: those of -sF are only counted, as are those of -sS. */
const RESULTS = [
  result({ port: 22, ...OPEN, service: "ssh" }),
  result({ port: 80 }),
  ...Array.from({ length: 30 }, (_, at) => result({ ip: "10.0.0.2", port: 1000 + at })),
  result({ ip: "10.0.0.2", port: 443, ...OPEN }),
  result({ port: 22, technique: "fin", ...SILENT, service: "ssh" }),
  result({ port: 80, technique: "fin" }),
  ...Array.from({ length: 30 }, (_, at) => result({ ip: "10.0.0.2", port: 1000 + at, technique: "fin", ...SILENT })),
  result({ ip: "10.0.0.2", port: 443, technique: "fin", ...SILENT }),
];
const HEAD = { technique: "syn+fin", ports: { count: 33, text: "22,80,443,1000-1029" } };
const ENDED = summary({ hosts: 2, hostsUp: 2, probes: RESULTS.length });

async function run(...command: readonly string[]): Promise<string> {
  const { code, out, err } = await ended(start(command));
  assertEquals([code > 1, err], [false, ""], command.join(" "));
  return out;
}

const written = (options = {}) => inFormats(RESULTS, HEAD, ENDED, { reason: true, ...options }, newAggregator(0));

Deno.test("techniques: the table has a row for each, and a column that names it", () => {
  const { table, normal } = written();
  assertStringIncludes(
    table!,
    `synscan report for 10.0.0.1
PORT   STATE         SERVICE TECHNIQUE REASON
22/tcp open          ssh?    syn       syn-ack
22/tcp open|filtered ssh?    fin       no-response
80/tcp closed        unknown syn       reset
80/tcp closed        unknown fin       reset
`,
  );
  assertStringIncludes(table!, "Not shown: 31 open|filtered (no-response, fin), 30 closed (reset, syn)\n");
  assertStringIncludes(
    normal!,
    "Not shown: 31 open|filtered tcp ports (no-response, fin), 30 closed tcp ports (reset, syn)\n",
  );
  assertStringIncludes(table!, "synscan done: 2 hosts (2 up), 33 ports by 2 techniques in ");
  const one = inFormats([result()], { technique: "fin" }, ENDED, {}, newAggregator(0));
  assertEquals(one["table"]!.includes("TECHNIQUE"), false);
});

Deno.test("techniques: XML has a scaninfo for each, the strongest state, and the results of all of them", () => {
  const { xml } = written();
  assertEquals(xml!.match(/<scaninfo .*/g), [
    '<scaninfo type="syn" protocol="tcp" numservices="33" services="22,80,443,1000-1029"/>',
    '<scaninfo type="fin" protocol="tcp" numservices="33" services="22,80,443,1000-1029"/>',
  ]);
  const [open = "", closed = "", other = ""] = xml!.match(/<port .*/g)!;
  assertMatch(open, /portid="22"><state state="open" reason="syn-ack" /);
  assertStringIncludes(
    open,
    '<service name="ssh" extrainfo="syn: open (syn-ack); fin: open|filtered (no-response)" method="table" conf="3"/>',
  );
  assertMatch(closed, /portid="80"><state state="closed" reason="reset" /);
  assertMatch(other, /portid="443"><state state="open" /);
  assertEquals(xml!.match(/<extraports [^]*?<\/extraports>/g), [
    '<extraports state="closed" count="30">\n<extrareasons reason="reset" count="30" proto="tcp"/>\n</extraports>',
  ]);
  assertEquals(xml!.match(/comment="[^"]*"/g), ['comment="fin: 31 open|filtered (no-response)"']);
});

Deno.test("techniques: an answer to a later one is the state where the first had none", () => {
  const results = [result({ ...SILENT, state: "filtered" }), result({ technique: "ack", state: "unfiltered" })];
  const { xml, grepable } = inFormats(results, { ...HEAD, technique: "syn+ack" }, ENDED, {}, newAggregator(0));
  assertMatch(xml!, /portid="80"><state state="unfiltered" reason="reset" /);
  assertStringIncludes(xml!, 'extrainfo="syn: filtered (no-response); ack: unfiltered (reset)"');
  assertStringIncludes(grepable!, "Ports: 80/unfiltered/tcp");
});

Deno.test("techniques: grepable holds each port once, and a comment for each technique", () => {
  const { grepable } = written();
  assertEquals(grepable!.split("\n").filter((line) => line.includes("10.0.0.1")), [
    "# Technique syn on 10.0.0.1: 22/open/tcp, 80/closed/tcp",
    "# Technique fin on 10.0.0.1: 22/open|filtered/tcp, 80/closed/tcp",
    "Host: 10.0.0.1 ()\tStatus: Up",
    "Host: 10.0.0.1 ()\tPorts: 22/open/tcp//ssh///, 80/closed/tcp/////",
  ]);
  assertStringIncludes(grepable!, "Ports: 443/open/tcp/////\tIgnored State: closed (30)\n");
  assertStringIncludes(grepable!, "# Technique fin on 10.0.0.2: 31 open|filtered (no-response)\n");
});

Deno.test("techniques: JSON lines and CSV name that of each result, from batches of rows as well", () => {
  const { json, csv } = written();
  const lines = json!.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines[0].technique, "syn+fin");
  const ports = lines.filter(({ type, ip, port }) => type === "port" && ip === "10.0.0.1" && port === 22);
  assertEquals(ports.map(({ technique, state }) => [technique, state]), [["syn", "open"], ["fin", "open|filtered"]]);
  assertEquals(
    csv!.split("\n").filter((line) => line.startsWith("10.0.0.1,80,")).map((line) => line.split(",").at(-1)),
    [
      "syn",
      "fin",
    ],
  );
  for (const format of ["json", "csv"] as const) {
    const writer = newWriter(format);
    writer.start({ hosts: 1, probes: 2, startedAtMs: 0, args: [], version: "1", ...HEAD });
    const text = ["syn", "fin", "syn"].map((technique) =>
      textOf(writer.results(cursorOver([result({ technique })]), 0))
    );
    assertEquals(text.map((line) => /syn|fin/.exec(line)![0]), ["syn", "fin", "syn"], format);
  }
});

Deno.test("techniques: lists of open ports hold each once, whichever techniques find it open", () => {
  const results = [
    result({ port: 22, ...OPEN }),
    result({ port: 22, technique: "window", ...OPEN }),
    result({ port: 80, technique: "window", ...OPEN }),
    result({ ip: "10.0.0.2", port: 22, technique: "window", ...OPEN }),
  ];
  const written = inFormats(results, { ...HEAD, technique: "syn+window" }, ENDED, {}, newAggregator(0));
  assertEquals(written["ip-port"], "10.0.0.1:22\n10.0.0.1:80\n10.0.0.2:22\n");
  assertEquals(written["list"]!.match(/open tcp \d+ \S+/g), [
    ...["open tcp 22 10.0.0.1", "open tcp 80 10.0.0.1", "open tcp 22 10.0.0.2"],
  ]);
});

Deno.test("techniques: what is undecided is counted in results, not in ports", () => {
  const ended = summary({ probes: 66, undecided: 5, ended: "interrupted" });
  const { table, list } = inFormats([result(OPEN)], HEAD, ended, {}, newAggregator(0));
  assertStringIncludes(table!, ", 33 ports by 2 techniques (5 results undecided) in ");
  assertStringIncludes(list!, "# cut: the scan was interrupted, 5 of 66 results undecided\n");
});

Deno.test("techniques: HTML has a cause for the results of each", () => {
  const { html } = written();
  const causes = [...html!.matchAll(/"causes":(\[\[.*?\]\])/g)].flatMap(([, text]) => JSON.parse(text!));
  assertEquals(causes.map((cause: unknown[]) => [cause[0], cause[3]]), [
    ["open", "syn"],
    ["open|filtered", "fin"],
    ["closed", "syn"],
    ["closed", "fin"],
  ]);
});

Deno.test("techniques: a late result replaces the one of its own technique", () => {
  const silent = result({ ...SILENT, technique: "fin" });
  const late = result({ technique: "fin", late: true, replaces: "no-response", replacesState: "open|filtered" });
  const { table } = inFormats([result(OPEN), silent, late], HEAD, ENDED, {}, newAggregator(0));
  assertStringIncludes(table!, "80/tcp open   unknown syn\n80/tcp closed unknown fin\n");
  const rows = [cursorOver([result(OPEN)]), cursorOver([silent, late])];
  const aggregator = newAggregator(0);
  for (const batch of rows) aggregator.take(batch);
  const [host] = [...aggregator.report(1).hosts()];
  assertEquals(host!.ports.map(({ technique, state }) => [technique, state]), [["syn", "open"], ["fin", "closed"]]);
});

Deno.test("techniques: their joined name and their passes convert into each other", () => {
  assertEquals(passesNamed("syn+fin").map(({ number, technique }) => [number, technique]), [[0, "syn"], [1, "fin"]]);
});

Deno.test({
  name: "techniques: XML is valid, and ndiff finds what has changed for one of them (needs xmllint, nmap and ndiff)",
  ignore: lacking(["xmllint", "nmap", "ndiff"]) !== "",
  fn: () =>
    withFolder(async (folder) => {
      // In the later scan, -sF finds 80 open|filtered.
      const later = RESULTS.map((each) => each.technique === "fin" && each.port === 80 ? { ...each, ...SILENT } : each);
      const texts = [RESULTS, later].map((results) => inFormats(results, HEAD, ENDED, {}, newAggregator(0))["xml"]!);
      const paths = [`${folder}/1.xml`, `${folder}/2.xml`];
      for (const [at, text] of texts.entries()) await Deno.writeTextFile(paths[at]!, text);
      await run("xmllint", "--noout", "--dtdvalid", "/usr/share/nmap/nmap.dtd", ...paths);
      const changes = (await run("ndiff", ...paths)).split("\n").filter((line) => /^[-+]\d/.test(line));
      assertEquals(changes.map((line) => line.replaceAll(/ +/g, " ")), [
        "-80/tcp closed unknown (syn: closed (reset); fin: closed (reset))",
        "+80/tcp closed unknown (syn: closed (reset); fin: open|filtered (no-response))",
      ]);
    }),
});

const PYTHON = "/usr/bin/python3";
const hasLibnmap = await new Deno.Command(PYTHON, { args: ["-c", "import libnmap"], stderr: "null" }).output().then(
  ({ success }) => success,
  () => false,
);

Deno.test({
  name: "techniques: python-libnmap reads the states of the first, and those of others (needs python3-libnmap)",
  ignore: !hasLibnmap,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/o.xml`, written()["xml"]!);
      const program = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps([[host.address, service.port, service.state, service.service_dict.get("extrainfo")]
  for host in report.hosts for service in host.services]))`;
      assertEquals(JSON.parse(await run(PYTHON, "-c", program, `${folder}/o.xml`)), [
        ["10.0.0.1", 22, "open", "syn: open (syn-ack); fin: open|filtered (no-response)"],
        ["10.0.0.1", 80, "closed", "syn: closed (reset); fin: closed (reset)"],
        ["10.0.0.2", 443, "open", "syn: open (syn-ack)"],
      ]);
    }),
});

Deno.test("techniques: every format names all of them", () => {
  const texts = written({ verbosity: 2 });
  for (const format of FORMATS.filter((each) => each !== "list" && each !== "ip-port")) {
    assertMatch(texts[format]!, /\bsyn\b[^]*\bfin\b/, format);
  }
});
