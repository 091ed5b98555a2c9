/**
 * Results and summaries to begin from.
 *
 * @module
 */
import type { Piece } from "../../src/report/writer.ts";
import type { Finding } from "../../src/result/finding.ts";
import { type Note, NOTES } from "../../src/result/notes.ts";
import { outcomeCode } from "../../src/result/outcome.ts";
import type { NamesByHost, PortResult } from "../../src/result/port_result.ts";
import { type Reason, REASON_ROWS, reasonCode, REASONS } from "../../src/result/reasons.ts";
import { type State, stateCode, STATES } from "../../src/result/states.ts";
import { type Summary, UNTOLD } from "../../src/result/summary.ts";
import { ResultRows } from "../../src/result/rows.ts";
import { ResultBatcher } from "../../src/result/batch.ts";
import { type AddressBook, IPV4_BOOK } from "../../src/target/address_book.ts";
import { parseIpv4 } from "../../src/wire/address.ts";

/** The state of a reason where no technique says otherwise. */
export function usualState(reason: Reason): State {
  return REASON_ROWS[reasonCode(reason)]![2];
}

/** A closed port of 10.0.0.1; anything may be changed. */
export function result(changes: Partial<PortResult> = {}): PortResult {
  return {
    ip: "10.0.0.1",
    port: 80,
    proto: "tcp",
    technique: "syn",
    state: "closed",
    reason: "reset",
    ttl: 64,
    rttMs: 0.25,
    tries: 1,
    from: undefined,
    service: undefined,
    names: [],
    late: false,
    replaces: undefined,
    replacesState: changes.replaces && usualState(changes.replaces),
    note: undefined,
    ...changes,
  };
}

/** The summary of a small scan that went well; anything may be changed. */
export function summary(changes: Partial<Summary> = {}): Summary {
  return {
    ...UNTOLD,
    loss: 0,
    hosts: 1,
    hostsUp: 1,
    probes: 3,
    sent: 4,
    answered: 2,
    open: 1,
    closed: 1,
    filtered: 1,
    elapsedMs: 1234.5,
    ratePps: 9876.54,
    ended: "done",
    trusted: true,
    transport: "sendmmsg",
    ...changes,
  };
}

/** A cursor over results of one pass, as of a scan. A host has one name, and a port one service: the last that is said. */
export function cursorOver(results: readonly PortResult[], book: AddressBook = IPV4_BOOK): ResultRows {
  const names = new Map<string, readonly string[]>();
  const services = new Map<number, string>();
  const findings = new Map<string, Finding>();
  const batches: Uint32Array<ArrayBuffer>[] = [];
  const rows = new ResultBatcher((batch) => batches.push(batch));
  for (
    const {
      ip,
      port,
      state,
      reason,
      ttl,
      rttMs,
      tries,
      from,
      service,
      names: own,
      replaces,
      replacesState,
      note,
      finding,
    } of results
  ) {
    const host = book.hostOf(ip);
    if (finding !== undefined) findings.set(`${host}:${port}`, finding);
    if (own.length > 0) names.set(`${host}:${port}`, own);
    if (service !== undefined) services.set(port, service);
    rows.result(
      ...[host, port, STATES.indexOf(state), REASONS.indexOf(reason), ttl ?? 0, rttMs ?? -1, tries] as const,
      ...[
        from === undefined ? host : book.sender(parseIpv4(from)!),
        replaces === undefined ? -1 : outcomeCode(stateCode(replacesState!), reasonCode(replaces)),
        NOTES.indexOf(note as Note ?? ""),
      ] as const,
    );
  }
  rows.flush();
  const hosts = { size: names.size, namesAt: (host: number, port: number) => names.get(`${host}:${port}`) ?? [] };
  const [{ technique, proto } = result()] = results;
  return new ResultRows(
    batches[0] ?? new Uint32Array(),
    {
      ...{ addresses: book, hosts, service: (port) => services.get(port) },
      ...(findings.size === 0 ? {} : { finding: (host: number, port: number) => findings.get(`${host}:${port}`) }),
    },
    { number: 0, technique, proto },
  );
}

/** The names that results have: a host's for every port of it. */
export function namesIn(results: readonly PortResult[]): NamesByHost {
  const named = Map.groupBy(results.filter(({ names }) => names.length > 0), ({ ip }) => ip);
  const of = (ip: string) => [...new Set(named.get(ip)?.flatMap(({ names }) => names))];
  return { of, at: of };
}

/** A piece of a document as text. */
export function textOf(piece: Piece): string {
  return typeof piece === "string" ? piece : new TextDecoder("utf-8", { fatal: true }).decode(piece);
}
