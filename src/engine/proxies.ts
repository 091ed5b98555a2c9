// Hot path: nothing here may allocate per packet.
/**
 * Replies that something else than the host has sent: a SYN proxy, a proxy for every port or every address, a program on the
 * scanner's own side, a host behind the one that was probed. Sends the probes that show it, and notes it.
 *
 * @module
 */

import { OPEN } from "../result/states.ts";
import { ControlPorts, sparePorts } from "./all_open.ts";
import { BLOCKED, type Blocks, LIMITED } from "./blocks.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import { TtlTable } from "./forwarded.ts";
import { GLOBAL } from "./host_table.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import { hostsWithNote, noteCode, NoteTable } from "./notes.ts";
import { OwnSide } from "./own_side.ts";
import { FOR_CONTROL_PORT, FOR_NEAR, FOR_RECHECK } from "./probe_table.ts";
import type { StraySegments } from "./strays.ts";

/** Note on a port: a SYN-ACK with window 0. */
export const SYN_PROXY = noteCode("window 0: a SYN proxy answered");
const EVERY_PORT = noteCode("something answers for every port: control ports are open");
const EVERY_UDP_PORT = noteCode("something replies at every UDP port, so that open shows no service");
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
const RST_SPOOF = noteCode(
  "rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place",
);
/**
 * Ports of a host that were refused and accepted by replies to one probe, which show that something else sends RSTs in its place: of one
 * port it may have been chance. And hosts that are counted.
 */
const REFUSED_AND_ACCEPTED = 2;
const MAX_REFUSED = 1 << 12;
const MAX_UNPROVEN = 1 << 16;
/** Hosts that get a note on their own port-unreach, which firewalls of many networks send: other notes need room too. */
const MAX_OWN_UNREACH = 64;

/**
 * Replies of a host with more ports before its control ports are probed: common ports come first, many of them are open, and firewalls that block
 * scanners count closed ports, as control ports are.
 */
const COMMON_PORTS = 24;
/** Attempts of a control port that stays without a reply. */
const CONTROL_PORT_TRIES = 3;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { sender: ProbeSender; blocks: Blocks; icmp: IcmpErrors; strays: StraySegments };

/** The search for other senders in one scan. */
export class Proxies {
  readonly #state: Parts;
  readonly #controlPorts = new ControlPorts();
  readonly #ownSide: OwnSide;
  readonly #ttls = new TtlTable();
  /** Ports of hosts that were refused and accepted by replies to one probe, by host. */
  readonly #refusedAndAccepted = new Map<number, number>();
  /** Ports of hosts that are open by replies which prove nothing alone, by host. */
  readonly #unproven = new Map<number, number>();
  /** Hosts that have refused by an ICMP port-unreachable of their own. */
  readonly #ownUnreach = new Set<number>();

  constructor(state: Parts) {
    this.#state = state;
    this.#ownSide = new OwnSide(state.driver.sendNear === undefined ? undefined : state.driver.pathTo);
  }

  /** Takes a reply to a probe for a result. */
  onReply(slot: number, index: number, state: number, ttl: number, odd: boolean): void {
    // What is probed without ports tells nothing of other senders: every host replies alike.
    if (!this.#state.driver.hasPorts) return;
    const { table: { host: hosts, port: ports }, source } = this.#state;
    const host = hosts[slot]!;
    const port = ports[slot]!;
    this.#sample(host, state);
    // Datagrams and errors of one host have different TTLs.
    if (this.#state.icmp.isOn) return;
    if (this.#ownSide.isDueBeyondProgram(host, port, ttl, state !== OPEN && odd)) {
      // A closed port tells stacks apart, and is harmed least.
      this.#sendNearProbe(host, sparePorts(~host, 1, (spare) => source.isSpare(host, spare))[0] ?? port);
    }
    if (index !== GLOBAL) this.#ttls.see(this.#state.hosts, index, port, ttl, state === OPEN);
  }

  /** Takes a port of a host that has replied; some hosts stand for all where nearly everything is open. */
  #sample(host: number, state: number): void {
    const isOpen = state === OPEN;
    if (this.#controlPorts.isSampleDue(host, isOpen, isOpen && this.#mayProbe(host))) this.#probeControlPorts(host);
  }

  /** True for a host whose control ports may be probed by now. */
  #mayProbe(host: number): boolean {
    const answered = this.#answeredOf(host);
    return answered === 0 || answered >= COMMON_PORTS || this.#state.source.portCountOf(host) <= COMMON_PORTS;
  }

  /** Takes that one more port of a host is open, after it was counted. */
  onOpen(host: number): void {
    if (!this.#state.driver.hasPorts || !this.#mayProbe(host)) return;
    if (this.#controlPorts.areDue(host, this.#openOf(host), this.#answeredOf(host))) this.#probeControlPorts(host);
  }

  /** Takes that one more port of a host is open by replies which prove nothing alone. */
  onUnprovenOpen(host: number): void {
    if (!this.#state.driver.hasPorts) return;
    const before = this.#unproven.get(host) ?? 0;
    if (before > 0 || this.#unproven.size < MAX_UNPROVEN) this.#unproven.set(host, before + 1);
    this.#sample(host, OPEN);
    this.onOpen(host);
  }

  /** Returns the number of ports of a host that have replied. */
  #answeredOf(host: number): number {
    const { hosts } = this.#state;
    return hosts.answered[hosts.find(host)]! + (this.#unproven.get(host) ?? 0);
  }

  /** Returns the number of ports of a host that are open. */
  #openOf(host: number): number {
    const { hosts } = this.#state;
    return hosts.open[hosts.find(host)]! + (this.#unproven.get(host) ?? 0);
  }

  /** Takes the reply of an open control port. */
  onControlPortOpen(host: number, port: number, ttl: number): void {
    this.#controlPorts.sawOpen(host);
    const isDue = !this.#state.icmp.isOn && this.#controlPorts.isProxied(host);
    if (isDue && this.#ownSide.isDueAsProxy(host, ttl)) this.#sendNearProbe(host, port);
  }

  /** Takes the host's reply to a probe with a TTL of 1. */
  onNearReply(host: number, port: number, isOpen: boolean, odd: boolean): void {
    this.#ownSide.answered(host, isOpen ? this.#state.source.isSpare(host, port) : odd);
  }

  /** Takes that the probes with a TTL of 1 to a port stayed without a reply. */
  onNearSilent(host: number): void {
    const port = this.#ownSide.nextPort(host);
    if (port >= 0) this.#sendNearProbe(host, port);
  }

  /** Takes that a single probe to a port was replied to by a RST and by a SYN-ACK after it. */
  onRefusedAndAccepted(host: number): void {
    const before = this.#refusedAndAccepted.get(host) ?? 0;
    if (before > 0 || this.#refusedAndAccepted.size < MAX_REFUSED) this.#refusedAndAccepted.set(host, before + 1);
  }

  /** Takes an ICMP port-unreachable that the host itself has sent. */
  onOwnUnreach(host: number): void {
    if (this.#ownUnreach.size < MAX_OWN_UNREACH) this.#ownUnreach.add(host);
  }

  /** Takes a control port, a port that had replied, or a probe with a TTL of 1, without a proven reply; returns true if it is sent again. */
  onSilent(slot: number): boolean {
    const { purpose, tries, countedTries, host, port } = this.#state.table;
    if (purpose[slot] === FOR_RECHECK) {
      return this.#state.blocks.isRepeated(this.#state.hosts.find(host[slot]!), countedTries[slot]!);
    }
    if (purpose[slot] === FOR_CONTROL_PORT) {
      if (!this.#state.strays.hasUnproven(slot)) return tries[slot]! < CONTROL_PORT_TRIES;
      this.onControlPortOpen(host[slot]!, port[slot]!, 0);
    }
    return purpose[slot] === FOR_NEAR && this.#ownSide.isRetried(countedTries[slot]!);
  }

  /** Addresses of hosts for which something else seems to reply. */
  suspects(): number[] {
    const { hosts: { address, answered, open, count }, notes } = this.#state;
    const found = new Set([
      ...this.#ownSide.hosts(),
      ...hostsWithNote(notes.rows(), SYN_PROXY),
      ...this.#rstSpoofed(),
    ]);
    if (this.#controlPorts.answersForAll) { for (const host of this.#controlPorts.sampledHosts()) found.add(host); }
    for (let i = 1; i < count; i++) {
      if (this.#controlPorts.suspect(address[i]!, answered[i]!, open[i]!)) found.add(address[i]!);
    }
    for (const host of this.#unproven.keys()) {
      if (this.#controlPorts.suspect(host, this.#answeredOf(host), this.#openOf(host))) found.add(host);
    }
    return [...found];
  }

  /** Returns all notes of the scan, with those that only the scan as a whole shows, as rows of a {@linkcode NoteTable}. */
  noteRows(): Uint32Array<ArrayBuffer> {
    const { hosts } = this.#state;
    const controlPorts = this.#controlPorts;
    const notes = new NoteTable();
    notes.addRows(this.#state.notes.rows());
    for (const host of this.#ownUnreach) notes.addHost(host, OWN_UNREACH);
    for (const host of this.#rstSpoofed()) notes.addHost(host, RST_SPOOF);
    for (const host of this.#ownSide.hosts()) notes.addHost(host, OWN_SIDE);
    for (const host of this.#ownSide.nextHops()) notes.addHost(host, NEXT_HOP);
    if (controlPorts.answersForAll) {
      for (const host of controlPorts.sampledHosts()) {
        notes.addHost(host, EVERY_ADDRESS);
      }
    }
    for (const host of this.suspects()) {
      if (this.#state.icmp.isOn) notes.addHost(host, EVERY_UDP_PORT);
      else if (controlPorts.isProxied(host)) notes.addHost(host, EVERY_PORT);
    }
    const forwarded = this.#ttls.forwarded(
      (host) => hosts.answered[hosts.find(host)]!,
      (host) => hosts.open[hosts.find(host)]!,
    );
    for (const { host, port, hops, isMaybeFirewall } of forwarded) {
      const codes = isMaybeFirewall ? FORWARDED_OR_FIREWALL : FORWARDED;
      notes.addPort(host, port, codes[Math.min(hops, codes.length) - 1]!);
    }
    return notes.rows();
  }

  /** Hosts in whose place something else sends RSTs. */
  #rstSpoofed(): number[] {
    return [...this.#refusedAndAccepted].filter(([, ports]) => ports >= REFUSED_AND_ACCEPTED).map(([host]) => host);
  }

  #probeControlPorts(host: number): void {
    const ports = this.#controlPorts.choose(host, (port) => this.#state.source.isSpare(host, port));
    for (const port of ports) this.#state.sender.enqueue(host, port, FOR_CONTROL_PORT);
  }

  /** Queues a SYN with a TTL of 1. */
  #sendNearProbe(host: number, port: number): void {
    this.#state.sender.enqueue(host, port, FOR_NEAR);
  }
}

/** The notes that concern a scan as a whole. */
export interface ProxyFindings {
  /** Hosts whose replies are generated on this side, of those that were checked. */
  readonly ownSide: ReadonlySet<number>;
  /** Hosts that show that something replies for every address. */
  readonly everyAddress: ReadonlySet<number>;
  /** Hosts whose RSTs something else sends. */
  readonly rstSpoof: ReadonlySet<number>;
  /** Hosts that block the scan by refusals. */
  readonly blocked: ReadonlySet<number>;
  /** Hosts of which an open port did not reply again. */
  readonly limited: ReadonlySet<number>;
  /** Hosts of which every UDP port replies. */
  readonly everyUdpPort: ReadonlySet<number>;
}

/** Reads from the rows of a {@linkcode NoteTable} what makes a scan one not to be trusted. */
export function proxyFindings(rows: ArrayLike<number>): ProxyFindings {
  return {
    ownSide: hostsWithNote(rows, OWN_SIDE),
    everyAddress: hostsWithNote(rows, EVERY_ADDRESS),
    rstSpoof: hostsWithNote(rows, RST_SPOOF),
    blocked: hostsWithNote(rows, BLOCKED),
    limited: hostsWithNote(rows, LIMITED),
    everyUdpPort: hostsWithNote(rows, EVERY_UDP_PORT),
  };
}
