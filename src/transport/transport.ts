// Hot path: nothing here may allocate per packet.
/**
 * How packets leave and arrive. A transport lends slots of its send memory (`reserve`, write in place, `commit`), hands
 * them over in batches (`flush`) and gives what has arrived to a sink (`receive`). It knows nothing of probes or ports.
 *
 * @module
 */

/** What a transport takes over from whoever writes packets into its slots. */
export interface TransportTraits {
  /** The name that `--transport` takes, or `simulated`. */
  readonly name: string;
  /** How many packets one `flush` can hand over at most; `reserve` gives -1 once so many wait. */
  readonly batch: number;
  /** How many packets one `receive` gives at most. */
  readonly receiveBatch: number;
  /** Octets that a slot can hold. */
  readonly slotLen: number;
  /** True where the kernel fills in the checksum of the IPv4 header. */
  readonly fillsIpChecksum: boolean;
}

/** Counts since the transport was opened. */
export interface TransportCounters {
  /** Packets that the kernel took. */
  sent: number;
  /** Packets given to the sink. */
  received: number;
  /** How often the kernel had no room (`ENOBUFS`, `EAGAIN`). */
  sendRetries: number;
  /** Packets the kernel dropped before they could be read. */
  receiveDrops: number;
}

/** Who takes what a transport has received. */
export interface PacketSink {
  /**
   * One packet, from its IP header on. The octets are only lent: they change as soon as this call returns.
   *
   * @param view The memory that holds the packet.
   * @param at Where its IP header begins.
   * @param length Captured octets from there on; may be fewer than the header claims.
   * @param nowMs When it arrived, on the scan's clock.
   */
  packet(view: DataView, at: number, length: number, nowMs: number): void;
  /**
   * A packet that was committed with an id has been handed to the kernel.
   *
   * @param sentMs When it left, on the scan's clock: of a batch that took one system call, its share of that call's time, so
   *   that the error is bounded by the length of the call.
   */
  sent(id: number, sentMs: number): void;
  /** A committed packet that the kernel refused for good (not for want of room), and its errno. It was not sent. */
  sendFailed(view: DataView, at: number, length: number, errno: number): void;
}

/** A way for packets to leave and arrive. */
export interface Transport extends Disposable {
  readonly traits: TransportTraits;
  readonly counters: TransportCounters;
  /** The memory in which the slot lies that was lent last. */
  readonly slots: DataView;
  /**
   * Lends the next free slot for a packet to `destination`, an IPv4 address: where in {@linkcode slots} its IP header
   * begins, or -1 when none is free until `flush` has made room.
   */
  reserve(destination: number): number;
  /**
   * Says that the slot lent last holds a packet of `length` octets, IP header included, that is to be sent.
   *
   * @param id Given back to {@linkcode PacketSink.sent} with the time at which the packet left; below 0 if nobody wants it.
   */
  commit(length: number, id: number): void;
  /**
   * Hands committed packets to the kernel. What it had no room for stays queued for the next call.
   *
   * @returns How many packets still wait.
   */
  flush(sink: PacketSink, nowMs: number): number;
  /** Gives what has arrived to the sink, at most a bounded batch; returns how many packets that was. */
  receive(sink: PacketSink, nowMs: number): number;
  /** Resolves when a packet has arrived, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}
