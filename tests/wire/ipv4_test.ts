import { assert, assertEquals } from "@std/assert";
import { formatIpv4 } from "../../src/wire/address.ts";
import { checksum, foldChecksum, sumWords } from "../../src/wire/checksum.ts";
import {
  checkIpv4,
  checkIpv4Quoted,
  fillIpv4Checksum,
  IPV4_MIN_HEADER_LEN,
  ipv4Checksum,
  ipv4Destination,
  ipv4DontFragment,
  ipv4FragmentOffset,
  ipv4HeaderLen,
  ipv4Id,
  ipv4IsFragment,
  ipv4MoreFragments,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_TCP,
  pseudoHeaderSum,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
  setIpv4TotalLen,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import { buildTcp, cutTo, fromHex, patched, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

function readAll(view: DataView, at: number): Record<string, unknown> {
  return {
    headerLen: ipv4HeaderLen(view, at),
    tos: view.getUint8(at + 1),
    totalLen: ipv4TotalLen(view, at),
    id: ipv4Id(view, at),
    dontFragment: ipv4DontFragment(view, at),
    ttl: ipv4Ttl(view, at),
    protocol: ipv4Protocol(view, at),
    checksum: ipv4Checksum(view, at),
    source: formatIpv4(ipv4Source(view, at)),
    destination: formatIpv4(ipv4Destination(view, at)),
    // No frame of the table is a fragment.
    ...(ipv4IsFragment(view, at) || ipv4MoreFragments(view, at) || ipv4FragmentOffset(view, at) > 0
      ? { fragment: true }
      : {}),
  };
}

for (const vector of FRAMES) {
  Deno.test(`ipv4: header of the ${vector.name}`, () => {
    const frame = fromHex(vector.hex);
    const view = viewOf(frame);
    const at = vector.payloadOffset;
    const length = frame.length - at;
    assertEquals(checkIpv4(view, at, length), vector.ip.headerLen);
    assertEquals(readAll(view, at), vector.ip);
    assertEquals(checksum(view, at, vector.ip.headerLen), 0);
  });

  Deno.test(`ipv4: header of the ${vector.name}, written back`, () => {
    const frame = fromHex(vector.hex).subarray(vector.payloadOffset);
    const view = viewOf(frame);
    const headerLen = vector.ip.headerLen;
    const written = new Uint8Array(3 + headerLen + 1).fill(0xa5);
    const out = viewOf(written);
    const fields = {
      source: ipv4Source(view, 0),
      destination: ipv4Destination(view, 0),
      protocol: ipv4Protocol(view, 0),
      totalLen: ipv4TotalLen(view, 0),
      ttl: ipv4Ttl(view, 0),
      id: ipv4Id(view, 0),
      tos: view.getUint8(1),
      dontFragment: ipv4DontFragment(view, 0),
    };
    assertEquals(writeIpv4(out, 3, fields), IPV4_MIN_HEADER_LEN);
    if (headerLen > IPV4_MIN_HEADER_LEN) {
      // synscan sends no options, but must count them where they are.
      written.set(frame.subarray(IPV4_MIN_HEADER_LEN, headerLen), 3 + IPV4_MIN_HEADER_LEN);
      written[3] = frame[0]!;
      fillIpv4Checksum(out, 3);
    }
    assertEquals(written.subarray(3, -1), frame.subarray(0, headerLen));
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  Deno.test(`ipv4: packet of the ${vector.name}, cut at every length`, () => {
    const packet = fromHex(vector.hex).subarray(vector.payloadOffset);
    for (let length = 0; length <= packet.length; length++) {
      const view = viewOf(packet.subarray(0, length));
      const whole = checkIpv4(view, 0, length);
      const quoted = checkIpv4Quoted(view, 0, length);
      assertEquals(whole, length < vector.ip.totalLen ? 0 : vector.ip.headerLen);
      assertEquals(quoted, length < vector.ip.headerLen ? 0 : vector.ip.headerLen);
      if (quoted > 0) readAll(view, 0);
    }
  });
}

const SYN = buildTcp();
const CHECKS: readonly { name: string; packet: Uint8Array; whole: number; quoted: number }[] = [
  { name: "a SYN", packet: SYN, whole: 20, quoted: 20 },
  { name: "padding after the packet", packet: Uint8Array.of(...SYN, 0, 0, 0, 0, 0, 0), whole: 20, quoted: 20 },
  { name: "version 6", packet: patched(SYN, { 0: 0x65 }), whole: 0, quoted: 0 },
  { name: "version 0", packet: patched(SYN, { 0: 0x05 }), whole: 0, quoted: 0 },
  { name: "header length 0", packet: patched(SYN, { 0: 0x40 }), whole: 0, quoted: 0 },
  { name: "header length under 5", packet: patched(SYN, { 0: 0x44 }), whole: 0, quoted: 0 },
  { name: "header length up to the end", packet: patched(SYN, { 0: 0x4a }), whole: 40, quoted: 40 },
  { name: "header length past the end", packet: patched(SYN, { 0: 0x4b }), whole: 0, quoted: 0 },
  { name: "header length 15", packet: patched(SYN, { 0: 0x4f }), whole: 0, quoted: 0 },
  { name: "total length 0", packet: patched(SYN, { 2: 0, 3: 0 }), whole: 0, quoted: 20 },
  { name: "total length under the header", packet: patched(SYN, { 2: 0, 3: 19 }), whole: 0, quoted: 20 },
  { name: "total length of the header", packet: patched(SYN, { 2: 0, 3: 20 }), whole: 20, quoted: 20 },
  { name: "total length past the end", packet: patched(SYN, { 2: 0, 3: 41 }), whole: 0, quoted: 20 },
  { name: "total length 65535", packet: patched(SYN, { 2: 255, 3: 255 }), whole: 0, quoted: 20 },
  { name: "a header and 8 bytes, as quoted", packet: cutTo(SYN, 28), whole: 0, quoted: 20 },
  { name: "nothing", packet: new Uint8Array(), whole: 0, quoted: 0 },
];

for (const row of CHECKS) {
  Deno.test(`ipv4: length checks: ${row.name}`, () => {
    const view = viewOf(row.packet);
    assertEquals(checkIpv4(view, 0, row.packet.length), row.whole);
    assertEquals(checkIpv4Quoted(view, 0, row.packet.length), row.quoted);
  });
}

Deno.test("ipv4: each setter changes what its getter reads, and nothing else", () => {
  const rows: readonly [
    set: (view: DataView, at: number, value: number) => void,
    get: (view: DataView, at: number) => number,
    value: number,
  ][] = [
    [setIpv4TotalLen, ipv4TotalLen, 0x1234],
    [setIpv4Id, ipv4Id, 0xfedc],
    [setIpv4Checksum, ipv4Checksum, 0xbeef],
    [setIpv4Destination, ipv4Destination, 0x80000001],
  ];
  for (const [set, get, value] of rows) {
    const bytes = buildTcp();
    const before = readAll(viewOf(bytes), 0);
    set(viewOf(bytes), 0, value);
    assertEquals(get(viewOf(bytes), 0), value, set.name);
    const after = readAll(viewOf(bytes), 0);
    assertEquals(Object.keys(after).filter((key) => after[key] !== before[key]).length, 1, set.name);
  }
});

Deno.test("ipv4: offsets of fragments are in bytes", () => {
  const rows = [
    { moreFragments: false, fragmentOffset: 0, is: false },
    { moreFragments: true, fragmentOffset: 0, is: true },
    { moreFragments: true, fragmentOffset: 1480, is: true },
    { moreFragments: false, fragmentOffset: 65_528, is: true },
  ];
  for (const row of rows) {
    const view = viewOf(buildTcp(row));
    assertEquals(ipv4MoreFragments(view, 0), row.moreFragments);
    assertEquals(ipv4FragmentOffset(view, 0), row.fragmentOffset);
    assertEquals(ipv4IsFragment(view, 0), row.is);
    assertEquals(ipv4DontFragment(view, 0), false);
  }
  const whole = viewOf(buildTcp({ dontFragment: true }));
  assert(ipv4DontFragment(whole, 0) && !ipv4IsFragment(whole, 0));
});

Deno.test("ipv4: the sum of the pseudo header is that of its bytes", () => {
  const pseudo = fromHex("c0000201 fffffffe 00 06 0028");
  const sum = pseudoHeaderSum(0xc0000201, 0xfffffffe, PROTOCOL_TCP, 40);
  assertEquals(sum, sumWords(viewOf(pseudo), 0, pseudo.length));
  assertEquals(foldChecksum(sum), checksum(viewOf(pseudo), 0, pseudo.length));
});
