import { replyFilter, withPorts } from "../../src/technique/reply_filter.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { AF_INET, IPPROTO_RAW, POLLIN, SOCK_RAW } from "../../ffi/constants.ts";
import { rejectAll } from "../../ffi/bpf.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import { PacketRing, type PacketRingOptions, PreparedRing, type RingSink } from "../../ffi/packet_ring.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { realtimeMs } from "../../ffi/system.ts";
import { nothingMoreIsOpen, openFiles } from "../support/descriptors.ts";
import { icmpError, ipPacket, Namespace, Pair, ROOT, runScript, tcpHeader, testAsRoot } from "./support.ts";

const PORT = 61000;
const filter = replyFilter([withPorts(PROTOCOL_TCP, { first: PORT, count: 1 })]);
const LOOPBACK = 1;

/** Sends numbered TCP packets over loopback: the number stands in the source port and the IP identification. */
class Sender implements Disposable {
  readonly #raw: Fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  readonly #batch = new SendBatch({ count: 64, slotLen: 64, destination: "inet4" });

  constructor(destinationPort: number = PORT) {
    for (let index = 0; index < 64; index++) {
      const packet = ipPacket({ destination: 0x7f000002, payload: tcpHeader(0, destinationPort) });
      new Uint8Array(this.#batch.slots.buffer, index * 64).set(packet);
      this.#batch.setLength(index, packet.length);
      this.#batch.setDestination(index, 0x7f000002);
    }
  }

  send(first: number, count: number): void {
    for (let done = 0; done < count; done += 64) {
      const now = Math.min(64, count - done);
      for (let index = 0; index < now; index++) {
        this.#batch.slots.setUint16(index * 64 + 20, first + done + index & 0xffff);
        // A RST, which has no reply.
        this.#batch.slots.setUint8(index * 64 + 33, 0x04);
      }
      assertEquals(this.#batch.send(this.#raw, 0, now), now);
    }
  }

  [Symbol.dispose](): void {
    this.#raw.close();
  }
}

/** The longest wait for what must come, in milliseconds. */
const PATIENCE_MS = 600_000;

/** Remembers the source port of every packet. */
class Collector implements RingSink {
  readonly ports: number[] = [];
  readonly times: number[] = [];

  packet(view: DataView, at: number, length: number, unixMs: number): void {
    assertEquals([view.getUint8(at), length], [0x45, 40]);
    this.ports.push(view.getUint16(at + 20));
    this.times.push(unixMs);
  }
}

/** Drains until nothing has come for a while: what should not have come would come now. */
function drainAll(ring: PacketRing, sink: RingSink): void {
  while (ring.drain(sink, 1000) > 0 || hasBlock(ring, 100));
}

/** Waits until the kernel has closed a block; returns false if it has not in that time. */
function hasBlock(ring: PacketRing, timeoutMs = PATIENCE_MS): boolean {
  const set = new PollSet(1);
  set.set(0, ring.fd, POLLIN);
  return set.pollNow(timeoutMs) > 0;
}

/** Drains, `maxPackets` at a time, until so many packets have come. */
function drainUntil(ring: PacketRing, sink: RingSink, count: number, maxPackets = 1000): void {
  for (let taken = 0; taken < count;) {
    const now = ring.drain(sink, Math.min(maxPackets, count - taken));
    if (now === 0) assert(hasBlock(ring), `${taken} of ${count} packets have come`);
    taken += now;
  }
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function testOnLoopback(
  name: string,
  options: Partial<PacketRingOptions>,
  fn: (ring: PacketRing, sender: Sender) => void,
): void {
  testAsRoot(name, () => {
    using namespace = new Namespace();
    namespace.within(() => {
      using ring = PacketRing.open({ interfaceIndex: LOOPBACK, filter, ...options });
      using sender = new Sender();
      fn(ring, sender);
    });
  });
}

testOnLoopback(
  "packet ring: a ring gives every packet once, in order, with the time of its arrival",
  {},
  (ring, sender) => {
    const beginMs = realtimeMs();
    sender.send(0, 5000);
    const sink = new Collector();
    drainUntil(ring, sink, 5000);
    drainAll(ring, sink);
    assertEquals(sink.ports, range(0, 5000));
    assertGreater(sink.times[0]!, beginMs - 1);
    assertLess(sink.times.at(-1)!, realtimeMs() + 1);
    assertEquals(sink.times, sink.times.toSorted((a, b) => a - b));
    assertEquals(ring.takeDrops(), 0);
  },
);

testAsRoot("packet ring: one that the kernel has set up aside gives every packet", async () => {
  using namespace = new Namespace();
  using prepared = namespace.within(() => new PreparedRing({ blockLen: 1 << 14, blockCount: 64 }));
  assertEquals([await prepared.isReady, prepared.isFree], [true, true]);
  namespace.within(() => {
    using ring = PacketRing.openPrepared(prepared, { interfaceIndex: LOOPBACK, filter });
    assertEquals(prepared.isFree, false);
    using sender = new Sender();
    sender.send(0, 1000);
    const sink = new Collector();
    drainUntil(ring, sink, 1000);
    assertEquals(sink.ports, range(0, 1000));
  });
});

testAsRoot("packet ring: one that the kernel refuses is not ready", async () => {
  using refused = new PreparedRing({ blockLen: 100 });
  assertEquals(await refused.isReady, false);
});

testOnLoopback(
  "packet ring: a drain stops in the middle of a block and goes on there",
  { blockLen: 1 << 16, blockCount: 8 },
  (ring, sender) => {
    sender.send(0, 1000);
    assert(hasBlock(ring));
    assertEquals(ring.drain(new Collector(), 0), 0);
    const sink = new Collector();
    // The kernel closes a block early where something stops the sender.
    for (const most of [1, 1, 7, 2]) drainUntil(ring, sink, most);
    assertEquals(sink.ports, range(0, 11));
    drainUntil(ring, sink, 989, 3);
    assertEquals(sink.ports, range(0, 1000));
  },
);

testOnLoopback("packet ring: a ring goes round and round", { blockLen: 4096, blockCount: 4 }, (ring, sender) => {
  const sink = new Collector();
  for (let first = 0; first < 6000; first += 50) {
    sender.send(first, 50);
    drainUntil(ring, sink, 50);
  }
  assertEquals(sink.ports, range(0, 6000));
  assertEquals(ring.takeDrops(), 0);
});

testOnLoopback(
  "packet ring: what finds no room is counted, once",
  { blockLen: 4096, blockCount: 2 },
  (ring, sender) => {
    sender.send(0, 1000);
    const sink = new Collector();
    let drops = 0;
    for (const endMs = performance.now() + PATIENCE_MS; sink.ports.length + drops < 1000;) {
      assertLess(performance.now(), endMs);
      if (ring.drain(sink, 1000) === 0) drops += ring.takeDrops();
    }
    assertGreater(sink.ports.length, 0);
    assertGreater(drops, 0);
    assertEquals([sink.ports.length + drops, ring.takeDrops()], [1000, 0]);
    // There is room again.
    sender.send(2000, 10);
    drainUntil(ring, sink, 10);
    assertEquals(sink.ports.slice(-10), range(2000, 10));
  },
);

testOnLoopback("packet ring: a sink that throws loses its packet and no other", {}, (ring, sender) => {
  sender.send(0, 20);
  const sink = new Collector();
  let thrown = false;
  const angry: RingSink = {
    packet(view, at, length, unixMs) {
      if (!thrown && view.getUint16(at + 20) === 5) {
        thrown = true;
        throw new Error("angry");
      }
      sink.packet(view, at, length, unixMs);
    },
  };
  // The kernel may close a block before the packet that makes it angry, and the rest comes with the next.
  assertThrows(() => drainUntil(ring, angry, 20), Error, "angry");
  drainUntil(ring, angry, 14);
  drainAll(ring, angry);
  assertEquals(sink.ports, [...range(0, 5), ...range(6, 14)]);
});

testOnLoopback(
  "packet ring: a sink that throws at the last packet of a block sees none of it again",
  {},
  (ring, sender) => {
    const sink = new Collector();
    const angry: RingSink = {
      packet() {
        throw new Error("angry");
      },
    };
    for (let number = 0; number < 6; number++) {
      // A block of one packet.
      sender.send(number, 1);
      assert(hasBlock(ring));
      if (number % 2 === 0) assertThrows(() => ring.drain(angry, 100), Error, "angry");
      drainAll(ring, sink);
    }
    assertEquals(sink.ports, [1, 3, 5]);
  },
);

testOnLoopback("packet ring: the filter is heard", { filter: rejectAll() }, (ring, sender) => {
  sender.send(0, 100);
  const sink = new Collector();
  drainAll(ring, sink);
  assertEquals([sink.ports, ring.takeDrops()], [[], 0]);
});

testOnLoopback("packet ring: a ring that is closed gives nothing, and does not crash", {}, (ring, sender) => {
  sender.send(0, 100);
  assert(hasBlock(ring));
  const sink = new Collector();
  assertEquals(ring.drain(sink, 1), 1);
  ring[Symbol.dispose]();
  ring[Symbol.dispose]();
  assertThrows(() => ring.drain(sink, 1));
  assertThrows(() => ring.takeDrops(), SyscallError, "EBADF");
});

testAsRoot("packet ring: a ring on every interface receives incoming packets, and no outgoing ones", () => {
  using pair = new Pair();
  const { left, right } = pair;
  const options = { interfaceIndex: 0, filter };
  using near = left.within(() => PacketRing.open(options));
  using far = right.within(() => PacketRing.open(options));
  using raw = left.within(() => openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW));
  const send = new SendBatch({ count: 2, slotLen: 256, destination: "inet4" });
  const quoted = ipPacket({ payload: tcpHeader(PORT, 80), optionsLen: 8 });
  const packets = [
    ipPacket({ source: 0x0a3d0001, destination: 0x0a3d0002, payload: tcpHeader(7, PORT) }),
    ipPacket({ source: 0x0a3d0001, destination: 0x0a3d0002, protocol: 1, payload: icmpError(3, quoted) }),
  ];
  packets.forEach((packet, index) => {
    new Uint8Array(send.slots.buffer, index * 256).set(packet);
    send.setLength(index, packet.length);
    send.setDestination(index, 0x0a3d0002);
  });
  assertEquals(send.send(raw, 0, 2), 2);
  const lengths: number[] = [];
  const sink: RingSink = { packet: (_view, _at, length) => void lengths.push(length) };
  drainUntil(far, sink, 2);
  drainAll(far, sink);
  assertEquals(lengths, packets.map((packet) => packet.length));
  let seen = 0;
  // The far kernel answers the SYN with a RST from our port; to this filter that is no reply.
  drainAll(near, { packet: () => void seen++ });
  assertEquals(seen, 0);
});

testAsRoot("packet ring: a ring that cannot be opened is an error, and leaves nothing open", async () => {
  const before = openFiles();
  const rows: [name: string, options: Partial<PacketRingOptions>, message: string][] = [
    ["no such interface", { interfaceIndex: 99999 }, "bind: ENODEV"],
    ["no program", { filter: new Uint8Array(0) }, "setsockopt: EINVAL"],
    ["a block that is no page", { blockLen: 1000 }, "setsockopt: EINVAL"],
  ];
  for (const [name, options, message] of rows) {
    assertThrows(() => PacketRing.open({ interfaceIndex: 0, filter, ...options }), SyscallError, message, name);
  }
  await nothingMoreIsOpen(before);
});

testAsRoot("packet ring: without CAP_NET_RAW there is no ring", () => {
  const source = `
    import { dropCapabilities } from "${ROOT}ffi/credentials.ts";
    import { PacketRing } from "${ROOT}ffi/packet_ring.ts";
    import { rejectAll } from "${ROOT}ffi/bpf.ts";
    dropCapabilities();
    try { PacketRing.open({ interfaceIndex: 0, filter: rejectAll() }); } catch (error) { console.log(error.message); }
  `;
  assertEquals(runScript(source, "--allow-ffi"), "socket: EPERM (Operation not permitted)\n");
});
