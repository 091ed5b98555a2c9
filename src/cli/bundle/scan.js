// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { n as VERSION } from "./start.js";
import { $ as reasonCode, A as stateAt, B as NOTES, C as portAt, CannotScanError, D as setMac, E as rttMsAt, F as isOwnAnswer$1, G as reasonOfOutcome, H as hostOutcomeTable, I as isSilence, J as HOST_STATES, K as stateIn, L as refuses, M as ttlAt, N as contradiction, NO_NAMES as NO_NAMES$1, NothingLeftError, P as isError, Q as REASONS$1, R as weightOf, S as outcomeAt, T as replacedAt, U as outcomeCode, UsageError, V as HANDSHAKE_OUTCOMES, W as outcomeTable, Y as STATES$1, Z as stateCode, _ as doublesOf, a as passesOf, at as orMissing, c as probesHosts, d as techniquesOfPort, et as reasonSet, f as OF_LINKS, g as countResults, hasVendor, hostResults, i as passesNamed, it as isWhole, j as triesAt, l as shownTechnique, m as columnsAt, n as isByHost, nt as isObject, o as passesOverPorts, ot as orNull, p as ResultBatcher, q as stateOfOutcome, r as passName, rt as isText$1, s as probeNames, t as HOST, toResult, tt as hasShape, u as techniqueOf$1, v as fromAt, w as reasonAt, x as noteAt, y as hostAt, z as wins } from "./library.js";
import { $ as VERSION$1, $n as pin, A as CheckpointError, An as nlattr, At as lossText, B as EXIT, Bn as sockaddr_in, Bt as BPF_VERDICTS, C as bytesOf, Cn as linger, Cr as RTMGRP_IPV6_ROUTE, D as readRecords, Dn as ndmsg, Dt as grouped, E as readHead, En as nda_cacheinfo, Er as SOF_TIMESTAMPING_OPT_TSONLY, F as outputsOf, Fn as rtnexthop, Ft as roundTripDigits, Gn as timespec, Gt as shellWord, H as SIGNAL_STATUS, Hn as sockaddr_ll, Ht as rejectAll, I as remarksOnStderr, In as scm_timestamping, Jt as readTextFile, Kt as inputDrops, Ln as sock_extended_err, Lt as spanText, M as isColored, Mn as nlmsghdr, Mt as perSecond, N as isDumb, Nn as pollfd, Nt as printable, O as recordWords, On as ndt_stats, P as lineWidth, Pn as rtmsg, Pt as probedText, Qn as keepAlive, Qt as bindPacket, R as ENDING, Rn as sock_filter, S as beginsAs, Sn as iovec, Sr as NLM_F_CREATE, T as headOf, Tn as msghdr, Tr as RTM_F_LOOKUP_TABLE, Tt as counted, U as statusOf, Un as sockaddr_nl, Ut as canOpenRaw, Vn as sockaddr_in6, Vt as assembleBpf, Wt as quote, X as isOfLink, Xn as xfrm_userpolicy_info, Xt as realtimeMs, Y as nearest, Yn as tpacket_stats_v3, Yt as readTimespecMs, Z as NAMES$1, Zt as bindInet4, _ as StalledReader, _n as cmsghdr, ar as SyscallError, b as whyNot$1, bn as ifaddrmsg, br as NLA_F_NESTED, bt as isFinding, c as FileCheck, ct as closingLines, d as journalPath, dn as sendTo, dt as wrapped, er as pinBytes, et as columnsFor, f as readText, ft as wrappedLines, g as stdoutSink, gn as addrinfo, gr as ETH_P_IP, h as fileSink, hr as ETH_P_ARP, ht as Utf8Buffer, in as pinBroadcast, ir as ERRNO, it as aliasText, j as TROUBLES, jn as nlmsgerr, k as writeRecord, kn as ndtmsg, l as currentFolder, ln as receiveFrom, lr as lastErrno, m as ClosedPipe, mt as yellow, n as dropPrivileges, nn as openPacketSocket, nr as readString, nt as showsReasons, on as pinInet4, or as check, ot as noteText, p as scanOptions, pn as writeLink, pt as bold, q as commonOptions, qt as localPortRange, rn as openSocket, rr as viewOf, sn as pinSourceName, sr as errnoName, st as notesByHost, tn as listen, tr as pinString, tt as rowsText, u as draftPath, ur as libc, v as WriteDeadline, vr as IFF_LOWER_UP, w as checksum$1, wn as mmsghdr, wr as RTM_F_FIB_MATCH, x as noRightTo, xn as ifinfomsg, xr as NLA_F_NET_BYTEORDER, xt as isIdentified, y as isDirectory, yn as fib_rule_hdr, yr as MSG_ERRQUEUE, z as END_SIGNALS, zn as sock_fprog, zt as BPF_LINK_VERDICTS } from "./main.js";
const run = (async function run(parts) {
	const { engine, driver, clock } = parts;
	let yieldedAt = clock.now();
	while (!engine.finished) {
		const nowMs = clock.now();
		const nextMs = engine.step(nowMs);
		if (parts.afterStep?.(nowMs)) return;
		if (engine.finished) return;
		if (nextMs > nowMs) {
			await driver.wait(Math.max(0, Math.min(nextMs, parts.latestMs ?? 1e400, nowMs + WAIT_MS$1) - nowMs));
			yieldedAt = clock.now();
		} else if (nowMs - yieldedAt >= YIELD_MS) {
			await parts.yieldToEventLoop();
			yieldedAt = clock.now();
		}
	}
});
const align4 = (function align4(length) {
	return length + 3 & -4;
});
const copyBytes = (function copyBytes(view, at, length) {
	return Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at, length));
});
const bodyAt = (function bodyAt(view, at, length, type, bodyLen) {
	if (length < nlmsghdr.size + bodyLen || at + length > view.byteLength) return -1;
	return view.getUint16(at + nlmsghdr.nlmsg_type, true) === type ? at + nlmsghdr.size : -1;
});
const readDatagram = (function readDatagram(view, length, sequence, onMessage) {
	let interrupted = false;
	const end = ((errno) => ({
		done: true,
		interrupted,
		errno
	}));
	let at = 0;
	while (at < length) {
		const messageLen = at + nlmsghdr.size > length ? 0 : view.getUint32(at + nlmsghdr.nlmsg_len, true);
		if (messageLen < nlmsghdr.size || at + messageLen > length) return end(ERRNO.EBADMSG);
		if (sequence === void 0 || view.getUint32(at + nlmsghdr.nlmsg_seq, true) === sequence) {
			const type = view.getUint16(at + nlmsghdr.nlmsg_type, true);
			if ((view.getUint16(at + nlmsghdr.nlmsg_flags, true) & 16) !== 0) interrupted = true;
			if (type === 3) {
				const status = messageLen >= nlmsghdr.size + 4 ? view.getInt32(at + nlmsghdr.size, true) : 0;
				return end(status < 0 ? -status : 0);
			}
			if (type === 2) return end(parseError(view, at, messageLen) ?? ERRNO.EBADMSG);
			if (type === 4) return end(ERRNO.ENOBUFS);
			if (type !== 1) onMessage(view, at, messageLen);
		}
		at += align4(messageLen);
	}
	return {
		done: false,
		interrupted,
		errno: 0
	};
});
const writeTimeout = (function writeTimeout(view, timeoutMs) {
	const nanos = Math.max(0, Math.round(timeoutMs * 1e6));
	view.setBigInt64(timespec.tv_sec, BigInt(Math.floor(nanos / 1e9)), true);
	view.setBigInt64(timespec.tv_nsec, BigInt(nanos % 1e9), true);
});
const withNetlink = (function withNetlink(netlink, action) {
	if (netlink !== void 0) return action(netlink);
	using own = new Netlink();
	return action(own);
});
const parseAddress = (function parseAddress(view, at, length) {
	const body = bodyAt(view, at, length, 20, ifaddrmsg.size);
	if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== 2) return void 0;
	const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
	const peer = attributes.address(1);
	const address = attributes.address(2) ?? peer;
	const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
	if (address === void 0 || prefixLen > INET.bits) return void 0;
	return {
		interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
		address,
		prefixLen,
		peer: peer ?? address
	};
});
const dumpAddresses = (function dumpAddresses(netlink) {
	return withNetlink(netlink, ((netlink) => netlink.dump(22, ifaddrmsg.size, 2, parseAddress)));
});
const parseLink = (function parseLink(view, at, length) {
	const body = bodyAt(view, at, length, 16, ifinfomsg.size);
	if (body === -1) return void 0;
	const attributes = new Attributes(view, body + ifinfomsg.size, at + length);
	const name = attributes.string(3);
	if (name === void 0) return void 0;
	const flags = view.getUint32(body + ifinfomsg.ifi_flags, true);
	return {
		index: view.getInt32(body + ifinfomsg.ifi_index, true),
		name,
		otherNames: attributes.nested(52)?.strings(53) ?? [],
		type: view.getUint16(body + ifinfomsg.ifi_type, true),
		kind: attributes.nested(18)?.string(1),
		up: (flags & 1) !== 0,
		carrier: (flags & IFF_LOWER_UP) !== 0,
		carrierChanges: attributes.u32(35) ?? 0,
		noArp: (flags & 128) !== 0,
		mtu: attributes.u32(4) ?? 1e400,
		hardwareAddress: attributes.bytes(1)
	};
});
const getLink = (function getLink(interfaceIndex, netlink) {
	return withNetlink(netlink, ((netlink) => readLink(interfaceIndex, netlink, parseLink)));
});
const readLink = (function readLink(interfaceIndex, netlink, parse) {
	const fill = ((view, at) => view.setInt32(at + ifinfomsg.ifi_index, interfaceIndex, true));
	const reply = netlink.get(18, ifinfomsg.size, fill, [], parse);
	if ("row" in reply) return reply.row;
	if (reply.errno === ERRNO.ENODEV || reply.errno === ERRNO.ENOENT) return void 0;
	throw new SyscallError("netlink", reply.errno);
});
const parseNeighbourTable = (function parseNeighbourTable(view, at, length) {
	const body = bodyAt(view, at, length, 64, ndtmsg.size);
	if (body === -1) return void 0;
	const attributes = new Attributes(view, body + ndtmsg.size, at + length);
	const family = TABLE_FAMILIES.get(attributes.string(1));
	const limit = attributes.u32(4);
	const stats = attributes.place(7, ndt_stats.size);
	if (family === void 0 || limit === void 0 || stats === void 0) return void 0;
	return {
		family,
		limit,
		overflows: Number(view.getBigUint64(stats.at + ndt_stats.ndts_table_fulls, true))
	};
});
const neighbourTables = (function neighbourTables(netlink) {
	return withNetlink(netlink, ((netlink) => netlink.dump(66, ndtmsg.size, 0, parseNeighbourTable)));
});
const isRouted = (function isRouted(answer) {
	return "interfaceIndex" in answer;
});
const gatewayOf$1 = (function gatewayOf$1(attributes) {
	const gateway = attributes.address(5);
	if (gateway !== void 0) return { gateway };
	const gateway6 = attributes.address6(5);
	if (gateway6 !== void 0) return { gateway6 };
	const via = attributes.place(18, 2);
	if (via === void 0) return {};
	const family = attributes.view.getUint16(via.at, true);
	if (family === 2 && via.length === 6) return { gateway: attributes.view.getUint32(via.at + 2) };
	if (family === 10 && via.length === 18) return { gateway6: readAddress6(attributes.view, via.at + 2) };
	return {};
});
const nextHopOf = (function nextHopOf(attributes, flags) {
	const hops = nextHopsOf(attributes, flags);
	return hops.find((({ dead }) => !dead)) ?? hops[0];
});
const nextHopsOf = (function nextHopsOf(attributes, flags) {
	const interfaceIndex = attributes.u32(4);
	if (interfaceIndex !== void 0) return [{
		interfaceIndex,
		...gatewayOf$1(attributes),
		dead: isDead(flags)
	}];
	const place = attributes.place(9);
	if (place === void 0) return [];
	const { view } = attributes;
	let { at } = place;
	const end = at + place.length;
	const hops = [];
	while (at + rtnexthop.size <= end) {
		const length = view.getUint16(at + rtnexthop.rtnh_len, true);
		if (length < rtnexthop.size || at + length > end) break;
		hops.push({
			interfaceIndex: view.getInt32(at + rtnexthop.rtnh_ifindex, true),
			...gatewayOf$1(new Attributes(view, at + rtnexthop.size, at + length)),
			dead: isDead(view.getUint8(at + rtnexthop.rtnh_flags))
		});
		at += align4(length);
	}
	return hops;
});
const isDead = (function isDead(flags) {
	return (flags & (1 | 16)) !== 0;
});
const prefixOf = (function prefixOf({ read, zero, bits }, attributes, type, prefixLen) {
	const destination = read(attributes, type) ?? (prefixLen === 0 ? zero : void 0);
	return destination === void 0 || prefixLen > bits ? void 0 : {
		destination,
		prefixLen
	};
});
const getRoute = (function getRoute(destination, question = {}) {
	const parse = routeParser(familyOf$2(destination));
	const reply = lookUp(destination, question, RTM_F_LOOKUP_TABLE, [], parse);
	if (!("row" in reply)) {
		const type = REFUSALS.get(reply.errno);
		if (type === void 0) throw new SyscallError("netlink", reply.errno);
		return { type };
	}
	const { type, interfaceIndex, gateway, gateway6, mtu } = reply.row;
	if (type === "none" || type === "unreachable" || type === "prohibit" || type === "blackhole") return { type };
	const source = question.source ?? reply.row.source;
	return {
		type,
		interfaceIndex,
		gateway,
		gateway6,
		...typeof source === "bigint" ? { source6: source } : { source },
		mtu
	};
});
const openRequests = (function openRequests() {
	try {
		return openPacketSocket(2);
	} catch (error) {
		if (error instanceof SyscallError) return void 0;
		throw error;
	}
});
const parseIpv4 = (function parseIpv4(text) {
	if (text.length < 7 || text.length > 15) return void 0;
	let address = 0;
	let bytes = 0;
	let byte = -1;
	for (let i = 0; i <= text.length; i++) {
		const char = i < text.length ? text.charCodeAt(i) : DOT;
		if (char === DOT) {
			if (byte < 0) return void 0;
			bytes++;
			address = address * 256 + byte;
			byte = -1;
			continue;
		}
		const digit = char - ZERO;
		if (digit < 0 || digit > 9 || byte === 0) return void 0;
		byte = byte < 0 ? digit : byte * 10 + digit;
		if (byte > 255) return void 0;
	}
	return bytes === 4 ? address : void 0;
});
const formatIpv4 = (function formatIpv4(address) {
	const upper = address >>> 16;
	if (upper !== lastUpper) {
		lastUpper = upper;
		lastUpperText = WITH_DOT[upper >>> 8] + WITH_DOT[upper & 255];
	}
	return lastUpperText + WITH_DOT[address >>> 8 & 255] + BYTE_TEXTS[address & 255];
});
const isLoopback = (function isLoopback(address) {
	return address >>> 24 === 127;
});
const familyOf$1 = (function familyOf$1({ ipv6 }, host) {
	return ipv6 !== void 0 && host >= ipv6.first ? 6 : 4;
});
const codeOf = (function codeOf(reason) {
	return REASONS$1.indexOf(reason);
});
const hopAddressOf = (function hopAddressOf({ gateway, gateway6 }) {
	return gateway ?? gateway6;
});
const gatewayOf = (function gatewayOf(answer) {
	const address = hopAddressOf(answer);
	return address === void 0 ? void 0 : new Hop(address, true);
});
const sourceOf = (function sourceOf(sample, answer) {
	return typeof sample === "bigint" ? answer.source6 ?? 0n : answer.source ?? 0;
});
const linkProblem = (function linkProblem(link) {
	if (link === void 0 || !link.up) return INTERFACE_DOWN$1;
	return link.carrier ? -1 : NO_CARRIER;
});
const grown = (function grown(array, length, fill = 0) {
	const longer = new array.constructor(length);
	longer.set(array);
	if (fill !== 0) longer.fill(fill, array.length);
	return longer;
});
const moved = (function moved(array, length, fill = 0) {
	const before = array.length;
	const buffer = array.buffer.transfer(length * array.BYTES_PER_ELEMENT);
	const longer = new array.constructor(buffer);
	if (fill !== 0) longer.fill(fill, before);
	return longer;
});
const growColumns = (function growColumns(table, rows, fills = {}, widths = {}) {
	for (const [name, column] of Object.entries(table)) {
		if (!ArrayBuffer.isView(column)) continue;
		table[name] = moved(column, rows * (widths[name] ?? 1), fills[name] ?? 0);
	}
});
const lastAtMost = (function lastAtMost(numbers, value) {
	let low = -1, high = numbers.length - 1;
	while (low < high) {
		const middle = low + high + 1 >>> 1;
		if (numbers[middle] <= value) low = middle;
		else high = middle - 1;
	}
	return low;
});
const hasPorts$1 = (function hasPorts$1({ protocol }) {
	return protocol === "tcp" || protocol === "udp" || protocol === "sctp";
});
const leavesFromPorts = (function leavesFromPorts(technique) {
	return technique.leavesFromPorts ?? hasPorts$1(technique);
});
const sumWords = (function sumWords(view, at, length, initial = 0) {
	let sum = initial;
	let offset = at;
	const end = at + length;
	for (const last = end - 4; offset <= last; offset += 4) {
		const two = view.getUint32(offset);
		sum += (two >>> 16) + (two & 65535);
	}
	if (offset + 2 <= end) {
		sum += view.getUint16(offset);
		offset += 2;
	}
	if (offset < end) sum += view.getUint8(offset) << 8;
	return sum;
});
const foldChecksum = (function foldChecksum(sum) {
	const once = (sum & 65535) + (sum >>> 16);
	return ~(once + (once >>> 16)) & 65535;
});
const checksum = (function checksum(view, at, length, initial = 0) {
	return foldChecksum(sumWords(view, at, length, initial));
});
const checkIpv4 = (function checkIpv4(view, at, length) {
	const headerLen = checkIpv4Quoted(view, at, length);
	if (headerLen === 0) return 0;
	const totalLen = view.getUint16(at + TOTAL_LEN);
	return totalLen >= headerLen && totalLen <= length ? headerLen : 0;
});
const checkIpv4Quoted = (function checkIpv4Quoted(view, at, length) {
	if (length < 20) return 0;
	const first = view.getUint8(at + VERSION_IHL);
	const ihl = first & 15;
	return first >> 4 === VERSION_4 && ihl >= MIN_IHL && ihl * 4 <= length ? ihl * 4 : 0;
});
const ipv4HeaderLen = (function ipv4HeaderLen(view, at) {
	return (view.getUint8(at + VERSION_IHL) & 15) * 4;
});
const ipv4TotalLen = (function ipv4TotalLen(view, at) {
	return view.getUint16(at + TOTAL_LEN);
});
const ipv4MoreFragments = (function ipv4MoreFragments(view, at) {
	return (view.getUint16(at + FLAGS_FRAGMENT) & MORE_FRAGMENTS) !== 0;
});
const ipv4IsFragment = (function ipv4IsFragment(view, at) {
	return (view.getUint16(at + FLAGS_FRAGMENT) & 16383) !== 0;
});
const ipv4Ttl = (function ipv4Ttl(view, at) {
	return view.getUint8(at + TTL);
});
const ipv4Protocol = (function ipv4Protocol(view, at) {
	return view.getUint8(at + PROTOCOL);
});
const ipv4Source = (function ipv4Source(view, at) {
	return view.getUint32(at + SOURCE);
});
const ipv4Destination = (function ipv4Destination(view, at) {
	return view.getUint32(at + DESTINATION);
});
const setIpv4TotalLen = (function setIpv4TotalLen(view, at, totalLen) {
	view.setUint16(at + TOTAL_LEN, totalLen);
});
const setIpv4Id = (function setIpv4Id(view, at, id) {
	view.setUint16(at + ID, id);
});
const setIpv4Checksum = (function setIpv4Checksum(view, at, checksum) {
	view.setUint16(at + CHECKSUM$2, checksum);
});
const setIpv4Destination = (function setIpv4Destination(view, at, address) {
	view.setUint32(at + DESTINATION, address);
});
const fillIpv4Checksum = (function fillIpv4Checksum(view, at) {
	view.setUint16(at + CHECKSUM$2, 0);
	view.setUint16(at + CHECKSUM$2, checksum(view, at, ipv4HeaderLen(view, at)));
});
const writeIpv4 = (function writeIpv4(view, at, fields) {
	view.setUint8(at + VERSION_IHL, 69);
	view.setUint8(at + TOS, fields.tos ?? 0);
	setIpv4TotalLen(view, at, fields.totalLen);
	setIpv4Id(view, at, fields.id ?? 0);
	view.setUint16(at + FLAGS_FRAGMENT, (fields.dontFragment ? DONT_FRAGMENT : 0) | (fields.moreFragments ? MORE_FRAGMENTS : 0) | (fields.fragmentOffset ?? 0) >> 3);
	view.setUint8(at + TTL, fields.ttl ?? 64);
	view.setUint8(at + PROTOCOL, fields.protocol);
	view.setUint32(at + SOURCE, fields.source);
	setIpv4Destination(view, at, fields.destination);
	fillIpv4Checksum(view, at);
	return 20;
});
const pseudoHeaderSum = (function pseudoHeaderSum(source, destination, protocol, length) {
	return (source >>> 16) + (source & 65535) + (destination >>> 16) + (destination & 65535) + protocol + length;
});
const checkTcp = (function checkTcp(view, at, length) {
	if (length < 20) return 0;
	const headerLen = tcpHeaderLen(view, at);
	return headerLen >= 20 && headerLen <= length ? headerLen : 0;
});
const tcpSourcePort = (function tcpSourcePort(view, at) {
	return view.getUint16(at + SOURCE_PORT$2);
});
const tcpDestinationPort = (function tcpDestinationPort(view, at) {
	return view.getUint16(at + DESTINATION_PORT$2);
});
const tcpSeq = (function tcpSeq(view, at) {
	return view.getUint32(at + SEQ);
});
const tcpAck = (function tcpAck(view, at) {
	return view.getUint32(at + ACK$1);
});
const tcpHeaderLen = (function tcpHeaderLen(view, at) {
	return (view.getUint8(at + DATA_OFFSET) >> 4) * 4;
});
const tcpFlags = (function tcpFlags(view, at) {
	return view.getUint8(at + FLAGS$1);
});
const tcpWindow = (function tcpWindow(view, at) {
	return view.getUint16(at + WINDOW$1);
});
const tcpChecksum = (function tcpChecksum(view, at) {
	return view.getUint16(at + CHECKSUM$1);
});
const setTcpPorts = (function setTcpPorts(view, at, source, destination) {
	view.setUint32(at + SOURCE_PORT$2, source << 16 | destination);
});
const setTcpSeq = (function setTcpSeq(view, at, seq) {
	view.setUint32(at + SEQ, seq);
});
const setTcpAck = (function setTcpAck(view, at, ack) {
	view.setUint32(at + ACK$1, ack);
});
const setTcpHeaderLen = (function setTcpHeaderLen(view, at, headerLen) {
	view.setUint8(at + DATA_OFFSET, headerLen / 4 << 4);
});
const setTcpChecksum = (function setTcpChecksum(view, at, checksum) {
	view.setUint16(at + CHECKSUM$1, checksum);
});
const writeTcp = (function writeTcp(view, at, fields) {
	const optionsLen = fields.options?.length ?? 0;
	const headerLen = OPTIONS + (optionsLen + 3 & -4);
	if (headerLen > 60) throw new RangeError(`Cannot write a TCP header: its options take ${optionsLen} bytes. Give at most 40`);
	setTcpPorts(view, at, fields.sourcePort, fields.destinationPort);
	setTcpSeq(view, at, fields.seq);
	setTcpAck(view, at, fields.ack);
	setTcpHeaderLen(view, at, headerLen);
	view.setUint8(at + FLAGS$1, fields.flags);
	view.setUint16(at + WINDOW$1, fields.window);
	setTcpChecksum(view, at, 0);
	view.setUint16(at + URGENT, fields.urgent ?? 0);
	for (let i = 0; i < headerLen - OPTIONS; i++) view.setUint8(at + OPTIONS + i, fields.options?.[i] ?? 0);
	return headerLen;
});
const mssOption = (function mssOption(mss) {
	return Uint8Array.of(2, 4, mss >> 8, mss & 255);
});
const probeId = (function probeId(slot, attempt) {
	return slot * 4 + (attempt & 3);
});
const newCounters = (function newCounters() {
	return {
		sent: 0,
		owed: 0,
		sendRetries: 0,
		sendErrors: /* @__PURE__ */ new Map(),
		receiveDrops: 0,
		unmatched: 0
	};
});
const homeOf = (function homeOf(key, mask) {
	const hash = Math.imul(key, 2654435761);
	return (hash ^ hash >>> 15) << 1 & mask;
});
const mergedShapes = (function mergedShapes(tables) {
	const filled = tables.filter((({ length }) => length > 0));
	if (filled.length === 1 && filled[0] instanceof Uint32Array) return filled[0].slice();
	const all = new ShapeTable();
	for (const rows of filled) all.addRows(rows);
	return all.rows();
});
const packetNeeds = (function packetNeeds(technique) {
	return {
		maxLength: technique.maxLength,
		portCount: leavesFromPorts(technique) ? technique.attemptPeriod * (technique.elsewhere === void 0 ? 1 : 2) : 0,
		isUdp: technique.protocol === "udp" || technique.sendsDatagrams === true,
		filter: ((ports) => technique.filter(technique.families[0], ports))
	};
});
const planRoutes = (function planRoutes(ranges, book, constraints = {}) {
	using netlink = new Netlink();
	const wanted = [...ranges];
	const edges = addressesOfFew(wanted, book) ?? routeEdges(netlink);
	const answers = /* @__PURE__ */ new Map();
	const segments = [];
	for (const [first, last] of wanted) for (let from = first; from <= last;) {
		const address = book.address(from);
		const edge = lastAtMost(edges, address);
		const until = Math.min(last, book.lastUpTo((edges[edge + 1] ?? 2 ** 32) - 1));
		let answer = answers.get(edge);
		if (answer === void 0) {
			answer = getRoute(address, {
				...constraints,
				netlink
			});
			answers.set(edge, answer);
		}
		appendSegment(segments, {
			first: from,
			last: until,
			answer
		});
		from = until + 1;
	}
	return new RouteMap(segments);
});
const appendSegment = (function appendSegment(segments, segment) {
	const previous = segments.at(-1);
	if (previous === void 0 || !isSameRoute(previous.answer, segment.answer)) segments.push(segment);
	else segments[segments.length - 1] = {
		...previous,
		last: segment.last
	};
});
const addressesOfFew = (function addressesOfFew(ranges, book) {
	if (ranges.reduce(((sum, [first, last]) => sum + last - first + 1), 0) > FEW_HOSTS) return void 0;
	const hosts = ranges.flatMap((([first, last]) => Array.from({ length: last - first + 1 }, ((_, i) => first + i))));
	return Float64Array.from(hosts, ((host) => book.address(host)));
});
const sourceTexts = (function sourceTexts(sourceIp) {
	return sourceIp === void 0 ? [] : sourceIp.split(",").map(((text) => text.trim()));
});
const isOwnAddress = (function isOwnAddress(address, interfaces) {
	return interfaces.some(((each) => each.address === address)) || getRoute(address).type === "local";
});
const wantedSources = (function wantedSources(sourceIp, ipv6) {
	const texts = sourceTexts(sourceIp);
	const [ipv4, others] = [[], []];
	const foreign = [];
	const interfaces = texts.length === 0 ? [] : dumpAddresses();
	for (const text of texts) {
		if (text === "") throw new UsageError(`Cannot send from ${quote(sourceIp ?? "")}: an address of the list is empty. Remove a comma`);
		const address = parseIpv4(text);
		const address6 = address === void 0 ? ipv6?.sourceOf(text) : void 0;
		if (address === void 0 && address6 === void 0) throw new UsageError(`Cannot send from ${text}: it is not an ${ipv6 === void 0 ? "IPv4" : "IP"} address. Write it like 192.0.2.1`);
		if (address !== void 0 && ipv4.includes(address) || address6 !== void 0 && others.includes(address6)) throw new UsageError(`Cannot send from ${text} twice: hosts limit their errors by address. Name it once`);
		if (address !== void 0) ipv4.push(address);
		else others.push(address6);
		if (address !== void 0 ? !isOwnAddress(address, interfaces) : !ipv6.isOwn(address6)) foreign.push(text);
	}
	const [first] = foreign;
	if (texts.length > 1 && first !== void 0) throw new UsageError(`Cannot send from ${first}: of several addresses each has to be one of this machine. Add it (ip address add), or leave it out`);
	if (texts.length > MAX_SOURCES) throw new UsageError(`Cannot send from ${texts.length} addresses: ${MAX_SOURCES} are the most. Name fewer`);
	return {
		ipv4,
		ipv6: others,
		own: first === void 0 ? ipv4[0] : void 0,
		own6: first === void 0 ? others[0] : void 0,
		warnings: first === void 0 ? [] : [`${first} is no address of this machine: its replies are seen only if they pass this machine`]
	};
});
const findRoutePlan = (function findRoutePlan(options, book, ipv6) {
	const named = options.interfaceName === void 0 ? void 0 : findLink(options.interfaceName);
	const isLoopback = named?.index === 1;
	const link = isLoopback ? void 0 : named;
	const wanted = wantedSources(options.sourceIp, ipv6);
	const { own, own6 } = wanted;
	const warnings = [...wanted.warnings];
	const constraints = {
		...own === void 0 ? {} : { source: own },
		...link === void 0 ? {} : { interfaceIndex: link.index }
	};
	const [ranges, ranges6] = byFamily(options.targets, book);
	refuseFamily(options.sourceIp, "IPv4", ranges.length, wanted.ipv4.length);
	refuseFamily(options.sourceIp, "IPv6", ranges6.length, wanted.ipv6.length);
	const routesBy = ((ipv4, constraints6) => new RouteMap([...planRoutes(ranges, book, ipv4).segments, ...ranges6.length === 0 ? [] : ipv6.planRoutes6(ranges6, book.ipv6, constraints6)]));
	const routes = routesBy(constraints, {
		...own6 === void 0 ? {} : { source: own6 },
		...link === void 0 ? {} : { interfaceIndex: link.index }
	});
	if (isLoopback) refuseOthers(routes, named, book);
	const sources = sourcesOf(routes, wanted.ipv4, ((answer) => answer.source), formatIpv4);
	const sources6 = ranges6.length === 0 ? void 0 : sourcesOf(routes, wanted.ipv6, ((answer) => answer.source6), ipv6.textOf);
	const lost = routes.segments.filter((({ answer }) => !isRouted(answer)));
	const sourceCount = sources.addresses.length + (sources6?.addresses.length ?? 0);
	if (lost.length === routes.segments.length || sourceCount === 0) {
		const { first, answer } = routes.segments[0];
		const why = isRouted(answer) ? "the kernel names no address to send from" : NO_ROUTE[answer.type];
		throw new UsageError(`Cannot route packets to ${book.text(first)}: ${why}. Check the address, the network and its routes`);
	}
	const unrouted = lost.values().flatMap(((segment) => overlaps(options.targets, segment))).flatMap((([first, last]) => rangeTexts(book, first, last)));
	for (const range of unrouted.take(MAX_NAMED$1)) warnings.push(`No route to ${range}: its ports stay undecided unless one appears`);
	return {
		book,
		routes,
		constraints,
		sources,
		sources6,
		beyondGateway: routes.segments.some((({ answer }) => isRouted(answer) && (answer.gateway !== void 0 || answer.gateway6 !== void 0))),
		ownSource: own,
		ownSource6: own6,
		interfaceName: link?.name,
		warnings
	};
});
const refuseFamily = (function refuseFamily(sourceIp, family, targets, sources) {
	if (sourceIp === void 0 || targets === 0 || sources > 0) return;
	throw new UsageError(`Cannot send from ${sourceIp} to targets of ${family}: it is of the other address family. Add an address of ${family}, or leave out these targets`);
});
const byFamily = (function byFamily(targets, { ipv6 }) {
	const ranges = [];
	const ranges6 = [];
	const firstIpv6 = ipv6?.first ?? 1e400;
	for (const [first, last] of targets) {
		if (first < firstIpv6) ranges.push([first, Math.min(last, firstIpv6 - 1)]);
		if (last >= firstIpv6) ranges6.push([Math.max(first, firstIpv6), last]);
	}
	return [ranges, ranges6];
});
const sourcesOf = (function sourcesOf(routes, wanted, chosen, text) {
	if (wanted.length > 0) return {
		addresses: wanted,
		texts: wanted.map(text),
		indexFor: (() => 0),
		areShared: wanted.length > 1
	};
	const addresses = [];
	const indices = routes.segments.map((({ answer }) => {
		const address = isRouted(answer) ? chosen(answer) : void 0;
		if (address === void 0) return 0;
		const known = addresses.indexOf(address);
		return known >= 0 ? known : addresses.push(address) - 1;
	}));
	return {
		addresses,
		texts: addresses.map(text),
		indexFor: addresses.length === 1 ? (() => 0) : ((host) => indices[routes.indexFor(host)]),
		areShared: false
	};
});
const routePlanOf = (async function routePlanOf(options, book) {
	const routing = book.ipv6 === void 0 ? void 0 : await import("./ipv6.js").then(((n) => n.r));
	return findRoutePlan(options, book, routing);
});
const canBeSource = (function canBeSource(address, own) {
	if (isLoopback(address)) return isLoopback(own);
	const first = address >>> 24;
	return first !== 0 && first >>> 4 !== 14 && address !== 4294967295;
});
const hasRightChecksums = (function hasRightChecksums(view, at) {
	const headerLen = ipv4HeaderLen(view, at);
	if (checksum(view, at, headerLen) !== 0) return false;
	if (ipv4MoreFragments(view, at)) return true;
	const payloadAt = at + headerLen;
	const length = ipv4TotalLen(view, at) - headerLen;
	const protocol = ipv4Protocol(view, at);
	if (protocol === 1) return checksum(view, payloadAt, length) === 0;
	const isUdp = protocol === 17;
	const ownLen = isUdp ? udpLen(view, payloadAt) : length;
	const pseudo = pseudoHeaderSum(ipv4Source(view, at), ipv4Destination(view, at), isUdp ? protocol : 6, ownLen);
	const sent = isUdp ? udpChecksum(view, payloadAt) : tcpChecksum(view, payloadAt);
	if (isUdp && sent === 0) return true;
	return checksum(view, payloadAt, ownLen, pseudo) === 0 || sent === (foldChecksum(pseudo) ^ 65535);
});
const readIpv4$1 = (function readIpv4$1(view, at, length, reply, takesFirst = false) {
	const headerLen = checkIpv4(view, at, length);
	if (headerLen === 0 || (takesFirst ? ipv4FragmentOffset(view, at) !== 0 : ipv4IsFragment(view, at))) return 0;
	reply.ttl = ipv4Ttl(view, at);
	reply.from = ipv4Source(view, at);
	reply.ownAddress = ipv4Destination(view, at);
	return canBeSource(reply.from, reply.ownAddress) ? headerLen : 0;
});
const replyFilter = (function replyFilter(protocols) {
	const quoted = 8;
	const others = protocols.filter((({ protocol }) => protocol !== 1));
	const hasIcmp = others.length < protocols.length;
	return assembleBpf([
		["ldb", 0],
		["and", 240],
		[
			"jeq",
			64,
			"next",
			"reject"
		],
		["ldh", 6],
		[
			"jset",
			FRAGMENT_OFFSET,
			"reject",
			"next"
		],
		["ldx_msh", 0],
		["ldb", 9],
		...branches("reply", [...others, { protocol: 1 }]),
		`reply ${1}:`,
		["ldb_at", 0],
		[
			"jeq",
			3,
			"quoted",
			"next"
		],
		[
			"jeq",
			11,
			"quoted",
			hasIcmp ? "icmp" : "reject"
		],
		"quoted:",
		["ldb_at", quoted],
		["and", 240],
		[
			"jeq",
			64,
			"next",
			"reject"
		],
		["ldh_at", quoted + 6],
		[
			"jset",
			FRAGMENT_OFFSET,
			"reject",
			"next"
		],
		["ldb_at", quoted + 9],
		...branches("probe", protocols),
		...protocols.flatMap((({ protocol, isProbe }) => [
			`probe ${protocol}:`,
			["ldb_at", quoted],
			["and", 15],
			["lsh", 2],
			["add_x"],
			["tax"],
			...isProbe
		])),
		...protocols.flatMap((({ protocol, isReply }) => [protocol === 1 ? "icmp:" : `reply ${protocol}:`, ...isReply])),
		...BPF_VERDICTS
	]);
});
const branches = (function branches(to, protocols) {
	return protocols.map((({ protocol }, index) => [
		"jeq",
		protocol,
		`${to} ${protocol}`,
		index < protocols.length - 1 ? "next" : "reject"
	]));
});
const isOneOf = (function isOneOf({ first, count }, at) {
	return [
		["ldh_at", at],
		[
			"jge",
			first,
			"next",
			"reject"
		],
		[
			"jgt",
			first + count - 1,
			"reject",
			"ours"
		]
	];
});
const withPorts = (function withPorts(protocol, ports) {
	return {
		protocol,
		isReply: isOneOf(ports, DESTINATION_PORT),
		isProbe: isOneOf(ports, 8 + SOURCE_PORT)
	};
});
const holds = (function holds(view, at, words) {
	return view.getUint16(at + 8, true) === words.getUint16(8, true) && view.getUint32(at + 12, true) === words.getUint32(12, true) && view.getUint32(at + 32, true) === words.getUint32(32, true);
});
const readTcp = (function readTcp(view, at, length, reply) {
	const headerLen = readIpv4$1(view, at, length, reply);
	if (headerLen === 0) return reply.kind = 255;
	const payloadAt = at + headerLen;
	const payloadLen = ipv4TotalLen(view, at) - headerLen;
	const protocol = ipv4Protocol(view, at);
	if (protocol === 6) return reply.kind = readSegment(view, payloadAt, payloadLen, reply);
	if (protocol === 1) return reply.kind = readError(view, payloadAt, payloadLen, reply);
	return reply.kind = 255;
});
const readSegment = (function readSegment(view, at, length, reply) {
	if (checkTcp(view, at, length) === 0) return 255;
	const flags = tcpFlags(view, at);
	const kind = KINDS$1[flags];
	reply.segmentAt = at;
	reply.strength = kind === SYN$1 ? 0 : 2;
	reply.host = reply.from;
	reply.port = tcpSourcePort(view, at);
	reply.ownPort = tcpDestinationPort(view, at);
	reply.number = tcpAck(view, at);
	reply.seq = tcpSeq(view, at);
	reply.odd = (flags & 4) !== 0 ? tcpWindow(view, at) !== 0 : kind === SYN_ACK && tcpWindow(view, at) === 0;
	return kind;
});
const withMss = (function withMss(options, headersLen) {
	if (options[0] !== 2) return options;
	return Uint8Array.of(...mssOption(ETHERNET_MTU - headersLen), ...options.subarray(4));
});
const owes = (function owes(kind) {
	return kind === SYN_ACK || kind === 253;
});
const scan = (function scan(name, flags, states) {
	return new TcpTechnique({
		name,
		flags,
		states,
		isHandshake: false
	});
});
const isUdpPing = (function isUdpPing(technique) {
	return technique.startsWith(`${DATAGRAMS}(`);
});
const socketPingPorts = (function socketPingPorts(technique) {
	if (!technique.startsWith(`${SOCKETS}(`)) return void 0;
	return probeNames(technique).map(((kind) => Number(kind.split(":")[1] ?? 0)));
});
const techniquesIn = (function techniquesIn(choice = AUTO, canOpenRaw) {
	if (!canOpenRaw && !namesTechnique(choice)) return [CONNECT];
	const wanted = new Set([choice].flat().map(((name) => name === AUTO ? USUAL : name)));
	return NAMES.filter(((name) => wanted.has(name)));
});
const protocolsIn = (function protocolsIn(choice = AUTO) {
	const names = [choice].flat();
	return [...names.some(((name) => name !== UDP_NAME)) ? ["tcp"] : [], ...names.includes(UDP_NAME) ? ["udp"] : []];
});
const loadTechniques = (async function loadTechniques(names) {
	if (names.includes(UDP_NAME)) udp ??= (await import("./udp.js").then(((n) => n.n))).UDP;
	if (names.some(isUdpPing)) udpPings ??= await import("./udp.js").then(((n) => n.t));
});
const isPacketTechnique = (function isPacketTechnique(name) {
	return name === UDP_NAME || isUdpPing(name) || packetTechnique(name) !== void 0;
});
const protocolOfTechnique = (function protocolOfTechnique(name) {
	return name === UDP_NAME ? "udp" : isUdpPing(name) ? "host" : packetTechnique(name)?.protocol ?? "tcp";
});
const packetTechnique = (function packetTechnique(name, settings = {}) {
	const { scanFlags: flags, synOptions, ignoreRst } = settings;
	if (name === UDP_NAME) return udp;
	if (isUdpPing(name)) return udpPings && new udpPings.UdpPingTechnique(name);
	const technique = [
		...TECHNIQUES,
		ARP,
		ARP_RESOLVE,
		ND,
		ND_RESOLVE
	].find(((each) => each.name === name));
	if (technique === void 0) {
		const kinds = pingKindsIn(name);
		return kinds === void 0 ? void 0 : new PingTechnique(kinds, { ignoresRst: ignoreRst });
	}
	if (flags === void 0 && synOptions === void 0 || !(technique instanceof TcpTechnique)) return technique;
	const { options: own, ...properties } = technique.properties;
	const layout = sendsSyn(name, flags) ? synOptions === void 0 ? own : SYN_OPTIONS[synOptions] : void 0;
	return new TcpTechnique({
		...properties,
		...flags === void 0 ? {} : { flags },
		...layout === void 0 ? {} : { options: layout }
	});
});
const isOfErrors = (function isOfErrors(name) {
	return name === ICMP_ERRORS;
});
const checkTogether = (function checkTogether(techniques, options) {
	const { synOptions, scanFlags } = options;
	const packets = techniques.filter(((name) => isPacketTechnique(name) && protocolOfTechnique(name) === "tcp"));
	const [kernel] = techniques.filter(((name) => !isPacketTechnique(name)));
	if (kernel !== void 0 && packets.length > 0) throw new UsageError(`Cannot scan by ${packets[0]} and ${kernel} at once: both probe TCP ports, the one by packets and the other by the kernel. Scan once with each`);
	if (techniques.length > 1 && scanFlags !== void 0) throw new UsageError(`Cannot scan by ${techniques.join(" and ")} with flags of your own: they are those of one probe. Name one technique`);
	const [only] = techniques;
	if (scanFlags !== void 0 && only !== void 0 && protocolOfTechnique(only) !== "tcp") throw new UsageError(`Cannot scan by ${only} with TCP flags: its probes have none. Leave one of them out`);
	if (options.defeatIcmpRateLimit === true && !techniques.some(((name) => protocolOfTechnique(name) === "udp"))) throw new UsageError("Cannot pass over limits of ICMP errors (--defeat-icmp-ratelimit) without a UDP scan: they delay no other. Add -sU, or leave it out");
	if (kernel === void 0 && synOptions !== void 0 && !techniques.some(((name) => sendsSyn(name, scanFlags)))) throw new UsageError(`Cannot send the TCP options of ${synOptions} without a SYN that has them. Leave out the options, or scan by SYN`);
	const [lost] = kernel !== void 0 && isChosen(options) ? packetOptions(options) : [];
	if (lost !== void 0) throw new UsageError(`Cannot scan by ${kernel} with ${lost}: the kernel sends its packets. Leave one of them out`);
});
const planPasses = (function planPasses(options) {
	const passes = passesWanted(options);
	if (canOpenRaw() || !sendPackets(passes)) return passes;
	const { transport = "auto" } = options;
	if (transport === "auto" && passes.every((({ technique }) => canUseSockets(technique)))) return passes;
	throw new CannotScanError("Cannot open raw sockets: CAP_NET_RAW is missing. Use sudo, or give the compiled program the right (sudo setcap cap_net_raw,cap_net_admin=ep synscan), or scan with -sT");
});
const passesWanted = (function passesWanted(options) {
	const techniques = techniquesIn(options.technique, canOpenRaw() || isChosen(options));
	checkTogether(techniques, options);
	return passesOf(techniques, protocolOf);
});
const withDiscovery = (function withDiscovery(discovery, passes) {
	return passesOf([...discovery?.passes ?? [], ...passes.map(passName)], protocolOf);
});
const ofFamilies = (function ofFamilies(passes, families) {
	const names = passes.flatMap(((pass) => sendsPackets(pass) ? families.map(((family) => passName({
		...pass,
		family: family === 6 ? 6 : void 0
	}))) : passName(pass)));
	return passesOf(names, protocolOf);
});
const sendPackets = (function sendPackets(passes) {
	return passes.some(sendsPackets);
});
const sendsPackets = (function sendsPackets({ technique }) {
	return isPacketTechnique(technique);
});
const passesIn = (function passesIn(technique) {
	return passesNamed(technique, protocolOf);
});
const protocolOf = (function protocolOf(technique) {
	if (isOfErrors(technique) || socketPingPorts(technique) !== void 0) return HOST;
	return protocolOfTechnique(technique);
});
const pathKinds = (function pathKinds(routes, book) {
	const isUnicast = (({ answer }) => isRouted(answer) && answer.type === "unicast");
	if (!routes.segments.some(isUnicast)) return void 0;
	const programs = new Set(dumpLinks().filter((({ kind }) => kind === "tun")).map((({ index }) => index)));
	const addresses = programs.size === 0 ? [] : dumpAddresses().filter((({ interfaceIndex }) => programs.has(interfaceIndex)));
	const kinds = routes.segments.map((({ answer }) => {
		if (!isRouted(answer) || answer.type !== "unicast") return 0;
		if (programs.has(answer.interfaceIndex)) return 2;
		return answer.gateway !== void 0 || answer.gateway6 !== void 0 ? 1 : 0;
	}));
	if (kinds.every(((kind) => kind === 0))) return void 0;
	return ((host) => {
		const kind = kinds[routes.indexFor(host)];
		return kind === 2 && addresses.some(((own) => isOnNetwork(own, book.address(host)))) ? 0 : kind;
	});
});
const sendMessages = (function sendMessages(fd, messages, count) {
	for (;;) {
		const result = libc().sendmmsg(fd, messages, count, 64);
		if (result >= 0) return result;
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) return -errno;
	}
});
const scratch = (function scratch() {
	return scratchMemory ??= {
		value: pin(Math.max(sock_fprog.size, linger.size)),
		length: pin(4)
	};
});
const setOption = (function setOption(fd, level, name, value) {
	if (typeof value === "number") {
		const { value: memory } = scratch();
		memory.view.setInt32(0, value, true);
		check(libc().setsockopt(fd.number, level, name, memory.pointer, 4), "setsockopt");
		return;
	}
	const memory = pinBytes(value);
	check(libc().setsockopt(fd.number, level, name, memory.pointer, value.length), "setsockopt");
	keepAlive(memory);
});
const getOptionBytes = (function getOptionBytes(fd, level, name, length) {
	const value = pin(length);
	const { length: lengthCell } = scratch();
	lengthCell.view.setUint32(0, length, true);
	check(libc().getsockopt(fd.number, level, name, value.pointer, lengthCell.pointer), "getsockopt");
	return value.bytes.subarray(0, lengthCell.view.getUint32(0, true));
});
const takePacketDrops = (function takePacketDrops(fd) {
	const statistics = getOptionBytes(fd, 263, 6, tpacket_stats_v3.size);
	return new DataView(statistics.buffer, statistics.byteOffset).getUint32(tpacket_stats_v3.tp_drops, true);
});
const attachFilter = (function attachFilter(fd, program) {
	const rows = pinBytes(program);
	const { value } = scratch();
	value.bytes.fill(0, 0, sock_fprog.size);
	value.view.setUint16(sock_fprog.len, program.length / sock_filter.size, true);
	value.view.setBigUint64(sock_fprog.filter, rows.address, true);
	check(libc().setsockopt(fd.number, 1, 26, value.pointer, sock_fprog.size), "setsockopt");
	keepAlive(rows);
});
const enlargeReceiveBuffer = (function enlargeReceiveBuffer(fd) {
	enlarge(fd, 33, 8, RECEIVE_LEN);
});
const enlargeSendBuffer = (function enlargeSendBuffer(fd) {
	enlarge(fd, 32, 7, SEND_LEN);
});
const enlarge = (function enlarge(fd, forcing, option, length) {
	try {
		setOption(fd, 1, forcing, length);
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		setOption(fd, 1, option, length);
	}
});
const measureAheadMs = (function measureAheadMs({ wall, scan }) {
	let aheadMs = 0;
	let leastMs = 1e400;
	let beforeMs = scan();
	for (let i = 0; i < TRIES$1 && leastMs > UNINTERRUPTED_MS; i++) {
		const wallMs = wall();
		const afterMs = scan();
		const tookMs = afterMs - beforeMs;
		if (tookMs < leastMs) {
			leastMs = tookMs;
			aheadMs = wallMs - (beforeMs + afterMs) / 2;
		}
		beforeMs = afterMs;
	}
	return aheadMs;
});
const openRawIp = (function openRawIp(options) {
	const fd = openSocket(2, 3, 255);
	try {
		setOption(fd, 0, 3, 1);
		setOption(fd, 0, 11, 1);
		setOption(fd, 1, 6, 1);
		enlargeSendBuffer(fd);
		if (options.interfaceName !== void 0) bindToDevice(fd, options.interfaceName);
		if (options.source !== void 0) bindInet4(fd, options.source, 0);
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
});
const slotLenFor = (function slotLenFor(maxLength) {
	return Math.ceil(maxLength / LINE_LEN) * LINE_LEN;
});
const needsRing = (function needsRing(probes = 1e400) {
	return probes > FEW_PROBES$1;
});
const prepareRing = (async function prepareRing(probes) {
	if (!needsRing(probes)) return void 0;
	return (await import("./ring.js").then(((n) => n.t))).prepareRing();
});
const openReceiver = (async function openReceiver(options, ring) {
	if (!needsRing(options.probes)) return new PlainReceiver(options, BATCH);
	const { RingReceiver } = await import("./ring.js").then(((n) => n.t));
	return new RingReceiver(options, await ring?.isReady === true && ring?.isFree === true ? ring : void 0);
});
const openEthernet = (async function openEthernet(plan, sourcePort, isUdp, raw, { neighbors, sendThread }) {
	const ethernet = ethernetLinkFor(plan, 4, (({ gateway }) => gateway));
	if (typeof ethernet === "string") return ethernet;
	using opening = new DisposableStack();
	const policies = watchPolicies();
	if (typeof policies === "string") return policies;
	opening.use(policies);
	const [thread, { EthernetSender }, { isAllowedByFirewall }] = await Promise.all([
		sendThread?.(),
		import("./ethernet.js").then(((n) => n.n)),
		import("./ethernet.js").then(((n) => n.t))
	]);
	const { book, constraints } = plan;
	const { link } = ethernet;
	const opened = new EthernetSender(link, {
		ranges: ethernet.ranges.map(((range) => {
			if (neighbors === void 0 || range.gateway !== void 0) return range;
			const source = plan.sources.addresses[plan.sources.indexFor(range.first)];
			const [first, last] = [book.address(range.first), book.address(range.last)];
			return {
				...range,
				isAllowed: isAllowedByFirewall({
					link,
					first,
					last,
					source,
					sourcePort,
					isUdp
				}, raw)
			};
		})),
		book,
		constraints,
		maxLength: raw.maxLength,
		policies,
		neighbors,
		thread: thread && {
			thread,
			...await import("./thread.js").then(((n) => n.t))
		}
	});
	opening.move();
	return opened;
});
const ethernetLinkFor = (function ethernetLinkFor(plan, family, gatewayOf) {
	let links;
	const byLink = /* @__PURE__ */ new Map();
	for (const { first, last, answer } of plan.routes.segments) {
		if (!isRouted(answer) || answer.type !== "unicast" || familyOf$1(plan.book, first) !== family) continue;
		if (family === 4 && answer.gateway6 !== void 0) continue;
		links ??= new Map(dumpLinks().map(((link) => [link.index, link])));
		const link = links.get(answer.interfaceIndex);
		if (link === void 0 || link.type !== 1 || link.noArp || link.hardwareAddress?.length !== 6) continue;
		const ethernet = byLink.get(link.index) ?? {
			link,
			ranges: [],
			size: 0
		};
		ethernet.ranges.push({
			first,
			last,
			gateway: gatewayOf(answer)
		});
		ethernet.size += last - first + 1;
		byLink.set(link.index, ethernet);
	}
	const [largest] = [...byLink.values()].sort(((a, b) => b.size - a.size));
	return largest ?? "no target is reached through an Ethernet interface";
});
const reserveFreePorts = (function reserveFreePorts(options) {
	const [low, high] = localPortRange();
	const { count } = options;
	for (const [from, to] of [
		[high + 1, HIGHEST],
		[LOWEST, low - 1],
		[Math.max(LOWEST, low), high]
	]) {
		const places = Math.floor((to - from + 1) / count);
		for (let i = 0; i < Math.min(TRIES, places); i++) {
			const held = reservePorts(from + (options.random + i) % places * count, options);
			if (held !== void 0) return held;
		}
	}
});
const reservePorts = (function reservePorts(first, options) {
	const fds = [];
	try {
		for (const address of options.addresses) for (let port = first; port < first + options.count; port++) {
			const fd = options.open(address, port);
			fds.push(fd);
			if (!options.silent(address)) continue;
			rejectSegments(fd);
			listen(fd, 1);
		}
		return new ReservedPorts(first, options.count, fds);
	} catch (error) {
		for (const fd of fds) fd.close();
		if (error instanceof SyscallError && (error.errno === ERRNO.EADDRINUSE || error.errno === ERRNO.EADDRNOTAVAIL)) return;
		throw error;
	}
});
const openStream = (function openStream(address, port) {
	return bound(openSocket(2, 1, 6), address, port);
});
const bound = (function bound(fd, address, port) {
	try {
		bindInet4(fd, address, port);
		return fd;
	} catch (error) {
		fd.close();
		throw error;
	}
});
const choosePorts$1 = (function choosePorts$1(options, plan, ownAddresses, notes) {
	const { addresses } = plan.sources;
	const scanned = new Set(addresses.filter(((address) => {
		const host = plan.book.find(address);
		return host !== -1 && plan.routes.segments.some((({ first, last }) => host >= first && host <= last));
	})));
	const held = addresses.filter(((address) => isOwnAddress(address, ownAddresses)));
	const silent = ((address) => !scanned.has(address) && !isLoopback(address));
	return holdPorts(options, notes, {
		addresses: held,
		silent,
		openStream,
		openDatagram
	});
});
const holdPorts = (function holdPorts(options, notes, { addresses, silent, openStream, openDatagram }) {
	const { random, packets: { portCount, isUdp } } = options;
	const holding = isUdp === true ? {
		random,
		addresses: addresses.filter(silent),
		silent: (() => false),
		open: openDatagram
	} : {
		random,
		addresses,
		silent,
		open: openStream
	};
	if (portCount === 0) return {
		ports: {
			first: 0,
			count: 0
		},
		held: void 0
	};
	if (options.sourcePort !== void 0) {
		const ports = {
			first: options.sourcePort,
			count: 1
		};
		if (options.isPortHeld === true) return {
			ports,
			held: void 0
		};
		const held = reservation((() => reservePorts(options.sourcePort, {
			...holding,
			count: 1
		})));
		if (!(held instanceof ReservedPorts)) {
			notes.push(`Source port ${options.sourcePort} ${held ?? "is in use by another program"}; it is used anyway`);
			return {
				ports,
				held: void 0
			};
		}
		return {
			ports,
			held
		};
	}
	const held = reserveFreePorts({
		...holding,
		count: portCount
	});
	if (held === void 0) throw new CannotScanError(`Cannot reserve ${portCount} consecutive source ports: no such range is free outside the kernel's own. Give one with --source-port`);
	return {
		ports: held,
		held
	};
});
const openTransport = (async function openTransport(options, plan) {
	const notes = [];
	using opening = new DisposableStack();
	const ownAddresses = dumpAddresses();
	const { ports, held } = choosePorts$1(options, plan, ownAddresses, notes);
	if (held !== void 0) opening.use(held);
	const raw = {
		interfaceName: options.interfaceName,
		source: plan.ownSource,
		maxLength: options.packets.maxLength
	};
	const transport = opening.use(await openKind(options.kind, notes, {
		book: plan.book,
		receiver: {
			filter: options.packets.filter(ports),
			interfaceIndex: 0,
			probes: options.probes
		},
		ring: options.ring,
		openSender: ((isBatched) => isBatched ? new BatchedSender(raw) : new PlainSender(raw)),
		openEthernet: (() => openEthernet(plan, ports.first, options.packets.isUdp === true, raw, options))
	}));
	const fromPorts = ports.count === 0 ? "" : `, ports ${ports.first}-${ports.first + ports.count - 1}`;
	notes.push(`Probes leave from ${plan.sources.texts.join(", ")}${fromPorts}`);
	const opened = opening.move();
	return {
		transport,
		broadcasts: broadcastAddresses(ownAddresses),
		sources: plan.sources,
		ports,
		notes,
		warnings: plan.warnings,
		[Symbol.dispose]: (() => opened.dispose())
	};
});
const openKind = (async function openKind(kind, notes, parts) {
	if (kind === "sendto") {
		notes.push("Transport sendto: one sendto and one recvfrom a packet, as asked for");
		return openPlain(parts);
	}
	using opening = new DisposableStack();
	let receiver;
	try {
		receiver = opening.use(await openReceiver(parts.receiver, parts.ring));
	} catch (error) {
		if (!(error instanceof SyscallError) || kind !== "auto") throw error;
		notes.push(`Transport sendto: the kernel gives no ring of received packets (${error.code})`);
		return openPlain(parts);
	}
	const sender = opening.use(parts.openSender(true));
	const ethernet = kind === "sendmmsg" ? "raw IP was asked for" : await parts.openEthernet();
	if (typeof ethernet === "string") {
		if (kind === "ethernet") throw new CannotScanError(`Cannot send by Ethernet: ${ethernet}. Leave out --transport ethernet`);
		const way = needsRing(parts.receiver.probes) ? "from the kernel's ring" : "by recvmmsg, since they are few";
		notes.push(`Transport sendmmsg: raw IP, replies read ${way}; no Ethernet sender, because ${ethernet}`);
		opening.move();
		return new KernelTransport("sendmmsg", sender, receiver, parts.book, void 0, parts.destinationOf);
	}
	notes.push(`Transport ethernet: straight to the link ${ethernet.linkName} once the next hop's hardware address is known and the kernel has let the first probes pass, raw IP until then and for everything else`);
	if (ethernet.isShared) notes.push("Packets are sent by a thread of their own");
	opening.move();
	return new KernelTransport("ethernet", sender, receiver, parts.book, ethernet, parts.destinationOf);
});
const broadcastAddresses = (function broadcastAddresses(ownAddresses) {
	return ownAddresses.filter((({ prefixLen }) => prefixLen < 31)).map((({ address, prefixLen }) => (address | 4294967295 >>> prefixLen) >>> 0));
});
const onLinkRanges = (function onLinkRanges(routes, book, family) {
	let links;
	return routes.segments.flatMap((({ first, last, answer }) => {
		if (!isRouted(answer) || answer.type !== "unicast" || familyOf$1(book, first) !== family) return [];
		if (answer.gateway !== void 0 || answer.gateway6 !== void 0) return [];
		links ??= new Map(dumpLinks().map(((link) => [link.index, link])));
		const link = links.get(answer.interfaceIndex);
		if (!(link?.type === 1 && !link.noArp && link.hardwareAddress?.length === 6)) return [];
		if (family === 6) return [{
			first,
			last,
			link,
			source: 0
		}];
		return [{
			first: book.address(first),
			last: book.address(last),
			link,
			source: answer.source ?? 0
		}];
	}));
});
const openPackets = (async function openPackets(passes, options, targets, routePlan) {
	using opening = new DisposableStack();
	const ipv6 = passes.some((({ family }) => family === 6)) ? await openIpv6(routePlan) : void 0;
	const { techniqueOf, mtuNotes } = await techniquesOf(passes, options, routePlan, ipv6);
	const techniques = [...techniqueOf.values()];
	const links = await openLinks(techniques, routePlan, ipv6, opening);
	const { opened, closers } = await openTransports(techniques.filter(((technique) => !isOfLinks(technique))), options, targets, routePlan, ipv6, links, opening);
	const all = [...opened.values()];
	const { transport } = links[4] ?? links[6] ?? all[0];
	const { book } = routePlan;
	const ttl = options.ttl ?? 64;
	const resources = opening.move();
	return {
		transport: all.at(-1)?.transport.traits.name ?? transport.traits.name,
		sources: [...routePlan.sources.texts, ...routePlan.sources6?.texts ?? []],
		notes: [
			...mtuNotes,
			...links[4]?.notes ?? [],
			...links[6]?.notes ?? [],
			...new Set(all.flatMap((({ notes }) => notes)))
		],
		warnings: routePlan.warnings,
		routePlan,
		isOfLinks: (({ number }) => isOfLinks(techniqueOf.get(number))),
		macOf: ((host) => (familyOf$1(book, host) === 6 ? links[6]?.neighbors.macOf(host) : links[4]?.neighbors.macOf(book.address(host))) ?? 0),
		prober: links[4]?.prober,
		prober6: links[6]?.prober,
		driverOf: (({ number }) => {
			const technique = techniqueOf.get(number);
			const numbers = isOverIpv6(technique) ? ipv6.numbers : book;
			if (isOfLinks(technique)) {
				const { transport } = links[familyOfPackets(technique)];
				const sources = isOverIpv6(technique) ? ipv6.sources : routePlan.sources;
				return new PacketDriver({
					technique,
					transport,
					book: numbers,
					sources,
					ports: {
						first: 0,
						count: 0
					},
					ttl
				});
			}
			const { transport, sources, ports, broadcasts } = opened.get(technique);
			return new PacketDriver({
				technique,
				transport,
				book: numbers,
				sources,
				ports,
				ttl,
				broadcasts,
				onServiceData: options.onServiceData,
				pathTo: pathKinds(routePlan.routes, book)
			});
		}),
		closeBefore: (({ number }) => {
			const later = new Set(passes.filter(((pass) => pass.number >= number)).map(((pass) => techniqueOf.get(pass.number))));
			for (const { techniques, closer } of closers) if (!techniques.some(((technique) => later.has(technique)))) closer.dispose();
		}),
		[Symbol.dispose]: (() => resources.dispose())
	};
});
const isOfHosts = (function isOfHosts({ protocol }) {
	return protocol === "host";
});
const isOverIpv6 = (function isOverIpv6(technique) {
	return familyOfPackets(technique) === 6;
});
const isOfLinks = (function isOfLinks({ ethertype }) {
	return ethertype !== void 0;
});
const filterKey = (function filterKey(technique) {
	return packetNeeds(technique).filter({
		first: 1,
		count: 1
	}).toHex();
});
const needsTogether = (function needsTogether(techniques) {
	const needs = techniques.map(packetNeeds);
	return {
		maxLength: Math.max(...needs.map((({ maxLength }) => maxLength))),
		portCount: needs.reduce(((sum, { portCount }) => sum + portCount), 0),
		isUdp: needs[0].isUdp === true,
		filter: needs[0].filter
	};
});
const openDrivers = (async function openDrivers(task, targets, { routePlan: known, ring, onAccepted, onServiceData, sendThread }) {
	const routePlan = known ?? await routePlanOf({
		targets,
		interfaceName: task.options.interface,
		sourceIp: task.options.sourceIp
	}, await bookOf(task));
	const { interface: _named, ...unbound } = task.options;
	const { interfaceName } = routePlan;
	const options = interfaceName === void 0 ? unbound : {
		...unbound,
		interface: interfaceName
	};
	const [packets, sockets] = [task.passes.filter(sendsPackets), task.passes.filter(((pass) => !sendsPackets(pass)))];
	const { probes, usesSockets } = task;
	const packetOptions = {
		...options,
		probes,
		ring,
		usesSockets,
		onServiceData
	};
	if (sockets.length === 0) return await openPackets(packets, {
		...packetOptions,
		sendThread
	}, targets, routePlan);
	const { openSockets } = await import("./connect.js").then(((n) => n.t));
	if (packets.length === 0) return await openSockets(sockets, options, routePlan, onAccepted);
	using opening = new DisposableStack();
	const finding = opening.use(await openPackets(packets, packetOptions, targets, routePlan));
	const connecting = opening.use(await openSockets(sockets, options, routePlan));
	const resources = opening.move();
	return {
		...finding,
		transport: connecting.transport,
		notes: [...finding.notes, ...connecting.notes],
		driverOf: ((pass) => (sendsPackets(pass) ? finding : connecting).driverOf(pass)),
		closeBefore: ((pass) => finding.closeBefore(pass)),
		isOfLinks: ((pass) => sendsPackets(pass) && finding.isOfLinks(pass)),
		[Symbol.dispose]: (() => resources.dispose())
	};
});
const wrap = (function wrap(value, modulus) {
	return value + (modulus & value >> 31) | 0;
});
const mix = (function mix(half, key) {
	let hash = Math.imul(half ^ key, 2246822507);
	hash = Math.imul(hash ^ hash >>> 15, 3266489909);
	return (hash ^ hash >>> 16) >>> 0;
});
const roundKeys = (function roundKeys(seed) {
	const keys = new Int32Array(ROUNDS);
	const low = seed >>> 0, high = Math.floor(seed / 2 ** 32);
	for (let round = 0; round < ROUNDS; round++) keys[round] = mix(mix(low, Math.imul(round + 1, 2654435769)), high ^ round << 24);
	return keys;
});
const shardSize = (function shardSize(size, shard) {
	checkShard(shard);
	return size < shard.index ? 0 : Math.floor((size - shard.index) / shard.count) + 1;
});
const nestShard = (function nestShard(outer, inner) {
	checkShard(outer);
	checkShard(inner);
	const nested = {
		index: outer.index + (inner.index - 1) * outer.count,
		count: outer.count * inner.count
	};
	checkShard(nested);
	return nested;
});
const checkShard = (function checkShard({ index, count }) {
	if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(index) || index < 1 || index > count) throw new RangeError(`Cannot take shard ${index} of ${count}: the first must be an integer from 1 to the second`);
});
const parsePorts = (function parsePorts(text, options = {}) {
	const { protocols = ["tcp"], protocol = protocols[0] } = options;
	const list = {
		text,
		where: options.where,
		column: options.column ?? 1,
		protocols,
		protocol,
		isOf: true
	};
	if (text.length > LONGEST_LIST) throw wrong$1(list, 0, `it is ${text.length} characters long`, "Write neighbouring ports as a range, like 1-1024");
	if (text.trim() === "") throw wrong$1(list, 0, "it is empty", `Write ports like 22,80,8000-8100, or - for all`);
	const builder = new RangesBuilder();
	let at = 0;
	for (const piece of text.split(",")) {
		const items = [...piece.matchAll(ITEM)];
		if (items.length === 0 && !/[\r\n]/.test(piece)) addItem(builder, "", at, list, options.services);
		for (const { 0: item, index } of items) {
			if (item === "-" && items.length > 1) throw wrong$1(list, at + index, "a hyphen stands alone", "Write ranges like 8000-8100");
			addItem(builder, item.replace(/\s*-\s*/, "-"), at + index, list, options.services);
		}
		at += piece.length + 1;
	}
	return PortSet.fromRanges(builder.build());
});
const addItem = (function addItem(builder, prefixed, start, list, services) {
	let item = prefixed, at = start;
	const protocol = /^([A-Za-z]):\s*/.exec(item);
	if (protocol !== null) {
		const named = LETTERS[protocol[1].toUpperCase()];
		if (named !== "tcp" && named !== "udp") throw wrong$1(list, at, `${quote(item)} names a protocol other than TCP and UDP`, "Write T: or U:, or remove it");
		if (list.protocols.length === 0) throw wrong$1(list, at, `${quote(item)} names a protocol, and these ports are of all`, "Remove it, or write it with -p");
		if (!list.protocols.includes(named)) {
			const remedy = `Add ${FLAGS[named]}, or remove them`;
			throw wrong$1(list, at, `${quote(item)} names ports of ${named.toUpperCase()}, which is not scanned`, remedy);
		}
		list.isOf = named === list.protocol;
		item = item.slice(protocol[0].length);
		at += protocol[0].length;
	}
	if (item === "") throw wrong$1(list, at, "an item is empty", "Remove the extra comma, or write the port that is missing");
	const range = /^(\d*)(-?)(\d*)$/.exec(item);
	if (range !== null) {
		const [, from = "", dash = "", to = ""] = range;
		const first = from === "" ? 1 : readPort(from, at, list);
		const last = dash === "" ? first : to === "" ? PORT_MAX : readPort(to, at + from.length + 1, list);
		if (first > last) throw wrong$1(list, at, `the range ${quote(item)} runs backwards`, `Write the smaller port first: ${last}-${first}`);
		if (list.isOf) builder.add(first, last);
		return;
	}
	const known = /^\[(\d*)-(\d*)\]$/.exec(item);
	if (known !== null || /^[\w+.-]*[*?][\w+.*?-]*$/.test(item)) {
		const first = readPort(known?.[1] || "1", at, list), last = readPort(known?.[2] || `${PORT_MAX}`, at, list);
		const ports = knownPorts(known === null ? item : "*").filter(((port) => port >= first && port <= last));
		if (ports.length === 0) throw wrong$1(list, at, `no known service matches ${quote(item)}`, "Write port numbers");
		if (list.isOf) for (const port of ports) builder.add(port, port);
		return;
	}
	if (/^[A-Za-z0-9][A-Za-z0-9+_.-]*$/.test(item) && /[A-Za-z]/.test(item)) {
		const port = services?.(item) ?? portOfService(item);
		if (port === void 0) {
			const remedy = /^(full|all)$/i.test(item) ? "For all ports, write -p-" : item.includes(".") ? "Write its port number; --ports-file reads a file" : "Write its port number";
			throw wrong$1(list, at, `no service named ${quote(item)} is known`, remedy);
		}
		if (list.isOf) builder.add(port, port);
		return;
	}
	const remedy = item.includes("/") ? "Write a number or a range like 8000-8100; --ports-file reads a file" : "Write a number, a range like 8000-8100, or a service's name";
	throw wrong$1(list, at, `${quote(item)} is no port`, remedy);
});
const readPort = (function readPort(digits, at, list) {
	const port = Number(digits);
	if (port > PORT_MAX || digits.length > 5) throw wrong$1(list, at, `${quote(digits)} is more than ${PORT_MAX}`, `Write ports from 0 to ${PORT_MAX}`);
	return port;
});
const divide = (function divide(parts) {
	const { targets, defaultPorts, excludeHosts = Ranges.EMPTY, excludePorts = PortSet.EMPTY } = parts;
	if (targets.length >= OWNERS) throw new UsageError(`Cannot scan ${targets.length} different lists of ports at once: ${OWNERS - 1} fit. Scan the targets in parts`);
	const { begins, ends } = edges([excludeHosts, ...targets.map(((target) => target.hosts))]);
	const plan = new BlockPlan(targets.map(((target) => target.ports ?? defaultPorts)), excludePorts);
	const firsts = new Uint32Array(begins.length + ends.length);
	const lasts = new Uint32Array(firsts.length);
	const blockIds = new Uint32Array(firsts.length);
	let count = 0;
	const active = /* @__PURE__ */ new Set();
	let from = 0;
	for (let i = 0, j = 0; j < ends.length;) {
		const beginning = i < begins.length && begins[i] < ends[j];
		const edge = beginning ? begins[i++] : ends[j++];
		const address = Math.floor(edge / OWNERS);
		const owner = edge - address * OWNERS;
		if (address > from && active.size > 0) {
			const block = plan.blockFor(active);
			if (block >= 0) {
				if (count > 0 && lasts[count - 1] === from - 1 && blockIds[count - 1] === block) lasts[count - 1] = address - 1;
				else {
					firsts[count] = from;
					lasts[count] = address - 1;
					blockIds[count++] = block;
				}
			}
		}
		from = address;
		if (beginning) active.add(owner);
		else active.delete(owner);
	}
	const pieces = new Pieces(firsts.slice(0, count), lasts.slice(0, count), blockIds.slice(0, count));
	const builders = plan.ports.map((() => new RangesBuilder()));
	for (let i = 0; i < count; i++) builders[blockIds[i]].add(firsts[i], lasts[i]);
	return {
		pieces,
		blocks: plan.ports.map(((ports, i) => ({
			hosts: builders[i].build(),
			ports
		})))
	};
});
const edges = (function edges(owners) {
	const count = owners.reduce(((sum, ranges) => sum + ranges.count), 0);
	const begins = new Float64Array(count), ends = new Float64Array(count);
	let length = 0;
	owners.forEach(((ranges, owner) => {
		for (let i = 0; i < ranges.count; i++) {
			begins[length] = ranges.firstOf(i) * OWNERS + owner;
			ends[length++] = (ranges.lastOf(i) + 1) * OWNERS + owner;
		}
	}));
	return {
		begins: begins.sort(),
		ends: ends.sort()
	};
});
const explainEmpty = (function explainEmpty({ targets, defaultPorts, excludeHosts }) {
	const named = targets.filter(((target) => target.hosts.size > 0));
	if (named.length === 0) return "no target was named";
	if (named.every(((target) => (target.ports ?? defaultPorts).size === 0))) return "no port was named";
	return named.some(((target) => target.hosts.subtract(excludeHosts ?? Ranges.EMPTY).size > 0)) ? "every port is excluded" : "every host is excluded";
});
const planDiscovery = (async function planDiscovery(options, plan, space) {
	const { hostsOnly = false, noDiscovery = false, arpPing = true } = options;
	const hosts = space.hostRanges();
	const own = within$1(hosts, ownRanges(plan.routes));
	const [links4, links6] = linkHosts(hosts, plan);
	const links = links4.union(links6);
	const asked = options.pings ?? (hostsOnly ? USUAL_PINGS : []);
	const needsReply = asked.length > 0;
	const round = needsReply || noDiscovery ? Ranges.EMPTY : firstRoundHosts(space, plan.routes).subtract(links);
	const remote = needsReply ? hosts.subtract(own) : round.size < FIRST_ROUND_MIN_HOSTS ? Ranges.EMPTY : round;
	const pinged = arpPing ? remote.subtract(links) : remote;
	const kinds = needsReply || pinged.size === 0 ? asked : await firstRoundPings(space);
	const passes = [];
	const isAsked = arpPing || noDiscovery;
	if (links4.size > 0) passes.push(isAsked ? ARP.name : ARP_RESOLVE.name);
	if (links6.size > 0) passes.push(`${isAsked ? ND.name : ND_RESOLVE.name}/6`);
	const families = familiesIn(pinged.size > 0 ? pinged : hostsOnly && links.size === 0 ? hosts : Ranges.EMPTY, plan.book);
	const isByUdp = ((kind) => udpPingPort(kind) !== void 0);
	const [byUdp, others] = [kinds.filter(isByUdp), kinds.filter(((kind) => !isByUdp(kind)))];
	if (others.length > 0) {
		if (families.includes(4)) passes.push(pingName(others));
		if (families.includes(6)) passes.push(`${pingName(pingsOverIpv6(others))}/6`);
	}
	if (byUdp.length > 0) for (const family of families) passes.push(`${udpPingName(byUdp)}${family === 6 ? "/6" : ""}`);
	if (passes.length === 0) return void 0;
	return {
		links: boundsOf$1(links),
		pinged: boundsOf$1(pinged),
		own: boundsOf$1(own),
		skips: !noDiscovery,
		needsReply,
		passes,
		warnings: []
	};
});
const familiesIn = (function familiesIn(hosts, book) {
	if (hosts.count === 0) return [];
	const families = [familyOf$1(book, hosts.firstOf(0)), familyOf$1(book, hosts.lastOf(hosts.count - 1))];
	return [...new Set(families)];
});
const firstRoundHosts = (function firstRoundHosts({ blocks }, routes) {
	const builder = new RangesBuilder();
	for (const { hosts, ports } of blocks) if (ports.size >= FIRST_ROUND_MIN_PORTS) builder.addAll(hosts);
	return within$1(builder.build(), remoteRanges(routes));
});
const reportableHosts = (function reportableHosts({ hostsOnly = false, noDiscovery = false, pings = [] }, { routes, book }, hosts) {
	return hostsOnly || noDiscovery || pings.length > 0 ? Ranges.EMPTY : hostsBeyond({
		routes,
		book
	}, hosts);
});
const hostsBeyond = (function hostsBeyond({ routes, book }, hosts) {
	const [ofIpv4, ofIpv6] = linkHosts(hosts, {
		routes,
		book
	});
	return within$1(hosts, remoteRanges(routes)).subtract(ofIpv4).subtract(ofIpv6);
});
const remoteRanges = (function remoteRanges({ segments }) {
	return Ranges.from(segments.flatMap((({ first, last, answer }) => isRouted(answer) && answer.type === "unicast" ? [[first, last]] : [])));
});
const linkHosts = (function linkHosts(hosts, { routes, book }) {
	const rangesOf = ((family) => Ranges.from(onLinkRanges(routes, book, family).map((({ first, last }) => [first, last]))));
	return [within$1(hosts, book.numbers(rangesOf(4))), book.ipv6 === void 0 ? Ranges.EMPTY : within$1(hosts, rangesOf(6))];
});
const within$1 = (function within$1(hosts, others) {
	return hosts.subtract(hosts.subtract(others));
});
const ownRanges = (function ownRanges({ segments }) {
	return Ranges.from(segments.flatMap((({ first, last, answer }) => isRouted(answer) && answer.type === "local" ? [[first, last]] : [])));
});
const countProbedHosts = (function countProbedHosts(space, parts, removed = Ranges.EMPTY) {
	const probed = parts.reduce(((sum, { order, count }) => sum + Math.min(count, order.size)), 0);
	if (removed.count === 0 && probed >= space.size) return space.hostCount;
	if (removed.count === 0 && space.size === space.hostCount) return probed;
	if (probed > MAX_ENUMERATED) return Math.min(space.hostCount, probed);
	const hosts = new Uint32Array(probed);
	let length = 0;
	for (const { order, count, before = 0 } of parts) {
		const end = Math.min(count, order.size);
		for (let position = 0; position < end; position++) {
			space.locate(order.at(position));
			if (position < before || !removed.has(space.host)) hosts[length++] = space.host;
		}
	}
	const sorted = hosts.subarray(0, length).sort();
	let distinct = 0;
	for (let at = 0; at < length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) distinct++;
	return distinct;
});
const shardOrders = (function shardOrders(tierSizes, task, count) {
	return Array.from({ length: count }, ((_, index) => new ShardedOrder(tierSizes, task.seed, nestShard(task.shard, {
		index: index + 1,
		count
	}))));
});
const excludedHosts = (function excludedHosts({ excludeHosts }) {
	return excludeHosts === void 0 ? Ranges.EMPTY : Ranges.fromSortedBounds(excludeHosts);
});
const spaceBlocks = (function spaceBlocks(space) {
	return space.blocks.map((({ hosts, ports }) => ({
		hosts: Uint32Array.from([...hosts].flat()),
		ports: [...ports.ranges]
	})));
});
const spaceOf = (function spaceOf(blocks, protocol) {
	const targets = blocks.map((({ hosts, ports }) => ({
		hosts: Ranges.fromSortedBounds(hosts),
		ports: PortSet.fromRanges(Ranges.from(ports))
	})));
	return new ProbeSpace({
		targets,
		defaultPorts: PortSet.EMPTY,
		tiers: portTiers(protocol)
	});
});
const isMixed = (function isMixed(passes) {
	return new Set(passes.map((({ family }) => family))).size > 1;
});
const noteCode = (function noteCode(note) {
	return NOTES.indexOf(note);
});
const mergedNotes = (function mergedNotes(tables) {
	const all = new NoteTable();
	for (const rows of tables) all.addRows(rows);
	return all.rows();
});
const hostsWithNote = (function hostsWithNote(rows, code) {
	const hosts = /* @__PURE__ */ new Set();
	for (let at = 0; at < rows.length; at += ROW_LEN) if (rows[at + 2] === code) hosts.add(rows[at]);
	return hosts;
});
const noteTexts = (function noteTexts(rows, format) {
	const notes = [];
	for (let at = 0; at < rows.length; at += ROW_LEN) {
		const [host, what, code, more] = [
			rows[at],
			rows[at + 1],
			rows[at + 2],
			rows[at + 3]
		];
		const key = 2 * (host * NOTES.length + code) + (what === 0 ? 1 : 0);
		let last = notes.at(-1);
		if (last?.key !== key) notes.push(last = {
			ip: format(host),
			ports: [],
			more: 0,
			note: NOTES[code] ?? "",
			key
		});
		if (what >= MORE) last.more = more;
		else if (what > 0) last.ports.push(what - 1);
	}
	return notes.map((({ ip, ports, more, note }) => ({
		ip,
		ports: ports.sort(((one, other) => one - other)),
		more,
		note
	})));
});
const delaysEnd = (function delaysEnd(purpose) {
	return purpose !== 1 && purpose !== 2;
});
const isUnlikely = (function isUnlikely(row, others, replies) {
	return others > 0 && row > 0 && (1 - row / replies) ** others < UNLIKELY;
});
const smoothedRtt = (function smoothedRtt(srtt, sampleMs) {
	return srtt < 0 ? sampleMs : srtt + ALPHA * (sampleMs - srtt);
});
const rttVariation = (function rttVariation(srtt, variation, sampleMs) {
	return srtt < 0 ? sampleMs / 2 : variation + BETA * (Math.abs(sampleMs - srtt) - variation);
});
const answerTimeout = (function answerTimeout(srtt, variation, bounds) {
	if (srtt < 0) return bounds.initialMs;
	return Math.min(bounds.maxMs, Math.max(bounds.minMs, srtt + 4 * variation));
});
const isNeighborTimeout = (function isNeighborTimeout(hasAck, rttMs, firstMs, pathMs) {
	if (pathMs > SHORT_PATH_MS || hasAck && pathMs < 0) return false;
	const [least, most] = NEIGHBOR_TIMEOUT_MS;
	if (hasAck) return rttMs >= least && rttMs <= most;
	return rttMs >= LATE_RESET_MS || firstMs >= least;
});
const proxyFindings = (function proxyFindings(rows) {
	return {
		ownSide: hostsWithNote(rows, OWN_SIDE),
		everyAddress: hostsWithNote(rows, EVERY_ADDRESS),
		rstSpoof: hostsWithNote(rows, RST_SPOOF),
		blocked: hostsWithNote(rows, BLOCKED),
		limited: hostsWithNote(rows, LIMITED),
		everyUdpPort: hostsWithNote(rows, EVERY_UDP_PORT)
	};
});
const noLimits = (function noLimits({ driver }) {
	if (stateIn(driver.outcomes, PORT_UNREACH) === 1) throw new TypeError("Cannot judge silence: an engine whose ports are closed by ICMP errors needs their limits");
	return NO_LIMITS;
});
const halfSipHash = (function halfSipHash(k0, k1, a, b) {
	let v0 = k0 | 0, v1 = k1 | 0, v2 = 1819895653 ^ k0, v3 = 1952801890 ^ k1;
	for (let round = 0; round < 6; round++) {
		const word = round === 0 ? a | 0 : round === 1 ? b | 0 : round === 2 ? 8 << 24 : 0;
		v3 ^= word;
		if (round === 3) v2 ^= 255;
		v0 = v0 + v1 | 0;
		v1 = v1 << 5 | v1 >>> 27;
		v1 ^= v0;
		v0 = v0 << 16 | v0 >>> 16;
		v2 = v2 + v3 | 0;
		v3 = v3 << 8 | v3 >>> 24;
		v3 ^= v2;
		v0 = v0 + v3 | 0;
		v3 = v3 << 7 | v3 >>> 25;
		v3 ^= v0;
		v2 = v2 + v1 | 0;
		v1 = v1 << 13 | v1 >>> 19;
		v1 ^= v2;
		v2 = v2 << 16 | v2 >>> 16;
		v0 ^= word;
	}
	return (v1 ^ v3) >>> 0;
});
const familiesOf = (function familiesOf(pass) {
	return sendsPackets(pass) ? [pass.family ?? 4] : [4, 6];
});
const runWorker = (async function runWorker(task, control) {
	const spaces = new PassSpaces(task);
	using opened = await openDrivers(task, spaces.hosts.subtract(excludedHosts(task)), control);
	const { ipv6Kernel, ...parts } = await loadParts(task, opened);
	const { routes, constraints, ownSource6, book } = opened.routePlan;
	const kernel = new NetlinkKernel(constraints, ipv6Kernel, ownSource6);
	using local = new LocalMachine(kernel, routes, book, {
		4: opened.prober,
		6: opened.prober6
	});
	const { transport, sources, notes, warnings } = opened;
	await control.opened({
		transport,
		sources,
		notes,
		warnings
	});
	const results = ((rows, pass) => control.results(rows, pass));
	const deadlineMs = systemClock.now() + (task.options.deadlineMs ?? 1e400);
	const passes = new WorkerPasses({
		task,
		spaces,
		opened,
		local,
		...parts,
		results,
		clock: systemClock
	});
	await runPasses(passes, control, deadlineMs, task.maxNotProbed);
	return passes.report();
});
const tracesByIp = (function tracesByIp({ traces }) {
	return new Map(traces.map(((trace) => [trace.ip, trace])));
});
const lastHopsByPort = (function lastHopsByPort({ trace }) {
	const groups = (trace?.filtered ?? []).map(((filtered) => ({
		filtered,
		isOf: memberOf(filtered)
	})));
	return ((row) => {
		const found = groups.find((({ isOf }) => isOf(row)));
		return found === void 0 ? void 0 : lastHopText(found.filtered);
	});
});
const hostnamesByIp = (function hostnamesByIp({ hostnames }) {
	return new Map(hostnames.map((({ ip, name }) => [ip, name])));
});
const withHostnames = (function withHostnames(hosts, summary) {
	const names = hostnamesByIp(summary);
	const traces = tracesByIp(summary);
	return names.size + traces.size === 0 ? hosts : named(hosts, names, traces);
});
const otherHostname = (function otherHostname({ names, hostname }) {
	return names.length > 0 && !names.some(((name) => name.toLowerCase() === hostname)) ? hostname : void 0;
});
const orderOf = (function orderOf(keys) {
	let order = new Uint32Array(keys.length);
	let other = new Uint32Array(keys.length);
	let differing = 0;
	for (let at = 0; at < order.length; at++) {
		order[at] = at;
		differing |= keys[at] ^ keys[0];
	}
	const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.ceil(Math.log2(keys.length))));
	const mask = (1 << bits) - 1;
	const offsets = new Uint32Array(1 << bits);
	for (let shift = 0; shift < 32; shift += bits) {
		if ((differing >>> shift & mask) === 0) continue;
		offsets.fill(0);
		for (let at = 0; at < keys.length; at++) offsets[keys[at] >>> shift & mask]++;
		toOffsets(offsets);
		for (let at = 0; at < order.length; at++) {
			const index = order[at];
			other[offsets[keys[index] >>> shift & mask]++] = index;
		}
		const sorted = other;
		other = order;
		order = sorted;
	}
	return order;
});
const withOs = (function withOs(summary, hosts) {
	let os;
	const whole = {
		...summary,
		get os() {
			return os ??= Array.from({ length: hosts.length }, ((_, index) => {
				const ip = hosts.ipOf(index);
				return hosts.guessesOf(index).map(((guess) => ({
					ip,
					...guess
				})));
			})).flat();
		}
	};
	return Object.defineProperty(whole, GUESSED_HOSTS, { value: hosts });
});
const guessedHosts = (function guessedHosts(summary) {
	if (GUESSED_HOSTS in summary) return summary[GUESSED_HOSTS];
	const { os } = summary;
	const starts = [...os.keys()].filter(((at) => os[at].ip !== os[at - 1]?.ip));
	return {
		length: starts.length,
		ipOf: ((index) => os[starts[index]].ip),
		guessesOf: ((index) => os.slice(starts[index], starts[index + 1]))
	};
});
const stateCounts = (function stateCounts(byState) {
	return Object.fromEntries(COUNT_NAMES.map(((name, code) => [name, byState[code] ?? 0])));
});
const decidedIn = (function decidedIn(counts) {
	return COUNT_NAMES.reduce(((sum, name) => name === "undecided" ? sum : sum + counts[name]), 0);
});
const isMuchWrong = (function isMuchWrong({ expectedWrong }) {
	return expectedWrong >= .5;
});
const hasSeveral = (function hasSeveral(head) {
	return techniqueCount(head) > 1;
});
const techniqueCount = (function techniqueCount({ technique, passes = passesNamed(technique) }) {
	return techniquesOfPort(passes);
});
const mayBeOpen$1 = (function mayBeOpen$1(state) {
	return state === "open" || state === "open|filtered" || state === "unfiltered";
});
const serviceNames = (function serviceNames(protocol = "tcp") {
	const names = /* @__PURE__ */ new Map();
	for (const { port, name } of services(protocol)) if (!names.has(port)) names.set(port, name);
	return names;
});
const services = (function* services(protocol) {
	for (const [, name = "", digits, proto, aliases = ""] of servicesText().matchAll(SERVICE)) {
		const port = Number(digits);
		if (proto === protocol && port <= MAX_PORT$1) yield {
			port,
			name,
			aliases
		};
	}
});
const servicesText = (function servicesText() {
	try {
		return readTextFile(SERVICES_PATH, SERVICES_LEN);
	} catch (error) {
		if (error instanceof SyscallError) return "";
		throw error;
	}
});
const isFromHost = (function isFromHost(rows, at) {
	const from = fromAt(rows, at);
	return from === hostAt(rows, at) || from === 0;
});
const serviceName = (function serviceName(port, proto = "tcp") {
	const probed = proto === "tcp" ? void 0 : packetTechnique(proto)?.serviceOf?.(port);
	if (probed !== void 0) return probed;
	if (proto === "udp") return (udpNames ??= new Map([...readNames("udp"), ...UDP_SERVICE_NAMES])).get(port);
	if (names === void 0) {
		names = readNames();
		for (const port of names.keys()) hasName[port >> 3] |= 1 << (port & 7);
	}
	return (hasName[port >> 3] >> (port & 7) & 1) === 0 ? void 0 : names.get(port);
});
const readNames = (function readNames(protocol) {
	const own = protocol === void 0 ? [] : serviceNames(protocol);
	return new Map([
		...serviceNames(),
		...own,
		...SERVICE_NAMES
	]);
});
const outcomeGroup = (function outcomeGroup(outcome, technique) {
	return technique << 11 | outcome;
});
const techniqueOf = (function techniqueOf(group) {
	return group >> 11;
});
const stateIndex = (function stateIndex(group) {
	return group >> REASON_BITS;
});
const stateIndices = (function stateIndices(techniques) {
	return techniques << STATE_BITS;
});
const stateOf = (function stateOf(group) {
	return STATES$1[group >> REASON_BITS & STATE_MASK];
});
const reasonOf = (function reasonOf(group) {
	return REASONS$1[group & REASON_MASK];
});
const isOpen = (function isOpen(group) {
	return (group >> REASON_BITS & STATE_MASK) === 0;
});
const mayBeOpen = (function mayBeOpen(group) {
	return MAY_BE_OPEN[group >> REASON_BITS & STATE_MASK];
});
const isOwnAnswer = (function isOwnAnswer(group) {
	return IS_OWN[(group >> REASON_BITS & STATE_MASK) * REASONS$1.length + (group & REASON_MASK)];
});
const isSilent = (function isSilent(group) {
	return IS_SILENCE[group & REASON_MASK];
});
const roundTripOf = (function roundTripOf(rows, own, host, totals) {
	const { rtts, routers, groups } = rows;
	const isTimed = ((row) => routers[row] === 0 && !Number.isNaN(rtts[row]));
	const timed = own.length === 1 && isTimed(own[0]) ? own : own.filter(isTimed);
	if (timed.length < 2) {
		const rttMs = timed.length === 1 ? rtts[timed[0]] : totals.roundTripMs(host);
		return Number.isNaN(rttMs) ? void 0 : {
			smoothedMs: rttMs,
			variationMs: rttMs / 2
		};
	}
	const kept = /* @__PURE__ */ new Map();
	for (const row of timed) kept.set(groups[row], (kept.get(groups[row]) ?? 0) + 1);
	const weightOf = ((row) => totals.count(host, groups[row]) / kept.get(groups[row]));
	const median = ((valueOf) => {
		timed.sort(((one, other) => valueOf(one) - valueOf(other)));
		const total = timed.reduce(((sum, row) => sum + weightOf(row)), 0);
		let passed = 0;
		return valueOf(timed.find(((row) => (passed += weightOf(row)) >= total / 2)) ?? timed.at(-1));
	});
	const smoothedMs = median(((row) => rtts[row]));
	return {
		smoothedMs,
		variationMs: median(((row) => Math.abs(rtts[row] - smoothedMs)))
	};
});
const reportsOf = (function* reportsOf(hosts, names, source) {
	const { rows, totals, detected, byHost: { starts, order } } = source;
	const listed = new ListedStates(source);
	const kinds = new HostKinds(source);
	let alike;
	for (const host of hosts) {
		const own = rows.sortedByPort(order.subarray(starts[host], starts[host + 1]));
		if (alike === void 0 || !totals.haveSameCounts(host, alike.host) || !rows.haveSamePorts(own, alike.own)) alike = alikePorts(host, own, listed, source);
		const { groups, hidden, openCount, maybeOpenCount, ttl } = alike;
		const answerGroup = totals.answer(host);
		const answer = answerGroup < 0 ? void 0 : reasonOf(answerGroup);
		const found = source.foundOf(host, answer);
		const isUp = answer !== void 0 || found?.state === "up";
		const ip = source.textOf(host);
		const ownNames = names.of(ip);
		const ports = [];
		for (let at = 0; at < own.length; at++) if (listed.has(rows.groups[own[at]])) ports.push(portRow(own[at], ip, names, source));
		const hasFinding = detected.size > 0 && own.some(((row) => detected.has(row)));
		yield {
			ip,
			names: ownNames,
			ports,
			hidden,
			openCount,
			maybeOpenCount,
			answer: answer ?? (isUp ? found?.reason : void 0),
			answerTtl: answer === void 0 ? found?.evidence[0]?.ttl : ttl,
			conclusion: isUp ? void 0 : conclusionOn(host, totals),
			found,
			roundTrip: roundTripOf(rows, own, host, totals),
			atLeast: source.isIncomplete && groups.some(((group) => reasonOf(group) === "no-response")),
			kind: found === void 0 && ownNames.length === 0 && !hasFinding ? kinds.of(alike, ip) : void 0
		};
	}
});
const ttlOf = (function ttlOf(rows, own, group) {
	const row = own.find(((row) => rows.groups[row] === group));
	return row === void 0 ? void 0 : rows.ttls[row] || void 0;
});
const portGroup = (function portGroup(group, count, techniques) {
	const { technique, proto } = techniques[techniqueOf(group)];
	return {
		technique,
		proto,
		state: stateOf(group),
		reason: reasonOf(group),
		count
	};
});
const portRow = (function portRow(row, ip, names, { rows, services, detected, routers, techniques }) {
	const group = rows.groups[row];
	const port = rows.ports[row];
	const rttMs = rows.rtts[row];
	const { technique, proto } = techniques[techniqueOf(group)];
	const found = detected.get(row);
	const shown = {
		port,
		technique,
		proto,
		state: stateOf(group),
		reason: reasonOf(group),
		ttl: rows.ttls[row] || void 0,
		rttMs: Number.isNaN(rttMs) ? void 0 : rttMs,
		tries: rows.tries[row],
		from: routers[rows.routers[row]],
		service: services[techniqueOf(group)][port],
		names: names.at(ip, port)
	};
	return found === void 0 ? shown : {
		...shown,
		...found
	};
});
const isAbsent = (function isAbsent({ conclusion, found }) {
	return conclusion === "no-arp-response" || found?.state === "absent";
});
const isTimedOut = (function isTimedOut({ ports, hidden, found }) {
	const ended = "host-timeout";
	return found?.reason === ended || hidden.some((({ reason }) => reason === ended)) || ports.some((({ reason }) => reason === ended));
});
const shownOf = (function shownOf({ ports, hidden }, isListed) {
	const rows = ports.filter(isListed);
	if (rows.length === ports.length) return {
		rows,
		hidden
	};
	const groups = /* @__PURE__ */ new Map();
	const add = (({ technique, proto, state, reason, count }) => {
		const key = `${technique} ${state} ${reason}`;
		groups.set(key, {
			technique,
			proto,
			state,
			reason,
			count: count + (groups.get(key)?.count ?? 0)
		});
	});
	hidden.forEach(add);
	for (const row of ports) if (!isListed(row)) add({
		...row,
		count: 1
	});
	return {
		rows,
		hidden: [...groups.values()].sort(((one, other) => other.count - one.count))
	};
});
const unreachedRanges = (function unreachedRanges(hosts, absent, reasonOf, addresses) {
	const ranges = [];
	for (const { number, reason } of hosts.toSorted(((one, other) => one.number - other.number))) {
		if (number < 0 || reason === "undecided") continue;
		const address = addresses.address(number);
		if (address < 0) continue;
		const last = ranges.at(-1);
		if (last !== void 0 && last[0] === reason && last[2] + 1 === address) last[2]++;
		else if (ranges.length < MAX_RANGES$1) ranges.push([
			reason,
			address,
			address
		]);
	}
	for (const [reason, first, last] of byReason(absent, reasonOf).take(MAX_RANGES$1)) for (const [from, to] of addresses.stretches(first, last)) {
		if (addresses.address(from) < 0) continue;
		ranges.push([
			reason,
			addresses.address(from),
			addresses.address(to)
		]);
	}
	return ranges.sort((([, one], [, other]) => one - other)).slice(0, MAX_RANGES$1);
});
const byReason = (function* byReason(absent, reasonOf) {
	let range;
	for (const host of absent.addresses()) {
		const reason = reasonOf(host);
		if (range !== void 0 && range[0] === reason && range[2] + 1 === host) {
			range[2] = host;
			continue;
		}
		if (range !== void 0) yield range;
		range = [
			reason,
			host,
			host
		];
	}
	if (range !== void 0) yield range;
});
const osByHost = (function osByHost(summary) {
	const hosts = guessedHosts(summary);
	let at = 0;
	let byHost;
	return { get: ((ip) => {
		if (byHost === void 0 && at < hosts.length && hosts.ipOf(at) === ip) return hosts.guessesOf(at++);
		return (byHost ??= osOf(summary)).get(ip);
	}) };
});
const osOf = (function osOf(summary, some) {
	const byHost = /* @__PURE__ */ new Map();
	if (some?.size === 0) return byHost;
	const hosts = guessedHosts(summary);
	for (let index = 0; index < hosts.length; index++) {
		const ip = hosts.ipOf(index);
		if (some?.has(ip) ?? true) byHost.set(ip, hosts.guessesOf(index));
	}
	return byHost;
});
const osFamily = (function osFamily(guesses) {
	const [only] = guesses;
	return guesses.length === 1 ? only?.family ?? void 0 : void 0;
});
const osText = (function osText(guesses) {
	if (guesses.length < 2 && osFamily(guesses) === void 0) return void 0;
	const texts = guesses.map((({ family, evidence, ports }) => {
		return `${ports.length === 0 ? "" : `${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}: `}${printable(family ?? "unknown")} (${printable(evidence)})`;
	}));
	return texts.length === 1 ? texts[0] : `several stacks: ${texts.join("; ")}`;
});
const hostName = (function hostName({ ip, names: [target], hostname }) {
	const name = target ?? hostname;
	return name === void 0 ? ip : `${printable(name)} (${ip})`;
});
const toldBy = (function toldBy(rows) {
	const found = rows.flatMap((({ finding }) => finding ?? []));
	const list = ((title, values) => {
		const known = [...new Set(values.filter(((value) => value !== void 0)))];
		return known.length === 0 ? [] : [`${title}: ${known.map(printable).join(", ")}`];
	});
	return [
		...list("Host", found.map((({ hostname }) => hostname))),
		...list("OS", found.map((({ os }) => os))),
		...list("Device", found.map((({ device }) => device))),
		...list("CPE", found.flatMap((({ cpe = [] }) => cpe.filter(((name) => !name.startsWith("cpe:/a:"))))))
	].join("; ");
});
const statusLine = (function statusLine({ found }, reason) {
	if (found?.state === "absent") return `Host went down (${found.reason})\n`;
	if (found?.state !== "up") return "";
	const rtt = found.rttMs === void 0 ? "" : ` (${roundTripDigits(found.rttMs)} ms)`;
	const vendor = found.vendor === void 0 ? "" : ` (${printable(found.vendor)})`;
	return `Host is up${reason}${rtt}${found.mac === void 0 ? "" : `, MAC ${found.mac}${vendor}`}\n`;
});
const hostsToProbe = (function hostsToProbe(head) {
	const { hosts = 0, share } = head ?? {};
	return share?.by === "host" && share.count > 1 ? 0 : hosts;
});
const newAggregator = (function newAggregator(verbosity, options = {}) {
	return new HostAggregator({
		...options,
		listUpTo: LIST_UP_TO * (verbosity + 1),
		listUnresponsiveUpTo: LIST_UNRESPONSIVE_UP_TO
	});
});
const writerOf = (async function writerOf(format) {
	switch (format) {
		case "table": return TableWriter;
		case "json": return (await import("./json.js").then(((n) => n.t))).JsonLinesWriter;
		case "normal": return (await import("./formats.js").then(((n) => n.d))).NormalWriter;
		case "xml": return (await import("./formats.js").then(((n) => n.c))).XmlWriter;
		case "grepable": return (await import("./formats.js").then(((n) => n.r))).GrepableWriter;
		case "csv": return (await import("./formats.js").then(((n) => n.i))).CsvWriter;
		case "list": return (await import("./formats.js").then(((n) => n.t))).MasscanListWriter;
		case "ip-port": return (await import("./formats.js").then(((n) => n.n))).IpPortWriter;
		case "html": return (await import("./html.js").then(((n) => n.t))).HtmlWriter;
	}
});
const openReport = (async function openReport({ format, path, flag }, parts) {
	const { line, system, aggregator, files, kept, patience, beforeWrite, stateBefore } = parts;
	const { openOnly, reason, verbosity, fields, quiet } = line;
	const color = path === "-" && isColored(line, system);
	const columns = path === "-" ? lineWidth(system) : void 0;
	const FormatWriter = await writerOf(format);
	const sink = path === "-" ? stdoutSink(system, beforeWrite, patience) : fileSink(path, flag, system, {
		files,
		kept,
		...patience === void 0 ? {} : { patience }
	});
	const options = {
		openOnly,
		reason,
		verbosity,
		fields,
		color,
		quiet,
		columns,
		stateBefore
	};
	const another = ((aggregator) => new FormatWriter(options, aggregator));
	return new Report({
		format,
		path
	}, {
		writer: another(aggregator),
		another
	}, sink, kept);
});
const hashOfSpace = (async function hashOfSpace(spaces, ipv6) {
	const pieces = spaces.flatMap(spaceBlocks).flatMap((({ hosts, ports }) => [`${hosts.length} ${ports.join(";")} `, Uint32Array.from(hosts)]));
	const divided = spaces.filter((({ size, tierSizes }) => !tierSizes.includes(size)));
	pieces.push(...divided.map((({ tiers }) => `tiers ${tiers.join(";")} `)));
	if (ipv6 !== void 0) pieces.push("ipv6 ", Uint32Array.from(ipv6.ranges), Uint32Array.from(ipv6.numbers), patternText(ipv6));
	const hash = await crypto.subtle.digest("SHA-256", await new Blob(pieces).arrayBuffer());
	return new Uint8Array(hash).toHex();
});
const namesToKeep = (function namesToKeep(answers) {
	if (answers.size > MAX_NAMES) return [];
	const kept = ((address) => typeof address === "number" ? address : `0x${address.toString(16).padStart(32, "0")}`);
	return Array.from(answers, (([name, addresses]) => [name, addresses.map(kept)]));
});
const countsTogether = (function countsTogether(reports) {
	const sendErrors = /* @__PURE__ */ new Map();
	for (const [name, count] of reports.flatMap(((report) => report.sendErrors))) sendErrors.set(name, (sendErrors.get(name) ?? 0) + count);
	return {
		byState: STATES$1.map(((_, state) => sum(reports, ((report) => report.byState[state] ?? 0)))),
		...Object.fromEntries(COUNTERS.map(((name) => [name, sum(reports, ((report) => report[name]))]))),
		sendErrors: [...sendErrors],
		cappedHosts: [...unionOf(reports.map(((report) => report.cappedHosts)))],
		suspects: [...unionOf(reports.map(((report) => report.suspects)))],
		notes: [...mergedNotes(reports.map(((report) => report.notes)))]
	};
});
const shapesIn = (function shapesIn(reports) {
	return mergedShapes(reports.map((({ shapes }) => shapes)));
});
const sum = (function sum(items, number) {
	return items.reduce(((all, item) => all + number(item)), 0);
});
const hostsUpIn = (function hostsUpIn(reports) {
	const up = new RangesBuilder();
	for (const { hostsUp, local, found } of reports) {
		for (const bounds of [hostsUp, found?.up ?? []]) for (let at = 0; at < bounds.length; at += 2) up.add(bounds[at], bounds[at + 1]);
		for (const host of local.silent) up.add(host, host);
	}
	return up.build();
});
const unionOf = (function unionOf(lists) {
	const all = new Uint32Array(lists.reduce(((sum, list) => sum + list.length), 0));
	let at = 0;
	for (const list of lists) {
		all.set(list, at);
		at += list.length;
	}
	all.sort();
	return all.filter(((host, index) => index === 0 || host !== all[index - 1]));
});
const hostOs = (function hostOs(rows, format) {
	const hosts = new Uint32Array(rows.length / SHAPE_ROW_LEN);
	const shapes = new Uint32Array(hosts.length);
	const all = new ShapeSet();
	for (let row = 0; row < hosts.length; row++) {
		hosts[row] = rows[row * SHAPE_ROW_LEN];
		shapes[row] = all.numberOf(rows, row * SHAPE_ROW_LEN + 2);
	}
	const guesses = Array.from({ length: all.size }, ((_, number) => {
		const at = number * 3;
		return [{
			family: familyOf(all.words, at),
			evidence: shapeText(all.words, at),
			ports: []
		}];
	}));
	const order = orderOf(hosts);
	const firsts = firstOfEachHost(hosts, order);
	return {
		length: firsts.length - 1,
		ipOf: ((index) => format(hosts[order[firsts[index]]])),
		guessesOf: ((index) => {
			const first = firsts[index];
			const next = firsts[index + 1];
			if (next === first + 1) return guesses[shapes[order[first]]];
			return stacksOf(rows, order.subarray(first, next), ((row) => guesses[shapes[row]][0]));
		})
	};
});
const firstOfEachHost = (function firstOfEachHost(hosts, order) {
	const firsts = new Uint32Array(order.length + 1);
	let count = 0;
	let before = -1;
	for (let at = 0; at < order.length; at++) {
		const host = hosts[order[at]];
		if (host === before) continue;
		before = host;
		firsts[count++] = at;
	}
	firsts[count] = order.length;
	return firsts.subarray(0, count + 1);
});
const localWarnings = (function localWarnings(reports, addresses, isOverHosts) {
	const notProbed = /* @__PURE__ */ new Map();
	for (const [why, ports] of reports.flatMap(((report) => report.notProbed))) notProbed.set(why, (notProbed.get(why) ?? 0) + ports);
	const [what, done] = isOverHosts ? ["ping", "sent"] : ["port", "probed"];
	const warnings = [...notProbed].map((([why, count]) => `${why}: ${counted(count, what)} ${count === 1 ? "was" : "were"} not ${done}`));
	const silent = unionOf(reports.map(((report) => report.silent)));
	if (silent.length === 1) {
		const host = silent[0];
		warnings.push(`${addresses.text(host)} answers ${resolutionOf(host, addresses)}, but no probe: the host is up`);
	} else if (silent.length > 1) {
		const resolutions = [...new Set(Array.from(silent, ((host) => resolutionOf(host, addresses))))].join(" or ");
		warnings.push(`${grouped(silent.length)} hosts on own links answer ${resolutions}, but no probe: they are up`);
	}
	const most = ((which) => Math.max(...reports.map(((report) => report.lostReplies[which]))));
	const [reversePath, firewall] = [most("reversePath"), most("firewall")];
	if (reversePath > 0) warnings.push(`The reverse-path filter of this machine (net.ipv4.conf.*.rp_filter) dropped ${counted(reversePath, "packet")}: they came by another interface than packets to their senders leave by, and may be replies to connections. Silence shows nothing here. Scan as root without -sT, or set rp_filter to 2`);
	if (firewall > 0) warnings.push(`This machine dropped ${counted(firewall, "packet")} that came in, as its packet filter does: they may be replies to the probes. Silence shows nothing here. Scan as root without -sT, or let replies pass (ct state established,related)`);
	return [...warnings, ...new Set(reports.flatMap(((report) => report.notes)))];
});
const proxyWarnings = (function proxyWarnings({ ownSide, everyAddress, rstSpoof, blocked, limited }, addresses) {
	const warnings = [];
	const [own] = ownSide;
	if (own !== void 0) warnings.push(`These replies are generated on your side, or by the next hop: the TTL of ${addresses.text(own)} is not decremented beyond a gateway, and a SYN with TTL 1 is answered. States are those of a proxy's connect()`);
	if (everyAddress.size > 0) warnings.push(`Something answers for every address: nearly everything is open, and so are control ports of ${[...everyAddress].slice(0, 3).map(((host) => addresses.text(host))).join(", ")}. Open says nothing here`);
	const [refused, ...others] = rstSpoof;
	if (refused !== void 0) {
		const more = others.length === 0 ? "" : ` and ${counted(others.length, "more host")}`;
		warnings.push(`Another device sends RSTs in the place of ${addresses.text(refused)}${more} (rst-spoof): single probes were replied to by RST and by SYN-ACK. Closed says nothing there`);
	}
	const [blocking, ...rest] = blocked;
	if (blocking !== void 0) {
		const more = rest.length === 0 ? "" : ` and ${counted(rest.length, "more host")}`;
		warnings.push(`${addresses.text(blocking)}${more} ${rest.length === 0 ? "refuses" : "refuse"} ports by now that replied otherwise before (blocked), so that closed and filtered may mean just that. Scan more slowly`);
	}
	const [silent, ...further] = limited;
	if (silent !== void 0) {
		const more = further.length === 0 ? "" : ` and ${counted(further.length, "more host")}`;
		warnings.push(`An open port of ${addresses.text(silent)}${more} did not reply again while others were silent (limited): something drops what is beyond a rate, so that filtered ports may be open. Scan more slowly (--max-rate)`);
	}
	return warnings;
});
const calibrationWarnings = (function calibrationWarnings(findings, addresses) {
	if (findings === void 0 || findings.undecided === 0) return [];
	const [first, ...others] = findings.hosts;
	const more = others.length === 0 ? "" : ` and ${counted(others.length, "more host")}`;
	return [`${addresses.text(first)}${more} ${others.length === 0 ? "answers" : "answer"} RST from open ports too (rst-always): ${counted(findings.undecided, "closed result")} became undecided`];
});
const silenceWarnings = (function silenceWarnings(passes, addresses) {
	const reports = passes.map((({ silences }) => silences));
	const warnings = fallenWarnings(joinFallen(reports.flatMap(((report) => report.fallen))), addresses);
	for (const [what, isOverHosts] of [["ping", true], ["port", false]]) {
		const rationed = passes.flatMap(((pass) => pass.isOverHosts === isOverHosts ? pass.silences.rationed : []));
		for (const { senders, answered, silent } of joinRationed(rationed, addresses)) warnings.push(`${sendersText(senders)} answered for ${grouped(answered)} of ${counted(answered + silent, what)} by ICMP errors; routers and hosts limit such errors, so the silence of the others may mean the same`);
	}
	const limited = joinLimited(reports.flatMap(((report) => report.limited)), addresses);
	if (limited.length > 0) {
		const [{ sender, perSecond }] = limited;
		const more = limited.length === 1 ? "" : ` and ${counted(limited.length - 1, "more sender")}`;
		warnings.push(`${sender}${more} ${limited.length === 1 ? "limits its" : "limit their"} ICMP errors${limited.length === 1 ? ` to ${Number(perSecond.toFixed(1))} a second` : ""}: the silence of ${counted(sum(limited, (({ undecided }) => undecided)), "UDP port")} shows nothing (icmp-limited). Give more time, or scan fewer ports`);
	}
	const unsettled = reports.flatMap(((report) => report.unsettled));
	if (unsettled.length > 0) {
		const [{ host, from, reason }] = unsettled;
		const hosts = new Set(unsettled.map(((each) => each.host))).size;
		warnings.push(`${addresses.text(from)} refuses a part of the probes (${REASONS$1[reason]}${from === host ? "" : ` for ${addresses.text(host)}`})${hosts === 1 ? "" : `, as do others for ${counted(hosts - 1, "more host")}`}: ${counted(sum(unsettled, (({ ports }) => ports)), "result")} may show that alone. Scan more slowly (--max-rate)`);
	}
	const timedOut = unionOf(reports.map(((report) => report.timedOut)));
	if (timedOut.length > 0) {
		const first = Array.from(timedOut.subarray(0, MAX_NAMED), ((host) => addresses.text(host))).join(", ");
		const more = timedOut.length > MAX_NAMED ? ` and ${grouped(timedOut.length - MAX_NAMED)} more` : "";
		warnings.push(`${counted(timedOut.length, "host")} timed out (--host-timeout): ${first}${more}`);
	}
	if (reports.some((({ isEarly }) => isEarly))) warnings.push("Silence was not waited for as long as a router takes to report a dead host (3.1 s): see -T3");
	return warnings;
});
const joinRationed = (function joinRationed(rationed, addresses) {
	const each = rationed.map(((entry) => ({
		...entry,
		senders: entry.senders.map(((sender) => addresses.text(sender)))
	})));
	const groups = Map.groupBy(each, (({ senders }) => senders.toSorted().join()));
	return [...groups.size > MAX_RATIONED ? [each] : groups.values()].map(((alike) => ({
		senders: [...new Set(alike.flatMap((({ senders }) => senders)))],
		answered: sum(alike, (({ answered }) => answered)),
		silent: sum(alike, (({ silent }) => silent))
	})));
});
const joinLimited = (function joinLimited(limited, addresses) {
	return Array.from(Map.groupBy(limited, (({ sender }) => addresses.text(sender))), (([sender, each]) => ({
		sender,
		perSecond: Math.max(...each.map((({ perSecond }) => perSecond))),
		undecided: sum(each, (({ undecided }) => undecided))
	})));
});
const joinFallen = (function joinFallen(fallen) {
	return Array.from(Map.groupBy(fallen, (({ host }) => host)), (([host, each]) => ({
		host,
		afterMs: Math.max(...each.map((({ afterMs }) => afterMs))),
		replies: each.reduce(((sum, { replies }) => sum + replies), 0),
		isGone: each.some((({ isGone }) => isGone)),
		reportedBy: each.find((({ reportedBy }) => reportedBy !== 0))?.reportedBy ?? 0
	})));
});
const fallenWarnings = (function fallenWarnings(fallen, addresses) {
	if (fallen.length > MAX_FALLEN) {
		const first = Math.min(...fallen.map((({ afterMs }) => afterMs)));
		return [`${grouped(fallen.length)} hosts stopped replying, the first ${spanText(first)} after the scan began: they block this scanner, or the path to them failed. Scan them again, more slowly`];
	}
	return fallen.map(((each) => `${addresses.text(each.host)} stopped replying ${spanText(each.afterMs)} after the scan began, after ${counted(each.replies, "reply", "replies")}: ${causeOf(each, addresses)}`));
});
const summarize = (function summarize(plan, outcomes, others, scan) {
	const { addresses } = plan;
	const reports = [...outcomes.flatMap(((outcome) => "passes" in outcome ? outcome.passes : [])), ...others];
	const died = outcomes.some(((outcome) => "died" in outcome));
	const parts = [...reports];
	for (const outcome of outcomes) if ("died" in outcome && outcome.last !== void 0) parts.push(outcome.last);
	const counts = stateCounts(STATES$1.map(((_, state) => sum(parts, (({ byState }) => byState[state])))));
	const probes = plan.probes - sum(reports, ((report) => report.cut));
	const undecided = probes - decidedIn(counts);
	const sent = sum(parts, ((part) => part.sent));
	const sendingMs = sum(parts, ((part) => part.sendingMs)) / plan.workers;
	const done = countsTogether(reports);
	const { expectedWrong, late, duplicates, finAcks, unmatched, sendRetries, receiveDrops, notes } = done;
	const answered = sum(parts, ((part) => part.answered));
	const isUnheard = scan.foreignSource !== void 0 && answered === 0 && undecided < probes;
	const isTimedOut = reports.some((({ silences }) => silences.timedOut.length > 0));
	const areRefusalsUnsettled = reports.some((({ silences }) => silences.unsettled.length > 0));
	const hostCounts = countHosts(reports, done.singlesUp);
	const isOverHosts = passesIn(plan.technique).every(probesHosts);
	const hostsMissing = isOverHosts ? hostCounts.hostsUndecided : 0;
	const findings = proxyFindings(notes);
	const { ownSide, everyAddress, rstSpoof, blocked, limited } = findings;
	const warnings = [
		...scan.warnings,
		...deathWarnings(outcomes, scan.sizes),
		...localWarnings(reports.map(((report) => report.local)), addresses, isOverHosts),
		...silenceWarnings(reports, addresses),
		...isUnheard ? [`No reply came to ${scan.foreignSource}, which is no address of this machine: silence shows nothing`] : [],
		...undecidedWarnings(undecided, probes, passesNamed(plan.technique).length > 1 ? "result" : "port"),
		...isMuchWrong(done) ? [wrongText(done)] : [],
		...undecidedWarnings(hostsMissing, scan.hosts, "host"),
		...proxyWarnings(findings, addresses),
		...done.sendErrors.map((([name, count]) => `The kernel refused to send ${counted(count, "probe")} (${name})`))
	];
	const summary = {
		hosts: scan.hosts,
		...hostCounts,
		probes,
		sent,
		answered,
		...counts,
		undecided,
		elapsedMs: scan.elapsedMs,
		ratePps: sendingMs > 0 ? sent * 1e3 / sendingMs : 0,
		loss: lossOf(parts),
		roundTrips: sum(parts, (({ lost, returned }) => lost + returned)),
		expectedWrong,
		late,
		duplicates,
		finAcks,
		unmatched,
		sendRetries,
		receiveDrops,
		sendErrors: Object.fromEntries(done.sendErrors),
		cappedHosts: done.cappedHosts.length,
		suspects: Array.from(done.suspects, ((host) => ({
			ip: addresses.text(host),
			suspect: suspicionOf(host, findings)
		}))),
		notes: noteTexts(notes, ((host) => addresses.text(host))),
		hostnames: scan.hostnames,
		traces: scan.traces,
		aliased: scan.aliased,
		ended: died ? "failed" : reports.find(((report) => report.ended !== "done"))?.ended ?? "done",
		warnings,
		trusted: undecided === 0 && !isTimedOut && !areRefusalsUnsettled && hostsMissing === 0 && !isMuchWrong(done) && ownSide.size + everyAddress.size + rstSpoof.size + blocked.size + limited.size === 0 && reports.every((({ local: { lostReplies } }) => lostReplies.reversePath + lostReplies.firewall === 0)) && scan.isComplete && !isUnheard,
		transport: plan.transport,
		workers: plan.workers
	};
	return withOs(summary, hostOs(shapesIn(reports), ((host) => addresses.text(host))));
});
const foundIn = (function foundIn(reports, state) {
	const hosts = new RangesBuilder();
	for (const { found } of reports) if (found !== void 0) hosts.addAll(Ranges.fromSortedBounds(found[state]));
	return hosts.build();
});
const lossOf = (function lossOf(parts) {
	const lost = sum(parts, ((part) => part.lost));
	const seen = lost + sum(parts, ((part) => part.returned));
	return seen === 0 ? null : lost / seen;
});
const newScanKey = (function newScanKey() {
	return crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(8)).toHex();
});
const identityOf$1 = (function identityOf$1(args, line, { targets: entered, sourceIp }, system) {
	const isEntered = line.targets.length + line.targetFiles.length === 0;
	return {
		version: VERSION,
		args,
		given: line.effective.filter((({ name }) => name !== "--range")),
		operands: isEntered ? [entered].flat() : line.targets,
		sourceIp: sourceIp ?? null,
		folder: currentFolder(system),
		startedAtMs: line.typedAtMs
	};
});
const tokensOf = (function* tokensOf(text, where) {
	const hasSeveral = /\S\s+\S/.test(text);
	if (hasSeveral) refuseMisleading(text, where);
	const lastEnd = text.trimEnd().length;
	for (const { 0: spaced, index } of text.matchAll(hasSeveral ? WORD : /\S+/g)) {
		let word = hasSeveral ? spaced.replace(/\s+/g, "") : spaced;
		if (word.endsWith(",") && index + spaced.length < lastEnd) word = word.slice(0, -1);
		if (word === "") continue;
		if (!(word.includes(",") && !hasPorts(word) && (/[A-Za-z:]/.test(word) || /(?:\..*){4}/.test(word)))) {
			yield {
				text: word,
				where,
				column: index + 1
			};
			continue;
		}
		let at = index;
		for (const part of word.split(",")) {
			yield {
				text: part,
				where,
				column: at + 1
			};
			at += part.length + 1;
		}
	}
});
const blockAround = (function blockAround(address, prefixLen) {
	const span = 2 ** (32 - prefixLen);
	const first = Math.floor(address / span) * span;
	return {
		first,
		last: first + span - 1
	};
});
const readIpv4 = (function readIpv4(token, text, slash, prefixLen) {
	const address = parseIpv4(text);
	if (address !== void 0) return {
		kind: "addresses",
		...blockAround(address, prefixLen)
	};
	if (!/^[\d.,*-]*$/.test(text)) return void 0;
	if (text === "") throw wrong(token, 0, "there is no host", "Write an address or a name before it");
	if (slash >= 0) {
		checkBytes(token, text);
		throw wrong(token, slash, "a range cannot have a prefix length too", "Write the range or the block");
	}
	return readRange(token, text) ?? readPattern(token, text);
});
const mayNameIpv6 = (function mayNameIpv6(text) {
	return /:[^\s:]*:/.test(text);
});
const parseExclusions = (function parseExclusions(texts, options = {}) {
	const syntax = syntaxOf(options, true);
	return [texts].flat().flatMap(((text) => Array.from(tokensOf(text, options.where), ((token) => readTarget(token, syntax)))));
});
const parseTargets = (function parseTargets(texts, options = {}) {
	const syntax = syntaxOf(options);
	const specs = [];
	for (const text of typeof texts === "string" ? [texts] : texts) for (const token of tokensOf(text, options.where)) specs.push(readTarget(token, syntax));
	return specs;
});
const syntaxOf = (function syntaxOf({ services, protocols, ipv6 }, isExclusion = false) {
	return {
		services,
		protocols,
		ipv6,
		isExclusion,
		portSets: /* @__PURE__ */ new Map()
	};
});
const readTarget = (function readTarget(token, syntax) {
	const { text } = token;
	if (text === "") throw wrong(token, 0, "a target is empty", "Write an address, a block, a range or a name");
	refuseUrl(token);
	if (syntax.ipv6 !== void 0 && IPV6_LIKE.test(text)) {
		const { colon, ...addresses } = syntax.ipv6(token, syntax.isExclusion);
		return {
			...addresses,
			ports: colon < 0 ? void 0 : readPorts(token, colon, syntax)
		};
	}
	const colon = text.indexOf(":");
	const host = colon < 0 ? text : text.slice(0, colon);
	const ports = colon < 0 ? void 0 : readPorts(token, colon, syntax);
	const slash = host.indexOf("/");
	const base = slash < 0 ? host : host.slice(0, slash);
	const prefixLen = slash < 0 ? 32 : readPrefix(token, slash + 1, host.slice(slash + 1));
	const addresses = readIpv4(token, base, slash, prefixLen);
	if (addresses !== void 0) return {
		...addresses,
		ports
	};
	checkName(token, base);
	return {
		kind: "name",
		name: base,
		prefixLen,
		ports
	};
});
const refuseUrl = (function refuseUrl(token) {
	if (token.text.includes("://")) throw wrong(token, 0, "it is a URL", "Write only its host, and ports after a colon: 192.0.2.7:443");
});
const readPorts = (function readPorts(token, colon, syntax) {
	const text = token.text.slice(colon + 1);
	if (syntax.isExclusion) throw wrong(token, colon, "it has ports, but whole hosts are meant here", "Remove the colon and what follows it");
	if (text === "") throw wrong(token, colon, "no port follows the colon", "Write the ports, or remove the colon");
	let ports = syntax.portSets.get(text);
	if (ports === void 0) {
		ports = parsePorts(text, {
			...syntax.protocols === void 0 ? {} : { protocols: syntax.protocols },
			...syntax.services === void 0 ? {} : { services: syntax.services },
			...token.where === void 0 ? {} : { where: token.where },
			column: token.column + colon + 1
		});
		syntax.portSets.set(text, ports);
	}
	return ports;
});
const reservedAddresses = (function reservedAddresses() {
	return Ranges.from(RESERVED_IPV4.map((({ first, last }) => [first, last])));
});
const resolveTargets = (async function resolveTargets(specs, options) {
	const resolved = await collect(specs, options);
	const { failures, targets } = resolved;
	const [failure] = failures;
	if (failure !== void 0 && targets.length + resolved.ipv6.length + resolved.patterns.length === 0) {
		const what = failures.length === 1 ? quote(failure.name) : `any of ${failures.length} names, as ${quote(failure.name)}`;
		throw new UsageError(`Cannot resolve ${what}: ${failure.why}. Check the spelling, or give the address`);
	}
	return resolved;
});
const resolveExclusions = (async function resolveExclusions(specs, resolve) {
	const excluded = await collect(specs, {
		resolve,
		allAddresses: true
	});
	const [failure] = excluded.failures;
	if (failure !== void 0) throw new UsageError(`Cannot exclude ${quote(failure.name)}: ${failure.why}. Give its address, so that it is surely left out`);
	const builder = new RangesBuilder();
	for (const { hosts } of excluded.targets) builder.addAll(hosts);
	return {
		hosts: builder.build(),
		ipv6: excluded.ipv6
	};
});
const collect = (async function collect(specs, options) {
	const { allAddresses = false, reserved = Ranges.EMPTY, hasIpv4Route = (() => true) } = options;
	const hosts = new HostsByPorts(reserved);
	const ipv6 = [];
	const patterns = [];
	const named = [];
	for (const spec of specs) if (spec.kind === "name") named.push(spec);
	else if (spec.kind === "ipv6") ipv6.push(spec);
	else if (spec.kind === "prefixes") patterns.push(spec);
	else if (spec.kind === "addresses") hosts.add(spec.first, spec.last, spec.ports);
	else hosts.addPattern(patternAddresses(spec), spec.bytes[0], spec.ports);
	const answers = await resolveNames(named, options.resolve);
	const names = /* @__PURE__ */ new Map();
	const otherAddresses = /* @__PURE__ */ new Map();
	const ofBoth = [];
	const failures = [];
	for (const entry of answers.values()) {
		const { name } = entry;
		if (typeof entry.answer === "string") failures.push({
			name,
			why: entry.answer
		});
		else {
			const answer = entry.answer = routed(entry.answer, hasIpv4Route);
			const used = firstOfEach(answer);
			if (used.length > 1) ofBoth.push(name);
			if (!allAddresses && answer.length > used.length) otherAddresses.set(name, answer.filter(((address) => !used.includes(address))));
		}
	}
	for (const { name, prefixLen, ports } of named) {
		const key = nameKey(name);
		const { answer } = answers.get(key);
		if (typeof answer === "string") continue;
		if (prefixLen < 32 && !answer.some(((address) => typeof address === "number"))) failures.push({
			name: `${name}/${prefixLen}`,
			why: "it has no address of IPv4, and a block around a name is one of IPv4"
		});
		for (const address of allAddresses ? answer : firstOfEach(answer)) {
			const ofHost = names.get(address) ?? /* @__PURE__ */ new Map();
			names.set(address, ofHost);
			const known = ofHost.get(key);
			if (known === void 0) ofHost.set(key, {
				name,
				ports: [ports]
			});
			else if (!known.ports.includes(ports)) known.ports.push(ports);
			if (typeof address === "bigint") {
				if (prefixLen === 32) ipv6.push({
					first: address,
					last: address,
					zone: void 0,
					name,
					ports
				});
				continue;
			}
			const { first, last } = blockAround(address, prefixLen);
			hosts.add(first, last, ports);
		}
	}
	return {
		targets: hosts.build(),
		ipv6,
		patterns,
		ofBoth,
		names: new Map(Array.from(names, (([host, ofHost]) => [host, [...ofHost.values()]]))),
		failures,
		otherAddresses,
		reservedSkipped: hosts.reservedSkipped
	};
});
const resolveNames = (async function resolveNames(named, resolve) {
	const answers = /* @__PURE__ */ new Map();
	for (const { name } of named) {
		const key = nameKey(name);
		if (!answers.has(key)) answers.set(key, {
			name,
			answer: []
		});
	}
	const waiting = answers.values();
	const work = async () => {
		for (const entry of waiting) try {
			const addresses = await resolve(entry.name);
			entry.answer = addresses.length === 0 ? "it has no address" : addresses;
		} catch (error) {
			entry.answer = error instanceof Error ? error.message : String(error);
		}
	};
	await Promise.all(Array.from({ length: RESOLVES_AT_ONCE }, work));
	return answers;
});
const events = (async function* events(scan, wanted, signal) {
	const batches = scan.batches()[Symbol.asyncIterator]();
	let wake = (() => {});
	wanted.onDue((() => wake()));
	let hasArrived = false;
	const take = (() => {
		hasArrived = false;
		const next = batches.next();
		const arrived = (() => {
			hasArrived = true;
			wake();
		});
		next.then(arrived, arrived);
		return next;
	});
	let next = take();
	let givenCount = 0;
	for (;;) {
		if (!hasArrived && !wanted.isDue) await new Promise(((resolve) => wake = resolve));
		if (!wanted.isDue) {
			const batch = await next;
			if (batch.done) return;
			next = take();
			givenCount += batch.value.length;
			yield { batch: batch.value };
			continue;
		}
		wanted.taken();
		const rest = signal.aborted ? void 0 : await snapshotOf(scan);
		if (rest === void 0 || signal.aborted) {
			wanted.missed();
			continue;
		}
		while (givenCount < rest.taken + rest.waiting) {
			const batch = await next;
			if (batch.done) return;
			next = take();
			givenCount += batch.value.length;
			yield { batch: batch.value };
		}
		yield { rest: afterReading(rest) };
	}
});
const startTimer = (function startTimer(ms, act) {
	let timer;
	const wait = ((leftMs) => {
		const partMs = Math.min(leftMs, MAX_TIMER_MS);
		timer = setTimeout((() => leftMs > partMs ? wait(leftMs - partMs) : act()), partMs);
	});
	if (ms < 1e400) wait(Math.max(0, ms));
	return { [Symbol.dispose]: (() => {
		if (timer !== void 0) clearTimeout(timer);
	}) };
});
const withTimeout = (async function withTimeout(work, ms, late) {
	const { promise: never, reject } = Promise.withResolvers();
	using _timer = startTimer(ms, (() => reject(late())));
	return await Promise.race([work, never]);
});
const targetsText = (function targetsText({ targets, targetLists = [] }) {
	const lists = targetLists.map((({ name }) => name.startsWith("@") ? name : `-iL ${name}`));
	return [...typeof targets === "string" ? [targets] : targets, ...lists].join(" ");
});
const rangesOf = (function rangesOf(hosts, book) {
	if (hosts.count > MAX_RANGES) return void 0;
	const ranges = [...hosts].flatMap((([first, last]) => familyOf$1(book, first) === 6 ? [] : [...book.stretches(first, last)]));
	if (ranges.length > MAX_RANGES) return void 0;
	return ranges.map((([first, last]) => [book.address(first), book.address(last)]));
});
const boundsOf = (function boundsOf({ hosts, ports }) {
	return {
		hosts: [...hosts].flat(),
		ports: [...ports.ranges].flat()
	};
});
const removedWarnings = (function removedWarnings(book, { hosts, ports }) {
	const what = [];
	const first = Ranges.from([...hosts].slice(0, MAX_RANGES_LISTED));
	const more = hosts.size - first.size;
	if (hosts.count > 0) what.push(rangesText(first, book) + (more > 0 ? ` and ${counted(more, "more host")}` : ""));
	if (ports.size > 0) what.push(`${ports.size === 1 ? "port" : "ports"} ${ports}`);
	if (what.length === 0) return [];
	return [`Excluded when the scan was resumed, and not probed from then on: ${what.join("; ")}`];
});
const rangesText = (function rangesText(hosts, book) {
	return [...hosts].flatMap((([first, last]) => rangeTexts(book, first, last))).join();
});
const isUdp = (function isUdp({ proto }) {
	return proto === "udp";
});
const discoveryOf = (async function discoveryOf(options, routePlan, space, portPasses) {
	const isRaw = canOpenRaw();
	if (!(isRaw && sendPackets(portPasses)) && !asksForHosts(options)) return void 0;
	if (isRaw) return await planDiscovery(options, routePlan, space);
	const { planSocketDiscovery } = await import("./connect.js").then(((n) => n.n));
	return planSocketDiscovery(options, routePlan, space);
});
const identityOf = (function identityOf({ targets, seed, shard, passes, spaceHash }) {
	const { space, udpSpace, answers, excluded, removed } = targets;
	return {
		seed,
		shard,
		size: space.size + (udpSpace?.size ?? 0),
		hosts: space.hostCount,
		space: spaceHash,
		technique: techniqueOf$1(passes),
		names: namesToKeep(answers),
		excluded: boundsOf(excluded),
		removed: boundsOf(removed)
	};
});
const remainingSize = (function remainingSize(size, remaining) {
	return remaining === void 0 ? size : remaining.pending.length / 2 + Math.max(0, size - remaining.position);
});
const whole = (function whole(least, most) {
	return {
		accepts: ((value) => Number.isInteger(value) && value >= least && value <= most),
		words: most === Number.MAX_SAFE_INTEGER ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`
	};
});
const word = (function word(...words) {
	return {
		accepts: ((value) => isText(value) && words.includes(value)),
		words: words.join(", ")
	};
});
const checkOptions = (function checkOptions(options) {
	if (!isObject(options)) throw new UsageError("Cannot scan without options: give an object with targets");
	for (const [name, value] of Object.entries(options)) {
		const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : void 0;
		if (check === void 0) {
			const meant = nearest(name, Object.keys(CHECKS));
			throw new UsageError(`Cannot scan with the option ${JSON.stringify(name)}: there is none of that name. ` + (meant === void 0 ? `Use ${Object.keys(CHECKS).join(", ")}` : `Did you mean ${meant}?`));
		}
		if (value !== void 0 && !check.accepts(value)) throw new UsageError(`Cannot scan with ${name} ${shown(value)}: give ${check.words}`);
	}
	const contradiction = contradictionIn(options);
	if (contradiction !== void 0) throw new UsageError(contradiction);
	if (options.targets === void 0) throw new UsageError("Cannot scan without targets: give the option targets");
});
const contradictionIn = (function contradictionIn(options) {
	const { services, whereFiltered, hostsOnly, noDiscovery, pings = [], shard, seed, timeoutMs = 0, maxRttTimeoutMs } = options;
	if (services !== void 0 && hostsOnly === true) return "Cannot identify services without ports: hostsOnly probes none. Leave out one of them";
	if (whereFiltered === true && hostsOnly === true) return "Cannot find where ports are filtered: hostsOnly probes none. Leave out one of them";
	if (noDiscovery === true && hostsOnly === true) return "Cannot scan with hostsOnly and noDiscovery: no host is probed at all then. Leave out one of them";
	if (noDiscovery === true && pings.length > 0) return "Cannot scan with pings and noDiscovery: one finds hosts, the other probes all of them. Leave out one of them";
	if (shard !== void 0 && shard.count > 1 && seed === void 0) return "Cannot scan a shard without seed: all shards must have the same random order. Give every shard the same seed";
	if (timeoutMs > (maxRttTimeoutMs ?? 1e400)) return `Cannot scan with timeoutMs ${timeoutMs}: it is above maxRttTimeoutMs ${maxRttTimeoutMs}. Raise that, or lower it`;
});
const specialAddresses = (function specialAddresses(targets) {
	try {
		using netlink = new Netlink();
		const broadcast = targets.size <= FEW_TARGETS ? broadcastOfFew(targets, netlink) : dumpRoutes(INET, netlink).filter((({ type, prefixLen, destination }) => type === "broadcast" && prefixLen === 32 && targets.has(destination)));
		if (broadcast.length === 0) return [...EVERYWHERE];
		const names = new Map(dumpLinks(netlink).map((({ index, name }) => [index, name])));
		return [...EVERYWHERE, ...broadcast.map((({ destination, interfaceIndex }) => ({
			first: destination,
			last: destination,
			what: `the broadcast address of ${names.get(interfaceIndex) ?? "an own link"}`,
			instead: NAME_A_HOST
		})))];
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return [...EVERYWHERE];
	}
});
const broadcastOfFew = (function broadcastOfFew(targets, netlink) {
	return Array.from({ length: targets.size }, ((_, index) => targets.at(index))).flatMap(((destination) => {
		const answer = getRoute(destination, { netlink });
		return answer.type === "broadcast" && destination !== BROADCAST ? [{
			destination,
			interfaceIndex: answer.interfaceIndex
		}] : [];
	}));
});
const isOwnMachine = (function isOwnMachine(book, host) {
	return familyOf$1(book, host) === 6 ? book.ipv6.addressOf(host) === 1n : isLoopback(book.address(host));
});
const namedTargets = (function* namedTargets({ targets, targetLists = [], technique }, { ipv6, formatOf }, note) {
	const protocols = protocolsIn(technique);
	const options = {
		services: servicePort,
		ipv6,
		protocols: protocols.length === 1 ? protocols : []
	};
	yield* parseTargets(targets, options);
	for (const { name, text } of targetLists) {
		const format = formatOf(text);
		if (format === void 0) yield* parseTargetFile(text, name, options);
		else yield* hostsIn(name, text, format, note, ipv6);
	}
});
const namedExclusions = (function* namedExclusions({ exclude = [], excludeLists = [] }, { ipv6, formatOf }) {
	yield* parseExclusions(exclude, {
		where: "in the exclusions",
		ipv6
	});
	for (const { name, text } of excludeLists) {
		const format = formatOf(text);
		if (format !== void 0) throw new UsageError(`Cannot read exclusions in ${quote(name)}: it is ${format.name}. Write a list of addresses, blocks and names`);
		if (text.trim() === "" && name !== "/dev/null") throw new UsageError(`Cannot read exclusions in ${quote(name)}: it is empty. Write them, or a comment (#) where there are none`);
		yield* parseExclusionFile(text, name, { ipv6 });
	}
});
const listReaders = (async function listReaders(options) {
	const hasLists = (options.targetLists?.length ?? 0) + (options.excludeLists?.length ?? 0) > 0;
	return {
		ipv6: mayHaveIpv6(options) ? await ipv6Reader(options) : void 0,
		formatOf: hasLists ? (await import("./lists.js").then(((n) => n.i))).resultFormatOf : (() => void 0)
	};
});
const mayHaveIpv6 = (function mayHaveIpv6({ targets, targetLists = [], exclude = [], excludeLists = [] }) {
	const lists = [...targetLists, ...excludeLists].map((({ text }) => text));
	return [
		...[targets].flat(),
		...exclude,
		...lists
	].some(mayNameIpv6);
});
const planTargets = (async function planTargets(options, before) {
	if (options.interface !== void 0) wantedLink(options.interface);
	const resolver = new NameResolver(options, before?.names);
	const resolve = ((name) => resolver.resolve(name));
	const protocols = protocolsIn(options.technique);
	const [defaultPorts, udpPorts] = await Promise.all(protocols.map(((each) => choosePorts(options, each, protocols))));
	const excludePorts = options.excludePorts === void 0 ? PortSet.EMPTY : parsePorts(options.excludePorts, {
		services: servicePort,
		protocols: [],
		where: "in the excluded ports"
	});
	const read = await listReaders(options);
	const notes = [];
	const [named, exclusions] = await Promise.all([resolveTargets(namedTargets(options, read, ((text) => notes.push(text))), {
		resolve,
		allAddresses: options.allAddresses ?? false,
		hasIpv4Route: ((address) => isRouted(getRoute(address))),
		reserved: options.includeReserved ? Ranges.EMPTY : reservedAddresses()
	}), resolveExclusions(namedExclusions(options, read), resolve)]);
	const resolved = ofFamily(named, options.family, notes);
	if (resolved.targets.length + resolved.ipv6.length + resolved.patterns.length === 0) throw new UsageError(`Cannot scan: ${whyNoTarget(options)}`);
	if (options.iid !== void 0 && resolved.patterns.length === 0) throw new UsageError("Cannot use --iid without a pattern of prefixes: all addresses are named. Name one like 2001:db8::/48-64");
	const ipv6 = resolved.ipv6.length + resolved.patterns.length === 0 ? void 0 : await planIpv6(options, resolved, exclusions.ipv6);
	const unresolved = [...failureLines(resolved.failures), ...ipv6?.lost ?? []];
	const warnings = [
		...notes,
		...unresolved,
		...ipv6?.warnings ?? []
	];
	for (const [name, others] of resolved.otherAddresses) {
		const more = counted(others.length, "more address", "more addresses");
		warnings.push(`${name} has ${more}; --all-addresses scans ${others.length === 1 ? "it" : "them"} too`);
	}
	if (resolved.reservedSkipped > 0) warnings.push(`${counted(resolved.reservedSkipped, "reserved address", "reserved addresses")} are left out; --include-reserved scans them too`);
	const special = leaveOutSpecial(resolved.targets, ipv6?.book !== void 0);
	warnings.push(...special.warnings);
	const book = ipv6?.book ?? IPV4_BOOK;
	const now = {
		hosts: book.numbers(exclusions.hosts.union(special.hosts)).union(ipv6?.excluded ?? Ranges.EMPTY),
		ports: excludePorts
	};
	if (before !== void 0) refuseGrowth(before.excluded, now, book);
	const excluded = before?.excluded ?? now;
	const targets = [...resolved.targets.map((({ hosts, ports }) => ({
		hosts: book.numbers(hosts),
		ports
	}))), ...ipv6?.targets ?? []];
	const removed = before === void 0 ? NOTHING : {
		hosts: within(targets, now.hosts.union(before.removed.hosts).subtract(excluded.hosts)),
		ports: now.ports.union(before.removed.ports).subtract(excluded.ports)
	};
	wantedSources(options.sourceIp, book.ipv6 && await import("./ipv6.js").then(((n) => n.r)));
	const parts = {
		targets,
		excludeHosts: excluded.hosts,
		excludePorts: excluded.ports
	};
	const space = new ProbeSpace({
		...parts,
		defaultPorts,
		tiers: portTiers(protocols[0])
	});
	const udpSpace = udpPorts && new ProbeSpace({
		...parts,
		defaultPorts: udpPorts,
		tiers: portTiers("udp")
	});
	if (space.size === 0) throw new NothingLeftError(`Cannot scan: ${space.whyEmpty ?? "nothing is left"}. Name targets and ports that may be probed`);
	const hostOf = ((address) => typeof address === "number" ? book.find(address) : ipv6?.find(address) ?? -1);
	const excludedHosts = within(targets, excluded.hosts.union(removed.hosts));
	return {
		book,
		ipv6: ipv6?.book,
		space,
		udpSpace,
		excluded,
		removed,
		excludedHosts,
		names: namesOf(resolved.names, hostOf, defaultPorts, book),
		answers: resolver.answers,
		unresolved,
		warnings
	};
});
const namesOf = (function namesOf(names, hostOf, defaultPorts, book) {
	const named = Array.from(names).flatMap((([address, each]) => {
		const host = hostOf(address);
		if (host === -1) return [];
		return [[host, each.map((({ name, ports }) => ({
			name,
			ports: PortSet.unionOf(ports.map(((own) => own ?? defaultPorts)))
		})))]];
	}));
	return new HostNames(named, book);
});
const ofFamily = (function ofFamily(resolved, family, notes) {
	if (family === void 0) return resolved;
	const all6 = [...resolved.ipv6, ...resolved.patterns];
	const [kept, left] = family === 4 ? [resolved.targets, all6] : [all6, resolved.targets];
	if (left.length === 0) return resolved;
	const other = family === 4 ? "IPv6" : "IPv4";
	if (kept.length === 0) throw new UsageError(`Cannot scan: all targets are addresses of ${other}, which -${family} leaves out. Leave it out`);
	notes.push(`Targets of ${other} are left out: -${family} was given`);
	return family === 4 ? {
		...resolved,
		ipv6: [],
		patterns: []
	} : {
		...resolved,
		targets: []
	};
});
const leaveOutSpecial = (function leaveOutSpecial(targets, hasOthers) {
	if (targets.length === 0) return {
		hosts: Ranges.EMPTY,
		warnings: []
	};
	const named = hostsOf(targets);
	let left = Ranges.EMPTY;
	const warnings = [];
	for (const { first, last, what, instead } of specialAddresses(named)) {
		const range = Ranges.of(first, last);
		const found = named.subtract(named.subtract(range));
		if (found.size === 0) continue;
		left = left.union(found);
		const address = IPV4_BOOK.text(found.at(0));
		if (left.equals(named) && !hasOthers) throw new UsageError(`Cannot scan ${address}: it is ${what}. ${instead}`);
		const isOne = found.size === 1;
		const who = isOne ? `${address} is` : `${address} and ${counted(found.size - 1, "more address", "more addresses")} are`;
		warnings.push(`${who} left out: ${isOne ? "it" : "each"} is ${what}`);
	}
	return {
		hosts: left,
		warnings
	};
});
const hostsOf = (function hostsOf(targets) {
	const builder = new RangesBuilder();
	for (const { hosts } of targets) builder.addAll(hosts);
	return builder.build();
});
const within = (function within(targets, excluded) {
	if (excluded.count === 0) return Ranges.EMPTY;
	const named = hostsOf(targets);
	return named.subtract(named.subtract(excluded));
});
const failureLines = (function failureLines(failures) {
	const lines = failures.slice(0, MAX_FAILURES).map((({ name, why }) => `Cannot resolve ${name}: ${why}. It is left out`));
	const more = failures.length - lines.length;
	return more > 0 ? [...lines, `Cannot resolve ${counted(more, "more name")}. They are left out`] : lines;
});
const choosePorts = (async function choosePorts(options, protocol, protocols) {
	const { ports, topPorts: top } = options;
	if (ports !== void 0 && top !== void 0) throw new UsageError("Cannot scan both named and top ports: give one of the two");
	if (ports === void 0 && protocol === "udp") {
		const { TOP_UDP_PORT_COUNT, topUdpPorts } = await import("./udp.js").then(((n) => n.r));
		return PortSet.of(topUdpPorts(top ?? TOP_UDP_PORT_COUNT));
	}
	if (ports === void 0) {
		const { TOP_PORT_COUNT, topPorts } = await Promise.resolve().then((() => top_ports_exports));
		return PortSet.of(topPorts(top ?? TOP_PORT_COUNT));
	}
	if (typeof ports !== "string") return PortSet.of(ports);
	const set = parsePorts(ports, {
		services: servicePort,
		protocols,
		protocol
	});
	if (set.size > 0) return set;
	throw new UsageError(`Cannot scan ports of ${protocol.toUpperCase()}: ${quote(ports)} names none. Add some, or scan the other protocol alone`);
});
const wantsTraces = (function wantsTraces({ traceroute, whereFiltered }) {
	return traceroute === true || traceroute === "auto" || whereFiltered === true;
});
const whyNot = (function whyNot(passes) {
	return sendPackets(passes.filter(((pass) => !probesHosts(pass)))) ? "a UDP scan: hop limits go with segments of TCP" : "a connect scan: the kernel sends its packets";
});
const checkTraces = (function checkTraces(options, passes) {
	if (!wantsTraces(options)) return;
	if (options.hostsOnly === true && options.pings?.some(((kind) => TRACING_PINGS.test(kind))) === false) throw new UsageError(`Cannot trace paths by ${options.pings.join(" and ")}: hop limits go with echo requests and segments of TCP. Add -PE`);
	if (canTrace(passes)) return;
	if (options.traceroute === "auto" && options.whereFiltered !== true) return;
	const flag = options.traceroute === true ? "--traceroute" : "--where-filtered";
	if (isChosen(options)) throw new UsageError(`Cannot trace paths by ${whyNot(passes)}. Use -sS, or leave ${flag} out`);
	throw new CannotScanError(`Cannot trace paths: that takes raw sockets, and CAP_NET_RAW is missing. Use sudo, or leave ${flag} out`);
});
const traceWarnings = (function traceWarnings(options, passes, discovery) {
	if (options.hostsOnly === true) {
		const { links = NONE, own = NONE } = discovery ?? {};
		const hasOthers = own.length > 0 || links.length > 0 && options.arpPing !== false;
		return wantsTraces(options) && hasOthers ? ["Paths to this machine and to hosts on own links are left out: no router is on the way"] : [];
	}
	if (options.traceroute !== "auto" || canTrace(passes)) return [];
	return [sendPackets(passes.filter(((pass) => !probesHosts(pass)))) ? "Paths are left out: a UDP scan has none. --traceroute takes -sS" : "Paths are left out: the kernel sends the packets of a connect scan. --traceroute takes -sS"];
});
const openTraces = (async function openTraces(plan) {
	if (!wantsTraces(plan.options) || !canTrace(plan.passes)) return void 0;
	const { Traces } = await import("./traces.js").then(((n) => n.t));
	return await Traces.open(plan);
});
const openHostnames = (async function openHostnames(options, plan) {
	const { hostnames = "never", dnsServers } = options;
	const isRequested = hostnames === "all" || dnsServers !== void 0;
	const { hosts, excluded, book, maxRatePps } = plan;
	const isOfEveryHost = hostnames === "all" || plan.isOfEveryHost === true;
	const isSmall = plan.isResumed ? plan.lookups !== void 0 : isOfEveryHost || hosts.size <= MAX_HOSTS_BY_DEFAULT;
	const isWorth = isRequested || isSmall && [...hosts].some((([, last]) => !isOwnMachine(book, last)));
	if (hostnames === "never" || !isWorth) return void 0;
	const [{ HostnameLookup }, { MAX_DNS_SERVERS }, { dnsServerText, parseDnsServers, systemDnsServers }] = await Promise.all([
		import("./names.js").then(((n) => n.t)),
		import("./names.js").then(((n) => n.r)),
		import("./names.js").then(((n) => n.n))
	]);
	const chosen = dnsServers === void 0 ? void 0 : await parseDnsServers(dnsServers, MAX_DNS_SERVERS);
	const refused = chosen?.find((({ address }) => excluded.has(address)));
	if (refused !== void 0) throw new UsageError(`Cannot ask the DNS server ${dnsServerText(refused)}: it is excluded. Name another one, or use -n`);
	const lookup = new HostnameLookup({
		servers: chosen ?? systemDnsServers()?.filter((({ address }) => !excluded.has(address))),
		isRequested,
		book,
		maxRatePps
	});
	for (const address of plan.lookups ?? []) lookup.add(address);
	if (isOfEveryHost) {
		const share = hostShare(hosts, plan.shard);
		lookup.addAll(addressesIn(share, book), share.size);
	}
	return lookup;
});
const runPool = (async function runPool(task, count, control, remaining = [], pool = {
	runInline,
	startWorker: (() => new Worker(WORKER, { type: "module" }))
}) {
	const tasks = Array.from({ length: count }, ((_, index) => {
		const shard = nestShard(task.shard, {
			index: index + 1,
			count
		});
		const work = remaining[index];
		return {
			...task,
			worker: index,
			shard,
			...work === void 0 ? {} : { remaining: work }
		};
	}));
	const workers = tasks.slice(1).map((() => pool.startWorker()));
	let sending;
	const sendThread = task.sendsAside === true && count === 1 ? (() => startSending(sending = pool.startWorker())) : void 0;
	const postToAll = ((message) => {
		for (const worker of workers) worker.postMessage(message);
	});
	const allOpened = Promise.withResolvers();
	const begin = (() => {
		postToAll({ kind: "begin" });
		allOpened.resolve();
	});
	let openedCount = 0;
	let firstOpened;
	const opened = ((how) => {
		firstOpened ??= how;
		if (++openedCount === count) {
			const dropped = dropPrivileges(task.passes.every(sendsPackets), task.options);
			control.opened({
				...firstOpened,
				notes: [...firstOpened.notes, ...dropped]
			});
			begin();
		}
		return allOpened.promise;
	});
	let paused = false;
	let ratePps;
	let absentPosted = 0;
	let over = false;
	const controlWorkers = (() => {
		if (over) return {
			stop: true,
			pause: false
		};
		const state = control.afterStep();
		const share = state.maxRatePps === void 0 ? void 0 : state.maxRatePps / count;
		if (state.stop) postToAll({ kind: "stop" });
		if (state.pause !== paused) postToAll({
			kind: "pause",
			pause: state.pause
		});
		if (share !== void 0 && share !== ratePps) postToAll({
			kind: "rate",
			maxRatePps: share
		});
		const { absent = [] } = state;
		if (absent.length > absentPosted) {
			postToAll({
				kind: "absent",
				hosts: absent.slice(absentPosted, absentPosted + MAX_POSTED)
			});
			absentPosted = Math.min(absent.length, absentPosted + MAX_POSTED);
		}
		paused = state.pause;
		ratePps = share;
		return {
			...state,
			maxRatePps: share
		};
	});
	const timer = count > 1 ? setInterval(controlWorkers, CONTROL_EVERY_MS) : void 0;
	const inlineControl = {
		...control,
		opened,
		afterStep: controlWorkers,
		sendThread
	};
	const inlineOutcomes = [];
	const runHere = ((index) => {
		const outcome = index === 0 && count > 1 ? runFirst(pool, tasks[0], inlineControl) : pool.runInline(tasks[index], inlineControl, index);
		inlineOutcomes.push(outcome);
		return outcome;
	});
	try {
		const first = runHere(0);
		const others = workers.map(async (worker, at) => {
			const index = at + 1;
			let hasOpened = false;
			const outcome = await runThread(worker, tasks[index], {
				...control,
				opened: ((how) => {
					hasOpened = true;
					return opened(how);
				})
			}, index);
			return "died" in outcome && outcome.last === void 0 && !hasOpened ? await runHere(index) : outcome;
		});
		return await Promise.all([first, ...others]);
	} finally {
		over = true;
		if (timer !== void 0) clearInterval(timer);
		for (const worker of workers) worker.terminate();
		sending?.terminate();
		begin();
		await Promise.allSettled(inlineOutcomes);
	}
});
const runInline = (async function runInline(task, control, index) {
	const gate = new ResultGate(control, index);
	const hasUndelivered = (() => control.hasUndelivered?.() ?? false);
	let hasBegun = false;
	const ended = {};
	const afterStep = ((running) => {
		if (!hasBegun) {
			hasBegun = true;
			control.status(index, (() => running.status()));
			const snapshot = (() => {
				const taken = ended.report === void 0 ? running.snapshot() : finishedSnapshot(ended.report);
				gate.hold();
				return taken;
			});
			control.snapshotOf(index, snapshot, gate.release);
		}
		if (!hasUndelivered()) running.flush();
		return control.afterStep();
	});
	const { routePlan, ring, opened, onAccepted, onServiceData, sendThread } = control;
	const report = ended.report = await runWorker(task, {
		results: gate.results,
		routePlan,
		ring,
		opened,
		afterStep,
		hasUndelivered,
		onAccepted,
		onServiceData,
		sendThread
	});
	control.status(index, (() => statusTogether(report.passes)));
	return report;
});
const serial = (function serial(delayMs, initialMs) {
	const pps = 1e3 / delayMs;
	const rate = {
		startPps: pps,
		uncheckedPps: pps,
		maxPps: pps
	};
	return {
		timeouts: {
			initialMs,
			minMs: 100,
			maxMs: Math.max(1e4, initialMs)
		},
		beyond: rate,
		near: rate,
		maxInFlight: 1
	};
});
const engineLimits = (function engineLimits(options, beyondGateway, workers = 1) {
	const template = TEMPLATES[options.timing ?? 3];
	const usual = beyondGateway ? template.beyond : template.near;
	const minPps = options.minRatePps ?? 0;
	const maxPps = options.maxRatePps ?? Math.max(usual.maxPps, minPps);
	if (minPps > maxPps) throw new UsageError(`Cannot send at least ${minPps} and at most ${maxPps} probes a second: lower --min-rate`);
	const startPps = Math.max(usual.startPps, minPps, (options.maxRatePps ?? 0) * START_SHARE);
	const uncheckedPps = options.maxRatePps ?? Math.max(usual.uncheckedPps, minPps);
	const { timeouts } = template;
	const maxMs = options.maxRttTimeoutMs ?? Math.max(timeouts.maxMs, options.timeoutMs ?? 0);
	return {
		timeouts: {
			initialMs: Math.min(options.timeoutMs ?? timeouts.initialMs, maxMs),
			minMs: Math.min(timeouts.minMs, maxMs),
			maxMs
		},
		rate: {
			startPps: Math.min(maxPps, startPps) / workers,
			maxPps: maxPps / workers,
			uncheckedPps: uncheckedPps / workers,
			minPps: minPps / workers
		},
		maxRetries: options.maxRetries ?? 1e400,
		maxInFlight: Math.max(1, Math.floor(template.maxInFlight / workers)),
		...workers > 1 ? { sharesHosts: true } : {},
		...options.defeatIcmpRateLimit === true ? { defeatsIcmpLimit: true } : {}
	};
});
const linkLimits = (function linkLimits(options, limits, workers = 1) {
	const usual = LINK_RATES[options.timing ?? 3] ?? limits.rate;
	const maxPps = Math.min(limits.rate.maxPps, (options.maxRatePps ?? usual.maxPps) / workers);
	return {
		...limits,
		timeouts: {
			...limits.timeouts,
			initialMs: Math.min(limits.timeouts.initialMs, LINK_INITIAL_MS)
		},
		rate: {
			startPps: Math.min(maxPps, usual.startPps / workers),
			maxPps,
			minPps: Math.min(maxPps, limits.rate.minPps)
		},
		maxRetries: 1e400
	};
});
const paceText = (function paceText(options, limits, beyondGateway) {
	const { startPps, maxPps, minPps, uncheckedPps = maxPps } = limits.rate;
	const timing = options.timing ?? 3;
	const where = beyondGateway ? "Beyond a gateway, in the networks of others" : "This machine and its own links";
	const most = maxPps === 1e400 ? "as fast as the kernel sends" : [
		...startPps < uncheckedPps ? [`${rateText(startPps)} to begin with`] : [],
		`${rateText(uncheckedPps)} at most`,
		...uncheckedPps < maxPps ? [`up to ${rateText(maxPps)} while replies show that little is lost`] : []
	].join(", ");
	return `${where}, at -T${timing}: ${limits.maxInFlight === 1 ? "one port at a time, " : ""}${most}${minPps > 0 ? `, ${rateText(minPps)} at least` : ""}${beyondGateway && maxPps < 1e400 && options.maxRatePps === void 0 && timing >= 3 ? `; --max-rate${timing === 3 ? ", -T4" : ""} or -T5 raise that` : ""}; ${`replies are waited for ${waitText(limits.timeouts.initialMs)} at first`}`;
});
const waitText = (function waitText(ms) {
	return ms < 1e3 ? `${ms} ms` : `${Number((ms / 1e3).toFixed(1))} s`;
});
const fallbackWarnings = (function fallbackWarnings(options, passes, canSendRaw) {
	if (options.hostsOnly === true) return [];
	if (!canSendRaw && sendPackets(passes)) return ["No right to open raw sockets: UDP scan (-sU) through sockets of the kernel. Use sudo for raw packets"];
	if (sendPackets(passes) || isChosen(options)) return [];
	const lost = packetOptions(options);
	return [`No right to open raw sockets: connect scan (-sT)${lost.length > 0 ? `, without ${lost.join(" and ")}` : ""}. Use sudo for a SYN scan`];
});
const chooseWorkers = (function chooseWorkers(options, passes, probes, limits) {
	const asked = options.workers;
	const alone = !passes.every(sendsPackets) ? "connect(2) is the kernel's work" : options.onPacket !== void 0 ? "packets are traced in one place" : options.sourcePort !== void 0 ? "there is one source port" : limits.maxInFlight === 1 ? "-T0 to -T2 probe one port at a time" : void 0;
	if (alone !== void 0) return {
		workers: 1,
		why: [],
		warnings: asked !== void 0 && asked > 1 ? [`One worker instead of ${asked}: ${alone}`] : []
	};
	const most = Math.max(1, Math.min(probes, asked ?? Math.min(navigator.hardwareConcurrency, MAX_CHOSEN_WORKERS)));
	const wanted = asked ?? (limits.rate.maxPps === 1e400 ? Math.max(1, Math.ceil(probes / PROBES_PER_WORKER)) : 1);
	const workers = Math.min(most, wanted);
	if (workers > 1 && !mayStartWorkers()) {
		if (asked === void 0) return {
			workers: 1,
			why: ["One worker: more need --allow-read, to read their own code"],
			warnings: []
		};
		throw new CannotScanError(`Cannot start ${asked} workers: that takes the permission to read their code. Add --allow-read`);
	}
	const sendsAside = workers === 1 && probes >= PROBES_PER_SEND_THREAD && limits.rate.maxPps === 1e400 && navigator.hardwareConcurrency > 1 && mayStartWorkers();
	return {
		workers,
		why: workers > 1 ? [`${workers} workers divide the scan`] : [],
		warnings: [],
		sendsAside
	};
});
const planOf = (function planOf({ options, targets, portPasses, layout, limits, chosen, canSendRaw, linkWarnings }, opened, { hostnames }) {
	const { book, space, udpSpace } = targets;
	const { passes, routePlan, shares, isByHost } = layout;
	const { space: key, seed, shard } = layout.identity;
	return {
		hosts: shares.hosts,
		probes: layout.probes,
		passes,
		workers: chosen.workers,
		technique: shownTechnique(passes),
		transport: opened.transport,
		sources: opened.sources,
		ports: options.hostsOnly === true ? {
			count: 0,
			text: ""
		} : portsIn(space),
		...udpSpace === void 0 ? {} : { udpPorts: portsIn(udpSpace) },
		notes: [
			...opened.notes,
			paceText(options, limits, routePlan.beyondGateway),
			...chosen.why,
			...hostnames?.notes() ?? []
		],
		addresses: book,
		ranges: rangesOf(space.hostRanges(), book),
		share: {
			key,
			seed,
			index: shard.index,
			count: shard.count,
			by: isByHost ? "host" : "probe",
			hosts: space.hostCount,
			probes: layout.wholeSize
		},
		space: shard.count > 1 ? `${key} ${shard.index}/${shard.count} ${seed}` : key,
		names: targets.names,
		hostnames,
		excluded: {
			hosts: rangesText(targets.excludedHosts, book),
			ports: targets.excluded.ports.union(targets.removed.ports).toString()
		},
		warnings: [
			...linkWarnings,
			...targets.warnings,
			...opened.warnings,
			...fallbackWarnings(options, portPasses, canSendRaw),
			...traceWarnings(options, portPasses, layout.discovery),
			...layout.discovery?.warnings ?? [],
			...chosen.warnings
		]
	};
});
const portsIn = (function portsIn({ blocks }) {
	const ports = PortSet.unionOf(new Set(blocks.map(((block) => block.ports))));
	return {
		count: ports.size,
		text: ports.toString()
	};
});
const workerOptions = (function workerOptions(options) {
	const { targets: _1, targetLists: _2, exclude: _3, excludeLists: _4, onPacket: _5, ...rest } = options;
	return rest;
});


// src/base/clock.ts
const systemClock = { now: (() => performance.now()) };

// src/base/event_loop.ts
const YIELD_EVERY_MS = 25;
const MOST_STEPS = 1e3;
var EventLoopYielder = class {
	#parts;
	#yieldedAtMs = performance.now();
	constructor(parts) {
		this.#parts = parts;
	}
	static { this.prototype.yield = (async function() {
		const { hasWaitingConsumer, waitForEvents } = this.#parts;
		for (let step = 0; hasWaitingConsumer() && step < MOST_STEPS; step++) await void 0;
		if (!hasWaitingConsumer() && performance.now() - this.#yieldedAtMs < YIELD_EVERY_MS) return;
		await waitForEvents();
		this.#yieldedAtMs = performance.now();
	}); }
};

// src/engine/loop.ts
const WAIT_MS$1 = 100;
const YIELD_MS = 4;


// ffi/netlink/family.ts
const INET = {
	number: 2,
	bits: 32,
	zero: 0,
	routeGroups: 64 | 128,
	read: (attributes, type) => attributes.address(type)
};
const INET6 = {
	number: 10,
	bits: 128,
	zero: 0n,
	routeGroups: RTMGRP_IPV6_ROUTE | 1 << 19 - 1,
	read: (attributes, type) => attributes.address6(type)
};
function familyOf$2(address) {
	return typeof address === "bigint" ? INET6 : INET;
}
function addressBytes(address) {
	const bytes = new Uint8Array(familyOf$2(address).bits / 8);
	const view = new DataView(bytes.buffer);
	if (typeof address === "number") view.setUint32(0, address);
	else {
		view.setBigUint64(0, address >> 64n);
		view.setBigUint64(8, BigInt.asUintN(64, address));
	}
	return bytes;
}

// ffi/netlink/message.ts

var Attributes = class Attributes {
	view;
	#places = /* @__PURE__ */ new Map();
	constructor(view, at, end) {
		this.view = view;
		while (at + nlattr.size <= end) {
			const length = view.getUint16(at + nlattr.nla_len, true);
			if (length < nlattr.size || at + length > end) break;
			const type = view.getUint16(at + nlattr.nla_type, true) & ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
			const place = {
				at: at + nlattr.size,
				length: length - nlattr.size
			};
			const places = this.#places.get(type);
			if (places === void 0) this.#places.set(type, [place]);
			else places.push(place);
			at += align4(length);
		}
	}
	static { this.prototype.place = (function(type, least = 0) {
		const place = this.#places.get(type)?.at(-1);
		return place !== void 0 && place.length >= least ? place : void 0;
	}); }
	static { this.prototype.u32 = (function(type) {
		const place = this.place(type, 4);
		return place && this.view.getUint32(place.at, true);
	}); }
	static { this.prototype.address = (function(type) {
		const place = this.place(type, 4);
		return place?.length === 4 ? this.view.getUint32(place.at) : void 0;
	}); }
	static { this.prototype.address6 = (function(type) {
		const place = this.place(type, ADDRESS6_LEN);
		return place?.length === ADDRESS6_LEN ? readAddress6(this.view, place.at) : void 0;
	}); }
	static { this.prototype.bytes = (function(type) {
		const place = this.place(type, 1);
		return place && copyBytes(this.view, place.at, place.length);
	}); }
	static { this.prototype.string = (function(type) {
		return this.strings(type).at(-1);
	}); }
	static { this.prototype.strings = (function(type) {
		return (this.#places.get(type) ?? []).map((({ at, length }) => {
			const bytes = copyBytes(this.view, at, length);
			const end = bytes.indexOf(0);
			return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
		}));
	}); }
	static { this.prototype.nested = (function(type) {
		const place = this.place(type);
		return place && new Attributes(this.view, place.at, place.at + place.length);
	}); }
};
const ADDRESS6_LEN = 16;
function readAddress6(view, at) {
	return view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
}


function parseError(view, at, length) {
	const body = bodyAt(view, at, length, 2, 4);
	return body === -1 ? void 0 : 0 - view.getInt32(body + nlmsgerr.error, true);
}


// ffi/poll.ts
const inUse$1 = /* @__PURE__ */ new Set();
var PollSet = class {
	capacity;
	#descriptors;
	#count;
	#spare;
	constructor(capacity) {
		this.capacity = capacity;
		this.#descriptors = pin(capacity * pollfd.size);
		this.#count = BigInt(capacity);
		for (let index = 0; index < capacity; index++) this.clear(index);
	}
	static { this.prototype.set = (function(index, fd, events) {
		const { view } = this.#descriptors;
		view.setInt32(index * pollfd.size + pollfd.fd, fd.number, true);
		view.setInt16(index * pollfd.size + pollfd.events, events, true);
		view.setInt16(index * pollfd.size + pollfd.revents, 0, true);
	}); }
	static { this.prototype.clear = (function(index) {
		const { view } = this.#descriptors;
		view.setInt32(index * pollfd.size + pollfd.fd, -1, true);
		view.setInt32(index * pollfd.size + pollfd.events, 0, true);
	}); }
	revents(index) {
		return this.#descriptors.view.getInt16(index * pollfd.size + pollfd.revents, true);
	}
	static { this.prototype.pollNow = (function(timeoutMs = 0) {
		const endMs = timeoutMs > 0 ? performance.now() + timeoutMs : 0;
		let leftMs = Math.ceil(timeoutMs);
		for (;;) {
			const result = libc().poll(this.#descriptors.pointer, this.#count, leftMs);
			if (result !== -1) return result;
			if (lastErrno() !== ERRNO.EINTR) check(result, "poll");
			if (timeoutMs > 0) leftMs = Math.max(0, Math.ceil(endMs - performance.now()));
		}
	}); }
	static { this.prototype.pollUntil = (async function(timeoutMs) {
		const waiting = this.PollSet$takeWaiting();
		const endMs = performance.now() + timeoutMs;
		inUse$1.add(waiting);
		try {
			let leftMs = timeoutMs;
			for (;;) {
				writeTimeout(waiting.timeout.view, leftMs);
				const result = await libc().ppollAside(waiting.descriptors.pointer, this.#count, waiting.timeout.pointer, null);
				const ready = this.pollNow();
				leftMs = endMs - performance.now();
				if (ready > 0 || result >= 0 || leftMs <= 0) return ready;
			}
		} finally {
			inUse$1.delete(waiting);
			this.#spare = waiting;
		}
	}); }
	static { this.prototype.PollSet$takeWaiting = (function() {
		const waiting = this.#spare ?? {
			descriptors: pin(this.capacity * pollfd.size),
			timeout: pin(timespec.size)
		};
		this.#spare = void 0;
		waiting.descriptors.bytes.set(this.#descriptors.bytes);
		return waiting;
	}); }
};


// ffi/netlink/socket.ts
const REQUEST_LEN$1 = 128;
const RECEIVE_LEN$1 = 262144;
const REPLY_TIMEOUT_MS = 5e3;
const DUMP_ATTEMPTS = 8;
let replyMemory;
var Netlink = class {
	#fd;
	#poll = new PollSet(1);
	#request = pin(REQUEST_LEN$1);
	#reply = replyMemory ??= pin(RECEIVE_LEN$1);
	#source = pinSourceName();
	#kernel = pin(sockaddr_nl.size);
	#sequence = 0;
	#length = 0;
	constructor(protocol = 0, groups = 0) {
		using opening = new DisposableStack();
		this.#fd = opening.use(openSocket(16, 3, protocol));
		const { view, pointer } = this.#kernel;
		view.setUint16(sockaddr_nl.nl_family, 16, true);
		view.setUint32(sockaddr_nl.nl_groups, groups, true);
		check(libc().bind(this.#fd.number, pointer, sockaddr_nl.size), "bind");
		view.setUint32(sockaddr_nl.nl_groups, 0, true);
		this.#poll.set(0, this.#fd, 1);
		opening.move();
	}
	[Symbol.dispose]() {
		this.#fd.close();
	}
	static { this.prototype.dump = (function(type, bodyLen, family, parse) {
		for (let attempt = 1;; attempt++) {
			const rows = [];
			this.Netlink$begin(type, 768, bodyLen).setUint8(nlmsghdr.size, family);
			const { errno, interrupted } = this.Netlink$exchange(((view, at, length) => {
				const row = parse(view, at, length);
				if (row !== void 0) rows.push(row);
			}), true);
			if (errno === 0 && (!interrupted || attempt >= DUMP_ATTEMPTS)) return rows;
			if (errno !== 0 && (errno !== ERRNO.ENOBUFS && errno !== ERRNO.EBUSY || attempt >= DUMP_ATTEMPTS)) throw new SyscallError("netlink", errno);
		}
	}); }
	static { this.prototype.get = (function(type, bodyLen, fill, attributes, parse) {
		fill(this.Netlink$begin(type, 0, bodyLen), nlmsghdr.size);
		this.Netlink$append(attributes);
		let row;
		const { errno } = this.Netlink$exchange(((view, at, length) => row ??= parse(view, at, length)), false);
		if (row !== void 0) return { row };
		return { errno: errno === 0 ? ERRNO.ENOENT : errno };
	}); }
	change(type, flags, bodyLen, fill, attributes) {
		fill(this.Netlink$begin(type, 4 | flags, bodyLen), nlmsghdr.size);
		this.Netlink$append(attributes);
		return this.Netlink$exchange(() => {}, false).errno;
	}
	hasNews() {
		return receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN$1, this.#source) !== -ERRNO.EAGAIN;
	}
	news(parse) {
		const rows = [];
		for (;;) {
			const received = receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN$1, this.#source);
			if (received === -ERRNO.EAGAIN) return rows;
			if (received < 0) return void 0;
			readDatagram(this.#reply.view, received, void 0, (view, at, length) => {
				const row = parse(view, at, length);
				if (row !== void 0) rows.push(row);
			});
		}
	}
	static { this.prototype.Netlink$begin = (function(type, flags, bodyLen) {
		const { bytes, view } = this.#request;
		bytes.fill(0);
		this.#length = nlmsghdr.size + align4(bodyLen);
		this.#sequence = this.#sequence + 1 >>> 0;
		view.setUint16(nlmsghdr.nlmsg_type, type, true);
		view.setUint16(nlmsghdr.nlmsg_flags, 1 | flags, true);
		view.setUint32(nlmsghdr.nlmsg_seq, this.#sequence, true);
		return view;
	}); }
	static { this.prototype.Netlink$append = (function(attributes) {
		const { view, bytes } = this.#request;
		for (const [type, value] of attributes) {
			const length = typeof value === "number" ? 4 : value.length;
			view.setUint16(this.#length + nlattr.nla_len, nlattr.size + length, true);
			view.setUint16(this.#length + nlattr.nla_type, type, true);
			if (typeof value === "number") view.setUint32(this.#length + nlattr.size, value, true);
			else bytes.set(value, this.#length + nlattr.size);
			this.#length += nlattr.size + align4(length);
		}
	}); }
	static { this.prototype.Netlink$exchange = (function(onMessage, dump) {
		this.#request.view.setUint32(nlmsghdr.nlmsg_len, this.#length, true);
		const sent = sendTo(this.#fd, this.#request, 0, this.#length, this.#kernel);
		if (sent < 0) throw new SyscallError("sendto", -sent);
		let interrupted = false;
		for (;;) {
			if (this.#poll.pollNow(REPLY_TIMEOUT_MS) === 0) throw new SyscallError("netlink", ERRNO.ETIMEDOUT);
			const received = receiveFrom(this.#fd, this.#reply, 0, RECEIVE_LEN$1, this.#source, 32);
			if (received === -ERRNO.EAGAIN) continue;
			if (received < 0) return {
				done: true,
				interrupted,
				errno: -received
			};
			if (received > RECEIVE_LEN$1) return {
				done: true,
				interrupted,
				errno: ERRNO.EMSGSIZE
			};
			if (this.#source.address.view.getUint32(sockaddr_nl.nl_pid, true) !== 0) continue;
			let any = false;
			const end = readDatagram(this.#reply.view, received, this.#sequence, ((view, at, length) => {
				any = true;
				onMessage(view, at, length);
			}));
			interrupted ||= end.interrupted;
			if (end.done || any && !dump) return {
				...end,
				interrupted
			};
		}
	}); }
};


// ffi/netlink/address.ts


function parseAddress6(view, at, length) {
	const body = bodyAt(view, at, length, 20, ifaddrmsg.size);
	if (body === -1 || view.getUint8(body + ifaddrmsg.ifa_family) !== 10) return void 0;
	const attributes = new Attributes(view, body + ifaddrmsg.size, at + length);
	const address = attributes.address6(2) ?? attributes.address6(1);
	const prefixLen = view.getUint8(body + ifaddrmsg.ifa_prefixlen);
	if (address === void 0 || prefixLen > INET6.bits) return void 0;
	const flags = attributes.u32(8) ?? 0;
	return {
		interfaceIndex: view.getUint32(body + ifaddrmsg.ifa_index, true),
		address,
		prefixLen,
		isTentative: (flags & (64 | 8)) !== 0,
		isDeprecated: (flags & 32) !== 0,
		isTemporary: (flags & 1) !== 0
	};
}
function dumpAddresses6(netlink) {
	return withNetlink(netlink, (netlink) => netlink.dump(22, ifaddrmsg.size, 10, parseAddress6));
}

// ffi/netlink/link.ts
function linkNamed(name, links) {
	return links.find((link) => link.name === name || link.otherNames.includes(name));
}

function dumpLinks(netlink) {
	return withNetlink(netlink, (netlink) => netlink.dump(18, ifinfomsg.size, 0, parseLink));
}

function receivedPackets(interfaceIndex, netlink) {
	return readLink(interfaceIndex, netlink, parseReceivedPackets);
}
function parseReceivedPackets(view, at, length) {
	const body = bodyAt(view, at, length, 16, ifinfomsg.size);
	if (body === -1) return void 0;
	const place = new Attributes(view, body + ifinfomsg.size, at + length).place(23, 8);
	return place === void 0 ? void 0 : view.getUint32(place.at, true);
}


// ffi/netlink/neighbor.ts
const STATES = {
	incomplete: 1,
	reachable: 2,
	stale: 4,
	delay: 8,
	probe: 16,
	failed: 32,
	noarp: 64,
	permanent: 128
};
const STATE_NAMES = new Map(Object.entries(STATES).map((([name, state]) => [state, name])));
const USABLE_STATES = /* @__PURE__ */ new Set([
	"reachable",
	"stale",
	"delay",
	"probe",
	"permanent",
	"noarp"
]);
const TICK_MS = 10;
function neighbourParser(family) {
	return (view, at, length) => {
		const body = bodyAt(view, at, length, 28, ndmsg.size);
		if (body === -1 || view.getUint8(body + ndmsg.ndm_family) !== family.number) return void 0;
		const attributes = new Attributes(view, body + ndmsg.size, at + length);
		const address = family.read(attributes, 1);
		if (address === void 0) return void 0;
		const cache = attributes.place(3, nda_cacheinfo.size);
		return {
			interfaceIndex: view.getInt32(body + ndmsg.ndm_ifindex, true),
			address,
			state: STATE_NAMES.get(view.getUint16(body + ndmsg.ndm_state, true)) ?? "none",
			hardwareAddress: attributes.bytes(2),
			confirmedAgoMs: cache && view.getUint32(cache.at + nda_cacheinfo.ndm_confirmed, true) * TICK_MS
		};
	};
}
function dumpNeighbours(family, netlink) {
	const parse = neighbourParser(family);
	return withNetlink(netlink, (netlink) => netlink.dump(30, ndmsg.size, family.number, parse));
}
function getNeighbour(interfaceIndex, address, netlink) {
	const family = familyOf$2(address);
	return withNetlink(netlink, (netlink) => {
		const fill = (view, at) => writeHead(view, at, family, interfaceIndex);
		const attributes = [[1, addressBytes(address)]];
		const reply = netlink.get(30, ndmsg.size, fill, attributes, neighbourParser(family));
		if ("row" in reply) return reply.row;
		if (reply.errno === ERRNO.ENOENT || reply.errno === ERRNO.ENODEV) return void 0;
		return dumpNeighbours(family, netlink).find((row) => row.interfaceIndex === interfaceIndex && row.address === address);
	});
}
const TABLE_FAMILIES = /* @__PURE__ */ new Map([["arp_cache", 4], ["ndisc_cache", 6]]);


function addNeighbour(interfaceIndex, address, hardwareAddress, netlink) {
	return netlink.change(28, NLM_F_CREATE | 512, ndmsg.size, (view, at) => {
		writeHead(view, at, INET, interfaceIndex);
		view.setUint16(at + ndmsg.ndm_state, 64, true);
	}, [[1, addressBytes(address)], [2, hardwareAddress]]);
}
function removeNeighbour(interfaceIndex, address, netlink) {
	const fill = (view, at) => writeHead(view, at, INET, interfaceIndex);
	return netlink.change(29, 0, ndmsg.size, fill, [[1, addressBytes(address)]]);
}
function writeHead(view, at, { number }, interfaceIndex) {
	view.setUint8(at + ndmsg.ndm_family, number);
	view.setInt32(at + ndmsg.ndm_ifindex, interfaceIndex, true);
}

// ffi/netlink/route.ts

const ROUTE_TYPES = /* @__PURE__ */ new Map([
	[1, "unicast"],
	[2, "local"],
	[3, "broadcast"],
	[4, "anycast"],
	[5, "multicast"],
	[6, "blackhole"],
	[7, "unreachable"],
	[8, "prohibit"]
]);





function routeParser(family) {
	return (view, at, length) => {
		const body = bodyAt(view, at, length, 24, rtmsg.size);
		if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== family.number) return void 0;
		const attributes = new Attributes(view, body + rtmsg.size, at + length);
		const prefix = prefixOf(family, attributes, 1, view.getUint8(body + rtmsg.rtm_dst_len));
		if (prefix === void 0) return void 0;
		const hop = nextHopOf(attributes, view.getUint32(body + rtmsg.rtm_flags, true));
		return {
			...prefix,
			table: attributes.u32(15) ?? view.getUint8(body + rtmsg.rtm_table),
			type: ROUTE_TYPES.get(view.getUint8(body + rtmsg.rtm_type)) ?? "none",
			interfaceIndex: hop?.interfaceIndex ?? 0,
			gateway: hop?.gateway,
			gateway6: hop?.gateway6,
			source: family.read(attributes, 7),
			mtu: attributes.nested(8)?.u32(2)
		};
	};
}
function ruleParser(family) {
	return (view, at, length) => {
		const body = bodyAt(view, at, length, 32, fib_rule_hdr.size);
		if (body === -1 || view.getUint8(body + fib_rule_hdr.family) !== family.number) return void 0;
		return prefixOf(family, new Attributes(view, body + fib_rule_hdr.size, at + length), 1, view.getUint8(body + fib_rule_hdr.dst_len));
	};
}
const CHANGES = [
	24,
	25,
	32,
	33
];
function routeChangeParser(family) {
	return (view, at, length) => {
		const body = Math.max(...CHANGES.map((type) => bodyAt(view, at, length, type, rtmsg.size)));
		if (body === -1 || view.getUint8(body + rtmsg.rtm_family) !== family.number) return void 0;
		const prefix = prefixOf(family, new Attributes(view, body + rtmsg.size, at + length), 1, view.getUint8(body + rtmsg.rtm_dst_len));
		const isRule = view.getUint16(at + nlmsghdr.nlmsg_type, true) >= 32;
		return prefix && {
			...prefix,
			isRule
		};
	};
}
function dumpRoutes(family, netlink) {
	const parse = routeParser(family);
	return withNetlink(netlink, (netlink) => netlink.dump(26, rtmsg.size, family.number, parse));
}
function dumpRules(family, netlink) {
	const parse = ruleParser(family);
	return withNetlink(netlink, (netlink) => netlink.dump(34, fib_rule_hdr.size, family.number, parse));
}
const REFUSALS = /* @__PURE__ */ new Map([
	[ERRNO.ENETUNREACH, "none"],
	[ERRNO.ENODEV, "none"],
	[ERRNO.ENETDOWN, "none"],
	[ERRNO.EHOSTUNREACH, "unreachable"],
	[ERRNO.EACCES, "prohibit"],
	[ERRNO.EINVAL, "blackhole"]
]);
function lookUp(destination, { source, interfaceIndex, netlink }, flags, more, parse) {
	const { number, bits } = familyOf$2(destination);
	return withNetlink(netlink, (netlink) => netlink.get(26, rtmsg.size, (view, at) => {
		view.setUint8(at + rtmsg.rtm_family, number);
		view.setUint8(at + rtmsg.rtm_dst_len, bits);
		if (source !== void 0) view.setUint8(at + rtmsg.rtm_src_len, bits);
		view.setUint32(at + rtmsg.rtm_flags, flags, true);
	}, [
		[1, addressBytes(destination)],
		...source === void 0 ? [] : [[2, addressBytes(source)]],
		...interfaceIndex === void 0 ? [] : [[4, interfaceIndex]],
		...more
	], parse));
}

function findWays(destination, { protocol, port }, question) {
	const flow = protocol === 0 ? [] : [[27, Uint8Array.of(protocol)], [29, Uint8Array.of(port >>> 8, port)]];
	const reply = lookUp(destination, question, RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH, flow, parseWays);
	return "row" in reply ? reply.row : [];
}
function parseWays(view, at, length) {
	const body = bodyAt(view, at, length, 24, rtmsg.size);
	if (body === -1) return void 0;
	if (view.getUint8(body + rtmsg.rtm_type) !== 1) return [];
	return nextHopsOf(new Attributes(view, body + rtmsg.size, at + length), view.getUint32(body + rtmsg.rtm_flags, true)).filter(({ dead }) => !dead);
}

// src/wire/ethernet.ts
const DESTINATION$1 = 0;
const SOURCE$1 = 6;
const ETHERTYPE = 12;
const ETHERTYPE_IPV4 = 2048;
const ETHERTYPE_ARP = 2054;
const TWO_TO_32 = 4294967296;
function setEthernetDestination(view, at, mac) {
	writeMac(view, at + DESTINATION$1, mac);
}
function setEthernetSource(view, at, mac) {
	writeMac(view, at + SOURCE$1, mac);
}
function setEthernetEthertype(view, at, ethertype) {
	view.setUint16(at + ETHERTYPE, ethertype);
}
function readMac(view, at) {
	return view.getUint16(at) * TWO_TO_32 + view.getUint32(at + 2);
}
function writeMac(view, at, mac) {
	view.setUint16(at, mac / TWO_TO_32);
	view.setUint32(at + 2, mac % TWO_TO_32);
}
function macOf(bytes) {
	return readMac(new DataView(bytes.buffer, bytes.byteOffset), 0);
}

// src/wire/mac.ts
const MAC_BROADCAST = 0xffffffffffff;
function formatMac(mac) {
	return mac.toString(16).padStart(12, "0").replace(/..(?=.)/g, "$&:");
}
function parseMac(text) {
	return /^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text) ? parseInt(text.replaceAll(":", ""), 16) : void 0;
}
function isStationMac(mac) {
	return mac !== 0 && (Math.floor(mac / GROUP_BIT) & 1) === 0;
}
const GROUP_BIT = 2 ** 40;

// src/wire/arp.ts
const HARDWARE_TYPE = 0;
const PROTOCOL_TYPE = 2;
const HARDWARE_LEN = 4;
const PROTOCOL_LEN = 5;
const OPERATION$1 = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;
const ARP_LEN = 28;
const ETHERNET = 1;
const IPV4_LEN = 4;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
function checkArp(view, at, length) {
	if (length < 28) return 0;
	return view.getUint16(at + HARDWARE_TYPE) === ETHERNET && view.getUint16(at + PROTOCOL_TYPE) === 2048 && view.getUint8(at + HARDWARE_LEN) === 6 && view.getUint8(at + PROTOCOL_LEN) === IPV4_LEN ? 28 : 0;
}
function arpOperation(view, at) {
	return view.getUint16(at + OPERATION$1);
}
function arpSenderMac(view, at) {
	return readMac(view, at + SENDER_MAC);
}
function arpSenderIp(view, at) {
	return view.getUint32(at + SENDER_IP);
}
function isArpReply(view, at) {
	return arpOperation(view, at) === 2 && isStationMac(arpSenderMac(view, at));
}
function arpTargetIp(view, at) {
	return view.getUint32(at + TARGET_IP);
}
function writeArpRequest(view, at, sender, target) {
	view.setUint16(at + HARDWARE_TYPE, ETHERNET);
	view.setUint16(at + PROTOCOL_TYPE, ETHERTYPE_IPV4);
	view.setUint8(at + HARDWARE_LEN, 6);
	view.setUint8(at + PROTOCOL_LEN, IPV4_LEN);
	view.setUint16(at + OPERATION$1, 1);
	view.setUint32(at + SENDER_IP, sender);
	writeMac(view, at + TARGET_MAC, 0);
	view.setUint32(at + TARGET_IP, target);
	return 28;
}
function setArpSenderMac(view, at, mac) {
	writeMac(view, at + SENDER_MAC, mac);
}

// src/local/kernel.ts
const DEFAULT_RULES = {
	4: 3,
	6: 2
};
var NetlinkKernel = class {
	ipv6;
	#netlink = new Netlink();
	#question;
	#question6;
	#socket;
	#packet = pin(28);
	constructor(question, ipv6, source6) {
		this.#question = {
			...question,
			netlink: this.#netlink
		};
		this.#question6 = {
			source: source6,
			interfaceIndex: question.interfaceIndex,
			netlink: this.#netlink
		};
		this.ipv6 = ipv6;
		this.#socket = openRequests();
	}
	get canProbe() {
		return this.#socket !== void 0;
	}
	static { this.prototype.link = (function(interfaceIndex) {
		return getLink(interfaceIndex, this.#netlink);
	}); }
	neighbour(interfaceIndex, address) {
		return getNeighbour(interfaceIndex, address, this.#netlink);
	}
	route(destination) {
		return getRoute(destination, this.#questionFor(destination));
	}
	ways(destination, flow) {
		return findWays(destination, flow, this.#questionFor(destination));
	}
	hasRules(destination) {
		if (typeof destination === "bigint") return dumpRules(INET6, this.#netlink).length > DEFAULT_RULES[6];
		return dumpRules(INET, this.#netlink).length > DEFAULT_RULES[4];
	}
	static { this.prototype.addresses = (function() {
		const own = dumpAddresses(this.#netlink);
		const own6 = this.ipv6 === void 0 ? [] : dumpAddresses6(this.#netlink);
		return [...own, ...own6].map((({ address }) => address));
	}); }
	inputDrops(family) {
		return inputDrops(family);
	}
	static { this.prototype.neighbourTables = (function() {
		return neighbourTables(this.#netlink);
	}); }
	request(link, sender, target) {
		const socket = this.#socket;
		if (socket === void 0 || link.type !== 1 || link.hardwareAddress?.length !== 6) return false;
		if (typeof sender === "bigint" || typeof target === "bigint") return this.ipv6?.solicit(socket, link, BigInt(sender), BigInt(target)) === true;
		writeArpRequest(this.#packet.view, 0, sender, target);
		setArpSenderMac(this.#packet.view, 0, macOf(link.hardwareAddress));
		return sendTo(socket, this.#packet, 0, 28, pinBroadcast(link.index, ETH_P_ARP)) >= 0;
	}
	#questionFor(destination) {
		return typeof destination === "bigint" ? this.#question6 : this.#question;
	}
	[Symbol.dispose]() {
		this.#netlink[Symbol.dispose]();
		this.#socket?.closeAside();
	}
};


// src/wire/address.ts
const IPV4_MAX = 4294967295;
const ZERO = 48;
const DOT = 46;


const BYTE_TEXTS = Array.from({ length: 256 }, ((_, byte) => `${byte}`));
const WITH_DOT = BYTE_TEXTS.map(((byte) => `${byte}.`));
let lastUpper = -1;
let lastUpperText = "";

const RESERVED_IPV4 = [
	{
		first: 0,
		last: 16777215,
		name: "This network",
		rfc: "RFC 791"
	},
	{
		first: 167772160,
		last: 184549375,
		name: "Private-Use",
		rfc: "RFC 1918"
	},
	{
		first: 1681915904,
		last: 1686110207,
		name: "Shared Address Space",
		rfc: "RFC 6598"
	},
	{
		first: 2130706432,
		last: 2147483647,
		name: "Loopback",
		rfc: "RFC 1122"
	},
	{
		first: 2851995648,
		last: 2852061183,
		name: "Link Local",
		rfc: "RFC 3927"
	},
	{
		first: 2886729728,
		last: 2887778303,
		name: "Private-Use",
		rfc: "RFC 1918"
	},
	{
		first: 3221225472,
		last: 3221225480,
		name: "IETF Protocol Assignments",
		rfc: "RFC 6890"
	},
	{
		first: 3221225483,
		last: 3221225727,
		name: "IETF Protocol Assignments",
		rfc: "RFC 6890"
	},
	{
		first: 3221225984,
		last: 3221226239,
		name: "Documentation (TEST-NET-1)",
		rfc: "RFC 5737"
	},
	{
		first: 3227017984,
		last: 3227018239,
		name: "Deprecated (6to4 Relay Anycast)",
		rfc: "RFC 7526"
	},
	{
		first: 3232235520,
		last: 3232301055,
		name: "Private-Use",
		rfc: "RFC 1918"
	},
	{
		first: 3323068416,
		last: 3323199487,
		name: "Benchmarking",
		rfc: "RFC 2544"
	},
	{
		first: 3325256704,
		last: 3325256959,
		name: "Documentation (TEST-NET-2)",
		rfc: "RFC 5737"
	},
	{
		first: 3405803776,
		last: 3405804031,
		name: "Documentation (TEST-NET-3)",
		rfc: "RFC 5737"
	},
	{
		first: 3758096384,
		last: 4026531839,
		name: "Multicast",
		rfc: "RFC 5771"
	},
	{
		first: 4026531840,
		last: 4294967294,
		name: "Reserved",
		rfc: "RFC 1112"
	},
	{
		first: 4294967295,
		last: 4294967295,
		name: "Limited Broadcast",
		rfc: "RFC 919"
	}
];

// src/target/address_book.ts
const NO_HOST = -1;

const NETWORK_SHIFT = 8;
const IPV4_BOOK = {
	text: formatIpv4,
	hostOf: ((ip) => parseIpv4(ip) ?? -1),
	address: ((host) => host),
	stretches: ((first, last) => [[first, last]]),
	find: ((address) => address),
	sender: ((address) => address),
	lastUpTo: ((address) => address),
	numbers: ((addresses) => addresses),
	networkOf: ((host) => host >>> NETWORK_SHIFT)
};
function rangeTexts(book, first, last) {
	return Array.from(book.stretches(first, last), ([from, to]) => from === to ? book.text(from) : `${book.text(from)}-${book.text(to)}`);
}

// src/local/hop.ts
const LOOK_MS$1 = 10;
const REQUEST_GAP_MS = 300;
const REQUEST_AGAIN_MS = 100;
const REQUESTS$1 = 4;
const MARGIN_MS = 20;
const INCOMPLETE_MS = 1100;
const UNTRIED = 0;
var Hop = class {
	address;
	#isGateway;
	state;
	confirmedAt = -1e400;
	failedAt = -1e400;
	isSilent = false;
	resolution = 0;
	triedAt = 0;
	tries = 0;
	#lastReplyMs;
	#lookedAt = -1e400;
	#requestedAt = -1e400;
	#requests = 0;
	#incompleteSince = -1;
	constructor(address, isGateway) {
		this.address = address;
		this.#isGateway = isGateway;
	}
	get hasFailed() {
		return this.failedAt > this.confirmedAt;
	}
	get isUsable() {
		return this.state !== void 0 && USABLE_STATES.has(this.state);
	}
	get isFixed() {
		return this.state === "permanent" || this.state === "noarp";
	}
	hasAnsweredSince(sinceMs) {
		return this.confirmedAt - MARGIN_MS >= sinceMs;
	}
	look(kernel, interfaceIndex, nowMs) {
		if (nowMs - this.#lookedAt >= LOOK_MS$1) this.read(kernel, interfaceIndex, nowMs);
	}
	read(kernel, interfaceIndex, nowMs) {
		this.#lookedAt = nowMs;
		const neighbour = kernel.neighbour(interfaceIndex, this.address);
		this.state = neighbour?.state;
		if (this.state === "failed") this.failedAt = nowMs;
		if (this.state !== "incomplete") this.#incompleteSince = -1;
		else if (this.#incompleteSince < 0) this.#incompleteSince = nowMs;
		else if (this.#isGateway && nowMs - this.#incompleteSince > INCOMPLETE_MS) this.failedAt = nowMs;
		if (!this.isUsable) return;
		const confirmedAt = this.isFixed ? nowMs : nowMs - (neighbour?.confirmedAgoMs ?? 0);
		if (confirmedAt > this.confirmedAt) this.confirmedAt = confirmedAt;
		if (this.confirmedAt + MARGIN_MS > this.#requestedAt) this.#requests = 0;
	}
	readReply(lastReplyMs) {
		if (this.#lastReplyMs !== void 0 && lastReplyMs !== this.#lastReplyMs) {
			this.confirmedAt = Math.max(this.confirmedAt, this.#requestedAt);
			this.#requests = 0;
		}
		this.#lastReplyMs = lastReplyMs;
	}
	probe(request, nowMs) {
		if (nowMs - this.#requestedAt < (this.#requests > 0 ? REQUEST_GAP_MS : REQUEST_AGAIN_MS)) return true;
		if (this.#requests >= REQUESTS$1) return false;
		this.#requests++;
		this.#requestedAt = nowMs;
		return request();
	}
	probeAgain() {
		this.#requests = 0;
	}
};

// src/local/lost_replies.ts
const DROPS_A_PORT = 3;
const OTHERS_PER_SECOND = 2;
const MAX_SILENT = 4096;
var LostReplies = class {
	#kernel;
	#beganMs;
	#families;
	constructor(kernel, beganMs) {
		this.#kernel = kernel;
		this.#beganMs = beganMs;
		const begun = (family) => ({
			before: kernel.inputDrops(family),
			silent: /* @__PURE__ */ new Set(),
			more: 0,
			dropsProbes: false
		});
		this.#families = {
			4: begun(4),
			6: begun(6)
		};
	}
	onSilence(family, host, port, isOwn) {
		const state = this.#families[family];
		state.dropsProbes ||= isOwn;
		if (state.silent.size < MAX_SILENT) state.silent.add(host * 65536 + port);
		else state.more++;
	}
	report(nowMs) {
		let [reversePath, firewall] = [0, 0];
		const others = OTHERS_PER_SECOND * (nowMs - this.#beganMs) / 1e3;
		for (const family of [4, 6]) {
			const { before, silent, more, dropsProbes } = this.#families[family];
			if (silent.size === 0) continue;
			const now = this.#kernel.inputDrops(family);
			const ports = silent.size + more;
			const byPath = now.reversePath - before.reversePath;
			const byFilter = now.firewall - before.firewall;
			if (byPath >= ports) reversePath += byPath;
			if (!dropsProbes && byFilter >= DROPS_A_PORT * ports + others) firewall += byFilter;
		}
		return {
			reversePath,
			firewall
		};
	}
};

// src/local/local.ts
const HOP_ANSWERS = 1;
const NO_PROBLEM = -1;
const NO_CARRIER = codeOf("no-carrier");
const INTERFACE_DOWN$1 = codeOf("interface-down");
const NEXT_HOP_SILENT = codeOf("next-hop-silent");
const LOCAL_FIREWALL$1 = codeOf("local-firewall");
const UNROUTABLE$1 = codeOf("unroutable");
const NO_FACTS = {
	recoveries: 0,
	wayCount: 0,
	look: () => {},
	problem: () => -1,
	mayTry: () => true,
	validSince: () => 0,
	confirm: () => 1,
	confirmFlow: () => 1,
	resolutions: 0,
	resolve: () => 1,
	isLocalError: () => false,
	unreachable: () => -1,
	isOwn: () => false,
	isRouted: () => false,
	notProbed: () => {},
	noReply: () => {}
};


// src/local/path.ts
var Path = class {
	interfaceIndex;
	source;
	gateway;
	sample;
	link;
	linkName = "";
	reason = -1;
	validSince = 0;
	triedAt = -1e400;
	mayVary;
	constructor(sample, answer) {
		this.sample = sample;
		this.interfaceIndex = answer.interfaceIndex;
		this.source = sourceOf(sample, answer);
		this.gateway = gatewayOf(answer);
		this.isRouted = this.gateway !== void 0;
		this.hasNeighbours = answer.type === "unicast" && (typeof sample === "bigint" || answer.gateway6 === void 0);
	}
	isRouted;
	hasNeighbours;
	get resolves() {
		return this.hasNeighbours && this.link !== void 0 && this.link.type === 1 && !this.link.noArp;
	}
	get leadsToProgram() {
		return this.link?.kind === "tun";
	}
	isLike(other) {
		return this.hasNeighbours === other.hasNeighbours && this.isRouted === other.isRouted && typeof this.sample === typeof other.sample;
	}
	isWayOf(answer) {
		return answer.interfaceIndex === this.interfaceIndex && hopAddressOf(answer) === this.gateway?.address;
	}
	follow(answer) {
		this.interfaceIndex = answer.interfaceIndex;
		this.source = sourceOf(this.sample, answer);
		this.gateway = gatewayOf(answer);
		this.link = void 0;
	}
	request(kernel, hop, nowMs) {
		return hop.probe(() => kernel.request(this.link, this.source, hop.address), nowMs);
	}
};




function problemText(path, reason, ipv6) {
	const name = path?.linkName ?? "";
	switch (reason) {
		case NO_CARRIER: return `${name} has no carrier`;
		case INTERFACE_DOWN$1: return path === void 0 || path.link === void 0 ? `${name || "An interface"} is gone` : `${name} is down`;
		case NEXT_HOP_SILENT: return path?.gateway === void 0 ? void 0 : `The next hop ${formatHop(path.gateway.address, ipv6)} on ${name} does not answer`;
		case LOCAL_FIREWALL$1: return "The firewall of this machine refuses to send";
	}
}
function formatHop(address, ipv6) {
	return typeof address === "bigint" ? ipv6.text(address) : formatIpv4(address);
}

// src/local/resolution.ts
const NO_ENTRY_MS = 4e3;
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 50;
const LOOK_EACH_MS = .3;
const TRIES$2 = 3;
const AGAIN_MS = 6e4;
var Resolution = class {
	count = 0;
	#kernel;
	#resolving = /* @__PURE__ */ new Map();
	#lookAt = 0;
	#gapMs = 0;
	constructor(kernel) {
		this.#kernel = kernel;
	}
	resolve(path, hop, nowMs) {
		if (hop.resolution === 0) {
			hop.read(this.#kernel, path.interfaceIndex, nowMs);
			if (hop.isUsable) hop.resolution = 2;
		}
		switch (hop.resolution) {
			case 2: return 1;
			case 1: return 0;
			case 3:
				if (nowMs - hop.triedAt < AGAIN_MS) return -1;
				break;
			default:
				hop.resolution = 1;
				hop.tries++;
		}
		hop.triedAt = nowMs;
		if (this.#resolving.size === 0) {
			this.#gapMs = FIRST_LOOK_MS;
			this.#lookAt = nowMs + FIRST_LOOK_MS;
		}
		this.#resolving.set(hop, path);
		return 1;
	}
	settle(path, hop, nowMs) {
		hop.read(this.#kernel, path.interfaceIndex, nowMs);
		hop.resolution = hop.isUsable ? 2 : 3;
		hop.triedAt = 1e400;
	}
	static { this.prototype.look = (function(nowMs) {
		if (this.#resolving.size === 0 || nowMs < this.#lookAt) return;
		const most = Math.max(LAST_LOOK_MS, this.#resolving.size * LOOK_EACH_MS);
		this.#gapMs = Math.min(most, this.#gapMs * 2);
		this.#lookAt = nowMs + this.#gapMs;
		for (const [hop, path] of this.#resolving) {
			if (hop.failedAt <= hop.triedAt) hop.read(this.#kernel, path.interfaceIndex, nowMs);
			if (hop.isUsable) this.#end(hop, 2);
			else if (hop.failedAt > hop.triedAt) this.#end(hop, 3);
			else if (hop.state === void 0 && nowMs - hop.triedAt > 4e3) this.#end(hop, hop.tries < TRIES$2 ? 0 : 2);
			else if (path.link !== void 0) path.request(this.#kernel, hop, nowMs);
		}
	}); }
	again(hop) {
		this.#end(hop, 0);
	}
	#end(hop, resolution) {
		this.#resolving.delete(hop);
		hop.resolution = resolution;
		this.count++;
	}
};

// src/local/machine.ts
const NO_LOCAL_REPORT = {
	notProbed: [],
	silent: /* @__PURE__ */ new Uint32Array(),
	lostReplies: {
		reversePath: 0,
		firewall: 0
	},
	notes: []
};
const LOOK_MS = 50;
const ADDRESSES_MS = 1e3;
const TRY_GAP_MS = 500;
const RESOLUTION_MS = 1e3;
const LOOPBACK6 = 1n;
var LocalMachine = class {
	recoveries = 0;
	isResolving = false;
	isAbsent = () => false;
	isProxied = () => false;
	#kernel;
	#book;
	#probers;
	#moves = /* @__PURE__ */ new Map();
	#routes;
	#paths = [];
	#ways = [];
	#pathOf;
	#own = /* @__PURE__ */ new Set();
	#neighbours = /* @__PURE__ */ new Map();
	#resolution;
	#resolved = -1;
	#notProbed = /* @__PURE__ */ new Map();
	#problems = 0;
	#beganMs = -1;
	#lookedAt = -1e400;
	#addressesAt = -1e400;
	#lost;
	#overflows = /* @__PURE__ */ new Map();
	constructor(kernel, routes, book, probers = {}) {
		this.#kernel = kernel;
		this.#resolution = new Resolution(kernel);
		this.#book = book;
		this.#probers = probers;
		this.#routes = routes;
		this.#pathOf = routes.segments.map((({ first, answer }) => this.LocalMachine$pathFor(first, answer)));
	}
	get resolutions() {
		return this.#resolution.count;
	}
	get wayCount() {
		return this.#paths.length;
	}
	static { this.prototype.look = (function(nowMs) {
		this.#resolution.look(nowMs);
		if (nowMs - this.#lookedAt < LOOK_MS) return;
		this.#lookedAt = nowMs;
		try {
			if (this.#beganMs < 0) {
				this.#beganMs = nowMs;
				this.#lost = new LostReplies(this.#kernel, nowMs);
				for (const { family, overflows } of this.#kernel.neighbourTables()) this.#overflows.set(family, overflows);
			}
			if (nowMs - this.#addressesAt >= ADDRESSES_MS) {
				this.#addressesAt = nowMs;
				for (const address of this.#kernel.addresses()) this.#own.add(address);
			}
			const links = /* @__PURE__ */ new Map();
			for (const path of this.#paths) {
				const { interfaceIndex } = path;
				if (!links.has(interfaceIndex)) links.set(interfaceIndex, this.#kernel.link(interfaceIndex));
				this.LocalMachine$lookAt(path, links.get(interfaceIndex), nowMs);
			}
		} catch (error) {
			if (!(error instanceof SyscallError)) throw error;
		}
	}); }
	static { this.prototype.problem = (function(host) {
		return this.#problems === 0 ? -1 : this.LocalMachine$path(host)?.reason ?? -1;
	}); }
	mayTry(host, nowMs) {
		const path = this.LocalMachine$path(host);
		if (path === void 0 || path.reason !== NEXT_HOP_SILENT || nowMs - path.triedAt < TRY_GAP_MS) return false;
		path.triedAt = nowMs;
		return true;
	}
	validSince(host) {
		return this.recoveries === 0 ? 0 : this.LocalMachine$path(host)?.validSince ?? 0;
	}
	confirm(host, sinceMs, nowMs) {
		const path = this.LocalMachine$path(host);
		if (path === void 0 || this.isResolving) return 1;
		if (path.reason !== -1) return 0;
		if (!path.resolves) return 1;
		const prober = path.gateway === void 0 ? this.LocalMachine$proberOf(host) : void 0;
		if (prober !== void 0) return this.#confirmNeighbour(prober, path, host, sinceMs, nowMs);
		return this.#confirmHop(path, path.gateway ?? this.#neighbour(host), sinceMs, nowMs);
	}
	confirmFlow(host, port, protocol, sinceMs, nowMs) {
		let state = 1;
		for (const way of this.#otherWays(host, port, protocol)) {
			way.reason = linkProblem(way.link = this.#kernel.link(way.interfaceIndex));
			way.linkName = way.link?.name ?? way.linkName;
			if (way.reason === -1 && way.resolves && way.gateway !== void 0) {
				if (this.#confirmHop(way, way.gateway, sinceMs, nowMs) === 0) state = 0;
			}
			if (way.reason === -1) continue;
			this.#note(problemText(way, way.reason, this.#kernel.ipv6));
			return -2;
		}
		if (protocol !== 0) this.#lost?.onSilence(familyOf$1(this.#book, host), host, port, this.isOwn(host));
		return state;
	}
	#confirmHop(path, hop, sinceMs, nowMs) {
		if (hop.hasAnsweredSince(sinceMs)) return 1;
		hop.look(this.#kernel, path.interfaceIndex, nowMs);
		if (hop.hasAnsweredSince(sinceMs) || hop.isFixed) return 1;
		if (hop.hasFailed) return this.#failed(path, hop, nowMs);
		if (hop.state === "incomplete") return 0;
		if (hop.state === void 0) return nowMs - sinceMs < 4e3 ? 0 : -2;
		if (path.request(this.#kernel, hop, nowMs)) return 0;
		if (!this.#kernel.canProbe) return hop.state === "delay" || hop.state === "probe" ? 0 : 1;
		hop.failedAt = nowMs;
		return this.#failed(path, hop, nowMs);
	}
	static { this.prototype.resolve = (function(host, nowMs) {
		if (host === this.#resolved || this.isResolving || this.LocalMachine$proberOf(host)?.isKnown(this.#numberOf(host)) === true) return 1;
		const path = this.LocalMachine$path(host);
		if (path === void 0 || path.gateway !== void 0 || !path.resolves) return 1;
		const hop = this.#neighbour(host);
		if (hop.resolution === 0 && this.isAbsent(host)) this.#resolution.settle(path, hop, nowMs);
		const state = this.#resolution.resolve(path, hop, nowMs);
		if (hop.resolution === 2) this.#resolved = host;
		return state;
	}); }
	isLocalError(host, from) {
		if (this.isOwn(host)) return false;
		if (from !== 0) return this.isOwn(from);
		const path = this.LocalMachine$path(host);
		return path !== void 0 && path.hasNeighbours && !path.isRouted;
	}
	static { this.prototype.isOwn = (function(host) {
		if (familyOf$1(this.#book, host) === 6) return this.#own.has(this.#book.ipv6.addressOf(host));
		const address = this.#book.address(host);
		return this.#own.has(address) || isLoopback(address);
	}); }
	unreachable(host, port, protocol, nowMs) {
		const path = this.LocalMachine$path(host);
		if (path === void 0 || !path.hasNeighbours) return UNROUTABLE$1;
		const hop = path.gateway ?? this.#neighbour(host);
		hop.read(this.#kernel, path.interfaceIndex, nowMs);
		const ways = protocol === void 0 ? [] : this.#otherWays(host, port, protocol);
		for (const { gateway, interfaceIndex } of ways) gateway?.read(this.#kernel, interfaceIndex, nowMs);
		if ((hop.isUsable || hop.state === void 0) && ways.some(({ gateway }) => gateway?.isUsable === false)) return -1;
		if (hop.isUsable) return LOCAL_FIREWALL$1;
		if (path.gateway === void 0 && hop.state === void 0 && nowMs - hop.triedAt < RESOLUTION_MS) {
			this.#resolution.again(hop);
			return LOCAL_FIREWALL$1;
		}
		hop.failedAt = nowMs;
		if (path.gateway !== void 0) this.LocalMachine$setReason(path, NEXT_HOP_SILENT, nowMs);
		return -1;
	}
	isRouted(host) {
		const path = this.LocalMachine$path(host);
		return path !== void 0 && (path.isRouted || path.leadsToProgram);
	}
	notProbed(host, reason) {
		this.#note(problemText(this.LocalMachine$path(host), reason, this.#kernel.ipv6));
	}
	noReply(host) {
		const hop = this.#neighbours.get(host);
		if (hop !== void 0 && this.LocalMachine$path(host)?.leadsToProgram !== true && !this.isProxied(host)) hop.isSilent = true;
	}
	static { this.prototype.report = (function(isUp, hasWaited) {
		const silent = [...this.#neighbours].filter((([host, hop]) => hop.isSilent && !hop.hasFailed && !isUp(host)));
		return {
			notProbed: [...this.#notProbed],
			silent: Uint32Array.from(silent, (([host]) => host)),
			lostReplies: this.#lost?.report(this.#lookedAt) ?? NO_LOCAL_REPORT.lostReplies,
			notes: hasWaited ? this.#fullTables() : []
		};
	}); }
	[Symbol.dispose]() {
		this.#kernel[Symbol.dispose]();
	}
	#numberOf(host) {
		return familyOf$1(this.#book, host) === 6 ? host : this.#book.address(host);
	}
	static { this.prototype.LocalMachine$addressOf = (function(host) {
		return familyOf$1(this.#book, host) === 6 ? this.#book.ipv6.addressOf(host) : this.#book.address(host);
	}); }
	static { this.prototype.LocalMachine$proberOf = (function(host) {
		return this.#probers[familyOf$1(this.#book, host)];
	}); }
	static { this.prototype.LocalMachine$pathFor = (function(first, answer) {
		if (!isRouted(answer)) return void 0;
		if (familyOf$1(this.#book, first) === 6) {
			this.#own.add(LOOPBACK6);
			if (answer.source6 !== void 0) this.#own.add(answer.source6);
		}
		const path = new Path(this.LocalMachine$addressOf(first), answer);
		const known = this.#paths.find(((other) => other.isWayOf(answer) && other.isLike(path)));
		if (known === void 0) this.#paths.push(path);
		return known ?? path;
	}); }
	static { this.prototype.LocalMachine$path = (function(host) {
		return this.#pathOf.length === 1 ? this.#pathOf[0] : this.#pathOf[this.#routes.indexFor(host)];
	}); }
	#note(why) {
		if (why !== void 0) this.#notProbed.set(why, (this.#notProbed.get(why) ?? 0) + 1);
	}
	#otherWays(host, port, protocol) {
		const path = this.LocalMachine$path(host);
		if (path === void 0 || !path.hasNeighbours) return [];
		const address = this.LocalMachine$addressOf(host);
		const flow = {
			protocol,
			port
		};
		path.mayVary ??= this.#kernel.hasRules(address) || this.#kernel.ways(address, flow).length > 1;
		if (!path.mayVary) return [];
		return this.#kernel.ways(address, flow).map((way) => ({
			type: "unicast",
			...way
		})).filter((way) => !path.isWayOf(way)).map((way) => {
			const known = this.#ways.find((other) => other.isWayOf(way));
			if (known !== void 0) return known;
			const gateway = way.gateway ?? way.gateway6;
			const near = gateway === void 0 ? void 0 : this.#kernel.route(gateway);
			const { source, source6 } = near !== void 0 && isRouted(near) ? near : {};
			const found = new Path(address, {
				...way,
				source,
				source6
			});
			this.#ways.push(found);
			return found;
		});
	}
	#neighbour(host) {
		let hop = this.#neighbours.get(host);
		if (hop === void 0) this.#neighbours.set(host, hop = new Hop(this.LocalMachine$addressOf(host), false));
		return hop;
	}
	static { this.prototype.LocalMachine$lookAt = (function(path, link, nowMs) {
		const before = path.link;
		if (before !== void 0 && link !== void 0 && link.carrierChanges !== before.carrierChanges) {
			path.validSince = nowMs;
			this.recoveries++;
		}
		path.link = link;
		if (link !== void 0) path.linkName = link.name;
		let reason = linkProblem(link);
		const { gateway } = path;
		if (reason === -1 && gateway !== void 0 && path.resolves) {
			gateway.look(this.#kernel, path.interfaceIndex, nowMs);
			if (gateway.hasFailed) reason = NEXT_HOP_SILENT;
		}
		this.LocalMachine$setReason(path, reason, nowMs);
		if (reason === -1) return;
		if (reason === NEXT_HOP_SILENT) {
			gateway.probeAgain();
			path.request(this.#kernel, gateway, nowMs);
		}
		if (typeof path.sample === "bigint" && this.#kernel.ipv6.isLinkLocal(path.sample)) return;
		const answer = this.#kernel.route(path.sample);
		if (isRouted(answer) && !path.isWayOf(answer)) {
			path.follow(answer);
			this.LocalMachine$setReason(path, -1, nowMs);
		}
	}); }
	static { this.prototype.LocalMachine$setReason = (function(path, reason, nowMs) {
		const before = path.reason;
		if (reason === before) return;
		path.reason = reason;
		if (before === -1) this.#problems++;
		if (reason !== -1) return;
		this.#problems--;
		this.recoveries++;
		path.validSince = nowMs;
	}); }
	#fullTables() {
		const families = new Set(this.#paths.filter(({ resolves }) => resolves).map(({ sample }) => typeof sample === "bigint" ? 6 : 4));
		if (families.size === 0) return [];
		try {
			return this.#kernel.neighbourTables().filter(({ family, overflows }) => families.has(family) && overflows > (this.#overflows.get(family) ?? 1e400)).map(({ family, limit }) => `The kernel's table of neighbours was full (net.ipv${family}.neigh.default.gc_thresh3 = ${limit}): addresses on own links had to wait for room in it`);
		} catch (error) {
			if (error instanceof SyscallError) return [];
			throw error;
		}
	}
	#confirmNeighbour(prober, path, host, sinceMs, nowMs) {
		const hop = this.#neighbour(host);
		const number = this.#numberOf(host);
		hop.readReply(prober.lastReplyMs(number, nowMs));
		if (prober.moves !== (this.#moves.get(prober) ?? 0)) {
			this.#moves.set(prober, prober.moves);
			path.validSince = nowMs;
			this.recoveries++;
			return 0;
		}
		if (hop.hasAnsweredSince(sinceMs)) return 1;
		if (hop.probe(() => prober.request(number), nowMs)) return 0;
		hop.failedAt = nowMs;
		return prober.isKnown(number) ? -2 : this.#failed(path, hop, nowMs);
	}
	#failed(path, hop, nowMs) {
		if (path.gateway === void 0) return hop.confirmedAt >= this.#beganMs ? -2 : -1;
		if (this.#ways.includes(path)) path.reason = NEXT_HOP_SILENT;
		else this.LocalMachine$setReason(path, NEXT_HOP_SILENT, nowMs);
		return 0;
	}
};

// src/collections/grown.ts




// src/collections/sorted_search.ts


// src/target/ranges.ts
const U32_MAX = 4294967295;
var Ranges = class Ranges {
	static EMPTY = new Ranges(/* @__PURE__ */ new Uint32Array(0));
	size;
	count;
	#bounds;
	#before;
	constructor(bounds) {
		this.#bounds = bounds;
		this.count = bounds.length / 2;
		let size = 0;
		for (let i = 0; i < bounds.length; i += 2) size += bounds[i + 1] - bounds[i] + 1;
		this.size = size;
	}
	static of(first, last = first) {
		return new RangesBuilder().add(first, last).build();
	}
	static from(pairs) {
		const builder = new RangesBuilder();
		for (const [first, last] of pairs) builder.add(first, last);
		return builder.build();
	}
	static ofMembers(numbers) {
		const builder = new RangesBuilder();
		for (const number of numbers) builder.add(number, number);
		return builder.build();
	}
	static fromSortedBounds(bounds) {
		return bounds.length === 0 ? Ranges.EMPTY : new Ranges(bounds);
	}
	firstOf(i) {
		return this.#bounds[2 * i];
	}
	lastOf(i) {
		return this.#bounds[2 * i + 1];
	}
	at(index) {
		if (this.count === 1) return this.#bounds[0] + index;
		const before = this.#before ??= this.#countBefore();
		const range = lastAtMost(before, index);
		return this.#bounds[2 * range] + (index - before[range]);
	}
	indexOf(value) {
		const range = this.rangeOf(value);
		if (range <= 0) return range < 0 ? -1 : value - this.#bounds[0];
		return (this.#before ??= this.#countBefore())[range] + value - this.#bounds[2 * range];
	}
	rangeOf(value) {
		const bound = lastAtMost(this.#bounds, value);
		return bound >= 0 && ((bound & 1) === 0 || this.#bounds[bound] === value) ? bound >> 1 : -1;
	}
	has(value) {
		return this.rangeOf(value) >= 0;
	}
	union(other) {
		return new RangesBuilder().addAll(this).addAll(other).build();
	}
	subtract(other) {
		const left = new RangesBuilder();
		let j = 0;
		for (let i = 0; i < this.count; i++) {
			let first = this.firstOf(i);
			const last = this.lastOf(i);
			while (j < other.count && other.lastOf(j) < first) j++;
			for (let k = j; first <= last; k++) {
				if (k >= other.count || other.firstOf(k) > last) {
					left.add(first, last);
					break;
				}
				if (other.firstOf(k) > first) left.add(first, other.firstOf(k) - 1);
				first = other.lastOf(k) + 1;
				j = k;
			}
		}
		return left.build();
	}
	equals(other) {
		if (this.count !== other.count || this.size !== other.size) return false;
		return this.#bounds.every((bound, i) => bound === other.#bounds[i]);
	}
	*[Symbol.iterator]() {
		for (let i = 0; i < this.count; i++) yield [this.firstOf(i), this.lastOf(i)];
	}
	#countBefore() {
		const before = new Float64Array(this.count);
		for (let i = 1; i < this.count; i++) before[i] = before[i - 1] + this.lastOf(i - 1) - this.firstOf(i - 1) + 1;
		return before;
	}
};
var RangesBuilder = class {
	#bounds = /* @__PURE__ */ new Uint32Array(8);
	#length = 0;
	#sorted = true;
	static { this.prototype.add = (function(first, last) {
		if (first >>> 0 !== first || last >>> 0 !== last || first > last) throw new RangeError(`Cannot take the range ${first}-${last}: it must run upwards within 0 to ${U32_MAX}`);
		const length = this.#length;
		if (length > 0 && this.#sorted) {
			const end = this.#bounds[length - 1];
			if (first > end + 1) {} else if (first >= this.#bounds[length - 2]) {
				if (last > end) this.#bounds[length - 1] = last;
				return this;
			} else this.#sorted = false;
		}
		if (length === this.#bounds.length) this.#bounds = grown(this.#bounds, 2 * length);
		this.#bounds[length] = first;
		this.#bounds[length + 1] = last;
		this.#length = length + 2;
		return this;
	}); }
	static { this.prototype.addAll = (function(ranges) {
		for (let i = 0; i < ranges.count; i++) this.add(ranges.firstOf(i), ranges.lastOf(i));
		return this;
	}); }
	static { this.prototype.build = (function() {
		if (this.#sorted) return Ranges.fromSortedBounds(this.#bounds.slice(0, this.#length));
		const pairs = this.#length / 2;
		const firsts = new Uint32Array(pairs), lasts = new Uint32Array(pairs);
		for (let i = 0; i < pairs; i++) {
			firsts[i] = this.#bounds[2 * i];
			lasts[i] = this.#bounds[2 * i + 1];
		}
		firsts.sort();
		lasts.sort();
		const bounds = new Uint32Array(this.#length);
		let length = 0;
		for (let i = 0; i < pairs; i++) if (length > 0 && firsts[i] <= bounds[length - 1] + 1) bounds[length - 1] = lasts[i];
		else {
			bounds[length++] = firsts[i];
			bounds[length++] = lasts[i];
		}
		return Ranges.fromSortedBounds(bounds.slice(0, length));
	}); }
};

// src/technique/technique.ts


var Reply = class {
	kind = 255;
	strength = 2;
	host = 0;
	port = 0;
	ownAddress = 0;
	ownPort = 0;
	number = 0;
	seq = 0;
	token = 0;
	otherTokens = /* @__PURE__ */ new Uint32Array(2);
	otherTokenCount = 0;
	ttl = 0;
	dataLen = 0;
	segmentAt = 0;
	from = 0;
	odd = false;
};

// src/transport/send_errors.ts
const RAISE_LIMIT = "Raise the limit on open files (ulimit -n)";
function isNoRoom(errno) {
	return errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS || errno === ERRNO.EINTR || errno === ERRNO.ENOMEM;
}

// src/wire/checksum.ts




// src/wire/icmpv4.ts
const TYPE$1 = 0;
const CODE = 1;
const CHECKSUM$3 = 2;
const REST = 4;
const QUOTE_WORDS = 5;
const ICMPV4_HEADER_LEN = 8;
const ICMPV4_QUOTE_OFFSET = 8;
const LEAST_BEFORE_EXTENSIONS = 128;
const ICMP_DESTINATION_UNREACHABLE = 3;
const ICMP_SOURCE_QUENCH = 4;
const ICMP_REDIRECT = 5;
const ICMP_TIME_EXCEEDED = 11;
const ICMP_PARAMETER_PROBLEM = 12;
function checkIcmpv4(_view, _at, length) {
	return length >= 8 ? 8 : 0;
}
function icmpv4Type(view, at) {
	return view.getUint8(at + TYPE$1);
}
function icmpv4Code(view, at) {
	return view.getUint8(at + CODE);
}
function icmpv4Rest(view, at) {
	return view.getUint32(at + REST);
}
function icmpv4QuoteLen(view, at, length) {
	return quoteLenOf(4 * view.getUint8(at + QUOTE_WORDS), length - 8);
}
function quoteLenOf(stated, behind) {
	return stated >= LEAST_BEFORE_EXTENSIONS && stated < behind ? stated : behind;
}
function setIcmpv4Checksum(view, at, checksum) {
	view.setUint16(at + CHECKSUM$3, checksum);
}
function setIcmpv4Rest(view, at, rest) {
	view.setUint32(at + REST, rest);
}
function icmpv4IsError(type) {
	return type === 3 || type === 11 || type === 12 || type === 5 || type === 4;
}
function writeIcmpv4(view, at, fields) {
	view.setUint8(at + TYPE$1, fields.type);
	view.setUint8(at + CODE, fields.code);
	view.setUint16(at + CHECKSUM$3, 0);
	view.setUint32(at + REST, fields.rest ?? 0);
	const quotedLen = fields.quoted?.length ?? 0;
	for (let i = 0; i < quotedLen; i++) view.setUint8(at + 8 + i, fields.quoted?.[i] ?? 0);
	const length = 8 + quotedLen;
	view.setUint16(at + CHECKSUM$3, checksum(view, at, length));
	return length;
}

// src/wire/ipv4.ts
const VERSION_IHL = 0;
const TOS = 1;
const TOTAL_LEN = 2;
const ID = 4;
const FLAGS_FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const CHECKSUM$2 = 10;
const SOURCE = 12;
const DESTINATION = 16;
const IPV4_MIN_HEADER_LEN = 20;
const VERSION_4 = 4;
const MIN_IHL = 5;
const DONT_FRAGMENT = 16384;
const MORE_FRAGMENTS = 8192;
const FRAGMENT_OFFSET_MASK = 8191;




function ipv4Id(view, at) {
	return view.getUint16(at + ID);
}
function ipv4DontFragment(view, at) {
	return (view.getUint16(at + FLAGS_FRAGMENT) & DONT_FRAGMENT) !== 0;
}

function ipv4FragmentOffset(view, at) {
	return (view.getUint16(at + FLAGS_FRAGMENT) & FRAGMENT_OFFSET_MASK) * 8;
}













// src/wire/tcp.ts
const SOURCE_PORT$2 = 0;
const DESTINATION_PORT$2 = 2;
const SEQ = 4;
const ACK$1 = 8;
const DATA_OFFSET = 12;
const FLAGS$1 = 13;
const WINDOW$1 = 14;
const CHECKSUM$1 = 16;
const URGENT = 18;
const OPTIONS = 20;
const TCP_MIN_HEADER_LEN = 20;
const TCP_MAX_HEADER_LEN = 60;
const TCP_OPTION_END = 0;
const TCP_OPTION_NOP = 1;
const TCP_OPTION_MSS = 2;
const MSS_OPTION_LEN = 4;









function tcpOptionLen(view, offset, end) {
	const kind = view.getUint8(offset);
	if (kind === 0) return 0;
	if (kind === 1) return 1;
	if (offset + 2 > end) return 0;
	const len = view.getUint8(offset + 1);
	return len >= 2 && offset + len <= end ? len : 0;
}





function fillTcpChecksum(view, at, length, source, destination) {
	view.setUint16(at + CHECKSUM$1, 0);
	const pseudo = pseudoHeaderSum(source, destination, 6, length);
	view.setUint16(at + CHECKSUM$1, checksum(view, at, length, pseudo));
}



// src/wire/udp.ts
const SOURCE_PORT$1 = 0;
const DESTINATION_PORT$1 = 2;
const LENGTH = 4;
const CHECKSUM = 6;
const UDP_HEADER_LEN = 8;
function checkUdp(view, at, length) {
	if (length < 8) return 0;
	const datagramLen = view.getUint16(at + LENGTH);
	return datagramLen >= 8 && datagramLen <= length ? 8 : 0;
}
function checkUdpFragment(view, at, length) {
	return length >= 8 && view.getUint16(at + LENGTH) > length ? 8 : 0;
}
function udpSourcePort(view, at) {
	return view.getUint16(at + SOURCE_PORT$1);
}
function udpDestinationPort(view, at) {
	return view.getUint16(at + DESTINATION_PORT$1);
}
function udpLen(view, at) {
	return view.getUint16(at + LENGTH);
}
function udpChecksum(view, at) {
	return view.getUint16(at + CHECKSUM);
}
function writeUdp(view, at, sourcePort, destinationPort, length, pseudoSum) {
	view.setUint16(at + SOURCE_PORT$1, sourcePort);
	view.setUint16(at + DESTINATION_PORT$1, destinationPort);
	view.setUint16(at + LENGTH, length);
	view.setUint16(at + CHECKSUM, 0);
	view.setUint16(at + CHECKSUM, foldChecksum(sumWords(view, at, length, pseudoSum)) || 65535);
}

// src/wire/describe.ts
const FLAG_LETTERS = [..."FSRPAUEC"];
const ICMP_TYPES = {
	[0]: "echo reply",
	[3]: "destination unreachable",
	[4]: "source quench",
	[5]: "redirect",
	[8]: "echo request",
	[11]: "time exceeded",
	[12]: "parameter problem"
};
const ICMP_CODES = {
	[3]: [
		"network unreachable",
		"host unreachable",
		"protocol unreachable",
		"port unreachable",
		"fragmentation needed",
		"source route failed",
		"network unknown",
		"host unknown",
		"source host isolated",
		"network prohibited",
		"host prohibited",
		"network unreachable for this type of service",
		"host unreachable for this type of service",
		"administratively prohibited",
		"precedence violation",
		"precedence cutoff"
	],
	[11]: ["time to live exceeded", "reassembly time exceeded"]
};
const PROTOCOLS = {
	[6]: "TCP",
	[1]: "ICMP",
	[17]: "UDP"
};
function describePacket(view, at, length) {
	return describeIp(view, at, Math.max(0, Math.min(length, view.byteLength - at)), false);
}
function describeArp(view, at) {
	const sender = formatIpv4(arpSenderIp(view, at));
	return arpOperation(view, at) === 1 ? `ARP who-has ${formatIpv4(arpTargetIp(view, at))} tell ${sender}` : `ARP reply ${sender} is-at ${formatMac(arpSenderMac(view, at))}`;
}
function describeIp(view, at, length, quoted) {
	if (length === 0) return "empty packet";
	if (checkArp(view, at, length) > 0) return describeArp(view, at);
	const version = view.getUint8(at) >> 4;
	if (version === 6) return `IPv6 packet (${byteCount(length)})`;
	if (version !== 4) return `not an IP packet (version ${version}, ${byteCount(length)})`;
	if (length < 20) return `IPv4 header cut short (${byteCount(length)})`;
	const header = {
		source: formatIpv4(ipv4Source(view, at)),
		destination: formatIpv4(ipv4Destination(view, at)),
		fields: describeIpHeader(view, at)
	};
	const ends = `${header.source} > ${header.destination} ${header.fields}`;
	const headerLen = checkIpv4Quoted(view, at, length);
	if (headerLen === 0) return `IPv4 ${ends} (bad header length)`;
	const totalLen = ipv4TotalLen(view, at);
	const fault = quoted ? "" : totalLen < headerLen ? " (bad total length)" : totalLen > length ? " (cut short)" : "";
	const payloadLen = (totalLen < headerLen ? length : Math.min(totalLen, length)) - headerLen;
	const payloadAt = at + headerLen;
	const protocol = ipv4Protocol(view, at);
	const isFirst = ipv4FragmentOffset(view, at) === 0;
	if (isFirst && protocol === 6) return describeTcp(view, payloadAt, payloadLen, header, quoted) + fault;
	if (isFirst && protocol === 1) return describeIcmp(view, payloadAt, payloadLen, header, quoted) + fault;
	if (isFirst && protocol === 17 && payloadLen >= 8) return `UDP ${`${header.source}:${udpSourcePort(view, payloadAt)}`} > ${`${header.destination}:${udpDestinationPort(view, payloadAt)}`} ${header.fields}${fault}`;
	return `${PROTOCOLS[protocol] ?? `IPv4 protocol ${protocol}`} ${ends}${fault}`;
}
function describeIpHeader(view, at) {
	const fragmentOffset = ipv4FragmentOffset(view, at);
	const fragment = fragmentOffset > 0 || ipv4MoreFragments(view, at) ? ` frag=${fragmentOffset}${ipv4MoreFragments(view, at) ? "+" : ""}` : "";
	const dontFragment = ipv4DontFragment(view, at) ? " DF" : "";
	return `ttl=${ipv4Ttl(view, at)} id=${ipv4Id(view, at)}${dontFragment}${fragment} len=${ipv4TotalLen(view, at)}`;
}
function describeTcp(view, at, length, header, quoted) {
	const { source, destination, fields } = header;
	if (length < 8) return `TCP ${source} > ${destination} ${fields} (TCP ${cut(length)})`;
	const ends = `TCP ${source}:${tcpSourcePort(view, at)} > ${destination}:${tcpDestinationPort(view, at)}`;
	const seq = `seq=${tcpSeq(view, at)}`;
	if (length < 20) return `${ends} ${fields} ${seq}${quoted ? "" : ` (TCP ${cut(length)})`}`;
	const flags = tcpFlags(view, at);
	const ack = (flags & 16) !== 0 ? ` ack=${tcpAck(view, at)}` : "";
	const line = `${ends} ${flagLetters(flags)} ${fields} ${seq}${ack} win=${tcpWindow(view, at)}`;
	const headerLen = checkTcp(view, at, length);
	if (headerLen === 0) return quoted ? line : `${line} (bad data offset)`;
	return line + describeOptions(view, at, headerLen);
}
function flagLetters(flags) {
	return FLAG_LETTERS.filter((_, bit) => (flags >> bit & 1) !== 0).join("") || "none";
}
function describeOptions(view, at, headerLen) {
	const end = at + headerLen;
	const words = [];
	let offset = at + 20;
	while (offset < end && view.getUint8(offset) !== 0) {
		const len = tcpOptionLen(view, offset, end);
		if (len === 0) {
			words.push("malformed");
			break;
		}
		words.push(describeOption(view, offset, len));
		offset += len;
	}
	return words.length === 0 ? "" : ` <${words.join(",")}>`;
}
function describeOption(view, offset, len) {
	const kind = view.getUint8(offset);
	if (kind === 1) return "nop";
	if (kind === 2 && len === 4) return `mss ${view.getUint16(offset + 2)}`;
	if (kind === 3 && len === 3) return `wscale ${view.getUint8(offset + 2)}`;
	if (kind === 4 && len === 2) return "sackOK";
	if (kind === 8 && len === 10) return `timestamp ${view.getUint32(offset + 2)} ${view.getUint32(offset + 6)}`;
	return `option ${kind} (${byteCount(len)})`;
}
function describeIcmp(view, at, length, header, quoted) {
	const { source, destination, fields } = header;
	const ends = `ICMP ${source} > ${destination}`;
	if (checkIcmpv4(view, at, length) === 0) return `${ends} ${fields} (ICMP ${cut(length)})`;
	const type = icmpv4Type(view, at);
	const line = `${ends} ${icmpWords(type, icmpv4Code(view, at))} ${fields}`;
	if (quoted || !icmpv4IsError(type)) return line;
	return `${line} [${describeIp(view, at + 8, length - 8, true)}]`;
}
function icmpWords(type, code) {
	return `${ICMP_CODES[type]?.[code] ?? ICMP_TYPES[type] ?? "message"} (type ${type} code ${code})`;
}
function cut(length) {
	return `header cut short, ${byteCount(length)}`;
}
function byteCount(count) {
	return count === 1 ? "1 byte" : `${count} bytes`;
}

// src/transport/trace.ts
var TracedTransport = class {
	traits;
	counters;
	#inner;
	#trace;
	#describe;
	#sink;
	#reserved = 0;
	constructor(inner, trace, describe = describePacket) {
		this.#describe = describe;
		this.#inner = inner;
		this.#trace = trace;
		this.traits = inner.traits;
		this.counters = inner.counters;
	}
	get slots() {
		return this.#inner.slots;
	}
	reserve(destination) {
		return this.#reserved = this.#inner.reserve(destination);
	}
	commit(length, id) {
		this.#trace(`SENT ${this.#describe(this.slots, this.#reserved, length)}`);
		this.#inner.commit(length, id);
	}
	flush(sink, nowMs) {
		this.#sink = sink;
		return this.#inner.flush(this, nowMs);
	}
	receive(sink, nowMs) {
		this.#sink = sink;
		return this.#inner.receive(this, nowMs);
	}
	packet(view, at, length, nowMs) {
		this.#trace(`RCVD ${this.#describe(view, at, length)}`);
		this.#sink.packet(view, at, length, nowMs);
	}
	sent(id, sentMs) {
		this.#sink.sent(id, sentMs);
	}
	sendFailed(view, at, length, errno, id) {
		this.#trace(`FAIL ${this.#describe(view, at, length)}`);
		this.#sink.sendFailed(view, at, length, errno, id);
	}
	wait(timeoutMs) {
		return this.#inner.wait(timeoutMs);
	}
	[Symbol.dispose]() {
		this.#inner[Symbol.dispose]();
	}
};

// src/driver/driver.ts
const ATTEMPTS_OF_ID = 4;

function slotOfId(id) {
	return Math.floor(id / 4);
}
function attemptOfId(id, tries) {
	return tries - 1 - (tries - 1 - id & 3);
}


// src/driver/owed_packets.ts
var OwedPackets = class {
	kind = 255;
	host = 0;
	port = 0;
	ownPort = 0;
	number = 0;
	source = 0;
	count = 0;
	#capacity;
	#head = 0;
	#fields;
	#kinds;
	constructor(capacity) {
		this.#capacity = capacity;
		this.#fields = new Uint32Array(capacity * 4);
		this.#kinds = new Uint8Array(capacity);
	}
	add(reply, kind) {
		if (this.count === this.#capacity) return;
		const index = (this.#head + this.count++) % this.#capacity;
		const fields = this.#fields;
		fields[4 * index] = reply.host;
		fields[4 * index + 1] = reply.ownAddress;
		fields[4 * index + 2] = reply.number;
		fields[4 * index + 3] = reply.port << 16 | reply.ownPort;
		this.#kinds[index] = kind;
	}
	read() {
		const at = 4 * this.#head;
		this.host = this.#fields[at];
		this.source = this.#fields[at + 1];
		this.number = this.#fields[at + 2];
		this.port = this.#fields[at + 3] >>> 16;
		this.ownPort = this.#fields[at + 3] & 65535;
		this.kind = this.#kinds[this.#head];
	}
	remove() {
		this.#head = (this.#head + 1) % this.#capacity;
		this.count--;
	}
};

// src/driver/refusals.ts
const UNROUTABLE = reasonCode("unroutable");
const INTERFACE_DOWN = reasonCode("interface-down");
const LOCAL_FIREWALL = reasonCode("local-firewall");
const SEND_FAILED$1 = reasonCode("send-failed");
const REASONS = /* @__PURE__ */ new Map([
	[ERRNO.ENETUNREACH, UNROUTABLE],
	[ERRNO.EHOSTUNREACH, UNROUTABLE],
	[ERRNO.EHOSTDOWN, UNROUTABLE],
	[ERRNO.ENETDOWN, INTERFACE_DOWN],
	[ERRNO.ENODEV, INTERFACE_DOWN],
	[ERRNO.ENXIO, INTERFACE_DOWN],
	[ERRNO.EPERM, LOCAL_FIREWALL]
]);
function refusalReason(errno) {
	return REASONS.get(errno) ?? SEND_FAILED$1;
}

// src/collections/u32_map.ts
const NONE$3 = /* @__PURE__ */ new Uint32Array(0);
const PLACES = 6;
var U32Map = class {
	size = 0;
	#entries = /* @__PURE__ */ new Uint32Array(128);
	#places = NONE$3;
	#first = 0;
	#isScattered = false;
	static { this.prototype.get = (function(key) {
		const places = this.#places;
		if (places.length === 0) return this.#entries[this.U32Map$entryOf(key) + 1] - 1;
		const at = key - this.#first;
		return at >= 0 && at < places.length ? places[at] - 1 : -1;
	}); }
	getOrAdd(key, value) {
		if (this.#places.length > 0) {
			const known = this.get(key);
			if (known < 0) this.add(key, value);
			return known;
		}
		const entry = this.U32Map$entryOf(key);
		const stored = this.#entries[entry + 1];
		if (stored !== 0) return stored - 1;
		if ((this.size + 1) * 4 > this.#entries.length) this.add(key, value);
		else {
			this.size++;
			this.#entries[entry] = key;
			this.#entries[entry + 1] = value + 1;
		}
		return -1;
	}
	static { this.prototype.add = (function(key, value) {
		this.size++;
		if (this.#places.length > 0) this.#makePlace(key);
		else if (this.size * 4 > this.#entries.length) this.#grow(key);
		this.U32Map$put(key, value + 1);
	}); }
	remove(key) {
		if (this.#places.length > 0) {
			if (this.get(key) < 0) return;
			this.size--;
			this.#places[key - this.#first] = 0;
			return;
		}
		const entries = this.#entries;
		const mask = entries.length - 2;
		let free = this.U32Map$entryOf(key);
		if (entries[free + 1] === 0) return;
		this.size--;
		for (let entry = free + 2 & mask; entries[entry + 1] !== 0; entry = entry + 2 & mask) {
			if ((entry - homeOf(entries[entry], mask) & mask) < (entry - free & mask)) continue;
			entries[free] = entries[entry];
			entries[free + 1] = entries[entry + 1];
			free = entry;
		}
		entries[free + 1] = 0;
	}
	clear() {
		this.size = 0;
		this.#entries = /* @__PURE__ */ new Uint32Array(128);
		this.#places = NONE$3;
		this.#isScattered = false;
	}
	static { this.prototype.U32Map$entryOf = (function(key) {
		const entries = this.#entries;
		const mask = entries.length - 2;
		let entry = homeOf(key, mask);
		while (entries[entry + 1] !== 0 && entries[entry] !== key) entry = entry + 2 & mask;
		return entry;
	}); }
	static { this.prototype.U32Map$put = (function(key, stored) {
		if (this.#places.length > 0) {
			this.#places[key - this.#first] = stored;
			return;
		}
		const entry = this.U32Map$entryOf(key);
		this.#entries[entry] = key;
		this.#entries[entry + 1] = stored;
	}); }
	#grow(added) {
		const entries = this.#entries;
		let [first, last] = [added, added];
		for (let entry = 0; entry < entries.length; entry += 2) {
			if (entries[entry + 1] === 0) continue;
			first = Math.min(first, entries[entry]);
			last = Math.max(last, entries[entry]);
		}
		if (!this.#isScattered && last - first < entries.length) {
			this.#first = first;
			this.#places = new Uint32Array(last - first + 1);
			this.#entries = NONE$3;
		} else this.#entries = new Uint32Array(entries.length * 2);
		for (let entry = 0; entry < entries.length; entry += 2) if (entries[entry + 1] !== 0) this.U32Map$put(entries[entry], entries[entry + 1]);
	}
	#makePlace(key) {
		const places = this.#places;
		const first = this.#first;
		const at = key - first;
		if (at >= 0 && at < places.length) return;
		const end = Math.max(first + places.length, key + 1);
		const needed = end - Math.min(first, key);
		const most = PLACES * this.size;
		if (needed > most) {
			this.#scatter();
			return;
		}
		const length = Math.max(needed, Math.min(1.5 * places.length, most) >>> 0);
		this.#first = key < first ? Math.max(0, end - length) : first;
		this.#places = new Uint32Array(length);
		this.#places.set(places, first - this.#first);
	}
	#scatter() {
		const places = this.#places;
		let length = 128;
		while (this.size * 4 > length) length *= 2;
		this.#isScattered = true;
		this.#places = NONE$3;
		this.#entries = new Uint32Array(length);
		for (let at = 0; at < places.length; at++) if (places[at] !== 0) this.U32Map$put(this.#first + at, places[at]);
	}
};


// src/base/ttl.ts
function initialTtl(ttl) {
	return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}

// src/technique/os_shape.ts
const OPTION_NAMES = [
	"",
	"END",
	"NOP",
	"MSS",
	"WS",
	"SACK",
	"TS",
	"other"
];
const OPTION_BITS = 3;
const OPTION_MASK = 7;
const MAX_OPTIONS = 10;
const MORE_BIT = 1 << 30;
const MSS_ONLY = OPTION_NAMES.indexOf("MSS");
const SCALE_SHIFT = 8;
const NO_SCALE = 255;
const DF_BIT = 65536;
const IPV6_BIT = 1 << 17;
const OF_IP = 196608;
function ipBits(view, at, ttl) {
	if (view.getUint8(at) >> 4 === 6) return ttl | IPV6_BIT;
	return ttl | (ipv4DontFragment(view, at) ? DF_BIT : 0);
}
function readShape(view, at, { segmentAt, ttl }, shape) {
	const window = tcpWindow(view, segmentAt);
	if (window === 0) return false;
	let order = 0;
	let count = 0;
	let mss = 0;
	let scale = NO_SCALE;
	const end = segmentAt + tcpHeaderLen(view, segmentAt);
	for (let option = segmentAt + 20; option < end;) {
		if (count === MAX_OPTIONS) {
			order |= MORE_BIT;
			break;
		}
		const kind = view.getUint8(option);
		const len = tcpOptionLen(view, option, end);
		order |= optionCode(kind, len) << OPTION_BITS * count++;
		if (len === 0) break;
		if (kind === 2 && len === 4) mss = view.getUint16(option + 2);
		else if (kind === 3 && len === 3) scale = view.getUint8(option + 2);
		option += len;
	}
	shape[0] = order;
	shape[1] = mss << 16 | window;
	shape[2] = ipBits(view, at, ttl) | scale << SCALE_SHIFT;
	return true;
}
var SeenHeaders = class {
	#ip = 0;
	#tcp = 0;
	#options = new Uint32Array((60 - 20) / 4);
	set(view, at, { segmentAt, ttl }) {
		this.#ip = ipBits(view, at, ttl);
		this.#tcp = tcpFields(view, segmentAt);
		const length = (tcpHeaderLen(view, segmentAt) - 20) / 4;
		for (let i = 0; i < length; i++) this.#options[i] = view.getUint32(segmentAt + 20 + 4 * i);
	}
	matches(view, at, { segmentAt, ttl }) {
		if (ipBits(view, at, ttl) !== this.#ip || tcpFields(view, segmentAt) !== this.#tcp) return false;
		const length = (tcpHeaderLen(view, segmentAt) - 20) / 4;
		for (let i = 0; i < length; i++) if (view.getUint32(segmentAt + 20 + 4 * i) !== this.#options[i]) return false;
		return true;
	}
};
function tcpFields(view, tcpAt) {
	return tcpHeaderLen(view, tcpAt) << 24 | tcpFlags(view, tcpAt) << 16 | tcpWindow(view, tcpAt);
}
function optionCode(kind, len) {
	if (kind === 0) return 1;
	if (len === 0) return OPTION_MASK;
	if (kind === 1) return 2;
	if (kind === 2) return 3;
	if (kind === 3) return 4;
	if (kind === 4) return 5;
	return kind === 8 ? 6 : OPTION_MASK;
}
function shapeKey(view, at, { segmentAt, ttl }) {
	const headerLen = tcpHeaderLen(view, segmentAt);
	const second = headerLen >= 20 + 8 ? view.getUint32(segmentAt + 20 + 4) : 0;
	const rest = ipBits(view, at, initialTtl(ttl)) << 8 | headerLen;
	return (Math.imul(second, 2654435761) ^ rest) >>> 0;
}
function isSameStack(words, one, others, other) {
	const [order, theirOrder] = [words[one], others[other]];
	if (order !== theirOrder && order !== MSS_ONLY && theirOrder !== MSS_ONLY) return false;
	const [ip, theirIp] = [words[one + 2], others[other + 2]];
	return initialTtl(ip & 255) === initialTtl(theirIp & 255) && (ip & OF_IP) === (theirIp & OF_IP);
}
function tellsMore(words, one, others, other) {
	return others[other] === MSS_ONLY && words[one] !== MSS_ONLY;
}
function fieldsOf(words, at) {
	const [order, sizes, ip] = [
		words[at],
		words[at + 1],
		words[at + 2]
	];
	const names = [];
	for (let rest = order & -1073741825; rest > 0; rest >>>= OPTION_BITS) names.push(OPTION_NAMES[rest & OPTION_MASK]);
	if ((order & MORE_BIT) !== 0) names.push("more");
	const scale = ip >>> SCALE_SHIFT & 255;
	return {
		options: names.join(",") || "none",
		mss: sizes >>> 16,
		window: sizes & 65535,
		scale: scale === NO_SCALE ? void 0 : scale,
		ttl: ip & 255,
		df: (ip & IPV6_BIT) === 0 ? (ip & DF_BIT) !== 0 : void 0
	};
}
function shapeText(words, at) {
	const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
	return [
		`options ${options}`,
		...mss === 0 ? [] : [`MSS ${mss}`],
		`window ${window}${scale === void 0 ? "" : `, scale ${scale}`}`,
		...df === void 0 ? [`hop limit ${ttl}`] : [`TTL ${ttl}`, df ? "DF" : "no DF"]
	].join("; ");
}
const ETHERNET_MSS = 1460;
const ETHERNET_MSS_IPV6 = 1440;
const TIMESTAMPS_LEN = 12;
function isWholeSegments(window, segment) {
	return window >= segment && window % segment === 0;
}
function isTwentySegments(window, segment, scale) {
	return [0, TIMESTAMPS_LEN].some((less) => window === 20 * (segment + less) >> scale << scale);
}
const GVISOR_OPTIONS = [
	"MSS,NOP,WS",
	"MSS,NOP,NOP,SACK,NOP,WS",
	"MSS,NOP,NOP,TS,NOP,WS",
	"MSS,SACK,TS,NOP,WS"
];
const LINUX_OPTIONS = [
	"MSS,NOP,NOP,SACK,NOP,WS",
	"MSS,SACK,TS,NOP,WS",
	"MSS,NOP,NOP,TS,NOP,WS",
	"MSS,SACK,TS"
];
const LINUX_OPTIONS_LIKE_OTHERS = ["MSS,NOP,WS", "MSS,NOP,NOP,SACK"];
const STACKS = [
	{
		family: "Linux",
		options: LINUX_OPTIONS,
		ttl: 64,
		df: true,
		window: (window, segment) => window === 65535 || isWholeSegments(window, segment)
	},
	{
		family: "Linux",
		options: LINUX_OPTIONS_LIKE_OTHERS,
		ttl: 64,
		df: true,
		window: isWholeSegments
	},
	{
		family: "Linux",
		options: LINUX_OPTIONS,
		ttl: 64,
		window: (window, segment, scale) => (window === 65535 || isWholeSegments(window, segment)) && !isTwentySegments(window, segment, scale)
	},
	{
		family: "Linux",
		options: LINUX_OPTIONS_LIKE_OTHERS,
		ttl: 64,
		window: (window, segment, scale) => isWholeSegments(window, segment) && !isTwentySegments(window, segment, scale)
	},
	{
		family: "gVisor netstack",
		options: GVISOR_OPTIONS,
		ttl: 64,
		df: false,
		window: isTwentySegments
	},
	{
		family: "gVisor netstack",
		options: GVISOR_OPTIONS,
		ttl: 64,
		window: isTwentySegments,
		scale: 5
	},
	{
		family: "lwIP",
		options: ["MSS,NOP,WS"],
		ttl: 255,
		df: false,
		window: (window) => window === 65535,
		scale: 1
	},
	{
		family: "lwIP",
		options: ["MSS,NOP,WS"],
		ttl: 255,
		window: (window) => window === 65535,
		scale: 1
	},
	{
		family: "LWIPv6",
		options: ["MSS"],
		ttl: 255,
		df: true,
		window: (window) => window === 32768
	},
	{
		family: "LWIPv6",
		options: ["MSS"],
		ttl: 255,
		window: (window) => window === 32768
	},
	{
		family: "slirp",
		options: ["MSS"],
		ttl: 64,
		df: false,
		window: (window) => window === 65535,
		isLocal: true
	},
	{
		family: "slirp",
		options: ["MSS"],
		ttl: 255,
		window: (window) => window === 65535,
		isLocal: true
	},
	{
		family: "pasta",
		options: ["MSS,NOP,WS"],
		ttl: 255,
		df: false,
		window: () => true,
		mss: 61440,
		isLocal: true
	},
	{
		family: "pasta",
		options: ["MSS,NOP,WS"],
		ttl: 255,
		window: () => true,
		mss: 61440,
		isLocal: true
	}
];
function familyOf(words, at) {
	const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
	const less = options.includes("TS") ? TIMESTAMPS_LEN : 0;
	const fits = (stack) => stack.options.includes(options) && stack.df === df && stack.ttl === (stack.isLocal ? ttl : initialTtl(ttl)) && (stack.scale === void 0 || stack.scale === scale) && (stack.mss === void 0 || stack.mss === mss) && [mss, df === void 0 ? ETHERNET_MSS_IPV6 : ETHERNET_MSS].some((size) => size > less && stack.window(window, size - less, scale ?? 0));
	const families = new Set(STACKS.filter(fits).map(({ family }) => family));
	const [family = null] = families;
	return families.size === 1 ? family : null;
}

// src/driver/shape_table.ts
const SHAPE_ROW_LEN = 2 + 3;
const SHAPE_AT = 2;
const MAX_HOSTS$3 = 65536;
const MAX_SEVERAL = 4096;
const MAX_OTHERS = 16;
var ShapeSet = class {
	size = 0;
	words = new Uint32Array(16 * 3);
	#byHash = new U32Map();
	#last = 0;
	numberOf(words, at) {
		if (this.size > 0 && isEqual(words, at, this.words, this.#last * 3)) return this.#last;
		return this.#last = this.#find(words, at);
	}
	#find(words, at) {
		for (let hash = hashOf(words, at);; hash = hash + 1 >>> 0) {
			const known = this.#byHash.get(hash);
			if (known < 0) return this.#add(words, at, hash);
			if (isEqual(words, at, this.words, known * 3)) return known;
		}
	}
	#add(words, at, hash) {
		const first = this.size * 3;
		if (first === this.words.length) this.words = grown(this.words, 2 * first);
		for (let i = 0; i < 3; i++) this.words[first + i] = words[at + i];
		this.#byHash.add(hash, this.size);
		return this.size++;
	}
};
function hashOf(words, at) {
	let hash = 0;
	for (let i = 0; i < 3; i++) {
		hash = Math.imul(hash ^ words[at + i], 2246822507);
		hash ^= hash >>> 15;
	}
	return hash >>> 0;
}
function isEqual(words, one, others, other) {
	for (let i = 0; i < 3; i++) if (words[one + i] !== others[other + i]) return false;
	return true;
}
var HostColumns = class {
	host = /* @__PURE__ */ new Uint32Array(64);
	port = /* @__PURE__ */ new Uint16Array(64);
	shape = /* @__PURE__ */ new Uint32Array(64);
};
var ShapeTable = class {
	#index = new U32Map();
	#shapes = new ShapeSet();
	#keys = /* @__PURE__ */ new Uint32Array(16);
	#firsts = new HostColumns();
	#count = 0;
	#others = /* @__PURE__ */ new Map();
	#shape = new Uint32Array(3);
	#last = new SeenHeaders();
	#lastShape = 0;
	see(host, port, view, at, place) {
		if (this.#last.matches(view, at, place)) {
			const index = this.#count < MAX_HOSTS$3 ? this.#index.getOrAdd(host, this.#count) : this.#index.get(host);
			if (index < 0) return this.#append(host, port, this.#lastShape);
			if (this.#firsts.shape[index] === this.#lastShape) return;
		}
		const key = shapeKey(view, at, place);
		const index = this.#index.get(host);
		if (index >= 0 && this.#keys[this.#firsts.shape[index]] === key) return;
		if (!readShape(view, at, place, this.#shape)) return;
		this.#add(host, port, this.#shape, 0, index, key);
		if (index < 0 && this.#count < MAX_HOSTS$3) {
			this.#last.set(view, at, place);
			this.#lastShape = this.#firsts.shape[this.#count - 1];
		}
	}
	static { this.prototype.rows = (function() {
		const others = [...this.#others.values()].flat();
		const { host, port, shape } = this.#firsts;
		const { words } = this.#shapes;
		const rows = new Uint32Array(this.#count * SHAPE_ROW_LEN + others.length);
		let row = 0;
		for (let index = 0; index < this.#count; index++, row += SHAPE_ROW_LEN) {
			rows[row] = host[index];
			rows[row + 1] = port[index];
			for (let i = 0; i < 3; i++) rows[row + 2 + i] = words[shape[index] * 3 + i];
		}
		rows.set(others, row);
		return rows;
	}); }
	addRows(rows) {
		for (let at = 0; at < rows.length; at += SHAPE_ROW_LEN) {
			const host = rows[at];
			this.#add(host, rows[at + 1], rows, at + 2, this.#index.get(host), 0);
		}
	}
	#add(host, port, words, at, index, key) {
		if (index < 0) {
			if (this.#count === MAX_HOSTS$3) return;
			this.#index.add(host, this.#count);
			this.#append(host, port, this.#numberOf(words, at, key));
			return;
		}
		const { words: known } = this.#shapes;
		const shape = this.#firsts.shape[index] * 3;
		if (!isSameStack(words, at, known, shape)) this.#addOther(host, port, words, at);
		else if (tellsMore(words, at, known, shape)) this.#put(index, port, this.#numberOf(words, at, key));
	}
	#append(host, port, shape) {
		const index = this.#count;
		if (index === MAX_HOSTS$3) return;
		if (index === this.#firsts.host.length) growColumns(this.#firsts, 2 * index);
		this.#count++;
		this.#firsts.host[index] = host;
		this.#put(index, port, shape);
	}
	#put(index, port, shape) {
		this.#firsts.shape[index] = shape;
		this.#firsts.port[index] = port;
	}
	#numberOf(words, at, key) {
		const number = this.#shapes.numberOf(words, at);
		if (number >= this.#keys.length) this.#keys = grown(this.#keys, 2 * this.#keys.length);
		if (this.#keys[number] === 0) this.#keys[number] = key;
		return number;
	}
	#addOther(host, port, words, at) {
		let rows = this.#others.get(host);
		if (rows === void 0) {
			if (this.#others.size === MAX_SEVERAL) return;
			this.#others.set(host, rows = []);
		}
		if (rows.length === MAX_OTHERS * SHAPE_ROW_LEN) return;
		for (let row = 0; row < rows.length; row += SHAPE_ROW_LEN) if (rows[row + 1] === port) return;
		rows.push(host, port, words[at], words[at + 1], words[at + 2]);
	}
};


// src/driver/packet_driver.ts
const OWED_DRAINS = 2;

var PacketDriver = class {
	overlaps;
	outcomes;
	rationed;
	hasPorts;
	probesHosts;
	isTokenless;
	refusal;
	isLikely;
	name;
	flowProtocol;
	batch;
	drainBatch;
	maxInFlight = 1e400;
	attemptPeriod;
	sourceCount;
	counters = newCounters();
	pathTo;
	#transport;
	#silent;
	#book;
	#sources;
	#own;
	#broadcasts;
	#technique;
	#templates;
	#nearTemplates = [];
	#firstPort;
	#portCount;
	#elsewhereAfter;
	#elsewhere;
	#before;
	#reply = new Reply();
	#stackReply;
	#shapes = new ShapeTable();
	#owed;
	#traits = {
		source: 0,
		ttl: 64
	};
	#onServiceData;
	#refused = [];
	#sink;
	constructor(parts) {
		const { technique, transport, sources, ttl } = parts;
		this.hasPorts = technique.protocol === "tcp" || technique.protocol === "udp";
		this.probesHosts = technique.protocol === "host";
		this.overlaps = technique.proves === void 0;
		const ports = leavesFromPorts(technique) ? parts.ports : {
			first: 0,
			count: technique.attemptPeriod
		};
		this.#technique = technique;
		this.#stackReply = technique.stackReply ?? 255;
		this.outcomes = technique.states;
		this.rationed = technique.rationed;
		this.refusal = technique.refusal;
		this.isTokenless = technique.isTokenless === true;
		this.#transport = this.#silent = transport;
		this.#before = { ...transport.counters };
		this.#book = parts.book;
		this.#sources = sources;
		this.#onServiceData = technique.serviceData === void 0 ? void 0 : parts.onServiceData;
		this.sourceCount = sources.areShared === true ? sources.addresses.length : 1;
		this.#own = new Set(sources.addresses);
		this.#broadcasts = Uint32Array.from(parts.broadcasts ?? []);
		this.#firstPort = ports.first;
		this.#portCount = ports.count;
		const hasElsewhere = technique.elsewhere !== void 0 && ports.count === 2 * technique.attemptPeriod;
		this.#elsewhere = technique.elsewhere ?? -1;
		this.#elsewhereAfter = hasElsewhere ? technique.attemptPeriod : 0;
		this.isLikely = technique.isLikely;
		this.#traits.ttl = ttl;
		this.#templates = this.PacketDriver$prepare(ttl);
		this.pathTo = parts.pathTo;
		this.name = transport.traits.name;
		this.flowProtocol = this.name === "sockets" ? 17 : 0;
		this.batch = transport.traits.batch;
		this.drainBatch = transport.traits.receiveBatch;
		this.attemptPeriod = hasElsewhere ? technique.attemptPeriod : ports.count;
		this.#owed = new OwedPackets(this.drainBatch * OWED_DRAINS);
	}
	static { this.prototype.send = (function(host, port, attempt, token, id = -1, source = 0) {
		return this.PacketDriver$sendBy(this.#templates, host, port, attempt, token, id, source);
	}); }
	sendNear(host, port, attempt, token, id = -1) {
		if (this.#nearTemplates.length === 0) this.#nearTemplates = this.PacketDriver$prepare(1);
		return this.PacketDriver$sendBy(this.#nearTemplates, host, port, attempt, token, id, 0);
	}
	static { this.prototype.PacketDriver$prepare = (function(ttl) {
		return this.#sources.addresses.map(((source) => this.#technique.prepare({
			source,
			ttl
		})));
	}); }
	static { this.prototype.PacketDriver$sendBy = (function(templates, host, port, attempt, token, id, source) {
		if (this.#owed.count > 0 && !this.PacketDriver$writeOwed()) return false;
		const transport = this.#transport;
		if (templates.length === 0) return this.#refuse(id);
		const at = transport.reserve(host);
		if (at < 0) return false;
		const template = templates[this.sourceCount > 1 ? source : this.#sources.indexFor(host)];
		const period = this.attemptPeriod;
		let turn = attempt < period ? attempt : attempt % period;
		if (port === this.#elsewhere) turn += this.#elsewhereAfter;
		transport.commit(template.write(transport.slots, at, this.#book.address(host), port, this.#firstPort + turn, token), id);
		this.counters.sent++;
		return true;
	}); }
	#refuse(id) {
		if (this.#refused.length >= this.batch) return false;
		this.#countError(ERRNO.ENETUNREACH);
		if (id >= 0) this.#refused.push(id);
		return true;
	}
	#countError(errno) {
		const name = errnoName(errno);
		this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
	}
	static { this.prototype.flush = (function(sink, nowMs) {
		this.#sink = sink;
		if (this.#refused.length > 0) for (const id of this.#refused.splice(0)) sink.onSendError(id, refusalReason(ERRNO.ENETUNREACH));
		const transport = this.#transport;
		let isWritten = this.PacketDriver$writeOwed();
		let waiting = transport.flush(this, nowMs);
		while (!isWritten && waiting === 0) {
			isWritten = this.PacketDriver$writeOwed();
			waiting = transport.flush(this, nowMs);
		}
		this.counters.sendRetries = transport.counters.sendRetries - this.#before.sendRetries;
		return waiting + this.#owed.count;
	}); }
	static { this.prototype.drain = (function(sink, nowMs) {
		this.#sink = sink;
		const count = this.#transport.receive(this, nowMs);
		this.counters.receiveDrops = this.#transport.counters.receiveDrops - this.#before.receiveDrops;
		return count;
	}); }
	cancel() {}
	trace(tell) {
		this.#transport = tell === void 0 ? this.#silent : new TracedTransport(this.#silent, tell, this.#technique.describe);
	}
	static { this.prototype.shapeRows = (function() {
		return this.#shapes.rows();
	}); }
	static { this.prototype.wait = (function(timeoutMs) {
		return this.#transport.wait(timeoutMs);
	}); }
	static { this.prototype.packet = (function(view, at, length, nowMs) {
		const reply = this.#reply;
		const isReply = this.#technique.parse(view, at, length, reply);
		let attempt = reply.ownPort - this.#firstPort;
		if (isReply && this.#elsewhereAfter > 0 && attempt >= this.#elsewhereAfter && attempt < this.#portCount) {
			attempt -= this.#elsewhereAfter;
			reply.port = this.#elsewhere;
		}
		if (!(isReply && attempt >= 0 && attempt < this.#portCount && this.PacketDriver$canBeFrom(reply.from)) || !this.PacketDriver$takeReply(view, at, reply, attempt, nowMs)) this.counters.unmatched++;
		else if (this.#onServiceData !== void 0) this.#handOver(view, reply, this.#onServiceData);
		else if (reply.kind === this.#stackReply) this.#shapes.see(reply.host, reply.port, view, at, reply);
	}); }
	#handOver(view, reply, take) {
		const data = this.#technique.serviceData?.(view, reply);
		if (data !== void 0) take(this.#book.find(reply.host), reply.port, data);
	}
	static { this.prototype.PacketDriver$takeReply = (function(view, at, reply, attempt, nowMs) {
		const { kind, port, ttl, odd, otherTokens } = reply;
		const sink = this.#sink;
		const technique = this.#technique;
		if ((reply.strength === 0 || technique.proves !== void 0) && this.rationed[kind] !== 1 && this.#isOwnProbe(reply.from, port)) return true;
		const host = this.#book.find(reply.host);
		if (host === -1) return false;
		const from = reply.from === reply.host ? host : this.#book.sender(reply.from);
		if (technique.proves !== void 0) {
			const token = sink.tokenOf(host, port, attempt);
			if (token < 0 || !technique.proves(view, at, reply, token)) return false;
			reply.token = token;
		}
		const { strength } = reply;
		if (strength !== 2) return sink.onTokenlessReply(host, port, attempt, strength, kind, ttl, from, nowMs);
		let { token } = reply;
		for (let i = 0; i < reply.otherTokenCount && !sink.isInFlight(host, port, attempt, token); i++) if (sink.isInFlight(host, port, attempt, otherTokens[i])) token = otherTokens[i];
		const isAck = kind === 253 || kind === 254;
		const isSyn = !isAck && this.#technique.owes?.(kind) === true;
		if ((isAck || isSyn) && !sink.isInFlight(host, port, attempt, token)) {
			const isAnswered = (this.sourceCount > 1 ? this.#own.has(reply.ownAddress) : reply.ownAddress === this.#sources.addresses[this.#sources.indexFor(host)]) && sink.answersStrayAck(host, port, attempt, isSyn);
			if (isAnswered) this.PacketDriver$owe(reply, 253);
			if (isAnswered || isAck) return false;
		}
		if (kind === 253) return false;
		const isGenuine = sink.onReply(host, port, attempt, token, kind, ttl, from, odd, nowMs, true);
		if (isGenuine) this.PacketDriver$owe(reply, kind);
		return isGenuine;
	}); }
	static { this.prototype.sent = (function(id, sentMs) {
		this.#sink.sent(id, sentMs);
	}); }
	static { this.prototype.PacketDriver$canBeFrom = (function(from) {
		const broadcasts = this.#broadcasts;
		for (let i = 0; i < broadcasts.length; i++) if (broadcasts[i] === from) return false;
		return true;
	}); }
	sendFailed(_view, _at, _length, errno, id) {
		this.#countError(errno);
		if (id < 0) return;
		this.counters.sent--;
		this.#sink.onSendError(id, refusalReason(errno));
	}
	[Symbol.dispose]() {
		this.#silent[Symbol.dispose]();
	}
	#isOwnProbe(from, port) {
		return port >= this.#firstPort && port < this.#firstPort + this.#portCount && this.#own.has(from);
	}
	static { this.prototype.PacketDriver$owe = (function(reply, kind) {
		if (this.#technique.owes?.(kind) === true) this.#owed.add(reply, kind);
	}); }
	static { this.prototype.PacketDriver$writeOwed = (function() {
		const transport = this.#transport;
		const owed = this.#owed;
		while (owed.count > 0) {
			owed.read();
			const at = transport.reserve(this.#book.find(owed.host));
			if (at < 0) return false;
			this.#traits.source = owed.source;
			transport.commit(this.#technique.acknowledge(transport.slots, at, this.#traits, owed), -1);
			owed.remove();
			this.counters.owed++;
		}
		return true;
	}); }
};

// src/transport/route_plan.ts
var RouteMap = class {
	segments;
	#firsts;
	constructor(segments) {
		this.segments = segments;
		this.#firsts = Uint32Array.from(segments, (({ first }) => first));
	}
	indexFor(host) {
		return Math.max(0, lastAtMost(this.#firsts, host));
	}
};


const SPECIAL = [
	[0, 32],
	[0, 8],
	[3758096384, 24],
	[3758096384, 4],
	[4294967295, 32]
];
const FEW_HOSTS = 4;

function routeEdges(netlink) {
	const edges = /* @__PURE__ */ new Set([0]);
	const add = (address, prefixLen) => {
		const span = 2 ** (32 - prefixLen);
		const first = Math.floor(address / span) * span;
		edges.add(first);
		edges.add(first + span);
	};
	for (const [address, prefixLen] of SPECIAL) add(address, prefixLen);
	for (const { destination, prefixLen } of [...dumpRoutes(INET, netlink), ...dumpRules(INET, netlink)]) add(destination, prefixLen);
	return Float64Array.from(edges).sort();
}
function isSameRoute(a, b) {
	if (!isRouted(a) || !isRouted(b)) return a.type === b.type;
	return a.type === b.type && a.interfaceIndex === b.interfaceIndex && a.gateway === b.gateway && a.gateway6 === b.gateway6 && a.source === b.source && a.source6 === b.source6 && a.mtu === b.mtu;
}
function wantedLink(name) {
	const links = dumpLinks();
	const link = linkNamed(name, links);
	if (link !== void 0) return link;
	const names = links.flatMap(({ name, otherNames }) => [name, ...otherNames]).join(", ");
	throw new UsageError(`Cannot send by ${name}: there is no such interface. Give one of ${names}`);
}

// src/base/source_texts.ts


// src/transport/own_sources.ts
const MAX_SOURCES = 64;



// src/transport/target_routes.ts
const MAX_NAMED$1 = 3;
const NO_ROUTE = {
	none: "there is no route to it",
	unreachable: "its route is of type unreachable",
	prohibit: "its route prohibits it",
	blackhole: "its route is a blackhole, or the source address does not fit"
};

function refuseOthers({ segments }, { name }, book) {
	const other = segments.find(({ answer }) => answer.type !== "local");
	if (other === void 0) return;
	throw new UsageError(`Cannot send to ${book.text(other.first)} by ${name}, which leads to this machine alone. Leave out -e, or name another interface`);
}
function* overlaps(ranges, { first, last }) {
	for (const [from, to] of ranges) if (from <= last && to >= first) yield [Math.max(from, first), Math.min(to, last)];
}



function findLink(name) {
	const link = wantedLink(name);
	if (!link.up) throw new CannotScanError(`Cannot send by ${name}: the interface is down. Bring it up, or choose another`);
	return link;
}

// src/scan/ipv6_parts.ts
async function bookOf({ ipv6, worker }) {
	if (ipv6 === void 0) return IPV4_BOOK;
	const { DualBook } = await import("./ipv6.js").then((n) => n.C);
	return new DualBook(ipv6, worker);
}

async function ipv6Connections(options, { ipv6 }) {
	if (ipv6 === void 0) return void 0;
	const [{ Ipv6Sockets }, { icmpv6ErrorKind }] = await Promise.all([import("./ipv6.js").then((n) => n.n), import("./ipv6.js").then((n) => n.c)]);
	return {
		sockets: new Ipv6Sockets(options, ipv6),
		errorKind: icmpv6ErrorKind
	};
}
async function openIpv6(routePlan) {
	const [{ ipv6Ends, openTransport6 }, { Ipv6Packets }] = await Promise.all([import("./ipv6.js").then((n) => n.a), import("./ipv6.js").then((n) => n.s)]);
	const ends = ipv6Ends(routePlan);
	const packets = new Ipv6Packets(ends.ipv6, ends.sources.addresses);
	const { addresses, indexFor } = ends.sources;
	return {
		packets,
		numbers: ends.numbers,
		sources: ends.sources,
		openLinks: async (technique) => {
			const { openLinks6 } = await import("./ipv6.js").then((n) => n.o);
			const { filter, maxLength } = packetNeeds(technique);
			const write = (view, at, host) => packets.writeSolicitation(view, at, addresses[indexFor(host)], host);
			return openLinks6(routePlan, ends, filter({
				first: 0,
				count: 0
			}), maxLength, write);
		},
		open: (options) => openTransport6(options, routePlan, ends),
		openSockets: async (options) => {
			const { openUdpSockets6 } = await import("./udp_sockets.js").then((n) => n.t);
			return openUdpSockets6(options, routePlan, ends);
		}
	};
}

// src/wire/integrity.ts



// src/technique/ip_reply.ts
const UNREACHABLE = [
	[0, "net-unreach"],
	[1, "host-unreach"],
	[2, "proto-unreach"],
	[3, "port-unreach"],
	[9, "net-prohibited"],
	[10, "host-prohibited"],
	[13, "admin-prohibited"],
	[6, "net-unreach"],
	[7, "host-unreach"],
	[8, "host-unreach"],
	[11, "net-unreach"],
	[12, "host-unreach"],
	[14, "admin-prohibited"],
	[15, "admin-prohibited"]
];
const UNREACHABLE_KINDS = (/* @__PURE__ */ new Uint8Array(256)).fill(255);
for (const [code, reason] of UNREACHABLE) UNREACHABLE_KINDS[code] = reasonCode(reason);
const TIME_EXCEEDED$1 = reasonCode("time-exceeded");
const ICMP_ERRORS$1 = reasonSet([...UNREACHABLE.map((([, reason]) => reason)), ...[
	"time-exceeded",
	"beyond-scope",
	"reject-route",
	"param-problem"
]]);
function icmpErrorKind(type, code) {
	if (type === 3) return UNREACHABLE_KINDS[code];
	return type === 11 ? TIME_EXCEEDED$1 : 255;
}
function isOfUnknown(type, code) {
	return type === 3 && code >= 6 && code <= 8;
}

function readIcmpError(view, at, length, protocol, leastLen, reply) {
	if (checkIcmpv4(view, at, length) === 0) return 0;
	const type = icmpv4Type(view, at);
	const code = icmpv4Code(view, at);
	const kind = icmpErrorKind(type, code);
	if (kind === 255) return 0;
	const quoteAt = at + 8;
	const quoteLen = icmpv4QuoteLen(view, at, length);
	const headerLen = checkIpv4Quoted(view, quoteAt, quoteLen);
	if (headerLen === 0 || quoteLen - headerLen < leastLen) return 0;
	if (ipv4Protocol(view, quoteAt) !== protocol || ipv4FragmentOffset(view, quoteAt) !== 0) return 0;
	reply.kind = kind;
	reply.strength = 2;
	reply.odd = false;
	reply.host = ipv4Destination(view, quoteAt);
	if (reply.from === reply.host && isOfUnknown(type, code)) return 0;
	reply.ownAddress = ipv4Source(view, quoteAt);
	return quoteAt + headerLen;
}

// src/technique/reply_filter.ts
const FRAGMENT_OFFSET = 8191;
const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;





// src/technique/tcp_probe.ts
const SYN_ACK = reasonCode("syn-ack");
const SYN$1 = reasonCode("split-handshake-syn");
const RESET$2 = reasonCode("reset");
const RESET_NO_ACK$1 = reasonCode("reset-no-ack");
const RST_LEN = 20 + 20;
const WINDOW = 1024;
var TcpTemplate = class {
	#length;
	#words;
	#tcpSum;
	#ipSum;
	#tokens;
	constructor({ source, ttl, flags, options = /* @__PURE__ */ new Uint8Array() }) {
		this.#length = RST_LEN + options.length;
		this.#words = new DataView(new ArrayBuffer(this.#length));
		const totalLen = this.#length;
		const tcpAt = writeIpv4(this.#words, 0, {
			totalLen,
			ttl,
			protocol: 6,
			source,
			destination: 0
		});
		writeTcp(this.#words, tcpAt, {
			sourcePort: 0,
			destinationPort: 0,
			seq: 0,
			ack: 0,
			flags,
			window: WINDOW,
			options
		});
		setIpv4Checksum(this.#words, 0, 0);
		this.#ipSum = sumWords(this.#words, 0, 20);
		const tcpLen = this.#length - 20;
		setTcpChecksum(this.#words, tcpAt, 0);
		this.#tcpSum = sumWords(this.#words, tcpAt, tcpLen, pseudoHeaderSum(source, 0, 6, tcpLen));
		this.#tokens = (flags & 16) === 0 ? 1 : 2;
	}
	static { this.prototype.write = (function(view, at, destination, port, sourcePort, token) {
		if (!holds(view, at, this.#words)) this.TcpTemplate$copy(view, at);
		const tcpAt = at + 20;
		const id = token >>> 16 | 1;
		setIpv4Id(view, at, id);
		setIpv4Destination(view, at, destination);
		const destinationSum = (destination >>> 16) + (destination & 65535);
		setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
		setTcpPorts(view, tcpAt, sourcePort, port);
		setTcpSeq(view, tcpAt, token);
		const tokens = this.#tokens;
		if (tokens > 1) setTcpAck(view, tcpAt, token);
		const tokenSum = ((token >>> 16) + (token & 65535)) * tokens;
		setTcpChecksum(view, tcpAt, foldChecksum(this.#tcpSum + destinationSum + sourcePort + port + tokenSum));
		return this.#length;
	}); }
	static { this.prototype.TcpTemplate$copy = (function(view, at) {
		for (let i = 0; i < this.#length; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
	}); }
};

function writeRst(view, at, traits, destination, port, sourcePort, seq) {
	RST_IP.ttl = traits.ttl;
	RST_IP.source = traits.source;
	RST_IP.destination = destination;
	const tcpAt = at + writeIpv4(view, at, RST_IP);
	RST_TCP.sourcePort = sourcePort;
	RST_TCP.destinationPort = port;
	RST_TCP.seq = seq;
	writeTcp(view, tcpAt, RST_TCP);
	fillTcpChecksum(view, tcpAt, 20, traits.source, destination);
}
const RST_IP = {
	totalLen: RST_LEN,
	ttl: 64,
	protocol: 6,
	source: 0,
	destination: 0
};
const RST_TCP = {
	sourcePort: 0,
	destinationPort: 0,
	seq: 0,
	ack: 0,
	flags: 4,
	window: 0
};


const KINDS$1 = Uint8Array.from({ length: 256 }, ((_, flags) => {
	const hasAck = (flags & 16) !== 0;
	const hasSyn = (flags & 2) !== 0;
	const hasFin = (flags & 1) !== 0;
	if ((flags & 4) !== 0) return hasSyn ? 255 : hasAck ? RESET$2 : RESET_NO_ACK$1;
	if (hasSyn) return hasFin ? 255 : hasAck ? SYN_ACK : SYN$1;
	return !hasAck ? 255 : hasFin ? 254 : 253;
}));
function readError(view, at, length, reply) {
	const tcpAt = readIcmpError(view, at, length, 6, 8, reply);
	if (tcpAt === 0) return 255;
	readQuotedSegment(view, tcpAt, reply);
	return reply.kind;
}
function readQuotedSegment(view, at, reply) {
	reply.port = tcpDestinationPort(view, at);
	reply.ownPort = tcpSourcePort(view, at);
	reply.number = tcpSeq(view, at);
}
const TCP_OVER_IPV4 = {
	family: 4,
	segmentLen: RST_LEN,
	prepareTcp: ((traits) => new TcpTemplate(traits)),
	writeRst,
	readTcp,
	isIntact: hasRightChecksums,
	tcpFilter: ((ports) => replyFilter([withPorts(6, ports)]))
};

// src/technique/icmp_probe.ts
const ECHO = {
	type: 8,
	replyType: 0,
	dataLen: 8,
	reason: "echo-reply",
	hasToken: true
};
const TIMESTAMP = {
	type: 13,
	replyType: 14,
	dataLen: 12,
	reason: "timestamp-reply",
	hasToken: true
};
const MASK = {
	type: 17,
	replyType: 18,
	dataLen: 4,
	reason: "mask-reply",
	hasToken: false
};
const REQUESTS = [
	ECHO,
	TIMESTAMP,
	MASK
];
const HEADERS_LEN = 20 + 8;
const REPLACED_ID = 1;
const MAX_REQUEST_LEN = HEADERS_LEN + Math.max(...REQUESTS.map((({ dataLen }) => dataLen)));
function requestRepliedBy(type) {
	for (const request of REQUESTS) if (request.replyType === type) return request;
}
var IcmpTemplate = class {
	#words;
	#length;
	#ipSum;
	#icmpSum;
	#hasToken;
	#isBalanced;
	constructor({ type, dataLen, hasToken }, { source, ttl }) {
		this.#length = HEADERS_LEN + dataLen;
		this.#words = new DataView(new ArrayBuffer(this.#length));
		const fields = {
			totalLen: this.#length,
			ttl,
			protocol: 1,
			source,
			destination: 0
		};
		const at = writeIpv4(this.#words, 0, fields);
		setIpv4Checksum(this.#words, 0, 0);
		this.#ipSum = sumWords(this.#words, 0, at);
		writeIcmpv4(this.#words, at, {
			type,
			code: 0,
			quoted: new Uint8Array(dataLen)
		});
		setIcmpv4Checksum(this.#words, at, 0);
		this.#icmpSum = sumWords(this.#words, at, this.#length - at);
		this.#hasToken = hasToken;
		this.#isBalanced = type === 8 && dataLen >= 8;
	}
	write(view, at, destination, _what, sourcePort, token) {
		for (let i = 0; i < this.#length; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
		const upper = token >>> 16;
		const lower = token & 65535;
		const id = upper === 0 ? REPLACED_ID : upper;
		setIpv4Id(view, at, id);
		setIpv4Destination(view, at, destination);
		const destinationSum = (destination >>> 16) + (destination & 65535);
		setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
		const icmpAt = at + 20;
		setIcmpv4Rest(view, icmpAt, sourcePort * 65536 + lower);
		let sum = this.#icmpSum + sourcePort + lower;
		if (this.#hasToken) {
			view.setUint32(icmpAt + 8, token);
			sum += upper + lower;
		}
		if (this.#isBalanced) {
			view.setUint16(icmpAt + 8 + 4, lower ^ 65535);
			view.setUint16(icmpAt + 8 + 6, foldChecksum(upper + lower));
			sum = this.#icmpSum + sourcePort;
		}
		setIcmpv4Checksum(view, icmpAt, foldChecksum(sum));
		return this.#length;
	}
};
function readIcmpReply(view, at, length, reply) {
	if (checkIcmpv4(view, at, length) === 0 || icmpv4Code(view, at) !== 0) return void 0;
	const request = requestRepliedBy(icmpv4Type(view, at));
	if (request === void 0 || length < 8 + (request.hasToken ? 4 : 0)) return void 0;
	reply.kind = KINDS[REQUESTS.indexOf(request)];
	reply.strength = request.hasToken ? 2 : 1;
	reply.odd = false;
	reply.host = reply.from;
	reply.ownPort = icmpv4Rest(view, at) >>> 16;
	reply.number = request.hasToken ? view.getUint32(at + 8) : icmpv4Rest(view, at) & 65535;
	reply.token = reply.number;
	reply.otherTokenCount = 0;
	return request;
}
const KINDS = REQUESTS.map((({ reason }) => reasonCode(reason)));
function readRequestError(view, at, length, reply) {
	const quotedAt = readIcmpError(view, at, length, 1, 8, reply);
	if (quotedAt === 0) return void 0;
	for (const request of REQUESTS) {
		if (request.type !== icmpv4Type(view, quotedAt)) continue;
		const rest = icmpv4Rest(view, quotedAt);
		reply.ownPort = rest >>> 16;
		const id = ipv4Id(view, quotedAt - 20);
		reply.number = (id << 16 | rest & 65535) >>> 0;
		reply.token = reply.number;
		reply.otherTokens[0] = rest & 65535;
		reply.otherTokenCount = id === REPLACED_ID ? 1 : 0;
		return request;
	}
	reply.kind = 255;
}
function readIcmp(view, at, length, reply) {
	const headerLen = readIpv4$1(view, at, length, reply);
	if (headerLen === 0 || ipv4Protocol(view, at) !== 1) return void 0;
	const icmpAt = at + headerLen;
	const icmpLen = ipv4TotalLen(view, at) - headerLen;
	return readIcmpReply(view, icmpAt, icmpLen, reply) ?? readRequestError(view, icmpAt, icmpLen, reply);
}
const ICMP_ID = 4;
function pingFilter(ports) {
	const icmp = {
		protocol: 1,
		isReply: [
			["ldb_at", 0],
			[
				"jeq",
				0,
				"id",
				"next"
			],
			[
				"jeq",
				14,
				"id",
				"next"
			],
			[
				"jeq",
				18,
				"id",
				"reject"
			],
			"id:",
			...isOneOf(ports, ICMP_ID)
		],
		isProbe: isOneOf(ports, 8 + ICMP_ID)
	};
	return replyFilter([icmp, withPorts(6, ports)]);
}
const PINGS_OVER_IPV4 = {
	...TCP_OVER_IPV4,
	maxRequestLen: MAX_REQUEST_LEN,
	prepareRequest: (request, traits) => new IcmpTemplate(request, traits),
	readIcmp,
	pingFilter
};

// src/technique/tcp_technique.ts
const ATTEMPT_PERIOD$1 = 16;
const NO_OPTIONS = /* @__PURE__ */ new Uint8Array();
const ETHERNET_MTU = 1500;

var TcpTechnique = class TcpTechnique {
	protocol = "tcp";
	families;
	attemptPeriod = ATTEMPT_PERIOD$1;
	rationed = ICMP_ERRORS$1;
	maxLength;
	name;
	states;
	properties;
	stackReply;
	owes;
	acknowledge;
	describe;
	#packets;
	#hasAck;
	#isHandshake;
	#consumed;
	constructor(properties, packets = TCP_OVER_IPV4) {
		const { name, flags, states, isHandshake } = this.properties = properties;
		this.#packets = packets;
		this.families = [packets.family];
		if (packets.describe !== void 0) this.describe = packets.describe;
		this.name = name;
		this.states = states;
		this.maxLength = packets.segmentLen + (properties.options ?? NO_OPTIONS).length;
		this.#hasAck = (flags & 16) !== 0;
		this.#isHandshake = isHandshake;
		this.#consumed = (flags & 2 ? 1 : 0) + (flags & 1 ? 1 : 0);
		if (!isHandshake) return;
		this.owes = owes;
		this.acknowledge = ((view, at, traits, reply) => {
			packets.writeRst(view, at, traits, reply.host, reply.port, reply.ownPort, reply.number);
			return packets.segmentLen;
		});
		if (properties.options !== void 0 && properties.options.length > 4) this.stackReply = SYN_ACK;
	}
	over(packets) {
		return new TcpTechnique(this.properties, packets);
	}
	static { this.prototype.prepare = (function(traits) {
		const { flags, options = NO_OPTIONS } = this.properties;
		return this.#packets.prepareTcp({
			...traits,
			flags,
			options: withMss(options, this.#packets.segmentLen)
		});
	}); }
	static { this.prototype.filter = (function(_family, ports) {
		return this.#packets.tcpFilter(ports);
	}); }
	static { this.prototype.parse = (function(view, at, length, reply) {
		const kind = this.#packets.readTcp(view, at, length, reply);
		if (kind === 255) return false;
		if (kind === RESET$2 || kind === RESET_NO_ACK$1) this.TcpTechnique$setTokens(reply);
		else if (ICMP_ERRORS$1[kind] === 1) setToken(reply, reply.number);
		else if (this.#isHandshake) setToken(reply, reply.number - this.#consumed);
		else return false;
		return this.#packets.isIntact(view, at);
	}); }
	static { this.prototype.TcpTechnique$setTokens = (function(reply) {
		const { otherTokens, number } = reply;
		const usual = number - this.#consumed;
		const other = this.#consumed === 0 ? number - 1 : number;
		reply.otherTokenCount = 1;
		if (!this.#hasAck) {
			reply.token = usual >>> 0;
			otherTokens[0] = other;
			return;
		}
		reply.kind = RESET$2;
		reply.token = reply.seq;
		otherTokens[0] = usual;
		otherTokens[1] = other;
		reply.otherTokenCount = 2;
	}); }
};
function setToken(reply, token) {
	reply.token = token >>> 0;
	reply.otherTokenCount = 0;
}


// src/technique/tcp_flags.ts
const IGNORED_IF_OPEN = outcomeTable({ "no-response": "open|filtered" });
const ALWAYS_RESET = outcomeTable({
	"reset": "unfiltered",
	"reset-no-ack": "unfiltered"
});
const WINDOW_IF_OPEN = {
	own: "closed",
	odd: "open"
};
const RESET_WITH_WINDOW = outcomeTable({
	"reset": WINDOW_IF_OPEN,
	"reset-no-ack": WINDOW_IF_OPEN
});
const FLAG_SCANS = [
	scan("fin", 1, IGNORED_IF_OPEN),
	scan("null", 0, IGNORED_IF_OPEN),
	scan("xmas", 1 | 8 | 32, IGNORED_IF_OPEN),
	scan("maimon", 1 | 16, IGNORED_IF_OPEN),
	scan("ack", 16, ALWAYS_RESET),
	scan("window", 16, RESET_WITH_WINDOW)
];


// src/technique/tcp_syn.ts
const MSS = [
	2,
	4,
	5,
	180
];
const NOP = 1;
const SACK_PERMITTED = [4, 2];
const TIMESTAMPS = [
	8,
	10,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	0
];
const SYN_OPTIONS = {
	none: Uint8Array.of(),
	mss: Uint8Array.from(MSS),
	windows: Uint8Array.of(...MSS, NOP, 3, 3, 8, NOP, NOP, ...SACK_PERMITTED),
	linux: Uint8Array.of(...MSS, ...SACK_PERMITTED, ...TIMESTAMPS, NOP, 3, 3, 7),
	bsd: Uint8Array.of(...MSS, NOP, 3, 3, 6, ...SACK_PERMITTED, ...TIMESTAMPS)
};
const SYN = new TcpTechnique({
	name: "syn",
	flags: 2,
	options: SYN_OPTIONS["windows"],
	states: HANDSHAKE_OUTCOMES,
	isHandshake: true
});

// src/technique/ping.ts
const ACK = FLAG_SCANS.find((({ name }) => name === "ack"));
const ATTEMPT_PERIOD = 16;
var PingTechnique = class PingTechnique {
	name;
	protocol = "host";
	leavesFromPorts = true;
	families;
	attemptPeriod = ATTEMPT_PERIOD;
	rationed = ICMP_ERRORS$1;
	maxLength;
	isTokenless;
	states;
	kinds;
	describe;
	#packets;
	#options;
	#segments;
	constructor(kinds, options = {}, packets = PINGS_OVER_IPV4) {
		this.name = pingName(kinds.map(({ name }) => name));
		this.kinds = packets.family === 4 ? kinds : kindsOver(kinds, packets);
		this.families = [packets.family];
		this.#packets = packets;
		this.#options = options;
		if (packets.describe !== void 0) this.describe = packets.describe;
		const segments = this.kinds.flatMap((kind) => "tcp" in kind ? [kind.tcp] : []);
		this.#segments = [...new Set(segments)].sort((one, other) => isSyn(other) - isSyn(one));
		this.maxLength = Math.max(packets.maxRequestLen, ...segments.map(({ maxLength }) => maxLength));
		this.isTokenless = kinds.some((kind) => "icmp" in kind && !kind.icmp.hasToken);
		this.states = hostOutcomeTable(options.ignoresRst ? {
			"reset": "silent",
			"reset-no-ack": "silent"
		} : {});
	}
	filter(_family, ports) {
		return this.#packets.pingFilter(ports);
	}
	over(packets) {
		return new PingTechnique(this.kinds, this.#options, packets);
	}
	prepare(traits) {
		const templates = this.kinds.map((kind) => "icmp" in kind ? this.#packets.prepareRequest(kind.icmp, traits) : kind.tcp.prepare(traits));
		return { write: (view, at, destination, what, sourcePort, token) => templates[what].write(view, at, destination, this.#portOf(what), sourcePort, token) };
	}
	parse(view, at, length, reply) {
		reply.kind = 255;
		const request = this.#packets.readIcmp(view, at, length, reply);
		if (request !== void 0) {
			reply.port = this.kinds.findIndex((kind) => "icmp" in kind && kind.icmp === request);
			return reply.port >= 0 && this.#packets.isIntact(view, at);
		}
		for (const technique of this.#segments) {
			if (!technique.parse(view, at, length, reply)) continue;
			const what = this.#kindOf(technique, reply.port);
			const isOther = reply.kind === RESET_NO_ACK$1 && this.#hasOther(technique, reply.port);
			if (what < 0 || isOther) continue;
			reply.port = what;
			return true;
		}
		return false;
	}
	owes(kind) {
		return this.#segments.some((technique) => technique.owes?.(kind));
	}
	acknowledge(view, at, traits, reply) {
		const { kind, host, ownPort, number } = reply;
		return this.#segments.find((each) => each.owes?.(kind)).acknowledge(view, at, traits, {
			kind,
			host,
			ownPort,
			number,
			port: this.#portOf(reply.port)
		});
	}
	#portOf(what) {
		const kind = this.kinds[what];
		return "tcp" in kind ? kind.port : 0;
	}
	#kindOf(technique, port) {
		return this.kinds.findIndex((kind) => "tcp" in kind && kind.tcp === technique && kind.port === port);
	}
	#hasOther(technique, port) {
		return this.kinds.some((kind) => "tcp" in kind && kind.tcp !== technique && kind.port === port);
	}
};
function kindsOver(kinds, packets) {
	const techniques = /* @__PURE__ */ new Map();
	return kinds.map((kind) => {
		if (!("tcp" in kind)) return kind;
		let tcp = techniques.get(kind.tcp);
		if (tcp === void 0) techniques.set(kind.tcp, tcp = kind.tcp.over(packets));
		return {
			...kind,
			tcp
		};
	});
}
function isSyn({ acknowledge }) {
	return acknowledge === void 0 ? 0 : 1;
}
function pingName(kinds) {
	return `ping(${kinds.join()})`;
}
const ICMP_KINDS = {
	echo: ECHO,
	timestamp: TIMESTAMP,
	mask: MASK
};
function pingKind(name) {
	const icmp = ICMP_KINDS[name];
	if (icmp !== void 0) return {
		name,
		icmp
	};
	const [, flag, port] = /^(syn|ack):(\d{1,5})$/.exec(name) ?? [];
	if (port === void 0 || Number(port) > 65535) return void 0;
	return {
		name,
		tcp: flag === "syn" ? SYN : ACK,
		port: Number(port)
	};
}
const DATAGRAMS = "udpping";
function udpPingName(kinds) {
	return `${DATAGRAMS}(${kinds.join()})`;
}

function udpPingPort(kind) {
	const [, port] = /^udp:(\d{1,5})$/.exec(kind) ?? [];
	return port === void 0 || Number(port) > 65535 ? void 0 : Number(port);
}
const SOCKETS = "socketping";
const ECHO_PING = "echo";
function connectPing(port) {
	return `connect:${port}`;
}
function socketPingName(kinds) {
	return `${SOCKETS}(${kinds.join()})`;
}

function socketPingOutcomes({ ignoresRst = false }) {
	return hostOutcomeTable(ignoresRst ? { "conn-refused": "silent" } : {});
}

// src/technique/arp.ts
const ARP_RESPONSE = reasonCode("arp-response");
const OPERATION = 6;
const PROBE = {
	protocol: "host",
	families: [4],
	ethertype: ETHERTYPE_ARP,
	maxLength: 28,
	attemptPeriod: 1,
	isTokenless: true,
	rationed: reasonSet([]),
	filter() {
		return assembleBpf([
			["ldh", OPERATION],
			[
				"jeq",
				2,
				"ours",
				"reject"
			],
			...BPF_LINK_VERDICTS
		]);
	},
	prepare({ source }) {
		return { write: (view, at, destination) => writeArpRequest(view, at, source, destination) };
	},
	parse(view, at, length, reply) {
		reply.kind = 255;
		if (checkArp(view, at, length) === 0 || !isArpReply(view, at)) return false;
		reply.kind = ARP_RESPONSE;
		reply.strength = 1;
		reply.host = reply.from = arpSenderIp(view, at);
		reply.ownAddress = arpTargetIp(view, at);
		reply.port = reply.ownPort = reply.ttl = 0;
		reply.number = reply.seq = reply.otherTokenCount = 0;
		reply.odd = false;
		return true;
	}
};
const ARP = {
	...PROBE,
	name: "arp",
	states: hostOutcomeTable({ "no-response": "absent" })
};
const ARP_RESOLVE = {
	...PROBE,
	name: "arp-resolve",
	states: hostOutcomeTable({
		"no-response": "absent",
		"arp-response": "silent"
	})
};

// src/technique/nd.ts
const ETHERTYPE_IPV6 = 34525;
const ND_RESPONSE = reasonCode("nd-response");
const [NEXT_HEADER, TYPE, ICMPV6, ADVERTISEMENT] = [
	6,
	40,
	58,
	136
];
var NeighborTechnique = class NeighborTechnique {
	protocol = "host";
	families = [6];
	ethertype = ETHERTYPE_IPV6;
	attemptPeriod = 1;
	isTokenless = true;
	rationed = reasonSet([]);
	name;
	states;
	describe;
	#packets;
	constructor(name, states, packets) {
		this.name = name;
		this.states = states;
		this.#packets = packets;
		if (packets !== void 0) this.describe = packets.describe;
	}
	get maxLength() {
		return this.#packets.solicitationLen;
	}
	over(packets) {
		return new NeighborTechnique(this.name, this.states, packets);
	}
	filter() {
		return assembleBpf([
			["ldb", NEXT_HEADER],
			[
				"jeq",
				ICMPV6,
				"next",
				"reject"
			],
			["ldb", TYPE],
			[
				"jeq",
				ADVERTISEMENT,
				"ours",
				"reject"
			],
			...BPF_LINK_VERDICTS
		]);
	}
	prepare({ source }) {
		const packets = this.#packets;
		return { write: (view, at, destination) => packets.writeSolicitation(view, at, source, destination) };
	}
	parse(view, at, length, reply) {
		if (!this.#packets.readAdvertisement(view, at, length, reply)) return false;
		reply.kind = ND_RESPONSE;
		reply.strength = 1;
		reply.port = reply.ownPort = reply.ttl = 0;
		reply.number = reply.seq = reply.token = reply.otherTokenCount = 0;
		reply.odd = false;
		return true;
	}
};
const ND = new NeighborTechnique("nd", hostOutcomeTable({ "no-response": "absent" }));
const ND_RESOLVE = new NeighborTechnique("nd-resolve", hostOutcomeTable({
	"no-response": "absent",
	"nd-response": "silent"
}));

// src/technique/techniques.ts
const TECHNIQUES = [SYN, ...FLAG_SCANS];
const AUTO = "auto";
const CONNECT = "connect";
const UDP_NAME = "udp";
const USUAL = SYN.name;
const NAMES = [
	...TECHNIQUES.map((({ name }) => name)),
	CONNECT,
	UDP_NAME
];
const TECHNIQUE_CHOICES = [AUTO, ...NAMES];
function namesTechnique(choice = AUTO) {
	return [choice].flat().some((name) => name !== AUTO);
}


let udp;
let udpPings;


function canUseSockets(name) {
	return name === UDP_NAME || isUdpPing(name) || !isPacketTechnique(name);
}

function sendsSyn(name, flags) {
	const technique = packetTechnique(name);
	return technique instanceof TcpTechnique && technique.properties.options !== void 0 && ((flags ?? technique.properties.flags) & 2) !== 0;
}

const ICMP_ERRORS = "icmp-errors";

function isPing(name) {
	return name.startsWith("ping(");
}
function techniqueOver(technique, packets) {
	return "over" in technique ? technique.over(packets) : void 0;
}
function pingKindsIn(name) {
	if (!isPing(name)) return void 0;
	const kinds = probeNames(name).map(pingKind);
	return kinds.every((kind) => kind !== void 0) ? kinds : void 0;
}

// src/scan/passes.ts
function isChosen({ technique, scanFlags }) {
	return namesTechnique(technique) || scanFlags !== void 0;
}

function packetOptions({ scanFlags, synOptions, transport, onPacket, sourceIp }) {
	return [
		...scanFlags === void 0 ? [] : ["TCP flags of its own"],
		...synOptions === void 0 ? [] : ["TCP options of its own"],
		...transport === void 0 || transport === "auto" ? [] : ["a transport of its own"],
		...onPacket === void 0 ? [] : ["packets to be seen"],
		...sourceTexts(sourceIp).length < 2 ? [] : ["several addresses to send from"]
	];
}




function withAbsent$1(passes) {
	return absentPassOf(passes) === void 0 ? passesOf([...passes.map(passName), ICMP_ERRORS], protocolOf) : [...passes];
}
function passesThatRun(passes) {
	return passes.filter(({ technique }) => !isOfErrors(technique));
}
function absentPassOf(passes) {
	return passes.find(({ technique }) => isOfErrors(technique) || isPing(technique));
}





// src/driver/path_kind.ts

function isOnNetwork({ peer, prefixLen }, address) {
	return prefixLen > 0 && (peer ^ address) >>> 32 - prefixLen === 0;
}

// src/transport/send_queue.ts
const MOST_ESTIMATED = 64;
var SendQueue = class {
	sender;
	blocked = false;
	awaitsBuffer = false;
	#lengths;
	#ids;
	#now;
	#sent = 0;
	#committed = 0;
	constructor(sender, now = (() => performance.now())) {
		this.sender = sender;
		this.#now = now;
		this.#ids = new Int32Array(sender.count);
		this.#lengths = new Uint16Array(sender.count);
	}
	static { this.prototype.reserve = (function(destination) {
		const { sender } = this;
		if (this.#committed === sender.count) return -1;
		sender.setDestination(this.#committed, destination);
		return this.#committed * sender.slotLen + sender.headerAt;
	}); }
	static { this.prototype.commit = (function(length, id) {
		const index = this.#committed++;
		this.#ids[index] = id;
		if (this.#lengths[index] === length) return;
		this.#lengths[index] = length;
		this.sender.setLength(index, length);
	}); }
	static { this.prototype.flush = (function(sink, counters) {
		const { sender } = this;
		this.blocked = false;
		let beforeMs = this.#sent < this.#committed ? this.#now() : 0;
		while (this.#sent < this.#committed) {
			let count = this.#committed - this.#sent;
			const stamps = sender.timestamps?.begin(count, beforeMs) === true ? sender.timestamps : void 0;
			if (stamps === void 0) count = Math.min(count, MOST_ESTIMATED);
			const result = sender.send(this.#sent, count);
			if (result > 0) {
				const afterMs = this.#now();
				this.SendQueue$reportSent(sink, result, beforeMs, afterMs, stamps);
				beforeMs = afterMs;
				this.#sent += result;
				counters.sent += result;
			} else if (isNoRoom(-result)) {
				stamps?.lost();
				counters.sendRetries++;
				this.blocked = true;
				this.awaitsBuffer = -result === ERRNO.EAGAIN;
				return this.#committed - this.#sent;
			} else {
				stamps?.lost();
				const index = this.#sent++;
				const at = index * sender.slotLen + sender.headerAt;
				sink.sendFailed(sender.slots, at, this.#lengths[index], -result, this.#ids[index]);
			}
		}
		this.#sent = 0;
		this.#committed = 0;
		return 0;
	}); }
	static { this.prototype.SendQueue$reportSent = (function(sink, count, beforeMs, afterMs, stamps) {
		const eachMs = (afterMs - beforeMs) / count;
		for (let i = 0; i < count; i++) {
			const id = this.#ids[this.#sent + i];
			stamps?.sent(id, beforeMs);
			if (id >= 0) sink.sent(id, beforeMs + i * eachMs);
		}
	}); }
};

// src/transport/kernel_transport.ts
const RECEIVE_BATCH = 1024;
const FIRST_ROOM_MS = .1;
const DROPS_EVERY_MS = 50;
var KernelTransport = class {
	traits;
	counters = {
		sent: 0,
		received: 0,
		sendRetries: 0,
		receiveDrops: 0
	};
	#queue;
	#preferred;
	#preferredQueue;
	#book;
	#refusals;
	#receiver;
	#poll = new PollSet(3);
	#pause = new PollSet(0);
	#current;
	#dropsAt = -1e400;
	#blindWaits = 0;
	constructor(name, sender, receiver, book, preferred, destinationOf = ipv4Destination) {
		this.#book = book;
		this.#refusals = new SendErrorForwarder(book, destinationOf);
		this.#queue = this.#current = new SendQueue(sender);
		this.#preferred = preferred;
		this.#preferredQueue = preferred && (preferred.threadQueue?.() ?? new SendQueue(preferred));
		this.#receiver = receiver;
		this.traits = {
			name,
			batch: sender.count,
			receiveBatch: RECEIVE_BATCH
		};
		this.#poll.set(0, receiver.fd, 1);
	}
	get slots() {
		return this.#current.sender.slots;
	}
	static { this.prototype.reserve = (function(host) {
		this.#current = this.#preferred?.canSend(host) ? this.#preferredQueue : this.#queue;
		return this.#current.reserve(this.#book.address(host));
	}); }
	static { this.prototype.commit = (function(length, id = -1) {
		this.#current.commit(length, id);
		if (this.#current === this.#queue) this.#preferred?.sentByKernel();
	}); }
	static { this.prototype.flush = (function(sink, nowMs) {
		if (this.#preferred === void 0) return this.#queue.flush(sink, this.counters);
		this.#preferred.refresh(nowMs);
		const waiting = this.#queue.flush(this.#refusals.forwardingTo(this.#preferred, sink), this.counters);
		if (waiting === 0) this.#preferred.kernelSendsDone();
		return waiting + this.#preferredQueue.flush(sink, this.counters);
	}); }
	static { this.prototype.receive = (function(sink, nowMs) {
		this.#queue.sender.timestamps?.read(sink, nowMs);
		this.#preferred?.timestamps?.read(sink, nowMs);
		this.#preferredQueue?.report?.(sink, this.counters);
		const count = this.#receiver.drain(sink, RECEIVE_BATCH, nowMs);
		this.counters.received += count;
		if (nowMs - this.#dropsAt >= DROPS_EVERY_MS) {
			this.#dropsAt = nowMs;
			this.counters.receiveDrops += this.#receiver.takeDrops();
		}
		return count;
	}); }
	static { this.prototype.wait = (async function(timeoutMs) {
		const roomMs = this.#preferredQueue?.roomMs ?? 0;
		if (roomMs > 0) {
			await this.#pause.pollUntil(roomMs);
			return;
		}
		this.KernelTransport$watch(1, this.#queue);
		if (this.#preferredQueue !== void 0) this.KernelTransport$watch(2, this.#preferredQueue);
		await this.#poll.pollUntil(Math.min(timeoutMs, this.KernelTransport$roomMs()));
	}); }
	[Symbol.dispose]() {
		this.#queue.sender[Symbol.dispose]();
		this.#preferredQueue?.[Symbol.dispose]?.();
		this.#preferred?.[Symbol.dispose]();
		this.#receiver[Symbol.dispose]();
	}
	static { this.prototype.KernelTransport$roomMs = (function() {
		if (![this.#queue, this.#preferredQueue].some(((queue) => queue?.blocked && !queue.awaitsBuffer))) {
			this.#blindWaits = 0;
			return 1e400;
		}
		return FIRST_ROOM_MS * 2 ** Math.min(this.#blindWaits++, 10);
	}); }
	static { this.prototype.KernelTransport$watch = (function(index, queue) {
		if (queue.blocked && queue.awaitsBuffer) this.#poll.set(index, queue.sender.fd, 4);
		else this.#poll.clear(index);
	}); }
};
var SendErrorForwarder = class {
	#book;
	#destinationOf;
	#preferred;
	#sink;
	constructor(book, destinationOf) {
		this.#book = book;
		this.#destinationOf = destinationOf;
	}
	forwardingTo(preferred, sink) {
		this.#preferred = preferred;
		this.#sink = sink;
		return this;
	}
	packet(view, at, length, nowMs) {
		this.#sink.packet(view, at, length, nowMs);
	}
	sent(id, sentMs) {
		this.#sink.sent(id, sentMs);
	}
	sendFailed(view, at, length, errno, id) {
		this.#preferred.onSendError(this.#book.find(this.#destinationOf(view, at)), errno);
		this.#sink.sendFailed(view, at, length, errno, id);
	}
};

// ffi/message_batch.ts
var Headers = class {
	slots;
	messages;
	vectors;
	constructor(count, slotLen, from = 0) {
		this.slots = pin(count * slotLen);
		this.messages = pin(count * mmsghdr.size);
		this.vectors = pin(count * iovec.size);
		for (let index = 0; index < count; index++) {
			const vector = index * iovec.size;
			this.vectors.view.setBigUint64(vector + iovec.iov_base, this.slots.address + BigInt(index * slotLen + from), true);
			this.vectors.view.setBigUint64(vector + iovec.iov_len, BigInt(slotLen - from), true);
			const message = index * mmsghdr.size + mmsghdr.msg_hdr;
			this.messages.view.setBigUint64(message + msghdr.msg_iov, this.vectors.address + BigInt(vector), true);
			this.messages.view.setBigUint64(message + msghdr.msg_iovlen, 1n, true);
		}
	}
	static { this.prototype.nameAll = (function(names, nameLen) {
		const { view } = this.messages;
		for (let message = 0; message < this.messages.bytes.length; message += mmsghdr.size) {
			const name = names.bytes.length > nameLen ? message / mmsghdr.size * nameLen : 0;
			view.setBigUint64(message + mmsghdr.msg_hdr + msghdr.msg_name, names.address + BigInt(name), true);
			view.setUint32(message + mmsghdr.msg_hdr + msghdr.msg_namelen, nameLen, true);
		}
	}); }
};
var SendBatch = class {
	count;
	slotLen;
	slots;
	#headers;
	#names;
	#lengths;
	constructor(options) {
		const { count, slotLen, sentFrom, destination } = options;
		this.count = count;
		this.slotLen = slotLen;
		this.#headers = new Headers(count, slotLen, sentFrom);
		this.slots = this.#headers.slots.view;
		this.#lengths = this.#headers.vectors.view;
		const nameLen = typeof destination === "object" ? sockaddr_ll.size : (destination === "inet6" ? sockaddr_in6 : sockaddr_in).size;
		const names = typeof destination === "object" && destination.interfaceIndex !== void 0 ? 1 : count;
		this.#names = pin(names * nameLen);
		if (destination === "none") return;
		const { view } = this.#names;
		for (let index = 0; index < names; index++) if (destination === "inet4") view.setUint16(index * nameLen + sockaddr_in.sin_family, 2, true);
		else if (destination === "inet6") view.setUint16(index * nameLen + sockaddr_in6.sin6_family, 10, true);
		else writeLink(view, index * nameLen, destination.interfaceIndex ?? 0, destination.protocol);
		this.#headers.nameAll(this.#names, nameLen);
	}
	setInterface(index, interfaceIndex) {
		this.#names.view.setInt32(index * sockaddr_ll.size + sockaddr_ll.sll_ifindex, interfaceIndex, true);
	}
	static { this.prototype.setDestination = (function(index, address) {
		this.#names.view.setUint32(index * sockaddr_in.size + sockaddr_in.sin_addr, address);
	}); }
	get names() {
		return this.#names.view;
	}
	static { this.prototype.setLength = (function(index, length) {
		this.#lengths.setUint32(index * iovec.size + iovec.iov_len, length, true);
	}); }
	static { this.prototype.send = (function(fd, from, count) {
		return sendMessages(fd.number, this.#headers.messages.at(from * mmsghdr.size), count);
	}); }
	get messages() {
		return this.#headers.messages.address;
	}
};
var PacketMessages = class {
	#pointers;
	constructor(address, count) {
		this.#pointers = Array.from({ length: count }, (_, index) => Deno.UnsafePointer.create(address + BigInt(index * mmsghdr.size)));
	}
	send(fd, from, count) {
		return sendMessages(fd, this.#pointers[from], count);
	}
};

var ReceiveBatch = class {
	count;
	slots;
	controls;
	#controlLen;
	#headers;
	#controls;
	#results;
	#sources;
	#sourceLen;
	#used;
	constructor(options) {
		const { count, slotLen, receivedFrom, controlLen = 0, sources } = options;
		this.count = this.#used = count;
		this.#controlLen = controlLen;
		this.#headers = new Headers(count, slotLen, receivedFrom);
		this.slots = this.#headers.slots.view;
		this.#results = this.#headers.messages.view;
		this.#controls = pin(count * controlLen);
		this.controls = this.#controls.view;
		this.#sourceLen = sources === "inet6" ? sockaddr_in6.size : sockaddr_in.size;
		this.#sources = sources === void 0 ? void 0 : pin(count * this.#sourceLen);
		if (this.#sources !== void 0) this.#headers.nameAll(this.#sources, this.#sourceLen);
		for (let index = 0; index < count && controlLen > 0; index++) {
			const address = this.#controls.address + BigInt(index * controlLen);
			this.#results.setBigUint64(index * mmsghdr.size + mmsghdr.msg_hdr + msghdr.msg_control, address, true);
		}
	}
	static { this.prototype.receive = (function(fd, flags = 0) {
		for (let index = 0; index < this.#used; index++) {
			const at = index * mmsghdr.size + mmsghdr.msg_hdr;
			this.#results.setUint32(at + msghdr.msg_controllen, this.#controlLen, true);
			if (this.#sources !== void 0) this.#results.setUint32(at + msghdr.msg_namelen, this.#sourceLen, true);
		}
		this.#used = 0;
		for (;;) {
			const result = libc().recvmmsg(fd.number, this.#headers.messages.pointer, this.count, 64 | flags, null);
			if (result >= 0) {
				this.#used = result;
				return result;
			}
			const errno = lastErrno();
			if (errno === ERRNO.EAGAIN) return 0;
			if (errno !== ERRNO.EINTR) return -errno;
		}
	}); }
	source(index) {
		return this.#sources.view.getUint32(index * sockaddr_in.size + sockaddr_in.sin_addr);
	}
	sourcePort(index) {
		return this.#sources.view.getUint16(index * this.#sourceLen + sockaddr_in.sin_port);
	}
	get sources() {
		return this.#sources.view;
	}
	static { this.prototype.length = (function(index) {
		return this.#results.getUint32(index * mmsghdr.size + mmsghdr.msg_len, true);
	}); }
	static { this.prototype.findControl = (function(index, level, type, least) {
		const { controls } = this;
		const begin = index * this.#controlLen;
		const controlLen = this.#results.getUint32(index * mmsghdr.size + mmsghdr.msg_hdr + msghdr.msg_controllen, true);
		const end = begin + Math.min(this.#controlLen, controlLen);
		for (let at = begin; at + cmsghdr.size <= end;) {
			const length = controls.getUint32(at + cmsghdr.cmsg_len, true);
			if (length < cmsghdr.size || at + length > end) return -1;
			if (controls.getInt32(at + cmsghdr.cmsg_level, true) === level && controls.getInt32(at + cmsghdr.cmsg_type, true) === type) return length - cmsghdr.size >= least ? at + cmsghdr.size : -1;
			at += length + 7 & -8;
		}
		return -1;
	}); }
};

// ffi/socket_options.ts
let scratchMemory;


function setOptionIfKnown(fd, level, name, value) {
	try {
		setOption(fd, level, name, value);
	} catch (error) {
		if (!(error instanceof SyscallError && error.errno === ERRNO.ENOPROTOOPT)) throw error;
	}
}
async function setOptionAside(fd, level, name, value) {
	const memory = pinBytes(value);
	const result = await libc().setsockoptAside(fd.number, level, name, memory.pointer, value.length);
	keepAlive(memory);
	return result === 0;
}
function getOption(fd, level, name) {
	const { value, length } = scratch();
	length.view.setUint32(0, 4, true);
	check(libc().getsockopt(fd.number, level, name, value.pointer, length.pointer), "getsockopt");
	return value.view.getInt32(0, true);
}


function socketDrops(fd) {
	const numbers = getOptionBytes(fd, 1, 55, (8 + 1) * 4);
	return new DataView(numbers.buffer, numbers.byteOffset).getUint32(8 * 4, true);
}
function takeSocketError(fd) {
	return getOption(fd, 1, 4);
}

function bindToDevice(fd, name) {
	const bytes = new TextEncoder().encode(name + "\0");
	if (bytes.length > 16) throw new TypeError(`Cannot bind to ${name}: an interface name has at most 15 bytes`);
	setOption(fd, 1, 25, bytes);
}
function resetOnClose(fd) {
	setLinger(fd, 1);
}
function finishOnClose(fd) {
	setLinger(fd, 0);
}
function setLinger(fd, isOn) {
	const { value } = scratch();
	value.view.setInt32(linger.l_onoff, isOn, true);
	value.view.setInt32(linger.l_linger, 0, true);
	check(libc().setsockopt(fd.number, 1, 13, value.pointer, linger.size), "setsockopt");
}

// src/transport/buffers.ts
const RECEIVE_LEN = 16 << 20;
const SEND_LEN = 4 << 20;




// src/transport/arrival_clock.ts
const RETIRED_MS = 20;
const SYSTEM_CLOCKS = {
	wall: realtimeMs,
	scan: (() => performance.now())
};
const UNINTERRUPTED_MS = .005;
const TRIES$1 = 4;

var ArrivalClock = class {
	#clocks;
	#aheadMs;
	#earliestMs = -1e400;
	#nowMs = 0;
	#latestMs = 0;
	#emptiedMs = -1e400;
	constructor(clocks = SYSTEM_CLOCKS) {
		this.#clocks = clocks;
	}
	static { this.prototype.begin = (function(nowMs) {
		this.#nowMs = nowMs;
		this.#earliestMs = this.#emptiedMs - RETIRED_MS;
		this.#aheadMs = void 0;
		this.#latestMs = nowMs;
	}); }
	static { this.prototype.arrival = (function(wallMs) {
		this.#aheadMs ??= measureAheadMs(this.#clocks);
		const arrivedMs = wallMs - this.#aheadMs;
		if (arrivedMs > this.#latestMs) this.#latestMs = this.#clocks.scan();
		return Math.max(this.#earliestMs, Math.min(this.#latestMs, arrivedMs));
	}); }
	static { this.prototype.emptied = (function() {
		this.#emptiedMs = this.#nowMs;
	}); }
};

// src/transport/send_timestamps.ts
const BURST = 1536;
const PER_MS = .25;
const OUTSTANDING = 2048;
const PATIENCE_MS = 1e3;
const READ_TOGETHER = 64;
const QUEUED_MS = .05;
const TOLERANCE_MS = .05;
const REPORT = 16 | 128 | SOF_TIMESTAMPING_OPT_TSONLY;
const NOTE = REPORT | 256;
const NOTE_TWICE = NOTE | 2;
const NOTE_TWICE_EVERY = 16;
const QUEUED_RECENTLY_MS = 1e3;
const CONTROL_LEN = cmsghdr.size + scm_timestamping.size + cmsghdr.size + sock_extended_err.size + 32;
const NUMBER_OF = {
	ip: [0, 11],
	ip6: [41, 25],
	packet: [263, 16]
};
var SendTimestamps = class {
	#fd;
	#clocks;
	#level;
	#type;
	#batch = new ReceiveBatch({
		count: READ_TOGETHER,
		slotLen: 8,
		controlLen: CONTROL_LEN
	});
	#ids = new Int32Array(OUTSTANDING);
	#sentMs = new Float64Array(OUTSTANDING);
	#next = 0;
	#untilMs = -1e400;
	#budget = BURST;
	#budgetAt = 0;
	#usable = true;
	#flags = 0;
	#calls = 0;
	#awaited = 0;
	#queuedAt = -1e400;
	constructor(fd, kind, clocks = SYSTEM_CLOCKS) {
		this.#fd = fd;
		[this.#level, this.#type] = NUMBER_OF[kind];
		this.#clocks = clocks;
		this.SendTimestamps$set(REPORT);
		if (this.#usable) enlargeReceiveBuffer(fd);
	}
	static { this.prototype.begin = (function(count, nowMs) {
		if (!this.#usable) return false;
		this.#budget = Math.min(BURST, this.#budget + (nowMs - this.#budgetAt) * PER_MS);
		this.#budgetAt = nowMs;
		if (this.#budget < count) {
			this.SendTimestamps$set(REPORT);
			return false;
		}
		const isTwice = this.#calls++ % NOTE_TWICE_EVERY === 0 || nowMs - this.#queuedAt < QUEUED_RECENTLY_MS;
		return this.SendTimestamps$set(isTwice ? NOTE_TWICE : NOTE);
	}); }
	static { this.prototype.sent = (function(id, beforeMs) {
		const at = this.#next++ & 2047;
		this.#ids[at] = id;
		this.#sentMs[at] = beforeMs;
		this.#untilMs = beforeMs + PATIENCE_MS;
		this.#awaited += this.#flags === NOTE_TWICE ? 2 : 1;
		this.#budget--;
	}); }
	lost() {
		this.SendTimestamps$set(0);
		this.#usable = false;
	}
	static { this.prototype.read = (function(sink, nowMs) {
		if (this.#awaited === 0) return;
		if (nowMs > this.#untilMs) this.#awaited = 0;
		const batch = this.#batch;
		let aheadMs = NaN;
		for (let count = batch.count; count === batch.count;) {
			count = batch.receive(this.#fd, MSG_ERRQUEUE);
			this.#awaited = Math.max(0, this.#awaited - Math.max(0, count));
			for (let index = 0; index < count; index++) {
				if (Number.isNaN(aheadMs)) aheadMs = measureAheadMs(this.#clocks);
				this.SendTimestamps$onTimestamp(sink, index, aheadMs);
			}
		}
	}); }
	static { this.prototype.SendTimestamps$onTimestamp = (function(sink, index, aheadMs) {
		const { controls } = this.#batch;
		const timesAt = this.#batch.findControl(index, 1, 37, scm_timestamping.size);
		const numberAt = this.#batch.findControl(index, this.#level, this.#type, sock_extended_err.size);
		if (timesAt < 0 || numberAt < 0 || !this.#usable) return;
		if (controls.getUint8(numberAt + sock_extended_err.ee_origin) !== 4) return;
		const number = controls.getUint32(numberAt + sock_extended_err.ee_data, true);
		if (number >= this.#next || number < this.#next - OUTSTANDING) return;
		const at = number & 2047;
		const sentMs = readTimespecMs(controls, timesAt) - aheadMs;
		const beforeMs = this.#sentMs[at];
		if (sentMs < beforeMs - TOLERANCE_MS || sentMs > this.#clocks.scan() + TOLERANCE_MS) return;
		const isSecond = controls.getUint32(numberAt + sock_extended_err.ee_info, true) === 0;
		if (isSecond && sentMs - beforeMs < QUEUED_MS) return;
		if (isSecond) this.#queuedAt = sentMs;
		this.#sentMs[at] = sentMs;
		if (this.#ids[at] >= 0) sink.sent(this.#ids[at], sentMs);
	}); }
	static { this.prototype.SendTimestamps$set = (function(flags) {
		if (!this.#usable || flags === this.#flags) return this.#usable;
		try {
			setOption(this.#fd, 1, 37, flags);
			this.#flags = flags;
		} catch (error) {
			if (!(error instanceof SyscallError)) throw error;
			this.#usable = false;
		}
		return this.#usable;
	}); }
};

// src/transport/raw_sender.ts
const LINE_LEN = 64;


var RawSender = class {
	fd;
	slotLen;
	headerAt = 0;
	timestamps;
	constructor(options) {
		this.fd = openRawIp(options);
		this.slotLen = slotLenFor(options.maxLength);
		this.timestamps = new SendTimestamps(this.fd, "ip");
	}
	[Symbol.dispose]() {
		this.fd.close();
	}
};
var PlainSender = class extends RawSender {
	count = 64;
	#memory = pin(this.count * this.slotLen);
	slots = this.#memory.view;
	#destination = pinInet4(0, 0);
	#destinations = new Uint32Array(this.count);
	#lengths = new Uint16Array(this.count);
	setDestination(index, destination) {
		this.#destinations[index] = destination;
	}
	setLength(index, length) {
		this.#lengths[index] = length;
	}
	send(from) {
		this.#destination.view.setUint32(sockaddr_in.sin_addr, this.#destinations[from]);
		const result = sendTo(this.fd, this.#memory, from * this.slotLen, this.#lengths[from], this.#destination);
		return result >= 0 ? 1 : result;
	}
};
var BatchedSender = class extends RawSender {
	count = 128;
	#batch = new SendBatch({
		count: this.count,
		slotLen: this.slotLen,
		destination: "inet4"
	});
	slots = this.#batch.slots;
	static { this.prototype.setDestination = (function(index, destination) {
		this.#batch.setDestination(index, destination);
	}); }
	static { this.prototype.setLength = (function(index, length) {
		this.#batch.setLength(index, length);
	}); }
	static { this.prototype.send = (function(from, count) {
		return this.#batch.send(this.fd, from, count);
	}); }
};

// src/transport/receiver.ts
const PACKET_LEN = 65536;
const BATCH = 32;
var PlainReceiver = class {
	fd;
	#clock = new ArrivalClock();
	#packets;
	#received = 0;
	#given = 0;
	constructor(options, count = 1) {
		this.#packets = new ReceiveBatch({
			count,
			slotLen: PACKET_LEN,
			controlLen: cmsghdr.size + timespec.size
		});
		this.fd = openPacketSocket(2);
		try {
			attachFilter(this.fd, options.filter);
			enlargeReceiveBuffer(this.fd);
			setOption(this.fd, 1, 35, 1);
			bindPacket(this.fd, options.interfaceIndex, options.protocol ?? 2048);
		} catch (error) {
			this.fd.close();
			throw error;
		}
	}
	static { this.prototype.drain = (function(sink, maxPackets, nowMs) {
		let count = 0;
		this.#clock.begin(nowMs);
		while (count < maxPackets && this.PlainReceiver$hasNext()) {
			count++;
			const index = this.#given++;
			sink.packet(this.#packets.slots, index * PACKET_LEN, this.#packets.length(index), this.PlainReceiver$arrivalMs(index, nowMs));
		}
		if (count < maxPackets) this.#clock.emptied();
		return count;
	}); }
	static { this.prototype.PlainReceiver$hasNext = (function() {
		if (this.#given < this.#received) return true;
		this.#given = 0;
		this.#received = Math.max(0, this.#packets.receive(this.fd));
		return this.#received > 0;
	}); }
	static { this.prototype.PlainReceiver$arrivalMs = (function(index, nowMs) {
		const { controls } = this.#packets;
		const at = this.#packets.findControl(index, 1, 35, timespec.size);
		return at < 0 ? nowMs : this.#clock.arrival(readTimespecMs(controls, at));
	}); }
	static { this.prototype.takeDrops = (function() {
		return takePacketDrops(this.fd);
	}); }
	[Symbol.dispose]() {
		this.fd.close();
	}
};
const FEW_PROBES$1 = 2048;




// ffi/netlink/xfrm.ts
const REQUEST_LEN = 1;
var PolicyWatch = class {
	#news;
	#any = false;
	constructor() {
		using opening = new DisposableStack();
		try {
			this.#news = opening.use(new Netlink(6, 8));
			using netlink = new Netlink(6);
			this.#any = netlink.dump(21, REQUEST_LEN, 0, isOutboundPolicy).includes(true);
		} catch (error) {
			if (!(error instanceof SyscallError) || error.errno !== ERRNO.EPROTONOSUPPORT) throw error;
		}
		opening.move();
	}
	any() {
		this.#any ||= this.#news?.hasNews() ?? false;
		return this.#any;
	}
	[Symbol.dispose]() {
		this.#news?.[Symbol.dispose]();
	}
};
function isOutboundPolicy(view, at, length) {
	const body = bodyAt(view, at, length, 19, xfrm_userpolicy_info.size);
	if (body === -1 || view.getUint8(body + xfrm_userpolicy_info.dir) !== 1) return false;
	return view.getUint16(body + xfrm_userpolicy_info["sel.family"], true) !== 10;
}

// src/transport/ethernet_open.ts
function watchPolicies() {
	try {
		const policies = new PolicyWatch();
		if (!policies.any()) return policies;
		policies[Symbol.dispose]();
		return "this machine has IPsec policies, which it would bypass";
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return `only a process with CAP_NET_ADMIN can read the IPsec policies, which it would bypass (${error.code})`;
	}
}



// src/transport/port_reservation.ts
var ReservedPorts = class {
	first;
	count;
	fds;
	constructor(first, count, fds) {
		this.first = first;
		this.count = count;
		this.fds = fds;
	}
	[Symbol.dispose]() {
		for (const fd of this.fds) fd.close();
	}
};
const LOWEST = 1024;
const HIGHEST = 65535;
const TRIES = 64;


function rejectSegments(fd) {
	try {
		attachFilter(fd, rejectAll());
	} catch (error) {
		if (!(error instanceof SyscallError && error.errno === ERRNO.EPERM)) throw error;
		const isIpv6 = getOption(fd, 1, 39) === 10;
		setOption(fd, isIpv6 ? 41 : 0, isIpv6 ? 73 : 21, 255);
	}
}
function openDatagram(address, port) {
	const fd = bound(openSocket(2, 2, 17), address, port);
	attachFilter(fd, rejectAll());
	return fd;
}



// src/transport/source_ports.ts


function reservation(reserve) {
	try {
		return reserve();
	} catch (error) {
		if (error instanceof SyscallError && error.errno === ERRNO.EACCES) return "cannot be held without CAP_NET_BIND_SERVICE";
		throw error;
	}
}

// src/transport/open.ts


function openPlain({ openSender, receiver, book, destinationOf }) {
	using opening = new DisposableStack();
	const transport = new KernelTransport("sendto", opening.use(openSender(false)), opening.use(new PlainReceiver(receiver)), book, void 0, destinationOf);
	opening.move();
	return transport;
}


// src/transport/neighbors.ts
const MAX_DUPLICATES = 4096;
const MOVED_MS = 1e3;
const MAX_MOVES = 32;
var Neighbors = class {
	mac = /* @__PURE__ */ new Float64Array(0);
	answeredAt = /* @__PURE__ */ new Float64Array(0);
	stationAt = /* @__PURE__ */ new Float64Array(0);
	#index = new U32Map();
	#duplicates = /* @__PURE__ */ new Map();
	#count = 0;
	moves = 0;
	#others = /* @__PURE__ */ new Set();
	#ranges;
	#firsts;
	constructor(ranges = [{
		first: 0,
		last: 1e400
	}]) {
		this.#ranges = ranges;
		this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
		growColumns(this, 64);
	}
	macOf(host) {
		const index = this.#index.get(host);
		return index < 0 ? 0 : this.mac[index];
	}
	lastReplyMs(host) {
		const index = this.#index.get(host);
		return index < 0 ? -1e400 : this.answeredAt[index];
	}
	get duplicates() {
		return [...this.#duplicates.values()];
	}
	receive(view, at, length, nowMs) {
		if (checkArp(view, at, length) === 0 || arpOperation(view, at) !== 2) return;
		this.learn(arpSenderIp(view, at), arpSenderMac(view, at), nowMs);
	}
	learn(host, mac, nowMs) {
		if (!isStationMac(mac)) return;
		let index = this.#index.get(host);
		if (index < 0) {
			if (!this.#isTarget(host) && !this.#others.has(host)) return;
			if (this.#count === this.mac.length) growColumns(this, 2 * this.#count);
			index = this.#count++;
			this.#index.add(host, index);
			this.mac[index] = mac;
		} else if (this.mac[index] !== mac && nowMs - this.stationAt[index] > MOVED_MS && this.moves < MAX_MOVES) {
			this.mac[index] = mac;
			this.moves++;
		} else if (this.mac[index] !== mac) this.#addDuplicate(host, this.mac[index], mac);
		this.answeredAt[index] = nowMs;
		if (this.mac[index] === mac) this.stationAt[index] = nowMs;
	}
	expect(host) {
		if (!this.#isTarget(host)) this.#others.add(host);
	}
	#isTarget(host) {
		return host <= (this.#ranges[lastAtMost(this.#firsts, host)]?.last ?? -1);
	}
	#addDuplicate(host, mac, other) {
		if (this.#duplicates.has(host) || this.#duplicates.size >= MAX_DUPLICATES) return;
		this.#duplicates.set(host, {
			host,
			mac,
			other
		});
	}
};

// src/transport/on_link.ts


// src/transport/mtu.ts
function narrowestLink({ segments }) {
	using netlink = new Netlink();
	const indexes = new Set(segments.flatMap(({ answer }) => isRouted(answer) ? [answer.interfaceIndex] : []));
	return Array.from(indexes, (index) => getLink(index, netlink)).filter((link) => link !== void 0).toSorted((one, other) => one.mtu - other.mtu)[0];
}

// src/scan/packet_drivers.ts

async function techniquesOf(passes, options, { routes }, ipv6) {
	await loadTechniques(passes.map(({ technique }) => technique));
	const mtuNotes = /* @__PURE__ */ new Set();
	const techniqueOf = /* @__PURE__ */ new Map();
	for (const { number, technique, family } of passes) {
		const found = packetTechnique(technique, options);
		if (options.usesSockets === true || family === 6) {
			const overIpv4 = options.usesSockets === true ? found.overSockets : found;
			techniqueOf.set(number, family === 6 ? techniqueOver(overIpv4, ipv6.packets) : overIpv4);
			continue;
		}
		const narrow = found.within === void 0 ? void 0 : narrowestLink(routes);
		const isShort = narrow !== void 0 && narrow.mtu < found.maxLength;
		techniqueOf.set(number, isShort ? found.within(narrow.mtu) : found);
		if (isShort) mtuNotes.add(`${narrow.name} carries packets of at most ${counted(narrow.mtu, "byte")} (MTU), but some requests of UDP services have up to ${grouped(found.maxLength)}: their ports are probed by others`);
	}
	return {
		techniqueOf,
		mtuNotes: [...mtuNotes]
	};
}
async function openLinks(techniques, routePlan, ipv6, opening) {
	const techniqueOver = (family) => techniques.find((technique) => isOfLinks(technique) && familyOfPackets(technique) === family);
	const [arp, ndp] = [techniqueOver(4), techniqueOver(6)];
	return {
		4: arp && await openArp(arp, routePlan, opening),
		6: ndp && opening.use(await ipv6.openLinks(ndp))
	};
}
async function openTransports(techniques, options, targets, routePlan, ipv6, links, opening) {
	const opened = /* @__PURE__ */ new Map();
	const closers = [];
	const threaded = techniques.find((technique) => !isOverIpv6(technique) && !isOfHosts(technique)) ?? techniques.find((technique) => !isOverIpv6(technique));
	for (const sharing of Map.groupBy(techniques, filterKey).values()) {
		const wanted = {
			targets,
			kind: options.transport ?? "auto",
			interfaceName: options.interface,
			sourceIp: options.sourceIp,
			sourcePort: options.sourcePort,
			random: crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(1))[0],
			packets: needsTogether(sharing),
			probes: sharing.every(isOfHosts) ? pingsOf(sharing, targets) : options.probes,
			ring: options.ring
		};
		const closer = opening.use(new DisposableStack());
		closers.push({
			techniques: sharing,
			closer
		});
		const over6 = isOverIpv6(sharing[0]);
		const transport = closer.use(options.usesSockets === true ? await openUdpSockets({
			...wanted,
			ttl: options.ttl
		}, routePlan, over6 ? ipv6 : void 0) : over6 ? await ipv6.open({
			...wanted,
			neighbors: links[6]?.neighbors
		}) : await openTransport({
			...wanted,
			neighbors: links[4]?.neighbors,
			sendThread: sharing.includes(threaded) ? options.sendThread : void 0
		}, routePlan));
		let { first } = transport.ports;
		for (const technique of sharing) {
			const { portCount } = packetNeeds(technique);
			const count = Math.min(portCount, transport.ports.count);
			opened.set(technique, {
				...transport,
				ports: {
					first,
					count
				}
			});
			if (portCount <= transport.ports.count) first += portCount;
		}
	}
	return {
		opened,
		closers
	};
}
function pingsOf(techniques, { size }) {
	return techniques.reduce((sum, { attemptPeriod }) => sum + size * attemptPeriod, 0);
}

function familyOfPackets({ families }) {
	return families[0] === 6 ? 6 : 4;
}


async function openUdpSockets(options, routePlan, ipv6) {
	if (ipv6 !== void 0) return await ipv6.openSockets(options);
	return (await import("./udp_sockets.js").then((n) => n.t)).openUdpSockets4(options, routePlan);
}
async function openArp(technique, { routes, book }, opening) {
	const [{ arpPackets, openLinks }, { arpProber }] = await Promise.all([import("./links.js").then((n) => n.t), import("./links.js").then((n) => n.i)]);
	const ranges = onLinkRanges(routes, book, 4);
	const neighbors = new Neighbors(ranges);
	const { filter, maxLength } = packetNeeds(technique);
	const packets = arpPackets(filter({
		first: 0,
		count: 0
	}), maxLength);
	const transport = opening.use(openLinks(ranges, packets, neighbors, book));
	const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
	return {
		transport,
		neighbors,
		prober: ranges.length === 0 ? void 0 : arpProber(transport, ranges, neighbors),
		notes: ranges.length === 0 ? [] : [`Hosts on ${names} are asked by ARP first`]
	};
}



// src/scan/drivers.ts


// src/collections/typed_vector.ts
var TypedVector = class {
	#values;
	length = 0;
	constructor(values) {
		this.#values = values;
	}
	static { this.prototype.push = (function(value) {
		if (this.length === this.#values.length) this.#values = grown(this.#values, 2 * this.length);
		this.#values[this.length++] = value;
	}); }
	get values() {
		return this.#values.subarray(0, this.length);
	}
	static { this.prototype.at = (function(index) {
		return this.#values[index] ?? 0;
	}); }
	move(from, to) {
		this.#values[to] = this.#values[from];
	}
	copyTo(other) {
		other.#values = this.#values.slice();
		other.length = this.length;
	}
};

// src/order/permutation.ts
const MAX_ORDER_SIZE = 2 ** 53;
const ROUNDS = 6;
var Permutation = class {
	size;
	#a;
	#b;
	#perA;
	#perB;
	#keys;
	constructor(size, seed) {
		if (!Number.isInteger(size) || size < 0 || size > MAX_ORDER_SIZE) throw new RangeError(`Cannot order ${size} numbers: the size must be an integer from 0 to 2^53`);
		if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`Cannot use ${seed} as a seed: it must be an integer from 0 to 2^53 - 1`);
		this.size = size;
		this.#a = Math.max(1, Math.ceil(Math.sqrt(size)));
		this.#b = Math.floor(Math.max(0, size - 1) / this.#a) + 1;
		this.#perA = this.#a / 2 ** 32;
		this.#perB = this.#b / 2 ** 32;
		this.#keys = roundKeys(seed);
	}
	static { this.prototype.at = (function(position) {
		if (!(position >= 0 && position < this.size)) throw outside(position, this.size);
		const a = this.#a, b = this.#b, perA = this.#perA, perB = this.#perB, keys = this.#keys;
		let right = position / a | 0;
		let left = position - right * a | 0;
		let index;
		do {
			for (let round = 0; round < ROUNDS; round += 2) {
				left = wrap(left + (mix(right, keys[round]) * perA | 0) - a | 0, a);
				right = wrap(right + (mix(left, keys[round + 1]) * perB | 0) - b | 0, b);
			}
			index = right * a + left;
		} while (index >= this.size);
		return index;
	}); }
	positionOf(index) {
		if (!(index >= 0 && index < this.size)) throw outside(index, this.size);
		const a = this.#a, b = this.#b, keys = this.#keys;
		let right = index / a | 0;
		let left = index - right * a | 0;
		let position;
		do {
			for (let round = 4; round >= 0; round -= 2) {
				right = wrap(right - (mix(left, keys[round + 1]) * this.#perB | 0) | 0, b);
				left = wrap(left - (mix(right, keys[round]) * this.#perA | 0) | 0, a);
			}
			position = right * a + left;
		} while (position >= this.size);
		return position;
	}
};



function outside(value, size) {
	return /* @__PURE__ */ new RangeError(`Cannot look up ${value}: the order has positions from 0 to ${size - 1}`);
}

// src/order/shard.ts
const WHOLE = {
	index: 1,
	count: 1
};


var ShardedOrder = class {
	size;
	#tiers;
	#first;
	#step;
	constructor(tierSizes, seed, shard = WHOLE) {
		let end = 0;
		this.#tiers = tierSizes.map(((size) => ({
			order: new Permutation(size, seed),
			start: end,
			end: end += size
		})));
		this.size = shardSize(end, shard);
		this.#first = shard.index - 1;
		this.#step = shard.count;
	}
	static { this.prototype.at = (function(k) {
		const position = this.#first + k * this.#step;
		const { start, order } = this.#tierAt(position);
		return start + order.at(position - start);
	}); }
	has(index) {
		if (this.#step === 1) return true;
		const { start, order } = this.#tierAt(index);
		return (start + order.positionOf(index - start)) % this.#step === this.#first;
	}
	#tierAt(at) {
		const tiers = this.#tiers, last = tiers.length - 1;
		let tier = 0;
		while (tier < last && at >= tiers[tier].end) tier++;
		return tiers[tier];
	}
};


// src/target/services.ts
const SERVICES = [
	[7, "echo"],
	[9, "discard"],
	[13, "daytime"],
	[17, "qotd"],
	[19, "chargen"],
	[20, "ftp-data"],
	[21, "ftp"],
	[22, "ssh"],
	[23, "telnet"],
	[25, "smtp"],
	[37, "time"],
	[42, "nameserver"],
	[
		43,
		"whois",
		"nicname"
	],
	[49, "tacacs"],
	[
		53,
		"domain",
		"dns"
	],
	[70, "gopher"],
	[79, "finger"],
	[
		80,
		"http",
		"www"
	],
	[81, "hosts2-ns"],
	[
		88,
		"kerberos-sec",
		"kerberos"
	],
	[102, "iso-tsap"],
	[104, "acr-nema"],
	[
		106,
		"pop3pw",
		"poppassd"
	],
	[109, "pop2"],
	[110, "pop3"],
	[
		111,
		"rpcbind",
		"sunrpc"
	],
	[
		113,
		"ident",
		"auth"
	],
	[119, "nntp"],
	[123, "ntp"],
	[
		135,
		"msrpc",
		"epmap"
	],
	[137, "netbios-ns"],
	[138, "netbios-dgm"],
	[139, "netbios-ssn"],
	[
		143,
		"imap",
		"imap2"
	],
	[161, "snmp"],
	[
		162,
		"snmptrap",
		"snmp-trap"
	],
	[175, "vmnet"],
	[177, "xdmcp"],
	[179, "bgp"],
	[194, "irc"],
	[199, "smux"],
	[
		210,
		"z39.50",
		"z3950"
	],
	[264, "bgmp"],
	[311, "asip-webadmin"],
	[389, "ldap"],
	[427, "svrloc"],
	[443, "https"],
	[444, "snpp"],
	[
		445,
		"microsoft-ds",
		"smb"
	],
	[
		464,
		"kpasswd5",
		"kpasswd"
	],
	[
		465,
		"smtps",
		"submissions"
	],
	[500, "isakmp"],
	[
		502,
		"mbap",
		"modbus"
	],
	[512, "exec"],
	[513, "login"],
	[514, "shell"],
	[515, "printer"],
	[540, "uucp"],
	[543, "klogin"],
	[544, "kshell"],
	[
		548,
		"afp",
		"afpovertcp"
	],
	[554, "rtsp"],
	[
		563,
		"snews",
		"nntps"
	],
	[587, "submission"],
	[593, "http-rpc-epmap"],
	[
		623,
		"oob-ws-http",
		"asf-rmcp"
	],
	[631, "ipp"],
	[
		636,
		"ldapssl",
		"ldaps"
	],
	[646, "ldp"],
	[688, "realm-rusd"],
	[749, "kerberos-adm"],
	[
		750,
		"kerberos",
		"kerberos4"
	],
	[
		754,
		"krb_prop",
		"krb-prop"
	],
	[
		783,
		"spamassassin",
		"spamd"
	],
	[853, "domain-s"],
	[860, "iscsi"],
	[873, "rsync"],
	[
		901,
		"samba-swat",
		"swat"
	],
	[
		902,
		"iss-realsecure",
		"ideafarm-door",
		"vmware-auth"
	],
	[989, "ftps-data"],
	[990, "ftps"],
	[992, "telnets"],
	[993, "imaps"],
	[995, "pop3s"],
	[1025, "NFS-or-IIS"],
	[1026, "LSA-or-nterm"],
	[1080, "socks"],
	[1099, "rmiregistry"],
	[1194, "openvpn"],
	[
		1352,
		"lotusnotes",
		"lotusnote"
	],
	[1414, "ibm-mqseries"],
	[
		1433,
		"ms-sql-s",
		"mssql"
	],
	[1434, "ms-sql-m"],
	[
		1494,
		"citrix-ica",
		"ica"
	],
	[1521, "oracle"],
	[1701, "l2f"],
	[
		1720,
		"h323q931",
		"h323hostcall"
	],
	[1723, "pptp"],
	[1812, "radius"],
	[1883, "mqtt"],
	[
		1900,
		"upnp",
		"ssdp"
	],
	[
		1935,
		"rtmp",
		"macromedia-fcs"
	],
	[2e3, "cisco-sccp"],
	[2049, "nfs"],
	[
		2082,
		"infowave",
		"cpanel"
	],
	[2083, "radsec"],
	[
		2121,
		"ccproxy-ftp",
		"iprop"
	],
	[
		2181,
		"eforward",
		"zookeeper"
	],
	[2375, "docker"],
	[
		2376,
		"docker",
		"docker-s"
	],
	[2377, "swarm"],
	[2379, "etcd-client"],
	[2380, "etcd-server"],
	[2404, "iec-104"],
	[2483, "ttc"],
	[2484, "ttc-ssl"],
	[2598, "citriximaclient"],
	[2628, "dict"],
	[
		3e3,
		"ppp",
		"hbci"
	],
	[
		3050,
		"gds_db",
		"gds-db",
		"firebird"
	],
	[
		3128,
		"squid-http",
		"ndl-aas",
		"squid"
	],
	[3205, "isns"],
	[
		3260,
		"iscsi",
		"iscsi-target"
	],
	[
		3268,
		"globalcatLDAP",
		"msft-gc"
	],
	[
		3269,
		"globalcatLDAPssl",
		"msft-gc-ssl"
	],
	[3306, "mysql"],
	[
		3389,
		"ms-wbt-server",
		"rdp"
	],
	[3478, "stun"],
	[
		3632,
		"distccd",
		"distcc"
	],
	[
		3689,
		"rendezvous",
		"daap"
	],
	[3690, "svn"],
	[4369, "epmd"],
	[4786, "smart-install"],
	[4840, "opcua-tcp"],
	[
		4899,
		"radmin",
		"radmin-port"
	],
	[
		5e3,
		"upnp",
		"commplex-main"
	],
	[5060, "sip"],
	[
		5061,
		"sip-tls",
		"sips"
	],
	[5222, "xmpp-client"],
	[5269, "xmpp-server"],
	[5357, "wsdapi"],
	[
		5432,
		"postgresql",
		"postgres"
	],
	[
		5555,
		"freeciv",
		"personal-agent"
	],
	[
		5601,
		"esmagent",
		"kibana"
	],
	[5631, "pcanywheredata"],
	[5671, "amqps"],
	[5672, "amqp"],
	[5800, "vnc-http"],
	[
		5900,
		"vnc",
		"rfb"
	],
	[5901, "vnc-1"],
	[5902, "vnc-2"],
	[5984, "couchdb"],
	[
		5985,
		"wsman",
		"winrm"
	],
	[5986, "wsmans"],
	[6e3, "X11"],
	[
		6001,
		"X11:1",
		"x11-1"
	],
	[
		6002,
		"X11:2",
		"x11-2"
	],
	[
		6003,
		"X11:3",
		"x11-3"
	],
	[
		6004,
		"X11:4",
		"x11-4"
	],
	[
		6005,
		"X11:5",
		"x11-5"
	],
	[
		6006,
		"X11:6",
		"x11-6"
	],
	[
		6007,
		"X11:7",
		"x11-7"
	],
	[
		6346,
		"gnutella",
		"gnutella-svc"
	],
	[6379, "redis"],
	[
		6443,
		"sun-sr-https",
		"kubernetes"
	],
	[6514, "syslog-tls"],
	[
		6667,
		"irc",
		"ircu"
	],
	[6697, "ircs-u"],
	[
		7e3,
		"afs3-fileserver",
		"bbs"
	],
	[
		7001,
		"afs3-callback",
		"weblogic"
	],
	[
		8e3,
		"http-alt",
		"irdmi"
	],
	[8008, "http"],
	[
		8009,
		"ajp13",
		"nvme-disc"
	],
	[
		8021,
		"ftp-proxy",
		"zope-ftp"
	],
	[
		8080,
		"http-proxy",
		"http-alt"
	],
	[
		8081,
		"blackice-icecap",
		"tproxy"
	],
	[
		8086,
		"d-s-n",
		"influxdb"
	],
	[
		8088,
		"radan-http",
		"omniorb"
	],
	[8089, "splunkd"],
	[8140, "puppet"],
	[8291, "winbox"],
	[8333, "bitcoin"],
	[
		8443,
		"https-alt",
		"pcsync-https"
	],
	[
		8883,
		"secure-mqtt",
		"mqtts"
	],
	[8888, "sun-answerbook"],
	[9042, "cassandra"],
	[
		9090,
		"zeus-admin",
		"websm",
		"prometheus"
	],
	[
		9092,
		"XmlIpcRegSvc",
		"xmltec-xmlmail",
		"kafka"
	],
	[
		9100,
		"jetdirect",
		"pdl-datastream"
	],
	[
		9101,
		"jetdirect",
		"bacula-dir"
	],
	[
		9102,
		"jetdirect",
		"bacula-fd"
	],
	[
		9103,
		"jetdirect",
		"bacula-sd"
	],
	[
		9200,
		"wap-wsp",
		"elasticsearch"
	],
	[
		9300,
		"vrace",
		"elasticsearch-nodes"
	],
	[9418, "git"],
	[
		9999,
		"abyss",
		"distinct"
	],
	[
		1e4,
		"snet-sensor-mgmt",
		"ndmp",
		"webmin"
	],
	[10050, "zabbix-agent"],
	[10051, "zabbix-trapper"],
	[10250, "kubelet"],
	[
		11211,
		"memcache",
		"memcached"
	],
	[
		11371,
		"pksd",
		"hkp"
	],
	[2e4, "dnp"],
	[25565, "minecraft"],
	[
		27017,
		"mongod",
		"mongodb"
	],
	[27018, "mongod"],
	[44818, "EtherNetIP-2"],
	[47808, "bacnet"],
	[
		5e4,
		"ibm-db2",
		"db2"
	]
];
const UDP_SERVICES = [
	[
		67,
		"dhcps",
		"bootps"
	],
	[
		68,
		"dhcpc",
		"bootpc"
	],
	[319, "ptp-event"],
	[320, "ptp-general"],
	[
		512,
		"biff",
		"comsat"
	],
	[
		513,
		"who",
		"whod"
	],
	[514, "syslog"],
	[517, "talk"],
	[518, "ntalk"],
	[546, "dhcpv6-client"],
	[547, "dhcpv6-server"],
	[
		1701,
		"L2TP",
		"l2f"
	],
	[
		3130,
		"squid-ipc",
		"icpv2"
	],
	[5555, "rplay"]
];
const SERVICE_NAMES = new Map(SERVICES.map((([port, name]) => [port, name])));
const UDP_SERVICE_NAMES = new Map(UDP_SERVICES.map((([port, name]) => [port, name])));
let portsByName$1;
function makePortsByName() {
	return new Map([
		...UDP_SERVICES.flatMap(([port, ...names]) => names.map((name) => [name.toLowerCase(), port])).toReversed(),
		...SERVICES.toReversed().map(([port, name]) => [name.toLowerCase(), port]),
		...SERVICES.flatMap(([port, , ...names]) => names.map((name) => [name, port]))
	]);
}
function knownPorts(pattern) {
	const escaped = pattern.replace(/[.+]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
	const matches = new RegExp(`^${escaped}$`, "i");
	return SERVICES.filter(([, ...names]) => names.some((name) => matches.test(name))).map(([port]) => port);
}
function portOfService(name) {
	return (portsByName$1 ??= makePortsByName()).get(name.toLowerCase());
}

// src/target/ports.ts
const PORT_MAX = 65535;
const LONGEST_LIST = 1e6;
var PortSet = class PortSet {
	static EMPTY = new PortSet(Ranges.EMPTY);
	ranges;
	size;
	#list;
	#text;
	constructor(ranges) {
		this.ranges = ranges;
		this.size = ranges.size;
	}
	static of(ports) {
		const builder = new RangesBuilder();
		for (const port of ports) {
			if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) throw new UsageError(`Cannot scan port ${port}: ports are integers from 0 to ${PORT_MAX}. Correct or remove it`);
			builder.add(port, port);
		}
		return new PortSet(builder.build());
	}
	static fromRanges(ranges) {
		if (ranges.count === 0) return PortSet.EMPTY;
		const last = ranges.lastOf(ranges.count - 1);
		if (last > PORT_MAX) throw new RangeError(`Cannot take ${last} as a port: the largest is ${PORT_MAX}`);
		return new PortSet(ranges);
	}
	static unionOf(sets) {
		const builder = new RangesBuilder();
		for (const set of sets) builder.addAll(set.ranges);
		return PortSet.fromRanges(builder.build());
	}
	at(index) {
		if (this.ranges.count === 1) return this.ranges.firstOf(0) + index;
		return (this.#list ??= this.#expand())[index];
	}
	has(port) {
		return this.ranges.has(port);
	}
	union(other) {
		return PortSet.fromRanges(this.ranges.union(other.ranges));
	}
	subtract(other) {
		const left = this.ranges.subtract(other.ranges);
		return left.size === this.size ? this : PortSet.fromRanges(left);
	}
	toString() {
		return this.#text ??= Array.from(this.ranges, (([first, last]) => first === last ? `${first}` : `${first}-${last}`)).join();
	}
	*[Symbol.iterator]() {
		for (let i = 0; i < this.size; i++) yield this.at(i);
	}
	#expand() {
		const list = new Uint16Array(this.size);
		let length = 0;
		for (const [first, last] of this.ranges) for (let port = first; port <= last; port++) list[length++] = port;
		return list;
	}
};

const ITEM = /(?:[A-Za-z]:\s*)?(?:\d+[^\S\r\n]*-[^\S\r\n]*\d+(?!\S)|\S+)/g;
const LETTERS = {
	T: "tcp",
	U: "udp",
	S: "sctp",
	P: "ip"
};
const FLAGS = {
	tcp: "-sS or -sT",
	udp: "-sU"
};


function wrong$1(list, at, why, remedy) {
	const before = list.text.slice(0, at).split(LINE_END$1);
	const [line = ""] = list.text.slice(at).split(LINE_END$1, 1);
	const start = before.pop();
	const isList = LINE_END$1.test(list.text.trim());
	const where = [
		...list.where === void 0 ? [] : [list.where],
		...isList ? [`line ${before.length + 1}`] : [],
		`column ${(isList ? 1 : list.column) + start.length}`
	];
	const text = isList ? start + line : list.text;
	return new UsageError(`Cannot read ports ${quote(text)}: ${why} (${where.join(", ")}). ${remedy}`);
}
const LINE_END$1 = /\r\n|[\r\n]/;

// src/target/space.ts
var ProbeSpace = class {
	size;
	hostCount;
	blocks;
	tiers;
	tierSizes;
	whyEmpty;
	host = 0;
	port = 0;
	#pieces;
	#parts;
	#firstIndices;
	#keys;
	constructor(parts) {
		const { pieces, blocks } = divide(parts);
		this.#pieces = pieces;
		this.blocks = blocks;
		this.tiers = parts.tiers ?? [];
		const { tierSizes, size, parts: byTier } = divideByTier(blocks, this.tiers);
		this.tierSizes = tierSizes;
		this.size = size;
		this.#parts = byTier;
		this.#firstIndices = Float64Array.from(byTier, ((part) => part.firstIndex));
		this.hostCount = blocks.reduce(((sum, block) => sum + block.hosts.size), 0);
		if (this.size === 0) this.whyEmpty = explainEmpty(parts);
	}
	static { this.prototype.locate = (function(index) {
		const part = this.#parts[this.#firstIndices.length > 1 ? lastAtMost(this.#firstIndices, index) : 0];
		const offset = index - part.firstIndex;
		const portCount = part.ports.size;
		const hostIndex = Math.floor(offset / portCount);
		this.host = part.hosts.at(hostIndex);
		this.port = part.ports.at(offset - hostIndex * portCount);
	}); }
	portsOf(host) {
		const block = this.#pieces.blockOf(host);
		return block < 0 ? void 0 : this.blocks[block].ports;
	}
	portCountOf(host) {
		return this.portsOf(host)?.size ?? 0;
	}
	contains(host, port) {
		return this.portsOf(host)?.has(port) ?? false;
	}
	indexOf(host, port) {
		const block = this.#pieces.blockOf(host);
		if (block < 0) return -1;
		const tier = this.tiers.findIndex((ports) => ports.has(port));
		const key = (tier < 0 ? this.tiers.length : tier) * this.blocks.length + block;
		const part = this.#parts[lastAtMost(this.#keys ??= Float64Array.from(this.#parts, (part) => part.key), key)];
		const at = part?.key === key ? part.ports.ranges.indexOf(port) : -1;
		return at < 0 ? -1 : part.firstIndex + part.hosts.indexOf(host) * part.ports.size + at;
	}
	static { this.prototype.hostRanges = (function() {
		return this.#pieces.hosts();
	}); }
};
var Pieces = class {
	#firsts;
	#lasts;
	#blocks;
	constructor(firsts, lasts, blocks) {
		this.#firsts = firsts;
		this.#lasts = lasts;
		this.#blocks = blocks;
	}
	blockOf(host) {
		const piece = lastAtMost(this.#firsts, host);
		return piece >= 0 && host <= this.#lasts[piece] ? this.#blocks[piece] : -1;
	}
	static { this.prototype.hosts = (function() {
		const builder = new RangesBuilder();
		for (let i = 0; i < this.#firsts.length; i++) builder.add(this.#firsts[i], this.#lasts[i]);
		return builder.build();
	}); }
};
const OWNERS = 2 ** 20;
const EXCLUSION = 0;

function divideByTier(blocks, tiers) {
	const tierSizes = [];
	const parts = [];
	let left = blocks.map(({ ports }) => ports);
	let size = 0;
	for (let tier = 0; tier <= tiers.length; tier++) {
		const others = left.map((ports) => tier === tiers.length ? PortSet.EMPTY : ports.subtract(tiers[tier]));
		const before = size;
		blocks.forEach(({ hosts }, block) => {
			const ports = left[block].subtract(others[block]);
			if (ports.size === 0) return;
			parts.push({
				hosts,
				ports,
				firstIndex: size,
				key: tier * blocks.length + block
			});
			size += hosts.size * ports.size;
		});
		tierSizes.push(size - before);
		left = others;
	}
	return {
		tierSizes,
		size,
		parts
	};
}

var BlockPlan = class {
	ports = [];
	#owned;
	#excluded;
	#byOwner;
	#byOwners = /* @__PURE__ */ new Map();
	#byText = /* @__PURE__ */ new Map();
	constructor(owned, excluded) {
		this.#owned = owned;
		this.#excluded = excluded;
		this.#byOwner = new Int32Array(owned.length + 1).fill(-2);
	}
	static { this.prototype.blockFor = (function(owners) {
		if (owners.has(EXCLUSION)) return -1;
		if (owners.size === 1) {
			const [owner] = owners;
			const known = this.#byOwner[owner];
			return known !== -2 ? known : this.#byOwner[owner] = this.BlockPlan$blockOf(this.#owned[owner - 1]);
		}
		const key = [...owners].join();
		let block = this.#byOwners.get(key);
		if (block === void 0) {
			block = this.BlockPlan$blockOf(PortSet.unionOf([...owners].map(((owner) => this.#owned[owner - 1]))));
			this.#byOwners.set(key, block);
		}
		return block;
	}); }
	static { this.prototype.BlockPlan$blockOf = (function(all) {
		const ports = this.#excluded.size === 0 ? all : all.subtract(this.#excluded);
		if (ports.size === 0) return -1;
		const text = ports.toString();
		let block = this.#byText.get(text);
		if (block === void 0) {
			block = this.ports.push(ports) - 1;
			this.#byText.set(text, block);
		}
		return block;
	}); }
};


// src/scan/discovery.ts
const USUAL_PINGS = [
	"echo",
	"syn:443",
	"ack:80",
	"timestamp"
];
const FIRST_ROUND_PORTS = 3;
const FIRST_ROUND_MIN_HOSTS = 16;
const FIRST_ROUND_MIN_PORTS = 100;
function asksForHosts({ hostsOnly, noDiscovery, pings = [], arpPing }) {
	return hostsOnly === true || noDiscovery !== true && (pings.length > 0 || arpPing === true);
}


function pingsOverIpv6(kinds) {
	const left = kinds.filter((kind) => kind !== "timestamp" && kind !== "mask");
	if (left.length > 0) return left;
	throw new UsageError(`Cannot ping hosts of IPv6 by ${kinds.join(" and ")}: ICMPv6 has no such request. Add -PE`);
}





async function firstRoundPings({ blocks }) {
	const { TOP_PORT_COUNT, topPorts } = await Promise.resolve().then(() => top_ports_exports);
	const isProbed = (port) => blocks.every(({ ports }) => ports.has(port) || ports.size < FIRST_ROUND_MIN_PORTS);
	return ["echo", ...topPorts(TOP_PORT_COUNT).filter(isProbed).slice(0, FIRST_ROUND_PORTS).map((port) => `syn:${port}`)];
}

function boundsOf$1(hosts) {
	return Uint32Array.from([...hosts].flat());
}

function discoveryTask({ passes: _1, warnings: _2, ...task }) {
	return task;
}
const LIKELY_UP = 256;
function likelyProbes(space, { links }) {
	const onLinks = Ranges.fromSortedBounds(links);
	const others = space.hostRanges().subtract(onLinks).size + Math.min(LIKELY_UP, onLinks.size);
	return Math.ceil(space.size * others / space.hostCount);
}

// src/scan/probed_hosts.ts
const MAX_ENUMERATED = 1 << 22;


// src/scan/shares.ts
const MAX_DEALT = 1 << 22;
const PIECES = 16384;
function hostShare(hosts, { index, count } = WHOLE) {
	if (count === 1) return hosts;
	const share = new RangesBuilder();
	const length = hosts.size <= MAX_DEALT ? 1 : Math.ceil(hosts.size / PIECES);
	let before = 0;
	let from = (index - 1) * length;
	for (const [first, last] of hosts) {
		const end = before + last - first + 1;
		while (from < end) {
			const at = first + Math.max(0, from - before);
			share.add(at, Math.min(last, first + from + length - 1 - before));
			if (from + length > end) break;
			from += count * length;
		}
		before = end;
	}
	return share.build();
}
function restricted(space, hosts) {
	const targets = space.blocks.map((block) => ({
		hosts: within$1(block.hosts, hosts),
		ports: block.ports
	}));
	return new ProbeSpace({
		targets,
		defaultPorts: PortSet.EMPTY,
		tiers: space.tiers
	});
}
var ScanShares = class {
	size;
	hosts;
	#space;
	#division;
	constructor(space, division) {
		this.#space = space;
		this.#division = division;
		if (division.isByHost) {
			const hosts = hostShare(space.hostRanges(), division.shard);
			this.hosts = hosts.size;
			this.size = restricted(space, hosts).size;
		} else {
			const [order] = this.ScanShares$orders(1);
			this.hosts = countProbedHosts(space, [{
				order,
				count: order.size
			}]);
			this.size = order.size;
		}
	}
	static { this.prototype.sizes = (function(count) {
		const { isByHost, shard } = this.#division;
		if (!isByHost) return this.ScanShares$orders(count).map((({ size }) => size));
		const hosts = this.#space.hostRanges();
		return Array.from({ length: count }, ((_, index) => restricted(this.#space, hostShare(hosts, nestShard(shard, {
			index: index + 1,
			count
		}))).size));
	}); }
	static { this.prototype.probedHosts = (function(probed, removed) {
		if (this.#division.isByHost) return this.hosts;
		const orders = this.ScanShares$orders(probed.length);
		return countProbedHosts(this.#space, probed.map(((part, index) => ({
			...part,
			order: orders[index]
		}))), removed);
	}); }
	static { this.prototype.ScanShares$orders = (function(count) {
		return shardOrders(this.#space.tierSizes, this.#division, count);
	}); }
};


// src/scan/probe_source.ts

var ShardProbeSource = class {
	size;
	refused;
	#space;
	#order;
	#silent;
	#silentOrder;
	#silentHosts;
	#first;
	#firstCount;
	#excludedPorts;
	#excludedHosts;
	#from;
	#portsOfEach;
	#passes;
	#host = 0;
	#port = 0;
	constructor([space, silent], options, remaining) {
		const { seed, shard, excludePorts, passes } = options;
		const order = this.#order = new ShardedOrder(space.tierSizes, seed, shard);
		this.#space = space;
		this.#silent = silent;
		this.#silentOrder = new ShardedOrder(silent.tierSizes, seed, shard);
		this.#silentHosts = silent.hostRanges();
		const size = order.size + this.#silentOrder.size;
		this.#excludedPorts = Ranges.from(excludePorts);
		this.#excludedHosts = excludedHosts(options);
		this.refused = remaining?.refused && this.#withoutExcluded(remaining.refused);
		this.#first = remaining?.pending ?? /* @__PURE__ */ new Uint32Array();
		this.#firstCount = this.#first.length / 2;
		this.#from = Math.min(remaining?.position ?? 0, size);
		this.#passes = passes;
		const blocks = [...space.blocks, ...silent.blocks];
		const ofEach = blocks[0]?.ports.size ?? 0;
		this.#portsOfEach = blocks.every((({ ports }) => ports.size === ofEach)) ? ofEach * passes : 0;
		this.size = this.#firstCount + size - this.#from;
	}
	get host() {
		return this.#host;
	}
	get port() {
		return this.#port;
	}
	static { this.prototype.locate = (function(position) {
		if (position < this.#firstCount) {
			this.#host = this.#first[2 * position];
			this.#port = this.#first[2 * position + 1];
			return;
		}
		const at = position - this.#firstCount + this.#from;
		const firstSize = this.#order.size;
		const space = at < firstSize ? this.#space : this.#silent;
		space.locate(at < firstSize ? this.#order.at(at) : this.#silentOrder.at(at - firstSize));
		this.#host = space.host;
		this.#port = space.port;
	}); }
	get isExcluded() {
		return this.#excludedHosts.has(this.#host) || this.#excludedPorts.has(this.#port);
	}
	#withoutExcluded(refused) {
		return refused.filter((_, at) => {
			const first = at - at % 4;
			return !this.#excludedHosts.has(refused[first]) && !this.#excludedPorts.has(refused[first + 1]);
		});
	}
	wasPending(host) {
		const pending = this.#first;
		for (let at = 0; at < pending.length; at += 2) if (pending[at] === host) return true;
		return false;
	}
	static { this.prototype.wasSilent = (function(host) {
		return this.#silentHosts.has(host);
	}); }
	static { this.prototype.portCountOf = (function(host) {
		return this.#portsOfEach || (this.#space.portCountOf(host) + this.#silent.portCountOf(host)) * this.#passes;
	}); }
	isSpare(host, port) {
		return !this.#space.contains(host, port) && !this.#silent.contains(host, port) && !this.#excludedPorts.has(port);
	}
	static { this.prototype.inOrder = (function(position) {
		return Math.max(0, position - this.#firstCount) + this.#from;
	}); }
	remaining(position, { pending, refused }) {
		if (position >= this.#firstCount) return {
			position: this.inOrder(position),
			pending,
			refused
		};
		const unsent = this.#first.subarray(2 * position);
		const joined = new Uint32Array(pending.length + unsent.length);
		joined.set(pending);
		joined.set(unsent, pending.length);
		return {
			position: this.#from,
			pending: joined,
			refused
		};
	}
};

// src/engine/silences.ts
const NO_SILENCE = {
	fallen: [],
	rationed: [],
	isEarly: false,
	timedOut: [],
	limited: [],
	unsettled: []
};
const MAX_FALLEN$1 = 4096;
const MAX_NETWORKS = 4096;
const MAX_SENDERS = 16;
var Silences = class {
	isEarly = false;
	timedOut = /* @__PURE__ */ new Set();
	#fallen = /* @__PURE__ */ new Map();
	#unreachable = /* @__PURE__ */ new Map();
	#networkOf;
	#networks = /* @__PURE__ */ new Map();
	#hosts = /* @__PURE__ */ new Map();
	constructor(networkOf) {
		this.#networkOf = networkOf;
	}
	onError(host, sender, ports = 1) {
		const isOwn = sender === host;
		const counts = isOwn ? this.#hosts : this.#networks;
		const key = isOwn ? host : this.#networkOf(host);
		const found = counts.get(key);
		if (found === void 0) {
			if (counts.size < MAX_NETWORKS) counts.set(key, {
				senders: [sender],
				answered: 1,
				silent: 0
			});
			return;
		}
		found.answered += ports;
		if (!found.senders.includes(sender) && found.senders.length < MAX_SENDERS) found.senders.push(sender);
	}
	onSilence(host) {
		const counts = (this.#hosts.size > 0 ? this.#hosts.get(host) : void 0) ?? (this.#networks.size > 0 ? this.#networks.get(this.#networkOf(host)) : void 0);
		if (counts !== void 0) counts.silent++;
	}
	hasFallen(host) {
		return this.#fallen.has(host);
	}
	fell(host) {
		if (this.#fallen.size < MAX_FALLEN$1) this.#fallen.set(host.host, host);
	}
	onUnreachable(host, sender) {
		if (this.#unreachable.size < MAX_FALLEN$1) this.#unreachable.set(host, sender);
	}
	static { this.prototype.report = (function(limited = [], unsettled = []) {
		const all = [...this.#networks.values(), ...this.#hosts.values()];
		const rationed = Map.groupBy(all, (({ senders }) => senders.toSorted().join())).values().map(((alike) => ({
			senders: alike[0].senders,
			answered: alike.reduce(((sum, { answered }) => sum + answered), 0),
			silent: alike.reduce(((sum, { silent }) => sum + silent), 0)
		}))).filter((({ answered, silent }) => answered > 0 && silent > 0)).toArray();
		return {
			fallen: Array.from(this.#fallen.values(), ((host) => ({
				...host,
				reportedBy: this.#unreachable.get(host.host) ?? 0
			}))),
			rationed,
			isEarly: this.isEarly,
			timedOut: [...this.timedOut],
			limited,
			unsettled
		};
	}); }
};

// src/target/port_tiers.ts
const COMMON_PORTS$1 = {
	tcp: [
		"80 443 22 8080 445 3389 21 23 25 53 8443 139 135 111 110 143 993 995 587 465 3306 5900 1433 5432",
		"6379 27017 1521 9200 11211 5984 9042 8086 50000 1434",
		"88 389 636 464 3268 5985 5986 49152-49157 1025 1026",
		"2375 2376 2379 6443 10250 8500 2181 9092 5672 15672 9090 3000 5601 10000",
		"8000 8888 8081 8008 8009 8181 5000 9000 81 3128 2082 2083 8089 7001",
		"2049 873 548 3260 631 515 9100 990 3690",
		"1883 8883 5060 554 179 1723 7547 502 102 8291 4786 5901 6000 2222"
	],
	udp: [
		"53 123 161 137 138 67 68 69 111 514 1900 5353 500 4500 631 162 520 88 389 445 135 1434",
		"443 1194 51820 1701 3478 5060 5061 80 853 1723 4789 3784 8472 5349 19302",
		"1812 1813 1645 1646 2049 20048 464 11211 623 177 523 4045 3702 427 5355 1433 7001 7000",
		"5683 5684 47808 44818 5351 3671 5050 20000 34964 502 9600 10001 3283 1604 5632 5555 17185 30718 9999",
		"7 9 13 17 19 37 49 79 113 512 513 517 518 19132 27015 27960 25565 6881 2123 2152 784 8853 8443 4433 664 49152 49153 32768"
	]
};
const LAST_RANKS = [
	8,
	24,
	100
];
function portTiers(protocol) {
	const ranked = portsIn$1(COMMON_PORTS$1[protocol]);
	return LAST_RANKS.map((last, tier) => PortSet.of(ranked.slice(LAST_RANKS[tier - 1] ?? 0, last)));
}
function portsIn$1(groups) {
	const singles = groups.join(" ").replaceAll(/(\d+)-(\d+)/g, (_, first, last) => {
		return Array.from({ length: last - first + 1 }, (_, index) => Number(first) + index).join(" ");
	});
	return JSON.parse(`[${singles.replaceAll(" ", ",")}]`);
}

// src/scan/worker_task.ts
const EMPTY_REPORT = {
	byState: [],
	sent: 0,
	inFlight: 0,
	sendingMs: 0,
	answered: 0,
	returned: 0,
	lost: 0,
	ended: "done",
	probed: 0,
	cut: 0,
	expectedWrong: 0,
	late: 0,
	duplicates: 0,
	finAcks: 0,
	unmatched: 0,
	sendRetries: 0,
	sendErrors: [],
	receiveDrops: 0,
	hostsUp: [],
	singlesUp: 0,
	cappedHosts: [],
	suspects: [],
	notes: [],
	shapes: [],
	silences: NO_SILENCE,
	isOverHosts: false,
	local: NO_LOCAL_REPORT
};


function statusTogether(parts) {
	const total = {
		sent: 0,
		inFlight: 0,
		sendingMs: 0,
		answered: 0,
		returned: 0,
		lost: 0
	};
	const byState = [];
	for (const part of parts) {
		part.byState.forEach((count, state) => byState[state] = (byState[state] ?? 0) + count);
		total.sent += part.sent;
		total.inFlight += part.inFlight;
		total.sendingMs += part.sendingMs;
		total.answered += part.answered;
		total.returned += part.returned;
		total.lost += part.lost;
	}
	return {
		...total,
		byState
	};
}

// src/scan/pass_spaces.ts
const PROXY_ARP = reasonCode("proxy-arp");
const LOCALHOST_RESPONSE = reasonCode("localhost-response");
const LAST_HOST = 4294967295;
const UDP = "udp";
const UDP_LEFT = 16;
const NO_PORTS = new ProbeSpace({
	targets: [],
	defaultPorts: PortSet.EMPTY
});
var FoundHosts = class {
	#lists = [
		0,
		1,
		2,
		6
	].map((() => new TypedVector(/* @__PURE__ */ new Uint32Array(16))));
	#distrusted = /* @__PURE__ */ new Set();
	#before;
	constructor(before) {
		this.#before = before;
	}
	add(host, state) {
		this.#lists[LISTS[state]].push(host);
	}
	distrust(host) {
		this.#lists[LISTS[6]].push(host);
		this.#distrusted.add(host);
	}
	get found() {
		const distrusted = Ranges.ofMembers(Uint32Array.from(this.#distrusted).sort());
		const up = this.#union(0, this.#before?.up).subtract(distrusted);
		const absent = this.#union(1, this.#before?.absent).subtract(up);
		const silent = this.#union(2, this.#before?.silent).subtract(up).subtract(absent);
		const undecided = this.#union(3, this.#before?.undecided).subtract(up).subtract(absent).subtract(silent);
		return {
			up: boundsOf$1(up),
			absent: boundsOf$1(absent),
			silent: boundsOf$1(silent),
			undecided: boundsOf$1(undecided)
		};
	}
	#union(list, before) {
		const hosts = this.#lists[list];
		const builder = new RangesBuilder();
		if (before !== void 0) builder.addAll(Ranges.fromSortedBounds(before));
		for (let i = 0; i < hosts.length; i++) builder.add(hosts.at(i), hosts.at(i));
		return builder.build();
	}
};

const LISTS = [
	0,
	1,
	2,
	3,
	3,
	3,
	3
];
var PassSpaces = class {
	hosts;
	#task;
	#space;
	#udpSpace;
	#found;
	#isFixed;
	#isByHost;
	#isMixed;
	#left = /* @__PURE__ */ new Map();
	constructor(task) {
		this.#task = task;
		const { shard, passes, remaining, udpBlocks } = task;
		const isUdpAlone = udpBlocks === void 0 && passes.some((({ proto }) => proto === UDP));
		const whole = spaceOf(task.blocks, isUdpAlone ? UDP : "tcp");
		this.#isByHost = isByHost(passes);
		this.hosts = this.#isByHost ? hostShare(whole.hostRanges(), shard) : whole.hostRanges();
		const own = ((space) => this.#isByHost && shard.count > 1 ? restricted(space, this.hosts) : space);
		this.#space = own(whole);
		this.#udpSpace = udpBlocks === void 0 ? this.#space : own(spaceOf(udpBlocks, UDP));
		this.#isMixed = isMixed(passes);
		const work = passes.filter(probesHosts).map((({ number }) => remaining?.[number]));
		this.#found = new FoundHosts(work.find(((each) => each?.found !== void 0))?.found);
		this.#isFixed = work.length > 0 && work.every(((each) => each !== void 0 && each.position > whole.size));
	}
	get found() {
		return this.#task.discovery === void 0 ? void 0 : this.#found.found;
	}
	get absent() {
		return Ranges.fromSortedBounds(this.#found.found.absent);
	}
	static { this.prototype.cutOf = (function(pass) {
		if (probesHosts(pass)) return 0;
		const { whole, spaces: [first, silent] } = this.PassSpaces$leftOf(pass);
		return whole - first.size - silent.size;
	}); }
	static { this.prototype.sourceOf = (function(pass) {
		const { seed, shard, excludePorts, excludeHosts } = this.#task;
		const remaining = this.#task.remaining?.[pass.number];
		if (probesHosts(pass)) {
			const order = {
				seed,
				shard: WHOLE,
				excludePorts: [],
				excludeHosts,
				passes: 1
			};
			return new ShardProbeSource([this.#hostSpace(pass), NO_PORTS], order, remaining);
		}
		const order = {
			seed,
			shard: this.#isByHost ? WHOLE : shard,
			excludePorts,
			excludeHosts
		};
		const passes = this.PassSpaces$passesLike(pass);
		return new ShardProbeSource(this.PassSpaces$leftOf(pass).spaces, {
			...order,
			passes
		}, remaining);
	}); }
	static { this.prototype.PassSpaces$passesLike = (function(pass) {
		const { passes } = this.#task;
		if (!this.#isMixed || !sendsPackets(pass)) return passes.length;
		const family = ((each) => each.family ?? 4);
		return passes.filter(((other) => !sendsPackets(other) || family(other) === family(pass))).length;
	}); }
	static { this.prototype.PassSpaces$leftOf = (function(pass) {
		const family = this.#isMixed && sendsPackets(pass) ? pass.family ?? 4 : 0;
		const key = pass.proto === UDP ? UDP_LEFT + family : family;
		let left = this.#left.get(key);
		if (left === void 0) {
			const all = pass.proto === UDP ? this.#udpSpace : this.#space;
			const space = family === 0 ? all : restricted(all, this.#familyOf(pass));
			this.#left.set(key, left = {
				whole: space.size,
				spaces: this.PassSpaces$portSpaces(space)
			});
		}
		return left;
	}); }
	#familyOf(pass) {
		if (!this.#isMixed || !sendsPackets(pass)) return this.hosts;
		const ofIpv6 = within$1(this.hosts, Ranges.of(this.#task.ipv6.numbers[0], LAST_HOST));
		return pass.family === 6 ? ofIpv6 : this.hosts.subtract(ofIpv6);
	}
	static { this.prototype.take = (function(rows, pass, macOf) {
		if (!probesHosts(pass)) return;
		for (let at = 0; at < rows.length; at += 6) {
			const host = hostAt(rows, at);
			if (!this.#isFixed) this.#found.add(host, stateAt(rows, at));
			if (OF_LINKS.includes(reasonAt(rows, at))) setMac(rows, at, macOf(host));
		}
	}); }
	giveProxied(isProxied, macOf, give) {
		const batcher = new ResultBatcher((rows) => {
			for (let at = 0; at < rows.length; at += 6) setMac(rows, at, macOf(hostAt(rows, at)));
			give(rows);
		});
		const proxied = [];
		for (const [first, last] of Ranges.fromSortedBounds(this.#found.found.up)) for (let host = first; host <= last; host++) {
			if (!isProxied(host)) continue;
			proxied.push(host);
			this.#found.distrust(host);
			batcher.result(host, 0, 6, PROXY_ARP, 0, -1, 0, host, -1, 0);
		}
		batcher.flush();
		return proxied;
	}
	static { this.prototype.giveOwn = (function(give) {
		const { discovery } = this.#task;
		if (discovery === void 0) return;
		const batcher = new ResultBatcher(give);
		for (const [first, last] of within$1(Ranges.fromSortedBounds(discovery.own), this.hosts)) for (let host = first; host <= last; host++) {
			this.#found.add(host, 0);
			batcher.result(host, 0, 0, LOCALHOST_RESPONSE, 0, -1, 0, host, -1, 0);
		}
		batcher.flush();
	}); }
	#hostSpace(pass) {
		const { technique } = pass;
		const { links, pinged } = this.#task.discovery;
		const isOfLinks = packetTechnique(technique)?.ethertype !== void 0;
		let hosts = within$1(Ranges.fromSortedBounds(isOfLinks ? links : pinged), this.#familyOf(pass));
		if (!isOfLinks) hosts = hosts.subtract(Ranges.fromSortedBounds(this.#found.found.absent));
		const ports = PortSet.of(probeNames(technique).map((_, what) => what));
		return new ProbeSpace({
			targets: [{
				hosts,
				ports
			}],
			defaultPorts: PortSet.EMPTY
		});
	}
	static { this.prototype.PassSpaces$portSpaces = (function(space) {
		const { discovery } = this.#task;
		if (discovery?.skips !== true) return [space, NO_PORTS];
		const found = this.#found.found;
		const absent = Ranges.fromSortedBounds(found.absent);
		const silent = within$1(Ranges.fromSortedBounds(discovery.pinged), Ranges.fromSortedBounds(found.silent));
		return [restricted(space, this.hosts.subtract(absent).subtract(silent)), discovery.needsReply ? NO_PORTS : restricted(space, silent)];
	}); }
};

// src/engine/notes.ts
const ROW_LEN = 4;
const MORE = 65537;
const LISTED_PORTS = 8;
const MAX_NOTES = 4096;

var NoteTable = class {
	#hosts = /* @__PURE__ */ new Map();
	#hasPorts;
	#size = 0;
	constructor(hasPorts = true) {
		this.#hasPorts = hasPorts;
	}
	addPort(host, port, code) {
		if (!this.#hasPorts) {
			this.addHost(host, code);
			return;
		}
		const entry = this.#entry(host, code);
		if (entry === void 0 || entry.ports.includes(port)) return;
		if (entry.ports.length < LISTED_PORTS) entry.ports.push(port);
		else entry.more++;
	}
	addHost(host, code) {
		const entry = this.#entry(host, code);
		if (entry !== void 0) entry.isHost = true;
	}
	hasHost(host, code) {
		return this.#hosts.get(host)?.get(code)?.isHost === true;
	}
	removeHost(host, code) {
		const entry = this.#hosts.get(host)?.get(code);
		if (entry !== void 0) entry.isHost = false;
	}
	static { this.prototype.of = (function(host, port) {
		if (this.#size === 0) return 0;
		let last = 0;
		for (const [code, { ports }] of this.#hosts.get(host) ?? []) if (ports.includes(port)) last = code;
		return last;
	}); }
	static { this.prototype.rows = (function() {
		const rows = [];
		for (const [host, codes] of [...this.#hosts].sort((([one], [other]) => one - other))) for (const [code, { ports, more, isHost }] of codes) {
			if (isHost) rows.push(host, 0, code, 0);
			for (const port of ports) rows.push(host, port + 1, code, 0);
			if (more > 0) rows.push(host, MORE, code, more);
		}
		return Uint32Array.from(rows);
	}); }
	static { this.prototype.addRows = (function(rows) {
		for (let at = 0; at < rows.length; at += ROW_LEN) {
			const [host, what, code, more] = [
				rows[at],
				rows[at + 1],
				rows[at + 2],
				rows[at + 3]
			];
			if (what === 0) this.addHost(host, code);
			else if (what < MORE) this.addPort(host, what - 1, code);
			else {
				const entry = this.#entry(host, code);
				if (entry !== void 0) entry.more += more;
			}
		}
	}); }
	#entry(host, code) {
		const codes = this.#hosts.get(host);
		const found = codes?.get(code);
		if (found !== void 0 || this.#size >= MAX_NOTES) return found;
		this.#size++;
		const entry = {
			ports: [],
			more: 0,
			isHost: false
		};
		if (codes === void 0) this.#hosts.set(host, /* @__PURE__ */ new Map([[code, entry]]));
		else codes.set(code, entry);
		return entry;
	}
};




// src/engine/host_liveness.ts
const GLOBAL = 0;
const PROBES_BEFORE_UNREACHABLE = 8;
const SILENCE_BEFORE_UNREACHABLE_MS = 5e3;
const MAX_LIVENESS_GAP_MS$1 = 2e3;
var HostLiveness = class {
	livenessPort = /* @__PURE__ */ new Int32Array(0);
	refusedPort = /* @__PURE__ */ new Int32Array(0);
	servicePort = /* @__PURE__ */ new Int32Array(0);
	aliveAt = /* @__PURE__ */ new Float64Array(0);
	countsSince = /* @__PURE__ */ new Float64Array(0);
	livenessAnswered = /* @__PURE__ */ new Uint32Array(0);
	livenessLost = /* @__PURE__ */ new Uint32Array(0);
	unansweredLiveness = /* @__PURE__ */ new Uint16Array(0);
	silentSince = /* @__PURE__ */ new Float64Array(0);
	nextLivenessAt = /* @__PURE__ */ new Float64Array(0);
	burstSize = /* @__PURE__ */ new Uint32Array(0);
	burstLivenessAt = /* @__PURE__ */ new Float64Array(0);
	burstEndsAt = /* @__PURE__ */ new Float64Array(0);
	silenceCountsSince(index) {
		return Math.max(this.countsSince[0], this.countsSince[index]);
	}
	noteLivenessLost(index, sentMs) {
		if (this.unansweredLiveness[index] === 0) this.silentSince[index] = sentMs;
		if (this.unansweredLiveness[index] < 65535) this.unansweredLiveness[index]++;
	}
	forgetSilence() {
		this.unansweredLiveness.fill(0);
		this.nextLivenessAt.fill(0);
	}
	livenessPause(index, nowMs, gapMs) {
		if (this.unansweredLiveness[index] === 0) return gapMs;
		return Math.max(gapMs, Math.min(MAX_LIVENESS_GAP_MS$1, (nowMs - this.silentSince[index]) / 4));
	}
	isUnreachable(index, nowMs) {
		return this.unansweredLiveness[index] >= PROBES_BEFORE_UNREACHABLE && nowMs - this.silentSince[index] >= SILENCE_BEFORE_UNREACHABLE_MS;
	}
};

// src/engine/host_table.ts
const FIRST_PORTS = 4;
const ENTRIES = 17;
const MAX_HOSTS$2 = 1 << 20;
const FILLS$1 = {
	srtt: -1,
	livenessPort: -1,
	openPort: -1,
	refusedPort: -1,
	servicePort: -1,
	aliveAt: -1
};
const WIDTHS$1 = { firstPorts: 4 };
var HostTable = class extends HostLiveness {
	address = /* @__PURE__ */ new Uint32Array(0);
	srtt = /* @__PURE__ */ new Float64Array(0);
	variation = /* @__PURE__ */ new Float64Array(0);
	answered = /* @__PURE__ */ new Uint32Array(0);
	returned = /* @__PURE__ */ new Int32Array(0);
	lost = /* @__PURE__ */ new Uint32Array(0);
	open = /* @__PURE__ */ new Uint32Array(0);
	errors = /* @__PURE__ */ new Uint32Array(0);
	errorRow = /* @__PURE__ */ new Uint32Array(0);
	refusedRow = /* @__PURE__ */ new Uint32Array(0);
	openPort = /* @__PURE__ */ new Int32Array(0);
	rechecks = /* @__PURE__ */ new Uint8Array(0);
	ttl = /* @__PURE__ */ new Uint8Array(0);
	firstPorts = /* @__PURE__ */ new Uint16Array(0);
	firstAnswerAt = /* @__PURE__ */ new Float64Array(0);
	#index = new U32Map();
	#count = 1;
	#recentAddress = -1;
	#recentIndex = -1;
	constructor() {
		super();
		growColumns(this, ENTRIES, FILLS$1, WIDTHS$1);
	}
	get count() {
		return this.#count;
	}
	static { this.prototype.find = (function(address) {
		if (address === this.#recentAddress) return this.#recentIndex;
		const index = this.#index.get(address);
		if (index < 0) return 0;
		this.#recentAddress = address;
		this.#recentIndex = index;
		return index;
	}); }
	static { this.prototype.findOrAdd = (function(address) {
		const found = this.find(address);
		if (found !== 0 || this.#count >= MAX_HOSTS$2) return found;
		if (this.#count === this.address.length) growColumns(this, this.#count * 2 - 1, FILLS$1, WIDTHS$1);
		const index = this.#count++;
		this.address[index] = address;
		this.#index.add(address, index);
		return index;
	}); }
	forgetLoss(index, kept) {
		const scale = Math.min(1, kept / Math.max(1, this.returned[index] + this.lost[index]));
		this.returned[index] = Math.round(this.returned[index] * scale);
		this.lost[index] = Math.round(this.lost[index] * scale);
	}
};

// src/engine/engine_clock.ts
const STANDSTILL_MS = 250;
var EngineClock = class {
	beganMs;
	nowMs = 0;
	stepMs = 0;
	#stoodStillMs = 0;
	#promisedAt = -1;
	constructor(beganMs) {
		this.beganMs = beganMs;
	}
	static { this.prototype.begin = (function(callerMs) {
		if (this.#promisedAt >= 0 && callerMs - this.#promisedAt > STANDSTILL_MS) this.exclude(callerMs - this.#promisedAt);
		this.stepMs = this.engineTime(callerMs);
	}); }
	static { this.prototype.promise = (function(callerMs) {
		return this.#promisedAt = callerMs;
	}); }
	static { this.prototype.advance = (function(callerMs) {
		return this.nowMs = this.engineTime(callerMs);
	}); }
	exclude(spanMs) {
		this.#stoodStillMs += spanMs;
	}
	static { this.prototype.engineTime = (function(callerMs) {
		return callerMs - this.#stoodStillMs;
	}); }
	static { this.prototype.callerTime = (function(engineMs) {
		return engineMs + this.#stoodStillMs;
	}); }
};

// src/collections/slot_lists.ts
const FREE_LIST = 0;
const FIRST_DYNAMIC_LIST = 4;
var SlotLists = class {
	#next;
	#previous;
	#list;
	#heads = (/* @__PURE__ */ new Int32Array(64)).fill(-1);
	#tails = (/* @__PURE__ */ new Int32Array(64)).fill(-1);
	#counts = /* @__PURE__ */ new Int32Array(64);
	#listCount = FIRST_DYNAMIC_LIST;
	constructor(slots) {
		this.#next = new Int32Array(slots);
		this.#previous = new Int32Array(slots);
		this.#list = new Int32Array(slots).fill(0);
		for (let slot = 0; slot < slots; slot++) {
			this.#previous[slot] = slot - 1;
			this.#next[slot] = slot + 1 < slots ? slot + 1 : -1;
		}
		this.#heads[0] = 0;
		this.#tails[0] = slots - 1;
		this.#counts[0] = slots;
	}
	isOn(slot, list) {
		return this.#list[slot] === list;
	}
	static { this.prototype.count = (function(list) {
		return this.#counts[list];
	}); }
	static { this.prototype.first = (function(list) {
		return this.#heads[list];
	}); }
	newList() {
		return this.newLists(1);
	}
	static { this.prototype.newLists = (function(count) {
		const first = this.#listCount;
		this.#listCount += count;
		if (this.#listCount > this.#heads.length) {
			const room = Math.max(this.#listCount, this.#heads.length * 2);
			this.#heads = grown(this.#heads, room, -1);
			this.#tails = grown(this.#tails, room, -1);
			this.#counts = grown(this.#counts, room, 0);
		}
		return first;
	}); }
	static { this.prototype.move = (function(slot, list) {
		this.SlotLists$unlink(slot);
		const tail = this.#tails[list];
		this.#next[slot] = -1;
		this.#previous[slot] = tail;
		this.#list[slot] = list;
		if (tail < 0) this.#heads[list] = slot;
		else this.#next[tail] = slot;
		this.#tails[list] = slot;
		this.#counts[list]++;
	}); }
	growLists(slots) {
		const old = this.#list.length;
		this.#next = moved(this.#next, slots, -1);
		this.#previous = moved(this.#previous, slots, -1);
		this.#list = moved(this.#list, slots, 0);
		for (let slot = slots - 1; slot >= old; slot--) this.#prependFree(slot);
	}
	#prependFree(slot) {
		const head = this.#heads[0];
		this.#next[slot] = head;
		this.#previous[slot] = -1;
		if (head < 0) this.#tails[0] = slot;
		else this.#previous[head] = slot;
		this.#heads[0] = slot;
		this.#counts[0]++;
	}
	static { this.prototype.SlotLists$unlink = (function(slot) {
		const list = this.#list[slot];
		const next = this.#next[slot];
		const previous = this.#previous[slot];
		if (previous < 0) this.#heads[list] = next;
		else this.#next[previous] = next;
		if (next < 0) this.#tails[list] = previous;
		else this.#previous[next] = previous;
		this.#counts[list]--;
	}); }
};

// src/engine/attempt_times.ts
const FILLS = { left: -1 };
const WIDTHS = {
	left: 4,
	sent: 4,
	source: 4
};
var AttemptTimes = class {
	first = /* @__PURE__ */ new Float64Array(0);
	sent = /* @__PURE__ */ new Float64Array(0);
	left = /* @__PURE__ */ new Float64Array(0);
	source = /* @__PURE__ */ new Uint8Array(0);
	static { this.prototype.grow = (function(slots) {
		growColumns(this, slots, FILLS, WIDTHS);
	}); }
	static { this.prototype.set = (function(slot, attempt, timeMs) {
		if (attempt === 0) this.first[slot] = timeMs;
		this.sent[probeId(slot, attempt)] = timeMs;
	}); }
	static { this.prototype.of = (function(slot, attempt, tries) {
		if (attempt < 0 || attempt < tries - 4) return -1;
		return this.sent[probeId(slot, attempt)];
	}); }
};

// src/engine/probe_table.ts
const DECIDED = 1;
const IN_FLIGHT = 2;
const FOR_RESULT = 0;
const FOR_LIVENESS = 1;
const FOR_PATH_LIVENESS = 2;

const KEPT_CAPACITY = 1 << 17;
const WEIGHT_OF_ERRORS = weightOf(reasonCode("host-unreach"));
var ProbeTable = class extends SlotLists {
	host = /* @__PURE__ */ new Uint32Array(0);
	port = /* @__PURE__ */ new Uint16Array(0);
	status = /* @__PURE__ */ new Uint8Array(0);
	purpose = /* @__PURE__ */ new Uint8Array(0);
	tries = /* @__PURE__ */ new Uint8Array(0);
	countedTries = /* @__PURE__ */ new Uint8Array(0);
	answered = /* @__PURE__ */ new Uint8Array(0);
	state = /* @__PURE__ */ new Uint8Array(0);
	reason = /* @__PURE__ */ new Uint8Array(0);
	doubtful = /* @__PURE__ */ new Uint8Array(0);
	doubtfulFrom = /* @__PURE__ */ new Uint32Array(0);
	due = /* @__PURE__ */ new Float64Array(0);
	refusedAt = /* @__PURE__ */ new Float64Array(0);
	times = new AttemptTimes();
	#capacity;
	maxCapacity;
	constructor(initialCapacity, maxCapacity) {
		const capacity = Math.max(1, Math.min(initialCapacity, maxCapacity));
		super(capacity);
		this.#capacity = capacity;
		this.maxCapacity = maxCapacity;
		growColumns(this, capacity);
		this.times.grow(capacity);
	}
	get capacity() {
		return this.#capacity;
	}
	get used() {
		return this.#capacity - this.count(0);
	}
	static { this.prototype.take = (function(list, keepSince, keptWeight = WEIGHT_OF_ERRORS) {
		let slot = this.first(0);
		const isKept = slot >= 0 && this.status[slot] === 1 && weightOf(this.reason[slot]) <= keptWeight && this.#capacity < KEPT_CAPACITY && this.lastSentAt(slot) > keepSince;
		if (slot < 0 || isKept) {
			const hasGrown = this.#grow();
			if (slot < 0 && !hasGrown) return -1;
			slot = this.first(0);
		}
		this.move(slot, list);
		return slot;
	}); }
	static { this.prototype.sentAt = (function(slot, attempt) {
		return this.times.of(slot, attempt, this.tries[slot]);
	}); }
	lastSentAt(slot) {
		return this.times.sent[probeId(slot, this.tries[slot] - 1)];
	}
	search(host, port) {
		const { host: hosts, port: ports, status, purpose } = this;
		for (let slot = 0; slot < this.#capacity; slot++) if (hosts[slot] === host && ports[slot] === port && status[slot] >= 2 && purpose[slot] === 0) return slot;
		return -1;
	}
	#grow() {
		const capacity = Math.min(this.#capacity * 2, this.maxCapacity);
		if (capacity === this.#capacity) return false;
		growColumns(this, capacity);
		this.times.grow(capacity);
		this.growLists(capacity);
		this.#capacity = capacity;
		return true;
	}
};

// src/engine/probe_index.ts
var ProbeIndex = class {
	#table;
	#firsts = (/* @__PURE__ */ new Int32Array(1)).fill(-1);
	#next = /* @__PURE__ */ new Int32Array(0);
	#buckets = /* @__PURE__ */ new Int32Array(0);
	constructor(table) {
		this.#table = table;
	}
	add(slot) {
		if (slot < this.#buckets.length) this.#remove(slot);
		else this.#grow();
		this.#insert(slot);
	}
	#insert(slot) {
		const { host, port } = this.#table;
		const bucket = this.#bucketOf(host[slot], port[slot]);
		this.#buckets[slot] = bucket;
		this.#next[slot] = this.#firsts[bucket];
		this.#firsts[bucket] = slot;
	}
	find(host, port) {
		const { host: hosts, port: ports, status } = this.#table;
		let found = -1;
		for (let slot = this.#firsts[this.#bucketOf(host, port)]; slot >= 0; slot = this.#next[slot]) {
			if (hosts[slot] !== host || ports[slot] !== port) continue;
			if (status[slot] === 2) return slot;
			if (found < 0) found = slot;
		}
		return found;
	}
	#grow() {
		const [firsts, next] = [this.#firsts, this.#next];
		const { capacity } = this.#table;
		this.#next = new Int32Array(capacity);
		this.#buckets = grown(this.#buckets, capacity, -1);
		this.#firsts = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1))).fill(-1);
		for (const first of firsts) {
			let oldest = -1;
			for (let slot = first; slot >= 0;) {
				const following = next[slot];
				next[slot] = oldest;
				oldest = slot;
				slot = following;
			}
			for (let slot = oldest; slot >= 0; slot = next[slot]) this.#insert(slot);
		}
	}
	#bucketOf(host, port) {
		const mixed = Math.imul(host ^ Math.imul(port, 2654435761), 2246822507);
		return (mixed ^ mixed >>> 15) & this.#firsts.length - 1;
	}
	#remove(slot) {
		const bucket = this.#buckets[slot];
		if (bucket < 0) return;
		const next = this.#next[slot];
		let before = this.#firsts[bucket];
		if (before === slot) {
			this.#firsts[bucket] = next;
			return;
		}
		while (this.#next[before] !== slot) before = this.#next[before];
		this.#next[before] = next;
	}
};

// src/engine/rate.ts
const BURST_MS = 10;
const WAIT_MS = 1;
const ENOUGH_SEEN = 50;
const SOME_SEEN = 10;
const LOSS_MARGIN = .05;
const LOSS_FLOOR_PPS = 100;
const MIN_CUT = .25;
const MAX_CUT = .7;
const DECREASE_PATIENCE = 5;
const CHECK_PATIENCE = 2;
const GROWING = 0;
const TESTING = 1;
const CREEPING = 2;
var TokenBucket = class {
	ratePps = 1e400;
	spent = 0;
	#tokens = 0;
	#filledAt = -1;
	static { this.prototype.available = (function(nowMs) {
		if (this.ratePps === 1e400) return 1e400;
		if (this.#filledAt < 0) {
			this.#filledAt = nowMs;
			this.#tokens = 1;
		}
		const burst = Math.max(1, this.ratePps * BURST_MS / 1e3);
		this.#tokens = Math.min(burst, this.#tokens + (nowMs - this.#filledAt) * this.ratePps / 1e3);
		this.#filledAt = nowMs;
		return Math.floor(this.#tokens);
	}); }
	static { this.prototype.spend = (function() {
		this.spent++;
		if (this.ratePps !== 1e400) this.#tokens--;
	}); }
	static { this.prototype.nextAt = (function() {
		const wanted = Math.max(1, this.ratePps * WAIT_MS / 1e3);
		if (this.ratePps === 1e400 || this.#tokens >= wanted) return this.#filledAt;
		return this.#filledAt + (wanted - this.#tokens) * 1e3 / this.ratePps;
	}); }
};
var RateController = class extends TokenBucket {
	#bounds;
	#maxPps;
	#uncheckedPps;
	#minPps;
	#mode = GROWING;
	#since = 0;
	#intervals = 1;
	#spentBefore = 0;
	#returned = 0;
	#lost = 0;
	#measuredPps = 0;
	#normalLoss = 0;
	#lossBefore = 0;
	#seenBefore = 0;
	#rateBefore = 0;
	#cuts = 0;
	#lastSqueezeAt = -1e400;
	#lastCutAt = -1e400;
	overloadedUntil = -1e400;
	constructor(bounds) {
		super();
		this.#bounds = bounds;
		this.#maxPps = bounds.maxPps;
		this.#uncheckedPps = bounds.uncheckedPps ?? bounds.maxPps;
		this.#minPps = Math.min(bounds.minPps, bounds.maxPps);
		this.ratePps = this.RateController$bounded(bounds.startPps);
	}
	setMax(maxPps) {
		this.#maxPps = this.#uncheckedPps = Math.max(1, maxPps);
		this.#minPps = Math.min(this.#bounds.minPps, this.#maxPps);
		this.ratePps = this.RateController$bounded(Number.isFinite(this.ratePps) ? Math.max(this.ratePps, maxPps) : maxPps);
	}
	static { this.prototype.returned = (function(sentMs) {
		if (sentMs >= this.#since) this.#returned++;
	}); }
	lost(sentMs) {
		if (sentMs >= this.#since) this.#lost++;
	}
	squeeze(nowMs, intervalMs) {
		if (nowMs - this.#lastSqueezeAt < intervalMs) return;
		this.#lastSqueezeAt = nowMs;
		this.RateController$measure(nowMs);
		this.RateController$setRate(Math.max(LOSS_FLOOR_PPS, this.#basis() * MAX_CUT));
		this.RateController$begin(CREEPING, nowMs);
	}
	static { this.prototype.adjust = (function(nowMs, intervalMs) {
		const elapsedMs = nowMs - this.#since;
		if (elapsedMs < intervalMs * this.#intervals) return;
		this.#intervals++;
		const seen = this.#returned + this.#lost;
		const loss = seen === 0 ? 0 : this.#lost / seen;
		const suspect = seen >= SOME_SEEN && loss > this.#normalLoss + LOSS_MARGIN;
		if (seen < ENOUGH_SEEN && (suspect || this.#mode === TESTING) && elapsedMs < DECREASE_PATIENCE * intervalMs) return;
		if (seen < SOME_SEEN && this.ratePps > this.#uncheckedPps && elapsedMs < CHECK_PATIENCE * intervalMs) return;
		this.RateController$measure(nowMs);
		if (this.#mode === TESTING) this.#judge(nowMs, loss, seen);
		else if (suspect) {
			this.#cuts = 0;
			this.#cut(nowMs, loss, seen);
		} else if (seen < SOME_SEEN && this.ratePps > this.#uncheckedPps) {
			this.RateController$setRate(this.#uncheckedPps);
			this.RateController$begin(CREEPING, nowMs);
		} else {
			const grown = this.ratePps * (this.#mode !== GROWING ? 1.1 : this.ratePps < this.#uncheckedPps ? 2 : 1.5);
			this.RateController$setRate(seen < SOME_SEEN ? Math.min(grown, this.#uncheckedPps) : grown);
			this.RateController$begin(this.#mode, nowMs);
		}
	}); }
	#judge(nowMs, loss, seen) {
		const doubt = 2 * Math.sqrt(this.#lossBefore * (1 - this.#lossBefore) * (1 / Math.max(1, seen) + 1 / this.#seenBefore));
		if (loss <= this.#normalLoss + LOSS_MARGIN) {
			if (this.#lossBefore - loss > doubt && this.#rateBefore > this.#uncheckedPps) {
				this.#maxPps = Math.max(this.#uncheckedPps, this.ratePps);
				this.overloadedUntil = this.#lastCutAt;
			}
			this.RateController$begin(CREEPING, nowMs);
		} else if (this.#lossBefore - loss > doubt) this.#cut(nowMs, loss, seen);
		else {
			this.#normalLoss = Math.max(loss, this.#lossBefore);
			this.RateController$setRate(this.#rateBefore);
			this.RateController$begin(this.#cuts > 1 ? CREEPING : GROWING, nowMs);
		}
	}
	#cut(nowMs, loss, seen) {
		this.#cuts++;
		this.#lastCutAt = nowMs;
		this.#lossBefore = loss;
		this.#seenBefore = seen;
		this.#rateBefore = this.ratePps;
		this.RateController$setRate(Math.max(LOSS_FLOOR_PPS, this.#basis() * Math.min(MAX_CUT, Math.max(MIN_CUT, 1 - loss))));
		this.RateController$begin(TESTING, nowMs);
	}
	#basis() {
		return Math.min(this.ratePps, this.#measuredPps);
	}
	static { this.prototype.RateController$measure = (function(nowMs) {
		const elapsedMs = Math.max(1, nowMs - this.#since);
		this.#measuredPps = Math.max((this.spent - this.#spentBefore) * 1e3 / elapsedMs, this.#measuredPps / 2);
	}); }
	static { this.prototype.RateController$setRate = (function(ratePps) {
		this.ratePps = this.RateController$bounded(ratePps);
	}); }
	static { this.prototype.RateController$bounded = (function(ratePps) {
		return Math.max(this.#minPps, Math.min(this.#maxPps, ratePps));
	}); }
	static { this.prototype.RateController$begin = (function(mode, nowMs) {
		this.#mode = mode;
		this.#since = nowMs;
		this.#intervals = 1;
		this.#spentBefore = this.spent;
		this.#returned = this.#lost = 0;
	}); }
};

// src/engine/timer_wheel.ts
const TURN = 4096;
var TimerWheel = class {
	#table;
	#firstList;
	#tick;
	constructor(table, nowMs) {
		this.#table = table;
		this.#firstList = table.newLists(TURN);
		this.#tick = Math.floor(nowMs);
	}
	static { this.prototype.schedule = (function(slot, dueMs) {
		this.#table.due[slot] = dueMs;
		this.TimerWheel$place(slot, dueMs);
	}); }
	static { this.prototype.expire = (function(nowMs, list) {
		const end = Math.floor(nowMs);
		while (this.#tick < end) {
			const slot = this.#table.first(this.#firstList + (this.#tick & 4095));
			if (slot < 0) {
				this.#tick++;
				continue;
			}
			const due = this.#table.due[slot];
			if (due < this.#tick + 1) {
				this.#table.move(slot, list);
				return slot;
			}
			this.TimerWheel$place(slot, due, 1);
		}
		return -1;
	}); }
	static { this.prototype.next = (function(nowMs, withinMs) {
		const end = Math.min(Math.floor(nowMs + withinMs), this.#tick + TURN - 1);
		for (let tick = this.#tick; tick < end; tick++) if (this.#table.first(this.#firstList + (tick & 4095)) >= 0) return tick + 1;
		return nowMs + withinMs;
	}); }
	static { this.prototype.TimerWheel$place = (function(slot, dueMs, atLeast = 0) {
		const tick = Math.min(Math.max(Math.floor(dueMs), this.#tick + atLeast), this.#tick + TURN - 1);
		this.#table.move(slot, this.#firstList + (tick & 4095));
	}); }
};

// src/engine/engine_state.ts
var EngineState = class {
	source;
	driver;
	correlator;
	sink;
	limits;
	local;
	timeouts;
	reported;
	networkOf;
	clock;
	table;
	index;
	wheel;
	hosts = new HostTable();
	rate;
	silences;
	notes;
	counts = {
		byState: new Float64Array(STATES$1.length),
		singlesUp: 0,
		answered: 0,
		late: 0,
		duplicates: 0,
		finAcks: 0
	};
	position = 0;
	#unproven = /* @__PURE__ */ new Set();
	silentFound = 0;
	open = 0;
	constructor(parts) {
		this.source = parts.source;
		this.driver = parts.driver;
		this.correlator = parts.correlator;
		this.sink = parts.sink;
		this.limits = parts.limits;
		this.local = parts.local ?? NO_FACTS;
		this.timeouts = parts.timeouts;
		this.reported = parts.reported ?? /* @__PURE__ */ new Map();
		this.networkOf = parts.networkOf ?? (((host) => host));
		this.clock = new EngineClock(parts.nowMs);
		this.notes = new NoteTable(parts.driver.probesHosts !== true);
		const maxSlots = Math.min(1 << 20, this.maxInFlight * 4 + 64);
		this.table = new ProbeTable(Math.min(parts.source.size + 64, 4096, maxSlots), maxSlots);
		this.index = parts.driver.isTokenless ? new ProbeIndex(this.table) : void 0;
		this.wheel = new TimerWheel(this.table, parts.nowMs);
		this.rate = new RateController(parts.limits.rate);
		this.silences = new Silences(this.networkOf);
	}
	static { this.prototype.indexOfReply = (function(host, own, purpose, timeMs) {
		const { hosts, source, counts } = this;
		const found = hosts.find(host);
		if (found !== 0 || !own) return found;
		if (source.portCountOf(host) === 1) {
			if (purpose === 0) counts.singlesUp++;
			return 0;
		}
		const index = hosts.findOrAdd(host);
		if (index !== 0) hosts.firstAnswerAt[index] = timeMs;
		if (this.isSilent(host, 0)) this.silentFound++;
		return index;
	}); }
	addUnproven(host) {
		if (this.hosts.find(host) !== 0) return;
		if (this.source.portCountOf(host) === 1) this.counts.singlesUp++;
		else this.#unproven.add(host);
	}
	static { this.prototype.hostsUp = (function() {
		const { hosts } = this;
		const others = [...this.#unproven].filter(((host) => hosts.find(host) === 0));
		const up = new Uint32Array(hosts.count - 1 + others.length);
		up.set(hosts.address.subarray(1, hosts.count));
		up.set(others, hosts.count - 1);
		return up;
	}); }
	isUp(host) {
		return this.hosts.find(host) !== 0 || this.#unproven.has(host);
	}
	static { this.prototype.isSilent = (function(host, index) {
		return index === 0 && this.source.wasSilent?.(host) === true;
	}); }
	static { this.prototype.isOver = (function(host) {
		const { timeouts, clock } = this;
		return timeouts !== void 0 && timeouts.isOver(host, clock.callerTime(clock.nowMs));
	}); }
	get maxInFlight() {
		return Math.max(1, Math.min(this.limits.maxInFlight, this.driver.maxInFlight));
	}
	get overlaps() {
		return this.driver.overlaps && this.driver.attemptPeriod > 1;
	}
};

// src/engine/absent_hosts.ts
const HOST_UNREACH$6 = reasonCode("host-unreach");
const NO_RESPONSE$6 = reasonCode("no-response");
const LATE_UNREACHABLE_MS$1 = 2950;
const REPORT_UNTIL_MS = 3600;
const MAY_HAVE_WAITED_MS = 900;
const AT_ONCE_MS = 300;
const MAX_ABSENT = 65536;
const MAX_BEGUN = 65536;
const MAX_REFUSING = 4096;
var AbsentHosts = class {
	#hasNews = false;
	#state;
	#reportedBy;
	#begunMs = new U32Map();
	#refusing = /* @__PURE__ */ new Set();
	constructor(state) {
		this.#state = state;
		this.#reportedBy = state.reported;
	}
	get isAny() {
		return this.#reportedBy.size > 0;
	}
	takeNews() {
		const hasNews = this.#hasNews;
		this.#hasNews = false;
		return hasNews;
	}
	report(host, from) {
		const { hosts, sink } = this.#state;
		if (sink.absent === void 0 || hosts.find(host) !== 0 || this.#reportedBy.has(host)) return;
		if (this.#reportedBy.size >= MAX_ABSENT) return;
		this.#reportedBy.set(host, from);
		this.#hasNews = true;
	}
	static { this.prototype.begin = (function(host, timeMs) {
		if (this.#begunMs.size >= MAX_BEGUN || this.#begunMs.get(host) >= 0) return;
		this.#begunMs.add(host, Math.floor(this.#state.clock.callerTime(timeMs)));
	}); }
	isShownBy(slot, index, reason, from, nowMs, ageMs) {
		if (reason !== HOST_UNREACH$6 || index !== 0) return false;
		const { table, clock } = this.#state;
		const host = table.host[slot];
		if (from === host || table.purpose[slot] !== 0 || this.#isSettled(slot)) return false;
		const begunMs = this.#begunMs.get(host);
		const afterMs = begunMs < 0 ? clock.engineTime(nowMs) - table.times.first[slot] : nowMs - begunMs;
		if (afterMs < this.#leastMs(host)) {
			if (afterMs < MAY_HAVE_WAITED_MS && this.#refusing.size < MAX_REFUSING) this.#refusing.add(from);
			return false;
		}
		if (ageMs < LATE_UNREACHABLE_MS$1 && this.#refusing.has(from)) return false;
		if (this.#reportedBy.has(host)) return true;
		this.#state.sink.absent?.(host, from);
		if (this.#reportedBy.size < MAX_ABSENT) {
			this.#reportedBy.set(host, from);
			this.#hasNews = true;
		}
		return true;
	}
	mayHaveWaited(slot, reason, from, timeMs) {
		const { table } = this.#state;
		const host = table.host[slot];
		return reason === HOST_UNREACH$6 && from !== host && (timeMs - table.times.first[slot] >= MAY_HAVE_WAITED_MS || this.reporterOf(host) !== 0);
	}
	dueMs(slot, index, dueMs) {
		const { table, sink } = this.#state;
		if (index !== 0 || sink.absent === void 0 || table.purpose[slot] !== 0) return dueMs;
		const firstMs = table.times.first[slot];
		const untilMs = firstMs + REPORT_UNTIL_MS;
		return dueMs < untilMs && dueMs >= firstMs + LATE_UNREACHABLE_MS$1 ? untilMs : dueMs;
	}
	reporterOf(host) {
		return this.#reportedBy.size === 0 ? 0 : this.#reportedBy.get(host) ?? 0;
	}
	static { this.prototype.onReply = (function(host) {
		if (this.#reportedBy.size > 0) this.#reportedBy.delete(host);
	}); }
	#leastMs(host) {
		const { source } = this.#state;
		if (source.wasPending?.(host) === true) return AT_ONCE_MS;
		return source.wasSilent?.(host) === true ? MAY_HAVE_WAITED_MS : LATE_UNREACHABLE_MS$1;
	}
	#isSettled(slot) {
		const { table, source } = this.#state;
		if (table.status[slot] !== 1) return false;
		const reason = table.reason[slot];
		return reason !== NO_RESPONSE$6 && reason !== HOST_UNREACH$6 || source.portCountOf(table.host[slot]) === 1;
	}
};

// src/engine/blocks.ts
const BLOCKED = noteCode("blocked: it refuses a port now that replied otherwise before, so that refusals may be a firewall's");
const LIMITED = noteCode("limited: an open port did not reply again while others were silent, so that silent ports may be open");
const CHECKED_REPLIES = [32, 512];
const CHANCE_OF_SILENCE = 1e-4;
const MIN_RECHECK_TRIES = 3;
const LOOK_EVERY = 8;
const UNLIKELY = .01;
const MAX_RECHECKS = 8;
const LATER_SHARE = 2 / 3;
var Blocks = class {
	#state;
	#byError = /* @__PURE__ */ new Set();
	#failedOnce = /* @__PURE__ */ new Set();
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.onReply = (function(index, port, state, isError) {
		const { hosts, driver, icmp } = this.#state;
		if (index === 0 || !driver.hasPorts || icmp.isOn) return;
		const { answered, open, errors, refusedRow, errorRow, rechecks } = hosts;
		if (state === 0) {
			if (driver.sendNear !== void 0) hosts.openPort[index] = port;
			refusedRow[index] = errorRow[index] = 0;
			return;
		}
		refusedRow[index]++;
		if (isError) {
			errors[index]++;
			errorRow[index]++;
		} else errorRow[index] = 0;
		const replies = answered[index] + errors[index];
		if (CHECKED_REPLIES.includes(replies) && !this.#isLimited(index)) this.#send(index, hosts.openPort[index]);
		if (replies % LOOK_EVERY !== 0 || rechecks[index] >= MAX_RECHECKS) return;
		const least = rechecks[index] === 0 ? 0 : LATER_SHARE * replies;
		if (errorRow[index] > least && isUnlikely(errorRow[index], answered[index], replies)) {
			const closed = hosts.livenessPort[index];
			this.#recheck(index, closed >= 0 ? closed : hosts.openPort[index]);
		} else if (refusedRow[index] > least && isUnlikely(refusedRow[index], open[index], replies)) this.#recheck(index, hosts.openPort[index]);
	}); }
	onRecheck(slot, state, isError) {
		const { hosts, notes, table } = this.#state;
		const host = table.host[slot];
		const index = hosts.find(host);
		const isOpen = state === 0;
		const wasOpen = table.state[slot] === 0;
		const isRefused = !isError && !isOpen && wasOpen;
		if (isRefused && this.#isFirstFailure(slot, index)) return;
		if (isError || isRefused) {
			if (!isError) this.#byError.delete(host);
			else if (!notes.hasHost(host, BLOCKED)) this.#byError.add(host);
			notes.addHost(host, BLOCKED);
			hosts.rechecks[index] = MAX_RECHECKS;
			return;
		}
		hosts.errorRow[index] = 0;
		if (isOpen) hosts.refusedRow[index] = 0;
		if (wasOpen) this.#failedOnce.delete(host);
	}
	onSilent(slot, couldReply) {
		const { hosts, notes, table } = this.#state;
		if (table.purpose[slot] !== 5 || table.state[slot] !== 0) return;
		const host = table.host[slot];
		const index = hosts.find(host);
		if (!couldReply || this.#isLimited(index) || this.#isFirstFailure(slot, index)) return;
		const firstMs = table.sentAt(slot, table.tries[slot] - table.countedTries[slot]);
		if (hosts.aliveAt[index] >= firstMs) notes.addHost(host, LIMITED);
	}
	#isFirstFailure(slot, index) {
		const { table: { host, port }, hosts: { livenessPort } } = this.#state;
		if (this.#failedOnce.has(host[slot])) return false;
		this.#failedOnce.add(host[slot]);
		this.#send(index, port[slot], 0);
		this.#send(index, livenessPort[index], 1);
		return true;
	}
	onOtherReply(host) {
		if (this.#byError.delete(host)) this.#state.notes.removeHost(host, BLOCKED);
	}
	isRepeated(index, attempts) {
		if (attempts < MIN_RECHECK_TRIES) return true;
		return !this.#isLimited(index) && this.#state.loss.of(index).probabilityAllLost(attempts) >= CHANCE_OF_SILENCE;
	}
	#isLimited(index) {
		return this.#state.limiters.of(index) !== void 0;
	}
	#recheck(index, port) {
		if (this.#send(index, port)) this.#state.hosts.rechecks[index]++;
	}
	#send(index, port, before = port === this.#state.hosts.openPort[index] ? 0 : 1) {
		const { hosts, sender, table } = this.#state;
		const slot = port < 0 ? -1 : sender.enqueue(hosts.address[index], port, 5);
		if (slot >= 0) table.state[slot] = before;
		return slot >= 0;
	}
};


// src/engine/empty_times.ts
const KEPT$2 = 16;
var EmptyTimes = class {
	#from = new Float64Array(KEPT$2);
	#until = new Float64Array(KEPT$2);
	#count = 0;
	add(fromMs, untilMs) {
		const last = (this.#count - 1) % KEPT$2;
		if (this.#count > 0 && fromMs < this.#until[last]) {
			this.#from[last] = Math.min(this.#from[last], fromMs);
			this.#until[last] = Math.max(this.#until[last], untilMs);
			return;
		}
		const at = this.#count++ % KEPT$2;
		this.#from[at] = fromMs;
		this.#until[at] = untilMs;
	}
	clear() {
		this.#count = 0;
	}
	covers(atMs, roundingMs) {
		const kept = Math.min(this.#count, KEPT$2);
		if (this.#count > KEPT$2 && atMs < this.#from[this.#count % KEPT$2]) return true;
		for (let i = 1; i <= kept; i++) {
			const at = (this.#count - i) % KEPT$2;
			if (atMs >= this.#until[at] - roundingMs) return false;
			if (atMs >= this.#from[at]) return true;
		}
		return false;
	}
};

// src/engine/slow_groups.ts
const LIVENESS_SHARE = 1 / 32;
const LATEST_SHARE = 1 / 4;
const MAX_GROUP = 8;
const SPREAD = .3;
const KEPT$1 = 32;
function latestMs(gapMs) {
	return gapMs * LATEST_SHARE;
}
var SlowGroups = class {
	livenessAt = 1e400;
	#size = 1;
	#left = 0;
	#count = 0;
	#sentAt = new Float64Array(KEPT$1);
	#endsAt = new Float64Array(KEPT$1);
	#isOver = new Uint8Array(KEPT$1);
	#void = new EmptyTimes();
	#dither = 0;
	get isBegun() {
		return this.#left > 0;
	}
	onSent(nowMs, isLiveness, gapMs, replyMs) {
		this.#left--;
		if (!isLiveness) {
			if (this.#count === 0 || nowMs >= this.#endsAt[this.#latest]) this.#begin(nowMs, gapMs);
			this.livenessAt = nowMs + Math.min(replyMs, gapMs * LIVENESS_SHARE);
		} else {
			this.livenessAt = 1e400;
			this.#left = 0;
			const sentMs = this.#sentAt[this.#latest];
			if (nowMs - sentMs > latestMs(gapMs)) this.#void.add(sentMs, nowMs);
		}
		return this.#left > 0 || this.#count === 0 ? nowMs : this.#endsAt[this.#latest];
	}
	get #latest() {
		return (this.#count + KEPT$1 - 1) % KEPT$1;
	}
	#begin(nowMs, gapMs) {
		this.#dither = (this.#dither + .618034) % 1;
		this.#left = this.#size - 1;
		const at = this.#count++ % KEPT$1;
		this.#sentAt[at] = nowMs;
		this.#endsAt[at] = nowMs + gapMs * (1 + SPREAD * (this.#dither - .5));
		this.#isOver[at] = 0;
	}
	#groupOf(sentMs) {
		for (let i = 1; i <= Math.min(this.#count, KEPT$1); i++) {
			const at = (this.#count - i) % KEPT$1;
			if (sentMs >= this.#sentAt[at]) return sentMs < this.#endsAt[at] ? at : -1;
		}
		return -1;
	}
	onReply(sentMs) {
		const at = this.#groupOf(sentMs);
		if (at < 0 || this.#isOver[at] === 1) return false;
		this.#isOver[at] = 1;
		if (at === this.#latest) {
			this.livenessAt = 1e400;
			this.#left = 0;
		}
		if (this.#size > 1) this.#void.add(this.#sentAt[at], this.#endsAt[at]);
		this.#size = 1;
		return true;
	}
	onLivenessProbe(sentMs, answered) {
		const at = this.#groupOf(sentMs);
		if (at < 0) return true;
		if (this.#isOver[at] === 1) return false;
		this.#isOver[at] = 1;
		this.#size = answered ? Math.min(MAX_GROUP, 2 * this.#size) : 1;
		if (!answered) this.#void.add(this.#sentAt[at], this.#endsAt[at]);
		return true;
	}
	isVoid(sentMs) {
		return this.#void.covers(sentMs, 0);
	}
};

// src/engine/host_limit.ts
const MIN_LIMIT_PPS = .25;
const HARDLY_ANY_PPS = .5;
const ENOUGH_AT_HARDLY_ANY = 15;
const UNLIMITED_PPS = 5e4;
const PROBES_PER_LIVENESS = 10;
const LIVENESS_GAP_MS$1 = 25;
const MAX_LIVENESS_GAP_MS = 250;
const TARGET_SHARE = .7;
const STEP = .5;
const MAX_STEP = 2;
const STEP_PER_TIMEOUT = 3;
const SHARE_WEIGHT = .12;
const USUAL_WEIGHT = .2;
const OVERWHELMED = .5;
const SLOWER = 3;
const BETTER = 1.5;
const LEAST_USUAL_SHARE = .25;
const ENOUGH_LIVENESS = 10;
const MIN_SLOW_GAP_MS = 50;
const SLOW_TARGET_SHARE = .8;
const SLOW_STEP = .3;
const EXCESS = .1;
const SLOW_EXCESS = .3;
const CATCH_UP_MS = 20;
var HostLimiter = class {
	index;
	queue;
	#isLimited = false;
	#since = 0;
	#ratePps = 1e400;
	#nextAt = 0;
	#untilLiveness = 0;
	#groups = new SlowGroups();
	#replyMs = 1e400;
	#wasSlow = false;
	#dither = 0;
	#livenessProbes = 0;
	#share = 0;
	#usualShare = 1;
	#ratePpsBefore = 0;
	#shareBefore = 0;
	#checkAtLiveness = 0;
	#seenAtHardlyAny = 0;
	#slowerSeen = 0;
	#slowerAnswered = 0;
	#overwhelmedFrom = 0;
	#overwhelmedUntil = 0;
	constructor(index, queue) {
		this.index = index;
		this.queue = queue;
	}
	get free() {
		return !this.#isLimited;
	}
	get hasCap() {
		return this.#isLimited && this.#livenessProbes >= 20 && this.#share > OVERWHELMED && this.#usualShare === 1;
	}
	get isHopeless() {
		return this.#isLimited && this.#seenAtHardlyAny >= ENOUGH_AT_HARDLY_ANY && this.#share < OVERWHELMED * this.#usualShare;
	}
	get nextAt() {
		return Math.min(this.#nextAt, this.livenessAt);
	}
	get livenessGapMs() {
		return this.isSlow ? latestMs(this.#gapMs) : this.#sampleGapMs;
	}
	get isSlow() {
		return this.#gapMs >= MIN_SLOW_GAP_MS;
	}
	get #gapMs() {
		return 1e3 / this.#ratePps;
	}
	get livenessAt() {
		return this.#groups.livenessAt;
	}
	get #sampleGapMs() {
		return this.#gapMs * (this.isSlow ? 1 : this.#probesPerLiveness());
	}
	begin(nowMs, answerPps, share) {
		this.#isLimited = true;
		this.#since = nowMs;
		this.#ratePps = Math.max(MIN_LIMIT_PPS, answerPps);
		this.#nextAt = nowMs;
		this.#untilLiveness = 0;
		this.#groups.livenessAt = 1e400;
		this.#livenessProbes = 0;
		this.#share = share;
		this.#ratePpsBefore = this.#ratePps;
		this.#shareBefore = share;
		this.#checkAtLiveness = ENOUGH_LIVENESS;
		this.#seenAtHardlyAny = this.#slowerSeen = this.#slowerAnswered = 0;
		this.#overwhelmedFrom = this.#overwhelmedUntil = nowMs;
	}
	get livenessIsNext() {
		return this.livenessAt <= this.#nextAt && !this.#groups.isBegun || this.#untilLiveness <= 0 && !this.isSlow;
	}
	onSent(nowMs, isLiveness, replyMs) {
		const wasSlow = this.#wasSlow;
		this.#replyMs = replyMs;
		this.#wasSlow = this.isSlow;
		if (this.#wasSlow) {
			this.#nextAt = this.#groups.onSent(nowMs, isLiveness, this.#gapMs, replyMs);
			return !wasSlow;
		}
		if (wasSlow) this.#share = Math.min(this.#share, this.#usualShare);
		this.#groups.livenessAt = 1e400;
		this.#nextAt = Math.max(this.#nextAt, nowMs - CATCH_UP_MS) + this.#gapMs;
		if (this.#untilLiveness-- > 0) return false;
		this.#dither = (this.#dither + .618034) % 1;
		this.#untilLiveness = Math.round(this.#probesPerLiveness() * (.5 + this.#dither)) - 1;
		return false;
	}
	skipLiveness() {
		this.#groups.livenessAt = 1e400;
	}
	onReply(sentMs) {
		if (this.#isLimited && this.isSlow && this.#groups.onReply(sentMs)) this.#onOutcome(sentMs, true, this.#replyMs);
	}
	onLivenessProbe(sentMs, answered, timeoutMs) {
		if (!this.#isLimited || sentMs < this.#since) return;
		if (!this.isSlow || this.#groups.onLivenessProbe(sentMs, answered)) this.#onOutcome(sentMs, answered, timeoutMs);
	}
	#onOutcome(sentMs, answered, timeoutMs) {
		this.#livenessProbes++;
		this.#noteShare(sentMs, answered ? 1 : 0);
		const target = (this.isSlow && this.#usualShare === 1 ? SLOW_TARGET_SHARE : TARGET_SHARE) * this.#usualShare;
		const gapMs = this.#sampleGapMs;
		const step = this.isSlow ? SLOW_STEP : Math.min(MAX_STEP, STEP * gapMs / LIVENESS_GAP_MS$1, STEP_PER_TIMEOUT * gapMs / timeoutMs);
		this.#ratePps = Math.max(MIN_LIMIT_PPS, this.#ratePps * Math.exp(step * (answered ? 1 - target : -target)));
		this.#seenAtHardlyAny = this.#ratePps < HARDLY_ANY_PPS ? this.#seenAtHardlyAny + 1 : 0;
		if (this.#ratePps >= UNLIMITED_PPS) this.#isLimited = false;
		if (this.#ratePps <= this.#ratePpsBefore / SLOWER) this.#checkSlower(answered);
		else if (this.#ratePps === MIN_LIMIT_PPS && this.#share > OVERWHELMED * this.#usualShare) this.#usualShare = Math.max(LEAST_USUAL_SHARE, this.#share);
	}
	wasOverwhelmed(sentMs) {
		return sentMs >= this.#overwhelmedFrom && sentMs < this.#overwhelmedUntil || this.#groups.isVoid(sentMs);
	}
	#noteShare(sentMs, outcome) {
		this.#share += SHARE_WEIGHT * (outcome - this.#share);
		const excess = this.isSlow ? SLOW_EXCESS : EXCESS;
		if (this.#share > this.#usualShare + excess) this.#usualShare += USUAL_WEIGHT * (this.#share - this.#usualShare);
		const was = this.#overwhelmedUntil === 1e400;
		const is = this.#share < OVERWHELMED * this.#usualShare;
		if (is && !was) this.#overwhelmedFrom = sentMs - this.#sampleGapMs / SHARE_WEIGHT;
		if (is) this.#overwhelmedUntil = 1e400;
		else if (was) this.#overwhelmedUntil = sentMs;
	}
	#checkSlower(answered) {
		this.#slowerSeen++;
		if (answered) this.#slowerAnswered++;
		if (this.#livenessProbes < this.#checkAtLiveness || this.isSlow && this.#slowerSeen < ENOUGH_LIVENESS) return;
		const share = this.isSlow ? this.#slowerAnswered / this.#slowerSeen : this.#share;
		const gain = share / this.#shareBefore;
		if (gain < BETTER && gain > 1 / BETTER && share >= LEAST_USUAL_SHARE) this.#usualShare = share;
		this.#ratePpsBefore = this.#ratePps;
		this.#shareBefore = share;
		this.#checkAtLiveness = this.#livenessProbes + ENOUGH_LIVENESS;
		this.#slowerSeen = this.#slowerAnswered = 0;
	}
	#probesPerLiveness() {
		const most = this.#ratePps * LIVENESS_GAP_MS$1 / 1e3;
		const least = Math.max(2, this.#ratePps * MAX_LIVENESS_GAP_MS / 1e3);
		return Math.max(most, Math.min(least, PROBES_PER_LIVENESS));
	}
};

// src/engine/host_limiters.ts
const NO_RESPONSE$5 = reasonCode("no-response");
const CAP_LOST = 20;
const CAP_SHARE = .6;
const CAP_WAITING = 16;
const SERVICE_GAP_MS = 1;
const MAX_SERVICE_GAP_MS = 1e3;
const MIN_MEASURED_MS = 50;
var HostLimiters = class {
	#state;
	#limiters = /* @__PURE__ */ new Map();
	#active = [];
	#capped = /* @__PURE__ */ new Set();
	#nextServiceAt = 0;
	#servicedAt = 0;
	#queued = 0;
	constructor(state) {
		this.#state = state;
	}
	get cappedHosts() {
		return this.#capped;
	}
	get queued() {
		return this.#queued;
	}
	get nextAt() {
		return this.#active.length > 0 ? Math.max(this.#nextServiceAt, this.#servicedAt + SERVICE_GAP_MS) : 1e400;
	}
	static { this.prototype.of = (function(index) {
		return this.#active.length > 0 ? this.#limiters.get(index) : void 0;
	}); }
	wasLimited(index) {
		return this.#limiters.has(index);
	}
	isSuspect(index) {
		const { hosts: { address, returned, lost }, table, source } = this.#state;
		if (lost[index] < CAP_LOST) return false;
		if (lost[index] < CAP_SHARE * (returned[index] + lost[index])) return false;
		return Math.min(table.used, source.portCountOf(address[index])) >= CAP_WAITING;
	}
	begin(index, timeMs) {
		let limiter = this.#limiters.get(index);
		if (limiter === void 0) {
			this.#distrustSilence(this.#state.hosts.address[index]);
			limiter = new HostLimiter(index, this.#state.table.newList());
			this.#limiters.set(index, limiter);
		}
		if (!this.#active.includes(limiter)) this.#active.push(limiter);
		this.#nextServiceAt = timeMs;
		const { answered, firstAnswerAt, countsSince, livenessAnswered, livenessLost, returned, lost } = this.#state.hosts;
		const replies = answered[index] + livenessAnswered[index];
		const share = (livenessAnswered[index] + 1) / (livenessAnswered[index] + livenessLost[index] + 2);
		limiter.begin(timeMs, replies * 1e3 / Math.max(MIN_MEASURED_MS, timeMs - firstAnswerAt[index]), share);
		countsSince[index] = timeMs;
		returned[index] = lost[index] = 0;
	}
	#distrustSilence(host) {
		const { table, checks } = this.#state;
		for (let slot = 0; slot < table.capacity; slot++) {
			if (table.host[slot] !== host || table.status[slot] !== 1 || table.purpose[slot] !== 0) continue;
			if (table.reason[slot] === NO_RESPONSE$5) checks.addUnproven(host, table.port[slot]);
		}
	}
	enqueue(slot, limiter) {
		this.#state.table.move(slot, limiter.queue);
		this.#nextServiceAt = Math.min(this.#nextServiceAt, limiter.nextAt);
	}
	#replyMs(index) {
		const { hosts: { srtt, variation }, retransmit } = this.#state;
		const timeoutMs = retransmit.timeoutMs(index);
		return srtt[index] < 0 ? timeoutMs : Math.min(timeoutMs, srtt[index] + 4 * variation[index] + SERVICE_GAP_MS);
	}
	static { this.prototype.service = (function(timeMs, budget, sender, liveness, silence) {
		if (timeMs < this.nextAt) return 0;
		this.#servicedAt = timeMs;
		const { table, hosts } = this.#state;
		let sent = 0;
		let nextMs = timeMs + MAX_SERVICE_GAP_MS;
		let isOver = false;
		this.#queued = 0;
		for (const limiter of this.#active) {
			const { index, queue } = limiter;
			if (limiter.hasCap) this.#capped.add(hosts.address[index]);
			while (limiter.isHopeless && table.first(queue) >= 0) silence.giveUpHost(table.first(queue), index);
			while (!limiter.free && timeMs >= limiter.nextAt && sent < budget) {
				const slot = table.first(queue);
				const isLivenessNext = limiter.livenessIsNext || slot < 0 && limiter.livenessAt <= timeMs;
				if (slot < 0 && !isLivenessNext) break;
				const isProbed = isLivenessNext && liveness.send(index, timeMs);
				if (!isProbed && limiter.livenessAt <= timeMs) {
					limiter.skipLiveness();
					continue;
				}
				if (!isProbed && !sender.send(slot, index, timeMs)) break;
				if (limiter.onSent(timeMs, isProbed, this.#replyMs(index))) hosts.forgetLoss(index, 0);
				sent++;
			}
			while (limiter.free && table.first(queue) >= 0) table.move(table.first(queue), 1);
			const dueMs = table.first(queue) >= 0 ? limiter.nextAt : limiter.livenessAt;
			nextMs = Math.min(nextMs, Math.max(timeMs, dueMs));
			if (limiter.free) isOver = true;
			this.#queued += table.count(queue);
		}
		if (isOver) this.#active = this.#active.filter(((limiter) => !limiter.free));
		this.#nextServiceAt = nextMs;
		return sent;
	}); }
};

// src/base/rtt.ts
const ALPHA = 1 / 8;
const BETA = 1 / 4;




// src/engine/retransmit.ts
const MIN_GAP_MS = 40;
const GAP_SHARE = 1 / 4;
const GAP_SPREAD = .8;
const TIMEOUT_SPREAD_MS = 20;
const STARVED_SHARE = 1 / 4;
const GOLDEN_RATIO = .618034;
const PROVISIONAL_SHARE = 1 / 8;
const MAX_TRIES = 250;
const LIVENESS_GAP_MS = 10;
const PROBES_PER_LIVENESS_PROBE = 8;
const LINGER_ROUND_TRIPS = 2;
const MIN_LINGER_MS = 5;
const MAX_LINGER_MS = 50;
const LINGER_LATEST = 2;
const MAX_LATE_LINGER_MS = 1e3;
function chanceOf(slot, tries) {
	let mixed = Math.imul(slot + 1, 2654435761) ^ Math.imul(tries + 1, 2246822507);
	mixed = Math.imul(mixed ^ mixed >>> 15, 739982445);
	mixed = Math.imul(mixed ^ mixed >>> 12, 695872825);
	return ((mixed ^ mixed >>> 15) >>> 0) / 2 ** 32;
}
var RetransmitPolicy = class {
	#state;
	#overlaps;
	constructor(state) {
		this.#state = state;
		this.#overlaps = state.overlaps;
	}
	static { this.prototype.timeoutMs = (function(index) {
		const { srtt, variation } = this.#state.hosts;
		return answerTimeout(srtt[index], variation[index], this.#state.limits.timeouts);
	}); }
	static { this.prototype.waitMs = (function(slot, index) {
		return this.RetransmitPolicy$ownWaitMs(slot, index) + (this.RetransmitPolicy$mayBeStarved(slot, index) ? this.#spreadMs(slot) : 0);
	}); }
	static { this.prototype.RetransmitPolicy$ownWaitMs = (function(slot, index) {
		const { table, limits } = this.#state;
		const timeoutMs = this.timeoutMs(index);
		if (table.purpose[slot] !== 0) return timeoutMs;
		const isLast = table.tries[slot] > limits.maxRetries;
		if (this.#overlaps && this.#state.isSilent(table.host[slot], index)) return isLast || table.countedTries[slot] >= this.#state.loss.attemptsNeeded(slot, index) ? timeoutMs : Math.min(timeoutMs, this.gapMs(index));
		const limiter = this.#state.limiters.of(index);
		if (limiter?.free === false) return timeoutMs + limiter.livenessGapMs;
		const isSpread = this.#state.hosts.livenessPort[index] >= 0;
		if (!(!isLast && (this.#overlaps ? table.tries[slot] >= 2 : isSpread)) || table.countedTries[slot] >= this.#state.loss.attemptsNeeded(slot, index)) return timeoutMs;
		const chance = isSpread ? chanceOf(slot, table.tries[slot]) : .5;
		if (!this.#overlaps) return timeoutMs + TIMEOUT_SPREAD_MS * chance;
		return Math.min(timeoutMs, this.gapMs(index) * (1 + GAP_SPREAD * (chance - .5)));
	}); }
	static { this.prototype.RetransmitPolicy$mayBeStarved = (function(slot, index) {
		const { limits, hosts, table } = this.#state;
		return limits.sharesHosts === true && table.purpose[slot] === 0 && hosts.livenessPort[index] < 0;
	}); }
	#spreadMs(slot) {
		const { limits, table } = this.#state;
		return limits.timeouts.initialMs * STARVED_SHARE * ((slot + table.tries[slot]) * GOLDEN_RATIO % 1);
	}
	static { this.prototype.firstWaitMs = (function(slot, index) {
		const waitMs = this.waitMs(slot, index);
		return this.#state.hosts.srtt[0] < 0 ? Math.min(waitMs, this.provisionalMs()) : waitMs;
	}); }
	needsAttempt(slot, index, isVoid, notLeft) {
		const { tries, countedTries } = this.#state.table;
		if (tries[slot] >= MAX_TRIES || !notLeft && tries[slot] > this.#state.limits.maxRetries) return false;
		return isVoid || this.#state.strays.needsSecond(slot) || countedTries[slot] < this.#state.loss.attemptsNeeded(slot, index);
	}
	gapMs(index) {
		const { initialMs } = this.#state.limits.timeouts;
		const leastMs = index === 0 ? Math.max(MIN_GAP_MS, initialMs * PROVISIONAL_SHARE) : MIN_GAP_MS;
		return Math.max(leastMs, this.timeoutMs(index) * GAP_SHARE, 3 * this.livenessGapMs());
	}
	livenessGapMs() {
		return Math.max(10, PROBES_PER_LIVENESS_PROBE * 1e3 / this.#state.rate.ratePps);
	}
	static { this.prototype.provisionalMs = (function() {
		const { minMs, initialMs } = this.#state.limits.timeouts;
		return Math.max(minMs, initialMs * PROVISIONAL_SHARE);
	}); }
	static { this.prototype.lingerMs = (function(latestMs) {
		const usualMs = Math.min(MAX_LINGER_MS, Math.max(MIN_LINGER_MS, LINGER_ROUND_TRIPS * this.#state.hosts.srtt[0]));
		return Math.max(usualMs, Math.min(MAX_LATE_LINGER_MS, LINGER_LATEST * latestMs));
	}); }
};

// src/engine/liveness.ts
const BURST_LIVENESS_AT = 4;
const HOP_AGE_MS = 500;
var Liveness = class {
	#state;
	#dither = 0;
	constructor(state) {
		this.#state = state;
	}
	witnessOf(index) {
		const { livenessPort, refusedPort, servicePort } = this.#state.hosts;
		return livenessPort[index] >= 0 || refusedPort[index] >= 0 || servicePort[index] >= 0 ? index : 0;
	}
	onRetransmit(index, timeMs) {
		const { burstSize, burstLivenessAt, burstEndsAt } = this.#state.hosts;
		let isDue = false;
		if (timeMs >= burstEndsAt[index]) {
			isDue = burstLivenessAt[index] < BURST_LIVENESS_AT;
			burstEndsAt[index] = timeMs + this.#state.retransmit.livenessGapMs();
			burstSize[index] = 0;
			burstLivenessAt[index] = BURST_LIVENESS_AT * this.#nextDither();
		}
		const size = ++burstSize[index];
		if (size >= burstLivenessAt[index]) {
			burstLivenessAt[index] = BURST_LIVENESS_AT + size * (2 + 4 * this.#nextDither());
			isDue = true;
		}
		if (isDue) this.send(index, timeMs);
	}
	probeSilent(index, timeMs) {
		const { hosts } = this.#state;
		if (timeMs < hosts.nextLivenessAt[index]) return;
		if (!this.send(index, timeMs) && !this.#sendWitness(index, timeMs)) return;
		hosts.nextLivenessAt[index] = timeMs + hosts.livenessPause(index, timeMs, this.#state.retransmit.gapMs(index));
	}
	#sendWitness(index, timeMs) {
		const { hosts, local, icmp, sender, rate } = this.#state;
		const host = hosts.address[index];
		const refused = hosts.refusedPort[index];
		const isLimited = refused >= 0 && icmp.witness.mayProbe(host, hosts.aliveAt[index], timeMs);
		const port = isLimited ? refused : hosts.servicePort[index];
		if (port < 0 || local.problem(host) !== -1 || rate.available(timeMs) < 1) return false;
		const slot = sender.enqueue(host, port, 1);
		if (slot < 0) return false;
		icmp.onFirst(slot);
		if (isLimited) icmp.witness.reserve(slot);
		sender.send(slot, index, timeMs, 0);
		return true;
	}
	send(index, timeMs) {
		const { hosts, local, rate } = this.#state;
		let slot = -1;
		const port = hosts.livenessPort[index];
		if (port >= 0) {
			if (local.problem(hosts.address[index]) !== -1) return false;
			slot = this.#state.sender.enqueue(hosts.address[index], port, 1);
		} else if (index === 0 && this.#state.targets.next()) slot = this.#state.sender.enqueue(this.#state.targets.host, this.#state.targets.port, 2);
		if (slot < 0) return false;
		if (rate.ratePps * 10 >= 1e3 || rate.available(timeMs) >= 1) this.#state.sender.send(slot, index, timeMs);
		return true;
	}
	wasAlive(index, sentMs, timeMs) {
		if (index === 0 && !this.#state.targets.enough) return true;
		if (this.#hasServiceAlone(index) && this.#state.hosts.isUnreachable(index, timeMs)) return true;
		const gapMs = this.#state.retransmit.livenessGapMs();
		const graceMs = gapMs > 10 ? 2 * gapMs : 0;
		const { aliveAt, unansweredLiveness } = this.#state.hosts;
		return aliveAt[index] >= sentMs - graceMs && unansweredLiveness[index] === 0;
	}
	#hasServiceAlone(index) {
		const { livenessPort, refusedPort, servicePort } = this.#state.hosts;
		return servicePort[index] >= 0 && refusedPort[index] < 0 && livenessPort[index] < 0;
	}
	confirmHop(witness, host, sentMs, timeMs) {
		const { local, hosts } = this.#state;
		if (local.wayCount === 1 && local.isRouted(host) && hosts.aliveAt[0] >= sentMs) return 1;
		const isSilent = hosts.unansweredLiveness[witness] > 0;
		return local.confirm(host, isSilent ? Math.max(sentMs, timeMs - HOP_AGE_MS) : sentMs, timeMs);
	}
	#nextDither() {
		this.#dither = (this.#dither + GOLDEN_RATIO) % 1;
		return this.#dither;
	}
};

// src/engine/liveness_targets.ts
const KEPT = 8;
const ENOUGH = 2;
const ANSWERS_PER_LOOK = 64;
var LivenessTargets = class {
	host = 0;
	port = 0;
	#hosts = new Uint32Array(KEPT);
	#ports = new Uint16Array(KEPT);
	#count = 0;
	#answers = 0;
	#position = 0;
	get enough() {
		return this.#count >= ENOUGH;
	}
	static { this.prototype.answered = (function(host, port) {
		const answers = this.#answers++;
		if (this.#count === KEPT && (answers & 63) !== 0) return;
		for (let i = 0; i < this.#count; i++) if (this.#hosts[i] === host) return;
		const at = this.#count < KEPT ? this.#count++ : answers / ANSWERS_PER_LOOK % KEPT;
		this.#hosts[at] = host;
		this.#ports[at] = port;
	}); }
	next() {
		if (!this.enough) return false;
		const i = this.#position++ % this.#count;
		this.host = this.#hosts[i];
		this.port = this.#ports[i];
		return true;
	}
};

// src/engine/local_drops.ts
const TOLERATED_SEND_RETRIES = 8;
var LocalDrops = class {
	#state;
	#receiveDrops = 0;
	#sendRetries = 0;
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.haveOccurred = (function() {
		const { receiveDrops, sendRetries } = this.#state.driver.counters;
		if (receiveDrops <= this.#receiveDrops && sendRetries <= this.#sendRetries + TOLERATED_SEND_RETRIES) return false;
		this.#receiveDrops = receiveDrops;
		this.#sendRetries = sendRetries;
		return true;
	}); }
};

// src/engine/loss.ts
const PRIOR_RETURNED = 9;
const PRIOR_LOST = 1;
const HOST_PRIOR_SEEN = 8;
const HOST_PRIOR_SEEN_OF_MANY = 32;
const EXPECTED_WRONG_GOAL = .002;
const EXPECTED_WRONG_GOAL_THOROUGH = 5e-4;
const EXPECTED_WRONG_GOAL_UNCHECKED = .01;
const MIN_ATTEMPTS = 2;
const MAX_ATTEMPTS = 40;
const CHANCE_OF_FALSE_OUTAGE = .001;
const MIN_LOST_LIVENESS = 2;
var LossMeter = class {
	answered = 0;
	lost = 0;
	forget(kept) {
		const scale = Math.min(1, kept / Math.max(1, this.answered + this.lost));
		this.answered *= scale;
		this.lost *= scale;
	}
};
var LossEstimate = class {
	#returned = PRIOR_RETURNED;
	#lost = PRIOR_LOST;
	#isProven = false;
	ofScan(meter) {
		this.#returned = Math.max(0, meter.answered) + PRIOR_RETURNED;
		this.#lost = meter.lost + PRIOR_LOST;
		this.#isProven = meter.lost > 0;
		return this;
	}
	ofUnseen(meter) {
		this.ofScan(meter);
		this.#returned += -5;
		return this;
	}
	ofHost(returned, lost, meter) {
		const { share } = this.ofScan(meter);
		const others = Math.max(0, meter.answered + meter.lost - returned - lost);
		const weight = Math.min(HOST_PRIOR_SEEN_OF_MANY, HOST_PRIOR_SEEN + others);
		this.#returned = Math.max(0, returned) + weight * (1 - share);
		this.#lost = lost + weight * share;
		this.#isProven ||= lost > 0;
		return this;
	}
	ofHostAndOthers(returned, lost, meter) {
		const others = {
			answered: Math.max(0, meter.answered - returned),
			lost: Math.max(0, meter.lost - lost)
		};
		const { share } = this.ofScan(others);
		const weight = Math.min(HOST_PRIOR_SEEN_OF_MANY, 10 + others.answered + others.lost);
		this.#returned = Math.max(0, returned) + weight * (1 - share);
		this.#lost = lost + weight * share;
		this.#isProven ||= lost > 0;
		return this;
	}
	get share() {
		return this.#lost / (this.#returned + this.#lost);
	}
	probabilityAllLost(attempts) {
		let chance = 1;
		for (let i = 0; i < attempts; i++) chance *= (this.#lost + i) / (this.#returned + this.#lost + i);
		return chance;
	}
	attemptsNeeded(answered, isWitnessed, isSmall = false, least = 2) {
		const goal = this.#isProven || isSmall ? EXPECTED_WRONG_GOAL_THOROUGH : isWitnessed ? EXPECTED_WRONG_GOAL : EXPECTED_WRONG_GOAL_UNCHECKED;
		const wanted = goal / (answered + 1 + goal);
		let chance = 1;
		let attempts = 0;
		while (attempts < least || chance >= wanted && attempts < 40) {
			chance *= (this.#lost + attempts) / (this.#returned + this.#lost + attempts);
			attempts++;
		}
		return attempts;
	}
};
function probesProvingOutage(loss) {
	if (loss <= 0) return MIN_LOST_LIVENESS;
	const count = Math.ceil(Math.log(CHANCE_OF_FALSE_OUTAGE) / Math.log(Math.min(loss, .95)));
	return Math.max(MIN_LOST_LIVENESS, count);
}
var SilenceLedger = class {
	#silent = 0;
	#missed = 0;
	add(missed) {
		this.#silent++;
		this.#missed += missed;
	}
	remove(missed) {
		this.#silent--;
		this.#missed = Math.max(0, this.#missed - missed);
	}
	static { this.prototype.expectedWrong = (function(answered) {
		if (this.#silent === 0) return 0;
		const missed = this.#missed / this.#silent;
		return Math.min(this.#silent, (answered + .5) * missed / Math.max(1e-9, 1 - missed));
	}); }
};

// src/engine/loss_account.ts
const FEW_PROBES = 256;
const KEPT_AFTER_OUTAGE = 50;
const FEW_RETRIES = 8;
var LossAccount = class {
	path = new LossMeter();
	seen = new LossMeter();
	ledger = new SilenceLedger();
	silentLedger = new SilenceLedger();
	#estimate = new LossEstimate();
	#state;
	constructor(state) {
		this.#state = state;
	}
	of(index) {
		if (index === 0) return this.#estimate.ofScan(this.path);
		const { returned, lost } = this.#state.hosts;
		return this.#estimate.ofHost(returned[index], lost[index], this.path);
	}
	#coveredOf(slot) {
		const { icmp, table } = this.#state;
		return icmp.isOn ? icmp.lossOf(table.host[slot]) : void 0;
	}
	#ofHost(index) {
		if (index === 0 || !this.#state.icmp.isOn) return this.of(index);
		const { returned, lost } = this.#state.hosts;
		return this.#estimate.ofHostAndOthers(returned[index], lost[index], this.path);
	}
	probabilityMissed(slot, index) {
		const { icmp, table: { countedTries } } = this.#state;
		return icmp.isOn && icmp.firstErrors.isUnproven(slot) ? this.#estimate.ofUnseen(this.path).probabilityAllLost(countedTries[slot] - 1) : this.#ofHost(index).probabilityAllLost(countedTries[slot]);
	}
	addSilent(slot, index) {
		const covered = this.#coveredOf(slot);
		if (covered === void 0) this.#ledgerOf(slot, index).add(this.probabilityMissed(slot, index));
		else covered.addSilent(this.#state.table.countedTries[slot]);
	}
	removeSilent(slot, index) {
		const covered = this.#coveredOf(slot);
		if (covered === void 0) this.#ledgerOf(slot, index).remove(this.probabilityMissed(slot, index));
		else covered.addSilent(this.#state.table.countedTries[slot], -1);
	}
	get expectedWrong() {
		const { counts, silentFound } = this.#state;
		return this.ledger.expectedWrong(counts.answered) + this.silentLedger.expectedWrong(silentFound) + this.#state.icmp.expectedWrong;
	}
	#ledgerOf(slot, index) {
		return this.#state.isSilent(this.#state.table.host[slot], index) ? this.silentLedger : this.ledger;
	}
	attemptsNeeded(slot, index) {
		const { counts, source, position, hosts, limits, table, silentFound } = this.#state;
		const isWitnessed = hosts.livenessPort[index] >= 0 || this.#state.targets.enough;
		const scale = source.size / Math.max(1, position);
		if (this.#state.isSilent(table.host[slot], index)) return this.of(index).attemptsNeeded(silentFound * scale, isWitnessed, false, isWitnessed ? 1 : void 0);
		const isSmall = source.size <= FEW_PROBES && !this.#state.icmp.isOn && this.#state.driver.overlaps;
		const needed = this.#coveredOf(slot)?.attemptsNeeded(source.size) ?? this.#ofHost(index).attemptsNeeded(counts.answered * scale, isWitnessed, isSmall);
		return limits.sharesHosts && this.#state.limiters.wasLimited(index) ? 2 * needed + 2 : needed;
	}
	static { this.prototype.measure = (function(index, own, sentMs, waitedMs) {
		const { srtt, variation } = this.#state.hosts;
		for (let i = 0;; i = index) {
			if (waitedMs >= 0) {
				variation[i] = rttVariation(srtt[i], variation[i], waitedMs);
				srtt[i] = smoothedRtt(srtt[i], waitedMs);
			}
			if (sentMs >= 0) this.noteAlive(i, sentMs);
			if (i === index || !own) return;
		}
	}); }
	static { this.prototype.addReply = (function(slot, index, answered, sentMs) {
		const { table, hosts, rate, limits } = this.#state;
		let lost = Math.max(0, answered - (table.tries[slot] - table.countedTries[slot]));
		let returned = 1;
		const limiter = this.#state.limiters.of(index);
		const isFree = limiter?.free !== false;
		if (table.purpose[slot] === 0) limiter?.onReply(sentMs);
		if (isFree) {
			rate.returned(sentMs);
			for (let before = 1; before <= lost; before++) rate.lost(table.sentAt(slot, answered - before));
		}
		if (limits.maxRetries < FEW_RETRIES && table.purpose[slot] === 0) {
			returned = limits.maxRetries === 0 ? 0 : lost === 0 ? 1 : lost === 1 ? -1 : 0;
			lost = lost === 1 ? 1 : 0;
		}
		this.seen.answered += returned;
		if (isFree) this.path.answered += returned;
		if (lost > 0) this.addLost(index, lost);
		const { purpose } = table;
		const isOfHost = purpose[slot] !== 2 && (purpose[slot] !== 1 || this.#countsLiveness(index));
		if (index !== 0 && isOfHost) hosts.returned[index] += returned;
	}); }
	addLostLiveness(index, sentMs) {
		if (this.#state.limiters.of(index)?.free !== false) this.#state.rate.lost(sentMs);
		this.#addLostLiveness(index, 1);
	}
	#addLostLiveness(index, count) {
		if (this.#countsLiveness(index)) this.addLost(index, count);
	}
	#countsLiveness(index) {
		const limiter = this.#state.limiters.of(index);
		return limiter?.free !== false || !limiter.isSlow;
	}
	addLost(index, count) {
		this.seen.lost += count;
		if (index !== 0) this.#state.hosts.lost[index] += count;
		if (this.#state.limiters.of(index)?.free === false) return;
		this.path.lost += count;
		if (index !== 0 && !this.#state.icmp.isOn && this.#state.limiters.isSuspect(index)) {
			const { returned, lost } = this.#state.hosts;
			for (const meter of [this.path, this.seen]) {
				meter.answered = Math.max(0, meter.answered - returned[index]);
				meter.lost = Math.max(0, meter.lost - lost[index]);
			}
			this.#state.limiters.begin(index, this.#state.clock.stepMs);
		}
	}
	forgetOverload(untilMs) {
		const { countsSince } = this.#state.hosts;
		countsSince[0] = Math.max(countsSince[0], untilMs);
		this.path.forget(KEPT_AFTER_OUTAGE);
	}
	static { this.prototype.noteAlive = (function(index, sentMs) {
		const { hosts } = this.#state;
		if (sentMs > hosts.aliveAt[index]) hosts.aliveAt[index] = sentMs;
		const unanswered = hosts.unansweredLiveness[index];
		if (unanswered === 0 || sentMs < hosts.silentSince[index]) return;
		hosts.unansweredLiveness[index] = 0;
		if (!this.#countsLiveness(index)) return;
		const proof = probesProvingOutage(this.of(index).share);
		if (unanswered < proof || hosts.countsSince[index] > 0) this.#addLostLiveness(index, Math.min(unanswered, proof));
		if (unanswered < proof) return;
		hosts.countsSince[index] = Math.max(hosts.countsSince[index], sentMs);
		const isLimited = this.#state.icmp.isOn;
		const kept = isLimited ? 0 : KEPT_AFTER_OUTAGE;
		hosts.forgetLoss(index, kept);
		if (index === 0 || isLimited) this.path.forget(kept);
	}); }
};

// src/engine/probe_sender.ts
const LATE_MS = 4e3;
const MAX_PERIOD = 250;
const NO_RESPONSE$4 = reasonCode("no-response");
var ProbeSender = class {
	#state;
	keptWeight = WEIGHT_OF_ERRORS;
	#auxiliaryAttempt = 0;
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.enqueue = (function(host, port, purpose) {
		const { table, clock } = this.#state;
		const slot = table.take(1, clock.nowMs - LATE_MS, this.keptWeight);
		if (slot < 0) return -1;
		table.host[slot] = host;
		table.port[slot] = port;
		this.#state.index?.add(slot);
		table.purpose[slot] = purpose;
		table.status[slot] = 3;
		table.tries[slot] = purpose === 0 || purpose === 3 ? 0 : this.#nextAuxiliaryAttempt();
		table.countedTries[slot] = 0;
		this.#state.strays.reset(slot);
		table.doubtful[slot] = 0;
		table.refusedAt[slot] = 0;
		if (delaysEnd(purpose)) this.#state.open++;
		return slot;
	}); }
	static { this.prototype.send = (function(slot, index, timeMs, source = this.ProbeSender$nextSource(slot)) {
		const { table, driver, local, rate, hosts } = this.#state;
		const host = table.host[slot];
		const problem = local.problem(host);
		if (problem !== -1 && !local.mayTry(host, timeMs)) {
			if (table.refusedAt[slot] === 0) rate.spend();
			if (table.purpose[slot] === 0) this.#state.sendErrors.block(slot, problem, timeMs);
			else this.drop(slot);
			return true;
		}
		const attempt = table.tries[slot];
		const token = this.ProbeSender$token(slot, attempt);
		const id = probeId(slot, attempt);
		table.times.left[id] = -1;
		if (!(table.purpose[slot] === 4 ? driver.sendNear(host, table.port[slot], attempt, token, id) : driver.send(host, table.port[slot], attempt, token, id, source))) return false;
		this.#state.timeouts?.begin(host, this.#state.clock.callerTime(timeMs));
		if (attempt === 0 && index === 0) this.#state.absent.begin(host, timeMs);
		rate.spend();
		if (attempt > 0 && table.lastSentAt(slot) < hosts.silenceCountsSince(index)) table.countedTries[slot] = 0;
		if (attempt === 0 && this.#state.icmp.isOn) this.#state.icmp.onFirst(slot);
		table.tries[slot] = attempt + 1;
		table.countedTries[slot]++;
		table.times.set(slot, attempt, timeMs);
		table.times.source[id] = source;
		table.status[slot] = 2;
		this.#state.wheel.schedule(slot, timeMs + this.#state.retransmit.firstWaitMs(slot, index));
		return true;
	}); }
	static { this.prototype.ProbeSender$nextSource = (function(slot) {
		const { driver: { sourceCount = 1 }, table: { tries } } = this.#state;
		return sourceCount === 1 ? 0 : (slot + tries[slot]) % sourceCount;
	}); }
	retransmit(slot, index) {
		this.cancel(slot);
		const { table } = this.#state;
		table.status[slot] = 3;
		table.refusedAt[slot] = 0;
		const limiter = this.#state.limiters.of(index);
		const { icmp, strays, loss } = this.#state;
		const isPaced = icmp.isOn && !strays.hasUnproven(slot) && icmp.isPaced(slot, loss.attemptsNeeded(slot, index));
		if (limiter?.free === false) this.#state.limiters.enqueue(slot, limiter);
		else if (isPaced) icmp.enqueue(slot);
		else table.move(slot, 1);
	}
	cancel(slot) {
		const attempt = this.#state.table.tries[slot] - 1;
		if (attempt >= 0) this.#state.driver.cancel(probeId(slot, attempt));
	}
	drop(slot) {
		this.cancel(slot);
		this.#state.table.reason[slot] = NO_RESPONSE$4;
		this.release(slot, 2);
	}
	static { this.prototype.release = (function(slot, state) {
		const { table } = this.#state;
		table.state[slot] = state;
		this.#state.icmp.release(slot);
		if (delaysEnd(table.purpose[slot])) this.#state.open--;
		table.status[slot] = 1;
		table.move(slot, 0);
	}); }
	static { this.prototype.ProbeSender$token = (function(slot, attempt) {
		const { correlator, driver, table: { host, port } } = this.#state;
		return correlator.seal(slot, host[slot], port[slot], attempt % driver.attemptPeriod);
	}); }
	#nextAuxiliaryAttempt() {
		const period = Math.min(this.#state.driver.attemptPeriod, MAX_PERIOD);
		return this.#auxiliaryAttempt = (this.#auxiliaryAttempt + 1) % period;
	}
};

// src/engine/neighbor_timeout.ts
const NEIGHBOR_TIMEOUT_MS = [2950, 3500];
const SHORT_PATH_MS = 300;
const LATE_RESET_MS = 900;

const MAX_UNRESOLVED$1 = 65536;
const MIN_UNRESOLVED_MS = 50;
var NeighborTimeouts = class {
	#unresolved = /* @__PURE__ */ new Set();
	static { this.prototype.isRstOfProxy = (function(host, hasAck, rttMs, measuredMs, firstMs, pathMs) {
		if (!(!hasAck && this.#unresolved.has(host) && !(measuredMs >= 0 && measuredMs < MIN_UNRESOLVED_MS)) && !isNeighborTimeout(hasAck, rttMs, firstMs, pathMs)) return false;
		if (this.#unresolved.size < MAX_UNRESOLVED$1) this.#unresolved.add(host);
		return true;
	}); }
};

// src/engine/all_open.ts
const SUSPECT_OPEN = 8;
const SUSPECT_SHARE = .9;
const CONTROL_PORTS = 3;
const MAX_DRAWS = 64;
const OPEN_EVERYWHERE = 1e3;
const SAMPLED_OPEN = 4;
const MAX_SAMPLED = 8;
const ENOUGH_SAMPLED = 2;
const SAMPLED_SHARE = .75;
var ControlPorts = class {
	#open = /* @__PURE__ */ new Map();
	#sampled = /* @__PURE__ */ new Set();
	#scanAnswered = 0;
	#scanOpen = 0;
	areDue(host, open, answered) {
		const steps = open % 3 === 0 ? open / 3 : open;
		return (steps & steps - 1) === 0 && open >= SUSPECT_OPEN && open >= SUSPECT_SHARE * answered && !this.#open.has(host);
	}
	static { this.prototype.isSampleDue = (function(host, isOpen, mayProbe = true) {
		this.#scanAnswered++;
		if (!isOpen) return false;
		const open = ++this.#scanOpen;
		if (!mayProbe || open < SAMPLED_OPEN || this.#sampled.size >= MAX_SAMPLED || this.#sampled.has(host)) return false;
		if (open < SAMPLED_OPEN << this.#sampled.size || open < SUSPECT_SHARE * this.#scanAnswered) return false;
		this.#sampled.add(host);
		return !this.#open.has(host);
	}); }
	get answersForAll() {
		let probed = 0;
		for (const host of this.#sampled) if (this.#open.has(host)) probed++;
		return this.sampledHosts().length >= Math.max(ENOUGH_SAMPLED, SAMPLED_SHARE * probed) && this.#scanOpen >= SUSPECT_SHARE * this.#scanAnswered;
	}
	static { this.prototype.sampledHosts = (function() {
		return [...this.#sampled].filter(((host) => this.isProxied(host)));
	}); }
	isProxied(host) {
		return (this.#open.get(host) ?? 0) > CONTROL_PORTS / 2;
	}
	choose(host, isSpare) {
		this.#open.set(host, 0);
		const ports = sparePorts(host, CONTROL_PORTS, isSpare);
		if (ports.length === 0) this.#open.delete(host);
		return ports;
	}
	sawOpen(host) {
		this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
	}
	static { this.prototype.suspect = (function(host, answered, open) {
		return (this.#open.has(host) ? this.isProxied(host) : open > OPEN_EVERYWHERE) && open > 0 && open >= SUSPECT_SHARE * answered;
	}); }
};
function sparePorts(host, count, isSpare) {
	const ports = [];
	for (let i = 0; i < MAX_DRAWS && ports.length < count; i++) {
		const port = 10007 + (Math.imul(host ^ i, 2654435761) >>> 0) % 5e4;
		if (isSpare(port) && !ports.includes(port)) ports.push(port);
	}
	return ports;
}

// src/engine/forwarded.ts
const MAX_HOSTS$1 = 4096;
const MAX_TTLS = 6;
const MAX_PORTS = 16;
const FEW_PORTS = 8;
const FEW_SHARE = 1 / 4;
const MAX_HOPS = 8;
var TtlTable = class {
	#hosts = /* @__PURE__ */ new Map();
	static { this.prototype.see = (function(hosts, index, port, ttl, isOpen) {
		const before = hosts.answered[index] - 1;
		if (before === 0) hosts.ttl[index] = ttl;
		const at = index * 4;
		if (ttl !== hosts.ttl[index]) this.#add(hosts.address[index], port, ttl, isOpen, hosts.ttl[index], hosts.firstPorts.subarray(at, at + Math.min(before, 4)));
		else if (this.#hosts.size > 0) {
			const first = this.#hosts.get(hosts.address[index])?.[0];
			if (first !== void 0 && first.ports.length < MAX_PORTS) first.ports.push(port);
		}
		if (before < 4) hosts.firstPorts[at + before] = port;
	}); }
	#add(host, port, ttl, isOpen, first, firstPorts) {
		let groups = this.#hosts.get(host);
		if (groups === void 0) {
			if (this.#hosts.size >= MAX_HOSTS$1) return;
			this.#hosts.set(host, groups = [{
				ttl: first,
				count: 0,
				open: 0,
				ports: [...firstPorts]
			}]);
		}
		let group = groups.find((each) => each.ttl === ttl);
		if (group === void 0) {
			if (groups.length >= MAX_TTLS) return;
			groups.push(group = {
				ttl,
				count: 0,
				open: 0,
				ports: []
			});
		}
		group.count++;
		if (isOpen) group.open++;
		if (group.ports.length < MAX_PORTS) group.ports.push(port);
	}
	static { this.prototype.forwarded = (function(repliesOf, openOf) {
		const found = [];
		for (const [host, [first, ...others]] of this.#hosts) {
			const count = Math.max(1, repliesOf(host) - others.reduce(((sum, group) => sum + group.count), 0));
			const open = openOf(host) - others.reduce(((sum, group) => sum + group.open), 0);
			const groups = [{
				...first,
				count,
				open
			}, ...others];
			const nearest = Math.min(...groups.map((({ ttl }) => hopsOf(ttl))));
			let nearCount = 0;
			let nearOpen = 0;
			for (const group of groups) {
				if (hopsOf(group.ttl) !== nearest) continue;
				nearCount += group.count;
				nearOpen += group.open;
			}
			for (const { ttl, count, ports } of groups) {
				const hops = hopsOf(ttl) - nearest;
				if (hops <= 0 || hops > MAX_HOPS || count > Math.max(FEW_PORTS, FEW_SHARE * nearCount)) continue;
				for (const port of ports) found.push({
					host,
					port,
					hops,
					isMaybeFirewall: nearOpen === 0
				});
			}
		}
		return found;
	}); }
};
function hopsOf(ttl) {
	return initialTtl(ttl) - ttl;
}

// src/engine/own_side.ts
const MAX_CHECKS = 4;
const NEAR_TRIES = 2;
const MAX_LOOKS = 4096;
const IS_INITIAL_TTL = Uint8Array.from({ length: 256 }, ((_, ttl) => [
	32,
	64,
	128,
	255
].includes(ttl) ? 1 : 0));
var OwnSide = class {
	#pathTo;
	#checked = /* @__PURE__ */ new Map();
	#looks = 0;
	#isDecremented = false;
	constructor(pathTo) {
		this.#pathTo = pathTo;
	}
	static { this.prototype.isDueBeyondProgram = (function(host, port, ttl, isUserStack) {
		if (this.#pathTo === void 0 || this.#looks >= MAX_LOOKS) return false;
		this.#looks++;
		if (this.#pathTo(host) !== 2) return false;
		if (IS_INITIAL_TTL[ttl] === 0) this.#isDecremented = true;
		const isDue = this.#begin(host, port, ttl);
		const checked = this.#checked.get(host);
		if (checked !== void 0 && isUserStack) checked.isCertain = true;
		return isDue;
	}); }
	isDueAsProxy(host, ttl) {
		return this.#pathTo !== void 0 && this.#pathTo(host) !== 0 && this.#begin(host, -1, ttl);
	}
	#begin(host, port, ttl) {
		if (IS_INITIAL_TTL[ttl] === 0 || this.#checked.size >= MAX_CHECKS || this.#checked.has(host)) return false;
		this.#checked.set(host, {
			port,
			isAnswered: false,
			isCertain: false
		});
		return true;
	}
	isRetried(tries) {
		return tries < NEAR_TRIES;
	}
	nextPort(host) {
		const checked = this.#checked.get(host);
		if (checked === void 0) return -1;
		const { port } = checked;
		checked.port = -1;
		return port;
	}
	answered(host, isCertain) {
		const checked = this.#checked.get(host);
		if (checked === void 0) return;
		checked.isAnswered = true;
		if (isCertain) checked.isCertain = true;
	}
	static { this.prototype.hosts = (function() {
		const hosts = this.OwnSide$answered();
		return hosts.length > 1 || hosts.some(((host) => this.#checked.get(host).isCertain)) ? hosts : [];
	}); }
	static { this.prototype.nextHops = (function() {
		return this.hosts().length > 0 ? [] : this.OwnSide$answered();
	}); }
	static { this.prototype.OwnSide$answered = (function() {
		return [...this.#checked].filter((([host, { isAnswered }]) => isAnswered && !(this.#isDecremented && this.#pathTo?.(host) === 2))).map((([host]) => host));
	}); }
};

// src/engine/proxies.ts
const SYN_PROXY = noteCode("window 0: a SYN proxy answered");
const EVERY_PORT = noteCode("something answers for every port: control ports are open");
const EVERY_UDP_PORT = noteCode("something replies at every UDP port, so that open shows no service");
const EVERY_ADDRESS = noteCode("something answers for every address: control ports are open on other hosts too");
const OWN_SIDE = noteCode("these replies are generated on your side: states are those of a proxy's connect()");
const NEXT_HOP = noteCode("answered before the first router: the next hop itself, or a program on your side");
const OWN_UNREACH = noteCode("port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server");
const FORWARDED = [
	noteCode("forwarded, 1 hop behind"),
	noteCode("forwarded, 2 hops behind"),
	noteCode("forwarded, 3 or more hops behind")
];
const FORWARDED_OR_FIREWALL = [
	noteCode("forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports"),
	noteCode("forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports"),
	noteCode("forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports")
];
const RST_SPOOF = noteCode("rst-spoof: RST and SYN-ACK to the same probes, so that another device refuses ports in its place");
const REFUSED_AND_ACCEPTED = 2;
const MAX_REFUSED$1 = 4096;
const MAX_UNPROVEN = 65536;
const MAX_OWN_UNREACH = 64;
const COMMON_PORTS = 24;
const CONTROL_PORT_TRIES = 3;
var Proxies = class {
	#state;
	#controlPorts = new ControlPorts();
	#ownSide;
	#ttls = new TtlTable();
	#refusedAndAccepted = /* @__PURE__ */ new Map();
	#unproven = /* @__PURE__ */ new Map();
	#ownUnreach = /* @__PURE__ */ new Set();
	constructor(state) {
		this.#state = state;
		this.#ownSide = new OwnSide(state.driver.sendNear === void 0 ? void 0 : state.driver.pathTo);
	}
	static { this.prototype.onReply = (function(slot, index, state, ttl, odd) {
		if (!this.#state.driver.hasPorts) return;
		const { table: { host: hosts, port: ports }, source } = this.#state;
		const host = hosts[slot];
		const port = ports[slot];
		this.#sample(host, state);
		if (this.#state.icmp.isOn) return;
		if (this.#ownSide.isDueBeyondProgram(host, port, ttl, state !== 0 && odd)) this.#sendNearProbe(host, sparePorts(~host, 1, ((spare) => source.isSpare(host, spare)))[0] ?? port);
		if (index !== 0) this.#ttls.see(this.#state.hosts, index, port, ttl, state === 0);
	}); }
	#sample(host, state) {
		const isOpen = state === 0;
		if (this.#controlPorts.isSampleDue(host, isOpen, isOpen && this.#mayProbe(host))) this.#probeControlPorts(host);
	}
	#mayProbe(host) {
		const answered = this.#answeredOf(host);
		return answered === 0 || answered >= COMMON_PORTS || this.#state.source.portCountOf(host) <= COMMON_PORTS;
	}
	onOpen(host) {
		if (!this.#state.driver.hasPorts || !this.#mayProbe(host)) return;
		if (this.#controlPorts.areDue(host, this.#openOf(host), this.#answeredOf(host))) this.#probeControlPorts(host);
	}
	onUnprovenOpen(host) {
		if (!this.#state.driver.hasPorts) return;
		const before = this.#unproven.get(host) ?? 0;
		if (before > 0 || this.#unproven.size < MAX_UNPROVEN) this.#unproven.set(host, before + 1);
		this.#sample(host, 0);
		this.onOpen(host);
	}
	#answeredOf(host) {
		const { hosts } = this.#state;
		return hosts.answered[hosts.find(host)] + (this.#unproven.get(host) ?? 0);
	}
	#openOf(host) {
		const { hosts } = this.#state;
		return hosts.open[hosts.find(host)] + (this.#unproven.get(host) ?? 0);
	}
	onControlPortOpen(host, port, ttl) {
		this.#controlPorts.sawOpen(host);
		if (!this.#state.icmp.isOn && this.#controlPorts.isProxied(host) && this.#ownSide.isDueAsProxy(host, ttl)) this.#sendNearProbe(host, port);
	}
	onNearReply(host, port, isOpen, odd) {
		this.#ownSide.answered(host, isOpen ? this.#state.source.isSpare(host, port) : odd);
	}
	onNearSilent(host) {
		const port = this.#ownSide.nextPort(host);
		if (port >= 0) this.#sendNearProbe(host, port);
	}
	onRefusedAndAccepted(host) {
		const before = this.#refusedAndAccepted.get(host) ?? 0;
		if (before > 0 || this.#refusedAndAccepted.size < MAX_REFUSED$1) this.#refusedAndAccepted.set(host, before + 1);
	}
	onOwnUnreach(host) {
		if (this.#ownUnreach.size < MAX_OWN_UNREACH) this.#ownUnreach.add(host);
	}
	onSilent(slot) {
		const { purpose, tries, countedTries, host, port } = this.#state.table;
		if (purpose[slot] === 5) return this.#state.blocks.isRepeated(this.#state.hosts.find(host[slot]), countedTries[slot]);
		if (purpose[slot] === 3) {
			if (!this.#state.strays.hasUnproven(slot)) return tries[slot] < CONTROL_PORT_TRIES;
			this.onControlPortOpen(host[slot], port[slot], 0);
		}
		return purpose[slot] === 4 && this.#ownSide.isRetried(countedTries[slot]);
	}
	static { this.prototype.suspects = (function() {
		const { hosts: { address, answered, open, count }, notes } = this.#state;
		const found = /* @__PURE__ */ new Set([
			...this.#ownSide.hosts(),
			...hostsWithNote(notes.rows(), SYN_PROXY),
			...this.Proxies$rstSpoofed()
		]);
		if (this.#controlPorts.answersForAll) for (const host of this.#controlPorts.sampledHosts()) found.add(host);
		for (let i = 1; i < count; i++) if (this.#controlPorts.suspect(address[i], answered[i], open[i])) found.add(address[i]);
		for (const host of this.#unproven.keys()) if (this.#controlPorts.suspect(host, this.#answeredOf(host), this.#openOf(host))) found.add(host);
		return [...found];
	}); }
	static { this.prototype.noteRows = (function() {
		const { hosts } = this.#state;
		const controlPorts = this.#controlPorts;
		const notes = new NoteTable();
		notes.addRows(this.#state.notes.rows());
		for (const host of this.#ownUnreach) notes.addHost(host, OWN_UNREACH);
		for (const host of this.Proxies$rstSpoofed()) notes.addHost(host, RST_SPOOF);
		for (const host of this.#ownSide.hosts()) notes.addHost(host, OWN_SIDE);
		for (const host of this.#ownSide.nextHops()) notes.addHost(host, NEXT_HOP);
		if (controlPorts.answersForAll) for (const host of controlPorts.sampledHosts()) notes.addHost(host, EVERY_ADDRESS);
		for (const host of this.suspects()) if (this.#state.icmp.isOn) notes.addHost(host, EVERY_UDP_PORT);
		else if (controlPorts.isProxied(host)) notes.addHost(host, EVERY_PORT);
		const forwarded = this.#ttls.forwarded(((host) => hosts.answered[hosts.find(host)]), ((host) => hosts.open[hosts.find(host)]));
		for (const { host, port, hops, isMaybeFirewall } of forwarded) {
			const codes = isMaybeFirewall ? FORWARDED_OR_FIREWALL : FORWARDED;
			notes.addPort(host, port, codes[Math.min(hops, codes.length) - 1]);
		}
		return notes.rows();
	}); }
	static { this.prototype.Proxies$rstSpoofed = (function() {
		return [...this.#refusedAndAccepted].filter((([, ports]) => ports >= REFUSED_AND_ACCEPTED)).map((([host]) => host));
	}); }
	#probeControlPorts(host) {
		const ports = this.#controlPorts.choose(host, (port) => this.#state.source.isSpare(host, port));
		for (const port of ports) this.#state.sender.enqueue(host, port, 3);
	}
	#sendNearProbe(host, port) {
		this.#state.sender.enqueue(host, port, 4);
	}
};


// src/engine/matched_replies.ts
const RESET$1 = reasonCode("reset");
const RESET_NO_ACK = reasonCode("reset-no-ack");
const PORT_UNREACH$1 = reasonCode("port-unreach");
const NEIGHBOR_TIMEOUT = reasonCode("neighbor-timeout");
var MatchedReplies = class {
	#state;
	#neighborTimeouts = new NeighborTimeouts();
	#overlaps;
	#refusedAt = -1e400;
	#latestMs = 0;
	constructor(state) {
		this.#state = state;
		this.#overlaps = state.overlaps;
	}
	get lingerUntil() {
		return this.#refusedAt + this.#state.retransmit.lingerMs(this.#latestMs);
	}
	static { this.prototype.take = (function(slot, attempt, kind, ttl, from, odd, nowMs, timed) {
		const { table, counts, notes, clock, driver, local, hosts, icmp } = this.#state;
		const host = table.host[slot];
		const port = table.port[slot];
		const tries = table.tries[slot];
		const isIcmp = isError(kind);
		let reason = kind;
		const timeMs = clock.engineTime(nowMs);
		const period = driver.attemptPeriod;
		const answered = attempt + Math.floor((tries - 1 - attempt) / period) * period;
		const sentMs = table.sentAt(slot, answered);
		if (isIcmp && local.isLocalError(host, from)) {
			this.#state.sendErrors.onLocalError(slot, kind, timeMs);
			return;
		}
		const isKnown = sentMs >= 0 && tries <= period;
		let waitedMs = isKnown && sentMs <= timeMs ? timeMs - sentMs : -1;
		const leftMs = isKnown && timed ? table.times.left[probeId(slot, answered)] : -1;
		let rttMs = leftMs >= 0 && leftMs <= nowMs ? nowMs - leftMs : -1;
		let own = from === host;
		if ((kind === RESET$1 || kind === RESET_NO_ACK) && hosts.answered[hosts.find(host)] === 0) {
			const firstMs = timeMs - table.times.first[slot];
			const pathMs = hosts.srtt[0];
			if (this.#neighborTimeouts.isRstOfProxy(host, kind === RESET$1, waitedMs, rttMs, firstMs, pathMs)) {
				reason = NEIGHBOR_TIMEOUT;
				own = false;
				waitedMs = rttMs = -1;
			}
		}
		const ageMs = isKnown && sentMs <= timeMs ? timeMs - sentMs : -1;
		const isCheck = this.#state.checks.isCheck(slot);
		const isAbsent = isIcmp && !isCheck && this.#state.absent.isShownBy(slot, hosts.find(host), reason, from, nowMs, ageMs);
		const mayHaveWaited = isIcmp && this.#state.absent.mayHaveWaited(slot, reason, from, timeMs);
		if (mayHaveWaited) waitedMs = rttMs = -1;
		const state = stateIn(driver.outcomes, reason, own, odd || isAbsent);
		const isOwnRefusal = isIcmp && own && kind === driver.refusal;
		const showsHost = (!isIcmp || isOwnRefusal) && reason !== NEIGHBOR_TIMEOUT;
		const purpose = table.purpose[slot];
		const isDecided = table.status[slot] === 1;
		const isProxied = odd && showsHost && !refuses(reason);
		if (isProxied && purpose === 0 && !(isDecided && table.state[slot] === 0)) notes.addPort(host, port, SYN_PROXY);
		if (isAbsent && purpose === 0 && this.#state.sink.absent !== void 0) {
			if (isDecided) counts.duplicates++;
			else this.#state.silence.decideAbsent(slot, from);
			return;
		}
		if (isDecided && mayHaveWaited && this.#state.isSilent(host, hosts.find(host))) {
			counts.duplicates++;
			return;
		}
		if (isIcmp && icmp.isOn && sentMs >= 0 && !isDecided) icmp.onError(slot, answered, from, sentMs);
		if (isDecided) {
			if (showsHost) this.#state.absent.onReply(host);
			if (refuses(table.reason[slot]) && table.answered[slot] === answered) this.#latestMs = Math.max(this.#latestMs, waitedMs);
			this.#state.results.onLateReply(slot, answered, state, reason, ttl, own, sentMs, waitedMs, rttMs, from);
			return;
		}
		const index = this.#state.indexOfReply(host, own, purpose, timeMs);
		this.#state.loss.measure(index, own, sentMs, waitedMs);
		if (showsHost) {
			this.#state.absent.onReply(host);
			this.MatchedReplies$onHostReply(slot, index, state, reason, answered, sentMs);
			if (purpose === 0) this.#state.proxies.onReply(slot, index, state, ttl, odd);
		}
		if (purpose !== 0) {
			this.#onAuxiliaryReply(slot, index, state, reason, showsHost, own, ttl, odd, sentMs);
			return;
		}
		if (isIcmp && !isOwnRefusal && !isCheck) this.#state.silences.onError(host, from);
		if (!own && !isCheck && this.#state.results.isDoubtful(index, reason)) {
			table.doubtful[slot] = reason;
			table.doubtfulFrom[slot] = from;
			return;
		}
		if (!isCheck) counts.answered++;
		table.answered[slot] = answered;
		if (!isCheck) this.#state.blocks.onReply(index, port, state, isIcmp && !isOwnRefusal);
		if (isIcmp && !isOwnRefusal && !isCheck && !isAbsent && reason !== NEIGHBOR_TIMEOUT) this.#state.checks.add(host, port, reason, from);
		if (kind === PORT_UNREACH$1 && own && !isOwnRefusal) this.#state.proxies.onOwnUnreach(host);
		this.#state.results.decide(slot, state, reason, from, ttl, rttMs, isProxied ? SYN_PROXY : void 0);
		if (state !== 0 && this.#overlaps && !local.isOwn(host)) this.#refusedAt = timeMs;
	}); }
	#onAuxiliaryReply(slot, index, state, reason, showsHost, own, ttl, odd, sentMs) {
		const { table, hosts } = this.#state;
		const host = table.host[slot];
		const port = table.port[slot];
		const purpose = table.purpose[slot];
		if (purpose === 3) {
			if (state === 0) this.#state.proxies.onControlPortOpen(host, port, ttl);
		} else if (purpose === 4) {
			if (showsHost) this.#state.proxies.onNearReply(host, port, state === 0, odd);
		} else if (purpose === 5) this.#state.blocks.onRecheck(slot, state, !showsHost);
		else if (purpose === 1) {
			if (!own) {
				this.#state.silence.giveUp(slot);
				return;
			}
			hosts.livenessAnswered[index]++;
			this.#state.limiters.of(index)?.onLivenessProbe(sentMs, true, this.#state.retransmit.timeoutMs(index));
		}
		table.reason[slot] = reason;
		this.#state.sender.release(slot, state);
	}
	static { this.prototype.MatchedReplies$onHostReply = (function(slot, index, state, reason, answered, sentMs) {
		const { table, hosts, driver, icmp, limits } = this.#state;
		this.#state.loss.addReply(slot, index, answered, sentMs);
		const port = table.port[slot];
		const isRepeatable = refuses(reason) && driver.rationed[reason] === 0;
		if (isRepeatable) this.#state.targets.answered(table.host[slot], port);
		if (index === 0) return;
		if (isRepeatable) hosts.livenessPort[index] = port;
		else if (icmp.isOn && limits.defeatsIcmpLimit !== true) {
			if (state === 0) hosts.servicePort[index] = port;
			else hosts.refusedPort[index] = port;
		}
		if (table.purpose[slot] !== 0) return;
		hosts.answered[index]++;
		if (state !== 0) return;
		hosts.open[index]++;
		this.#state.proxies.onOpen(table.host[slot]);
	}); }
};

// src/engine/refill.ts
const NOT_ASKED = reasonCode("not-asked");
const HOST_UNREACH$5 = reasonCode("host-unreach");
const HOST_TIMEOUT$1 = reasonCode("host-timeout");
const SKIP_BATCH = 4096;
const SOURCE_SHARE = 3 / 4;
var Refill = class {
	isPaused = false;
	#state;
	#maxUsed;
	#maxInFlight;
	constructor(state) {
		this.#state = state;
		this.#maxInFlight = state.maxInFlight;
		this.#maxUsed = Math.floor(state.table.maxCapacity * SOURCE_SHARE);
	}
	get isPossible() {
		return this.#state.position < this.#state.source.size && this.#hasRoom;
	}
	get checkAt() {
		return this.#hasRoom ? this.#state.checks.nextAt : 1e400;
	}
	get #hasRoom() {
		const { used } = this.#state.table;
		return !this.isPaused && used < this.#maxUsed && used - this.#state.limiters.queued - this.#state.icmp.queued < this.#maxInFlight && !this.#state.unresolved.isFull;
	}
	static { this.prototype.take = (function() {
		if (!this.#hasRoom) return -1;
		const { source, position } = this.#state;
		if (position >= source.size) return this.#takeCheck();
		source.locate(position);
		if (source.isExcluded === true || this.Refill$isAbsent(source.host) || this.#state.isOver(source.host)) return -1;
		const slot = this.#state.sender.enqueue(source.host, source.port, 0);
		if (slot >= 0) this.#state.position++;
		return slot;
	}); }
	#takeCheck() {
		const { checks, table, silences, results } = this.#state;
		let slot = checks.take();
		for (; slot >= 0 && this.#state.isOver(table.host[slot]); slot = checks.take()) {
			silences.timedOut.add(table.host[slot]);
			results.decide(slot, 6, HOST_TIMEOUT$1);
		}
		return slot;
	}
	static { this.prototype.skipExcluded = (function() {
		const { source, position, timeouts, clock } = this.#state;
		if (!(source.isExcluded !== void 0 || this.#skipsAbsent || timeouts?.canBeOver(clock.callerTime(clock.nowMs)) === true) || this.isPaused) return 0;
		const end = Math.min(source.size, position + SKIP_BATCH);
		while (this.#state.position < end) {
			source.locate(this.#state.position);
			if (source.isExcluded) this.#skipLocated(NOT_ASKED);
			else if (this.Refill$isAbsent(source.host)) this.#skipAbsent();
			else if (this.#state.isOver(source.host)) this.#skipOverdue();
			else break;
		}
		return this.#state.position - position;
	}); }
	skip(count, reason) {
		const { source, position } = this.#state;
		const end = Math.min(source.size, position + count);
		while (this.#state.position < end) {
			source.locate(this.#state.position);
			this.#skipLocated(reason);
		}
	}
	get #skipsAbsent() {
		return this.#state.sink.absent !== void 0 && this.#state.absent.isAny;
	}
	static { this.prototype.Refill$isAbsent = (function(host) {
		return this.#skipsAbsent && this.#state.absent.reporterOf(host) !== 0;
	}); }
	#skipAbsent() {
		const { source, driver: { outcomes }, absent, results } = this.#state;
		this.#state.position++;
		const state = stateIn(outcomes, HOST_UNREACH$5, false, true);
		results.skip(source.host, source.port, state, HOST_UNREACH$5, absent.reporterOf(source.host));
	}
	#skipOverdue() {
		this.#state.silences.timedOut.add(this.#state.source.host);
		this.#skipLocated(HOST_TIMEOUT$1);
	}
	#skipLocated(reason) {
		const { source } = this.#state;
		this.#state.position++;
		this.#state.results.skip(source.host, source.port, 6, reason);
	}
};

// src/engine/check_pace.ts
const ROUND_MS = 2e3;
const PACE_SHARE = .9;
var CheckPace = class {
	#firstMs = -1;
	#lastMs = 0;
	nextAt = 0;
	#gapMs = 0;
	#pace = 0;
	begin(gapMs) {
		this.#firstMs = -1;
		this.#gapMs = gapMs;
	}
	onSent(timeMs) {
		if (this.#firstMs < 0) this.#firstMs = timeMs;
		this.#lastMs = timeMs;
		this.nextAt = Math.max(this.nextAt, timeMs - this.#gapMs) + this.#gapMs;
	}
	roundMs(left, changed) {
		const elapsedMs = this.#lastMs - this.#firstMs;
		if (elapsedMs < ROUND_MS / 2) return ROUND_MS;
		this.#pace = Math.max(this.#pace, PACE_SHARE * changed / elapsedMs);
		return this.#pace === 0 ? ROUND_MS : left / this.#pace;
	}
};

// src/engine/refused_groups.ts
const NO_RESPONSE$3 = reasonCode("no-response");
const HOST_UNREACH$4 = reasonCode("host-unreach");
const MAX_GROUPS = 1 << 18;
const SAMPLE = 16;
const FIRST_GROUPS = 512;
const SETTLED = 0;
const SKIPPED = 1;
const SAMPLED = 2;
const DISPUTED = 3;
const UNPROVEN = 4;
var RefusedGroups = class {
	host = /* @__PURE__ */ new Uint32Array(16);
	from = /* @__PURE__ */ new Uint32Array(16);
	reason = /* @__PURE__ */ new Uint8Array(16);
	next = /* @__PURE__ */ new Uint32Array(16);
	mode = /* @__PURE__ */ new Uint8Array(16);
	size = /* @__PURE__ */ new Uint32Array(16);
	passed = /* @__PURE__ */ new Uint32Array(16);
	changed = /* @__PURE__ */ new Uint32Array(16);
	count = 0;
	#firstOf = new U32Map();
	#countOf = /* @__PURE__ */ new Map();
	has(host) {
		return this.#firstOf.get(host) > 0;
	}
	of(host, from, reason) {
		const first = Math.max(0, this.#firstOf.get(host));
		for (let group = first; group > 0; group = this.next[group]) if (this.reason[group] === reason && this.from[group] === host === (from === host)) return group;
		if (this.count === MAX_GROUPS) return 0;
		const group = ++this.count;
		if (group === this.host.length) growColumns(this, 2 * group);
		this.host[group] = host;
		this.from[group] = from;
		this.reason[group] = reason;
		const silentMode = from === host ? 4 : 0;
		this.mode[group] = reason === NO_RESPONSE$3 ? silentMode : this.#isSkipped(group) ? SKIPPED : 2;
		this.next[group] = first === 0 ? 0 : this.next[first];
		if (first === 0) this.#firstOf.add(host, group);
		else this.next[first] = group;
		return group;
	}
	#isSkipped(group) {
		if (this.from[group] !== this.host[group] && this.reason[group] === HOST_UNREACH$4) return false;
		const kind = this.kindOf(group);
		const before = this.#countOf.get(kind) ?? 0;
		this.#countOf.set(kind, before + 1);
		return before >= FIRST_GROUPS && before % 2 ** Math.floor(Math.log2(2 * before / FIRST_GROUPS)) !== 0;
	}
	isSampleNext(group) {
		const [before, all] = [this.passed[group], this.size[group]];
		return Math.floor((before + 1) * 16 / all) > Math.floor(before * 16 / all);
	}
	isNext(group, { sources, kinds, hosts }) {
		const mode = this.mode[group];
		if (this.reason[group] === NO_RESPONSE$3) return mode === 0 ? hosts.has(this.host[group]) : mode === 3 && this.changed[group] > 0;
		if (mode === SKIPPED) return kinds.has(this.kindOf(group));
		return mode !== 0 && sources.has(this.sourceOf(group));
	}
	sourceOf(group) {
		return this.from[group] * 256 + this.reason[group];
	}
	kindOf(group) {
		return this.from[group] === this.host[group] ? this.reason[group] : this.sourceOf(group);
	}
	at(group) {
		const { host, from, reason, size } = this;
		return {
			host: host[group],
			from: from[group] || host[group],
			reason: reason[group],
			ports: size[group]
		};
	}
};

// src/engine/refusal_checks.ts
const NO_RESPONSE$2 = reasonCode("no-response");
const RECOVERY_MS = 1100;
const MIN_ROUNDS = 3;
const MAX_CHECK_MS = 18e4;
const MAX_REFUSED = 1 << 20;
const MAX_SAVED = 65536;
var RefusalChecks = class {
	unsettled = [];
	#state;
	#groups = new RefusedGroups();
	#ports = /* @__PURE__ */ new Uint16Array(64);
	#groupOf = /* @__PURE__ */ new Uint32Array(64);
	#count = 0;
	#others = 0;
	#changedShare = 0;
	#placeOf = /* @__PURE__ */ new Uint32Array(0);
	#replaced = /* @__PURE__ */ new Set();
	#refusedAt = 0;
	#beganMs = -1;
	#round = 0;
	#at = 0;
	#inFlight = 0;
	#sent = 0;
	#changed = 0;
	#pace = new CheckPace();
	#refusing = /* @__PURE__ */ new Set();
	constructor(state) {
		this.#state = state;
	}
	get isSettled() {
		return this.#count === 0;
	}
	get nextAt() {
		const { position, source, open } = this.#state;
		if (this.#count === 0 || position < source.size || open !== this.#inFlight) return 1e400;
		if (this.#at === this.#count && this.#inFlight > 0) return 1e400;
		return this.#isNextOver() ? -1e400 : Math.max(this.#refusedAt + RECOVERY_MS, this.#pace.nextAt);
	}
	#isNextOver() {
		let place = this.#at;
		while (place < this.#count && this.#groupOf[place] === 0) place++;
		return place < this.#count && this.#state.isOver(this.#groups.host[this.#groupOf[place]]);
	}
	get expectedWrong() {
		return this.#others * this.#changedShare;
	}
	add(host, port, reason, from) {
		const { icmp, limits, driver, clock } = this.#state;
		if (icmp.isOn || limits.maxRetries === 0 || driver.probesHosts === true && from === host) return;
		this.#refusedAt = clock.nowMs;
		if (!this.#keep(host, port, reason, from)) this.#others++;
	}
	addSilent(host, port) {
		if (this.keeps(host)) this.#keep(host, port, NO_RESPONSE$2, 0);
	}
	addUnproven(host, port) {
		if (this.#state.limits.maxRetries > 0) this.#keep(host, port, NO_RESPONSE$2, host);
	}
	keeps(host) {
		return this.#count > 0 && this.#groups.has(host);
	}
	kept() {
		const { host, from, reason } = this.#groups;
		const kept = [];
		for (let place = 0; place < this.#count && kept.length < 4 * MAX_SAVED; place++) {
			const group = this.#groupOf[place];
			if (group > 0) kept.push(host[group], this.#ports[place], reason[group], +(from[group] === host[group]));
		}
		return Uint32Array.from(kept);
	}
	static { this.prototype.restore = (function() {
		const { source: { refused = [] }, clock } = this.#state;
		this.#refusedAt = clock.nowMs;
		for (let at = 0; at < refused.length; at += 4) {
			const host = refused[at];
			this.#keep(host, refused[at + 1], refused[at + 2], refused[at + 3] === 1 ? host : 0);
		}
	}); }
	#keep(host, port, reason, from) {
		const group = this.#count < MAX_REFUSED ? this.#groups.of(host, from, reason) : 0;
		if (group === 0) return false;
		if (this.#count === this.#ports.length) {
			this.#ports = grown(this.#ports, 2 * this.#count);
			this.#groupOf = grown(this.#groupOf, 2 * this.#count);
		}
		this.#ports[this.#count] = port;
		this.#groupOf[this.#count++] = group;
		this.#groups.size[group]++;
		return true;
	}
	static { this.prototype.take = (function() {
		const { clock: { nowMs: timeMs }, sender, table } = this.#state;
		if (this.nextAt > timeMs) return -1;
		while (this.#at < this.#count && !this.#isWanted(this.#at)) this.#pass();
		if (this.#at === this.#count) {
			if (this.#inFlight === 0) this.#endRound(timeMs);
			return -1;
		}
		const host = this.#groups.host[this.#groupOf[this.#at]];
		const slot = sender.enqueue(host, this.#ports[this.#at], 0);
		if (slot < 0) return -1;
		if (slot >= this.#placeOf.length) this.#placeOf = grown(this.#placeOf, table.capacity);
		this.#pass();
		this.#placeOf[slot] = this.#at;
		this.#inFlight++;
		if (this.#state.isOver(host)) return slot;
		if (this.#beganMs < 0) this.#beganMs = timeMs;
		this.#sent++;
		this.#pace.onSent(timeMs);
		return slot;
	}); }
	static { this.prototype.isCheck = (function(slot) {
		return slot < this.#placeOf.length && this.#placeOf[slot] !== 0;
	}); }
	settle(slot, state, reason) {
		const place = this.#placeOf[slot] - 1;
		const group = this.#groupOf[place];
		const { host, from, reason: reasons, mode, size, changed } = this.#groups;
		const before = outcomeCode(this.#stateOf(group), reasons[group]);
		this.#placeOf[slot] = 0;
		this.#inFlight--;
		if (isError(reason)) this.#refusing.add(this.#groups.sourceOf(group));
		const isChanged = (reason !== NO_RESPONSE$2 || mode[group] === 3) && !isError(reason) && state !== this.#stateOf(group) && (state !== 6 || mode[group] === 4);
		if (isChanged) {
			if (state !== 6) this.#changed++;
			changed[group]++;
			size[group]--;
			this.#groupOf[place] = 0;
			this.#state.blocks.onOtherReply(host[group]);
			if (reasons[group] !== NO_RESPONSE$2) this.#state.silences.onError(host[group], from[group], -1);
		}
		return isChanged && this.replaces(host[group], this.#ports[place]) ? before : ~before;
	}
	replaces(host, port) {
		if (this.#groups.count === 0) return true;
		const key = host * 65536 + port;
		if (this.#replaced.has(key)) return false;
		if (this.#replaced.size < MAX_REFUSED) this.#replaced.add(key);
		return true;
	}
	#stateOf(group) {
		const { host, from, reason } = this.#groups;
		return stateIn(this.#state.driver.outcomes, reason[group], from[group] === host[group]);
	}
	#isSilent(group) {
		const { mode, passed } = this.#groups;
		return mode[group] === 2 && passed[group] > 0 && !this.#refusing.has(this.#groups.sourceOf(group)) && stateIn(this.#state.driver.outcomes, NO_RESPONSE$2) !== this.#stateOf(group);
	}
	#isWanted(place) {
		const { hosts, driver } = this.#state;
		const { host, mode } = this.#groups;
		const group = this.#groupOf[place];
		if (group === 0 || mode[group] < 2) return false;
		if (mode[group] !== 4 && this.#state.isOver(host[group])) return false;
		if (driver.probesHosts === true && hosts.find(host[group]) !== 0) return false;
		return mode[group] >= 3 || this.#groups.isSampleNext(group);
	}
	#pass() {
		this.#groups.passed[this.#groupOf[this.#at++]]++;
	}
	#endRound(timeMs) {
		const groups = this.#groups;
		const { host, reason, mode, size, passed, changed, count } = groups;
		if (this.#round === 0) this.#changedShare = this.#changed / Math.max(1, this.#sent);
		const other = {
			sources: /* @__PURE__ */ new Set(),
			kinds: /* @__PURE__ */ new Set(),
			hosts: /* @__PURE__ */ new Set()
		};
		for (let group = 1; group <= count; group++) {
			if (changed[group] === 0 && !this.#isSilent(group)) continue;
			other.sources.add(groups.sourceOf(group));
			other.kinds.add(groups.kindOf(group));
			other.hosts.add(host[group]);
		}
		let left = 0;
		const next = [];
		for (let group = 1; group <= count; group++) {
			const isSilent = reason[group] === NO_RESPONSE$2;
			const isDue = groups.isNext(group, other);
			const isCut = size[group] > 0 && (isDue || mode[group] === 3) && this.#state.isOver(host[group]);
			const isNext = isDue && !isCut;
			if (isCut) this.#cut(group);
			const isDisputed = isSilent || changed[group] > 0 || this.#isSilent(group);
			mode[group] = !isNext ? 0 : isDisputed ? 3 : 2;
			passed[group] = changed[group] = 0;
			if (!isNext || size[group] === 0) continue;
			left += mode[group] === 3 ? size[group] : Math.min(16, size[group]);
			next.push(groups.at(group));
		}
		const roundMs = this.#changed === this.#sent ? 0 : this.#pace.roundMs(left, this.#changed);
		const isOver = roundMs + (this.#round < MIN_ROUNDS ? 0 : timeMs - this.#beganMs) >= MAX_CHECK_MS;
		if (isOver) this.unsettled.push(...next);
		if (left === 0 || isOver) this.#count = 0;
		this.#round++;
		this.#at = this.#sent = this.#changed = 0;
		this.#refusing.clear();
		this.#pace.begin(roundMs / Math.max(1, left));
	}
	#cut(group) {
		this.#state.silences.timedOut.add(this.#groups.host[group]);
		this.unsettled.push(this.#groups.at(group));
	}
};

// src/engine/replies.ts
const FIN_WITHOUT_SYN = noteCode("FIN without SYN: a proxy on the path could not connect");
var Replies = class {
	#state;
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.onReply = (function(host, port, attempt, token, kind, ttl, from, odd, nowMs, timed) {
		const { table, counts, notes } = this.#state;
		const slot = this.Replies$slotOf(host, port, attempt, token);
		if (slot < 0) return false;
		if (!this.Replies$isOf(slot, host, port) || attempt >= table.tries[slot]) {
			counts.late++;
			return true;
		}
		if (kind === 254) {
			counts.finAcks++;
			if (table.purpose[slot] === 0) notes.addPort(host, port, FIN_WITHOUT_SYN);
			return true;
		}
		this.#state.matched.take(slot, attempt, kind, ttl, from, odd, nowMs, timed);
		return true;
	}); }
	onTokenlessReply(host, port, attempt, strength, kind, ttl, from, nowMs) {
		const isLocal = isError(kind) && this.#state.local.isLocalError(host, from);
		if (strength === 0 && !isLocal) return this.#state.strays.onUnproven(host, port, attempt, kind, from);
		const { index, table } = this.#state;
		const slot = index?.find(host, port) ?? -1;
		if (slot < 0 || attempt >= table.tries[slot]) return false;
		this.#state.matched.take(slot, attempt, kind, ttl, from, false, nowMs, true);
		return true;
	}
	static { this.prototype.sent = (function(id, sentMs) {
		this.#state.table.times.left[id] = sentMs;
	}); }
	onOutcome(id, host, port, kind, from, nowMs, timed) {
		const { table, counts } = this.#state;
		const slot = slotOfId(id);
		const attempt = this.Replies$isOf(slot, host, port) ? attemptOfId(id, table.tries[slot]) : -1;
		if (attempt < 0) counts.late++;
		else this.#state.matched.take(slot, attempt, kind, 0, from, false, nowMs, timed);
	}
	keepsSocket(id, host, port, untilMs) {
		const { table, wheel, clock } = this.#state;
		const slot = slotOfId(id);
		if (!this.Replies$isOf(slot, host, port)) return;
		if (table.status[slot] !== 2 && table.status[slot] !== 3) return;
		table.status[slot] = 2;
		wheel.schedule(slot, clock.engineTime(untilMs) + 1);
	}
	static { this.prototype.isInFlight = (function(host, port, attempt, token) {
		const { table } = this.#state;
		const slot = this.Replies$slotOf(host, port, attempt, token);
		return this.Replies$isOf(slot, host, port) && attempt < table.tries[slot];
	}); }
	onSendError(id, reason) {
		const { table, clock } = this.#state;
		const slot = slotOfId(id);
		if (table.status[slot] !== 2) return;
		if (table.purpose[slot] === 0) this.#state.sendErrors.notSent(slot, reason, clock.nowMs);
		else this.#state.silence.giveUp(slot);
	}
	tokenOf(host, port, attempt) {
		const { index, table, correlator } = this.#state;
		const slot = index?.find(host, port) ?? -1;
		return slot < 0 || attempt >= table.tries[slot] ? -1 : correlator.seal(slot, host, port, attempt);
	}
	answersStrayAck(host, port, attempt, isSyn) {
		return this.#state.strays.onStrayAck(host, port, attempt, isSyn);
	}
	static { this.prototype.Replies$isOf = (function(slot, host, port) {
		const { table } = this.#state;
		return table.host[slot] === host && table.port[slot] === port && table.status[slot] !== 0;
	}); }
	static { this.prototype.Replies$slotOf = (function(host, port, attempt, token) {
		const { table, correlator } = this.#state;
		const slot = correlator.open(token, host, port, attempt);
		return slot < table.capacity && table.status[slot] !== 0 ? slot : -1;
	}); }
};

// src/engine/results.ts
const NO_RESPONSE$1 = reasonCode("no-response");
const ICMP_LIMITED$2 = reasonCode("icmp-limited");
const HOST_SILENT$1 = reasonCode("host-silent");
const HOST_UNREACH$3 = reasonCode("host-unreach");
const RESET = reasonCode("reset");
const NET_UNREACH = reasonCode("net-unreach");
var Results = class {
	#state;
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.decide = (function(slot, state, reason, from = this.#state.table.host[slot], ttl = 0, rttMs = -1, note = this.Results$noteOf(slot)) {
		if (this.#state.checks.isCheck(slot)) return this.#decideAgain(slot, state, reason, from, ttl, rttMs, note);
		this.#state.counts.byState[state]++;
		if (reason === ICMP_LIMITED$2) this.#state.icmp.onUndecided(this.#state.table.host[slot]);
		this.#state.table.reason[slot] = reason;
		this.Results$emit(slot, state, reason, ttl, rttMs, from, -1, note);
		this.#state.sender.release(slot, state);
	}); }
	decideDoubtful(slot) {
		const { table: { host, port, doubtful, doubtfulFrom }, driver: { outcomes }, counts, checks } = this.#state;
		const [reason, from] = [doubtful[slot], doubtfulFrom[slot]];
		counts.answered++;
		checks.add(host[slot], port[slot], reason, from);
		this.decide(slot, stateIn(outcomes, reason, false), reason, from);
	}
	#decideAgain(slot, state, reason, from, ttl, rttMs, note) {
		const { table, counts, sender, checks } = this.#state;
		const replaced = checks.settle(slot, state, reason);
		const before = replaced < 0 ? ~replaced : replaced;
		if (replaced >= 0) {
			counts.late++;
			counts.byState[stateOfOutcome(before)]--;
			counts.byState[state]++;
			this.Results$emit(slot, state, reason, ttl, rttMs, from, before, note);
		}
		table.reason[slot] = replaced < 0 ? reasonOfOutcome(before) : reason;
		sender.release(slot, replaced < 0 ? stateOfOutcome(before) : state);
	}
	skip(host, port, state, reason, from = 0) {
		this.#state.counts.byState[state]++;
		this.#state.sink.result(host, port, state, reason, 0, -1, 0, from, -1, 0);
	}
	onLateReply(slot, attempt, state, reason, ttl, own, sentMs, waitedMs, rttMs, from) {
		const { table, counts, clock, hosts } = this.#state;
		const host = table.host[slot];
		const before = table.state[slot];
		const replaced = table.reason[slot];
		const purpose = table.purpose[slot];
		const isResult = purpose === 0;
		if (isResult) this.#noteContradiction(slot, reason);
		const isLate = replaced === HOST_SILENT$1 && !own && this.isDoubtful(hosts.find(host), reason);
		const isChecked = isError(reason) && this.#state.checks.keeps(host);
		if (isLate || isChecked || !wins(reason, replaced)) {
			counts.duplicates++;
			return;
		}
		if (isResult && replaced === NO_RESPONSE$1) this.#state.loss.removeSilent(slot, hosts.find(host));
		const index = this.#state.indexOfReply(host, own, purpose, clock.nowMs);
		this.#state.loss.measure(index, own, sentMs, waitedMs);
		table.state[slot] = state;
		table.reason[slot] = reason;
		if (!isResult || !refuses(replaced) && !this.#state.checks.replaces(host, table.port[slot])) return;
		const isSameProbe = table.answered[slot] === attempt && table.tries[slot] <= this.#state.driver.attemptPeriod;
		if (refuses(replaced) && state === 0 && isSameProbe) this.#state.proxies.onRefusedAndAccepted(host);
		table.answered[slot] = attempt;
		counts.late++;
		counts.byState[before]--;
		counts.byState[state]++;
		this.Results$emit(slot, state, reason, ttl, rttMs, from, outcomeCode(before, replaced), this.Results$noteOf(slot));
	}
	isDoubtful(index, reason) {
		return (reason === HOST_UNREACH$3 || reason === NET_UNREACH) && this.#state.hosts.answered[index] > 0;
	}
	#noteContradiction(slot, reason) {
		const { table, notes } = this.#state;
		const note = contradiction(reason, table.reason[slot]);
		if (note === 0) return;
		notes.addPort(table.host[slot], table.port[slot], note);
		this.#state.sender.keptWeight = weightOf(RESET);
	}
	static { this.prototype.Results$noteOf = (function(slot) {
		const { notes, table } = this.#state;
		return notes.of(table.host[slot], table.port[slot]);
	}); }
	static { this.prototype.Results$emit = (function(slot, state, reason, ttl, rttMs, from, replaced, note) {
		const { sink, table: { host, port, tries } } = this.#state;
		sink.result(host[slot], port[slot], state, reason, ttl, rttMs, tries[slot], from, replaced, note);
	}); }
};

// src/engine/send_errors.ts
const SEND_FAILED = reasonCode("send-failed");
const HOST_UNREACH$2 = reasonCode("host-unreach");
const TIME_EXCEEDED = reasonCode("time-exceeded");
const OUTAGE_RETRY_MS = 1e4;
const REFUSAL_RETRY_MS = 2e3;
const REFUSAL_GAP_MS = 100;
const FIRST_RETRIES = 8;
var SendErrors = class {
	#state;
	#blockedUntil = 0;
	#refused = 0;
	#retries = FIRST_RETRIES;
	constructor(state) {
		this.#state = state;
	}
	get nextAt() {
		return this.#state.table.first(2) >= 0 ? this.#blockedUntil : 1e400;
	}
	notSent(slot, reason, timeMs) {
		const { tries, countedTries } = this.#state.table;
		if (tries[slot] > 0) tries[slot]--;
		if (countedTries[slot] > 0) countedTries[slot]--;
		this.block(slot, reason, timeMs);
	}
	block(slot, reason, timeMs) {
		const { table, local } = this.#state;
		const since = table.refusedAt[slot];
		if (since === 0 || since < local.validSince(table.host[slot])) table.refusedAt[slot] = timeMs;
		table.reason[slot] = reason;
		table.status[slot] = 3;
		table.move(slot, 2);
		this.#refused++;
		if (this.#blockedUntil < timeMs) this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
	}
	onLocalError(slot, reason, timeMs) {
		const { table, local, driver } = this.#state;
		const host = table.host[slot];
		const why = reason === HOST_UNREACH$2 ? local.unreachable(host, table.port[slot], driver.flowProtocol, timeMs) : reason === TIME_EXCEEDED ? -1 : LOCAL_FIREWALL$1;
		if (table.status[slot] !== 2 || table.purpose[slot] !== 0) return;
		const problem = local.problem(host);
		if (problem !== -1) this.notSent(slot, problem, timeMs);
		else if (why !== -1) this.notSent(slot, why, timeMs);
	}
	static { this.prototype.retry = (function(timeMs, results) {
		if (timeMs < this.nextAt) return;
		const { table, local } = this.#state;
		const isRefusing = this.#refused > 0;
		this.#retries = isRefusing ? FIRST_RETRIES : this.#retries * 4;
		this.#refused = 0;
		this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
		const count = table.count(2);
		for (let i = 0, retried = 0; i < count; i++) {
			const slot = table.first(2);
			const reason = table.reason[slot];
			const isForbidden = reason === SEND_FAILED || reason === LOCAL_FIREWALL$1;
			if (isRefusing && timeMs - table.refusedAt[slot] > (isForbidden ? REFUSAL_RETRY_MS : OUTAGE_RETRY_MS)) {
				local.notProbed(table.host[slot], reason);
				results.decide(slot, 6, reason);
			} else table.move(slot, retried++ < this.#retries ? 1 : 2);
		}
	}); }
};

// src/engine/silence_time.ts
const LATE_UNREACHABLE_MS = 3300;
function silenceCountsAt(state, slot, index, sentMs) {
	const { table, limits: { timeouts: { maxMs } }, driver: { leastSilenceMs = 0 } } = state;
	const hostMs = index === 0 ? table.times.first[slot] + leastMs(state, table.host[slot]) : 0;
	return Math.max(hostMs, leastSilenceMs <= maxMs ? sentMs + leastSilenceMs : 0);
}
function leastMs(state, host) {
	const { local, silences, limits: { timeouts: { initialMs, maxMs } } } = state;
	if (!local.isRouted(host) || state.isSilent(host, 0)) return initialMs;
	if (maxMs >= LATE_UNREACHABLE_MS) return LATE_UNREACHABLE_MS;
	silences.isEarly = true;
	return initialMs;
}

// src/engine/silence_policy.ts
const NO_RESPONSE = reasonCode("no-response");
const NO_ARP_RESPONSE$1 = reasonCode("no-arp-response");
const HOST_UNREACH$1 = reasonCode("host-unreach");
const HOST_SILENT = reasonCode("host-silent");
const UDP_RESPONSE = reasonCode("udp-response");
const ICMP_LIMITED$1 = reasonCode("icmp-limited");
const CLOSED_OR_FILTERED = stateCode("closed|filtered");
const UNPROVEN_REPLY = noteCode("the reply repeats too little of the probe: anybody who knows the ports can have sent it");
const ABSENT_GAP_MS = 20;
const HOP_GAP_MS = 20;
var SilencePolicy = class {
	#state;
	#absentAt = 0;
	#recoveries = 0;
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.checkPaths = (function(timeMs) {
		const { local, hosts } = this.#state;
		local.look(timeMs);
		if (local.recoveries === this.#recoveries) return;
		this.#recoveries = local.recoveries;
		hosts.forgetSilence();
	}); }
	static { this.prototype.expire = (function(timeMs) {
		const { wheel } = this.#state;
		for (let slot = wheel.expire(timeMs, 1); slot >= 0; slot = wheel.expire(timeMs, 1)) this.#expireSlot(slot, timeMs);
	}); }
	#expireSlot(slot, timeMs) {
		const { table, wheel, hosts, local, retransmit, sender, sendErrors, limiters, icmp, strays } = this.#state;
		const host = table.host[slot];
		const index = hosts.find(host);
		const sentMs = table.lastSentAt(slot);
		const dueMs = this.#state.absent.dueMs(slot, index, sentMs + retransmit.waitMs(slot, index));
		if (dueMs > timeMs) {
			wheel.schedule(slot, Math.min(dueMs, timeMs + retransmit.provisionalMs()));
			return;
		}
		if (table.purpose[slot] !== 0) return this.giveUp(slot);
		const agreed = icmp.isOn && table.tries[slot] > 1 ? strays.agreedKind(slot) : -1;
		if (agreed >= 0) return this.#decideUnproven(slot, agreed);
		const reporter = this.#state.absent.reporterOf(host);
		if (reporter !== 0) {
			this.decideAbsent(slot, reporter);
			return;
		}
		const problem = local.problem(host);
		if (problem !== -1) {
			sender.cancel(slot);
			sendErrors.block(slot, problem, timeMs);
			return;
		}
		const notLeft = sentMs < local.validSince(host);
		const isVoid = notLeft || sentMs < hosts.silenceCountsSince(index);
		if (isVoid) table.countedTries[slot] = 0;
		else if (table.countedTries[slot] > 0 && limiters.of(index)?.wasOverwhelmed(sentMs)) table.countedTries[slot]--;
		else if (icmp.isOn && table.countedTries[slot] > 0) {
			if (!(!strays.hasUnprovenError(slot) && icmp.onSilence(slot, sentMs))) table.countedTries[slot]--;
		}
		icmp.release(slot);
		const isRetransmitted = table.doubtful[slot] === 0 && retransmit.needsAttempt(slot, index, isVoid, notLeft);
		if (isRetransmitted && this.#isDefeated(slot, index)) {
			sender.cancel(slot);
			this.#state.results.decide(slot, CLOSED_OR_FILTERED, NO_RESPONSE);
		} else if (isRetransmitted && icmp.awaitsToken(slot) && icmp.firstErrors.isDue(slot, timeMs)) icmp.firstErrors.retransmit(slot, index, timeMs, sender);
		else if (isRetransmitted) sender.retransmit(slot, index);
		else this.#finalize(slot, index, sentMs, timeMs);
	}
	giveUp(slot) {
		const { table, hosts, local, blocks, sender, proxies, loss, limiters, retransmit, icmp } = this.#state;
		const purpose = table.purpose[slot];
		if (proxies.onSilent(slot)) {
			table.status[slot] = 3;
			table.move(slot, 1);
			return;
		}
		const [host, sentMs] = [table.host[slot], table.lastSentAt(slot)];
		const couldReply = (!icmp.isOn || icmp.witness.onSilence(slot, sentMs)) && sentMs >= local.validSince(host) && local.problem(host) === -1;
		blocks.onSilent(slot, couldReply);
		sender.drop(slot);
		const index = purpose === 1 ? hosts.find(host) : 0;
		if (purpose === 4) proxies.onNearSilent(host);
		if (!couldReply || delaysEnd(purpose)) return;
		if (sentMs < hosts.aliveAt[index]) loss.addLostLiveness(index, sentMs);
		else hosts.noteLivenessLost(index, sentMs);
		if (purpose !== 1) return;
		hosts.livenessLost[index]++;
		limiters.of(index)?.onLivenessProbe(sentMs, false, retransmit.timeoutMs(index));
	}
	giveUpHost(slot, index) {
		this.#fellSilent(slot, index, false);
		this.#state.sender.cancel(slot);
		this.#state.results.decide(slot, 6, HOST_SILENT);
	}
	#finalize(slot, index, sentMs, timeMs) {
		const { table, wheel, hosts, liveness, retransmit, results, sender, icmp } = this.#state;
		const host = table.host[slot];
		if (this.#awaitsRefill(slot, index)) return icmp.firstErrors.retransmit(slot, index, timeMs, sender);
		if (this.#isTooEarly(slot, index, sentMs, timeMs) || this.#isLostInFlow(slot, sentMs, timeMs)) return;
		const witness = liveness.witnessOf(index);
		const isAlive = liveness.wasAlive(witness, sentMs, timeMs);
		const hop = isAlive && witness !== 0 ? 1 : liveness.confirmHop(witness, host, sentMs, timeMs);
		if (!isAlive && !hosts.isUnreachable(witness, timeMs)) {
			wheel.schedule(slot, timeMs + retransmit.gapMs(witness));
			liveness.probeSilent(witness, timeMs);
		} else if (hop === 0) wheel.schedule(slot, timeMs + HOP_GAP_MS);
		else if (hop === -1 && index === 0) {
			sender.cancel(slot);
			results.decide(slot, stateIn(this.#state.driver.outcomes, NO_ARP_RESPONSE$1), NO_ARP_RESPONSE$1);
		} else if (!isAlive || hop !== 1) {
			if (witness !== 0) this.#fellSilent(slot, witness, hop !== 1);
			results.decide(slot, 6, HOST_SILENT);
		} else this.#decideSilent(slot, index);
	}
	#isLostInFlow(slot, sentMs, timeMs) {
		const { table, local, driver: { flowProtocol }, wheel, sender, results } = this.#state;
		if (flowProtocol === void 0) return false;
		const hop = local.confirmFlow(table.host[slot], table.port[slot], flowProtocol, sentMs, timeMs);
		if (hop === 0) wheel.schedule(slot, timeMs + HOP_GAP_MS);
		if (hop !== -2) return hop === 0;
		sender.cancel(slot);
		results.decide(slot, 6, NEXT_HOP_SILENT);
		return true;
	}
	#isTooEarly(slot, index, sentMs, timeMs) {
		const leastMs = silenceCountsAt(this.#state, slot, this.#state.checks.isCheck(slot) ? -1 : index, sentMs);
		if (timeMs < leastMs) this.#state.wheel.schedule(slot, leastMs);
		return timeMs < leastMs;
	}
	#fellSilent(slot, index, isGone) {
		const { hosts: { address, aliveAt, answered, livenessAnswered }, table, clock, silences } = this.#state;
		const host = address[index];
		if (table.doubtful[slot] > 0) silences.onUnreachable(host, table.doubtfulFrom[slot]);
		if (silences.hasFallen(host)) return;
		const afterMs = Math.max(0, aliveAt[index] - clock.beganMs);
		silences.fell({
			host,
			afterMs,
			replies: answered[index] + livenessAnswered[index],
			isGone,
			reportedBy: 0
		});
	}
	static { this.prototype.endAbsent = (function(timeMs) {
		const { table, absent, sink } = this.#state;
		if (sink.absent === void 0 || timeMs < this.#absentAt || !absent.takeNews()) return;
		this.#absentAt = timeMs + ABSENT_GAP_MS;
		for (let slot = 0; slot < table.capacity; slot++) {
			if (table.status[slot] < 2 || table.purpose[slot] !== 0) continue;
			const reporter = absent.reporterOf(table.host[slot]);
			if (reporter !== 0) this.decideAbsent(slot, reporter);
		}
	}); }
	decideAbsent(slot, reporter) {
		const { driver: { outcomes }, sender, results } = this.#state;
		sender.cancel(slot);
		results.decide(slot, stateIn(outcomes, HOST_UNREACH$1, false, true), HOST_UNREACH$1, reporter);
	}
	#decideUnproven(slot, kind) {
		const { table: { host, port }, notes, counts, results, sender, strays, driver: { outcomes } } = this.#state;
		const from = strays.senderOf(slot);
		if (kind === UDP_RESPONSE || isError(kind)) {
			notes.addPort(host[slot], port[slot], UNPROVEN_REPLY);
			sender.cancel(slot);
			counts.answered++;
		}
		if (from === host[slot]) this.#state.addUnproven(from);
		results.decide(slot, isError(kind) ? stateIn(outcomes, kind, from === host[slot]) : 0, kind, from);
		if (!isError(kind)) this.#state.proxies.onUnprovenOpen(from);
	}
	#isDefeated(slot, index) {
		const { limits, icmp, loss, strays } = this.#state;
		return limits.defeatsIcmpLimit === true && icmp.isOn && !strays.hasUnproven(slot) && icmp.isPaced(slot, loss.attemptsNeeded(slot, index));
	}
	#isUncovered(slot, index) {
		const { table: { tries, countedTries }, icmp, loss } = this.#state;
		return icmp.isOn && countedTries[slot] < tries[slot] && countedTries[slot] < loss.attemptsNeeded(slot, index);
	}
	#awaitsRefill(slot, index) {
		const { icmp, strays, retransmit, table: { doubtful } } = this.#state;
		return icmp.awaitsToken(slot) && doubtful[slot] === 0 && strays.agreedKind(slot) < 0 && retransmit.needsAttempt(slot, index, true, false);
	}
	#decideSilent(slot, index) {
		const { table, local, driver: { outcomes } } = this.#state;
		const { sender, results, strays, loss, icmp, silences, checks } = this.#state;
		const host = table.host[slot];
		const agreed = table.doubtful[slot] > 0 ? -1 : strays.agreedKind(slot);
		if (agreed >= 0) return this.#decideUnproven(slot, agreed);
		sender.cancel(slot);
		if (table.doubtful[slot] > 0) return results.decideDoubtful(slot);
		if (checks.isCheck(slot)) return results.decide(slot, stateIn(outcomes, NO_RESPONSE), NO_RESPONSE);
		if (icmp.awaitsToken(slot) || this.#isUncovered(slot, index)) {
			results.decide(slot, 6, ICMP_LIMITED$1);
			return;
		}
		if (index === 0) {
			local.noReply(host);
			checks.addSilent(host, table.port[slot]);
		}
		silences.onSilence(host);
		loss.addSilent(slot, index);
		results.decide(slot, stateIn(outcomes, NO_RESPONSE), NO_RESPONSE);
	}
};

// src/engine/strays.ts
const STRAY_ACK = noteCode("an ACK of another connection from the same port was answered with RST");
const STRAY_SYN_ACK = noteCode("a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for");
const LOOKS_PER_STEP = 16;
const SLOTS_PER_STEP = 65536;
const TOLERATED = 256;
const TOLERATED_PER_MATCH = 8;
const MAX_RESETS = 128;
const HALF_LIFE_MS = 1e3;
var Strays = class {
	#looks = 0;
	#matched = 0;
	#unmatched = 0;
	#resets = 0;
	#halvedAt = 0;
	static { this.prototype.begin = (function(nowMs, slots) {
		this.#looks = Math.max(1, Math.min(LOOKS_PER_STEP, SLOTS_PER_STEP / slots));
		if (nowMs - this.#halvedAt < HALF_LIFE_MS) return;
		this.#halvedAt = nowMs;
		this.#matched /= 2;
		this.#unmatched /= 2;
		this.#resets = Math.min(this.#resets, MAX_RESETS) / 2;
	}); }
	mayLook(counts = true) {
		if (this.#looks >= 1) {
			this.#looks--;
			return true;
		}
		if (counts) this.#unmatched++;
		return false;
	}
	looked(matched) {
		if (matched) this.#matched++;
		else this.#unmatched++;
	}
	mayReset() {
		return this.#resets++ < MAX_RESETS;
	}
	get areForged() {
		return this.#unmatched > TOLERATED + TOLERATED_PER_MATCH * this.#matched;
	}
};
var StraySegments = class {
	#state;
	#strays = new Strays();
	#syns = /* @__PURE__ */ new Uint8Array(0);
	#acks = /* @__PURE__ */ new Uint8Array(0);
	#kinds = /* @__PURE__ */ new Uint8Array(0);
	#senders = /* @__PURE__ */ new Uint32Array(0);
	constructor(state) {
		this.#state = state;
	}
	static { this.prototype.begin = (function(nowMs) {
		this.#strays.begin(nowMs, this.#state.table.capacity);
	}); }
	static { this.prototype.reset = (function(slot) {
		if (slot >= this.#syns.length) return;
		this.#syns[slot] = 0;
		this.#acks[slot] = 0;
	}); }
	onUnproven(host, port, attempt, kind, from) {
		const slot = this.#find(host, port, attempt);
		if (slot < 0 || this.#strays.areForged && !isError(kind)) return false;
		const { hosts, table } = this.#state;
		if (this.#kinds[slot] !== kind || this.#senders[slot] !== from) this.#syns[slot] = 0;
		this.#syns[slot] |= this.#bitOf(slot, attempt);
		this.#kinds[slot] = kind;
		this.#senders[slot] = from;
		if (!isError(kind)) this.#state.loss.noteAlive(hosts.find(host), table.lastSentAt(slot));
		return true;
	}
	hasUnproven(slot) {
		return !this.#strays.areForged && (this.#syns[slot] ?? 0) !== 0 && !isError(this.#kinds[slot]);
	}
	hasUnprovenError(slot) {
		const bit = this.#bitOf(slot, this.#state.table.tries[slot] - 1);
		return ((this.#syns[slot] ?? 0) & bit) !== 0 && isError(this.#kinds[slot]);
	}
	agreedKind(slot) {
		const syns = this.#strays.areForged ? 0 : this.#syns[slot] ?? 0;
		return (this.#state.table.tries[slot] > 1 ? (syns & syns - 1) !== 0 : syns !== 0) ? this.#kinds[slot] : -1;
	}
	senderOf(slot) {
		return this.#senders[slot];
	}
	onStrayAck(host, port, attempt, isSyn) {
		const { hosts, table, limits, notes } = this.#state;
		const slot = this.#find(host, port, attempt, !isSyn);
		if (slot < 0 || table.status[slot] !== 2 || !isSyn && this.#strays.areForged) return false;
		const bit = this.#bitOf(slot, attempt);
		const before = this.#acks[slot];
		if ((before & bit) !== 0) return false;
		this.#acks[slot] = before | bit;
		const tries = table.tries[slot];
		if (isSyn && (tries < 2 || !this.#strays.mayReset())) return false;
		notes.addPort(host, port, isSyn ? STRAY_SYN_ACK : STRAY_ACK);
		const index = hosts.find(host);
		if (index !== 0 && !isSyn) this.#state.loss.noteAlive(index, table.lastSentAt(slot));
		if (tries <= limits.maxRetries && (isSyn ? tries === 2 : before === 0)) {
			if (!isSyn && table.countedTries[slot] > 0) table.countedTries[slot]--;
			this.#state.sender.retransmit(slot, index);
		}
		return true;
	}
	needsSecond(slot) {
		return (this.#acks[slot] ?? 0) !== 0 && this.#state.table.tries[slot] === 1;
	}
	#bitOf(slot, attempt) {
		const { driver, table } = this.#state;
		return 1 << ((driver.attemptPeriod > 1 ? attempt : table.tries[slot] - 1) & 7);
	}
	#find(host, port, attempt, counts = true) {
		const { table, index } = this.#state;
		if (index === void 0 && !this.#strays.mayLook(counts)) return -1;
		const found = index === void 0 ? table.search(host, port) : index.find(host, port);
		const slot = found >= 0 && table.status[found] >= 2 ? found : -1;
		const isMatched = slot >= 0 && attempt < table.tries[slot];
		if (counts) this.#strays.looked(isMatched);
		if (!isMatched) return -1;
		if (slot >= this.#syns.length) {
			this.#syns = grown(this.#syns, table.capacity);
			this.#acks = grown(this.#acks, table.capacity);
			this.#kinds = grown(this.#kinds, table.capacity);
			this.#senders = grown(this.#senders, table.capacity);
		}
		return slot;
	}
};

// src/engine/unresolved.ts
const NO_ARP_RESPONSE = reasonCode("no-arp-response");
const RESOLVE_GAP_MS = 2;
const MAX_UNRESOLVED = 65536;
var Unresolved = class {
	#state;
	#resolutions = 0;
	constructor(state) {
		this.#state = state;
	}
	get isFull() {
		return this.#state.table.count(3) >= MAX_UNRESOLVED;
	}
	get nextAt() {
		const { table, clock } = this.#state;
		return table.first(3) >= 0 ? clock.nowMs + RESOLVE_GAP_MS : 1e400;
	}
	static { this.prototype.release = (function() {
		const { local, table } = this.#state;
		if (local.resolutions === this.#resolutions) return;
		this.#resolutions = local.resolutions;
		while (table.first(3) >= 0) table.move(table.first(3), 1);
	}); }
	static { this.prototype.holds = (function(slot, timeMs) {
		const { local, table } = this.#state;
		const host = table.host[slot];
		if (local.problem(host) !== -1) return false;
		const hop = local.resolve(host, timeMs);
		if (hop === 1) return false;
		if (hop === 0) {
			table.status[slot] = 3;
			table.move(slot, 3);
		} else {
			this.#state.sender.cancel(slot);
			this.#state.results.decide(slot, stateIn(this.#state.driver.outcomes, NO_ARP_RESPONSE), NO_ARP_RESPONSE);
		}
		return true;
	}); }
};

// src/engine/policies.ts
const PORT_UNREACH = reasonCode("port-unreach");

const NO_LIMITS = {
	isOn: false,
	queued: 0,
	nextAt: 1e400,
	expectedWrong: 0,
	get firstErrors() {
		throw new TypeError("Cannot wait for errors: they show no port to be closed");
	},
	get witness() {
		throw new TypeError("Cannot spend tokens on liveness probes: there are none");
	},
	onFirst: (() => {}),
	onError: (() => {}),
	onSilence: (() => true),
	awaitsToken: (() => false),
	lossOf: (() => void 0),
	isPaced: (() => false),
	enqueue: (() => {}),
	isWaiting: (() => false),
	release: (() => {}),
	service: (() => 0),
	onUndecided: (() => {}),
	report: (() => [])
};
var Policies = class extends EngineState {
	targets = new LivenessTargets();
	limiters = new HostLimiters(this);
	icmp;
	loss = new LossAccount(this);
	retransmit = new RetransmitPolicy(this);
	sendErrors = new SendErrors(this);
	sender = new ProbeSender(this);
	liveness = new Liveness(this);
	results = new Results(this);
	proxies = new Proxies(this);
	blocks = new Blocks(this);
	strays = new StraySegments(this);
	unresolved = new Unresolved(this);
	checks = new RefusalChecks(this);
	refill = new Refill(this);
	localDrops = new LocalDrops(this);
	absent = new AbsentHosts(this);
	silence = new SilencePolicy(this);
	matched = new MatchedReplies(this);
	replies = new Replies(this);
	constructor(parts) {
		super(parts);
		const { icmpLimiters: Limiters } = parts;
		this.icmp = Limiters === void 0 ? noLimits(this) : new Limiters(this);
		this.checks.restore();
	}
};

// src/engine/engine.ts
const HOST_TIMEOUT = reasonCode("host-timeout");
const ICMP_LIMITED = reasonCode("icmp-limited");
const MAX_FULL_DRAINS = 64;
const MAX_SLEEP_MS = 1e3;
const BLOCKED_MS = 20;
const BLOCKED_LOOK_MS = 5;
const OVERDUE_GAP_MS = 50;
const RATE_INTERVAL_MS = 200;
const RATE_INTERVAL_TIMEOUTS = 3;
var Engine = class {
	#state;
	#isEnded = false;
	#isNewNext = false;
	#fullDrains = 0;
	#overdueAt = 0;
	#fullSince = -1;
	constructor(parts) {
		this.#state = new Policies(parts);
	}
	get counts() {
		return this.#state.counts;
	}
	get finished() {
		return this.#isEnded || this.#allDecided && this.#state.clock.nowMs >= this.#state.matched.lingerUntil;
	}
	get #allDecided() {
		return this.#state.position >= this.#state.source.size && this.#state.open === 0 && this.#state.checks.isSettled;
	}
	get position() {
		return this.#state.position;
	}
	get inFlight() {
		return this.#state.table.used;
	}
	get roundTrips() {
		return this.#state.loss.seen;
	}
	get ratePps() {
		return this.#state.rate.ratePps;
	}
	get expectedWrong() {
		return this.#state.loss.expectedWrong + this.#state.checks.expectedWrong;
	}
	get cappedHosts() {
		return this.#state.limiters.cappedHosts;
	}
	static { this.prototype.hostsUp = (function() {
		return this.#state.hostsUp();
	}); }
	isUp(host) {
		return this.#state.isUp(host);
	}
	static { this.prototype.silences = (function() {
		return this.#state.silences.report(this.#state.icmp.report(), this.#state.checks.unsettled);
	}); }
	static { this.prototype.suspects = (function() {
		return this.#state.proxies.suspects();
	}); }
	static { this.prototype.noteRows = (function() {
		return this.#state.proxies.noteRows();
	}); }
	remaining() {
		const { host, port, capacity } = this.#state.table;
		const pairs = [];
		for (let slot = 0; slot < capacity; slot++) if (this.#isPending(slot)) pairs.push(host[slot], port[slot]);
		return {
			pending: Uint32Array.from(pairs),
			refused: this.#state.checks.kept()
		};
	}
	static { this.prototype.pause = (function(isPaused) {
		this.#state.refill.isPaused = isPaused;
	}); }
	reportAbsent(host, from) {
		this.#state.absent.report(host, from);
	}
	setMaxRate(maxPps) {
		this.#state.rate.setMax(maxPps);
	}
	static { this.prototype.step = (function(nowMs) {
		this.#state.clock.begin(nowMs);
		this.#state.strays.begin(nowMs);
		const isIdle = this.Engine$tick(nowMs);
		return this.#state.clock.promise(isIdle ? this.Engine$nextAt(nowMs) : nowMs);
	}); }
	end(reason) {
		if (this.#isEnded) return;
		this.#isEnded = true;
		const { table, local, icmp } = this.#state;
		for (let slot = 0; slot < table.capacity; slot++) {
			if (!this.#isPending(slot)) continue;
			if (table.status[slot] === 3 && table.refusedAt[slot] > 0) local.notProbed(table.host[slot], table.reason[slot]);
			this.#state.results.decide(slot, 6, icmp.isWaiting(slot) ? ICMP_LIMITED : reason);
		}
	}
	skip(count, reason) {
		this.#state.refill.skip(count, reason);
	}
	static { this.prototype.Engine$tick = (function(nowMs) {
		const { driver, clock } = this.#state;
		const received = driver.drain(this.#state.replies, nowMs);
		const timeMs = clock.advance(nowMs);
		if (this.#fullSince >= 0) return this.#retryFlush(nowMs, received);
		this.#state.silence.checkPaths(timeMs);
		this.#state.unresolved.release();
		const isFull = received >= driver.drainBatch;
		this.#fullDrains = isFull ? this.#fullDrains + 1 : 0;
		if (!isFull || this.#fullDrains > MAX_FULL_DRAINS) this.#state.silence.expire(timeMs);
		this.Engine$adjustRate(timeMs);
		this.Engine$endOverdue(nowMs);
		this.#state.silence.endAbsent(timeMs);
		const skipped = this.#state.refill.skipExcluded();
		const owed = driver.counters.owed;
		const sent = this.Engine$send(timeMs);
		const waiting = driver.flush(this.#state.replies, nowMs);
		if (waiting > 0) this.#fullSince = nowMs;
		const hasSent = sent > 0 || driver.counters.owed !== owed;
		return !isFull && !hasSent && skipped === 0 && waiting === 0 || waiting > 0 && received === 0;
	}); }
	#retryFlush(nowMs, received) {
		if (this.#state.driver.flush(this.#state.replies, nowMs) > 0) return received === 0;
		const blockedMs = nowMs - this.#fullSince;
		if (blockedMs > BLOCKED_MS) this.#state.clock.exclude(blockedMs);
		this.#fullSince = -1;
		return false;
	}
	static { this.prototype.Engine$nextAt = (function(nowMs) {
		if (this.#fullSince >= 0) return nowMs + BLOCKED_LOOK_MS;
		const { clock, wheel, table, rate } = this.#state;
		const timerMs = wheel.next(clock.nowMs, MAX_SLEEP_MS);
		let nextMs = Math.min(timerMs, this.#state.sendErrors.nextAt, this.#state.unresolved.nextAt, this.#state.limiters.nextAt, this.#state.icmp.nextAt);
		if (table.first(1) >= 0 || this.#state.refill.isPossible) nextMs = Math.min(nextMs, rate.nextAt());
		nextMs = Math.min(nextMs, Math.max(this.#state.refill.checkAt, rate.nextAt()));
		if (this.#allDecided) nextMs = Math.min(nextMs, this.#state.matched.lingerUntil);
		return Math.max(nowMs + .05, clock.callerTime(nextMs));
	}); }
	static { this.prototype.Engine$endOverdue = (function(nowMs) {
		const { timeouts, table, sender, results, silences } = this.#state;
		if (timeouts === void 0 || nowMs < this.#overdueAt || !timeouts.canBeOver(nowMs)) return;
		this.#overdueAt = nowMs + OVERDUE_GAP_MS;
		for (let slot = 0; slot < table.capacity; slot++) {
			if (table.status[slot] < 2 || table.purpose[slot] !== 0) continue;
			if (!timeouts.isOver(table.host[slot], nowMs)) continue;
			silences.timedOut.add(table.host[slot]);
			sender.cancel(slot);
			results.decide(slot, 6, HOST_TIMEOUT);
		}
	}); }
	static { this.prototype.Engine$adjustRate = (function(timeMs) {
		const { rate } = this.#state;
		const intervalMs = Math.max(RATE_INTERVAL_MS, RATE_INTERVAL_TIMEOUTS * this.#state.retransmit.timeoutMs(0));
		if (this.#state.localDrops.haveOccurred()) rate.squeeze(timeMs, intervalMs);
		const overloadedUntil = rate.overloadedUntil;
		rate.adjust(timeMs, intervalMs);
		if (rate.overloadedUntil > overloadedUntil) this.#state.loss.forgetOverload(rate.overloadedUntil);
	}); }
	static { this.prototype.Engine$send = (function(timeMs) {
		const { table, driver, rate, hosts } = this.#state;
		const budget = Math.min(driver.batch, rate.available(timeMs));
		const { sender, liveness, silence } = this.#state;
		let sent = this.#state.limiters.service(timeMs, budget, sender, liveness, silence);
		sent += this.#state.icmp.service(timeMs, budget - sent, this.#state.sender);
		this.#state.sendErrors.retry(timeMs, this.#state.results);
		while (sent < budget) {
			const slot = this.Engine$next();
			if (slot < 0) break;
			const index = hosts.find(table.host[slot]);
			const limiter = this.#state.limiters.of(index);
			const isResult = table.purpose[slot] === 0;
			if (isResult && limiter?.free === false) {
				this.#state.limiters.enqueue(slot, limiter);
				continue;
			}
			const isRetransmitted = table.tries[slot] > 0 || this.#state.limits.maxRetries === 0 || this.#state.isSilent(table.host[slot], index);
			if (!(isResult && index === 0 && this.#state.unresolved.holds(slot, timeMs)) && !this.#state.sender.send(slot, index, timeMs)) break;
			sent++;
			if (isResult && isRetransmitted && table.status[slot] === 2) this.#state.liveness.onRetransmit(this.#state.liveness.witnessOf(index), timeMs);
		}
		return sent;
	}); }
	static { this.prototype.Engine$next = (function() {
		const { table, refill, limits } = this.#state;
		const retransmitted = table.first(1);
		if (retransmitted >= 0 && !(limits.takesTurns && (this.#isNewNext = !this.#isNewNext))) return retransmitted;
		const slot = refill.take();
		return slot >= 0 ? slot : retransmitted;
	}); }
	#isPending(slot) {
		const { table: { status, purpose }, checks } = this.#state;
		return status[slot] >= 2 && purpose[slot] === 0 && !checks.isCheck(slot);
	}
};

// src/engine/token.ts
var Correlator = class {
	#k0;
	#k1;
	constructor(key) {
		this.#k0 = key[0] ?? 0;
		this.#k1 = key[1] ?? 0;
	}
	static { this.prototype.seal = (function(slot, host, port, attempt) {
		return (halfSipHash(this.#k0, this.#k1, host, attempt << 16 | port) ^ slot) >>> 0;
	}); }
	static { this.prototype.open = (function(token, host, port, attempt) {
		return (halfSipHash(this.#k0, this.#k1, host, attempt << 16 | port) ^ token) >>> 0;
	}); }
};


// src/scan/pass_run.ts
var PassRun = class {
	engine;
	driver;
	ended = "done";
	#source;
	#local;
	#wasUp;
	#hadRetries;
	#batcher;
	#parts;
	#applied = {};
	#absentApplied = 0;
	#sent = 0;
	#firstMs = 0;
	#sendingMs = 0;
	#probed;
	constructor(parts) {
		const { source, driver, local, timeouts, limits, results, absent, reported, wasUp, hadRetries, nowMs } = parts;
		this.#parts = parts;
		this.driver = driver;
		this.#source = source;
		this.#local = local;
		this.#wasUp = wasUp;
		this.#hadRetries = hadRetries;
		this.#batcher = new ResultBatcher(results);
		this.engine = new Engine({
			source,
			driver,
			correlator: new Correlator(crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(2))),
			limits,
			local,
			timeouts,
			networkOf: parts.networkOf,
			icmpLimiters: parts.icmpLimiters,
			...absent === void 0 ? {} : { reported },
			sink: absent === void 0 ? this.#batcher : {
				result: this.#batcher.result,
				absent
			},
			nowMs
		});
	}
	static { this.prototype.apply = (function({ pause, maxRatePps, onPacket, absent = [] }) {
		const applied = this.#applied;
		for (; this.#absentApplied < absent.length; this.#absentApplied += 2) this.engine.reportAbsent(absent[this.#absentApplied], absent[this.#absentApplied + 1]);
		this.engine.pause(pause);
		if (maxRatePps !== void 0 && maxRatePps !== applied.maxRatePps) this.engine.setMaxRate(maxRatePps);
		if (onPacket !== applied.onPacket) this.driver.trace?.(onPacket);
		this.#applied = {
			maxRatePps,
			onPacket
		};
	}); }
	static { this.prototype.afterStep = (function(nowMs, clock) {
		const { sent } = this.driver.counters;
		if (sent === this.#sent) return;
		if (this.#sent === 0) this.#firstMs = nowMs;
		this.#sent = sent;
		this.#sendingMs = clock.now() - this.#firstMs;
	}); }
	static { this.prototype.flush = (function() {
		this.#batcher.flush();
	}); }
	end(ended, room) {
		const { engine } = this;
		this.ended = ended;
		this.#probed = this.#source.inOrder(engine.position);
		engine.end(reasonCode(ended));
		const left = this.#source.size - engine.position;
		if (left > room) return 0;
		engine.skip(left, reasonCode("not-asked"));
		return left;
	}
	remaining() {
		const work = this.#source.remaining(this.engine.position, this.engine.remaining());
		return this.#parts.probesHosts ? {
			...work,
			found: this.#parts.found()
		} : work;
	}
	static { this.prototype.status = (function() {
		const { counts, inFlight, roundTrips } = this.engine;
		return {
			byState: [...this.#parts.probesHosts ? counts.byState.map((() => 0)) : counts.byState],
			sent: this.driver.counters.sent,
			inFlight,
			sendingMs: this.#sendingMs,
			answered: this.#parts.probesHosts ? 0 : counts.answered,
			returned: roundTrips.answered,
			lost: roundTrips.lost
		};
	}); }
	static { this.prototype.report = (function(isLast) {
		const { engine, driver } = this;
		const { late, duplicates, finAcks } = engine.counts;
		const { probesHosts, cut, found } = this.#parts;
		const singlesUp = probesHosts ? 0 : engine.counts.singlesUp;
		const { sendRetries, sendErrors, receiveDrops, unmatched } = driver.counters;
		return {
			...this.status(),
			ended: this.ended,
			probed: this.#probed ?? this.#source.inOrder(engine.position),
			expectedWrong: engine.expectedWrong,
			late,
			duplicates,
			finAcks,
			singlesUp,
			unmatched,
			sendRetries,
			receiveDrops,
			sendErrors: [...sendErrors],
			cut,
			hostsUp: probesHosts ? [] : [...Ranges.ofMembers(engine.hostsUp())].flat(),
			cappedHosts: Uint32Array.from(engine.cappedHosts),
			suspects: Uint32Array.from(engine.suspects()),
			notes: engine.noteRows(),
			shapes: driver.shapeRows?.() ?? /* @__PURE__ */ new Uint32Array(),
			silences: engine.silences(),
			isOverHosts: probesHosts,
			local: isLast ? this.#local.report(((host) => engine.isUp(host) || this.#wasUp(host)), this.#hadRetries || sendRetries > 0) : NO_LOCAL_REPORT,
			found: isLast ? found() : void 0
		};
	}); }
};

// src/scan/worker_passes.ts
const DUPLICATE_NOTE = noteCode("two hardware addresses reply to neighbor solicitations for it");
const HOST_UNREACH = reasonCode("host-unreach");
const ALL_WORK = {
	position: 0,
	pending: /* @__PURE__ */ new Uint32Array()
};
const NO_WORK = {
	position: Number.MAX_SAFE_INTEGER,
	pending: /* @__PURE__ */ new Uint32Array()
};
var WorkerPasses = class {
	current;
	#parts;
	#over = [];
	#upBefore = new U32Map();
	#reported = /* @__PURE__ */ new Map();
	#idleSinceMs = /* @__PURE__ */ new Map();
	#proxied = [];
	constructor(parts) {
		this.#parts = parts;
		const { task, spaces, opened, local, checks, results } = parts;
		if (checks !== void 0) local.isProxied = (host) => checks.isProxied(host);
		const [first] = task.passes;
		this.current = this.#begin(first);
		if (opened.isOfLinks(first)) checks?.ask();
		if (task.remaining === void 0) spaces.giveOwn((rows) => results(rows, first.number));
	}
	get isFirst() {
		return this.#over.length === 0;
	}
	status() {
		return statusTogether([...this.#over, this.current.status()]);
	}
	flush() {
		this.current.flush();
	}
	snapshot() {
		this.current.flush();
		const { passes, remaining } = this.#parts.task;
		const later = passes.slice(this.#over.length + 1).map(({ number }) => remaining?.[number] ?? ALL_WORK);
		return {
			remaining: [
				...this.#over.map((_, number) => probesHosts(passes[number]) ? {
					...NO_WORK,
					found: this.#parts.spaces.found
				} : NO_WORK),
				this.current.remaining(),
				...later
			],
			done: this.#reports()
		};
	}
	async settle() {
		this.current.flush();
		const { opened, checks } = this.#parts;
		if (opened.isOfLinks(this.#pass)) await checks?.settle();
		this.#giveProxied();
	}
	beginNext() {
		const { task, opened, local, clock } = this.#parts;
		const next = task.passes[this.#over.length + 1];
		if (next === void 0) return false;
		const { engine } = this.current;
		for (const host of engine.hostsUp()) if (this.#upBefore.get(host) < 0) this.#upBefore.add(host, 1);
		for (const family of familiesOf(this.#pass)) this.#idleSinceMs.set(family, clock.now());
		this.#over.push(this.current.report(false));
		opened.closeBefore(next);
		this.current = this.#begin(next, local.isResolving || opened.isOfLinks(next) ? void 0 : engine.ratePps);
		return true;
	}
	report() {
		const [first, ...others] = this.#reports();
		const { checks, opened: { prober6 } } = this.#parts;
		const duplicates = new NoteTable();
		for (const { host } of prober6?.duplicates ?? []) duplicates.addHost(host, DUPLICATE_NOTE);
		const notes = mergedNotes([
			first.notes,
			checks?.notes(this.#proxied) ?? [],
			duplicates.rows()
		]);
		return { passes: [{
			...first,
			notes
		}, ...others] };
	}
	get #pass() {
		return this.#parts.task.passes[this.#over.length];
	}
	#reports() {
		return [...this.#over, this.current.report(true)];
	}
	#begin(pass, learnedPps) {
		const { task, spaces, opened, local, timeouts, icmpLimiters, results, clock } = this.#parts;
		const { book } = opened.routePlan;
		for (const family of familiesOf(pass)) timeouts?.wait(family, clock.now() - (this.#idleSinceMs.get(family) ?? clock.now()));
		const source = spaces.sourceOf(pass);
		const driver = opened.driverOf(pass);
		local.isResolving = opened.isOfLinks(pass);
		if (task.discovery?.skips === false && !probesHosts(pass)) {
			const { absent } = spaces;
			local.isAbsent = (host) => absent.has(host);
		}
		const limits = local.isResolving && task.linkLimits !== void 0 ? task.linkLimits : task.limits;
		const startPps = learnedPps ?? limits.rate.startPps;
		const takesTurns = probesHosts(pass) && !local.isResolving;
		return new PassRun({
			source,
			driver,
			local,
			timeouts,
			networkOf: (host) => book.networkOf(host),
			icmpLimiters: pass.proto === "udp" ? icmpLimiters : void 0,
			limits: {
				...limits,
				rate: {
					...limits.rate,
					startPps
				},
				takesTurns
			},
			results: (rows) => {
				spaces.take(rows, pass, opened.macOf);
				results(rows, pass.number);
			},
			absent: probesHosts(pass) || task.absentPass === void 0 ? void 0 : this.#giveAbsent,
			reported: this.#reported,
			probesHosts: probesHosts(pass),
			cut: spaces.cutOf(pass),
			found: () => spaces.found,
			wasUp: (host) => this.#upBefore.get(host) >= 0,
			hadRetries: this.#over.some(({ sendRetries }) => sendRetries > 0),
			nowMs: clock.now()
		});
	}
	#giveAbsent = (host, from) => {
		const { task, results } = this.#parts;
		const batcher = new ResultBatcher((rows) => results(rows, task.absentPass));
		batcher.result(host, 0, 1, HOST_UNREACH, 0, -1, 0, from, -1, 0);
		batcher.flush();
	};
	#giveProxied() {
		const { task, spaces, opened, checks, results } = this.#parts;
		if (checks?.hasProxy !== true) return;
		const give = (rows) => results(rows, task.passes[0].number);
		this.#proxied.push(...spaces.giveProxied((host) => checks.isProxied(host), opened.macOf, give));
	}
};


// src/scan/worker_run.ts

async function loadParts(task, { prober, routePlan: { book } }) {
	const { hostTimeoutMs } = task.options;
	return {
		checks: prober && new (await (import("./links.js").then((n) => n.a))).LinkChecks(prober, Ranges.fromSortedBounds(task.discovery.links), book),
		icmpLimiters: task.passes.some(({ proto }) => proto === "udp") ? (await import("./udp.js").then((n) => n.u)).IcmpLimiters : void 0,
		timeouts: hostTimeoutMs === void 0 ? void 0 : new (await (import("./several.js").then((n) => n.r))).HostTimeouts(hostTimeoutMs, book.ipv6?.first),
		ipv6Kernel: book.ipv6 && (await import("./ipv6.js").then((n) => n.m)).IPV6_KERNEL
	};
}
async function runPasses(passes, control, deadlineMs, room) {
	const clock = systemClock;
	const yielder = new EventLoopYielder({
		waitForEvents: () => passes.current.driver.wait(0),
		hasWaitingConsumer: () => control.hasUndelivered?.() ?? false
	});
	let state = control.afterStep(passes);
	let ended = state.stop ? "interrupted" : "done";
	do {
		const { current } = passes;
		const { engine, driver } = current;
		current.apply(state);
		if (!passes.isFirst && ended === "done" && clock.now() >= deadlineMs && !engine.finished) ended = "deadline";
		if (ended === "done") await run({
			engine,
			driver,
			clock,
			yieldToEventLoop: () => yielder.yield(),
			latestMs: deadlineMs,
			afterStep: (nowMs) => {
				current.afterStep(nowMs, clock);
				state = control.afterStep(passes);
				current.apply(state);
				if (state.stop) ended = "interrupted";
				else if (nowMs >= deadlineMs && !engine.finished) ended = "deadline";
				return ended !== "done";
			}
		});
		if (ended !== "done") room -= current.end(ended, room);
		await passes.settle();
	} while (passes.beginNext());
}

// src/report/traces.ts

function traceEntry({ proto, port, isReached, shared, hops }) {
	return {
		proto,
		port,
		reached: isReached,
		shared,
		hops: hops.map(hopEntry)
	};
}
function hopEntry({ ttl, ip, rttMs, hostname }) {
	return {
		ttl,
		ip: ip ?? null,
		rtt_ms: rttMs === void 0 ? null : Math.round(rttMs * 1e3) / 1e3,
		hostname
	};
}
function filteredEntries({ filtered }) {
	if (filtered.length === 0) return void 0;
	return filtered.map(({ ports, proto, technique, probed, afterHop, ip }) => ({
		ports,
		proto,
		technique,
		probed,
		after_hop: afterHop,
		ip: ip ?? null
	}));
}
function lastHopText({ afterHop, ip }) {
	return afterHop === 0 ? "filtered before the first router that replies" : `filtered after hop ${afterHop} (${ip})`;
}
function filteredText(filtered) {
	return `${filtered.ports}/${filtered.proto} ${lastHopText(filtered)}`;
}

function unlistedFiltered({ filtered }, rows) {
	return filtered.filter((group) => {
		const count = rangesIn(group).reduce((sum, [first, last]) => sum + last - first + 1, 0);
		return rows.filter(memberOf(group)).length < count;
	});
}
function memberOf(group) {
	const ranges = rangesIn(group);
	return ({ port, technique, reason }) => technique === group.technique && reason === "no-response" && ranges.some(([first, last]) => port >= first && port <= last);
}
function rangesIn({ ports }) {
	return ports.split(",").map((range) => {
		const [first = 0, last = first] = range.split("-").map(Number);
		return [first, last];
	});
}
function hopText({ ip, hostname }) {
	if (ip === void 0) return "*";
	return hostname === void 0 ? ip : `${printable(hostname)} (${ip})`;
}
function traceLines({ proto, port, isReached, shared, hops }) {
	if (hops.length === 0) return "";
	const probe = port === void 0 ? proto : `port ${port}/${proto}`;
	const rtts = hops.map(({ rttMs }) => rttMs === void 0 ? "-" : `${roundTripDigits(rttMs)} ms`);
	const width = Math.max(3, ...rtts.map(({ length }) => length));
	const line = (hop, rtt, address) => `${hop.padEnd(3)} ${rtt.padEnd(width)} ${address}\n`;
	const first = shared?.hops ?? 0;
	const rows = hops.slice(first).map((hop, at) => line(String(hop.ttl), rtts[first + at], hopText(hop)));
	const before = first === 0 ? "" : `-   Hops 1-${first} are the same as for ${shared.ip}\n`;
	const after = isReached ? "" : "-   No reply from further away\n";
	return `\nTRACEROUTE (using ${probe})\n${line("HOP", "RTT", "ADDRESS")}${before}${rows.join("")}${after}`;
}

// src/report/hostnames.ts


function* named(hosts, names, traces) {
	for (const host of hosts) {
		const hostname = names.get(host.ip);
		const trace = traces.get(host.ip);
		yield hostname === void 0 && trace === void 0 ? host : {
			...host,
			hostname,
			trace,
			kind: void 0
		};
	}
}


// src/collections/order.ts
const LEAST_BITS = 4;
const MOST_BITS = 16;

const MANY$1 = 4096;
const DIGITS = 65536;
const LOWER = 2 ** 32;
function sortWhole(numbers) {
	if (numbers.length < MANY$1) {
		numbers.sort();
		return;
	}
	const offsets = new Uint32Array(DIGITS);
	let from = numbers;
	let to = new Float64Array(numbers.length);
	for (const unit of [1, LOWER]) {
		const first = from[0] / unit;
		let differing = 0;
		for (let at = 0; at < from.length; at++) differing |= from[at] / unit ^ first;
		for (let shift = 0; shift < 32; shift += MOST_BITS) {
			if ((differing >>> shift & 65535) === 0) continue;
			offsets.fill(0);
			for (let at = 0; at < from.length; at++) offsets[from[at] / unit >>> shift & 65535]++;
			toOffsets(offsets);
			for (let at = 0; at < from.length; at++) {
				const number = from[at];
				to[offsets[number / unit >>> shift & 65535]++] = number;
			}
			[from, to] = [to, from];
		}
	}
	if (from !== numbers) numbers.set(from);
}
function toOffsets(counts) {
	let offset = 0;
	for (let digit = 0; digit < counts.length; digit++) {
		const count = counts[digit];
		counts[digit] = offset;
		offset += count;
	}
}

// src/result/summary.ts
const GUESSED_HOSTS = Symbol("guessed hosts");


const UNTOLD = {
	hosts: 0,
	hostsUp: 0,
	hostsAbsent: 0,
	hostsSilent: 0,
	hostsUndecided: 0,
	probes: 0,
	sent: 0,
	answered: 0,
	open: 0,
	closed: 0,
	filtered: 0,
	unfiltered: 0,
	openFiltered: 0,
	closedFiltered: 0,
	undecided: 0,
	elapsedMs: 0,
	ratePps: 0,
	loss: null,
	roundTrips: 0,
	expectedWrong: 0,
	late: 0,
	duplicates: 0,
	finAcks: 0,
	unmatched: 0,
	sendRetries: 0,
	sendErrors: {},
	receiveDrops: 0,
	cappedHosts: 0,
	suspects: [],
	notes: [],
	aliased: [],
	hostnames: [],
	traces: [],
	os: [],
	ended: "failed",
	warnings: [],
	trusted: false,
	transport: "",
	workers: 1
};
const COUNT_NAMES = [
	"open",
	"closed",
	"filtered",
	"unfiltered",
	"openFiltered",
	"closedFiltered",
	"undecided"
];



function wrongText({ expectedWrong }) {
	return `About ${expectedWrong.toFixed(1)} of the filtered ports are expected to be wrong: too much was lost`;
}

// src/report/address_set.ts
const PAGE_BITS = 16;
const PAGE_WORDS = 2048;
var AddressSet = class {
	#pages = /* @__PURE__ */ new Map();
	size = 0;
	constructor(other) {
		if (other === void 0) return;
		this.size = other.size;
		for (const [page, words] of other.#pages) this.#pages.set(page, words.slice());
	}
	static { this.prototype.has = (function(address) {
		const words = this.#pages.get(address >>> PAGE_BITS);
		return words !== void 0 && (words[wordOf(address)] >>> (address & 31) & 1) === 1;
	}); }
	add(address) {
		if (this.has(address)) return;
		const page = address >>> PAGE_BITS;
		let words = this.#pages.get(page);
		if (words === void 0) this.#pages.set(page, words = new Uint32Array(PAGE_WORDS));
		words[wordOf(address)] |= 1 << (address & 31);
		this.size++;
	}
	static { this.prototype.delete = (function(address) {
		if (address < 0 || !this.has(address)) return;
		this.#pages.get(address >>> PAGE_BITS)[wordOf(address)] &= ~(1 << (address & 31));
		this.size--;
	}); }
	static { this.prototype.addresses = (function*() {
		for (const [page, words] of [...this.#pages].sort((([one], [other]) => one - other))) for (let at = 0; at < PAGE_WORDS; at++) for (let bits = words[at]; bits !== 0; bits &= bits - 1) yield page * 2 ** PAGE_BITS + at * 32 + (31 - Math.clz32(bits & -bits));
	}); }
};
function wordOf(address) {
	return (address & 65535) >>> 5;
}

// src/report/host_findings.ts
function reasonUp({ evidence }) {
	return evidence[0]?.reason;
}
function macText({ mac }) {
	return mac === void 0 ? void 0 : formatMac(mac);
}
var HostFindings = class {
	#up = /* @__PURE__ */ new Map();
	#macs = /* @__PURE__ */ new Map();
	#absent = new AddressSet();
	#unreachable = new AddressSet();
	#silent = new AddressSet();
	#undecided = new AddressSet();
	#timedOut = new AddressSet();
	isAny = false;
	take(batch, addresses) {
		this.isAny = true;
		for (const result of hostResults(batch)) this.#add(addresses.hostOf(result.ip), result);
	}
	static { this.prototype.up = (function(host) {
		return this.#up.get(host);
	}); }
	get hostsUp() {
		return this.#up.keys();
	}
	static { this.prototype.stateOf = (function(host) {
		if (this.#up.has(host)) return "up";
		if (this.#absent.has(host)) return "absent";
		return this.#silent.has(host) ? "silent" : this.#undecided.has(host) ? "undecided" : void 0;
	}); }
	static { this.prototype.absent = (function() {
		return this.HostFindings$without(this.#absent);
	}); }
	reasonOfAbsence(host) {
		return this.#unreachable.has(host) ? "host-unreach" : "no-arp-response";
	}
	absentByReason() {
		return Map.groupBy(this.absent().addresses(), (host) => this.reasonOfAbsence(host));
	}
	isTimedOut(host) {
		return this.#timedOut.has(host);
	}
	static { this.prototype.silent = (function() {
		return this.HostFindings$without(this.#silent, this.#absent);
	}); }
	static { this.prototype.undecided = (function() {
		return this.HostFindings$without(this.#undecided, this.#absent, this.#silent);
	}); }
	copyTo(other) {
		for (const [host, found] of this.#up) other.#up.set(host, found);
		for (const [host, mac] of this.#macs) other.#macs.set(host, mac);
		other.#absent = new AddressSet(this.#absent);
		other.#unreachable = new AddressSet(this.#unreachable);
		other.#silent = new AddressSet(this.#silent);
		other.#undecided = new AddressSet(this.#undecided);
		other.#timedOut = new AddressSet(this.#timedOut);
		other.isAny = this.isAny;
	}
	#add(host, { state, mac, probe, reason, rttMs, ttl }) {
		if (state === "up") {
			const before = this.#up.get(host);
			const evidence = [...before?.evidence ?? [], {
				probe,
				reason,
				rttMs,
				ttl
			}];
			this.#up.set(host, {
				evidence,
				mac: mac ?? before?.mac ?? this.#macs.get(host)
			});
			return;
		}
		if (mac !== void 0) this.#macs.set(host, mac);
		if (reason === "proxy-arp") this.#withoutArp(host);
		if (reason === "host-timeout") this.#timedOut.add(host);
		if (reason === "host-unreach" && state === "absent") this.#unreachable.add(host);
		if (state === "absent") this.#absent.add(host);
		else if (state === "silent") this.#silent.add(host);
		else this.#undecided.add(host);
	}
	#withoutArp(host) {
		const { evidence = [], mac } = this.#up.get(host) ?? {};
		const left = evidence.filter((each) => each.reason !== "arp-response" && each.reason !== "nd-response");
		if (left.length === 0) this.#up.delete(host);
		else this.#up.set(host, {
			evidence: left,
			mac
		});
	}
	static { this.prototype.HostFindings$without = (function(hosts, ...others) {
		const left = new AddressSet(hosts);
		for (const host of this.#up.keys()) left.delete(host);
		for (const other of others) for (const host of other.addresses()) left.delete(host);
		return left;
	}); }
};

// src/report/writer.ts

function hasOtherProtocols({ technique, passes = passesNamed(technique) }) {
	return passes.some((pass) => !probesHosts(pass) && pass.proto !== "tcp");
}

function portsOfEach({ hosts, probes, technique, passes = passesNamed(technique), ports, udpPorts = ports }) {
	if (ports === void 0 || udpPorts === void 0) return [];
	const each = passes.map((pass) => ({
		...pass,
		ports: pass.proto === "udp" ? udpPorts : ports
	}));
	return probes === hosts * each.reduce((sum, { ports }) => sum + ports.count, 0) ? each : [];
}


// ffi/resolver.ts
var ResolveError = class extends Error {
	name = "ResolveError";
	reason;
	constructor(hostname, code) {
		const reason = resolverText(code);
		super(`${hostname}: ${reason}`);
		this.reason = reason;
	}
};
function resolverText(code) {
	if (code === -11) return "the system's resolver failed";
	return readString(libc().gai_strerror(code)) ?? `error ${code}`;
}
const inUse = /* @__PURE__ */ new Set();
async function resolveName(name) {
	return (await resolveAddresses(name, 2)).filter((address) => typeof address === "number");
}
async function resolveAddresses(name, family) {
	const { getaddrinfoAside, freeaddrinfo } = libc();
	if (name === "" || name.includes("\0")) throw new ResolveError(name, -2);
	const node = pinString(name);
	const hints = pin(addrinfo.size);
	hints.view.setInt32(addrinfo.ai_family, family, true);
	hints.view.setInt32(addrinfo.ai_socktype, 1, true);
	const result = pin(8);
	const memory = [
		node,
		hints,
		result
	];
	inUse.add(memory);
	try {
		const code = await getaddrinfoAside(node.pointer, null, hints.pointer, result.pointer);
		if (code !== 0) throw new ResolveError(name, code);
		const list = Deno.UnsafePointer.create(result.view.getBigUint64(0, true));
		const addresses = readAddresses(list);
		freeaddrinfo(list);
		if (addresses.length === 0) throw new ResolveError(name, -2);
		return addresses;
	} finally {
		inUse.delete(memory);
	}
}
const LINK_LOCAL = 1018n;
function readAddresses(list) {
	const addresses = /* @__PURE__ */ new Set();
	for (let entry = list; entry !== null;) {
		const info = viewOf(entry, addrinfo.size);
		const address = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_addr, true));
		const length = info.getUint32(addrinfo.ai_addrlen, true);
		const family = info.getInt32(addrinfo.ai_family, true);
		if (address !== null && family === 2 && length >= sockaddr_in.size) addresses.add(viewOf(address, sockaddr_in.size).getUint32(sockaddr_in.sin_addr));
		else if (address !== null && family === 10 && length >= sockaddr_in6.size) {
			const view = viewOf(address, sockaddr_in6.size);
			const at = sockaddr_in6.sin6_addr;
			const number = view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
			if (number >> 118n !== LINK_LOCAL) addresses.add(number);
		}
		entry = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_next, true));
	}
	return [...addresses];
}
function pinInet6(address) {
	const pinned = pin(sockaddr_in6.size);
	pinned.view.setUint16(sockaddr_in6.sin6_family, 10, true);
	pinned.view.setBigUint64(sockaddr_in6.sin6_addr, address >> 64n);
	pinned.view.setBigUint64(sockaddr_in6.sin6_addr + 8, BigInt.asUintN(64, address));
	return pinned;
}
const NAME_LEN = 1025;
async function resolveAddress(address) {
	const { getnameinfoAside } = libc();
	const socketAddress = typeof address === "number" ? pinInet4(address, 0) : pinInet6(address);
	const name = pin(NAME_LEN);
	const memory = [socketAddress, name];
	inUse.add(memory);
	try {
		const code = await getnameinfoAside(socketAddress.pointer, socketAddress.bytes.length, name.pointer, NAME_LEN, null, 0, 8);
		if (code === -2) return null;
		return code === 0 ? name.bytes.subarray(0, name.bytes.indexOf(0)) : void 0;
	} finally {
		inUse.delete(memory);
	}
}
const MAX_PORT$1 = 65535;
const SERVICES_PATH = "/etc/services";
const SERVICES_LEN = 4 << 20;
const SERVICE = /^[ \t]*([^\s#]+)[ \t]+(\d{1,5})\/(tcp|udp)(?![^\s#])([^#\n]*)/gm;
let portsByName;

function servicePort(name) {
	return (portsByName ??= readPorts$1()).get(name);
}
function readPorts$1() {
	const ports = /* @__PURE__ */ new Map();
	for (const { port, name, aliases } of [...services("tcp"), ...services("udp")]) for (const each of [name, ...aliases.split(/\s+/)]) if (each !== "" && !ports.has(each)) ports.set(each, port);
	return ports;
}



// src/result/rows.ts
const NO_NAMES = [];
var ResultRows = class ResultRows {
	length;
	rows;
	addresses;
	#names;
	#pass;
	constructor(rows, names, pass) {
		this.length = rows.length / 6;
		this.rows = rows;
		this.addresses = names.addresses;
		this.#names = names;
		this.#pass = pass;
	}
	get pass() {
		return this.#pass.number;
	}
	get proto() {
		return this.#pass.proto;
	}
	get mayHaveFindings() {
		return this.#names.finding !== void 0;
	}
	[Symbol.iterator]() {
		const result = new RowCursor(this.rows, this.#names, this.#pass);
		const step = {
			done: false,
			value: result
		};
		return { next: (() => result.next() ? step : {
			done: true,
			value: void 0
		}) };
	}
	filter(passes) {
		const rows = this.rows;
		const passing = rows.slice();
		let end = 0;
		let at = 0;
		const result = new RowCursor(rows, this.#names, this.#pass);
		while (result.next()) {
			if (passes(result)) {
				passing.copyWithin(end, at, at + 6);
				end += 6;
			}
			at += 6;
		}
		return end === rows.length ? this : new ResultRows(passing.slice(0, end), this.#names, this.#pass);
	}
	kept() {
		const results = [];
		const cursor = new RowCursor(this.rows, this.#names, this.#pass);
		while (cursor.next()) results.push(toResult(cursor));
		return results;
	}
};
const STATES_OF_HOSTS = HOST_STATES;
var RowCursor = class {
	technique;
	proto;
	#rows;
	#doubles;
	#names;
	#isNamed;
	#pass;
	#states;
	#at = -6;
	#host = -1;
	#ip = "";
	constructor(rows, names, { technique, proto, number }) {
		this.#states = probesHosts({ proto }) ? STATES_OF_HOSTS : STATES$1;
		this.technique = technique;
		this.proto = proto;
		this.#rows = rows;
		this.#doubles = doublesOf(rows);
		this.#names = names;
		this.#isNamed = names.hosts.size > 0;
		this.#pass = number;
	}
	static { this.prototype.next = (function() {
		this.#at += 6;
		return this.#at < this.#rows.length;
	}); }
	get columns() {
		return !this.#isNamed && isFromHost(this.#rows, this.#at) && this.finding === void 0 ? columnsAt(this.#rows, this.#at) : void 0;
	}
	get host() {
		return hostAt(this.#rows, this.#at);
	}
	get outcome() {
		return outcomeAt(this.#rows, this.#at);
	}
	get ip() {
		const host = hostAt(this.#rows, this.#at);
		if (host !== this.#host) {
			this.#host = host;
			this.#ip = this.#names.addresses.text(host);
		}
		return this.#ip;
	}
	get port() {
		return portAt(this.#rows, this.#at);
	}
	get state() {
		return this.#states[stateAt(this.#rows, this.#at)];
	}
	get reason() {
		return REASONS$1[reasonAt(this.#rows, this.#at)];
	}
	get ttl() {
		return ttlAt(this.#rows, this.#at) || void 0;
	}
	get rttMs() {
		const rttMs = rttMsAt(this.#doubles, this.#at);
		return rttMs >= 0 ? rttMs : void 0;
	}
	get tries() {
		return triesAt(this.#rows, this.#at);
	}
	get from() {
		return isFromHost(this.#rows, this.#at) ? void 0 : this.#names.addresses.text(fromAt(this.#rows, this.#at));
	}
	get service() {
		const found = this.finding;
		return isIdentified(found) ? found.service : this.#names.service(portAt(this.#rows, this.#at), this.proto);
	}
	get finding() {
		return this.#names.finding?.(hostAt(this.#rows, this.#at), portAt(this.#rows, this.#at), this.#pass);
	}
	get names() {
		if (!this.#isNamed) return NO_NAMES;
		return this.#names.hosts.namesAt(hostAt(this.#rows, this.#at), portAt(this.#rows, this.#at));
	}
	get late() {
		return replacedAt(this.#rows, this.#at) >= 0;
	}
	get replaces() {
		const replaced = replacedAt(this.#rows, this.#at);
		return replaced < 0 ? void 0 : REASONS$1[replaced & 255];
	}
	get replacesState() {
		const replaced = replacedAt(this.#rows, this.#at);
		return replaced < 0 ? void 0 : this.#states[replaced >> 8];
	}
	get note() {
		return NOTES[noteAt(this.#rows, this.#at)] || void 0;
	}
};


// src/scan/service_names.ts
let names;
let udpNames;
const hasName = /* @__PURE__ */ new Uint8Array(8192);

function resultsIn(rows, pass, addresses = IPV4_BOOK, names, finding) {
	const size = names === void 0 || names[Symbol.iterator]().next().done ? 0 : 1;
	const namesAt = (host, port) => names?.at(addresses.text(host), port) ?? [];
	return new ResultRows(rows, {
		addresses,
		hosts: {
			size,
			namesAt
		},
		service: serviceName,
		...finding === void 0 ? {} : { finding }
	}, pass);
}


// src/report/outcome_group.ts
const STATE_CODE = new Map(STATES$1.map(((state, code) => [state, code])));
const REASON_CODE = new Map(REASONS$1.map(((reason, code) => [reason, code])));
const IS_SILENCE = REASONS$1.map(isSilence);
const MAY_BE_OPEN = STATES$1.map(mayBeOpen$1);
const REASON_BITS = 8;
const REASON_MASK = 255;
const STATE_BITS = 3;
const STATE_MASK = 7;
const IS_OWN = STATES$1.flatMap(((state) => REASONS$1.map(((reason) => isOwnAnswer$1({
	reason,
	state
})))));
const GROUP_COUNT = 32768;
function groupOf(state, reason, technique) {
	return (technique << STATE_BITS | STATE_CODE.get(state)) << REASON_BITS | REASON_CODE.get(reason);
}











// src/report/round_trip.ts


// src/report/host_reports.ts

function alikePorts(host, own, listed, source) {
	const { rows, totals, techniques } = source;
	const groups = totals.groupsOf(host);
	listed.begin(host, groups, own);
	let openCount = 0;
	for (const row of own) if (isOpen(rows.groups[row])) openCount++;
	const hidden = [];
	let maybeOpenCount = 0;
	for (const group of groups) {
		const count = totals.count(host, group);
		if (mayBeOpen(group)) maybeOpenCount += count;
		if (!listed.has(group)) hidden.push(portGroup(group, count, techniques));
	}
	hidden.sort((one, other) => other.count - one.count);
	return {
		host,
		own,
		groups,
		hidden,
		openCount,
		maybeOpenCount,
		ttl: ttlOf(rows, own, totals.answer(host))
	};
}



var ListedStates = class {
	#source;
	#totals;
	#missing;
	constructor(source) {
		this.#source = source;
		this.#totals = new Int32Array(stateIndices(source.techniques.length));
		this.#missing = new Int32Array(this.#totals.length);
	}
	static { this.prototype.begin = (function(host, groups, own) {
		const { rows, totals } = this.#source;
		this.#totals.fill(0);
		for (let at = 0; at < groups.length; at++) this.#totals[stateIndex(groups[at])] += totals.count(host, groups[at]);
		this.#missing.set(this.#totals);
		for (let at = 0; at < own.length; at++) this.#missing[stateIndex(rows.groups[own[at]])]--;
	}); }
	static { this.prototype.has = (function(group) {
		const index = stateIndex(group);
		return isOpen(group) || this.#totals[index] <= this.#source.listUpTo && this.#missing[index] === 0;
	}); }
};
const MAX_KINDS = 4096;
const MAX_ROWS_OF_KIND = 16;
var HostKinds = class {
	#source;
	#kinds = /* @__PURE__ */ new Map();
	#alike;
	#kind;
	constructor(source) {
		this.#source = source;
	}
	static { this.prototype.of = (function(alike, ip) {
		if (ip.includes("%")) return void 0;
		if (alike !== this.#alike) [this.#alike, this.#kind] = [alike, this.#kindOf(alike)];
		return this.#kind === void 0 ? void 0 : 2 * this.#kind + Number(ip.includes(":"));
	}); }
	#kindOf({ host, groups, own }) {
		if (own.length > MAX_ROWS_OF_KIND) return void 0;
		const { rows, totals } = this.#source;
		let key = `${totals.answer(host)}`;
		for (const group of groups) key += ` ${group} ${totals.count(host, group)}`;
		for (const row of own) key += `,${rows.ports[row]} ${rows.groups[row]} ${rows.ttls[row]} ${rows.tries[row]} ${rows.routers[row]}`;
		let kind = this.#kinds.get(key);
		if (kind === void 0 && this.#kinds.size < MAX_KINDS) this.#kinds.set(key, kind = this.#kinds.size);
		return kind;
	}
};
function conclusionOn(host, totals) {
	let conclusion = "undecided";
	let most = 0;
	for (const group of totals.groupsOf(host)) {
		const count = totals.count(host, group);
		if (!isSilent(group) && count > most) [conclusion, most] = [reasonOf(group), count];
		else if (most === 0 && reasonOf(group) === "no-arp-response") conclusion = "no-arp-response";
		else if (most === 0 && stateOf(group) !== "undecided" && conclusion === "undecided") conclusion = "no-response";
	}
	return conclusion;
}

// src/report/host_report.ts
function hostWithout(ip, names, state, reason) {
	const conclusion = state === "undecided" ? state : reason;
	return {
		...absentHost(ip, names),
		conclusion,
		found: foundWithout(state, reason)
	};
}
function foundWithout(state, reason) {
	return {
		state,
		reason,
		rttMs: void 0,
		evidence: [],
		mac: void 0,
		vendor: void 0
	};
}
function absentHost(ip, names) {
	return {
		ip,
		names: names.of(ip),
		ports: [],
		hidden: [],
		openCount: 0,
		maybeOpenCount: 0,
		answer: void 0,
		answerTtl: void 0,
		roundTrip: void 0,
		conclusion: "no-arp-response",
		atLeast: false
	};
}

function isUnknown({ found, ports, hidden }) {
	return found !== void 0 && found.state !== "up" && ports.length === 0 && hidden.length === 0;
}


function inNmapWords(host) {
	if (!host.ip.includes(":")) return host;
	const worded = (row) => row.reason === "net-unreach" ? {
		...row,
		reason: "no-route"
	} : row;
	return {
		...host,
		ports: host.ports.map(worded),
		hidden: host.hidden.map(worded)
	};
}

// src/report/host_totals.ts
const WIDTH = 4;
const OTHERS = 2;
const ROUND_TRIP = 1;
const HOSTS = 256;
var HostTotals = class {
	length = 0;
	#width = WIDTH;
	#cells = new Int32Array(HOSTS * WIDTH);
	#fractions = new Float32Array(this.#cells.buffer);
	#columns = new Uint16Array(GROUP_COUNT);
	#groups = [];
	static { this.prototype.addHost = (function() {
		if ((this.length + 1) * this.#width > this.#cells.length) this.#replace(grown(this.#cells, 2 * this.#cells.length));
		return this.length++;
	}); }
	static { this.prototype.answer = (function(host) {
		return this.#cells[host * this.#width] - 1;
	}); }
	roundTripMs(host) {
		return this.answer(host) < 0 ? NaN : this.#fractions[host * this.#width + ROUND_TRIP];
	}
	static { this.prototype.setAnswer = (function(host, group, rttMs) {
		const at = host * this.#width;
		if (this.#cells[at] === 0) this.#fractions[at + ROUND_TRIP] = rttMs;
		this.#cells[at] = group + 1;
	}); }
	static { this.prototype.add = (function(host, group, by) {
		const column = this.#columns[group] || this.HostTotals$addGroup(group);
		return this.#cells[host * this.#width + column] += by;
	}); }
	static { this.prototype.count = (function(host, group) {
		const column = this.#columns[group];
		return column === 0 ? 0 : this.#cells[host * this.#width + column];
	}); }
	haveSameCounts(one, other) {
		const cells = this.#cells;
		const [from, to] = [one * this.#width, other * this.#width];
		if (cells[from] !== cells[to]) return false;
		for (let at = OTHERS; at < OTHERS + this.#groups.length; at++) if (cells[from + at] !== cells[to + at]) return false;
		return true;
	}
	static { this.prototype.groupsOf = (function(host) {
		const start = host * this.#width + OTHERS;
		const groups = [];
		for (let at = 0; at < this.#groups.length; at++) if (this.#cells[start + at] > 0) groups.push(this.#groups[at]);
		return groups;
	}); }
	copyTo(other) {
		other.length = this.length;
		other.#width = this.#width;
		other.#replace(this.#cells.slice());
		other.#columns = this.#columns.slice();
		other.#groups = [...this.#groups];
	}
	static { this.prototype.HostTotals$addGroup = (function(group) {
		const column = this.#groups.push(group) - 1 + OTHERS;
		if (column === this.#width) this.#widen();
		return this.#columns[group] = column;
	}); }
	#widen() {
		const width = this.#width;
		const cells = new Int32Array(2 * this.#cells.length);
		for (let host = 0; host < this.length; host++) cells.set(this.#cells.subarray(host * width, (host + 1) * width), 2 * width * host);
		this.#replace(cells);
		this.#width = 2 * width;
	}
	#replace(cells) {
		this.#cells = cells;
		this.#fractions = new Float32Array(cells.buffer);
	}
};

// src/report/port_rows.ts
const ROWS = 256;
var PortRows = class {
	length = 0;
	hosts = new Uint32Array(ROWS);
	ports = new Uint16Array(ROWS);
	groups = new Uint16Array(ROWS);
	late = new Uint8Array(ROWS);
	ttls = new Uint8Array(ROWS);
	tries = new Uint16Array(ROWS);
	rtts = new Float32Array(ROWS);
	routers = new Uint32Array(ROWS);
	copyTo(other) {
		growColumns(other, this.hosts.length);
		other.length = this.length;
		other.hosts.set(this.hosts);
		other.ports.set(this.ports);
		other.groups.set(this.groups);
		other.late.set(this.late);
		other.ttls.set(this.ttls);
		other.tries.set(this.tries);
		other.rtts.set(this.rtts);
		other.routers.set(this.routers);
	}
	static { this.prototype.push = (function(host, port, group, late, ttl, tries, rttMs, router) {
		const row = this.length++;
		if (row === this.hosts.length) growColumns(this, 2 * row);
		this.hosts[row] = host;
		this.ports[row] = port;
		this.groups[row] = group;
		this.late[row] = late ? 1 : 0;
		this.ttls[row] = ttl;
		this.tries[row] = tries;
		this.rtts[row] = rttMs;
		this.routers[row] = router;
	}); }
	static { this.prototype.byHost = (function(hostCount) {
		const starts = new Uint32Array(hostCount + 1);
		for (let row = 0; row < this.length; row++) starts[this.hosts[row] + 1]++;
		for (let host = 0; host < hostCount; host++) starts[host + 1] += starts[host];
		const free = starts.slice();
		const order = new Uint32Array(this.length);
		for (let row = 0; row < this.length; row++) order[free[this.hosts[row]]++] = row;
		return {
			starts,
			order
		};
	}); }
	haveSamePorts(some, others) {
		if (some.length !== others.length) return false;
		const { ports, groups, ttls, tries, routers } = this;
		for (let at = 0; at < some.length; at++) {
			const [one, other] = [some[at], others[at]];
			if (!(ports[one] === ports[other] && groups[one] === groups[other] && ttls[one] === ttls[other] && tries[one] === tries[other] && routers[one] === routers[other])) return false;
		}
		return true;
	}
	static { this.prototype.sortedByPort = (function(rows) {
		if (rows.length < 2) return rows;
		const { groups, late } = this;
		const ports = ((row) => this.ports[row] * 16 + techniqueOf(groups[row]));
		rows.sort(((one, other) => ports(one) - ports(other) || late[one] - late[other] || one - other));
		return rows.filter(((row, at) => at + 1 === rows.length || ports(rows[at + 1]) !== ports(row)));
	}); }
};

// src/report/silence.ts
var Silence = class {
	#bounds;
	#index = new U32Map();
	#addresses = new TypedVector(/* @__PURE__ */ new Uint32Array(256));
	#groups = [];
	#kinds = new Uint8Array(GROUP_COUNT);
	#counts = [];
	#countCount = 0;
	#rowHosts = new TypedVector(/* @__PURE__ */ new Uint32Array(256));
	#rowKinds = new TypedVector(/* @__PURE__ */ new Uint8Array(256));
	#ports = new TypedVector(/* @__PURE__ */ new Uint16Array(256));
	#tries = new TypedVector(/* @__PURE__ */ new Uint8Array(256));
	isIncomplete = false;
	#droppedAbsent = new AddressSet();
	constructor(bounds) {
		this.#bounds = bounds;
	}
	copyTo(other) {
		for (let host = 0; host < this.#addresses.length; host++) other.#hostOf(this.#addresses.at(host));
		for (const group of this.#groups) other.#kindOf(group);
		other.#counts = this.#counts.map((counts) => counts.slice());
		other.#countCount = this.#countCount;
		const columns = other.#columns();
		this.#columns().forEach((column, index) => column.copyTo(columns[index]));
		other.isIncomplete = this.isIncomplete;
		other.#droppedAbsent = new AddressSet(this.#droppedAbsent);
	}
	#columns() {
		return [
			this.#rowHosts,
			this.#rowKinds,
			this.#ports,
			this.#tries
		];
	}
	push(address, port, group, tries) {
		const kind = this.#kindOf(group);
		let host = this.#hostOf(address);
		let counts = this.#countsOf(kind, host);
		if (counts[host] === 0) {
			if (this.#countCount >= this.#bounds.counts) {
				this.Silence$addAbsent(this.#droppedAbsent);
				this.clear();
				this.isIncomplete = true;
				host = this.#hostOf(address);
				counts = this.#countsOf(kind, host);
			}
			this.#countCount++;
		}
		if (++counts[host] > this.#bounds.listUpTo) return;
		if (this.#rowHosts.length >= this.#bounds.rows) this.#thin();
		this.#rowHosts.push(host);
		this.#rowKinds.push(kind);
		this.#ports.push(port);
		this.#tries.push(tries);
	}
	static { this.prototype.absent = (function() {
		const absent = new AddressSet(this.#droppedAbsent);
		this.Silence$addAbsent(absent);
		return absent;
	}); }
	static { this.prototype.Silence$addAbsent = (function(absent) {
		this.forEachCount(((address, group) => {
			if (reasonOf(group) === "no-arp-response") absent.add(address);
		}));
	}); }
	clear() {
		this.#index.clear();
		this.#addresses = new TypedVector(/* @__PURE__ */ new Uint32Array(256));
		this.#counts = this.#counts.map(() => /* @__PURE__ */ new Uint32Array());
		this.#countCount = 0;
		this.#clearRows();
	}
	static { this.prototype.forEachCount = (function(take) {
		for (let host = 0; host < this.#addresses.length; host++) for (const [kind, counts] of this.#counts.entries()) {
			const count = counts[host] ?? 0;
			if (count > 0) take(this.#addresses.at(host), this.#groups[kind], count);
		}
	}); }
	groupsOf(address) {
		const host = this.#index.get(address);
		if (host < 0) return [];
		return this.#groups.map((group, kind) => [group, this.#counts[kind][host] ?? 0]).filter(([, count]) => count > 0);
	}
	static { this.prototype.forEachRow = (function(take) {
		for (let row = 0; row < this.#rowHosts.length; row++) {
			if (!this.#isListed(row)) continue;
			const group = this.#groups[this.#rowKinds.at(row)];
			take(this.#addresses.at(this.#rowHosts.at(row)), this.#ports.at(row), group, this.#tries.at(row));
		}
	}); }
	static { this.prototype.hosts = (function() {
		return Uint32Array.from({ length: this.#addresses.length }, ((_, host) => this.#addresses.at(host))).sort();
	}); }
	#hostOf(address) {
		const known = this.#index.get(address);
		if (known >= 0) return known;
		const host = this.#addresses.length;
		this.#index.add(address, host);
		this.#addresses.push(address);
		return host;
	}
	#kindOf(group) {
		if (this.#kinds[group] === 0) {
			this.#kinds[group] = this.#groups.push(group);
			this.#counts.push(/* @__PURE__ */ new Uint32Array());
		}
		return this.#kinds[group] - 1;
	}
	#countsOf(kind, host) {
		const counts = this.#counts[kind];
		if (host < counts.length) return counts;
		return this.#counts[kind] = grown(counts, Math.max(256, 2 * host));
	}
	#isListed(row) {
		return this.#counts[this.#rowKinds.at(row)][this.#rowHosts.at(row)] <= this.#bounds.listUpTo;
	}
	#thin() {
		const most = this.#bounds.rows / 2;
		const rowCount = this.#rowHosts.length;
		let kept = 0;
		for (let row = 0; row < rowCount && kept <= most; row++) if (this.#isListed(row)) kept++;
		if (kept > most) return this.#clearRows();
		const columns = this.#columns();
		let to = 0;
		for (let row = 0; row < rowCount; row++) {
			if (!this.#isListed(row)) continue;
			for (const column of columns) column.move(row, to);
			to++;
		}
		for (const column of columns) column.length = kept;
	}
	#clearRows() {
		for (const column of this.#columns()) column.length = 0;
	}
};

// src/report/unreached.ts
const MAX_RANGES$1 = 4096;
function* withAbsent(hosts, { absent, reasonOf, others: unknown, isTimedOut, portsOf, addresses, names }) {
	const others = inOrder(absent.addresses(), unknown);
	let next = others.next();
	const report = ([number, state]) => {
		const ip = addresses.text(number);
		if (state !== "absent") {
			const reason = state === "undecided" && isTimedOut(number) ? "host-timeout" : "no-response";
			return {
				...hostWithout(ip, names, state, reason),
				...portsOf(number)
			};
		}
		const reason = reasonOf(number);
		return reason === "no-arp-response" ? absentHost(ip, names) : hostWithout(ip, names, state, reason);
	};
	for (const host of hosts) {
		const number = addresses.hostOf(host.ip);
		const end = number < 0 ? 1e400 : number;
		for (; !next.done && next.value[0] < end; next = others.next()) yield report(next.value);
		yield host;
	}
	for (; !next.done; next = others.next()) yield report(next.value);
}
function* inOrder(absent, unknown) {
	let at = 0;
	for (const number of absent) {
		while (at < unknown.length && unknown[at][0] < number) yield unknown[at++];
		yield [number, "absent"];
	}
	yield* unknown.slice(at);
}



// src/report/host_aggregator.ts
const DEFAULT_SILENT_HOSTS = 1 << 17;
const DEFAULT_SILENT_ROWS = 65536;
var HostAggregator = class {
	#listUpTo;
	#openOnly;
	#listUnresponsiveUpTo;
	#numbers = new TypedVector(/* @__PURE__ */ new Uint32Array(256));
	#totals = new HostTotals();
	#addresses;
	#byNumber = new U32Map();
	#byText = /* @__PURE__ */ new Map();
	#texts = /* @__PURE__ */ new Map();
	#rows = new PortRows();
	#silent;
	#findings = new HostFindings();
	#vendorOf;
	#services = [];
	#detected = /* @__PURE__ */ new Map();
	#routers = /* @__PURE__ */ new Map();
	#techniques = [];
	#ports = [];
	#listsMatches = false;
	#lastBatch;
	#report;
	constructor(options) {
		this.#listUpTo = options.listUpTo;
		this.#openOnly = options.openOnly ?? false;
		this.#listUnresponsiveUpTo = options.listUnresponsiveUpTo;
		this.#addresses = options.addresses ?? IPV4_BOOK;
		this.#vendorOf = options.vendorOf ?? ((() => void 0));
		this.#silent = new Silence({
			counts: options.silentHosts ?? DEFAULT_SILENT_HOSTS,
			rows: options.silentRows ?? DEFAULT_SILENT_ROWS,
			listUpTo: options.listUpTo
		});
	}
	static { this.prototype.take = (function(batch) {
		if (batch === this.#lastBatch) return;
		this.#lastBatch = batch;
		this.#addresses = batch.addresses ?? this.#addresses;
		if (probesHosts(batch)) {
			this.#findings.take(batch, this.#addresses);
			return;
		}
		let technique = -1;
		for (const result of batch) {
			if (technique < 0 || batch.pass === void 0) technique = this.HostAggregator$techniqueNumber(result);
			const { outcome } = result;
			const group = outcome === void 0 ? groupOf(result.state, result.reason, technique) : outcomeGroup(outcome, technique);
			this.HostAggregator$add(result, result.host ?? this.#addresses.hostOf(result.ip), group);
		}
	}); }
	static { this.prototype.HostAggregator$techniqueNumber = (function({ technique, proto }) {
		const known = this.#techniques.findIndex(((each) => each.technique === technique));
		if (known >= 0) return known;
		this.#services.push([]);
		return this.#techniques.push({
			technique,
			proto
		}) - 1;
	}); }
	static { this.prototype.HostAggregator$add = (function(result, number, group) {
		let host = number >= 0 ? this.#byNumber.get(number) : this.#byText.get(result.ip) ?? -1;
		if (host < 0) {
			if (number >= 0 && isSilent(group)) {
				this.#services[techniqueOf(group)][result.port] ??= result.service;
				return this.#silent.push(number, result.port, group, result.tries);
			}
			host = this.HostAggregator$addHost(number, result.ip);
		}
		const totals = this.#totals;
		if (isOwnAnswer(group) && (isOpen(group) || totals.answer(host) < 0)) totals.setAnswer(host, group, result.rttMs ?? NaN);
		const { late } = result;
		if (late) {
			const { replaces, replacesState } = result;
			if (replaces !== void 0 && replacesState !== void 0) totals.add(host, groupOf(replacesState, replaces, techniqueOf(group)), -1);
		}
		const count = totals.add(host, group, 1);
		if (!(isOpen(group) || count <= this.#listUpTo && (!this.#openOnly || mayBeOpen(group))) && !late) return;
		const { finding } = result;
		if (finding === void 0) this.#services[techniqueOf(group)][result.port] ??= result.service;
		else this.#detected.set(this.#rows.length, {
			service: result.service,
			finding
		});
		this.#rows.push(host, result.port, group, late, result.ttl ?? 0, result.tries, result.rttMs ?? NaN, result.from === void 0 ? 0 : this.#router(result.from));
	}); }
	get hostCount() {
		return this.#numbers.length;
	}
	get rowCount() {
		return this.#rows.length;
	}
	copyTo(other) {
		other.#addresses = this.#addresses;
		other.#listsMatches = this.#listsMatches;
		for (let host = 0; host < this.hostCount; host++) other.HostAggregator$addHost(this.HostAggregator$numberOf(host), this.HostAggregator$textOf(host));
		this.#totals.copyTo(other.#totals);
		this.#rows.copyTo(other.#rows);
		this.#silent.copyTo(other.#silent);
		this.#findings.copyTo(other.#findings);
		other.#services.push(...this.#services.map((services) => services.slice()));
		for (const [row, found] of this.#detected) other.#detected.set(row, found);
		other.#techniques.push(...this.#techniques);
		for (const router of this.#routers.keys()) other.#router(router);
	}
	static { this.prototype.prefixFinder = (function(prefixes) {
		return this.#addresses.prefixFinder?.(prefixes) ?? ((() => -1));
	}); }
	countNotProbed(ports) {
		this.#ports = ports;
	}
	listMatches() {
		this.#listsMatches = true;
	}
	get listsMatches() {
		return this.#listsMatches;
	}
	static { this.prototype.report = (function(totalHosts) {
		return this.#report ??= this.HostAggregator$makeReport(totalHosts);
	}); }
	static { this.prototype.HostAggregator$makeReport = (function(totalHosts) {
		const unlisted = /* @__PURE__ */ new Map();
		const absent = this.#silent.absent();
		const findings = this.#findings;
		for (const host of findings.absent().addresses()) absent.add(host);
		const matched = this.#listsMatches ? this.#silent.hosts() : [];
		for (const host of [...findings.hostsUp, ...matched]) if (this.#byNumber.get(host) < 0) this.HostAggregator$addHost(host);
		for (const number of this.#numbers.values) if (this.#byNumber.get(number) >= 0) absent.delete(number);
		const isCounted = this.HostAggregator$placeSilence(totalHosts - absent.size, absent, unlisted);
		const reasonOf = ((host) => findings.reasonOfAbsence(host));
		const isTimedOut = ((host) => findings.isTimedOut(host));
		for (const host of absent.addresses()) unlisted.set(reasonOf(host), (unlisted.get(reasonOf(host)) ?? 0) + 1);
		const totals = this.#totals;
		const ordered = this.HostAggregator$inOrder();
		const isQuiet = ((host) => totals.answer(host) < 0 && findings.up(this.HostAggregator$numberOf(host)) === void 0);
		const quiet = ordered.filter(isQuiet);
		const listQuiet = this.#listsMatches || quiet.length <= this.#listUnresponsiveUpTo;
		const out = listQuiet ? [] : quiet.map(((host) => ({
			number: this.HostAggregator$numberOf(host),
			reason: conclusionOn(host, totals)
		})));
		for (const { reason } of out) unlisted.set(reason, (unlisted.get(reason) ?? 0) + 1);
		const outNumbers = new Set(out.map((({ number }) => number)));
		const others = this.HostAggregator$unknown(((host) => absent.has(host) || this.#byNumber.get(host) >= 0 && !outNumbers.has(host)));
		for (const [host, state] of others) {
			if (isCounted(host) || outNumbers.has(host)) continue;
			const conclusion = state === "silent" ? "no-response" : "undecided";
			unlisted.set(conclusion, (unlisted.get(conclusion) ?? 0) + 1);
		}
		const isListed = ((host) => (listQuiet || !isQuiet(host)) && (!this.#listsMatches || totals.groupsOf(host).length > 0));
		const listed = ordered.filter(isListed);
		this.HostAggregator$addNotProbed(listed);
		const known = listed.length + unlisted.values().reduce(((sum, count) => sum + count), 0);
		if (this.#ports.length > 0 && known < totalHosts) unlisted.set("undecided", (unlisted.get("undecided") ?? 0) + totalHosts - known);
		const source = {
			rows: this.#rows,
			byHost: this.#rows.byHost(this.hostCount),
			totals,
			textOf: ((host) => this.HostAggregator$textOf(host)),
			services: this.#services,
			detected: this.#detected,
			techniques: this.#techniques,
			routers: [void 0, ...this.#routers.keys()],
			listUpTo: this.#listUpTo,
			foundOf: ((host, answer) => this.HostAggregator$foundOf(this.HostAggregator$numberOf(host), answer)),
			isIncomplete: this.#silent.isIncomplete
		};
		return {
			upHosts: ordered.length - quiet.length,
			unlisted,
			unreachedRanges: unreachedRanges(out, absent, reasonOf, this.#addresses),
			hosts: ((names = NO_NAMES$1) => reportsOf(listed, names, source)),
			hostsAndAbsent: ((names = NO_NAMES$1) => this.#listsMatches ? reportsOf(listed, names, source) : withAbsent(reportsOf(listed, names, source), {
				absent,
				reasonOf,
				others,
				isTimedOut,
				addresses: this.#addresses,
				names,
				portsOf: ((host) => this.#unlistedPorts(host))
			}))
		};
	}); }
	static { this.prototype.HostAggregator$addNotProbed = (function(hosts) {
		if (this.#silent.isIncomplete) return;
		const totals = this.#totals;
		for (const { ports: { count }, ...pass } of this.#ports) {
			const technique = this.HostAggregator$techniqueNumber(pass);
			for (const host of hosts) {
				const known = totals.groupsOf(host).filter(((group) => techniqueOf(group) === technique)).reduce(((sum, group) => sum + totals.count(host, group)), 0);
				if (known < count) totals.add(host, groupOf("undecided", "not-asked", technique), count - known);
			}
		}
	}); }
	#unlistedPorts(number) {
		const host = this.#byNumber.get(number);
		return {
			unlisted: (host < 0 ? this.#silent.groupsOf(number) : this.#totals.groupsOf(host).map((group) => [group, this.#totals.count(host, group)])).map(([group, count]) => portGroup(group, count, this.#techniques)),
			atLeast: this.#silent.isIncomplete
		};
	}
	static { this.prototype.HostAggregator$unknown = (function(isElsewhere) {
		const found = [];
		for (const host of this.#findings.silent().addresses()) if (!isElsewhere(host)) found.push([host, "silent"]);
		for (const host of this.#findings.undecided().addresses()) if (!isElsewhere(host)) found.push([host, "undecided"]);
		return found.sort((([one], [other]) => one - other));
	}); }
	static { this.prototype.HostAggregator$foundOf = (function(number, answer) {
		const found = this.#findings.up(number);
		const reason = found && reasonUp(found);
		if (found === void 0 || reason === void 0) {
			const state = this.#findings.stateOf(number);
			if (answer !== void 0 && state !== void 0) return foundWithout("up", answer);
			if (state === "absent" && this.#listsMatches) return foundWithout(state, this.#findings.reasonOfAbsence(number));
			if (state === void 0 || state === "absent") return void 0;
			return foundWithout(state, this.#findings.isTimedOut(number) ? "host-timeout" : "no-response");
		}
		const { evidence, mac } = found;
		const measured = evidence.flatMap((({ rttMs }) => rttMs === void 0 ? [] : [rttMs]));
		return {
			state: "up",
			reason,
			rttMs: measured.length === 0 ? void 0 : Math.min(...measured),
			evidence,
			mac: mac === void 0 ? void 0 : formatMac(mac),
			vendor: mac === void 0 ? void 0 : this.#vendorOf(mac)
		};
	}); }
	static { this.prototype.HostAggregator$addHost = (function(number, ip) {
		const host = this.#totals.addHost();
		this.#numbers.push(Math.max(0, number));
		if (number >= 0) this.#byNumber.add(number, host);
		else {
			this.#byText.set(ip, host);
			this.#texts.set(host, ip);
		}
		return host;
	}); }
	static { this.prototype.HostAggregator$numberOf = (function(host) {
		return this.#texts.has(host) ? -1 : this.#numbers.at(host);
	}); }
	static { this.prototype.HostAggregator$textOf = (function(host) {
		return this.#texts.get(host) ?? this.#addresses.text(this.#numbers.at(host));
	}); }
	static { this.prototype.HostAggregator$inOrder = (function() {
		const numbers = this.#numbers.values.filter(((_, host) => !this.#texts.has(host))).sort();
		const byText = [...this.#byText].sort((([one], [other]) => one < other ? -1 : 1));
		return [...Array.from(numbers, ((number) => this.#byNumber.get(number))), ...byText.map((([, host]) => host))];
	}); }
	#router(from) {
		let code = this.#routers.get(from);
		if (code === void 0) {
			code = this.#routers.size + 1;
			this.#routers.set(from, code);
		}
		return code;
	}
	static { this.prototype.HostAggregator$placeSilence = (function(totalHosts, absent, unlisted) {
		const silent = this.#silent;
		const rest = silent.hosts().filter(((host) => this.#byNumber.get(host) < 0 && !absent.has(host)));
		if (silent.isIncomplete) unlisted.set("no-response", Math.max(0, totalHosts - this.hostCount));
		else if (rest.length <= this.#listUnresponsiveUpTo) for (const host of rest) this.HostAggregator$addHost(host);
		else {
			const decided = /* @__PURE__ */ new Set();
			silent.forEachCount(((host, group) => {
				if (stateOf(group) !== "undecided") decided.add(host);
			}));
			const undecided = rest.reduce(((count, host) => decided.has(host) ? count : count + 1), 0);
			if (undecided < rest.length) unlisted.set("no-response", rest.length - undecided);
			if (undecided > 0) unlisted.set("undecided", undecided);
		}
		silent.forEachCount(((number, group, count) => {
			const host = this.#byNumber.get(number);
			if (host >= 0) this.#totals.add(host, group, count);
		}));
		silent.forEachRow(((number, port, group, tries) => {
			const host = this.#byNumber.get(number);
			if (host >= 0) this.#rows.push(host, port, group, false, 0, tries, NaN, 0);
		}));
		const counted = new Set(rest);
		return ((host) => silent.isIncomplete || counted.has(host));
	}); }
};

// src/report/host_texts.ts
const MAX_TEXTS = 16384;
var HostTexts = class {
	#texts = /* @__PURE__ */ new Map();
	#size = 0;
	static { this.prototype.of = (function(kind, guesses, make) {
		const known = this.#texts.get(guesses)?.get(kind);
		if (known !== void 0) return known;
		if (this.#size++ === MAX_TEXTS) {
			this.#texts.clear();
			this.#size = 1;
		}
		const text = make();
		this.#texts.getOrInsertComputed(guesses, (() => /* @__PURE__ */ new Map())).set(kind, text);
		return text;
	}); }
};

// src/report/os.ts





// src/report/remarks.ts
const NONE$2 = [];
function remarksByHost(summary, aggregator) {
	const { aliased } = summary;
	const suspects = new Map(summary.suspects.map(({ ip, suspect }) => [ip, suspect]));
	const notes = notesByHost(summary);
	const os = osByHost(summary);
	const findPrefix = aggregator.prefixFinder(aliased.map(({ prefix }) => prefix));
	return (ip) => ({
		suspect: suspects.get(ip),
		notes: notes.get(ip) ?? NONE$2,
		os: os.get(ip) ?? NONE$2,
		alias: aliased[findPrefix(ip)]
	});
}

// src/report/table.ts
const HOSTS_A_PIECE = 256;
const LIST_ALIKE_UP_TO = 100;

const OWN_WORDS = {
	title: ((host) => `synscan report for ${hostName(host)}`),
	status: statusLine,
	hidden: hiddenText
};
var TableWriter = class {
	#options;
	#columns;
	#aggregator;
	#words;
	#head;
	#several = false;
	#isUsual = false;
	#texts = new HostTexts();
	constructor(options, aggregator, words = OWN_WORDS) {
		this.#options = options;
		this.#columns = columnsFor(options, false);
		this.#aggregator = aggregator;
		this.#words = words;
	}
	static { this.prototype.start = (function(head) {
		this.#head = head;
		this.#several = hasSeveral(head);
		const { service } = this.#words;
		this.#columns = columnsFor(this.#options, this.#several).map(((column) => column.field === service?.field ? service : column));
		this.#isUsual = this.#options.stateBefore === void 0 && this.#columns.every((({ field }) => field !== "rtt_ms"));
		return "";
	}); }
	static { this.prototype.results = (function(batch) {
		this.#aggregator.take(batch);
		return "";
	}); }
	hosts(batch) {
		this.#aggregator.take(batch);
		return "";
	}
	static { this.prototype.end = (function*(summary) {
		const { openOnly, quiet, verbosity } = this.#options;
		const report = this.#aggregator.report(this.#head?.hosts ?? summary.hosts);
		const remarksOn = remarksByHost(summary, this.#aggregator);
		let text = "";
		let waiting = 0;
		let withoutOpen = 0;
		const unlisted = new Map(report.unlisted);
		const shown = /* @__PURE__ */ new Map();
		let alike = 0;
		for (const host of withHostnames(report.hosts(this.#head?.names), summary)) {
			if (openOnly && host.maybeOpenCount === 0) {
				const { conclusion } = host;
				if (conclusion === void 0) withoutOpen++;
				else unlisted.set(conclusion, (unlisted.get(conclusion) ?? 0) + 1);
				continue;
			}
			const remarks = remarksOn(host.ip);
			const { alias } = remarks;
			if (alias !== void 0 && verbosity === 0 && isShown(host, alias, shown)) {
				alike++;
				continue;
			}
			text += this.TableWriter$host(this.#words.host?.(host) ?? host, remarks);
			if (++waiting === HOSTS_A_PIECE) {
				yield text;
				text = "";
				waiting = 0;
			}
		}
		const left = [];
		if (alike > 0) left.push(`${counted(alike, "host")} of aliased prefixes with the same ports as one above (-v lists them)`);
		if (withoutOpen > 0) {
			const ofSome = this.#aggregator.listsMatches ? " among the results to report" : "";
			left.push(`${counted(withoutOpen, "host")} without an open port${ofSome}`);
		}
		const techniques = this.#head === void 0 ? 1 : techniqueCount(this.#head);
		for (const [conclusion, count] of unlisted) left.push(unlistedText(conclusion, count, techniques > 0));
		if (left.length > 0 && quiet !== true) text += this.#broken(`Not shown: ${left.join(", ")}\n\n`);
		yield text + closingLines(summary, this.#options, {
			techniques,
			ofHosts: hostsToProbe(this.#head)
		});
	}); }
	static { this.prototype.TableWriter$host = (function(host, { suspect, notes, os, alias }) {
		const { color } = this.#options;
		const title = this.#words.title(host);
		let text = `${color ? bold(title) : title}\n${this.#words.status(host, this.TableWriter$reasonOf(host))}`;
		if (host.names.length > 1) text += `Other names: ${host.names.slice(1).map(printable).join(", ")}\n`;
		const hostname = otherHostname(host);
		if (hostname !== void 0) text += `rDNS record for ${host.ip}: ${printable(hostname)}\n`;
		for (const note of notes) text += noteLine(noteText(note), color);
		if (alias !== void 0) text += noteLine(aliasText(alias), color);
		const ports = suspect === void 0 ? host.ports : withoutMass(host.ports);
		if (suspect !== void 0) {
			const alike = host.ports.length - ports.length;
			const remark = alike === 0 ? `Suspect: ${suspect}. Another device may reply for this host` : `Suspect: ${suspect}. ${counted(alike, "port")} replied as if open; another device may reply for this host. Use --json or -oJ to list them all`;
			const lines = this.#broken(remark);
			text += `${color ? yellow(lines) : lines}\n`;
		}
		const silence = host.found?.state === "up" ? void 0 : this.TableWriter$silence(host, notes);
		if (silence !== void 0) return this.#words === OWN_WORDS ? this.#broken(`${title}: ${silence}\n\n`) : `${text}Not shown: ${silence}\n\n`;
		if (!(this.#isUsual && suspect === void 0 && notes.length === 0 && alias === void 0) || host.kind === void 0) return text + this.TableWriter$ports(host, ports, notes, os);
		return text + this.#texts.of(host.kind, os, (() => this.TableWriter$ports(host, ports, notes, os)));
	}); }
	static { this.prototype.TableWriter$reasonOf = (function({ found, answer }) {
		const reason = found?.state === "up" ? found.reason : answer;
		return reason === void 0 || !showsReasons(this.#options) ? "" : `, received ${reason}`;
	}); }
	static { this.prototype.TableWriter$ports = (function(host, ports, notes, os) {
		const { openOnly, quiet } = this.#options;
		const { rows, hidden } = shownOf({
			...host,
			ports
		}, (({ state }) => !openOnly || mayBeOpen$1(state)));
		let text = "";
		if (hidden.length > 0 && !(openOnly && quiet === true)) text += this.#broken(`Not shown: ${this.#words.hidden(hidden, host.atLeast, this.#several)}\n`);
		if (rows.length > 0 && this.#columns.length > 0) text += rowsText(rows, this.TableWriter$columnsOf(host), this.#options, notes);
		if (isTimedOut(host)) text += "Timed out: what is not shown of it is undecided\n";
		const told = toldBy(rows);
		if (told !== "") text += this.#broken(`Service Info: ${told}\n`);
		const { trace } = host;
		if (trace !== void 0) {
			for (const filtered of unlistedFiltered(trace, this.#options.fields === void 0 ? rows : [])) text += this.#broken(`Where filtered: ${filteredText(filtered)}\n`);
			text += traceLines(trace);
		}
		const guess = osText(os);
		if (guess !== void 0) text += this.#broken(`OS guess: ${guess}\n`);
		return `${text}\n`;
	}); }
	static { this.prototype.TableWriter$silence = (function({ answer, ports, hidden, names, hostname, atLeast, trace }, notes) {
		const { verbosity, fields, stateBefore } = this.#options;
		const [first] = ports;
		if (answer !== void 0 || verbosity > 0 || fields !== void 0 || stateBefore !== void 0 || notes.length > 0 || trace !== void 0 || names.length > 1 || otherHostname({
			names,
			hostname
		}) !== void 0) return;
		if (first === void 0 || ports.length < 2) return void 0;
		const { technique, proto, state, reason, from } = first;
		const isOther = ((row) => row.technique !== technique || row.state !== state || row.reason !== reason || row.from !== from);
		if (ports.some(isOther)) return void 0;
		const groups = [{
			technique,
			proto,
			state,
			reason,
			count: ports.length
		}, ...hidden];
		return this.#words.hidden(groups, atLeast, this.#several);
	}); }
	static { this.prototype.TableWriter$columnsOf = (function(host) {
		const { ip, names, ports } = host;
		const { fields, stateBefore } = this.#options;
		if (fields !== void 0) return this.#columns;
		const before = ((row) => stateBefore?.({
			...row,
			ip
		}));
		const was = {
			field: "was",
			title: "WAS",
			text: ((row) => before(row) ?? "-")
		};
		const lastHopOf = lastHopsByPort(host);
		const where = {
			field: "where",
			title: "WHERE",
			text: ((row) => lastHopOf(row) ?? "-")
		};
		return [
			...this.#columns,
			...ports.some(((row) => VERSION$1.text(row, []) !== "")) ? [VERSION$1] : [],
			...ports.some(((row) => lastHopOf(row) !== void 0)) ? [where] : [],
			...ports.some(((row) => before(row) !== void 0)) ? [was] : [],
			...ports.some(((row) => row.names.length !== names.length)) ? [NAMES$1] : []
		];
	}); }
	#broken(text) {
		return wrappedLines(text, this.#options.columns);
	}
};
function isShown({ ports, hidden }, prefix, shown) {
	const key = [...ports.map(({ port, technique, state }) => `${port} ${technique} ${state}`), ...hidden.map(({ technique, state, count }) => `${count} ${technique} ${state}`)].join();
	const keys = shown.get(prefix) ?? /* @__PURE__ */ new Set();
	shown.set(prefix, keys);
	const before = keys.size;
	return keys.add(key).size === before;
}

function withoutMass(ports) {
	const keyOf = ({ state, reason, ttl }) => state === "open" ? `${reason} ${ttl}` : "";
	const groups = Map.groupBy(ports, keyOf);
	return ports.filter((row) => row.state !== "open" || groups.get(keyOf(row)).length <= LIST_ALIKE_UP_TO);
}
function unlistedText(conclusion, count, hasPorts) {
	if (conclusion === "no-arp-response") return `${counted(count, "address", "addresses")} without a host (no ARP or ND reply)`;
	if (conclusion === "no-response") return `${counted(count, "host")} without a reply`;
	if (conclusion === "undecided") return `${counted(count, "host")} ${hasPorts ? "without a decided port" : "undecided"}`;
	return `${counted(count, "host")} out of reach (${conclusion})`;
}
function noteLine(text, color) {
	const line = `Note: ${text}`;
	return `${color ? yellow(line) : line}\n`;
}

function hiddenText(groups, atLeast, several) {
	return groups.map(({ technique, state, reason, count }) => {
		return `${atLeast && reason === "no-response" ? "at least " : ""}${grouped(count)} ${state} (${reason}${several ? `, ${technique}` : ""})`;
	}).join(", ");
}


// src/report/formats.ts
const LIST_UP_TO = 25;
const LIST_UNRESPONSIVE_UP_TO = 8;



// src/cli/report.ts
const END_PIECE = 1 << 20;
const LATE_FORMATS = /* @__PURE__ */ new Set([
	"xml",
	"normal",
	"grepable"
]);
var Report = class {
	#writer;
	#sink;
	#output;
	#kept;
	#another;
	#head;
	constructor(output, { writer, another }, sink, kept) {
		this.#another = another;
		this.#output = {
			format: output.format,
			path: output.path
		};
		this.#writer = writer;
		this.#sink = sink;
		this.#kept = kept;
	}
	static { this.prototype.start = (async function(head) {
		this.#head = head;
		const text = this.#writer.start(head);
		await this.#sink.add(this.#kept === void 0 ? text : "", this.Report$tail());
	}); }
	async replay(batch, timeMs) {
		if (this.#kept === void 0) await this.results(batch, timeMs);
		else this.Report$write(batch, timeMs);
	}
	get hasHostnames() {
		return this.#output.format === "csv";
	}
	get isLate() {
		return LATE_FORMATS.has(this.#output.format) && this.#sink.written().bytes !== null;
	}
	ending(book, summary, nowMs) {
		const writer = this.#another(book);
		if (this.#head !== void 0) writer.start(this.#head);
		return writer.end(summary, nowMs);
	}
	async endFor(now) {
		await this.#sink.add("", now);
	}
	keep() {
		return {
			...this.#output,
			...this.#sink.written()
		};
	}
	sync() {
		return this.#sink.sync();
	}
	static { this.prototype.Report$tail = (function() {
		return this.#writer.tail?.() ?? "";
	}); }
	static { this.prototype.results = (async function(batch, nowMs) {
		const piece = this.Report$write(batch, nowMs);
		if (piece.length > 0) await this.#sink.add(piece, this.Report$tail());
	}); }
	static { this.prototype.Report$write = (function(batch, nowMs) {
		return probesHosts(batch) ? this.#writer.hosts?.(batch) ?? "" : this.#writer.results(batch, nowMs);
	}); }
	async progress(progress) {
		const text = this.#writer.progress?.(progress) ?? "";
		if (text !== "") await this.#sink.add(text, this.Report$tail());
	}
	get wantsChanges() {
		return this.#writer.compared !== void 0;
	}
	compared(changes) {
		this.#writer.compared?.(changes);
	}
	static { this.prototype.end = (async function(summary, endedAtMs) {
		const text = new Utf8Buffer();
		for (const piece of this.#writer.end(summary, endedAtMs)) {
			text.addText(piece);
			if (text.bytes.length < END_PIECE) continue;
			await this.#sink.add(text.bytes, this.Report$tail());
			text.clear();
		}
		if (text.bytes.length > 0) await this.#sink.add(text.bytes, this.Report$tail());
		this.#sink.finish();
	}); }
	discard() {
		this.#sink.discard();
	}
	[Symbol.dispose]() {
		this.#sink[Symbol.dispose]();
	}
};


// src/cli/report_set.ts
var ReportSet = class {
	hasFailed = false;
	hasStalled = false;
	isPipeClosed = false;
	#lost;
	#reports = [];
	#writing = Promise.resolve();
	constructor(lost) {
		this.#lost = lost;
	}
	static { this.prototype.add = (function(report) {
		this.#reports.push(report);
	}); }
	[Symbol.iterator]() {
		return this.#reports[Symbol.iterator]();
	}
	static { this.prototype.some = (function(passes) {
		return this.#reports.some(passes);
	}); }
	static { this.prototype.toAll = (function(act) {
		const written = this.#writing.then((() => this.ReportSet$toEach(act)));
		this.#writing = written.catch((() => {}));
		return written;
	}); }
	static { this.prototype.ReportSet$toEach = (async function(act) {
		const lost = /* @__PURE__ */ new Set();
		for (const report of this.#reports) try {
			await act(report);
		} catch (error) {
			this.#note(error);
			lost.add(report);
		}
		if (lost.size === 0) return;
		this.#reports = this.#reports.filter(((report) => !lost.has(report)));
		if (this.#reports.length === 0) this.#lost.noneLeft();
	}); }
	#note(error) {
		if (error instanceof ClosedPipe) {
			this.isPipeClosed = true;
			return;
		}
		if (error instanceof StalledReader) this.hasStalled = true;
		else if (error instanceof CannotScanError) this.hasFailed = true;
		else throw error;
		this.#lost.failed(error.message);
	}
};

// src/cli/session_record.ts
var SessionRecord = class {
	#parts;
	#begin;
	#recording;
	#hasFailed = false;
	constructor(parts) {
		this.#parts = parts;
	}
	get hasFailed() {
		return this.#hasFailed;
	}
	get earlier() {
		return this.#recording?.earlier;
	}
	static { this.prototype.open = (async function(opened) {
		const { line: { db, changed }, system } = this.#parts;
		if (db === void 0) return;
		const { beginRecording, openHistory } = await import("./history.js").then(((n) => n.t));
		const history = opened.use(await openHistory(db, {
			write: true,
			why: "to record the scan"
		}, system));
		this.#begin = ((start, before) => beginRecording(history, start, {
			changed,
			...before === void 0 ? {} : { before }
		}));
	}); }
	static { this.prototype.begin = (function(start) {
		this.#recording = this.#begin?.(start, this.#before());
	}); }
	static { this.prototype.announce = (function() {
		if (this.#recording === void 0) return;
		const { line, resumed, say } = this.#parts;
		if (resumed?.rest !== void 0 && this.#recording.recorder.id !== this.#before()?.id) say("What is left of the scan is recorded as a scan of its own");
		if (line.changed && this.#recording.earlier === void 0) say("The history has no earlier scan of these targets and ports: everything is new");
	}); }
	static { this.prototype.add = (function(batch, nowMs) {
		this.SessionRecord$write((({ recorder }) => recorder.add(batch, nowMs)));
	}); }
	flush(nowMs) {
		return this.SessionRecord$write(({ recorder }) => recorder.flush(nowMs)) ?? true;
	}
	static { this.prototype.lost = (function() {
		const { earlier, recorder } = this.#recording ?? {};
		return earlier === void 0 ? [] : recorder.lost(earlier);
	}); }
	static { this.prototype.finish = (function(summary, endedAtMs) {
		this.SessionRecord$write((({ recorder }) => recorder.finish(summary, endedAtMs)));
	}); }
	async changes() {
		if (this.#recording === void 0) return void 0;
		const { changesOf } = await import("./history.js").then((n) => n.t);
		return this.SessionRecord$write(({ history, recorder }) => changesOf(history, recorder.id));
	}
	keep() {
		const { db } = this.#parts.line;
		if (db === void 0 || this.#recording === void 0 || this.#hasFailed) return [];
		return [{
			format: "history",
			path: db,
			bytes: null,
			scan: this.#recording.recorder.id
		}];
	}
	#before() {
		const { line, resumed: { rest, checkpoint } = {} } = this.#parts;
		const kept = checkpoint?.outputs.find(({ format, path }) => format === "history" && path === line.db);
		return rest === void 0 || kept?.scan === void 0 ? void 0 : {
			id: kept.scan,
			byState: rest.done.byState
		};
	}
	static { this.prototype.SessionRecord$write = (function(act) {
		if (this.#recording === void 0 || this.#hasFailed) return void 0;
		try {
			return act(this.#recording);
		} catch (error) {
			if (!(error instanceof CannotScanError)) throw error;
			this.#hasFailed = true;
			this.#parts.failed(error.message);
			return;
		}
	}); }
};

// src/scan/snapshot.ts
const MAX_NAMES = 4096;

function patternText({ pattern }) {
	return JSON.stringify(pattern ?? "", (_, value) => typeof value === "bigint" ? `${value}` : value);
}

function checkSameScan(before, { technique, size, space, shard }) {
	const [shardBefore, shardNow] = [before.shard, shard].map(({ index, count }) => `${index}/${count}`);
	const lists = "Put the lists back as they were; to leave targets out, resume with --exclude or --exclude-ports";
	const difference = before.technique !== technique ? `the scan had the technique ${before.technique}, and not ${technique}. Give the one it had` : before.size !== size ? `the scan had ${before.size} ports to decide, and its targets and ports now make ${size}. ${lists}` : before.space !== space ? "the targets or ports are no longer those of the scan (a list was changed, a name has another address, or the order of ports is that of another version). " + lists : shardBefore !== shardNow ? `the scan was shard ${shardBefore}, and not ${shardNow}. Give the shard it had` : void 0;
	if (difference !== void 0) throw new UsageError(`Cannot resume: ${difference}`);
}
function hostsOfShard({ hosts = 0, shard }) {
	return shardSize(hosts, shard);
}
function remainingOf({ parts }) {
	return parts.map((passes) => passes.map(({ position, pending, refused, found }) => ({
		position,
		pending: Uint32Array.from(pending),
		...refused === void 0 ? {} : { refused: Uint32Array.from(refused) },
		...found === void 0 ? {} : { found: eachList(found, (list) => Uint32Array.from(list)) }
	})));
}
function partOf({ position, pending, refused = /* @__PURE__ */ new Uint32Array(), found }) {
	return {
		position,
		pending: [...pending],
		...refused.length === 0 ? {} : { refused: [...refused] },
		...found === void 0 ? {} : { found: eachList(found, (list) => [...list]) }
	};
}
function eachList(found, convert) {
	const { up, absent, silent, undecided } = found;
	return {
		up: convert(up),
		absent: convert(absent),
		silent: convert(silent),
		undecided: convert(undecided)
	};
}
function afterReading(snapshot) {
	if (snapshot.waiting === 0) return snapshot;
	const passes = passesIn(snapshot.technique);
	const byState = [...snapshot.done.byState];
	let left = snapshot.waiting;
	const undelivered = snapshot.undelivered.filter(({ pass, rows }) => {
		if (left === 0) return true;
		left -= rows.length / 6;
		if (!probesHosts(passes[pass])) countResults(Uint32Array.from(rows), byState);
		return false;
	});
	const taken = snapshot.taken + snapshot.waiting;
	return {
		...snapshot,
		taken,
		undelivered,
		waiting: 0,
		done: {
			...snapshot.done,
			byState
		}
	};
}
function doneBefore({ done, undelivered }, passes) {
	const byState = [...done.byState];
	for (const { pass, rows } of undelivered) if (!probesHosts(passes[pass])) countResults(Uint32Array.from(rows), byState);
	return {
		...EMPTY_REPORT,
		...done,
		byState
	};
}
const COUNTERS = [...[
	"sent",
	"sendingMs",
	"answered",
	"returned",
	"lost",
	"expectedWrong",
	"late",
	"duplicates"
], ...[
	"finAcks",
	"unmatched",
	"sendRetries",
	"receiveDrops",
	"singlesUp"
]];
function doneTogether(reports) {
	return {
		...countsTogether(reports),
		hostsUp: [...hostsUpIn(reports)].flat(),
		shapes: [...shapesIn(reports)]
	};
}


function newShapes(shapes, known) {
	const added = [];
	for (let at = 0; at < shapes.length; at += SHAPE_ROW_LEN) {
		const key = shapes[at] * 65536 + shapes[at + 1];
		if (known.has(key)) continue;
		known.add(key);
		for (let i = 0; i < SHAPE_ROW_LEN; i++) added.push(shapes[at + i]);
	}
	return Uint32Array.from(added);
}




// src/scan/host_os.ts


function stacksOf(rows, ofHost, guessOf) {
	const stacks = [];
	const portOf = (row) => rows[row * SHAPE_ROW_LEN + 1];
	for (const row of ofHost.toSorted((one, other) => portOf(one) - portOf(other))) {
		const at = row * SHAPE_ROW_LEN + 2;
		const guess = guessOf(row);
		let stack = stacks.find(({ family, at: other }) => family === guess.family && (family !== null || isSameStack(rows, at, rows, other)));
		if (stack === void 0) stacks.push(stack = {
			...guess,
			at,
			ports: []
		});
		stack.ports.push(portOf(row));
	}
	return stacks.map(({ family, evidence, ports }) => ({
		family,
		evidence,
		ports: stacks.length > 1 ? ports : []
	}));
}

// src/scan/warnings.ts
const MAX_NAMED = 3;

function resolutionOf(host, addresses) {
	return addresses.text(host).includes(":") ? "neighbor solicitations" : "ARP";
}


const MAX_FALLEN = 3;
const MAX_RATIONED = 3;


function sendersText(senders) {
	const named = senders.slice(0, MAX_NAMED);
	if (senders.length > MAX_NAMED) return `${named.join(", ")} and ${counted(senders.length - MAX_NAMED, "more sender")}`;
	return named.length === 1 ? named[0] : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}



function causeOf({ host, isGone, reportedBy }, addresses) {
	if (isGone) return `it does not answer ${resolutionOf(host, addresses)} either, so it went down`;
	if (reportedBy !== 0) return `${addresses.text(reportedBy)} reports it as unreachable, so it went down`;
	return "it probably blocks this scanner. Scan it more slowly";
}

// src/scan/summarize.ts

function suspicionOf(host, { ownSide, rstSpoof, everyUdpPort }) {
	if (ownSide.has(host)) return "own-side";
	if (rstSpoof.has(host)) return "rst-spoof";
	return everyUdpPort.has(host) ? "udp-responder" : "syn-proxy";
}
function countHosts(reports, singlesUp) {
	const up = hostsUpIn(reports);
	const absent = foundIn(reports, "absent");
	const beyond = (hosts) => hosts.subtract(up).subtract(absent).size;
	return {
		hostsUp: up.size + singlesUp,
		hostsAbsent: absent.subtract(up).size,
		hostsSilent: beyond(foundIn(reports, "silent")),
		hostsUndecided: beyond(foundIn(reports, "undecided"))
	};
}
function deathWarnings(outcomes, sizes) {
	return outcomes.flatMap((outcome, index) => {
		if (!("died" in outcome)) return [];
		const left = sizes[index] - sum(outcome.last?.byState ?? [], (count) => count);
		return [`Worker ${index + 1} died (${outcome.died}): ${grouped(left)} of its ports are undecided. Scan them again`];
	});
}
function undecidedWarnings(undecided, all, what) {
	if (undecided <= 0) return [];
	return [`${grouped(undecided)} of ${counted(all, what)} ${undecided === 1 ? "is" : "are"} undecided`];
}



// src/checkpoint/checkpoint.ts
const PACKED_FROM = 64;
const SPACE = 32;
function writeCheckpoint(checkpoint) {
	const head = headOf("checkpoint", checkpoint.journal.scan);
	const text = new TextEncoder().encode(JSON.stringify(checkpoint, packed));
	const body = new Uint32Array(Math.ceil(text.length / 4));
	bytesOf(body).fill(SPACE);
	bytesOf(body).set(text);
	const words = new Uint32Array(72 / 4 + recordWords(body.length));
	bytesOf(words).set(head);
	writeRecord(words, 72 / 4, {
		kind: 0,
		pass: 0,
		timeMs: 0,
		body
	}, checksum$1(head));
	return bytesOf(words);
}
function readCheckpoint(bytes) {
	readHead("checkpoint", bytes);
	let at = 72;
	const read = (part) => {
		if (at + part.length > bytes.length) return false;
		part.set(bytes.subarray(at, at += part.length));
		return true;
	};
	const seed = checksum$1(bytes.subarray(0, 72));
	const [record] = [...readRecords(read, bytes.length, seed, "damaged")];
	const value = record && JSON.parse(new TextDecoder().decode(bytesOf(record.body)), unpacked);
	if (!hasShape(value, CHECKPOINT)) throw new CheckpointError("damaged");
	return value;
}
function packed(_, value) {
	return Array.isArray(value) && value.length > PACKED_FROM && value.every((item) => item >>> 0 === item) ? { u32: new Uint8Array(Uint32Array.from(value).buffer).toBase64() } : value;
}
function unpacked(_, value) {
	if (!isObject(value) || !isText$1(value["u32"])) return value;
	return [...new Uint32Array(Uint8Array.fromBase64(String(value["u32"])).buffer)];
}
const CHECKPOINT = {
	version: orMissing(isText$1),
	args: [isText$1],
	given: [{
		name: isText$1,
		spelling: isText$1,
		value: isText$1
	}],
	operands: [isText$1],
	sourceIp: orNull(isText$1),
	folder: orNull(isText$1),
	startedAtMs: Number.isFinite,
	technique: orNull(isText$1),
	rest: orNull(isObject),
	journal: {
		scan: isText$1,
		bytes: isWhole
	},
	outputs: [{
		format: isText$1,
		path: isText$1,
		bytes: orNull(isWhole),
		print: orMissing(isWhole),
		scan: orMissing(isWhole)
	}]
};

// src/checkpoint/findings.ts
const HEAD_WORDS = 3;
const MAX_PORT = 65535;
function encodeFindings(findings) {
	const encoder = new TextEncoder();
	const texts = findings.map(({ finding }) => encoder.encode(JSON.stringify(finding)));
	const words = new Uint32Array(texts.reduce((sum, { length }) => sum + HEAD_WORDS + Math.ceil(length / 4), 0));
	let at = 0;
	findings.forEach(({ host, port }, index) => {
		const text = texts[index];
		words.set([
			host,
			port,
			text.length
		], at);
		at += HEAD_WORDS;
		bytesOf(words).set(text, at * 4);
		at += Math.ceil(text.length / 4);
	});
	return words;
}
function* decodeFindings(body) {
	for (let at = 0; at + HEAD_WORDS <= body.length;) {
		const [host, port, length] = [
			body[at],
			body[at + 1],
			body[at + 2]
		];
		at += HEAD_WORDS;
		const finding = at * 4 + length > body.byteLength ? void 0 : readJson(bytesOf(body).subarray(at * 4, at * 4 + length));
		if (port > MAX_PORT || !isFinding(finding)) throw new CheckpointError("journal damaged");
		yield {
			host,
			port,
			finding
		};
		at += Math.ceil(length / 4);
	}
}
function readJson(bytes) {
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		return;
	}
}
function findingsIn(batch) {
	const found = [];
	for (const { host, port, finding } of batch) if (host !== void 0 && finding !== void 0) found.push({
		host,
		port,
		finding
	});
	return found;
}

// src/checkpoint/file.ts
const PRIVATE = 384;
function createJournal(path) {
	sizeAt(path);
	const place = journalPath(path);
	const found = ifThere(() => Deno.lstatSync(place));
	if (found !== void 0 && !found.isFile) throw new CheckpointError("beside something");
	using undo = new DisposableStack();
	const options = {
		read: true,
		write: true,
		createNew: found === void 0,
		mode: PRIVATE
	};
	const journal = undo.use(Deno.openSync(place, options));
	if (found === void 0) undo.defer(() => removeNow(place));
	lock(journal);
	if (found !== void 0 && !beginsAsJournal(journal)) throw new CheckpointError("beside something");
	if (sizeAt(path) > 0) throw new CheckpointError("exists");
	undo.move();
	return journal;
}
function openJournal(path) {
	const place = journalPath(path);
	if (ifThere(() => Deno.lstatSync(place))?.isFile !== true) throw new CheckpointError("journal missing");
	using undo = new DisposableStack();
	const journal = undo.use(Deno.openSync(place, {
		read: true,
		write: true
	}));
	lock(journal);
	undo.move();
	return journal;
}
function checkpointBytes(path) {
	sizeAt(path);
	return Deno.readFileSync(path);
}
function writeFirst(path, bytes) {
	using file = newFile(path);
	writeFull(file, bytes);
}
async function replaceCheckpoint(path, bytes) {
	using draft = newFile(draftPath(path));
	try {
		writeFull(draft, bytes);
		await draft.syncData();
		Deno.renameSync(draftPath(path), path);
	} catch (error) {
		removeNow(draftPath(path));
		throw error;
	}
}
function tryToReplace(path) {
	newFile(draftPath(path)).close();
	removeNow(draftPath(path));
}
function removeCheckpoint(path) {
	let failure;
	for (const each of [
		draftPath(path),
		path,
		journalPath(path)
	]) try {
		removeNow(each);
	} catch (error) {
		failure ??= error;
	}
	return failure;
}
function writeFull(file, bytes) {
	for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
function newFile(path) {
	removeNow(path);
	return Deno.openSync(path, {
		write: true,
		createNew: true,
		mode: PRIVATE
	});
}
function sizeAt(path) {
	if (ifThere(() => Deno.lstatSync(path)) === void 0) return 0;
	const { isDirectory, isFile, size } = Deno.statSync(path);
	if (isDirectory) throw new Deno.errors.IsADirectory();
	if (!isFile) throw new CheckpointError("foreign");
	return size;
}
function beginsAsJournal(file) {
	const bytes = /* @__PURE__ */ new Uint8Array(64);
	return beginsAs("journal", bytes.subarray(0, file.readSync(bytes) ?? 0));
}
function lock(file) {
	let isOurs = true;
	try {
		isOurs = file.tryLockSync(true);
	} catch {}
	if (!isOurs) throw new CheckpointError("in use");
}
function removeNow(path) {
	ifThere(() => Deno.removeSync(path));
}
function ifThere(action) {
	try {
		return action();
	} catch (error) {
		if (error instanceof Deno.errors.NotFound) return void 0;
		throw error;
	}
}

// src/checkpoint/journal.ts
const SHAPES = 2;
const BUFFER_WORDS = 65536;

var Journal = class Journal {
	shapes = [];
	#scan;
	#openFile;
	#file;
	#words = new Uint32Array(BUFFER_WORDS);
	#seed;
	#used = 72 / 4;
	#written = 0;
	constructor(scan, openFile) {
		this.#scan = scan;
		this.#openFile = openFile;
		const head = headOf("journal", scan);
		this.#seed = checksum$1(head);
		bytesOf(this.#words).set(head);
	}
	static open(file, { scan, bytes }) {
		const head = new Uint8Array(72);
		file.seekSync(0, Deno.SeekMode.Start);
		if (!readFull(file, head)) throw new CheckpointError("journal cut");
		if (scanIn(head) !== scan) throw new CheckpointError("journal of another scan");
		if (file.statSync().size < bytes) throw new CheckpointError("journal cut");
		const journal = new Journal(scan, () => file);
		journal.#file = file;
		journal.#used = 0;
		journal.#written = bytes;
		for (const { kind, body } of journal.records()) if (kind === 2) for (const word of body) journal.shapes.push(word);
		return journal;
	}
	static { this.prototype.add = (function(record) {
		const length = recordWords(record.body.length);
		if (this.#used + length > this.#words.length) this.flush();
		if (length > this.#words.length) this.#words = new Uint32Array(length);
		this.#used = writeRecord(this.#words, this.#used, record, this.#seed);
	}); }
	flush() {
		if (this.#used > 0) {
			const file = this.#file ??= this.#openFile();
			file.truncateSync(this.#written);
			file.seekSync(this.#written, Deno.SeekMode.Start);
			writeFull(file, bytesOf(this.#words.subarray(0, this.#used)));
			this.#written += this.#used * 4;
			this.#used = 0;
		}
		return {
			scan: this.#scan,
			bytes: this.#written
		};
	}
	async sync() {
		await this.#file?.syncData();
	}
	moveTo(file) {
		const old = this.#file;
		file.truncateSync();
		const piece = new Uint8Array(BUFFER_WORDS);
		old?.seekSync(0, Deno.SeekMode.Start);
		for (let left = this.#written; old !== void 0 && left > 0; left -= piece.length) {
			const part = piece.subarray(0, left);
			if (!readFull(old, part)) throw new CheckpointError("journal cut");
			writeFull(file, part);
		}
		this.#file = file;
		old?.close();
	}
	*records() {
		const file = this.#file;
		if (file === void 0) return;
		file.seekSync(72, Deno.SeekMode.Start);
		yield* readRecords((bytes) => readFull(file, bytes), this.#written, this.#seed, "journal damaged");
	}
	[Symbol.dispose]() {
		this.#file?.close();
		this.#file = void 0;
	}
};
function scanIn(head) {
	try {
		return readHead("journal", head);
	} catch (error) {
		const isOther = error instanceof CheckpointError && (error.trouble === "newer" || error.trouble === "older");
		throw new CheckpointError(isOther ? "journal of another version" : "journal damaged");
	}
}
function readFull(file, bytes) {
	for (let at = 0; at < bytes.length;) {
		const count = file.readSync(bytes.subarray(at));
		if (count === null) return false;
		at += count;
	}
	return true;
}

// src/cli/checkpoint_writer.ts
const FIRST_MS = 100;
const EVERY_MS$2 = 500;
const COST_SHARE$1 = 20;
const LAST_SNAPSHOT_MS = 1e3;
const KEEP = "Cannot keep a checkpoint in";
var CheckpointWriter = class {
	#system;
	#identity;
	#report;
	#journal;
	#path;
	#shapes = /* @__PURE__ */ new Set();
	#isDue = false;
	#wake = () => {};
	#timer;
	#saving = Promise.resolve();
	#end;
	#isOver = false;
	#isOld = false;
	constructor(system, identity, report) {
		this.#system = system;
		this.#identity = identity;
		this.#report = report;
		this.#journal = new Journal(newScanKey(), (() => openTemporary(system)));
	}
	get isDue() {
		return this.#isDue;
	}
	static { this.prototype.onDue = (function(wake) {
		this.#wake = wake;
	}); }
	taken() {
		this.#isDue = false;
		this.#schedule(EVERY_MS$2);
	}
	begin(path) {
		using undo = new DisposableStack();
		undo.defer(() => this.discard());
		const create = () => {
			this.#create(path);
			writeFirst(path, this.#encode({
				technique: null,
				rest: null,
				outputs: []
			}, this.#journal.flush()));
		};
		withCheckpoint(KEEP, {
			file: path,
			shown: path
		}, this.#system, () => this.#system.asLaterUser(create));
		undo.move();
		this.#schedule(FIRST_MS);
	}
	resume({ path, journal }) {
		withCheckpoint(KEEP, path, this.#system, () => this.#system.asLaterUser(() => tryToReplace(path.file)));
		this.#path = path;
		this.#journal = journal;
		newShapes(journal.shapes, this.#shapes);
		this.#isOld = true;
		this.#schedule(FIRST_MS);
	}
	missed() {
		this.#end?.();
	}
	keep(state) {
		this.CheckpointWriter$clearTimer();
		const { done } = state.rest;
		const body = newShapes(done.shapes, this.#shapes);
		if (body.length > 0) this.record({
			kind: 2,
			pass: 0,
			timeMs: 0,
			body
		});
		const journal = this.CheckpointWriter$tryTo(() => this.#journal.flush());
		if (journal !== void 0) {
			const rest = {
				...state.rest,
				done: {
					...done,
					shapes: []
				}
			};
			this.#saving = this.#saving.then(() => this.#save({
				...state,
				rest
			}, journal));
		}
		this.#end?.();
	}
	static { this.prototype.record = (function(record) {
		this.CheckpointWriter$tryTo((() => this.#journal.add(record)));
	}); }
	static { this.prototype.CheckpointWriter$tryTo = (function(action) {
		if (this.#isOver) return void 0;
		try {
			return action();
		} catch (error) {
			this.#fail(error);
			return;
		}
	}); }
	#fail(error) {
		this.stop();
		if (this.#path === void 0) return;
		this.#report(`Cannot keep the scan in ${quote(this.#path.shown)}: ${whyNot$1(error)}. The scan goes on without`);
	}
	endAfterLast(end) {
		if (this.#isOver || this.#path === void 0 && defaultPaths(this.#system).length === 0) return end();
		const timer = setTimeout(end, LAST_SNAPSHOT_MS);
		this.#end = () => {
			clearTimeout(timer);
			this.stop();
			end();
		};
		this.#becomeDue();
	}
	static { this.prototype.stop = (function() {
		this.#isOver = true;
		this.CheckpointWriter$clearTimer();
	}); }
	static { this.prototype.finish = (async function(isDone) {
		this.stop();
		await this.#saving;
		if (this.#path === void 0) return;
		if (!isDone) return this.#report(`To go on: ${resumeCommand(this.#path.shown)}`);
		const failure = removeCheckpoint(this.#path.file);
		if (failure !== void 0) this.#report(`Cannot remove the checkpoint ${quote(this.#path.shown)}: ${whyNot$1(failure)}`);
	}); }
	discard() {
		this.stop();
		if (this.#path !== void 0 && !this.#isOld) removeCheckpoint(this.#path.file);
	}
	[Symbol.dispose]() {
		this.stop();
		this.#journal[Symbol.dispose]();
	}
	#schedule(waitMs) {
		this.CheckpointWriter$clearTimer();
		if (this.#isOver || this.#path === void 0) return;
		this.#timer = setTimeout(() => this.#becomeDue(), waitMs);
	}
	static { this.prototype.CheckpointWriter$clearTimer = (function() {
		if (this.#timer !== void 0) clearTimeout(this.#timer);
		this.#timer = void 0;
	}); }
	#becomeDue() {
		this.#isDue = true;
		this.#wake();
	}
	async #save(state, journal) {
		const isWanted = this.#path !== void 0;
		try {
			await state.sync();
			if (!isWanted) this.#createDefault();
			if (this.#path === void 0) return;
			await this.#journal.sync();
			const beforeMs = performance.now();
			const bytes = this.#encode(state, journal);
			const costMs = performance.now() - beforeMs;
			await replaceCheckpoint(this.#path.file, bytes);
			this.#schedule(Math.max(EVERY_MS$2, costMs * COST_SHARE$1));
		} catch (error) {
			if (isWanted) return this.#fail(error);
			if (this.#path !== void 0) removeCheckpoint(this.#path.file);
			this.#path = void 0;
		}
	}
	#encode(state, journal) {
		const { technique, rest, outputs } = state;
		return writeCheckpoint({
			...this.#identity,
			technique,
			journal,
			outputs,
			rest
		});
	}
	#create(path) {
		const file = createJournal(path);
		this.#path = {
			file: path,
			shown: path
		};
		this.#journal.moveTo(file);
	}
	#createDefault() {
		for (const path of defaultPaths(this.#system)) try {
			return this.#create(path);
		} catch (error) {
			if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
		}
	}
};
function openTemporary(system) {
	const path = Deno.makeTempFileSync({
		dir: temporaryFolder(system),
		prefix: "synscan-"
	});
	try {
		return Deno.openSync(path, {
			read: true,
			write: true
		});
	} finally {
		Deno.removeSync(path);
	}
}
function temporaryFolder(system) {
	return system.env("TMPDIR") || "/tmp";
}
function mayKeep(path, system) {
	return [
		path,
		draftPath(path),
		journalPath(path)
	].every((each) => system.isAllowed({
		name: "write",
		path: each
	}) && system.isAllowed({
		name: "read",
		path: each
	}));
}
function defaultPaths(system) {
	const name = `synscan-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 16).replaceAll(/[:-]/g, "").replace("T", "-")}-${Deno.pid}.checkpoint`;
	return [name, `${temporaryFolder(system)}/${name}`].filter((path) => mayKeep(path, system));
}

function withCheckpoint(what, { file, shown }, system, action) {
	if (!mayKeep(file, system)) throw noRightTo(`${what} ${quote(shown)}: that`, "read", "write");
	try {
		return action();
	} catch (error) {
		throw checkpointError(`${what} ${quote(shown)}`, shown, error);
	}
}
function checkpointError(what, path, error) {
	if (error instanceof CheckpointError) {
		const message = `${what}: ${TROUBLES[error.trouble](quote(journalPath(path)), resumeCommand(path))}`;
		return error.trouble === "in use" ? new CannotScanError(message) : new UsageError(message);
	}
	const message = `${what}: ${whyNot$1(error)}. Name another file`;
	return error instanceof Deno.errors.NotFound || isDirectory(error) ? new UsageError(message) : new CannotScanError(message);
}
function resumeCommand(path) {
	return `synscan resume ${shellWord(path)}`;
}
function* resultsOf(journal, { passes, addresses, names }) {
	const found = /* @__PURE__ */ new Map();
	for (const { kind, pass, timeMs, body } of journal.records()) {
		if (kind !== 1 && kind !== 3) continue;
		if (pass >= passes.length) throw new CheckpointError("journal damaged");
		if (kind === 3) {
			for (const { host, port, finding } of decodeFindings(body)) found.set(`${pass} ${host} ${port}`, finding);
			continue;
		}
		const findingOf = (host, port) => found.get(`${pass} ${host} ${port}`);
		yield {
			batch: resultsIn(body, passes[pass], addresses, names, found.size === 0 ? void 0 : findingOf),
			timeMs
		};
	}
}

// src/target/tokens.ts
const LINE_END = /\r\n|[\n\r\v\f\x85\u2028\u2029]/g;
function* fileTokens(text, fileName) {
	let lineNumber = 0;
	const lineEnd = new RegExp(LINE_END);
	for (let at = lineEnd.lastIndex = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at = lineEnd.lastIndex) {
		const end = lineEnd.exec(text);
		const line = text.slice(at, end?.index);
		if (end === null) lineEnd.lastIndex = text.length;
		lineNumber++;
		const comment = line.indexOf("#");
		yield* tokensOf(comment < 0 ? line : line.slice(0, comment), `${fileName} line ${lineNumber}`);
		if (end === null) return;
	}
}
const ADDRESS = String.raw`\d+(?:\.\d+){3}`;
const WORD = new RegExp(String.raw`${ADDRESS}\s+-\s*${ADDRESS}(?:(?=\s|$)|:\S*)|\S+`, "g");
const MISLEADING = [
	[
		new RegExp(String.raw`(?<!\S)${ADDRESS}-\s+${ADDRESS}(?!\S)`),
		"it may be one range or two targets",
		"Write the range without blanks, like 192.0.2.1-192.0.2.9"
	],
	[
		new RegExp(String.raw`(?<!\S)${ADDRESS}\s+(?:to|through|thru|until|bis)\s+${ADDRESS}(?!\S)`, "i"),
		"a range has a hyphen between its addresses",
		"Write it like 192.0.2.1-192.0.2.9"
	],
	[
		new RegExp(String.raw`(?<!\S)${ADDRESS}\s+(?:(?:net)?mask\s+)?(?:255(?:\.\d+){3}|0(?:\.\d+){3})(?!\S)`, "i"),
		"a mask follows an address",
		"Write the block with its prefix length, like 192.0.2.0/24"
	]
];
function refuseMisleading(text, where) {
	for (const [pair, why, remedy] of MISLEADING) {
		const found = pair.exec(text);
		if (found !== null) throw wrong({
			text: found[0],
			where,
			column: found.index + 1
		}, 0, why, remedy);
	}
}

function hasPorts(word) {
	return word.includes("]:") || /(?:^|,)[^:,]*:[^:,]*(?:,|$)/.test(word);
}
function wrong(token, at, why, remedy) {
	const where = `${token.where === void 0 ? "" : `${token.where}, `}column ${token.column + at}`;
	return new UsageError(`Cannot read target ${quote(token.text)}: ${why} (${where}). ${remedy}`);
}

// src/target/ipv4_syntax.ts
const MOST_PIECES = 2 ** 24;
const FULL_BYTE = Ranges.of(0, 255);
function patternAddresses({ bytes }) {
	let suffix = bytes[3];
	let span = 256;
	for (let i = 2; i >= 0; i--, span *= 256) {
		const builder = new RangesBuilder();
		for (const [low, high] of bytes[i]) {
			if (suffix.size === span) {
				builder.add(low * span, high * span + span - 1);
				continue;
			}
			for (let value = low; value <= high; value++) for (let k = 0; k < suffix.count; k++) builder.add(value * span + suffix.firstOf(k), value * span + suffix.lastOf(k));
		}
		suffix = builder.build();
	}
	return suffix;
}

function readPrefix(token, at, digits) {
	if (!/^\d{1,2}$/.test(digits) || Number(digits) > 32) throw wrong(token, at, `${quote(digits)} is no prefix length`, "Write a number from 0 to 32 after the slash");
	return Number(digits);
}

function readRange(token, text) {
	const match = /^((?:[^.-]*\.){3}[^.-]*)-((?:[^.-]*\.){3}[^.-]*)$/.exec(text);
	if (match === null) return void 0;
	const [, from = "", to = ""] = match;
	const first = readAddress(token, 0, from), last = readAddress(token, from.length + 1, to);
	if (first > last) throw wrong(token, 0, "the range runs backwards", `Write the smaller address first: ${to}-${from}`);
	return {
		kind: "addresses",
		first,
		last
	};
}
function readAddress(token, at, text) {
	const address = parseIpv4(text);
	if (address !== void 0) return address;
	let byteAt = at;
	for (const byte of text.split(".")) {
		readByteNumber(token, byteAt, byte);
		byteAt += byte.length + 1;
	}
	throw wrong(token, at, `${quote(text)} is no address`, "Write four numbers from 0 to 255 with dots between them");
}
function readPattern(token, text) {
	const bytes = checkBytes(token, text);
	let pieces = 1;
	let whole = true;
	for (const byte of bytes.toReversed()) {
		pieces *= whole ? byte.count : byte.size;
		whole &&= byte.size === 256;
	}
	if (pieces > MOST_PIECES) throw wrong(token, 0, `it is made of ${pieces} separate ranges`, `At most ${MOST_PIECES} fit: scan it in parts`);
	const pattern = {
		kind: "pattern",
		bytes
	};
	if (pieces > 1) return pattern;
	const addresses = patternAddresses(pattern);
	return {
		kind: "addresses",
		first: addresses.firstOf(0),
		last: addresses.lastOf(0)
	};
}
function checkBytes(token, text) {
	const bytes = [];
	let at = 0;
	for (const byte of text.split(".")) {
		bytes.push(readByte(token, at, byte));
		at += byte.length + 1;
	}
	const [a, b, c, d] = bytes;
	if (bytes.length !== 4 || a === void 0 || b === void 0 || c === void 0 || d === void 0) {
		const many = bytes.length === 1 ? "1 byte" : `${bytes.length} bytes`;
		throw wrong(token, 0, `it has ${many} where an address has 4`, "Write four with dots between them, like 192.0.2.1-9");
	}
	return [
		a,
		b,
		c,
		d
	];
}
function readByte(token, start, text) {
	const builder = new RangesBuilder();
	let at = start;
	for (const item of text.split(",")) {
		const dash = item.indexOf("-");
		if (item === "*") builder.addAll(FULL_BYTE);
		else if (dash < 0) {
			const value = readByteNumber(token, at, item);
			builder.add(value, value);
		} else {
			const low = dash === 0 ? 0 : readByteNumber(token, at, item.slice(0, dash));
			const high = dash === item.length - 1 ? 255 : readByteNumber(token, at + dash + 1, item.slice(dash + 1));
			if (low > high) throw wrong(token, at, `the range ${quote(item)} runs backwards`, `Write the smaller number first: ${high}-${low}`);
			builder.add(low, high);
		}
		at += item.length + 1;
	}
	return builder.build();
}
function readByteNumber(token, at, digits) {
	if (digits === "") throw wrong(token, at, "a number is missing", "Write bytes from 0 to 255");
	if (!/^\d+$/.test(digits)) throw wrong(token, at, `${quote(digits)} is no byte`, "Write bytes from 0 to 255");
	if (digits.length > 1 && digits.startsWith("0")) {
		const why = `${quote(digits)} begins with 0, which some programs read as octal`;
		throw wrong(token, at, why, "Write it without the 0");
	}
	const value = Number(digits);
	if (value > 255) throw wrong(token, at, `${quote(digits)} is more than 255`, "Write bytes from 0 to 255");
	return value;
}

// src/target/parse.ts


function* parseExclusionFile(text, fileName, options = {}) {
	const syntax = syntaxOf(options, true);
	for (const token of fileTokens(text, fileName)) yield readTarget(token, syntax);
}

function* parseTargetFile(text, fileName, options = {}) {
	const syntax = syntaxOf(options);
	for (const token of fileTokens(text, fileName)) yield readTarget(token, syntax);
}

const IPV6_LIKE = /^\[|^[\da-f]{0,4}:[^:]*:/i;



function checkName(token, name) {
	const remedy = "Write a name or an address";
	const odd = /[^A-Za-z0-9._-]/u.exec(name);
	if (odd !== null) {
		const [char] = odd;
		if (char === ",") throw wrong(token, odd.index, "there is a comma in it", "Separate targets by spaces");
		if (/^\[[\w.-]+\]$/.test(name)) throw wrong(token, odd.index, "only IPv6 addresses have brackets", "Write it without them: 192.0.2.7:443");
		throw char > "" && /\p{L}|\p{M}|\p{N}/u.test(char) ? wrong(token, odd.index, `${quote(char)} is not ASCII`, "Write the name in its xn-- form") : wrong(token, odd.index, `${quote(char)} cannot be part of a name`, remedy);
	}
	const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
	let at = 0;
	for (const label of labels) {
		if (label === "") throw wrong(token, at, "a part of the name between dots is empty", remedy);
		if (label.length > 63) throw wrong(token, at, `${quote(label)} is longer than 63 characters`, remedy);
		if (label.startsWith("-") || label.endsWith("-")) throw wrong(token, at, `${quote(label)} begins or ends with a hyphen`, remedy);
		at += label.length + 1;
	}
	if (name.length > 253) throw wrong(token, 0, "it is longer than 253 characters", remedy);
	if (/^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1))) throw wrong(token, 0, "it ends in a number, so it is neither a name nor an address", remedy);
}

// src/target/names.ts
const NONE$1 = [];
function nameKey(name) {
	return name.toLowerCase();
}
var HostNames = class {
	#entries = /* @__PURE__ */ new Map();
	#book;
	constructor(hosts, book) {
		this.#book = book;
		for (const [host, names] of hosts) {
			const all = names.map((({ name }) => name));
			this.#entries.set(host, {
				names,
				all,
				lists: /* @__PURE__ */ new Map([[all.join(), all]])
			});
		}
	}
	get size() {
		return this.#entries.size;
	}
	static { this.prototype.of = (function(ip) {
		return this.#entries.get(this.#book.hostOf(ip))?.all ?? NONE$1;
	}); }
	static { this.prototype.at = (function(ip, port) {
		return this.namesAt(this.#book.hostOf(ip), port);
	}); }
	static { this.prototype.namesAt = (function(host, port) {
		const entry = this.#entries.get(host);
		if (entry === void 0) return NONE$1;
		const names = entry.names.filter((({ ports }) => ports.has(port))).map((({ name }) => name));
		if (names.length === entry.all.length) return entry.all;
		if (names.length === 0) return NONE$1;
		const key = names.join();
		const list = entry.lists.get(key) ?? names;
		entry.lists.set(key, list);
		return list;
	}); }
	*[Symbol.iterator]() {
		for (const [host, { names }] of this.#entries) for (const { name, ports } of names) yield {
			ip: this.#book.text(host),
			name,
			ports: ports.toString()
		};
	}
};

// src/target/resolve.ts

const RESOLVES_AT_ONCE = 16;
const WIDEST_NAMED = 2 ** 24;



function routed(addresses, hasIpv4Route) {
	const others = addresses.filter((address) => typeof address === "bigint");
	return others.length === 0 || addresses.length === others.length || addresses.some((address) => typeof address === "number" && hasIpv4Route(address)) ? addresses : others;
}
function firstOfEach(addresses) {
	return addresses.filter((address, index) => addresses.findIndex((each) => typeof each === typeof address) === index);
}

var HostsByPorts = class {
	reservedSkipped = 0;
	#reserved;
	#lists = /* @__PURE__ */ new Map();
	constructor(reserved) {
		this.#reserved = reserved;
	}
	static { this.prototype.add = (function(first, last, ports) {
		const hosts = this.HostsByPorts$hostsOf(ports);
		if (last - first >= WIDEST_NAMED) hosts.addAll(this.#withoutReserved(Ranges.of(first, last)));
		else hosts.add(first, last);
	}); }
	addPattern(addresses, firstOctet, ports) {
		const isWide = firstOctet.size > firstOctet.count;
		this.HostsByPorts$hostsOf(ports).addAll(isWide ? this.#withoutReserved(addresses) : addresses);
	}
	static { this.prototype.build = (function() {
		return Array.from(this.#lists.values(), (({ hosts, ports }) => ({
			hosts: hosts.build(),
			ports
		})));
	}); }
	static { this.prototype.HostsByPorts$hostsOf = (function(ports) {
		const key = ports?.toString();
		let list = this.#lists.get(key);
		if (list === void 0) this.#lists.set(key, list = {
			hosts: new RangesBuilder(),
			ports
		});
		return list.hosts;
	}); }
	#withoutReserved(wide) {
		const left = wide.subtract(this.#reserved);
		this.reservedSkipped += wide.size - left.size;
		return left;
	}
};

// src/cli/vendors.ts
const USUAL_LIST = "/usr/share/ieee-data/oui.txt";
var Vendors = class {
	#system;
	#lists;
	#list;
	#reading;
	constructor(system) {
		this.#system = system;
	}
	static { this.prototype.open = (async function({ vendorsFile }) {
		if (vendorsFile === void 0 && !this.Vendors$mayReadUsual()) return;
		const { VendorList } = this.#lists = await import("./vendors.js").then(((n) => n.t));
		if (vendorsFile === void 0) return;
		this.#list = VendorList.in(await readText(vendorsFile, "--mac-vendors", this.#system));
		if (this.#list === void 0) throw new UsageError(`Cannot use ${quote(vendorsFile)} for --mac-vendors: it is no list of the IEEE. Name a file such as ${USUAL_LIST}`);
		this.#reading = Promise.resolve();
	}); }
	async meet(batch) {
		if (this.#reading === void 0 && hostResults(batch).some(({ mac }) => mac !== void 0 && hasVendor(mac))) this.#reading = this.#readUsual();
		await this.#reading;
	}
	of(mac) {
		return this.#list?.of(mac);
	}
	static { this.prototype.Vendors$mayReadUsual = (function() {
		return this.#system.isAllowed({
			name: "read",
			path: USUAL_LIST
		});
	}); }
	async #readUsual() {
		if (this.#lists === void 0) return;
		this.#list = await this.#system.readFile(USUAL_LIST).then(this.#lists.VendorList.in, () => void 0);
	}
};

// src/cli/events.ts

async function snapshotOf(scan) {
	try {
		return await scan.snapshot?.();
	} catch {
		return;
	}
}

// src/base/timeout.ts
const MAX_TIMER_MS = 2 ** 31 - 1;



// src/cli/ui/keys.ts
const KEYS = [
	[["+", "-"], "doubles, halves the upper bound of the rate"],
	[["v", "V"], "prints more, less about results while they are found"],
	[["p", "P"], "shows each packet, stops showing packets (SYN scans with one worker)"],
	[["q"], "ends the scan with the results so far"],
	[["?"], "lists the keys"],
	[[], "prints the status of the scan"]
];
const NAMES_WIDTH = 13;
function keysText(columns) {
	const indent = `\n${" ".repeat(NAMES_WIDTH)}`;
	return `Keys while scanning:\n${KEYS.map(([keys, does]) => {
		return `${`  ${keys.length > 0 ? keys.join(" ") : "any other"}`.padEnd(NAMES_WIDTH)}${wrapped(does, columns - 1 - NAMES_WIDTH).join(indent)}\n`;
	}).join("")}`;
}

// src/cli/ui/keyboard.ts
const POLL_MS = 50;
var Keyboard = class {
	#system;
	#timer;
	#onKey;
	#isRaw = false;
	constructor(system, onKey) {
		this.#system = system;
		this.#onKey = onKey;
		this.#timer = setInterval(() => this.#poll(), POLL_MS);
		this.#poll();
	}
	release() {
		if (this.#isRaw && this.#system.inForeground()) this.#system.setRaw(false);
		this.#isRaw = false;
	}
	[Symbol.dispose]() {
		clearInterval(this.#timer);
		this.release();
	}
	#poll() {
		if (!this.#system.inForeground()) return;
		if (!this.#isRaw) {
			this.#system.setRaw(true);
			this.#isRaw = true;
		}
		const typed = this.#system.readTyped();
		if (typed === null) return this[Symbol.dispose]();
		for (const key of typed.startsWith("\x1B") ? [typed] : typed) this.#onKey(key);
	}
};

// src/cli/ui/progress.ts
const NOT_BEGUN = "Status: getting ready";
const HOSTS_ALONE = "probing hosts";
function progressText(progress, columns) {
	const { probes, sent, ratePps, open, loss, identifying = 0 } = progress;
	const room = Math.max(0, columns - 1);
	const percent = `${percentOf(progress)} %`;
	const left = leftText(progress);
	const rate = ratePps === void 0 ? [] : [rateText$1(ratePps)];
	const found = `${grouped(open)} open${identifying > 0 ? `, identifying ${grouped(identifying)}` : ""}`;
	return (probes === 0 ? [[
		HOSTS_ALONE,
		sentText(sent),
		...rate,
		lossText(loss)
	], [HOSTS_ALONE]] : [
		[
			`${percent} of ${counted(probes, "port")}`,
			left,
			found,
			...rate,
			lossText(loss)
		],
		[
			`${percent} of ${counted(probes, "port")}`,
			left,
			found,
			...rate
		],
		[
			percent,
			left,
			found,
			...rate
		],
		[
			percent,
			left,
			found
		],
		[percent, found],
		[percent]
	]).map((pieces) => pieces.join(", ")).find((text) => text.length <= room) ?? "";
}
function statusText(progress) {
	const { decided, probes, sent, open, ratePps, loss, inFlight, elapsedMs, identifying = 0 } = progress;
	if (probes === 0 && sent === 0) return NOT_BEGUN;
	const path = `${ratePps === void 0 ? "" : `${rateText$1(ratePps)}, `}${lossText(loss)}, ${grouped(inFlight)} unanswered`;
	if (probes === 0) return `Status: ${HOSTS_ALONE} after ${spanText(elapsedMs)}; ${sentText(sent)}; ${path}`;
	return `Status: ${percentOf(progress)} % (${grouped(decided)} of ${counted(probes, "port")}) after ${spanText(elapsedMs)}, ${leftText(progress)}; ${grouped(open)} open; ${identifying > 0 ? `identifying ${counted(identifying, "port")}; ` : ""}` + path;
}
function sentText(sent) {
	return `${counted(sent, "probe")} sent`;
}
function rateText$1(ratePps) {
	return perSecond(grouped(ratePps));
}
function percentOf({ decided, probes }) {
	return probes === 0 ? 0 : Math.floor(100 * decided / probes);
}
function leftText({ leftMs }) {
	if (leftMs === void 0) return "time left unknown";
	if (leftMs < 1e3) return "under 1 s left";
	return `${spanText(leftMs < 6e4 ? Math.round(leftMs / 1e3) * 1e3 : leftMs)} left`.replace(/\.0+ s/, " s");
}

// src/cli/ui/terminal.ts
const EVERY_MS$1 = 200;
const CLEAR = "\r\x1B[K";
const MOST_VERBOSE = 9;
const USUAL_COLUMNS = 80;
var TerminalUi = class {
	verbosity;
	#system;
	#line;
	#stack = new DisposableStack();
	#keyboard;
	#scan;
	#isLineShown = false;
	#isTracing;
	constructor(system, line) {
		this.#system = system;
		this.#line = line;
		this.verbosity = line.verbosity;
		this.#isTracing = line.packetTrace;
	}
	say(text) {
		const { stderrIsTerminal } = this.#system;
		const lines = stderrIsTerminal ? wrapped(printable(text), this.#columns() - 1) : [printable(text)];
		this.write(`${lines.join("\n")}\n`);
	}
	sayStatus() {
		this.say(this.#scan === void 0 ? NOT_BEGUN : statusText(this.#scan.progress()));
	}
	write(lines) {
		this.clear();
		this.#system.writeStderr(lines);
	}
	static { this.prototype.clear = (function() {
		if (this.#isLineShown) this.#system.writeStderr(CLEAR);
		this.#isLineShown = false;
	}); }
	static { this.prototype.follow = (function(scan, { quit, stats }) {
		const system = this.#system;
		const { progress, keys, statsEveryMs } = this.#line;
		this.#scan = scan;
		if (statsEveryMs !== void 0) this.#every(statsEveryMs, (() => {
			this.sayStatus();
			stats(scan.progress());
		}));
		if (!system.stderrIsTerminal) return;
		if (progress && !isDumb(system)) this.#every(EVERY_MS$1, (() => {
			if (system.stdinIsTerminal && !system.inForeground()) return this.clear();
			system.writeStderr(CLEAR + progressText(scan.progress(), this.#columns()));
			this.#isLineShown = true;
		}));
		if (keys && system.stdinIsTerminal && system.stdoutIsTerminal) this.#keyboard = this.#stack.use(new Keyboard(system, ((key) => this.#onKey(key, scan, quit))));
		this.#stack.use(system.onSignal(["SIGTSTP"], (() => {
			this.clear();
			this.#keyboard?.release();
			system.stopSelf();
		})));
	}); }
	[Symbol.dispose]() {
		this.#stack.dispose();
		this.#keyboard = void 0;
		this.clear();
	}
	#columns() {
		return this.#system.columns() || USUAL_COLUMNS;
	}
	#every(spanMs, act) {
		let timer;
		const wait = () => timer = startTimer(spanMs, () => {
			wait();
			act();
		});
		wait();
		this.#stack.defer(() => timer[Symbol.dispose]());
	}
	#onKey(key, scan, quit) {
		({
			"+": () => this.#setRate(scan, 2),
			"-": () => this.#setRate(scan, 1 / 2),
			"v": () => this.#setVerbosity(this.verbosity + 1),
			"V": () => this.#setVerbosity(this.verbosity - 1),
			"p": () => this.#trace(scan, true),
			"P": () => this.#trace(scan, false),
			"q": quit,
			"?": () => this.write(keysText(this.#columns()))
		}[key] ?? (() => this.say(`${statusText(scan.progress())} (? for keys)`)))();
	}
	#setRate(scan, factor) {
		const { maxRatePps, ratePps } = scan.progress();
		if (maxRatePps === 1e400 && factor > 1) return this.say("Rate: bounded only by the machine and the path");
		const maxRate = Math.max(1, Math.round((maxRatePps === 1e400 ? ratePps ?? 1 : maxRatePps) * factor));
		scan.setMaxRate(maxRate);
		this.say(`Rate: at most ${counted(maxRate, "probe")}/s`);
	}
	#setVerbosity(verbosity) {
		this.verbosity = Math.max(0, Math.min(MOST_VERBOSE, verbosity));
		this.say(this.verbosity === 0 ? "Verbosity 0: open ports are printed at the end" : `Verbosity ${this.verbosity}: open ports are printed as they are found`);
	}
	#trace(scan, wanted) {
		if (!scan.setOnPacket(wanted ? (packet) => this.say(packet) : void 0)) return this.say("Packets cannot be shown: they need a SYN scan with one worker (-sS --workers 1)");
		if (wanted !== this.#isTracing) this.say(wanted ? "Packets are shown" : "Packets are no longer shown");
		this.#isTracing = wanted;
	}
};

// src/cli/result_reporter.ts
const LOST_AT_ONCE = 1024;
const REPLAY_SLICE_MS = 10;
var ResultReporter = class {
	#parts;
	constructor(parts) {
		this.#parts = parts;
	}
	get isPart() {
		return this.#parts.line.filter !== void 0 || this.#parts.record.earlier !== void 0;
	}
	countNotProbed(aggregator, head) {
		if (!this.isPart) aggregator.countNotProbed(portsOfEach(head));
	}
	async report(batch, tally) {
		if (probesHosts(batch)) return await this.#reportHosts(batch, tally);
		const { line: { filter }, record, reports, terminal } = this.#parts;
		const { earlier } = record;
		let shown = filter === void 0 ? batch : batch.filter(filter);
		if (earlier !== void 0) shown = shown.filter((result) => earlier.isNews(result));
		tally.add(batch);
		if (terminal.verbosity > 0) this.#sayOpen(shown);
		const nowMs = this.#parts.nowMs();
		record.add(batch, nowMs);
		await reports.toAll((report) => report.results(shown, nowMs));
		this.#keepResults(shown, nowMs);
	}
	async #reportHosts(batch, tally) {
		const { record, reports, vendors } = this.#parts;
		tally.add(batch);
		const nowMs = this.#parts.nowMs();
		record.add(batch, nowMs);
		await vendors.meet(batch);
		await reports.toAll((report) => report.results(batch, nowMs));
		this.#keepResults(batch, nowMs);
	}
	#keepResults(batch, timeMs) {
		const { rows, pass } = batch;
		if (rows === void 0 || pass === void 0 || rows.length === 0) return;
		const findings = batch.mayHaveFindings === true ? findingsIn(batch) : [];
		if (findings.length > 0) this.#parts.checkpointWriter.record({
			kind: 3,
			pass,
			timeMs,
			body: encodeFindings(findings)
		});
		this.#parts.checkpointWriter.record({
			kind: 1,
			pass,
			timeMs,
			body: rows
		});
	}
	async replay(plan, { journal }) {
		const { record, reports, vendors } = this.#parts;
		let sinceMs = performance.now();
		for (const { batch, timeMs } of resultsOf(journal, plan)) {
			if (probesHosts(batch)) {
				record.add(batch, timeMs);
				await vendors.meet(batch);
			}
			await reports.toAll((report) => report.replay(batch, timeMs));
			if (performance.now() - sinceMs < REPLAY_SLICE_MS) continue;
			await new Promise((resolve) => setTimeout(resolve));
			sinceMs = performance.now();
		}
	}
	async reportLost(nowMs) {
		const { filter } = this.#parts.line;
		let batch = [];
		const report = () => this.#parts.reports.toAll((report) => report.results(batch, nowMs));
		for (const result of this.#parts.record.lost()) {
			if (filter?.(result) === false) continue;
			batch.push(result);
			if (batch.length < LOST_AT_ONCE) continue;
			await report();
			batch = [];
		}
		if (batch.length > 0) await report();
	}
	#sayOpen(batch) {
		let text = "";
		for (const result of batch) {
			const { ip, port, proto, state } = result;
			if (state !== "open") continue;
			const before = this.#parts.record.earlier?.stateOf(result);
			text += `Discovered open port ${port}/${proto} on ${ip}${before === void 0 ? "" : ` (was ${before})`}\n`;
		}
		if (text !== "") this.#parts.terminal.write(text);
	}
};

// src/cli/scan_head.ts

function scanHead(plan, { args, line, startedAtMs, targets, machine }) {
	const { hosts, probes, ports, udpPorts, technique, sources, ranges, names, hostnames } = plan;
	return {
		hosts,
		probes,
		ports,
		udpPorts,
		technique,
		startedAtMs,
		args,
		version: VERSION,
		targets,
		sources,
		detectsServices: line.scan.services !== void 0,
		passes: passesOverPorts(plan.passes),
		share: plan.share,
		options: commonOptions(line.effective),
		...machine === void 0 ? {} : { machine },
		...ranges === void 0 ? {} : { ranges },
		...names === void 0 ? {} : { names },
		...hostnames === void 0 ? {} : { hostnames }
	};
}
function planText(plan) {
	const { hosts, probes, ports, passes, technique, transport, sources, workers } = plan;
	return `Scanning ${ports.count === 0 ? counted(hosts, "host") : probedText(hosts, probes / Math.max(1, techniquesOfPort(passes)), ports.count)} (${technique}, ${transport}${sources.length === 0 ? "" : ` from ${sources.join(", ")}`}, ${counted(workers, "worker")})`;
}

// src/cli/snapshots.ts
const EVERY_MS = 1e3;
const COST_SHARE = 20;
const MAX_HOSTS = 4096;
const MAX_ROWS = 5e4;
const SLICE_MS = 10;
var Snapshots = class {
	#make;
	#timer;
	#isOver = false;
	constructor(make) {
		this.#make = make;
		this.#schedule(EVERY_MS);
	}
	get isOver() {
		return this.#isOver;
	}
	copy(aggregator, verbosity) {
		if (aggregator.hostCount > MAX_HOSTS || aggregator.rowCount > MAX_ROWS) {
			this[Symbol.dispose]();
			return;
		}
		const copy = newAggregator(verbosity);
		aggregator.copyTo(copy);
		return copy;
	}
	async join(pieces) {
		let text = "";
		let sinceMs = performance.now();
		for (const piece of pieces) {
			text += piece;
			if (performance.now() - sinceMs < SLICE_MS) continue;
			await new Promise((resolve) => setTimeout(resolve));
			if (this.#isOver) return void 0;
			sinceMs = performance.now();
		}
		return text;
	}
	[Symbol.dispose]() {
		this.#isOver = true;
		clearTimeout(this.#timer);
	}
	#schedule(waitMs) {
		if (this.#isOver) return;
		this.#timer = setTimeout(async () => {
			const before = performance.now();
			try {
				await this.#make();
			} catch {
				return this[Symbol.dispose]();
			}
			this.#schedule(Math.max(EVERY_MS, (performance.now() - before) * COST_SHARE));
		}, waitMs);
	}
};

// src/cli/tally.ts
var Tally = class {
	#byState = STATES$1.map((() => 0));
	#sinceMs;
	taken = 0;
	constructor(before) {
		before?.byState.forEach(((count, code) => this.#byState[code] = count));
		this.#sinceMs = performance.now() - (before?.elapsedMs ?? 0);
	}
	static { this.prototype.add = (function(batch) {
		this.taken += batch.length;
		if (batch.rows !== void 0 && !probesHosts(batch)) countResults(batch.rows, this.#byState);
	}); }
	get decided() {
		return decidedIn(stateCounts(this.#byState));
	}
	summary(plan, warning) {
		const counts = stateCounts(this.#byState);
		return {
			...UNTOLD,
			...counts,
			hosts: plan.hosts,
			probes: plan.probes,
			answered: counts.open + counts.closed + counts.unfiltered,
			undecided: plan.probes - this.decided,
			elapsedMs: performance.now() - this.#sinceMs,
			warnings: [warning],
			transport: plan.transport,
			workers: plan.workers
		};
	}
};

// src/cli/commands/scan.ts
var scan_exports = /* @__PURE__ */ __exportAll({ Session: (() => Session) });
const STALLED_MS = 2e3;
const MAX_HOSTNAME_WAIT_MS = 1e3;
var Session = class {
	#args;
	#line;
	#scanner;
	#system;
	#abort = new AbortController();
	#beganAtMs = Date.now() - performance.now();
	#aggregator;
	#vendors;
	#terminal;
	#resumed;
	#checkpointWriter;
	#signal;
	#hasBegun = false;
	#reports = new ReportSet({
		failed: (message) => {
			this.#checkpointWriter?.stop();
			this.#terminal.say(message);
		},
		noneLeft: () => this.#abort.abort()
	});
	#record;
	#hostnameWaitMs = MAX_HOSTNAME_WAIT_MS;
	#writeDeadline = new WriteDeadline();
	#snapshots;
	#takenBySnapshot = 0;
	#results;
	constructor(args, line, scanner, system, resumed) {
		this.#resumed = resumed;
		this.#args = args;
		this.#line = line;
		this.#scanner = scanner;
		this.#system = system;
		this.#terminal = new TerminalUi(system, line);
		this.#record = new SessionRecord({
			line,
			system,
			resumed,
			say: ((text) => this.#terminal.say(text)),
			failed: ((message) => {
				this.#checkpointWriter?.stop();
				this.#terminal.say(message);
			})
		});
		this.#vendors = new Vendors(system);
		this.#aggregator = newAggregator(line.verbosity, {
			openOnly: line.openOnly,
			vendorOf: ((mac) => this.#vendors.of(mac))
		});
	}
	static { this.prototype.Session$nowMs = (function() {
		return Math.round(this.#beganAtMs + performance.now());
	}); }
	static { this.prototype.run = (async function() {
		using _live = this.#terminal;
		using _patience = this.#writeDeadline;
		using _signals = this.#system.onSignal(END_SIGNALS, ((signal) => this.#end(signal)));
		using _status = this.#system.onSignal(["SIGUSR2"], (() => this.#terminal.sayStatus()));
		const files = new FileCheck(this.#line, this.#system, { checkpoint: this.#resumed?.path.file });
		files.before();
		const options = await scanOptions(this.#line, this.#scanner, this.#system);
		await this.#vendors.open(this.#line);
		const startedAtMs = this.#resumed?.checkpoint.startedAtMs ?? this.#line.typedAtMs;
		using checkpointWriter = new CheckpointWriter(this.#system, this.#resumed?.checkpoint ?? identityOf$1(this.#args, this.#line, options, this.#system), ((text) => this.#terminal.say(text)));
		this.#checkpointWriter = checkpointWriter;
		const replaced = [
			this.#line.checkpoint,
			this.#resumed?.path.file,
			this.#line.db
		];
		const laterUser = this.#system.laterUser(replaced.filter(((path) => path !== void 0)));
		if (this.#resumed !== void 0) checkpointWriter.resume(this.#resumed);
		else if (this.#line.checkpoint !== void 0) checkpointWriter.begin(this.#line.checkpoint);
		using opened = new DisposableStack();
		try {
			await this.#record.open(opened);
			for (const output of outputsOf(this.#line)) this.#reports.add(opened.use(await this.Session$open(output, files)));
			const rest = this.#resumed?.rest;
			const tally = new Tally(rest?.done);
			const scan = this.#scanner.scan({
				...options,
				dropPrivileges: laterUser,
				...this.#line.packetTrace ? { onPacket: ((text) => this.#terminal.say(text)) } : {}
			}, {
				signal: this.#abort.signal,
				...rest === void 0 ? {} : { resume: rest }
			});
			return await this.Session$follow(scan, {
				tally,
				startedAtMs,
				checkpointWriter,
				targets: targetsText(options)
			});
		} catch (error) {
			if (!this.#hasBegun) this.#discard();
			if (this.#signal !== void 0 && isAbort(error)) return SIGNAL_STATUS[this.#signal];
			throw error;
		}
	}); }
	static { this.prototype.Session$follow = (async function(scan, { tally, startedAtMs, checkpointWriter, targets }) {
		const stream = events(scan, checkpointWriter, this.#abort.signal);
		const results = this.#results = new ResultReporter({
			line: this.#line,
			terminal: this.#terminal,
			vendors: this.#vendors,
			reports: this.#reports,
			record: this.#record,
			checkpointWriter,
			nowMs: (() => this.Session$nowMs())
		});
		let next = stream.next();
		next.catch((() => {}));
		scan.summary.catch((() => {}));
		const plan = await scan.plan;
		const { excluded, names, hostnames } = plan;
		const head = scanHead(plan, {
			args: this.#args,
			line: this.#line,
			startedAtMs,
			targets,
			machine: this.#system.hostname()
		});
		this.#record.begin({
			head,
			space: plan.space,
			targets,
			...names === void 0 ? {} : { names },
			...excluded === void 0 ? {} : { excluded }
		});
		this.#hasBegun = true;
		if (results.isPart) this.#aggregator.listMatches();
		this.Session$announce(plan);
		this.#record.announce();
		await this.#reports.toAll(((report) => report.start(head)));
		if (this.#resumed !== void 0) await results.replay(plan, this.#resumed);
		this.#terminal.follow(scan, {
			quit: (() => this.#quit()),
			stats: ((progress) => void this.#reports.toAll(((report) => report.progress(progress))))
		});
		using _snapshots = this.#snapshots = this.#reports.some((({ isLate }) => isLate)) ? new Snapshots((() => this.#snapshot(head, plan, tally, scan))) : void 0;
		let summary;
		try {
			for (let event = await next; event.done !== true; event = await next) {
				if (event.value.batch === void 0) this.#keep(plan, event.value.rest, checkpointWriter);
				else {
					if (hostnames !== void 0) await this.#waitForHostnames(hostnames);
					await results.report(event.value.batch, tally);
				}
				next = stream.next();
				next.catch((() => {}));
			}
			summary = await scan.summary;
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			results.countNotProbed(this.#aggregator, head);
			await this.Session$finish(tally.summary(plan, `the scan failed after ${grouped(tally.decided)} ports: ${why}`));
			throw error;
		}
		if (summary.ended !== "done") results.countNotProbed(this.#aggregator, head);
		await this.Session$finish(summary);
		return this.Session$status(summary);
	}); }
	async #waitForHostnames(hostnames) {
		if (this.#hostnameWaitMs <= 0 || !this.#reports.some(({ hasHostnames }) => hasHostnames)) return;
		const beganMs = performance.now();
		const timeout = Promise.withResolvers();
		const timer = setTimeout(timeout.resolve, this.#hostnameWaitMs);
		await Promise.race([hostnames.settled(), timeout.promise]);
		clearTimeout(timer);
		this.#hostnameWaitMs -= performance.now() - beganMs;
	}
	static { this.prototype.Session$finish = (async function(summary) {
		let isDone = false;
		try {
			await this.Session$close(summary);
			isDone = summary.ended === "done" && !this.#record.hasFailed && !this.#reports.hasFailed && !this.#reports.hasStalled;
		} finally {
			await this.#checkpointWriter?.finish(isDone);
		}
	}); }
	#discard() {
		this.#checkpointWriter?.discard();
		for (const report of this.#reports) report.discard();
	}
	async #snapshot(head, plan, tally, scan) {
		const snapshots = this.#snapshots;
		if (snapshots === void 0 || tally.taken === this.#takenBySnapshot) return;
		this.#takenBySnapshot = tally.taken;
		const endings = /* @__PURE__ */ new Map();
		let copy;
		await this.#reports.toAll((report) => {
			if (snapshots.isOver || !report.isLate) return;
			copy ??= snapshots.copy(this.#aggregator, this.#line.verbosity);
			if (copy === void 0) return;
			this.#results?.countNotProbed(copy, head);
			const { sent, ratePps, loss } = scan.progress();
			const hostsUp = copy.report(plan.hosts).upHosts;
			const summary = {
				...tally.summary(plan, "The scan was cut off"),
				sent,
				ratePps: ratePps ?? 0,
				loss,
				hostsUp
			};
			endings.set(report, report.ending(copy, summary, this.Session$nowMs()));
		});
		for (const [report, pieces] of endings) {
			const text = await snapshots.join(pieces);
			await this.#reports.toAll(async (each) => {
				if (text !== void 0 && each === report && !snapshots.isOver) await report.endFor(text);
			});
		}
	}
	#keep(plan, rest, checkpointWriter) {
		if (this.#record.flush(this.Session$nowMs())) checkpointWriter.keep(this.#stateOf(plan, rest));
		else checkpointWriter.missed();
	}
	#stateOf({ passes }, rest) {
		const reports = [...this.#reports];
		return {
			technique: techniqueOf$1(passes),
			rest,
			outputs: [...reports.map((report) => report.keep()), ...this.#record.keep()],
			sync: async () => void await Promise.all(reports.map((report) => report.sync()))
		};
	}
	static { this.prototype.Session$open = (async function(output, files) {
		const isThis = (({ format, path }) => output.format === format && output.path === path);
		return await openReport(output, {
			line: this.#line,
			system: this.#system,
			aggregator: this.#aggregator,
			files,
			patience: this.#writeDeadline,
			kept: this.#resumed?.checkpoint.outputs.find(isThis),
			beforeWrite: (() => {
				if (this.#system.stdoutIsTerminal) this.#terminal.clear();
			}),
			stateBefore: this.#line.changed ? ((probed) => this.#record.earlier?.stateOf(probed)) : void 0
		});
	}); }
	static { this.prototype.Session$close = (async function(summary) {
		this.#terminal[Symbol.dispose]();
		this.#snapshots?.[Symbol.dispose]();
		const endedAtMs = this.Session$nowMs();
		this.#record.finish(summary, endedAtMs);
		await this.#results?.reportLost(endedAtMs);
		if (this.#reports.some((({ wantsChanges }) => wantsChanges))) {
			const changes = await this.#record.changes();
			if (changes !== void 0) for (const report of this.#reports) report.compared(changes);
		}
		await this.#reports.toAll(((report) => report.end(summary, endedAtMs)));
		for (const remark of remarksOnStderr(this.#line, summary)) this.#terminal.say(remark);
	}); }
	static { this.prototype.Session$announce = (function(plan) {
		for (const warning of plan.warnings) this.#terminal.say(warning);
		if (this.#line.verbosity === 0) return;
		if (this.#line.configPath !== void 0) this.#terminal.say(`Configuration: ${this.#line.configPath}`);
		this.#terminal.say(planText(plan));
		for (const why of plan.notes) this.#terminal.say(why);
		const before = this.#resumed?.rest?.done.byState.reduce(((sum, count) => sum + count), 0);
		if (before !== void 0) this.#terminal.say(`Resuming: ${counted(before, "port")} ${before === 1 ? "was" : "were"} decided before`);
	}); }
	#quit() {
		this.#terminal.say("Ending; press Ctrl-C to end at once");
		this.#signal = "SIGINT";
		this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
	}
	#end(signal) {
		const isAtOnce = this.#signal !== void 0 || !this.#hasBegun || signal === "SIGQUIT";
		this.#signal = signal;
		if (isAtOnce) {
			this.#terminal[Symbol.dispose]();
			if (!this.#hasBegun) this.#discard();
			this.#system.exit(SIGNAL_STATUS[signal]);
		}
		if (signal === "SIGINT") this.#terminal.say(ENDING);
		if (!this.#system.stderrIsTerminal) this.#writeDeadline.limit(STALLED_MS);
		this.#checkpointWriter?.endAfterLast(() => this.#abort.abort());
	}
	static { this.prototype.Session$status = (function(summary) {
		const { hasFailed, hasStalled, isPipeClosed } = this.#reports;
		if (hasFailed || this.#record.hasFailed) return EXIT.cannot;
		if (summary.ended !== "interrupted" && !hasStalled) return statusOf(summary);
		if (this.#signal !== void 0) return SIGNAL_STATUS[this.#signal];
		return isPipeClosed ? EXIT.done : EXIT.interrupted;
	}); }
};
function isAbort(error) {
	return error instanceof DOMException && error.name === "AbortError";
}

// src/scan/exclusions.ts
const MAX_RANGES_LISTED = 8;
const MAX_RANGES = 1024;

function plannedBefore({ names, excluded, removed }) {
	const addresses = names.map(([name, all]) => [name, all.map((address) => typeof address === "number" ? address : BigInt(address))]);
	return {
		names: new Map(addresses),
		excluded: excludedIn(excluded),
		removed: excludedIn(removed)
	};
}

function excludedIn({ hosts, ports }) {
	return {
		hosts: Ranges.fromSortedBounds(Uint32Array.from(hosts)),
		ports: PortSet.fromRanges(Ranges.fromSortedBounds(Uint32Array.from(ports)))
	};
}



// src/scan/layout.ts
var ScanLayout = class ScanLayout {
	#parts;
	identity;
	isByHost;
	#overPorts;
	shares;
	#udpShares;
	absentPass;
	wholeSize;
	probes;
	static { this.of = (async function(options, targets, portPasses, before) {
		const { book, space, udpSpace, ipv6, removed } = targets;
		const blocks = spaceBlocks(space);
		const udpBlocks = udpSpace && spaceBlocks(udpSpace);
		const hosts = space.hostRanges();
		const hashing = hashOfSpace(udpSpace === void 0 ? [space] : [space, udpSpace], ipv6?.parts);
		const routePlan = await routePlanOf({
			targets: hosts.subtract(removed.hosts),
			interfaceName: options.interface,
			sourceIp: options.sourceIp
		}, book);
		const discovery = await discoveryOf(options, routePlan, space, portPasses);
		const overPorts = options.hostsOnly === true ? [] : ofFamilies(portPasses, familiesIn(hosts, book));
		const runPasses = withDiscovery(discovery, overPorts);
		const reportable = reportableHosts(options, routePlan, hosts);
		const hasAbsent = before === void 0 ? reportable.size > 0 : absentPassOf(passesIn(before.technique)) !== void 0 && !options.noDiscovery && !options.pings?.length;
		const layout = new ScanLayout({
			targets,
			routePlan,
			discovery,
			runPasses,
			reportable,
			blocks,
			udpBlocks,
			passes: hasAbsent ? withAbsent$1(runPasses) : runPasses,
			seed: before?.seed ?? options.seed ?? crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(1))[0],
			shard: options.shard ?? WHOLE,
			spaceHash: await hashing
		});
		if (before !== void 0) checkSameScan(before, layout.identity);
		return layout;
	}); }
	constructor(parts) {
		this.#parts = parts;
		this.identity = identityOf(parts);
		const { passes, runPasses, targets: { space, udpSpace }, seed, shard } = parts;
		this.isByHost = isByHost(runPasses);
		this.absentPass = passes === runPasses ? void 0 : absentPassOf(passes).number;
		this.#overPorts = passesOverPorts(passes);
		const division = {
			seed,
			shard,
			isByHost: this.isByHost
		};
		this.shares = new ScanShares(space, division);
		this.#udpShares = udpSpace && new ScanShares(udpSpace, division);
		this.wholeSize = sum(this.#overPorts, ((pass) => this.ScanLayout$spaceOf(pass).size));
		this.probes = sum(this.#overPorts, ((pass) => this.ScanLayout$sharesOf(pass).size));
	}
	get routePlan() {
		return this.#parts.routePlan;
	}
	get discovery() {
		return this.#parts.discovery;
	}
	get runPasses() {
		return this.#parts.runPasses;
	}
	get passes() {
		return this.#parts.passes;
	}
	get reportable() {
		return this.#parts.reportable;
	}
	get task() {
		const { targets: { ipv6, excluded, removed }, blocks, udpBlocks, seed, shard, runPasses } = this.#parts;
		return {
			blocks,
			seed,
			shard,
			passes: runPasses,
			absentPass: this.absentPass,
			probes: this.wholeSize,
			...udpBlocks === void 0 ? {} : { udpBlocks },
			...ipv6 === void 0 ? {} : { ipv6: ipv6.parts },
			excludePorts: [...excluded.ports.union(removed.ports).ranges],
			...removed.hosts.count === 0 ? {} : { excludeHosts: Uint32Array.from(boundsOf(removed).hosts) }
		};
	}
	get likelyProbes() {
		const { discovery } = this.#parts;
		return discovery === void 0 ? this.probes : sum(this.#overPorts, ((pass) => likelyProbes(this.ScanLayout$spaceOf(pass), discovery)));
	}
	portsOf(host) {
		if (!this.isByHost && this.#parts.shard.count > 1) return 0;
		return sum(this.#overPorts, (pass) => this.ScanLayout$spaceOf(pass).portCountOf(host));
	}
	static { this.prototype.sizes = (function(workers, remaining) {
		const sizes = this.shares.sizes(workers);
		const udpSizes = this.#udpShares?.sizes(workers) ?? sizes;
		return sizes.map(((size, index) => sum(this.#overPorts, ((pass) => remainingSize(isUdp(pass) ? udpSizes[index] : size, remaining[index]?.[pass.number])))));
	}); }
	static { this.prototype.ScanLayout$spaceOf = (function(pass) {
		const { space, udpSpace } = this.#parts.targets;
		return isUdp(pass) ? udpSpace ?? space : space;
	}); }
	static { this.prototype.ScanLayout$sharesOf = (function(pass) {
		return isUdp(pass) ? this.#udpShares ?? this.shares : this.shares;
	}); }
};





// src/scan/option_checks.ts
const MAX_TIME_MS = 316224e5;
const isText = ((value) => typeof value === "string");
const isArrayOf = ((accepts) => ((value) => Array.isArray(value) && value.every(((item) => accepts(item)))));
const isLists = isArrayOf((list) => isObject(list) && isText(list["name"]) && isText(list["text"]));
const text = {
	accepts: isText,
	words: "a string"
};
const flag = {
	accepts: ((value) => typeof value === "boolean"),
	words: "true or false"
};
const lists = {
	accepts: isLists,
	words: "an array of { name, text }"
};
const texts = {
	accepts: isArrayOf(isText),
	words: "an array of strings"
};
const timeMs = {
	accepts: (value) => typeof value === "number" && value > 0 && value <= MAX_TIME_MS,
	words: "a number of milliseconds above 0"
};
const rate = {
	accepts: (value) => typeof value === "number" && value > 0,
	words: "a number of probes a second above 0"
};

const id = whole(0, 4294967294);
const isTechnique = (value) => isText(value) && TECHNIQUE_CHOICES.includes(value);

const SERVICE_CHECKS = {
	intensity: whole(0, 9),
	allPorts: flag
};
const CHECKS = {
	targets: {
		accepts: ((value) => isText(value) || isArrayOf(isText)(value)),
		words: "a string or an array of strings"
	},
	targetLists: lists,
	ports: {
		accepts: ((value) => isText(value) || isArrayOf(((port) => whole(0, 65535).accepts(port)))(value)),
		words: "a string such as 22,80 or an array of integers from 0 to 65535"
	},
	topPorts: whole(1, 65536),
	exclude: texts,
	excludeLists: lists,
	includeReserved: flag,
	excludePorts: text,
	allAddresses: flag,
	iid: text,
	family: {
		accepts: ((value) => value === 4 || value === 6),
		words: "4 or 6"
	},
	technique: {
		accepts: ((value) => [value].flat().length > 0 && [value].flat().every(isTechnique)),
		words: `${TECHNIQUE_CHOICES.join(", ")} or an array of these`
	},
	hostsOnly: flag,
	noDiscovery: flag,
	pings: {
		accepts: ((value) => isArrayOf(((name) => isText(name) && (pingKind(name) ?? udpPingPort(name)) !== void 0))(value)),
		words: "an array of echo, timestamp, mask, syn:PORT, ack:PORT, udp:PORT"
	},
	arpPing: flag,
	ignoreRst: flag,
	defeatIcmpRateLimit: flag,
	scanFlags: whole(0, 255),
	synOptions: word(...Object.keys(SYN_OPTIONS)),
	transport: word("auto", "sendto", "sendmmsg", "ethernet"),
	interface: text,
	sourceIp: text,
	sourcePort: whole(1, 65535),
	ttl: whole(1, 255),
	timing: whole(0, 5),
	maxRatePps: rate,
	minRatePps: rate,
	maxRetries: whole(0, 100),
	timeoutMs: timeMs,
	maxRttTimeoutMs: timeMs,
	deadlineMs: {
		accepts: ((value) => typeof value === "number" && value >= 0),
		words: "a number of milliseconds"
	},
	hostTimeoutMs: timeMs,
	dropPrivileges: {
		accepts: ((value) => {
			if (!isObject(value)) return flag.accepts(value);
			const { uid, gid, name } = value;
			return id.accepts(uid) && id.accepts(gid) && (name === void 0 || isText(name));
		}),
		words: "true, false or { uid, gid } with integers"
	},
	hostnames: word("never", "auto", "all"),
	dnsServers: texts,
	traceroute: {
		accepts: ((value) => value === "auto" || flag.accepts(value)),
		words: "true, false or auto"
	},
	whereFiltered: flag,
	services: {
		accepts: ((value) => isObject(value) && Object.entries(value).every((([name, part]) => part === void 0 || Object.hasOwn(SERVICE_CHECKS, name) && SERVICE_CHECKS[name].accepts(part)))),
		words: "{ intensity, allPorts } with an integer from 0 to 9 and true or false"
	},
	seed: whole(0, Number.MAX_SAFE_INTEGER),
	shard: {
		accepts: ((value) => {
			if (!isObject(value)) return false;
			const { index, count } = value;
			return Number.isInteger(count) && whole(1, count).accepts(index);
		}),
		words: "{ index, count } with index from 1 to count"
	},
	workers: whole(1, 64),
	onPacket: {
		accepts: ((value) => typeof value === "function"),
		words: "a function"
	}
};


function shown(value) {
	const whole = (typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value)) ?? typeof value;
	return whole.length > 60 ? `${whole.slice(0, 57)}...` : whole;
}

// src/local/special.ts
const BROADCAST = 4294967295;
const NAME_A_HOST = "Name the address of a host";
const EVERYWHERE = [
	{
		first: 0,
		last: 0,
		what: "this host",
		instead: "Scan 127.0.0.1"
	},
	{
		first: 3758096384,
		last: 4026531839,
		what: "a multicast address",
		instead: NAME_A_HOST
	},
	{
		first: BROADCAST,
		last: BROADCAST,
		what: "the broadcast address of every link",
		instead: NAME_A_HOST
	}
];
const FEW_TARGETS = 4;




// src/scan/name_resolver.ts
var NameResolver = class {
	answers = /* @__PURE__ */ new Map();
	#options;
	#known;
	#pending = /* @__PURE__ */ new Map();
	constructor(options, known = /* @__PURE__ */ new Map()) {
		this.#options = options;
		this.#known = known;
	}
	resolve(name) {
		const key = nameKey(name);
		return this.#pending.getOrInsertComputed(key, () => this.#resolve(key, name));
	}
	async #resolve(key, name) {
		this.answers.set(key, this.#known.get(key) ?? []);
		const addresses = this.#known.get(key) ?? await resolveBySystem(name, this.#options);
		this.answers.set(key, addresses);
		return addresses;
	}
};
function familyOfNames({ family }) {
	return family === void 0 ? 0 : family === 6 ? 10 : 2;
}
async function resolveBySystem(name, options) {
	try {
		return await resolveAddresses(name, familyOfNames(options));
	} catch (error) {
		if (error instanceof ResolveError) {
			const asked = options.dnsServers === void 0 ? "" : " by the system's resolver (the chosen DNS servers are for reverse DNS)";
			throw new UsageError(`${error.reason}${asked}`, { cause: error });
		}
		throw error;
	}
}

// src/scan/target_lists.ts

function* hostsIn(name, text, { name: kind, hostsUp, hostsListed }, note, ipv6) {
	if (hostsUp === void 0 && hostsListed === void 0) throw new UsageError(`Cannot read targets in ${quote(name)}: it is ${kind}. Write a list of targets, or name the scan's XML or JSON`);
	const listed = new Set(hostsListed?.(text));
	const up = new Set(hostsUp?.(text));
	const hosts = [...listed.union(up)];
	if (hosts.length === 0) throw new UsageError(`Cannot read targets in ${quote(name)}: it is ${kind}, and no host in it replied. Name another file`);
	const which = listed.size === 0 ? "that replied" : up.size === 0 ? "of a list scan" : "that replied or were listed";
	note(`${name} is ${kind}: the targets are ${counted(hosts.length, "host")} ${which}`);
	yield* parseTargets(hosts, { ipv6 });
}

function whyNoTarget({ targetLists = [] }) {
	if (targetLists.length === 0) return "no target was named. Name an address, a range or a host, like 192.0.2.7";
	return `no target in ${targetLists.map(({ name }) => quote(name)).join(", ")}. Name at least one`;
}


async function ipv6Reader({ interface: zone }) {
	const { readIpv6 } = await import("./ipv6.js").then((n) => n.h);
	return (token, isExclusion) => readIpv6(token, isExclusion, zone);
}

// src/scan/plan.ts
const MAX_FAILURES = 20;
const NOTHING = {
	hosts: Ranges.EMPTY,
	ports: PortSet.EMPTY
};



async function planIpv6(options, resolved, exclusions) {
	const { planIpv6Targets, refuseAmbiguous } = await import("./ipv6.js").then((n) => n.l);
	refuseAmbiguous(options, resolved.ipv6);
	if (resolved.patterns.length === 0) return planIpv6Targets(options, resolved, exclusions);
	const { planIpv6Pattern } = await import("./rest.js").then((n) => n.r);
	return planIpv6Pattern(options, resolved, exclusions);
}
function refuseGrowth(before, now, book) {
	const hosts = before.hosts.subtract(now.hosts);
	const ports = before.ports.subtract(now.ports);
	if (hosts.count + ports.size === 0) return;
	const what = hosts.count > 0 ? book.text(hosts.firstOf(0)) : `port ${ports.at(0)}`;
	throw new UsageError(`Cannot resume: ${what} is no longer excluded, and a scan cannot grow. Exclude it again, or begin another scan`);
}






// src/scan/trace_choice.ts
const NONE = /* @__PURE__ */ new Uint32Array();
const TRACING_PINGS = /^(echo$|syn:|ack:)/;

function canTrace(passes) {
	return sendPackets(passes.filter(({ proto, technique }) => proto === "tcp" || isPing(technique)));
}





// src/scan/hostnames.ts
const MAX_HOSTS_BY_DEFAULT = 256;

function* addressesIn(hosts, book) {
	for (const [first, last] of hosts) for (let host = first; host <= last; host++) yield familyOf$1(book, host) === 6 ? host : book.address(host);
}

// src/scan/pool.ts
const WORKER = new URL("./worker.js", import.meta.url);
const CONTROL_EVERY_MS = 20;
const MAX_POSTED = 4096;
function mayStartWorkers() {
	if (WORKER.protocol !== "file:") return false;
	return Deno.permissions.querySync({
		name: "read",
		path: WORKER
	}).state === "granted";
}
function finishedSnapshot({ passes }) {
	const found = passes.at(-1)?.found;
	return {
		remaining: passes.map((_, number) => number === 0 ? {
			...NO_WORK,
			found
		} : NO_WORK),
		done: passes
	};
}

async function runFirst(pool, task, control) {
	let last;
	const status = (index, now) => {
		last = now;
		control.status(index, now);
	};
	try {
		return await pool.runInline(task, {
			...control,
			status
		}, 0);
	} catch (error) {
		if (last === void 0 || error instanceof CannotScanError) throw error;
		return {
			died: error instanceof Error ? error.message : String(error),
			last: last()
		};
	}
}
var ResultGate = class {
	#control;
	#worker;
	#held;
	constructor(control, worker) {
		this.#control = control;
		this.#worker = worker;
	}
	results = ((rows, pass) => {
		if (this.#held === void 0) this.#control.results(rows, pass, this.#worker);
		else this.#held.push({
			rows,
			pass
		});
	});
	hold() {
		this.#held ??= [];
	}
	release = () => {
		const held = this.#held ?? [];
		this.#held = void 0;
		for (const { rows, pass } of held) this.#control.results(rows, pass, this.#worker);
	};
};
function startSending(worker) {
	const { promise, resolve } = Promise.withResolvers();
	let hasFailed = false;
	worker.onmessage = () => resolve({
		get hasFailed() {
			return hasFailed;
		},
		begin: (task) => worker.postMessage({
			kind: "send",
			task
		}),
		end: () => worker.terminate()
	});
	worker.onerror = (event) => {
		event.preventDefault();
		hasFailed = true;
		resolve(void 0);
	};
	worker.postMessage({ kind: "prepare" });
	return promise;
}

function runThread(worker, task, control, index) {
	const { promise, resolve, reject } = Promise.withResolvers();
	const gate = new ResultGate(control, index);
	let last;
	const byState = STATES$1.map(() => 0);
	let ended;
	const waiting = [];
	const after = async (outcome) => {
		if ("died" in outcome) throw new Error(`Cannot take a snapshot of a scan: a worker died (${outcome.died})`);
		return await finishedSnapshot(outcome);
	};
	const die = (died) => end({
		died,
		last: last === void 0 ? void 0 : {
			...last,
			byState
		}
	});
	const end = (outcome) => {
		ended = outcome;
		for (const answer of waiting.splice(0)) answer(after(outcome));
		resolve(outcome);
	};
	control.snapshotOf(index, () => {
		if (ended !== void 0) return after(ended);
		worker.postMessage({ kind: "snapshot" });
		return new Promise((answer) => waiting.push(answer));
	}, gate.release);
	worker.onmessage = ({ data }) => {
		switch (data.kind) {
			case "opened":
				control.opened(data.opened);
				return;
			case "results":
				countResults(data.rows, byState);
				gate.results(data.rows, data.pass);
				control.afterStep();
				return;
			case "data": return control.onServiceData?.(data.host, data.port, data.data);
			case "status": {
				const { status } = data;
				last = status;
				return control.status(index, () => status);
			}
			case "report": {
				const { report } = data;
				control.status(index, () => statusTogether(report.passes));
				return end(report);
			}
			case "snapshot":
				gate.hold();
				return waiting.shift()?.(data.snapshot);
			case "failed":
				if (data.expected) return reject(new CannotScanError(data.message));
				return die(data.message);
		}
	};
	worker.onerror = (event) => {
		event.preventDefault();
		die(event.message);
	};
	worker.postMessage({
		kind: "task",
		task
	});
	return promise;
}

// src/scan/progress_meter.ts
const RATE_WINDOW_MS = 1e3;
const FIRST_RATE_MS = 200;
var ProgressMeter = class {
	probes = 0;
	maxRatePps = 1e400;
	mayExceed = false;
	#beforeMs;
	#beganMs = 0;
	#atMs = 0;
	#sent = 0;
	#ratePps;
	constructor(beforeMs) {
		this.#beforeMs = beforeMs;
	}
	static { this.prototype.begin = (function() {
		this.#beganMs = performance.now();
	}); }
	get elapsedMs() {
		return this.#beganMs > 0 ? this.#beforeMs + performance.now() - this.#beganMs : this.#beforeMs;
	}
	of(parts) {
		const { elapsedMs, probes } = this;
		const decided = sum(parts, ({ byState }) => byState.reduce((all, count) => all + count, 0));
		const sent = sum(parts, (part) => part.sent);
		this.#measure(sent);
		return {
			decided,
			probes,
			sent,
			open: sum(parts, ({ byState }) => byState[0]),
			inFlight: sum(parts, (part) => part.inFlight),
			ratePps: this.#ratePps,
			maxRatePps: Math.max(this.maxRatePps, this.mayExceed ? Math.round(this.#ratePps ?? 0) : 0),
			loss: lossOf(parts),
			elapsedMs,
			leftMs: decided > 0 ? elapsedMs * (probes - decided) / decided : void 0
		};
	}
	#measure(sent) {
		const nowMs = performance.now();
		const spanMs = this.#beganMs > 0 ? nowMs - Math.max(this.#atMs, this.#beganMs) : 0;
		if (spanMs < (this.#ratePps === void 0 ? FIRST_RATE_MS : RATE_WINDOW_MS)) return;
		this.#ratePps = (sent - this.#sent) * 1e3 / spanMs;
		this.#atMs = nowMs;
		this.#sent = sent;
	}
};

// src/scan/result_path.ts
const NO_WORKER = -1;
var ResultPath = class ResultPath {
	#plan;
	#names;
	hostnames;
	traces;
	services;
	aliases;
	#timeouts;
	#calibration;
	#absent;
	static { this.open = (async function(plan, endWithReader) {
		using opening = new DisposableStack();
		const path = opening.use(new ResultPath(plan));
		await path.ResultPath$open(endWithReader);
		opening.move();
		return path;
	}); }
	constructor(plan) {
		this.#plan = plan;
		const { options, targets } = plan;
		this.#names = {
			addresses: targets.book,
			hosts: targets.names,
			service: serviceName,
			...options.services === void 0 ? {} : { finding: ((host, port, pass) => this.services?.finding(host, port, pass)) }
		};
	}
	static { this.prototype.ResultPath$open = (async function(endWithReader) {
		const { options, targets, layout, limits, workers, before, requestedRatePps } = this.#plan;
		const { book, removed, excluded, ipv6 } = targets;
		const { routePlan, passes, runPasses, absentPass } = layout;
		const hosts = targets.space.hostRanges();
		const left = hosts.subtract(removed.hosts);
		const hostnames = this.hostnames = await openHostnames(options, {
			hosts: left,
			book,
			lookups: before?.lookups,
			isResumed: before !== void 0,
			shard: layout.identity.shard,
			excluded: excluded.hosts.union(removed.hosts),
			maxRatePps: (() => requestedRatePps() ?? options.maxRatePps ?? 1e400)
		});
		if (hostnames !== void 0) endWithReader((() => hostnames.stop()));
		const timeouts = this.#timeouts = options.hostTimeoutMs === void 0 ? void 0 : new (await (import("./several.js").then(((n) => n.r)))).HostTimeouts(options.hostTimeoutMs, book.ipv6?.first);
		const traces = this.traces = await openTraces({
			options,
			passes: runPasses,
			routePlan,
			limits,
			timeouts,
			hosts: left,
			excludedPorts: excluded.ports.union(removed.ports)
		});
		if (before?.traces !== void 0) traces?.resume(before.traces);
		const services = this.services = options.services && await (await import("./services.js").then(((n) => n.t))).openServices({
			options,
			passes,
			book,
			routePlan,
			names: targets.names,
			removed,
			limits,
			timeouts,
			emit: ((rows, pass) => {
				this.ResultPath$queue(rows, pass);
				this.#plan.queue.wake();
			}),
			maxRatePps: (() => requestedRatePps() ?? limits.rate.maxPps)
		});
		endWithReader((() => services?.stop("interrupted")));
		this.aliases = ipv6 === void 0 || !this.#plan.seeksAliases ? void 0 : await (await import("./ipv6.js").then(((n) => n.f))).AliasCheck.of(ipv6.ipv6, hosts, hostsBeyond(routePlan, hosts), options);
		const calibration = this.#calibration = runPasses.length === 1 ? void 0 : (await import("./several.js").then(((n) => n.t))).Calibration.of(passes, workers, ((rows, pass) => this.ResultPath$emit(rows, pass)));
		if (before?.calibration !== void 0) calibration?.resume(before.calibration);
		if (absentPass !== void 0) await this.#openAbsent(absentPass);
	}); }
	async #openAbsent(absentPass) {
		const { before, layout, targets } = this.#plan;
		const wereUp = Ranges.fromSortedBounds(Uint32Array.from(before?.done.hostsUp ?? []));
		const { AbsentPorts } = await import("./several.js").then((n) => n.n);
		const absent = this.#absent = new AbsentPorts({
			passes: layout.passes,
			absentPass,
			hosts: layout.reportable,
			emit: (rows, pass, worker) => this.ResultPath$judge(rows, pass, worker),
			isSingle: layout.wholeSize === targets.space.hostCount,
			portsOf: (host) => layout.portsOf(host),
			wasUp: (host) => wereUp.has(host)
		});
		if (before?.absent !== void 0) absent.resume(before.absent);
	}
	static { this.prototype.resume = (function() {
		for (const { pass, rows } of this.#plan.before?.undelivered ?? []) this.take(Uint32Array.from(rows), pass, NO_WORKER);
	}); }
	static { this.prototype.take = (function(rows, pass, worker) {
		this.hostnames?.addReplied(rows);
		const { book } = this.#plan.targets;
		const isWaiting = book.ipv6 !== void 0 && probesHosts(this.#plan.layout.passes[pass]);
		if (this.#timeouts !== void 0 && !isWaiting) beginTimes(this.#timeouts, rows);
		if (this.#absent === void 0) this.ResultPath$judge(rows, pass, worker);
		else this.#absent.take(rows, pass, worker);
	}); }
	static { this.prototype.ResultPath$judge = (function(rows, pass, worker) {
		if (this.#calibration !== void 0) this.#calibration.take(rows, pass, worker);
		else if (rows.length > 0) this.ResultPath$emit(rows, pass);
	}); }
	static { this.prototype.ResultPath$emit = (function(rows, pass) {
		this.traces?.add(rows, pass);
		this.aliases?.take(rows, this.#plan.layout.passes[pass]);
		const others = this.services?.add(rows, pass) ?? rows;
		if (others.length > 0) this.ResultPath$queue(others, pass);
	}); }
	static { this.prototype.ResultPath$queue = (function(rows, pass) {
		this.#plan.queue.add(rows, this.#names, this.#plan.layout.passes[pass]);
	}); }
	get absent() {
		return this.#absent?.reported;
	}
	undelivered() {
		return [
			...this.#plan.queue.waiting,
			...this.#absent?.held() ?? [],
			...this.#calibration?.held() ?? [],
			...this.services?.held() ?? []
		];
	}
	snapshot() {
		const calibration = this.#calibration?.snapshot();
		const absent = this.#absent?.snapshot();
		return {
			...calibration === void 0 ? {} : { calibration },
			...absent === void 0 ? {} : { absent }
		};
	}
	static { this.prototype.reports = (function() {
		return [
			this.#absent?.report(),
			this.#calibration?.report(),
			this.traces?.report(),
			this.aliases?.report(),
			...this.services?.reports() ?? []
		].filter(((report) => report !== void 0));
	}); }
	static { this.prototype.finish = (function() {
		this.#absent?.finish();
		this.#calibration?.finish();
		this.#plan.queue.wake();
	}); }
	static { this.prototype.warnings = (function() {
		return [
			...this.hostnames?.warnings() ?? [],
			...this.traces?.warnings() ?? [],
			...this.services?.warnings() ?? [],
			...this.aliases?.warnings() ?? [],
			...calibrationWarnings(this.#calibration?.findings, this.#plan.targets.book)
		];
	}); }
	[Symbol.dispose]() {
		this.hostnames?.stop();
		this.traces?.[Symbol.dispose]();
		this.services?.[Symbol.dispose]();
	}
};
function beginTimes(timeouts, rows) {
	const nowMs = performance.now();
	for (let at = 0; at < rows.length; at += 6) timeouts.begin(hostAt(rows, at), nowMs);
}

// src/scan/result_queue.ts
const BACKLOG = 1 << 17;
var ResultQueue = class {
	taken = 0;
	isAbandoned = false;
	onAbandoned = (() => {});
	isConsumed = false;
	#batches = [];
	#length = 0;
	#isEnded = false;
	#failure;
	#wake;
	#isUnwanted = false;
	get isWaiting() {
		return this.#length > 0 && !this.#isUnwanted;
	}
	get isFull() {
		return this.#length > BACKLOG;
	}
	static { this.prototype.add = (function(rows, names, pass) {
		if (this.#isUnwanted) {
			this.taken += rows.length / 6;
			return;
		}
		const batch = new ResultRows(rows, names, pass);
		this.#batches.push(batch);
		this.#length += batch.length;
	}); }
	get length() {
		return this.#length;
	}
	get waiting() {
		return this.#batches;
	}
	static { this.prototype.wake = (function() {
		if (this.#length > 0) this.ResultQueue$wakeReader();
	}); }
	static { this.prototype.end = (function(failure) {
		this.#failure = failure;
		this.#isEnded = true;
		this.ResultQueue$wakeReader();
	}); }
	static { this.prototype.drop = (function() {
		this.#isUnwanted = true;
		this.taken += this.#length;
		this.#length = 0;
		this.#batches.length = 0;
	}); }
	static { this.prototype.read = (async function*() {
		if (this.isConsumed) throw new TypeError("Cannot take the results of a scan twice: begin another scan");
		if (this.#isUnwanted) throw new TypeError("Cannot take the results any more: only the summary was asked for. Take them before it");
		this.isConsumed = true;
		try {
			for (;;) {
				const batch = this.#batches.shift();
				if (batch !== void 0) {
					this.#length -= batch.length;
					this.taken += batch.length;
					yield batch;
				} else if (this.#failure !== void 0) throw this.#failure;
				else if (this.#isEnded) return;
				else await new Promise(((resolve) => this.#wake = resolve));
			}
		} finally {
			this.isAbandoned = true;
			this.onAbandoned();
			this.drop();
		}
	}); }
	static { this.prototype.ResultQueue$wakeReader = (function() {
		const wake = this.#wake;
		this.#wake = void 0;
		wake?.();
	}); }
};

// src/scan/snapshots.ts
var SnapshotTaker = class {
	#parts;
	#workers = [];
	#taking = Promise.resolve();
	constructor(parts) {
		this.#parts = parts;
	}
	static { this.prototype.add = (function(index, take, resume) {
		this.#workers[index] = {
			take,
			resume
		};
	}); }
	get settled() {
		return this.#taking;
	}
	take() {
		const snapshot = this.#taking.then(() => this.#takeNow());
		this.#taking = snapshot.then(() => {}, () => {});
		return snapshot;
	}
	async #takeNow() {
		if (this.#workers.length === 0) throw notBegun();
		const { layout, targets, path, queue, meter, otherReports } = this.#parts;
		const settled = await Promise.allSettled(this.#workers.map(({ take }) => take()));
		const undelivered = path.undelivered();
		const held = path.snapshot();
		const others = otherReports();
		const { taken, length: waiting } = queue;
		for (const { resume } of this.#workers) resume();
		const snapshots = settled.map((each) => {
			if (each.status === "rejected") throw each.reason;
			return each.value;
		});
		const done = doneTogether([...snapshots.flatMap(({ done }) => done), ...others]);
		const byState = [...done.byState];
		for (const { pass, rows } of undelivered) if (!probesHosts(layout.passes[pass])) countResults(rows, byState, -1);
		return {
			...layout.identity,
			taken,
			...path.hostnames === void 0 ? {} : { lookups: path.hostnames.added() },
			...targets.ipv6 === void 0 ? {} : { ipv6: targets.ipv6.kept() },
			parts: snapshots.map(({ remaining }) => remaining.map(partOf)),
			undelivered: undelivered.map(({ pass, rows }) => ({
				pass,
				rows: [...rows]
			})),
			waiting,
			...held,
			...path.traces === void 0 ? {} : { traces: path.traces.kept() },
			done: {
				...done,
				byState,
				elapsedMs: meter.elapsedMs
			}
		};
	}
};
function notBegun() {
	return /* @__PURE__ */ new TypeError("Cannot take a snapshot of a scan that has not begun: wait for its first results");
}

// src/scan/timing.ts
const FREE = {
	startPps: 1e400,
	uncheckedPps: 1e400,
	maxPps: 1e400
};
const MANY = 1 << 18;

const TEMPLATES = {
	0: serial(3e5, 3e5),
	1: serial(15e3, 15e3),
	2: serial(400, 1e3),
	3: {
		timeouts: {
			initialMs: 1e3,
			minMs: 100,
			maxMs: 1e4
		},
		beyond: {
			startPps: 1e3,
			uncheckedPps: 1e4,
			maxPps: 1e5
		},
		near: FREE,
		maxInFlight: MANY
	},
	4: {
		timeouts: {
			initialMs: 500,
			minMs: 100,
			maxMs: 1250
		},
		beyond: {
			startPps: 4e3,
			uncheckedPps: 5e4,
			maxPps: 5e5
		},
		near: FREE,
		maxInFlight: MANY
	},
	5: {
		timeouts: {
			initialMs: 250,
			minMs: 50,
			maxMs: 300
		},
		beyond: FREE,
		near: FREE,
		maxInFlight: MANY
	}
};
const START_SHARE = 1 / 4;

const LINK_RATES = {
	3: {
		startPps: 2e3,
		maxPps: 1e4
	},
	4: {
		startPps: 5e3,
		maxPps: 25e3
	}
};
const LINK_INITIAL_MS = 500;


function rateText(ratePps) {
	if (ratePps < 1) return `a probe in ${waitText(1e3 / ratePps)}`;
	return perSecond(ratePps < 100 ? `${Number(ratePps.toFixed(1))}` : grouped(ratePps));
}


// src/scan/worker_choice.ts
const PROBES_PER_WORKER = 5e5;
const PROBES_PER_SEND_THREAD = 2e5;
const MAX_CHOSEN_WORKERS = 4;



// src/scan/running_scan.ts
var running_scan_exports = /* @__PURE__ */ __exportAll({ RunningScan: (() => RunningScan) });
const MAX_NOT_PROBED = 65536;
const ENGINE_SHARE = .9;
var RunningScan = class RunningScan {
	plan;
	#summary;
	#summaryAsked = false;
	#options;
	#seeksAliases;
	#signal;
	#resumed;
	#results = new ResultQueue();
	#statuses = [];
	#path;
	#snapshots;
	#before;
	#meter;
	#deadlineAtMs;
	#requestedRatePps;
	#onPacket;
	#packetsSeen = false;
	constructor(options, control = {}, seeksAliases = true) {
		this.#options = options;
		this.#seeksAliases = seeksAliases;
		this.#signal = control.signal;
		this.#onPacket = options?.onPacket;
		this.#resumed = control.resume;
		this.#meter = new ProgressMeter(control.resume?.done.elapsedMs ?? 0);
		this.#deadlineAtMs = performance.now() + (options?.deadlineMs ?? 1e400);
		const plan = Promise.withResolvers();
		this.plan = plan.promise;
		this.#summary = this.RunningScan$run(plan.resolve).then(((summary) => {
			this.#results.end();
			return summary;
		}), ((error) => {
			const explained = explain(error);
			plan.reject(explained);
			this.#results.end(explained);
			throw explained;
		}));
		this.#summary.catch((() => {})).finally((() => this.#path?.[Symbol.dispose]()));
		this.plan.catch((() => {}));
		this.#summary.catch((() => {}));
	}
	get summary() {
		this.#summaryAsked = true;
		return this.#summary;
	}
	progress() {
		const progress = this.#meter.of([...this.#statuses.map((status) => status()), ...this.RunningScan$otherReports()]);
		const services = this.#path?.services;
		return services === void 0 ? progress : {
			...progress,
			identifying: services.pending
		};
	}
	setMaxRate(maxRatePps) {
		this.#requestedRatePps = this.#meter.maxRatePps = maxRatePps;
		this.#meter.mayExceed = false;
	}
	setOnPacket(onPacket) {
		if (!this.#packetsSeen) return false;
		this.#onPacket = onPacket;
		return true;
	}
	snapshot() {
		return this.#snapshots?.take() ?? Promise.reject(notBegun());
	}
	static { this.prototype.batches = (function() {
		return this.#results.read();
	}); }
	async *[Symbol.asyncIterator]() {
		for await (const batch of this.batches()) if (!probesHosts(batch)) yield* batch.kept();
	}
	static { this.prototype.RunningScan$run = (async function(planned) {
		checkOptions(this.#options);
		const { options, warnings: linkWarnings } = isOfLink(this.#options) ? await (await import("./rest.js").then(((n) => n.n))).withLinkHosts(this.#options) : {
			options: this.#options,
			warnings: []
		};
		const before = this.#resumed;
		const targets = await withTimeout(planTargets(options, before === void 0 ? void 0 : plannedBefore(before)), this.#deadlineAtMs - performance.now(), (() => new CannotScanError("Cannot scan in time: the deadline passed while names were looked up. Give more time")));
		const { book, space } = targets;
		if (before?.ipv6 !== void 0) targets.ipv6?.senders.take(before.ipv6.senders);
		const portPasses = planPasses(options);
		checkTraces(options, portPasses);
		const canSendRaw = canOpenRaw();
		using ring = sendPackets(portPasses) && canSendRaw && options.transport !== "sendto" ? await prepareRing(space.size * portPasses.length) : void 0;
		const layout = await ScanLayout.of(options, targets, portPasses, before);
		if (before !== void 0) this.#before = doneBefore(before, layout.passes);
		const { routePlan, runPasses } = layout;
		const limits = engineLimits(options, routePlan.beyondGateway);
		const chosen = chooseWorkers(before === void 0 ? options : {
			...options,
			workers: before.parts.length
		}, runPasses, layout.likelyProbes, limits);
		const { workers } = chosen;
		if (before !== void 0 && workers !== before.parts.length) throw new CannotScanError(`Cannot resume: the scan was divided among ${before.parts.length} workers. Give the permissions that it had`);
		this.#packetsSeen = sendPackets(runPasses) && workers === 1;
		this.RunningScan$beginMeter(layout, limits);
		const prepared = {
			options,
			targets,
			portPasses,
			layout,
			limits,
			chosen,
			canSendRaw,
			linkWarnings
		};
		const task = this.RunningScan$taskOf(prepared);
		const path = this.#path = await ResultPath.open({
			options,
			targets,
			layout,
			limits,
			workers,
			before,
			seeksAliases: this.#seeksAliases,
			queue: this.#results,
			requestedRatePps: (() => this.#requestedRatePps)
		}, ((stop) => this.RunningScan$endWithReader(stop)));
		const otherReports = (() => this.RunningScan$otherReports());
		const snapshots = this.#snapshots = new SnapshotTaker({
			layout,
			targets,
			path,
			queue: this.#results,
			meter: this.#meter,
			otherReports
		});
		const plan = Promise.withResolvers();
		const { services } = path;
		const afterStep = (() => this.RunningScan$afterStep(path));
		const control = {
			results: ((rows, pass, worker) => path.take(rows, pass, worker)),
			hasUndelivered: (() => this.#results.isWaiting),
			onAccepted: services && (((host, port, socket) => services.offer(host, port, socket))),
			onServiceData: services?.keep.bind(services),
			routePlan,
			ring,
			opened: ((opened) => {
				this.#meter.begin();
				plan.resolve(planOf(prepared, opened, path));
				plan.promise.then(planned);
			}),
			afterStep,
			status: ((index, status) => {
				this.#statuses[index] = status;
			}),
			snapshotOf: ((index, take, resume) => snapshots.add(index, take, resume))
		};
		path.resume();
		const remaining = before === void 0 ? [] : remainingOf(before);
		const outcomes = await runPool(task, workers, control, remaining);
		await snapshots.settled;
		path.finish();
		await Promise.all([services?.finish(this.#deadlineAtMs), path.traces?.run(this.#deadlineAtMs, afterStep)]);
		for (const { ip } of path.traces?.traces.flatMap((({ hops }) => hops)) ?? []) if (ip !== void 0) path.hostnames?.addHost(book.hostOf(ip));
		const { aliases, hostnames, traces } = path;
		await aliases?.run({
			options,
			signal: this.#signal,
			deadlineAtMs: this.#deadlineAtMs,
			up: hostsUpIn([...outcomes.flatMap(((outcome) => "passes" in outcome ? outcome.passes : [])), ...otherReports()]),
			scan: ((options, control) => new RunningScan(options, control, false))
		});
		const elapsedMs = this.#meter.elapsedMs;
		await hostnames?.finish(this.#deadlineAtMs);
		const named = hostnames?.named() ?? [];
		const isTarget = space.hostRanges();
		const probed = layout.shares.sizes(workers).map(((size, index) => {
			const outcome = outcomes[index];
			return {
				count: outcome !== void 0 && "passes" in outcome ? outcome.passes[0].probed : size,
				before: remaining[index]?.[0]?.position ?? 0
			};
		}));
		return summarize(await plan.promise, outcomes, otherReports(), {
			hosts: layout.shares.probedHosts(probed, targets.removed.hosts),
			elapsedMs,
			aliased: aliases?.aliased ?? [],
			...traces?.named(named, ((ip) => isTarget.has(book.hostOf(ip)))) ?? {
				traces: [],
				hostnames: named
			},
			sizes: layout.sizes(workers, remaining),
			warnings: [
				...targets.unresolved,
				...removedWarnings(book, targets.removed),
				...path.warnings()
			],
			isComplete: targets.unresolved.length === 0,
			foreignSource: routePlan.ownSource === void 0 && routePlan.ownSource6 === void 0 ? options.sourceIp : void 0
		});
	}); }
	static { this.prototype.RunningScan$beginMeter = (function({ probes }, { rate: { maxPps, uncheckedPps = maxPps } }) {
		this.#meter.probes = probes;
		this.#meter.maxRatePps = this.#requestedRatePps ?? uncheckedPps;
		this.#meter.mayExceed = this.#requestedRatePps === void 0 && uncheckedPps < maxPps;
	}); }
	static { this.prototype.RunningScan$taskOf = (function({ options, layout, canSendRaw, chosen: { workers, sendsAside = false } }) {
		const { sharesHosts, ...ownLimits } = engineLimits(options, layout.routePlan.beyondGateway, workers);
		const limits = !layout.isByHost && sharesHosts ? {
			...ownLimits,
			sharesHosts
		} : ownLimits;
		return {
			...layout.task,
			...layout.discovery === void 0 ? {} : { discovery: discoveryTask(layout.discovery) },
			limits,
			linkLimits: linkLimits(options, limits, workers),
			options: {
				...workerOptions(options),
				deadlineMs: Math.max(0, this.#deadlineAtMs - performance.now())
			},
			maxNotProbed: Math.floor(MAX_NOT_PROBED / workers),
			usesSockets: !canSendRaw && sendPackets(layout.runPasses),
			sendsAside,
			handsOverData: options.services !== void 0
		};
	}); }
	static { this.prototype.RunningScan$otherReports = (function() {
		return [...this.#before === void 0 ? [] : [this.#before], ...this.#path?.reports() ?? []];
	}); }
	static { this.prototype.RunningScan$afterStep = (function({ services, absent }) {
		const results = this.#results;
		results.wake();
		if (results.isFull && !results.isConsumed && this.#summaryAsked) results.drop();
		return {
			stop: this.#signal?.aborted === true || results.isAbandoned,
			pause: results.isFull || services?.isFull === true,
			maxRatePps: this.RunningScan$engineRatePps(),
			absent,
			onPacket: this.#onPacket
		};
	}); }
	static { this.prototype.RunningScan$endWithReader = (function(stop) {
		this.#signal?.addEventListener("abort", stop, { once: true });
		const { onAbandoned } = this.#results;
		this.#results.onAbandoned = (() => {
			onAbandoned();
			stop();
		});
		if (this.#signal?.aborted || this.#results.isAbandoned) stop();
	}); }
	static { this.prototype.RunningScan$engineRatePps = (function() {
		const ratePps = this.#requestedRatePps;
		if (this.#path?.services === void 0) return ratePps;
		const wholePps = ratePps ?? this.#options.maxRatePps;
		return wholePps === void 0 ? void 0 : wholePps * ENGINE_SHARE;
	}); }
};



function explain(error) {
	if (!(error instanceof SyscallError)) return error;
	const remedy = error.errno === ERRNO.EMFILE || error.errno === ERRNO.ENFILE ? RAISE_LIMIT : "Check permissions and interfaces";
	return new CannotScanError(`Cannot scan: ${error.message}. ${remedy}`, { cause: error });
}

// src/target/top_ports.ts
var top_ports_exports = /* @__PURE__ */ __exportAll({
	TOP_PORT_COUNT: () => TOP_PORT_COUNT,
	topPorts: () => topPorts
});
const TOP_PORT_COUNT = 1e3;
const GROUPS = [
	...COMMON_PORTS$1.tcp,
	"79 113 512-514 37 7 9 13 19 17 11 15 1 20 43 49 70 119 199 540 543 544 749 6001-6009 6010",
	"2525 4190 106 109 563 220 366 585 24 26 5222 5269 5223 5280 5281 5443 6667 6697 6660-6666 6668 6669 7000 194",
	"8448 8065 7025 7071-7073 7110 7143 7993 7995 2000 3310 783 10024 10025 5298 1352 2703",
	"593 3269 9389 5357 5358 47001 1801 2103 2105 2107 8530 8531 2179 5722 808 2869 10243 1027-1035 3388 3387 42 137",
	"138 5022 4022 2382 2383 1688 1755 8172 3343 5723 5724 6516 6600 7680 5040 691 10123 2701 2702 1270 49443 32843",
	"32844 50636 50389 1745 5504 5725 6602 1039 1048-1050",
	"49158-49175 32768-32783",
	"5800-5803 5902-5910 1494 2598 4899 5631 5632 5938 7070 6129 4172 4000 3283 5988 5989 9593-9595 6783 8040 8041",
	"3350 8200 5500 5650 22222 2022 2200 2223 222 8022 10022 992 9922 60022",
	"33060 3307 3308 5433 6432 1522-1526 2483 2484 3050 5001 9088 7474 7687 7473 8087 8098 8123 9440 9004 26257 28015",
	"29015 8529 2424 2480 8091-8096 11210 9160 7199 9180 10800 30015 30013 39015 5444 3351 27018 27019 28017 26379",
	"6380 6381 16379 7574 8983 9300 9201 19530 6333 6334 8108 1972 523 50001 9091",
	"2377 2380 10255-10257 10249 10251 10252 10259 6444 8001 4194 9099 9443 9345 30000 30080 30443 32000 4646-4648",
	"8201 8300-8302 8501 8502 8600 5050 5051 9001 8472 6784 8088 50051 15000 15001 15010 15014 15021 15090 22623 8444",
	"2378 7946 4243 16443 8404 9901 1936 19999 8686",
	"82-87 89 90 8002-8007 8010-8021 8082-8085 8090 8097 8099 8100 8180 8182 8280 8281 8445 8880 8881 8889 8890 8899",
	"7080 7443 7777 7778 9080 9081 9444 9999 3001-3003 4443-4445 4433 4567 5080 6080 7002 7004 10080 10443 12443",
	"18080 18443 20000 20720 28080 60080 591 832 981 1010 1311 2086 2087 2095 2096 2077-2079 2052 2053 800 801 880",
	"888 8800 8222 8333 8400 8442 8484 8554 8765 8787 8808 8834 8843 8887 9002 9003 9009",
	"1080 3129 8118 9050 9051 9150 9040 1081 6081 6082",
	"5671 61613 61614 61616 8161 1884 4222 6222 6650 1414 25672 4369 15674 15675 9093 9094 2003 2004 8125 5044 9600",
	"24224 9997 10050 10051 5666 5667 12489 4949 6556 6514 601 1514 1515 55000 12201 3100 9096 9097 9101-9105 9115",
	"9116 9121 9187 9216 9308 9411 14250 14268 16686 4317 4318 8428 4242",
	"1098 1099 5005 9990 9993 4848 4712 4713 4447 3700 3820 3920 7676 7003 9043 9044 9060 9061 2809 8879 9402 9403",
	"5556 1044 45000 45001 47000 1090 1091 1100 1101 9010 9012",
	"29418 3632 1666 8111 8140 4505 4506 9229 9222 2345 5037 5555 5173 4321 1337 4873 8153 8154 9418 2401 8265 8786",
	"35729 3333 9876 5678 10001 11434 1234 7860 19000",
	"50070 9870 9864 50075 50010 50020 8030-8033 8042 8485 16000 16010 16020 60010 10002 9083 7077 18081 4040 6627",
	"6123",
	"6789 3300 6800-6803 7480 24007 24008 9392 9393 9398 9401 9419 2500 6160 6162 13720 13724 13782 1556 6101 6106",
	"8401 5006 5566 3205 860 10809 22000 8384 989 115 2121 2811 10082 10083 30865 497 1581 20048 4045",
	"902 903 5480 9084 9087 3121 16509 16514 623 664 16992-16995 17988 17990 5120 5123 2381 2301 8774 8776 9292 9696",
	"35357",
	"646 1194 500 1701 264 256 257 259 18264 18210 18231 541 703 830 2001 2002 4118 8728 8729 2601-2605 639 1812 1813",
	"5246 1985 4500 32764 5431 49000 30005 37215 52869 1900 5351",
	"9106 9107 9220 9290 9500 6566 8610-8612 3911 37777 34567 34599 5544 10554 1935 9527",
	"5061 1720 1719 5038 2427 2727 5062 5070 5090 4569 3478 3479 5349 5350 2944 3689 32400 32469 8920 9777 1400 3400",
	"8324 7100 8060",
	"2404 44818 4840 47808 1911 4911 1962 20547 789 11112 104 2575 2761 2762 18245 18246 5007 5094 34962-34964 41100",
	"2455 1200 1217 11740 48898 3671 10110 55555",
	"3200 3201 3299 3301 3600 50013 50014 1128 1129 446-449 8470-8471 8473-8476 9470-9476 3872 5501 381 383 1830 3938",
	"6767 3181",
	"1241 9390 9391 55553 50050 3790 2967 13000 14000 4119 4120",
	"8332 18332 18333 9332 8545 8546 30303 18089 9735 10009 26656 26657",
	"25565 25575 27015 27016 10011 30033 64738 3724 6112",
	"6881-6889 51413 4662 6346 6347 411 412 4001 4002 7654 7656",
	"31337 12345 27374 54321 5554 9898 65000",
	"66 118 123 161 162 163 175 177 311 387 399 425 427 434 444 487 510 518 520 524 546 547 556 607 655 674 700 706"
];
let ranked;
function topPorts(count) {
	if (!Number.isInteger(count) || count < 1 || count > 1e3) throw new UsageError(`Cannot take the ${count} most useful ports: ${TOP_PORT_COUNT} are ranked. Give a number from 1 to ${TOP_PORT_COUNT}, or name the ports, like 1-65535`);
	ranked ??= portsIn$1(GROUPS);
	return ranked.slice(0, count);
}

export { ResolveError as $, PollSet as $i, withPorts as $n, checkIcmpv4 as $r, ShardedOrder as $t, doneBefore as A, ETHERTYPE_ARP as Ai, PacketMessages as An, setTcpChecksum as Ar, answerTimeout as At, hostName as B, getRoute as Bi, PingTechnique as Bn, writeTcp as Br, portsIn$1 as Bt, Journal as C, isLoopback as Ci, resetOnClose as Cn, udpDestinationPort as Cr, lastHopsByPort as Ct, readCheckpoint as D, MAC_BROADCAST as Di, socketDrops as Dn, checkTcp as Dr, Correlator as Dt, replaceCheckpoint as E, writeArpRequest as Ei, setOptionIfKnown as En, writeUdp as Er, runWorker as Et, ReportSet as F, setEthernetEthertype as Fi, passesThatRun as Fn, tcpDestinationPort as Fr, NoteTable as Ft, osText as G, dumpNeighbours as Gi, udpPingName as Gn, ipv4Source as Gr, USUAL_PINGS as Gt, osByHost as H, routeChangeParser as Hi, socketPingName as Hn, ipv4Id as Hr, restricted as Ht, openReport as I, setEthernetSource as Ii, passesWanted as In, tcpFlags as Ir, noteCode as It, isAbsent as J, getLink as Ji, ECHO as Jn, setIpv4Checksum as Jr, ownRanges as Jt, HostTexts as K, removeNeighbour as Ki, udpPingPort as Kn, ipv4TotalLen as Kr, boundsOf$1 as Kt, newAggregator as L, writeMac as Li, sendsPackets as Ln, tcpSeq as Lr, EMPTY_REPORT as Lt, hostsOfShard as M, macOf as Mi, SendBatch as Mn, setTcpSeq as Mr, smoothedRtt as Mt, sum as N, readMac as Ni, KernelTransport as Nn, tcpAck as Nr, EmptyTimes as Nt, writeCheckpoint as O, isStationMac as Oi, takePacketDrops as On, fillTcpChecksum as Or, Engine as Ot, SessionRecord as P, setEthernetDestination as Pi, passesIn as Pn, tcpChecksum as Pr, SlotLists as Pt, resultsIn as Q, Netlink as Qi, replyFilter as Qn, writeIpv4 as Qr, parsePorts as Qt, writerOf as R, dumpRoutes as Ri, packetTechnique as Rn, tcpSourcePort as Rr, COMMON_PORTS$1 as Rt, withCheckpoint as S, formatIpv4 as Si, finishOnClose as Sn, udpChecksum as Sr, hopText as St, openJournal as T, setArpSenderMac as Ti, setOptionAside as Tn, udpSourcePort as Tr, tracesByIp as Tt, osFamily as U, USABLE_STATES as Ui, socketPingOutcomes as Un, ipv4MoreFragments as Ur, shardOrders as Ut, remarksByHost as V, isRouted as Vi, connectPing as Vn, ipv4HeaderLen as Vr, hostShare as Vt, osOf as W, addNeighbour as Wi, socketPingPorts as Wn, ipv4Protocol as Wr, countProbedHosts as Wt, isUnknown as X, receivedPackets as Xi, readQuotedSegment as Xn, setIpv4Id as Xr, ProbeSpace as Xt, isTimedOut as Y, linkNamed as Yi, WINDOW as Yn, setIpv4Destination as Yr, within$1 as Yt, shownOf as Z, dumpAddresses6 as Zi, readSegment as Zn, setIpv4TotalLen as Zr, PortSet as Zt, parseTargets as _, IPV4_BOOK as _i, measureAheadMs as _n, probeId as _r, hostnamesByIp as _t, checkOptions as a, setIcmpv4Rest as ai, openTransport as an, hasRightChecksums as ar, portsOfEach as at, resultsOf as b, IPV4_MAX as bi, attachFilter as bn, checkUdp as br, filteredEntries as bt, scan_exports as c, foldChecksum as ci, reservePorts as cn, routePlanOf as cr, reasonUp as ct, withTimeout as d, isNoRoom as di, PlainReceiver as dn, wantedLink as dr, decidedIn as dt, INET as ea, icmpv4QuoteLen as ei, WHOLE as en, ICMP_ERRORS$1 as er, resolveAddress as et, Vendors as f, Ranges as fi, openRawIp as fn, PacketDriver as fr, guessedHosts as ft, parseExclusions as g, grown as gi, SYSTEM_CLOCKS as gn, newCounters as gr, sortWhole as gt, resolveTargets as h, growColumns as hi, ArrivalClock as hn, refusalReason as hr, wrongText as ht, planTargets as i, systemClock as ia, setIcmpv4Checksum as ii, openKind as in, readIpv4$1 as ir, mayBeOpen$1 as it, hashOfSpace as j, ETHERTYPE_IPV4 as ji, ReceiveBatch as jn, setTcpPorts as jr, rttVariation as jt, summarize as k, parseMac as ki, takeSocketError as kn, setTcpAck as kr, EXPECTED_WRONG_GOAL_THOROUGH as kt, KEYS as l, sumWords as li, ethernetLinkFor as ln, sourceTexts as lr, COUNT_NAMES as lt, resolveExclusions as m, lastAtMost as mi, SendTimestamps as mn, U32Map as mr, withOs as mt, openHostnames as n, run as na, icmpv4Type as ni, onLinkRanges as nn, isOfUnknown as nr, hasOtherProtocols as nt, ScanLayout as o, writeIcmpv4 as oi, holdPorts as on, ipv6Connections as or, HostFindings as ot, reservedAddresses as p, RangesBuilder as pi, slotLenFor as pn, packetNeeds as pr, isMuchWrong as pt, inNmapWords as q, dumpLinks as qi, TcpTechnique as qn, pseudoHeaderSum as qr, familiesIn as qt, checkTraces as r, EventLoopYielder as ra, quoteLenOf as ri, Neighbors as rn, readIcmpError as rr, hasSeveral as rt, Session as s, checksum as si, reserveFreePorts as sn, openIpv6 as sr, macText as st, running_scan_exports as t, INET6 as ta, icmpv4Rest as ti, TypedVector as tn, icmpErrorKind as tr, resolveName as tt, startTimer as u, RAISE_LIMIT as ui, watchPolicies as un, appendSegment as ur, UNTOLD as ut, wrong as v, familyOf$1 as vi, enlargeReceiveBuffer as vn, slotOfId as vr, otherHostname as vt, checkpointBytes as w, parseIpv4 as wi, setOption as wn, udpLen as wr, traceEntry as wt, resumeCommand as x, RESERVED_IPV4 as xi, bindToDevice as xn, checkUdpFragment as xr, filteredText as xt, checkpointError as y, rangeTexts as yi, enlargeSendBuffer as yn, flagLetters as yr, withHostnames as yt, TableWriter as z, dumpRules as zi, ECHO_PING as zn, tcpWindow as zr, portTiers as zt };