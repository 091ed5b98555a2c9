/**
 * The names of the services that are usually found at ports.
 *
 * @module
 */

import { serviceNames as systemServiceNames } from "../../ffi/resolver.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { Pass } from "../result/pass.ts";
import type { HostAddresses, NamesByHost } from "../result/port_result.ts";
import { type FindingOf, ResultRows } from "../result/rows.ts";
import { IPV4_BOOK } from "../target/address_book.ts";
import { SERVICE_NAMES, UDP_SERVICE_NAMES } from "../target/services.ts";
import { packetTechnique } from "../technique/techniques.ts";

let names: ReadonlyMap<number, string> | undefined;
let udpNames: ReadonlyMap<number, string> | undefined;
/** A bit for each port that has one: most have none, and a map is slow to say so. */
const hasName = new Uint8Array(1 << 13);

/** The service usually found at a port, by the small list that synscan brings or else by the system's. */
export function serviceName(port: number, proto = "tcp"): string | undefined {
  const probed = proto === "tcp" ? undefined : packetTechnique(proto)?.serviceOf?.(port);
  if (probed !== undefined) return probed;
  if (proto === "udp") return (udpNames ??= new Map([...readNames("udp"), ...UDP_SERVICE_NAMES])).get(port);
  // One map for both, and small: an array of all ports would not stay in the processor's cache.
  if (names === undefined) {
    names = readNames();
    for (const port of names.keys()) hasName[port >> 3]! |= 1 << (port & 7);
  }
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

/** Reads the names of the ports of a protocol: where it has none of its own, a number mostly has the service that it has over TCP. */
function readNames(protocol?: "udp"): ReadonlyMap<number, string> {
  const own = protocol === undefined ? [] : systemServiceNames(protocol);
  return new Map([...systemServiceNames(), ...own, ...SERVICE_NAMES]);
}
