/**
 * The probes of each pass of a worker. Where hosts are discovered first, the worker has a share of the hosts, and the space of a later
 * pass is that share without the hosts that were not found: a pure function of the task and of what the passes before have found.
 *
 * @module
 */

import { TypedVector } from "../collections/typed_vector.ts";
import { WHOLE } from "../order/shard.ts";
import {
  hostAt,
  OF_LINKS,
  reasonAt,
  ResultBatcher,
  type ResultColumns,
  ROW_LEN,
  setMac,
  stateAt,
} from "../result/batch.ts";
import { isByHost, type Pass, probeNames, probesHosts } from "../result/pass.ts";
import { reasonCode } from "../result/reasons.ts";
import { ABSENT, SILENT, UNDECIDED, UP } from "../result/states.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import { ProbeSpace } from "../target/space.ts";
import { packetTechnique } from "../technique/techniques.ts";
import { boundsOf, within } from "./discovery.ts";
import { hostShare, restricted } from "./shares.ts";
import { sendsPackets } from "./passes.ts";
import type { PassSource } from "./pass_run.ts";
import { ShardProbeSource, type SpacesInOrder } from "./probe_source.ts";
import { type Found, spaceOf, type WorkerTask } from "./worker_task.ts";

const PROXY_ARP = reasonCode("proxy-arp");
const LOCALHOST_RESPONSE = reasonCode("localhost-response");

/** The largest number of a host. */
const LAST_HOST = 0xffff_ffff;
/** The protocol of passes with ports of their own. */
const UDP = "udp";
/** Before the address family, in the keys of their spaces. */
const UDP_LEFT = 16;

const NO_PORTS = new ProbeSpace({ targets: [], defaultPorts: PortSet.EMPTY });

/** Results of hosts by state. A host may be in several lists: of the states of one host the best counts. */
class FoundHosts {
  readonly #lists = [UP, ABSENT, SILENT, UNDECIDED].map(() => new TypedVector(new Uint32Array(16)));
  readonly #distrusted = new Set<number>();
  #before: Found | undefined;

  constructor(before: Found | undefined) {
    this.#before = before;
  }

  add(host: number, state: number): void {
    this.#lists[LISTS[state]!]!.push(host);
  }

  /** Notes that the reply of a host proves nothing. */
  distrust(host: number): void {
    this.#lists[LISTS[UNDECIDED]!]!.push(host);
    this.#distrusted.add(host);
  }

  /** Returns the hosts by the best of their states. */
  get found(): Found {
    const distrusted = Ranges.ofMembers(Uint32Array.from(this.#distrusted).sort());
    const up = this.#union(0, this.#before?.up).subtract(distrusted);
    const absent = this.#union(1, this.#before?.absent).subtract(up);
    const silent = this.#union(2, this.#before?.silent).subtract(up).subtract(absent);
    const undecided = this.#union(3, this.#before?.undecided).subtract(up).subtract(absent).subtract(silent);
    return { up: boundsOf(up), absent: boundsOf(absent), silent: boundsOf(silent), undecided: boundsOf(undecided) };
  }

  #union(list: number, before: Uint32Array<ArrayBuffer> | undefined): Ranges {
    const hosts = this.#lists[list]!;
    const builder = new RangesBuilder();
    if (before !== undefined) builder.addAll(Ranges.fromSortedBounds(before));
    for (let i = 0; i < hosts.length; i++) builder.add(hosts.at(i), hosts.at(i));
    return builder.build();
  }
}

/** True if passes send packets of one address family each, and not all of the same. */
function isMixed(passes: readonly Pass[]): boolean {
  return new Set(passes.map(({ family }) => family)).size > 1;
}

/** The list of each state. */
const LISTS: readonly number[] = [0, 1, 2, 3, 3, 3, 3];

/** The probes of the passes of one worker. */
export class PassSpaces {
  /** The hosts that it probes in any pass. */
  readonly hosts: Ranges;
  readonly #task: WorkerTask;
  readonly #space: ProbeSpace;
  /** The ports of passes over UDP. */
  readonly #udpSpace: ProbeSpace;
  readonly #found: FoundHosts;
  /** True if all passes over hosts had ended before the scan was resumed: what is probed again changes no space. */
  readonly #isFixed: boolean;
  readonly #isByHost: boolean;
  /** True if passes are over hosts of one address family each. */
  readonly #isMixed: boolean;
  /** The spaces of passes over ports of each address family, or of both (0), once the first of them has begun. */
  readonly #left = new Map<number, { readonly whole: number; readonly spaces: SpacesInOrder }>();

  constructor(task: WorkerTask) {
    this.#task = task;
    const { shard, passes, remaining, udpBlocks } = task;
    const isUdpAlone = udpBlocks === undefined && passes.some(({ proto }) => proto === UDP);
    const whole = spaceOf(task.blocks, isUdpAlone ? UDP : "tcp");
    this.#isByHost = isByHost(passes);
    this.hosts = this.#isByHost ? hostShare(whole.hostRanges(), shard) : whole.hostRanges();
    const own = (space: ProbeSpace) => this.#isByHost && shard.count > 1 ? restricted(space, this.hosts) : space;
    this.#space = own(whole);
    this.#udpSpace = udpBlocks === undefined ? this.#space : own(spaceOf(udpBlocks, UDP));
    this.#isMixed = isMixed(passes);
    const work = passes.filter(probesHosts).map(({ number }) => remaining?.[number]);
    this.#found = new FoundHosts(work.find((each) => each?.found !== undefined)?.found);
    this.#isFixed = work.length > 0 && work.every((each) => each !== undefined && each.position > whole.size);
  }

  /** Findings of passes over hosts; undefined if there are none. */
  get found(): Found | undefined {
    return this.#task.discovery === undefined ? undefined : this.#found.found;
  }

  /** The hosts that are known not to be on their links. */
  get absent(): Ranges {
    return Ranges.fromSortedBounds(this.#found.found.absent);
  }

  /** Returns the number of ports that a pass over ports does not probe, because their hosts were not found. */
  cutOf(pass: Pass): number {
    if (probesHosts(pass)) return 0;
    const { whole, spaces: [first, silent] } = this.#leftOf(pass);
    return whole - first.size - silent.size;
  }

  /** Returns the probes of a pass, which begins now. */
  sourceOf(pass: Pass): PassSource {
    const { seed, shard, excludePorts, excludeHosts } = this.#task;
    const remaining = this.#task.remaining?.[pass.number];
    if (probesHosts(pass)) {
      const order = { seed, shard: WHOLE, excludePorts: [], excludeHosts, passes: 1 };
      return new ShardProbeSource([this.#hostSpace(pass), NO_PORTS], order, remaining);
    }
    const order = { seed, shard: this.#isByHost ? WHOLE : shard, excludePorts, excludeHosts };
    const passes = this.#passesLike(pass);
    return new ShardProbeSource(this.#leftOf(pass).spaces, { ...order, passes }, remaining);
  }

  /** Returns the number of passes that probe the hosts of a pass: a reply in any of them shows that a host is up. */
  #passesLike(pass: Pass): number {
    const { passes } = this.#task;
    if (!this.#isMixed || !sendsPackets(pass)) return passes.length;
    const family = (each: Pass) => each.family ?? 4;
    return passes.filter((other) => !sendsPackets(other) || family(other) === family(pass)).length;
  }

  #leftOf(pass: Pass): { readonly whole: number; readonly spaces: SpacesInOrder } {
    const family = this.#isMixed && sendsPackets(pass) ? pass.family ?? 4 : 0;
    const key = pass.proto === UDP ? UDP_LEFT + family : family;
    let left = this.#left.get(key);
    if (left === undefined) {
      const all = pass.proto === UDP ? this.#udpSpace : this.#space;
      const space = family === 0 ? all : restricted(all, this.#familyOf(pass));
      this.#left.set(key, left = { whole: space.size, spaces: this.#portSpaces(space) });
    }
    return left;
  }

  /** Returns the hosts that are of the address family of a pass. */
  #familyOf(pass: Pass): Ranges {
    if (!this.#isMixed || !sendsPackets(pass)) return this.hosts;
    const ofIpv6 = within(this.hosts, Ranges.of(this.#task.ipv6!.numbers[0]!, LAST_HOST));
    return pass.family === 6 ? ofIpv6 : this.hosts.subtract(ofIpv6);
  }

  /**
   * Takes a batch of results of a pass before it is passed on, and completes it.
   *
   * @param macOf Returns the hardware address of a host.
   */
  take(rows: ResultColumns, pass: Pass, macOf: (host: number) => number): void {
    if (!probesHosts(pass)) return;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      if (!this.#isFixed) this.#found.add(host, stateAt(rows, at));
      if (OF_LINKS.includes(reasonAt(rows, at))) setMac(rows, at, macOf(host));
    }
  }

  /**
   * Gives results for hosts that are not known to be there, because their station replies for every address, in place of those of ARP.
   *
   * @returns The hosts.
   */
  giveProxied(
    isProxied: (host: number) => boolean,
    macOf: (host: number) => number,
    give: (rows: ResultColumns) => void,
  ): number[] {
    const batcher = new ResultBatcher((rows) => {
      for (let at = 0; at < rows.length; at += ROW_LEN) setMac(rows, at, macOf(hostAt(rows, at)));
      give(rows);
    });
    const proxied: number[] = [];
    for (const [first, last] of Ranges.fromSortedBounds(this.#found.found.up)) {
      for (let host = first; host <= last; host++) {
        if (!isProxied(host)) continue;
        proxied.push(host);
        this.#found.distrust(host);
        batcher.result(host, 0, UNDECIDED, PROXY_ARP, 0, -1, 0, host, -1, 0);
      }
    }
    batcher.flush();
    return proxied;
  }

  /** Gives the addresses of this machine as results of a pass over hosts. */
  giveOwn(give: (rows: ResultColumns) => void): void {
    const { discovery } = this.#task;
    if (discovery === undefined) return;
    const batcher = new ResultBatcher(give);
    for (const [first, last] of within(Ranges.fromSortedBounds(discovery.own), this.hosts)) {
      for (let host = first; host <= last; host++) {
        this.#found.add(host, UP);
        batcher.result(host, 0, UP, LOCALHOST_RESPONSE, 0, -1, 0, host, -1, 0);
      }
    }
    batcher.flush();
  }

  #hostSpace(pass: Pass): ProbeSpace {
    const { technique } = pass;
    const { links, pinged } = this.#task.discovery!;
    const isOfLinks = packetTechnique(technique)?.ethertype !== undefined;
    let hosts = within(Ranges.fromSortedBounds(isOfLinks ? links : pinged), this.#familyOf(pass));
    // Where nothing replies to ARP there is nothing to ping.
    if (!isOfLinks) hosts = hosts.subtract(Ranges.fromSortedBounds(this.#found.found.absent));
    const ports = PortSet.of(probeNames(technique).map((_, what) => what));
    return new ProbeSpace({ targets: [{ hosts, ports }], defaultPorts: PortSet.EMPTY });
  }

  /** Returns the ports of hosts that are probed first, and those of hosts that have been silent. */
  #portSpaces(space: ProbeSpace): SpacesInOrder {
    const { discovery } = this.#task;
    if (discovery?.skips !== true) return [space, NO_PORTS];
    const found = this.#found.found;
    const absent = Ranges.fromSortedBounds(found.absent);
    const silent = within(Ranges.fromSortedBounds(discovery.pinged), Ranges.fromSortedBounds(found.silent));
    const first = restricted(space, this.hosts.subtract(absent).subtract(silent));
    return [first, discovery.needsReply ? NO_PORTS : restricted(space, silent)];
  }
}
