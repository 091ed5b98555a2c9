/**
 * Patterns of IPv6 prefixes in the plan of a scan: `2001:db8::/32-64` with the interface identifiers that the user chooses.
 *
 * @module
 */

import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { grouped } from "../base/text.ts";
import { Ipv6Reach } from "../local/ipv6_reach.ts";
import { addressOfText, addressText, DualBook, ipv6Capacity, ipv6PatternParts } from "../target/ipv6_book.ts";
import { type IidPolicy, patternSize } from "../target/ipv6_pattern.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import type { Ipv6HostPorts, Ipv6PrefixPorts, ResolvedTargets } from "../target/resolve.ts";
import { type Ipv6Plan, withoutIpv6 } from "./ipv6_plan.ts";
import type { ScanOptions } from "./options.ts";

const ADDRESS_BITS = 128;
/** Bits of an identifier that is made of a hardware address. */
const EUI64_BITS = 64;
const POLICIES = "low, zero, random, eui64:OUI or set:FILE";

/**
 * Plans a pattern.
 *
 * @throws {UsageError} If it cannot be scanned.
 */
export function planIpv6Pattern(
  options: ScanOptions,
  { ipv6, patterns, targets }: Pick<ResolvedTargets, "ipv6" | "patterns" | "targets">,
  exclusions: readonly Ipv6HostPorts[],
): Ipv6Plan {
  const [pattern] = patterns as [Ipv6PrefixPorts];
  const { base, from, to, ports } = pattern;
  const text = `${addressText(base)}/${from}-${to}`;
  const refuse = (why: string, remedy: string): never => {
    throw new UsageError(`Cannot scan the pattern ${text}: ${why}. ${remedy}`);
  };
  if (patterns.length > 1 || ipv6.length > 0) {
    refuse("there are other targets of IPv6, and the numbers of its hosts are computed", "Scan it by itself");
  }
  if (options.iid === undefined) refuse("the addresses in its prefixes are not chosen", `Add --iid ${POLICIES}`);
  const policy = parseIid(options.iid!, ADDRESS_BITS - to, options.seed ?? 0);
  const why = new Ipv6Reach().problem(base, 0);
  const hasIpv4 = targets.length > 0;
  if (why !== undefined) {
    if (!hasIpv4) refuse(why, "Check the prefix and the routes of this machine (ip -6 route)");
    return withoutIpv6([`Cannot scan the pattern ${text}: ${why}. It is left out`]);
  }
  const whole = { base, from, to, policy };
  const parts = ipv6PatternParts(whole, hasIpv4);
  if (parts === undefined) {
    return refuse(
      `it has ${grouped(patternSize(whole))} addresses`,
      `At most ${grouped(ipv6Capacity(hasIpv4))} fit${hasIpv4 ? " beside hosts of IPv4" : ""}: scan a narrower block`,
    );
  }
  const book = new DualBook(parts);
  const excluded = new RangesBuilder();
  for (const exclusion of exclusions) book.ipv6.addNumbers({ ...exclusion, scope: 0 }, excluded);
  return {
    book,
    targets: [{ hosts: Ranges.of(book.ipv6.first, book.ipv6.last), ports }],
    excluded: excluded.build(),
    lost: [],
    warnings: [],
    find: (address) => book.ipv6.numberOf(address, 0),
  };
}

/**
 * Reads the choice of interface identifiers.
 *
 * @param bits The bits behind the prefixes.
 * @param key The same key gives the same identifiers.
 * @throws {UsageError} If it is none.
 */
export function parseIid(text: string, bits: number, key: number): IidPolicy {
  const refuse = (why: string, remedy: string): never => {
    throw new UsageError(`Cannot use the interface identifiers ${quote(text.slice(0, 40))}: ${why}. ${remedy}`);
  };
  if (text === "zero") return { kind: "set", iids: [0n] };
  if (text === "random") return { kind: "random", key };
  if (text === "low") {
    return bits > 0 ? { kind: "set", iids: [1n] } : refuse("the prefixes are whole addresses", "Use --iid zero");
  }
  const [, oui] = /^eui64:((?:[\da-f]{2}[:-]?){2}[\da-f]{2})$/i.exec(text) ?? [];
  if (oui !== undefined) {
    if (bits < EUI64_BITS) refuse(`they have 64 bits, and the prefixes leave ${bits}`, "Scan prefixes of at most /64");
    return { kind: "eui64", oui: Number.parseInt(oui.replaceAll(/[:-]/g, ""), 16), key };
  }
  if (!text.startsWith("set:")) refuse("they are none of the choices", `Write ${POLICIES}`);
  const words = text.slice("set:".length).replaceAll(/#.*/g, "").split(/[\s,]+/).filter((word) => word !== "");
  const iids = new Set<bigint>();
  for (const word of words) {
    const iid = addressOfText(word);
    if (iid === undefined) refuse(`${quote(word)} is no interface identifier`, "Write each like ::1 or ::face:b00c");
    if (iid! >> BigInt(bits) !== 0n) refuse(`${word} has more than ${bits} bits`, "Write those behind the prefix only");
    iids.add(iid!);
  }
  if (iids.size === 0) refuse("there is none", "Write each like ::1, one a line");
  return { kind: "set", iids: [...iids].sort((one, other) => one < other ? -1 : 1) };
}
