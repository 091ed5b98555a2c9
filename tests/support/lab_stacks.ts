/**
 * TCP/IP stacks that run in a lab, and the family that a scan guesses of each.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { Lab } from "./lab.ts";

/** A lab's target: the space to scan it from, and its addresses, of which port 80 is open. */
interface Target {
  readonly space: string;
  /** An address of IPv4, and one of IPv6 if the stack has it. */
  readonly addresses: readonly string[];
}

/** One stack. */
interface StackCase {
  readonly name: string;
  readonly family: string;
  /** Debian packages; a file of each tells whether it is installed. */
  readonly needs: Readonly<Record<string, string>>;
  /** True where it takes long to build or to start. */
  readonly isSlow?: boolean;
  /** Starts it in a lab of {@linkcode stackLab}; programs are built in `folder`. */
  readonly start: (lab: Lab, folder: string) => Promise<Target>;
}

const LINUX: Target = { space: "scanner", addresses: ["10.64.10.2", "fd64:10::2"] };

/** Makes a lab for stacks: Linux listens in `target`. */
export function stackLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: ["default via 10.64.10.2", "default via fd64:10::2"] },
      target: { listen: "80" },
      slirp: {},
      pasta: {},
    },
    links: [{
      between: ["scanner", "target"],
      addresses: ["10.64.10.1/24 fd64:10::1/64", "10.64.10.2/24 fd64:10::2/64"],
    }],
  });
}

/** Settings of Linux that change its SYN-ACKs, and are undone. */
const SETTINGS = ["tcp_timestamps", "tcp_sack", "tcp_window_scaling"];

function linux(...off: readonly string[]): StackCase {
  return {
    name: off.length === 0 ? "Linux" : `Linux without ${off.join(" and ")}`,
    family: "Linux",
    needs: {},
    start(lab) {
      const settings = SETTINGS.map((name) => `net.ipv4.${name}=${off.includes(name) ? 0 : 1}`);
      lab.set("target", ["sysctl", "-qw", ...settings]);
      return Promise.resolve(LINUX);
    },
  };
}

async function build(lab: Lab, argv: readonly string[]): Promise<void> {
  const { code, stderr } = await lab.run("scanner", argv);
  if (code !== 0) throw new Error(`Cannot build ${argv.at(-1)}: ${stderr}`);
}

/** Adds a tun or tap device of the scanner's end. */
function addDevice(lab: Lab, name: string, mode: "tun" | "tap", network: string): void {
  lab.ip("scanner", `tuntap add dev ${name} mode ${mode}`);
  lab.ip("scanner", `address add ${network}.1/24 dev ${name}`);
  lab.ip("scanner", `-6 address add fd64:${network.split(".")[2]}::1/64 dev ${name} nodad`);
  lab.ip("scanner", `link set ${name} up`);
}

const source = (name: string) => new URL(`../lab/stacks/${name}`, import.meta.url).pathname;

function gvisor(device: string, ...args: readonly string[]): StackCase {
  return {
    name: `gVisor netstack${args.length > 0 ? " with SACK" : ""}`,
    family: "gVisor netstack",
    needs: {
      "golang-gvisor-gvisor-dev": "/usr/share/gocode/src/gvisor.dev/gvisor/pkg/tcpip/tcpip.go",
      "golang-go": "/usr/bin/go",
    },
    isSlow: true,
    async start(lab, folder) {
      const program = `${folder}/${device}`;
      const settings = ["GO111MODULE=off", "GOPATH=/usr/share/gocode", `GOCACHE=${folder}/cache`, `HOME=${folder}`];
      await build(lab, ["env", ...settings, "go", "build", "-o", program, source("gvisor.go")]);
      // Both have the address: the last device's route counts.
      lab.ip("scanner", `tuntap add dev ${device} mode tun`);
      lab.ip("scanner", `link set ${device} up`);
      lab.ip("scanner", `route replace 10.64.11.2 dev ${device} src 10.64.10.1`);
      lab.ip("scanner", `-6 route replace fd64:11::2 dev ${device} src fd64:10::1`);
      await lab.serve("scanner", [program, device, ...args]);
      return { space: "scanner", addresses: ["10.64.11.2", "fd64:11::2"] };
    },
  };
}

/** Every stack that can run in a lab. */
export const STACKS: readonly StackCase[] = [
  linux(),
  linux("tcp_timestamps"),
  linux("tcp_sack"),
  linux("tcp_window_scaling"),
  {
    name: "slirp4netns",
    family: "slirp",
    needs: { slirp4netns: "/usr/bin/slirp4netns" },
    async start(lab) {
      const flags = ["--configure", "--enable-ipv6", "--netns-type=path", "--ready-fd=1", "--exit-fd=0"];
      await lab.serve("scanner", ["slirp4netns", ...flags, `/run/netns/${lab.name("slirp")}`, "tap0"]);
      // No router advertisement is waited for.
      lab.ip("slirp", "-6 address add fd00::100/64 dev tap0 nodad");
      lab.ip("slirp", "-6 route add default via fd00::2");
      return { ...LINUX, space: "slirp" };
    },
  },
  {
    name: "pasta",
    family: "pasta",
    needs: { passt: "/usr/bin/pasta" },
    async start(lab) {
      // The address of the gateway is that of pasta's own machine, so that another is probed.
      lab.ip("target", "address add 10.64.10.3/24 dev scanner");
      lab.ip("target", "-6 address add fd64:10::3/64 dev scanner nodad");
      const netns = lab.name("pasta");
      const script = `pasta -f --config-net --netns-only -I tap0 --runas 0 --netns /run/netns/${netns} 2>/dev/null & ` +
        `child=$!; until ip -n ${netns} route | grep -q ^default; do sleep 0.05; done; echo ready; cat; kill $child`;
      await lab.serve("scanner", ["sh", "-c", script]);
      return { space: "pasta", addresses: ["10.64.10.3", "fd64:10::3"] };
    },
  },
  {
    name: "lwIP",
    family: "lwIP",
    needs: { "liblwip-dev": "/usr/include/lwip/netif/tapif.h" },
    isSlow: true,
    async start(lab, folder) {
      const program = `${folder}/lwip`;
      await build(lab, ["gcc", "-I/usr/include/lwip", "-o", program, source("lwip.c"), "-llwip", "-lpthread"]);
      addDevice(lab, "lwip", "tap", "10.64.13");
      await lab.serve("scanner", ["env", "PRECONFIGURED_TAPIF=lwip", program]);
      return { space: "scanner", addresses: ["10.64.13.2", "fd64:13::2"] };
    },
  },
  {
    name: "LWIPv6",
    family: "LWIPv6",
    needs: { "liblwipv6-dev": "/usr/include/lwipv6.h" },
    isSlow: true,
    async start(lab, folder) {
      const program = `${folder}/lwipv6`;
      await build(lab, ["gcc", "-o", program, source("lwipv6.c"), "-llwipv6", "-lpthread", "-ldl"]);
      addDevice(lab, "lwipv6", "tap", "10.64.12");
      await lab.serve("scanner", [program, "lwipv6"]);
      return { space: "scanner", addresses: ["10.64.12.2", "fd64:12::2"] };
    },
  },
  gvisor("gvisor"),
  gvisor("gvisorsack", "sack"),
  {
    name: "user-mode Linux",
    family: "Linux",
    needs: { "user-mode-linux": "/usr/bin/linux.uml" },
    isSlow: true,
    async start(lab, folder) {
      addDevice(lab, "uml", "tap", "10.64.14");
      const init = `${folder}/init`;
      const listener =
        "import socket; s = socket.socket(); s.bind(('', 80)); s.listen(50); print('ready', flush=True)\n" +
        "while True: s.accept()[0].close()";
      const script = `#!/bin/sh\nip link set lo up\nip address add 10.64.14.2/24 dev eth0\nip link set eth0 up\n` +
        `exec python3 -c "${listener}"\n`;
      await Deno.writeTextFile(init, script, { mode: 0o755 });
      await Deno.chmod(folder, 0o755);
      const kernel =
        `linux.uml mem=96M rootfstype=hostfs rootflags=/ ro init=${init} eth0=tuntap,uml con=null con0=null,fd:1`;
      const log = `${folder}/log`;
      const run = `${kernel} < /dev/null > ${log} 2>&1 & child=$!; until grep -aq ready ${log}; do sleep 0.1; done; ` +
        "echo ready; cat; kill $child";
      await lab.serve("scanner", ["sh", "-c", run]);
      return { space: "scanner", addresses: ["10.64.14.2"] };
    },
  },
];

/** Returns the packages that a stack needs and that are not installed. */
export function missingOf({ needs }: StackCase): string[] {
  return Object.entries(needs).filter(([, file]) => !existsSync(file)).map(([name]) => name);
}
