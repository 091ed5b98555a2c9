/**
 * The walks of a trace: each finds the hops to one host. The hop limit that the host answers to comes first, guessed from its
 * distance; then the walk goes back towards this machine until it meets a hop that is known from another host's path (Donnet et al.,
 * "Efficient Algorithms for Large-Scale Topology Discovery", Doubletree), so that routers which many hosts share are probed once.
 *
 * @module
 */

/** The largest number of hops of a path. */
export const MAX_HOPS = 30;
/** Hop limits that are probed upwards at a time if the host is not known to answer; a row of them without a reply ends the walk. */
const WINDOW = 4;
/**
 * Hosts that are neighbours by their numbers: the bits by which they differ, and how many of them at one distance must have the same last
 * router before that of the others is taken to be it. A router sends one ICMP error a second, so that those of a large network cannot all
 * be probed.
 */
const NETWORKS = [{ bits: 8, confirmations: 3 }, { bits: 16, confirmations: 24 }] as const;

/** The outcome of the probe with one hop limit. */
export type Seen =
  /** A router whose time exceeded names it. */
  | { readonly kind: "hop"; readonly from: number; readonly rttMs: number }
  /** The host itself has replied. */
  | { readonly kind: "host"; readonly rttMs: number }
  /** A router reports that the host cannot be reached. */
  | { readonly kind: "blocked"; readonly from: number; readonly rttMs: number }
  | { readonly kind: "silent" }
  /** The probe could not be sent, or the host has gone away. */
  | { readonly kind: "unknown" };

/** A hop that replied. */
export interface SeenHop {
  readonly from: number;
  readonly rttMs: number;
}

/** Returns the network of a host, whose hosts mostly have the same path. */
export function networkOf(host: number): number {
  return host >>> NETWORKS[0].bits;
}

/** The hosts of one network at one distance. */
class Neighborhood {
  /** The path to the first of them whose last router was probed. */
  path: RouteWalk | undefined;
  probing = 0;
  waiting: RouteWalk[] = [];
  readonly #confirmations: number;
  #router = 0;
  #agreeing = 0;
  #isMixed = false;

  constructor(confirmations: number) {
    this.#confirmations = confirmations;
  }

  /** True once so many have the same last router that the others are taken to have it. */
  get isUniform(): boolean {
    return !this.#isMixed && this.#agreeing >= this.#confirmations;
  }

  /** True while enough last routers are being probed. */
  get isFull(): boolean {
    return !this.#isMixed && this.#agreeing + this.probing >= this.#confirmations;
  }

  /** Takes the last router of one host: its address, or 0 if it is silent. */
  add(path: RouteWalk, router: number): void {
    if (this.path === undefined) {
      this.path = path;
      this.#router = router;
    }
    if (router === this.#router) this.#agreeing++;
    else this.#isMixed = true;
  }
}

/** The paths that are known. */
export class KnownRoutes {
  readonly #paths = new Map<string, RouteWalk>();
  readonly #neighborhoods = new Map<string, Neighborhood>();

  /** Returns a finished path in which a router is at a distance. */
  through(ttl: number, router: number): RouteWalk | undefined {
    return this.#paths.get(`${ttl} ${router}`);
  }

  /** Adds a finished path by the routers that were probed for it. */
  add(path: RouteWalk): void {
    for (const [ttl, { from }] of path.probed()) {
      const key = `${ttl} ${from}`;
      if (!this.#paths.has(key)) this.#paths.set(key, path);
    }
  }

  /** Returns the neighbours of a host at its distance, on its way out of this machine: the nearest, and more of them. */
  neighborhoods(host: number, way: string, distance: number): Neighborhood[] {
    return NETWORKS.map(({ bits, confirmations }) => {
      const key = `${bits} ${host >>> bits} ${way} ${distance}`;
      let found = this.#neighborhoods.get(key);
      if (found === undefined) this.#neighborhoods.set(key, found = new Neighborhood(confirmations));
      return found;
    });
  }
}

/** The host of a walk, and what is known of it. */
export interface WalkTarget {
  readonly host: number;
  /** The way out of this machine: hosts behind one gateway have the same. */
  readonly way: string;
  /** The distance, guessed; 0 if the host is not known to answer. */
  readonly distance: number;
}

/** The means of a walk. */
interface WalkMeans {
  readonly known: KnownRoutes;
  /** Probes a hop limit; `isAgain` is true where a router may have been silent because it had sent too many errors. */
  readonly probe: (hopLimit: number, isAgain: boolean) => void;
  /** Called once, when the path is found or given up. */
  readonly done: () => void;
}

/** The search for the hops to one host. */
export class RouteWalk {
  readonly target: WalkTarget;
  isDone = false;
  /** The hop limit that reaches the host; 0 while unknown, or if none does. */
  end = 0;
  /** The first hops of another path, which are this one's too. */
  shared: { readonly hops: number; readonly path: RouteWalk } | undefined;
  readonly #means: WalkMeans;
  /** True if every hop is to be probed, as no other path is known. */
  readonly #isFirst: boolean;
  readonly #seen = new Map<number, Seen>();
  #pending = 0;
  #lowest = MAX_HOPS + 1;
  #highest = 0;
  #isBlocked = false;
  #isRepeated = false;
  /** The neighbours for which the last router is being probed. */
  #neighborhoods: readonly Neighborhood[] = [];

  constructor(target: WalkTarget, isFirst: boolean, means: WalkMeans) {
    this.target = target;
    this.#isFirst = isFirst;
    this.#means = means;
  }

  /** Probes the first hop limits. */
  begin(): void {
    const { distance } = this.target;
    if (distance > 0) this.#probe(Math.min(distance, MAX_HOPS));
    else for (let hopLimit = 1; hopLimit <= WINDOW; hopLimit++) this.#probe(hopLimit);
  }

  /** Takes what the probe with a hop limit has shown, or what a late reply to it shows instead. */
  take(hopLimit: number, seen: Seen): void {
    const isFirst = !this.#seen.has(hopLimit);
    this.#seen.set(hopLimit, seen);
    if (isFirst) this.#pending--;
    if (seen.kind === "host") this.end = this.end === 0 ? hopLimit : Math.min(this.end, hopLimit);
    if (seen.kind === "blocked") this.#isBlocked = true;
    if (isFirst && !this.isDone && this.#pending === 0) this.#continue();
  }

  /** Yields the routers that were probed for this path. */
  *probed(): Generator<readonly [ttl: number, hop: SeenHop]> {
    for (const [ttl, seen] of this.#seen) {
      if (seen.kind === "hop" && (this.end === 0 || ttl < this.end)) yield [ttl, seen];
    }
  }

  /** Returns a router of this path; undefined if it has not replied. */
  hop(ttl: number): SeenHop | undefined {
    if (this.shared !== undefined && ttl <= this.shared.hops) return this.shared.path.hop(ttl);
    const seen = this.#seen.get(ttl);
    return seen?.kind === "hop" ? seen : undefined;
  }

  /** The round trip to the host itself, in milliseconds; below 0 if it is unknown. */
  get rttMs(): number {
    const seen = this.#seen.get(this.end);
    return seen?.kind === "host" ? seen.rttMs : -1;
  }

  /** The last hop: the host, or if it was not reached the last router that has replied; 0 if none has. */
  get length(): number {
    if (this.end > 0) return this.end;
    for (let ttl = this.#highest; ttl > 0; ttl--) if (this.hop(ttl) !== undefined) return ttl;
    return 0;
  }

  #probe(hopLimit: number): void {
    this.#pending++;
    this.#lowest = Math.min(this.#lowest, hopLimit);
    this.#highest = Math.max(this.#highest, hopLimit);
    this.#means.probe(hopLimit, this.#isRepeated);
  }

  /** Probes the next hop limits; `#seen` has every one that was probed. */
  #continue(): void {
    if (this.end === 0 && this.#isOpenAbove()) {
      const count = this.target.distance > 0 ? 1 : WINDOW;
      const from = this.#highest;
      for (let more = 1; more <= count && from + more <= MAX_HOPS; more++) this.#probe(from + more);
      return;
    }
    const lowest = this.end > 0 ? Math.min(this.end, this.#lowest) : this.#lowest;
    this.#leaveNeighborhoods();
    if (lowest === 1 || this.#joins(lowest)) {
      if (this.#repeatsSilent()) return;
      return this.#finish();
    }
    if (this.#isFirst) {
      for (let hopLimit = lowest - 1; hopLimit > 0; hopLimit--) this.#probe(hopLimit);
    } else if (lowest === this.end) {
      this.#probeLastRouter();
    } else {
      this.#probe(lowest - 1);
    }
  }

  /** Probes the hops once more that were silent; false if there are none, or this was done. */
  #repeatsSilent(): boolean {
    if (this.#isRepeated) return false;
    this.#isRepeated = true;
    const last = this.length;
    const silent = [...this.#seen].flatMap(([ttl, { kind }]) => kind === "silent" && ttl < last ? [ttl] : []);
    for (const ttl of silent) {
      this.#seen.delete(ttl);
      this.#probe(ttl);
    }
    return silent.length > 0;
  }

  /** True while hops further away may reply. */
  #isOpenAbove(): boolean {
    if (this.#isBlocked || this.#highest >= MAX_HOPS) return false;
    for (let ttl = this.#highest; ttl > this.#highest - WINDOW && ttl >= this.#lowest; ttl--) {
      if (this.hop(ttl) !== undefined) return true;
    }
    return this.target.distance > 0 && this.#highest - this.#lowest < WINDOW;
  }

  /** Takes the first hops from a path that has the same router at a distance; false if there is none. */
  #joins(ttl: number): boolean {
    const router = this.hop(ttl);
    const path = router === undefined ? undefined : this.#means.known.through(ttl, router.from);
    if (path === undefined) return false;
    this.shared = { hops: ttl - 1, path };
    return true;
  }

  /** Probes the last router, unless enough neighbours at the same distance have shown that they share it. */
  #probeLastRouter(): void {
    const { host, way } = this.target;
    const neighborhoods = this.#means.known.neighborhoods(host, way, this.end);
    const path = neighborhoods.find(({ isUniform }) => isUniform)?.path;
    const full = neighborhoods.find(({ isFull }) => isFull);
    if (path !== undefined) {
      this.shared = { hops: this.end - 1, path };
      this.#finish();
    } else if (full !== undefined) {
      full.waiting.push(this);
    } else {
      for (const neighborhood of neighborhoods) neighborhood.probing++;
      this.#neighborhoods = neighborhoods;
      this.#probe(this.end - 1);
    }
  }

  #leaveNeighborhoods(): void {
    const left = this.#neighborhoods;
    this.#neighborhoods = [];
    const last = this.#seen.get(this.end - 1);
    for (const neighborhood of left) {
      neighborhood.probing--;
      if (last !== undefined) neighborhood.add(this, last.kind === "hop" ? last.from : 0);
    }
    for (const walk of left.flatMap(({ waiting }) => waiting.splice(0))) walk.#probeLastRouter();
  }

  #finish(): void {
    this.isDone = true;
    if (this.#isFirst && this.end > 1) {
      this.#neighborhoods = this.#means.known.neighborhoods(this.target.host, this.target.way, this.end);
      for (const neighborhood of this.#neighborhoods) neighborhood.probing++;
      this.#leaveNeighborhoods();
    }
    // Without probes of its own for the last router it adds nothing.
    if (this.shared === undefined || this.shared.hops < this.end - 1) this.#means.known.add(this);
    this.#means.done();
  }
}
