// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { c as isReset, l as isUnacknowledged, o as ConnectSockets, s as isNoRoomToConnect } from "./connect.js";
import { $i as PollSet, Lt as EMPTY_REPORT, Sn as finishOnClose, di as isNoRoom, ia as systemClock, kn as takeSocketError, or as ipv6Connections, u as startTimer } from "./scan.js";
import { $n as pin, Tt as counted$1, cn as receive, dr as EPOLLET, ir as ERRNO, pr as EPOLLRDHUP, un as send } from "./main.js";
import { A as stateAt, C as portAt, E as rttMsAt, T as replacedAt, Y as STATES, _ as doublesOf, y as hostAt } from "./library.js";
import { n as ErrorQueue, r as Epoll } from "./udp_sockets.js";
import { createHash } from "node:crypto";
import { gunzipSync, inflateSync } from "node:zlib";
import { Duplex } from "node:stream";
import { connect } from "node:tls";
const bytesOf = (function bytesOf(text) {
	return Uint8Array.from(text, ((character) => character.charCodeAt(0)));
});
const printable = (function printable(text, limit = 256) {
	return text.slice(0, limit).replaceAll(/[^\x20-\x7e]/g, ((character) => ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`)).slice(0, limit);
});
const isText = (function isText(bytes) {
	const length = Math.min(bytes.length, 512);
	let high = 0;
	for (let i = 0; i < length; i++) {
		const byte = bytes[i];
		if (byte >= 127) high++;
		else if (byte < 32 && (byte < 7 || byte > 13) && byte !== 27) return false;
	}
	return length > 0 && high * 4 <= length;
});
const counted = (function counted(body, lengthBytes, ownBytes = 0) {
	return join(bigEndian(body.length + ownBytes, lengthBytes), body);
});
const namesOf = (function namesOf(extensions) {
	const list = readValues(extensions?.content ?? /* @__PURE__ */ new Uint8Array(), 1)[0];
	for (const { content } of readValues(list?.content ?? /* @__PURE__ */ new Uint8Array(), 32)) {
		const parts = readValues(content, 3);
		if (oidOf(parts[0]) !== SUBJECT_ALT_NAME) continue;
		const names = readValues(parts.at(-1)?.content ?? /* @__PURE__ */ new Uint8Array(), 1)[0];
		return readValues(names?.content ?? /* @__PURE__ */ new Uint8Array(), 64).flatMap((({ tag, content: name }) => {
			if (tag === 130) return [stringOf({
				tag,
				content: name
			})];
			return tag === 135 && name.length === 4 ? [name.join(".")] : [];
		}));
	}
	return [];
});
const planOf = (function planOf(context, kind) {
	const { options: { timing = 3 }, book, routePlan: { routes }, names, removed, limits, timeouts } = context;
	const isSerial = limits.maxInFlight === 1;
	return {
		...kind,
		width: isSerial ? 1 : WIDTH,
		widthOf: ((host) => {
			if (isSerial) return 1;
			const { answer } = routes.segments[routes.indexFor(host)];
			return answer.type === "unicast" && (answer.gateway ?? answer.gateway6) !== void 0 ? BEYOND_WIDTHS[timing] : NEAR_WIDTH;
		}),
		targetOf: ((host, port) => ({
			host: book.text(host),
			port,
			names: names.namesAt(host, port)
		})),
		isExcluded: ((host, port) => removed.hosts.has(host) || removed.ports.has(port)),
		isOver: ((host, nowMs) => timeouts?.isOver(host, nowMs) === true),
		maxRatePps: context.maxRatePps,
		emit: context.emit
	};
});


// src/service/exchange.ts
const NULL_PROBE = "null";

// src/service/line.ts
const QUIET_MS = 120;
const MAX_TALK_MS = 1500;
const MAX_REPLY_LEN = 16384;
const GROWTH = 1.25;
var Line = class {
	number;
	attempt;
	isTls;
	isOpen = false;
	tls;
	dueMs = 1e400;
	isHeld = false;
	#probe = NULL_PROBE;
	#sentMs = 0;
	#firstByteMs = -1;
	#pieces = [];
	#length = 0;
	#readLength = 0;
	constructor(number, attempt, isTls) {
		this.number = number;
		this.attempt = attempt;
		this.isTls = isTls;
	}
	get probe() {
		return this.#probe;
	}
	get isSilent() {
		return this.#length === 0;
	}
	get isAside() {
		return this.isHeld && this.isSilent;
	}
	get firstByteMs() {
		return this.#firstByteMs;
	}
	get isFull() {
		return this.#length >= MAX_REPLY_LEN;
	}
	begin(probe, nowMs) {
		this.#probe = probe;
		this.isHeld = false;
		this.#sentMs = nowMs;
		this.#firstByteMs = -1;
		this.#pieces = [];
		this.#length = this.#readLength = 0;
	}
	add(bytes, nowMs) {
		if (this.isSilent) this.#firstByteMs = nowMs - this.#sentMs;
		const piece = bytes.slice(0, MAX_REPLY_LEN - this.#length);
		this.#pieces.push(piece);
		this.#length += piece.length;
		this.dueMs = Math.min(nowMs + QUIET_MS, this.#sentMs + this.#firstByteMs + MAX_TALK_MS);
	}
	mayRead() {
		if (this.#length < this.#readLength * GROWTH) return false;
		this.#readLength = this.#length;
		return true;
	}
	isEndless(nowMs) {
		return !this.isSilent && (this.isFull || nowMs - this.#sentMs - this.#firstByteMs >= MAX_TALK_MS);
	}
	exchange(end) {
		return {
			probe: this.#probe,
			reply: this.#reply(),
			firstByteMs: this.#firstByteMs,
			end,
			connection: this.number,
			...this.isTls ? { tunnel: "ssl" } : {},
			...this.tls === void 0 ? {} : { tls: this.tls }
		};
	}
	#reply() {
		if (this.#pieces.length === 1) return this.#pieces[0];
		const bytes = new Uint8Array(this.#length);
		let at = 0;
		for (const piece of this.#pieces) {
			bytes.set(piece, at);
			at += piece.length;
		}
		return bytes;
	}
};

// src/service/port_time.ts
const USUAL_INTENSITY = 7;
const SILENT_MS = 4600;
const THOROUGH_SILENT_MS = 15e3;
const SECOND_LOOK_MS = 1500;
const SINGLE_MS = 2e3;
const MAX_PORT_MS = 8e3;
const THOROUGH_PORT_MS = 3e4;
const LEAST_ROUNDS = 8;
const ROUNDS = 8;
var PortTime = class {
	isThorough;
	isSingle = false;
	#times;
	#beganMs = -1;
	#roomlessMs = 1e400;
	constructor({ intensity, times }) {
		this.isThorough = intensity > USUAL_INTENSITY;
		this.#times = times;
	}
	start(nowMs) {
		this.#beganMs = nowMs;
	}
	awaitRoom(nowMs) {
		this.#roomlessMs = nowMs;
	}
	onRoom(nowMs) {
		this.#beganMs += Math.max(0, nowMs - this.#roomlessMs);
		this.#roomlessMs = 1e400;
	}
	onLate(dueMs, nowMs) {
		this.#beganMs += Math.max(0, nowMs - dueMs);
	}
	isUp(nowMs) {
		return nowMs - this.#beganMs > this.#budgetMs(MAX_PORT_MS, THOROUGH_PORT_MS);
	}
	isSilentUp(nowMs) {
		return nowMs - this.#beganMs > this.#silentBudgetMs;
	}
	probingLeftMs(nowMs) {
		return this.#silentBudgetMs - SECOND_LOOK_MS - (nowMs - this.#beganMs);
	}
	probeWaitMs(nowMs, hasReply) {
		const { probeMs, leastProbeMs } = this.#times;
		return hasReply ? probeMs : Math.min(probeMs, Math.max(leastProbeMs, this.probingLeftMs(nowMs) / LEAST_ROUNDS));
	}
	get #silentBudgetMs() {
		return this.#budgetMs(SILENT_MS, THOROUGH_SILENT_MS) + (this.isSingle ? SINGLE_MS : 0);
	}
	#budgetMs(usualMs, thoroughMs) {
		return (this.isThorough ? thoroughMs : usualMs) + ROUNDS * this.#times.extraMs;
	}
};

// src/service/probe_choice.ts
const HTTP$1 = "http";
const TLS$1 = "tls";
var ProbeChoice = class {
	isTls = false;
	isTextual = false;
	#options;
	#probes;
	#byIntensity;
	#sent = /* @__PURE__ */ new Set();
	#hasHinted = false;
	constructor(options, probes) {
		this.#options = options;
		this.#probes = probes;
		this.#byIntensity = probes.toSorted((one, other) => one.intensity - other.intensity);
	}
	addSent(name) {
		this.#sent.add(this.#key(name));
	}
	deleteSent(name) {
		this.#sent.delete(this.#key(name));
	}
	isSent(name) {
		return this.#sent.has(this.#key(name));
	}
	enterTls() {
		this.isTls = true;
		this.#hasHinted = this.isTextual = false;
	}
	request(name) {
		const probe = this.#named(name);
		return probe && this.#requestOf(probe);
	}
	takeHint() {
		const probe = this.#hasHinted ? void 0 : this.#hint();
		this.#hasHinted = true;
		if (probe === void 0) return void 0;
		const request = this.#requestOf(probe);
		const usual = {
			probe: request,
			isAlone: true,
			mayBeSlow: true
		};
		if (!probe.isText || probe.kind !== "exact") return usual;
		return {
			...usual,
			probe: void 0,
			then: request,
			listenMs: this.#options.times.listenMs / 2
		};
	}
	#hint() {
		const { port } = this.#options.target;
		if (this.isTls) return this.#probes.find(({ tlsPorts }) => tlsPorts?.includes(port));
		const ofPort = this.#probes.filter(({ ports }) => ports.includes(port));
		return this.#probes.some(({ tlsPorts }) => tlsPorts?.includes(port)) && !ofPort.some(({ name }) => name === "http") ? this.#named("tls") : ofPort[0];
	}
	exactly(names) {
		const probe = first(names, (name) => this.isSent(name) ? void 0 : this.#named(name));
		if (probe === void 0) return void 0;
		const replyMs = probe.services[0] === "http" ? { replyMs: this.#options.times.requestMs } : {};
		return {
			probe: this.#requestOf(probe),
			isAlone: false,
			...replyMs
		};
	}
	byLikelihood(names, areOthersOpen) {
		const { intensity, target: { port }, times } = this.#options;
		const candidates = this.#byIntensity.filter((probe) => !this.isSent(probe.name) && (probe.isText || !this.isTextual) && !(this.isTls && probe.name === "tls"));
		const own = candidates.find(({ ports, tlsPorts }) => (this.isTls ? tlsPorts : ports)?.includes(port));
		const usual = candidates.filter((probe) => probe.intensity <= intensity);
		const tls = own === void 0 ? usual.find(({ name }) => name === "tls") : void 0;
		if (tls !== void 0) return areOthersOpen ? void 0 : {
			probe: this.#requestOf(tls),
			isAlone: true
		};
		const next = this.isTls ? [] : names;
		const found = own ?? first(next, (name) => usual.find((each) => each.name === name)) ?? usual.find(({ kind }) => kind === "generic") ?? (this.isTls ? void 0 : usual[0]);
		if (found === void 0) return void 0;
		return {
			probe: this.#requestOf(found),
			isAlone: false,
			...found === own ? { replyMs: times.probeMs } : {}
		};
	}
	#named(name) {
		return this.#probes.find((probe) => probe.name === name);
	}
	#requestOf({ name, bytes, isText }) {
		return {
			name,
			isBinary: !isText && name !== "tls",
			bytes: typeof bytes === "function" ? bytes(this.#options.target) : bytes
		};
	}
	#key(name) {
		return this.isTls ? `${name} ssl` : name;
	}
};
function first(items, of) {
	for (const item of items) {
		const result = of(item);
		if (result !== void 0) return result;
	}
}

// src/service/dialogue.ts
const MAX_TOGETHER = 2;
const MAX_FOLLOWS = 6;
const LATE_GREETING_MS = 1e3;
const SLOW_REPLY_MS = 3600;
const REFUSED_PAUSE_MS = 250;
const MAX_REFUSALS = 3;
const MAX_TIMEOUTS = 1;
const MIN_CLOSED = 3;
const HANDSHAKE_MS = 2500;
const MAX_CONNECTIONS = 20;
const MAX_ENDLESS = 3;
const MAX_TLS_FAILURES = 2;
const SURE = 8;
var Dialogue = class {
	#options;
	#knowledge;
	#choice;
	#time;
	#connections;
	#exchanges = [];
	#lines = /* @__PURE__ */ new Map();
	#follows = [];
	#followCount = 0;
	#count = 0;
	#hasListened = false;
	#hasLookedTwice = false;
	#hasReply = false;
	#identification;
	#outer;
	#tlsFailures = 0;
	#endlessReplies = 0;
	#refusals = 0;
	#timeouts = 0;
	#retryMs = 1e400;
	#retried;
	#unacknowledged = 0;
	#closedBeside = /* @__PURE__ */ new Set();
	#hasChecked = false;
	#finding;
	constructor(options, knowledge, connections) {
		this.#options = options;
		this.#knowledge = knowledge;
		this.#choice = new ProbeChoice(options, knowledge.probes);
		this.#time = new PortTime(options);
		this.#connections = connections;
	}
	get finding() {
		return this.#finding;
	}
	get connectionCount() {
		return this.#count;
	}
	get exchanges() {
		return this.#exchanges;
	}
	get isLooking() {
		return this.#hasLookedTwice;
	}
	get isQuiet() {
		return this.#exchanges.length > 1 && !this.#hasReply;
	}
	get hasReply() {
		return this.#hasReply;
	}
	get dueMs() {
		let dueMs = this.#retryMs;
		for (const line of this.#lines.values()) dueMs = Math.min(dueMs, line.dueMs);
		return dueMs;
	}
	start(nowMs) {
		this.#time.start(nowMs);
		this.#advance(nowMs);
	}
	stop(label) {
		if (this.#finding !== void 0) return;
		this.#finish(label);
	}
	connecting(connection, nowMs) {
		const line = this.#lines.get(connection);
		if (line === void 0) return;
		const { times } = this.#options;
		line.dueMs = nowMs + times.connectMs + (line.isTls ? HANDSHAKE_MS : 0);
		this.#time.onRoom(nowMs);
	}
	opened(connection, nowMs, tls) {
		const line = this.#lines.get(connection);
		if (line === void 0) return;
		line.isOpen = true;
		line.tls = tls;
		this.#refusals = 0;
		const { probe } = line.attempt;
		if (probe === void 0) return this.#listen(line, nowMs);
		if (!this.#choice.isTextual || probe.isBinary !== true) return this.#send(line, probe, nowMs);
		this.#lines.delete(line.number);
		this.#connections.end(line.number, false);
		this.#advance(nowMs);
	}
	received(connection, bytes, nowMs) {
		const line = this.#lines.get(connection);
		if (line === void 0 || bytes.length === 0) return;
		this.#hasReply = true;
		line.add(bytes, nowMs);
		if (line.isFull) return this.#conclude(line, "open", nowMs);
		if (!line.mayRead()) return;
		const { reading, isTextual } = this.#identify([...this.#exchanges, line.exchange("open")]);
		this.#choice.isTextual ||= isTextual;
		if (reading?.isComplete) this.#conclude(line, "open", nowMs);
	}
	ended(connection, end, nowMs) {
		const line = this.#lines.get(connection);
		if (line === void 0) return;
		if (line.isOpen) return this.#conclude(line, end, nowMs);
		this.#lines.delete(connection);
		if (line.isTls) this.#tlsFailed(line.attempt, nowMs);
		else this.#failed(line.attempt, end, nowMs);
	}
	expire(nowMs) {
		this.#time.onLate(this.dueMs, nowMs);
		if (this.#retryMs <= nowMs) {
			const attempt = this.#retried;
			this.#retryMs = 1e400;
			this.#retried = void 0;
			this.#open(attempt, nowMs);
		}
		for (const line of [...this.#lines.values()]) {
			if (line.dueMs > nowMs || !this.#lines.has(line.number)) continue;
			if (!line.isOpen) {
				this.#connections.end(line.number, false);
				this.ended(line.number, "timeout", nowMs);
			} else if (line.isSilent && line.probe === "null" && line.attempt.then !== void 0) {
				this.#exchanges.push(line.exchange("open"));
				this.#send(line, line.attempt.then, nowMs);
			} else if (this.#mayBeSlow(line)) this.#hold(line, nowMs);
			else this.#conclude(line, "open", nowMs);
		}
	}
	#listen(line, nowMs) {
		this.#hasListened ||= line.attempt.listenMs === void 0;
		line.begin(NULL_PROBE, nowMs);
		line.dueMs = nowMs + (line.attempt.listenMs ?? this.#options.times.listenMs);
	}
	#send(line, { name, bytes, waitMs = 1e400 }, nowMs) {
		const { times } = this.#options;
		this.#choice.addSent(name);
		line.begin(name, nowMs);
		const usualMs = line.attempt.isAlone && name !== "tls" ? times.requestMs : this.#time.probeWaitMs(nowMs, this.#hasReply);
		line.dueMs = nowMs + Math.min(line.attempt.replyMs ?? usualMs, waitMs + times.extraMs);
		this.#connections.send(line.number, bytes);
	}
	#mayBeSlow({ attempt, isHeld, isSilent }) {
		return attempt.mayBeSlow === true && isSilent && !isHeld && !this.#isAnswered && !this.#time.isSingle;
	}
	get #isAnswered() {
		return this.#choice.isTls ? this.#exchanges.some(({ tunnel, reply }) => tunnel && reply.length > 0) : this.#hasReply;
	}
	#hold(line, nowMs) {
		this.#take(line, "open");
		line.isHeld = true;
		line.dueMs = nowMs + SLOW_REPLY_MS;
		this.#advance(nowMs);
	}
	#take(line, end) {
		this.#exchanges.push(line.exchange(end));
		const { isSilent } = line;
		if (!isSilent && line.probe !== "null" && !line.isHeld) this.#options.times.addReply(line.firstByteMs);
		if (!isSilent) this.#unacknowledged = 0;
		else if (end === "open" && line.probe !== "null" && this.#connections.isUnacknowledged(line.number)) this.#unacknowledged++;
		return this.#read(isSilent);
	}
	#conclude(line, end, nowMs) {
		const { isSilent } = line;
		this.#noteSingle(line, end);
		const { service, follow, quit } = line.isAside || line.attempt.isCheck === true && isSilent ? {} : this.#take(line, end);
		if (line.isEndless(nowMs) && service === void 0) this.#endlessReplies++;
		if (follow !== void 0 && this.#followCount < MAX_FOLLOWS && !this.#choice.isSent(follow.name)) {
			this.#followCount++;
			if (follow.sameConnection && end === "open") return this.#send(line, follow, nowMs);
			this.#follows.push({
				probe: follow,
				isAlone: true
			});
		}
		this.#lines.delete(line.number);
		if (end === "open") {
			if (quit !== void 0) this.#connections.send(line.number, quit);
			this.#connections.end(line.number, !isSilent);
		}
		this.#advance(nowMs);
	}
	#noteSingle({ attempt, isAside, isSilent, probe }, end) {
		if (isAside || !isSilent || end === "open" || this.#hasReply || !this.#hasHeld) return;
		if (attempt.isCheck !== true) {
			this.#closedBeside.add(probe);
			return;
		}
		this.#time.isSingle = true;
		for (const held of [...this.#lines.values()].filter((line) => line.isAside)) {
			this.#lines.delete(held.number);
			this.#connections.end(held.number, false);
		}
		for (const name of this.#closedBeside) this.#choice.deleteSent(name);
		const kept = this.#exchanges.filter((exchange) => !this.#closedBeside.has(exchange.probe));
		this.#exchanges.splice(0, 1e400, ...kept);
	}
	get #hasHeld() {
		return [...this.#lines.values()].some(({ isAside }) => isAside);
	}
	#read(isSilent) {
		const identification = this.#identification = this.#identify(this.#exchanges);
		this.#choice.isTextual ||= identification.isTextual;
		return isSilent ? {} : identification.reading ?? {};
	}
	#identify(exchanges) {
		const { target } = this.#options;
		const own = this.#choice.isTls ? exchanges.filter(({ tunnel }) => tunnel !== void 0) : exchanges;
		return this.#knowledge.identify(own, target.port);
	}
	#advance(nowMs) {
		if (this.#finding !== void 0 || this.#retried !== void 0) return;
		if (this.#time.isUp(nowMs)) return this.#finish();
		const isFinal = this.#identification?.isFinal === true && this.#follows.length === 0;
		if (!this.#enterTls() && isFinal) return this.#finish();
		if (this.#endlessReplies >= MAX_ENDLESS && !this.#isSure()) return this.#finish();
		if (this.#unacknowledged > 1 && !this.#hasReply) return this.#finish("no-data");
		for (let busy = this.#busy; busy.length < (this.#time.isSingle ? 1 : MAX_TOGETHER); busy = this.#busy) {
			if (busy.some(({ attempt }) => attempt.isAlone)) return;
			const attempt = this.#next(nowMs);
			if (attempt === void 0) return this.#finishLast();
			this.#open(attempt, nowMs);
		}
	}
	get #busy() {
		return [...this.#lines.values()].filter(({ isAside }) => !isAside);
	}
	#finishLast(label) {
		if (this.#busy.length === 0 && (this.#lines.size === 0 || this.#isAnswered)) this.#finish(label);
	}
	#open(attempt, nowMs) {
		const number = this.#count++;
		const line = new Line(number, attempt, this.#choice.isTls);
		if (this.#busy.length === 0) this.#time.awaitRoom(nowMs);
		this.#lines.set(number, line);
		if (attempt.probe !== void 0) this.#choice.addSent(attempt.probe.name);
		this.#connections.begin(number, this.#choice.isTls);
	}
	#next(nowMs) {
		const areOthersOpen = this.#busy.length > 0;
		if (this.#follows.length > 0) return areOthersOpen ? void 0 : this.#follows.shift();
		const hint = this.#choice.takeHint();
		if (hint !== void 0) return hint;
		if (this.#isSure()) return this.#choice.exactly(this.#identification.next);
		if (!this.#hasListened) {
			const then = this.#choice.isSent("http") ? void 0 : this.#choice.request(HTTP$1);
			return {
				probe: void 0,
				then,
				isAlone: true,
				mayBeSlow: then !== void 0
			};
		}
		if (this.#closedBeside.size >= MIN_CLOSED && !this.#hasChecked && !this.#hasReply && this.#hasHeld) {
			if (areOthersOpen) return void 0;
			this.#hasChecked = true;
			return {
				probe: void 0,
				isAlone: true,
				isCheck: true,
				listenMs: this.#options.times.listenMs / 2
			};
		}
		const found = (this.#time.probingLeftMs(nowMs) > this.#time.probeWaitMs(nowMs, this.#hasReply) || this.#hasReply) && (this.#time.isThorough || this.#count < MAX_CONNECTIONS) ? this.#choice.byLikelihood(this.#identification?.next ?? [], areOthersOpen) : void 0;
		if (found !== void 0) return found;
		if (this.#hasReply || this.#hasLookedTwice || this.#choice.isTls) return void 0;
		if (areOthersOpen) return void 0;
		this.#hasLookedTwice = true;
		const { listenMs, extraMs } = this.#options.times;
		const lateMs = Math.max(LATE_GREETING_MS, 2 * listenMs);
		const replyMs = SECOND_LOOK_MS - LATE_GREETING_MS + 2 * extraMs;
		return {
			probe: void 0,
			then: this.#choice.request(HTTP$1),
			isAlone: true,
			listenMs: lateMs,
			replyMs
		};
	}
	#isSure() {
		const finding = this.#identification?.finding;
		return finding !== void 0 && finding.confidence >= SURE;
	}
	#enterTls() {
		if (this.#choice.isTls || this.#identification?.reading?.service !== "ssl") return false;
		for (const line of this.#lines.values()) this.#connections.end(line.number, false);
		this.#lines.clear();
		this.#follows.length = 0;
		this.#outer = this.#identification.finding;
		this.#choice.enterTls();
		this.#identification = void 0;
		this.#hasListened = false;
		return true;
	}
	#tlsFailed(attempt, nowMs) {
		if (++this.#tlsFailures < MAX_TLS_FAILURES) this.#open(attempt, nowMs);
		else this.#finishLast();
	}
	#failed(attempt, end, nowMs) {
		if (end === "timeout") this.#timeouts++;
		if ((this.#timeouts > MAX_TIMEOUTS || this.#time.isSilentUp(nowMs)) && this.#exchanges.length > 0 && !this.#hasReply) {
			this.#hasLookedTwice = true;
			return this.#finishLast();
		}
		if (++this.#refusals > MAX_REFUSALS) return this.#finishLast(end === "refused" ? "refused" : "no-connection");
		if (this.#retried !== void 0) {
			this.#follows.push(attempt);
			return;
		}
		this.#retried = attempt;
		this.#retryMs = nowMs + (end === "timeout" ? 0 : REFUSED_PAUSE_MS * 2 ** this.#refusals);
	}
	#finish(label) {
		for (const line of this.#lines.values()) this.#connections.end(line.number, !line.isSilent);
		this.#lines.clear();
		this.#retryMs = 1e400;
		const finding = this.#identification?.finding;
		if (this.#outer !== void 0) {
			const tls = {
				...this.#outer.tls,
				...this.#exchanges.findLast(({ tls }) => tls !== void 0)?.tls
			};
			this.#finding = finding === void 0 || finding.confidence === 0 ? {
				...this.#outer,
				tls
			} : {
				...finding,
				tunnel: "ssl",
				tls: {
					...tls,
					...finding.tls
				}
			};
			return;
		}
		if (finding !== void 0) this.#finding = label === void 0 ? finding : {
			...finding,
			label
		};
		else this.#finding = {
			service: "unknown",
			confidence: 0,
			...this.#whyNot(label)
		};
	}
	#whyNot(label) {
		if (label !== void 0) return { label };
		if (this.#hasReply) return {};
		return { label: this.#exchanges.length > 0 && this.#exchanges.every(({ end, probe }) => end !== "open" || probe === "null") ? "closes" : "silent" };
	}
};

// src/service/behaviours.ts
const BEHAVIOURS = [
	{
		id: "closes-rndc",
		service: "rndc",
		ports: [953],
		closes: [
			"http",
			"crlf2",
			"help"
		],
		stays: ["null", "pgssl"]
	},
	{
		id: "closes-cvs",
		service: "cvspserver",
		ports: [2401],
		closes: [
			"http",
			"cvs",
			"help"
		],
		stays: [
			"null",
			"dns",
			"smb"
		]
	},
	{
		id: "closes-jdwp",
		service: "jdwp",
		ports: [
			5005,
			8e3,
			8787,
			9009
		],
		closes: [
			"crlf2",
			"help",
			"x11",
			"socks5",
			"pgssl",
			"amqp"
		],
		resets: [
			"http",
			"tls",
			"dns",
			"smb",
			"rpc",
			"ldap"
		],
		stays: []
	},
	{
		id: "stays-discard",
		service: "discard",
		ports: [9],
		closes: [],
		stays: [
			"http",
			"tls",
			"dns",
			"help"
		]
	},
	{
		id: "stays-graphite",
		service: "graphite",
		ports: [2003],
		closes: [],
		stays: [
			"http",
			"tls",
			"dns",
			"help"
		]
	},
	{
		id: "stays-jetdirect",
		service: "jetdirect",
		ports: [9100, 9101],
		closes: [],
		stays: [
			"http",
			"pjl",
			"dns",
			"help"
		]
	}
];
const CONFIDENCE = 5;
function behaviourOf(exchanges, port) {
	if (exchanges.some(({ reply }) => reply.length > 0)) return void 0;
	const all = (names, isRight) => {
		const sent = exchanges.filter(({ probe }) => names.includes(probe));
		return names.length === 0 || sent.length > 0 && sent.every(isRight);
	};
	const found = BEHAVIOURS.find(({ ports, closes, resets = [], stays }) => ports.includes(port) && all(closes, ({ end }) => end === "fin" || end === "rst" && resets.length === 0) && all(resets, ({ end }) => end === "rst") && all(stays, ({ end }) => end === "open") && (closes.length > 0 || exchanges.every(({ end }) => end === "open")));
	return found && {
		service: found.service,
		confidence: CONFIDENCE,
		row: found.id
	};
}

// src/service/bytes.ts
const MAX_REPLY = 16384;
const CHUNK = 4096;
function latin1(bytes, from = 0, to = bytes.length) {
	const end = Math.min(to, bytes.length, from + MAX_REPLY);
	let text = "";
	for (let at = Math.max(0, from); at < end; at += CHUNK) text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + CHUNK)));
	return text;
}

function hex(digits) {
	const pairs = digits.replaceAll(/\s+/g, "").match(/../g) ?? [];
	return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}
function toHex(bytes) {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function join(...parts) {
	const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}
function bigEndian(value, length) {
	return Uint8Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * (length - 1 - i))) & 255);
}
function littleEndian(value, length) {
	return bigEndian(value, length).reverse();
}

const ESCAPES = {
	"\r": "\\r",
	"\n": "\\n",
	"	": "\\t",
	"\0": "\\0"
};

var Reader = class Reader {
	bytes;
	at;
	end;
	isShort = false;
	constructor(bytes, at = 0, end = bytes.length) {
		this.bytes = bytes;
		this.end = Math.min(Math.max(0, end), bytes.length);
		this.at = Math.min(Math.max(0, at), this.end);
	}
	get left() {
		return this.end - this.at;
	}
	skip(length) {
		if (length < 0 || length > this.left) {
			this.isShort = true;
			this.at = this.end;
			return false;
		}
		this.at += length;
		return true;
	}
	u8() {
		const at = this.at;
		return this.skip(1) ? this.bytes[at] : 0;
	}
	u16() {
		return this.u8() * 256 + this.u8();
	}
	u24() {
		return this.u16() * 256 + this.u8();
	}
	u32() {
		return this.u16() * 65536 + this.u16();
	}
	u16le() {
		return this.u8() + this.u8() * 256;
	}
	u32le() {
		return this.u16le() + this.u16le() * 65536;
	}
	take(length) {
		const at = this.at;
		return this.skip(length) ? this.bytes.subarray(at, at + length) : this.bytes.subarray(0, 0);
	}
	text(length) {
		return latin1(this.take(length));
	}
	cString(limit) {
		const from = this.at;
		const stop = Math.min(this.end, from + limit);
		let at = from;
		while (at < stop && this.bytes[at] !== 0) at++;
		if (at === stop) {
			this.isShort = true;
			this.at = this.end;
			return "";
		}
		this.at = at + 1;
		return latin1(this.bytes, from, at);
	}
	part(length) {
		const at = this.at;
		return this.skip(length) ? new Reader(this.bytes, at, at + length) : new Reader(this.bytes, this.end);
	}
};

// src/service/client_hello.ts
const SUITES$1 = hex("c02b c02f c02c c030 cca9 cca8 c023 c027 c009 c013 c024 c028 c00a c014 009e 009f ccaa 0067 006b 0033 0039009c 009d 003c 003d 002f 0035 0041 0084 000a c008 c012 0016 0005 0004 0032 0038 0040 006a00a6 00a7 006c 006d 0034 003a c018 c019 001b 0018 00ff");
const GROUPS = hex("001d 0017 0018 0019 0100");
const SIGNATURES = hex("0403 0503 0603 0807 0804 0805 0806 0401 0501 0601 0203 0201 0402 0202");
const RANDOM = bytesOf("synscan asks for a certificate  ");
function clientHello(serverName) {
	const extensions = join(...serverName === void 0 ? [] : [extension(0, vector(2, join(hex("00"), vector(2, bytesOf(serverName)))))], extension(10, vector(2, GROUPS)), extension(11, vector(1, hex("00"))), extension(13, vector(2, SIGNATURES)));
	const body = join(hex("0303"), RANDOM, vector(1, hex("")), vector(2, SUITES$1), vector(1, hex("00")), vector(2, extensions));
	const handshake = join(hex("01"), vector(3, body));
	return join(hex("16 0301"), vector(2, handshake));
}
function vector(lengthBytes, bytes) {
	return join(bigEndian(bytes.length, lengthBytes), bytes);
}
function extension(type, body) {
	return join(bigEndian(type, 2), vector(2, body));
}

// src/service/protocols/protocol.ts
function completeReading(service, fields, info = "") {
	return {
		service,
		isComplete: true,
		fields,
		facts: info === "" ? {} : { info }
	};
}

// src/service/protocols/calls.ts
function lspMessage(request) {
	return `Content-Length: ${request.length}\r\n\r\n${request}`;
}
const LSP_REQUEST = lspMessage("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$/synscan\",\"params\":{}}");
const LSP_INITIALIZE = lspMessage("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"initialize\",\"params\":{\"processId\":null,\"rootUri\":null,\"capabilities\":{}}}");
const LSP_MESSAGE = /^(?:Content-Type: [^\r\n]{1,100}\r\n)?Content-Length: \d{1,7}\r\n(?:Content-Type: [^\r\n]{1,100}\r\n)?\r\n(\{[^]{0,200}"jsonrpc": ?"2\.0"[^]*)/;
function lsp({ probe, reply }) {
	const body = LSP_MESSAGE.exec(latin1(reply, 0, 8192))?.[1];
	if (body === void 0) return void 0;
	if (probe === "lsp-initialize") {
		const [, name = "-", version = ""] = /"serverInfo": ?\{"name": ?"([^"\\]{1,60})"(?:, ?"version": ?"([^"\\]{1,60})")?/.exec(body) ?? [];
		return completeReading("lsp", { "lsp.server": `${name} ${version}`.trim() });
	}
	const follow = {
		name: "lsp-initialize",
		bytes: bytesOf(LSP_INITIALIZE),
		sameConnection: true
	};
	return {
		...completeReading("lsp", { "lsp.body": body.slice(0, 512) }),
		...probe === "lsp" ? { follow } : { next: ["lsp"] }
	};
}
const ZMTP_SIGNATURE = /^\xff[\0-\xff]{8}\x7f/;
const ZMTP_GREETING = join(hex("ff 0000000000000000 7f 03 00"), bytesOf("NULL"), /* @__PURE__ */ new Uint8Array(48));
function zmtp({ probe, reply }) {
	const text = latin1(reply, 0, 256);
	if (probe === "zmtp") {
		const rest = text.replace(ZMTP_SIGNATURE, "");
		const mechanism = /^[A-Z]{1,20}/.exec(rest.slice(2))?.[0];
		if (rest.length < 54 || mechanism === void 0) return void 0;
		const socket = /Socket-Type[^]{4}([A-Z]{3,6})/.exec(rest)?.[1];
		const kind = socket === void 0 ? [] : [`socket ${socket}`];
		const version = `ZMTP ${rest.charCodeAt(0)}.${rest.charCodeAt(1)}`;
		return completeReading("zmtp", { "zmtp.version": version }, [
			version,
			mechanism,
			...kind
		].join("; "));
	}
	if (!/^\xff\0\0\0\0\0\0\0[\0-\x40]\x7f/.test(text) || reply.length > 64) return void 0;
	const follow = {
		name: "zmtp",
		bytes: ZMTP_GREETING,
		sameConnection: true
	};
	return {
		...completeReading("zmtp", { "zmtp.signature": "seen" }),
		follow
	};
}
function messagePack({ reply }) {
	const reader = new Reader(reply);
	if (reader.u8() !== 148 || reader.u8() !== 1 || reader.u8() > 127) return void 0;
	let kind = reader.u8();
	if (kind === 146) {
		reader.skip(1);
		kind = reader.u8();
	}
	const text = reader.text(kind === 217 ? reader.u8() : kind >= 160 && kind < 192 ? kind & 31 : 0);
	return reader.u8() !== 192 || reader.isShort || !/^[\x20-\x7e]{1,200}$/.test(text) ? void 0 : completeReading("msgpack-rpc", { "msgpack.error": text });
}
const RPYC_REQUEST = (() => {
	const request = hex("12 51 51 11 b3 11 52 10 11 51 08 0e 07");
	const body = join(request, bytesOf("synscan"));
	return join(bigEndian(body.length, 4), hex("00"), body, hex("0a"));
})();
function rpyc({ probe, reply }) {
	const reader = new Reader(reply);
	const length = reader.u32();
	if (probe !== "rpyc" || reader.isShort || length + 6 !== reply.length) return void 0;
	const text = latin1(reply, 5, 4096);
	const version = /_remote_version[^]{3}(\d[\w.]{1,20})/.exec(text)?.[1];
	return text.startsWith("SQ") || text.startsWith("RQ") ? completeReading("rpyc", { "rpyc.version": version ?? "-" }) : void 0;
}
const DBUS_AUTH = "\0AUTH\r\n";
function dbus({ probe, reply }) {
	const mechanisms = /^REJECTED((?: [A-Z0-9_]{1,30}){1,8})\r\n$/.exec(latin1(reply, 0, 512))?.[1];
	return probe !== "dbus" || mechanisms === void 0 ? void 0 : completeReading("dbus", { "dbus.mechanisms": mechanisms.trim() }, `authentication:${mechanisms}`);
}
const CALLS = [
	{
		name: "lsp",
		parse: lsp
	},
	{
		name: "zmtp",
		parse: zmtp
	},
	{
		name: "msgpack-rpc",
		parse: messagePack
	},
	{
		name: "rpyc",
		parse: rpyc
	},
	{
		name: "dbus",
		parse: dbus
	}
];

// src/service/protocols/control.ts
const IPA_CONTROL = 238;
const IPA_IDENTITY = 254;
const IDENTITY_REQUEST = 4;
const IPA_GET = (() => {
	const request = bytesOf("GET 1 synscan");
	return join(bigEndian(request.length + 1, 2), hex("ee 00"), request);
})();
function ipa({ reply }) {
	const reader = new Reader(reply);
	const [length, stream, type] = [
		reader.u16(),
		reader.u8(),
		reader.u8()
	];
	if (reader.isShort || length < 2 || length + 3 > reply.length) return void 0;
	if (stream === IPA_IDENTITY && type === IDENTITY_REQUEST && length + 3 === reply.length) return completeReading("ipa", { "ipa.request": "identity" }, "identity request");
	const text = reader.text(length - 1);
	return stream === IPA_CONTROL && type === 0 && /^(?:GET_REPLY|ERROR|TRAP) \S{1,20} [\x20-\x7e]{1,200}$/.test(text) ? completeReading("osmocom-ctrl", { "ipa.control": text }) : void 0;
}
const RTR_SERIAL_QUERY = hex("00 01 0000 0000000c 00000000");
const RTR_RESET_QUERY = hex("00 02 0000 00000008");
const RTR_LENGTHS = {
	0: 12,
	3: 8,
	8: 8
};
const RTR_ERROR = 10;
function rtr({ probe, reply }) {
	if (probe !== "rtr" && probe !== "rtr-reset") return void 0;
	const reader = new Reader(reply);
	const [version, type, session, length] = [
		reader.u8(),
		reader.u8(),
		reader.u16(),
		reader.u32()
	];
	if (reader.isShort || version > 2) return void 0;
	if (type !== RTR_ERROR) return RTR_LENGTHS[type] === length ? completeReading("rpki-rtr", { "rtr.reply": String(type) }) : void 0;
	if (length > 1024 || length < 16) return void 0;
	reader.skip(reader.u32());
	const text = reader.text(reader.u32()).replace(/\0+$/, "");
	return reader.isShort ? void 0 : completeReading("rpki-rtr", { "rtr.error": `${session} ${text}` }, text);
}
function openFlow({ reply }) {
	const reader = new Reader(reply);
	const [version, type, length] = [
		reader.u8(),
		reader.u8(),
		reader.u16()
	];
	if (reader.isShort || version < 1 || version > 6 || type !== 0 || length !== 8 && length !== 16) return void 0;
	reader.skip(4);
	if (length === 16 && (reader.u16() !== 1 || reader.u16() !== 8)) return void 0;
	return reply.length < length ? void 0 : completeReading("openflow", { "openflow.version": String(version) }, `OpenFlow 1.${version - 1}`);
}
const NINEP_VERSION = (() => {
	const version = bytesOf("9P2000");
	const body = join(hex("64 ffff 00200000"), littleEndian(version.length, 2), version);
	return join(littleEndian(4 + body.length, 4), body);
})();
function nineP({ probe, reply }) {
	if (probe !== "9p") return void 0;
	const reader = new Reader(reply);
	const [size, type, tag] = [
		reader.u32le(),
		reader.u8(),
		reader.u16le()
	];
	if (reader.isShort || size !== reply.length || tag !== 65535) return void 0;
	if (type === 7 && size === 11) {
		const code = reader.u32le();
		return completeReading("9pfs", { "9p.code": String(code) }, `error ${code}`);
	}
	if (type === 101) reader.skip(4);
	else if (type !== 107) return void 0;
	const text = reader.text(reader.u16le());
	return reader.isShort || !/^[\x20-\x7e]{1,100}$/.test(text) ? void 0 : completeReading("9pfs", { "9p.version": text }, text);
}
const SMPP_ENQUIRE = hex("00000010 00000015 00000000 00000001");
const SMPP_REPLIES = [2147483669, 2147483648];
function smpp({ probe, reply }) {
	const reader = new Reader(reply);
	const [length, command, status, sequence] = [
		reader.u32(),
		reader.u32(),
		reader.u32(),
		reader.u32()
	];
	if (probe !== "smpp" || reader.isShort || length !== 16 || sequence > 1) return void 0;
	return SMPP_REPLIES.includes(command) ? completeReading("smpp", { "smpp.status": String(status) }) : void 0;
}
const CONTROL = [
	{
		name: "ipa",
		parse: ipa
	},
	{
		name: "rtr",
		parse: rtr
	},
	{
		name: "openflow",
		parse: openFlow
	},
	{
		name: "9p",
		parse: nineP
	},
	{
		name: "smpp",
		parse: smpp
	}
];

// src/service/protocols/middleware.ts
function ddm(code, ...parts) {
	const content = join(...parts);
	return join(bigEndian(4 + content.length, 2), bigEndian(code, 2), content);
}
const EXTERNAL_NAME = 4446;
const SERVER_CLASS = 4423;
const SERVER_RELEASE = 4442;
const ATTRIBUTES = 4161;
const ATTRIBUTES_REPLY = 5187;
const SYNTAX_ERROR = 4684;
const DRDA_ATTRIBUTES = (() => {
	const message = ddm(ATTRIBUTES, ddm(EXTERNAL_NAME, hex("a2a895a2838195")));
	return join(bigEndian(6 + message.length, 2), hex("d0 01 0001"), message);
})();
const EBCDIC = new Map([
	[129, "abcdefghi"],
	[145, "jklmnopqr"],
	[162, "stuvwxyz"],
	[193, "ABCDEFGHI"],
	[209, "JKLMNOPQR"],
	[226, "STUVWXYZ"],
	[240, "0123456789"],
	[64, " "],
	[75, "."],
	[77, "("],
	[93, ")"],
	[96, "-/"],
	[109, "_"]
].flatMap(([first, letters]) => [...letters].map((letter, index) => [first + index, letter])));
function ebcdic(bytes) {
	return Array.from(bytes.subarray(0, 200), (byte) => EBCDIC.get(byte) ?? "?").join("").trim();
}
function drda({ probe, reply }) {
	const reader = new Reader(reply);
	const [length, mark, kind] = [
		reader.u16(),
		reader.u8(),
		reader.u8() & 15
	];
	reader.skip(2);
	const [size, code] = [reader.u16(), reader.u16()];
	if (reader.isShort || mark !== 208 || kind !== 2 || size + 6 > length) return void 0;
	if (code === SYNTAX_ERROR) return {
		...completeReading("drda", { "drda.error": "syntax" }),
		next: ["drda"]
	};
	if (probe !== "drda" || code !== ATTRIBUTES_REPLY) return void 0;
	const texts = /* @__PURE__ */ new Map();
	const values = reader.part(Math.min(size - 4, reader.left));
	while (values.left >= 4 && !values.isShort) {
		const content = values.u16() - 4;
		const name = values.u16();
		texts.set(name, ebcdic(values.take(content)));
	}
	const server = [texts.get(SERVER_CLASS), texts.get(SERVER_RELEASE)].filter((text) => text !== void 0).join(" ");
	return completeReading("drda", { "drda.server": server });
}
function h2Text(reader) {
	const length = reader.u32();
	const bytes = reader.take(Math.min(2 * length, reader.left, 1024));
	return latin1(bytes.filter((_, at) => at % 2 === 1));
}
function h2({ reply }) {
	const reader = new Reader(reply);
	if (reader.u32() !== 0 || reader.bytes[7] !== 5 || h2Text(reader) !== "90047") return void 0;
	return completeReading("h2", { "h2.error": h2Text(reader) });
}
function openWire({ reply }) {
	const reader = new Reader(reply);
	reader.skip(4);
	if (reader.u8() !== 1 || reader.text(8) !== "ActiveMQ") return void 0;
	const version = reader.u32();
	const text = latin1(reply, 0, 2048);
	const valueOf = (name) => new RegExp(`${name}\\t\\0[^]([\\w .-]{1,40})`).exec(text)?.[1];
	const provider = [valueOf("ProviderName"), valueOf("ProviderVersion")].filter((value) => value !== void 0).join(" ");
	return completeReading("openwire", { "openwire.provider": provider || "-" }, `OpenWire ${version}`);
}
const SCGI_REQUEST = (() => {
	const body = "<?xml version=\"1.0\"?><methodCall><methodName>system.client_version</methodName><params></params></methodCall>";
	const variables = `CONTENT_LENGTH\x00109\0SCGI\x001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/RPC2\0`;
	return bytesOf(`${variables.length}:${variables},${body}`);
})();
function scgi({ probe, reply }) {
	const text = latin1(reply, 0, 4096);
	if (probe !== "scgi" || !/^(?:Status: \d{3}|Content-Type: )/i.test(text)) return void 0;
	const value = /<methodResponse>\s{0,10}<params>\s{0,10}<param><value><string>([^<]{1,40})</.exec(text)?.[1];
	return completeReading("scgi", value === void 0 ? { "scgi.text": text.slice(0, 256) } : { "scgi.client-version": value });
}
const XROOTD_HANDSHAKE = hex("00000000 00000000 00000000 00000004 000007dc");
function xrootd({ probe, reply }) {
	const reader = new Reader(reply);
	if (probe !== "xrootd" || reply.length !== 16 || reader.u32() !== 0 || reader.u32() !== 8) return void 0;
	const [version, type] = [reader.u32(), reader.u32()];
	if (type > 1 || version > 65535) return void 0;
	const text = [
		version >> 8,
		version >> 4 & 15,
		version & 15
	].join(".");
	return completeReading("xrootd", { "xrootd.protocol": text }, `protocol ${text}; ${type === 1 ? "data server" : "redirector"}`);
}
function synergy({ reply }) {
	const reader = new Reader(reply);
	if (reader.u32() !== 11 || reply.length !== 15) return void 0;
	const name = reader.text(7);
	const version = `${reader.u16()}.${reader.u16()}`;
	return !/^[A-Z][a-z]{6}$/.test(name) || !/^1\.\d{1,2}$/.test(version) ? void 0 : completeReading("synergy", { "synergy.name": name }, `protocol ${version}`);
}
const MIDDLEWARE = [
	{
		name: "drda",
		parse: drda
	},
	{
		name: "h2",
		parse: h2
	},
	{
		name: "openwire",
		parse: openWire
	},
	{
		name: "scgi",
		parse: scgi
	},
	{
		name: "xrootd",
		parse: xrootd
	},
	{
		name: "synergy",
		parse: synergy
	}
];

// src/service/protocols/daemons.ts
function simple(service, fields = {}, info) {
	const isBare = Object.keys(fields).length === 0;
	return completeReading(service, isBare ? { [`${service}.reply`]: "seen" } : fields, info);
}
function epmd({ probe, reply }) {
	if (probe !== "epmd" || reply.length < 4) return void 0;
	const port = new Reader(reply).u32();
	const names = latin1(reply, 4, 2048);
	if (port < 1024 || port > 65535 || !/^(?:name \S{1,100} at port \d{1,5}\n){0,50}$/.test(names)) return void 0;
	const nodes = [...names.matchAll(/name (\S{1,100}) at port (\d{1,5})/g)].map(([, name, at]) => `${name}: ${at}`);
	return simple("epmd", {
		"epmd.port": String(port),
		...nodes.length > 0 ? { "epmd.nodes": nodes.join(", ") } : {}
	}, nodes.join(", "));
}
function sane({ probe, reply }) {
	if (probe !== "sane" || reply.length !== 8) return void 0;
	const reader = new Reader(reply);
	const status = reader.u32();
	const version = toHex(reader.take(4));
	return status > 11 || !version.startsWith("01") ? void 0 : simple("sane-port", { "sane.version": version });
}
function zabbix({ reply }) {
	if (latin1(reply, 0, 4) !== "ZBXD" || ![1, 3].includes(reply[4] ?? 0) || reply.length < 13) return void 0;
	return simple("zabbix-agent", { "zabbix.reply": latin1(reply, 13, 512) });
}
function zabbixTrapper({ reply }) {
	const text = latin1(reply, 13, 512);
	if (latin1(reply, 0, 4) !== "ZBXD" || !text.startsWith("{\"response\":\"")) return void 0;
	return simple("zabbix-trapper", { "zabbix.response": text });
}
function tpm({ probe, reply }) {
	const reader = new Reader(reply);
	const [tag, length, code] = [
		reader.u16(),
		reader.u32(),
		reader.u32()
	];
	if (reader.isShort || tag !== 32769 || length !== reply.length || (code === 0 ? probe !== "tpm" : length !== 10)) return;
	if (code !== 0) return {
		...simple("tpm", { "tpm.error": code.toString(16) }),
		next: ["tpm"]
	};
	reader.skip(5);
	const values = /* @__PURE__ */ new Map();
	for (let count = Math.min(reader.u32(), 16); count > 0 && reader.left >= 8; count--) values.set(reader.u32(), reader.text(4));
	const textOf = (...ids) => ids.map((id) => values.get(id) ?? "").join("").replaceAll("\0", "").trim();
	const maker = textOf(TPM_MANUFACTURER);
	return simple("tpm", { "tpm.vendor": textOf(TPM_MANUFACTURER + 1, TPM_MANUFACTURER + 2, TPM_MANUFACTURER + 3, TPM_MANUFACTURER + 4) }, `TPM 2.0; ${maker}`);
}
const TPM_MANUFACTURER = 261;
const TPM_PROPERTIES = hex("8001 00000016 0000017a 00000006 00000105 00000008");
function modbus({ probe, reply }) {
	if (probe !== "modbus") return void 0;
	const reader = new Reader(reply);
	const transaction = reader.u16();
	const protocol = reader.u16();
	const length = reader.u16();
	const unit = reader.u8();
	const code = reader.u8();
	if (reader.isShort || transaction !== 1 || protocol !== 0 || length !== reply.length - 6 || (code & 127) !== 43) return;
	if (code === 171) return simple("modbus", { "modbus.exception": String(reader.u8()) }, `unit ${unit}`);
	reader.skip(5);
	const objects = [];
	for (let count = Math.min(reader.u8(), 8); count > 0 && reader.left >= 2; count--) {
		reader.u8();
		objects.push(reader.text(Math.min(reader.u8(), reader.left)));
	}
	return simple("modbus", { "modbus.device": objects.join("; ") });
}
function owserver({ probe, reply }) {
	if (reply.length !== 24) return void 0;
	if (probe === "owserver" && reply.every((byte) => byte === 0)) return simple("owserver", { "owserver.result": "0" });
	const reader = new Reader(reply);
	const version = reader.u32();
	const payload = reader.u32();
	const result = reader.u32() | 0;
	const flags = reader.u32();
	if (version !== 0 || payload !== 0 || result > 0 || result < -200 || flags > 65535) return void 0;
	return result === 0 && flags === 0 ? void 0 : simple("owserver", { "owserver.result": String(result) });
}
function knx({ reply }) {
	const text = toHex(reply.subarray(0, 8));
	return /^(?:00020000){1,2}$/.test(text) && reply.length % 4 === 0 ? simple("knxd", { "knxd.reply": "invalid request" }) : void 0;
}
function icecc({ probe, reply, end }) {
	if (reply.length !== 4 && !(reply.length === 8 && probe === "icecc")) return void 0;
	if (!/^(?:[2-3][0-9a-f]000000){1,2}$/.test(toHex(reply)) || end !== "open") return void 0;
	if (probe !== "null" && probe !== "icecc") return void 0;
	const isComplete = reply.length === 8;
	return {
		...simple("icecc", { "icecc.protocol": String(reply[0]) }, `protocol ${reply[0]}`),
		isComplete
	};
}
function fastcgi$1({ probe, reply }) {
	if (probe !== "fastcgi" || reply.length < 8 || reply[0] !== 1 || ![
		3,
		6,
		7,
		10,
		11
	].includes(reply[1])) return;
	const text = latin1(reply, 0, 2048);
	const powered = /X-Powered-By: ([^\r\n]{1,60})/i.exec(text)?.[1];
	const body = text.slice(8).replaceAll(/[^\x20-\x7e]+/g, " ").trim();
	return simple("fastcgi", {
		...powered ? { "fastcgi.powered-by": powered } : {},
		"fastcgi.text": body.slice(0, 512)
	});
}
function ajp({ probe, reply }) {
	return probe === "ajp" && toHex(reply.subarray(0, 5)) === "4142000109" ? simple("ajp13") : void 0;
}
function mumble({ reply }) {
	const reader = new Reader(reply);
	const type = reader.u16();
	const body = reader.part(reader.u32());
	if (reader.isShort || type !== 0 || body.left < 6 || body.left > 512) return void 0;
	const texts = [];
	while (body.left > 1 && texts.length < 4) {
		const key = body.u8();
		if ((key & 7) === 2) texts.push(body.text(body.u8()));
		else if ((key & 7) === 0) for (let i = 0; i < 10 && body.u8() >= 128;) i++;
		else return void 0;
	}
	const [release = "", os] = texts;
	if (body.isShort || !/^[\x20-\x7e]{1,100}$/.test(release)) return void 0;
	return {
		service: "mumble",
		isComplete: true,
		fields: { "mumble.release": release },
		facts: os && /^[\w ]{1,40}$/.test(os) ? { os } : {}
	};
}
const COMPRESSION_BORDER = 16385;
function inflated(reply) {
	if (new Reader(reply).u16() < COMPRESSION_BORDER) return latin1(reply, 0, 1024);
	try {
		return latin1(inflateSync(reply.subarray(2, 4096), { maxOutputLength: 16384 }));
	} catch {
		return "";
	}
}
function freeciv({ probe, reply }) {
	if (probe !== "freeciv") return void 0;
	const text = inflated(reply);
	const capability = /\+Freeciv[-.][\w.-]{1,40}/.exec(text)?.[0];
	return capability ? simple("freeciv", { "freeciv.capability": capability }) : void 0;
}
function brlapi({ reply }) {
	const reader = new Reader(reply);
	const [length, type, version] = [
		reader.u32(),
		reader.u32(),
		reader.u32()
	];
	return !reader.isShort && length === 4 && type === 118 && version < 64 ? simple("brlapi", { "brlapi.version": String(version) }) : void 0;
}
function wesnoth({ reply }) {
	const reader = new Reader(reply, 4);
	const length = reader.u32();
	if (length > 4096 || toHex(reply.subarray(8, 11)) !== "1f8b08") return void 0;
	try {
		const text = latin1(gunzipSync(reader.take(length), { maxOutputLength: 4096 }));
		return text.startsWith("[") ? simple("wesnoth", { "wesnoth.reply": text }) : void 0;
	} catch {
		return;
	}
}
function dask({ reply }) {
	const text = latin1(reply, 0, 256);
	return text.includes("\u00abcompression") && text.includes("\u00afpickle-protocol") ? simple("dask", { "dask.reply": "compression" }) : void 0;
}
function apcupsd({ reply }) {
	const text = latin1(reply, 0, 4096);
	const version = /VERSION {2}: (\d[\w.]{0,20})/.exec(text)?.[1];
	if (version !== void 0 && text.includes("APC      :")) return simple("apcupsd", { "apcupsd.version": version });
	return text.startsWith("\0Invalid command\n\0\0") ? {
		...simple("apcupsd"),
		next: ["apcupsd"]
	} : void 0;
}
function omapi({ reply }) {
	return toHex(reply) === "0000006400000018" ? simple("omapi", { "omapi.version": "100" }) : void 0;
}
function openvpn({ probe, reply }) {
	if (probe !== "openvpn" || reply.length < 16 || new Reader(reply).u16() > reply.length - 2) return void 0;
	const opcode = reply[2] >> 3;
	return opcode === 8 ? simple("openvpn", { "openvpn.opcode": String(opcode) }) : void 0;
}
const PPTP_COOKIE = 439041101;
function pptp$1({ reply }) {
	const reader = new Reader(reply, 2);
	if (reader.u16() !== 1 || reader.u32() !== PPTP_COOKIE || reader.u16() !== 2) return void 0;
	reader.skip(18);
	const [host, vendor] = [reader.text(64), reader.text(64)].map((text) => text.replace(/\0[^]*$/, ""));
	if (reader.isShort) return void 0;
	return {
		...simple("pptp", { "pptp.vendor": vendor ?? "" }),
		facts: host ? { hostname: host } : {}
	};
}
function iscsi$1({ probe, reply }) {
	if (probe !== "iscsi" && /^3f80[0-9a-f]{2}000000000[0-9a-f]{22}f{8}/.test(toHex(reply.subarray(0, 20)))) return {
		...simple("iscsi", { "iscsi.reject": String(reply[2]) }),
		next: ["iscsi"]
	};
	if (probe !== "iscsi" || reply.length < 48 || (reply[0] & 63) !== 35) return void 0;
	return simple("iscsi", { "iscsi.status": `${reply[36]} ${reply[37]}` });
}
function isns$1({ probe, reply }) {
	if (probe !== "isns") return void 0;
	const reader = new Reader(reply);
	const [version, type] = [reader.u16(), reader.u16()];
	reader.skip(4);
	const transaction = reader.u16();
	reader.skip(2);
	const status = reader.u32();
	return reader.isShort || version !== 1 || type !== 32770 || transaction !== 1 ? void 0 : simple("isns", { "isns.status": String(status) });
}
const ORIGIN_HOST = 264;
const PRODUCT_NAME = 269;
const ERROR_MESSAGE = 281;
function diameter$1({ probe, reply }) {
	if (probe !== "diameter") return void 0;
	const reader = new Reader(reply);
	const [version, length, flags, command] = [
		reader.u8(),
		reader.u24(),
		reader.u8(),
		reader.u24()
	];
	reader.skip(4);
	if (version !== 1 || (flags & 128) !== 0 || command !== 257 || reader.text(8) !== "synscan!" || length > 4096) return;
	const texts = /* @__PURE__ */ new Map();
	while (reader.left >= 8 && !reader.isShort) {
		const code = reader.u32();
		const header = (reader.u8() & 128) === 0 ? 8 : 12;
		const size = reader.u24() - header;
		reader.skip(header - 8);
		texts.set(code, reader.text(size));
		reader.skip(Math.min(4 - (size & 3) & 3, reader.left));
	}
	const hostname = texts.get(ORIGIN_HOST);
	const info = texts.get(PRODUCT_NAME) ?? texts.get(ERROR_MESSAGE);
	const reading = simple("diameter", { "diameter.avps": [...texts.keys(), texts.get(ERROR_MESSAGE) ?? ""].join(" ").trim() }, info);
	return hostname === void 0 ? reading : {
		...reading,
		facts: {
			...reading.facts,
			hostname
		}
	};
}
function moosefs({ probe, reply }) {
	if (probe === "null" && toHex(reply) === "000000000000000400000000") return {
		...simple("moosefs"),
		next: ["moosefs"]
	};
	const reader = new Reader(reply);
	if (probe !== "moosefs" || reader.u32() !== 11) return void 0;
	const length = reader.u32();
	reader.skip(4);
	const version = reader.text(length - 4);
	return reader.isShort || !/^\d[\w.-]{1,30}$/.test(version) ? void 0 : simple("moosefs", { "moosefs.version": version });
}
function snapcast$1({ probe, reply }) {
	if (probe !== "snapcast" || reply.length !== 34 || toHex(reply.subarray(22, 26)) !== "08000000") return void 0;
	const reader = new Reader(reply);
	return reader.u16le() === 4 && reader.skip(2) && reader.u16le() === 1 ? simple("snapcast") : void 0;
}
function ola$1({ probe, reply }) {
	return probe === "ola" && toHex(reply) === "0400001008051001" ? simple("ola-rpc") : void 0;
}
function erlang$1({ probe, reply }) {
	const reader = new Reader(reply);
	const status = reader.text(reader.u16());
	if (probe !== "erlang" || !/^s(?:ok|ok_simultaneous|nok|not_allowed|alive)$/.test(status)) return void 0;
	reader.skip(2);
	if (reader.u8() !== 78) return simple("erlang-dist", { "erlang.status": status.slice(1) });
	reader.skip(16);
	const node = reader.text(reader.u16());
	if (reader.isShort || !/^[\w.-]{1,60}@[\w.:-]{1,200}$/.test(node)) return simple("erlang-dist");
	return simple("erlang-dist", { "erlang.node": node }, `node ${node}`);
}
function bacula({ probe, reply }) {
	const reader = new Reader(reply);
	const line = reader.text(reader.u32());
	const match = /^(\w{1,20}\.c:\d{1,5}) Connection from unknown Director synscan at \S{1,60} rejected\.\n$/.exec(line);
	return probe === "bacula" && match ? simple("bacula-fd", { "bacula.source": match[1] }) : void 0;
}
function carbonQuery({ probe, reply }) {
	const reader = new Reader(reply);
	const pickle = reader.text(reader.u32());
	return probe === "carbon-query" && !reader.isShort && pickle.includes("datapoints") && pickle.endsWith(".") ? simple("carbon-query", { "carbon.pickle": toHex(reply.subarray(4)) }) : void 0;
}
function isRandom(bytes) {
	return new Set(bytes).size > bytes.length * .6 && !/[\x20-\x7e]{12}/.test(latin1(bytes));
}
function dnsdist({ probe, reply, end }) {
	return probe === "dnsdist" && reply.length === 24 && end === "open" && isRandom(reply) ? {
		...simple("dnsdist-control"),
		isVague: true
	} : void 0;
}
function bittorrent({ probe, reply, end }) {
	return probe === "bittorrent" && reply.length >= 96 && reply.length <= 608 && end === "open" && isRandom(reply.subarray(0, 96)) ? {
		...simple("bittorrent"),
		isVague: true
	} : void 0;
}
const NBD_OPTION = join(hex("00000003"), bytesOf("IHAVEOPT"), hex("0000ffff 00000000"));
const NBD_UNSUPPORTED = 2147483649;
function nbd({ probe, reply }) {
	const reader = new Reader(reply);
	if (probe === "nbd-option") {
		if (toHex(reader.take(8)) !== "0003e889045565a9" || reader.u32() !== 65535 || reader.u32() !== NBD_UNSUPPORTED) return;
		return simple("nbd", { "nbd.refusal": reader.text(Math.min(reader.u32(), reader.left)) });
	}
	if (reader.text(8) !== "NBDMAGIC") return void 0;
	if (reader.text(8) !== "IHAVEOPT") return simple("nbd", { "nbd.style": "oldstyle" });
	return {
		...simple("nbd", { "nbd.style": "newstyle" }),
		follow: {
			name: "nbd-option",
			bytes: NBD_OPTION,
			sameConnection: true
		}
	};
}
const SPHINX_STATUS = hex("00000001 0005 0100 00000004 00000001");
function sphinx({ probe, reply }) {
	if (probe === "null" && toHex(reply) === "00000001") return {
		...simple("sphinx-search"),
		isVague: true,
		follow: {
			name: "sphinx-status",
			bytes: SPHINX_STATUS,
			sameConnection: true
		}
	};
	const reader = new Reader(reply, 8);
	const rows = reader.u32();
	if (probe !== "sphinx-status" || reader.u32() !== 2 || rows > 1e3) return void 0;
	const names = [];
	for (let i = 0; i < 2 * Math.min(rows, 8); i++) {
		const text = reader.text(reader.u32());
		if (i % 2 === 0) names.push(text);
	}
	return reader.isShort || names[0] !== "uptime" ? void 0 : simple("sphinx-search", { "sphinx.status": names.join(" ") });
}
function agw({ probe, reply }) {
	const reader = new Reader(reply, 28);
	if (probe !== "agw" || reply.length !== 44 || reply[4] !== 82 || reader.u32le() !== 8) return void 0;
	reader.skip(4);
	const version = `${reader.u32le()}.${reader.u32le()}`;
	return simple("agwpe", { "agw.version": version }, `version ${version}`);
}
function milter({ probe, reply }) {
	const reader = new Reader(reply);
	if (probe !== "milter" || reader.u32() !== 13 || reader.u8() !== 79) return void 0;
	const version = reader.u32();
	return simple("milter", { "milter.version": String(version) }, `protocol ${version}`);
}
function rtmp$1({ probe, reply }) {
	return probe === "rtmp" && reply.length >= 1537 && reply[0] === 3 ? simple("rtmp") : void 0;
}
function rmi({ probe, reply }) {
	const reader = new Reader(reply);
	if (probe !== "rmi" || reader.u8() !== 78) return void 0;
	const host = reader.text(reader.u16());
	return reader.isShort || !/^[\w.:-]{1,100}$/.test(host) ? void 0 : simple("java-rmi");
}
function pulsePacket(payload) {
	return join(bigEndian(payload.length, 4), hex("ffffffff 00000000 00000000 00000000"), payload);
}
const PULSE_INFO = join(pulsePacket(join(hex("4c 00000009 4c 00000001 50 74"), bytesOf("application.name\0"), hex("4c 00000008 78 00000008"), bytesOf("synscan\0"), hex("4e"))), pulsePacket(hex("4c 00000014 4c 00000002")));
function pulse$1({ probe, reply }) {
	if (probe === "pulse-info") {
		const text = latin1(reply, 0, 1024).replaceAll("\0", "~");
		const match = /t([^~]{1,100})~t(\d[^~]{0,60})~/.exec(text);
		return match ? simple("pulseaudio", { "pulseaudio.server": `${match[1]} ${match[2]}` }) : void 0;
	}
	const reader = new Reader(reply);
	const length = reader.u32();
	const channel = reader.u32();
	if (probe !== "pulse" || channel !== 4294967295 || length > 1024) return void 0;
	reader.skip(12);
	if (reader.u8() !== 76) return void 0;
	const command = reader.u32();
	reader.skip(6);
	const version = reader.u32() & 65535;
	const reading = simple("pulseaudio", { "pulseaudio.reply": `${command} ${version}` });
	return command !== 2 ? reading : {
		...reading,
		facts: { info: `protocol ${version}` },
		follow: {
			name: "pulse-info",
			bytes: PULSE_INFO,
			sameConnection: true
		}
	};
}
function iperf2({ reply }) {
	if (reply.length !== 28 || toHex(reply.subarray(0, 8)) !== "000000020000001c") return void 0;
	const reader = new Reader(reply, 12);
	return simple("iperf", { "iperf.version": `${reader.u16()}.${reader.u16()}.${reader.u16()}` });
}
const LONG_PROBES = [
	"iperf3",
	"rpc",
	"http11",
	"sip",
	"xmpp",
	"smb",
	"tls"
];
function iperf3({ probe, reply }) {
	if (reply.length !== 1 || !LONG_PROBES.includes(probe)) return void 0;
	return reply[0] === 9 ? simple("iperf3", { "iperf3.state": "parameters" }) : void 0;
}
function tetrinet({ probe, reply }) {
	if (probe !== "tetrinetx") return void 0;
	const text = latin1(reply, 0, 256);
	return /^[\x20-\x7e]{1,100}(?:\n|\xff)\+?O?K?/.test(text) ? simple("tetrinet", { "tetrinet.version": text.split(/[\n\xff]/, 1)[0] }) : void 0;
}
function minecraft({ reply }) {
	const reader = new Reader(reply);
	if (reader.u8() !== 255 || reader.u16() * 2 !== reader.left || reader.left < 8) return void 0;
	const [mark, protocol, version] = utf16(reader.take(Math.min(reader.left, 1024))).split("\0");
	if (mark !== "\u00a71" || protocol === void 0 || version === void 0) return void 0;
	return simple("minecraft", { "minecraft.version": version }, `protocol ${protocol}`);
}
function utf16(bytes) {
	let text = "";
	for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] * 256 + bytes[at + 1]);
	return text;
}
const PARSERS = {
	epmd,
	sane,
	zabbixTrapper,
	zabbix,
	tpm,
	modbus,
	owserver,
	knx,
	icecc,
	fastcgi: fastcgi$1,
	ajp,
	mumble,
	freeciv,
	rtmp: rtmp$1,
	rmi,
	pulse: pulse$1,
	apcupsd,
	agw,
	moosefs,
	snapcast: snapcast$1,
	ola: ola$1,
	erlang: erlang$1,
	bacula,
	carbonQuery,
	dnsdist,
	bittorrent,
	nbd,
	sphinx,
	omapi,
	openvpn,
	pptp: pptp$1,
	iscsi: iscsi$1,
	isns: isns$1,
	diameter: diameter$1,
	brlapi,
	wesnoth,
	dask,
	milter,
	iperf2,
	iperf3,
	tetrinet,
	minecraft
};
const DAEMONS = Object.entries(PARSERS).map(([name, parse]) => ({
	name,
	parse
}));

// src/service/protocols/clusters.ts
function ice({ reply }) {
	const reader = new Reader(reply);
	if (reader.text(4) !== "IceP") return void 0;
	const [protocol, encoding] = [0, 0].map(() => `${reader.u8()}.${reader.u8()}`);
	return reader.u8() !== 3 || reader.u8() !== 0 || reader.u32le() !== reply.length ? void 0 : completeReading("ice", { "ice.protocol": protocol }, `protocol ${protocol}; encoding ${encoding}`);
}
function packed(text) {
	return join(Uint8Array.of(160 | text.length), bytesOf(text));
}
const SERF_HANDSHAKE = join(...[
	hex("82"),
	packed("Command"),
	packed("handshake"),
	packed("Seq"),
	hex("01")
], ...[
	hex("81"),
	packed("Version"),
	hex("01")
]);
function serf({ reply }) {
	const match = /^\x82\xa5Error([\xa0-\xbf])([^]{0,31})\xa3Seq[\0-\x7f]$/.exec(latin1(reply, 0, 256));
	if (match === null || match[2].length !== (match[1].charCodeAt(0) & 31)) return void 0;
	return completeReading("serf", { "serf.error": match[2] }, match[2] || "RPC");
}
const MEMBERLIST_PING = join(...[
	hex("00 82"),
	packed("SeqNo"),
	hex("2a"),
	packed("Node"),
	packed("")
]);
const MEMBERLIST_REPLIES = {
	2: /^[\x81\x82](?:\xa7Payload[^]{1,256})?\xa5SeqNo\*/,
	9: /^\x82\xa4Algo\0\xa3Buf[\xa0-\xbf\xc4\xda]/
};
function memberlist({ probe, reply }) {
	return probe === "memberlist" && MEMBERLIST_REPLIES[reply[0] ?? 0]?.test(latin1(reply, 1, 512)) ? completeReading("memberlist", { "memberlist.reply": "acknowledged" }) : void 0;
}
function pcp({ reply }) {
	const reader = new Reader(reply);
	if (reply.length !== 20 || reader.u32() !== 20 || reader.u32() !== 28672 || !reader.skip(4) || reader.u32() !== 0) return;
	const version = reader.u8();
	return version < 1 || version > 9 ? void 0 : completeReading("pcp", {
		"pcp.version": String(version),
		"pcp.features": toHex(reader.take(3))
	});
}
function xapian({ probe, reply }) {
	const reader = new Reader(reply);
	const [message, length, major, minor] = [
		reader.u8(),
		reader.u8(),
		reader.u8(),
		reader.u8()
	];
	const hasUuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(latin1(reply, 0, 256));
	if (probe !== "null" || !hasUuid || message !== 0 || length !== reply.length - 2 || major < 30) return void 0;
	const protocol = `${major}.${minor}`;
	return completeReading("xapian", { "xapian.protocol": protocol }, `protocol ${protocol}`);
}
const CLUSTERS = [
	{
		name: "ice",
		parse: ice
	},
	{
		name: "serf",
		parse: serf
	},
	{
		name: "memberlist",
		parse: memberlist
	},
	{
		name: "pcp",
		parse: pcp
	},
	{
		name: "xapian",
		parse: xapian
	}
];

// src/service/protocols/databases.ts
const PG_STARTUP = hex("00000008 00ff00ff");
function mysql({ reply }) {
	const reader = new Reader(reply);
	const length = reader.u16le() + reader.u8() * 65536;
	const sequence = reader.u8();
	const protocol = reader.u8();
	if (reader.isShort || sequence > 1 || length < 5 || length > 1024) return void 0;
	if (protocol === 10) {
		const version = reader.cString(128);
		reader.skip(15);
		if (reader.isShort || !/^[\x21-\x7e][\x20-\x7e]{0,127}$/.test(version)) return void 0;
		return completeReading("mysql", { "mysql.version": version });
	}
	if (protocol !== 255) return void 0;
	reader.u16le();
	const error = reader.text(Math.min(length - 3, reader.left));
	if (!/^[\x20-\x7e]{8,400}$/.test(error)) return void 0;
	return completeReading("mysql", { "mysql.error": error });
}
function postgres({ probe, reply }) {
	const first = reply[0];
	if (reply.length === 1 && (first === 83 || first === 78) && probe === "pgssl") return {
		...completeReading("postgresql", { "postgresql.ssl": latin1(reply) }),
		follow: {
			name: "pg-startup",
			bytes: PG_STARTUP,
			sameConnection: false
		}
	};
	const reader = new Reader(reply, 1);
	const length = reader.u32();
	if (first === 82 && length === 8 && reply.length === 9) {
		const code = reader.u32();
		return code > 12 ? void 0 : completeReading("postgresql", { "postgresql.authentication": String(code) });
	}
	if (first !== 69) return void 0;
	if (length < 8 || length > 4096) return void 0;
	const parts = /* @__PURE__ */ new Map();
	while (reader.left > 1 && parts.size < 20) {
		const type = String.fromCharCode(reader.u8());
		const text = reader.cString(512);
		if (reader.isShort || !/^[A-Za-z]$/.test(type)) break;
		parts.set(type, text);
	}
	const code = parts.get("C");
	const message = parts.get("M");
	if (code === void 0 || message === void 0 || !/^[0-9A-Z]{5}$/.test(code)) return void 0;
	const file = parts.get("F");
	return completeReading("postgresql", {
		...file ? { "postgresql.source": `${file}:${parts.get("L") ?? ""}:${parts.get("R") ?? ""}` } : {},
		"postgresql.error": `${code} ${message}`
	});
}
function firebird({ probe, reply }) {
	if (probe !== "firebird" || reply.length < 4) return void 0;
	const reader = new Reader(reply);
	const operation = reader.u32();
	if (operation === 9 && reply.length >= 28) {
		reader.skip(16);
		const [argument, code] = [reader.u32(), reader.u32()];
		return argument === 1 && Math.floor(code / 65536) === 5120 ? completeReading("firebird", { "firebird.error": String(code & 65535) }) : void 0;
	}
	const name = {
		3: "accept",
		4: "reject",
		94: "accept-data",
		98: "conditional-accept"
	}[operation];
	if (name === void 0 || (operation === 4 ? reply.length !== 4 : reply.length < 16)) return void 0;
	return completeReading("firebird", { "firebird.reply": operation === 4 ? name : `${name} ${(reader.u32() & 32767).toString()}` });
}
function gqtp({ reply }) {
	const reader = new Reader(reply);
	const magic = reader.u8();
	if (reply.length < 24 || magic !== 199 && magic !== 129) return void 0;
	reader.skip(7);
	const size = reader.u32();
	reader.skip(12);
	if (magic === 129 && !(size === 0 && reply.length === 24)) return void 0;
	if (size > 65536 || size < reader.left) return void 0;
	const body = reader.text(Math.min(reader.left, 1024));
	const version = /"version":"([\d.]{1,20})"/.exec(body)?.[1];
	if (magic === 199 && version === void 0) return void 0;
	return {
		service: "gqtp",
		isComplete: version !== void 0,
		fields: version === void 0 ? { "gqtp.header": "memcached" } : { "gqtp.version": version },
		facts: {},
		...version === void 0 ? { next: ["gqtp"] } : {}
	};
}
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
function mongoMessage(id, kind, ...parts) {
	const body = join(...parts);
	return join(...[
		16 + body.length,
		id,
		0,
		kind
	].map((number) => littleEndian(number, 4)), body);
}
function bson(...elements) {
	const body = join(...elements, hex("00"));
	return join(littleEndian(4 + body.length, 4), body);
}
const one = (name) => join(hex("10"), bytesOf(`${name}\0`), littleEndian(1, 4));
const MONGO_HELLO = mongoMessage(1, OP_QUERY, join(hex("00000000"), bytesOf("admin.$cmd\0"), hex("00000000 ffffffff")), bson(one("isMaster")));
const MONGO_BUILD = mongoMessage(2, OP_MSG, hex("00000000 00"), bson(one("buildInfo"), join(hex("02"), bytesOf("$db\0"), littleEndian(6, 4), bytesOf("admin\0"))));
function mongo({ probe, reply }) {
	const reader = new Reader(reply);
	const length = reader.u32le();
	reader.skip(4);
	const [answered, kind] = [reader.u32le(), reader.u32le()];
	if (reader.isShort || length < 26 || length > 1048576 || kind !== OP_REPLY && kind !== OP_MSG) return void 0;
	const text = latin1(reply, 16, 8192);
	if (probe === "mongodb" && answered === 1) {
		const at = text.indexOf("maxWireVersion\0");
		if (at < 0 && !text.includes("errmsg\0")) return void 0;
		const wire = at < 0 ? "-" : String(new Reader(reply, 16 + at + 15).u32le());
		return {
			...completeReading("mongodb", { "mongodb.wire": wire }),
			follow: {
				name: "mongodb-build",
				bytes: MONGO_BUILD,
				sameConnection: true
			}
		};
	}
	if (probe !== "mongodb-build" || answered !== 2) return void 0;
	const version = /[^\w]version\0[^]{4}(\d[\w.+-]{1,40})\0/.exec(text)?.[1];
	return version === void 0 ? completeReading("mongodb", {}) : completeReading("mongodb", { "mongodb.version": version }, `version ${version}`);
}
const MONGO = {
	name: "mongodb",
	parse: mongo
};
const MYSQL = {
	name: "mysql",
	parse: mysql
};
const POSTGRES = {
	name: "postgresql",
	parse: postgres
};
const FIREBIRD$1 = {
	name: "firebird",
	parse: firebird
};
const GQTP = {
	name: "gqtp",
	parse: gqtp
};

// src/service/protocols/devices.ts
function opcMessage(type, ...parts) {
	const body = join(...parts);
	return join(bytesOf(type), littleEndian(8 + body.length, 4), body);
}
function opcText(text) {
	return join(littleEndian(text.length, 4), bytesOf(text));
}
const ABSENT = hex("ffffffff");
const NO_SECURITY = opcText("http://opcfoundation.org/UA/SecurityPolicy#None");
const ENDPOINT = opcText("opc.tcp://synscan.invalid");
const OPC_HELLO = opcMessage("HELF", hex("00000000 00000100 00000100 00000000 00000000"), ENDPOINT);
function requestHeader(handle) {
	return join(hex("0000 0000000000000000"), littleEndian(handle, 4), hex("00000000"), ABSENT, hex("88130000 000000"));
}
const OPEN_CHANNEL = opcMessage("OPNF", join(hex("00000000"), NO_SECURITY, ABSENT, ABSENT, hex("01000000 01000000 0100be01"), requestHeader(1)), join(hex("00000000 00000000 01000000"), ABSENT, hex("10270000")));
function findServers(channel, token) {
	return opcMessage("MSGF", join(littleEndian(channel, 4), littleEndian(token, 4), hex("02000000 02000000 0100a601"), requestHeader(2)), join(ENDPOINT, ABSENT, ABSENT));
}
const MAX_TEXT$1 = 512;
function textOf(reader) {
	const length = reader.u32le();
	return length === 4294967295 ? "" : reader.text(Math.min(length, MAX_TEXT$1, reader.left));
}
function skipResponseHeader(reader) {
	reader.skip(17);
	const strings = reader.u32le();
	for (let i = 0; strings !== 4294967295 && i < Math.min(strings, 8); i++) textOf(reader);
	reader.skip(3);
}
function opc({ reply }) {
	const type = latin1(reply, 0, 4);
	const reader = new Reader(reply, 4);
	if (reader.u32le() > 65536 || reader.isShort) return void 0;
	const found = (fields, more = {}) => ({
		...completeReading("opcua-tcp", fields),
		...more
	});
	if (type === "ACKF" && reply.length === 28) return found({ "opcua.reply": "ACK" }, { follow: {
		name: "opcua-channel",
		bytes: OPEN_CHANNEL,
		sameConnection: true
	} });
	if (type === "ERRF") return found({ "opcua.error": `${reader.u32le().toString(16)} ${textOf(reader)}` }, {
		isComplete: false,
		next: ["opcua"]
	});
	if (type === "OPNF") return found({ "opcua.reply": "OPN" }, followOfChannel(reader));
	return type === "MSGF" ? application(reader, found) : void 0;
}
function followOfChannel(reader) {
	reader.skip(4);
	textOf(reader);
	for (let i = 0; i < 2; i++) textOf(reader);
	reader.skip(12);
	skipResponseHeader(reader);
	reader.skip(4);
	const [channel, token] = [reader.u32le(), reader.u32le()];
	if (reader.isShort) return {};
	return { follow: {
		name: "opcua-servers",
		bytes: findServers(channel, token),
		sameConnection: true
	} };
}
function application(reader, found) {
	reader.skip(20);
	skipResponseHeader(reader);
	reader.skip(4);
	const [uri, product] = [textOf(reader), textOf(reader)];
	const mask = reader.u8();
	if ((mask & 1) !== 0) textOf(reader);
	const name = (mask & 2) === 0 ? "" : textOf(reader);
	if (reader.isShort) return found({ "opcua.reply": "MSG" });
	return found({
		"opcua.product": product,
		"opcua.application": uri
	}, { facts: { info: [name, uri].filter((text) => text !== "").join("; ") } });
}
function dicomItem(type, ...parts) {
	const body = join(...parts);
	return join(Uint8Array.of(type, 0, body.length >> 8, body.length), body);
}
const DICOM_ASSOCIATE = (() => {
	const context = dicomItem(32, hex("01000000"), dicomItem(48, bytesOf("1.2.840.10008.1.1")), dicomItem(64, bytesOf("1.2.840.10008.1.2")));
	const user = dicomItem(80, dicomItem(81, hex("00004000")), dicomItem(82, bytesOf("2.25.240337172917")), dicomItem(85, bytesOf("SYNSCAN")));
	const titles = bytesOf("ANY-SCP".padEnd(16) + "SYNSCAN".padEnd(16));
	const body = join(hex("0001 0000"), titles, /* @__PURE__ */ new Uint8Array(32), dicomItem(16, bytesOf("1.2.840.10008.3.1.1.1")));
	const length = body.length + context.length + user.length;
	return join(hex("0100 0000"), Uint8Array.of(length >> 8, length), body, context, user);
})();
const DICOM_RELEASE = hex("0500 00000004 00000000");
const ABORT_LEN = 10;
const REJECTED = {
	"1 3": "calling AE title not recognized",
	"1 7": "called AE title not recognized"
};
function dicom({ probe, reply }) {
	const reader = new Reader(reply);
	const type = reader.u16();
	const length = reader.u32();
	if (reader.isShort || length > 16384) return void 0;
	const found = (fields, more = {}) => ({
		...completeReading("dicom", fields),
		...more
	});
	if (probe === "dicom" && type === 768 && length === 4) {
		reader.skip(2);
		const reason = `${reader.u8()} ${reader.u8()}`;
		const info = REJECTED[reason];
		return found({ "dicom.rejected": reason }, info === void 0 ? {} : { facts: { info } });
	}
	if (type === 1792 && length === 4 && reply.length === ABORT_LEN) {
		const isOwn = probe === "dicom";
		return found({ "dicom.aborted": "seen" }, {
			isVague: !isOwn,
			isComplete: isOwn,
			next: ["dicom"]
		});
	}
	if (probe !== "dicom" || type !== 512 || reader.u16() !== 1) return void 0;
	reader.skip(66);
	const fields = {};
	while (reader.left > 4) {
		const item = reader.u8();
		reader.skip(1);
		const size = reader.u16();
		if (item === 80) continue;
		const value = reader.take(Math.min(size, reader.left));
		if (item === 82) fields["dicom.class"] = latin1(value).replace(/\0$/, "");
		if (item === 85) fields["dicom.version"] = latin1(value).trim();
	}
	const version = fields["dicom.version"];
	return found({
		...fields,
		"dicom.accepted": "seen"
	}, {
		facts: version === void 0 ? {} : { info: version },
		quit: DICOM_RELEASE
	});
}
function tpkt(payload) {
	return join(hex("03 00"), bigEndian(4 + payload.length, 2), payload);
}
const S7_CONNECT = tpkt(hex("11 e0 0000 0001 00 c0010a c1020100 c2020102"));
const s7Message = (digits) => tpkt(hex(`02f080 32 ${digits}`));
const S7_SETUP = s7Message("01 0000 0001 0008 0000 f0 00 0001 0001 01e0");
const MODULE_LIST = 17;
const COMPONENT_LIST = 28;
const s7List = (id) => s7Message(`07 0000 0002 0008 0008 000112041144 0100 ff090004 ${id.toString(16).padStart(4, "0")} 0000`);
const S7_FOLLOWS = {
	setup: {
		name: "s7-setup",
		bytes: S7_SETUP,
		sameConnection: true
	},
	module: {
		name: "s7-module",
		bytes: s7List(MODULE_LIST),
		sameConnection: true
	},
	component: {
		name: "s7-component",
		bytes: s7List(COMPONENT_LIST),
		sameConnection: true
	}
};
const CONNECT_CONFIRM = 208;
const MAX_RECORDS$1 = 16;
function s7({ probe, reply }) {
	const reader = new Reader(reply);
	if (!probe.startsWith("s7") || reader.u16() !== 768) return void 0;
	const body = reader.part(reader.u16() - 4);
	const [length, type] = [body.u8(), body.u8()];
	if (body.isShort || length > body.left + 1) return void 0;
	if (probe === "s7") return type !== CONNECT_CONFIRM ? void 0 : {
		...completeReading("iso-tsap", {}),
		follow: S7_FOLLOWS.setup
	};
	body.skip(1);
	if (body.u8() !== 50) return void 0;
	const found = (fields, more = {}) => ({
		...completeReading("s7comm", fields),
		...more
	});
	if (probe === "s7-setup") return found({}, { follow: S7_FOLLOWS.module });
	const records = s7Records(body);
	if (probe === "s7-module") {
		const [module, firmware] = [records.get(1), records.get(7)].map((record) => record && new Reader(record));
		const version = firmware?.skip(23) && `${firmware.u8()}.${firmware.u8()}.${firmware.u8()}`;
		const info = [module?.text(20).trim(), version && `firmware ${version}`].filter((text) => text).join("; ");
		return found({ "s7.module": info }, {
			facts: info === "" ? {} : { info },
			follow: S7_FOLLOWS.component
		});
	}
	const nameOf = (index) => latin1(records.get(index) ?? /* @__PURE__ */ new Uint8Array()).replace(/\0[^]*$/, "").trim();
	const [system, kind] = [nameOf(1), nameOf(7)];
	return found({ "s7.system": system }, { facts: kind === "" ? {} : { info: kind } });
}
function s7Records(body) {
	const records = /* @__PURE__ */ new Map();
	body.skip(29);
	const size = body.u16();
	for (let count = Math.min(body.u16(), MAX_RECORDS$1); count > 0 && size > 2 && body.left >= size; count--) {
		const index = body.u16();
		records.set(index, body.take(size - 2));
	}
	return records;
}
const S7 = {
	name: "s7",
	parse: s7
};
const OPC_UA = {
	name: "opcua",
	parse: opc
};
const DICOM = {
	name: "dicom",
	parse: dicom
};

// src/service/probe_requests.ts
function hostOf({ host, names }) {
	const name = names[0] ?? host;
	return name.includes(":") ? `[${name}]` : name;
}
function http11(target) {
	return bytesOf(`GET / HTTP/1.1\r\nHost: ${hostOf(target)}\r\nUser-Agent: synscan\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
}
function sip({ host, port }) {
	const name = host.includes(":") ? `[${host}]` : host;
	return bytesOf(`OPTIONS sip:${name}:${port} SIP/2.0\r\nVia: SIP/2.0/TCP synscan.invalid;branch=z9hG4bKsynscan\r\nFrom: <sip:synscan@synscan.invalid>;tag=1\r\nTo: <sip:${name}>\r\nCall-ID: synscan@synscan.invalid\r\nCSeq: 1 OPTIONS\r
Contact: <sip:synscan@synscan.invalid>\r
Max-Forwards: 5\r
Accept: application/sdp\r
Content-Length: 0\r
\r
`);
}
function xmpp({ host, names }) {
	return bytesOf(`<?xml version='1.0'?><stream:stream to='${names[0] ?? host}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`);
}

function packetLine(text) {
	return bytesOf((text.length + 4).toString(16).padStart(4, "0") + text);
}
function fastcgi(type, body) {
	return join(Uint8Array.of(1, type, 0, 1), bigEndian(body.length, 2), hex("0000"), body);
}
function fastcgiParameters(parameters) {
	return join(...Object.entries(parameters).map(([name, value]) => join(Uint8Array.of(name.length, value.length), bytesOf(name + value))));
}
const FASTCGI = join(fastcgi(1, hex("0001 00 0000000000")), fastcgi(4, fastcgiParameters({
	REQUEST_METHOD: "GET",
	SCRIPT_NAME: "/synscan.php",
	SCRIPT_FILENAME: "/synscan.php",
	REQUEST_URI: "/synscan.php",
	SERVER_PROTOCOL: "HTTP/1.0"
})), fastcgi(4, hex("")), fastcgi(5, hex("")));
const SMB2 = counted(join(hex("fe534d42 4000 0000 00000000 0000 0000 00000000 00000000 0000000000000000 00000000 00000000 0000000000000000"), hex("00000000000000000000000000000000"), hex("2400 0500 0100 0000 00000000"), bytesOf("synscan-client-1"), hex("0000000000000000 0202 1002 0003 0203 0003")), 4);
const LDAP$1 = hex("30 2b 02 01 07 63 26 04 00 0a 01 00 0a 01 00 02 01 05 02 01 05 01 01 00 87 0b 6f 62 6a 65 63 74 43 6c 61 73 7330 06 04 01 2a 04 01 2b");
function rpcCall(program) {
	return hex(`80000028 53594e53 00000000 00000002 ${program} 00000000 00000000 00000000 00000000 00000000`);
}
const RPC = rpcCall("000186a0 0001977c");
const KADMIN = rpcCall("00000840 00000002");
function der(tag, ...parts) {
	const body = join(...parts);
	return join(body.length < 128 ? Uint8Array.of(tag, body.length) : Uint8Array.of(tag, 129, body.length), body);
}
function derInteger(tag, ...bytes) {
	return der(tag, der(2, Uint8Array.from(bytes)));
}
const KERBEROS$1 = counted(der(106, der(48, derInteger(161, 5), derInteger(162, 10), der(164, der(48, der(160, der(3, hex("0050800010"))), der(161, der(48, derInteger(160, 1), der(161, der(48, der(27, bytesOf("synscan")))))), der(162, der(27, bytesOf("SYNSCAN.INVALID"))), der(163, der(48, derInteger(160, 2), der(161, der(48, der(27, bytesOf("krbtgt")), der(27, bytesOf("SYNSCAN.INVALID")))))), der(165, der(24, bytesOf("20370913024805Z"))), derInteger(167, 31, 30, 185, 217), der(168, der(48, der(2, Uint8Array.of(18)), der(2, Uint8Array.of(17)), der(2, Uint8Array.of(23)))))))), 4);
const FIREBIRD = join(hex("00000001 00000013 00000002 00000001"), hex("00000002 2d2d 0000"), hex("00000002 0000000a"), join(Uint8Array.of(9, 6), bytesOf("SYSDBA"), Uint8Array.of(11, 0)), hex("0000"), hex("0000000a 00000001 00000000 00000003 00000002"), hex("ffff800d 00000001 00000000 00000003 00000004"));
const CARBON_QUERY = "(dp0\nS'type'\np1\nS'cache-query'\np2\nsS'metric'\np3\nS'synscan'\np4\ns.";
function swank(form) {
	return form.length.toString(16).padStart(6, "0") + form;
}
function snapcast() {
	return join(hex("0400 0100 0000"), /* @__PURE__ */ new Uint8Array(16), littleEndian(8, 4), /* @__PURE__ */ new Uint8Array(8));
}
function ola() {
	const name = bytesOf("Synscan");
	const message = join(hex("08 01 10 01 1a"), Uint8Array.of(name.length), name);
	return join(littleEndian(268435456 + message.length, 4), message);
}
function erlang() {
	const name = bytesOf("synscan@synscan.invalid");
	return counted(join(hex("4e 0000000d07df7fbd 00000001"), bigEndian(name.length, 2), name), 2);
}
function uwsgi() {
	const body = join(...Object.entries({
		REQUEST_METHOD: "GET",
		PATH_INFO: "/",
		REQUEST_URI: "/",
		SERVER_PROTOCOL: "HTTP/1.0",
		HTTP_HOST: "synscan"
	}).flatMap((pair) => pair.map((text) => join(littleEndian(text.length, 2), bytesOf(text)))));
	return join(hex("00"), littleEndian(body.length, 2), hex("00"), body);
}
function pptp() {
	const name = /* @__PURE__ */ new Uint8Array(64);
	name.set(bytesOf("synscan"));
	return join(hex("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0000"), name, /* @__PURE__ */ new Uint8Array(64));
}
function iscsi() {
	const text = bytesOf("InitiatorName=iqn.2000-01.invalid:synscan\0SessionType=Discovery\0AuthMethod=None\0");
	const padding = new Uint8Array((4 - text.length % 4) % 4);
	return join(hex("43 87 00 00 00"), bigEndian(text.length, 3), hex("400000000001 0000 00000001 0001 0000 00000001 00000000"), /* @__PURE__ */ new Uint8Array(16), text, padding);
}
function diameter() {
	const pair = (code, flags, value) => join(bigEndian(code, 4), Uint8Array.of(flags), bigEndian(8 + value.length, 3), value, new Uint8Array((4 - value.length % 4) % 4));
	const pairs = join(pair(264, 64, bytesOf("synscan.invalid")), pair(296, 64, bytesOf("invalid")), pair(257, 64, hex("0001 c0000201")), pair(266, 64, hex("00000000")), pair(269, 0, bytesOf("synscan")), pair(258, 64, hex("ffffffff")));
	return join(hex("01"), bigEndian(20 + pairs.length, 3), hex("80 000101 00000000 73796e73 63616e21"), pairs);
}
function isns() {
	const attribute = (tag, value = "") => join(bigEndian(tag, 4), bigEndian(value.length, 4), bytesOf(value));
	const node = attribute(32, "iqn.2000-01.invalid:synscan\0");
	const body = join(node, node, attribute(0), attribute(32));
	return join(hex("0001 0002"), bigEndian(body.length, 2), hex("8c00 0001 0000"), body);
}
function pulse() {
	const payload = join(hex("4c 00000008 4c 00000000 4c 00000023 78 00000100"), /* @__PURE__ */ new Uint8Array(256));
	return join(bigEndian(payload.length, 4), hex("ffffffff 00000000 00000000 00000000"), payload);
}
function rtmp() {
	return join(hex("03 00000000 00000000"), /* @__PURE__ */ new Uint8Array(1528));
}

// src/service/probes.ts
function probeBytes(probe, target) {
	return typeof probe.bytes === "function" ? probe.bytes(target) : probe.bytes;
}
function zabbixMessage(text) {
	return join(bytesOf("ZBXD"), littleEndian(text.length, 8), bytesOf(text));
}
function relp(offers) {
	return `1 open ${offers.length} ${offers}\n`;
}
const generic = (probe) => ({
	ports: [],
	intensity: 1,
	...probe,
	kind: "generic"
});
const exact = (name, bytes, ports, services, more = {}) => ({
	name,
	bytes: typeof bytes === "string" ? bytesOf(bytes) : bytes,
	isText: typeof bytes === "string",
	ports,
	intensity: 5,
	services,
	...more,
	kind: "exact"
});
const PROBES = [
	generic({
		name: "http",
		bytes: bytesOf("GET / HTTP/1.0\r\n\r\n"),
		isText: true,
		ports: [
			80,
			81,
			280,
			591,
			593,
			2375,
			2379,
			2380,
			2812,
			3e3,
			3001,
			3128,
			3142,
			4e3,
			4200,
			4567,
			5e3,
			5001,
			5601,
			5800,
			5984,
			5985,
			6080,
			6081,
			7e3,
			7001,
			7070,
			7474,
			8e3,
			8001,
			8008,
			8009,
			8010,
			8042,
			8080,
			8081,
			8082,
			8083,
			8084,
			8085,
			8086,
			8087,
			8088,
			8089,
			8090,
			8091,
			8095,
			8096,
			8097,
			8098,
			8099,
			8118,
			8123,
			8181,
			8200,
			8222,
			8265,
			8384,
			8428,
			8500,
			8545,
			8834,
			8880,
			8888,
			8983,
			9e3,
			9001,
			9090,
			9091,
			9092,
			9093,
			9200,
			9229,
			9999,
			10041,
			10080,
			11371,
			15672,
			16992,
			19999,
			5e4,
			50070,
			51413
		],
		tlsPorts: [
			443,
			832,
			981,
			1311,
			4443,
			4848,
			5986,
			6443,
			7443,
			8006,
			8443,
			8444,
			8834,
			9090,
			9443,
			1e4,
			10443,
			16993
		],
		services: ["http"]
	}),
	generic({
		name: "http11",
		bytes: http11,
		isText: true,
		ports: [631],
		tlsPorts: [631],
		intensity: 3,
		services: ["http", "ipp"]
	}),
	generic({
		name: "crlf2",
		bytes: bytesOf("\r\n\r\n"),
		isText: true,
		services: [
			"http",
			"sip",
			"finger"
		],
		intensity: 3
	}),
	generic({
		name: "tls",
		bytes: ({ names }) => clientHello(names[0]),
		isText: false,
		ports: [
			261,
			271,
			324,
			443,
			448,
			465,
			563,
			614,
			636,
			684,
			695,
			832,
			853,
			989,
			990,
			992,
			993,
			994,
			995,
			2083,
			2087,
			2096,
			2376,
			3269,
			4443,
			5061,
			5223,
			5671,
			5986,
			6443,
			6514,
			6679,
			6697,
			7443,
			8443,
			8883,
			9443,
			10443,
			27443,
			64738
		],
		services: ["ssl"]
	}),
	generic({
		name: "dns",
		bytes: hex("001e 7353 0000 0001 0000 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003"),
		isText: false,
		ports: [
			53,
			5353,
			5354,
			5355,
			5356,
			5357
		],
		tlsPorts: [853],
		services: ["domain"]
	}),
	generic({
		name: "smb",
		bytes: SMB2,
		isText: false,
		ports: [139, 445],
		intensity: 2,
		services: ["netbios-ssn"]
	}),
	generic({
		name: "rpc",
		bytes: RPC,
		isText: false,
		ports: [
			111,
			2049,
			32768
		],
		intensity: 2,
		services: ["rpcbind"]
	}),
	generic({
		name: "ldap",
		bytes: LDAP$1,
		isText: false,
		ports: [389, 3268],
		tlsPorts: [636, 3269],
		intensity: 2,
		services: ["ldap"]
	}),
	generic({
		name: "x11",
		bytes: hex("6c 00 0b00 0000 0000 0000 0000"),
		isText: false,
		ports: [
			6e3,
			6001,
			6002,
			6003,
			6004,
			6005
		],
		intensity: 3,
		services: ["X11"]
	}),
	generic({
		name: "mqtt",
		bytes: join(hex("10 13 0004"), bytesOf("MQTT"), hex("04 02 001e 0007"), bytesOf("synscan")),
		isText: false,
		ports: [1883],
		tlsPorts: [8883],
		intensity: 2,
		services: ["mqtt"]
	}),
	generic({
		name: "socks5",
		bytes: hex("05 01 00"),
		isText: false,
		ports: [
			1080,
			1081,
			9050,
			9150
		],
		intensity: 3,
		services: ["socks5"]
	}),
	generic({
		name: "pgssl",
		bytes: hex("00000008 04d2162f"),
		isText: false,
		ports: [
			5432,
			5433,
			6432
		],
		intensity: 2,
		services: ["postgresql"]
	}),
	generic({
		name: "rdp",
		bytes: hex("03 00 0013 0e e0 0000 0000 00 01 00 0800 03000000"),
		isText: false,
		ports: [3388, 3389],
		intensity: 3,
		services: ["ms-wbt-server"]
	}),
	generic({
		name: "help",
		bytes: bytesOf("HELP\r\n"),
		isText: true,
		intensity: 4,
		services: []
	}),
	generic({
		name: "rtsp",
		bytes: bytesOf("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
		isText: true,
		ports: [
			554,
			8554,
			7236
		],
		intensity: 5,
		services: ["rtsp"]
	}),
	generic({
		name: "sip",
		bytes: sip,
		isText: true,
		ports: [5060],
		tlsPorts: [5061],
		intensity: 5,
		services: ["sip"]
	}),
	generic({
		name: "amqp",
		bytes: hex("414d5150 00 00 09 01"),
		isText: false,
		ports: [5672],
		tlsPorts: [5671],
		intensity: 4,
		services: ["amqp"]
	}),
	exact("redis-info", "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", [
		6379,
		6380,
		26379
	], ["redis"], { intensity: 3 }),
	exact("memcached-version", "version\r\n", [11211], ["memcached"], { intensity: 3 }),
	exact("epmd", hex("0001 6e"), [4369], ["epmd"]),
	exact("git", packetLine("git-upload-pack /synscan-none\0host=synscan.invalid\0"), [9418], ["git"]),
	exact("sane", hex("00000000 01000003 00000005 6e6f6e65 00"), [6566], ["sane-port"]),
	exact("adb", "000chost:version", [5037], ["adb"]),
	exact("zabbix", zabbixMessage("agent.version"), [10050], ["zabbix-agent"]),
	exact("zabbix-stats", zabbixMessage("{\"request\":\"zabbix.stats\"}"), [10051], ["zabbix-trapper"], { intensity: 8 }),
	exact("mongodb", MONGO_HELLO, [
		27017,
		27018,
		27019
	], ["mongodb"], { intensity: 8 }),
	exact("relp", relp("relp_version=0\nrelp_software=synscan\ncommands=syslog"), [2514, 20514], ["relp"], { intensity: 8 }),
	exact("tpm", TPM_PROPERTIES, [2321], ["tpm"], { intensity: 8 }),
	exact("ident", "22,40000\r\n", [113], ["ident"]),
	exact("tor-control", "PROTOCOLINFO 1\r\n", [9051, 9151], ["tor-control"]),
	exact("beanstalkd", "stats\r\n", [11300], ["beanstalkd"]),
	exact("nut", "VER\n", [3493], ["nut"]),
	exact("lirc", "VERSION\n", [8767], ["lirc"]),
	exact("lcdproc", "hello\n", [13666], ["lcdproc"]),
	exact("mpd", "status\n", [6600], ["mpd"]),
	exact("uhub", "HSUP ADBASE ADTIGR\n", [
		1511,
		411,
		412
	], ["adc"]),
	exact("giop", join(bytesOf("GIOP"), hex("0100 01 03 13000000 01000000 0b000000"), bytesOf("NameService")), [
		2809,
		683,
		1050
	], ["giop"]),
	exact("firebird", FIREBIRD, [3050], ["firebird"]),
	exact("fastcgi", FASTCGI, [9e3], ["fastcgi"]),
	exact("cvs", "BEGIN VERIFICATION REQUEST\n/synscan-none\nanonymous\nA\nEND VERIFICATION REQUEST\n", [2401], ["cvspserver"]),
	exact("distcc", "DIST00000001ARGC00000005ARGV00000003gccARGV00000002-cARGV00000003x.cARGV00000002-oARGV00000003x.oDOTI00000000", [3632], ["distccd"], {
		isText: false,
		intensity: 8
	}),
	exact("ajp", hex("1234 0001 0a"), [8009], ["ajp13"]),
	exact("modbus", hex("0001 0000 0005 01 2b 0e 01 00"), [
		502,
		1502,
		5020
	], ["modbus"], { intensity: 6 }),
	exact("opcua", OPC_HELLO, [
		4840,
		4841,
		48010,
		48020,
		53530,
		62541
	], ["opcua-tcp"], { intensity: 7 }),
	exact("dicom", DICOM_ASSOCIATE, [
		104,
		4242,
		11112
	], ["dicom"], { intensity: 7 }),
	exact("s7", S7_CONNECT, [102], ["s7comm"], { intensity: 8 }),
	exact("gearman", "version\r\n", [4730], ["gearman"]),
	exact("munin", "version\n", [4949], ["munin"]),
	exact("rrdcached", "HELP\n", [42217], ["rrdcached"]),
	exact("nats", "PING\r\n", [4222], ["nats"]),
	exact("kerberos", KERBEROS$1, [
		88,
		464,
		750
	], ["kerberos-sec"]),
	exact("socks4", hex("04 01 0000 00000001 00"), [], ["socks4"], { intensity: 6 }),
	exact("stun", hex("0001 0000 2112a442 73796e7363616e3132333435"), [3478], ["stun"], { intensity: 6 }),
	exact("gqtp", hex("c7 00 0000 00 02 0000 00000006 00000000 0000000000000000 737461747573"), [10043], ["gqtp"], { intensity: 7 }),
	exact("postgrey", "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=SMTP\nclient_address=192.0.2.1\nclient_name=unknown\nsender=synscan@synscan.invalid\nrecipient=synscan@synscan.invalid\ninstance=synscan\n\n", [
		10023,
		10031,
		10030
	], ["postfix-policy"], { intensity: 8 }),
	exact("bzfs", "BZFLAG\r\n\r\n", [5154], ["bzflag"], { intensity: 7 }),
	exact("freeciv", join(counted(join(hex("04"), bytesOf("synscan\0+Freeciv-0.0\0\0"), hex("00000000 00000000 00000000")), 2, 2)), [5556], ["freeciv"], { intensity: 7 }),
	exact("tetrinetx", "version\u00ff", [31457], ["tetrinet"], {
		isText: false,
		intensity: 8
	}),
	exact("owserver", hex("00000000 00000000 00000001 00000000 00000000 00000000"), [4304], ["owserver"], { intensity: 6 }),
	exact("wesnoth", hex("00000000"), [15e3], ["wesnoth"], { intensity: 8 }),
	exact("amqp10", hex("414d5150 00 01 00 00"), [5672], ["amqp"], { intensity: 7 }),
	exact("apcupsd", join(hex("0006"), bytesOf("status")), [3551], ["apcupsd"], { intensity: 7 }),
	exact("openvpn", hex("000e 38 73796e7363616e31 00 00000000"), [1194], ["openvpn"], { intensity: 6 }),
	exact("pptp", pptp(), [1723], ["pptp"], { intensity: 6 }),
	exact("ovsdb", "{\"method\":\"list_dbs\",\"params\":[],\"id\":\"synscan\"}", [6640], ["ovsdb"], { intensity: 7 }),
	exact("minecraft", hex("fe 01"), [25565], ["minecraft"], { intensity: 7 }),
	exact("diameter", diameter(), [3868], ["diameter"], { intensity: 7 }),
	exact("isns", isns(), [3205], ["isns"], { intensity: 7 }),
	exact("iscsi", iscsi(), [3260], ["iscsi"], { intensity: 7 }),
	exact("sam", "HELLO VERSION\n", [7656], ["i2p-sam"], { intensity: 8 }),
	exact("gdb-remote", "+$qSupported#37", [
		1234,
		2159,
		2331
	], ["gdbserver"], {
		isText: false,
		intensity: 7
	}),
	exact("knxd", hex("0002 7353"), [6720], ["knxd"], { intensity: 7 }),
	exact("kadmin", KADMIN, [749], ["kadmin"], { intensity: 8 }),
	exact("indi", "<getProperties version='1.7'/>\n", [7624], ["indi"], { intensity: 8 }),
	exact("agw", join(hex("00000000 52"), /* @__PURE__ */ new Uint8Array(31)), [8e3, 8010], ["agwpe"], { intensity: 8 }),
	exact("milter", hex("0000000d 4f 00000006 000001ff 001fffff"), [
		8891,
		8892,
		8893
	], ["milter"], { intensity: 7 }),
	exact("iperf3", "synscan-cookie-of-thirty-six-bytes--\0", [5201], ["iperf3"], {
		isText: false,
		intensity: 6
	}),
	exact("uwsgi", uwsgi(), [3031, 8093], ["uwsgi"], { intensity: 7 }),
	exact("bgp", join(hex("ffffffffffffffffffffffffffffffff 001d 01 04 fde8 00b4 c0000201 00")), [179], ["bgp"], { intensity: 6 }),
	exact("icecc", hex("2b000000"), [8765, 10245], ["icecc"], { intensity: 8 }),
	exact("pulse", pulse(), [4713], ["pulseaudio"], { intensity: 7 }),
	exact("xmpp", "", [
		5222,
		5269,
		5280
	], ["xmpp-client", "xmpp-server"], {
		bytes: xmpp,
		intensity: 6
	}),
	exact("spamd", "PING SPAMC/1.2\r\n\r\n", [783], ["spamd"]),
	exact("finger", "\r\n", [79], ["finger"]),
	exact("gopher", "\r\n", [70], ["gopher"]),
	exact("pjl", "\x1B%-12345X@PJL INFO ID\r\n\x1B%-12345X\r\n", [9100, 9101], ["jetdirect"], {
		isText: false,
		intensity: 9
	}),
	exact("gpsd", "?VERSION;\n", [2947], ["gpsd"]),
	exact("clamd", "zVERSION\0", [3310], ["clamd"]),
	exact("zookeeper", "srvr", [2181], ["zookeeper"]),
	exact("rtmp", rtmp(), [1935], ["rtmp"], { intensity: 7 }),
	exact("rmi", hex("4a524d49 0002 4b"), [1099], ["java-rmi"], { intensity: 7 }),
	exact("openocd", "version", [6666], ["openocd-tcl"], {
		isText: false,
		intensity: 8
	}),
	exact("swank", swank("(:emacs-rex (swank:connection-info) \"COMMON-LISP-USER\" t 1)"), [4005], ["swank"], { intensity: 7 }),
	exact("moosefs", hex("0000000a 00000000"), [
		9419,
		9420,
		9421,
		9422
	], ["moosefs"], { intensity: 8 }),
	exact("snapcast", snapcast(), [1704], ["snapcast"], { intensity: 8 }),
	exact("ola", ola(), [9010], ["ola-rpc"], { intensity: 8 }),
	exact("erlang", erlang(), [25672], ["erlang-dist"], { intensity: 7 }),
	exact("bacula", counted(bytesOf("Hello Director synscan calling\n"), 4), [9101, 9102], ["bacula-fd"], { intensity: 8 }),
	exact("carbon-query", counted(bytesOf(CARBON_QUERY), 4), [7002], ["carbon-query"], { intensity: 7 }),
	exact("dnsdist", /* @__PURE__ */ new Uint8Array(24), [5199], ["dnsdist-control"], { intensity: 9 }),
	exact("bittorrent", bytesOf("synscan!".repeat(12)), [
		6881,
		6882,
		6883,
		6884,
		6889,
		51413
	], ["bittorrent"], {
		isText: false,
		intensity: 9
	}),
	exact("9p", NINEP_VERSION, [564, 5640], ["9pfs"], { intensity: 7 }),
	exact("rtr", RTR_SERIAL_QUERY, [
		323,
		3323,
		8282
	], ["rpki-rtr"], { intensity: 7 }),
	exact("rtr-reset", RTR_RESET_QUERY, [
		323,
		3323,
		8282
	], ["rpki-rtr"], { intensity: 9 }),
	exact("osmocom", IPA_GET, [
		4236,
		4238,
		4249,
		4251,
		4255,
		4257,
		4259,
		4263,
		4267
	], ["osmocom-ctrl"], { intensity: 7 }),
	exact("drda", DRDA_ATTRIBUTES, [
		446,
		1527,
		5e4
	], ["drda"], { intensity: 6 }),
	exact("stomp", "CONNECT\naccept-version:1.0,1.1,1.2\nhost:synscan\n\n\0", [61613], ["stomp"], { intensity: 6 }),
	exact("xrootd", XROOTD_HANDSHAKE, [1094, 1095], ["xrootd"], { intensity: 7 }),
	exact("scgi", SCGI_REQUEST, [5002], ["scgi"], {
		isText: false,
		intensity: 8
	}),
	exact("smpp", SMPP_ENQUIRE, [2775], ["smpp"], { intensity: 7 }),
	exact("rpyc", RPYC_REQUEST, [18812], ["rpyc"], { intensity: 7 }),
	exact("dbus", DBUS_AUTH, [], ["dbus"], { intensity: 7 }),
	exact("lsp", LSP_REQUEST, [2089], ["lsp"], { intensity: 6 }),
	exact("pg-startup", PG_STARTUP, [5435], ["postgresql"], { intensity: 8 }),
	exact("serf", SERF_HANDSHAKE, [7373], ["serf"], { intensity: 8 }),
	exact("memberlist", MEMBERLIST_PING, [
		7946,
		8301,
		8302
	], ["memberlist"], { intensity: 8 }),
	exact("liquidwar", "PING\r\n", [8035], ["liquidwar"], { intensity: 9 }),
	exact("http-missing", "GET /synscan-none HTTP/1.0\r\n\r\n", [], ["http"], { intensity: 9 })
];
const BY_NAME = new Map(PROBES.map((probe) => [probe.name, probe]));
function probeNamed(name) {
	return BY_NAME.get(name);
}

// src/service/candidates.ts
const CLOSES = {
	adb: "xxxxxxxxxx-x?xxx?",
	ident: "xxx??????????xxx?",
	git: "xxxxxxxxxx-x?xxx?",
	zookeeper: "xxx??????????xxx?",
	tetrinetx: "xxx??????????xxx?",
	uhub: "xxxxxxxxxx-x?xxx?",
	sam: "xxx??????????xxx?",
	uwsgi: "xx--?????????xxx?",
	swank: "xx-xxxxxxx-xxxxxx",
	zabbix: "xxxxxxxxxxxxxxxxx",
	pptp: "xxxxxxxxxxxxxxxxx",
	epmd: "xxxxxxxxxx-x-xxxx",
	firebird: "xxxxxxxxxx-xxxxxx",
	sane: "xxxxxxxxxx-xxxxxx",
	wesnoth: "xxxxxxxxxx-xxxxxx",
	fastcgi: "xx-xxxxxxx-xx-xxx",
	dicom: "xx-xxxxxxx-x??xxx",
	amqp10: "xx-xxxxxxx-xx-xxx",
	milter: "xx-xxxxxxx--xxxxx",
	giop: "xx-xxxxxxx--x-xx-",
	distcc: "xx-xxxxx-x--x-xx-",
	pulse: "-x-xx-xx-x----xx-",
	dbus: "xxxx--xxxxx-xxxxx",
	socks5: "xxxxxxxxxx?xxxxxx",
	x11: "xx-xxxxx?x--x-xx-",
	rdp: "-x-xxxxxxxxx?--x-",
	freeciv: "----xx-----x-----",
	stun: "xx---------------",
	"carbon-query": "xx---xx-x----xxxx",
	modbus: "-----------------",
	lsp: "----------------- xxxx---x-----xxx-",
	rtmp: "-----------------",
	"gdb-remote": "------------?----",
	postgrey: "---??????????---?",
	indi: "---??????????---?"
};
const GENERIC = PROBES.filter(({ kind }) => kind === "generic");
const EXACT = PROBES.filter(({ kind }) => kind === "exact").toSorted((one, other) => one.intensity - other.intensity);
const FIRST_INTENSITY = 2;
const LEAST_EQUAL = 5;
const WAITING_INTENSITY = 6;
function candidates(exchanges, port, known) {
	if (known && known.confidence >= 8) return [];
	const ends = /* @__PURE__ */ new Map();
	for (const { probe, reply, end } of exchanges) if (reply.length === 0 && probe !== "null") ends.set(probe, end === "fin" || end === "rst");
	const closes = [...ends.values()].includes(true);
	const own = EXACT.filter(({ ports }) => ports.includes(port));
	const fits = [...EXACT, ...GENERIC].filter((probe) => !own.includes(probe) && probe.name in CLOSES).flatMap((probe) => CLOSES[probe.name].split(" ").map((pattern) => ({
		probe,
		...fitOf(pattern, ends)
	}))).filter(({ equal, different }) => equal > different).sort((one, other) => one.different - other.different || other.equal - one.equal);
	const likely = fits.filter(({ equal, different }) => different === 0 && equal >= LEAST_EQUAL);
	const fitting = fits.map(({ probe }) => probe);
	const others = EXACT.filter(({ intensity }) => closes || intensity <= WAITING_INTENSITY);
	return namesOf$1([
		own,
		GENERIC.filter(({ intensity }) => intensity <= FIRST_INTENSITY),
		likely.map(({ probe }) => probe),
		GENERIC,
		fitting,
		others
	]);
}
function fitOf(pattern, ends) {
	let [equal, different] = [0, 0];
	for (const [at, { name }] of GENERIC.entries()) {
		const isClosed = ends.get(name);
		if (isClosed === void 0 || pattern[at] === "?") continue;
		if (isClosed === (pattern[at] === "x")) equal++;
		else different++;
	}
	return {
		equal,
		different
	};
}
function namesOf$1(groups) {
	return [...new Set(groups.flat().map(({ name }) => name))];
}

// src/service/protocols/fallback.ts
const UNKNOWN = "unknown";
const FALLBACK = {
	name: "fallback",
	parse: ({ reply, end }) => !isText(reply) ? void 0 : {
		service: UNKNOWN,
		isComplete: end !== "open",
		isVague: true,
		fields: { "text.reply": latin1(reply, 0, 1024) },
		facts: {}
	}
};

// src/service/protocols/greeting.ts
const NUMBERED_GREETING = "numbered.greeting";
const EHLO = {
	name: "ehlo",
	bytes: bytesOf("EHLO synscan.invalid\r\n"),
	sameConnection: true
};
const QUIT = bytesOf("QUIT\r\n");
function linesOf({ reply, end }) {
	const lines = latin1(reply, 0, 8192).split(/\r?\n/, 64);
	return end === "open" && lines.length < 64 ? lines.slice(0, -1) : lines;
}
function helpOf(lines) {
	const text = lines.filter((line) => /^2\d\d[ -]/.test(line)).map((line) => line.slice(4)).join("\n");
	if (/\b(?:CWD|RETR|PASV|XPWD)\b/i.test(text)) return reading("ftp", true, { "ftp.help": text });
	return /\b(?:RCPT|EHLO|HELO)\b/i.test(text) ? reading("smtp", true, { "smtp.help": text }) : void 0;
}
function textsOf(lines, code) {
	return lines.filter((line) => line.startsWith(code)).map((line) => line.slice(4)).join("\n");
}
const SMTP_WORDS = /\b(?:E?SMTP|LMTP|Postfix|Exim|Sendmail|mail(?:er)?)\b/i;
const FTP_WORDS = /FTP/i;
const DOTTED = /[\w-]+(?:\.[\w-]+)+/g;
function numbered(exchange) {
	const lines = linesOf(exchange);
	if (exchange.probe === "help-numbered") return helpOf(lines);
	if (exchange.probe === "ehlo") {
		const hello = textsOf(lines, "250");
		return hello === "" ? void 0 : reading("smtp", true, { "smtp.hello": hello });
	}
	const first = lines[0] ?? "";
	const code = /^(\d{3})(?:[ -]|$)/.exec(first)?.[1];
	if (code === void 0) return void 0;
	const isWhole = lines.some((line) => line.startsWith(`${code} `) || line === code);
	const greeting = textsOf(lines, code);
	const rest = lines.filter((line) => /^\d{3}/.test(line) && !line.startsWith(code)).join("\n");
	if (code === "220" || code === "421" || code === "554" || code === "120" || code === "530") {
		const words = greeting.slice(0, 512).replaceAll(DOTTED, "");
		const isFtp = FTP_WORDS.test(words) || /^(?:5\d\d|214)[ -].*(?:USER and PASS|commands are recognized)/im.test(rest) || code === "530" || /^120/.test(code);
		const isSmtp = !isFtp && (SMTP_WORDS.test(words) || /^(?:25\d|50\d|221)[ -]\d\.\d\.\d /m.test(rest));
		if (isFtp && code !== "554") return reading("ftp", isWhole, {
			"ftp.greeting": greeting,
			...more("ftp.reply", rest)
		});
		if (isSmtp) {
			const service = /\bLMTP\b/.test(greeting) ? "lmtp" : "smtp";
			const hostname = /^([\w-]{1,63}(?:\.[\w-]{1,63}){0,8}) /.exec(greeting)?.[1];
			return {
				...reading(service, isWhole, {
					"smtp.greeting": greeting,
					...more("smtp.reply", rest)
				}),
				facts: hostname?.includes(".") ? { hostname } : {},
				.../^\S+ E?SMTP\W*$/.test(greeting) ? { follow: EHLO } : {}
			};
		}
		if (code === "220" && /^\S{1,64} dictd |<\d+\.\d+\.\d+@/.test(greeting)) return void 0;
		return code === "220" ? {
			service: "unknown",
			isComplete: false,
			isVague: true,
			fields: { [NUMBERED_GREETING]: greeting },
			facts: {},
			follow: {
				name: "help-numbered",
				bytes: bytesOf("HELP\r\n"),
				sameConnection: true
			}
		} : void 0;
	}
	if (/^(?:200|201|400|502|503)$/.test(code) && /NNTP|news|posting|Leafnode|InterNetNews|INN\b/i.test(greeting)) return reading("nntp", isWhole, { "nntp.greeting": greeting });
}
function more(field, value) {
	return value === "" ? {} : { [field]: value };
}
function reading(service, isComplete, fields) {
	return {
		service,
		isComplete,
		fields,
		facts: {},
		quit: QUIT
	};
}
function pop3(exchange) {
	const line = linesOf(exchange)[0] ?? "";
	const match = /^(?:\+OK|-ERR)(?: (.{0,300}))?$/.exec(line);
	if (!match || exchange.probe === "redis-info") return void 0;
	const greeting = match[1] ?? "";
	if (line.startsWith("-ERR")) return void 0;
	return reading("pop3", true, { "pop3.greeting": greeting });
}
function imap(exchange) {
	const lines = linesOf(exchange);
	const greeting = lines.find((line) => /^\* (?:OK|PREAUTH|BYE)\b/.test(line) && !/Waiting for authentication/.test(line));
	if (greeting === void 0) return /^\* OK Waiting for authentication/.test(lines[0] ?? "") ? {
		service: "imap",
		isComplete: false,
		fields: { "imap.waiting": lines[0] },
		facts: {}
	} : void 0;
	const text = greeting.replace(/^\* \w+ ?/, "");
	return {
		...reading("imap", true, {
			"imap.greeting": text.replace(/^\[[^\]]{0,500}\] ?/, ""),
			"imap.line": text
		}),
		quit: bytesOf("a LOGOUT\r\n")
	};
}
function irc(exchange) {
	const lines = linesOf(exchange);
	const notice = /^(?::(\S{1,128}) )?NOTICE (?:\*|AUTH|\S{1,32}) :(.{0,300})$/.exec(lines[0] ?? "");
	const numeric = /^:(\S{1,128}) (\d{3}|PONG) (?:\S{1,64}) :?(.{0,300})$/.exec(lines[0] ?? "");
	const error = /^ERROR :(.{0,300})$/.exec(lines[0] ?? "");
	const match = notice ?? numeric;
	if (!match && !error) return void 0;
	const server = match?.[1];
	const texts = lines.map((line) => /:([^:].{0,300})$/.exec(line)?.[1] ?? "").filter((text) => text !== "").join("\n");
	return {
		service: "irc",
		isComplete: true,
		isVague: error !== null && !/IRC/.test(error[1] ?? ""),
		fields: {
			...error ? { "irc.error": error[1] ?? "" } : {},
			...notice ? { "irc.notice": notice[2] ?? "" } : {},
			...numeric ? { "irc.numeric": `${numeric[2]} ${numeric[3]}` } : {},
			"irc.texts": texts
		},
		facts: server?.includes(".") ? { hostname: server } : {},
		...notice ? { follow: {
			name: "irc-version",
			bytes: bytesOf("VERSION\r\n"),
			sameConnection: true
		} } : {},
		quit: QUIT
	};
}
function sieve(exchange) {
	const text = latin1(exchange.reply, 0, 4096);
	const match = /^"IMPLEMENTATION" "([^"\r\n]{0,200})"/i.exec(text);
	if (!match) return void 0;
	return {
		service: "sieve",
		isComplete: /^OK\b/m.test(text),
		fields: { "sieve.implementation": match[1] ?? "" },
		facts: {},
		quit: bytesOf("LOGOUT\r\n")
	};
}
const NUMBERED = {
	name: "numbered",
	parse: numbered
};
const POP3 = {
	name: "pop3",
	parse: pop3
};
const IMAP = {
	name: "imap",
	parse: imap
};
const IRC = {
	name: "irc",
	parse: irc
};
const SIEVE = {
	name: "sieve",
	parse: sieve
};

// src/service/protocols/desktops.ts
const RDP_INVALID = hex("001e 7353 0000 0001 0000 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003");
const NEGOTIATION_REQUEST = "01000800";
const RFB_ERRORS = /^[\x20-\x7e]{1,200}$/;
function rfb({ probe, reply }) {
	if (probe === "rfb-version") return rfbSecurity(reply);
	const match = /^RFB (\d{3}\.\d{3})\n/.exec(latin1(reply, 0, 12));
	if (!match) return void 0;
	const version = match[1] ?? "";
	const security = reply.length > 12 ? rfbSecurity(reply.subarray(12)) : void 0;
	const isNew = version === "003.007" || version === "003.008";
	return {
		...completeReading("vnc", {
			...security?.fields,
			"rfb.version": version
		}, `protocol ${Number(version.slice(0, 3))}.${Number(version.slice(4))}`),
		...security || probe !== "null" || !isNew ? {} : { follow: {
			name: "rfb-version",
			bytes: reply.slice(0, 12),
			sameConnection: true
		} }
	};
}
function rfbSecurity(reply) {
	const reader = new Reader(reply);
	const count = reader.u8();
	let fields;
	if (count > 0) {
		const types = reader.take(count);
		if (reader.isShort) return void 0;
		fields = { "rfb.security": [...types].join(" ") };
	} else {
		if (reply[3] === 0 && reply.length > 8 && reply[4] === 0) reader.skip(3);
		const reason = reader.text(Math.min(reader.u32(), 256));
		if (!RFB_ERRORS.test(reason)) return void 0;
		fields = { "rfb.refusal": reason };
	}
	return completeReading("vnc", fields);
}
function x11({ probe, reply }) {
	if (probe !== "x11" || reply.length < 8) return void 0;
	const reader = new Reader(reply);
	const status = reader.u8();
	const reasonLength = reader.u8();
	const major = reader.u16le();
	const minor = reader.u16le();
	if (status > 2 || major !== 11 || minor !== 0) return void 0;
	const words = reader.u16le();
	if (status !== 1) {
		const reason = reader.text(Math.min(status === 0 ? reasonLength : 4 * words, reader.left)).replace(/\0+$/, "");
		return completeReading("X11", { "x11.refusal": reason }, "access denied");
	}
	const release = reader.u32le();
	reader.skip(12);
	const vendorLength = reader.u16le();
	reader.skip(14);
	const vendor = reader.text(Math.min(vendorLength, reader.left));
	if (reader.isShort) return void 0;
	return completeReading("X11", { "x11.vendor": `${vendor} ${release}` }, "open");
}
function rdp({ probe, reply }) {
	const reader = new Reader(reply);
	const version = reader.u8();
	reader.u8();
	const length = reader.u16();
	if (version !== 3 || reply[1] !== 0 || length !== reply.length || length < 7 || length > 64) return void 0;
	const rest = toHex(reader.take(reader.left));
	if (/^02f0802180$/.test(rest)) return completeReading("ms-wbt-server", { "rdp.disconnect": rest });
	if (!/^..d0/.test(rest)) return void 0;
	if (rest.slice(14).startsWith(NEGOTIATION_REQUEST)) return {
		service: "iso-tsap",
		isComplete: false,
		fields: {},
		facts: {},
		next: ["s7"]
	};
	return {
		...completeReading("ms-wbt-server", { "rdp.confirm": rest }),
		...probe === "rdp" ? { follow: {
			name: "rdp-invalid",
			bytes: RDP_INVALID,
			sameConnection: false
		} } : {}
	};
}
function spice({ reply }) {
	const reader = new Reader(reply);
	const [magic, major, minor] = [
		reader.text(4),
		reader.u32le(),
		reader.u32le()
	];
	reader.skip(4);
	const error = reader.u32le();
	if (reader.isShort || magic !== "REDQ" || major > 9 || error > 20) return void 0;
	const info = `protocol ${major}.${minor}`;
	return completeReading("spice", { "spice.version": info }, info);
}
const SPICE = {
	name: "spice",
	parse: spice
};
const RFB = {
	name: "rfb",
	parse: rfb
};
const X11 = {
	name: "x11",
	parse: x11
};
const RDP = {
	name: "rdp",
	parse: rdp
};

// src/service/protocols/der.ts
const OID = 6;
const UTC_TIME = 23;
const GENERALIZED_TIME = 24;
const BMP_STRING = 30;
function readValues(bytes, limit) {
	const reader = new Reader(bytes);
	const values = [];
	while (reader.left >= 2 && values.length < limit) {
		const tag = reader.u8();
		const short = reader.u8();
		let length = short;
		if (short >= 128) {
			const count = short & 127;
			if (count === 0 || count > 4) break;
			length = 0;
			for (let i = 0; i < count; i++) length = length * 256 + reader.u8();
		}
		const content = reader.take(length);
		if (reader.isShort) break;
		values.push({
			tag,
			content
		});
	}
	return values;
}
function oidOf(value) {
	if (value?.tag !== OID || value.content.length === 0 || value.content.length > 32) return "";
	const first = value.content[0];
	const numbers = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
	let number = 0;
	for (const byte of value.content.subarray(1)) {
		number = number * 128 + (byte & 127);
		if (byte < 128) {
			numbers.push(number);
			number = 0;
		}
	}
	return numbers.join(".");
}
function stringOf(value) {
	if (!value) return "";
	const bytes = value.content.subarray(0, 256);
	if (value.tag === BMP_STRING) return Array.from({ length: bytes.length >> 1 }, (_, i) => String.fromCharCode(bytes[2 * i] * 256 + bytes[2 * i + 1])).join("");
	return value.tag === 12 ? new TextDecoder().decode(bytes) : latin1(bytes);
}
function timeOf(value) {
	if (value?.tag !== UTC_TIME && value?.tag !== GENERALIZED_TIME) return void 0;
	const match = /^(\d{2,4}?)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(latin1(value.content, 0, 20));
	if (!match) return void 0;
	const [, year = "", month, day, hour, minute, second = "00"] = match;
	return `${year.length === 4 ? year : `${Number(year) < 50 ? "20" : "19"}${year}`}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

// src/service/protocols/directory.ts
const SEARCH_ENTRY = 100;
const SEARCH_DONE = 101;
const EXTENDED = 120;
const MAX_ATTRIBUTES = 64;
function ldap({ probe, reply }) {
	if (reply[0] !== 48) return void 0;
	const messages = readValues(reply, 8);
	const fields = {};
	let isLdap = false;
	for (const { content } of messages) {
		const [id, operation] = readValues(content, 2);
		if (id?.tag !== 2 || !operation || ![
			SEARCH_ENTRY,
			SEARCH_DONE,
			EXTENDED
		].includes(operation.tag)) break;
		isLdap = true;
		const parts = readValues(operation.content, 4);
		if (operation.tag === SEARCH_ENTRY) for (const attribute of readValues(parts[1]?.content ?? /* @__PURE__ */ new Uint8Array(), MAX_ATTRIBUTES)) {
			const [name, values] = readValues(attribute.content, 2);
			const texts = readValues(values?.content ?? /* @__PURE__ */ new Uint8Array(), 16).map((value) => stringOf(value));
			fields[`ldap.${latin1(name?.content ?? /* @__PURE__ */ new Uint8Array(), 0, 40).toLowerCase()}`] = texts.join(" ").slice(0, 512);
		}
		else {
			const message = stringOf(parts[2]);
			if (message !== "") fields["ldap.message"] = message;
			fields["ldap.result"] = String(parts[0]?.content[0] ?? 0);
		}
	}
	if (!isLdap && probe === "ldap") isLdap = /^30(?:[0-7].|8[1-4](?:..){1,4})02010764/.test(toHex(reply.subarray(0, 12)));
	if (!isLdap) return void 0;
	const hostname = fields["ldap.dnshostname"];
	return {
		service: "ldap",
		isComplete: true,
		fields,
		facts: hostname ? { hostname } : {}
	};
}
function kerberos({ reply }) {
	const length = new Reader(reply).u32();
	return length < 20 || length > 4096 || reply[4] !== 126 ? void 0 : kerberosError(reply.subarray(4));
}
function kerberosError(message) {
	const error = readValues(message, 1)[0];
	const list = error && readValues(error.content, 1)[0];
	if (!list) return void 0;
	const parts = readValues(list.content, 16);
	const part = (tag) => readValues(parts.find((value) => value.tag === tag)?.content ?? /* @__PURE__ */ new Uint8Array(), 1)[0];
	if (part(160)?.content[0] !== 5) return void 0;
	const code = part(166);
	const realm = stringOf(part(169));
	const text = stringOf(part(171));
	const server = serverName(part(170));
	return completeReading("kerberos-sec", {
		"kerberos.error": `${(code?.content ?? []).at(-1) ?? 0} ${parts.map(({ tag }) => (tag & 31).toString()).join(",")} ${realm ?? ""}`,
		...server ? { "kerberos.server": server } : {},
		...text ? { "kerberos.text": text.replace(/\0+$/, "") } : {}
	}, realm && `realm: ${realm}`);
}
function serverName(value) {
	const strings = readValues(value?.content ?? /* @__PURE__ */ new Uint8Array(), 2)[1];
	const list = readValues(strings?.content ?? /* @__PURE__ */ new Uint8Array(), 1)[0];
	return readValues(list?.content ?? /* @__PURE__ */ new Uint8Array(), 4).map((part) => stringOf(part)).join("/");
}
const LDAP = {
	name: "ldap",
	parse: ldap
};
const KERBEROS = {
	name: "kerberos",
	parse: kerberos
};

// src/service/protocols/http.ts
const MAX_HEADERS = 100;
const MAX_VALUE = 512;
const MAX_BODY = 4096;
function readResponse(text) {
	const match = /^((?:HTTP|RTSP|SIP|ICY)(?:\/\d\.\d)?|\(null\)) (\d{3})(?: ([^\r\n]*))?(?:\r?\n|$)/.exec(text);
	if (!match) return void 0;
	const headers = /* @__PURE__ */ new Map();
	let at = match[0].length;
	let isWhole = false;
	for (let i = 0; i < MAX_HEADERS && at < text.length; i++) {
		const stop = text.indexOf("\n", at);
		if (stop < 0) break;
		const line = text.slice(at, stop).replace(/\r$/, "");
		at = stop + 1;
		if (line === "") {
			isWhole = true;
			break;
		}
		const colon = line.indexOf(":");
		if (colon <= 0) continue;
		const name = line.slice(0, colon).trim().toLowerCase();
		const value = line.slice(colon + 1, colon + 1 + MAX_VALUE).trim();
		const before = headers.get(name);
		if (before === void 0) headers.set(name, value);
		else if (before.length < MAX_VALUE) headers.set(name, `${before}, ${value}`);
	}
	const [, protocol = "", status = "", reason = ""] = match;
	return {
		protocol,
		status: Number(status),
		reason: reason.trim(),
		headers,
		body: isWhole ? text.slice(at) : "",
		isWhole
	};
}
const ENTITIES = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	apos: "'",
	nbsp: " "
};
function titleOf(body, contentType = "") {
	const open = /<title[^>]{0,100}>/i.exec(body);
	if (!open) return void 0;
	const from = open.index + open[0].length;
	const raw = body.slice(from, from + MAX_VALUE);
	const stop = raw.search(/<\/title/i);
	const charset = /charset\s*=\s*["']?([\w-]{1,40})/i.exec(`${contentType} ${body.slice(0, 1024)}`)?.[1];
	return decoded(stop < 0 ? raw : raw.slice(0, stop), charset).replaceAll(/\s+/g, " ").trim().replaceAll(/&(?:#(\d{1,6}|x[\da-f]{1,5})|([a-z]{2,6}));/gi, (whole, code, name) => code !== void 0 ? String.fromCodePoint(Number(code.replace(/^x/i, "0x"))) : ENTITIES[name ?? ""] ?? whole);
}
function decoded(text, charset = "windows-1252") {
	if (!/[\x80-\xff]/.test(text)) return text;
	const bytes = bytesOf(text);
	for (const label of ["utf-8", charset]) try {
		return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
	} catch {}
	return text;
}
function attribute(body, name) {
	const tag = name.exec(body)?.[0];
	return tag && /content\s*=\s*["']?([^"'>]{1,200})/i.exec(tag)?.[1];
}
const CODING_PROBE = "http-coding";
const FRAGMENT_PROBE = "http-fragment";
function isGet(probe) {
	return probe === "http" || probe === "http11" || probe === "http-missing" || probe.startsWith("get ");
}
const WANTS_TLS = /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|sent an HTTP request to an HTTPS server|requires TLS|use HTTPS/i;
const NAMED_HEADERS = [
	"server",
	"x-powered-by",
	"x-generator",
	"x-aspnet-version",
	"x-jenkins",
	"x-influxdb-version",
	"x-influxdb-build",
	"x-server-hostname",
	"x-clickhouse-server-display-name",
	"x-syncthing-version",
	"x-mopidy-version",
	"docker-distribution-api-version",
	"via",
	"dav",
	"proxy-agent",
	"access-control-allow-headers"
];
function read$3(exchange) {
	if (!isText(exchange.reply.subarray(0, 16))) return void 0;
	const text = latin1(exchange.reply);
	const response = readResponse(text);
	if (!response) return bare(text, exchange.probe);
	const { headers, body, status } = response;
	if (/^(RTSP|SIP)/.test(response.protocol) && headers.has("cseq")) return void 0;
	if (exchange.probe === "uwsgi") return completeReading("uwsgi", { "uwsgi.status": String(status) });
	const title = titleOf(body, headers.get("content-type"));
	const realm = /realm="?([^",]{1,200})/i.exec(headers.get("www-authenticate") ?? "")?.[1];
	const fields = {};
	const set = (name, value) => {
		if (value !== void 0 && value !== "") fields[name] = value;
	};
	for (const name of NAMED_HEADERS) set(`http.${name}`, headers.get(name));
	set("http.generator", attribute(body, /<meta[^>]{0,100}name\s*=\s*["']?generator["']?[^>]{0,300}>/i));
	set("http.title", title);
	set("http.realm", realm);
	set("http.cookies", cookieNames(headers.get("set-cookie")));
	set("http.location", headers.get("location"));
	set("http.content-type", headers.get("content-type"));
	set("http.status-line", `${response.protocol} ${status} ${response.reason}`.trim());
	set("http.header-names", [...headers.keys()].join(" "));
	set("http.body", body.slice(0, MAX_BODY));
	set("http.raw", text.slice(0, 1024));
	if (exchange.probe === "http-coding") set("http.coding", text.slice(0, 1024));
	if (exchange.probe === "http-fragment") set("http.fragment", text.slice(0, 1024));
	const wantsTls = exchange.tunnel === void 0 && WANTS_TLS.test(body);
	const isNameless = exchange.probe === "http" && !headers.has("server");
	return {
		service: "http",
		isComplete: !wantsTls && isComplete(response, exchange.end),
		isPage: isGet(exchange.probe),
		fields,
		facts: { http: {
			status,
			...withText("server", headers.get("server")),
			...withText("title", title),
			...withText("location", headers.get("location"))
		} },
		...wantsTls ? { next: ["tls"] } : isNameless ? { next: [
			"http11",
			"http-missing",
			"help",
			"crlf2"
		] } : {}
	};
}
function isComplete({ isWhole, body, headers, status }, end) {
	if (!isWhole) return false;
	const length = Number(headers.get("content-length") ?? 1e400);
	return end !== "open" || body.length >= Math.min(length, MAX_BODY) || status === 204 || status === 304 || body.endsWith("0\r\n\r\n");
}
function withText(key, value) {
	return value ? { [key]: value } : {};
}
function cookieNames(header) {
	return header?.split(/[;,] */).filter((part) => /^[\w.-]{1,64}=/.test(part)).map((part) => part.split("=")[0]).filter((name) => !/^(path|expires|max-age|domain|samesite)$/i.test(name ?? "")).slice(0, 8).join(" ");
}
function bare(text, probe) {
	if (!/^\s{0,20}<(?:!doctype html|html|head)\b/i.test(text)) return void 0;
	const title = titleOf(text);
	return {
		service: "http",
		isComplete: true,
		isVague: true,
		isPage: isGet(probe),
		fields: {
			...title ? { "http.title": title } : {},
			"http.bare-body": text.slice(0, 4096)
		},
		facts: title ? { http: { title } } : {}
	};
}
const HTTP = {
	name: "http",
	parse: read$3
};

// src/service/protocols/http2.ts
const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const END_STREAM = 1;
const END_HEADERS = 4;
const PREFACE = bytesOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const GO_GRPC = "000500004000";
const MAX_FRAMES = 16;
const MAX_HEX = 64;
function frame(type, flags, stream, payload) {
	return join(bigEndian(payload.length, 3), Uint8Array.of(type, flags), bigEndian(stream, 4), payload);
}
function text$1(value) {
	return join(Uint8Array.of(value.length), bytesOf(value));
}
function grpcCall(path) {
	const headers = join(hex("83 86 04"), text$1(path), hex("01"), text$1("synscan"), hex("0f10"), text$1("application/grpc"), hex("00"), text$1("te"), text$1("trailers"));
	return join(PREFACE, frame(SETTINGS, 0, 0, /* @__PURE__ */ new Uint8Array()), frame(HEADERS, END_HEADERS, 1, headers), frame(DATA, END_STREAM, 1, hex("00 00000000")));
}
const GOBGP_PROBE = "grpc-gobgp";
const GOBGP = grpcCall("/apipb.GobgpApi/GetBgp");
function http2({ probe, reply, tunnel }) {
	if (probe === GOBGP_PROBE) return grpcReply(reply);
	const reader = new Reader(reply);
	const length = reader.u24();
	const type = reader.u8();
	const flags = reader.u8();
	const stream = reader.u32();
	if (reader.isShort || type !== SETTINGS || flags !== 0 || stream !== 0 || length % 6 !== 0 || length > 60) return;
	if (reader.left < length) return void 0;
	const settings = toHex(reader.take(length));
	const isGrpc = probe === "null" && tunnel === void 0 && settings === GO_GRPC;
	return {
		...completeReading("http", { "http2.settings": `${probe === "null" ? "first" : "reply"} ${settings}` }, tunnel ? "HTTP/2" : "HTTP/2 without TLS"),
		...isGrpc ? { follow: {
			name: GOBGP_PROBE,
			bytes: GOBGP,
			sameConnection: true
		} } : {}
	};
}
function grpcReply(reply) {
	const reader = new Reader(reply);
	for (let i = 0; i < MAX_FRAMES && reader.left > 0; i++) {
		const length = reader.u24();
		const type = reader.u8();
		reader.u8();
		const stream = reader.u32();
		const payload = reader.take(length);
		if (reader.isShort) return void 0;
		if (type !== DATA || stream !== 1 || payload.length < 5) continue;
		return completeReading("grpc", { "grpc.gobgp": toHex(payload.subarray(5)).slice(0, MAX_HEX) });
	}
}
const HTTP2 = {
	name: "http2",
	parse: http2
};

// src/service/protocols/messaging.ts
const CONNACK = 32;
const REASONS = [
	"",
	"protocol refused",
	"client id refused",
	"server unavailable",
	"bad login",
	"not authorized"
];
const SUBSCRIBE = subscribe(["$SYS/broker/version", "$SYS/+/new/subscribes"]);
function subscribe(topics) {
	const filters = topics.map((topic) => join(bigEndian(topic.length, 2), bytesOf(topic), hex("00")));
	const body = join(hex("0001"), ...filters);
	return join(Uint8Array.of(130, body.length), body);
}
function mqtt({ probe, reply }) {
	if (probe === "mqtt-version") {
		const text = latin1(reply, 0, 512);
		const version = /\$SYS\/broker\/version([\x20-\x7e]{1,100})/.exec(text)?.[1];
		const subscription = /\$SYS\/[\w-]{1,64}\/new\/subscribes([\x20-\x7e]{1,100})/.exec(text)?.[1];
		if (version === void 0 && reply[0] !== 144) return void 0;
		return {
			service: "mqtt",
			isComplete: version !== void 0 || subscription !== void 0,
			fields: {
				...version ? { "mqtt.version": version } : {},
				...subscription ? { "mqtt.subscription": subscription } : {}
			},
			facts: {}
		};
	}
	if (reply.length < 4 || reply[0] !== CONNACK || reply[1] !== 2 || reply[2] > 1 || reply[3] > 5) return void 0;
	const reason = REASONS[reply[3]];
	return {
		...completeReading("mqtt", { "mqtt.connack": String(reply[3]) }, reason),
		...reply[3] === 0 && probe === "mqtt" ? { follow: {
			name: "mqtt-version",
			bytes: SUBSCRIBE,
			sameConnection: true
		} } : {},
		quit: hex("e000")
	};
}
function amqp({ reply }) {
	const text = latin1(reply, 0, 4096);
	if (text.startsWith("AMQP") && reply.length >= 8 && reply.subarray(4, 8).every((byte) => byte < 10)) {
		const version = [...reply.subarray(5, 8)].join("-");
		return completeReading("amqp", { "amqp.header": version }, `AMQP ${version}`);
	}
	const reader = new Reader(reply);
	if (reader.u8() !== 1 || reader.u16() !== 0) return void 0;
	const length = reader.u32();
	if (reader.u16() !== 10 || reader.u16() !== 10 || length > 16384) return void 0;
	const property = (name) => {
		const at = text.indexOf(`${String.fromCharCode(name.length)}${name}S`);
		if (at < 0) return "";
		const value = new Reader(reply, at + name.length + 2);
		return value.text(Math.min(value.u32(), 100));
	};
	const product = property("product");
	return completeReading("amqp", product ? { "amqp.product": `${product} ${property("version")}`.trim() } : {});
}
const MQTT = {
	name: "mqtt",
	parse: mqtt
};
const AMQP = {
	name: "amqp",
	parse: amqp
};

// src/service/protocols/network.ts
const QUERY_ID = 29523;
const TYPE_TXT = 16;
const MAX_RECORDS = 16;
const RCODES = [
	"NOERROR",
	"FORMERR",
	"SERVFAIL",
	"NXDOMAIN",
	"NOTIMP",
	"REFUSED"
];
const SPECIAL_PROBE = "dns-invalid";
const SPECIAL = hex("0021 7353 0100 0001 0000 0000 0000 07 73796e7363616e 07 696e76616c6964 00 0001 0001");
function readDns(reader) {
	const id = reader.u16();
	const flags = reader.u16();
	const questions = reader.u16();
	const answers = reader.u16();
	const count = Math.min(answers + reader.u16() + reader.u16(), MAX_RECORDS);
	if (reader.isShort || (flags & 32768) === 0 || questions > 1 || answers > MAX_RECORDS) return void 0;
	for (let i = 0; i < questions; i++) {
		skipName(reader);
		reader.skip(4);
	}
	const records = [];
	for (let i = 0; i < count && !reader.isShort; i++) {
		skipName(reader);
		const type = reader.u16();
		reader.skip(2);
		const ttl = reader.u32();
		const length = reader.u16();
		const { at } = reader;
		const data = reader.part(length);
		records.push({
			type,
			ttl,
			at,
			text: type === TYPE_TXT ? data.text(Math.min(data.u8(), data.left)) : void 0
		});
	}
	return {
		id,
		flags,
		rcode: RCODES[flags & 15] ?? String(flags & 15),
		answers,
		records
	};
}
function textIn({ records }, count) {
	return records.slice(0, count).find(({ text }) => text !== void 0)?.text;
}
function dns({ probe, reply }) {
	const reader = new Reader(reply);
	reader.u16();
	const message = readDns(reader);
	if (message?.id !== QUERY_ID) return void 0;
	const { rcode, answers } = message;
	const text = textIn(message, probe === SPECIAL_PROBE ? MAX_RECORDS : answers);
	if (probe === SPECIAL_PROBE) return completeReading("domain", text === void 0 ? {} : { "dns.explanation": text });
	return {
		...completeReading("domain", {
			...text === void 0 ? {} : { "dns.version": text },
			"dns.rcode": rcode
		}, text === void 0 ? rcode : void 0),
		...text === void 0 ? { follow: {
			name: SPECIAL_PROBE,
			bytes: SPECIAL,
			sameConnection: true
		} } : {}
	};
}
function skipName(reader) {
	for (let i = 0; i < 128 && reader.left > 0; i++) {
		const length = reader.u8();
		if (length === 0) return;
		if (length >= 192) {
			reader.skip(1);
			return;
		}
		reader.skip(length);
	}
}
const SOFTWARE = 32802;
const COOKIE = 554869826;
const BINDING_RESPONSE = 257;
function stun({ reply }) {
	const reader = new Reader(reply);
	const type = reader.u16();
	const length = reader.u16();
	if (reader.u32() !== COOKIE || (type & 65519) !== BINDING_RESPONSE || length % 4 !== 0) return void 0;
	reader.skip(12);
	let software;
	for (let i = 0; i < 32 && reader.left >= 4; i++) {
		const attribute = reader.u16();
		const size = reader.u16();
		const value = reader.part(size);
		if (reader.isShort) break;
		if (attribute === SOFTWARE) software = value.text(Math.min(size, 200)).replace(/\0+$/, "");
		reader.skip((4 - size % 4) % 4);
	}
	return completeReading("stun", software ? { "stun.software": software } : {});
}
function socks({ probe, reply }) {
	if (probe === "socks5" && reply.length === 2 && reply[0] === 5 && [
		0,
		1,
		2,
		255
	].includes(reply[1])) {
		const info = reply[1] === 0 ? "no authentication" : reply[1] === 2 ? "username and password" : void 0;
		return completeReading("socks5", { "socks.method": String(reply[1]) }, info);
	}
	if (reply.length === 2 && reply[0] === 5 && reply[1] === 255) return completeReading("socks5", { "socks.refusal": probe });
	if (probe === "socks4" && reply.length === 8 && reply[0] === 0 && reply[1] >= 90 && reply[1] <= 93) return completeReading("socks4", { "socks.status": String(reply[1]) });
}
function bgp({ reply }) {
	const reader = new Reader(reply);
	if (toHex(reader.take(16)) !== "f".repeat(32)) return void 0;
	const length = reader.u16();
	const type = reader.u8();
	if (reader.isShort || length < 19 || length > 4096 || type < 1 || type > 5) return void 0;
	if (type !== 1) return completeReading("bgp", { "bgp.notification": `${reader.u8()} ${reader.u8()}` });
	reader.u8();
	const as = reader.u16();
	reader.u16();
	const id = [...reader.take(4)].join(".");
	return completeReading("bgp", { "bgp.open": `AS${as} ${id}` }, `AS${as}; id ${id}`);
}
const TELNET_START = /^[\t-\r\x20-\x7e]{0,2000}(?=\xff[\xfb-\xfe])/;
const LAST_OPTION = 50;
function telnet({ reply }) {
	const start = TELNET_START.exec(latin1(reply, 0, 2048))?.[0];
	if (start === void 0 || (reply[start.length + 2] ?? 51) > LAST_OPTION) return void 0;
	const options = [];
	let at = start.length;
	while (at + 2 < reply.length && reply[at] === 255 && reply[at + 1] >= 251 && reply[at + 1] !== 255 && options.length < 32) {
		options.push(`${[
			"will",
			"wont",
			"do",
			"dont"
		][reply[at + 1] - 251]} ${reply[at + 2]}`);
		at += 3;
	}
	return completeReading("telnet", {
		"telnet.text": (start + latin1(reply, at, 1024)).trim(),
		"telnet.options": options.join(", ")
	});
}
const DNS = {
	name: "dns",
	parse: dns
};
const STUN = {
	name: "stun",
	parse: stun
};
const SOCKS = {
	name: "socks",
	parse: socks
};
const BGP = {
	name: "bgp",
	parse: bgp
};
const TELNET = {
	name: "telnet",
	parse: telnet
};

// src/service/protocols/rpc.ts
const XID = 1398361683;
const PROGRAM_UNAVAILABLE = 1;
const PROGRAM_MISMATCH = 2;
const MAX_RECORD = 4096;
const PROGRAMS = [
	["nfs", 100003],
	["mountd", 100005],
	["nlockmgr", 100021],
	["status", 100024],
	["rquotad", 100011],
	["ypserv", 100004],
	["glusterd", 14398633]
];
const PROGRAMS_PROBE = "rpc-programs";
const PROGRAM_CALLS = join(...PROGRAMS.map(([, program], i) => join(hex("80000028"), bigEndian(XID + i, 4), hex("00000000 00000002"), bigEndian(program, 4), hex("7fffffff"), /* @__PURE__ */ new Uint8Array(20))));
function rpcReply(reader) {
	const length = reader.u32() - 2147483648;
	if (length < 0 || length > MAX_RECORD) return void 0;
	const record = reader.part(Math.min(length, reader.left));
	const xid = record.u32();
	const type = record.u32();
	const status = record.u32();
	if (record.isShort || type !== 1 || status > 1) return void 0;
	if (status === 1) {
		const state = record.u32();
		return {
			xid,
			status,
			state,
			range: void 0,
			denial: `denied ${state} ${record.u32()}`
		};
	}
	record.skip(4);
	record.skip(Math.min(record.u32(), 400));
	const state = record.u32();
	const range = state === PROGRAM_MISMATCH ? `${record.u32()}-${record.u32()}` : void 0;
	return record.isShort ? void 0 : {
		xid,
		status,
		state,
		range,
		denial: ""
	};
}
function onc({ probe, reply }) {
	const reader = new Reader(reply);
	if (probe === PROGRAMS_PROBE) return programs(reader);
	const found = rpcReply(reader);
	if (found === void 0 || found.xid !== XID && found.xid !== 0) return void 0;
	const { status, state, range, denial } = found;
	if (probe === "kadmin" && (status === 1 || state === 0)) return completeReading("kadmin", { "kadmin.status": status === 1 ? denial : `accepted ${state}` });
	const isOther = probe === "rpc" && status === 0 && state === PROGRAM_UNAVAILABLE;
	return {
		...completeReading(range === void 0 ? "rpc" : "rpcbind", { "rpc.versions": range ?? `status ${status} ${state}` }, range && `RPC #100000 versions ${range}`),
		...isOther ? { follow: {
			name: PROGRAMS_PROBE,
			bytes: PROGRAM_CALLS,
			sameConnection: true
		} } : {}
	};
}
function programs(reader) {
	let there;
	for (let found = rpcReply(reader); found !== void 0 && there === void 0; found = rpcReply(reader)) if (found.status === 0 && found.state !== PROGRAM_UNAVAILABLE) there = found;
	const [service, program] = PROGRAMS[(there?.xid ?? 0) - XID] ?? [];
	if (there === void 0 || service === void 0) return void 0;
	const versions = there.range === void 0 || there.range === "0-0" ? "" : ` versions ${there.range}`;
	return completeReading(service, { "rpc.versions": there.range ?? `status 0 ${there.state}` }, `RPC #${program}${versions}`);
}
const GIOP_REQUEST = join(bytesOf("GIOP"), hex("0100 01 00 30000000 00000000 02000000 01 000000 08000000"), bytesOf("synscan?"), hex("0e000000"), bytesOf("_non_existent\0"), hex("0000 00000000"));
function giop({ probe, reply }) {
	if (reply.length < 12 || latin1(reply, 0, 4) !== "GIOP") return void 0;
	const type = reply[7];
	if (reply[4] !== 1 || type > 7) return void 0;
	const body = reply.subarray(12, 512);
	return {
		...completeReading("giop", {
			"giop.reply": `${reply[5]} ${type} ${toHex(body.subarray(0, 16))}`,
			"giop.body": latin1(body)
		}, `GIOP 1.${reply[5]}`),
		...probe === "giop" ? { follow: {
			name: "giop-request",
			bytes: GIOP_REQUEST,
			sameConnection: true
		} } : {}
	};
}
const DIALECTS = {
	514: "2.0.2",
	528: "2.1",
	768: "3.0",
	770: "3.0.2",
	785: "3.1.1",
	767: "2.?"
};
function smb2({ probe, reply }) {
	if (reply.length < 8 || reply[0] !== 0) return void 0;
	const magic = latin1(reply, 4, 8);
	if (magic === "\u00ffSMB") return completeReading("netbios-ssn", { "smb.version": "1" }, "SMB 1");
	if (magic !== "\u00feSMB") return void 0;
	const header = new Reader(reply, 4);
	header.skip(12);
	const command = header.u16le();
	header.skip(50);
	if (command === 1) return sessionSetup(reply);
	if (command !== 0) return void 0;
	header.skip(4);
	const dialect = header.u16le();
	header.skip(2);
	const guid = toHex(header.take(16));
	if (header.isShort) return void 0;
	const name = DIALECTS[dialect] ?? dialect.toString(16);
	return {
		...completeReading("netbios-ssn", {
			"smb.dialect": name,
			"smb.guid": guid
		}, `SMB ${name}`),
		...probe === "smb" ? { follow: {
			name: "smb-session",
			bytes: SESSION_SETUP,
			sameConnection: true
		} } : {}
	};
}
const SESSION_SETUP = sessionSetupRequest();
function sessionSetupRequest() {
	const ntlm = [...[
		78,
		84,
		76,
		77,
		83,
		83,
		80,
		0,
		1,
		0,
		0,
		0,
		21,
		130,
		8,
		98
	], ...new Array(24).fill(0)];
	ntlm.splice(32, 8, 6, 1, 177, 29, 0, 0, 0, 15);
	const request = new Uint8Array(92 + ntlm.length);
	const view = new DataView(request.buffer);
	view.setUint32(0, request.length - 4);
	request.set([
		254,
		83,
		77,
		66,
		64,
		0
	], 4);
	view.setUint16(16, 1, true);
	view.setUint16(18, 31, true);
	view.setUint32(28, 1, true);
	view.setUint16(68, 25, true);
	request[71] = 1;
	view.setUint16(80, 88, true);
	view.setUint16(82, ntlm.length, true);
	request.set(ntlm, 92);
	return request;
}
function sessionSetup(reply) {
	const at = latin1(reply, 0, 4096).indexOf("NTLMSSP\0\0\0\0");
	if (at < 0) return void 0;
	const reader = new Reader(reply, at + 12);
	reader.skip(28);
	const infoLength = reader.u16le();
	reader.u16le();
	const infoAt = reader.u32le();
	const version = `${reader.u8()}.${reader.u8()}.${reader.u16le()}`;
	if (reader.isShort) return void 0;
	const names = targetNames(new Reader(reply, at + infoAt, at + infoAt + Math.min(infoLength, 1024)));
	const hostname = names[3] ?? names[1];
	return {
		service: "netbios-ssn",
		isComplete: true,
		fields: {
			"smb.ntlm-version": version,
			...names[1] ? { "smb.computer": names[1] } : {},
			...names[2] ? { "smb.domain": names[2] } : {}
		},
		facts: {
			...hostname ? { hostname } : {},
			...names[2] ? { info: `workgroup: ${names[2]}` } : {}
		}
	};
}
function targetNames(reader) {
	const names = [];
	for (let i = 0; i < 16 && reader.left >= 4; i++) {
		const id = reader.u16le();
		const value = reader.take(reader.u16le());
		if (id === 0 || reader.isShort) break;
		if (id <= 5) names[id] = latin1(value).replaceAll("\0", "");
	}
	return names;
}
const ONC_RPC = {
	name: "rpc",
	parse: onc
};
const GIOP = {
	name: "giop",
	parse: giop
};
const SMB = {
	name: "smb",
	parse: smb2
};

// src/service/protocols/simple.ts
const EARLIEST = 3786825600;
const BOTH_WAYS = [
	"amqp",
	"amqp10",
	"icecc"
];
const LEAST_LEN = 8;
const TARGETS = [{
	host: "192.0.2.1",
	port: 1,
	names: []
}, {
	host: "203.0.113.77",
	port: 2,
	names: []
}];
const partsByProbe = /* @__PURE__ */ new Map();
function partsOf(probe) {
	const known = partsByProbe.get(probe) ?? fixedParts(probe);
	partsByProbe.set(probe, known);
	return known;
}
function fixedParts(probe) {
	const [one, other] = [probeBytes(probe, TARGETS[0]), probeBytes(probe, TARGETS[1])];
	const end = one.findIndex((byte, i) => byte !== other[i]);
	if (end < 0) return [one, /* @__PURE__ */ new Uint8Array()];
	const backwards = one.toReversed().findIndex((byte, i) => byte !== other.at(-1 - i));
	return [one.subarray(0, end), one.subarray(one.length - backwards)];
}
const ECHO = {
	name: "echo",
	parse: ({ probe, reply }) => {
		const known = probeNamed(probe);
		if (!known || BOTH_WAYS.includes(probe)) return void 0;
		const [sent, tail] = partsOf(known);
		const isWhole = typeof known.bytes !== "function";
		if (!(/[A-Za-z]{3}/.test(latin1(sent)) || isWhole && sent.length >= LEAST_LEN) || (isWhole ? reply.length !== sent.length : reply.length < sent.length)) return;
		if (!sent.every((byte, i) => byte === reply[i])) return void 0;
		if (!tail.every((byte, i) => byte === reply.at(i - tail.length))) return void 0;
		return completeReading("echo", {});
	}
};
const CHARGEN = {
	name: "chargen",
	parse: ({ reply }) => {
		const lines = latin1(reply, 0, 1024).split("\r\n", 5).slice(0, 4);
		const first = lines[0] ?? "";
		const second = lines[1] ?? "";
		if (first.length !== 72 || second.length !== 72 || first.slice(1) !== second.slice(0, 71)) return void 0;
		return first.charCodeAt(1) !== first.charCodeAt(0) + 1 ? void 0 : completeReading("chargen", {});
	}
};
const TIME = {
	name: "time",
	parse: ({ probe, reply, end }) => {
		if (probe !== "null" || reply.length !== 4 || end === "rst") return void 0;
		return new Reader(reply).u32() < EARLIEST ? void 0 : completeReading("time", {});
	}
};

// src/service/protocols/ssh.ts
const KEXINIT = 20;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
const MAX_PACKET = 16384;
const MAX_PACKETS = 8;
const KEY_EXCHANGE = "ssh-kex";
const KEY_WAIT_MS = 120;
const text = (value) => join(bigEndian(value.length, 4), bytesOf(value));
function packet(type, ...parts) {
	const payload = join(Uint8Array.of(type), ...parts);
	const padding = 8 - (payload.length + 5) % 8;
	const padded = padding < 4 ? padding + 8 : padding;
	return join(bigEndian(1 + payload.length + padded, 4), Uint8Array.of(padded), payload, new Uint8Array(padded));
}
const CIPHERS = "aes128-ctr,aes256-ctr,chacha20-poly1305@openssh.com,aes128-gcm@openssh.com";
const MACS = "hmac-sha2-256,hmac-sha2-256-etm@openssh.com,hmac-sha1";
const REQUEST = join(bytesOf("SSH-2.0-synscan\r\n"), packet(KEXINIT, bytesOf("synscan-no-login"), text("curve25519-sha256,curve25519-sha256@libssh.org"), text("ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256,ssh-rsa"), ...[
	CIPHERS,
	CIPHERS,
	MACS,
	MACS,
	"none",
	"none",
	"",
	""
].map(text), /* @__PURE__ */ new Uint8Array(5)), packet(KEX_ECDH_INIT, bigEndian(32, 4), Uint8Array.of(9), /* @__PURE__ */ new Uint8Array(31)));
function read$2(exchange) {
	const { probe, reply, end } = exchange;
	if (probe === KEY_EXCHANGE) return readKeys(reply);
	const line = /^(?:[^\r\n]{0,255}\r?\n){0,8}?SSH-(\d\.\d{1,2})-([^\s]{1,200})(?: ([^\r\n]{0,200}))?(?:(\r?\n)|$)/.exec(latin1(reply, 0, 4096));
	if (!line) return void 0;
	const [whole, protocol = "", software = "", comment, lineEnd] = line;
	const kex = packets(reply, whole.length).find(({ type }) => type === KEXINIT);
	const isWhole = lineEnd !== void 0;
	return {
		service: "ssh",
		isComplete: isWhole,
		fields: !isWhole && end === "open" ? {} : {
			"ssh.software": software,
			...comment ? { "ssh.comment": comment } : {},
			"ssh.line": comment ? `${software} ${comment}` : software,
			"ssh.protocol": protocol,
			...kex ? algorithms(kex.body) : {}
		},
		facts: {},
		...isWhole && end === "open" && protocol !== "1.5" ? { follow: {
			name: KEY_EXCHANGE,
			bytes: REQUEST,
			sameConnection: true,
			waitMs: KEY_WAIT_MS
		} } : {}
	};
}
function packets(bytes, at) {
	const reader = new Reader(bytes, at);
	const found = [];
	while (reader.left >= 6 && found.length < MAX_PACKETS) {
		const length = reader.u32();
		const padding = reader.u8();
		if (length > MAX_PACKET || length < padding + 2) break;
		const body = reader.part(length - 1);
		if (reader.isShort) break;
		found.push({
			type: body.u8(),
			body: new Reader(body.bytes, body.at, body.end - padding)
		});
	}
	return found;
}
function algorithms(body) {
	body.skip(16);
	const kex = body.text(body.u32());
	const hostKeys = body.text(body.u32());
	return body.isShort ? {} : {
		"ssh.kex": kex,
		"ssh.host-keys": hostKeys
	};
}
function readKeys(reply) {
	const found = packets(reply, 0);
	const kex = found.find(({ type }) => type === KEXINIT);
	const answer = found.find(({ type }) => type === KEX_ECDH_REPLY);
	if (!kex && !answer) return void 0;
	const key = answer && hostKey(answer.body);
	return {
		service: "ssh",
		isComplete: answer !== void 0,
		fields: kex ? algorithms(kex.body) : {},
		facts: key ? { sshKeys: [key] } : {}
	};
}
function hostKey(body) {
	const blob = body.take(body.u32());
	const reader = new Reader(blob);
	const type = reader.text(reader.u32());
	if (body.isShort || reader.isShort || !/^[\w@.-]{1,64}$/.test(type)) return void 0;
	const bits = bitsOf(type, reader);
	const fingerprint = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
	return {
		type,
		...bits === void 0 ? {} : { bits },
		fingerprint
	};
}
function bitsOf(type, reader) {
	if (type === "ssh-ed25519") return 256;
	const curve = /^ecdsa-sha2-nistp(\d{3})$/.exec(type)?.[1];
	if (curve !== void 0) return Number(curve);
	if (type !== "ssh-rsa") return void 0;
	reader.skip(reader.u32());
	const modulus = reader.take(reader.u32());
	const first = modulus.findIndex((byte) => byte !== 0);
	return first < 0 ? void 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first]) + 24;
}
const SSH = {
	name: "ssh",
	parse: read$2
};

// src/service/protocols/texts.ts
const MAX_TEXT = 4096;
const FORMS = [
	{
		service: "rsync",
		pattern: /^@RSYNCD: ([^\r\n]{1,200})\n/,
		fields: ["rsync.version"]
	},
	{
		service: "svnserve",
		pattern: /^\( success \( (\d+ \d+) \( ?[^)]{0,200}\) \( ([^)]{0,500})\) \) \) /,
		fields: ["svn.versions", "svn.capabilities"]
	},
	{
		service: "nut",
		pattern: /^(Network UPS Tools upsd [^\r\n]{1,100})/,
		fields: ["nut.version"],
		quit: "LOGOUT\n"
	},
	{
		service: "nut",
		pattern: /^ERR (UNKNOWN-COMMAND|INVALID-ARGUMENT|ACCESS-DENIED)\n/,
		fields: ["nut.error"],
		follow: ["nut", "VER\n"],
		quit: "LOGOUT\n"
	},
	{
		service: "nut",
		pattern: /^Commands: HELP VER GET LIST/,
		follow: ["nut", "VER\n"],
		quit: "LOGOUT\n"
	},
	{
		service: "lirc",
		pattern: /^BEGIN\n(?:VERSION)\nSUCCESS\nDATA\n1\n([^\n]{1,40})\nEND\n/,
		fields: ["lirc.version"]
	},
	{
		service: "lirc",
		pattern: /^BEGIN\n[^\n]{0,200}\nERROR\n/,
		follow: ["lirc", "VERSION\n"]
	},
	{
		service: "lcdproc",
		pattern: /^connect (LCDproc [^\n]{1,100})\n/,
		fields: ["lcdproc.hello"],
		quit: "bye\n"
	},
	{
		service: "lcdproc",
		pattern: /^huh\? (Invalid command|Could not parse command)/,
		fields: ["lcdproc.error"],
		follow: ["lcdproc", "hello\n"]
	},
	{
		service: "mpd",
		pattern: /^OK MPD ([\d.]{1,20})\n/,
		fields: ["mpd.version"],
		quit: "close\n"
	},
	{
		service: "adc",
		pattern: /^ISUP [^\n]{0,200}\n(?:[^\n]{0,200}\n){0,3}?IINF ([^\n]{0,400})/,
		fields: ["adc.info"]
	},
	{
		service: "liquidwar",
		pattern: /^(OK)\0{995}\r\n/,
		fields: ["liquidwar.reply"],
		probes: ["liquidwar", "nats"]
	},
	{
		service: "adb",
		pattern: /^OKAY0004([0-9a-f]{4})/,
		fields: ["adb.version"],
		probes: ["adb"]
	},
	{
		service: "git",
		pattern: /^[0-9a-f]{4}ERR ([^\r\n]{1,200})/,
		fields: ["git.error"]
	},
	{
		service: "ident",
		pattern: /^\s*\d{1,5}\s*,\s*\d{1,5}\s*: ?(ERROR|USERID) ?: ?([^\r\n]{0,100})/i,
		fields: ["ident.type", "ident.reply"]
	},
	{
		service: "tor-control",
		pattern: /^250-PROTOCOLINFO 1\r\n[^]{0,500}?250-VERSION Tor="([^"]{1,60})"/,
		fields: ["tor.version"],
		quit: "QUIT\r\n"
	},
	{
		service: "tor-control",
		pattern: /^HTTP\/1\.0 501 (Tor ControlPort is not an HTTP proxy)/,
		fields: ["tor.http"]
	},
	{
		service: "tor-control",
		pattern: /^514 (Authentication required)\.\r\n/,
		fields: ["tor.error"]
	},
	{
		service: "redis",
		pattern: /^\$\d+\r\n(# Server\r\n[^]{0,2000})/,
		fields: ["redis.info"]
	},
	{
		service: "redis",
		pattern: /^-(ERR wrong number of arguments for 'get' command|ERR unknown command [^\r\n]{1,100}|DENIED Redis [^\r\n]{1,100})/i,
		fields: ["redis.error"],
		follow: ["redis-info", "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"],
		quit: "QUIT\r\n"
	},
	{
		service: "redis",
		pattern: /^(?:-NOAUTH|\+PONG|-ERR Protocol error)([^\r\n]{0,100})/,
		fields: ["redis.reply"]
	},
	{
		service: "memcached",
		pattern: /^VERSION ((?:yrmcds version )?\d[^\r\n]{0,60})\r\n/,
		fields: ["memcached.version"],
		quit: "quit\r\n"
	},
	{
		service: "memcached",
		pattern: /^(?:ERROR\r\n){1,20}$/,
		follow: ["memcached-version", "version\r\n"],
		isVague: true,
		quit: "quit\r\n"
	},
	{
		service: "memcached",
		pattern: /^STAT pid \d{1,10}\r\n(?:STAT [^\r\n]{1,80}\r\n){1,4}?STAT version ([^\r\n]{1,40})\r\n/,
		fields: ["memcached.stats"],
		quit: "quit\r\n"
	},
	{
		service: "beanstalkd",
		pattern: /^OK \d+\r\n---\n([^]{0,3000})/,
		fields: ["beanstalkd.stats"],
		quit: "quit\r\n"
	},
	{
		service: "beanstalkd",
		pattern: /^(?:UNKNOWN_COMMAND|BAD_FORMAT)\r\n/,
		follow: ["beanstalkd", "stats\r\n"],
		quit: "quit\r\n"
	},
	{
		service: "gearman",
		pattern: /^OK (\d+\.\d+[^\r\n]{0,40})\n/,
		fields: ["gearman.version"],
		probes: [
			"gearman",
			"memcached-version",
			"version"
		]
	},
	{
		service: "gearman",
		pattern: /^ERR UNKNOWN_COMMAND Unknown\+server\+command/,
		follow: ["gearman", "version\r\n"]
	},
	{
		service: "munin",
		pattern: /^(?:# [^\n]{0,200}\n){0,3}munins node on (\S{1,128}) version: (\S{1,60})/,
		fields: ["munin.host", "munin.version"],
		quit: "quit\n"
	},
	{
		service: "munin",
		pattern: /^# munin node at (\S{1,128})\n/,
		fields: ["munin.host"],
		follow: ["munin", "version\n"],
		quit: "quit\n"
	},
	{
		service: "rrdcached",
		pattern: /^\d+ (Command overview\n[^]{0,600})/,
		fields: ["rrdcached.help"],
		quit: "QUIT\n"
	},
	{
		service: "rrdcached",
		pattern: /^-1 Unknown command: /,
		follow: ["rrdcached", "HELP\n"],
		quit: "QUIT\n"
	},
	{
		service: "nats",
		pattern: /^INFO (\{[^\r\n]{1,3000}\}) ?\r\n/,
		fields: ["nats.info"]
	},
	{
		service: "dict",
		pattern: /^220 (\S{1,128} dictd [^\r\n]{1,200})/,
		fields: ["dict.greeting"],
		quit: "quit\r\n"
	},
	{
		service: "dict",
		pattern: /^220 ([^\r\n]{0,200}<[\w.]{0,60}> <[^>]{1,100}>)\r\n/,
		fields: ["dict.greeting"],
		quit: "quit\r\n"
	},
	{
		service: "varnish-cli",
		pattern: /^(107 59 {6}\n[a-z]{32}\n\nAuthentication required\.)/,
		fields: ["varnish.cli"],
		quit: "quit\n"
	},
	{
		service: "varnish-cli",
		pattern: /^200 \d+ +\n-{5,40}\nVarnish Cache CLI 1\.0\n-{5,40}\n([^]{0,300})/,
		fields: ["varnish.banner"],
		quit: "quit\n"
	},
	{
		service: "tarantool",
		pattern: /^(Tarantool [\d.]{1,20}[^\n]{0,60})\n/,
		fields: ["tarantool.greeting"]
	},
	{
		service: "spamd",
		pattern: /^SPAMD\/([\d.]{1,8}) (\d{1,3} [^\r\n]{0,100})/,
		fields: ["spamd.version", "spamd.reply"]
	},
	{
		service: "xmpp-server",
		pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns:db='jabber:server:dialback'[^]{0,1000})/,
		fields: ["xmpp.stream"]
	},
	{
		service: "xmpp-client",
		pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns='jabber:client'[^]{0,1000})/,
		fields: ["xmpp.stream"]
	},
	{
		service: "xmpp-server",
		pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns='jabber:server'[^]{0,1000})/,
		fields: ["xmpp.stream"]
	},
	{
		service: "xmpp-client",
		pattern: /^((?:<\?xml[^>]{0,100}\?>\s{0,10})?<stream:(?:stream|error)[^]{0,1000})/,
		fields: ["xmpp.stream"],
		isVague: true,
		next: ["xmpp"]
	},
	{
		service: "ovsdb",
		pattern: /^\{(?=[^]{0,400}"id": ?"synscan")[^]{0,400}?"result": ?\[((?:"\w{1,60}",? ?){1,20})\]/,
		fields: ["ovsdb.databases"],
		probes: ["ovsdb"]
	},
	{
		service: "crossfire",
		pattern: /^\0.version (\d{1,6} \d{1,6}) ([^\n]{1,60})\n/,
		fields: ["crossfire.protocol", "crossfire.server"]
	},
	{
		service: "rtpengine-cli",
		pattern: /^(Unknown or incomplete command)::[^\n]{0,200}\n$/,
		fields: ["rtpengine.cli"]
	},
	{
		service: "fluidsynth",
		pattern: /^unknown command: \S{1,200} \(try help\)\n/
	},
	{
		service: "pulseaudio",
		pattern: /^Unknown command: (?:GET|HELP|OPTIONS|\r)/,
		isVague: true,
		follow: ["pulseaudio-hello", "hello\n"]
	},
	{
		service: "pulseaudio",
		pattern: /^Welcome to PulseAudio (\S{1,40})! Use "help" for usage information\./,
		fields: ["pulseaudio.version"]
	},
	{
		service: "icecc",
		pattern: /^200-ICECC (\d[\w.]{0,20}): /,
		fields: ["icecc.version"],
		quit: "quit\n"
	},
	{
		service: "gopher",
		pattern: /^(?:[^\r\n]{0,200}\r\n){0,20}?\s{0,80}Gophered by (Gophernicus[^\r\n]{0,60})/,
		fields: ["gopher.footer"]
	},
	{
		service: "snapcast",
		pattern: /^\{"id":"?1"?,"jsonrpc":"2\.0","result":\{"server":[^]{0,3000}?"snapserver":\{([^}]{1,300})\}/,
		fields: ["snapcast.server"]
	},
	{
		service: "json-rpc",
		pattern: /^(\{"error":\{"code":-32700,"data":"\[json\.exception\.parse_error)/,
		fields: ["json-rpc.error"],
		follow: ["snapcast-status", "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"Server.GetStatus\"}\r\n"]
	},
	{
		service: "telnet",
		pattern: /^\r?\nHello, this is ((?:FRRouting|Quagga|Zebra) \(version [^)]{1,40}\))/i,
		fields: ["vty.hello"]
	},
	{
		service: "telnet",
		pattern: /^(Vty password is not set)\.\r\n/,
		fields: ["vty.refusal"]
	},
	{
		service: "telnet",
		pattern: /^Welcome to the (Osmo\w{1,20}) VTY interface\r\n/,
		fields: ["vty.program"],
		follow: ["vty-version", "show version\r\n"],
		quit: "exit\r\n"
	},
	{
		service: "telnet",
		pattern: /^(?:show version\r\n)?(Osmo\w{1,20} \d[\w.+~-]{0,40}) \(/,
		fields: ["vty.version"],
		probes: ["vty-version"],
		quit: "exit\r\n"
	},
	{
		service: "hylafax",
		pattern: /^220 \S{1,128} server \((HylaFAX \(tm\) Version [^)\r\n]{1,40})\) ready/,
		fields: ["hylafax.version"],
		quit: "QUIT\r\n"
	},
	{
		service: "liquidsoap",
		pattern: /^ERROR: unknown command, type "help" to get a list of commands\.\r?\nEND\r?\n/,
		follow: ["liquidsoap-version", "version\r\n"],
		quit: "quit\r\n"
	},
	{
		service: "liquidsoap",
		pattern: /^Liquidsoap (\d[\w.+~-]{0,40})\r?\nEND\r?\n/,
		fields: ["liquidsoap.version"],
		quit: "quit\r\n"
	},
	{
		service: "hsqldb",
		pattern: /^HSQLDB JDBC Network Listener\.\nUse JDBC driver with Network Compatibility Version ?(\d[\d.]{0,20})/,
		fields: ["hsqldb.compatibility"]
	},
	{
		service: "stomp",
		pattern: /^(?:CONNECTED|ERROR)\n((?:[\w-]{1,40}:[^\n]{0,200}\n){1,20})\n/,
		fields: ["stomp.headers"],
		next: ["stomp"]
	},
	{
		service: "babel",
		pattern: /^BABEL \d\.\d\nversion (\S{1,40})\nhost (\S{1,128})\n/,
		fields: ["babel.version", "babel.host"],
		quit: "quit\n"
	},
	{
		service: "powerman",
		pattern: /^001 (\d[\w.+~-]{0,20})\r\npowerman> /,
		fields: ["powerman.version"],
		quit: "quit\r\n"
	},
	{
		service: "unison",
		pattern: /^Unison (\d\.\d{1,3}(?:\.\d{1,3})?) with OCaml /,
		fields: ["unison.version"]
	},
	{
		service: "conman",
		pattern: /^ERROR CODE=(\d{1,3} MESSAGE='[^'\r\n]{1,80})'\n/,
		fields: ["conman.error"]
	},
	{
		service: "bzr",
		pattern: /^error[^\w](Generic bzr smart protocol error: bad request )/,
		fields: ["bzr.error"],
		newFollow: ["bzr-hello", "hello\n"]
	},
	{
		service: "bzr",
		pattern: /^ok[^\w](\d)\n/,
		fields: ["bzr.version"],
		probes: ["bzr-hello"]
	},
	{
		service: "vtun",
		pattern: /^VTUN server ver (\S{1,20} [\d/]{8,10})\n/,
		fields: ["vtun.version"]
	},
	{
		service: "guile",
		pattern: /^GNU Guile (\d[\w.]{1,20})\n/,
		fields: ["guile.version"]
	},
	{
		service: "ser2net",
		pattern: /^-> $/,
		isVague: true,
		follow: ["ser2net-version", "version\r\n"],
		quit: "exit\r\n"
	},
	{
		service: "ser2net",
		pattern: /^(?:version\r\n)?version: (\d[\w.]{1,20})\r\n/,
		fields: ["ser2net.version"],
		probes: ["ser2net-version"],
		quit: "exit\r\n"
	},
	{
		service: "statsd",
		pattern: /^ERROR\n{1,2}$/,
		isVague: true,
		follow: ["statsd-help", "help\n"],
		quit: "quit\n"
	},
	{
		service: "statsd",
		pattern: /^Commands: stats, counters, timers, gauges, ([^\n]{1,100})\n/,
		fields: ["statsd.commands"],
		quit: "quit\n"
	},
	{
		service: "finger",
		pattern: /^\r\n$/,
		probes: [
			"http",
			"http11",
			"help",
			"tls",
			"rtsp"
		],
		isVague: true
	},
	{
		service: "qemu-monitor",
		pattern: /^QEMU (\d[\d.]{0,20}) monitor - type 'help'/,
		fields: ["qemu-monitor.version"]
	},
	{
		service: "qmp",
		pattern: /^\{"QMP": \{"version": \{"qemu": \{("micro": \d{1,4}, "minor": \d{1,4}, "major": \d{1,4})\}/,
		fields: ["qmp.version"]
	},
	{
		service: "monopd",
		pattern: /^<monopd><server (?:host="[^"]{0,100}" )?version="([^"]{1,40})"\/>/,
		fields: ["monopd.version"]
	},
	{
		service: "pioneers",
		pattern: /^version report\n/
	},
	{
		service: "debugpy",
		pattern: /^Content-Length: \d{1,5}\r\n\r\n\{"seq": 1, "type": "event", "event": "output", "body": \{"category": "telemetry", [^]{0,600}?"output": "debugpy", "data": \{"packageVersion": "([^"]{1,60})"/,
		fields: ["debugpy.version"]
	},
	{
		service: "rigctld",
		pattern: /^(?:RPRT -\d{1,2}\n[^]{0,200}set_channel|power2mW: |VFOA\n0\n)/
	},
	{
		service: "conserver",
		pattern: /^(?:ok\r\n)?exit {3}disconnect\r\nhelp {3}this help message\r\n/,
		quit: "exit\r\n"
	},
	{
		service: "rotctld",
		pattern: /^RPRT -\d{1,2}\n$/,
		probes: ["http"]
	},
	{
		service: "conserver",
		pattern: /^ok\r\n$/,
		isVague: true,
		follow: ["conserver-help", "help\r\n"],
		quit: "exit\r\n"
	},
	{
		service: "ganglia",
		pattern: /^<\?xml [^>]{1,100}>\n<!DOCTYPE GANGLIA_XML \[(?:[^]{1,3500}?<GANGLIA_XML (VERSION="[^"]{1,20}" SOURCE="[^"]{1,20}"))?/,
		fields: ["ganglia.version"]
	},
	{
		service: "xpra",
		pattern: /^disconnect: invalid packet (?:format|header)|^disconnect: [^\n]{0,200}not an xpra client/
	},
	{
		service: "kiss",
		pattern: /^\r\ncmd:/
	},
	{
		service: "rserve",
		pattern: /^Rsrv(\d{4})QAP1\r\n/,
		fields: ["rserve.version"]
	},
	{
		service: "i2p-sam",
		pattern: /^HELLO REPLY RESULT=(\w{1,20})/,
		fields: ["sam.result"]
	},
	{
		service: "gdbserver",
		pattern: /^\+?\$((?:PacketSize=|qXfer:)[^#]{1,3000})#[0-9a-f]{2}/,
		fields: ["gdb.features"]
	},
	{
		service: "gdbserver",
		pattern: /^-$/,
		probes: ["gdb-remote"],
		isVague: true,
		follow: ["gdb-remote-again", "+$qSupported#37"]
	},
	{
		service: "indi",
		pattern: /^<(?:def(?:Text|Number|Switch|Light|BLOB)Vector|message)\b/,
		probes: ["indi"]
	},
	{
		service: "ident",
		pattern: /^[^\r\n]{0,100} : USERID : UNIX : ([^\r\n]{1,40})\r\n/,
		fields: ["ident.user"]
	},
	{
		service: "csync2",
		pattern: /^Expecting SSL \(optional\) and CONFIG as first commands\.\n/
	},
	{
		service: "festival",
		pattern: /^(?:(?:ER|LP|OK)\n[^]{0,500}?ft_StUfF_key|(?:ER\n){2,20}$)/
	},
	{
		service: "tcpmap",
		pattern: /^200 (SRS0[^\r\n]{1,200})\n/,
		fields: ["tcpmap.rewritten"]
	},
	{
		service: "tcpmap",
		pattern: /^500 Invalid request\n/,
		isVague: true,
		newFollow: ["tcpmap-get", "get synscan@synscan.invalid\n"]
	},
	{
		service: "postfix-policy",
		pattern: /^action=([^\n]{1,300})\n/,
		fields: ["policy.action"]
	},
	{
		service: "bzflag",
		pattern: /^BZFS(\d{4})/,
		fields: ["bzflag.protocol"]
	},
	{
		service: "cvspserver",
		pattern: /^((?:I HATE YOU|I LOVE YOU|error \d|E |cvs \[)[^\n]{0,200})\n/,
		fields: ["cvs.reply"],
		probes: ["cvs"]
	},
	{
		service: "cvspserver",
		pattern: /^(cvs \[pserver aborted\]: [^\n]{0,200})\n/,
		fields: ["cvs.reply"]
	},
	{
		service: "relp",
		pattern: /^1 rsp \d{1,5} 200 OK\n(?:\w{1,30}=[^\n]{0,200}\n){0,6}?relp_software=([^\n]{1,100})\n/,
		fields: ["relp.software"],
		quit: "2 close 0\n"
	},
	{
		service: "ceph",
		pattern: /^ceph (v2(?=\n)|v027(?=\0))/,
		fields: ["ceph.messenger"]
	},
	{
		service: "relp",
		pattern: /^0 serverclose 0\n/,
		next: ["relp"]
	},
	{
		service: "twemproxy",
		pattern: /^\{"service":"nutcracker", "source":"[^"]{0,100}", "version":"(\d[\d.]{0,20})"/,
		fields: ["twemproxy.version"]
	},
	{
		service: "rtsp",
		pattern: /^RTSP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n([^]{0,2000})/,
		fields: ["rtsp.status", "rtsp.headers"],
		probes: [
			"http",
			"http11",
			"crlf2",
			"help"
		]
	},
	{
		service: "distccd",
		pattern: /^DONE00000001STAT[0-9a-f]{8}/,
		probes: ["distcc"]
	},
	{
		service: "gpsd",
		pattern: /^\{"class":"VERSION","release":"([^"]{1,40})"/,
		fields: ["gpsd.release"]
	},
	{
		service: "clamd",
		pattern: /^(ClamAV [^\0\n]{1,100})/,
		fields: ["clamd.version"]
	},
	{
		service: "zookeeper",
		pattern: /^Zookeeper version: ([^,\n]{1,80})/,
		fields: ["zookeeper.version"]
	},
	{
		service: "finger",
		pattern: /^(?:\r\n(?:Login|[^\r\n]{0,100}logged)|(?:\r\n)?No one logged on\b)/i,
		probes: [
			"finger",
			"crlf2",
			"help",
			"http"
		]
	},
	{
		service: "gopher",
		pattern: /^[0-9hgIi+][^\t\r\n]{0,200}\t[^\t\r\n]{0,200}\t[^\t\r\n]{0,200}\t\d{1,5}\r?\n/
	},
	{
		service: "json-rpc",
		pattern: /^(\{[^]{0,300}"jsonrpc": ?"2\.0"[^]{0,1000})/,
		fields: ["json-rpc.reply"]
	},
	{
		service: "openocd-tcl",
		pattern: /^Open On-Chip Debugger (\d[\w.+~-]{0,60})(?=\W)/,
		fields: ["openocd.version"],
		probes: ["openocd"]
	},
	{
		service: "swank",
		pattern: /^[0-9a-f]{6}\(:return \(:ok \(:pid [^]{1,3000}?:package \([^)]{1,200}\) :version "([^"]{1,20})"\)\) 1\)/,
		fields: ["swank.version"],
		probes: ["swank"]
	},
	{
		service: "daytime",
		pattern: /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:\d{1,2} [A-Z][A-Za-z]{2} \d{4} \d\d:\d\d:\d\d \w{1,5}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:\w{3,5} )?\d{4})\r?\n$/,
		probes: ["null"]
	}
];
const HEADED_FORMS = [
	{
		service: "sip",
		pattern: /^SIP\/2\.0 (\d{3} [^\r\n]{0,100})\r\n(?=[^]{0,2000}\bcseq ?:)([^]{0,2000})/i,
		fields: ["sip.status", "sip.headers"]
	},
	{
		service: "rtsp",
		pattern: /^RTSP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n(?=[^]{0,2000}\bcseq ?:)([^]{0,2000})/i,
		fields: ["rtsp.status", "rtsp.headers"]
	},
	{
		service: "icap",
		pattern: /^ICAP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n([^]{0,2000})/,
		fields: ["icap.status", "icap.headers"]
	}
];
const parserOf = (name, forms) => ({
	name,
	parse: ({ probe, reply, end }) => {
		const text = latin1(reply, 0, MAX_TEXT);
		for (const form of forms) {
			const reading = readForm(form, probe, text, end);
			if (reading) return reading;
		}
	}
});
function readForm(form, probe, text, end) {
	if (form.probes && !form.probes.includes(probe)) return void 0;
	const match = form.pattern.exec(text);
	if (!match) return void 0;
	const fields = {};
	for (const [i, name] of (form.fields ?? []).entries()) {
		const value = match[i + 1];
		if (value !== void 0) fields[name] = value;
	}
	fields[`${form.service}.text`] = text.slice(0, 1024);
	const isWhole = end !== "open" || text.endsWith("\n") || !text.includes("\n") || text.length === MAX_TEXT;
	return {
		service: form.service,
		isComplete: isWhole && (form.next === void 0 || form.next.includes(probe)),
		fields,
		facts: {},
		...form.isVague ? { isVague: true } : {},
		...followOf$1(form),
		...form.next === void 0 ? {} : { next: form.next },
		...form.quit === void 0 ? {} : { quit: bytesOf(form.quit) }
	};
}
function followOf$1({ follow, newFollow }) {
	const [name, text] = follow ?? newFollow ?? [];
	if (name === void 0 || text === void 0) return {};
	return { follow: {
		name,
		bytes: bytesOf(text),
		sameConnection: follow !== void 0
	} };
}
const TEXTS$1 = parserOf("texts", FORMS);
const HEADED = parserOf("headed", HEADED_FORMS);

// src/service/protocols/tls.ts
const HANDSHAKE = 22;
const ALERT = 21;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const MAX_HANDSHAKE = 65536;
const MAX_EXTENSIONS = 32;
const VERSIONS = {
	768: "SSLv3",
	769: "TLSv1.0",
	770: "TLSv1.1",
	771: "TLSv1.2",
	772: "TLSv1.3"
};
const SUITES = {
	4865: "TLS_AES_128_GCM_SHA256",
	4866: "TLS_AES_256_GCM_SHA384",
	4867: "TLS_CHACHA20_POLY1305_SHA256",
	49195: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
	49196: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
	49199: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
	49200: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	52392: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
	52393: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	49161: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
	49162: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
	49171: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
	49172: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
	49187: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
	49188: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
	49191: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
	49192: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
	156: "TLS_RSA_WITH_AES_128_GCM_SHA256",
	157: "TLS_RSA_WITH_AES_256_GCM_SHA384",
	158: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
	159: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
	52394: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
	47: "TLS_RSA_WITH_AES_128_CBC_SHA",
	51: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
	53: "TLS_RSA_WITH_AES_256_CBC_SHA",
	57: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
	60: "TLS_RSA_WITH_AES_128_CBC_SHA256",
	61: "TLS_RSA_WITH_AES_256_CBC_SHA256",
	103: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
	107: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
	10: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
	5: "TLS_RSA_WITH_RC4_128_SHA",
	4: "TLS_RSA_WITH_RC4_128_MD5",
	166: "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
	167: "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
	108: "TLS_DH_anon_WITH_AES_128_CBC_SHA256",
	109: "TLS_DH_anon_WITH_AES_256_CBC_SHA256",
	52: "TLS_DH_anon_WITH_AES_128_CBC_SHA",
	58: "TLS_DH_anon_WITH_AES_256_CBC_SHA"
};
const NAME_PARTS = {
	"2.5.4.3": "CN",
	"2.5.4.6": "C",
	"2.5.4.7": "L",
	"2.5.4.8": "ST",
	"2.5.4.10": "O",
	"2.5.4.11": "OU",
	"1.2.840.113549.1.9.1": "emailAddress"
};
const SUBJECT_ALT_NAME = "2.5.29.17";
function read$1({ reply, tunnel }) {
	if (tunnel !== void 0 || reply.length < 7 || reply[1] !== 3 || reply[2] > 4) return void 0;
	if (reply[0] === ALERT) return alert(reply);
	if (reply[0] !== HANDSHAKE) return void 0;
	const handshake = handshakeOf(reply);
	const reader = new Reader(handshake);
	let facts;
	let suite = "";
	let certificate;
	while (reader.left >= 4) {
		const type = reader.u8();
		const body = reader.part(reader.u24());
		if (reader.isShort) break;
		if (type === SERVER_HELLO) {
			const hello = serverHello(body);
			if (!hello) return void 0;
			({facts, suite} = hello);
		} else if (type === CERTIFICATE) {
			body.u24();
			certificate = body.take(body.u24());
			if (body.isShort) certificate = void 0;
		}
	}
	if (!facts) return void 0;
	const tls = certificate ? {
		...facts,
		...certificateFacts(certificate)
	} : facts;
	return {
		service: "ssl",
		isComplete: false,
		fields: {
			"tls.hello": facts.hello ?? "",
			"tls.suite": suite,
			...tls.subject ? { "tls.subject": tls.subject } : {},
			...tls.issuer ? { "tls.issuer": tls.issuer } : {},
			...certificate ? {} : { "tls.anonymous": facts.hello ?? "" }
		},
		facts: { tls }
	};
}
function handshakeOf(reply) {
	const joined = new Uint8Array(Math.min(reply.length, MAX_HANDSHAKE));
	const reader = new Reader(reply);
	let length = 0;
	while (reader.left >= 5) {
		const type = reader.u8();
		reader.u16();
		const body = reader.take(Math.min(reader.u16(), reader.left));
		if (type !== HANDSHAKE) break;
		const part = body.subarray(0, joined.length - length);
		joined.set(part, length);
		length += part.length;
	}
	return joined.subarray(0, length);
}
function serverHello(body) {
	const version = body.u16();
	body.skip(32);
	body.skip(body.u8());
	const suite = body.u16();
	body.u8();
	if (body.isShort || VERSIONS[version] === void 0) return void 0;
	const extensions = [];
	let chosen = version;
	if (body.left >= 2) {
		const list = body.part(body.u16());
		while (list.left >= 4 && extensions.length < MAX_EXTENSIONS) {
			const type = list.u16();
			const content = list.part(list.u16());
			extensions.push(type);
			if (type === 43) chosen = content.u16();
		}
	}
	const text = suite.toString(16).padStart(4, "0");
	return {
		suite: text,
		facts: {
			version: VERSIONS[chosen] ?? VERSIONS[version],
			cipher: SUITES[suite] ?? `0x${text}`,
			hello: `${chosen.toString(16).padStart(4, "0")},${text},${extensions.join("-")}`
		}
	};
}
function alert(reply) {
	const reader = new Reader(reply, 3);
	if (reader.u16() !== 2) return void 0;
	const level = reader.u8();
	const description = reader.u8();
	if (level < 1 || level > 2) return void 0;
	return {
		service: "ssl",
		isComplete: false,
		fields: { "tls.alert": String(description) },
		facts: {}
	};
}
function certificateFacts(bytes) {
	const facts = { sha256: toHex(createHash("sha256").update(bytes).digest()) };
	const certificate = readValues(bytes, 1)[0];
	const tbs = certificate && readValues(certificate.content, 3)[0];
	if (!tbs) return facts;
	const parts = readValues(tbs.content, 16);
	const at = parts[0]?.tag === 160 ? 1 : 0;
	const validity = readValues(parts[at + 3]?.content ?? /* @__PURE__ */ new Uint8Array(), 2);
	const issuer = nameOf(parts[at + 2]);
	const subject = nameOf(parts[at + 4]);
	const notBefore = timeOf(validity[0]);
	const expires = timeOf(validity[1]);
	const names = namesOf(parts.find(({ tag }) => tag === 163));
	return {
		...facts,
		...subject ? { subject } : {},
		...issuer ? { issuer } : {},
		...notBefore ? { notBefore } : {},
		...expires ? { expires } : {},
		...names.length > 0 ? { names } : {}
	};
}
function nameOf(value) {
	return readValues(value?.content ?? /* @__PURE__ */ new Uint8Array(), 16).flatMap(({ content }) => readValues(content, 4)).flatMap(({ content }) => {
		const [type, text] = readValues(content, 2);
		const label = NAME_PARTS[oidOf(type)];
		return label === void 0 ? [] : [`${label}=${stringOf(text)}`];
	}).join(",");
}

function readHandshake({ subject, issuer }) {
	return {
		service: "ssl",
		isComplete: false,
		fields: {
			...subject ? { "tls.subject": subject } : {},
			...issuer ? { "tls.issuer": issuer } : {}
		},
		facts: {}
	};
}
const TLS = {
	name: "tls",
	parse: read$1
};

// src/service/protocols/all.ts
const PROTOCOLS = [
	ECHO,
	CHARGEN,
	SSH,
	RFB,
	SPICE,
	...CALLS,
	TEXTS$1,
	HTTP,
	HEADED,
	NUMBERED,
	POP3,
	IMAP,
	SIEVE,
	IRC,
	TLS,
	MYSQL,
	POSTGRES,
	MONGO,
	DNS,
	LDAP,
	KERBEROS,
	SMB,
	ONC_RPC,
	GIOP,
	X11,
	S7,
	RDP,
	MQTT,
	AMQP,
	BGP,
	OPC_UA,
	DICOM,
	HTTP2,
	STUN,
	SOCKS,
	TELNET,
	FIREBIRD$1,
	GQTP,
	...CONTROL,
	...MIDDLEWARE,
	...DAEMONS,
	...CLUSTERS,
	TIME,
	FALLBACK
];

// src/service/rows/row.ts
const COLUMNS = 8;
const TEXTS = [
	"service",
	"info",
	"hostname",
	"os",
	"device"
];
function readRows(table, text) {
	return text.split("\n").flatMap((line, number) => {
		if (line.trim() === "" || line.startsWith("#")) return [];
		try {
			return [readRow(line)];
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			throw new Error(`Cannot read line ${number + 1} of the rows of ${table}: ${why}. Correct "${line.trim()}"`);
		}
	});
}
function readRow(line) {
	const columns = line.split(" | ").map((column) => column.trim());
	if (columns.length !== COLUMNS) throw new Error(`it has ${columns.length} columns instead of ${COLUMNS}`);
	const [id = "", field = "", pattern = "", product = "", version = "", cpe = "", more = "", seen = ""] = columns;
	if (!/^[a-z0-9][\w.-]*$/.test(id)) throw new Error(`"${id}" is no id`);
	if (!pattern.startsWith("^")) throw new Error("its pattern does not begin with ^");
	return {
		id,
		field,
		pattern: new RegExp(pattern, "s"),
		...product === "-" ? {} : { product },
		...version === "-" ? {} : { version },
		...readMore(more),
		cpe: wordsOf(cpe),
		isFramework: more.split("; ").includes("framework"),
		seen: wordsOf(seen)
	};
}
function wordsOf(column) {
	return column === "-" ? [] : column.split(" ");
}
function readMore(column) {
	if (column === "-") return {};
	return Object.fromEntries(column.split("; ").filter((part) => part !== "framework").map((part) => {
		const colon = part.indexOf(":");
		const key = part.slice(0, colon);
		if (!TEXTS.includes(key)) throw new Error(`"${part}" is none of ${TEXTS.join(": ")}: framework`);
		return [key, part.slice(colon + 1)];
	}));
}
function expand(template, match) {
	return template.replaceAll(/\$([1-9])/g, (_, digit) => match[Number(digit)] ?? "").trim();
}
function expandCpe(template, match) {
	const parts = template.split(":").map((part) => expand(part, match).toLowerCase().replaceAll(/[^a-z0-9._~-]/g, (character) => percent(character)));
	while (parts.at(-1) === "") parts.pop();
	return `cpe:/${parts.join(":")}`;
}
function percent(character) {
	return character === " " ? "_" : `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

// src/service/rows/datagrams.ts
const DATAGRAM_ROWS = readRows("datagrams", String.raw`
udp-dns-knot | dns.version | ^Knot DNS (\d[\d.]*)$ | Knot DNS | $1 | a:nic:knot_dns:$1 | - | udp-knot
udp-dns-rbldnsd | dns.version | ^rbldnsd (\d\S*) \(snapshot (\d+)\)$ | rbldnsd | $1 | - | info:snapshot $2 | udp-rbldnsd
udp-kerberos-mit | kerberos.text | ^CLIENT_NOT_FOUND$ | MIT Kerberos | - | a:mit:kerberos_5 | - | udp-krb5-kdc
udp-snmp-net | snmp.engine | ^8072 | net-snmp | - | a:net-snmp:net-snmp | - | udp-snmpd udp-snmptrapd
udp-tftp-dnsmasq | tftp.error | ^1 file \S+ not found for [\da-f.:]+$ | dnsmasq | - | a:thekelleys:dnsmasq | - | udp-dnsmasq-tftp
udp-stun-vovida | stun.software | ^Vovida\.org (\d[\d.]*)$ | Vovida stund | $1 | - | - | udp-stun-server
udp-stun-baresip | stun.software | ^baresip v(\d[\d.]*) \(([^)]*)\)$ | baresip | $1 | - | info:$2; service:sip | udp-baresip
udp-sip-baresip | sip.server | ^baresip v(\d[\d.]*) \(([^)]*)\)$ | baresip | $1 | - | info:$2 | udp-baresip
udp-coap-libcoap | coap.core | ^</>;title="Gener | libcoap | - | a:libcoap:libcoap | info:example server | udp-coap-server
udp-xl2tpd | l2tp.vendor | ^xelerance\.com$ | xl2tpd | - | a:xelerance:xl2tpd | - | udp-xl2tpd
udp-teeworlds | teeworlds.token | ^sent$ | Teeworlds | - | a:teeworlds:teeworlds | info:0.7 | udp-teeworlds
udp-dht-aria2 | dht.client | ^A2 | aria2 | - | a:aria2_project:aria2 | - | udp-aria2
`);

// src/service/rows/errors.ts
const ERROR_ROWS = readRows("errors", String.raw`
text-proftpd-creative | text.reply | ^500 Invalid command: try being more creative\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-proftpd-understood | text.reply | ^500 [A-Z0-9*$,]{1,40} not understood\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-proftpd-help | text.reply | ^214-The following commands are recognized \(\* =>'s unimplemented\):\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-pure-ftpd-site | text.reply | ^214-The following SITE commands are recognized\r\n ALIAS\r\n CHMOD\r\n | Pure-FTPd | - | a:pureftpd:pure-ftpd | service:ftp | pure-ftpd
text-pure-ftpd-http | text.reply | ^500 HTTP command: \[ | Pure-FTPd | - | a:pureftpd:pure-ftpd | service:ftp | pure-ftpd
ftp-pure-ftpd-login | ftp.greeting | ^You aren't logged in(?:\n|$) | Pure-FTPd | - | a:pureftpd:pure-ftpd | - | pure-ftpd
ftp-vsftpd-login | ftp.greeting | ^Please login with USER and PASS\. | - | - | - | info:login required | vsftpd
text-pyftpdlib | text.reply | ^500 Command "[^"\r\n]*" not understood\.\r\n | pyftpdlib | - | - | service:ftp | pyftpdlib
text-pyftpdlib-help | text.reply | ^214-The following commands are recognized:\r\n ABOR {3}ALLO {3}APPE {3}CDUP | pyftpdlib | - | - | service:ftp | pyftpdlib
text-postfix-rules | text.reply | ^221 2\.7\.0 Error: I can break rules, too\. Goodbye\.\r\n | Postfix | - | a:postfix:postfix | service:smtp | postfix
text-postfix-syntax | text.reply | ^500 5\.5\.2 Error: (?:bad syntax|bad UTF-8 syntax|command not recognized)\r\n | Postfix | - | a:postfix:postfix | service:smtp | postfix
text-exim-command | text.reply | ^500 unrecognized command\r\n | Exim | - | a:exim:exim | service:smtp | exim
text-exim-help | text.reply | ^214-Commands supported:\r\n214 (?:[A-Z]+ ?){4,20}\r\n | Exim | - | a:exim:exim | service:smtp | exim
text-aiosmtpd-command | text.reply | ^500 Error: command "[^\r\n]*" not recognized\r\n | aiosmtpd | - | - | service:smtp | aiosmtpd
text-aiosmtpd-syntax | text.reply | ^500 Error: bad syntax\r\n | aiosmtpd | - | - | service:smtp | aiosmtpd
text-aiosmtpd-help | text.reply | ^250 Supported commands: AUTH DATA EHLO HELO HELP MAIL | aiosmtpd | - | - | service:smtp | aiosmtpd
text-dovecot-imap | text.reply | ^\S{1,40} BAD Error in IMAP command received by server\.\r\n | Dovecot | - | a:dovecot:dovecot | service:imap | dovecot-imap
imap-dovecot-invalid | imap.greeting | ^Too many invalid IMAP commands\.$ | Dovecot | - | a:dovecot:dovecot | - | dovecot-imap
text-dovecot-sieve | text.reply | ^NO "Error in MANAGESIEVE command received by server\."\r\n | Dovecot | - | a:dovecot:dovecot | service:sieve; info:Pigeonhole | dovecot-sieve
text-pop3-command | text.reply | ^-ERR Unknown command\.\r\n | - | - | - | service:pop3 | dovecot-pop3
text-openssh | text.reply | ^Invalid SSH identification string\.\r\n | OpenSSH | - | a:openbsd:openssh | service:ssh | openssh
text-rsync | text.reply | ^@ERROR: protocol startup error\n | - | - | - | service:rsync | rsync
text-nats | text.reply | ^-ERR 'Unknown Protocol Operation'\r\n | NATS | - | a:nats:nats_server | service:nats | nats-client
text-varnish-cli | text.reply | ^101 \d+ +\nUnknown request\.\nType 'help' for more info\.\n | Varnish | - | a:varnish-software:varnish_cache | service:varnish-cli | varnish-cli
text-tarantool | text.reply | ^---\n- error: '\[string " | Tarantool | - | a:tarantool:tarantool | service:tarantool; info:Lua console | tarantool-console
text-munin | text.reply | ^# Unknown command\. Try cap, list, nodes, config, fetch, version or quit\n | Munin | - | a:munin-monitoring:munin | service:munin | munin-node
text-dictd | text.reply | ^500 unknown command\r\n | - | - | - | service:dict | dictd
mysql-mariadb-proxy | mysql.error | ^#HY000Proxy header is not accepted from | MariaDB | - | a:mariadb:mariadb | - | mariadb
gearman-error | gearman.text | ^ERR UNKNOWN_COMMAND Unknown\+server\+command | Gearman | - | - | - | gearmand
beanstalkd-error | beanstalkd.text | ^UNKNOWN_COMMAND\r\n | beanstalkd | - | - | - | beanstalkd
nut-error | nut.error | ^(?:UNKNOWN-COMMAND|INVALID-ARGUMENT)$ | Network UPS Tools | - | a:networkupstools:nut | - | nut-upsd
nut-help | nut.text | ^Commands: HELP VER GET LIST | Network UPS Tools | - | a:networkupstools:nut | - | nut-upsd
rrdcached-error | rrdcached.text | ^-1 Unknown command: | rrdcached | - | - | info:RRDtool | rrdcached
memcached-stats | memcached.stats | ^(\d+\.\d+\.\d+)$ | Memcached | $1 | a:memcached:memcached:$1 | - | memcached
http-nginx-page | http.body | ^<html>\r\n<head><title>[^<]{1,80}</title></head>\r\n<body>\r\n.{1,200}<hr><center>nginx(?:/(\d[\d.]*))?</center>\r\n | nginx | $1 | a:f5:nginx:$1 | - | nginx-http nginx-https nginx-no-tokens
http-micro-httpd-page | http.body | ^.{1,1000}<a href="http://www\.acme\.com/software/micro_httpd/">micro_httpd</a> | micro_httpd | - | - | - | micro-httpd
http-mini-httpd-page | http.body | ^.{1,1000}<a href="http://www\.acme\.com/software/mini_httpd/">mini_httpd/(\d[\d.]*) | mini_httpd | $1 | a:acme:mini_httpd:$1 | - | mini-httpd
http-monit-page | http.body | ^.{1,400}<a href='http://mmonit\.com/monit/'><font size=-1>monit (\d[\d.]*)</font> | Monit | $1 | a:mmonit:monit:$1 | - | monit
http-squid-page | http.body | ^<!DOCTYPE html.{1,100}<meta type="copyright" content="Copyright \(C\) 1996-20\d\d The Squid Software Foundation | Squid | - | a:squid-cache:squid | service:http-proxy | squid
http-squid-via | http.via | ^1\.[01] \S+ \(squid/(\d[\d.]*)\)$ | Squid | $1 | a:squid-cache:squid:$1 | service:http-proxy | squid
http-varnish-via | http.via | ^1\.[01] \S+ \(Varnish/(\d[\d.]*)\)$ | Varnish | $1 | a:varnish-software:varnish_cache:$1 | - | varnish-http
http-varnish-page | http.body | ^<!DOCTYPE html>\n<html>\n {2}<head>\n {4}<title>5\d\d [^<]+</title>.{1,400}<p>Varnish cache server</p> | Varnish | - | a:varnish-software:varnish_cache | - | varnish-http
http-webfs-plonk | http.body | ^\*PLONK\*\n$ | webfs | - | - | - | webfs
http-gunicorn-page | http.body | ^<html>\n {2}<head>\n {4}<title>Bad Request</title>\n {2}</head>\n {2}<body>\n {4}<h1><p>Bad Request</p></h1>\n {4}Invalid Request Line | Gunicorn | - | a:gunicorn:gunicorn | - | gunicorn
http-h2o-400 | http.raw | ^HTTP/1\.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: 11\r\n\r\nBad Request$ | h2o | - | a:dena:h2o | - | h2o
http-go-400 | http.raw | ^HTTP/1\.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request$ | - | - | - | info:Go net/http | etcd-peer nats-monitor node-exporter
http-groonga-title | http.title | ^Groonga admin$ | Groonga | - | - | - | groonga-http
snapcast-parse-error | json-rpc.error | ^\{"error":\{"code":-32700,"data":"\[json\.exception\.parse_error | - | - | - | info:nlohmann JSON | snapserver-rpc
text-dictd-help | text.reply | ^113 help text follows\r\nDEFINE database word {9}-- look up word in database | dictd | - | - | service:dict | dictd
text-dictd-status | text.reply | ^210 status \[d/m/c = \d+/\d+/\d+; | dictd | - | - | service:dict | dictd
text-ftp-srv | text.reply | ^502 Command not allowed: \S | ftp-srv | - | - | service:ftp | ftp-srv
text-ftp-srv-help | text.reply | ^211-Supported commands:\r\n211-ABOR\tALLO\tAPPE\tAUTH | ftp-srv | - | - | service:ftp | ftp-srv
text-lirc-version | text.reply | ^BEGIN\nversion\r?\nSUCCESS\nDATA\n1\n(\d[\d.]*)\nEND\n | LIRC | $1 | - | service:lirc | lircd
text-nodemailer-http | text.reply | ^421 HTTP requests not allowed\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-nodemailer-help | text.reply | ^214 See https://tools\.ietf\.org/html/rfc5321 for details\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-nodemailer-command | text.reply | ^500 Error: command not recognized\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-mpd-ack | text.reply | ^ACK \[5@0\] \{\} (?:unknown command|Invalid word) | Music Player Daemon | - | a:musicpd:music_player_demon | service:mpd | mpd
text-mpd-status | text.reply | ^repeat: [01]\nrandom: [01]\nsingle: \S+\nconsume: | Music Player Daemon | - | a:musicpd:music_player_demon | service:mpd | mpd
text-qemu-monitor | text.reply | ^\r\n\(qemu\) | QEMU | - | a:qemu:qemu | service:qemu-monitor | qemu-monitor
text-qmp | text.reply | ^\{"error": \{"class": "GenericError", "desc": "(?:JSON parse error|QMP input must be a JSON object) | QEMU | - | a:qemu:qemu | service:qmp | qemu-qmp
text-rrdcached-stats | text.reply | ^\d+ Statistics follow\nQueueLength: | rrdcached | - | - | service:rrdcached; info:RRDtool | rrdcached
text-tetrinetx | text.reply | ^(\d+\.\d+\.\d+)\+qirc-[^\n]{1,60}\n\+OK\n | tetrinetx | $1 | - | service:tetrinet | tetrinetx-game
text-nuttcp | text.reply | ^KO\nnuttcp-t: v(\d[\d.]*): | nuttcp | $1 | - | service:nuttcp | nuttcp
text-ftp-bsd | text.reply | ^500 '[^'\r\n]{0,80}': command not recognized\r\n | - | - | - | service:ftp; info:BSD ftpd | inetutils-ftpd
text-ftp-bsd-help | text.reply | ^214- The following commands are recognized \(\* =>'s unimplemented\) | - | - | - | service:ftp; info:BSD ftpd | inetutils-ftpd
text-pop3-invalid | text.reply | ^-ERR Invalid command\r\n | - | - | - | service:pop3 | mailutils-pop3d
text-mailutils-imap | text.reply | ^\S{1,40} BAD {2}(?:Invalid|Null|Missing) command\r\n | GNU Mailutils | - | a:gnu:mailutils | service:imap | mailutils-imap4d
text-msmtpd | text.reply | ^500 Expected EHLO or HELO\r\n | msmtpd | - | a:marlam:msmtp | service:smtp | msmtpd
text-cfingerd-user | text.reply | ^Illegal character in username\.\n$ | cfingerd | - | - | service:finger | cfingerd
text-cfingerd-none | text.reply | ^\n[^\n]{1,100}\n\n {1,40}There is no such user\.\n | cfingerd | - | - | service:finger | cfingerd
text-cfingerd-version | text.reply | ^\nThis site is running the Configurable Finger-Query Daemon version (\d[\d.]*), | cfingerd | $1 | - | service:finger | cfingerd
text-clamd | text.reply | ^UNKNOWN COMMAND\n$ | ClamAV | - | a:clamav:clamav | service:clamd | clamd
text-monopd | text.reply | ^<monopd><msg type="error" value=" | monopd | - | - | service:monopd | monopd
text-civetweb | text.reply | ^HTTP/(?:RTSP/1\.0|SIP/2\.0) 400 Bad Request\r\nCache-Control: no-cache, no-store, must-revalidate, private, max-age=0\r\n | CivetWeb | - | a:civetweb_project:civetweb | service:http; framework | civetweb orthanc-http
smtp-clamsmtpd | smtp.greeting | ^smtp\.passthru$ | clamsmtpd | - | - | - | clamsmtpd
lldb-features | gdb.features | ^PacketSize=131072;QStartNoAckMode\+;qEcho\+;native-signals\+ | LLDB | - | - | service:lldb | lldb-server
sam-version | i2p-sam.text | ^HELLO REPLY RESULT=OK VERSION=(\d[\d.]*)\n | - | - | - | info:version $1 | i2pd-sam
cockpit-cookie | http.cookies | ^cockpit$ | Cockpit | - | a:cockpit-project:cockpit | - | cockpit-ws
page-merecat-bare | http.bare-body | ^<!DOCTYPE html>\n<html>\n <head>\n {2}<title>\d{3} [\w ]+</title>\n {2}<link rel="icon" type="image/x-icon" href="/icons/favicon\.ico"> | Merecat | - | - | - | merecat
`);

// src/service/rows/greeting.ts
const GREETING_ROWS = readRows("greetings", String.raw`
ftp-proftpd | ftp.greeting | ^ProFTPD (?:(\d[\w.]*) )?Server \(([^)]*)\) \[ | ProFTPD | $1 | a:proftpd:proftpd:$1 | info:$2 | proftpd
ftp-vsftpd | ftp.greeting | ^\(vsFTPd (\d[\d.]*)\)$ | vsftpd | $1 | a:vsftpd_project:vsftpd:$1 | - | vsftpd
ftp-pure-ftpd | ftp.greeting | ^-{5,20} Welcome to Pure-FTPd [^-]{0,60}-{5,20} | Pure-FTPd | - | a:pureftpd:pure-ftpd | - | pure-ftpd
ftp-pyftpdlib | ftp.greeting | ^pyftpdlib (\d[\d.]*) (?:based )?ready\.$ | pyftpdlib | $1 | - | - | pyftpdlib
smtp-postfix | smtp.greeting | ^\S+ ESMTP Postfix(?: \(([^)]+)\))?$ | Postfix | - | a:postfix:postfix | info:$1 | postfix
smtp-exim | smtp.greeting | ^\S+ ESMTP Exim (\d[\d.]*)(?:_\w+)? | Exim | $1 | a:exim:exim:$1 | - | exim
smtp-aiosmtpd | smtp.greeting | ^\S+ Python SMTP (\d[\d.]*)$ | aiosmtpd | $1 | - | - | aiosmtpd
pop3-dovecot | pop3.greeting | ^Dovecot(?: \(([^)]+)\))? ready\. | Dovecot | - | a:dovecot:dovecot | info:$1 | dovecot-pop3 dovecot-pop3s
imap-dovecot | imap.greeting | ^Dovecot(?: \(([^)]+)\))? ready\. | Dovecot | - | a:dovecot:dovecot | info:$1 | dovecot-imap dovecot-imaps
sieve-pigeonhole | sieve.implementation | ^Dovecot(?: \(([^)]+)\))? Pigeonhole$ | Dovecot | - | a:dovecot:dovecot | info:Pigeonhole $1 | dovecot-sieve
nntp-leafnode-refused | nntp.greeting | ^Leafnode must have a unique fully-qualified domain name | Leafnode | - | a:leafnode:leafnode | info:not set up | leafnode
irc-ngircd-http | irc.error | ^"Oops, HTTP request received\? This is IRC!"$ | ngircd | - | a:barton:ngircd | - | ngircd
irc-bitlbee | irc.notice | ^BitlBee-IRCd initialized, please go on$ | BitlBee | - | a:bitlbee:bitlbee | - | bitlbee
smtp-nodemailer-hello | smtp.hello | ^\S+ Nice to meet you, | nodemailer smtp-server | - | a:nodemailer:nodemailer | framework | smtp-server maildev-smtp
ftp-srv | ftp.help | ^Supported commands:\nABOR\tALLO | ftp-srv | - | - | - | ftp-srv
smtp-msmtpd | smtp.greeting | ^\S+ ESMTP msmtpd$ | msmtpd | - | a:marlam:msmtp | - | msmtpd
pop3-mailutils | pop3.greeting | ^POP3 Ready <\d+\.\d+@\S+>$ | GNU Mailutils | - | a:gnu:mailutils | - | mailutils-pop3d
imap-hoodiecrow | imap.greeting | ^Hoodiecrow ready for rumble$ | Hoodiecrow | - | - | - | hoodiecrow
imap-mailutils | imap.greeting | ^IMAP4rev1$ | GNU Mailutils | - | a:gnu:mailutils | - | mailutils-imap4d
ftp-inetutils | ftp.greeting | ^\S+ FTP server \(GNU inetutils (\d[\d.]*)\) ready\.$ | GNU inetutils ftpd | $1 | a:gnu:inetutils:$1 | - | inetutils-ftpd
irc-inspircd | irc.numeric | ^4(?:51|61) [A-Z]{1,20} :(?:You have not registered|Not enough parameters)\.$ | InspIRCd | - | a:inspircd:inspircd | - | inspircd
irc-hybrid | irc.texts | ^\S+ NOTICE \* :\*\*\* Looking up your hostname\n\S+ NOTICE \* :\*\*\* Checking Ident\n\S+ NOTICE \* :\*\*\* (?:No|Got) Ident response(?:\n|$) | ircd-hybrid | - | a:ircd-hybrid:ircd-hybrid | - | ircd-hybrid
irc-bitlbee-451 | irc.numeric | ^451 Register first$ | BitlBee | - | a:bitlbee:bitlbee | - | bitlbee
irc-ngircd-451 | irc.numeric | ^451 Connection not registered$ | ngircd | - | a:barton:ngircd | - | ngircd
`);

// src/service/rows/http.ts
const HTTP_ROWS = readRows("http", String.raw`
http-nginx | http.server | ^nginx(?:/(\d[\d.]*))?$ | nginx | $1 | a:f5:nginx:$1 | - | nginx-http nginx-https nginx-no-tokens
http-apache | http.server | ^Apache(?:/(\d[\d.]*)(?: .*)?| \(.*)?$ | Apache httpd | $1 | a:apache:http_server:$1 | - | apache
http-apache-os | http.server | ^Apache/\S+ \((Debian|Ubuntu|Fedora|CentOS|Unix|Win\w+)\) | - | - | - | info:$1 | apache
http-lighttpd | http.server | ^lighttpd(?:/(\d[\d.]*))?$ | lighttpd | $1 | a:lighttpd:lighttpd:$1 | - | lighttpd
http-mini-httpd | http.server | ^mini_httpd/(\d[\d.]*)(?: (\w+))?$ | mini_httpd | $1 | a:acme:mini_httpd:$1 | info:$2 | mini-httpd
http-micro-httpd | http.server | ^micro_httpd$ | micro_httpd | - | - | - | micro-httpd
http-webfs | http.server | ^webfs/(\d[\d.]*)$ | webfs | $1 | - | - | webfs
http-h2o | http.server | ^h2o/(\d[\d.]*)$ | h2o | $1 | a:dena:h2o:$1 | - | h2o
http-python-simple | http.server | ^SimpleHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | SimpleHTTPServer | $1 | a:python:python:$2 | info:Python $2 | python-http-server
http-python-bare-error | http.bare-body | ^<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title> | - | - | - | info:Python http.server | python-http-server glances
http-webrick | http.server | ^WEBrick/(\d[\d.]*) \(Ruby/(\d[\d.]*)/[\d-]+\) | WEBrick | $1 | a:ruby-lang:webrick:$1 | info:Ruby $2 | webrick
http-gunicorn | http.server | ^gunicorn(?:/(\d[\d.]*))?$ | Gunicorn | $1 | a:gunicorn:gunicorn:$1 | - | gunicorn
http-waitress | http.server | ^waitress$ | Waitress | - | a:agendaless:waitress | - | waitress
http-monit | http.server | ^monit (\d[\d.]*)$ | Monit | $1 | a:mmonit:monit:$1 | - | monit
http-icecast | http.server | ^Icecast (\d[\d.]*)$ | Icecast | $1 | a:xiph:icecast:$1 | - | icecast
http-varnish | http.server | ^Varnish$ | Varnish | - | a:varnish-software:varnish_cache | - | varnish-http
http-groonga | http.server | ^Groonga/(\d[\d.]*)$ | Groonga | $1 | - | - | groonga-http
http-cups | http.server | ^CUPS/(\d[\d.]*)(?: IPP/\S+)?$ | CUPS | $1 | a:openprinting:cups:$1 | service:ipp | cups
http-squid | http.server | ^squid/(\d[\d.]*)$ | Squid | $1 | a:squid-cache:squid:$1 | service:http-proxy | squid
http-tinyproxy | http.server | ^tinyproxy/(\d[\d.]*)$ | tinyproxy | $1 | a:tinyproxy_project:tinyproxy:$1 | service:http-proxy | tinyproxy
http-privoxy-refused | http.status-line | ^HTTP/1\.1 400 Invalid header received from client$ | Privoxy | - | a:privoxy:privoxy | service:http-proxy | privoxy
http-haproxy-400 | http.raw | ^HTTP/1\.[01] 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>400 Bad request</h1> | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-php-cli-host | http.header-names | ^host date connection | PHP cli server | - | a:php:php | - | php-cli
http-tang | http.body | ^\{"payload": ?"[\w-]+", ?"(?:protected|signatures)": | Tang | - | - | - | tang
http-node-bad-request | http.raw | ^HTTP/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$ | Node.js | - | a:nodejs:node.js | framework | node-http express koa http-server serve json-server ws peer maildev-web node-media-http webdav-server node-red verdaccio vite
http-node-inspector | http.body | ^\{\s*"Browser": ?"node\.js/v(\d[\d.]*)" | Node.js | $1 | a:nodejs:node.js:$1 | info:inspector; framework | node-inspector
http-node-inspector-refused | http.body | ^WebSockets request was expected\r\n | Node.js | - | a:nodejs:node.js | info:inspector; framework | node-inspector
http2-node | http2.settings | ^(?:first|reply) $ | Node.js | - | a:nodejs:node.js | info:HTTP/2 without TLS; framework | node-http2
http-etcd-version | http.body | ^\{"etcdserver":"(\d[\w.]*)","etcdcluster":"[^"]*" | etcd | $1 | a:etcd:etcd:$1 | - | etcd-client etcd-peer
http-etcd-cors | http.access-control-allow-headers | ^accept, content-type, authorization$ | etcd | - | a:etcd:etcd | - | etcd-client
http-nats-varz | http.body | ^\{\s*"server_id": ?"N[A-Z0-9]{55}",\s*"server_name": ?"[^"]*",\s*"version": ?"(\d[\d.]*)" | NATS | $1 | a:nats:nats_server:$1 | info:monitoring | nats-monitor
http-node-exporter | http.title | ^Node Exporter$ | Prometheus Node Exporter | - | - | - | node-exporter
http-snapcast | http.server | ^Snapcast$ | Snapcast | - | - | - | snapserver-http
http-trafficserver | http.server | ^ATS/(\d[\d.]*)$ | Apache Traffic Server | $1 | a:apache:traffic_server:$1 | service:http-proxy | trafficserver
http-radicale | http.location | ^/\.web$ | Radicale | - | a:radicale:radicale | - | radicale
http-virtuoso | http.server | ^Virtuoso/(\d[\d.]*) \((\w+)\) | Virtuoso | $1 | a:openlinksw:virtuoso:$1 | info:$2 | virtuoso-http
http-icinga | http.server | ^Icinga/[rv]?(\d[\d.]*)(?:-\S+)?$ | Icinga | $1 | a:icinga:icinga:$1 | - | icinga2
http-uvicorn | http.server | ^uvicorn$ | Uvicorn | - | a:encode:uvicorn | - | uvicorn
http-thin | http.server | ^thin(?: (\d[\d.]*) .*)?$ | thin | $1 | - | - | thin
http-cherrypy | http.server | ^CherryPy/(\d[\d.]*)$ | CherryPy | $1 | a:cherrypy:cherrypy:$1 | framework | cherrypy
http-aiohttp | http.server | ^Python/(\d[\d.]*) aiohttp/(\d[\d.]*)$ | aiohttp | $2 | a:aiohttp:aiohttp:$2 | info:Python $1 | aiohttp
http-websockify | http.server | ^WebSockify Python/(\d[\d.]*)$ | WebSockify | - | - | info:Python $1 | websockify
http-psgi | http.server | ^HTTP::Server::PSGI$ | HTTP::Server::PSGI | - | - | info:Plack | plackup
http-nghttpx | http.server | ^nghttpx$ | nghttpx | - | a:nghttp2:nghttp2 | - | nghttpx
http-webdis | http.server | ^Webdis$ | Webdis | - | - | - | webdis
http-twistedweb | http.server | ^TwistedWeb/(\d[\d.]*)$ | TwistedWeb | $1 | a:twisted:twisted:$1 | - | twisted-web
http-mojolicious | http.server | ^Mojolicious \(Perl\)$ | Mojolicious | - | a:mojolicious:mojolicious | - | mojolicious
http-mitmproxy | http.server | ^mitmproxy (\d[\d.]*)$ | mitmproxy | $1 | a:mitmproxy:mitmproxy:$1 | service:http-proxy | mitmproxy
http-busybox | http.body | ^<HTML><HEAD><TITLE>400 Bad Request</TITLE></HEAD>\n<BODY><H1>400 Bad Request</H1>\nUnsupported method\n</BODY></HTML>\n$ | BusyBox httpd | - | a:busybox:busybox | - | busybox-httpd
http-minidlna | http.server | ^(\S+) DLNADOC/\S+ UPnP/\S+ MiniDLNA/(\d[\d.]*)$ | MiniDLNA | $2 | a:readymedia_project:readymedia:$2 | info:$1; device:media device | minidlna
http-kea | http.body | ^\[ \{ "arguments": \{ "extended": "(\d[\d.]*)\\n.{1,300}"text": "\1" \} \]$ | Kea Control Agent | $1 | a:isc:kea:$1 | - | kea-ctrl-agent
http-orthanc | http.body | ^\{\n {3}"ApiVersion" : .{1,400}\n {3}"DicomAet" : .{1,600}\n {3}"Version" : "(\d[\d.]*)" | Orthanc | $1 | a:orthanc-server:orthanc:$1 | - | orthanc-http
http-orthanc-location | http.location | ^app/explorer\.html$ | Orthanc | - | a:orthanc-server:orthanc | - | orthanc-http
http-transmission | http.server | ^Transmission$ | Transmission | - | a:transmissionbt:transmission | - | transmission-rpc
http-mercurial | http.status-line | ^HTTP/1\.1 200 Script output follows$ | Mercurial hg serve | - | a:mercurial:mercurial | - | mercurial
http-mopidy | http.location | ^/mopidy/$ | Mopidy | - | - | - | mopidy
http-influxdb | http.x-influxdb-version | ^v?(\d[\w.~]*)$ | InfluxDB | $1 | a:influxdata:influxdb:$1 | - | influxdb
http-victoria-metrics | http.body | ^<h2>Single-node VictoriaMetrics</h2> | VictoriaMetrics | - | a:victoriametrics:victoriametrics | - | victoria-metrics
http-ustreamer | http.body | ^.{1,600}<h3>&micro;Streamer v(\d[\d.]*)</h3> | uStreamer | $1 | - | - | ustreamer
http-janus | http.body | ^\{\s*"janus": "server_info",.*?"version_string": "(\d[\d.]*)" | Janus | $1 | a:meetecho:janus:$1 | - | janus
http-motion | http.title | ^Motion$ | Motion | - | a:motion_project:motion | - | motion-control
http-aria2 | http.body | ^\{"id":"?1"?,"jsonrpc":"2\.0","result":\{"enabledFeatures":.*?"version":"(\d[\d.]*)" | aria2 | $1 | a:aria2_project:aria2:$1 | - | aria2
http-clickhouse | http.x-clickhouse-server-display-name | ^\S+$ | ClickHouse | - | a:clickhouse:clickhouse | - | clickhouse-http
http-rclone | http.server | ^rclone/v(\d[\d.]*) | Rclone | $1 | a:rclone:rclone:$1 | - | rclone-http
http-syncthing | http.x-syncthing-version | ^v(\d[\d.]*) | Syncthing | $1 | a:syncthing:syncthing:$1 | - | syncthing-gui
http-express | http.x-powered-by | ^Express$ | Express | - | a:openjsf:express | framework | express json-server maildev-web peer verdaccio
http-darkstat | http.server | ^darkstat/(\d[\d.]*)$ | darkstat | $1 | - | - | darkstat
http-netdata | http.server | ^Netdata Embedded HTTP Server v(\d[\d.]*)$ | Netdata | $1 | a:netdata:netdata:$1 | - | netdata
http-docker-registry | http.docker-distribution-api-version | ^registry/2\.0$ | Docker Registry | - | a:docker:docker_registry | - | docker-registry
http-prometheus-build | http.body | ^\{"status":"success","data":\{"version":"(\d[\d.]*)[^"]*","revision": | Prometheus | $1 | a:prometheus:prometheus:$1 | - | prometheus
http-prometheus-location | http.location | ^/classic/graph$ | Prometheus | - | a:prometheus:prometheus | - | prometheus
http-pushgateway-title | http.title | ^Prometheus Pushgateway$ | Prometheus Pushgateway | - | - | - | pushgateway
http-pushgateway-build | http.body | ^\{"status":"success","data":\{"build_information":\{.{0,300}?"version":"(\d[\d.]*) | Prometheus Pushgateway | $1 | - | - | pushgateway
http-alertmanager-title | http.title | ^Alertmanager$ | Prometheus Alertmanager | - | - | - | alertmanager
http-alertmanager-build | http.body | ^\{"cluster":\{.*?"versionInfo":\{.{0,300}?"version":"(\d[\d.]*) | Prometheus Alertmanager | $1 | - | - | alertmanager
http-python-base | http.server | ^BaseHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | BaseHTTPServer | $1 | a:python:python:$2 | info:Python $2; framework | mercurial glances
http-chromedriver | http.body | ^\{"value":\{"error":"unknown command","message":"unknown command: unknown command: ","stacktrace":"#0 0x | ChromeDriver | - | - | - | chromedriver
http-httptunnel | http.raw | ^HTTP/1\.1 200 OK\r\nContent-Length: 102400\r\nConnection: close\r\nPragma: no-cache\r\nCache-Control: no-cache, no-store, must-revalidate\r\nExpires: 0\r\nContent-Type: text/html\r\n | httptunnel | - | - | - | httptunnel
http-jupyter | http.location | ^/tree\?$ | Jupyter Notebook | - | a:jupyter:notebook | - | jupyter
http-fastify | http.body | ^\{"error":"Bad Request","message":"Client Error","statusCode":400\}$ | Fastify | - | a:fastify:fastify | - | fastify
http-xpra | http.status-line | ^HTTP/1\.1 400 Bad request syntax or unsupported method$ | Xpra | - | - | service:xpra | xpra
http-webdav-server | http.server | ^webdav-server/(\d[\d.]*)$ | webdav-server | $1 | - | - | webdav-server
http2-nghttpd | http2.settings | ^first 000300000064$ | nghttpd | - | a:nghttp2:nghttp2 | info:HTTP/2 without TLS | nghttpd
http2-grpc-go | http2.settings | ^first 000500004000$ | - | - | - | service:grpc; info:Go | gobgpd-api
http-cockpit | http.body | ^.{0,1800}url\('/cockpit/static/ | Cockpit | - | a:cockpit-project:cockpit | - | cockpit-ws
http-merecat | http.server | ^merecat/(\d[\w.-]*)$ | Merecat | $1 | - | - | merecat
http-i2pd | http.body | ^host mismatch$ | i2pd | - | a:i2pd:i2pd | - | i2pd-console
http-haproxy-503 | http.body | ^<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request\.\n</body></html>\n$ | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-haproxy-400-body | http.body | ^<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request\.\n</body></html>\n$ | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-peerserver | http.body | ^\{"name":"PeerJS Server","description": | PeerServer | - | - | - | peer
http-json-server | http.title | ^JSON Server$ | json-server | - | - | - | json-server
http-maildev | http.title | ^MailDev(?:\{\{.*)?$ | MailDev | - | a:maildev_project:maildev | - | maildev-web
http-ws | http.raw | ^HTTP/1\.1 426 Upgrade Required\r\nContent-Length: 16\r\nContent-Type: text/plain\r\n | ws | - | a:ws_project:ws | info:WebSocket | ws
http-http-server | http.body | ^<!doctype html>\n<html>\n {2}<head>\n {4}<meta charset="utf-8">\n {4}<meta name="viewport" content="width=device-width">\n {4}<title>Index of | http-server | - | - | - | http-server
http-serve | http.body | ^<!DOCTYPE html><html lang="en"> <head> <meta charset="utf-8"> <meta name="viewport" content="width=device-width, initial-scale=1"> <title>Files within | serve | - | a:vercel:serve | - | serve
http-express-2 | http.x-powered-by | ^HTTP/2 Express \(http2-express\)$ | Express | - | a:openjsf:express | info:http2-express; framework | node-media-http
http-express-error | http.body | ^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot (?:GET|POST|OPTIONS) / | Express | - | a:openjsf:express | framework | node-media-http express node-red
http-fastify-route | http.body | ^\{"message":"Route [A-Z]+:\S{1,80} not found","error":"Not Found","statusCode":404\}$ | Fastify | - | a:fastify:fastify | - | fastify
http-hapi-url | http.body | ^\{"statusCode":400,"error":"Bad Request","message":"Invalid URL"\}$ | hapi | - | a:hapijs:hapi | - | hapi
http-gunicorn-version | http.body | ^<html>\n {2}<head>\n {4}<title>Bad Request</title>\n {2}</head>\n {2}<body>\n {4}<h1><p>Bad Request</p></h1>\n {4}Invalid HTTP Version | Gunicorn | - | a:gunicorn:gunicorn | - | gunicorn
http-pdns-title | http.title | ^PowerDNS Authoritative Server Monitor$ | PowerDNS Authoritative Server | - | a:powerdns:authoritative | - | pdns-webserver
http-tinyproxy-page | http.body | ^<\?xml version="1\.0" encoding="UTF-8" \?>\n.{1,800}<p><em>Generated by tinyproxy version (\d+\.\d+\.\d+)\.</em> | tinyproxy | $1 | a:tinyproxy_project:tinyproxy:$1 | service:http-proxy | tinyproxy
http-ocserv | http.body | ^<\?xml version="1\.0" encoding="UTF-8"\?>\n<config-auth client="vpn" type="auth-request">\n<version who="sg">0\.1\(1\)</version> | ocserv | - | - | info:AnyConnect VPN | ocserv
http-shellinabox | http.body | ^<\?xml version="1\.0" encoding="utf-8"\?>\n<!DOCTYPE html.{1,500}<!--\n {4}ShellInABox - Make command line applications available as AJAX | Shell In A Box | - | a:shellinabox_project:shellinabox | - | shellinabox
http-civetweb-error | http.body | ^Error 400: Bad Request\n(?:Bad request|Malformed message)$ | CivetWeb | - | a:civetweb_project:civetweb | framework | civetweb orthanc-http
http-fossil-redirect | http.body | ^<html>\n<p>Redirect to Location: http://\S{0,200}index\r\n</p>\n</html>\n$ | Fossil | - | a:fossil-scm:fossil | - | fossil
http-fossil-method | http.body | ^<html><body><p>Bad Request: unsupported HTTP method</p></body></html>\n$ | Fossil | - | a:fossil-scm:fossil | - | fossil
http-uvicorn-error | http.body | ^Invalid HTTP request received\.$ | Uvicorn | - | a:encode:uvicorn | - | uvicorn
http-yaws | http.server | ^Yaws (\d[\d.]*)$ | Yaws | $1 | a:yaws:yaws:$1 | - | yaws
http-ziproxy | http.server | ^ziproxy$ | ziproxy | - | - | service:http-proxy | ziproxy
http-znc | http.server | ^ZNC (\d+\.\d+\.\d+)(\S*) - https://znc\.in$ | ZNC | $1 | a:znc:znc:$1 | info:$2 | znc
http-znc-title | http.title | ^ZNC - Web Frontend$ | ZNC | - | a:znc:znc | - | znc
http-transmission-location | http.location | ^/transmission/web/$ | Transmission | - | a:transmissionbt:transmission | - | transmission-rpc
http-minidlna-title | http.title | ^MiniDLNA (\d[\d.]*)$ | MiniDLNA | $1 | a:readymedia_project:readymedia:$1 | - | minidlna
http-groonga-html | http.body | ^<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4\.01//EN"\n "http://www\.w3\.org/TR/html4/strict\.dtd">\n<html lang="ja">\n.{1,400}<title>Groonga admin</title> | Groonga | - | - | - | groonga-http
http-node-exporter-body | http.body | ^<html>\s+<head><title>Node Exporter</title></head>\s+<body>\s+<h1>Node Exporter</h1> | Prometheus Node Exporter | - | - | - | node-exporter
http-nats-page | http.body | ^<html lang="en">\s+<head>\s+<link rel="shortcut icon" href="https://nats\.io/favicon\.ico"> | NATS | - | a:nats:nats_server | info:monitoring | nats-monitor
http-influxdb-build | http.x-influxdb-build | ^(\w+)$ | - | - | - | info:build $1 | influxdb
http-victoria-hostname | http.x-server-hostname | ^(\S+)$ | - | - | - | hostname:$1 | victoria-metrics
http-dav | http.dav | ^([\d, ]+)$ | - | - | - | info:WebDAV $1 | webdav-server
http-rspamd | http.server | ^rspamd/(\d[\d.]*)$ | Rspamd | $1 | a:rspamd_project:rspamd:$1 | - | rspamd-worker rspamd-controller
http-mopidy-version | http.x-mopidy-version | ^(\d[\d.]*)$ | Mopidy | $1 | - | - | mopidy
http-ola-home | http.body | ^\n<!DOCTYPE html>\n.{1,3000}window\.location= 'ola\.html'; | OLA | - | - | info:Open Lighting Architecture | olad-http
http-ola-stats | http.body | ^\{\s{1,4}"broadcast": "[^"]*",\s{1,4}"config_dir": "[^"]*",\s{1,4}"hostname": .{1,400}"up_since": "[^"]*",\s{1,4}"version": "(\d[\d.]*)"\s | OLA | $1 | - | info:Open Lighting Architecture | olad-http
http-puma-coding | http.coding | ^HTTP/1\.1 501 Not Implemented\r\n\r\n$ | Puma | - | a:puma:puma | - | puma
http-unicorn-fragment | http.fragment | ^HTTP/1\.1 414 URI Too Long\r\n\r\n$ | unicorn | - | - | - | unicorn
http-hapi-missing | http.raw | ^HTTP/1\.1 404 Not Found\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: no-cache\r\ncontent-length: 60\r\nDate: [^\r]+\r\nConnection: close\r\n\r\n\{"statusCode":404,"error":"Not Found","message":"Not Found"\}$ | hapi | - | a:hapijs:hapi | - | hapi
http-civetweb-missing | http.raw | ^HTTP/1\.[01] 404 Not Found\r\nCache-Control: no-cache, no-store, must-revalidate, private, max-age=0\r\n.{1,400}\r\n\r\nError 404: Not Found\nNot found$ | CivetWeb | - | a:civetweb_project:civetweb | - | civetweb
`);

// \0@oxc-project+runtime@0.158.0/helpers/esm/taggedTemplateLiteral.js
function _taggedTemplateLiteral(e, t) {
	return t || (t = e.slice(0)), Object.freeze(Object.defineProperties(e, { raw: { value: Object.freeze(t) } }));
}

// src/service/rows/pages.ts
var _templateObject;
const PAGE_ROWS = readRows("pages", String.raw(_templateObject || (_templateObject = _taggedTemplateLiteral(["\npage-aiohttp-method | http.body | ^Bad status line 'Invalid method encountered'$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-aiohttp-url | http.body | ^Unexpected char in url schema$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-aiohttp-404 | http.body | ^404: Not Found$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-pmproxy | http.body | ^.{1,400}<p><small><i>pmproxy/(d[d.]*)</i></small></p> | pmproxy | $1 | a:pcp:performance_co-pilot:$1 | info:Performance Co-Pilot | pmproxy\npage-apache-400 | http.body | ^<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://www.w3.org/TR/html4/strict.dtd\">\n<html><head>\n<title>400 Bad Request</title>\n</head><body>\n<h1>Bad Request</h1>\n<p>Your browser sent a request that this server could not understand.<br /> | Apache httpd | - | a:apache:http_server | - | apache\npage-cups-home | http.title | ^Home - CUPS d[d.]*$ | CUPS | - | a:openprinting:cups | service:ipp | cups\npage-cups-error | http.title | ^(?:Bad Request|Not Found|Forbidden) - CUPS vd[d.]*$ | CUPS | - | a:openprinting:cups | service:ipp | cups\npage-darkstat-generator | http.generator | ^darkstat (d[d.]*)$ | darkstat | $1 | - | - | darkstat\npage-darkstat-title | http.title | ^Graphs (darkstat (S+))$ | darkstat | - | - | info:interface $1 | darkstat\npage-darkstat-error | http.body | ^<html><head><title>d{3} [w ]+</title></head><body>\n.{1,300}\n<hr>\nGenerated by darkstat/(d[d.]*d) | darkstat | $1 | - | - | darkstat\npage-icecast-404 | http.body | ^<html><head><title>Error 404</title></head><body><b>404 - The file you requested could not be found</b></body></html>\r\n$ | Icecast | - | a:xiph:icecast | - | icecast\npage-lighttpd-error | http.body | ^<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n {9}\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html.{1,200}<title>d{3} | lighttpd | - | a:lighttpd:lighttpd | - | lighttpd\npage-maildev | http.body | ^<!doctype html>\n<html ng-app=\"mailDevApp\" ng-controller=\"MainCtrl\"> | MailDev | - | a:maildev_project:maildev | - | maildev-web\npage-merecat-error | http.body | ^<!DOCTYPE html>\n<html>\n <head>\n {2}<title>d{3} [w ]+</title>\n {2}<link rel=\"icon\" type=\"image/x-icon\" href=\"/icons/favicon.ico\">\n {2}<style type=\"text/css\">\n {4}body | Merecat | - | - | - | merecat\npage-minidlna-status | http.body | ^<HTML><HEAD><TITLE>MiniDLNA (d[d.]*)</TITLE></HEAD><BODY><div style=\"text-align: center\"><h2>MiniDLNA status</h2> | MiniDLNA | $1 | a:readymedia_project:readymedia:$1 | - | minidlna\npage-mitmproxy-host | http.body | ^<html>\n<head>\n {4}<title>400 Bad Request</title>\n</head>\n<body>\n {4}<h1>400 Bad Request</h1>\n {4}<p>HTTP request has no host header, destination unknown.</p> | mitmproxy | - | a:mitmproxy:mitmproxy | service:http-proxy | mitmproxy\npage-mitmproxy-connect | http.body | ^<html>\n<head>\n {4}<title>502 Bad Gateway</title>\n</head>\n<body>\n {4}<h1>502 Bad Gateway</h1>\n {4}<p>[Errno d+] Connect call failed | mitmproxy | - | a:mitmproxy:mitmproxy | service:http-proxy | mitmproxy\npage-netdata-missing | http.body | ^File does not exist, or is not accessible: &#x2F;usr&#x2F;share&#x2F;netdata&#x2F; | Netdata | - | a:netdata:netdata | - | netdata\npage-netdata-bad | http.body | ^I don't understand you...\r\n$ | Netdata | - | a:netdata:netdata | - | netdata\npage-nghttpx | http.body | ^<!DOCTYPE html><html lang=\"en\"><title>d{3} [w ]+</title><body><h1>d{3} [w ]+</h1><footer>nghttpx</footer></body></html>$ | nghttpx | - | a:nghttp2:nghttp2 | - | nghttpx\npage-prometheus-found | http.body | ^<a href=\"/classic/graph\">Found</a>.\n\n$ | Prometheus | - | a:prometheus:prometheus | - | prometheus\npage-json-server | http.body | ^<html>\n {2}<head>\n {4}<link\n {6}rel=\"stylesheet\"\n {6}href=\"https://use.fontawesome.com/.{1,400}<title>JSON Server</title> | json-server | - | - | - | json-server\npage-snapcast | http.title | ^Snapcast Default Page$ | Snapcast | - | - | - | snapserver-http\npage-starman | http.raw | ^HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nDate: [^\r]{29}\r\nConnection: close\r\n\r\nBad Request$ | Starman | - | - | - | starman\npage-syncthing | http.body | ^<!DOCTYPE html>\n<!--\n// Copyright (C) 2014 The Syncthing Authors. | Syncthing | - | a:syncthing:syncthing | - | syncthing-gui\npage-cherrypy-line | http.body | ^Malformed Request-Line(?:: bad protocol)?$ | CherryPy | - | a:cherrypy:cherrypy | framework | cherrypy\npage-twisted-404 | http.body | ^\n<html>\n {2}<head><title>404 - No Such Resource</title></head>\n {2}<body>\n {4}<h1>No Such Resource</h1>\n {4}<p>File not found.</p> | TwistedWeb | - | a:twisted:twisted | - | twisted-web\npage-ustreamer-title | http.title | ^uStreamer$ | uStreamer | - | - | - | ustreamer\npage-webfs-listing | http.body | ^<head><title>[^<]{1,200}</title></head>\n<body bgcolor=white text=black link=darkblue vlink=firebrick alink=red>\n<h1>listing: \n | webfs | - | - | - | webfs\npage-xpra | http.body | ^<head>\n<title>Server Error</title>\n</head>\n<body>\n<h1>Server Error</h1>\n<p>Error code 400.\n<p>Message: this port does not support HTTP requests. | Xpra | - | - | service:xpra | xpra\npage-ziproxy | http.body | ^<HTML><HEAD><TITLE>d{3} [w ]+</TITLE></HEAD>\n<BODY BGCOLOR=\"#cc9999\"><H4>d{3} [w ]+</H4>\n.{1,200}\n<HR>\n<ADDRESS>Generated [^<]{1,80}(ziproxy/(d[d.]*))</ADDRESS> | ziproxy | $1 | - | service:http-proxy | ziproxy\npage-pdns-monitor | http.body | ^<!DOCTYPE html>\n<html><head>\n<title>PowerDNS Authoritative Server Monitor</title> | PowerDNS Authoritative Server | - | a:powerdns:authoritative | - | pdns-webserver\npage-motion | http.body | ^<!DOCTYPE html>\n<html lang=\"(n\">\n<head>\n {2}<meta charset=\"UTF-8\">\n {2}<title>Motion</title> | Motion | - | a:motion_project:motion | - | motion-control\npage-pushgateway | http.body | ^(?:800\r\n)?<!DOCTYPE html>\n\n<html lang=\"en\">\n<head>\n	<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n	<meta name=\"robots\" content=\"noindex,nofollow\">\n	<title>Prometheus Pushgateway</title> | Prometheus Pushgateway | - | - | - | pushgateway\npage-node-media | http.raw | ^HTTP/1.1 404 Not Found\r\nX-Powered-By: HTTP/2 Express (http2-express)\r\nAccess-Control-Allow-Origin: *\r\n | Node-Media-Server | - | - | - | node-media-http\npage-clickhouse-ok | http.body | ^Ok.\n$ | - | - | - | info:query interface | clickhouse-http\npage-h2-console | http.title | ^H2 Console$ | H2 | - | a:h2database:h2 | info:console | h2-web\npage-tomcat | http.body | ^<!doctype html><html lang=\"ww\"><head><title>HTTP Status d{3} .{1,3000}<h3>Apache Tomcat/(d[d.]*) | Apache Tomcat | $1 | a:apache:tomcat:$1 | - | tomcat-http\npage-supervisor | http.title | ^Supervisor Status$ | Supervisor | - | a:supervisord:supervisor | - | supervisor\npage-journal-gatewayd | http.body | ^<html><body>Please continue to the <a href=\"/browse\">journal browser</a>.</body></html> | systemd-journal-gatewayd | - | a:systemd_project:systemd | - | journal-gatewayd\npage-vlc | http.realm | ^VLC stream$ | VLC | - | a:videolan:vlc_media_player | - | vlc-http\npage-node-red | http.title | ^Node-RED$ | Node-RED | - | a:nodered:node-red | - | node-red\npage-verdaccio | http.title | ^Verdaccio$ | Verdaccio | - | a:verdaccio:verdaccio | - | verdaccio\npage-vite | http.body | ^(?:<!doctype html>s{0,10}<html[^>]{0,100}>s{0,10}<head>s{0,10})?<script type=\"module\" src=\"/@vite/client\"><\/script>\n | Vite | - | a:vitejs:vite | info:development server | vite\npage-hap | http.body | ^{\"status\":-704dd}$ | - | - | - | info:HomeKit Accessory Protocol | hap-nodejs\npage-go-404 | http.body | ^404 page not found\n$ | - | - | - | info:Go net/http | etcd-client etcd-peer influxdb\n"], ["\npage-aiohttp-method | http.body | ^Bad status line 'Invalid method encountered'$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-aiohttp-url | http.body | ^Unexpected char in url schema$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-aiohttp-404 | http.body | ^404: Not Found$ | aiohttp | - | a:aiohttp:aiohttp | - | aiohttp\npage-pmproxy | http.body | ^.{1,400}<p><small><i>pmproxy/(\\d[\\d.]*)</i></small></p> | pmproxy | $1 | a:pcp:performance_co-pilot:$1 | info:Performance Co-Pilot | pmproxy\npage-apache-400 | http.body | ^<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4\\.01//EN\" \"http://www\\.w3\\.org/TR/html4/strict\\.dtd\">\\n<html><head>\\n<title>400 Bad Request</title>\\n</head><body>\\n<h1>Bad Request</h1>\\n<p>Your browser sent a request that this server could not understand\\.<br /> | Apache httpd | - | a:apache:http_server | - | apache\npage-cups-home | http.title | ^Home - CUPS \\d[\\d.]*$ | CUPS | - | a:openprinting:cups | service:ipp | cups\npage-cups-error | http.title | ^(?:Bad Request|Not Found|Forbidden) - CUPS v\\d[\\d.]*$ | CUPS | - | a:openprinting:cups | service:ipp | cups\npage-darkstat-generator | http.generator | ^darkstat (\\d[\\d.]*)$ | darkstat | $1 | - | - | darkstat\npage-darkstat-title | http.title | ^Graphs \\(darkstat (\\S+)\\)$ | darkstat | - | - | info:interface $1 | darkstat\npage-darkstat-error | http.body | ^<html><head><title>\\d{3} [\\w ]+</title></head><body>\\n.{1,300}\\n<hr>\\nGenerated by darkstat/(\\d[\\d.]*\\d) | darkstat | $1 | - | - | darkstat\npage-icecast-404 | http.body | ^<html><head><title>Error 404</title></head><body><b>404 - The file you requested could not be found</b></body></html>\\r\\n$ | Icecast | - | a:xiph:icecast | - | icecast\npage-lighttpd-error | http.body | ^<\\?xml version=\"1\\.0\" encoding=\"iso-8859-1\"\\?>\\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1\\.0 Transitional//EN\"\\n {9}\"http://www\\.w3\\.org/TR/xhtml1/DTD/xhtml1-transitional\\.dtd\">\\n<html.{1,200}<title>\\d{3} | lighttpd | - | a:lighttpd:lighttpd | - | lighttpd\npage-maildev | http.body | ^<!doctype html>\\n<html ng-app=\"mailDevApp\" ng-controller=\"MainCtrl\"> | MailDev | - | a:maildev_project:maildev | - | maildev-web\npage-merecat-error | http.body | ^<!DOCTYPE html>\\n<html>\\n <head>\\n {2}<title>\\d{3} [\\w ]+</title>\\n {2}<link rel=\"icon\" type=\"image/x-icon\" href=\"/icons/favicon\\.ico\">\\n {2}<style type=\"text/css\">\\n {4}body | Merecat | - | - | - | merecat\npage-minidlna-status | http.body | ^<HTML><HEAD><TITLE>MiniDLNA (\\d[\\d.]*)</TITLE></HEAD><BODY><div style=\"text-align: center\"><h2>MiniDLNA status</h2> | MiniDLNA | $1 | a:readymedia_project:readymedia:$1 | - | minidlna\npage-mitmproxy-host | http.body | ^<html>\\n<head>\\n {4}<title>400 Bad Request</title>\\n</head>\\n<body>\\n {4}<h1>400 Bad Request</h1>\\n {4}<p>HTTP request has no host header, destination unknown\\.</p> | mitmproxy | - | a:mitmproxy:mitmproxy | service:http-proxy | mitmproxy\npage-mitmproxy-connect | http.body | ^<html>\\n<head>\\n {4}<title>502 Bad Gateway</title>\\n</head>\\n<body>\\n {4}<h1>502 Bad Gateway</h1>\\n {4}<p>\\[Errno \\d+\\] Connect call failed | mitmproxy | - | a:mitmproxy:mitmproxy | service:http-proxy | mitmproxy\npage-netdata-missing | http.body | ^File does not exist, or is not accessible: &#x2F;usr&#x2F;share&#x2F;netdata&#x2F; | Netdata | - | a:netdata:netdata | - | netdata\npage-netdata-bad | http.body | ^I don't understand you\\.\\.\\.\\r\\n$ | Netdata | - | a:netdata:netdata | - | netdata\npage-nghttpx | http.body | ^<!DOCTYPE html><html lang=\"en\"><title>\\d{3} [\\w ]+</title><body><h1>\\d{3} [\\w ]+</h1><footer>nghttpx</footer></body></html>$ | nghttpx | - | a:nghttp2:nghttp2 | - | nghttpx\npage-prometheus-found | http.body | ^<a href=\"/classic/graph\">Found</a>\\.\\n\\n$ | Prometheus | - | a:prometheus:prometheus | - | prometheus\npage-json-server | http.body | ^<html>\\n {2}<head>\\n {4}<link\\n {6}rel=\"stylesheet\"\\n {6}href=\"https://use\\.fontawesome\\.com/.{1,400}<title>JSON Server</title> | json-server | - | - | - | json-server\npage-snapcast | http.title | ^Snapcast Default Page$ | Snapcast | - | - | - | snapserver-http\npage-starman | http.raw | ^HTTP/1\\.0 400 Bad Request\\r\\nContent-Type: text/plain\\r\\nContent-Length: 11\\r\\nDate: [^\\r]{29}\\r\\nConnection: close\\r\\n\\r\\nBad Request$ | Starman | - | - | - | starman\npage-syncthing | http.body | ^<!DOCTYPE html>\\n<!--\\n// Copyright \\(C\\) 2014 The Syncthing Authors\\. | Syncthing | - | a:syncthing:syncthing | - | syncthing-gui\npage-cherrypy-line | http.body | ^Malformed Request-Line(?:: bad protocol)?$ | CherryPy | - | a:cherrypy:cherrypy | framework | cherrypy\npage-twisted-404 | http.body | ^\\n<html>\\n {2}<head><title>404 - No Such Resource</title></head>\\n {2}<body>\\n {4}<h1>No Such Resource</h1>\\n {4}<p>File not found\\.</p> | TwistedWeb | - | a:twisted:twisted | - | twisted-web\npage-ustreamer-title | http.title | ^uStreamer$ | uStreamer | - | - | - | ustreamer\npage-webfs-listing | http.body | ^<head><title>[^<]{1,200}</title></head>\\n<body bgcolor=white text=black link=darkblue vlink=firebrick alink=red>\\n<h1>listing: \\n | webfs | - | - | - | webfs\npage-xpra | http.body | ^<head>\\n<title>Server Error</title>\\n</head>\\n<body>\\n<h1>Server Error</h1>\\n<p>Error code 400\\.\\n<p>Message: this port does not support HTTP requests\\. | Xpra | - | - | service:xpra | xpra\npage-ziproxy | http.body | ^<HTML><HEAD><TITLE>\\d{3} [\\w ]+</TITLE></HEAD>\\n<BODY BGCOLOR=\"#cc9999\"><H4>\\d{3} [\\w ]+</H4>\\n.{1,200}\\n<HR>\\n<ADDRESS>Generated [^<]{1,80}\\(ziproxy/(\\d[\\d.]*)\\)</ADDRESS> | ziproxy | $1 | - | service:http-proxy | ziproxy\npage-pdns-monitor | http.body | ^<!DOCTYPE html>\\n<html><head>\\n<title>PowerDNS Authoritative Server Monitor</title> | PowerDNS Authoritative Server | - | a:powerdns:authoritative | - | pdns-webserver\npage-motion | http.body | ^<!DOCTYPE html>\\n<html lang=\"\\(n\">\\n<head>\\n {2}<meta charset=\"UTF-8\">\\n {2}<title>Motion</title> | Motion | - | a:motion_project:motion | - | motion-control\npage-pushgateway | http.body | ^(?:800\\r\\n)?<!DOCTYPE html>\\n\\n<html lang=\"en\">\\n<head>\\n\\t<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\\n\\t<meta name=\"robots\" content=\"noindex,nofollow\">\\n\\t<title>Prometheus Pushgateway</title> | Prometheus Pushgateway | - | - | - | pushgateway\npage-node-media | http.raw | ^HTTP/1\\.1 404 Not Found\\r\\nX-Powered-By: HTTP/2 Express \\(http2-express\\)\\r\\nAccess-Control-Allow-Origin: \\*\\r\\n | Node-Media-Server | - | - | - | node-media-http\npage-clickhouse-ok | http.body | ^Ok\\.\\n$ | - | - | - | info:query interface | clickhouse-http\npage-h2-console | http.title | ^H2 Console$ | H2 | - | a:h2database:h2 | info:console | h2-web\npage-tomcat | http.body | ^<!doctype html><html lang=\"\\w\\w\"><head><title>HTTP Status \\d{3} .{1,3000}<h3>Apache Tomcat/(\\d[\\d.]*) | Apache Tomcat | $1 | a:apache:tomcat:$1 | - | tomcat-http\npage-supervisor | http.title | ^Supervisor Status$ | Supervisor | - | a:supervisord:supervisor | - | supervisor\npage-journal-gatewayd | http.body | ^<html><body>Please continue to the <a href=\"/browse\">journal browser</a>\\.</body></html> | systemd-journal-gatewayd | - | a:systemd_project:systemd | - | journal-gatewayd\npage-vlc | http.realm | ^VLC stream$ | VLC | - | a:videolan:vlc_media_player | - | vlc-http\npage-node-red | http.title | ^Node-RED$ | Node-RED | - | a:nodered:node-red | - | node-red\npage-verdaccio | http.title | ^Verdaccio$ | Verdaccio | - | a:verdaccio:verdaccio | - | verdaccio\npage-vite | http.body | ^(?:<!doctype html>\\s{0,10}<html[^>]{0,100}>\\s{0,10}<head>\\s{0,10})?<script type=\"module\" src=\"/@vite/client\"><\/script>\\n | Vite | - | a:vitejs:vite | info:development server | vite\npage-hap | http.body | ^\\{\"status\":-704\\d\\d\\}$ | - | - | - | info:HomeKit Accessory Protocol | hap-nodejs\npage-go-404 | http.body | ^404 page not found\\n$ | - | - | - | info:Go net/http | etcd-client etcd-peer influxdb\n"]))));

// src/service/rows/self_named.ts
const SELF_NAMED_ROWS = readRows("self-named", String.raw`
self-ssh | ssh.line | ^([A-Za-z]\w*?(?:-[A-Za-z]\w*?){0,3})[_-](?:release_)?[vV]?(\d+(?:\.\d+){0,5}(?:p\d+)?)(?:[^\w.].*|_.*|\.)?$ | $1 | $2 | - | - | -
self-ssh-words | ssh.line | ^([A-Z][a-z]\w*(?: [A-Z]\w*)?)[ /](\d+(?:\.\d+){1,4})(?: .*)?$ | $1 | $2 | - | - | -
self-ssh-bare | ssh.line | ^([A-Za-z][A-Za-z_-]{2,40}) ?$ | $1 | - | - | - | -
self-server-apache | http.server | ^[A-Z][\w.-]*(?:[ /][\w.()-]+){1,6} {1,2}Apache/(\d[\d.]*)(?: .*)?$ | Apache httpd | $1 | a:apache:http_server:$1 | - | -
self-server-upnp | http.server | ^(?:[^()]{1,120}[ ,])?UPnP/\d\.\d,? (?:DLNADOC/\d\.\d+,? )?((?!DLNADOC|UPnP|Unspecified)[A-Za-z][\w.+-]*(?: [A-Za-z][\w.+-]*){0,5}?) ?(?:/([A-Z]?\d[\w./-]*))?$ | $1 | $2 | - | - | -
self-server | http.server | ^(?!(?:C?Python|PHP|Perl|Ruby|Java|Servlet|Linux|Unix|Windows|OpenSSL|Microsoft-HTTPAPI|Unknown|Unspecified|[Ww]eb-?[Ss]erver|[Ss]erver|[Hh]ttpd?|HTTPD?)\b(?![-_ ]\w))(?!.*UPnP/\d\.\d,? \S)([A-Za-z][\w.+$-]*(?: [A-Za-z][\w.+$-]*){0,4})/ ?(?:[vV](?=\d))?([A-Z]?\d[\w.+-]*|svn-\d+)?(?:\([^)]*\))?(?: \([^)]*\)| [\w.+-]+/[\w.+-]+| [\w.-]+(?= \(| [\w.+-]+/|$))*(?: ?\[.*)?$ | $1 | $2 | - | - | -
self-server-words | http.server | ^(?!.*UPnP)([A-Za-z][\w.+-]*(?:\(R\))?(?: [A-Z][\w+-]*){0,5}?)(?: [Vv]ersion)? [vV]?(\d[\w.-]*)(?: [\[(].*| codename .*)?$ | $1 | $2 | - | - | -
self-server-brackets | http.server | ^([A-Za-z][\w.+-]*(?: [A-Z][\w+-]*){0,3})\((\d[\w.-]*)\)$ | $1 | $2 | - | - | -
self-server-bare | http.server | ^(?!(?:[Ww]eb-?[Ss]erver|[Ss]erver|[Hh]ttpd?|HTTPD?|[Ee]mbedded|Un(?:known|specified)|[\da-f]{8}-[\da-f-]{8,})$)([A-Za-z][A-Za-z\d_+-]{2,60}(?:-\d+\w)?)(?: +\([^)]*\))?$ | $1 | - | - | - | -
self-server-bare-words | http.server | ^(?!(?:Embedded |HTTP |Http |Web ){1,3}(?:Web )?[Ss]erver$)([A-Z][\w-]*(?:\(R\))?(?: [A-Z][\w-]*){1,4})$ | $1 | - | - | - | -
self-smtp-brackets | smtp.greeting | ^(?:.{0,200}? )?\((?!Revision|Berkeley)([A-Za-z][\w.-]*(?: [A-Za-z]\w*){0,4}?)(?:\(TM\))?(?: -)?(?: [Vv]ersion:?| Release)? [vV]?(\d+(?:\.\d+){1,5}\w*).*$ | $1 | $2 | - | - | -
self-smtp | smtp.greeting | ^ *(?:[\d.]+ )?(?:\S+ {1,2})?(?:E?SMTP|[Ss]mtp)(?: [Ss]er(?:ver|vice))? (?:- |\(|on )?((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Za-z][\w-]*(?: (?!Ser|Ready|Version|Release|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))[A-Z][a-z]+[A-Za-z]*){0,2})(?: Service)?(?:(?:,? [Vv]ersion:?| Release)? {0,2}[/(\[]?[vV]?(\d+(?:\.\d+){1,5}\w*))?(?![\w,:!]).*$ | $1 | $2 | - | - | -
self-smtp-before | smtp.greeting | ^ *(?:[^\s.]+\.\S+ {1,2})?((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][\w-]*(?: (?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][a-z][\w-]*| [A-Z]-?[a-z]+ ?[A-Z]?[a-z]*){0,3}),?(?: [Vv]ersion:?)?(?: Server)?[ /](?:32 )?\(?[vV]?(\d+(?:\.\d+){1,5}\w*).*$ | $1 | $2 | - | - | -
self-smtp-name | smtp.greeting | ^ *(?:[^\s.]+\.\S+ {1,2}|)((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b|Windows)[A-Z][a-z]*[A-Z]?\w*) (?:E?SMTP|[Ss]mtp) (?:Server|Service|Receiver|ready|MTA|[vV](?=\d))(?: Version)? ?[vV]?(\d+(?:\.\d+){1,5}\w*)?.*$ | $1 | $2 | - | - | -
self-smtp-only | smtp.greeting | ^ *[^\s.]+\.\S+ ((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][a-z]\w*)(?: ready\.?)? *$ | $1 | - | - | - | -
self-ftp-brackets | ftp.greeting | ^.{0,100}\bFTP [Ss]erver \((?:Version )?((?:[A-Z]\w{0,20}[ /]){0,3}[A-Za-z]{0,20}(?:FTPD?|ftpd?|FTPd)|[A-Za-z]{2,20}(?=-\d)|[A-Z][\w/]*(?: [A-Z][a-z]+)?)(?<!OS|Works|UNIX|UNIX Version|Linux|Windows|Version|Revision)(?: [Vv]ersion)?[ -][vV]?(\d+(?:\.\d+){1,5}\w*|\d{5,8})[^\d].*$ | $1 | $2 | - | - | -
self-ftp-revision | ftp.greeting | ^\S+ FTP [Ss]erver \(Revision [\d.]+ Version ([A-Za-z]{2,20})-(\d+(?:\.\d+){1,5})\b.*$ | $1 | $2 | - | - | -
self-ftp | ftp.greeting | ^(?!.{0,200}?[A-Za-z](?:ftpd?|FTPD?|FTPd)\b.{0,200}?[A-Za-z](?:ftpd?|FTPD?|FTPd)\b)(?:.{0,200}?[^\w-])?((?!FTPD?\b|ftpd?\b)[A-Za-z][A-Za-z_-]*(?:FTPD?|FTPd|ftpd|FTPServer|_FTP))(?![\w])(?: FTP)?(?: [Ss]erver)?,?(?:(?: \S+ \(Version\x20|\x20[Vv]ersion\x20|\x20[vV]?|[-/(])(\d+(?:\.\d+){1,5}\w*(?: beta)?|\d{8}))?(?:[^\w].*)?$ | $1 | $2 | - | - | -
self-ftp-server | ftp.greeting | ^([A-Z][a-z][\w-]*)(?: FTP)?[- ][Ss]erver (?:version )?v?(\d+(?:\.\d+){1,3}\w*(?: beta)?)(?:[^\w].*)?$ | $1 | $2 | - | - | -
self-ftp-version | ftp.greeting | ^([A-Z][a-z][\w-]*) (\d+(?:\.\d+){1,3}[\w-]*) FTP [Ss]erver\b.*$ | $1 | $2 | - | - | -
self-ftp-welcome | ftp.greeting | ^"?Welcome? to (?:the )?([A-Z][\w-]*)(?: FTP| Ftp) [Ss]erver\b.*$ | $1 | - | - | - | -
self-ftp-words | ftp.greeting | ^([A-Z][a-z]\w*(?: [A-Z][\w-]*){0,2}) (?:Secure )?(?:FTP Server|FTP server running\b.*|Ftp)$ | $1 | - | - | - | -
self-osmocom-version | vty.version | ^(Osmo\w+) (\d[\d.]*) ?$ | $1 | $2 | - | - | -
self-osmocom | vty.program | ^(Osmo\w+)$ | $1 | - | - | - | -
self-stomp | stomp.headers | ^(?:.*\n)?server:([A-Za-z][\w-]*)(?:/(\d[\w.]*))?\W.* | $1 | $2 | - | - | -
self-lsp | lsp.server | ^([A-Za-z][\w-]*(?: [\w-]+){0,3}?)(?: v?(\d[\w.]*))?$ | $1 | $2 | - | - | -
self-mariadb | mysql.version | ^(?:5\.(?:5\.5|7\.8)-)?(\d+\.\d+\.\d+)(?!.*[Mm]ax[Ss]cale)(?=.*[-+][Mm]aria(?:DB)?\b).*$ | MariaDB | $1 | a:mariadb:mariadb:$1 | - | -
self-percona | mysql.version | ^(\d+\.\d+\.\d+)\b.*[Pp]ercona.*$ | Percona Server | $1 | a:percona:percona_server:$1 | - | -
self-mysql | mysql.version | ^(\d+\.\d+\.\d+[a-z]?(?:sp\d)?)(?:-?(?:log|debug|nt|max|Max|alpha|beta|gamma|rc|m\d\d?|community|Community|standard|enterprise|commercial|advanced|gpl|pro|classic|cluster|cert|modified|cll|lve|rs|ndb-[\d.]{3,9}))*(?:[-_](?:Debian_|Dotdeb_)?\d*(?:[+~]|\.dotdeb)[\w.~+-]*|[-_](?:\d+ubuntu|Debian|\d{8}_Debian)[\w.~+-]*)?$ | MySQL | $1 | a:oracle:mysql:$1 | - | -
`);

// src/service/rows/ssh.ts
const SSH_ROWS = readRows("ssh", String.raw`
ssh-openssh | ssh.software | ^OpenSSH_(\d[\d.]*)(p\d+)?$ | OpenSSH | $1$2 | a:openbsd:openssh:$1:$2 | - | openssh sslh
ssh-comment-debian | ssh.comment | ^Debian-(\S+)$ | - | - | o:debian:debian_linux | info:Debian $1; os:Linux | openssh sslh
ssh-dropbear | ssh.software | ^dropbear_(\d[\d.]*)$ | Dropbear sshd | $1 | a:dropbear_ssh_project:dropbear_ssh:$1 | - | dropbear
ssh-tinyssh | ssh.software | ^tinyssh_(\d{8})(?:-\d+)?$ | TinySSH | $1 | - | - | tinysshd
ssh-asyncssh | ssh.software | ^AsyncSSH_(\d[\d.]*)$ | AsyncSSH | $1 | a:asyncssh_project:asyncssh:$1 | - | asyncssh
ssh-paramiko | ssh.software | ^paramiko_(\d[\d.]*)$ | Paramiko | $1 | a:paramiko:paramiko:$1 | - | paramiko
ssh-sshesame | ssh.software | ^sshesame$ | sshesame | - | - | info:honeypot | sshesame
ssh-ssh2js | ssh.software | ^ssh2js(\d[\d.]*)(?:srv)?$ | ssh2js | $1 | - | - | ssh2
ssh-lshd | ssh.software | ^lshd-(\d[\d.]*)$ | lshd | $1 | a:gnu:lsh:$1 | - | lsh-server
ssh-kex-dropbear | ssh.kex | ^\S{1,600},kexguess2@matt\.ucc\.asn\.au(?:,|$) | Dropbear sshd | - | a:dropbear_ssh_project:dropbear_ssh | - | dropbear
ssh-keys-lshd | ssh.host-keys | ^ssh-rsa,spki-sign-rsa$ | lshd | - | a:gnu:lsh | - | lsh-server
ssh-comment-lsh | ssh.comment | ^lsh - a GNU ssh$ | - | - | - | info:GNU | lsh-server
`);

// src/service/rows/systems.ts
const DATA_ROWS = readRows("data", String.raw`
mysql-mariadb-5.5.5 | mysql.version | ^5\.5\.5-(\d[\d.]*)-MariaDB(?:-(\S+))?$ | MariaDB | $1 | a:mariadb:mariadb:$1 | info:$2 | mariadb
mysql-sphinx | mysql.version | ^(\d[\d.]*)-(?:id64-)?(?:release|beta) \(([\w-]+)\)$ | Sphinx | $1 | - | - | sphinx-sql
postgresql-15 | postgresql.source | ^postmaster\.c:2220:ProcessStartupPacket$ | PostgreSQL | 15 | a:postgresql:postgresql:15 | - | postgresql
postgresql | postgresql.source | ^postmaster\.c:\d+:ProcessStartupPacket$ | PostgreSQL | - | a:postgresql:postgresql | - | postgresql
pgbouncer-partial | postgresql.error | ^08P01 client sent partial pkt in startup phase$ | PgBouncer | - | a:pgbouncer:pgbouncer | - | pgbouncer
pgbouncer-header | postgresql.error | ^08P01 bad packet header: '[0-9a-f]{16}'$ | PgBouncer | - | a:pgbouncer:pgbouncer | - | pgbouncer
redis-info | redis.info | ^# Server\r\nredis_version:(\d[\d.]*)\r\n(?!server_name:) | Redis | $1 | a:redis:redis:$1 | - | redis stunnel
redis-get | redis.error | ^ERR wrong number of arguments for 'get' command$ | Redis | - | a:redis:redis | - | redis redis-password
redis-noauth | redis.reply | ^ Authentication required\.$ | Redis | - | a:redis:redis | info:password required | redis-password
memcached-version | memcached.version | ^(\d+\.\d+\.\d+)$ | Memcached | $1 | a:memcached:memcached:$1 | - | memcached
memcached-yrmcds | memcached.version | ^yrmcds (?:version )?(\d[\d.]*) | yrmcds | $1 | - | - | yrmcds
firebird-error | firebird.error | ^\d+$ | Firebird | - | a:firebirdsql:firebird | - | firebird
tarantool-binary | tarantool.greeting | ^Tarantool (\d[\d.]*) \(Binary\) | Tarantool | $1 | a:tarantool:tarantool:$1 | info:binary protocol | tarantool-binary
tarantool-console | tarantool.greeting | ^Tarantool (\d[\d.]*) \(Lua console\) | Tarantool | $1 | a:tarantool:tarantool:$1 | info:Lua console | tarantool-console
nats-info | nats.info | ^\{"server_id":"N[A-Z0-9]{55}",.*?"version":"(\d[\d.]*)" | NATS | $1 | a:nats:nats_server:$1 | - | nats-client
nats-name | nats.info | ^\{"server_id":"[^"]*","server_name":"([^"]*)" | - | - | - | info:server $1 | nats-client
beanstalkd-stats | beanstalkd.stats | ^.*?\nversion: "?(\d[\d.]*)"?\n | beanstalkd | $1 | - | - | beanstalkd
gearman-version | gearman.version | ^(\d[\d.]*)(?:\+\w+)?$ | Gearman | $1 | - | - | gearmand
mqtt-aedes | mqtt.subscription | ^\{"clientId":"synscan","subs":\[\{"topic": | Aedes | - | - | - | aedes
rabbitmq | amqp.product | ^RabbitMQ (\d[\d.]*)$ | RabbitMQ | $1 | a:vmware:rabbitmq:$1 | - | rabbitmq-amqp
groonga-gqtp | gqtp.version | ^(\d[\d.]*)$ | Groonga | $1 | - | - | groonga-gqtp
rrdcached-help | rrdcached.help | ^Command overview\nUPDATE | rrdcached | - | - | info:RRDtool | rrdcached
`);
const NETWORK_ROWS = readRows("network", String.raw`
dns-bind | dns.version | ^(9\.\d+\.\d+)(?:-(\S.*))?$ | ISC BIND | $1 | a:isc:bind:$1 | info:$2 | bind-dns
dns-unbound | dns.version | ^unbound (\d[\d.]*)$ | Unbound | $1 | a:nlnetlabs:unbound:$1 | - | unbound
dns-nsd | dns.version | ^NSD (\d[\d.]*)$ | NSD | $1 | a:nlnetlabs:name_server_daemon:$1 | - | nsd
dns-pdns-recursor | dns.version | ^PowerDNS Recursor (\d[\d.]*)$ | PowerDNS Recursor | $1 | a:powerdns:recursor:$1 | - | pdns-recursor
dns-dnsmasq | dns.version | ^dnsmasq-(\d[\d.]*)$ | dnsmasq | $1 | a:thekelleys:dnsmasq:$1 | - | dnsmasq
ldap-openldap-rootdse | ldap.objectclass | ^(?:top )?OpenLDAProotDSE$ | OpenLDAP | - | a:openldap:openldap | - | slapd
kerberos-mit | kerberos.error | ^61 0,1,4,5,6,9,10 (?!<unspecified realm>$) | MIT Kerberos | - | a:mit:kerberos_5 | - | krb5-kdc
kerberos-heimdal | kerberos.error | ^(?:6 0,1,4,5,6,7,8,9,10 SYNSCAN\.INVALID|61 0,1,4,5,6,9,10 <unspecified realm>)$ | Heimdal | - | a:heimdal_project:heimdal | - | heimdal
samba-ntlm | smb.ntlm-version | ^6\.1\.0$ | Samba smbd | - | a:samba:samba | - | samba-139 samba-445
stun-coturn | stun.software | ^Coturn-(\d[\d.]*)(?: '([^']*)')?$ | Coturn | $1 | a:coturn_project:coturn:$1 | info:$2 | coturn
sip-kamailio | sip.headers | ^(?:.*?\n)?Server: kamailio \((\d[\d.]*) \(([^)]*)\)\)\r\n | Kamailio | $1 | a:kamailio:kamailio:$1 | info:$2 | kamailio
dict-dictd | dict.greeting | ^(\S+) dictd (\d[\d.]*)/rf on (\w+) (\S+) | dictd | $2 | - | info:$3 $4; os:$3 | dictd
epmd | epmd.port | ^\d+$ | Erlang Port Mapper Daemon | - | a:erlang:erlang/otp | - | epmd
omniorb | giop.body | ^.{0,40}IDL:omg\.org/CORBA/OBJECT_NOT_EXIST:1\.0\0{1,4}\x01\0MO\x01\0\0\0$ | omniORB | - | - | - | omninames
xmpp-prosody-c2s | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}\bid='')(?=[^>]{0,400}xml:lang='en')(?=[^>]{0,400}xmlns='jabber:client')[^>]{1,400}><stream:error><not-well-formed xmlns= | Prosody | - | a:prosody:prosody | - | prosody-c2s
xmpp-prosody-s2s | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}\bid='')(?=[^>]{0,400}xml:lang='en')(?=[^>]{0,400}xmlns='jabber:server')(?=[^>]{0,400}xmlns:db='jabber:server:dialback') | Prosody | - | a:prosody:prosody | - | prosody-s2s
svn-subversion | svn.versions | ^2 2$ | Subversion | - | a:apache:subversion | - | svnserve
git-daemon | git.error | ^access denied or repository not exported: / | Git | - | a:git-scm:git | - | git-daemon
spamd | spamd.reply | ^\d+ Bad header line: | SpamAssassin | - | a:apache:spamassassin | - | spamd
varnish-cli | varnish.cli | ^107 59 {6}\n[a-z]{32}\n\nAuthentication required\. | Varnish | - | a:varnish-software:varnish_cache | info:authentication required | varnish-cli
tor-protocolinfo | tor.version | ^(\d[\w.]*) | Tor | $1 | a:torproject:tor:$1 | - | tor-control
tor-control-http | tor.http | ^Tor ControlPort is not an HTTP proxy$ | Tor | - | a:torproject:tor | - | tor-control
tor-control-error | tor.error | ^Authentication required$ | Tor | - | a:torproject:tor | - | tor-control
rsync | rsync.version | ^(\d+\.\d+) | - | - | - | info:protocol $1 | rsync
`);
const DEVICE_ROWS = readRows("devices", String.raw`
vnc | rfb.version | ^003\.\d{3}$ | VNC | - | - | framework | tigervnc tigervnc-password x11vnc qemu-vnc
rdp-xrdp | rdp.disconnect | ^02f0802180$ | xrdp | - | a:neutrinolabs:xrdp | - | xrdp
nut-upsd | nut.version | ^Network UPS Tools upsd (\d[\d.]*) | Network UPS Tools | $1 | a:networkupstools:nut:$1 | - | nut-upsd
lirc | lirc.version | ^(\d[\d.]*)$ | LIRC | $1 | - | - | lircd
lcdproc | lcdproc.hello | ^LCDproc (\d[\d.]*) protocol (\S+) | LCDproc | $1 | - | info:protocol $2 | lcdproc
lcdproc-error | lcdproc.error | ^(?:Invalid command|Could not parse command)$ | LCDproc | - | - | - | lcdproc
mpd | mpd.version | ^(\d+\.\d+)(?:\.\d+)?$ | Music Player Daemon | $1 | - | info:protocol $1 | mpd
uhub | adc.info | ^.*?\bVEuhub/(\d[\d.]*) ?(?:-release)? | uhub | $1 | - | - | uhub
adb | adb.version | ^0029$ | Android Debug Bridge | - | - | - | adb
sane | sane.version | ^0101 | SANE | - | - | - | saned
zabbix-agent | zabbix.reply | ^(\d[\d.]*)$ | Zabbix | $1 | a:zabbix:zabbix:$1 | info:agent | zabbix-agent
munin-node | munin.version | ^(\d[\d.]*)$ | Munin | $1 | a:munin-monitoring:munin:$1 | - | munin-node
munin-host | munin.host | ^(\S+)$ | Munin | - | a:munin-monitoring:munin | hostname:$1 | munin-node
gpsd | gpsd.release | ^(\d[\d.]*) | gpsd | $1 | a:gpsd_project:gpsd:$1 | - | gpsd
fluidsynth | fluidsynth.text | ^unknown command: \S+ \(try help\)\n | FluidSynth | - | a:fluidsynth:fluidsynth | - | fluidsynth
owserver | owserver.result | ^-?\d+$ | owserver | - | - | - | owserver
icecc | icecc.protocol | ^\d+$ | Icecream | - | - | - | icecc-scheduler
nbd-newstyle | nbd.style | ^newstyle$ | - | - | - | info:newstyle | nbd-server qemu-nbd
nbd-server | nbd.refusal | ^The given option is unknown to this server implementation$ | nbd-server | - | - | - | nbd-server
nbd-qemu | nbd.refusal | ^Unsupported option 65535 \(<unknown>\)$ | QEMU NBD | - | a:qemu:qemu | - | qemu-nbd
openocd-tcl | openocd.version | ^(\d[\w.+-]*) | Open On-Chip Debugger | $1 | a:openocd:open_on-chip_debugger:$1 | - | openocd-tcl
swank | swank.version | ^(\d[\d.]*)$ | SLIME swank | $1 | - | - | swank
moosefs | moosefs.version | ^(\d+\.\d+\.\d+)-\d+$ | MooseFS | $1 | - | - | moosefs-client
snapcast-time | snapcast.reply | ^seen$ | Snapcast | - | - | - | snapserver-stream
ola-rpc | ola-rpc.reply | ^seen$ | OLA | - | - | info:Open Lighting Architecture | olad-rpc
bacula-fd | bacula.source | ^hello\.c:\d+$ | Bacula | - | a:bacula:bacula | - | bacula-fd
carbon-cache-query | carbon.pickle | ^80027d7100580a0000006461 | carbon-cache | - | - | info:Graphite | carbon-cache-query
sphinx-status | sphinx.status | ^uptime connections maxed_out command_search command_excerpt command_update | Sphinx | - | a:sphinxsearch:sphinx | - | sphinx-api
gdb-gdbserver | gdb.features | ^PacketSize=[0-9a-f]+;QPassSignals\+;QProgramSignals\+;QStartupWithShell\+;QEnvironmentHexEncoded\+ | gdbserver | - | a:gnu:gdb | - | gdbserver
gdb-qemu | gdb.features | ^PacketSize=1000;qXfer:features:read\+;vContSupported\+;multiprocess\+$ | QEMU | - | a:qemu:qemu | info:gdbstub | qemu-gdb
mumble | mumble.release | ^(\d[\d.]*) | Murmur | $1 | a:mumble:mumble:$1 | - | murmurd
freeciv | freeciv.capability | ^\+Freeciv[.-](\d[\d.]*) | Freeciv | $1 | - | - | freeciv
knxd | knxd.reply | ^invalid request$ | knxd | - | - | - | knxd
bzflag | bzflag.protocol | ^(\d{4})$ | BZFlag | - | - | info:protocol $1 | bzfs
tetrinetx | tetrinet.version | ^(\d+\.\d+\.\d+)\+qirc | tetrinetx | $1 | - | - | tetrinetx-game
php-fpm-unknown-script | fastcgi.text | ^\W*Primary script unknown | PHP-FPM | - | a:php:php | - | php-fpm
postgrey | policy.action | ^(?:DEFER_IF_PERMIT|defer_if_permit) Greylisted, see http://postgrey\.schweikert\.ch/ | Postgrey | - | - | - | postgrey
nrpe-anonymous | tls.anonymous | ^0303,00a7,65281$ | Nagios NRPE | - | a:nagios:remote_plug_in_executor | service:nrpe | nrpe
distcc | distccd.text | ^DONE00000001STAT | distcc | - | - | - | distccd
frr-vty | vty.hello | ^FRRouting \(version (\d[\d.]*) | FRRouting | $1 | a:frrouting:frrouting:$1 | - | frr-zebra frr-bgpd
vty-refusal | vty.refusal | ^Vty password is not set$ | - | - | - | info:VTY of a routing daemon | frr-zebra frr-bgpd
icecc-telnet | icecc.version | ^(\d[\w.]*)$ | Icecream | $1 | - | - | icecc-telnet
pulseaudio-cli | pulseaudio.version | ^(\d[\d.]*) | PulseAudio | $1 | a:pulseaudio:pulseaudio:$1 | - | pulseaudio-cli
pulseaudio-native | pulseaudio.server | ^pulseaudio (\d[\d.]*) | PulseAudio | $1 | a:pulseaudio:pulseaudio:$1 | - | pulseaudio-native
gopher-gophernicus | gopher.footer | ^Gophernicus/(\d[\d.]*) on | Gophernicus | $1 | - | - | gophernicus
snapcast-status | snapcast.server | ^(?=.*"name":"Snapserver").*?"version":"(\d[\d.]*)" | Snapcast | $1 | - | - | snapserver-rpc
iperf2 | iperf.version | ^(\d+\.\d+\.\d+)$ | iperf | $1 | - | - | iperf2
iperf3 | iperf3.state | ^parameters$ | iperf3 | - | a:es:iperf3 | - | iperf3
uwsgi | uwsgi.status | ^\d{3}$ | uWSGI | - | a:unbit:uwsgi | - | uwsgi
ident-oidentd | ident.text | ^\d+,\d+:ERROR:NO-USER\r\n$ | oidentd | - | - | - | oidentd
clamd | clamd.version | ^ClamAV (\d[\d.]*) | ClamAV | $1 | a:clamav:clamav:$1 | - | clamd
zookeeper | zookeeper.version | ^(\d+\.\d+\.\d+) | ZooKeeper | $1 | a:apache:zookeeper:$1 | - | zookeeper
postsrsd | tcpmap.rewritten | ^SRS0[=+-] | PostSRSd | - | a:postsrsd_project:postsrsd | - | postsrsd-forward
csync2 | csync2.text | ^Expecting SSL \(optional\) and CONFIG as first commands\.\n | Csync2 | - | a:linbit:csync2 | - | csync2
festival | festival.text | ^(?:ER|LP|OK)\n | Festival | - | - | - | festival
brlapi | brlapi.version | ^(\d+)$ | BrlAPI | - | - | info:protocol $1 | brltty
xmpp-jabberd2 | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream xmlns:stream='http://etherx\.jabber\.org/streams' xmlns='[^']{1,40}' (?:from='[^']{1,100}' )?version='1\.0' id='[a-z0-9]{40}' | jabberd2 | - | - | - | jabberd2-c2s jabberd2-s2s jabberd2-router
xmpp-ejabberd | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream id='\d{15,20}' version='1\.0' xml:lang='en' xmlns:stream='http://etherx\.jabber\.org/streams' | ejabberd | - | a:process-one:ejabberd | - | ejabberd-c2s
dns-gdnsd | dns.version | ^gdnsd/(\d+)$ | gdnsd | - | a:gdnsd:gdnsd | info:version $1 | gdnsd
dns-knot-resolver | dns.explanation | ^Blocking is mandated by standards, see references on https://www\.iana\.org/assignments/special-use-domain-names/ | Knot Resolver | - | a:nic:knot_resolver | - | knot-resolver
dns-yadifa | dns.version | ^(2\.\d+\.\d+)-\d{5}$ | YADIFA | $1 | - | - | yadifa
mysql-mysql2 | mysql.version | ^node\.js rocks$ | MySQL2 for Node.js | - | - | - | mysql2
telnet-openocd | telnet.text | ^Open On-Chip Debugger | Open On-Chip Debugger | - | a:openocd:open_on-chip_debugger | - | openocd-telnet
qemu-monitor | qemu-monitor.version | ^(\d[\d.]*)$ | QEMU | $1 | a:qemu:qemu:$1 | - | qemu-monitor
qemu-qmp | qmp.version | ^"micro": (\d+), "minor": (\d+), "major": (\d+) | QEMU | $3.$2.$1 | a:qemu:qemu:$3.$2.$1 | - | qemu-qmp
liquidwar | liquidwar.reply | ^OK$ | Liquid War | - | - | - | liquidwar
gobgp | grpc.gobgp | ^0a[0-9a-f]{2}08 | GoBGP | - | - | service:grpc | gobgpd-api
wesnothd | wesnoth.reply | ^\[version\]\n | Wesnoth | - | a:wesnoth:the_battle_for_wesnoth | - | wesnothd
dask | dask.reply | ^compression$ | Dask | - | a:anaconda:dask | - | dask-scheduler
monopd | monopd.version | ^(\d[\d.]*)$ | monopd | $1 | - | - | monopd
pioneers | pioneers.text | ^version report\n | Pioneers | - | - | - | pioneers
debugpy | debugpy.version | ^(\d[\w.+]*)$ | debugpy | $1 | - | - | debugpy
conserver | conserver.text | ^(?:ok\r\n)?exit {3}disconnect\r\nhelp {3}this help message\r\n | Conserver | - | - | - | conserver
hamlib-rigctld | rigctld.text | ^ | Hamlib | - | - | - | rigctld
hamlib-rotctld | rotctld.text | ^RPRT | Hamlib | - | - | - | rotctld
gmond | ganglia.version | ^VERSION="(\d[\d.]*)" SOURCE="gmond"$ | Ganglia gmond | $1 | a:ganglia:ganglia:$1 | - | gmond
ident2 | ident.text | ^0 , 0 : ERROR : INVALID-PORT\r\n | ident2 | - | - | - | ident2
xpra-http | xpra.text | ^disconnect: | Xpra | - | - | - | xpra
apcupsd | apcupsd.version | ^(\d[\d.]*) | apcupsd | $1 | a:apcupsd:apcupsd:$1 | - | apcupsd
isc-dhcpd-omapi | omapi.version | ^100$ | ISC dhcpd | - | a:isc:dhcp | info:OMAPI | dhcpd-omapi
rserve | rserve.version | ^(\d\d)(\d\d)$ | Rserve | - | - | info:protocol $1.$2 | rserve
openvpn | openvpn.opcode | ^8$ | OpenVPN | - | a:openvpn:openvpn | - | openvpn
pptpd | pptp.vendor | ^linux$ | pptpd | - | a:poptop:pptp_server | - | pptpd
dns-pdns-auth | dns.version | ^PowerDNS Authoritative Server (\d[\d.]*) | PowerDNS Authoritative Server | $1 | a:powerdns:authoritative:$1 | - | pdns-server
rdp-freerdp | rdp.confirm | ^0ed00000000000020308000100 | FreeRDP | - | a:freerdp:freerdp | - | freerdp-shadow
direwolf-kiss | kiss.text | ^\r\ncmd: | Dire Wolf | - | - | - | direwolf-kiss
osmo-hlr-version | vty.version | ^OsmoHLR (\d[\d.]*) ?$ | OsmoHLR | $1 | - | - | osmo-hlr-vty
osmo-hlr | vty.program | ^OsmoHLR$ | OsmoHLR | - | - | - | osmo-hlr-vty
osmo-mgw-version | vty.version | ^OsmoMGW (\d[\d.]*) ?$ | OsmoMGW | $1 | - | - | osmo-mgw-vty
osmo-mgw | vty.program | ^OsmoMGW$ | OsmoMGW | - | - | - | osmo-mgw-vty
osmo-stp-version | vty.version | ^OsmoSTP (\d[\d.]*) ?$ | OsmoSTP | $1 | - | - | osmo-stp-vty
osmo-stp | vty.program | ^OsmoSTP$ | OsmoSTP | - | - | - | osmo-stp-vty
vtun | vtun.version | ^(\S+) (\S+)$ | vtund | - | - | info:$1 $2 | vtund
guile | guile.version | ^(\d[\d.]*)$ | GNU Guile | $1 | a:gnu:guile:$1 | - | guile
ser2net-version | ser2net.version | ^(\d[\d.]*)$ | ser2net | $1 | - | - | ser2net-admin
ser2net-port | telnet.text | ^ser2net port  | ser2net | - | - | - | ser2net-port
statsd | statsd.commands | ^delcounters, deltimers | StatsD | - | - | info:management interface | statsd-admin
lsp-pylsp | lsp.server | ^pylsp (\d[\w.]*)$ | pylsp | $1 | - | - | pylsp
lsp-gopls | lsp.server | ^gopls\b | gopls | - | - | - | gopls
neovim-rpc | msgpack.error | ^Message is not an array$ | Neovim | - | a:neovim:neovim | - | neovim
rpyc | rpyc.version | ^(\d[\d.]*)$ | RPyC | $1 | - | - | rpyc
diod | 9p.code | ^5$ | diod | - | - | - | diod
hylafax | hylafax.version | ^HylaFAX \(tm\) Version (\d[\d.]*)$ | HylaFAX | $1 | - | - | hylafax
liquidsoap | liquidsoap.version | ^(\d[\d.]*) | Liquidsoap | $1 | - | - | liquidsoap
hsqldb-odbc | postgresql.error | ^08006 Bad length for .{1,4} packet\. {2}\d+ extra bytes$ | HSQLDB | - | a:hsqldb:hsqldb | service:hsqldb | hsqldb
hsqldb | hsqldb.compatibility | ^(\d[\d.]*)$ | HSQLDB | - | a:hsqldb:hsqldb | info:compatibility version $1 | hsqldb
stomp-activemq | stomp.headers | ^(?:.*\n)?server:ActiveMQ/(\d[\d.]*)\n | ActiveMQ | $1 | a:apache:activemq:$1 | - | activemq-stomp
openwire-activemq | openwire.provider | ^ActiveMQ(?: (\d[\d.]*))?$ | ActiveMQ | $1 | a:apache:activemq:$1 | - | activemq-openwire
drda-derby | drda.server | ^Apache Derby CSS\d+/(\d[\d.]*) | Apache Derby | $1 | a:apache:derby:$1 | - | derby
h2 | h2.error | ^Version mismatch, driver version is  | H2 | - | a:h2database:h2 | - | h2-tcp
scgi-rtorrent | scgi.client-version | ^(0\.\d[\d.]*)$ | rTorrent | $1 | - | - | rtorrent
xrootd | xrootd.protocol | ^ | XRootD | - | - | - | xrootd
barrier | synergy.name | ^Barrier$ | Barrier | - | a:barrier_project:barrier | - | barrier
murmur-certificate | tls.subject | ^CN=Murmur Autogenerated Certificate v2$ | Murmur | - | a:mumble:mumble | service:mumble | murmurd
samba-guid | smb.guid | ^(?:[2-7][0-9a-f]){1,15}(?:00){1,15}$ | Samba smbd | - | a:samba:samba | - | samba-139 samba-445
apcupsd-error | apcupsd.reply | ^seen$ | apcupsd | - | a:apcupsd:apcupsd | - | apcupsd
yrmcds-stats | memcached.stats | ^yrmcds version (\d[\d.]*)$ | yrmcds | $1 | - | - | yrmcds
spamd-pong | spamd.version | ^1\.5$ | SpamAssassin | - | a:apache:spamassassin | - | spamd
rfb-security-types | rfb.security | ^(\d[\d ]*)$ | - | - | - | info:security types $1 | tigervnc tigervnc-password x11vnc qemu-vnc
pulse-protocol | pulseaudio.reply | ^2 (\d+)$ | - | - | - | info:protocol $1 | pulseaudio-native
socks-method | socks.method | ^0$ | - | - | - | info:no authentication | dante microsocks socksv5
svn-capabilities | svn.capabilities | ^edit-pipeline .{1,300} inherited-props | - | - | - | info:1.8 or later | svnserve
lirc-error | lirc.text | ^BEGIN\n.{0,200}?\nERROR\nDATA\n1\n(?:unknown directive: |bad send packet) | LIRC | - | - | - | lircd
crossfire | crossfire.server | ^Crossfire Server$ | Crossfire | - | - | - | crossfire
rtpengine-cli | rtpengine.cli | ^ | rtpengine | - | - | - | rtpengine-cli
ovsdb | ovsdb.databases | ^(?=.*"_Server").* | Open vSwitch | - | a:openvswitch:openvswitch | info:ovsdb-server | ovsdb-server
minecraft | minecraft.version | ^(\d[\w.]*)$ | Minecraft | $1 | a:mojang:minecraft:$1 | - | minecraft
dicom-dcmtk | dicom.version | ^OFFIS_DCMTK_(\d)(\d)(\d)$ | DCMTK | $1.$2.$3 | a:offis:dcmtk:$1.$2.$3 | framework | dcmtk orthanc-dicom
dicom-dcmjs | dicom.version | ^DCMJS-DIMSE-V\d | dcmjs-dimse | - | - | framework | dcmjs-dimse
ceph | ceph.messenger | ^(v\d+)$ | Ceph | - | - | info:messenger $1 | ceph-mon-v1 ceph-mon-v2
zabbix-trapper | zabbix.response | ^\{"response":"failed","info":"Permission denied\."\}$ | Zabbix | - | a:zabbix:zabbix | info:server or proxy | zabbix-proxy
relp-librelp | relp.software | ^librelp,(\d[\d.]*), | librelp | $1 | - | - | rsyslog-relp
icap-c-icap | icap.headers | ^(?:.*?\n)?Server: C-ICAP/(\d[\d.]*)\r\n | c-icap | $1 | a:c-icap_project:c-icap:$1 | - | c-icap
twemproxy | twemproxy.version | ^(\d[\d.]*)$ | twemproxy | $1 | a:twitter:twemproxy:$1 | info:statistics | nutcracker-stats
tpm-swtpm | tpm.vendor | ^SW +TPM$ | swtpm | - | a:swtpm_project:swtpm | - | swtpm
vlc-telnet | telnet.text | ^VLC media player (\d[\d.]*) (\w+)\n | VLC | $1 | a:videolan:vlc_media_player:$1 | info:$2 | vlc-telnet
rtsp-airtunes | rtsp.headers | ^(?:.*?\n)?Server: AirTunes/(\d[\d.]*)\r\n | AirTunes | $1 | - | - | shairport-sync
babeld | babel.version | ^babeld-(\d[\d.]*) | babeld | $1 | - | - | babeld
babel-host | babel.host | ^(\S+)$ | - | - | - | hostname:$1 | babeld
powerman | powerman.version | ^(\d[\d.]*)$ | PowerMan | $1 | - | - | powerman
conman | conman.error | ^2 MESSAGE='Invalid greeting: no user specified$ | ConMan | - | - | - | conmand
ice-zeroc | ice.protocol | ^1\.\d$ | ZeroC Ice | - | a:zeroc:ice | framework | icegridregistry
xapian | xapian.protocol | ^\d+\.\d+$ | Xapian | - | a:xapian:xapian | - | xapian-tcpsrv
# Unison 2.52 names the version of its protocol with older ones.
unison | unison.version | ^(\d[\d.]*)$ | Unison | - | - | info:compatible with $1 | unison
serf | serf.error | ^(?:Handshake required)?$ | Serf | - | a:hashicorp:serf | - | serf-rpc
pcp | pcp.version | ^(\d)$ | Performance Co-Pilot | - | a:pcp:performance_co-pilot | info:protocol $1 | pmcd
freediameter | diameter.avps | ^268 281 264 296 278 DIAMETER_[A-Z_]+$ | freeDiameter | - | - | framework | freediameter
s7-snap7 | s7.system | ^SNAP7-SERVER$ | Snap7 | - | - | - | snap7
modbus-exception | modbus.exception | ^(\d+)$ | - | - | - | info:exception $1 | modbus-serial
deluge-certificate | tls.subject | ^CN=Deluge Daemon$ | Deluge | - | a:deluge-torrent:deluge | service:deluge | deluged
burp-certificate | tls.issuer | ^CN=burpCA$ | Burp | - | - | service:burp | burp
kadmind-mit | kadmin.status | ^denied 1 5$ | MIT Kerberos | - | a:mit:kerberos_5 | - | kadmind
kpasswd-mit | kerberos.server | ^kadmin/changepw$ | MIT Kerberos | - | a:mit:kerberos_5 | service:kpasswd | kpasswd
x11-xorg-21-minor | x11.vendor | ^The X\.Org Foundation 1210100(\d)$ | X.Org | 21.1.$1 | a:x.org:x_server:21.1.$1 | - | xvfb
nats-go | nats.info | ^\{.{1,400}?"go":"go(\d[\d.]*)" | - | - | - | info:Go $1 | nats-client
redis-os | redis.info | ^# Server\r\n.{1,600}?\r\nos:(Linux|Darwin|FreeBSD|OpenBSD|NetBSD) | - | - | - | os:$1 | redis
redis-mode | redis.info | ^# Server\r\n.{1,400}?\r\nredis_mode:(cluster|sentinel) | - | - | - | info:$1 | redis-sentinel
beanstalkd-host | beanstalkd.stats | ^.{1,2500}?\nhostname: "?([\w.-]+)"?\n | - | - | - | hostname:$1 | beanstalkd
dict-hostname | dict.greeting | ^(\S+) dictd | - | - | - | hostname:$1 | dictd
giop-nameservice | giop.reply | ^0 4 0100000001000000$ | - | - | - | info:NameService | omninames
ldap-openldap-structural | ldap.structuralobjectclass | ^OpenLDAProotDSE$ | OpenLDAP | - | a:openldap:openldap | - | slapd
ldap-context | ldap.namingcontexts | ^(\S.*)$ | - | - | - | info:$1 | slapd
xmpp-prosody-c2s-host | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}xmlns='jabber:client').{1,900}<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This server does not serve | Prosody | - | a:prosody:prosody | - | prosody-c2s
xmpp-prosody-s2s-host | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}xmlns='jabber:server').{1,900}<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This host does not serve | Prosody | - | a:prosody:prosody | - | prosody-s2s
imap-starttls | imap.line | ^\[CAPABILITY [^\]]{0,300}\bSTARTTLS\b | - | - | - | info:STARTTLS | dovecot-imap
gmond-text | ganglia.text | ^<\?xml version="1\.0" encoding="ISO-8859-1" standalone="yes"\?>\n<!DOCTYPE GANGLIA_XML | - | - | - | info:Ganglia XML | gmond
indi | indi.text | ^<(?:def[A-Z]|message\b) | INDI | - | - | - | indiserver
direwolf-agw | agw.version | ^2005\.127$ | Dire Wolf | - | - | - | direwolf-agw
nullidentd | ident.user | ^foobar$ | nullidentd | - | - | - | nullidentd
tls-syncthing | tls.subject | ^O=Syncthing,OU=Automatically Generated,CN=syncthing$ | Syncthing | - | a:syncthing:syncthing | service:syncthing; info:block exchange | syncthing-bep
`);

// src/service/rows/all.ts
const ROWS = [
	...SSH_ROWS,
	...HTTP_ROWS,
	...GREETING_ROWS,
	...DATA_ROWS,
	...NETWORK_ROWS,
	...DEVICE_ROWS,
	...ERROR_ROWS,
	...PAGE_ROWS,
	...DATAGRAM_ROWS
];
const BY_FIELD = Map.groupBy(ROWS, ({ field }) => field);
const SELF_NAMED_BY_FIELD = Map.groupBy(SELF_NAMED_ROWS, ({ field }) => field);
function rowsOf(field) {
	return BY_FIELD.get(field) ?? [];
}
function selfNamedRowsOf(field) {
	return SELF_NAMED_BY_FIELD.get(field) ?? [];
}

// src/service/rows/follows.ts
const get = (field, pattern, path, method = "GET") => ({
	field,
	pattern,
	name: `${method.toLowerCase()} ${path}`,
	text: `${method} ${path} HTTP/1.0\r\n\r\n`,
	sameConnection: false
});
const FOLLOWS = [
	get("http.header-names", /^cache-control date content-length(?: connection)?$/, "/v2/"),
	get("http.location", /^\/(?:classic\/)?graph$/, "/api/v1/status/buildinfo"),
	get("http.title", /^Prometheus Pushgateway$/, "/api/v1/status"),
	get("http.title", /^Alertmanager$/, "/api/v2/status"),
	get("http.access-control-allow-headers", /^accept, content-type, authorization$/, "/version"),
	get("http.body", /^WebSockets request was expected/, "/json/version"),
	get("http.body", /^404 page not found\n$/, "/version"),
	get("http.body", /^<html lang="en">\s{0,10}<head>\s{0,10}<link rel="shortcut icon" href="https:\/\/nats\.io\//, "/varz"),
	get("http.header-names", /^date connection access-control-allow-origin access-control-max-age content-length$/, "/janus/info"),
	get("http.header-names", /^date content-length expires cache-control connection$/, "/jsonrpc?method=aria2.getVersion&id=1"),
	get("http.body", /^Ok\.\n$/, "/?query=SELECT%20version()"),
	get("http.raw", /^HTTP\/1\.1 404 Not Found\r\nContent-Length: 0\r\n\r\n$/, "/adv"),
	get("http.location", /^app\/explorer\.html$/, "/system"),
	get("http.location", /^\/mopidy\/$/, "/mopidy/rpc", "HEAD"),
	get("http.body", /^\n<!DOCTYPE html>\n.{1,3000}window\.location= 'ola\.html';/s, "/json/server_stats"),
	{
		field: "http.body",
		pattern: /^\{ "result": 400, "text": "Bad Request" \}$/,
		name: "post version-get",
		text: "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"command\":\"version-get\"}",
		sameConnection: false
	},
	{
		field: "http.raw",
		pattern: /^HTTP\/1\.1 400 Bad Request\r\n\r\n$/,
		name: CODING_PROBE,
		text: "GET / HTTP/1.1\r\nHost: synscan\r\nTransfer-Encoding: synscan\r\n\r\n",
		sameConnection: false
	},
	{
		field: "http.coding",
		pattern: /^HTTP\/1\.1 (?!501)/,
		name: FRAGMENT_PROBE,
		text: `GET /#${"x".repeat(1030)} HTTP/1.0\r\n\r\n`,
		sameConnection: false
	}
];
function followOf({ fields }) {
	for (const { field, pattern, name, text, sameConnection } of FOLLOWS) if (fields[field] !== void 0 && pattern.test(fields[field])) return {
		name,
		bytes: bytesOf(text),
		sameConnection
	};
}

// src/service/matcher.ts
const PRODUCT = 10;
const PROTOCOL = 8;
const BEHAVIOUR = 5;
const PAGE = "http11";
function identify(exchanges, port) {
	const sent = new Set(exchanges.map(({ probe }) => probe));
	let best;
	let last;
	let isTextual = false;
	let greeting;
	const found = [];
	const hasPage = exchanges.some((exchange) => exchange.reply.length > 0 && readingOf(exchange)?.isPage === true);
	for (const exchange of exchanges) {
		last = void 0;
		if (exchange.reply.length === 0 && exchange.tls === void 0) continue;
		isTextual ||= isText(exchange.reply);
		const alone = readingOf(exchange) ?? (exchange.tls && readHandshake(exchange.tls));
		if (!alone) continue;
		const reading = withGreeting(alone, greeting);
		greeting ??= reading.fields[NUMBERED_GREETING];
		last = withFollow(reading, sent);
		const candidate = {
			...findingOf(reading, exchange, hasPage),
			reading: last
		};
		if (candidate.finding.service === "unknown" && last.follow === void 0) {
			last = void 0;
			continue;
		}
		found.push(candidate);
		if (!best || rank(candidate) > rank(best)) best = candidate;
	}
	const finding = best ? merged(best.finding, found.map((one) => one.finding), bannerOf(exchanges)) : unread(exchanges) ?? behaviourOf(exchanges, port);
	const pending = found.flatMap(({ reading }) => best?.finding.product && reading.isComplete ? [] : reading.next ?? (reading.isPage === false && !hasPage ? [PAGE] : [])).filter((name) => !sent.has(name));
	const next = [.../* @__PURE__ */ new Set([...pending, ...candidates(exchanges, port, best?.finding)])].filter((name) => !sent.has(name));
	const isFinal = best !== void 0 && best.finding.confidence >= 8 && (best.reading.isComplete || best.finding.product !== void 0 || best.finding.service !== best.reading.service) && best.reading.follow === void 0 && last?.follow === void 0 && pending.length === 0;
	return {
		finding,
		isFinal,
		isTextual,
		reading: last,
		next: isFinal ? [] : next
	};
}
const readings = /* @__PURE__ */ new WeakMap();
function readingOf(exchange) {
	const known = readings.get(exchange) ?? read(exchange) ?? "none";
	readings.set(exchange, known);
	return known === "none" ? void 0 : known;
}
function read(exchange) {
	for (const protocol of PROTOCOLS) {
		const reading = protocol.parse(exchange);
		if (reading) return reading;
	}
}
function withGreeting(reading, greeting) {
	const { service, fields } = reading;
	if (greeting === void 0 || fields[`${service}.help`] === void 0) return reading;
	return {
		...reading,
		fields: {
			...fields,
			[`${service}.greeting`]: greeting
		}
	};
}
function withFollow(reading, sent) {
	const { follow = followOf(reading), ...others } = reading;
	return follow && !sent.has(follow.name) ? {
		...others,
		follow
	} : others;
}
const CARRIERS = [
	"ssl",
	"rpc",
	"iso-tsap"
];
function rank({ finding: { confidence, tunnel, version, service }, isFramework }) {
	return confidence * 16 + (tunnel ? 8 : 0) + (isFramework ? 0 : 4) + (version === void 0 ? 0 : 2) + (CARRIERS.includes(service) ? 0 : 1);
}
function matchesOf(reading, rowsFor = rowsOf) {
	return Object.entries(reading.fields).flatMap(([field, text]) => rowsFor(field).flatMap((row) => {
		const match = row.pattern.exec(text);
		return match ? [{
			row,
			match
		}] : [];
	}));
}
function versionOf({ version }, match) {
	return version === void 0 ? "" : expand(version, match);
}
function findingOf(reading, { tunnel, tls }, hasPage) {
	const matches = matchesOf(reading);
	const areFrameworksNamed = reading.isPage !== false || hasPage;
	const naming = matches.filter(({ row }) => row.product !== void 0 && (areFrameworksNamed || !row.isFramework));
	const known = naming.find(({ row, match }) => !row.isFramework && versionOf(row, match) !== "") ?? naming.find(({ row }) => !row.isFramework) ?? naming.find(({ row, match }) => versionOf(row, match) !== "") ?? naming[0];
	const deciding = known ?? (areFrameworksNamed ? matchesOf(reading, selfNamedRowsOf)[0] : void 0);
	const adding = matches.filter(({ row }) => row.product === void 0);
	const used = [...deciding ? [deciding] : [], ...adding];
	const first = (key) => {
		for (const { row, match } of used) {
			const value = row[key] === void 0 ? "" : expand(row[key], match);
			if (value !== "") return value;
		}
	};
	const info = used.flatMap(({ row, match }) => row.info === void 0 ? [] : [expand(row.info, match)]).filter((text, i, all) => text !== "" && all.indexOf(text) === i).join("; ");
	const cpe = used.flatMap(({ row, match }) => row.cpe.map((name) => expandCpe(name, match)));
	const version = deciding ? versionOf(deciding.row, deciding.match) : "";
	const service = used.find(({ row }) => row.service !== void 0)?.row.service ?? reading.service;
	const isSure = !reading.isVague || used.some(({ row }) => row.service !== void 0);
	return {
		finding: compact({
			...reading.facts,
			service,
			confidence: known ? PRODUCT : isSure ? 8 : BEHAVIOUR,
			product: deciding && expand(deciding.row.product, deciding.match),
			version: version || void 0,
			info: info || reading.facts.info,
			hostname: first("hostname") ?? reading.facts.hostname,
			os: first("os") ?? reading.facts.os,
			device: first("device") ?? reading.facts.device,
			cpe: cpe.length > 0 ? [...new Set(cpe)] : void 0,
			tunnel,
			tls: tls ?? reading.facts.tls,
			row: (deciding ?? used[0])?.row.id
		}),
		isFramework: known?.row.isFramework === true
	};
}
function compact(finding) {
	return Object.fromEntries(Object.entries(finding).filter(([, value]) => value !== void 0));
}
function merged(best, all, banner) {
	const same = all.filter(({ service }) => service === best.service || service === "ssl");
	const find = (key) => same.find((finding) => finding[key] !== void 0)?.[key];
	return compact({
		...best,
		info: best.info ?? find("info"),
		hostname: best.hostname ?? find("hostname"),
		tls: best.tls ?? find("tls"),
		http: best.http ?? find("http"),
		sshKeys: best.sshKeys ?? find("sshKeys"),
		banner: best.banner ?? banner
	});
}
function bannerOf(exchanges) {
	const texts = exchanges.filter(({ reply }) => isText(reply));
	const first = texts.find(({ probe }) => probe === "null") ?? texts[0];
	return first && printable(latin1(first.reply, 0, 512).trim()) || void 0;
}
function unread(exchanges) {
	if (exchanges.every(({ reply }) => reply.length === 0)) return void 0;
	return compact({
		service: UNKNOWN,
		confidence: 0,
		banner: bannerOf(exchanges)
	});
}

// src/service/over_tcp.ts
const FIRST_PRINTER_PORT = 9100;
const LAST_PRINTER_PORT = 9107;
function overTcp(intensity, allPorts) {
	const knowledge = {
		probes: PROBES,
		identify
	};
	return {
		dialogue: (target, times, _known, connections) => new Dialogue({
			target,
			intensity,
			times
		}, knowledge, connections),
		hasProbe: (port) => PROBES.some(({ ports }) => ports.includes(port)),
		isLeftAlone: (port) => !allPorts && port >= FIRST_PRINTER_PORT && port <= LAST_PRINTER_PORT
	};
}

// src/scan/connection_rate.ts
const RATE_SHARE = .1;
const PROBES_PER_CONNECTION = 2;
const BURST_MS = 50;
const MAX_WAIT_MS$1 = 1e3;
var ConnectionRate = class {
	#maxRatePps;
	#allowed = 1;
	#atMs;
	constructor(maxRatePps, nowMs) {
		this.#maxRatePps = maxRatePps;
		this.#atMs = nowMs;
	}
	take(nowMs, arePortsProbed) {
		const maxRatePps = this.#maxRatePps();
		if (maxRatePps === 1e400) return 0;
		const perMs = maxRatePps / 1e3 / PROBES_PER_CONNECTION * (arePortsProbed ? RATE_SHARE : 1);
		this.#allowed = Math.min(Math.max(1, perMs * BURST_MS), this.#allowed + (nowMs - this.#atMs) * perMs);
		this.#atMs = nowMs;
		if (this.#allowed < 1) return Math.min(MAX_WAIT_MS$1, (1 - this.#allowed) / perMs);
		this.#allowed--;
		return 0;
	}
};

// src/transport/conversations.ts
const BATCH = 256;
const RECEIVE_LEN = 16384;
const SEND_LEN = 16896;
const MAX_RECEPTIONS = 8;
const EVENTS = (1 | 4 | EPOLLRDHUP | EPOLLET) >>> 0;
const IDLE = 0;
const CONNECTING = 1;
const ESTABLISHED = 2;
var Conversations = class {
	capacity;
	#opener;
	#epoll;
	#waiting = new PollSet(1);
	#sockets;
	#states;
	#uses;
	#hosts;
	#ports;
	#beganMs;
	#errors = new ErrorQueue();
	#unread = /* @__PURE__ */ new Set();
	#received = pin(RECEIVE_LEN);
	#sending = pin(SEND_LEN);
	constructor(capacity, sockets) {
		this.capacity = capacity;
		this.#opener = sockets;
		this.#sockets = new Array(capacity).fill(void 0);
		this.#states = new Uint8Array(capacity);
		this.#uses = new Uint32Array(capacity);
		this.#hosts = new Uint32Array(capacity);
		this.#ports = new Uint16Array(capacity);
		this.#beganMs = new Float64Array(capacity);
		this.#epoll = new Epoll(BATCH);
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
		const socket = this.#opener.begin(this.#epoll, EVENTS, slot, ++this.#uses[slot], host, port);
		if (typeof socket === "number") return socket;
		this.#hold(slot, socket, host, port);
		return 0;
	}
	adopt(slot, socket, host, port) {
		this.#epoll.add(socket, EVENTS, slot, ++this.#uses[slot]);
		this.#hold(slot, socket, host, port);
	}
	#hold(slot, socket, host, port) {
		this.#sockets[slot] = socket;
		this.#states[slot] = CONNECTING;
		this.#hosts[slot] = host;
		this.#ports[slot] = port;
	}
	send(slot, bytes) {
		const socket = this.#sockets[slot];
		if (socket === void 0 || bytes.length > SEND_LEN) return false;
		this.#sending.bytes.set(bytes);
		return send(socket, this.#sending, bytes.length) === bytes.length;
	}
	isUnacknowledged(slot) {
		const socket = this.#sockets[slot];
		return socket !== void 0 && isUnacknowledged(socket);
	}
	end(slot, inOrder) {
		const socket = this.#sockets[slot];
		if (socket === void 0) return;
		if (inOrder) finishOnClose(socket);
		socket.close();
		this.#sockets[slot] = void 0;
		this.#states[slot] = IDLE;
		this.#unread.delete(slot);
	}
	poll(sink) {
		let count = this.#unread.size;
		for (const slot of [...this.#unread]) {
			this.#unread.delete(slot);
			this.#receive(slot, sink);
		}
		this.#opener.onPoll();
		const found = this.#epoll.look();
		count += found;
		for (let i = 0; i < found; i++) {
			const slot = this.#epoll.data(i);
			const socket = this.#sockets[slot];
			if (socket !== void 0 && this.#uses[slot] === this.#epoll.tag(i)) this.#handle(slot, socket, this.#epoll.events(i), sink);
		}
		return count;
	}
	async wait(timeoutMs) {
		await this.#waiting.pollUntil(this.#unread.size > 0 ? 0 : timeoutMs);
	}
	[Symbol.dispose]() {
		for (const socket of this.#sockets) socket?.close();
		this.#sockets.fill(void 0);
		this.#unread.clear();
		this.#epoll[Symbol.dispose]();
		this.#opener[Symbol.dispose]();
	}
	#handle(slot, socket, events, sink) {
		if (this.#states[slot] === CONNECTING) {
			if ((events & 8) !== 0) return this.#fail(slot, takeSocketError(socket), sink);
			if ((events & 4) === 0) return;
			this.#states[slot] = ESTABLISHED;
			if (this.#opener.isSelf(socket, this.#hosts[slot], this.#ports[slot])) return this.#finish(slot, "refused", sink);
			sink.connected(slot);
			if (this.#sockets[slot] !== socket) return;
		}
		if ((events & (1 | 8192 | 16 | 8)) !== 0) this.#receive(slot, sink);
	}
	#receive(slot, sink) {
		for (let times = 0; times < MAX_RECEPTIONS; times++) {
			const socket = this.#sockets[slot];
			if (socket === void 0) return;
			const length = receive(socket, this.#received, 0, RECEIVE_LEN);
			if (length === 0) return this.#finish(slot, "fin", sink);
			if (length < 0) {
				if (!isNoRoom(-length)) this.#fail(slot, -length, sink);
				return;
			}
			sink.received(slot, this.#received.bytes.subarray(0, length));
			if (this.#sockets[slot] !== socket) return;
		}
		this.#unread.add(slot);
	}
	#fail(slot, errno, sink) {
		const isRefused = errno === ERRNO.ECONNREFUSED && this.#isHostsRefusal(slot);
		this.#finish(slot, isRefused ? "refused" : isReset(errno) ? "rst" : "timeout", sink);
	}
	#isHostsRefusal(slot) {
		const [socket, host] = [this.#sockets[slot], this.#hosts[slot]];
		if (this.#opener.takeError(this.#errors, socket, host)) return this.#opener.senderOf(this.#errors, host) === host;
		return !this.#opener.isOwnRefusal(host, this.#ports[slot], this.#beganMs[slot]);
	}
	#finish(slot, end, sink) {
		this.end(slot, end === "fin");
		sink.ended(slot, end);
	}
};

// src/scan/tls_connection.ts
const MAX_BYTES = 262144;
var TlsConnection = class {
	#stream;
	#socket;
	#length = 0;
	#isOver = false;
	#events;
	constructor(events, { name, protocols }) {
		this.#events = events;
		this.#stream = new Duplex({
			read: () => {},
			write: (bytes, _encoding, done) => {
				if (!this.#isOver) events.send(bytes);
				done();
			}
		});
		this.#stream.on("error", () => this.#end("rst"));
		this.#socket = connect({
			socket: this.#stream,
			rejectUnauthorized: false,
			...protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] },
			...name === void 0 ? {} : { servername: name }
		});
		this.#socket.on("secureConnect", () => {
			if (!this.#isOver) events.opened(factsOf(this.#socket));
		});
		this.#socket.on("data", (bytes) => {
			if (!this.#isOver) events.received(bytes);
		});
		this.#socket.on("error", () => this.#end("rst"));
		this.#socket.on("end", () => this.#end("fin"));
		this.#socket.on("close", () => this.#end("fin"));
	}
	receive(bytes) {
		if (this.#isOver) return;
		this.#length += bytes.length;
		if (this.#length > MAX_BYTES) return this.#end("rst");
		this.#stream.push(bytes.slice());
	}
	finish(end) {
		if (this.#isOver) return;
		if (end === "rst") this.#end("rst");
		else this.#stream.push(null);
	}
	send(bytes) {
		if (!this.#isOver) this.#socket.write(bytes);
	}
	end() {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#socket.destroy();
		this.#stream.destroy();
	}
	#end(end) {
		if (this.#isOver) return;
		this.end();
		this.#events.ended(end);
	}
};
function factsOf(socket) {
	const version = attempt(() => socket.getProtocol());
	const cipher = attempt(() => socket.getCipher()?.standardName);
	const certificate = attempt(() => socket.getPeerCertificate()?.raw);
	const { alpnProtocol } = socket;
	return {
		...version ? { version } : {},
		...cipher ? { cipher } : {},
		...certificate === void 0 ? {} : certificateFacts(certificate),
		...alpnProtocol ? { alpn: alpnProtocol } : {}
	};
}
function attempt(read) {
	try {
		return read();
	} catch {
		return;
	}
}

// src/scan/dialogue_connections.ts
const TLS_WAIT_MS = 5;
const NO_SLOT = -1;
var DialogueConnections = class {
	#owners;
	#conversations;
	#uses;
	#freeSlots;
	#tlsCount = 0;
	constructor(width, sockets, owners) {
		this.#owners = owners;
		this.#conversations = new Conversations(width, sockets);
		this.#uses = new Array(width).fill(void 0);
		this.#freeSlots = Array.from({ length: width }, (_, index) => width - 1 - index);
	}
	get room() {
		return this.#freeSlots.length;
	}
	poll() {
		return this.#conversations.poll(this);
	}
	async wait(timeoutMs) {
		await this.#conversations.wait(Math.max(0, this.#tlsCount > 0 ? Math.min(TLS_WAIT_MS, timeoutMs) : timeoutMs));
	}
	request(owner, connection) {
		owner.slots.set(connection, NO_SLOT);
	}
	isRequested(owner, connection) {
		return owner.slots.has(connection);
	}
	begin(owner, connection, isTls, host, port, socket) {
		const slot = this.#freeSlots.pop();
		if (socket !== void 0) this.#conversations.adopt(slot, socket, host, port);
		const errno = socket === void 0 ? this.#conversations.begin(slot, host, port) : 0;
		if (errno !== 0) {
			this.#freeSlots.push(slot);
			return errno;
		}
		this.#uses[slot] = {
			owner,
			connection,
			isTls,
			tls: void 0
		};
		owner.slots.set(connection, slot);
		return 0;
	}
	send(owner, connection, bytes) {
		const slot = slotOf(owner, connection);
		const tls = this.#uses[slot]?.tls;
		if (tls !== void 0) tls.send(bytes);
		else this.#conversations.send(slot, bytes);
	}
	end(owner, connection, inOrder) {
		const slot = slotOf(owner, connection);
		owner.slots.delete(connection);
		if (slot === NO_SLOT) return;
		this.#uses[slot].tls?.end();
		this.#conversations.end(slot, inOrder);
		this.#free(slot);
	}
	isUnacknowledged(owner, connection) {
		return this.#conversations.isUnacknowledged(slotOf(owner, connection));
	}
	[Symbol.dispose]() {
		for (const use of this.#uses) use?.tls?.end();
		this.#conversations[Symbol.dispose]();
	}
	connected(slot) {
		const use = this.#uses[slot];
		const { owner, connection } = use;
		if (!use.isTls) return this.#owners.tell(owner, (dialogue, nowMs) => dialogue.opened(connection, nowMs));
		this.#tlsCount++;
		use.tls = new TlsConnection({
			send: (bytes) => void this.#conversations.send(slot, bytes),
			opened: (facts) => this.#owners.tell(owner, (dialogue, nowMs) => dialogue.opened(connection, nowMs, facts)),
			received: (bytes) => this.#owners.tell(owner, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs)),
			ended: (end) => {
				this.#conversations.end(slot, false);
				this.#ended(slot, use, end);
			}
		}, {
			name: this.#owners.serverNameOf(owner),
			protocols: owner.tlsFailures === 0 ? ["http/1.1"] : []
		});
	}
	received(slot, bytes) {
		const { owner, connection, tls } = this.#uses[slot];
		if (tls !== void 0) return tls.receive(bytes);
		this.#owners.tell(owner, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs));
	}
	ended(slot, end) {
		const use = this.#uses[slot];
		if (use.tls !== void 0) use.tls.finish(end === "fin" ? "fin" : "rst");
		else this.#ended(slot, use, end);
	}
	#ended(slot, { owner, connection, isTls }, end) {
		this.#free(slot);
		if (isTls) owner.tlsFailures++;
		this.#owners.tell(owner, (dialogue, nowMs) => dialogue.ended(connection, end, nowMs));
	}
	#free(slot) {
		const use = this.#uses[slot];
		if (use === void 0) return;
		if (use.tls !== void 0) this.#tlsCount--;
		this.#uses[slot] = void 0;
		this.#freeSlots.push(slot);
		use.owner.slots.delete(use.connection);
	}
};
function slotOf({ slots }, connection) {
	return slots.get(connection) ?? NO_SLOT;
}

// src/service/reply_times.ts
const LISTEN_MS = 300;
const REQUEST_MS = 700;
const PROBE_MS = 300;
const MAX_WAIT_MS = 1500;
const ROUND_TRIPS = 4;
const SLOW_REPLIES = 3;
const LEAST_SHARE = .7;
const REPLIES = 40;
const SLOW_SHARE = .1;
const MAX_EXTRA_MS = 250;
const CONNECT_MS = 1e3;
var ReplyTimes = class {
	#roundTripMs;
	#replies = [];
	#count = 0;
	#slowMs = 0;
	constructor(roundTripMs) {
		this.#roundTripMs = Math.max(0, roundTripMs);
	}
	addRoundTrip(roundTripMs) {
		this.#roundTripMs = Math.max(this.#roundTripMs, roundTripMs);
	}
	addReply(firstByteMs) {
		this.#replies[this.#count++ % REPLIES] = firstByteMs;
		const sorted = this.#replies.toSorted((one, other) => other - one);
		this.#slowMs = sorted[Math.floor(sorted.length * SLOW_SHARE)];
	}
	get #travelMs() {
		return ROUND_TRIPS * this.#roundTripMs;
	}
	get listenMs() {
		return Math.max(LISTEN_MS, this.#travelMs + LISTEN_MS / 2);
	}
	get requestMs() {
		return this.#wait(REQUEST_MS);
	}
	get probeMs() {
		return this.#wait(PROBE_MS);
	}
	get leastProbeMs() {
		return Math.max(PROBE_MS, this.#travelMs + PROBE_MS * LEAST_SHARE);
	}
	get connectMs() {
		return CONNECT_MS + this.#travelMs + Math.min(MAX_WAIT_MS, SLOW_REPLIES * this.#slowMs);
	}
	get extraMs() {
		const slowMs = this.probeMs - this.leastProbeMs;
		return this.#roundTripMs + this.leastProbeMs - PROBE_MS + Math.min(MAX_EXTRA_MS, slowMs);
	}
	#wait(leastMs) {
		const slowMs = Math.min(MAX_WAIT_MS, SLOW_REPLIES * this.#slowMs + 100);
		return Math.max(leastMs, this.#travelMs + leastMs * LEAST_SHARE, this.#roundTripMs + slowMs);
	}
};

// src/scan/host_jobs.ts
const MANY_PORTS = 100;
const SAMPLE = 32;
const REPLYING_SHARE = .05;
const QUIET_PORTS = 2;
var HostJobs = class {
	host;
	#width;
	times;
	requests = [];
	waiting = [];
	talking = 0;
	quiet = 0;
	open = 0;
	over = 0;
	replied = 0;
	isSampled = false;
	isListed = false;
	constructor(host, width, rttMs) {
		this.host = host;
		this.#width = width;
		this.times = new ReplyTimes(rttMs);
	}
	get hasRoom() {
		return this.talking < this.#width;
	}
	move(job, place) {
		if (job.place === place) return false;
		if (job.place !== void 0) this[job.place]--;
		if (place !== void 0) this[place]++;
		job.place = place;
		return true;
	}
	makeRoom(job, dialogue) {
		if (dialogue.isLooking) return this.move(job, void 0);
		return job.place === "talking" && dialogue.isQuiet && this.quiet < (this.#width - 1) * QUIET_PORTS && this.move(job, "quiet");
	}
	get isSuspect() {
		return this.open > MANY_PORTS && this.over >= SAMPLE && this.replied < this.over * REPLYING_SHARE;
	}
	dropWaiting(isKept) {
		const others = this.waiting.filter(({ port }) => !isKept(port));
		const kept = this.waiting.filter(({ port }) => isKept(port));
		this.waiting.splice(0, this.waiting.length, ...kept);
		return others;
	}
};

// src/scan/services.ts
const BACKLOG = 65536;
const STEP_MS = 8;
const MAX_POLLS = 64;
const WAIT_MS = 200;
const OVERDUE_GAP_MS = 50;
const GRAIN_MS = 4;
const NO_ROOM_MS = 20;
const OFFER_MS = 3e3;
const MAX_REPLIES = 16384;
var ServiceDetection = class {
	#plan;
	#connections;
	#rate;
	#hosts = /* @__PURE__ */ new Map();
	#jobs = /* @__PURE__ */ new Map();
	#findings = /* @__PURE__ */ new Map();
	#offered = /* @__PURE__ */ new Map();
	#replies = /* @__PURE__ */ new Map();
	#listed = [];
	#talking = /* @__PURE__ */ new Set();
	#done = /* @__PURE__ */ new Map();
	#nextDueMs = 1e400;
	#roomMs = 0;
	#isOpen = true;
	#isStopped = false;
	#ended = "done";
	#sampledHosts = 0;
	#left = 0;
	#overdueAtMs = 0;
	#overdue = 0;
	#wake = () => {};
	#stopped = Promise.withResolvers();
	#over;
	constructor(plan, sockets) {
		this.#plan = plan;
		this.#connections = new DialogueConnections(plan.width, sockets, {
			serverNameOf: ({ host, port }) => plan.targetOf(host.host, port).names[0],
			tell: (job, event) => this.#tell(job, event)
		});
		this.#rate = new ConnectionRate(() => plan.maxRatePps(), systemClock.now());
		this.#over = this.#run();
	}
	get pending() {
		return this.#jobs.size;
	}
	get isFull() {
		return this.#jobs.size > BACKLOG;
	}
	finding(host, port) {
		return this.#findings.get(keyOf(host, port));
	}
	offer(host, port, socket) {
		const nowMs = systemClock.now();
		for (const [key, { atMs, socket }] of this.#offered) {
			if (nowMs - atMs < OFFER_MS) break;
			socket.close();
			this.#offered.delete(key);
		}
		const key = keyOf(host, port);
		const talking = this.#hosts.get(host)?.talking ?? 0;
		if (!(this.#offered.size < this.#connections.room / 2 && talking + this.#offered.size < this.#plan.widthOf(host)) || this.#isStopped || this.#offered.has(key) || this.#findings.has(key) || this.#jobs.has(key)) return false;
		this.#offered.set(key, {
			socket,
			atMs: nowMs
		});
		return true;
	}
	keep(host, port, { request, bytes: reply }) {
		const key = keyOf(host, port);
		if (this.#isStopped || this.#findings.has(key) || this.#jobs.has(key)) return;
		if (this.#replies.size >= MAX_REPLIES) this.#replies.delete(this.#replies.keys().next().value);
		this.#replies.set(key, {
			probe: request,
			reply,
			firstByteMs: 0,
			end: "open",
			connection: -1
		});
	}
	add(rows, pass) {
		let end = 0;
		for (let at = 0; at < rows.length; at += 6) {
			if (this.#take(rows, at, pass)) continue;
			if (end !== at) rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		if (end === rows.length) return rows;
		this.#wake();
		return rows.slice(0, end);
	}
	*held() {
		for (const [pass, rows] of this.#done) for (const row of rows) yield {
			rows: row,
			pass
		};
		for (const { held } of this.#jobs.values()) for (const { pass, row } of held) yield {
			rows: row,
			pass
		};
	}
	async finish(deadlineAtMs) {
		this.#isOpen = false;
		this.#wake();
		using _timer = startTimer(deadlineAtMs - systemClock.now(), () => this.stop("deadline"));
		await Promise.race([this.#over, this.#stopped.promise]);
	}
	stop(ended) {
		if (this.#isStopped) return;
		this.#isStopped = true;
		if (this.#jobs.size > 0) this.#ended = ended;
		for (const job of [...this.#jobs.values()]) {
			this.#left++;
			this.#giveUp(job, "not-probed");
		}
		this.#deliver();
		this.#stopped.resolve();
		this.#wake();
	}
	report() {
		return {
			...EMPTY_REPORT,
			ended: this.#ended,
			byState: STATES.map(() => 0)
		};
	}
	warnings() {
		return [
			...this.#left === 0 ? [] : [`The scan ended before ${counted$1(this.#left, "open port")} could be identified`],
			...this.#overdue === 0 ? [] : [`${counted$1(this.#overdue, "open port")} could not be identified before the time of the host was up`],
			...this.#sampledHosts === 0 ? [] : [`Almost no open port of ${counted$1(this.#sampledHosts, "host")} replied to data: most were not probed further`]
		];
	}
	[Symbol.dispose]() {
		this.stop("interrupted");
		for (const { socket } of this.#offered.values()) socket.close();
		this.#offered.clear();
		this.#connections[Symbol.dispose]();
	}
	#tell(job, event) {
		const { dialogue } = job;
		if (dialogue === void 0 || dialogue.finding !== void 0) return;
		event(dialogue, systemClock.now());
		this.#after(job, dialogue);
	}
	#after(job, dialogue) {
		if (dialogue.finding !== void 0) return this.#finish(job, dialogue.finding, dialogue.hasReply);
		this.#nextDueMs = Math.min(this.#nextDueMs, dialogue.dueMs);
		if (job.host.makeRoom(job, dialogue)) this.#list(job.host);
	}
	#take(rows, at, pass) {
		const host = hostAt(rows, at);
		const port = portAt(rows, at);
		const key = keyOf(host, port);
		const isOpen = stateAt(rows, at) === 0;
		const known = isOpen || replacedAt(rows, at) >= 0 ? this.#jobs.get(key) : void 0;
		if (known === void 0 && (!isOpen || this.#isStopped || this.#findings.has(key))) return false;
		const row = rows.slice(at, at + 6);
		if (known !== void 0) {
			known.held.push({
				pass,
				row
			});
			return true;
		}
		const jobs = this.#hostOf(host, rttMsAt(doublesOf(rows), at));
		const reply = this.#replies.get(key);
		this.#replies.delete(key);
		const job = {
			known: reply === void 0 ? [] : [reply],
			host: jobs,
			port,
			held: [{
				pass,
				row
			}],
			dialogue: void 0,
			slots: /* @__PURE__ */ new Map(),
			tlsFailures: 0,
			place: void 0,
			socket: this.#offered.get(key)?.socket
		};
		this.#offered.delete(key);
		this.#jobs.set(key, job);
		jobs.open++;
		if (this.#plan.isExcluded(host, port) || this.#plan.isLeftAlone(port)) this.#giveUp(job, "not-probed");
		else {
			if (job.socket === void 0) jobs.waiting.push(job);
			else jobs.waiting.unshift(job);
			this.#list(jobs);
		}
		return true;
	}
	#hostOf(host, rttMs) {
		const known = this.#hosts.get(host);
		if (known !== void 0) {
			known.times.addRoundTrip(rttMs);
			return known;
		}
		const added = new HostJobs(host, this.#plan.widthOf(host), rttMs);
		this.#hosts.set(host, added);
		return added;
	}
	#list(host) {
		if (host.isListed) return;
		host.isListed = true;
		this.#listed.push(host);
	}
	#giveUp(job, label) {
		const { dialogue } = job;
		if (dialogue === void 0) return this.#finish(job, {
			service: "unknown",
			confidence: 0,
			label
		}, false);
		dialogue.stop(label);
		this.#finish(job, dialogue.finding, dialogue.hasReply);
	}
	#finish(job, finding, hasReply) {
		const { host, port } = job;
		const key = keyOf(host.host, port);
		if (!this.#jobs.delete(key)) return;
		job.socket?.close();
		job.socket = void 0;
		this.#talking.delete(job);
		host.move(job, void 0);
		this.#findings.set(key, finding);
		for (const { pass, row } of job.held) {
			const rows = this.#done.get(pass);
			if (rows === void 0) this.#done.set(pass, [row]);
			else rows.push(row);
		}
		host.over++;
		if (hasReply) host.replied++;
		if (this.#isStopped) return;
		this.#list(host);
		this.#sample(host);
	}
	#sample(host) {
		if (!host.isSuspect || host.waiting.length === 0) return;
		if (!host.isSampled) this.#sampledHosts++;
		host.isSampled = true;
		const others = host.dropWaiting((port) => this.#plan.hasProbe(port));
		for (const job of others) this.#giveUp(job, "middlebox");
	}
	#deliver() {
		for (const [pass, rows] of this.#done) {
			this.#done.delete(pass);
			const batch = new Uint32Array(rows.length * 6);
			rows.forEach((row, index) => batch.set(row, index * 6));
			this.#plan.emit(batch, pass);
		}
	}
	async #run() {
		await void 0;
		while (!this.#isStopped) {
			const nextMs = this.#step();
			this.#deliver();
			if (this.#jobs.size === 0) {
				if (!this.#isOpen) return;
				await new Promise((resolve) => this.#wake = resolve);
				continue;
			}
			await this.#connections.wait(Math.min(WAIT_MS, nextMs - systemClock.now()));
		}
	}
	#step() {
		const beganMs = systemClock.now();
		let hasMore = false;
		for (let polls = 0; polls < MAX_POLLS; polls++) {
			hasMore = this.#connections.poll() > 0;
			this.#begin();
			if (!hasMore || systemClock.now() - beganMs > STEP_MS) break;
		}
		if (hasMore) return 0;
		const nowMs = systemClock.now();
		if (nowMs >= this.#nextDueMs) this.#expire(nowMs);
		this.#endOverdue(nowMs);
		this.#begin();
		const canBegin = this.#listed.length > 0 && this.#connections.room > 0;
		return Math.min(Math.max(this.#nextDueMs, nowMs + 1), canBegin ? Math.max(this.#roomMs, nowMs + 1) : 1e400);
	}
	#endOverdue(nowMs) {
		if (this.#plan.isOver === void 0 || nowMs < this.#overdueAtMs) return;
		this.#overdueAtMs = nowMs + OVERDUE_GAP_MS;
		for (const job of [...this.#jobs.values()]) {
			if (!this.#plan.isOver(job.host.host, nowMs)) continue;
			this.#overdue++;
			job.host.waiting.length = 0;
			this.#giveUp(job, "not-probed");
		}
	}
	#expire(nowMs) {
		this.#nextDueMs = 1e400;
		for (const job of [...this.#talking]) {
			const { dialogue } = job;
			if (dialogue === void 0 || dialogue.finding !== void 0) continue;
			if (dialogue.dueMs <= nowMs) dialogue.expire(nowMs);
			this.#after(job, dialogue);
		}
		this.#nextDueMs = Math.max(this.#nextDueMs, nowMs + GRAIN_MS);
	}
	#begin() {
		const nowMs = systemClock.now();
		if (nowMs < this.#roomMs) return;
		if (this.#connections.room === 0) return;
		const listed = this.#listed;
		this.#listed = [];
		for (let index = 0; index < listed.length; index++) {
			const host = listed[index];
			host.isListed = false;
			if (this.#connections.room === 0 || !this.#beginOne(host, nowMs)) {
				if (this.#isHeldUp(host, nowMs)) this.#list(host);
				continue;
			}
			host.isListed = true;
			listed.push(host);
		}
	}
	#isHeldUp(host, nowMs) {
		if (host.requests.length > 0) return true;
		return host.waiting.length > 0 && (host.hasRoom || nowMs < this.#roomMs);
	}
	#beginOne(host, nowMs) {
		if (nowMs < this.#roomMs) return false;
		let request = host.requests.shift();
		if (request === void 0) {
			const job = host.hasRoom ? host.waiting.shift() : void 0;
			if (job === void 0) return false;
			this.#start(job, nowMs);
			request = host.requests.shift();
			if (request === void 0) return true;
		}
		const { job, connection, isTls } = request;
		if (job.dialogue?.finding !== void 0 || !this.#connections.isRequested(job, connection)) return true;
		const waitMs = job.socket === void 0 ? this.#rate.take(nowMs, this.#isOpen) : 0;
		if (waitMs > 0) {
			host.requests.unshift(request);
			this.#roomMs = nowMs + waitMs;
			return false;
		}
		const { socket } = job;
		job.socket = void 0;
		const errno = this.#connections.begin(job, connection, isTls, host.host, job.port, socket);
		if (isNoRoomToConnect(errno)) {
			host.requests.unshift(request);
			this.#roomMs = nowMs + NO_ROOM_MS;
			return false;
		}
		if (errno !== 0) {
			this.#tell(job, (dialogue) => dialogue.ended(connection, "timeout", nowMs));
			return true;
		}
		job.dialogue.connecting(connection, nowMs);
		this.#after(job, job.dialogue);
		return true;
	}
	#start(job, nowMs) {
		const { host, port } = job;
		const connections = {
			begin: (connection, isTls) => {
				this.#connections.request(job, connection);
				host.requests.push({
					job,
					connection,
					isTls
				});
				this.#list(host);
			},
			send: (connection, bytes) => this.#connections.send(job, connection, bytes),
			end: (connection, inOrder) => this.#connections.end(job, connection, inOrder),
			isUnacknowledged: (connection) => this.#connections.isUnacknowledged(job, connection)
		};
		const target = this.#plan.targetOf(host.host, port);
		job.dialogue = this.#plan.dialogue(target, host.times, job.known, connections);
		this.#talking.add(job);
		host.move(job, "talking");
		job.dialogue.start(nowMs);
		this.#after(job, job.dialogue);
	}
};
function keyOf(host, port) {
	return host * 65536 + port;
}

// src/scan/services_by_protocol.ts
var ServicesByProtocol = class {
	#passes;
	#tcp;
	#udp;
	constructor(passes, tcp, udp) {
		this.#passes = passes;
		this.#tcp = tcp;
		this.#udp = udp;
	}
	get pending() {
		return this.#all.reduce((sum, { pending }) => sum + pending, 0);
	}
	get isFull() {
		return this.#all.some(({ isFull }) => isFull);
	}
	finding(host, port, pass) {
		return this.#of(pass)?.finding(host, port);
	}
	offer(host, port, socket) {
		return this.#tcp?.offer(host, port, socket) === true;
	}
	keep(host, port, data) {
		this.#udp?.keep(host, port, data);
	}
	add(rows, pass) {
		return this.#of(pass)?.add(rows, pass) ?? rows;
	}
	*held() {
		for (const each of this.#all) yield* each.held();
	}
	async finish(deadlineAtMs) {
		await Promise.all(this.#all.map((each) => each.finish(deadlineAtMs)));
	}
	stop(ended) {
		for (const each of this.#all) each.stop(ended);
	}
	reports() {
		return this.#all.map((each) => each.report());
	}
	warnings() {
		return this.#all.flatMap((each) => each.warnings());
	}
	[Symbol.dispose]() {
		for (const each of this.#all) each[Symbol.dispose]();
	}
	get #all() {
		return [this.#tcp, this.#udp].filter((each) => each !== void 0);
	}
	#of(pass) {
		const { proto } = this.#passes[pass];
		return proto === "tcp" ? this.#tcp : proto === "udp" ? this.#udp : void 0;
	}
};

// src/scan/service_choice.ts
var service_choice_exports = /* @__PURE__ */ __exportAll({ openServices: () => openServices });
const DEFAULT_INTENSITY = 7;
const WIDTH = 1024;
const NEAR_WIDTH = 128;
const BEYOND_WIDTHS = [
	1,
	1,
	1,
	16,
	32,
	64
];
async function openServices(context) {
	const { options, passes, book, routePlan: { interfaceName, routes } } = context;
	const { sourceIp, ttl } = options;
	const sockets = {
		sourceIp,
		interfaceName,
		ttl,
		sourcePort: void 0
	};
	const over = async (how, isUdp) => {
		const socketOptions = {
			...sockets,
			isUdp
		};
		const ipv6 = await ipv6Connections(socketOptions, book);
		return new ServiceDetection(planOf(context, how), new ConnectSockets(socketOptions, book, ipv6?.sockets, routes));
	};
	using opening = new DisposableStack();
	const has = (protocol) => passes.some(({ proto }) => proto === protocol);
	const tcp = has("tcp") ? opening.use(await over(overTcp(intensityOf(options), options.services?.allPorts === true), false)) : void 0;
	const udp = has("udp") ? opening.use(await over((await import("./datagrams.js").then((n) => n.t)).overUdp(intensityOf(options)), true)) : void 0;
	opening.move();
	return new ServicesByProtocol(passes, tcp, udp);
}
function intensityOf({ services }) {
	return services?.intensity ?? DEFAULT_INTENSITY;
}


export { toHex as _, rank as a, readDns as c, kerberosError as d, completeReading as f, printable as g, latin1 as h, merged as i, textIn as l, isText as m, bannerOf as n, unread as o, Reader as p, findingOf as r, STUN as s, service_choice_exports as t, readResponse as u };