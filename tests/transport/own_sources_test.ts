import { assertEquals } from "@std/assert";
import { isOwnAddress } from "../../src/transport/own_sources.ts";

Deno.test("own sources: addresses of interfaces are own in any table of routes, and others by a local route", () => {
  const address = 0xc0000201;
  const interfaces = [{ interfaceIndex: 7, address, prefixLen: 24, peer: address }];
  assertEquals([isOwnAddress(address, interfaces), isOwnAddress(address, [])], [true, false]);
  assertEquals(isOwnAddress(0x7f000005, []), true);
});
