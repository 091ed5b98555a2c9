/**
 * The least that a SYN scan on Deno can do, with the codec and the system calls of synscan: every port of a neighbour is probed once, every
 * reply is read once, and the open ports are printed. There is no random order, no timing, no retransmission, no engine and no report.
 * The time of a scan beyond this is that of those, and of loading them.
 *
 *   least_scan.ts FIRST_PORT LAST_PORT SOURCE DESTINATION INTERFACE_INDEX SOURCE_MAC DESTINATION_MAC
 *
 * Exits with status 1 if a port has not replied for a second, or if the kernel refuses a packet.
 *
 * @module
 */

import { SO_RCVBUFFORCE, SOCK_DGRAM, SOCK_RAW, SOL_SOCKET } from "../../../ffi/constants.ts";
import { ERRNO } from "../../../ffi/errno.ts";
import { ReceiveBatch, SendBatch } from "../../../ffi/message_batch.ts";
import { bindPacket, openPacketSocket } from "../../../ffi/socket.ts";
import { setOption } from "../../../ffi/socket_options.ts";
import { parseIpv4 } from "../../../src/wire/address.ts";
import {
  ETHERNET_HEADER_LEN,
  ETHERTYPE_IPV4,
  macOf,
  setEthernetDestination,
  setEthernetEthertype,
  setEthernetSource,
} from "../../../src/wire/ethernet.ts";
import { IPV4_MIN_HEADER_LEN, PROTOCOL_TCP, writeIpv4 } from "../../../src/wire/ipv4.ts";
import {
  fillTcpChecksum,
  setTcpPorts,
  TCP_ACK,
  TCP_MIN_HEADER_LEN,
  TCP_SYN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpSourcePort,
  writeTcp,
} from "../../../src/wire/tcp.ts";

const SOURCE_PORT = 40_000;
const SEQ = 0x12345678;
/** Frames a system call, as the sender in C has them, and replies. */
const [SENT, RECEIVED] = [64, 256];
const TCP_AT = ETHERNET_HEADER_LEN + IPV4_MIN_HEADER_LEN;
const FRAME_LEN = TCP_AT + TCP_MIN_HEADER_LEN;
const SLOT_LEN = 64;
const RECEIVE_BUFFER_LEN = 64 << 20;
const WAIT_MS = 1000;

const [first = 0, last = 0] = Deno.args.slice(0, 2).map(Number);
const [source = 0, destination = 0] = Deno.args.slice(2, 4).map((text) => parseIpv4(text)!);
const interfaceIndex = Number(Deno.args[4]);
const [sourceMac = 0, destinationMac = 0] = Deno.args.slice(5)
  .map((text) => macOf(Uint8Array.from(text.split(":"), (byte) => parseInt(byte, 16))));

using sender = openPacketSocket(SOCK_RAW);
using receiver = openPacketSocket(SOCK_DGRAM);
setOption(receiver, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_LEN);
bindPacket(receiver, interfaceIndex, ETHERTYPE_IPV4);

const sending = new SendBatch({
  ...{ count: SENT, slotLen: SLOT_LEN },
  destination: { interfaceIndex, protocol: ETHERTYPE_IPV4 },
});
for (let i = 0; i < SENT; i++) {
  const at = i * SLOT_LEN;
  setEthernetDestination(sending.slots, at, destinationMac);
  setEthernetSource(sending.slots, at, sourceMac);
  setEthernetEthertype(sending.slots, at, ETHERTYPE_IPV4);
  const totalLen = FRAME_LEN - ETHERNET_HEADER_LEN;
  writeIpv4(sending.slots, at + ETHERNET_HEADER_LEN, { source, destination, protocol: PROTOCOL_TCP, totalLen });
  writeTcp(sending.slots, at + TCP_AT, {
    ...{ sourcePort: SOURCE_PORT, destinationPort: 0, seq: SEQ, ack: 0, flags: TCP_SYN, window: 1024 },
  });
  sending.setLength(i, FRAME_LEN);
}

const replies = new ReceiveBatch({ count: RECEIVED, slotLen: SLOT_LEN });
/** The flags of each port's reply; 0 without one. */
const flags = new Uint8Array(0x1_0000);
let left = last - first + 1;

function send(port: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = i * SLOT_LEN + TCP_AT;
    setTcpPorts(sending.slots, at, SOURCE_PORT, port + i);
    fillTcpChecksum(sending.slots, at, TCP_MIN_HEADER_LEN, source, destination);
  }
  for (let from = 0; from < count;) {
    const sent = sending.send(sender, from, count - from);
    if (sent > 0) from += sent;
    else if (sent === -ERRNO.EAGAIN || sent === -ERRNO.ENOBUFS) receive();
    else throw new Error(`Cannot send: errno ${-sent}`);
  }
}

function receive(): void {
  for (let count = RECEIVED; count === RECEIVED;) {
    count = replies.receive(receiver);
    for (let i = 0; i < count; i++) {
      const at = i * SLOT_LEN + IPV4_MIN_HEADER_LEN;
      if (tcpDestinationPort(replies.slots, at) !== SOURCE_PORT || tcpAck(replies.slots, at) !== SEQ + 1) continue;
      const port = tcpSourcePort(replies.slots, at);
      if (flags[port] === 0) left--;
      flags[port] = tcpFlags(replies.slots, at);
    }
  }
}

for (let port = first; port <= last; port += SENT) {
  send(port, Math.min(SENT, last - port + 1));
  receive();
}
for (const end = performance.now() + WAIT_MS; left > 0 && performance.now() < end;) receive();
const open = Array.from(flags.keys()).filter((port) => flags[port] === (TCP_SYN | TCP_ACK));
console.log(JSON.stringify({ open, left }));
if (left > 0) Deno.exitCode = 1;
