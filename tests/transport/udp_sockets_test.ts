/**
 * The transport of UDP sockets over loopback: what it sends, and the packets that it makes of what its sockets receive.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { AF_INET, IPPROTO_UDP, SO_REUSEADDR, SOCK_DGRAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import type { Fd } from "../../ffi/fd.ts";
import {
  bindInet4,
  getSocketName,
  openSocket,
  pinInet4,
  pinSourceName,
  receiveFrom,
  sendTo,
} from "../../ffi/socket.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { KernelTransport } from "../../src/transport/kernel_transport.ts";
import { UdpSocketReceiver, UdpSocketSender } from "../../src/transport/udp_sockets.ts";
import { openUdp4, SocketPackets4 } from "../../src/transport/udp_sockets_ipv4.ts";
import { openPairs } from "../../src/transport/udp_sockets_open.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4Protocol,
  ipv4Source,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_UDP,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import { UDP_HEADER_LEN, udpDestinationPort, udpLen, udpSourcePort, writeUdp } from "../../src/wire/udp.ts";
import { viewOf } from "../support/packets.ts";
import { PacketLog } from "./packet_log.ts";

const LOOPBACK = 0x7f000001;
/** Another own address. */
const OTHER = 0x7f000002;
const HEADERS_LEN = IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN;
/** The offset of the header of UDP that an error quotes. */
const QUOTED_UDP = IPV4_MIN_HEADER_LEN + 8 + IPV4_MIN_HEADER_LEN;
const PORTS = 4;
/** The longest wait for packets, in milliseconds. */
const PATIENCE_MS = 600_000;

/** A transport over sockets of loopback. */
class Bench implements Disposable {
  readonly log = new PacketLog();
  readonly sender: UdpSocketSender;
  readonly transport: KernelTransport;
  readonly first: number;

  constructor() {
    const addresses = [LOOPBACK, OTHER];
    const held = openPairs(undefined, {
      ...{ addresses, count: PORTS, random: crypto.getRandomValues(new Uint32Array(1))[0]! },
      open: (address, port, isSecond) => openUdp4(address, port, { isSecond }),
    })!;
    const packets = new SocketPackets4({ addresses });
    this.first = held.first;
    this.sender = new UdpSocketSender(held, packets, 128);
    this.transport = new KernelTransport("sockets", this.sender, new UdpSocketReceiver(held, packets), IPV4_BOOK);
  }

  /** Sends a datagram from the socket of this number and an address. */
  send(socket: number, port: number, payload: readonly number[], id = -1, source = LOOPBACK): void {
    const { transport } = this;
    const at = transport.reserve(LOOPBACK);
    if (at < 0) {
      transport.flush(this.log, performance.now());
      this.send(socket, port, payload, id, source);
      return;
    }
    const length = HEADERS_LEN + payload.length;
    writeIpv4(transport.slots, at, {
      totalLen: length,
      protocol: PROTOCOL_UDP,
      source,
      destination: LOOPBACK,
    });
    payload.forEach((byte, i) => transport.slots.setUint8(at + HEADERS_LEN + i, byte));
    writeUdp(transport.slots, at + IPV4_MIN_HEADER_LEN, this.first + socket, port, UDP_HEADER_LEN + payload.length, 0);
    transport.commit(length, id);
  }

  /** Sends what is queued, and receives until so many packets have come; with `withDrops`, those that were dropped count. */
  async receive(count: number, withDrops = false): Promise<DataView[]> {
    const { transport, log } = this;
    transport.flush(log, performance.now());
    const come = () => log.packets.length + (withDrops ? transport.counters.receiveDrops : 0);
    for (const endMs = performance.now() + PATIENCE_MS; come() < count;) {
      assert(performance.now() < endMs, `${come()} of ${count} packets have come`);
      await transport.wait(10);
      transport.receive(log, performance.now());
    }
    return log.packets.splice(0).map(viewOf);
  }

  [Symbol.dispose](): void {
    this.transport[Symbol.dispose]();
  }
}

/** A port without a socket. */
function closedPort(): number {
  using socket = bound();
  return getSocketName(socket).port;
}

function bound(): Fd {
  const socket = openSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  bindInet4(socket, LOOPBACK, 0);
  return socket;
}

function payloadOf(packet: DataView): number[] {
  const udpAt = IPV4_MIN_HEADER_LEN;
  return [...new Uint8Array(packet.buffer, packet.byteOffset + HEADERS_LEN, udpLen(packet, udpAt) - UDP_HEADER_LEN)];
}

Deno.test("udp sockets: a reply is a whole packet from where it was sent, at the port that its request left from", async () => {
  using bench = new Bench();
  using server = bound();
  const { port } = getSocketName(server);
  for (const socket of [2, 0]) {
    bench.send(socket, port, [1, 2, 3 + socket], 7);
    assertEquals(await bench.receive(0), []);
    assertEquals(bench.log.left.splice(0).map(({ id }) => id), [7]);
    const request = pin(16);
    assertEquals(receiveFrom(server, request, 0, 16, pinSourceName()), 3);
    assertEquals([...request.bytes.subarray(0, 3)], [1, 2, 3 + socket]);
    sendTo(server, request, 0, 3, pinInet4(LOOPBACK, bench.first + socket));
    const [reply, ...others] = await bench.receive(1);
    assertEquals(others, []);
    assert(hasRightChecksums(reply!, 0));
    assertEquals([ipv4Protocol(reply!, 0), ipv4Source(reply!, 0), ipv4Destination(reply!, 0)], [
      PROTOCOL_UDP,
      LOOPBACK,
      LOOPBACK,
    ]);
    assertEquals(ipv4Ttl(reply!, 0), 64);
    assertEquals([udpSourcePort(reply!, 20), udpDestinationPort(reply!, 20)], [port, bench.first + socket]);
    assertEquals(payloadOf(reply!), [1, 2, 3 + socket]);
  }
});

Deno.test("udp sockets: an error quotes the payload of its datagram behind headers with its addresses and ports", async () => {
  using bench = new Bench();
  const port = closedPort();
  bench.send(1, port, [9, 8, 7, 6, 5]);
  const [error, ...others] = await bench.receive(1);
  assertEquals(others, []);
  assert(hasRightChecksums(error!, 0));
  assertEquals([ipv4Protocol(error!, 0), error!.getUint8(20), error!.getUint8(21)], [PROTOCOL_ICMP, 3, 3]);
  assertEquals([ipv4Source(error!, 0), ipv4Destination(error!, 0)], [LOOPBACK, LOOPBACK]);
  assertEquals([udpSourcePort(error!, QUOTED_UDP), udpDestinationPort(error!, QUOTED_UDP)], [bench.first + 1, port]);
  assertEquals([...new Uint8Array(error!.buffer, QUOTED_UDP + UDP_HEADER_LEN)], [9, 8, 7, 6, 5]);
});

Deno.test("udp sockets: thousands of datagrams from several ports are all sent, and all errors are received", async () => {
  using bench = new Bench();
  const port = closedPort();
  const seen = new Set<number>();
  const take = async () => {
    for (const error of await bench.receive(1)) seen.add(error.getUint16(QUOTED_UDP + UDP_HEADER_LEN));
  };
  // An error that waits on a socket is returned by its next call in place of sending, and is not this datagram's.
  for (let i = 0; i < 3000; i++) {
    bench.send(i >> 2 & 3, port, [i >> 8, i & 0xff, 0, 0], i);
    if (i % 100 === 99) await take();
  }
  while (seen.size < 3000) {
    const before = seen.size;
    await take();
    if (seen.size === before) break;
  }
  assertEquals([seen.size, bench.log.failures.length, bench.transport.counters.sent], [3000, 0, 3000]);
  assertEquals(new Set(bench.log.left.map(({ id }) => id)).size, 3000);
});

Deno.test("udp sockets: errors that come while a batch is sent do not interrupt it", () => {
  using bench = new Bench();
  const port = closedPort();
  // The error of each is there before the next one is sent.
  for (let i = 0; i < 64; i++) bench.send(0, port, [i]);
  assertEquals(bench.sender.send(0, 64), 64);
});

Deno.test("udp sockets: each address has sockets of its own, and what they receive was sent to it", async () => {
  using bench = new Bench();
  using server = bound();
  const { port } = getSocketName(server);
  for (const [i, source] of [OTHER, LOOPBACK, OTHER].entries()) bench.send(1, port, [i], i, source);
  await bench.receive(0);
  assertEquals(bench.log.left.splice(0).map(({ id }) => id), [0, 1, 2]);
  const [request, from] = [pin(16), pinSourceName()];
  for (const [i, source] of [OTHER, LOOPBACK, OTHER].entries()) {
    assertEquals(receiveFrom(server, request, 0, 16, from), 1);
    assertEquals(request.bytes[0], i);
    sendTo(server, request, 0, 1, pinInet4(source, bench.first + 1));
    const [reply] = await bench.receive(1);
    assertEquals([ipv4Source(reply!, 0), ipv4Destination(reply!, 0)], [LOOPBACK, source]);
    assertEquals(payloadOf(reply!), [i]);
  }
  bench.send(2, closedPort(), [5], -1, OTHER);
  const [error] = await bench.receive(1);
  assert(hasRightChecksums(error!, 0));
  assertEquals([ipv4Source(error!, 0), ipv4Destination(error!, 0), ipv4Source(error!, 28)], [LOOPBACK, OTHER, OTHER]);
});

Deno.test("udp sockets: no other program may bind to the ports while they are held", () => {
  using bench = new Bench();
  for (const address of [0, LOOPBACK, OTHER]) {
    using socket = openSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    assertThrows(() => bindInet4(socket, address, bench.first), SyscallError, "EADDRINUSE");
  }
});

Deno.test("udp sockets: a port that the scan itself holds is refused, as it was without the scan", async () => {
  using bench = new Bench();
  bench.send(0, bench.first + 3, [4, 3, 2, 1]);
  const [error, ...others] = await bench.receive(1);
  assertEquals(others, []);
  assert(hasRightChecksums(error!, 0));
  assertEquals([ipv4Source(error!, 0), error!.getUint8(20), error!.getUint8(21)], [LOOPBACK, 3, 3]);
  assertEquals(
    [udpSourcePort(error!, QUOTED_UDP), udpDestinationPort(error!, QUOTED_UDP)],
    [bench.first, bench.first + 3],
  );
  assertEquals([...new Uint8Array(error!.buffer, QUOTED_UDP + UDP_HEADER_LEN)], [4, 3, 2, 1]);
});

Deno.test("udp sockets: datagrams that find no room are counted as dropped", async () => {
  using bench = new Bench();
  using server = bound();
  // More than any buffer has room for: each takes a page at least.
  const payload = pin(32_000);
  const to = pinInet4(LOOPBACK, bench.first);
  for (let i = 0; i < 2000; i++) sendTo(server, payload, 0, 32_000, to);
  const received = (await bench.receive(2000, true)).length;
  assert(received < 2000);
  assertEquals(bench.transport.counters.receiveDrops, 2000 - received);
});
