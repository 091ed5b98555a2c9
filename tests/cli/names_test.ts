/** Scans of hosts by their names, as a person would do them: whole programs, with a hosts file of the test's own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { withFolder } from "../support/folder.ts";
import { runWithHosts } from "../support/program.ts";

const IS_ROOT = Deno.uid() === 0 && canOpenRaw();
/** Addresses of this process's own, so that others may run the same tests. */
const NET = `127.9.${Deno.pid % 250 + 1}`;

function namesTest(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name: `names: ${name}${IS_ROOT ? "" : " (skipped: run as root, for a hosts file of its own)"}`,
    ignore: !IS_ROOT,
    fn: () => withFolder(fn),
  });
}

async function hosts(folder: string, lines: Readonly<Record<string, string>>): Promise<void> {
  const text = Object.entries(lines).map(([name, host]) => `${NET}.${host} ${name}\n`).join("");
  await Deno.writeTextFile(`${folder}/hosts`, text);
}

interface JsonLine {
  readonly type: string;
  readonly [name: string]: unknown;
}

function linesOf(text: string, type: string): JsonLine[] {
  return text.trimEnd().split("\n").map((line): JsonLine => JSON.parse(line)).filter((line) => line.type === type);
}

namesTest(
  "all of a host's are in every format, each port with its own, and one that is unknown is reported",
  async (folder) => {
    await hosts(folder, { "web.lab": "1", "www.lab": "1", "old.lab": "1", "api.lab": "2" });
    const targets = `web.lab:21 WWW.lab:22 www.LAB:21 old.lab:23 ${NET}.1:24 api.lab:21 gone.lab:21`.split(" ");
    const files = ["-oX", "xml", "-oG", "gnmap", "-oC", "csv", "-oN", "nmap", "-oH", "html", "--db", "db"];
    const { code, out, err } = await runWithHosts(folder, [...targets, "--json", ...files]);
    assertEquals(code, 3, err);
    const ports = linesOf(out, "port").map(({ ip, port, names }) => `${ip} ${port} ${names}`).sort();
    assertEquals(ports, [
      `${NET}.1 21 web.lab,WWW.lab`,
      `${NET}.1 22 WWW.lab`,
      `${NET}.1 23 old.lab`,
      `${NET}.1 24 undefined`,
      `${NET}.2 21 api.lab`,
    ]);
    assertEquals(linesOf(out, "host").map(({ names }) => names), [["web.lab", "WWW.lab", "old.lab"], ["api.lab"]]);
    const [summary] = linesOf(out, "summary");
    assertEquals([summary?.trusted, summary?.undecided], [false, 0]);
    assertMatch(String(summary?.warnings), /^Cannot resolve gone\.lab: .*\. It is left out$/);

    const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    const xml = await read("xml");
    assertEquals(Array.from(xml.matchAll(/<hostname name="([^"]*)" type="user"\/>/g), ([, name]) => name), [
      "web.lab",
      "WWW.lab",
      "old.lab",
      "api.lab",
    ]);
    assertMatch(xml, /portid="22">.*<script id="names" output="WWW\.lab"\/><\/port>/);
    assertStringIncludes(xml, "gone.lab");
    const grepable = await read("gnmap");
    assertStringIncludes(grepable, `Host: ${NET}.1 (web.lab)\tPorts: `);
    assertStringIncludes(grepable, `# Names of ${NET}.1: port 21: web.lab, WWW.lab\n`);
    assertMatch(await read("csv"), new RegExp(`${NET}\\.1,21,tcp,closed,.*,"web\\.lab WWW\\.lab",`));
    const table = await read("nmap");
    assertStringIncludes(table, `report for web.lab (${NET}.1)\n`);
    assertStringIncludes(table, "Other names: WWW.lab, old.lab\n");
    assertMatch(table, /\n21\/tcp +closed +\w+ +web\.lab WWW\.lab\n/);
    assertMatch(table, /\n24\/tcp +closed +\S+ +-\n/);
    assertStringIncludes(await read("html"), `["${NET}.1","web.lab, WWW.lab, old.lab"]`);
    const shown = await runWithHosts(folder, ["show", "--db", "db", "--json"]);
    assertEquals(linesOf(shown.out, "port").map(({ ip, port, names }) => `${ip} ${port} ${names}`).sort(), ports);
  },
);

namesTest("a filter finds a port by any of them, whatever the case of the target", async (folder) => {
  await hosts(folder, { "web.lab": "1", "www.lab": "1" });
  const args = "WEB.lab:21 web.lab:22 www.lab:22 --json --filter names=www.lab".split(" ");
  const { out, err } = await runWithHosts(folder, args);
  assertEquals(linesOf(out, "port").map(({ port, names }) => `${port} ${names}`), ["22 WEB.lab,www.lab"], err);
});

namesTest("a target that is excluded by another spelling of its name is never probed", async (folder) => {
  await hosts(folder, { "web.lab": "1", "www.lab": "1" });
  const { code, err } = await runWithHosts(folder, ["web.lab", "-p", "21", "--exclude", "WWW.LAB"]);
  assertEquals(code, 1);
  assertStringIncludes(err, "every host is excluded");
  assert(!err.includes("undefined"));
});
