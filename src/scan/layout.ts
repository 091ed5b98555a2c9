/**
 * The layout of a scan: its passes, the hosts and ports of each, and how they are divided.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { type Shard, WHOLE } from "../order/shard.ts";
import { isByHost, type Pass, passesOverPorts, techniqueOf } from "../result/pass.ts";
import type { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import {
  asksForHosts,
  type DiscoveryPlan,
  familiesIn,
  likelyProbes,
  planDiscovery,
  reportableHosts,
} from "./discovery.ts";
import { boundsOf } from "./exclusions.ts";
import { routePlanOf } from "./ipv6_parts.ts";
import type { ScanOptions } from "./options.ts";
import { absentPassOf, ofFamilies, passesIn, sendPackets, withAbsent, withDiscovery } from "./passes.ts";
import type { ScanTargets } from "./plan.ts";
import { ScanShares } from "./shares.ts";
import { checkSameScan, hashOfSpace, namesToKeep, type ScanSnapshot, sum } from "./snapshot.ts";
import { type RemainingWork, spaceBlocks, type WorkerTask } from "./worker_task.ts";

/** The parts of a snapshot that stay the same. */
type ScanIdentity = Omit<
  ScanSnapshot,
  "ipv6" | "taken" | "parts" | "undelivered" | "waiting" | "lookups" | "traces" | "done"
>;

/** The parts of a layout that follow from the targets and the routes to them. */
interface Parts {
  readonly targets: ScanTargets;
  readonly routePlan: RoutePlan;
  /** Undefined if no host is probed as a whole. */
  readonly discovery: DiscoveryPlan | undefined;
  /** The passes that workers run, in order. */
  readonly runPasses: readonly Pass[];
  /** These and the one in whose results absent hosts are, by number. */
  readonly passes: readonly Pass[];
  /** The hosts that a router may report as absent. */
  readonly reportable: Ranges;
  readonly seed: number;
  readonly shard: Shard;
  readonly blocks: WorkerTask["blocks"];
  readonly udpBlocks: WorkerTask["udpBlocks"];
  /** A hash of the space, in hexadecimal. */
  readonly spaceHash: string;
}

/** The passes of a scan, and their probes. */
export class ScanLayout {
  readonly #parts: Parts;
  readonly identity: ScanIdentity;
  /** True if workers and shards have hosts of their own. */
  readonly isByHost: boolean;
  readonly #overPorts: readonly Pass[];
  /** Of TCP, or of UDP if no port of TCP is probed. */
  readonly shares: ScanShares;
  readonly #udpShares: ScanShares | undefined;
  /** The number of the pass in whose results absent hosts are; undefined without one. */
  readonly absentPass: number | undefined;
  /** Probes of ports before the scan was divided into shards. */
  readonly wholeSize: number;
  /** Probes of ports in the shard. */
  readonly probes: number;

  /**
   * Looks up the routes and plans the passes.
   *
   * @param portPasses The passes over ports that the options ask for.
   * @param before The snapshot of a scan that is resumed.
   * @throws {CannotScanError} If there is no route, or no right that the options need.
   * @throws {UsageError} If a scan that is resumed is another one.
   */
  static async of(
    options: ScanOptions,
    targets: ScanTargets,
    portPasses: readonly Pass[],
    before: ScanSnapshot | undefined,
  ): Promise<ScanLayout> {
    const { book, space, udpSpace, ipv6, removed } = targets;
    const blocks = spaceBlocks(space);
    const udpBlocks = udpSpace && spaceBlocks(udpSpace);
    const hosts = space.hostRanges();
    // The digest is computed on another thread meanwhile.
    const hashing = hashOfSpace(udpSpace === undefined ? [space] : [space, udpSpace], ipv6?.parts);
    const routePlan = await routePlanOf({
      targets: hosts.subtract(removed.hosts),
      interfaceName: options.interface,
      sourceIp: options.sourceIp,
    }, book);
    const discovery = await discoveryOf(options, routePlan, space, portPasses);
    const overPorts = options.hostsOnly === true ? [] : ofFamilies(portPasses, familiesIn(hosts, book));
    const runPasses = withDiscovery(discovery, overPorts);
    const reportable = reportableHosts(options, routePlan, hosts);
    const hasAbsent = before === undefined
      ? reportable.size > 0
      : absentPassOf(passesIn(before.technique)) !== undefined && !options.noDiscovery && !options.pings?.length;
    const layout = new ScanLayout({
      ...{ targets, routePlan, discovery, runPasses, reportable, blocks, udpBlocks },
      passes: hasAbsent ? withAbsent(runPasses) : runPasses,
      seed: before?.seed ?? options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
      shard: options.shard ?? WHOLE,
      spaceHash: await hashing,
    });
    if (before !== undefined) checkSameScan(before, layout.identity);
    return layout;
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.identity = identityOf(parts);
    const { passes, runPasses, targets: { space, udpSpace }, seed, shard } = parts;
    this.isByHost = isByHost(runPasses);
    this.absentPass = passes === runPasses ? undefined : absentPassOf(passes)!.number;
    this.#overPorts = passesOverPorts(passes);
    const division = { seed, shard, isByHost: this.isByHost };
    this.shares = new ScanShares(space, division);
    this.#udpShares = udpSpace && new ScanShares(udpSpace, division);
    this.wholeSize = sum(this.#overPorts, (pass) => this.#spaceOf(pass).size);
    this.probes = sum(this.#overPorts, (pass) => this.#sharesOf(pass).size);
  }

  get routePlan(): RoutePlan {
    return this.#parts.routePlan;
  }

  get discovery(): DiscoveryPlan | undefined {
    return this.#parts.discovery;
  }

  get runPasses(): readonly Pass[] {
    return this.#parts.runPasses;
  }

  get passes(): readonly Pass[] {
    return this.#parts.passes;
  }

  get reportable(): Ranges {
    return this.#parts.reportable;
  }

  /** The parts of the task of every worker. */
  get task(): Pick<
    WorkerTask,
    | "blocks"
    | "udpBlocks"
    | "ipv6"
    | "probes"
    | "excludePorts"
    | "excludeHosts"
    | "seed"
    | "shard"
    | "passes"
    | "absentPass"
  > {
    const { targets: { ipv6, excluded, removed }, blocks, udpBlocks, seed, shard, runPasses } = this.#parts;
    return {
      ...{ blocks, seed, shard, passes: runPasses, absentPass: this.absentPass, probes: this.wholeSize },
      ...(udpBlocks === undefined ? {} : { udpBlocks }),
      ...(ipv6 === undefined ? {} : { ipv6: ipv6.parts }),
      excludePorts: [...excluded.ports.union(removed.ports).ranges],
      ...(removed.hosts.count === 0 ? {} : { excludeHosts: Uint32Array.from(boundsOf(removed).hosts) }),
    };
  }

  /** The probes of ports that are expected: hosts of own links may be absent. */
  get likelyProbes(): number {
    const { discovery } = this.#parts;
    return discovery === undefined
      ? this.probes
      : sum(this.#overPorts, (pass) => likelyProbes(this.#spaceOf(pass), discovery));
  }

  /** Returns the number of results that a host will have in all passes; 0 if only a part of its ports is probed here. */
  portsOf(host: number): number {
    // A scan that is divided by probe has a part of every host.
    if (!this.isByHost && this.#parts.shard.count > 1) return 0;
    return sum(this.#overPorts, (pass) => this.#spaceOf(pass).portCountOf(host));
  }

  /** Returns the number of probes of ports that each worker has, of which `remaining` is left in every pass. */
  sizes(workers: number, remaining: readonly (readonly RemainingWork[] | undefined)[]): number[] {
    const sizes = this.shares.sizes(workers);
    const udpSizes = this.#udpShares?.sizes(workers) ?? sizes;
    return sizes.map((size, index) =>
      sum(
        this.#overPorts,
        (pass) => remainingSize(isUdp(pass) ? udpSizes[index]! : size, remaining[index]?.[pass.number]),
      )
    );
  }

  #spaceOf(pass: Pass): ProbeSpace {
    const { space, udpSpace } = this.#parts.targets;
    return isUdp(pass) ? udpSpace ?? space : space;
  }

  #sharesOf(pass: Pass): ScanShares {
    return isUdp(pass) ? this.#udpShares ?? this.shares : this.shares;
  }
}

function isUdp({ proto }: Pass): boolean {
  return proto === "udp";
}

/**
 * Plans the discovery of a scan; undefined if no host is probed as a whole.
 *
 * @throws {CannotScanError} If the user asks for something that needs raw sockets, and there are none.
 */
async function discoveryOf(
  options: ScanOptions,
  routePlan: RoutePlan,
  space: ProbeSpace,
  portPasses: readonly Pass[],
): Promise<DiscoveryPlan | undefined> {
  const isRaw = canOpenRaw();
  if (!(isRaw && sendPackets(portPasses)) && !asksForHosts(options)) return undefined;
  if (isRaw) return await planDiscovery(options, routePlan, space);
  const { planSocketDiscovery } = await import("./socket_discovery.ts");
  return planSocketDiscovery(options, routePlan, space);
}

/** Returns the parts of every snapshot that identify the scan. */
function identityOf({ targets, seed, shard, passes, spaceHash }: Parts): ScanIdentity {
  const { space, udpSpace, answers, excluded, removed } = targets;
  return {
    ...{ seed, shard, size: space.size + (udpSpace?.size ?? 0), hosts: space.hostCount, space: spaceHash },
    technique: techniqueOf(passes),
    names: namesToKeep(answers),
    excluded: boundsOf(excluded),
    removed: boundsOf(removed),
  };
}

/** Returns the number of probes that remain of a worker's `size` in a pass. */
function remainingSize(size: number, remaining: RemainingWork | undefined): number {
  return remaining === undefined ? size : remaining.pending.length / 2 + Math.max(0, size - remaining.position);
}
