/**
 * Checks of values read from a history. Its file may come from elsewhere, or be damaged, and reports write states, reasons, addresses and
 * numbers as they are: values that could control a terminal, or break JSON or XML, are refused when they are read.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import type { Field } from "../report/fields.ts";
import { type Reason, REASONS } from "../result/reasons.ts";
import { type State, STATES } from "../result/states.ts";
import type { Summary } from "../result/summary.ts";
import { ipv4Key, MAX_HOST_NUMBER, PROTOCOLS } from "./key.ts";

/** A check that a value passes. */
export type Check = (value: unknown) => boolean;

/** The last moment that a `Date` can hold, in milliseconds since 1970. */
const LAST_MS = 8.64e15;
const MAX_PORT = 0xffff;
const MAX_TTL = 0xff;

/** Short text of our own making, such as a version. */
const PLAIN = /^[\w.:+-]{1,64}$/;
const TRANSPORT = /^[\w ,.()+-]{0,64}$/;
const ERRNO = /^(E[A-Z0-9]+|errno \d+)$/;

const ENDINGS: readonly Summary["ended"][] = ["done", "deadline", "interrupted", "failed"];
const SUSPICIONS: readonly Summary["suspects"][number]["suspect"][] = ["syn-proxy", "own-side"];

/** The error for what could not be read. */
export function damaged(what: "this scan" | "the list of scans"): CannotScanError {
  return new CannotScanError(`Cannot read ${what}: the history is damaged. Restore the file from a copy`);
}

/** True for text without anything that would have to be escaped. */
export function isPlain(value: unknown): boolean {
  return typeof value === "string" && PLAIN.test(value);
}

/** True for the time of something, in milliseconds since 1970. */
export function isTime(value: unknown): boolean {
  return isWhole(value, LAST_MS);
}

/** True for what is counted. */
export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

/** True for how a scan can end. */
export function isEnding(value: unknown): boolean {
  return ENDINGS.includes(value as Summary["ended"]);
}

/** True for a list of texts. */
export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

/** True for the key of a host: the number of an IPv4 address, or an IPv6 address with all its digits. */
export function isHostKey(value: unknown): boolean {
  return isWhole(value, MAX_HOST_NUMBER) || typeof value === "string" && /^[\da-f]{4}(:[\da-f]{4}){7}$/.test(value);
}

/** Returns the check of a field of a result, as it is in a column. */
export function fieldCheck({ name, type, plain }: Field): Check {
  const check = FIELD_CHECKS.get(name);
  if (check !== undefined) return check;
  if (type === "text" || type === "list") return optional(plain ? isPlain : isText);
  if (type === "yes or no") return optional((value) => isWhole(value, 1));
  return optional(type === "whole" ? isCount : Number.isFinite);
}

/** Returns the summary that a value is, without other properties; `undefined` where it is none. */
export function summaryFrom(value: unknown): Summary | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const said = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(SUMMARY_CHECKS) as (keyof Summary)[];
  if (!names.every((name) => SUMMARY_CHECKS[name](said[name]))) return undefined;
  return Object.fromEntries(names.map((name) => [name, said[name]])) as unknown as Summary;
}

function optional(check: Check): Check {
  return (value) => value === null || check(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Returns true for a whole number from 0 to `most`. */
export function isWhole(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function isAddress(value: unknown): boolean {
  return typeof value === "string" && ipv4Key(value) !== undefined || isIpv6(value);
}

// A zone could hold anything: there is none in a report.
function isIpv6(value: unknown): boolean {
  return typeof value === "string" && /^[\da-f:.]+$/.test(value) && URL.canParse(`http://[${value}]`);
}

const FIELD_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["port", (value) => isWhole(value, MAX_PORT)],
  ["proto", (value) => PROTOCOLS.includes(value as string)],
  ["state", (value) => STATES.includes(value as State)],
  ["reason", (value) => REASONS.includes(value as Reason)],
  ["ttl", optional((value) => isWhole(value, MAX_TTL))],
  ["tries", isCount],
  ["from", optional(isAddress)],
]);

const SUMMARY_CHECKS: Readonly<Record<keyof Summary, Check>> = {
  hosts: isCount,
  hostsUp: isCount,
  probes: isCount,
  sent: isCount,
  answered: isCount,
  open: isCount,
  closed: isCount,
  filtered: isCount,
  unfiltered: isCount,
  openFiltered: isCount,
  closedFiltered: isCount,
  undecided: isCount,
  elapsedMs: Number.isFinite,
  ratePps: Number.isFinite,
  loss: (value) => value === null || Number.isFinite(value),
  expectedWrong: Number.isFinite,
  late: isCount,
  duplicates: isCount,
  finAcks: isCount,
  unmatched: isCount,
  sendRetries: isCount,
  sendErrors: (value) =>
    typeof value === "object" && value !== null &&
    Object.entries(value).every(([name, count]) => ERRNO.test(name) && isCount(count)),
  receiveDrops: isCount,
  cappedHosts: isCount,
  suspects: (value) =>
    Array.isArray(value) && value.every((each) => isAddress(each?.ip) && SUSPICIONS.includes(each.suspect)),
  notes: (value) =>
    Array.isArray(value) &&
    value.every((each) =>
      isAddress(each?.ip) && isText(each.note) && isCount(each.more) && Array.isArray(each.ports) &&
      each.ports.every((port: unknown) => isWhole(port, MAX_PORT))
    ),
  ended: isEnding,
  warnings: isTexts,
  trusted: (value) => typeof value === "boolean",
  transport: (value) => typeof value === "string" && TRANSPORT.test(value),
  workers: isCount,
};
