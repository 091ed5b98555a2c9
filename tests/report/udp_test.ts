/** Scans of UDP in every format, alone and beside TCP: the protocol of each port, nmap's reasons, and notes on weak replies. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fieldNamed } from "../../src/report/fields.ts";
import { newAggregator } from "../../src/report/formats.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { passesNamed } from "../../src/result/pass.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const WEAK = "the reply repeats too little of the probe: anybody who knows the ports can have sent it";

const NAMED = { service: "domain", confidence: 10, product: "BIND" };

/** The lines of data of an HTML report. */
function linesIn(html: string): Record<string, unknown[]>[] {
  const [, data = ""] = /<script type="application\/json" id="scan">\n([^]*?)<\/script>/.exec(html)!;
  return data.trim().split("\n").map((line) => JSON.parse(line));
}

/** A result of a UDP scan. */
function udp(port: number, state: PortResult["state"], reason: PortResult["reason"], more: Partial<PortResult> = {}) {
  return result({ port, proto: "udp", technique: "udp", state, reason, ...more });
}

const SILENT = { ttl: undefined, rttMs: undefined };
const RESULTS = [
  result({ port: 53, state: "open", reason: "syn-ack", service: "domain" }),
  result({ port: 80 }),
  udp(53, "open", "udp-response", { service: "domain" }),
  udp(69, "open", "udp-response", { service: "tftp", note: WEAK }),
  udp(80, "closed", "port-unreach"),
  udp(161, "filtered", "port-unreach", { service: "snmp", from: "10.0.0.254" }),
  udp(162, "open|filtered", "no-response", SILENT),
  udp(500, "undecided", "icmp-limited", SILENT),
  ...Array.from({ length: 30 }, (_, at) => udp(1000 + at, "closed", "port-unreach")),
];
const HEAD = {
  passes: passesNamed("syn+udp", (technique) => technique === "udp" ? "udp" : "tcp"),
  technique: "syn+udp",
  ports: { count: 2, text: "53,80" },
  udpPorts: { count: 36, text: "53,69,80,161-162,500,1000-1029" },
};
const ENDED = summary({
  ...{ hosts: 1, hostsUp: 1, probes: RESULTS.length, undecided: 1 },
  notes: [{ ip: "10.0.0.1", ports: [69], more: 0, note: WEAK }],
});

const written = inFormats(RESULTS, HEAD, ENDED, { reason: true }, newAggregator(0));

const { table = "", normal = "", xml = "", grepable = "", csv = "", json = "", html = "", list = "" } = written;

Deno.test("udp: tables name the protocol of each port, and count the ports of both", () => {
  const rows = (text: string) =>
    text.split("\n").filter((line) => /^\d+\/(tcp|udp)/.test(line)).map((line) => line.split(/ +/));
  for (const text of [table, normal]) {
    assertEquals(rows(text).map(([port, state, , ...reason]) => `${port} ${state} ${reason.join(" ")}`), [
      "53/tcp open syn-ack",
      "53/udp open udp-response",
      "69/udp open udp-response",
      "80/tcp closed reset",
      "161/udp filtered port-unreach from 10.0.0.254",
      "162/udp open|filtered no-response",
      "500/udp undecided icmp-limited",
    ]);
    assertStringIncludes(text, `Note: port 69: ${WEAK}\n`);
    assertStringIncludes(text, "synscan done: 1 host (1 up), 38 ports (1 undecided) in ");
  }
  assertStringIncludes(table, "Not shown: 31 closed (port-unreach)\n");
  assertStringIncludes(normal, "Not shown: 31 closed udp ports (port-unreach)\n");
});

Deno.test("udp: XML has a scaninfo of each protocol, nmap's reasons, and the protocol of ports that are only counted", () => {
  assertEquals(xml.match(/<scaninfo .*/g), [
    '<scaninfo type="syn" protocol="tcp" numservices="2" services="53,80"/>',
    '<scaninfo type="udp" protocol="udp" numservices="36" services="53,69,80,161-162,500,1000-1029"/>',
  ]);
  const ports = xml.matchAll(/<port protocol="(\w+)" portid="(\d+)"><state state="([^"]+)" reason="([^"]+)"/g);
  assertEquals(Array.from(ports, ([, ...each]) => each.join(" ")), [
    "tcp 53 open syn-ack",
    "udp 53 open udp-response",
    "udp 69 open udp-response",
    "tcp 80 closed reset",
    "udp 161 filtered port-unreach",
    "udp 162 open|filtered no-response",
  ]);
  assertStringIncludes(xml, 'reason="port-unreach" reason_ttl="64" reason_ip="10.0.0.254"/>');
  assertStringIncludes(
    xml,
    '<extraports state="closed" count="31">\n<extrareasons reason="port-unreach" count="31" proto="udp"/>',
  );
  assertStringIncludes(xml, `comment="port 69: ${WEAK}"`);
});

Deno.test("udp: XML of one technique is that of UDP alone, whose ports are in it", () => {
  const head = { technique: "udp", passes: passesNamed("udp", () => "udp"), ports: HEAD.udpPorts };
  const { xml } = inFormats(RESULTS.filter(({ proto }) => proto === "udp"), head, ENDED, {}, newAggregator(0));
  assertEquals(xml!.match(/<scaninfo .*/g), [
    '<scaninfo type="udp" protocol="udp" numservices="36" services="53,69,80,161-162,500,1000-1029"/>',
  ]);
  assertEquals(new Set(xml!.match(/protocol="\w+"/g)), new Set(['protocol="udp"']));
});

Deno.test("udp: grepable names the protocol of each port, and the ports of both in its head", () => {
  assertStringIncludes(grepable, "# Ports scanned: TCP(2;53,80) UDP(36;53,69,80,161-162,500,1000-1029) ");
  assertMatch(
    grepable,
    /\tPorts: 53\/open\/tcp\/\/domain\/\/\/, 53\/open\/udp\/\/domain\/\/\/, 69\/open\/udp\/\/tftp\/\/\/, 80\/closed\/tcp\/.*\tIgnored State: closed \(31\)\n/,
  );
  assertStringIncludes(grepable, `# Note on 10.0.0.1: port 69: ${WEAK}\n`);
});

Deno.test("udp: JSON lines and CSV have the protocol of each result, and the note of a weak one", () => {
  const lines = json.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals([lines[0].ports, lines[0].udp_ports], ["53,80", "53,69,80,161-162,500,1000-1029"]);
  const ports = lines.filter(({ type, port }) => type === "port" && port < 1000);
  assertEquals(
    ports.map(({ port, proto, state, reason, note = "" }) => `${port}/${proto} ${state} ${reason} ${note}`.trim()),
    [
      "53/tcp open syn-ack",
      "80/tcp closed reset",
      "53/udp open udp-response",
      `69/udp open udp-response ${WEAK}`,
      "80/udp closed port-unreach",
      "161/udp filtered port-unreach",
      "162/udp open|filtered no-response",
      "500/udp undecided icmp-limited",
    ],
  );
  assertEquals(csv.split("\n").filter((line) => /^10\.0\.0\.1,(53|69|162),/.test(line)), [
    '10.0.0.1,53,tcp,open,syn-ack,64,0.25,1,"domain",,,,,syn',
    '10.0.0.1,53,udp,open,udp-response,64,0.25,1,"domain",,,,,udp',
    `10.0.0.1,69,udp,open,udp-response,64,0.25,1,"tftp",,,,"${WEAK}",udp`,
    "10.0.0.1,162,udp,open|filtered,no-response,,,1,,,,,,udp",
  ]);
});

Deno.test("udp: the HTML report has the techniques, the ports of both protocols and the note", () => {
  const [, data = ""] = /<script type="application\/json" id="scan">\n([^]*?)<\/script>/.exec(html)!;
  const [head, ...parts] = data.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(head.head.udpPorts, HEAD.udpPorts);
  const causes = parts.flatMap(({ causes = [] }) => causes).map((each: unknown[]) => each.join(" "));
  assertEquals(causes, [
    "open syn-ack  syn",
    "open udp-response  udp",
    "closed reset  syn",
    "filtered port-unreach 10.0.0.254 udp",
    "open|filtered no-response  udp",
    "undecided icmp-limited  udp",
  ]);
  assertStringIncludes(data, `port 69: ${WEAK}`);
});

Deno.test("udp: the note on a reply without proof is that of the UDP port, not of the TCP port of its number", () => {
  const ended = { ...ENDED, notes: [{ ip: "10.0.0.1", ports: [53], more: 0, note: WEAK }] };
  const fields = ["port", "note"].map((name) => fieldNamed(name)!);
  const { table } = inFormats(RESULTS.slice(0, 3), HEAD, ended, { fields }, newAggregator(0));
  assertStringIncludes(table!, `PORT   NOTE\n53/tcp -\n53/udp ${WEAK}\n80/tcp -\n`);
});

Deno.test("udp: lists name the protocol of an open port", () => {
  assertEquals(list.match(/open \w+ \d+ \S+/g), [
    "open tcp 53 10.0.0.1",
    "open udp 53 10.0.0.1",
    "open udp 69 10.0.0.1",
  ]);
  assertEquals(written["ip-port"], "10.0.0.1:53\n10.0.0.1:U:53\n10.0.0.1:U:69\n");
});

Deno.test("udp: a service of one protocol is not that of the other's port of the same number, in any format", () => {
  const mixed = [
    result({ port: 514, state: "open", reason: "syn-ack", service: "shell" }),
    udp(514, "open", "udp-response", { service: "syslog" }),
    result({ port: 53, state: "open", reason: "syn-ack", service: "domain", finding: NAMED }),
    udp(53, "open", "udp-response", { service: "domain", finding: { ...NAMED, product: "dnsmasq" } }),
  ];
  for (const results of [mixed, mixed.toReversed()]) {
    const { table, normal, xml, grepable, html } = inFormats(results, HEAD, ENDED, {}, newAggregator(0));
    for (const text of [table!, normal!]) {
      assertMatch(text, /514\/tcp +open +shell/);
      assertMatch(text, /514\/udp +open +syslog/);
    }
    assertMatch(xml!, /protocol="tcp" portid="514">.*?name="shell"/);
    assertMatch(xml!, /protocol="udp" portid="514">.*?name="syslog"/);
    assertMatch(grepable!, /514\/open\/tcp\/\/shell\//);
    assertMatch(grepable!, /514\/open\/udp\/\/syslog\//);
    const of = (member: string) => linesIn(html!).flatMap((line) => line[member] ?? []).sort();
    assertEquals(of("services"), [[514, "shell"], [514, "syslog", "udp"]]);
    assertEquals(of("found"), [[0, 53, "domain", "BIND", []], [0, 53, "domain", "dnsmasq", [], "udp"]]);
  }
});

Deno.test("udp: a host of which every port is closed is up, for its own errors show it", () => {
  const results = [1, 2].flatMap((host) =>
    [1000, 1001].map((port) => udp(port, "closed", "port-unreach", { ip: `10.0.0.${host}` }))
  );
  const head = { technique: "udp", passes: passesNamed("udp", () => "udp"), ports: { count: 2, text: "1000-1001" } };
  const { table = "", normal = "", xml = "" } = inFormats(
    results,
    head,
    summary({ hosts: 2, hostsUp: 2, probes: 4 }),
    { reason: true },
    newAggregator(0),
  );
  const row = /^1000\/udp +closed +unknown +port-unreach$/gm;
  assertEquals([table.match(row)?.length, normal.match(row)?.length], [2, 2]);
  assertEquals(normal.match(/^Host is up, received port-unreach \(/gm)?.length, 2);
  assertEquals(xml.match(/<status state="up" reason="port-unreach"/g)?.length, 2);
});
