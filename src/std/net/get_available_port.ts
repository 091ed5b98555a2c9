/**
 * A local stand-in for the part of `@std/net/get-available-port` that the tests import.
 *
 * @module
 */

/** Returns a TCP port on which nothing listens at the moment. */
export function getAvailablePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}
