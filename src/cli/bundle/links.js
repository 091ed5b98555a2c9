// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { Ai as ETHERTYPE_ARP, Di as MAC_BROADCAST, Ei as writeArpRequest, Fi as setEthernetEthertype, Ft as NoteTable, Ii as setEthernetSource, It as noteCode, Mi as macOf, Mn as SendBatch, Nn as KernelTransport, Pi as setEthernetDestination, Ti as setArpSenderMac, Yt as within, dn as PlainReceiver, fi as Ranges, mi as lastAtMost, mn as SendTimestamps, yn as enlargeSendBuffer } from "./scan.js";
import { nn as openPacketSocket } from "./main.js";


// src/scan/link_checks.ts
var link_checks_exports = /* @__PURE__ */ __exportAll({ LinkChecks: () => LinkChecks });
const PROXY_ARP_NOTE = noteCode("proxy-arp: its hardware address replies to ARP for addresses that no host has too");
const DUPLICATE_NOTE = noteCode("two hardware addresses reply to ARP for it");
const UNOWNED = [
	3221225984,
	3325256704,
	3405803776
];
const UNOWNED_COUNT = 254;
const WAIT_MS = 2;
var LinkChecks = class {
	#prober;
	#book;
	#unowned;
	constructor(prober, links, book) {
		this.#prober = prober;
		this.#book = book;
		const random = 1 + crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(1))[0] % UNOWNED_COUNT;
		this.#unowned = UNOWNED.map((network) => network + random).find((address) => within(links, this.#numberOf(address)).size === 0) ?? 0;
	}
	ask() {
		if (this.#unowned !== 0) this.#prober.request(this.#unowned);
	}
	async settle() {
		if (this.#proxy !== 0) return;
		this.ask();
		await this.#prober.wait(WAIT_MS);
	}
	isProxied(host) {
		const proxy = this.#proxy;
		return proxy !== 0 && this.#prober.macOf(this.#book.address(host)) === proxy;
	}
	get hasProxy() {
		return this.#proxy !== 0;
	}
	notes(proxied) {
		const notes = new NoteTable();
		for (const host of proxied) notes.addHost(host, PROXY_ARP_NOTE);
		for (const { host: address } of this.#prober.duplicates) for (const [host] of this.#numberOf(address)) notes.addHost(host, DUPLICATE_NOTE);
		return notes.rows();
	}
	#numberOf(address) {
		return this.#book.numbers(Ranges.from([[address, address]]));
	}
	get #proxy() {
		this.#prober.lastReplyMs(this.#unowned, performance.now());
		return this.#prober.macOf(this.#unowned);
	}
};

// src/transport/link_prober.ts
var link_prober_exports = /* @__PURE__ */ __exportAll({
	LinkProber: () => LinkProber,
	arpProber: () => arpProber
});
const NO_SINK = {
	packet: () => {},
	sent: () => {},
	sendFailed: () => {}
};
var LinkProber = class {
	#transport;
	#neighbors;
	#write;
	#readAtMs = -1e400;
	constructor(transport, neighbors, write) {
		this.#transport = transport;
		this.#neighbors = neighbors;
		this.#write = write;
	}
	isKnown(host) {
		return this.#neighbors.macOf(host) !== 0;
	}
	macOf(host) {
		return this.#neighbors.macOf(host);
	}
	get moves() {
		return this.#neighbors.moves;
	}
	get duplicates() {
		return this.#neighbors.duplicates;
	}
	wait(ms) {
		return this.#transport.wait(ms);
	}
	request(host) {
		const transport = this.#transport;
		this.#neighbors.expect(host);
		const at = transport.reserve(host);
		if (at < 0) return false;
		transport.commit(this.#write(transport.slots, at, host), -1);
		return transport.flush(NO_SINK, performance.now()) === 0;
	}
	lastReplyMs(host, nowMs) {
		if (nowMs !== this.#readAtMs) this.#transport.receive(NO_SINK, performance.now());
		this.#readAtMs = nowMs;
		return this.#neighbors.lastReplyMs(host);
	}
};
function arpProber(transport, ranges, neighbors) {
	const firsts = Uint32Array.from(ranges, ({ first }) => first);
	return new LinkProber(transport, neighbors, (view, at, address) => {
		const { source } = ranges[Math.max(0, lastAtMost(firsts, address))];
		return writeArpRequest(view, at, source, address);
	});
}

// src/transport/link_transport.ts
var link_transport_exports = /* @__PURE__ */ __exportAll({
	arpPackets: () => arpPackets,
	openLinks: () => openLinks
});
function arpPackets(filter, maxLength) {
	return {
		ethertype: ETHERTYPE_ARP,
		maxLength,
		filter,
		complete(view, at, mac) {
			setArpSenderMac(view, at, mac);
			return MAC_BROADCAST;
		},
		learn: (neighbors, view, at, length, nowMs) => neighbors.receive(view, at, length, nowMs)
	};
}
const COUNT = 64;
const FRAME_AT = 2;
const HEADER_AT = FRAME_AT + 14;
const SLOT_UNIT = 16;
var LinkSender = class {
	fd;
	count = COUNT;
	slotLen;
	headerAt = HEADER_AT;
	slots;
	timestamps;
	#batch;
	#packets;
	#ranges;
	#firsts;
	#macs;
	#addressed = new Int32Array(COUNT).fill(-1);
	constructor(ranges, packets) {
		this.#packets = packets;
		const slotLen = this.slotLen = Math.ceil((HEADER_AT + packets.maxLength) / SLOT_UNIT) * SLOT_UNIT;
		const destination = { protocol: packets.ethertype };
		this.#batch = new SendBatch({
			count: COUNT,
			slotLen,
			sentFrom: FRAME_AT,
			destination
		});
		this.fd = openPacketSocket(3);
		enlargeSendBuffer(this.fd);
		this.timestamps = new SendTimestamps(this.fd, "packet");
		this.#ranges = ranges;
		this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
		this.#macs = ranges.map(({ link }) => macOf(link.hardwareAddress));
		this.slots = this.#batch.slots;
		for (let at = FRAME_AT; at < COUNT * slotLen; at += slotLen) setEthernetEthertype(this.slots, at, packets.ethertype);
	}
	setDestination(index, destination) {
		const range = Math.max(0, lastAtMost(this.#firsts, destination));
		if (this.#addressed[index] === range) return;
		this.#addressed[index] = range;
		setEthernetSource(this.slots, index * this.slotLen + FRAME_AT, this.#macs[range]);
		this.#batch.setInterface(index, this.#ranges[range].link.index);
	}
	setLength(index, length) {
		this.#batch.setLength(index, 14 + length);
	}
	send(from, count) {
		for (let index = from; index < from + count; index++) {
			const at = index * this.slotLen + FRAME_AT;
			const mac = this.#macs[this.#addressed[index]];
			setEthernetDestination(this.slots, at, this.#packets.complete(this.slots, at + 14, mac));
		}
		return this.#batch.send(this.fd, from, count);
	}
	[Symbol.dispose]() {
		this.fd.closeAside();
	}
};
var LinkReceiver = class {
	#inner;
	#packets;
	#neighbors;
	#sink;
	constructor(packets, interfaceIndex, neighbors) {
		this.#inner = new PlainReceiver({
			filter: packets.filter,
			interfaceIndex,
			protocol: packets.ethertype
		});
		this.#packets = packets;
		this.#neighbors = neighbors;
	}
	get fd() {
		return this.#inner.fd;
	}
	drain(sink, maxPackets, nowMs) {
		this.#sink = sink;
		return this.#inner.drain(this, maxPackets, nowMs);
	}
	packet(view, at, length, nowMs) {
		this.#packets.learn(this.#neighbors, view, at, length, nowMs);
		this.#sink.packet(view, at, length, nowMs);
	}
	sent() {}
	sendFailed() {}
	takeDrops() {
		return this.#inner.takeDrops();
	}
	[Symbol.dispose]() {
		this.#inner[Symbol.dispose]();
	}
};
function openLinks(ranges, packets, neighbors, book) {
	using opening = new DisposableStack();
	const sender = opening.use(new LinkSender(ranges, packets));
	const links = new Set(ranges.map(({ link }) => link.index));
	const receiver = opening.use(new LinkReceiver(packets, links.size === 1 ? ranges[0].link.index : 0, neighbors));
	opening.move();
	return new KernelTransport("ethernet", sender, receiver, book);
}

export { link_checks_exports as a, link_prober_exports as i, openLinks as n, LinkProber as r, link_transport_exports as t };