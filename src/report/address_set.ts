/**
 * A set of hosts whose numbers lie close together, such as those of a link.
 *
 * @module
 */

const PAGE_BITS = 16;
const PAGE_WORDS = (1 << PAGE_BITS) / 32;

/** A set of addresses, a bit each, in pages of 65,536 addresses (8 KiB). */
export class AddressSet {
  readonly #pages = new Map<number, Uint32Array>();
  /** The number of addresses. */
  size = 0;

  /** Copies another set. */
  constructor(other?: AddressSet) {
    if (other === undefined) return;
    this.size = other.size;
    for (const [page, words] of other.#pages) this.#pages.set(page, words.slice());
  }

  /** Returns true for an address of the set. */
  has(address: number): boolean {
    const words = this.#pages.get(address >>> PAGE_BITS);
    return words !== undefined && (words[wordOf(address)]! >>> (address & 31) & 1) === 1;
  }

  /** Adds an address, 0 to 2^32 - 1. */
  add(address: number): void {
    if (this.has(address)) return;
    const page = address >>> PAGE_BITS;
    let words = this.#pages.get(page);
    if (words === undefined) this.#pages.set(page, words = new Uint32Array(PAGE_WORDS));
    words[wordOf(address)]! |= 1 << (address & 31);
    this.size++;
  }

  /** Removes an address; without effect on any number that is no address. */
  delete(address: number): void {
    if (address < 0 || !this.has(address)) return;
    this.#pages.get(address >>> PAGE_BITS)![wordOf(address)]! &= ~(1 << (address & 31));
    this.size--;
  }

  /** Yields the addresses in order. */
  *addresses(): Generator<number, undefined> {
    for (const [page, words] of [...this.#pages].sort(([one], [other]) => one - other)) {
      for (let at = 0; at < PAGE_WORDS; at++) {
        for (let bits = words[at]!; bits !== 0; bits &= bits - 1) {
          yield page * 2 ** PAGE_BITS + at * 32 + (31 - Math.clz32(bits & -bits));
        }
      }
    }
  }
}

function wordOf(address: number): number {
  return (address & (1 << PAGE_BITS) - 1) >>> 5;
}
