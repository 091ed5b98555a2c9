/** The local stand-in for `@std/net`. Holds for the package itself as well. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { getAvailablePort } from "@std/net/get-available-port";
import { isIPv4, isIPv6 } from "@std/net/unstable-ip";

const ADDRESSES: readonly [text: string, v4: boolean, v6: boolean][] = [
  ["0.0.0.0", true, false],
  ["192.0.2.7", true, false],
  ["255.255.255.255", true, false],
  ["192.0.2.256", false, false],
  ["192.0.2", false, false],
  ["192.0.2.7.1", false, false],
  ["192.0.2.x", false, false],
  ["-1.0.2.7", false, false],
  ["example", false, false],
  ["::1", false, true],
  ["2001:db8::7", false, true],
  ["2001:db8:0:0:0:0:0:7", false, true],
  ["::ffff:192.0.2.7", false, true],
  ["2001::db8::7", false, false],
  ["2001:db8:g::7", false, false],
  ["1:2:3:4:5:6:7:8:9", false, false],
  ["1:2:3:4:5:6:192.0.2.7", false, true],
  ["1:2:3:4:5:6:7:192.0.2.7", false, true],
  ["::192.0.2.256", false, false],
  ["fe80::1%eth0", false, true],
  ["::12345", false, false],
  ["1:2:3", false, false],
];

/** Where the package is not what one would expect of it. */
const SURPRISES: readonly [text: string, v4: boolean, v6: boolean][] = [
  ["192.0.2.", true, false],
  ["...", true, false],
  [" 192.0.2.7", true, false],
  ["0x10.1e1.007.+7", true, false],
  ["", false, true],
  [":", false, true],
  [":2:3:4:5:6:7:8", false, true],
  ["::1z", false, true],
  ["::2:3:4:5:6:7:8", false, false],
  ["1:2:3:4:5:6:7::", false, false],
];

for (const [text, v4, v6] of [...ADDRESSES, ...SURPRISES]) {
  Deno.test(`net: ${JSON.stringify(text)} is ${v4 ? "IPv4" : v6 ? "IPv6" : "no address"}`, () => {
    assertEquals([isIPv4(text), isIPv6(text)], [v4, v6]);
  });
}

Deno.test("net: an available port can be listened on, and a taken one is not returned", () => {
  const port = getAvailablePort();
  using listener = Deno.listen({ port });
  assertEquals(listener.addr.port, port);
  assertNotEquals(getAvailablePort({ preferredPort: port }), port);
});

Deno.test("net: a free port that is preferred is returned", () => {
  const port = getAvailablePort();
  assertEquals(getAvailablePort({ preferredPort: port }), port);
});
