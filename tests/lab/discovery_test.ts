/**
 * Discovery on own links: hosts are found by ARP and neighbor solicitations of our own, absent ones are proven, and the kernel is asked nothing.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { flagNamed } from "../../src/cli/args/flags.ts";
import { block, type Family, forFamilies, IPV6, MIXED, type Version } from "../support/families.ts";
import { withFolder } from "../support/folder.ts";
import { Lab, labTest, linkedLab } from "../support/lab.ts";
import { until } from "../support/program.ts";
import { type HostLine, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";

const NAMES = ["one", "two", "three", "four", "five", "six", "seven"];
/** The network of the link, and the hosts of it. */
const LINK = 66;
const MEMBERS = NAMES.map((name, index) => [name, 10 + 30 * index] as const);
/** Listens on port 80 until its standard input ends. */
const SERVER = "import socket, sys; s = socket.create_server(('', 80)); print('ready', flush=True); sys.stdin.read()";
/** Loss of packets of ARP and ND each way, in percent. */
const LOSS = 10;
/** Scans of a lab with loss: one of them in the suite, more by `deno task discovery`. */
const ROUNDS = Number(Deno.env.get("SYNSCAN_ARP_ROUNDS") ?? 1);

/** A network of a scanner and seven hosts on one link. */
function lan(family: Family = MIXED, onLink = (host: number) => family.onLink(LINK, host)): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, ...Object.fromEntries(NAMES.map((name) => [name, {}])) },
    bridges: [{
      name: "lan",
      members: {
        scanner: onLink(1),
        ...Object.fromEntries(MEMBERS.map(([name, host]) => [name, onLink(host)])),
      },
    }],
  });
}

/** The first 256 addresses of the link. */
const networkOf = (family: Family) => family.each((version) => block(version, LINK, 0, 256));

function stateOf({ hosts }: SynscanRun): (ip: string) => string | undefined {
  const states = new Map(hosts.map(({ ip, state }) => [ip, state]));
  return (ip) => states.get(ip);
}

/** The hardware addresses of hosts. */
function macsIn(lab: Lab): Map<number, string> {
  return new Map(
    MEMBERS.map((
      [name, host],
    ) => [host, /link\/ether (\S+)/.exec(lab.set(name, ["ip", "-o", "link", "show", "lan"]))![1]!]),
  );
}

/** The reason of a host that resolution finds, and addresses of 256 that no host has: the broadcast address of IPv4 is not probed. */
const FOUND = { IPv4: "arp-response", IPv6: "nd-response" } as const;
const ABSENT = { IPv4: 247, IPv6: 248 } as const;
const absentOf = (family: Family) => family.versions.reduce((sum, { name }) => sum + ABSENT[name], 0);

labTest("discovery: ARP and ND find the hosts of an own link, and no port of another is probed", [], async (t) => {
  await using lab = await lan();
  const macs = macsIn(lab);
  await forFamilies(t, async (family) => {
    const run = await runSynscan(lab, "scanner", ["-p", "22,80", ...networkOf(family)]);
    const up = run.hosts.filter(({ state }) => state === "up");
    const expected = ({ name, address }: Version) => [
      [address(LINK, 1), undefined, "localhost-response"],
      ...MEMBERS.map(([, host]) => [address(LINK, host), macs.get(host), FOUND[name]]),
    ];
    assertEquals(
      up.map(({ ip, mac, evidence = [] }) => [ip, mac, ...evidence.map(({ reason }) => reason)]),
      family.versions.flatMap(expected),
    );
    assertEquals(run.hosts.filter(({ state }) => state === "absent").length, absentOf(family));
    assertEquals(new Set(run.ports.map(({ ip }) => ip)), new Set(up.map(({ ip }) => ip)));
    const { hosts_up: count, hosts_absent: absent, undecided } = run.summary;
    assertEquals([count, absent, undecided, run.code], [8 * family.versions.length, absentOf(family), 0, 0]);
  });
  // The table is that of the scanner alone: nothing was asked of the kernel, and its own entries need a while to be confirmed. Over IPv6
  // the first probes of ports go by the kernel, which looks for hosts that are up.
  assertEquals(lab.set("scanner", ["ip", "-4", "neigh"]), "");
});

labTest("discovery: -sn probes no port; -Pn those of absent hosts too", [], async (t) => {
  await using lab = await lan();
  await forFamilies(t, async (family) => {
    const targets = family.each((version) => block(version, LINK, 8, 8));
    const times = targets.length;
    const found = await runSynscan(lab, "scanner", ["-sn", ...targets]);
    assertEquals(found.ports.length, 0);
    for (const [host, state] of [[10, "up"], [11, "absent"]] as const) {
      assertEquals(family.hosts(LINK, host).map(stateOf(found)), Array(times).fill(state));
    }
    const all = await runSynscan(lab, "scanner", ["-Pn", "-p", "22,80", ...targets]);
    const reasons = Map.groupBy(all.ports, ({ state, reason }) => `${state} ${reason}`);
    assertEquals(
      [reasons.get("closed reset")?.length, reasons.get("filtered no-arp-response")?.length],
      [2 * times, 14 * times],
    );
    assertEquals(new Set(reasons.get("filtered no-arp-response")?.map(({ tries }) => tries)), new Set([0]));
    assertStringIncludes(flagNamed("--no-ping").more ?? "", "filtered (no-arp-response) without a probe");
    // What a program takes to begin is that of the first, on any machine.
    assert(all.elapsedMs < found.elapsedMs + 5000, `took ${all.elapsedMs} ms, ${found.elapsedMs} ms without ports`);
  });
  assertEquals(lab.set("scanner", ["ip", "-4", "neigh"]), "");
});

labTest("discovery: with --disable-arp-ping a host whose ports reply is up, and no longer silent", [], async (t) => {
  await using lab = await lan();
  await forFamilies(t, async (family) => {
    const times = family.versions.length;
    const targets = [10, 11].flatMap((host) => family.hosts(LINK, host));
    for (const ports of ["80", "22,80"]) {
      const { summary } = await runSynscan(lab, "scanner", ["--disable-arp-ping", "-p", ports, ...targets]);
      const { hosts_up, hosts_silent = 0, hosts_absent = 0 } = summary;
      assertEquals([hosts_up, hosts_silent, hosts_absent], [times, 0, times], ports);
    }
  });
});

labTest("discovery: the table, nmap's formats and JSON say who is there", [], async (t) => {
  await using lab = await lan();
  const mac = macsIn(lab).get(10)!;
  await forFamilies(t, async (family) => {
    const times = family.versions.length;
    const targets = [10, 11, 12].flatMap((host) => family.hosts(LINK, host));
    const print = async (...args: string[]) =>
      (await lab.run("scanner", [...SYNSCAN, "-n", "-p", "80", ...args, ...targets])).stdout;
    const countIn = (text: string, pattern: RegExp) => text.match(pattern)?.length;
    for (const flags of [["--reason"], ["-v"]]) {
      const reasons = family.versions.map(({ name }) => `, received ${FOUND[name]}`);
      const [own, normal] = [await print(...flags), await print(...flags, "-oN", "-")];
      for (const text of [own, normal]) {
        for (const reason of reasons) assertStringIncludes(text, `Host is up${reason} (`);
      }
    }
    const table = await print();
    assertEquals(countIn(table, new RegExp(`^Host is up \\(\\d+\\.\\d+ ms\\), MAC ${mac}$`, "gm")), times);
    const none = `${2 * times} addresses without a host \\(no ARP or ND reply\\)`;
    assertMatch(table, new RegExp(`^Not shown: ${none}$`, "m"));
    const ports = times === 1 ? "1 port" : `${times} ports`;
    assertMatch(
      table,
      new RegExp(`^synscan done: ${3 * times} hosts \\(${times} up, ${2 * times} absent\\), ${ports} in `, "m"),
    );
    const xml = await print("-oX", "-");
    assertEquals(countIn(xml, new RegExp(`<address addr="${mac.toUpperCase()}" addrtype="mac"/>`, "g")), times);
    assertMatch(xml, new RegExp(`<hosts up="${times}" down="${2 * times}" total="${3 * times}"/>`));
    assertEquals(countIn(xml, /<status state="down"/g), 2 * times);
    assertEquals(
      countIn(await print("-oN", "-"), new RegExp(`^MAC Address: ${mac.toUpperCase()}`, "gm")),
      times,
    );
    const grepable = await print("-oG", "-");
    for (const ip of family.hosts(LINK, 11)) {
      assertMatch(grepable, new RegExp(`^Host: ${ip.replaceAll(".", "\\.")} \\(\\)\tStatus: Down$`, "m"));
    }
  });
});

labTest("discovery: the vendor of a hardware address is named, from the list that is there or named", [], async () => {
  await using lab = await lan();
  lab.ip("one", "link set lan address 00:22:72:00:00:07");
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/oui.txt`, "00-22-72   (hex)\t\tA \u001b[31mVendor\n");
    await Deno.writeTextFile(`${folder}/wrong`, "no list");
    const named = await runSynscan(lab, "scanner", ["-sn", "--mac-vendors", `${folder}/oui.txt`, "10.64.66.10"]);
    assertEquals(named.hosts.map(({ mac, vendor }) => [mac, vendor]), [["00:22:72:00:00:07", "A [31mVendor"]]);
    for (
      const [file, why] of [["wrong", /it is no list of the IEEE/], [
        "none",
        /no such file or directory/,
      ]] as const
    ) {
      const { code, stdout, stderr } = await lab.run("scanner", [
        ...SYNSCAN,
        "-sn",
        "--mac-vendors",
        `${folder}/${file}`,
        "10.64.66.10",
      ]);
      assertEquals([code, stdout, stderr.trim().split("\n").length], [1, "", 1]);
      assertMatch(stderr, why);
    }
  });
});

labTest("discovery: nothing is sent to an absent host but ARP; its requests come from the scanner", [], async () => {
  await using lab = await linkedLab({ scanner: {}, target: {} });
  const { stderr } = await lab.run("scanner", [...SYNSCAN, "-n", "--packet-trace", "-p", "80", "10.64.1.77"]);
  const sent = stderr.split("\n").filter((line) => line.startsWith("SENT"));
  assertEquals(sent.filter((line) => !line.includes("ARP")), []);
  assert(sent.length >= 2, stderr);
});

labTest("discovery: the addresses of a /31, of which one is this machine's own", [], async () => {
  await using lab = await linkedLab({ scanner: {}, target: {} }, "10.64.1", 31);
  lab.ip("scanner", "address add 10.64.7.0/31 dev target");
  lab.ip("target", "address add 10.64.7.1/31 dev scanner");
  const pair = await runSynscan(lab, "scanner", ["-p", "80", "10.64.7.0/31"]);
  assertEquals(["10.64.7.0", "10.64.7.1"].map(stateOf(pair)), ["up", "up"]);
});

/** 4,096 addresses of a link, among them those of the hosts. */
const WIDE = { IPv4: "10.64.64.0/20", IPv6: block(IPV6, LINK, 0, 4096) } as const;

labTest(
  "discovery: a link that loses its carrier leaves hosts undecided, never absent",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await lan(family, (host) => family.onLink(LINK, host).replace("/24", "/20"));
      const before = lab.packets("scanner", "lan").sent;
      const args = ["-sn", "--deadline", "6s", ...family.each(({ name }) => WIDE[name])];
      const run = await runSynscan(lab, "scanner", args, {
        meanwhile: async () => {
          await until(() => lab.packets("scanner", "lan").sent > before + 50);
          lab.ip("scanner", "link set lan down");
        },
      });
      const members = MEMBERS.flatMap(([, host]) => family.hosts(LINK, host));
      assertEquals(run.hosts.filter(({ ip, state }) => members.includes(ip) && state === "absent"), []);
      assert(run.code !== 0, "an incomplete scan");
    }),
);

labTest("discovery: a router that replies for every address proves nothing, and its hosts are named", [], async () => {
  await using lab = await lan();
  // It replies for what it would route elsewhere: for what no host has too.
  lab.set("one", [
    "sysctl",
    "-qw",
    "net.ipv4.conf.lan.proxy_arp=1",
    "net.ipv4.ip_forward=1",
    "net.ipv4.neigh.lan.proxy_delay=0",
  ]);
  lab.ip("one", "link add stub type veth peer name other");
  for (const end of ["stub", "other"]) lab.ip("one", `link set ${end} up`);
  lab.ip("one", "route add default dev stub");
  lab.ip("one", "route add 10.64.66.128/25 dev stub");
  const run = await runSynscan(lab, "scanner", ["-p", "80", "10.64.66.120-140"]);
  const states = stateOf(run);
  assertEquals(["10.64.66.120", "10.64.66.129", "10.64.66.130"].map(states), ["absent", "undecided", "up"]);
  assertEquals(run.summary.hosts_up, 1);
  const note = "proxy-arp: its hardware address replies to ARP for addresses that no host has too";
  assertEquals(run.hosts.find(({ ip }) => ip === "10.64.66.129")?.notes, [note]);
});

labTest("discovery: an address that two hosts have is named", [], async (t) => {
  await using lab = await lan();
  for (const address of MIXED.onLink(LINK, 10).split(" ")) lab.ip("two", `address add ${address} dev lan nodad`);
  await forFamilies(t, async (family) => {
    const run = await runSynscan(lab, "scanner", ["-p", "80", ...family.hosts(LINK, 10)]);
    const requests = { IPv4: "ARP", IPv6: "neighbor solicitations" };
    const expected = family.versions.map(({ name }) => [`two hardware addresses reply to ${requests[name]} for it`]);
    assertEquals(run.hosts.map(({ notes }) => notes), expected);
  });
});

labTest("discovery: hosts that came and went are differences in the history", [], async () => {
  await using lab = await lan();
  await lab.serve("one", ["python3", "-c", SERVER]);
  await withFolder(async (folder) => {
    const scanned = async () => {
      const { code } = await lab.run("scanner", [
        ...SYNSCAN,
        "-n",
        "-p",
        "80,81",
        "10.64.66.0/25",
        "--db",
        `${folder}/db`,
      ]);
      assertEquals(code, 0);
    };
    lab.ip("two", "link set lan down");
    await scanned();
    lab.ip("one", "link set lan down");
    lab.ip("two", "link set lan up");
    await scanned();
    const { stdout } = await lab.run("scanner", [...SYNSCAN, "diff", "--db", `${folder}/db`]);
    assertMatch(stdout, /10\.64\.66\.10.*down/);
    assertMatch(stdout, /80\/tcp +open -> filtered \(no-arp-response\)|80\/tcp.*filtered/);
    assertMatch(stdout, /10\.64\.66\.40.*up/);
    assertMatch(stdout, /1 host came up, 1 went down/);
  });
});

labTest(
  "discovery: the hosts of -sn are in the history: shown, compared, and targets of the next scan",
  [],
  async () => {
    await using lab = await lan();
    const db = `${lab.folder()}/db`;
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await lab.run("scanner", [...SYNSCAN, ...args, "--db", db]);
      assertEquals([code, stderr.replaceAll(/^(Scanning|Hosts on|The scan cont|This machine).*\n/gm, "")], [code, ""]);
      return stdout;
    };
    const hostsIn = (text: string) => [...text.matchAll(/report for (\S+)\n.*\bup\b/g)].map(([, ip]) => ip);
    lab.ip("two", "link set lan down");
    const first = await run("-n", "-sn", "10.64.66.0/25");
    lab.ip("one", "link set lan down");
    lab.ip("two", "link set lan up");
    const second = await run("-n", "-sn", "10.64.66.0/25");
    assertEquals(hostsIn(await run("show", "1")), hostsIn(first));
    assertEquals(hostsIn(await run("show")), hostsIn(second));
    const absent = /^Not shown: .*$/m;
    assertEquals(absent.exec(await run("show", "1"))?.[0], absent.exec(first)![0]);
    const macsIn = (text: string) =>
      [...text.matchAll(/report for (\S+)\n.*, MAC (\S+)/g)].map(([, ip, mac]) => [ip, mac]);
    assert(macsIn(second).length > 0);
    assertEquals(macsIn(await run("show")), macsIn(second));
    const diff = await run("diff");
    assertMatch(diff, /^10\.64\.66\.10 went down$/m);
    assertMatch(diff, /^10\.64\.66\.40 came up$/m);
    assertMatch(diff, /^128 hosts compared: 1 host came up, 1 went down$/m);
    assertEquals((await run("history")).trim().split("\n").length, 3);
    assertEquals(hostsIn(await run("-n", "-sn", "@2")), hostsIn(second));
  },
);

/** Rules by which a host loses packets of ARP and of ND. */
const LOSSY = ["input", "output"].flatMap((hook) =>
  [["arp", ""], ["ip6", "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } "]].map(([table, packets]) =>
    `add table ${table} lossy; add chain ${table} lossy ${hook} { type filter hook ${hook} priority 0; }; ` +
    `add rule ${table} lossy ${hook} ${packets}numgen random mod 100 < ${LOSS} drop`
  )
);

labTest(`discovery: ${LOSS} % of ARP and ND lost each way makes no host absent`, [], async (t) => {
  await using lab = await lan();
  for (const name of NAMES) lab.set(name, ["nft", LOSSY.join("; ")]);
  for (let round = 1; round <= ROUNDS; round++) {
    await t.step(`scan ${round}`, (t) =>
      forFamilies(t, async (family) => {
        const run = await runSynscan(lab, "scanner", ["-p", "80", ...networkOf(family)]);
        const up = (hosts: readonly HostLine[]) => hosts.filter(({ state }) => state === "up").length;
        assertEquals([up(run.hosts), run.summary.hosts_absent], [8 * family.versions.length, absentOf(family)]);
      }));
  }
});
