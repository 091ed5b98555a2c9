/**
 * nmap's formats, read by programs that are not ours: a finished scan, an interrupted one, one of a host on which something
 * else answers, and one to which nothing answered.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { PortResult } from "../../src/result/port_result.ts";
import type { State } from "../../src/result/states.ts";
import type { Summary } from "../../src/result/summary.ts";
import { namesIn, result, summary } from "../support/results.ts";
import { ended, start } from "../support/program.ts";
import { newWriter } from "../support/writers.ts";

const AT = Date.UTC(2026, 0, 5, 12, 0, 0);

const open = (ip: string, port: number, service?: string) =>
  result({ ip, port, state: "open", reason: "syn-ack", service });
const many = (count: number, from: number, make: (port: number) => PortResult) =>
  Array.from({ length: count }, (_, at) => make(from + at));
const silent = (ip: string, port: number) =>
  result({ ip, port, state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined });
const undecided = (ip: string, port: number) =>
  result({ ip, port, state: "undecided", reason: "interrupted", ttl: undefined, rttMs: undefined, tries: 1 });

const NORMAL: readonly PortResult[] = [
  open("10.0.0.1", 22, "ssh"),
  open("10.0.0.1", 143, "imap"),
  open("10.0.0.1", 60000),
  ...many(30, 1000, (port) => result({ ip: "10.0.0.1", port })),
  ...many(3, 2000, (port) => silent("10.0.0.1", port)),
  { ...open("10.0.0.2", 22, "ssh"), names: ["a.example"] },
  ...many(2, 1000, (port) => ({ ...result({ ip: "10.0.0.2", port }), name: "a.example" })),
];

const OS: Summary["os"] = [
  { ip: "10.0.0.1", family: "Linux", evidence: "options MSS,NOP,NOP,SACK,NOP,WS; TTL 64; DF", ports: [] },
  { ip: "10.0.0.2", family: "Linux", evidence: "options MSS,NOP,WS; TTL 64; DF", ports: [22] },
  { ip: "10.0.0.2", family: null, evidence: "options MSS,NOP,WS,NOP,NOP,SACK; TTL 127; DF", ports: [80] },
];

interface Scan {
  readonly results: readonly PortResult[];
  readonly summary: Partial<Summary>;
}

const SCANS: Readonly<Record<"normal" | "interrupted" | "suspect" | "silent" | "absent", Scan>> = {
  normal: { results: NORMAL, summary: { hosts: 2, hostsUp: 2, os: OS } },
  interrupted: {
    results: [
      ...NORMAL.filter(({ port }) => port < 1010),
      ...many(20, 1010, (port) => undecided("10.0.0.1", port)),
      undecided("10.0.0.3", 22),
      undecided("10.0.0.3", 80),
    ],
    summary: { hosts: 3, hostsUp: 2, ended: "interrupted", undecided: 22, trusted: false, warnings: ["22 undecided"] },
  },
  suspect: {
    results: [...NORMAL, ...many(300, 1, (port) => open("10.0.0.9", port))],
    summary: { hosts: 3, hostsUp: 3, suspects: [{ ip: "10.0.0.9", suspect: "syn-proxy" }] },
  },
  silent: {
    results: [silent("10.0.0.1", 22), silent("10.0.0.1", 80), silent("10.0.0.2", 22)],
    summary: { hosts: 2, hostsUp: 0 },
  },
  absent: {
    results: [...NORMAL, ...many(4, 10, (at) => ({ ...silent(`10.0.0.${at}`, 22), reason: "no-arp-response" }))],
    summary: { hosts: 6, hostsUp: 2 },
  },
};
type Name = keyof typeof SCANS;
const NAMES = Object.keys(SCANS) as Name[];

/** States by host and port, as consumers print them. */
type Ports = Record<string, Record<string, string>>;

/**
 * Ports that are listed one by one, which is what consumers see. A state of more than 25 ports of a host is only counted, and
 * an address without a host has no ports.
 */
function listed(name: Name, isListed: (state: State, count: number) => boolean): Ports {
  const ports: Ports = {};
  for (const [ip, own] of Object.entries(Object.groupBy(SCANS[name].results, ({ ip }) => ip))) {
    ports[ip] = {};
    for (const { port, state, reason } of own ?? []) {
      if (reason === "no-arp-response") continue;
      const count = own?.filter((other) => other.state === state).length ?? 0;
      if (isListed(state, count)) ports[ip][port] = state;
    }
  }
  return ports;
}
const inXml = (name: Name) => listed(name, (state, count) => state === "open" || state !== "undecided" && count <= 25);
const openOnly = (name: Name) => listed(name, (state) => state === "open");

/** The scan in a format. */
function written(name: Name, format: "xml" | "grepable"): string {
  const { results, summary: changes } = SCANS[name];
  const writer = newWriter(format);
  const head = {
    hosts: changes.hosts ?? 1,
    probes: results.length,
    ports: { count: 4, text: "22,143,1000-1001" },
    technique: "syn",
    startedAtMs: AT,
    args: ["-oX", "my {scan}.xml", "10.0.0.0/30"],
    version: "0.1.0",
  } as const;
  return writer.start({ ...head, names: namesIn(results) }) + writer.results(results, AT) +
    [...writer.end(summary(changes), AT + 2500)].join("");
}

const run = (program: string, args: readonly string[], cwd?: string) =>
  ended(start([program, ...args], cwd === undefined ? {} : { cwd }));

async function succeeds(program: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await run(program, args)).code === 0;
  } catch {
    return false;
  }
}

/** Debian's own Python is the one that knows its modules. */
const PYTHON = "/usr/bin/python3";
const BRUTESPRAY = "/usr/bin/brutespray";

const LIBNMAP = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps({
  "ports": {h.address: {str(s.port): s.state for s in h.services} for h in report.hosts},
  "os": {h.address: [m.name for m in h.os.osmatches] for h in report.hosts if h.os_fingerprinted},
  "down": [h.address for h in report.hosts if not h.is_up()], "up": report.hosts_up, "exit": report._runstats["finished"]["exit"],
}))`;
const PYTHON_NMAP = `
import json, sys, nmap
found = nmap.PortScanner().analyse_nmap_xml_scan(open(sys.argv[1]).read())
print(json.dumps({
  "ports": {ip: {str(p): v["state"] for p, v in host.get("tcp", {}).items()} for ip, host in found["scan"].items()},
  "method": found["nmap"]["scaninfo"]["tcp"]["method"], "up": found["nmap"]["scanstats"]["uphosts"],
}))`;
const NMAP_PARSER = `
use Nmap::Parser; use JSON::PP;
my $np = Nmap::Parser->new; $np->parsefile($ARGV[0]);
my (%ports, %others, %os);
for my $host ($np->all_hosts("up")) {
  $ports{$host->addr} = { map { ("$_" => $host->tcp_port_state($_)) } $host->tcp_ports };
  $os{$host->addr} = $host->os_sig->name if $host->os_sig->name_count > 0;
  $others{$host->addr} = ($host->extraports_state // "") . " " . ($host->extraports_count // "");
}
print encode_json({ ports => \\%ports, others => \\%others, os => \\%os, type => $np->get_session->scan_type_proto("syn") });`;
const BRUTE = `
import argparse, importlib.machinery, importlib.util, json, sys
loader = importlib.machinery.SourceFileLoader("brutespray", "${BRUTESPRAY}")
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("brutespray", loader))
sys.dont_write_bytecode = True
loader.exec_module(module)
module.args = argparse.Namespace(file=sys.argv[1])
kind = module.getInput(sys.argv[1])
{"gnmap": module.make_dic_gnmap, "xml": module.make_dic_xml}[kind]()
print(json.dumps({"format": kind, "services": module.services}))`;
const NODE_NMAP = `
const { NmapScan } = require("node-nmap");
const scan = Object.create(NmapScan.prototype);
scan.on("complete", (hosts) => console.log(JSON.stringify(Object.fromEntries(hosts.map(({ ip, openPorts }) =>
  [ip, Object.fromEntries((openPorts ?? []).map(({ port }) => [port, "open"]))])))));
scan.on("error", (error) => { console.error(error); process.exit(1); });
scan.rawDataHandler(require("fs").readFileSync(process.argv[2], "utf8"));`;

Deno.test("consumers: programs that read nmap's formats find every port of each kind of scan", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "synscan-consumers-" });
  const path = (name: Name, format: "xml" | "grepable") => `${folder}/${name}.${format}`;
  try {
    for (const name of NAMES) {
      for (const format of ["xml", "grepable"] as const) {
        await Deno.writeTextFile(path(name, format), written(name, format));
      }
    }
    const step = (name: string, isThere: boolean, need: string, fn: () => Promise<void>) =>
      t.step({ name: isThere ? name : `${name} [skipped: install ${need}]`, ignore: !isThere, fn });
    const read = async <T>(program: string, ...args: readonly string[]): Promise<T> => {
      const { code, out, err } = await run(program, args, folder);
      assertEquals([code, err], [0, ""], `${program} ${args.at(-1)}`);
      return JSON.parse(out);
    };

    await step("python-libnmap", await succeeds(PYTHON, "-c", "import libnmap"), "python3-libnmap", async () => {
      for (const name of NAMES) {
        const found = await read<{ ports: Ports; os: unknown; up: number; down: string[]; exit: string }>(
          PYTHON,
          "-c",
          LIBNMAP,
          path(name, "xml"),
        );
        assertEquals(found.ports, inXml(name), name);
        assertEquals(found.os, name === "normal" ? { "10.0.0.1": ["Linux"] } : {});
        assertEquals(found.exit, name === "interrupted" ? "error" : "success");
        assertEquals(found.up, SCANS[name].summary.hostsUp);
        assertEquals(found.down, name === "absent" ? [10, 11, 12, 13].map((at) => `10.0.0.${at}`) : []);
      }
    });

    await step(
      "python3-nmap",
      await succeeds(PYTHON, "-c", "import nmap; nmap.PortScanner()"),
      "python3-nmap",
      async () => {
        for (const name of NAMES) {
          const found = await read<{ ports: Ports; method: string }>(PYTHON, "-c", PYTHON_NMAP, path(name, "xml"));
          assertEquals([found.ports, found.method], [inXml(name), "syn"], name);
        }
      },
    );

    await step("Nmap::Parser", await succeeds("perl", "-MNmap::Parser", "-e", "1"), "libnmap-parser-perl", async () => {
      type Found = { ports: Ports; others: Record<string, string>; os: unknown; type: string };
      for (const name of NAMES) {
        const found = await read<Found>("perl", "-e", NMAP_PARSER, path(name, "xml"));
        const up = Object.entries(inXml(name)).filter(([ip]) => !/\.1\d$/.test(ip));
        assertEquals([found.ports, found.type], [Object.fromEntries(up), "tcp"], name);
        assertEquals(found.os, name === "normal" ? { "10.0.0.1": "Linux" } : {}, name);
        // It knows one group of ports that are only counted.
        const others = {
          normal: "closed 30",
          interrupted: "unknown 20",
          suspect: "closed 30",
          silent: " ",
          absent: "closed 30",
        }[name];
        assertEquals(found.others["10.0.0.1"], others, name);
        assertEquals(found.others["10.0.0.3"], name === "interrupted" ? "unknown 2" : undefined);
      }
    });

    await step("ndiff", await succeeds("ndiff", "--help"), "ndiff", async () => {
      for (const other of NAMES) {
        for (const one of new Set<Name>([other, "normal"])) {
          for (const format of ["--text", "--xml"]) {
            const { code, out, err } = await run("ndiff", [format, path(one, "xml"), path(other, "xml")]);
            assertEquals([code, err], [one === other ? 0 : 1, ""], `${one} ${other}`);
            if (format === "--text" && one === "normal" && other === "interrupted") {
              assertMatch(out, /^-OS details:\n- +Linux$/m);
              assertMatch(out, /^-60000\/tcp open +unknown/m);
              assertMatch(out, /^\+Not shown: .*\b20 unknown ports/m);
            }
          }
        }
      }
    });

    const hasBrutespray = await succeeds(PYTHON, "-c", `open("${BRUTESPRAY}")`);
    await step("brutespray", hasBrutespray, "brutespray", async () => {
      for (const name of NAMES) {
        for (const format of ["xml", "grepable"] as const) {
          const found = await read<{ format: string; services: unknown }>(PYTHON, "-c", BRUTE, path(name, format));
          // Port 143 of the suspected host counts as well.
          const more = name === "suspect" ? ["10.0.0.9"] : [];
          const services = { ssh: { "22": ["10.0.0.1", "10.0.0.2", ...more] }, imap: { "143": ["10.0.0.1", ...more] } };
          assertEquals(found, {
            format: format === "xml" ? "xml" : "gnmap",
            services: name === "silent" ? {} : services,
          }, `${name} ${format}`);
        }
      }
    });

    await step("grepable: every field by awk", await succeeds("awk", "1"), "mawk", async () => {
      const program = `/Ports:/ { n = split($0, p, /[ \\t,]+/);
        for (i = 1; i <= n; i++) if (p[i] ~ /^[0-9]+\\//) { split(p[i], f, "/"); print $2, f[1], f[2] } }`;
      for (const name of NAMES) {
        const { out } = await run("awk", [program, path(name, "grepable")]);
        const found: Ports = {};
        for (const [ip = "", port = "", state = ""] of out.trim().split("\n").map((line) => line.split(" "))) {
          if (state === "open") (found[ip] ??= {})[port] = state;
        }
        const wanted = Object.fromEntries(
          Object.entries(openOnly(name)).filter(([, ports]) => Object.keys(ports).length > 0),
        );
        assertEquals(found, name === "silent" ? {} : wanted, name);
      }
    });

    const installs = ["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
    const hasNodeNmap = await succeeds("npm", ...installs, "node-nmap@4.0.0") && await succeeds("node", "--version");
    await step("node-nmap", hasNodeNmap, "npm, and node-nmap from its registry", async () => {
      await Deno.writeTextFile(`${folder}/read.js`, NODE_NMAP);
      for (const name of NAMES) {
        assertEquals(await read<Ports>("node", `${folder}/read.js`, path(name, "xml")), openOnly(name), name);
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("consumers: a suspect host is marked, and all its open ports are listed", () => {
  const xml = written("suspect", "xml");
  assertMatch(xml, /<host [^>]*comment="suspect: syn-proxy">.*\n<address addr="10\.0\.0\.9"/);
  assertEquals(xml.split('<address addr="10.0.0.9"')[1]?.match(/portid="\d+"><state state="open"/g)?.length, 300);
  const line = written("suspect", "grepable").split("\n").find((each) => each.startsWith("Host: 10.0.0.9 ()\tPorts:"));
  assertEquals(line?.match(/\d+\/open\/tcp/g)?.length, 300);
  assert(written("suspect", "grepable").includes("# Suspect: 10.0.0.9 (syn-proxy)\n"));
});
