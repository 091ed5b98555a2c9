import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { MAP_ANONYMOUS, MAP_PRIVATE } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { MappedMemory, pin, pinBytes, pinString, readString, usize, viewOf } from "../../ffi/memory.ts";

Deno.test("memory: a pinned buffer, its view and its pointer are the same bytes", () => {
  const pinned = pin(16);
  pinned.view.setUint32(4, 0x01020304);
  assertEquals([...pinned.bytes.subarray(4, 8)], [1, 2, 3, 4]);
  assertEquals(viewOf(pinned.pointer, 16).getUint32(4), 0x01020304);
  assertEquals(Deno.UnsafePointer.value(pinned.at(4)), pinned.address + 4n);
  assertEquals([...pinBytes(Uint8Array.of(7, 8)).bytes], [7, 8]);
});

Deno.test("memory: a pointer to an offset is made once", () => {
  const pinned = pin(16);
  assertStrictEquals(pinned.at(8), pinned.at(8));
  assertStrictEquals(pinned.at(0), pinned.pointer);
});

Deno.test("memory: no pointer leads out of its buffer", () => {
  for (const offset of [-1, 17, NaN, Infinity]) assertThrows(() => pin(16).at(offset), RangeError);
});

Deno.test("memory: an empty buffer has a pointer too", () => {
  const pinned = pin(0);
  assertEquals(pinned.bytes.length, 0);
  assert(pinned.address !== 0n);
});

Deno.test("memory: pinned bytes stay where they are while memory is collected", () => {
  const pinned = Array.from({ length: 200 }, (_, index) => {
    const buffer = pin(32);
    buffer.bytes.fill(index);
    return buffer;
  });
  for (let round = 0; round < 200; round++) new Array(10_000).fill(round);
  pinned.forEach((buffer, index) => {
    assertEquals(viewOf(buffer.pointer, 32).getUint8(31), index & 0xff);
    assertEquals(Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer.bytes)), buffer.address);
  });
});

Deno.test("memory: a string becomes a C string and comes back", () => {
  const name = pinString("Straße");
  assertEquals(readString(name.pointer), "Straße");
  assertEquals(readString(name.address), "Straße");
  assertEquals(readString(null), undefined);
  assertEquals(readString(0n), undefined);
  assertThrows(() => pinString("a\0b"), TypeError, "NUL");
});

Deno.test("memory: lengths of any size become a size_t", () => {
  assertEquals([usize(0), usize(4095), usize(4096), usize(2 ** 40)], [0n, 4095n, 4096n, 2n ** 40n]);
});

Deno.test("memory: mapped memory is shared, and gone for every view once disposed of", () => {
  const memory = new MappedMemory(-1, 8192, MAP_PRIVATE | MAP_ANONYMOUS);
  Atomics.store(memory.words, 2, 7);
  assertEquals(memory.view.getUint32(8, true), 7);
  assertEquals(viewOf(memory.pointer, 16).getUint32(8, true), 7);
  const { view, words } = memory;
  memory[Symbol.dispose]();
  memory[Symbol.dispose]();
  assertThrows(() => view.getUint32(8, true), TypeError);
  assertEquals(words.length, 0);
  assertThrows(() => Atomics.load(words, 2));
});

Deno.test("memory: memory that cannot be mapped is an error", () => {
  const error = assertThrows(() => new MappedMemory(-1, 4096), SyscallError);
  assertEquals([error.syscall, error.code], ["mmap", "EBADF"]);
});
