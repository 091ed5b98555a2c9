/**
 * A transport that traces every packet which is sent or received, a line each: for `--packet-trace`.
 *
 * @module
 */

import { describePacket } from "../wire/describe.ts";
import type { PacketSink, Transport, TransportCounters, TransportTraits } from "./transport.ts";

/** Wraps another transport. */
export class TracedTransport implements Transport, PacketSink {
  readonly traits: TransportTraits;
  readonly counters: TransportCounters;
  readonly #inner: Transport;
  readonly #trace: (line: string) => void;
  readonly #describe: typeof describePacket;
  #sink: PacketSink | undefined;
  #reserved = 0;

  /**
   * @param trace Receives a line such as `SENT TCP 192.0.2.1:61000 > ...`.
   * @param describe Describes a packet.
   */
  constructor(inner: Transport, trace: (line: string) => void, describe = describePacket) {
    this.#describe = describe;
    this.#inner = inner;
    this.#trace = trace;
    this.traits = inner.traits;
    this.counters = inner.counters;
  }

  get slots(): DataView {
    return this.#inner.slots;
  }

  reserve(destination: number): number {
    return this.#reserved = this.#inner.reserve(destination);
  }

  commit(length: number, id: number): void {
    this.#trace(`SENT ${this.#describe(this.slots, this.#reserved, length)}`);
    this.#inner.commit(length, id);
  }

  flush(sink: PacketSink, nowMs: number): number {
    this.#sink = sink;
    return this.#inner.flush(this, nowMs);
  }

  receive(sink: PacketSink, nowMs: number): number {
    this.#sink = sink;
    return this.#inner.receive(this, nowMs);
  }

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    this.#trace(`RCVD ${this.#describe(view, at, length)}`);
    this.#sink!.packet(view, at, length, nowMs);
  }

  sent(id: number, sentMs: number): void {
    this.#sink!.sent(id, sentMs);
  }

  sendFailed(view: DataView, at: number, length: number, errno: number, id: number): void {
    this.#trace(`FAIL ${this.#describe(view, at, length)}`);
    this.#sink!.sendFailed(view, at, length, errno, id);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#inner.wait(timeoutMs);
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
  }
}
