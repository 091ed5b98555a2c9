import { assertEquals } from "@std/assert";
import { callCode, threadNumbers } from "../../ffi/every_thread.ts";

Deno.test("every thread: the call in machine code is what an assembler makes of it", () => {
  const args = [0x1122334455667788n, 0x99aabbccddeeff00n];
  // movabs rdi; movabs rsi; mov eax, 126; syscall; ret
  assertEquals(
    callCode(126, args, "x86_64").toHex(),
    "48bf887766554433221148be00ffeeddccbbaa99b87e0000000f05c3",
  );
  // movz x0; three movk x0; movz x1; three movk x1; movz x8; three movk x8; svc #0; ret
  assertEquals(
    callCode(91, args, "aarch64").toHex(),
    "00f18ed2c0acaaf28068c6f24024e2f201e09fd2c1bdbbf28179d7f24135f3f2680b80d20800a0f20800c0f20800e0f2010000d4c0035fd6",
  );
});

Deno.test("every thread: those that the kernel lists are found", () => {
  const listed = () => Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => Number(name)).sort();
  let before = listed();
  let found = threadNumbers().sort();
  // A thread of Deno's may begin or end meanwhile.
  for (let round = 0; round < 20 && before.join() !== found.join(); round++) {
    before = listed();
    found = threadNumbers().sort();
  }
  assertEquals(found, before);
});
