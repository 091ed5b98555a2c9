/**
 * Texts of hosts that differ only in their addresses and round trips, as most hosts of a large scan do: each is made once.
 *
 * @module
 */
import type { SystemGuess } from "../result/summary.ts";

/** The largest number of texts that are kept. */
const MAX_TEXTS = 1 << 14;

/** Texts by the kind of a host ({@linkcode HostReport.kind}) and the guesses of its system. */
export class HostTexts<T> {
  readonly #texts = new Map<readonly SystemGuess[] | undefined, Map<number, T>>();
  #size = 0;

  /** Returns the text of the first host of this kind and with these guesses, which `make` makes. */
  of(kind: number, guesses: readonly SystemGuess[] | undefined, make: () => T): T {
    const known = this.#texts.get(guesses)?.get(kind);
    if (known !== undefined) return known;
    if (this.#size++ === MAX_TEXTS) {
      this.#texts.clear();
      this.#size = 1;
    }
    const text = make();
    this.#texts.getOrInsertComputed(guesses, () => new Map()).set(kind, text);
    return text;
  }
}
