/**
 * Results of whole hosts: what discovery finds, in batches of passes that probe hosts.
 *
 * @module
 */

import { macAt, OF_LINKS, reasonAt, ROW_LEN, stateAt } from "./batch.ts";
import type { ResultCursor, ResultList } from "./port_result.ts";
import { HOST, probeNames } from "./pass.ts";
import type { Reason } from "./reasons.ts";
import { HOST_STATES, type HostState } from "./states.ts";

/**
 * The result of one probe of a host. A host that is probed in several ways has a result of each: all of them are its evidence, and
 * the best of them its state.
 *
 * @example
 * ```ts
 * import { hostResults, scan } from "@synscan/synscan";
 *
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "22" }).batches()) {
 *   for (const { ip, state, mac } of hostResults(batch)) console.log(ip, state, mac);
 * }
 * ```
 */
export interface HostResult {
  /** The host's address, as text. */
  readonly ip: string;
  /** The state that the probe has shown. */
  readonly state: HostState;
  /** The reason of the state. */
  readonly reason: Reason;
  /** The probe: `arp`, `echo`, `timestamp`, `mask`, `syn:443`, ... */
  readonly probe: string;
  /** Round trip in milliseconds; `undefined` without a reply. */
  readonly rttMs: number | undefined;
  /** Time to live of the reply; `undefined` without one. */
  readonly ttl: number | undefined;
  /** The number of probes that were sent. */
  readonly tries: number;
  /** The sender of the deciding ICMP error, if it is not the host itself. */
  readonly from: string | undefined;
  /** The hardware address that replied, as a number of 48 bits; `undefined` if none is known. */
  readonly mac: number | undefined;
}

/** True for a batch of a pass that probes hosts. */
export function probesHosts(batch: Pick<ResultList, "proto">): boolean {
  return batch.proto === HOST;
}

/**
 * Returns the results in a batch of a pass that probes hosts; none of another batch.
 *
 * @param batch A batch of a running scan.
 * @returns A result of its own for each row.
 *
 * @example
 * ```ts
 * import { hostResults, scan } from "@synscan/synscan";
 *
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "22" }).batches()) console.log(hostResults(batch).length);
 * ```
 */
export function hostResults(batch: ResultList): HostResult[] {
  const { rows } = batch;
  if (rows === undefined || !probesHosts(batch)) return [];
  const results: HostResult[] = [];
  let at = 0;
  for (const cursor of batch) {
    results.push(hostResult(cursor, rows, at));
    at += ROW_LEN;
  }
  return results;
}

function hostResult(cursor: ResultCursor, rows: Uint32Array<ArrayBuffer>, at: number): HostResult {
  const { ip, reason, port, technique, rttMs, tries } = cursor;
  const isOfLink = OF_LINKS.includes(reasonAt(rows, at));
  return {
    ip,
    state: HOST_STATES[stateAt(rows, at)]!,
    reason,
    probe: probeName(technique, port),
    rttMs,
    ttl: isOfLink ? undefined : cursor.ttl,
    tries,
    from: isOfLink ? undefined : cursor.from,
    // Results from a file may have none.
    mac: isOfLink && macAt(rows, at) || undefined,
  };
}

function probeName(technique: string, what: number): string {
  return probeNames(technique)[what] ?? technique;
}

/** The bit of a hardware address that its owner has chosen, IEEE 802 section 8.2.2. */
const LOCAL_BIT = 2 ** 41;

/** True for a hardware address that its owner has not chosen: it is of a block that has a vendor. */
export function hasVendor(mac: number): boolean {
  return (Math.floor(mac / LOCAL_BIT) & 1) === 0;
}
