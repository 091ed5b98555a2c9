import { assert, assertEquals, assertThrows } from "@std/assert";
import { isRouted, type RouteAnswer } from "../../ffi/netlink/route.ts";
import { UsageError } from "../../src/base/errors.ts";
import { findRoutePlan } from "../../src/transport/target_routes.ts";
import { planRoutes, RouteMap, type RouteSegment } from "../../src/transport/route_plan.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { Lab, labTest } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { addressOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ListBook } from "../support/list_book.ts";

function segment(first: number, last: number): RouteSegment {
  return { first, last, answer: { type: "none" } };
}

Deno.test("route map: finds the segment of an address", () => {
  const map = new RouteMap([segment(10, 19), segment(30, 30), segment(0xfffffff0, 0xffffffff)]);
  const rows = [[10, 0], [19, 0], [30, 1], [0xfffffff0, 2], [0xffffffff, 2]] as const;
  for (const [address, index] of rows) assertEquals(map.indexFor(address), index, formatIpv4(address));
});

Deno.test("route map: finds each of many segments", () => {
  const segments = Array.from({ length: 1000 }, (_, i) => segment(i * 100, i * 100 + 50));
  const map = new RouteMap(segments);
  for (let i = 0; i < 1000; i++) {
    for (const address of [i * 100, i * 100 + 25, i * 100 + 50]) assertEquals(map.indexFor(address), i);
  }
});

/** A machine with two uplinks and routes of every kind. */
function oddLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      machine: {
        routes: [
          "default via 10.66.1.2",
          "10.66.40.0/22 via 10.66.2.2 src 10.66.2.1 mtu 1400",
          "10.66.41.0/24 via 10.66.1.2",
          "10.66.41.7/32 via 10.66.2.2",
          "unreachable 10.66.50.0/24",
          "blackhole 10.66.51.0/24",
          "prohibit 10.66.52.0/24",
          "throw 10.66.53.0/24",
          "10.66.50.128/25 via 10.66.2.2",
          "10.66.60.0/24 nexthop via 10.66.1.2 weight 1 nexthop via 10.66.2.2 weight 1",
          "10.66.70.0/24 dev second scope link",
          "10.66.80.0/31 via 10.66.2.2",
          "224.0.0.0/4 dev first",
          // Of tables that rules lead to.
          "10.66.90.0/24 via 10.66.2.2 table 100",
          "default via 10.66.2.2 table 101",
          "unreachable default table 102",
        ],
        local: ["10.66.200.0/24"],
      },
      first: {},
      second: {},
    },
    links: [
      { between: ["machine", "first"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] },
      { between: ["machine", "second"], addresses: ["10.66.2.1/24", "10.66.2.2/24"] },
    ],
  });
}

/** Addresses at which something changes, or should not. */
const EDGES = `
  0.0.0.0 1.2.3.4 10.66.0.255 10.66.1.0 10.66.1.1 10.66.1.2 10.66.1.255 10.66.2.0 10.66.2.255 10.66.40.0
  10.66.40.255 10.66.41.0 10.66.41.6 10.66.41.7 10.66.41.8 10.66.41.255 10.66.42.0 10.66.43.255 10.66.44.0
  10.66.49.255 10.66.50.0 10.66.50.127 10.66.50.128 10.66.50.255 10.66.51.0 10.66.51.255 10.66.52.77
  10.66.53.77 10.66.70.1 10.66.80.0 10.66.80.1 10.66.80.2 10.66.90.1 10.66.91.1 10.66.92.127 10.66.92.128
  10.66.93.1 10.66.94.1 10.66.200.0 10.66.200.255 127.0.0.1 127.255.255.255 128.0.0.0 223.255.255.255
  224.0.0.1 224.0.1.0 0.0.0.1 0.255.255.255 1.0.0.0 240.0.0.0 255.255.255.254 255.255.255.255 239.255.255.255
`.trim().split(/\s+/).map(addressOf);

/** A route as text, by which a plan is compared with `ip route get`. */
function wayOf(answer: RouteAnswer, names: ReadonlyMap<number, string>): string {
  if (!isRouted(answer)) return answer.type;
  const { type, interfaceIndex, gateway, source } = answer;
  const kind = type === "unicast" ? "" : `${type} `;
  const via = gateway === undefined ? "" : ` via ${formatIpv4(gateway)}`;
  return `${kind}${names.get(interfaceIndex)}${via} src ${source === undefined ? "none" : formatIpv4(source)}`;
}

const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/Network is unreachable/, "none"],
  [/No route to host/, "unreachable"],
  [/Permission denied/, "prohibit"],
  [/Invalid argument/, "blackhole"],
];

/** The same from iproute2. */
function askIp(space: string, address: number, words: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command("ip", {
    args: ["-n", space, "-j", "route", "get", formatIpv4(address), ...words],
  }).outputSync();
  const said = new TextDecoder().decode(success ? stdout : stderr);
  if (!success) {
    const code = REFUSALS.find(([pattern]) => pattern.test(said))?.[1];
    assert(code !== undefined, said);
    return code;
  }
  const [route] = JSON.parse(said);
  const kind = route.type === undefined || route.type === "unicast" ? "" : `${route.type} `;
  const via = route.gateway === undefined ? "" : ` via ${route.gateway}`;
  return `${kind}${route.dev}${via} src ${route.prefsrc ?? "none"}`;
}

labTest("routes: a plan equals `ip route get` for every address", [], async () => {
  await using lab = await oddLab();
  const rules = [
    "to 10.66.90.0/24 lookup 100 priority 100",
    "to 10.66.91.0/24 lookup 101 priority 101",
    "to 10.66.92.128/25 lookup 102 priority 102",
    "to 10.66.93.0/24 unreachable priority 103",
    "to 10.66.94.0/24 prohibit priority 104",
    "to 10.66.95.0/24 blackhole priority 105",
    "from 10.66.2.1 to 10.66.96.0/24 lookup 101 priority 106",
    "to 10.66.97.0/24 oif second lookup 101 priority 107",
  ];
  for (const rule of rules) lab.ip("machine", `rule add ${rule}`);
  const random = new Random(5);
  const sampled = [
    ...EDGES,
    ...Array.from({ length: 60 }, () => addressOf("10.66.0.0") + random.below(65536)),
    ...[95, 96, 97].map((net) => addressOf(`10.66.${net}.1`)),
    ...Array.from({ length: 10 }, () => random.below(224 * 2 ** 24)),
  ].filter((address) => address >>> 8 !== addressOf("10.66.60.0") >>> 8);
  using _inside = enterNetns(lab.name("machine"));
  const names = new Map(
    JSON.parse(lab.set("machine", ["ip", "-j", "link"])).map((
      { ifindex, ifname }: { ifindex: number; ifname: string },
    ) => [ifindex, ifname]),
  ) as Map<number, string>;
  const second = [...names].find(([, name]) => name === "second")![0];
  for (
    const [wishes, words] of [
      [{}, []],
      [{ source: addressOf("10.66.2.1") }, ["from", "10.66.2.1"]],
      [{ interfaceIndex: second }, ["oif", "second"]],
    ] as const
  ) {
    const map = planRoutes([[0, 0xffffffff]], IPV4_BOOK, wishes);
    for (const address of sampled) {
      const { first, last, answer } = map.segments[map.indexFor(address)]!;
      assert(address >= first && address <= last);
      const found = wayOf(answer, names);
      let said = askIp(lab.name("machine"), address, words);
      // With a source in the question iproute2 does not repeat it; to itself an address is asked from itself, and any
      // other of this machine's would do.
      if (words[0] === "from") said = said.replace("src none", "src 10.66.2.1");
      if (said.startsWith("local lo") && found.startsWith("local lo")) said = found;
      assertEquals(found, said, `${formatIpv4(address)} ${words.join(" ")}`);
    }
  }
});

labTest("routes: of several next hops a plan takes one that there is", [], async () => {
  await using lab = await oddLab();
  using _inside = enterNetns(lab.name("machine"));
  const map = planRoutes([[addressOf("10.66.60.0"), addressOf("10.66.60.255")]], IPV4_BOOK);
  assertEquals(map.segments.length, 1);
  const { answer } = map.segments[0]!;
  assert(isRouted(answer));
  assert(["10.66.1.2", "10.66.2.2"].includes(formatIpv4(answer.gateway!)));
  assertEquals(formatIpv4(answer.source!), formatIpv4(answer.gateway!).replace(/2$/, "1"));
});

labTest("routes: segments are ascending, disjoint, and hold every address that was asked about", [], async () => {
  await using lab = await oddLab();
  using _inside = enterNetns(lab.name("machine"));
  const random = new Random(6);
  for (let round = 0; round < 20; round++) {
    const cuts = Array.from({ length: 40 }, () => addressOf("10.66.0.0") + random.below(65536)).toSorted((a, b) =>
      a - b
    );
    const ranges: [number, number][] = [];
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const first = Math.max(cuts[i]!, (ranges.at(-1)?.[1] ?? -1) + 1);
      if (first <= cuts[i + 1]!) ranges.push([first, cuts[i + 1]!]);
    }
    const whole = planRoutes([[0, 0xffffffff]], IPV4_BOOK);
    const map = planRoutes(ranges, IPV4_BOOK);
    for (const [i, { first, last }] of map.segments.entries()) {
      assert(first <= last && first > (map.segments[i - 1]?.last ?? -1));
    }
    for (const [first, last] of ranges) {
      for (const address of [first, last, Math.floor((first + last) / 2)]) {
        const found = map.segments[map.indexFor(address)]!;
        assert(found.first <= address && address <= found.last);
        const expected = whole.segments[whole.indexFor(address)]!.answer;
        if (address >>> 8 !== addressOf("10.66.60.0") >>> 8) assertEquals(found.answer, expected);
      }
    }
  }
});

labTest("routes: few hosts have the routes that they have among all addresses", [], async () => {
  await using lab = await oddLab();
  using _inside = enterNetns(lab.name("machine"));
  const whole = planRoutes([[0, 0xffffffff]], IPV4_BOOK);
  const addresses = EDGES.toSorted((a, b) => a - b);
  for (const [at, first] of addresses.entries()) {
    for (
      const ranges of [[[first, Math.min(first + 3, 0xffffffff)]], addresses.slice(at, at + 3).map((ip) => [ip, ip])]
    ) {
      const map = planRoutes(ranges as [number, number][], IPV4_BOOK);
      for (const address of ranges.flat().filter((ip) => ip >>> 8 !== addressOf("10.66.60.0") >>> 8)) {
        const found = map.segments[map.indexFor(address)]!;
        assert(found.first <= address && address <= found.last, formatIpv4(address));
        const { answer } = whole.segments[whole.indexFor(address)]!;
        // Any address of this machine would do to reach another one of it.
        const expected = answer.type === "local" && isRouted(found.answer)
          ? { ...answer, source: found.answer.source }
          : answer;
        assertEquals(found.answer, expected, formatIpv4(address));
      }
    }
  }
});

labTest("routes: hosts with the numbers of a list have the routes of their addresses", [], async () => {
  await using lab = await oddLab();
  using _inside = enterNetns(lab.name("machine"));
  const random = new Random(7);
  const whole = planRoutes([[0, 0xffffffff]], IPV4_BOOK);
  for (let round = 0; round < 10; round++) {
    const book = new ListBook(Array.from({ length: 60 }, () => addressOf("10.66.0.0") + random.below(65536)));
    const hosts = book.lastUpTo(0xffffffff);
    const map = planRoutes([[1, 20], [31, hosts]], book);
    for (const [i, { first, last }] of map.segments.entries()) {
      assert(first <= last && first > (map.segments[i - 1]?.last ?? 0));
    }
    for (let host = 1; host <= hosts; host++) {
      const address = book.address(host);
      if (host > 20 && host < 31 || address >>> 8 === addressOf("10.66.60.0") >>> 8) continue;
      const found = map.segments[map.indexFor(host)]!;
      assert(found.first <= host && host <= found.last);
      const expected = whole.segments[whole.indexFor(address)]!.answer;
      // A local address is its own source, of which a segment has the first.
      assertEquals({ ...found.answer, source: 0 }, { ...expected, source: 0 }, book.text(host));
    }
  }
});

labTest("routes: what lies behind an IPv6 gateway is not taken for what is on the link", [], async () => {
  await using lab = await Lab.create({
    spaces: { machine: {}, peer: {} },
    links: [{ between: ["machine", "peer"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] }],
  });
  for (const route of ["10.66.2.0/24", "10.66.3.0/24 via inet6 fe80::1", "10.66.4.0/24 via inet6 fe80::2"]) {
    lab.ip("machine", `route add ${route} dev peer src 10.66.1.1`);
  }
  using _inside = enterNetns(lab.name("machine"));
  const targets = [[addressOf("10.66.1.7"), addressOf("10.66.4.7")]] as const;
  assertEquals(
    planRoutes(targets, IPV4_BOOK).segments.map(({ first, last }) => [formatIpv4(first), formatIpv4(last)]),
    [
      ["10.66.1.7", "10.66.1.254"],
      ["10.66.1.255", "10.66.1.255"],
      ["10.66.2.0", "10.66.2.255"],
      ["10.66.3.0", "10.66.3.255"],
      ["10.66.4.0", "10.66.4.7"],
    ],
  );
  const byLoopback = (first: string, last = first) =>
    findRoutePlan({ targets: [[addressOf(first), addressOf(last)]], interfaceName: "lo" }, IPV4_BOOK).interfaceName;
  // No socket is bound to loopback: it would get no reply from addresses of other interfaces.
  for (const own of ["127.0.0.1", "127.9.9.9", "10.66.1.1"]) assertEquals(byLoopback(own), undefined, own);
  for (const [first, last] of [["10.66.1.7"], ["10.66.2.1", "10.66.3.9"], ["10.66.1.1", "10.66.1.2"]] as const) {
    assertThrows(() => byLoopback(first, last), UsageError, "by lo, which leads to this machine alone. Leave out -e");
  }
  assertEquals(
    findRoutePlan({ targets: [[addressOf("10.66.2.1"), addressOf("10.66.2.9")]] }, IPV4_BOOK).beyondGateway,
    false,
  );
  assertEquals(
    findRoutePlan({ targets: [[addressOf("10.66.2.1"), addressOf("10.66.3.9")]] }, IPV4_BOOK).beyondGateway,
    true,
  );
});
