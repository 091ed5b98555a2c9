/**
 * The tokens of traces: a mark of the technique, and below it a sealed slot number.
 *
 * @module
 */

import { Correlator, type Tokens } from "../engine/token.ts";
import { markedToken, sealedPart, type TraceTechnique } from "../technique/trace.ts";

/** Seals slot numbers below a mark. */
export class MarkedTokens implements Tokens {
  readonly #technique: TraceTechnique;
  readonly #sealed: Correlator;

  /** @param key As that of a {@linkcode Correlator}. */
  constructor(technique: TraceTechnique, key: Uint32Array) {
    this.#technique = technique;
    this.#sealed = new Correlator(key);
  }

  seal(slot: number, host: number, what: number, attempt: number): number {
    return markedToken(this.#sealed.seal(slot, host, what, attempt), this.#technique.markOf(what));
  }

  open(token: number, host: number, what: number, attempt: number): number {
    return sealedPart(this.#sealed.open(token, host, what, attempt));
  }
}
