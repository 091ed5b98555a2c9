/**
 * Reports of changes and of matches: hosts without any are not in them.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";

const [WEB, SSH] = ["10.64.1.10", "10.64.1.11"];
const TARGETS = ["-p", "22,80,8080", "10.64.1.10-12"];
/** The files of `-oA`, and those of other formats. */
const FILES = ["-oA", "all", "-oC", "all.csv"];
const CHANGED = ["-n", ...FILES, "--db", "h.db", "--changed"];

/** A scanner on one link with two hosts; a third address has none. */
function twoHosts(): Promise<Lab> {
  const members = { scanner: "10.64.1.1/24", web: `${WEB}/24`, ssh: `${SSH}/24` };
  const spaces = { scanner: {}, web: { listen: "22,80" }, ssh: { listen: "22" } };
  return Lab.create({ spaces, bridges: [{ name: "lan", members }] });
}

/** Runs synscan in a folder of the lab; resolves to its status, and the table it prints. */
async function run(lab: Lab, folder: string, args: readonly string[]): Promise<string> {
  const inFolder = ["env", "-C", folder, `XDG_CONFIG_HOME=${folder}`, ...SYNSCAN, ...args];
  const { code, stdout, stderr } = await lab.run("scanner", inFolder);
  assertEquals(code, 0, stderr);
  return stdout;
}

/** Returns the hosts that are listed in a table and in each file, in order. */
async function listed(folder: string, table: string): Promise<Record<string, string[]>> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
  const all = (text: string, pattern: RegExp) => [...new Set(Array.from(text.matchAll(pattern), ([, ip]) => ip!))];
  return {
    table: all(table, /^synscan report for (\S+)/gm),
    normal: all(await read("all.nmap"), /^Nmap scan report for (\S+)/gm),
    xml: all(await read("all.xml"), /<address addr="([\d.]+)"/g),
    grepable: all(await read("all.gnmap"), /^Host: (\S+)/gm),
    json: all(await read("all.json"), /"type":"(?:host|port)","ip":"([\d.]+)"/g),
    csv: all(await read("all.csv"), /^"?(10[\d.]+)/gm),
  };
}

const inEach = (...ips: string[]) => ({ table: ips, normal: ips, xml: ips, grepable: ips, json: ips, csv: ips });

labTest("lab: changes: hosts without a change or a match are in no report", [], async (t) => {
  await using lab = await twoHosts();
  const folder = lab.folder();
  const scan = (...args: string[]) => run(lab, folder, ["-n", ...FILES, ...args, ...TARGETS]);
  await t.step("--filter", async () => {
    assertEquals(await listed(folder, await scan("--filter", "state=open and port=80")), inEach(WEB));
    assertEquals(await listed(folder, await scan("--filter", "service~smtp")), inEach());
  });
  await t.step("show --filter", async () => {
    await scan("--db", "h.db");
    const table = await run(lab, folder, ["show", "--db", "h.db", ...FILES, "--filter", "state=open and port=80"]);
    assertEquals(await listed(folder, table), inEach(WEB));
  });
  await t.step("--changed", async () => {
    assertEquals(await listed(folder, await scan("--db", "h.db", "--changed")), inEach());
    await lab.listen("ssh", "80");
    const table = await scan("--db", "h.db", "--changed");
    assertEquals(await listed(folder, table), inEach(SSH));
    assertMatch(table, /^80\/tcp +open .* closed$/m);
  });
  await t.step("--changed, once a host is gone", async () => {
    lab.ip("ssh", "link set lan down");
    const table = await scan("--db", "h.db", "--changed");
    assertEquals(await listed(folder, table), inEach(SSH));
    assertMatch(table, /^Host went down \(no-arp-response\)\n/m);
    assertMatch(table, /^22\/tcp +filtered .* open$/m);
    const rows = Array.from(table.matchAll(/^(\d+)\/tcp +\S+ +(\S+)/gm), ([, port, service]) => [port, service]);
    assertEquals(rows, [["22", "ssh?"], ["80", "http?"], ["8080", "http-proxy?"]]);
    const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    assertMatch(await read("all.xml"), /<host><status state="down"/);
    assertMatch(await read("all.gnmap"), /Status: Down/);
    assertMatch(await read("all.json"), /"port":80,.*"state":"filtered",.*"was":"open"\}/);
    assertMatch(await read("all.csv"), /,80,tcp,filtered,.*,open$/m);
    assertEquals(await listed(folder, await scan("--db", "h.db", "--changed")), inEach());
  });
  await t.step("--changed, after a scan in which every host was up", async () => {
    const changed = async () => listed(folder, await run(lab, folder, [...CHANGED, "-p", "22", `${WEB},${SSH}`]));
    lab.ip("ssh", "link set lan up");
    await changed();
    lab.ip("ssh", "link set lan down");
    assertEquals([await changed(), await changed()], [inEach(SSH), inEach()]);
  });
});
