/**
 * The service of a port from the exchanges with it: the first protocol that reads a reply names the service, and the first
 * row that matches one of its fields names product and version.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import { behaviourOf } from "./behaviours.ts";
import { isText, latin1, printable } from "./bytes.ts";
import { candidates } from "./candidates.ts";
import type { Exchange } from "./exchange.ts";
import { NULL_PROBE } from "./exchange.ts";
import { UNKNOWN } from "./protocols/fallback.ts";
import { NUMBERED_GREETING } from "./protocols/greeting.ts";
import { PROTOCOLS } from "./protocols/all.ts";
import type { Reading } from "./protocols/protocol.ts";
import { readHandshake } from "./protocols/tls.ts";
import { rowsOf, selfNamedRowsOf } from "./rows/all.ts";
import { expand, expandCpe, type Row } from "./rows/row.ts";
import { followOf } from "./rows/follows.ts";

/** The state of knowledge after some exchanges. */
export interface Identification {
  readonly finding: Finding | undefined;
  /** True if no further probe would say more. */
  readonly isFinal: boolean;
  /** True if a reply was text: binary probes are then not to be sent. */
  readonly isTextual: boolean;
  /** The reading of the last exchange, with the request that would say more. */
  readonly reading: Reading | undefined;
  /** Names of probes to send next, the likeliest first. */
  readonly next: readonly string[];
}

const PRODUCT = 10;
/** The confidence of a service whose product is not known. */
export const PROTOCOL = 8;
const BEHAVIOUR = 5;
/** The probe for a page, on a server of HTTP whose reply to the first one has not come. */
const PAGE = "http11";

/** The finding of one reply. */
export interface Candidate {
  readonly finding: Finding;
  readonly reading: Reading;
  /** True if the product is a framework. */
  readonly isFramework: boolean;
}

/** Returns what is known of a port after these exchanges. */
export function identify(exchanges: readonly Exchange[], port: number): Identification {
  const sent = new Set(exchanges.map(({ probe }) => probe));
  let best: Candidate | undefined;
  let last: Reading | undefined;
  let isTextual = false;
  let greeting: string | undefined;
  const found: Candidate[] = [];
  const hasPage = exchanges.some((exchange) => exchange.reply.length > 0 && readingOf(exchange)?.isPage === true);
  for (const exchange of exchanges) {
    last = undefined;
    if (exchange.reply.length === 0 && exchange.tls === undefined) continue;
    isTextual ||= isText(exchange.reply);
    const alone = readingOf(exchange) ?? (exchange.tls && readHandshake(exchange.tls));
    if (!alone) continue;
    const reading = withGreeting(alone, greeting);
    greeting ??= reading.fields[NUMBERED_GREETING];
    last = withFollow(reading, sent);
    const candidate = { ...findingOf(reading, exchange, hasPage), reading: last };
    if (candidate.finding.service === UNKNOWN && last.follow === undefined) {
      last = undefined;
      continue;
    }
    found.push(candidate);
    if (!best || rank(candidate) > rank(best)) best = candidate;
  }
  const finding = best
    ? merged(best.finding, found.map((one) => one.finding), bannerOf(exchanges))
    : unread(exchanges) ?? behaviourOf(exchanges, port);
  const pending = found.flatMap(({ reading }) =>
    best?.finding.product && reading.isComplete
      ? []
      : reading.next ?? (reading.isPage === false && !hasPage ? [PAGE] : [])
  ).filter((name) => !sent.has(name));
  const next = [...new Set([...pending, ...candidates(exchanges, port, best?.finding)])].filter((name) =>
    !sent.has(name)
  );
  const isFinal = best !== undefined && best.finding.confidence >= PROTOCOL &&
    (best.reading.isComplete || best.finding.product !== undefined || best.finding.service !== best.reading.service) &&
    best.reading.follow === undefined && last?.follow === undefined &&
    pending.length === 0;
  return { finding, isFinal, isTextual, reading: last, next: isFinal ? [] : next };
}

/** Readings of exchanges, which are read again after each new one. */
const readings = new WeakMap<Exchange, Reading | "none">();

/** Returns the reading of the first protocol that understands a reply. */
export function readingOf(exchange: Exchange): Reading | undefined {
  const known = readings.get(exchange) ?? read(exchange) ?? "none";
  readings.set(exchange, known);
  return known === "none" ? undefined : known;
}

function read(exchange: Exchange): Reading | undefined {
  for (const protocol of PROTOCOLS) {
    const reading = protocol.parse(exchange);
    if (reading) return reading;
  }
  return undefined;
}

/** Adds a greeting that named no protocol, once the reply to HELP has shown which one it is. */
function withGreeting(reading: Reading, greeting: string | undefined): Reading {
  const { service, fields } = reading;
  if (greeting === undefined || fields[`${service}.help`] === undefined) return reading;
  return { ...reading, fields: { ...fields, [`${service}.greeting`]: greeting } };
}

/** Leaves out a follow-up request that was already sent; adds one by the table of requests by field. */
function withFollow(reading: Reading, sent: ReadonlySet<string>): Reading {
  const { follow = followOf(reading), ...others } = reading;
  return follow && !sent.has(follow.name) ? { ...others, follow } : others;
}

/** Protocols below others: a reply that shows what they carry says more. */
const CARRIERS: readonly string[] = ["ssl", "rpc", "iso-tsap"];

/**
 * Orders findings: product before protocol before behaviour, inside TLS before outside, an application before its framework, with a
 * version before without.
 */
export function rank({ finding: { confidence, tunnel, version, service }, isFramework }: Candidate): number {
  return confidence * 16 + (tunnel ? 8 : 0) + (isFramework ? 0 : 4) + (version === undefined ? 0 : 2) +
    (CARRIERS.includes(service) ? 0 : 1);
}

/** A row that matches a field of a reading. */
interface Match {
  readonly row: Row;
  readonly match: RegExpExecArray;
}

/** Returns the rows that match fields of a reading: fields in the reading's order, rows in the table's. */
export function matchesOf(reading: Reading, rowsFor = rowsOf): readonly Match[] {
  return Object.entries(reading.fields).flatMap(([field, text]) =>
    rowsFor(field).flatMap((row) => {
      const match = row.pattern.exec(text);
      return match ? [{ row, match }] : [];
    })
  );
}

function versionOf({ version }: Row, match: RegExpExecArray): string {
  return version === undefined ? "" : expand(version, match);
}

/**
 * Returns the finding of one reply.
 *
 * @param hasPage True if a page of HTTP has come: otherwise a framework may have replied in the place of its application.
 */
export function findingOf(
  reading: Reading,
  { tunnel, tls }: Exchange,
  hasPage: boolean,
): Pick<Candidate, "finding" | "isFramework"> {
  const matches = matchesOf(reading);
  const areFrameworksNamed = reading.isPage !== false || hasPage;
  const naming = matches.filter(({ row }) => row.product !== undefined && (areFrameworksNamed || !row.isFramework));
  const known = naming.find(({ row, match }) => !row.isFramework && versionOf(row, match) !== "") ??
    naming.find(({ row }) => !row.isFramework) ?? naming.find(({ row, match }) => versionOf(row, match) !== "") ??
    naming[0];
  const deciding = known ?? (areFrameworksNamed ? matchesOf(reading, selfNamedRowsOf)[0] : undefined);
  const adding = matches.filter(({ row }) => row.product === undefined);
  const used = [...(deciding ? [deciding] : []), ...adding];
  const first = (key: "hostname" | "os" | "device"): string | undefined => {
    for (const { row, match } of used) {
      const value = row[key] === undefined ? "" : expand(row[key], match);
      if (value !== "") return value;
    }
    return undefined;
  };
  const info = used.flatMap(({ row, match }) => row.info === undefined ? [] : [expand(row.info, match)])
    .filter((text, i, all) => text !== "" && all.indexOf(text) === i).join("; ");
  const cpe = used.flatMap(({ row, match }) => row.cpe.map((name) => expandCpe(name, match)));
  const version = deciding ? versionOf(deciding.row, deciding.match) : "";
  const service = used.find(({ row }) => row.service !== undefined)?.row.service ?? reading.service;
  const isSure = !reading.isVague || used.some(({ row }) => row.service !== undefined);
  const finding = compact({
    ...reading.facts,
    service,
    confidence: known ? PRODUCT : isSure ? PROTOCOL : BEHAVIOUR,
    product: deciding && expand(deciding.row.product!, deciding.match),
    version: version || undefined,
    info: info || reading.facts.info,
    hostname: first("hostname") ?? reading.facts.hostname,
    os: first("os") ?? reading.facts.os,
    device: first("device") ?? reading.facts.device,
    cpe: cpe.length > 0 ? [...new Set(cpe)] : undefined,
    tunnel,
    tls: tls ?? reading.facts.tls,
    row: (deciding ?? used[0])?.row.id,
  });
  return { finding, isFramework: known?.row.isFramework === true };
}

/** A finding in which missing values may be undefined. */
type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** Leaves out what is undefined. */
function compact(finding: Loose<Finding>): Finding {
  return Object.fromEntries(Object.entries(finding).filter(([, value]) => value !== undefined)) as unknown as Finding;
}

/** Adds the facts that other replies of the same service, or the TLS hello, have shown. */
export function merged(best: Finding, all: readonly Finding[], banner: string | undefined): Finding {
  const same = all.filter(({ service }) => service === best.service || service === "ssl");
  const find = <K extends keyof Finding>(key: K): Finding[K] | undefined =>
    same.find((finding) => finding[key] !== undefined)?.[key];
  return compact({
    ...best,
    info: best.info ?? find("info"),
    hostname: best.hostname ?? find("hostname"),
    tls: best.tls ?? find("tls"),
    http: best.http ?? find("http"),
    sshKeys: best.sshKeys ?? find("sshKeys"),
    banner: best.banner ?? banner,
  });
}

/** Returns the first text that the server sent without being asked, or else the first text of all. */
export function bannerOf(exchanges: readonly Exchange[]): string | undefined {
  const texts = exchanges.filter(({ reply }) => isText(reply));
  const first = texts.find(({ probe }) => probe === NULL_PROBE) ?? texts[0];
  const text = first && printable(latin1(first.reply, 0, 512).trim());
  return text || undefined;
}

/** Returns a finding without a service for replies that no protocol reads; undefined if there was no reply. */
export function unread(exchanges: readonly Exchange[]): Finding | undefined {
  if (exchanges.every(({ reply }) => reply.length === 0)) return undefined;
  return compact({ service: UNKNOWN, confidence: 0, banner: bannerOf(exchanges) });
}
