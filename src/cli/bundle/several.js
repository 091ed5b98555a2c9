// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { B as reasonCode, D as triesAt, E as stateAt, F as STATES, N as stateIn, R as REASONS, S as replacedAt, T as setOutcome, _ as hostAt, b as portAt, c as probesHosts, g as fromAt, m as countResults, x as reasonAt } from "./library.js";
import { Dt as isError, Ot as isOwnAnswer, an as packetTechnique, dr as Ranges, ei as NoteTable, ft as EMPTY_REPORT, hr as grown, kt as refuses, mt as boundsOf, ri as U32Map, ti as noteCode } from "./scan.js";

// src/engine/host_timeouts.ts
var host_timeouts_exports = /* @__PURE__ */ __exportAll({ HostTimeouts: () => HostTimeouts });
var HostTimeouts = class {
	#limitMs;
	#beganMs = new U32Map();
	#firstMs = -1;
	constructor(limitMs) {
		this.#limitMs = limitMs;
	}
	begin(host, nowMs) {
		if (this.#beganMs.get(host) >= 0) return;
		if (this.#firstMs < 0) this.#firstMs = nowMs;
		this.#beganMs.add(host, Math.max(0, Math.floor(nowMs - this.#firstMs)));
	}
	canBeOver(nowMs) {
		return this.#firstMs >= 0 && nowMs - this.#firstMs >= this.#limitMs;
	}
	isOver(host, nowMs) {
		if (!this.canBeOver(nowMs)) return false;
		const beganMs = this.#beganMs.get(host);
		return beganMs >= 0 && nowMs - this.#firstMs - beganMs >= this.#limitMs;
	}
};

// src/scan/held_rows.ts
var HeldRows = class {
	#rows = new Uint32Array(2 * 6);
	#length = 0;
	get length() {
		return this.#length;
	}
	add(rows) {
		const length = this.#length + rows.length;
		if (length > this.#rows.length) this.#rows = grown(this.#rows, Math.max(length, 2 * this.#rows.length));
		this.#rows.set(rows, this.#length);
		this.#length = length;
	}
	addRow(rows, at) {
		const length = this.#length + 6;
		if (length > this.#rows.length) this.#rows = grown(this.#rows, 2 * this.#rows.length);
		for (let i = 0; i < 6; i++) this.#rows[this.#length + i] = rows[at + i];
		this.#length = length;
	}
	copy() {
		return this.#rows.slice(0, this.#length);
	}
};

// src/scan/absent_ports.ts
var absent_ports_exports = /* @__PURE__ */ __exportAll({ AbsentPorts: () => AbsentPorts });
const NO_WORKER = -1;
const MAX_ROWS = 1 << 18;
const MAX_GIVEN = 1 << 20;
const BATCH_ROWS = 1024;
const HOST_UNREACH = reasonCode("host-unreach");
const SHOWS_HOST = Uint8Array.from(REASONS, (reason) => isOwnAnswer(reason) ? 1 : 0);
var AbsentPorts = class {
	#parts;
	#held = /* @__PURE__ */ new Map();
	#rows = 0;
	#given = new U32Map();
	#givenSilent = 0;
	#absent = new U32Map();
	#absentHosts = [];
	reported = [];
	#ready = [];
	#withdrawn = STATES.map(() => 0);
	#cut = 0;
	constructor(parts) {
		this.#parts = parts;
	}
	take = (rows, pass, worker) => {
		const kept = probesHosts(this.#parts.passes[pass]) ? this.#takeHosts(rows) : this.#takePorts(rows, pass);
		this.#parts.emit(kept, pass, worker);
		this.#flush();
	};
	finish() {
		for (const host of [...this.#held.keys()]) this.#decide(host);
		this.#flush();
	}
	*held() {
		const all = [];
		for (const { rows, absent } of this.#held.values()) {
			if (absent !== void 0) (all[this.#parts.absentPass] ??= new HeldRows()).add(absent);
			rows.forEach((held, pass) => held && (all[pass] ??= new HeldRows()).add(held.copy()));
		}
		for (const [pass, held] of all.entries()) if (held !== void 0) yield {
			rows: held.copy(),
			pass
		};
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
				if (!this.#isGiven(host) && this.#absent.get(host) < 0) {
					const held = this.#hold(host);
					if (held.absent === void 0) this.reported.push(host, fromAt(rows, at));
					held.absent ??= rows.slice(at, at + 6);
					if (held.ports === held.of) this.#decide(host);
				}
				continue;
			}
			if (stateAt(rows, at) === 0 && this.#parts.hosts.has(host)) this.#onReply(host);
			rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		return end === rows.length ? rows : rows.slice(0, end);
	}
	#takePorts(rows, pass) {
		const { hosts, isSingle } = this.#parts;
		if (isSingle && this.#held.size === 0 && this.#absent.size === 0) return rows;
		let end = 0;
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			if (hosts.has(host) && !this.#isGiven(host)) {
				if (showsHost(rows, at)) this.#onReply(host);
				else if (this.#holds(host, rows, at, pass)) continue;
			}
			rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		return end === rows.length ? rows : rows.slice(0, end);
	}
	#holds(host, rows, at, pass) {
		if (this.#absent.size > 0 && this.#absent.get(host) >= 0) {
			this.#withdraw(rows.slice(at, at + 6));
			return true;
		}
		let held = this.#held.get(host);
		if (held === void 0 && this.#parts.portsOf(host) === 1) return false;
		held ??= this.#hold(host);
		(held.rows[pass] ??= new HeldRows()).addRow(rows, at);
		this.#rows++;
		if (replacedAt(rows, at) < 0 && ++held.ports === held.of) this.#decide(host);
		else if (this.#rows > MAX_ROWS) this.#decide(this.#held.keys().next().value, true);
		return true;
	}
	#hold(host) {
		let held = this.#held.get(host);
		if (held === void 0) this.#held.set(host, held = {
			rows: [],
			ports: 0,
			of: this.#parts.portsOf(host),
			absent: void 0
		});
		return held;
	}
	#onReply(host) {
		if (this.#given.get(host) < 0) this.#given.add(host, 1);
		if (this.#held.size > 0 && this.#held.has(host)) this.#release(host);
	}
	#isGiven(host) {
		return this.#givenSilent > MAX_GIVEN || this.#given.get(host) >= 0 || this.#wasUp(host);
	}
	#wasUp(host) {
		if (!this.#parts.wasUp(host)) return false;
		this.#given.add(host, 1);
		return true;
	}
	#decide(host, isEarly = false) {
		const { absent, rows } = this.#held.get(host);
		if (absent === void 0) {
			if (isEarly) {
				this.#given.add(host, 1);
				this.#givenSilent++;
			}
			this.#release(host);
			return;
		}
		this.#addAbsent(host);
		for (const held of rows) if (held !== void 0) this.#withdraw(held.copy());
		this.#forget(host);
		this.#give(absent, this.#parts.absentPass);
	}
	#addAbsent(host) {
		this.#absent.add(host, 1);
		this.#absentHosts.push(host);
	}
	#release(host) {
		const rows = this.#held.get(host)?.rows ?? [];
		for (const [pass, held] of rows.entries()) if (held !== void 0) this.#give(held.copy(), pass);
		this.#forget(host);
	}
	#forget(host) {
		for (const held of this.#held.get(host)?.rows ?? []) this.#rows -= (held?.length ?? 0) / 6;
		this.#held.delete(host);
	}
	#give(rows, pass) {
		const ready = this.#ready[pass] ??= new HeldRows();
		ready.add(rows);
		if (ready.length >= BATCH_ROWS * 6) this.#flush();
	}
	#flush() {
		for (const [pass, ready] of this.#ready.entries()) {
			if (ready === void 0) continue;
			this.#ready[pass] = void 0;
			this.#parts.emit(ready.copy(), pass, NO_WORKER);
		}
	}
	#withdraw(rows) {
		countResults(rows, this.#withdrawn);
		for (let at = 0; at < rows.length; at += 6) if (replacedAt(rows, at) < 0) this.#cut++;
	}
};
function showsHost(rows, at) {
	const reason = reasonAt(rows, at);
	return SHOWS_HOST[reason] === 1 || isError(reason) && fromAt(rows, at) === hostAt(rows, at);
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
	held = /* @__PURE__ */ new Map();
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
				hold(judged, host, rows, at);
				continue;
			}
			rows.copyWithin(end, at, at + 6);
			end += 6;
		}
		if (end > 0) this.#emit(end === rows.length ? rows : rows.slice(0, end), pass);
		for (const host of checked) this.#release(pass, judged, host);
	}
	finish() {
		this.#inFirst.clear();
		for (const [pass, judged] of this.#judged) for (const host of [...judged.held.keys()]) this.#give(pass, judged, host);
	}
	*held() {
		for (const [pass, { held }] of this.#judged) for (const rows of held.values()) yield {
			rows: rows.copy(),
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
		for (const [pass, judged] of this.#judged) for (const host of [...judged.held.keys()]) this.#release(pass, judged, host);
	}
	#release(pass, judged, host) {
		if (judged.labelled.has(host) || this.#isCalibrated(judged, host)) this.#give(pass, judged, host);
	}
	#give(pass, judged, host) {
		const held = judged.held.get(host);
		if (held === void 0) return;
		judged.held.delete(host);
		const rows = held.copy();
		if (judged.labelled.has(host)) for (let at = 0; at < rows.length; at += 6) this.#withdraw(rows, at);
		this.#emit(rows, pass);
	}
	#withdraw(rows, at) {
		setOutcome(rows, at, 6, RST_ALWAYS);
		this.#undecided++;
	}
};
function hold({ held }, host, rows, at) {
	const ofHost = held.get(host) ?? new HeldRows();
	held.set(host, ofHost);
	ofHost.addRow(rows, at);
}

export { absent_ports_exports as n, host_timeouts_exports as r, calibration_exports as t };