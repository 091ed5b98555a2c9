import { assertEquals } from "@std/assert";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import { fillIpv4Checksum, PROTOCOL_TCP, pseudoHeaderSum } from "../../src/wire/ipv4.ts";
import { mssOption, TCP_ACK, TCP_SYN } from "../../src/wire/tcp.ts";
import { addressOf, buildIcmpError, buildTcp, viewOf } from "../support/packets.ts";

const SOURCE = addressOf("198.51.100.7");
const DESTINATION = addressOf("192.0.2.1");
const SYN_ACK = buildTcp({
  ...{ source: SOURCE, destination: DESTINATION, flags: TCP_SYN | TCP_ACK, ack: 0x01020304 },
  options: mssOption(1460),
  payload: new Uint8Array(7).fill(0x33),
});
const ICMP = buildIcmpError({ type: 3, code: 13, quoted: SYN_ACK, quotedLen: 47, source: SOURCE });

Deno.test("integrity: a packet as it was sent is right, at any place in memory", () => {
  for (const packet of [SYN_ACK, ICMP]) {
    const room = new Uint8Array(packet.length + 20).fill(0xa5);
    room.set(packet, 9);
    assertEquals(hasRightChecksums(viewOf(room), 9), true);
  }
});

Deno.test("integrity: a packet with any bit turned over is wrong", () => {
  for (const packet of [SYN_ACK, ICMP]) {
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const at = bit >> 3;
      // Version and length say where everything is: the codec checks those.
      if (at === 0 || at === 2 || at === 3 || at === 9) continue;
      const copy = packet.slice();
      copy[at]! ^= 1 << (bit & 7);
      assertEquals(hasRightChecksums(viewOf(copy), 0), false, `bit ${bit}`);
    }
  }
});

Deno.test("integrity: what a sender leaves to the hardware is right, and what looks like it is not", () => {
  const length = SYN_ACK.length - 20;
  const sum = pseudoHeaderSum(SOURCE, DESTINATION, PROTOCOL_TCP, length);
  const partial = (sum & 0xffff) + (sum >>> 16);
  for (const [checksum, right] of [[partial, true], [~partial & 0xffff, false], [0, false], [0xffff, false]] as const) {
    const copy = SYN_ACK.slice();
    viewOf(copy).setUint16(36, checksum);
    assertEquals(hasRightChecksums(viewOf(copy), 0), right, `${checksum}`);
  }
});

Deno.test("integrity: the header's own checksum counts with a whole TCP segment behind it", () => {
  const copy = SYN_ACK.slice();
  viewOf(copy).setUint8(8, 3);
  assertEquals(hasRightChecksums(viewOf(copy), 0), false);
  fillIpv4Checksum(viewOf(copy), 0);
  assertEquals(hasRightChecksums(viewOf(copy), 0), true);
});
