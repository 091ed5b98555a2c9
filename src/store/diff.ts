/**
 * The changes between two scans. Only ports that both have decided are compared; ports that one of them did not probe, or could
 * not decide, are reported as such and are no difference.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { UsageError } from "../base/errors.ts";
import type { ChangedPort, ScanChanges } from "../report/changes.ts";
import { counted, dateText, grouped, printable } from "../base/text.ts";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import type { Reason } from "../result/reasons.ts";
import type { State } from "../result/states.ts";
import { addressesOf, type HostRun, hostsOf, type Segment } from "./hosts.ts";
import { laneIn, portIn, serviceKey } from "./key.ts";
import type { ScanRecord } from "./records.ts";
import { excludedBy, type Moved, movedNames, type Renamed, renamedHosts, type Side } from "./side.ts";
import { jsonLine, portsText } from "./format.ts";
import { readServices, StoredNames } from "./names.ts";

/** A port's state and reason in one scan. */
export interface PortState {
  readonly state: State;
  readonly reason: Reason;
}

/** A port on which two scans differ, or that was open in one and that the other did not probe or could not decide. */
export interface PortChange {
  readonly port: number;
  readonly proto: string;
  /** The technique, if it is not one that asks for a connection. */
  readonly technique: string | undefined;
  /** `undefined` in a scan that did not probe it. */
  readonly before: PortState | undefined;
  readonly after: PortState | undefined;
  /** The service usually found there. */
  readonly service: string | undefined;
}

/** The changes on a host. */
export interface HostChange {
  readonly ip: string;
  /** The names by which it was asked for, and its name by reverse DNS. */
  readonly names: readonly string[];
  /** True where the host itself replied, on the ports that are compared. */
  readonly wasUp: boolean;
  readonly isUp: boolean;
  /** Ports in another state, ascending. */
  readonly ports: readonly PortChange[];
  /** Open ports that cannot be compared, ascending. */
  readonly uncompared: readonly PortChange[];
}

/** Counts of a comparison, of ports unless the name says otherwise. */
export interface DiffTotals {
  /** Hosts of which something was compared. */
  hosts: number;
  /** Decided in both scans. */
  ports: number;
  /** Open now, and not before. */
  opened: number;
  /** Open before, and not now. */
  closed: number;
  /** In another state, neither of which is open. */
  otherwise: number;
  /** Hosts that answer now, and did not. */
  hostsUp: number;
  /** Hosts that answered, and do not now. */
  hostsDown: number;
  /** Asked only in the earlier scan. */
  onlyBefore: number;
  /** Asked only in the later scan. */
  onlyAfter: number;
  /** Asked in both, and not decided in one. */
  undecided: number;
}

/** A longer list of ports is cut off in text. */
const RANGES = 20;

/** Compares two scans. Made by `History.diff`. */
export class ScanDiff {
  readonly #before: Side;
  readonly #after: Side;
  /** Names that have other addresses than they had; known once all hosts were taken. */
  moved: readonly Moved[] = [];
  /** Hosts that have another name by reverse DNS than they had. */
  readonly renamed: readonly Renamed[];
  /** The counts so far; complete once all hosts were taken. */
  readonly totals: DiffTotals = {
    hosts: 0,
    ports: 0,
    opened: 0,
    closed: 0,
    otherwise: 0,
    hostsUp: 0,
    hostsDown: 0,
    onlyBefore: 0,
    onlyAfter: 0,
    undecided: 0,
  };
  readonly #reading: (read: (db: DatabaseSync) => Generator<HostChange>) => Generator<HostChange>;

  constructor(
    before: Side,
    after: Side,
    reading: (read: (db: DatabaseSync) => Generator<HostChange>) => Generator<HostChange>,
  ) {
    this.#before = before;
    this.#after = after;
    this.renamed = renamedHosts(before, after);
    this.#reading = reading;
  }

  /** The earlier scan; of several that are taken together, the last. */
  get before(): ScanRecord {
    return this.#before.last;
  }

  /** The later scan; of several that are taken together, the last. */
  get after(): ScanRecord {
    return this.#after.last;
  }

  /** True where something that both scans have decided differs. */
  get isDifferent(): boolean {
    const { opened, closed, otherwise, hostsUp, hostsDown } = this.totals;
    return opened + closed + otherwise + hostsUp + hostsDown + this.moved.length + this.renamed.length > 0;
  }

  /**
   * Hosts on which something changed, or an open port could not be compared, in the order of their addresses. They can be
   * taken once.
   *
   * @throws {UsageError} at the end, if nothing could be compared.
   */
  hosts(): Generator<HostChange> {
    return this.#reading((db) => this.#compare(db));
  }

  /** The differences for a person, in pieces. Throws as {@linkcode ScanDiff.hosts}. */
  *text(): Generator<string> {
    const { before, after, totals } = this;
    const [one, other] = [this.#before.label, this.#after.label];
    yield `Scan ${one} (${dateText(before.head.startedAtMs)}) against ` +
      `scan ${other} (${dateText(after.head.startedAtMs)})\n`;
    for (const host of this.hosts()) yield hostChangeText(host, one, other);
    for (const { name, before, after } of this.moved) {
      yield `${printable(name)} moved: ${before.join(", ")} -> ${after.join(", ")}\n`;
    }
    for (const { ip, before, after } of this.renamed) {
      yield `${ip} has another name: ${printable(before)} -> ${printable(after)}\n`;
    }
    const [now, earlier] = [excludedBy(this.#after, this.#before), excludedBy(this.#before, this.#after)];
    if (now !== undefined) yield `${now} ${isOne(now) ? "is" : "are"} excluded now\n`;
    if (earlier !== undefined) yield `${earlier} ${isOne(earlier) ? "is" : "are"} no longer excluded\n`;
    const compared = `${counted(totals.ports, "port")} of ${counted(totals.hosts, "host")} compared`;
    yield this.isDifferent
      ? `${compared}: ${grouped(totals.opened)} opened, ${grouped(totals.closed)} no longer open, ` +
        `${grouped(totals.otherwise)} changed otherwise; ` +
        `${counted(totals.hostsUp, "host")} came up, ${grouped(totals.hostsDown)} went down\n`
      : `${compared}: no difference\n`;
    if (totals.onlyBefore > 0) yield `Not asked in scan ${other}: ${counted(totals.onlyBefore, "port")}\n`;
    if (totals.onlyAfter > 0) yield `Not asked in scan ${one}: ${counted(totals.onlyAfter, "port")}\n`;
    if (totals.undecided > 0) yield `Not decided in one of them: ${counted(totals.undecided, "port")}\n`;
  }

  /** The differences for a report, which lists up to `most` hosts and as many ports. Throws as {@linkcode ScanDiff.hosts}. */
  changes(most: number): ScanChanges {
    const up: string[] = [];
    const down: string[] = [];
    const ofOpen: ChangedPort[] = [];
    const others: ChangedPort[] = [];
    let more = 0;
    const add = <T>(list: T[], item: T) => void (list.length < most ? list.push(item) : more++);
    for (const { ip, wasUp, isUp, ports } of this.hosts()) {
      if (wasUp !== isUp) add(isUp ? up : down, ip);
      for (const { port, technique, before, after, service } of ports) {
        const [was, is] = [before!.state, after!.state];
        add(was === "open" || is === "open" ? ofOpen : others, {
          ip,
          port,
          technique,
          before: was,
          after: is,
          service,
        });
      }
    }
    const { before: { id, head }, totals: { ports: compared, opened, closed, otherwise } } = this;
    const listed = [...ofOpen, ...others];
    return {
      ...{ scan: id, startedAtMs: head.startedAtMs, compared, opened, closed, otherwise, up, down },
      ports: listed.slice(0, most),
      more: more + Math.max(0, listed.length - most),
    };
  }

  /** The differences as JSON lines, in pieces. Throws as {@linkcode ScanDiff.hosts}. */
  *json(): Generator<string> {
    for (const host of this.hosts()) yield hostChangeJson(host);
    const { totals } = this;
    for (const { name, before, after } of this.moved) yield jsonLine({ type: "moved", name, before, after });
    for (const renamed of this.renamed) yield jsonLine({ type: "renamed", ...renamed });
    const [now, earlier] = [excludedBy(this.#after, this.#before), excludedBy(this.#before, this.#after)];
    if (now !== undefined) yield jsonLine({ type: "excluded", what: now, now: true });
    if (earlier !== undefined) yield jsonLine({ type: "excluded", what: earlier, now: false });
    yield jsonLine({
      type: "diff",
      before: idsOf(this.#before),
      after: idsOf(this.#after),
      different: this.isDifferent,
      hosts: totals.hosts,
      ports: totals.ports,
      opened: totals.opened,
      closed: totals.closed,
      otherwise: totals.otherwise,
      hosts_up: totals.hostsUp,
      hosts_down: totals.hostsDown,
      only_before: totals.onlyBefore,
      only_after: totals.onlyAfter,
      undecided: totals.undecided,
    });
  }

  *#compare(db: DatabaseSync): Generator<HostChange> {
    this.moved = movedNames(db, this.#before, this.#after);
    const names = [this.#after, this.#before].map(({ ids }) => new StoredNames(db, ...ids));
    const hostnames = new Map([...this.#before.hostnames, ...this.#after.hostnames]);
    const namesOf = (ip: string) => {
      const hostname = hostnames.get(ip);
      return [...new Set([...names.flatMap((each) => each.of(ip)), ...hostname === undefined ? [] : [hostname]])];
    };
    const services = readServices(db);
    for (const run of hostsOf(db, this.#before.ids, this.#after.ids)) {
      const change = this.#changeOf(run, services);
      if (change.ports.length + change.uncompared.length === 0 && change.wasUp === change.isUp) continue;
      for (const ip of addressesOf(run)) {
        yield { ip, names: namesOf(ip), ...change };
      }
    }
    if (this.totals.ports === 0 && this.moved.length === 0) {
      throw new UsageError(
        `Cannot compare scans ${this.#before.label} and ${this.#after.label}: no port was decided in both. ` +
          "Name two scans of the same targets; synscan history lists them",
      );
    }
  }

  /** Compares the ports of a run of hosts, and counts them. */
  #changeOf({ count: hosts, sides }: HostRun, services: ReadonlyMap<number, string>): Omit<HostChange, "ip" | "names"> {
    const { totals } = this;
    const [ports, uncompared]: [PortChange[], PortChange[]] = [[], []];
    let [compared, wasUp, isUp] = [0, false, false];
    for (const { first, last, before, after } of pairsOf(sides[0]!, sides[1]!)) {
      const count = hosts * (last - first + 1);
      let list = [before, after].some((result) => result?.state === "open") ? uncompared : undefined;
      if (before === undefined) totals.onlyAfter += count;
      else if (after === undefined) totals.onlyBefore += count;
      else if (!areDecided(before, after)) totals.undecided += count;
      else {
        compared += count;
        wasUp ||= isOwnAnswer(before.reason);
        isUp ||= isOwnAnswer(after.reason);
        list = before.state === after.state ? undefined : ports;
        if (list !== undefined) {
          totals[after.state === "open" ? "opened" : before.state === "open" ? "closed" : "otherwise"] += count;
        }
      }
      for (let key = first; key <= last && list !== undefined; key++) {
        const lane = laneIn(key);
        const port = portIn(key);
        const service = after?.service ?? before?.service ?? services.get(serviceKey(lane.proto, port));
        list.push({ port, ...lane, before, after, service });
      }
    }
    totals.ports += compared;
    if (compared > 0) totals.hosts += hosts;
    if (wasUp !== isUp) totals[isUp ? "hostsUp" : "hostsDown"] += hosts;
    return { wasUp, isUp, ports, uncompared };
  }
}

/** Returns true where a port was decided in both. */
export function haveCommon(db: DatabaseSync, one: Side, other: Side): boolean {
  return hostsOf(db, one.ids, other.ids).some(({ sides }) =>
    pairsOf(sides[0]!, sides[1]!).some(({ before, after }) => areDecided(before, after))
  );
}

function areDecided(...results: readonly (PortResult | undefined)[]): boolean {
  return results.every((result) => result !== undefined && result.state !== "undecided");
}

/** Ports that are alike on both sides, as keys. */
interface Pair {
  readonly first: number;
  readonly last: number;
  readonly before: PortResult | undefined;
  readonly after: PortResult | undefined;
}

/** Puts the ports of a host side by side. */
function* pairsOf(before: readonly Segment[], after: readonly Segment[]): Generator<Pair> {
  for (let i = 0, j = 0, first = 0; i < before.length || j < after.length;) {
    const next = [before[i], after[j]].filter((each) => each !== undefined);
    first = Math.max(first, Math.min(...next.map((each) => each.first)));
    const last = Math.min(...next.map((each) => each.first > first ? each.first - 1 : each.last));
    const [was, is] = [before[i], after[j]].map((each) =>
      each !== undefined && each.first <= first ? each.result : undefined
    );
    yield { first, last, before: was, after: is };
    if (before[i]?.last === last) i++;
    if (after[j]?.last === last) j++;
    first = last + 1;
  }
}

/** Returns true for one host or port, and false for several. */
function isOne(excluded: string): boolean {
  return !/[,-]/.test(excluded);
}

/** The number of a scan, or those of several that are taken together. */
function idsOf({ ids }: Side): number | number[] {
  return ids.length === 1 ? ids[0]! : ids;
}

/** Returns in which scan a port is open that cannot be compared, and why it cannot. */
function gapOf({ before, after }: PortChange) {
  return {
    openIn: before?.state === "open" ? "before" : "after",
    why: before === undefined || after === undefined ? "not asked" : "undecided",
  };
}

function hostChangeText(host: HostChange, before: string, after: string): string {
  const name = host.names.length === 0 ? "" : ` (${host.names.map(printable).join(", ")})`;
  const turn = host.wasUp === host.isUp ? "" : host.isUp ? " came up" : " went down";
  let text = `${host.ip}${name}${turn}\n`;
  const others = new Map<string, number[]>();
  for (const { port, proto, technique, before, after, service } of host.ports) {
    const change = `${before?.state} -> ${after?.state}${technique === undefined ? "" : ` (${technique})`}`;
    if (before?.state === "open" || after?.state === "open") {
      text += portLine(after?.state === "open" ? "+" : "-", `${port}/${proto}`, change, service);
    } else {
      const kind = proto === "tcp" ? change : `${proto} ${change}`;
      others.set(kind, [...others.get(kind) ?? [], port]);
    }
  }
  for (const uncompared of host.uncompared) {
    const { port, proto, technique, service } = uncompared;
    const { openIn, why } = gapOf(uncompared);
    const how = technique === undefined ? "" : `${technique}: `;
    const scans = openIn === "before" ? [before, after] : [after, before];
    text += portLine("?", `${port}/${proto}`, `${how}open in scan ${scans[0]}, ${why} in scan ${scans[1]}`, service);
  }
  for (const [change, ports] of others) {
    text += `  ~ ${change}: ${portsText(ports.map((port) => ({ first: port, last: port })), RANGES)} (${
      counted(ports.length, "port")
    })\n`;
  }
  return text;
}

function portLine(sign: string, port: string, change: string, service: string | undefined): string {
  const line = `  ${sign} ${port.padEnd(9)} ${change}`;
  return service === undefined ? `${line}\n` : `${line.padEnd(36)} ${printable(service)}\n`;
}

function hostChangeJson({ ip, names, wasUp, isUp, ports, uncompared }: HostChange): string {
  const host = names.length === 0 ? { ip } : { ip, names };
  let text = "";
  if (wasUp !== isUp) text += jsonLine({ type: "host", ...host, before: upText(wasUp), after: upText(isUp) });
  for (const { port, proto, technique, before, after, service } of ports) {
    text += jsonLine({
      type: "change",
      ...host,
      port,
      proto,
      technique,
      before: before?.state,
      after: after?.state,
      reason_before: before?.reason,
      reason_after: after?.reason,
      service: service ?? null,
    });
  }
  for (const each of uncompared) {
    const { port, proto, technique, service } = each;
    const { openIn, why } = gapOf(each);
    text += jsonLine({
      type: "uncompared",
      ...host,
      port,
      proto,
      technique,
      open_in: openIn,
      why,
      service: service ?? null,
    });
  }
  return text;
}

function upText(isUp: boolean): string {
  return isUp ? "up" : "down";
}
