// Hot path: nothing here may allocate per packet.
/**
 * Sending and receiving of packets. A packet is written in place into a slot of a transport's send memory (`reserve`, `commit`)
 * and sent with its batch (`flush`); received packets go to a sink (`receive`). A transport does not depend on probes or ports.
 *
 * @module
 */

/** Properties of a transport that the writer of packets depends on. */
export interface TransportTraits {
  /** The name that `--transport` takes, or `sockets`, or `simulated`. */
  readonly name: string;
  /** The most packets that one `flush` can send; `reserve` returns -1 once so many wait. */
  readonly batch: number;
  /** The most packets that one `receive` returns. */
  readonly receiveBatch: number;
}

/** Counts since the transport was opened. */
export interface TransportCounters {
  /** Packets that the kernel took. */
  sent: number;
  /** Packets given to the sink. */
  received: number;
  /** The number of times that the kernel had no room (`ENOBUFS`, `EAGAIN`). */
  sendRetries: number;
  /** Packets the kernel dropped before they could be read. */
  receiveDrops: number;
}

/** A receiver of packets, and of the results of sending. */
export interface PacketSink {
  /**
   * Receives one packet, from its IP header on, or from what else follows the link's header. Its bytes change as soon as this call
   * returns.
   *
   * @param view The memory that holds the packet.
   * @param at Where it begins.
   * @param length Captured bytes from there on; may be fewer than the header claims.
   * @param nowMs When it arrived, on the scan's clock.
   */
  packet(view: DataView, at: number, length: number, nowMs: number): void;
  /**
   * Reports that a packet which was committed with an id was sent.
   *
   * @param sentMs When it left, on the scan's clock: of a batch that took one system call, its share of that call's time, so
   *   that the error is bounded by the length of the call.
   */
  sent(id: number, sentMs: number): void;
  /**
   * Reports a committed packet that the kernel refused for good (not because of missing room), and its errno. It was not sent.
   *
   * @param id The id that it was committed with.
   */
  sendFailed(view: DataView, at: number, length: number, errno: number, id: number): void;
}

/** Sends and receives packets. */
export interface Transport extends Disposable {
  readonly traits: TransportTraits;
  readonly counters: TransportCounters;
  /** The memory of the slot that was reserved last. */
  readonly slots: DataView;
  /**
   * Reserves the next free slot for a packet to `host`. Returns the offset in {@linkcode slots} of its IP
   * header, or of what else follows the link's header; -1 when no slot is free until `flush` has made room.
   */
  reserve(host: number): number;
  /**
   * Commits the slot that was reserved last: a packet of `length` bytes, IP header included.
   *
   * @param id Passed to {@linkcode PacketSink.sent} with the time at which the packet left; below 0 for none.
   */
  commit(length: number, id: number): void;
  /**
   * Sends committed packets. Those that the kernel had no room for stay queued for the next call.
   *
   * @returns The number of packets that still wait.
   */
  flush(sink: PacketSink, nowMs: number): number;
  /** Passes received packets to the sink, at most a batch; returns their number. */
  receive(sink: PacketSink, nowMs: number): number;
  /** Resolves when a packet has arrived, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}
