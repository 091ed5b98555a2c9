import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { NETLINK_ROUTE } from "../../ffi/constants.ts";
import { dumpAddresses6, parseAddress6 } from "../../ffi/netlink/address.ts";
import { INET6 } from "../../ffi/netlink/family.ts";
import { dumpNeighbours, getNeighbour, neighbourParser } from "../../ffi/netlink/neighbor.ts";
import {
  dumpRoutes,
  dumpRules,
  getRoute,
  type RouteAnswer,
  routeChangeParser,
  routeParser,
  ruleParser,
} from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { isLinkLocal, parseIpv6 } from "../../src/wire/address6.ts";
import { fromHex as hex, viewOf } from "../support/packets.ts";
import { Pair, testAsRoot } from "./support.ts";

/** The routing table of `<linux/rtnetlink.h>` with this machine's own addresses. */
const RT_TABLE_LOCAL = 255;

function ip(text: string): bigint {
  return parseIpv6(text)!;
}

/** A message of a type, and its body. */
function message(type: number, body: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.of(...new Uint8Array(16), ...hex(body));
  viewOf(bytes).setUint16(4, type, true);
  return bytes;
}

const A = "20010db8000000000000000000000001";
const parseRoute = routeParser(INET6);
const PARSERS = [parseAddress6, parseRoute, ruleParser(INET6), neighbourParser(INET6)];
const MESSAGES = [
  message(20, `0a 40 40 00 05000000  1400 0100 ${A}  0800 0800 40000000`),
  message(
    24,
    `0a 40 00 00 fe 03 00 01 00000000  1400 0100 ${A}  1400 0500 fe800000000000000000000000000001  0800 0400 05000000`,
  ),
  message(32, `0a 40 00 00 fe 00 00 01 00000000  1400 0100 ${A}`),
  message(28, `0a 000000 05000000 0200 00 01  1400 0100 ${A}  0a00 0200 020000000001 0000`),
];

Deno.test("netlink: IPv6 messages are read by the parser of their kind, and cut at any length never out of range", () => {
  for (const [i, bytes] of MESSAGES.entries()) {
    const rows = PARSERS.map((parse) => parse(viewOf(bytes), 0, bytes.length));
    assertEquals(rows.map((row) => row !== undefined), PARSERS.map((_, parser) => parser === i));
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.slice(0, length);
      for (const parse of PARSERS) if (length < 20) assertEquals(parse(viewOf(cut), 0, length), undefined);
      for (const parse of PARSERS) parse(viewOf(cut), 0, length);
    }
    // IPv4, and a prefix that is too long.
    for (const [at, byte] of [[16, 2], [17, 129]]) {
      const wrong = bytes.slice();
      wrong[at!] = byte!;
      if (i < 3) assertEquals(PARSERS[i]!(viewOf(wrong), 0, wrong.length), undefined);
    }
  }
  assertEquals(parseAddress6(viewOf(MESSAGES[0]!), 0, MESSAGES[0]!.length), {
    interfaceIndex: 5,
    address: ip("2001:db8::1"),
    prefixLen: 64,
    isTentative: true,
    isDeprecated: false,
    isTemporary: false,
  });
  assertObjectMatch(parseRoute(viewOf(MESSAGES[1]!), 0, MESSAGES[1]!.length)!, {
    destination: ip("2001:db8::1"),
    prefixLen: 64,
    type: "unicast",
    interfaceIndex: 5,
    gateway6: ip("fe80::1"),
  });
});

testAsRoot("netlink: reads IPv6 addresses, routes, rules, sources and neighbours of the kernel", () => {
  using pair = new Pair();
  const { left } = pair;
  left.exec("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.wire0.disable_ipv6=0");
  left.exec("sysctl", "-qw", "net.ipv6.conf.wire0.accept_dad=0", "net.ipv6.conf.wire0.router_solicitations=0");
  left.ip("link set lo up");
  left.ip("-6 addr add 2001:db8::1/64 dev wire0 nodad");
  left.ip("-6 addr add 2001:db8::9/64 dev wire0 nodad preferred_lft 0");
  left.ip("-6 addr add fd00::1/64 dev wire0 nodad");
  left.ip("-6 route add 2001:db8:1::/48 via fe80::2 dev wire0");
  left.ip("-6 route add 2001:db8:2::/48 via 2001:db8::2 src 2001:db8::9");
  left.ip("-6 route add blackhole 2001:db8:3::/48");
  left.ip("-6 route add unreachable 2001:db8:4::/48");
  left.ip("-6 route add prohibit 2001:db8:5::/48");
  left.ip("-6 rule add to 2001:db8:7::/48 table 1000");
  left.ip("-6 route add default via 2001:db8::2 table 1000");
  left.ip("-6 neigh add 2001:db8::7 lladdr 02:00:00:00:00:07 dev wire0 nud permanent");
  const link = left.interfaceIndex("wire0");
  left.within(() => {
    const addresses = dumpAddresses6().filter(({ interfaceIndex }) => interfaceIndex === link);
    const isDeprecated = new Map(addresses.map((row) => [row.address, row.isDeprecated]));
    assertEquals([isDeprecated.get(ip("2001:db8::1")), isDeprecated.get(ip("2001:db8::9"))], [false, true]);
    assert(addresses.every(({ address, isTentative }) => isLinkLocal(address) || !isTentative));
    assertObjectMatch(dumpRoutes(INET6).find(({ destination }) => destination === ip("::1"))!, {
      prefixLen: 128,
      table: RT_TABLE_LOCAL,
      type: "local",
    });
    assert(dumpRoutes(INET6).some(({ gateway6, prefixLen }) => gateway6 === ip("fe80::2") && prefixLen === 48));
    assert(
      dumpRules(INET6).some(({ destination, prefixLen }) => destination === ip("2001:db8:7::") && prefixLen === 48),
    );
    const answers: [destination: string, answer: Partial<RouteAnswer>][] = [
      ["::1", { type: "local", source6: ip("::1") }],
      ["2001:db8::1", { type: "local" }],
      ["2001:db8::5", { type: "unicast", interfaceIndex: link, source6: ip("2001:db8::1") }],
      ["fd00::5", { type: "unicast", interfaceIndex: link, source6: ip("fd00::1") }],
      ["2001:db8:1::5", { type: "unicast", gateway6: ip("fe80::2"), source6: ip("2001:db8::1") }],
      ["2001:db8:2::5", { type: "unicast", gateway6: ip("2001:db8::2"), source6: ip("2001:db8::9") }],
      ["2001:db8:3::5", { type: "blackhole" }],
      ["2001:db8:4::5", { type: "unreachable" }],
      ["2001:db8:5::5", { type: "prohibit" }],
      ["2001:db8:7::5", { type: "unicast", gateway6: ip("2001:db8::2") }],
      ["2001:db8:9::5", { type: "none" }],
    ];
    for (const [destination, expected] of answers) {
      assertObjectMatch({ destination, ...getRoute(ip(destination)) }, { destination, ...expected });
    }
    const ofZone = getRoute(ip("fe80::5"), { interfaceIndex: link });
    assertObjectMatch(ofZone, { type: "unicast", interfaceIndex: link });
    assertObjectMatch(getRoute(ip("2001:db8::5"), { source: ip("fd00::1") }), { source6: ip("fd00::1") });
    const neighbour = { interfaceIndex: link, state: "permanent" as const, hardwareAddress: hex("020000000007") };
    assertObjectMatch(dumpNeighbours(INET6).find(({ address }) => address === ip("2001:db8::7"))!, neighbour);
    assertObjectMatch(getNeighbour(link, ip("2001:db8::7"))!, neighbour);
    assertEquals(getNeighbour(link, ip("2001:db8::8")), undefined);
  });
});

testAsRoot("netlink: the kernel notifies of routes and rules of IPv6 that come and go", () => {
  using pair = new Pair();
  const { left } = pair;
  left.exec("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.wire0.disable_ipv6=0");
  left.exec("sysctl", "-qw", "net.ipv6.conf.wire0.accept_dad=0");
  using netlink = left.within(() => new Netlink(NETLINK_ROUTE, INET6.routeGroups));
  const changes: [command: string, prefix: string, prefixLen: number, isRule: boolean][] = [
    ["route add 2001:db8:1::/48 dev wire0", "2001:db8:1::", 48, false],
    ["route replace 2001:db8:1::/48 dev wire0 mtu 1400", "2001:db8:1::", 48, false],
    ["route del 2001:db8:1::/48", "2001:db8:1::", 48, false],
    ["route add default dev wire0 table 1000", "::", 0, false],
    ["rule add to 2001:db8:7::/48 table 1000", "2001:db8:7::", 48, true],
    ["rule del to 2001:db8:7::/48 table 1000", "2001:db8:7::", 48, true],
  ];
  for (const [command, prefix, prefixLen, isRule] of changes) {
    netlink.news(routeChangeParser(INET6));
    left.ip(`-6 ${command}`);
    const change = { destination: ip(prefix), prefixLen, isRule };
    assertEquals(
      netlink.news(routeChangeParser(INET6))?.find(({ destination }) => destination === ip(prefix)),
      change,
      command,
    );
  }
});
