/**
 * Shards that are joined: whole programs on loopback, and files made by hand for what loopback does not have.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../src/cli/version.ts";
import { withFolder } from "../support/folder.ts";
import { type Ended, ended, MOD, runIn, start, synscan, until } from "../support/program.ts";
import { runMain } from "./fake.ts";

/** Addresses of this process's own. */
const NET = `127.17.${Deno.pid % 250 + 1}`;
const SCAN = ["-n", "-sT", "-p", "1-40", `${NET}.1-6`];
const COUNT = 6 * 40;

/** Scans shards into `s-1.json` and so on; returns the names of these files. */
async function scanShards(folder: string, count: number): Promise<string[]> {
  const indices = Array.from({ length: count }, (_, at) => at + 1);
  const runs = await Promise.all(
    indices.map((index) =>
      runIn(folder, ["--shard", `${index}/${count}`, "--seed", "7", "-q", "-oJ", "s-%i.json", ...SCAN])
    ),
  );
  for (const { code, err } of runs) assertEquals([code, err], [0, ""]);
  return indices.map((index) => `s-${index}.json`);
}

function linesIn(path: string): Record<string, unknown>[] {
  return Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** The ports of a file, without times, in order. */
function portsIn(path: string): string[] {
  return linesIn(path).filter(({ type }) => type === "port").map((line) => JSON.stringify({ ...line, rtt_ms: 0 }))
    .sort();
}

/** A report without times and its command line. */
function timeless(text: string): string {
  return text.replaceAll(
    / (start|startstr|starttime|endtime|time|timestr|elapsed|summary|srtt|rttvar|to|args)="[^"]*"/g,
    "",
  );
}

Deno.test("merge: shards become every report of one whole scan", () =>
  withFolder(async (folder) => {
    const whole = await runIn(folder, ["-oJ", "w.json", "-oX", "w.xml", "-oC", "w.csv", "--db", "h.db", ...SCAN]);
    const files = await scanShards(folder, 3);
    const outputs = ["-oJ", "m.json", "-oX", "m.xml", "-oC", "m.csv", "--db", "h.db"];
    const { code, out, err } = await runIn(folder, ["merge", ...files.toReversed(), ...outputs]);
    assertEquals([code, err], [0, ""]);
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    const tableOf = (text: string) => text.replace(/ in [^\n]*probes\/s/, "");
    assertEquals(tableOf(out), tableOf(whole.out));
    assertEquals(portsIn(`${folder}/m.json`), portsIn(`${folder}/w.json`));
    assertEquals(timeless(read("m.xml")), timeless(read("w.xml")));
    assertEquals(read("m.csv").split("\n").length, COUNT + 2);
    const [head, summary] = [linesIn(`${folder}/m.json`)[0]!, linesIn(`${folder}/m.json`).at(-1)!];
    const parts = files.map((file) => linesIn(`${folder}/${file}`).at(-1)!);
    for (const name of ["probes", "sent", "closed", "round_trips", "duplicates", "answered"]) {
      assertEquals(summary[name], parts.reduce((sum, part) => sum + Number(part[name]), 0), name);
    }
    assertEquals([summary["hosts"], summary["hosts_up"], summary["undecided"], summary["trusted"]], [6, 6, 0, true]);
    assertEquals(head["shard"], { index: 1, count: 1, by: "probe", hosts: 6, probes: COUNT });
    const diff = await runIn(folder, ["diff", "1", "2", "--db", "h.db"]);
    assertEquals([diff.code, diff.err], [0, ""]);
    assertStringIncludes(diff.out, `${COUNT} ports of 6 hosts compared: no difference`);
  }));

Deno.test("merge: a missing shard is named with its command, which supplies it", () =>
  withFolder(async (folder) => {
    const files = await scanShards(folder, 3);
    const probes = Number(linesIn(`${folder}/s-2.json`)[0]!["probes"]);
    await Deno.remove(`${folder}/s-2.json`);
    const left = files.filter((file) => file !== "s-2.json");
    const { code, out, err } = await runIn(folder, ["merge", ...left, "-oJ", "m.json"]);
    assertEquals(code, 3);
    assertStringIncludes(out, `Warning: Shard 2/3 is missing: ${probes} ports are undecided\n`);
    const summary = linesIn(`${folder}/m.json`).at(-1)!;
    assertEquals([summary["undecided"], summary["probes"], summary["trusted"]], [probes, COUNT, false]);
    const [, command = ""] = /^Shard 2\/3 is missing\. To supply it: synscan (.*)\n$/.exec(err) ?? [];
    assertEquals(command, `--shard 2/3 --seed 7 -q -oJ s-%i.json -n -sT -p 1-40 ${NET}.1-6`);
    const supplied = await ended(
      start(["sh", "-c", `exec "$0" run -A "$1" ${command}`, Deno.execPath(), MOD], { cwd: folder }),
    );
    assertEquals([supplied.code, supplied.err], [0, ""]);
    assertEquals((await runIn(folder, ["merge", ...files, "-q"])).code, 0);
  }));

Deno.test("merge: the command of another shard writes other files than those that are there", async () => {
  const rows: [path: string, other: string][] = [
    ["s-%i.json", "s-%i.json"],
    ["s-1.json", "s-3.json"],
    ["10/s-001.json", "10/s-003.json"],
    ["found.json", "found-3.json"],
    ["found", "found-3"],
    ["a b/x.1.json", "'a b/x.3.json'"],
  ];
  for (const [path, other] of rows) {
    const args = ["--shard", "1/3", "--seed", "7", "-oJ", path, "-PS22", "192.0.2.1"];
    const { world } = await runMain(["merge", "one"], {}, { files: { one: jsonOf({ args, shard: { count: 3 } }) } });
    const commands = world.stderr.trimEnd().split("\n").map((line) => line.replace(/^.*To supply it: /, ""));
    assertEquals(commands[1], `synscan --shard 3/3 --seed 7 -oJ ${other} -PS22 192.0.2.1`);
  }
});

/** A file of one shard, with one closed port of a host each and lines of hosts. */
function jsonOf(
  { shard = {}, summary = {}, ips = [], found = [], ...head }: {
    readonly [name: string]: unknown;
    readonly shard?: Record<string, unknown>;
    readonly summary?: Record<string, unknown>;
    readonly ips?: readonly string[];
    readonly found?: readonly Record<string, unknown>[];
  } = {},
): string {
  const first = {
    ...{
      type: "start",
      schema: 2,
      version: VERSION,
      started: "2026-01-02T03:04:05.000Z",
      args: ["192.0.2.1-9"],
      technique: "syn",
    },
    ...{
      hosts: 3,
      probes: 3,
      targets: "192.0.2.1-9",
      ports: "22",
      key: "ab".repeat(32),
      seed: 7,
      options: [],
      ...head,
    },
    shard: { index: 1, count: 1, by: "host", hosts: 9, probes: 9, ...shard },
  };
  const ports = ips.map((ip) => ({
    type: "port",
    ip,
    port: 22,
    proto: "tcp",
    state: "closed",
    reason: "reset",
    ttl: 64,
    rtt_ms: 0.5,
    tries: 1,
    service: "ssh",
    technique: "syn",
  }));
  const last = {
    ...{
      type: "summary",
      hosts: head["hosts"] ?? 3,
      hosts_up: ips.length,
      probes: ips.length + Number(summary["open"] ?? 0),
      sent: ips.length,
      answered: ips.length,
      open: 0,
    },
    ...{
      closed: ips.length,
      filtered: 0,
      undecided: 0,
      elapsed_ms: 1000,
      rate_pps: 10,
      loss: 0,
      round_trips: 0,
      expected_wrong: 0,
    },
    ...{
      late: 0,
      duplicates: 0,
      fin_acks: 0,
      unmatched: 0,
      send_retries: 0,
      send_errors: {},
      receive_drops: 0,
      capped_hosts: 0,
    },
    ...{ suspects: [], ended: "done", warnings: [], trusted: true, transport: "ethernet", workers: 1, ...summary },
  };
  return [first, ...ports, ...found.map((host) => ({ type: "host", ...host })), last].map((line) =>
    `${JSON.stringify(line)}\n`
  ).join("");
}

/** Hosts with findings of discovery, names, paths, systems and notes, as lines of JSON. */
const arp = { probe: "arp", reason: "arp-response", rtt_ms: 0.2, ttl: null };
const echo = { probe: "echo", reason: "echo-reply", rtt_ms: 3.5, ttl: 61 };
const counts = { open: 0, closed: 1, filtered: 0, undecided: 0 };
const UP = [
  {
    ...{
      ip: "192.0.2.1",
      names: ["router.lab"],
      hostname: "gw.example",
      state: "up",
      reason: "reset",
      mac: "00:22:72:00:00:07",
    },
    ...{ vendor: "A Vendor", evidence: [arp, echo], rtt_ms: 0.5, ...counts },
    trace: {
      ...{ proto: "tcp", port: 22, reached: true, shared: { hops: 1, ip: "192.0.2.9" } },
      hops: [{ ttl: 1, ip: "198.51.100.1", rtt_ms: 0.1, hostname: "a.example" }, { ttl: 2, ip: null, rtt_ms: null }],
    },
    where_filtered: [{
      ports: "25,80-82",
      proto: "tcp",
      technique: "syn",
      probed: "25,80",
      after_hop: 1,
      ip: "198.51.100.1",
    }],
    ...{ suspect: "syn-proxy", notes: ["ports 22, 80 and 3 more: SYN-ACK and RST", "two stations"] },
    os: [{ family: "Linux", evidence: "options MSS" }, { family: null, evidence: "options none", ports: [80] }],
  },
  { ip: "192.0.2.2", state: "up", reason: "reset", mac: "02:00:00:00:00:01", evidence: [echo], rtt_ms: 0.5, ...counts },
];
const NOT_UP = [
  { ip: "192.0.2.4", hostname: "gone.example", state: "absent", reason: "no-arp-response" },
  { ip: "192.0.2.5", state: "silent", reason: "no-response" },
  { ip: "192.0.2.6", state: "absent", reason: "host-unreach" },
];

Deno.test("merge: hosts keep their states, addresses, vendors, names, paths, systems, notes and suspicions", async () => {
  const shard = (index: number, hosts: number) => ({
    ...{ hosts, probes: hosts, shard: { index, count: 3, hosts: 6, probes: 6 } },
  });
  const files = {
    one: jsonOf({ ...shard(1, 2), ips: ["192.0.2.1", "192.0.2.2"], found: UP }),
    two: jsonOf({ ...shard(2, 3), found: NOT_UP, summary: { hosts_absent: 2, hosts_silent: 1 } }),
    three: jsonOf({ ...shard(3, 1), ips: ["192.0.2.7"] }),
  };
  const { status, world } = await runMain("merge one two three --json -oX x", {}, { files });
  assertEquals([status, world.stderr], [0, ""]);
  const lines = world.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const hosts = new Map(lines.filter(({ type }) => type === "host").map(({ type: _, ...host }) => [host.ip, host]));
  for (const host of UP) assertEquals(hosts.get(host.ip), host);
  for (const host of NOT_UP) {
    const { ip, state, reason, hostname } = hosts.get(host.ip);
    assertEquals({ ip, ...(hostname === undefined ? {} : { hostname }), state, reason }, host);
  }
  const { hosts_up, hosts_absent, hosts_silent, suspects } = lines.at(-1);
  assertEquals([hosts_up, hosts_absent, hosts_silent], [3, 2, 1]);
  assertEquals(suspects, [{ ip: "192.0.2.1", suspect: "syn-proxy" }]);
  const xml = world.written.get("x")!.text;
  for (const text of ['vendor="A Vendor"', 'name="gw.example"', '<hop ttl="1"', 'up="3" down="3" total="6"']) {
    assertStringIncludes(xml, text);
  }
});

Deno.test("merge: ports keep what service detection found", async () => {
  const port = {
    ...{
      ip: "192.0.2.1",
      port: 22,
      proto: "tcp",
      state: "open",
      reason: "syn-ack",
      ttl: 64,
      rtt_ms: 0.5,
      tries: 1,
      service: "ssh",
    },
    ...{ names: ["a.lab"], technique: "syn", service_by: "probed", conf: 10, product: "OpenSSH", version: "9.2p1" },
    ...{
      cpe: ["cpe:/a:openbsd:openssh:9.2p1"],
      ssh_keys: ["ssh-ed25519 256 SHA256:abc"],
      banner: "SSH-2.0-OpenSSH_9.2p1",
    },
  };
  const line = `${JSON.stringify({ type: "port", ...port })}\n`;
  const file = jsonOf({ hosts: 1, probes: 1, shard: { hosts: 1, probes: 1 }, summary: { open: 1 } });
  const files = { one: file.replace(/(?<=\n)/, line) };
  const { status, world } = await runMain("merge one --json -oC c", {}, { files });
  assertEquals([status, world.stderr], [0, ""]);
  assertEquals(JSON.parse(world.stdout.split("\n")[1]!), { type: "port", ...port });
  assertStringIncludes(world.written.get("c")!.text, '"OpenSSH","9.2p1"');
});

Deno.test("merge: loss is that of all round trips, counts are sums, and the worst shard decides about trust", async () => {
  const one = {
    loss: 0.1,
    round_trips: 1000,
    duplicates: 3,
    expected_wrong: 0.3,
    send_errors: { EPERM: 2 },
    warnings: ["both"],
  };
  const two = {
    ...{ loss: 0.4, round_trips: 500, duplicates: 4, expected_wrong: 0.1, send_errors: { EPERM: 1, EIO: 1 } },
    ...{ warnings: ["both", "mine"] },
  };
  const merged = async (first: Record<string, unknown>, second: Record<string, unknown>) => {
    const shard = (index: number) => ({ shard: { index, count: 2, hosts: 6, probes: 6 } });
    const files = { one: jsonOf({ ...shard(1), summary: first }), two: jsonOf({ ...shard(2), summary: second }) };
    const { status, world } = await runMain("merge two one --json", {}, { files });
    return { status, ...JSON.parse(world.stdout.trimEnd().split("\n").at(-1)!) };
  };
  const sum = await merged(one, two);
  assertEquals([sum.loss, sum.round_trips, sum.duplicates, sum.trusted, sum.status], [0.2, 1500, 7, true, 0]);
  assertEquals([sum.send_errors, sum.warnings], [{ EPERM: 3, EIO: 1 }, ["both", "Shard 2/2: mine"]]);
  assertEquals([sum.elapsed_ms, sum.rate_pps], [1000, 0]);
  const worse = await merged(one, { ...two, expected_wrong: 0.3 });
  assertEquals([worse.expected_wrong, worse.trusted, worse.status], [0.6, false, 3]);
  assertMatch(worse.warnings.at(-1), /^About 0\.6 of the filtered ports are expected to be wrong/);
  assertEquals((await merged(one, { ...two, trusted: false })).status, 3);
  const early = await merged(one, { ...two, ended: "deadline", trusted: false });
  assertEquals([early.ended, early.status], ["deadline", 3]);
});

Deno.test("merge: a late result replaces the line before it", async () => {
  const port = (text: string) =>
    `{"type":"port","ip":"192.0.2.1","port":22,"proto":"tcp","technique":"syn","tries":1,${text}}\n`;
  const late = port('"state":"filtered","reason":"no-response"') +
    port('"state":"open","reason":"syn-ack","late":true');
  const file = jsonOf({ hosts: 1, probes: 1, shard: { hosts: 1, probes: 1 }, summary: { open: 1, late: 1 } });
  const { status, world } = await runMain("merge one --json", {}, { files: { one: file.replace(/(?<=\n)/, late) } });
  assertEquals([status, world.stderr], [0, ""]);
  const ports = world.stdout.split("\n").filter((line) => line.includes('"port"')).map((line) => JSON.parse(line));
  assertEquals(ports.map(({ state, late }) => [state, late]), [["open", true]]);
});

const SECOND = { shard: { index: 2, count: 2, hosts: 6, probes: 6 } };
const FIRST = { shard: { ...SECOND.shard, index: 1 } };
/** Second files that do not belong to the first, or are no whole files, and the reason. */
const BAD: readonly (readonly [what: string, file: string, why: RegExp])[] = [
  ["key", jsonOf({ ...SECOND, key: "cd".repeat(32) }), /"one" with "two": they differ in key: .*\(abab.* and cdcd/],
  ["seed", jsonOf({ ...SECOND, seed: 8 }), /"one" with "two": they differ in seed \(7 and 8\)/],
  ["options", jsonOf({ ...SECOND, options: ["--timing 4"] }), /"one" with "two": .* options \(none and --timing 4\)/],
  [
    "version",
    jsonOf({ ...SECOND, version: "0.0.9" }),
    /"one" with "two": they differ in version of synscan \(.* and 0\.0\.9\)/,
  ],
  ["technique", jsonOf({ ...SECOND, technique: "fin" }), /"one" with "two": they differ in technique \(syn and fin\)/],
  [
    "number of shards",
    jsonOf({ shard: { ...SECOND.shard, count: 4 } }),
    /"one" with "two": .*number of shards \(2 and 4\)/,
  ],
  ["division", jsonOf({ shard: { ...SECOND.shard, by: "probe" } }), /"one" with "two": .*division.*\(host and probe\)/],
  ["the same shard", jsonOf(FIRST), /"one" with "two": both are shard 1\/2/],
  [
    "a host of the other",
    jsonOf({ ...SECOND, ips: ["192.0.2.1"] }),
    /"one" with "two": both have results of 192\.0\.2\.1/,
  ],
  ["no summary", jsonOf(SECOND).split("\n").slice(0, -2).join("\n"), /"two": it is cut off: .* shard 2\/2 was killed/],
  ["half a summary", jsonOf(SECOND).slice(0, -40), /"two": it is cut off/],
  ["half a first line", jsonOf(SECOND).slice(0, 90), /"two": its first line is cut off/],
  ["nothing", "", /"two": it is no file of synscan's JSON lines/],
  ["another format", "<nmaprun>\n", /"two": it is no file of synscan's JSON lines/],
  [
    "a line too few",
    jsonOf({ ...SECOND, ips: ["192.0.2.8", "192.0.2.9"] }).replace(/\{"type":"port".*\n/, ""),
    /"two": it is damaged: it lists 1 closed ports?, .* 2/,
  ],
  [
    "a damaged line",
    jsonOf({ ...SECOND, ips: ["192.0.2.8"] }).replace('"type":"port",', '"type":"port'),
    /"two": line 2 is damaged/,
  ],
  [
    "an unknown state",
    jsonOf({ ...SECOND, ips: ["192.0.2.8"] }).replace('"state":"closed"', '"state":"\\u001b[31m"'),
    /"two": state in line 2 is damaged/,
  ],
  [
    "a field too few",
    jsonOf({ ...SECOND, ips: ["192.0.2.8"] }).replace(/"reason":"reset",/, ""),
    /"two": line 2 has no reason\. .*--fields/,
  ],
  ["two scans", jsonOf(SECOND) + jsonOf(SECOND), /"two": more follows its summary, in line 3/],
  ["an old version", jsonOf({ ...SECOND, key: undefined, version: "0.0.1" }), /"two": synscan 0\.0\.1 wrote it/],
  [
    "too few hosts",
    jsonOf({ ...SECOND, hosts: 2, probes: 2 }),
    /their 5 ports of 5 hosts are not the 6 ports of 6 hosts/,
  ],
];

/** Changes of the file of one shard, each to what no shard like it has, and the reason that is given. */
const FOREIGN: readonly (readonly [what: string, from: RegExp, to: string, why: RegExp])[] = [
  ["a port", /(?<=\n.*"port":)\d+/, "5000", /line 2 .*: port 5000 of \S+ is none of the ports/],
  ["a host", /(?<=\n.*"ip":")[^"]+/, "10.9.9.9", /line 2 .*: 10\.9\.9\.9 is none of the targets/],
  ["a technique", /(?<=\n.*"technique":")\w+/, "syn", /line 2 .*: the scan has no syn of tcp/],
  ["a port twice", /(.*"type":"port".*\n).*\n/, "$1$1", /a port is there twice, in lines 2 and 3/],
  ["a host line", /(?<="type":"host","ip":")[^"]+/, "10.9.9.9", /10\.9\.9\.9 is none of the targets/],
  ["a time below 0", /(?<="rtt_ms":)(?:null|[\d.]+)/, "-1", /rtt_ms in line 2 is damaged/],
  ["a time without end", /(?<="rtt_ms":)(?:null|[\d.]+)/, "1e308", /rtt_ms in line 2 is damaged/],
  ["probes below 0", /(?<="probes":)\d+(?=,"sent")/, "-1", /probes in the summary, line \d+, is damaged/],
  ["more probes", /(?<="probes":)\d+(?=,"sent")/, "500", /probes in the summary, line \d+, is damaged/],
  ["packets without end", /(?<="sent":)\d+/, "1e308", /sent in the summary, line \d+, is damaged/],
  ["a scan without end", /(?<="elapsed_ms":)[\d.]+/, "1e308", /elapsed_ms in the summary, line \d+, is damaged/],
  ["suspects that are none", /(?<="suspects":)\[\]/, "7", /suspects in the summary, line \d+, is damaged/],
  ["more hosts up", /(?<="hosts_up":)\d+/, "7", /hosts_up in the summary, line \d+, is damaged/],
];

Deno.test("merge: results that cannot be the shard's are refused in one line", () =>
  withFolder(async (folder) => {
    const [one, two] = (await scanShards(folder, 2)).map((name) => Deno.readTextFileSync(`${folder}/${name}`));
    const refused = async (file: string, why: RegExp, what: string) => {
      const { status, world } = await runMain("merge one two -oX x --db d", {}, { files: { one: file, two: two! } });
      assertEquals([status, world.stdout, world.written.size], [1, "", 0], `${what}: ${world.stderr}`);
      assertMatch(world.stderr, /^Cannot merge "one": [^\n]+\n$/);
      assertMatch(world.stderr, why);
    };
    const whole = await runMain("merge one two", {}, { files: { one: one!, two: two! } });
    assertEquals([whole.status, whole.world.stderr], [0, ""]);
    for (const [what, from, to, why] of FOREIGN) {
      const changed = one!.replace(from, to);
      assert(changed !== one, what);
      await refused(changed, why, what);
    }
    const [, ip, port] = /"ip":"([^"]+)","port":(\d+)/.exec(two!)!;
    const open = one!.replace(/(?<=\n.*)"ip":"[^"]+","port":\d+/, `"ip":"${ip}","port":${port}`);
    await refused(open, new RegExp(`port ${port} of ${ip} is in another shard than 1/2`), "a port of the other shard");
  }));

Deno.test("merge: of typed addresses of both families, a file has no other host", async (t) => {
  const merged = async (targets: string, exclude: readonly string[], ...ips: string[]) => {
    const shard = (index: number, hosts: string[]) =>
      jsonOf({
        ...{ args: [...exclude, ...targets.split(" ")], targets, ips: hosts },
        shard: { index, count: 2, by: "probe", hosts: 3, probes: 6 },
      });
    const files = { one: shard(1, ips), two: shard(2, []) };
    const { world } = await runMain("merge one two", {}, { files });
    return /line \d+ is no result of it: (.*)\. Restore/.exec(world.stderr)?.[1];
  };
  const rows: readonly (readonly [targets: string, exclude: string, ip: string, isTarget: boolean])[] = [
    ["192.0.2.1-3 2001:db8::/126", "", "2001:db8::3", true],
    ["192.0.2.1-3 2001:db8::/126", "", "2001:db8::4", false],
    ["192.0.2.1-3", "", "2001:db8::1", false],
    ["2001:db8::/126", "", "192.0.2.1", false],
    ["2001:db8::/126", "2001:db8::1", "2001:db8::1", false],
    ["2001:db8::/126", "2001:db8::1", "2001:db8::2", true],
    ["fe80::1-5%eth0", "", "fe80::2%eth0", true],
    ["fe80::1-5%eth0", "", "fe80::6%eth0", false],
    // Of names, files and patterns of prefixes the hosts are not known.
    ["a.example 2001:db8::1", "", "2001:db8::9", true],
    ["-iL hosts", "", "2001:db8::9", true],
    ["2001:db8::/48-64", "", "2001:db8:0:7::1", true],
  ];
  for (const [targets, exclude, ip, isTarget] of rows) {
    await t.step(`${ip} of ${targets} without ${exclude || "exclusions"}`, async () => {
      const why = await merged(targets, exclude === "" ? [] : ["--exclude", exclude], ip);
      assertEquals(why, isTarget ? undefined : `${ip} is none of the targets`);
    });
  }
});

Deno.test("merge: of hosts from a file, a port is in one shard, and hosts are no more than those of the scan", async () => {
  const shard = (index: number, ...ips: string[]) =>
    jsonOf({ targets: "-iL hosts", ips, shard: { index, count: 2, by: "probe", hosts: 3, probes: 6 } });
  const merged = async (one: string, two: string) => {
    const { status, world } = await runMain("merge one two -oX x", {}, { files: { one, two } });
    return [status, world.stdout, world.written.size, world.stderr];
  };
  assertEquals(await merged(shard(1, "192.0.2.1", "2001:db8::1"), shard(2, "2001:db8::2", "2001:db8::1")), [
    ...[1, "", 0],
    'Cannot merge "one" with "two": both have a result of one port, in lines 3 and 3. One is damaged: scan it again\n',
  ]);
  assertEquals(await merged(shard(1, "192.0.2.1", "192.0.2.2"), shard(2, "192.0.2.3", "192.0.2.4")), [
    ...[1, "", 0],
    'Cannot merge "one two": they have results of 4 hosts, and the scan has 3. One is damaged: restore it from a copy\n',
  ]);
});

for (const [what, file, why] of BAD) {
  Deno.test(`merge: files that do not belong together are refused in one line, ${what}`, async () => {
    const files = { one: jsonOf({ ...FIRST, ips: ["192.0.2.1"] }), two: file };
    const { status, world } = await runMain("merge one two -oX x --db d", {}, { files });
    assertEquals([status, world.stdout, world.written.size], [1, "", 0], world.stderr);
    assertMatch(world.stderr, /^Cannot merge [^\n]+\n$/);
    assertMatch(world.stderr, why);
  });
}

Deno.test("merge: a report does not replace a file that is merged", async () => {
  const { status, world } = await runMain("merge one -oJ one", {}, { files: { one: jsonOf() } });
  assertEquals([status, world.written.size], [1, 0]);
  assertMatch(world.stderr, /^Cannot write a report to "one": results are read from there\./);
});

Deno.test("merge: the checkpoint of an unfinished shard counts with what it has, and the command that goes on is named", () =>
  withFolder(async (folder) => {
    const [, two = ""] = await scanShards(folder, 2);
    const args = [
      "--shard",
      "1/2",
      "--seed",
      "7",
      "-q",
      "-oJ",
      "k-1.json",
      "--checkpoint",
      "k-1.ck",
      "--max-rate",
      "60",
      ...SCAN,
    ];
    const child = start(synscan(args), { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
    const ending = ended(child);
    const ports = () => Deno.readTextFileSync(`${folder}/k-1.json`).split('"type":"port"').length - 1;
    const isKept = () => new TextDecoder().decode(Deno.readFileSync(`${folder}/k-1.ck`)).includes('"taken":');
    await until(() => ports() > 20 && isKept());
    child.kill("SIGKILL");
    await ending;
    const cut = await runIn(folder, ["merge", "k-1.json", two]);
    assertEquals([cut.code, cut.out], [1, ""]);
    assertMatch(cut.err, /^Cannot merge "k-1\.json": it is cut off: .*--shard 1\/2 .*\n$/);
    const alone = await runIn(folder, ["merge", "k-1.ck", "-oJ", "m.json"]);
    assertEquals([alone.code, linesIn(`${folder}/m.json`).at(-1)!["hosts"]], [3, 6]);
    for (const file of ["k-1.ck", "k-1.ck.journal"]) {
      const { code, out, err } = await runIn(folder, ["merge", file, two, "-oJ", "m.json"]);
      assertEquals([code, err], [3, "Shard 1/2 in k-1.ck is unfinished. To finish it: synscan resume k-1.ck\n"]);
      const lines = linesIn(`${folder}/m.json`);
      const { probes, closed, undecided } = lines.at(-1) as Record<string, number>;
      assertEquals([probes, closed! + undecided!], [COUNT, COUNT]);
      assert(undecided! > 0 && closed! > COUNT / 2, `${undecided} undecided`);
      assertEquals(portsIn(`${folder}/m.json`).length, closed!);
      assertStringIncludes(out, `Warning: Shard 1/2 is unfinished: ${undecided} ports are undecided\n`);
      // Those that were never probed are counted for their hosts too.
      const hosts = lines.filter(({ type }) => type === "host") as Record<string, number>[];
      assertEquals(hosts.reduce((sum, host) => sum + host["undecided"]!, 0), undecided);
    }
    const resumed: Ended = await runIn(folder, ["resume", "k-1.ck", "--max-rate", "10000"]);
    assertEquals(resumed.code, 0, resumed.err);
    const whole = await runIn(folder, ["merge", "k-1.json", two, "-oJ", "m.json"]);
    assertEquals([whole.code, whole.err, new Set(portsIn(`${folder}/m.json`)).size], [0, "", COUNT]);
  }));
