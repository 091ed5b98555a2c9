// Hot path: nothing here may allocate per packet.
/**
 * AF_PACKET, packet(7): a receive ring that is read in place (TPACKET_V3, the kernel's
 * Documentation/networking/packet_mmap.rst).
 *
 * @module
 */

import {
  ETH_P_IP,
  PACKET_IGNORE_OUTGOING,
  PACKET_RX_RING,
  PACKET_VERSION,
  SOCK_DGRAM,
  SOL_PACKET,
  TP_STATUS_KERNEL,
  TP_STATUS_USER,
  TPACKET_V3,
} from "./constants.ts";
import { tpacket3_hdr, tpacket_block_desc, tpacket_req3 } from "./layout.ts";
import { MappedMemory } from "./memory.ts";
import type { Fd } from "./fd.ts";
import { bindPacket, openPacketSocket } from "./socket.ts";
import { attachFilter, setOption, setOptionAside, setOptionIfKnown, takePacketDrops } from "./socket_options.ts";

/** A receiver of the packets of a ring. */
export interface RingSink {
  /**
   * Receives one packet, from its IP header on. Its bytes change as soon as this call returns.
   *
   * @param view The memory that holds the packet.
   * @param at Where its IP header begins.
   * @param length Captured bytes from there on.
   * @param unixMs When the kernel received it, in milliseconds since 1970, with fractions.
   */
  packet(view: DataView, at: number, length: number, unixMs: number): void;
}

/** The size of a ring. */
interface PacketRingSize {
  /** Bytes in a block; a multiple of the page size. 256 KiB unless told otherwise. */
  blockLen?: number;
  /** The number of blocks; 32 by default. */
  blockCount?: number;
  /** The longest time that the kernel keeps back a block which is not full; 1 ms by default. */
  retireMs?: number;
}

/** The packets of a ring, and its size. */
export interface PacketRingOptions extends PacketRingSize {
  /** Packets of this interface only; 0 for every interface. */
  interfaceIndex: number;
  /** A classic BPF program over packets that begin at the IP header, see bpf.ts. */
  filter: Uint8Array;
  /** Their Ethernet type; IPv4 if not given. */
  protocol?: number;
}

/** The kernel needs frames to divide blocks; TPACKET_V3 packs packets without regard to them. */
const FRAME_LEN = 2048;

const BLOCK_STATUS = tpacket_block_desc["hdr.bh1.block_status"];
const PACKET_COUNT = tpacket_block_desc["hdr.bh1.num_pkts"];
const FIRST_PACKET = tpacket_block_desc["hdr.bh1.offset_to_first_pkt"];

/**
 * A ring that the kernel sets up on a thread of Deno's pool, as it waits there for all processors (RCU), some 10 ms. The memory
 * is there as soon as {@linkcode isReady} has resolved to true.
 */
export class PreparedRing implements Disposable {
  readonly size: Required<PacketRingSize>;
  /** Resolves to false if the kernel refuses. */
  readonly isReady: Promise<boolean>;
  #fd: Fd | undefined;

  /** @throws {SyscallError} If no packet socket can be opened. */
  constructor(size: PacketRingSize) {
    this.size = withDefaults(size);
    const fd = this.#fd = openPacketSocket(SOCK_DGRAM);
    try {
      setOption(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V3);
    } catch (error) {
      fd.close();
      throw error;
    }
    this.isReady = setOptionAside(fd, SOL_PACKET, PACKET_RX_RING, ringRequest(this.size));
  }

  /** False once its socket has been taken. */
  get isFree(): boolean {
    return this.#fd !== undefined;
  }

  /** Gives the socket, which must not have been taken, to the caller. */
  take(): Fd {
    const fd = this.#fd!;
    this.#fd = undefined;
    return fd;
  }

  [Symbol.dispose](): void {
    const fd = this.#fd;
    this.#fd = undefined;
    // Not before the kernel has done with it.
    if (fd !== undefined) void this.isReady.then(() => fd.closeAside());
  }
}

function withDefaults({ blockLen = 256 * 1024, blockCount = 32, retireMs = 1 }: PacketRingSize) {
  return { blockLen, blockCount, retireMs };
}

/** Received packets in memory that the kernel fills. */
export class PacketRing implements Disposable {
  /** Readable (`POLLIN`) when a block is full, or old enough. */
  readonly fd: Fd;
  readonly #memory: MappedMemory;
  readonly #blockLen: number;
  readonly #blockCount: number;
  #block = 0;
  /** Packets of the block that are still to be read; 0 before a block is opened. */
  #left = 0;
  /** The offset of the next one. */
  #at = 0;

  private constructor(fd: Fd, memory: MappedMemory, blockLen: number, blockCount: number) {
    this.fd = fd;
    this.#memory = memory;
    this.#blockLen = blockLen;
    this.#blockCount = blockCount;
  }

  /**
   * Opens a ring. Packets begin at the IP header on every kind of link; this machine's own outgoing packets are not
   * among them, and none that arrived before the filter was in place.
   *
   * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`, `ENOMEM` for too large a ring.
   */
  static open(options: PacketRingOptions): PacketRing {
    const size = withDefaults(options);
    const fd = openPacketSocket(SOCK_DGRAM);
    return PacketRing.#begin(fd, size, options, () => {
      setOption(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V3);
      setOption(fd, SOL_PACKET, PACKET_RX_RING, ringRequest(size));
    });
  }

  /**
   * Opens a ring that is ready; otherwise like {@linkcode open}.
   *
   * @throws {SyscallError} If the kernel refuses.
   */
  static openPrepared(ring: PreparedRing, options: Omit<PacketRingOptions, keyof PacketRingSize>): PacketRing {
    return PacketRing.#begin(ring.take(), ring.size, options);
  }

  static #begin(
    fd: Fd,
    { blockLen, blockCount }: Required<PacketRingSize>,
    { filter, interfaceIndex, protocol = ETH_P_IP }: Omit<PacketRingOptions, keyof PacketRingSize>,
    setUp = () => {},
  ): PacketRing {
    let memory: MappedMemory | undefined;
    try {
      // Protocol 0 until it is bound: nothing arrives before the filter is there.
      setUp();
      attachFilter(fd, filter);
      // Linux 4.20. A socket bound to one protocol does not see outgoing packets anyway.
      setOptionIfKnown(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
      memory = new MappedMemory(fd.number, blockLen * blockCount);
      bindPacket(fd, interfaceIndex, protocol);
      return new PacketRing(fd, memory, blockLen, blockCount);
    } catch (error) {
      memory?.[Symbol.dispose]();
      fd.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
    this.fd.closeAside();
  }

  /**
   * Gives what has arrived to the sink, `maxPackets` at most; what is left, also of a block that was begun, comes with
   * the next call.
   *
   * @returns How many packets that was.
   */
  drain(sink: RingSink, maxPackets: number): number {
    const { view, words } = this.#memory;
    let taken = 0;
    while (taken < maxPackets) {
      const block = this.#block * this.#blockLen;
      if (this.#left === 0) {
        // An atomic load: the kernel writes this word last, and nothing of the block may be read before it.
        if ((Atomics.load(words, block + BLOCK_STATUS >>> 2) & TP_STATUS_USER) === 0) break;
        this.#left = view.getUint32(block + PACKET_COUNT, true);
        this.#at = block + view.getUint32(block + FIRST_PACKET, true);
      }
      try {
        while (this.#left > 0 && taken < maxPackets) {
          const at = this.#at;
          // Moved on before the sink is called, so that a sink that throws sees no packet twice.
          this.#at = at + view.getUint32(at + tpacket3_hdr.tp_next_offset, true);
          this.#left--;
          taken++;
          sink.packet(
            view,
            at + view.getUint16(at + tpacket3_hdr.tp_net, true),
            view.getUint32(at + tpacket3_hdr.tp_snaplen, true),
            view.getUint32(at + tpacket3_hdr.tp_sec, true) * 1000 +
              view.getUint32(at + tpacket3_hdr.tp_nsec, true) / 1e6,
          );
        }
      } finally {
        // Also when the sink throws at the last packet of a block, which would be read again.
        if (this.#left === 0) {
          Atomics.store(words, block + BLOCK_STATUS >>> 2, TP_STATUS_KERNEL);
          this.#block = (this.#block + 1) % this.#blockCount;
        }
      }
    }
    return taken;
  }

  /** Packets that found no room in the ring since the last call. */
  takeDrops(): number {
    return takePacketDrops(this.fd);
  }
}

function ringRequest({ blockLen, blockCount, retireMs }: Required<PacketRingSize>): Uint8Array {
  const request = new Uint8Array(tpacket_req3.size);
  const view = new DataView(request.buffer);
  view.setUint32(tpacket_req3.tp_block_size, blockLen, true);
  view.setUint32(tpacket_req3.tp_block_nr, blockCount, true);
  view.setUint32(tpacket_req3.tp_frame_size, FRAME_LEN, true);
  view.setUint32(tpacket_req3.tp_frame_nr, blockLen / FRAME_LEN * blockCount, true);
  view.setUint32(tpacket_req3.tp_retire_blk_tov, retireMs, true);
  return request;
}
