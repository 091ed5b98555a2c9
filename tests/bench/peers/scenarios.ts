/**
 * Scenarios: labs, the commands of each tool, and the ground truth.
 *
 * @module
 */

import { TOP_PORT_COUNT, topPorts } from "../../../src/target/top_ports.ts";
import { chain, type Lab, type LabSpec, rule } from "../../support/lab.ts";
import { serveZones } from "../../support/lab_dns.ts";
import { readSynscanJson, SYNSCAN } from "../../support/lab_synscan.ts";
import { type GroundTruth, groundTruth, hostsFrom } from "../../support/lab_verdicts.ts";
import {
  askMasscan,
  askNmap,
  askNmapForLink,
  askNmapForNames,
  askNmapWithPings,
  askSynscan,
  askSynscanAsUser,
  askSynscanForAll,
  askSynscanForEchoes,
  askSynscanForLink,
  askSynscanForNames,
  askSynscanToRecord,
  askZmap,
  askZmapForEchoes,
  ECHO_PORT,
  type Job,
  NAME_PORT,
  PRESENT_PORT,
  type Question,
  type Tool,
  writing,
} from "./tools.ts";

/** One tool in one scenario. */
export interface Contestant extends Question {
  /** The ground truth of the scanned ports; empty where it only sends. */
  readonly truth: GroundTruth;
  /** The bar for synscan, compared with this contestant or by itself. */
  readonly bar?: Bar;
  /** The contestant that this one is compared with; the scenario's first by default. */
  readonly against?: string;
  /** Takes so long that it runs once, and not at all in a quick run. */
  readonly slow?: boolean;
  /** Runs this often in a full run. */
  readonly runs?: number;
  /** The rate that it says it reached, from its answer; its ports a second by default. */
  readonly ratePps?: (answer: string) => number;
  /** A space and its device on which to see when the first and the last packet passed. */
  readonly watch?: { readonly space: string; readonly device: string };
}

/** The bar for synscan. Without `slower` the contestant is synscan itself, and has to be right in every run. */
export interface Bar {
  /** This peer takes at least so many times as long as the one it is compared with. */
  readonly slower?: number;
  /** This one takes at most so many times as long as the one it is compared with. */
  readonly within?: number;
  /** This one takes at most so many milliseconds more than the one it is compared with. */
  readonly longerMs?: number;
  /** This one's rate is at least so many times that of the one it is compared with. */
  readonly faster?: number;
  /** Median wall time, in milliseconds. */
  readonly withinMs?: number;
  /** Time between first and last packet seen by the watch, in milliseconds. */
  readonly watchedWithinMs?: number;
  /** This one's peak memory is at most so many times that of the one it is compared with. */
  readonly peakWithin?: number;
}

/** A lab and who competes in it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly lab: LabSpec;
  readonly contestants: (lab: Lab, tools: readonly Tool[]) => Contestant[] | Promise<Contestant[]>;
  /** Peers that cannot take part, and why. */
  readonly absent?: (tools: readonly Tool[]) => string[];
}

const SCANNER = "10.64.1.1";
const TARGET = "10.64.1.2";

const ALL_PORTS = "0-65535";
/** Scans that others are compared with: a busy machine makes them half as long again. */
const SCAN_RUNS = 9;

/** A target on the scanner's own Ethernet that is its gateway too. */
function pair(target: LabSpec["spaces"][string]): LabSpec {
  return {
    spaces: { scanner: { routes: [`default via ${TARGET}`] }, target },
    links: [{ between: ["scanner", "target"], addresses: [`${SCANNER}/24`, `${TARGET}/24`] }],
  };
}

function macOf(lab: Lab, space: string, device: string): string {
  const [link] = JSON.parse(lab.set(space, ["ip", "-j", "link", "show", device]));
  return link.address;
}

function job(lab: Lab, targets: readonly string[], ports: string): Job {
  return { targets, ports, device: "target", sourceIp: SCANNER, nextHopMac: macOf(lab, "target", "scanner") };
}

/** The least that a scan of a neighbour can do in TypeScript, `least_scan.ts`: it prints open ports, and that all have replied. */
function leastScan(
  lab: Lab,
  { nextHopMac }: Pick<Job, "nextHopMac">,
  [first, last]: readonly [number, number],
): Question {
  const [{ ifindex, address }] = JSON.parse(lab.set("scanner", ["ip", "-j", "link", "show", "target"]));
  const program = new URL("least_scan.ts", import.meta.url).pathname;
  const facts = [first, last, SCANNER, TARGET, ifindex, address, nextHopMac].map(String);
  return {
    name: "the least scan in TypeScript",
    argv: (file) => writing(file, [Deno.execPath(), "run", "--no-check", "--allow-ffi", program, ...facts]),
    read: (answer) =>
      (JSON.parse(answer).open as number[]).map((port) => ({ ip: TARGET, port, state: "open", reason: "syn-ack" })),
    openOnly: true,
  };
}

/** Every masscan and zmap that can be asked for this job. */
function stateless(tools: readonly Tool[], job: Job, truth: GroundTruth, bars: Record<string, Bar>): Contestant[] {
  return tools.flatMap((tool) => {
    const question = tool.kind === "masscan"
      ? askMasscan(tool, job)
      : tool.kind === "zmap"
      ? askZmap(tool, job)
      : undefined;
    const bar = bars[tool.kind];
    return question === undefined ? [] : [{ ...question, truth, ...(bar === undefined ? {} : { bar }) }];
  });
}

function nmaps(
  tools: readonly Tool[],
  ask: (tool: Tool) => Question,
  rest: Omit<Contestant, keyof Question>,
): Contestant[] {
  return tools.filter(({ kind }) => kind === "nmap").map((tool) => ({ ...ask(tool), ...rest }));
}

function closedBut(ip: string | readonly string[], ports: string, open: string): GroundTruth {
  return groundTruth([[ip, ports, "closed", "reset"], [ip, open, "open", "syn-ack"]]);
}

const ports: Scenario = {
  name: "ports",
  title: "1 host x 65,536 ports, RST for closed",
  lab: pair({ listen: "443" }),
  contestants: async (lab, tools) => {
    const asked = job(lab, [TARGET], ALL_PORTS), truth = closedBut(TARGET, ALL_PORTS, "443");
    const peer = { truth, runs: SCAN_RUNS, bar: { slower: 1 / 0.45 } };
    const loop = await senderIn(lab, asked);
    const floor = [...DENO_ALONE, "&&", ...loop("ethernet", { count: 65_536, hosts: 1, firstHost: TARGET })].join(" ");
    return [
      { ...askSynscan(asked), truth, runs: SCAN_RUNS, bar: {} },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n"), peer),
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5"), peer),
      { ...leastScan(lab, asked, [0, 65_535]), truth, runs: SCAN_RUNS },
      // No scan in Deno takes less.
      {
        name: "Deno alone, then sendmmsg in C",
        argv: (file) => writing(file, ["sh", "-c", floor]),
        read: () => [],
        truth: new Map(),
        runs: SCAN_RUNS,
      },
      { ...askSynscan(asked, "--transport", "sendto"), truth, bar: { withinMs: 3000 } },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-T5"), { truth, bar: { slower: 20 }, slow: true }),
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5", "--min-rate", "200000"), { truth, slow: true }),
      ...stateless(tools, asked, truth, { masscan: { slower: 10 }, zmap: { slower: 3 } }),
    ];
  },
};

const hosts: Scenario = {
  name: "hosts",
  title: "65,536 hosts x 1 open port, beyond a gateway",
  lab: pair({ listen: "443", local: ["10.65.0.0/16"] }),
  contestants: (lab, tools) => {
    const asked = job(lab, ["10.65.0.0/16"], "443");
    const truth = groundTruth([[hostsFrom("10.65.0.0", 65_536), "443", "open", "syn-ack"]]);
    return [
      { ...askSynscan(asked, "-T5"), truth, runs: SCAN_RUNS, bar: {} },
      ...stateless(tools, asked, truth, { zmap: { slower: 2 } }),
      // As everybody begins: politely, with no more than 10,000 probes a second.
      { ...askSynscan(asked), truth, bar: { withinMs: 15_000 } },
    ];
  },
};

const IPV6_TARGET = "2001:db8:1::2";

/** The same scans by each version of IP: that of IPv6 may take a little longer, for its headers are. */
const ipv6: Scenario = {
  name: "ipv6",
  title: "IPv6 beside IPv4: 1 host x 65,536 ports; 65,536 hosts, of IPv6 a /112, x 1 open port",
  lab: {
    spaces: {
      scanner: { routes: [`default via ${TARGET}`, `default via ${IPV6_TARGET}`] },
      target: { listen: "443", local: ["10.65.0.0/16", "2001:db8:65::/112"] },
    },
    links: [{
      between: ["scanner", "target"],
      addresses: [`${SCANNER}/24 2001:db8:1::1/64`, `${TARGET}/24 ${IPV6_TARGET}/64`],
    }],
  },
  contestants: () => {
    const hosts6 = Array.from({ length: 65_536 }, (_, i) => `2001:db8:65::${i === 0 ? "" : i.toString(16)}`);
    const open = (hosts: readonly string[]) => groundTruth([[hosts, "443", "open", "syn-ack"]]);
    const beside = (
      [one, other]: readonly [target: string, target: string],
      ports: string,
      [truth, truth6]: readonly [GroundTruth, GroundTruth],
      ...flags: string[]
    ): Contestant[] => {
      const ask = (target: string) => {
        const question = askSynscan({ targets: [target], ports }, ...flags);
        return { ...question, name: `${question.name} ${target}`, runs: SCAN_RUNS };
      };
      const ipv4 = { ...ask(one), truth, bar: {} };
      return [ipv4, { ...ask(other), truth: truth6, bar: { within: 1.15 }, against: ipv4.name }];
    };
    const ofPorts = [closedBut(TARGET, ALL_PORTS, "443"), closedBut(IPV6_TARGET, ALL_PORTS, "443")] as const;
    return [
      ...beside([TARGET, IPV6_TARGET], ALL_PORTS, ofPorts),
      ...beside(
        ["10.65.0.0/16", "2001:db8:65::/112"],
        "443",
        [open(hostsFrom("10.65.0.0", 65_536)), open(hosts6)],
        "-T5",
      ),
    ];
  },
};

/** Closed ports of UDP, of one host and of a whole network, without a limit of ICMP errors. */
const udp: Scenario = {
  name: "udp",
  title: "UDP: 1 host x 65,535 ports, 254 hosts x 20 ports, all closed, no limit of ICMP errors",
  lab: pair({ local: ["10.65.0.0/24"] }),
  contestants: (lab) => {
    // Sockets send nothing to port 0.
    const one = job(lab, [TARGET], "1-65535"), many = job(lab, ["10.65.0.1-254"], "1000-1019");
    const closed = (ip: string | readonly string[], ports: string) =>
      groundTruth([[ip, ports, "closed", "port-unreach"]]);
    const raw = askSynscan(one, "-sU");
    const truth = closed(TARGET, one.ports);
    const cache = lab.folder();
    Deno.chmodSync(cache, 0o777);
    return [
      { ...raw, truth, runs: SCAN_RUNS, bar: { withinMs: 5000 } },
      { ...askSynscanAsUser(one, cache, "-sU"), truth, runs: SCAN_RUNS, bar: { faster: 0.6 }, against: raw.name },
      {
        ...askSynscan(many, "-sU", "-T5"),
        truth: closed(hostsFrom("10.65.0.1", 254), many.ports),
        bar: { withinMs: 10_000 },
      },
    ];
  },
};

/** The command line of Deno with an empty program. */
const DENO_ALONE = [Deno.execPath(), "run", "--no-config", "--ext=ts", "/dev/null"];

/** A job of the sender in C: how many probes, from which number on, to how many hosts, how many to a call, and what takes the replies. */
interface Sending {
  readonly count: number;
  readonly from?: number;
  readonly hosts?: number;
  readonly firstHost?: string;
  readonly batch?: number;
  readonly receivers?: "none" | "one" | "filtered" | "fanout";
}

/** Compiles the sender in C; returns a function that gives its command line for a way of sending. */
async function senderIn(lab: Lab, asked: Job): Promise<(way: string, sending: Sending) => string[]> {
  const loop = await lab.compile(new URL("send_loop.c", import.meta.url));
  return (way, { count, from = 0, hosts = 65_536, firstHost = "10.65.0.0", batch = 64, receivers = "none" }) => [
    ...[loop, way, `${count}`, SCANNER, firstHost, asked.device, asked.nextHopMac],
    ...[from, hosts, batch, receivers].map(String),
  ];
}

/** Runs several commands at once. */
function together(commands: readonly (readonly string[])[]): string[] {
  return ["sh", "-c", `${commands.map((words) => `${words.join(" ")} &`).join(" ")} wait`];
}

const PROBES_SENT = 65_536 * 16;

/** The port that is open on every host of a million ports. */
const MILLION_OPEN = "16";
/** Runs of some seconds each. */
const MILLION_RUNS = 5;

/** Beside the open ports, the number of closed ones, as a sighting. */
function withClosed(question: Question): Question {
  return {
    ...question,
    read: (answer) => {
      const { ports, summary } = readSynscanJson(answer);
      const counts = `${summary?.open} open, ${summary?.closed} closed, ${
        summary?.trusted ? "trusted" : "not trusted"
      }`;
      return [...ports, { ip: "all hosts", port: 0, state: counts, reason: "" }];
    },
  };
}

/** A scan of hosts, most of whose ports are closed, that all reply. */
const million: Scenario = {
  name: "million",
  title: "65,536 hosts x 16 ports, one open on each; C only sends, to the same live target",
  lab: pair({ listen: MILLION_OPEN, local: ["10.65.0.0/16"] }),
  contestants: async (lab, tools) => {
    const asked = job(lab, ["10.65.0.0/16"], "1-16");
    const open = groundTruth([[hostsFrom("10.65.0.0", 65_536), MILLION_OPEN, "open", "syn-ack"]]);
    const closed = PROBES_SENT - open.size;
    const truth = new Map(open).set("all hosts:0", {
      state: `${open.size} open, ${closed} closed, trusted`,
      reasons: [],
    });
    const loop = await senderIn(lab, asked);
    const rest = { runs: MILLION_RUNS };
    const inC = (name: string, command: readonly string[]): Contestant => ({
      name,
      argv: (file) => writing(file, command),
      read: () => [],
      truth: new Map(),
      ratePps: sumOfLines,
      ...rest,
    });
    const half = PROBES_SENT / 2;
    const one = inC("sendmmsg in C", loop("ethernet", { count: PROBES_SENT }));
    const two = inC(
      "two sendmmsg in C, half each",
      together([0, half].map((from) => loop("ethernet", { count: half, from }))),
    );
    const scan = {
      ...rest,
      truth,
      ratePps: rateOfScan,
    };
    const scans = [[1, 1.6, one], [2, 2, two]] as const;
    const ports = { truth: open, slow: true, openOnly: true };
    return [
      one,
      two,
      ...scans.flatMap(([workers, within, { name: against }]) => {
        const json: Contestant = {
          ...withClosed(askSynscan(asked, "-T5", "--open", "--workers", `${workers}`)),
          ...scan,
          bar: { within },
          against,
        };
        const all = withClosed(askSynscanForAll(asked, "-T5", "--open", "--workers", `${workers}`));
        return [json, { ...all, ...scan, bar: { within: 1.5 }, against: json.name }];
      }),
      ...stateless(tools, asked, open, {}),
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5", "--min-rate", "100000"), ports),
    ];
  },
  absent: (tools) =>
    tools.some(({ kind, major }) => kind === "zmap" && major >= 4)
      ? []
      : ["zmap 4: skipped, earlier versions know one port a scan. Name its program with --peer"],
};

/** Returns the sum of the rates that programs have printed, a line each. */
function sumOfLines(answer: string): number {
  return answer.trim().split("\n").reduce((sum, line) => sum + parseFloat(line), 0);
}

/** Returns the rate of a scan without the start of the program and what is put in order at the end: of those the wall time tells. */
function rateOfScan(answer: string): number {
  const { probes = 0, elapsed_ms = Infinity } = readSynscanJson(answer).summary ?? {};
  return probes / elapsed_ms * 1000;
}

const transports: Scenario = {
  name: "transports",
  title: "1,048,576 probes to a live target by each of the kernel's ways to send, in C",
  lab: pair({ listen: MILLION_OPEN, local: ["10.65.0.0/16"] }),
  contestants: async (lab) => {
    const asked = job(lab, ["10.65.0.0/16"], "1-16");
    const loop = await senderIn(lab, asked);
    const way = (name: string, ...commands: (readonly string[])[]): Contestant => ({
      name,
      argv: (file) => writing(file, together(commands)),
      read: () => [],
      truth: new Map(),
      runs: MILLION_RUNS,
      ratePps: sumOfLines,
    });
    const all = { count: PROBES_SENT };
    const halves = [0, all.count / 2].map((from) => loop("ethernet", { count: all.count / 2, from }));
    return [
      way("AF_PACKET, sendmmsg of 64", loop("ethernet", all)),
      ...[16, 256, 1024].map((batch) => way(`AF_PACKET, sendmmsg of ${batch}`, loop("ethernet", { ...all, batch }))),
      way("PACKET_QDISC_BYPASS", loop("bypass", all)),
      way("PACKET_TX_RING", loop("ring", all)),
      way("PACKET_TX_RING, 1,024 to a call", loop("ring", { ...all, batch: 1024 })),
      way("PACKET_TX_RING and PACKET_QDISC_BYPASS", loop("ring-bypass", all)),
      way("io_uring, SQPOLL", loop("uring", all)),
      way("AF_XDP, copy mode", loop("xdp", all)),
      way("raw socket, sendmmsg of 64", loop("raw", all)),
      way("AF_PACKET, two at once, half each", ...halves),
      way("AF_PACKET, replies to a ring", loop("ethernet", { ...all, receivers: "one" })),
      way("AF_PACKET, replies to two rings by filters", loop("ethernet", { ...all, receivers: "filtered" })),
      way("AF_PACKET, replies to two rings by PACKET_FANOUT", loop("ethernet", { ...all, receivers: "fanout" })),
    ];
  },
};

/** Workers send four times as many: for a second or so, compilers of each thread are in the way of the others. */
const WORKERS_PORTS = "1-64";
/** A second each, in which a busy machine is easily caught: more runs than of others. */
const SEND_RUNS = 7;
const WORKERS_RUNS = 5;

const send: Scenario = {
  name: "send",
  title: "sending alone, to a device that drops: 1,048,576 probes, workers 4,194,304; rates as each says",
  lab: pair({ local: ["10.65.0.0/16"] }),
  contestants: async (lab) => {
    lab.set("target", [
      "nft",
      // ARP is answered: without a next hop there is no lane.
      "table netdev lab { chain early { type filter hook ingress device scanner priority 0; meta protocol ip drop; }; }",
    ]);
    const asked = job(lab, ["10.65.0.0/16"], WORKERS_PORTS);
    const flags = ["-sS", "--max-retries", "0", "--timeout", "100ms", "--open", "--min-rate", "10000000"];
    const synscan = (name: string, ...more: string[]): Contestant => ({
      ...askSynscan(asked, ...flags, ...more),
      name: `synscan ${name}`,
      truth: new Map(),
      runs: WORKERS_RUNS,
      ratePps: (answer) => readSynscanJson(answer).summary?.rate_pps ?? 0,
    });
    const loop = await senderIn(lab, asked);
    const sendInC = (way: "raw" | "ethernet") => loop(way, { count: PROBES_SENT });
    const inC = (way: "raw" | "ethernet"): Contestant => ({
      name: `sendmmsg in C, ${way}`,
      argv: (file) => writing(file, sendInC(way)),
      read: () => [],
      truth: new Map(),
      runs: SEND_RUNS,
      ratePps: (answer) => parseFloat(answer),
    });
    // What a second sender can bring on this machine at all: each sends all of the probes.
    const twiceInC = (way: "raw" | "ethernet"): Contestant => ({
      ...inC(way),
      name: `sendmmsg in C, ${way}, two at once`,
      argv: (file) => writing(file, together([sendInC(way), sendInC(way)])),
      ratePps: sumOfLines,
      against: inC(way).name,
    });
    const path = (way: "sendmmsg" | "ethernet", against: Contestant): Contestant => ({
      name: `synscan's send path, ${way}`,
      argv: (file) => [
        ...writing(file, [
          ...[Deno.execPath(), "run", "--allow-ffi", new URL("send_path.ts", import.meta.url).pathname],
          ...[way, String(PROBES_SENT), "10.65.0.0"],
        ]),
      ],
      read: () => [],
      truth: new Map(),
      runs: SEND_RUNS,
      ratePps: (answer) => parseFloat(answer),
      bar: { faster: 0.9 },
      against: against.name,
    });
    const workers = (way: "sendmmsg" | "ethernet", count: number) =>
      synscan(`${way}, ${count} worker${count > 1 ? "s" : ""}`, "--transport", way, "--workers", `${count}`);
    return [
      inC("raw"),
      twiceInC("raw"),
      inC("ethernet"),
      twiceInC("ethernet"),
      path("sendmmsg", inC("raw")),
      path("ethernet", inC("ethernet")),
      { ...workers("sendmmsg", 1), against: inC("raw").name },
      { ...workers("sendmmsg", 2), bar: { faster: 1.7 }, against: workers("sendmmsg", 1).name },
      { ...workers("ethernet", 1), against: inC("ethernet").name },
      // One worker has a thread that sends beside it.
      { ...workers("ethernet", 2), bar: { faster: 0.5 }, against: twiceInC("ethernet").name },
    ];
  },
};

function loss(percent: number, patience: string, slower: number): Scenario {
  return {
    name: `loss${percent}`,
    title: `5,000 ports, ${percent} % loss each way`,
    lab: pair({
      listen: "1000-1049",
      chains: [chain("input", [rule.lose(percent)]), chain("output", [rule.lose(percent)])],
    }),
    contestants: (_lab, tools) => {
      const asked = { targets: [TARGET], ports: "1-5000" }, truth = closedBut(TARGET, "1-5000", "1000-1049");
      return [
        { ...askSynscan(asked), truth, runs: 20, bar: {} },
        ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", patience), { truth, bar: { slower }, slow: true }),
        ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5"), { truth, runs: 2 }),
      ];
    },
  };
}

const cap: Scenario = {
  name: "cap",
  title: "1,000 ports, RST limited to 250 a second (4 s by itself)",
  lab: pair({ listen: "80", chains: [chain("output", [rule.capResets(250)])] }),
  contestants: (_lab, tools) => {
    const asked = { targets: [TARGET], ports: "1-1000" }, truth = closedBut(TARGET, "1-1000", "80");
    return [
      { ...askSynscan(asked), truth, bar: { withinMs: 6000 } },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n"), { truth, runs: 2 }),
    ];
  },
};

const twoHosts: Scenario = {
  name: "cap2",
  title: "1,000 ports of two hosts, RST of one limited to 250 a second; watched: the other",
  lab: {
    spaces: {
      scanner: {},
      capped: { listen: "80", chains: [chain("output", [rule.capResets(250)])] },
      free: { listen: "80" },
    },
    bridges: [{ name: "lan", members: { scanner: `${SCANNER}/24`, capped: TARGET + "/24", free: "10.64.1.3/24" } }],
  },
  contestants: (_lab, tools) => {
    const asked = { targets: [TARGET, "10.64.1.3"], ports: "1-1000" };
    const truth = closedBut(asked.targets, asked.ports, "80"), watch = { space: "free", device: "lan" };
    return [
      { ...askSynscan(asked), truth, watch, bar: { withinMs: 6000, watchedWithinMs: 1000 } },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n"), { truth, watch, runs: 2 }),
    ];
  },
};

const dropped: Scenario = {
  name: "dropped",
  title: "65,535 dropped ports and one open",
  lab: pair({ listen: "4443", chains: [chain("input", ["tcp dport != 4443 drop"])] }),
  contestants: (lab, tools) => {
    const asked = job(lab, [TARGET], ALL_PORTS);
    const truth = groundTruth([[TARGET, ALL_PORTS, "filtered", "no-response"], [TARGET, "4443", "open", "syn-ack"]]);
    return [
      { ...askSynscan(asked, "-T5"), truth, bar: { withinMs: 3000 } },
      { ...askSynscan(asked), truth, bar: { withinMs: 15_000 } },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5", "--min-rate", "100000"), { truth }),
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5"), { truth, slow: true }),
      ...stateless(tools, asked, groundTruth([[TARGET, "4443", "open", "syn-ack"]]), {}),
    ];
  },
};

const flood: Scenario = {
  name: "flood",
  title: "1 host x 65,536 ports, asked for more than the machine can send",
  lab: pair({ listen: "443" }),
  contestants: (_lab, tools) => {
    const asked = { targets: [TARGET], ports: ALL_PORTS }, truth = closedBut(TARGET, ALL_PORTS, "443");
    return [
      { ...askSynscan(asked, "--min-rate", "10000000"), truth, runs: 5, bar: { withinMs: 3000 } },
      ...nmaps(tools, (tool) => askNmap(tool, asked, "-n", "-T5", "--min-rate", "10000000"), { truth, slow: true }),
    ];
  },
};

const DELAYS = [0, 100, 300];

const delays: Scenario = {
  name: "delay",
  title: "20,000 ports over a tun device, by round trip",
  lab: {
    spaces: { scanner: {}, ...Object.fromEntries(DELAYS.map((ms) => [`far${ms}`, { listen: "80" }])) },
    links: DELAYS.map((ms, i) => ({
      between: ["scanner", `far${ms}`],
      addresses: [`10.64.${10 + i}.1/24`, `10.64.${10 + i}.2/24`],
      tunDelayMs: ms / 2,
    })),
  },
  contestants: (_lab, tools) =>
    DELAYS.flatMap((ms, i) => {
      const ip = `10.64.${10 + i}.2`;
      const asked = { targets: [ip], ports: "1-20000" }, truth = closedBut(ip, asked.ports, "80");
      return [
        { ...askSynscan(asked), name: `synscan, ${ms} ms`, truth, bar: { withinMs: 1500 + 5 * ms } },
        ...nmaps(tools, (tool) => ({ ...askNmap(tool, asked, "-n", "-T5"), name: `${tool.label} -T5, ${ms} ms` }), {
          truth,
          slow: true,
          against: `synscan, ${ms} ms`,
        }),
      ];
    }),
};

const BEHIND = "10.66.0.0/24";
const BEHIND_UP = [10, 40, 90, 120, 160, 200, 250].map((host) => `10.66.0.${host}`);

/**
 * 256 addresses behind a router, of which 7 have a host that replies to pings: 4 whose other ports are closed, and 3 behind a
 * firewall. Of the others the router reports nothing, or what its kernel reports of absent neighbors.
 */
function behindRouter(reports: boolean): LabSpec {
  const firewalled = BEHIND_UP.slice(4).join(", ");
  const local = BEHIND_UP.slice(reports ? 1 : 0).map((ip) => `${ip}/32`);
  const drop = chain("input", [
    `ip daddr { ${firewalled} } tcp flags & (syn | ack) == syn tcp dport != { 22, 443 } drop`,
  ]);
  const sysctls = { "net.ipv4.icmp_ratemask": 6168 };
  return {
    spaces: {
      scanner: { routes: [`default via ${TARGET}`] },
      router: { forward: true, sysctls, routes: reports ? [] : [`${BEHIND} via 10.64.2.2`] },
      // A route to the scanner makes it reply; what is for no host of its own is dropped.
      hosts: {
        local,
        listen: "22,443,8080",
        chains: [drop],
        routes: [`default via ${reports ? "10.66.0.1" : "10.64.2.1"}`],
      },
    },
    links: [
      { between: ["scanner", "router"], addresses: [`${SCANNER}/24`, `${TARGET}/24`] },
      {
        between: ["router", "hosts"],
        addresses: reports ? ["10.66.0.1/24", "10.66.0.10/24"] : ["10.64.2.1/24", "10.64.2.2/24"],
      },
    ],
  };
}

function onlyOpen(question: Question): Question {
  return { ...question, read: (answer) => question.read(answer).filter(({ state }) => state === "open") };
}

function beyond(reports: boolean): Scenario {
  return {
    name: reports ? "absent" : "silent",
    title: `256 hosts x 1,000 ports behind a router, 7 up, the others ${reports ? "reported" : "silent"}`,
    lab: behindRouter(reports),
    contestants: (_lab, tools) => {
      const asked = { targets: [BEHIND], ports: "1-1000,8080" };
      const truth = groundTruth([[BEHIND_UP, "22,443", "open", "syn-ack"], [
        BEHIND_UP.slice(0, 4),
        "8080",
        "open",
        "syn-ack",
      ]]);
      return [
        { ...onlyOpen(askSynscan(asked, "-T4")), truth, bar: {} },
        { ...onlyOpen(askSynscan(asked)), truth },
        ...nmaps(tools, (tool) => onlyOpen(askNmapWithPings(tool, asked, "-n", "-T4")), {
          truth,
          bar: { slower: 1 / 1.2 },
        }),
      ];
    },
  };
}

/** Hosts of the sweep: one in each /24, at different places. */
const SWEPT = Array.from({ length: 256 }, (_, index) => `10.66.${index}.${(37 * index + 11) % 256}`);
const SWEEP_LOSS = 5;

const sweep: Scenario = {
  name: "sweep",
  title: `pings to a /16 behind a router, 256 hosts up, the others silent, ${SWEEP_LOSS} % loss each way`,
  lab: {
    spaces: {
      scanner: { routes: [`default via ${TARGET}`] },
      router: {
        forward: true,
        routes: ["10.66.0.0/16 via 10.64.2.2"],
        chains: [chain("forward", [rule.lose(SWEEP_LOSS)])],
      },
      hosts: {
        local: ["10.66.0.0/16"],
        routes: ["default via 10.64.2.1"],
        chains: [chain("input", [`ip daddr 10.66.0.0/16 ip daddr != { ${SWEPT.join(", ")} } drop`])],
      },
    },
    links: [
      { between: ["scanner", "router"], addresses: [`${SCANNER}/24`, `${TARGET}/24`] },
      { between: ["router", "hosts"], addresses: ["10.64.2.1/24", "10.64.2.2/24"] },
    ],
  },
  contestants: (lab, tools) => {
    const asked = {
      ...{ targets: ["10.66.0.0/16"], ports: "", device: "router", sourceIp: SCANNER },
      nextHopMac: macOf(lab, "router", "scanner"),
    };
    const truth = groundTruth([[SWEPT, String(ECHO_PORT), "up", "echo-reply"]]);
    // With one request to each address zmap misses the hosts whose request or reply is lost: no scanner finds all of them in that number
    // of packets. At 50,000 a second there is time for more of them while it waits; at 10,000 it has to send as many as it takes. Its
    // rate is one of addresses, not of packets.
    return ([[10_000, 5], [50_000, 1]] as const).flatMap(([pps, requests]) => {
      const zmapOf = (each: number) => (tool: Tool): Contestant => ({
        ...askZmapForEchoes(tool, asked, "-r", String(pps / each), ...each > 1 ? ["-P", String(each)] : []),
        truth,
      });
      const found = tools.filter(({ kind }) => kind === "zmap");
      const against = found[0] && zmapOf(requests)(found[0]).name;
      return [
        ...found.flatMap((tool) => [1, 5].map((each) => zmapOf(each)(tool))),
        {
          ...askSynscanForEchoes(asked, "--max-rate", String(pps)),
          truth,
          bar: against === undefined ? {} : { longerMs: 1000 },
          ...against === undefined ? {} : { against },
        },
      ];
    });
  },
};

/** Leaves out the scanner's own address, whose ports are those of this machine. */
function ofOthers(question: Question): Question {
  return { ...question, read: (answer) => question.read(answer).filter(({ ip }) => ip !== OWN) };
}

const OWN = "10.66.0.1";

/**
 * A network on one link, of which `up` addresses have a host. The others are absent.
 *
 * @param flag The flag that chooses the ports; nothing for those that each tool probes by itself, as with `-F` not quite the same.
 */
function onLink(prefixLen: number, up: number, flag: "" | "-F", slower: number): Scenario {
  const size = 2 ** (32 - prefixLen);
  const gap = Math.floor(size / (up + 1));
  const hosts = Array.from({ length: up }, (_, at) => hostsFrom("10.66.0.0", gap * (at + 1) + 1).at(-1)!);
  const [first, ...others] = hosts;
  return {
    name: `link${prefixLen}`,
    title: `a /${prefixLen} on an own link x ${flag || "default ports"}, ${up} hosts up, the others absent`,
    lab: {
      spaces: { scanner: {}, hosts: { listen: "80", local: others.map((ip) => `${ip}/32`) } },
      links: [{
        between: ["scanner", "hosts"],
        addresses: [`${OWN}/${prefixLen}`, `${first}/${prefixLen}`],
      }],
    },
    contestants: (_lab, tools) => {
      const asked = { targets: [`10.66.0.0/${prefixLen}`], ports: flag };
      const truth = closedBut(hosts, topPorts(flag === "" ? TOP_PORT_COUNT : 100).join(), "80");
      return [
        { ...ofOthers(askSynscan(asked)), truth, bar: {} },
        ...nmaps(tools, (tool) => onlyOpen(askNmapWithPings(tool, asked, "-n")), {
          truth: groundTruth([[hosts, "80", "open", "syn-ack"]]),
          bar: { slower },
          slow: size > 1024,
        }),
      ];
    },
  };
}

const LINK_HOSTS = Array.from({ length: 20 }, (_, at) => `host${at}`);

const link6: Scenario = {
  name: "link6",
  title: "the IPv6 hosts of an own link, without a list: 20 hosts and the bridge",
  lab: {
    spaces: Object.fromEntries(["scanner", ...LINK_HOSTS].map((name) => [name, {}])),
    bridges: [{
      name: "lan",
      members: Object.fromEntries(["scanner", ...LINK_HOSTS].map((name, at) => [name, `2001:db8:1::${at + 1}/64`])),
    }],
  },
  contestants: (lab, tools) => {
    const addresses = ["bridge-lan", ...LINK_HOSTS].flatMap((space) => {
      const [device] = JSON.parse(lab.set(space, ["ip", "-j", "-6", "address", "show", "dev", "lan"]));
      return device.addr_info.map(({ local }: { local: string }) => local);
    });
    const truth = groundTruth([[addresses, String(PRESENT_PORT), "up"]]);
    const peers = nmaps(tools, (tool) => askNmapForLink(tool, "lan"), { truth });
    return [{ ...askSynscanForLink("lan"), truth, bar: { withinMs: 3000 } }, ...peers];
  },
};

const history: Scenario = {
  name: "history",
  title: "16 hosts x 65,536 ports, RST for closed: a million results into a new history; rates while scanning",
  lab: pair({ listen: "443", local: ["10.65.0.0/28"] }),
  contestants: (lab) => {
    const asked = job(lab, ["10.65.0.0/28"], ALL_PORTS);
    const truth = closedBut(hostsFrom("10.65.0.0", 16), ALL_PORTS, "443");
    const flags = ["-T5", "--open"];
    const rest = {
      truth,
      openOnly: true,
      runs: SCAN_RUNS,
      ratePps: rateOfScan,
    };
    const alone = { ...askSynscan(asked, ...flags), ...rest, bar: {} };
    return [
      alone,
      { ...askSynscanToRecord(asked, ...flags), ...rest, bar: { faster: 0.9 }, against: alone.name },
    ];
  },
};

const NAMED = 10_000;

const names: Scenario = {
  name: "names",
  title: "names of 10,000 hosts from a server that loses 20 %; synscan probes a port of each besides",
  lab: pair({
    local: ["10.65.0.0/16"],
    chains: [chain("input", ["udp dport 53 numgen random mod 100 < 20 drop"])],
  }),
  contestants: async (lab, tools) => {
    const ips = hostsFrom("10.65.0.0", NAMED);
    const nameOf = (ip: string) => `host-${ip.replaceAll(".", "-")}.example`;
    const truth: GroundTruth = new Map(ips.map((ip) => [`${ip}:${NAME_PORT}`, { state: nameOf(ip), reasons: [] }]));
    await serveZones(lab, "target", {
      "65.10.in-addr.arpa": ips.map((ip) => `${ip.split(".").slice(2).reverse().join(".")} PTR ${nameOf(ip)}.`),
    });
    const asked = { targets: ["10.65.0-38.0-255", "10.65.39.0-15"], ports: "80" };
    return [
      { ...askSynscanForNames(asked, TARGET, "-T5"), truth, bar: {} },
      ...nmaps(tools, (tool) => askNmapForNames(tool, asked, TARGET), { truth, bar: { slower: 5 } }),
      // Politely, with no more than 10,000 probes a second.
      { ...askSynscanForNames(asked, TARGET), truth, bar: {} },
    ];
  },
};

/** Runs of a fifth of a second, half of which is the start of a program. */
const SMALL_RUNS = 21;

const SMALL_PORTS = "1-1000";

const small: Scenario = {
  name: "small",
  title: "1,000 ports of this machine and of a neighbour",
  lab: pair({ listen: "443" }),
  contestants: (lab, tools) => {
    const compared = [["127.0.0.1", "loopback", ""], [TARGET, "neighbour", "443"]].flatMap(
      ([ip = "", where, open = ""]) => {
        const asked = { targets: [ip], ports: SMALL_PORTS };
        const truth = open === ""
          ? groundTruth([[ip, asked.ports, "closed", "reset"]])
          : closedBut(ip, asked.ports, open);
        const named = (question: Question) => ({ ...question, name: `${question.name}, ${where}` });
        const peers = nmaps(tools, (tool) => named(askNmap(tool, asked, "-n")), { truth, runs: SMALL_RUNS });
        const against = peers[0] === undefined ? {} : { against: peers[0].name };
        return [...peers, { ...named(askSynscan(asked)), truth, runs: SMALL_RUNS, bar: { within: 1.5 }, ...against }];
      },
    );
    const least = leastScan(lab, job(lab, [TARGET], SMALL_PORTS), [1, 1000]);
    return [...compared, { ...least, truth: closedBut(TARGET, SMALL_PORTS, "443"), runs: SMALL_RUNS }];
  },
};

const starting: Scenario = {
  name: "start",
  title: "the start of the program, and the memory of a scan of 1,000 ports of this machine, against Deno alone",
  lab: pair({}),
  contestants: () => {
    const rest = { read: () => [], truth: new Map(), runs: SMALL_RUNS };
    const alone: Contestant = {
      ...rest,
      name: "Deno alone",
      argv: (file) => writing(file, [Deno.execPath(), "run", "--no-config", "--ext=ts", "/dev/null"]),
    };
    const version: Contestant = {
      ...rest,
      name: "synscan --version",
      argv: (file) => writing(file, [...SYNSCAN, "--version"]),
      bar: { within: 1.4 },
    };
    const help: Contestant = {
      ...rest,
      name: "synscan --help",
      argv: (file) => writing(file, [...SYNSCAN, "--help"]),
    };
    const asked = { targets: ["127.0.0.1"], ports: SMALL_PORTS };
    const truth = groundTruth([["127.0.0.1", SMALL_PORTS, "closed", "reset"]]);
    return [alone, version, help, { ...askSynscan(asked), truth, runs: SMALL_RUNS, bar: { peakWithin: 1.6 } }];
  },
};

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ports,
  million,
  hosts,
  ipv6,
  udp,
  send,
  transports,
  loss(10, "-T3", 15),
  loss(20, "-T4", 10),
  cap,
  twoHosts,
  dropped,
  flood,
  delays,
  beyond(false),
  beyond(true),
  sweep,
  onLink(24, 7, "", 1),
  onLink(22, 20, "-F", 2),
  onLink(16, 20, "-F", 2),
  link6,
  history,
  names,
  small,
  starting,
];
