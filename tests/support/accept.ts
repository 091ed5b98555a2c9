/**
 * The other end of connections that a test has made: the scanner itself never accepts one.
 *
 * @module
 */

import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../ffi/constants.ts";
import { Fd } from "../../ffi/fd.ts";

/** Takes a connection that waits at a listener, accept4(2); undefined where none does. */
export function accept(listener: Fd): Fd | undefined {
  const libc = Deno.dlopen("libc.so.6", {
    accept4: { parameters: ["i32", "pointer", "pointer", "i32"], result: "i32" },
  });
  const number = libc.symbols.accept4(listener.number, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
  libc.close();
  return number < 0 ? undefined : new Fd(number);
}

/** Ends what is sent on a connection, shutdown(2): the other end receives a FIN. */
export function sendFin(connection: Fd): void {
  const libc = Deno.dlopen("libc.so.6", { shutdown: { parameters: ["i32", "i32"], result: "i32" } });
  libc.symbols.shutdown(connection.number, 1);
  libc.close();
}
