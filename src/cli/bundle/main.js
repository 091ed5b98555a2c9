// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { CannotScanError, NothingLeftError, Q as REASONS, UsageError, Y as STATES, at as orMissing, it as isWhole, rt as isText, tt as hasShape } from "./library.js";
import { n as VERSION$2 } from "./start.js";
const libc = (function libc() {
	return symbols ?? openLibc();
});
const errnoCell = (function errnoCell() {
	if (errnoWord === void 0) libc();
	return errnoWord;
});
const bind = (function bind(library) {
	const names = Object.keys(SYMBOLS);
	const some = ((wanted) => {
		const definitions = wanted.map(((name) => [name, hasCode(name) ? SYMBOLS[name] : withoutCode(SYMBOLS[name])]));
		const calls = { ...Deno.dlopen(library, Object.fromEntries(definitions)).symbols };
		for (const name of wanted) {
			const call = calls[name];
			if (!hasCode(name)) calls[name] = ((...values) => call(...values, FURTHER_ARGUMENT));
		}
		return calls;
	});
	const seldom = new Set(SELDOM.flat());
	const bound = some(names.filter(((name) => !seldom.has(name))));
	for (const row of SELDOM) for (const name of row) {
		const get = (() => {
			const bindings = some(row);
			for (const each of row) Object.defineProperty(bound, each, { value: bindings[each] });
			return bindings[name];
		});
		Object.defineProperty(bound, name, {
			get,
			configurable: true
		});
	}
	return bound;
});
const hasCode = (function hasCode(name) {
	return OFTEN.has(name) || SYMBOLS[name].nonblocking === true;
});
const withoutCode = (function withoutCode(definition) {
	return {
		...definition,
		parameters: [...definition.parameters, FURTHER]
	};
});
const openLibc = (function openLibc() {
	const { os, arch } = Deno.build;
	if (os !== "linux" || arch !== "x86_64" && arch !== "aarch64") throw new Error(`Cannot call libc: this is ${os} on ${arch}. Use Linux on x86_64 or aarch64`);
	const reasons = [];
	for (const name of LIBRARY_NAMES) try {
		const opened = bind(name);
		const cell = opened.__errno_location();
		if (cell === null) throw new Error("__errno_location gave NULL");
		errnoWord = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(cell, 4));
		symbols = opened;
		return opened;
	} catch (error) {
		if (error instanceof Deno.errors.NotCapable) throw error;
		reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
	}
	throw new Error(`Cannot open the C library: ${reasons.join("; ")}. Install glibc or musl`);
});
const lastErrno = (function lastErrno() {
	return errnoCell()[0];
});
const check = (function check(result, syscall) {
	if (result === -1) throw new SyscallError(syscall, lastErrno());
	return result;
});
const pin = (function pin(length) {
	return new PinnedBuffer(length);
});
const pinBytes = (function pinBytes(bytes) {
	const pinned = new PinnedBuffer(bytes.length);
	pinned.bytes.set(bytes);
	return pinned;
});
const pinString = (function pinString(text) {
	if (text.includes("\0")) throw new TypeError(`Cannot pass ${JSON.stringify(text)} to C: it holds a NUL`);
	return pinBytes(new TextEncoder().encode(text + "\0"));
});
const keepAlive = (function keepAlive(object) {
	lastKept = object;
	if (lastKept !== void 0) lastKept = void 0;
});
const readString = (function readString(address) {
	const pointer = typeof address === "bigint" ? Deno.UnsafePointer.create(address) : address;
	return pointer === null ? void 0 : Deno.UnsafePointerView.getCString(pointer);
});
const usize = (function usize(length) {
	if (length >= BIGINT_COUNT) return BigInt(length);
	return bigints[length] ??= BigInt(length);
});
const syscallNumber = (function syscallNumber(name, machine = Deno.build.arch) {
	return SYSCALL_NUMBERS[name][machine === "x86_64" ? 0 : 1];
});
const syscall = (function syscall(name, ...args) {
	const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = args;
	const result = libc().syscall(BigInt(syscallNumber(name)), a, b, c, d, e);
	const errno = lastErrno();
	if (result === -1n) throw new SyscallError(name, errno);
	return Number(result);
});
const referToFile = (function referToFile(fd) {
	const params = pin(io_uring_params.size), files = pin(4);
	files.view.setInt32(0, fd, true);
	let ring = -1;
	try {
		ring = syscall("io_uring_setup", 1n, params.address);
		syscall("io_uring_register", BigInt(ring), BigInt(2), files.address, 1n);
		return ring;
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		if (ring !== -1) libc().close(ring);
		return -1;
	} finally {
		keepAlive([params, files]);
	}
});
const scratch = (function scratch() {
	return scratchMemory ??= {
		address: pin(ADDRESS_LEN),
		length: pin(4)
	};
});
const openSocket = (function openSocket(domain, type, protocol) {
	return new Fd(check(libc().socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), "socket"));
});
const openPacketSocket = (function openPacketSocket(type) {
	const number = check(libc().socket(17, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
	return new Fd(number, referToFile(number));
});
const writeInet4 = (function writeInet4(view, at, address, port) {
	view.setUint16(at + sockaddr_in.sin_family, 2, true);
	view.setUint16(at + sockaddr_in.sin_port, port);
	view.setUint32(at + sockaddr_in.sin_addr, address);
});
const writeLink = (function writeLink(view, at, interfaceIndex, protocol) {
	view.setUint16(at + sockaddr_ll.sll_family, 17, true);
	view.setUint16(at + sockaddr_ll.sll_protocol, protocol);
	view.setInt32(at + sockaddr_ll.sll_ifindex, interfaceIndex, true);
});
const inet4 = (function inet4(address, port) {
	const { address: memory } = scratch();
	memory.bytes.fill(0, 0, sockaddr_in.size);
	writeInet4(memory.view, 0, address, port);
	return memory.pointer;
});
const bindInet4 = (function bindInet4(fd, address, port) {
	check(libc().bind(fd.number, inet4(address, port), sockaddr_in.size), "bind");
});
const bindPacket = (function bindPacket(fd, interfaceIndex, protocol) {
	const { address } = scratch();
	address.bytes.fill(0, 0, sockaddr_ll.size);
	writeLink(address.view, 0, interfaceIndex, protocol);
	check(libc().bind(fd.number, address.pointer, sockaddr_ll.size), "bind");
});
const sendTo = (function sendTo(fd, buffer, offset, length, destination) {
	const result = libc().sendto(fd.number, buffer.at(offset), usize(length), 0, destination.pointer, destination.bytes.length);
	return result < 0 ? -lastErrno() : result;
});
const pinSourceName = (function pinSourceName() {
	return {
		address: pin(ADDRESS_LEN),
		length: pin(4)
	};
});
const receiveFrom = (function receiveFrom(fd, buffer, offset, length, source, flags = 0) {
	for (;;) {
		source.length.view.setUint32(0, ADDRESS_LEN, true);
		const result = libc().recvfrom(fd.number, buffer.at(offset), usize(length), flags, source.address.pointer, source.length.pointer);
		if (result >= 0) return result;
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) return -errno;
	}
});
const readTextFile = (function readTextFile(path, maxLen = 4096) {
	const name = pinString(path);
	const number = libc().open(name.pointer, 0 | O_CLOEXEC);
	const errno = lastErrno();
	keepAlive(name);
	if (number === -1) throw new SyscallError("open", errno);
	using file = new Fd(number);
	let text = pin(Math.min(maxLen, FIRST_LEN));
	let length = 0;
	while (length < maxLen) {
		if (length === text.bytes.length) {
			const longer = pin(Math.min(maxLen, 4 * length));
			longer.bytes.set(text.bytes);
			text = longer;
		}
		const result = libc().read(file.number, text.at(length), usize(text.bytes.length - length));
		if (result === 0) break;
		if (result > 0) {
			length += result;
			continue;
		}
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) throw new SyscallError("read", errno);
	}
	return new TextDecoder().decode(text.bytes.subarray(0, length));
});
const environmentVariable = (function environmentVariable(name) {
	const text = pinString(name);
	const value = libc().getenv(text.pointer);
	keepAlive(text);
	return readString(value);
});
const localPortRange = (function localPortRange() {
	let text;
	try {
		text = readTextFile("/proc/sys/net/ipv4/ip_local_port_range");
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return [...DEFAULT_LOCAL_PORTS];
	}
	return parsePortRange(text) ?? [...DEFAULT_LOCAL_PORTS];
});
const parsePortRange = (function parsePortRange(text) {
	const match = /^\s*(\d{1,5})\s+(\d{1,5})\s*$/.exec(text);
	if (match === null) return void 0;
	const low = Number(match[1]);
	const high = Number(match[2]);
	return low >= 1 && low <= high && high <= 65535 ? [low, high] : void 0;
});
const readTimespecMs = (function readTimespecMs(view, at) {
	return view.getUint32(at + timespec.tv_sec, true) * 1e3 + view.getUint32(at + timespec.tv_nsec, true) / 1e6;
});
const realtimeMs = (function realtimeMs() {
	clock ??= pin(timespec.size);
	libc().clock_gettime(0, clock.pointer);
	return readTimespecMs(clock.view, 0);
});
const quote = (function quote(text) {
	const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
	return JSON.stringify(cut).replace(/[^\x20-\x7e\u00a1-\u024f]/g, escape);
});
const threadNumbers = (function threadNumbers() {
	const name = pinString("/proc/self/task");
	const folder = libc().opendir(name.pointer);
	const errno = lastErrno();
	keepAlive(name);
	if (folder === null) throw new SyscallError("opendir", errno);
	const numbers = [];
	for (let entry = libc().readdir(folder); entry !== null; entry = libc().readdir(folder)) {
		const number = Number(Deno.UnsafePointerView.getCString(entry, dirent.d_name));
		if (number > 0) numbers.push(number);
	}
	libc().closedir(folder);
	return numbers;
});
const inEveryThread = (function inEveryThread(name, args, isDone) {
	if (threadNumbers().every(isDone)) return;
	const process = BigInt(Deno.pid);
	handle(BigInt(installed(callCode(syscallNumber(name), args, Deno.build.arch))));
	try {
		const lastMs = performance.now() + PATIENT_MS;
		for (;;) {
			const missing = threadNumbers().filter(((thread) => !isDone(thread)));
			if (missing.length === 0) return;
			if (performance.now() > lastMs) throw new SyscallError(name, ERRNO.ETIME);
			for (const thread of missing) signal(process, thread);
			libc().poll(null, 0n, 1);
		}
	} finally {
		handle(SIG_IGN$1);
	}
});
const effectiveUser = (function effectiveUser() {
	return libc().geteuid();
});
const canOpenRaw = (function canOpenRaw() {
	try {
		using _raw = openSocket(2, 3, 255);
		return true;
	} catch (error) {
		if (error instanceof SyscallError && REFUSALS.has(error.errno)) return false;
		throw error;
	}
});
const capabilities = (function capabilities(thread = 0) {
	const header = capabilityHeader(thread);
	const data = pin(2 * __user_cap_data_struct.size);
	check(libc().capget(header.pointer, data.pointer), "capget");
	keepAlive(header);
	const set = ((field) => BigInt(data.view.getUint32(field, true)) | BigInt(data.view.getUint32(__user_cap_data_struct.size + field, true)) << 32n);
	return {
		effective: set(__user_cap_data_struct.effective),
		permitted: set(__user_cap_data_struct.permitted),
		inheritable: set(__user_cap_data_struct.inheritable)
	};
});
const setOf = (function setOf(numbers) {
	return numbers.reduce(((set, number) => set | 1n << BigInt(number)), 0n);
});
const capabilityData = (function capabilityData({ effective, permitted, inheritable }) {
	const data = pin(2 * __user_cap_data_struct.size);
	const put = ((field, set) => {
		data.view.setUint32(field, Number(set & 4294967295n), true);
		data.view.setUint32(__user_cap_data_struct.size + field, Number(set >> 32n), true);
	});
	put(__user_cap_data_struct.effective, effective);
	put(__user_cap_data_struct.permitted, permitted);
	put(__user_cap_data_struct.inheritable, inheritable);
	return data;
});
const setCapabilities = (function setCapabilities(wanted) {
	const header = capabilityHeader();
	const data = capabilityData(wanted);
	check(libc().capset(header.pointer, data.pointer), "capset");
	keepAlive([header, data]);
});
const dropCapabilities = (function dropCapabilities(keep = []) {
	const kept = capabilities().permitted & setOf(keep);
	setCapabilities({
		effective: kept,
		permitted: kept,
		inheritable: 0n
	});
});
const dropCapabilitiesEverywhere = (function dropCapabilitiesEverywhere(keep) {
	dropCapabilities(keep);
	const header = capabilityHeader();
	const data = capabilityData({
		effective: 0n,
		permitted: 0n,
		inheritable: 0n
	});
	const own = syscall("gettid");
	inEveryThread("capset", [header.address, data.address], ((thread) => thread === own || hasNone(thread)));
	keepAlive([header, data]);
});
const hasNone = (function hasNone(thread) {
	try {
		const { effective, permitted, inheritable } = capabilities(thread);
		return (effective | permitted | inheritable) === 0n;
	} catch (error) {
		if (error instanceof SyscallError && error.errno === ERRNO.ESRCH) return true;
		throw error;
	}
});
const capabilityHeader = (function capabilityHeader(thread = 0) {
	const header = pin(__user_cap_header_struct.size);
	header.view.setUint32(__user_cap_header_struct.version, _LINUX_CAPABILITY_VERSION_3, true);
	header.view.setInt32(__user_cap_header_struct.pid, thread, true);
	return header;
});
const forbidNewPrivileges = (function forbidNewPrivileges() {
	check(libc().prctl(38, 1n, 0n, 0n, 0n), "prctl");
});
const forbidTracing = (function forbidTracing() {
	check(libc().prctl(4, 0n, 0n, 0n, 0n), "prctl");
});
const takeGroups = (function takeGroups(name, gid) {
	if (name === void 0) {
		check(libc().setgroups(0n, null), "setgroups");
		return;
	}
	const text = pinString(name);
	check(libc().initgroups(text.pointer, gid), "initgroups");
	keepAlive(text);
});
const becomeUser = (function becomeUser({ uid, gid }, keep = []) {
	check(libc().setresgid(gid, gid, gid), "setresgid");
	if (keep.length > 0) check(libc().prctl(8, 1n, 0n, 0n, 0n), "prctl");
	check(libc().setresuid(uid, uid, uid), "setresuid");
});
const assembleBpf = (function assembleBpf(rows) {
	const labels = /* @__PURE__ */ new Map();
	const instructions = [];
	for (const row of rows) if (typeof row === "string") labels.set(row.slice(0, -1), instructions.length);
	else instructions.push(row);
	const program = new Uint8Array(instructions.length * sock_filter.size);
	const view = new DataView(program.buffer);
	instructions.forEach(((row, index) => {
		const distance = ((label) => {
			const distance = ((label === "next" ? index + 1 : labels.get(label)) ?? -1) - index - 1;
			if (distance < 0 || distance > MAX_JUMP || index + 1 + distance >= instructions.length) throw new Error(`Cannot jump from row ${index} to ${label}: no such label within ${MAX_JUMP} rows ahead`);
			return distance;
		});
		const at = index * sock_filter.size;
		if (isJump(row)) {
			view.setUint16(at + sock_filter.code, JUMPS[row[0]], true);
			view.setUint32(at + sock_filter.k, row[1], true);
			view.setUint8(at + sock_filter.jt, distance(row[2]));
			view.setUint8(at + sock_filter.jf, distance(row[3]));
		} else {
			view.setUint16(at + sock_filter.code, SIMPLE[row[0]], true);
			view.setUint32(at + sock_filter.k, row[1] ?? 0, true);
		}
	}));
	return program;
});
const isJump = (function isJump(row) {
	return row[0] in JUMPS;
});
const rejectAll = (function rejectAll() {
	return assembleBpf([["ret", 0]]);
});
const grouped = (function grouped(value) {
	return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
});
const counted = (function counted(count, one, many = `${one}s`) {
	return `${grouped(count)} ${count === 1 ? one : many}`;
});
const perSecond = (function perSecond(number) {
	return `${number} probe${number === "1" ? "" : "s"}/s`;
});
const spanText = (function spanText(ms) {
	if (ms < 99.5) return `${Math.round(Math.max(0, ms))} ms`;
	const seconds = ms / 1e3;
	if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
	if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	const minutes = Math.round(seconds / 60);
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
});
const lossEachWay = (function lossEachWay(loss) {
	return 1 - Math.sqrt(1 - Math.min(1, loss));
});
const lossText = (function lossText(loss) {
	return loss === null ? "loss unknown" : `${shareText(loss)} loss`;
});
const shareText = (function shareText(share) {
	const percent = share * 100;
	if (percent === 0) return "0 %";
	if (percent < .1) return "under 0.1 %";
	return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
});
const printable = (function printable(text) {
	return text.replace(UNPRINTABLE, "?");
});
const jsonText = (function jsonText(value) {
	if (typeof value === "number") return `${value}`;
	return JSON.stringify(value).replace(UNPRINTABLE, ((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
});
const isIdentified = (function isIdentified(finding) {
	return finding !== void 0 && finding.confidence > 0;
});
const field = (function field(name, type, doc, get, { sparse = false, plain = true, varies = false, isDetected = false } = {}) {
	return {
		name,
		type,
		doc,
		sparse,
		plain,
		varies,
		isDetected,
		get
	};
});
const detected = (function detected(name, type, doc, get) {
	const value = (({ finding }) => finding === void 0 ? void 0 : get(finding));
	return field(name, type, doc, value, {
		plain: false,
		sparse: true,
		isDetected: true
	});
});
const style = (function style(start, end) {
	const [open, close] = [`\x1b[${start}m`, `\x1b[${end}m`];
	return ((str) => isEnabled ? open + str.replaceAll(close, open) + close : str);
});
const wrappedLines = (function wrappedLines(text, columns) {
	if (columns === void 0) return text;
	return text.split("\n").map(((line) => wrapped(line, columns).join("\n"))).join("\n");
});
const lossBothWays = (function lossBothWays(loss) {
	return lossText(loss) + (loss !== null && loss > 0 ? ` (${shareText(lossEachWay(loss))} each way)` : "");
});
const noticedIn = (function noticedIn(summary) {
	const { late, finAcks, cappedHosts, sendRetries, receiveDrops, expectedWrong } = summary;
	const noticed = [];
	if (late > 0) noticed.push(`${counted(late, "late reply", "late replies")}`);
	if (finAcks > 0) noticed.push(`${counted(finAcks, "reply", "replies")} of FIN and ACK without SYN`);
	if (cappedHosts > 0) noticed.push(`${counted(cappedHosts, "host")} with a limited rate of replies`);
	if (sendRetries > 0) noticed.push(`no room to send ${counted(sendRetries, "time")}`);
	if (receiveDrops > 0) noticed.push(`${counted(receiveDrops, "packet")} dropped on arrival`);
	if (expectedWrong >= .45) noticed.push(`${expectedWrong.toFixed(1)} results expected to be wrong`);
	return noticed;
});
const closingLines = (function closingLines(summary, options, { techniques = 1, ofHosts = 0 } = {}) {
	const { hosts, probes, elapsedMs, ratePps, loss, undecided } = summary;
	const isOne = techniques === 1;
	const decided = undecided === 0 ? "" : ` (${isOne ? grouped(undecided) : counted(undecided, "result")} undecided)`;
	const byTechniques = isOne ? "" : ` by ${techniques} techniques`;
	const ports = techniques === 0 ? "" : `, ${counted(Math.ceil(probes / techniques), "port")}${byTechniques}${decided}`;
	const { color, quiet, columns } = options;
	const lines = ((text) => wrappedLines(text, columns));
	if (quiet === true) return "";
	const ofAll = summary.ended === "done" || ofHosts <= hosts ? "" : `${grouped(hosts)} of `;
	let text = `synscan ${ENDINGS[summary.ended]}: ${ofAll}${counted(ofAll === "" ? hosts : ofHosts, "host")} (${statesOfHosts(summary)})${ports} in ${spanText(elapsedMs)}; ${perSecond(grouped(ratePps))}, ${lossBothWays(loss)}\n`;
	const noticed = noticedIn(summary);
	if (noticed.length > 0) text += `Noticed: ${noticed.join(", ")}\n`;
	text = lines(text);
	for (const remark of remarksOn(summary).map(lines)) text += `${color ? yellow(remark) : remark}\n`;
	return text;
});
const remarksOn = (function remarksOn({ warnings, trusted }) {
	const remarks = warnings.map(((warning) => `Warning: ${printable(warning)}`));
	return trusted ? remarks : [...remarks, "Not to be trusted in full"];
});
const statesOfHosts = (function statesOfHosts({ hostsUp, hostsAbsent, hostsSilent }) {
	return [
		`${grouped(hostsUp)} up`,
		...hostsAbsent > 0 ? [`${grouped(hostsAbsent)} absent`] : [],
		...hostsSilent > 0 ? [`${grouped(hostsSilent)} silent`] : []
	].join(", ");
});
const notesByHost = (function notesByHost({ notes }) {
	return Map.groupBy(notes, (({ ip }) => ip));
});
const shownService = (function shownService({ service, finding }, isMarked = finding !== void 0) {
	if (isIdentified(finding)) return serviceText(finding);
	return service === void 0 ? "unknown" : isMarked ? `${service}?` : service;
});
const showsReasons = (function showsReasons({ fields, reason, verbosity }) {
	return fields === void 0 ? reason || verbosity > 0 : fields.some((({ name }) => name === "reason"));
});
const columnsFor = (function columnsFor(options, several) {
	const { fields, verbosity } = options;
	if (fields !== void 0) return fields.flatMap((({ name }) => COLUMNS.filter((({ field }) => field === name))));
	const usual = COLUMNS.slice(0, verbosity > 1 ? 7 : showsReasons(options) ? 4 : USUAL_COLUMNS);
	return several ? usual.toSpliced(USUAL_COLUMNS, 0, TECHNIQUE) : usual;
});
const rowsText = (function rowsText(rows, columns, { color, columns: room = 1e400 }, notes) {
	const cells = columns.map((({ title, text }) => [title, ...rows.map(((row) => text(row, notes)))]));
	const widths = cells.map(((column) => column.reduce(((width, cell) => Math.max(width, cell.length)), 0)));
	let used = -1;
	const separators = widths.map(((width, at) => {
		used += 1 + width;
		if (used <= room || at === 0) return at === 0 ? "" : " ";
		used = 2 + width;
		return "\n  ";
	}));
	let text = "";
	for (let line = 0; line <= rows.length; line++) {
		const state = rows[line - 1]?.state;
		text += columns.map((({ field }, at) => {
			const cell = cells[at]?.[line] ?? "";
			const padded = at === columns.length - 1 || separators[at + 1] !== " " ? cell : cell.padEnd(widths[at] ?? 0);
			return separators[at] + (color && state !== void 0 && field === "state" ? stateColor(state, padded) : padded);
		})).join("").trimEnd() + "\n";
	}
	return text;
});
const isOfLink = (function isOfLink({ hostsOnly, targets, targetLists = [], interface: name }) {
	return hostsOnly === true && name !== void 0 && [targets].flat().length === 0 && targetLists.length === 0;
});
const technique = (function technique(usage, name, help, more = {}) {
	const set = (({ scan }) => scan.technique = scan.technique === void 0 ? name : [...[scan.technique].flat(), name]);
	return flag(usage, help, {
		...more,
		isTechnique: true,
		set
	});
});
const portPing = (function portPing(usage, kind, port, help) {
	return flag(usage, help, {
		mayTake: PING_PORTS,
		byDefault: `${port}`,
		set: ((line, value, flag) => addPings(line, (value === "true" ? [port] : parsePingPorts(value, flag)).map(((port) => `${kind}:${port}`))))
	});
});
const inGroup = (function inGroup(group, flags) {
	return flags.map(((flag) => ({
		also: [],
		...flag,
		group
	})));
});
const flag = (function flag(usage, help, more) {
	const [spellings = "", takes] = usage.split(" ");
	const [name = "", ...also] = spellings.split("|");
	return {
		name,
		also,
		help,
		...more,
		...takes === void 0 ? {} : { takes }
	};
});
const report = (function report(name, short, format, help, more = {}) {
	return {
		name,
		also: [short],
		takes: "FILE",
		help,
		writes: true,
		set: ((line, value, flag) => line.outputs.push({
			format,
			path: outputPath(line, value),
			flag
		})),
		...more
	};
});
const printed = (function printed(name, format, help, more) {
	const set = (({ outputs }, _value, flag) => {
		if (!outputs.some(((output) => output.flag === flag))) outputs.push({
			format,
			path: "-",
			flag
		});
	});
	return {
		name,
		help,
		set,
		...more
	};
});
const flagNamed = (function flagNamed(name) {
	const flag = SPELLINGS.get(name);
	if (flag === void 0) throw new TypeError(`There is no flag ${name}`);
	return flag;
});
const commonOptions = (function commonOptions(effective) {
	return effective.filter((({ name }) => {
		return GROUPS_OF_OPTIONS.includes(flagNamed(name).group) && !OF_ONE_SHARD.has(name) || OF_CONTENTS.has(name);
	})).map((({ name, value }) => value === "true" ? name : `${name} ${value}`)).sort();
});
const refuseContradictions = (function refuseContradictions(line, spelled) {
	const asTyped = ((name) => {
		const flag = SPELLINGS.get(name);
		return flag === void 0 ? void 0 : spelled.get(flag);
	});
	for (const [one, other, why] of exclusiveAmong(((name) => asTyped(name) !== void 0))) {
		const [first, second] = [asTyped(one), asTyped(other)];
		if (first !== void 0 && second !== void 0) throw new UsageError(`Cannot use ${first} together with ${second}: ${why}`);
	}
	const techniques = TECHNIQUE_FLAGS.flatMap(((name) => asTyped(name) ?? []));
	if (line.scan.scanFlags !== void 0 && techniques.length > 1) throw new UsageError(`Cannot use --scanflags together with ${techniques.join(" and ")}: the flags are those of one probe. Scan once with each`);
	const { minRatePps, maxRatePps, timeoutMs, maxRttTimeoutMs, shard, seed } = line.scan;
	if ((minRatePps ?? 0) > (maxRatePps ?? 1e400)) throw new UsageError(`Cannot use --min-rate ${minRatePps} with --max-rate ${maxRatePps}: the minimum is above the maximum`);
	if ((timeoutMs ?? 0) > (maxRttTimeoutMs ?? 1e400)) throw new UsageError(`Cannot use ${asTyped("--timeout")} with this --max-rtt-timeout: ${timeoutMs} ms is longer than ${maxRttTimeoutMs} ms`);
	if (shard !== void 0 && shard.count > 1 && seed === void 0) throw new UsageError("Cannot use --shard without --seed: all shards must use the same random order. Give every shard the same --seed N");
	if (line.checkpoint === "-") throw new UsageError("Cannot write a checkpoint to standard output. Name a file");
	if (line.db === "-") throw new UsageError("Cannot write a history to standard output. Name a file");
	if (line.outputs.filter((({ path }) => path === "-")).length > 1) throw new UsageError("Cannot write two reports to standard output. Write one of them to a file");
	const why = whyNoFields(line);
	if (why !== void 0) throw new UsageError(why);
	if (line.reason && hasTable(line) && line.fields?.some((({ name }) => name === "reason")) === false) throw new UsageError("Cannot use --reason together with these --fields: reason is none of them. Add it, or leave out --reason");
	if (line.action === "dry-run") refuseReportsOfNothing(line.outputs);
	if (line.action === "list") refuseReportsOfPorts("-sL", line.outputs, FORMATS_OF_LISTS);
	if (asTyped("--ping-scan") !== void 0) refuseReportsOfPorts("-sn", line.outputs, FORMATS_OF_HOSTS);
	if (line.changed && line.db === void 0) throw new UsageError("Cannot use --changed without a history to compare with. Name it with --db FILE");
	if ([
		...line.targetFiles,
		...line.excludeFiles,
		line.portsFile
	].filter(((path) => path === "-")).length > 1) throw new UsageError("Cannot read standard input twice. Use - for one of the files only");
});
const whyNoFields = (function whyNoFields({ fields, outputs }) {
	if (fields === void 0 || outputs.some((({ format }) => format === "json" || format === "csv"))) return void 0;
	if (!hasTable({ outputs }) || fields.some((({ name }) => TABLE_FIELDS.has(name)))) return void 0;
	return `Cannot make a table of --fields ${fields.map((({ name }) => name)).join(",")}: it has columns for ${[...TABLE_FIELDS].join(", ")}. Add one of these, or write --json or -oC -`;
});
const exclusiveAmong = (function exclusiveAmong(has) {
	const findsHosts = [...PING_FLAGS, "--ping-arp"].some(has);
	return EXCLUSIVE.filter((([one, other]) => !(has("--syn") && other === "--syn-options") && !(findsHosts && one === "--connect" && DISCOVERY_FLAGS.includes(other))));
});
const pairsOf = (function pairsOf(names, why) {
	return names.flatMap(((one, at) => names.slice(at + 1).map(((other) => [
		one,
		other,
		why
	]))));
});
const statusOf = (function statusOf(summary) {
	if (summary.ended === "interrupted") return EXIT.interrupted;
	return summary.ended === "done" && summary.trusted ? EXIT.done : EXIT.untrusted;
});
const isColored = (function isColored({ color }, system) {
	const { stdoutIsTerminal, colorAllowed } = system;
	const isColored = color === "always" || color === "auto" && stdoutIsTerminal && colorAllowed && !isDumb(system);
	if (isColored) setColorEnabled(true);
	return isColored;
});
const lineWidth = (function lineWidth(system) {
	const columns = system.stdoutIsTerminal ? system.columns() : 0;
	return columns > 0 ? columns - 1 : void 0;
});
const remarksOnStderr = (function remarksOnStderr(line, summary) {
	const { format } = outputsOf(line).find((({ path }) => path === "-"));
	return line.quiet && format !== "json" ? remarksOn(summary) : [];
});
const outputsOf = (function outputsOf({ outputs }) {
	return outputs.some((({ path }) => path === "-")) ? outputs : [{
		format: "table",
		path: "-",
		flag: ""
	}, ...outputs];
});
const readLink = (function readLink(path) {
	const [name, target] = [pinString(path), pin(PATH_ROOM)];
	const length = check(libc().readlink(name.pointer, target.pointer, usize(PATH_ROOM)), "readlink");
	keepAlive(name);
	return new TextDecoder().decode(target.bytes.subarray(0, length));
});
const checksum = (function checksum(values, hash = FNV_OFFSET) {
	for (let at = 0; at < values.length; at++) hash = Math.imul(hash ^ values[at], FNV_PRIME);
	return hash >>> 0;
});
const bytesOf = (function bytesOf(words) {
	return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
});
const beginningOf = (function beginningOf(kind) {
	return `{"synscan":"${kind}"`;
});
const headOf = (function headOf(kind, scan) {
	const line = `${beginningOf(kind)},"version":${10},"scan":"${scan}"}`;
	return new TextEncoder().encode(line.padEnd(71) + "\n");
});
const recordWords = (function recordWords(bodyLength) {
	return RECORD_WORDS + bodyLength + bodyLength % 2;
});
const writeRecord = (function writeRecord(words, at, record, seed) {
	const { kind, pass, timeMs, body } = record;
	const end = at + recordWords(body.length);
	words[end - 1] = 0;
	words[at + 1] = kind | pass << PASS_SHIFT;
	words[at + 2] = body.length;
	words[at + 3] = 0;
	new Float64Array(words.buffer)[at / 2 + TIME] = timeMs;
	words.set(body, at + RECORD_WORDS);
	words[at] = checksum(words.subarray(at + 1, end), seed);
	return end;
});
const whyNot = (function whyNot(error) {
	if (error instanceof Deno.errors.NotFound) return "no such file or directory";
	if (error instanceof Deno.errors.PermissionDenied) return /^permission denied to /.test(error.message) ? error.message : "permission denied";
	if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
	if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no directory";
	if (error instanceof Deno.errors.InvalidData) return "it is not text in UTF-8";
	const message = error instanceof Error ? error.message : String(error);
	const system = /^(.*?) \(os error \d+\)/.exec(message)?.[1] ?? message.split("\n")[0] ?? "";
	return system.charAt(0).toLowerCase() + system.slice(1);
});
const writeAll = (async function writeAll(write, bytes, patience) {
	let waits = 0;
	for (let at = 0; at < bytes.length;) try {
		const writing = write(bytes.subarray(at));
		at += await (patience?.bound(writing) ?? writing);
		waits = 0;
	} catch (error) {
		if (!(error instanceof Deno.errors.WouldBlock)) throw error;
		const retry = new Promise(((resolve) => setTimeout(resolve, Math.min(waits++, RETRY_MS))));
		await (patience?.bound(retry, false) ?? retry);
	}
});
const stdoutSink = (function stdoutSink(system, beforeWrite = (() => {}), patience) {
	const text = new Utf8Buffer();
	return {
		async add(piece) {
			if (piece.length > 0) beforeWrite();
			try {
				await writeAll(((bytes) => system.writeStdout(bytes)), text.only(piece), patience);
			} catch (error) {
				if (error instanceof Deno.errors.BrokenPipe) throw new ClosedPipe();
				if (error instanceof StalledReader) throw stalled("standard output");
				throw new CannotScanError(`Cannot write to standard output: ${whyNot(error)}`);
			}
		},
		written: (() => ({ bytes: null })),
		sync: (() => Promise.resolve()),
		finish: (() => {}),
		discard: (() => {}),
		[Symbol.dispose]: (() => {})
	};
});
const scanOptions = (async function scanOptions(line, scanner, system) {
	if (!system.isAllowed({ name: "ffi" })) throw new CannotScanError("Cannot scan: synscan calls the system's C library. Add --allow-ffi to deno run");
	const { exclude } = line;
	const namesInHistory = line.targets.filter(((target) => target.startsWith("@")));
	const targets = line.targets.filter(((target) => !target.startsWith("@")));
	const found = await targetsFound(namesInHistory, line, system);
	const targetLists = await readLists(line.targetFiles, "-iL", system);
	const excludeLists = await readLists(line.excludeFiles, "--exclude-file", system);
	targetLists.push(...found);
	const ports = await readPorts(line, system);
	const iid = await readIids(line, system);
	const options = {
		hostnames: "auto",
		...line.scan,
		...iid,
		...ports,
		targets,
		targetLists,
		exclude,
		excludeLists
	};
	if (targets.length > 0 || targetLists.length > 0 || isOfLink(options)) return options;
	if (!system.stdinIsTerminal || !system.stdoutIsTerminal) throw new UsageError("Cannot scan: no target. Name an address, a block, a range or a name, or read them with -iL FILE (- is standard input)");
	return {
		...options,
		...await askForTarget(line, scanner, system)
	};
});
const targetsFound = (async function targetsFound(names, line, system) {
	if (names.length === 0) return [];
	const { openHistory } = await import("./history.js").then(((n) => n.t));
	using history = await openHistory(line.db, {
		write: false,
		why: `to scan ${names[0]}`
	}, system);
	return names.map(((name) => {
		const text = history.targets(name, line.scan.technique).join("\n");
		const [scan = "", ...state] = name.split(":");
		line.targets[line.targets.indexOf(name)] = [`@${history.scan(scan).id}`, ...state].join(":");
		return {
			name,
			text
		};
	}));
});
const readPorts = (async function readPorts({ portsFile }, system) {
	if (portsFile === void 0) return {};
	const [list] = await readLists([portsFile], "--ports-file", system);
	const ports = list.text.replaceAll(/#.*/g, "");
	if (ports.trim() === "") throw new UsageError(`Cannot scan: no port in ${quote(list.name)}. Name at least one`);
	return { ports };
});
const readIids = (async function readIids({ scan: { iid } }, system) {
	const [, path] = /^set:(.*)$/s.exec(iid ?? "") ?? [];
	if (path === void 0) return {};
	if (path === "") throw new UsageError("Cannot use --iid set: without a file. Name it behind the colon");
	return { iid: `set:${await readText(path, "--iid", system)}` };
});
const readLists = (async function readLists(paths, flag, system) {
	const lists = [];
	for (const path of paths) lists.push(path === "-" ? {
		name: "standard input",
		text: await readStdin(flag, system)
	} : {
		name: path,
		text: await readText(path, flag, system)
	});
	return lists;
});
const readText = (async function readText(path, flag, system) {
	if (!system.isAllowed({
		name: "read",
		path
	})) throw noRightTo(`Cannot read ${quote(path)}: ${flag}`, "read");
	try {
		return await system.readFile(path);
	} catch (error) {
		const message = `Cannot read ${quote(path)} for ${flag}: ${whyNot(error)}`;
		const options = { cause: error };
		throw error instanceof Deno.errors.PermissionDenied ? new CannotScanError(message, options) : new UsageError(message, options);
	}
});
const currentFolder = (function currentFolder(system) {
	return system.isAllowed({ name: "read" }) ? Deno.cwd() : null;
});
const filesOf = (function filesOf(line) {
	const { outputs, checkpoint, db, targetFiles, excludeFiles, portsFile, vendorsFile, configPath } = line;
	const files = outputs.map((({ path }) => ({
		path,
		what: REPORT
	})));
	if (checkpoint !== void 0) for (const path of [
		checkpoint,
		draftPath(checkpoint),
		journalPath(checkpoint)
	]) files.push({
		path,
		what: CHECKPOINT
	});
	if (db !== void 0) for (const suffix of ["", ...DATABASE_SUFFIXES]) files.push({
		path: `${db}${suffix}`,
		what: HISTORY
	});
	for (const path of targetFiles) files.push({
		path,
		what: "targets",
		isRead: "are read"
	});
	for (const path of excludeFiles) files.push({
		path,
		what: "exclusions",
		isRead: "are read"
	});
	if (portsFile !== void 0) files.push({
		path: portsFile,
		what: "ports",
		isRead: "are read"
	});
	if (vendorsFile !== void 0) files.push({
		path: vendorsFile,
		what: "vendors",
		isRead: "are read"
	});
	if (line.subcommand === "merge") for (const path of line.operands) files.push({
		path,
		what: "results",
		isRead: "are read"
	});
	if (configPath !== void 0) files.push({
		path: configPath,
		what: "the configuration",
		isRead: "is read"
	});
	return files.filter((({ path }) => path !== "-" && path !== "/dev/null"));
});
const refuseSharedFiles = (function refuseSharedFiles(files, idOf) {
	const written = /* @__PURE__ */ new Map();
	for (const file of files) {
		if (file.isRead !== void 0) continue;
		const id = idOf(file);
		if (id === void 0) continue;
		const other = written.get(id);
		if (other === void 0) written.set(id, file);
		else if (!isOnePlace(other, file)) throw shared(other, file);
	}
	for (const file of files) {
		const id = file.isRead === void 0 ? void 0 : idOf(file);
		const other = id === void 0 ? void 0 : written.get(id);
		if (other !== void 0) throw shared(other, file);
	}
});
const emptyCommandLine = (function emptyCommandLine(typedAtMs) {
	return {
		typedAtMs,
		action: "scan",
		subcommand: void 0,
		operands: [],
		effective: [],
		configPath: void 0,
		scan: {},
		targets: [],
		exclude: [],
		targetFiles: [],
		excludeFiles: [],
		portsFile: void 0,
		vendorsFile: void 0,
		outputs: [],
		fields: void 0,
		filter: void 0,
		db: void 0,
		changed: false,
		openOnly: false,
		reason: false,
		verbosity: 0,
		packetTrace: false,
		quiet: false,
		color: "auto",
		checkpoint: void 0,
		progress: true,
		keys: true,
		statsEveryMs: void 0
	};
});
const readArguments = (function readArguments(args) {
	const subcommand = SUBCOMMANDS.find((({ name }) => name === args[0]));
	const given = [];
	const operands = [];
	let at = subcommand === void 0 ? 0 : 1;
	const give = ((flag, spelling, attached, mayTakeNext = true) => {
		const next = mayTakeNext ? args[at] : void 0;
		const follows = attached === void 0 && next !== void 0 && mayFollow(flag, next);
		if (follows) {
			at++;
			refuseFlagLike(flag, spelling, next);
		}
		const value = checked(flag, spelling, follows ? next : attached);
		if (flag.onlyTyped !== true || value !== "false") given.push({
			name: flag.name,
			spelling,
			value
		});
	});
	while (at < args.length) {
		const arg = args[at++] ?? "";
		if (arg === "--") {
			const rest = args.slice(at);
			const flag = subcommand === void 0 ? rest.find(((each) => each.startsWith("-"))) : void 0;
			if (flag !== void 0) throw new UsageError(`Cannot scan ${quote(flag)}: behind --, everything is a target. Write flags before it`);
			operands.push(...rest);
			break;
		}
		if (!arg.startsWith("-") || arg === "-") {
			if (arg === "-") throw new UsageError("Cannot scan \"-\": not a target. Read targets from standard input with -iL -");
			if (arg === "") throw new UsageError("Cannot scan \"\": an empty target");
			refuseTypographicDash(arg);
			if (subcommand === void 0) {
				if (args[at - 2] === given.at(-1)?.spelling) refuseTruth(arg, args[at - 2]);
				refuseMisplaced(arg, operands, given);
			}
			operands.push(arg);
		} else if (subcommand?.name === "help" && SPELLINGS.has(arg) && SPELLINGS.get(arg).name !== "--help") operands.push(arg);
		else if (arg.startsWith("--")) {
			const equals = arg.indexOf("=");
			const spelling = equals < 0 ? arg : arg.slice(0, equals);
			give(SPELLINGS.get(spelling) ?? refuseUnknown(spelling), spelling, equals < 0 ? void 0 : arg.slice(equals + 1));
		} else {
			const cluster = shortFlags(arg);
			cluster.forEach((({ flag, spelling, value }, at) => give(flag, spelling, value, at === cluster.length - 1)));
		}
	}
	return {
		subcommand,
		given,
		operands
	};
});
const refuseMisplaced = (function refuseMisplaced(arg, operands, given) {
	const misplaced = SUBCOMMANDS.find((({ name }) => name === arg));
	const fits = (({ name }) => GENERAL.includes(name) || misplaced?.flags.includes(name));
	if (misplaced !== void 0 && operands.length === 0 && given.length > 0 && given.every(fits)) throw new UsageError(`Cannot scan ${quote(arg)}: a subcommand comes first. Write synscan ${arg}, then its flags; for a host of that name, put -- before it`);
	if (!/^\d{1,5}(?:[-,]\d{1,5})*$/.test(arg)) return;
	const last = given.at(-1);
	const hint = last?.name === "--ports" && operands.length === 0 ? `Did you mean ${last.spelling} ${last.value.replace(/,$/, "")},${arg}?` : `For a port, write -p ${arg}`;
	throw new UsageError(`Cannot scan ${quote(arg)}: not a target. ${hint}`);
});
const refuseTruth = (function refuseTruth(arg, spelling) {
	if (arg !== "true" && arg !== "false") return;
	throw new UsageError(`Cannot scan ${quote(arg)}: not a target. Did you mean ${spelling}=${arg}? For a host of that name, put -- before it`);
});
const refuseResolvers = (function refuseResolvers(given) {
	const suspect = given.find((({ spelling }) => spelling === "-r"));
	if (suspect === void 0) return;
	throw new UsageError(`Cannot use -r ${shown(suspect.value)} beside other targets: for DNS servers, as with naabu, write --dns-servers ${shown(suspect.value)}; for a target, leave out -r`);
});
const refuseTypographicDash = (function refuseTypographicDash(arg) {
	const { flag } = /^\p{Dash}+(?<flag>[a-z].*)$/isu.exec(arg)?.groups ?? {};
	if (flag === void 0) return;
	const dashes = SPELLINGS.has(`--${flag.replace(/=.*/s, "")}`) ? "--" : "-";
	throw new UsageError(`Cannot read ${quote(arg)}: its dash is not the one that flags begin with. Write ${shown(dashes + flag)}`);
});
const checked = (function checked(flag, spelling, value) {
	if (isSwitch(flag)) {
		if (value === void 0 || value === "true") return "true";
		if (value === "false") return value;
		throw new UsageError(`Cannot give ${spelling} the value ${quote(value)}: it takes only true or false`);
	}
	if (value === void 0 && takesNothing(flag)) return "true";
	if (value === void 0 || value === "") throw new UsageError(`Cannot use ${spelling} without a value. Write ${missing(spelling, flag.takes ?? "", flag.ifMissing)}`);
	if (takesNothing(flag) && value !== "true" && !flag.mayTake?.test(value)) throw new UsageError(`Cannot give ${spelling} the value ${quote(value)}: it takes none`);
	return value;
});
const parseCommandLine = (function parseCommandLine(args, config = [], { folder, configPath, typedAtMs = Date.now() } = {}) {
	const taken = "given" in args ? args : readArguments(args);
	const { subcommand, given, operands } = taken;
	const all = effective(taken, config, {
		folder,
		typedAtMs
	});
	const spelled = new Map(all.map((({ name, spelling }) => [flagNamed(name), spelling])));
	const values = Map.groupBy(all, (({ name }) => name));
	const line = emptyCommandLine(typedAtMs);
	for (const flag of FLAGS) {
		const given = values.get(flag.name)?.map((({ value }) => value));
		if (given === void 0) continue;
		const spelling = spelled.get(flag) ?? flag.name;
		if (given.length > 1 && flag.repeats !== true) refuseTwice(flag, spelling, given);
		for (const value of given) flag.set(line, value, spelling);
	}
	line.effective = all;
	line.configPath = configPath;
	line.subcommand = subcommand?.name;
	if (subcommand === void 0) {
		if (operands.length > 0 || line.targetFiles.length > 0) refuseResolvers(given);
		line.targets.push(...operands);
	}
	if (subcommand !== void 0) line.operands.push(...operands);
	if (line.action.startsWith("help") || line.action === "version") return line;
	if (subcommand !== void 0) refuseForeignTo(subcommand, line, given);
	refuseContradictions(line, spelled);
	refuseSharedFiles(filesOf(line), (({ path }) => placeOf(path, folder)));
	return line;
});
const effective = (function effective({ given: typed, operands, subcommand }, config, { folder, typedAtMs }) {
	const names = new Set(typed.map((({ name }) => name)));
	const asked = reportsOf(typed, typedAtMs);
	const writesToStdout = asked.outputs.some((({ path }) => path === "-"));
	const typedPlaces = new Set(filesOf(asked).map((({ path }) => placeOf(path, folder))));
	const choosesTechnique = TECHNIQUE_FLAGS.some(((name) => names.has(name)));
	const namesTargets = operands.length > 0 || TARGET_FLAGS.some(((name) => names.has(name)));
	const isPutAside = (({ format, path }) => writesToStdout && path === "-" || typedPlaces.has(placeOf(path, folder)) || names.has("--dry-run") && !(path === "-" && FORMATS_OF_DRY_RUNS.has(format)) || names.has("--list-scan") && !FORMATS_OF_LISTS.has(format));
	const rivals = [...RIVALS, ...exclusiveAmong(((name) => names.has(name)))];
	const all = [...config.filter(((given) => {
		const { name, value } = given;
		if (isSwitch(flagNamed(name)) && value === "false") return false;
		if (names.has(name) && flagNamed(name).addsToConfig !== true) return false;
		if (subcommand !== void 0 && (!subcommand.flags.includes(name) || isReport(given))) return false;
		if (namesTargets && TARGET_FLAGS.includes(name)) return false;
		if (choosesTechnique && (TECHNIQUE_FLAGS.includes(name) || name === "--scanflags")) return false;
		if (isReport(given) && reportsOf([given], typedAtMs).outputs.some(isPutAside)) return false;
		return !rivals.some((([one, other]) => one === name && names.has(other) || other === name && names.has(one)));
	})), ...typed].filter((({ name, value }) => !(isSwitch(flagNamed(name)) && value === "false")));
	if (names.has("--fields") || whyNoFields(reportsOf(all, typedAtMs)) === void 0) return all;
	return subcommand !== void 0 || names.has("--dry-run") || names.has("--list-scan") || typed.some(isReport) ? all.filter((({ name }) => name !== "--fields")) : all;
});
const isReport = (function isReport({ name }) {
	return name === "--json" || name === "--ip-port" || name === "--all-files" || flagNamed(name).writes === true;
});
const reportsOf = (function reportsOf(given, typedAtMs) {
	const line = emptyCommandLine(typedAtMs);
	for (const each of given) {
		const flag = flagNamed(each.name);
		if (flag.takes === "FILE" || flag.takes === "BASE" || flag.name === "--fields" || isReport(each) && each.value !== "false") flag.set(line, each.value, each.spelling);
	}
	return line;
});
const refuseFlagLike = (function refuseFlagLike({ takes = "", ifMissing }, spelling, next) {
	if (!next.startsWith("-") || next === "-") return;
	const isFile = takes === "FILE" || takes === "BASE";
	if (!isFile && (takes === "PORTS" || !/^-[a-z]/i.test(next))) return;
	throw new UsageError(`Cannot use ${spelling} without a value: ${quote(next)} looks like a flag. ` + (isFile ? `For a file of that name, write ${spelling} ./${shown(next)}` : `Write ${missing(spelling, takes, ifMissing)}`));
});
const mayFollow = (function mayFollow(flag, next) {
	if (takesNothing(flag)) return flag.mayTake?.test(next) ?? false;
	return !SPELLINGS.has(next) && !(next.startsWith("--") && next.length > 2);
});
const shortFlags = (function shortFlags(arg) {
	const whole = SPELLINGS.get(arg);
	if (whole !== void 0) return [{
		flag: whole,
		spelling: arg,
		value: void 0
	}];
	const spelling = arg.slice(0, 3);
	const value = arg.slice(3).replace(/^=/, "");
	const two = SPELLINGS.get(spelling);
	if (two?.mayTake?.test(value)) return [{
		flag: two,
		spelling,
		value
	}];
	const { name = "", value: afterEquals } = /^-(?<name>[a-z][a-z0-9-]+)(=(?<value>.*))?$/s.exec(arg)?.groups ?? {};
	const long = SPELLINGS.get(`--${name}`);
	if (long !== void 0) return [{
		flag: long,
		spelling: `-${name}`,
		value: afterEquals
	}];
	refuseLongForeign(name);
	if (two?.mayTake === PING_PORTS && value !== "") throw new UsageError(`Cannot use ${shown(arg)}: ports of pings are numbers. Write them as in ${spelling}22,80-82`);
	const foreign = FOREIGN_SHORT.exec(arg)?.[0];
	if (foreign !== void 0 && foreignFlags()[foreign] !== void 0) refuseUnknown(foreign);
	const techniques = /^-s([A-Z]{2,})$/.exec(arg)?.[1];
	if (techniques !== void 0) return [...techniques].flatMap(((letter) => shortFlags(`-s${letter}`)));
	const found = [];
	for (let at = 1; at < arg.length; at++) {
		if (at > 1 && TWO_LETTERS.test(arg.slice(at)) && SPELLINGS.has(`-${arg.slice(at, at + 2)}`)) return [...found, ...shortFlags(`-${arg.slice(at)}`)];
		const spelling = `-${arg.charAt(at)}`;
		const flag = SPELLINGS.get(spelling) ?? refuseUnknown(foreignFlags()[spelling] === void 0 || !isCluster(arg, at) ? arg : spelling);
		const rest = arg.slice(at + 1);
		if (!takesNothing(flag)) {
			refuseMistakenWord(flag, spelling, {
				arg,
				value: rest
			});
			return [...found, {
				flag,
				spelling,
				value: rest === "" ? void 0 : rest.replace(/^=/, "")
			}];
		}
		const value = rest.replace(/^=/, "");
		if (flag.mayTake?.test(value)) return [...found, {
			flag,
			spelling,
			value
		}];
		found.push({
			flag,
			spelling,
			value: void 0
		});
	}
	return found;
});
const configFor = (async function configFor({ given, subcommand }, system) {
	if (subcommand !== void 0 && !subcommand.flags.includes("--config")) return NONE;
	const names = given.map((({ name }) => name));
	if (names.includes("--help") || names.includes("--version")) return NONE;
	const named = given.filter((({ name }) => name === "--config"));
	if (names.includes("--no-config")) {
		if (named.length === 0) return NONE;
		throw new UsageError("Cannot use --config together with --no-config: they contradict each other");
	}
	const name = named.at(-1)?.value;
	if (name !== void 0) return {
		path: name,
		given: parseConfig(await readText(name, "--config", system), name)
	};
	const mayReadEnv = ["HOME", "XDG_CONFIG_HOME"].every(((variable) => system.isAllowed({
		name: "env",
		variable
	})));
	const path = usualPath(((variable) => mayReadEnv ? system.env(variable) : system.environ(variable)));
	if (path === void 0) return NONE;
	if (!mayReadEnv || !system.isAllowed({
		name: "read",
		path
	})) {
		if (system.mayExist(path)) refuseHidden(path, subcommand?.name, system);
		return NONE;
	}
	try {
		return {
			path,
			given: parseConfig(await readText(path, "the configuration", system), path)
		};
	} catch (error) {
		if (isMissing(error) && !system.mayExist(path)) return NONE;
		throw error;
	}
});
const isMissing = (function isMissing(error) {
	return error instanceof Error && (error.cause instanceof Deno.errors.NotFound || error.cause instanceof Deno.errors.NotADirectory);
});
const usualPath = (function usualPath(env) {
	const home = env("HOME");
	const folder = env("XDG_CONFIG_HOME");
	if (folder?.startsWith("/")) return `${folder}/synscan/config.json`;
	return home?.startsWith("/") ? `${home}/.config/synscan/config.json` : void 0;
});
const denyingFilter = (function denyingFilter(machine = Deno.build.arch) {
	const { nr, arch, args } = seccomp_data;
	const arg = ((index) => args + 8 * index);
	const number = ((name) => syscallNumber(name, machine));
	const isX86 = machine === "x86_64";
	return assembleBpf([
		["ld", arch],
		[
			"jeq",
			isX86 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64,
			"next",
			"deny"
		],
		["ld", nr],
		...isX86 ? [[
			"jge",
			X32_BIT,
			"deny",
			"next"
		]] : [],
		...DENIED.map(number).filter(((known) => known >= 0)).map(((known) => [
			"jeq",
			known,
			"deny",
			"next"
		])),
		[
			"jeq",
			number("socket"),
			"socket",
			"next"
		],
		[
			"jeq",
			number("ioctl"),
			"ioctl",
			"next"
		],
		[
			"jeq",
			number("clone3"),
			"absent",
			"next"
		],
		[
			"jeq",
			number("clone"),
			"clone",
			"allow"
		],
		"socket:",
		["ld", arg(0)],
		[
			"jeq",
			1,
			"allow",
			"next"
		],
		[
			"jeq",
			16,
			"allow",
			"next"
		],
		[
			"jeq",
			2,
			"type",
			"next"
		],
		[
			"jeq",
			10,
			"type",
			"deny"
		],
		"type:",
		["ld", arg(1)],
		["and", SOCK_TYPE_MASK],
		[
			"jeq",
			3,
			"deny",
			"allow"
		],
		"ioctl:",
		["ld", arg(1)],
		[
			"jeq",
			TIOCSTI,
			"deny",
			"next"
		],
		[
			"jeq",
			TIOCLINUX,
			"deny",
			"allow"
		],
		"clone:",
		["ld", arg(0)],
		[
			"jset",
			NEW_NAMESPACE,
			"deny",
			"allow"
		],
		"allow:",
		["ret", SECCOMP_RET_ALLOW],
		"deny:",
		["ret", SECCOMP_RET_ERRNO | ERRNO.EPERM],
		"absent:",
		["ret", SECCOMP_RET_ERRNO | ERRNO.ENOSYS]
	]);
});
const filterEveryThread = (function filterEveryThread(program) {
	const rows = pinBytes(program);
	const fprog = pin(sock_fprog.size);
	fprog.view.setUint16(sock_fprog.len, program.length / sock_filter.size, true);
	fprog.view.setBigUint64(sock_fprog.filter, rows.address, true);
	const { address } = fprog;
	const thread = syscall("seccomp", BigInt(1), BigInt(1), address);
	keepAlive([rows, fprog]);
	if (thread !== 0) throw new SyscallError("seccomp", ERRNO.ESRCH);
});
const invokingUser = (function invokingUser() {
	if (effectiveUser() !== 0 || ROOT_SHELL.test(environmentVariable("SUDO_COMMAND") ?? "")) return void 0;
	const uid = readId(environmentVariable("SUDO_UID"));
	if (uid === void 0 || uid === 0) return void 0;
	const gid = readId(environmentVariable("SUDO_GID"));
	const name = environmentVariable("SUDO_USER");
	return {
		uid,
		gid: gid === void 0 || gid === 0 ? NOBODY_USER.gid : gid,
		...name && name !== "root" ? { name } : {}
	};
});
const readId = (function readId(text) {
	if (text === void 0 || !/^\d{1,10}$/.test(text)) return void 0;
	const id = Number(text);
	return id < NO_ID ? id : void 0;
});
const chooseLaterUser = (function chooseLaterUser(files) {
	const invoking = invokingUser();
	if (invoking !== void 0) {
		attempt$1([], "", (() => takeGroups(invoking.name, invoking.gid)));
		return invoking;
	}
	if (effectiveUser() !== 0 || files.length === 0) return NOBODY_USER;
	attempt$1([], "", (() => takeGroups(void 0, 0)));
	const owners = files.map(ownerOfFolder).filter(((owner) => owner !== void 0));
	return [NOBODY_USER, ...owners].find(((user) => files.every(((file) => mayReplaceAs(user, file))))) ?? ROOT;
});
const describeUser = (function describeUser({ uid, name }) {
	if (uid === 0) return "root";
	return name === void 0 ? `user ${uid}` : `${name} (user ${uid})`;
});
const dropPrivileges = (function dropPrivileges(sendsPackets, options) {
	if (!options.dropPrivileges || isDropped) return [];
	isDropped = true;
	const user = typeof options.dropPrivileges === "object" ? options.dropPrivileges : invokingUser() ?? NOBODY_USER;
	const keep = sendsPackets ? [] : connectCapabilities(options);
	const notes = [];
	const wasRoot = effectiveUser() === 0;
	if (wasRoot) {
		attempt$1(notes, "Supplementary groups stay", (() => takeGroups(user.name === "nobody" ? void 0 : user.name, user.gid)));
		attempt$1(notes, "The process stays root", (() => becomeUser(user, keep)));
	}
	attempt$1(notes, "Some threads keep their capabilities", (() => dropCapabilitiesEverywhere(keep)));
	forbidTracing();
	forbidNewPrivileges();
	const isFiltered = attempt$1(notes, "System calls are not filtered", (() => filterEveryThread(denyingFilter())));
	if (!isFiltered) attempt$1(notes, "Some threads may gain privileges", forbidNewPrivilegesEverywhere);
	const who = wasRoot && effectiveUser() === user.uid ? ` as ${describeUser(user)}` : "";
	const denied = isFiltered ? `; ${DENIED.length} system calls are denied` : "";
	return [`The scan continues${who} with ${capabilitiesText(keep)}${denied}`, ...notes];
});
const capabilitiesText = (function capabilitiesText(keep) {
	if (keep.length === 0) return "no capabilities";
	return `${keep.map(((number) => number === 13 ? "CAP_NET_RAW" : "CAP_NET_BIND_SERVICE")).join(" and ")}, to bind the socket of each connection`;
});
const attempt$1 = (function attempt$1(notes, consequence, action) {
	try {
		action();
		return true;
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		notes.push(`${consequence}: ${error.message}`);
		return false;
	}
});
const outputIsFile = (function outputIsFile() {
	return libc().lseek(STDOUT, 0n, SEEK_CUR) >= 0n;
});
const isIgnored = (function isIgnored(signal) {
	const present = pin(SIGACTION_LEN);
	check(libc().sigaction(SIGNALS$1[signal], null, present.pointer), "sigaction");
	keepAlive(present);
	return present.view.getBigUint64(SA_HANDLER, true) === SIG_IGN;
});
const ignore = (function ignore(signal) {
	const ignored = pin(SIGACTION_LEN);
	ignored.view.setBigUint64(SA_HANDLER, SIG_IGN, true);
	check(libc().sigaction(SIGNALS$1[signal], ignored.pointer, null), "sigaction");
	keepAlive(ignored);
});
const denoSystem = (function denoSystem() {
	const encoder = new TextEncoder();
	let later;
	if (isAllowed({ name: "ffi" })) ignore("SIGXFSZ");
	return {
		stdinIsTerminal: Deno.stdin.isTerminal(),
		stdoutIsTerminal: Deno.stdout.isTerminal(),
		stderrIsTerminal: Deno.stderr.isTerminal(),
		colorAllowed: !Deno.noColor,
		columns: terminalColumns,
		env: ((variable) => isAllowed({
			name: "env",
			variable
		}) ? Deno.env.get(variable) : void 0),
		environ: ((name) => isAllowed({ name: "ffi" }) ? environmentVariable(name) : void 0),
		hostname: (() => isAllowed({
			name: "sys",
			kind: "hostname"
		}) ? Deno.hostname() : void 0),
		isAllowed,
		writeStdout,
		writeStderr: ((text) => writeQuietly(encoder.encode(text))),
		readStdin: async () => decodeText(await new Response(Deno.stdin.readable).bytes()),
		readFile,
		identify: ((place) => {
			if (!isAllowed({ name: "ffi" })) return void 0;
			return typeof place === "string" ? identify(place) : identifyDescriptor(place);
		}),
		mayExist: ((path) => isAllowed({
			name: "read",
			path
		}) ? isThere(path) : isAllowed({ name: "ffi" }) && mayExist(path)),
		effectiveUser: (() => isAllowed({ name: "ffi" }) ? effectiveUser() : void 0),
		openOutput: ((path, options) => withRightsOf(isAllowed({ name: "ffi" }) ? invokingUser() : void 0, (() => openFile(path, options)))),
		laterUser: ((files) => later = chooseLaterUser(files)),
		asLaterUser: ((action) => withRightsOf(later, action)),
		ask: ((question, offered) => prompt(question, offered)),
		onSignal: listen,
		inForeground,
		setRaw: ((isRaw) => Deno.stdin.setRaw(isRaw, { cbreak: isRaw })),
		readTyped,
		stopSelf,
		exit: ((status) => Deno.exit(status))
	};
});
const isAllowed = (function isAllowed(permission) {
	return Deno.permissions.querySync(permission).state === "granted";
});
const isThere = (function isThere(path) {
	try {
		Deno.lstatSync(path);
		return true;
	} catch (error) {
		return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
	}
});
const readFile = (async function readFile(path) {
	const { isBlockDevice, isCharDevice, rdev } = await Deno.stat(path);
	if (isBlockDevice || isCharDevice && rdev !== NULL_DEVICE && path !== "/dev/stdin") throw new TypeError("it is a device. Name a file or a pipe");
	return decodeText(await Deno.readFile(path));
});
const writeStdout = (async function writeStdout(bytes) {
	outputNeedsNoWait ??= !Deno.stdout.isTerminal() && isAllowed({ name: "ffi" }) && outputIsFile();
	return outputNeedsNoWait ? Deno.stdout.writeSync(bytes) : await Deno.stdout.write(bytes);
});
const listen = (function listen(signals, callback) {
	if (ignoredSignals === void 0) {
		ignoredSignals = isAllowed({ name: "ffi" }) ? SIGNALS.filter(isIgnored) : [];
		refuseDebugger();
	}
	const ignored = ignoredSignals;
	const listeners = signals.filter(((signal) => !ignored.includes(signal))).map(((signal) => ({
		signal,
		listener: (() => callback(signal))
	})));
	for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
	ignored.forEach(ignore);
	return { [Symbol.dispose]: (() => {
		for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
	}) };
});
const refuseDebugger = (function refuseDebugger() {
	if (!isAllowed({ name: "ffi" })) return;
	const listener = (() => {});
	Deno.addSignalListener("SIGUSR1", listener);
	Deno.removeSignalListener("SIGUSR1", listener);
	ignore("SIGUSR1");
});
const run = (async function run(scanner) {
	Deno.exit(await main(Deno.args, scanner, denoSystem()));
});
const main = (async function main(args, scanner, system) {
	let config;
	try {
		const typed = readArguments(args);
		config = await configFor(typed, system);
		const taken = {
			...typed,
			given: await withShardOfJob(typed.given, system)
		};
		const configured = await withShardOfJob(config.given, system);
		const line = parseCommandLine(taken, configured, {
			folder: folderOf(system),
			configPath: config.path
		});
		switch (line.action) {
			case "help":
			case "help-all": {
				const topic = line.targets.find(((word) => HELP_TOPICS.includes(word)));
				if (topic !== void 0) return await helpOn(topic, system);
				return await help({
					all: line.action === "help-all",
					subcommand: taken.subcommand
				}, system);
			}
			case "version": return await print(`synscan ${VERSION$2}\n`, system);
			case "dry-run": return await (await import("./rest.js").then(((n) => n.v))).dryRun(line, scanner, system);
			case "list": return await (await import("./rest.js").then(((n) => n.k))).listScan(args, line, scanner, system);
			case "print-config": return await print(configText(line.effective, line.targets), system);
			case "scan": return line.subcommand === void 0 ? await new (await (import("./scan.js").then(((n) => n.c)))).Session(args, line, scanner, system).run() : await runSubcommand(line.subcommand, {
				args,
				line,
				given: taken.given
			}, scanner, system);
		}
	} catch (error) {
		const status = reportError(namingConfig(error, config), system);
		return args[0] === "diff" ? DIFF_STATUS.trouble : status;
	}
});
const withShardOfJob = (async function withShardOfJob(given, system) {
	const auto = given.find((({ name, value }) => name === "--shard" && value === "auto"));
	if (auto === void 0) return given;
	const { shardOfJob } = await import("./rest.js").then(((n) => n.j));
	return given.with(given.indexOf(auto), {
		...auto,
		value: shardOfJob({
			env: ((name) => system.env(name)),
			isAllowed: ((permission) => system.isAllowed(permission))
		})
	});
});
const folderOf = (function folderOf(system) {
	try {
		return currentFolder(system) ?? void 0;
	} catch {
		return;
	}
});


// ffi/constants.ts
const AT_FDCWD = -100;
const AT_EACCESS = 512;
const O_WRONLY = 1;
const O_RDWR = 2;
const O_CREAT = 64;
const O_EXCL = 128;
const O_NOCTTY = 256;
const O_NONBLOCK = 2048;
const O_NOFOLLOW = Deno.build.arch === "x86_64" ? 131072 : 32768;
const O_CLOEXEC = 524288;
const AT_SYMLINK_NOFOLLOW = 256;
const AT_EMPTY_PATH = 4096;
const S_IFMT = 61440;
const S_IFSOCK = 49152;
const S_IFLNK = 40960;
const S_IFREG = 32768;
const S_IFBLK = 24576;
const S_IFDIR = 16384;
const S_IFCHR = 8192;
const S_IFIFO = 4096;
const STATX_BASIC_STATS = 2047;
const CLONE_NEWNS = 131072;
const CLONE_NEWCGROUP = 33554432;
const CLONE_NEWUTS = 67108864;
const CLONE_NEWIPC = 134217728;
const CLONE_NEWUSER = 268435456;
const CLONE_NEWPID = 536870912;
const CLONE_NEWNET = 1073741824;
const X_OK = 1;
const W_OK = 2;
const RLIMIT_NOFILE = 7;
const PR_SET_DUMPABLE = 4;
const PR_SET_KEEPCAPS = 8;
const PR_SET_NO_NEW_PRIVS = 38;
const _LINUX_CAPABILITY_VERSION_3 = 537396514;
const CAP_CHOWN = 0;
const CAP_DAC_OVERRIDE = 1;
const CAP_DAC_READ_SEARCH = 2;
const CAP_FOWNER = 3;
const AF_UNSPEC = 0;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 2048;
const SOCK_CLOEXEC = 524288;
const SOL_SOCKET = 1;
const SOL_PACKET = 263;
const SO_ERROR = 4;
const SO_LINGER = 13;
const SO_BINDTODEVICE = 25;
const SO_ATTACH_FILTER = 26;
const SO_MEMINFO = 55;
const MSG_ERRQUEUE = 8192;
const MSG_NOSIGNAL = 16384;
const IPPROTO_TCP = 6;
const IPPROTO_RAW = 255;
const TCP_INFO = 11;
const TCP_SYN_SENT = 2;
const SA_RESTART = 268435456;
const TIOCSTI = 21522;
const TIOCLINUX = 21532;
const EPOLL_CLOEXEC = 524288;
const EPOLLRDHUP = 8192;
const EPOLLET = 2147483648;
const EPOLLONESHOT = 1073741824;
const SK_MEMINFO_DROPS = 8;
const SOF_TIMESTAMPING_OPT_TSONLY = 2048;
const ETH_P_IP = 2048;
const ETH_P_ARP = 2054;
const ETH_P_IPV6 = 34525;
const IFF_UP = 1;
const IFF_NOARP = 128;
const IFF_LOWER_UP = 65536;
const IFNAMSIZ = 16;
const PACKET_STATISTICS = 6;
const SECCOMP_SET_MODE_FILTER = 1;
const SECCOMP_FILTER_FLAG_TSYNC = 1;
const SECCOMP_RET_ERRNO = 327680;
const SECCOMP_RET_ALLOW = 2147418112;
const AUDIT_ARCH_X86_64 = 3221225534;
const AUDIT_ARCH_AARCH64 = 3221225655;
const BPF_LD = 0;
const BPF_LDX = 1;
const BPF_ALU = 4;
const BPF_JMP = 5;
const BPF_RET = 6;
const BPF_MISC = 7;
const BPF_W = 0;
const BPF_H = 8;
const BPF_B = 16;
const BPF_ABS = 32;
const BPF_IND = 64;
const BPF_MSH = 160;
const BPF_ADD = 0;
const BPF_AND = 80;
const BPF_LSH = 96;
const BPF_JEQ = 16;
const BPF_JGT = 32;
const BPF_JGE = 48;
const BPF_JSET = 64;
const BPF_K = 0;
const BPF_X = 8;
const BPF_TAX = 0;
const SKF_AD_OFF = -4096;
const SKF_AD_PKTTYPE = 4;
const PACKET_HOST = 0;
const PACKET_BROADCAST = 1;
const NLM_F_EXCL = 512;
const NLM_F_CREATE = 1024;
const NLA_F_NESTED = 32768;
const NLA_F_NET_BYTEORDER = 16384;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
const RTM_NEWNEIGH = 28;
const RTM_DELNEIGH = 29;
const RTM_GETNEIGH = 30;
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const RTM_NEWNEIGHTBL = 64;
const RTM_GETNEIGHTBL = 66;
const RTMGRP_IPV6_ROUTE = 1024;
const RTM_F_LOOKUP_TABLE = 4096;
const RTM_F_FIB_MATCH = 8192;
const RTN_UNICAST = 1;
const RTN_LOCAL = 2;
const RTN_BROADCAST = 3;
const RTN_ANYCAST = 4;
const RTN_MULTICAST = 5;
const RTN_BLACKHOLE = 6;
const RTN_UNREACHABLE = 7;
const RTN_PROHIBIT = 8;
const RTA_DST = 1;
const RTA_SRC = 2;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_VIA = 18;
const RTA_IP_PROTO = 27;
const RTA_DPORT = 29;
const RTAX_MTU = 2;
const RTNH_F_DEAD = 1;
const RTNH_F_LINKDOWN = 16;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_STATS64 = 23;
const IFLA_CARRIER_CHANGES = 35;
const IFLA_PROP_LIST = 52;
const IFLA_ALT_IFNAME = 53;
const IFLA_INFO_KIND = 1;
const FRA_DST = 1;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NDA_CACHEINFO = 3;
const NDTA_NAME = 1;
const NDTA_THRESH3 = 4;
const NDTA_STATS = 7;
const NUD_INCOMPLETE = 1;
const NUD_REACHABLE = 2;
const NUD_STALE = 4;
const NUD_DELAY = 8;
const NUD_PROBE = 16;
const NUD_FAILED = 32;
const NUD_NOARP = 64;
const NUD_PERMANENT = 128;

// ffi/libc.ts
const SYMBOLS = {
	__errno_location: {
		parameters: [],
		result: "pointer"
	},
	strerror: {
		parameters: ["i32"],
		result: "pointer"
	},
	open: {
		parameters: ["pointer", "i32"],
		result: "i32"
	},
	openat: {
		parameters: [
			"i32",
			"pointer",
			"i32",
			"u32"
		],
		result: "i32"
	},
	pread: {
		parameters: [
			"i32",
			"buffer",
			"usize",
			"i64"
		],
		result: "i32"
	},
	write: {
		parameters: [
			"i32",
			"buffer",
			"usize"
		],
		result: "i32"
	},
	ftruncate: {
		parameters: ["i32", "i64"],
		result: "i32"
	},
	fdatasyncAside: {
		name: "fdatasync",
		parameters: ["i32"],
		result: "i32",
		nonblocking: true
	},
	readlink: {
		parameters: [
			"pointer",
			"pointer",
			"usize"
		],
		result: "i32"
	},
	unlink: {
		parameters: ["pointer"],
		result: "i32"
	},
	statx: {
		parameters: [
			"i32",
			"pointer",
			"i32",
			"u32",
			"pointer"
		],
		result: "i32"
	},
	read: {
		parameters: [
			"i32",
			"pointer",
			"usize"
		],
		result: "i32"
	},
	close: {
		parameters: ["i32"],
		result: "i32"
	},
	closeAside: {
		name: "close",
		parameters: ["i32"],
		result: "i32",
		nonblocking: true
	},
	lseek: {
		parameters: [
			"i32",
			"i64",
			"i32"
		],
		result: "i64"
	},
	getpgrp: {
		parameters: [],
		result: "i32"
	},
	tcgetpgrp: {
		parameters: ["i32"],
		result: "i32"
	},
	geteuid: {
		parameters: [],
		result: "u32"
	},
	getegid: {
		parameters: [],
		result: "u32"
	},
	setresuid: {
		parameters: [
			"u32",
			"u32",
			"u32"
		],
		result: "i32"
	},
	setresgid: {
		parameters: [
			"u32",
			"u32",
			"u32"
		],
		result: "i32"
	},
	setfsuid: {
		parameters: ["u32"],
		result: "u32"
	},
	setfsgid: {
		parameters: ["u32"],
		result: "u32"
	},
	syscall: {
		parameters: [
			"i64",
			"u64",
			"u64",
			"u64",
			"u64",
			"u64"
		],
		result: "i64"
	},
	getenv: {
		parameters: ["pointer"],
		result: "pointer"
	},
	opendir: {
		parameters: ["pointer"],
		result: "pointer"
	},
	readdir: {
		parameters: ["pointer"],
		result: "pointer"
	},
	closedir: {
		parameters: ["pointer"],
		result: "i32"
	},
	raise: {
		parameters: ["i32"],
		result: "i32"
	},
	sigaction: {
		parameters: [
			"i32",
			"pointer",
			"pointer"
		],
		result: "i32"
	},
	setgroups: {
		parameters: ["usize", "pointer"],
		result: "i32"
	},
	initgroups: {
		parameters: ["pointer", "u32"],
		result: "i32"
	},
	clock_gettime: {
		parameters: ["i32", "pointer"],
		result: "i32"
	},
	setns: {
		parameters: ["i32", "i32"],
		result: "i32"
	},
	mmap: {
		parameters: [
			"pointer",
			"usize",
			"i32",
			"i32",
			"i32",
			"i64"
		],
		result: "pointer"
	},
	mprotect: {
		parameters: [
			"pointer",
			"usize",
			"i32"
		],
		result: "i32"
	},
	munmap: {
		parameters: ["pointer", "usize"],
		result: "i32"
	},
	getrlimit: {
		parameters: ["i32", "pointer"],
		result: "i32"
	},
	setrlimit: {
		parameters: ["i32", "pointer"],
		result: "i32"
	},
	prctl: {
		parameters: [
			"i32",
			"u64",
			"u64",
			"u64",
			"u64"
		],
		result: "i32"
	},
	capget: {
		parameters: ["pointer", "pointer"],
		result: "i32"
	},
	capset: {
		parameters: ["pointer", "pointer"],
		result: "i32"
	},
	socket: {
		parameters: [
			"i32",
			"i32",
			"i32"
		],
		result: "i32"
	},
	bind: {
		parameters: [
			"i32",
			"pointer",
			"u32"
		],
		result: "i32"
	},
	connect: {
		parameters: [
			"i32",
			"pointer",
			"u32"
		],
		result: "i32"
	},
	listen: {
		parameters: ["i32", "i32"],
		result: "i32"
	},
	getsockname: {
		parameters: [
			"i32",
			"pointer",
			"pointer"
		],
		result: "i32"
	},
	setsockopt: {
		parameters: [
			"i32",
			"i32",
			"i32",
			"pointer",
			"u32"
		],
		result: "i32"
	},
	setsockoptAside: {
		name: "setsockopt",
		parameters: [
			"i32",
			"i32",
			"i32",
			"pointer",
			"u32"
		],
		result: "i32",
		nonblocking: true
	},
	getsockopt: {
		parameters: [
			"i32",
			"i32",
			"i32",
			"pointer",
			"pointer"
		],
		result: "i32"
	},
	sendto: {
		parameters: [
			"i32",
			"pointer",
			"usize",
			"i32",
			"pointer",
			"u32"
		],
		result: "i32"
	},
	recvfrom: {
		parameters: [
			"i32",
			"pointer",
			"usize",
			"i32",
			"pointer",
			"pointer"
		],
		result: "i32"
	},
	sendmmsg: {
		parameters: [
			"i32",
			"pointer",
			"u32",
			"i32"
		],
		result: "i32"
	},
	recvmmsg: {
		parameters: [
			"i32",
			"pointer",
			"u32",
			"i32",
			"pointer"
		],
		result: "i32"
	},
	poll: {
		parameters: [
			"pointer",
			"u64",
			"i32"
		],
		result: "i32"
	},
	ppollAside: {
		name: "ppoll",
		parameters: [
			"pointer",
			"u64",
			"pointer",
			"pointer"
		],
		result: "i32",
		nonblocking: true
	},
	epoll_create1: {
		parameters: ["i32"],
		result: "i32"
	},
	epoll_ctl: {
		parameters: [
			"i32",
			"i32",
			"i32",
			"pointer"
		],
		result: "i32"
	},
	epoll_wait: {
		parameters: [
			"i32",
			"pointer",
			"i32",
			"i32"
		],
		result: "i32"
	},
	getaddrinfoAside: {
		name: "getaddrinfo",
		parameters: [
			"pointer",
			"pointer",
			"pointer",
			"pointer"
		],
		result: "i32",
		nonblocking: true
	},
	freeaddrinfo: {
		parameters: ["pointer"],
		result: "void"
	},
	getnameinfoAside: {
		name: "getnameinfo",
		parameters: [
			"pointer",
			"u32",
			"pointer",
			"u32",
			"pointer",
			"u32",
			"i32"
		],
		result: "i32",
		nonblocking: true
	},
	gai_strerror: {
		parameters: ["i32"],
		result: "pointer"
	}
};
const SELDOM = [
	["statx", "strerror"],
	[
		"mmap",
		"munmap",
		"setsockoptAside"
	],
	["closeAside"],
	["listen"],
	[...[
		"setresuid",
		"setresgid",
		"setgroups",
		"prctl",
		"capget",
		"capset"
	], ...[
		"syscall",
		"opendir",
		"readdir",
		"closedir"
	]],
	[
		"getegid",
		"setfsuid",
		"setfsgid",
		"initgroups",
		"mprotect"
	],
	[
		"getpgrp",
		"tcgetpgrp",
		"raise",
		"setns",
		"getrlimit",
		"setrlimit"
	],
	[
		"connect",
		"getsockname",
		"epoll_create1",
		"epoll_ctl",
		"epoll_wait"
	],
	[
		"getaddrinfoAside",
		"freeaddrinfo",
		"gai_strerror"
	],
	["getnameinfoAside"],
	[
		"openat",
		"pread",
		"write",
		"ftruncate",
		"fdatasyncAside",
		"unlink",
		"readlink"
	]
];
const OFTEN = /* @__PURE__ */ new Set([...[
	"socket",
	"close",
	"connect",
	"setsockopt",
	"getsockopt",
	"epoll_ctl",
	"epoll_wait"
], ...[
	"poll",
	"sendto",
	"recvfrom",
	"sendmmsg",
	"recvmmsg"
]]);
const FURTHER = { struct: ["u8"] };
const FURTHER_ARGUMENT = /* @__PURE__ */ new Uint8Array(1);
const LIBRARY_NAMES = [
	"libc.so.6",
	`libc.musl-${Deno.build.arch}.so.1`,
	"libc.so"
];
let symbols;
let errnoWord;







// ffi/errno.ts
const ERRNO = {
	EPERM: 1,
	ENOENT: 2,
	ESRCH: 3,
	EINTR: 4,
	EIO: 5,
	ENXIO: 6,
	E2BIG: 7,
	EBADF: 9,
	EAGAIN: 11,
	ENOMEM: 12,
	EACCES: 13,
	EFAULT: 14,
	EBUSY: 16,
	EEXIST: 17,
	ENODEV: 19,
	ENOTDIR: 20,
	EISDIR: 21,
	EINVAL: 22,
	ENFILE: 23,
	EMFILE: 24,
	ENOTTY: 25,
	EFBIG: 27,
	ENOSPC: 28,
	ESPIPE: 29,
	EROFS: 30,
	EPIPE: 32,
	EDOM: 33,
	ERANGE: 34,
	ENOSYS: 38,
	ELOOP: 40,
	ENODATA: 61,
	ETIME: 62,
	ENOLINK: 67,
	EPROTO: 71,
	EBADMSG: 74,
	EOVERFLOW: 75,
	EUSERS: 87,
	ENOTSOCK: 88,
	EDESTADDRREQ: 89,
	EMSGSIZE: 90,
	EPROTOTYPE: 91,
	ENOPROTOOPT: 92,
	EPROTONOSUPPORT: 93,
	ESOCKTNOSUPPORT: 94,
	EOPNOTSUPP: 95,
	EPFNOSUPPORT: 96,
	EAFNOSUPPORT: 97,
	EADDRINUSE: 98,
	EADDRNOTAVAIL: 99,
	ENETDOWN: 100,
	ENETUNREACH: 101,
	ENETRESET: 102,
	ECONNABORTED: 103,
	ECONNRESET: 104,
	ENOBUFS: 105,
	EISCONN: 106,
	ENOTCONN: 107,
	ESHUTDOWN: 108,
	ETIMEDOUT: 110,
	ECONNREFUSED: 111,
	EHOSTDOWN: 112,
	EHOSTUNREACH: 113,
	EALREADY: 114,
	EINPROGRESS: 115,
	ESTALE: 116,
	EDQUOT: 122,
	ECANCELED: 125
};
const NAMES$1 = new Map(Object.entries(ERRNO).map((([name, errno]) => [errno, name])));
function errnoName(errno) {
	return NAMES$1.get(errno) ?? `errno ${errno}`;
}
var SyscallError = class extends Error {
	name = "SyscallError";
	syscall;
	errno;
	code;
	constructor(syscall, errno) {
		const code = errnoName(errno);
		super(`${syscall}: ${code} (${errnoText(errno)})`);
		this.syscall = syscall;
		this.errno = errno;
		this.code = code;
	}
};
function errnoText(errno) {
	const text = libc().strerror(errno);
	return text === null ? "unknown" : Deno.UnsafePointerView.getCString(text);
}



// ffi/memory.ts
var PinnedBuffer = class {
	bytes;
	view;
	pointer;
	address;
	#offsets = /* @__PURE__ */ new Map();
	constructor(length) {
		const buffer = new ArrayBuffer(Math.max(length, 1));
		this.bytes = new Uint8Array(buffer, 0, length);
		this.view = new DataView(buffer, 0, length);
		this.pointer = Deno.UnsafePointer.of(buffer);
		this.address = Deno.UnsafePointer.value(this.pointer);
	}
	static { this.prototype.at = (function(offset) {
		if (offset === 0) return this.pointer;
		return this.#offsets.get(offset) ?? this.PinnedBuffer$pointerAt(offset);
	}); }
	static { this.prototype.PinnedBuffer$pointerAt = (function(offset) {
		if (!(offset >= 0 && offset <= this.bytes.length)) throw new RangeError(`Cannot point at byte ${offset}: the buffer has ${this.bytes.length}`);
		const pointer = Deno.UnsafePointer.offset(this.pointer, offset);
		this.#offsets.set(offset, pointer);
		return pointer;
	}); }
};



let lastKept;


function viewOf(pointer, length) {
	return new DataView(Deno.UnsafePointerView.getArrayBuffer(pointer, length));
}
const BIGINT_COUNT = 4096;
const bigints = new Array(BIGINT_COUNT);

const MAP_FAILED = 18446744073709551615n;
var MappedMemory = class {
	pointer;
	buffer;
	view;
	words;
	#mapped = true;
	constructor(fd, length, flags = 1) {
		const pointer = libc().mmap(null, BigInt(length), 1 | 2, flags, fd, 0n);
		const errno = lastErrno();
		if (pointer === null || Deno.UnsafePointer.value(pointer) === MAP_FAILED) throw new SyscallError("mmap", errno);
		this.pointer = pointer;
		this.buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, length);
		this.view = new DataView(this.buffer);
		this.words = new Int32Array(this.buffer);
	}
	[Symbol.dispose]() {
		if (!this.#mapped) return;
		this.#mapped = false;
		const length = this.buffer.byteLength;
		this.buffer.transfer(0);
		check(libc().munmap(this.pointer, BigInt(length)), "munmap");
	}
};

// ffi/layout.ts
const sockaddr_in = {
	size: 16,
	sin_family: 0,
	sin_port: 2,
	sin_addr: 4
};
const sockaddr_in6 = {
	size: 28,
	sin6_family: 0,
	sin6_port: 2,
	sin6_addr: 8,
	sin6_scope_id: 24
};
const sockaddr_ll = {
	size: 20,
	sll_family: 0,
	sll_protocol: 2,
	sll_ifindex: 4,
	sll_halen: 11,
	sll_addr: 12
};
const sockaddr_nl = {
	size: 12,
	nl_family: 0,
	nl_pid: 4,
	nl_groups: 8
};
const pollfd = {
	size: 8,
	fd: 0,
	events: 4,
	revents: 6
};
const epoll_event = Deno.build.arch === "x86_64" ? {
	size: 12,
	events: 0,
	data: 4
} : {
	size: 16,
	events: 0,
	data: 8
};
const timespec = {
	size: 16,
	tv_sec: 0,
	tv_nsec: 8
};
const rlimit = {
	size: 16,
	rlim_cur: 0,
	rlim_max: 8
};
const iovec = {
	size: 16,
	iov_base: 0,
	iov_len: 8
};
const msghdr = {
	size: 56,
	msg_name: 0,
	msg_namelen: 8,
	msg_iov: 16,
	msg_iovlen: 24,
	msg_control: 32,
	msg_controllen: 40
};
const mmsghdr = {
	size: 64,
	msg_hdr: 0,
	msg_len: 56
};
const cmsghdr = {
	size: 16,
	cmsg_len: 0,
	cmsg_level: 8,
	cmsg_type: 12
};
const tcp_info = {
	tcpi_state: 0,
	tcpi_unacked: 24,
	tcpi_retrans: 36,
	tcpi_rtt: 68,
	tcpi_total_retrans: 100
};
const linger = {
	size: 8,
	l_onoff: 0,
	l_linger: 4
};
const sock_extended_err = {
	size: 16,
	ee_origin: 4,
	ee_type: 5,
	ee_code: 6,
	ee_info: 8,
	ee_data: 12
};
const scm_timestamping = { size: 48 };
const sock_filter = {
	size: 8,
	code: 0,
	jt: 2,
	jf: 3,
	k: 4
};
const sock_fprog = {
	size: 16,
	len: 0,
	filter: 8
};
const seccomp_data = {
	size: 64,
	nr: 0,
	arch: 4,
	args: 16
};
const sigaction = {
	size: 152,
	sa_flags: 136
};
const dirent = {
	size: 280,
	d_name: 19
};
const tpacket_req3 = {
	size: 28,
	tp_block_size: 0,
	tp_block_nr: 4,
	tp_frame_size: 8,
	tp_frame_nr: 12,
	tp_retire_blk_tov: 16
};
const tpacket_block_desc = {
	size: 48,
	"hdr.bh1.block_status": 8,
	"hdr.bh1.num_pkts": 12,
	"hdr.bh1.offset_to_first_pkt": 16
};
const tpacket3_hdr = {
	size: 48,
	tp_next_offset: 0,
	tp_sec: 4,
	tp_nsec: 8,
	tp_snaplen: 12,
	tp_net: 26
};
const tpacket_stats_v3 = {
	size: 12,
	tp_drops: 4
};
const nlmsghdr = {
	size: 16,
	nlmsg_len: 0,
	nlmsg_type: 4,
	nlmsg_flags: 6,
	nlmsg_seq: 8
};
const nlmsgerr = {
	size: 20,
	error: 0
};
const nlattr = {
	size: 4,
	nla_len: 0,
	nla_type: 2
};
const ifinfomsg = {
	size: 16,
	ifi_type: 2,
	ifi_index: 4,
	ifi_flags: 8
};
const ifaddrmsg = {
	size: 8,
	ifa_family: 0,
	ifa_prefixlen: 1,
	ifa_index: 4
};
const rtmsg = {
	size: 12,
	rtm_family: 0,
	rtm_dst_len: 1,
	rtm_src_len: 2,
	rtm_table: 4,
	rtm_type: 7,
	rtm_flags: 8
};
const rtnexthop = {
	size: 8,
	rtnh_len: 0,
	rtnh_flags: 2,
	rtnh_ifindex: 4
};
const fib_rule_hdr = {
	size: 12,
	family: 0,
	dst_len: 1
};
const ndmsg = {
	size: 12,
	ndm_family: 0,
	ndm_ifindex: 4,
	ndm_state: 8
};
const nda_cacheinfo = {
	size: 16,
	ndm_confirmed: 0
};
const ndtmsg = { size: 4 };
const ndt_stats = {
	size: 88,
	ndts_table_fulls: 80
};
const xfrm_userpolicy_info = {
	size: 168,
	"sel.family": 40,
	dir: 160
};
const addrinfo = {
	size: 48,
	ai_family: 4,
	ai_socktype: 8,
	ai_addrlen: 16,
	ai_addr: 24,
	ai_next: 40
};
const io_uring_params = { size: 120 };
const __user_cap_header_struct = {
	size: 8,
	version: 0,
	pid: 4
};
const __user_cap_data_struct = {
	size: 12,
	effective: 0,
	permitted: 4,
	inheritable: 8
};
const statx = {
	size: 256,
	stx_nlink: 16,
	stx_uid: 20,
	stx_mode: 28,
	stx_ino: 32,
	stx_size: 40,
	stx_dev_major: 136,
	stx_dev_minor: 140
};

// ffi/syscalls.ts
const NONE$1 = -1;
const SYSCALL_NUMBERS = {
	accept: [43, 202],
	accept4: [288, 242],
	acct: [163, 89],
	add_key: [248, 217],
	adjtimex: [159, 171],
	bpf: [321, 280],
	capset: [126, 91],
	chroot: [161, 51],
	clock_adjtime: [305, 266],
	clock_settime: [227, 112],
	clone: [56, 220],
	clone3: [435, 435],
	delete_module: [176, 106],
	execve: [59, 221],
	execveat: [322, 281],
	faccessat2: [439, 439],
	fanotify_init: [300, 262],
	finit_module: [313, 273],
	fsconfig: [431, 431],
	fsmount: [432, 432],
	fsopen: [430, 430],
	fspick: [433, 433],
	gettid: [186, 178],
	init_module: [175, 105],
	io_uring_enter: [426, 426],
	io_uring_register: [427, 427],
	io_uring_setup: [425, 425],
	ioctl: [16, 29],
	ioperm: [173, NONE$1],
	iopl: [172, NONE$1],
	kcmp: [312, 272],
	kexec_file_load: [320, 294],
	kexec_load: [246, 104],
	keyctl: [250, 219],
	listen: [50, 201],
	lookup_dcookie: [212, 18],
	mknod: [133, NONE$1],
	mknodat: [259, 33],
	modify_ldt: [154, NONE$1],
	mount: [165, 40],
	mount_setattr: [442, 442],
	move_mount: [429, 429],
	name_to_handle_at: [303, 264],
	open_by_handle_at: [304, 265],
	open_tree: [428, 428],
	perf_event_open: [298, 241],
	personality: [135, 92],
	pidfd_getfd: [438, 438],
	pivot_root: [155, 41],
	prctl: [157, 167],
	process_madvise: [440, 440],
	process_vm_readv: [310, 270],
	process_vm_writev: [311, 271],
	ptrace: [101, 117],
	quotactl: [179, 60],
	quotactl_fd: [443, 443],
	reboot: [169, 142],
	request_key: [249, 218],
	seccomp: [317, 277],
	setdomainname: [171, 162],
	sethostname: [170, 161],
	setns: [308, 268],
	settimeofday: [164, 170],
	socket: [41, 198],
	swapoff: [168, 225],
	swapon: [167, 224],
	syslog: [103, 116],
	tgkill: [234, 131],
	umount2: [166, 39],
	unshare: [272, 97],
	userfaultfd: [323, 282],
	vhangup: [153, 58]
};



// ffi/io_uring.ts


// ffi/fd.ts
var Fd = class {
	#number;
	#ring;
	constructor(number, ring = -1) {
		this.#number = number;
		this.#ring = ring;
	}
	get number() {
		return this.#number;
	}
	static { this.prototype.close = (function() {
		const number = this.Fd$giveUp();
		if (number === -1) return;
		libc().close(number);
		if (this.#ring !== -1) libc().close(this.#ring);
	}); }
	static { this.prototype.closeAside = (function() {
		if (this.#ring !== -1) return this.close();
		const number = this.Fd$giveUp();
		if (number !== -1) libc().closeAside(number);
	}); }
	[Symbol.dispose]() {
		this.close();
	}
	static { this.prototype.Fd$giveUp = (function() {
		const number = this.#number;
		this.#number = -1;
		return number;
	}); }
};
function raiseDescriptorLimit() {
	const value = pin(rlimit.size);
	check(libc().getrlimit(7, value.pointer), "getrlimit");
	const soft = value.view.getBigUint64(rlimit.rlim_cur, true);
	const hard = value.view.getBigUint64(rlimit.rlim_max, true);
	if (soft >= hard) return Number(soft);
	value.view.setBigUint64(rlimit.rlim_cur, hard, true);
	return Number(libc().setrlimit(7, value.pointer) === -1 ? soft : hard);
}

// ffi/socket.ts
const ADDRESS_LEN = 128;
let scratchMemory;




function pinInet4(address, port) {
	const pinned = pin(sockaddr_in.size);
	writeInet4(pinned.view, 0, address, port);
	return pinned;
}

const BROADCAST = (/* @__PURE__ */ new Uint8Array(6)).fill(255);
function pinBroadcast(interfaceIndex, protocol) {
	return pinGroup(interfaceIndex, protocol, BROADCAST);
}
function pinGroup(interfaceIndex, protocol, hardwareAddress) {
	const pinned = pin(sockaddr_ll.size);
	const { view, bytes } = pinned;
	writeLink(view, 0, interfaceIndex, protocol);
	view.setUint8(sockaddr_ll.sll_halen, hardwareAddress.length);
	bytes.set(hardwareAddress, sockaddr_ll.sll_addr);
	return pinned;
}


function connectInet4(fd, address, port) {
	for (;;) {
		if (libc().connect(fd.number, inet4(address, port), sockaddr_in.size) !== -1) return 0;
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) return errno;
	}
}
function listen$1(fd, backlog) {
	check(libc().listen(fd.number, backlog), "listen");
}
function getSocketName(fd) {
	const { address, length } = scratch();
	length.view.setUint32(0, ADDRESS_LEN, true);
	check(libc().getsockname(fd.number, address.pointer, length.pointer), "getsockname");
	return {
		address: address.view.getUint32(sockaddr_in.sin_addr),
		port: address.view.getUint16(sockaddr_in.sin_port)
	};
}


function send(fd, buffer, length) {
	const result = libc().sendto(fd.number, buffer.pointer, usize(length), MSG_NOSIGNAL, null, 0);
	return result < 0 ? -lastErrno() : result;
}
function receive(fd, buffer, offset, length) {
	for (;;) {
		const result = libc().recvfrom(fd.number, buffer.at(offset), usize(length), 0, null, null);
		if (result >= 0) return result;
		const errno = lastErrno();
		if (errno !== ERRNO.EINTR) return -errno;
	}
}



// ffi/system.ts
const FIRST_LEN = 16384;


function kernelVersion() {
	try {
		const [, major, minor] = /^(\d+)\.(\d+)/.exec(readTextFile("/proc/sys/kernel/osrelease")) ?? [];
		return Number(major ?? 0) * 1e3 + Number(minor ?? 0);
	} catch (error) {
		if (!(error instanceof SyscallError)) throw error;
		return 0;
	}
}
const DEFAULT_LOCAL_PORTS = [32768, 60999];


let clock;


const NETSTAT_LEN = 65536;
const NOT_DELIVERED = [...[
	"InHdrErrors",
	"InTooBigErrors",
	"InNoRoutes",
	"InAddrErrors",
	"InUnknownProtos",
	"InTruncatedPkts",
	"InDiscards"
], ...[
	"ForwDatagrams",
	"OutForwDatagrams",
	"InMcastPkts",
	"InBcastPkts",
	"ReasmReqds"
]];
function inputDrops(family) {
	const counts = family === 4 ? ipv4Counters() : ipv6Counters();
	const count = (name) => counts.get(name) ?? 0;
	const reversePath = count("IPReversePathFilter");
	const taken = NOT_DELIVERED.reduce((sum, name) => sum + count(name), count("InDelivers") + reversePath);
	return {
		reversePath,
		firewall: count("InReceives") + count("ReasmOKs") - taken
	};
}
function ipv4Counters() {
	const lines = (counterFile("/proc/net/snmp") + counterFile("/proc/net/netstat")).split("\n");
	return new Map([
		"Ip:",
		"IpExt:",
		"TcpExt:"
	].flatMap((protocol) => {
		const [names = [], numbers = []] = lines.map((line) => line.split(" ")).filter(([first]) => first === protocol);
		return names.map((name, at) => [name, Number(numbers[at])]);
	}));
}
function ipv6Counters() {
	return new Map(Array.from(counterFile("/proc/net/snmp6").matchAll(/^Ip6(\w+)\s+(\d+)$/gm), ([, name, count]) => [name, Number(count)]));
}
function counterFile(path) {
	try {
		return readTextFile(path, NETSTAT_LEN);
	} catch (error) {
		if (error instanceof SyscallError) return "";
		throw error;
	}
}

// src/base/quote.ts
const LONGEST = 60;
function shellWord(text) {
	return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function escape(unit) {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// ffi/every_thread.ts
const SIGNAL = 62;
const PAGE_LEN = 4096;
const SA_HANDLER$1 = 0;
const SIG_IGN$1 = 1n;
const PATIENT_MS = 2e3;
function callCode(number, args, machine) {
	return machine === "x86_64" ? x86Code(number, args) : armCode(number, args);
}
const X86_ARGUMENTS = [
	[72, 191],
	[72, 190],
	[72, 186],
	[73, 186],
	[73, 184],
	[73, 185]
];
function x86Code(number, args) {
	const code = [];
	args.forEach((argument, index) => code.push(...X86_ARGUMENTS[index], ...littleEndian(argument, 8)));
	code.push(184, ...littleEndian(BigInt(number), 4));
	code.push(15, 5, 195);
	return Uint8Array.from(code);
}
function armCode(number, args) {
	const words = [];
	const load = (register, value) => {
		for (let part = 0; part < 4; part++) {
			const bits = Number(value >> BigInt(16 * part) & 65535n);
			words.push((part === 0 ? 3531603968 : 4068474880) + part * 2097152 + bits * 32 + register);
		}
	};
	args.forEach((argument, index) => load(index, argument));
	load(8, BigInt(number));
	words.push(3556769793, 3596551104);
	return Uint8Array.from(words.flatMap((word) => littleEndian(BigInt(word), 4)));
}
function littleEndian(value, length) {
	return Array.from({ length }, (_, index) => Number(value >> BigInt(8 * index) & 255n));
}


function signal(process, thread) {
	try {
		syscall("tgkill", process, BigInt(thread), BigInt(SIGNAL));
	} catch (error) {
		if (!(error instanceof SyscallError) || error.errno !== ERRNO.ESRCH && error.errno !== ERRNO.EAGAIN) throw error;
	}
}
function installed(code) {
	const page = new MappedMemory(-1, PAGE_LEN, 2 | 32);
	new Uint8Array(page.buffer).set(code);
	check(libc().mprotect(page.pointer, BigInt(PAGE_LEN), 1 | 4), "mprotect");
	return Deno.UnsafePointer.value(page.pointer);
}
function handle(handler) {
	const action = pin(sigaction.size);
	action.view.setBigUint64(SA_HANDLER$1, handler, true);
	action.view.setInt32(sigaction.sa_flags, SA_RESTART, true);
	check(libc().sigaction(SIGNAL, action.pointer, null), "sigaction");
	keepAlive(action);
}

// ffi/credentials.ts

function effectiveGroup() {
	return libc().getegid();
}

const REFUSALS = /* @__PURE__ */ new Set([
	ERRNO.EPERM,
	ERRNO.EACCES,
	ERRNO.EAFNOSUPPORT,
	ERRNO.EPROTONOSUPPORT,
	ERRNO.ESOCKTNOSUPPORT,
	ERRNO.ENOSYS
]);

const FILE_CAPABILITIES = [
	0,
	1,
	2,
	3
];








function forbidNewPrivilegesEverywhere() {
	const isForbidden = (thread) => {
		try {
			return /^NoNewPrivs:\s*1$/m.test(readTextFile(`/proc/self/task/${thread}/status`));
		} catch (error) {
			if (error instanceof SyscallError && error.errno === ERRNO.ENOENT) return true;
			throw error;
		}
	};
	inEveryThread("prctl", [
		BigInt(38),
		1n,
		0n,
		0n,
		0n
	], isForbidden);
}



function withFileAccessOf({ uid, gid }, action) {
	const before = capabilities();
	const [ownUid, ownGid] = [effectiveUser(), effectiveGroup()];
	try {
		libc().setfsgid(gid);
		libc().setfsuid(uid);
		if (libc().setfsuid(UNCHANGED) !== uid || libc().setfsgid(UNCHANGED) !== gid) throw new SyscallError("setfsuid", ERRNO.EPERM);
		setCapabilities({
			...before,
			effective: capabilities().effective & ~setOf(FILE_CAPABILITIES)
		});
		return action();
	} finally {
		libc().setfsuid(ownUid);
		libc().setfsgid(ownGid);
		setCapabilities(before);
	}
}
const UNCHANGED = 4294967295;
function mayReplace(path) {
	const inFolder = access(path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : ".", 2 | 1);
	if (inFolder !== 0) return inFolder === ERRNO.ENOSYS || inFolder === ERRNO.EPERM ? "unknown" : "no";
	const itself = access(path, 2);
	return itself === 0 || itself === ERRNO.ENOENT ? "yes" : "no";
}
function access(path, mode) {
	const name = pinString(path);
	try {
		syscall("faccessat2", BigInt.asUintN(64, BigInt(AT_FDCWD)), name.address, BigInt(mode), BigInt(512));
		return 0;
	} catch (error) {
		if (error instanceof SyscallError) return error.errno;
		throw error;
	} finally {
		keepAlive(name);
	}
}

// ffi/bpf.ts
const SIMPLE = {
	ld: 0 | 0 | 32,
	ldh: 0 | 8 | 32,
	ldb: 0 | 16 | 32,
	ldh_at: 0 | 8 | 64,
	ldb_at: 0 | 16 | 64,
	ldx_msh: 1 | 16 | 160,
	add_x: 4 | 0 | 8,
	and: 4 | 80 | 0,
	lsh: 4 | 96 | 0,
	tax: 7 | 0,
	ret: 6 | 0
};
const JUMPS = {
	jeq: 5 | 16 | 0,
	jgt: 5 | 32 | 0,
	jge: 5 | 48 | 0,
	jset: 5 | 64 | 0
};
const MAX_JUMP = 255;
const WHOLE = 262144;


const BPF_VERDICTS = [
	"ours:",
	["ldb", SKF_AD_OFF + 4],
	[
		"jeq",
		0,
		"next",
		"count"
	],
	["ret", WHOLE],
	"count:",
	["ret", 1],
	"reject:",
	["ret", 0]
];
const BPF_LINK_VERDICTS = [
	"ours:",
	["ldb", SKF_AD_OFF + 4],
	[
		"jeq",
		0,
		"whole",
		"next"
	],
	[
		"jeq",
		1,
		"whole",
		"reject"
	],
	"whole:",
	["ret", WHOLE],
	"reject:",
	["ret", 0]
];


// src/base/text.ts

function withPort(ip, port) {
	return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}


function probedText(hosts, probes, portsOfEach) {
	if (hosts === 1) return `${counted(probes, "port")} on 1 host`;
	if (portsOfEach !== void 0 && portsOfEach * hosts === probes) return `${counted(portsOfEach, "port")} on each of ${counted(hosts, "host")}`;
	return `${counted(probes, "port")} in all on ${counted(hosts, "host")}`;
}

function roundTripDigits(ms) {
	return ms.toFixed(ms < .01 ? 3 : 2);
}



const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function commandText(words) {
	return words.map((word) => {
		const text = printable(word);
		return /^[^\s"'\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
	}).join(" ");
}
function dateText(ms) {
	const [weekday = "", month = "", day = "", year = "", time = ""] = new Date(ms).toString().split(" ");
	return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
}
function scannedText(hosts, up, elapsedMs) {
	return `${hosts} IP ${hosts === 1 ? "address" : "addresses"} (${up} ${up === 1 ? "host" : "hosts"} up) scanned in ${(elapsedMs / 1e3).toFixed(2)} seconds`;
}
function nmapState(state) {
	return state === "undecided" ? "unknown" : state;
}


// src/result/finding.ts

function serviceText({ service, tunnel }) {
	return tunnel === void 0 ? service : `${tunnel}/${service}`;
}
function versionText({ product, version, info }) {
	return [
		product,
		version,
		info === void 0 ? void 0 : `(${info})`
	].filter((part) => part !== void 0).join(" ");
}
const someText = orMissing(isText);
const someTexts = orMissing([isText]);
const TEXTS = [
	"product",
	"version",
	"info",
	"hostname",
	"os",
	"device",
	"banner",
	"row",
	"label"
];
const TLS_TEXTS = [
	"version",
	"cipher",
	"subject",
	"issuer",
	"notBefore",
	"expires",
	"sha256",
	"alpn",
	"hello"
];
function textsNamed(names) {
	return Object.fromEntries(names.map((name) => [name, someText]));
}
function isFinding(value) {
	return hasShape(value, {
		service: isText,
		confidence: (value) => isWhole(value, 10),
		...textsNamed(TEXTS),
		cpe: someTexts,
		tunnel: (value) => value === void 0 || value === "ssl",
		tls: orMissing({
			...textsNamed(TLS_TEXTS),
			names: someTexts
		}),
		http: orMissing({
			...textsNamed([
				"server",
				"title",
				"location"
			]),
			status: orMissing((value) => isWhole(value))
		}),
		sshKeys: orMissing([{
			type: isText,
			fingerprint: isText,
			bits: orMissing((value) => isWhole(value))
		}])
	});
}

// src/report/fields.ts


const DETECTED_FIELDS = [
	detected("service_by", "text", "With `-sV`: `probed` if the port's replies showed the service, `table` if it is only the one usually found there", (found) => isIdentified(found) ? "probed" : "table"),
	detected("conf", "whole", "Confidence in the service: 10 product known, 8 protocol known, 5 by behavior, 3 by the port's number", (found) => isIdentified(found) ? found.confidence : 3),
	detected("product", "text", "The product that listens at the port", ({ product }) => product),
	detected("version", "text", "The product's version, without a distribution's suffix", ({ version }) => version),
	detected("info", "text", "More about the product, such as its distribution", ({ info }) => info),
	detected("service_hostname", "text", "The host's name as the service reports it", ({ hostname }) => hostname),
	detected("service_os", "text", "The operating system as the service reports it", ({ os }) => os),
	detected("device", "text", "The kind of device", ({ device }) => device),
	detected("cpe", "list", "Names of Common Platform Enumeration 2.2", ({ cpe }) => listed(cpe)),
	detected("tunnel", "text", "`ssl` if the service was reached through TLS", ({ tunnel }) => tunnel),
	detected("tls_version", "text", "The version of TLS", ({ tls }) => tls?.version),
	detected("tls_cipher", "text", "The cipher suite of TLS", ({ tls }) => tls?.cipher),
	detected("tls_subject", "text", "The subject of the certificate", ({ tls }) => tls?.subject),
	detected("tls_names", "list", "The names for which the certificate is valid", ({ tls }) => listed(tls?.names)),
	detected("tls_issuer", "text", "The issuer of the certificate", ({ tls }) => tls?.issuer),
	detected("tls_expires", "text", "The end of the certificate's validity", ({ tls }) => tls?.expires),
	detected("tls_sha256", "text", "SHA-256 of the certificate", ({ tls }) => tls?.sha256),
	detected("tls_hello", "text", "Version, cipher suite and extensions of the server's hello", ({ tls }) => tls?.hello),
	detected("alpn", "text", "The protocol agreed on by ALPN", ({ tls }) => tls?.alpn),
	detected("http_status", "whole", "The status of the HTTP reply", ({ http }) => http?.status),
	detected("http_server", "text", "The `Server` header of the HTTP reply", ({ http }) => http?.server),
	detected("http_title", "text", "The title of the page", ({ http }) => http?.title),
	detected("http_location", "text", "Where the HTTP reply redirects to", ({ http }) => http?.location),
	detected("ssh_keys", "list", "The host keys of SSH: type, bits and fingerprint of each", ({ sshKeys }) => listed(sshKeys?.map(({ type, bits, fingerprint }) => `${type} ${bits ?? "?"} ${fingerprint}`))),
	detected("banner", "text", "The beginning of what the server sent, if it is text", ({ banner }) => banner),
	detected("why", "text", "The id of the row or parser that named the service", ({ row }) => row),
	detected("service_label", "text", "Why no more is known of the service", ({ label }) => label)
];
function listed(items) {
	return items === void 0 || items.length === 0 ? void 0 : items;
}
const FIELDS = [
	field("ip", "text", "The host's address", ((result) => result.ip), { varies: true }),
	field("port", "whole", "The port, 0-65535", ((result) => result.port), { varies: true }),
	field("proto", "text", "The protocol: `tcp` or `udp`", ((result) => result.proto)),
	field("state", "text", "`open`, `closed`, `filtered`, `unfiltered`, `open|filtered`, `closed|filtered` or `undecided`", ((result) => result.state)),
	field("reason", "text", "The reason for the state", ((result) => result.reason)),
	field("ttl", "whole", "Time to live of the deciding packet, as received", ((result) => result.ttl)),
	field("rtt_ms", "fraction", "Round trip of the attempt that got a reply, in milliseconds", ((result) => result.rttMs === void 0 ? void 0 : Math.round(result.rttMs * 1e3) / 1e3), { varies: true }),
	field("tries", "whole", "Number of probes sent to the port", ((result) => result.tries)),
	field("service", "text", "The service that replies showed, or else the one usually found at the port", ((result) => result.service), { plain: false }),
	field("from", "text", "Sender of the ICMP error that decided, if it is not the host itself", ((result) => result.from), { sparse: true }),
	field("names", "list", "The target names for which the port was probed; a list in JSON, separated by spaces elsewhere", ((result) => result.names.length === 0 ? void 0 : result.names), {
		plain: false,
		sparse: true
	}),
	field("late", "yes or no", "True if a reply arrived after the port had been reported: this line replaces the earlier one", ((result) => result.late || void 0), { sparse: true }),
	field("note", "text", "A remark on the port that its state does not express, such as two replies that contradict each other", ((result) => result.note), {
		plain: false,
		sparse: true
	}),
	field("technique", "text", "The technique of the probe, such as `syn`: a port has one line for each technique of the scan", ((result) => result.technique)),
	...DETECTED_FIELDS
];
const PROBED_FIELDS = FIELDS.filter((({ isDetected }) => !isDetected));
function chooser(fields) {
	if (fields === void 0) return () => true;
	const names = new Set(fields.map(({ name }) => name));
	return (name) => names.has(name);
}
function fieldNamed(name) {
	const wanted = name === "name" ? "names" : name;
	return FIELDS.find((field) => field.name === wanted);
}

// src/report/utf8.ts
const ROOM = 16384;
const ZERO = 48;
const POINT = 46;
const LAST_ASCII = 127;
const MOST = 2 ** 31;
const DIGITS = 10;
const SHORT = 64;
var Utf8Buffer = class {
	#encoder = new TextEncoder();
	#memory = new Uint8Array(ROOM);
	#length = 0;
	static { this.prototype.clear = (function() {
		this.#length = 0;
	}); }
	get bytes() {
		return this.#memory.subarray(0, this.#length);
	}
	static { this.prototype.only = (function(piece) {
		if (typeof piece !== "string") return piece;
		this.clear();
		this.addText(piece);
		return this.bytes;
	}); }
	add(piece) {
		if (typeof piece === "string") this.addText(piece);
		else this.addBytes(piece);
	}
	static { this.prototype.addBytes = (function(bytes) {
		this.Utf8Buffer$reserve(bytes.length);
		this.#memory.set(bytes, this.#length);
		this.#length += bytes.length;
	}); }
	static { this.prototype.addText = (function(text) {
		this.Utf8Buffer$reserve(3 * text.length);
		if (text.length > SHORT) return this.Utf8Buffer$encode(text);
		const memory = this.#memory;
		const start = this.#length;
		for (let at = 0; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code > LAST_ASCII) return this.Utf8Buffer$encode(text);
			memory[start + at] = code;
		}
		this.#length = start + text.length;
	}); }
	static { this.prototype.Utf8Buffer$encode = (function(text) {
		this.#length += this.#encoder.encodeInto(text, this.#memory.subarray(this.#length)).written;
	}); }
	static { this.prototype.addNumber = (function(value) {
		if (value >= 0 && value < MOST) {
			const whole = value | 0;
			if (whole === value) {
				this.Utf8Buffer$reserve(DIGITS);
				return this.Utf8Buffer$addDigits(whole);
			}
			const thousandths = Math.round((value - whole) * 1e3);
			if (whole + thousandths / 1e3 === value && thousandths < 1e3) {
				this.Utf8Buffer$reserve(20);
				this.Utf8Buffer$addDigits(whole);
				this.Utf8Buffer$addFraction(thousandths);
				return;
			}
		}
		this.addText(`${value}`);
	}); }
	static { this.prototype.Utf8Buffer$addDigits = (function(whole) {
		let length = 1;
		for (let bound = 10; length < DIGITS && whole >= bound; bound *= 10) length++;
		const memory = this.#memory;
		const end = this.#length += length;
		for (let at = end - 1; at >= end - length; at--) {
			const rest = whole / 10 | 0;
			memory[at] = ZERO + whole - rest * 10;
			whole = rest;
		}
	}); }
	static { this.prototype.Utf8Buffer$addFraction = (function(thousandths) {
		const memory = this.#memory;
		memory[this.#length++] = POINT;
		let unit = 100;
		for (let left = thousandths; left > 0; unit /= 10) {
			const digit = left / unit | 0;
			memory[this.#length++] = ZERO + digit;
			left -= digit * unit;
		}
	}); }
	static { this.prototype.Utf8Buffer$reserve = (function(length) {
		if (this.#length + length <= this.#memory.length) return;
		const grown = new Uint8Array(2 * (this.#length + length));
		grown.set(this.bytes);
		this.#memory = grown;
	}); }
};

// src/std/fmt/colors.ts
let isEnabled = !Deno.noColor;
function setColorEnabled(value) {
	isEnabled = value;
}

const bold = style(1, 22);
const red = style(31, 39);
const green = style(32, 39);
const yellow = style(33, 39);

// src/base/wrap.ts
const LEAST_WIDTH = 20;
function wrapped(text, columns) {
	const width = Math.max(LEAST_WIDTH, columns);
	const lines = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== void 0 && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

const MAX_HANGING = 8;
function hangingIndent(first, columns) {
	return first + LEAST_WIDTH > columns ? Math.min(first, MAX_HANGING) : first;
}
function hangingLines(text, columns) {
	if (columns === void 0) return text;
	return text.split("\n").map((line) => {
		if (line.length <= columns) return line;
		const start = /^ *(\S.*? {2,})?/.exec(line)[0];
		const indent = hangingIndent(start.length, columns);
		const rest = wrapped(line.slice(start.length), columns - indent);
		if (indent === start.length) return start + rest.join(`\n${" ".repeat(indent)}`);
		return [start.trimEnd(), ...rest.map((part) => " ".repeat(indent) + part)].join("\n");
	}).join("\n");
}

// src/report/closing.ts


const ENDINGS = {
	done: "done",
	deadline: "ended at its deadline",
	interrupted: "interrupted",
	failed: "failed"
};




// src/report/notes.ts

function noteText({ ports, more, note }) {
	if (ports.length + more === 0) return printable(note);
	const listed = more > 0 ? `${ports.join(", ")} and ${more} more` : ports.join(", ");
	return `${ports.length + more === 1 ? "port" : "ports"} ${listed}: ${printable(note)}`;
}
const OF_UDP = "the reply repeats too little of the probe: anybody who knows the ports can have sent it";
function portNote(notes, { port, proto }) {
	return notes.filter(({ ports, note }) => ports.includes(port) && note === OF_UDP === (proto === "udp")).map(({ note }) => printable(note)).join("; ");
}
function namesTexts({ names, ports }) {
	if (ports.every((row) => row.names.length === names.length)) return names.length > 1 ? [names.map(printable).join(", ")] : [];
	const byNames = Map.groupBy(ports, (row) => row.names.map(printable).join(", ") || "none");
	return Array.from(byNames, ([text, rows]) => {
		return `${rows.length === 1 ? "port" : "ports"} ${rows.map(({ port }) => port).join(", ")}: ${text}`;
	});
}
function aliasText({ prefix, controls, replied }) {
	return `in the aliased prefix ${prefix}: ${replied} of ${controls} addresses chosen at random there replied too`;
}

// src/report/service.ts


// src/report/table_columns.ts
const NAMES = {
	field: "names",
	title: "NAMES",
	text: (({ names }) => names.map(printable).join(" ") || "-")
};
const VERSION$1 = {
	field: "version",
	title: "VERSION",
	text: (({ finding }) => finding === void 0 ? "" : printable(versionText(finding)))
};
const TECHNIQUE = {
	field: "technique",
	title: "TECHNIQUE",
	text: ({ technique }) => technique
};
const COLUMNS = [
	{
		field: "port",
		title: "PORT",
		text: (({ port, proto }) => `${port}/${proto}`)
	},
	{
		field: "state",
		title: "STATE",
		text: (({ state }) => state)
	},
	{
		field: "service",
		title: "SERVICE",
		text: ((row) => printable(shownService(row, true)))
	},
	{
		field: "reason",
		title: "REASON",
		text: (({ reason, from }) => from === void 0 ? reason : `${reason} from ${from}`)
	},
	{
		field: "ttl",
		title: "TTL",
		text: (({ ttl }) => ttl === void 0 ? "-" : `${ttl}`)
	},
	{
		field: "rtt_ms",
		title: "RTT",
		text: (({ rttMs }) => rttMs === void 0 ? "-" : `${roundTripDigits(rttMs)}ms`)
	},
	{
		field: "tries",
		title: "TRIES",
		text: (({ tries }) => `${tries}`)
	},
	{
		field: "proto",
		title: "PROTO",
		text: (({ proto }) => proto)
	},
	TECHNIQUE,
	{
		field: "from",
		title: "FROM",
		text: (({ from }) => from ?? "-")
	},
	VERSION$1,
	NAMES,
	{
		field: "note",
		title: "NOTE",
		text: ((row, notes) => portNote(notes, row) || "-")
	}
];
const USUAL_COLUMNS = 3;
const TABLE_FIELDS = new Set(COLUMNS.map((({ field }) => field)));
const NMAP_SERVICE = {
	field: "service",
	title: "SERVICE",
	text: (row) => printable(shownService(row))
};



function stateColor(state, text) {
	return state === "open" ? green(text) : state === "closed" ? red(text) : yellow(text);
}

// src/scan/options.ts


// src/base/suggest.ts
function nearest(typed, words) {
	let best;
	let bestDistance = Math.max(1, Math.floor(typed.replace(/^-+/, "").length / 3)) + 1;
	for (const word of words) {
		const letters = editDistance(typed, word);
		const distance = letters > 1 && word.startsWith(typed) && typed.length > 3 ? 1 + letters / 1e3 : letters;
		if (distance < bestDistance) [best, bestDistance] = [word, distance];
	}
	const part = typed.replace(/^-+/, "");
	return best ?? [...words].find((word) => part !== "" && word.split("-").includes(part));
}
function editDistance(one, other) {
	let beforeLast = [];
	let last = Array.from({ length: other.length + 1 }, (_, column) => column);
	for (let row = 1; row <= one.length; row++) {
		const current = [row];
		for (let column = 1; column <= other.length; column++) {
			const changed = one[row - 1] === other[column - 1] ? 0 : 1;
			let least = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + changed);
			if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
			current.push(least);
		}
		[beforeLast, last] = [last, current];
	}
	return last[other.length] ?? 0;
}

// src/report/filter.ts
function parseFilter(text) {
	return new Parser(text).parse();
}
const TOKENS = /\s*(?:(?<sign><=|>=|!=|[=<>~()])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[^\s=<>!~()"']+)|(?<wrong>\S))/gy;
const COMPARISONS = {
	"=": (one, other) => one === other,
	"!=": (one, other) => one !== other,
	"<": (one, other) => one < other,
	"<=": (one, other) => one <= other,
	">": (one, other) => one > other,
	">=": (one, other) => one >= other,
	"~": (one, other) => String(one).toLowerCase().includes(String(other).toLowerCase())
};
var Parser = class {
	#text;
	#tokens;
	#at = 0;
	constructor(text) {
		this.#text = text;
		this.#tokens = [...this.#split()];
	}
	parse() {
		const filter = this.#either();
		const rest = this.#next();
		if (rest.kind !== "end") throw this.#wrong(rest, "and, or, or the end");
		return filter;
	}
	*#split() {
		for (const { 0: all, index, groups = {} } of this.#text.matchAll(TOKENS)) {
			const { sign, double, single, word, wrong } = groups;
			const column = index + all.length - all.trimStart().length + 1;
			if (wrong !== void 0) throw this.#wrong({
				kind: "sign",
				text: wrong,
				column
			}, wrong === "!" ? "!=" : "a closing quote");
			if (sign !== void 0) yield {
				kind: "sign",
				text: sign,
				column
			};
			else if (word !== void 0) yield {
				kind: "word",
				text: word,
				column
			};
			else yield {
				kind: "quoted",
				text: double ?? single ?? "",
				column
			};
		}
		yield {
			kind: "end",
			text: "",
			column: this.#text.length + 1
		};
	}
	#either() {
		const parts = [this.#both()];
		while (this.#takes("or")) parts.push(this.#both());
		return parts.length === 1 && parts[0] ? parts[0] : (result) => parts.some((part) => part(result));
	}
	#both() {
		const parts = [this.#one()];
		while (this.#takes("and")) parts.push(this.#one());
		return parts.length === 1 && parts[0] ? parts[0] : (result) => parts.every((part) => part(result));
	}
	#one() {
		if (this.#takes("not")) {
			const inner = this.#one();
			return (result) => !inner(result);
		}
		const token = this.#next();
		if (token.kind === "sign" && token.text === "(") {
			const inner = this.#either();
			const close = this.#next();
			if (close.text !== ")" || close.kind !== "sign") throw this.#wrong(close, "and, or, or )");
			return inner;
		}
		const field = token.kind === "word" ? fieldNamed(token.text.toLowerCase()) : void 0;
		if (field === void 0) throw this.#wrong(token, expectedField(token));
		const sign = this.#next();
		const compare = sign.kind === "sign" ? COMPARISONS[sign.text] : void 0;
		if (compare === void 0) throw this.#wrong(sign, `one of ${Object.keys(COMPARISONS).join(" ")}`);
		const value = this.#next();
		if (value.kind !== "word" && value.kind !== "quoted") throw this.#wrong(value, "a value");
		return this.#comparison(field, sign, compare, value);
	}
	#comparison(field, sign, compare, given) {
		if (sign.text === "~" && field.type !== "text" && field.type !== "list") throw this.#wrong(sign, `another sign: ${field.name} is no text`);
		if (/[<>]/.test(sign.text) && field.type !== "whole" && field.type !== "fraction") throw this.#wrong(sign, `=, != or ~: ${field.name} is no number`);
		const value = this.#value(field, sign, given);
		const ofUnknown = sign.text === "!=";
		return (result) => {
			const actual = field.get(result) ?? (field.type === "yes or no" ? false : void 0);
			if (actual === void 0) return ofUnknown;
			if (typeof actual !== "object") return compare(typeof actual === "boolean" ? String(actual) : actual, value);
			return ofUnknown ? actual.every((each) => compare(each, value)) : actual.some((each) => compare(each, value));
		};
	}
	#value(field, sign, given) {
		switch (field.type) {
			case "whole":
			case "fraction": {
				const number = given.text.trim() === "" ? NaN : Number(given.text);
				if (Number.isNaN(number)) throw this.#wrong(given, `a number: ${field.name} is one`);
				return number;
			}
			case "yes or no":
				if (given.text !== "true" && given.text !== "false") throw this.#wrong(given, "true or false");
				return given.text;
			case "list": return given.text;
			case "text": {
				const words = field.name === "state" ? STATES : field.name === "reason" ? REASONS : [];
				if (words.length > 0 && sign.text !== "~" && !words.includes(given.text)) throw this.#wrong(given, `a ${field.name}: ${words.join(", ")}`);
				return given.text;
			}
		}
	}
	#takes(word) {
		const token = this.#tokens[this.#at];
		if (token?.kind !== "word" || token.text.toLowerCase() !== word) return false;
		this.#at++;
		return true;
	}
	#next() {
		const token = this.#tokens[this.#at] ?? {
			kind: "end",
			text: "",
			column: this.#text.length + 1
		};
		this.#at++;
		return token;
	}
	#wrong({ kind, text, column }, expected) {
		const found = kind === "end" ? "it ends" : `there is ${JSON.stringify(text)}`;
		return new UsageError(`Cannot read the filter ${JSON.stringify(this.#text)}: at column ${column} ${found}. Write ${expected}`);
	}
};
function expectedField({ kind, text }) {
	const names = FIELDS.map(({ name }) => name);
	const meant = kind === "word" ? nearest(text.toLowerCase(), names) : void 0;
	return meant === void 0 ? `a field: ${names.join(", ")}` : `a field, such as ${meant}`;
}

// src/cli/args/values.ts
function parseWhole(text, flag, { min, max }) {
	const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
	if (value >= min && value <= max) return value;
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a whole number from ${min} to ${max}`);
}
const RATE_UNITS = {
	"": 1,
	k: 1e3,
	m: 1e6
};
function parseRate(text, flag) {
	const { digits, unit = "" } = /^(?<digits>\d+(\.\d+)?)(?<unit>[km]?)$/i.exec(text)?.groups ?? {};
	const rate = Number(digits) * (RATE_UNITS[unit.toLowerCase()] ?? NaN);
	if (rate > 0 && rate <= 1e9) return rate;
	const why = Number.isNaN(rate) ? "not a number of probes a second" : "a rate is above 0, and at most 1000m";
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: ${why}. Write it as 500, 10k or 1.5m`);
}
const SPAN_UNITS = {
	"": 1e3,
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5
};
function parseSpanMs(text, flag) {
	const isSpan = /^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/i.test(text);
	const parts = text.matchAll(/(?<digits>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?/gi);
	let ms = isSpan ? 0 : NaN;
	for (const { groups: { digits, unit = "" } = {} } of parts) ms += Number(digits) * SPAN_UNITS[unit.toLowerCase()];
	if (ms >= 1 && ms <= 316224e5) return ms;
	const why = Number.isNaN(ms) ? "not a duration" : "a duration is from 1ms to 8784h, which is 366 days";
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: ${why}. Write it as 500ms, 2s, 1m or 1h30m (a plain number is seconds)`);
}
function parseTimeoutMs(text, flag) {
	if (/^\d+$/.test(text) && Number(text) > 60) throw new UsageError(`Cannot read ${flag} ${quote(text)}: the unit is missing. Write ${text}ms or ${text}s`);
	return parseSpanMs(text, flag);
}
function parseHostTimeoutMs(text, flag) {
	if (/^0+(?:\.0+)?(?:ms|s|m|h)?$/i.test(text)) return 0;
	if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) >= 1e4) throw new UsageError(`Cannot read ${flag} ${quote(text)}: the unit is missing. Write ${text}ms or ${text}s`);
	return parseSpanMs(text, flag);
}
const TIMINGS = [
	"paranoid",
	"sneaky",
	"polite",
	"normal",
	"aggressive",
	"insane"
];
function parseTiming(text, flag) {
	const byName = TIMINGS.findIndex((name) => name === text.toLowerCase());
	const timing = byName >= 0 ? byName : /^[0-5]$/.test(text) ? Number(text) : -1;
	if (timing >= 0) return timing;
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a timing. Use 0 to 5, or ${TIMINGS.join(", ")}`);
}
function parseNamedTarget(text, flag) {
	const hint = !/^--?r(ange)?$/.test(flag) ? void 0 : /^\d+(\.\d+)?[kmg]?$/i.test(text) ? `For a rate, as with zmap, write --max-rate ${text}` : /^\d{1,5}([-,]\d{1,5})+$/.test(text) ? `For ports, as with RustScan, write -p ${text}` : void 0;
	if (hint === void 0) return text;
	throw new UsageError(`Cannot use ${flag} ${text}: it takes a target, such as 192.0.2.7. ${hint}`);
}
function parseShard(text, flag) {
	const parts = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
	const [index, count] = [Number(parts?.[1]), Number(parts?.[2])];
	if (index >= 1 && index <= count) return {
		index,
		count
	};
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a shard. Write it as 1/3, 2/3 or 3/3, or auto`);
}
function parseWord(text, flag, words) {
	const word = words.find((each) => each === text.toLowerCase());
	if (word !== void 0) return word;
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: unknown. Use ${words.join(", ")}`);
}
function parseFields(text, flag) {
	const fields = text.split(",").map((item) => {
		const name = item.trim().toLowerCase();
		const field = fieldNamed(name);
		if (field !== void 0) return field;
		if (name === "") throw new UsageError(`Cannot read ${flag} ${quote(text)}: an item is empty. Remove the extra comma`);
		const names = FIELDS.map((field) => field.name);
		const meant = nearest(name, names);
		throw new UsageError(`Cannot read ${flag} ${quote(text)}: there is no field ${quote(item.trim())}. ` + (meant === void 0 ? `Use ${names.join(", ")}` : `Did you mean ${meant}?`));
	});
	const twice = fields.find((field, at) => fields.indexOf(field) < at);
	if (twice === void 0) return fields;
	throw new UsageError(`Cannot read ${flag} ${quote(text)}: ${twice.name} is given twice. Name each field once`);
}
const TIME_PARTS = {
	Y: (time) => String(time.getFullYear()),
	y: (time) => twoDigits(time.getFullYear() % 100),
	m: (time) => twoDigits(time.getMonth() + 1),
	d: (time) => twoDigits(time.getDate()),
	H: (time) => twoDigits(time.getHours()),
	M: (time) => twoDigits(time.getMinutes()),
	S: (time) => twoDigits(time.getSeconds()),
	F: (time) => expand("%Y-%m-%d", time),
	T: (time) => expand("%H%M%S", time),
	R: (time) => expand("%H%M", time),
	D: (time) => expand("%m%d%y", time)
};
function withTime(text, ms, { index, count } = {
	index: 1,
	count: 1
}) {
	return text.includes("%") ? expand(text, new Date(ms), String(index).padStart(String(count).length, "0")) : text;
}
function expand(text, time, shard = "") {
	return text.replaceAll(/%([^]?)/gu, (_, letter) => letter === "i" ? shard : TIME_PARTS[letter]?.(time) ?? letter);
}
function twoDigits(value) {
	return String(value).padStart(2, "0");
}
const TCP_FLAGS = {
	FIN: 1,
	SYN: 2,
	RST: 4,
	PSH: 8,
	ACK: 16,
	URG: 32,
	ECE: 64,
	CWR: 128,
	NONE: 0
};
function parseTcpFlags(text, flag) {
	const refuse = (why) => {
		throw new UsageError(`Cannot use ${flag} ${quote(text)}: ${why}`);
	};
	let flags = Number(text);
	if (!/^(0x[\da-f]+|\d+)$/i.test(text)) {
		const names = text.toUpperCase().match(/FIN|SYN|RST|PSH|ACK|URG|ECE|CWR|NONE/g) ?? [];
		const known = Object.keys(TCP_FLAGS).join(", ");
		if (names.join("").length !== text.length) refuse(`it is not made of ${known}. Write SYNFIN or 0x03`);
		if (new Set(names).size < names.length) refuse("a name is given twice. Give each once");
		if (names.length > 1 && names.includes("NONE")) refuse("NONE goes with no other name. Give one or the other");
		flags = names.reduce((sum, name) => sum | TCP_FLAGS[name], 0);
	}
	if (flags > 255) refuse("it is above 255. Write SYNFIN or 0x03");
	if ((flags & TCP_FLAGS["RST"]) !== 0) refuse("no host replies to a segment with RST. Leave RST out");
	return flags;
}
const MAX_PING_PORTS = 64;
function parsePingPorts(text, flag) {
	const ports = /* @__PURE__ */ new Set();
	for (const range of text.split(",")) {
		const [first, last = first] = range.split("-").map(Number);
		if (!(first <= last && last <= 65535)) throw new UsageError(`Cannot use ${flag}${text}: ${quote(range)} is no port from 0 to 65535, and no range of them`);
		for (let port = first; port <= last; port++) ports.add(port);
	}
	if (ports.size <= MAX_PING_PORTS) return [...ports];
	throw new UsageError(`Cannot use ${flag}${text}: ${ports.size} pings of each host are too many. Name ${MAX_PING_PORTS} ports`);
}

// src/cli/args/flags.ts
const PING_PORTS = /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/;
const SYN_LAYOUTS = [
	"none",
	"mss",
	"windows",
	"linux",
	"bsd"
];
const GROUPS = [
	"Targets",
	"Hosts",
	"Ports",
	"Technique",
	"Timing and rate",
	"Output",
	"Other"
];
const STREAM = /^\/(dev|proc\/self)\/(std(?<name>in|out)|fd\/(?<fd>[01]))$/;
function outputPath({ typedAtMs, scan }, value) {
	const path = withTime(value, typedAtMs, scan.shard);
	const { name, fd } = STREAM.exec(path)?.groups ?? {};
	return name === "out" || fd === "1" ? "-" : path;
}
function inputPath(path) {
	const { name, fd } = STREAM.exec(path)?.groups ?? {};
	return name === "in" || fd === "0" ? "-" : path;
}
const COLORS = [
	"auto",
	"always",
	"never"
];
const TRANSPORTS = [
	"auto",
	"sendto",
	"sendmmsg",
	"ethernet"
];
const ALL_FILES = {
	normal: "nmap",
	xml: "xml",
	grepable: "gnmap",
	json: "json",
	html: "html"
};


function addPings({ scan }, pings) {
	scan.pings = [.../* @__PURE__ */ new Set([...scan.pings ?? [], ...pings])];
}




const TARGET_FLAGS$1 = inGroup("Targets", [
	flag("--target-file|-iL FILE", "Read targets from a file; - is standard input", {
		often: true,
		more: "Targets are separated by white space; # begins a comment. In a result file (nmap's XML or grepable format, synscan's JSON, masscan's list or JSON) the targets are the hosts that replied. Needs --allow-read, except for -",
		repeats: true,
		set: ((line, value) => line.targetFiles.push(inputPath(value)))
	}),
	flag("--targets|-r|--range TARGET", "Scan this target, as if it were given without a flag", {
		more: "-r goes with no target without a flag: elsewhere it names DNS servers, which are not to be scanned",
		ifMissing: "The order is random, common ports first; nmap's -r (ports in order) does not exist",
		repeats: true,
		set: ((line, value, flag) => line.targets.push(parseNamedTarget(value, flag)))
	}),
	flag("--exclude TARGETS", "Never probe these targets", {
		often: true,
		more: "Several are separated by commas",
		repeats: true,
		addsToConfig: true,
		set: ((line, value) => line.exclude.push(value))
	}),
	flag("--exclude-file|--excludefile FILE", "Never probe the targets in this file", {
		more: "Same syntax as for --target-file; - is standard input. Needs --allow-read, except for -",
		repeats: true,
		addsToConfig: true,
		set: ((line, value) => line.excludeFiles.push(inputPath(value)))
	}),
	flag("--include-reserved", "Scan reserved addresses in wide targets too", {
		more: "Without it, a target of more than a /8 skips private, loopback, multicast and other reserved addresses",
		set: ((line) => line.scan.includeReserved = true)
	}),
	flag("--all-addresses|--resolve-all", "Scan every address of a name", {
		byDefault: "the first address of each family",
		set: ((line) => line.scan.allAddresses = true)
	}),
	flag("--iid POLICY", "Choose the addresses in a pattern of IPv6 prefixes: low, zero, random, eui64:OUI, set:FILE", {
		more: "A pattern names every prefix of some bits of a block, like 2001:db8::/32-64. low is ::1 in each, zero the anycast address of its routers, random one of its own, eui64:00:16:3e one that is made of a hardware address; set:FILE are those in a file",
		set: ((line, value) => line.scan.iid = value)
	}),
	flag("--ipv4|-4", "Scan addresses of IPv4 only", {
		more: "Names are asked for these alone; other targets of IPv6 are left out",
		set: ((line) => line.scan.family = 4)
	}),
	flag("--ipv6|-6", "Scan addresses of IPv6 only", {
		more: "Names are asked for these alone; other targets of IPv4 are left out",
		set: ((line) => line.scan.family = 6)
	}),
	flag("--no-dns|-n", "Do not look up names of hosts", {
		often: true,
		byDefault: "hosts that reply, in scans of at most 256 hosts",
		set: ((line) => line.scan.hostnames = "never")
	}),
	flag("--reverse-dns|-R", "Look up the name of every host, also of those that do not reply", {
		more: "Names of private addresses are asked of public DNS servers too, and those of loopback addresses",
		set: ((line) => line.scan.hostnames = "all")
	}),
	flag("--dns-servers SERVERS", "Ask these DNS servers for the names of hosts: 192.0.2.53,192.0.2.54:5353", {
		more: "By reverse DNS, for scans of any size; the system resolves names of targets. Without it, /etc/resolv.conf names the servers if --allow-read permits that, and otherwise the C library looks up names; names of private addresses are then asked of private DNS servers only",
		repeats: true,
		set: ((line, value) => line.scan.dnsServers = [...line.scan.dnsServers ?? [], ...value.split(",")])
	})
]);
const HOST_FLAGS = inGroup("Hosts", [
	flag("--ping-scan|-sn|-sP", "Find hosts, and probe no port", {
		often: true,
		more: "By ARP on own links. Elsewhere by the pings of -PE -PS443 -PA80 -PP, unless others are given",
		set: (line) => line.scan.hostsOnly = true
	}),
	flag("--list-scan|-sL", "List hosts with their names, and send nothing to them", {
		often: true,
		more: "Names are looked up by reverse DNS unless -n is given. In the table, -oN, -oX, -oG and --json",
		onlyTyped: true,
		set: (line) => {
			if (line.action === "scan") line.action = "list";
		}
	}),
	flag("--no-ping|-Pn|-P0|-PN", "Probe the ports of every host, even if a router reports it as absent", {
		more: "ARP and ND still look for the hardware addresses of hosts on own links. To a host without one nothing can be sent: its ports are filtered (no-arp-response) without a probe",
		set: (line) => line.scan.noDiscovery = true
	}),
	flag("--ping-echo|-PE", "Ping hosts by ICMP echo; those beyond own links that reply to no ping are skipped", { set: (line) => addPings(line, ["echo"]) }),
	flag("--ping-timestamp|-PP", "Ping hosts by ICMP timestamp", { set: (line) => addPings(line, ["timestamp"]) }),
	flag("--ping-mask|-PM", "Ping hosts by ICMP address mask", { set: (line) => addPings(line, ["mask"]) }),
	portPing("--ping-syn|-PS", "syn", 80, "Ping hosts by SYN to these ports: -PS22,443"),
	portPing("--ping-ack|-PA", "ack", 80, "Ping hosts by ACK to these ports: -PA80"),
	portPing("--ping-udp|-PU", "udp", 40125, "Ping hosts by UDP to these ports: -PU53,161"),
	flag("--ping-arp|-PR", "Find hosts on own links by ARP (always in effect)", { set: (line) => line.scan.arpPing = true }),
	flag("--disable-arp-ping", "Do not take ARP for a reply: only pings show that a host on an own link is up", { set: (line) => line.scan.arpPing = false }),
	flag("--mac-vendors FILE", "Names of vendors by hardware address: oui.txt of the IEEE", {
		more: "Needs --allow-read",
		byDefault: "/usr/share/ieee-data/oui.txt, if --allow-read permits that",
		set: (line, value) => line.vendorsFile = inputPath(value)
	}),
	flag("--discovery-ignore-rst", "Do not take a RST for the reply of a host: a firewall may send it", { set: (line) => line.scan.ignoreRst = true })
]);
const PORT_FLAGS = inGroup("Ports", [
	flag("--ports|-p PORTS", "22,80,8000-8100, http, or -p- for all but 0", {
		often: true,
		more: "A target can have its own: 192.0.2.7:22,80. T: and U: begin ports of one protocol: T:80,U:53,161",
		byDefault: "the 1,000 most useful of TCP, the 100 most useful of UDP",
		set: ((line, value) => line.scan.ports = value)
	}),
	flag("--ports-file|--port-file FILE", "Read ports from a file; - is standard input", {
		more: "Same syntax as for --ports, one per line or separated by commas; # begins a comment. Needs --allow-read, except for -",
		set: ((line, value) => line.portsFile = inputPath(value))
	}),
	flag("--exclude-ports PORTS", "Never probe these ports", { set: ((line, value) => line.scan.excludePorts = value) }),
	flag("--top-ports N", "Scan the N most useful ports", {
		often: true,
		set: ((line, value, flag) => line.scan.topPorts = parseWhole(value, flag, {
			min: 1,
			max: 65536
		}))
	}),
	flag("--fast|-F", "Scan the 100 most useful ports", {
		often: true,
		set: ((line) => line.scan.topPorts = 100)
	})
]);
const TECHNIQUE_FLAGS$1 = inGroup("Technique", [
	technique("--syn|-sS", "syn", "SYN scan, with raw packets", {
		often: true,
		more: "Techniques of packets can be combined, as in -sS -sA: each port then has a state for each",
		byDefault: "if raw sockets are allowed"
	}),
	technique("--connect|-sT", "connect", "Connect scan: connect(2); needs no privilege", {
		often: true,
		byDefault: "if raw sockets are not allowed"
	}),
	technique("--ack|-sA", "ack", "ACK scan: shows filtered ports; open and closed ones are both unfiltered"),
	technique("--window|-sW", "window", "Window scan: an ACK scan that takes a RST with a window for an open port"),
	technique("--maimon|-sM", "maimon", "Maimon scan: FIN and ACK; open ports of some BSD systems ignore it"),
	technique("--fin|-sF", "fin", "FIN scan: open ports ignore the probe, closed ones reset it"),
	technique("--null|-sN", "null", "Null scan: no TCP flags; replies mean the same as for -sF"),
	technique("--xmas|-sX", "xmas", "Xmas scan: FIN, PSH, URG; replies mean the same as for -sF"),
	technique("--udp|-sU", "udp", "UDP scan; alone, or together with techniques of TCP", { more: "Without the right to raw sockets it takes sockets of the kernel, which give the same states, and -sT beside it. Ports whose silence shows nothing, because their host limits its ICMP errors, are probed again as slowly as it sends these: for a host of Linux one a second" }),
	flag("--defeat-icmp-ratelimit", "Do not wait for limited ICMP errors: such UDP ports are closed|filtered", { set: (line) => line.scan.defeatIcmpRateLimit = true }),
	flag("--scanflags FLAGS", "Probe with these TCP flags, as in SYNFIN or 0x03", {
		more: "Names are URG, ACK, PSH, SYN, FIN, ECE, CWR and NONE. Replies are read as those of the technique",
		byDefault: "those of the technique",
		set: (line, value, flag) => line.scan.scanFlags = parseTcpFlags(value, flag)
	}),
	flag("--syn-options LAYOUT", "Send a SYN with the TCP options of this system: none, mss, windows, linux or bsd", {
		more: "A few hosts reply to some layouts only; longer probes lower the highest rate of a link",
		byDefault: "windows",
		words: SYN_LAYOUTS,
		set: (line, value, flag) => line.scan.synOptions = parseWord(value, flag, SYN_LAYOUTS)
	}),
	flag("--aggressive|-A", "Identify services and show paths: -sV --traceroute", {
		often: true,
		more: "The systems of hosts are guessed in any case. Connect and UDP scans show no paths",
		set: ({ scan }) => {
			scan.services = { ...scan.services };
			scan.traceroute = "auto";
		}
	}),
	flag("--traceroute", "Show the routers on the path to each host that replied", {
		more: "By probes that the host is known to answer, with a hop limit: segments of TCP, and with -sn pings by -PE, -PS or -PA. Not for connect scans, and not for UDP scans alone. With -sn, paths to this machine and to hosts on own links are left out",
		set: (line) => line.scan.traceroute = true
	}),
	flag("--where-filtered", "Show the last router that probes of filtered ports reach", {
		more: "Of many filtered ports of a host some are probed with hop limits. Shows the paths, too, as --traceroute does",
		set: (line) => line.scan.whereFiltered = true
	}),
	flag("--services|-sV", "Identify the services of open ports: product and version", {
		often: true,
		more: "While the scan continues; each port is reported once it is identified",
		set: ({ scan }) => scan.services = { ...scan.services }
	}),
	flag("--version-intensity N", "Send more or fewer probes for services, 0-9; takes in -sV", {
		more: "0 sends each port only the probes for it, 9 sends all probes to every port",
		byDefault: "7",
		set: ({ scan }, value, flag) => scan.services = {
			...scan.services,
			intensity: parseWhole(value, flag, {
				min: 0,
				max: 9
			})
		}
	}),
	flag("--version-light", "The same as --version-intensity 2", { set: ({ scan }) => scan.services = {
		...scan.services,
		intensity: 2
	} }),
	flag("--version-all", "The same as --version-intensity 9", { set: ({ scan }) => scan.services = {
		...scan.services,
		intensity: 9
	} }),
	flag("--allports", "Identify also the ports 9100-9107, where printers print what they are sent; takes in -sV", { set: ({ scan }) => scan.services = {
		...scan.services,
		allPorts: true
	} }),
	flag("--interface|-e NAME", "Send from this interface", {
		byDefault: "chosen by the kernel's routes",
		more: "IPv6 link-local targets without a zone are those of its link. With -sn and without a target, the IPv6 hosts of its link are found by multicast",
		set: (line, value) => line.scan.interface = value
	}),
	flag("--source-ip|-S IP,...", "Send from this address, or from several of this machine in turn", {
		byDefault: "chosen by the kernel's routes",
		more: "Hosts limit their ICMP errors by address, so that a UDP scan from four takes a quarter of the time",
		set: (line, value) => line.scan.sourceIp = value
	}),
	flag("--source-port|-g PORT", "Send from this port", {
		ifMissing: "For ports without anything else, as with RustScan's -g, write --ip-port",
		byDefault: "free ports outside the kernel's own range",
		set: (line, value, flag) => line.scan.sourcePort = parseWhole(value, flag, {
			min: 1,
			max: 65535
		})
	}),
	flag("--ttl N", "Time to live of probes, 1-255", { set: (line, value, flag) => line.scan.ttl = parseWhole(value, flag, {
		min: 1,
		max: 255
	}) }),
	flag("--transport NAME", "Send by auto, sendto, sendmmsg or ethernet", {
		more: "sendto makes one system call per packet, sendmmsg one for many packets, ethernet sends frames through AF_PACKET; -v prints the choice and its reason",
		byDefault: "auto",
		words: TRANSPORTS,
		set: (line, value, flag) => line.scan.transport = parseWord(value, flag, TRANSPORTS)
	}),
	flag("--workers N", "Divide the scan among N workers", {
		byDefault: "chosen by cores and size of the scan",
		set: (line, value, flag) => line.scan.workers = parseWhole(value, flag, {
			min: 1,
			max: 64
		})
	}),
	flag("--shard I/N", "Scan only the I-th of N parts; needs --seed", {
		more: "Machines with the same targets, ports and seed, each with its own I, together scan everything once; synscan merge joins their results. auto takes I and N from a Slurm array, a Kubernetes Indexed Job or GNU parallel; see synscan help cluster",
		set: (line, value, flag) => line.scan.shard = parseShard(value, flag)
	}),
	flag("--seed N", "Seed of the random order of probes", {
		byDefault: "random",
		set: (line, value, flag) => line.scan.seed = parseWhole(value, flag, {
			min: 0,
			max: Number.MAX_SAFE_INTEGER
		})
	})
]);
const TIMING_FLAGS = inGroup("Timing and rate", [
	flag("--timing|-T 0-5", "Timing template, from paranoid (0) to insane (5)", {
		often: true,
		byDefault: "3, normal",
		words: [
			"0",
			"1",
			"2",
			"3",
			"4",
			"5",
			...TIMINGS
		],
		set: (line, value, flag) => line.scan.timing = parseTiming(value, flag)
	}),
	flag("--max-rate RATE", "At most this many probes a second: 500, 10k, 1.5m", {
		often: true,
		set: (line, value, flag) => line.scan.maxRatePps = parseRate(value, flag)
	}),
	flag("--min-rate RATE", "At least this many probes a second, if possible", { set: (line, value, flag) => line.scan.minRatePps = parseRate(value, flag) }),
	flag("--max-retries N", "Retransmit a probe at most this many times", {
		byDefault: "chosen by the measured loss",
		set: (line, value, flag) => line.scan.maxRetries = parseWhole(value, flag, {
			min: 0,
			max: 100
		})
	}),
	flag("--timeout|--initial-rtt-timeout TIME", "First timeout, before a round trip is measured", {
		more: "For example 500ms, 2s or 1m; a plain number, of at most 60, is in seconds",
		set: (line, value, flag) => line.scan.timeoutMs = parseTimeoutMs(value, flag)
	}),
	flag("--max-rtt-timeout TIME", "Longest timeout of a probe", { set: (line, value, flag) => line.scan.maxRttTimeoutMs = parseTimeoutMs(value, flag) }),
	flag("--deadline TIME", "End the scan after this time: 90s, 1h30m", {
		often: true,
		more: "Ports without a result by then are undecided, and the exit status is 3",
		set: (line, value, flag) => line.scan.deadlineMs = parseSpanMs(value, flag)
	}),
	flag("--host-timeout TIME", "Give up a host this long after its first probe: 30s, 5m", {
		more: "What is known of it is reported, its other ports are undecided, and the exit status is 3. 0 is no limit",
		byDefault: "no limit",
		set: ({ scan }, value, flag) => {
			const ms = parseHostTimeoutMs(value, flag);
			if (ms > 0) scan.hostTimeoutMs = ms;
		}
	})
]);
const OUTPUT_FLAGS = inGroup("Output", [
	flag("--open", "Show only open ports", {
		often: true,
		set: ((line) => line.openOnly = true)
	}),
	flag("--reason", "Show the reason of each state", {
		often: true,
		more: "Of a host that is up, it is the reply that shows that",
		set: ((line) => line.reason = true)
	}),
	flag("--verbose|-v", "Print open ports as they are found; -vv more", {
		mayTake: /^(true|false|[0-9])$/,
		often: true,
		more: "Also prints the chosen options and the reasons of states; -vv adds TTL, round trip and tries to the table. A following true, false or digit is its value",
		repeats: true,
		set: ((line, value) => {
			if (value === "true") line.verbosity++;
			else line.verbosity = value === "false" ? 0 : Number(value);
		})
	}),
	flag("--quiet|-q", "Print only results, warnings and errors", {
		often: true,
		more: "Standard output holds the results only, without \"Not shown\" lines and summary; warnings and errors go to standard error (the summary in JSON has the warnings of the scan already), and no progress is shown. The exit status is the same",
		set: ((line) => {
			line.quiet = true;
			line.progress = false;
		})
	}),
	flag("--color WHEN", "Colour the table: auto, always or never", {
		byDefault: "auto: on a terminal, unless NO_COLOR is set or TERM is dumb",
		words: COLORS,
		set: ((line, value, flag) => line.color = parseWord(value, flag, COLORS))
	}),
	printed("--json", "json", "Print JSON lines instead of the table", { often: true }),
	report("--json-file", "-oJ", "json", "Write JSON lines to a file; - is standard output", {
		more: "Reports to files need --allow-write. In every format, - as the file name is standard output. As in nmap, a file name can contain the time: %Y %m %d %H %M %S, %F (%Y-%m-%d), %T (%H%M%S), %R (%H%M), %D (%m%d%y), %% for a percent sign; %i is the number of the shard",
		repeats: true
	}),
	report("--normal-file", "-oN", "normal", "Write the table to a file"),
	report("--xml-file", "-oX", "xml", "Write nmap's XML to a file; - is standard output", { often: true }),
	report("--grepable-file", "-oG", "grepable", "Write nmap's grepable format to a file"),
	flag("--all-files|-oA BASE", "Write BASE.nmap, .xml, .gnmap, .json and .html", {
		often: true,
		more: "The formats of -oN, -oX, -oG, -oJ and -oH; -sL, of which there is no HTML, writes the others",
		set: ((line, value, flag) => {
			if (value === "-") throw new UsageError(`Cannot write five reports to standard output with ${flag}. Give the base name of the files, as in ${flag} found`);
			if (value.endsWith("/")) throw new UsageError(`Cannot write to ${quote(value)} with ${flag}: it names no file. Give the base name of the files, as in ${flag} scans/found`);
			for (const [format, suffix] of Object.entries(ALL_FILES)) line.outputs.push({
				format,
				path: `${withTime(value, line.typedAtMs, line.scan.shard)}.${suffix}`,
				flag
			});
		})
	}),
	report("--csv-file", "-oC", "csv", "Write comma-separated values to a file"),
	report("--list-file", "-oL", "list", "Write masscan's list of open ports to a file"),
	printed("--ip-port", "ip-port", "Print open ports as ip:port lines, not the table", { more: "For programs that read such a list; each port is printed as it is found" }),
	report("--ip-port-file", "-oI", "ip-port", "Write open ports as ip:port lines to a file"),
	report("--html-file", "-oH", "html", "Write a report for browsers, in one file", {
		often: true,
		more: "Findings come first, with --db also the changes since the previous scan; the list can be searched, sorted, copied and saved. The report loads nothing"
	}),
	flag("--db FILE", "Record the scan in a history", {
		often: true,
		more: "An SQLite database, created if missing. synscan history, show and diff read it, and targets such as @last:open. Needs --allow-read and --allow-write",
		set: ((line, value) => line.db = value)
	}),
	flag("--changed", "Report only changes since the last scan of the same ports", {
		more: "Compares with the last scan of the same targets and ports in the history of --db that decided every port. The table, JSON and CSV also have the previous state, as was. A host that is absent now is reported with the ports that it had: they are filtered",
		set: ((line) => line.changed = true)
	}),
	flag("--fields NAMES", "Report only these fields: ip,port,state", {
		more: "The table, JSON and CSV have these fields in this order; other formats always have their own. The table shows ip and names above the ports of each host, and never late. Fields: " + FIELDS.map((({ name }) => name)).join(", "),
		byDefault: "all fields of the format",
		words: FIELDS.map((({ name }) => name)),
		takesList: true,
		set: ((line, value, flag) => line.fields = parseFields(value, flag))
	}),
	flag("--filter EXPR", "Report only matches: 'state=open and port<1024'", {
		more: "Fields as for --fields; = != < <= > >=, ~ (contains), and, or, not, parentheses",
		set: ((line, value) => line.filter = parseFilter(value))
	}),
	flag("--packet-trace", "Show each packet sent and received", { set: ((line) => line.packetTrace = true) }),
	flag("--dry-run", "Print hosts and ports to be probed; send nothing", {
		often: true,
		onlyTyped: true,
		set: ((line) => {
			if (line.action === "scan") line.action = "dry-run";
		})
	}),
	flag("--stats-every TIME", "Print the status of the scan at this interval", {
		more: "On standard error, as SIGUSR2 and any key on a terminal do once; JSON gets progress lines",
		set: ((line, value, flag) => line.statsEveryMs = parseSpanMs(value, flag))
	}),
	flag("--no-progress", "No progress line on a terminal", {
		more: "For example for a screen reader; keys still work",
		set: ((line) => line.progress = false)
	}),
	flag("--no-keys|--noninteractive", "Do not read the keyboard while scanning", {
		more: "Keys are read if standard input, output and error are the terminal",
		set: ((line) => line.keys = false)
	})
]);
const OTHER_FLAGS = inGroup("Other", [
	flag("--checkpoint FILE", "Save the scan in a file, for synscan resume", {
		often: true,
		more: "Replaced about twice a second, so that kill -9 loses no result, and removed when the scan is done. The results, 24 bytes each, are appended to FILE.journal, which synscan resume needs too. Needs --allow-read and --allow-write",
		byDefault: "saved in a new file if the scan is interrupted and these rights are given",
		onlyTyped: true,
		set: (line, value) => line.checkpoint = value
	}),
	flag("--config FILE", "Read defaults of flags from this configuration", {
		more: "JSON, with the long names of flags as keys; the command line wins. Needs --allow-read",
		byDefault: "~/.config/synscan/config.json, if it may be read",
		onlyTyped: true,
		set: () => {}
	}),
	flag("--no-config", "Read no configuration", {
		onlyTyped: true,
		set: () => {}
	}),
	flag("--print-config", "Print the options in effect, as a configuration", {
		onlyTyped: true,
		set: (line) => line.action = "print-config"
	}),
	flag("--help|-h", "Print help; --help all or --help TOPIC has more", {
		mayTake: /^all$/,
		often: true,
		repeats: true,
		onlyTyped: true,
		set: (line, value) => line.action = value === "all" ? "help-all" : "help"
	}),
	flag("--version|-V", "Print the version", {
		often: true,
		onlyTyped: true,
		set: (line) => line.action = "version"
	})
]);
const FLAGS = [
	...TARGET_FLAGS$1,
	...HOST_FLAGS,
	...PORT_FLAGS,
	...TECHNIQUE_FLAGS$1,
	...TIMING_FLAGS,
	...OUTPUT_FLAGS,
	...OTHER_FLAGS
];
const SPELLINGS = new Map(FLAGS.flatMap(((flag) => [flag.name, ...flag.also].map(((spelling) => [spelling, flag])))));

const GROUPS_OF_OPTIONS = [
	"Hosts",
	"Technique",
	"Timing and rate"
];
const OF_ONE_SHARD = /* @__PURE__ */ new Set([...[
	"--mac-vendors",
	"--interface",
	"--source-ip",
	"--source-port",
	"--transport",
	"--workers",
	"--shard",
	"--seed"
], ...[
	"--max-rate",
	"--min-rate",
	"--deadline"
]]);
const OF_CONTENTS = /* @__PURE__ */ new Set([
	"--open",
	"--filter",
	"--changed"
]);


// src/cli/args/contradictions.ts

const FORMATS_OF_DRY_RUNS = /* @__PURE__ */ new Set(["normal", "json"]);
function refuseReportsOfNothing(outputs) {
	if (outputs.some(({ path }) => path !== "-")) throw new UsageError("Cannot write a report of --dry-run to a file: nothing is scanned. Leave one of them out");
	const wrong = outputs.find(({ format }) => !FORMATS_OF_DRY_RUNS.has(format));
	if (wrong !== void 0) throw new UsageError(`Cannot use --dry-run with ${wrong.flag}: nothing is scanned. Use --json, or leave one of them out`);
}
const FORMATS_OF_LISTS = /* @__PURE__ */ new Set([...[
	"table",
	"normal",
	"xml",
	"grepable",
	"json"
]]);
const FORMATS_OF_HOSTS = /* @__PURE__ */ new Set([...FORMATS_OF_LISTS, "html"]);
function refuseReportsOfPorts(flag, outputs, formats) {
	const wrong = outputs.find((output) => !formats.has(output.format) && SPELLINGS.get(output.flag)?.name !== "--all-files");
	if (wrong !== void 0) throw new UsageError(`Cannot use ${flag} with ${wrong.flag}: no port is probed. Use --json, -oN, -oX or -oG, or leave one of them out`);
}
function refuseReportsOfHosts(scan, outputs) {
	refuseReportsOfPorts(scan, outputs, FORMATS_OF_HOSTS);
}
function hasTable({ outputs }) {
	return !outputs.some(({ path }) => path === "-") || outputs.some(({ format }) => format === "normal");
}


const RIVALS = [
	["--scanflags", "--syn-options"],
	["--min-rate", "--max-rate"],
	["--timeout", "--max-rtt-timeout"],
	["--reason", "--fields"]
];
const TECHNIQUE_FLAGS = FLAGS.filter((({ isTechnique }) => isTechnique)).map((({ name }) => name));

const PING_FLAGS = [
	"--ping-echo",
	"--ping-timestamp",
	"--ping-mask",
	"--ping-syn",
	"--ping-ack",
	"--ping-udp"
];
const SERVICE_FLAGS = [...[
	"--aggressive",
	"--services",
	"--version-intensity",
	"--version-light",
	"--version-all",
	"--allports"
]];
const OF_LISTS = [
	"--list-scan",
	"--interface",
	"--max-rate",
	"--deadline"
];
const GROUPS_OF_SCANS = [
	"Hosts",
	"Ports",
	"Technique",
	"Timing and rate"
];
const NOT_OF_LISTS = [
	...FLAGS.filter((({ group, name }) => GROUPS_OF_SCANS.includes(group) && !OF_LISTS.includes(name))).map((({ name }) => name)),
	...[
		"--open",
		"--reason",
		"--fields",
		"--filter",
		"--changed",
		"--db",
		"--checkpoint"
	],
	...["--packet-trace", "--stats-every"]
];
const DISCOVERY_FLAGS = ["--disable-arp-ping", "--discovery-ignore-rst"];
const EXCLUSIVE = [
	[
		"--ipv4",
		"--ipv6",
		"without both, names are scanned by both"
	],
	...TECHNIQUE_FLAGS.filter(((name) => name !== "--connect" && name !== "--udp")).map(((name) => [
		name,
		"--connect",
		"both probe TCP ports, and the kernel sends the packets of one. Scan once with each"
	])),
	...TECHNIQUE_FLAGS.filter(((name) => name !== "--syn")).map(((name) => [
		name,
		"--syn-options",
		"its probes are no SYN that the scan writes"
	])),
	...PING_FLAGS.map(((name) => [
		name,
		"--no-ping",
		"one finds hosts, the other probes all of them"
	])),
	[
		"--ping-arp",
		"--disable-arp-ping",
		"they contradict each other"
	],
	[
		"--ping-scan",
		"--no-ping",
		"no host is probed at all then"
	],
	...[...[
		"--ports",
		"--ports-file",
		"--exclude-ports",
		"--top-ports",
		"--fast",
		"--scanflags",
		"--syn-options"
	], ...[
		"--fields",
		"--defeat-icmp-ratelimit",
		...TECHNIQUE_FLAGS
	]].map(((name) => [
		name,
		"--ping-scan",
		"no port is probed. Scan the ports, or leave them out"
	])),
	...[
		...SERVICE_FLAGS,
		"--open",
		"--filter",
		"--where-filtered"
	].map(((name) => [
		name,
		"--ping-scan",
		"no port is probed. Scan the ports, or leave one of them out"
	])),
	[
		"--changed",
		"--ping-scan",
		"changes are those of ports. Record the scan with --db, and compare it by synscan diff"
	],
	[
		"--version-light",
		"--version-all",
		"they contradict each other"
	],
	[
		"--version-intensity",
		"--version-light",
		"both set the intensity"
	],
	[
		"--version-intensity",
		"--version-all",
		"both set the intensity"
	],
	[
		"--udp",
		"--scanflags",
		"datagrams have no TCP flags"
	],
	[
		"--connect",
		"--scanflags",
		"the kernel sets the flags of its packets"
	],
	...pairsOf([
		"--ports-file",
		"--ports",
		"--top-ports",
		"--fast"
	], "both choose the ports"),
	[
		"--connect",
		"--transport",
		"the kernel sends its own packets"
	],
	[
		"--connect",
		"--source-port",
		"every connection has a port of its own"
	],
	[
		"--checkpoint",
		"--dry-run",
		"nothing is scanned"
	],
	[
		"--dry-run",
		"--list-scan",
		"the one prints hosts and ports, the other hosts and names"
	],
	...NOT_OF_LISTS.map(((name) => [
		name,
		"--list-scan",
		"nothing is scanned"
	])),
	[
		"--quiet",
		"--verbose",
		"one prints less, the other more"
	],
	[
		"--no-dns",
		"--reverse-dns",
		"one looks up no name, the other every name"
	],
	...DISCOVERY_FLAGS.map(((name) => [...["--connect", name], "a connect scan finds no hosts first. Add a ping, as in -PE, or leave it out"])),
	[
		"--connect",
		"--traceroute",
		"the kernel sets the hop limits of its packets"
	],
	[
		"--connect",
		"--where-filtered",
		"the kernel sets the hop limits of its packets"
	],
	[
		"--connect",
		"--packet-trace",
		"the kernel does not show its packets"
	]
];

// src/cli/exit.ts
const EXIT = {
	done: 0,
	usage: 1,
	cannot: 2,
	untrusted: 3,
	hungUp: 129,
	interrupted: 130,
	quit: 131,
	terminated: 143
};
const SIGNAL_STATUS = {
	SIGINT: EXIT.interrupted,
	SIGTERM: EXIT.terminated,
	SIGHUP: EXIT.hungUp,
	SIGQUIT: EXIT.quit
};
const END_SIGNALS = Object.keys(SIGNAL_STATUS);
const ENDING = "Ending; press Ctrl-C again to end at once";
const DIFF_STATUS = {
	same: 0,
	different: 1,
	trouble: 2
};
const EXIT_MEANINGS = [
	[EXIT.done, "done"],
	[EXIT.usage, "wrong usage: a flag, a target, a port, a file name"],
	[EXIT.cannot, "cannot run, or cannot write: a permission, an interface, a full disk"],
	[EXIT.untrusted, "finished, but incomplete or not trusted: a deadline, undecided ports, too much loss"],
	[EXIT.interrupted, "interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP); the results so far have been printed"],
	[EXIT.quit, "ended at once by SIGQUIT; results that were not printed yet are lost"]
];


// src/cli/output_choice.ts
function isDumb(system) {
	return system.environ("TERM") === "dumb";
}





// ffi/file.ts
const KINDS = /* @__PURE__ */ new Map([
	[S_IFREG, "file"],
	[S_IFDIR, "directory"],
	[S_IFLNK, "link"],
	[S_IFIFO, "pipe"],
	[S_IFSOCK, "socket"],
	[S_IFCHR, "character device"],
	[S_IFBLK, "block device"]
]);
const PATH_ROOM = 4096;
const NEW_FILE_MODE = 438;
function statFile(path, { follow = true } = {}) {
	return statAt(AT_FDCWD, path, follow ? 0 : 256);
}
function statDescriptor(number) {
	return statAt(number, "", AT_EMPTY_PATH);
}
function statAt(directory, path, flags) {
	const [name, status] = [pinString(path), pin(statx.size)];
	check(libc().statx(directory, name.pointer, flags, STATX_BASIC_STATS, status.pointer), "statx");
	keepAlive(name);
	const { view } = status;
	const [major, minor] = [view.getUint32(statx.stx_dev_major, true), view.getUint32(statx.stx_dev_minor, true)];
	const kind = KINDS.get(view.getUint16(statx.stx_mode, true) & 61440) ?? "file";
	return {
		id: `${major}:${minor}:${view.getBigUint64(statx.stx_ino, true)}`,
		kind,
		owner: view.getUint32(statx.stx_uid, true),
		names: view.getUint32(statx.stx_nlink, true),
		length: kind === "file" ? Number(view.getBigUint64(statx.stx_size, true)) : 0
	};
}

function isMissing$1(error) {
	return error instanceof SyscallError && (error.errno === ERRNO.ENOENT || error.errno === ERRNO.ENOTDIR);
}
const ERRORS = /* @__PURE__ */ new Map([
	[ERRNO.ENOENT, Deno.errors.NotFound],
	[ERRNO.EPERM, Deno.errors.PermissionDenied],
	[ERRNO.EACCES, Deno.errors.PermissionDenied],
	[ERRNO.EISDIR, Deno.errors.IsADirectory],
	[ERRNO.ENOTDIR, Deno.errors.NotADirectory],
	[ERRNO.ELOOP, Deno.errors.FilesystemLoop],
	[ERRNO.EPIPE, Deno.errors.BrokenPipe],
	[ERRNO.EAGAIN, Deno.errors.WouldBlock]
]);
var NoReaderError = class extends Error {
	name = "NoReaderError";
};
function fileError(errno) {
	if (errno === ERRNO.ENXIO) return new NoReaderError("no process reads it");
	const message = `${errnoText(errno)} (os error ${errno})`;
	const Known = ERRORS.get(errno);
	return Known === void 0 ? new Error(message) : new Known(message);
}
function checkFile(result) {
	if (result === -1) throw fileError(lastErrno());
	return result;
}
var WritableFile = class {
	status;
	isNew;
	#path;
	#fd;
	constructor(path, { isOld, noFollow }) {
		this.#path = path;
		const flags = O_NONBLOCK | 256 | O_CLOEXEC | (noFollow ? O_NOFOLLOW : 0);
		const created = isOld ? -1 : open(path, flags | 1 | 64 | 128);
		this.isNew = created !== -1;
		if (!isOld && !this.isNew && lastErrno() !== ERRNO.EEXIST) throw fileError(lastErrno());
		const access = isOld ? 2 : 1 | 64;
		this.#fd = new Fd(this.isNew ? created : checkFile(open(path, flags | access)));
		try {
			this.status = statDescriptor(this.#fd.number);
		} catch (error) {
			this.#fd.close();
			throw error;
		}
	}
	write(bytes) {
		for (;;) {
			const count = libc().write(this.#fd.number, bytes, usize(bytes.length));
			if (count !== -1) return count;
			if (lastErrno() !== ERRNO.EINTR) throw fileError(lastErrno());
		}
	}
	readAt(offset, length) {
		const bytes = new Uint8Array(length);
		let done = 0;
		while (done < length) {
			const rest = bytes.subarray(done);
			const count = checkFile(libc().pread(this.#fd.number, rest, usize(rest.length), BigInt(offset + done)));
			if (count === 0) break;
			done += count;
		}
		return bytes.subarray(0, done);
	}
	seek(offset) {
		if (libc().lseek(this.#fd.number, BigInt(offset), 0) === -1n) throw fileError(lastErrno());
	}
	truncate(length) {
		checkFile(libc().ftruncate(this.#fd.number, BigInt(length)));
	}
	async sync() {
		if (await libc().fdatasyncAside(this.#fd.number) !== 0) throw fileError(ERRNO.EIO);
	}
	isInPlace() {
		try {
			return statFile(this.#path).id === this.status.id;
		} catch (error) {
			if (isMissing$1(error)) return false;
			return statDescriptor(this.#fd.number).names > 0;
		}
	}
	remove() {
		if (!this.isNew || !this.isInPlace()) return;
		const name = pinString(this.#path);
		libc().unlink(name.pointer);
		keepAlive(name);
	}
	close() {
		this.#fd.close();
	}
	[Symbol.dispose]() {
		this.close();
	}
};
function open(path, flags) {
	const name = pinString(path);
	const number = libc().openat(AT_FDCWD, name.pointer, flags, NEW_FILE_MODE);
	keepAlive(name);
	return number;
}

// src/checkpoint/error.ts
const TROUBLES = {
	empty: () => "nothing was written to it yet. Start the scan again",
	foreign: () => "it is not a checkpoint. Give the file that was given to --checkpoint",
	newer: () => "a newer synscan wrote it. Use that one",
	older: () => "an older synscan wrote it. Use that one, or start the scan again",
	damaged: () => "it is damaged. Start the scan again",
	"in use": () => "another synscan process uses it. Wait until that ends, or end it",
	exists: (_, resume) => `it is not empty. To resume the scan saved in it: ${resume}`,
	"journal missing": (journal) => `its journal ${journal} is missing. Put it back, or start the scan again`,
	"journal cut": (journal) => `its journal ${journal} is cut. Put it back whole, or start the scan again`,
	"journal damaged": (journal) => `its journal ${journal} is damaged. Put it back, or start the scan again`,
	"journal of another scan": (journal) => `${journal} is the journal of another scan. Put its own back, or start the scan again`,
	"journal of another version": (journal) => `another version of synscan wrote its journal ${journal}. Use that version`,
	"beside something": (journal) => `${journal} exists and is not a journal. Name another file`
};
var CheckpointError = class extends Error {
	name = "CheckpointError";
	trouble;
	constructor(trouble) {
		super(`The checkpoint is ${trouble}`);
		this.trouble = trouble;
	}
};

// src/checkpoint/encoding.ts
const VERSION = 10;
const HEAD_LEN = 72;
const RECORD_WORDS = 6;
const KIND_MASK = 65535;
const PASS_SHIFT = 16;
const TIME = 2;
const FNV_OFFSET = 2166136261;
const FNV_PRIME = 16777619;




function beginsAs(kind, bytes) {
	return new TextDecoder().decode(bytes).startsWith(beginningOf(kind));
}
function readHead(kind, bytes) {
	if (bytes.length === 0) throw new CheckpointError("empty");
	const text = new TextDecoder().decode(bytes.subarray(0, 72));
	const beginning = beginningOf(kind);
	if (!text.startsWith(beginning)) throw new CheckpointError(beginning.startsWith(text) ? "damaged" : "foreign");
	const version = /^,"version":(\d+)[,}]/.exec(text.slice(beginning.length))?.[1];
	if (version === void 0) throw new CheckpointError("damaged");
	if (Number(version) !== 10) throw new CheckpointError(Number(version) > 10 ? "newer" : "older");
	const scan = /"scan":"([\da-f]+)"/.exec(text)?.[1];
	if (scan === void 0 || bytes.length < 72) throw new CheckpointError("damaged");
	return scan;
}


function* readRecords(read, length, seed, trouble) {
	const head = new Uint32Array(RECORD_WORDS);
	for (let at = 72; at < length;) {
		if (!read(bytesOf(head))) throw new CheckpointError(trouble);
		const [sum, what, size] = head;
		at += 4 * recordWords(size);
		if (at > length) throw new CheckpointError(trouble);
		const body = new Uint32Array(recordWords(size) - RECORD_WORDS);
		if (!(read(bytesOf(body)) && sum === checksum(body, checksum(head.subarray(1), seed)))) throw new CheckpointError(trouble);
		const timeMs = new Float64Array(head.buffer)[TIME];
		yield {
			kind: what & KIND_MASK,
			pass: what >>> PASS_SHIFT,
			timeMs,
			body: body.subarray(0, size)
		};
	}
}

// src/cli/permissions.ts
function noRightTo(subject, ...rights) {
	const flags = rights.map((right) => `--allow-${right}`).join(" and ");
	return new CannotScanError(`${subject} needs the right to ${rights.join(" and ")} files. Add ${flags} to deno run`);
}

// src/cli/why_not.ts
function isDirectory(error) {
	return error instanceof Deno.errors.IsADirectory || error instanceof Deno.errors.NotADirectory;
}


// src/cli/write_deadline.ts
const RETRY_MS = 5;

var StalledReader = class extends Error {
	name = "StalledReader";
};
var WriteDeadline = class {
	#waits = /* @__PURE__ */ new Set();
	#progressedAtMs = 0;
	#timer;
	#isOver = false;
	static { this.prototype.bound = (function(promise, isProgress = true) {
		return new Promise(((resolve, reject) => {
			const end = (() => reject(new StalledReader()));
			if (this.#isOver) return end();
			this.#waits.add(end);
			promise.then(((value) => {
				if (isProgress) this.#progressedAtMs = performance.now();
				resolve(value);
			}), reject).finally((() => this.#waits.delete(end)));
		}));
	}); }
	limit(spanMs) {
		this.#progressedAtMs = performance.now();
		this.#timer ??= setInterval(() => {
			if (performance.now() - this.#progressedAtMs < spanMs) return;
			if (this.#waits.size === 0) return;
			this.#isOver = true;
			for (const end of this.#waits) end();
		}, spanMs / 4);
	}
	[Symbol.dispose]() {
		if (this.#timer !== void 0) clearInterval(this.#timer);
	}
};
function stalled(place) {
	return new StalledReader(`Cannot write to ${place}: the process that reads it takes nothing. Its report is incomplete`);
}

// src/cli/sinks.ts
var ClosedPipe = class extends Error {
	name = "ClosedPipe";
};
const FINGERPRINT_LEN = 4096;
const NEWLINE = 10;
const NOTHING = { bytes: 0 };

function fileSink(path, flag, system, { files, kept = NOTHING, patience } = {}) {
	const mustExist = kept.bytes !== null && kept.bytes > 0;
	const mayWrite = (each) => system.isAllowed({
		name: "write",
		path: each
	});
	if (!mayWrite(path) || !mayWrite(system.identify(path)?.path ?? path)) throw noRightTo(`Cannot write ${quote(path)}: ${flag}`, "write");
	if (!system.isAllowed({ name: "ffi" })) throw new CannotScanError(`Cannot write ${quote(path)}: ${flag} needs the C library's functions for files. Add --allow-ffi to deno run`);
	if (mustExist && !system.isAllowed({
		name: "read",
		path
	})) throw new CannotScanError(`Cannot continue the report ${quote(path)}: that needs the right to read it. Add --allow-read to deno run`);
	let file;
	try {
		file = system.openOutput(path, { mustExist });
		files?.opened(path, file.id);
		return new FileSink(file, path, kept, patience);
	} catch (error) {
		file?.discard();
		file?.close();
		if (error instanceof UsageError) throw error;
		if (error instanceof NoReaderError) throw new CannotScanError(`Cannot write ${quote(path)} for ${flag}: no process reads ${quote(path)}. Start one first`);
		const message = `Cannot write ${quote(path)} for ${flag}: ${whyNot(error)}. Name another file`;
		if (error instanceof Deno.errors.NotFound || isDirectory(error)) throw new UsageError(message);
		throw new CannotScanError(message);
	}
}
var FileSink = class {
	#file;
	#text = new Utf8Buffer();
	#path;
	#deadline;
	#wholeLen;
	#fileLen = 1e400;
	#tail = /* @__PURE__ */ new Uint8Array();
	#last = /* @__PURE__ */ new Uint8Array();
	constructor(file, path, { bytes, print }, patience) {
		this.#file = file;
		this.#path = path;
		this.#deadline = patience;
		this.#wholeLen = bytes ?? file.openedLen;
		if (bytes === null || bytes === 0) return;
		const refuse = (why) => new UsageError(`Cannot continue the report ${quote(path)}: ${why}. Start the scan again, with another file`);
		if (!file.seekable) throw refuse("it is no file any more");
		if (file.openedLen < bytes) throw refuse("there is less in it than was written");
		this.#last = file.readAt(Math.max(0, bytes - FINGERPRINT_LEN), Math.min(bytes, FINGERPRINT_LEN));
		if (print !== void 0 && checksum(this.#last) !== print) throw refuse("it is not what the scan has written");
	}
	written() {
		if (!this.#file.seekable) return { bytes: null };
		return {
			bytes: this.#wholeLen,
			...this.#last.length === 0 ? {} : { print: checksum(this.#last) }
		};
	}
	discard() {
		this.#file.discard();
	}
	finish() {
		if (!this.#file.seekable || this.#file.isInPlace()) return;
		throw new CannotScanError(`Cannot complete ${quote(this.#path)}: it was removed or replaced while it was written. Its report is lost`);
	}
	async sync() {
		if (this.#file.seekable) await this.#file.sync();
	}
	async add(piece, tail) {
		try {
			if (!this.#file.seekable) {
				await writeAll((bytes) => this.#file.write(bytes), this.#text.only(piece), this.#deadline);
				return;
			}
			this.#wholeLen += await this.#put(piece, tail);
		} catch (error) {
			if (error instanceof StalledReader) throw stalled(quote(this.#path));
			await this.#restore();
			const what = `Cannot write to ${quote(this.#path)}`;
			if (error instanceof Deno.errors.BrokenPipe) throw new CannotScanError(`${what}: the process that read it has closed it. Its report is incomplete`);
			const kept = this.#file.seekable ? ". What had been written before is kept, and whole" : "";
			throw new CannotScanError(`${what}: ${whyNot(error)}${kept}`);
		}
	}
	[Symbol.dispose]() {
		this.#file.close();
	}
	async #put(piece, tail) {
		const text = this.#text;
		text.clear();
		text.add(piece);
		const pieceLen = text.bytes.length;
		text.add(tail);
		let bytes = text.bytes;
		const newLen = bytes.length;
		const [textBytes, tailBytes] = [bytes.subarray(0, pieceLen), bytes.subarray(pieceLen)];
		if (textBytes.length === 0 && this.#fileLen !== 1e400 && newLen < this.#fileLen - this.#wholeLen) {
			bytes = new Uint8Array(this.#fileLen - this.#wholeLen).fill(NEWLINE, newLen);
			bytes.set(tailBytes);
		}
		this.#file.seek(this.#wholeLen);
		if (this.#fileLen === 1e400) this.#file.truncate(this.#wholeLen);
		await writeAll((piece) => this.#file.write(piece), bytes);
		const end = this.#wholeLen + bytes.length;
		if (this.#fileLen !== 1e400 && end < this.#fileLen) this.#file.truncate(end);
		this.#fileLen = end;
		this.#last = lastOf(this.#last, textBytes);
		this.#tail = tailBytes.slice();
		return textBytes.length;
	}
	async #restore() {
		if (!this.#file.seekable) return;
		try {
			this.#file.truncate(this.#wholeLen);
			this.#file.seek(this.#wholeLen);
			await writeAll((piece) => this.#file.write(piece), this.#tail);
		} catch {
			return;
		}
	}
};
function lastOf(one, other) {
	if (other.length >= FINGERPRINT_LEN) return other.slice(-4096);
	const kept = one.subarray(Math.max(0, one.length + other.length - FINGERPRINT_LEN));
	const last = new Uint8Array(kept.length + other.length);
	last.set(kept);
	last.set(other, kept.length);
	return last;
}

// src/cli/inputs.ts
var Cancelled = class extends Error {
	name = "Cancelled";
};





async function readStdin(flag, system) {
	try {
		return await system.readStdin();
	} catch (error) {
		throw new UsageError(`Cannot read standard input for ${flag}: ${whyNot(error)}`, { cause: error });
	}
}

async function askForTarget(line, scanner, system) {
	const target = ask("Target (an address, a block, a range or a name):", void 0, system);
	if (target === "") throw new UsageError("Cannot scan: no target. Name an address, a block, a range or a name");
	const targets = target.split(/\s+/);
	const found = line.scan.sourceIp ?? await scanner.suggestSource?.(targets[0] ?? "");
	if (found === void 0 || line.scan.sourceIp !== void 0) return { targets };
	const source = ask("Source address:", found, system);
	return source === "" || source === found ? { targets } : {
		targets,
		sourceIp: source
	};
}
function ask(question, offered, system) {
	const answer = system.ask(question, offered);
	if (answer === null) throw new Cancelled();
	return answer.trim();
}

// src/checkpoint/paths.ts
function draftPath(path) {
	return `${path}.new`;
}
function journalPath(path) {
	return `${path}.journal`;
}

// src/cli/files.ts

const REPORT = "a report";
const HISTORY = "the history";
const CHECKPOINT = "a checkpoint";
const DATABASE_SUFFIXES = [
	"-wal",
	"-shm",
	"-journal"
];

const SOMEWHERE = "/a/folder/that/may/not/be/known";
function placeOf(path, folder = SOMEWHERE) {
	const url = new URL("path:/");
	url.pathname = (path.startsWith("/") ? path : `${folder}/${path}`).replaceAll("%", "%25").replaceAll(/\/+/g, "/");
	return url.pathname;
}

function isOnePlace(one, other) {
	return one.stream !== void 0 && other.stream !== void 0 || one.what === other.what && one.what === CHECKPOINT;
}
function shared(written, other) {
	const remedy = "Give each a different file name";
	const stream = written.stream === void 0 ? other : written;
	if (stream.stream !== void 0) {
		const file = stream === written ? other : written;
		const what = file.isRead === void 0 ? `Cannot write ${file.what} to` : `Cannot read ${file.what} from`;
		return new UsageError(`${what} ${quote(file.path)}: ${stream.path} is that file. ${remedy}`);
	}
	const isOneName = other.path === written.path;
	const where = quote(written.path) + (isOneName ? "" : ` and ${quote(other.path)}`);
	const oneFile = isOneName ? "" : ", which are one file";
	if (other.isRead !== void 0) return new UsageError(`Cannot write ${written.what} to ${where}${oneFile}: ${other.what} ${other.isRead} from there. ${remedy}`);
	const both = written.what === other.what ? "two reports" : `${written.what} and ${other.what}`;
	return new UsageError(`Cannot write ${both} to ${where}${oneFile}. ${remedy}`);
}
var FileCheck = class {
	#system;
	#files;
	#folder;
	#isRecorded;
	#opened = /* @__PURE__ */ new Map();
	constructor(line, system, { checkpoint, folder } = {}) {
		this.#system = system;
		this.#folder = folder;
		this.#isRecorded = line.subcommand === void 0 || line.subcommand === "merge";
		const isStdin = [
			...line.targetFiles,
			...line.excludeFiles,
			line.portsFile
		].includes("-");
		this.#files = [
			{
				path: "standard output",
				what: "",
				stream: 1
			},
			{
				path: "standard error",
				what: "",
				stream: 2
			},
			...filesOf(checkpoint === void 0 ? line : {
				...line,
				checkpoint
			}),
			...isStdin ? [{
				path: "standard input",
				what: "targets",
				isRead: "are read",
				stream: 0
			}] : []
		];
	}
	static { this.prototype.before = (function() {
		if (this.#files.length === 2) return;
		for (const file of this.#files) {
			if (file.isRead !== void 0 || file.stream !== void 0) continue;
			const identity = this.#system.identify(file.path);
			if (identity === void 0) continue;
			if (file.what === REPORT) refuseKind(file, identity);
			if (file.what !== HISTORY || this.#isRecorded) this.#refuseLink(file, identity);
		}
		this.#refuseShared();
		this.#refusePipesReadTwice();
	}); }
	opened(path, id) {
		this.#opened.set(path, id);
		this.#refuseShared();
	}
	#refuseShared() {
		refuseSharedFiles(this.#files, (file) => this.#idOf(file));
	}
	#idOf({ path, stream }) {
		const opened = this.#opened.get(path);
		if (opened !== void 0) return opened;
		const identity = this.#system.identify(stream ?? path);
		if (stream !== void 0) return identity?.kind === "file" || identity?.kind === "pipe" && stream !== 0 ? identity.id : void 0;
		if (identity?.kind === "character device") return void 0;
		return identity?.id ?? placeOf(path, this.#folder);
	}
	#refusePipesReadTwice() {
		const read = /* @__PURE__ */ new Set();
		for (const file of this.#files) {
			if (file.isRead === void 0 || file.stream !== void 0) continue;
			const identity = this.#system.identify(file.path);
			if (identity?.kind !== "pipe") continue;
			if (read.has(identity.id)) throw new UsageError(`Cannot read ${quote(file.path)} twice: it is a pipe. Name it once, or use a file`);
			read.add(identity.id);
		}
	}
	#refuseLink({ path, what: data }, { isLink, links, owner, path: target }) {
		if (links.length === 0 || this.#system.effectiveUser() !== 0) return;
		const user = Number(this.#system.environ("SUDO_UID") ?? 0);
		if (links.find((link) => link.owner !== 0 && link.owner !== user) === void 0 && (!isLink || owner === user || target === void 0)) return;
		const what = `${isLink ? "it is" : "its path has"} a symbolic link to ${quote(target ?? "an open file")}`;
		throw new UsageError(`Cannot write ${data} to ${quote(path)} as root: ${what}, and link and file are not both the user's own. Name ${quote(target ?? "that file")} itself, if that is meant`);
	}
};
function refuseKind({ path, what }, { kind }) {
	if (kind === "directory") throw new UsageError(`Cannot write ${what} to ${quote(path)}: it is a directory. Name a file`);
	if (kind === "socket" || kind === "block device") throw new CannotScanError(`Cannot write ${what} to ${quote(path)}: it is a ${kind}. Name a file or a pipe`);
}

// src/cli/args/command_line.ts


// src/cli/args/foreign_flags.ts
const refusals = () => [
	[
		"-iR",
		"synscan does not choose random targets",
		"Name targets, or read them with -iL FILE"
	],
	[
		"-sI",
		"synscan has no idle scan",
		"Use -sS"
	],
	[
		"-sY -sZ --adler32",
		"synscan does not scan SCTP",
		"Scan TCP ports with -sS or -sT"
	],
	[
		"-sO",
		"synscan does not scan IP protocols",
		"Scan TCP ports with -sS or -sT"
	],
	[
		"-b",
		"synscan does not scan through FTP servers",
		"Use -sS or -sT; for a list of exclusions, as with zmap, --exclude-file FILE; for batches, as with RustScan, --max-rate RATE"
	],
	[
		"-sR --banners --service-version --service-discovery",
		"services are identified by one flag",
		"Use -sV"
	],
	[
		"--version-trace --script-trace",
		"synscan traces packets only",
		"Use --packet-trace"
	],
	[
		"--connection-timeout",
		"waits for banners follow the round trip of the host",
		"For probes, use --timeout TIME"
	],
	["--http-user-agent", "synscan sends no HTTP requests"],
	[
		"-sC --script --script-args --script-args-file --script-updatedb --script-help --script-timeout --scripts",
		"synscan has no scripts",
		"Run nmap's scripts on the open ports that -oX FILE lists"
	],
	[
		"--osscan-limit --osscan-guess --fuzzy --max-os-tries",
		"synscan sends no probes for this",
		"Every SYN scan guesses the systems of hosts by their SYN-ACKs"
	],
	[
		"-O",
		"synscan sends no probes for this",
		"Every SYN scan guesses the systems of hosts by their SYN-ACKs; for a format, as with zmap, use -oC FILE or -oJ FILE"
	],
	[
		"-PY -PO",
		"synscan pings by ICMP, TCP and UDP only",
		"Use -PE, -PS22,443, -PA80 or -PU53"
	],
	[
		"--ping --host-discovery --with-host-discovery -wn",
		"hosts beyond own links are pinged by a flag for each ping",
		"Use -PE -PS443 -PA80"
	],
	[
		"--skip-host-discovery",
		"this flag has another name",
		"Use -Pn"
	],
	[
		"--resolver",
		"DNS servers have another flag",
		"Use --dns-servers SERVERS"
	],
	[
		"--system-dns",
		"the system looks up names if Deno may not read /etc/resolv.conf",
		"Leave the flag out"
	],
	[
		"--unique",
		"each address is always scanned once",
		"Leave the flag out"
	],
	[
		"--port-ratio",
		"synscan has no frequencies of open ports",
		"Use --top-ports N"
	],
	[
		"--versiondb --servicedb --datadir",
		"synscan does not read nmap's data files",
		"Name ports with -p PORTS"
	],
	[
		"--min-hostgroup --max-hostgroup",
		"hosts are not scanned in groups but all at once",
		"Use --max-rate RATE"
	],
	[
		"--min-parallelism",
		"the number of probes in flight follows the rate",
		"Use --min-rate RATE"
	],
	[
		"--max-parallelism --batch-size",
		"the number of probes in flight follows the rate",
		"Use --max-rate RATE"
	],
	[
		"-M",
		"the number of probes in flight follows the rate",
		"Use --max-rate RATE; for a probe module, as with zmap, use -sS, -sU, or -sn -PE"
	],
	[
		"--min-rtt-timeout",
		"the shortest timeout is fixed by -T",
		"Use --timeout TIME or --max-rtt-timeout TIME"
	],
	[
		"--scan-delay --max-scan-delay",
		"the pause between probes follows the rate",
		"Use --max-rate RATE"
	],
	[
		"--defeat-rst-ratelimit",
		"hosts that limit their replies are probed at a lower rate",
		"Leave the flag out"
	],
	[
		"--nsock-engine",
		"synscan has one event loop",
		"--transport NAME chooses how packets are sent"
	],
	[
		"-ff --mtu",
		"synscan does not fragment packets",
		"Leave the flag out"
	],
	[
		"-f",
		"synscan does not fragment packets",
		"Leave the flag out; for fields, as with zmap, use --fields NAMES"
	],
	[
		"-D --spoof-mac",
		"synscan does not hide the scanner",
		"Leave the flag out"
	],
	[
		"--proxies --proxy",
		"synscan does not scan through proxies",
		"Scan from a machine behind the proxy"
	],
	[
		"--data --data-string --data-length",
		"probes of TCP carry no data, and those of UDP requests of their own",
		"Leave the flag out"
	],
	[
		"--nmap-payloads --pcap-payloads",
		"probes of UDP carry requests of their own",
		"Leave the flag out"
	],
	[
		"--ip-options",
		"probes have no IP options",
		"Leave the flag out"
	],
	[
		"--badsum",
		"synscan does not send wrong checksums",
		"Leave the flag out"
	],
	[
		"--randomize-hosts --scan-order",
		"hosts and ports are always in random order, common ports first",
		"--seed N repeats an order"
	],
	[
		"-d -dd --debug",
		"synscan has no debugging levels",
		"Use -vv or --packet-trace"
	],
	[
		"--log-errors --log-file -L --log-directory --disable-syslog",
		"errors always go to standard error, and to no log",
		"Leave the flag out"
	],
	[
		"--iflist -il --interface-list",
		"synscan does not list interfaces",
		"Use ip address"
	],
	[
		"--append-output",
		"every report is a whole file",
		"Name a new file"
	],
	[
		"--stylesheet --webxml",
		"XML reports name no style sheet",
		"-oH FILE writes a report for browsers"
	],
	[
		"--no-stylesheet",
		"XML reports never name a style sheet",
		"Leave the flag out"
	],
	[
		"-oM",
		"machine output is an old form of the grepable format",
		"Use -oG FILE or -oJ FILE"
	],
	[
		"-oS",
		"synscan has no script kiddie output",
		"Use -oN FILE"
	],
	[
		"-iv --ip-version",
		"the addresses of the targets tell the version",
		"Use -4 or -6 for names that have both"
	],
	[
		"--send-eth",
		"the transport has one flag",
		"Use --transport ethernet"
	],
	[
		"--send-ip",
		"the transport has one flag",
		"Use --transport sendmmsg"
	],
	[
		"--privileged",
		"privileges are detected",
		"Use -sS to require raw sockets"
	],
	[
		"--unprivileged",
		"privileges are detected",
		"Use -sT for a connect scan"
	],
	[
		"--release-memory",
		"memory is released when the program ends",
		"Leave the flag out"
	],
	[
		"--resume --resume-index --resume-count",
		"resuming is a subcommand",
		"Use synscan resume FILE"
	],
	[
		"--adapter -i --iface",
		"the interface has another flag",
		"Use -e NAME"
	],
	[
		"--adapter-ip",
		"the source address has another flag",
		"Use -S IP"
	],
	[
		"--adapter-port --src-port",
		"the source port has another flag",
		"Use -g PORT"
	],
	[
		"--adapter-mac --source-mac",
		"frames always have the interface's hardware address",
		"Leave the flag out"
	],
	[
		"--router-mac --gateway-mac -G",
		"the next hop's hardware address is read from the kernel",
		"Leave the flag out"
	],
	[
		"--router-ip",
		"the next hop is chosen by the kernel's routes",
		"Choose the interface with -e NAME"
	],
	[
		"--wait --cooldown-time",
		"the last wait follows the measured round trips",
		"Use --max-rtt-timeout TIME"
	],
	[
		"-c",
		"the configuration has another flag, and is JSON",
		"Use --config FILE; for a number of threads, as with naabu, use --workers N"
	],
	[
		"--conf -C",
		"the configuration has another flag, and is JSON",
		"Use --config FILE"
	],
	[
		"--echo",
		"the options in effect have another flag",
		"Use --print-config"
	],
	[
		"--open-only",
		"this flag has another name",
		"Use --open"
	],
	[
		"--offline --dryrun",
		"this flag has another name",
		"Use --dry-run"
	],
	[
		"--output-format --output-module",
		"each format has a flag of its own",
		"Use -oX FILE, -oJ FILE or -oC FILE"
	],
	[
		"--output-filename",
		"each format has a flag of its own",
		"Use -oX FILE, -oJ FILE or -oL FILE"
	],
	[
		"--readscan -oB",
		"synscan has no binary format",
		"Record scans with --db FILE; synscan show prints them"
	],
	[
		"--rotate --rotate-dir --rotate-offset --rotate-size",
		"a report is not split by time",
		"Name a new file for each scan; %F in it is the date"
	],
	[
		"--infinite",
		"a scan ends",
		"Repeat it with cron(8) or a loop of the shell"
	],
	[
		"-oD",
		"JSON lines have another flag",
		"Use -oJ FILE"
	],
	[
		"--hello --hello-file --hello-string --hello-timeout --capture --nocapture",
		"requests to services are synscan's own",
		"Use -sV"
	],
	[
		"--heartbleed --ticketbleed --poodle --vuln",
		"synscan looks for no vulnerabilities",
		"Run nmap's scripts on the open ports that -oX FILE lists"
	],
	[
		"--pcap",
		"packets are not recorded in a file",
		"Use --packet-trace, or tcpdump(8) beside the scan"
	],
	[
		"--tcpmss --tcp-wscale --tcp-sackok --tcp-tsecho",
		"options of TCP are chosen together",
		"Use --syn-options LAYOUT"
	],
	[
		"--min-packet",
		"packets have the length that they need",
		"Leave the flag out"
	],
	[
		"-oU",
		"synscan does not write unicornscan's format",
		"Use -oL FILE"
	],
	[
		"-tp --top",
		"this flag has another name",
		"Use --top-ports N"
	],
	[
		"-pf",
		"this flag has another name",
		"Use --ports-file FILE"
	],
	[
		"-ep",
		"this flag has another name",
		"Use --exclude-ports PORTS"
	],
	[
		"-eh -x --exclude-hosts --exclude-addresses",
		"this flag has another name",
		"Use --exclude TARGETS"
	],
	[
		"-ef --blocklist-file --blacklist-file",
		"this flag has another name",
		"Use --exclude-file FILE"
	],
	[
		"-ec --exclude-cdn",
		"content delivery networks are not recognised",
		"Name their addresses with --exclude TARGETS"
	],
	[
		"--display-cdn --cdn",
		"content delivery networks are not recognised",
		"Leave the flag out"
	],
	[
		"-sa --scan-all-ips",
		"this flag has another name",
		"Use --all-addresses"
	],
	[
		"-rl --rate --rate-limit --packet-rate --pps",
		"the rate has another flag",
		"Use --max-rate RATE, in probes a second"
	],
	[
		"-nc --no-color",
		"this flag has another name",
		"Use --color never"
	],
	[
		"-si --stats --stats-interval",
		"this flag has another name",
		"Use --stats-every TIME"
	],
	[
		"--host -a --addresses",
		"targets are given without a flag",
		"Write the targets, or use -iL FILE"
	],
	[
		"-l --list -w --allowlist-file --whitelist-file -I --list-of-ips-file --input-file",
		"a list of targets has another flag",
		"Use -iL FILE"
	],
	[
		"--port --target-port --target-ports",
		"this flag has another name",
		"Use -p PORTS"
	],
	[
		"--port-threshold",
		"hosts with many open ports are not skipped",
		"The summary marks them as suspect"
	],
	[
		"--threads --sender-threads",
		"this flag has another name",
		"Use --workers N"
	],
	[
		"-o --output --output-file",
		"each format has a flag of its own",
		"Use -oN FILE, -oJ FILE, -oX FILE or -oC FILE"
	],
	[
		"-j",
		"this flag has another name",
		"Use --json"
	],
	[
		"--csv",
		"CSV needs a file name, or - for standard output",
		"Use -oC - or -oC FILE"
	],
	[
		"--scan-type --probe-module",
		"techniques have flags of their own",
		"Use -sS or -sT"
	],
	[
		"-s",
		"techniques have flags of their own",
		"Use -sS or -sT; for a source port, as with zmap, use -g PORT"
	],
	[
		"-pe -pp -pm -ps -pa --probe-icmp-echo --probe-icmp-timestamp --probe-icmp-address-mask --probe-tcp-syn --probe-tcp-ack",
		"pings are written in capital letters",
		"Use -PE, -PP, -PM, -PS80 or -PA80"
	],
	[
		"--rev-ptr",
		"this flag has another name",
		"Use -R"
	],
	[
		"-irt --input-read-timeout",
		"standard input is read to its end",
		"Leave the flag out"
	],
	[
		"--metrics-port",
		"synscan serves no metrics",
		"Use --stats-every TIME"
	],
	[
		"--nmap --nmap-cli",
		"synscan does not start nmap",
		"Run nmap on the open ports that -oX FILE lists"
	],
	[
		"--warm-up-time",
		"a scan has no phases to pause between",
		"Leave the flag out"
	],
	[
		"--verify",
		"open ports are not verified by a second technique",
		"Use -sT, which completes connections"
	],
	[
		"--stream",
		"targets are not scanned in their order but in random order",
		"Leave the flag out"
	],
	[
		"--passive",
		"synscan does not query search engines",
		"Leave the flag out"
	],
	[
		"--retries --retry --probes -P --tries",
		"this flag has another name",
		"Use --max-retries N"
	],
	[
		"--silent",
		"this flag has another name",
		"Use -q"
	],
	[
		"--update -up --disable-update-check -duc --health-check -hc",
		"synscan does not update itself",
		"Update the checkout"
	],
	[
		"--output-fields",
		"this flag has another name",
		"Use --fields NAMES"
	],
	[
		"--output-filter",
		"this flag has another name",
		"Use --filter EXPR"
	],
	[
		"--list-output-fields",
		"fields are listed by help",
		"See synscan help json"
	],
	[
		"-B --bandwidth",
		"the rate is in probes, not in bits",
		"Use --max-rate RATE, in probes a second"
	],
	[
		"--max-targets",
		"a scan has no number of targets to end after",
		"--shard I/N scans a part of the targets"
	],
	[
		"-N --max-results --min-hitrate",
		"a scan does not end by the number of its results",
		"End the program that reads standard output"
	],
	[
		"--max-runtime",
		"this flag has another name",
		"Use --deadline TIME"
	],
	[
		"-t",
		"it is a time in zmap and RustScan, and a number of threads in httpx",
		"Use --deadline TIME for the scan, --timeout TIME for a probe, --workers N for threads"
	],
	[
		"-u",
		"it is a target in httpx, a file of the status in zmap, and a limit in RustScan",
		"Write targets without a flag; the status is printed with --stats-every TIME"
	],
	[
		"--dedup-method --dedup-window-size",
		"a port is decided once, by all its replies",
		"Leave the flag out"
	],
	[
		"--validate-source-port",
		"replies are matched by numbers that cannot be guessed",
		"Leave the flag out"
	],
	[
		"--max-sendto-failures",
		"probes that cannot be sent are retried, and counted in the summary",
		"Leave the flag out"
	],
	[
		"--ignore-blocklist-errors --ignore-blacklist-errors",
		"a list with an error is always refused",
		"Correct the list"
	],
	[
		"--notes --user-metadata",
		"reports have no notes",
		"Put them into the name of a report"
	],
	[
		"-X --iplayer",
		"the transport has one flag",
		"Use --transport sendmmsg"
	],
	[
		"--probe-args",
		"probes have no arguments",
		"Leave the flag out"
	],
	[
		"--cores",
		"synscan does not choose cores",
		"Use --workers N, under taskset(1)"
	],
	[
		"--shards",
		"number and count of shards have one flag",
		"Use --shard I/N"
	],
	[
		"-m --metadata-file",
		"the summary is the last line of JSON",
		"Use -oJ FILE"
	],
	[
		"--status-updates-file",
		"progress is in lines of JSON",
		"Use --stats-every TIME with -oJ FILE"
	],
	[
		"--ulimit",
		"the limit of open files is raised automatically",
		"Use ulimit -n before the scan"
	],
	[
		"--accessible",
		"output for screen readers is set by two flags",
		"Use --no-progress --color never"
	],
	[
		"--greppable",
		"output for programs has other flags",
		"Use --ip-port, -oG - or --json"
	],
	[
		"--no-banner",
		"synscan prints no banner",
		"Leave the flag out"
	],
	[
		"--status-code -sc --title --tech-detect -td --follow-redirects -fr --probe --content-length -cl --content-type -ct --web-server -server --favicon --jarm --path --match-code -mc --random-agent -H --header --http-header",
		"synscan does not request pages",
		"Services are identified with -sV"
	],
	[
		"--tls-grab --tls-probe",
		"TLS is identified with services",
		"Use -sV"
	]
];
let refusalOf;
function foreignFlags() {
	return refusalOf ??= Object.fromEntries(refusals().flatMap(([flags, why, instead]) => flags.split(" ").map((flag) => [flag, instead === void 0 ? { why } : {
		why,
		instead
	}])));
}

// src/cli/docs/topics.ts
const TOPICS = [
	{
		name: "targets",
		title: "Targets",
		load: () => import("./rest.js").then((n) => n.s)
	},
	{
		name: "hosts",
		title: "Hosts and discovery",
		load: () => import("./rest.js").then((n) => n.b)
	},
	{
		name: "ports",
		title: "Ports",
		load: () => import("./rest.js").then((n) => n.f)
	},
	{
		name: "technique",
		title: "Technique and transport",
		load: () => import("./rest.js").then((n) => n.o)
	},
	{
		name: "services",
		title: "Services and versions",
		load: () => import("./rest.js").then((n) => n.l)
	},
	{
		name: "timing",
		title: "Timing and rate",
		load: () => import("./rest.js").then((n) => n.a)
	},
	{
		name: "reliability",
		title: "Loss and reliability",
		load: () => import("./rest.js").then((n) => n.d)
	},
	{
		name: "states",
		title: "States and reasons",
		load: () => import("./rest.js").then((n) => n.c)
	},
	{
		name: "output",
		title: "Output formats",
		load: () => import("./rest.js").then((n) => n.m)
	},
	{
		name: "json",
		title: "JSON lines",
		load: () => import("./rest.js").then((n) => n._)
	},
	{
		name: "keys",
		title: "Keys and signals",
		load: () => import("./rest.js").then((n) => n.g)
	},
	{
		name: "history",
		title: "History",
		load: () => import("./rest.js").then((n) => n.x)
	},
	{
		name: "resume",
		title: "Resuming a scan",
		load: () => import("./rest.js").then((n) => n.u)
	},
	{
		name: "cluster",
		title: "Many machines",
		load: () => import("./rest.js").then((n) => n.w)
	},
	{
		name: "configuration",
		title: "Configuration",
		load: () => import("./rest.js").then((n) => n.C)
	},
	{
		name: "permissions",
		title: "Permissions",
		load: () => import("./rest.js").then((n) => n.p)
	},
	{
		name: "library",
		title: "Library",
		load: () => import("./rest.js").then((n) => n.h)
	},
	{
		name: "internals",
		title: "Internals",
		load: () => import("./rest.js").then((n) => n.y)
	},
	{
		name: "exit",
		title: "Exit status",
		load: () => import("./rest.js").then((n) => n.S)
	}
];

// src/cli/args/subcommands.ts
const SHELLS = [
	"bash",
	"zsh",
	"fish"
];
const REPORT_FLAGS = [
	...[
		"--db",
		"--open",
		"--reason",
		"--verbose",
		"--quiet",
		"--color"
	],
	...FLAGS.filter((({ writes }) => writes === true)).map((({ name }) => name)),
	...[
		"--json",
		"--ip-port",
		"--all-files",
		"--fields",
		"--filter"
	]
];
const CONFIG_FLAGS = ["--config", "--no-config"];
const ALL_BUT_HELP = [
	{
		name: "history",
		takes: "",
		operands: {
			least: 0,
			most: 0
		},
		help: "List the scans in the history of --db",
		flags: [
			"--db",
			"--json",
			...CONFIG_FLAGS
		]
	},
	{
		name: "show",
		takes: "[SCAN]",
		operands: {
			least: 0,
			most: 1
		},
		words: ["last"],
		help: "Print a scan of the history",
		more: "Without a number, the last scan; in every output format. Round trips are stored for open ports only",
		flags: [...REPORT_FLAGS, ...CONFIG_FLAGS]
	},
	{
		name: "diff",
		takes: "[A [B]]",
		operands: {
			least: 0,
			most: 2
		},
		words: ["last"],
		help: "Print changes between two scans, or two files",
		more: "Without numbers, compares the last scan with an earlier scan of the same targets: the latest that decided every port, or if there is none, the latest that decided any. With one number, compares that scan with the last one; the last scan itself is compared with an earlier one. Shards of one scan are combined; 2+3 combines scans 2 and 3. Files can be nmap's XML or synscan's JSON lines. A port that only one scan probed is not a difference; a name that resolves to another address is. Exit status: 0 no difference, 1 differences, 2 error",
		flags: [
			"--db",
			"--json",
			...CONFIG_FLAGS
		]
	},
	{
		name: "merge",
		takes: "FILE...",
		operands: {
			least: 1,
			most: 1e400
		},
		help: "Join the results of shards into the reports of one scan",
		more: "Files are synscan's JSON lines, and checkpoints of shards that are not finished. They must be shards of one scan: of the same targets, ports, seed, options and version, each once. Shards that are missing are named, with the command that supplies each; the exit status is 3 then. If the files do not belong together, nothing is written",
		flags: [
			...REPORT_FLAGS,
			"--mac-vendors",
			...CONFIG_FLAGS
		]
	},
	{
		name: "resume",
		takes: "FILE",
		operands: {
			least: 1,
			most: 1
		},
		help: "Resume an interrupted scan from its checkpoint",
		more: "The scan keeps its options and continues its reports. A target list on standard input must be given again. Ports of --exclude, --exclude-file and --exclude-ports that have no result yet are skipped and reported as not probed",
		instead: "The scan keeps its options, targets and ports: exclude some with --exclude or --exclude-ports, or start another scan",
		flags: [
			"--exclude",
			"--exclude-file",
			"--exclude-ports",
			"--verbose",
			"--max-rate",
			"--min-rate",
			"--deadline",
			"--packet-trace",
			"--no-progress",
			"--no-keys",
			"--stats-every"
		]
	},
	{
		name: "completion",
		takes: "SHELL",
		operands: {
			least: 1,
			most: 1
		},
		words: SHELLS,
		help: `Print completion for ${SHELLS.join(", ")}`,
		more: "For example: synscan completion bash > ~/.local/share/bash-completion/completions/synscan",
		flags: []
	},
	{
		name: "man",
		takes: "",
		operands: {
			least: 0,
			most: 0
		},
		help: "Print the manual page",
		more: "For example: synscan man > synscan.1; man -l synscan.1",
		flags: []
	}
];
const HELP_TOPICS = [.../* @__PURE__ */ new Set([
	"all",
	...TOPICS.map((({ name }) => name)),
	...ALL_BUT_HELP.map((({ name }) => name))
])];
const SUBCOMMANDS = [...ALL_BUT_HELP, {
	name: "help",
	takes: "[TOPIC|FLAG]",
	operands: {
		least: 0,
		most: 1
	},
	words: HELP_TOPICS,
	help: "Print help on a topic, a subcommand or a flag",
	more: `On a topic (${TOPICS.map((({ name }) => name)).join(", ")}) a subcommand or a flag (synscan help -p); all explains every flag in full`,
	flags: []
}];
function flagsOf({ flags }) {
	return FLAGS.filter(({ name }) => name === "--help" || flags.includes(name));
}

// src/cli/args/parse.ts
const takesNothing = ((flag) => flag.takes === void 0);
const isSwitch = ((flag) => takesNothing(flag) && flag.mayTake === void 0);

const GENERAL = [
	"--config",
	"--no-config",
	"--verbose",
	"--quiet",
	"--color"
];







const TARGET_FLAGS = ["--targets", "--target-file"];


function refuseForeignTo(subcommand, line, typed) {
	const { name, takes, instead, flags, operands: { least, most } } = subcommand;
	const foreign = typed.find(({ name }) => !flags.includes(name));
	if (foreign !== void 0) throw new UsageError(`Cannot use ${foreign.spelling} with synscan ${name}. ` + (instead ?? `To scan a host of that name, write synscan -- ${name}`));
	const count = line.operands.length;
	if (count < least) throw new UsageError(`Cannot run synscan ${name} without an argument. Write synscan ${name} ${takes}`);
	if (count > most) throw new UsageError(`Cannot understand ${quote(line.operands[most] ?? "")} after synscan ${name}. ` + (instead ?? `Write ${`synscan ${name} ${takes}`.trim()}; to scan a host of that name, synscan -- ${name}`));
}
function refuseTwice(flag, spelling, given) {
	if (takesNothing(flag)) return;
	throw new UsageError(`Cannot take ${spelling} twice, as ${given.map(quote).join(" and ")}`);
}

function missing(spelling, takes, ifMissing) {
	return `${spelling} ${takes}${ifMissing === void 0 ? "" : `. ${ifMissing}`}`;
}


const TWO_LETTERS = /^[Psio][A-Za-z]/;
function isCluster(arg, at) {
	if (TWO_LETTERS.test(arg.slice(at))) return false;
	return at === 1 ? /^-[a-z]\d/i.test(arg) : !/^-[a-z][a-z.-]{3,}/.test(arg);
}
function refuseLongForeign(name) {
	if (foreignFlags()[`--${name}`] !== void 0 || foreignFlags()[`-${name}`] !== void 0) refuseUnknown(`-${name}`);
}
function refuseMistakenWord(flag, spelling, { arg, value }) {
	if (!/^-[a-z][a-z-]{3,}(=.*)?$/s.test(arg)) return;
	const word = `-${arg.replace(/=.*/s, "")}`;
	const meant = nearest(word, LONG_NAMES) ?? nearest(word, foreignLongNames());
	if (meant === void 0 && flag.takes === "PORTS") return;
	const hint = meant === void 0 ? "Try --help." : LONG_NAMES.includes(meant) ? `Did you mean ${meant}?` : `${foreignFlags()[meant]?.instead ?? "synscan has no such flag"}.`;
	throw new UsageError(`Unknown flag ${shown(arg)}. ${hint} For a value of ${spelling}, write ${spelling} ${shown(value)}`);
}
const FOREIGN_SHORT = /^-(P[UYO](?![a-z])|[sio][A-Z]$|[DMbd](?=.)|[fdOR6]$|ff$|dd$)/;
function refuseUnknown(spelling) {
	const foreign = foreignFlags()[spelling] ?? foreignFlags()[`-${spelling}`];
	if (foreign !== void 0) {
		const instead = foreign.instead === void 0 ? "" : `. ${foreign.instead}`;
		throw new UsageError(`Cannot use ${spelling}: ${foreign.why}${instead}`);
	}
	const long = spelling.length > 3 ? spelling.replace(/^-(?!-)/, "--") : void 0;
	const meant = long === void 0 ? void 0 : nearest(long, LONG_NAMES);
	throw new UsageError(`Unknown flag ${shown(spelling)}. ${meant === void 0 ? "Try --help" : `Did you mean ${meant}?`}`);
}
const LONG_NAMES = [...SPELLINGS.keys()].filter(((spelling) => spelling.startsWith("--")));
const foreignLongNames = () => Object.keys(foreignFlags()).filter((spelling) => spelling.startsWith("--"));
function shown(text) {
	return /^[-\w.,:/=]{1,40}$/.test(text) ? text : quote(text);
}

// src/cli/args/config.ts
const NONE = {
	path: void 0,
	given: []
};
const FLAGS_IN_CONFIG = FLAGS.filter((({ onlyTyped }) => onlyTyped !== true));

function refuseHidden(path, subcommand, system) {
	const cannot = `Cannot read the configuration ${quote(path)}`;
	const rights = "--allow-read and --allow-env=HOME,XDG_CONFIG_HOME";
	if (subcommand === void 0) throw new CannotScanError(`${cannot}, which may have exclusions: that needs the right to read it. Add ${rights} to deno run, or --no-config to scan without it`);
	system.writeStderr(`${printable(cannot)}: that needs the right to read it. Add ${rights} to deno run\n`);
}


function parseConfig(text, path) {
	let read;
	try {
		read = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new UsageError(`Cannot read the configuration ${quote(path)}: it is not JSON. ${why}`);
	}
	if (typeof read !== "object" || read === null || Array.isArray(read)) throw new UsageError(`Cannot read the configuration ${quote(path)}: it is no object. Write it as {"timing": 4, "open": true}`);
	refuseRepeatedKey(text, path);
	return Object.entries(read).flatMap(([key, value]) => givenBy(key, value, path));
}
function refuseRepeatedKey(text, path) {
	const lines = /* @__PURE__ */ new Map();
	let [line, depth] = [1, 0];
	let last = {
		text: "",
		line
	};
	for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:\n]/g)) if (token === "\n") line++;
	else if (token === "{" || token === "[") depth++;
	else if (token === "}" || token === "]") depth--;
	else if (token !== ":") last = {
		text: token,
		line
	};
	else if (depth === 1) {
		const key = String(JSON.parse(last.text));
		const first = lines.get(key);
		if (first !== void 0) {
			const where = first === last.line ? `twice in line ${first}` : `in lines ${first} and ${last.line}`;
			throw new UsageError(`Cannot take ${quote(key)} twice: it is ${where} of ${quote(path)}. Write one key, with all values in a list`);
		}
		lines.set(key, last.line);
	}
}
function givenBy(key, value, path) {
	const where = `in ${quote(path)}`;
	const flag = FLAGS_IN_CONFIG.find(({ name }) => name === `--${key}`);
	if (flag === void 0) {
		if (FLAGS.some(({ name }) => name === `--${key}`)) throw new UsageError(`Cannot use ${quote(key)} ${where}: it belongs on the command line`);
		const meant = nearest(key, FLAGS_IN_CONFIG.map(({ name }) => name.slice(2)));
		throw new UsageError(`Unknown key ${quote(key)} ${where}. ` + (meant === void 0 ? "Keys are the long names of flags, without dashes" : `Did you mean ${quote(meant)}?`));
	}
	const values = Array.isArray(value) ? value : [value];
	if (values.length > 1 && flag.repeats !== true) throw new UsageError(`Cannot take ${quote(key)} ${where} more than once. Give it one value`);
	return values.map((each) => ({
		name: flag.name,
		spelling: `${key} (${where})`,
		value: textOf(flag, each) ?? refuse(flag, key, each, where)
	}));
}
function textOf(flag, value) {
	if (flag.takes === void 0) {
		if (typeof value === "boolean") return String(value);
		const isText = typeof value === "string" && !flag.mayTake?.test("true");
		return flag.mayTake?.test(String(value)) && (typeof value === "number" || isText) ? String(value) : void 0;
	}
	if (typeof value === "number" && Number.isFinite(value)) return String(value);
	return typeof value === "string" && value !== "" ? value : void 0;
}
function refuse(flag, key, value, where) {
	const wanted = flag.takes === void 0 ? "true or false" : `${flag.takes}, as text or a number`;
	throw new UsageError(`Cannot read ${quote(key)} ${where}: ${quote(JSON.stringify(value))} is not ${wanted}`);
}
function configText(effective, targets) {
	const config = {};
	for (const { name, value } of effective) {
		const flag = flagNamed(name);
		if (flag.onlyTyped === true) continue;
		const key = name.slice(2);
		if (flag.takes === void 0 && flag.mayTake === void 0) config[key] = true;
		else if (flag.takes === void 0 && flag.mayTake?.test("true") !== true) config[key] = value === "true" ? true : value;
		else if (flag.takes === void 0) config[key] = verbosityOf(config[key], value);
		else {
			const before = config[key];
			config[key] = flag.repeats !== true ? value : [...Array.isArray(before) ? before : [], value];
		}
	}
	if (targets.length > 0) config.targets = [...targets];
	return `${JSON.stringify(config, null, 2)}\n`;
}
function verbosityOf(before, value) {
	if (value === "false") return 0;
	return value === "true" ? (typeof before === "number" ? before : 0) + 1 : Number(value);
}

// src/cli/decode.ts
const NUL = 0;
const COMPRESSED = [
	[
		[31, 139],
		"gzip",
		"gunzip"
	],
	[
		[
			66,
			90,
			104
		],
		"bzip2",
		"bunzip2"
	],
	[
		[
			253,
			55,
			122,
			88,
			90
		],
		"xz",
		"unxz"
	],
	[
		[
			40,
			181,
			47,
			253
		],
		"zstd",
		"unzstd"
	],
	[
		[
			80,
			75,
			3,
			4
		],
		"zip",
		"unzip"
	]
];
function decodeText(bytes) {
	const [a, b, c, d] = bytes;
	if (a === 255 && b === 254 && c === NUL && d === NUL || a === NUL && b === NUL && c === 254 && d === 255) throw new TypeError("it is UTF-32. Convert it to UTF-8: iconv -f UTF-32 -t UTF-8");
	for (const [magic, what, unpack] of COMPRESSED) if (magic.every((byte, at) => bytes[at] === byte)) throw new TypeError(`it is compressed (${what}). Unpack it first: ${unpack}`);
	return new TextDecoder(encodingOf(bytes)).decode(bytes);
}
function encodingOf(bytes) {
	const [a = 1, b = 1, c = 1, d = 1] = bytes;
	if (a === 255 && b === 254) return "utf-16le";
	if (a === 254 && b === 255) return "utf-16be";
	if (a !== NUL && b === NUL && (bytes.length === 2 || c !== NUL && d === NUL)) return "utf-16le";
	if (a === NUL && b !== NUL && (bytes.length === 2 || c === NUL && d !== NUL)) return "utf-16be";
	return "utf-8";
}

// ffi/seccomp.ts
const DENIED = [
	...[
		"execve",
		"execveat",
		"ptrace",
		"process_vm_readv",
		"process_vm_writev",
		"process_madvise"
	],
	...["kcmp", "pidfd_getfd"],
	...[
		"mount",
		"umount2",
		"pivot_root",
		"chroot",
		"open_tree",
		"move_mount",
		"mount_setattr"
	],
	...[
		"fsopen",
		"fsconfig",
		"fsmount",
		"fspick",
		"mknod",
		"mknodat",
		"quotactl",
		"quotactl_fd"
	],
	...[
		"name_to_handle_at",
		"open_by_handle_at",
		"fanotify_init",
		"lookup_dcookie"
	],
	...["setns", "unshare"],
	...[
		"init_module",
		"finit_module",
		"delete_module",
		"kexec_load",
		"kexec_file_load",
		"bpf"
	],
	...[
		"perf_event_open",
		"userfaultfd",
		"io_uring_setup",
		"io_uring_enter",
		"io_uring_register"
	],
	...[
		"add_key",
		"request_key",
		"keyctl",
		"modify_ldt",
		"personality",
		"syslog"
	],
	...[
		"reboot",
		"swapon",
		"swapoff",
		"acct",
		"sethostname",
		"setdomainname",
		"vhangup",
		"iopl",
		"ioperm"
	],
	...[
		"settimeofday",
		"clock_settime",
		"clock_adjtime",
		"adjtimex"
	],
	...[
		"listen",
		"accept",
		"accept4"
	]
];
const X32_BIT = 1073741824;
const SOCK_TYPE_MASK = 15;
const NEW_NAMESPACE = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;



// src/scan/privileges.ts
const NOBODY_USER = {
	uid: 65534,
	gid: 65534,
	name: "nobody"
};
const ROOT = {
	uid: 0,
	gid: 0
};
const NO_ID = 4294967295;
const ROOT_SHELL = /(^|\/)(\w*sh|su)$/;
const FREE_BIND_TO_DEVICE = 5007;
const LOWEST_FREE_PORT = 1024;



function mayReplaceAs(user, file) {
	return mayActAs(user) && withFileAccessOf(user, () => mayReplace(file)) === "yes";
}
function ownerOfFolder(file) {
	const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : ".";
	try {
		const { uid, gid } = Deno.statSync(folder);
		return uid === null || gid === null ? void 0 : {
			uid,
			gid
		};
	} catch {
		return;
	}
}
function withRightsOf(user, action) {
	if (user === void 0 || effectiveUser() !== 0 || !mayActAs(user)) return action();
	try {
		return withFileAccessOf(user, action);
	} catch (error) {
		if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
		throw new Deno.errors.PermissionDenied(`permission denied to ${describeUser(user)}, as whom the scan continues`);
	}
}
function mayActAs(user) {
	return attempt$1([], "", () => withFileAccessOf(user, () => {}));
}

let isDropped = false;

function connectCapabilities(options) {
	const { sourcePort = LOWEST_FREE_PORT, interface: link } = options;
	return [...sourcePort < LOWEST_FREE_PORT ? [10] : [], ...link !== void 0 && kernelVersion() < FREE_BIND_TO_DEVICE ? [13] : []];
}



// ffi/terminal.ts
const STDIN = 0;
const STDOUT = 1;
const SEEK_CUR = 1;
const SIGACTION_LEN = 256;
const SIG_IGN = 1n;
const SA_HANDLER = 0;
const SIGNALS$1 = {
	SIGHUP: 1,
	SIGINT: 2,
	SIGQUIT: 3,
	SIGUSR1: 10,
	SIGUSR2: 12,
	SIGTERM: 15,
	SIGTSTP: 20,
	SIGXFSZ: 25
};
function inForeground() {
	return libc().tcgetpgrp(STDIN) === libc().getpgrp();
}
function inputWaits() {
	const descriptor = pin(pollfd.size);
	descriptor.view.setInt32(pollfd.fd, STDIN, true);
	descriptor.view.setInt16(pollfd.events, 1, true);
	const ready = libc().poll(descriptor.pointer, 1n, 0);
	keepAlive(descriptor);
	return ready > 0;
}

function stopSelf() {
	const byDefault = pin(SIGACTION_LEN);
	const before = pin(SIGACTION_LEN);
	check(libc().sigaction(20, byDefault.pointer, before.pointer), "sigaction");
	libc().raise(20);
	check(libc().sigaction(20, before.pointer, null), "sigaction");
	keepAlive(byDefault);
	keepAlive(before);
}



// src/cli/identity.ts
const MAX_LINKS = 40;
const DESCRIPTORS = /^\/proc\/\d+\/(task\/\d+\/)?fd$/;
function identify(path) {
	const way = resolveLinks(path);
	if (way === void 0) return void 0;
	const { folder, name, links, isLink } = way;
	const resolved = joined(folder, name);
	const isMagic = DESCRIPTORS.test(folder);
	const file = attempt(() => statFile(resolved));
	if (file !== void 0) {
		const { id, kind, owner } = file;
		return {
			id,
			kind,
			owner,
			path: isMagic ? void 0 : resolved,
			links,
			isLink
		};
	}
	const parent = attempt(() => statFile(folder));
	if (parent === void 0 || name === "") return void 0;
	return {
		id: `${parent.id}/${name}`,
		kind: "missing",
		owner: void 0,
		path: resolved,
		links,
		isLink
	};
}
function identifyDescriptor(number) {
	const file = attempt(() => statDescriptor(number));
	if (file === void 0) return void 0;
	return {
		id: file.id,
		kind: file.kind,
		owner: file.owner,
		path: void 0,
		links: [],
		isLink: false
	};
}
function mayExist(path) {
	try {
		statFile(path, { follow: false });
		return true;
	} catch (error) {
		return !isMissing$1(error);
	}
}
function resolveLinks(path) {
	const links = [];
	let folder = path.startsWith("/") ? "/" : ".";
	let parts = partsOf(path);
	let isLink = false;
	for (;;) {
		const [name = "", ...rest] = parts;
		if (parts.length === 0) return {
			folder,
			name: "",
			links,
			isLink
		};
		const here = joined(folder, name);
		const status = DESCRIPTORS.test(folder) ? void 0 : attempt(() => statFile(here, { follow: false }));
		if (status?.kind === "link") {
			const target = attempt(() => readLink(here));
			if (target === void 0 || links.length === MAX_LINKS) return void 0;
			links.push({
				path: here,
				owner: status.owner
			});
			isLink ||= rest.length === 0;
			if (target.startsWith("/")) folder = "/";
			parts = [...partsOf(target), ...rest];
		} else if (rest.length === 0) return {
			folder,
			name,
			links,
			isLink
		};
		else {
			folder = here;
			parts = rest;
		}
	}
}
function partsOf(path) {
	return path.split("/").filter((part) => part !== "" && part !== ".");
}
function joined(folder, name) {
	if (folder === ".") return name === "" ? "." : name;
	return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
function attempt(look) {
	try {
		return look();
	} catch {
		return;
	}
}

// src/cli/system.ts



const NULL_DEVICE = 259;

function terminalColumns() {
	try {
		return Deno.consoleSize().columns;
	} catch {
		return 80;
	}
}
let outputNeedsNoWait;

function writeQuietly(bytes) {
	try {
		for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
	} catch {
		return;
	}
}
function openFile(path, { mustExist } = { mustExist: false }) {
	const resolved = path.endsWith("/") ? void 0 : identify(path)?.path;
	const file = new WritableFile(resolved ?? path, {
		isOld: mustExist,
		noFollow: resolved !== void 0
	});
	const { id, kind, length } = file.status;
	return {
		id,
		seekable: kind === "file",
		openedLen: length,
		write: async (bytes) => await file.write(bytes),
		readAt: (offset, length) => file.readAt(offset, length),
		seek: (offset) => file.seek(offset),
		truncate: (length) => file.truncate(length),
		sync: () => file.sync(),
		discard: () => file.remove(),
		isInPlace: () => file.isInPlace(),
		close: () => file.close()
	};
}
function readTyped() {
	if (!inputWaits()) return "";
	const typed = /* @__PURE__ */ new Uint8Array(64);
	const length = Deno.stdin.readSync(typed);
	return length === null ? null : new TextDecoder().decode(typed.subarray(0, length));
}


const SIGNALS = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP",
	"SIGQUIT",
	"SIGUSR2",
	"SIGTSTP"
];
let ignoredSignals;

// src/cli/main.ts
var main_exports = /* @__PURE__ */ __exportAll({ run: (() => run) });



function namingConfig(error, config) {
	const excludes = config?.given.some(({ name }) => name.startsWith("--exclude")) ?? false;
	if (!(error instanceof NothingLeftError) || !excludes) return error;
	return new UsageError(`${error.message}. The configuration ${quote(config?.path ?? "")} has exclusions; --no-config ignores them`);
}

async function runSubcommand(subcommand, { args, line, given }, scanner, system) {
	const [operand = ""] = line.operands;
	new FileCheck(line, system).before();
	switch (subcommand) {
		case "resume": return await (await import("./rest.js").then((n) => n.O)).resume(operand, given, scanner, system);
		case "history": return await (await import("./history.js").then((n) => n.t)).listHistory(line, system);
		case "show": return await (await import("./history.js").then((n) => n.t)).showScan(line, system);
		case "diff": return await (await import("./history.js").then((n) => n.t)).diffScans(line, system);
		case "merge": return await (await import("./rest.js").then((n) => n.D)).merge(args, line, system);
		case "completion": {
			const { completionText } = await import("./rest.js").then((n) => n.E);
			return await print(completionText(parseWord(operand, "synscan completion", SHELLS)), system);
		}
		case "help": return await helpOn(operand, system);
		case "man": return await print(await (await import("./rest.js").then((n) => n.T)).manText(), system);
	}
}
async function helpOn(topic, system) {
	const flag = SPELLINGS.get(topic);
	if (flag !== void 0) {
		const { flagText } = await import("./help.js").then((n) => n.a);
		return await print(flagText(flag, { columns: lineWidth(system) }), system);
	}
	if (topic !== "") parseWord(topic, "synscan help", HELP_TOPICS);
	const subcommand = SUBCOMMANDS.find(({ name }) => name === topic);
	if (topic === "" || topic === "all" || subcommand !== void 0) return await help({
		all: topic === "all",
		subcommand
	}, system);
	const { topicText } = await import("./help.js").then((n) => n.a);
	return await print(await topicText(topic, { columns: lineWidth(system) }), system);
}
async function help(wanted, system) {
	const { helpText, topicText } = await import("./help.js").then((n) => n.a);
	const columns = lineWidth(system);
	const topic = wanted.subcommand === void 0 ? "" : await topicText(wanted.subcommand.name, { columns });
	return await print(helpText({
		...wanted,
		columns
	}) + (topic === "" ? "" : `\n${topic}`), system);
}
async function print(text, system) {
	await stdoutSink(system).add(text, "");
	return EXIT.done;
}
function reportError(error, system) {
	if (error instanceof ClosedPipe) return EXIT.done;
	if (error instanceof Cancelled) return EXIT.interrupted;
	const status = error instanceof UsageError ? EXIT.usage : EXIT.cannot;
	const known = error instanceof UsageError || error instanceof CannotScanError;
	const message = error instanceof Error ? error.message : String(error);
	system.writeStderr(`${printable(known ? message : `Cannot go on: ${message || String(error)}`)}\n`);
	return status;
}

export { VERSION$1 as $, pin as $n, connectInet4 as $t, CheckpointError as A, nlattr as An, lossText as At, EXIT as B, sockaddr_in as Bn, BPF_VERDICTS as Bt, bytesOf as C, linger as Cn, RTMGRP_IPV6_ROUTE as Cr, versionText as Ct, readRecords as D, ndmsg as Dn, grouped as Dt, readHead as E, nda_cacheinfo as En, SOF_TIMESTAMPING_OPT_TSONLY as Er, dateText as Et, outputsOf as F, rtnexthop as Fn, roundTripDigits as Ft, FLAGS as G, timespec as Gn, shellWord as Gt, SIGNAL_STATUS as H, sockaddr_ll as Hn, rejectAll as Ht, remarksOnStderr as I, scm_timestamping as In, scannedText as It, flagNamed as J, tpacket_req3 as Jn, readTextFile as Jt, GROUPS as K, tpacket3_hdr as Kn, inputDrops as Kt, DIFF_STATUS as L, sock_extended_err as Ln, spanText as Lt, isColored as M, nlmsghdr as Mn, perSecond as Mt, isDumb as N, pollfd as Nn, printable as Nt, recordWords as O, ndt_stats as On, jsonText as Ot, lineWidth as P, rtmsg as Pn, probedText as Pt, NMAP_SERVICE as Q, keepAlive as Qn, bindPacket as Qt, ENDING as R, sock_filter as Rn, withPort as Rt, beginsAs as S, iovec as Sn, NLM_F_CREATE as Sr, serviceText as St, headOf as T, msghdr as Tn, RTM_F_LOOKUP_TABLE as Tr, counted as Tt, statusOf as U, sockaddr_nl as Un, canOpenRaw as Ut, EXIT_MEANINGS as V, sockaddr_in6 as Vn, assembleBpf as Vt, refuseReportsOfHosts as W, tcp_info as Wn, quote as Wt, isOfLink as X, xfrm_userpolicy_info as Xn, realtimeMs as Xt, nearest as Y, tpacket_stats_v3 as Yn, readTimespecMs as Yt, NAMES as Z, MappedMemory as Zn, bindInet4 as Zt, StalledReader as _, cmsghdr as _n, ETH_P_IPV6 as _r, PROBED_FIELDS as _t, SUBCOMMANDS as a, pinGroup as an, SyscallError as ar, namesTexts as at, whyNot as b, ifaddrmsg as bn, NLA_F_NESTED as br, isFinding as bt, FileCheck as c, receive as cn, errnoText as cr, closingLines as ct, journalPath as d, sendTo as dn, EPOLLET as dr, wrapped as dt, getSocketName as en, pinBytes as er, columnsFor as et, readText as f, writeInet4 as fn, EPOLLONESHOT as fr, wrappedLines as ft, stdoutSink as g, addrinfo as gn, ETH_P_IP as gr, FIELDS as gt, fileSink as h, raiseDescriptorLimit as hn, ETH_P_ARP as hr, Utf8Buffer as ht, readArguments as i, pinBroadcast as in, ERRNO as ir, aliasText as it, TROUBLES as j, nlmsgerr as jn, nmapState as jt, writeRecord as k, ndtmsg as kn, lossEachWay as kt, currentFolder as l, receiveFrom as ln, lastErrno as lr, hangingIndent as lt, ClosedPipe as m, Fd as mn, EPOLL_CLOEXEC as mr, yellow as mt, dropPrivileges as n, openPacketSocket as nn, readString as nr, showsReasons as nt, flagsOf as o, pinInet4 as on, check as or, noteText as ot, scanOptions as p, writeLink as pn, EPOLLRDHUP as pr, bold as pt, commonOptions as q, tpacket_block_desc as qn, localPortRange as qt, parseCommandLine as r, openSocket as rn, viewOf as rr, shownService as rt, TOPICS as s, pinSourceName as sn, errnoName as sr, notesByHost as st, main_exports as t, listen$1 as tn, pinString as tr, rowsText as tt, draftPath as u, send as un, libc as ur, hangingLines as ut, WriteDeadline as v, epoll_event as vn, IFF_LOWER_UP as vr, chooser as vt, checksum as w, mmsghdr as wn, RTM_F_FIB_MATCH as wr, commandText as wt, noRightTo as x, ifinfomsg as xn, NLA_F_NET_BYTEORDER as xr, isIdentified as xt, isDirectory as y, fib_rule_hdr as yn, MSG_ERRQUEUE as yr, fieldNamed as yt, END_SIGNALS as z, sock_fprog as zn, BPF_LINK_VERDICTS as zt };