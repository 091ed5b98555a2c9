/**
 * Lines of hosts in JSON, read back: results of discovery, and what a summary tells of each host.
 *
 * @module
 */
import { hasShape, isObject, isText, isWhole, orMissing, orNull, type Shape } from "../../base/shape.ts";
import { hostAt, OF_LINKS, reasonAt, ResultBatcher, type ResultColumns, ROW_LEN, setMac } from "../../result/batch.ts";
import { HOST } from "../../result/pass.ts";
import type { HostAddresses, ResultList } from "../../result/port_result.ts";
import { type Reason, reasonCode, REASONS } from "../../result/reasons.ts";
import { HOST_STATES, type HostState, hostStateCode } from "../../result/states.ts";
import type { HostOs, Summary } from "../../result/summary.ts";
import type { Trace } from "../../result/trace.ts";
import { resultsIn } from "../../scan/service_names.ts";
import { isAddress, isAmount } from "../../store/validate.ts";
import { bookOfTexts } from "../../target/ipv6_book.ts";
import { parseMac } from "../../wire/mac.ts";

/** The parts of a host's line that are read. */
export interface HostLine {
  readonly ip: string;
  readonly names?: readonly string[];
  readonly hostname?: string;
  readonly state?: HostState;
  readonly reason?: Reason | null;
  readonly mac?: string;
  readonly vendor?: string;
  readonly evidence?: readonly {
    readonly probe: string;
    readonly reason: Reason;
    readonly rtt_ms: number | null;
    readonly ttl: number | null;
  }[];
  readonly trace?: Readonly<Record<string, unknown>> & { readonly hops: readonly Readonly<Record<string, unknown>>[] };
  readonly where_filtered?: readonly Readonly<Record<string, unknown>>[];
  readonly suspect?: Summary["suspects"][number]["suspect"];
  readonly notes?: readonly string[];
  readonly os?: readonly (Pick<HostOs, "family" | "evidence"> & { readonly ports?: readonly number[] })[];
}

const isReason = (value: unknown): boolean => REASONS.includes(value as Reason);
const isMs = orNull(isAmount);

/** Of paths, systems and suspicions the summary that is made of them is checked. */
const HOST_LINE: Readonly<Record<keyof HostLine, Shape>> = {
  ...{ ip: isAddress, names: orMissing([isText]), hostname: orMissing(isText), notes: orMissing([isText]) },
  state: orMissing((value) => HOST_STATES.includes(value as HostState)),
  reason: orMissing(orNull(isReason)),
  ...{ mac: orMissing((value) => parseMac(String(value)) !== undefined), vendor: orMissing(isText) },
  evidence: orMissing([{
    probe: (value) => /^[\w:-]{1,32}$/.test(String(value)),
    ...{ reason: isReason, rtt_ms: isMs, ttl: orNull((value) => isWhole(value, 255)) },
  }]),
  ...{ trace: orMissing({ hops: [isObject] }), where_filtered: orMissing([isObject]) },
  ...{ suspect: orMissing(isText), os: orMissing([isObject]) },
};

/** True for a host's line. */
export function isHostLine(fields: unknown): fields is HostLine {
  return hasShape(fields, HOST_LINE);
}

/** Returns what lines of hosts tell that stands in a summary. Notes have their ports in their texts. */
export function told(hosts: readonly HostLine[]): Pick<Summary, "suspects" | "notes" | "hostnames" | "os" | "traces"> {
  const each = <T>(of: (line: HostLine) => readonly T[] | undefined) => hosts.flatMap((line) => of(line) ?? []);
  return {
    suspects: each(({ ip, suspect }) => suspect && [{ ip, suspect }]),
    notes: each(({ ip, notes }) => notes?.map((note) => ({ ip, ports: [], more: 0, note }))),
    hostnames: each(({ ip, hostname }) => hostname === undefined ? undefined : [{ ip, name: hostname }]),
    os: each(({ ip, os }) => os?.map((guess) => ({ ip, ports: [], ...guess }))),
    traces: each((line) => line.trace && [traceOf(line, line.trace)]),
  };
}

function traceOf(
  { ip, where_filtered = [] }: HostLine,
  { proto, port, reached, shared, hops }: HostLine["trace"] & object,
): Trace {
  return {
    ...{ ip, proto, port, shared, isReached: reached },
    hops: hops.map(({ ttl, ip, rtt_ms: rttMs, hostname }) => ({
      ttl,
      ip: ip ?? undefined,
      rttMs: rttMs ?? undefined,
      hostname,
    })),
    filtered: where_filtered.map(({ ip, after_hop: afterHop, ...ports }) => ({
      ...ports,
      afterHop,
      ip: ip ?? undefined,
    })),
  } as unknown as Trace;
}

/** Returns the results of discovery that lines of hosts show, as those of one pass over hosts; `book` has their numbers. */
export function hostBatch(
  hosts: readonly HostLine[],
  book: HostAddresses = bookOfTexts(hosts.map(({ ip }) => ip)),
): ResultList {
  const probes = [...new Set(["arp", ...hosts.flatMap(({ evidence = [] }) => evidence.map(({ probe }) => probe))])];
  const batches: ResultColumns[] = [];
  const macs = new Map<number, number>();
  const batcher = new ResultBatcher((rows) => batches.push(rows));
  const add = (host: number, what: number, state: HostState, reason: Reason, ttl = 0, rttMs = -1) =>
    batcher.result(host, what, hostStateCode(state), reasonCode(reason), ttl, rttMs, 1, host, -1, 0);
  for (const { ip, state, reason, mac, evidence = [] } of hosts) {
    const host = book.hostOf(ip);
    if (host < 0 || state === undefined) continue;
    if (mac !== undefined) {
      macs.set(host, parseMac(mac)!);
      // The station replies for every address: its own reply showed nothing, and its address is known.
      if (!evidence.some(({ reason }) => OF_LINKS.includes(reasonCode(reason)))) add(host, 0, "undecided", "proxy-arp");
    }
    for (const { probe, reason, ttl, rtt_ms } of evidence) {
      add(host, probes.indexOf(probe), "up", reason, ttl ?? 0, rtt_ms ?? -1);
    }
    if (evidence.length === 0 && reason !== "proxy-arp") add(host, 0, state, reason ?? "no-response");
  }
  batcher.flush();
  const rows = joined(batches);
  for (let at = 0; at < rows.length; at += ROW_LEN) {
    if (OF_LINKS.includes(reasonAt(rows, at))) setMac(rows, at, macs.get(hostAt(rows, at)) ?? 0);
  }
  return resultsIn(rows, { number: 0, technique: `ping(${probes.join(",")})`, proto: HOST }, book);
}

function joined(batches: readonly ResultColumns[]): ResultColumns {
  const rows = new Uint32Array(batches.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const batch of batches) {
    rows.set(batch, at);
    at += batch.length;
  }
  return rows;
}
