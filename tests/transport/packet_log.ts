/**
 * A sink that keeps the packets it is given.
 *
 * @module
 */

import type { PacketSink } from "../../src/transport/transport.ts";
import { toHex } from "../support/packets.ts";

/** Keeps copies, for the bytes change afterwards. */
export class PacketLog implements PacketSink {
  readonly packets: Uint8Array[] = [];
  readonly times: number[] = [];
  readonly left: { readonly id: number; readonly sentMs: number }[] = [];
  readonly failures: { readonly packet: Uint8Array; readonly errno: number }[] = [];

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    this.packets.push(packetBytes(view, at, length));
    this.times.push(nowMs);
  }

  sent(id: number, sentMs: number): void {
    this.left.push({ id, sentMs });
  }

  sendFailed(view: DataView, at: number, length: number, errno: number): void {
    this.failures.push({ packet: packetBytes(view, at, length), errno });
  }

  /** The packets as hexadecimal digits. */
  hex(): string[] {
    return this.packets.map(toHex);
  }
}

function packetBytes(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
}
