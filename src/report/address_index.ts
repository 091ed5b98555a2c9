/**
 * A map from IPv4 addresses to numbers in typed arrays: several times as fast as a Map, whose keys are numbers on the heap.
 *
 * @module
 */

/** The initial number of entries; a power of two. */
const PLACES = 64;

/** A hash table from addresses to numbers, with open addressing and linear probing. */
export class AddressIndex {
  /** The number of addresses in the index. */
  size = 0;
  /** The address of each entry and its number plus 1; 0 marks a free entry. */
  #entries = new Uint32Array(2 * PLACES);

  /** Returns the number of an address, or -1. */
  get(address: number): number {
    return this.#entries[this.#entryOf(address) + 1]! - 1;
  }

  /** Adds an address that is not in the index, with a number of 0 to 2^32 - 2. */
  add(address: number, number: number): void {
    if (++this.size * 4 > this.#entries.length) this.#grow();
    this.#put(address, number + 1);
  }

  /** Removes all addresses. */
  clear(): void {
    this.size = 0;
    this.#entries = new Uint32Array(2 * PLACES);
  }

  /** Returns the position of an address's entry, or of the free entry for it. */
  #entryOf(address: number): number {
    const entries = this.#entries;
    const mask = entries.length - 2;
    // A multiplication spreads neighbouring addresses (Knuth, The Art of Computer Programming 3, 6.4) whose upper bits are used.
    const hash = Math.imul(address, 0x9e3779b1);
    let entry = (hash ^ hash >>> 15) << 1 & mask;
    while (entries[entry + 1] !== 0 && entries[entry] !== address) entry = entry + 2 & mask;
    return entry;
  }

  #put(address: number, number: number): void {
    const entry = this.#entryOf(address);
    this.#entries[entry] = address;
    this.#entries[entry + 1] = number;
  }

  #grow(): void {
    const entries = this.#entries;
    this.#entries = new Uint32Array(entries.length * 2);
    for (let entry = 0; entry < entries.length; entry += 2) {
      if (entries[entry + 1] !== 0) this.#put(entries[entry]!, entries[entry + 1]!);
    }
  }
}
