/**
 * One side of a comparison: a scan, or the shards of one that were scanned apart, taken together.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { HostCursor } from "./host_cursor.ts";
import { hostText, ipv4Key } from "./key.ts";
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

  /** Its name: `7`, or `7+8`. */
  get label(): string {
    return this.records.map(({ id }) => id).join("+");
  }

  /** Its hosts. */
  hosts(db: DatabaseSync): HostCursor {
    return new HostCursor(db, this.records.map(({ id }) => id));
  }

  /** The names by which it asked for a host. */
  names(db: DatabaseSync): SideNames {
    return new SideNames(this.records.map(({ id }) => new StoredNames(db, id)));
  }

  /** Hosts and ports that were excluded, as the bounds of ranges; undefined where that is not known. */
  get excluded(): { readonly hosts: readonly (readonly [number, number])[]; readonly ports: string } | undefined {
    const { excluded, excludedPorts } = this.last;
    if (excluded === undefined || excludedPorts === undefined) return undefined;
    const hosts = excluded === "" ? [] : excluded.split(",").map((item): readonly [number, number] => {
      const [first = "", last = first] = item.split("-");
      return [ipv4Key(first) ?? 0, ipv4Key(last) ?? 0];
    });
    return { hosts, ports: excludedPorts };
  }
}

/** The names of one side. */
class SideNames {
  readonly #names: readonly StoredNames[];

  constructor(names: readonly StoredNames[]) {
    this.#names = names;
  }

  of(ip: string): string[] {
    return [...new Set(this.#names.flatMap((names) => [...names.of(ip)]))];
  }

  /** The addresses of each name, by the name in lower case. */
  addresses(): Map<string, { readonly name: string; readonly ips: readonly string[] }> {
    const found = new Map<string, { readonly name: string; readonly ips: readonly string[] }>();
    for (const names of this.#names) {
      for (const [key, { name, ips }] of names.addresses()) {
        found.set(key, { name, ips: [...new Set([...found.get(key)?.ips ?? [], ...ips])] });
      }
    }
    return found;
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
  const now = after.names(db).addresses();
  const moved: Moved[] = [];
  for (const [key, { ips }] of before.names(db).addresses()) {
    const found = now.get(key);
    if (found === undefined) continue;
    const [gone, come] = [ips.filter((ip) => !found.ips.includes(ip)), found.ips.filter((ip) => !ips.includes(ip))];
    if (gone.length + come.length > 0) moved.push({ name: found.name, before: ips, after: found.ips });
  }
  return moved;
}

/** Returns hosts and ports that one side excluded and the other did not, as text; undefined if they are not known, or none. */
export function excludedBy(one: Side, other: Side): string | undefined {
  const [own, theirs] = [one.excluded, other.excluded];
  if (own === undefined || theirs === undefined) return undefined;
  const hosts = without(own.hosts, theirs.hosts).map(([first, last]) =>
    first === last ? hostText(first) : `${hostText(first)}-${hostText(last)}`
  );
  const ports = own.ports === theirs.ports || own.ports === "" ? [] : [`port ${own.ports}`];
  return [...hosts, ...ports].join(", ") || undefined;
}

/** Ranges without others; both ascending. */
function without(
  ranges: readonly (readonly [number, number])[],
  others: readonly (readonly [number, number])[],
): (readonly [number, number])[] {
  let left = [...ranges];
  for (const [from, to] of others) {
    left = left.flatMap(([first, last]): (readonly [number, number])[] => {
      if (to < first || from > last) return [[first, last]];
      return [...first < from ? [[first, from - 1] as const] : [], ...last > to ? [[to + 1, last] as const] : []];
    });
  }
  return left;
}
