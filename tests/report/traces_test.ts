/** Paths to hosts, and where they filter, in every format. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Field, fieldNamed } from "../../src/report/fields.ts";
import { readScan } from "../../src/report/html/data.js";
import type { Trace } from "../../src/result/trace.ts";
import { withFolder } from "../support/folder.ts";
import { ended, start } from "../support/program.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const [NEAR, FAR] = ["192.0.2.7", "192.0.2.8"];
const RESULTS = [NEAR, FAR].flatMap((ip) => [
  result({ ip, port: 22, state: "closed", reason: "reset" }),
  result({ ip, port: 25, state: "filtered", reason: "no-response", rttMs: undefined, ttl: undefined }),
  result({ ip, port: 80, state: "filtered", reason: "admin-prohibited", from: "203.0.113.9" }),
]);
const TRACES: readonly Trace[] = [
  {
    ip: NEAR,
    proto: "tcp",
    port: 22,
    isReached: true,
    hops: [
      { ttl: 1, ip: "203.0.113.1", rttMs: 0.4567, hostname: "gateway.example" },
      { ttl: 2 },
      { ttl: 3, ip: NEAR, rttMs: 12.5 },
    ],
    filtered: [{ ports: "20-30", proto: "tcp", technique: "syn", probed: "20,25,30", afterHop: 1, ip: "203.0.113.1" }],
  },
  {
    ip: FAR,
    proto: "tcp",
    port: 22,
    isReached: false,
    shared: { hops: 2, ip: NEAR },
    hops: [{ ttl: 1, ip: "203.0.113.1", rttMs: 0.4567 }, { ttl: 2 }, { ttl: 3, ip: "203.0.113.3" }],
    filtered: [{ ports: "25", proto: "tcp", technique: "syn", probed: "25", afterHop: 0 }],
  },
];

function written(traces = TRACES): Record<string, string> {
  return inFormats(RESULTS, {}, summary({ hosts: 2, hostsUp: 2, traces }), {});
}

Deno.test("traces: the table has a block for each path, and the last hop beside a filtered port", () => {
  const { table = "", normal = "" } = written();
  for (const text of [table, normal]) {
    assertStringIncludes(text, "PORT   STATE    SERVICE WHERE\n");
    assertStringIncludes(
      text,
      "22/tcp closed   unknown -\n25/tcp filtered unknown filtered after hop 1 (203.0.113.1)\n",
    );
    assertStringIncludes(
      text,
      "80/tcp filtered unknown -\nWhere filtered: 20-30/tcp filtered after hop 1 (203.0.113.1)\n",
    );
    assertStringIncludes(text, "25/tcp filtered unknown filtered before the first router that replies\n80");
    assertStringIncludes(
      text,
      `
TRACEROUTE (using port 22/tcp)
HOP RTT      ADDRESS
1   0.46 ms  gateway.example (203.0.113.1)
2   -        *
3   12.50 ms ${NEAR}

`,
    );
    assertStringIncludes(
      text,
      `
TRACEROUTE (using port 22/tcp)
HOP RTT     ADDRESS
-   Hops 1-2 are the same as for ${NEAR}
3   -       203.0.113.3
-   No reply from further away

`,
    );
  }
});

Deno.test("traces: ports that are all listed have no line of their own, unless their columns were chosen", () => {
  const table = (fields?: readonly Field[]) =>
    inFormats(RESULTS, {}, summary({ hosts: 2, hostsUp: 2, traces: [TRACES[1]!] }), fields ? { fields } : {})["table"]!;
  assertEquals(table().includes("Where filtered:"), false);
  assertStringIncludes(table([fieldNamed("port")!]), "Where filtered: 25/tcp filtered before");
});

Deno.test("traces: JSON has the hops, and the filtered ports, in the line of the host", () => {
  const lines = written()["json"]!.trimEnd().split("\n").map((line) => JSON.parse(line));
  const hosts = lines.filter(({ type }) => type === "host");
  assertEquals(hosts.map(({ trace }) => trace), [
    {
      ...{ proto: "tcp", port: 22, reached: true },
      hops: [
        { ttl: 1, ip: "203.0.113.1", rtt_ms: 0.457, hostname: "gateway.example" },
        { ttl: 2, ip: null, rtt_ms: null },
        { ttl: 3, ip: NEAR, rtt_ms: 12.5 },
      ],
    },
    {
      ...{ proto: "tcp", port: 22, reached: false, shared: { hops: 2, ip: NEAR } },
      hops: [
        { ttl: 1, ip: "203.0.113.1", rtt_ms: 0.457 },
        { ttl: 2, ip: null, rtt_ms: null },
        { ttl: 3, ip: "203.0.113.3", rtt_ms: null },
      ],
    },
  ]);
  assertEquals(hosts.map((host) => host.where_filtered), [
    [{ ports: "20-30", proto: "tcp", technique: "syn", probed: "20,25,30", after_hop: 1, ip: "203.0.113.1" }],
    [{ ports: "25", proto: "tcp", technique: "syn", probed: "25", after_hop: 0, ip: null }],
  ]);
});

Deno.test("traces: if each host has one port, JSON has a line for each that was traced", () => {
  const { json = "" } = inFormats([RESULTS[0]!], { hosts: 1, probes: 1 }, summary({ traces: [TRACES[0]!] }), {});
  const [host] = json.trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "host");
  assertEquals([host?.ip, host?.trace.hops.length, host?.where_filtered.length], [NEAR, 3, 1]);
});

Deno.test("traces: the page for browsers has them among the facts of a host", () => {
  const [, data = ""] = /<script type="application\/json" id="scan">\n([^]*?)<\/script>/.exec(written()["html"]!) ?? [];
  assertEquals(readScan(data).hosts.map(({ path }) => path), [
    [
      ["Path", `1. gateway.example (203.0.113.1) 0.46 ms, 2. *, 3. ${NEAR} 12.50 ms`],
      ["Where filtered", "20-30/tcp filtered after hop 1 (203.0.113.1)"],
    ],
    [
      ["Path", "1. 203.0.113.1 0.46 ms, 2. *, 3. 203.0.113.3"],
      ["Where filtered", "25/tcp filtered before the first router that replies"],
    ],
  ]);
});

Deno.test("traces: XML has nmap's elements, valid and read by others", async (t) => {
  const { xml = "" } = written();
  assertStringIncludes(
    xml,
    `<trace port="22" proto="tcp">
<hop ttl="1" ipaddr="203.0.113.1" rtt="0.46" host="gateway.example"/>
<hop ttl="3" ipaddr="${NEAR}" rtt="12.50"/>
</trace>`,
  );
  assertStringIncludes(xml, '<service name="unknown" extrainfo="filtered after hop 1 (203.0.113.1)"');
  assertStringIncludes(
    xml,
    '<hostscript><script id="where-filtered" output="20-30/tcp filtered after hop 1 (203.0.113.1)"/></hostscript>',
  );
  await withFolder(async (folder) => {
    const [with_, without] = [`${folder}/with.xml`, `${folder}/without.xml`];
    await Deno.writeTextFile(with_, xml);
    await Deno.writeTextFile(without, written([])["xml"]!);
    const step = async (
      name: string,
      argv: readonly string[],
      has: string,
      need: string,
      expected: string | RegExp,
    ) => {
      const isThere = await run(["sh", "-c", has]).then(({ code }) => code === 0);
      await t.step({
        name: isThere ? name : `${name} [skipped: install ${need}]`,
        ignore: !isThere,
        fn: async () => {
          const { code, out, err } = await run(argv);
          assertEquals([code, err], [name === "ndiff" ? 1 : 0, ""]);
          if (typeof expected === "string") assertEquals(out.trim(), expected);
          else assert(expected.test(out), out);
        },
      });
    };
    const dtd = "/usr/share/nmap/nmap.dtd";
    await step(
      "xmllint",
      ["xmllint", "--noout", "--dtdvalid", dtd, with_],
      `test -e ${dtd} && xmllint --version`,
      "nmap",
      "",
    );
    await step("ndiff", ["ndiff", without, with_], "ndiff --help", "ndiff", /where-filtered/);
    // It passes over paths.
    await step(
      "python-libnmap",
      ["/usr/bin/python3", "-c", LIBNMAP, with_],
      "/usr/bin/python3 -c 'import libnmap'",
      "python3-libnmap",
      JSON.stringify([
        [NEAR, "20-30/tcp filtered after hop 1 (203.0.113.1)"],
        [FAR, "25/tcp filtered before the first router that replies"],
      ]),
    );
    await step(
      "Nmap::Parser",
      ["perl", "-e", NMAP_PARSER, with_],
      "perl -MNmap::Parser -e 1",
      "libnmap-parser-perl",
      `${NEAR} 22/tcp 1 203.0.113.1 0.46 gateway.example 3 ${NEAR} 12.50 -
${FAR} 22/tcp 1 203.0.113.1 0.46 - 3 203.0.113.3 - -`,
    );
  });
});

const LIBNMAP = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps([[host.address, host.scripts_results[0]["output"]] for host in report.hosts], separators=(",", ":")))`;

const NMAP_PARSER = `
use Nmap::Parser;
my $np = Nmap::Parser->new; $np->parsefile($ARGV[0]);
for my $host (sort { $a->addr cmp $b->addr } $np->all_hosts("up")) {
  my @hops = map { ($_->ttl, $_->ipaddr, $_->rtt // "-", $_->host // "-") } $host->all_trace_hops;
  print join(" ", $host->addr, $host->trace_port . "/" . $host->trace_proto, @hops), "\\n";
}`;

const run = (argv: readonly string[]) => ended(start([...argv], {}));
