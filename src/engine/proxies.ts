/**
 * Notes on replies that something else than the host has sent: a SYN proxy, a proxy for every port or every address, a
 * program on the scanner's own side, a host behind the one that was asked.
 *
 * @module
 */

import type { ControlPorts } from "./all_open.ts";
import type { TtlTable } from "./forwarded.ts";
import { hostsWithNote, noteCode, type NoteTable } from "./notes.ts";
import type { OwnSide } from "./own_side.ts";

/** Note on a port: a SYN-ACK with window 0. */
export const SYN_PROXY = noteCode("window 0: a SYN proxy answered");
const EVERY_PORT = noteCode("something answers for every port: control ports are open");
const EVERY_ADDRESS = noteCode("something answers for every address: control ports are open on other hosts too");
const OWN_SIDE = noteCode("these replies are generated on your side: states are those of a proxy's connect()");
const NEXT_HOP = noteCode("answered before the first router: the next hop itself, or a program on your side");
const OWN_UNREACH = noteCode(
  "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server",
);
const FORWARDED = [
  noteCode("forwarded, 1 hop behind"),
  noteCode("forwarded, 2 hops behind"),
  noteCode("forwarded, 3 or more hops behind"),
];
/** The same where the replies from nearby are RSTs alone. */
const FORWARDED_OR_FIREWALL = [
  noteCode("forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports"),
  noteCode("forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports"),
  noteCode("forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports"),
];
/** Hosts that get a note on their own port-unreach, which firewalls of many networks send: other notes need room too. */
const MAX_OWN_UNREACH = 64;

/** Counts hosts that refuse by an ICMP port-unreachable of their own, and notes some. */
export class OwnUnreach {
  readonly #hosts = new Set<number>();

  add(host: number): void {
    if (this.#hosts.size < MAX_OWN_UNREACH) this.#hosts.add(host);
  }

  addNotes(notes: NoteTable): void {
    for (const host of this.#hosts) notes.addHost(host, OWN_UNREACH);
  }
}

/** Adds what only the scan as a whole shows. */
export function addProxyNotes(
  notes: NoteTable,
  seen: {
    readonly canaries: ControlPorts;
    readonly ownSide: OwnSide;
    readonly ttls: TtlTable;
    readonly suspects: readonly number[];
    /** How many ports of a host were answered. */
    readonly repliesOf: (host: number) => number;
    /** How many of these are open. */
    readonly openOf: (host: number) => number;
  },
): void {
  const { canaries, ownSide, ttls, suspects, repliesOf, openOf } = seen;
  for (const host of ownSide.hosts()) notes.addHost(host, OWN_SIDE);
  for (const host of ownSide.nextHops()) notes.addHost(host, NEXT_HOP);
  if (canaries.answersForAll) { for (const host of canaries.sampledHosts()) notes.addHost(host, EVERY_ADDRESS); }
  for (const host of suspects) if (canaries.isProxied(host)) notes.addHost(host, EVERY_PORT);
  for (const { host, port, hops, isMaybeFirewall } of ttls.forwarded(repliesOf, openOf)) {
    const codes = isMaybeFirewall ? FORWARDED_OR_FIREWALL : FORWARDED;
    notes.addPort(host, port, codes[Math.min(hops, codes.length) - 1]!);
  }
}

/** What the notes of a scan say of it as a whole. */
export interface ProxyFindings {
  /** Hosts whose replies are generated on this side, of those that were checked. */
  readonly ownSide: ReadonlySet<number>;
  /** Hosts that show that something answers for every address. */
  readonly everyAddress: ReadonlySet<number>;
}

/** Reads from the rows of a {@linkcode NoteTable} what makes a scan one not to be trusted. */
export function proxyFindings(rows: ArrayLike<number>): ProxyFindings {
  return { ownSide: hostsWithNote(rows, OWN_SIDE), everyAddress: hostsWithNote(rows, EVERY_ADDRESS) };
}
