/**
 * Discovery on own links: hosts are found by ARP of our own, absent ones are proven, and the kernel is asked nothing.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { Lab, labTest, linkedLab } from "../support/lab.ts";
import { type HostLine, runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";

const NAMES = ["one", "two", "three", "four", "five", "six", "seven"];
const MEMBERS = NAMES.map((name, index) => [name, `10.66.0.${10 + 30 * index}`] as const);
/** Listens on port 80 until its standard input ends. */
const SERVER = "import socket, sys; s = socket.create_server(('', 80)); print('ready', flush=True); sys.stdin.read()";
/** Loss of ARP packets each way, in percent. */
const LOSS = 10;
/** Scans of a lab with loss: one of them in the suite, more by `deno task discovery`. */
const ROUNDS = Number(Deno.env.get("SYNSCAN_ARP_ROUNDS") ?? 1);

/** A network of a scanner and seven hosts on one link. */
function lan(prefixLen = 24): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, ...Object.fromEntries(NAMES.map((name) => [name, {}])) },
    bridges: [{
      name: "lan",
      members: {
        scanner: `10.66.0.1/${prefixLen}`,
        ...Object.fromEntries(MEMBERS.map(([name, ip]) => [name, `${ip}/${prefixLen}`])),
      },
    }],
  });
}

function stateOf({ hosts }: SynscanRun): (ip: string) => string | undefined {
  const states = new Map(hosts.map(({ ip, state }) => [ip, state]));
  return (ip) => states.get(ip);
}

function macsIn(lab: Lab): Map<string, string> {
  return new Map(
    MEMBERS.map((
      [name, ip],
    ) => [ip, /link\/ether (\S+)/.exec(lab.set(name, ["ip", "-o", "link", "show", "lan"]))![1]!]),
  );
}

labTest("discovery: ARP finds the hosts of an own link, and no port of another is probed", [], async () => {
  await using lab = await lan();
  const run = await runSynscan(lab, "scanner", ["-p", "22,80", "10.66.0.0/24"]);
  // The table is that of the scanner alone: nothing was asked of the kernel, and its own entries need a while to be confirmed.
  assertEquals(lab.set("scanner", ["ip", "-4", "neigh"]), "");
  const macs = macsIn(lab);
  const up = run.hosts.filter(({ state }) => state === "up");
  assertEquals(up.map(({ ip, mac, evidence = [] }) => [ip, mac, ...evidence.map(({ reason }) => reason)]), [
    ["10.66.0.1", undefined, "localhost-response"],
    ...MEMBERS.map(([, ip]) => [ip, macs.get(ip), "arp-response"]),
  ]);
  // Neither the broadcast address nor those that are up.
  assertEquals(run.hosts.filter(({ state }) => state === "absent").length, 247);
  assertEquals(new Set(run.ports.map(({ ip }) => ip)), new Set(up.map(({ ip }) => ip)));
  assertEquals([run.summary.hosts_up, run.summary.hosts_absent, run.summary.undecided, run.code], [8, 247, 0, 0]);
});

labTest("discovery: -sn probes no port; -Pn those of absent hosts too", [], async () => {
  await using lab = await lan();
  const found = await runSynscan(lab, "scanner", ["-sn", "10.66.0.8/29"]);
  assertEquals([found.ports.length, stateOf(found)("10.66.0.10"), stateOf(found)("10.66.0.11")], [0, "up", "absent"]);
  const all = await runSynscan(lab, "scanner", ["-Pn", "-p", "22,80", "10.66.0.8/29"]);
  const reasons = Map.groupBy(all.ports, ({ state, reason }) => `${state} ${reason}`);
  assertEquals([reasons.get("closed reset")?.length, reasons.get("filtered no-arp-response")?.length], [2, 14]);
  // What a program takes to begin is that of the first, on any machine.
  assert(all.elapsedMs < found.elapsedMs + 5000, `took ${all.elapsedMs} ms, ${found.elapsedMs} ms without ports`);
  assertEquals(lab.set("scanner", ["ip", "-4", "neigh"]), "");
});

labTest("discovery: with --disable-arp-ping a host whose ports reply is up, and no longer silent", [], async () => {
  await using lab = await lan();
  for (const ports of ["80", "22,80"]) {
    const { summary } = await runSynscan(lab, "scanner", ["--disable-arp-ping", "-p", ports, "10.66.0.10-11"]);
    const { hosts_up, hosts_silent = 0, hosts_absent = 0 } = summary;
    assertEquals([hosts_up, hosts_silent, hosts_absent], [1, 0, 1], ports);
  }
});

labTest("discovery: the table, nmap's formats and JSON say who is there", [], async () => {
  await using lab = await lan();
  const mac = macsIn(lab).get("10.66.0.10")!;
  const print = async (...args: string[]) =>
    (await lab.run("scanner", [...SYNSCAN, "-n", "-p", "80", ...args, "10.66.0.10-12"])).stdout;
  const table = await print();
  assertMatch(table, new RegExp(`^Host is up \\(\\d+\\.\\d\\d ms\\), MAC ${mac}$`, "m"));
  assertMatch(table, /^Not shown: 2 addresses without a host \(no ARP or ND answer\)$/m);
  assertMatch(table, /^synscan done: 3 hosts \(1 up, 2 absent\), 1 port in /m);
  const xml = await print("-oX", "-");
  assertMatch(xml, new RegExp(`<address addr="${mac.toUpperCase()}" addrtype="mac"/>`));
  assertMatch(xml, /<hosts up="1" down="2" total="3"\/>/);
  assertEquals(xml.match(/<status state="down"/g)?.length, 2);
  assertMatch(await print("-oN", "-"), new RegExp(`^MAC Address: ${mac.toUpperCase()}`, "m"));
  assertMatch(await print("-oG", "-"), /^Host: 10\.66\.0\.11 \(\)\tStatus: Down$/m);
});

labTest("discovery: the vendor of a hardware address is named, from the list that is there or named", [], async () => {
  await using lab = await lan();
  lab.ip("one", "link set lan address 00:22:72:00:00:07");
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/oui.txt`, "00-22-72   (hex)\t\tA \u001b[31mVendor\n");
    await Deno.writeTextFile(`${folder}/wrong`, "no list");
    const named = await runSynscan(lab, "scanner", ["-sn", "--mac-vendors", `${folder}/oui.txt`, "10.66.0.10"]);
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
        "10.66.0.10",
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

labTest("discovery: a link that loses its carrier leaves hosts undecided, never absent", [], async () => {
  await using lab = await lan(20);
  const run = await runSynscan(lab, "scanner", ["-sn", "--deadline", "6s", "10.66.0.0/20"], {
    meanwhile: () => {
      lab.ip("scanner", "link set lan down");
      return Promise.resolve();
    },
  });
  assertEquals(run.hosts.filter(({ ip, state }) => MEMBERS.some(([, each]) => each === ip) && state === "absent"), []);
  assert(run.code !== 0, "an incomplete scan");
});

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
  lab.ip("one", "route add 10.66.0.128/25 dev stub");
  const run = await runSynscan(lab, "scanner", ["-p", "80", "10.66.0.120-140"]);
  const states = stateOf(run);
  assertEquals(["10.66.0.120", "10.66.0.129", "10.66.0.130"].map(states), ["absent", "undecided", "up"]);
  assertEquals(run.summary.hosts_up, 1);
  const note = "proxy-arp: its hardware address replies to ARP for addresses that no host has too";
  assertEquals(run.hosts.find(({ ip }) => ip === "10.66.0.129")?.notes, [note]);
});

labTest("discovery: an address that two hosts have is named", [], async () => {
  await using lab = await lan();
  lab.ip("two", "address add 10.66.0.10/24 dev lan");
  const run = await runSynscan(lab, "scanner", ["-p", "80", "10.66.0.10"]);
  assertEquals(run.hosts.map(({ notes }) => notes), [["two hardware addresses reply to ARP for it"]]);
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
        "10.66.0.0/25",
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
    assertMatch(stdout, /10\.66\.0\.10.*down/);
    assertMatch(stdout, /80\/tcp +open -> filtered \(no-arp-response\)|80\/tcp.*filtered/);
    assertMatch(stdout, /10\.66\.0\.40.*up/);
    assertMatch(stdout, /1 host came up, 1 went down/);
  });
});

labTest(`discovery: ${LOSS} % of ARP lost each way makes no host absent`, [], async (t) => {
  await using lab = await lan();
  for (const name of NAMES) {
    for (const hook of ["input", "output"]) {
      lab.set(name, [
        "nft",
        `add table arp lossy; add chain arp lossy ${hook} { type filter hook ${hook} priority 0; }; ` +
        `add rule arp lossy ${hook} numgen random mod 100 < ${LOSS} drop`,
      ]);
    }
  }
  for (let round = 1; round <= ROUNDS; round++) {
    await t.step(`scan ${round}`, async () => {
      const run = await runSynscan(lab, "scanner", ["-p", "80", "10.66.0.0/24"]);
      const up = (hosts: readonly HostLine[]) => hosts.filter(({ state }) => state === "up").length;
      assertEquals([up(run.hosts), run.summary.hosts_absent], [8, 247]);
    });
  }
});
