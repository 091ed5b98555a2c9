/**
 * The cost of the codec for each packet: `deno bench tests/bench/wire_bench.ts`. Each iteration does 1,000 packets, so a
 * microsecond on the page is a nanosecond a packet.
 */
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";
import { checksum, foldChecksum, sumWords } from "../../src/wire/checksum.ts";
import { describePacket } from "../../src/wire/describe.ts";
import { checkIcmpv4, ICMPV4_QUOTE_OFFSET, icmpv4Code, icmpv4Type } from "../../src/wire/icmpv4.ts";
import {
  checkIpv4,
  checkIpv4Quoted,
  fillIpv4Checksum,
  ipv4Destination,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  pseudoHeaderSum,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
} from "../../src/wire/ipv4.ts";
import {
  checkTcp,
  fillTcpChecksum,
  mssOption,
  setTcpChecksum,
  setTcpPorts,
  setTcpSeq,
  TCP_ACK,
  TCP_SYN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
  writeTcp,
} from "../../src/wire/tcp.ts";
import { buildIcmpError, buildTcp, tcpMss, viewOf } from "../support/packets.ts";

const PACKETS = 1000;
const SLOT_LEN = 64;
const SOURCE = 0xc0000201;
const TARGET = 0xc0000207;

const SYN = buildTcp({ options: mssOption(1460) });
const slots = new DataView(new ArrayBuffer(PACKETS * SLOT_LEN));
for (let i = 0; i < PACKETS; i++) new Uint8Array(slots.buffer).set(SYN, i * SLOT_LEN);

// The sums of everything in the template that does not change from probe to probe.
const blank = viewOf(SYN.slice());
setIpv4Checksum(blank, 0, 0);
setIpv4Id(blank, 0, 0);
setIpv4Destination(blank, 0, 0);
setTcpPorts(blank, 20, 0, 0);
setTcpSeq(blank, 20, 0);
setTcpChecksum(blank, 20, 0);
const ipSum = sumWords(blank, 0, 20);
const tcpSum = sumWords(blank, 20, 24, pseudoHeaderSum(SOURCE, 0, PROTOCOL_TCP, 24));

Deno.bench("patch a probe in a template, sums known", { group: "probe", baseline: true }, () => {
  for (let i = 0; i < PACKETS; i++) {
    const at = i * SLOT_LEN;
    const destination = TARGET + i;
    const seq = Math.imul(i, 0x9e3779b1) >>> 0;
    const words = (destination >>> 16) + (destination & 0xffff);
    setIpv4Id(slots, at, i);
    setIpv4Destination(slots, at, destination);
    setIpv4Checksum(slots, at, foldChecksum(ipSum + i + words));
    setTcpPorts(slots, at + 20, 61000, i);
    setTcpSeq(slots, at + 20, seq);
    setTcpChecksum(slots, at + 20, foldChecksum(tcpSum + words + 61000 + i + (seq >>> 16) + (seq & 0xffff)));
  }
});

Deno.bench("patch a probe and sum it whole", { group: "probe" }, () => {
  for (let i = 0; i < PACKETS; i++) {
    const at = i * SLOT_LEN;
    setIpv4Id(slots, at, i);
    setIpv4Destination(slots, at, TARGET + i);
    fillIpv4Checksum(slots, at);
    setTcpPorts(slots, at + 20, 61000, i);
    setTcpSeq(slots, at + 20, Math.imul(i, 0x9e3779b1) >>> 0);
    fillTcpChecksum(slots, at + 20, 24, SOURCE, TARGET + i);
  }
});

const options = mssOption(1460);

Deno.bench("write the TCP header from fields", { group: "probe" }, () => {
  for (let i = 0; i < PACKETS; i++) {
    const at = i * SLOT_LEN + 20;
    const fields = { sourcePort: 61000, destinationPort: i, seq: i, ack: 0, flags: TCP_SYN, window: 1024, options };
    fillTcpChecksum(slots, at, writeTcp(slots, at, fields), SOURCE, TARGET + i);
  }
});

// What is read goes here, so that no compiler may think the reading useless.
let sink = 0;

for (const length of [20, 44, 1500]) {
  const bytes = new DataView(new ArrayBuffer(length + 4));
  Deno.bench(`checksum of ${length} bytes`, { group: "checksum" }, () => {
    for (let i = 0; i < PACKETS; i++) sink ^= checksum(bytes, i & 3, length);
  });
}

const SYN_ACK = buildTcp({ flags: TCP_SYN | TCP_ACK, ack: 1, options });
const ERROR = buildIcmpError({ type: 3, code: 13, quoted: SYN });
const arrived = new DataView(new ArrayBuffer(PACKETS * SLOT_LEN));
for (let i = 0; i < PACKETS; i++) {
  new Uint8Array(arrived.buffer).set(i % 8 === 7 ? ERROR : SYN_ACK, i * SLOT_LEN);
}

Deno.bench("read a reply (7 SYN-ACKs to 1 ICMP error)", { group: "reply" }, () => {
  for (let i = 0; i < PACKETS; i++) {
    const at = i * SLOT_LEN;
    const headerLen = checkIpv4(arrived, at, SLOT_LEN);
    if (headerLen === 0) continue;
    const payloadAt = at + headerLen;
    const payloadLen = ipv4TotalLen(arrived, at) - headerLen;
    if (ipv4Protocol(arrived, at) === PROTOCOL_TCP) {
      const tcpLen = checkTcp(arrived, payloadAt, payloadLen);
      if (tcpLen === 0) continue;
      sink ^= ipv4Source(arrived, at) ^ tcpAck(arrived, payloadAt) ^ tcpFlags(arrived, payloadAt);
      sink ^= tcpSourcePort(arrived, payloadAt) ^ tcpDestinationPort(arrived, payloadAt) ^ ipv4Ttl(arrived, at);
      sink ^= tcpWindow(arrived, payloadAt) ^ tcpMss(arrived, payloadAt, tcpLen);
    } else if (ipv4Protocol(arrived, at) === PROTOCOL_ICMP && checkIcmpv4(arrived, payloadAt, payloadLen) > 0) {
      const quotedAt = payloadAt + ICMPV4_QUOTE_OFFSET;
      const quotedLen = checkIpv4Quoted(arrived, quotedAt, payloadLen - ICMPV4_QUOTE_OFFSET);
      if (quotedLen === 0) continue;
      sink ^= icmpv4Type(arrived, payloadAt) ^ icmpv4Code(arrived, payloadAt) ^ ipv4Destination(arrived, quotedAt);
      sink ^= tcpDestinationPort(arrived, quotedAt + quotedLen) ^ tcpSeq(arrived, quotedAt + quotedLen);
    }
  }
});

Deno.bench("describe a reply as text", { group: "text" }, () => {
  for (let i = 0; i < PACKETS; i++) sink ^= describePacket(arrived, i * SLOT_LEN, SLOT_LEN).length;
});

Deno.bench("format an address", { group: "text" }, () => {
  for (let i = 0; i < PACKETS; i++) sink ^= formatIpv4(TARGET + i).charCodeAt(0);
});

Deno.bench("parse an address", { group: "text" }, () => {
  for (let i = 0; i < PACKETS; i++) sink ^= parseIpv4("198.51.100.207") ?? 0;
});
