import { assertEquals } from "@std/assert";
import { ERRNO, lastErrno } from "../../ffi/errno.ts";
import { libc } from "../../ffi/libc.ts";
import { pinString } from "../../ffi/memory.ts";
import { syscall } from "../../ffi/syscalls.ts";

/** More calls than a function has without machine code of its own. */
const MANY = 2500;

Deno.test("libc: functions return the same results and errors however often they are called", () => {
  const missing = pinString("/nowhere/at/all");
  const thread = syscall("gettid");
  const zeros = new Uint8Array(4);
  for (let call = 0; call < MANY; call++) {
    assertEquals([libc().close(-1), lastErrno()], [-1, ERRNO.EBADF]);
    assertEquals([libc().open(missing.pointer, 0), lastErrno()], [-1, ERRNO.ENOENT]);
    assertEquals([libc().write(-1, zeros, 4n), lastErrno()], [-1, ERRNO.EBADF]);
    assertEquals([libc().lseek(-1, 0n, 0), lastErrno()], [-1n, ERRNO.EBADF]);
    assertEquals(syscall("gettid"), thread);
  }
});
