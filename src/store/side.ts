/**
 * One side of a comparison: a scan, or the shards of one that were scanned apart, taken together.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { type HostKey, hostKey, hostText } from "./key.ts";
import { StoredNames } from "./names.ts";
import type { ScanRecord } from "./records.ts";
import { isHostKey } from "./validate.ts";

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
  const texts = subtract(addressRangesIn(one.excluded), addressRangesIn(other.excluded)).map(rangeText);
  const { excludedPorts } = one;
  if (excludedPorts !== other.excludedPorts && excludedPorts) texts.push(`port ${excludedPorts}`);
  return texts.join(", ");
}

/** Neighbouring addresses of one family and zone, from the first to the last. */
interface AddressRange {
  /** `4`, or `6` and the zone. */
  readonly space: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** An address with its zone, or the first and last of a range with theirs. Names of interfaces may have hyphens. */
const ITEM = /^([\da-f.:]+?)(?:%(.+?))?(?:-([\da-f]*[.:][\da-f.:]*)(?:%.+)?)?$/;

/** Reads ranges of addresses, without what is none. */
function addressRangesIn(text: string): AddressRange[] {
  return text.split(",").flatMap((item) => {
    const [, first = "", zone = "", last = first] = ITEM.exec(item) ?? [];
    const [from, to] = [hostKey(first), hostKey(last)];
    if (!isHostKey(from) || !isHostKey(to)) return [];
    return [{ space: typeof from === "number" ? "4" : `6${zone}`, first: numberOf(from), last: numberOf(to) }];
  });
}

function numberOf(key: HostKey): bigint {
  return BigInt(typeof key === "number" ? key : `0x${key.replaceAll(":", "")}`);
}

function rangeText({ space, first, last }: AddressRange): string {
  const text = (address: bigint) => {
    if (space === "4") return hostText(Number(address));
    const groups = address.toString(16).padStart(32, "0").match(/.{4}/g)!.join(":");
    return hostText(space === "6" ? groups : `${groups}%${space.slice(1)}`);
  };
  return first === last ? text(first) : `${text(first)}-${text(last)}`;
}

/** Returns the parts of some ranges that are in no other. Both are in order. */
function subtract(ranges: readonly AddressRange[], others: readonly AddressRange[]): AddressRange[] {
  const bySpace = Map.groupBy(others, ({ space }) => space);
  const left: AddressRange[] = [];
  for (const [space, own] of Map.groupBy(ranges, ({ space }) => space)) {
    const cuts = bySpace.get(space) ?? [];
    let next = 0;
    for (const range of own) {
      let { first } = range;
      while (next < cuts.length && cuts[next]!.last < first) next++;
      for (let at = next; at < cuts.length && cuts[at]!.first <= range.last; at++) {
        if (cuts[at]!.first > first) left.push({ space, first, last: cuts[at]!.first - 1n });
        first = cuts[at]!.last + 1n;
      }
      if (first <= range.last) left.push({ ...range, first });
    }
  }
  return left;
}
