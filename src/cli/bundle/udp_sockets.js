// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $n as pin, Bn as sockaddr_in, Gn as timespec, Ln as sock_extended_err, Vn as sockaddr_in6, Yt as readTimespecMs, Zt as bindInet4, ar as SyscallError, cr as errnoText, hn as raiseDescriptorLimit, ir as ERRNO, lr as lastErrno, mn as Fd, mr as EPOLL_CLOEXEC, or as check, rn as openSocket, ur as libc, vn as epoll_event, yr as MSG_ERRQUEUE } from "./main.js";
import { Cr as udpDestinationPort, Dn as socketDrops, En as setOptionIfKnown, Er as writeUdp, Gr as ipv4Source, Mn as SendBatch, Nn as KernelTransport, Qr as writeIpv4, Tr as udpSourcePort, cn as reservePorts, di as isNoRoom, hn as ArrivalClock, ii as setIcmpv4Checksum, jn as ReceiveBatch, oi as writeIcmpv4, pn as slotLenFor, qr as pseudoHeaderSum, si as checksum, sn as reserveFreePorts, ui as RAISE_LIMIT, vn as enlargeReceiveBuffer, wn as setOption, xn as bindToDevice, yn as enlargeSendBuffer } from "./scan.js";
import { CannotScanError } from "./library.js";


// ffi/epoll.ts
var Epoll = class {
	fd;
	batch;
	#request = pin(epoll_event.size);
	#found;
	constructor(batch) {
		this.fd = new Fd(check(libc().epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
		this.batch = batch;
		this.#found = pin(batch * epoll_event.size);
	}
	add(fd, events, data, tag = 0) {
		const { view, pointer } = this.#request;
		view.setUint32(epoll_event.events, events, true);
		view.setUint32(epoll_event.data, data, true);
		view.setUint32(epoll_event.data + 4, tag, true);
		check(libc().epoll_ctl(this.fd.number, 1, fd.number, pointer), "epoll_ctl");
	}
	look() {
		for (;;) {
			const result = libc().epoll_wait(this.fd.number, this.#found.pointer, this.batch, 0);
			if (result !== -1) return result;
			if (lastErrno() !== ERRNO.EINTR) check(result, "epoll_wait");
		}
	}
	events(index) {
		return this.#found.view.getUint32(index * epoll_event.size + epoll_event.events, true);
	}
	data(index) {
		return this.#found.view.getUint32(index * epoll_event.size + epoll_event.data, true);
	}
	tag(index) {
		return this.#found.view.getUint32(index * epoll_event.size + epoll_event.data + 4, true);
	}
	[Symbol.dispose]() {
		this.fd.close();
	}
};

// ffi/error_queue.ts
const CONTROL_LEN$1 = 128;
const LEAST_LEN = sock_extended_err.size + sockaddr_in.size;
const LEAST_LEN6 = sock_extended_err.size + sockaddr_in6.size;
const QUOTE_LEN = 64;
var ErrorQueue = class {
	type = 0;
	code = 0;
	from = 0;
	fromAt = 0;
	scope = 0;
	senders;
	isLocal = false;
	quote;
	quoteLen = 0;
	batch;
	constructor({ count = 1, slotLen = QUOTE_LEN, quoteAt, destinations } = {}) {
		this.batch = new ReceiveBatch({
			count,
			slotLen,
			controlLen: CONTROL_LEN$1,
			...quoteAt === void 0 ? {} : { receivedFrom: quoteAt },
			...destinations === void 0 ? {} : { sources: destinations }
		});
		this.quote = this.batch.slots;
		this.senders = this.batch.controls;
	}
	receive(fd) {
		return Math.max(0, this.batch.receive(fd, MSG_ERRQUEUE));
	}
	take(fd) {
		return this.receive(fd) === 1 && this.read(0);
	}
	takeIpv6(fd) {
		return this.receive(fd) === 1 && this.readIpv6(0);
	}
	read(index) {
		const { controls } = this.batch;
		const at = this.batch.findControl(index, 0, 11, LEAST_LEN);
		if (at < 0) return false;
		const origin = controls.getUint8(at + sock_extended_err.ee_origin);
		this.isLocal = origin === 1;
		if (origin !== 2 && !this.isLocal) return false;
		this.quoteLen = quoteLenOf(this.batch.length(index), controls, at);
		this.type = controls.getUint8(at + sock_extended_err.ee_type);
		this.code = controls.getUint8(at + sock_extended_err.ee_code);
		this.from = controls.getUint32(at + sock_extended_err.size + sockaddr_in.sin_addr);
		return true;
	}
	readIpv6(index) {
		const { controls } = this.batch;
		const at = this.batch.findControl(index, 41, 25, LEAST_LEN6);
		if (at < 0) return false;
		const origin = controls.getUint8(at + sock_extended_err.ee_origin);
		this.isLocal = origin === 1;
		if (origin !== 3 && !this.isLocal) return false;
		this.quoteLen = quoteLenOf(this.batch.length(index), controls, at);
		this.type = controls.getUint8(at + sock_extended_err.ee_type);
		this.code = controls.getUint8(at + sock_extended_err.ee_code);
		this.fromAt = at + sock_extended_err.size + sockaddr_in6.sin6_addr;
		this.scope = controls.getUint32(at + sock_extended_err.size + sockaddr_in6.sin6_scope_id, true);
		return true;
	}
};
function quoteLenOf(length, controls, at) {
	return Math.min(length, controls.getUint16(at + sock_extended_err.ee_data, true) || length);
}

// src/transport/udp_sockets.ts
const SEND_BATCH = 128;
const RECEIVE_BATCH = 192;
const RECEIVED_LEN = 2048;
const CONTROL_LEN = 128;
const STALE_ERRORS = 16;
var UdpSocketSender = class {
	count = SEND_BATCH;
	headerAt = 0;
	slotLen;
	slots;
	#sockets;
	#packets;
	#batch;
	#names;
	#udpAt;
	#fd;
	constructor(sockets, packets, maxLength) {
		this.#sockets = sockets;
		this.#packets = packets;
		this.slotLen = slotLenFor(maxLength);
		this.#batch = new SendBatch({
			count: SEND_BATCH,
			slotLen: this.slotLen,
			sentFrom: packets.headersLen,
			destination: packets.family
		});
		this.slots = this.#batch.slots;
		this.#names = this.#batch.names;
		this.#udpAt = packets.headersLen - 8;
		this.#fd = sockets.senders[0];
	}
	get fd() {
		return this.#fd;
	}
	setDestination(index, destination) {
		this.#packets.setDestination(this.#names, index * this.#packets.nameLen, destination);
	}
	setLength(index, length) {
		this.#batch.setLength(index, length - this.#packets.headersLen);
	}
	send(from, count) {
		const { slots, slotLen } = this;
		const { nameLen, namePort } = this.#packets;
		const own = this.#packets.sourceIn(slots, from * slotLen);
		const sourcePort = udpSourcePort(slots, from * slotLen + this.#udpAt);
		let sent = 0;
		for (; sent < count; sent++) {
			const at = (from + sent) * slotLen;
			const udpAt = at + this.#udpAt;
			if (udpSourcePort(slots, udpAt) !== sourcePort || this.#packets.sourceIn(slots, at) !== own) break;
			this.#names.setUint16((from + sent) * nameLen + namePort, udpDestinationPort(slots, udpAt));
		}
		const { senders, first, count: ports } = this.#sockets;
		this.#fd = senders[own * ports + sourcePort - first];
		for (let stale = 0;; stale++) {
			const result = this.#batch.send(this.#fd, from, sent);
			if (result > 0 || isNoRoom(-result) || stale === STALE_ERRORS) return result;
		}
	}
	[Symbol.dispose]() {
		for (const fd of [...this.#sockets.senders, ...this.#sockets.receivers]) fd.close();
	}
};
var UdpSocketReceiver = class {
	#sockets;
	#fds;
	#packets;
	#epoll;
	#replies;
	#errors;
	#clock = new ArrivalClock();
	#sink;
	#nowMs = 0;
	#drops = 0;
	#fd;
	#own = 0;
	#ownPort = 0;
	constructor(sockets, packets) {
		this.#sockets = sockets;
		this.#fds = [...sockets.receivers, ...sockets.senders];
		this.#fd = this.#fds[0];
		this.#packets = packets;
		const slotLen = packets.errorHeadersLen + RECEIVED_LEN;
		this.#replies = new ReceiveBatch({
			count: RECEIVE_BATCH,
			slotLen,
			controlLen: CONTROL_LEN,
			receivedFrom: packets.errorHeadersLen,
			sources: packets.family
		});
		this.#errors = new ErrorQueue({
			count: RECEIVE_BATCH,
			slotLen,
			quoteAt: packets.errorHeadersLen,
			destinations: packets.family
		});
		this.#epoll = new Epoll(this.#fds.length);
		this.#fds.forEach((fd, index) => this.#epoll.add(fd, 1, index));
	}
	get fd() {
		return this.#epoll.fd;
	}
	drain(sink, maxPackets, nowMs) {
		this.#sink = sink;
		this.#nowMs = nowMs;
		this.#clock.begin(nowMs);
		const ready = this.#epoll.look();
		let count = 0;
		for (let i = 0; i < ready && count < maxPackets; i++) {
			this.#choose(this.#epoll.data(i));
			const events = this.#epoll.events(i);
			if ((events & 8) !== 0) count += this.#drainErrors(maxPackets - count);
			if ((events & 1) !== 0) count += this.#drainReplies(maxPackets - count);
		}
		if (count < maxPackets) this.#clock.emptied();
		return count;
	}
	takeDrops() {
		const drops = this.#fds.reduce((sum, fd) => sum + socketDrops(fd), 0);
		const since = drops - this.#drops;
		this.#drops = drops;
		return since;
	}
	#choose(index) {
		const { first, count, receivers } = this.#sockets;
		const at = index % receivers.length;
		this.#fd = this.#fds[index];
		this.#own = Math.floor(at / count);
		this.#ownPort = first + at % count;
	}
	#drainErrors(most) {
		const { batch } = this.#errors;
		let total = 0;
		for (;;) {
			const count = this.#errors.receive(this.#fd);
			for (let i = 0; i < count; i++) {
				const at = i * (this.#packets.errorHeadersLen + RECEIVED_LEN);
				const ttl = this.#packets.ttlOf(batch, i);
				const length = this.#packets.writeError(this.#errors, i, at, ttl, this.#own, this.#ownPort);
				if (length > 0) this.#sink.packet(batch.slots, at, length, this.#arrivalMs(batch, i));
			}
			total += count;
			if (count < RECEIVE_BATCH || total >= most) return total;
		}
	}
	#drainReplies(most) {
		const replies = this.#replies;
		let total = 0;
		for (;;) {
			let count = replies.receive(this.#fd);
			if (count < 0) count = Math.max(0, replies.receive(this.#fd));
			for (let i = 0; i < count; i++) this.#takeReply(i);
			total += count;
			if (count < RECEIVE_BATCH || total >= most) return total;
		}
	}
	#takeReply(index) {
		const replies = this.#replies;
		const packets = this.#packets;
		let at = index * (packets.errorHeadersLen + RECEIVED_LEN);
		const fromPort = replies.sourcePort(index) - this.#sockets.first;
		const isProbe = fromPort >= 0 && fromPort < this.#sockets.count && packets.isOwn(replies, index);
		let length;
		if (isProbe) length = packets.writeRefusal(replies, index, at, this.#own, this.#ownPort);
		else {
			at += packets.errorHeadersLen - packets.headersLen;
			length = packets.writeDatagram(replies, index, at, packets.ttlOf(replies, index), this.#own, this.#ownPort);
		}
		this.#sink.packet(replies.slots, at, length, this.#arrivalMs(replies, index));
	}
	#arrivalMs(received, index) {
		const at = received.findControl(index, 1, 35, timespec.size);
		return at < 0 ? this.#nowMs : this.#clock.arrival(readTimespecMs(received.controls, at));
	}
	[Symbol.dispose]() {
		this.#epoll[Symbol.dispose]();
	}
};

// src/transport/udp_sockets_ipv4.ts
const HEADERS_LEN = 20 + 8;
const QUOTE_AT = 20 + 8;
const ERROR_HEADERS_LEN = QUOTE_AT + HEADERS_LEN;
const OWN_TTL = 64;
function openUdp4(address, port, options) {
	const { interfaceName, ttl, isSecond = false } = options;
	const fd = openSocket(2, 2, 17);
	try {
		setOption(fd, 0, 11, 1);
		setOptionIfKnown(fd, 0, 26, 1);
		setOption(fd, 0, 12, 1);
		setOption(fd, 1, 35, 1);
		setOption(fd, 1, 6, 1);
		if (ttl !== void 0) setOption(fd, 0, 2, ttl);
		if (interfaceName !== void 0) bindToDevice(fd, interfaceName);
		enlargeReceiveBuffer(fd);
		enlargeSendBuffer(fd);
		if (isSecond) setOption(fd, 1, 2, 1);
		bindInet4(fd, address, port);
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
}
var SocketPackets4 = class {
	family = "inet4";
	nameLen = sockaddr_in.size;
	namePort = sockaddr_in.sin_port;
	headersLen = HEADERS_LEN;
	errorHeadersLen = ERROR_HEADERS_LEN;
	#own;
	#ip = {
		source: 0,
		destination: 0,
		protocol: 17,
		totalLen: 0,
		ttl: 0
	};
	#icmp = {
		type: 0,
		code: 0
	};
	constructor({ addresses }) {
		this.#own = addresses;
	}
	sourceIn(slots, at) {
		return this.#own.length === 1 ? 0 : this.#own.indexOf(ipv4Source(slots, at));
	}
	setDestination(names, at, destination) {
		names.setUint32(at + sockaddr_in.sin_addr, destination);
	}
	ttlOf(received, index) {
		const at = received.findControl(index, 0, 2, 4);
		return at < 0 ? 0 : received.controls.getInt32(at, true);
	}
	writeDatagram(replies, index, at, ttl, own, ownPort) {
		const from = replies.source(index);
		const port = replies.sourcePort(index);
		return this.#writeUdp(replies.slots, at, from, this.#own[own], ttl, port, ownPort, replies.length(index));
	}
	writeError(errors, index, at, ttl, ownIndex, ownPort) {
		if (!errors.read(index) || errors.isLocal) return 0;
		const { batch, quoteLen, from, type, code } = errors;
		const host = batch.source(index);
		const own = this.#own[ownIndex];
		const length = this.#writeUdp(batch.slots, at + QUOTE_AT, own, host, OWN_TTL, ownPort, batch.sourcePort(index), quoteLen);
		return this.#writeError(batch.slots, at, from, own, ttl, type, code, length);
	}
	writeRefusal(replies, index, at, own, ownPort) {
		const { slots } = replies;
		const [source, port, host] = [
			replies.source(index),
			replies.sourcePort(index),
			this.#own[own]
		];
		const length = this.#writeUdp(slots, at + QUOTE_AT, source, host, OWN_TTL, port, ownPort, replies.length(index));
		const [type, code] = [3, 3];
		return this.#writeError(slots, at, host, source, OWN_TTL, type, code, length);
	}
	isOwn(replies, index) {
		return this.#own.includes(replies.source(index));
	}
	#writeUdp(view, at, source, destination, ttl, sourcePort, destinationPort, payloadLen) {
		const length = 8 + payloadLen;
		this.#writeIp(view, at, source, destination, ttl, 17, 20 + length);
		const pseudoSum = pseudoHeaderSum(source, destination, 17, length);
		writeUdp(view, at + 20, sourcePort, destinationPort, length, pseudoSum);
		return 20 + length;
	}
	#writeError(view, at, from, own, ttl, type, code, quotedLen) {
		const icmpAt = at + 20;
		const length = 8 + quotedLen;
		this.#icmp.type = type;
		this.#icmp.code = code;
		writeIcmpv4(view, icmpAt, this.#icmp);
		setIcmpv4Checksum(view, icmpAt, 0);
		setIcmpv4Checksum(view, icmpAt, checksum(view, icmpAt, length));
		this.#writeIp(view, at, from, own, ttl, 1, 20 + length);
		return 20 + length;
	}
	#writeIp(view, at, source, destination, ttl, protocol, totalLen) {
		const fields = this.#ip;
		fields.source = source;
		fields.destination = destination;
		fields.ttl = ttl;
		fields.protocol = protocol;
		fields.totalLen = totalLen;
		writeIpv4(view, at, fields);
	}
};

// src/transport/udp_sockets_open.ts
var udp_sockets_open_exports = /* @__PURE__ */ __exportAll({
	openUdpSockets4: () => openUdpSockets4,
	openUdpSockets6: () => openUdpSockets6
});
const NAME = "sockets";
function openUdpSockets4(options, plan) {
	checkSource(options, plan.ownSource !== void 0);
	const open = (address, port, isSecond) => openUdp4(address, port, {
		...options,
		isSecond
	});
	return openOver(options, plan, {
		packets: new SocketPackets4(plan.sources),
		open,
		book: plan.book,
		sources: plan.sources
	});
}
async function openUdpSockets6(options, plan, ends) {
	checkSource(options, plan.ownSource6 !== void 0);
	const { openUdp6, SocketPackets6 } = await import("./ipv6.js").then((n) => n.t);
	const { ipv6, numbers, sources } = ends;
	const open = (number, port, isSecond) => openUdp6(number, port, {
		...options,
		isSecond
	}, ipv6);
	return openOver(options, plan, {
		packets: new SocketPackets6(ends),
		open,
		book: numbers,
		sources
	});
}
function checkSource({ sourceIp }, isOwn) {
	if (sourceIp === void 0 || isOwn) return;
	throw new CannotScanError(`Cannot send from ${sourceIp} without raw sockets: it is no address of this machine. Leave it out, or use sudo`);
}
function openOver(options, plan, parts) {
	const { packets, book, sources } = parts;
	using opening = new DisposableStack();
	const sockets = opening.use(holdSockets(options, parts));
	const sender = new UdpSocketSender(sockets, packets, options.packets.maxLength);
	const receiver = new UdpSocketReceiver(sockets, packets);
	const transport = opening.use(new KernelTransport(NAME, sender, receiver, book));
	const opened = opening.move();
	const last = sockets.first + sockets.count - 1;
	return {
		transport,
		broadcasts: [],
		sources,
		ports: {
			first: sockets.first,
			count: sockets.count
		},
		notes: [`Transport ${NAME}: datagrams leave through sockets of the kernel, ports ${sockets.first}-${last}`],
		warnings: plan.warnings,
		[Symbol.dispose]: () => opened.dispose()
	};
}
function holdSockets(options, { sources: { addresses }, open }) {
	const { sourcePort, random, packets: { portCount } } = options;
	try {
		raiseDescriptorLimit();
		const held = openPairs(sourcePort, {
			addresses: addresses.length > 0 ? addresses : [0],
			count: sourcePort === void 0 ? portCount : 1,
			random,
			open
		});
		if (held !== void 0) return held;
	} catch (error) {
		if (error instanceof SyscallError) throw cannotOpen(error, options);
		throw error;
	}
	throw new CannotScanError(sourcePort === void 0 ? `Cannot reserve ${portCount} consecutive source ports: no such range is free. Give one with --source-port` : `Cannot send from port ${sourcePort}: another program holds it. Give another, or none`);
}
function openPairs(first, { open, ...ports }) {
	using opening = new DisposableStack();
	const holding = {
		...ports,
		silent: () => false,
		open: (address, port) => open(address, port, false)
	};
	const held = first === void 0 ? reserveFreePorts(holding) : reservePorts(first, holding);
	if (held === void 0) return void 0;
	const { fds: senders, count } = opening.use(held);
	const receivers = senders.map((sender, index) => {
		setOption(sender, 1, 2, 1);
		const address = ports.addresses[Math.floor(index / count)];
		const receiver = opening.use(open(address, held.first + index % count, true));
		for (const fd of [sender, receiver]) setOption(fd, 1, 2, 0);
		return receiver;
	});
	const opened = opening.move();
	return {
		first: held.first,
		count,
		senders,
		receivers,
		[Symbol.dispose]: () => opened.dispose()
	};
}
function cannotOpen(error, { sourcePort, interfaceName }) {
	const by = interfaceName === void 0 ? "" : ` by ${interfaceName}`;
	const at = sourcePort === void 0 ? "" : ` from port ${sourcePort}`;
	const remedy = REMEDIES.get(error.errno) ?? "Leave out the option, or use sudo";
	return new CannotScanError(`Cannot send datagrams${at}${by}: ${errnoText(error.errno)}. ${remedy}`, { cause: error });
}
const REMEDIES = /* @__PURE__ */ new Map([
	[ERRNO.EACCES, "Ports below 1024 need root: give another, or none"],
	[ERRNO.EPERM, "Only root may choose the interface on this kernel: leave it out, or use sudo"],
	[ERRNO.ENODEV, "Give an interface that exists"],
	[ERRNO.EMFILE, RAISE_LIMIT]
]);

export { ErrorQueue as n, Epoll as r, udp_sockets_open_exports as t };