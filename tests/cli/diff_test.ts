/** Comparing scans that did not ask the same: names that moved, exclusions, shards. Whole programs, with a hosts file of the test's own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { runIn, runWithHosts } from "../support/program.ts";

const NET = `127.13.${Deno.pid % 250 + 1}`;
const IS_ROOT = Deno.uid() === 0;

const run = (folder: string, args: readonly string[]) => runWithHosts(folder, [...args, "--db", "db"]);

function diffTest(name: string, fn: (folder: string, names: (lines: string) => Promise<void>) => Promise<void>): void {
  Deno.test({
    name: `diff: ${name}${IS_ROOT ? "" : " (skipped: run as root, for a hosts file of its own)"}`,
    ignore: !IS_ROOT,
    fn: () =>
      withFolder(async (folder) => {
        const names = (text: string) => Deno.writeTextFile(`${folder}/hosts`, text);
        await names("");
        await fn(folder, names);
      }),
  });
}

diffTest("a name that moved is reported, and is a difference", async (folder, names) => {
  await names(`${NET}.1 web.lab\n`);
  await run(folder, ["web.lab", `${NET}.7`, "-p", "1-3"]);
  await names(`${NET}.2 web.lab\n`);
  await run(folder, ["WEB.lab", `${NET}.7`, "-p", "1-3"]);
  const { code, out, err } = await run(folder, ["diff"]);
  assertEquals(code, 1, err);
  assertStringIncludes(out, `\nWEB.lab moved: ${NET}.1 -> ${NET}.2\n`);
  assertStringIncludes(out, "3 ports of 1 host compared");
  const json = (await run(folder, ["diff", "--json"])).out.split("\n").filter((line) => line.includes('"moved"'));
  assertEquals(json, [`{"type":"moved","name":"WEB.lab","before":["${NET}.1"],"after":["${NET}.2"]}`]);
});

diffTest("a scan of nothing but a name that moved can be compared", async (folder, names) => {
  await names(`${NET}.1 web.lab\n`);
  await run(folder, ["web.lab", "-p", "1"]);
  await names(`${NET}.2 web.lab\n`);
  await run(folder, ["web.lab", "-p", "1"]);
  const { code, out } = await run(folder, ["diff"]);
  assertEquals(code, 1);
  assertStringIncludes(out, `web.lab moved: ${NET}.1 -> ${NET}.2\n`);
});

diffTest("what is excluded now, or no longer, is reported and no difference", async (folder) => {
  const scan = [`${NET}.0/29`, "-p", "1-2"];
  await run(folder, scan);
  await run(folder, [...scan, "--exclude", `${NET}.3,${NET}.5-6`, "--exclude-ports", "2"]);
  const first = await run(folder, ["diff"]);
  assertEquals(first.code, 0, first.err);
  assertStringIncludes(first.out, `${NET}.3, ${NET}.5-${NET}.6, port 2 are excluded now\n`);
  assertStringIncludes(first.out, "5 ports of 5 hosts compared: no difference\n");
  await run(folder, [...scan, "--exclude", `${NET}.3`, "--exclude-ports", "2"]);
  assertStringIncludes((await run(folder, ["diff"])).out, `${NET}.5-${NET}.6 are no longer excluded\n`);
});

diffTest("two shards are taken together, on either side", async (folder) => {
  const scan = [`${NET}.0/28`, "-p", "1-4"];
  const shard = (part: string, seed: string) => run(folder, [...scan, "--seed", seed, "--shard", part]);
  await run(folder, scan);
  await shard("1/2", "7");
  await shard("2/2", "7");
  const together = await run(folder, ["diff"]);
  assertEquals(together.code, 0, together.err);
  assertStringIncludes(together.out, "against scan 2+3 (");
  assertStringIncludes(together.out, "64 ports of 16 hosts compared: no difference\n");
  await shard("1/2", "8");
  await shard("2/2", "8");
  const again = await run(folder, ["diff"]);
  assert(/^Scan 2\+3 .* against scan 4\+5 /.test(again.out), again.out + again.err);
  assertStringIncludes(again.out, "64 ports of 16 hosts compared: no difference\n");
  assertStringIncludes((await run(folder, ["diff", "1", "4+5"])).out, "64 ports of 16 hosts compared");
});

diffTest("a scan of other targets is compared on what both probed, or not at all", async (folder) => {
  await run(folder, [`${NET}.1-4`, "-p", "1-4"]);
  await run(folder, [`${NET}.99`, "-p", "1-4"]);
  assertEquals((await run(folder, ["diff"])).code, 2);
  await run(folder, [`${NET}.3-9`, "-p", "3-9"]);
  const { code, out } = await run(folder, ["diff"]);
  assertEquals(code, 0);
  assertStringIncludes(out, "Scan 1 (");
  assertStringIncludes(out, "4 ports of 2 hosts compared: no difference\n");
});

const XML = (state: string, extra: string) =>
  `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" start="1700000000">\n` +
  `<scaninfo type="syn" protocol="tcp" numservices="4" services="22,80-82"/>\n<host><status state="up" reason="reset"/>` +
  `<address addr="192.0.2.7" addrtype="ipv4"/><hostnames><hostname name="web.lab" type="user"/></hostnames><ports>` +
  `<extraports state="${extra}" count="3"/><port protocol="tcp" portid="22"><state state="${state}" reason="syn-ack"/>` +
  `<service name="ssh"/></port></ports></host></nmaprun>\n`;

Deno.test("diff: two files are compared, nmap's XML and synscan's JSON lines alike", () =>
  withFolder(async (folder) => {
    const port = (port: number, state: string) =>
      JSON.stringify({ type: "port", ip: "192.0.2.7", port, state, reason: "x" });
    const json = [{ type: "start", started: "2026-01-01T00:00:00Z" }].map((line) => JSON.stringify(line));
    const files: Record<string, string> = {
      a: XML("open", "closed"),
      b: XML("closed", "filtered"),
      c: [...json, port(22, "open"), port(80, "open"), port(81, "closed"), port(82, "closed"), ""].join("\n"),
      d: "192.0.2.7\n",
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const diff = (...args: string[]) => runIn(folder, ["diff", ...args]);
    const same = await diff("a", "a");
    assertEquals([same.code, same.out.includes("4 ports of 1 host compared: no difference")], [0, true], same.err);
    const changed = await diff("a", "b");
    assertEquals(changed.code, 1, changed.err);
    assertStringIncludes(changed.out, "192.0.2.7 (web.lab)\n  - 22/tcp    open -> closed");
    assertStringIncludes(changed.out, "  ~ closed -> filtered: 80-82 (3 ports)\n");
    const mixed = await diff("a", "c", "--json");
    assertEquals(mixed.code, 1, mixed.err);
    assertStringIncludes(mixed.out, '"port":80,"proto":"tcp","before":"closed","after":"open"');
    for (const args of [["a", "d"], ["a", "1"], ["a"], ["a", "gone"]]) {
      const { code, err } = await diff(...args);
      assertEquals([code, err.trimEnd().split("\n").length], [2, 1], err);
    }
  }));

Deno.test("diff: a value in a file that is none is named with the file", () =>
  withFolder(async (folder) => {
    const xml = XML("open", "closed");
    const json = (fields: Record<string, unknown>, start: Record<string, unknown> = {}) =>
      [{ type: "start", ...start }, { type: "port", ip: "192.0.2.7", port: 22, state: "open", ...fields }]
        .map((line) => JSON.stringify(line)).join("\n");
    const faults: readonly (readonly [text: string, fault: string])[] = [
      [xml.replace("1700000000", "1e999"), "its time of start is out of range"],
      [xml.replace("1700000000", "1e15"), "its time of start is out of range"],
      [xml.replace('portid="22"', 'portid="99999999"'), "99999999 is no port"],
      [xml.replace("192.0.2.7", "a host"), '"a host" is no address'],
      [xml.replace('type="syn"', 'type="a b"'), '"a b" is no technique'],
      [xml.replace('"22,80-82"', '"1-99999"'), '"99999" is more than 65535'],
      [json({}, { started: "0001-01-01" }), "its time of start is out of range"],
      [json({ port: 1.5 }), "1.5 is no port"],
      [json({ ip: "a host" }), '"a host" is no address'],
      [json({}, { technique: "syn", ports: "1-99999" }), '"99999" is more than 65535'],
    ];
    await Deno.writeTextFile(`${folder}/whole`, xml);
    for (const [text, fault] of faults) {
      await Deno.writeTextFile(`${folder}/faulty`, text);
      const { code, err } = await runIn(folder, ["diff", "whole", "faulty"]);
      assertEquals([code, err.includes(fault)], [2, true], err);
      assertMatch(err, /^Cannot compare "faulty": .*\n$/);
    }
  }));

Deno.test("diff: the hosts of two files are compared where one has no ports", () =>
  withFolder(async (folder) => {
    const json = (...hosts: readonly (readonly [last: number, state: string, reason: string])[]) =>
      [
        { type: "start" },
        ...hosts.map(([last, state, reason]) => ({ type: "host", ip: `192.0.2.${last}`, state, reason })),
      ]
        .map((line) => JSON.stringify(line)).join("\n");
    const xml = (...hosts: readonly (readonly [last: number, state: string, reason: string])[]) =>
      `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" start="1700000000">\n` + hosts.map((
        [last, state, reason],
      ) =>
        `<host><status state="${state}" reason="${reason}"/><address addr="192.0.2.${last}" addrtype="ipv4"/></host>\n`
      ).join("") + "</nmaprun>\n";
    const files: Record<string, string> = {
      before: json([1, "up", "echo-reply"], [2, "absent", "no-arp-response"], [3, "up", "echo-reply"], [
        4,
        "up",
        "reset",
      ]),
      after: json([1, "up", "reset"], [2, "up", "arp-response"], [3, "silent", "no-response"], [5, "up", "reset"]),
      xml: xml([1, "up", "reset"], [2, "up", "arp-response"], [3, "down", "no-response"], [4, "up", "user-set"]),
      ports: XML("open", "closed").replaceAll("192.0.2.7", "192.0.2.2"),
      other: json([9, "up", "reset"]),
      none: json(),
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const diff = (...args: string[]) => runIn(folder, ["diff", ...args]);
    const changed = await diff("before", "after");
    assertEquals(changed.code, 1, changed.err);
    assertStringIncludes(changed.out, "\n192.0.2.2 came up\n192.0.2.3 went down\n");
    assertStringIncludes(changed.out, "3 hosts compared: 1 host came up, 1 went down\nNot probed in scan 2: 1 host\n");
    assertStringIncludes((await diff("before", "xml")).out, "192.0.2.2 came up\n192.0.2.3 went down\n3 hosts compared");
    const same = await diff("after", "xml");
    assertEquals([same.code, same.out.includes("3 hosts compared: no difference\n")], [0, true], same.err);
    assertStringIncludes((await diff("before", "ports")).out, "\n192.0.2.2 (web.lab) came up\n1 host compared: 1 host");
    for (const [name, why] of [["other", "no host was decided in both"], ["none", "it contains no results"]] as const) {
      const { code, err } = await diff("before", name);
      assertEquals([code, err.includes(why)], [2, true], err);
    }
  }));

Deno.test("diff: a host that is absent in one file went down, as its ports would have been probed", () =>
  withFolder(async (folder) => {
    const up = XML("open", "closed").replace(/<hostname .*?>/, "");
    const [, other = ""] = /(<host>.*<\/host>)/s.exec(up.replaceAll("192.0.2.7", "192.0.2.8")) ?? [];
    const withOther = (xml: string) => xml.replace("</nmaprun>", `${other}</nmaprun>`);
    const withStatus = (state: string) =>
      up.replace(/<status.*?>/, `<status state="${state}" reason="no-response"/>`).replace(/<ports>.*<\/ports>/s, "");
    const lines = (...values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");
    const start = { type: "start", technique: "syn", ports: "22,80-82" };
    const host = (state: string, reason: string) => ({ type: "host", ip: "192.0.2.7", state, reason });
    const port = (ip: string, port: number) => ({ type: "port", ip, port, state: port === 22 ? "open" : "closed" });
    const files: Record<string, string> = {
      "up.xml": up,
      "up.json": lines(start, ...[22, 80, 81, 82].map((each) => port("192.0.2.7", each))),
      "down.xml": withStatus("down"),
      "down.json": lines(start, host("absent", "no-arp-response")),
      "both.xml": withOther(up),
      "unknown.xml": withOther(withStatus("unknown")),
      "silent.json": lines(start, host("silent", "no-response"), port("192.0.2.8", 22)),
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const diff = (...args: string[]) => runIn(folder, ["diff", ...args]);
    for (const up of ["up.xml", "up.json"]) {
      for (const down of ["down.xml", "down.json"]) {
        const { code, out, err } = await diff(up, down);
        assertEquals(code, 1, err);
        assertMatch(out, /\n192\.0\.2\.7.* went down\n {2}- 22\/tcp {4}open -> filtered/);
        assertStringIncludes(out, "  ~ closed -> filtered: 80-82 (3 ports)\n4 ports of 1 host compared");
        assertMatch((await diff(down, up)).out, /\n192\.0\.2\.7.* came up\n {2}\+ 22\/tcp {4}filtered -> open/);
      }
    }
    // Silence is no proof.
    for (const silent of ["unknown.xml", "silent.json"]) {
      const { code, out } = await diff("both.xml", silent);
      assertEquals(code, 0, out);
      assertStringIncludes(out, "? 22/tcp    open in scan 1, not probed in scan 2");
    }
  }));

Deno.test("diff: files of UDP ports are compared, alone and beside TCP ports of the same numbers", () =>
  withFolder(async (folder) => {
    const info = (type: string, proto: string) =>
      `<scaninfo type="${type}" protocol="${proto}" numservices="3" services="53,123,161"/>\n`;
    const port = (proto: string, port: number, state: string, reason: string) =>
      `<port protocol="${proto}" portid="${port}"><state state="${state}" reason="${reason}"/></port>`;
    // As nmap writes it: a state of ports that are only counted has a line of reasons for each protocol.
    const counted = (...protocols: string[]) =>
      `<extraports state="closed" count="2">` +
      protocols.map((proto) => `<extrareasons reason="reset" count="2" proto="${proto}"/>\n`).join("") +
      "</extraports>";
    const file = (scans: string, ports: string) =>
      `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" start="1700000000">\n${scans}<host>` +
      `<status state="up" reason="reset"/><address addr="192.0.2.7" addrtype="ipv4"/><ports>${ports}</ports></host></nmaprun>\n`;
    const both = info("syn", "tcp") + info("udp", "udp");
    const tcp = port("tcp", 53, "open", "syn-ack");
    const line = (port: number, state: string) =>
      JSON.stringify({ type: "port", ip: "192.0.2.7", port, proto: "udp", state, reason: "x", technique: "udp" });
    const files: Record<string, string> = {
      alone1: file(info("udp", "udp"), counted("udp") + port("udp", 53, "open", "udp-response")),
      alone2: file(info("udp", "udp"), counted("udp") + port("udp", 53, "open|filtered", "no-response")),
      both1: file(both, counted("tcp", "udp") + tcp + port("udp", 53, "open", "udp-response")),
      both2: file(both, counted("tcp", "udp") + tcp + port("udp", 123, "open", "udp-response")),
      json: [JSON.stringify({ type: "start" }), line(53, "closed"), line(123, "closed"), line(161, "closed")].join(
        "\n",
      ),
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const diff = (...args: string[]) => runIn(folder, ["diff", ...args]);
    const alone = await diff("alone1", "alone2");
    assertEquals(alone.code, 1, alone.err);
    assertStringIncludes(alone.out, "  - 53/udp    open -> open|filtered");
    assertStringIncludes(alone.out, "3 ports of 1 host compared: 0 opened, 1 no longer open");
    const changed = await diff("both1", "both2");
    assertStringIncludes(changed.out, "  - 53/udp    open -> closed");
    assertStringIncludes(changed.out, "  + 123/udp   closed -> open");
    assertStringIncludes(changed.out, "6 ports of 1 host compared: 1 opened, 1 no longer open");
    const mixed = await diff("alone1", "json", "--json");
    assertStringIncludes(mixed.out, '"port":53,"proto":"udp","before":"open","after":"closed"');
  }));

Deno.test({
  name: `diff: two files of two techniques are compared by technique${IS_ROOT ? "" : " (skipped: run as root)"}`,
  ignore: !IS_ROOT,
  fn: () =>
    withFolder(async (folder) => {
      const listener = Deno.listen({ hostname: `${NET}.9`, port: 0 });
      const scan = ["-sS", "-sF", "--no-config", "-p", `${listener.addr.port},1`, `${NET}.9`];
      const open = await runIn(folder, [...scan, "-oX", "1.xml", "-oJ", "1.json"]);
      listener.close();
      const closed = await runIn(folder, [...scan, "-oX", "2.xml", "-oJ", "2.json"]);
      assertEquals([open.code, closed.code], [0, 0], open.err + closed.err);
      for (const files of [["1.xml", "2.xml"], ["1.json", "2.json"], ["1.xml", "2.json"]]) {
        const { code, out, err } = await runIn(folder, ["diff", ...files]);
        assertEquals(code, 1, err);
        assertStringIncludes(out, "open -> closed");
        assertStringIncludes(out, "open|filtered -> closed (fin)");
        assertStringIncludes(out, "4 ports of 1 host compared: 0 opened, 1 no longer open, 1 changed otherwise");
      }
      const plan = await runIn(folder, [...scan, "--dry-run"]);
      assertStringIncludes(plan.out, "Would probe 2 ports on 1 host (syn+fin)");
    }),
});
