/**
 * Formats that other programs read, as those programs read them.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hostBatch } from "../../src/cli/shards/host_lines.ts";
import { fieldNamed, FIELDS } from "../../src/report/fields.ts";
import { type FormatName, FORMATS } from "../../src/report/formats.ts";
import type { ReportOptions, ScanHead } from "../../src/report/writer.ts";
import { type PortResult, type ResultList, toResult } from "../../src/result/port_result.ts";
import type { Summary } from "../../src/result/summary.ts";
import { withFolder } from "../support/folder.ts";
import { lacking } from "../support/lab.ts";
import { ended, start } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { cursorOver, namesIn, result, summary, textOf, usualState } from "../support/results.ts";
import { newWriter } from "../support/writers.ts";

const AT = Date.UTC(2026, 0, 5, 12, 0, 0);
const HEAD: ScanHead = {
  hosts: 3,
  probes: 12,
  technique: "syn",
  startedAtMs: AT,
  args: ["-p", "1-4", "h"],
  version: "0.1.0",
};
const HOSTILE = `<b>"it's" & co</b>\u0000\u001b[0m\ud800\uffff,/()`;

const RESULTS: readonly PortResult[] = [
  result({ ip: "10.0.0.2", port: 443, state: "open", reason: "syn-ack", service: "https", rttMs: 2 }),
  result({
    ip: "10.0.0.2",
    port: 22,
    state: "open",
    reason: "syn-ack",
    service: "ssh",
    names: ["a.example"],
    rttMs: 1,
  }),
  result({
    ip: "10.0.0.1",
    port: 23,
    state: "filtered",
    reason: "admin-prohibited",
    from: "10.0.0.254",
    service: "telnet",
  }),
  ...Array.from({ length: 30 }, (_, at) => result({ ip: "10.0.0.2", port: 1000 + at })),
  ...Array.from(
    { length: 28 },
    (_, at) => result({ ip: "10.0.0.2", port: 2000 + at, state: "filtered", reason: "no-response" }),
  ),
  result({ ip: "10.0.0.1", port: 80, state: "open", reason: "syn-ack", service: HOSTILE, names: [HOSTILE] }),
  result({ ip: "10.0.0.3", port: 81, state: "undecided", reason: "deadline" }),
];

interface Document {
  /** All of it. */
  readonly text: string;
  /** The contents of a file that is cut off after each call. */
  readonly cuts: readonly string[];
}

function written(format: FormatName, options: Partial<ReportOptions> = {}, changes: Partial<Summary> = {}): Document {
  const writer = newWriter(format, options);
  const cuts: string[] = [];
  let text = "";
  const add = (piece: string) => {
    text += piece;
    cuts.push(text + (writer.tail?.() ?? ""));
  };
  add(writer.start({ ...HEAD, names: namesIn(RESULTS) }));
  for (const each of RESULTS) add(textOf(writer.results([each], AT + 1500)));
  for (const piece of writer.end(summary({ hosts: 3, hostsUp: 2, ...changes }), AT + 2500)) add(piece);
  assertEquals(writer.tail?.() ?? "", "");
  return { text, cuts };
}

const NOTED: Summary["notes"] = [
  { ip: "10.0.0.2", ports: [22, 443], more: 3, note: "SYN-ACK and RST" },
  { ip: "10.0.0.2", ports: [], more: 0, note: HOSTILE },
];

async function tool(...command: string[]): Promise<{ code: number; out: string }> {
  const { code, out, err } = await ended(start(command));
  return { code, out: out + err };
}

const DTD = "/usr/share/nmap/nmap.dtd";
const CAN_VALIDATE = lacking(["xmllint", "nmap"]) === "";
const CAN_DIFF = lacking(["ndiff"]) === "";
const CAN_PYTHON = lacking(["python3"]) === "";

const withFiles = (texts: readonly string[], use: (paths: string[]) => Promise<void>) =>
  withFolder(async (folder) => {
    const paths = texts.map((_, at) => `${folder}/${at}.xml`);
    for (const [at, path] of paths.entries()) await Deno.writeTextFile(path, texts[at] ?? "");
    await use(paths);
  });

Deno.test({
  name: "xml: valid by nmap's own document type, whole, and cut off at every point (needs xmllint and nmap)",
  ignore: !CAN_VALIDATE,
  fn: async () => {
    const variants = [
      written("xml"),
      written("xml", { openOnly: true }),
      written("xml", { verbosity: 2 }, { ended: "interrupted", warnings: [HOSTILE], trusted: false }),
      written("xml", {}, { suspects: [{ ip: "10.0.0.2", suspect: "syn-proxy" }] }),
      written("xml", { fields: [fieldNamed("ip")!] }),
      written("xml", {}, {
        suspects: [{ ip: "10.0.0.2", suspect: "syn-proxy" }],
        notes: NOTED,
        os: [...GUESSED, ...SEVERAL],
      }),
      written("xml", {}, { os: GUESSED.map((guess) => ({ ...guess, family: HOSTILE, evidence: HOSTILE })) }),
    ];
    const texts = variants.flatMap(({ text, cuts }) => [text, cuts[0]!, cuts[5]!, ...cuts.slice(-6)]);
    await withFiles(texts, async (paths) => {
      const { code, out } = await tool("xmllint", "--noout", "--dtdvalid", DTD, ...paths);
      assertEquals([code, out], [0, ""]);
    });
  },
});

Deno.test("xml: a file that is cut off has an error, and counts no host before the scan has ended", () => {
  const { text, cuts } = written("xml");
  assertStringIncludes(text, 'exit="success"/><hosts up="2" down="1" total="3"/>');
  for (const [at, cut] of cuts.slice(0, -1).entries()) {
    assertStringIncludes(
      cut,
      at <= RESULTS.length
        ? 'errormsg="The scan was cut off"/><hosts up="0" down="0" total="0"/>'
        : 'errormsg="The file was cut off: hosts are missing"/><hosts up="2" down="1" total="3"/>',
    );
  }
});

Deno.test("xml: state, reason and service of each port", () => {
  const { text } = written("xml");
  const lines = text.split("\n");
  const [, , open = "", info = ""] = lines;
  assertStringIncludes(open, `<nmaprun scanner="nmap" args="synscan -p 1-4 h" start="${AT / 1000}" startstr="`);
  assertEquals(
    info,
    '<scaninfo type="syn" protocol="tcp" numservices="63" services="22-23,80-81,443,1000-1029,2000-2027"/>',
  );
  assertStringIncludes(
    text,
    '<port protocol="tcp" portid="23"><state state="filtered" reason="admin-prohibited" reason_ttl="64" ' +
      'reason_ip="10.0.0.254"/><service name="telnet" method="table" conf="3"/></port>',
  );
  assertStringIncludes(
    text,
    '<extraports state="closed" count="30">\n<extrareasons reason="reset" count="30" proto="tcp"/>\n</extraports>',
  );
  assertStringIncludes(text, '<extraports state="filtered" count="28">');
  assertStringIncludes(
    text,
    '<ports><extraports state="unknown" count="1">\n<extrareasons reason="deadline" count="1" proto="tcp"/>\n' +
      "</extraports>\n</ports>",
  );
  assertStringIncludes(text, '<hosts up="2" down="1" total="3"/>');
  assertStringIncludes(text, 'exit="success"');
});

Deno.test("xml: a service for every listed port, and quotes in the command line", () => {
  const writer = newWriter("xml");
  const opening = writer.start({ ...HEAD, ports: { count: 1, text: "9" }, args: ["-oX", "my scan.xml", 'a"b\\c', ""] });
  assertStringIncludes(
    opening,
    ` args="synscan -oX &quot;my scan.xml&quot; &quot;a\\&quot;b\\\\c&quot; &quot;&quot;" `,
  );
  writer.results([result({ port: 60000, state: "open", reason: "syn-ack" })], AT);
  assertStringIncludes(
    [...writer.end(summary(), AT)].join(""),
    'reason_ttl="64"/><service name="unknown" method="table" conf="3"/></port>',
  );
});

Deno.test({
  name: "xml: ndiff finds no difference from nmap's words for the same hosts (needs ndiff)",
  ignore: !CAN_DIFF,
  fn: async () => {
    const { text } = written("xml");
    const changed = text.replace('portid="443"><state state="open"', 'portid="443"><state state="closed"');
    await withFiles([text, text, changed], async ([one = "", same = "", other = ""]) => {
      assertEquals((await tool("ndiff", one, same)).code, 0);
      const { code, out } = await tool("ndiff", one, other);
      assertEquals(code, 1);
      assertStringIncludes(out, "443/tcp");
    });
  },
});

Deno.test("xml: only what the document type requires of fields that are not chosen", () => {
  const { text } = written("xml", { fields: [fieldNamed("port")!, fieldNamed("service")!] });
  assertStringIncludes(
    text,
    '<port protocol="tcp" portid="23"><state state="filtered" reason="admin-prohibited" reason_ttl="0"/>' +
      '<service name="telnet" method="table" conf="3"/></port>',
  );
  assertStringIncludes(text, '<extraports state="closed" count="30">\n</extraports>');
  for (const left of ["<times", "<extrareasons", "reason_ip"]) assert(!text.includes(left), left);
  const { text: bare } = written("xml", { fields: [fieldNamed("reason")!, fieldNamed("rtt_ms")!] });
  for (const given of ["<times", "<extrareasons"]) assertStringIncludes(bare, given);
  assert(!bare.includes("<service"));
});

Deno.test("grepable: names and services only if chosen", () => {
  const lines = (fields: string) =>
    written("grepable", { fields: fields.split(",").map((name) => fieldNamed(name)!) }).text;
  assertStringIncludes(lines("port"), "Host: 10.0.0.2 ()\tPorts: 22/open/tcp/////, 443/open/tcp/////\tIgnored");
  assertStringIncludes(lines("service"), "Ports: 22/open/tcp//ssh///, 443/open/tcp//https///\tIgnored");
});

Deno.test("xml, grepable: the host's name only if chosen", () => {
  for (const format of ["xml", "grepable"] as const) {
    const text = (fields: string[]) => {
      const writer = newWriter(format, { fields: fields.map((name) => fieldNamed(name)!) });
      const named = [result({ names: ["a.example"] })];
      writer.start({ ...HEAD, names: namesIn(named) });
      writer.results(named, AT);
      return [...writer.end(summary(), AT)].join("");
    };
    assertStringIncludes(text(["ip", "name"]), "a.example");
    assert(!text(["ip", "port"]).includes("a.example"), format);
  }
});

Deno.test("list: every field, whatever fields are chosen", () => {
  assertEquals(written("list", { fields: [fieldNamed("ip")!] }).text, written("list").text);
});

Deno.test("grepable: a line for each host", () => {
  const { text } = written("grepable");
  const lines = text.split("\n").slice(1);
  assertEquals(lines.slice(3, 7), [
    "Host: 10.0.0.2 (a.example)\tStatus: Up",
    "Host: 10.0.0.2 (a.example)\tPorts: 22/open/tcp//ssh///, 443/open/tcp//https///\tIgnored State: closed (30)",
    "Host: 10.0.0.3 ()\tStatus: Up",
    "Host: 10.0.0.3 ()\tPorts: 81/unknown/tcp/////",
  ]);
  for (const line of lines.filter((line) => line.startsWith("Host"))) {
    assert(/^Host: [\d.]+ \([^()]*\)\t(Status: Up|Ports: [^\t]*(\tIgnored State: \w+ \(\d+\))?)$/.test(line), line);
  }
});

const NOTE_LINES: readonly (readonly [FormatName, Partial<ReportOptions>, string])[] = [
  [
    "table",
    {},
    "\nsynscan report for a.example (10.0.0.2)\nNote: ports 22, 443 and 3 more: SYN-ACK and RST\nNote: <b>",
  ],
  ["table", { fields: [fieldNamed("port")!, fieldNamed("note")!] }, "\n22/tcp  SYN-ACK and RST\n"],
  ["json", {}, '"notes":["ports 22, 443 and 3 more: SYN-ACK and RST","<b>'],
  ["xml", {}, ' comment="ports 22, 443 and 3 more: SYN-ACK and RST; &lt;b&gt;'],
  ["grepable", {}, "\n# Note on 10.0.0.2: ports 22, 443 and 3 more: SYN-ACK and RST\n# Note on 10.0.0.2: <b>"],
  ["html", {}, ',["ports 22, 443 and 3 more: SYN-ACK and RST",'],
];

for (const [format, options, expected] of NOTE_LINES) {
  Deno.test(`notes: ${format} has those of a host and of its ports${options.fields ? ", in the chosen column" : ""}`, () => {
    const { text } = written(format, options, { notes: NOTED });
    assertStringIncludes(text, expected);
    assert(!text.includes("\u0000") && !text.includes("\u001b"));
  });
}

const GUESSED: Summary["os"] = [
  { ip: "10.0.0.2", family: "Linux", evidence: "options MSS,NOP,WS; TTL 64; DF", ports: [] },
];
const SEVERAL: Summary["os"] = [
  { ...GUESSED[0]!, ports: [22, 25] },
  { ip: "10.0.0.2", family: null, evidence: "options MSS; TTL 127; DF", ports: [443] },
];
const UNKNOWN: Summary["os"] = [{ ...SEVERAL[1]!, ports: [] }];

const ONE_TEXT = "Linux (options MSS,NOP,WS; TTL 64; DF)";
const SEVERAL_TEXT = `several stacks: ports 22, 25: ${ONE_TEXT}; port 443: unknown (options MSS; TTL 127; DF)`;
const OS_LINES: readonly (readonly [FormatName, Summary["os"], string])[] = [
  ["table", GUESSED, `\nOS guess: ${ONE_TEXT}\n`],
  ["table", SEVERAL, `\nOS guess: ${SEVERAL_TEXT}\n`],
  ["normal", GUESSED, `\nOS guess: ${ONE_TEXT}\n`],
  ["json", GUESSED, ',"os":[{"family":"Linux","evidence":"options MSS,NOP,WS; TTL 64; DF"}]}\n'],
  ["json", SEVERAL, '{"family":null,"evidence":"options MSS; TTL 127; DF","ports":[443]}]}\n'],
  ["json", UNKNOWN, ',"os":[{"family":null,"evidence":"options MSS; TTL 127; DF"}]}\n'],
  ["xml", GUESSED, '</ports>\n<os><osmatch name="Linux" accuracy="85" line="0"/>\n</os>\n'],
  ["xml", GUESSED, ` comment="OS guess: ${ONE_TEXT}"`],
  ["xml", SEVERAL, ` comment="OS guess: ${SEVERAL_TEXT}"`],
  ["grepable", GUESSED, "\tOS: Linux\n"],
  ["grepable", SEVERAL, `\n# OS of 10.0.0.2: ${SEVERAL_TEXT}\n`],
  ["html", GUESSED, `,[],"${ONE_TEXT}"]`],
];

for (const [format, os, expected] of OS_LINES) {
  const stacks = os.length > 1 ? "several stacks" : os[0]!.family ?? "an unknown stack";
  Deno.test(`${format}: names the system of a host: ${stacks}: ${expected.slice(0, 16).trim()}`, () => {
    assertStringIncludes(written(format, {}, { os }).text, expected);
  });
}

Deno.test("os: a host without one known stack has no guess where only its name fits", () => {
  for (const os of [SEVERAL, UNKNOWN, []]) {
    assert(!written("xml", {}, { os }).text.includes("<os>"));
    assert(!written("grepable", {}, { os }).text.includes("OS: "));
  }
  assert(!written("table", {}, { os: UNKNOWN }).text.includes("OS guess"));
});

Deno.test("json: hosts of one port have a line if their system is known, or there are several", () => {
  const lines = (os: Summary["os"]) => {
    const writer = newWriter("json");
    writer.start({ ...HEAD, probes: HEAD.hosts });
    const text = [...writer.end(summary({ os }), AT)].map(textOf).join("");
    return text.trimEnd().split("\n").slice(0, -1).map((line) => JSON.parse(line));
  };
  assertEquals(lines(GUESSED), [
    { type: "host", ip: "10.0.0.2", os: [{ family: "Linux", evidence: "options MSS,NOP,WS; TTL 64; DF" }] },
  ]);
  assertEquals(lines(UNKNOWN), []);
  assertEquals(lines(SEVERAL)[0].os.length, 2);
});

Deno.test("notes: csv and json lines have that of a port in its own line", () => {
  const noted = result({ note: "RST and ICMP error" });
  const lineOf = (format: FormatName) =>
    textOf(newWriter(format).results(cursorOver([result(), noted, result()]), AT)).split("\n")[1]!;
  assertEquals(lineOf("csv").split(",").at(-2), '"RST and ICMP error"');
  assertEquals(JSON.parse(lineOf("json")).note, "RST and ICMP error");
});

Deno.test("notes: json lines hold those of hosts without a line of their own", () => {
  const writer = newWriter("json");
  writer.start({ ...HEAD, probes: HEAD.hosts });
  const [first] = [...writer.end(summary({ notes: NOTED.slice(0, 1) }), AT)].map(textOf);
  assertEquals(JSON.parse(first!), {
    type: "host",
    ip: "10.0.0.2",
    notes: ["ports 22, 443 and 3 more: SYN-ACK and RST"],
  });
});

Deno.test("grepable: nmap's comments with synscan's name, and done only for a complete scan", () => {
  const lines = (changes: Partial<Summary>) => written("grepable", {}, changes).text.trimEnd().split("\n");
  const [first, second] = lines({});
  assertMatch(
    first ?? "",
    /^# Nmap synscan-0\.1\.0 scan initiated \w{3} \w{3} [ \d]\d [\d:]{8} 2026 as: synscan -p 1-4 h$/,
  );
  assertEquals(second, "# Ports scanned: TCP(63;22-23,80-81,443,1000-1029,2000-2027) UDP(0;) SCTP(0;) PROTOCOLS(0;)");
  const ended = (changes: Partial<Summary>) =>
    lines(changes).at(-1)?.replace(/\w{3} \w{3} [ \d]\d [\d:]{8} 2026/, "AT");
  assertEquals(
    ended({ hosts: 1234567 }),
    "# Nmap done at AT -- 1234567 IP addresses (2 hosts up) scanned in 1.23 seconds by synscan",
  );
  assertEquals(
    ended({ hosts: 1, hostsUp: 1, ended: "interrupted" }),
    "# Nmap interrupted at AT -- 1 IP address (1 host up) scanned in 1.23 seconds by synscan",
  );
  for (const each of ["deadline", "failed"] as const) assert(!ended({ ended: each })?.includes("done"));
});

Deno.test("csv: a header and a row for each result", () => {
  const { text } = written("csv");
  const [header, first] = text.split("\n");
  assertEquals(header, "ip,port,proto,state,reason,ttl,rtt_ms,tries,service,from,names,late,note,technique");
  assertEquals(first, '10.0.0.2,443,tcp,open,syn-ack,64,2,1,"https",,,,,syn');
  const chosen = written("csv", { fields: [fieldNamed("port")!, fieldNamed("ip")!], openOnly: true });
  assertEquals(chosen.text, "port,ip\n443,10.0.0.2\n22,10.0.0.2\n80,10.0.0.1\n");
});

Deno.test({
  name: "csv: Python's reader finds the same cells (needs python3)",
  ignore: !CAN_PYTHON,
  fn: async () => {
    await withFiles([written("csv").text], async ([path = ""]) => {
      const program = "import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='')))))";
      const rows = JSON.parse((await tool("python3", "-c", program, path)).out);
      assertEquals(rows.length, RESULTS.length);
      assertEquals(rows.at(-2).service, HOSTILE.replace(/\p{Cc}/gu, "?").toWellFormed());
    });
  },
});

Deno.test("list: masscan's lines, complete at every point", () => {
  const { text, cuts } = written("list");
  const seconds = Math.floor((AT + 1500) / 1000);
  assertEquals(
    text,
    `#masscan\nopen tcp 443 10.0.0.2 ${seconds}\nopen tcp 22 10.0.0.2 ${seconds}\nopen tcp 80 10.0.0.1 ${seconds}\n# end\n`,
  );
  for (const cut of cuts.slice(0, -1)) assert(cut.endsWith("\n# cut\n"), cut);
  assertEquals(cuts.at(-1), text);
});

for (
  const [ended, line] of [
    ["interrupted", "# cut: the scan was interrupted, 1,234 of 5,000 ports undecided\n"],
    ["deadline", "# cut: the deadline ended the scan, 1,234 of 5,000 ports undecided\n"],
    ["failed", "# cut: the scan failed, 1,234 of 5,000 ports undecided\n"],
  ] as const
) {
  Deno.test(`list: a scan that is cut (${ended}) has no end, but a comment that states it`, () => {
    const { text } = written("list", {}, { ended, undecided: 1234, probes: 5000 });
    assert(text.endsWith(`\n${line}`), text);
    assert(!text.includes("# end"));
  });
}

Deno.test("xml: the status of a host has the TTL of its reply, to a ping or by a port that is only counted", () => {
  const evidence = (probe: string, reason: "echo-reply" | "arp-response", ttl: number | null) =>
    [{ probe, reason, ttl, rtt_ms: 1 }] as const;
  const writer = newWriter("xml");
  writer.start(HEAD);
  writer.hosts!(hostBatch([
    { ip: "10.0.0.1", state: "up", reason: "echo-reply", evidence: evidence("echo", "echo-reply", 63) },
    { ip: "10.0.0.2", state: "up", reason: "arp-response", evidence: evidence("arp", "arp-response", null) },
  ]));
  writer.results(
    cursorOver(Array.from({ length: 30 }, (_, at) => result({ ip: "10.0.0.3", port: 1 + at, ttl: 61 }))),
    AT,
  );
  const xml = [...writer.end(summary(), AT)].join("");
  assertEquals(xml.match(/<status .*?>/g), [
    '<status state="up" reason="echo-reply" reason_ttl="63"/>',
    '<status state="up" reason="arp-response" reason_ttl="0"/>',
    '<status state="up" reason="reset" reason_ttl="61"/>',
  ]);
});

Deno.test("ip-port: one line for each open port, also where a later reply replaces an earlier one", () => {
  const writer = newWriter("ip-port");
  const open = { state: "open", reason: "syn-ack" } as const;
  const results = [
    result({ ip: "10.0.0.2", port: 443, ...open }),
    result({ ip: "10.0.0.2", port: 22 }),
    result({ ip: "10.0.0.2", port: 80, ...open, late: true, replaces: "no-response" }),
    result({ ip: "10.0.0.2", port: 443, ...open, late: true, replaces: "syn-ack" }),
  ];
  const text = writer.start(HEAD) + textOf(writer.results(cursorOver(results), AT)) +
    [...writer.end(summary(), AT)].join("");
  assertEquals(text, "10.0.0.2:443\n10.0.0.2:80\n");
});

Deno.test("normal: nmap's wording around the rows of the table", () => {
  const lines = written("normal").text.trimEnd().split("\n");
  const table = written("table").text.trimEnd().split("\n");
  assertMatch(lines[0] ?? "", /^# Nmap synscan-0\.1\.0 scan initiated .* as: synscan -p 1-4 h$/);
  assertMatch(lines.at(-1) ?? "", /^# Nmap done at .* scanned in 1\.23 seconds by synscan$/);
  const own = [
    "Nmap scan report for a.example (10.0.0.2)",
    "Host is up (0.00025s latency).",
    "Not shown: 30 closed tcp ports (reset), 28 filtered tcp ports (no-response)",
    "PORT    STATE SERVICE",
  ];
  const at = lines.indexOf(own[0]!);
  assertEquals(lines.slice(at, at + own.length), own);
  const rest = (text: readonly string[]) => text.filter((line) => !/report for|^Host is up|^Not shown|^#/.test(line));
  // Ours marks services that only the port's number suggests.
  const unmarked = rest(table).map((line) => line.replace(/^(\d+\/tcp .*)\?$/, "$1"));
  assertEquals(rest(lines), unmarked);
  assert(rest(table).includes("443/tcp open  https?"));
});

Deno.test("formats: names and services stay data, whatever they contain", () => {
  for (const format of ["table", "normal", "xml", "grepable", "csv", "list", "ip-port", "json"] as const) {
    const { text } = written(format);
    assertEquals(text.match(/(?![\t\n])\p{Cc}/u), null, format);
    if (format === "xml") assert(!text.includes("<b>"));
  }
});

Deno.test("formats: equal output for results of a cursor and results as objects", () => {
  const random = new Random(3);
  const oneOf = <T>(...some: readonly T[]): T => some[random.below(some.length)]!;
  const reasons = ["reset", "reset", "reset", "no-response", "no-response", "syn-ack", "admin-prohibited"] as const;
  for (let round = 0; round < 20; round++) {
    const services = round % 2 === 0 ? [] : [443, 3000];
    const isNamed = round >= 5 && round % 3 === 0;
    const results: PortResult[] = [];
    for (let port = 1; port <= 300; port++) {
      const ip = round < 5 || random.below(9) > 0 ? "10.0.0.1" : oneOf("10.0.0.2", "10.0.0.3", "10.0.1.2");
      const reason = oneOf(...reasons);
      const state = usualState(reason);
      const answered = state !== "filtered" || reason === "admin-prohibited";
      const replaces = random.below(30) === 0 ? "no-response" : undefined;
      results.push(result({
        ...{ ip, port: port * 10, state, reason, replaces, late: replaces !== undefined, tries: oneOf(1, 1, 1, 2) },
        ttl: answered ? oneOf(64, 64, 255) : undefined,
        rttMs: answered ? oneOf(0, 0.1234, 7, 1e5 / 3) : undefined,
        from: reason === "admin-prohibited" ? oneOf(undefined, "10.0.0.254", "10.0.0.253") : undefined,
        service: services.includes(port * 10) ? "a service" : undefined,
        names: isNamed && ip === "10.0.0.2" ? ["b.example"] : [],
      }));
    }
    const list = cursorOver(results);
    assertEquals([...list].length, list.length);
    assertEquals(list.kept(), results);
    const isOdd = ({ port }: PortResult) => port % 20 === 10;
    assertEquals(list.filter(isOdd).kept(), results.filter(isOdd));
    assertEquals(list.filter(() => true), list);
    let before: PortResult | undefined;
    let columns: number | undefined;
    let alike = 0;
    const columnFields = FIELDS.filter(({ name, varies }) => !varies && name !== "service");
    for (const each of list) {
      if (each.columns !== undefined && before !== undefined && each.columns === columns) {
        alike++;
        const [one, other] = [each, before].map((
          result,
        ) => [result.replaces, ...columnFields.map(({ get }) => get(result))]);
        assertEquals(one, other, `${each.port}`);
      }
      columns = each.columns;
      before = toResult(each);
    }
    // Results with names have no such number.
    assertEquals(alike > 10, !isNamed);
    for (const format of FORMATS) {
      for (const openOnly of [false, true]) {
        const text = (lists: readonly ResultList[]) => {
          const writer = newWriter(format, { openOnly, reason: true });
          const head = { ...HEAD, probes: 300, ports: { count: 300, text: "10-3000" } };
          const pieces = [writer.start(head), ...lists.map((each) => textOf(writer.results(each, AT + 1500)))];
          return [...pieces, ...writer.end(summary({ hosts: 4 }), AT + 2500)].join("");
        };
        const parts = [results.slice(0, 100), results.slice(100, 250), results.slice(250)];
        const kept = text(parts);
        assertEquals(text(parts.map((part) => cursorOver(part))), kept, `${format} ${openOnly} ${round}`);
        assert(format === "list" || kept.includes("10.0.0.1"));
      }
    }
  }
});

Deno.test("xml and grepable: list every open port of a suspect host, however many", () => {
  const results = Array.from({ length: 1000 }, (_, port) => result({ port, state: port === 7 ? "closed" : "open" }));
  const suspects = [{ ip: "10.0.0.1", suspect: "syn-proxy" }] as const;
  for (const [format, pattern] of [["xml", /state="open"/g], ["grepable", /\/open\//g]] as const) {
    const writer = newWriter(format);
    writer.start(HEAD);
    writer.results(results, AT);
    const text = [...writer.end(summary({ suspects }), AT)].map((piece) => textOf(piece)).join("");
    assertEquals(text.match(pattern)?.length, 999, format);
    assertEquals(/closed/.test(text), true, format);
  }
});
