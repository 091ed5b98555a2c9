import { assertEquals } from "@std/assert";
import { resultFormatOf } from "../../src/target/result_file.ts";

const XML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated as: nmap -oX - <host> -->
<nmaprun scanner="nmap" args="nmap &quot;a>b&quot;" start="1">
<hosthint><status state="up" reason="unknown-response"/><address addr="10.0.0.9" addrtype="ipv4"/></hosthint>
<host><status state="up" reason="echo-reply"/><address addr="10.0.0.1" addrtype="ipv4"/>
<address addr="02:00:00:00:00:01" addrtype="mac"/><ports><port portid="22"><state state="filtered"/></port></ports></host>
<host><status state="down" reason="no-response"/><address addr="10.0.0.2" addrtype="ipv4"/></host>
<host><status state="up" reason="user-set"/><address addr="10.0.0.3" addrtype="ipv4"/>
<ports><extraports state="filtered" count="3"/></ports></host>
<host><status state="up" reason="user-set"/><address addr='10.0.0.4' addrtype='ipv4'/>
<ports><extraports state="closed" count="3"/></ports></host>
<host><status state="up" reason="x"/><address addr="2001:db8::1" addrtype="ipv6"/></host>
<host><status state="up" reason="x"/><address addr="10.0.0.5" addrtype="ipv4"/>`;

const GREPABLE = `# Nmap 7.93 scan initiated Sat as: nmap -oG - 10.0.0.0/29
Host: 10.0.0.1 ()\tStatus: Up
Host: 10.0.0.1 ()\tPorts: 22/open/tcp//ssh///
Host: 10.0.0.2 (a.example)\tStatus: Down
# Nmap done at Sat
`;

const ROWS: [name: string, text: string, format: string | undefined, hosts: string[] | undefined][] = [
  ["nmap's XML, cut off", XML, "nmap's XML", ["10.0.0.1", "10.0.0.4", "2001:db8::1"]],
  ["nmap's XML without a declaration", '<nmaprun scanner="nmap">', "nmap's XML", []],
  ["nmap's grepable format", GREPABLE, "nmap's grepable format", ["10.0.0.1", "10.0.0.1"]],
  ["grepable without comments", "Host: 10.0.0.7 ()\tStatus: Up\n", "nmap's grepable format", ["10.0.0.7"]],
  [
    "synscan's JSON lines, cut off",
    '{"type":"start","schema":1}\n{"type":"port","ip":"10.0.0.1","port":22,"state":"closed"}\n' +
    '{"type":"port","ip":"10.0.0.2","port":22,"state":"filtered"}\n{"type":"port","ip":"10.0',
    "synscan's JSON lines",
    ["10.0.0.1"],
  ],
  [
    "synscan's JSON lines with hosts in every state",
    [
      { type: "start", schema: 2 },
      ...["up", "absent", "silent", "undecided"].map((state, at) => ({ type: "host", ip: `10.0.0.${at + 1}`, state })),
      { type: "host", ip: "10.0.0.5", open: 0, closed: 1 },
      { type: "host", ip: "10.0.0.6", open: 0, closed: 0, filtered: 1 },
      { type: "host", ip: "10.0.0.7", open: 0, closed: 0, unfiltered: 1 },
      { type: "port", ip: "10.0.0.8", port: 22, state: "unfiltered" },
    ].map((line) => JSON.stringify(line)).join("\n"),
    "synscan's JSON lines",
    ["10.0.0.1", "10.0.0.5", "10.0.0.7", "10.0.0.8"],
  ],
  [
    "masscan's list",
    "#masscan\nopen tcp 80 10.0.0.1 1700000000\nbanner tcp 80 10.0.0.2 1700000000 http x\n# end\n",
    "masscan's list",
    ["10.0.0.1", "10.0.0.2"],
  ],
  [
    "masscan's JSON",
    '[\n{   "ip": "10.0.0.1",   "timestamp": "1", "ports": [ {"port": 80} ] }\n,\n]\n',
    "masscan's JSON",
    ["10.0.0.1"],
  ],
  [
    "masscan's grepable format",
    "# Masscan 1.3.2 scan initiated Mon Nov 30 22:30:22 2026\n# Ports scanned: TCP(2;22-22,80-80) UDP(0;) SCTP(0;) PROTOCOLS(0;)\n" +
    "Timestamp: 1796077822\tHost: 10.0.0.3 ()\tPorts: 80/open/tcp//http//\n# Masscan done at Mon Nov 30 22:30:58 2026\n",
    "nmap's grepable format",
    ["10.0.0.3"],
  ],
  [
    "masscan's binary format",
    "masscan/1.1\ns:1796077992\n\0\0\0\x06kM",
    "masscan's binary format, which masscan --readscan reads",
    undefined,
  ],
  [
    "zmap's CSV, with rows that are no success",
    'classification,saddr,data,success\nsynack,10.0.0.1,"a,""b",1\nicmp,10.0.0.254,,0\nudp,10.0.0.2,00,true\n',
    "zmap's CSV",
    ["10.0.0.1", "10.0.0.2"],
  ],
  ["zmap's CSV of addresses alone", "saddr\r\n10.0.0.1\r\n", "zmap's CSV", ["10.0.0.1"]],
  [
    "zmap's JSON, cut off",
    '{ "sport": 80, "saddr": "10.0.0.1" }\n{ "saddr": "10.0.0.254", "success": 0 }\n{ "saddr": "10.0.0.2", "success": true }\n{ "sad',
    "zmap's JSON",
    ["10.0.0.1", "10.0.0.2"],
  ],
  ["a list with a name like zmap's heading", "saddr.example\n", undefined, undefined],
  ["synscan's CSV", "ip,port,proto,state\n10.0.0.1,22,tcp,open\n", "synscan's CSV", undefined],
  ["HTML", "<!DOCTYPE html><html>", "an HTML page", undefined],
  [
    "a table",
    "# Nmap 7.93 scan initiated Sat as: nmap\nNmap scan report for x (10.0.0.1)\n",
    "a report for people (-oN)",
    undefined,
  ],
  ["a table without comments", "\nsynscan report for 10.0.0.1\nPORT\n", "a report for people (-oN)", undefined],
  ["other JSON", '["10.0.0.1"]', "JSON", undefined],
  ["a list", "10.0.0.1\n", undefined, undefined],
  ["a list with a comment", "# from nmap\n10.0.0.1 # Host: a\n", undefined, undefined],
  ["nothing", "", undefined, undefined],
];

const LIST_XML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sL -oX - 10.0.0.1-2 ::1" start="1">
<host><status state="unknown" reason="user-set" reason_ttl="0"/>
<address addr="10.0.0.1" addrtype="ipv4"/>
<hostnames><hostname name="a.example" type="user"/></hostnames>
</host>
<host><status state="unknown" reason="user-set" reason_ttl="0"/><address addr="2001:db8::1" addrtype="ipv6"/></host>
<host><status state="up" reason="reset"/><address addr="10.0.0.9" addrtype="ipv4"/></host>
<runstats><hosts up="0" down="2" total="2"/></runstats></nmaprun>`;

/** Texts with the hosts of list scans. */
const LISTS: [name: string, text: string, format: string, hosts: string[]][] = [
  ["XML", LIST_XML, "nmap's XML", ["10.0.0.1", "2001:db8::1"]],
  [
    "the grepable format",
    "# Nmap 7.93 scan initiated Sat as: nmap -sL -oG - 10.0.0.1-2\nHost: 10.0.0.1 (a.example)\tStatus: Unknown\n" +
    "Host: 10.0.0.2 ()\tStatus: Unknown\nHost: 10.0.0.3 ()\tStatus: Up\n# Nmap done at Sat -- 2 IP addresses\n",
    "nmap's grepable format",
    ["10.0.0.1", "10.0.0.2"],
  ],
  [
    "the report of nmap",
    "# Nmap 7.93 scan initiated Sat as: nmap -sL -oN l 10.0.0.1 a.example ::1\nNmap scan report for 10.0.0.1\n" +
    "Nmap scan report for a.example (10.0.0.2)\nOther addresses for a.example (not scanned): 10.0.0.3\n" +
    "Nmap scan report for ::1\n# Nmap done at Sat -- 3 IP addresses (0 hosts up) scanned in 0.00 seconds\n",
    "a report for people (-oN)",
    ["10.0.0.1", "10.0.0.2", "::1"],
  ],
  [
    "the output of nmap",
    "Starting Nmap 7.93 ( https://nmap.org ) at 2026-12-01\nNmap scan report for 10.0.0.1\nNmap done: 1 IP address\n",
    "a report for people (-oN)",
    ["10.0.0.1"],
  ],
  [
    "the output of synscan, cut off",
    "synscan report for 10.0.0.1\nsynscan report for a.example (10.0.0.2)\nsynscan repo",
    "a report for people (-oN)",
    ["10.0.0.1", "10.0.0.2"],
  ],
];

Deno.test("result files: the hosts of a list scan are all of them, in every format", async (t) => {
  for (const [name, text, format, hosts] of LISTS) {
    await t.step(name, () => {
      const found = resultFormatOf(text);
      assertEquals(found?.name, format);
      assertEquals([...found?.hostsListed?.(text) ?? []], hosts);
    });
  }
});

Deno.test("result files: a report with results is no list of targets", () => {
  const report = "Nmap scan report for 10.0.0.1\nHost is up (0.1s latency).\nNmap scan report for 10.0.0.2\n";
  assertEquals(resultFormatOf(report), { name: "a report for people (-oN)" });
});

Deno.test("result files: each format is known by its beginning, and gives the hosts that answered", async (t) => {
  for (const [name, text, format, hosts] of ROWS) {
    await t.step(name, () => {
      const found = resultFormatOf(text);
      assertEquals(found?.name, format);
      assertEquals(found?.hostsUp === undefined ? undefined : [...found.hostsUp(text)], hosts);
    });
  }
});
