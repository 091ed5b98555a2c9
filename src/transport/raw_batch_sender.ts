// Hot path: nothing here may allocate per packet.
/**
 * A raw IP socket with many packets a call: `sendmmsg` over headers that are built once.
 *
 * @module
 */

import { SendBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/socket.ts";
import type { Sender } from "./send_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";
import { openRawIp, type RawIpOptions } from "./raw_sender.ts";

const COUNT = 128;
const SLOT_LEN = 64;

/** Sends a batch a call. */
export class BatchedSender implements Sender {
  readonly fd: Fd;
  readonly count = COUNT;
  readonly slotLen = SLOT_LEN;
  readonly headerAt = 0;
  readonly slots: DataView;
  readonly timestamps: SendTimestamps;
  readonly #batch = new SendBatch({ count: COUNT, slotLen: SLOT_LEN, destination: "inet4" });

  /** @throws {SyscallError} As `openRawIp`. */
  constructor(options: RawIpOptions) {
    this.fd = openRawIp(options);
    this.timestamps = new SendTimestamps(this.fd, "ip");
    this.slots = this.#batch.slots;
  }

  setDestination(index: number, destination: number): void {
    this.#batch.setDestination(index, destination);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, length);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, count);
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}
