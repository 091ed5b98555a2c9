/**
 * Scans of hosts whose firewall drops everything from a source that has probed ten closed ports: common ports are found before that.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { block, FAMILIES, type Family, MIXED } from "../support/families.ts";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { runNmap } from "../support/nmap_xml.ts";

/** The link, and the network of eight hosts behind it. */
const [LINK, HOSTS] = [1, 2];
const HOST_COUNT = 8;
const THRESHOLD = 10;
/**
 * Ports on which a server listens, of the first two tiers all but five: with a probe of a port near by and control ports, which count as
 * well where a host seems to have everything open, fewer than ten are closed.
 */
const OPEN = [21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 3306, 5900, 8080, 8443];

/** A firewall that counts the closed ports of each host that each source has probed, and drops what comes from a source after so many. */
const FIREWALL = [
  ...MIXED.each(({ header }) => {
    const type = header === "ip" ? "ipv4_addr" : "ipv6_addr";
    const set = (name: string, of: string) => `set ${name}_${header} { type ${of}; size 65535; flags dynamic; }`;
    const pair = `${type} . ${type}`;
    return [set("closed", `${pair} . inet_service`), set("counts", pair), set("blocked", pair)];
  }),
  chain("input", MIXED.each(({ header }) => `${header} daddr . ${header} saddr @blocked_${header} drop`)),
  chain(
    "output",
    MIXED.each(({ header }) => {
      const pair = `${header} saddr . ${header} daddr`;
      const closed = `${pair} . tcp sport`;
      const limit = `limit rate over 1/day burst ${THRESHOLD - 1} packets`;
      const isNew = `tcp flags & rst == rst ${closed} != @closed_${header} add @closed_${header} { ${closed} }`;
      return `${isNew} update @counts_${header} { ${pair} ${limit} } add @blocked_${header} { ${pair} }`;
    }),
  ),
];

function madeLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: MIXED.routesVia(LINK, 2) },
      target: {
        local: MIXED.each((version) => block(version, HOSTS, 0, HOST_COUNT)),
        chains: FIREWALL,
        listen: OPEN.join(),
      },
    },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(LINK) }],
  });
}

/** Returns the open ports of each host. */
function openOf(sightings: Iterable<{ readonly ip: string; readonly port: number; readonly state: string }>) {
  const open = new Map<string, number[]>();
  for (const { ip, port, state } of sightings) {
    if (state === "open") open.set(ip, [...open.get(ip) ?? [], port].sort((one, other) => one - other));
  }
  return open;
}

/** Returns the true open ports of hosts of the network. */
function truthOf(family: Family, count: number): Map<string, number[]> {
  return new Map(
    Array.from({ length: count }, (_, host) => family.hosts(HOSTS, host)).flat().map((ip) => [ip, [...OPEN]]),
  );
}

const TRIES = 3;

/** Returns true if both have the same open ports. */
function equal(one: ReadonlyMap<string, readonly number[]>, other: ReadonlyMap<string, readonly number[]>): boolean {
  return [...other].every(([ip, ports]) => one.get(ip)?.join() === ports.join());
}

const SCANS: readonly (readonly [what: string, hosts: number, args: readonly string[]])[] = [
  ["1,000 ports of a host", 1, []],
  ["1,000 ports of a host, by connections", 1, ["-sT"]],
  ["1,000 ports of eight hosts", HOST_COUNT, []],
];

labTest("lab: tiers: open ports are found behind a firewall that blocks after ten closed ones", [], async (t) => {
  await using lab = await madeLab();
  for (const [what, hosts, args] of SCANS) {
    for (const family of FAMILIES) {
      await t.step(`${what}, ${family.name}`, async () => {
        const truth = truthOf(family, hosts);
        const targets = family.each((version) =>
          hosts === 1 ? version.address(HOSTS, 0) : block(version, HOSTS, 0, hosts)
        );
        for (let seed = 1; seed <= 2; seed++) {
          let found = new Map<string, number[]>();
          // A busy machine loses a probe at times, which is sent again when the firewall blocks already.
          for (let tries = 0; tries < TRIES && !equal(found, truth); tries++) {
            lab.rules("target", FIREWALL);
            const { ports } = await runSynscan(lab, "scanner", [...targets, "--seed", `${seed}`, "-T5", ...args]);
            found = openOf(ports);
          }
          assertEquals(found, truth, `seed ${seed}`);
        }
      });
    }
  }
});

labTest("lab: tiers: no fewer open ports are found than by nmap", ["nmap"], async (t) => {
  await using lab = await madeLab();
  for (const { name, versions: [version] } of FAMILIES.filter(({ versions }) => versions.length === 1)) {
    await t.step(name, async () => {
      const host = version!.address(HOSTS, 0);
      lab.rules("target", FIREWALL);
      const found =
        openOf(await runNmap(lab, "scanner", [...version!.nmap, "-T5", "--top-ports", "200", host])).get(host) ?? [];
      lab.rules("target", FIREWALL);
      const { ports } = await runSynscan(lab, "scanner", ["-T5", host]);
      const own = openOf(ports).get(host) ?? [];
      assertEquals(found.filter((port) => !own.includes(port)), [], `nmap ${found}, synscan ${own}`);
      assert(found.length > 0);
    });
  }
});
