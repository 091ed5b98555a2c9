/**
 * The report as one HTML file that loads nothing: page, style and script come first, then the scan as lines of JSON in a
 * block of data, written as results arrive. The script shows the lines as text, never as markup.
 *
 * A line is an object with some of these members. Each is a list that continues that of the line before:
 *
 * ```text
 * head      the facts at the start of the scan (once)
 * fields    names of the chosen fields, if these are not all (once); others are 0, "" or null below
 * hosts     [ip, names or null], numbered from 0 in the order in which they come
 * services  [port, name, protocol if it is another than TCP]
 * found     [host, port, service, version, list of [title, text], protocol if it is another than TCP], of what service detection found
 * causes    [state, reason, sender of the error or null, technique if there are several, or ports of another protocol than TCP], numbered from 0
 * rows      host, port, cause, TTL or 0, round trip in microseconds or 0, tries; and the next
 * about     [host, open ports, smoothed round trip and its variation in microseconds or 0, suspicion or null,
 *           1 if there may be more silent ports, list of [state, reason, ports], list of notes, guess of the system; both if any], once a host, at the end
 * tally     [state, reason, ports], of the whole scan (in the last line, as are the next six)
 * times     [first bin, replies in it, in the next, ...]: twenty bins a decade from 1 microsecond
 * unlisted  open ports that are only counted
 * quiet     [reason, or undecided, hosts] that are not in `hosts`
 * unreached [reason, first, last], IPv4 addresses of those that others replied for
 * changes   changes since an earlier scan, with ports as [ip, port, state before, state after, service or null,
 *           technique or null where it is one that asks for a connection, earlier and later version or null if these
 *           do not differ, protocol if it is another than TCP]
 * summary   the summary of the scan, with names by reverse DNS; absent if the file was cut off
 * ```
 *
 * @module
 */
import type { PortResult, ResultList } from "../result/port_result.ts";
import { type Finding, versionText } from "../result/finding.ts";
import { type Reason, REASONS } from "../result/reasons.ts";
import { type State, STATES } from "../result/states.ts";
import type { AliasedPrefix, Summary } from "../result/summary.ts";
import type { Trace } from "../result/trace.ts";
import type { ScanChanges } from "./changes.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import type { HostReport } from "./host_report.ts";
import { chooser } from "./fields.ts";
import { CLOSING, opening, scriptJson } from "./html_page.ts";
import { aliasText, noteText } from "./notes.ts";
import { remarksByHost } from "./remarks.ts";
import { osText } from "./os.ts";
import { shownService } from "./service.ts";
import { filteredText, hopText, tracesByIp } from "./traces.ts";
import { commandText, printable, roundTripDigits } from "../base/text.ts";
import { hasOtherProtocols, hasSeveral, mayBeOpen, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

/** Limits of the ports that an {@linkcode HtmlWriter} lists, as browsers cannot show them all; every one is counted. */
export interface HtmlBounds {
  /** Open ports are listed in full up to this many in all. */
  readonly rowsInFull?: number;
  /** Beyond that, up to this many of a host. */
  readonly openRowsAHost?: number;
  /** Ports that are not open are listed, where a host has few of them, up to this many in all. */
  readonly otherRows?: number;
}

const BOUNDS: Required<HtmlBounds> = { rowsInFull: 1_000_000, openRowsAHost: 64, otherRows: 100_000 };
const HOSTS_A_LINE = 256;
/** The interval at which the counts at the end of the file are renewed while nothing is found. */
const RENEW_AFTER_MS = 1000;

const BINS_A_DECADE = 20;
/** From 1 microsecond to 100 seconds. */
const BIN_COUNT = 8 * BINS_A_DECADE;

interface HtmlHost {
  readonly index: number;
  /** Its open ports that are listed. */
  rowCount: number;
}

/** Writes the report for browsers. The aggregator and the limit of listed rows bound its memory. */
export class HtmlWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #fields: readonly string[] | undefined;
  readonly #has: (field: string) => boolean;
  readonly #aggregator: HostAggregator;
  readonly #bounds: Required<HtmlBounds>;
  readonly #hosts = new Map<string, HtmlHost>();
  readonly #causes = new Map<string, number>();
  readonly #services = new Set<string>();
  readonly #tally = new Map<State, Map<Reason, number>>();
  readonly #times = new Uint32Array(BIN_COUNT);
  #head: ScanHead | undefined;
  /** True where the technique of a result is named: one of several, or of another protocol than TCP. */
  #namesTechniques = false;
  #rowCount = 0;
  #unlisted = 0;
  #renewedAtMs = 0;
  /** Members of the last line that are known at the end of the scan. */
  #closing: Readonly<Record<string, unknown>> = {};
  #isEnded = false;
  #changes: Readonly<Record<string, unknown>> | undefined;
  /** Source addresses of probes: errors from these took no round trip. */
  #own: ReadonlySet<string> = new Set();

  constructor(options: ReportOptions, aggregator: HostAggregator, bounds: HtmlBounds = {}) {
    this.#openOnly = options.openOnly;
    this.#fields = options.fields?.map(({ name }) => name);
    this.#has = chooser(options.fields);
    this.#aggregator = aggregator;
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  start(head: ScanHead): string {
    this.#head = head;
    this.#namesTechniques = hasSeveral(head) || hasOtherProtocols(head);
    this.#renewedAtMs = head.startedAtMs;
    this.#own = new Set(head.sources);
    const { names: _1, hostnames: _2, ...facts } = head;
    const { args, targets, machine } = head;
    const texts = {
      args: args.map(printable),
      command: commandText(["synscan", ...args]),
      ...(targets === undefined ? {} : { targets: printable(targets) }),
      ...(machine === undefined ? {} : { machine: printable(machine) }),
    };
    return opening() + lineOf({ head: { ...facts, ...texts }, fields: this.#fields });
  }

  results(batch: ResultList, nowMs: number): string {
    this.#aggregator.take(batch);
    const line = new Line();
    for (const result of batch) {
      this.#count(result);
      if (result.state === "open") this.#listOpen(line, result);
    }
    const text = line.text();
    // A blank line has no meaning, but lets the caller renew the tail of the file.
    const renews = text !== "" || nowMs - this.#renewedAtMs >= RENEW_AFTER_MS;
    if (renews) this.#renewedAtMs = nowMs;
    return text === "" && renews ? "\n" : text;
  }

  compared({ ports, ...changes }: ScanChanges): void {
    this.#changes = {
      ...changes,
      ports: ports.map(({ ip, port, proto = "tcp", technique, before, after, service, was, now }) => {
        const texts = [service, technique, now === undefined ? undefined : `${was} → ${now}`];
        const facts = texts.map((text) => text === undefined ? null : printable(text));
        const shown = proto === "tcp"
          ? facts.slice(0, Math.max(1, facts.findLastIndex((text) => text !== null) + 1))
          : [
            ...facts,
            proto,
          ];
        return [ip, port, before, after, ...shown];
      }),
    };
  }

  tail(): string {
    return this.#isEnded ? "" : lineOf({ ...this.#counts(), ...this.#closing }) + CLOSING;
  }

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    const report = this.#aggregator.report(this.#head?.hosts ?? summary.hosts);
    const remarksOn = remarksByHost(summary, this.#aggregator);
    this.#closing = {
      quiet: [...report.unlisted],
      unreached: report.unreachedRanges,
      changes: this.#changes,
      summary: {
        ...summary,
        notes: [],
        os: [],
        traces: [],
        hostnames: this.#has("names") ? summary.hostnames.map(({ ip, name }) => ({ ip, name: printable(name) })) : [],
        warnings: summary.warnings.map(printable),
        endedAtMs,
      },
    };
    let line = new Line();
    const traces = tracesByIp(summary);
    let otherRoom = this.#bounds.otherRows;
    for (const host of report.hosts(this.#head?.names)) {
      if (this.#openOnly && host.maybeOpenCount === 0) continue;
      const index = this.#host(line, host).index;
      const others = host.ports.filter(({ state }) => state !== "open" && (!this.#openOnly || mayBeOpen(state)));
      if (others.length <= otherRoom) {
        otherRoom -= others.length;
        for (const row of others) this.#row(line, index, row);
      }
      const { suspect, notes, os, alias } = remarksOn(host.ip);
      const about = this.#about(host, index, suspect);
      const remarks = [
        [...macOf(host), ...notes.map(noteText), ...prefixRemark(alias)],
        osText(os) ?? "",
        pathFacts(traces.get(host.ip)),
      ];
      line.about.push([...about, ...remarks.slice(0, remarks.findLastIndex(({ length }) => length > 0) + 1)]);
      if (line.about.length >= HOSTS_A_LINE) {
        yield line.text();
        line = new Line();
      }
    }
    const last = line.text() + this.tail();
    this.#isEnded = true;
    yield last;
  }

  #count({ state, reason, rttMs, from, replaces, replacesState }: PortResult): void {
    let reasons = this.#tally.get(state);
    if (reasons === undefined) this.#tally.set(state, reasons = new Map());
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (replaces !== undefined && replacesState !== undefined) {
      const replaced = this.#tally.get(replacesState);
      replaced?.set(replaces, Math.max(0, (replaced.get(replaces) ?? 0) - 1));
    }
    if (rttMs !== undefined && this.#isTimed(from)) {
      const bin = Math.floor(Math.log10(rttMs * 1000) * BINS_A_DECADE);
      const at = Math.min(BIN_COUNT - 1, Math.max(0, bin));
      this.#times[at] = (this.#times[at] ?? 0) + 1;
    }
  }

  /** True if the time of a reply is a round trip: errors of the own kernel are not. */
  #isTimed(from: string | undefined): boolean {
    return this.#has("rtt_ms") && (from === undefined || !this.#own.has(from));
  }

  #listOpen(line: Line, result: PortResult): void {
    const host = this.#host(line, result);
    if (this.#rowCount >= this.#bounds.rowsInFull && host.rowCount >= this.#bounds.openRowsAHost) {
      this.#unlisted++;
      return;
    }
    host.rowCount++;
    this.#row(line, host.index, result);
  }

  #host(line: Line, { ip }: Pick<PortResult, "ip">): HtmlHost {
    let host = this.#hosts.get(ip);
    if (host === undefined) {
      host = { index: this.#hosts.size, rowCount: 0 };
      this.#hosts.set(ip, host);
      const names = this.#has("names") ? this.#head?.names?.of(ip) ?? [] : [];
      line.hosts.push([ip, names.length === 0 ? null : names.map(printable).join(", ")]);
    }
    return host;
  }

  #row(line: Line, host: number, row: Pick<PortResult, keyof HostReport["ports"][number]>): void {
    const has = this.#has;
    const { port, proto, state, service } = row;
    const other = proto === "tcp" ? [] : [proto];
    const reason = has("reason") ? row.reason : "";
    const from = has("from") ? row.from : undefined;
    const ttl = has("ttl") ? row.ttl : undefined;
    const rttMs = this.#isTimed(row.from) ? row.rttMs : undefined;
    const tries = has("tries") ? row.tries : 0;
    const { finding } = row;
    if (has("service") && finding !== undefined) {
      const texts = [shownService(row), versionText(finding)].map(printable);
      line.found.push([host, port, ...texts, factsOf(finding), ...other]);
    } else if (has("service") && service !== undefined && !this.#services.has(`${port}/${proto}`)) {
      this.#services.add(`${port}/${proto}`);
      line.services.push([port, printable(service), ...other]);
    }
    const technique = this.#namesTechniques && has("technique") ? [row.technique] : [];
    const source = from === undefined ? reason : `${reason} ${from}`;
    const key = `${technique.join("")} ${state === "open" ? source : `${state} ${source}`}`;
    let cause = this.#causes.get(key);
    if (cause === undefined) {
      cause = this.#causes.size;
      this.#causes.set(key, cause);
      line.causes.push([state, reason, from ?? null, ...technique]);
    }
    const rtt = rttMs === undefined ? 0 : micros(rttMs);
    line.rows += `${line.rows === "" ? "" : ","}${host},${port},${cause},${ttl ?? 0},${rtt},${tries}`;
    this.#rowCount++;
  }

  #about(
    host: HostReport,
    index: number,
    suspicion: string | undefined,
  ): unknown[] {
    const { openCount, atLeast, hidden, ports } = host;
    // Only of a host that replied itself: routers and the own kernel have other round trips.
    const roundTrip = this.#has("rtt_ms") && host.answer !== undefined ? host.roundTrip : undefined;
    const counts = new Map<string, [State, Reason, number]>();
    const add = (state: State, reason: Reason, count: number) => {
      const key = `${state} ${reason}`;
      counts.set(key, [state, reason, (counts.get(key)?.[2] ?? 0) + count]);
    };
    for (const { state, reason, count } of hidden) add(state, reason, count);
    for (const { state, reason } of ports) if (state !== "open") add(state, reason, 1);
    return [
      index,
      openCount,
      roundTrip === undefined ? 0 : micros(roundTrip.smoothedMs),
      roundTrip === undefined ? 0 : micros(roundTrip.variationMs),
      suspicion ?? null,
      atLeast ? 1 : 0,
      [...counts.values()],
    ];
  }

  /** Returns counts by state and reason, in the order of the codes. */
  #tallied(): (readonly [State, Reason, number])[] {
    return STATES.flatMap((state) => {
      const reasons = this.#tally.get(state);
      return REASONS.flatMap((reason) => {
        const count = reasons?.get(reason) ?? 0;
        return count > 0 ? [[state, reason, count] as const] : [];
      });
    });
  }

  #counts(): Record<string, unknown> {
    const first = this.#times.findIndex((count) => count > 0);
    const last = this.#times.findLastIndex((count) => count > 0);
    return {
      tally: this.#tallied(),
      times: first < 0 ? [0] : [first, ...this.#times.subarray(first, last + 1)],
      unlisted: this.#unlisted,
    };
  }
}

/** One line of the file. */
class Line {
  readonly hosts: unknown[] = [];
  readonly services: unknown[] = [];
  readonly found: unknown[] = [];
  readonly causes: unknown[] = [];
  readonly about: unknown[] = [];
  /** Numbers and commas. */
  rows = "";

  text(): string {
    const members: string[] = [];
    for (const name of ["hosts", "services", "found", "causes", "about"] as const) {
      if (this[name].length > 0) members.push(`"${name}":${scriptJson(this[name])}`);
    }
    if (this.rows !== "") members.push(`"rows":[${this.rows}]`);
    return members.length === 0 ? "" : `{${members.join(",")}}\n`;
  }
}

/** Returns what else service detection found, a title and a text each. */
function factsOf({ tls, http, sshKeys, cpe, label }: Finding): [title: string, text: string][] {
  const facts: [title: string, text: string | undefined][] = [
    ["title", http?.title],
    ["location", http?.location],
    ["certificate", [tls?.subject, ...tls?.names ?? []].filter((text) => text !== undefined).join(", ")],
    ["certificate's issuer", tls?.issuer],
    ["certificate's end", tls?.expires],
    ["host keys", sshKeys?.map(({ type, fingerprint }) => `${type} ${fingerprint}`).join(", ")],
    ["CPE", cpe?.join(" ")],
    ["remark", label],
  ];
  return facts.flatMap(([title, text = ""]) => text === "" ? [] : [[title, printable(text)]]);
}

/** Returns the path to a host and where it filters, a title and a text each. */
function pathFacts(trace: Trace | undefined): [title: string, text: string][] {
  if (trace === undefined) return [];
  const hops = trace.hops.map((hop) => {
    return `${hop.ttl}. ${hopText(hop)}${hop.rttMs === undefined ? "" : ` ${roundTripDigits(hop.rttMs)} ms`}`;
  });
  return [
    ...hops.length === 0 ? [] : [["Path", hops.join(", ")] as [string, string]],
    ...trace.filtered.map((filtered): [string, string] => ["Where filtered", filteredText(filtered)]),
  ];
}

/** Converts to microseconds, at least 1, as 0 means unknown. */
function micros(ms: number): number {
  return Math.max(1, Math.round(ms * 1000));
}

function lineOf(value: Readonly<Record<string, unknown>>): string {
  return `${scriptJson(value)}\n`;
}

/** Returns the remark on the aliased prefix of a host, if it is in one. */
function prefixRemark(prefix: AliasedPrefix | undefined): string[] {
  return prefix === undefined ? [] : [aliasText(prefix)];
}

/** Returns the hardware address of a host with its vendor, if it is known. */
function macOf({ found }: HostReport): string[] {
  if (found?.mac === undefined) return [];
  return [`MAC ${found.mac}${found.vendor === undefined ? "" : ` (${printable(found.vendor)})`}`];
}
