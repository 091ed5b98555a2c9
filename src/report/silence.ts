/**
 * The silent ports of hosts without any reply.
 *
 * @module
 */
import { grown, type TypedColumn } from "../collections/grown.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import { U32Map } from "../collections/u32_map.ts";
import { AddressSet } from "./address_set.ts";
import { GROUP_COUNT, reasonOf } from "./outcome_group.ts";

/** Limits of the memory for silence. */
interface SilenceBounds {
  /** The largest number of (host, group) pairs whose ports are counted. */
  readonly counts: number;
  /** The largest number of ports that are stored, so that they can be listed. */
  readonly rows: number;
  /** The largest number of ports that are listed for a (host, group) pair. */
  readonly listUpTo: number;
}

/**
 * Stores silent ports of hosts without any reply: their number by host and group, and the ports themselves if they are few enough
 * to be listed. Limits bound its size, however large the scan is.
 */
export class Silence {
  readonly #bounds: SilenceBounds;
  /** Hosts, numbered in the order of their first results. */
  readonly #index = new U32Map();
  #addresses = new TypedVector(new Uint32Array(256));
  /** Groups, numbered in the order of their first results, and the number of each plus 1. */
  readonly #groups: number[] = [];
  readonly #kinds = new Uint8Array(GROUP_COUNT);
  /** For each kind of group, the number of ports of each host. */
  #counts: Uint32Array[] = [];
  /** The number of counts above 0. */
  #countCount = 0;
  /** Columns of the stored ports: host number, group number, port, tries. */
  readonly #rowHosts = new TypedVector(new Uint32Array(256));
  readonly #rowKinds = new TypedVector(new Uint8Array(256));
  readonly #ports = new TypedVector(new Uint16Array(256));
  readonly #tries = new TypedVector(new Uint8Array(256));
  /** True once hosts had to be dropped. The absent ones of them are kept. */
  isIncomplete = false;
  #droppedAbsent = new AddressSet();

  constructor(bounds: SilenceBounds) {
    this.#bounds = bounds;
  }

  copyTo(other: Silence): void {
    for (let host = 0; host < this.#addresses.length; host++) other.#hostOf(this.#addresses.at(host));
    for (const group of this.#groups) other.#kindOf(group);
    other.#counts = this.#counts.map((counts) => counts.slice());
    other.#countCount = this.#countCount;
    const columns = other.#columns();
    this.#columns().forEach((column, index) => column.copyTo(columns[index]!));
    other.isIncomplete = this.isIncomplete;
    other.#droppedAbsent = new AddressSet(this.#droppedAbsent);
  }

  #columns(): TypedVector<TypedColumn>[] {
    return [this.#rowHosts, this.#rowKinds, this.#ports, this.#tries];
  }

  push(address: number, port: number, group: number, tries: number): void {
    const kind = this.#kindOf(group);
    let host = this.#hostOf(address);
    let counts = this.#countsOf(kind, host);
    if (counts[host] === 0) {
      if (this.#countCount >= this.#bounds.counts) {
        this.#addAbsent(this.#droppedAbsent);
        this.clear();
        this.isIncomplete = true;
        host = this.#hostOf(address);
        counts = this.#countsOf(kind, host);
      }
      this.#countCount++;
    }
    if (++counts[host]! > this.#bounds.listUpTo) return;
    if (this.#rowHosts.length >= this.#bounds.rows) this.#thin();
    this.#rowHosts.push(host);
    this.#rowKinds.push(kind);
    this.#ports.push(port);
    this.#tries.push(tries);
  }

  /** Returns the on-link addresses for which at least one probe got no ARP reply. */
  absent(): AddressSet {
    const absent = new AddressSet(this.#droppedAbsent);
    this.#addAbsent(absent);
    return absent;
  }

  #addAbsent(absent: AddressSet): void {
    this.forEachCount((address, group) => {
      if (reasonOf(group) === "no-arp-response") absent.add(address);
    });
  }

  clear(): void {
    this.#index.clear();
    this.#addresses = new TypedVector(new Uint32Array(256));
    this.#counts = this.#counts.map(() => new Uint32Array());
    this.#countCount = 0;
    this.#clearRows();
  }

  /** Calls `take` with the number of ports of each host and group. */
  forEachCount(take: (address: number, group: number, count: number) => void): void {
    for (let host = 0; host < this.#addresses.length; host++) {
      for (const [kind, counts] of this.#counts.entries()) {
        const count = counts[host] ?? 0;
        if (count > 0) take(this.#addresses.at(host), this.#groups[kind]!, count);
      }
    }
  }

  /** Returns the groups of silent ports of a host, each with the number of ports. */
  groupsOf(address: number): [group: number, count: number][] {
    const host = this.#index.get(address);
    if (host < 0) return [];
    return this.#groups.map((group, kind) => [group, this.#counts[kind]![host] ?? 0] as [number, number])
      .filter(([, count]) => count > 0);
  }

  /** Calls `take` with the ports that are few enough to be listed. */
  forEachRow(take: (address: number, port: number, group: number, tries: number) => void): void {
    for (let row = 0; row < this.#rowHosts.length; row++) {
      if (!this.#isListed(row)) continue;
      const group = this.#groups[this.#rowKinds.at(row)]!;
      take(this.#addresses.at(this.#rowHosts.at(row)), this.#ports.at(row), group, this.#tries.at(row));
    }
  }

  /** Returns the numbers of the hosts, in order. */
  hosts(): Uint32Array {
    return Uint32Array.from({ length: this.#addresses.length }, (_, host) => this.#addresses.at(host)).sort();
  }

  /** Returns the number of a host; a new host gets the next one. */
  #hostOf(address: number): number {
    const known = this.#index.get(address);
    if (known >= 0) return known;
    const host = this.#addresses.length;
    this.#index.add(address, host);
    this.#addresses.push(address);
    return host;
  }

  /** Returns the number of a group; a new group gets the next one. */
  #kindOf(group: number): number {
    if (this.#kinds[group] === 0) {
      this.#kinds[group] = this.#groups.push(group);
      this.#counts.push(new Uint32Array());
    }
    return this.#kinds[group]! - 1;
  }

  /** Returns the counts of a kind, with room for a host. */
  #countsOf(kind: number, host: number): Uint32Array {
    const counts = this.#counts[kind]!;
    if (host < counts.length) return counts;
    return this.#counts[kind] = grown(counts, Math.max(256, 2 * host));
  }

  #isListed(row: number): boolean {
    return this.#counts[this.#rowKinds.at(row)]![this.#rowHosts.at(row)]! <= this.#bounds.listUpTo;
  }

  /** Removes ports that have become too many to be listed, or all if that frees less than half. */
  #thin(): void {
    const most = this.#bounds.rows / 2;
    const rowCount = this.#rowHosts.length;
    let kept = 0;
    for (let row = 0; row < rowCount && kept <= most; row++) if (this.#isListed(row)) kept++;
    if (kept > most) return this.#clearRows();
    const columns = this.#columns();
    let to = 0;
    for (let row = 0; row < rowCount; row++) {
      if (!this.#isListed(row)) continue;
      for (const column of columns) column.move(row, to);
      to++;
    }
    for (const column of columns) column.length = kept;
  }

  #clearRows(): void {
    for (const column of this.#columns()) column.length = 0;
  }
}
