import { assertEquals, assertRejects } from "@std/assert";
import { parseIpv4 } from "../../src/wire/address.ts";
import { UsageError } from "../../src/base/errors.ts";
import { dnsServerText, parseDnsServers, serversFor, serversIn } from "../../src/local/dns_servers.ts";

async function texts(...list: readonly string[]): Promise<string[]> {
  return (await parseDnsServers(list, 8)).map(dnsServerText);
}

Deno.test("dns_servers: addresses and names, with ports, each once", async () => {
  assertEquals(await texts("192.0.2.53", "192.0.2.53:5353", "192.0.2.53:53", " 192.0.2.54 "), [
    "192.0.2.53",
    "192.0.2.53:5353",
    "192.0.2.54",
  ]);
  assertEquals(await texts("localhost:5353"), ["127.0.0.1:5353"]);
});

for (
  const [text, message] of [
    ["", 'Cannot ask the DNS server "": it is no IPv4 address and no name'],
    ["256.0.0.1", "it is no IPv4 address and no name"],
    ["192.0.2", "it is no IPv4 address and no name"],
    ["a b", "it is no IPv4 address and no name"],
    ["192.0.2.53:0", "its port is not a number from 1 to 65535"],
    ["192.0.2.53:65536", "its port is not a number from 1 to 65535"],
    ["192.0.2.53:", "its port is not a number from 1 to 65535"],
    ["192.0.2.53:dns", "its port is not a number from 1 to 65535"],
    ["2001:db8::1", "it is an IPv6 address"],
    ["[2001:db8::1]:53", "it is an IPv6 address"],
    ["no-such-name.invalid", "Cannot ask the DNS server"],
  ] as const
) {
  Deno.test(`dns_servers: ${JSON.stringify(text)} is refused with one line`, async () => {
    const { message: told } = await assertRejects(() => parseDnsServers([text], 8), UsageError, message);
    assertEquals(told.includes("\n"), false);
  });
}

Deno.test("dns_servers: no server, and too many", async () => {
  await assertRejects(() => parseDnsServers([], 8), UsageError, "none is named");
  const many = Array.from({ length: 9 }, (_, index) => `192.0.2.${index + 1}`);
  await assertRejects(() => parseDnsServers(many, 8), UsageError, "at most 8");
});

Deno.test("dns_servers: private addresses are not sent to public servers, unless names were requested", () => {
  const servers = ["192.168.0.1", "8.8.8.8", "127.0.0.53"].map((text) => ({ address: parseIpv4(text)!, port: 53 }));
  for (
    const text of ["10.0.0.1", "172.16.9.9", "192.168.3.4", "169.254.1.1", "100.64.0.1", "198.18.0.1"]
  ) {
    assertEquals(serversFor(parseIpv4(text)!, servers, false), 0b101, text);
    assertEquals(serversFor(parseIpv4(text)!, servers, true), 0b111, text);
  }
  assertEquals(serversFor(parseIpv4("9.9.9.9")!, servers, false), 0b111);
  assertEquals(serversFor(parseIpv4("10.0.0.1")!, servers.slice(1, 2), false), 0);
  assertEquals([false, true].map((isRequested) => serversFor(parseIpv4("127.0.0.1")!, servers, isRequested)), [
    0,
    0b111,
  ]);
});

Deno.test("dns_servers: resolv.conf(5) names the first three servers; comments and IPv6 do not count", () => {
  const text = `# nameserver 192.0.2.1
; nameserver 192.0.2.2
domain example
nameserver\t192.0.2.3
 nameserver 192.0.2.4 # remark
nameserver ::1
nameserver 192.0.2.5
`;
  assertEquals(serversIn(text).map(dnsServerText), ["192.0.2.3", "192.0.2.4"]);
  assertEquals(serversIn(""), []);
});
