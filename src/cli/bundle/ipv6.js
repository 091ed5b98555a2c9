// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, A as stateAt, C as portAt, CannotScanError, E as rttMsAt, NothingLeftError, UsageError, Y as STATES, _ as doublesOf, b as macAt, c as probesHosts, f as OF_LINKS, s as probeNames, w as reasonAt, y as hostAt } from "./library.js";
import { $i as PollSet, Ar as setTcpChecksum, Bi as getRoute, Br as writeTcp, Cn as resetOnClose, Cr as udpDestinationPort, Dr as checkTcp, En as setOptionIfKnown, Er as writeUdp, Fr as tcpDestinationPort, Gi as dumpNeighbours, Gt as USUAL_PINGS, Hi as routeChangeParser, In as passesWanted, Ir as tcpFlags, Jn as ECHO, Li as writeMac, Ln as sendsPackets, Lr as tcpSeq, Lt as EMPTY_REPORT, Mi as macOf, Mn as SendBatch, Mr as setTcpSeq, Ni as readMac, Nr as tcpAck, Oi as isStationMac, Pr as tcpChecksum, Qi as Netlink, Ri as dumpRoutes, Rr as tcpSourcePort, Si as formatIpv4, Sr as udpChecksum, Tr as udpSourcePort, Ui as USABLE_STATES, Vi as isRouted, Xn as readQuotedSegment, Yi as linkNamed, Yn as WINDOW, Yt as within, Zi as dumpAddresses6, Zn as readSegment, _i as IPV4_BOOK, bn as attachFilter, ci as foldChecksum, dn as PlainReceiver, fi as Ranges, in as openKind, jr as setTcpPorts, kr as setTcpAck, li as sumWords, ln as ethernetLinkFor, lr as sourceTexts, mi as lastAtMost, mn as SendTimestamps, mr as U32Map, nn as onLinkRanges, on as holdPorts, pi as RangesBuilder, pn as slotLenFor, qi as dumpLinks, ri as quoteLenOf, rn as Neighbors, ta as INET6, un as watchPolicies, ur as appendSegment, v as wrong, vn as enlargeReceiveBuffer, wi as parseIpv4, wn as setOption, wr as udpLen, xn as bindToDevice, yn as enlargeSendBuffer, yr as flagLetters, zi as dumpRules, zr as tcpWindow } from "./scan.js";
import { $n as pin, Bt as BPF_VERDICTS, Dt as grouped, Ht as rejectAll, Tt as counted, Ut as canOpenRaw, Vn as sockaddr_in6, Vt as assembleBpf, Wt as quote, _r as ETH_P_IPV6, an as pinGroup, dn as sendTo, ir as ERRNO, lr as lastErrno, or as check$1, rn as openSocket, ur as libc } from "./main.js";
import { n as readDatagram, r as readQuotedDatagram } from "./worker.js";
import { n as openLinks, r as LinkProber } from "./links.js";
const check = (function check(token, { first, last, zone }) {
	const count = last - first + 1n;
	if (count > MOST_ADDRESSES) throw wrong(token, 0, `it has ${countText(count)} addresses`, `At most ${grouped(Number(MOST_ADDRESSES))} can be scanned, a /96: name a narrower block, the hosts, or a pattern like /48-64 with --iid`);
	refuseEmbedded(token, first, last);
	if (last === 0n) throw wrong(token, 0, "it is the unspecified address", "To scan this machine, write ::1");
	if (isMulticast6(last)) throw wrong(token, 0, "it is a multicast address", "Name the address of a host");
	if (isLinkLocal(first)) {
		if (zone === void 0) {
			const example = `${formatIpv6(first)}%eth0`;
			throw wrong(token, 0, "it is a link-local address without its interface", `Write it like ${example}, or add -e`);
		}
	} else if (zone !== void 0) throw wrong(token, token.text.indexOf("%"), "only link-local addresses have a zone", `Leave out %${zone}`);
});
const bound = (function bound(fd, name) {
	try {
		bindInet6(fd, name);
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
});
const sourceOf = (function sourceOf(text) {
	return parseIpv6(text);
});


// src/wire/address6.ts
const IPV6_LEN = 16;
const IPV6_MAX = (1n << 128n) - 1n;
const GROUPS = 8;
const MAPPED$1 = 65535n;
function parseIpv6(text) {
	const halves = text.split("::");
	if (text.length > 45 || halves.length > 2) return void 0;
	const groups = halves.map((half, index) => groupsIn(half, index === halves.length - 1));
	const [upper, lower = []] = groups;
	if (upper === void 0 || groups.includes(void 0)) return void 0;
	const missing = GROUPS - upper.length - lower.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return void 0;
	return [
		...upper,
		...Array(missing).fill(0),
		...lower
	].reduce((sum, group) => sum << 16n | BigInt(group), 0n);
}
function groupsIn(text, isLast) {
	if (text === "") return [];
	const parts = text.split(":");
	const groups = [];
	for (const [index, part] of parts.entries()) {
		if (/^[\da-f]{1,4}$/i.test(part)) {
			groups.push(parseInt(part, 16));
			continue;
		}
		const tail = isLast && index === parts.length - 1 ? parseIpv4(part) : void 0;
		if (tail === void 0) return void 0;
		groups.push(tail >>> 16, tail & 65535);
	}
	return groups;
}
function formatIpv6(address) {
	if (address >> 32n === MAPPED$1) return `::ffff:${formatIpv4(Number(address & 4294967295n))}`;
	const groups = Array.from({ length: GROUPS }, (_, i) => Number(address >> BigInt(16 * (7 - i)) & 65535n));
	let [longest, from] = [1, -1];
	for (let i = 0; i < GROUPS; i++) {
		let end = i;
		while (end < GROUPS && groups[end] === 0) end++;
		if (end - i > longest) [longest, from] = [end - i, i];
		i = Math.max(i, end - 1);
	}
	const textOf = (some) => some.map((group) => group.toString(16)).join(":");
	return from < 0 ? textOf(groups) : `${textOf(groups.slice(0, from))}::${textOf(groups.slice(from + longest))}`;
}
function readIpv6Address(view, at) {
	return view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
}
function writeIpv6Address(view, at, address) {
	view.setBigUint64(at, address >> 64n);
	view.setBigUint64(at + 8, address & 18446744073709551615n);
}
function copyIpv6Address(from, fromAt, to, toAt) {
	for (let i = 0; i < 16; i += 4) to.setUint32(toAt + i, from.getUint32(fromAt + i, true), true);
}
function isSameIpv6(one, at, other, otherAt) {
	for (let i = 0; i < 16; i += 4) if (one.getUint32(at + i) !== other.getUint32(otherAt + i)) return false;
	return true;
}
function isLinkLocal(address) {
	return address >> 118n === 1018n;
}
function isMulticast6(address) {
	return address >> 120n === 255n;
}
const IPV6_LOOPBACK = 1n;
function canBeSource6(view, at, ownAt) {
	if (view.getUint8(at) === 255) return false;
	if (!((view.getUint32(at) | view.getUint32(at + 4) | view.getUint32(at + 8)) === 0) || view.getUint32(at + 12) > 1) return true;
	return view.getUint32(at + 12) === 1 && isSameIpv6(view, at, view, ownAt);
}

// src/target/ipv6_senders.ts
const FIRST_SENDER = 4294901760;
const MAX_SENDERS = 65536;
const PARTS = 64;
const PART_SENDERS = MAX_SENDERS / PARTS;
const WORDS$1 = 5;
const SENDERS_LEN = 1310976;
var Senders = class {
	#counts;
	#words;
	#part;
	#known = new U32Map();
	constructor(memory, part) {
		this.#counts = new Uint32Array(memory, 0, PARTS);
		this.#words = new Uint32Array(memory, 256);
		this.#part = part % PARTS;
	}
	write(number, view, at) {
		const from = (number - FIRST_SENDER) * WORDS$1 + 1;
		for (let word = 0; word < 4; word++) view.setUint32(at + 4 * word, this.#words[from + word]);
	}
	scopeOf(number) {
		return this.#words[(number - FIRST_SENDER) * WORDS$1];
	}
	numberOf(view, at, scope) {
		let hash = scope;
		for (let word = 0; word < 4; word++) hash = Math.imul(hash ^ view.getUint32(at + 4 * word), 2654435761) >>> 0;
		for (;; hash = hash + 1 >>> 0) {
			const known = this.#known.get(hash);
			if (known < 0) break;
			if (this.#isAt(known, view, at, scope)) return FIRST_SENDER + known;
		}
		const count = this.#counts[this.#part];
		if (count === PART_SENDERS) return 0;
		const index = this.#part * PART_SENDERS + count;
		this.#words[index * WORDS$1] = scope;
		for (let word = 0; word < 4; word++) this.#words[index * WORDS$1 + 1 + word] = view.getUint32(at + 4 * word);
		this.#counts[this.#part] = count + 1;
		this.#known.add(hash, index);
		return FIRST_SENDER + index;
	}
	find(view, at, scope) {
		for (const index of this.#indices()) if (this.#isAt(index, view, at, scope)) return FIRST_SENDER + index;
		return -1;
	}
	kept() {
		return Array.from(this.#indices()).flatMap((index) => [index, ...this.#words.subarray(index * WORDS$1, (index + 1) * WORDS$1)]);
	}
	take(kept) {
		for (let at = 0; at < kept.length; at += 6) {
			const index = kept[at];
			for (let word = 0; word < WORDS$1; word++) this.#words[index * WORDS$1 + word] = kept[at + 1 + word];
			const part = Math.floor(index / PART_SENDERS);
			this.#counts[part] = Math.max(this.#counts[part], index % PART_SENDERS + 1);
		}
	}
	*#indices() {
		for (let part = 0; part < PARTS; part++) for (let i = 0; i < this.#counts[part]; i++) yield part * PART_SENDERS + i;
	}
	#isAt(index, view, at, scope) {
		if (this.#words[index * WORDS$1] !== scope) return false;
		for (let word = 0; word < 4; word++) if (this.#words[index * WORDS$1 + 1 + word] !== view.getUint32(at + 4 * word)) return false;
		return true;
	}
};

// src/target/ipv6_pattern.ts
function patternSize({ from, to, policy }) {
	return 2 ** (to - from) * (policy.kind === "set" ? policy.iids.length : 1);
}
const ADDRESS_BITS$1 = 128;
const NETWORK_BITS = 64;
const NETWORK_SHIFT = BigInt(64);
const MAX_STRETCHES = 65536;
var PatternBook = class {
	first;
	last;
	#pattern;
	#senders;
	#firstSender;
	#base = /* @__PURE__ */ new Uint32Array(4);
	#iids;
	#each;
	#firstIids;
	#prefixes;
	#shift;
	#masks;
	#scratch = new DataView(new ArrayBuffer(16));
	constructor(pattern, first, senders) {
		this.#pattern = pattern;
		this.#senders = senders;
		this.first = first;
		this.last = first + patternSize(pattern) - 1;
		this.#firstSender = this.last < 4294901760 ? FIRST_SENDER : 1e400;
		this.#shift = ADDRESS_BITS$1 - pattern.to;
		this.#masks = wordsOf((1n << BigInt(this.#shift)) - 1n);
		this.#base.set(wordsOf(pattern.base));
		const iids = pattern.policy.kind === "set" ? pattern.policy.iids : [];
		this.#each = Math.max(1, iids.length);
		this.#iids = new Uint32Array(4 * iids.length);
		iids.forEach((iid, at) => this.#iids.set(wordsOf(iid), 4 * at));
		this.#firstIids = new Uint32Array(this.#each);
		for (let at = 1; at < iids.length; at++) {
			const isSame = iids[at] >> NETWORK_SHIFT === iids[at - 1] >> NETWORK_SHIFT;
			this.#firstIids[at] = isSame ? this.#firstIids[at - 1] : at;
		}
		this.#prefixes = 2 ** Math.max(0, pattern.to - Math.max(NETWORK_BITS, pattern.from));
	}
	write(host, view, at) {
		if (host >= this.#firstSender) return this.#senders.write(host, view, at);
		const offset = host - this.first;
		const prefix = Math.floor(offset / this.#each);
		const iid = offset - prefix * this.#each;
		const upper = 3 - (this.#shift >> 5);
		const bit = this.#shift & 31;
		for (let word = 0; word < 4; word++) {
			let value = this.#base[word] | this.#iidWord(prefix, iid, word);
			if (word === upper) value |= prefix << bit;
			else if (word === upper - 1 && bit > 0) value |= prefix >>> 32 - bit;
			view.setUint32(at + 4 * word, value >>> 0);
		}
	}
	scopeOf(host) {
		return host >= this.#firstSender ? this.#senders.scopeOf(host) : 0;
	}
	find(view, at, _scope) {
		const upper = 3 - (this.#shift >> 5);
		const bit = this.#shift & 31;
		const low = upper < 0 ? 0 : view.getUint32(at + 4 * upper) >>> bit;
		const high = bit > 0 && upper > 0 ? view.getUint32(at + 4 * upper - 4) << 32 - bit : 0;
		const bits = this.#pattern.to - this.#pattern.from;
		const prefix = ((low | high) >>> 0) % 2 ** bits;
		const host = this.first + prefix * this.#each + this.#iidUpTo(view, at);
		return this.#isAt(host, view, at) ? host : -1;
	}
	sender(view, at, scope) {
		const host = this.find(view, at, scope);
		if (host !== -1 || this.#firstSender === 1e400) return Math.max(0, host);
		return this.#senders.numberOf(view, at, (view.getUint16(at) & 65472) === 65152 ? scope : 0);
	}
	addressOf(host) {
		this.write(host, this.#scratch, 0);
		return readIpv6Address(this.#scratch, 0);
	}
	lastUpTo(address, _scope) {
		const { base } = this.#pattern;
		if (address < base) return this.first - 1;
		const prefix = address - base >> BigInt(this.#shift);
		if (prefix >= 1n << BigInt(this.#pattern.to - this.#pattern.from)) return this.last;
		const from = this.first + Number(prefix) * this.#each;
		let count = 0;
		while (count < this.#each && this.addressOf(from + count) <= address) count++;
		return from + count - 1;
	}
	text(host) {
		return formatIpv6(this.addressOf(host));
	}
	hostOf(text) {
		const address = parseIpv6(text.split("%")[0]);
		return address === void 0 ? -1 : this.numberOf(address, 0);
	}
	numberOf(address, scope) {
		const view = new DataView(new ArrayBuffer(16));
		writeIpv6Address(view, 0, address);
		const host = this.find(view, 0, 0);
		return host !== -1 ? host : this.#senders.find(view, 0, isLinkLocal(address) ? scope : 0);
	}
	networkOf(host) {
		const offset = host - this.first;
		const prefix = Math.floor(offset / this.#each);
		const iid = offset - prefix * this.#each;
		return this.first + (prefix - prefix % this.#prefixes) * this.#each + this.#firstIids[iid];
	}
	*stretches(first, last) {
		if (last - first >= MAX_STRETCHES) return yield [first, last];
		for (let host = first; host <= last; host++) yield [host, host];
	}
	addNumbers({ first, last }, to) {
		const from = first === 0n ? this.first : this.lastUpTo(first - 1n, 0) + 1;
		const until = this.lastUpTo(last, 0);
		if (until >= from) to.add(from, until);
	}
	#iidUpTo(view, at) {
		let low = 0, high = this.#each;
		while (low < high - 1) {
			const middle = low + high >>> 1;
			if (this.#compare(middle, view, at) <= 0) low = middle;
			else high = middle;
		}
		return low;
	}
	#compare(iid, view, at) {
		for (let word = 0; word < 4; word++) {
			const difference = this.#iids[4 * iid + word] - ((view.getUint32(at + 4 * word) & this.#masks[word]) >>> 0);
			if (difference !== 0) return difference;
		}
		return 0;
	}
	#iidWord(prefix, iid, word) {
		const { policy } = this.#pattern;
		if (policy.kind === "set") return this.#iids[4 * iid + word];
		if (policy.kind === "random") return mixed(policy.key, prefix, word) & this.#masks[word];
		if (word === 2) return (policy.oui ^ 131072) << 8 | 255;
		return word === 3 ? 4261412864 | mixed(policy.key, prefix, 3) >>> 8 : 0;
	}
	#isAt(host, view, at) {
		this.write(host, this.#scratch, 0);
		for (let byte = 0; byte < 16; byte += 4) if (this.#scratch.getUint32(byte) !== view.getUint32(at + byte)) return false;
		return true;
	}
};
function mixed(key, prefix, word) {
	let hash = Math.imul(key ^ 2654435761, 2246822507) ^ Math.imul(prefix + 2135587861, 3266489909) ^ Math.imul(word + 1, 668265263);
	hash = Math.imul(hash ^ hash >>> 16, 2246822507);
	hash = Math.imul(hash ^ hash >>> 13, 3266489909);
	return (hash ^ hash >>> 16) >>> 0;
}
function wordsOf(value) {
	return Uint32Array.from([
		96n,
		64n,
		32n,
		0n
	], (shift) => Number(BigInt.asUintN(32, value >> shift)));
}

// src/target/ipv6_prefix.ts
const MAX_STEPS = 1 << 18;
function sharedPrefixes(hosts, book, lengths) {
	const found = [];
	let steps = 0;
	for (const length of lengths) {
		let last;
		for (const [from, until] of hosts) for (let host = from; host <= until && steps < MAX_STEPS; steps++) {
			const address = book.addressOf(host);
			const first = firstOf(address, length);
			const end = Math.max(host, Math.min(until, book.lastUpTo(first + sizeOf(length) - 1n, 0)));
			if (last?.first !== first) found.push(last = {
				first,
				length,
				hosts: 0
			});
			if (!isLinkLocal(address)) last.hosts += end - host + 1;
			host = end + 1;
		}
	}
	return found;
}
function comparePrefixes(one, other) {
	return one.first < other.first ? -1 : one.first > other.first ? 1 : one.length - other.length;
}
function isWithin({ first, length }, wider) {
	return wider.length < length && firstOf(first, wider.length) === wider.first;
}
function prefixText({ first, length }) {
	return `${formatIpv6(first)}/${length}`;
}
function randomAddresses({ first, length }) {
	const words = crypto.getRandomValues(new BigUint64Array(2 * SPREAD));
	return Array.from({ length: SPREAD }, (_, i) => {
		const random = (words[2 * i] << 64n | words[2 * i + 1]) & sizeOf(length + 4) - 1n;
		return formatIpv6(first | BigInt(i) << BigInt(128 - length - 4) | random);
	});
}
const SPREAD = 16;
function prefixFinder(prefixes) {
	const known = prefixes.map((text) => {
		const [address = "", length] = text.split("/");
		const shift = BigInt(128 - Number(length));
		return {
			shift,
			bits: (parseIpv6(address) ?? 0n) >> shift
		};
	});
	return (ip) => {
		const address = known.length > 0 && ip.includes(":") ? parseIpv6(ip.split("%")[0]) : void 0;
		return address === void 0 ? -1 : known.findIndex(({ shift, bits }) => address >> shift === bits);
	};
}
function sizeOf(length) {
	return 1n << BigInt(128 - length);
}
function firstOf(address, length) {
	return address & ~(sizeOf(length) - 1n);
}

// src/target/ipv6_book.ts
var ipv6_book_exports = /* @__PURE__ */ __exportAll({ DualBook: () => DualBook });
const FIRST_BESIDE_IPV4 = 4026531840;
const WORDS = 5;
const MAX_KEPT = 4096;
function keptBook({ ranges, numbers, last, zones, senders }) {
	if (ranges.length === 0) return void 0;
	const book = new DualBook({
		ranges: Uint32Array.from(ranges),
		numbers: Uint32Array.from(numbers),
		last,
		zones,
		senders: new SharedArrayBuffer(SENDERS_LEN)
	});
	book.senders.take(senders);
	return book;
}
function ipv6Capacity(hasIpv4) {
	return hasIpv4 ? FIRST_SENDER - FIRST_BESIDE_IPV4 : 2 ** 32;
}
function ipv6BookParts(addresses, hasIpv4, zones) {
	const merged = mergedRanges(addresses);
	const size = merged.reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
	if (size > ipv6Capacity(hasIpv4)) return void 0;
	const ranges = new Uint32Array(WORDS * merged.length);
	const numbers = new Uint32Array(merged.length);
	let number = firstNumber(size, hasIpv4);
	for (const [i, { first, last, scope }] of merged.entries()) {
		ranges[WORDS * i] = scope;
		for (let word = 0; word < 4; word++) ranges[WORDS * i + 1 + word] = Number(BigInt.asUintN(32, first >> BigInt(96 - 32 * word)));
		numbers[i] = number;
		number += Number(last - first) + 1;
	}
	return {
		ranges,
		numbers,
		last: number - 1,
		zones,
		senders: new SharedArrayBuffer(SENDERS_LEN)
	};
}
function ipv6PatternParts(pattern, hasIpv4) {
	const size = patternSize(pattern);
	if (size > ipv6Capacity(hasIpv4)) return void 0;
	const first = firstNumber(size, hasIpv4);
	return {
		ranges: /* @__PURE__ */ new Uint32Array(),
		numbers: Uint32Array.of(first),
		last: first + size - 1,
		zones: [],
		pattern,
		senders: new SharedArrayBuffer(SENDERS_LEN)
	};
}
function firstNumber(size, hasIpv4) {
	return hasIpv4 ? FIRST_BESIDE_IPV4 : size < 4294901760 ? 1 : 0;
}
function mergedRanges(ranges) {
	const sorted = [...ranges].sort((one, other) => one.scope - other.scope || (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
	const merged = [];
	for (const range of sorted) {
		const before = merged.at(-1);
		if (before === void 0 || before.scope !== range.scope || range.first > before.last + 1n) merged.push(range);
		else if (range.last > before.last) merged[merged.length - 1] = {
			...before,
			last: range.last
		};
	}
	return merged;
}
function bookOfTexts(texts) {
	const zones = /* @__PURE__ */ new Map();
	const ranges = [];
	for (const text of texts) {
		if (!text.includes(":")) continue;
		const [digits = "", zone] = text.split("%");
		const address = parseIpv6(digits);
		if (address === void 0) continue;
		if (zone !== void 0 && !zones.has(zone)) zones.set(zone, zones.size + 1);
		ranges.push({
			first: address,
			last: address,
			scope: zone === void 0 ? 0 : zones.get(zone)
		});
	}
	const names = Array.from(zones, ([name, index]) => [index, name]);
	const parts = ranges.length === 0 ? void 0 : ipv6BookParts(ranges, true, names);
	return parts === void 0 ? IPV4_BOOK : new DualBook(parts);
}
function addressOfText(text) {
	return text.includes(":") ? parseIpv6(text) : void 0;
}
function addressText(address) {
	return formatIpv6(address);
}
function rangeText(first, last, zone) {
	const text = (address) => formatIpv6(address) + (zone === void 0 ? "" : `%${zone}`);
	return first === last ? text(first) : `${text(first)}-${text(last)}`;
}
var Ipv6Book = class {
	first;
	last;
	#ranges;
	#numbers;
	#zones;
	#usedZones;
	#onlyZone;
	#senders;
	#firstSender;
	#view = new DataView(new ArrayBuffer(16));
	#scratch = new DataView(new ArrayBuffer(16));
	#lastText = new DataView(new ArrayBuffer(16));
	#upperText;
	constructor({ ranges, numbers, last, zones }, senders) {
		this.first = numbers[0];
		this.last = last;
		this.#ranges = ranges;
		this.#numbers = numbers;
		this.#zones = new Map(zones);
		const used = new Set(Array.from(numbers, (_, i) => ranges[WORDS * i]).filter((scope) => scope !== 0));
		this.#usedZones = [...used];
		this.#onlyZone = used.size === 1 ? this.#usedZones[0] : 0;
		this.#senders = senders;
		this.#firstSender = last < 4294901760 ? FIRST_SENDER : 1e400;
	}
	write(host, view, at) {
		if (host >= this.#firstSender) return this.#senders.write(host, view, at);
		const range = this.#rangeOf(host);
		const from = WORDS * range + 1;
		let sum = this.#ranges[from + 3] + (host - this.#numbers[range]);
		view.setUint32(at + 12, sum);
		for (let word = 2; word >= 0; word--) {
			sum = this.#ranges[from + word] + (sum > 4294967295 ? 1 : 0);
			view.setUint32(at + 4 * word, sum);
		}
	}
	scopeOf(host) {
		return host >= this.#firstSender ? this.#senders.scopeOf(host) : this.#ranges[WORDS * this.#rangeOf(host)];
	}
	find(view, at, scope) {
		if ((view.getUint16(at) & 65472) !== 65152) return this.#findIn(0, view, at);
		if (scope !== 0 || this.#onlyZone !== 0) return this.#findIn(scope || this.#onlyZone, view, at);
		for (let i = 0; i < this.#usedZones.length; i++) {
			const host = this.#findIn(this.#usedZones[i], view, at);
			if (host !== -1) return host;
		}
		return -1;
	}
	#findIn(zone, view, at) {
		const host = this.#lastUpTo(view, at, zone);
		return host >= this.first && this.#isAt(host, view, at, zone) ? host : -1;
	}
	sender(view, at, scope) {
		const host = this.find(view, at, scope);
		if (host !== -1) return host;
		const zone = (view.getUint16(at) & 65472) === 65152 ? scope || this.#onlyZone : 0;
		return this.#firstSender === 1e400 ? 0 : this.#senders.numberOf(view, at, zone);
	}
	addressOf(host) {
		this.write(host, this.#scratch, 0);
		return readIpv6Address(this.#scratch, 0);
	}
	lastUpTo(address, scope) {
		writeIpv6Address(this.#view, 0, address);
		return this.#lastUpTo(this.#view, 0, scope);
	}
	text(host) {
		const scope = this.scopeOf(host);
		this.write(host, this.#scratch, 0);
		return this.#scratchText() + (scope === 0 ? "" : `%${this.#zones.get(scope) ?? scope}`);
	}
	hostOf(text) {
		const [digits = "", zone] = text.split("%");
		const address = parseIpv6(digits);
		if (address === void 0) return -1;
		writeIpv6Address(this.#view, 0, address);
		let scope = 0;
		if (zone !== void 0 && isLinkLocal(address)) {
			scope = [...this.#zones].find(([, name]) => name === zone)?.[0] ?? Number(zone);
			if (!(scope > 0)) return -1;
		}
		const host = this.#findIn(isLinkLocal(address) ? scope || this.#onlyZone : 0, this.#view, 0);
		if (host !== -1) return host;
		return this.#senders.find(this.#view, 0, scope);
	}
	networkOf(host) {
		const view = this.#view;
		this.write(host, view, 0);
		view.setUint32(8, 0);
		view.setUint32(12, 0);
		const scope = this.scopeOf(host);
		const last = this.#lastUpTo(view, 0, scope);
		return last >= this.first && this.#isAt(last, view, 0, scope) ? last : last + 1;
	}
	*stretches(first, last) {
		for (let range = this.#rangeOf(first); range < this.#numbers.length && this.#numbers[range] <= last; range++) {
			const end = (this.#numbers[range + 1] ?? this.last + 1) - 1;
			yield [Math.max(first, this.#numbers[range]), Math.min(last, end)];
		}
	}
	addNumbers({ first, last, scope }, to) {
		for (const zone of scope === 0 ? [0, ...this.#zones.keys()] : [scope]) {
			const from = 1 + (first === 0n ? this.lastUpTo(IPV6_MAX, zone - 1) : this.lastUpTo(first - 1n, zone));
			const until = this.lastUpTo(last, zone);
			if (until >= from) to.add(from, until);
		}
	}
	numberOf(address, scope) {
		writeIpv6Address(this.#view, 0, address);
		return this.find(this.#view, 0, scope);
	}
	#scratchText() {
		const view = this.#scratch;
		const group = view.getUint16(14);
		if (group === 0) return formatIpv6(readIpv6Address(view, 0));
		const last = this.#lastText;
		if (!(last.getUint32(0) === view.getUint32(0) && last.getUint32(4) === view.getUint32(4) && last.getUint32(8) === view.getUint32(8) && last.getUint16(12) === view.getUint16(12))) {
			for (let at = 0; at < 16; at += 4) last.setUint32(at, view.getUint32(at));
			const text = formatIpv6(readIpv6Address(view, 0));
			this.#upperText = text.includes(".") ? void 0 : text.slice(0, text.lastIndexOf(":") + 1);
			return text;
		}
		return this.#upperText === void 0 ? formatIpv6(readIpv6Address(view, 0)) : this.#upperText + group.toString(16);
	}
	#rangeOf(host) {
		return this.#numbers.length === 1 ? 0 : lastAtMost(this.#numbers, host);
	}
	#lastUpTo(view, at, scope) {
		let low = 0, high = this.#numbers.length;
		while (low < high) {
			const middle = low + high >>> 1;
			if (this.#compare(middle, view, at, scope) <= 0) low = middle + 1;
			else high = middle;
		}
		const range = low - 1;
		if (range < 0) return this.first - 1;
		const end = (this.#numbers[range + 1] ?? this.last + 1) - 1;
		const from = WORDS * range;
		if (this.#ranges[from] !== scope) return end;
		let distance = 0, borrow = 0;
		for (let word = 3; word >= 0; word--) {
			const difference = view.getUint32(at + 4 * word) - this.#ranges[from + 1 + word] - borrow;
			if (word === 3) distance = difference >>> 0;
			else if (difference >>> 0 !== 0) return end;
			borrow = difference < 0 ? 1 : 0;
		}
		return Math.min(end, this.#numbers[range] + distance);
	}
	#compare(range, view, at, scope) {
		const from = WORDS * range;
		if (this.#ranges[from] !== scope) return this.#ranges[from] - scope;
		for (let word = 0; word < 4; word++) {
			const difference = this.#ranges[from + 1 + word] - view.getUint32(at + 4 * word);
			if (difference !== 0) return difference;
		}
		return 0;
	}
	#isAt(host, view, at, scope) {
		if (this.scopeOf(host) !== scope) return false;
		this.write(host, this.#scratch, 0);
		for (let word = 0; word < 16; word += 4) if (this.#scratch.getUint32(word) !== view.getUint32(at + word)) return false;
		return true;
	}
};
var DualBook = class {
	ipv6;
	senders;
	parts;
	constructor(parts, part = 0) {
		this.parts = parts;
		this.senders = new Senders(parts.senders, part);
		const { pattern, numbers } = parts;
		this.ipv6 = pattern === void 0 ? new Ipv6Book(parts, this.senders) : new PatternBook(pattern, numbers[0], this.senders);
	}
	kept() {
		const { ranges, numbers, last, zones } = this.parts;
		const isSmall = numbers.length <= MAX_KEPT && this.parts.pattern === void 0;
		return {
			ranges: isSmall ? [...ranges] : [],
			numbers: isSmall ? [...numbers] : [],
			last,
			zones,
			senders: this.senders.kept()
		};
	}
	text(host) {
		return host >= this.ipv6.first ? this.ipv6.text(host) : formatIpv4(host);
	}
	hostOf(ip) {
		return ip.includes(":") ? this.ipv6.hostOf(ip) : this.find(parseIpv4(ip) ?? -1);
	}
	prefixFinder(prefixes) {
		return prefixFinder(prefixes);
	}
	address(host) {
		return host >= this.ipv6.first ? -1 : host;
	}
	*stretches(first, last) {
		if (first < this.ipv6.first) yield [first, Math.min(last, this.ipv6.first - 1)];
		if (last >= this.ipv6.first) yield* this.ipv6.stretches(Math.max(first, this.ipv6.first), last);
	}
	find(address) {
		return address < this.ipv6.first ? address : -1;
	}
	sender(address) {
		return address < this.ipv6.first ? address : 0;
	}
	lastUpTo(address) {
		return Math.min(address, this.ipv6.first - 1);
	}
	numbers(addresses) {
		return addresses.subtract(Ranges.of(this.ipv6.first, 4294967295));
	}
	networkOf(host) {
		return host >= this.ipv6.first ? this.ipv6.networkOf(host) : IPV4_BOOK.networkOf(host);
	}
};

// src/target/ipv6_syntax.ts
var ipv6_syntax_exports = /* @__PURE__ */ __exportAll({ readIpv6: () => readIpv6 });
const MOST_ADDRESSES = 1n << 32n;
const ADDRESS_BITS = 128;
const SHAPE = /^([\da-f:.]+)(?:%([^%/[\]\s-]+))?(?:\/([^%]*)|-([\da-f:.]+))?(?:%([^%/[\]\s]+))?$/i;
function readIpv6(token, isExclusion, usualZone) {
	const { text } = token;
	const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
	if (text.startsWith("[") && bracket < 0) throw wrong(token, 0, "its bracket is not closed", "Write it like [2001:db8::1]:22,80");
	const inside = bracket < 0 ? text : text.slice(1, bracket);
	const behind = bracket < 0 ? "" : text.slice(bracket + 1);
	const [, prefix = "", colon] = /^(\/[^:]*)?(:)?/.exec(behind);
	if (behind !== "" && prefix === "" && colon === void 0) throw wrong(token, bracket + 1, "only ports follow a bracket", "Write it like [2001:db8::1]:22,80");
	return {
		...readAddresses(token, inside + prefix, isExclusion, usualZone),
		colon: colon === void 0 ? -1 : bracket + 1 + prefix.length
	};
}
function readAddresses(token, text, isExclusion, usualZone) {
	const [, from = "", zoneBefore, length, to, zoneBehind] = SHAPE.exec(text) ?? [];
	const written = zoneBehind ?? zoneBefore;
	const address = parseIpv6(from);
	if (address === void 0) {
		if (text.includes(",")) throw wrong(token, text.indexOf(","), "there is a comma in it", "Separate targets by spaces");
		throw wrong(token, 0, "it is no IPv6 address", `Write eight groups of hexadecimal digits, or :: in place of groups of zeros, like 2001:db8::1; ports follow brackets: [2001:db8::1]:22,80`);
	}
	const bits = /^(\d{1,3})-(\d{1,3})$/.exec(length ?? "");
	if (bits !== null) return prefixesOf(token, address, Number(bits[1]), Number(bits[2]), isExclusion);
	const { first, last } = length !== void 0 ? blockOf(token, address, length) : to !== void 0 ? rangeOf(token, from, address, to) : {
		first: address,
		last: address
	};
	const found = {
		kind: "ipv6",
		first,
		last,
		zone: written ?? (isLinkLocal(first) && !isExclusion ? usualZone : void 0)
	};
	if (isExclusion) refuseEmbedded(token, first, last);
	else check(token, found);
	return found;
}
function blockOf(token, address, length) {
	const bits = Number(length);
	if (!/^\d{1,3}$/.test(length) || bits > ADDRESS_BITS) {
		const why = `${quote(length)} is no prefix length`;
		throw wrong(token, token.text.indexOf("/") + 1, why, "Write a number from 0 to 128 after the slash");
	}
	const span = 1n << BigInt(ADDRESS_BITS - bits);
	const first = address / span * span;
	return {
		first,
		last: first + span - 1n
	};
}
function prefixesOf(token, address, from, to, isExclusion) {
	const at = token.text.indexOf("/") + 1;
	if (isExclusion) throw wrong(token, at, "a pattern cannot be excluded", "Write the block");
	if (to > ADDRESS_BITS || from > to) throw wrong(token, at, "these are no prefix lengths", "Write the shorter one first, like 2001:db8::/32-64");
	if (to - from > MAX_PATTERN_BITS) throw wrong(token, at, `it has 2^${to - from} prefixes`, `At most 2^${MAX_PATTERN_BITS} fit: scan a narrower block`);
	const span = 1n << BigInt(ADDRESS_BITS - from);
	const base = address / span * span;
	if (isMulticast6(base) || isLinkLocal(base)) throw wrong(token, 0, "its addresses are of no global hosts", "Name a block of unicast addresses");
	return {
		kind: "prefixes",
		base,
		from,
		to
	};
}
const MAX_PATTERN_BITS = 32;
function rangeOf(token, from, first, to) {
	const last = to.includes(":") ? parseIpv6(to) : /^[\da-f]{1,4}$/i.test(to) ? first >> 16n << 16n | BigInt(`0x${to}`) : void 0;
	const at = token.text.indexOf("-") + 1;
	if (last === void 0) throw wrong(token, at, `${quote(to)} is no end of a range`, `Write an address, or its last group: ${from}-ff`);
	if (last < first) throw wrong(token, at, "the range runs backwards", "Write the smaller address first");
	return {
		first,
		last
	};
}
const MAPPED = 65535n;
function refuseEmbedded(token, first, last) {
	const upper = first >> 32n;
	if (!(upper === MAPPED || upper === 0n && first > 65535n) || last - first >= 4294967295n) return;
	const ipv4 = formatIpv4(Number(first & 4294967295n));
	throw wrong(token, 0, "it is an IPv4 address inside an IPv6 address", `Write the IPv4 address: ${ipv4}`);
}

function countText(count) {
	if (count > IPV6_MAX) return "2^128";
	const bits = count.toString(2).length - 1;
	return count === 1n << BigInt(bits) ? `2^${bits}` : `about 2^${bits}`;
}

// src/wire/ipv6.ts
const VERSION_CLASS_FLOW = 0;
const PAYLOAD_LEN = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT$1 = 7;
const IPV6_SOURCE = 8;
const IPV6_DESTINATION = 24;
const IPV6_HEADER_LEN = 40;
const NEXT_HOP_BY_HOP = 0;
const NEXT_ROUTING = 43;
const NEXT_FRAGMENT = 44;
const NEXT_AUTHENTICATION = 51;
const NEXT_DESTINATION_OPTIONS = 60;
const OTHER_EXTENSIONS = [
	135,
	139,
	140,
	253,
	254
];
const VERSION_6 = 6;
const FRAGMENT_OFFSET_MASK = 65528;
const MORE_FRAGMENTS = 1;
const SEGMENTS_LEFT = 3;
const EXTENSION_UNIT = 8;
const MAX_EXTENSIONS = 8;
const PLAIN = 1;
const AUTHENTICATION = 2;
const FRAGMENT = 3;
const ROUTING = 4;
const FORMS = /* @__PURE__ */ new Uint8Array(256);
for (const next of [
	NEXT_HOP_BY_HOP,
	60,
	...OTHER_EXTENSIONS
]) FORMS[next] = PLAIN;
FORMS[NEXT_AUTHENTICATION] = AUTHENTICATION;
FORMS[NEXT_FRAGMENT] = FRAGMENT;
FORMS[NEXT_ROUTING] = ROUTING;
function isExtension(next) {
	return FORMS[next] !== 0;
}
function checkIpv6(view, at, length) {
	if (checkIpv6Quoted(view, at, length) === 0) return 0;
	return 40 + view.getUint16(at + PAYLOAD_LEN) <= length ? 40 : 0;
}
function checkIpv6Quoted(view, at, length) {
	return length >= 40 && view.getUint8(at) >> 4 === VERSION_6 ? 40 : 0;
}
function ipv6FlowLabel(view, at) {
	return view.getUint32(at + VERSION_CLASS_FLOW) & 1048575;
}
function ipv6PayloadLen(view, at) {
	return view.getUint16(at + PAYLOAD_LEN);
}
function ipv6NextHeader(view, at) {
	return view.getUint8(at + NEXT_HEADER);
}
function ipv6HopLimit(view, at) {
	return view.getUint8(at + HOP_LIMIT$1);
}
var Ipv6Payload = class {
	protocol = 0;
	at = 0;
	length = 0;
	extensions = 0;
	isFirstFragment = false;
	find(view, at, takesFirst = false) {
		const length = ipv6PayloadLen(view, at);
		return this.#walk(view, ipv6NextHeader(view, at), at + 40, length, false) && (takesFirst || !this.isFirstFragment);
	}
	findQuoted(view, at, length) {
		return this.#walk(view, ipv6NextHeader(view, at), at + 40, length - 40, true);
	}
	#walk(view, next, at, length, isQuoted) {
		this.isFirstFragment = false;
		for (this.extensions = 0; FORMS[next] !== 0; this.extensions++) {
			if (this.extensions === MAX_EXTENSIONS || length < EXTENSION_UNIT) return false;
			let headerLen = (view.getUint8(at + 1) + 1) * EXTENSION_UNIT;
			switch (FORMS[next]) {
				case AUTHENTICATION:
					headerLen = (view.getUint8(at + 1) + 2) * 4;
					break;
				case ROUTING:
					if (!isQuoted && view.getUint8(at + SEGMENTS_LEFT) !== 0) return false;
					break;
				case FRAGMENT: {
					headerLen = EXTENSION_UNIT;
					const field = view.getUint16(at + 2);
					if ((field & FRAGMENT_OFFSET_MASK) !== 0) return false;
					if ((field & MORE_FRAGMENTS) !== 0) this.isFirstFragment = true;
				}
			}
			if (headerLen > length) return false;
			next = view.getUint8(at);
			at += headerLen;
			length -= headerLen;
		}
		this.protocol = next;
		this.at = at;
		this.length = length;
		return true;
	}
};
function setIpv6PayloadLen(view, at, payloadLen) {
	view.setUint16(at + PAYLOAD_LEN, payloadLen);
}
function setIpv6FlowLabel(view, at, flowLabel) {
	view.setUint32(at + VERSION_CLASS_FLOW, VERSION_6 << 28 | flowLabel);
}
function writeIpv6(view, at, fields) {
	writeIpv6Head(view, at, fields.nextHeader, fields.payloadLen, fields.hopLimit ?? 64);
	const { trafficClass = 0, flowLabel = 0 } = fields;
	view.setUint32(at + VERSION_CLASS_FLOW, (VERSION_6 << 28 | trafficClass << 20 | flowLabel) >>> 0);
	writeIpv6Address(view, at + 8, fields.source);
	writeIpv6Address(view, at + 24, fields.destination);
	return 40;
}
function writeIpv6Head(view, at, nextHeader, payloadLen, hopLimit) {
	view.setUint32(at + VERSION_CLASS_FLOW, VERSION_6 << 28);
	view.setUint16(at + PAYLOAD_LEN, payloadLen);
	view.setUint8(at + NEXT_HEADER, nextHeader);
	view.setUint8(at + HOP_LIMIT$1, hopLimit);
	return 40;
}
function pseudoHeaderSum6(view, at, protocol, length) {
	return sumWords(view, at + 8, 2 * 16, protocol + (length >>> 16) + (length & 65535));
}
function upperChecksum(view, at, upperAt, length, protocol) {
	return foldChecksum(sumWords(view, upperAt, length, pseudoHeaderSum6(view, at, protocol, length)));
}

// src/wire/icmpv6.ts
const TYPE = 0;
const CODE = 1;
const CHECKSUM = 2;
const REST = 4;
const QUOTE_UNITS = 4;
const ICMPV6_HEADER_LEN = 8;
const ICMPV6_QUOTE_OFFSET = 8;
const ICMPV6_DESTINATION_UNREACHABLE = 1;
const ICMPV6_TIME_EXCEEDED = 3;
const ICMPV6_ECHO_REQUEST = 128;
function checkIcmpv6(_view, _at, length) {
	return length >= 8 ? 8 : 0;
}
function icmpv6Type(view, at) {
	return view.getUint8(at + TYPE);
}
function icmpv6Code(view, at) {
	return view.getUint8(at + CODE);
}
function icmpv6Rest(view, at) {
	return view.getUint32(at + REST);
}
function icmpv6IsError(type) {
	return type < 128;
}
function icmpv6QuoteLen(view, at, length) {
	const type = icmpv6Type(view, at);
	return quoteLenOf(type === 1 || type === 3 ? 8 * view.getUint8(at + QUOTE_UNITS) : 0, length - 8);
}
function setIcmpv6Checksum(view, at, checksum) {
	view.setUint16(at + CHECKSUM, checksum);
}
function setIcmpv6Rest(view, at, rest) {
	view.setUint32(at + REST, rest);
}
function writeIcmpv6Head(view, at, type, code, rest) {
	view.setUint8(at + TYPE, type);
	view.setUint8(at + CODE, code);
	view.setUint16(at + CHECKSUM, 0);
	view.setUint32(at + REST, rest);
	return 8;
}
function fillIcmpv6Checksum(view, ipAt, at, length) {
	view.setUint16(at + CHECKSUM, 0);
	view.setUint16(at + CHECKSUM, upperChecksum(view, ipAt, at, length, 58));
}

// src/wire/ndp.ts
const FLAGS = 4;
const NDP_TARGET = 8;
const OPTIONS = 24;
const LINK_ADDRESS_OPTION_LEN = 8;
const OPTION_UNIT = 8;
const NDP_SOLICITATION = 135;
const NDP_ADVERTISEMENT = 136;
const SOURCE_LINK_ADDRESS = 1;
const TARGET_LINK_ADDRESS = 2;
const SOLICITED = 1073741824;
const HOP_LIMIT = 255;
const MAX_OPTIONS = 16;
const SOLICITATION_LEN = 40 + OPTIONS + LINK_ADDRESS_OPTION_LEN;
function checkAdvertisement(view, ipAt, at, length) {
	if (length < OPTIONS || icmpv6Type(view, at) !== 136 || icmpv6Code(view, at) !== 0) return 0;
	if (ipv6HopLimit(view, ipAt) !== HOP_LIMIT || view.getUint8(at + 8) === 255) return 0;
	if (view.getUint8(ipAt + 24) === 255 && (view.getUint32(at + FLAGS) & SOLICITED) !== 0) return 0;
	return upperChecksum(view, ipAt, at, length, 58) === 0 ? length : 0;
}
function findAdvertisement(view, at, length, payload) {
	if (checkIpv6(view, at, length) === 0 || !payload.find(view, at) || payload.protocol !== 58) return false;
	return payload.extensions === 0 && checkAdvertisement(view, at, payload.at, payload.length) > 0 && isStationMac(advertisedMac(view, payload.at, payload.length));
}
function advertisedMac(view, at, length) {
	const end = at + length;
	let offset = at + OPTIONS;
	for (let options = 0; options < MAX_OPTIONS && offset + OPTION_UNIT <= end; options++) {
		const optionLen = view.getUint8(offset + 1) * OPTION_UNIT;
		if (optionLen === 0 || offset + optionLen > end) return 0;
		if (view.getUint8(offset) === TARGET_LINK_ADDRESS) return readMac(view, offset + 2);
		offset += optionLen;
	}
	return 0;
}
function writeSolicitation(view, at, addresses, targetAt) {
	const icmpAt = at + writeIpv6Head(view, at, 58, SOLICITATION_LEN - 40, HOP_LIMIT);
	view.setUint32(at + 24, 4278321152);
	view.setUint32(at + 24 + 4, 0);
	view.setUint32(at + 24 + 8, 1);
	view.setUint32(at + 24 + 12, (4278190080 | addresses.getUint32(targetAt + 12) & 16777215) >>> 0);
	writeIcmpv6Head(view, icmpAt, 135, 0, 0);
	copyIpv6Address(addresses, targetAt, view, icmpAt + 8);
	view.setUint8(icmpAt + OPTIONS, SOURCE_LINK_ADDRESS);
	view.setUint8(icmpAt + OPTIONS + 1, LINK_ADDRESS_OPTION_LEN / OPTION_UNIT);
	return SOLICITATION_LEN;
}
function setSolicitationMac(view, at, mac) {
	const icmpAt = at + 40;
	writeMac(view, icmpAt + OPTIONS + 2, mac);
	fillIcmpv6Checksum(view, at, icmpAt, SOLICITATION_LEN - 40);
}
function groupMac(view, at) {
	return 56294136348672 + view.getUint32(at + 24 + 12);
}

// src/local/ipv6_kernel.ts
var ipv6_kernel_exports = /* @__PURE__ */ __exportAll({ IPV6_KERNEL: () => IPV6_KERNEL });
const packet = pin(SOLICITATION_LEN);
const TARGET = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(16));
const GROUP = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(6));
const IPV6_KERNEL = {
	text: formatIpv6,
	isLinkLocal,
	solicit(socket, link, sender, target) {
		const { view } = packet;
		writeIpv6Address(TARGET, 0, target);
		writeSolicitation(view, 0, TARGET, 0);
		writeIpv6Address(view, 8, sender);
		setSolicitationMac(view, 0, macOf(link.hardwareAddress));
		writeMac(GROUP, 0, groupMac(view, 0));
		const name = pinGroup(link.index, ETH_P_IPV6, new Uint8Array(GROUP.buffer));
		return sendTo(socket, packet, 0, SOLICITATION_LEN, name) >= 0;
	}
};

// ffi/ipv6_socket.ts
const INET6_ADDRESS = sockaddr_in6.sin6_addr;
var Inet6 = class {
	memory = pin(sockaddr_in6.size);
	view = this.memory.view;
	#length = pin(4);
	constructor() {
		this.view.setUint16(sockaddr_in6.sin6_family, 10, true);
	}
	get port() {
		return this.view.getUint16(sockaddr_in6.sin6_port);
	}
	set(port, scope) {
		this.view.setUint16(sockaddr_in6.sin6_port, port);
		this.view.setUint32(sockaddr_in6.sin6_scope_id, scope, true);
	}
	readName(fd) {
		this.#length.view.setUint32(0, sockaddr_in6.size, true);
		check$1(libc().getsockname(fd.number, this.memory.pointer, this.#length.pointer), "getsockname");
	}
};
function bindInet6(fd, { memory }) {
	check$1(libc().bind(fd.number, memory.pointer, sockaddr_in6.size), "bind");
}
function connectInet6(fd, { memory }) {
	for (;;) {
		if (libc().connect(fd.number, memory.pointer, sockaddr_in6.size) !== -1) return 0;
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) return errno;
	}
}
function findSource6(address) {
	let socket;
	try {
		socket = openSocket(10, 2, 0);
	} catch {
		return ERRNO.EAFNOSUPPORT;
	}
	try {
		const errno = connectInet6(socket, address);
		if (errno === 0) address.readName(socket);
		return errno;
	} finally {
		socket.close();
	}
}

// src/transport/ipv6_multicast.ts
var ipv6_multicast_exports = /* @__PURE__ */ __exportAll({
	findNodes: () => findNodes,
	knownNodes: () => knownNodes
});
const ALL_NODES = 65282n << 112n | 1n;
const UNKNOWN_OPTION = [
	58,
	0,
	128,
	4,
	0,
	0,
	0,
	0
];
const COOKIE_LEN = 8;
const ECHO_LEN$1 = 8 + COOKIE_LEN;
const ROUNDS_MS = [
	0,
	200,
	500
];
const END_MS = 1e3;
const MAX_SOURCES = 16;
const MAX_FOUND = 16384;
const RECEIVE_BATCH = 1024;
async function findNodes(link) {
	const own = dumpAddresses6().filter(({ interfaceIndex }) => interfaceIndex === link.index);
	const usable = own.filter(({ isTentative, isDeprecated }) => !isTentative && !isDeprecated);
	const sources = [...new Map(usable.map(({ address, prefixLen }) => [address >> BigInt(128 - prefixLen), address])).values()].slice(0, MAX_SOURCES);
	const cookie = crypto.getRandomValues(new Uint8Array(COOKIE_LEN));
	const probes = sources.flatMap((source) => [echo(source, cookie, []), echo(source, cookie, UNKNOWN_OPTION)]);
	using opening = new DisposableStack();
	const receiver = opening.use(new PlainReceiver({
		filter: replies(),
		interfaceIndex: link.index,
		protocol: ETH_P_IPV6
	}));
	const socket = opening.use(openSocket(10, 3, 255));
	const group = new Inet6();
	writeIpv6Address(group.view, INET6_ADDRESS, ALL_NODES);
	group.set(0, link.index);
	const poll = new PollSet(1);
	poll.set(0, receiver.fd, 1);
	const found = /* @__PURE__ */ new Set();
	const isOwn = new Set(own.map(({ address }) => address));
	const payload = new Ipv6Payload();
	const sink = {
		sent: () => {},
		sendFailed: () => {},
		packet(view, at, length) {
			if (!isReply(view, at, length, payload, cookie)) return;
			const address = readIpv6Address(view, at + 8);
			if (!isOwn.has(address) && found.size < MAX_FOUND) found.add(address);
		}
	};
	const beganMs = performance.now();
	const rounds = [...ROUNDS_MS];
	for (let ms = 0; ms < END_MS; ms = performance.now() - beganMs) {
		if (rounds.length > 0 && ms >= rounds[0]) {
			rounds.shift();
			for (const probe of probes) sendTo(socket, probe, 0, probe.bytes.length, group.memory);
		}
		await poll.pollUntil(Math.max(0, (rounds[0] ?? END_MS) - ms));
		receiver.drain(sink, RECEIVE_BATCH, performance.now());
	}
	return addressTexts(found, link);
}
function knownNodes(link) {
	return addressTexts(dumpNeighbours(INET6).filter(({ interfaceIndex, address, state }) => interfaceIndex === link.index && USABLE_STATES.has(state) && address >> 120n !== 255n).map(({ address }) => address), link);
}
function addressTexts(addresses, link) {
	return [...addresses].sort((one, other) => one < other ? -1 : 1).map((address) => formatIpv6(address) + (isLinkLocal(address) ? `%${link.name}` : ""));
}
function echo(source, cookie, extension) {
	const packet = pin(40 + extension.length + ECHO_LEN$1);
	const { view, bytes } = packet;
	writeIpv6(view, 0, {
		source,
		destination: ALL_NODES,
		nextHeader: 58,
		payloadLen: ECHO_LEN$1,
		hopLimit: 1
	});
	bytes.set(cookie, 40 + 8);
	const id = cookie[0] << 8 | cookie[1];
	writeIcmpv6Head(view, 40, 128, 0, id * 65536 + 1);
	fillIcmpv6Checksum(view, 0, 40, ECHO_LEN$1);
	if (extension.length === 0) return packet;
	bytes.copyWithin(40 + extension.length, 40, 40 + ECHO_LEN$1);
	bytes.set(extension, 40);
	bytes[6] = 60;
	setIpv6PayloadLen(view, 0, extension.length + ECHO_LEN$1);
	return packet;
}
function isReply(view, at, length, payload, cookie) {
	if (checkIpv6(view, at, length) === 0 || !payload.find(view, at) || payload.protocol !== 58) return false;
	const { at: icmpAt, length: icmpLen } = payload;
	if (icmpLen < ECHO_LEN$1 || view.getUint8(at + 8) === 255) return false;
	const type = icmpv6Type(view, icmpAt);
	let dataAt = icmpAt + 8;
	if (type === 4) {
		dataAt = icmpAt + 8 + 40 + UNKNOWN_OPTION.length + 8;
		if (icmpv6Code(view, icmpAt) !== 2 || dataAt + COOKIE_LEN > icmpAt + icmpLen) return false;
		const quotedAt = icmpAt + 8 + 24;
		if (readIpv6Address(view, quotedAt) !== ALL_NODES) return false;
	} else if (type !== 129) return false;
	for (let i = 0; i < COOKIE_LEN; i++) if (view.getUint8(dataAt + i) !== cookie[i]) return false;
	return upperChecksum(view, at, icmpAt, icmpLen, 58) === 0;
}
function replies() {
	return assembleBpf([
		["ldb", 6],
		[
			"jeq",
			58,
			"next",
			"reject"
		],
		["ldb", 40],
		[
			"jeq",
			129,
			"ours",
			"next"
		],
		[
			"jeq",
			4,
			"ours",
			"reject"
		],
		...BPF_VERDICTS
	]);
}

// src/scan/aliases.ts
var aliases_exports = /* @__PURE__ */ __exportAll({ AliasCheck: () => AliasCheck });
const LENGTHS = [
	48,
	64,
	80,
	96,
	112
];
const MIN_HOSTS = 8;
const ALIASED_SHARE = 3 / 4;
const MAX_PREFIXES = 256;
const MAX_KINDS = 4;
const ROUND_TRIPS = 4;
const MIN_TIMEOUT_MS = 200;
const MAX_TIMEOUT_MS = 3e3;
const LINK_MS = 600;
var AliasCheck = class AliasCheck {
	#book;
	#beyond;
	#byMac = /* @__PURE__ */ new Map();
	#replies = /* @__PURE__ */ new Map();
	#ports = [/* @__PURE__ */ new Uint32Array(65536), /* @__PURE__ */ new Uint32Array(65536)];
	#aliased = [];
	#warnings = [];
	#sent = 0;
	#longestMs = 0;
	constructor(book, beyond) {
		this.#book = book;
		this.#beyond = beyond;
	}
	static async of(book, hosts, beyond, options) {
		if (book === void 0 || hostsOfIpv6(hosts, book).size < MIN_HOSTS) return void 0;
		if (options.dropPrivileges !== void 0 && options.dropPrivileges !== false) await loadSockets();
		return new AliasCheck(book, beyond);
	}
	take(rows, pass) {
		const { first } = this.#book;
		const doubles = doublesOf(rows);
		if (probesHosts(pass)) {
			const names = probeNames(pass.technique);
			for (let at = 0; at < rows.length; at += 6) {
				const host = hostAt(rows, at);
				if (host < first || stateAt(rows, at) !== 0) continue;
				if (OF_LINKS.includes(reasonAt(rows, at))) this.#byMac.getOrInsertComputed(macAt(rows, at), () => []).push(host);
				this.#add(names[portAt(rows, at)], 0, 1);
				this.#longestMs = Math.max(this.#longestMs, rttMsAt(doubles, at));
			}
		} else if (pass.proto === "tcp") {
			const [open, all] = this.#ports;
			for (let at = 0; at < rows.length; at += 6) {
				const state = stateAt(rows, at);
				if (hostAt(rows, at) < first || state !== 0 && state !== 1) continue;
				all[portAt(rows, at)]++;
				this.#longestMs = Math.max(this.#longestMs, rttMsAt(doubles, at));
				if (state === 0) open[portAt(rows, at)]++;
			}
		}
	}
	get aliased() {
		return this.#aliased;
	}
	warnings() {
		const [first] = this.#aliased;
		if (first === void 0) return [...this.#warnings];
		const hosts = this.#aliased.reduce((sum, { hosts }) => sum + hosts, 0);
		return [`${this.#aliased.length === 1 ? `${first.prefix} is an aliased prefix` : `${first.prefix} and ${counted(this.#aliased.length - 1, "more prefix", "more prefixes")} are aliased`}: addresses chosen at random reply there too, so that ${counted(hosts, "host")} may be one machine`, ...this.#warnings];
	}
	report() {
		return {
			...EMPTY_REPORT,
			sent: this.#sent,
			byState: STATES.map(() => 0)
		};
	}
	async run({ up, options, signal, deadlineAtMs, scan }) {
		const suspects = hostsOfIpv6(within(up, this.#suspects()), this.#book);
		const { candidates, leftOut } = this.#candidates(suspects);
		if (leftOut > 0) this.#warnings = [`${counted(leftOut, "prefix", "prefixes")} of IPv6 were not looked at: they may be aliased`];
		const pings = this.#pings();
		const isBeyond = within(suspects, this.#beyond).count > 0;
		const leftMs = Math.min(deadlineAtMs - performance.now(), isBeyond ? 1e400 : LINK_MS);
		if (candidates.length === 0 || pings.length === 0 || leftMs <= 0 || signal?.aborted === true) return;
		const controls = candidates.map(randomAddresses);
		const { exclude, excludeLists, interface: name, sourceIp, ttl, timing, maxRatePps } = options;
		const wanted = {
			exclude,
			excludeLists,
			interface: name,
			sourceIp,
			ttl,
			timing,
			maxRatePps,
			targets: controls.flat(),
			ports: "80",
			hostsOnly: true,
			pings,
			workers: 1,
			maxRttTimeoutMs: Math.min(MAX_TIMEOUT_MS, Math.max(MIN_TIMEOUT_MS, ROUND_TRIPS * this.#longestMs)),
			maxRetries: 1,
			deadlineMs: Number.isFinite(leftMs) ? leftMs : void 0
		};
		const replied = /* @__PURE__ */ new Set();
		try {
			const running = scan(wanted, signal === void 0 ? {} : { signal });
			for await (const batch of running.batches()) for (const { ip, state } of batch) if (state === "up") replied.add(ip);
			this.#sent += (await running.summary).sent;
			for (const address of dumpLinks().flatMap(knownNodes)) replied.add(address);
		} catch (error) {
			if (error instanceof NothingLeftError) return;
			if (!(error instanceof UsageError || error instanceof CannotScanError)) throw error;
			this.#warnings = [`Aliased prefixes of IPv6 were not looked for: ${error.message}`];
			return;
		}
		const found = [];
		const aliased = [];
		for (const [index, candidate] of candidates.entries()) {
			const chosen = controls[index];
			const count = chosen.filter((address) => replied.has(address)).length;
			if (count < ALIASED_SHARE * chosen.length || found.some((wider) => isWithin(candidate, wider))) continue;
			found.push(candidate);
			aliased.push({
				prefix: prefixText(candidate),
				hosts: candidate.hosts,
				controls: chosen.length,
				replied: count
			});
		}
		this.#aliased = aliased;
	}
	#suspects() {
		const shared = [...this.#byMac.values()].filter((hosts) => hosts.length >= MIN_HOSTS).flat();
		return this.#beyond.union(Ranges.from(shared.map((host) => [host, host])));
	}
	#candidates(up) {
		const several = sharedPrefixes(up, this.#book, LENGTHS).filter(({ hosts }) => hosts >= MIN_HOSTS).sort((one, other) => other.hosts - one.hosts);
		const candidates = several.slice(0, MAX_PREFIXES).sort(comparePrefixes);
		return {
			candidates,
			leftOut: several.length - candidates.length
		};
	}
	#add(kind, open, all) {
		if (kind === void 0) return;
		const counts = this.#replies.get(kind) ?? {
			open: 0,
			all: 0
		};
		counts.open += open;
		counts.all += all;
		this.#replies.set(kind, counts);
	}
	#pings() {
		const [open, all] = this.#ports;
		for (let port = 0; port < all.length; port++) if (all[port] > 0) this.#add(`syn:${port}`, open[port], all[port]);
		const isRaw = canOpenRaw();
		const canBeSent = ([kind]) => isRaw ? /^(echo$|syn:|ack:)/.test(kind) : /^(syn|ack):/.test(kind);
		if (![...this.#replies].some(canBeSent)) for (const kind of USUAL_PINGS) this.#add(kind, 0, 1);
		return [...this.#replies].filter(canBeSent).sort(([, one], [, other]) => other.open - one.open || other.all - one.all).slice(0, MAX_KINDS).map(([kind]) => kind);
	}
};
async function loadSockets() {
	await Promise.all([
		import("./connect.js").then((n) => n.n),
		import("./connect.js").then((n) => n.a),
		import("./connect.js").then((n) => n.i),
		import("./connect.js").then((n) => n.r),
		Promise.resolve().then(() => ipv6_sockets_exports),
		Promise.resolve().then(() => icmpv6_errors_exports)
	]);
}
function hostsOfIpv6(hosts, { first, last }) {
	return within(hosts, Ranges.of(first, last));
}

// src/local/ipv6_reach.ts
const MAX_LOOKUPS = 256;
var Ipv6Reach = class {
	#name = new Inet6();
	#known = /* @__PURE__ */ new Map();
	problem(address, scope) {
		const key = `${address >> 64n === 0n ? address : address >> 64n} ${scope}`;
		if (this.#known.has(key) || this.#known.size >= MAX_LOOKUPS) return this.#known.get(key);
		writeIpv6Address(this.#name.view, INET6_ADDRESS, address);
		this.#name.set(9, scope);
		const errno = findSource6(this.#name);
		const why = errno === 0 ? void 0 : WHY.get(errno) ?? "the kernel has no way to it by IPv6";
		this.#known.set(key, why);
		return why;
	}
};
const WHY = /* @__PURE__ */ new Map([
	[ERRNO.ENETUNREACH, "this machine has no route to it by IPv6"],
	[ERRNO.EADDRNOTAVAIL, "this machine has no IPv6 address to send from"],
	[ERRNO.EAFNOSUPPORT, "this machine has no IPv6"]
]);

// src/scan/ipv6_plan.ts
var ipv6_plan_exports = /* @__PURE__ */ __exportAll({
	planIpv6Targets: () => planIpv6Targets,
	refuseAmbiguous: () => refuseAmbiguous
});
const MAX_LOST = 20;
const TAKEN = Ranges.of(4026531840, 4294967295);
function planIpv6Targets(options, { ipv6, targets, ofBoth }, exclusions) {
	const links = dumpLinks();
	const wanted = options.interface === void 0 ? void 0 : linkOf(options.interface, links);
	const lost = [];
	const routed = [];
	const withoutRoute = /* @__PURE__ */ new Set();
	const zones = /* @__PURE__ */ new Map();
	const routes = new Ipv6Reach();
	for (const target of ipv6) {
		const { zone } = target;
		const link = zone === void 0 ? void 0 : linkOf(zone, links);
		if (zone !== void 0 && link === void 0) {
			const names = links.map(({ name }) => name).join(", ");
			lost.push({
				target,
				why: `there is no interface ${zone}`,
				remedy: `There are ${names}`
			});
			continue;
		}
		if (link !== void 0 && wanted !== void 0 && link !== wanted) {
			const why = `its zone is ${link.name}, and packets are to leave by ${wanted.name}`;
			lost.push({
				target,
				why,
				remedy: `Leave out -e, or name a target on ${wanted.name}`
			});
			continue;
		}
		const scope = link?.index ?? 0;
		const why = routes.problem(target.first, scope);
		if (why === void 0) {
			if (link !== void 0) zones.set(scope, link.name);
			routed.push({
				...target,
				scope
			});
		} else if (target.name !== void 0 && ofBoth.includes(target.name)) withoutRoute.add(target.name);
		else lost.push({
			target,
			why,
			remedy: "Check the address and the routes of this machine (ip -6 route)"
		});
	}
	const [first] = lost;
	if (routed.length === 0 && targets.length === 0 && first !== void 0) throw new UsageError(`Cannot scan ${textOf$1(first.target)}: ${first.why}. ${first.remedy}`);
	const both = ofBoth.filter((name) => !withoutRoute.has(name));
	const plan = withoutIpv6([...lost.slice(0, MAX_LOST).map(({ target, why }) => `Cannot scan ${textOf$1(target)}: ${why}. It is left out`), ...lost.length > MAX_LOST ? [`Cannot scan ${lost.length - MAX_LOST} more targets of IPv6. They are left out`] : []], both.length === 0 ? [] : [announcement(both)]);
	if (routed.length === 0) return plan;
	const hasIpv4 = targets.length > 0;
	refuseTaken(targets, routed[0]);
	const parts = ipv6BookParts(routed, hasIpv4, [...zones]);
	if (parts === void 0) throw new UsageError(`Cannot scan so many hosts of IPv6${hasIpv4 ? " together with hosts of IPv4" : ""} at once: ${grouped(ipv6Capacity(hasIpv4))} fit. Scan the targets in parts`);
	const book = new DualBook(parts);
	const excluded = new RangesBuilder();
	for (const exclusion of exclusions) {
		const link = exclusion.zone === void 0 ? void 0 : linkOf(exclusion.zone, links);
		if (exclusion.zone === void 0 || link !== void 0) book.ipv6.addNumbers({
			...exclusion,
			scope: link?.index ?? 0
		}, excluded);
	}
	return {
		...plan,
		book,
		targets: numbered(routed, book),
		excluded: excluded.build(),
		find: (address) => book.ipv6.numberOf(address, 0)
	};
}
function withoutIpv6(lost, warnings = []) {
	return {
		book: void 0,
		targets: [],
		excluded: Ranges.EMPTY,
		lost,
		warnings,
		find: () => -1
	};
}
function linkOf(zone, links) {
	return linkNamed(zone, links) ?? links.find(({ index }) => `${index}` === zone);
}
function refuseAmbiguous(options, ipv6) {
	const zoned = ipv6.filter(({ zone }) => zone !== void 0).sort((one, other) => one.first < other.first ? -1 : one.first > other.first ? 1 : 0);
	if (zoned.length < 2 || !passesWanted(options).some(sendsPackets)) return;
	const links = dumpLinks();
	const scopeOf = ({ zone = "" }) => linkOf(zone, links)?.index ?? zone;
	const at = zoned.findIndex((target, i) => i > 0 && target.first <= zoned[i - 1].last && scopeOf(target) !== scopeOf(zoned[i - 1]));
	if (at < 0) return;
	throw new UsageError(`Cannot scan ${textOf$1(zoned[at - 1])} together with ${textOf$1(zoned[at])}: their packets have one address. Scan them apart`);
}
function refuseTaken(targets, target) {
	for (const { hosts } of targets) if (hosts.subtract(TAKEN).size < hosts.size) throw new UsageError(`Cannot scan addresses of 240.0.0.0/4 together with ${textOf$1(target)}: hosts of IPv6 have their numbers. Scan them apart`);
}
function announcement(names) {
	const more = names.length > 1 ? ` and ${counted(names.length - 1, "more name")} have` : " has";
	return `${names[0]}${more} addresses of both IPv4 and IPv6: both are scanned; -4 or -6 scans one of them`;
}
function numbered(targets, book) {
	const lists = /* @__PURE__ */ new Map();
	for (const target of targets) {
		const key = target.ports?.toString();
		let list = lists.get(key);
		if (list === void 0) lists.set(key, list = {
			hosts: new RangesBuilder(),
			ports: target.ports
		});
		book.ipv6.addNumbers(target, list.hosts);
	}
	return Array.from(lists.values(), ({ hosts, ports }) => ({
		hosts: hosts.build(),
		ports
	}));
}
function textOf$1({ first, last, zone, name }) {
	return `${name === void 0 ? "" : `${name}, `}${rangeText(first, last, zone)}`;
}

// src/technique/icmpv6_errors.ts
var icmpv6_errors_exports = /* @__PURE__ */ __exportAll({ icmpv6ErrorKind: () => icmpv6ErrorKind });
const DESTINATION_UNREACHABLE = 1;
const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;
const UNREACHABLE_KINDS = [
	"net-unreach",
	"admin-prohibited",
	"beyond-scope",
	"host-unreach",
	"port-unreach",
	"admin-prohibited",
	"reject-route"
].map(reasonCode);
const PROBLEM_KINDS = [reasonCode("param-problem"), reasonCode("proto-unreach")];
const TIME_EXCEEDED_KIND = reasonCode("time-exceeded");
function icmpv6ErrorKind(type, code) {
	if (type === DESTINATION_UNREACHABLE) return UNREACHABLE_KINDS[code] ?? 255;
	if (type === PARAMETER_PROBLEM) return PROBLEM_KINDS[code] ?? 255;
	return type === TIME_EXCEEDED ? TIME_EXCEEDED_KIND : 255;
}

// src/wire/describe6.ts
const TYPES = {
	[1]: "destination unreachable",
	[2]: "packet too big",
	[3]: "time exceeded",
	[4]: "parameter problem",
	[128]: "echo request",
	[129]: "echo reply",
	[135]: "neighbor solicitation",
	[136]: "neighbor advertisement"
};
const UNREACHABLE = [
	"no route",
	"administratively prohibited",
	"beyond scope",
	"address unreachable",
	"port unreachable",
	"source policy failed",
	"reject route"
];
const payload = new Ipv6Payload();
function describeIpv6(view, at, length) {
	return describe(view, at, Math.max(0, Math.min(length, view.byteLength - at)), false);
}
function describe(view, at, length, quoted) {
	if (checkIpv6Quoted(view, at, length) === 0) return `no IPv6 packet (${length} bytes)`;
	const source = formatIpv6(readIpv6Address(view, at + 8));
	const destination = formatIpv6(readIpv6Address(view, at + 24));
	const payloadLen = ipv6PayloadLen(view, at);
	const isCut = !quoted && 40 + payloadLen > length;
	const fields = `hop=${ipv6HopLimit(view, at)} len=${payloadLen}${isCut ? " (cut short)" : ""}`;
	const found = payload.findQuoted(view, at, Math.min(length, 40 + payloadLen));
	const plain = `${source} > ${destination} ${fields}`;
	if (!found) return `IPv6 ${plain} (fragment, or bad extension headers)`;
	const { protocol, at: upperAt, length: upperLen } = payload;
	if (protocol === 6 && upperLen >= 8) {
		const ends = `TCP [${source}]:${tcpSourcePort(view, upperAt)} > [${destination}]:${tcpDestinationPort(view, upperAt)}`;
		const seq = `seq=${tcpSeq(view, upperAt)}`;
		if (checkTcp(view, upperAt, upperLen) === 0) return `${ends} ${fields} ${seq}`;
		const flags = tcpFlags(view, upperAt);
		const ack = (flags & 16) !== 0 ? ` ack=${tcpAck(view, upperAt)}` : "";
		return `${ends} ${flagLetters(flags)} ${fields} ${seq}${ack} win=${tcpWindow(view, upperAt)}`;
	}
	if (protocol === 17 && upperLen >= 8) return `UDP [${source}]:${udpSourcePort(view, upperAt)} > [${destination}]:${udpDestinationPort(view, upperAt)} ${fields}`;
	if (protocol !== 58 || checkIcmpv6(view, upperAt, upperLen) === 0) return `IPv6 protocol ${protocol} ${plain}`;
	const type = icmpv6Type(view, upperAt);
	const code = icmpv6Code(view, upperAt);
	const name = type === 1 ? UNREACHABLE[code] : void 0;
	const target = (type === 135 || type === 136) && upperLen >= 8 + 16 ? ` for ${formatIpv6(readIpv6Address(view, upperAt + 8))}` : "";
	const line = `ICMPv6 ${source} > ${destination} ${name ?? TYPES[type] ?? "message"}${target} (type ${type} code ${code}) ` + fields;
	if (quoted || !icmpv6IsError(type)) return line;
	return `${line} [${describe(view, upperAt + 8, upperLen - 8, true)}]`;
}

// src/technique/ipv6_filter.ts
const ECHO_ID = 4;
const DESTINATION_PORT = 2;
function replyFilter6(ports, protocols, hasEcho) {
	const upperAt = 40;
	const quotedAt = upperAt + 8;
	const isOurs = (at) => [
		["ldh", at],
		[
			"jge",
			ports.first,
			"next",
			"reject"
		],
		[
			"jgt",
			ports.first + ports.count - 1,
			"reject",
			"ours"
		]
	];
	const extensions = Array.from({ length: 256 }, (_, next) => next).filter(isExtension).map((next, i, all) => [
		"jeq",
		next,
		"ours",
		i < all.length - 1 ? "next" : "reject"
	]);
	const withPorts = (label) => protocols.map((protocol) => [
		"jeq",
		protocol,
		label,
		"next"
	]);
	return assembleBpf([
		["ldb", 0],
		["and", 240],
		[
			"jeq",
			96,
			"next",
			"reject"
		],
		["ldb", 6],
		...withPorts("reply"),
		[
			"jeq",
			58,
			"icmp",
			"next"
		],
		...extensions,
		"reply:",
		...isOurs(upperAt + DESTINATION_PORT),
		"icmp:",
		["ldb", upperAt],
		[
			"jeq",
			1,
			"error",
			"next"
		],
		[
			"jeq",
			3,
			"error",
			"next"
		],
		[
			"jeq",
			4,
			"error",
			hasEcho ? "next" : "reject"
		],
		...hasEcho ? [[
			"jeq",
			129,
			"next",
			"reject"
		], ...isOurs(upperAt + ECHO_ID)] : [],
		"error:",
		["ldb", quotedAt],
		["and", 240],
		[
			"jeq",
			96,
			"next",
			"reject"
		],
		["ldb", quotedAt + 6],
		...withPorts("quoted"),
		[
			"jeq",
			58,
			hasEcho ? "quoted echo" : "reject",
			"next"
		],
		...extensions,
		"quoted:",
		...isOurs(quotedAt + 40),
		...hasEcho ? ["quoted echo:", ...isOurs(quotedAt + 40 + ECHO_ID)] : [],
		...BPF_VERDICTS
	]);
}

// src/technique/ipv6_probes.ts
const SEGMENT_LEN = 40 + 20;
const ECHO_DATA_LEN = 8;
const ECHO_LEN = 40 + 8 + ECHO_DATA_LEN;
function copyWords(words, view, at) {
	for (let i = 0; i < words.byteLength; i += 4) view.setUint32(at + i, words.getUint32(i, true), true);
}
function beginsWith(view, at, words, length) {
	for (let i = 0; i < length; i += 4) if (view.getUint32(at + i, true) !== words.getUint32(i, true)) return false;
	return true;
}
var TcpTemplate6 = class {
	#ipv6;
	#words;
	#sum;
	#tokens;
	constructor(ipv6, { source, ttl, flags, options = /* @__PURE__ */ new Uint8Array() }) {
		this.#ipv6 = ipv6;
		const length = SEGMENT_LEN + options.length;
		const words = this.#words = new DataView(new ArrayBuffer(length));
		const tcpLen = length - 40;
		writeIpv6Head(words, 0, 6, tcpLen, ttl);
		ipv6.write(source, words, 8);
		writeTcp(words, 40, {
			sourcePort: 0,
			destinationPort: 0,
			seq: 0,
			ack: 0,
			flags,
			window: WINDOW,
			options
		});
		setTcpChecksum(words, 40, 0);
		this.#sum = sumWords(words, 40, tcpLen, pseudoHeaderSum6(words, 0, 6, tcpLen));
		this.#tokens = (flags & 16) === 0 ? 1 : 2;
	}
	write(view, at, destination, port, sourcePort, token) {
		const tcpAt = at + 40;
		if (!(beginsWith(view, at, this.#words, 24) && view.getUint32(tcpAt + 12, true) === this.#words.getUint32(40 + 12, true))) copyWords(this.#words, view, at);
		this.#ipv6.write(destination, view, at + 24);
		setTcpPorts(view, tcpAt, sourcePort, port);
		setTcpSeq(view, tcpAt, token);
		const tokens = this.#tokens;
		if (tokens > 1) setTcpAck(view, tcpAt, token);
		const tokenSum = ((token >>> 16) + (token & 65535)) * tokens;
		const sum = sumWords(view, at + 24, 16, this.#sum + sourcePort + port + tokenSum);
		setTcpChecksum(view, tcpAt, foldChecksum(sum));
		return this.#words.byteLength;
	}
};
var EchoTemplate6 = class {
	#ipv6;
	#words = new DataView(new ArrayBuffer(ECHO_LEN));
	#sum;
	constructor(ipv6, { source, ttl }) {
		this.#ipv6 = ipv6;
		const length = ECHO_LEN - 40;
		writeIpv6Head(this.#words, 0, 58, length, ttl);
		ipv6.write(source, this.#words, 8);
		writeIcmpv6Head(this.#words, 40, 128, 0, 0);
		const pseudo = pseudoHeaderSum6(this.#words, 0, 58, length);
		this.#sum = sumWords(this.#words, 40, length, pseudo);
	}
	write(view, at, destination, _what, sourcePort, token) {
		copyWords(this.#words, view, at);
		this.#ipv6.write(destination, view, at + 24);
		const icmpAt = at + 40;
		const dataAt = icmpAt + 8;
		const [upper, lower] = [token >>> 16, token & 65535];
		setIcmpv6Rest(view, icmpAt, sourcePort * 65536 + lower);
		view.setUint32(dataAt, token);
		view.setUint16(dataAt + 4, lower ^ 65535);
		view.setUint16(dataAt + 6, foldChecksum(upper + lower));
		setIcmpv6Checksum(view, icmpAt, foldChecksum(sumWords(view, at + 24, 16, this.#sum + sourcePort)));
		return ECHO_LEN;
	}
};
function flowLabelOf(token) {
	return token >>> 12;
}
var UdpTemplate6 = class {
	#ipv6;
	#writePayload;
	#words = new DataView(new ArrayBuffer(40));
	constructor(ipv6, { source, ttl }, writePayload) {
		this.#ipv6 = ipv6;
		this.#writePayload = writePayload;
		writeIpv6Head(this.#words, 0, 17, 0, ttl);
		ipv6.write(source, this.#words, 8);
	}
	write(view, at, destination, port, sourcePort, token) {
		copyWords(this.#words, view, at);
		const udpAt = at + 40;
		const length = 8 + this.#writePayload(view, udpAt + 8, port, sourcePort, token);
		setIpv6FlowLabel(view, at, flowLabelOf(token));
		setIpv6PayloadLen(view, at, length);
		this.#ipv6.write(destination, view, at + 24);
		writeUdp(view, udpAt, sourcePort, port, length, pseudoHeaderSum6(view, at, 17, length));
		return 40 + length;
	}
};

// src/technique/ipv6_packets.ts
var ipv6_packets_exports = /* @__PURE__ */ __exportAll({ Ipv6Packets: () => Ipv6Packets });
const NO_HOST = -1;
const ECHO_REPLY = reasonCode("echo-reply");
var Ipv6Packets = class {
	family = 6;
	segmentLen = SEGMENT_LEN;
	maxRequestLen = ECHO_LEN;
	udpHeadersLen = 40 + 8;
	solicitationLen = SOLICITATION_LEN;
	describe = describeIpv6;
	#ipv6;
	#sources;
	#sourceBytes;
	#payload = new Ipv6Payload();
	#quoted = new Ipv6Payload();
	#quoteAt = 0;
	constructor(ipv6, sources) {
		this.#ipv6 = ipv6;
		this.#sources = sources;
		this.#sourceBytes = new DataView(new ArrayBuffer(sources.length * 16));
		for (const [i, source] of sources.entries()) ipv6.write(source, this.#sourceBytes, i * 16);
	}
	prepareTcp(traits) {
		return new TcpTemplate6(this.#ipv6, traits);
	}
	prepareRequest(request, traits) {
		if (request !== ECHO) throw new RangeError(`Cannot send ICMP requests of type ${request.type} over IPv6`);
		return new EchoTemplate6(this.#ipv6, traits);
	}
	prepareUdp(traits, writePayload) {
		return new UdpTemplate6(this.#ipv6, traits, writePayload);
	}
	writeRst(view, at, { source, ttl }, destination, port, sourcePort, seq) {
		const tcpAt = at + writeIpv6Head(view, at, 6, 20, ttl);
		this.#ipv6.write(source, view, at + 8);
		this.#ipv6.write(destination, view, at + 24);
		RST.sourcePort = sourcePort;
		RST.destinationPort = port;
		RST.seq = seq;
		writeTcp(view, tcpAt, RST);
		setTcpChecksum(view, tcpAt, 0);
		setTcpChecksum(view, tcpAt, upperChecksum(view, at, tcpAt, 20, 6));
	}
	readTcp(view, at, length, reply) {
		reply.kind = 255;
		if (!this.#readHeader(view, at, length, reply)) return 255;
		const { protocol, at: upperAt, length: upperLen } = this.#payload;
		if (protocol === 6) {
			const kind = readSegment(view, upperAt, upperLen, reply);
			return reply.kind = kind !== 255 && this.#isFromHost(view, at, reply) ? kind : 255;
		}
		if (protocol !== 58) return 255;
		const quotedAt = this.#readError(view, at, 6, 8, reply);
		if (quotedAt > 0) readQuotedSegment(view, quotedAt, reply);
		return reply.kind;
	}
	readUdp(view, at, length, reply) {
		reply.kind = 255;
		if (!this.#readHeader(view, at, length, reply, true)) return 255;
		const { protocol, at: upperAt, length: upperLen, isFirstFragment } = this.#payload;
		if (protocol === 17) {
			if (!this.#isFromHost(view, at, reply)) return 255;
			return readDatagram(view, upperAt, upperLen, reply, isFirstFragment);
		}
		if (isFirstFragment || protocol !== 58) return 255;
		const quotedAt = this.#readError(view, at, 17, 8, reply);
		if (quotedAt > 0) readQuotedDatagram(view, quotedAt, reply);
		return reply.kind;
	}
	quoteEnd() {
		return this.#quoted.at + this.#quoted.length;
	}
	quotesToken(view, _reply, token) {
		return ipv6FlowLabel(view, this.#quoteAt) === flowLabelOf(token);
	}
	quotedPseudoSum(view, _reply, length) {
		return pseudoHeaderSum6(view, this.#quoteAt, 17, length);
	}
	readIcmp(view, at, length, reply) {
		reply.kind = 255;
		if (!this.#readHeader(view, at, length, reply) || this.#payload.protocol !== 58) return void 0;
		const { at: icmpAt, length: icmpLen } = this.#payload;
		const needed = 8 + 4;
		if (icmpLen >= needed && icmpv6Type(view, icmpAt) === 129) {
			if (icmpv6Code(view, icmpAt) !== 0 || !this.#isFromHost(view, at, reply)) return void 0;
			reply.kind = ECHO_REPLY;
			readEcho(view, icmpAt, reply);
			return ECHO;
		}
		const quotedAt = this.#readError(view, at, 58, needed, reply);
		if (quotedAt === 0) return void 0;
		if (icmpv6Type(view, quotedAt) !== 128) {
			reply.kind = 255;
			return;
		}
		readEcho(view, quotedAt, reply);
		return ECHO;
	}
	writeSolicitation(view, at, source, host) {
		const targetAt = at + 40 + 8;
		this.#ipv6.write(host, view, targetAt);
		const length = writeSolicitation(view, at, view, targetAt);
		this.#ipv6.write(source, view, at + 8);
		return length;
	}
	readAdvertisement(view, at, length, reply) {
		reply.kind = 255;
		if (!findAdvertisement(view, at, length, this.#payload)) return false;
		const target = this.#ipv6.find(view, this.#payload.at + 8, 0);
		if (target === NO_HOST) return false;
		reply.host = reply.from = target;
		reply.ownAddress = this.#ownNumber(view, at + 24);
		return true;
	}
	isIntact(view, at) {
		const { protocol, at: upperAt, length, isFirstFragment } = this.#payload;
		if (isFirstFragment) return true;
		const isUdp = protocol === 17;
		const ownLen = isUdp ? udpLen(view, upperAt) : length;
		if (isUdp && udpChecksum(view, upperAt) === 0) return false;
		if (upperChecksum(view, at, upperAt, ownLen, protocol) === 0) return true;
		if (protocol === 58) return false;
		return (isUdp ? udpChecksum(view, upperAt) : tcpChecksum(view, upperAt)) === (foldChecksum(pseudoHeaderSum6(view, at, protocol, ownLen)) ^ 65535);
	}
	tcpFilter(ports) {
		return replyFilter6(ports, [6], false);
	}
	udpFilter(ports) {
		return replyFilter6(ports, [17], false);
	}
	pingFilter(ports) {
		return replyFilter6(ports, [6], true);
	}
	#readHeader(view, at, length, reply, takesFirst = false) {
		if (checkIpv6(view, at, length) === 0 || !canBeSource6(view, at + 8, at + 24)) return false;
		const own = this.#ownNumber(view, at + 24);
		if (own === NO_HOST || !this.#payload.find(view, at, takesFirst)) return false;
		reply.ownAddress = own;
		reply.ttl = ipv6HopLimit(view, at);
		return true;
	}
	#isFromHost(view, at, reply) {
		reply.host = reply.from = this.#ipv6.find(view, at + 8, 0);
		return reply.host !== NO_HOST;
	}
	#readError(view, at, protocol, leastLen, reply) {
		const { at: icmpAt, length } = this.#payload;
		if (checkIcmpv6(view, icmpAt, length) === 0) return 0;
		const kind = icmpv6ErrorKind(icmpv6Type(view, icmpAt), icmpv6Code(view, icmpAt));
		if (kind === 255) return 0;
		const quoteAt = icmpAt + 8;
		const quoteLen = icmpv6QuoteLen(view, icmpAt, length);
		const quoted = this.#quoted;
		if (checkIpv6Quoted(view, quoteAt, quoteLen) === 0 || !quoted.findQuoted(view, quoteAt, quoteLen)) return 0;
		if (quoted.protocol !== protocol || quoted.length < leastLen) return 0;
		const own = this.#ownNumber(view, quoteAt + 8);
		const host = this.#ipv6.find(view, quoteAt + 24, 0);
		if (own === NO_HOST || host === NO_HOST) return 0;
		this.#quoteAt = quoteAt;
		reply.kind = kind;
		reply.strength = 2;
		reply.odd = false;
		reply.host = host;
		reply.ownAddress = own;
		reply.from = isSameIpv6(view, at + 8, view, quoteAt + 24) ? host : this.#ipv6.sender(view, at + 8, 0);
		return quoted.at;
	}
	#ownNumber(view, at) {
		for (let i = 0; i < this.#sources.length; i++) if (isSameIpv6(view, at, this.#sourceBytes, i * 16)) return this.#sources[i];
		return NO_HOST;
	}
};
const RST = {
	sourcePort: 0,
	destinationPort: 0,
	seq: 0,
	ack: 0,
	flags: 4,
	window: 0
};
function readEcho(view, at, reply) {
	reply.strength = 2;
	reply.odd = false;
	reply.ownPort = icmpv6Rest(view, at) >>> 16;
	reply.number = reply.token = view.getUint32(at + 8);
	reply.otherTokenCount = 0;
}

// src/transport/ipv6_links.ts
var ipv6_links_exports = /* @__PURE__ */ __exportAll({ openLinks6: () => openLinks6 });
function openLinks6({ routes, book }, { ipv6, numbers }, filter, maxLength, write) {
	const ranges = onLinkRanges(routes, book, 6);
	const neighbors = new Neighbors();
	const payload = new Ipv6Payload();
	const transport = openLinks(ranges, {
		ethertype: ETH_P_IPV6,
		maxLength,
		filter,
		complete(view, at, mac) {
			setSolicitationMac(view, at, mac);
			return groupMac(view, at);
		},
		learn(neighbors, view, at, length, nowMs) {
			if (!findAdvertisement(view, at, length, payload)) return;
			const host = ipv6.find(view, payload.at + 8, 0);
			if (host !== -1) neighbors.learn(host, advertisedMac(view, payload.at, payload.length), nowMs);
		}
	}, neighbors, numbers);
	const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
	return {
		transport,
		neighbors,
		prober: ranges.length === 0 ? void 0 : new LinkProber(transport, neighbors, write),
		notes: ranges.length === 0 ? [] : [`Hosts on ${names} are asked by neighbor solicitations first`],
		[Symbol.dispose]: () => transport[Symbol.dispose]()
	};
}

// src/transport/ipv6_numbers.ts
function ipv6Numbers(book) {
	const same = (number) => number;
	return {
		text: (host) => book.text(host),
		hostOf: (ip) => book.hostOf(ip),
		stretches: (first, last) => book.stretches(first, last),
		numbers: (hosts) => hosts,
		networkOf: (host) => book.networkOf(host),
		address: same,
		find: same,
		sender: same,
		lastUpTo: same,
		...book.ipv6 === void 0 ? {} : { ipv6: book.ipv6 }
	};
}

// src/transport/ipv6_sender.ts
const BATCH = 128;
const NAME_LEN$1 = sockaddr_in6.size;
var Ipv6Sender = class {
	fd;
	count = BATCH;
	headerAt = 0;
	slotLen;
	slots;
	timestamps;
	#ipv6;
	#batch;
	#names;
	#most;
	constructor(options, ipv6) {
		this.#ipv6 = ipv6;
		this.#most = options.isBatched ? BATCH : 1;
		this.slotLen = slotLenFor(options.maxLength);
		this.fd = openRawIpv6(options, ipv6);
		this.timestamps = new SendTimestamps(this.fd, "ip6");
		this.#batch = new SendBatch({
			count: BATCH,
			slotLen: this.slotLen,
			destination: "inet6"
		});
		this.slots = this.#batch.slots;
		this.#names = this.#batch.names;
	}
	setDestination(index, destination) {
		const at = index * NAME_LEN$1;
		this.#ipv6.write(destination, this.#names, at + sockaddr_in6.sin6_addr);
		this.#names.setUint32(at + sockaddr_in6.sin6_scope_id, this.#ipv6.scopeOf(destination), true);
	}
	setLength(index, length) {
		this.#batch.setLength(index, length);
	}
	send(from, count) {
		return this.#batch.send(this.fd, from, Math.min(count, this.#most));
	}
	[Symbol.dispose]() {
		this.fd.close();
	}
};
function openRawIpv6({ interfaceName, source }, ipv6) {
	const fd = openSocket(10, 3, 255);
	try {
		setOption(fd, 41, 25, 1);
		enlargeSendBuffer(fd);
		if (interfaceName !== void 0) bindToDevice(fd, interfaceName);
		if (source !== void 0) bindInet6(fd, nameOf(source, 0, ipv6));
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
}
function nameOf(number, port, ipv6) {
	const name = new Inet6();
	ipv6.write(number, name.view, INET6_ADDRESS);
	name.set(port, ipv6.scopeOf(number));
	return name;
}

// src/transport/ipv6_open.ts
var ipv6_open_exports = /* @__PURE__ */ __exportAll({
	ipv6Ends: () => ipv6Ends,
	openTransport6: () => openTransport6
});
function ipv6Ends({ book, sources6, routes }) {
	const ipv6 = book.ipv6;
	const { addresses, texts, indexFor, areShared } = sources6 ?? {
		addresses: [],
		texts: [],
		indexFor: () => 0,
		areShared: false
	};
	const zones = addresses.map((address) => isLinkLocal(address) ? routes.segments.find(({ answer }) => isRouted(answer) && answer.source6 === address) : void 0);
	const numbers = addresses.map((address, i) => {
		const answer = zones[i]?.answer;
		return numberOf(ipv6, address, answer !== void 0 && isRouted(answer) ? answer.interfaceIndex : 0);
	});
	return {
		ipv6,
		numbers: ipv6Numbers(book),
		sources: {
			addresses: numbers,
			texts,
			indexFor,
			areShared
		}
	};
}
function numberOf(ipv6, address, scope) {
	const view = new DataView(new ArrayBuffer(16));
	writeIpv6Address(view, 0, address);
	return ipv6.sender(view, 0, scope);
}
async function openTransport6(options, plan, { ipv6, numbers, sources }) {
	const notes = [];
	using opening = new DisposableStack();
	const own = new Set(dumpAddresses6().map(({ address }) => address));
	const isOwn = (number) => own.has(ipv6.addressOf(number));
	const { ports, held } = holdPorts(options, notes, {
		addresses: sources.addresses.filter(isOwn),
		silent: (number) => number > ipv6.last || number < ipv6.first,
		openStream: (number, port) => openStream6(number, port, ipv6),
		openDatagram: (number, port) => openDatagram6(number, port, ipv6)
	});
	if (held !== void 0) opening.use(held);
	const { maxLength, filter } = options.packets;
	const [first] = sources.areShared || sources.addresses.length === 1 ? sources.addresses : [];
	const source = first !== void 0 && isOwn(first) ? first : void 0;
	const raw = {
		interfaceName: options.interfaceName,
		source,
		maxLength
	};
	const transport = opening.use(await openKind(options.kind, notes, {
		book: numbers,
		receiver: {
			filter: filter(ports),
			interfaceIndex: 0,
			protocol: ETH_P_IPV6,
			probes: options.probes
		},
		ring: options.ring,
		openSender: (isBatched) => new Ipv6Sender({
			...raw,
			isBatched
		}, ipv6),
		openEthernet: () => openEthernet6(options, plan, numbers, maxLength),
		destinationOf: (view, at) => ipv6.find(view, at + 24, 0)
	}));
	const fromPorts = ports.count === 0 ? "" : `, ports ${ports.first}-${ports.first + ports.count - 1}`;
	notes.push(`IPv6 probes leave from ${sources.texts.join(", ")}${fromPorts}`);
	const opened = opening.move();
	return {
		transport,
		broadcasts: [],
		sources,
		ports,
		notes,
		warnings: plan.warnings,
		[Symbol.dispose]: () => opened.dispose()
	};
}
function openStream6(number, port, ipv6) {
	return bound(openSocket(10, 1, 6), nameOf(number, port, ipv6));
}
function openDatagram6(number, port, ipv6) {
	const fd = bound(openSocket(10, 2, 17), nameOf(number, port, ipv6));
	attachFilter(fd, rejectAll());
	return fd;
}

async function openEthernet6({ neighbors }, plan, numbers, maxLength) {
	const ipv6 = numbers.ipv6;
	const gateways = /* @__PURE__ */ new Map();
	const gatewayOf = ({ gateway6, interfaceIndex }) => {
		if (gateway6 === void 0) return void 0;
		const number = gateways.get(gateway6) ?? numberOf(ipv6, gateway6, isLinkLocal(gateway6) ? interfaceIndex : 0);
		gateways.set(gateway6, number);
		return number;
	};
	const found = ethernetLinkFor(plan, 6, gatewayOf);
	if (typeof found === "string") return found;
	using opening = new DisposableStack();
	const policies = watchPolicies();
	if (typeof policies === "string") return policies;
	opening.use(policies);
	const { EthernetSender } = await import("./ethernet.js").then((n) => n.n);
	const { link, ranges } = found;
	const opened = new EthernetSender(link, {
		ranges,
		book: numbers,
		constraints: {},
		maxLength,
		policies,
		neighbors,
		nextHops: ipv6NextHops(link, ipv6, gateways, plan)
	});
	opening.move();
	return opened;
}
function ipv6NextHops(link, ipv6, gateways, { ownSource6, interfaceName }) {
	const view = new DataView(new ArrayBuffer(16));
	const numberOfHop = (address) => {
		const gateway = gateways.get(address);
		if (gateway !== void 0) return gateway;
		writeIpv6Address(view, 0, address);
		return ipv6.find(view, 0, link.index);
	};
	const parseChange = routeChangeParser(INET6);
	return {
		ethertype: ETH_P_IPV6,
		*neighbours(interfaceIndex, netlink) {
			for (const neighbour of dumpNeighbours(INET6, netlink)) {
				if (neighbour.interfaceIndex !== interfaceIndex) continue;
				const address = numberOfHop(neighbour.address);
				if (address !== -1) yield {
					...neighbour,
					address
				};
			}
		},
		isRoutedBy(host, interfaceIndex, gateway, netlink) {
			const scope = ipv6.scopeOf(host);
			const isBound = scope !== 0 || interfaceName !== void 0;
			const answer = getRoute(ipv6.addressOf(host), {
				netlink,
				source: ownSource6,
				interfaceIndex: isBound ? scope || link.index : void 0
			});
			if (!isRouted(answer) || answer.type !== "unicast" || answer.interfaceIndex !== interfaceIndex) return false;
			return (answer.gateway6 === void 0 ? void 0 : gateways.get(answer.gateway6)) === gateway;
		},
		routeNews: {
			groups: INET6.routeGroups,
			parse(view, at, length) {
				const change = parseChange(view, at, length);
				if (change === void 0) return void 0;
				const { destination, prefixLen, isRule } = change;
				const before = destination === 0n ? 0n : destination - 1n;
				const last = destination + (1n << BigInt(8 * 16 - prefixLen)) - 1n;
				return {
					hosts: [0, link.index].map((scope) => ({
						first: ipv6.lastUpTo(before, scope) + 1,
						last: ipv6.lastUpTo(last, scope)
					})),
					isRule
				};
			}
		}
	};
}

// src/transport/ipv6_ping_socket.ts
var ipv6_ping_socket_exports = /* @__PURE__ */ __exportAll({ Ipv6Echo: () => Ipv6Echo });
var Ipv6Echo = class {
	requestType = 128;
	replyType = 129;
	sources = "inet6";
	level = 41;
	hopLimit = 52;
	destination;
	#book;
	#host = new Inet6();
	constructor(book) {
		this.#book = book;
		this.destination = this.#host.memory;
	}
	open({ sourceIp, ttl }) {
		const fd = openSocket(10, 2, 58);
		try {
			setOption(fd, 41, 25, 1);
			setOption(fd, 41, 51, 1);
			if (ttl !== void 0) setOption(fd, 41, 16, ttl);
			const source = sourceTexts(sourceIp).map(parseIpv6).find((address) => address !== void 0);
			if (source !== void 0) {
				const bound = new Inet6();
				writeIpv6Address(bound.view, INET6_ADDRESS, source);
				bindInet6(fd, bound);
			}
			return fd;
		} catch (error) {
			fd.close();
			throw error;
		}
	}
	setDestination(host) {
		this.#book.write(host, this.#host.view, INET6_ADDRESS);
		this.#host.set(0, this.#book.scopeOf(host));
	}
	hostOf({ sources }, index) {
		const at = index * sockaddr_in6.size;
		return this.#book.find(sources, at + INET6_ADDRESS, sources.getUint32(at + sockaddr_in6.sin6_scope_id, true));
	}
	takeError(errors, fd) {
		return errors.takeIpv6(fd);
	}
	senderOf({ senders, fromAt, scope }) {
		return this.#book.sender(senders, fromAt, scope);
	}
};

// src/transport/ipv6_routes.ts
var ipv6_routes_exports = /* @__PURE__ */ __exportAll({
	isOwn: () => isOwn,
	planRoutes6: () => planRoutes6,
	sourceOf: () => sourceOf,
	textOf: () => textOf
});
const SPECIAL = [
	[0n, 128],
	[1n, 128],
	[65152n << 112n, 10],
	[65280n << 112n, 8]
];
function planRoutes6(ranges, book, constraints = {}) {
	using netlink = new Netlink();
	const edges = routeEdges(netlink);
	const answers = /* @__PURE__ */ new Map();
	const segments = [];
	for (const [first, last] of ranges) for (let from = first; from <= last;) {
		const address = book.addressOf(from);
		const scope = book.scopeOf(from);
		const edge = lastUpTo(edges, address);
		const next = edges[edge + 1];
		const until = Math.min(last, next === void 0 ? last : book.lastUpTo(next - 1n, scope));
		const key = `${edge} ${scope}`;
		let answer = answers.get(key);
		if (answer === void 0) {
			const { source, interfaceIndex = scope } = constraints;
			answer = getRoute(address, {
				netlink,
				source,
				...interfaceIndex === 0 ? {} : { interfaceIndex }
			});
			answers.set(key, answer);
		}
		appendSegment(segments, {
			first: from,
			last: until,
			answer
		});
		from = until + 1;
	}
	return segments;
}

function isOwn(address) {
	return dumpAddresses6().some((own) => own.address === address);
}
function textOf(address) {
	return formatIpv6(address);
}
function routeEdges(netlink) {
	const edges = /* @__PURE__ */ new Set([0n]);
	const add = (address, prefixLen) => {
		const span = 1n << BigInt(INET6.bits - prefixLen);
		const first = address / span * span;
		edges.add(first);
		if (first + span < 1n << BigInt(INET6.bits)) edges.add(first + span);
	};
	for (const [address, prefixLen] of SPECIAL) add(address, prefixLen);
	for (const { destination, prefixLen } of [...dumpRoutes(INET6, netlink), ...dumpRules(INET6, netlink)]) add(destination, prefixLen);
	return [...edges].sort((one, other) => one < other ? -1 : one > other ? 1 : 0);
}
function lastUpTo(numbers, value) {
	let low = 0, high = numbers.length;
	while (low < high) {
		const middle = low + high >>> 1;
		if (numbers[middle] <= value) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

// src/transport/ipv6_sockets.ts
var ipv6_sockets_exports = /* @__PURE__ */ __exportAll({ Ipv6Sockets: () => Ipv6Sockets });
var Ipv6Sockets = class {
	hasSource;
	#options;
	#book;
	#source;
	#bound = new Inet6();
	#host = new Inet6();
	#own = new Inet6();
	#loopback = new DataView(new ArrayBuffer(16));
	constructor(options, book) {
		this.#options = options;
		this.#book = book;
		this.#source = sourceTexts(options.sourceIp).map(parseIpv6).find((address) => address !== void 0);
		this.hasSource = this.#source !== void 0;
		if (this.#source !== void 0) writeIpv6Address(this.#bound.view, INET6_ADDRESS, this.#source);
		writeIpv6Address(this.#loopback, 0, IPV6_LOOPBACK);
	}
	open() {
		const { sourcePort, interfaceName, ttl, isUdp } = this.#options;
		const socket = isUdp === true ? openSocket(10, 2, 17) : openSocket(10, 1, 6);
		try {
			resetOnClose(socket);
			setOption(socket, 41, 25, 1);
			if (ttl !== void 0) setOption(socket, 41, 16, ttl);
			if (interfaceName !== void 0) bindToDevice(socket, interfaceName);
			if (this.hasSource || sourcePort !== void 0) {
				if (sourcePort !== void 0) setOption(socket, 1, 2, 1);
				else setOption(socket, 0, 24, 1);
				this.#bound.set(sourcePort ?? 0, 0);
				bindInet6(socket, this.#bound);
			}
			return socket;
		} catch (error) {
			socket.close();
			throw error;
		}
	}
	connect(socket, host, port) {
		this.#book.write(host, this.#host.view, INET6_ADDRESS);
		this.#host.set(port, this.#book.scopeOf(host));
		return connectInet6(socket, this.#host);
	}
	isSelf(socket, host, port) {
		this.#own.readName(socket);
		return this.#own.port === port && this.#book.find(this.#own.view, INET6_ADDRESS, this.#book.scopeOf(host)) === host;
	}
	senderOf({ senders, fromAt, scope }) {
		return this.#book.sender(senders, fromAt, scope);
	}
	thisMachine() {
		return this.#book.sender(this.#loopback, 0, 0);
	}
};

// src/transport/udp_sockets_ipv6.ts
var udp_sockets_ipv6_exports = /* @__PURE__ */ __exportAll({
	SocketPackets6: () => SocketPackets6,
	openUdp6: () => openUdp6
});
const HEADERS_LEN = 40 + 8;
const QUOTE_AT = 40 + 8;
const NAME_LEN = sockaddr_in6.size;
const OWN_HOP_LIMIT = 64;
function openUdp6(number, port, options, ipv6) {
	const { interfaceName, ttl, isSecond = false } = options;
	const fd = openSocket(10, 2, 17);
	try {
		setOption(fd, 41, 26, 1);
		setOption(fd, 41, 25, 1);
		setOptionIfKnown(fd, 41, 31, 1);
		setOption(fd, 41, 51, 1);
		setOption(fd, 1, 35, 1);
		if (ttl !== void 0) setOption(fd, 41, 16, ttl);
		if (interfaceName !== void 0) bindToDevice(fd, interfaceName);
		enlargeReceiveBuffer(fd);
		enlargeSendBuffer(fd);
		if (isSecond) setOption(fd, 1, 2, 1);
		bindInet6(fd, number === 0 ? anyAddress(port) : nameOf(number, port, ipv6));
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
}
function anyAddress(port) {
	const name = new Inet6();
	name.set(port, 0);
	return name;
}
var SocketPackets6 = class {
	family = "inet6";
	nameLen = NAME_LEN;
	namePort = sockaddr_in6.sin6_port;
	headersLen = HEADERS_LEN;
	errorHeadersLen = QUOTE_AT + HEADERS_LEN;
	#ipv6;
	#addresses;
	#own;
	constructor({ ipv6, sources: { addresses } }) {
		this.#ipv6 = ipv6;
		this.#addresses = addresses;
		this.#own = new DataView(new ArrayBuffer(addresses.length * 16));
		addresses.forEach((address, index) => ipv6.write(address, this.#own, index * 16));
	}
	sourceIn(slots, at) {
		let index = this.#addresses.length - 1;
		while (index > 0 && !this.#isFrom(index, slots, at + 8)) index--;
		return index;
	}
	#isFrom(index, view, at) {
		for (let i = 0; i < 16; i += 4) if (this.#own.getUint32(index * 16 + i) !== view.getUint32(at + i)) return false;
		return true;
	}
	setDestination(names, at, destination) {
		this.#ipv6.write(destination, names, at + sockaddr_in6.sin6_addr);
		names.setUint32(at + sockaddr_in6.sin6_scope_id, this.#ipv6.scopeOf(destination), true);
	}
	ttlOf(received, index) {
		const at = received.findControl(index, 41, 52, 4);
		return at < 0 ? 0 : received.controls.getInt32(at, true);
	}
	writeDatagram(replies, index, at, ttl, own, ownPort) {
		const { slots } = replies;
		this.#copyName(replies, index, slots, at + 8);
		this.#copyOwn(own, slots, at + 24);
		return this.#writeUdp(slots, at, ttl, replies.sourcePort(index), ownPort, replies.length(index));
	}
	writeError(errors, index, at, ttl, own, ownPort) {
		if (!errors.readIpv6(index) || errors.isLocal) return 0;
		const { batch, quoteLen, senders, fromAt, type, code } = errors;
		const { slots } = batch;
		this.#copyName(batch, index, slots, at + QUOTE_AT + 24);
		this.#copyOwn(own, slots, at + QUOTE_AT + 8);
		const length = this.#writeUdp(slots, at + QUOTE_AT, OWN_HOP_LIMIT, ownPort, batch.sourcePort(index), quoteLen);
		copyIpv6Address(senders, fromAt, slots, at + 8);
		this.#copyOwn(own, slots, at + 24);
		return this.#writeError(slots, at, ttl, type, code, length);
	}
	writeRefusal(replies, index, at, own, ownPort) {
		const { slots } = replies;
		for (const sourceAt of [at + 24, at + QUOTE_AT + 8]) this.#copyName(replies, index, slots, sourceAt);
		for (const hostAt of [at + 8, at + QUOTE_AT + 24]) this.#copyOwn(own, slots, hostAt);
		const fromPort = replies.sourcePort(index);
		const length = this.#writeUdp(slots, at + QUOTE_AT, OWN_HOP_LIMIT, fromPort, ownPort, replies.length(index));
		const [type, code] = [1, 4];
		return this.#writeError(slots, at, OWN_HOP_LIMIT, type, code, length);
	}
	isOwn(replies, index) {
		const at = index * NAME_LEN;
		const scope = replies.sources.getUint32(at + sockaddr_in6.sin6_scope_id, true);
		return this.#addresses.includes(this.#ipv6.sender(replies.sources, at + sockaddr_in6.sin6_addr, scope));
	}
	#copyName(received, index, view, at) {
		copyIpv6Address(received.sources, index * NAME_LEN + sockaddr_in6.sin6_addr, view, at);
	}
	#copyOwn(own, view, at) {
		copyIpv6Address(this.#own, own * 16, view, at);
	}
	#writeUdp(view, at, ttl, from, to, payloadLen) {
		const length = 8 + payloadLen;
		writeIpv6Head(view, at, 17, length, ttl);
		writeUdp(view, at + 40, from, to, length, pseudoHeaderSum6(view, at, 17, length));
		return 40 + length;
	}
	#writeError(view, at, ttl, type, code, quotedLen) {
		const length = 8 + quotedLen;
		writeIpv6Head(view, at, 58, length, ttl);
		writeIcmpv6Head(view, at + 40, type, code, 0);
		fillIcmpv6Checksum(view, at, at + 40, length);
		return 40 + length;
	}
};

export { ipv6_book_exports as C, ipv6PatternParts as S, patternSize as T, DualBook as _, ipv6_open_exports as a, bookOfTexts as b, icmpv6_errors_exports as c, Ipv6Reach as d, aliases_exports as f, readIpv6 as g, ipv6_syntax_exports as h, ipv6_ping_socket_exports as i, ipv6_plan_exports as l, ipv6_kernel_exports as m, ipv6_sockets_exports as n, ipv6_links_exports as o, ipv6_multicast_exports as p, ipv6_routes_exports as r, ipv6_packets_exports as s, udp_sockets_ipv6_exports as t, withoutIpv6 as u, addressOfText as v, keptBook as w, ipv6Capacity as x, addressText as y };