// Hot path: nothing here may allocate per packet.
/**
 * Rows of silent probes that hardly occur while a host has tokens for ICMP errors: they show that its bucket is empty.
 *
 * The constants are chosen by tests/engine/icmp_limit_test.ts and tests/lab/udp_calibration.ts.
 *
 * @module
 */

/** The chance of a row of silent ports below which the bucket is taken to be empty. */
const CHANCE_OF_ROW = 0.001;
/** The same of probes that were sent for a token: to wait for the next one costs little. */
const CHANCE_OF_COVERED_ROW = 0.05;

/** The silent probes since the last error of one sender. Times are those at which probes were sent, in milliseconds. */
export class SilentRows {
  /** When the last of the first probes that an error has come for was sent. */
  lastErrorMs = -Infinity;
  /** Of first probes: the last that an error has come for, errors, and silent ports before it and after it. */
  #lastError = 0;
  #withError = 0;
  #silentBefore = 0;
  #silentAfter = 0;
  /** The chance of what was silent of probes that were sent for a token. */
  #covered = 1;

  /** Takes an error in reply to a probe: `first` is its place among the first probes of all ports, 0 for a later one. */
  onError(sentMs: number, first: number): void {
    this.#covered = 1;
    if (first > 0) this.#withError++;
    if (first <= this.#lastError) return;
    this.#lastError = first;
    this.lastErrorMs = sentMs;
    this.#silentBefore += this.#silentAfter;
    this.#silentAfter = 0;
  }

  /** Takes that a first probe has had no reply; returns true, and begins another row, if the bucket was empty. */
  onFirst(first: number): boolean {
    if (first < this.#lastError) {
      this.#silentBefore++;
      return false;
    }
    const share = (this.#withError + 0.5) / (this.#withError + this.#silentBefore + 1);
    if ((1 - share) ** ++this.#silentAfter >= CHANCE_OF_ROW) return false;
    this.#silentAfter = 0;
    return true;
  }

  /** The same for a probe that was sent for a token, which has no reply with this chance if there was one. */
  onCovered(chance: number): boolean {
    this.#covered *= chance;
    if (this.#covered >= CHANCE_OF_COVERED_ROW) return false;
    this.#covered = 1;
    return true;
  }
}
