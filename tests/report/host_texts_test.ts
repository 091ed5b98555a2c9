/** Reports of many hosts, most of them alike: the text of each is that of a scan of this host alone. */
import { assert, assertEquals } from "@std/assert";
import { fieldNamed } from "../../src/report/fields.ts";
import { newAggregator } from "../../src/report/formats.ts";
import { HostTexts } from "../../src/report/host_texts.ts";
import type { ReportOptions } from "../../src/report/writer.ts";
import type { Finding } from "../../src/result/finding.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { HostOs } from "../../src/result/summary.ts";
import { Random } from "../support/random.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const FORMATS = ["table", "normal", "xml", "json"] as const;
const STATES: readonly Partial<PortResult>[] = [
  { state: "open", reason: "syn-ack" },
  { state: "open", reason: "syn-ack", ttl: 63 },
  { state: "closed", reason: "reset" },
  { state: "closed", reason: "reset", tries: 2 },
  { state: "filtered", reason: "host-unreach", from: "192.0.2.1" },
  { state: "filtered", reason: "host-unreach", from: "192.0.2.2" },
  { state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined },
];

const FINDING: Finding = { service: "http", confidence: 10, product: "nginx" };

/** Hosts of both address families, many like the one before, with a finding or a system for some. */
function hostsIn(random: Random): { readonly results: readonly PortResult[]; readonly os: readonly HostOs[] }[] {
  const ips = Array.from({ length: 240 }, (_, at) => at < 200 ? `10.0.0.${at + 1}` : `2001:db8::${at}`);
  let [states, ports]: [Partial<PortResult>[], number[]] = [[], []];
  return ips.map((ip) => {
    if (ports.length === 0 || random.below(3) === 0) {
      states = [STATES[random.below(STATES.length)]!, STATES[random.below(2)]!];
      ports = random.below(4) === 0 ? [22, 80, 443, 8080] : [22, 80];
    }
    const finding = random.below(6) === 0 ? FINDING : undefined;
    const results = ports.map((port, at) =>
      result({
        ip,
        port,
        rttMs: random.below(9000) / 1000,
        service: port === 22 ? "ssh" : undefined,
        ...states[at % 2],
        ...(finding !== undefined && states[at % 2]!.state === "open" ? { finding } : {}),
      })
    );
    const family = ["Linux", "Windows"][random.below(3)];
    return { results, os: family === undefined ? [] : [{ ip, family, evidence: "TTL 64", ports: [] }] };
  });
}

/** The texts of hosts in a report. */
function textsIn(format: typeof FORMATS[number], text: string): string[] {
  if (format === "xml") return text.match(/<host [^]*?<\/host>\n/g) ?? [];
  if (format === "json") return text.match(/^\{"type":"host".*$/gm) ?? [];
  return text.match(/^.*report for [^]*?\n\n/gm) ?? [];
}

const OPTIONS: readonly Partial<ReportOptions>[] = [
  {},
  { reason: true, verbosity: 1, color: true },
  { verbosity: 2 },
  { openOnly: true },
  { columns: 30 },
  { fields: ["port", "state", "tries"].map((name) => fieldNamed(name)!) },
];

for (const options of OPTIONS) {
  Deno.test(`host texts: each host as in a scan of it alone, with ${Object.keys(options).join(", ") || "no options"}`, () => {
    for (let seed = 1; seed <= 3; seed++) {
      const hosts = hostsIn(new Random(seed));
      const written = (some: typeof hosts) => {
        const results = some.flatMap(({ results }) => results);
        const ended = summary({ hosts: some.length, os: some.flatMap(({ os }) => os) });
        const head = { hosts: some.length, probes: results.length };
        return inFormats(results, head, ended, options, newAggregator(options.verbosity ?? 0, options));
      };
      const together = written(hosts);
      const alone = hosts.map((host) => written([host]));
      for (const format of FORMATS) {
        const texts = textsIn(format, together[format] ?? "");
        assert(texts.length > hosts.length / 2);
        assertEquals([seed, format, texts], [
          seed,
          format,
          alone.flatMap((each) => textsIn(format, each[format] ?? "")),
        ]);
      }
    }
  });
}

Deno.test("host texts: one for each kind and guess, however many there are", () => {
  const texts = new HostTexts<number>();
  const guesses = [[], []];
  for (let round = 0; round < 2; round++) {
    for (let kind = 0; kind < 20_000; kind++) {
      for (const [at, os] of guesses.entries()) {
        assertEquals(texts.of(kind, os, () => 2 * kind + at), 2 * kind + at);
        assertEquals(texts.of(kind, os, () => -1), 2 * kind + at);
      }
    }
  }
});
