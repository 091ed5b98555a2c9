// Hot path: `get` runs once for every reply and allocates nothing.
/**
 * A hash map of unsigned 32-bit keys (IPv4 addresses) in typed memory: several times as fast as a Map, whose keys would be
 * numbers on the heap.
 *
 * @module
 */

/** Entries of an empty map; a power of two. */
const ENTRIES = 64;

/** Maps numbers from 0 to 2^32 - 1 to numbers from 0 to 2^32 - 2, by open addressing with linear probing. */
export class U32Map {
  /** The number of keys. */
  size = 0;
  /** Of each entry the key, and its value plus 1: 0 marks a free entry. */
  #entries = new Uint32Array(2 * ENTRIES);

  /** Returns the value of a key; -1 if it has none. */
  get(key: number): number {
    return this.#entries[this.#entryOf(key) + 1]! - 1;
  }

  /** Returns the value of a key; adds the key with this value, and returns -1, if it has none. */
  getOrAdd(key: number, value: number): number {
    const entry = this.#entryOf(key);
    const stored = this.#entries[entry + 1]!;
    if (stored !== 0) return stored - 1;
    if ((this.size + 1) * 4 > this.#entries.length) {
      this.add(key, value);
    } else {
      this.size++;
      this.#entries[entry] = key;
      this.#entries[entry + 1] = value + 1;
    }
    return -1;
  }

  /** Adds a key that is not in the map. */
  add(key: number, value: number): void {
    if (++this.size * 4 > this.#entries.length) this.#grow();
    this.#put(key, value + 1);
  }

  /** Removes a key if it is in the map. */
  remove(key: number): void {
    const entries = this.#entries;
    const mask = entries.length - 2;
    let free = this.#entryOf(key);
    if (entries[free + 1] === 0) return;
    this.size--;
    // Each key that the search for it would pass the free entry moves there (Knuth, section 6.4, algorithm R).
    for (let entry = free + 2 & mask; entries[entry + 1] !== 0; entry = entry + 2 & mask) {
      if ((entry - homeOf(entries[entry]!, mask) & mask) < (entry - free & mask)) continue;
      entries[free] = entries[entry]!;
      entries[free + 1] = entries[entry + 1]!;
      free = entry;
    }
    entries[free + 1] = 0;
  }

  /** Removes all keys. */
  clear(): void {
    this.size = 0;
    this.#entries = new Uint32Array(2 * ENTRIES);
  }

  /** Returns the index of a key's entry, or of the free entry where it belongs. */
  #entryOf(key: number): number {
    const entries = this.#entries;
    const mask = entries.length - 2;
    let entry = homeOf(key, mask);
    while (entries[entry + 1] !== 0 && entries[entry] !== key) entry = entry + 2 & mask;
    return entry;
  }

  #put(key: number, stored: number): void {
    const entry = this.#entryOf(key);
    this.#entries[entry] = key;
    this.#entries[entry + 1] = stored;
  }

  #grow(): void {
    const entries = this.#entries;
    this.#entries = new Uint32Array(entries.length * 2);
    for (let entry = 0; entry < entries.length; entry += 2) {
      if (entries[entry + 1] !== 0) this.#put(entries[entry]!, entries[entry + 1]!);
    }
  }
}

/** Returns the index of the entry where the search for a key begins. */
function homeOf(key: number, mask: number): number {
  // A multiplication (Knuth, The Art of Computer Programming 3, section 6.4) spreads neighbouring addresses.
  const hash = Math.imul(key, 0x9e3779b1);
  return (hash ^ hash >>> 15) << 1 & mask;
}
