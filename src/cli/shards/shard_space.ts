/**
 * The hosts and ports of a shard, from the first line of its results: a file may have results of no others.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { type Pass, passesOverPorts } from "../../result/pass.ts";
import type { ScanShare } from "../../result/share.ts";
import { passesIn } from "../../scan/passes.ts";
import { hostShare, shardOrders } from "../../scan/shares.ts";
import { hashOfSpace } from "../../scan/snapshot.ts";
import { IPV4_BOOK, NO_HOST } from "../../target/address_book.ts";
import { readIpv6 } from "../../target/ipv6_syntax.ts";
import { parseExclusions, parseTargets } from "../../target/parse.ts";
import { portTiers } from "../../target/port_tiers.ts";
import { parsePorts, type PortProtocol, PortSet } from "../../target/ports.ts";
import { Ranges } from "../../target/ranges.ts";
import { type Ipv6HostPorts, reservedAddresses, resolveExclusions, resolveTargets } from "../../target/resolve.ts";
import { ProbeSpace } from "../../target/space.ts";
import { readArguments } from "../args/parse.ts";

const UDP = "udp";

/** A shard, and the scan that it is of, as a first line states them. */
interface StatedShard {
  readonly args: readonly string[];
  readonly technique: string;
  readonly targets?: string;
  readonly ports?: string;
  readonly udp_ports?: string;
  readonly key: string;
  readonly seed: number;
  readonly shard: Pick<ScanShare, "index" | "count" | "by">;
}

/** The ports of one protocol. */
interface PortsOfScan {
  /** Those of any host; undefined if the first line does not state them. */
  readonly ports: PortSet | undefined;
  /** Those of each host, and the order that is divided, if they are known. */
  readonly space?: ProbeSpace;
  readonly order?: { readonly has: (index: number) => boolean } | undefined;
}

/**
 * The hosts and ports of a shard. They are known exactly if its targets are addresses of IPv4 on the command line: a space that is made of
 * them and has the key of the scan is that of the scan. Otherwise the ports are known, and the targets of both families that were typed;
 * of targets with names, from files or from the history no host is.
 */
export class ShardSpace {
  /** The techniques over ports. */
  readonly passes: readonly Pass[];
  readonly #shard: StatedShard["shard"];
  readonly #byProtocol = new Map<string, PortsOfScan>();
  /** The IPv4 hosts of the whole scan; undefined if they are not known. */
  #hosts: Ranges | undefined;
  /** Those of the shard. */
  #own: Ranges | undefined;
  /** Returns true for an IPv6 host of the whole scan; undefined if they are not known. */
  #hasIpv6: ((ip: string) => boolean) | undefined;

  private constructor({ technique, shard, ports, udp_ports }: StatedShard) {
    this.passes = passesOverPorts(passesIn(technique));
    this.#shard = shard;
    for (const { proto } of this.passes) {
      const text = proto === UDP ? udp_ports ?? ports : ports;
      this.#byProtocol.set(proto, { ports: text === undefined ? undefined : parsePorts(text) });
    }
  }

  /**
   * Returns the space of a shard.
   *
   * @throws {UsageError} If its ports are none.
   */
  static async of(stated: StatedShard): Promise<ShardSpace> {
    const space = new ShardSpace(stated);
    await space.#findHosts(stated);
    return space;
  }

  async #findHosts(stated: StatedShard): Promise<void> {
    const typed = await typedTargets(stated);
    if (typed === undefined) return;
    this.#hasIpv6 = typed.hasIpv6;
    this.#hosts = this.#own = typed.targets.reduce((all, { hosts }) => all.union(hosts), Ranges.EMPTY);
    const spaces = Array.from(this.#byProtocol, ([proto, { ports = PortSet.EMPTY }]) => {
      const tiers = portTiers(proto as PortProtocol);
      return { proto, ports, space: new ProbeSpace({ ...typed, defaultPorts: ports, tiers }) };
    }).sort((one, other) => Number(one.proto === UDP) - Number(other.proto === UDP));
    // Of hosts alone without ports.
    if (spaces.length === 0) return;
    if (await hashOfSpace(spaces.map(({ space }) => space)) !== stated.key) return;
    this.#hosts = spaces[0]!.space.hostRanges();
    const { by, ...shard } = this.#shard;
    this.#own = by === "host" ? hostShare(this.#hosts, shard) : this.#hosts;
    for (const { proto, ports, space } of spaces) {
      const [order] = by === "host" ? [] : shardOrders(space.tierSizes, { seed: stated.seed, shard }, 1);
      this.#byProtocol.set(proto, { ports, space, order });
    }
  }

  /** Returns why the shard has no result of a host; undefined if it may have. */
  whyNotHost(ip: string): string | undefined {
    if (ip.includes(":")) return this.#hasIpv6?.(ip) === false ? `${ip} is none of the targets` : undefined;
    const host = IPV4_BOOK.hostOf(ip);
    if (host === NO_HOST || this.#own === undefined || this.#own.has(host)) return undefined;
    return `${ip} is ${this.#hosts!.has(host) ? this.#ofAnother() : "none of the targets"}`;
  }

  /** Returns why the shard has no result of a port, of a technique by its place in {@linkcode passes}; undefined if it may have. */
  whyNotPort(ip: string, pass: number, port: number): string | undefined {
    const { ports, space, order } = this.#byProtocol.get(this.passes[pass]!.proto)!;
    const why = this.whyNotHost(ip);
    if (why !== undefined) return why;
    const index = space?.indexOf(IPV4_BOOK.hostOf(ip), port);
    if (index === undefined ? ports?.has(port) === false : index < 0) {
      return `port ${port} of ${ip} is none of the ports`;
    }
    return order?.has(index!) === false ? `port ${port} of ${ip} is ${this.#ofAnother()}` : undefined;
  }

  #ofAnother(): string {
    return `in another shard than ${this.#shard.index}/${this.#shard.count}`;
  }
}

/** Returns the targets of a command line, and its exclusions; undefined where names, files or the history have some of them. */
async function typedTargets({ targets, args }: StatedShard) {
  if (targets === undefined || targets.trim() === "" || /(?:^|\s)(?:-iL |@)/.test(targets)) return undefined;
  // Names had the addresses that the scanning machine found.
  const resolve = () => Promise.reject(new UsageError("names are not looked up"));
  try {
    const { given } = readArguments(args);
    const reserved = given.some(({ name }) => name === "--include-reserved") ? Ranges.EMPTY : reservedAddresses();
    const found = await resolveTargets(parseTargets(targets, { ipv6: readIpv6 }), { resolve, reserved });
    if (found.failures.length > 0) return undefined;
    const excluded = given.filter(({ name }) => name === "--exclude").map(({ value }) => value);
    const { hosts, ipv6 } = await resolveExclusions(parseExclusions(excluded, { ipv6: readIpv6 }), resolve);
    // Exclusions of one zone do not hold for another.
    const left = ipv6.filter(({ zone }) => zone === undefined);
    // A pattern of prefixes has addresses that are made while it is scanned.
    const hasIpv6 = found.patterns.length > 0 ? undefined : (ip: string) => isIn(found.ipv6, ip) && !isIn(left, ip);
    return { targets: found.targets, excludeHosts: hosts, hasIpv6 };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Returns true for an IPv6 address in one of some ranges. */
function isIn(ranges: readonly Ipv6HostPorts[], ip: string): boolean {
  const read = readIpv6({ text: ip, where: undefined, column: 1 }, true);
  return "first" in read && ranges.some(({ first, last }) => first <= read.first && read.first <= last);
}
