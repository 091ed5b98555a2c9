/**
 * Planning of a scan: targets and ports are parsed, names resolved, exclusions removed.
 *
 * @module
 */

import { ResolveError, resolveName, serviceNames as systemServiceNames, servicePort } from "../../ffi/resolver.ts";
import { NothingLeftError, UsageError } from "../base/errors.ts";
import { specialAddresses } from "../local/special.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { Pass } from "../result/pass.ts";
import type { HostAddresses, NamesByHost } from "../result/port_result.ts";
import { type FindingOf, ResultRows } from "../result/rows.ts";
import type { ScanOptions } from "./options.ts";
import { counted, grouped } from "../base/text.ts";
import { type AddressBook, IPV4_BOOK } from "../target/address_book.ts";
import { HostNames, nameKey } from "../target/names.ts";
import { parsePorts, PortSet } from "../target/ports.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import { quote } from "../base/quote.ts";
import { type ResultFormat, resultFormatOf } from "../target/result_file.ts";
import { reservedAddresses, type ResolvedTargets, resolveExclusions, resolveTargets } from "../target/resolve.ts";
import { SERVICE_NAMES } from "../target/services.ts";
import { ProbeSpace } from "../target/space.ts";
import {
  type ExclusionSpec,
  parseExclusionFile,
  parseExclusions,
  parseTargetFile,
  parseTargets,
  type TargetSpec,
} from "../target/parse.ts";

/** The targets of a scan. */
export interface ScanTargets {
  /** The addresses of hosts. */
  readonly book: AddressBook;
  /** Every host and port, each once. */
  readonly space: ProbeSpace;
  /** Addresses and ports that are never probed; the space is without them. */
  readonly excluded: Excluded;
  /** Hosts and ports of the space that are no longer probed: they were excluded when the scan was resumed. */
  readonly removed: Excluded;
  /** Hosts of the targets that are excluded. */
  readonly excludedHosts: Ranges;
  /** The target names of hosts. */
  readonly names: HostNames;
  /** The addresses of every target name, by its key; empty if it has none. */
  readonly answers: ReadonlyMap<string, readonly number[]>;
  /** Targets that are not scanned because their names have no address, a line each. */
  readonly unresolved: readonly string[];
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
}

/** Names that could not be resolved are listed up to this many. */
const MAX_FAILURES = 20;

/** Hosts, or addresses, and ports never to be probed. */
export interface Excluded {
  readonly hosts: Ranges;
  readonly ports: PortSet;
}

const NOTHING: Excluded = { hosts: Ranges.EMPTY, ports: PortSet.EMPTY };

/** The stored plan of a scan that is resumed. */
export interface PlannedBefore {
  /** The addresses that names had. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** Addresses and ports excluded when it began. */
  readonly excluded: Excluded;
  /** Hosts and ports excluded when it was resumed before. */
  readonly removed: Excluded;
}

/**
 * Plans the targets of a scan. If a scan is resumed, its space stays as it was and later exclusions are returned apart; names
 * keep their addresses, and only new names are resolved.
 *
 * @throws {UsageError} If targets or ports make no sense, if nothing is left of them, or if a scan that is resumed would grow.
 */
export async function planTargets(options: ScanOptions, before?: PlannedBefore): Promise<ScanTargets> {
  const known = before?.names ?? new Map<string, readonly number[]>();
  const answers = new Map<string, readonly number[]>();
  const pending = new Map<string, Promise<readonly number[]>>();
  // Each name once: a name that is a target and an exclusion must mean the same host in both places.
  const resolve = (name: string): Promise<readonly number[]> => {
    const key = nameKey(name);
    const answer = pending.get(key) ?? resolveOnce(key, name);
    pending.set(key, answer);
    return answer;
  };
  const resolveOnce = async (key: string, name: string): Promise<readonly number[]> => {
    answers.set(key, known.get(key) ?? []);
    const addresses = known.get(key) ?? await resolveBySystem(name);
    answers.set(key, addresses);
    return addresses;
  };
  const defaultPorts = await choosePorts(options);
  const excludePorts = options.excludePorts === undefined
    ? PortSet.EMPTY
    : parsePorts(options.excludePorts, { services: servicePort, where: "in the excluded ports" });
  const notes: string[] = [];
  const [resolved, exclusions] = await Promise.all([
    resolveTargets(namedTargets(options, (text) => notes.push(text)), {
      resolve,
      allAddresses: options.allAddresses ?? false,
      reserved: options.includeReserved ? Ranges.EMPTY : reservedAddresses(),
    }),
    resolveExclusions(namedExclusions(options), resolve),
  ]);
  if (resolved.targets.length === 0) throw new UsageError(`Cannot scan: ${whyNoTarget(options)}`);
  const unresolved = failureLines(resolved.failures);
  const warnings = [...notes, ...unresolved];
  if (exclusions.ipv6.length > 0) {
    const more = exclusions.ipv6.length === 1 ? "" : ` and ${grouped(exclusions.ipv6.length - 1)} more`;
    warnings.push(`IPv6 is not scanned, so that ${exclusions.ipv6[0]}${more} in the exclusions changes nothing`);
  }
  for (const [name, others] of resolved.otherAddresses) {
    warnings.push(`${name} has ${others.length} more addresses; --all-addresses scans them too`);
  }
  if (resolved.reservedSkipped > 0) {
    warnings.push(
      `${
        counted(resolved.reservedSkipped, "reserved address", "reserved addresses")
      } are left out; --include-reserved scans them too`,
    );
  }
  const special = leaveOutSpecial(resolved.targets);
  warnings.push(...special.warnings);
  const now: Excluded = { hosts: exclusions.hosts.union(special.hosts), ports: excludePorts };
  if (before !== undefined) refuseGrowth(before.excluded, now);
  const excluded = before?.excluded ?? now;
  // From here on hosts are numbers.
  const book = IPV4_BOOK;
  const targets = resolved.targets.map(({ hosts, ports }) => ({ hosts: book.numbers(hosts), ports }));
  const excludeHosts = book.numbers(excluded.hosts);
  const removed = before === undefined ? NOTHING : {
    hosts: within(targets, book.numbers(now.hosts).union(before.removed.hosts).subtract(excludeHosts)),
    ports: now.ports.union(before.removed.ports).subtract(excluded.ports),
  };
  const space = new ProbeSpace({
    targets,
    defaultPorts,
    excludeHosts,
    excludePorts: excluded.ports,
  });
  if (space.size === 0) {
    throw new NothingLeftError(
      `Cannot scan: ${space.whyEmpty ?? "nothing is left"}. Name targets and ports that may be probed`,
    );
  }
  const names = new HostNames(
    Array.from(resolved.names, ([address, named]) => [
      book.find(address),
      named.map(({ name, ports }) => ({ name, ports: PortSet.unionOf(ports.map((own) => own ?? defaultPorts)) })),
    ]),
    book,
  );
  const excludedHosts = within(targets, excludeHosts.union(removed.hosts));
  return { book, space, excluded, removed, excludedHosts, names, answers, unresolved, warnings };
}

/** @throws {UsageError} If something is not excluded any more that was. */
function refuseGrowth(before: Excluded, now: Excluded): void {
  const hosts = before.hosts.subtract(now.hosts);
  const ports = before.ports.subtract(now.ports);
  if (hosts.count + ports.size === 0) return;
  const what = hosts.count > 0 ? IPV4_BOOK.text(hosts.firstOf(0)) : `port ${ports.at(0)}`;
  throw new UsageError(
    `Cannot resume: ${what} is no longer excluded, and a scan cannot grow. Exclude it again, or begin another scan`,
  );
}

/**
 * Addresses of targets that no host has, and a line for each kind.
 *
 * @throws {UsageError} If the targets name nothing else.
 */
function leaveOutSpecial(targets: ResolvedTargets["targets"]): { readonly hosts: Ranges; readonly warnings: string[] } {
  const named = hostsOf(targets);
  let left = Ranges.EMPTY;
  const warnings: string[] = [];
  for (const { first, last, what, instead } of specialAddresses((address) => named.has(address))) {
    const range = Ranges.of(first, last);
    const found = named.subtract(named.subtract(range));
    if (found.size === 0) continue;
    left = left.union(found);
    const address = IPV4_BOOK.text(found.at(0));
    if (left.equals(named)) throw new UsageError(`Cannot scan ${address}: it is ${what}. ${instead}`);
    const isOne = found.size === 1;
    const who = isOne
      ? `${address} is`
      : `${address} and ${counted(found.size - 1, "more address", "more addresses")} are`;
    warnings.push(`${who} left out: ${isOne ? "it" : "each"} is ${what}`);
  }
  return { hosts: left, warnings };
}

/** Returns the hosts of all targets. */
function hostsOf(targets: ResolvedTargets["targets"]): Ranges {
  const builder = new RangesBuilder();
  for (const { hosts } of targets) builder.addAll(hosts);
  return builder.build();
}

/** Returns the hosts of targets that are excluded. */
function within(targets: ResolvedTargets["targets"], excluded: Ranges): Ranges {
  if (excluded.count === 0) return Ranges.EMPTY;
  const named = hostsOf(targets);
  return named.subtract(named.subtract(excluded));
}

/** Names that could not be resolved, a line each; of very many, the first. */
function failureLines(failures: ResolvedTargets["failures"]): string[] {
  const lines = failures.slice(0, MAX_FAILURES).map(({ name, why }) =>
    `Cannot resolve ${name}: ${why}. It is left out`
  );
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `Cannot resolve ${counted(more, "more name")}. They are left out`] : lines;
}

/** The targets that are named; `note` is told what their reader should know. */
function* namedTargets(
  { targets, targetLists = [] }: ScanOptions,
  note: (text: string) => void,
): Generator<TargetSpec> {
  yield* parseTargets(targets, { services: servicePort });
  for (const { name, text } of targetLists) {
    const format = resultFormatOf(text);
    if (format === undefined) yield* parseTargetFile(text, name, { services: servicePort });
    else yield* hostsUp(name, text, format, note);
  }
}

function* hostsUp(
  name: string,
  text: string,
  format: ResultFormat,
  note: (text: string) => void,
): Generator<TargetSpec> {
  const hosts = format.hostsUp === undefined ? undefined : [...new Set(format.hostsUp(text))];
  if (hosts === undefined) {
    throw new UsageError(
      `Cannot read targets in ${
        quote(name)
      }: it is ${format.name}. Write a list of targets, or name the scan's XML or JSON`,
    );
  }
  if (hosts.length === 0) {
    throw new UsageError(
      `Cannot read targets in ${quote(name)}: it is ${format.name}, and no host in it replied. Name another file`,
    );
  }
  note(`${name} is ${format.name}: the targets are the ${counted(hosts.length, "host")} that answered`);
  yield* parseTargets(hosts);
}

function* namedExclusions({ exclude = [], excludeLists = [] }: ScanOptions): Generator<ExclusionSpec> {
  yield* parseExclusions(exclude, { where: "in the exclusions" });
  for (const { name, text } of excludeLists) {
    const format = resultFormatOf(text);
    if (format !== undefined) {
      throw new UsageError(
        `Cannot read exclusions in ${quote(name)}: it is ${format.name}. Write a list of addresses, blocks and names`,
      );
    }
    // A list that was lost, or not written yet, would have everything scanned.
    if (text.trim() === "" && name !== "/dev/null") {
      throw new UsageError(
        `Cannot read exclusions in ${quote(name)}: it is empty. Write them, or a comment (#) where there are none`,
      );
    }
    yield* parseExclusionFile(text, name);
  }
}

function whyNoTarget({ targetLists = [] }: ScanOptions): string {
  if (targetLists.length === 0) return "no target was named. Name an address, a range or a host, like 192.0.2.7";
  return `no target in ${targetLists.map(({ name }) => quote(name)).join(", ")}. Name at least one`;
}

let names: ReadonlyMap<number, string> | undefined;
/** A bit for each port that has one: most have none, and a map is slow to say so. */
const hasName = new Uint8Array(1 << 13);

/** The service usually found at a port, by the small list that synscan brings or else by the system's. */
export function serviceName(port: number): string | undefined {
  // One map for both, and small: an array of all ports would not stay in the processor's cache.
  names ??= readNames();
  return (hasName[port >> 3]! >> (port & 7) & 1) === 0 ? undefined : names.get(port);
}

/** Returns the results in rows of one pass, as a scan with these names gave them. */
export function resultsIn(
  rows: ResultColumns,
  pass: Pass,
  addresses: HostAddresses = IPV4_BOOK,
  names?: NamesByHost & Iterable<unknown>,
  finding?: FindingOf,
): ResultRows {
  const size = names === undefined || names[Symbol.iterator]().next().done ? 0 : 1;
  const namesAt = (host: number, port: number) => names?.at(addresses.text(host), port) ?? [];
  const found = finding === undefined ? {} : { finding };
  return new ResultRows(rows, { addresses, hosts: { size, namesAt }, service: serviceName, ...found }, pass);
}

function readNames(): ReadonlyMap<number, string> {
  const read = new Map([...systemServiceNames(), ...SERVICE_NAMES]);
  for (const port of read.keys()) hasName[port >> 3]! |= 1 << (port & 7);
  return read;
}

async function choosePorts(options: ScanOptions): Promise<PortSet> {
  const { ports, topPorts: top } = options;
  if (ports !== undefined && top !== undefined) {
    throw new UsageError("Cannot scan both named and top ports: give one of the two");
  }
  if (ports === undefined) {
    const { TOP_PORT_COUNT, topPorts } = await import("../target/top_ports.ts");
    return PortSet.of(topPorts(top ?? TOP_PORT_COUNT));
  }
  return typeof ports === "string" ? parsePorts(ports, { services: servicePort }) : PortSet.of(ports);
}

async function resolveBySystem(name: string): Promise<readonly number[]> {
  try {
    return await resolveName(name);
  } catch (error) {
    // The caller adds the name to the message.
    if (error instanceof ResolveError) throw new UsageError(error.reason, { cause: error });
    throw error;
  }
}
