/**
 * Ports of hosts as columns of numbers.
 *
 * @module
 */
import { growColumns } from "../collections/grown.ts";
import { MAX_TECHNIQUES, techniqueOf } from "./outcome_group.ts";

/** Rows of an empty table. */
const ROWS = 256;

/** Ports of hosts that may have to be listed, a row each. */
export class PortRows {
  /** The number of rows; the columns have room for more. */
  length = 0;
  hosts = new Uint32Array(ROWS);
  ports = new Uint16Array(ROWS);
  groups = new Uint16Array(ROWS);
  /** 1 for a result that replaced another. */
  late = new Uint8Array(ROWS);
  ttls = new Uint8Array(ROWS);
  tries = new Uint16Array(ROWS);
  rtts = new Float32Array(ROWS);
  /** The number of the sender if it is not the host; 0 otherwise. */
  routers = new Uint32Array(ROWS);

  /** Replaces the rows of another table by a copy of these. */
  copyTo(other: PortRows): void {
    growColumns(other, this.hosts.length);
    other.length = this.length;
    other.hosts.set(this.hosts);
    other.ports.set(this.ports);
    other.groups.set(this.groups);
    other.late.set(this.late);
    other.ttls.set(this.ttls);
    other.tries.set(this.tries);
    other.rtts.set(this.rtts);
    other.routers.set(this.routers);
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
    const row = this.length++;
    if (row === this.hosts.length) growColumns(this, 2 * row);
    this.hosts[row] = host;
    this.ports[row] = port;
    this.groups[row] = group;
    this.late[row] = late ? 1 : 0;
    this.ttls[row] = ttl;
    this.tries[row] = tries;
    this.rtts[row] = rttMs;
    this.routers[row] = router;
  }

  /** Returns the rows by host: those of host i are `order[starts[i]]` to `order[starts[i + 1] - 1]`. */
  byHost(hostCount: number): { starts: Uint32Array; order: Uint32Array } {
    const starts = new Uint32Array(hostCount + 1);
    for (let row = 0; row < this.length; row++) starts[this.hosts[row]! + 1]!++;
    for (let host = 0; host < hostCount; host++) starts[host + 1]! += starts[host]!;
    const free = starts.slice();
    const order = new Uint32Array(this.length);
    for (let row = 0; row < this.length; row++) order[free[this.hosts[row]!]!++] = row;
    return { starts, order };
  }

  /** Returns true for rows of two hosts that differ only in their round trips. */
  haveSamePorts(some: Uint32Array, others: Uint32Array): boolean {
    if (some.length !== others.length) return false;
    const { ports, groups, ttls, tries, routers } = this;
    for (let at = 0; at < some.length; at++) {
      const [one, other] = [some[at]!, others[at]!];
      const isAlike = ports[one] === ports[other] && groups[one] === groups[other] && ttls[one] === ttls[other] &&
        tries[one] === tries[other] && routers[one] === routers[other];
      if (!isAlike) return false;
    }
    return true;
  }

  /** Sorts rows of one host by port and technique, and removes those that a late result has replaced. */
  sortedByPort(rows: Uint32Array): Uint32Array {
    if (rows.length < 2) return rows;
    const { groups, late } = this;
    const ports = (row: number) => this.ports[row]! * MAX_TECHNIQUES + techniqueOf(groups[row]!);
    rows.sort((one, other) => ports(one) - ports(other) || late[one]! - late[other]! || one - other);
    return rows.filter((row, at) => at + 1 === rows.length || ports(rows[at + 1]!) !== ports(row));
  }
}
