/**
 * JSON lines: one object per line (RFC 8259; every line ends with a line feed). Its `type` is the scan's start, a port as it is
 * decided, progress (on request), a host, or the scan's summary.
 *
 * @module
 */
import {
  type NamesByHost,
  NO_NAMES,
  type PortResult,
  type Progress,
  type ResultList,
  type State,
  STATES,
  type Summary,
  toResult,
} from "../result/outcome.ts";
import { type Field, FIELDS, type FieldValue, isRepeat } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import type { HostReport } from "./host_report.ts";
import { notesByHost, noteText } from "./notes.ts";
import { Utf8Buffer } from "./utf8.ts";
import { lossEachWay } from "../base/text.ts";
import { mayBeOpen, type Piece, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

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

/** A host that replied, with its suspicion and its notes. */
interface HostEvent {
  readonly host: HostReport;
  readonly suspect: string | undefined;
  readonly notes: readonly string[] | undefined;
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
  field("technique", "`syn` or `connect`", ({ technique }) => technique),
  field("hosts", "Hosts to scan", ({ hosts }) => hosts),
  field("probes", "Ports of hosts to decide", ({ probes }) => probes),
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
  field("reason", "Its reply", ({ host }) => host.answer),
  field(
    "rtt_ms",
    "Its smoothed round trip, in milliseconds",
    ({ host }) => host.roundTrip === undefined ? null : rounded(host.roundTrip.smoothedMs, 1e3),
  ),
  ...STATES.map((state) =>
    field<HostEvent>(
      state.replace("|", "_"),
      `Its ports that are ${state}${isUsual(state) ? "" : "; omitted if there is none"}`,
      ({ host }) => portsIn(host, state) || (isUsual(state) ? 0 : undefined),
    )
  ),
  field("suspect", "Another device that may reply for it; omitted if there is no suspicion", ({ suspect }) => suspect),
  field("notes", "Notes on it and on its ports, a text each; omitted if there are none", ({ notes }) => notes),
];

/** The fields of the last line. */
export const SUMMARY_FIELDS: readonly EventField<Summary>[] = [
  field("hosts", "Hosts that were probed", ({ hosts }) => hosts),
  field("hosts_up", "Hosts that replied to a probe or to ARP", ({ hostsUp }) => hostsUp),
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
    when: "after the ports, for each host that replied; if each host has one port, for each with notes",
    fields: HOST_FIELDS,
  },
  { type: "summary", when: "the last line", fields: SUMMARY_FIELDS },
];

/** The end of every line. */
const LINE_END = "}\n";

/** Hosts per piece of text, so that the text of a large scan is never in memory at once. */
const HOSTS_A_PIECE = 256;

/** Returns a field of a port's line, or an empty text if the line omits it. */
function fieldText({ name, sparse, plain }: Field, value: FieldValue): string {
  if (value === undefined) return sparse ? "" : `,"${name}":null`;
  if (typeof value === "object") return `,"${name}":${jsonText(value)}`;
  if (typeof value === "string") return `,"${name}":${plain ? `"${value}"` : jsonText(value)}`;
  return `,"${name}":${typeof value === "number" && Number.isNaN(value) ? null : value}`;
}

/** The common text of lines whose results repeat each other: most of each line. */
interface Frame {
  readonly result: PortResult;
  /** The text before, between and after the values that vary. */
  readonly literals: readonly Uint8Array[];
}

/** Writes a scan as JSON lines. */
export class JsonLinesWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #stateBefore: ReportOptions["stateBefore"];
  readonly #aggregator: HostAggregator;
  #hosts = 0;
  #names: NamesByHost = NO_NAMES;
  /** False if a host's line would only repeat its port's. */
  #hasHostLines = true;
  readonly #fields: readonly Field[];
  /** Those that vary from line to line: known for every port, with values that need no escaping. */
  readonly #varying: readonly Field[];
  /** The frames of the last line and of the last one that differed from it: most lines repeat one of the two. */
  #last: Frame | undefined;
  #other: Frame | undefined;
  readonly #encoder = new TextEncoder();
  readonly #text = new Utf8Buffer();

  constructor(options: ReportOptions, book: HostAggregator) {
    this.#openOnly = options.openOnly;
    this.#stateBefore = options.fields === undefined ? options.stateBefore : undefined;
    this.#aggregator = book;
    this.#fields = options.fields ?? FIELDS;
    this.#varying = this.#fields.filter(({ varies }) => varies);
  }

  start(head: ScanHead): string {
    this.#hosts = head.hosts;
    this.#names = head.names ?? NO_NAMES;
    this.#hasHostLines = head.probes > head.hosts;
    return eventLine("start", START_FIELDS, head);
  }

  results(batch: ResultList): Piece {
    if (this.#hasHostLines) this.#aggregator.take(batch);
    const text = this.#text;
    const varying = this.#varying;
    text.clear();
    // Whether the literals are those of the result before, and whether that was left out.
    let isLast = false;
    let isLeftOut = false;
    let literals: readonly Uint8Array[] = [];
    for (const result of batch) {
      if (result.repeatsPrevious !== true) {
        isLast = false;
        isLeftOut = this.#openOnly && !mayBeOpen(result.state);
      }
      if (isLeftOut) continue;
      if (!isLast) literals = this.#literalsFor(result);
      isLast = true;
      for (let at = 0; at < varying.length; at++) {
        text.addBytes(literals[at]!);
        const value = varying[at]!.get(result);
        if (typeof value === "number" && !Number.isNaN(value)) text.addNumber(value);
        else text.addText(typeof value === "string" ? value : "null");
      }
      const before = this.#stateBefore?.(result.ip, result.port);
      const end = literals[varying.length]!;
      if (before === undefined) {
        text.addBytes(end);
      } else {
        text.addBytes(end.subarray(0, -LINE_END.length));
        text.addText(`,"was":"${before}"${LINE_END}`);
      }
    }
    return text.bytes;
  }

  #literalsFor(result: PortResult): readonly Uint8Array[] {
    const last = this.#last;
    if (last === undefined || !isRepeat(result, last.result)) {
      const isOther = this.#other !== undefined && isRepeat(result, this.#other.result);
      this.#last = isOther ? this.#other! : { result: toResult(result), literals: this.#literalsOf(result) };
      this.#other = last;
    }
    return this.#last!.literals;
  }

  #literalsOf(result: PortResult): Uint8Array[] {
    const literals: string[] = [];
    let text = '{"type":"port"';
    for (const field of this.#fields) {
      if (!field.varies) {
        text += fieldText(field, field.get(result));
        continue;
      }
      const quote = field.type === "text" ? '"' : "";
      literals.push(`${text},"${field.name}":${quote}`);
      text = quote;
    }
    return [...literals, `${text}}\n`].map((literal) => this.#encoder.encode(literal));
  }

  tail(): string {
    return "";
  }

  progress(progress: Progress): string {
    return eventLine("progress", PROGRESS_FIELDS, progress);
  }

  *end(summary: Summary): Generator<string> {
    if (this.#hasHostLines) yield* this.#hostLines(summary);
    else yield* this.#noteLines(summary);
    yield eventLine("summary", SUMMARY_FIELDS, summary);
  }

  *#noteLines(summary: Summary): Generator<string> {
    for (const [ip, notes] of notesByHost(summary)) {
      yield `{"type":"host","ip":${jsonText(ip)},"notes":${jsonText(notes.map(noteText))}}\n`;
    }
  }

  *#hostLines(summary: Summary): Generator<string> {
    const { suspects } = summary;
    const notes = notesByHost(summary);
    const suspicions = new Map(suspects.map(({ ip, suspect }) => [ip, suspect]));
    let text = "";
    let waiting = 0;
    for (const host of this.#aggregator.report(this.#hosts).hosts(this.#names)) {
      if (host.answer === undefined && !notes.has(host.ip) || this.#openOnly && host.maybeOpenCount === 0) continue;
      text += eventLine("host", HOST_FIELDS, {
        host,
        suspect: suspicions.get(host.ip),
        notes: notes.get(host.ip)?.map(noteText),
      });
      if (++waiting % HOSTS_A_PIECE > 0) continue;
      yield text;
      text = "";
    }
    yield text;
  }
}

function eventLine<T>(type: string, fields: readonly EventField<T>[], value: T): string {
  let text = `{"type":"${type}"`;
  for (const { name, get } of fields) {
    const found = get(value);
    if (found !== undefined) text += `,"${name}":${jsonText(found)}`;
  }
  return `${text}}\n`;
}

function portsIn({ ports, hidden }: HostReport, state: State): number {
  const listed = ports.reduce((count, port) => port.state === state ? count + 1 : count, 0);
  return hidden.reduce((count, group) => group.state === state ? count + group.count : count, listed);
}

// JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would interpret them.
function jsonText(value: unknown): string {
  if (typeof value === "number") return `${value}`;
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns a share of round trips lost, converted and rounded; null if it is unknown. */
function roundedLoss(loss: number | null, convert = (loss: number) => loss): number | null {
  return loss === null ? null : rounded(convert(loss), 1e6);
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
