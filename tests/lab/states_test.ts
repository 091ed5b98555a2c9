/**
 * Every state and reason that a real kernel can give, by each way of sending, against the ground truth and nmap.
 *
 * nmap has another word for IPv6's error "no route to destination", and differs from the truth in one point: with `-sT` it knows an ICMP error by errno alone (SO_ERROR of the socket, ip(7)), which several errors
 * share; a port unreachable is a closed port to it. With IP_RECVERR set before connect, recvmsg(MSG_ERRQUEUE) gives type, code
 * and sender of the error, and nothing for a RST.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  ALL_FAMILIES,
  FAMILIES,
  type Family,
  forFamilies,
  type IcmpError,
  IPV6,
  MIXED,
  type Version,
  withPorts,
} from "../support/families.ts";
import { stepsAtOnce } from "../support/steps.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, type GroundTruth, groundTruth, type TruthRow } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";

const PORTS = "22,80-83,101-103,110-116,120";
const OWN_PORTS = "20-90,101-103";
const FAR_PORTS = "20-120";
/** Numbers of networks: two links behind each other, and a tun device. */
const [NEAR, BEHIND, FAR] = [1, 2, 3];
/** Networks that the router's routes forbid, and one of which its filter rejects each host with another error. */
const [BLACKHOLE, PROHIBITED, UNREACHABLE, REJECTED] = [6, 7, 8, 9];

/** A host behind a router; networks that the router reports as unreachable, by its filter or its routes. */
function routedLab(): Promise<Lab> {
  const filter = chain("input", [rule.drop("101-103"), ...MIXED.rejections(110), rule.reset("120")]);
  const silent = chain("input", [rule.drop("101-103")]);
  return Lab.create({
    spaces: {
      scanner: { routes: MIXED.routesVia(NEAR, 2), listen: "22,80", chains: [silent] },
      router: {
        forward: true,
        listen: "22,80-81",
        routes: [
          ...MIXED.routesVia(BEHIND, 2, REJECTED),
          ...MIXED.routesOfType("unreachable", UNREACHABLE),
          ...MIXED.routesOfType("prohibit", PROHIBITED),
          ...MIXED.routesOfType("blackhole", BLACKHOLE),
        ],
        chains: [
          filter,
          chain(
            "forward",
            MIXED.each((version) =>
              version.errors.map(({ code }, i) =>
                `${version.header} daddr ${version.address(REJECTED, i + 1)} reject with ${version.icmp} type ${code}`
              )
            ),
          ),
        ],
      },
      target: { routes: MIXED.routesVia(BEHIND, 1), listen: "22,80-81", chains: [filter] },
      far: { listen: "22,80", chains: [silent] },
    },
    links: [
      { between: ["scanner", "router"], addresses: MIXED.link(NEAR) },
      { between: ["router", "target"], addresses: MIXED.link(BEHIND) },
      { between: ["scanner", "far"], addresses: MIXED.link(FAR), tunDelayMs: 5 },
    ],
  });
}

/** The results of a scan by SYNs or connections: what an error means, and the reasons of replies. */
interface Knowledge {
  readonly open: string;
  readonly closed: string;
  readonly of: (error: IcmpError) => readonly [state: string, ...reasons: string[]];
}

const byQuote = ({ reason }: IcmpError) => ["filtered", reason] as const;
const SYN: Knowledge = { open: "syn-ack", closed: "reset", of: byQuote };
const NMAP_SYN: Knowledge = { ...SYN, of: ({ reason, nmap }) => ["filtered", nmap ?? reason] };
const CONNECT: Knowledge = { open: "conn-accept", closed: "conn-refused", of: byQuote };
const NMAP_CONNECT: Knowledge = { open: "syn-ack", closed: "conn-refused", of: ({ byErrno }) => byErrno };

/** A part of a scan. */
interface Part {
  readonly name: string;
  /** False where a connection learns of an ICMP error by its error queue alone. */
  readonly hasErrno?: boolean;
  readonly hosts: (version: Version) => readonly string[];
  readonly ports: string;
  readonly truth: (version: Version, hosts: readonly string[], knowledge: Knowledge) => TruthRow[];
}

/** A host with a filter of every kind. */
function filteredHost({ errors }: Version, hosts: readonly string[], { open, closed, of }: Knowledge): TruthRow[] {
  return [
    [hosts, PORTS, "closed", closed],
    [hosts, "22,80,81", "open", open],
    [hosts, "101-103", "filtered", "no-response"],
    ...errors.map((error, i): TruthRow => [hosts, `${110 + i}`, ...of(error)]),
  ];
}

/** A host that listens on two ports and drops three. */
function simpleHost(ports: string): Part["truth"] {
  return (_, hosts, { open, closed }) => [
    [hosts, ports, "closed", closed],
    [hosts, "22,80", "open", open],
    [hosts, "101-103", "filtered", "no-response"],
  ];
}

/** Routes' own errors are limited to 5 at once and 1 a second, so one may be missing. */
function routerErrors(version: Version, _: readonly string[], { of }: Knowledge): TruthRow[] {
  const known = (wanted: string) => of(version.errors.find(({ reason }) => reason === wanted)!);
  return [
    ...version.errors.map((error, i): TruthRow => [version.address(REJECTED, i + 1), "80", ...of(error)]),
    [version.address(UNREACHABLE, 1), "80", ...known(version.unreachable), "no-response"],
    [version.address(PROHIBITED, 1), "80", ...known("admin-prohibited"), "no-response"],
    [version.address(BLACKHOLE, 1), "80", "filtered", "no-response"],
  ];
}

const PARTS: readonly Part[] = [
  { name: "a host behind a router", hosts: (of) => [of.address(BEHIND, 2)], ports: PORTS, truth: filteredHost },
  // A host of this link may reply while connect(2) still holds the socket: then the kernel drops the error's errno.
  { name: "a router", hasErrno: false, hosts: (of) => [of.address(NEAR, 2)], ports: PORTS, truth: filteredHost },
  {
    name: "a router's errors",
    hosts: (of) => [
      ...of.errors.map((_, i) => of.address(REJECTED, i + 1)),
      ...[UNREACHABLE, PROHIBITED, BLACKHOLE].map((network) => of.address(network, 1)),
    ],
    ports: "80",
    truth: routerErrors,
  },
  {
    name: "this machine, by loopback and by its own address",
    hosts: (of) => [of.loopback, of.address(NEAR, 1)],
    ports: OWN_PORTS,
    truth: simpleHost(OWN_PORTS),
  },
  {
    name: "a host beyond a tun device",
    hosts: (of) => [of.address(FAR, 2)],
    ports: FAR_PORTS,
    truth: simpleHost(FAR_PORTS),
  },
];

/** The link-local address of the router, with its zone. */
function linkLocal(lab: Lab): Part {
  const shown = lab.set("router", ["ip", "-6", "address", "show", "scanner"]);
  const zoned = `${/inet6 (fe80\S+)\//.exec(shown)![1]}%router`;
  return {
    name: "a link-local address",
    hasErrno: false,
    hosts: (of) => of === IPV6 ? [zoned] : [],
    // The kernel sends the RST of its filter to a link-local address by any of its interfaces.
    ports: PORTS.replace(",120", ""),
    truth: (of, hosts, knowledge) =>
      filteredHost(of, hosts, knowledge).map(([hosts, ports, ...rest]) => [hosts, ports.replace(",120", ""), ...rest]),
  };
}

function truthOf(family: Family, parts: readonly Part[], knowledge: Knowledge): GroundTruth {
  return groundTruth(family.each((of) => parts.flatMap(({ hosts, truth }) => truth(of, hosts(of), knowledge))));
}

/** Scans at a time: all of them share the few errors of the routes, and one that comes after 3 s is that of an absent host. */
const AT_ONCE = 3;

const WAYS = [
  { args: ["-sS"], knowledge: SYN },
  { args: ["-sS", "--transport", "sendto"], knowledge: SYN },
  { args: ["-sS", "--transport", "sendmmsg"], knowledge: SYN },
  { args: ["-sS", "--workers", "2"], knowledge: SYN },
  { args: ["-sT"], knowledge: CONNECT },
] as const;

labTest("lab: synscan finds every state and reason", ["gcc"], async (t) => {
  await using lab = await routedLab();
  const parts = [...PARTS, linkLocal(lab)];
  const found = new Set<string>();
  await stepsAtOnce(
    t,
    WAYS.flatMap((way) => FAMILIES.map((family) => ({ ...way, family }))),
    ({ args, family }) => `${family.name}, ${args.join(" ")}`,
    async ({ args, knowledge, family }) => {
      const targets = family.each((of) =>
        parts.flatMap(({ hosts, ports }) => hosts(of).map((host) => withPorts(host, ports)))
      );
      const { ports, summary } = await runSynscan(lab, "scanner", [...args, ...targets]);
      assertTruth(truthOf(family, parts, knowledge), ports, "synscan");
      assertEquals([summary.undecided, summary.trusted], [0, true], summary.warnings.join());
      for (const { ip, reason } of ports) found.add(`${ip} ${reason}`);
    },
    AT_ONCE,
  );
  // Some scan has each of the routes' own errors, which are few.
  for (const { name, address, unreachable } of MIXED.versions) {
    assert(found.has(`${address(UNREACHABLE, 1)} ${unreachable}`), `no error of an unreachable route of ${name}`);
    assert(found.has(`${address(PROHIBITED, 1)} admin-prohibited`), `no error of a prohibited route of ${name}`);
  }
});

labTest("lab: nmap agrees with the ground truth", ["nmap", "gcc"], async (t) => {
  await using lab = await routedLab();
  const local = linkLocal(lab);
  const cases = ALL_FAMILIES.filter(({ versions }) => versions.length === 1).flatMap((family) =>
    ([["-sS", NMAP_SYN], ["-sT", NMAP_CONNECT]] as const).flatMap(([flag, knowledge]) =>
      [...PARTS, local].map((part) => ({ family, flag, knowledge, part }))
        .filter(({ part }) => part.hosts(family.versions[0]!).length > 0 && (flag === "-sS" || part.hasErrno !== false))
    )
  );
  await stepsAtOnce(
    t,
    cases,
    ({ family, flag, part }) => `${family.name}, ${flag}, ${part.name}`,
    async ({ family, flag, knowledge, part }) => {
      const [version] = family.versions as [Version];
      const args = [...version.nmap, flag, "-T4", "--max-retries", "3", "-p", part.ports, ...part.hosts(version)];
      const seen = await runNmap(lab, "scanner", args);
      // nmap's XML has no zones.
      const truth = [...truthOf(family, [part], knowledge)].map(([key, one]) =>
        [key.replace(/%\w+/, ""), one] as const
      );
      assertTruth(new Map(truth), seen, `nmap ${flag}`);
    },
  );
});

labTest("lab: synscan reports who sent an ICMP error, and how far its packets travelled", ["gcc"], async (t) => {
  await using lab = await routedLab();
  await forFamilies(t, async (family) => {
    const rejected = family.hosts(REJECTED, 1);
    const targets = family.hosts(BEHIND, 2);
    const args = ["-sS", ...rejected, ...targets.map((host) => withPorts(host, "22,82,110")), "-p", "80"];
    const { ports } = await runSynscan(lab, "scanner", args);
    const told = new Map(ports.map(({ ip, port, from, ttl }) => [`${ip} ${port}`, [from ?? ip, ttl]]));
    assertEquals(
      told,
      new Map(family.each((of): [string, [string, number]][] => {
        const [host, router] = [of.address(BEHIND, 2), of.address(NEAR, 2)];
        return [
          [`${of.address(REJECTED, 1)} 80`, [router, 64]],
          ...[22, 82, 110].map((port): [string, [string, number]] => [`${host} ${port}`, [host, 63]]),
        ];
      })),
    );
  });
});
