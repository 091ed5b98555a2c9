import { assertEquals } from "@std/assert";
import { copyIpv6Address } from "../../src/wire/address6.ts";
import { fillIcmpv6Checksum } from "../../src/wire/icmpv6.ts";
import { IPV6_HEADER_LEN, IPV6_SOURCE, Ipv6Payload } from "../../src/wire/ipv6.ts";
import { formatMac, parseMac } from "../../src/wire/mac.ts";
import {
  advertisedMac,
  checkAdvertisement,
  findAdvertisement,
  groupMac,
  NDP_TARGET,
  setSolicitationMac,
  SOLICITATION_LEN,
  writeSolicitation,
} from "../../src/wire/ndp.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { ADVERTISEMENT, SOLICITATION } from "../vectors/frames6.ts";

const MESSAGE = 32;

/** Returns the advertisement with bytes replaced, and its checksum made right again. */
function changed(patches: Readonly<Record<number, number>>): DataView {
  const view = viewOf(fromHex(ADVERTISEMENT));
  for (const [at, byte] of Object.entries(patches)) view.setUint8(Number(at), byte);
  fillIcmpv6Checksum(view, 0, IPV6_HEADER_LEN, MESSAGE);
  return view;
}

Deno.test("ndp: a captured advertisement is valid and names the hardware address of its target", () => {
  const view = viewOf(fromHex(ADVERTISEMENT));
  assertEquals(checkAdvertisement(view, 0, IPV6_HEADER_LEN, MESSAGE), MESSAGE);
  assertEquals(formatMac(advertisedMac(view, IPV6_HEADER_LEN, MESSAGE)), "02:00:5e:10:00:02");
});

Deno.test("ndp: an advertisement that RFC 4861 forbids is none", () => {
  const wrong = viewOf(fromHex(ADVERTISEMENT));
  wrong.setUint8(42, 0);
  assertEquals(checkAdvertisement(wrong, 0, IPV6_HEADER_LEN, MESSAGE), 0, "checksum");
  // Hop limit, code, type, a group as target, and a reply to a group.
  for (const patches of [{ 7: 64 }, { 41: 1 }, { 40: 135 }, { 48: 0xff }, { 24: 0xff }]) {
    assertEquals(checkAdvertisement(changed(patches), 0, IPV6_HEADER_LEN, MESSAGE), 0, JSON.stringify(patches));
  }
  for (let length = 0; length < 24; length++) {
    assertEquals(checkAdvertisement(changed({}), 0, IPV6_HEADER_LEN, length), 0);
  }
});

Deno.test("ndp: an advertisement without the hardware address of a station is no reply", () => {
  const isFound = (patches: Readonly<Record<number, number>>) =>
    findAdvertisement(changed(patches), 0, IPV6_HEADER_LEN + MESSAGE, new Ipv6Payload());
  assertEquals(isFound({}), true);
  // Another option, a group address, broadcast, and none.
  assertEquals(isFound({ 64: 5 }), false);
  assertEquals(isFound({ 66: 0x33 }), false);
  for (const byte of [0, 0xff]) {
    const patches = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [66 + at, byte]));
    assertEquals(isFound(patches), false, `${byte}`);
  }
});

Deno.test("ndp: options are walked with a bound, whatever their lengths are", () => {
  // The type of another option, a length of 0, and one past the end.
  for (const patches of [{ 64: 5 }, { 65: 0 }, { 65: 2 }]) {
    assertEquals(advertisedMac(changed(patches), IPV6_HEADER_LEN, MESSAGE), 0, JSON.stringify(patches));
  }
  for (let length = 24; length < MESSAGE; length++) {
    assertEquals(advertisedMac(changed({}), IPV6_HEADER_LEN, length), 0);
  }
});

Deno.test("ndp: a solicitation is written as Linux writes it, to the group of its target", () => {
  const expected = fromHex(SOLICITATION);
  const written = new Uint8Array(2 + SOLICITATION_LEN + 1).fill(0xa5);
  const view = viewOf(written);
  assertEquals(writeSolicitation(view, 2, viewOf(expected), IPV6_HEADER_LEN + NDP_TARGET), expected.length);
  copyIpv6Address(viewOf(expected), IPV6_SOURCE, view, 2 + IPV6_SOURCE);
  setSolicitationMac(view, 2, parseMac("02:00:5e:10:00:01")!);
  assertEquals(written.subarray(2, -1), expected);
  assertEquals([written[0], written[1], written.at(-1)], [0xa5, 0xa5, 0xa5]);
  assertEquals(formatMac(groupMac(view, 2)), "33:33:ff:00:00:07");
});
