import { assert, assertEquals } from "@std/assert";
import {
  checkEthernet,
  ETHERNET_HEADER_LEN,
  ethernetDestination,
  ethernetEthertype,
  ethernetPayloadOffset,
  ethernetPayloadType,
  ethernetSource,
  ETHERTYPE_IPV4,
  ETHERTYPE_QINQ,
  ETHERTYPE_QINQ_OLD,
  ETHERTYPE_VLAN,
  MAC_BROADCAST,
  writeEthernet,
} from "../../src/wire/ethernet.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

function macOf(text: string): number {
  return Number.parseInt(text.replaceAll(":", ""), 16);
}

for (const vector of FRAMES) {
  Deno.test(`Ethernet header of the ${vector.name}`, () => {
    const frame = fromHex(vector.hex);
    const view = viewOf(frame);
    assertEquals(checkEthernet(view, 0, frame.length), ETHERNET_HEADER_LEN);
    assertEquals(ethernetDestination(view, 0), macOf(vector.ethernet.destination));
    assertEquals(ethernetSource(view, 0), macOf(vector.ethernet.source));
    assertEquals(ethernetEthertype(view, 0), vector.ethernet.ethertype);
    const payloadOffset = ethernetPayloadOffset(view, 0, frame.length);
    assertEquals(payloadOffset, vector.payloadOffset);
    assertEquals(ethernetPayloadType(view, 0, payloadOffset), ETHERTYPE_IPV4);

    const written = new Uint8Array(3 + ETHERNET_HEADER_LEN + 1).fill(0xa5);
    const fields = {
      destination: ethernetDestination(view, 0),
      source: ethernetSource(view, 0),
      ethertype: ethernetEthertype(view, 0),
    };
    assertEquals(writeEthernet(viewOf(written), 3, fields), ETHERNET_HEADER_LEN);
    assertEquals(written.subarray(3, -1), frame.subarray(0, ETHERNET_HEADER_LEN));
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  Deno.test(`Ethernet frame with the ${vector.name}, cut at every length`, () => {
    const frame = fromHex(vector.hex);
    for (let length = 0; length <= frame.length; length++) {
      const view = viewOf(frame.subarray(0, length));
      const headerLen = checkEthernet(view, 0, length);
      assertEquals(headerLen, length < ETHERNET_HEADER_LEN ? 0 : ETHERNET_HEADER_LEN);
      const payloadOffset = ethernetPayloadOffset(view, 0, length);
      assertEquals(payloadOffset, length < vector.payloadOffset ? 0 : vector.payloadOffset);
      if (payloadOffset > 0) ethernetPayloadType(view, 0, payloadOffset);
      if (headerLen > 0) {
        ethernetDestination(view, 0);
        ethernetSource(view, 0);
        ethernetEthertype(view, 0);
      }
    }
  });
}

Deno.test("a frame of nothing but VLAN tags has no payload, and is read once through", () => {
  for (const tag of [ETHERTYPE_VLAN, ETHERTYPE_QINQ, ETHERTYPE_QINQ_OLD]) {
    const view = new DataView(new ArrayBuffer(1514));
    for (let at = 12; at + 2 <= 1514; at += 2) view.setUint16(at, tag);
    assertEquals(ethernetPayloadOffset(view, 0, 1514), 0);
  }
});

for (const mac of [0, 0x0200_0000_5701, 0x8000_8000_0001, MAC_BROADCAST]) {
  Deno.test(`MAC address ${mac.toString(16).padStart(12, "0")} is one number of 48 bits`, () => {
    const frame = new DataView(new ArrayBuffer(ETHERNET_HEADER_LEN));
    writeEthernet(frame, 0, { destination: mac, source: MAC_BROADCAST - mac, ethertype: ETHERTYPE_IPV4 });
    assertEquals(ethernetDestination(frame, 0), mac);
    assertEquals(ethernetSource(frame, 0), MAC_BROADCAST - mac);
    assert(ethernetEthertype(frame, 0) === ETHERTYPE_IPV4);
  });
}
