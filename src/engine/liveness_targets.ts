// Hot path: nothing here may allocate per packet.
/**
 * Closed ports of some hosts, which reply with a RST. Probed in turn, they show whether the path still carries anything: for
 * hosts that have never replied, that is the only evidence.
 *
 * @module
 */

/** Hosts kept. */
const KEPT = 8;
/** Hosts that make replies evidence for the path: one alone may have gone away by itself. */
const ENOUGH = 2;
/** Of so many replies one is looked at for another host; a power of two. */
const ANSWERS_PER_LOOK = 64;

/** A few hosts that reply. */
export class LivenessTargets {
  /** The host to probe, once {@linkcode LivenessTargets.next} was called. */
  host = 0;
  /** Its port. */
  port = 0;
  readonly #hosts = new Uint32Array(KEPT);
  readonly #ports = new Uint16Array(KEPT);
  #count = 0;
  #answers = 0;
  #position = 0;

  /** True once there are enough to be evidence for the path. */
  get enough(): boolean {
    return this.#count >= ENOUGH;
  }

  /** Takes a closed port. */
  answered(host: number, port: number): void {
    const answers = this.#answers++;
    if (this.#count === KEPT && (answers & (ANSWERS_PER_LOOK - 1)) !== 0) return;
    for (let i = 0; i < this.#count; i++) if (this.#hosts[i] === host) return;
    const at = this.#count < KEPT ? this.#count++ : answers / ANSWERS_PER_LOOK % KEPT;
    this.#hosts[at] = host;
    this.#ports[at] = port;
  }

  /** Sets `host` and `port` to the next ones; false while there are not enough. */
  next(): boolean {
    if (!this.enough) return false;
    const i = this.#position++ % this.#count;
    this.host = this.#hosts[i]!;
    this.port = this.#ports[i]!;
    return true;
  }
}
