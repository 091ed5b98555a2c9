/**
 * Replies that no ordinary kernel sends, and connections left over from before, on real kernels.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ShardedOrder } from "../../src/order/shard.ts";
import { chain, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

/** The result of each port of hostile.c, and its reply. */
const HOSTILE: readonly (readonly [port: number, expected: string, why: string])[] = [
  [1, "open syn-ack", "an ordinary SYN-ACK"],
  [2, "filtered no-response", "a SYN-ACK with a wrong TCP checksum"],
  [3, "filtered no-response", "a SYN-ACK with a wrong IP checksum"],
  [4, "filtered no-response", "a RST with a wrong TCP checksum"],
  [5, "open syn-ack", "a SYN-ACK whose checksum was left to the hardware"],
  [6, "filtered no-response", "a SYN-ACK with the tag of a VLAN that this interface is not on"],
  [7, "filtered no-response", "a RST with the tag of a VLAN that cannot be"],
  [8, "filtered no-response", "a SYN-ACK in a frame to everybody"],
  [9, "filtered no-response", "an ICMP error from loopback"],
  [10, "filtered no-response", "an ICMP error from a multicast address"],
  [11, "filtered no-response", "an ICMP error from the network's broadcast address"],
  [12, "filtered no-response", "an ICMP error from 0.0.0.0"],
  [13, "filtered no-response", "an ICMP error from the limited broadcast address"],
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
];

/** Ports with a reply that comes long after the first: they have to be asked early, so that the scan is not over by then. */
const LATE = [22, 23, 24, 25];

/** A seed that orders the ports so. */
function seedForLate(): number {
  for (let seed = 1;; seed++) {
    const order = new ShardedOrder(HOSTILE.length, seed);
    const early = Array.from({ length: HOSTILE.length / 2 }, (_, position) => HOSTILE[order.at(position)]![0]);
    if (LATE.every((port) => early.includes(port))) return seed;
  }
}

const NOTES = [
  "ports 20, 21, 22: SYN-ACK and RST",
  "port 23: SYN-ACK and ICMP error",
  "ports 24, 25: RST and ICMP error",
  "port 34: FIN without SYN: a proxy on the path could not connect",
  "port 36: an ACK of another connection from the same port was answered with RST",
  "rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place",
];

labTest("lab: hostile replies: each has the state that it proves, with every receiver", ["gcc"], async (t) => {
  await using lab = await linkedLab({ scanner: {}, target: { chains: [chain("input", ["meta l4proto tcp drop"])] } });
  await lab.serve("target", [await lab.compile(new URL("hostile.c", import.meta.url)), "scanner"]);
  const ports = HOSTILE.map(([port]) => port).join();
  for (const transport of ["sendto", "sendmmsg", "ethernet"]) {
    await t.step(transport, async () => {
      const args = [
        "--transport",
        transport,
        "-p",
        ports,
        "--max-rate",
        "30",
        "--seed",
        `${seedForLate()}`,
        "10.64.1.2",
      ];
      const { ports: found, hosts, summary } = await runSynscan(lab, "scanner", args);
      const states = new Map(found.map(({ port, state, reason }) => [port, `${state} ${reason}`]));
      const wrong = HOSTILE.filter(([port, expected]) => states.get(port) !== expected);
      assertEquals(wrong.map(([port, expected, why]) => `${why}: ${states.get(port)} and not ${expected}`), []);
      assertEquals(hosts.map(({ notes }) => notes?.toSorted()), [NOTES.toSorted()]);
      // Each attempt at a port with a wrong reply is one packet that belongs to nothing.
      assert(summary.unmatched >= 2 * 15, `${summary.unmatched} unmatched`);
      assert(summary.fin_acks >= 2, `${summary.fin_acks} FIN-ACKs`);
    });
  }
});

const SOURCE_PORT = "61234";

labTest("lab: stray ACK: a connection left over at the target hides no open port", ["gcc", "ss"], async (t) => {
  await using lab = await linkedLab({ scanner: {}, target: { listen: "22,80" } });
  const leftover = await lab.compile(new URL("leftover.c", import.meta.url));
  // Packet sockets see replies nevertheless; the kernel would answer them with a RST.
  const deaf = () => lab.rules("scanner", [chain("input", [`tcp dport ${SOURCE_PORT} drop`])]);
  const hearing = () => lab.rules("scanner", [chain("input", [])]);
  await serveAndHold(lab, "8080");
  // The first waits until the link is up.
  for (const [state, port] of [["established", "8080"], ["time_wait", "80"], ["syn_recv", "80"]] as const) {
    for (const transport of ["sendto", "ethernet"]) {
      await t.step(`${state}, ${transport}`, async () => {
        if (state === "syn_recv") deaf();
        else hearing();
        const { code, stderr } = await lab.run("scanner", [leftover, state, "10.64.1.2", port, SOURCE_PORT]);
        assertEquals([code, stderr], [0, ""]);
        deaf();
        const left = lab.set("target", ["ss", "-Htan", "state", STATES_OF_SS[state], `sport = :${port}`]);
        assert(left.includes(`:${SOURCE_PORT}`), `no connection in ${state}: ${left}`);
        const args = ["--transport", transport, "-g", SOURCE_PORT, "-p", `${port},81`, "10.64.1.2"];
        const { ports, summary } = await runSynscan(lab, "scanner", args);
        const found = ports.map(({ port, state, reason }) => `${port} ${state} ${reason}`).sort();
        assertEquals(found, [`${port} open syn-ack`, "81 closed reset"].sort());
        assertEquals(summary.trusted, true);
      });
    }
  }
});

const STATES_OF_SS = { syn_recv: "syn-recv", established: "established", time_wait: "time-wait" } as const;

/** Starts a server at the target that accepts connections and says nothing. */
function serveAndHold(lab: Lab, port: string): Promise<void> {
  const program = `const listener = Deno.listen({ port: ${port} }); console.log('ready');
Deno.stdin.read(new Uint8Array(1)).then(() => Deno.exit());
const held = []; for await (const connection of listener) held.push(connection);`;
  return lab.serve("target", [Deno.execPath(), "eval", program]);
}
