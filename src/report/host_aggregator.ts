/**
 * The results of a scan by host, for the formats that report by host. Memory depends on the hosts that replied, not on the size of
 * the scan: results are columns, a group of ports too large to be listed is only counted, and so is the silence of hosts without
 * any reply, up to a limit.
 *
 * @module
 */
import {
  type HostAddresses,
  type NamesByHost,
  NO_NAMES,
  type ResultCursor,
  type ResultList,
} from "../result/port_result.ts";
import { probesHosts } from "../result/pass.ts";
import { isOwnAnswer } from "../result/rank.ts";
import type { Reason } from "../result/reasons.ts";
import type { State } from "../result/states.ts";
import { U32Map } from "../collections/u32_map.ts";
import { IPV4_BOOK } from "../target/address_book.ts";
import { formatMac } from "../wire/mac.ts";
import type { AddressSet } from "./address_set.ts";
import {
  byAddress,
  conclusionOn,
  type DetectedService,
  type Host,
  reportsOf,
  type ReportSource,
  type Technique,
} from "./host_reports.ts";
import { HostFindings, reasonUp } from "./host_findings.ts";
import type { Conclusion, FoundReport, HostReport } from "./host_report.ts";
import { groupOf, isOpen, isSilent, stateOf, techniqueOf } from "./outcome_group.ts";
import { PortRows } from "./port_rows.ts";
import { Silence } from "./silence.ts";
import { type ReasonOfAbsence, unreachedRanges, withAbsent } from "./unreached.ts";

/** The results of a whole scan by host. */
export interface AggregateReport {
  /** The number of hosts that replied. */
  readonly upHosts: number;
  /** Hosts that `hosts` omits, by conclusion. Addresses without a host are always among them. */
  readonly unlisted: ReadonlyMap<Conclusion, number>;
  /** Ranges of IPv4 addresses that are absent or that others replied for, in order, up to a limit. */
  readonly unreachedRanges: readonly (readonly [reason: Reason, first: number, last: number])[];
  /** Returns the hosts to report one by one, in the order of their addresses. */
  hosts(names?: NamesByHost): Iterable<HostReport>;
  /** Returns the same hosts and, in their places, every address without a host (`no-arp-response`), without ports. */
  hostsAndAbsent(names?: NamesByHost): Iterable<HostReport>;
}

/** Limits of a {@linkcode HostAggregator}. */
export interface HostAggregatorOptions {
  /** The largest number of a host's ports in a state that are listed. Open ports are always listed. */
  readonly listUpTo: number;
  /** The largest number of hosts without a reply that are listed. */
  readonly listUnresponsiveUpTo: number;
  /** The number of silent hosts whose ports are counted, and of silent ports that are stored. */
  readonly silentHosts?: number;
  readonly silentRows?: number;
  /** Returns the holder of the block that a hardware address is from, if it is known. */
  readonly vendorOf?: ((mac: number) => string | undefined) | undefined;
}

// Together 2 MiB at most.
const DEFAULT_SILENT_HOSTS = 1 << 17;
const DEFAULT_SILENT_ROWS = 1 << 16;

/** Collects results in any order and reports them by host. A late result replaces the one before it. */
export class HostAggregator {
  readonly #listUpTo: number;
  readonly #listUnresponsiveUpTo: number;
  readonly #hosts: Host[] = [];
  /** The addresses of host numbers: those of the last batch that has any. */
  #addresses: HostAddresses = IPV4_BOOK;
  /** Indices of hosts by number; hosts without one by text. */
  readonly #byNumber = new U32Map();
  readonly #byText = new Map<string, Host>();
  readonly #rows = new PortRows();
  readonly #silent: Silence;
  readonly #findings = new HostFindings();
  readonly #vendorOf: (mac: number) => string | undefined;
  readonly #services: (string | undefined)[] = [];
  /** The findings of service detection, by row. */
  readonly #detected = new Map<number, DetectedService>();
  readonly #routers = new Map<string, number>();
  /** Techniques, in the order of their first results. */
  readonly #techniques: Technique[] = [];
  #lastBatch: ResultList | undefined;
  #report: AggregateReport | undefined;
  /** State, reason and group of the last result: most repeat the one before. */
  #lastState: State | undefined;
  #lastReason: Reason | undefined;
  #lastTechnique: string | undefined;
  #lastGroup = 0;
  #lastColumns: number | undefined;
  /** The host of the last result if it has replied. */
  #lastHost: Host | undefined;

  constructor(options: HostAggregatorOptions) {
    this.#listUpTo = options.listUpTo;
    this.#listUnresponsiveUpTo = options.listUnresponsiveUpTo;
    this.#vendorOf = options.vendorOf ?? (() => undefined);
    this.#silent = new Silence({
      counts: options.silentHosts ?? DEFAULT_SILENT_HOSTS,
      rows: options.silentRows ?? DEFAULT_SILENT_ROWS,
      listUpTo: options.listUpTo,
    });
  }

  /** Takes results. Several formats share an aggregator: the last batch is not taken twice. */
  take(batch: ResultList): void {
    if (batch === this.#lastBatch) return;
    this.#lastBatch = batch;
    this.#addresses = batch.addresses ?? this.#addresses;
    if (probesHosts(batch)) {
      this.#findings.take(batch, this.#addresses);
      return;
    }
    // Another batch may be of another technique.
    this.#lastColumns = undefined;
    for (const result of batch) {
      const { columns } = result;
      if (columns === undefined || columns !== this.#lastColumns) {
        this.#lastGroup = this.#groupOf(result);
        this.#lastColumns = columns;
      }
      this.#add(result, this.#lastGroup);
    }
  }

  #groupOf({ state, reason, technique, proto }: ResultCursor): number {
    if (state === this.#lastState && reason === this.#lastReason && technique === this.#lastTechnique) {
      return this.#lastGroup;
    }
    this.#lastState = state;
    this.#lastReason = reason;
    this.#lastTechnique = technique;
    return groupOf(state, reason, this.#techniqueNumber(technique, proto));
  }

  #techniqueNumber(technique: string, proto: string): number {
    const known = this.#techniques.findIndex((each) => each.technique === technique);
    return known >= 0 ? known : this.#techniques.push({ technique, proto }) - 1;
  }

  #add(result: ResultCursor, group: number): void {
    const host = this.#hostOf(result, group);
    if (host === undefined) return;
    const { late } = result;
    if ((host.answer < 0 || isOpen(group)) && isOwnAnswer(result.reason)) host.answer = group;
    if (late) {
      const { replaces, replacesState } = result;
      if (replaces !== undefined && replacesState !== undefined) {
        this.#count(host, groupOf(replacesState, replaces, techniqueOf(group)), -1);
      }
    }
    if (!this.#count(host, group, 1) && !late) return;
    const { finding } = result;
    if (finding === undefined) this.#services[result.port] ??= result.service;
    else this.#detected.set(this.#rows.length, { service: result.service, finding });
    this.#rows.push(
      host.index,
      result.port,
      group,
      late,
      result.ttl ?? 0,
      result.tries,
      result.rttMs ?? NaN,
      result.from === undefined ? 0 : this.#router(result.from),
    );
  }

  /** Returns the host of a result; stores the result as silence and returns undefined if the host has not replied. */
  #hostOf(result: ResultCursor, group: number): Host | undefined {
    const last = this.#lastHost;
    const number = result.host ?? this.#addresses.hostOf(result.ip);
    if (last !== undefined && (number >= 0 ? last.number === number : last.ip === result.ip)) return last;
    const host = number >= 0 ? this.#hosts[this.#byNumber.get(number)] : this.#byText.get(result.ip);
    if (host !== undefined) return this.#lastHost = host;
    if (number < 0 || !isSilent(group)) return this.#lastHost = this.#addHost(result.ip);
    this.#services[result.port] ??= result.service;
    this.#silent.push(number, result.port, group, result.tries);
    return undefined;
  }

  /** The number of hosts that replied, or that others replied for, so far. */
  get hostCount(): number {
    return this.#hosts.length;
  }

  /** The number of their ports that may have to be listed. */
  get rowCount(): number {
    return this.#rows.length;
  }

  /** Copies everything into an aggregator of the same limits that has taken nothing. */
  copyTo(other: HostAggregator): void {
    other.#addresses = this.#addresses;
    for (const { ip, answer, groups, counts } of this.#hosts) {
      const host = other.#addHost(ip);
      host.answer = answer;
      host.groups.push(...groups);
      host.counts.push(...counts);
    }
    this.#rows.copyTo(other.#rows);
    this.#silent.copyTo(other.#silent);
    this.#findings.copyTo(other.#findings);
    Object.assign(other.#services, this.#services);
    for (const [row, found] of this.#detected) other.#detected.set(row, found);
    other.#techniques.push(...this.#techniques);
    for (const router of this.#routers.keys()) other.#router(router);
  }

  /** Returns the report, after the last result. */
  report(totalHosts: number): AggregateReport {
    return this.#report ??= this.#makeReport(totalHosts);
  }

  #makeReport(totalHosts: number): AggregateReport {
    const unlisted = new Map<Conclusion, number>();
    const absent = this.#silent.absent();
    const findings = this.#findings;
    for (const host of findings.absent().addresses()) absent.add(host);
    for (const host of findings.hostsUp) if (this.#byNumber.get(host) < 0) this.#addHost(this.#addresses.text(host));
    for (const { number } of this.#hosts) absent.delete(number);
    const isCounted = this.#placeSilence(totalHosts - absent.size, absent, unlisted);
    const reasonOf: ReasonOfAbsence = (host) => findings.isReported(host) ? "host-unreach" : "no-arp-response";
    const isTimedOut = (host: number) => findings.isTimedOut(host);
    for (const host of absent.addresses()) unlisted.set(reasonOf(host), (unlisted.get(reasonOf(host)) ?? 0) + 1);
    const others = this.#unknown(absent);
    for (const [host, state] of others) {
      if (isCounted(host)) continue;
      const conclusion = state === "silent" ? "no-response" : "undecided";
      unlisted.set(conclusion, (unlisted.get(conclusion) ?? 0) + 1);
    }
    const hosts = this.#hosts;
    const isQuiet = ({ answer, number }: Host) => answer < 0 && findings.up(number) === undefined;
    const quiet = hosts.filter(isQuiet);
    const listQuiet = quiet.length <= this.#listUnresponsiveUpTo;
    const out = listQuiet ? [] : quiet.map((host) => ({ number: host.number, reason: conclusionOn(host) }));
    for (const { reason } of out) unlisted.set(reason, (unlisted.get(reason) ?? 0) + 1);
    const listed = (listQuiet ? [...hosts] : hosts.filter((host) => !isQuiet(host))).sort(byAddress);
    const source: ReportSource = {
      rows: this.#rows,
      byHost: this.#rows.byHost(hosts.length),
      services: this.#services,
      detected: this.#detected,
      techniques: this.#techniques,
      routers: [undefined, ...this.#routers.keys()],
      listUpTo: this.#listUpTo,
      foundOf: (number) => this.#foundOf(number),
      isIncomplete: this.#silent.isIncomplete,
    };
    return {
      upHosts: hosts.length - quiet.length,
      unlisted,
      unreachedRanges: unreachedRanges(out, absent, reasonOf, this.#addresses),
      hosts: (names = NO_NAMES) => reportsOf(listed, names, source),
      hostsAndAbsent: (names = NO_NAMES) =>
        withAbsent(reportsOf(listed, names, source), absent, reasonOf, this.#addresses, names, others, isTimedOut),
    };
  }

  /** Returns the hosts that are neither up nor absent by discovery and whose ports were not probed, in order, each with its state. */
  #unknown(absent: AddressSet): [number: number, state: "silent" | "undecided"][] {
    const found: [number, "silent" | "undecided"][] = [];
    const isElsewhere = (host: number) => absent.has(host) || this.#byNumber.get(host) >= 0;
    for (const host of this.#findings.silent().addresses()) if (!isElsewhere(host)) found.push([host, "silent"]);
    for (const host of this.#findings.undecided().addresses()) if (!isElsewhere(host)) found.push([host, "undecided"]);
    return found.sort(([one], [other]) => one - other);
  }

  #foundOf(number: number): FoundReport | undefined {
    const found = this.#findings.up(number);
    const reason = found && reasonUp(found);
    if (found === undefined || reason === undefined) return undefined;
    const { evidence, mac } = found;
    const measured = evidence.flatMap(({ rttMs }) => rttMs === undefined ? [] : [rttMs]);
    return {
      state: "up",
      reason,
      rttMs: measured.length === 0 ? undefined : Math.min(...measured),
      evidence,
      mac: mac === undefined ? undefined : formatMac(mac),
      vendor: mac === undefined ? undefined : this.#vendorOf(mac),
    };
  }

  #addHost(ip: string): Host {
    const index = this.#hosts.length;
    const number = this.#addresses.hostOf(ip);
    const host: Host = { index, ip, number, answer: -1, groups: [], counts: [] };
    this.#hosts.push(host);
    if (number >= 0) this.#byNumber.add(number, index);
    else this.#byText.set(ip, host);
    return host;
  }

  /** Adds to the number of a host's ports in a group; returns true if they may have to be listed. */
  #count(host: Host, group: number, by: number): boolean {
    let at = host.groups.indexOf(group);
    if (at < 0) {
      at = host.groups.push(group) - 1;
      host.counts.push(0);
    }
    const count = host.counts[at]! += by;
    return isOpen(group) || count <= this.#listUpTo;
  }

  #router(from: string): number {
    let code = this.#routers.get(from);
    if (code === undefined) {
      code = this.#routers.size + 1;
      this.#routers.set(from, code);
    }
    return code;
  }

  /**
   * Moves silence to the hosts that replied later, and lists or counts the hosts without any reply.
   *
   * @returns True for a host that was counted.
   */
  #placeSilence(
    totalHosts: number,
    absent: AddressSet,
    unlisted: Map<Conclusion, number>,
  ): (host: number) => boolean {
    const silent = this.#silent;
    const rest = silent.hosts().filter((host) => this.#byNumber.get(host) < 0 && !absent.has(host));
    if (silent.isIncomplete) {
      unlisted.set("no-response", Math.max(0, totalHosts - this.#hosts.length));
    } else if (rest.length <= this.#listUnresponsiveUpTo) {
      for (const host of rest) this.#addHost(this.#addresses.text(host));
    } else {
      const decided = new Set<number>();
      silent.forEachCount((host, group) => {
        if (stateOf(group) !== "undecided") decided.add(host);
      });
      const undecided = rest.reduce((count, host) => decided.has(host) ? count : count + 1, 0);
      if (undecided < rest.length) unlisted.set("no-response", rest.length - undecided);
      if (undecided > 0) unlisted.set("undecided", undecided);
    }
    const hostAt = (number: number) => this.#hosts[this.#byNumber.get(number)];
    silent.forEachCount((number, group, count) => {
      const host = hostAt(number);
      if (host !== undefined) this.#count(host, group, count);
    });
    silent.forEachRow((number, port, group, tries) => {
      const host = hostAt(number);
      if (host !== undefined) this.#rows.push(host.index, port, group, false, 0, tries, NaN, 0);
    });
    const { isIncomplete } = silent;
    silent.clear();
    const counted = new Set(rest);
    return (host) => isIncomplete || counted.has(host);
  }
}
