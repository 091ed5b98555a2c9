import { assertEquals } from "@std/assert";
import { formatIpv6, readIpv6Address } from "../../src/wire/address6.ts";
import {
  checkIpv6,
  checkIpv6Quoted,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6FlowLabel,
  ipv6HopLimit,
  ipv6NextHeader,
  Ipv6Payload,
  ipv6PayloadLen,
  ipv6TrafficClass,
  upperChecksum,
  writeIpv6,
} from "../../src/wire/ipv6.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { withExtensions } from "../support/packets6.ts";
import { FRAMES6, PROHIBITED6, RST6, SYN6 } from "../vectors/frames6.ts";

const payload = new Ipv6Payload();

for (const [name, hex] of Object.entries(FRAMES6)) {
  const packet = fromHex(hex);
  Deno.test(`ipv6: header of the ${name} is read, written back and cut at every length`, () => {
    const view = viewOf(packet);
    const written = new Uint8Array(3 + IPV6_HEADER_LEN + 1).fill(0xa5);
    const length = writeIpv6(viewOf(written), 3, {
      source: readIpv6Address(view, IPV6_SOURCE),
      destination: readIpv6Address(view, IPV6_DESTINATION),
      nextHeader: ipv6NextHeader(view, 0),
      payloadLen: ipv6PayloadLen(view, 0),
      hopLimit: ipv6HopLimit(view, 0),
      trafficClass: ipv6TrafficClass(view, 0),
      flowLabel: ipv6FlowLabel(view, 0),
    });
    assertEquals(written.subarray(3, 3 + length), packet.subarray(0, length));
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
    for (let cut = 0; cut <= packet.length; cut++) {
      assertEquals(checkIpv6(viewOf(packet.subarray(0, cut)), 0, cut), cut < packet.length ? 0 : IPV6_HEADER_LEN);
      assertEquals(checkIpv6Quoted(viewOf(packet.subarray(0, cut)), 0, cut), cut < 40 ? 0 : IPV6_HEADER_LEN);
    }
    assertEquals(payload.find(view, 0), true);
    assertEquals([payload.at, payload.length, payload.extensions], [40, packet.length - 40, 0]);
    assertEquals(upperChecksum(view, 0, payload.at, payload.length, payload.protocol), 0);
  });
}

Deno.test("ipv6: the fields of a captured SYN", () => {
  const view = viewOf(fromHex(SYN6));
  assertEquals(ipv6FlowLabel(view, 0), 0xc96b3);
  assertEquals([ipv6TrafficClass(view, 0), ipv6HopLimit(view, 0), ipv6PayloadLen(view, 0)], [0, 64, 40]);
  assertEquals(formatIpv6(readIpv6Address(view, IPV6_SOURCE)), "2001:db8::1");
  assertEquals(formatIpv6(readIpv6Address(view, IPV6_DESTINATION)), "2001:db8::7");
});

/** Chains of extension headers before a RST: each its number and bytes from the third on; and whether its payload is found. */
const CHAINS: readonly (readonly [name: string, chain: readonly (readonly [number, string])[], found: boolean])[] = [
  ["hop-by-hop", [[0, "010400000000"]], true],
  ["two sets of destination options", [[60, "010400000000"], [43, "000000000000"], [60, "010400000000"]], true],
  ["options of 16 bytes", [[60, "010c000000000000000000000000"]], true],
  ["a routing header with no segment left", [[43, "000000000000"]], true],
  ["a routing header with a segment left", [[43, "000100000000"]], false],
  ["an atomic fragment", [[44, "000000000001"]], true],
  ["the first of several fragments", [[44, "000100000001"]], false],
  ["a later fragment", [[44, "000800000001"]], false],
  ["an authentication header of 12 bytes", [[51, "00000000000100000001"]], true],
  ["mobility, HIP and shim6", [[135, "000000000000"], [139, "000000000000"], [140, "000000000000"]], true],
  ["eight headers", Array(8).fill([60, "010400000000"]), true],
  ["nine headers", Array(9).fill([60, "010400000000"]), false],
];

for (const [name, chain, found] of CHAINS) {
  Deno.test(`ipv6: a packet behind ${name} is ${found ? "found" : "left alone"}, cut at every length too`, () => {
    const packet = withExtensions(fromHex(RST6), chain);
    const view = viewOf(packet);
    assertEquals(payload.find(view, 0), found);
    if (found) {
      assertEquals([payload.protocol, payload.length, payload.extensions], [PROTOCOL_TCP, 20, chain.length]);
      assertEquals(payload.at, packet.length - 20);
      assertEquals(upperChecksum(view, 0, payload.at, payload.length, payload.protocol), 0);
    }
    for (let length = 40; length < packet.length; length++) {
      const cut = packet.slice(0, length);
      new DataView(cut.buffer).setUint16(4, length - 40);
      // A header that claims more than there is ends the walk; what follows the last header is found with what is left.
      const isFound = payload.find(viewOf(cut), 0);
      if (isFound) assertEquals(payload.at + payload.length, length);
      if (length < packet.length - 20) assertEquals(isFound, false);
    }
  });
}

Deno.test("ipv6: a header that is longer than its packet, or none at all, ends the walk", () => {
  const packet = withExtensions(fromHex(RST6), [[0, "010400000000"]]);
  packet[41] = 255;
  assertEquals(payload.find(viewOf(packet), 0), false);
  packet.set([59, 0], 40);
  assertEquals([payload.find(viewOf(packet), 0), payload.protocol], [true, 59]);
});

Deno.test("ipv6: a quoted packet is found however short it is cut, and a first fragment too", () => {
  const quoted = fromHex(PROHIBITED6).subarray(48);
  for (let length = 40; length <= quoted.length; length++) {
    assertEquals(payload.findQuoted(viewOf(quoted.subarray(0, length)), 0, length), true);
    assertEquals([payload.protocol, payload.at, payload.length], [PROTOCOL_TCP, 40, length - 40]);
  }
  const first = withExtensions(quoted, [[44, "000100000001"]]);
  assertEquals([payload.findQuoted(viewOf(first), 0, first.length), payload.isFirstFragment], [true, true]);
  const later = withExtensions(quoted, [[44, "000800000001"]]);
  assertEquals(payload.findQuoted(viewOf(later), 0, later.length), false);
});
