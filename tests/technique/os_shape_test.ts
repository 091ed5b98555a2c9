import { assert, assertEquals } from "@std/assert";
import {
  familyOf,
  isSameStack,
  readShape,
  SeenHeaders,
  SHAPE_LEN,
  shapeKey,
  shapeText,
  tellsMore,
} from "../../src/technique/os_shape.ts";
import { DualBook, ipv6BookParts } from "../../src/target/ipv6_book.ts";
import { Ipv6Packets } from "../../src/technique/ipv6_packets.ts";
import { SYN_ACK, TCP_OVER_IPV4 } from "../../src/technique/tcp_probe.ts";
import { Reply } from "../../src/technique/technique.ts";
import { parseIpv6, writeIpv6Address } from "../../src/wire/address6.ts";
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { buildTcp, fromHex, segmentIn, viewOf } from "../support/packets.ts";
import { withExtensions } from "../support/packets6.ts";
import { Random } from "../support/random.ts";

/** SYN-ACKs as stacks sent them in labs, by layout of the SYN's options; versions as in the table of `os_shape.ts`. */
const RECORDED: readonly (readonly [stack: string, layout: string, packet: string, family: string | null])[] = [
  [
    "Linux 6.18",
    "windows",
    "4500003400004000400625fc0a6300020a6300010050f50a8d4fa8aa123400018012faf017bb0000020405b4010104020103030a",
    "Linux",
  ],
  [
    "Linux 6.18",
    "linux",
    "4500003c00004000400625f40a6300020a6300010050ff0b8e787c0e12340001a012fe88e0740000020405b40402080a5547e2c6000000010103030a",
    "Linux",
  ],
  // An MSS alone is that of many systems.
  [
    "Linux 6.18",
    "mss",
    "4500002c00004000400626040a6300020a6300010050ff09e207d745123400016012faf0bd800000020405b4",
    null,
  ],
  [
    "Linux 6.18, no SACK",
    "windows",
    "4500003000004000400626000a6300020a6300010050eefaf0ba6871123400017012faf019a00000020405b40103030a",
    "Linux",
  ],
  [
    "Linux 6.18, no SACK",
    "bsd",
    "4500003c00004000400625f40a6300020a6300010050eefcf6f971a712340001a012fe8877a40000020405b40101080a643bf198000000010103030a",
    "Linux",
  ],
  [
    "Linux 6.18, no window scaling",
    "windows",
    "4500003000004000400626000a6300020a6300010050fb6ac9b36c92123400017012faf02f200000020405b401010402",
    "Linux",
  ],
  [
    "Linux 6.18, no window scaling",
    "linux",
    "4500003800004000400625f80a6300020a6300010050fb6bbbd3e780123400019012fe88e40c0000020405b40402080a16419d1800000001",
    "Linux",
  ],
  [
    "Linux 6.18, SYN cookie",
    "windows",
    "4500002c00004000400626040a6300020a6300010050f4baac873d69123400016012faf0972c0000020405b4",
    null,
  ],
  [
    "Linux 6.18, receive buffer of 2 KiB",
    "windows",
    "4500003400004000400625fc0a6300020a6300011f40f4fa7d988c4312340001801205b424400000020405b40101040201030300",
    "Linux",
  ],
  [
    "Linux 6.18, receive buffer of 1 MB, MTU 1,400",
    "linux",
    "4500003c00004000400625f40a6300020a6300011f43f03bebf760d912340001a012ffffda8f0000020405500402080a7f9d6adb0000000101030304",
    "Linux",
  ],
  [
    "Linux 6.18, MTU 9,000",
    "linux",
    "4500003c00004000400625f40a6300020a6300010050f7dbf873e50312340001a012f4acd76f0000020423000402080a419f2043000000010103030a",
    "Linux",
  ],
  [
    "user-mode Linux 6.1",
    "windows",
    "450000340000400040061dfc0a6304020a6304010050fcbaa0b6ad9b123400018012faf0f9b80000020405b40101040201030304",
    "Linux",
  ],
  [
    "gVisor",
    "windows",
    "450000305c9a0000400607660a6301020a6301010050f88a79f2070412340001701272006f3b0000020405b401030305",
    "gVisor netstack",
  ],
  [
    "gVisor",
    "linux",
    "4500003c5c9b0000400607590a6301020a6301010050f88b6eb2543512340001a012720016b30000020405b40101080a0aced2af0000000101030305",
    "gVisor netstack",
  ],
  [
    "gVisor, SACK",
    "windows",
    "45000034d460000040068f9b0a6301020a6301010050fcfa0ff14029123400018012720086a00000020405b40101040201030305",
    "gVisor netstack",
  ],
  [
    "gVisor, SACK",
    "bsd",
    "4500003cd462000040068f910a6301020a6301010050fcfceb46f88c12340001a01272003d070000020405b40402080a23376b940000000101030305",
    "gVisor netstack",
  ],
  [
    "gVisor, MTU 1,280",
    "linux",
    "4500003c9f2f00004006c4c40a6301020a6301010050fceb77389c7712340001a01260e0bb7f0000020404d80101080ad3d021b40000000101030305",
    "gVisor netstack",
  ],
  [
    "lwIP",
    "windows",
    "4500003000020000ff06a0fd0a6303020a6303010050efca0000196e123400017012ffff4d880000020405b401030301",
    "lwIP",
  ],
  [
    "lwIP",
    "linux",
    "4500003000030000ff06a0fc0a6303020a6303010050efcb0000196e123400017012ffff4d870000020405b401030301",
    "lwIP",
  ],
  [
    "LWIPv6",
    "windows",
    "4500002c00024000ff0663010a6302020a6302010050f48a0000196e1234000160128000decf0000020405b4",
    "LWIPv6",
  ],
  [
    "slirp4netns",
    "windows",
    "4508002c00020000400663fa0a6300020a0002640050f0da0002ee01123400016012ffff8fea0000020405b4",
    "slirp",
  ],
  [
    "pasta",
    "windows",
    "4500003000000000ff06a6fe0a6300030a6300010050f8fad338207d123400017012ffff85bb00000204f00001030308",
    "pasta",
  ],
  [
    "Linux 6.18 over IPv6",
    "windows",
    "600380b200200640fd640010000000000000000000000002fd6400100000000000000000000000010050f858bb5bb56d257fb84f8012fd202fc40000020405a0010104020103030a",
    "Linux",
  ],
  [
    "Linux 6.18 over IPv6",
    "linux",
    "600c803500280640fd640010000000000000000000000002fd6400100000000000000000000000010050fdd80991a228b28b553aa012fb0490bf0000020405a00402080aac8f6317000000010103030a",
    "Linux",
  ],
  [
    "Linux 6.18 over IPv6, no SACK",
    "windows",
    "600a896c001c0640fd640010000000000000000000000002fd6400100000000000000000000000010050f7d825e1570a611694b57012fd20212c0000020405a00103030a",
    "Linux",
  ],
  [
    "Linux 6.18 over IPv6, no SACK",
    "linux",
    "60093e4800280640fd640010000000000000000000000002fd6400100000000000000000000000010050fa8838f1fa59112b57eea012fb04dec30000020405a00101080a7b2e63e0000000010103030a",
    "Linux",
  ],
  [
    "gVisor over IPv6",
    "windows",
    "60000000001c0640fd640011000000000000000000000002fd6400100000000000000000000000010050f63863bdd920fe28f81070127080ef0f0000020405a001030305",
    "gVisor netstack",
  ],
  [
    "gVisor over IPv6",
    "linux",
    "6000000000280640fd640011000000000000000000000002fd6400100000000000000000000000010050fb2815bad9497d9d29f8a0127080e1ae0000020405a00101080a087063670000000101030305",
    "gVisor netstack",
  ],
  [
    "gVisor over IPv6, SACK",
    "windows",
    "6000000000200640fd640011000000000000000000000002fd6400100000000000000000000000010050f1981ac4cdfa91397eb58012708019130000020405a00101040201030305",
    "gVisor netstack",
  ],
  [
    "gVisor over IPv6, SACK",
    "linux",
    "6000000000280640fd640011000000000000000000000002fd6400100000000000000000000000010050f8a8188968265b68d35ca0127080500d0000020405a00402080a617d829f0000000101030305",
    "gVisor netstack",
  ],
  [
    "slirp4netns over IPv6",
    "windows",
    "60000000001806fffd640010000000000000000000000002fd0000000000000000000000000001000050f6c80000fa012f8d6f076012ffff0d040000020405a0",
    "slirp",
  ],
  [
    "pasta over IPv6",
    "windows",
    "60000032001c06fffd640010000000000000000000000003fd6400100000000000000000000000010050fb98db9afcd75b0ac3897012ffffabdd00000204f00001030308",
    "pasta",
  ],
  [
    "lwIP over IPv6",
    "windows",
    "60000000001c06fffd640013000000000000000000000002fd6400130000000000000000000000010050fda80000196e804cc7c97012ffff29b30000020405a001030301",
    "lwIP",
  ],
  [
    "LWIPv6 over IPv6",
    "windows",
    "60000000001806fffd640012000000000000000000000002fd6400120000000000000000000000010050f9d80000196ebe130f27601280003c540000020405b4",
    "LWIPv6",
  ],
];

function isIpv6(packet: Uint8Array): boolean {
  return packet[0]! >> 4 === 6;
}

function recorded(name: string): Uint8Array {
  return fromHex(RECORDED.find(([stack, layout]) => `${stack} ${layout}` === name)![2]);
}

function shapeOf(packet: Uint8Array): Uint32Array {
  const shape = new Uint32Array(SHAPE_LEN);
  assert(readShape(viewOf(packet), 0, read(packet)!, shape));
  return shape;
}

const IPV6 = new DualBook(
  ipv6BookParts(
    [0x10, 0x11, 0x12, 0x13].map((net) => {
      const first = parseIpv6(`fd64:${net.toString(16)}::2`)!;
      return { first, last: first + 1n, scope: 0 };
    }),
    false,
    [],
  )!,
).ipv6;
const PACKETS6 = new Ipv6Packets(
  IPV6,
  ["fd64:10::1", "fd64:12::1", "fd64:13::1", "fd00::100"].map((own) => {
    const view = new DataView(new ArrayBuffer(16));
    writeIpv6Address(view, 0, parseIpv6(own)!);
    return IPV6.sender(view, 0, 0);
  }),
);

/** Returns the reply that a packet is, if that is a SYN-ACK. */
function read(packet: Uint8Array, length = packet.length): Reply | undefined {
  const reply = new Reply();
  const packets = length > 0 && isIpv6(packet) ? PACKETS6 : TCP_OVER_IPV4;
  return packets.readTcp(viewOf(packet), 0, length, reply) === SYN_ACK ? reply : undefined;
}

for (const [stack, layout, hex, family] of RECORDED) {
  Deno.test(`os shape: a SYN-ACK of ${stack} to the layout ${layout}: ${family ?? "no guess"}`, () => {
    const packet = fromHex(hex);
    assertEquals(familyOf(shapeOf(packet), 0), family);
    // Three routers on, it is the same system, except that a program on this machine is behind none.
    packet[isIpv6(packet) ? 7 : 8]! -= 3;
    const isLocal = family === "slirp" || family === "pasta";
    assertEquals(familyOf(shapeOf(packet), 0), isLocal ? null : family);
  });
}

Deno.test("os shape: a router that lowers the MSS does not hide Linux", () => {
  const packet = fromHex(RECORDED[0]![2]);
  viewOf(packet).setUint16(42, 1380);
  assertEquals(familyOf(shapeOf(packet), 0), "Linux");
});

Deno.test("os shape: pasta gives the window and scale of the server that it connects to", () => {
  const packet = fromHex(RECORDED.find(([stack]) => stack === "pasta")![2]);
  packet.set([0xfe, 0x88], 34);
  packet[47] = 0;
  assertEquals(familyOf(shapeOf(packet), 0), "pasta");
});

/** SYN-ACKs that differ from a stack of the table in one field. */
const OTHERS: readonly (readonly [name: string, at: number, bytes: readonly number[]])[] = [
  ["TTL 128", 8, [128]],
  ["no Don't Fragment", 6, [0]],
  ["a window of no whole segments", 34, [0x40, 0x00]],
  ["the options of Windows", 44, [1, 3, 3, 8, 1, 1, 4, 2]],
  ["an option that nobody knows", 44, [1, 1, 254, 2]],
];

for (const [name, at, bytes] of OTHERS) {
  Deno.test(`os shape: no guess for ${name}`, () => {
    const packet = fromHex(RECORDED[0]![2]);
    packet.set(bytes, at);
    assertEquals(familyOf(shapeOf(packet), 0), null);
  });
}

/** The same over IPv6, of Linux. */
const OTHERS6: typeof OTHERS = [
  ["hop limit 128", 7, [128]],
  ["a window of no whole segments", 54, [0x40, 0x00]],
  [
    "a window of 20 segments, which is that of gVisor, and a scale of 6, which is not",
    54,
    [0x70, 0x80, 0, 0, 0, 0, 2, 4, 5, 160, 1, 1, 4, 2, 1, 3, 3, 6],
  ],
  ["the options of Windows", 64, [1, 3, 3, 8, 1, 1, 4, 2]],
  ["an unknown option", 64, [1, 1, 254, 2]],
];

for (const [name, at, bytes] of OTHERS6) {
  Deno.test(`os shape: no guess over IPv6 for ${name}`, () => {
    const packet = recorded("Linux 6.18 over IPv6 windows");
    packet.set(bytes, at);
    assertEquals(familyOf(shapeOf(packet), 0), null);
  });
}

Deno.test("os shape: a segment behind extension headers has the same, and the same key", () => {
  const packet = recorded("Linux 6.18 over IPv6 windows");
  const behind = withExtensions(packet, [[60, "010400000000"]]);
  assertEquals(shapeOf(behind), shapeOf(packet));
  const [own, other] = [packet, behind].map((bytes) => [viewOf(bytes), 0, read(bytes)!] as const);
  assertEquals(shapeKey(...other!), shapeKey(...own!));
  const seen = new SeenHeaders();
  seen.set(...own!);
  assertEquals([seen.matches(...own!), seen.matches(...other!)], [true, true]);
});

Deno.test("os shape: its text has every field", () => {
  const shapes = [RECORDED[0]!, RECORDED[2]!, RECORDED[17]!, RECORDED[22]!].map(([, , hex]) =>
    shapeText(shapeOf(fromHex(hex)), 0)
  );
  assertEquals(shapes, [
    "options MSS,NOP,NOP,SACK,NOP,WS; MSS 1460; window 64240, scale 10; TTL 64; DF",
    "options MSS; MSS 1460; window 64240; TTL 64; DF",
    "options MSS,NOP,WS; MSS 1460; window 65535, scale 1; TTL 255; no DF",
    "options MSS,NOP,NOP,SACK,NOP,WS; MSS 1440; window 64800, scale 10; hop limit 64",
  ]);
});

const ODD_OPTIONS: readonly (readonly [name: string, options: readonly number[], text: string])[] = [
  ["none", [], "options none"],
  ["an end", [2, 4, 5, 180, 4, 2, 0, 0], "options MSS,SACK,END; MSS 1460"],
  ["one that is cut", [1, 1, 2, 9], "options NOP,NOP,other"],
  ["a length of 0", [3, 0, 0, 0], "options other"],
  ["an MSS of a wrong length", [2, 3, 5, 1], "options MSS,NOP"],
  ["ten", Array(8).fill(1).concat(3, 3, 7, 1), "options NOP,NOP,NOP,NOP,NOP,NOP,NOP,NOP,WS,NOP"],
  ["more than ten", Array(12).fill(1), "options NOP,NOP,NOP,NOP,NOP,NOP,NOP,NOP,NOP,NOP,more"],
];

for (const [name, options, text] of ODD_OPTIONS) {
  Deno.test(`os shape: options: ${name}`, () => {
    const shape = shapeOf(buildTcp({ flags: TCP_SYN | TCP_ACK, window: 1000, options: Uint8Array.from(options) }));
    assertEquals(shapeText(shape, 0).split("; window")[0], text);
    assertEquals(familyOf(shape, 0), null);
  });
}

Deno.test("os shape: other segments, and a SYN-ACK with window 0, have none", () => {
  const shape = Uint32Array.of(7, 8, 9);
  const rows = [
    ...[TCP_SYN, TCP_ACK, TCP_SYN | TCP_ACK | TCP_RST, TCP_FIN | TCP_ACK].map((flags) =>
      buildTcp({ flags, window: 9 })
    ),
  ];
  for (const packet of rows) assertEquals(read(packet), undefined);
  for (const name of ["Linux 6.18 windows", "Linux 6.18 over IPv6 windows"]) {
    const whole = recorded(name);
    for (let length = 0; length < whole.length; length++) assertEquals(read(whole, length), undefined);
  }
  const closed = buildTcp({ flags: TCP_SYN | TCP_ACK, window: 0 });
  assert(!readShape(viewOf(closed), 0, read(closed)!, shape));
  assertEquals([...shape], [7, 8, 9]);
});

Deno.test("os shape: ports of one stack may differ in window and distance, and reply by SYN cookies", () => {
  const hexes = new Map(RECORDED.map(([stack, layout, hex]) => [`${stack} ${layout}`, hex]));
  const shape = (name: string) => shapeOf(fromHex(hexes.get(name)!));
  const same = (one: string, other: string) => isSameStack(shape(one), 0, shape(other), 0);
  const linux = "Linux 6.18 windows";
  const cookie = "Linux 6.18, SYN cookie windows";
  assert(same(linux, "Linux 6.18, receive buffer of 2 KiB windows") && same(linux, cookie) && same(cookie, linux));
  assert(tellsMore(shape(linux), 0, shape(cookie), 0));
  assert(!tellsMore(shape(cookie), 0, shape(linux), 0) && !tellsMore(shape(linux), 0, shape(linux), 0));
  const others = ["gVisor windows", "gVisor, SACK windows", "lwIP windows", "slirp4netns windows"];
  for (const other of [...others, "Linux 6.18 over IPv6 windows"]) {
    assert(!same(linux, other), other);
  }
});

Deno.test("os shape: the key of a SYN-ACK differs between stacks, and not between the ports and paths of one", () => {
  const key = (at: number, bytes: readonly number[]) => {
    const packet = fromHex(RECORDED[0]![2]);
    packet.set(bytes, at);
    return shapeKey(viewOf(packet), 0, segmentIn(packet));
  };
  const own = key(0, []);
  // Time to live by three routers, ports, sequence number, window, MSS.
  for (const [at, bytes] of [[8, [61]], [20, [1, 2, 3, 4, 5, 6, 7, 8]], [34, [1, 0]], [42, [5, 0]]] as const) {
    assertEquals(key(at, bytes), own);
  }
  const others = OTHERS.filter(([name]) => !name.startsWith("a window")).map(([, at, bytes]) => key(at, bytes));
  const stacks = RECORDED.filter(([, layout]) => layout === "windows").map(([, , hex]) =>
    shapeKey(viewOf(fromHex(hex)), 0, segmentIn(fromHex(hex)))
  );
  assert(!others.includes(own));
  assert(new Set(stacks).size >= 9, `${new Set(stacks).size} keys`);
});

Deno.test("os shape: whatever bytes arrive, nothing is thrown", () => {
  const seed = 7323;
  const random = new Random(seed);
  const seeds = RECORDED.map(([, , hex]) => fromHex(hex));
  const shape = new Uint32Array(SHAPE_LEN);
  let shapes = 0;
  for (let round = 0; round < 40_000; round++) {
    const bytes = random.pick(seeds).slice();
    for (let changes = random.below(4); changes > 0; changes--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    const length = random.chance(0.1) ? random.below(bytes.length) : bytes.length;
    const reply = read(bytes, length);
    if (reply === undefined || !readShape(viewOf(bytes), 0, reply, shape)) continue;
    shapes++;
    familyOf(shape, 0);
    shapeText(shape, 0);
    shapeKey(viewOf(bytes), 0, reply);
  }
  assert(shapes > 1000, `seed ${seed}: ${shapes} shapes`);
  for (let round = 0; round < 2000; round++) {
    const noise = Uint8Array.from({ length: random.below(80) }, () => random.below(256));
    const reply = read(noise);
    if (reply !== undefined) readShape(viewOf(noise), 0, reply, shape);
    const words = Uint32Array.from({ length: SHAPE_LEN }, () => random.u32());
    familyOf(words, 0);
    shapeText(words, 0);
  }
});
