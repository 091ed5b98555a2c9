/**
 * The probes of a trace: what is probed next depends on the replies so far, so that the source grows while it is read.
 *
 * @module
 */

import type { ProbeSource, ResultSink } from "../engine/engine.ts";
import { isError, isOwnAnswer } from "../result/rank.ts";
import { reasonCode, REASONS } from "../result/reasons.ts";
import { hopLimitOf, kindOf, whatOf } from "../technique/trace.ts";
import { FilterSearch, type LastHop } from "./trace_filters.ts";
import { type KnownRoutes, networkOf, RouteWalk, type Seen, type WalkTarget } from "./trace_routes.ts";
import { Pacer } from "./trace_pacer.ts";

/** The time before a silent router is probed once more, in which routers mostly may send another error, in milliseconds. */
const AGAIN_MS = 1200;

const TIME_EXCEEDED = reasonCode("time-exceeded");
const NO_RESPONSE = reasonCode("no-response");
const HOST_TIMEOUT = reasonCode("host-timeout");
const IS_OWN = REASONS.map((reason) => isOwnAnswer({ reason }));

/** A host to trace, by the numbers of kinds of probe. */
export interface TraceJob extends WalkTarget {
  /** The kind of probe that it is known to answer, or whose silence is traced. */
  readonly kind: number;
  /** Kinds of probe, one for each filtered port to trace. */
  readonly samples: readonly number[];
}

/** A traced host. */
export interface TracedHost {
  readonly job: TraceJob;
  readonly route: RouteWalk;
  /** The last hop of each of the job's samples. */
  readonly lastHops: readonly (LastHop | undefined)[];
}

/** One host under way. */
interface Walk {
  readonly job: TraceJob;
  readonly route: RouteWalk;
  search: FilterSearch | undefined;
}

/** Probes hop limits of hosts. */
export class TraceSource implements ProbeSource, ResultSink {
  host = 0;
  port = 0;
  readonly #known: KnownRoutes;
  readonly #pacer = new Pacer();
  readonly #walks = new Map<number, Walk>();
  /** Jobs that wait for the first path by their way, and those that wait for the first of their network. */
  readonly #waiting = new Map<string, TraceJob[]>();
  /** The first path by each way, and the first of each network. */
  readonly #first = new Map<string, RouteWalk>();
  readonly #hosts: number[] = [];
  readonly #whats: number[] = [];
  #delayed: { readonly atMs: number; readonly host: number; readonly what: number }[] = [];
  #nextAtMs = Infinity;
  #nowMs: number;

  constructor(jobs: readonly TraceJob[], known: KnownRoutes, nowMs: number) {
    this.#known = known;
    this.#nowMs = nowMs;
    for (const job of jobs) this.#startOrWait(job.way, job);
  }

  get size(): number {
    return this.#hosts.length;
  }

  locate(position: number): void {
    this.host = this.#hosts[position]!;
    this.port = this.#whats[position]!;
  }

  portCountOf(): number {
    return Infinity;
  }

  isSpare(): boolean {
    return false;
  }

  /** When the next probe may be sent that waits for its time; Infinity if none does. */
  get nextAtMs(): number {
    return this.#nextAtMs;
  }

  /** Adds the probes whose time has come. */
  release(nowMs: number): void {
    this.#nowMs = nowMs;
    if (nowMs < this.#nextAtMs) return;
    const delayed = this.#delayed;
    this.#delayed = [];
    this.#nextAtMs = Infinity;
    for (const { atMs, host, what } of delayed) this.#addAt(atMs, host, what);
  }

  readonly result: ResultSink["result"] = (host, what, _state, reason, _ttl, rttMs, _tries, from) => {
    const walk = this.#walks.get(host);
    if (walk === undefined) return;
    const seen = seenIn(host, reason, from, rttMs);
    const kind = kindOf(what);
    if (kind === walk.job.kind && walk.search === undefined) walk.route.take(hopLimitOf(what), seen);
    else walk.search?.take(walk.job.samples.indexOf(kind), hopLimitOf(what), seen);
  };

  /** Returns the hosts whose paths were found or given up. */
  traced(): TracedHost[] {
    return [...this.#walks.values()].filter(({ route }) => route.isDone)
      .map(({ job, route, search }) => ({ job, route, lastHops: search?.isDone ? search.lastHops : [] }));
  }

  #startOrWait(key: string, job: TraceJob): void {
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#start(job, key);
    } else if (!first.isDone) {
      const waiting = this.#waiting.get(key);
      if (waiting === undefined) this.#waiting.set(key, [job]);
      else waiting.push(job);
    } else if (key === job.way) {
      this.#startOrWait(`${key} ${networkOf(job.host)}`, job);
    } else {
      this.#start(job, undefined);
    }
  }

  #start(job: TraceJob, first: string | undefined): void {
    const route: RouteWalk = new RouteWalk(job, first === job.way, {
      known: this.#known,
      probe: (hopLimit, isAgain) => this.#probe(job, job.kind, hopLimit, this.#expected(job, hopLimit), isAgain),
      done: () => this.#onRoute(walk, first),
    });
    const walk: Walk = { job, route, search: undefined };
    this.#walks.set(job.host, walk);
    if (first !== undefined) this.#first.set(first, route);
    route.begin();
  }

  #onRoute(walk: Walk, first: string | undefined): void {
    const { job, route } = walk;
    if (first !== undefined) {
      const waiting = this.#waiting.get(first) ?? [];
      this.#waiting.delete(first);
      for (const each of waiting) this.#startOrWait(first, each);
    }
    if (job.samples.length === 0) return;
    walk.search = new FilterSearch(route, job.samples.length, {
      probe: (sample, hopLimit, isAgain) =>
        this.#probe(job, job.samples[sample]!, hopLimit, route.hop(hopLimit)?.from, isAgain),
      done: () => {},
    });
    walk.search.begin();
  }

  /** Returns the router that is likely to answer to a hop limit, as it does for another host; undefined if none is known. */
  #expected({ way, host }: TraceJob, hopLimit: number): number | undefined {
    const near = this.#first.get(`${way} ${networkOf(host)}`);
    const path = near?.isDone ? near : this.#first.get(way);
    return path?.isDone && (path.end === 0 || hopLimit < path.end) ? path.hop(hopLimit)?.from : undefined;
  }

  #probe({ host }: TraceJob, kind: number, hopLimit: number, router: number | undefined, isAgain: boolean): void {
    const what = whatOf(kind, hopLimit);
    const fromMs = this.#nowMs + (isAgain ? AGAIN_MS : 0);
    const atMs = router === undefined ? fromMs : this.#pacer.at(router, fromMs);
    this.#addAt(atMs, host, what);
  }

  #addAt(atMs: number, host: number, what: number): void {
    if (atMs <= this.#nowMs) {
      this.#hosts.push(host);
      this.#whats.push(what);
    } else {
      this.#delayed.push({ atMs, host, what });
      this.#nextAtMs = Math.min(this.#nextAtMs, atMs);
    }
  }
}

/** Returns what a result has shown. */
function seenIn(host: number, reason: number, from: number, rttMs: number): Seen {
  if (reason === TIME_EXCEEDED) return { kind: "hop", from, rttMs };
  if (IS_OWN[reason] || isError(reason) && from === host) return { kind: "host", rttMs };
  if (isError(reason)) return { kind: "blocked", from, rttMs };
  return { kind: reason === NO_RESPONSE || reason === HOST_TIMEOUT ? "silent" : "unknown" };
}
