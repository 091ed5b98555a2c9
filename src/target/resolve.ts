/**
 * Resolution of target specifications to addresses.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { RESERVED_IPV4 } from "../wire/address.ts";
import { nameKey } from "./names.ts";
import type { PortSet } from "./ports.ts";
import { quote } from "../base/quote.ts";
import { Ranges, RangesBuilder } from "./ranges.ts";
import type { HostPorts } from "./space.ts";
import { blockAround, patternAddresses } from "./ipv4_syntax.ts";
import type { NameTarget, TargetSpec } from "./parse.ts";

/** An address: a number of 32 bits of IPv4, or a bigint of IPv6. */
export type Address = number | bigint;

/** Returns the addresses of a name, the preferred one of each family first. Rejects with the reason if there are none. */
export type ResolveName = (name: string) => Promise<readonly Address[]>;

/** Options of {@linkcode resolveTargets}. */
interface ResolveOptions {
  /** Resolves a name. */
  readonly resolve: ResolveName;
  /** Take every address of a name, not only the first of each family. */
  readonly allAddresses?: boolean;
  /**
   * Addresses that a target contains only if it names them, not if it is wide (more than a /8, or a range in the first
   * byte of a pattern) and merely runs over them. Nothing by default.
   */
  readonly reserved?: Ranges;
  /**
   * Returns true if packets of IPv4 can be sent to an address. A name that has addresses of IPv6 too is without those of IPv4 if they cannot.
   * All of them count if it is missing.
   */
  readonly hasIpv4Route?: (address: number) => boolean;
}

/** Neighbouring IPv6 addresses in a zone, and their ports. */
export interface Ipv6HostPorts {
  readonly first: bigint;
  readonly last: bigint;
  /** The interface of link-local addresses, by its name or index. */
  readonly zone: string | undefined;
  /** The name that has the address; undefined for addresses that were typed. */
  readonly name?: string;
  /** Their ports; `undefined` for the ports of the whole scan. */
  readonly ports: PortSet | undefined;
}

/** Prefixes of IPv6, and the ports of a host in each. */
export interface Ipv6PrefixPorts {
  readonly base: bigint;
  readonly from: number;
  readonly to: number;
  /** Their ports; `undefined` for the ports of the whole scan. */
  readonly ports: PortSet | undefined;
}

/** A name of a host, and the lists of ports with which it was typed; `undefined` for the ports of the whole scan. */
interface NamedPorts {
  /** The name as it was typed first. */
  readonly name: string;
  /** Each list of ports, once for each time that the name was typed. */
  readonly ports: readonly (PortSet | undefined)[];
}

/** A name that could not be resolved. */
interface NameFailure {
  /** The name as it was typed. */
  readonly name: string;
  /** The reason, as the resolver gave it. */
  readonly why: string;
}

/** The resolved targets. */
export interface ResolvedTargets {
  /** Hosts of IPv4 and their ports, one entry for each different list of ports. */
  readonly targets: readonly HostPorts[];
  /** Hosts of IPv6 and their ports, in any order. */
  readonly ipv6: readonly Ipv6HostPorts[];
  /** Patterns of prefixes of IPv6. */
  readonly patterns: readonly Ipv6PrefixPorts[];
  /** The names by which hosts were given, by address, and the ports that each was given with. */
  readonly names: ReadonlyMap<Address, readonly NamedPorts[]>;
  /** Names that were left out because they could not be resolved. */
  readonly failures: readonly NameFailure[];
  /** Addresses of names that were left out because only the first of each family is used. */
  readonly otherAddresses: ReadonlyMap<string, readonly Address[]>;
  /** Names that have addresses of both families, which are both used. */
  readonly ofBoth: readonly string[];
  /** The number of reserved addresses that were left out of wide targets. */
  readonly reservedSkipped: number;
}

/** Returns the addresses that no host on the public Internet has. */
export function reservedAddresses(): Ranges {
  return Ranges.from(RESERVED_IPV4.map(({ first, last }) => [first, last] as const));
}

const RESOLVES_AT_ONCE = 16;
const WIDEST_NAMED = 2 ** 24;

/**
 * Resolves targets to addresses. All specs are read before the first name is resolved, so that a mistake in the
 * last line of a file costs no time. A name that cannot be resolved is left out and listed in `failures`.
 *
 * @throws {UsageError} If names were given and none could be resolved.
 */
export async function resolveTargets(specs: Iterable<TargetSpec>, options: ResolveOptions): Promise<ResolvedTargets> {
  const resolved = await collect(specs, options);
  const { failures, targets } = resolved;
  const [failure] = failures;
  if (failure !== undefined && targets.length + resolved.ipv6.length + resolved.patterns.length === 0) {
    const what = failures.length === 1
      ? quote(failure.name)
      : `any of ${failures.length} names, as ${quote(failure.name)}`;
    throw new UsageError(`Cannot resolve ${what}: ${failure.why}. Check the spelling, or give the address`);
  }
  return resolved;
}

/** The resolved exclusions. */
interface ResolvedExclusions {
  /** The addresses of IPv4. */
  readonly hosts: Ranges;
  /** Those of IPv6. */
  readonly ipv6: readonly Ipv6HostPorts[];
}

/**
 * Resolves exclusions to addresses: every address of every name.
 *
 * @throws {UsageError} If a name cannot be resolved: its addresses could not be excluded.
 */
export async function resolveExclusions(
  specs: Iterable<TargetSpec>,
  resolve: ResolveName,
): Promise<ResolvedExclusions> {
  const excluded = await collect(specs, { resolve, allAddresses: true });
  const [failure] = excluded.failures;
  if (failure !== undefined) {
    throw new UsageError(
      `Cannot exclude ${quote(failure.name)}: ${failure.why}. Give its address, so that it is surely left out`,
    );
  }
  const builder = new RangesBuilder();
  for (const { hosts } of excluded.targets) builder.addAll(hosts);
  return { hosts: builder.build(), ipv6: excluded.ipv6 };
}

async function collect(specs: Iterable<TargetSpec>, options: ResolveOptions): Promise<ResolvedTargets> {
  const { allAddresses = false, reserved = Ranges.EMPTY, hasIpv4Route = () => true } = options;
  const hosts = new HostsByPorts(reserved);
  const ipv6: Ipv6HostPorts[] = [];
  const patterns: Ipv6PrefixPorts[] = [];
  const named: NameTarget[] = [];
  for (const spec of specs) {
    if (spec.kind === "name") named.push(spec);
    else if (spec.kind === "ipv6") ipv6.push(spec);
    else if (spec.kind === "prefixes") patterns.push(spec);
    else if (spec.kind === "addresses") hosts.add(spec.first, spec.last, spec.ports);
    else hosts.addPattern(patternAddresses(spec), spec.bytes[0], spec.ports);
  }

  const answers = await resolveNames(named, options.resolve);
  const names = new Map<Address, Map<string, { readonly name: string; readonly ports: (PortSet | undefined)[] }>>();
  const otherAddresses = new Map<string, readonly Address[]>();
  const ofBoth: string[] = [];
  const failures: NameFailure[] = [];
  for (const entry of answers.values()) {
    const { name } = entry;
    if (typeof entry.answer === "string") failures.push({ name, why: entry.answer });
    else {
      const answer = entry.answer = routed(entry.answer, hasIpv4Route);
      const used = firstOfEach(answer);
      if (used.length > 1) ofBoth.push(name);
      if (!allAddresses && answer.length > used.length) {
        otherAddresses.set(name, answer.filter((address) => !used.includes(address)));
      }
    }
  }
  for (const { name, prefixLen, ports } of named) {
    const key = nameKey(name);
    const { answer } = answers.get(key)!;
    if (typeof answer === "string") continue;
    if (prefixLen < 32 && !answer.some((address) => typeof address === "number")) {
      failures.push({
        name: `${name}/${prefixLen}`,
        why: "it has no address of IPv4, and a block around a name is one of IPv4",
      });
    }
    for (const address of allAddresses ? answer : firstOfEach(answer)) {
      const ofHost = names.get(address) ?? new Map();
      names.set(address, ofHost);
      const known = ofHost.get(key);
      if (known === undefined) ofHost.set(key, { name, ports: [ports] });
      else if (!known.ports.includes(ports)) known.ports.push(ports);
      if (typeof address === "bigint") {
        // The block around an address is one of IPv4.
        if (prefixLen === 32) ipv6.push({ first: address, last: address, zone: undefined, name, ports });
        continue;
      }
      const { first, last } = blockAround(address, prefixLen);
      hosts.add(first, last, ports);
    }
  }
  return {
    targets: hosts.build(),
    ipv6,
    patterns,
    ofBoth,
    names: new Map(Array.from(names, ([host, ofHost]) => [host, [...ofHost.values()]])),
    failures,
    otherAddresses,
    reservedSkipped: hosts.reservedSkipped,
  };
}

/** Returns addresses of a name without those of IPv4 if it has others, and none of IPv4 has a route. */
function routed(addresses: readonly Address[], hasIpv4Route: (address: number) => boolean): readonly Address[] {
  const others = addresses.filter((address) => typeof address === "bigint");
  const isReachable = others.length === 0 || addresses.length === others.length ||
    addresses.some((address) => typeof address === "number" && hasIpv4Route(address));
  return isReachable ? addresses : others;
}

/** Returns the first address of each family. */
function firstOfEach(addresses: readonly Address[]): Address[] {
  return addresses.filter((address, index) => addresses.findIndex((each) => typeof each === typeof address) === index);
}

/** Resolves each name once, a few at a time; a result that is text is the reason of a failure. */
async function resolveNames(
  named: readonly NameTarget[],
  resolve: ResolveName,
): Promise<Map<string, { readonly name: string; answer: readonly Address[] | string }>> {
  // In the order in which they were named, whatever the order of the answers.
  const answers = new Map<string, { readonly name: string; answer: readonly Address[] | string }>();
  for (const { name } of named) {
    const key = nameKey(name);
    if (!answers.has(key)) answers.set(key, { name, answer: [] });
  }
  const waiting = answers.values();
  const work = async () => {
    for (const entry of waiting) {
      try {
        const addresses = await resolve(entry.name);
        entry.answer = addresses.length === 0 ? "it has no address" : addresses;
      } catch (error) {
        entry.answer = error instanceof Error ? error.message : String(error);
      }
    }
  };
  await Promise.all(Array.from({ length: RESOLVES_AT_ONCE }, work));
  return answers;
}

/** Collects hosts by their ports. */
class HostsByPorts {
  reservedSkipped = 0;
  readonly #reserved: Ranges;
  readonly #lists = new Map<string | undefined, { hosts: RangesBuilder; ports: PortSet | undefined }>();

  constructor(reserved: Ranges) {
    this.#reserved = reserved;
  }

  add(first: number, last: number, ports: PortSet | undefined): void {
    const hosts = this.#hostsOf(ports);
    if (last - first >= WIDEST_NAMED) hosts.addAll(this.#withoutReserved(Ranges.of(first, last)));
    else hosts.add(first, last);
  }

  addPattern(addresses: Ranges, firstOctet: Ranges, ports: PortSet | undefined): void {
    const isWide = firstOctet.size > firstOctet.count;
    this.#hostsOf(ports).addAll(isWide ? this.#withoutReserved(addresses) : addresses);
  }

  build(): HostPorts[] {
    return Array.from(this.#lists.values(), ({ hosts, ports }) => ({ hosts: hosts.build(), ports }));
  }

  #hostsOf(ports: PortSet | undefined): RangesBuilder {
    const key = ports?.toString();
    let list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, list = { hosts: new RangesBuilder(), ports });
    return list.hosts;
  }

  #withoutReserved(wide: Ranges): Ranges {
    const left = wide.subtract(this.#reserved);
    this.reservedSkipped += wide.size - left.size;
    return left;
  }
}
