// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as ResolveError, $i as PollSet, At as answerTimeout, Ci as isLoopback, Mt as smoothedRtt, Si as formatIpv4, et as resolveAddress, ia as systemClock, jt as rttVariation, tt as resolveName, u as startTimer, vi as familyOf, wi as parseIpv4, xi as RESERVED_IPV4 } from "./scan.js";
import { $n as pin, $t as connectInet4, Tt as counted, Wt as quote, ar as SyscallError, cn as receive, ir as ERRNO, rn as openSocket, un as send } from "./main.js";
import { UsageError, k as showsHost, y as hostAt } from "./library.js";


// src/wire/dns.ts
const ID = 0;
const FLAGS = 2;
const QUESTIONS = 4;
const ANSWERS = 6;
const AUTHORITIES = 8;
const ADDITIONALS = 10;
const QR = 32768;
const TC = 512;
const RD = 256;
const RCODE = 15;
const DNS_HEADER_LEN = 12;
const PTR_QUERY_MAX_LEN = 90;
const DNS_PORT = 53;
function dnsServerText({ address, port }) {
	return port === 53 ? formatIpv4(address) : `${formatIpv4(address)}:${port}`;
}
const TYPE_CNAME = 5;
const TYPE_PTR = 12;
const CLASS_IN = 1;
const QUESTION_TAIL_LEN = 4;
const RECORD_TAIL_LEN = 10;
const RECORD_CLASS = 2;
const RECORD_DATA_LEN = 8;
const NAME_MAX_LEN = 255;
const POINTER = 192;
const MAX_ALIASES = 8;
const MAX_RECORDS = 512;
const TEXT_MAX_LEN = 255;
const IN_ADDR_ARPA = new TextEncoder().encode("\x07in-addrarpa\0");
const IP6_ARPA = new TextEncoder().encode("ip6arpa\0");
const HEXADECIMAL = new TextEncoder().encode("0123456789abcdef");
function checkDns(_view, _at, length) {
	return length >= 12 ? 12 : 0;
}
function dnsId(view, at) {
	return view.getUint16(at + ID);
}
function dnsIsReply(view, at) {
	return (view.getUint16(at + FLAGS) & 63488) === QR;
}
function dnsIsTruncated(view, at) {
	return (view.getUint16(at + FLAGS) & TC) !== 0;
}
function dnsResponseCode(view, at) {
	return view.getUint16(at + FLAGS) & RCODE;
}
function writePtrQuery(view, at, id, address, letters, ipv6) {
	view.setUint16(at + ID, id);
	view.setUint16(at + FLAGS, RD);
	view.setUint16(at + QUESTIONS, 1);
	view.setUint16(at + ANSWERS, 0);
	view.setUint16(at + AUTHORITIES, 0);
	view.setUint16(at + ADDITIONALS, 0);
	let end = writePtrName(view, at + 12, address, letters, ipv6);
	view.setUint16(end, TYPE_PTR);
	view.setUint16(end + 2, CLASS_IN);
	end += QUESTION_TAIL_LEN;
	return end - at;
}
function writePtrName(view, at, address, letters, ipv6) {
	if (ipv6 !== void 0 && address >= ipv6.first) return writeIp6Name(view, at, address, letters, ipv6);
	for (let shift = 0; shift < 32; shift += 8) at = writeByteLabel(view, at, address >>> shift & 255);
	return writeLetters(view, at, IN_ADDR_ARPA, letters);
}
const ipv6Address = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(16));
function writeIp6Name(view, at, host, letters, ipv6) {
	ipv6.write(host, ipv6Address, 0);
	for (let digit = 31; digit >= 0; digit--) {
		const byte = ipv6Address.getUint8(digit >> 1);
		view.setUint8(at++, 1);
		view.setUint8(at++, HEXADECIMAL[(digit & 1) === 1 ? byte & 15 : byte >> 4]);
	}
	return writeLetters(view, at, IP6_ARPA, letters);
}
function writeLetters(view, at, labels, letters) {
	let bits = letters;
	for (let index = 0; index < labels.length; index++) {
		const byte = labels[index];
		if (!isLower(byte)) {
			view.setUint8(at++, byte);
			continue;
		}
		view.setUint8(at++, (bits & 1) === 1 ? byte - CASE : byte);
		bits >>>= 1;
	}
	return at;
}
function writeByteLabel(view, at, byte) {
	const digits = byte > 99 ? 3 : byte > 9 ? 2 : 1;
	view.setUint8(at, digits);
	for (let index = digits, rest = byte; index > 0; index--) {
		const tenth = rest / 10 | 0;
		view.setUint8(at + index, ZERO + rest - tenth * 10);
		rest = tenth;
	}
	return at + 1 + digits;
}
const QUESTION_DIFFERS = 0;
const QUESTION_OTHER_CASE = 1;
const QUESTION_SAME = 2;
const expected = new DataView(new ArrayBuffer(90));
function compareQuestion(view, at, length, address, letters, ipv6) {
	const nameLen = writePtrName(expected, 0, address, letters, ipv6);
	if (length < 12 + nameLen + QUESTION_TAIL_LEN || view.getUint16(at + QUESTIONS) !== 1) return 0;
	const name = at + 12;
	if (!(view.getUint16(name + nameLen) === TYPE_PTR && view.getUint16(name + nameLen + 2) === CLASS_IN)) return 0;
	let found = 2;
	for (let index = 0; index < nameLen; index++) {
		const is = view.getUint8(name + index);
		const wanted = expected.getUint8(index);
		if (is === wanted) continue;
		if (lower(is) !== lower(wanted)) return 0;
		found = 1;
	}
	return found;
}
function ptrNameIn(view, at, length) {
	const end = at + length;
	let owner = at + 12;
	const records = skipName(view, owner, end) + QUESTION_TAIL_LEN;
	if (records < owner) return void 0;
	const count = Math.min(view.getUint16(at + ANSWERS), MAX_RECORDS);
	for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
		let name;
		let alias = -1;
		for (let record = records, index = 0; index < count; index++) {
			const tail = skipName(view, record, end);
			if (tail < 0 || tail + RECORD_TAIL_LEN > end) break;
			const data = tail + RECORD_TAIL_LEN;
			const next = data + view.getUint16(tail + RECORD_DATA_LEN);
			if (next > end) break;
			const type = view.getUint16(tail);
			const isOurs = (type === TYPE_PTR || type === TYPE_CNAME) && view.getUint16(tail + RECORD_CLASS) === CLASS_IN && skipName(view, data, next) === next && areEqualNames(view, at, end, record, owner);
			record = next;
			if (!isOurs) continue;
			if (type === TYPE_CNAME) {
				alias = data;
				continue;
			}
			const found = readName(view, at, end, data);
			if (found !== void 0 && (name === void 0 || found < name)) name = found;
		}
		if (name !== void 0 || alias < 0) return name;
		owner = alias;
	}
}
function skipName(view, at, end) {
	for (let from = at; from < end;) {
		const byte = view.getUint8(from);
		if (byte === 0) return from + 1;
		if (byte >= POINTER) return from + 2 <= end ? from + 2 : CUT;
		if (byte > LABEL_MAX_LEN) return CUT;
		from += 1 + byte;
		if (from - at > NAME_MAX_LEN) return CUT;
	}
	return CUT;
}
const CUT = -65536;
const LABEL_MAX_LEN = 63;
function labelAt(view, start, end, from) {
	for (;;) {
		if (from >= end) return -1;
		const byte = view.getUint8(from);
		if (byte < POINTER) return byte <= LABEL_MAX_LEN && from + 1 + byte <= end ? from : -1;
		if (from + 2 > end) return -1;
		const target = start + (view.getUint16(from) & 16383);
		if (target >= from) return -1;
		from = target;
	}
}
function areEqualNames(view, start, end, one, other) {
	for (let read = 0; read <= NAME_MAX_LEN;) {
		one = labelAt(view, start, end, one);
		other = labelAt(view, start, end, other);
		if (one < 0 || other < 0) return false;
		if (one === other) return true;
		const length = view.getUint8(one);
		if (length !== view.getUint8(other)) return false;
		if (length === 0) return true;
		for (let index = 1; index <= length; index++) if (lower(view.getUint8(one + index)) !== lower(view.getUint8(other + index))) return false;
		one += 1 + length;
		other += 1 + length;
		read += 1 + length;
	}
	return false;
}
const nameBytes = new Uint8Array(NAME_MAX_LEN);
const nameDots = new Uint8Array(NAME_MAX_LEN);
function readName(view, start, end, from) {
	let length = 0;
	for (let read = 1;;) {
		from = labelAt(view, start, end, from);
		if (from < 0) return void 0;
		const labelLen = view.getUint8(from);
		if (labelLen === 0) break;
		read += 1 + labelLen;
		if (read > NAME_MAX_LEN) return void 0;
		if (length > 0) {
			nameDots[length] = 1;
			nameBytes[length++] = DOT;
		}
		for (let index = 1; index <= labelLen; index++) {
			nameDots[length] = 0;
			nameBytes[length++] = view.getUint8(from + index);
		}
		from += 1 + labelLen;
	}
	return safeText(length);
}
function safeName(name) {
	if (name.length > NAME_MAX_LEN) return void 0;
	const length = name.at(-1) === DOT ? name.length - 1 : name.length;
	for (let index = 0; index < length; index++) {
		nameBytes[index] = name[index];
		nameDots[index] = name[index] === DOT ? 1 : 0;
	}
	return safeText(length);
}
function safeText(length) {
	let text = "";
	for (let index = 0; index < length; index++) {
		const byte = lower(nameBytes[index]);
		const isPlain = nameDots[index] === 1 || isLower(byte) || byte >= ZERO && byte <= NINE || byte === UNDERSCORE || byte === SLASH || byte === HYPHEN && index > 0;
		text += isPlain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
	}
	return text === "" || text.length > TEXT_MAX_LEN ? void 0 : text;
}
const ZERO = 48;
const NINE = 57;
const UNDERSCORE = 95;
const SLASH = 47;
const HYPHEN = 45;
const DOT = 46;
const CASE = 32;
function isLower(byte) {
	return byte >= 97 && byte <= 122;
}
function lower(byte) {
	return byte >= 65 && byte <= 90 ? byte + CASE : byte;
}

// src/transport/dns_sockets.ts
const SOCKETS_PER_SERVER = 4;
const REPLY_MAX_LEN = 1500;
var UdpDnsSockets = class {
	servers;
	unreachable;
	#sockets;
	#poll;
	#query = pin(90);
	#reply = pin(REPLY_MAX_LEN);
	query = this.#query.view;
	reply = this.#reply.view;
	constructor(servers) {
		using opening = new DisposableStack();
		const reachable = [];
		const unreachable = [];
		const sockets = [];
		for (const server of servers) {
			const own = Array.from({ length: 4 }, () => opening.use(openSocket(2, 2, 0)));
			const errno = own.reduce((failed, socket) => failed || connectInet4(socket, server.address, server.port), 0);
			if (errno !== 0) {
				unreachable.push({
					server,
					error: new SyscallError("connect", errno)
				});
				own.forEach((socket) => socket.close());
				continue;
			}
			reachable.push(server);
			sockets.push(...own);
		}
		opening.move();
		this.servers = reachable;
		this.unreachable = unreachable;
		this.#sockets = sockets;
		this.#poll = new PollSet(sockets.length);
		sockets.forEach((socket, index) => this.#poll.set(index, socket, 1));
	}
	send(socket, length) {
		const result = send(this.#sockets[socket], this.#query, length);
		return result < 0 ? -result : 0;
	}
	receive(socket) {
		return receive(this.#sockets[socket], this.#reply, 0, REPLY_MAX_LEN);
	}
	async wait(timeoutMs) {
		await this.#poll.pollUntil(timeoutMs);
	}
	block(timeoutMs) {
		this.#poll.pollNow(timeoutMs);
	}
	[Symbol.dispose]() {
		for (const socket of this.#sockets) socket.close();
	}
};

// src/driver/dns_server_state.ts
const BOUNDS = {
	initialMs: 500,
	minMs: 100,
	maxMs: 2e3
};
const BACKOFF = 1.5;
const BACKOFF_MAX_MS = 1e3;
const FIRST_WINDOW = 4;
const MIN_WINDOW = 16;
const MAX_WINDOW = 256;
const WINDOW_CUT = .7;
const NEVER_REPLIED = {
	timeouts: 5,
	silentMs: 2e3
};
const FELL_SILENT = {
	timeouts: 16,
	silentMs: 2e3
};
const MAX_REFUSALS = 3;
const PAUSE_MS = 1e4;
const OTHER_CASE_CONFIRMED = 3;
var DnsServerState = class {
	#srtt = -1;
	#variation = 0;
	#window = FIRST_WINDOW;
	#threshold = MAX_WINDOW;
	inFlight = 0;
	#cutMs = -1e400;
	hasReplied = false;
	#silentSinceMs = 0;
	#timeoutsInRow = 0;
	refusals = 0;
	#pausedUntilMs = -1e400;
	keepsCase = false;
	otherCase = 0;
	get changesCase() {
		return !this.keepsCase && this.otherCase >= OTHER_CASE_CONFIRMED;
	}
	get isDoubtful() {
		return !this.hasReplied && this.#timeoutsInRow > 0;
	}
	timeoutMs(attempt) {
		const timeoutMs = answerTimeout(this.#srtt, this.#variation, BOUNDS);
		if (!this.hasReplied) return timeoutMs;
		return Math.min(Math.max(timeoutMs, BACKOFF_MAX_MS), timeoutMs * BACKOFF ** (attempt - 1));
	}
	get load() {
		return this.inFlight / this.#window;
	}
	get hasRoom() {
		return this.inFlight < Math.floor(this.#window);
	}
	isUsable(nowMs) {
		return this.#pausedUntilMs <= nowMs;
	}
	onSent(nowMs) {
		if (this.inFlight++ === 0 && this.#timeoutsInRow === 0) this.#silentSinceMs = nowMs;
	}
	onReply(sentMs, nowMs) {
		const sampleMs = nowMs - sentMs;
		this.#variation = rttVariation(this.#srtt, this.#variation, sampleMs);
		this.#srtt = smoothedRtt(this.#srtt, sampleMs);
		this.hasReplied = true;
		this.#timeoutsInRow = 0;
		this.#silentSinceMs = nowMs;
		this.#pausedUntilMs = -1e400;
		const growth = this.#window < this.#threshold ? 1 : 1 / this.#window;
		this.#window = Math.min(MAX_WINDOW, this.#window + growth);
	}
	onTimeout(sentMs, nowMs) {
		this.#timeoutsInRow++;
		if (this.hasReplied && sentMs > this.#cutMs) {
			this.#cutMs = nowMs;
			this.#window = this.#threshold = Math.max(MIN_WINDOW, this.#window * WINDOW_CUT);
		}
		const limit = this.hasReplied ? FELL_SILENT : NEVER_REPLIED;
		if (this.#timeoutsInRow >= limit.timeouts && nowMs - this.#silentSinceMs >= limit.silentMs) this.#pause(nowMs);
	}
	onRefused(nowMs) {
		if (++this.refusals >= MAX_REFUSALS) this.#pause(nowMs);
	}
	#pause(nowMs) {
		this.#pausedUntilMs = nowMs + PAUSE_MS;
		this.#window = FIRST_WINDOW;
		this.#timeoutsInRow = FELL_SILENT.timeouts;
		this.#silentSinceMs = -1e400;
	}
};

// src/driver/host_queue.ts
var HostQueue = class {
	servers;
	#hosts = /* @__PURE__ */ new Uint32Array(256);
	#first = 0;
	#end = 0;
	constructor(servers) {
		this.servers = servers;
	}
	get length() {
		return this.#end - this.#first;
	}
	push(host) {
		if (this.#end === this.#hosts.length) this.#makeRoom();
		this.#hosts[this.#end++] = host;
	}
	peek() {
		return this.#hosts[this.#first];
	}
	shift() {
		return this.#hosts[this.#first++];
	}
	#makeRoom() {
		const waiting = this.#hosts.subarray(this.#first, this.#end);
		const hosts = 2 * waiting.length > this.#hosts.length ? new Uint32Array(2 * this.#hosts.length) : this.#hosts;
		hosts.set(waiting);
		this.#hosts = hosts;
		this.#end = waiting.length;
		this.#first = 0;
	}
};

// src/driver/dns_driver.ts
var dns_driver_exports = /* @__PURE__ */ __exportAll({
	DnsDriver: () => DnsDriver,
	MAX_DNS_SERVERS: () => 8
});
const MAX_DNS_SERVERS = 8;
const SLOTS = 1024;
const MAX_ATTEMPTS = 16;
const MISSED_BY_CHANCE = 1e-6;
const LEAST_LOSS = .05;
const LOSS_WEIGHT = 1 / 64;
const PATIENCE_MS = 2500;
const PAUSED_MS = 2e3;
const NO_ROOM_MS = 10;
const RECEIVE_BATCH = 64;
const LETTERS_MASK = (1 << 10) - 1;
const FREE = -1;
const NOTHING = Symbol();
var DnsDriver = class {
	#parts;
	#servers;
	#queues = [];
	#waiting = 0;
	#loss = LEAST_LOSS;
	#isLast = false;
	#active = new Uint16Array(SLOTS);
	#activeCount = 0;
	#places = new Uint16Array(SLOTS);
	#free = Array.from({ length: SLOTS }, (_, index) => 1023 - index);
	#hosts = new Uint32Array(SLOTS);
	#allowed = new Uint8Array(SLOTS);
	#failed = new Uint8Array(SLOTS);
	#current = new Int8Array(SLOTS).fill(FREE);
	#firstMs = new Float64Array(SLOTS);
	#dueMs = new Float64Array(SLOTS);
	#attempts = new Uint8Array(SLOTS);
	#otherCase = Array(SLOTS).fill(NOTHING);
	#otherCaseAttempt = new Uint8Array(SLOTS);
	#agrees = new Uint8Array(SLOTS);
	#ids = new Uint16Array(SLOTS * MAX_ATTEMPTS);
	#sockets = new Uint8Array(SLOTS * MAX_ATTEMPTS);
	#letters = new Uint16Array(SLOTS * MAX_ATTEMPTS);
	#sentMs = new Float64Array(SLOTS * MAX_ATTEMPTS);
	#attemptOf = (/* @__PURE__ */ new Int16Array(65536)).fill(FREE);
	sent = 0;
	unmatched = 0;
	constructor(parts) {
		this.#parts = parts;
		this.#servers = Array.from({ length: parts.servers }, () => new DnsServerState());
	}
	get pending() {
		return this.#waiting + this.#activeCount;
	}
	get hasReplies() {
		return this.#servers.some(({ hasReplied }) => hasReplied);
	}
	add(host, servers = (1 << this.#servers.length) - 1) {
		let queue = this.#queues.find((each) => each.servers === servers);
		if (queue === void 0) this.#queues.push(queue = new HostQueue(servers));
		queue.push(host);
		this.#waiting++;
	}
	finish() {
		this.#isLast = true;
	}
	tick(nowMs) {
		for (let socket = 0; socket < this.#servers.length * 4; socket++) this.#receive(socket, nowMs);
		for (let place = this.#activeCount - 1; place >= 0; place--) {
			const slot = this.#active[place];
			if (this.#dueMs[slot] <= nowMs) this.#onDue(slot, nowMs);
		}
		for (const queue of this.#queues) this.#sendFrom(queue, nowMs);
	}
	nextMs(nowMs) {
		let next = this.#waiting > 0 ? nowMs + NO_ROOM_MS : 1e400;
		for (let place = 0; place < this.#activeCount; place++) next = Math.min(next, this.#dueMs[this.#active[place]]);
		return next;
	}
	#sendFrom(queue, nowMs) {
		while (queue.length > 0) {
			const server = this.#choose(queue.servers, 0, nowMs);
			if (server < 0) {
				if (!this.#isLast) return;
				this.#waiting--;
				this.#parts.onResult(queue.shift(), void 0);
				continue;
			}
			if (!this.#servers[server].hasRoom || this.#free.length === 0) return;
			const slot = this.#free.at(-1);
			this.#hosts[slot] = queue.peek();
			this.#attempts[slot] = this.#failed[slot] = 0;
			this.#allowed[slot] = queue.servers;
			this.#firstMs[slot] = nowMs;
			if (!this.#send(slot, server, nowMs)) {
				if (this.#isUsable(server, nowMs)) return;
				continue;
			}
			queue.shift();
			this.#waiting--;
			this.#free.pop();
			this.#places[slot] = this.#activeCount;
			this.#active[this.#activeCount++] = slot;
		}
	}
	#choose(set, first, nowMs) {
		const { length } = this.#servers;
		let best = -1;
		let doubtful = -1;
		for (let step = 0; step < length; step++) {
			const index = (first + step) % length;
			if ((set >> index & 1) === 0 || !this.#isUsable(index, nowMs)) continue;
			if (this.#servers[index].isDoubtful) doubtful = doubtful < 0 ? index : doubtful;
			else if (!this.#parts.spreads) return index;
			else if (best < 0 || this.#load(index) < this.#load(best)) best = index;
		}
		return best < 0 ? doubtful : best;
	}
	#load(server) {
		return this.#servers[server].load;
	}
	#isUsable(server, nowMs) {
		return this.#servers[server].isUsable(nowMs);
	}
	#send(slot, index, nowMs) {
		const { random, sockets, maySend } = this.#parts;
		const server = this.#servers[index];
		if (!maySend()) return false;
		const bits = random();
		let id = bits & 65535;
		while (this.#attemptOf[id] !== FREE) id = id + 1 & 65535;
		const letters = bits >>> 16 & LETTERS_MASK || 1;
		const socket = index * 4 + (bits >>> 30) % 4;
		const errno = sockets.send(socket, writePtrQuery(sockets.query, 0, id, this.#hosts[slot], letters, this.#parts.ipv6));
		if (errno !== 0) {
			if (errno !== ERRNO.EAGAIN && errno !== ERRNO.ENOBUFS) server.onRefused(nowMs);
			return false;
		}
		this.sent++;
		const attempt = slot * MAX_ATTEMPTS + this.#attempts[slot]++;
		this.#attemptOf[id] = attempt;
		this.#ids[attempt] = id;
		this.#sockets[attempt] = socket;
		this.#letters[attempt] = letters;
		this.#sentMs[attempt] = nowMs;
		this.#current[slot] = index;
		this.#dueMs[slot] = nowMs + server.timeoutMs(this.#attempts[slot]);
		server.onSent(nowMs);
		return true;
	}
	#onDue(slot, nowMs) {
		const current = this.#current[slot];
		if (current !== FREE) {
			this.#current[slot] = FREE;
			this.#servers[current].inFlight--;
			if (!this.#hasOtherCase(slot, current)) {
				const server = this.#servers[current];
				if (server.hasReplied) this.#loss += LOSS_WEIGHT * (1 - this.#loss);
				server.onTimeout(this.#sentMs[slot * MAX_ATTEMPTS + this.#attempts[slot] - 1], nowMs);
			} else if (this.#agrees[slot] === 1) {
				this.#servers[current].otherCase++;
				return this.#finish(slot, this.#otherCase[slot]);
			}
		}
		this.#sendAgain(slot, current, nowMs);
	}
	#hasOtherCase(slot, server) {
		return this.#otherCase[slot] !== NOTHING && this.#otherCaseAttempt[slot] === this.#attempts[slot] - 1 && !this.#servers[server].keepsCase;
	}
	#sendAgain(slot, before, nowMs) {
		const { length } = this.#servers;
		const mayAnswer = this.#allowed[slot] & ~this.#failed[slot];
		const others = before === FREE ? mayAnswer : mayAnswer & ~(1 << before);
		const next = before === FREE ? 0 : (before + 1) % length;
		let server = this.#choose(others, next, nowMs);
		if (server < 0) server = this.#choose(mayAnswer, next, nowMs);
		if (mayAnswer === 0 || server < 0 && this.#isLast) return this.#finish(slot, void 0);
		if (server < 0) this.#dueMs[slot] = nowMs + PAUSED_MS;
		else if (this.#attempts[slot] >= this.#maxAttempts()) {
			const endMs = this.#firstMs[slot] + PATIENCE_MS;
			if (endMs <= nowMs) this.#finish(slot, void 0);
			else this.#dueMs[slot] = endMs;
		} else if (!this.#send(slot, server, nowMs)) this.#dueMs[slot] = nowMs + NO_ROOM_MS;
	}
	#maxAttempts() {
		return Math.min(MAX_ATTEMPTS, Math.ceil(Math.log(MISSED_BY_CHANCE) / Math.log(Math.max(LEAST_LOSS, this.#loss))));
	}
	#receive(socket, nowMs) {
		const { sockets } = this.#parts;
		for (let count = 0; count < RECEIVE_BATCH; count++) {
			const length = sockets.receive(socket);
			if (length === -ERRNO.EAGAIN) return;
			if (length < 0) this.#servers[socket / 4 | 0].onRefused(nowMs);
			else if (!this.#onReply(socket, length, nowMs)) this.unmatched++;
		}
	}
	#onReply(socket, length, nowMs) {
		const { reply } = this.#parts.sockets;
		if (checkDns(reply, 0, length) === 0 || !dnsIsReply(reply, 0)) return false;
		const attempt = this.#attemptOf[dnsId(reply, 0)];
		if (attempt === FREE || this.#sockets[attempt] !== socket) return false;
		const slot = attempt / MAX_ATTEMPTS | 0;
		const question = compareQuestion(reply, 0, length, this.#hosts[slot], this.#letters[attempt], this.#parts.ipv6);
		const server = this.#servers[socket / 4 | 0];
		if (question === 0) return false;
		const code = dnsResponseCode(reply, 0);
		const isAnswer = code === 0 || code === 3;
		const name = isAnswer ? ptrNameIn(reply, 0, length) : void 0;
		const isCut = name === void 0 && isAnswer && dnsIsTruncated(reply, 0);
		const result = isAnswer && !isCut ? name ?? null : void 0;
		if (question === 1 && !server.changesCase) return !server.keepsCase && this.#onOtherCase(slot, attempt % MAX_ATTEMPTS, result);
		server.keepsCase ||= question !== 1;
		this.#loss -= LOSS_WEIGHT * this.#loss;
		server.onReply(this.#sentMs[attempt], nowMs);
		if (result !== void 0) {
			server.refusals = 0;
			this.#finish(slot, result);
			return true;
		}
		if (code !== 2 && !isCut) server.onRefused(nowMs);
		this.#failed[slot] |= 1 << (socket / 4 | 0);
		const current = this.#current[slot];
		if (current === FREE || (this.#failed[slot] >> current & 1) === 0) return true;
		this.#servers[current].inFlight--;
		this.#current[slot] = FREE;
		this.#sendAgain(slot, current, nowMs);
		return true;
	}
	#onOtherCase(slot, attempt, result) {
		const isFirst = this.#otherCase[slot] === NOTHING;
		if (!isFirst && this.#otherCaseAttempt[slot] === attempt) return true;
		this.#agrees[slot] = !isFirst && this.#otherCase[slot] === result ? 1 : 0;
		this.#otherCase[slot] = result;
		this.#otherCaseAttempt[slot] = attempt;
		return true;
	}
	#finish(slot, result) {
		const current = this.#current[slot];
		if (current !== FREE) this.#servers[current].inFlight--;
		this.#current[slot] = FREE;
		const first = slot * MAX_ATTEMPTS;
		for (let attempt = first; attempt < first + this.#attempts[slot]; attempt++) this.#attemptOf[this.#ids[attempt]] = FREE;
		this.#otherCase[slot] = NOTHING;
		this.#agrees[slot] = 0;
		const place = this.#places[slot];
		const moved = this.#active[--this.#activeCount];
		this.#active[place] = moved;
		this.#places[moved] = place;
		this.#free.push(slot);
		this.#parts.onResult(this.#hosts[slot], result);
	}
};

// src/local/dns_servers.ts
var dns_servers_exports = /* @__PURE__ */ __exportAll({
	dnsServerText: () => dnsServerText,
	parseDnsServers: () => parseDnsServers,
	serversFor: () => serversFor,
	serversIn: () => serversIn,
	systemDnsServers: () => systemDnsServers
});
const RESOLV_CONF = "/etc/resolv.conf";
const MAX_SYSTEM_SERVERS = 3;
const NAMESERVER = /^[ \t]*nameserver[ \t]+(\S+)/gm;
const ADVICE = "Give an address, as in 192.0.2.53 or 192.0.2.53:5353";
function isReserved(address) {
	return RESERVED_IPV4.some(({ first, last }) => address >= first && address <= last);
}
function serversFor(address, servers, isRequested) {
	if (isLoopback(address) && !isRequested) return 0;
	const isFree = isRequested || !isReserved(address);
	return servers.reduce((bits, server, index) => isFree || isReserved(server.address) ? bits | 1 << index : bits, 0);
}
async function parseDnsServers(texts, most) {
	const servers = /* @__PURE__ */ new Map();
	for (const text of texts) {
		const server = await parseDnsServer(text.trim());
		servers.set(dnsServerText(server), server);
	}
	if (servers.size === 0) throw new UsageError(`Cannot ask DNS servers: none is named. ${ADVICE}`);
	if (servers.size > most) throw new UsageError(`Cannot ask ${servers.size} DNS servers: name at most ${most}`);
	return [...servers.values()];
}
async function parseDnsServer(text) {
	const refuse = (why, advice = ADVICE) => {
		throw new UsageError(`Cannot ask the DNS server ${quote(text)}: ${why}. ${advice}`);
	};
	const colon = text.indexOf(":");
	if (colon !== text.lastIndexOf(":") || text.startsWith("[")) refuse("it is an IPv6 address", "Give an IPv4 address");
	const host = colon < 0 ? text : text.slice(0, colon);
	const digits = colon < 0 ? `${53}` : text.slice(colon + 1);
	const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
	if (port < 1 || port > 65535) refuse("its port is not a number from 1 to 65535");
	const address = parseIpv4(host);
	if (address !== void 0) return {
		address,
		port
	};
	if (!/^(?=.*[a-z])[\w.-]+$/i.test(host)) refuse("it is no IPv4 address and no name");
	try {
		const [first] = await resolveName(host);
		return {
			address: first,
			port
		};
	} catch (error) {
		return refuse(error instanceof ResolveError ? error.reason : String(error), "Give its address");
	}
}
function systemDnsServers() {
	if (Deno.permissions.querySync({
		name: "read",
		path: RESOLV_CONF
	}).state !== "granted") return void 0;
	try {
		const servers = serversIn(Deno.readTextFileSync(RESOLV_CONF));
		return servers.length === 0 ? void 0 : servers;
	} catch {
		return;
	}
}
function serversIn(text) {
	return [...text.matchAll(NAMESERVER)].slice(0, MAX_SYSTEM_SERVERS).flatMap(([, address = ""]) => {
		const parsed = parseIpv4(address);
		return parsed === void 0 ? [] : [{
			address: parsed,
			port: 53
		}];
	});
}

// src/driver/hostname_sources.ts
const MAX_CALLS = 16;
var DnsSource = class {
	#sockets;
	#driver;
	#warnsOfRoutes;
	constructor(servers, areChosen, maySend, onResult, ipv6) {
		this.#warnsOfRoutes = areChosen;
		const sockets = this.#sockets = new UdpDnsSockets(servers);
		const random = /* @__PURE__ */ new Uint32Array(256);
		let used = random.length;
		this.#driver = new DnsDriver({
			servers: sockets.servers.length,
			sockets,
			spreads: areChosen,
			random: () => {
				if (used === random.length) {
					crypto.getRandomValues(random);
					used = 0;
				}
				return random[used++];
			},
			maySend,
			onResult,
			ipv6
		});
	}
	get servers() {
		return this.#sockets.servers;
	}
	get description() {
		return this.servers.map(dnsServerText).join(", ") || "no DNS server";
	}
	get pending() {
		return this.#driver.pending;
	}
	add(address, servers) {
		this.#driver.add(address, servers);
	}
	finish() {
		this.#driver.finish();
	}
	step() {
		this.#driver.tick(systemClock.now());
	}
	wait(timeoutMs) {
		const nowMs = systemClock.now();
		return this.#sockets.wait(Math.max(0, Math.min(timeoutMs, this.#driver.nextMs(nowMs) - nowMs)));
	}
	block(timeoutMs) {
		this.#sockets.block(timeoutMs);
		return true;
	}
	warnings() {
		const { servers, unreachable } = this.#sockets;
		const warnings = (this.#warnsOfRoutes ? unreachable : []).map(({ server, error }) => `Cannot ask the DNS server ${dnsServerText(server)}: ${error.message}`);
		if (this.#driver.sent > 0 && !this.#driver.hasReplies) {
			const list = servers.map(dnsServerText).join(", ");
			const who = servers.length === 1 ? `the DNS server ${list} did not reply` : `no DNS server replied (${list})`;
			warnings.push(`Cannot look up names of hosts: ${who}. Name another with --dns-servers, or use -n`);
		}
		return warnings;
	}
	close() {
		this.#sockets[Symbol.dispose]();
	}
};
const UNKNOWN_SERVER = {
	address: -1,
	port: 0
};
var LibrarySource = class {
	servers = [UNKNOWN_SERVER];
	description = "the C library";
	#onResult;
	#resolve;
	#addressOf;
	#waiting = [];
	#calls = 0;
	#failed = 0;
	#hasAnswered = false;
	#wake = () => {};
	constructor(onResult, resolve = resolveAddress, addressOf = (host) => host) {
		this.#addressOf = addressOf;
		this.#resolve = resolve;
		this.#onResult = onResult;
	}
	get pending() {
		return this.#waiting.length + this.#calls;
	}
	add(address) {
		this.#waiting.push(address);
	}
	finish() {}
	step() {
		while (this.#calls < MAX_CALLS && this.#waiting.length > 0) this.#call(this.#waiting.pop());
	}
	async #call(host) {
		this.#calls++;
		const name = await this.#resolve(this.#addressOf(host));
		this.#calls--;
		this.#hasAnswered ||= name !== void 0;
		if (name === void 0) this.#failed++;
		if (this.#failed >= MAX_CALLS && !this.#hasAnswered) this.#failed += this.#waiting.splice(0).length;
		this.#onResult(host, name instanceof Uint8Array ? safeName(name) : name);
		this.#wake();
	}
	wait() {
		return new Promise((resolve) => this.#wake = resolve);
	}
	block() {
		return false;
	}
	warnings() {
		if (this.#failed === 0) return [];
		return [`The system's resolver failed to look up ${counted(this.#failed, "address", "addresses")}`];
	}
	close() {}
};

// src/scan/hostname_lookup.ts
var hostname_lookup_exports = /* @__PURE__ */ __exportAll({ HostnameLookup: () => HostnameLookup });
const TIME_SHARE = .02;
const RATE_SHARE = .02;
const BURST_MS = 50;
const WAIT_MS = 20;
const BLOCK_MS = 10;
const BLOCKED_WAIT_MS = 2;
const MAX_WAITING = 1024;
const SOME_PRIVATE_ADDRESS = 167772161;
const SOME_LOOPBACK_ADDRESS = 2130706433;
const SOME_PUBLIC_ADDRESS = 16843009;
const LOOPBACK = 1n;
const UNIQUE_LOCAL = 126n;
const LINK_LOCAL = 1018n;
function keyOf(book, host) {
	return familyOf(book, host) === 6 ? host : book.address(host);
}
var HostnameLookup = class {
	#names = /* @__PURE__ */ new Map();
	#source;
	#options;
	#seen = /* @__PURE__ */ new Set();
	#lastHost = -1;
	#more;
	#moreCount = 0;
	#addsAll = false;
	#isOpen = true;
	#isStopped = false;
	#beganMs = systemClock.now();
	#spentMs = 0;
	#yieldedMs = this.#beganMs;
	#timer = new PollSet(1);
	#allowed = 1;
	#allowedAtMs = this.#beganMs;
	#wake = () => {};
	#waiting = [];
	#stopped = Promise.withResolvers();
	#ended;
	constructor(options) {
		this.#options = options;
		const { servers, isRequested, book } = options;
		const onResult = (address, name) => {
			if (typeof name === "string") this.#names.set(address, name);
		};
		this.#source = servers === void 0 ? new LibrarySource(onResult, resolveAddress, (key) => this.#isIpv6(key) ? book.ipv6.addressOf(key) : key) : new DnsSource(servers, isRequested, () => this.#maySend(), onResult, book.ipv6);
		this.#ended = this.#run();
	}
	add(address) {
		if (this.#seen.has(address)) return;
		this.#seen.add(address);
		const servers = serversFor(this.#likeOf(address), this.#source.servers, this.#options.isRequested);
		if (servers === 0) return;
		this.#source.add(address, servers);
		this.#wake();
	}
	addHost(host) {
		if (host !== -1) this.add(keyOf(this.#options.book, host));
	}
	#isIpv6(address) {
		return familyOf(this.#options.book, address) === 6;
	}
	#likeOf(address) {
		if (!this.#isIpv6(address)) return address;
		const ipv6 = this.#options.book.ipv6.addressOf(address);
		if (ipv6 === LOOPBACK) return SOME_LOOPBACK_ADDRESS;
		return ipv6 >> 121n === UNIQUE_LOCAL || ipv6 >> 118n === LINK_LOCAL ? SOME_PRIVATE_ADDRESS : SOME_PUBLIC_ADDRESS;
	}
	addReplied(rows) {
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			if (host === this.#lastHost || !showsHost(rows, at)) continue;
			this.#lastHost = host;
			this.addHost(host);
		}
	}
	addAll(addresses, count) {
		this.#addsAll = true;
		this.#more = addresses;
		this.#moreCount = count;
		this.#wake();
	}
	async finish(deadlineAtMs) {
		this.#isOpen = false;
		this.#wake();
		using _timer = startTimer(deadlineAtMs - systemClock.now(), () => this.stop());
		await Promise.race([this.#ended, this.#stopped.promise]);
	}
	stop() {
		this.#isStopped = true;
		this.#stopped.resolve();
		this.#settle();
		this.#wake();
	}
	notes() {
		const { description, servers } = this.#source;
		return [`Names of hosts are looked up by ${description}${serversFor(SOME_PRIVATE_ADDRESS, servers, this.#options.isRequested) !== 0 ? "" : ", but not those of private addresses: the servers may be public; -R asks them too"}`];
	}
	of(ip) {
		const { book } = this.#options;
		const host = book.hostOf(ip);
		return host === -1 ? void 0 : this.#names.get(keyOf(book, host));
	}
	settled() {
		return this.#isStopped || this.#source.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
	}
	added() {
		return this.#addsAll ? [] : [...this.#seen];
	}
	named() {
		const { book } = this.#options;
		return [...this.#names].sort(([one], [other]) => one - other).map(([key, name]) => ({
			ip: book.text(this.#isIpv6(key) ? key : book.find(key)),
			name
		}));
	}
	get missing() {
		return this.#source.pending + this.#moreCount;
	}
	warnings() {
		if (!this.#isStopped) return this.#source.warnings();
		const { missing } = this;
		return missing === 0 ? [] : [`The scan ended before ${counted(missing, "name")} of hosts could be looked up`];
	}
	async #run() {
		const source = this.#source;
		await void 0;
		try {
			while (!this.#isStopped) {
				this.#refill();
				if (source.pending === 0) {
					this.#settle();
					if (!this.#isOpen) return;
					await new Promise((resolve) => this.#wake = resolve);
					continue;
				}
				const beforeMs = systemClock.now();
				source.step();
				this.#spentMs += systemClock.now() - beforeMs;
				if (source.pending > 0) await this.#wait();
			}
		} finally {
			source.close();
		}
	}
	#settle() {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
	async #wait() {
		if (!this.#isOpen && systemClock.now() - this.#yieldedMs < BLOCK_MS && this.#source.block(BLOCKED_WAIT_MS)) return;
		await this.#source.wait(this.#isOpen ? WAIT_MS : BLOCKED_WAIT_MS);
		await this.#restIfCostly();
		this.#yieldedMs = systemClock.now();
	}
	#refill() {
		while (this.#more !== void 0 && this.#source.pending < MAX_WAITING) {
			const { done, value } = this.#more.next();
			if (done) this.#more = void 0;
			else {
				this.#moreCount--;
				this.add(value);
			}
		}
		if (!this.#isOpen && this.#more === void 0) this.#source.finish();
	}
	async #restIfCostly() {
		while (this.#isOpen && !this.#isStopped) {
			const restMs = this.#spentMs / TIME_SHARE - (systemClock.now() - this.#beganMs);
			if (restMs <= 0) return;
			await this.#timer.pollUntil(Math.min(restMs, WAIT_MS));
		}
	}
	#maySend() {
		const maxRatePps = this.#options.maxRatePps();
		if (maxRatePps === 1e400) return true;
		const perMs = maxRatePps / 1e3 * (this.#isOpen ? RATE_SHARE : 1);
		const nowMs = systemClock.now();
		this.#allowed = Math.min(Math.max(1, perMs * BURST_MS), this.#allowed + (nowMs - this.#allowedAtMs) * perMs);
		this.#allowedAtMs = nowMs;
		if (this.#allowed < 1) return false;
		this.#allowed--;
		return true;
	}
};

export { dns_servers_exports as n, dns_driver_exports as r, hostname_lookup_exports as t };