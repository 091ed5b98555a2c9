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
import { PortSet } from "../target/ports.ts";
import { addressesOf, type HostRun, hostsOf, type Segment, showsHost, stateOfHost } from "./hosts.ts";
import { type Lane, laneIn, portIn, serviceKey } from "./key.ts";
import { jsonLine } from "./records.ts";
import { excludedBy, type Moved, movedNames, type Renamed, renamedHosts, type Side } from "./side.ts";
import { readServices, StoredNames } from "./names.ts";
import { foundText, hasOtherService } from "./versions.ts";

/** A port on which two scans differ, or that was open in one and that the other did not probe or could not decide. */
interface PortChange extends Lane {
  readonly port: number;
  /** Its result in each scan; `undefined` in one that did not probe it. */
  readonly before: PortResult | undefined;
  readonly after: PortResult | undefined;
  /** The service usually found there. */
  readonly service: string | undefined;
}

/** The changes on a host. */
interface HostChange {
  readonly ip: string;
  /** The names by which it was asked for, and its name by reverse DNS. */
  readonly names: readonly string[];
  /** True where the host itself replied, on the ports that are compared. */
  readonly wasUp: boolean;
  readonly isUp: boolean;
  /** Ports in another state, or with another service or version, ascending. */
  readonly ports: readonly PortChange[];
  /** Open ports that cannot be compared, ascending. */
  readonly uncompared: readonly PortChange[];
}

/** Counts of a comparison, of ports unless the name says otherwise. */
class DiffTotals {
  /** Hosts of which something was compared. */
  hosts = 0;
  /** Decided in both scans. */
  ports = 0;
  /** Open now, and not before. */
  opened = 0;
  /** Open before, and not now. */
  closed = 0;
  /** In another state, neither of which is open. */
  otherwise = 0;
  /** Open in both, with another service or version. */
  versions = 0;
  /** Hosts that answer now, and did not. */
  hostsUp = 0;
  /** Hosts that replied, and do not now. */
  hostsDown = 0;
  /** Asked only in the earlier scan. */
  onlyBefore = 0;
  /** Asked only in the later scan. */
  onlyAfter = 0;
  /** Asked in both, and not decided in one. */
  undecided = 0;
}

/** A longer list of ports is cut off in text. */
const RANGES = 20;

type Reading = (read: (db: DatabaseSync) => Generator<HostChange>) => Generator<HostChange>;

/** Compares two scans. Made by `History.diff`. */
export class ScanDiff {
  /** The earlier scan. */
  readonly before: Side;
  /** The later scan. */
  readonly after: Side;
  readonly #reading: Reading;
  /** Names that have other addresses than they had; known once all hosts were taken. */
  moved: readonly Moved[] = [];
  /** Hosts that have another name by reverse DNS than they had. */
  readonly renamed: readonly Renamed[];
  /** The counts so far; complete once all hosts were taken. */
  readonly totals: DiffTotals = new DiffTotals();

  constructor(before: Side, after: Side, reading: Reading) {
    this.before = before;
    this.after = after;
    this.#reading = reading;
    this.renamed = renamedHosts(before, after);
  }

  /** The unit of its counts. */
  get #unit(): "host" | "port" {
    return [this.before, this.after].every(({ last }) => last.head.probes === 0) ? "host" : "port";
  }

  /** True where something that both scans have decided differs. */
  get isDifferent(): boolean {
    const { opened, closed, otherwise, versions, hostsUp, hostsDown } = this.totals;
    return opened + closed + otherwise + versions + hostsUp + hostsDown + this.moved.length + this.renamed.length > 0;
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
    const { before: { label: one, last: before }, after: { label: other, last: after }, totals } = this;
    yield `Scan ${one} (${dateText(before.head.startedAtMs)}) against ` +
      `scan ${other} (${dateText(after.head.startedAtMs)})\n`;
    for (const host of this.hosts()) yield hostChangeText(host, one, other);
    for (const { name, before, after } of this.moved) {
      yield `${printable(name)} moved: ${before.join(", ")} -> ${after.join(", ")}\n`;
    }
    for (const { ip, before, after } of this.renamed) {
      yield `${ip} has another name: ${printable(before)} -> ${printable(after)}\n`;
    }
    for (const { what, now } of this.#excluded()) {
      yield `${what} ${/[,-]/.test(what) ? "are" : "is"} ${now ? "excluded now" : "no longer excluded"}\n`;
    }
    const what = this.#unit;
    const areHosts = what === "host";
    const compared = `${areHosts ? "" : `${counted(totals.ports, "port")} of `}${
      counted(totals.hosts, "host")
    } compared`;
    yield this.isDifferent
      ? `${compared}: ${areHosts ? "" : this.#portsText()}` +
        `${counted(totals.hostsUp, "host")} came up, ${grouped(totals.hostsDown)} went down\n`
      : `${compared}: no difference\n`;
    if (totals.onlyBefore > 0) yield `Not probed in scan ${other}: ${counted(totals.onlyBefore, what)}\n`;
    if (totals.onlyAfter > 0) yield `Not probed in scan ${one}: ${counted(totals.onlyAfter, what)}\n`;
    if (totals.undecided > 0) yield `Not decided in one of them: ${counted(totals.undecided, what)}\n`;
  }

  #portsText(): string {
    const { opened, closed, otherwise, versions } = this.totals;
    const more = versions === 0 ? "" : `, ${grouped(versions)} with another service or version`;
    return `${grouped(opened)} opened, ${grouped(closed)} no longer open, ${
      grouped(otherwise)
    } changed otherwise${more}; `;
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
      for (const { port, proto, technique, before, after, service } of ports) {
        const versions = hasOtherService(before!, after!)
          ? { was: foundText(before!.finding), now: foundText(after!.finding) }
          : {};
        const states = { before: before!.state, after: after!.state };
        const change = { ip, port, proto, technique, ...states, service, ...versions };
        add(isOpenIn(before, after) ? ofOpen : others, change);
      }
    }
    const { before: { last: { id, head } }, totals: { ports: compared, opened, closed, otherwise, versions } } = this;
    const listed = [...ofOpen, ...others];
    return {
      ...{ scan: id, startedAtMs: head.startedAtMs, compared, opened, closed, otherwise, versions, up, down },
      ports: listed.slice(0, most),
      more: more + Math.max(0, listed.length - most),
    };
  }

  /** The differences as JSON lines, in pieces. Throws as {@linkcode ScanDiff.hosts}. */
  *json(): Generator<string> {
    for (const host of this.hosts()) yield hostChangeJson(host);
    for (const moved of this.moved) yield jsonLine({ type: "moved", ...moved });
    for (const renamed of this.renamed) yield jsonLine({ type: "renamed", ...renamed });
    for (const excluded of this.#excluded()) yield jsonLine({ type: "excluded", ...excluded });
    const scans = { before: idsOf(this.before), after: idsOf(this.after), different: this.isDifferent };
    const snake = (name: string) => name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
    const totals = Object.entries(this.totals).map(([name, count]) => [snake(name), count]);
    yield jsonLine({ type: "diff", ...scans, ...Object.fromEntries(totals) });
  }

  /** Hosts and ports that only one scan excluded, the later one first. */
  #excluded(): { readonly what: string; readonly now: boolean }[] {
    const { before, after } = this;
    return [{ what: excludedBy(after, before), now: true }, { what: excludedBy(before, after), now: false }]
      .filter(({ what }) => what !== "");
  }

  *#compare(db: DatabaseSync): Generator<HostChange> {
    this.moved = movedNames(db, this.before, this.after);
    const names = [this.after, this.before].map(({ ids }) => new StoredNames(db, ...ids));
    const byIp = [...this.before.hostnames, ...this.after.hostnames];
    const hostnames = new Map(byIp.map(([ip, name]) => [ip, [name]]));
    const services = readServices(db);
    for (const run of hostsOf(db, this.before.ids, this.after.ids)) {
      const change = this.#changeOf(run, services);
      if (change.ports.length + change.uncompared.length === 0 && change.wasUp === change.isUp) continue;
      for (const ip of addressesOf(run)) {
        const own = [...names.flatMap((each) => each.of(ip)), ...hostnames.get(ip) ?? []];
        yield { ip, names: [...new Set(own)], ...change };
      }
    }
    if (this.totals.ports === 0 && this.moved.length === 0) {
      throw new UsageError(
        `Cannot compare scans ${this.before.label} and ${this.after.label}: no ${this.#unit} was decided in both. ` +
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
      let list = isOpenIn(before, after) ? uncompared : undefined;
      if (before === undefined) totals.onlyAfter += count;
      else if (after === undefined) totals.onlyBefore += count;
      else if (!areDecided(before, after)) totals.undecided += count;
      else {
        compared += count;
        wasUp ||= showsHost(before);
        isUp ||= showsHost(after);
        if (stateOfHost(after) !== undefined) continue;
        const isOther = hasOtherService(before, after);
        list = before.state === after.state && !isOther ? undefined : ports;
        if (isOther) totals.versions += count;
        else if (list !== undefined) {
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

function isOpenIn(...results: readonly (PortResult | undefined)[]): boolean {
  return results.some((result) => result?.state === "open");
}

/** Ports that are alike on both sides, as keys. */
interface Pair extends Pick<PortChange, "before" | "after"> {
  readonly first: number;
  readonly last: number;
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

/** The number of a scan, or those of several that are taken together. */
function idsOf({ ids }: Side): number | number[] {
  return ids.length === 1 ? ids[0]! : ids;
}

/** Returns in which scan a port is open that cannot be compared, and why it cannot. */
function gapOf({ before, after }: PortChange) {
  return {
    openIn: before?.state === "open" ? "before" : "after",
    why: before === undefined || after === undefined ? "not probed" : "undecided",
  };
}

function hostChangeText({ ip, names, wasUp, isUp, ports, uncompared }: HostChange, one: string, other: string): string {
  const name = names.length === 0 ? "" : ` (${names.map(printable).join(", ")})`;
  let text = `${ip}${name}${wasUp === isUp ? "" : isUp ? " came up" : " went down"}\n`;
  const others: { readonly states: string; readonly port: number }[] = [];
  for (const change of ports) {
    const { port, proto, technique, before, after } = change;
    if (before !== undefined && after !== undefined && hasOtherService(before, after)) {
      text += portLine(
        "~",
        { ...change, service: undefined },
        printable(`${foundText(before.finding)} -> ${foundText(after.finding)}`),
      );
      continue;
    }
    const states = `${before?.state} -> ${after?.state}${technique === undefined ? "" : ` (${technique})`}`;
    if (isOpenIn(before, after)) text += portLine(after?.state === "open" ? "+" : "-", change, states);
    else others.push({ states: proto === "tcp" ? states : `${proto} ${states}`, port });
  }
  for (const change of uncompared) {
    const { openIn, why } = gapOf(change);
    const how = change.technique === undefined ? "" : `${change.technique}: `;
    const scans = openIn === "before" ? [one, other] : [other, one];
    text += portLine("?", change, `${how}open in scan ${scans[0]}, ${why} in scan ${scans[1]}`);
  }
  for (const [states, alike] of Map.groupBy(others, ({ states }) => states)) {
    const ranges = PortSet.of(alike.map(({ port }) => port)).toString().split(",");
    const list = [...ranges.slice(0, RANGES), ...ranges.length > RANGES ? ["..."] : []].join();
    text += `  ~ ${states}: ${list} (${counted(alike.length, "port")})\n`;
  }
  return text;
}

function portLine(sign: string, { port, proto, service }: PortChange, states: string): string {
  const line = `  ${sign} ${`${port}/${proto}`.padEnd(9)} ${states}`;
  return service === undefined ? `${line}\n` : `${line.padEnd(36)} ${printable(service)}\n`;
}

function hostChangeJson({ ip, names, wasUp, isUp, ports, uncompared }: HostChange): string {
  const host = names.length === 0 ? { ip } : { ip, names };
  const turn = wasUp ? { before: "up", after: "down" } : { before: "down", after: "up" };
  let text = wasUp === isUp ? "" : jsonLine({ type: "host", ...host, ...turn });
  for (const { before, after, service = null, ...port } of ports) {
    const states = { before: before?.state, after: after?.state };
    const reasons = { reason_before: before?.reason, reason_after: after?.reason };
    const versions = before !== undefined && after !== undefined && hasOtherService(before, after)
      ? { version_before: foundText(before.finding), version_after: foundText(after.finding) }
      : {};
    text += jsonLine({ type: "change", ...host, ...port, ...states, ...reasons, ...versions, service });
  }
  for (const change of uncompared) {
    const { before: _, after: __, service = null, ...port } = change;
    const { openIn, why } = gapOf(change);
    text += jsonLine({ type: "uncompared", ...host, ...port, open_in: openIn, why, service });
  }
  return text;
}
