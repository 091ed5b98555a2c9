/**
 * One side of a comparison: a scan, or the shards of one that were scanned apart, taken together.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { Ranges } from "../target/ranges.ts";
import { hostKey, hostText } from "./key.ts";
import { StoredNames } from "./names.ts";
import type { ScanRecord } from "./records.ts";

/** One side of a comparison. */
export class Side {
  /** Its scans, the first one first; the last has its name. */
  readonly records: readonly ScanRecord[];

  constructor(records: readonly ScanRecord[]) {
    this.records = records;
  }

  get last(): ScanRecord {
    return this.records.at(-1)!;
  }

  /** The numbers of its scans. */
  get ids(): number[] {
    return this.records.map(({ id }) => id);
  }

  /** Its name: `7`, or `7+8`. */
  get label(): string {
    return this.ids.join("+");
  }

  /** The names of hosts by reverse DNS, by address. */
  get hostnames(): ReadonlyMap<string, string> {
    return new Map(this.records.flatMap(({ summary }) => summary?.hostnames.map(({ ip, name }) => [ip, name]) ?? []));
  }
}

/** A name that has other addresses than it had. */
export interface Moved {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Returns the names that both sides asked for and that have other addresses now. */
export function movedNames(db: DatabaseSync, before: Side, after: Side): Moved[] {
  const now = new StoredNames(db, ...after.ids).addresses();
  return [...new StoredNames(db, ...before.ids).addresses()].flatMap(([key, { ips }]) => {
    const found = now.get(key);
    if (found === undefined || ips.symmetricDifference(found.ips).size === 0) return [];
    return [{ name: found.name, before: [...ips], after: [...found.ips] }];
  });
}

/** A host that has another name by reverse DNS than it had. */
export interface Renamed {
  readonly ip: string;
  readonly before: string;
  readonly after: string;
}

/** Returns the hosts of which both sides know a name, and not the same. */
export function renamedHosts(before: Side, after: Side): Renamed[] {
  const now = after.hostnames;
  return [...before.hostnames].flatMap(([ip, name]) => {
    const found = now.get(ip);
    return found === undefined || found === name ? [] : [{ ip, before: name, after: found }];
  });
}

/** Returns hosts and ports that one side excluded and the other did not, as text; empty if they are not known, or none. */
export function excludedBy({ last: one }: Side, { last: other }: Side): string {
  if (one.excluded === null || other.excluded === null) return "";
  const hosts = rangesIn(one.excluded).subtract(rangesIn(other.excluded));
  const texts = Array.from({ length: hosts.count }, (_, i) => {
    const [first, last] = [hosts.firstOf(i), hosts.lastOf(i)].map(hostText);
    return first === last ? first : `${first}-${last}`;
  });
  const { excludedPorts } = one;
  if (excludedPorts !== other.excludedPorts && excludedPorts) texts.push(`port ${excludedPorts}`);
  return texts.join(", ");
}

function rangesIn(excluded: string): Ranges {
  const items = excluded === "" ? [] : excluded.split(",");
  return Ranges.from(items.map((item) => {
    const [first = "", last = first] = item.split("-");
    return [Number(hostKey(first)), Number(hostKey(last))];
  }));
}
