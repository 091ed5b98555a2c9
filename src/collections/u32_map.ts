// Hot path: `get` runs once for every reply and allocates nothing.
/**
 * A map of unsigned 32-bit keys (IPv4 addresses) in typed memory: several times as fast as a Map, whose keys would be
 * numbers on the heap.
 *
 * @module
 */

/** Entries of an empty map; a power of two. */
const ENTRIES = 64;
const NONE = new Uint32Array(0);
/** The most places for values of neighbouring keys, for each key: as much memory as entries take. */
const PLACES = 6;

/**
 * Maps numbers from 0 to 2^32 - 1 to numbers from 0 to 2^32 - 2: by open addressing with linear probing, or, where the keys are neighbours,
 * as the hosts of a network are, by a place for each. Then a key takes one access to memory, which the processor's cache often has.
 */
export class U32Map {
  /** The number of keys. */
  size = 0;
  /** Of each entry the key, and its value plus 1: 0 marks a free entry. */
  #entries = new Uint32Array(2 * ENTRIES);
  /** The values of neighbouring keys plus 1, from the first key on; empty while there are entries. */
  #places = NONE;
  #first = 0;
  /** True once a key was added that is no neighbour: then entries remain. */
  #isScattered = false;

  /** Returns the value of a key; -1 if it has none. */
  get(key: number): number {
    const places = this.#places;
    if (places.length === 0) return this.#entries[this.#entryOf(key) + 1]! - 1;
    const at = key - this.#first;
    return at >= 0 && at < places.length ? places[at]! - 1 : -1;
  }

  /** Returns the value of a key; adds the key with this value, and returns -1, if it has none. */
  getOrAdd(key: number, value: number): number {
    if (this.#places.length > 0) {
      const known = this.get(key);
      if (known < 0) this.add(key, value);
      return known;
    }
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
    this.size++;
    if (this.#places.length > 0) this.#makePlace(key);
    else if (this.size * 4 > this.#entries.length) this.#grow(key);
    this.#put(key, value + 1);
  }

  /** Removes a key if it is in the map. */
  remove(key: number): void {
    if (this.#places.length > 0) {
      if (this.get(key) < 0) return;
      this.size--;
      this.#places[key - this.#first] = 0;
      return;
    }
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
    this.#places = NONE;
    this.#isScattered = false;
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
    if (this.#places.length > 0) {
      this.#places[key - this.#first] = stored;
      return;
    }
    const entry = this.#entryOf(key);
    this.#entries[entry] = key;
    this.#entries[entry + 1] = stored;
  }

  /** Makes room for a further key: places, if all keys are neighbours, or else twice as many entries. */
  #grow(added: number): void {
    const entries = this.#entries;
    let [first, last] = [added, added];
    for (let entry = 0; entry < entries.length; entry += 2) {
      if (entries[entry + 1] === 0) continue;
      first = Math.min(first, entries[entry]!);
      last = Math.max(last, entries[entry]!);
    }
    if (!this.#isScattered && last - first < entries.length) {
      this.#first = first;
      this.#places = new Uint32Array(last - first + 1);
      this.#entries = NONE;
    } else {
      this.#entries = new Uint32Array(entries.length * 2);
    }
    for (let entry = 0; entry < entries.length; entry += 2) {
      if (entries[entry + 1] !== 0) this.#put(entries[entry]!, entries[entry + 1]!);
    }
  }

  /** Makes a place for a key, or entries in place of all if it is no neighbour of the others. */
  #makePlace(key: number): void {
    const places = this.#places;
    const first = this.#first;
    const at = key - first;
    if (at >= 0 && at < places.length) return;
    const end = Math.max(first + places.length, key + 1);
    const needed = end - Math.min(first, key);
    const most = PLACES * this.size;
    if (needed > most) {
      this.#scatter();
      return;
    }
    const length = Math.max(needed, Math.min(1.5 * places.length, most) >>> 0);
    this.#first = key < first ? Math.max(0, end - length) : first;
    this.#places = new Uint32Array(length);
    this.#places.set(places, first - this.#first);
  }

  #scatter(): void {
    const places = this.#places;
    let length = 2 * ENTRIES;
    while (this.size * 4 > length) length *= 2;
    this.#isScattered = true;
    this.#places = NONE;
    this.#entries = new Uint32Array(length);
    for (let at = 0; at < places.length; at++) if (places[at] !== 0) this.#put(this.#first + at, places[at]!);
  }
}

/** Returns the index of the entry where the search for a key begins. */
function homeOf(key: number, mask: number): number {
  // A multiplication (Knuth, The Art of Computer Programming 3, section 6.4) spreads neighbouring addresses.
  const hash = Math.imul(key, 0x9e3779b1);
  return (hash ^ hash >>> 15) << 1 & mask;
}
