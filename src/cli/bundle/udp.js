// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, H as hostOutcomeTable, K as stateIn, W as outcomeTable, s as probeNames } from "./library.js";
import { $n as withPorts, Bt as portsIn, Er as writeUdp, Hr as ipv4Id, Jr as setIpv4Checksum, Kn as udpPingPort, Kr as ipv4TotalLen, Nt as EmptyTimes, Qn as replyFilter, Qr as writeIpv4, Rt as COMMON_PORTS, Sr as udpChecksum, Ur as ipv4MoreFragments, Vr as ipv4HeaderLen, Wr as ipv4Protocol, Xr as setIpv4Id, Yr as setIpv4Destination, Zr as setIpv4TotalLen, _r as probeId, ar as hasRightChecksums, ci as foldChecksum, ei as icmpv4QuoteLen, er as ICMP_ERRORS, gi as grown, ir as readIpv4, kt as EXPECTED_WRONG_GOAL_THOROUGH, li as sumWords, qr as pseudoHeaderSum, rr as readIcmpError } from "./scan.js";
import { n as readDatagram, r as readQuotedDatagram, t as UDP_RESPONSE } from "./worker.js";
const word = (function word(offset) {
	return ((view, at, token) => view.setUint32(at + offset, token));
});
const bytesOf = (function bytesOf(...parts) {
	const arrays = parts.map(((part) => typeof part !== "string" ? part : part.startsWith("'") ? new TextEncoder().encode(part.slice(1)) : Uint8Array.fromHex(part.replaceAll(" ", ""))));
	const bytes = new Uint8Array(arrays.reduce(((sum, { length }) => sum + length), 0));
	let at = 0;
	for (const array of arrays) {
		bytes.set(array, at);
		at += array.length;
	}
	return bytes;
});


// src/engine/first_errors.ts
const REFILL_MS = 1100;
const REFILLS_WITH_LOSS = 4;
const REFILLS_UNPROVEN = 3;
const REFILLS = 2;
const ENOUGH_REPLIES = 30;
const SOON_MS = 250;
const MAX_HOSTS = 65536;
var FirstErrors = class {
	#state;
	#refills = /* @__PURE__ */ new Uint8Array(0);
	#isUnproven = /* @__PURE__ */ new Uint8Array(0);
	#silent = /* @__PURE__ */ new Set();
	constructor(state) {
		this.#state = state;
	}
	onFirst(slot) {
		if (slot >= this.#refills.length) {
			this.#refills = grown(this.#refills, this.#state.table.capacity);
			this.#isUnproven = grown(this.#isUnproven, this.#state.table.capacity);
		}
		this.#refills[slot] = this.#isUnproven[slot] = 0;
	}
	onSilence(slot, sender) {
		const before = this.#isUnproven[slot];
		const isOwn = sender === this.#state.table.host[slot];
		return before > (this.#isUnproven[slot] = sender === void 0 ? 2 : isOwn ? 0 : 1);
	}
	isUnproven(slot) {
		return this.#isUnproven[slot] > 0;
	}
	takeUnproven(slot) {
		const isUnproven = this.isUnproven(slot);
		this.#isUnproven[slot] = 0;
		return isUnproven;
	}
	awaitsToken(slot) {
		return this.#refillsLeft(slot) > 0;
	}
	isDue(slot, timeMs) {
		const { table, limits: { maxRetries } } = this.#state;
		if (this.#nextAt(slot) <= timeMs + SOON_MS) return true;
		return maxRetries < 1e400 && this.#refillsLeft(slot) > maxRetries - table.tries[slot];
	}
	retransmit(slot, index, timeMs, sender) {
		const dueMs = this.#nextAt(slot);
		if (dueMs > timeMs) {
			this.#state.wheel.schedule(slot, dueMs);
			return;
		}
		this.#refills[slot]++;
		sender.retransmit(slot, index);
	}
	#nextAt(slot) {
		return this.#state.table.times.first[slot] + (this.#refills[slot] + 1) * REFILL_MS;
	}
	#refillsLeft(slot) {
		const { table, limits, loss: { path } } = this.#state;
		const host = table.host[slot];
		if (limits.defeatsIcmpLimit === true || this.#silent.has(host)) return 0;
		const wanted = path.lost > 0 ? REFILLS_WITH_LOSS : path.answered < ENOUGH_REPLIES ? REFILLS_UNPROVEN : REFILLS;
		const left = Math.max(1, Math.min(wanted, limits.maxRetries)) - this.#refills[slot];
		if (left <= 0) this.#addSilent(host);
		return Math.max(0, left);
	}
	#addSilent(host) {
		if (this.#silent.size === MAX_HOSTS) for (const oldest of this.#silent) {
			this.#silent.delete(oldest);
			break;
		}
		this.#silent.add(host);
	}
};

// src/engine/limited_witness.ts
const STALLED_TOKENS = 4;
var LimitedWitness = class {
	#table;
	#limiterOf;
	#holders = [];
	constructor({ table }, limiterOf) {
		this.#table = table;
		this.#limiterOf = limiterOf;
	}
	mayProbe(host, aliveAt, timeMs) {
		const limiter = this.#limiterOf(host);
		if (limiter === void 0) return true;
		const { limit, reserved } = limiter.limits[0];
		return !(limiter.isActive && timeMs - aliveAt < STALLED_TOKENS * limit.apartMs(timeMs)) && limit.hasToken(timeMs, reserved);
	}
	reserve(slot) {
		const own = this.#limiterOf(this.#table.host[slot])?.limits[0];
		if (own !== void 0) own.reserved++;
		this.#holders[slot] = own;
	}
	onSilence(slot, sentMs) {
		const limit = this.#holders[slot]?.limit;
		limit?.onSilence(sentMs, 0, 1);
		return limit?.couldSend(sentMs) !== false;
	}
	release(slot) {
		const own = this.#holders[slot];
		if (own === void 0) return;
		own.reserved--;
		this.#holders[slot] = void 0;
	}
};

// src/engine/covered_loss.ts
const LOSSES = 48;
const [LEAST_ODDS, MOST_ODDS] = [-6, 4];
const SHARES = [
	0,
	.003,
	.01,
	.03,
	.1,
	.2,
	.35,
	.5,
	.65,
	.8,
	.9,
	.97,
	.99,
	.997,
	.999
];
const PAIRS = LOSSES * SHARES.length;
const CAUTIOUS = {
	returned: 7,
	lost: 2,
	share: .01
};
const FAIR = {
	returned: 4,
	lost: 1,
	share: 1
};
const LITTLE_LOSS = .12;
const FIRST_ATTEMPTS = 1;
var Grid = class {
	loss = new Float64Array(PAIRS);
	share = new Float64Array(PAIRS);
	reply = new Float64Array(PAIRS);
	lost = new Float64Array(PAIRS);
	kept = new Float64Array(PAIRS);
	#silences = [];
	weight = new Float64Array(PAIRS);
	weighed;
	prior = CAUTIOUS;
	constructor() {
		for (let at = 0; at < PAIRS; at++) {
			const odds = LEAST_ODDS + (MOST_ODDS - LEAST_ODDS) * Math.floor(at / SHARES.length) / 47;
			this.loss[at] = 1 / (1 + Math.exp(-odds));
			this.share[at] = SHARES[at % SHARES.length];
			this.reply[at] = Math.log((1 - this.share[at]) * (1 - this.loss[at]));
			this.lost[at] = Math.log(this.loss[at]);
			this.kept[at] = Math.log(1 - this.loss[at]);
		}
	}
	silence(attempts) {
		return this.#silences[attempts] ??= this.#silenceOf(attempts);
	}
	#silenceOf(attempts) {
		const chance = this.share.map((share, at) => share + (1 - share) * this.loss[at] ** attempts);
		return {
			chance,
			log: chance.map(Math.log)
		};
	}
	mean(values) {
		let sum = 0;
		for (let at = 0; at < PAIRS; at++) sum += this.weight[at] * values[at];
		return sum;
	}
	chanceClosed(attempts) {
		const { chance } = this.silence(Math.min(attempts, 40));
		let sum = 0;
		for (let at = 0; at < PAIRS; at++) sum += this.weight[at] * (chance[at] - this.share[at]) / chance[at];
		return sum;
	}
};
let grid;
var CoveredLoss = class {
	#returned = 0;
	#proven = 0;
	#silent = new Float64Array(40 + 1);
	#reported = new Float64Array(40 + 1);
	#wrong = 0;
	#needed = 0;
	#probes = 0;
	onSilence(before) {
		if (before > 0) this.#silent[Math.min(before, 40)]--;
		this.#silent[Math.min(before + 1, 40)]++;
		this.#forget();
	}
	onReply(before, isCovered) {
		if (before > 0) this.#silent[Math.min(before, 40)]--;
		this.#proven += before;
		if (isCovered) this.#returned++;
		this.#forget();
	}
	addSilent(attempts, ports = 1) {
		this.#reported[Math.min(attempts, 40)] += ports;
		this.#wrong = -1;
	}
	get expectedWrong() {
		if (this.#wrong >= 0) return this.#wrong;
		this.#wrong = 0;
		this.#reported.forEach((ports, attempts) => {
			if (ports > 0) this.#wrong += ports * this.#weigh(FAIR).chanceClosed(attempts);
		});
		return this.#wrong;
	}
	attemptsNeeded(probes) {
		if (this.#needed > 0 && probes === this.#probes) return this.#needed;
		const { loss, share, weight } = this.#weigh();
		const missed = new Float64Array(LOSSES);
		for (let at = 0; at < PAIRS; at++) missed[Math.floor(at / SHARES.length)] += weight[at] * (1 - share[at]);
		this.#probes = probes;
		for (this.#needed = 1; this.#needed < 40; this.#needed++) {
			let sum = 0;
			for (let i = 0; i < LOSSES; i++) sum += missed[i] *= loss[i * SHARES.length];
			if (this.#needed >= 2 && sum < 5e-4 / probes) break;
		}
		return this.#needed;
	}
	spentBy(attempts) {
		return attempts > FIRST_ATTEMPTS || this.share < LITTLE_LOSS ? this.#weigh().chanceClosed(attempts) : 1;
	}
	get share() {
		const made = this.#weigh();
		return made.mean(made.loss);
	}
	chanceSilent(attempts) {
		const made = this.#weigh();
		const last = Math.min(attempts, 40);
		return made.mean(made.silence(last).chance) / made.mean(made.silence(last - 1).chance);
	}
	#forget() {
		this.#needed = 0;
		this.#wrong = -1;
		if (grid?.weighed === this) grid.weighed = void 0;
	}
	#weigh(from = CAUTIOUS) {
		const made = grid ??= new Grid();
		if (made.weighed === this && made.prior === from) return made;
		made.weighed = this;
		made.prior = from;
		const { reply, lost, kept, share, weight } = made;
		const [ofShare, lostCount] = [Math.log(from.share), from.lost + this.#proven];
		for (let at = 0; at < PAIRS; at++) weight[at] = this.#returned * reply[at] + lostCount * lost[at] + from.returned * kept[at] + (share[at] === 0 ? 0 : ofShare);
		for (let count = 1; count <= 40; count++) {
			const ports = this.#silent[count];
			if (ports === 0) continue;
			const { log } = made.silence(count);
			for (let at = 0; at < PAIRS; at++) weight[at] += ports * log[at];
		}
		let most = -1e400;
		for (let at = 0; at < PAIRS; at++) most = Math.max(most, weight[at]);
		let sum = 0;
		for (let at = 0; at < PAIRS; at++) sum += weight[at] = Math.exp(weight[at] - most);
		for (let at = 0; at < PAIRS; at++) weight[at] /= sum;
		return made;
	}
};

// src/engine/rate_trial.ts
const GAP_MS = 25;
const LATER_GAP_MS = 50;
const LONGEST_MS = 2e3;
const MAX_PROBES = 60;
const EARLY_PROBES = 40;
const TIMES = 4;
const ALIKE = 2.2;
const ENOUGH_IN_ROW = 12;
const SAVED = 6;
var RateTrial = class {
	#beganMs = -1e400;
	#isOver = false;
	#sent = new Float64Array(MAX_PROBES);
	#count = 0;
	#lastMs = -1e400;
	#errors = 0;
	#isEmpty = false;
	#times = new Float64Array(TIMES);
	#sorted = new Float64Array(TIMES);
	#timed = 0;
	isOn(nowMs) {
		if (this.#isOver || this.#count === MAX_PROBES) return false;
		return this.#count === 0 || nowMs - this.#beganMs < LONGEST_MS;
	}
	covers(sentMs) {
		return !this.#isOver && this.#count > 0 && sentMs >= this.#beganMs && sentMs < this.#beganMs + LONGEST_MS;
	}
	end() {
		this.#isOver = true;
	}
	nextAt(nowMs) {
		const gapMs = this.#count < EARLY_PROBES ? GAP_MS : LATER_GAP_MS;
		return this.#count === 0 ? nowMs : Math.max(nowMs, this.#sent[this.#count - 1] + gapMs);
	}
	onSent(nowMs) {
		if (!this.isOn(nowMs)) return;
		if (this.#count === 0) this.#beganMs = nowMs;
		this.#sent[this.#count++] = nowMs;
	}
	onError(sentMs) {
		if (!this.covers(sentMs) || sentMs <= this.#lastMs) return 0;
		const beforeMs = this.#lastMs;
		this.#lastMs = sentMs;
		this.#errors++;
		if (beforeMs < this.#beganMs) return 0;
		if (this.#hasSentBetween(beforeMs, sentMs)) this.#isEmpty = true;
		if (this.#isEmpty) return this.#onTime(sentMs - beforeMs);
		return this.#errors < ENOUGH_IN_ROW ? 0 : (this.#errors - SAVED) * 1e3 / (sentMs - this.#beganMs);
	}
	#hasSentBetween(afterMs, beforeMs) {
		for (let i = this.#count - 1; i >= 0 && this.#sent[i] > afterMs; i--) if (this.#sent[i] < beforeMs) return true;
		return false;
	}
	#onTime(ms) {
		this.#times[this.#timed++ % TIMES] = ms;
		if (this.#timed < TIMES) return 0;
		this.#sorted.set(this.#times);
		const [least, second, third] = this.#sorted.sort();
		return third > ALIKE * least || second < 1.5 * GAP_MS ? 0 : 2e3 / (second + third);
	}
};

// src/engine/silent_rows.ts
const CHANCE_OF_ROW = .001;
const CHANCE_OF_COVERED_ROW = .05;
var SilentRows = class {
	lastErrorMs = -1e400;
	#lastError = 0;
	#withError = 0;
	#silentBefore = 0;
	#silentAfter = 0;
	#covered = 1;
	onError(sentMs, first) {
		this.#covered = 1;
		if (first > 0) this.#withError++;
		if (first <= this.#lastError) return;
		this.#lastError = first;
		this.lastErrorMs = sentMs;
		this.#silentBefore += this.#silentAfter;
		this.#silentAfter = 0;
	}
	onFirst(first) {
		if (first < this.#lastError) {
			this.#silentBefore++;
			return false;
		}
		if ((1 - (this.#withError + .5) / (this.#withError + this.#silentBefore + 1)) ** ++this.#silentAfter >= CHANCE_OF_ROW) return false;
		this.#silentAfter = 0;
		return true;
	}
	onCovered(chance) {
		this.#covered *= chance;
		if (this.#covered >= CHANCE_OF_COVERED_ROW) return false;
		this.#covered = 1;
		return true;
	}
};

// src/engine/icmp_limit.ts
const KNOWN = [
	{
		burst: 6,
		perSecond: 1
	},
	{
		burst: 6,
		perSecond: 10
	},
	{
		burst: 110,
		perSecond: 1e3
	},
	{
		burst: 1e400,
		perSecond: 1e400
	}
];
const JITTER_MS = 20;
const SHARE_WEIGHT = .1;
const TOO_FEW = .35;
const ENOUGH_ERRORS = 8;
const PACED_PER_EARLY = 8;
const GUESSED_PER_EARLY = 2;
const GUESSED_EARLY = 16;
const SAME_RATE = .15;
const ENOUGH_BEFORE = 3;
const WIDE_PER_SECOND = 100;
const UNLIMITED_PER_SECOND = 2e4;
const ROUNDING = 1e-6;
var ErrorLimit = class {
	#rate = KNOWN[0];
	#least;
	#most;
	#atMs = -1e400;
	#sinceMs = 0;
	#firstMs = 1e400;
	#silentBeforeFirst = 0;
	#errors = 0;
	#share = 1;
	#pacedMs = -1e400;
	#paced = 0;
	#isGuess = false;
	#rows = new SilentRows();
	#trial = new RateTrial();
	#empty = new EmptyTimes();
	constructor() {
		this.#least = this.#most = this.#rate.burst;
	}
	get rate() {
		return this.#rate;
	}
	get isWide() {
		return this.#rate.perSecond >= WIDE_PER_SECOND;
	}
	get isUnlimited() {
		return this.#rate.perSecond === 1e400;
	}
	startEmpty(sentMs) {
		this.#firstMs = sentMs;
		this.#advance(sentMs);
		this.#drain(sentMs);
	}
	onError(sentMs, lost, first = 0) {
		this.#advance(sentMs);
		this.#firstMs = Math.min(this.#firstMs, sentMs);
		this.#errors++;
		this.#rows.onError(sentMs, first);
		for (let i = 0; i < lost; i++) this.#share -= SHARE_WEIGHT * this.#share;
		this.#share += SHARE_WEIGHT * (1 - this.#share);
		if (this.isUnlimited) {
			if (this.#share < TOO_FEW) this.#measure(sentMs);
			return;
		}
		this.#most--;
		const measured = this.#trial.onError(sentMs);
		if (measured > 0) this.#onMeasured(measured, sentMs);
		else if (!this.#trial.covers(sentMs) && this.#most < -.5 - JITTER_MS * this.#rate.perSecond / 1e3) this.#widen(sentMs);
		this.#least = lost > 0 ? 0 : Math.max(0, this.#least - 1);
		if (this.#share < TOO_FEW) this.#measure(sentMs);
		if (this.#least < 1) this.#empty.add(sentMs, sentMs + this.#waitMs(1));
	}
	onSilence(sentMs, first, spent) {
		if (first > 0) {
			if (this.#isBeforeFirst(sentMs) && ++this.#silentBeforeFirst === ENOUGH_BEFORE && !this.isWide) this.#drain(this.#firstMs);
			if (this.#rows.onFirst(first)) this.#onEmpty(sentMs);
		}
		if (spent === 0 || this.isUnlimited || this.#atMs === -1e400) return;
		const refilled = Math.max(0, this.#atMs - sentMs) * this.#rate.perSecond / 1e3;
		this.#least = Math.max(Math.min(this.#least, refilled), this.#least - spent);
		if (this.#least < 1) this.#empty.add(sentMs + Number.EPSILON * sentMs, this.#atMs + this.#waitMs(1));
	}
	onCovered(sentMs, chance) {
		if (this.#rows.onCovered(chance)) this.#drain(sentMs);
	}
	#onEmpty(nowMs) {
		const [tightest, next] = KNOWN;
		if (this.#rate.perSecond > next.perSecond) {
			this.#begin(tightest, 0, nowMs);
			this.#isGuess = true;
		}
		this.#advance(nowMs);
		this.#drain(this.#rows.lastErrorMs);
	}
	#drain(fromMs) {
		this.#least = 0;
		this.#empty.add(fromMs, this.#atMs + this.#waitMs(1));
	}
	couldSend(sentMs) {
		if (this.isUnlimited) return true;
		if (this.#isBeforeFirst(sentMs)) return false;
		return !this.#empty.covers(sentMs, 2 * ROUNDING * 1e3 / this.#rate.perSecond);
	}
	#isBeforeFirst(sentMs) {
		return this.#firstMs !== 1e400 && sentMs < this.#firstMs;
	}
	hasToken(nowMs, reserved) {
		if (this.isUnlimited) return true;
		this.#advance(nowMs);
		return this.#least >= reserved + 1 - ROUNDING;
	}
	nextAt(nowMs, reserved) {
		if (this.hasToken(nowMs, reserved)) return nowMs;
		const dueMs = reserved + 1 > this.#rate.burst ? 1e400 : nowMs + this.#waitMs(reserved + 1);
		if (this.#isOnTrial(nowMs)) return Math.min(dueMs, this.#trial.nextAt(nowMs));
		const isNew = this.#isGuess && this.#paced < GUESSED_EARLY;
		if (this.#paced % (isNew ? GUESSED_PER_EARLY : PACED_PER_EARLY) !== 0) return dueMs;
		return Math.min(dueMs, Math.max(nowMs, this.#pacedMs + 500 / this.#rate.perSecond));
	}
	onPaced(nowMs) {
		this.#pacedMs = nowMs;
		this.#paced++;
		if (this.#isOnTrial(nowMs)) this.#trial.onSent(nowMs);
	}
	apartMs(nowMs) {
		return this.#isOnTrial(nowMs) ? 0 : 1e3 / this.#rate.perSecond;
	}
	#isOnTrial(nowMs) {
		return this.#rate === KNOWN[0] && this.#trial.isOn(nowMs);
	}
	#onMeasured(perSecond, nowMs) {
		this.#trial.end();
		const { burst } = KNOWN[0];
		const known = KNOWN.find((each) => Math.abs(perSecond / each.perSecond - 1) <= SAME_RATE);
		this.#begin(known?.burst === burst ? known : {
			burst,
			perSecond: Math.max(1, perSecond)
		}, 0, nowMs);
		this.#isGuess = known === void 0;
	}
	#waitMs(wanted) {
		return (wanted - this.#least) * 1e3 * 1.01 / this.#rate.perSecond;
	}
	#advance(toMs) {
		if (this.#atMs === -1e400) this.#sinceMs = this.#atMs = toMs;
		if (toMs <= this.#atMs) return;
		const more = (toMs - this.#atMs) * this.#rate.perSecond / 1e3;
		this.#atMs = toMs;
		this.#least = Math.min(this.#rate.burst, this.#least + more / 1.01);
		this.#most = Math.min(this.#rate.burst, this.#most + more);
	}
	#widen(nowMs) {
		const { burst, perSecond } = this.#rate;
		const spent = burst - this.#most;
		const isBurst = this.#pacedMs === -1e400;
		if (isBurst) this.#empty.clear();
		const wider = isBurst ? KNOWN.find((known) => known.perSecond > perSecond || known.burst > burst) : {
			burst,
			perSecond: 2 * perSecond
		};
		this.#begin(wider.perSecond > UNLIMITED_PER_SECOND ? KNOWN.at(-1) : wider, Math.max(0, wider.burst - spent), nowMs);
	}
	#measure(nowMs) {
		const seconds = (nowMs - this.#sinceMs) / 1e3;
		if (this.#errors < ENOUGH_ERRORS || seconds <= 0) return;
		const { burst, perSecond } = KNOWN[0];
		const measured = Math.max(perSecond, this.#errors / seconds);
		if (measured >= this.#rate.perSecond) return;
		this.#begin({
			burst,
			perSecond: measured
		}, 0, nowMs);
		this.#isGuess = true;
	}
	#begin(rate, tokens, nowMs) {
		this.#rate = rate;
		this.#least = tokens;
		this.#most = rate.burst;
		this.#sinceMs = nowMs;
		this.#errors = this.#paced = 0;
		this.#share = 1;
	}
};

// src/engine/peer_limits.ts
const ENOUGH_SILENT = 8;
var PeerLimit = class {
	limit = new ErrorLimit();
	reserved = 0;
};
var Limiter = class {
	limits;
	loss = new CoveredLoss();
	sender;
	queues;
	isActive = false;
	silentAgain = 0;
	undecided = 0;
	constructor(sender, sourceCount, queues) {
		this.sender = sender;
		this.limits = Array.from({ length: sourceCount }, () => new PeerLimit());
		this.queues = queues;
	}
	get isWide() {
		return this.limits.every(({ limit }) => limit.isWide);
	}
	get isUnlimited() {
		return this.limits.every(({ limit }) => limit.isUnlimited);
	}
	spentBy(attempts, lost) {
		return this.isWide ? +(lost > 0 || this.silentAgain < ENOUGH_SILENT) : this.loss.spentBy(attempts);
	}
	onCovered(limit, sentMs, attempts) {
		if (!this.isWide) limit.onCovered(sentMs, this.loss.chanceSilent(attempts));
		this.loss.onSilence(attempts - 1);
	}
};

// src/engine/icmp_limiters.ts
var icmp_limiters_exports = /* @__PURE__ */ __exportAll({ IcmpLimiters: () => IcmpLimiters });
const PORT_UNREACH$1 = reasonCode("port-unreach");
const [SERVICE_GAP_MS, MAX_SERVICE_GAP_MS] = [1, 1e3];
const MAX_SWEEPS = 12;
var IcmpLimiters = class {
	isOn;
	queued = 0;
	firstErrors;
	witness;
	#state;
	#bySender = /* @__PURE__ */ new Map();
	#byHost = /* @__PURE__ */ new Map();
	#byNetwork = /* @__PURE__ */ new Map();
	#active = [];
	#order = /* @__PURE__ */ new Uint32Array(0);
	#firsts = 0;
	#judged = /* @__PURE__ */ new Uint8Array(0);
	#covered = /* @__PURE__ */ new Uint8Array(0);
	#holders = [];
	#isQueued = /* @__PURE__ */ new Uint8Array(0);
	#isPaced = /* @__PURE__ */ new Uint8Array(0);
	#nextServiceAt = 1e400;
	#servicedAt = 0;
	constructor(state) {
		this.#state = state;
		this.firstErrors = new FirstErrors(state);
		this.witness = new LimitedWitness(state, (host) => this.#of(host));
		this.isOn = stateIn(state.driver.outcomes, PORT_UNREACH$1) === 1;
	}
	get nextAt() {
		if (this.queued === 0) return 1e400;
		return Math.max(this.#nextServiceAt, this.#servicedAt + SERVICE_GAP_MS * (1 + this.#active.length / 1e3));
	}
	onFirst(slot) {
		if (slot >= this.#order.length) {
			this.#order = grown(this.#order, this.#state.table.capacity);
			this.#judged = grown(this.#judged, this.#state.table.capacity);
			this.#covered = grown(this.#covered, this.#state.table.capacity);
		}
		this.firstErrors.onFirst(slot);
		this.#order[slot] = ++this.#firsts;
		this.#judged[slot] = this.#covered[slot] = 0;
	}
	onError(slot, attempt, from, sentMs) {
		const { host: hosts, tries, countedTries } = this.#state.table;
		const host = hosts[slot];
		if (this.firstErrors.takeUnproven(slot)) countedTries[slot] = Math.min(countedTries[slot], tries[slot] - attempt);
		const lost = Math.max(0, attempt - (tries[slot] - countedTries[slot]));
		let limiter = this.#bySender.get(from);
		if (limiter === void 0) {
			const { table, driver } = this.#state;
			limiter = new Limiter(from, driver.sourceCount ?? 1, [table.newList(), table.newList()]);
			this.#bySender.set(from, limiter);
			if (attempt > 0) for (const { limit } of limiter.limits) limit.startEmpty(sentMs);
		}
		this.#limitOf(limiter, slot, attempt).onError(sentMs, lost, attempt === 0 ? this.#order[slot] : 0);
		limiter.loss.onReply(this.#covered[slot], this.#holdsToken(slot, limiter));
		this.#covered[slot] = 0;
		if (from === host || !this.#byHost.has(host)) this.#byHost.set(host, limiter);
		if (from !== host) this.#byNetwork.set(this.#state.networkOf(host), limiter);
	}
	onSilence(slot, sentMs) {
		const { table: { host, tries, countedTries }, loss } = this.#state;
		const limiter = this.#of(host[slot]);
		if (this.firstErrors.onSilence(slot, limiter?.sender)) countedTries[slot] = 1;
		if (limiter === void 0 || this.#judged[slot] === tries[slot]) return true;
		this.#judged[slot] = tries[slot];
		const limit = this.#limitOf(limiter, slot, tries[slot] - 1);
		const couldSend = limit.couldSend(sentMs);
		const spent = limiter.spentBy(this.#covered[slot] + 1, loss.path.lost);
		limit.onSilence(sentMs, tries[slot] === 1 ? this.#order[slot] : 0, spent);
		if (couldSend && countedTries[slot] > 1) limiter.silentAgain++;
		const isApart = tries[slot] === 1 || limit.isUnlimited || this.#isPaced[slot] === 1;
		if (!couldSend || !isApart || !limit.couldSend(sentMs)) return false;
		if (this.#holdsToken(slot, limiter)) limiter.onCovered(limit, sentMs, ++this.#covered[slot]);
		return true;
	}
	awaitsToken(slot) {
		const { host } = this.#state.table;
		return this.isOn && this.#of(host[slot])?.sender !== host[slot] && this.firstErrors.awaitsToken(slot);
	}
	lossOf(host) {
		const limiter = this.#of(host);
		return limiter?.isWide === false ? limiter.loss : void 0;
	}
	get expectedWrong() {
		return this.#bySender.values().reduce((sum, { loss }) => sum + loss.expectedWrong, 0);
	}
	#holdsToken(slot, { limits }) {
		const holder = this.#holders[slot];
		return holder !== void 0 && limits.includes(holder);
	}
	isPaced(slot, needed) {
		const { table: { host, port, tries }, driver } = this.#state;
		const limiter = this.#of(host[slot]);
		if (limiter === void 0 || limiter.isUnlimited) return false;
		return tries[slot] >= Math.min(MAX_SWEEPS, needed) || driver.isLikely?.(port[slot]) !== true;
	}
	enqueue(slot) {
		const { table, driver, clock } = this.#state;
		const limiter = this.#of(table.host[slot]);
		table.move(slot, limiter.queues[driver.isLikely?.(table.port[slot]) === true ? 0 : 1]);
		if (slot >= this.#isQueued.length) {
			this.#isQueued = grown(this.#isQueued, table.capacity);
			this.#isPaced = grown(this.#isPaced, table.capacity);
		}
		this.#isQueued[slot] = 1;
		this.queued++;
		if (!limiter.isActive) this.#active.push(limiter);
		limiter.isActive = true;
		for (const { limit, reserved } of limiter.limits) this.#nextServiceAt = Math.min(this.#nextServiceAt, limit.nextAt(clock.nowMs, reserved));
	}
	isWaiting(slot) {
		return this.#isQueued[slot] === 1 || this.#isPaced[slot] === 1;
	}
	release(slot) {
		if (!this.isOn) return;
		this.witness.release(slot);
		if (slot < this.#isPaced.length) this.#isPaced[slot] = 0;
		if (this.#isQueued[slot] === 1) {
			this.#isQueued[slot] = 0;
			this.queued--;
		}
		const holder = this.#holders[slot];
		if (holder === void 0) return;
		this.#holders[slot] = void 0;
		holder.reserved--;
		this.#nextServiceAt = Math.min(this.#nextServiceAt, this.#state.clock.nowMs);
	}
	service(timeMs, budget, sender) {
		if (timeMs < this.nextAt) return 0;
		this.#servicedAt = timeMs;
		this.#nextServiceAt = timeMs + MAX_SERVICE_GAP_MS;
		let sent = 0;
		for (const limiter of this.#active) for (let source = 0; source < limiter.limits.length; source++) sent += this.#serve(limiter, source, timeMs, budget - sent, sender);
		if (this.#active.some(({ isActive }) => !isActive)) this.#active = this.#active.filter(({ isActive }) => isActive);
		return sent;
	}
	#serve(limiter, source, timeMs, budget, sender) {
		const { limit } = limiter.limits[source];
		for (let sent = 0;; sent++) {
			const slot = this.#first(limiter, source, timeMs);
			limiter.isActive = slot >= 0;
			if (slot < 0) return sent;
			const dueMs = sent < budget ? Math.max(limit.nextAt(timeMs, limiter.limits[source].reserved), this.#apartAt(slot, limit, source, timeMs)) : timeMs + SERVICE_GAP_MS;
			this.#nextServiceAt = Math.min(this.#nextServiceAt, dueMs);
			if (dueMs > timeMs || !this.#send(slot, limiter.limits[source], source, timeMs, sender)) return sent;
		}
	}
	#send(slot, own, source, timeMs, sender) {
		const { table, hosts } = this.#state;
		const hasToken = own.limit.hasToken(timeMs, own.reserved);
		if (!sender.send(slot, hosts.find(table.host[slot]), timeMs, source)) return false;
		this.#isQueued[slot] = 0;
		this.queued--;
		if (table.status[slot] !== 2) return true;
		own.limit.onPaced(timeMs);
		this.#isPaced[slot] = 1;
		if (!hasToken) return true;
		this.#holders[slot] = own;
		own.reserved++;
		return true;
	}
	#first(limiter, source, timeMs) {
		const { table } = this.#state;
		const [likely, other] = [table.first(limiter.queues[0]), table.first(limiter.queues[1])];
		if (likely < 0 || other < 0) return Math.max(likely, other);
		return this.#apartAt(likely, limiter.limits[source].limit, source, timeMs) <= timeMs ? likely : other;
	}
	#apartAt(slot, limit, source, timeMs) {
		const { table } = this.#state;
		const isSame = table.times.source[probeId(slot, table.tries[slot] - 1)] === source;
		return table.lastSentAt(slot) + (isSame ? limit.apartMs(timeMs) : 0);
	}
	#limitOf({ limits }, slot, attempt) {
		return limits[this.#state.table.times.source[probeId(slot, attempt)]].limit;
	}
	onUndecided(host) {
		const limiter = this.#of(host);
		if (limiter !== void 0) limiter.undecided++;
	}
	report() {
		return Array.from(this.#bySender.values(), ({ sender, undecided, limits }) => ({
			sender,
			undecided,
			perSecond: limits.reduce((sum, { limit }) => sum + limit.rate.perSecond, 0)
		})).filter(({ undecided }) => undecided > 0);
	}
	#of(host) {
		return this.#byHost.get(host) ?? (this.#byNetwork.size > 0 ? this.#byNetwork.get(this.#state.networkOf(host)) : void 0);
	}
};

// src/technique/payloads/payload.ts
const STRONG_BITS = 24;
const TOKEN_BITS = /* @__PURE__ */ new WeakMap();
function isWeak(payload) {
	return tokenBits(payload).echoed < STRONG_BITS;
}
function hasToken(payload, length) {
	return length >= tokenBits(payload).enoughLen;
}
function tokenBits(payload) {
	let bits = TOKEN_BITS.get(payload);
	if (bits === void 0) TOKEN_BITS.set(payload, bits = countBits(payload));
	return bits;
}
function countBits(payload) {
	const [one, other] = [0, 1].map(() => new DataView(new ArrayBuffer(payload.bytes.length)));
	const length = writePayload(payload, one, 0, 0);
	const ends = [];
	let echoed = 0;
	for (let bit = 0; bit < 32; bit++) {
		writePayload(payload, other, 0, 1 << bit >>> 0);
		const isChanged = (from, count) => !areSame(one, from, other, 0, length, from, count);
		const end = Array.from({ length }, (_, i) => i + 1).find((end) => isChanged(end - 1, 1));
		if (end !== void 0) ends.push(end);
		if (payload.echoes.some(([from, , count]) => isChanged(from, count))) echoed++;
	}
	return {
		enoughLen: ends.sort((one, other) => one - other)[23] ?? 1e400,
		echoed
	};
}
function writePayload({ bytes, cookies }, view, at, token) {
	for (let i = 0; i < bytes.length; i++) view.setUint8(at + i, bytes[i]);
	for (let i = 0; i < cookies.length; i++) cookies[i](view, at, token);
	return bytes.length;
}
function isEchoed({ echoes }, request, requestAt, view, at, length) {
	for (let i = 0; i < echoes.length; i++) {
		const [from, to, count] = echoes[i];
		let offset = Math.max(0, to);
		const last = to < 0 ? length - count : to;
		while (offset <= last && !areSame(request, requestAt + from, view, at, length, offset, count)) offset++;
		if (offset > last) return false;
	}
	return true;
}
function areSame(request, from, view, at, length, offset, count) {
	if (offset + count > length) return false;
	for (let i = 0; i < count; i++) if (request.getUint8(from + i) !== view.getUint8(at + offset + i)) return false;
	return true;
}

function positive(offset) {
	return (view, at, token) => view.setUint32(at + offset, token & 1073741823 | 1073741824);
}
function half(offset) {
	return (view, at, token) => view.setUint16(at + offset, token & 65535);
}
function lowByte(offset) {
	return (view, at, token) => view.setUint8(at + offset, token & 255);
}
function digits(offset) {
	return (view, at, token) => {
		for (let i = 0; i < 8; i++) {
			const digit = token >>> 28 - 4 * i & 15;
			view.setUint8(at + offset + i, digit < 10 ? 48 + digit : 87 + digit);
		}
	};
}
function idAndCase(id, name, nameLen) {
	return (view, at, token) => {
		view.setUint16(at + id, token & 65535);
		let bits = token >>> 16;
		for (let i = name; i < name + nameLen; i++) {
			const byte = view.getUint8(at + i);
			if ((byte | 32) < 97 || (byte | 32) > 122) continue;
			view.setUint8(at + i, (bits & 1) === 0 ? byte | 32 : byte & -33);
			bits >>>= 1;
		}
	};
}

function offsetOf(bytes, marker) {
	return new TextDecoder("latin1").decode(bytes).indexOf(marker);
}
function domainName(name) {
	return bytesOf(...name.split(".").flatMap((label) => [Uint8Array.of(label.length), `'${label}`]), "00");
}
function ber(tag, ...parts) {
	const content = bytesOf(...parts);
	const { length } = content;
	return bytesOf(length < 128 ? Uint8Array.of(tag, length) : length < 256 ? Uint8Array.of(tag, 129, length) : Uint8Array.of(tag, 130, length >> 8, length & 255), content);
}

// src/technique/payloads/devices.ts
const SSDP = (() => {
	const lines = [
		"M-SEARCH * HTTP/1.1",
		"HOST: 239.255.255.250:1900",
		"MAN: \"ssdp:discover\"",
		"ST: upnp:rootdevice",
		`USER-AGENT: ${"-".repeat(160)}`,
		"\r\n"
	];
	const bytes = bytesOf("'" + lines.join("\r\n"));
	return {
		service: "upnp",
		ports: [1900],
		bytes,
		cookies: [digits(offsetOf(bytes, "--"))],
		echoes: []
	};
})();
const WS_DISCOVERY = (() => {
	const soap = "http://www.w3.org/2003/05/soap-envelope";
	const addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
	const discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
	const bytes = bytesOf(`'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}" xmlns:d="${discovery}"><s:Header><a:Action>${discovery}/Probe</a:Action><a:MessageID>urn:uuid:00000000-0000-4000-8000-000000000001</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe/></s:Body></s:Envelope>`);
	const id = offsetOf(bytes, "00000000-0000");
	return {
		service: "wsdapi",
		ports: [3702],
		bytes,
		cookies: [digits(id)],
		echoes: [[
			id,
			-1,
			36
		]]
	};
})();
const NAT_PMP = {
	service: "nat-pmp",
	ports: [5351],
	bytes: bytesOf("0000"),
	cookies: [],
	echoes: []
};
const BACNET = {
	service: "bacnet",
	ports: [47808],
	bytes: bytesOf("810a0011 0104 0005 00 0c 0c 023fffff 19 4b"),
	cookies: [lowByte(8)],
	echoes: []
};
const ETHERNET_IP = {
	service: "EtherNetIP",
	ports: [44818],
	bytes: bytesOf("0400 0000 00000000 00000000", /* @__PURE__ */ new Uint8Array(8), "00000000"),
	cookies: [word(12), word(16)],
	echoes: [[
		12,
		12,
		8
	]]
};
const KNX = {
	service: "efcp",
	ports: [3671],
	bytes: bytesOf("0610 0203 000e 0801 00000000 0000"),
	cookies: [],
	echoes: []
};
const MINECRAFT = {
	service: "minecraft-bedrock",
	ports: [19132],
	bytes: bytesOf("01", /* @__PURE__ */ new Uint8Array(8), "00ffff00fefefefefdfdfdfd12345678", /* @__PURE__ */ new Uint8Array(8)),
	cookies: [word(1), word(5)],
	echoes: [[
		1,
		1,
		8
	]]
};
const DHT = (() => {
	const bytes = bytesOf("'d1:ad2:id20:aaaaaaaaaaaaaaaaaaaae1:q4:ping1:t4:0000", "'1:y1:qe");
	const id = offsetOf(bytes, "t4:0000") + 3;
	return {
		service: "bittorrent-dht",
		ports: [6881],
		bytes,
		cookies: [word(id)],
		echoes: [[
			id - 3,
			-1,
			7
		]]
	};
})();
const QUAKE = {
	service: "quake3",
	ports: [27960],
	bytes: bytesOf("ffffffff", "'getchallenge\n"),
	cookies: [],
	echoes: []
};
const MUMBLE = {
	service: "murmur",
	ports: [64738],
	bytes: /* @__PURE__ */ new Uint8Array(12),
	cookies: [word(4), word(8)],
	echoes: [[
		4,
		4,
		8
	]]
};
const DEVICE_PAYLOADS = [...[
	SSDP,
	WS_DISCOVERY,
	NAT_PMP,
	BACNET,
	ETHERNET_IP,
	KNX,
	MINECRAFT,
	DHT,
	QUAKE,
	MUMBLE
]];

// src/technique/payloads/machines.ts
const NTP = {
	service: "ntp",
	ports: [123],
	bytes: bytesOf("e3 00 0a fa", /* @__PURE__ */ new Uint8Array(44)),
	cookies: [word(40), word(44)],
	echoes: [[
		40,
		24,
		8
	]]
};
const SNMP = (() => {
	const header = ber(48, "0204 40000000 020205c0 040104 020103");
	const usm = ber(4, ber(48, "0400 020100 020100 0400 0400 0400"));
	const pdu = ber(48, "0400 0400", ber(160, "0204 40000000 020100 020100 3000"));
	const bytes = ber(48, "020103", header, usm, pdu);
	return {
		service: "snmp",
		ports: [161, 162],
		bytes,
		cookies: [positive(9), positive(bytes.length - 12)],
		echoes: [[
			7,
			-1,
			6
		]]
	};
})();
function rpc(service, ports, program, version) {
	return {
		service,
		ports,
		bytes: bytesOf("00000000 00000000 00000002", program, Uint8Array.of(0, 0, 0, version), /* @__PURE__ */ new Uint8Array(20)),
		cookies: [word(0)],
		echoes: [[
			0,
			0,
			4
		]]
	};
}
const TFTP = {
	service: "tftp",
	ports: [69],
	bytes: bytesOf("0001", "'no-such-00000000", "00", "'netascii", "00"),
	cookies: [digits(10)],
	echoes: [],
	isElsewhere: true
};
const IPMI = {
	service: "asf-rmcp",
	ports: [623, 664],
	bytes: bytesOf("0600ff06 000011be 80000000"),
	cookies: [lowByte(9)],
	echoes: [[
		9,
		9,
		1
	]]
};
const RADIUS = {
	service: "radius",
	ports: [
		1645,
		1646,
		1812,
		1813
	],
	bytes: bytesOf("0c00 0026", /* @__PURE__ */ new Uint8Array(16), "5012", /* @__PURE__ */ new Uint8Array(16)),
	cookies: [lowByte(1), word(4)],
	echoes: [[
		1,
		1,
		1
	]]
};
const MEMCACHED = {
	service: "memcache",
	ports: [11211],
	bytes: bytesOf("0000 0000 0001 0000", "'version\r\n"),
	cookies: [half(0)],
	echoes: [[
		0,
		0,
		2
	]]
};
const RIP = {
	service: "route",
	ports: [520],
	bytes: bytesOf("01020000 00020000 00000000 ffffffff 00000000 00000010"),
	cookies: [word(8)],
	echoes: [[
		8,
		8,
		4
	]]
};
const AFS = {
	service: "afs3-fileserver",
	ports: [
		7e3,
		7001,
		7002,
		7003,
		7005
	],
	bytes: bytesOf("00000000 00000000", /* @__PURE__ */ new Uint8Array(12), "0d050000 00000000"),
	cookies: [word(0), word(4)],
	echoes: [[
		0,
		0,
		8
	]]
};
const MSSQL = {
	service: "ms-sql-m",
	ports: [1434],
	bytes: bytesOf("0f01", "'MSSQLSERVER", "00"),
	cookies: [],
	echoes: []
};
const XDMCP = {
	service: "xdmcp",
	ports: [177],
	bytes: bytesOf("0001 0002 002b 02 0014", "'XDM-AUTHENTICATION-1", "0012", "'MIT-MAGIC-COOKIE-1"),
	cookies: [],
	echoes: []
};
const SMALL = [
	{
		service: "echo",
		ports: [7],
		bytes: /* @__PURE__ */ new Uint8Array(8),
		cookies: [word(0), word(4)],
		echoes: [[
			0,
			0,
			8
		]]
	},
	{
		service: "qotd",
		ports: [17],
		bytes: /* @__PURE__ */ new Uint8Array(160),
		cookies: [word(0)],
		echoes: []
	},
	{
		service: "chargen",
		ports: [19],
		bytes: /* @__PURE__ */ new Uint8Array(160),
		cookies: [word(0)],
		echoes: []
	}
];
const MACHINE_PAYLOADS = [
	...[
		NTP,
		SNMP,
		TFTP,
		IPMI,
		RADIUS,
		MEMCACHED,
		RIP,
		AFS,
		MSSQL,
		XDMCP
	],
	...SMALL,
	rpc("rpcbind", [111], "000186a0", 2),
	rpc("nfs", [2049], "000186a3", 3),
	rpc("mountd", [20048], "000186a5", 3),
	rpc("nlockmgr", [4045], "000186b5", 4),
	rpc("wdbrpc", [17185], "55555555", 1)
];

// src/technique/payloads/names.ts
const DNS_HEADER_LEN = 12;
const VERSION_BIND = domainName("version.bind");
const SERVICES = domainName("_services._dns-sd._udp.local");
const PADDING_LEN = 128;
const PADDED = bytesOf("00 0029 0578 00000000", uint16(132), "000c", uint16(PADDING_LEN), new Uint8Array(PADDING_LEN));
function uint16(value) {
	return Uint8Array.of(value >> 8, value & 255);
}
function query(service, ports, flags, name, typeAndClass) {
	return {
		service,
		ports,
		bytes: bytesOf("0000", flags, "0001 0000 0000 0000", name, typeAndClass),
		cookies: [idAndCase(0, DNS_HEADER_LEN, name.length)],
		echoes: [[
			0,
			0,
			2
		], [
			DNS_HEADER_LEN,
			DNS_HEADER_LEN,
			name.length + 4
		]]
	};
}
const DNS = query("domain", [53], "0000", VERSION_BIND, "0010 0003");
const MDNS = (() => {
	const { bytes, ...more } = query("zeroconf", [5353], "0000", SERVICES, "000c 0001");
	const padded = bytesOf(bytes, PADDED);
	padded[11] = 1;
	return {
		...more,
		bytes: padded,
		echoes: [[
			0,
			0,
			2
		]]
	};
})();
const NETBIOS = {
	service: "netbios-ns",
	ports: [137],
	bytes: bytesOf("0000 0000 0001 0000 0000 0000 20", `'CK${"A".repeat(30)}`, "00 0021 0001"),
	cookies: [half(0)],
	echoes: [[
		0,
		0,
		2
	]]
};
const SLP = (() => {
	const body = bytesOf("0000", uint16(21), "'service:service-agent", "0007", "'DEFAULT", "0000 0000");
	const header = bytesOf("02 01", "0000", uint16(16 + body.length), "0000 000000 0000 0002", "'en");
	return {
		service: "svrloc",
		ports: [427],
		bytes: bytesOf(header, body),
		cookies: [half(10)],
		echoes: [[
			10,
			10,
			2
		]]
	};
})();
const CLDAP = (() => {
	const filter = ber(135, "'objectClass");
	const request = ber(99, ber(4), "0a0100 0a0100 020101 020100 010100", filter, ber(48, ber(4, "'1.1")));
	const bytes = ber(48, ber(2, "40000000"), request);
	const at = bytes.length - request.length - 4;
	return {
		service: "ldap",
		ports: [389],
		bytes,
		cookies: [positive(at)],
		echoes: [[
			at - 2,
			-1,
			6
		]]
	};
})();
const KERBEROS = (() => {
	const name = (...parts) => ber(48, ber(160, "020101"), ber(161, ber(48, ...parts.map((part) => ber(27, `'${part}`)))));
	const encryption = ber(48, "020112 020111");
	const body = ber(48, ...[
		ber(160, "0305 0040000000"),
		ber(161, name("nobody")),
		ber(162, ber(27, "'INVALID"))
	], ...[ber(163, name("krbtgt", "INVALID")), ber(165, ber(24, "'19700101000000Z"))], ...[ber(167, "0204 40000000"), ber(168, encryption)]);
	const bytes = ber(106, ber(48, ber(161, "020105"), ber(162, "02010a"), ber(164, body)));
	const nonce = bytes.length - ber(168, encryption).length - 4;
	return {
		service: "kerberos-sec",
		ports: [88],
		bytes,
		cookies: [positive(nonce)],
		echoes: []
	};
})();
const NAME_PAYLOADS = [
	DNS,
	MDNS,
	NETBIOS,
	SLP,
	CLDAP,
	KERBEROS
];

// src/technique/payloads/sessions.ts
const IKE = bytesOf(/* @__PURE__ */ new Uint8Array(16), "00 30 22 08 00000000 0000001c");
const IKE_V1 = bytesOf(...[/* @__PURE__ */ new Uint8Array(16), "01 10 02 00 00000000 00000054"], ...[
	"00000038 00000001 00000001",
	"0000002c 01 01 00 01",
	"00000024 01 01 0000"
], "8001 0005 8002 0002 8003 0001 8004 0002 800b 0001 000c 0004 00007080");
const NON_ESP = /* @__PURE__ */ new Uint8Array(4);
function ike(service, port, before, message) {
	const at = before.length;
	const bytes = bytesOf(before, message);
	return {
		service,
		ports: [port],
		bytes,
		cookies: [word(at), word(at + 4)],
		echoes: [[
			at,
			at,
			8
		]]
	};
}
const OPENVPN = {
	service: "openvpn",
	ports: [1194],
	bytes: bytesOf("38", /* @__PURE__ */ new Uint8Array(8), "00 00000000"),
	cookies: [word(1), word(5)],
	echoes: [[
		1,
		14,
		8
	]]
};
const STUN = {
	service: "stun",
	ports: [
		3478,
		5349,
		19302
	],
	bytes: bytesOf("0001 0000 2112a442", /* @__PURE__ */ new Uint8Array(12)),
	cookies: [
		word(8),
		word(12),
		word(16)
	],
	echoes: [[
		4,
		4,
		16
	]]
};
const SIP = (() => {
	const bytes = bytesOf("'" + [
		"OPTIONS sip:ping@invalid SIP/2.0",
		"Via: SIP/2.0/UDP invalid;branch=z9hG4bK00000000;rport",
		"Max-Forwards: 0",
		"To: <sip:ping@invalid>",
		"From: <sip:ping@invalid>;tag=1",
		"Call-ID: 11111111@invalid",
		"CSeq: 1 OPTIONS",
		"Accept: application/sdp",
		"Content-Length: 0",
		"\r\n"
	].join("\r\n"));
	const [branch, call] = [offsetOf(bytes, "z9hG4bK00000000"), offsetOf(bytes, "11111111")];
	return {
		service: "sip",
		ports: [5060, 5061],
		bytes,
		cookies: [digits(branch + 7), digits(call)],
		echoes: [[
			branch,
			-1,
			15
		], [
			call,
			-1,
			8
		]]
	};
})();
const MGCP = (() => {
	const bytes = bytesOf("'AUEP 100000000 ping@invalid MGCP 1.0\r\n\r\n");
	return {
		service: "mgcp",
		ports: [2427, 2727],
		bytes,
		cookies: [],
		echoes: [[
			offsetOf(bytes, "100000000"),
			4,
			9
		]]
	};
})();
const COAP = {
	service: "coap",
	ports: [5683],
	bytes: bytesOf("48 01 0000", /* @__PURE__ */ new Uint8Array(8), "bb", "'.well-known", "04", "'core", "c1 00"),
	cookies: [
		half(2),
		word(4),
		word(8)
	],
	echoes: [[
		4,
		4,
		8
	]]
};
const DTLS = (() => {
	const body = bytesOf("fefd", /* @__PURE__ */ new Uint8Array(32), "00 00 0008 c02b c02f 009c 002f 0100");
	const length = (more) => Uint8Array.of(0, body.length + more);
	const bytes = bytesOf(...[
		"16 feff 0000 000000000000",
		length(12),
		"01 00",
		length(0),
		"0000 000000 00",
		length(0),
		body
	]);
	return {
		service: "dtls",
		ports: [
			443,
			853,
			4433,
			5684
		],
		bytes,
		cookies: [word(bytes.length - body.length + 2)],
		echoes: []
	};
})();
const QUIC = {
	service: "quic",
	ports: [
		443,
		80,
		784,
		853,
		8443,
		8853
	],
	bytes: bytesOf("c0 1a2a3a4a 08", /* @__PURE__ */ new Uint8Array(8), "08", /* @__PURE__ */ new Uint8Array(8), /* @__PURE__ */ new Uint8Array(1177)),
	cookies: [
		word(6),
		word(10),
		word(15),
		word(19)
	],
	echoes: [[
		15,
		6,
		8
	], [
		6,
		15,
		8
	]]
};
const GTP = {
	service: "gtp-control",
	ports: [
		2123,
		2152,
		3386
	],
	bytes: bytesOf("32 01 0004 00000000 0000 0000"),
	cookies: [half(8), (view, at, token) => view.setUint8(at + 10, token >>> 16 & 255)],
	echoes: [[
		8,
		8,
		2
	]]
};
const L2TP = (() => {
	const bytes = bytesOf(...[
		"c802 003c 0000 0000 0000 0000",
		"8008 0000 0000 0001",
		"8008 0000 0002 0100"
	], ...[
		"800a 0000 0003 00000003",
		"800e 0000 0007",
		"'00000000",
		"8008 0000 0009 8000"
	]);
	const tunnel = (view, at, token) => view.setUint16(at + bytes.length - 2, token & 65535 | 32768);
	return {
		service: "L2TP",
		ports: [1701],
		bytes,
		cookies: [digits(offsetOf(bytes, "00000000")), tunnel],
		echoes: [[
			bytes.length - 2,
			4,
			2
		]]
	};
})();
const TEEWORLDS = {
	service: "teeworlds",
	ports: [8303],
	bytes: bytesOf("04 00 00 ffffffff 05 00000000", /* @__PURE__ */ new Uint8Array(507)),
	cookies: [word(8)],
	echoes: [[
		8,
		3,
		4
	]]
};
const SESSION_PAYLOADS = [
	ike("isakmp", 500, /* @__PURE__ */ new Uint8Array(), IKE),
	ike("isakmp", 500, /* @__PURE__ */ new Uint8Array(), IKE_V1),
	ike("nat-t-ike", 4500, NON_ESP, IKE),
	ike("nat-t-ike", 4500, NON_ESP, IKE_V1),
	...[
		OPENVPN,
		STUN,
		SIP,
		MGCP,
		COAP,
		QUIC,
		DTLS,
		GTP,
		L2TP,
		TEEWORLDS
	]
];

// src/technique/payloads/payloads.ts
const PAYLOADS = [...[
	NAME_PAYLOADS,
	MACHINE_PAYLOADS,
	SESSION_PAYLOADS,
	DEVICE_PAYLOADS
].flat()];
const OTHER = [{
	service: "",
	ports: [],
	bytes: /* @__PURE__ */ new Uint8Array(4),
	cookies: [word(0)],
	echoes: []
}];
const BY_PORT = (() => {
	const byPort = /* @__PURE__ */ new Map();
	for (const payload of PAYLOADS) for (const port of payload.ports) byPort.set(port, [...byPort.get(port) ?? [], payload]);
	return byPort;
})();
function payloadsOf(port) {
	return BY_PORT.get(port) ?? OTHER;
}
function payloadsWithin(maxLen) {
	const isShort = ({ bytes }) => bytes.length <= maxLen;
	const shortened = new Map([...BY_PORT].filter(([, payloads]) => !payloads.every(isShort)).map(([port, payloads]) => {
		const short = payloads.filter(isShort);
		return [port, short.length === 0 ? OTHER : short];
	}));
	return (port) => shortened.get(port) ?? payloadsOf(port);
}
const WITH_TOKEN = new Map(Array.from(BY_PORT, ([port, payloads]) => {
	return [port, payloads.every((payload) => hasToken(payload, payload.bytes.length)) ? payloads : [...OTHER, ...payloads]];
}));
function payloadsWithToken(port) {
	return WITH_TOKEN.get(port) ?? OTHER;
}
const NAMES = ((() => {
	const counts = /* @__PURE__ */ new Map();
	return new Map(PAYLOADS.map(((payload) => {
		const count = (counts.get(payload.service) ?? 0) + 1;
		counts.set(payload.service, count);
		return [payload, count === 1 ? payload.service : `${payload.service} ${count}`];
	})));
}))();
function requestName(payload) {
	return NAMES.get(payload) ?? "other";
}
function hasPayload(port) {
	return BY_PORT.has(port);
}

// src/target/top_udp_ports.ts
var top_udp_ports_exports = /* @__PURE__ */ __exportAll({
	TOP_UDP_PORT_COUNT: () => 100,
	topUdpPorts: () => topUdpPorts
});
const TOP_UDP_PORT_COUNT = 100;
const SYSTEM_MAX = 1023;
const PORT_MAX = 65535;
function topUdpPorts(count) {
	const ports = new Set(portsIn(COMMON_PORTS.udp));
	for (let port = 1; port <= SYSTEM_MAX && ports.size < count; port++) ports.add(port);
	for (let port = 0; port <= PORT_MAX && ports.size < count; port++) ports.add(port);
	return [...ports].slice(0, count);
}

// src/technique/udp_packets.ts
var UdpTemplate = class {
	#writePayload;
	#source;
	#header = new DataView(new ArrayBuffer(20));
	#ipSum;
	constructor({ source, ttl }, writePayload) {
		this.#writePayload = writePayload;
		this.#source = source;
		writeIpv4(this.#header, 0, {
			totalLen: 0,
			ttl,
			protocol: 17,
			source,
			destination: 0
		});
		setIpv4Checksum(this.#header, 0, 0);
		this.#ipSum = sumWords(this.#header, 0, 20);
	}
	write(view, at, destination, port, sourcePort, token) {
		for (let i = 0; i < 20; i += 4) view.setUint32(at + i, this.#header.getUint32(i));
		const udpAt = at + 20;
		const length = 8 + this.#writePayload(view, udpAt + 8, port, sourcePort, token);
		const totalLen = 20 + length;
		const id = idOf(token);
		setIpv4TotalLen(view, at, totalLen);
		setIpv4Id(view, at, id);
		setIpv4Destination(view, at, destination);
		const destinationSum = (destination >>> 16) + (destination & 65535);
		setIpv4Checksum(view, at, foldChecksum(this.#ipSum + totalLen + id + destinationSum));
		writeUdp(view, udpAt, sourcePort, port, length, pseudoHeaderSum(this.#source, destination, 17, length));
		return totalLen;
	}
};
function idOf(token) {
	return token >>> 16 | 1;
}
function readUdp(view, at, length, reply) {
	reply.kind = 255;
	const headerLen = readIpv4(view, at, length, reply, true);
	if (headerLen === 0) return 255;
	const isFirst = ipv4MoreFragments(view, at);
	const behind = at + headerLen;
	const behindLen = ipv4TotalLen(view, at) - headerLen;
	if (ipv4Protocol(view, at) === 17) return readDatagram(view, behind, behindLen, reply, isFirst);
	if (isFirst || ipv4Protocol(view, at) !== 1) return 255;
	const quotedAt = readIcmpError(view, behind, behindLen, 17, 8, reply);
	if (quotedAt > 0) readQuotedDatagram(view, quotedAt, reply);
	return reply.kind;
}
const UDP_OVER_IPV4 = {
	family: 4,
	udpHeadersLen: 20 + 8,
	prepareUdp: (traits, writePayload) => new UdpTemplate(traits, writePayload),
	readUdp,
	quoteEnd: (view, at) => {
		const icmpAt = at + ipv4HeaderLen(view, at);
		return icmpAt + 8 + icmpv4QuoteLen(view, icmpAt, at + ipv4TotalLen(view, at) - icmpAt);
	},
	quotesToken: (view, { number }, token) => ipv4Id(view, number - 20) === idOf(token),
	quotedPseudoSum: (_view, { ownAddress, host }, length) => pseudoHeaderSum(ownAddress, host, 17, length),
	isIntact: hasRightChecksums,
	udpFilter: (ports) => replyFilter([withPorts(17, ports)])
};

// src/technique/udp.ts
var udp_exports = /* @__PURE__ */ __exportAll({ UDP: () => UDP });
const PORT_UNREACH = reasonCode("port-unreach");
const MAX_PAYLOAD_LEN = Math.max(...PAYLOADS.map(({ bytes }) => bytes.length));
const ATTEMPT_PERIOD = 8;
const ENOUGH_QUOTED = 4;
const ELSEWHERE = PAYLOADS.find(({ isElsewhere }) => isElsewhere).ports[0];
const request = new DataView(new ArrayBuffer(MAX_PAYLOAD_LEN));
var UdpTechnique = class UdpTechnique {
	name = "udp";
	protocol = "udp";
	families;
	maxLength;
	attemptPeriod = ATTEMPT_PERIOD;
	isTokenless = true;
	rationed = ICMP_ERRORS;
	elsewhere = ELSEWHERE;
	isLikely = hasPayload;
	refusal = PORT_UNREACH;
	states = outcomeTable({
		"no-response": "open|filtered",
		"port-unreach": {
			own: "closed",
			other: "filtered"
		}
	});
	describe;
	#packets;
	#isOverSockets;
	#payloadsOf;
	#writePayload = (view, at, port, sourcePort, token) => writePayload(this.#payloadOf(port, sourcePort), view, at, token);
	constructor(packets, isOverSockets = false, maxLength = 1e400) {
		this.#packets = packets;
		this.#isOverSockets = isOverSockets;
		this.families = [packets.family];
		this.maxLength = Math.min(maxLength, packets.udpHeadersLen + MAX_PAYLOAD_LEN);
		const isShort = this.maxLength === maxLength;
		this.#payloadsOf = isOverSockets ? payloadsWithToken : isShort ? payloadsWithin(maxLength - packets.udpHeadersLen) : payloadsOf;
		if (packets.describe !== void 0) this.describe = packets.describe;
	}
	over(packets) {
		return new UdpTechnique(packets, this.#isOverSockets);
	}
	get overSockets() {
		return new UdpTechnique(this.#packets, true);
	}
	within(maxLength) {
		return new UdpTechnique(this.#packets, this.#isOverSockets, maxLength);
	}
	serviceOf(port) {
		return payloadsOf(port)[0].service || void 0;
	}
	serviceData(view, { kind, port, ownPort, number, dataLen }) {
		if (kind !== UDP_RESPONSE) return void 0;
		const bytes = new Uint8Array(view.buffer, view.byteOffset + number + 8, dataLen).slice();
		return {
			request: requestName(this.#payloadOf(port, ownPort)),
			bytes
		};
	}
	filter(_family, ports) {
		return this.#packets.udpFilter(ports);
	}
	prepare(traits) {
		return this.#packets.prepareUdp(traits, this.#writePayload);
	}
	parse(view, at, length, reply) {
		const kind = this.#packets.readUdp(view, at, length, reply);
		reply.seq = reply.token = reply.otherTokenCount = 0;
		reply.strength = 2;
		return kind !== 255 && this.#packets.isIntact(view, at);
	}
	proves(view, at, reply, token) {
		const payload = this.#payloadOf(reply.port, reply.ownPort);
		const requestLen = writePayload(payload, request, 0, token);
		const behind = reply.number + 8;
		if (reply.kind === UDP_RESPONSE) {
			if (isWeak(payload)) reply.strength = 0;
			return isEchoed(payload, request, 0, view, behind, reply.dataLen);
		}
		const quotedLen = Math.min(requestLen, this.#packets.quoteEnd(view, at) - behind);
		if (!hasToken(payload, quotedLen)) {
			if (this.#isOverSockets) reply.strength = 0;
			else if (!this.#packets.quotesToken(view, reply, token)) return false;
			else if (quotedLen < ENOUGH_QUOTED && quotedLen < requestLen) return this.#quotesChecksum(view, reply, requestLen);
		}
		for (let i = 0; i < quotedLen; i++) if (view.getUint8(behind + i) !== request.getUint8(i)) return false;
		return true;
	}
	#payloadOf(port, sourcePort) {
		const payloads = this.#payloadsOf(port);
		return payloads.length === 1 ? payloads[0] : payloads[sourcePort % payloads.length];
	}
	#quotesChecksum(view, reply, requestLen) {
		const length = 8 + requestLen;
		const sum = this.#packets.quotedPseudoSum(view, reply, length) + reply.ownPort + reply.port + length;
		return udpChecksum(view, reply.number) === (foldChecksum(sumWords(request, 0, requestLen, sum)) || 65535);
	}
};
const UDP = new UdpTechnique(UDP_OVER_IPV4);

// src/technique/udp_ping.ts
var udp_ping_exports = /* @__PURE__ */ __exportAll({ UdpPingTechnique: () => UdpPingTechnique });
const NO_PROBE = 65535;
var UdpPingTechnique = class UdpPingTechnique {
	name;
	protocol = "host";
	sendsDatagrams = true;
	leavesFromPorts = true;
	isTokenless = true;
	families;
	attemptPeriod;
	rationed;
	maxLength;
	states = hostOutcomeTable();
	describe;
	refusal;
	elsewhere;
	#udp;
	#ports;
	constructor(name, udp = UDP) {
		this.name = name;
		this.#udp = udp;
		this.#ports = probeNames(name).map((kind) => udpPingPort(kind));
		({families: this.families, attemptPeriod: this.attemptPeriod, rationed: this.rationed} = udp);
		this.maxLength = udp.maxLength;
		this.refusal = udp.refusal;
		const elsewhere = this.#ports.indexOf(udp.elsewhere);
		if (elsewhere >= 0) this.elsewhere = elsewhere;
		if (udp.describe !== void 0) this.describe = udp.describe;
	}
	over(packets) {
		return new UdpPingTechnique(this.name, this.#udp.over(packets));
	}
	get overSockets() {
		return new UdpPingTechnique(this.name, this.#udp.overSockets);
	}
	within(maxLength) {
		return new UdpPingTechnique(this.name, this.#udp.within(maxLength));
	}
	filter(family, ports) {
		return this.#udp.filter(family, ports);
	}
	prepare(traits) {
		const template = this.#udp.prepare(traits);
		return { write: (view, at, destination, what, sourcePort, token) => template.write(view, at, destination, this.#ports[what], sourcePort, token) };
	}
	parse(view, at, length, reply) {
		if (!this.#udp.parse(view, at, length, reply)) return false;
		const what = this.#ports.indexOf(reply.port);
		if (what < 0 && this.elsewhere === void 0) return false;
		reply.port = what < 0 ? NO_PROBE : what;
		return true;
	}
	proves(view, at, reply, token) {
		const what = reply.port;
		if (what === NO_PROBE) return false;
		reply.port = this.#ports[what];
		const isProven = this.#udp.proves(view, at, reply, token);
		reply.port = what;
		return isProven;
	}
};

export { requestName as a, word as c, PAYLOADS as i, writePayload as l, udp_exports as n, bytesOf as o, top_udp_ports_exports as r, isEchoed as s, udp_ping_exports as t, icmp_limiters_exports as u };