import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { AF_INET, SOCK_DGRAM } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, getSocketName, openSocket, pinInet4, receive, sendTo } from "../../ffi/socket.ts";
import { KernelTransport, type PreferredSender } from "../../src/transport/kernel_transport.ts";
import type { Receiver } from "../../src/transport/receiver.ts";
import type { PacketSink } from "../../src/transport/transport.ts";
import { setIpv4Destination } from "../../src/wire/ipv4.ts";
import { Random } from "../support/random.ts";
import { PacketLog } from "./packet_log.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const LOOPBACK = 0x7f000001;
const SLOT_LEN = 32;

/** A sender that does with each packet what a test says. */
class FakeSender implements PreferredSender {
  readonly fd: Fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  readonly count: number;
  readonly slotLen = SLOT_LEN;
  readonly headerAt: number = 0;
  readonly slots: DataView;
  /** Of each packet that was sent: its destination, its number, its length. */
  readonly sent: [destination: number, number: number, length: number][] = [];
  /** The result of each call of `send`: packets to take, or an errno below 0. Takes all when it has run out. */
  readonly answers: number[] = [];
  calls = 0;
  refreshedAt: number[] = [];
  /** The calls about packets by the other sender. */
  heard: ([destination: number, errno: number] | "passed" | "settled")[] = [];
  served: (destination: number) => boolean = () => false;
  readonly #destinations: number[] = [];
  readonly #lengths: number[] = [];

  constructor(count = 8) {
    this.count = count;
    this.slots = new DataView(new ArrayBuffer(count * SLOT_LEN));
  }

  setDestination(index: number, destination: number): void {
    this.#destinations[index] = destination;
  }

  setLength(index: number, length: number): void {
    this.#lengths[index] = length;
  }

  send(from: number, count: number): number {
    this.calls++;
    const answer = Math.min(this.answers.shift() ?? count, count);
    for (let index = from; index < from + answer; index++) {
      const number = this.slots.getUint32(index * SLOT_LEN);
      this.sent.push([this.#destinations[index]!, number, this.#lengths[index]!]);
    }
    return answer;
  }

  canSend(destination: number): boolean {
    return this.served(destination);
  }

  refresh(nowMs: number): void {
    this.refreshedAt.push(nowMs);
  }

  sentByKernel(): void {
    this.heard.push("passed");
  }

  onSendError(destination: number, errno: number): void {
    this.heard.push([destination, errno]);
  }

  kernelSendsDone(): void {
    this.heard.push("settled");
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

/** A receiver of a socket's datagrams. */
class FakeReceiver implements Receiver {
  readonly fd: Fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  readonly #packet = pin(64);
  waiting = 0;
  drops: number[] = [];
  asked: number[] = [];

  constructor() {
    bindInet4(this.fd, LOOPBACK, 0);
  }

  drain(sink: PacketSink, maxPackets: number, nowMs: number): number {
    this.asked.push(maxPackets);
    let count = 0;
    for (; count < maxPackets && this.waiting > 0; count++, this.waiting--) {
      sink.packet(this.#packet.view, 0, 20, nowMs);
    }
    while (receive(this.fd, this.#packet, 0, 64) >= 0) count++;
    return count;
  }

  takeDrops(): number {
    return this.drops.shift() ?? 0;
  }

  /** Makes the descriptor readable. */
  wake(): void {
    using socket = openSocket(AF_INET, SOCK_DGRAM, 0);
    sendTo(socket, pin(1), 0, 1, pinInet4(LOOPBACK, getSocketName(this.fd).port));
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

/** A transport over fakes. Packets are numbers, from 1 on. */
class Bench implements Disposable {
  readonly sender: FakeSender;
  readonly lane: FakeSender | undefined;
  readonly receiver = new FakeReceiver();
  readonly transport: KernelTransport;
  readonly log = new PacketLog();
  #written = 0;

  constructor(options: { count?: number; lane?: boolean } = {}) {
    this.sender = new FakeSender(options.count);
    this.lane = options.lane ? new FakeSender(options.count) : undefined;
    this.transport = new KernelTransport("fake", this.sender, this.receiver, IPV4_BOOK, this.lane);
  }

  /** Writes packets until there is no room; returns how many that was. */
  write(count: number): number {
    for (let i = 0; i < count; i++) {
      const at = this.transport.reserve(1000 + this.#written + 1);
      if (at < 0) return i;
      this.transport.slots.setUint32(at, ++this.#written);
      setIpv4Destination(this.transport.slots, at, 1000 + this.#written);
      this.transport.commit(4 + this.#written % 10);
    }
    return count;
  }

  /** Numbers of the packets that were sent, in order. */
  get numbers(): number[] {
    return this.sender.sent.map(([, number]) => number);
  }

  get failed(): [number: number, errno: number][] {
    return this.log.failures.map(({ packet, errno }) => [new DataView(packet.buffer).getUint32(0), errno]);
  }

  [Symbol.dispose](): void {
    this.transport[Symbol.dispose]();
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

Deno.test("transport: has the traits of its parts", () => {
  using bench = new Bench({ count: 5 });
  assertEquals(bench.transport.traits, {
    name: "fake",
    batch: 5,
    receiveBatch: 1024,
  });
});

Deno.test("transport: sends packets in order, each with its destination and length", () => {
  using bench = new Bench();
  bench.write(3);
  assertEquals([bench.sender.calls, bench.transport.flush(bench.log, 0)], [0, 0]);
  assertEquals(bench.sender.sent, [[1001, 1, 5], [1002, 2, 6], [1003, 3, 7]]);
  assertEquals(bench.transport.counters, { sent: 3, received: 0, sendRetries: 0, receiveDrops: 0 });
  assertEquals(bench.transport.flush(bench.log, 0), 0);
  assertEquals([bench.numbers.length, bench.sender.calls], [3, 1]);
});

Deno.test("transport: a slot that was reserved and not committed is reserved again", () => {
  using bench = new Bench();
  const at = bench.transport.reserve(1);
  assertEquals(bench.transport.reserve(2), at);
  bench.transport.commit(4);
  bench.transport.flush(bench.log, 0);
  assertEquals(bench.sender.sent.map(([destination]) => destination), [2]);
});

Deno.test("transport: has as many slots as the sender, until a flush", () => {
  using bench = new Bench({ count: 4 });
  assertEquals([bench.write(9), bench.write(1)], [4, 0]);
  bench.transport.flush(bench.log, 0);
  assertEquals([bench.write(9), bench.transport.flush(bench.log, 0)], [4, 0]);
  assertEquals(bench.numbers, upTo(8));
});

Deno.test("transport: a batch that the kernel takes in parts is sent once, in order", () => {
  using bench = new Bench();
  bench.sender.answers.push(1, 3, 2);
  bench.write(8);
  assertEquals(bench.transport.flush(bench.log, 0), 0);
  assertEquals([bench.numbers, bench.sender.calls, bench.transport.counters.sent], [upTo(8), 4, 8]);
});

for (const name of ["EAGAIN", "ENOBUFS", "ENOMEM", "EINTR"] as const) {
  Deno.test(`transport: ${name}: the tail waits for the next flush, and nothing is sent twice`, () => {
    using bench = new Bench();
    bench.sender.answers.push(3, -ERRNO[name]);
    bench.write(6);
    assertEquals([bench.transport.flush(bench.log, 0), bench.transport.counters.sendRetries], [3, 1]);
    // Behind the tail there is room still, before it there is none.
    assertEquals(bench.write(9), 2);
    bench.sender.answers.push(-ERRNO[name]);
    assertEquals([bench.transport.flush(bench.log, 0), bench.transport.counters.sendRetries], [5, 2]);
    assertEquals([bench.transport.flush(bench.log, 0), bench.numbers], [0, upTo(8)]);
    assertEquals([bench.transport.counters.sent, bench.failed], [8, []]);
  });
}

for (const name of ["EPERM", "ENETUNREACH", "EHOSTUNREACH", "EINVAL", "EMSGSIZE", "ENETDOWN"] as const) {
  Deno.test(`transport: ${name}: the packet is reported with its errno, and the others are sent`, () => {
    using bench = new Bench();
    bench.sender.answers.push(2, -ERRNO[name], -ERRNO[name], 2);
    bench.write(7);
    assertEquals(bench.transport.flush(bench.log, 0), 0);
    assertEquals(bench.numbers, [1, 2, 5, 6, 7]);
    assertEquals(bench.failed, [[3, ERRNO[name]], [4, ERRNO[name]]]);
    assertEquals(bench.log.failures.map(({ packet }) => packet.length), [7, 8]);
    assertEquals([bench.transport.counters.sent, bench.transport.counters.sendRetries], [5, 0]);
    assertEquals(bench.write(9), 8);
  });
}

Deno.test("transport: each packet is sent once or reported once, in order, for any results of the kernel", () => {
  const random = new Random(11);
  for (let round = 0; round < 500; round++) {
    using bench = new Bench({ count: 1 + random.below(8), lane: random.chance(0.5) });
    const senders = [bench.sender, ...(bench.lane ? [bench.lane] : [])];
    if (bench.lane) bench.lane.served = (destination) => destination % 3 === 0;
    let written = 0;
    for (let step = 0; step < 20; step++) {
      written += bench.write(random.below(9));
      for (const sender of senders) {
        sender.answers.push(
          ...Array.from(
            { length: random.below(5) },
            () => random.pick([1, 2, 3, -ERRNO.ENOBUFS, -ERRNO.EAGAIN, -ERRNO.EPERM]),
          ),
        );
      }
      bench.transport.flush(bench.log, 0);
    }
    for (const sender of senders) sender.answers.length = 0;
    assertEquals(bench.transport.flush(bench.log, 0), 0);
    const sent = senders.map((sender) => sender.sent.map(([, number]) => number));
    for (const numbers of sent) assertEquals(numbers, numbers.toSorted((a, b) => a - b));
    const all = [...sent.flat(), ...bench.failed.map(([number]) => number)];
    assertEquals(all.toSorted((a, b) => a - b), upTo(written), `seed 11, round ${round}`);
    assertEquals(bench.transport.counters.sent, sent.flat().length);
    for (const sender of senders) for (const [to, number] of sender.sent) assertEquals(to, 1000 + number);
  }
});

Deno.test("transport: the preferred sender sends where it can, and is refreshed with every flush", () => {
  using bench = new Bench({ lane: true });
  const lane = bench.lane!;
  lane.served = (destination) => destination % 2 === 0;
  bench.write(6);
  bench.transport.flush(bench.log, 17);
  assertEquals([bench.numbers, lane.sent.map(([, number]) => number)], [[1, 3, 5], [2, 4, 6]]);
  assertEquals(lane.refreshedAt, [17]);
  lane.answers.push(-ERRNO.ENOBUFS);
  bench.sender.answers.push(-ERRNO.ENOBUFS);
  bench.write(5);
  assertEquals([bench.transport.flush(bench.log, 18), bench.transport.counters.sendRetries], [5, 2]);
  assertEquals([bench.transport.flush(bench.log, 19), bench.transport.counters.sent], [0, 11]);
});

Deno.test("transport: the preferred sender is notified of refused packets by raw IP, and when none waits there", () => {
  using bench = new Bench({ lane: true });
  const lane = bench.lane!;
  lane.served = (destination) => destination % 2 === 0;
  bench.sender.answers.push(1, -ERRNO.EPERM, -ERRNO.ENOBUFS);
  lane.answers.push(-ERRNO.EPERM);
  bench.write(6);
  // A slot that is not committed is no packet.
  bench.transport.reserve(1007);
  assertEquals(lane.heard.splice(0), ["passed", "passed", "passed"]);
  bench.transport.flush(bench.log, 0);
  assertEquals(lane.heard.splice(0), [[1003, ERRNO.EPERM]]);
  bench.transport.flush(bench.log, 1);
  assertEquals(lane.heard, ["settled"]);
  assertEquals(bench.failed, [[3, ERRNO.EPERM], [2, ERRNO.EPERM]]);
});

Deno.test("transport: passes on received packets, a batch at a time, and counts them", () => {
  using bench = new Bench();
  bench.receiver.waiting = 1500;
  assertEquals([bench.transport.receive(bench.log, 5), bench.transport.receive(bench.log, 6)], [1024, 476]);
  assertEquals([bench.transport.counters.received, new Set(bench.log.times)], [1500, new Set([5, 6])]);
  assertEquals(bench.receiver.asked, [1024, 1024]);
});

Deno.test("transport: reads the kernel's count of dropped packets at intervals, and adds it up", () => {
  using bench = new Bench();
  bench.receiver.drops.push(3, 4, 5);
  const seen: number[] = [];
  for (const nowMs of [0, 10, 49, 50, 99, 100]) {
    bench.transport.receive(bench.log, nowMs);
    seen.push(bench.transport.counters.receiveDrops);
  }
  assertEquals(seen, [3, 3, 3, 7, 7, 12]);
});

Deno.test("transport: a wait ends with its time, with a packet, and at once when there was no room but now is", async () => {
  using bench = new Bench();
  const timed = async (timeoutMs: number) => {
    const beganMs = performance.now();
    await bench.transport.wait(timeoutMs);
    return performance.now() - beganMs;
  };
  assertGreaterOrEqual(await timed(20), 19.5);
  bench.receiver.wake();
  assertLess(await timed(60_000), 30_000);
  bench.transport.receive(bench.log, 0);
  assertGreaterOrEqual(await timed(20), 19.5);
  // A socket that has room is writable.
  bench.sender.answers.push(-ERRNO.ENOBUFS);
  bench.write(1);
  bench.transport.flush(bench.log, 0);
  assertLess(await timed(60_000), 30_000);
  bench.transport.flush(bench.log, 0);
  assertGreaterOrEqual(await timed(20), 19.5);
});

Deno.test("transport: disposes of its parts", () => {
  const bench = new Bench({ lane: true });
  bench[Symbol.dispose]();
  assertEquals([bench.sender.fd.number, bench.lane!.fd.number, bench.receiver.fd.number], [-1, -1, -1]);
});
