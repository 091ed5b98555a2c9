import { assertEquals } from "@std/assert";
import { AF_INET, SOCK_DGRAM } from "../../ffi/constants.ts";
import { ReceiveBatch, SendBatch } from "../../ffi/message_batch.ts";
import { bindInet4, connectInet4, getSocketName, openSocket } from "../../ffi/socket.ts";
import type { PacketSink } from "../../src/transport/transport.ts";
import { type SendThread, type SharedSender, ThreadQueue } from "../../src/transport/thread_queue.ts";
import { until } from "../support/program.ts";

const COUNT = 8;
const LOOPBACK = 0x7f000001;
/** More than a datagram may have (EMSGSIZE). */
const SLOT_LEN = 70_000;

/** A worker that sends, as the pool starts it. */
async function startThread(): Promise<SendThread & { fail(): void }> {
  const worker = new Worker(new URL("../../src/scan/worker.ts", import.meta.url), { type: "module" });
  const ready = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage({ kind: "prepare" });
  await ready;
  let hasFailed = false;
  return {
    get hasFailed() {
      return hasFailed;
    },
    fail: () => hasFailed = true,
    begin: (task) => worker.postMessage({ kind: "send", task }),
    end: () => worker.terminate(),
  };
}

/** The wall clock is an hour ahead of when this thread began, since it was set or the machine slept, until this is disposed of. */
function setWallClock(): Disposable {
  Object.defineProperty(performance, "timeOrigin", { value: performance.timeOrigin - 3_600_000, configurable: true });
  return { [Symbol.dispose]: () => void Reflect.deleteProperty(performance, "timeOrigin") };
}

/** Datagrams to a port of this machine. */
function udpSender(port: number): SharedSender {
  const fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  connectInet4(fd, LOOPBACK, port);
  const batch = new SendBatch({ count: COUNT, slotLen: SLOT_LEN, destination: "none" });
  return {
    ...{ fd, count: COUNT, slotLen: SLOT_LEN, headerAt: 0, slots: batch.slots, messages: batch.messages },
    setDestination: () => {},
    setLength: (index, length) => batch.setLength(index, length),
    send: (from, count) => batch.send(fd, from, count),
    [Symbol.dispose]: () => fd.close(),
  };
}

Deno.test("thread queue: packets leave in order with their times, refused ones are reported, and a full ring says so", async () => {
  using _set = setWallClock();
  using receiver = openSocket(AF_INET, SOCK_DGRAM, 0);
  bindInet4(receiver, LOOPBACK, 0);
  const datagrams = new ReceiveBatch({ count: 100, slotLen: 8 });
  using sender = udpSender(getSocketName(receiver).port);
  const thread = await startThread();
  const queue = new ThreadQueue(sender, thread);
  const counters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  const times = new Map<number, number>();
  const failed: number[] = [];
  const sink: PacketSink = {
    packet: () => {},
    sent: (id, sentMs) => times.set(id, sentMs),
    sendFailed: (_view, _at, _length, _errno, id) => failed.push(id),
  };
  const beganMs = performance.now();
  const refused = 50;
  for (let id = 0; id < 100;) {
    const at = queue.reserve(LOOPBACK);
    if (at >= 0) {
      sender.slots.setUint16(at, id);
      queue.commit(id === refused ? SLOT_LEN : 2, id++);
      continue;
    }
    const waiting = queue.flush(sink, counters);
    assertEquals(waiting > 0, queue.roomMs > 0);
    await new Promise((resolve) => setTimeout(resolve, queue.roomMs));
  }
  await until(() => queue.flush(sink, counters) === 0 && counters.sent + failed.length === 100);
  const all = Array.from({ length: 100 }, (_, id) => id);
  const received: number[] = [];
  await until(() => {
    const count = Math.max(0, datagrams.receive(receiver));
    for (let at = 0; at < count; at++) received.push(datagrams.slots.getUint16(8 * at));
    return received.length >= 99;
  });
  assertEquals(received, all.filter((id) => id !== refused));
  assertEquals([failed, counters.sent], [[refused], 99]);
  const [leastMs, mostMs] = [Math.min(...times.values()), Math.max(...times.values())];
  assertEquals([times.size, leastMs > beganMs - 50, mostMs < performance.now() + 50], [100, true, true]);
  queue[Symbol.dispose]();
});

Deno.test("thread queue: a thread that an error has ended is an error of the scan", async () => {
  using sender = udpSender(9);
  const thread = await startThread();
  const queue = new ThreadQueue(sender, thread);
  thread.fail();
  let message = "";
  try {
    queue.flush({} as PacketSink, { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 });
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(message, "Cannot send: the thread that sends has ended. Scan again");
  queue[Symbol.dispose]();
});
