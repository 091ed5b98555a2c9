// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, A as stateAt, C as portAt, K as stateIn, L as refuses, O as setOutcome, T as replacedAt, Y as STATES, c as probesHosts, h as countResult, j as triesAt, k as showsHost, p as ResultBatcher, v as fromAt, w as reasonAt, y as hostAt } from "./library.js";
import { Ft as NoteTable, It as noteCode, Kt as boundsOf, Lt as EMPTY_REPORT, Rn as packetTechnique, fi as Ranges, gi as grown, hi as growColumns, mr as U32Map } from "./scan.js";


// src/engine/host_timeouts.ts
var host_timeouts_exports = /* @__PURE__ */ __exportAll({ HostTimeouts: () => HostTimeouts });
var HostTimeouts = class {
	#limitMs;
	#beganMs = new U32Map();
	#firstMs = -1;
	#waitedMs = [0, 0];
	#firstOfIpv6;
	constructor(limitMs, firstOfIpv6 = 1e400) {
		this.#limitMs = limitMs;
		this.#firstOfIpv6 = firstOfIpv6;
	}
	wait(family, ms) {
		this.#waitedMs[family === 6 ? 1 : 0] += ms;
	}
	#timeOf(host, nowMs) {
		return nowMs - this.#waitedMs[host >= this.#firstOfIpv6 ? 1 : 0];
	}
	begin(host, nowMs) {
		if (this.#beganMs.get(host) >= 0) return;
		if (this.#firstMs < 0) this.#firstMs = nowMs;
		this.#beganMs.add(host, Math.max(0, Math.floor(this.#timeOf(host, nowMs) - this.#firstMs)));
	}
	canBeOver(nowMs) {
		return this.#firstMs >= 0 && nowMs - this.#firstMs >= this.#limitMs;
	}
	isOver(host, nowMs) {
		if (!this.canBeOver(nowMs)) return false;
		const beganMs = this.#beganMs.get(host);
		return beganMs >= 0 && this.#timeOf(host, nowMs) - this.#firstMs - beganMs >= this.#limitMs;
	}
};

// src/scan/held_rows.ts
const NONE = -1;
const FIRST_HOSTS = 64;
const FIRST_ROWS = 256;
var HeldRows = class {
	#hosts = new HostColumns();
	#rows = new RowColumns();
	#slots = new U32Map();
	#usedSlots = 0;
	#freeSlot = -1;
	#usedRows = 0;
	#freeRow = -1;
	#oldest = -1;
	#newest = -1;
	length = 0;
	get hostCount() {
		return this.#slots.size;
	}
	get oldest() {
		return this.#oldest;
	}
	slotOf(host) {
		return this.#slots.get(host);
	}
	hostOf(slot) {
		return this.#hosts.host[slot];
	}
	addHost(host) {
		const slot = this.#newSlot();
		const hosts = this.#hosts;
		hosts.host[slot] = host;
		hosts.head[slot] = hosts.tail[slot] = -1;
		hosts.count[slot] = 0;
		hosts.older[slot] = this.#newest;
		hosts.newer[slot] = -1;
		if (this.#newest === -1) this.#oldest = slot;
		else hosts.newer[this.#newest] = slot;
		this.#newest = slot;
		this.#slots.add(host, slot);
		return slot;
	}
	addRow(slot, rows, at, pass) {
		const row = this.#newRow();
		const hosts = this.#hosts, held = this.#rows;
		for (let i = 0, to = row * 6; i < 6; i++) held.words[to + i] = rows[at + i];
		held.pass[row] = pass;
		held.next[row] = -1;
		const tail = hosts.tail[slot];
		if (tail === -1) hosts.head[slot] = row;
		else held.next[tail] = row;
		hosts.tail[slot] = row;
		hosts.count[slot]++;
		this.length++;
	}
	forEachRow(slot, sink) {
		const { words, next, pass } = this.#rows;
		for (let row = this.#hosts.head[slot]; row !== -1; row = next[row]) sink(words, row * 6, pass[row]);
	}
	copy(slot) {
		const copy = new Uint32Array(this.#hosts.count[slot] * 6);
		let end = 0;
		this.forEachRow(slot, (rows, at) => {
			for (let i = 0; i < 6; i++) copy[end++] = rows[at + i];
		});
		return copy;
	}
	remove(slot) {
		const hosts = this.#hosts;
		const head = hosts.head[slot];
		if (head !== -1) {
			this.#rows.next[hosts.tail[slot]] = this.#freeRow;
			this.#freeRow = head;
		}
		this.length -= hosts.count[slot];
		const older = hosts.older[slot], newer = hosts.newer[slot];
		if (older === -1) this.#oldest = newer;
		else hosts.newer[older] = newer;
		if (newer === -1) this.#newest = older;
		else hosts.older[newer] = older;
		this.#slots.remove(hosts.host[slot]);
		hosts.newer[slot] = this.#freeSlot;
		this.#freeSlot = slot;
	}
	*slots() {
		for (let slot = this.#oldest, newer; slot !== -1; slot = newer) {
			newer = this.#hosts.newer[slot];
			yield slot;
		}
	}
	#newSlot() {
		const slot = this.#freeSlot;
		if (slot !== -1) {
			this.#freeSlot = this.#hosts.newer[slot];
			return slot;
		}
		if (this.#usedSlots === this.#hosts.host.length) growColumns(this.#hosts, 2 * this.#usedSlots);
		return this.#usedSlots++;
	}
	#newRow() {
		const row = this.#freeRow;
		if (row !== -1) {
			this.#freeRow = this.#rows.next[row];
			return row;
		}
		if (this.#usedRows === this.#rows.pass.length) growColumns(this.#rows, 2 * this.#usedRows, {}, { words: 6 });
		return this.#usedRows++;
	}
};
var HostColumns = class {
	host = new Uint32Array(FIRST_HOSTS);
	head = new Int32Array(FIRST_HOSTS);
	tail = new Int32Array(FIRST_HOSTS);
	count = new Uint32Array(FIRST_HOSTS);
	older = new Int32Array(FIRST_HOSTS);
	newer = new Int32Array(FIRST_HOSTS);
};
var RowColumns = class {
	words = new Uint32Array(FIRST_ROWS * 6);
	pass = new Uint8Array(FIRST_ROWS);
	next = new Int32Array(FIRST_ROWS);
};

// src/scan/absent_ports.ts
var absent_ports_exports = /* @__PURE__ */ __exportAll({ AbsentPorts: () => AbsentPorts });
const NO_WORKER = -1;
const MAX_ROWS = (1 << 18) - 1;
const MAX_GIVEN = 1 << 20;
const HOST_UNREACH = reasonCode("host-unreach");
var AbsentPorts = class {
	#parts;
	#held = new HeldRows();
	#missing = /* @__PURE__ */ new Int32Array(64);
	#reports = /* @__PURE__ */ new Map();
	#given = new U32Map();
	#givenSilent = 0;
	#absent = new U32Map();
	#absentHosts = [];
	reported = [];
	#ready;
	#withdrawn = STATES.map(() => 0);
	#cut = 0;
	constructor(parts) {
		this.#parts = parts;
		this.#ready = batchersOf(parts.passes, (rows, pass) => parts.emit(rows, pass, NO_WORKER));
	}
	take = (rows, pass, worker) => {
		const kept = probesHosts(this.#parts.passes[pass]) ? this.#takeHosts(rows) : this.#takePorts(rows, pass);
		this.#parts.emit(kept, pass, worker);
		this.#flush();
	};
	finish() {
		for (const slot of this.#held.slots()) this.#decide(slot);
		this.#flush();
	}
	held() {
		const held = [];
		const batchers = batchersOf(this.#parts.passes, (rows, pass) => held.push({
			rows,
			pass
		}));
		const add = (rows, at, pass) => batchers[pass].add(rows, at);
		for (const slot of this.#held.slots()) this.#held.forEachRow(slot, add);
		for (const report of this.#reports.values()) add(report, 0, this.#parts.absentPass);
		for (const batcher of batchers) batcher.flush();
		return held;
	}
	report() {
		const absent = boundsOf(Ranges.ofMembers(this.#absentHosts));
		const none = /* @__PURE__ */ new Uint32Array();
		const found = absent.length === 0 ? void 0 : {
			up: none,
			absent,
			silent: none,
			undecided: none
		};
		return {
			...EMPTY_REPORT,
			byState: this.#withdrawn.map((count) => -count),
			cut: this.#cut,
			found
		};
	}
	snapshot() {
		return {
			hosts: [...boundsOf(Ranges.ofMembers(this.#absentHosts))],
			cut: this.#cut
		};
	}
	resume({ hosts, cut }) {
		for (const [first, last] of Ranges.fromSortedBounds(Uint32Array.from(hosts))) for (let host = first; host <= last; host++) {
			this.#addAbsent(host);
			this.reported.push(host, host);
		}
		this.#cut = cut;
	}
	#takeHosts(rows) {
		let end = 0;
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			if (stateAt(rows, at) === 1 && triesAt(rows, at) === 0 && reasonAt(rows, at) === HOST_UNREACH) {
				if (!this.#isGiven(host) && this.#absent.get(host) < 0) this.#onReport(host, rows, at);
				continue;
			}
			if (stateAt(rows, at) === 0 && this.#parts.hosts.has(host)) this.#onReply(host);
			if (end < at) rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		return end === rows.length ? rows : rows.slice(0, end);
	}
	#takePorts(rows, pass) {
		const { hosts, isSingle } = this.#parts;
		if (isSingle && this.#held.hostCount === 0 && this.#absent.size === 0) return rows;
		if (this.#given.size === hosts.size) return rows;
		let end = 0;
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			if (hosts.has(host) && !this.#isGiven(host)) {
				if (showsHost(rows, at)) this.#onReply(host);
				else if (this.#holds(host, rows, at, pass)) continue;
			}
			if (end < at) rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		return end === rows.length ? rows : rows.slice(0, end);
	}
	#holds(host, rows, at, pass) {
		if (this.#absent.size > 0 && this.#absent.get(host) >= 0) {
			this.#withdraw(rows, at);
			return true;
		}
		const held = this.#held;
		let slot = held.slotOf(host);
		if (slot === -1) {
			const ports = this.#parts.portsOf(host);
			if (ports === 1) return false;
			slot = this.#hold(host, ports);
		}
		held.addRow(slot, rows, at, pass);
		if (replacedAt(rows, at) < 0 && --this.#missing[slot] === 0) this.#decide(slot);
		else if (held.length > MAX_ROWS) this.#decide(held.oldest, true);
		return true;
	}
	#hold(host, ports) {
		const slot = this.#held.addHost(host);
		if (slot >= this.#missing.length) this.#missing = grown(this.#missing, 2 * this.#missing.length);
		this.#missing[slot] = ports;
		return slot;
	}
	#onReport(host, rows, at) {
		let slot = this.#held.slotOf(host);
		if (slot === -1) slot = this.#hold(host, this.#parts.portsOf(host));
		if (!this.#reports.has(host)) {
			this.reported.push(host, fromAt(rows, at));
			this.#reports.set(host, rows.slice(at, at + 6));
		}
		if (this.#missing[slot] === 0) this.#decide(slot);
	}
	#onReply(host) {
		if (this.#given.get(host) < 0) this.#given.add(host, 1);
		const slot = this.#held.slotOf(host);
		if (slot !== -1) this.#release(slot);
	}
	#isGiven(host) {
		return this.#givenSilent > MAX_GIVEN || this.#given.get(host) >= 0 || this.#wasUp(host);
	}
	#wasUp(host) {
		if (!this.#parts.wasUp(host)) return false;
		if (this.#parts.hosts.has(host)) this.#given.add(host, 1);
		return true;
	}
	#decide(slot, isEarly = false) {
		const host = this.#held.hostOf(slot);
		const report = this.#reports.size === 0 ? void 0 : this.#reports.get(host);
		if (report === void 0) {
			if (isEarly) {
				this.#given.add(host, 1);
				this.#givenSilent++;
			}
			this.#release(slot);
			return;
		}
		this.#addAbsent(host);
		this.#held.forEachRow(slot, this.#withdraw);
		this.#forget(slot);
		this.#give(report, 0, this.#parts.absentPass);
	}
	#addAbsent(host) {
		this.#absent.add(host, 1);
		this.#absentHosts.push(host);
	}
	#release(slot) {
		this.#held.forEachRow(slot, this.#give);
		this.#forget(slot);
	}
	#forget(slot) {
		if (this.#reports.size > 0) this.#reports.delete(this.#held.hostOf(slot));
		this.#held.remove(slot);
	}
	#give = (rows, at, pass) => this.#ready[pass].add(rows, at);
	#flush() {
		for (const ready of this.#ready) ready.flush();
	}
	#withdraw = (rows, at) => {
		countResult(rows, at, this.#withdrawn);
		if (replacedAt(rows, at) < 0) this.#cut++;
	};
};
function batchersOf(passes, give) {
	return passes.map((_, pass) => new ResultBatcher((rows) => give(rows, pass)));
}

// src/scan/calibration.ts
var calibration_exports = /* @__PURE__ */ __exportAll({ Calibration: () => Calibration });
const RESET = reasonCode("reset");
const RST_ALWAYS = reasonCode("rst-always");
const NOTE = noteCode("rst-always: it resets probes to open ports too, so that closed says nothing");
var PortTable = class {
	#ports = /* @__PURE__ */ new Map();
	add(host, port) {
		const ports = this.#ports.get(host);
		if (ports === void 0) this.#ports.set(host, /* @__PURE__ */ new Set([port]));
		else ports.add(port);
	}
	has(host, port) {
		return this.#ports.get(host)?.has(port) === true;
	}
	count(host) {
		return this.#ports.get(host)?.size ?? 0;
	}
	*pairs() {
		for (const [host, ports] of this.#ports) for (const port of ports) yield* [host, port];
	}
	addPairs(pairs) {
		for (let at = 0; at < pairs.length; at += 2) this.add(pairs[at], pairs[at + 1]);
	}
};
var JudgedPass = class {
	checked = new PortTable();
	labelled = /* @__PURE__ */ new Set();
	held = new HeldRows();
};
function judgedPasses(first, passes) {
	const firstTechnique = packetTechnique(first.technique);
	if (firstTechnique?.acknowledge === void 0) return void 0;
	const judged = passes.filter(({ proto, technique: name }) => {
		const technique = packetTechnique(name);
		return technique !== void 0 && technique.acknowledge === void 0 && proto === firstTechnique.protocol && stateIn(technique.states, RESET) === 1;
	});
	return judged.length === 0 ? void 0 : new Map(judged.map(({ number }) => [number, new JudgedPass()]));
}
var Calibration = class Calibration {
	#judged;
	#emit;
	#first;
	#open = new PortTable();
	#inFirst;
	#undecided = 0;
	static of(passes, workers, emit) {
		const overPorts = passes.filter((pass) => !probesHosts(pass));
		const [first] = overPorts;
		const judged = first === void 0 ? void 0 : judgedPasses(first, overPorts);
		if (first === void 0 || judged === void 0) return void 0;
		const showing = overPorts.filter(({ technique }) => technique === first.technique).map(({ number }) => number);
		return new Calibration(showing, judged, workers, emit);
	}
	constructor(first, judged, workers, emit) {
		this.#first = first;
		this.#judged = judged;
		this.#emit = emit;
		this.#inFirst = new Set(Array.from({ length: workers }, (_, index) => index));
	}
	take(rows, pass, worker) {
		if (pass < this.#first[0]) return this.#emit(rows, pass);
		if (this.#first.includes(pass)) {
			for (let at = 0; at < rows.length; at += 6) if (stateAt(rows, at) === 0) this.#open.add(hostAt(rows, at), portAt(rows, at));
			return this.#emit(rows, pass);
		}
		const wasOver = this.#inFirst.size === 0;
		this.#inFirst.delete(worker);
		if (!wasOver && this.#inFirst.size === 0) this.#releaseAll();
		const judged = this.#judged.get(pass);
		if (judged === void 0) return this.#emit(rows, pass);
		const checked = /* @__PURE__ */ new Set();
		let end = 0;
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			const isReset = stateAt(rows, at) === 1 && refuses(reasonAt(rows, at));
			if (this.#open.has(host, portAt(rows, at))) {
				judged.checked.add(host, portAt(rows, at));
				if (isReset) judged.labelled.add(host);
				checked.add(host);
			}
			if (isReset && judged.labelled.has(host)) this.#withdraw(rows, at);
			else if (isReset && !this.#isCalibrated(judged, host)) {
				hold(judged.held, host, rows, at, pass);
				continue;
			}
			if (end < at) rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		if (end > 0) this.#emit(end === rows.length ? rows : rows.slice(0, end), pass);
		for (const host of checked) {
			const slot = judged.held.slotOf(host);
			if (slot !== -1) this.#release(pass, judged, slot);
		}
	}
	finish() {
		this.#inFirst.clear();
		for (const [pass, judged] of this.#judged) for (const slot of judged.held.slots()) this.#give(pass, judged, slot);
	}
	*held() {
		for (const [pass, { held }] of this.#judged) for (const slot of held.slots()) yield {
			rows: held.copy(slot),
			pass
		};
	}
	report() {
		const byState = STATES.map(() => 0);
		byState[1] = -this.#undecided;
		byState[6] = this.#undecided;
		const notes = new NoteTable();
		for (const host of this.#hosts()) notes.addHost(host, NOTE);
		return {
			...EMPTY_REPORT,
			byState,
			notes: notes.rows()
		};
	}
	get findings() {
		return {
			hosts: [...this.#hosts()],
			undecided: this.#undecided
		};
	}
	snapshot() {
		const last = Math.max(...this.#judged.keys());
		const passes = Array.from({ length: last + 1 }, (_, pass) => this.#judged.get(pass));
		return {
			open: [...this.#open.pairs()],
			checked: passes.map((judged) => [...judged?.checked.pairs() ?? []]),
			labelled: passes.map((judged) => [...judged?.labelled ?? []])
		};
	}
	resume({ open, checked, labelled }) {
		this.#open.addPairs(open);
		for (const [pass, judged] of this.#judged) {
			judged.checked.addPairs(checked[pass] ?? []);
			for (const host of labelled[pass] ?? []) judged.labelled.add(host);
		}
	}
	#hosts() {
		return new Set(this.#judged.values().flatMap(({ labelled }) => labelled));
	}
	#isCalibrated({ checked }, host) {
		return this.#inFirst.size === 0 && checked.count(host) >= this.#open.count(host);
	}
	#releaseAll() {
		for (const [pass, judged] of this.#judged) for (const slot of judged.held.slots()) this.#release(pass, judged, slot);
	}
	#release(pass, judged, slot) {
		const host = judged.held.hostOf(slot);
		if (judged.labelled.has(host) || this.#isCalibrated(judged, host)) this.#give(pass, judged, slot);
	}
	#give(pass, { held, labelled }, slot) {
		const isLabelled = labelled.has(held.hostOf(slot));
		const rows = held.copy(slot);
		held.remove(slot);
		if (isLabelled) for (let at = 0; at < rows.length; at += 6) this.#withdraw(rows, at);
		this.#emit(rows, pass);
	}
	#withdraw(rows, at) {
		setOutcome(rows, at, 6, RST_ALWAYS);
		this.#undecided++;
	}
};
function hold(held, host, rows, at, pass) {
	const slot = held.slotOf(host);
	held.addRow(slot === -1 ? held.addHost(host) : slot, rows, at, pass);
}

export { absent_ports_exports as n, host_timeouts_exports as r, calibration_exports as t };