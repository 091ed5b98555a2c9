// Hot path: nothing here may allocate per packet.
/**
 * Tokens that match replies to probes. A probe's 32-bit token (its TCP sequence number) is the number of its slot in the probe
 * table, hidden under a keyed hash of host, port and attempt. A reply carries the token and these, so that its slot is found at
 * once; a sender that has not seen the probe has to guess 32 bits.
 *
 * @module
 */

/** Seals slot numbers into tokens and opens them again. */
export type Tokens = Pick<Correlator, "seal" | "open">;

/** Tokens of 32 bits of which all are sealed. */
export class Correlator {
  readonly #k0: number;
  readonly #k1: number;

  /** @param key Two random 32-bit words; an attacker who has them can forge replies. */
  constructor(key: Uint32Array) {
    this.#k0 = key[0] ?? 0;
    this.#k1 = key[1] ?? 0;
  }

  /** Returns the token of the `attempt`-th probe to `host`:`port` in `slot`. */
  seal(slot: number, host: number, port: number, attempt: number): number {
    return (halfSipHash(this.#k0, this.#k1, host, (attempt << 16) | port) ^ slot) >>> 0;
  }

  /** Returns the slot that a token names. Any token names one: the caller checks that the slot is of this host and port. */
  open(token: number, host: number, port: number, attempt: number): number {
    return (halfSipHash(this.#k0, this.#k1, host, (attempt << 16) | port) ^ token) >>> 0;
  }
}

/**
 * HalfSipHash-1-3 of two 32-bit words under a 64-bit key (Aumasson and Bernstein, "SipHash: a fast short-input PRF", in
 * its 32-bit form).
 */
function halfSipHash(k0: number, k1: number, a: number, b: number): number {
  let v0 = k0 | 0, v1 = k1 | 0, v2 = 0x6c796765 ^ k0, v3 = 0x74656462 ^ k1;
  // One round a word, the word count as the last word, then three rounds to finish.
  for (let round = 0; round < 6; round++) {
    const word = round === 0 ? a | 0 : round === 1 ? b | 0 : round === 2 ? 8 << 24 : 0;
    v3 ^= word;
    if (round === 3) v2 ^= 0xff;
    v0 = (v0 + v1) | 0;
    v1 = (v1 << 5) | (v1 >>> 27);
    v1 ^= v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = (v3 << 8) | (v3 >>> 24);
    v3 ^= v2;
    v0 = (v0 + v3) | 0;
    v3 = (v3 << 7) | (v3 >>> 25);
    v3 ^= v0;
    v2 = (v2 + v1) | 0;
    v1 = (v1 << 13) | (v1 >>> 19);
    v1 ^= v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}
