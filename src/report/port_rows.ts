/**
 * Ports of hosts as columns of numbers.
 *
 * @module
 */
import type { TypedColumn } from "../collections/grown.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import { MAX_TECHNIQUES, techniqueOf } from "./outcome_group.ts";

/** Ports of hosts that may have to be listed, a row each. */
export class PortRows {
  readonly hosts = new TypedVector(new Uint32Array(256));
  readonly ports = new TypedVector(new Uint16Array(256));
  readonly groups = new TypedVector(new Uint16Array(256));
  /** 1 for a result that replaced another. */
  readonly late = new TypedVector(new Uint8Array(256));
  readonly ttls = new TypedVector(new Uint8Array(256));
  readonly tries = new TypedVector(new Uint16Array(256));
  readonly rtts = new TypedVector(new Float32Array(256));
  /** The number of the sender if it is not the host; 0 otherwise. */
  readonly routers = new TypedVector(new Uint32Array(256));

  get length(): number {
    return this.hosts.length;
  }

  copyTo(other: PortRows): void {
    const columns = other.#columns();
    this.#columns().forEach((column, index) => column.copyTo(columns[index]!));
  }

  #columns(): TypedVector<TypedColumn>[] {
    return [this.hosts, this.ports, this.groups, this.late, this.ttls, this.tries, this.rtts, this.routers];
  }

  push(
    host: number,
    port: number,
    group: number,
    late: boolean,
    ttl: number,
    tries: number,
    rttMs: number,
    router: number,
  ): void {
    this.hosts.push(host);
    this.ports.push(port);
    this.groups.push(group);
    this.late.push(late ? 1 : 0);
    this.ttls.push(ttl);
    this.tries.push(tries);
    this.rtts.push(rttMs);
    this.routers.push(router);
  }

  /** Returns the rows by host: those of host i are `order[starts[i]]` to `order[starts[i + 1] - 1]`. */
  byHost(hostCount: number): { starts: Uint32Array; order: Uint32Array } {
    const starts = new Uint32Array(hostCount + 1);
    for (let row = 0; row < this.length; row++) starts[this.hosts.at(row) + 1]!++;
    for (let host = 0; host < hostCount; host++) starts[host + 1]! += starts[host]!;
    const free = starts.slice();
    const order = new Uint32Array(this.length);
    for (let row = 0; row < this.length; row++) order[free[this.hosts.at(row)]!++] = row;
    return { starts, order };
  }

  /** Sorts rows of one host by port and technique, and removes those that a late result has replaced. */
  sortedByPort(rows: Uint32Array): Uint32Array {
    const { groups, late } = this;
    const ports = (row: number) => this.ports.at(row) * MAX_TECHNIQUES + techniqueOf(groups.at(row));
    if (rows.length < 2) return rows;
    rows.sort((one, other) => ports(one) - ports(other) || late.at(one) - late.at(other) || one - other);
    return rows.filter((row, at) => at + 1 === rows.length || ports(rows[at + 1]!) !== ports(row));
  }
}
