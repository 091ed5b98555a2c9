import { assertEquals } from "@std/assert";
import {
  ARP_LEN,
  ARP_REPLY,
  ARP_REQUEST,
  arpOperation,
  arpSenderIp,
  arpSenderMac,
  arpTargetIp,
  arpTargetMac,
  checkArp,
  setArpSenderMac,
  writeArpRequest,
} from "../../src/wire/arp.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { formatMac, isStationMac, parseMac } from "../../src/wire/mac.ts";
import { VendorList } from "../../src/report/vendors.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";

/**
 * A request and its reply from the ARP header on, and what tshark 4.0.17 reads in them.
 */
const VECTORS = [
  {
    name: "request",
    hex: "00010800060400010200000a0001 0a400101 000000000000 0a400102",
    fields: [ARP_REQUEST, "02:00:00:0a:00:01", "10.64.1.1", "00:00:00:00:00:00", "10.64.1.2"],
  },
  {
    name: "reply",
    hex: "00010800060400020200000a0002 0a400102 0200000a0001 0a400101",
    fields: [ARP_REPLY, "02:00:00:0a:00:02", "10.64.1.2", "02:00:00:0a:00:01", "10.64.1.1"],
  },
] as const;

for (const { name, hex, fields } of VECTORS) {
  const packet = fromHex(hex);

  Deno.test(`arp: ${name}, read and written back`, () => {
    const view = viewOf(packet);
    assertEquals(checkArp(view, 0, packet.length), ARP_LEN);
    assertEquals([
      arpOperation(view, 0),
      formatMac(arpSenderMac(view, 0)),
      formatIpv4(arpSenderIp(view, 0)),
      formatMac(arpTargetMac(view, 0)),
      formatIpv4(arpTargetIp(view, 0)),
    ], [...fields]);
    if (name === "reply") return;
    const written = new Uint8Array(3 + ARP_LEN + 1).fill(0xa5);
    assertEquals(writeArpRequest(viewOf(written), 3, arpSenderIp(view, 0), arpTargetIp(view, 0)), ARP_LEN);
    setArpSenderMac(viewOf(written), 3, arpSenderMac(view, 0));
    assertEquals(written.subarray(3, -1), packet);
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  Deno.test(`arp: ${name}, cut at every length or with another type, is no packet`, () => {
    for (let length = 0; length < ARP_LEN; length++) {
      assertEquals(checkArp(viewOf(packet.subarray(0, length)), 0, length), 0);
    }
    for (const at of [0, 1, 2, 3, 4, 5]) {
      const other = packet.slice();
      other[at]! ^= 0x10;
      assertEquals(checkArp(viewOf(other), 0, other.length), 0);
    }
  });
}

Deno.test("arp: random bytes are read within their bounds", () => {
  const random = new Random(826);
  for (let round = 0; round < 20_000; round++) {
    const bytes = random.bytes(random.below(64));
    // Most random packets fail at the first word.
    if (round % 2 === 0) bytes.set(fromHex("0001080006040002").subarray(0, bytes.length));
    const view = viewOf(bytes);
    if (checkArp(view, 0, bytes.length) === 0) continue;
    for (const field of [arpOperation, arpSenderIp, arpTargetIp]) field(view, 0);
    for (const field of [arpSenderMac, arpTargetMac]) assertEquals(parseMac(formatMac(field(view, 0))), field(view, 0));
  }
});

Deno.test("ethernet: MAC addresses as text", () => {
  assertEquals(formatMac(0x0200_0000_5701), "02:00:00:00:57:01");
  assertEquals(parseMac("02:00:00:00:57:01"), 0x0200_0000_5701);
  assertEquals(parseMac("FF:ff:FF:ff:FF:ff"), 0xffff_ffff_ffff);
  for (
    const text of [
      "",
      "02:00:00:00:57",
      "02:00:00:00:57:1",
      "02-00-00-00-57-01",
      "02:00:00:00:57:01:",
      "g2:00:00:00:57:01",
    ]
  ) {
    assertEquals(parseMac(text), undefined, text);
  }
  assertEquals([0, 0xffff_ffff_ffff, 0x0100_5e00_0001, 0x0200_0000_5701].map(isStationMac), [
    false,
    false,
    false,
    true,
  ]);
});

const OUI = [
  "OUI/MA-L                                                    Organization                                 ",
  "company_id                                                  Organization                                 ",
  "",
  "00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.\r",
  "002272     (base 16)\t\tAmerican Micro-Fuel Device Corp.",
  "\t\t\t\t2181 Buchanan Loop",
  "08-61-95   (hex)\t\tRock\u001b[31mwell\u202e Automation",
].join("\n");

Deno.test("vendor: names of blocks, without control characters", () => {
  const vendors = VendorList.in(OUI)!;
  assertEquals(vendors.of(0x0022_7200_0001), "American Micro-Fuel Device Corp.");
  assertEquals(vendors.of(0x0861_95ff_ffff), "Rock[31mwell Automation");
  assertEquals(vendors.of(0x0022_7300_0001), undefined);
});

Deno.test("vendor: an address chosen by its owner has none; a text without blocks is no list", () => {
  assertEquals(VendorList.in("02-00-00   (hex)\t\tNobody")!.of(0x0200_0000_0001), undefined);
  assertEquals(VendorList.in("not a list"), undefined);
  assertEquals(VendorList.in(""), undefined);
});
