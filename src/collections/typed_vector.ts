/**
 * A typed array that grows at its end.
 *
 * @module
 */
import { grown, type TypedColumn } from "./grown.ts";

/** A vector of numbers in typed memory; its capacity doubles when it is full. */
export class TypedVector<A extends TypedColumn> {
  #values: A;
  /** The number of elements. */
  length = 0;

  /** Begins with no elements and the capacity of `values`, which is at least 1. */
  constructor(values: A) {
    this.#values = values;
  }

  /** Appends an element. */
  push(value: number): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values, 2 * this.length);
    this.#values[this.length++] = value;
  }

  /** All elements, in the vector's own memory. */
  get values(): A {
    return this.#values.subarray(0, this.length) as A;
  }

  /** Returns the element at an index below the length. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** Copies the element at index `from` to index `to`. */
  move(from: number, to: number): void {
    this.#values[to] = this.#values[from]!;
  }

  /** Replaces the elements of another vector of the same kind by a copy of these. */
  copyTo(other: TypedVector<A>): void {
    other.#values = this.#values.slice() as A;
    other.length = this.length;
  }
}
