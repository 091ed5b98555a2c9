// Hot path: nothing here may allocate per packet, but for the first of a host.
/**
 * Hosts that a router has reported as unreachable so late that it must have looked for them on its own link in vain.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";
import { reasonCode } from "../result/reasons.ts";
import type { EngineState } from "./engine_state.ts";
import { GLOBAL } from "./host_table.ts";
import { DECIDED, FOR_RESULT } from "./probe_table.ts";

const HOST_UNREACH = reasonCode("host-unreach");
const NO_RESPONSE = reasonCode("no-response");
/**
 * A router that reports a host as unreachable so long after the first probe, in milliseconds, has not found it on its own link: Linux
 * sends three ARP requests, a second each, before it reports that (arp(7)), and others wait as long. At once it may be a firewall.
 */
const LATE_UNREACHABLE_MS = 2950;
/** A wait that would end soon after a router's report is due is extended until then: round trip and router take their time. */
const REPORT_UNTIL_MS = 3600;
/** An error so late may be one for which a router has waited, as far as its round trip is concerned. */
const MAY_HAVE_WAITED_MS = 900;
/** An error so late is none at once, unless the path is slow. */
const AT_ONCE_MS = 300;
/** Hosts that are kept. */
const MAX_ABSENT = 1 << 16;
const MAX_BEGUN = 1 << 16;
/** Routers that are kept. */
const MAX_REFUSING = 1 << 12;

/** The hosts of a scan that are known to be absent. */
export class AbsentHosts {
  /** True while a host has been reported since {@linkcode AbsentHosts.takeNews} was called. */
  #hasNews = false;
  readonly #state: EngineState;
  readonly #reportedBy: Map<number, number>;
  /** When the first probe of a host was sent, in whole milliseconds of the caller's time: a router waits however late this program is. */
  readonly #begunMs = new U32Map();
  /** Routers that have reported a host at once. */
  readonly #refusing = new Set<number>();

  constructor(state: EngineState) {
    this.#state = state;
    this.#reportedBy = state.reported;
  }

  /** True once a host has been reported. */
  get isAny(): boolean {
    return this.#reportedBy.size > 0;
  }

  /** Returns true once for each time that hosts were reported. */
  takeNews(): boolean {
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    return hasNews;
  }

  /** Takes that a router has reported a host to another engine. */
  report(host: number, from: number): void {
    const { hosts, sink } = this.#state;
    if (sink.absent === undefined || hosts.find(host) !== GLOBAL || this.#reportedBy.has(host)) return;
    if (this.#reportedBy.size >= MAX_ABSENT) return;
    this.#reportedBy.set(host, from);
    this.#hasNews = true;
  }

  /** Notes that a host which has not replied is probed. */
  begin(host: number, timeMs: number): void {
    if (this.#begunMs.size >= MAX_BEGUN || this.#begunMs.get(host) >= 0) return;
    this.#begunMs.add(host, Math.floor(this.#state.clock.callerTime(timeMs)));
  }

  /**
   * True where an error that arrives now for a slot shows that the host, which has not replied, is absent.
   *
   * @param nowMs When it arrived, in the caller's time.
   * @param ageMs The time since the attempt that the error quotes was sent; below 0 if it is unknown.
   */
  isShownBy(slot: number, index: number, reason: number, from: number, nowMs: number, ageMs: number): boolean {
    if (reason !== HOST_UNREACH || index !== GLOBAL) return false;
    const { table, clock } = this.#state;
    const host = table.host[slot]!;
    // Any other probe is to a host that has replied, of which nothing is kept where it is probed once.
    if (from === host || table.purpose[slot] !== FOR_RESULT || this.#isSettled(slot)) return false;
    const begunMs = this.#begunMs.get(host);
    const afterMs = begunMs < 0 ? clock.engineTime(nowMs) - table.times.first[slot]! : nowMs - begunMs;
    if (afterMs < this.#leastMs(host)) {
      if (afterMs < MAY_HAVE_WAITED_MS && this.#refusing.size < MAX_REFUSING) this.#refusing.add(from);
      return false;
    }
    // A router queues few packets for a host that it looks for, and may report the last of them. One that also refuses at once, and rations
    // its errors, may refuse late what was sent a moment ago.
    if (ageMs < LATE_UNREACHABLE_MS && this.#refusing.has(from)) return false;
    if (this.#reportedBy.has(host)) return true;
    this.#state.sink.absent?.(host, from);
    if (this.#reportedBy.size < MAX_ABSENT) {
      this.#reportedBy.set(host, from);
      this.#hasNews = true;
    }
    return true;
  }

  /** True for an error that a router may have sent only after it had looked for the host for a while. */
  mayHaveWaited(slot: number, reason: number, from: number, timeMs: number): boolean {
    const { table } = this.#state;
    const host = table.host[slot]!;
    return reason === HOST_UNREACH && from !== host &&
      (timeMs - table.times.first[slot]! >= MAY_HAVE_WAITED_MS || this.reporterOf(host) !== 0);
  }

  /** Returns when the wait of an attempt ends that would end at `dueMs`, in engine time: not just before a router may report the host. */
  dueMs(slot: number, index: number, dueMs: number): number {
    const { table, sink } = this.#state;
    if (index !== GLOBAL || sink.absent === undefined || table.purpose[slot] !== FOR_RESULT) return dueMs;
    const firstMs = table.times.first[slot]!;
    const untilMs = firstMs + REPORT_UNTIL_MS;
    return dueMs < untilMs && dueMs >= firstMs + LATE_UNREACHABLE_MS ? untilMs : dueMs;
  }

  /** Returns the router that has reported a host; 0 if none has. */
  reporterOf(host: number): number {
    return this.#reportedBy.size === 0 ? 0 : this.#reportedBy.get(host) ?? 0;
  }

  /** Takes that a host has replied after all. */
  onReply(host: number): void {
    if (this.#reportedBy.size > 0) this.#reportedBy.delete(host);
  }

  /** Returns the least time from the first probe of this engine to an error that shows a host to be absent. */
  #leastMs(host: number): number {
    const { source } = this.#state;
    // It was probed before, seconds ago: all that is left to tell is that the error is not one at once.
    if (source.wasPending?.(host) === true) return AT_ONCE_MS;
    return source.wasSilent?.(host) === true ? MAY_HAVE_WAITED_MS : LATE_UNREACHABLE_MS;
  }

  /** True for a slot that was decided by a reply, or is all that its host has. */
  #isSettled(slot: number): boolean {
    const { table, source } = this.#state;
    if (table.status[slot] !== DECIDED) return false;
    const reason = table.reason[slot];
    return reason !== NO_RESPONSE && reason !== HOST_UNREACH || source.portCountOf(table.host[slot]!) === 1;
  }
}
