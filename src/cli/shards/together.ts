/**
 * Checks that files hold shards of one scan, each once, and finds those that are missing.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { grouped } from "../../base/text.ts";
import { doubleIn } from "./port_keys.ts";
import { cannotMerge, type Shard } from "./shard.ts";

/** Missing shards that are named one by one. */
const MAX_NAMED = 16;

/** The facts that all shards of a scan share, each with the text of a difference. */
const COMMON: readonly (readonly [of: (shard: Shard) => unknown, what: string, remedy: string])[] = [
  [({ version }) => version, "version of synscan", "Use one version for all shards"],
  [({ share }) => share.key, "key: their targets or ports differ", "Name shards of one scan"],
  [({ share }) => share.seed, "seed", "Give every shard the same --seed"],
  [({ share }) => share.count, "number of shards", "Divide the scan in one way"],
  [
    ({ share }) => share.by,
    "division: where hosts are discovered first, hosts are divided",
    "Scan from one network, or with -Pn -sT",
  ],
  [({ technique }) => technique, "technique", "Scan every shard with the same"],
  [({ options }) => options.join(" "), "options", "Scan every shard with the same"],
  [({ share }) => share.probes, "number of ports of the whole scan", "Name shards of one scan"],
];

/** Shards that are missing. */
export interface MissingShards {
  /** Their number. */
  readonly count: number;
  /** The indices of the first of them. */
  readonly first: readonly number[];
}

/**
 * Checks that shards belong to one scan and are disjoint.
 *
 * @throws {UsageError} If they do not; the message names the files and the difference.
 */
export function checkTogether(shards: readonly Shard[]): void {
  const [first, ...others] = shards as [Shard, ...Shard[]];
  for (const other of others) {
    for (const [of, what, remedy] of COMMON) {
      const [one, two] = [of(first), of(other)];
      if (one === two || one === undefined || two === undefined) continue;
      throw notTogether(first, other, `they differ in ${what} (${shown(one)} and ${shown(two)}). ${remedy}`);
    }
  }
  const byIndex = new Map<number, Shard>();
  for (const shard of shards) {
    const { index, count } = shard.share;
    const other = byIndex.get(index);
    if (other !== undefined) throw notTogether(other, shard, `both are shard ${index}/${count}. Name each shard once`);
    byIndex.set(index, shard);
  }
  const byHost = new Map<string, Shard>();
  for (const shard of shards) {
    for (const ip of shard.results) {
      const other = byHost.get(ip);
      if (other !== undefined) {
        throw notTogether(other, shard, `both have results of ${ip}. One is damaged: scan it again`);
      }
      byHost.set(ip, shard);
    }
  }
  const port = doubleIn(shards.flatMap(({ portKeys }) => portKeys?.keys ?? []));
  if (port !== undefined) {
    const having = (shard: Shard) => shard.portKeys?.linesOf(port)[0];
    const [one, two] = shards.filter((shard) => having(shard) !== undefined) as [Shard, Shard];
    const lines = `lines ${having(one)} and ${having(two)}`;
    throw notTogether(one, two, `both have a result of one port, in ${lines}. One is damaged: scan it again`);
  }
  const hosts = new Set(shards.flatMap(({ addresses }) => [...addresses])).size;
  if (hosts > first.share.hosts) {
    const paths = shards.map(({ path }) => path).join(" ");
    const wrong = `they have results of ${grouped(hosts)} hosts, and the scan has ${grouped(first.share.hosts)}`;
    throw cannotMerge(paths, `${wrong}. One is damaged: restore it from a copy`);
  }
}

function notTogether(one: Shard, other: Shard, why: string): UsageError {
  return new UsageError(`Cannot merge ${quote(one.path)} with ${quote(other.path)}: ${why}`);
}

function shown(value: unknown): string {
  const text = String(value);
  if (text === "") return "none";
  return /^[\da-f]{64}$/.test(text) ? text.slice(0, 12) : text.replaceAll(/[^\x20-\x7e]/g, "?");
}

/**
 * Returns the shards that are missing.
 *
 * @throws {UsageError} If none is, but they are not the whole scan.
 */
export function missingShards(shards: readonly Shard[]): MissingShards {
  const [{ share: { count, by, hosts, probes } }] = shards as [Shard];
  const found = new Set(shards.map(({ share }) => share.index));
  const missing = count - found.size;
  const first: number[] = [];
  for (let index = 1; index <= count && first.length < Math.min(missing, MAX_NAMED); index++) {
    if (!found.has(index)) first.push(index);
  }
  if (missing === 0 && shards.every(({ remedy }) => remedy === undefined)) {
    const sum = (of: (shard: Shard) => number) => shards.reduce((all, shard) => all + of(shard), 0);
    const [ports, all] = [sum((shard) => shard.probes), sum((shard) => shard.hosts)];
    if (ports !== probes || by === "host" && all !== hosts) {
      const wrong =
        `their ${grouped(ports)} ports of ${grouped(all)} hosts are not the ${grouped(probes)} ports of ${
          grouped(hosts)
        } ` +
        "hosts of the scan, so that one is damaged. Restore it from a copy";
      throw cannotMerge(shards.map(({ path }) => path).join(" "), wrong);
    }
  }
  return { count: missing, first };
}
