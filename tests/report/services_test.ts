/** Detected services in every format, and as other programs read them. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { findingInJson } from "../../src/report/detected.ts";
import { FORMATS, newAggregator } from "../../src/report/formats.ts";
import { parseFilter } from "../../src/report/filter.ts";
import type { Finding } from "../../src/result/finding.ts";
import { withFolder } from "../support/folder.ts";
import { ended, start } from "../support/program.ts";
import { cursorOver, result, summary, textOf } from "../support/results.ts";
import { inFormats, newWriter, OPTIONS } from "../support/writers.ts";

const OPEN = { state: "open", reason: "syn-ack" } as const;

const SSH: Finding = {
  ...{ service: "ssh", confidence: 10, product: "OpenSSH", version: "9.2p1", info: "Debian 2+deb12u9", os: "Linux" },
  cpe: ["cpe:/a:openbsd:openssh:9.2:p1", "cpe:/o:debian:debian_linux"],
  sshKeys: [{ type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:abc/def" }],
  banner: "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u9",
  row: "openssh",
};
const HTTPS: Finding = {
  ...{ service: "http", confidence: 10, product: "nginx", version: "1.22.1", tunnel: "ssl", hostname: "web.test" },
  cpe: ["cpe:/a:f5:nginx:1.22.1"],
  tls: {
    ...{ version: "TLSv1.3", subject: "CN=web.test", issuer: "CN=Lab", names: ["web.test", "www.web.test"] },
    ...{ notBefore: "2026-01-01T00:00:00Z", expires: "2027-01-01T00:00:00Z", sha256: "00ff", alpn: "http/1.1" },
  },
  http: { status: 200, server: "nginx/1.22.1", title: '<b>"Lab" & more</b>\u001b[2J' },
  row: "nginx",
};
const UNKNOWN: Finding = { service: "unknown", confidence: 0, label: "no-data" };

/** Two hosts with the same ports: what is found at one is not the other's. */
const RESULTS = [
  result({ port: 22, ...OPEN, service: "ssh", finding: SSH }),
  result({ port: 443, ...OPEN, service: "http", finding: HTTPS }),
  result({ port: 3000, ...OPEN, service: "hbci", finding: UNKNOWN }),
  result({ port: 81 }),
  result({ ip: "10.0.0.2", port: 22, ...OPEN, service: "http", finding: { service: "http", confidence: 8 } }),
  result({ ip: "10.0.0.2", port: 81 }),
];
const HEAD = { ports: { count: 4, text: "22,81,443,3000" }, detectsServices: true };
const ENDED = summary({ hosts: 2, hostsUp: 2, probes: RESULTS.length });
const written = (options = {}) => inFormats(RESULTS, HEAD, ENDED, options, newAggregator(0));

Deno.test("services: the table shows product and version per host and port, and marks what was not found", () => {
  const { table, normal } = written();
  const rows = `PORT     STATE  SERVICE  VERSION
22/tcp   open   ssh      OpenSSH 9.2p1 (Debian 2+deb12u9)
81/tcp   closed unknown
443/tcp  open   ssl/http nginx 1.22.1
3000/tcp open   hbci?
Service Info: Host: web.test; OS: Linux; CPE: cpe:/o:debian:debian_linux
`;
  assertStringIncludes(table!, `synscan report for 10.0.0.1\n${rows}`);
  assertStringIncludes(normal!, "443/tcp  open   ssl/http nginx 1.22.1\n");
  assertStringIncludes(table!, "synscan report for 10.0.0.2\nPORT   STATE  SERVICE\n22/tcp open   http\n");
});

Deno.test("services: JSON lines, a filter and CSV have each fact in a field", () => {
  const { json, csv } = written();
  const ports = json!.trim().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "port");
  const [ssh, https, unknown, closed] = ports;
  assertEquals(
    [ssh.service, ssh.service_by, ssh.conf, ssh.product, ssh.version, ssh.info, ssh.cpe, ssh.why],
    ["ssh", "probed", 10, "OpenSSH", "9.2p1", "Debian 2+deb12u9", SSH.cpe, "openssh"],
  );
  assertEquals([ssh.ssh_keys, ssh.banner], [["ssh-ed25519 256 SHA256:abc/def"], SSH.banner]);
  assertEquals(
    [https.tunnel, https.tls_names, https.tls_expires, https.http_status, https.http_title, https.alpn],
    ["ssl", HTTPS.tls!.names, "2027-01-01T00:00:00Z", 200, HTTPS.http!.title, "http/1.1"],
  );
  assertEquals([unknown.service, unknown.service_by, unknown.conf, unknown.service_label], [
    "hbci",
    "table",
    3,
    "no-data",
  ]);
  assertEquals(Object.keys(closed).includes("service_by"), false);
  const chosen = RESULTS.filter(parseFilter("product=OpenSSH or http_title~lab"));
  assertEquals(chosen.map(({ port }) => port), [22, 443]);

  const [names = "", first = ""] = csv!.split("\n");
  const at = names.split(",").indexOf("product");
  assertEquals(first.split(",").slice(at, at + 2), ['"OpenSSH"', '"9.2p1"']);
  const plain = inFormats(RESULTS, { ...HEAD, detectsServices: false }, ENDED, {}, newAggregator(0));
  assertEquals(plain["csv"]!.split("\n")[0]!.includes("product"), false);
});

Deno.test("services: grepable and XML as nmap writes them", () => {
  const { grepable, xml } = written();
  assertStringIncludes(
    grepable!,
    "Ports: 22/open/tcp//ssh//OpenSSH 9.2p1 |Debian 2+deb12u9|/, 81/closed/tcp/////, 443/open/tcp//ssl|http//nginx 1.22.1/, " +
      "3000/open/tcp//hbci?///",
  );
  const [ssh = "", , https = "", unknown = ""] = xml!.match(/<port .*/g)!;
  assertStringIncludes(
    ssh,
    '<service name="ssh" product="OpenSSH" version="9.2p1" extrainfo="Debian 2+deb12u9" ostype="Linux" method="probed" conf="10">' +
      "<cpe>cpe:/a:openbsd:openssh:9.2:p1</cpe><cpe>cpe:/o:debian:debian_linux</cpe></service>" +
      '<script id="ssh-hostkey" output="256 SHA256:abc/def (ssh-ed25519)"/></port>',
  );
  assertStringIncludes(
    https,
    '<service name="http" product="nginx" version="1.22.1" tunnel="ssl" hostname="web.test" ',
  );
  assertStringIncludes(
    https,
    '<script id="ssl-cert" output="Subject: CN=web.test&#xa;Subject Alternative Name: DNS:web.test, DNS:www.web.test&#xa;Issuer: ',
  );
  assertStringIncludes(unknown, '<service name="hbci" method="table" conf="3"/></port>');
});

Deno.test("services: a port has one script in XML at most, its certificate, host keys, title or the banner of an unknown service", () => {
  const { tls: _, ...page } = HTTPS;
  const banner = "HTTP/1.0 200 OK\r\nDate: Mon, 30 Nov 2026 20:20:53 GMT";
  const findings: Finding[] = [
    { ...HTTPS, banner },
    { ...SSH, http: page.http! },
    { ...page, banner },
    { ...page, http: { status: 200 }, banner },
    { ...UNKNOWN, banner: "hello" },
  ];
  const results = findings.map((finding, at) => result({ port: 1 + at, ...OPEN, finding }));
  const { xml } = inFormats(results, HEAD, ENDED, {}, newAggregator(0));
  const scripts = xml!.match(/<port .*/g)!.map((port) => port.match(/(?<=<script id=")[\w-]+/g) ?? []);
  assertEquals(scripts, [["ssl-cert"], ["ssh-hostkey"], ["http-title"], [], ["banner"]]);
  assertStringIncludes(xml!, '<script id="http-title" output="&lt;b&gt;&quot;Lab&quot; &amp; more&lt;/b&gt;?[2J"/>');
});

Deno.test("services: what a JSON line says is read back whole", () => {
  const { json } = written();
  const ports = json!.trim().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "port");
  const { tls, ...rest } = HTTPS;
  const { notBefore: _, ...kept } = tls!;
  assertEquals(ports.slice(0, 4).map(findingInJson), [SSH, { ...rest, tls: kept }, UNKNOWN, undefined]);
  assertEquals(findingInJson({ service_by: "probed", service: 1, conf: 10 }), undefined);
});

Deno.test("services: an aggregator that is copied, and rows of a running scan, keep what was found", () => {
  const first = newAggregator(0);
  first.take(cursorOver(RESULTS.slice(0, 4)));
  const other = newAggregator(0);
  first.copyTo(other);
  other.take(cursorOver(RESULTS.slice(4)));
  const ports = [...other.report(2).hosts()].map(({ ports }) =>
    ports.map(({ port, finding }) => [port, finding?.product])
  );
  assertEquals(ports, [
    [[22, "OpenSSH"], [81, undefined], [443, "nginx"], [3000, undefined]],
    [[22, undefined], [81, undefined]],
  ]);
  for (const { columns } of cursorOver(RESULTS.slice(0, 1))) assertEquals(columns, undefined);
});

Deno.test("services: control characters from a server reach no terminal in any format", () => {
  const nasty = "\u001b]0;x\u0007\u202e\r\n";
  const finding: Finding = {
    ...{ service: nasty, confidence: 10, product: nasty, version: nasty, info: nasty, hostname: nasty, os: nasty },
    ...{ device: nasty, cpe: [`cpe:/o:${nasty}`], banner: nasty, row: nasty, label: nasty },
    ...{
      tls: { subject: nasty, names: [nasty], issuer: nasty },
      http: { server: nasty, title: nasty, location: nasty },
    },
    sshKeys: [{ type: nasty, fingerprint: nasty }],
  };
  const results = [result({ port: 22, ...OPEN, finding })];
  const formats = inFormats(results, HEAD, summary(), { verbosity: 2 }, newAggregator(2));
  for (const format of FORMATS) {
    // deno-lint-ignore no-control-regex
    assertEquals(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(formats[format]!), false, format);
  }
});

const DTD = "/usr/share/nmap/nmap.dtd";
const READ = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps([[h.address, s.port, s.service, s.service_dict.get("product", ""), s.service_dict.get("version", ""),
  s.tunnel, [c.cpestring for c in s.cpelist], [x["id"] for x in s.scripts_results]] for h in report.hosts for s in h.services if s.open()]))`;

Deno.test("services: programs that read XML find service, product, version and CPE", async (t) => {
  await withFolder(async (folder) => {
    const path = `${folder}/services.xml`;
    const writer = newWriter("xml", OPTIONS, newAggregator(0));
    const head = { hosts: 2, probes: 6, technique: "syn", startedAtMs: 0, args: [], version: "1", ...HEAD };
    const text = [writer.start(head), textOf(writer.results(RESULTS, 0)), ...Array.from(writer.end(ENDED, 0), textOf)];
    await Deno.writeTextFile(path, text.join(""));
    const step = async (name: string, test: string, fn: () => Promise<void>) => {
      const { code } = await ended(start(["sh", "-c", test]));
      await t.step({ name: code === 0 ? name : `${name} [skipped: not installed]`, ignore: code !== 0, fn });
    };
    await step("xmllint", `test -e ${DTD} && xmllint --version`, async () => {
      const { code, err } = await ended(start(["xmllint", "--noout", "--dtdvalid", DTD, path]));
      assertEquals([code, err], [0, ""]);
    });
    await step("ndiff", "ndiff --help", async () => {
      const { code, err } = await ended(start(["ndiff", path, path]));
      assertEquals([code, err], [0, ""]);
    });
    await step("python-libnmap", "/usr/bin/python3 -c 'import libnmap'", async () => {
      const { code, out, err } = await ended(start(["/usr/bin/python3", "-c", READ, path]));
      assertEquals([code, err], [0, ""]);
      assertEquals(JSON.parse(out), [
        ["10.0.0.1", 22, "ssh", "OpenSSH", "9.2p1", "", SSH.cpe, ["ssh-hostkey"]],
        ["10.0.0.1", 443, "http", "nginx", "1.22.1", "ssl", HTTPS.cpe, ["ssl-cert"]],
        ["10.0.0.1", 3000, "hbci", "", "", "", [], []],
        ["10.0.0.2", 22, "http", "", "", "", [], []],
      ]);
    });
  });
});
