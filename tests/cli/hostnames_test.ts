/** Names of hosts by reverse DNS, from the program's flags to its files. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { addressIn, named } from "../support/dns.ts";
import { startDnsServer } from "../support/dns_server.ts";
import { withFolder } from "../support/folder.ts";
import { ended, runIn, start, synscan, until } from "../support/program.ts";

function nameFor(query: Uint8Array): string {
  return `host${addressIn(query) & 0xff}.example`;
}

Deno.test("hostnames: a name is in every report, in the history, and a new name in its comparison", async () => {
  let domain = "example";
  await using server = await startDnsServer((query, send) => send(named(query, `host.${domain}`)));
  await withFolder(async (folder) => {
    const args = ["127.0.0.1", "-sT", "-p", "1-2", "--dns-servers", `127.0.0.1:${server.port}`, "--db", "h.db"];
    const { out, err, code } = await runIn(folder, [...args, "-oA", "all", "-oC", "all.csv"]);
    assertEquals(code, 0, err);
    assertStringIncludes(out, "synscan report for host.example (127.0.0.1)\n");
    for (const suffix of ["nmap", "xml", "gnmap", "json", "html", "csv"]) {
      assertStringIncludes(Deno.readTextFileSync(`${folder}/all.${suffix}`), "host.example", suffix);
    }
    domain = "test";
    assertEquals((await runIn(folder, args)).code, 0);
    assertStringIncludes((await runIn(folder, ["show", "1", "--db", "h.db"])).out, "for host.example (127.0.0.1)\n");
    const diff = await runIn(folder, ["diff", "--db", "h.db"]);
    assertStringIncludes(diff.out, "127.0.0.1 has another name: host.example -> host.test\n");
    await runIn(folder, [...args, "-oX", "other.xml"]);
    const files = await runIn(folder, ["diff", "all.xml", "other.xml"]);
    assertStringIncludes(files.out, "127.0.0.1 has another name: host.example -> host.test\n");
  });
});

Deno.test("hostnames: -n sends no query, and a scan of loopback asks for no name", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(query))));
  await withFolder(async (folder) => {
    const args = ["127.0.0.1", "-sT", "-p", "1", "--dns-servers", `127.0.0.1:${server.port}`];
    assertStringIncludes((await runIn(folder, [...args, "-n"])).out, "report for 127.0.0.1\n");
    assertStringIncludes((await runIn(folder, args.slice(0, 4))).out, "report for 127.0.0.1\n");
    assertEquals(server.queries.length, 0);
    assertStringIncludes((await runIn(folder, args)).out, "report for host1.example (127.0.0.1)\n");
  });
});

Deno.test("hostnames: a scan that is interrupted and resumed has the names of hosts from before", async () => {
  await using server = await startDnsServer((query, send) => send(named(query, nameFor(query))));
  await withFolder(async (folder) => {
    // Each host has one port, so that most hosts are done before the interruption.
    const args = ["127.0.0.1-60", "-sT", "-p", "1", "--max-rate", "40", "--dns-servers", `127.0.0.1:${server.port}`];
    const child = start(synscan([...args, "--checkpoint", "c", "-oJ", "all.json"]), { cwd: folder });
    const lines = () => Deno.readTextFileSync(`${folder}/all.json`).trimEnd().split("\n");
    await until(() => lines().length > 5);
    child.kill("SIGINT");
    assertEquals((await ended(child)).code, 130);
    const { code, err } = await runIn(folder, ["resume", "c"]);
    assertEquals(code, 0, err);
    const found = lines().map((line) => JSON.parse(line)).filter(({ type }) => type === "host").map((
      { ip, hostname },
    ) => [ip, hostname]);
    assertEquals(found, Array.from({ length: 60 }, (_, at) => [`127.0.0.${at + 1}`, `host${at + 1}.example`]));
  });
});

Deno.test("hostnames: Ctrl-C while only names are waited for ends the program with its results", async () => {
  await using server = await startDnsServer(() => {});
  await withFolder(async (folder) => {
    const args = ["127.0.0.1", "-sT", "-p", "1", "--dns-servers", `127.0.0.1:${server.port}`];
    const child = start(synscan(args), { cwd: folder });
    while (server.queries.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { out } = await ended(child);
    assertStringIncludes(out, "report for 127.0.0.1\n");
    assertStringIncludes(out, "1 name of hosts could");
    // Every query would have been sent otherwise.
    assert(server.queries.length < 5, `${server.queries.length} queries`);
  });
});
