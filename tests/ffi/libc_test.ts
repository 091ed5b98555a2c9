/**
 * Functions of libc, with and without machine code of their own.
 */
import { assertEquals } from "@std/assert";
import { ERRNO, lastErrno } from "../../ffi/errno.ts";
import { libc } from "../../ffi/libc.ts";
import { keepAlive, pinString } from "../../ffi/memory.ts";
import { syscall } from "../../ffi/syscalls.ts";

Deno.test("libc: functions return results and errors with and without machine code, however often they are called", () => {
  const missing = pinString("/nowhere/at/all");
  const thread = syscall("gettid");
  for (let call = 0; call < 2500; call++) {
    assertEquals([libc().close(-1), lastErrno()], [-1, ERRNO.EBADF]);
    assertEquals([libc().open(missing.pointer, 0), lastErrno()], [-1, ERRNO.ENOENT]);
    assertEquals([libc().write(-1, new Uint8Array(4), 4n), lastErrno()], [-1, ERRNO.EBADF]);
    assertEquals([libc().lseek(-1, 0n, 0), lastErrno()], [-1n, ERRNO.EBADF]);
    assertEquals(syscall("gettid"), thread);
  }
  keepAlive(missing);
});
