// Hot path: nothing is allocated per result.
/**
 * The results of an earlier scan, to find what is new. They are in memory by kinds of hosts, so that their size depends on how
 * many hosts differ, not on the size of the scan.
 *
 * @module
 */
import { lastAtMost } from "../collections/sorted_search.ts";
import { NOTHING, type PortResult } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { ProbedPort } from "../report/writer.ts";
import type { State } from "../result/states.ts";
import type { HostRun, Segment } from "./hosts.ts";
import { type HostKey, hostKey, portKey, PORTS, serviceKey } from "./key.ts";
import { foundText, hasOtherService } from "./versions.ts";

/** The states of a host's ports, in ranges of port keys. */
interface Kind {
  readonly firsts: readonly number[];
  readonly segments: readonly Segment[];
}

/** The ports that one technique probes on a host that is up. */
interface TechniquePorts extends Pick<PortResult, "technique" | "proto"> {
  readonly ports: ReadonlySet<number>;
}

/** The results of an earlier scan. */
export class Baseline {
  // Ranges of hosts of the same kind, by their first number, ascending; hosts that are no numbers are apart.
  readonly #firsts: number[] = [];
  readonly #runs: { readonly kind: Kind; last: number }[] = [];
  readonly #others = new Map<HostKey, Kind>();

  readonly #services: ReadonlyMap<number, string>;

  /** Made by `History.baseline`, with the usual names of services by {@linkcode serviceKey}. */
  constructor(hosts: Iterable<HostRun>, services: ReadonlyMap<number, string>) {
    this.#services = services;
    const kinds = new Map<string, Kind>();
    for (const { host, count, sides: [ports] } of hosts) {
      const segments = ports!.filter(({ result }) => result.state !== "undecided");
      const key = segments.map(({ first, last, result: { state, finding } }) =>
        `${first}-${last} ${state}${finding === undefined ? "" : foundText(finding)}`
      ).join();
      let kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, kind = { firsts: segments.map(({ first }) => first), segments });
      const before = this.#runs.at(-1);
      if (typeof host === "string") this.#others.set(host, kind);
      else if (before?.kind === kind && before.last === host - 1) before.last += count;
      else {
        this.#firsts.push(host);
        this.#runs.push({ kind, last: host + count - 1 });
      }
    }
  }

  /** Returns the state that a port had; `undefined` where it was not probed, or not decided. */
  stateOf(probed: ProbedPort): State | undefined {
    return this.#resultOf(probed)?.state;
  }

  #kindOf(host: HostKey): Kind | undefined {
    const run = typeof host === "number" ? this.#runs[lastAtMost(this.#firsts, host)] : undefined;
    return run !== undefined && Number(host) <= run.last ? run.kind : this.#others.get(host);
  }

  #resultOf(probed: ProbedPort): PortResult | undefined {
    const key = portKey(probed);
    const kind = this.#kindOf(hostKey(probed.ip));
    const segment = kind?.segments[lastAtMost(kind.firsts, key)];
    return segment !== undefined && key <= segment.last ? segment.result : undefined;
  }

  /**
   * Returns true for a new result: the port is in another state than it was, has another service or version, or was not known. A late reply is new as well if the
   * result that it replaces was.
   */
  isNews(result: PortResult): boolean {
    const { state, replacesState } = result;
    const earlier = this.#resultOf(result);
    const before = earlier?.state;
    if (earlier !== undefined && hasOtherService(earlier, result)) return true;
    return replacesState !== undefined && before !== replacesState || state !== "undecided" && state !== before;
  }

  /** Yields what is news of the ports of a host that is absent now: filtered for this reason, and in another state before. */
  *lost(ip: string, reason: Reason, techniques: readonly TechniquePorts[]): Generator<PortResult> {
    for (const { first, last, result } of this.#kindOf(hostKey(ip))?.segments ?? []) {
      if (result.state === "filtered") continue;
      for (const { technique, proto, ports } of techniques) {
        const base = portKey({ technique, proto, port: 0 });
        for (let key = Math.max(first, base); key <= Math.min(last, base + PORTS - 1); key++) {
          const port = key - base;
          const service = result.service ?? this.#services.get(serviceKey(proto, port));
          const now = { ip, port, technique, proto, reason, service };
          if (ports.has(port)) yield { ...NOTHING, ...now, state: "filtered" };
        }
      }
    }
  }
}
