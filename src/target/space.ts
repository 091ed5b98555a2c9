// Hot path: `locate` runs once for every probe and allocates nothing.
/**
 * The probe space of a scan, hosts x ports, as one range of indices: any mixture of addresses, blocks and ports, without the
 * exclusions. No index stands for a host or port that must not be probed. The indices of the ports that are probed first, on all
 * hosts, precede the others.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { lastAtMost } from "../collections/sorted_search.ts";
import { PortSet } from "./ports.ts";
import { Ranges, RangesBuilder } from "./ranges.ts";

/** Hosts that share a set of ports. */
export interface HostPorts {
  /** The hosts: addresses in targets that were resolved, numbers in a space. */
  readonly hosts: Ranges;
  /** Their ports; `undefined` for the ports of the whole scan. */
  readonly ports: PortSet | undefined;
}

/** The input of a {@linkcode ProbeSpace}. */
export interface ProbeSpaceParts {
  /** The hosts to scan. A host that is named several times is scanned once, on the union of its ports. */
  readonly targets: readonly HostPorts[];
  /** Ports of targets without their own. */
  readonly defaultPorts: PortSet;
  /** Hosts never to be probed. */
  readonly excludeHosts?: Ranges;
  /** Ports never to be probed. */
  readonly excludePorts?: PortSet;
  /** The ports of each tier but the last, which has all others; by default there is one tier. */
  readonly tiers?: readonly PortSet[] | undefined;
}

/** Hosts with the same ports. */
interface Block {
  /** The hosts. */
  readonly hosts: Ranges;
  /** The ports of each of them. */
  readonly ports: PortSet;
}

/** The ports of a block in one tier. */
interface BlockTier extends Block {
  /** Index of the first port of the first host; the ports of one host follow each other. */
  readonly firstIndex: number;
  /** The number of its tier, times that of all blocks, plus that of its block. */
  readonly key: number;
}

/** An index space over every (host, port) pair that is to be probed, each once. */
export class ProbeSpace {
  /** The number of (host, port) pairs, 0 to 2^48. */
  readonly size: number;
  /** The number of hosts with at least one port. */
  readonly hostCount: number;
  /** The parts of the space. Each has other hosts, and other ports. */
  readonly blocks: readonly Block[];
  /** The ports of each tier but the last, as given. */
  readonly tiers: readonly PortSet[];
  /** The number of indices in each tier; those of a tier follow those of the tier before. */
  readonly tierSizes: readonly number[];
  /** The reason of an empty space as text; `undefined` if the space is not empty. */
  readonly whyEmpty: string | undefined;
  /** The host that {@linkcode locate} found. */
  host = 0;
  /** The port that {@linkcode locate} found. */
  port = 0;

  readonly #pieces: Pieces;
  /** In the order of their indices, and of their keys. */
  readonly #parts: readonly BlockTier[];
  readonly #firstIndices: Float64Array;
  #keys: Float64Array | undefined;

  /**
   * Merges the targets and removes the exclusions.
   *
   * @throws {UsageError} If the targets name more than a million different sets of ports.
   */
  constructor(parts: ProbeSpaceParts) {
    const { pieces, blocks } = divide(parts);
    this.#pieces = pieces;
    this.blocks = blocks;
    this.tiers = parts.tiers ?? [];
    const { tierSizes, size, parts: byTier } = divideByTier(blocks, this.tiers);
    this.tierSizes = tierSizes;
    this.size = size;
    this.#parts = byTier;
    this.#firstIndices = Float64Array.from(byTier, (part) => part.firstIndex);
    this.hostCount = blocks.reduce((sum, block) => sum + block.hosts.size, 0);
    if (this.size === 0) this.whyEmpty = explainEmpty(parts);
  }

  /** Sets {@linkcode host} and {@linkcode port} to those of an index from 0 to `size` - 1. */
  locate(index: number): void {
    const part = this.#parts[this.#firstIndices.length > 1 ? lastAtMost(this.#firstIndices, index) : 0]!;
    const offset = index - part.firstIndex;
    const portCount = part.ports.size;
    const hostIndex = Math.floor(offset / portCount);
    this.host = part.hosts.at(hostIndex);
    this.port = part.ports.at(offset - hostIndex * portCount);
  }

  /** Returns the ports of a host; `undefined` if it is not in the space. */
  portsOf(host: number): PortSet | undefined {
    const block = this.#pieces.blockOf(host);
    return block < 0 ? undefined : this.blocks[block]!.ports;
  }

  /** Returns the number of ports of a host; 0 if it is not in the space. */
  portCountOf(host: number): number {
    return this.portsOf(host)?.size ?? 0;
  }

  /** Returns true if the port of the host is in the space. */
  contains(host: number, port: number): boolean {
    return this.portsOf(host)?.has(port) ?? false;
  }

  /** Returns the index of a port of a host, the inverse of {@linkcode locate}; -1 if it is not in the space. */
  indexOf(host: number, port: number): number {
    const block = this.#pieces.blockOf(host);
    if (block < 0) return -1;
    const tier = this.tiers.findIndex((ports) => ports.has(port));
    const key = (tier < 0 ? this.tiers.length : tier) * this.blocks.length + block;
    const part = this.#parts[lastAtMost(this.#keys ??= Float64Array.from(this.#parts, (part) => part.key), key)];
    const at = part?.key === key ? part.ports.ranges.indexOf(port) : -1;
    return at < 0 ? -1 : part!.firstIndex + part!.hosts.indexOf(host) * part!.ports.size + at;
  }

  /** Returns every host of the space. */
  hostRanges(): Ranges {
    return this.#pieces.hosts();
  }
}

/** Neighbouring hosts and the block they are in, in ascending order. */
class Pieces {
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  readonly #blocks: Uint32Array;

  constructor(firsts: Uint32Array, lasts: Uint32Array, blocks: Uint32Array) {
    this.#firsts = firsts;
    this.#lasts = lasts;
    this.#blocks = blocks;
  }

  blockOf(host: number): number {
    const piece = lastAtMost(this.#firsts, host);
    return piece >= 0 && host <= this.#lasts[piece]! ? this.#blocks[piece]! : -1;
  }

  hosts(): Ranges {
    const builder = new RangesBuilder();
    for (let i = 0; i < this.#firsts.length; i++) builder.add(this.#firsts[i]!, this.#lasts[i]!);
    return builder.build();
  }
}

// An edge of a host range is the address, 33 bits with the one past the last, and 20 bits for whose range it is: together
// a whole number that sorts by address.
const OWNERS = 2 ** 20;
const EXCLUSION = 0;

/** Sweeps over the edges of all ranges, from one to the next: between two of them, every host has the same ports. */
function divide(parts: ProbeSpaceParts): { pieces: Pieces; blocks: Block[] } {
  const { targets, defaultPorts, excludeHosts = Ranges.EMPTY, excludePorts = PortSet.EMPTY } = parts;
  if (targets.length >= OWNERS) {
    throw new UsageError(
      `Cannot scan ${targets.length} different lists of ports at once: ${OWNERS - 1} fit. Scan the targets in parts`,
    );
  }
  const owners = [excludeHosts, ...targets.map((target) => target.hosts)];
  const { begins, ends } = edges(owners);

  const plan = new BlockPlan(targets.map((target) => target.ports ?? defaultPorts), excludePorts);
  const firsts = new Uint32Array(begins.length + ends.length);
  const lasts = new Uint32Array(firsts.length);
  const blockIds = new Uint32Array(firsts.length);
  let count = 0;
  const active = new Set<number>();
  let from = 0;
  for (let i = 0, j = 0; j < ends.length;) {
    const beginning = i < begins.length && begins[i]! < ends[j]!;
    const edge = beginning ? begins[i++]! : ends[j++]!;
    const address = Math.floor(edge / OWNERS);
    const owner = edge - address * OWNERS;
    if (address > from && active.size > 0) {
      const block = plan.blockFor(active);
      if (block >= 0) {
        if (count > 0 && lasts[count - 1] === from - 1 && blockIds[count - 1] === block) lasts[count - 1] = address - 1;
        else {
          firsts[count] = from;
          lasts[count] = address - 1;
          blockIds[count++] = block;
        }
      }
    }
    from = address;
    if (beginning) active.add(owner);
    else active.delete(owner);
  }
  const pieces = new Pieces(firsts.slice(0, count), lasts.slice(0, count), blockIds.slice(0, count));
  const builders = plan.ports.map(() => new RangesBuilder());
  for (let i = 0; i < count; i++) builders[blockIds[i]!]!.add(firsts[i]!, lasts[i]!);
  return { pieces, blocks: plan.ports.map((ports, i) => ({ hosts: builders[i]!.build(), ports })) };
}

/** Returns the parts of blocks by tier, and the number of indices in each tier and in all. */
function divideByTier(blocks: readonly Block[], tiers: readonly PortSet[]) {
  const tierSizes: number[] = [];
  const parts: BlockTier[] = [];
  let left = blocks.map(({ ports }) => ports);
  let size = 0;
  for (let tier = 0; tier <= tiers.length; tier++) {
    const others = left.map((ports) => tier === tiers.length ? PortSet.EMPTY : ports.subtract(tiers[tier]!));
    const before = size;
    blocks.forEach(({ hosts }, block) => {
      const ports = left[block]!.subtract(others[block]!);
      if (ports.size === 0) return;
      parts.push({ hosts, ports, firstIndex: size, key: tier * blocks.length + block });
      size += hosts.size * ports.size;
    });
    tierSizes.push(size - before);
    left = others;
  }
  return { tierSizes, size, parts };
}

/** Returns the first address of every range, and the one after its last, each sorted. */
function edges(owners: readonly Ranges[]): { begins: Float64Array; ends: Float64Array } {
  const count = owners.reduce((sum, ranges) => sum + ranges.count, 0);
  const begins = new Float64Array(count), ends = new Float64Array(count);
  let length = 0;
  owners.forEach((ranges, owner) => {
    for (let i = 0; i < ranges.count; i++) {
      begins[length] = ranges.firstOf(i) * OWNERS + owner;
      ends[length++] = (ranges.lastOf(i) + 1) * OWNERS + owner;
    }
  });
  return { begins: begins.sort(), ends: ends.sort() };
}

/** Assigns a block to each different set of ports. */
class BlockPlan {
  /** The ports of each block. */
  readonly ports: PortSet[] = [];
  readonly #owned: readonly PortSet[];
  readonly #excluded: PortSet;
  readonly #byOwner: Int32Array;
  readonly #byOwners = new Map<string, number>();
  readonly #byText = new Map<string, number>();

  constructor(owned: readonly PortSet[], excluded: PortSet) {
    this.#owned = owned;
    this.#excluded = excluded;
    this.#byOwner = new Int32Array(owned.length + 1).fill(-2);
  }

  /** Returns the block of hosts in all of these targets; -1 if none of their ports may be probed. */
  blockFor(owners: ReadonlySet<number>): number {
    if (owners.has(EXCLUSION)) return -1;
    if (owners.size === 1) {
      const [owner] = owners as ReadonlySet<number> & Iterable<number>;
      const known = this.#byOwner[owner!]!;
      return known !== -2 ? known : (this.#byOwner[owner!] = this.#blockOf(this.#owned[owner! - 1]!));
    }
    const key = [...owners].join();
    let block = this.#byOwners.get(key);
    if (block === undefined) {
      block = this.#blockOf(PortSet.unionOf([...owners].map((owner) => this.#owned[owner - 1]!)));
      this.#byOwners.set(key, block);
    }
    return block;
  }

  #blockOf(all: PortSet): number {
    const ports = this.#excluded.size === 0 ? all : all.subtract(this.#excluded);
    if (ports.size === 0) return -1;
    const text = ports.toString();
    let block = this.#byText.get(text);
    if (block === undefined) {
      block = this.ports.push(ports) - 1;
      this.#byText.set(text, block);
    }
    return block;
  }
}

function explainEmpty({ targets, defaultPorts, excludeHosts }: ProbeSpaceParts): string {
  const named = targets.filter((target) => target.hosts.size > 0);
  if (named.length === 0) return "no target was named";
  if (named.every((target) => (target.ports ?? defaultPorts).size === 0)) return "no port was named";
  const hostsLeft = named.some((target) => target.hosts.subtract(excludeHosts ?? Ranges.EMPTY).size > 0);
  return hostsLeft ? "every port is excluded" : "every host is excluded";
}
