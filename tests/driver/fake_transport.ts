/**
 * A transport in memory: keeps sent packets, and delivers those of `arriving`.
 *
 * @module
 */

import type { PacketSink, Transport, TransportCounters, TransportTraits } from "../../src/transport/transport.ts";

const SLOT_LEN = 80;
/** Bytes before each slot and each received packet, so that an offset that is forgotten is noticed. */
const HEADROOM = 14;

/** Slots that are sent, refused or kept by `fate`. */
export class FakeTransport implements Transport {
  readonly traits: TransportTraits;
  readonly counters: TransportCounters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly slots: DataView;
  /** Packets that were sent, in order. */
  readonly sent: Uint8Array[] = [];
  /** Destinations that slots were reserved for. */
  readonly destinations: number[] = [];
  /** Packets to arrive. */
  readonly arriving: Uint8Array[] = [];
  /** The result of sending a packet: 0 if it is sent, an errno if it fails, -1 if there is no room. */
  fate: (packet: Uint8Array) => number = () => 0;
  disposed = 0;
  waits: number[] = [];
  #lengths: number[] = [];
  #ids: number[] = [];

  constructor(batch = 8) {
    this.traits = { name: "fake", batch, receiveBatch: 16 };
    this.slots = new DataView(new ArrayBuffer(batch * SLOT_LEN));
    new Uint8Array(this.slots.buffer).fill(0xa5);
  }

  reserve(destination: number): number {
    if (this.#lengths.length === this.traits.batch) return -1;
    this.destinations.push(destination);
    return this.#lengths.length * SLOT_LEN + HEADROOM;
  }

  commit(length: number, id: number): void {
    this.#lengths.push(length);
    this.#ids.push(id);
  }

  flush(sink: PacketSink): number {
    let slot = 0;
    for (; slot < this.#lengths.length; slot++) {
      const at = slot * SLOT_LEN + HEADROOM;
      const length = this.#lengths[slot]!;
      const packet = new Uint8Array(this.slots.buffer.slice(at, at + length));
      const fate = this.fate(packet);
      if (fate < 0) {
        this.counters.sendRetries++;
        const rest = this.#lengths.length - slot;
        new Uint8Array(this.slots.buffer).copyWithin(0, slot * SLOT_LEN, this.#lengths.length * SLOT_LEN);
        this.#lengths = this.#lengths.slice(slot);
        this.#ids = this.#ids.slice(slot);
        return rest;
      }
      if (fate > 0) {
        sink.sendFailed(this.slots, at, length, fate, this.#ids[slot]!);
      } else {
        this.sent.push(packet);
        this.counters.sent++;
      }
    }
    this.#lengths = [];
    this.#ids = [];
    return 0;
  }

  receive(sink: PacketSink, nowMs: number): number {
    const packets = this.arriving.splice(0, this.traits.receiveBatch);
    for (const packet of packets) {
      const memory = new Uint8Array(HEADROOM + packet.length + HEADROOM).fill(0xee);
      memory.set(packet, HEADROOM);
      sink.packet(new DataView(memory.buffer), HEADROOM, packet.length, nowMs);
      // The bytes are valid during the call only.
      memory.fill(0x11);
    }
    return packets.length;
  }

  wait(timeoutMs: number): Promise<void> {
    this.waits.push(timeoutMs);
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.disposed++;
  }
}
