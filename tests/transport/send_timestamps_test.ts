import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { BatchedSender, PlainSender, type RawIpOptions } from "../../src/transport/raw_sender.ts";
import { type Sender, SendQueue } from "../../src/transport/send_queue.ts";
import { chain, labTest, linkedLab } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { addressOf } from "../support/packets.ts";
import { PacketLog } from "./packet_log.ts";

const SCANNER = addressOf("10.66.1.1");
const PEER = addressOf("10.66.1.2");
const SENDERS: Readonly<Record<string, (options: RawIpOptions) => Sender>> = {
  plain: (options) => new PlainSender(options),
  batched: (options) => new BatchedSender(options),
};

/** Sends so many SYNs with ids from `firstId` on; returns when that began and ended. */
function send(queue: SendQueue, log: PacketLog, count: number, firstId: number): [beganMs: number, endedMs: number] {
  const template = SYN.prepare({ source: SCANNER, ttl: 64 });
  const counters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  for (let i = 0; i < count; i++) {
    template.write(queue.sender.slots, queue.reserve(PEER), PEER, 1 + i, 61_000, i);
    queue.commit(44, firstId + i);
  }
  const beganMs = performance.now();
  assertEquals(queue.flush(log, counters), 0);
  return [beganMs, performance.now()];
}

for (const [name, open] of Object.entries(SENDERS)) {
  labTest(`send timestamps: the kernel's times replace the estimates of a ${name} sender`, [], async () => {
    await using lab = await linkedLab({ scanner: {}, peer: {} }, "10.66.1");
    using _inside = enterNetns(lab.name("scanner"));
    using sender = open({ interfaceName: undefined, maxLength: 60 });
    const queue = new SendQueue(sender);
    const log = new PacketLog();
    // The first packets wait for the hardware address of the peer.
    send(queue, log, 1, 0);
    const patience = performance.now() + 2000;
    while (log.left.length < 2 && performance.now() < patience) sender.timestamps!.read(log, performance.now());
    log.left.length = 0;
    const [beganMs, endedMs] = send(queue, log, 50, 1);
    const estimates = log.left.splice(0);
    sender.timestamps!.read(log, performance.now());
    assertEquals(estimates.map(({ id }) => id), Array.from({ length: 50 }, (_, i) => 1 + i));
    const exact = new Map(log.left.map(({ id, sentMs }) => [id, sentMs]));
    assertEquals([...exact.keys()], estimates.map(({ id }) => id));
    for (const { sentMs } of [...estimates, ...log.left]) {
      assertGreater(sentMs, beganMs - 0.1);
      assertLess(sentMs, endedMs + 0.1);
    }
    const times = [...exact.values()];
    for (const [i, sentMs] of times.slice(1).entries()) {
      assert(sentMs > times[i]!, `packet ${i + 1} left before packet ${i}`);
    }
    assertEquals(log.failures, []);
  });

  labTest(`send timestamps: a ${name} sender uses estimates after a packet was refused`, [], async () => {
    await using lab = await linkedLab({ scanner: {}, peer: {} }, "10.66.1");
    using _inside = enterNetns(lab.name("scanner"));
    using sender = open({ interfaceName: undefined, maxLength: 60 });
    const queue = new SendQueue(sender);
    const log = new PacketLog();
    lab.rules("scanner", [chain("output", ["tcp dport 3 drop"])]);
    send(queue, log, 5, 0);
    assertEquals(log.failures.length, 1);
    const [beganMs, endedMs] = send(queue, log, 2, 10);
    sender.timestamps!.read(log, performance.now());
    // No time of the wrong packet.
    for (const { sentMs } of log.left.filter(({ id }) => id >= 10)) {
      assertGreater(sentMs, beganMs - 0.1);
      assertLess(sentMs, endedMs + 0.1);
    }
    assertEquals(log.left.filter(({ id }) => id >= 10).map(({ id }) => id), [10, 11]);
    assert(!log.left.some(({ id }) => id === 2), "the packet that was refused did not leave");
  });
}
