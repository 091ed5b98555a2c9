/**
 * The addresses that the user wants packets to leave from.
 *
 * @module
 */

import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { getRoute } from "../../ffi/netlink/route.ts";
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { sourceTexts } from "../base/source_texts.ts";
import { parseIpv4 } from "../wire/address.ts";
import type { Ipv6Routing } from "./ipv6_routes.ts";

/** Most addresses: each holds source ports. */
const MAX_SOURCES = 64;

/** The wanted addresses by family. */
interface WantedSources {
  readonly ipv4: readonly number[];
  readonly ipv6: readonly bigint[];
  /** The first of each family, if all are addresses of this machine. */
  readonly own: number | undefined;
  readonly own6: bigint | undefined;
  /** Warnings for the user, a line each. */
  readonly warnings: readonly string[];
}

/**
 * Returns true for an address of this machine: one of an interface, also where only the table of a VRF has its local route, or of another
 * local route (127.0.0.0/8).
 */
export function isOwnAddress(address: number, interfaces: readonly InterfaceAddress[]): boolean {
  return interfaces.some((each) => each.address === address) || getRoute(address).type === "local";
}

/**
 * Reads a list of addresses to send from.
 *
 * @param ipv6 Reads those of IPv6; without it there is no target of IPv6.
 * @throws {UsageError} If one is no address, or is named twice, or if one of several is no address of this machine.
 */
export function wantedSources(sourceIp: string | undefined, ipv6: Ipv6Routing | undefined): WantedSources {
  const texts = sourceTexts(sourceIp);
  const [ipv4, others]: [number[], bigint[]] = [[], []];
  const foreign: string[] = [];
  const interfaces = texts.length === 0 ? [] : dumpAddresses();
  for (const text of texts) {
    if (text === "") {
      throw new UsageError(
        `Cannot send from ${quote(sourceIp ?? "")}: an address of the list is empty. Remove a comma`,
      );
    }
    const address = parseIpv4(text);
    const address6 = address === undefined ? ipv6?.sourceOf(text) : undefined;
    if (address === undefined && address6 === undefined) {
      throw new UsageError(
        `Cannot send from ${text}: it is not an ${ipv6 === undefined ? "IPv4" : "IP"} address. Write it like 192.0.2.1`,
      );
    }
    if (address !== undefined && ipv4.includes(address) || address6 !== undefined && others.includes(address6)) {
      throw new UsageError(`Cannot send from ${text} twice: hosts limit their errors by address. Name it once`);
    }
    if (address !== undefined) ipv4.push(address);
    else others.push(address6!);
    if (address !== undefined ? !isOwnAddress(address, interfaces) : !ipv6!.isOwn(address6!)) foreign.push(text);
  }
  const [first] = foreign;
  if (texts.length > 1 && first !== undefined) {
    throw new UsageError(
      `Cannot send from ${first}: of several addresses each has to be one of this machine. Add it (ip address add), or leave it out`,
    );
  }
  if (texts.length > MAX_SOURCES) {
    throw new UsageError(`Cannot send from ${texts.length} addresses: ${MAX_SOURCES} are the most. Name fewer`);
  }
  return {
    ...{ ipv4, ipv6: others },
    own: first === undefined ? ipv4[0] : undefined,
    own6: first === undefined ? others[0] : undefined,
    warnings: first === undefined
      ? []
      : [`${first} is no address of this machine: its replies are seen only if they pass this machine`],
  };
}
