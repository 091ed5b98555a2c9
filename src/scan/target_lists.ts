/**
 * The texts in which targets and exclusions are named: options, lists, and results of other scans.
 *
 * @module
 */

import { servicePort } from "../../ffi/resolver.ts";
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { counted } from "../base/text.ts";
import {
  mayNameIpv6,
  parseExclusionFile,
  parseExclusions,
  parseTargetFile,
  parseTargets,
  type ReadIpv6,
  type TargetSpec,
} from "../target/parse.ts";
import type { ResultFormat } from "../target/result_file.ts";
import { protocolsIn } from "../technique/techniques.ts";
import type { ScanOptions } from "./options.ts";

/** Readers that are loaded only for scans that need them. */
interface ListReaders {
  readonly ipv6: ReadIpv6 | undefined;
  /** Returns the format of a list that holds results; undefined for an ordinary list. */
  readonly formatOf: (text: string) => ResultFormat | undefined;
}

/** The targets that are named; `note` is told what their reader should know. */
export function* namedTargets(
  { targets, targetLists = [], technique }: ScanOptions,
  { ipv6, formatOf }: ListReaders,
  note: (text: string) => void,
): Generator<TargetSpec> {
  // The ports of a target are those of all protocols.
  const protocols = protocolsIn(technique);
  const options = { services: servicePort, ipv6, protocols: protocols.length === 1 ? protocols : [] };
  yield* parseTargets(targets, options);
  for (const { name, text } of targetLists) {
    const format = formatOf(text);
    if (format === undefined) yield* parseTargetFile(text, name, options);
    else yield* hostsIn(name, text, format, note, ipv6);
  }
}

/** The hosts of a list scan, or else those that replied. */
function* hostsIn(
  name: string,
  text: string,
  { name: kind, hostsUp, hostsListed }: ResultFormat,
  note: (text: string) => void,
  ipv6: ReadIpv6 | undefined,
): Generator<TargetSpec> {
  if (hostsUp === undefined && hostsListed === undefined) {
    throw new UsageError(
      `Cannot read targets in ${quote(name)}: it is ${kind}. Write a list of targets, or name the scan's XML or JSON`,
    );
  }
  const listed = new Set(hostsListed?.(text));
  const up = new Set(hostsUp?.(text));
  const hosts = [...listed.union(up)];
  if (hosts.length === 0) {
    throw new UsageError(
      `Cannot read targets in ${quote(name)}: it is ${kind}, and no host in it replied. Name another file`,
    );
  }
  const which = listed.size === 0 ? "that replied" : up.size === 0 ? "of a list scan" : "that replied or were listed";
  note(`${name} is ${kind}: the targets are ${counted(hosts.length, "host")} ${which}`);
  yield* parseTargets(hosts, { ipv6 });
}

export function* namedExclusions(
  { exclude = [], excludeLists = [] }: ScanOptions,
  { ipv6, formatOf }: ListReaders,
): Generator<TargetSpec> {
  yield* parseExclusions(exclude, { where: "in the exclusions", ipv6 });
  for (const { name, text } of excludeLists) {
    const format = formatOf(text);
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
    yield* parseExclusionFile(text, name, { ipv6 });
  }
}

export function whyNoTarget({ targetLists = [] }: ScanOptions): string {
  if (targetLists.length === 0) return "no target was named. Name an address, a range or a host, like 192.0.2.7";
  return `no target in ${targetLists.map(({ name }) => quote(name)).join(", ")}. Name at least one`;
}

/** Loads the readers that the texts of a scan need. */
export async function listReaders(options: ScanOptions): Promise<ListReaders> {
  const hasLists = (options.targetLists?.length ?? 0) + (options.excludeLists?.length ?? 0) > 0;
  return {
    ipv6: mayHaveIpv6(options) ? await ipv6Reader(options) : undefined,
    formatOf: hasLists ? (await import("../target/result_file.ts")).resultFormatOf : () => undefined,
  };
}

/** Returns true where a text of the options may name IPv6 addresses. */
function mayHaveIpv6({ targets, targetLists = [], exclude = [], excludeLists = [] }: ScanOptions): boolean {
  const lists = [...targetLists, ...excludeLists].map(({ text }) => text);
  return [...[targets].flat(), ...exclude, ...lists].some(mayNameIpv6);
}

/** Loads the reader of IPv6 addresses. The interface to send from is the zone of link-local ones without one. */
async function ipv6Reader({ interface: zone }: ScanOptions): Promise<ReadIpv6> {
  const { readIpv6 } = await import("../target/ipv6_syntax.ts");
  return (token, isExclusion) => readIpv6(token, isExclusion, zone);
}
