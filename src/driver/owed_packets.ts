// Hot path: nothing here may allocate per packet.
/**
 * The packets that are owed after replies: a bounded queue of what they are written from, since nothing is sent from inside the
 * receive path.
 *
 * @module
 */

import { NOT_A_REPLY } from "../result/reply_kind.ts";
import type { OwedReply, Reply } from "../technique/technique.ts";

/** A ring of the fields of replies. */
export class OwedPackets implements OwedReply {
  /** The fields of the first. */
  kind = NOT_A_REPLY;
  host = 0;
  port = 0;
  ownPort = 0;
  number = 0;
  /** The address that the first is sent from. */
  source = 0;
  /** The number of packets that are owed. */
  count = 0;
  readonly #capacity: number;
  #head = 0;
  /** Host, own address, number, and both ports, of each. */
  readonly #fields: Uint32Array;
  readonly #kinds: Uint8Array;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#fields = new Uint32Array(capacity * 4);
    this.#kinds = new Uint8Array(capacity);
  }

  /** Adds one; where there is no room it is dropped, and the host repeats its reply. */
  add(reply: Reply, kind: number): void {
    if (this.count === this.#capacity) return;
    const index = (this.#head + this.count++) % this.#capacity;
    const fields = this.#fields;
    fields[4 * index] = reply.host;
    fields[4 * index + 1] = reply.ownAddress;
    fields[4 * index + 2] = reply.number;
    fields[4 * index + 3] = reply.port << 16 | reply.ownPort;
    this.#kinds[index] = kind;
  }

  /** Sets the fields to those of the first. */
  read(): void {
    const at = 4 * this.#head;
    this.host = this.#fields[at]!;
    this.source = this.#fields[at + 1]!;
    this.number = this.#fields[at + 2]!;
    this.port = this.#fields[at + 3]! >>> 16;
    this.ownPort = this.#fields[at + 3]! & 0xffff;
    this.kind = this.#kinds[this.#head]!;
  }

  /** Removes the first. */
  remove(): void {
    this.#head = (this.#head + 1) % this.#capacity;
    this.count--;
  }
}
