/**
 * The history of scans in a file: what was found, when it was first and last seen, and what changed.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { UsageError } from "../base/errors.ts";
import { printable, withPort } from "../base/text.ts";
import { hostnamesByIp } from "../report/hostnames.ts";
import type { Piece, Writer } from "../report/writer.ts";
import { comparableTechniques } from "../technique/comparable.ts";
import type { PortResult } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import { type HostState, type State, STATES } from "../result/states.ts";
import { Baseline } from "./baseline.ts";
import { explained, explaining, openDatabase, type OpenOptions } from "./database.ts";
import { haveCommon, ScanDiff } from "./diff.ts";
import { addressesOf, hostsOf, isUp, portsText, type Segment, stateOfHost } from "./hosts.ts";
import { readServices, StoredNames } from "./names.ts";
import { readRecords, type ScanRecord, summaryOf } from "./records.ts";
import { Side } from "./side.ts";
import { ScanRecorder, type ScanSoFar, type ScanStart } from "./recorder.ts";
import { textual } from "./schema.ts";
import { hostText, portIn, protocolOf, serviceKey } from "./key.ts";
import { compactAbandoned } from "./compact.ts";
import { damaged, isHostKey, isMac } from "./validate.ts";

/** Results in one batch at most. */
const BATCH = 1024;
/** Scans that can be compared with: they ended by themselves, or were ended. */
const USABLE = "ended IN ('done', 'deadline', 'interrupted')";
/** The ports of absent hosts, which are not counted by state: they are filtered. */
const OF_ABSENT = "ifnull(summary ->> '$.hostsAbsent', 0) * probes / max(hosts, 1)";
/** Scans that decided every port. What was left of another scan, recorded as a scan of its own, is no whole one. */
const WHOLE = `ended = 'done' AND undecided = 0
  AND ${STATES.map((state) => `"${state}"`).join(" + ")} + ${OF_ABSENT} >= probes`;

/** The space of a shard: a hash, which part of how many, and what orders it. */
const SHARD = /^(\S+) \d+\/(\d+) (\d+)$/;
/** The largest number of hosts that were not up and are shown, of a scan that probed no port. */
const MAX_NOT_UP = 1 << 18;
/** Earlier scans of other targets that are looked through for one to compare with. */
const LOOKED_BACK = 20;

/** A host of a scan, as it is shown. */
export interface ShownHost {
  readonly ip: string;
  readonly state: HostState;
  readonly reason: Reason;
  /** Its reply, of a host that is up. */
  readonly evidence?: readonly {
    readonly probe: string;
    readonly reason: Reason;
    readonly rtt_ms: number | null;
    readonly ttl: number | null;
  }[];
  /** Its hardware address, if it is known. */
  readonly mac?: string;
}

/** A history, open. */
export class History implements Disposable {
  readonly #path: string;
  readonly #db: DatabaseSync;

  private constructor(path: string, db: DatabaseSync) {
    this.#path = path;
    this.#db = db;
  }

  /**
   * Opens a file: for reading, or for writing, which makes it if there is none.
   *
   * @throws {UsageError} if there is no such file or directory.
   * @throws {CannotScanError} if it is no history, or a newer synscan's, or damaged, or may not be opened.
   */
  static open(path: string, options: OpenOptions): History {
    return new History(path, openDatabase(path, options));
  }

  /** Every scan, the first one first. */
  scans(): ScanRecord[] {
    return this.#records("ORDER BY id");
  }

  /**
   * The scan that a user names: its number, or `last` for the last one that ended; either may have an `@` before it.
   *
   * @throws {UsageError} if there is none.
   */
  scan(name: string): ScanRecord {
    const [, id] = /^@?(last|\d{1,15})$/.exec(name) ?? [];
    if (id === undefined) {
      throw new UsageError(`Cannot find the scan "${printable(name)}": it is no number. Write one, or last`);
    }
    const which = id === "last" ? `WHERE ${USABLE} ORDER BY id DESC LIMIT 1` : `WHERE id = ${Number(id)}`;
    const [found] = this.#records(which);
    if (found !== undefined) return found;
    throw new UsageError(
      id === "last"
        ? "Cannot find the last scan: none has ended yet. Scan with --db first"
        : `Cannot find scan ${id}: the history does not have it. synscan history lists those that it has`,
    );
  }

  /**
   * The scan to compare another one with, before number `before` if that is given: of the same space, or of the same targets
   * and ports as they were typed, with one of the techniques (joined by `+`), the last one that decided every port, or where there is
   * none the last one that ended; `undefined` if there is none at all.
   */
  lastOf(
    space: string,
    before: number = Number.MAX_SAFE_INTEGER,
    typed?: Pick<ScanRecord, "targets" | "ports">,
    technique = "syn",
  ): ScanRecord | undefined {
    const hash = textual(SHARD.test(space) ? space.split(" ")[0]! : space);
    const techniques = comparableTechniques(technique);
    const isOfOne = techniques.map(() => "'+' || technique || '+' LIKE ?").join(" OR ");
    const typedSpace = [textual(typed?.targets ?? ""), typed?.ports ?? ""];
    return this.#records(
      `WHERE id < ? AND ${USABLE} AND (${isOfOne})
         AND (space = ? OR space = ? OR space LIKE ? OR targets = ? AND ports = ?)
       ORDER BY ${WHOLE} DESC, id DESC LIMIT 1`,
      ...[before, ...techniques.map((name) => `%+${name}+%`), textual(space), hash, `${hash} %/%`, ...typedSpace],
    )[0];
  }

  /**
   * Begins to record a scan. Scans that were killed are compacted first.
   *
   * @throws {CannotScanError} if the file cannot be written.
   */
  begin(start: ScanStart): ScanRecorder {
    return explaining(this.#path, "write", () => {
      compactAbandoned(this.#db, start.head.startedAtMs);
      return new ScanRecorder(this.#db, this.#path, start);
    });
  }

  /**
   * Resumes a scan that was begun before. Where the file has no such scan of the same space, it is recorded as a new one.
   *
   * @throws {CannotScanError} if the file cannot be written.
   */
  resume(before: ScanSoFar, start: ScanStart): ScanRecorder {
    const [scan] = this.#records("WHERE id = ? AND space = ?", before.id, textual(start.space));
    if (scan === undefined) return this.begin(start);
    return explaining(this.#path, "write", () => new ScanRecorder(this.#db, this.#path, start, before));
  }

  /** Returns the results of a scan, to find what is new since then; call it before the new scan begins. */
  baseline(scan: ScanRecord): Baseline {
    const { ids } = this.#withShards(scan);
    return this.#readOnce((db) => new Baseline(hostsOf(db, ids), readServices(db)));
  }

  /** Every result of a scan, by address and port, in batches. Round trips are kept of open ports only. */
  results(scan: ScanRecord): Generator<readonly PortResult[]> {
    return this.#reading((db) => resultsOf(db, scan.id));
  }

  /** The hosts of IPv6 of a scan. */
  ipv6Hosts(scan: ScanRecord): Generator<string> {
    return this.#reading(function* (db) {
      for (const { host } of hostsOf(db, [scan.id])) if (typeof host === "string") yield hostText(host);
    });
  }

  /**
   * A scan, or what passes of it, as a format writes it, in pieces, each good until the next.
   *
   * @param hosts Takes hosts: those of a scan that probed no port, those with a hardware address, and those that were absent, in place of
   *   their ports.
   */
  *show(
    scan: ScanRecord,
    writer: Writer,
    filter?: (result: PortResult) => boolean,
    hosts?: (found: readonly ShownHost[]) => void,
  ): Generator<Piece> {
    const names = explaining(this.#path, "read", () => new StoredNames(this.#db, scan.id));
    const hostnames = hostnamesByIp(scan.summary ?? { hostnames: [] });
    const byIp = hostnames.size === 0 ? {} : { hostnames: { of: (ip: string) => hostnames.get(ip) } };
    const detectsServices = this.#readOnce((db) => hasFindings(db, scan.id));
    yield writer.start({ ...scan.head, names, ...byIp, detectsServices });
    const found = hosts === undefined ? [] : this.#readOnce((db) => hostsIn(db, scan.id));
    // All at once: their writer numbers the hosts of a batch.
    if (found.length > 0 || scan.head.probes === 0) hosts?.(found);
    const absent = new Set(found.flatMap(({ ip, state }) => state === "up" ? [] : [ip]));
    for (const all of this.results(scan)) {
      const batch = absent.size > 0 ? all.filter(({ ip }) => !absent.has(ip)) : all;
      yield writer.results(filter === undefined ? batch : batch.filter(filter), scan.endedAtMs);
    }
    const hostsUp = scan.summary?.hostsUp ?? this.#hosts(scan).reduce((count) => count + 1, 0);
    yield* writer.end(summaryOf(scan, hostsUp), scan.endedAtMs);
  }

  /**
   * Targets that a scan found, for another scan. `@last` and `@7` are the hosts that replied; `@last:open`, or another
   * state, are the ports in that state, as `192.0.2.7:22,80`.
   *
   * @param technique The techniques of the other scan: ports of other protocols are left out.
   * @throws {UsageError} if there is no such scan, or it found nothing of the kind.
   */
  targets(name: string, technique: string | readonly string[] = "tcp"): string[] {
    const [, scanName, , state] = /^(@(last|\d+))(?::([\w|]+))?$/.exec(name) ?? [];
    if (scanName === undefined || state !== undefined && !STATES.includes(state as State)) {
      const named = `Cannot read the target "${printable(name)}": it names no scan`;
      throw new UsageError(`${named}. Write @last or @7, or @last:open for open ports`);
    }
    const protocols = [...new Set([technique].flat().map(protocolOf))];
    const targets = [...this.#hosts(this.scan(scanName), state as State | undefined, protocols)];
    if (targets.length > 0) return targets;
    const of = protocols.map((each) => each.toUpperCase()).join(" or ");
    const kind = state === undefined ? "no host that replied" : `no ${state} port of ${of}`;
    throw new UsageError(`Cannot scan ${name}: that scan found ${kind}. Name another scan or another state`);
  }

  /**
   * Returns the changes between two scans. Without names, they are the last one and {@linkcode baselineOf} it; with one, that scan and
   * the last one. Where that is itself the last, it is compared with the one before it as well. Shards of one scan are taken
   * together; a name may be several numbers with `+` between them.
   *
   * @throws {UsageError} if there are no such scans.
   */
  diff(before?: string, after?: string): ScanDiff {
    const last = this.#side(after ?? "last");
    const named = before === undefined ? undefined : this.#side(before);
    // A scan that failed may be later than the last one that ended.
    const isLast = named !== undefined && after === undefined && named.last.id >= last.last.id;
    const later = isLast ? named : last;
    const earlier = named === undefined || isLast ? this.#baselineOf(later) : named;
    if (earlier === undefined) {
      throw new UsageError(
        `Cannot compare scan ${later.label}: it is the first one of its targets. Name two scans, like synscan diff 1 2`,
      );
    }
    return new ScanDiff(earlier, later, (compare) => this.#reading(compare));
  }

  /** The scans that a user names; `last` is the last scan with the other shards of it. */
  #side(name: string): Side {
    if (!/^@?\d+(\+\d+)+$/.test(name)) return this.#withShards(this.scan(name));
    return new Side(name.split("+").map((each) => this.scan(each)).sort((one, other) => one.id - other.id));
  }

  /** A scan, and the other shards of the same space that were scanned before it. */
  #withShards(scan: ScanRecord): Side {
    const [, hash, count, seed] = SHARD.exec(scan.space) ?? [];
    if (hash === undefined) return new Side([scan]);
    const last = `SELECT max(id) FROM scan WHERE space LIKE ? AND id <= ? AND (${USABLE} OR id = ?) GROUP BY space`;
    const like = `${hash} %/${count} ${seed}`;
    return new Side(this.#records(`WHERE id IN (${last}) ORDER BY id`, like, scan.id, scan.id));
  }

  /**
   * The scans to compare with: of the same space or of the same targets and ports as they were typed, those that decided every
   * port before others, the last one first; where there are none, the last one that decided a port of these.
   */
  #baselineOf(later: Side): Side | undefined {
    const before = Math.min(...later.records.map(({ id }) => id));
    const { space, targets, ports, head } = later.last;
    const same = this.lastOf(space, before, { targets, ports }, head.technique);
    if (same !== undefined) return this.#withShards(same);
    const others = this.#records(`WHERE id < ? AND ${USABLE} ORDER BY id DESC LIMIT ${LOOKED_BACK}`, before);
    return others.map((other) => this.#withShards(other))
      .find((side) => this.#readOnce((db) => haveCommon(db, side, later)));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #records(condition: string, ...values: (string | number)[]): ScanRecord[] {
    return explaining(this.#path, "read", () => readRecords(this.#db, condition, ...values));
  }

  #hosts(scan: ScanRecord, state?: State, protocols?: readonly string[]): Generator<string> {
    return this.#reading((db) => targetsOf(db, scan.id, state, protocols));
  }

  #readOnce<T>(read: (db: DatabaseSync) => T): T {
    const [value] = this.#reading(function* (db) {
      yield read(db);
    });
    return value!;
  }

  // Each reading has a connection of its own, and so sees one moment, whatever is written meanwhile.
  *#reading<T>(read: (db: DatabaseSync) => Generator<T>): Generator<T> {
    const db = openDatabase(this.#path, { write: false });
    try {
      db.exec("BEGIN");
      yield* read(db);
    } catch (error) {
      throw explained(this.#path, "read", error);
    } finally {
      db.close();
    }
  }
}

/** Returns true for a scan with service detection. */
function hasFindings(db: DatabaseSync, scan: number): boolean {
  return db.prepare("SELECT 1 FROM port WHERE scan = ? AND finding IS NOT NULL LIMIT 1").get(scan) !== undefined;
}

/**
 * Returns the reason for which a host is absent, so that its ports were not probed: a router had reported it, or its own link does not
 * have it; undefined for another.
 */
function absenceOf(segments: readonly Segment[]): Reason | undefined {
  const isUntried = ({ result }: Segment, reason: Reason) => result.reason === reason && result.tries === 0;
  if (segments.some((segment) => isUntried(segment, "host-unreach"))) return "host-unreach";
  return segments.every((segment) => isUntried(segment, "no-arp-response")) ? "no-arp-response" : undefined;
}

function* resultsOf(db: DatabaseSync, scan: number): Generator<readonly PortResult[]> {
  const names = new StoredNames(db, scan);
  const services = readServices(db);
  let batch: PortResult[] = [];
  for (const run of hostsOf(db, [scan])) {
    const ports = run.sides[0]!.filter(({ result }) => stateOfHost(result) === undefined);
    if (ports.length === 0) continue;
    for (const ip of addressesOf(run)) {
      for (const { first, last, result, rttMs } of ports) {
        for (let key = first; key <= last; key++) {
          const port = portIn(key);
          const service = result.service ?? services.get(serviceKey(result.proto, port));
          batch.push({ ...result, ip, port, rttMs, names: names.at(ip, port), service });
          if (batch.length < BATCH) continue;
          yield batch;
          batch = [];
        }
      }
    }
  }
  if (batch.length > 0) yield batch;
}

/** Finds a row that {@linkcode hostsIn} may have hosts of: most scans have none, and need not be read twice. */
const HAS_HOSTS = ["port_range", "port_part"]
  .map((table) =>
    `SELECT 1 FROM ${table}
     WHERE scan = ?1 AND (proto = 'host' OR reason IN ('host-unreach', 'no-arp-response') AND tries = 0)`
  )
  .join(" UNION ALL ") + " LIMIT 1";

/**
 * Returns the hosts of a scan that probed no port, with their states; of another scan those that were absent, and those with a hardware
 * address. Of very many they are only those that were up.
 */
function hostsIn(db: DatabaseSync, scan: number): ShownHost[] {
  const macs = macsIn(db, scan);
  if (macs.size === 0 && db.prepare(HAS_HOSTS).get(scan) === undefined) return [];
  const found: ShownHost[] = [];
  let others = 0;
  for (const run of hostsOf(db, [scan])) {
    const segments = run.sides[0]!;
    const absence = absenceOf(segments);
    const state = absence === undefined ? stateOfHost(segments[0]!.result) : "absent";
    if (state === undefined) continue;
    if (state !== "up") others += run.count;
    if (state !== "up" && others > MAX_NOT_UP) continue;
    const { reason = segments[0]!.result.reason, ttl = null } = { reason: absence, ttl: segments[0]!.result.ttl };
    for (const ip of addressesOf(run)) {
      found.push(state === "up" ? upHost(ip, reason, ttl, macs.get(ip)) : { ip, state, reason });
      macs.delete(ip);
    }
  }
  // Those whose ports were probed.
  for (const [ip, mac] of macs) found.push(upHost(ip, ip.includes(":") ? "nd-response" : "arp-response", null, mac));
  return others > MAX_NOT_UP ? found.filter(({ state }) => state === "up") : found;
}

/** The probes by their replies, where a reply is that of one probe alone. */
const PROBES: Readonly<Partial<Record<Reason, string>>> = {
  ...{ "arp-response": "arp", "nd-response": "nd", "localhost-response": "arp" },
  ...{ "echo-reply": "echo", "timestamp-reply": "timestamp", "mask-reply": "mask" },
};

function upHost(ip: string, reason: Reason, ttl: number | null, mac: string | undefined): ShownHost {
  const evidence = [{ probe: PROBES[reason] ?? "ping", reason, rtt_ms: null, ttl }];
  return { ip, state: "up", reason, evidence, ...(mac === undefined ? {} : { mac }) };
}

/** Returns the hardware addresses of a scan; an older file has none. */
function macsIn(db: DatabaseSync, scan: number): Map<string, string> {
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'mac'").get() === undefined) {
    return new Map();
  }
  const rows = db.prepare("SELECT number, CAST(mac AS TEXT) AS mac FROM mac WHERE scan = ? ORDER BY number").all(scan);
  return new Map(rows.map(({ number, mac }) => {
    if (!isHostKey(number) || !isMac(mac)) throw damaged("this scan");
    return [hostText(number), mac];
  }));
}

function* targetsOf(
  db: DatabaseSync,
  scan: number,
  state: State | undefined,
  protocols: readonly string[] = [],
): Generator<string> {
  for (const run of hostsOf(db, [scan])) {
    const all = run.sides[0]!;
    const found = all.filter(({ result }) => result.state === state && protocols.includes(result.proto));
    if (state === undefined ? !isUp(all) : found.length === 0) continue;
    const ports = portsText(found);
    for (const ip of addressesOf(run)) yield state === undefined ? ip : withPort(ip, ports);
  }
}
