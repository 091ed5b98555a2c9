/**
 * Labs: small networks of Linux network namespaces ("spaces"), for tests and benchmarks that want real kernels. A lab is
 * declared, made, used and removed; nothing outside it is touched. Needs root.
 *
 * In each space, the device that leads to another space bears that space's name; a device on a bridge bears the
 * bridge's name.
 *
 * @module
 */

import { until } from "./program.ts";

/** A tool that a lab needs, with the way to get it. */
const REMEDIES: Readonly<Record<string, string>> = {
  ip: "install iproute2",
  nsenter: "install util-linux",
  nft: "install nftables",
  ethtool: "install ethtool",
  gcc: "install gcc",
  ss: "install iproute2",
  nmap: "install nmap",
  tshark: "install tshark",
  dumpcap: "install tshark",
  xmllint: "install libxml2-utils",
  "linux.uml": "install user-mode-linux",
  setpriv: "install util-linux",
  slirp4netns: "install slirp4netns",
  pasta: "install passt",
  ipvsadm: "install ipvsadm",
  nsd: "install nsd",
  root: "run the tests as root",
};

/** What one space is like. */
export interface SpaceSpec {
  /** Forwards packets between its links. */
  readonly forward?: boolean;
  /** Kernel settings by name, for example `net.ipv4.tcp_syncookies`. */
  readonly sysctls?: Readonly<Record<string, string | number>>;
  /** Prefixes of which every address is this space's own: one space can be 65,536 hosts. */
  readonly local?: readonly string[];
  /** Routes as `ip route add` takes them, for example `default via 10.64.1.2` or `unreachable 10.64.9.0/24`. */
  readonly routes?: readonly string[];
  /** Chains, each made by {@linkcode chain}. */
  readonly chains?: readonly string[];
  /** Ports on which a server listens, as text (`22,8000-8010`), on every address of the space. */
  readonly listen?: string;
}

/** Two spaces joined by a pair of Ethernet devices, or by two tun devices with a program between them. */
interface LinkSpec {
  /** The two spaces. */
  readonly between: readonly [string, string];
  /** Their addresses with prefix length; several, of either family, with a space between them. */
  readonly addresses: readonly [string, string];
  /** The link has no Ethernet and delays each packet by this much, each way, in milliseconds. Needs gcc. */
  readonly tunDelayMs?: number;
}

/** Several spaces on one Ethernet. */
interface BridgeSpec {
  /** Its name, at most 15 characters. */
  readonly name: string;
  /** Address with prefix length of each space on it; several with a space between them. */
  readonly members: Readonly<Record<string, string>>;
}

/** A whole lab. */
export interface LabSpec {
  readonly spaces: Readonly<Record<string, SpaceSpec>>;
  readonly links?: readonly LinkSpec[];
  readonly bridges?: readonly BridgeSpec[];
}

/** What became of a program that ran in a lab. */
export interface Finished {
  /** Exit status; 128 + signal where it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** How a program is run in a lab. */
export interface RunOptions {
  /** Kill it after this many milliseconds; by default after ten minutes, in which no program that does not hang is still running. */
  readonly timeoutMs?: number;
  /** Descriptors it may open. */
  readonly maxDescriptors?: number;
  /** Does something while the program runs. */
  readonly meanwhile?: (child: Deno.ChildProcess) => Promise<void>;
}

/** A program that works in a lab until the lab is removed. */
interface Servant {
  readonly child: Deno.ChildProcess;
  readonly space: string;
}

const IPV6_SETTINGS = [
  "net.ipv6.conf.all.accept_dad=0",
  "net.ipv6.conf.default.accept_dad=0",
  "net.ipv6.conf.default.router_solicitations=0",
  "net.ipv6.conf.all.keep_addr_on_down=1",
];
/** ICMP errors are limited to 1,000 a second, and far fewer per destination, unless the mask of limited types has none of theirs. */
const UNLIMITED_ERRORS = { "net.ipv4.icmp_ratemask": 0, "net.ipv6.icmp.ratemask": 127 };
const NAME_PREFIX = "synlab";
const decoder = new TextDecoder();
let labsMade = 0;

/** A lab that stands. Remove it with `await using`. */
export class Lab implements AsyncDisposable {
  readonly #prefix: string;
  readonly #spaces: string[] = [];
  readonly #servants: Servant[] = [];
  readonly #folders: string[] = [];
  #pairs = 0;

  private constructor() {
    this.#prefix = `${NAME_PREFIX}${Deno.pid}n${labsMade++}-`;
  }

  /** Makes a lab. Throws, with nothing left behind, where a command fails. */
  static async create(spec: LabSpec): Promise<Lab> {
    const missing = lacking(["root", "ip", "nsenter", "nft", "ethtool"]);
    if (missing !== "") throw new Error(`Cannot make a lab: ${missing}`);
    removeLeftovers();
    const lab = new Lab();
    try {
      await lab.#build(spec);
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
    return lab;
  }

  async #build(spec: LabSpec): Promise<void> {
    const addresses = [
      ...spec.links ?? [],
      ...(spec.bridges ?? []).map(({ members }) => ({ addresses: Object.values(members) })),
    ];
    const hasIpv6 = addresses.some((each) => each.addresses.some((address) => address.includes(":")));
    for (const space of Object.keys(spec.spaces)) this.#addSpace(space);
    for (const link of spec.links ?? []) await this.#addLink(link);
    for (const bridge of spec.bridges ?? []) this.#addBridge(bridge);
    if (hasIpv6) await this.#awaitIpv6();
    for (const [space, what] of Object.entries(spec.spaces)) await this.#furnish(space, what, hasIpv6);
  }

  /** Waits until every device that is up has its link-local address: before that its other addresses do not reply either. */
  async #awaitIpv6(): Promise<void> {
    for (const space of this.#spaces) {
      for (let tries = 0; tries < 200; tries++) {
        const up = this.set(space, ["ip", "-o", "link", "show", "up", "type", "veth"]);
        const ready = this.set(space, ["ip", "-6", "-o", "address", "show", "scope", "link", "-tentative"]);
        if (ready.split("\n").length >= up.split("\n").length) break;
        await delay(25);
      }
    }
  }

  #addSpace(space: string): void {
    command(["ip", "netns", "add", this.name(space)]);
    this.#spaces.push(space);
    // IPv6 addresses are usable at once and stay while a link is down, as IPv4's do, and no router is looked for.
    this.set(space, ["sysctl", "-qw", ...IPV6_SETTINGS]);
    this.ip(space, "link set lo up");
  }

  async #addLink(link: LinkSpec): Promise<void> {
    const [one, other] = link.between;
    if (link.tunDelayMs === undefined) {
      this.#addPair(one, other, one, other);
    } else {
      this.ip(one, `tuntap add dev ${other} mode tun`);
      this.ip(other, `tuntap add dev ${one} mode tun`);
    }
    this.#raise(one, other, link.addresses[0]);
    this.#raise(other, one, link.addresses[1]);
    if (link.tunDelayMs !== undefined) await this.#joinTuns(one, other, link.tunDelayMs);
  }

  /**
   * Adds a pair of Ethernet devices: `near` in one space, `far` in another. The kernel takes a device whose index is that of its peer for
   * one without a peer, and lets it wait up to a second for its carrier (Linux 6.18, `linkwatch_urgent_event`).
   */
  #addPair(space: string, other: string, far: string, near: string): void {
    this.ip(
      space,
      `link add name ${near} index ${100 + this.#pairs++} type veth peer name ${far} netns ${this.name(other)}`,
    );
  }

  #raise(space: string, device: string, address: string): void {
    for (const each of address.split(" ")) {
      this.ip(space, `address add ${each} dev ${device}${each.includes(":") ? " nodad" : ""}`);
    }
    this.ip(space, `link set ${device} txqueuelen 10000 up`);
    this.#fillChecksums(space, device);
  }

  /** Left alone, a veth pair hands over packets whose checksums nobody has computed. A tun device has no such thing. */
  #fillChecksums(space: string, device: string): void {
    output(this.argv(space, ["ethtool", "-K", device, "tx", "off"]));
  }

  async #joinTuns(one: string, other: string, delayMs: number): Promise<void> {
    const program = await this.compile(new URL("../lab/tun_delay.c", import.meta.url));
    const micros = String(Math.round(delayMs * 1000));
    await this.serve(one, [program, netnsPath(this.name(one)), other, netnsPath(this.name(other)), one, micros]);
  }

  #addBridge(bridge: BridgeSpec): void {
    const hub = `bridge-${bridge.name}`;
    this.#addSpace(hub);
    this.ip(hub, `link add ${bridge.name} type bridge`);
    this.ip(hub, `link set ${bridge.name} up`);
    for (const [space, address] of Object.entries(bridge.members)) {
      this.#addPair(hub, space, bridge.name, space);
      this.ip(hub, `link set ${space} master ${bridge.name} up`);
      this.#raise(space, bridge.name, address);
    }
  }

  async #furnish(space: string, what: SpaceSpec, hasIpv6: boolean): Promise<void> {
    const sysctls = { ...UNLIMITED_ERRORS, ...what.sysctls };
    const settings = Object.entries(sysctls).map(([name, value]) => `${name}=${value}`);
    if (what.forward) settings.push("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    this.set(space, ["sysctl", "-qw", ...settings]);
    for (const prefix of what.local ?? []) this.ip(space, `route add local ${prefix} dev lo`);
    for (const route of what.routes ?? []) this.ip(space, `route add ${route}`);
    if (what.chains !== undefined) this.rules(space, what.chains);
    if (what.listen !== undefined) await this.listen(space, what.listen, hasIpv6 ? "::" : undefined);
  }

  /** The name of the space's network namespace. */
  name(space: string): string {
    return this.#prefix + space;
  }

  /** The command line that runs `argv` in a space. */
  argv(space: string, argv: readonly string[]): string[] {
    return ["nsenter", `--net=${netnsPath(this.name(space))}`, "--", ...argv];
  }

  /** Runs `ip` in a space, at once. */
  ip(space: string, words: string): void {
    command(["ip", "-n", this.name(space), ...words.split(" ")]);
  }

  /** Runs a short command in a space, at once, and returns what it printed. */
  set(space: string, argv: readonly string[]): string {
    return command(this.argv(space, argv));
  }

  /** Replaces a space's packet filter. */
  rules(space: string, chains: readonly string[]): void {
    this.set(space, ["nft", `table inet lab; delete table inet lab; table inet lab {\n${chains.join("\n")}\n}`]);
  }

  /** Returns the numbers of packets that a link of a space has received and sent. */
  packets(space: string, link: string): { readonly received: number; readonly sent: number } {
    const [{ stats64 }] = JSON.parse(this.set(space, ["ip", "-s", "-j", "link", "show", link]));
    return { received: stats64.rx.packets, sent: stats64.tx.packets };
  }

  /** Runs a program in a space to its end. */
  async run(space: string, argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const limited = options.maxDescriptors === undefined
      ? argv
      : ["prlimit", `--nofile=${options.maxDescriptors}`, ...argv];
    const child = spawn(this.argv(space, limited), "null");
    const beganMs = performance.now();
    const timer = setTimeout(() => kill(child), options.timeoutMs ?? 600_000);
    try {
      const [finished] = await Promise.all([child.output(), options.meanwhile?.(child)]);
      return {
        code: finished.code,
        stdout: decoder.decode(finished.stdout),
        stderr: decoder.decode(finished.stderr),
        elapsedMs: performance.now() - beganMs,
      };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts a program that serves until the lab is removed; returns once it has printed something. */
  async serve(space: string, argv: readonly string[]): Promise<void> {
    // The servant ends with its standard input, so that it dies with us even if we are killed.
    const child = spawn(this.argv(space, argv), "piped");
    this.#servants.push({ child, space });
    const reader = child.stdout.getReader();
    const { done } = await reader.read();
    reader.releaseLock();
    if (done) throw new Error(`Cannot start ${argv.join(" ")}: ${await text(child.stderr)}`);
  }

  /**
   * Listens on ports (as text, `22,8000-8010`) of every address of a space, until the lab is removed.
   *
   * @param hostname The address to listen at: `::` for both families, by default that of IPv4.
   */
  async listen(space: string, ports: string, hostname = "0.0.0.0"): Promise<void> {
    const script = new URL("lab_listener.ts", import.meta.url).pathname;
    await this.serve(space, [Deno.execPath(), "run", "--no-config", "--allow-net", script, ports, hostname]);
  }

  /**
   * Captures a device of a space until the returned function is called, which gives the capture's file.
   * Needs dumpcap.
   */
  async capture(space: string, device: string): Promise<() => Promise<string>> {
    const folder = this.folder();
    const [file, log] = [`${folder}/capture.pcapng`, `${folder}/log`];
    const child = spawn(
      this.argv(space, ["sh", "-c", `exec dumpcap -i "$0" -w "$1" 2> "$2"`, device, file, log]),
      "null",
    );
    this.#servants.push({ child, space });
    let hasEnded = false;
    child.status.then(() => hasEnded = true);
    const printed = () => Deno.readTextFileSync(log);
    await until(() => hasEnded || printed().includes("File:"));
    if (hasEnded) throw new Error(`Cannot capture on ${device}: ${printed()}`);
    const passed = () => {
      const { rx, tx } = JSON.parse(this.set(space, ["ip", "-s", "-j", "link", "show", device]))[0].stats64;
      return rx.packets + tx.packets;
    };
    const before = passed();
    return async () => {
      // The last ones wait in the kernel's ring until its block is retired. Twice a second it prints how many it has read.
      const count = passed() - before;
      await until(() => Number(/.*Packets: (\d+)/s.exec(printed())?.[1] ?? 0) >= count);
      child.kill("SIGINT");
      await child.status;
      return file;
    };
  }

  /** Compiles a C source that is part of the tests; returns the program's path. */
  async compile(source: URL): Promise<string> {
    const program = `${this.folder()}/program`;
    const compiler = spawn(["gcc", "-O2", "-Wall", "-pthread", "-o", program, source.pathname], "null");
    const { success, stderr } = await compiler.output();
    if (!success) throw new Error(`Cannot compile ${source.pathname}: ${decoder.decode(stderr)}`);
    return program;
  }

  /** Makes a folder that is removed with the lab. */
  folder(): string {
    const folder = Deno.makeTempDirSync({ prefix: NAME_PREFIX });
    this.#folders.push(folder);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.#servants.splice(0)) await dismiss(child);
    for (const space of this.#spaces.splice(0)) removeNamespace(this.name(space));
    for (const folder of this.#folders.splice(0)) Deno.removeSync(folder, { recursive: true });
  }
}

/** Makes a lab of two spaces and a link between them, at addresses .1 and .2 of a network. */
export function linkedLab(spaces: LabSpec["spaces"], network = "10.64.1", prefixLen = 24): Promise<Lab> {
  const [one, other] = Object.keys(spaces) as [string, string];
  const addresses = [`${network}.1/${prefixLen}`, `${network}.2/${prefixLen}`] as const;
  return Lab.create({ spaces, links: [{ between: [one, other], addresses }] });
}

/** Where in the kernel a chain's rules look at packets. */
type Hook = "prerouting" | "input" | "forward" | "output";

/** A chain of packet-filter rules, in order. */
export function chain(hook: Hook, rules: readonly string[]): string {
  return `chain ${hook} {\ntype filter hook ${hook} priority filter;\n${rules.join("\n")}\n}`;
}

/** Rules for chains. Ports are text, as in `22,8000-8010`. */
export const rule = {
  /** Drops what goes to these ports. */
  drop: (ports: string): string => `tcp dport { ${ports} } drop`,
  /** Replies with a RST. */
  reset: (ports: string): string => `tcp dport { ${ports} } reject with tcp reset`,
  /** Replies with the error of the packet's version of IP. */
  reject: (ports: string, code: CommonError): string => `tcp dport { ${ports} } reject with icmpx type ${code}`,
  /** Drops every packet with this probability, but for the kernels' neighbor discovery, as of ARP none is lost. */
  lose: (percent: number): string =>
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n" +
    `meta l4proto { tcp, icmp, icmpv6 } numgen random mod 1000 < ${percent * 10} drop`,
  /** Lets only so many RSTs a second pass, after a first burst. */
  capResets: (perSecond: number, burst = 5): string =>
    `tcp flags & rst == rst limit rate over ${perSecond}/second burst ${burst} packets drop`,
};

/** The ICMP errors that both versions of IP have, by nftables' names; the others are in `families.ts`. */
type CommonError = "no-route" | "host-unreachable" | "port-unreachable" | "admin-prohibited";

/** Says which of the tools (or `root`) are not at hand and how to get them; empty when all are. */
export function lacking(needs: readonly string[]): string {
  const missing = needs.filter((need) => need === "root" ? Deno.uid() !== 0 : !onPath(need));
  return missing.map((need) => `${need} is missing (${REMEDIES[need] ?? `install ${need}`})`).join(", ");
}

/** A test in a lab: skipped, with the reason in its name, where root or a tool that it needs is missing. */
export function labTest(name: string, needs: readonly string[], body: (t: Deno.TestContext) => Promise<void>): void {
  const missing = lacking(["root", "ip", "nsenter", "nft", "ethtool", ...needs]);
  Deno.test({ name: missing === "" ? name : `${name} [skipped: ${missing}]`, ignore: missing !== "", fn: body });
}

/** Resolves after `ms` milliseconds. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The numbers in `22,8000-8010`, in the order given. */
export function expandPorts(ports: string): number[] {
  return ports.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Removes labs whose makers were killed: namespaces that bear the number of a process that is no more. */
function removeLeftovers(): void {
  for (const line of output(["ip", "netns", "list"]).stdout.split("\n")) {
    const [, name = "", pid = ""] = /^(synlab(\d+)n\d+-\S+)/.exec(line) ?? [];
    if (name !== "" && !exists(`/proc/${pid}`)) removeNamespace(name);
  }
}

/** A namespace lives on while a process is in it, so those go first. */
function removeNamespace(name: string): void {
  for (const pid of output(["ip", "netns", "pids", name]).stdout.split("\n")) {
    if (pid !== "") output(["kill", "-KILL", pid]);
  }
  output(["ip", "netns", "del", name]);
}

function netnsPath(name: string): string {
  return `/run/netns/${name}`;
}

function onPath(tool: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":").concat("/usr/sbin", "/sbin");
  return folders.some((folder) => exists(`${folder}/${tool}`));
}

/** Returns true if there is such a file. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function command(argv: readonly string[]): string {
  const { success, stdout, stderr } = output(argv);
  if (!success) throw new Error(`Cannot make a lab: ${argv.join(" ")}: ${stderr.trim()}`);
  return stdout;
}

function output(argv: readonly string[]): { success: boolean; stdout: string; stderr: string } {
  const [program = "", ...args] = argv;
  const { success, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Deno looks for a newer version half a second after its start: its DNS queries would be packets in the lab. */
const QUIET = { DENO_NO_UPDATE_CHECK: "1" };

function spawn(argv: readonly string[], stdin: "null" | "piped"): Deno.ChildProcess {
  const [program = "", ...args] = argv;
  return new Deno.Command(program, { args, env: QUIET, stdin, stdout: "piped", stderr: "piped" }).spawn();
}

async function dismiss(child: Deno.ChildProcess): Promise<void> {
  kill(child);
  await child.status;
  for (const stream of [child.stdout, child.stderr]) await stream.cancel();
  // The pipe to the child's standard input is ours to close; a child without one throws on access.
  try {
    await child.stdin.abort();
  } catch {
    // There was none.
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

function text(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new Response(stream).text();
}
