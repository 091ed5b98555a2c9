import { assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { fieldNamed } from "../../src/report/fields.ts";
import { newAggregator } from "../../src/report/formats.ts";
import type { ReportOptions } from "../../src/report/writer.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Summary } from "../../src/result/summary.ts";
import { result, summary } from "../cli/fake.ts";
import { namesIn } from "../support/results.ts";
import { newWriter } from "../support/writers.ts";

const HEAD = { hosts: 1, probes: 3, technique: "syn", startedAtMs: 0, args: [], version: "0" } as const;

function table(
  results: readonly PortResult[],
  options: Partial<ReportOptions> = {},
  changes: Partial<Summary> = {},
): string {
  const writer = newWriter("table", options);
  return [
    writer.start({ ...HEAD, names: namesIn(results) }),
    writer.results(results, 0),
    ...writer.end(summary(changes), 0),
  ].join("");
}

const SSH = result({ port: 22, state: "open", reason: "syn-ack", service: "ssh" });
const CLOSED = Array.from({ length: 995 }, (_, at) => result({ port: 1000 + at }));
const DROPPED = [1, 2, 3].map((port) =>
  result({ port, state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, tries: 3 })
);
const CLOSING = "synscan done: 1 host (1 up), 3 ports in 1.23 s; 9,877 probes/s, 0 % loss\n";

Deno.test("table: ports of a host, and what is not shown", () => {
  assertEquals(
    table([...CLOSED, ...DROPPED, SSH]),
    `synscan report for 10.0.0.1
Not shown: 995 closed (reset)
PORT   STATE    SERVICE
1/tcp  filtered unknown
2/tcp  filtered unknown
3/tcp  filtered unknown
22/tcp open     ssh?

${CLOSING}`,
  );
});

Deno.test("table: quiet with --open shows open ports only, and the closing lines belong on standard error", () => {
  const other = result({ ip: "10.0.0.2", port: 22, state: "closed", reason: "reset" });
  assertEquals(table([other], { quiet: true, openOnly: true }, { warnings: ["late"], trusted: false }), "");
  assertEquals(
    table([...CLOSED, SSH], { quiet: true, openOnly: true }),
    "synscan report for 10.0.0.1\nPORT   STATE SERVICE\n22/tcp open  ssh?\n\n",
  );
});

Deno.test("table: rows with -vv continue in a second line on 46 columns", () => {
  const lines = table(
    [result({ port: 3306, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" }), SSH],
    { verbosity: 2, columns: 46 },
  ).split("\n");
  for (const line of lines) if (line.length > 46) throw new Error(line);
  assertStringIncludes(lines.join("\n"), "admin-prohibited from 10.0.0.254");
});

Deno.test("table: reasons and their senders", () => {
  const prohibited = result({ port: 23, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" });
  assertEquals(
    table([SSH, prohibited], { reason: true }),
    `synscan report for 10.0.0.1
PORT   STATE    SERVICE REASON
22/tcp open     ssh?    syn-ack
23/tcp filtered unknown admin-prohibited from 10.0.0.254

${CLOSING}`,
  );
});

Deno.test("table: TTL, round trip and tries at -vv", () => {
  assertEquals(
    table([SSH, ...DROPPED.slice(0, 1)], { verbosity: 2 }),
    `synscan report for 10.0.0.1
PORT   STATE    SERVICE REASON      TTL RTT    TRIES
1/tcp  filtered unknown no-response -   -      3
22/tcp open     ssh?    syn-ack     64  0.25ms 1

${CLOSING}`,
  );
});

const fieldsNamed = (names: string) => names.split(",").map((name) => fieldNamed(name)!);

Deno.test("table: the chosen fields, in their order", () => {
  const prohibited = result({ port: 23, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254" });
  assertEquals(
    table([SSH, prohibited], { fields: fieldsNamed("ip,state,from,proto,port,late") }),
    `synscan report for 10.0.0.1
STATE    FROM       PROTO PORT
open     -          tcp   22/tcp
filtered 10.0.0.254 tcp   23/tcp

${CLOSING}`,
  );
});

Deno.test("table: no blank lines for fields that it has no columns for", () => {
  assertEquals(table([SSH], { fields: fieldsNamed("ip") }), `synscan report for 10.0.0.1\n\n${CLOSING}`);
});

Deno.test("table: --open counts everything else, and leaves hosts without an open port out", () => {
  assertEquals(
    table([SSH, ...DROPPED, result({ ip: "10.0.0.2" })], { openOnly: true }),
    `synscan report for 10.0.0.1
Not shown: 3 filtered (no-response)
PORT   STATE SERVICE
22/tcp open  ssh?

Not shown: 1 host without an open port

${CLOSING}`,
  );
});

Deno.test("table: --open names the results that a host without an open port is counted by, if these are some only", () => {
  const aggregator = newAggregator(0, { openOnly: true });
  aggregator.listMatches();
  const closed = result({ ip: "10.0.0.2" });
  const writer = newWriter("table", { openOnly: true }, aggregator);
  const text = [writer.start(HEAD), writer.results([closed], 0), ...writer.end(summary({}), 0)].join("");
  assertStringIncludes(text, "Not shown: 1 host without an open port among the results to report\n");
});

Deno.test("table: a scan that ended early has probed some of its hosts, and one probe/s is one", () => {
  const closing = (ended: Summary["ended"]) => {
    const writer = newWriter("table", {});
    const text = [writer.start({ ...HEAD, hosts: 8 }), ...writer.end(summary({ ended, hosts: 1, ratePps: 1.2 }), 0)];
    return text.join("").split("\n").find((line) => line.startsWith("synscan "));
  };
  assertEquals(closing("deadline")?.split(";"), [
    "synscan ended at its deadline: 1 of 8 hosts (1 up), 3 ports in 1.23 s",
    " 1 probe/s, 0 % loss",
  ]);
  assertStringIncludes(closing("done") ?? "", "synscan done: 1 host (1 up)");
});

Deno.test("table: a host named as a target", () => {
  const [first] = table([{ ...SSH, names: ["a.example"] }]).split("\n");
  assertEquals(first, "synscan report for a.example (10.0.0.1)");
});

Deno.test("table: many hosts without a reply are one line", () => {
  const hosts = Array.from({ length: 300 }, (_, at) => ({ ...DROPPED[0]!, ip: `10.0.${at >> 8}.${at & 255}` }));
  assertEquals(table(hosts).split("\n")[0], "Not shown: 300 hosts without a reply");
  assertEquals(
    table(hosts.slice(0, 1)).split("\n").slice(0, 3),
    ["synscan report for 10.0.0.0", "PORT  STATE    SERVICE", "1/tcp filtered unknown"],
  );
});

Deno.test("table: many hosts that routers report as unreachable are one line", () => {
  const hosts = Array.from(
    { length: 20 },
    (_, at) => result({ ip: `10.0.0.${at}`, state: "filtered", reason: "host-unreach", from: "10.9.9.9" }),
  );
  assertEquals(table(hosts).split("\n")[0], "Not shown: 20 hosts out of reach (host-unreach)");
});

Deno.test("table: a host that looks like a SYN proxy is labelled, not listed", () => {
  const ports = Array.from({ length: 3000 }, (_, port) => result({ port, state: "open", reason: "syn-ack" }));
  assertEquals(
    table(ports, {}, { suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }] }).split("\n").slice(0, 3),
    [
      "synscan report for 10.0.0.1",
      "Suspect: syn-proxy. 3,000 ports replied as if open; another device may reply for this host. Use --json or -oJ " +
      "to list them all",
      "",
    ],
  );
});

Deno.test("table: observations and warnings at the end", () => {
  const text = table([], {}, {
    hosts: 256,
    hostsUp: 12,
    probes: 256_000,
    undecided: 17,
    elapsedMs: 125_000,
    loss: 0.1234,
    late: 3,
    cappedHosts: 1,
    sendRetries: 2,
    receiveDrops: 5,
    expectedWrong: 0.5,
    ended: "deadline",
    trusted: false,
    warnings: ["The kernel refused to send 5 probes (EPERM)"],
  });
  assertEquals(
    text,
    `synscan ended at its deadline: 256 hosts (12 up), 256,000 ports (17 undecided) in 2 min 5 s; 9,877 probes/s, 12 % loss (6.4 % each way)
Noticed: 3 late replies, 1 host with a limited rate of replies, no room to send 2 times, 5 packets dropped on arrival, 0.5 results expected to be wrong
Warning: The kernel refused to send 5 probes (EPERM)
Not to be trusted in full
`,
  );
});

Deno.test("table: names and services cannot command a terminal", () => {
  const text = table([{ ...SSH, names: ["a\u001b]0;x\u0007\u202e"], service: "s\u009bs\nh" }]);
  assertEquals(/[^\n\x20-\x7e]/.test(text), false);
  assertEquals(text.split("\n")[2], "22/tcp open  s?s?h?");
});

Deno.test("table: color only adds escape sequences", () => {
  const colored = table([SSH, ...DROPPED, ...CLOSED.slice(0, 2)], { color: true });
  assertEquals(stripVTControlCharacters(colored), table([SSH, ...DROPPED, ...CLOSED.slice(0, 2)]));
});

const SUSPECT = { suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }] } as const;

Deno.test("table: lists the few open ports and the closed ports of a suspect host", () => {
  const open = [80, 515, 9100].map((port) => result({ port, state: "open", reason: "syn-ack" }));
  assertEquals(
    table([...open, result({ port: 22 })], {}, SUSPECT),
    `synscan report for 10.0.0.1
Suspect: syn-proxy. Another device may reply for this host
PORT     STATE  SERVICE
22/tcp   closed unknown
80/tcp   open   unknown
515/tcp  open   unknown
9100/tcp open   unknown

${CLOSING}`,
  );
});

Deno.test("table: counts the equal ones of a suspect host's many open ports, and lists the others", () => {
  const open = Array.from({ length: 1000 }, (_, port) => result({ port, state: "open", reason: "syn-ack", ttl: 64 }));
  open[443] = result({ port: 443, state: "open", reason: "syn-ack", ttl: 63 });
  const text = table([...open, result({ port: 2000 })], {}, SUSPECT);
  assertEquals(
    text,
    `synscan report for 10.0.0.1
Suspect: syn-proxy. 999 ports replied as if open; another device may reply for this host. \
Use --json or -oJ to list them all
PORT     STATE  SERVICE
443/tcp  open   unknown
2000/tcp closed unknown

${CLOSING}`,
  );
  assertEquals(
    table(open).split("\n").filter((line) => line.includes("open")).length,
    1000,
    "no suspicion, all listed",
  );
});

Deno.test("table: unknown loss is not 0", () => {
  assertStringIncludes(table([], {}, { loss: null }), "probes/s, loss unknown\n");
  assertStringIncludes(table([], {}, { loss: 0 }), "probes/s, 0 % loss\n");
});
