/**
 * Every state and reason that a real kernel can give, against the ground truth and nmap.
 *
 * What connect(2) tells of a SYN's ICMP answer (Linux 6.18; SO_ERROR of the socket, ip(7)):
 *
 * | type 3 code | SYN scan | SO_ERROR | so connect knows |
 * | --- | --- | --- | --- |
 * | 0 net unreachable | net-unreach | ENETUNREACH | net-unreach |
 * | 1 host unreachable | host-unreach | EHOSTUNREACH | host-unreach |
 * | 2 protocol unreachable | proto-unreach | ENOPROTOOPT | proto-unreach |
 * | 3 port unreachable | port-unreach, filtered | ECONNREFUSED | the same as a RST: closed |
 * | 9 net prohibited | net-prohibited | ENETUNREACH | net-unreach |
 * | 10 host prohibited | host-prohibited | EHOSTUNREACH | host-unreach |
 * | 13 administratively prohibited | admin-prohibited | EHOSTUNREACH | host-unreach |
 *
 * With IP_RECVERR set before connect, recvmsg(MSG_ERRQUEUE) gives type, code and sender of the error for each of them,
 * and nothing for a RST; a connect scan that reads it knows as much as a SYN scan. Both answers are accepted here.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { chain, ICMP_REASONS, type IcmpCode, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, type TruthRow } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";

const TARGET = "10.64.2.2";
const PORTS = "22,80-83,101-103,110-116,120";
const CODES = Object.keys(ICMP_REASONS) as IcmpCode[];

/** A host behind a router; networks of which the router says, by its filter or its routes, that they cannot be reached. */
function routedLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: ["default via 10.64.1.2"], listen: "22,80" },
      router: {
        forward: true,
        routes: [
          `10.64.9.0/24 via ${TARGET}`,
          "unreachable 10.64.8.0/24",
          "prohibit 10.64.7.0/24",
          "blackhole 10.64.6.0/24",
        ],
        chains: [chain("forward", CODES.map((code, i) => `ip daddr 10.64.9.${i} reject with icmp type ${code}`))],
      },
      target: {
        routes: ["default via 10.64.2.1"],
        listen: "22,80-81",
        chains: [chain("input", [
          rule.drop("101-103"),
          ...CODES.map((code, i) => rule.reject(`${110 + i}`, code)),
          rule.reset("120"),
        ])],
      },
      far: { listen: "22,80", chains: [chain("input", [rule.drop("101-103")])] },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] },
      { between: ["router", "target"], addresses: ["10.64.2.1/24", `${TARGET}/24`] },
      { between: ["scanner", "far"], addresses: ["10.64.3.1/24", "10.64.3.2/24"], tunDelayMs: 5 },
    ],
  });
}

/** The results that all scans have in common. */
const SILENT_OR_RESET: readonly TruthRow[] = [
  [TARGET, PORTS, "closed", "reset", "conn-refused"],
  [TARGET, "22,80,81", "open", "syn-ack", "conn-accept"],
  [TARGET, "101-103", "filtered", "no-response"],
];

/** The results of a SYN scan for ICMP errors. */
const SYN_TRUTH = groundTruth([
  ...SILENT_OR_RESET,
  ...CODES.map((code, i): TruthRow => [TARGET, `${110 + i}`, "filtered", ICMP_REASONS[code]]),
]);

/** The results of a connect scan for each errno, with and without the error queue. */
const CONNECT_KNOWS: Readonly<Record<IcmpCode, readonly [state: string, ...reasons: string[]]>> = {
  "net-unreachable": ["filtered", "net-unreach"],
  "host-unreachable": ["filtered", "host-unreach"],
  "prot-unreachable": ["filtered", "proto-unreach"],
  "port-unreachable": ["closed or filtered", "conn-refused", "port-unreach"],
  "net-prohibited": ["filtered", "net-unreach", "net-prohibited"],
  "host-prohibited": ["filtered", "host-unreach", "host-prohibited"],
  "admin-prohibited": ["filtered", "host-unreach", "admin-prohibited"],
};

const CONNECT_TRUTH = groundTruth([
  ...SILENT_OR_RESET,
  ...CODES.map((code, i): TruthRow => [TARGET, `${110 + i}`, ...CONNECT_KNOWS[code]]),
]);

/** Errors from the router. A route's own errors are limited to 5 at once and 1 a second, so one may be missing. */
function routerTruth(technique: "syn" | "connect"): ReturnType<typeof groundTruth> {
  const known = (code: IcmpCode): readonly [string, ...string[]] =>
    technique === "syn" ? ["filtered", ICMP_REASONS[code]] : CONNECT_KNOWS[code];
  return groundTruth([
    ...CODES.map((code, i): TruthRow => [`10.64.9.${i}`, "80", ...known(code)]),
    ["10.64.8.1", "80", ...known("host-unreachable"), "no-response"],
    ["10.64.7.1", "80", ...known("admin-prohibited"), "no-response"],
    ["10.64.6.1", "80", "filtered", "no-response"],
  ]);
}

const ROUTER_TARGETS = ["10.64.9.0-6", "10.64.8.1", "10.64.7.1", "10.64.6.1", "-p", "80"];
const LOCAL_TRUTH = groundTruth([
  [["127.0.0.1", "10.64.1.1"], "20-90", "closed", "reset", "conn-refused"],
  [["127.0.0.1", "10.64.1.1"], "22,80", "open", "syn-ack", "conn-accept"],
]);
const TUN_TRUTH = groundTruth([
  ["10.64.3.2", "20-120", "closed", "reset", "conn-refused"],
  ["10.64.3.2", "22,80", "open", "syn-ack", "conn-accept"],
  ["10.64.3.2", "101-103", "filtered", "no-response"],
]);

/** One scan that each technique must get right. */
const SCANS = [
  { name: "a host behind a router", args: [TARGET, "-p", PORTS], syn: SYN_TRUTH, connect: CONNECT_TRUTH },
  { name: "a router's errors", args: ROUTER_TARGETS, syn: routerTruth("syn"), connect: routerTruth("connect") },
  {
    name: "this machine, by loopback and by its own address",
    args: ["127.0.0.1", "10.64.1.1", "-p", "20-90"],
    syn: LOCAL_TRUTH,
    connect: LOCAL_TRUTH,
  },
  { name: "a host beyond a tun device", args: ["10.64.3.2", "-p", "20-120"], syn: TUN_TRUTH, connect: TUN_TRUTH },
] as const;

const SYNSCAN_WAYS = [
  { name: "synscan -sS", args: ["-sS"], truth: "syn" },
  { name: "synscan -sS --transport sendto", args: ["-sS", "--transport", "sendto"], truth: "syn" },
  { name: "synscan -sS --transport sendmmsg", args: ["-sS", "--transport", "sendmmsg"], truth: "syn" },
  { name: "synscan -sT", args: ["-sT"], truth: "connect" },
] as const;

labTest("lab: nmap agrees with the ground truth", ["nmap", "gcc"], async (t) => {
  await using lab = await routedLab();
  for (const scan of SCANS) {
    for (const [flag, truth] of [["-sS", scan.syn], ["-sT", scan.connect]] as const) {
      await t.step(`${scan.name}, nmap ${flag}`, async () => {
        assertTruth(truth, await runNmap(lab, "scanner", [flag, "-T4", ...scan.args]), `nmap ${flag}`);
      });
    }
  }
});

labTest("lab: synscan finds every state and reason", ["gcc"], async (t) => {
  await using lab = await routedLab();
  for (const scan of SCANS) {
    for (const way of SYNSCAN_WAYS) {
      await t.step(`${scan.name}, ${way.name}`, async () => {
        const { ports } = await runSynscan(lab, "scanner", [...way.args, ...scan.args]);
        assertTruth(scan[way.truth], ports, way.name);
      });
    }
  }
});

labTest("lab: synscan says who sent an ICMP error, and how far its packets travelled", ["gcc"], async () => {
  await using lab = await routedLab();
  const { ports } = await runSynscan(lab, "scanner", ["-sS", "10.64.9.0", `${TARGET}:22,82,110`, "-p", "80"]);
  const told = ports.map(({ ip, port, from, ttl }) => ({ ip, port, from: from ?? ip, ttl }));
  assertEquals(told.toSorted((a, b) => a.port - b.port), [
    { ip: TARGET, port: 22, from: TARGET, ttl: 63 },
    { ip: "10.64.9.0", port: 80, from: "10.64.1.2", ttl: 64 },
    { ip: TARGET, port: 82, from: TARGET, ttl: 63 },
    { ip: TARGET, port: 110, from: TARGET, ttl: 63 },
  ]);
});
