/**
 * The kernel's resolution of hardware addresses on own links: one probe to a host makes the kernel resolve its address, and the
 * others wait until it has, or has given up.
 *
 * @module
 */

import { type Hop, RESOLVED, RESOLVING, UNRESOLVED, UNTRIED } from "./hop.ts";
import type { LocalKernel } from "./kernel.ts";
import { HOP_ABSENT, HOP_ANSWERS, HOP_PENDING, type HopState } from "./local.ts";
import type { Path } from "./path.ts";

/** A neighbour without an entry this long after a probe, in milliseconds: the kernel's table is full. */
export const NO_ENTRY_MS = 4000;
/** The time between two looks at addresses that are resolved grows from here to the next, in milliseconds, and with their number. */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 50;
const LOOK_EACH_MS = 0.3;
/** Probes that found no room in the table of neighbours until the address is treated like others. */
const TRIES = 3;
/** An address that was not resolved gets another probe this much later. */
const AGAIN_MS = 60_000;

/** The addresses that the kernel resolves. Times are the engine's, in milliseconds. */
export class Resolution {
  /** The number of addresses that were resolved, or could not be. */
  count = 0;
  readonly #kernel: LocalKernel;
  /** Those that are resolved just now. */
  readonly #resolving = new Map<Hop, Path>();
  #lookAt = 0;
  #gapMs = 0;

  constructor(kernel: LocalKernel) {
    this.#kernel = kernel;
  }

  /** Returns {@linkcode HOP_ANSWERS} where a probe to a host may be sent, as far as its hardware address matters. */
  resolve(path: Path, hop: Hop, nowMs: number): HopState {
    if (hop.resolution === UNTRIED) {
      hop.read(this.#kernel, path.interfaceIndex, nowMs);
      if (hop.isUsable) hop.resolution = RESOLVED;
    }
    switch (hop.resolution) {
      case RESOLVED:
        return HOP_ANSWERS;
      case RESOLVING:
        return HOP_PENDING;
      case UNRESOLVED:
        if (nowMs - hop.triedAt < AGAIN_MS) return HOP_ABSENT;
        break;
      default:
        hop.resolution = RESOLVING;
        hop.tries++;
    }
    hop.triedAt = nowMs;
    if (this.#resolving.size === 0) {
      this.#gapMs = FIRST_LOOK_MS;
      this.#lookAt = nowMs + FIRST_LOOK_MS;
    }
    this.#resolving.set(hop, path);
    return HOP_ANSWERS;
  }

  /** Settles the state of an address that does not reply: only an entry of the kernel that is usable resolves it. */
  settle(path: Path, hop: Hop, nowMs: number): void {
    hop.read(this.#kernel, path.interfaceIndex, nowMs);
    hop.resolution = hop.isUsable ? RESOLVED : UNRESOLVED;
    hop.triedAt = Infinity;
  }

  /** Looks, where that is due, at the addresses that are resolved, and sends requests beside the kernel's: those are few, and may be lost. */
  look(nowMs: number): void {
    if (this.#resolving.size === 0 || nowMs < this.#lookAt) return;
    const most = Math.max(LAST_LOOK_MS, this.#resolving.size * LOOK_EACH_MS);
    this.#gapMs = Math.min(most, this.#gapMs * 2);
    this.#lookAt = nowMs + this.#gapMs;
    for (const [hop, path] of this.#resolving) {
      if (hop.failedAt <= hop.triedAt) hop.read(this.#kernel, path.interfaceIndex, nowMs);
      if (hop.isUsable) this.#end(hop, RESOLVED);
      else if (hop.failedAt > hop.triedAt) this.#end(hop, UNRESOLVED);
      else if (hop.state === undefined && nowMs - hop.triedAt > NO_ENTRY_MS) {
        this.#end(hop, hop.tries < TRIES ? UNTRIED : RESOLVED);
      } else if (path.link !== undefined) path.request(this.#kernel, hop, nowMs);
    }
  }

  /** Takes that a probe has not made the kernel resolve an address after all. */
  again(hop: Hop): void {
    this.#end(hop, UNTRIED);
  }

  #end(hop: Hop, resolution: number): void {
    this.#resolving.delete(hop);
    hop.resolution = resolution;
    this.count++;
  }
}
