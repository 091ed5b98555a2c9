// @ts-self-types="./library.d.ts"
// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.

const isObject = (function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
});
const isText = (function isText(value) {
	return typeof value === "string";
});
const orNull = (function orNull(shape) {
	return ((value) => value === null || hasShape(value, shape));
});
const orMissing = (function orMissing(shape) {
	return ((value) => value === void 0 || hasShape(value, shape));
});
const scan = (function scan(options, control) {
	return new DeferredScan(options, control);
});
const reasonCode = (function reasonCode(reason) {
	return REASONS.indexOf(reason);
});
const reasonSet = (function reasonSet(reasons) {
	const set = new Uint8Array(REASONS.length);
	for (const reason of reasons) set[reasonCode(reason)] = 1;
	return set;
});
const stateCode = (function stateCode(state) {
	return STATES.indexOf(state);
});
const hostStateCode = (function hostStateCode(state) {
	return state === "undecided" ? 6 : HOST_STATES.indexOf(state);
});
const setRow = (function setRow(table, code, row) {
	const at = code * COLUMNS;
	if (typeof row === "string") {
		table.fill(stateCode(row), at, at + COLUMNS);
		return;
	}
	const { own, other = own, odd } = row;
	table[at] = stateCode(own);
	table[at + OTHER_SENDER] = stateCode(other);
	table[at + ODD] = stateCode(odd ?? own);
	table[at + 3] = stateCode(odd ?? other);
});
const outcomeTable = (function outcomeTable(differences = {}) {
	const table = USUAL.slice();
	for (const [reason, row] of Object.entries(differences)) setRow(table, reasonCode(reason), row);
	return table;
});
const setHostRow = (function setHostRow(table, code, own, other) {
	const at = code * COLUMNS, ownCode = hostStateCode(own), otherCode = hostStateCode(other);
	table[at] = table[at + ODD] = ownCode;
	table[at + OTHER_SENDER] = otherCode;
	table[at + 3] = code === HOST_UNREACH ? hostStateCode("absent") : otherCode;
});
const hostOutcomeTable = (function hostOutcomeTable(differences = {}) {
	const table = USUAL_OF_HOSTS.slice();
	for (const [reason, state] of Object.entries(differences)) setHostRow(table, reasonCode(reason), state, state);
	return table;
});
const stateIn = (function stateIn(table, reason, own = true, odd = false) {
	return table[reason * COLUMNS + (own ? 0 : OTHER_SENDER) + (odd ? ODD : 0)];
});
const outcomeCode = (function outcomeCode(state, reason) {
	return state << 8 | reason;
});
const weightOf = (function weightOf(code) {
	return WEIGHT_OF[code];
});
const refuses = (function refuses(code) {
	return WEIGHT_OF[code] === WEIGHTS.refuse;
});
const isError = (function isError(code) {
	return ERRORS[code] === 1;
});
const isOwnAnswer = (function isOwnAnswer({ reason, state }) {
	return state === "closed" || WEIGHT_OF[reasonCode(reason)] >= WEIGHTS.refuse;
});
const isSilence = (function isSilence(reason) {
	return SILENT[reasonCode(reason)] === 1;
});
const doublesOf = (function doublesOf(rows) {
	return new Float64Array(rows.buffer);
});
const hostAt = (function hostAt(rows, at) {
	return rows[at];
});
const portAt = (function portAt(rows, at) {
	return rows[at + 1] & 65535;
});
const stateAt = (function stateAt(rows, at) {
	return rows[at + 1] >>> STATE_SHIFT & STATE_MASK;
});
const reasonAt = (function reasonAt(rows, at) {
	return rows[at + 1] >>> 24;
});
const outcomeAt = (function outcomeAt(rows, at) {
	return outcomeCode(stateAt(rows, at), reasonAt(rows, at));
});
const fromAt = (function fromAt(rows, at) {
	return rows[at + 2];
});
const ttlAt = (function ttlAt(rows, at) {
	return rows[at + 3] & 255;
});
const triesAt = (function triesAt(rows, at) {
	return rows[at + 3] >>> 8 & 255;
});
const noteAt = (function noteAt(rows, at) {
	return rows[at + 3] >>> 16 & 255;
});
const replacedAt = (function replacedAt(rows, at) {
	const reason = (rows[at + 3] >>> 24) - 1;
	return reason < 0 ? -1 : outcomeCode(rows[at + 1] >>> REPLACED_STATE_SHIFT & STATE_MASK, reason);
});
const rttMsAt = (function rttMsAt(doubles, at) {
	return doubles[at / 2 + RTT];
});
const columnsAt = (function columnsAt(rows, at) {
	return (rows[at + 1] >>> 16) * 2 ** 32 + rows[at + 3];
});
const countResults = (function countResults(rows, byState, step = 1) {
	for (let at = 0; at < rows.length; at += 6) countResult(rows, at, byState, step);
});
const countResult = (function countResult(rows, at, byState, step = 1) {
	byState[stateAt(rows, at)] += step;
	const replaced = replacedAt(rows, at);
	if (replaced >= 0) byState[replaced >> 8] -= step;
});
const probesHosts$1 = (function probesHosts$1({ proto }) {
	return proto === HOST;
});
const techniqueOf = (function techniqueOf(passes) {
	return passes.map(passName).join(JOIN);
});
const passName = (function passName({ technique, family }) {
	return family === 6 ? technique + OVER_IPV6 : technique;
});
const shownTechnique = (function shownTechnique(passes) {
	return namesOf(passesOverPorts(passes)) || namesOf(passes);
});
const passesOverPorts = (function passesOverPorts(passes) {
	const overPorts = passes.filter(((pass) => !probesHosts$1(pass)));
	return overPorts.filter((({ technique }, at) => overPorts.findIndex(((each) => each.technique === technique)) === at));
});
const techniquesOfPort = (function techniquesOfPort(passes) {
	const counts = Map.groupBy(passesOverPorts(passes), (({ proto }) => proto));
	return Math.max(0, ...Array.from(counts.values(), (({ length }) => length)));
});
const isByHost = (function isByHost(passes) {
	return passesOverPorts(passes).length < passes.length || passes.some((({ proto }) => proto === UDP));
});
const namesOf = (function namesOf(passes) {
	return [...new Set(passes.map((({ technique }) => technique)))].join(JOIN);
});
const passesNamed = (function passesNamed(joined, protocolOf = ((_technique) => "tcp")) {
	return passesOf(joined.split(JOIN), protocolOf);
});
const passesOf = (function passesOf(names, protocolOf) {
	return names.map(((name, number) => {
		const isOverIpv6 = name.endsWith(OVER_IPV6);
		const technique = isOverIpv6 ? name.slice(0, -2) : name;
		return {
			number,
			technique,
			proto: protocolOf(technique),
			...isOverIpv6 ? { family: 6 } : {}
		};
	}));
});
// src/base/shape.ts
function hasShape(value, shape) {
	if (typeof shape === "function") return shape(value);
	if (isListShape(shape)) return Array.isArray(value) && value.every((item) => hasShape(item, shape[0]));
	const members = isObject(value) ? value : void 0;
	return members !== void 0 && Object.entries(shape).every(([name, member]) => hasShape(members[name], member));
}
function isListShape(shape) {
	return Array.isArray(shape);
}


function isWhole(value, most = Number.MAX_SAFE_INTEGER) {
	return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
}



// src/base/errors.ts
var UsageError = class extends Error {
	name = "UsageError";
};
var NothingLeftError = class extends UsageError {};
var CannotScanError = class extends Error {
	name = "CannotScanError";
};

// src/scan/deferred_scan.ts
const NOT_BEGUN = {
	decided: 0,
	probes: 0,
	sent: 0,
	open: 0,
	inFlight: 0,
	ratePps: void 0,
	maxRatePps: 1e400,
	loss: null,
	elapsedMs: 0,
	leftMs: void 0
};
var DeferredScan = class {
	plan;
	#loading;
	#running;
	#maxRatePps;
	#summary;
	constructor(options, control) {
		const own = isObject(options) ? { ...options } : options;
		this.#loading = import("./scan.js").then(((n) => n.t)).then((({ RunningScan }) => {
			const running = this.#running = new RunningScan(own, control);
			if (this.#maxRatePps !== void 0) running.setMaxRate(this.#maxRatePps);
			return running;
		}));
		this.plan = this.#loading.then((({ plan }) => plan));
		this.plan.catch((() => {}));
	}
	get summary() {
		if (this.#summary === void 0) {
			this.#summary = this.#loading.then((({ summary }) => summary));
			this.#summary.catch((() => {}));
		}
		return this.#summary;
	}
	progress() {
		return this.#running?.progress() ?? {
			...NOT_BEGUN,
			maxRatePps: this.#maxRatePps ?? 1e400
		};
	}
	setMaxRate(maxRatePps) {
		if (!(maxRatePps > 0)) throw new UsageError(`Cannot send ${maxRatePps} probes a second: give a number above 0`);
		this.#maxRatePps = maxRatePps;
		this.#running?.setMaxRate(maxRatePps);
	}
	setOnPacket(onPacket) {
		return this.#running?.setOnPacket(onPacket) ?? false;
	}
	async snapshot() {
		return await (await this.#loading).snapshot();
	}
	static { this.prototype.batches = (async function*() {
		yield* (await this.#loading).batches();
	}); }
	async *[Symbol.asyncIterator]() {
		yield* await this.#loading;
	}
};

// src/scan/scan.ts

async function planScan(options) {
	return await (await import("./rest.js").then((n) => n.i)).planScan(options);
}
async function listHosts(options, control = {}) {
	return await (await import("./rest.js").then((n) => n.t)).listHosts(options, control);
}
async function suggestSource(target) {
	return await (await import("./rest.js").then((n) => n.i)).suggestSource(target);
}

// src/result/reasons.ts
const REASON_ROWS = [
	[
		"syn-ack",
		"accept",
		"open"
	],
	[
		"split-handshake-syn",
		"accept",
		"open"
	],
	[
		"reset",
		"refuse",
		"closed"
	],
	[
		"no-response",
		"silence",
		"filtered"
	],
	[
		"net-unreach",
		"error",
		"filtered"
	],
	[
		"host-unreach",
		"error",
		"filtered"
	],
	[
		"proto-unreach",
		"error",
		"filtered"
	],
	[
		"port-unreach",
		"error",
		"filtered"
	],
	[
		"net-prohibited",
		"error",
		"filtered"
	],
	[
		"host-prohibited",
		"error",
		"filtered"
	],
	[
		"admin-prohibited",
		"error",
		"filtered"
	],
	[
		"time-exceeded",
		"error",
		"filtered"
	],
	[
		"conn-accept",
		"accept",
		"open"
	],
	[
		"conn-refused",
		"refuse",
		"closed"
	],
	[
		"unroutable",
		"unknown",
		"undecided"
	],
	[
		"send-failed",
		"unknown",
		"undecided"
	],
	[
		"host-silent",
		"unknown",
		"undecided"
	],
	[
		"deadline",
		"unknown",
		"undecided"
	],
	[
		"interrupted",
		"unknown",
		"undecided"
	],
	[
		"not-asked",
		"unknown",
		"undecided"
	],
	[
		"reset-no-ack",
		"refuse",
		"closed"
	],
	[
		"neighbor-timeout",
		"error",
		"filtered"
	],
	[
		"no-carrier",
		"unknown",
		"undecided"
	],
	[
		"interface-down",
		"unknown",
		"undecided"
	],
	[
		"next-hop-silent",
		"unknown",
		"undecided"
	],
	[
		"local-firewall",
		"unknown",
		"undecided"
	],
	[
		"no-arp-response",
		"absence",
		"filtered"
	],
	[
		"conn-reset",
		"accept",
		"open"
	],
	[
		"no-route",
		"error",
		"filtered"
	],
	[
		"arp-response",
		"refuse",
		"undecided"
	],
	[
		"echo-reply",
		"refuse",
		"undecided"
	],
	[
		"timestamp-reply",
		"refuse",
		"undecided"
	],
	[
		"mask-reply",
		"refuse",
		"undecided"
	],
	[
		"localhost-response",
		"refuse",
		"undecided"
	],
	[
		"rst-always",
		"refuse",
		"undecided"
	],
	[
		"proxy-arp",
		"unknown",
		"undecided"
	],
	[
		"host-timeout",
		"unknown",
		"undecided"
	],
	[
		"beyond-scope",
		"error",
		"filtered"
	],
	[
		"reject-route",
		"error",
		"filtered"
	],
	[
		"param-problem",
		"error",
		"filtered"
	],
	[
		"nd-response",
		"refuse",
		"undecided"
	],
	[
		"udp-response",
		"accept",
		"open"
	],
	[
		"icmp-limited",
		"unknown",
		"undecided"
	]
];
const REASONS = REASON_ROWS.map((([reason]) => reason));



// src/result/states.ts
const STATES = [
	"open",
	"closed",
	"filtered",
	"unfiltered",
	"open|filtered",
	"closed|filtered",
	"undecided"
];
const UNDECIDED = 6;

const HOST_STATES = [
	"up",
	"absent",
	"silent",
	...Array(3).fill("undecided"),
	"undecided"
];


// src/result/outcome.ts
const OTHER_SENDER = 1;
const ODD = 2;
const COLUMNS = 4;
const HOST_UNREACH = reasonCode("host-unreach");
const USUAL = new Uint8Array(REASONS.length * COLUMNS);
REASON_ROWS.forEach((([, , usual], code) => setRow(USUAL, code, usual)));


const HOST_STATE_OF = {
	unknown: ["undecided", "undecided"],
	silence: ["silent", "silent"],
	absence: ["absent", "absent"],
	error: ["up", "silent"],
	refuse: ["up", "up"],
	accept: ["up", "up"]
};
const USUAL_OF_HOSTS = new Uint8Array(REASONS.length * COLUMNS);
REASON_ROWS.forEach((([, rank], code) => setHostRow(USUAL_OF_HOSTS, code, ...HOST_STATE_OF[rank])));



const HANDSHAKE_OUTCOMES = outcomeTable();

function stateOfOutcome(outcome) {
	return outcome >>> 8;
}
function reasonOfOutcome(outcome) {
	return outcome & 255;
}

// src/result/notes.ts
const NOTES = [
	"",
	"SYN-ACK and RST",
	"SYN-ACK and ICMP error",
	"RST and ICMP error",
	"window 0: a SYN proxy answered",
	"something answers for every port: control ports are open",
	"something answers for every address: control ports are open on other hosts too",
	"these replies are generated on your side: states are those of a proxy's connect()",
	"forwarded, 1 hop behind",
	"forwarded, 2 hops behind",
	"forwarded, 3 or more hops behind",
	"port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server",
	"answered before the first router: the next hop itself, or a program on your side",
	"forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports",
	"forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports",
	"forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports",
	"an ACK of another connection from the same port was answered with RST",
	"FIN without SYN: a proxy on the path could not connect",
	"rst-always: it resets probes to open ports too, so that closed says nothing",
	"rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place",
	"proxy-arp: its hardware address replies to ARP for addresses that no host has too",
	"two hardware addresses reply to ARP for it",
	"the reply repeats too little of the probe: anybody who knows the ports can have sent it",
	"a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for",
	"blocked: it refuses a port now that replied otherwise before, so that refusals may be a firewall's",
	"limited: an open port did not reply again while others were silent, so that silent ports may be open",
	"something replies at every UDP port, so that open shows no service",
	"two hardware addresses reply to neighbor solicitations for it"
];

// src/result/rank.ts
const WEIGHTS = {
	unknown: 0,
	silence: 1,
	absence: 2,
	error: 2,
	refuse: 3,
	accept: 4
};
const WEIGHT_OF = Uint8Array.from(REASON_ROWS, (([, rank]) => WEIGHTS[rank]));
function wins(code, before) {
	return WEIGHT_OF[code] > WEIGHT_OF[before];
}



const ERRORS = Uint8Array.from(REASON_ROWS, (([, rank]) => rank === "error" ? 1 : 0));


const SILENT = Uint8Array.from(REASON_ROWS, (([, rank]) => rank === "unknown" || rank === "silence" || rank === "absence" ? 1 : 0));
function contradiction(code, other) {
	const high = Math.max(WEIGHT_OF[code], WEIGHT_OF[other]);
	const low = Math.min(WEIGHT_OF[code], WEIGHT_OF[other]);
	if (low < WEIGHTS.error || high === low) return 0;
	return NOTES.indexOf(high === WEIGHTS.refuse ? "RST and ICMP error" : low === WEIGHTS.refuse ? "SYN-ACK and RST" : "SYN-ACK and ICMP error");
}

// src/result/batch.ts
const ROW_LEN = 6;
const RTT = 2;
const ROWS = 1024;
const STATE_SHIFT = 16;
const REPLACED_STATE_SHIFT = 19;
const STATE_MASK = 7;
var ResultBatcher = class {
	#give;
	#rows = new Uint32Array(ROWS * 6);
	#doubles = doublesOf(this.#rows);
	#length = 0;
	constructor(give) {
		this.#give = give;
	}
	result = ((host, port, state, reason, ttl, rttMs, tries, from, replaced, note) => {
		const rows = this.#rows;
		const at = this.#length;
		rows[at] = host;
		rows[at + 1] = port | state << STATE_SHIFT | (replaced < 0 ? 0 : replaced >> 8) << REPLACED_STATE_SHIFT | reason << 24;
		rows[at + 2] = from;
		rows[at + 3] = ttl | tries << 8 | note << 16 | (replaced < 0 ? 0 : (replaced & 255) + 1) << 24;
		this.#doubles[at / 2 + RTT] = rttMs;
		this.#length = at + 6;
		if (this.#length === rows.length) this.flush();
	});
	add(rows, at) {
		for (let i = 0; i < 6; i++) this.#rows[this.#length++] = rows[at + i];
		if (this.#length === this.#rows.length) this.flush();
	}
	static { this.prototype.flush = (function() {
		if (this.#length === 0) return;
		const rows = this.#rows.slice(0, this.#length);
		this.#length = 0;
		this.#give(rows);
	}); }
};











function setOutcome(rows, at, state, reason) {
	const other = rows[at + 1] & 16318463;
	rows[at + 1] = (other | state << STATE_SHIFT | reason << 24) >>> 0;
}

const OF_LINKS = [
	reasonCode("arp-response"),
	reasonCode("proxy-arp"),
	reasonCode("nd-response")
];
function setMac(rows, at, mac) {
	const upper = Math.floor(mac / 2 ** 32);
	rows[at + 2] = mac % 2 ** 32;
	rows[at + 3] = (rows[at + 3] & 4278255360 | upper & 255 | upper >>> 8 << 16) >>> 0;
}
function macAt(rows, at) {
	const word = rows[at + 3];
	return (word & 255 | word >>> 8 & 65280) * 2 ** 32 + rows[at + 2];
}



const SHOWS_HOST = Uint8Array.from(REASONS, ((reason) => isOwnAnswer({ reason }) ? 1 : 0));
function showsHost(rows, at) {
	const reason = reasonAt(rows, at);
	return SHOWS_HOST[reason] === 1 || isError(reason) && fromAt(rows, at) === hostAt(rows, at);
}

// src/result/pass.ts
const HOST = "host";

const UDP = "udp";
const JOIN = "+";
const OVER_IPV6 = "/6";









function probeNames(technique) {
	const [, kinds] = /^\w+\((.*)\)$/.exec(technique) ?? [];
	return kinds === void 0 ? [technique] : kinds.split(",");
}

// src/result/host_result.ts
function probesHosts(batch) {
	return batch.proto === HOST;
}
function hostResults(batch) {
	const { rows } = batch;
	if (rows === void 0 || !probesHosts(batch)) return [];
	const results = [];
	let at = 0;
	for (const cursor of batch) {
		results.push(hostResult(cursor, rows, at));
		at += 6;
	}
	return results;
}
function hostResult(cursor, rows, at) {
	const { ip, reason, port, technique, rttMs, tries } = cursor;
	const isOfLink = OF_LINKS.includes(reasonAt(rows, at));
	return {
		ip,
		state: HOST_STATES[stateAt(rows, at)],
		reason,
		probe: probeName(technique, port),
		rttMs,
		ttl: isOfLink ? void 0 : cursor.ttl,
		tries,
		from: isOfLink ? void 0 : cursor.from,
		mac: isOfLink && macAt(rows, at) || void 0
	};
}
function probeName(technique, what) {
	return probeNames(technique)[what] ?? technique;
}
const LOCAL_BIT = 2 ** 41;
function hasVendor(mac) {
	return (Math.floor(mac / LOCAL_BIT) & 1) === 0;
}

// src/result/port_result.ts
const NO_NAMES = {
	of: () => [],
	at: () => []
};
const NOTHING = {
	ip: "",
	port: 0,
	proto: "tcp",
	technique: "",
	state: "undecided",
	reason: "not-asked",
	ttl: void 0,
	rttMs: void 0,
	tries: 0,
	from: void 0,
	service: void 0,
	names: [],
	late: false,
	replaces: void 0,
	replacesState: void 0,
	note: void 0
};
function toResult(result) {
	return {
		ip: result.ip,
		port: result.port,
		proto: result.proto,
		technique: result.technique,
		state: result.state,
		reason: result.reason,
		ttl: result.ttl,
		rttMs: result.rttMs,
		tries: result.tries,
		from: result.from,
		service: result.service,
		...result.finding === void 0 ? {} : { finding: result.finding },
		names: result.names,
		late: result.late,
		replaces: result.replaces,
		replacesState: result.replacesState,
		note: result.note
	};
}

export { reasonCode as $, stateAt as A, NOTES as B, portAt as C, CannotScanError, setMac as D, rttMsAt as E, isOwnAnswer as F, reasonOfOutcome as G, hostOutcomeTable as H, isSilence as I, HOST_STATES as J, stateIn as K, refuses as L, ttlAt as M, contradiction as N, NOTHING, NO_NAMES, NothingLeftError, setOutcome as O, isError as P, REASONS as Q, weightOf as R, outcomeAt as S, replacedAt as T, outcomeCode as U, UsageError, HANDSHAKE_OUTCOMES as V, outcomeTable as W, hostStateCode as X, STATES as Y, stateCode as Z, doublesOf as _, passesOf as a, orMissing as at, macAt as b, probesHosts$1 as c, techniquesOfPort as d, reasonSet as et, OF_LINKS as f, countResults as g, countResult as h, hasVendor, hostResults, passesNamed as i, isWhole as it, triesAt as j, showsHost as k, shownTechnique as l, listHosts, columnsAt as m, isByHost as n, isObject as nt, passesOverPorts as o, orNull as ot, ResultBatcher as p, planScan, probesHosts, stateOfOutcome as q, passName as r, isText as rt, probeNames as s, scan, suggestSource, HOST as t, toResult, hasShape as tt, techniqueOf as u, fromAt as v, reasonAt as w, noteAt as x, hostAt as y, wins as z };