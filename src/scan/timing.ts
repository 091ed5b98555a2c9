/**
 * Timeouts and rates of the timing templates `-T0` to `-T5` and of the single flags.
 *
 * @module
 */

import type { EngineLimits } from "../engine/engine.ts";
import { UsageError } from "../base/errors.ts";
import type { ScanOptions, Timing } from "./options.ts";
import { grouped, perSecond } from "../base/text.ts";

/** Probes a second: initial, maximum where too few replies show whether they are lost, and maximum. */
interface UsualRate {
  readonly startPps: number;
  readonly uncheckedPps: number;
  readonly maxPps: number;
}

interface TimingTemplate {
  /** Timeouts, in milliseconds. */
  readonly timeouts: { readonly initialMs: number; readonly minMs: number; readonly maxMs: number };
  /** Probes a second to hosts beyond a gateway. */
  readonly beyond: UsualRate;
  /** Probes a second to this machine and its own links. */
  readonly near: UsualRate;
  /** Probes in flight. */
  readonly maxInFlight: number;
}

const FREE: UsualRate = { startPps: Infinity, uncheckedPps: Infinity, maxPps: Infinity };
const MANY = 1 << 18;

/** Returns a template that probes one port at a time, with this delay between two probes. */
function serial(delayMs: number, initialMs: number): TimingTemplate {
  const pps = 1000 / delayMs;
  const rate = { startPps: pps, uncheckedPps: pps, maxPps: pps };
  return {
    timeouts: { initialMs, minMs: 100, maxMs: Math.max(10_000, initialMs) },
    beyond: rate,
    near: rate,
    maxInFlight: 1,
  };
}

/**
 * Waits and the pauses of T0 to T2 are those that nmap documents for its templates (nmap(1), timing and performance). Rates
 * beyond a gateway are our own: an initial rate that no access line notices, and one that a home router's connection table and a
 * site's intrusion detection bear. More is sent while the replies of hosts on the path show that it carries that; the owner of
 * the path raises the bounds by -T4, -T5 or --max-rate. Own links are as fast as the kernel.
 */
const TEMPLATES: Readonly<Record<Timing, TimingTemplate>> = {
  0: serial(300_000, 300_000),
  1: serial(15_000, 15_000),
  2: serial(400, 1000),
  3: {
    timeouts: { initialMs: 1000, minMs: 100, maxMs: 10_000 },
    beyond: { startPps: 1000, uncheckedPps: 10_000, maxPps: 100_000 },
    near: FREE,
    maxInFlight: MANY,
  },
  4: {
    timeouts: { initialMs: 500, minMs: 100, maxMs: 1250 },
    beyond: { startPps: 4000, uncheckedPps: 50_000, maxPps: 500_000 },
    near: FREE,
    maxInFlight: MANY,
  },
  5: { timeouts: { initialMs: 250, minMs: 50, maxMs: 300 }, beyond: FREE, near: FREE, maxInFlight: MANY },
};

/** The share of a rate that the user names with which a scan begins at least. */
const START_SHARE = 1 / 4;

/**
 * The bounds of a scan.
 *
 * @param beyondGateway True if probes pass foreign networks.
 * @param workers The number of workers that share the rate.
 * @throws {UsageError} If the options contradict each other.
 */
export function engineLimits(options: ScanOptions, beyondGateway: boolean, workers = 1): EngineLimits {
  const template = TEMPLATES[options.timing ?? 3];
  const usual = beyondGateway ? template.beyond : template.near;
  const minPps = options.minRatePps ?? 0;
  const maxPps = options.maxRatePps ?? Math.max(usual.maxPps, minPps);
  if (minPps > maxPps) {
    throw new UsageError(`Cannot send at least ${minPps} and at most ${maxPps} probes a second: lower --min-rate`);
  }
  // A user who names a rate knows what the path carries, more or less.
  const startPps = Math.max(usual.startPps, minPps, (options.maxRatePps ?? 0) * START_SHARE);
  const uncheckedPps = options.maxRatePps ?? Math.max(usual.uncheckedPps, minPps);
  const { timeouts } = template;
  const maxMs = options.maxRttTimeoutMs ?? Math.max(timeouts.maxMs, options.timeoutMs ?? 0);
  const initialMs = Math.min(options.timeoutMs ?? timeouts.initialMs, maxMs);
  return {
    timeouts: { initialMs, minMs: Math.min(timeouts.minMs, maxMs), maxMs },
    rate: {
      startPps: Math.min(maxPps, startPps) / workers,
      maxPps: maxPps / workers,
      uncheckedPps: uncheckedPps / workers,
      minPps: minPps / workers,
    },
    maxRetries: options.maxRetries ?? Infinity,
    maxInFlight: Math.max(1, Math.floor(template.maxInFlight / workers)),
    ...(workers > 1 ? { sharesHosts: true } : {}),
    ...(options.defeatIcmpRateLimit === true ? { defeatsIcmpLimit: true } : {}),
  };
}

/**
 * Requests to all stations of a link, by timing template: a switch hands each to every port, and some limit them. Initial and
 * maximum, a second.
 */
const LINK_RATES: Readonly<Partial<Record<Timing, { readonly startPps: number; readonly maxPps: number }>>> = {
  3: { startPps: 2000, maxPps: 10_000 },
  4: { startPps: 5000, maxPps: 25_000 },
};

/** The first wait for a reply on an own link at most, in milliseconds: stations that sleep wake up a few times a second. */
const LINK_INITIAL_MS = 500;

/** The bounds of a pass over own links, from those of the scan: its probes go to all stations, and absence needs every attempt. */
export function linkLimits(options: ScanOptions, limits: EngineLimits, workers = 1): EngineLimits {
  const usual = LINK_RATES[options.timing ?? 3] ?? limits.rate;
  const maxPps = Math.min(limits.rate.maxPps, (options.maxRatePps ?? usual.maxPps) / workers);
  return {
    ...limits,
    timeouts: { ...limits.timeouts, initialMs: Math.min(limits.timeouts.initialMs, LINK_INITIAL_MS) },
    rate: {
      startPps: Math.min(maxPps, usual.startPps / workers),
      maxPps,
      minPps: Math.min(maxPps, limits.rate.minPps),
    },
    maxRetries: Infinity,
  };
}

/**
 * Describes the rate and the timeout of a scan, and the flags that raise them, in one line.
 *
 * @param limits The limits of the whole scan, not of one worker.
 */
export function paceText(options: ScanOptions, limits: EngineLimits, beyondGateway: boolean): string {
  const { startPps, maxPps, minPps, uncheckedPps = maxPps } = limits.rate;
  const timing = options.timing ?? 3;
  const where = beyondGateway ? "Beyond a gateway, in the networks of others" : "This machine and its own links";
  const most = maxPps === Infinity ? "as fast as the kernel sends" : [
    ...startPps < uncheckedPps ? [`${rateText(startPps)} to begin with`] : [],
    `${rateText(uncheckedPps)} at most`,
    ...uncheckedPps < maxPps ? [`up to ${rateText(maxPps)} while replies show that little is lost`] : [],
  ].join(", ");
  const serial = limits.maxInFlight === 1 ? "one port at a time, " : "";
  const least = minPps > 0 ? `, ${rateText(minPps)} at least` : "";
  const isLimited = beyondGateway && maxPps < Infinity && options.maxRatePps === undefined;
  const remedy = isLimited && timing >= 3 ? `; --max-rate${timing === 3 ? ", -T4" : ""} or -T5 raise that` : "";
  const wait = `replies are waited for ${waitText(limits.timeouts.initialMs)} at first`;
  return `${where}, at -T${timing}: ${serial}${most}${least}${remedy}; ${wait}`;
}

function rateText(ratePps: number): string {
  if (ratePps < 1) return `a probe in ${waitText(1000 / ratePps)}`;
  return perSecond(ratePps < 100 ? `${Number(ratePps.toFixed(1))}` : grouped(ratePps));
}

/** Formats a configured time, which is a round number: `250 ms`, `2.5 s`, `300 s`. */
function waitText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
