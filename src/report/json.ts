/**
 * JSON lines: one object per line (RFC 8259; every line ends with a line feed). Its `type` is the scan's start, a port as it is
 * decided, progress (on request), a host, or the scan's summary.
 *
 * @module
 */
import { jsonText } from "../base/text.ts";
import {
  type NamesByHost,
  NO_NAMES,
  type PortResult,
  type ResultCursor,
  type ResultList,
} from "../result/port_result.ts";
import { type GuessedHosts, guessedHosts, type Progress, type Summary, type SystemGuess } from "../result/summary.ts";
import { type Field, FIELDS, type FieldValue } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import { isAbsent } from "./host_report.ts";
import { HostTexts } from "./host_texts.ts";
import { hostnamesByIp, withHostnames } from "./hostnames.ts";
import {
  type EventField,
  HOST_FIELDS,
  type HostEvent,
  osEntry,
  PROGRESS_FIELDS,
  rounded,
  START_FIELDS,
  SUMMARY_FIELDS,
} from "./json_events.ts";
import { notesByHost, noteText } from "./notes.ts";
import { osByHost, osOf } from "./os.ts";
import { filteredEntries, traceEntry, tracesByIp } from "./traces.ts";
import { Utf8Buffer } from "./utf8.ts";
import { mayBeOpen, type Piece, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

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

/** Bytes before, between and behind the values of a line that vary. */
type Literals = readonly Uint8Array[];
/** Lines of which the literals are remembered. */
const MAX_LITERALS = 1 << 14;

/** Writes a scan as JSON lines. */
export class JsonLinesWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #stateBefore: ReportOptions["stateBefore"];
  readonly #aggregator: HostAggregator;
  #hosts = 0;
  #names: NamesByHost = NO_NAMES;
  /** False if a host's line would only repeat its port's. */
  #hasHostLines = true;
  /** True if hosts were probed as a whole: those that were not found have lines then, too. */
  #hasDiscovery = false;
  readonly #fields: readonly Field[];
  /** Those that vary from line to line: known for every port, with values that need no escaping. */
  readonly #varying: readonly Field[];
  /** Literals by technique, service and the values that do not vary; the last ones apart, as most lines repeat them. */
  #literals = new Map<string, Map<string | undefined, Map<number | string, Literals>>>();
  #lastTechnique = "";
  #literalCount = 0;
  #lastColumns: number | undefined;
  #lastService: string | undefined;
  #lastLiterals: Literals = [];
  /** The lines of hosts of which nothing is known but their state, behind the address, by that state. */
  readonly #plainEnds = new Map<string, string>();
  /** The lines of hosts around their address and their round trip. */
  readonly #frames = new HostTexts<readonly [string, string]>();
  readonly #encoder = new TextEncoder();
  readonly #text = new Utf8Buffer();

  constructor(options: ReportOptions, aggregator: HostAggregator) {
    this.#openOnly = options.openOnly;
    this.#stateBefore = options.fields === undefined ? options.stateBefore : undefined;
    this.#aggregator = aggregator;
    this.#fields = options.fields ?? FIELDS;
    this.#varying = this.#fields.filter(({ varies }) => varies);
  }

  start(head: ScanHead): string {
    this.#hosts = head.hosts;
    this.#names = head.names ?? NO_NAMES;
    this.#hasHostLines = head.probes > head.hosts || this.#aggregator.listsMatches;
    return eventLine("start", START_FIELDS, head);
  }

  results(batch: ResultList): Piece {
    if (this.#hasHostLines) this.#aggregator.take(batch);
    const text = this.#text;
    const varying = this.#varying;
    text.clear();
    for (const result of batch) {
      if (this.#openOnly && !mayBeOpen(result.state)) continue;
      const literals = this.#literalsFor(result);
      for (let at = 0; at < varying.length; at++) {
        text.addBytes(literals[at]!);
        const value = varying[at]!.get(result);
        if (typeof value === "number" && !Number.isNaN(value)) text.addNumber(value);
        else text.addText(typeof value === "string" ? value : "null");
      }
      const before = this.#stateBefore?.(result);
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

  #literalsFor(result: ResultCursor): Literals {
    const { columns, service, technique, finding } = result;
    if (finding !== undefined) return this.#literalsOf(result);
    if (
      columns !== undefined && columns === this.#lastColumns && service === this.#lastService &&
      technique === this.#lastTechnique
    ) {
      return this.#lastLiterals;
    }
    if (this.#literalCount >= MAX_LITERALS) {
      this.#literals.clear();
      this.#literalCount = 0;
    }
    let ofTechnique = this.#literals.get(technique);
    if (ofTechnique === undefined) this.#literals.set(technique, ofTechnique = new Map());
    let ofService = ofTechnique.get(service);
    if (ofService === undefined) ofTechnique.set(service, ofService = new Map());
    const key = columns ?? valuesKey(result);
    let literals = ofService.get(key);
    if (literals === undefined) {
      ofService.set(key, literals = this.#literalsOf(result));
      this.#literalCount++;
    }
    this.#lastColumns = columns;
    this.#lastService = service;
    this.#lastTechnique = technique;
    return this.#lastLiterals = literals;
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

  hosts(batch: ResultList): string {
    this.#hasHostLines = this.#hasDiscovery = true;
    this.#aggregator.take(batch);
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
    const notes = notesByHost(summary);
    const hostnames = hostnamesByIp(summary);
    const traces = tracesByIp(summary);
    const remarked = new Set([...notes.keys(), ...hostnames.keys(), ...traces.keys()]);
    const os = osOf(summary, remarked);
    for (const ip of remarked) {
      const trace = traces.get(ip);
      const line = {
        ...{ type: "host", ip, hostname: hostnames.get(ip) },
        ...(trace === undefined ? {} : { trace: traceEntry(trace), where_filtered: filteredEntries(trace) }),
        ...{ notes: notes.get(ip)?.map(noteText), os: os.get(ip)?.map(osEntry) },
      };
      yield `${jsonText(line)}\n`;
    }
    const hosts = guessedHosts(summary);
    // Most hosts share their guesses with others, which are worded once.
    const known = new Map<readonly SystemGuess[], string>();
    for (let from = 0; from < hosts.length; from += HOSTS_A_PIECE) {
      yield guessLines(hosts, [from, Math.min(hosts.length, from + HOSTS_A_PIECE)], remarked, known);
    }
  }

  *#hostLines(summary: Summary): Generator<string> {
    const { suspects } = summary;
    const notes = notesByHost(summary);
    const os = osByHost(summary);
    const suspicions = new Map(suspects.map(({ ip, suspect }) => [ip, suspect]));
    let text = "";
    let waiting = 0;
    const report = this.#aggregator.report(this.#hosts);
    const reports = this.#hasDiscovery ? report.hostsAndAbsent(this.#names) : report.hosts(this.#names);
    for (const host of withHostnames(reports, summary)) {
      const isTold = host.answer !== undefined || notes.has(host.ip) || host.hostname !== undefined ||
        host.trace !== undefined || isAbsent(host) || host.found !== undefined;
      if (!isTold || this.#openOnly && host.maybeOpenCount === 0) continue;
      const event = {
        host,
        suspect: suspicions.get(host.ip),
        notes: notes.get(host.ip)?.map(noteText),
        os: os.get(host.ip),
      };
      text += isPlain(event)
        ? this.#plainLine(event)
        : host.kind !== undefined && host.roundTrip !== undefined && event.suspect === undefined &&
            event.notes === undefined
        ? this.#usualLine(event, host.kind)
        : eventLine("host", HOST_FIELDS, event);
      if (++waiting % HOSTS_A_PIECE > 0) continue;
      yield text;
      text = "";
    }
    yield text;
  }

  /** Returns the line of a host that differs from others only by its address. */
  #plainLine(event: HostEvent): string {
    const { ip, conclusion, found, unlisted = [], atLeast } = event.host;
    const begin = `{"type":"host","ip":"${ip}"`;
    let key = `${conclusion} ${found?.state} ${found?.reason} ${atLeast}`;
    for (const { state, count } of unlisted) key += ` ${count} ${state}`;
    let end = this.#plainEnds.get(key);
    if (end === undefined) this.#plainEnds.set(key, end = eventLine("host", HOST_FIELDS, event).slice(begin.length));
    return begin + end;
  }

  /** Returns the line of a host that differs from others only by its address and its round trip. */
  #usualLine(event: HostEvent, kind: number): string {
    const [begin, end] = this.#frames.of(kind, event.os, () => {
      const host = { ...event.host, ip: "", roundTrip: { ...event.host.roundTrip!, smoothedMs: PLACE } };
      const [begin = "", end = ""] = eventLine("host", HOST_FIELDS, { ...event, host }).split(`${PLACE}`);
      return [begin.slice(HOST_BEGIN.length), end];
    });
    return `${HOST_BEGIN}${event.host.ip}${begin}${rounded(event.host.roundTrip!.smoothedMs, 1e3)}${end}`;
  }
}

/** The beginning of a host's line, before its address. */
const HOST_BEGIN = '{"type":"host","ip":"';
/** A round trip that none is: it shows where that of a host is in a line. */
const PLACE = 123456.789;

/** Returns true for a host of which nothing is known but its state: the most of a sparse network. */
function isPlain({ host, suspect, notes, os }: HostEvent): boolean {
  const { found, ports, hidden, names, hostname, trace, roundTrip } = host;
  const isUnremarked = suspect === undefined && notes === undefined && os === undefined && trace === undefined &&
    roundTrip === undefined;
  return isUnremarked && names.length === 0 && hostname === undefined && ports.length === 0 && hidden.length === 0 &&
    (found === undefined || found.state !== "up" && found.mac === undefined && found.evidence.length === 0);
}

/** Returns a piece of the lines of hosts of which only the system is guessed, without those in `others`. */
function guessLines(
  hosts: GuessedHosts,
  [from, to]: readonly [from: number, to: number],
  others: ReadonlySet<string>,
  known: Map<readonly SystemGuess[], string>,
): string {
  let text = "";
  for (let index = from; index < to; index++) {
    const ip = hosts.ipOf(index);
    const guesses = hosts.guessesOf(index);
    // To look an address up takes longer than to write its line.
    if (guesses.length === 1 && guesses[0]!.family === null || others.size > 0 && others.has(ip)) continue;
    let end = known.get(guesses);
    if (end === undefined) {
      end = `","os":${jsonText(guesses.map(osEntry))}${LINE_END}`;
      if (known.size < MAX_LITERALS) known.set(guesses, end);
    }
    text += '{"type":"host","ip":"' + ip + end;
  }
  return text;
}

/** All values that do not vary, but the service. */
function valuesKey({ state, reason, ttl, tries, late, from, note, names }: PortResult): string {
  return `${state} ${reason} ${ttl} ${tries} ${late} ${from} ${note}\n${names.join("\n")}`;
}

function eventLine<T>(type: string, fields: readonly EventField<T>[], value: T): string {
  let text = `{"type":"${type}"`;
  for (const { name, get } of fields) {
    const found = get(value);
    if (found !== undefined) text += `,"${name}":${jsonText(found)}`;
  }
  return `${text}}\n`;
}
