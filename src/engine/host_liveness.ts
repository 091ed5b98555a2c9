// Hot path: nothing here may allocate per packet.
/**
 * The liveness of hosts, and of the path to all of them: when each last replied, and which liveness probes it did not reply to.
 *
 * @module
 */

/** The entry of the scan as a whole, which is also all that is kept of a host that has not replied. */
export const GLOBAL = 0;

/** Liveness probes lost in a row after which a host is given up, and the least time, in milliseconds (tests/sim/outage_test.ts). */
const PROBES_BEFORE_UNREACHABLE = 8;
const SILENCE_BEFORE_UNREACHABLE_MS = 5000;
/** The longest time between two liveness probes to a silent host, in milliseconds. */
const MAX_LIVENESS_GAP_MS = 2000;

/** Columns of the table of hosts that concern liveness. Times are engine milliseconds. */
export class HostLiveness {
  /** A closed port, to be probed when the host's silence is to be judged; below 0 while none is known. */
  livenessPort = new Int32Array(0);
  /** The same where errors report closed ports, which hosts limit; and an open one, whose service may have enough of requests. */
  refusedPort = new Int32Array(0);
  servicePort = new Int32Array(0);
  /** When the latest probe that was replied to had been sent: until then the host is known to have been there. */
  aliveAt = new Float64Array(0);
  /** Silence after what was sent before proves nothing: the host, or the path to it, was unreachable. */
  countsSince = new Float64Array(0);
  /** Liveness probes with a reply. */
  livenessAnswered = new Uint32Array(0);
  /** Liveness probes without a reply. */
  livenessLost = new Uint32Array(0);
  /** Liveness probes in a row without a reply. */
  unansweredLiveness = new Uint16Array(0);
  /** When the first of them had been sent. */
  silentSince = new Float64Array(0);
  /** When the next liveness probe may be sent. */
  nextLivenessAt = new Float64Array(0);
  /** Retransmissions since the present burst began, with which of them the next liveness probe goes, and when the burst ends. */
  burstSize = new Uint32Array(0);
  burstLivenessAt = new Float64Array(0);
  burstEndsAt = new Float64Array(0);

  /** Returns since when silence of a host proves something. */
  silenceCountsSince(index: number): number {
    return Math.max(this.countsSince[GLOBAL]!, this.countsSince[index]!);
  }

  /** Notes that a liveness probe which was sent at `sentMs` has had no reply. */
  noteLivenessLost(index: number, sentMs: number): void {
    if (this.unansweredLiveness[index] === 0) this.silentSince[index] = sentMs;
    if (this.unansweredLiveness[index]! < 0xffff) this.unansweredLiveness[index]!++;
  }

  /** Forgets lost liveness probes: this machine was at fault. */
  forgetSilence(): void {
    this.unansweredLiveness.fill(0);
    this.nextLivenessAt.fill(0);
  }

  /** Returns the time until the next liveness probe to a host, `gapMs` at least: the longer the longer it has been silent. */
  livenessPause(index: number, nowMs: number, gapMs: number): number {
    if (this.unansweredLiveness[index] === 0) return gapMs;
    return Math.max(gapMs, Math.min(MAX_LIVENESS_GAP_MS, (nowMs - this.silentSince[index]!) / 4));
  }

  /** True once a host has not replied to liveness probes for so long that it is taken to be gone. */
  isUnreachable(index: number, nowMs: number): boolean {
    return this.unansweredLiveness[index]! >= PROBES_BEFORE_UNREACHABLE &&
      nowMs - this.silentSince[index]! >= SILENCE_BEFORE_UNREACHABLE_MS;
  }
}
