/**
 * The meaning of states and reasons, and the rule for replies that contradict each other: for `synscan help states` and the
 * README.
 *
 * @module
 */
import type { Reason, State } from "../../result/outcome.ts";

/** Each state and what it means. */
export const STATE_MEANINGS: Readonly<Record<State, string>> = {
  open: "the host accepts connections",
  closed: "the host refuses them",
  filtered: "nothing came back, after every attempt, or someone on the way said no",
  undecided: "the scan ended, or failed, before it could tell",
};

/** Reasons that mean about the same, and what was seen. */
export const REASON_MEANINGS: readonly (readonly [reasons: readonly Reason[], meaning: string])[] = [
  [["syn-ack", "conn-accept"], "the host accepted: by a SYN-ACK, or to the kernel's own connection (`-sT`)"],
  [
    ["conn-reset"],
    "the connection was accepted and reset at once: by the server, or by a SYN proxy without a server behind it (`-sT`)",
  ],
  [["split-handshake-syn"], "the host answered a SYN with a SYN of its own, which opens a connection too"],
  [["reset", "conn-refused"], "the host refused: by a RST, or to the kernel's own connection (`-sT`)"],
  [
    ["reset-no-ack"],
    "a RST without ACK, which a TCP that connects ignores: pasta, the network of rootless containers, sends it for a closed " +
    "port, an ICMP error and a missing route alike, so that `-sT` calls the same port filtered",
  ],
  [
    ["neighbor-timeout"],
    "a RST after some 3.07 s on a path of milliseconds: the kernel behind a proxy found no host at the address",
  ],
  [["no-response"], "nothing, after every attempt"],
  [["no-arp-response"], "no host is at this address of an own link: nothing answered ARP for it"],
  [["net-unreach", "host-unreach", "proto-unreach", "port-unreach"], "ICMP type 3, codes 0 to 3"],
  [["net-prohibited", "host-prohibited", "admin-prohibited"], "ICMP type 3, codes 9, 10 and 13"],
  [["time-exceeded"], "ICMP type 11: the probe went in circles, or its TTL was too small"],
  [["host-silent"], "the host had answered, then fell silent altogether: its silence says nothing about a port"],
  [["no-route", "send-failed"], "the probe could not be sent: no way there, or the kernel refused"],
  [["no-carrier", "interface-down"], "the probe did not leave: the interface had no carrier, was down or gone"],
  [["next-hop-silent"], "the probe did not leave this link: the router that it had to pass did not answer"],
  [["local-firewall"], "this machine's own packet filter refused to send the probe"],
  [["deadline", "interrupted", "not-asked"], "the scan ended before an answer, or before the probe was sent"],
];

/** What decides where replies contradict each other or belong to nothing; a paragraph each. */
export const REPLY_RULES: readonly string[] = [
  "Replies to one port may contradict each other. A SYN-ACK wins over a RST, a RST over an ICMP error, an ICMP error over " +
  "silence, in whatever order they arrive; a reply that wins after the port was reported supersedes it (a line of JSON " +
  "with `late`), and the host gets a note such as `port 80: SYN-ACK and RST`.",
  "An ACK from a connection that was left over at the host, from the same port (`-g`), is answered with a RST, and the " +
  "port is probed again. FIN and ACK with our numbers, which a proxy sends whose own connection failed (slirp4netns), " +
  "decides nothing and has a counter of its own (`fin_acks`).",
  "Packets are counted as unmatched, and decide nothing, where they acknowledge another number, have a wrong checksum, " +
  "are ICMP errors from an address that cannot send one (loopback, multicast, broadcast, 0.0.0.0), or were addressed by " +
  "the link to others, to everybody or to a VLAN that the interface is not on. A bare SYN carries no number: it counts as " +
  "open once it answers two attempts, and not while bare SYNs and ACKs arrive that answer nothing.",
];

/** The tables and paragraphs of README.md. */
export function stateTables(): string {
  const code = (word: string) => `\`${word}\``;
  const states = Object.entries(STATE_MEANINGS).map(([state, meaning]) => `| ${code(state)} | ${meaning} |\n`);
  const reasons = REASON_MEANINGS.map(([words, meaning]) => `| ${words.map(code).join(", ")} | ${meaning} |\n`);
  return `| state | what was seen |\n| --- | --- |\n${states.join("")}\n` +
    `| reason | what was seen |\n| --- | --- |\n${reasons.join("")}`;
}
