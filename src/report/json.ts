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
  type Summary,
  toResult,
} from "../result/outcome.ts";
import { type Field, FIELDS, type FieldValue, isRepeat } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import { type EventField, HOST_FIELDS, PROGRESS_FIELDS, START_FIELDS, SUMMARY_FIELDS } from "./json_events.ts";
import { notesByHost, noteText } from "./notes.ts";
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
    this.#hasHostLines = head.probes > head.hosts;
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

// JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would interpret them.
function jsonText(value: unknown): string {
  if (typeof value === "number") return `${value}`;
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
