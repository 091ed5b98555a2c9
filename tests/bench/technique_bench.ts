/**
 * The cost of a SYN scan's technique and driver for each packet: `deno bench tests/bench/technique_bench.ts`. Each iteration does
 * 1,000 packets, so a microsecond on the page is a nanosecond a packet.
 */
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import type { ReplySink } from "../../src/driver/driver.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { Reply } from "../../src/technique/technique.ts";
import type { PacketSink, Transport } from "../../src/transport/transport.ts";
import { TCP_ACK, TCP_SYN } from "../../src/wire/tcp.ts";
import { buildIcmpError, buildTcp } from "../support/packets.ts";

const PACKETS = 1000;
const SLOT_LEN = 128;
const SOURCE = 0xc0000201;
const HOST = 0xc6336407;
const FIRST_PORT = 61000;

const slots = new DataView(new ArrayBuffer(PACKETS * SLOT_LEN));
const arrived = new DataView(new ArrayBuffer(PACKETS * SLOT_LEN));
const reply = { source: HOST, destination: SOURCE, sourcePort: 80, destinationPort: FIRST_PORT };
const SYN_ACK = buildTcp({ ...reply, flags: TCP_SYN | TCP_ACK, ack: 1 });
const PROBE = buildTcp({ source: SOURCE, destination: HOST, sourcePort: FIRST_PORT, destinationPort: 80, seq: 0x1234 });
const ERROR = buildIcmpError({ type: 3, code: 13, quoted: PROBE, source: HOST, destination: SOURCE });
for (let i = 0; i < PACKETS; i++) new Uint8Array(arrived.buffer).set(i % 8 === 7 ? ERROR : SYN_ACK, i * SLOT_LEN);

/** A transport that sends nothing, and receives the same packets again and again. */
class Still implements Transport {
  readonly traits = {
    name: "still",
    batch: PACKETS,
    receiveBatch: PACKETS,
  };
  readonly counters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly slots = slots;
  #committed = 0;

  reserve(): number {
    return this.#committed < PACKETS ? this.#committed * SLOT_LEN : -1;
  }

  commit(): void {
    this.#committed++;
  }

  flush(): number {
    this.#committed = 0;
    return 0;
  }

  receive(sink: PacketSink, nowMs: number): number {
    for (let i = 0; i < PACKETS; i++) sink.packet(arrived, i * SLOT_LEN, SLOT_LEN, nowMs);
    return PACKETS;
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}

const driver = new PacketDriver({
  technique: SYN,
  transport: new Still(),
  book: IPV4_BOOK,
  sources: { addresses: [SOURCE], indexFor: () => 0 },
  ports: { first: FIRST_PORT, count: 16 },
  ttl: 64,
  broadcasts: [0xc00002ff, 0x7fffffff],
});
const sink: ReplySink = {
  onReply: () => false,
  onTokenlessReply: () => false,
  onOutcome: () => {},
  tokenOf: () => -1,
  isInFlight: () => true,
  answersStrayAck: () => false,
  sent: () => {},
  keepsSocket: () => {},
  onSendError: () => {},
};
const template = SYN.prepare({ source: SOURCE, ttl: 64 });
const read = new Reply();

Deno.bench("technique: write a probe", { group: "send" }, () => {
  for (let i = 0; i < PACKETS; i++) {
    template.write(slots, i * SLOT_LEN, HOST + i, i, FIRST_PORT, Math.imul(i, 0x9e3779b1) >>> 0);
  }
});

Deno.bench("driver: send a probe", { group: "send" }, () => {
  for (let i = 0; i < PACKETS; i++) driver.send(HOST + i, i, 0, Math.imul(i, 0x9e3779b1) >>> 0, i);
  driver.flush(sink, 0);
});

Deno.bench("technique: read a reply, checksums included (7 SYN-ACKs to 1 ICMP error)", { group: "receive" }, () => {
  for (let i = 0; i < PACKETS; i++) SYN.parse(arrived, i * SLOT_LEN, SLOT_LEN, read);
});

Deno.bench("driver: receive a reply (7 SYN-ACKs to 1 ICMP error)", { group: "receive" }, () => {
  driver.drain(sink, 0);
});
