/**
 * Replies that no ordinary kernel sends, and connections left over from before, on real kernels.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ShardedOrder } from "../../src/order/shard.ts";
import { type Family, forFamilies, IPV4, IPV6, MIXED, type Version, withPorts } from "../support/families.ts";
import { chain, Lab, labTest, type SpaceSpec } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

const LINK = 1;

/** The result of each port of hostile.c, and its reply; of one version of IP if the other has no such thing. */
const HOSTILE: readonly (readonly [port: number, expected: string, why: string, only?: Version])[] = [
  [1, "open syn-ack", "an ordinary SYN-ACK"],
  [2, "filtered no-response", "a SYN-ACK with a wrong TCP checksum"],
  [3, "filtered no-response", "a SYN-ACK with a wrong IP checksum", IPV4],
  [4, "filtered no-response", "a RST with a wrong TCP checksum"],
  [5, "open syn-ack", "a SYN-ACK whose checksum was left to the hardware"],
  [6, "filtered no-response", "a SYN-ACK with the tag of a VLAN that this interface is not on"],
  [7, "filtered no-response", "a RST with the tag of a VLAN that cannot be"],
  [8, "filtered no-response", "a SYN-ACK in a frame to everybody"],
  [9, "filtered no-response", "an ICMP error from loopback"],
  [10, "filtered no-response", "an ICMP error from a multicast address"],
  [11, "filtered no-response", "an ICMP error from the network's broadcast address, or the group of all nodes"],
  [12, "filtered no-response", "an ICMP error from the unspecified address"],
  [13, "filtered no-response", "an ICMP error from the limited broadcast address, or a group of global scope"],
  [14, "filtered admin-prohibited", "an ICMP error from a router"],
  [15, "filtered admin-prohibited", "an ICMP error from the host"],
  [16, "filtered no-response", "an ICMP error with a wrong checksum"],
  [20, "open syn-ack", "RST, then SYN-ACK at once"],
  [21, "open syn-ack", "SYN-ACK, then RST at once"],
  [22, "open syn-ack", "RST, then SYN-ACK after 700 ms"],
  [23, "open syn-ack", "ICMP error, then SYN-ACK"],
  [24, "closed reset", "ICMP error, then RST"],
  [25, "closed reset", "RST, then ICMP error"],
  [30, "closed reset-no-ack", "RST without ACK, seq + 1 in the field"],
  [31, "closed reset-no-ack", "RST without ACK, seq in the field"],
  [32, "closed reset", "RST that acknowledges seq"],
  [33, "filtered no-response", "RST that acknowledges something else"],
  [34, "filtered no-response", "FIN and ACK without SYN"],
  [35, "filtered no-response", "a bare ACK of our SYN"],
  [36, "filtered no-response", "a bare ACK of something else, to every attempt"],
  [37, "filtered no-response", "SYN-ACK that acknowledges seq"],
  [38, "filtered no-response", "SYN-ACK that acknowledges seq + 2"],
  [39, "open syn-ack", "SYN-ACK with data"],
  [40, "open split-handshake-syn", "a bare SYN in answer to a SYN"],
  [41, "filtered no-response", "the first fragment of a SYN-ACK"],
  [42, "filtered no-response", "SYN, ACK and RST at once"],
  [43, "filtered no-response", "SYN, ACK and FIN at once"],
  [44, "open syn-ack", "a SYN-ACK behind destination options", IPV6],
  [45, "open syn-ack", "a SYN-ACK behind a fragment header, but whole", IPV6],
];

/** Ports with a reply that comes long after the first: they have to be asked early, so that the scan is not over by then. */
const LATE = [22, 23, 24, 25];

/** The ports of a version, in order. */
function hostileOf(version: Version): typeof HOSTILE {
  return HOSTILE.filter(([, , , only = version]) => only === version);
}

/** A seed that orders the ports of each version so. */
function seedForLate({ versions }: Family): number {
  const isEarly = (version: Version, seed: number) => {
    const ports = hostileOf(version);
    const order = new ShardedOrder([ports.length], seed);
    const early = Array.from({ length: ports.length / 2 }, (_, position) => ports[order.at(position)]![0]);
    return LATE.every((port) => early.includes(port));
  };
  for (let seed = 1;; seed++) if (versions.every((version) => isEarly(version, seed))) return seed;
}

const NOTES = [
  "ports 20, 21, 22: SYN-ACK and RST",
  "port 23: SYN-ACK and ICMP error",
  "ports 24, 25: RST and ICMP error",
  "port 34: FIN without SYN: a proxy on the path could not connect",
  "port 36: an ACK of another connection from the same port was answered with RST",
  "ports 37, 38: a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for",
  "rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place",
];

/** Makes a lab of a scanner and a target on one link. */
function pair(family: Family, target: SpaceSpec): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, target },
    links: [{ between: ["scanner", "target"], addresses: family.link(LINK) }],
  });
}

labTest("lab: hostile replies: each has the state that it proves, with every receiver", ["gcc"], async (t) => {
  await using lab = await pair(MIXED, { chains: [chain("input", ["meta l4proto tcp drop"])] });
  await lab.serve("target", [await lab.compile(new URL("hostile.c", import.meta.url)), "scanner"]);
  for (const transport of ["sendto", "sendmmsg", "ethernet"]) {
    await t.step(transport, (t) =>
      forFamilies(t, async (family) => {
        const asked = family.each((version) =>
          withPorts(version.address(LINK, 2), hostileOf(version).map(([port]) => port).join())
        );
        const pace = ["--max-rate", "30", "--seed", `${seedForLate(family)}`];
        const run = await runSynscan(lab, "scanner", ["--transport", transport, ...pace, ...asked]);
        const states = new Map(run.ports.map(({ ip, port, state, reason }) => [`${ip} ${port}`, `${state} ${reason}`]));
        const wrong = family.each((version) => {
          const stateOf = (port: number) => states.get(`${version.address(LINK, 2)} ${port}`);
          return hostileOf(version).filter(([port, expected]) => stateOf(port) !== expected)
            .map(([port, expected, why]) => `${version.name}, ${why}: ${stateOf(port)} and not ${expected}`);
        });
        assertEquals(wrong, []);
        assertEquals(run.hosts.map(({ notes }) => notes?.toSorted()), asked.map(() => NOTES.toSorted()));
        const { unmatched, fin_acks: finAcks } = run.summary;
        // Each attempt at a port with a wrong reply is one packet that belongs to nothing.
        assert(unmatched >= 2 * 15 * asked.length, `${unmatched} unmatched`);
        assert(finAcks >= 2 * asked.length, `${finAcks} FIN-ACKs`);
      }));
  }
});

const SOURCE_PORT = "61234";

labTest(
  "lab: stray ACK: a connection left over at the target hides no open port",
  ["gcc", "ss"],
  (t) => forFamilies(t, checkLeftOver),
);

async function checkLeftOver(family: Family): Promise<void> {
  await using lab = await pair(family, { listen: "22,80" });
  const targets = family.hosts(LINK, 2);
  const leftover = await lab.compile(new URL("leftover.c", import.meta.url));
  // Packet sockets see replies nevertheless; the kernel would answer them with a RST.
  const deaf = () => lab.rules("scanner", [chain("input", [`tcp dport ${SOURCE_PORT} drop`])]);
  const hearing = () => lab.rules("scanner", [chain("input", [])]);
  await serveAndHold(lab, "8080");
  // The first waits until the link is up.
  for (const [state, port] of [["established", "8080"], ["time_wait", "80"], ["syn_recv", "80"]] as const) {
    for (const transport of ["sendto", "ethernet"]) {
      const which = `${state}, ${transport}`;
      if (state === "syn_recv") deaf();
      else hearing();
      for (const host of targets) {
        const { code, stderr } = await lab.run("scanner", [leftover, state, host, port, SOURCE_PORT]);
        assertEquals([code, stderr], [0, ""], which);
      }
      deaf();
      const left = lab.set("target", ["ss", "-Htan", "state", STATES_OF_SS[state], `sport = :${port}`]);
      assertEquals(left.split(`:${SOURCE_PORT}`).length - 1, targets.length, `connections in ${state}: ${left}`);
      const args = ["--transport", transport, "-g", SOURCE_PORT, "-p", `${port},81`, ...targets];
      const { ports, summary } = await runSynscan(lab, "scanner", args);
      const found = ports.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).sort();
      const truth = targets.flatMap((ip) => [`${ip} ${port} open syn-ack`, `${ip} 81 closed reset`]);
      assertEquals(found, truth.sort(), which);
      assertEquals(summary.trusted, true, which);
    }
  }
}

const STATES_OF_SS = { syn_recv: "syn-recv", established: "established", time_wait: "time-wait" } as const;

/** Starts a server at the target that accepts connections and says nothing. */
function serveAndHold(lab: Lab, port: string): Promise<void> {
  const program = `const listener = Deno.listen({ hostname: "::", port: ${port} }); console.log('ready');
Deno.stdin.read(new Uint8Array(1)).then(() => Deno.exit());
const held = []; for await (const connection of listener) held.push(connection);`;
  return lab.serve("target", [Deno.execPath(), "eval", program]);
}
