/**
 * Hosts that a router has reported as absent to one of several shards: a host is in all of them if a scan is divided by probe, and the others
 * have results of its ports.
 *
 * @module
 */
import { hostResults, probesHosts } from "../../result/host_result.ts";
import type { HostAddresses, ResultCursor, ResultList } from "../../result/port_result.ts";
import { isOwnAnswer } from "../../result/rank.ts";
import { stateCode, STATES } from "../../result/states.ts";
import { COUNT_NAMES, type Summary } from "../../result/summary.ts";
import type { Shard } from "./shard.ts";

/** The absent hosts of shards, and the ports of them that are withdrawn. */
export class AbsentInShards {
  readonly #hosts: ReadonlySet<string>;
  readonly #isByHost: boolean;
  readonly #withdrawn: number[] = STATES.map(() => 0);

  constructor(shards: readonly Shard[], book: HostAddresses) {
    this.#isByHost = shards.every(({ share }) => share.by === "host");
    // A shard that is unfinished holds the results of hosts that may be absent.
    const mayDiffer = !this.#isByHost || shards.some(({ remedy }) => remedy !== undefined);
    this.#hosts = mayDiffer ? absentIn(shards, book) : new Set();
  }

  /** Returns a batch without the ports of hosts that are absent. */
  without(batch: ResultList): ResultList {
    if (this.#hosts.size === 0 || probesHosts(batch)) return batch;
    return batch.filter((result) => !this.#withdraws(result));
  }

  /** Returns a summary without these ports, once all batches were read. */
  correct(summary: Summary): Summary {
    if (this.#hosts.size === 0) return summary;
    const all = this.#withdrawn.reduce((sum, count) => sum + count, 0);
    const counts = COUNT_NAMES.map((name, state) => [name, summary[name] - this.#withdrawn[state]!]);
    const hostsAbsent = this.#isByHost ? summary.hostsAbsent : this.#hosts.size;
    return { ...summary, ...Object.fromEntries(counts), probes: summary.probes - all, hostsAbsent };
  }

  #withdraws({ ip, state, replacesState }: ResultCursor): boolean {
    if (!this.#hosts.has(ip)) return false;
    this.#withdrawn[stateCode(state)]!++;
    if (replacesState !== undefined) this.#withdrawn[stateCode(replacesState)]!--;
    return true;
  }
}

/** Returns the hosts that a router has reported and that have replied to no shard. */
function absentIn(shards: readonly Shard[], book: HostAddresses): Set<string> {
  const absent = new Set<string>();
  // Most scans have none: then no port is looked at. That of an unfinished one is not summarized.
  if (shards.every(({ summary, remedy }) => summary.hostsAbsent === 0 && remedy === undefined)) return absent;
  const up = new Set<string>();
  for (const shard of shards) {
    for (const { batch } of shard.batches(book)) {
      for (const { ip, state, reason } of hostResults(batch)) {
        if (state === "absent" && reason === "host-unreach") absent.add(ip);
      }
      if (!probesHosts(batch)) { for (const result of batch) if (isOwnAnswer(result)) up.add(result.ip); }
    }
  }
  for (const ip of up) absent.delete(ip);
  return absent;
}
