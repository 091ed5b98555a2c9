// Hot path: `at` runs once for every probe and allocates nothing.
/**
 * A keyed order of the numbers 0 to n - 1, n up to 2^53, computed and never stored.
 *
 * **Why every number comes exactly once.** Write a number below a x b as (left, right) with left < a and right < b. A
 * round replaces left by (left + F(right)) mod a, or right by (right + F(left)) mod b. Whatever F is, subtracting the same
 * value undoes the round, so each round, and any sequence of rounds, is a bijection of the a x b pairs. With
 * a = ceil(sqrt(n)) and b = ceil(n / a) there are fewer than n + a pairs, that is a few more than n. A result that is not
 * below n is sent through the rounds again until it is (cycle walking): a bijection of a finite set runs in cycles, and
 * one that starts below n comes back below n, at the latest to where it started. Two starts cannot meet, since walking
 * backwards from the meeting point is as unambiguous. On average a probe walks 1 + 1 / sqrt(n) times.
 *
 * The construction is the generalised Feistel cipher with cycle walking of Black and Rogaway, "Ciphers with Arbitrary
 * Finite Domains" (CT-RSA 2002). Its round function here is a fast integer hash: it hides the order from the eye and
 * spreads the load; it keeps no secret.
 *
 * @module
 */

/** The largest size of a permutation: every index is then exact in a Number. */
const MAX_ORDER_SIZE = 2 ** 53;

// Six rounds: with four, neighbours of small spaces still show (tests/order/permutation_test.ts).
const ROUNDS = 6;

/** A bijection of [0, size) onto itself, chosen by a seed. */
export class Permutation {
  /** The number of indices. */
  readonly size: number;
  readonly #a: number;
  readonly #b: number;
  readonly #perA: number;
  readonly #perB: number;
  readonly #keys: Int32Array;

  /**
   * Creates the permutation of a seed.
   *
   * @param size The number of indices, an integer from 0 to 2^53.
   * @param seed The seed of the order, an integer from 0 to 2^53 - 1.
   * @throws {RangeError} If either is not such an integer.
   */
  constructor(size: number, seed: number) {
    if (!Number.isInteger(size) || size < 0 || size > MAX_ORDER_SIZE) {
      throw new RangeError(`Cannot order ${size} numbers: the size must be an integer from 0 to 2^53`);
    }
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`Cannot use ${seed} as a seed: it must be an integer from 0 to 2^53 - 1`);
    }
    this.size = size;
    // A quotient of integers below 2^53 rounds to an integer only where it is one, so these divisions and those of `at`
    // truncate exactly. Both factors stay below 2^27, so halves and their sums fit 32-bit integers.
    this.#a = Math.max(1, Math.ceil(Math.sqrt(size)));
    this.#b = Math.floor(Math.max(0, size - 1) / this.#a) + 1;
    this.#perA = this.#a / 2 ** 32;
    this.#perB = this.#b / 2 ** 32;
    this.#keys = roundKeys(seed);
  }

  /**
   * Returns the index at a position of the order.
   *
   * @throws {RangeError} If the position is outside [0, size).
   */
  at(position: number): number {
    if (!(position >= 0 && position < this.size)) throw outside(position, this.size);
    const a = this.#a, b = this.#b, perA = this.#perA, perB = this.#perB, keys = this.#keys;
    let right = (position / a) | 0;
    let left = (position - right * a) | 0;
    let index: number;
    do {
      for (let round = 0; round < ROUNDS; round += 2) {
        left = wrap(left + ((mix(right, keys[round]!) * perA) | 0) - a | 0, a);
        right = wrap(right + ((mix(left, keys[round + 1]!) * perB) | 0) - b | 0, b);
      }
      // Past 2^53 this sum may round, but never to below the size.
      index = right * a + left;
    } while (index >= this.size);
    return index;
  }

  /**
   * Returns the position of an index: the inverse of {@linkcode at}.
   *
   * @throws {RangeError} If the index is outside [0, size).
   */
  positionOf(index: number): number {
    if (!(index >= 0 && index < this.size)) throw outside(index, this.size);
    const a = this.#a, b = this.#b, keys = this.#keys;
    let right = (index / a) | 0;
    let left = (index - right * a) | 0;
    let position: number;
    do {
      for (let round = ROUNDS - 2; round >= 0; round -= 2) {
        right = wrap(right - ((mix(left, keys[round + 1]!) * this.#perB) | 0) | 0, b);
        left = wrap(left - ((mix(right, keys[round]!) * this.#perA) | 0) | 0, a);
      }
      position = right * a + left;
    } while (position >= this.size);
    return position;
  }
}

/** Returns a value from -modulus to modulus - 1 modulo the modulus; branch-free, since a branch here is unpredictable. */
function wrap(value: number, modulus: number): number {
  return value + (modulus & (value >> 31)) | 0;
}

/** Returns a hash of a half under a round key, 0 to 2^32 - 1. The multipliers are those of MurmurHash3's finaliser. */
function mix(half: number, key: number): number {
  let hash = Math.imul(half ^ key, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function roundKeys(seed: number): Int32Array {
  const keys = new Int32Array(ROUNDS);
  const low = seed >>> 0, high = Math.floor(seed / 2 ** 32);
  for (let round = 0; round < ROUNDS; round++) {
    // 0x9e3779b9 is 2^32 divided by the golden ratio: it keeps the inputs of the rounds apart.
    keys[round] = mix(mix(low, Math.imul(round + 1, 0x9e3779b9)), high ^ (round << 24));
  }
  return keys;
}

function outside(value: number, size: number): RangeError {
  return new RangeError(`Cannot look up ${value}: the order has positions from 0 to ${size - 1}`);
}
