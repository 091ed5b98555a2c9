/**
 * Results and summaries to begin from.
 *
 * @module
 */
import type { Piece } from "../../src/report/writer.ts";
import { type PortResult, type Summary, UNTOLD } from "../../src/result.ts";

/** A closed port of 10.0.0.1; anything may be changed. */
export function result(changes: Partial<PortResult> = {}): PortResult {
  return {
    ip: "10.0.0.1",
    port: 80,
    state: "closed",
    reason: "reset",
    ttl: 64,
    rttMs: 0.25,
    tries: 1,
    from: undefined,
    service: undefined,
    name: undefined,
    late: false,
    replaces: undefined,
    ...changes,
  };
}

/** The summary of a small scan that went well; anything may be changed. */
export function summary(changes: Partial<Summary> = {}): Summary {
  return {
    ...UNTOLD,
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
    transport: "batched",
    ...changes,
  };
}

/** A piece of a document as text. */
export function textOf(piece: Piece): string {
  return typeof piece === "string" ? piece : new TextDecoder("utf-8", { fatal: true }).decode(piece);
}
