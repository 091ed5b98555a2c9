/**
 * A lab of hosts for which something else answers, and of hosts that only look so; what a scan should say of each, and what
 * it says.
 *
 * @module
 */

import { chain, Lab, lacking } from "./lab.ts";
import { readSynscanJson, type SummaryLine, SYNSCAN } from "./lab_synscan.ts";

/** One kind of host and what a scan of it should say. */
interface ProxyCase {
  readonly name: string;
  /** Where the scan runs. */
  readonly space?: string;
  readonly args: readonly string[];
  /** What is suspected of the hosts; undefined where nothing should be. */
  readonly suspect?: "syn-proxy" | "own-side";
  /** Notes that there should be. */
  readonly notes?: readonly string[];
  /** Whether the scan is to be trusted; true by default. */
  readonly trusted?: boolean;
  /** Open ports in all. */
  readonly open: number;
  /** Tools that it needs, or what the kernel lacks. */
  readonly needs?: readonly string[];
  /** Left to the task that runs all, for the time that it takes. */
  readonly slow?: boolean;
}

/** What a scan said, in the words of a {@linkcode ProxyCase}. */
interface ProxyOutcome {
  readonly suspect: string;
  readonly notes: readonly string[];
  readonly trusted: boolean;
  readonly open: number;
  /** Open ports that the table, the grepable format and XML list; the table counts those that are many and alike. */
  readonly listed: { readonly table: number; readonly grepable: number; readonly xml: number };
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
}

const SYN_PROXY = "window 0: a SYN proxy answered";
const EVERY_PORT = "something answers for every port: control ports are open";
const EVERY_ADDRESS = "something answers for every address: control ports are open on other hosts too";
const OWN_SIDE = "these replies are generated on your side: states are those of a proxy's connect()";
const NEXT_HOP = "answered before the first router: the next hop itself, or a program on your side";
const OWN_UNREACH = "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server";

const P500 = ["-p", "1-500"];

/** The findings that several cases expect. */
const PROXY_OF_THREE = { suspect: "syn-proxy", notes: [`ports 22, 80, 443: ${SYN_PROXY}`] } as const;
const PROXY_OF_ALL = { suspect: "syn-proxy", notes: [EVERY_PORT] } as const;
const FORWARDED = "port 80: forwarded, 1 hop behind";
const OWN = { suspect: "own-side", notes: [OWN_SIDE], trusted: false } as const;
const OWN_ALL = { ...OWN, notes: [EVERY_ADDRESS, EVERY_PORT, OWN_SIDE] };

/** Every case. The FAULTS of each are in its name. */
export const PROXY_CASES: readonly ProxyCase[] = [
  { name: "an ordinary host", args: ["10.64.1.2", ...P500], open: 3 },
  {
    name: "SYNPROXY in front of three ports among 497",
    args: ["10.64.1.3", ...P500],
    ...PROXY_OF_THREE,
    open: 3,
  },
  {
    name: "the same with an ordinary fourth port",
    args: ["10.64.1.4", ...P500],
    ...PROXY_OF_THREE,
    open: 4,
  },
  {
    name: "SYNPROXY, one port asked",
    args: ["10.64.1.3", "-p", "80"],
    suspect: "syn-proxy",
    notes: [`port 80: ${SYN_PROXY}`],
    open: 1,
  },
  {
    name: "a TCP proxy for every port",
    args: ["10.64.1.5", ...P500],
    ...PROXY_OF_ALL,
    open: 500,
  },
  {
    name: "the same, five ports asked",
    args: ["10.64.1.5", "-p", "21-25"],
    ...PROXY_OF_ALL,
    open: 5,
  },
  { name: "syncookies for every SYN", args: ["10.64.1.6", ...P500], open: 3 },
  { name: "syncookies, all of five ports open", args: ["10.64.1.6", "-p", "22,80,443,8000,8080"], open: 5 },
  { name: "an old stack without TCP options", args: ["10.64.1.7", "-p", "1-999,9100"], open: 3 },
  { name: "an old stack, only its open ports asked", args: ["10.64.1.7", "-p", "80,515,9100,9101"], open: 4 },
  {
    name: "a tarpit on every port",
    args: ["10.64.1.8", ...P500],
    ...PROXY_OF_ALL,
    open: 500,
  },
  { name: "a small window on two ports", args: ["10.64.1.9", ...P500], open: 2 },
  {
    name: "a proxy for every address beyond a router",
    args: ["10.66.0.0/24", "-p", "443"],
    suspect: "syn-proxy",
    notes: [EVERY_ADDRESS, EVERY_PORT],
    trusted: false,
    open: 256,
  },
  {
    name: "a transparent proxy at the next hop",
    args: ["10.67.0.0/24", "-p", "80,443"],
    ...OWN_ALL,
    open: 512,
  },
  { name: "a next hop that owns a network, three ports open", args: ["10.68.0.0/26", "-p", "22,80,443"], open: 192 },
  { name: "a router's own far address", args: ["10.65.0.1", "-p", "20-25"], open: 1 },
  {
    name: "a port forwarded by DNAT",
    args: ["10.64.1.254", ...P500],
    notes: [FORWARDED],
    open: 2,
  },
  {
    name: "a port forwarded by DNAT, two ports asked",
    args: ["10.64.1.254", "-p", "22,80"],
    notes: [FORWARDED],
    open: 2,
  },
  {
    name: "a port forwarded by DNAT among closed ones",
    args: ["10.64.1.254", "-p", "78-82"],
    notes: [`${FORWARDED}, or a firewall in front sends the RSTs of other ports`],
    open: 1,
  },
  { name: "port-unreach from the host itself", args: ["10.64.1.2", "-p", "600-610"], notes: [OWN_UNREACH], open: 0 },
  {
    name: "LVS without a server",
    args: ["10.64.1.12", "-p", "80,81"],
    notes: [OWN_UNREACH],
    open: 0,
    needs: ["ipvsadm", "ip_vs"],
  },
  {
    name: "tun2socks: every address answers",
    space: "tunnelled",
    args: ["10.70.0.0/22", "-p", "443"],
    ...OWN_ALL,
    open: 1024,
  },
  {
    name: "tun2socks: two ports of one host",
    space: "tunnelled",
    args: ["10.70.0.9", "-p", "22,443"],
    ...OWN,
    open: 2,
  },
  {
    name: "the far end of a tunnel by its other address",
    space: "vpn",
    args: ["10.72.0.1", "-p", "20-25"],
    notes: [NEXT_HOP],
    open: 0,
  },
  { name: "a tunnel to a router", space: "vpn", args: ["10.72.0.2", "-p", "20-25"], open: 1 },
  {
    name: "slirp4netns",
    space: "slirp",
    args: ["10.65.2.2", "-p", "78-82"],
    ...OWN,
    open: 1,
    needs: ["slirp4netns"],
  },
  {
    name: "slirp4netns, only an open port asked",
    space: "slirp",
    args: ["10.65.2.2", "-p", "80"],
    ...OWN,
    open: 1,
    needs: ["slirp4netns"],
  },
  {
    name: "pasta",
    space: "pasta",
    args: ["10.65.2.2", "-p", "78-82"],
    ...OWN,
    open: 1,
    needs: ["pasta"],
  },
  { name: "connect(2) to an ordinary host", args: ["-sT", "10.64.1.2", ...P500], open: 3, slow: true },
  {
    name: "connect(2) to a TCP proxy for every port",
    args: ["-sT", "10.64.1.5", "-p", "1-100"],
    ...PROXY_OF_ALL,
    open: 100,
    slow: true,
  },
  {
    name: "a TCP proxy for every port, every port asked",
    args: ["10.64.1.5", "-p-"],
    suspect: "syn-proxy",
    open: 65_535,
    slow: true,
  },
  { name: "an old stack, every port asked", args: ["10.64.1.7", "-p-"], open: 4, slow: true },
  {
    name: "all of the link together",
    args: ["10.64.1.2,4-9", ...P500],
    suspect: "syn-proxy",
    notes: [`ports 22, 80, 443: ${SYN_PROXY}`, EVERY_PORT],
    open: 3 + 4 + 500 + 3 + 1 + 500 + 2,
    slow: true,
  },
];

/** Says what a case lacks; empty where it can be run. */
export function lackingOf({ needs = [] }: ProxyCase): string {
  const missing = lacking(needs.filter((need) => need !== "ip_vs"));
  if (missing !== "" || !needs.includes("ip_vs")) return missing;
  return new Deno.Command("ipvsadm", { args: ["-L"], stdout: "null", stderr: "null" }).outputSync().success
    ? ""
    : "the kernel has no ip_vs";
}

const PROXIED = "tcp dport { 22, 80, 443 }";
/** As nftables' own page on SYNPROXY has it: SYNs are not tracked, and what is neither theirs nor tracked goes to the proxy. */
const SYNPROXY = [
  `chain early { type filter hook prerouting priority raw; ${PROXIED} tcp flags & (fin|syn|rst|ack) == syn notrack; }`,
  chain("input", [
    `${PROXIED} ct state { invalid, untracked } synproxy mss 1460 wscale 7 timestamp sack-perm`,
    "ct state invalid drop",
  ]),
];
const EVERY_PORT_TO_80 =
  "chain answer { type nat hook prerouting priority dstnat; tcp dport 1-65535 redirect to :80; }";
const NO_KERNEL_TCP = [chain("input", ["meta l4proto tcp drop"])];

/** Makes the lab. */
export async function createProxyLab(): Promise<Lab> {
  const lab = await Lab.create({
    spaces: {
      scanner: {
        forward: true,
        routes: [
          "10.65.0.0/16 via 10.64.1.254",
          "10.66.0.0/24 via 10.64.1.254",
          "10.67.0.0/24 via 10.64.1.10",
          "10.68.0.0/26 via 10.64.1.11",
          "default via 10.64.1.254",
        ],
      },
      plain: { listen: "22,80,443", chains: [chain("input", ["tcp dport 600-610 reject with icmp port-unreachable"])] },
      synproxy: { listen: "22,80,443", chains: SYNPROXY, sysctls: { "net.netfilter.nf_conntrack_tcp_loose": 0 } },
      mixed: { listen: "22,80,443,444", chains: SYNPROXY, sysctls: { "net.netfilter.nf_conntrack_tcp_loose": 0 } },
      redirect: { listen: "80", chains: [EVERY_PORT_TO_80] },
      cookies: { listen: "22,80,443,8000,8080", sysctls: { "net.ipv4.tcp_syncookies": 2 } },
      old: { chains: NO_KERNEL_TCP },
      tarpit: { chains: NO_KERNEL_TCP },
      small: { chains: NO_KERNEL_TCP },
      nearproxy: { listen: "80", local: ["10.67.0.0/24"], chains: [EVERY_PORT_TO_80] },
      farend: { listen: "22,80,443", local: ["10.68.0.0/26"] },
      lvs: {},
      router: {
        forward: true,
        listen: "22",
        routes: ["10.66.0.0/24 via 10.65.1.2"],
        chains: [
          "chain forwarded { type nat hook prerouting priority dstnat; ip daddr 10.64.1.254 tcp dport 80 dnat ip to 10.65.2.2; }",
        ],
      },
      behind: { listen: "80", routes: ["default via 10.65.2.1"] },
      farproxy: {
        listen: "80",
        local: ["10.66.0.0/24"],
        routes: ["default via 10.65.1.1"],
        chains: [EVERY_PORT_TO_80],
      },
      tunnelled: {},
      vpn: {},
      vpnrouter: { forward: true },
      vpnhost: { listen: "22", routes: ["default via 10.72.0.1"] },
      slirp: {},
      pasta: {},
    },
    bridges: [{
      name: "lan",
      members: {
        scanner: "10.64.1.1/24",
        plain: "10.64.1.2/24",
        synproxy: "10.64.1.3/24",
        mixed: "10.64.1.4/24",
        redirect: "10.64.1.5/24",
        cookies: "10.64.1.6/24",
        old: "10.64.1.7/24",
        tarpit: "10.64.1.8/24",
        small: "10.64.1.9/24",
        nearproxy: "10.64.1.10/24",
        farend: "10.64.1.11/24",
        lvs: "10.64.1.12/24",
        router: "10.64.1.254/24",
      },
    }],
    links: [
      { between: ["router", "behind"], addresses: ["10.65.2.1/24", "10.65.2.2/24"] },
      { between: ["router", "farproxy"], addresses: ["10.65.1.1/24", "10.65.1.2/24"] },
      { between: ["vpn", "vpnrouter"], addresses: ["10.71.0.1/24", "10.71.0.2/24"], tunDelayMs: 1 },
      { between: ["vpnrouter", "vpnhost"], addresses: ["10.72.0.1/24", "10.72.0.2/24"] },
    ],
  });
  try {
    await furnish(lab);
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
  return lab;
}

async function furnish(lab: Lab): Promise<void> {
  lab.ip("router", "address add 10.65.0.1/24 dev behind");
  lab.ip("vpn", "route add default via 10.71.0.2");
  const responder = await lab.compile(new URL("../lab/responder.c", import.meta.url));
  lab.ip("tunnelled", "tuntap add dev tun0 mode tun");
  lab.ip("tunnelled", "address add 198.18.0.1/15 dev tun0");
  lab.ip("tunnelled", "link set tun0 up");
  lab.ip("tunnelled", "route add default via 198.18.0.2");
  await Promise.all([
    lab.serve("old", [responder, "packet", "lan", "2048", "0", "64", "80,515,9100,9101"]),
    lab.serve("tarpit", [responder, "packet", "lan", "5", "0", "64", "all"]),
    lab.serve("small", [responder, "packet", "lan", "10", "1460", "64", "80,443"]),
    lab.serve("tunnelled", [responder, "tun", "tun0", "5840", "1460", "255", "all"]),
  ]);
  const inside = (space: string) => `/run/netns/${lab.name(space)}`;
  if (lacking(["slirp4netns"]) === "") {
    const flags = ["--configure", "--netns-type=path", "--ready-fd=1", "--exit-fd=0"];
    await lab.serve("scanner", ["slirp4netns", ...flags, inside("slirp"), "tap0"]);
  }
  if (lacking(["pasta"]) === "") {
    // It prints nothing when it is ready, and does not end with its standard input.
    const pasta =
      `pasta -f --config-net --netns-only -I tap0 --runas 0 --netns ${inside("pasta")} 2>/dev/null & child=$!; ` +
      `until ip -n ${lab.name("pasta")} route | grep -q ^default; do sleep 0.05; done; echo ready; cat; kill $child`;
    await lab.serve("scanner", ["sh", "-c", pasta]);
  }
  if (lackingOf({ name: "", args: [], open: 0, needs: ["ipvsadm", "ip_vs"] }) === "") {
    lab.set("lvs", ["ipvsadm", "-A", "-t", "10.64.1.12:80", "-s", "rr"]);
  }
}

/** Runs the scan of a case. */
export async function runProxyCase(lab: Lab, { space = "scanner", args }: ProxyCase): Promise<ProxyOutcome> {
  const folder = await Deno.makeTempDir();
  try {
    const files = ["-oN", `${folder}/n`, "-oG", `${folder}/g`, "-oX", `${folder}/x`];
    const { code, stdout, stderr, elapsedMs } = await lab.run(space, [...SYNSCAN, "-n", "--json", ...files, ...args]);
    const { summary } = readSynscanJson(stdout);
    if (summary === undefined) throw new Error(`no summary: status ${code}: ${stderr.trim()}`);
    const texts = await Promise.all(["n", "g", "x"].map((name) => Deno.readTextFile(`${folder}/${name}`)));
    const [table, grepable, xml] = [/^\d+\/tcp +open /gm, /\d\/open\/tcp/g, /<state state="open"/g].map((pattern, at) =>
      texts[at]!.match(pattern)?.length ?? 0
    ) as [number, number, number];
    return {
      suspect: suspicionsIn(summary),
      notes: notesIn(stdout),
      trusted: summary.trusted,
      open: summary.open,
      listed: { table, grepable, xml },
      warnings: summary.warnings,
      elapsedMs,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function suspicionsIn({ suspects }: SummaryLine): string {
  const kinds = new Set(suspects.map(({ suspect }) => suspect));
  // Of addresses that are answered on the own side only some are checked for that.
  if (kinds.has("own-side")) kinds.delete("syn-proxy");
  return [...kinds].sort().join(" and ");
}

function notesIn(stdout: string): string[] {
  const notes = stdout.split("\n").filter((line) => line.startsWith('{"type":"host"'))
    .flatMap((line): string[] => JSON.parse(line).notes ?? []);
  return [...new Set(notes)].sort();
}

/** What differs from what a case expects; empty where nothing does. */
export function differences(expected: ProxyCase, outcome: ProxyOutcome): string[] {
  const found: string[] = [];
  const compare = (what: string, wanted: unknown, got: unknown) => {
    if (JSON.stringify(wanted) !== JSON.stringify(got)) {
      found.push(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
    }
  };
  const { open, suspect = "", notes = [], trusted = true } = expected;
  compare("suspect", suspect, outcome.suspect);
  compare("notes", [...notes].sort(), outcome.notes);
  compare("trusted", trusted, outcome.trusted);
  compare("open", open, outcome.open);
  compare("listed in grepable", open, outcome.listed.grepable);
  compare("listed in XML", open, outcome.listed.xml);
  // Many alike are one line of the table; others are listed.
  if (suspect === "" || open <= 100) compare("listed in the table", open, outcome.listed.table);
  return found;
}
