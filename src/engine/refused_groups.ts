// Hot path: nothing here may allocate per packet, but for the first error of a host.
/**
 * Groups of ports that ICMP errors have decided, in parallel typed arrays.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";
import { reasonCode } from "../result/reasons.ts";
import type { UnsettledRefusals } from "./silences.ts";

const NO_RESPONSE = reasonCode("no-response");
const HOST_UNREACH = reasonCode("host-unreach");
/** Groups that are kept. */
const MAX_GROUPS = 1 << 18;
/** Ports of each host that are probed again for each reason, if no other reply comes. */
export const SAMPLE = 16;
/** Of the first groups of a kind every one is sampled, then every other of as many, then one in four of twice as many, and so on. */
const FIRST_GROUPS = 512;

/** A group of which nothing is probed again. */
export const SETTLED = 0;
/** A group of which nothing is, unless others of its kind turn out to have another result. */
const SKIPPED = 1;
/** A group of which a sample is. */
export const SAMPLED = 2;
/** A group of which all ports are, until a round changes nothing. */
export const DISPUTED = 3;
/** A group of which all ports are, once: silent ones of a host of which a limit was found later, each probed often enough for it. */
export const UNPROVEN = 4;

/** Sources, kinds and hosts of groups of which a round had other results. */
interface OtherResults {
  readonly sources: ReadonlySet<number>;
  readonly kinds: ReadonlySet<number>;
  readonly hosts: ReadonlySet<number>;
}

/** Ports of one host that were refused for one reason, by the host itself or by others, or were silent. Groups are numbered from 1. */
export class RefusedGroups {
  host = new Uint32Array(16);
  from = new Uint32Array(16);
  reason = new Uint8Array(16);
  /** The next group of the same host; 0 if there is none. */
  next = new Uint32Array(16);
  /** {@linkcode SETTLED} or a number that follows. */
  mode = new Uint8Array(16);
  /** Ports whose refusal stands. */
  size = new Uint32Array(16);
  /** In the present round, ports that the round has come to, and those with another result. */
  passed = new Uint32Array(16);
  changed = new Uint32Array(16);
  count = 0;

  /** The first group of each host. */
  readonly #firstOf = new U32Map();
  /** The number of groups of each kind. */
  readonly #countOf = new Map<number, number>();

  /** True for a host that has a group. */
  has(host: number): boolean {
    return this.#firstOf.get(host) > 0;
  }

  /** Returns the group of a host's ports, which is added if need be; 0 where there are too many. */
  of(host: number, from: number, reason: number): number {
    const first = Math.max(0, this.#firstOf.get(host));
    for (let group = first; group > 0; group = this.next[group]!) {
      if (this.reason[group] === reason && (this.from[group] === host) === (from === host)) return group;
    }
    if (this.count === MAX_GROUPS) return 0;
    const group = ++this.count;
    if (group === this.host.length) growColumns(this, 2 * group);
    this.host[group] = host;
    this.from[group] = from;
    this.reason[group] = reason;
    const silentMode = from === host ? UNPROVEN : SETTLED;
    this.mode[group] = reason === NO_RESPONSE ? silentMode : this.#isSkipped(group) ? SKIPPED : SAMPLED;
    this.next[group] = first === 0 ? 0 : this.next[first]!;
    if (first === 0) this.#firstOf.add(host, group);
    else this.next[first] = group;
    return group;
  }

  /** True for a group of many of its kind. What a router reports of a single host is of no kind. */
  #isSkipped(group: number): boolean {
    if (this.from[group] !== this.host[group] && this.reason[group] === HOST_UNREACH) return false;
    const kind = this.kindOf(group);
    const before = this.#countOf.get(kind) ?? 0;
    this.#countOf.set(kind, before + 1);
    return before >= FIRST_GROUPS && before % 2 ** Math.floor(Math.log2(2 * before / FIRST_GROUPS)) !== 0;
  }

  /** True where the next port of a group is one of its sample, which is spread evenly. */
  isSampleNext(group: number): boolean {
    const [before, all] = [this.passed[group]!, this.size[group]!];
    return Math.floor((before + 1) * SAMPLE / all) > Math.floor(before * SAMPLE / all);
  }

  /** True for a group that another round probes, where groups of these sources, kinds and hosts had other results. */
  isNext(group: number, { sources, kinds, hosts }: OtherResults): boolean {
    const mode = this.mode[group]!;
    if (this.reason[group] === NO_RESPONSE) {
      return mode === SETTLED ? hosts.has(this.host[group]!) : mode === DISPUTED && this.changed[group]! > 0;
    }
    if (mode === SKIPPED) return kinds.has(this.kindOf(group));
    return mode !== SETTLED && sources.has(this.sourceOf(group));
  }

  /** Returns a number for the sender of a group's errors and their reason. */
  sourceOf(group: number): number {
    return this.from[group]! * 0x100 + this.reason[group]!;
  }

  /** Returns a number for groups that are alike: of one router, or of hosts that refuse by themselves. */
  kindOf(group: number): number {
    return this.from[group] === this.host[group] ? this.reason[group]! : this.sourceOf(group);
  }

  /** Returns a group as it is reported. */
  at(group: number): UnsettledRefusals {
    const { host, from, reason, size } = this;
    return { host: host[group]!, from: from[group]! || host[group]!, reason: reason[group]!, ports: size[group]! };
  }
}
