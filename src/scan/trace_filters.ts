/**
 * The search for the last hop that probes of filtered ports reach: routers that pass them on answer with time exceeded, and from where they
 * are dropped nothing comes back. Of many ports of a host some are probed, which stand for those between them.
 *
 * @module
 */

import type { RouteWalk, Seen, SeenHop } from "./trace_routes.ts";

/**
 * Returns the positions of ports to probe, at most `most`, among ports in order. Rules of firewalls name ranges: the ends of rows of
 * neighbouring ports come first, and then what halves the widest gaps of each row. Of too many rows all are taken as one.
 */
export function samplePositions(ports: readonly number[], most: number): number[] {
  const starts = ports.flatMap((port, at) => at === 0 || port !== ports[at - 1]! + 1 ? [at] : []);
  const rows = starts.length * 2 > most
    ? [[0, ports.length - 1] as const]
    : starts.map((start, at) => [start, (starts[at + 1] ?? ports.length) - 1] as const);
  const samples = new Set<number>();
  const gaps: { from: number; to: number; share: number }[] = [];
  const add = (at: number) => at >= 0 && samples.size < most && samples.add(at);
  for (const [first, last] of rows) {
    add(first);
    add(last);
    if (last - first > 1) gaps.push({ from: first, to: last, share: 1 });
  }
  while (gaps.length > 0 && samples.size < most) {
    gaps.sort((one, other) => other.share - one.share);
    const { from, to, share } = gaps.shift()!;
    const middle = Math.floor((from + to) / 2);
    add(middle);
    if (middle - from > 1) gaps.push({ from, to: middle, share: share / 2 });
    if (to - middle > 1) gaps.push({ from: middle, to, share: share / 2 });
  }
  return [...samples].sort((one, other) => one - other);
}

/** The last hop that probes of a port reach; distance 0 if none that replies to others does. */
export type LastHop = { readonly ttl: number } & Partial<SeenHop>;

/** One port that is probed. */
interface Sample {
  readonly seen: Map<number, Seen>;
  readonly asked: Set<number>;
  /** Hop limits that were probed once more. */
  readonly repeated: Set<number>;
  last: LastHop | undefined;
}

/** The means of a search. */
interface SearchMeans {
  /** Probes a hop limit with the sample of a number; `isAgain` as for a {@linkcode RouteWalk}. */
  readonly probe: (sample: number, hopLimit: number, isAgain: boolean) => void;
  readonly done: () => void;
}

/** The search for one host, whose path is known. */
export class FilterSearch {
  isDone = false;
  readonly #route: RouteWalk;
  readonly #means: SearchMeans;
  readonly #samples: readonly Sample[];
  /** Distances of the routers that reply to others. */
  readonly #candidates: readonly number[];
  #pending = 0;
  #hasOthers = false;

  /** @param count The number of samples. */
  constructor(route: RouteWalk, count: number, means: SearchMeans) {
    this.#route = route;
    this.#means = means;
    this.#samples = Array.from(
      { length: count },
      () => ({ seen: new Map(), asked: new Set<number>(), repeated: new Set<number>(), last: undefined }),
    );
    const last = route.end > 0 ? route.end - 1 : route.length;
    this.#candidates = Array.from({ length: last }, (_, at) => at + 1).filter((ttl) => route.hop(ttl) !== undefined);
  }

  /** The last hop of each sample; undefined if nothing is known of it. */
  get lastHops(): readonly (LastHop | undefined)[] {
    return this.#samples.map(({ last }) => last);
  }

  /** Probes the first port at all distances. Of a host that was not reached, its path was found by that port. */
  begin(): void {
    const first = this.#samples[0];
    if (first === undefined || this.#candidates.length === 0) return this.#finish();
    if (this.#route.end > 0) return this.#probe(0, this.#candidates);
    const ttl = this.#candidates.at(-1)!;
    first.last = { ttl, ...this.#route.hop(ttl)! };
    this.#probeOthers(first.last);
  }

  /** Takes what the probe of a sample with a hop limit has shown. */
  take(sample: number, hopLimit: number, seen: Seen): void {
    const { seen: known } = this.#samples[sample]!;
    const isFirst = !known.has(hopLimit);
    known.set(hopLimit, seen);
    if (!isFirst || this.isDone || --this.#pending > 0) return;
    this.#continue();
  }

  #continue(): void {
    this.#samples.forEach((sample, at) => {
      if (sample.asked.size > 0) this.#look(sample, at);
    });
    if (this.#pending > 0) return;
    const last = this.#samples[0]!.last;
    if (this.#hasOthers || last === undefined) this.#finish();
    else this.#probeOthers(last);
  }

  /** Probes what is missing to know the last hop of a sample. */
  #look(sample: Sample, at: number): void {
    const last = sample.last = this.#lastOf(sample);
    if (last === undefined) return;
    const expected = this.#samples[0]!.last;
    // What differs from the first port is looked at as closely as that.
    if (at > 0 && last.ttl !== expected?.ttl) this.#probe(at, this.#candidates);
    const next = this.#candidates.find((ttl) => ttl > last.ttl);
    // A router that has sent too many errors is silent for a while.
    if (next === undefined || sample.repeated.has(next) || !sample.seen.delete(next)) return;
    sample.repeated.add(next);
    this.#pending++;
    this.#means.probe(at, next, true);
  }

  /** Probes the other ports where the first was lost: the last hop that it reached, and the next one. */
  #probeOthers({ ttl }: LastHop): void {
    this.#hasOthers = true;
    const next = this.#candidates.find((each) => each > ttl);
    const limits = [...ttl > 0 ? [ttl] : [], ...next === undefined ? [] : [next]];
    for (let sample = 1; sample < this.#samples.length; sample++) this.#probe(sample, limits);
    if (this.#pending === 0) this.#finish();
  }

  #probe(sample: number, hopLimits: readonly number[]): void {
    const { asked } = this.#samples[sample]!;
    for (const hopLimit of hopLimits) {
      if (asked.has(hopLimit)) continue;
      asked.add(hopLimit);
      this.#pending++;
      this.#means.probe(sample, hopLimit, false);
    }
  }

  /** Returns the last hop that has replied; undefined if something else was seen: the probes are not lost. */
  #lastOf({ seen, asked }: Sample): LastHop | undefined {
    let last: LastHop = { ttl: 0 };
    for (const ttl of asked) {
      const found = seen.get(ttl);
      if (found?.kind !== "hop" && found?.kind !== "silent") return undefined;
      if (found.kind === "hop" && ttl > last.ttl) last = { ttl, from: found.from, rttMs: found.rttMs };
    }
    return last;
  }

  #finish(): void {
    this.isDone = true;
    this.#means.done();
  }
}
