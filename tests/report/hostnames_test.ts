import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fieldNamed } from "../../src/report/fields.ts";
import { readScan } from "../../src/report/html/data.js";
import type { Hostname } from "../../src/result/summary.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const NAMED = result({ ip: "192.0.2.1", port: 22, state: "open", reason: "syn-ack", names: ["www.example.com"] });
const NAMELESS = result({ ip: "192.0.2.2", port: 22, state: "open", reason: "syn-ack" });
const CLOSED = [NAMED, NAMELESS].map((each) => result({ ...each, port: 23, state: "closed", reason: "reset" }));
const HOSTNAMES: readonly Hostname[] = [
  { ip: "192.0.2.1", name: "one.example" },
  { ip: "192.0.2.2", name: "two.example" },
];

function written(hostnames: readonly Hostname[], options: Parameters<typeof inFormats>[3] = {}) {
  return inFormats([NAMED, NAMELESS, ...CLOSED], {}, summary({ hosts: 2, hostsUp: 2, hostnames }), options);
}

Deno.test("hostnames: the name stands in the title of a host, or below that of a target name", () => {
  const { table = "", normal = "" } = written(HOSTNAMES);
  assertStringIncludes(
    table,
    "synscan report for www.example.com (192.0.2.1)\nrDNS record for 192.0.2.1: one.example\n",
  );
  assertStringIncludes(table, "synscan report for two.example (192.0.2.2)\nPORT");
  assertStringIncludes(normal, "Nmap scan report for two.example (192.0.2.2)\nHost is up");
  assertStringIncludes(normal, "rDNS record for 192.0.2.1: one.example\n");
});

Deno.test("hostnames: a target name that is the same, in other letters, is not repeated", () => {
  const { table = "", grepable = "" } = written([{ ip: "192.0.2.1", name: "www.example.com" }]);
  assertEquals(table.includes("rDNS"), false);
  assertEquals(grepable.includes("rDNS"), false);
});

Deno.test("hostnames: XML has them as nmap has, beside target names", () => {
  const { xml = "" } = written(HOSTNAMES);
  assertStringIncludes(
    xml,
    '<hostnames>\n<hostname name="www.example.com" type="user"/>\n<hostname name="one.example" type="PTR"/>\n</hostnames>',
  );
  assertStringIncludes(xml, '<hostnames>\n<hostname name="two.example" type="PTR"/>\n</hostnames>');
  const bare = written(HOSTNAMES, { fields: [fieldNamed("ip")!, fieldNamed("port")!] });
  assertEquals(bare["xml"]?.includes("example"), false);
});

Deno.test("hostnames: grepable output has one name in parentheses, and the other in a comment", () => {
  const { grepable = "" } = written(HOSTNAMES);
  assertStringIncludes(grepable, "# rDNS record for 192.0.2.1: one.example\nHost: 192.0.2.1 (www.example.com)\t");
  assertStringIncludes(grepable, "Host: 192.0.2.2 (two.example)\tPorts: ");
});

Deno.test("hostnames: JSON has them in the lines of hosts", () => {
  const lines = written(HOSTNAMES)["json"]!.trimEnd().split("\n").map((line) => JSON.parse(line));
  const hosts = lines.filter(({ type }) => type === "host").map(({ ip, hostname }) => [ip, hostname]);
  assertEquals(hosts, [["192.0.2.1", "one.example"], ["192.0.2.2", "two.example"]]);
});

Deno.test("hostnames: if each host has one port, JSON has a line for each host with a name", () => {
  const { json = "" } = inFormats([NAMELESS], { hosts: 1, probes: 1 }, summary({ hostnames: HOSTNAMES }), {});
  const hosts = json.trimEnd().split("\n").slice(0, -1).map((line) => JSON.parse(line)).filter(({ type }) =>
    type === "host"
  );
  assertEquals(hosts, HOSTNAMES.map(({ ip, name }) => ({ type: "host", ip, hostname: name })));
});

Deno.test("hostnames: the page for browsers shows them as the names of hosts", () => {
  const { html = "" } = written(HOSTNAMES);
  const [, data = ""] = /<script type="application\/json" id="scan">\n([^]*?)<\/script>/.exec(html) ?? [];
  const names = readScan(data).hosts.map(({ ip, name }) => [ip, name]);
  assertEquals(names, [["192.0.2.1", "www.example.com, one.example"], ["192.0.2.2", "two.example"]]);
});

Deno.test("hostnames: a hostile name that was not escaped before is harmless in every format", () => {
  // As in a history that someone else has written.
  const name = "-x</script><b>&\"'\x1b[2J\x9b\u202e\u2028\n\0,a/b(c)\t" + "y".repeat(5000);
  const all = written([{ ip: "192.0.2.1", name }, { ip: "192.0.2.2", name }]);
  for (const [format, text] of Object.entries(all)) {
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]/.test(text.replaceAll(/\\u00|\\u20/g, "")), format);
    if (format !== "html") assertEquals(text.includes("\n\0"), false, format);
  }
  assertEquals(all["xml"]?.includes("<b>"), false);
  assertEquals(all["html"]?.includes("<b>&"), false);
  const lines = all["grepable"]!.split("\n").filter((line) => line.startsWith("Host: "));
  for (const line of lines) assertMatch(line, /^Host: 192\.0\.2\.[12] \([^()/,]*\)\t(Status|Ports): /);
});

Deno.test("hostnames: CSV has a column of names by reverse DNS if they are looked up, unless fields were chosen", () => {
  const hostnames = { of: (ip: string) => ip === "192.0.2.2" ? 'two".example' : undefined };
  const csv = (options: Parameters<typeof inFormats>[3] = {}) =>
    inFormats([NAMED, NAMELESS], { hostnames }, summary(), options)["csv"]!.trimEnd().split("\n").map((line) =>
      line.slice(line.lastIndexOf(",") + 1)
    );
  assertEquals(csv(), ["hostname", "", '"two"".example"']);
  assertEquals(csv({ fields: [fieldNamed("ip")!, fieldNamed("port")!] }), ["port", "22", "22"]);
  const without = inFormats([NAMED], {}, summary({ hostnames: HOSTNAMES }), {})["csv"]!;
  assertEquals(without.includes("hostname"), false);
});
