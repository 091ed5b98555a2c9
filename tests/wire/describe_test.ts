import { assertEquals } from "@std/assert";
import { describePacket } from "../../src/wire/describe.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import { mssOption, TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { buildIcmpError, buildIpv4, buildTcp, cutTo, fromHex, patched, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

const SYN = buildTcp({ id: 1, seq: 7, options: mssOption(1460) });
const SYN_LINE = "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=1 len=44 seq=7 win=1024 <mss 1460>";
const ERROR = buildIcmpError({ type: 3, code: 13, quoted: SYN });
const ERROR_ENDS = "ICMP 192.0.2.254 > 192.0.2.1 administratively prohibited (type 3 code 13) ttl=64 id=0 len=56";

const ROWS: readonly { name: string; packet: Uint8Array; line: string }[] = [
  { name: "a SYN", packet: SYN, line: SYN_LINE },
  {
    name: "a RST",
    packet: buildTcp({ flags: TCP_RST | TCP_ACK, ack: 8, window: 0 }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 RA ttl=64 id=0 len=40 seq=0 ack=8 win=0",
  },
  {
    name: "every flag",
    packet: buildTcp({ flags: 0xff }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 FSRPAUEC ttl=64 id=0 len=40 seq=0 ack=0 win=1024",
  },
  {
    name: "no flag",
    packet: buildTcp({ flags: 0 }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 none ttl=64 id=0 len=40 seq=0 win=1024",
  },
  {
    name: "options known and unknown",
    packet: buildTcp({ options: fromHex("020405b4 0402 0103030a fe04abcd 0203aa 00") }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=0 len=60 seq=0 win=1024 " +
      "<mss 1460,sackOK,nop,wscale 10,option 254 (4 bytes),option 2 (3 bytes)>",
  },
  {
    name: "an option of length 0",
    packet: buildTcp({ options: fromHex("01080000") }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=0 len=44 seq=0 win=1024 <nop,malformed>",
  },
  {
    name: "an ICMP error",
    packet: ERROR,
    line: `${ERROR_ENDS} [TCP 192.0.2.1:61000 > 192.0.2.7:22 ttl=64 id=1 len=44 seq=7]`,
  },
  {
    name: "an ICMP error that quotes all",
    packet: buildIcmpError({ type: 11, code: 0, quoted: SYN, quotedLen: 44 }),
    line: `ICMP 192.0.2.254 > 192.0.2.1 time to live exceeded (type 11 code 0) ttl=64 id=0 len=72 [${SYN_LINE}]`,
  },
  {
    name: "an ICMP error that quotes nothing",
    packet: buildIcmpError({ type: 3, code: 1, quoted: new Uint8Array() }),
    line: "ICMP 192.0.2.254 > 192.0.2.1 host unreachable (type 3 code 1) ttl=64 id=0 len=28 [empty packet]",
  },
  {
    name: "an ICMP error that quotes 4 bytes of TCP",
    packet: buildIcmpError({ type: 3, code: 13, quoted: SYN, quotedLen: 24 }),
    line: `${
      ERROR_ENDS.replace("56", "52")
    } [TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=1 len=44 (TCP header cut short, 4 bytes)]`,
  },
  {
    name: "an ICMP error about an ICMP error",
    packet: buildIcmpError({ type: 3, code: 13, quoted: ERROR, quotedLen: 56 }),
    line: "ICMP 192.0.2.254 > 192.0.2.254 administratively prohibited (type 3 code 13) ttl=64 id=0 len=84 " +
      `[${ERROR_ENDS}]`,
  },
  {
    name: "an unknown ICMP type",
    packet: buildIcmpError({ type: 200, code: 99, quoted: SYN }),
    line: "ICMP 192.0.2.254 > 192.0.2.1 message (type 200 code 99) ttl=64 id=0 len=56",
  },
  {
    name: "an unknown code",
    packet: buildIcmpError({ type: 3, code: 99, quoted: new Uint8Array() }),
    line: "ICMP 192.0.2.254 > 192.0.2.1 destination unreachable (type 3 code 99) ttl=64 id=0 len=28 [empty packet]",
  },
  {
    name: "ICMP cut short",
    packet: buildIpv4(PROTOCOL_ICMP, fromHex("030d00")),
    line: "ICMP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=23 (ICMP header cut short, 3 bytes)",
  },
  {
    name: "UDP",
    packet: buildIpv4(PROTOCOL_UDP, new Uint8Array(8)),
    line: "UDP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=28",
  },
  {
    name: "another protocol",
    packet: buildIpv4(47, new Uint8Array(8)),
    line: "IPv4 protocol 47 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=28",
  },
  {
    name: "the first fragment",
    packet: buildTcp({ moreFragments: true }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=0 frag=0+ len=40 seq=0 win=1024",
  },
  {
    name: "a later fragment, in which there are no ports",
    packet: buildTcp({ fragmentOffset: 1480 }),
    line: "TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 frag=1480 len=40",
  },
  {
    name: "TCP cut short",
    packet: buildIpv4(PROTOCOL_TCP, fromHex("ee480016 0000")),
    line: "TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=26 (TCP header cut short, 6 bytes)",
  },
  {
    name: "TCP cut after its sequence number",
    packet: cutTo(SYN, 32, true),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 ttl=64 id=1 len=32 seq=7 (TCP header cut short, 12 bytes)",
  },
  {
    name: "a data offset under 5",
    packet: patched(SYN, { 32: 0x40 }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=1 len=44 seq=7 win=1024 (bad data offset)",
  },
  {
    name: "captured in part",
    packet: SYN.subarray(0, 42),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=1 len=44 seq=7 win=1024 (bad data offset) (cut short)",
  },
  {
    name: "padding after the packet",
    packet: Uint8Array.of(...SYN, 0, 0, 0),
    line: SYN_LINE,
  },
  {
    name: "a total length under the header",
    packet: patched(SYN, { 2: 0, 3: 10 }),
    line: `${SYN_LINE.replace("len=44", "len=10")} (bad total length)`,
  },
  {
    name: "a header length under 5",
    packet: patched(SYN, { 0: 0x43 }),
    line: "IPv4 192.0.2.1 > 192.0.2.7 ttl=64 id=1 len=44 (bad header length)",
  },
  {
    name: "IPv4 cut short",
    packet: SYN.subarray(0, 7),
    line: "IPv4 header cut short (7 bytes)",
  },
  { name: "one byte", packet: SYN.subarray(0, 1), line: "IPv4 header cut short (1 byte)" },
  { name: "nothing", packet: new Uint8Array(), line: "empty packet" },
  { name: "IPv6", packet: fromHex("60000000"), line: "IPv6 packet (4 bytes)" },
  { name: "garbage", packet: fromHex("1b5b324a"), line: "not an IP packet (version 1, 4 bytes)" },
  {
    name: "data with terminal escapes",
    packet: buildTcp({ flags: TCP_SYN | TCP_ACK, payload: fromHex("1b5d303b 0d0a 9b324a") }),
    line: "TCP 192.0.2.1:61000 > 192.0.2.7:22 SA ttl=64 id=0 len=49 seq=0 ack=0 win=1024",
  },
];

for (const row of ROWS) {
  Deno.test(`described: ${row.name}`, () => {
    assertEquals(describePacket(viewOf(row.packet), 0, row.packet.length), row.line);
  });
}

Deno.test("describe: a packet is read from its offset to the end of the view at most", () => {
  const bytes = Uint8Array.of(0xa5, 0xa5, 0xa5, ...SYN);
  assertEquals(describePacket(viewOf(bytes), 3, SYN.length), SYN_LINE);
  assertEquals(describePacket(viewOf(bytes), 3, 9000), SYN_LINE);
  assertEquals(describePacket(viewOf(bytes), 3, -1), "empty packet");
  assertEquals(describePacket(viewOf(bytes), 9000, 9000), "empty packet");
});

Deno.test("describe: captured packets, cut at every length, are described in one line of plain text", () => {
  for (const vector of FRAMES) {
    const packet = fromHex(vector.hex).subarray(vector.payloadOffset);
    for (let length = 0; length <= packet.length; length++) {
      const line = describePacket(viewOf(packet.subarray(0, length)), 0, length);
      assertEquals(/^[\x20-\x7e]+$/.test(line), true, line);
    }
  }
});
