import { assertEquals } from "@std/assert";
import { describePacket } from "../../src/wire/describe.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import { mssOption, TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { buildIcmpError, buildIpv4, buildTcp, cutTo, fromHex, patched, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

const SYN = buildTcp({ id: 1, seq: 7, options: mssOption(1460) });
const SYN_LINE = "TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=1 len=44 seq=7 win=1024 <mss 1460>";
/** Addresses of most packets of the table. */
const TCP = "TCP 192.0.2.1:61000 > 192.0.2.7:22";
const ICMP = "ICMP 192.0.2.254 > 192.0.2.1";
const ERROR = buildIcmpError({ type: 3, code: 13, quoted: SYN });
const ERROR_ENDS = "ICMP 192.0.2.254 > 192.0.2.1 administratively prohibited (type 3 code 13) ttl=64 id=0 len=56";

const ROWS: readonly (readonly [name: string, packet: Uint8Array, line: string])[] = [
  ["a SYN", SYN, SYN_LINE],
  [
    "a RST",
    buildTcp({ flags: TCP_RST | TCP_ACK, ack: 8, window: 0 }),
    `${TCP} RA ttl=64 id=0 len=40 seq=0 ack=8 win=0`,
  ],
  ["every flag", buildTcp({ flags: 0xff }), `${TCP} FSRPAUEC ttl=64 id=0 len=40 seq=0 ack=0 win=1024`],
  ["no flag", buildTcp({ flags: 0 }), `${TCP} none ttl=64 id=0 len=40 seq=0 win=1024`],
  [
    "options known and unknown",
    buildTcp({ options: fromHex("020405b4 0402 0103030a fe04abcd 0203aa 00") }),
    `${TCP} S ttl=64 id=0 len=60 seq=0 win=1024 ` +
    "<mss 1460,sackOK,nop,wscale 10,option 254 (4 bytes),option 2 (3 bytes)>",
  ],
  [
    "an option of length 0",
    buildTcp({ options: fromHex("01080000") }),
    `${TCP} S ttl=64 id=0 len=44 seq=0 win=1024 <nop,malformed>`,
  ],
  ["an ICMP error", ERROR, `${ERROR_ENDS} [${TCP} ttl=64 id=1 len=44 seq=7]`],
  [
    "an ICMP error that quotes all",
    buildIcmpError({ type: 11, code: 0, quoted: SYN, quotedLen: 44 }),
    `${ICMP} time to live exceeded (type 11 code 0) ttl=64 id=0 len=72 [${SYN_LINE}]`,
  ],
  [
    "an ICMP error that quotes nothing",
    buildIcmpError({ type: 3, code: 1, quoted: new Uint8Array() }),
    `${ICMP} host unreachable (type 3 code 1) ttl=64 id=0 len=28 [empty packet]`,
  ],
  [
    "an ICMP error that quotes 4 bytes of TCP",
    buildIcmpError({ type: 3, code: 13, quoted: SYN, quotedLen: 24 }),
    `${ERROR_ENDS.replace("56", "52")} [TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=1 len=44 (TCP header cut short, 4 bytes)]`,
  ],
  [
    "an ICMP error about an ICMP error",
    buildIcmpError({ type: 3, code: 13, quoted: ERROR, quotedLen: 56 }),
    "ICMP 192.0.2.254 > 192.0.2.254 administratively prohibited (type 3 code 13) ttl=64 id=0 len=84 " +
    `[${ERROR_ENDS}]`,
  ],
  [
    "an unknown ICMP type",
    buildIcmpError({ type: 200, code: 99, quoted: SYN }),
    `${ICMP} message (type 200 code 99) ttl=64 id=0 len=56`,
  ],
  [
    "an unknown code",
    buildIcmpError({ type: 3, code: 99, quoted: new Uint8Array() }),
    `${ICMP} destination unreachable (type 3 code 99) ttl=64 id=0 len=28 [empty packet]`,
  ],
  [
    "ICMP cut short",
    buildIpv4(PROTOCOL_ICMP, fromHex("030d00")),
    "ICMP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=23 (ICMP header cut short, 3 bytes)",
  ],
  [
    "UDP",
    buildIpv4(PROTOCOL_UDP, Uint8Array.of(0xee, 0x48, 0, 53, 0, 8, 0, 0)),
    "UDP 192.0.2.1:61000 > 192.0.2.7:53 ttl=64 id=0 len=28",
  ],
  ["UDP, cut", buildIpv4(PROTOCOL_UDP, new Uint8Array(7)), "UDP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=27"],
  ["another protocol", buildIpv4(47, new Uint8Array(8)), "IPv4 protocol 47 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=28"],
  ["the first fragment", buildTcp({ moreFragments: true }), `${TCP} S ttl=64 id=0 frag=0+ len=40 seq=0 win=1024`],
  [
    "a later fragment, in which there are no ports",
    buildTcp({ fragmentOffset: 1480 }),
    "TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 frag=1480 len=40",
  ],
  [
    "TCP cut short",
    buildIpv4(PROTOCOL_TCP, fromHex("ee480016 0000")),
    "TCP 192.0.2.1 > 192.0.2.7 ttl=64 id=0 len=26 (TCP header cut short, 6 bytes)",
  ],
  [
    "TCP cut after its sequence number",
    cutTo(SYN, 32, true),
    `${TCP} ttl=64 id=1 len=32 seq=7 (TCP header cut short, 12 bytes)`,
  ],
  ["a data offset under 5", patched(SYN, { 32: 0x40 }), `${TCP} S ttl=64 id=1 len=44 seq=7 win=1024 (bad data offset)`],
  ["captured in part", SYN.subarray(0, 42), `${TCP} S ttl=64 id=1 len=44 seq=7 win=1024 (bad data offset) (cut short)`],
  ["padding after the packet", Uint8Array.of(...SYN, 0, 0, 0), SYN_LINE],
  [
    "a total length under the header",
    patched(SYN, { 2: 0, 3: 10 }),
    `${SYN_LINE.replace("len=44", "len=10")} (bad total length)`,
  ],
  [
    "a header length under 5",
    patched(SYN, { 0: 0x43 }),
    "IPv4 192.0.2.1 > 192.0.2.7 ttl=64 id=1 len=44 (bad header length)",
  ],
  ["IPv4 cut short", SYN.subarray(0, 7), "IPv4 header cut short (7 bytes)"],
  ["one byte", SYN.subarray(0, 1), "IPv4 header cut short (1 byte)"],
  ["nothing", new Uint8Array(), "empty packet"],
  ["IPv6", fromHex("60000000"), "IPv6 packet (4 bytes)"],
  ["garbage", fromHex("1b5b324a"), "not an IP packet (version 1, 4 bytes)"],
  [
    "data with terminal escapes",
    buildTcp({ flags: TCP_SYN | TCP_ACK, payload: fromHex("1b5d303b 0d0a 9b324a") }),
    `${TCP} SA ttl=64 id=0 len=49 seq=0 ack=0 win=1024`,
  ],
];

for (const [name, packet, line] of ROWS) {
  Deno.test(`describe: ${name}`, () => assertEquals(describePacket(viewOf(packet), 0, packet.length), line));
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
