/**
 * Reads the results so far of a shard that is not finished, from its checkpoint and journal.
 *
 * @module
 */
import { isByHost, type Pass, passesOverPorts, shownTechnique, techniquesOfPort } from "../../result/pass.ts";
import { decidedIn } from "../../result/summary.ts";
import { passesIn, passesThatRun } from "../../scan/passes.ts";
import { resultsIn } from "../../scan/service_names.ts";
import { doneBefore, hostsOfShard, type ScanSnapshot, sum } from "../../scan/snapshot.ts";
import { summarize } from "../../scan/summarize.ts";
import { IPV4_BOOK } from "../../target/address_book.ts";
import { addressText, keptBook } from "../../target/ipv6_book.ts";
import { parsePorts, type PortProtocol } from "../../target/ports.ts";
import { Ranges } from "../../target/ranges.ts";
import { commonOptions } from "../args/flags.ts";
import { resultsOf, resumeCommand } from "../checkpoint_writer.ts";
import type { Opened } from "../commands/resume.ts";
import { cannotMerge, type Shard, ShardNames } from "./shard.ts";

/**
 * Returns the shard of a checkpoint, whose journal stays open.
 *
 * @throws {UsageError} If its scan has not begun.
 */
export function readCheckpointShard(path: string, { checkpoint, journal }: Opened): Shard {
  const remedy = resumeCommand(path);
  const { args, given, operands, startedAtMs } = checkpoint;
  const rest = checkpoint.rest as ScanSnapshot | null;
  if (rest === null) throw cannotMerge(path, `its scan has not begun. To go on: ${remedy}`);
  const book = rest.ipv6 === undefined ? IPV4_BOOK : keptBook(rest.ipv6);
  if (book === undefined) throw cannotMerge(path, `its hosts of IPv6 are too many. To finish it first: ${remedy}`);
  const passes = passesIn(rest.technique);
  const overPorts = passesOverPorts(passes);
  const done = { ...rest.done, shapes: journal.shapes };
  const by = isByHost(passesThatRun(passes)) ? "host" : "probe";
  const probes = sum(done.byState, (count) => count) + sum(rest.undelivered, ({ rows }) => rows.length);
  const summary = summarize(
    { addresses: book, probes, technique: rest.technique, transport: "", workers: rest.parts.length },
    [],
    [doneBefore({ ...rest, done }, passes)],
    {
      ...{
        hosts: by === "host" ? hostsOfShard(rest) : rest.hosts ?? 0,
        elapsedMs: done.elapsedMs,
        hostnames: [],
        traces: [],
        aliased: [],
        sizes: [],
        warnings: [],
        isComplete: false,
      },
    },
  );
  const decided = decidedIn(summary);
  const found = rest.parts.map((parts) => parts.findLast((part) => part.found !== undefined)?.found);
  const hostsIn = (state: "absent" | "silent" | "undecided") =>
    sum(found, (each) => each === undefined ? 0 : Ranges.fromSortedBounds(Uint32Array.from(each[state])).size);
  const names = namesByAddress(rest);
  return {
    ...{ path, args, startedAtMs, remedy, names, book, version: checkpoint.version },
    share: {
      ...{ key: rest.space, seed: rest.seed, ...rest.shard },
      ...{ by, hosts: rest.hosts ?? 0, probes: rest.size * techniquesOfPort(overPorts) },
    },
    technique: shownTechnique(passes),
    options: commonOptions(given),
    detectsServices: given.some(({ name }) => /^--(services$|version-|allports$)/.test(name)),
    targets: operands.join(" "),
    ...portsByProtocol(given.find(({ name }) => name === "--ports")?.value, overPorts),
    ...{ hosts: 0, probes: decided, vendors: new Map(), results: new Set(), addresses: new Set() },
    summary: {
      ...summary,
      ...{ probes: decided, undecided: 0, warnings: [], ended: "interrupted" },
      ...{ hostsAbsent: hostsIn("absent"), hostsSilent: hostsIn("silent"), hostsUndecided: hostsIn("undecided") },
    },
    *batches() {
      const own = new ShardNames(names, "");
      yield* resultsOf(journal, { passes, addresses: book, names: own });
      for (const { pass, rows } of rest.undelivered) {
        yield { batch: resultsIn(Uint32Array.from(rows), passes[pass]!, book, own), timeMs: startedAtMs };
      }
    },
  };
}

/** Returns ports as they were typed; where passes are over TCP and UDP, those of each. */
function portsByProtocol(typed: string | undefined, passes: readonly Pass[]): Pick<Shard, "ports" | "udpPorts"> {
  const protocols = [...new Set(passes.map(({ proto }) => proto as PortProtocol))];
  if (typed === undefined || protocols.length < 2) return { ports: typed, udpPorts: undefined };
  const of = (protocol: PortProtocol) => parsePorts(typed, { protocols, protocol }).toString();
  return { ports: of("tcp"), udpPorts: of("udp") };
}

/** Returns the target names of hosts; a checkpoint has the addresses of names. */
function namesByAddress({ names }: ScanSnapshot): Map<string, string[]> {
  const byAddress = new Map<string, string[]>();
  for (const [name, addresses] of names) {
    for (const address of addresses) {
      const ip = typeof address === "number" ? IPV4_BOOK.text(address) : addressText(BigInt(address));
      byAddress.set(ip, [...byAddress.get(ip) ?? [], name]);
    }
  }
  return byAddress;
}
