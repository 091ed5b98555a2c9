/**
 * Memory that is shared with the kernel.
 *
 * A pointer does not keep its memory alive, and taking one costs a hundred times what a call costs. So memory that the
 * kernel sees is pinned: allocated once, outside the JavaScript heap, with its pointer beside it, and the caller
 * holds the {@linkcode PinnedBuffer} for as long as the kernel may look.
 *
 * @module
 */

import { MAP_SHARED, PROT_READ, PROT_WRITE } from "./constants.ts";
import { check, lastErrno, SyscallError } from "./errno.ts";
import { libc } from "./libc.ts";

/** Bytes at a fixed address. */
export class PinnedBuffer {
  /** The bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same bytes, to read and write numbers. */
  readonly view: DataView<ArrayBuffer>;
  /** Their address, for a call. */
  readonly pointer: Deno.PointerObject;
  /** Their address, to be written into a struct. */
  readonly address: bigint;
  readonly #offsets = new Map<number, Deno.PointerObject>();

  constructor(length: number) {
    // An ArrayBuffer of its own never moves; a small typed array may live on the heap, which does. NULL is what an
    // empty one would point to.
    const buffer = new ArrayBuffer(Math.max(length, 1));
    this.bytes = new Uint8Array(buffer, 0, length);
    this.view = new DataView(buffer, 0, length);
    this.pointer = Deno.UnsafePointer.of(buffer)!;
    this.address = Deno.UnsafePointer.value(this.pointer);
  }

  /** A pointer to the byte at `offset`. The first call for an offset makes it, later ones find it. */
  at(offset: number): Deno.PointerObject {
    if (offset === 0) return this.pointer;
    return this.#offsets.get(offset) ?? this.#pointerAt(offset);
  }

  #pointerAt(offset: number): Deno.PointerObject {
    if (!(offset >= 0 && offset <= this.bytes.length)) {
      throw new RangeError(`Cannot point at byte ${offset}: the buffer has ${this.bytes.length}`);
    }
    const pointer = Deno.UnsafePointer.offset(this.pointer, offset)!;
    this.#offsets.set(offset, pointer);
    return pointer;
  }
}

/** Pins `length` bytes, all zero. */
export function pin(length: number): PinnedBuffer {
  return new PinnedBuffer(length);
}

/** Pins a copy of `bytes`. */
export function pinBytes(bytes: Uint8Array): PinnedBuffer {
  const pinned = new PinnedBuffer(bytes.length);
  pinned.bytes.set(bytes);
  return pinned;
}

/**
 * Pins `text` as a C string.
 *
 * @throws {TypeError} If it holds a NUL, at which C would end it.
 */
export function pinString(text: string): PinnedBuffer {
  if (text.includes("\0")) throw new TypeError(`Cannot pass ${JSON.stringify(text)} to C: it holds a NUL`);
  return pinBytes(new TextEncoder().encode(text + "\0"));
}

let lastKept: unknown;

/** Keeps what it is given alive until here: a pointer into it, taken earlier, was good until this call. */
export function keepAlive(object: unknown): void {
  lastKept = object;
  if (lastKept !== undefined) lastKept = undefined;
}

/** The C string that begins at `address`, or undefined for NULL. */
export function readString(address: Deno.PointerValue | bigint): string | undefined {
  const pointer = typeof address === "bigint" ? Deno.UnsafePointer.create(address) : address;
  return pointer === null ? undefined : Deno.UnsafePointerView.getCString(pointer);
}

/** A view of memory that C owns. It is valid only as long as C leaves that memory alone. */
export function viewOf(pointer: Deno.PointerObject, length: number): DataView<ArrayBuffer> {
  return new DataView(Deno.UnsafePointerView.getArrayBuffer(pointer, length));
}

const BIGINT_COUNT = 4096;
const bigints = new Array<bigint | undefined>(BIGINT_COUNT);

/** The BigInt of a length, made once where it is small: a `usize` argument without allocation. */
export function usize(length: number): bigint {
  if (length >= BIGINT_COUNT) return BigInt(length);
  return bigints[length] ??= BigInt(length);
}

const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/**
 * Memory mapped from a descriptor by mmap(2), shared with the kernel by default. After disposal every access throws or reads as
 * absent; none can crash.
 */
export class MappedMemory implements Disposable {
  readonly pointer: Deno.PointerObject;
  readonly buffer: ArrayBuffer;
  /** For fields of any size. */
  readonly view: DataView<ArrayBuffer>;
  /** For words that the kernel changes: read with `Atomics.load`, written with `Atomics.store`. */
  readonly words: Int32Array<ArrayBuffer>;
  #mapped = true;

  /** @throws {SyscallError} If mmap(2) fails. */
  constructor(fd: number, length: number, flags: number = MAP_SHARED) {
    const pointer = libc().mmap(null, BigInt(length), PROT_READ | PROT_WRITE, flags, fd, 0n);
    const errno = lastErrno();
    if (pointer === null || Deno.UnsafePointer.value(pointer) === MAP_FAILED) throw new SyscallError("mmap", errno);
    this.pointer = pointer;
    this.buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, length);
    this.view = new DataView(this.buffer);
    this.words = new Int32Array(this.buffer);
  }

  [Symbol.dispose](): void {
    if (!this.#mapped) return;
    this.#mapped = false;
    const length = this.buffer.byteLength;
    // Detaches every view, so that none outlives the mapping.
    this.buffer.transfer(0);
    check(libc().munmap(this.pointer, BigInt(length)), "munmap");
  }
}
