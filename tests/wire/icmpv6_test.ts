import { assertEquals } from "@std/assert";
import {
  checkIcmpv6,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_HEADER_LEN,
  ICMPV6_QUOTE_OFFSET,
  icmpv6Checksum,
  icmpv6Code,
  icmpv6IsError,
  icmpv6Rest,
  icmpv6Type,
  writeIcmpv6,
} from "../../src/wire/icmpv6.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { ECHO_REPLY6, ECHO_REQUEST6, PORT_UNREACHABLE6, PROHIBITED6 } from "../vectors/frames6.ts";

/** Type, code, second word, and whether it is an error. */
const MESSAGES: readonly (readonly [hex: string, type: number, code: number, rest: number, isError: boolean])[] = [
  [PROHIBITED6, ICMPV6_DESTINATION_UNREACHABLE, 1, 0, true],
  [PORT_UNREACHABLE6, ICMPV6_DESTINATION_UNREACHABLE, 4, 0, true],
  [ECHO_REQUEST6, 128, 0, 0xee48_0001, false],
  [ECHO_REPLY6, 129, 0, 0xee48_0001, false],
];

for (const [hex, type, code, rest, isError] of MESSAGES) {
  Deno.test(`icmpv6: message of type ${type}, code ${code} is read, written back and cut at every length`, () => {
    const packet = fromHex(hex);
    const view = viewOf(packet);
    assertEquals([icmpv6Type(view, 40), icmpv6Code(view, 40), icmpv6Rest(view, 40)], [type, code, rest]);
    assertEquals(icmpv6IsError(type), isError);
    const written = Uint8Array.from([...packet.subarray(0, 40), ...new Uint8Array(packet.length - 39).fill(0xa5)]);
    const quoted = packet.subarray(40 + ICMPV6_QUOTE_OFFSET);
    assertEquals(writeIcmpv6(viewOf(written), 0, 40, { type, code, rest, quoted }), packet.length - 40);
    assertEquals(written.subarray(0, -1), packet);
    assertEquals([written.at(-1), icmpv6Checksum(viewOf(written), 40)], [0xa5, icmpv6Checksum(view, 40)]);
    for (let length = 0; length <= packet.length - 40; length++) {
      assertEquals(checkIcmpv6(view, 40, length), length < ICMPV6_HEADER_LEN ? 0 : ICMPV6_HEADER_LEN);
    }
  });
}
