/** Scans of both address families at once: hosts whose ports behave alike get the same results. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";

const PORTS = "22-23,101,110-114";
const TARGETS = ["10.66.16.2", "fd66:16::2"];

/** A target that behaves alike by both families, and whose ICMP errors are not limited. */
async function dualLab(): Promise<Lab> {
  const icmp = ["port-unreachable", "admin-prohibited", "no-route", "host-unreachable"];
  const sysctls = { "net.ipv6.icmp.ratelimit": 0, "net.ipv6.conf.all.accept_dad": 0 };
  const lab = await Lab.create({
    spaces: {
      scanner: { sysctls },
      target: {
        sysctls,
        chains: [chain("input", [
          rule.drop("101"),
          ...icmp.map((type, i) => `tcp dport ${110 + i} reject with icmpx type ${type}`),
          rule.reset("114"),
        ])],
      },
    },
    links: [{ between: ["scanner", "target"], addresses: ["10.66.16.1/24", "10.66.16.2/24"] }],
  });
  await lab.listen("target", "22", "::");
  lab.ip("scanner", "-6 address add fd66:16::1/64 dev target nodad");
  lab.ip("target", "-6 address add fd66:16::2/64 dev scanner nodad");
  lab.ip("target", "-6 address add fe80::66:2/64 dev scanner nodad");
  lab.ip("scanner", "-6 address add fe80::66:1/64 dev target nodad");
  return lab;
}

labTest("lab: one scan of both address families finds the same states and reasons by both", ["xmllint"], async () => {
  await using lab = await dualLab();
  const targets = [...TARGETS, "fe80::66:2%target"];
  const base = `${lab.folder()}/all`;
  const { code, stderr } = await lab.run("scanner", [...SYNSCAN, "-sT", "-n", "-p", PORTS, "-oA", base, ...targets]);
  assertEquals([code, stderr], [0, ""]);
  const { ports, summary } = readSynscanJson(Deno.readTextFileSync(`${base}.json`));
  const of = (ip: string) =>
    ports.filter((port) => port.ip === ip).sort((one, other) => one.port - other.port)
      .map(({ port, state, reason }) => `${port} ${state} ${reason}`);
  const expected = [
    "22 open conn-accept",
    "23 closed conn-refused",
    "101 filtered no-response",
    "110 filtered port-unreach",
    "111 filtered admin-prohibited",
    "112 filtered net-unreach",
    "113 filtered host-unreach",
    "114 closed conn-refused",
  ];
  for (const ip of targets) assertEquals(of(ip), expected, ip);
  assertEquals([summary?.open, summary?.closed, summary?.filtered], [3, 6, 15]);
  const xml = Deno.readTextFileSync(`${base}.xml`);
  assertStringIncludes(xml, '<address addr="fd66:16::2" addrtype="ipv6"/>');
  assertStringIncludes(xml, '<address addr="10.66.16.2" addrtype="ipv4"/>');
  await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", "/usr/share/nmap/nmap.dtd", `${base}.xml`]);
  for (const [format, host] of [["gnmap", "Host: fd66:16::2 ()"], ["nmap", "Nmap scan report for fe80::66:2%target"]]) {
    assertStringIncludes(Deno.readTextFileSync(`${base}.${format}`), host!);
  }
});

labTest("lab: a family without a route does not lose the targets of the other", [], async () => {
  await using lab = await dualLab();
  const args = ["-sT", "-n", "-p", "22", "--json", "10.66.16.2", "2001:db8::1", "fe80::1%nosuch"];
  const { code, stderr, stdout } = await lab.run("scanner", [...SYNSCAN, ...args]);
  const { ports } = readSynscanJson(stdout);
  assertEquals(ports.map(({ ip, state }) => [ip, state]), [["10.66.16.2", "open"]]);
  assertStringIncludes(stderr, "Cannot scan 2001:db8::1: this machine has no route to it by IPv6. It is left out");
  assertStringIncludes(stderr, "Cannot scan fe80::1%nosuch: there is no interface nosuch. It is left out");
  assertEquals(code, 3);
  const alone4 = await lab.run("scanner", [...SYNSCAN, "-p", "22", "10.99.0.1"]);
  assertEquals([alone4.code, alone4.stderr.split(".").slice(0, 4).join(".")], [
    1,
    "Cannot route packets to 10.99.0.1: there is no route to it",
  ]);
  // The same the other way round, by packets: hosts of IPv4 stay undecided.
  for (const how of [["-p", "22"], ["-sn"]]) {
    const run = await runSynscan(lab, "scanner", [...how, "10.99.0.1", "fd66:16::2"]);
    assertEquals(run.hosts.map(({ ip, state }) => [ip, state]).at(-1), ["fd66:16::2", "up"], how.join());
    assertEquals(
      run.ports.map(({ ip, state, reason }) => `${ip} ${state} ${reason}`).toSorted(),
      how.includes("-sn") ? [] : ["10.99.0.1 undecided unroutable", "fd66:16::2 open syn-ack"],
    );
    assertStringIncludes(run.stderr, "No route to 10.99.0.1: its ports stay undecided unless one appears");
    assertEquals(run.code, 3);
  }
  const some = await lab.run("scanner", [
    ...SYNSCAN,
    "-sT",
    "-p",
    "22",
    "10.98.0.1-2",
    "10.99.0.1",
    "fd66:16::2",
    "--deadline",
    "1s",
  ]);
  for (const range of ["10.98.0.1-10.98.0.2", "10.99.0.1"]) assertStringIncludes(some.stderr, `No route to ${range}: `);
  const pattern = await runSynscan(lab, "scanner", ["-p", "22", "2001:db8::/48-52", "--iid", "low", "10.66.16.2"]);
  assertEquals([pattern.code, pattern.ports.map(({ ip, state }) => [ip, state])], [3, [["10.66.16.2", "open"]]]);
  assertStringIncludes(
    pattern.stderr,
    "Cannot scan the pattern 2001:db8::/48-52: this machine has no route to it by IPv6. It is left out",
  );
  const alone = await lab.run("scanner", [...SYNSCAN, "-sT", "-p", "22", "2001:db8::1"]);
  assertEquals(alone.code, 1);
  assertStringIncludes(
    alone.stderr,
    "Cannot scan 2001:db8::1: this machine has no route to it by IPv6. Check the address",
  );
});

labTest("lab: a zone is the same by every name of its interface and by its index", [], async () => {
  await using lab = await dualLab();
  lab.ip("scanner", "link property add dev target altname uplink");
  const index = Number(/^(\d+):/.exec(lab.set("scanner", ["ip", "-o", "link", "show", "target"]))![1]);
  const hosts = ["target", "uplink", index].map((zone) => `fe80::66:2%${zone}`);
  const { ports } = await runSynscan(lab, "scanner", ["-p", "22", ...hosts]);
  assertEquals(ports.map(({ ip, state }) => [ip, state]), [["fe80::66:2%target", "open"]]);
  for (const excluded of [...hosts, "fe80::66:2"]) {
    const argv = [...SYNSCAN, "-n", "-p", "22", hosts[0]!, "--exclude", excluded];
    const { code, stderr } = await lab.run("scanner", argv);
    assertEquals([code, stderr.split(".")[0]], [1, "Cannot scan: every host is excluded"], excluded);
  }
  const other = await lab.run("scanner", [...SYNSCAN, "-n", "-p", "22", "-e", "lo", hosts[1]!]);
  const why = "Cannot scan fe80::66:2%uplink: its zone is target, and packets are to leave by lo. ";
  assertEquals([other.code, other.stderr], [1, `${why}Leave out -e, or name a target on lo\n`]);
});

labTest("lab: without raw sockets hosts of IPv6 are scanned by connections, and pinged by these and by echo", [
  "setpriv",
], async () => {
  await using lab = await dualLab();
  lab.set("scanner", ["sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647"]);
  const unprivileged = ["env", "HOME=/tmp", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...SYNSCAN];
  const run = (...args: string[]) => lab.run("scanner", [...unprivileged, "-n", "--json", ...args]);
  const hosts = readSynscanJson((await run("-sn", ...TARGETS)).stdout).hosts;
  assertEquals(hosts.map(({ ip, state }) => [ip, state]), TARGETS.map((ip) => [ip, "up"]));
  const { ports } = readSynscanJson((await run("-p", "22", ...TARGETS)).stdout);
  assertEquals(ports.map(({ ip, state }) => `${ip} ${state}`).sort(), TARGETS.map((ip) => `${ip} open`));
  const link = "fe80::66:2%target";
  const echo = await run("-PE", "-p", "22", ...TARGETS, link, "fd66:16::99");
  assertStringIncludes(echo.stderr, "hosts are pinged by ICMP echo.");
  const pinged = readSynscanJson(echo.stdout);
  assertEquals(
    pinged.ports.map(({ ip, state }) => `${ip} ${state}`).sort(),
    [...TARGETS, link].map((ip) => `${ip} open`),
  );
  assertEquals(pinged.hosts.map(({ ip, state, reason }) => [ip, state, reason]), [
    ...[TARGETS[0], TARGETS[1]].map((ip) => [ip, "up", "conn-accept"]),
    ["fd66:16::99", "absent", "no-arp-response"],
    [link, "up", "conn-accept"],
  ]);
});
