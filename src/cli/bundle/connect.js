// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, CannotScanError, UsageError, V as HANDSHAKE_OUTCOMES, c as probesHosts } from "./library.js";
import { $i as PollSet, $r as checkIcmpv4, Cn as resetOnClose, Gn as udpPingName, Hn as socketPingName, Jt as ownRanges, Kn as udpPingPort, Kt as boundsOf, Pt as SlotLists, Qi as Netlink, Un as socketPingOutcomes, Vn as connectPing, Wn as socketPingPorts, Xi as receivedPackets, Yt as within, ai as setIcmpv4Rest, di as isNoRoom, er as ICMP_ERRORS, fi as Ranges, gi as grown, gr as newCounters, hi as growColumns, hn as ArrivalClock, hr as refusalReason, jn as ReceiveBatch, kn as takeSocketError, lr as sourceTexts, ni as icmpv4Type, nr as isOfUnknown, oi as writeIcmpv4, or as ipv6Connections, qt as familiesIn, ti as icmpv4Rest, tr as icmpErrorKind, ui as RAISE_LIMIT, vn as enlargeReceiveBuffer, vr as slotOfId, wi as parseIpv4, wn as setOption, xn as bindToDevice, zn as ECHO_PING } from "./scan.js";
import { $n as pin, $t as connectInet4, Gn as timespec, Wn as tcp_info, Yt as readTimespecMs, Zt as bindInet4, ar as SyscallError, cr as errnoText, dn as sendTo, en as getSocketName, fn as writeInet4, fr as EPOLLONESHOT, hn as raiseDescriptorLimit, ir as ERRNO, on as pinInet4, rn as openSocket, sr as errnoName, ur as libc } from "./main.js";
import { n as ErrorQueue, r as Epoll } from "./udp_sockets.js";
const scratch = (function scratch() {
	return scratchMemory ??= {
		value: pin(TCP_INFO_LEN),
		length: pin(4)
	};
});


// ffi/tcp_info.ts
const TCP_INFO_LEN = tcp_info.tcpi_total_retrans + 4;
let scratchMemory;

function handshakeMicros(fd) {
	if (!readTcpInfo(fd)) return -1;
	const { value } = scratch();
	if (value.view.getUint32(tcp_info.tcpi_total_retrans, true) > 0) return -1;
	return value.view.getUint32(tcp_info.tcpi_rtt, true) || -1;
}
function isUnacknowledged(fd) {
	return readTcpInfo(fd) && scratch().value.view.getUint32(tcp_info.tcpi_unacked, true) > 0;
}
function isSynDropped(fd) {
	if (!readTcpInfo(fd)) return false;
	const { view } = scratch().value;
	return view.getUint8(tcp_info.tcpi_state) === 2 && view.getUint32(tcp_info.tcpi_total_retrans, true) > 0 && view.getUint32(tcp_info.tcpi_retrans, true) === 0;
}
function readTcpInfo(fd) {
	const { value, length } = scratch();
	length.view.setUint32(0, TCP_INFO_LEN, true);
	return libc().getsockopt(fd.number, 6, 11, value.pointer, length.pointer) !== -1 && length.view.getUint32(0, true) >= TCP_INFO_LEN;
}

// src/transport/own_refusals.ts
const CHECKS = 4;
var OwnRefusals = class {
	#connect;
	#netlink = new Netlink();
	#received = -1;
	#noticedMs = -1e400;
	#isFresh = false;
	constructor(connect) {
		this.#connect = connect;
		this.#look();
	}
	onPoll() {
		this.#isFresh = false;
	}
	isOwn(host, port, beganMs) {
		if (!this.#isFresh) this.#look();
		return beganMs <= this.#noticedMs && this.#isRefusedHere(host, port);
	}
	[Symbol.dispose]() {
		this.#netlink[Symbol.dispose]();
	}
	#look() {
		this.#isFresh = true;
		const received = this.#count();
		if (received === this.#received) return;
		this.#received = received;
		this.#noticedMs = performance.now();
	}
	#isRefusedHere(host, port) {
		try {
			let isIdle = false;
			for (let i = 0; i < CHECKS; i++) {
				const before = this.#count();
				this.#connect(host, port);
				const after = this.#count();
				if (after === before) return false;
				if (this.#count() === after) isIdle = true;
			}
			return isIdle;
		} catch (error) {
			if (error instanceof SyscallError) return false;
			throw error;
		}
	}
	#count() {
		return receivedPackets(1, this.#netlink) ?? 0;
	}
};

// src/transport/connect_sockets.ts
const LOOPBACK = 2130706433;
var ConnectSockets = class {
	#options;
	#book;
	#source;
	#ipv6;
	#firstIpv6;
	#routes;
	#refusals;
	constructor(options, book, ipv6, routes) {
		this.#options = options;
		this.#book = book;
		this.#ipv6 = ipv6;
		this.#firstIpv6 = book.ipv6?.first ?? 1e400;
		this.#source = readSource(options.sourceIp, ipv6?.hasSource === true);
		this.#routes = routes;
		if (routes === void 0 || options.isUdp === true) return;
		this.#refusals = new OwnRefusals((host, port) => {
			using socket = this.#open(host);
			this.#connect(socket, host, port);
		});
	}
	begin(epoll, events, slot, tag, host, port) {
		let socket;
		try {
			socket = this.#open(host);
			const errno = this.#connect(socket, host, port);
			if (errno === 0 || errno === ERRNO.EINPROGRESS || errno === ERRNO.ECONNREFUSED) {
				epoll.add(socket, events, slot, tag);
				return socket;
			}
			socket.close();
			return errno;
		} catch (error) {
			socket?.close();
			if (error instanceof SyscallError) return error.errno;
			throw error;
		}
	}
	#connect(socket, host, port) {
		return this.isIpv6(host) ? this.#ipv6.connect(socket, host, port) : connectInet4(socket, this.#book.address(host), port);
	}
	isIpv6(host) {
		return host >= this.#firstIpv6;
	}
	onPoll() {
		this.#refusals?.onPoll();
	}
	isOwnRefusal(host, port, beganMs) {
		return this.#refusals !== void 0 && this.isElsewhere(host) && this.#refusals.isOwn(host, port, beganMs);
	}
	isElsewhere(host) {
		return this.#routes?.segments[this.#routes.indexFor(host)]?.answer.type === "unicast";
	}
	[Symbol.dispose]() {
		this.#refusals?.[Symbol.dispose]();
	}
	isSelf(socket, host, port) {
		if (this.isIpv6(host)) return this.#ipv6.isSelf(socket, host, port);
		const own = getSocketName(socket);
		return own.port === port && own.address === this.#book.address(host);
	}
	takeError(errors, socket, host) {
		return this.isIpv6(host) ? errors.takeIpv6(socket) : errors.take(socket);
	}
	senderOf(errors, host) {
		if (errors.isLocal) return this.thisMachine(host);
		if (this.isIpv6(host)) return this.#ipv6.senderOf(errors);
		return errors.from === 0 ? 0 : this.#book.sender(errors.from);
	}
	thisMachine(host) {
		return this.isIpv6(host) ? this.#ipv6.thisMachine() : LOOPBACK;
	}
	#open(host) {
		return this.isIpv6(host) ? this.#ipv6.open() : this.#openIpv4();
	}
	#openIpv4() {
		const { sourcePort, interfaceName, ttl, isUdp } = this.#options;
		const source = this.#source;
		const socket = isUdp === true ? openSocket(2, 2, 17) : openSocket(2, 1, 6);
		try {
			resetOnClose(socket);
			setOption(socket, 0, 11, 1);
			if (ttl !== void 0) setOption(socket, 0, 2, ttl);
			if (interfaceName !== void 0) bindToDevice(socket, interfaceName);
			if (source !== void 0 || sourcePort !== void 0) {
				if (sourcePort !== void 0) setOption(socket, 1, 2, 1);
				else setOption(socket, 0, 24, 1);
				bindInet4(socket, source ?? 0, sourcePort ?? 0);
			}
			return socket;
		} catch (error) {
			socket.close();
			throw error;
		}
	}
	check() {
		try {
			if (this.#ipv6 !== void 0) this.#ipv6.open().close();
			if (this.#ipv6?.hasSource !== true) this.#openIpv4().close();
		} catch (error) {
			if (error instanceof SyscallError) throw cannotOpen(error, this.#options);
			throw error;
		}
	}
};
function descriptorLimit() {
	return raiseDescriptorLimit();
}
function isNoRoomToConnect(errno) {
	return isNoRoom(errno) || errno === ERRNO.EMFILE || errno === ERRNO.ENFILE || errno === ERRNO.EADDRNOTAVAIL || errno === ERRNO.ENOSPC;
}
function isReset(errno) {
	return errno === ERRNO.ECONNRESET || errno === ERRNO.EPIPE;
}
function readSource(sourceIp, hasIpv6) {
	const texts = sourceTexts(sourceIp);
	const address = texts.map(parseIpv4).find((each) => each !== void 0);
	if (address === void 0 && texts.length > 0 && !hasIpv6) throw new UsageError(`Cannot connect from ${texts[0]}: it is not an IPv4 address. Write it like 192.0.2.1`);
	return address;
}
function cannotOpen(error, options) {
	const { sourceIp, sourcePort, interfaceName } = options;
	const from = sourceIp === void 0 ? "" : ` from ${sourceIp}`;
	const by = interfaceName === void 0 ? "" : ` by ${interfaceName}`;
	const at = sourcePort === void 0 ? "" : ` at port ${sourcePort}`;
	const remedy = REMEDIES.get(error.errno) ?? "Leave out the option, or try it as root";
	return new CannotScanError(`Cannot connect${from}${at}${by}: ${errnoText(error.errno)}. ${remedy}`, { cause: error });
}
const REMEDIES = /* @__PURE__ */ new Map([
	[ERRNO.EADDRNOTAVAIL, "Give an address of this machine"],
	[ERRNO.EADDRINUSE, "Another program holds the port: give another, or none"],
	[ERRNO.EACCES, "Ports below 1024 need root: give another, or none"],
	[ERRNO.EPERM, "Only root may choose the interface on this kernel: leave it out, or use sudo"],
	[ERRNO.ENODEV, "Give an interface that exists"],
	[ERRNO.EMFILE, RAISE_LIMIT],
	[ERRNO.ENFILE, RAISE_LIMIT]
]);

// src/transport/connector.ts
const CONNECTED = 0;
const RESET = 4;
const REFUSED = 1;
const UNREACHABLE = 2;
const GIVEN_UP = 3;
const BATCH$3 = 256;
const NET_UNREACHABLE = 768;
const HOST_UNREACHABLE = 769;
const PROTOCOL_UNREACHABLE = 770;
const ADMIN_PROHIBITED = 781;
const ICMPV6 = 65536;
var Connector = class {
	batch = BATCH$3;
	#opener;
	#epoll;
	#errors = new ErrorQueue();
	#waiting = new PollSet(1);
	#sockets;
	#hosts;
	#ports;
	#beganMs;
	#uses;
	constructor(sockets, capacity) {
		this.#opener = sockets;
		this.#sockets = new Array(capacity).fill(void 0);
		this.#hosts = new Uint32Array(capacity);
		this.#ports = new Uint16Array(capacity);
		this.#beganMs = new Float64Array(capacity);
		this.#uses = new Uint32Array(capacity);
		this.#epoll = new Epoll(BATCH$3);
		this.#waiting.set(0, this.#epoll.fd, 1);
		try {
			this.#opener.check();
		} catch (error) {
			this.#epoll[Symbol.dispose]();
			this.#opener[Symbol.dispose]();
			throw error;
		}
	}
	begin(slot, host, port) {
		this.#beganMs[slot] = performance.now();
		const socket = this.#opener.begin(this.#epoll, 4 | EPOLLONESHOT, slot, ++this.#uses[slot], host, port);
		if (typeof socket === "number") return socket;
		this.#sockets[slot] = socket;
		this.#hosts[slot] = host;
		this.#ports[slot] = port;
		return 0;
	}
	poll(sink) {
		this.#opener.onPoll();
		const count = this.#epoll.look();
		for (let i = 0; i < count; i++) {
			const slot = this.#epoll.data(i);
			const socket = this.#sockets[slot];
			if (socket !== void 0 && this.#uses[slot] === this.#epoll.tag(i)) this.#settle(slot, socket, this.#epoll.events(i), sink);
		}
		return count;
	}
	isSelf(slot, port) {
		const socket = this.#sockets[slot];
		return socket !== void 0 && this.#opener.isSelf(socket, this.#hosts[slot], port);
	}
	wasReset(slot) {
		const socket = this.#sockets[slot];
		return socket !== void 0 && isReset(takeSocketError(socket));
	}
	roundTripMs(slot) {
		const socket = this.#sockets[slot];
		return socket === void 0 ? -1 : handshakeMicros(socket) / 1e3;
	}
	checkDropped(slot, sink) {
		const socket = this.#sockets[slot];
		if (socket === void 0 || !this.#opener.isElsewhere(this.#hosts[slot])) return;
		if (isSynDropped(socket)) this.#refusedHere(slot, sink);
	}
	take(slot) {
		const socket = this.#sockets[slot];
		this.#sockets[slot] = void 0;
		return socket;
	}
	end(slot) {
		this.#sockets[slot]?.close();
		this.#sockets[slot] = void 0;
	}
	get fd() {
		return this.#epoll.fd;
	}
	async wait(timeoutMs) {
		await this.#waiting.pollUntil(timeoutMs);
	}
	[Symbol.dispose]() {
		for (const socket of this.#sockets) socket?.close();
		this.#sockets.fill(void 0);
		this.#epoll[Symbol.dispose]();
		this.#opener[Symbol.dispose]();
	}
	#settle(slot, socket, events, sink) {
		if ((events & 4) !== 0 && (events & 16) === 0) {
			sink.settled(slot, 0, 0, 0);
			return;
		}
		if ((events & (8 | 16)) === 0) return;
		const host = this.#hosts[slot];
		const errno = takeSocketError(socket);
		if (isReset(errno)) sink.settled(slot, 4, 0, 0);
		else if (this.#opener.takeError(this.#errors, socket, host)) {
			const { isLocal, type, code } = this.#errors;
			const family = this.#opener.isIpv6(host) ? ICMPV6 : 0;
			const sender = this.#opener.senderOf(this.#errors, host);
			sink.settled(slot, 2, isLocal ? HOST_UNREACHABLE : family | type << 8 | code, sender);
		} else if (errno === ERRNO.ECONNREFUSED) {
			if (!this.#opener.isOwnRefusal(host, this.#ports[slot], this.#beganMs[slot])) sink.settled(slot, 1, 0, 0);
			else this.#refusedHere(slot, sink);
		} else if (errno === ERRNO.EHOSTUNREACH) sink.settled(slot, 2, HOST_UNREACHABLE, 0);
		else if (errno === ERRNO.ENETUNREACH) sink.settled(slot, 2, NET_UNREACHABLE, 0);
		else if (errno === ERRNO.EACCES) sink.settled(slot, 2, ADMIN_PROHIBITED, 0);
		else if (errno === ERRNO.ENOPROTOOPT) sink.settled(slot, 2, PROTOCOL_UNREACHABLE, 0);
		else sink.settled(slot, GIVEN_UP, 0, 0);
	}
	#refusedHere(slot, sink) {
		sink.settled(slot, 2, ADMIN_PROHIBITED, this.#opener.thisMachine(this.#hosts[slot]));
	}
};

// src/driver/sockets.ts
const IN_FLIGHT_LIST = 1;
const CANCELLED_LIST = 2;
var Sockets = class extends SlotLists {
	capacity;
	host = /* @__PURE__ */ new Uint32Array(0);
	port = /* @__PURE__ */ new Uint16Array(0);
	id = /* @__PURE__ */ new Int32Array(0);
	beganMs = /* @__PURE__ */ new Float64Array(0);
	leftMs = /* @__PURE__ */ new Float64Array(0);
	rttMs = /* @__PURE__ */ new Float64Array(0);
	standsUntilMs = /* @__PURE__ */ new Float64Array(0);
	#lasts = (/* @__PURE__ */ new Int32Array(64)).fill(-1);
	#before;
	constructor(capacity) {
		super(capacity);
		this.capacity = capacity;
		growColumns(this, capacity);
		this.#before = new Int32Array(capacity);
	}
	get used() {
		return this.capacity - this.count(0);
	}
	get oldestCancelled() {
		return this.first(CANCELLED_LIST);
	}
	take(host, port, id, nowMs) {
		const socket = this.first(0);
		if (socket < 0) return -1;
		this.move(socket, IN_FLIGHT_LIST);
		this.host[socket] = host;
		this.port[socket] = port;
		this.id[socket] = id;
		this.beganMs[socket] = nowMs;
		this.standsUntilMs[socket] = 0;
		const slot = slotOfId(id);
		if (slot >= this.#lasts.length) this.#lasts = grown(this.#lasts, 2 ** Math.ceil(Math.log2(slot + 1)), -1);
		this.#before[socket] = this.#lasts[slot];
		this.#lasts[slot] = socket;
		return socket;
	}
	lastOf(slot) {
		return this.#lasts[slot] ?? -1;
	}
	before(socket) {
		return this.#before[socket];
	}
	isOf(socket, host, port) {
		return this.host[socket] === host && this.port[socket] === port;
	}
	cancel(socket) {
		if (!this.isOn(socket, CANCELLED_LIST)) this.move(socket, CANCELLED_LIST);
	}
	uncancel(socket) {
		this.move(socket, IN_FLIGHT_LIST);
	}
	release(socket) {
		const slot = slotOfId(this.id[socket]);
		const before = this.#before[socket];
		if (this.#lasts[slot] === socket) this.#lasts[slot] = before;
		else {
			let after = this.#lasts[slot];
			while (this.#before[after] !== socket) after = this.#before[after];
			this.#before[after] = before;
		}
		this.move(socket, 0);
	}
};

// src/driver/connect_driver.ts
var connect_driver_exports = /* @__PURE__ */ __exportAll({ ConnectDriver: () => ConnectDriver });
const CONNECTION_ACCEPTED = reasonCode("conn-accept");
const CONNECTION_RESET = reasonCode("conn-reset");
const CONNECTION_REFUSED = reasonCode("conn-refused");
const BATCH$2 = 64;
const RESERVE = 64;
const MAX_IN_FLIGHT = 16384;
const ON_TOP = 32;
const KEEP_MS = 3400;
const CHECK_AGE_MS = 1100;
const CHECK_GAP_MS = 50;
const GRACE_ROUND_TRIPS = 2;
const MIN_GRACE_MS = 20;
const MAX_GRACE_MS = 300;
var ConnectDriver = class {
	overlaps = false;
	outcomes = HANDSHAKE_OUTCOMES;
	rationed = ICMP_ERRORS;
	hasPorts = true;
	isTokenless = false;
	flowProtocol = 6;
	leastSilenceMs = 1200;
	name = "connect";
	batch = BATCH$2;
	drainBatch;
	maxInFlight;
	attemptPeriod = 256;
	counters = newCounters();
	#icmpv6Kind;
	#connector;
	#sockets;
	#onePort;
	#onAccepted;
	#refusedIds = new Int32Array(BATCH$2);
	#refusalErrnos = new Int32Array(BATCH$2);
	#refusalCount = 0;
	#standing;
	#firstStanding = 0;
	#standingCount = 0;
	#sink;
	#nowMs = 0;
	#checkedMs = 0;
	constructor(book, options = {}) {
		this.#icmpv6Kind = options.ipv6?.errorKind ?? (() => 255);
		const limit = descriptorLimit();
		const room = limit - Math.min(RESERVE, limit >>> 1);
		const onTop = Math.min(ON_TOP, room >>> 2);
		this.maxInFlight = Math.max(1, Math.min(room - onTop, options.maxInFlight ?? 1e400, MAX_IN_FLIGHT));
		const capacity = this.maxInFlight + onTop;
		this.#sockets = new Sockets(capacity);
		this.#standing = new Int32Array(capacity);
		this.#onePort = options.sourcePort !== void 0;
		this.#onAccepted = options.onAccepted;
		const { sourceIp, sourcePort, interface: interfaceName, ttl, ipv6, routes } = options;
		const connecting = new ConnectSockets({
			sourceIp,
			sourcePort,
			interfaceName,
			ttl
		}, book, ipv6?.sockets, routes);
		this.#connector = new Connector(connecting, capacity);
		this.drainBatch = this.#connector.batch;
	}
	send(host, port, _attempt, _token, id) {
		const sockets = this.#sockets;
		if (this.#refusalCount === BATCH$2) return false;
		this.#endAttempts(slotOfId(id), host, port, true);
		let socket = sockets.take(host, port, id, this.#nowMs);
		if (socket < 0 && this.#endOldestCancelled()) socket = sockets.take(host, port, id, this.#nowMs);
		if (socket < 0) return this.#noRoom();
		sockets.leftMs[socket] = performance.now();
		let errno = this.#connector.begin(socket, host, port);
		while (isNoRoomToConnect(errno) && this.#endOldestCancelled()) errno = this.#connector.begin(socket, host, port);
		if (errno === 0) {
			this.counters.sent++;
			return true;
		}
		sockets.release(socket);
		if (isNoRoomToConnect(errno) && sockets.used > 0) return this.#noRoom();
		this.#refuse(id, errno);
		return true;
	}
	flush(sink, nowMs) {
		this.#nowMs = nowMs;
		const count = this.#refusalCount;
		this.#refusalCount = 0;
		for (let i = 0; i < count; i++) sink.onSendError(this.#refusedIds[i], refusalReason(this.#refusalErrnos[i]));
		return 0;
	}
	drain(sink, nowMs) {
		this.#sink = sink;
		this.#nowMs = nowMs;
		const count = this.#connector.poll(this);
		const sockets = this.#sockets;
		while (this.#standingCount > 0 && sockets.standsUntilMs[this.#standing[this.#firstStanding]] <= nowMs) {
			const socket = this.#standing[this.#firstStanding];
			this.#firstStanding = (this.#firstStanding + 1) % sockets.capacity;
			this.#standingCount--;
			const isReset = this.#connector.wasReset(socket);
			this.#tell(socket, isReset ? CONNECTION_RESET : CONNECTION_ACCEPTED, sockets.host[socket]);
		}
		if (nowMs - this.#checkedMs >= CHECK_GAP_MS) this.#checkOld(nowMs);
		let oldest = sockets.oldestCancelled;
		while (oldest >= 0 && nowMs - sockets.beganMs[oldest] >= KEEP_MS) {
			this.#end(oldest);
			oldest = sockets.oldestCancelled;
		}
		return count;
	}
	cancel(id) {
		const sockets = this.#sockets;
		let socket = sockets.lastOf(slotOfId(id));
		while (socket >= 0 && sockets.id[socket] !== id) socket = sockets.before(socket);
		if (socket < 0 || sockets.standsUntilMs[socket] > 0) return;
		if (this.#onePort) this.#end(socket);
		else sockets.cancel(socket);
	}
	wait(timeoutMs) {
		return this.#connector.wait(this.waitMs(timeoutMs));
	}
	get fd() {
		return this.#connector.fd;
	}
	waitMs(timeoutMs) {
		const nextMs = this.#standingCount === 0 ? 1e400 : this.#sockets.standsUntilMs[this.#standing[this.#firstStanding]] - performance.now();
		return Math.max(0, Math.min(timeoutMs, nextMs));
	}
	settled(socket, outcome, icmp, from) {
		const sockets = this.#sockets;
		const kind = this.#kindOf(socket, outcome, icmp, from);
		if (kind === 255 || this.#isStanding(socket)) {
			this.#end(socket);
			return;
		}
		sockets.rttMs[socket] = outcome === 0 || outcome === 4 ? this.#connector.roundTripMs(socket) : -1;
		if (kind === CONNECTION_ACCEPTED) this.#lookAt(socket);
		else this.#tell(socket, kind, outcome === 2 ? from : sockets.host[socket]);
	}
	[Symbol.dispose]() {
		this.#connector[Symbol.dispose]();
	}
	#lookAt(socket) {
		const { host, port, id, rttMs, standsUntilMs } = this.#sockets;
		const graceMs = Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, GRACE_ROUND_TRIPS * rttMs[socket]));
		const untilMs = this.#nowMs + graceMs;
		this.#sockets.uncancel(socket);
		standsUntilMs[socket] = untilMs;
		this.#standing[(this.#firstStanding + this.#standingCount++) % this.#sockets.capacity] = socket;
		this.#sink.keepsSocket(id[socket], host[socket], port[socket], untilMs);
	}
	#isStanding(socket) {
		const { id, host, port, standsUntilMs } = this.#sockets;
		let other = this.#sockets.lastOf(slotOfId(id[socket]));
		while (other >= 0 && !(standsUntilMs[other] > 0 && this.#sockets.isOf(other, host[socket], port[socket]))) other = this.#sockets.before(other);
		return other >= 0;
	}
	#tell(socket, kind, from) {
		const sockets = this.#sockets;
		const id = sockets.id[socket];
		const host = sockets.host[socket];
		const port = sockets.port[socket];
		const leftMs = sockets.leftMs[socket];
		const rttMs = sockets.rttMs[socket];
		this.#sink.sent(id, leftMs);
		if (kind === CONNECTION_ACCEPTED && this.#onAccepted !== void 0) this.#handOver(socket, host, port);
		this.#endAttempts(slotOfId(id), host, port, false);
		const arrivedMs = rttMs < 0 ? this.#nowMs : leftMs + rttMs;
		this.#sink.onOutcome(id, host, port, kind, from, arrivedMs, rttMs >= 0);
	}
	#handOver(index, host, port) {
		const socket = this.#connector.take(index);
		if (socket !== void 0 && !this.#onAccepted(host, port, socket)) socket.close();
	}
	#endAttempts(slot, host, port, areOthers) {
		const sockets = this.#sockets;
		for (let socket = sockets.lastOf(slot); socket >= 0;) {
			const before = sockets.before(socket);
			const isOther = !sockets.isOf(socket, host, port);
			if (isOther === areOthers && !(isOther && sockets.standsUntilMs[socket] > 0)) this.#end(socket);
			socket = before;
		}
	}
	#kindOf(socket, outcome, icmp, from) {
		if (outcome === 1) return CONNECTION_REFUSED;
		if (outcome === 4) return CONNECTION_RESET;
		if (outcome === 0) return this.#connector.isSelf(socket, this.#sockets.port[socket]) ? CONNECTION_REFUSED : CONNECTION_ACCEPTED;
		if (outcome !== 2) return 255;
		const [type, code] = [icmp >>> 8 & 255, icmp & 255];
		if ((icmp & 65536) !== 0) return this.#icmpv6Kind(type, code);
		return from === this.#sockets.host[socket] && isOfUnknown(type, code) ? 255 : icmpErrorKind(type, code);
	}
	#checkOld(nowMs) {
		const { beganMs, standsUntilMs, capacity } = this.#sockets;
		const [after, until] = [this.#checkedMs - CHECK_AGE_MS, nowMs - CHECK_AGE_MS];
		this.#checkedMs = nowMs;
		for (let socket = 0; socket < capacity; socket++) {
			const began = beganMs[socket];
			if (began > after && began <= until && standsUntilMs[socket] === 0) this.#connector.checkDropped(socket, this);
		}
	}
	#noRoom() {
		if (this.#standingCount === 0) this.counters.sendRetries++;
		return false;
	}
	#refuse(id, errno) {
		const name = errnoName(errno);
		this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
		this.#refusedIds[this.#refusalCount] = id;
		this.#refusalErrnos[this.#refusalCount++] = errno;
	}
	#endOldestCancelled() {
		const socket = this.#sockets.oldestCancelled;
		if (socket < 0) return false;
		this.#end(socket);
		return true;
	}
	#end(socket) {
		this.#connector.end(socket);
		this.#sockets.release(socket);
	}
};

// src/driver/socket_ping_driver.ts
var socket_ping_driver_exports = /* @__PURE__ */ __exportAll({ SocketPingDriver: () => SocketPingDriver });
const ECHO_REPLY = reasonCode("echo-reply");
const SEQUENCES = 65536;
const BATCH$1 = 64;
var SocketPingDriver = class {
	overlaps = false;
	outcomes;
	rationed = ICMP_ERRORS;
	hasPorts = false;
	probesHosts = true;
	isTokenless = false;
	name = "sockets";
	batch = BATCH$1;
	drainBatch;
	maxInFlight;
	attemptPeriod;
	counters;
	#ports;
	#connect;
	#pings;
	#byFamily;
	#firstIpv6;
	#connections;
	#waiting = new PollSet(3);
	#hosts = new Uint32Array(SEQUENCES);
	#kinds = new Uint16Array(SEQUENCES);
	#attempts = new Uint8Array(SEQUENCES);
	#tokens = new Uint32Array(SEQUENCES);
	#next = 0;
	#ids = new Int32Array(BATCH$1);
	#leftMs = new Float64Array(BATCH$1);
	#errnos = new Int32Array(BATCH$1);
	#count = 0;
	#sink;
	#nowMs = 0;
	constructor({ book, ports, outcomes, connect, pings }) {
		this.#ports = ports;
		this.outcomes = outcomes;
		this.#connect = connect;
		this.#byFamily = pings;
		this.#firstIpv6 = book.ipv6?.first ?? 1e400;
		this.#pings = [pings[4], pings[6]].filter((socket) => socket !== void 0);
		this.#connections = new ConnectionReplies(ports);
		this.counters = connect.counters;
		this.attemptPeriod = connect.attemptPeriod;
		this.maxInFlight = connect.maxInFlight;
		this.drainBatch = this.#pings.reduce((sum, { batch }) => sum + batch, connect.drainBatch);
		this.#waiting.set(0, connect.fd, 1);
		this.#pings.forEach(({ fd }, at) => this.#waiting.set(1 + at, fd, 1));
	}
	send(host, kind, attempt, token, id) {
		const port = this.#ports[kind];
		if (port !== 0) return this.#connect.send(host, port, attempt, token, id);
		if (this.#count === BATCH$1) return false;
		const sequence = this.#next;
		const leftMs = performance.now();
		const errno = this.#byFamily[host >= this.#firstIpv6 ? 6 : 4].send(host, sequence, token);
		if (isNoRoom(errno)) {
			this.counters.sendRetries++;
			return false;
		}
		this.#ids[this.#count] = id;
		this.#leftMs[this.#count] = leftMs;
		this.#errnos[this.#count++] = errno;
		if (errno !== 0) {
			const name = errnoName(errno);
			this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
			return true;
		}
		this.#hosts[sequence] = host;
		this.#kinds[sequence] = kind;
		this.#attempts[sequence] = attempt % this.attemptPeriod;
		this.#tokens[sequence] = token;
		this.#next = (sequence + 1) % SEQUENCES;
		this.counters.sent++;
		return true;
	}
	flush(sink, nowMs) {
		const count = this.#count;
		this.#count = 0;
		for (let i = 0; i < count; i++) if (this.#errnos[i] === 0) sink.sent(this.#ids[i], this.#leftMs[i]);
		else sink.onSendError(this.#ids[i], refusalReason(this.#errnos[i]));
		return this.#connect.flush(this.#connections.forwardedTo(sink), nowMs);
	}
	drain(sink, nowMs) {
		this.#sink = sink;
		this.#nowMs = nowMs;
		let count = this.#connect.drain(this.#connections.forwardedTo(sink), nowMs);
		for (let at = 0; at < this.#pings.length; at++) count += this.#pings[at].receive(this, nowMs);
		return count;
	}
	cancel(id) {
		this.#connect.cancel(id);
	}
	async wait(timeoutMs) {
		await this.#waiting.pollUntil(this.#connect.waitMs(timeoutMs));
	}
	echoReply(sequence, data, from, ttl, arrivedMs) {
		const host = this.#hosts[sequence];
		if (!(this.#tokens[sequence] === data && host === from && this.#reply(sequence, ECHO_REPLY, ttl, host, arrivedMs, true))) this.counters.unmatched++;
	}
	echoError(sequence, kind, from) {
		if (!this.#reply(sequence, kind, 0, from, this.#nowMs, false)) this.counters.unmatched++;
	}
	#reply(sequence, kind, ttl, from, nowMs, timed) {
		const host = this.#hosts[sequence];
		const attempt = this.#attempts[sequence];
		const token = this.#tokens[sequence];
		return this.#sink.onReply(host, this.#kinds[sequence], attempt, token, kind, ttl, from, false, nowMs, timed);
	}
	[Symbol.dispose]() {
		for (const socket of this.#pings) socket[Symbol.dispose]();
	}
};
var ConnectionReplies = class {
	#ports;
	#sink;
	constructor(ports) {
		this.#ports = ports;
	}
	forwardedTo(sink) {
		this.#sink = sink;
		return this;
	}
	sent(id, sentMs) {
		this.#sink.sent(id, sentMs);
	}
	onOutcome(id, host, port, kind, from, nowMs, timed) {
		this.#sink.onOutcome(id, host, this.#ports.indexOf(port), kind, from, nowMs, timed);
	}
	keepsSocket(id, host, port, untilMs) {
		this.#sink.keepsSocket(id, host, this.#ports.indexOf(port), untilMs);
	}
	onSendError(id, reason) {
		this.#sink.onSendError(id, reason);
	}
};

// src/transport/ping_socket.ts
var ping_socket_exports = /* @__PURE__ */ __exportAll({
	Ipv4Echo: () => Ipv4Echo,
	PingSocket: () => PingSocket
});
var Ipv4Echo = class {
	requestType = 8;
	replyType = 0;
	sources = "inet4";
	level = 0;
	hopLimit = 2;
	destination = pinInet4(0, 0);
	#book;
	constructor(book) {
		this.#book = book;
	}
	open({ sourceIp, ttl }) {
		const fd = openSocket(2, 2, 1);
		try {
			setOption(fd, 0, 11, 1);
			setOption(fd, 0, 12, 1);
			if (ttl !== void 0) setOption(fd, 0, 2, ttl);
			const source = sourceTexts(sourceIp).map(parseIpv4).find((address) => address !== void 0);
			if (source !== void 0) bindInet4(fd, source, 0);
			return fd;
		} catch (error) {
			fd.close();
			throw error;
		}
	}
	setDestination(host) {
		writeInet4(this.destination.view, 0, this.#book.address(host), 0);
	}
	hostOf(replies, index) {
		return this.#book.find(replies.source(index));
	}
	takeError(errors, fd) {
		return errors.take(fd);
	}
	senderOf({ from }) {
		return this.#book.sender(from);
	}
};
const DATA_LEN = 8;
const REQUEST_LEN = 8 + DATA_LEN;
const BATCH = 64;
const CONTROL_LEN = 128;
const STALE_ERRORS = 3;
var PingSocket = class {
	fd;
	batch = 128;
	#family;
	#errorKind;
	#request = pin(REQUEST_LEN);
	#replies;
	#errors = new ErrorQueue();
	#clock = new ArrivalClock();
	constructor(family, errorKind, options = {}) {
		this.#family = family;
		this.#errorKind = errorKind;
		const { sources } = family;
		this.#replies = new ReceiveBatch({
			count: BATCH,
			slotLen: REQUEST_LEN,
			controlLen: CONTROL_LEN,
			sources
		});
		const fd = this.fd = family.open(options);
		try {
			setOption(fd, 1, 35, 1);
			if (options.interface !== void 0) bindToDevice(fd, options.interface);
			enlargeReceiveBuffer(fd);
		} catch (error) {
			fd.close();
			throw error;
		}
		writeIcmpv4(this.#request.view, 0, {
			type: family.requestType,
			code: 0,
			quoted: new Uint8Array(DATA_LEN)
		});
	}
	static isPermitted() {
		try {
			openSocket(2, 2, 1).close();
			return true;
		} catch (error) {
			if (error instanceof SyscallError && (error.errno === ERRNO.EACCES || error.errno === ERRNO.EPERM)) return false;
			throw error;
		}
	}
	send(host, sequence, data) {
		const { view } = this.#request;
		setIcmpv4Rest(view, 0, sequence);
		view.setUint32(8, data);
		view.setUint32(8 + 4, ~data);
		this.#family.setDestination(host);
		for (let stale = 0;; stale++) {
			const result = sendTo(this.fd, this.#request, 0, REQUEST_LEN, this.#family.destination);
			if (result >= 0) return 0;
			if (isNoRoom(-result) || stale === STALE_ERRORS) return -result;
		}
	}
	receive(sink, nowMs) {
		const errors = this.#receiveErrors(sink);
		const replies = this.#replies;
		this.#clock.begin(nowMs);
		let count = replies.receive(this.fd);
		if (count < 0) count = Math.max(0, replies.receive(this.fd));
		for (let i = 0; i < count; i++) this.#takeReply(i, sink, nowMs);
		if (count < BATCH) this.#clock.emptied();
		return errors + count;
	}
	#takeReply(index, sink, nowMs) {
		const { slots, controls } = this.#replies;
		const at = index * REQUEST_LEN;
		if (this.#replies.length(index) < REQUEST_LEN || icmpv4Type(slots, at) !== this.#family.replyType) return;
		const data = slots.getUint32(at + 8);
		if (slots.getInt32(at + 8 + 4) !== ~data) return;
		const ttlAt = this.#replies.findControl(index, this.#family.level, this.#family.hopLimit, 4);
		const timeAt = this.#replies.findControl(index, 1, 35, timespec.size);
		sink.echoReply(icmpv4Rest(slots, at) & 65535, data, this.#family.hostOf(this.#replies, index), ttlAt < 0 ? 0 : controls.getInt32(ttlAt, true), timeAt < 0 ? nowMs : this.#clock.arrival(readTimespecMs(controls, timeAt)));
	}
	#receiveErrors(sink) {
		const errors = this.#errors;
		let count = 0;
		while (count < BATCH && this.#family.takeError(errors, this.fd)) {
			count++;
			if (errors.isLocal || checkIcmpv4(errors.quote, 0, errors.quoteLen) === 0) continue;
			const kind = this.#errorKind(errors.type, errors.code);
			if (kind !== 255) sink.echoError(icmpv4Rest(errors.quote, 0) & 65535, kind, this.#family.senderOf(errors));
		}
		return count;
	}
	[Symbol.dispose]() {
		this.fd.close();
	}
};

// src/scan/socket_discovery.ts
var socket_discovery_exports = /* @__PURE__ */ __exportAll({ planSocketDiscovery: () => planSocketDiscovery });
const USUAL_PORTS = [80, 443];
const NO_RAW = "that takes raw sockets, and CAP_NET_RAW is missing";
const RAW_REQUESTS = {
	timestamp: "ICMP timestamp",
	mask: "ICMP address mask"
};
function planSocketDiscovery(options, { routes, book }, space) {
	const { pings = [], arpPing } = options;
	if (arpPing === true) throw new CannotScanError(`Cannot find hosts by ARP: ${NO_RAW}. Use sudo, or leave -PR out`);
	const raw = pings.find((name) => Object.hasOwn(RAW_REQUESTS, name));
	if (raw !== void 0) throw new CannotScanError(`Cannot ping by ${RAW_REQUESTS[raw]}: ${NO_RAW}. Use sudo, or ping with -PE or -PS80,443`);
	const hosts = space.hostRanges();
	const byUdp = pings.filter((name) => udpPingPort(name) !== void 0);
	const ports = pings.length === 0 ? USUAL_PORTS : portsOf(pings.filter((name) => !byUdp.includes(name)));
	const wantsEcho = pings.length === 0 || pings.includes("echo");
	const hasEcho = wantsEcho && PingSocket.isPermitted();
	const remedy = "Use sudo, or a net.ipv4.ping_group_range with one of your groups";
	if (!hasEcho && ports.length + byUdp.length === 0) throw new CannotScanError(`Cannot ping by ICMP echo: CAP_NET_RAW is missing, and net.ipv4.ping_group_range permits no ping socket. ${remedy}, or ping with -PS80,443`);
	const kinds = [...hasEcho ? [ECHO_PING] : [], ...ports.map(connectPing)];
	const own = within(hosts, ownRanges(routes));
	return {
		links: boundsOf(Ranges.EMPTY),
		pinged: boundsOf(hosts.subtract(own)),
		own: boundsOf(own),
		skips: true,
		needsReply: true,
		passes: [...kinds.length === 0 ? [] : [socketPingName(kinds)], ...byUdp.length === 0 ? [] : familiesIn(hosts, book).map((family) => udpPingName(byUdp) + (family === 6 ? "/6" : ""))],
		warnings: [announcement({
			hasEcho,
			ports,
			udpPorts: byUdp.map((name) => udpPingPort(name)),
			isEchoForbidden: wantsEcho && !hasEcho,
			isFromFirst: kinds.length > 0 && sourceTexts(options.sourceIp).length > 1
		})]
	};
}
function portsOf(pings) {
	return [...new Set(pings.filter((name) => name.includes(":")).map((name) => Number(name.split(":")[1])))];
}
function announcement({ hasEcho, ports, udpPorts, isEchoForbidden, isFromFirst }) {
	const to = (what, ports) => ports.length === 0 ? [] : [`${what} to ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}`];
	const others = [...hasEcho ? ["ICMP echo"] : [], ...to("connections", ports)].join(" and ");
	const from = isFromFirst ? `${others} from the first address` : others;
	return `No right to open raw sockets: hosts are pinged by ${[...from === "" ? [] : [from], ...to("datagrams", udpPorts)].join(" and ")}${isEchoForbidden ? " (net.ipv4.ping_group_range permits no ICMP echo)" : ""}. Use sudo for ARP and all pings`;
}

// src/scan/socket_drivers.ts
var socket_drivers_exports = /* @__PURE__ */ __exportAll({ openSockets: () => openSockets });
async function openSockets(passes, options, routePlan, onAccepted) {
	using opening = new DisposableStack();
	const { book, routes } = routePlan;
	const pinging = passes.find(probesHosts);
	const accepted = pinging === void 0 ? { onAccepted } : {};
	const { sourceIp, sourcePort, interface: interfaceName, ttl } = options;
	const ipv6 = await ipv6Connections({
		sourceIp,
		sourcePort,
		interfaceName,
		ttl
	}, book);
	const connect = opening.use(new ConnectDriver(book, {
		...options,
		...accepted,
		ipv6,
		routes
	}));
	const pings = pinging && opening.use(await openPings(pinging, connect, options, book));
	const resources = opening.move();
	return {
		transport: pings !== void 0 && passes.length === 1 ? pings.name : connect.name,
		sources: [],
		notes: passes.some((pass) => !probesHosts(pass)) ? [`Ports are probed by connect(2), at most ${connect.maxInFlight} at a time`] : [],
		warnings: routePlan.warnings,
		routePlan,
		driverOf: (pass) => probesHosts(pass) ? pings : connect,
		closeBefore: () => {},
		isOfLinks: () => false,
		macOf: () => 0,
		prober: void 0,
		[Symbol.dispose]: () => resources.dispose()
	};
}
async function openPings({ technique }, connect, options, book) {
	using opening = new DisposableStack();
	const { SocketPingDriver } = await Promise.resolve().then(() => socket_ping_driver_exports);
	const ports = socketPingPorts(technique);
	const pings = {};
	if (ports.includes(0)) {
		const { Ipv4Echo, PingSocket } = await Promise.resolve().then(() => ping_socket_exports);
		pings[4] = opening.use(new PingSocket(new Ipv4Echo(book), icmpErrorKind, options));
		if (book.ipv6 !== void 0) {
			const [{ Ipv6Echo }, { icmpv6ErrorKind }] = await Promise.all([import("./ipv6.js").then((n) => n.i), import("./ipv6.js").then((n) => n.c)]);
			pings[6] = opening.use(new PingSocket(new Ipv6Echo(book.ipv6), icmpv6ErrorKind, options));
		}
	}
	opening.move();
	return new SocketPingDriver({
		book,
		ports,
		outcomes: socketPingOutcomes({ ignoresRst: options.ignoreRst }),
		connect,
		pings
	});
}

export { connect_driver_exports as a, isReset as c, socket_ping_driver_exports as i, isUnacknowledged as l, socket_discovery_exports as n, ConnectSockets as o, ping_socket_exports as r, isNoRoomToConnect as s, socket_drivers_exports as t };