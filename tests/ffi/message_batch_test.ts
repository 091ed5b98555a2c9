import { assert, assertEquals } from "@std/assert";
import {
  AF_INET,
  AF_PACKET,
  ETH_P_IP,
  IPPROTO_RAW,
  POLLIN,
  SOCK_DGRAM,
  SOCK_RAW,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { ReceiveBatch, SendBatch } from "../../ffi/message_batch.ts";
import { Fd } from "../../ffi/fd.ts";
import { bindPacket, connectInet4, getSocketName, openSocket } from "../../ffi/socket.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { Inbox, ipPacket, Namespace, Pair, tcpHeader, testAsRoot, waitFor } from "./support.ts";

function connected(to: Inbox): Fd {
  const fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  assertEquals(connectInet4(fd, 0x7f000001, getSocketName(to.fd).port), 0);
  return fd;
}

/** Slot i holds i bytes 0x40 + i, and one more in front of them and behind them. */
function fill(batch: SendBatch): void {
  for (let index = 0; index < batch.count; index++) {
    for (let at = 0; at < batch.slotLen; at++) batch.slots.setUint8(index * batch.slotLen + at, 0x40 + index);
    batch.setLength(index, index + 1);
  }
}

Deno.test("message batch: sends and receives many packets a call, each of its own length", () => {
  using to = new Inbox();
  using from = connected(to);
  const sends = new SendBatch({ count: 8, slotLen: 16, destination: "none" });
  const receives = new ReceiveBatch({ count: 16, slotLen: 32 });
  fill(sends);
  assertEquals(receives.receive(to.fd), 0);
  assertEquals(sends.send(from, 2, 5), 5);
  waitFor(to.fd, POLLIN);
  assertEquals(receives.receive(to.fd), 5);
  for (let index = 0; index < 5; index++) {
    assertEquals(receives.length(index), index + 3);
    assertEquals(receives.slots.getUint8(index * 32), 0x42 + index);
    assertEquals(receives.slots.getUint8(index * 32 + index + 2), 0x42 + index);
    assertEquals(receives.slots.getUint8(index * 32 + index + 3), 0);
  }
  assertEquals(receives.receive(to.fd), 0);
});

Deno.test("message batch: packets longer than a slot are cut, and a batch receives at most one a slot", () => {
  using to = new Inbox();
  using from = connected(to);
  const sends = new SendBatch({ count: 8, slotLen: 16, destination: "none" });
  fill(sends);
  const receives = new ReceiveBatch({ count: 6, slotLen: 4 });
  assertEquals(sends.send(from, 0, 8), 8);
  waitFor(to.fd, POLLIN);
  assertEquals(receives.receive(to.fd), 6);
  assertEquals([0, 1, 2, 3, 4, 5].map((index) => receives.length(index)), [1, 2, 3, 4, 4, 4]);
  assertEquals(receives.slots.getUint8(16), 0x44);
  assertEquals(receives.receive(to.fd), 2);
});

Deno.test("message batch: a refused packet ends the batch before it, and its errno is returned when it is the first", () => {
  using to = new Inbox();
  using from = connected(to);
  const sends = new SendBatch({ count: 4, slotLen: 70_000, destination: "none" });
  fill(sends);
  sends.setLength(2, 70_000);
  assertEquals(sends.send(from, 0, 4), 2);
  assertEquals(sends.send(from, 2, 2), -ERRNO.EMSGSIZE);
  assertEquals(sends.send(from, 3, 1), 1);
  assertEquals(sends.send(new Fd(-1), 0, 4), -ERRNO.EBADF);
  assertEquals(new ReceiveBatch({ count: 1, slotLen: 1 }).receive(new Fd(-1)), -ERRNO.EBADF);
});

/** Puts a TCP packet to port `index` into a slot of 64 bytes. */
function put(sends: SendBatch, index: number, addresses: { source?: number; destination: number }): void {
  const packet = ipPacket({ ...addresses, payload: tcpHeader(61000, index) });
  new Uint8Array(sends.slots.buffer, index * 64).set(packet);
  sends.setLength(index, packet.length);
  sends.setDestination(index, addresses.destination);
}

testAsRoot("message batch: a raw socket sends each packet to its own destination", () => {
  using namespace = new Namespace();
  namespace.within(() => {
    using raw = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    using packets = openSocket(AF_PACKET, SOCK_DGRAM, 0);
    bindPacket(packets, 1, ETH_P_IP);
    const count = 64;
    const sends = new SendBatch({ count, slotLen: 64, destination: "inet4" });
    for (let index = 0; index < count; index++) put(sends, index, { destination: 0x7f000100 + index });
    assertEquals(sends.send(raw, 0, count), count);
    const receives = new ReceiveBatch({ count: 256, slotLen: 64 });
    waitFor(packets, POLLIN);
    const seen: number[] = [];
    const received = receives.receive(packets);
    for (let index = 0; index < received; index++) {
      // What the target answers (RST) comes in too.
      const destination = receives.slots.getUint32(index * 64 + 16);
      if (destination >= 0x7f000100) seen.push(destination);
    }
    assertEquals(seen, Array.from({ length: count }, (_, index) => 0x7f000100 + index));
  });
});

testAsRoot("message batch: a packet socket sends frames from where in their slots they begin", () => {
  using pair = new Pair();
  const { left, right } = pair;
  right.ip("link set wire0 address 02:00:00:00:00:02");
  const interfaceIndex = left.interfaceIndex("wire0");
  const far = openPackets(right);
  left.within(() => {
    using packets = openSocket(AF_PACKET, SOCK_RAW, 0);
    const sends = new SendBatch({
      count: 2,
      slotLen: 64,
      sentFrom: 2,
      destination: { interfaceIndex, protocol: ETH_P_IP },
    });
    for (let index = 0; index < 2; index++) {
      const packet = ipPacket({ source: 0x0a3d0001, destination: 0x0a3d0002, payload: tcpHeader(61000, index) });
      sends.slots.setUint32(index * 64 + 2, 0x02000000);
      sends.slots.setUint16(index * 64 + 6, 2);
      sends.slots.setUint16(index * 64 + 14, ETH_P_IP);
      new Uint8Array(sends.slots.buffer, index * 64 + 16).set(packet);
      sends.setLength(index, 14 + packet.length);
    }
    assertEquals(sends.send(packets, 0, 2), 2);
  });
  using there = far;
  waitFor(there, POLLIN);
  const receives = new ReceiveBatch({ count: 8, slotLen: 64 });
  assertEquals(receives.receive(there), 2);
  assertEquals([22, 64 + 22].map((at) => receives.slots.getUint16(at)), [0, 1]);
});

function openPackets(namespace: Namespace): Fd {
  return namespace.within(() => {
    const fd = openSocket(AF_PACKET, SOCK_DGRAM, 0);
    bindPacket(fd, namespace.interfaceIndex("wire0"), ETH_P_IP);
    return fd;
  });
}

testAsRoot("message batch: packets that the kernel has no room for are reported, and may be sent later", () => {
  using pair = new Pair();
  const { left } = pair;
  // A slow queue, so that the socket's buffer fills.
  left.exec("tc", "qdisc", "add", "dev", "wire0", "root", "tbf", "rate", "8kbit", "burst", "2000", "limit", "1000000");
  left.ip("neigh add 10.61.0.7 lladdr 02:00:00:00:00:07 dev wire0 nud permanent");
  left.within(() => {
    using raw = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    setOption(raw, SOL_SOCKET, 7, /* SO_SNDBUF */ 4096);
    const sends = new SendBatch({ count: 64, slotLen: 64, destination: "inet4" });
    for (let index = 0; index < 64; index++) put(sends, index, { source: 0x0a3d0001, destination: 0x0a3d0007 });
    const taken = sends.send(raw, 0, 64);
    assert(taken > 0 && taken < 64, `${taken} of 64 taken`);
    assertEquals(sends.send(raw, taken, 64 - taken), -ERRNO.EAGAIN);
  });
});
