// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { Tt as counted } from "./main.js";
import { Bn as PingTechnique, Dt as Correlator, Lt as EMPTY_REPORT, Ot as Engine, Rn as packetTechnique, Zt as PortSet, an as openTransport, er as ICMP_ERRORS, fr as PacketDriver, ia as systemClock, na as run, pr as packetNeeds, qn as TcpTechnique, ra as EventLoopYielder, sr as openIpv6, vi as familyOf } from "./scan.js";
import { $ as reasonCode, A as stateAt, C as portAt, F as isOwnAnswer, H as hostOutcomeTable, M as ttlAt, P as isError, Q as REASONS, Y as STATES, v as fromAt, w as reasonAt, y as hostAt } from "./library.js";
const techniqueOf = (function techniqueOf(kind) {
	return "tcp" in kind ? kind.tcp : kind.icmp;
});


// src/technique/trace.ts
const HOP_BITS = 5;
const SEALED_BITS = 23;
const SEALED_MASK = 2 ** SEALED_BITS - 1;
const MAX_HOP_LIMIT = 2 ** HOP_BITS - 1;
const MAX_TRACE_KINDS = 2048;
const MAX_TECHNIQUES = 16;
function whatOf(kind, hopLimit) {
	return kind << HOP_BITS | hopLimit;
}
function hopLimitOf(what) {
	return what & 31;
}
function kindOf$1(what) {
	return what >>> HOP_BITS;
}
function markedToken(token, mark) {
	return (mark << SEALED_BITS | token & SEALED_MASK) >>> 0;
}
function sealedPart(token) {
	return token & SEALED_MASK;
}
var TraceTechnique = class {
	name = "trace";
	protocol = "host";
	leavesFromPorts = true;
	families;
	describe;
	attemptPeriod = 1;
	rationed = ICMP_ERRORS;
	states = hostOutcomeTable();
	maxLength;
	#ping;
	#numbers;
	constructor(kinds, packets) {
		this.#ping = new PingTechnique(kinds, {}, packets);
		this.families = this.#ping.families;
		if (this.#ping.describe !== void 0) this.describe = this.#ping.describe;
		this.maxLength = this.#ping.maxLength;
		const techniques = [...new Set(kinds.map(techniqueOf))];
		if (techniques.length > MAX_TECHNIQUES) throw new RangeError(`Cannot tell ${techniques.length} techniques apart`);
		this.#numbers = kinds.map((kind) => techniques.indexOf(techniqueOf(kind)));
	}
	markOf(what) {
		return this.#numbers[kindOf$1(what)] << HOP_BITS | hopLimitOf(what);
	}
	filter(family, ports) {
		return this.#ping.filter(family, ports);
	}
	prepare(traits) {
		const templates = [];
		return { write: (view, at, destination, what, sourcePort, token) => {
			const hopLimit = hopLimitOf(what);
			return (templates[hopLimit] ??= this.#ping.prepare({
				...traits,
				ttl: hopLimit
			})).write(view, at, destination, kindOf$1(what), sourcePort, token);
		} };
	}
	parse(view, at, length, reply) {
		if (!this.#ping.parse(view, at, length, reply)) return false;
		const mark = reply.token >>> SEALED_BITS;
		const kind = this.#kindOf(reply.port, mark >>> HOP_BITS);
		reply.port = whatOf(kind, mark & 31);
		return kind >= 0;
	}
	#kindOf(other, technique) {
		if (this.#numbers[other] === technique) return other;
		const { kinds } = this.#ping;
		const like = kinds[other];
		for (let kind = 0; kind < kinds.length; kind++) if (this.#numbers[kind] === technique && portOf(kinds[kind]) === portOf(like)) return kind;
		return -1;
	}
	owes(kind) {
		return this.#ping.owes(kind);
	}
	acknowledge(view, at, traits, reply) {
		const { kind, host, port, ownPort, number } = reply;
		return this.#ping.acknowledge(view, at, traits, {
			kind,
			host,
			ownPort,
			number,
			port: kindOf$1(port)
		});
	}
};

function portOf(kind) {
	return "tcp" in kind ? kind.port : 0;
}

// src/scan/trace_names.ts
function namesOfHops(traces, names, isTarget) {
	if (traces.length === 0 || names.length === 0) return {
		traces,
		hostnames: names
	};
	const nameOf = new Map(names.map(({ ip, name }) => [ip, name]));
	return {
		traces: traces.map((trace) => ({
			...trace,
			hops: trace.hops.map((hop) => {
				const hostname = hop.ip === void 0 ? void 0 : nameOf.get(hop.ip);
				return hostname === void 0 ? hop : {
					...hop,
					hostname
				};
			})
		})),
		hostnames: names.filter(({ ip }) => isTarget(ip))
	};
}

// src/scan/trace_report.ts
function traceOf({ host, filtered }, { route, lastHops }, kind, passes, book) {
	const hopAt = (ttl) => {
		const hop = route.hop(ttl);
		if (ttl === route.end) return {
			ttl,
			ip: book.text(host),
			rttMs: knownRtt(route.rttMs)
		};
		return hop === void 0 ? { ttl } : {
			ttl,
			ip: book.text(hop.from),
			rttMs: knownRtt(hop.rttMs)
		};
	};
	return {
		ip: book.text(host),
		..."tcp" in kind ? {
			proto: "tcp",
			port: kind.port
		} : { proto: "icmp" },
		hops: Array.from({ length: route.length }, (_, at) => hopAt(at + 1)),
		isReached: route.end > 0,
		...sharedOf(route, (number) => book.text(number)),
		filtered: filtered === void 0 ? [] : filteredPorts(filtered, lastHops, passes[filtered.pass], (from) => book.text(from))
	};
}
function knownRtt(rttMs) {
	return rttMs >= 0 ? rttMs : void 0;
}
function sharedOf({ shared }, text) {
	if (shared === void 0 || shared.hops === 0) return {};
	return { shared: {
		hops: shared.hops,
		ip: text(shared.path.target.host)
	} };
}
function filteredPorts({ ports, samples }, lastHops, { proto, technique }, text) {
	const groups = /* @__PURE__ */ new Map();
	const keyOf = (last) => last === void 0 ? void 0 : `${last.ttl} ${last.from}`;
	lastHops.forEach((last, at) => {
		const key = keyOf(last);
		if (last === void 0 || key === void 0) return;
		const group = groups.get(key) ?? {
			last,
			ports: [],
			probed: []
		};
		groups.set(key, group);
		const position = samples[at];
		group.probed.push(ports[position]);
		const isLikeNext = at + 1 < lastHops.length && keyOf(lastHops[at + 1]) === key;
		group.ports.push(...ports.slice(position, isLikeNext ? samples[at + 1] : position + 1));
	});
	return [...groups.values()].map(({ last, ports, probed }) => ({
		ports: PortSet.of(ports).toString(),
		proto,
		technique,
		probed: PortSet.of(probed).toString(),
		afterHop: last.ttl,
		...last.from === void 0 ? {} : { ip: text(last.from) }
	}));
}

// src/scan/trace_routes.ts
const MAX_HOPS = 30;
const WINDOW = 4;
const NETWORKS = [{
	bits: 8,
	confirmations: 3
}, {
	bits: 16,
	confirmations: 24
}];
function networkOf(host) {
	return host >>> NETWORKS[0].bits;
}
var Neighborhood = class {
	path;
	probing = 0;
	waiting = [];
	#confirmations;
	#router = 0;
	#agreeing = 0;
	#isMixed = false;
	constructor(confirmations) {
		this.#confirmations = confirmations;
	}
	get isUniform() {
		return !this.#isMixed && this.#agreeing >= this.#confirmations;
	}
	get isFull() {
		return !this.#isMixed && this.#agreeing + this.probing >= this.#confirmations;
	}
	add(path, router) {
		if (this.path === void 0) {
			this.path = path;
			this.#router = router;
		}
		if (router === this.#router) this.#agreeing++;
		else this.#isMixed = true;
	}
};
var KnownRoutes = class {
	#paths = /* @__PURE__ */ new Map();
	#neighborhoods = /* @__PURE__ */ new Map();
	through(ttl, router) {
		return this.#paths.get(`${ttl} ${router}`);
	}
	add(path) {
		for (const [ttl, { from }] of path.probed()) {
			const key = `${ttl} ${from}`;
			if (!this.#paths.has(key)) this.#paths.set(key, path);
		}
	}
	neighborhoods(host, way, distance) {
		return NETWORKS.map(({ bits, confirmations }) => {
			const key = `${bits} ${host >>> bits} ${way} ${distance}`;
			let found = this.#neighborhoods.get(key);
			if (found === void 0) this.#neighborhoods.set(key, found = new Neighborhood(confirmations));
			return found;
		});
	}
};
var RouteWalk = class {
	target;
	isDone = false;
	end = 0;
	shared;
	#means;
	#isFirst;
	#seen = /* @__PURE__ */ new Map();
	#pending = 0;
	#lowest = 31;
	#highest = 0;
	#isBlocked = false;
	#isRepeated = false;
	#neighborhoods = [];
	constructor(target, isFirst, means) {
		this.target = target;
		this.#isFirst = isFirst;
		this.#means = means;
	}
	begin() {
		const { distance } = this.target;
		if (distance > 0) this.#probe(Math.min(distance, 30));
		else for (let hopLimit = 1; hopLimit <= WINDOW; hopLimit++) this.#probe(hopLimit);
	}
	take(hopLimit, seen) {
		const isFirst = !this.#seen.has(hopLimit);
		this.#seen.set(hopLimit, seen);
		if (isFirst) this.#pending--;
		if (seen.kind === "host") this.end = this.end === 0 ? hopLimit : Math.min(this.end, hopLimit);
		if (seen.kind === "blocked") this.#isBlocked = true;
		if (isFirst && !this.isDone && this.#pending === 0) this.#continue();
	}
	*probed() {
		for (const [ttl, seen] of this.#seen) if (seen.kind === "hop" && (this.end === 0 || ttl < this.end)) yield [ttl, seen];
	}
	hop(ttl) {
		if (this.shared !== void 0 && ttl <= this.shared.hops) return this.shared.path.hop(ttl);
		const seen = this.#seen.get(ttl);
		return seen?.kind === "hop" ? seen : void 0;
	}
	get rttMs() {
		const seen = this.#seen.get(this.end);
		return seen?.kind === "host" ? seen.rttMs : -1;
	}
	get length() {
		if (this.end > 0) return this.end;
		for (let ttl = this.#highest; ttl > 0; ttl--) if (this.hop(ttl) !== void 0) return ttl;
		return 0;
	}
	#probe(hopLimit) {
		this.#pending++;
		this.#lowest = Math.min(this.#lowest, hopLimit);
		this.#highest = Math.max(this.#highest, hopLimit);
		this.#means.probe(hopLimit, this.#isRepeated);
	}
	#continue() {
		if (this.end === 0 && this.#isOpenAbove()) {
			const count = this.target.distance > 0 ? 1 : WINDOW;
			const from = this.#highest;
			for (let more = 1; more <= count && from + more <= 30; more++) this.#probe(from + more);
			return;
		}
		const lowest = this.end > 0 ? Math.min(this.end, this.#lowest) : this.#lowest;
		this.#leaveNeighborhoods();
		if (lowest === 1 || this.#joins(lowest)) {
			if (this.#repeatsSilent()) return;
			return this.#finish();
		}
		if (this.#isFirst) for (let hopLimit = lowest - 1; hopLimit > 0; hopLimit--) this.#probe(hopLimit);
		else if (lowest === this.end) this.#probeLastRouter();
		else this.#probe(lowest - 1);
	}
	#repeatsSilent() {
		if (this.#isRepeated) return false;
		this.#isRepeated = true;
		const last = this.length;
		const silent = [...this.#seen].flatMap(([ttl, { kind }]) => kind === "silent" && ttl < last ? [ttl] : []);
		for (const ttl of silent) {
			this.#seen.delete(ttl);
			this.#probe(ttl);
		}
		return silent.length > 0;
	}
	#isOpenAbove() {
		if (this.#isBlocked || this.#highest >= 30) return false;
		for (let ttl = this.#highest; ttl > this.#highest - WINDOW && ttl >= this.#lowest; ttl--) if (this.hop(ttl) !== void 0) return true;
		return this.target.distance > 0 && this.#highest - this.#lowest < WINDOW;
	}
	#joins(ttl) {
		const router = this.hop(ttl);
		const path = router === void 0 ? void 0 : this.#means.known.through(ttl, router.from);
		if (path === void 0) return false;
		this.shared = {
			hops: ttl - 1,
			path
		};
		return true;
	}
	#probeLastRouter() {
		const { host, way } = this.target;
		const neighborhoods = this.#means.known.neighborhoods(host, way, this.end);
		const path = neighborhoods.find(({ isUniform }) => isUniform)?.path;
		const full = neighborhoods.find(({ isFull }) => isFull);
		if (path !== void 0) {
			this.shared = {
				hops: this.end - 1,
				path
			};
			this.#finish();
		} else if (full !== void 0) full.waiting.push(this);
		else {
			for (const neighborhood of neighborhoods) neighborhood.probing++;
			this.#neighborhoods = neighborhoods;
			this.#probe(this.end - 1);
		}
	}
	#leaveNeighborhoods() {
		const left = this.#neighborhoods;
		this.#neighborhoods = [];
		const last = this.#seen.get(this.end - 1);
		for (const neighborhood of left) {
			neighborhood.probing--;
			if (last !== void 0) neighborhood.add(this, last.kind === "hop" ? last.from : 0);
		}
		for (const walk of left.flatMap(({ waiting }) => waiting.splice(0))) walk.#probeLastRouter();
	}
	#finish() {
		this.isDone = true;
		if (this.#isFirst && this.end > 1) {
			this.#neighborhoods = this.#means.known.neighborhoods(this.target.host, this.target.way, this.end);
			for (const neighborhood of this.#neighborhoods) neighborhood.probing++;
			this.#leaveNeighborhoods();
		}
		if (this.shared === void 0 || this.shared.hops < this.end - 1) this.#means.known.add(this);
		this.#means.done();
	}
};

// src/scan/trace_filters.ts
function samplePositions(ports, most) {
	const starts = ports.flatMap((port, at) => at === 0 || port !== ports[at - 1] + 1 ? [at] : []);
	const rows = starts.length * 2 > most ? [[0, ports.length - 1]] : starts.map((start, at) => [start, (starts[at + 1] ?? ports.length) - 1]);
	const samples = /* @__PURE__ */ new Set();
	const gaps = [];
	const add = (at) => at >= 0 && samples.size < most && samples.add(at);
	for (const [first, last] of rows) {
		add(first);
		add(last);
		if (last - first > 1) gaps.push({
			from: first,
			to: last,
			share: 1
		});
	}
	while (gaps.length > 0 && samples.size < most) {
		gaps.sort((one, other) => other.share - one.share);
		const { from, to, share } = gaps.shift();
		const middle = Math.floor((from + to) / 2);
		add(middle);
		if (middle - from > 1) gaps.push({
			from,
			to: middle,
			share: share / 2
		});
		if (to - middle > 1) gaps.push({
			from: middle,
			to,
			share: share / 2
		});
	}
	return [...samples].sort((one, other) => one - other);
}
var FilterSearch = class {
	isDone = false;
	#route;
	#means;
	#samples;
	#candidates;
	#pending = 0;
	#hasOthers = false;
	constructor(route, count, means) {
		this.#route = route;
		this.#means = means;
		this.#samples = Array.from({ length: count }, () => ({
			seen: /* @__PURE__ */ new Map(),
			asked: /* @__PURE__ */ new Set(),
			repeated: /* @__PURE__ */ new Set(),
			last: void 0
		}));
		const last = route.end > 0 ? route.end - 1 : route.length;
		this.#candidates = Array.from({ length: last }, (_, at) => at + 1).filter((ttl) => route.hop(ttl) !== void 0);
	}
	get lastHops() {
		return this.#samples.map(({ last }) => last);
	}
	begin() {
		const first = this.#samples[0];
		if (first === void 0 || this.#candidates.length === 0) return this.#finish();
		if (this.#route.end > 0) return this.#probe(0, this.#candidates);
		const ttl = this.#candidates.at(-1);
		first.last = {
			ttl,
			...this.#route.hop(ttl)
		};
		this.#probeOthers(first.last);
	}
	take(sample, hopLimit, seen) {
		const { seen: known } = this.#samples[sample];
		const isFirst = !known.has(hopLimit);
		known.set(hopLimit, seen);
		if (!isFirst || this.isDone || --this.#pending > 0) return;
		this.#continue();
	}
	#continue() {
		this.#samples.forEach((sample, at) => {
			if (sample.asked.size > 0) this.#look(sample, at);
		});
		if (this.#pending > 0) return;
		const last = this.#samples[0].last;
		if (this.#hasOthers || last === void 0) this.#finish();
		else this.#probeOthers(last);
	}
	#look(sample, at) {
		const last = sample.last = this.#lastOf(sample);
		if (last === void 0) return;
		const expected = this.#samples[0].last;
		if (at > 0 && last.ttl !== expected?.ttl) this.#probe(at, this.#candidates);
		const next = this.#candidates.find((ttl) => ttl > last.ttl);
		if (next === void 0 || sample.repeated.has(next) || !sample.seen.delete(next)) return;
		sample.repeated.add(next);
		this.#pending++;
		this.#means.probe(at, next, true);
	}
	#probeOthers({ ttl }) {
		this.#hasOthers = true;
		const next = this.#candidates.find((each) => each > ttl);
		const limits = [...ttl > 0 ? [ttl] : [], ...next === void 0 ? [] : [next]];
		for (let sample = 1; sample < this.#samples.length; sample++) this.#probe(sample, limits);
		if (this.#pending === 0) this.#finish();
	}
	#probe(sample, hopLimits) {
		const { asked } = this.#samples[sample];
		for (const hopLimit of hopLimits) {
			if (asked.has(hopLimit)) continue;
			asked.add(hopLimit);
			this.#pending++;
			this.#means.probe(sample, hopLimit, false);
		}
	}
	#lastOf({ seen, asked }) {
		let last = { ttl: 0 };
		for (const ttl of asked) {
			const found = seen.get(ttl);
			if (found?.kind !== "hop" && found?.kind !== "silent") return void 0;
			if (found.kind === "hop" && ttl > last.ttl) last = {
				ttl,
				from: found.from,
				rttMs: found.rttMs
			};
		}
		return last;
	}
	#finish() {
		this.isDone = true;
		this.#means.done();
	}
};

// src/scan/trace_pacer.ts
const PERIOD_MS = 1050;
var Pacer = class {
	#busyUntil = /* @__PURE__ */ new Map();
	at(router, nowMs) {
		const busyUntil = Math.max(nowMs, this.#busyUntil.get(router) ?? 0);
		this.#busyUntil.set(router, busyUntil + PERIOD_MS);
		return Math.max(nowMs, busyUntil - 3 * PERIOD_MS);
	}
};

// src/scan/trace_source.ts
const AGAIN_MS = 1200;
const TIME_EXCEEDED = reasonCode("time-exceeded");
const NO_RESPONSE$1 = reasonCode("no-response");
const HOST_TIMEOUT$1 = reasonCode("host-timeout");
const IS_OWN = REASONS.map(((reason) => isOwnAnswer({ reason })));
var TraceSource = class {
	host = 0;
	port = 0;
	#known;
	#pacer = new Pacer();
	#walks = /* @__PURE__ */ new Map();
	#waiting = /* @__PURE__ */ new Map();
	#first = /* @__PURE__ */ new Map();
	#hosts = [];
	#whats = [];
	#delayed = [];
	#nextAtMs = 1e400;
	#nowMs;
	constructor(jobs, known, nowMs) {
		this.#known = known;
		this.#nowMs = nowMs;
		for (const job of jobs) this.#startOrWait(job.way, job);
	}
	get size() {
		return this.#hosts.length;
	}
	locate(position) {
		this.host = this.#hosts[position];
		this.port = this.#whats[position];
	}
	portCountOf() {
		return 1e400;
	}
	isSpare() {
		return false;
	}
	get nextAtMs() {
		return this.#nextAtMs;
	}
	release(nowMs) {
		this.#nowMs = nowMs;
		if (nowMs < this.#nextAtMs) return;
		const delayed = this.#delayed;
		this.#delayed = [];
		this.#nextAtMs = 1e400;
		for (const { atMs, host, what } of delayed) this.#addAt(atMs, host, what);
	}
	result = (host, what, _state, reason, _ttl, rttMs, _tries, from) => {
		const walk = this.#walks.get(host);
		if (walk === void 0) return;
		const seen = seenIn(host, reason, from, rttMs);
		const kind = kindOf$1(what);
		if (kind === walk.job.kind && walk.search === void 0) walk.route.take(hopLimitOf(what), seen);
		else walk.search?.take(walk.job.samples.indexOf(kind), hopLimitOf(what), seen);
	};
	traced() {
		return [...this.#walks.values()].filter(({ route }) => route.isDone).map(({ job, route, search }) => ({
			job,
			route,
			lastHops: search?.isDone ? search.lastHops : []
		}));
	}
	#startOrWait(key, job) {
		const first = this.#first.get(key);
		if (first === void 0) this.#start(job, key);
		else if (!first.isDone) {
			const waiting = this.#waiting.get(key);
			if (waiting === void 0) this.#waiting.set(key, [job]);
			else waiting.push(job);
		} else if (key === job.way) this.#startOrWait(`${key} ${networkOf(job.host)}`, job);
		else this.#start(job, void 0);
	}
	#start(job, first) {
		const route = new RouteWalk(job, first === job.way, {
			known: this.#known,
			probe: (hopLimit, isAgain) => this.#probe(job, job.kind, hopLimit, this.#expected(job, hopLimit), isAgain),
			done: () => this.#onRoute(walk, first)
		});
		const walk = {
			job,
			route,
			search: void 0
		};
		this.#walks.set(job.host, walk);
		if (first !== void 0) this.#first.set(first, route);
		route.begin();
	}
	#onRoute(walk, first) {
		const { job, route } = walk;
		if (first !== void 0) {
			const waiting = this.#waiting.get(first) ?? [];
			this.#waiting.delete(first);
			for (const each of waiting) this.#startOrWait(first, each);
		}
		if (job.samples.length === 0) return;
		walk.search = new FilterSearch(route, job.samples.length, {
			probe: (sample, hopLimit, isAgain) => this.#probe(job, job.samples[sample], hopLimit, route.hop(hopLimit)?.from, isAgain),
			done: () => {}
		});
		walk.search.begin();
	}
	#expected({ way, host }, hopLimit) {
		const near = this.#first.get(`${way} ${networkOf(host)}`);
		const path = near?.isDone ? near : this.#first.get(way);
		return path?.isDone && (path.end === 0 || hopLimit < path.end) ? path.hop(hopLimit)?.from : void 0;
	}
	#probe({ host }, kind, hopLimit, router, isAgain) {
		const what = whatOf(kind, hopLimit);
		const fromMs = this.#nowMs + (isAgain ? AGAIN_MS : 0);
		const atMs = router === void 0 ? fromMs : this.#pacer.at(router, fromMs);
		this.#addAt(atMs, host, what);
	}
	#addAt(atMs, host, what) {
		if (atMs <= this.#nowMs) {
			this.#hosts.push(host);
			this.#whats.push(what);
		} else {
			this.#delayed.push({
				atMs,
				host,
				what
			});
			this.#nextAtMs = Math.min(this.#nextAtMs, atMs);
		}
	}
};
function seenIn(host, reason, from, rttMs) {
	if (reason === TIME_EXCEEDED) return {
		kind: "hop",
		from,
		rttMs
	};
	if (IS_OWN[reason] || isError(reason) && from === host) return {
		kind: "host",
		rttMs
	};
	if (isError(reason)) return {
		kind: "blocked",
		from,
		rttMs
	};
	return { kind: reason === NO_RESPONSE$1 || reason === HOST_TIMEOUT$1 ? "silent" : "unknown" };
}

// src/scan/trace_tokens.ts
var MarkedTokens = class {
	#technique;
	#sealed;
	constructor(technique, key) {
		this.#technique = technique;
		this.#sealed = new Correlator(key);
	}
	seal(slot, host, what, attempt) {
		return markedToken(this.#sealed.seal(slot, host, what, attempt), this.#technique.markOf(what));
	}
	open(token, host, what, attempt) {
		return sealedPart(this.#sealed.open(token, host, what, attempt));
	}
};

// src/scan/trace_targets.ts
const MAX_FILTERED = 1 << 20;
const MAX_SAMPLES_OF_HOST = 10;
const MAX_SAMPLES = 128;
const MAX_FILTERED_HOSTS = 64;
const INITIAL_HOP_LIMITS = [
	32,
	64,
	128,
	255
];
const NO_RESPONSE = reasonCode("no-response");
const FITNESS = Uint8Array.from(REASONS, (reason) => {
	if (reason === "reset" || reason === "reset-no-ack") return 3;
	return reason === "syn-ack" ? 2 : reason === "echo-reply" ? 1 : 0;
});
var TraceTargets = class {
	#whereFiltered;
	#answers = /* @__PURE__ */ new Map();
	#filtered = /* @__PURE__ */ new Map();
	#filteredCount = 0;
	leftOut = 0;
	constructor(whereFiltered) {
		this.#whereFiltered = whereFiltered;
	}
	add(rows, pass) {
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			const reason = reasonAt(rows, at);
			const port = portAt(rows, at);
			const fitness = fromAt(rows, at) === host && ttlAt(rows, at) > 0 ? FITNESS[reason] : 0;
			if (fitness > 0) this.#addAnswer(host, {
				pass,
				port,
				ttl: ttlAt(rows, at),
				fitness
			});
			if (!this.#whereFiltered) continue;
			if (stateAt(rows, at) === 2 && reason === NO_RESPONSE) this.#addFiltered(host, pass, port);
			else if (this.#filtered.get(host)?.get(pass)?.delete(port)) this.#filteredCount--;
		}
	}
	resume({ answers, filtered }, mayProbe) {
		for (let at = 0; at + 3 < answers.length; at += 4) {
			const [host, pass, port, ttl] = answers.slice(at, at + 4);
			if (mayProbe(host, pass, port)) this.#addAnswer(host, {
				pass,
				port,
				ttl,
				fitness: 1
			});
		}
		for (let at = 0; at + 3 < filtered.length; at += 4) {
			const [host, pass, first, last] = filtered.slice(at, at + 4);
			for (let port = first; port <= last; port++) if (mayProbe(host, pass, port)) this.#addFiltered(host, pass, port);
		}
	}
	kept() {
		return {
			answers: [...this.#answers].flatMap(([host, { pass, port, ttl }]) => [
				host,
				pass,
				port,
				ttl
			]),
			filtered: [...this.#filtered].flatMap(([host, passes]) => [...passes].flatMap(([pass, ports]) => [...PortSet.of(ports).ranges].flatMap(([first, last]) => [
				host,
				pass,
				first,
				last
			])))
		};
	}
	hosts() {
		const filtered = [...this.#filtered.keys()].filter((host) => this.#filteredPass(host) !== void 0).sort(byNumber);
		const traced = filtered.slice(0, MAX_FILTERED_HOSTS);
		this.leftOut = filtered.length - traced.length;
		const most = Math.min(MAX_SAMPLES_OF_HOST, Math.floor(MAX_SAMPLES / traced.length));
		const samples = new Map(traced.map((host) => [host, this.#filteredOf(host, most)]));
		return [...[...this.#answers.keys()].sort(byNumber), ...traced.filter((host) => !this.#answers.has(host))].map((host) => ({
			host,
			answer: this.#answers.get(host),
			filtered: samples.get(host)
		}));
	}
	#addAnswer(host, answer) {
		const known = this.#answers.get(host);
		if (known === void 0 || known.fitness < answer.fitness) this.#answers.set(host, answer);
	}
	#addFiltered(host, pass, port) {
		if (this.#filteredCount >= MAX_FILTERED) return;
		let passes = this.#filtered.get(host);
		if (passes === void 0) this.#filtered.set(host, passes = /* @__PURE__ */ new Map());
		let ports = passes.get(pass);
		if (ports === void 0) passes.set(pass, ports = /* @__PURE__ */ new Set());
		if (ports.has(port)) return;
		ports.add(port);
		this.#filteredCount++;
	}
	#filteredPass(host) {
		for (const [pass, ports] of this.#filtered.get(host) ?? []) if (ports.size > 0) return pass;
	}
	#filteredOf(host, most) {
		const pass = this.#filteredPass(host);
		const ports = [...this.#filtered.get(host).get(pass)].sort(byNumber);
		return {
			pass,
			ports,
			samples: samplePositions(ports, most)
		};
	}
};
function byNumber(one, other) {
	return one - other;
}
function guessedDistance(ttl) {
	return INITIAL_HOP_LIMITS.find((initial) => initial >= ttl) - ttl + 1;
}

// src/scan/traces.ts
var traces_exports = /* @__PURE__ */ __exportAll({ Traces: () => Traces });
const HOST_TIMEOUT = reasonCode("host-timeout");
var Traces = class Traces {
	#plan;
	#targets;
	#techniques;
	#families;
	#timedOut = /* @__PURE__ */ new Set();
	#traces = [];
	#ended = "done";
	#sent = 0;
	#unmatched = 0;
	#sendRetries = 0;
	#sendErrors = /* @__PURE__ */ new Map();
	constructor(plan, techniques, families) {
		this.#plan = plan;
		this.#targets = new TraceTargets(plan.options.whereFiltered === true);
		this.#techniques = techniques;
		this.#families = families;
	}
	static async open(plan) {
		const { options, passes } = plan;
		const techniques = passes.map(({ technique }) => {
			const found = packetTechnique(technique, options);
			return found instanceof TcpTechnique || found instanceof PingTechnique ? found : void 0;
		});
		using opening = new DisposableStack();
		const families = [];
		for (const family of [4, 6]) {
			const kinds = techniques.flatMap((each, pass) => each === void 0 || (passes[pass].family ?? 4) !== family ? [] : each instanceof PingTechnique ? each.kinds : [kindOf(each, 0)]);
			if (kinds.length === 0) continue;
			const found = await openFamily(family, kinds, plan);
			opening.use(found.opened);
			families.push(found);
		}
		opening.move();
		return families.length === 0 ? void 0 : new Traces(plan, techniques, families);
	}
	add(rows, pass) {
		if (this.#plan.timeouts !== void 0) this.#noteTimedOut(rows);
		if (this.#techniques[pass] !== void 0) this.#targets.add(rows, pass);
	}
	#noteTimedOut(rows) {
		for (let at = 0; at < rows.length; at += 6) if (reasonAt(rows, at) === HOST_TIMEOUT) this.#timedOut.add(hostAt(rows, at));
	}
	resume(kept) {
		const { hosts, excludedPorts } = this.#plan;
		this.#targets.resume(kept, (host, pass, what) => {
			const kind = kindOf(this.#techniques[pass], what);
			return hosts.has(host) && !("tcp" in kind && excludedPorts.has(kind.port));
		});
	}
	kept() {
		return this.#targets.kept();
	}
	get traces() {
		return this.#traces;
	}
	named(names, isTarget) {
		return namesOfHops(this.#traces, names, isTarget);
	}
	warnings() {
		const { leftOut } = this.#targets;
		return leftOut === 0 ? [] : [`Where ports are filtered was not traced for ${counted(leftOut, "more host")}: it was for 64`];
	}
	async run(deadlineAtMs, control) {
		const known = new KnownRoutes();
		const traced = [];
		for (const means of this.#families) {
			for (const { planned, kinds } of this.#batches(means.family)) {
				const hosts = new Map(planned.map(({ job, host }) => [job, host]));
				const jobs = planned.map(({ job }) => job);
				for (const found of await this.#runEngine(means, jobs, kinds, known, deadlineAtMs, control)) traced.push({
					host: hosts.get(found.job),
					found,
					kind: kinds[found.job.kind]
				});
				if (this.#ended !== "done") break;
			}
			if (this.#ended !== "done") break;
		}
		this.#traces = traced.sort((one, other) => one.host.host - other.host.host).map(({ host, found, kind }) => traceOf(host, found, kind, this.#plan.passes, this.#plan.routePlan.book)).filter(({ hops, filtered }) => hops.length > 0 || filtered.length > 0);
	}
	report() {
		return {
			...EMPTY_REPORT,
			ended: this.#ended,
			sent: this.#sent,
			sendRetries: this.#sendRetries,
			sendErrors: [...this.#sendErrors],
			unmatched: this.#unmatched,
			byState: STATES.map(() => 0)
		};
	}
	[Symbol.dispose]() {
		for (const { opened } of this.#families) opened[Symbol.dispose]();
	}
	*#batches(family) {
		let planned = [];
		let kinds = [];
		let numbers = /* @__PURE__ */ new Map();
		for (const host of this.#targets.hosts()) {
			if (this.#timedOut.has(host.host) || familyOf(this.#plan.routePlan.book, host.host) !== family) continue;
			const { filtered } = host;
			const probed = [...host.answer === void 0 ? [] : [host.answer], ...filtered?.samples.map((at) => ({
				pass: filtered.pass,
				port: filtered.ports[at]
			})) ?? []];
			if (kinds.length + probed.length > 2048) {
				yield {
					planned,
					kinds
				};
				planned = [];
				kinds = [];
				numbers = /* @__PURE__ */ new Map();
			}
			const [first, ...others] = probed.map(({ pass, port }) => {
				const key = pass << 16 | port;
				const number = numbers.get(key) ?? numberOf(kindOf(this.#techniques[pass], port), kinds);
				numbers.set(key, number);
				return number;
			});
			const samples = host.answer === void 0 ? [first, ...others] : others;
			const distance = host.answer === void 0 ? 0 : guessedDistance(host.answer.ttl);
			planned.push({
				job: {
					host: host.host,
					way: this.#wayTo(host.host),
					distance,
					kind: first,
					samples
				},
				host
			});
		}
		if (planned.length > 0) yield {
			planned,
			kinds
		};
	}
	#wayTo(host) {
		const { routes, book } = this.#plan.routePlan;
		const { answer } = routes.segments[routes.indexFor(host)];
		const network = familyOf(book, host) === 6 ? ` ${book.ipv6.addressOf(host) >> 64n}` : "";
		return answer.type === "unicast" ? `${answer.interfaceIndex} ${answer.gateway ?? answer.gateway6}${network}` : network;
	}
	async #runEngine({ opened, book, techniqueOf }, jobs, kinds, known, deadlineAtMs, control) {
		const { limits } = this.#plan;
		const { transport, sources, ports, broadcasts } = opened;
		const technique = techniqueOf(kinds);
		const driver = new PacketDriver({
			technique,
			transport,
			book,
			ports,
			broadcasts,
			sources: {
				...sources,
				areShared: false
			},
			ttl: 64
		});
		const clock = systemClock;
		const beganMs = clock.now();
		const source = new TraceSource(jobs, known, beganMs);
		const engine = new Engine({
			source,
			driver,
			correlator: new MarkedTokens(technique, crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(2))),
			limits,
			timeouts: this.#plan.timeouts,
			sink: source,
			nowMs: beganMs
		});
		const yielder = new EventLoopYielder({
			waitForEvents: () => driver.wait(0),
			hasWaitingConsumer: () => false
		});
		let applied = {
			stop: false,
			pause: false
		};
		const isOver = (nowMs) => {
			const state = control();
			if (state.maxRatePps !== void 0 && state.maxRatePps !== applied.maxRatePps) engine.setMaxRate(state.maxRatePps);
			if (state.onPacket !== applied.onPacket) driver.trace(state.onPacket);
			applied = state;
			source.release(nowMs);
			if (state.stop) this.#ended = "interrupted";
			else if (nowMs >= deadlineAtMs) this.#ended = "deadline";
			return this.#ended !== "done";
		};
		while (!isOver(clock.now())) {
			await run({
				engine,
				driver,
				clock,
				latestMs: deadlineAtMs,
				afterStep: isOver,
				yieldToEventLoop: () => yielder.yield()
			});
			if (this.#ended !== "done" || source.nextAtMs === 1e400) break;
			await driver.wait(Math.min(LONGEST_WAIT_MS, Math.max(0, source.nextAtMs - clock.now())));
		}
		this.#count(driver);
		return source.traced();
	}
	#count({ counters }) {
		this.#sent += counters.sent;
		this.#unmatched += counters.unmatched;
		this.#sendRetries += counters.sendRetries;
		for (const [name, count] of counters.sendErrors) this.#sendErrors.set(name, (this.#sendErrors.get(name) ?? 0) + count);
	}
};
async function openFamily(family, kinds, plan) {
	const { options, routePlan, hosts } = plan;
	const { transport = "auto" } = options;
	const ipv6 = family === 6 ? await openIpv6(routePlan) : void 0;
	const techniqueOf = (kinds) => new TraceTechnique(kinds, ipv6?.packets);
	const wanted = {
		targets: hosts,
		kind: transport === "auto" ? "sendto" : transport,
		interfaceName: routePlan.interfaceName,
		sourceIp: options.sourceIp,
		sourcePort: options.sourcePort,
		isPortHeld: true,
		random: crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(1))[0],
		packets: packetNeeds(techniqueOf(kinds))
	};
	return {
		family,
		opened: ipv6 === void 0 ? await openTransport(wanted, routePlan) : await ipv6.open(wanted),
		book: ipv6?.numbers ?? routePlan.book,
		techniqueOf
	};
}
const LONGEST_WAIT_MS = 100;
function numberOf(kind, kinds) {
	const found = kinds.findIndex((each) => "tcp" in each && "tcp" in kind ? each.tcp === kind.tcp && each.port === kind.port : "icmp" in each && "icmp" in kind && each.icmp === kind.icmp);
	return found >= 0 ? found : kinds.push(kind) - 1;
}
function kindOf(technique, what) {
	if (technique instanceof PingTechnique) return technique.kinds[what];
	return {
		name: `${technique.name}:${what}`,
		tcp: technique,
		port: what
	};
}

export { traces_exports as t };