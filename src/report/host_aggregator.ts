/**
 * What is known of each host, for the formats that report by host. Memory depends on the hosts on which something
 * answered, not on the size of the scan: results lie in columns, a group of ports too large to be listed is only
 * counted, and so is the silence of hosts of which nothing was heard, up to a bound.
 *
 * @module
 */
import { grown, type TypedColumn } from "../collections/grown.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import { U32Map } from "../collections/u32_map.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import { AddressSet } from "./address_set.ts";
import {
  isOwnAnswer,
  isSilence,
  type NamesByHost,
  NO_NAMES,
  OPEN,
  type Reason,
  REASONS,
  type ResultCursor,
  type ResultList,
  type State,
  STATES,
  usualState,
} from "../result/outcome.ts";

/** One port of a host, as it is listed. */
export interface PortRow {
  readonly port: number;
  readonly state: State;
  readonly reason: Reason;
  readonly ttl: number | undefined;
  readonly rttMs: number | undefined;
  readonly tries: number;
  readonly from: string | undefined;
  readonly service: string | undefined;
  /** The names for which it was asked. */
  readonly names: readonly string[];
}

/** Ports of a host that are in the same state for the same reason, and how many. */
export interface PortGroup {
  readonly state: State;
  readonly reason: Reason;
  readonly count: number;
}

/** What is known of one host. */
export interface HostReport {
  readonly ip: string;
  /** The names by which it was asked for. */
  readonly names: readonly string[];
  /** Ports to list, in order. */
  readonly ports: readonly PortRow[];
  /** Ports that are too many to list, by state and reason. */
  readonly hidden: readonly PortGroup[];
  /** Open ports. */
  readonly openCount: number;
  /** What the host itself answered, if anything: a SYN-ACK, a RST, a refusal. */
  readonly answer: Reason | undefined;
  /** The median of the host's own round trips and the median distance from it, over the ports that are remembered. */
  readonly roundTrip: { readonly smoothedMs: number; readonly variationMs: number } | undefined;
  /** The conclusion on a host that did not reply itself; undefined where it did. */
  readonly conclusion: Conclusion | undefined;
  /** True where silent ports of this host had to be forgotten for want of room, so that there may be more. */
  readonly atLeast: boolean;
}

/**
 * The conclusion on a host that did not reply itself: `undecided` where no port of it was decided, `no-arp-response` where its own
 * link has no such address, `no-response` where nothing was received, otherwise the error that others sent most often.
 */
export type Conclusion = Reason | "undecided";

/** True for an address that its own link does not have. */
export function isAbsent({ conclusion }: HostReport): boolean {
  return conclusion === "no-arp-response";
}

/** All that is known once a scan has ended. */
export interface AggregateReport {
  /** Hosts that answered something. */
  readonly upHosts: number;
  /** Hosts that `hosts` leaves out, by what was concluded. Addresses without a host are always among them. */
  readonly unlisted: ReadonlyMap<Conclusion, number>;
  /** Where those are that are absent or that others replied for: ranges of IPv4 addresses in order, up to a bound. */
  readonly unreachedRanges: readonly (readonly [reason: Reason, first: number, last: number])[];
  /** Hosts to report one by one, in the order of their addresses. */
  hosts(names?: NamesByHost): Iterable<HostReport>;
  /** The same hosts and, in their places, every address without a host (`no-arp-response`), without ports. */
  hostsAndAbsent(names?: NamesByHost): Iterable<HostReport>;
}

/** Bounds of a {@linkcode HostAggregator}. */
export interface HostAggregatorOptions {
  /** A state is listed port by port up to this many ports of a host. Open ports are always listed. */
  readonly listUpTo: number;
  /** Hosts that did not answer are reported one by one up to this many. */
  readonly listUnresponsiveUpTo: number;
  /** Hosts of which nothing was heard, whose silent ports are counted; and such ports that are remembered, to be listed. */
  readonly silentHosts?: number;
  readonly silentRows?: number;
}

/** A host's ports that a format lists, and all others by state and reason, the largest group first. */
export function shownOf(
  { ports, hidden }: HostReport,
  isListed: (row: PortRow) => boolean,
): { rows: readonly PortRow[]; hidden: readonly PortGroup[] } {
  const rows = ports.filter(isListed);
  if (rows.length === ports.length) return { rows, hidden };
  const groups = new Map<number, PortGroup>();
  const add = ({ state, reason, count }: PortGroup) => {
    const group = groupOf(state, reason);
    groups.set(group, { state, reason, count: count + (groups.get(group)?.count ?? 0) });
  };
  hidden.forEach(add);
  for (const row of ports) if (!isListed(row)) add({ ...row, count: 1 });
  return { rows, hidden: [...groups.values()].sort((one, other) => other.count - one.count) };
}

const STATE_CODE = new Map<State, number>(STATES.map((state, code) => [state, code]));
const REASON_CODE = new Map<Reason, number>(REASONS.map((reason, code) => [reason, code]));

// A group is a state and a reason in nine bits: three for the state, six for the reason. The tenth marks a late reply.
const REASON_BITS = 6;
const REASON_MASK = (1 << REASON_BITS) - 1;
const GROUP_MASK = 0x1ff;
const LATE_BIT = 0x200;

function groupOf(state: State, reason: Reason): number {
  return (STATE_CODE.get(state) ?? 0) << REASON_BITS | (REASON_CODE.get(reason) ?? 0);
}
function stateOf(group: number): State {
  return STATES[group >> REASON_BITS] ?? "undecided";
}
function reasonOf(group: number): Reason {
  return REASONS[group & REASON_MASK] ?? "not-asked";
}

/** The states that no reply may mean, by technique. */
const STATES_OF_SILENCE: readonly State[] = ["filtered", "open|filtered", "closed|filtered"];
const SILENT_GROUP = groupOf("filtered", "no-response");
/** On their own link nobody has the address. */
const ABSENT_GROUP = groupOf("filtered", "no-arp-response");
/** Groups of ports of which nobody has said anything, and which of these a group is. */
const SILENT_GROUPS = REASONS.filter(isSilence).flatMap((reason) =>
  (reason === "no-response" ? STATES_OF_SILENCE : [usualState(reason)]).map((state) => groupOf(state, reason))
);
const SILENT_KIND = Int8Array.from({ length: GROUP_MASK + 1 }, (_, group) => SILENT_GROUPS.indexOf(group));
// A checkpoint holds them too: together they are 2 MiB at most.
const DEFAULT_SILENT_HOSTS = 1 << 17;
const DEFAULT_SILENT_ROWS = 1 << 16;

interface Host {
  readonly index: number;
  readonly ip: string;
  /** The same as a number; -1 where it is no IPv4 address. */
  readonly address: number;
  /** The code of what the host itself answered; -1 if nothing. */
  answer: number;
  /**
   * Groups of which it has ports, and how many. Few, so that a search is faster than a map and takes less room. A count is
   * below 0 while silence that was replaced has not found its host.
   */
  groups: number[];
  counts: number[];
}

/** Takes results in any order and gives them back by host. A late answer replaces the verdict before it. */
export class HostAggregator {
  readonly #listUpTo: number;
  readonly #listUnresponsiveUpTo: number;
  readonly #hosts: Host[] = [];
  /** Where in that list a host is, by its IPv4 address, or by its text where it has none. */
  readonly #byAddress = new U32Map();
  readonly #byText = new Map<string, Host>();
  readonly #rows = new Rows();
  readonly #silent: Silence;
  readonly #services = new Map<number, string>();
  /** 1 for each port in that map, which is slower to ask. */
  readonly #hasService = new Uint8Array(1 << 16);
  readonly #routers = new Map<string, number>();
  #lastBatch: ResultList | undefined;
  #report: AggregateReport | undefined;
  /** The group of the last result: most are like the one before. */
  #lastState: State | undefined;
  #lastReason: Reason | undefined;
  #lastGroup = 0;
  /** The host of it, where something was heard of that; and again, where the result was only counted. */
  #lastHost: Host | undefined;
  #lastHidden: Host | undefined;

  constructor(options: HostAggregatorOptions) {
    this.#listUpTo = options.listUpTo;
    this.#listUnresponsiveUpTo = options.listUnresponsiveUpTo;
    this.#silent = new Silence({
      counts: options.silentHosts ?? DEFAULT_SILENT_HOSTS,
      rows: options.silentRows ?? DEFAULT_SILENT_ROWS,
      listUpTo: options.listUpTo,
    });
  }

  /** Takes results. Several formats may keep one book: a batch that was given last is not taken twice. */
  take(batch: ResultList): void {
    if (batch === this.#lastBatch) return;
    this.#lastBatch = batch;
    // Results that are like the one before, and are only counted.
    let more = 0;
    for (const result of batch) {
      const isLikePrevious = result.repeatsPrevious === true;
      if (isLikePrevious && this.#lastHidden !== undefined && result.host === this.#lastHidden.address) {
        more++;
        continue;
      }
      if (more > 0) this.#countHidden(more);
      more = 0;
      if (!isLikePrevious) this.#lastGroup = this.#groupOf(result);
      this.#add(result, this.#lastGroup);
    }
    if (more > 0) this.#countHidden(more);
  }

  #countHidden(more: number): void {
    if (this.#lastHidden !== undefined) this.#count(this.#lastHidden, this.#lastGroup, more);
  }

  #groupOf({ state, reason }: ResultCursor): number {
    if (state === this.#lastState && reason === this.#lastReason) return this.#lastGroup;
    this.#lastState = state;
    this.#lastReason = reason;
    return groupOf(state, reason);
  }

  #add(result: ResultCursor, group: number): void {
    this.#lastHidden = undefined;
    const host = this.#hostOf(result, group);
    if (host === undefined) return;
    const { port, state, reason } = result;
    if (isOwnAnswer(reason) && (host.answer < 0 || state === "open")) host.answer = group;
    const { replaces, replacesState } = result;
    if (replaces !== undefined && replacesState !== undefined) this.#count(host, groupOf(replacesState, replaces), -1);
    if (!this.#count(host, group, 1) && !result.late) {
      this.#lastHidden = host;
      return;
    }
    this.#learnService(result);
    this.#rows.push(
      host.index,
      port,
      result.late ? group | LATE_BIT : group,
      result.ttl ?? 0,
      result.tries,
      result.rttMs ?? NaN,
      result.from === undefined ? 0 : this.#router(result.from),
    );
  }

  /** The host of a result; undefined where nothing was heard of it, by this result neither, which is remembered then. */
  #hostOf(result: ResultCursor, group: number): Host | undefined {
    const last = this.#lastHost;
    const address = result.host ?? ipv4Number(result.ip);
    if (last !== undefined && (address >= 0 ? last.address === address : last.ip === result.ip)) return last;
    const host = address >= 0 ? this.#hosts[this.#byAddress.get(address)] : this.#byText.get(result.ip);
    if (host !== undefined) return this.#lastHost = host;
    if (address < 0 || SILENT_KIND[group]! < 0) return this.#lastHost = this.#newHost(result.ip, group);
    this.#learnService(result);
    this.#silent.push(address, result.port, group, result.tries);
    return undefined;
  }

  /** Hosts that answered, or that others answered for, so far. */
  get hostCount(): number {
    return this.#hosts.length;
  }

  /** Ports of those that may have to be listed. */
  get rowCount(): number {
    return this.#rows.length;
  }

  /** Copies everything into an aggregator of the same bounds that has taken nothing. */
  copyTo(other: HostAggregator): void {
    for (const { ip, answer, groups, counts } of this.#hosts) {
      const host = other.#addHost(ip);
      host.answer = answer;
      host.groups.push(...groups);
      host.counts.push(...counts);
    }
    this.#rows.copyTo(other.#rows);
    this.#silent.copyTo(other.#silent);
    for (const [port, name] of this.#services) other.#addService(port, name);
    for (const router of this.#routers.keys()) other.#router(router);
  }

  /** All that is known, once the last result was taken. */
  report(totalHosts: number): AggregateReport {
    return this.#report ??= this.#makeReport(totalHosts);
  }

  #makeReport(totalHosts: number): AggregateReport {
    const unlisted = new Map<Conclusion, number>();
    const absent = this.#absent();
    this.#placeSilence(totalHosts - absent.size, absent, unlisted);
    if (absent.size > 0) unlisted.set("no-arp-response", absent.size);
    const hosts = this.#hosts;
    const quiet = hosts.filter((host) => host.answer < 0);
    const listQuiet = quiet.length <= this.#listUnresponsiveUpTo;
    const out = listQuiet ? [] : quiet.map((host) => ({ address: host.address, reason: mainReason(host) }));
    for (const { reason } of out) unlisted.set(reason, (unlisted.get(reason) ?? 0) + 1);
    const listed = (listQuiet ? [...hosts] : hosts.filter((host) => host.answer >= 0)).sort(byAddress);
    return {
      upHosts: hosts.length - quiet.length,
      unlisted,
      unreachedRanges: unreachedRanges(out, absent),
      hosts: (names = NO_NAMES) => this.#reports(listed, names),
      hostsAndAbsent: (names = NO_NAMES) => withAbsent(this.#reports(listed, names), absent, names),
    };
  }

  #newHost(ip: string, group: number): Host {
    const host = this.#addHost(ip);
    host.groups.push(group);
    host.counts.push(0);
    return host;
  }

  #addHost(ip: string): Host {
    const index = this.#hosts.length;
    const address = ipv4Number(ip);
    const host: Host = {
      index,
      ip,
      address,
      answer: -1,
      groups: [],
      counts: [],
    };
    this.#hosts.push(host);
    if (address >= 0) this.#byAddress.add(address, index);
    else this.#byText.set(ip, host);
    return host;
  }

  #learnService({ port, service }: ResultCursor): void {
    if (service !== undefined && this.#hasService[port] === 0) this.#addService(port, service);
  }

  #addService(port: number, name: string): void {
    this.#services.set(port, name);
    this.#hasService[port] = 1;
  }

  /** Counts ports more, or less; true where they may have to be listed. */
  #count(host: Host, group: number, by: number): boolean {
    let at = host.groups.indexOf(group);
    if (at < 0) {
      at = host.groups.push(group) - 1;
      host.counts.push(0);
    }
    const count = host.counts[at]! += by;
    return group >> REASON_BITS === OPEN || count <= this.#listUpTo;
  }

  #router(from: string): number {
    let code = this.#routers.get(from);
    if (code === undefined) {
      code = this.#routers.size + 1;
      this.#routers.set(from, code);
    }
    return code;
  }

  /** Addresses that their own link does not have, of which nothing else was received. */
  #absent(): AddressSet {
    const absent = this.#silent.absent();
    for (const { address } of this.#hosts) absent.delete(address);
    return absent;
  }

  /** Gives silence to the hosts that were heard of later, and counts the hosts that remain unheard and unlisted. */
  #placeSilence(totalHosts: number, absent: AddressSet, unlisted: Map<Conclusion, number>): void {
    const silent = this.#silent;
    const isComplete = !silent.forgot;
    const unheard = silent.addresses().filter((address) => this.#byAddress.get(address) < 0 && !absent.has(address));
    if (!isComplete) {
      unlisted.set("no-response", Math.max(0, totalHosts - this.#hosts.length));
    } else if (unheard.length <= this.#listUnresponsiveUpTo) {
      for (const address of unheard) this.#newHost(formatIpv4(address), SILENT_GROUP);
    } else {
      const decided = new Set<number>();
      silent.forEachCount((address, group) => {
        if (stateOf(group) !== "undecided") decided.add(address);
      });
      const undecided = unheard.reduce((count, address) => decided.has(address) ? count : count + 1, 0);
      if (undecided < unheard.length) unlisted.set("no-response", unheard.length - undecided);
      if (undecided > 0) unlisted.set("undecided", undecided);
    }
    silent.forEachCount((address, group, count) => {
      const host = this.#hosts[this.#byAddress.get(address)];
      if (host !== undefined) this.#count(host, group, count);
    });
    silent.forEachRow((address, port, group, tries) => {
      const host = this.#hosts[this.#byAddress.get(address)];
      if (host !== undefined) this.#rows.push(host.index, port, group, 0, tries, NaN, 0);
    });
    silent.clear();
  }

  *#reports(hosts: readonly Host[], names: NamesByHost): Generator<HostReport> {
    const rows = this.#rows;
    const { starts, order } = rows.byHost(this.#hosts.length);
    const routers = [undefined, ...this.#routers.keys()];
    for (const host of hosts) {
      const own = this.#withoutReplaced(order.subarray(starts[host.index], starts[host.index + 1]));
      const groups = groupsOf(host);
      const isListed = this.#listedStates(groups, own);
      const ports: PortRow[] = [];
      let openCount = 0;
      for (const row of own) {
        const group = rows.groups.at(row) & GROUP_MASK;
        if (!isListed[group >> REASON_BITS]) continue;
        if (group >> REASON_BITS === OPEN) openCount++;
        const port = rows.ports.at(row);
        const rttMs = rows.rtts.at(row);
        ports.push({
          port,
          state: stateOf(group),
          reason: reasonOf(group),
          ttl: rows.ttls.at(row) || undefined,
          rttMs: Number.isNaN(rttMs) ? undefined : rttMs,
          tries: rows.tries.at(row),
          from: routers[rows.routers.at(row)],
          service: this.#services.get(port),
          names: names.at(host.ip, port),
        });
      }
      const hidden: PortGroup[] = [];
      for (const { group, count } of groups) {
        if (!isListed[group >> REASON_BITS]) hidden.push({ state: stateOf(group), reason: reasonOf(group), count });
      }
      yield {
        ip: host.ip,
        names: names.of(host.ip),
        ports,
        hidden: hidden.sort((one, other) => other.count - one.count),
        openCount,
        answer: host.answer < 0 ? undefined : reasonOf(host.answer),
        conclusion: host.answer < 0 ? mainReason(host) : undefined,
        roundTrip: this.#roundTrip(own, groups),
        atLeast: this.#silent.forgot && host.groups.some((group) => reasonOf(group) === "no-response"),
      };
    }
  }

  /** A host's rows in the order of their ports, each port once: a late answer has replaced what stood there. */
  #withoutReplaced(rows: Uint32Array): Uint32Array {
    const { ports, groups } = this.#rows;
    if (rows.length < 2) return rows;
    rows.sort((one, other) =>
      ports.at(one) - ports.at(other) || (groups.at(one) & LATE_BIT) - (groups.at(other) & LATE_BIT) || one - other
    );
    return rows.filter((row, at) => {
      const next = rows[at + 1];
      return next === undefined || ports.at(next) !== ports.at(row);
    });
  }

  /** By code of state: true where its ports are few enough to be listed, and all remembered. */
  #listedStates(groups: readonly Group[], rows: Uint32Array): boolean[] {
    const missing = STATES.map(() => 0);
    const total = STATES.map(() => 0);
    for (const { group, count } of groups) {
      total[group >> REASON_BITS]! += count;
      missing[group >> REASON_BITS]! += count;
    }
    for (const row of rows) missing[(this.#rows.groups.at(row) & GROUP_MASK) >> REASON_BITS]!--;
    return STATES.map((_, state) => state === OPEN || (total[state]! <= this.#listUpTo && missing[state] === 0));
  }

  /**
   * The median of a host's round trips, and the median distance from it: rows are in the order of their ports, which says
   * nothing of time, so that there is nothing to smooth. Of a state with many ports only some have a row, which then stands for
   * the others. What routers say is no round trip of the host.
   */
  #roundTrip(rows: Uint32Array, groups: readonly Group[]): HostReport["roundTrip"] {
    const { rtts, routers } = this.#rows;
    const timed = rows.filter((row) => routers.at(row) === 0 && !Number.isNaN(rtts.at(row)));
    if (timed.length === 0) return undefined;
    if (timed.length === 1) return { smoothedMs: rtts.at(timed[0]!), variationMs: rtts.at(timed[0]!) / 2 };
    const groupAt = (row: number) => this.#rows.groups.at(row) & GROUP_MASK;
    const kept = new Map<number, number>();
    for (const row of timed) kept.set(groupAt(row), (kept.get(groupAt(row)) ?? 0) + 1);
    const weights = new Map(groups.map(({ group, count }) => [group, count / (kept.get(group) ?? 1)]));
    const weightOf = (row: number) => weights.get(groupAt(row)) ?? 1;
    const median = (valueOf: (row: number) => number) => {
      timed.sort((one, other) => valueOf(one) - valueOf(other));
      const total = timed.reduce((sum, row) => sum + weightOf(row), 0);
      let passed = 0;
      return valueOf(timed.find((row) => (passed += weightOf(row)) >= total / 2) ?? timed.at(-1)!);
    };
    const smoothedMs = median((row) => rtts.at(row));
    const variationMs = median((row) => Math.abs(rtts.at(row) - smoothedMs));
    return { smoothedMs, variationMs };
  }
}

interface Group {
  readonly group: number;
  readonly count: number;
}

/** How many ports of a host are in each group. */
function groupsOf({ groups, counts }: Host): Group[] {
  const found: Group[] = [];
  for (let at = 0; at < groups.length; at++) {
    const group = groups[at]!;
    const count = counts[at]!;
    if (count > 0) found.push({ group, count });
  }
  return found;
}

/** The conclusion on a host that did not reply itself. */
function mainReason(host: Host): Conclusion {
  const groups = groupsOf(host);
  let main: Conclusion = groups.some(({ group }) => stateOf(group) !== "undecided") ? "no-response" : "undecided";
  let most = 0;
  for (const { group, count } of groups) {
    const reason = reasonOf(group);
    if (!isSilence(reason) && count > most) [main, most] = [reason, count];
  }
  return main;
}

/** Puts addresses without a host where they belong in the order of the others. */
function* withAbsent(hosts: Iterable<HostReport>, absent: AddressSet, names: NamesByHost): Generator<HostReport> {
  const addresses = absent.addresses();
  let next = addresses.next();
  for (const host of hosts) {
    const address = ipv4Number(host.ip);
    for (; !next.done && (address < 0 || next.value < address); next = addresses.next()) {
      yield absentHost(formatIpv4(next.value), names);
    }
    yield host;
  }
  for (; !next.done; next = addresses.next()) yield absentHost(formatIpv4(next.value), names);
}

function absentHost(ip: string, names: NamesByHost): HostReport {
  return {
    ip,
    names: names.of(ip),
    ports: [],
    hidden: [],
    openCount: 0,
    answer: undefined,
    roundTrip: undefined,
    conclusion: "no-arp-response",
    atLeast: false,
  };
}

const MAX_UNREACHED_RANGES = 4096;

/** Neighbouring addresses of which the same was concluded. A host without an IPv4 address has the address -1. */
function unreachedRanges(
  hosts: readonly { readonly address: number; readonly reason: Conclusion }[],
  absent: AddressSet,
): [Reason, number, number][] {
  const ranges: [Reason, number, number][] = [];
  for (const { address, reason } of hosts.toSorted((one, other) => one.address - other.address)) {
    if (address < 0 || reason === "undecided") continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === reason && last[2] + 1 === address) last[2]++;
    else if (ranges.length < MAX_UNREACHED_RANGES) ranges.push([reason, address, address]);
  }
  for (const [first, last] of absent.ranges().take(MAX_UNREACHED_RANGES)) ranges.push(["no-arp-response", first, last]);
  return ranges.sort(([, one], [, other]) => one - other).slice(0, MAX_UNREACHED_RANGES);
}

function byAddress(one: Host, other: Host): number {
  if (one.address >= 0 && other.address >= 0) return one.address - other.address;
  if (one.address >= 0) return -1;
  if (other.address >= 0) return 1;
  return one.ip < other.ip ? -1 : 1;
}

/** An IPv4 address as a number; -1 for any other text. */
function ipv4Number(ip: string): number {
  return parseIpv4(ip) ?? -1;
}

/** Ports of hosts that were heard of. */
class Rows {
  readonly hosts = new TypedVector(new Uint32Array(256));
  readonly ports = new TypedVector(new Uint16Array(256));
  readonly groups = new TypedVector(new Uint16Array(256));
  readonly ttls = new TypedVector(new Uint8Array(256));
  readonly tries = new TypedVector(new Uint16Array(256));
  readonly rtts = new TypedVector(new Float32Array(256));
  readonly routers = new TypedVector(new Uint32Array(256));

  get length(): number {
    return this.hosts.length;
  }

  copyTo(other: Rows): void {
    const columns = other.#columns();
    this.#columns().forEach((column, index) => column.copyTo(columns[index]!));
  }

  #columns(): TypedVector<TypedColumn>[] {
    return [this.hosts, this.ports, this.groups, this.ttls, this.tries, this.rtts, this.routers];
  }

  push(host: number, port: number, group: number, ttl: number, tries: number, rttMs: number, router: number): void {
    this.hosts.push(host);
    this.ports.push(port);
    this.groups.push(group);
    this.ttls.push(ttl);
    this.tries.push(tries);
    this.rtts.push(rttMs);
    this.routers.push(router);
  }

  /** Rows in the order of their hosts: those of host i are `order[starts[i]]` to `order[starts[i + 1] - 1]`. */
  byHost(hostCount: number): { starts: Uint32Array; order: Uint32Array } {
    const rowCount = this.hosts.length;
    const starts = new Uint32Array(hostCount + 1);
    for (let row = 0; row < rowCount; row++) {
      const next = this.hosts.at(row) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let host = 0; host < hostCount; host++) starts[host + 1] = (starts[host + 1] ?? 0) + (starts[host] ?? 0);
    const free = starts.slice();
    const order = new Uint32Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const host = this.hosts.at(row);
      const place = free[host] ?? 0;
      order[place] = row;
      free[host] = place + 1;
    }
    return { starts, order };
  }
}

/**
 * What was silent of hosts that nothing was heard of: how many ports of each, and which, where those are few enough to be listed.
 * All of it up to bounds, so that it stays small however large the scan is.
 */
class Silence {
  readonly #bounds: { readonly counts: number; readonly rows: number; readonly listUpTo: number };
  /** Hosts in the order in which they came. */
  readonly #index = new U32Map();
  #addresses = new TypedVector(new Uint32Array(256));
  /** Of each kind of silence, how many ports each host has. */
  #counts: Uint32Array[] = SILENT_GROUPS.map(() => new Uint32Array());
  /** How many of these are above 0. */
  #countCount = 0;
  /** Of each port that may have to be listed: its host's number, the kind, the port, and how often it was asked. */
  #hosts = new TypedVector(new Uint32Array(256));
  #kinds = new TypedVector(new Uint8Array(256));
  #ports = new TypedVector(new Uint16Array(256));
  #tries = new TypedVector(new Uint8Array(256));
  /** True once some hosts had to be forgotten; those of them that are absent are remembered. */
  forgot = false;
  #forgottenAbsent = new AddressSet();

  constructor(bounds: { readonly counts: number; readonly rows: number; readonly listUpTo: number }) {
    this.#bounds = bounds;
  }

  copyTo(other: Silence): void {
    for (let host = 0; host < this.#addresses.length; host++) other.#hostOf(this.#addresses.at(host));
    other.#counts = this.#counts.map((counts) => counts.slice());
    other.#countCount = this.#countCount;
    const columns = other.#columns();
    this.#columns().forEach((column, index) => column.copyTo(columns[index]!));
    other.forgot = this.forgot;
    other.#forgottenAbsent = new AddressSet(this.#forgottenAbsent);
  }

  #columns(): TypedVector<TypedColumn>[] {
    return [this.#hosts, this.#kinds, this.#ports, this.#tries];
  }

  push(address: number, port: number, group: number, tries: number): void {
    const kind = SILENT_KIND[group]!;
    let host = this.#hostOf(address);
    let counts = this.#countsOf(kind, host);
    if (counts[host] === 0) {
      if (this.#countCount >= this.#bounds.counts) {
        this.#addAbsent(this.#forgottenAbsent);
        this.clear();
        this.forgot = true;
        host = this.#hostOf(address);
        counts = this.#countsOf(kind, host);
      }
      this.#countCount++;
    }
    if (++counts[host]! > this.#bounds.listUpTo) return;
    if (this.#hosts.length >= this.#bounds.rows) this.#thin();
    this.#hosts.push(host);
    this.#kinds.push(kind);
    this.#ports.push(port);
    this.#tries.push(tries);
  }

  /** Addresses that their own link does not have, by one probe at least. */
  absent(): AddressSet {
    const absent = new AddressSet(this.#forgottenAbsent);
    this.#addAbsent(absent);
    return absent;
  }

  #addAbsent(absent: AddressSet): void {
    this.forEachCount((address, group) => {
      if (group === ABSENT_GROUP) absent.add(address);
    });
  }

  clear(): void {
    this.#index.clear();
    this.#addresses = new TypedVector(new Uint32Array(256));
    this.#counts = SILENT_GROUPS.map(() => new Uint32Array());
    this.#countCount = 0;
    this.#clearRows();
  }

  /** How many ports of each host are in a group. */
  forEachCount(take: (address: number, group: number, count: number) => void): void {
    for (let host = 0; host < this.#addresses.length; host++) {
      for (const [kind, counts] of this.#counts.entries()) {
        const count = counts[host] ?? 0;
        if (count > 0) take(this.#addresses.at(host), SILENT_GROUPS[kind]!, count);
      }
    }
  }

  /** The ports that are few enough to be listed. */
  forEachRow(take: (address: number, port: number, group: number, tries: number) => void): void {
    for (let row = 0; row < this.#hosts.length; row++) {
      if (!this.#isListed(row)) continue;
      const group = SILENT_GROUPS[this.#kinds.at(row)]!;
      take(this.#addresses.at(this.#hosts.at(row)), this.#ports.at(row), group, this.#tries.at(row));
    }
  }

  /** The hosts, each once, in order. */
  addresses(): Uint32Array {
    return Uint32Array.from({ length: this.#addresses.length }, (_, host) => this.#addresses.at(host)).sort();
  }

  /** The number of a host, which it has from now on. */
  #hostOf(address: number): number {
    const known = this.#index.get(address);
    if (known >= 0) return known;
    const host = this.#addresses.length;
    this.#index.add(address, host);
    this.#addresses.push(address);
    return host;
  }

  /** The counts of a kind, with room for a host. */
  #countsOf(kind: number, host: number): Uint32Array {
    const counts = this.#counts[kind]!;
    if (host < counts.length) return counts;
    return this.#counts[kind] = grown(counts, Math.max(256, 2 * host));
  }

  #isListed(row: number): boolean {
    return this.#counts[this.#kinds.at(row)]![this.#hosts.at(row)]! <= this.#bounds.listUpTo;
  }

  /** Drops ports that have become too many to be listed; where that frees little room, all. */
  #thin(): void {
    const most = this.#bounds.rows / 2;
    const rowCount = this.#hosts.length;
    let kept = 0;
    for (let row = 0; row < rowCount && kept <= most; row++) if (this.#isListed(row)) kept++;
    if (kept > most) return this.#clearRows();
    const columns = this.#columns();
    let to = 0;
    for (let row = 0; row < rowCount; row++) {
      if (!this.#isListed(row)) continue;
      for (const column of columns) column.move(row, to);
      to++;
    }
    for (const column of columns) column.length = kept;
  }

  #clearRows(): void {
    for (const column of this.#columns()) column.length = 0;
  }
}
