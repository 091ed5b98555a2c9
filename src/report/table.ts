/**
 * The report for people: a table of ports for each host, totals of what is not listed, and the summary of the scan. `-oN`
 * writes the same text.
 *
 * @module
 */
import { bold, yellow } from "@std/fmt/colors";
import type { ResultList } from "../result/port_result.ts";
import type { AliasedPrefix, HostNote, Summary, SystemGuess } from "../result/summary.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import { type Conclusion, type HostReport, isTimedOut, type PortGroup, type PortRow, shownOf } from "./host_report.ts";
import { HostTexts } from "./host_texts.ts";
import { otherHostname, withHostnames } from "./hostnames.ts";
import { filteredText, lastHopsByPort, traceLines, unlistedFiltered } from "./traces.ts";
import { wrappedLines } from "../base/wrap.ts";
import { closingLines } from "./closing.ts";
import { aliasText, noteText } from "./notes.ts";
import { type HostRemarks, remarksByHost } from "./remarks.ts";
import { osText } from "./os.ts";
import { type Column, columnsFor, NAMES, rowsText, showsReasons, VERSION } from "./table_columns.ts";
import { counted, grouped, printable, roundTripDigits } from "../base/text.ts";
import { hasSeveral, mayBeOpen, type ReportOptions, type ScanHead, techniqueCount, type Writer } from "./writer.ts";

/** Hosts per piece of text, so that the text of a large scan is never in memory at once. */
const HOSTS_A_PIECE = 256;

/** The largest number of equal open ports of a suspect host that are listed; of more only the number matters. */
const LIST_ALIKE_UP_TO = 100;

/** Returns a host's name and address, or its address alone. The name is a target name, or else that by reverse DNS. */
export function hostName({ ip, names: [target], hostname }: Pick<HostReport, "ip" | "names" | "hostname">): string {
  const name = target ?? hostname;
  return name === undefined ? ip : `${printable(name)} (${ip})`;
}

/** The wording of a table around its rows. */
export interface TableWords {
  /** The line that opens a report of a host. */
  title(host: HostReport): string;
  /** Lines below it. `reason` is the words about the reply that shows that the host is up, with `--reason` and `-v`; empty without. */
  status(host: HostReport, reason: string): string;
  /** The column of services, if it is another than the usual one. */
  readonly service?: Column;
  /** Returns a host with other names of reasons than the usual ones. */
  host?(host: HostReport): HostReport;
  /** Ports that are not listed; `several` is true with several techniques. */
  hidden(groups: readonly PortGroup[], atLeast: boolean, several: boolean): string;
}

const OWN_WORDS: TableWords = {
  title: (host) => `synscan report for ${hostName(host)}`,
  status: statusLine,
  hidden: hiddenText,
};

/** Writes the table, all of it at the end: hosts are in the order of their addresses, and replies are not. */
export class TableWriter implements Writer {
  readonly #options: ReportOptions;
  #columns: readonly Column[];
  readonly #aggregator: HostAggregator;
  readonly #words: TableWords;
  #head: ScanHead | undefined;
  /** True with several techniques. */
  #several = false;
  /** True where no column is of an address or a round trip. */
  #isUsual = false;
  /** The texts below the lines about hosts as a whole. */
  readonly #texts = new HostTexts<string>();

  constructor(options: ReportOptions, aggregator: HostAggregator, words: TableWords = OWN_WORDS) {
    this.#options = options;
    this.#columns = columnsFor(options, false);
    this.#aggregator = aggregator;
    this.#words = words;
  }

  start(head: ScanHead): string {
    this.#head = head;
    this.#several = hasSeveral(head);
    const { service } = this.#words;
    this.#columns = columnsFor(this.#options, this.#several)
      .map((column) => column.field === service?.field ? service : column);
    this.#isUsual = this.#options.stateBefore === undefined && this.#columns.every(({ field }) => field !== "rtt_ms");
    return "";
  }

  results(batch: ResultList): string {
    this.#aggregator.take(batch);
    return "";
  }

  hosts(batch: ResultList): string {
    this.#aggregator.take(batch);
    return "";
  }

  *end(summary: Summary): Generator<string> {
    const { openOnly, quiet, verbosity } = this.#options;
    const report = this.#aggregator.report(this.#head?.hosts ?? summary.hosts);
    const remarksOn = remarksByHost(summary, this.#aggregator);
    let text = "";
    let waiting = 0;
    let withoutOpen = 0;
    const unlisted = new Map(report.unlisted);
    const shown = new Map<AliasedPrefix, Set<string>>();
    let alike = 0;
    for (const host of withHostnames(report.hosts(this.#head?.names), summary)) {
      if (openOnly && host.maybeOpenCount === 0) {
        const { conclusion } = host;
        if (conclusion === undefined) withoutOpen++;
        else unlisted.set(conclusion, (unlisted.get(conclusion) ?? 0) + 1);
        continue;
      }
      const remarks = remarksOn(host.ip);
      const { alias } = remarks;
      // One host stands for those of its prefix with the same ports.
      if (alias !== undefined && verbosity === 0 && isShown(host, alias, shown)) {
        alike++;
        continue;
      }
      text += this.#host(this.#words.host?.(host) ?? host, remarks);
      if (++waiting === HOSTS_A_PIECE) {
        yield text;
        text = "";
        waiting = 0;
      }
    }
    const left: string[] = [];
    if (alike > 0) {
      left.push(`${counted(alike, "host")} of aliased prefixes with the same ports as one above (-v lists them)`);
    }
    if (withoutOpen > 0) {
      const ofSome = this.#aggregator.listsMatches ? " among the results to report" : "";
      left.push(`${counted(withoutOpen, "host")} without an open port${ofSome}`);
    }
    const techniques = this.#head === undefined ? 1 : techniqueCount(this.#head);
    for (const [conclusion, count] of unlisted) left.push(unlistedText(conclusion, count, techniques > 0));
    if (left.length > 0 && quiet !== true) text += this.#broken(`Not shown: ${left.join(", ")}\n\n`);
    yield text + closingLines(summary, this.#options, { techniques, ofHosts: hostsToProbe(this.#head) });
  }

  #host(host: HostReport, { suspect, notes, os, alias }: HostRemarks): string {
    const { color } = this.#options;
    const title = this.#words.title(host);
    let text = `${color ? bold(title) : title}\n${this.#words.status(host, this.#reasonOf(host))}`;
    if (host.names.length > 1) text += `Other names: ${host.names.slice(1).map(printable).join(", ")}\n`;
    const hostname = otherHostname(host);
    if (hostname !== undefined) text += `rDNS record for ${host.ip}: ${printable(hostname)}\n`;
    for (const note of notes) text += noteLine(noteText(note), color);
    if (alias !== undefined) text += noteLine(aliasText(alias), color);
    const ports = suspect === undefined ? host.ports : withoutMass(host.ports);
    if (suspect !== undefined) {
      const alike = host.ports.length - ports.length;
      const remark = alike === 0
        ? `Suspect: ${suspect}. Another device may reply for this host`
        : `Suspect: ${suspect}. ${
          counted(alike, "port")
        } replied as if open; another device may reply for this host. ` +
          `Use --json or -oJ to list them all`;
      const lines = this.#broken(remark);
      text += `${color ? yellow(lines) : lines}\n`;
    }
    const silence = host.found?.state === "up" ? undefined : this.#silence(host, notes);
    if (silence !== undefined) {
      const isOwn = this.#words === OWN_WORDS;
      return isOwn ? this.#broken(`${title}: ${silence}\n\n`) : `${text}Not shown: ${silence}\n\n`;
    }
    const isUsual = this.#isUsual && suspect === undefined && notes.length === 0 && alias === undefined;
    if (!isUsual || host.kind === undefined) return text + this.#ports(host, ports, notes, os);
    return text + this.#texts.of(host.kind, os, () => this.#ports(host, ports, notes, os));
  }

  /** Returns nmap's words about the reply that shows that a host is up, if reasons are shown. */
  #reasonOf({ found, answer }: HostReport): string {
    const reason = found?.state === "up" ? found.reason : answer;
    return reason === undefined || !showsReasons(this.#options) ? "" : `, received ${reason}`;
  }

  /** Returns what is below the lines about a host as a whole, with these of its ports. */
  #ports(
    host: HostReport,
    ports: readonly PortRow[],
    notes: readonly HostNote[],
    os: readonly SystemGuess[],
  ): string {
    const { openOnly, quiet } = this.#options;
    const { rows, hidden } = shownOf({ ...host, ports }, ({ state }) => !openOnly || mayBeOpen(state));
    let text = "";
    if (hidden.length > 0 && !(openOnly && quiet === true)) {
      text += this.#broken(`Not shown: ${this.#words.hidden(hidden, host.atLeast, this.#several)}\n`);
    }
    if (rows.length > 0 && this.#columns.length > 0) {
      text += rowsText(rows, this.#columnsOf(host), this.#options, notes);
    }
    if (isTimedOut(host)) text += "Timed out: what is not shown of it is undecided\n";
    const told = toldBy(rows);
    if (told !== "") text += this.#broken(`Service Info: ${told}\n`);
    const { trace } = host;
    if (trace !== undefined) {
      // Beside a port that is listed; of others in a line.
      for (const filtered of unlistedFiltered(trace, this.#options.fields === undefined ? rows : [])) {
        text += this.#broken(`Where filtered: ${filteredText(filtered)}\n`);
      }
      text += traceLines(trace);
    }
    const guess = osText(os);
    if (guess !== undefined) text += this.#broken(`OS guess: ${guess}\n`);
    return `${text}\n`;
  }

  /** Returns the ports of a host without a reply in a few words, or undefined if they are to be listed. */
  #silence(
    { answer, ports, hidden, names, hostname, atLeast, trace }: HostReport,
    notes: readonly HostNote[],
  ): string | undefined {
    const { verbosity, fields, stateBefore } = this.#options;
    const [first] = ports;
    if (
      answer !== undefined || verbosity > 0 || fields !== undefined || stateBefore !== undefined || notes.length > 0 ||
      trace !== undefined || names.length > 1 || otherHostname({ names, hostname }) !== undefined
    ) {
      return undefined;
    }
    if (first === undefined || ports.length < 2) return undefined;
    const { technique, proto, state, reason, from } = first;
    const isOther = (row: PortRow) =>
      row.technique !== technique || row.state !== state || row.reason !== reason || row.from !== from;
    if (ports.some(isOther)) return undefined;
    const groups = [{ technique, proto, state, reason, count: ports.length }, ...hidden];
    return this.#words.hidden(groups, atLeast, this.#several);
  }

  /**
   * Returns the columns of a host. They include earlier states if there are any, and names if its ports were probed for different
   * ones.
   */
  #columnsOf(host: HostReport): readonly Column[] {
    const { ip, names, ports } = host;
    const { fields, stateBefore } = this.#options;
    if (fields !== undefined) return this.#columns;
    const before = (row: PortRow) => stateBefore?.({ ...row, ip });
    const was: Column = { field: "was", title: "WAS", text: (row) => before(row) ?? "-" };
    const lastHopOf = lastHopsByPort(host);
    const where: Column = { field: "where", title: "WHERE", text: (row) => lastHopOf(row) ?? "-" };
    return [
      ...this.#columns,
      ...ports.some((row) => VERSION.text(row, []) !== "") ? [VERSION] : [],
      ...ports.some((row) => lastHopOf(row) !== undefined) ? [where] : [],
      ...ports.some((row) => before(row) !== undefined) ? [was] : [],
      ...ports.some((row) => row.names.length !== names.length) ? [NAMES] : [],
    ];
  }

  /** Wraps prose at the width of the terminal. */
  #broken(text: string): string {
    return wrappedLines(text, this.#options.columns);
  }
}

/** Returns true where a host of the prefix was listed that has the same ports; else this one is noted as listed. */
function isShown(
  { ports, hidden }: HostReport,
  prefix: AliasedPrefix,
  shown: Map<AliasedPrefix, Set<string>>,
): boolean {
  const key = [
    ...ports.map(({ port, technique, state }) => `${port} ${technique} ${state}`),
    ...hidden.map(({ technique, state, count }) => `${count} ${technique} ${state}`),
  ].join();
  const keys = shown.get(prefix) ?? new Set();
  shown.set(prefix, keys);
  const before = keys.size;
  return keys.add(key).size === before;
}

/** Returns the names, systems and devices that a host's services tell of, as nmap writes them. */
function toldBy(rows: readonly PortRow[]): string {
  const found = rows.flatMap(({ finding }) => finding ?? []);
  const list = (title: string, values: readonly (string | undefined)[]) => {
    const known = [...new Set(values.filter((value) => value !== undefined))];
    return known.length === 0 ? [] : [`${title}: ${known.map(printable).join(", ")}`];
  };
  return [
    ...list("Host", found.map(({ hostname }) => hostname)),
    ...list("OS", found.map(({ os }) => os)),
    ...list("Device", found.map(({ device }) => device)),
    ...list("CPE", found.flatMap(({ cpe = [] }) => cpe.filter((name) => !name.startsWith("cpe:/a:")))),
  ].join("; ");
}

/** Returns the ports of a suspect host without the open ones that are equal and too many to list: a proxy replies for them. */
function withoutMass(ports: readonly PortRow[]): readonly PortRow[] {
  const keyOf = ({ state, reason, ttl }: PortRow) => state === "open" ? `${reason} ${ttl}` : "";
  const groups = Map.groupBy(ports, keyOf);
  return ports.filter((row) => row.state !== "open" || groups.get(keyOf(row))!.length <= LIST_ALIKE_UP_TO);
}

/** Hosts that are not listed, by what was concluded. */
function unlistedText(conclusion: Conclusion, count: number, hasPorts: boolean): string {
  if (conclusion === "no-arp-response") {
    return `${counted(count, "address", "addresses")} without a host (no ARP or ND reply)`;
  }
  if (conclusion === "no-response") return `${counted(count, "host")} without a reply`;
  if (conclusion === "undecided") {
    return `${counted(count, "host")} ${hasPorts ? "without a decided port" : "undecided"}`;
  }
  return `${counted(count, "host")} out of reach (${conclusion})`;
}

function noteLine(text: string, color: boolean): string {
  const line = `Note: ${text}`;
  return `${color ? yellow(line) : line}\n`;
}

/** The status of a host: `Host is up (0.07 ms), MAC 02:00:5e:10:00:07 (Vendor)`. An absent one is listed among changes alone. */
function statusLine({ found }: HostReport, reason: string): string {
  if (found?.state === "absent") return `Host went down (${found.reason})\n`;
  if (found?.state !== "up") return "";
  const rtt = found.rttMs === undefined ? "" : ` (${roundTripDigits(found.rttMs)} ms)`;
  const vendor = found.vendor === undefined ? "" : ` (${printable(found.vendor)})`;
  const mac = found.mac === undefined ? "" : `, MAC ${found.mac}${vendor}`;
  return `Host is up${reason}${rtt}${mac}\n`;
}

/** Ports that are not listed: `995 closed (reset), 3 filtered (no-response)`, or `995 closed (reset, syn)` of several techniques. */
function hiddenText(groups: readonly PortGroup[], atLeast: boolean, several: boolean): string {
  return groups.map(({ technique, state, reason, count }) => {
    const least = atLeast && reason === "no-response" ? "at least " : "";
    return `${least}${grouped(count)} ${state} (${reason}${several ? `, ${technique}` : ""})`;
  }).join(", ");
}

/** Returns the number of hosts that were to be probed, 0 if it is not known: a shard has some of the hosts, or some ports of each. */
function hostsToProbe(head: ScanHead | undefined): number {
  const { hosts = 0, share } = head ?? {};
  return share?.by === "host" && share.count > 1 ? 0 : hosts;
}
