/**
 * The service of a UDP port from the replies to requests, by the rows that replies over TCP are read by, too.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import { readDatagram } from "./datagrams/all.ts";
import type { Exchange } from "./exchange.ts";
import { bannerOf, type Candidate, findingOf, merged, PROTOCOL, rank, unread } from "./matcher.ts";

/** The state of knowledge after some replies. */
export interface DatagramIdentification {
  readonly finding: Finding | undefined;
  /** Names of requests that would say more. */
  readonly next: readonly string[];
}

/** Returns what is known of a port after these exchanges. */
export function identifyDatagrams(exchanges: readonly Exchange[]): DatagramIdentification {
  const sent = new Set(exchanges.map(({ probe }) => probe));
  const found = exchanges.flatMap((exchange) => {
    const reading = exchange.reply.length === 0 ? undefined : readDatagram(exchange);
    return reading === undefined ? [] : [{ ...findingOf(reading, exchange, true), reading }];
  });
  // Of equal findings the last one: what a reply has led to says more.
  const best = found.reduce<Candidate | undefined>(
    (before, one) => before === undefined || rank(one) >= rank(before) ? one : before,
    undefined,
  );
  const next = found.flatMap(({ reading }) => reading.next ?? []).filter((name) => !sent.has(name));
  const finding = best === undefined
    ? unread(exchanges)
    : merged(best.finding, found.map(({ finding }) => finding), bannerOf(exchanges));
  return { finding, next: [...new Set(next)] };
}

/** True for a finding that names the protocol: other requests would show nothing else. */
export function isSure(finding: Finding | undefined): finding is Finding {
  return finding !== undefined && finding.confidence >= PROTOCOL;
}
