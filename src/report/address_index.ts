/**
 * Numbers by IPv4 address, in typed memory: several times as fast as a Map, whose keys would be numbers on the heap.
 *
 * @module
 */

/** Places at the beginning; a power of two. */
const PLACES = 64;

/** Gives each address a number, by open addressing: a place that is taken is followed by the next. */
export class AddressIndex {
  /** How many addresses have a number. */
  size = 0;
  /** Of each place the address, and one more than its number: 0 where the place is free. */
  #entries = new Uint32Array(2 * PLACES);

  /** The number of an address; -1 where it has none. */
  get(address: number): number {
    return this.#entries[this.#entryOf(address) + 1]! - 1;
  }

  /** Gives an address that has none a number, 0 to 2^32 - 2. */
  add(address: number, number: number): void {
    if (++this.size * 4 > this.#entries.length) this.#grow();
    this.#put(address, number + 1);
  }

  /** Forgets all addresses. */
  clear(): void {
    this.size = 0;
    this.#entries = new Uint32Array(2 * PLACES);
  }

  /** Where the entry of an address is, or would be. */
  #entryOf(address: number): number {
    const entries = this.#entries;
    const mask = entries.length - 2;
    // Neighbours are spread by a multiplication (Knuth, The Art of Computer Programming 3, 6.4) whose upper bits are used.
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
