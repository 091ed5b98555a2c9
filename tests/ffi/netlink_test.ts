import { assert, assertEquals, assertObjectMatch, assertThrows } from "@std/assert";
import { RTM_DELROUTE, RTM_DELRULE, RTM_GETROUTE, RTM_NEWROUTE, RTM_NEWRULE } from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { rtmsg } from "../../ffi/layout.ts";
import { dumpAddresses, parseAddress } from "../../ffi/netlink/address.ts";
import { dumpLinks, getLink, parseLink } from "../../ffi/netlink/link.ts";
import { parseError, readDatagram } from "../../ffi/netlink/message.ts";
import { INET } from "../../ffi/netlink/family.ts";
import { dumpNeighbours, getNeighbour, neighbourParser, neighbourTables } from "../../ffi/netlink/neighbor.ts";
import {
  dumpRoutes,
  dumpRules,
  getRoute,
  isRouted,
  type RouteAnswer,
  routeChangeParser,
  routeParser,
  ruleParser,
} from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { fromHex as hex } from "../support/packets.ts";
import { Namespace, Pair, testAsRoot } from "./support.ts";

/** Numbers of `<linux/if_arp.h>` and `<linux/rtnetlink.h>`. */
const ARPHRD_LOOPBACK = 772;
const RT_TABLE_MAIN = 254;
const RT_TABLE_LOCAL = 255;

function ip(text: string): number {
  return text.split(".").reduce((address, byte) => address * 256 + Number(byte), 0);
}

const parseRoute = routeParser(INET);
const parseRule = ruleParser(INET);
const parseRouteChange = routeChangeParser(INET);
const parseNeighbour = neighbourParser(INET);

function view(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A message: header of type and sequence, then its body. */
function message(type: number, body: Uint8Array, flags = 2, sequence = 7): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + (body.length + 3 & ~3));
  const header = new DataView(bytes.buffer);
  header.setUint32(0, 16 + body.length, true);
  header.setUint16(4, type, true);
  header.setUint16(6, flags, true);
  header.setUint32(8, sequence, true);
  bytes.set(body, 16);
  return bytes;
}

// Little-endian bodies, as an x86_64 or aarch64 kernel writes them.
const LINK = message(
  16,
  hex(`
    00 00 0403 01000000 49000100 00000000
    0700 0300 6c6f0000   0800 0400 00000100   0a00 0100 000000000000 0000
    0c00 1280 0800 0100 6c6f3100
  `),
);
const ADDRESS = message(20, hex("02 18 80 00 05000000  0800 0100 0a3d0002  0800 0200 0a3d0001"));
const ROUTE = message(
  24,
  hex(`
    02 18 00 00 fe 03 00 01 00000000
    0800 0f00 fe000000  0800 0100 0a3d0800  0800 0600 64000000  0800 0700 0a3d0001
    0c00 0880 0800 0200 14050000
    0800 0500 0a3d0002  0800 0400 05000000
  `),
);
const MULTIPATH = message(
  24,
  hex(`
    02 18 00 00 fe 03 00 01 00000000
    0800 0f00 fe000000  0800 0100 0a3d0800
    2400 0900
      1000 01 00 05000000 0800 0500 0a3d0002
      1000 00 00 06000000 0800 0500 0a3d0003
  `),
);
const VIA6 = message(
  24,
  hex(`
    02 20 00 00 fe 03 00 01 00000000
    0800 0100 0a3d0a00  1600 1200 0a00 fe800000000000000000000000000001 0000  0800 0400 05000000
  `),
);
const RULE = message(
  32,
  hex("02 18 00 00 64 00 00 01 00000000  0800 0f00 2c010000  0800 0100 0a3d0700  0800 0600 10270000"),
);
const NEIGHBOUR = message(28, hex("02 000000 05000000 0200 00 01  0800 0100 0a3d0002  0a00 0200 020000000001 0000"));

Deno.test("netlink: parseLink reads a link", () => {
  assertEquals(parseLink(view(LINK), 0, LINK.length), {
    index: 1,
    name: "lo",
    otherNames: [],
    type: ARPHRD_LOOPBACK,
    kind: "lo1",
    up: true,
    carrier: true,
    carrierChanges: 0,
    mtu: 65536,
    noArp: false,
    hardwareAddress: new Uint8Array(6),
  });
});

Deno.test("netlink: parseAddress reads an address, and the other end of a point-to-point link", () => {
  assertEquals(parseAddress(view(ADDRESS), 0, ADDRESS.length), {
    interfaceIndex: 5,
    address: ip("10.61.0.1"),
    prefixLen: 24,
    peer: ip("10.61.0.2"),
  });
});

Deno.test("netlink: parseRoute reads a route", () => {
  assertEquals(parseRoute(view(ROUTE), 0, ROUTE.length), {
    destination: ip("10.61.8.0"),
    prefixLen: 24,
    table: RT_TABLE_MAIN,
    type: "unicast",
    interfaceIndex: 5,
    gateway: ip("10.61.0.2"),
    gateway6: undefined,
    source: ip("10.61.0.1"),
    mtu: 1300,
  });
});

Deno.test("netlink: parseRoute takes the first next hop of a multipath route that is not dead", () => {
  const route = parseRoute(view(MULTIPATH), 0, MULTIPATH.length);
  assertEquals([route?.interfaceIndex, route?.gateway], [6, ip("10.61.0.3")]);
});

Deno.test("netlink: parseRoute reads an IPv6 gateway", () => {
  const route = parseRoute(view(VIA6), 0, VIA6.length);
  assertEquals(route?.gateway6, 0xfe80_0000_0000_0000_0000_0000_0000_0001n);
  assertEquals(route?.gateway, undefined);
});

Deno.test("netlink: parseRule reads the destination of a rule", () => {
  assertEquals(parseRule(view(RULE), 0, RULE.length), { destination: ip("10.61.7.0"), prefixLen: 24 });
});

Deno.test("netlink: parseRouteChange reads routes and rules that come and go, cut at any length never out of range", () => {
  const isRule = new Map([[RTM_NEWROUTE, false], [RTM_DELROUTE, false], [RTM_NEWRULE, true], [RTM_DELRULE, true]]);
  for (let type = 16; type < 40; type++) {
    const bytes = ROUTE.slice();
    view(bytes).setUint16(4, type, true);
    assertEquals(
      parseRouteChange(view(bytes), 0, bytes.length),
      isRule.has(type) ? { destination: ip("10.61.8.0"), prefixLen: 24, isRule: isRule.get(type)! } : undefined,
    );
    for (let length = 0; length < bytes.length; length++) parseRouteChange(view(bytes.slice(0, length)), 0, length);
    // IPv6, and a prefix that is too long.
    for (const [at, byte] of [[16, 10], [17, 33]] as const) {
      const wrong = bytes.slice();
      wrong[at] = byte;
      assertEquals(parseRouteChange(view(wrong), 0, wrong.length), undefined);
    }
  }
});

Deno.test("netlink: parseNeighbour reads a neighbour", () => {
  assertEquals(parseNeighbour(view(NEIGHBOUR), 0, NEIGHBOUR.length), {
    interfaceIndex: 5,
    address: ip("10.61.0.2"),
    state: "reachable",
    hardwareAddress: hex("020000000001"),
    confirmedAgoMs: undefined,
  });
});

const PARSERS = [parseLink, parseAddress, parseRoute, parseRule, parseNeighbour, parseError];
const MESSAGES = [LINK, ADDRESS, ROUTE, MULTIPATH, VIA6, RULE, NEIGHBOUR];

Deno.test("netlink: a message is read only by the parser of its kind", () => {
  for (const bytes of MESSAGES) {
    const read = PARSERS.filter((parse) => parse(view(bytes), 0, bytes.length) !== undefined);
    assertEquals(read.length, 1);
  }
});

Deno.test("netlink: a message cut at any length is read as less, or not at all, and never out of range", () => {
  for (const bytes of MESSAGES) {
    for (let length = 0; length <= bytes.length; length++) {
      // Exactly so many bytes exist: a read behind them would throw.
      const cut = bytes.slice(0, length);
      for (const parse of PARSERS) {
        if (length < 20) assertEquals(parse(view(cut), 0, length), undefined);
        else parse(view(cut), 0, length);
      }
    }
  }
});

Deno.test("netlink: a length beyond the memory is no message", () => {
  for (const bytes of MESSAGES) {
    for (const parse of PARSERS) assertEquals(parse(view(bytes), 0, bytes.length + 4), undefined);
  }
});

const BODIES: [name: string, type: number, body: string][] = [
  ["attribute of length 0", 24, "02 18 0000 fe 030001 00000000  0000 0100 0a3d0800"],
  ["attribute of length 3", 24, "02 18 0000 fe 030001 00000000  0300 0100 0a3d0800"],
  ["attribute longer than the message", 24, "02 18 0000 fe 030001 00000000  ff00 0100 0a3d0800"],
  ["address of 3 bytes", 24, "02 18 0000 fe 030001 00000000  0700 0100 0a3d0800"],
  ["address of 16 bytes", 24, "02 18 0000 fe 030001 00000000  1400 0100 00000000000000000000000000000000"],
  ["prefix of 33", 24, "02 21 0000 fe 030001 00000000  0800 0100 0a3d0800"],
  ["route of IPv6", 24, "0a 40 0000 fe 030001 00000000  0800 0100 0a3d0800"],
  ["link without a name", 16, "0000 0403 01000000 49000100 00000000  0800 0400 00000100"],
  ["address without an address", 20, "02 18 80 00 05000000"],
  ["neighbour without an address", 28, "02 000000 05000000 0200 00 01"],
  ["rule without its prefix", 32, "02 18 00 00 64 00 00 01 00000000"],
];

for (const [name, type, body] of BODIES) {
  Deno.test(`no row is made of: ${name}`, () => {
    const bytes = message(type, hex(body));
    for (const parse of PARSERS) assertEquals(parse(view(bytes), 0, bytes.length), undefined);
  });
}

Deno.test("netlink: a multipath attribute with a wrong length gives the hops before it", () => {
  for (const lie of ["0000", "0700", "ff00"]) {
    const bytes = message(
      24,
      hex(`02 18 0000 fe 030001 00000000  0800 0100 0a3d0800
           1c00 0900  1000 00 00 05000000 0800 0500 0a3d0002  ${lie} 00 00 06000000`),
    );
    assertEquals(parseRoute(view(bytes), 0, bytes.length)?.interfaceIndex, 5);
  }
});

Deno.test("netlink: garbage is no message, and reads nothing out of range", () => {
  let state = 0x2545f491;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let round = 0; round < 20_000; round++) {
    const bytes = (MESSAGES[random() % MESSAGES.length]!).slice();
    for (let flips = random() % 6; flips > 0; flips--) bytes[random() % bytes.length] = random() & 0xff;
    for (const parse of PARSERS) parse(view(bytes), 0, bytes.length);
    const end = readDatagram(view(bytes), bytes.length, 7, (view, at, length) => {
      assert(at + length <= view.byteLength);
    });
    assert(end.errno === 0 || end.done || end.errno === ERRNO.EBADMSG);
  }
});

Deno.test("netlink: walks a datagram", () => {
  const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const done = message(3, hex("00000000"));
  const row = (name: string, bytes: Uint8Array<ArrayBuffer>, messages: number, end: object) => {
    let count = 0;
    assertEquals(readDatagram(view(bytes), bytes.length, 7, () => void count++), end as never, name);
    assertEquals(count, messages, name);
  };
  const more = { done: false, interrupted: false, errno: 0 };
  row("nothing", new Uint8Array(0), 0, more);
  row("two messages", join(RULE, ROUTE), 2, more);
  row("two and the end", join(RULE, ROUTE, done), 2, { ...more, done: true });
  row("what follows the end", join(done, ROUTE), 0, { ...more, done: true });
  row("another's answer", message(24, hex("00"), 2, 8), 0, more);
  row("a pause", join(message(1, hex("")), ROUTE), 1, more);
  row("changed meanwhile", message(24, hex("00"), 0x12), 1, { ...more, interrupted: true });
  row("an error", message(2, hex("ffffffff 00000000")), 0, { ...more, done: true, errno: ERRNO.EPERM });
  row("an acknowledgement", message(2, hex("00000000 00000000")), 0, { ...more, done: true });
  row("an error cut short", message(2, hex("ffff")), 0, { ...more, done: true, errno: ERRNO.EBADMSG });
  row("a dump that failed", message(3, hex("ffffffff")), 0, { ...more, done: true, errno: ERRNO.EPERM });
  row("overrun", message(4, hex("")), 0, { ...more, done: true, errno: ERRNO.ENOBUFS });
  const broken = { ...more, done: true, errno: ERRNO.EBADMSG };
  row("a header cut short", ROUTE.slice(0, 12), 0, broken);
  row("a length under a header's", join(hex("0f000000"), ROUTE.slice(4)), 0, broken);
  row("a length of 0", join(hex("00000000"), ROUTE.slice(4)), 0, broken);
  row("a length beyond the datagram", ROUTE.slice(0, 40), 0, broken);
});

Deno.test("netlink: this machine has a loopback interface, its address and its routes", () => {
  const lo = dumpLinks().find((link) => link.name === "lo");
  assert(lo !== undefined);
  assertObjectMatch(lo, { index: 1, type: ARPHRD_LOOPBACK });
  assertEquals(getLink(1), lo);
  assertEquals(getLink(0x7fff_ffff), undefined);
  const address = dumpAddresses().find((row) => row.address === ip("127.0.0.1"));
  assertObjectMatch(address!, { interfaceIndex: 1, prefixLen: 8 });
  assertObjectMatch(dumpRoutes(INET).find((row) => row.destination === ip("127.0.0.1"))!, {
    prefixLen: 32,
    table: RT_TABLE_LOCAL,
    type: "local",
  });
  assertObjectMatch(getRoute(ip("127.0.0.1")), { type: "local", interfaceIndex: 1, source: ip("127.0.0.1") });
  assert(dumpRules(INET).length > 0);
});

Deno.test("netlink: one socket serves many requests, and none when closed", () => {
  const netlink = new Netlink();
  for (let host = 1; host < 300; host++) {
    assertObjectMatch(getRoute(ip("127.0.0.0") + host, { netlink }), { type: "local" });
  }
  assertEquals(dumpLinks(netlink).length, dumpLinks().length);
  netlink[Symbol.dispose]();
  netlink[Symbol.dispose]();
  assertThrows(() => dumpLinks(netlink), SyscallError, "sendto: EBADF");
});

Deno.test("netlink: a request that the kernel refuses is an error", () => {
  using netlink = new Netlink();
  const answer = netlink.get(RTM_GETROUTE, rtmsg.size, (view, at) => view.setUint8(at, 99), [], () => undefined);
  assert("errno" in answer && answer.errno > 0);
});

testAsRoot("netlink: reads odd links, addresses, routes and rules", () => {
  using pair = new Pair();
  const { left } = pair;
  left.ip("link add bridge0 type bridge");
  left.ip("tuntap add tun0 mode tun");
  left.ip("link set tun0 mtu 1280 up");
  left.ip("addr add 10.61.20.1 peer 10.61.20.2 dev tun0");
  left.ip("addr add 10.61.0.9/24 dev wire0");
  left.ip("route add 10.61.1.0/24 via 10.61.0.2 mtu 1300 src 10.61.0.9");
  left.ip("route add 10.61.2.0/24 nexthop via 10.61.0.2 dev wire0 nexthop dev tun0");
  left.ip("route add blackhole 10.61.3.0/24");
  left.ip("route add unreachable 10.61.4.0/24");
  left.ip("route add prohibit 10.61.5.0/24");
  left.ip("route add throw 10.61.6.0/24");
  left.ip("route add default via 10.61.0.2 table 1000");
  left.ip("rule add to 10.61.7.0/24 table 1000 priority 500");
  left.ip("rule add from 10.61.0.9 fwmark 7 table 1000 priority 501");
  left.ip("route add 10.61.10.0/24 via inet6 fe80::1 dev wire0");
  const link = left.interfaceIndex("wire0");
  const tun = left.interfaceIndex("tun0");
  left.within(() => {
    const links = new Map(dumpLinks().map((row) => [row.name, row]));
    assertObjectMatch(links.get("wire0")!, { index: link, kind: "veth", up: true });
    assertEquals(links.get("wire0")!.hardwareAddress!.length, 6);
    assertObjectMatch(links.get("bridge0")!, { kind: "bridge", up: false });
    assertObjectMatch(links.get("tun0")!, { kind: "tun", noArp: true });
    assertEquals(links.get("tun0")!.hardwareAddress, undefined);

    assertEquals(
      dumpAddresses().filter((row) => row.interfaceIndex !== 1).map((row) => [row.address, row.peer]),
      [
        [ip("10.61.0.1"), ip("10.61.0.1")],
        [ip("10.61.0.9"), ip("10.61.0.9")],
        [ip("10.61.20.1"), ip("10.61.20.2")],
      ],
    );

    const routes = new Map(
      dumpRoutes(INET).map((row) => [`${row.table}/${row.destination - ip("10.61.0.0") >> 8}/${row.prefixLen}`, row]),
    );
    assertObjectMatch(routes.get("254/1/24")!, {
      gateway: ip("10.61.0.2"),
      source: ip("10.61.0.9"),
      mtu: 1300,
      interfaceIndex: link,
    });
    assertEquals(routes.get("254/2/24")!.interfaceIndex, link);
    assertEquals(
      [3, 4, 5, 6].map((row) => routes.get(`254/${row}/24`)!.type),
      ["blackhole", "unreachable", "prohibit", "none"],
    );
    assertEquals(routes.get("254/10/24")!.gateway6, 0xfe80n << 112n | 1n);
    const elsewhere = dumpRoutes(INET).find((row) => row.table === 1000);
    assertObjectMatch(elsewhere!, { destination: 0, prefixLen: 0, gateway: ip("10.61.0.2") });

    assert(dumpRules(INET).some(({ destination, prefixLen }) => destination === ip("10.61.7.0") && prefixLen === 24));

    const answers: [destination: string, answer: Partial<RouteAnswer>][] = [
      ["10.61.0.1", { type: "local", source: ip("10.61.0.1") }],
      ["10.61.0.2", { type: "unicast", interfaceIndex: link, source: ip("10.61.0.1") }],
      ["10.61.0.255", { type: "broadcast", interfaceIndex: link }],
      ["224.0.0.1", { type: "none" }],
      ["10.61.1.7", { type: "unicast", gateway: ip("10.61.0.2"), source: ip("10.61.0.9"), mtu: 1300 }],
      ["10.61.3.7", { type: "blackhole" }],
      ["10.61.4.7", { type: "unreachable" }],
      ["10.61.5.7", { type: "prohibit" }],
      ["10.61.6.7", { type: "none" }],
      ["10.61.7.7", { type: "unicast", gateway: ip("10.61.0.2") }],
      ["10.61.99.7", { type: "none" }],
    ];
    for (const [destination, expected] of answers) {
      const answer = getRoute(ip(destination));
      assertObjectMatch({ destination, ...answer }, { destination, ...expected });
      assertEquals(
        isRouted(answer),
        !["none", "blackhole", "unreachable", "prohibit"].includes(expected.type!),
        destination,
      );
    }
    assertObjectMatch(getRoute(ip("10.61.0.2")), { gateway: undefined });
    const viaIpv6 = getRoute(ip("10.61.10.1"));
    assert(isRouted(viaIpv6) && viaIpv6.gateway6 !== undefined);

    assertObjectMatch(getRoute(ip("10.61.2.7"), { interfaceIndex: tun }), { interfaceIndex: tun });
    assertObjectMatch(getRoute(ip("10.61.0.2"), { source: ip("10.61.0.9") }), { source: ip("10.61.0.9") });
    assertEquals(isRouted(getRoute(ip("10.61.0.2"), { source: ip("10.99.0.1") })), false);
    assertObjectMatch(getRoute(ip("10.61.0.2"), { interfaceIndex: 999 }), { type: "none" });
  });
});

testAsRoot("netlink: reads neighbours", () => {
  // The files are in the first namespace alone, as the tables are of all.
  const limitOf = (family: 4 | 6) =>
    Number(Deno.readTextFileSync(`/proc/sys/net/ipv${family}/neigh/default/gc_thresh3`));
  const limits = new Map(([4, 6] as const).map((family) => [family, limitOf(family)]));
  using pair = new Pair();
  const { left } = pair;
  left.ip("neigh add 10.61.0.7 lladdr 02:00:00:00:00:07 dev wire0 nud permanent");
  const link = left.interfaceIndex("wire0");
  left.within(() => {
    const expected = {
      interfaceIndex: link,
      address: ip("10.61.0.7"),
      state: "permanent" as const,
      hardwareAddress: hex("020000000007"),
    };
    assertObjectMatch(dumpNeighbours(INET).find((row) => row.address === ip("10.61.0.7"))!, expected);
    assertObjectMatch(getNeighbour(link, ip("10.61.0.7"))!, expected);
    assertEquals(getNeighbour(link, ip("10.61.0.8")), undefined);
    const tables = neighbourTables();
    assertEquals(tables.map(({ family }) => family).toSorted(), [4, 6]);
    for (const { family, limit, overflows } of tables) {
      assertEquals(limit, limits.get(family));
      assert(Number.isSafeInteger(overflows), `${overflows}`);
    }
  });
});

testAsRoot("netlink: a dump of many datagrams is whole", () => {
  using namespace = new Namespace();
  namespace.ip("link add bridge0 type bridge");
  namespace.ip("link set bridge0 up");
  const batch = Array.from(
    { length: 3000 },
    (_, index) => `route add 10.61.${128 + (index >> 8)}.${index & 255}/32 dev bridge0`,
  ).join("\n");
  namespace.exec("sh", "-c", `ip -batch - <<'END'\n${batch}\nEND`);
  namespace.within(() => {
    const rows = dumpRoutes(INET).filter((row) => row.table === RT_TABLE_MAIN && row.prefixLen === 32);
    assertEquals(new Set(rows.map((row) => row.destination)).size, 3000);
  });
});
