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
import type { Reason } from "../result/reasons.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import { U32Map } from "../collections/u32_map.ts";
import { IPV4_BOOK } from "../target/address_book.ts";
import { formatMac } from "../wire/mac.ts";
import type { AddressSet } from "./address_set.ts";
import {
  conclusionOn,
  type DetectedService,
  portGroup,
  reportsOf,
  type ReportSource,
  type Technique,
} from "./host_reports.ts";
import { HostFindings, reasonUp } from "./host_findings.ts";
import { type Conclusion, type FoundReport, foundWithout, type HostReport } from "./host_report.ts";
import { HostTotals } from "./host_totals.ts";
import {
  groupOf,
  isOpen,
  isOwnAnswer,
  isSilent,
  mayBeOpen,
  outcomeGroup,
  stateOf,
  techniqueOf,
} from "./outcome_group.ts";
import { PortRows } from "./port_rows.ts";
import { Silence } from "./silence.ts";
import type { PassPorts } from "./writer.ts";
import { type ReasonOfAbsence, unreachedRanges, withAbsent } from "./unreached.ts";

/** The results of a whole scan by host. */
interface AggregateReport {
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
  /** True if only ports that may be open are listed. Of the others nothing but their number is stored. */
  readonly openOnly?: boolean;
  /** The largest number of hosts without a reply that are listed. */
  readonly listUnresponsiveUpTo: number;
  /** The number of silent hosts whose ports are counted, and of silent ports that are stored. */
  readonly silentHosts?: number;
  readonly silentRows?: number;
  /** The numbers of hosts of batches without any. */
  readonly addresses?: HostAddresses;
  /** Returns the holder of the block that a hardware address is from, if it is known. */
  readonly vendorOf?: ((mac: number) => string | undefined) | undefined;
}

// Together 2 MiB at most.
const DEFAULT_SILENT_HOSTS = 1 << 17;
const DEFAULT_SILENT_ROWS = 1 << 16;

/** Collects results in any order and reports them by host. A late result replaces the one before it. */
export class HostAggregator {
  readonly #listUpTo: number;
  readonly #openOnly: boolean;
  readonly #listUnresponsiveUpTo: number;
  /** Hosts in the order of their first replies: their numbers, or 0 for those of which only the text is known. */
  readonly #numbers = new TypedVector(new Uint32Array(256));
  readonly #totals = new HostTotals();
  /** The addresses of host numbers: those of the last batch that has any. */
  #addresses: HostAddresses;
  /** Indices of hosts by number; of hosts without one by text, and these texts by index. */
  readonly #byNumber = new U32Map();
  readonly #byText = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #rows = new PortRows();
  readonly #silent: Silence;
  readonly #findings = new HostFindings();
  readonly #vendorOf: (mac: number) => string | undefined;
  /** Service names by port, for each technique: a number is another port of each protocol. */
  readonly #services: (string | undefined)[][] = [];
  /** The findings of service detection, by row. */
  readonly #detected = new Map<number, DetectedService>();
  readonly #routers = new Map<string, number>();
  /** Techniques, in the order of their first results. */
  readonly #techniques: Technique[] = [];
  /** The ports of every host, if those that were never probed are counted. */
  #ports: readonly PassPorts[] = [];
  #listsMatches = false;
  #lastBatch: ResultList | undefined;
  #report: AggregateReport | undefined;

  constructor(options: HostAggregatorOptions) {
    this.#listUpTo = options.listUpTo;
    this.#openOnly = options.openOnly ?? false;
    this.#listUnresponsiveUpTo = options.listUnresponsiveUpTo;
    this.#addresses = options.addresses ?? IPV4_BOOK;
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
    let technique = -1;
    for (const result of batch) {
      if (technique < 0 || batch.pass === undefined) technique = this.#techniqueNumber(result);
      const { outcome } = result;
      const group = outcome === undefined
        ? groupOf(result.state, result.reason, technique)
        : outcomeGroup(outcome, technique);
      this.#add(result, result.host ?? this.#addresses.hostOf(result.ip), group);
    }
  }

  #techniqueNumber({ technique, proto }: Technique): number {
    const known = this.#techniques.findIndex((each) => each.technique === technique);
    if (known >= 0) return known;
    this.#services.push([]);
    return this.#techniques.push({ technique, proto }) - 1;
  }

  /** Adds a result; its host has the number -1 if it has none. */
  #add(result: ResultCursor, number: number, group: number): void {
    let host = number >= 0 ? this.#byNumber.get(number) : this.#byText.get(result.ip) ?? -1;
    if (host < 0) {
      if (number >= 0 && isSilent(group)) {
        this.#services[techniqueOf(group)]![result.port] ??= result.service;
        return this.#silent.push(number, result.port, group, result.tries);
      }
      host = this.#addHost(number, result.ip);
    }
    const totals = this.#totals;
    if (isOwnAnswer(group) && (isOpen(group) || totals.answer(host) < 0)) {
      totals.setAnswer(host, group, result.rttMs ?? NaN);
    }
    const { late } = result;
    if (late) {
      const { replaces, replacesState } = result;
      if (replaces !== undefined && replacesState !== undefined) {
        totals.add(host, groupOf(replacesState, replaces, techniqueOf(group)), -1);
      }
    }
    const count = totals.add(host, group, 1);
    const isListed = isOpen(group) || count <= this.#listUpTo && (!this.#openOnly || mayBeOpen(group));
    if (!isListed && !late) return;
    const { finding } = result;
    if (finding === undefined) this.#services[techniqueOf(group)]![result.port] ??= result.service;
    else this.#detected.set(this.#rows.length, { service: result.service, finding });
    this.#rows.push(
      host,
      result.port,
      group,
      late,
      result.ttl ?? 0,
      result.tries,
      result.rttMs ?? NaN,
      result.from === undefined ? 0 : this.#router(result.from),
    );
  }

  /** The number of hosts that replied, or that others replied for, so far. */
  get hostCount(): number {
    return this.#numbers.length;
  }

  /** The number of their ports that may have to be listed. */
  get rowCount(): number {
    return this.#rows.length;
  }

  /** Copies everything into an aggregator of the same limits that has taken nothing. */
  copyTo(other: HostAggregator): void {
    other.#addresses = this.#addresses;
    other.#listsMatches = this.#listsMatches;
    for (let host = 0; host < this.hostCount; host++) other.#addHost(this.#numberOf(host), this.#textOf(host));
    this.#totals.copyTo(other.#totals);
    this.#rows.copyTo(other.#rows);
    this.#silent.copyTo(other.#silent);
    this.#findings.copyTo(other.#findings);
    other.#services.push(...this.#services.map((services) => services.slice()));
    for (const [row, found] of this.#detected) other.#detected.set(row, found);
    other.#techniques.push(...this.#techniques);
    for (const router of this.#routers.keys()) other.#router(router);
  }

  /** Returns a function that finds the first of some prefixes of IPv6 that an address is in; -1 if it is in none. */
  prefixFinder(prefixes: readonly string[]): (ip: string) => number {
    return this.#addresses.prefixFinder?.(prefixes) ?? (() => -1);
  }

  /**
   * Has the report count ports, and hosts, that were never probed, of which a scan that ended early gives no results: every host has
   * these ports.
   */
  countNotProbed(ports: readonly PassPorts[]): void {
    this.#ports = ports;
  }

  /** Has the report list every host that has results, and no other: it gets those results alone that are to be reported. */
  listMatches(): void {
    this.#listsMatches = true;
  }

  /** True if hosts without results are not listed. */
  get listsMatches(): boolean {
    return this.#listsMatches;
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
    const matched = this.#listsMatches ? this.#silent.hosts() : [];
    for (const host of [...findings.hostsUp, ...matched]) if (this.#byNumber.get(host) < 0) this.#addHost(host);
    for (const number of this.#numbers.values) if (this.#byNumber.get(number) >= 0) absent.delete(number);
    const isCounted = this.#placeSilence(totalHosts - absent.size, absent, unlisted);
    const reasonOf: ReasonOfAbsence = (host) => findings.reasonOfAbsence(host);
    const isTimedOut = (host: number) => findings.isTimedOut(host);
    for (const host of absent.addresses()) unlisted.set(reasonOf(host), (unlisted.get(reasonOf(host)) ?? 0) + 1);
    const totals = this.#totals;
    const ordered = this.#inOrder();
    const isQuiet = (host: number) => totals.answer(host) < 0 && findings.up(this.#numberOf(host)) === undefined;
    const quiet = ordered.filter(isQuiet);
    const listQuiet = this.#listsMatches || quiet.length <= this.#listUnresponsiveUpTo;
    const out = listQuiet
      ? []
      : quiet.map((host) => ({ number: this.#numberOf(host), reason: conclusionOn(host, totals) }));
    for (const { reason } of out) unlisted.set(reason, (unlisted.get(reason) ?? 0) + 1);
    const outNumbers = new Set(out.map(({ number }) => number));
    const others = this.#unknown((host) => absent.has(host) || this.#byNumber.get(host) >= 0 && !outNumbers.has(host));
    for (const [host, state] of others) {
      if (isCounted(host) || outNumbers.has(host)) continue;
      const conclusion = state === "silent" ? "no-response" : "undecided";
      unlisted.set(conclusion, (unlisted.get(conclusion) ?? 0) + 1);
    }
    const isListed = (host: number) =>
      (listQuiet || !isQuiet(host)) && (!this.#listsMatches || totals.groupsOf(host).length > 0);
    const listed = ordered.filter(isListed);
    this.#addNotProbed(listed);
    const known = listed.length + unlisted.values().reduce((sum, count) => sum + count, 0);
    // Of a host without any probe there is no result.
    if (this.#ports.length > 0 && known < totalHosts) {
      unlisted.set("undecided", (unlisted.get("undecided") ?? 0) + totalHosts - known);
    }
    const source: ReportSource = {
      rows: this.#rows,
      byHost: this.#rows.byHost(this.hostCount),
      totals,
      textOf: (host) => this.#textOf(host),
      services: this.#services,
      detected: this.#detected,
      techniques: this.#techniques,
      routers: [undefined, ...this.#routers.keys()],
      listUpTo: this.#listUpTo,
      foundOf: (host, answer) => this.#foundOf(this.#numberOf(host), answer),
      isIncomplete: this.#silent.isIncomplete,
    };
    return {
      upHosts: ordered.length - quiet.length,
      unlisted,
      unreachedRanges: unreachedRanges(out, absent, reasonOf, this.#addresses),
      hosts: (names = NO_NAMES) => reportsOf(listed, names, source),
      hostsAndAbsent: (names = NO_NAMES) =>
        this.#listsMatches ? reportsOf(listed, names, source) : withAbsent(reportsOf(listed, names, source), {
          ...{ absent, reasonOf, others, isTimedOut, addresses: this.#addresses, names },
          portsOf: (host) => this.#unlistedPorts(host),
        }),
    };
  }

  #addNotProbed(hosts: readonly number[]): void {
    // Of silent ports that were dropped the number is not known.
    if (this.#silent.isIncomplete) return;
    const totals = this.#totals;
    for (const { ports: { count }, ...pass } of this.#ports) {
      const technique = this.#techniqueNumber(pass);
      for (const host of hosts) {
        const groups = totals.groupsOf(host).filter((group) => techniqueOf(group) === technique);
        const known = groups.reduce((sum, group) => sum + totals.count(host, group), 0);
        if (known < count) totals.add(host, groupOf("undecided", "not-asked", technique), count - known);
      }
    }
  }

  /** Returns the ports of a host that is not listed. */
  #unlistedPorts(number: number): Pick<HostReport, "unlisted" | "atLeast"> {
    const host = this.#byNumber.get(number);
    const groups = host < 0
      ? this.#silent.groupsOf(number)
      : this.#totals.groupsOf(host).map((group) => [group, this.#totals.count(host, group)] as const);
    return {
      unlisted: groups.map(([group, count]) => portGroup(group, count, this.#techniques)),
      atLeast: this.#silent.isIncomplete,
    };
  }

  /** Returns the hosts that are neither up nor absent by discovery and are not elsewhere, in order, each with its state. */
  #unknown(isElsewhere: (host: number) => boolean): [number: number, state: "silent" | "undecided"][] {
    const found: [number, "silent" | "undecided"][] = [];
    for (const host of this.#findings.silent().addresses()) if (!isElsewhere(host)) found.push([host, "silent"]);
    for (const host of this.#findings.undecided().addresses()) if (!isElsewhere(host)) found.push([host, "undecided"]);
    return found.sort(([one], [other]) => one - other);
  }

  #foundOf(number: number, answer: Reason | undefined): FoundReport | undefined {
    const found = this.#findings.up(number);
    const reason = found && reasonUp(found);
    if (found === undefined || reason === undefined) {
      const state = this.#findings.stateOf(number);
      if (answer !== undefined && state !== undefined) return foundWithout("up", answer);
      if (state === "absent" && this.#listsMatches) return foundWithout(state, this.#findings.reasonOfAbsence(number));
      if (state === undefined || state === "absent") return undefined;
      return foundWithout(state, this.#findings.isTimedOut(number) ? "host-timeout" : "no-response");
    }
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

  /** Adds a host by its number, or by its text if it has none (-1), and returns its index. */
  #addHost(number: number, ip?: string): number {
    const host = this.#totals.addHost();
    this.#numbers.push(Math.max(0, number));
    if (number >= 0) this.#byNumber.add(number, host);
    else {
      this.#byText.set(ip!, host);
      this.#texts.set(host, ip!);
    }
    return host;
  }

  #numberOf(host: number): number {
    return this.#texts.has(host) ? -1 : this.#numbers.at(host);
  }

  #textOf(host: number): string {
    return this.#texts.get(host) ?? this.#addresses.text(this.#numbers.at(host));
  }

  /** Returns the indices of hosts in the order of their numbers; those without a number come last, in the order of their texts. */
  #inOrder(): number[] {
    // Numbers are sorted without a comparison function, in a tenth of the time.
    const numbers = this.#numbers.values.filter((_, host) => !this.#texts.has(host)).sort();
    const byText = [...this.#byText].sort(([one], [other]) => one < other ? -1 : 1);
    return [...Array.from(numbers, (number) => this.#byNumber.get(number)), ...byText.map(([, host]) => host)];
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
      unlisted.set("no-response", Math.max(0, totalHosts - this.hostCount));
    } else if (rest.length <= this.#listUnresponsiveUpTo) {
      for (const host of rest) this.#addHost(host);
    } else {
      const decided = new Set<number>();
      silent.forEachCount((host, group) => {
        if (stateOf(group) !== "undecided") decided.add(host);
      });
      const undecided = rest.reduce((count, host) => decided.has(host) ? count : count + 1, 0);
      if (undecided < rest.length) unlisted.set("no-response", rest.length - undecided);
      if (undecided > 0) unlisted.set("undecided", undecided);
    }
    silent.forEachCount((number, group, count) => {
      const host = this.#byNumber.get(number);
      if (host >= 0) this.#totals.add(host, group, count);
    });
    silent.forEachRow((number, port, group, tries) => {
      const host = this.#byNumber.get(number);
      if (host >= 0) this.#rows.push(host, port, group, false, 0, tries, NaN, 0);
    });
    const counted = new Set(rest);
    return (host) => silent.isIncomplete || counted.has(host);
  }
}
