/**
 * Packets arrive as they were sent, byte by byte: every sender with every receiver, over loopback and over Ethernet.
 */

import { replyFilter, withPorts } from "../../src/technique/reply_filter.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { assembleBpf } from "../../ffi/bpf.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { pinBytes } from "../../ffi/memory.ts";
import type { Fd } from "../../ffi/fd.ts";
import { pinInet4, sendTo } from "../../ffi/socket.ts";
import { KernelTransport } from "../../src/transport/kernel_transport.ts";
import { BatchedSender, openRawIp, PlainSender, type RawIpOptions } from "../../src/transport/raw_sender.ts";
import {
  openReceiver,
  PlainReceiver,
  prepareRing,
  type Receiver,
  type ReceiverOptions,
} from "../../src/transport/receiver.ts";
import { RingReceiver } from "../../src/transport/ring_receiver.ts";
import type { Sender } from "../../src/transport/send_queue.ts";
import { mssOption, TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { delay, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { addressOf, buildIcmpError, buildTcp, cutTo, patched, toHex, viewOf } from "../support/packets.ts";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { until } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { PacketLog } from "./packet_log.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const SCANNER = addressOf("10.66.1.1");
const PEER = addressOf("10.66.1.2");
const LOOPBACK = 0x7f000001;
const FIRST_PORT = 61000;
const FILTER = replyFilter([withPorts(PROTOCOL_TCP, { first: FIRST_PORT, count: 16 })]);
const ANYWHERE = { interfaceName: undefined, maxLength: 60 };

const SENDERS: Readonly<Record<string, (options: RawIpOptions) => Sender>> = {
  plain: (options) => new PlainSender(options),
  batched: (options) => new BatchedSender(options),
};
const RECEIVERS: Readonly<Record<string, (options: ReceiverOptions) => Receiver>> = {
  plain: (options) => new PlainReceiver(options),
  ring: (options) => new RingReceiver(options),
  "several a call": (options) => new PlainReceiver(options, 7),
};

/** A scanner and a peer, whose own TCP hears nothing of what is sent. */
function pairLab(): Promise<Lab> {
  return linkedLab({ scanner: {}, peer: {} }, "10.66.1");
}

/** Drains until so many packets are there. */
async function collect(receiver: Receiver, log: PacketLog, count: number): Promise<void> {
  const endMs = performance.now() + 600_000;
  while (log.packets.length < count && performance.now() < endMs) {
    if (receiver.drain(log, 1024, performance.now()) === 0) await delay(1);
  }
  // What should not have come would come now.
  await delay(10);
  receiver.drain(log, 1024, performance.now());
}

/** Answers as hosts would send them, each another. */
function answers(count: number, source: number, destination: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) =>
    buildTcp({
      source,
      destination,
      sourcePort: 1 + i,
      destinationPort: FIRST_PORT + random.below(16),
      seq: random.u32(),
      ack: random.u32(),
      flags: random.pick([TCP_SYN | TCP_ACK, TCP_RST | TCP_ACK, TCP_SYN]),
      window: random.below(65536),
      ttl: 1 + random.below(255),
      // The kernel gives an identification to packets that have none.
      id: 1 + random.below(65535),
      dontFragment: random.chance(0.5),
      options: random.chance(0.5) ? mssOption(random.below(65536)) : new Uint8Array(),
    }));
}

/** Sends by the slots of a sender, as many at a time as there are. */
function sendAll(sender: Sender, packets: readonly Uint8Array[], destination: number): void {
  for (let done = 0; done < packets.length;) {
    const count = Math.min(sender.count, packets.length - done);
    for (let index = 0; index < count; index++) {
      const packet = packets[done + index]!;
      for (const [i, byte] of packet.entries()) sender.slots.setUint8(index * sender.slotLen + i, byte);
      sender.setDestination(index, destination);
      sender.setLength(index, packet.length);
    }
    for (let from = 0; from < count;) {
      const result = sender.send(from, count - from);
      assertGreater(result, 0);
      from += result;
    }
    done += count;
  }
}

Deno.test({
  name: "receiver: the replies to few probes are read without a ring",
  ignore: !canOpenRaw(),
  fn: async () => {
    const kinds = [2048, 2049, undefined].map(async (probes) => {
      using ring = probes === undefined ? undefined : await prepareRing(probes);
      using receiver = await openReceiver({ filter: FILTER, interfaceIndex: 0, probes }, ring);
      return [receiver.constructor.name, ring?.isFree];
    });
    assertEquals(await Promise.all(kinds), [
      ["PlainReceiver", undefined],
      ["RingReceiver", false],
      ["RingReceiver", undefined],
    ]);
  },
});

for (const [senderName, openSender] of Object.entries(SENDERS)) {
  for (const [receiverName, receiverOf] of Object.entries(RECEIVERS)) {
    for (const [link, from, to] of [["loopback", LOOPBACK, LOOPBACK], ["Ethernet", PEER, SCANNER]] as const) {
      labTest(
        `raw: ${senderName} to ${receiverName} over ${link}, nothing is changed, lost or told twice`,
        [],
        async () => {
          await using lab = await pairLab();
          using _inside = enterNetns(lab.name("scanner"));
          using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
          // The kernel begins to note times of arrival a moment after it was asked to.
          await delay(50);
          using _peer = enterNetns(lab.name(from === LOOPBACK ? "scanner" : "peer"));
          using sender = openSender(ANYWHERE);
          const packets = answers(1000, from, to, 4);
          const beganMs = performance.now();
          sendAll(sender, packets, to);
          const log = new PacketLog();
          await collect(receiver, log, packets.length);
          assertEquals(log.hex(), packets.map(toHex));
          assertEquals(receiver.takeDrops(), 0);
          // Times of arrival are on the clock that was handed in, and in order, as far as two clocks can be compared.
          for (const [i, timeMs] of log.times.slice(1).entries()) assertGreater(timeMs, log.times[i]! - 0.1);
          assertGreater(log.times[0]!, beganMs - 5);
          assertLess(log.times.at(-1)!, performance.now() + 5);
        },
      );
    }
  }
}

for (const [name, receiverOf] of Object.entries(RECEIVERS)) {
  labTest(`raw: ${name} receiver hears answers, and nothing else`, [], async () => {
    await using lab = await pairLab();
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
    using own = openRawIp(ANYWHERE);
    const probe = buildTcp({ source: SCANNER, destination: PEER, sourcePort: FIRST_PORT, destinationPort: 22, id: 7 });
    // Probes of our own leave by the same device.
    send(own, probe, PEER);
    send(own, patched(probe, { 22: FIRST_PORT >> 8, 23: FIRST_PORT & 0xff }), PEER);
    using _peer = enterNetns(lab.name("peer"));
    using raw = openRawIp(ANYWHERE);
    const common = { source: PEER, destination: SCANNER, id: 9, flags: TCP_SYN | TCP_ACK, sourcePort: 22 };
    const heard = [
      buildTcp({ ...common, destinationPort: FIRST_PORT }),
      buildTcp({ ...common, destinationPort: FIRST_PORT + 15 }),
      buildIcmpError({ type: 3, code: 13, quoted: probe, source: PEER, id: 9 }),
      buildIcmpError({ type: 11, code: 0, quoted: probe, quotedLen: 40, source: PEER, id: 9 }),
    ];
    const ignored = [
      buildTcp({ ...common, destinationPort: FIRST_PORT - 1 }),
      buildTcp({ ...common, destinationPort: FIRST_PORT + 16 }),
      buildTcp({ ...common, destinationPort: 22, sourcePort: FIRST_PORT }),
      buildIcmpError({ type: 8, code: 0, quoted: probe, source: PEER, id: 9 }),
      buildIcmpError({ type: 3, code: 3, quoted: probe, quotedLen: 20, source: PEER, id: 9 }),
      cutTo(buildTcp({ ...common, destinationPort: FIRST_PORT }), 22, true),
    ];
    for (const packet of [...ignored, ...heard]) send(raw, packet, SCANNER);
    const log = new PacketLog();
    await collect(receiver, log, heard.length);
    // The peer's kernel has answered the probe to its closed port with a RST, as it should.
    const fromRaw = log.packets.filter((packet) => viewOf(packet).getUint16(4) === 9);
    assertEquals(fromRaw.map(toHex), heard.map(toHex));
    assertEquals(log.packets.length, heard.length + 1);
  });

  labTest(`raw: ${name} receiver hears what the host's own firewall drops`, [], async () => {
    await using lab = await pairLab();
    lab.rules("scanner", ["chain input {\ntype filter hook input priority raw;\ndrop\n}"]);
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
    using _peer = enterNetns(lab.name("peer"));
    using sender = new PlainSender(ANYWHERE);
    sendAll(sender, answers(10, PEER, SCANNER, 1), SCANNER);
    const log = new PacketLog();
    await collect(receiver, log, 10);
    assertEquals(log.packets.length, 10);
  });

  labTest(`raw: ${name} receiver reads what is long, up to a block of a ring`, [], async () => {
    await using lab = await pairLab();
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
    using raw = openRawIp(ANYWHERE);
    const long = [3000, 20_000, 60_000].map((length) =>
      buildTcp({
        ...{ source: LOOPBACK, destination: LOOPBACK, destinationPort: FIRST_PORT, id: 9 },
        flags: TCP_RST,
        payload: new Random(length).bytes(length),
      })
    );
    const short = answers(20, LOOPBACK, LOOPBACK, 8);
    for (const packet of [...long, ...short]) send(raw, packet, LOOPBACK);
    const log = new PacketLog();
    await collect(receiver, log, long.length + short.length);
    assertEquals(log.packets.length, long.length + short.length);
    for (const [i, packet] of long.entries()) {
      const got = log.packets[i]!;
      const least = name === "ring" ? Math.min(packet.length, 32_000) : packet.length;
      assert(got.length >= least && got.length <= packet.length, `${got.length} of ${packet.length}`);
      assertEquals(toHex(got), toHex(packet.subarray(0, got.length)));
    }
    assertEquals(log.hex().slice(long.length), short.map(toHex));
  });

  labTest(`raw: ${name} receiver gives no more than it is asked for, and the rest later`, [], async () => {
    await using lab = await pairLab();
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
    using sender = new BatchedSender(ANYWHERE);
    const packets = answers(300, LOOPBACK, LOOPBACK, 2);
    sendAll(sender, packets, LOOPBACK);
    const log = new PacketLog();
    for (const [most, count] of [[7, 7], [1, 1], [100, 100], [1000, 192]] as const) {
      let got = 0;
      await until(() => (got += receiver.drain(log, most - got, performance.now())) >= count);
      assertEquals(got, count);
    }
    assertEquals(receiver.drain(log, 1000, performance.now()), 0);
    assertEquals(log.hex(), packets.map(toHex));
  });

  labTest(`raw: ${name} receiver counts what it had no room for`, [], async () => {
    await using lab = await pairLab();
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: 0 });
    using sender = new BatchedSender(ANYWHERE);
    const packets = answers(sender.count, LOOPBACK, LOOPBACK, 2);
    const rounds = 1500;
    for (let round = 0; round < rounds; round++) sendAll(sender, packets, LOOPBACK);
    let [received, drops] = [0, 0];
    const counter = { packet: () => void received++, sent: () => {}, sendFailed: () => {} };
    await until(() => {
      while (receiver.drain(counter, 1024, performance.now()) > 0);
      drops += receiver.takeDrops();
      return received + drops >= rounds * packets.length;
    });
    assertEquals(received + drops, rounds * packets.length);
    assertGreater(received, 10_000);
    assertGreater(drops, 0);
    assertEquals(receiver.takeDrops(), 0);
  });

  labTest(`raw: ${name} receiver of one interface hears that alone, also after it was down`, [], async () => {
    await using lab = await pairLab();
    const index = describeLink(lab).ifindex;
    using _inside = enterNetns(lab.name("scanner"));
    using receiver = receiverOf({ filter: FILTER, interfaceIndex: index });
    using own = new PlainSender(ANYWHERE);
    sendAll(own, answers(5, LOOPBACK, LOOPBACK, 3), LOOPBACK);
    using _peer = enterNetns(lab.name("peer"));
    using sender = new PlainSender(ANYWHERE);
    const packets = answers(5, PEER, SCANNER, 4);
    sendAll(sender, packets, SCANNER);
    const log = new PacketLog();
    await collect(receiver, log, 5);
    assertEquals(log.hex(), packets.map(toHex));
    lab.ip("scanner", "link set peer down");
    lab.ip("scanner", "link set peer up");
    using transport = new KernelTransport("test", new PlainSender(ANYWHERE), receiver, IPV4_BOOK);
    transport.receive(log, performance.now());
    // That the interface was down is told once, and then a wait waits again.
    await transport.wait(10);
    const beganMs = performance.now();
    await transport.wait(50);
    assertGreater(performance.now() - beganMs, 45);
    await waitForCarrier(lab);
    sendAll(sender, packets, SCANNER);
    await collect(receiver, log, 10);
    assertEquals(log.packets.length, 10);
  });
}

/** The scanner's link to its peer, from iproute2. */
function describeLink(lab: Lab): { ifindex: number; operstate: string } {
  return JSON.parse(lab.set("scanner", ["ip", "-j", "link", "show", "peer"]))[0];
}

/** Waits until the link carries packets again. */
async function waitForCarrier(lab: Lab): Promise<void> {
  for (let tries = 0; tries < 1000 && describeLink(lab).operstate !== "UP"; tries++) await delay(10);
}

function send(raw: Fd, packet: Uint8Array, destination: number): void {
  const pinned = pinBytes(packet);
  assertEquals(sendTo(raw, pinned, 0, packet.length, pinInet4(destination, 0)), packet.length);
}

const REFUSALS: readonly (readonly [name: string, destination: string, errno: number])[] = [
  ["no route", "10.99.0.1", ERRNO.ENETUNREACH],
  ["an unreachable route", "10.66.8.1", ERRNO.EHOSTUNREACH],
  ["a prohibited route", "10.66.7.1", ERRNO.EACCES],
  ["a blackhole", "10.66.6.1", ERRNO.EINVAL],
];

for (const [senderName, openSender] of Object.entries(SENDERS)) {
  labTest(
    `raw: ${senderName} sender tells why the kernel refuses, packet by packet, and sends the others`,
    [],
    async () => {
      await using lab = await pairLab();
      for (const route of ["unreachable 10.66.8.0/24", "prohibit 10.66.7.0/24", "blackhole 10.66.6.0/24"]) {
        lab.ip("scanner", `route add ${route}`);
      }
      lab.rules("scanner", ["chain output {\ntype filter hook output priority filter;\ntcp dport 666 drop\n}"]);
      using _peer = enterNetns(lab.name("peer"));
      using receiver = new PlainReceiver({
        filter: replyFilter([withPorts(PROTOCOL_TCP, { first: 1, count: 65535 })]),
        interfaceIndex: 0,
      });
      using _inside = enterNetns(lab.name("scanner"));
      using transport = new KernelTransport(
        "test",
        openSender(ANYWHERE),
        new PlainReceiver({ filter: FILTER, interfaceIndex: 0 }),
        IPV4_BOOK,
      );
      const log = new PacketLog();
      const put = (destination: number, port: number) => {
        const at = transport.reserve(destination);
        const packet = buildTcp({ source: SCANNER, destination, sourcePort: FIRST_PORT, destinationPort: port, id: 9 });
        for (const [i, byte] of packet.entries()) transport.slots.setUint8(at + i, byte);
        transport.commit(packet.length);
      };
      put(PEER, 1);
      for (const [i, [, destination]] of REFUSALS.entries()) {
        put(addressOf(destination), 100 + i);
        put(PEER, 200 + i);
      }
      put(PEER, 666);
      put(PEER, 2);
      assertEquals(transport.flush(log, 0), 0);
      assertEquals(
        log.failures.map(({ packet, errno }) => [viewOf(packet).getUint16(22), errno]),
        [...REFUSALS.map(([, , errno], i) => [100 + i, errno]), [666, ERRNO.EPERM]],
      );
      assertEquals(transport.counters.sent, 2 + REFUSALS.length);
      const arrived = new PacketLog();
      await collect(receiver, arrived, 2 + REFUSALS.length);
      assertEquals(
        arrived.packets.map((packet) => viewOf(packet).getUint16(22)),
        [1, ...REFUSALS.map((_, i) => 200 + i), 2],
      );
    },
  );

  labTest(
    `raw: ${senderName} sender sends by the interface that it is given, and to the last address of a net`,
    [],
    async () => {
      await using lab = await pairLab();
      using _peer = enterNetns(lab.name("peer"));
      // The link addresses it to everybody, so that it is no reply.
      using receiver = new PlainReceiver({ filter: assembleBpf([["ret", 0x40000]]), interfaceIndex: 0 });
      using _inside = enterNetns(lab.name("scanner"));
      using sender = openSender({ interfaceName: "peer", maxLength: 60 });
      const broadcast = addressOf("10.66.1.255");
      const packet = buildTcp({ source: SCANNER, destination: broadcast, destinationPort: 80, id: 9 });
      sendAll(sender, [packet], broadcast);
      const log = new PacketLog();
      await collect(receiver, log, 1);
      assertEquals(log.hex(), [toHex(packet)]);
    },
  );
}
