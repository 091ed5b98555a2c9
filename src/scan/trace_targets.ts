/**
 * The hosts to trace, from the results of a scan: for each the probe that it is known to answer, and the ports that do not.
 *
 * @module
 */

import { fromAt, hostAt, portAt, reasonAt, type ResultColumns, ROW_LEN, stateAt, ttlAt } from "../result/batch.ts";
import { type Reason, reasonCode, REASONS } from "../result/reasons.ts";
import { FILTERED } from "../result/states.ts";
import { samplePositions } from "./trace_filters.ts";
import { PortSet } from "../target/ports.ts";

/** Filtered ports that are remembered at most. */
const MAX_FILTERED = 1 << 20;
/** Filtered ports of one host, and of all hosts, that are probed with hop limits, and hosts of which some are. */
const MAX_SAMPLES_OF_HOST = 10;
const MAX_SAMPLES = 128;
const MAX_FILTERED_HOSTS = 64;
/** The initial hop limits of systems. */
const INITIAL_HOP_LIMITS = [32, 64, 128, 255];

const NO_RESPONSE = reasonCode("no-response");

/**
 * By code of a reason, how well its probe serves for a trace; 0 if it does not. A closed port keeps no state, and an open one does; an
 * echo may pass where a port does not.
 */
const FITNESS = Uint8Array.from(REASONS, (reason: Reason) => {
  if (reason === "reset" || reason === "reset-no-ack") return 3;
  return reason === "syn-ack" ? 2 : reason === "echo-reply" ? 1 : 0;
});

/** A reply of a host: the pass and the port, or the kind of ping, of its probe, the TTL that it arrived with, and how well the probe serves. */
interface Answer {
  readonly pass: number;
  readonly port: number;
  readonly ttl: number;
  readonly fitness: number;
}

/** Filtered ports of a host: those that are probed with hop limits stand at `samples`. */
export interface FilteredOfHost {
  readonly pass: number;
  readonly ports: readonly number[];
  readonly samples: readonly number[];
}

/** A host to trace. */
export interface HostToTrace {
  readonly host: number;
  /** The reply that its distance is guessed from; undefined if it has not replied. */
  readonly answer: Pick<Answer, "pass" | "port" | "ttl"> | undefined;
  /** Its filtered ports in order, as the first pass with any has found them; undefined if they are not traced. */
  readonly filtered: FilteredOfHost | undefined;
}

/**
 * The hosts to trace in the form of a snapshot.
 *
 * @example
 * ```ts
 * import type { KeptTraces } from "@synscan/synscan";
 *
 * const kept: KeptTraces = { answers: [0x7f000001, 0, 22, 64], filtered: [] };
 * console.log(kept.answers.length / 4); // 1 host
 * ```
 */
export interface KeptTraces {
  /** Hosts that replied: host, pass, port, TTL, host, ... */
  readonly answers: readonly number[];
  /** Filtered ports: host, pass, first, last, host, ... */
  readonly filtered: readonly number[];
}

/** Collects the hosts to trace while their ports are probed. */
export class TraceTargets {
  readonly #whereFiltered: boolean;
  readonly #answers = new Map<number, Answer>();
  readonly #filtered = new Map<number, Map<number, Set<number>>>();
  #filteredCount = 0;
  /** Hosts whose filtered ports are not traced. */
  leftOut = 0;

  /** @param whereFiltered True if filtered ports are traced too. */
  constructor(whereFiltered: boolean) {
    this.#whereFiltered = whereFiltered;
  }

  /** Takes results of a pass. */
  add(rows: ResultColumns, pass: number): void {
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      const reason = reasonAt(rows, at);
      const port = portAt(rows, at);
      const fitness = fromAt(rows, at) === host && ttlAt(rows, at) > 0 ? FITNESS[reason]! : 0;
      if (fitness > 0) this.#addAnswer(host, { pass, port, ttl: ttlAt(rows, at), fitness });
      if (!this.#whereFiltered) continue;
      if (stateAt(rows, at) === FILTERED && reason === NO_RESPONSE) this.#addFiltered(host, pass, port);
      else if (this.#filtered.get(host)?.get(pass)?.delete(port)) this.#filteredCount--;
    }
  }

  /** Adds those of a scan that is resumed, without what may not be probed any more. */
  resume({ answers, filtered }: KeptTraces, mayProbe: (host: number, pass: number, port: number) => boolean): void {
    for (let at = 0; at + 3 < answers.length; at += 4) {
      const [host, pass, port, ttl] = answers.slice(at, at + 4) as [number, number, number, number];
      if (mayProbe(host, pass, port)) this.#addAnswer(host, { pass, port, ttl, fitness: 1 });
    }
    for (let at = 0; at + 3 < filtered.length; at += 4) {
      const [host, pass, first, last] = filtered.slice(at, at + 4) as [number, number, number, number];
      for (let port = first; port <= last; port++) if (mayProbe(host, pass, port)) this.#addFiltered(host, pass, port);
    }
  }

  /** Returns all of them in the form of a snapshot. */
  kept(): KeptTraces {
    const answers = [...this.#answers].flatMap(([host, { pass, port, ttl }]) => [host, pass, port, ttl]);
    const filtered = [...this.#filtered].flatMap(([host, passes]) =>
      [...passes].flatMap(([pass, ports]) =>
        [...PortSet.of(ports).ranges].flatMap(([first, last]) => [host, pass, first, last])
      )
    );
    return { answers, filtered };
  }

  /** Returns the hosts to trace: those that replied, in the order of their numbers, and some with filtered ports alone. */
  hosts(): HostToTrace[] {
    const filtered = [...this.#filtered.keys()].filter((host) => this.#filteredPass(host) !== undefined).sort(byNumber);
    const traced = filtered.slice(0, MAX_FILTERED_HOSTS);
    this.leftOut = filtered.length - traced.length;
    const most = Math.min(MAX_SAMPLES_OF_HOST, Math.floor(MAX_SAMPLES / traced.length));
    const samples = new Map(traced.map((host) => [host, this.#filteredOf(host, most)]));
    return [
      ...[...this.#answers.keys()].sort(byNumber),
      ...traced.filter((host) => !this.#answers.has(host)),
    ].map((host) => ({ host, answer: this.#answers.get(host), filtered: samples.get(host) }));
  }

  #addAnswer(host: number, answer: Answer): void {
    const known = this.#answers.get(host);
    if (known === undefined || known.fitness < answer.fitness) this.#answers.set(host, answer);
  }

  #addFiltered(host: number, pass: number, port: number): void {
    if (this.#filteredCount >= MAX_FILTERED) return;
    let passes = this.#filtered.get(host);
    if (passes === undefined) this.#filtered.set(host, passes = new Map());
    let ports = passes.get(pass);
    if (ports === undefined) passes.set(pass, ports = new Set());
    if (ports.has(port)) return;
    ports.add(port);
    this.#filteredCount++;
  }

  #filteredPass(host: number): number | undefined {
    for (const [pass, ports] of this.#filtered.get(host) ?? []) if (ports.size > 0) return pass;
    return undefined;
  }

  #filteredOf(host: number, most: number): FilteredOfHost {
    const pass = this.#filteredPass(host)!;
    const ports = [...this.#filtered.get(host)!.get(pass)!].sort(byNumber);
    return { pass, ports, samples: samplePositions(ports, most) };
  }
}

function byNumber(one: number, other: number): number {
  return one - other;
}

/** Returns the distance of a host, guessed from the TTL that its reply arrived with: systems begin with one of few. */
export function guessedDistance(ttl: number): number {
  return INITIAL_HOP_LIMITS.find((initial) => initial >= ttl)! - ttl + 1;
}
