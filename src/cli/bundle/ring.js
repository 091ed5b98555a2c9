// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { Jn as tpacket_req3, Kn as tpacket3_hdr, Qt as bindPacket, Zn as MappedMemory, ar as SyscallError, gr as ETH_P_IP, nn as openPacketSocket, qn as tpacket_block_desc } from "./main.js";
import { En as setOptionIfKnown, On as takePacketDrops, Tn as setOptionAside, bn as attachFilter, hn as ArrivalClock, kn as takeSocketError, wn as setOption } from "./scan.js";
const prepareRing = (function prepareRing() {
	try {
		return new PreparedRing(RING);
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return;
	}
});


// ffi/packet_ring.ts
const FRAME_LEN = 2048;
const BLOCK_STATUS = tpacket_block_desc["hdr.bh1.block_status"];
const PACKET_COUNT = tpacket_block_desc["hdr.bh1.num_pkts"];
const FIRST_PACKET = tpacket_block_desc["hdr.bh1.offset_to_first_pkt"];
var PreparedRing = class {
	size;
	isReady;
	#fd;
	constructor(size) {
		this.size = withDefaults(size);
		const fd = this.#fd = openPacketSocket(2);
		try {
			setOption(fd, 263, 10, 2);
		} catch (error) {
			fd.close();
			throw error;
		}
		this.isReady = setOptionAside(fd, 263, 5, ringRequest(this.size));
	}
	get isFree() {
		return this.#fd !== void 0;
	}
	take() {
		const fd = this.#fd;
		this.#fd = void 0;
		return fd;
	}
	[Symbol.dispose]() {
		const fd = this.#fd;
		this.#fd = void 0;
		if (fd !== void 0) this.isReady.then(() => fd.closeAside());
	}
};
function withDefaults({ blockLen = 262144, blockCount = 32, retireMs = 1 }) {
	return {
		blockLen,
		blockCount,
		retireMs
	};
}
var PacketRing = class PacketRing {
	fd;
	#memory;
	#blockLen;
	#blockCount;
	#block = 0;
	#left = 0;
	#at = 0;
	constructor(fd, memory, blockLen, blockCount) {
		this.fd = fd;
		this.#memory = memory;
		this.#blockLen = blockLen;
		this.#blockCount = blockCount;
	}
	static open(options) {
		const size = withDefaults(options);
		const fd = openPacketSocket(2);
		return PacketRing.#begin(fd, size, options, () => {
			setOption(fd, 263, 10, 2);
			setOption(fd, 263, 5, ringRequest(size));
		});
	}
	static openPrepared(ring, options) {
		return PacketRing.#begin(ring.take(), ring.size, options);
	}
	static #begin(fd, { blockLen, blockCount }, { filter, interfaceIndex, protocol = ETH_P_IP }, setUp = () => {}) {
		let memory;
		try {
			setUp();
			attachFilter(fd, filter);
			setOptionIfKnown(fd, 263, 23, 1);
			memory = new MappedMemory(fd.number, blockLen * blockCount);
			bindPacket(fd, interfaceIndex, protocol);
			return new PacketRing(fd, memory, blockLen, blockCount);
		} catch (error) {
			memory?.[Symbol.dispose]();
			fd.close();
			throw error;
		}
	}
	[Symbol.dispose]() {
		this.#memory[Symbol.dispose]();
		this.fd.closeAside();
	}
	drain(sink, maxPackets) {
		const { view, words } = this.#memory;
		let taken = 0;
		while (taken < maxPackets) {
			const block = this.#block * this.#blockLen;
			if (this.#left === 0) {
				if ((Atomics.load(words, block + BLOCK_STATUS >>> 2) & 1) === 0) break;
				this.#left = view.getUint32(block + PACKET_COUNT, true);
				this.#at = block + view.getUint32(block + FIRST_PACKET, true);
			}
			try {
				while (this.#left > 0 && taken < maxPackets) {
					const at = this.#at;
					this.#at = at + view.getUint32(at + tpacket3_hdr.tp_next_offset, true);
					this.#left--;
					taken++;
					sink.packet(view, at + view.getUint16(at + tpacket3_hdr.tp_net, true), view.getUint32(at + tpacket3_hdr.tp_snaplen, true), view.getUint32(at + tpacket3_hdr.tp_sec, true) * 1e3 + view.getUint32(at + tpacket3_hdr.tp_nsec, true) / 1e6);
				}
			} finally {
				if (this.#left === 0) {
					Atomics.store(words, block + BLOCK_STATUS >>> 2, 0);
					this.#block = (this.#block + 1) % this.#blockCount;
				}
			}
		}
		return taken;
	}
	takeDrops() {
		return takePacketDrops(this.fd);
	}
};
function ringRequest({ blockLen, blockCount, retireMs }) {
	const request = new Uint8Array(tpacket_req3.size);
	const view = new DataView(request.buffer);
	view.setUint32(tpacket_req3.tp_block_size, blockLen, true);
	view.setUint32(tpacket_req3.tp_block_nr, blockCount, true);
	view.setUint32(tpacket_req3.tp_frame_size, FRAME_LEN, true);
	view.setUint32(tpacket_req3.tp_frame_nr, blockLen / FRAME_LEN * blockCount, true);
	view.setUint32(tpacket_req3.tp_retire_blk_tov, retireMs, true);
	return request;
}

// src/transport/ring_receiver.ts
var ring_receiver_exports = /* @__PURE__ */ __exportAll({
	RingReceiver: () => RingReceiver,
	prepareRing: () => prepareRing
});
const RING = {
	blockLen: 32768,
	blockCount: 256,
	retireMs: 2
};

var RingReceiver = class {
	#ring;
	#clock = new ArrivalClock();
	#sink;
	constructor(options, ready) {
		this.#ring = ready === void 0 ? PacketRing.open({
			...options,
			...RING
		}) : PacketRing.openPrepared(ready, options);
	}
	get fd() {
		return this.#ring.fd;
	}
	drain(sink, maxPackets, nowMs) {
		this.#sink = sink;
		this.#clock.begin(nowMs);
		const count = this.#ring.drain(this, maxPackets);
		if (count < maxPackets) this.#clock.emptied();
		return count;
	}
	packet(view, at, length, unixMs) {
		this.#sink.packet(view, at, length, this.#clock.arrival(unixMs));
	}
	takeDrops() {
		takeSocketError(this.#ring.fd);
		return this.#ring.takeDrops();
	}
	[Symbol.dispose]() {
		this.#ring[Symbol.dispose]();
	}
};

export { ring_receiver_exports as t };