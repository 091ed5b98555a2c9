import { assertEquals } from "@std/assert";
import {
  ETHERNET_HEADER_LEN,
  ETHERTYPE_IPV4,
  readMac,
  setEthernetDestination,
  setEthernetEthertype,
  setEthernetSource,
} from "../../src/wire/ethernet.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

for (const vector of FRAMES) {
  if (vector.payloadOffset !== ETHERNET_HEADER_LEN) continue;
  Deno.test(`ethernet: the header of the ${vector.name}, written back`, () => {
    const frame = fromHex(vector.hex);
    const written = new Uint8Array(3 + ETHERNET_HEADER_LEN + 1).fill(0xa5);
    setEthernetDestination(viewOf(written), 3, readMac(viewOf(frame), 0));
    setEthernetSource(viewOf(written), 3, readMac(viewOf(frame), 6));
    setEthernetEthertype(viewOf(written), 3, ETHERTYPE_IPV4);
    assertEquals(written.subarray(3, -1), frame.subarray(0, ETHERNET_HEADER_LEN));
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });
}

for (const mac of [0, 0x0200_0000_5701, 0x8000_8000_0001, 0xffff_ffff_ffff]) {
  Deno.test(`ethernet: MAC address ${mac.toString(16).padStart(12, "0")} is one number of 48 bits`, () => {
    const frame = new DataView(new ArrayBuffer(ETHERNET_HEADER_LEN));
    setEthernetDestination(frame, 0, mac);
    assertEquals(readMac(frame, 0), mac);
  });
}
