/**
 * Checks of values read from a history. Its file may come from elsewhere, or be damaged, and reports write states, reasons, addresses and
 * numbers as they are: values that could control a terminal, or break JSON or XML, are refused when they are read.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import { hasShape, isObject, isText, isWhole, orMissing, orNull, type Shape } from "../base/shape.ts";
import type { Field } from "../report/fields.ts";
import { type Reason, REASONS } from "../result/reasons.ts";
import { HOST_STATES, type HostState, type State, STATES } from "../result/states.ts";
import { type Summary, UNTOLD } from "../result/summary.ts";
import { type HostKey, hostKey, MAX_HOST_NUMBER, PORTS, PROTOCOLS } from "./key.ts";

/** A check that a value passes. */
export type Check = (value: unknown) => boolean;

/** The last moment that a `Date` can hold, in milliseconds since 1970. */
const LAST_MS = 8.64e15;
const MAX_TTL = 0xff;

/** Short text of our own making, such as a version. */
const PLAIN = /^[\w.:+-]{1,64}$/;
const WORDS = /^[\w ,.()+-]{0,64}$/;

/** The error for what could not be read. */
export function damaged(what: "this scan" | "the list of scans"): CannotScanError {
  return new CannotScanError(`Cannot read ${what}: the history is damaged. Restore the file from a copy`);
}

/** True for text without anything that would have to be escaped. */
export const isPlain: Check = (value) => typeof value === "string" && PLAIN.test(value);

/** True for the techniques of a scan, of which one may name very many pings: `ping(echo,syn:443)+syn`. */
export const isTechnique: Check = (value) => typeof value === "string" && /^[\w+:,()-]{1,65536}$/.test(value);

/** True for the number of a port. */
export const isPort: Check = (value) => isWhole(value, PORTS - 1);
const isYesOrNo: Check = (value) => typeof value === "boolean";

/** True for the time of something, in milliseconds since 1970. */
export const isTime: Check = (value) => isWhole(value, LAST_MS);

/** True for what is counted. */
export const isCount: Check = (value) => isWhole(value);

/** True for what is measured: a number from 0 to 2^53, so that sums and decimals of such numbers are finite. */
export const isAmount: Check = (value) => Number.isFinite(value) && isWhole(Math.floor(Number(value)));

/** True for how a scan can end. */
export const isEnding: Check = (value) => ["done", "deadline", "interrupted", "failed"].includes(String(value));

/** True for the key of a host: the number of an IPv4 address, or an IPv6 address with all its digits. */
export function isHostKey(value: unknown): value is HostKey {
  return isWhole(value, MAX_HOST_NUMBER) ||
    typeof value === "string" && /^[\da-f]{4}(:[\da-f]{4}){7}(%[\w.@:-]{1,15})?$/.test(value);
}

/** Returns the check of a field of a result, as it is in a column. */
export function fieldCheck({ name, type, plain }: Field): Check {
  const check = FIELD_CHECKS.get(name);
  if (check !== undefined) return check;
  if (type === "text" || type === "list") return orNull(plain ? isPlain : isText);
  if (type === "yes or no") return orNull((value) => isWhole(value, 1));
  return orNull(type === "whole" ? isCount : isAmount);
}

/** True for a summary. Those of earlier versions have no names, no aliased prefixes, and neither states nor systems of hosts. */
export function isSummary(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { hostnames, aliased, os, hostsAbsent, hostsSilent, hostsUndecided, roundTrips } = UNTOLD;
  const whole = { hostnames, aliased, os, hostsAbsent, hostsSilent, hostsUndecided, roundTrips, ...value };
  return summaryFault(whole) === undefined;
}

/** Returns the name of a member of a summary that is missing or out of its bounds; undefined if there is none. */
export function summaryFault(summary: object): string | undefined {
  return Object.entries(SUMMARY).find(([name, shape]) => !hasShape(Reflect.get(summary, name), shape))?.[0];
}

/** Returns a summary without unknown properties, and with those that earlier versions do not have. */
export function knownSummary(summary: Summary): Summary {
  const known = Object.keys(UNTOLD) as (keyof Summary)[];
  return Object.fromEntries(known.map((name) => [name, summary[name] ?? UNTOLD[name]])) as unknown as Summary;
}

/** True for an address. A zone could hold anything: it is of the characters that names of interfaces usually have. */
export function isAddress(value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (typeof hostKey(value) === "number") return true;
  const [, address] = /^([\da-f:.]+)(?:%[\w.@:-]{1,15})?$/.exec(value) ?? [];
  return address !== undefined && URL.canParse(`http://[${address}]`);
}

const FIELD_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["port", isPort],
  ["proto", (value) => PROTOCOLS.includes(value as string)],
  ["state", (value) => STATES.includes(value as State) || HOST_STATES.includes(value as HostState)],
  ["reason", (value) => REASONS.includes(value as Reason)],
  ["ttl", orNull((value) => isWhole(value, MAX_TTL))],
  ["tries", isCount],
  ["from", orNull(isAddress)],
]);

const isCode = (value: unknown): boolean => isText(value) && WORDS.test(String(value));

const isPorts = (value: unknown): boolean => isText(value) && /^[\d,-]*$/.test(String(value));

/** A filter that a trace found. */
const FILTERED: Shape = {
  ...{ ports: isPorts, proto: isCode, technique: isCode, probed: isPorts },
  ...{ afterHop: isWhole, ip: orMissing(isAddress) },
};

const SUMMARY: Readonly<Record<string, Shape>> = {
  // Everything that is counted or measured.
  ...Object.fromEntries(
    Object.entries(UNTOLD).filter(([, value]) => typeof value === "number").map(([name]) => [name, isCount]),
  ),
  ...{ elapsedMs: isAmount, ratePps: isAmount, roundTrips: isAmount, expectedWrong: isAmount },
  loss: orNull((value) => isAmount(value) && Number(value) <= 1),
  sendErrors: (value) =>
    isObject(value) && Object.entries(value).every(([name, count]) => isCode(name) && isWhole(count)),
  suspects: [{ ip: isAddress, suspect: isCode }],
  notes: [{ ip: isAddress, note: isText, more: isWhole, ports: [isPort] }],
  aliased: [{ prefix: isText, hosts: isWhole, controls: isWhole, replied: isWhole }],
  hostnames: [{ ip: isAddress, name: isText }],
  os: [{ ip: isAddress, family: orNull(isText), evidence: isText, ports: [isPort] }],
  traces: [{
    ...{ ip: isAddress, proto: isCode, port: orMissing(isPort), isReached: isYesOrNo },
    shared: orMissing({ hops: isWhole, ip: isAddress }),
    hops: [{ ttl: isWhole, ip: orMissing(isAddress), rttMs: orMissing(isAmount), hostname: orMissing(isText) }],
    filtered: [FILTERED],
  }],
  ended: isEnding,
  warnings: [isText],
  trusted: isYesOrNo,
  transport: isCode,
};

/** True for a hardware address as text. */
export function isMac(value: unknown): value is string {
  return /^[\da-f]{2}(?::[\da-f]{2}){5}$/.test(String(value));
}
