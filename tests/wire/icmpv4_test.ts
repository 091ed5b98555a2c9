import { assertEquals } from "@std/assert";
import { formatIpv4 } from "../../src/wire/address.ts";
import { checksum } from "../../src/wire/checksum.ts";
import {
  checkIcmpv4,
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_TIME_EXCEEDED,
  ICMPV4_HEADER_LEN,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Checksum,
  icmpv4Code,
  icmpv4IsError,
  icmpv4Rest,
  icmpv4Type,
  writeIcmpv4,
} from "../../src/wire/icmpv4.ts";
import { checkIpv4Quoted, ipv4Destination, ipv4Protocol, ipv4Source } from "../../src/wire/ipv4.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

function readAll(view: DataView, at: number): Record<string, number> {
  return { type: icmpv4Type(view, at), code: icmpv4Code(view, at), checksum: icmpv4Checksum(view, at) };
}

for (const vector of FRAMES) {
  const expected = vector.icmp;
  if (expected === undefined) continue;
  const message = fromHex(vector.hex).subarray(vector.payloadOffset + vector.ip.headerLen);

  Deno.test(`icmpv4: header of the ${vector.name}`, () => {
    const view = viewOf(message);
    assertEquals(checkIcmpv4(view, 0, message.length), ICMPV4_HEADER_LEN);
    assertEquals(readAll(view, 0), expected);
    assertEquals(checksum(view, 0, message.length), 0);
    assertEquals(icmpv4IsError(expected.type), true);
    const quotedLen = message.length - ICMPV4_QUOTE_OFFSET;
    assertEquals(checkIpv4Quoted(view, ICMPV4_QUOTE_OFFSET, quotedLen), 20);
    assertEquals({
      source: formatIpv4(ipv4Source(view, ICMPV4_QUOTE_OFFSET)),
      destination: formatIpv4(ipv4Destination(view, ICMPV4_QUOTE_OFFSET)),
      protocol: ipv4Protocol(view, ICMPV4_QUOTE_OFFSET),
    }, vector.quoted);
  });

  Deno.test(`icmpv4: message of the ${vector.name}, written back`, () => {
    const written = new Uint8Array(3 + message.length + 1).fill(0xa5);
    const length = writeIcmpv4(viewOf(written), 3, {
      type: expected.type,
      code: expected.code,
      rest: icmpv4Rest(viewOf(message), 0),
      quoted: message.subarray(ICMPV4_QUOTE_OFFSET),
    });
    assertEquals(length, message.length);
    assertEquals(written.subarray(3, -1), message);
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  Deno.test(`icmpv4: message of the ${vector.name}, cut at every length`, () => {
    for (let length = 0; length <= message.length; length++) {
      const view = viewOf(message.subarray(0, length));
      const headerLen = checkIcmpv4(view, 0, length);
      assertEquals(headerLen, length < ICMPV4_HEADER_LEN ? 0 : ICMPV4_HEADER_LEN);
      if (headerLen === 0) continue;
      assertEquals(readAll(view, 0), expected);
      icmpv4Rest(view, 0);
      const quoted = checkIpv4Quoted(view, ICMPV4_QUOTE_OFFSET, length - ICMPV4_QUOTE_OFFSET);
      assertEquals(quoted, length < ICMPV4_QUOTE_OFFSET + 20 ? 0 : 20);
    }
  });
}

Deno.test("icmpv4: a message without a quote is its header, and the MTU of the next hop is in the second word", () => {
  const written = new Uint8Array(ICMPV4_HEADER_LEN).fill(0xa5);
  const fields = { type: ICMP_DESTINATION_UNREACHABLE, code: 4, rest: 1400 };
  assertEquals(writeIcmpv4(viewOf(written), 0, fields), ICMPV4_HEADER_LEN);
  assertEquals(written.slice(4), Uint8Array.of(0, 0, 0x05, 0x78));
  assertEquals(checksum(viewOf(written), 0, written.length), 0);
});

Deno.test("icmpv4: only errors are errors", () => {
  assertEquals(icmpv4IsError(ICMP_TIME_EXCEEDED), true);
  assertEquals(icmpv4IsError(ICMP_ECHO_REQUEST), false);
  assertEquals(icmpv4IsError(ICMP_ECHO_REPLY), false);
  assertEquals(icmpv4IsError(255), false);
});
