// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { Bi as getRoute, Br as writeTcp, Er as writeUdp, Fi as setEthernetEthertype, Gi as dumpNeighbours, Hi as routeChangeParser, Ii as setEthernetSource, Ji as getLink, Ki as removeNeighbour, Mi as macOf, Mn as SendBatch, Or as fillTcpChecksum, Pi as setEthernetDestination, Qi as Netlink, Qr as writeIpv4, Ui as USABLE_STATES, Vi as isRouted, Wi as addNeighbour, ea as INET, fn as openRawIp, ji as ETHERTYPE_IPV4, mi as lastAtMost, mn as SendTimestamps, pn as slotLenFor, qr as pseudoHeaderSum, yn as enlargeSendBuffer } from "./scan.js";
import { $n as pin, ar as SyscallError, dn as sendTo, ir as ERRNO, nn as openPacketSocket, on as pinInet4 } from "./main.js";


// src/transport/moved_hosts.ts
const MAX_PARTS = 64;
const LOOKED_UP_RANGES = 64;
var MovedHosts = class {
	#ranges;
	#firsts;
	#parse;
	#netlink;
	#isRouted;
	#parts = [];
	unmovedFirst = 0;
	unmovedLast = 0;
	constructor(ranges, { groups, parse }, isRouted) {
		this.#ranges = ranges;
		this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
		this.#parse = parse;
		this.#isRouted = isRouted;
		this.#netlink = new Netlink(0, groups);
	}
	refresh() {
		const news = this.#netlink.news(this.#parse);
		if (news?.length === 0) return false;
		const before = this.#parts;
		const changes = news?.flatMap(({ hosts, isRule }) => hosts.map((range) => ({
			...range,
			isRule
		})));
		if (changes === void 0) this.#moveAll();
		else for (const change of changes.sort((a, b) => sizeOf(a) - sizeOf(b))) this.#onChange(change, change.isRule);
		return this.#parts !== before;
	}
	hasMoved(host, { first, last }) {
		this.unmovedFirst = first;
		this.unmovedLast = last;
		for (const part of this.#parts) if (host > part.last) this.unmovedFirst = Math.max(this.unmovedFirst, part.last + 1);
		else if (host < part.first) this.unmovedLast = Math.min(this.unmovedLast, part.first - 1);
		else return true;
		return false;
	}
	[Symbol.dispose]() {
		this.#netlink[Symbol.dispose]();
	}
	#onChange(hosts, isRule) {
		for (let i = Math.max(0, lastAtMost(this.#firsts, hosts.first)); i < this.#ranges.length; i++) {
			const range = this.#ranges[i];
			if (range.first > hosts.last) return;
			let first = Math.max(hosts.first, range.first);
			let last = Math.min(hosts.last, range.last);
			for (const part of this.#parts) {
				if (part.first <= first && first <= part.last) first = part.last + 1;
				if (part.first <= last && last <= part.last) last = part.first - 1;
			}
			if (first > last) continue;
			if (!isRule && i < LOOKED_UP_RANGES && this.#isUnmoved(first, range) && this.#isUnmoved(last, range)) continue;
			if (this.#parts.length === MAX_PARTS) return this.#moveAll();
			this.#parts = [...this.#parts, {
				first,
				last
			}];
		}
	}
	#isUnmoved(host, range) {
		try {
			return this.#isRouted(host, range);
		} catch (error) {
			if (!(error instanceof SyscallError)) throw error;
			return false;
		}
	}
	#moveAll() {
		this.#parts = [{
			first: 0,
			last: 1e400
		}];
	}
};
function sizeOf({ first, last }) {
	return last - first;
}

// src/transport/ethernet_sender.ts
var ethernet_sender_exports = /* @__PURE__ */ __exportAll({ EthernetSender: () => EthernetSender });
const COUNT = 128;
const SHARED_COUNT = 1024;
const FRAME_AT = 2;
const HEADER_AT = FRAME_AT + 14;
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 250;
const NEWS_EVERY_MS = 4;
const LOOK_RESPITE = 20;
const WATCHED_RANGES = 64;
const UNSENT = 0;
const IN_FLIGHT = 1;
const ALLOWED = 2;
const DUE = 3;
const REFUSED = 4;
const FIRST_PACKETS = 16;
function ipv4NextHops(book, constraints) {
	const parseChange = routeChangeParser(INET);
	return {
		ethertype: ETHERTYPE_IPV4,
		neighbours: (interfaceIndex, netlink) => dumpNeighbours(INET, netlink).filter((neighbour) => neighbour.interfaceIndex === interfaceIndex),
		isRoutedBy: (host, interfaceIndex, gateway, netlink) => {
			const answer = getRoute(book.address(host), {
				...constraints,
				netlink
			});
			return isRouted(answer) && answer.type === "unicast" && answer.interfaceIndex === interfaceIndex && answer.gateway === gateway && answer.gateway6 === void 0;
		},
		routeNews: {
			groups: INET.routeGroups,
			parse(view, at, length) {
				const change = parseChange(view, at, length);
				if (change === void 0) return void 0;
				const { destination, prefixLen, isRule } = change;
				const last = destination + 2 ** (32 - prefixLen) - 1;
				return {
					hosts: [{
						first: book.lastUpTo(destination - 1) + 1,
						last: book.lastUpTo(last)
					}],
					isRule
				};
			}
		}
	};
}
var EthernetSender = class {
	fd;
	count;
	slotLen;
	headerAt = HEADER_AT;
	slots;
	timestamps;
	#thread;
	#batch;
	#link;
	#ranges;
	#firsts;
	#book;
	#nextHops;
	#open;
	#neighborState;
	#requested = [];
	#passed = 0;
	#policies;
	#moved;
	#netlink;
	#neighbors;
	#addresses = /* @__PURE__ */ new Map();
	#stale = /* @__PURE__ */ new Set();
	#gateways;
	#addressed;
	#source = 0;
	#refreshedAt = -1e400;
	#newsAt = -1e400;
	#everyMs = FIRST_LOOK_MS;
	#destination = -1;
	#index = -1;
	#hardware = 0;
	#sameFirst = 1e400;
	#sameLast = -1;
	#latest = -1;
	constructor(link, options) {
		const { ranges, book, constraints, maxLength, policies, neighbors } = options;
		this.#nextHops = options.nextHops ?? ipv4NextHops(book, constraints);
		const { ethertype } = this.#nextHops;
		this.slotLen = HEADER_AT + slotLenFor(maxLength);
		this.#thread = options.thread;
		const count = this.count = this.isShared ? SHARED_COUNT : COUNT;
		this.#addressed = new Float64Array(count);
		this.#book = book;
		using opening = new DisposableStack();
		this.fd = opening.use(openPacketSocket(3));
		enlargeSendBuffer(this.fd);
		this.timestamps = new SendTimestamps(this.fd, "packet");
		this.#batch = new SendBatch({
			count,
			slotLen: this.slotLen,
			sentFrom: FRAME_AT,
			destination: {
				interfaceIndex: link.index,
				protocol: ethertype
			}
		});
		this.#link = link;
		this.#ranges = ranges;
		this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
		this.#policies = policies;
		this.#neighbors = neighbors;
		this.#open = ranges.map(() => true);
		this.#neighborState = Uint8Array.from(ranges, ({ isAllowed }) => isAllowed === void 0 ? UNSENT : isAllowed ? ALLOWED : REFUSED);
		this.#gateways = new Float64Array(ranges.length);
		this.slots = this.#batch.slots;
		for (let index = 0; index < count; index++) setEthernetEthertype(this.slots, index * this.slotLen + FRAME_AT, ethertype);
		this.#netlink = opening.use(new Netlink());
		this.#moved = opening.use(new MovedHosts(ranges, this.#nextHops.routeNews, (host, { gateway }) => this.#isRoutedHere(host, gateway)));
		opening.move();
	}
	canSend(destination) {
		if (destination !== this.#destination) {
			this.#destination = this.#latest = destination;
			if (destination < this.#sameFirst || destination > this.#sameLast) this.#hardware = this.#find(destination);
		}
		return this.#hardware !== 0;
	}
	#removeNeighbor() {
		this.#destination = -1;
		this.#sameFirst = 1e400;
	}
	refresh(nowMs) {
		if (nowMs - this.#newsAt >= NEWS_EVERY_MS) {
			this.#newsAt = nowMs;
			if (this.#moved.refresh()) this.#removeNeighbor();
		}
		if (nowMs - this.#refreshedAt < this.#everyMs) return;
		this.#refreshedAt = nowMs;
		const beganMs = performance.now();
		this.#removeNeighbor();
		try {
			this.#look();
		} catch (error) {
			if (!(error instanceof SyscallError)) throw error;
			this.#open.fill(false);
		}
		const tookMs = performance.now() - beganMs;
		this.#everyMs = Math.max(Math.min(LAST_LOOK_MS, this.#everyMs * 2), tookMs * LOOK_RESPITE);
	}
	sentByKernel() {
		const index = this.#index;
		const state = index < 0 ? REFUSED : this.#neighborState[index];
		if (state === UNSENT || state === IN_FLIGHT) {
			if (state === UNSENT) this.#requested.push(index);
			this.#neighborState[index] = IN_FLIGHT;
			this.#passed++;
		} else if (state === DUE || state === ALLOWED) {
			this.#neighborState[index] = ALLOWED;
			this.#stale.delete(this.#book.address(this.#destination));
			this.#removeNeighbor();
		}
	}
	onSendError(destination, errno) {
		if (errno !== ERRNO.EPERM) return;
		const index = this.#rangeOf(destination);
		if (index >= 0) this.#neighborState[index] = REFUSED;
		this.#removeNeighbor();
	}
	kernelSendsDone() {
		if (this.#requested.length === 0) return;
		for (const index of this.#requested) {
			if (this.#neighborState[index] !== IN_FLIGHT) continue;
			const isEnough = this.#ranges[index].gateway === void 0 || this.#passed >= FIRST_PACKETS;
			this.#neighborState[index] = isEnough ? ALLOWED : UNSENT;
		}
		this.#requested.length = 0;
		this.#removeNeighbor();
	}
	get linkName() {
		return this.#link.name;
	}
	setDestination(index) {
		if (this.#addressed[index] === this.#hardware) return;
		this.#addressed[index] = this.#hardware;
		setEthernetDestination(this.slots, index * this.slotLen + FRAME_AT, this.#hardware);
	}
	setLength(index, length) {
		this.#batch.setLength(index, 14 + length);
	}
	get messages() {
		return this.#batch.messages;
	}
	get isShared() {
		return this.#thread !== void 0;
	}
	threadQueue() {
		return this.#thread && new this.#thread.ThreadQueue(this, this.#thread.thread);
	}
	send(from, count) {
		return this.#batch.send(this.fd, from, count);
	}
	[Symbol.dispose]() {
		this.fd.closeAside();
		this.#policies[Symbol.dispose]();
		this.#moved[Symbol.dispose]();
		this.#netlink[Symbol.dispose]();
	}
	#look() {
		const own = getLink(this.#link.index, this.#netlink)?.hardwareAddress;
		if (own?.length !== 6) {
			this.#open.fill(false);
			return;
		}
		this.#comeFrom(macOf(own));
		const addresses = /* @__PURE__ */ new Map();
		const stale = /* @__PURE__ */ new Set();
		for (const { address, state, hardwareAddress } of this.#nextHops.neighbours(this.#link.index, this.#netlink)) {
			if (!USABLE_STATES.has(state) || hardwareAddress?.length !== 6) continue;
			addresses.set(address, macOf(hardwareAddress));
			if (state === "stale") stale.add(address);
		}
		this.#addresses = addresses;
		this.#stale = stale;
		const policies = this.#policies.any();
		this.#ranges.forEach((range, i) => {
			const { first, last, gateway } = range;
			this.#gateways[i] = gateway === void 0 ? 0 : addresses.get(gateway) ?? 0;
			if (policies) this.#neighborState[i] = REFUSED;
			else if (this.#neighborState[i] === ALLOWED) this.#neighborState[i] = DUE;
			const sample = this.#moved.hasMoved(first, range) ? last : first;
			this.#open[i] = i >= WATCHED_RANGES || this.#isRoutedHere(sample, gateway);
		});
		const latest = this.#latest < 0 ? -1 : this.#rangeOf(this.#latest);
		if (latest < 0 || !this.#open[latest] || this.#moved.hasMoved(this.#latest, this.#ranges[latest])) return;
		if (!this.#isRoutedHere(this.#latest, this.#ranges[latest].gateway)) this.#neighborState[latest] = REFUSED;
	}
	#comeFrom(source) {
		if (source === this.#source) return;
		this.#source = source;
		for (let index = 0; index < this.count; index++) setEthernetSource(this.slots, index * this.slotLen + FRAME_AT, source);
	}
	#isRoutedHere(destination, gateway) {
		return this.#nextHops.isRoutedBy(destination, this.#link.index, gateway, this.#netlink);
	}
	#find(destination) {
		const index = this.#index = this.#rangeOf(destination);
		this.#sameFirst = 1e400;
		if (index < 0 || !this.#open[index]) return 0;
		const range = this.#ranges[index];
		if (this.#moved.hasMoved(destination, range)) {
			this.#index = -1;
			return 0;
		}
		const { gateway } = range;
		const address = this.#book.address(destination);
		const state = this.#neighborState[index];
		if (state === DUE && gateway === void 0 && !this.#addresses.has(address)) return this.#neighbors?.macOf(address) ?? 0;
		if (state !== ALLOWED) return 0;
		if (gateway !== void 0) {
			this.#sameFirst = this.#moved.unmovedFirst;
			this.#sameLast = this.#moved.unmovedLast;
			return this.#gateways[index];
		}
		if (this.#stale.size > 0 && this.#stale.has(address)) return 0;
		return this.#addresses.get(address) ?? this.#neighbors?.macOf(address) ?? 0;
	}
	#rangeOf(destination) {
		const index = lastAtMost(this.#firsts, destination);
		return index >= 0 && destination <= this.#ranges[index].last ? index : -1;
	}
};

// src/transport/firewall_check.ts
var firewall_check_exports = /* @__PURE__ */ __exportAll({ isAllowedByFirewall: () => isAllowedByFirewall });
const MAX_TRIES = 4;
const PACKET_LEN = 20 + 20;
const HTTPS = 443;
function isAllowedByFirewall({ link, first, last, source, sourcePort, isUdp = false }, raw) {
	try {
		using netlink = new Netlink();
		using fd = openRawIp(raw);
		for (let tries = 0, address = first; tries < MAX_TRIES && address <= last; tries++, address++) {
			if (address === source) continue;
			const errno = addNeighbour(link.index, address, link.hardwareAddress, netlink);
			if (errno === ERRNO.EEXIST) continue;
			if (errno !== 0) return void 0;
			const packet = pin(PACKET_LEN);
			const protocol = isUdp ? 17 : 6;
			const at = writeIpv4(packet.view, 0, {
				source,
				destination: address,
				protocol,
				totalLen: PACKET_LEN
			});
			if (isUdp) {
				const length = PACKET_LEN - at;
				writeUdp(packet.view, at, sourcePort, HTTPS, length, pseudoHeaderSum(source, address, protocol, length));
			} else {
				const ports = {
					sourcePort,
					destinationPort: HTTPS
				};
				writeTcp(packet.view, at, {
					...ports,
					seq: 0,
					ack: 0,
					flags: 2,
					window: 1024
				});
				fillTcpChecksum(packet.view, at, 20, source, address);
			}
			const sent = sendTo(fd, packet, 0, PACKET_LEN, pinInet4(address, 0));
			removeNeighbour(link.index, address, netlink);
			return sent === PACKET_LEN ? true : sent === -ERRNO.EPERM ? false : void 0;
		}
		return;
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return;
	}
}

export { ethernet_sender_exports as n, firewall_check_exports as t };