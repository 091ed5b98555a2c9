/**
 * Aliased prefixes of IPv6: a machine that has every address of a prefix, beside one that has some.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";

const PREFIX = "fd66:a::";
/** Hosts of the aliased prefix, and of one whose addresses are those of a few hosts. */
const ALIASED = Array.from({ length: 20 }, (_, i) => `${PREFIX}${(0x0b35 * (i + 1)).toString(16)}`);
const HOSTS = Array.from({ length: 20 }, (_, i) => `fd66:b::${i + 1}`);

/** A router, and behind it a machine with all addresses of one prefix and a few of another. */
async function aliasedLab(): Promise<Lab> {
  const sysctls = { "net.ipv6.conf.all.accept_dad": 0 };
  const lab = await Lab.create({
    spaces: { scanner: { sysctls }, router: { forward: true, sysctls }, target: { sysctls } },
    links: [
      { between: ["scanner", "router"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] },
      { between: ["router", "target"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] },
    ],
  });
  lab.ip("scanner", "-6 address add fd66:1::1/64 dev router nodad");
  lab.ip("router", "-6 address add fd66:1::2/64 dev scanner nodad");
  lab.ip("router", "-6 address add fd66:2::1/64 dev target nodad");
  lab.ip("target", "-6 address add fd66:2::2/64 dev router nodad");
  lab.set("router", ["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
  lab.ip("scanner", "-6 route add default via fd66:1::2");
  lab.ip("target", "-6 route add default via fd66:2::1");
  for (const prefix of ["fd66:a::/64", "fd66:b::/64"]) lab.ip("router", `-6 route add ${prefix} via fd66:2::2`);
  lab.ip("target", "-6 route add local fd66:a::/64 dev lo");
  for (const host of HOSTS) lab.ip("target", `-6 address add ${host}/128 dev lo nodad`);
  // What the target does not have is not on any link.
  lab.ip("target", "-6 route add blackhole fd66:b::/64");
  await lab.listen("target", "22", "::");
  return lab;
}

labTest("lab: an aliased prefix of IPv6 is labelled, and one host of it is listed", ["xmllint"], async () => {
  await using lab = await aliasedLab();
  const base = `${lab.folder()}/all`;
  for (const args of [["-p", "22,23"], ["-sT", "-p", "22,23"], ["-sn"]]) {
    const run = [...SYNSCAN, "-n", ...args, "-oA", base, ...ALIASED, ...HOSTS];
    const { code, stdout, stderr } = await lab.run("scanner", run);
    assertEquals(code, 0, stderr);
    const { summary, hosts, ports } = readSynscanJson(Deno.readTextFileSync(`${base}.json`));
    const [found, ...others] = summary?.aliased ?? [];
    assertEquals(others, []);
    assertEquals([found?.prefix, found?.hosts, found?.controls], ["fd66:a::/64", 20, 16], args.join(" "));
    assert((found?.replied ?? 0) >= 12);
    assertStringIncludes(stdout, "fd66:a::/64 is an aliased prefix");
    // Machines get every host, people one that stands for all.
    assertEquals(new Set([...hosts, ...ports].map(({ ip }) => ip)).size, 40);
    const listed = stdout.match(/synscan report for fd66:a:/g) ?? [];
    assertEquals(listed.length, 1, stdout);
    assertEquals(stdout.match(/synscan report for fd66:b:/g)?.length, 20);
    assertMatch(
      stdout,
      /Note: in the aliased prefix fd66:a::\/64: \d+ of 16 addresses chosen at random there replied too/,
    );
    assertStringIncludes(stdout.replaceAll("\n", " "), "19 hosts of aliased prefixes with the same ports");
    const xml = Deno.readTextFileSync(`${base}.xml`);
    assertEquals(xml.match(/in the aliased prefix fd66:a::\/64/g)?.length, 20);
    assertEquals(Deno.readTextFileSync(`${base}.gnmap`).match(/# Note on fd66:a:.*aliased/g)?.length, 20);
    assertEquals(Deno.readTextFileSync(`${base}.html`).match(/in the aliased prefix fd66:a::\/64/g)?.length, 20);
    await lab.run("scanner", ["xmllint", "--noout", "--dtdvalid", "/usr/share/nmap/nmap.dtd", `${base}.xml`]);
  }
});

labTest(
  "lab: control addresses that are excluded are not probed, and nothing is claimed then",
  ["tshark"],
  async () => {
    await using lab = await aliasedLab();
    const outside = "fd66:a::1:0:0:0-fd66:a::ffff:ffff:ffff:ffff";
    const args = ["-p", "22", "--json", "-n", "--exclude", outside, ...ALIASED.slice(0, 10)];
    const { code, stdout } = await lab.run("scanner", [...SYNSCAN, ...args]);
    assertEquals(code, 0);
    const { summary } = readSynscanJson(stdout);
    assertEquals(summary?.aliased, undefined);
    assertEquals(summary?.open, 10);
  },
);

/** Replies to every neighbor solicitation for an address of a prefix, as a station does that routes all of it elsewhere. */
const ND_PROXY = `
import socket, struct, sys
prefix = socket.inet_pton(socket.AF_INET6, "fd66:c::")[:8]
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
s.bind(("lan", 0))
mac = s.getsockname()[4]
print("ready", flush=True)
while True:
  frame, (_, _, kind, _, _) = s.recvfrom(2048)
  target = frame[62:78]
  if kind == socket.PACKET_OUTGOING or frame[20] != 58 or frame[54] != 135 or target[:8] != prefix or target[8:] == b"\\0" * 7 + b"\\1": continue
  asker = frame[22:38]
  body = bytes([136, 0, 0, 0, 0x60, 0, 0, 0]) + target + bytes([2, 1]) + mac
  words = target + asker + struct.pack("!II", len(body), 58) + body
  total = sum(struct.unpack("!%dH" % (len(words) // 2), words))
  total = (total & 0xffff) + (total >> 16)
  total = ~(total + (total >> 16)) & 0xffff
  body = body[:2] + struct.pack("!H", total) + body[4:]
  s.send(frame[6:12] + mac + b"\\x86\\xdd" + struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + target + asker + body)
`;

labTest("lab: a station that replies to every neighbor solicitation of a prefix is no crowd of hosts", [], async () => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, proxy: {}, host: {} },
    bridges: [{ name: "lan", members: { scanner: "fd66:c::1/64", proxy: "fd66:d::2/64", host: "fd66:e::3/64" } }],
  });
  // A host with as many addresses, all of which it has.
  lab.ip("scanner", "-6 route add fd66:e::/64 dev lan");
  for (let i = 0; i < 10; i++) lab.ip("host", `-6 address add fd66:e::${100 + i}/64 dev lan nodad`);
  await lab.serve("proxy", ["python3", "-c", ND_PROXY]);
  const proxied = Array.from({ length: 10 }, (_, i) => `fd66:c::${100 + i}`);
  const own = Array.from({ length: 10 }, (_, i) => `fd66:e::${100 + i}`);
  for (const args of [["-sn"], ["-p", "22"]]) {
    const { code, stdout, stderr } = await lab.run("scanner", [
      ...SYNSCAN,
      "-n",
      "--json",
      ...args,
      ...proxied,
      ...own,
    ]);
    assertEquals(code, 0, stderr);
    const { summary, hosts } = readSynscanJson(stdout);
    assertEquals(hosts.filter(({ state }) => state === "up").length, 20);
    assertEquals(summary?.aliased?.map(({ prefix, hosts, replied }) => [prefix, hosts, replied]), [[
      "fd66:c::/64",
      10,
      16,
    ]]);
  }
});

labTest("lab: aliased prefixes of shards are one after merge", [], async () => {
  await using lab = await aliasedLab();
  const files = [1, 2].map((shard) => `${lab.folder()}/${shard}.json`);
  for (const [i, file] of files.entries()) {
    const args = ["-n", "-sn", "--seed", "7", "--shard", `${i + 1}/2`, "-oJ", file, "-q", ...ALIASED, ...HOSTS];
    const { code, stderr } = await lab.run("scanner", [...SYNSCAN, ...args]);
    assertEquals(code, 0, stderr);
  }
  const { code, stdout, stderr } = await lab.run("scanner", [...SYNSCAN, "merge", "--json", ...files]);
  assertEquals(code, 0, stderr);
  const aliased = readSynscanJson(stdout).summary?.aliased ?? [];
  assertEquals(aliased.map(({ prefix, hosts }) => [prefix, hosts]), [["fd66:a::/64", 20]]);
});
