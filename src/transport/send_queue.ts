// Hot path: nothing here may allocate per packet.
/**
 * Packets in the slots of a sender: written in place, sent in order, and only what the kernel did not take sent again.
 *
 * @module
 */

import type { Fd } from "../../ffi/socket.ts";
import { isNoRoom } from "./send_errors.ts";
import type { PacketSink, TransportCounters } from "./transport.ts";

/** Something that packets leave through: slots in a row, sent in order. */
export interface Sender extends Disposable {
  readonly fd: Fd;
  /** How many slots there are. */
  readonly count: number;
  /** Octets from one slot to the next. */
  readonly slotLen: number;
  /** Octets of a slot before the IP header. */
  readonly headerAt: number;
  /** The slots. */
  readonly slots: DataView;
  /** Says that slot `index` is for `destination`. */
  setDestination(index: number, destination: number): void;
  /** Says how many octets of slot `index` are sent, from the IP header on. */
  setLength(index: number, length: number): void;
  /** Sends slots from `from` on; returns how many the kernel took, at least one, or the errno as a negative number. */
  send(from: number, count: number): number;
}

/** The slots of one sender. */
export class SendQueue {
  readonly sender: Sender;
  /** True after a flush for which the kernel had no room. */
  blocked = false;
  readonly #lengths: Uint16Array;
  #sent = 0;
  #committed = 0;

  constructor(sender: Sender) {
    this.sender = sender;
    this.#lengths = new Uint16Array(sender.count);
  }

  /** As `Transport.reserve`. */
  reserve(destination: number): number {
    const { sender } = this;
    if (this.#committed === sender.count) return -1;
    sender.setDestination(this.#committed, destination);
    return this.#committed * sender.slotLen + sender.headerAt;
  }

  /** As `Transport.commit`. */
  commit(length: number): void {
    const index = this.#committed++;
    if (this.#lengths[index] === length) return;
    this.#lengths[index] = length;
    this.sender.setLength(index, length);
  }

  /** As `Transport.flush`. */
  flush(sink: PacketSink, counters: TransportCounters): number {
    const { sender } = this;
    this.blocked = false;
    while (this.#sent < this.#committed) {
      const result = sender.send(this.#sent, this.#committed - this.#sent);
      if (result > 0) {
        this.#sent += result;
        counters.sent += result;
      } else if (isNoRoom(-result)) {
        counters.sendRetries++;
        this.blocked = true;
        return this.#committed - this.#sent;
      } else {
        const index = this.#sent++;
        const at = index * sender.slotLen + sender.headerAt;
        sink.sendFailed(sender.slots, at, this.#lengths[index]!, -result);
      }
    }
    this.#sent = 0;
    this.#committed = 0;
    return 0;
  }
}
