/**
 * The lines of JSON other than a port's: their fields, for the writer and for help texts.
 *
 * @module
 */
import { type HostState, type State, STATES } from "../result/states.ts";
import type { Progress, Summary, SystemGuess } from "../result/summary.ts";
import { lossEachWay } from "../base/text.ts";
import { type HostReport, isAbsent, isTimedOut } from "./host_report.ts";
import { filteredEntries, traceEntry } from "./traces.ts";
import type { ScanHead } from "./writer.ts";

/** The version of these lines. It increases if an existing reader could misread a line; new fields do not count. */
export const JSON_SCHEMA = 2;

/** One field of a line other than a port's. */
export interface EventField<T> {
  readonly name: string;
  /** Its meaning, for help texts. */
  readonly doc: string;
  /** Returns its value; `undefined` if the line omits it. */
  readonly get: (value: T) => unknown;
}

/** A host, with its suspicion and its notes. */
export interface HostEvent {
  readonly host: HostReport;
  readonly suspect: string | undefined;
  readonly notes: readonly string[] | undefined;
  readonly os: readonly SystemGuess[] | undefined;
}

/** Returns a guess as an entry of a host's line. */
export function osEntry({ family, evidence, ports }: SystemGuess): Readonly<Record<string, unknown>> {
  return { family, evidence, ...ports.length > 0 && { ports } };
}

/** True for a state that every technique has. */
function isUsual(state: State): boolean {
  return state !== "unfiltered" && !state.includes("|");
}

function field<T>(name: string, doc: string, get: (value: T) => unknown): EventField<T> {
  return { name, doc, get };
}

/** The fields of the first line. */
export const START_FIELDS: readonly EventField<ScanHead>[] = [
  field("schema", "Version of these lines; it increases if an existing reader could misread them", () => JSON_SCHEMA),
  field("version", "synscan's version", ({ version }) => version),
  field("started", "When the scan began: ISO 8601, UTC", ({ startedAtMs }) => new Date(startedAtMs).toISOString()),
  field("args", "The command line, as typed", ({ args }) => args),
  field("technique", "The scan technique, such as `syn`; several are joined by `+`", ({ technique }) => technique),
  field("hosts", "Hosts to scan", ({ hosts }) => hosts),
  field("probes", "Ports of hosts to decide, once for each technique", ({ probes }) => probes),
  field("targets", "The targets, as the user named them", ({ targets }) => targets),
  field("ports", "The ports to probe, as text", ({ ports }) => ports?.text),
  field("udp_ports", "Those of UDP, if ports of TCP are probed as well", ({ udpPorts }) => udpPorts?.text),
  field("key", "A hash of hosts and ports: the same in all shards of a scan", ({ share }) => share?.key),
  field("seed", "The seed of the order of probes", ({ share }) => share?.seed),
  field(
    "shard",
    "The part of the whole scan: `index` of `count` parts, what is divided (`by`: `host` or `probe`), and the `hosts` and `probes` of " +
      "all parts together",
    ({ share }) => {
      if (share === undefined) return undefined;
      const { index, count, by, hosts, probes } = share;
      return { index, count, by, hosts, probes };
    },
  ),
  field("options", "The options that all shards of a scan have in common, as flags", ({ options }) => options),
];

/** The fields of a progress line. */
export const PROGRESS_FIELDS: readonly EventField<Progress>[] = [
  field("elapsed_ms", "Milliseconds since the scan began", ({ elapsedMs }) => rounded(elapsedMs, 1e3)),
  field(
    "left_ms",
    "Milliseconds to the end, as estimated",
    ({ leftMs }) => leftMs === undefined ? null : rounded(leftMs, 1),
  ),
  field("decided", "Ports decided so far", ({ decided }) => decided),
  field("probes", "Ports to decide", ({ probes }) => probes),
  field("sent", "Probe packets sent so far", ({ sent }) => sent),
  field("open", "Ports found open so far", ({ open }) => open),
  field("in_flight", "Probes waiting for a reply", ({ inFlight }) => inFlight),
  field(
    "rate_pps",
    "Recent probe packets per second; `null` while unknown",
    ({ ratePps }) => ratePps === undefined ? null : rounded(ratePps, 10),
  ),
  field("loss", "Share of round trips lost, 0 to 1, as estimated", ({ loss }) => roundedLoss(loss)),
];

/** The fields of a host's line. */
export const HOST_FIELDS: readonly EventField<HostEvent>[] = [
  field("ip", "The host's address", ({ host }) => host.ip),
  field(
    "names",
    "The target names that led to it; omitted if there are none",
    ({ host: { names } }) => names.length === 0 ? undefined : names,
  ),
  field("hostname", "Its name by reverse DNS; omitted if it is not known", ({ host: { hostname } }) => hostname),
  field(
    "state",
    "`up`, `absent`, `silent` or `undecided`; omitted if discovery has not looked for it",
    ({ host }) => stateOf(host),
  ),
  field(
    "reason",
    "Its reply, or why there is none",
    ({ host }) => host.answer ?? host.found?.reason ?? absenceOf(host),
  ),
  field("mac", "Its hardware address on an own link; omitted if it is not known", ({ host }) => host.found?.mac),
  field(
    "vendor",
    "The holder of the block that this address is from; omitted if it is not known",
    ({ host }) => host.found?.vendor,
  ),
  field(
    "evidence",
    "Every reply that shows it is up: `probe`, `reason`, `rtt_ms` and `ttl` of each; omitted without discovery",
    ({ host: { found } }) =>
      found === undefined || found.evidence.length === 0
        ? undefined
        : found.evidence.map(({ probe, reason, rttMs, ttl }) => ({
          ...{ probe, reason },
          rtt_ms: rttMs === undefined ? null : rounded(rttMs, 1e3),
          ttl: ttl ?? null,
        })),
  ),
  field(
    "rtt_ms",
    "Its smoothed round trip, in milliseconds",
    ({ host: { roundTrip, found } }) => {
      const ms = roundTrip?.smoothedMs ?? found?.rttMs;
      return ms === undefined ? null : rounded(ms, 1e3);
    },
  ),
  ...STATES.map((state) =>
    field<HostEvent>(
      state.replace("|", "_"),
      `Its ports that are ${state}${isUsual(state) ? "" : "; omitted if there is none"}`,
      ({ host }) => portsIn(host, state) || (isUsual(state) ? 0 : undefined),
    )
  ),
  field(
    "at_least",
    "True if it has more ports without a reply than are counted, as so many are; omitted otherwise",
    ({ host }) => host.atLeast || undefined,
  ),
  field(
    "trace",
    "The path to it: `proto`, `port`, `reached`, `shared` and `hops`, of which each has `ttl`, `ip`, `rtt_ms` and `hostname`; " +
      "omitted if it was not traced",
    ({ host: { trace } }) => trace && traceEntry(trace),
  ),
  field(
    "where_filtered",
    "Filtered `ports` (`proto`, `technique`), those of them that were `probed`, and the last hop that such probes reach (`after_hop`, `ip`); omitted if " +
      "it is not known",
    ({ host: { trace } }) => trace && filteredEntries(trace),
  ),
  field(
    "timed_out",
    "True if its time (`--host-timeout`) was up before everything was known; omitted otherwise",
    ({ host }) => isTimedOut(host) || undefined,
  ),
  field("suspect", "Another device that may reply for it; omitted if there is no suspicion", ({ suspect }) => suspect),
  field("notes", "Notes on it and on its ports, a text each; omitted if there are none", ({ notes }) => notes),
  field(
    "os",
    "Guesses of its system by the shape of its SYN-ACKs: `family` (null if unknown), `evidence` and, if different stacks reply " +
      "for its ports, some `ports` of each; omitted if no port is open",
    ({ os }) => os?.map(osEntry),
  ),
];

/** The fields of the last line. */
export const SUMMARY_FIELDS: readonly EventField<Summary>[] = [
  field("hosts", "Hosts that were probed", ({ hosts }) => hosts),
  field("hosts_up", "Hosts that replied to a probe or to ARP", ({ hostsUp }) => hostsUp),
  field(
    "hosts_absent",
    "Hosts that are known not to be there; omitted if there is none",
    ({ hostsAbsent }) => hostsAbsent || undefined,
  ),
  field(
    "hosts_silent",
    "Hosts that replied to no probe of discovery, and whose ports were not probed; omitted if there is none",
    ({ hostsSilent }) => hostsSilent || undefined,
  ),
  field(
    "hosts_undecided",
    "Hosts that discovery has no result for; omitted if there is none",
    ({ hostsUndecided }) => hostsUndecided || undefined,
  ),
  field("probes", "Ports of hosts to decide", ({ probes }) => probes),
  field("sent", "Probe packets sent, retransmissions included", ({ sent }) => sent),
  field("answered", "Replies that decided a port", ({ answered }) => answered),
  field("open", "Ports found open", ({ open }) => open),
  field("closed", "Ports found closed", ({ closed }) => closed),
  field("filtered", "Ports found filtered", ({ filtered }) => filtered),
  field(
    "unfiltered",
    "Ports found unfiltered; omitted if there is none",
    ({ unfiltered }) => unfiltered || undefined,
  ),
  field(
    "open_filtered",
    "Ports found open or filtered; omitted if there is none",
    ({ openFiltered }) => openFiltered || undefined,
  ),
  field(
    "closed_filtered",
    "Ports found closed or filtered; omitted if there is none",
    ({ closedFiltered }) => closedFiltered || undefined,
  ),
  field("undecided", "Ports without a result", ({ undecided }) => undecided),
  field(
    "elapsed_ms",
    "From the first probe to the last result, in milliseconds",
    ({ elapsedMs }) => rounded(elapsedMs, 1e3),
  ),
  field("rate_pps", "Probe packets per second while sending", ({ ratePps }) => rounded(ratePps, 10)),
  field("loss", "Share of round trips lost, 0 to 1, as estimated", ({ loss }) => roundedLoss(loss)),
  field(
    "round_trips",
    "Round trips that this share is of; omitted if there is none",
    ({ roundTrips }) => roundTrips || undefined,
  ),
  field(
    "loss_each_way",
    "The share lost each way, if both ways lose the same",
    ({ loss }) => roundedLoss(loss, lossEachWay),
  ),
  field(
    "expected_wrong",
    "Results expected to be wrong, given that loss",
    ({ expectedWrong }) => rounded(expectedWrong, 1e6),
  ),
  field("late", "Replies that arrived after their port was reported, and replaced its result", ({ late }) => late),
  field("duplicates", "Replies to probes that already had one", ({ duplicates }) => duplicates),
  field(
    "fin_acks",
    "Replies of FIN and ACK with our sequence numbers, sent by a proxy whose own connection failed; they decide nothing",
    ({ finAcks }) => finAcks,
  ),
  field(
    "unmatched",
    "Packets that match no probe: forged, stale or damaged",
    ({ unmatched }) => unmatched,
  ),
  field("send_retries", "Packets that had to wait for room in the kernel's queues", ({ sendRetries }) => sendRetries),
  field("send_errors", "Probes that the kernel refused to send, by errno name", ({ sendErrors }) => sendErrors),
  field("receive_drops", "Packets that the kernel dropped before they were read", ({ receiveDrops }) => receiveDrops),
  field(
    "capped_hosts",
    "Hosts that limit the rate of their replies, and were probed more slowly",
    ({ cappedHosts }) => cappedHosts,
  ),
  field(
    "suspects",
    "Hosts for which another device may reply: `ip` and `suspect` of each",
    ({ suspects }) => suspects,
  ),
  field(
    "aliased",
    "Prefixes of IPv6 of which every address seems to reply: `prefix`, its `hosts` that are up, `controls`, how many addresses chosen " +
      "at random were probed there, and `replied`, how many of these replied; omitted if there is none",
    ({ aliased }) => aliased.length === 0 ? undefined : aliased,
  ),
  field("ended", "`done`, `deadline`, `interrupted` or `failed`", ({ ended }) => ended),
  field("warnings", "Warnings about the reliability of the results", ({ warnings }) => warnings),
  field(
    "trusted",
    "True if every target was found, every port decided, less than half a result is expected to be wrong, and no device " +
      "replies for every host",
    ({ trusted }) => trusted,
  ),
  field("transport", "The transport of packets, such as `ethernet`", ({ transport }) => transport),
  field("workers", "Number of workers", ({ workers }) => workers),
];

/** The type of each line other than a port's, its place, and its fields. */
export const JSON_EVENTS: readonly {
  readonly type: string;
  readonly when: string;
  readonly fields: readonly Pick<EventField<never>, "name" | "doc">[];
}[] = [
  { type: "start", when: "the first line", fields: START_FIELDS },
  { type: "progress", when: "at the interval of `--stats-every`", fields: PROGRESS_FIELDS },
  {
    type: "host",
    when:
      "after the ports, for each host that replied, and with discovery for each that it has looked for; if each host has one port " +
      "and there is no discovery, for each with a `hostname`, notes or a guess of its system; with `--filter` and `--changed` for " +
      "each with ports above",
    fields: HOST_FIELDS,
  },
  { type: "summary", when: "the last line", fields: SUMMARY_FIELDS },
];

/** Returns the state of a host that discovery has looked for; undefined for another. */
function stateOf(host: HostReport): HostState | undefined {
  return isAbsent(host) ? "absent" : host.found?.state;
}

function absenceOf({ conclusion }: HostReport): string | undefined {
  return conclusion === "no-arp-response" ? conclusion : undefined;
}

function portsIn({ ports, hidden, unlisted = [] }: HostReport, state: State): number {
  let count = 0;
  for (const port of ports) if (port.state === state) count++;
  for (const group of hidden) if (group.state === state) count += group.count;
  for (const group of unlisted) if (group.state === state) count += group.count;
  return count;
}

/** Returns a share of round trips lost, converted and rounded; null if it is unknown. */
function roundedLoss(loss: number | null, convert = (loss: number) => loss): number | null {
  return loss === null ? null : rounded(convert(loss), 1e6);
}

/** Rounds a number to so many parts of 1. */
export function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
