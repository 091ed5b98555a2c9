/**
 * The probes of one pass of a worker.
 *
 * @module
 */

import type { ProbeSource, Remaining } from "../engine/engine.ts";
import { REFUSED_LEN } from "../engine/interfaces.ts";
import { ShardedOrder } from "../order/shard.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import type { RemainingWork, WorkerTask } from "./worker_task.ts";

/** Returns the hosts that are not probed any more. */
export function excludedHosts({ excludeHosts }: Pick<ProbeOrder, "excludeHosts">): Ranges {
  return excludeHosts === undefined ? Ranges.EMPTY : Ranges.fromSortedBounds(excludeHosts);
}

/** The order of the probes of one pass, and those that are left out. */
interface ProbeOrder extends Pick<WorkerTask, "seed" | "shard" | "excludePorts"> {
  readonly excludeHosts?: WorkerTask["excludeHosts"] | undefined;
  /** The number of passes that probe each port. */
  readonly passes: number;
}

/** The space of a pass: what is probed first, and ports of hosts that have been silent in a pass before. */
export type SpacesInOrder = readonly [first: ProbeSpace, silent: ProbeSpace];

/** The probes of a worker: those pending in a snapshot, then its order from the position of the snapshot. */
export class ShardProbeSource implements ProbeSource {
  readonly size: number;
  readonly refused: Uint32Array<ArrayBuffer> | undefined;
  readonly #space: ProbeSpace;
  readonly #order: ShardedOrder;
  readonly #silent: ProbeSpace;
  readonly #silentOrder: ShardedOrder;
  readonly #silentHosts: Ranges;
  readonly #first: Uint32Array<ArrayBuffer>;
  readonly #firstCount: number;
  readonly #excludedPorts: Ranges;
  readonly #excludedHosts: Ranges;
  /** The position in the order that comes after the first. */
  readonly #from: number;
  /** The number of ports of every host; 0 if hosts differ. */
  readonly #portsOfEach: number;
  readonly #passes: number;
  #host = 0;
  #port = 0;

  constructor([space, silent]: SpacesInOrder, options: ProbeOrder, remaining?: RemainingWork) {
    const { seed, shard, excludePorts, passes } = options;
    const order = this.#order = new ShardedOrder(space.tierSizes, seed, shard);
    this.#space = space;
    this.#silent = silent;
    this.#silentOrder = new ShardedOrder(silent.tierSizes, seed, shard);
    this.#silentHosts = silent.hostRanges();
    const size = order.size + this.#silentOrder.size;
    this.#excludedPorts = Ranges.from(excludePorts);
    this.#excludedHosts = excludedHosts(options);
    this.refused = remaining?.refused && this.#withoutExcluded(remaining.refused);
    this.#first = remaining?.pending ?? new Uint32Array();
    this.#firstCount = this.#first.length / 2;
    this.#from = Math.min(remaining?.position ?? 0, size);
    this.#passes = passes;
    const blocks = [...space.blocks, ...silent.blocks];
    const ofEach = blocks[0]?.ports.size ?? 0;
    this.#portsOfEach = blocks.every(({ ports }) => ports.size === ofEach) ? ofEach * passes : 0;
    this.size = this.#firstCount + size - this.#from;
  }

  get host(): number {
    return this.#host;
  }

  get port(): number {
    return this.#port;
  }

  locate(position: number): void {
    if (position < this.#firstCount) {
      this.#host = this.#first[2 * position]!;
      this.#port = this.#first[2 * position + 1]!;
      return;
    }
    const at = position - this.#firstCount + this.#from;
    const firstSize = this.#order.size;
    const space = at < firstSize ? this.#space : this.#silent;
    space.locate(at < firstSize ? this.#order.at(at) : this.#silentOrder.at(at - firstSize));
    this.#host = space.host;
    this.#port = space.port;
  }

  get isExcluded(): boolean {
    return this.#excludedHosts.has(this.#host) || this.#excludedPorts.has(this.#port);
  }

  /** Returns refused ports, as `Remaining` has them, without those that are not to be probed any more. */
  #withoutExcluded(refused: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
    return refused.filter((_, at) => {
      const first = at - at % REFUSED_LEN;
      return !this.#excludedHosts.has(refused[first]!) && !this.#excludedPorts.has(refused[first + 1]!);
    });
  }

  wasPending(host: number): boolean {
    const pending = this.#first;
    for (let at = 0; at < pending.length; at += 2) if (pending[at] === host) return true;
    return false;
  }

  wasSilent(host: number): boolean {
    return this.#silentHosts.has(host);
  }

  portCountOf(host: number): number {
    return this.#portsOfEach || (this.#space.portCountOf(host) + this.#silent.portCountOf(host)) * this.#passes;
  }

  isSpare(host: number, port: number): boolean {
    return !this.#space.contains(host, port) && !this.#silent.contains(host, port) && !this.#excludedPorts.has(port);
  }

  /** Returns the first position of the order that is not among the first `position` probes. */
  inOrder(position: number): number {
    return Math.max(0, position - this.#firstCount) + this.#from;
  }

  /** Returns the remaining work once `position` of these probes were sent, with what is left of them. */
  remaining(position: number, { pending, refused }: Remaining): RemainingWork {
    if (position >= this.#firstCount) return { position: this.inOrder(position), pending, refused };
    const unsent = this.#first.subarray(2 * position);
    const joined = new Uint32Array(pending.length + unsent.length);
    joined.set(pending);
    joined.set(unsent, pending.length);
    return { position: this.#from, pending: joined, refused };
  }
}
