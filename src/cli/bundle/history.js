// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, CannotScanError, D as setMac, F as isOwnAnswer, J as HOST_STATES, NOTHING, Q as REASONS, UsageError, X as hostStateCode, Y as STATES, Z as stateCode, at as orMissing, c as probesHosts, f as OF_LINKS, i as passesNamed, it as isWhole, nt as isObject, ot as orNull, p as ResultBatcher, rt as isText, t as HOST, toResult, tt as hasShape, w as reasonAt, y as hostAt } from "./library.js";
import { L as newAggregator, Q as resultsIn, Qt as parsePorts, R as writerOf, Si as formatIpv4, Zt as PortSet, _t as hostnamesByIp, at as portsOfEach, bi as IPV4_MAX, ct as reasonUp, ft as guessedHosts, gt as sortWhole, ki as parseMac, mi as lastAtMost, mt as withOs, ot as HostFindings, pi as RangesBuilder, st as macText, tn as TypedVector, ut as UNTOLD, wi as parseIpv4 } from "./scan.js";
import { B as EXIT, Ct as versionText, Dt as grouped, Et as dateText, F as outputsOf, I as remarksOnStderr, L as DIFF_STATUS, Lt as spanText, M as isColored, Nt as printable, Ot as jsonText, P as lineWidth, Rt as withPort, St as serviceText, Tt as counted, W as refuseReportsOfHosts, Wt as quote, _t as PROBED_FIELDS, bt as isFinding, f as readText, g as stdoutSink, h as fileSink, ht as Utf8Buffer, ut as hangingLines, x as noRightTo, xt as isIdentified, yt as fieldNamed } from "./main.js";
import { b as bookOfTexts } from "./ipv6.js";
import { DatabaseSync } from "node:sqlite";
const protocolOf = (function protocolOf(technique) {
	return PROTOCOLS.includes(technique) ? technique : "tcp";
});
const bound = (function bound(field, result) {
	const value = field.get(result);
	if (typeof value === "object") return textual(value.join(" "));
	if (typeof value === "string") return textual(value);
	return value === void 0 ? null : typeof value === "boolean" ? Number(value) : value;
});
const hostsOf = (function hostsOf(db, ...sides) {
	return joined$1(rowsOf(db, [...new Set(sides.flat())]), sides);
});
const holds = (function holds(list, port) {
	return list.split(",").some(((item) => {
		const [first = NaN, last = first] = item.split("-").map(Number);
		return port >= first && port <= last;
	}));
});
const pairsOf = (function* pairsOf(before, after) {
	for (let i = 0, j = 0, first = 0; i < before.length || j < after.length;) {
		const next = [before[i], after[j]].filter(((each) => each !== void 0));
		first = Math.max(first, Math.min(...next.map(((each) => each.first))));
		const last = Math.min(...next.map(((each) => each.first > first ? each.first - 1 : each.last)));
		const [was, is] = [before[i], after[j]].map(((each) => each !== void 0 && each.first <= first ? each.result : void 0));
		yield {
			first,
			last,
			before: was,
			after: is
		};
		if (before[i]?.last === last) i++;
		if (after[j]?.last === last) j++;
		first = last + 1;
	}
});


// src/technique/comparable.ts
const HANDSHAKES = /* @__PURE__ */ new Set(["syn", "connect"]);
function isUsualTechnique(technique, proto) {
	return technique === proto || HANDSHAKES.has(technique);
}
function comparableTechniques(joined) {
	const own = passesNamed(joined).map(({ technique }) => technique);
	return own.some((technique) => HANDSHAKES.has(technique)) ? [.../* @__PURE__ */ new Set([...own, ...HANDSHAKES])] : own;
}

// src/store/key.ts
const MAX_HOST_NUMBER = IPV4_MAX;
const PROTOCOLS = [
	"tcp",
	"udp",
	"sctp",
	"ip",
	"host"
];

const PORTS = 65536;
const MAX_LANES = 32;
const PORT_KEYS = MAX_LANES * PORTS;
const IPV6_GROUPS = 8;
const lanes = PROTOCOLS.map((proto) => ({
	proto,
	technique: void 0
}));
function laneOf(proto, technique) {
	const own = isUsualTechnique(technique, proto) ? void 0 : technique;
	const known = lanes.findIndex((lane) => lane.technique === own && lane.proto === proto);
	if (known >= 0) return known;
	if (lanes.length === MAX_LANES) throw new CannotScanError("Cannot read the history: it has too many techniques");
	return lanes.push({
		proto,
		technique: own
	}) - 1;
}
function portKey({ proto, technique, port }) {
	return laneOf(proto, technique) * PORTS + port;
}
function laneIn(key) {
	return lanes[key >>> 16];
}
function serviceKey(proto, port) {
	return PROTOCOLS.indexOf(proto) * PORTS + port;
}
function portIn(key) {
	return key & 65535;
}
function hostKey(ip) {
	const number = parseIpv4(ip);
	if (number !== void 0) return number;
	const [address = "", zone] = ip.split("%");
	if (!URL.canParse(`http://[${address}]`)) return ip;
	const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::").map((part) => part === "" ? [] : part.split(":"));
	const zeros = Array(IPV6_GROUPS - head.length - (tail?.length ?? 0)).fill("0");
	return [
		...head,
		...zeros,
		...tail ?? []
	].map((group) => group.padStart(4, "0")).join(":") + (zone === void 0 ? "" : `%${zone}`);
}
function hostText(host) {
	if (typeof host === "number") return formatIpv4(host);
	const [address = "", zone] = host.split("%");
	const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
	return zone === void 0 ? text : `${text}%${zone}`;
}
function distance(from, to) {
	return typeof from === "number" && typeof to === "number" ? to - from : 1e400;
}
function isHostBefore(one, other) {
	return typeof one === typeof other ? one < other : typeof one === "number";
}

// src/store/versions.ts
function hasOtherService(before, after) {
	const [one, other] = [before.finding, after.finding];
	return before.state === "open" && after.state === "open" && isIdentified(one) && isIdentified(other) && foundText(one) !== foundText(other);
}
function foundText(finding) {
	if (finding === void 0) return "";
	return [serviceText(finding), versionText(finding)].filter((text) => text !== "").join(" ");
}

// src/store/baseline.ts
var Baseline = class {
	#firsts = [];
	#runs = [];
	#others = /* @__PURE__ */ new Map();
	#services;
	constructor(hosts, services) {
		this.#services = services;
		const kinds = /* @__PURE__ */ new Map();
		for (const { host, count, sides: [ports] } of hosts) {
			const segments = ports.filter(({ result }) => result.state !== "undecided");
			const key = segments.map(({ first, last, result: { state, finding } }) => `${first}-${last} ${state}${finding === void 0 ? "" : foundText(finding)}`).join();
			let kind = kinds.get(key);
			if (kind === void 0) kinds.set(key, kind = {
				firsts: segments.map(({ first }) => first),
				segments
			});
			const before = this.#runs.at(-1);
			if (typeof host === "string") this.#others.set(host, kind);
			else if (before?.kind === kind && before.last === host - 1) before.last += count;
			else {
				this.#firsts.push(host);
				this.#runs.push({
					kind,
					last: host + count - 1
				});
			}
		}
	}
	stateOf(probed) {
		return this.#resultOf(probed)?.state;
	}
	#kindOf(host) {
		const run = typeof host === "number" ? this.#runs[lastAtMost(this.#firsts, host)] : void 0;
		return run !== void 0 && Number(host) <= run.last ? run.kind : this.#others.get(host);
	}
	#resultOf(probed) {
		const key = portKey(probed);
		const kind = this.#kindOf(hostKey(probed.ip));
		const segment = kind?.segments[lastAtMost(kind.firsts, key)];
		return segment !== void 0 && key <= segment.last ? segment.result : void 0;
	}
	isNews(result) {
		const { state, replacesState } = result;
		const earlier = this.#resultOf(result);
		const before = earlier?.state;
		if (earlier !== void 0 && hasOtherService(earlier, result)) return true;
		return replacesState !== void 0 && before !== replacesState || state !== "undecided" && state !== before;
	}
	*lost(ip, reason, techniques) {
		for (const { first, last, result } of this.#kindOf(hostKey(ip))?.segments ?? []) {
			if (result.state === "filtered") continue;
			for (const { technique, proto, ports } of techniques) {
				const base = portKey({
					technique,
					proto,
					port: 0
				});
				for (let key = Math.max(first, base); key <= Math.min(last, base + PORTS - 1); key++) {
					const port = key - base;
					const now = {
						ip,
						port,
						technique,
						proto,
						reason,
						service: result.service ?? this.#services.get(serviceKey(proto, port))
					};
					if (ports.has(port)) yield {
						...NOTHING,
						...now,
						state: "filtered"
					};
				}
			}
		}
	}
};

// src/store/path.ts
function refuseNoFile(path) {
	const why = path.startsWith("file:") ? "SQLite would take it for a URI. Name a file by its path for --db" : path === "" || path === ":memory:" || path.includes("\0") ? "it names no file. Name a file for --db" : void 0;
	if (why !== void 0) throw new UsageError(`Cannot use "${printable(path)}" as a history: ${why}`);
}

// src/store/schema.ts
const APPLICATION_ID = 1398361683;
const RANGE_FIELDS = fieldsNamed("proto technique state reason ttl tries from");
const OWN_ANSWERS = REASONS.filter((reason) => isOwnAnswer({ reason })).map((reason) => `'${reason}'`).join(", ");
function column({ name }) {
	return `"${name}"`;
}
function insertInto(db, table, names, rows = 1) {
	const columns = names.map((name) => column({ name })).join(", ");
	const row = `(${names.map(() => "?").join(", ")})`;
	return db.prepare(`INSERT OR FAIL INTO ${table} (${columns}) VALUES ${Array(rows).fill(row).join(", ")}`);
}
const ROWS_AT_ONCE = 8;
var RowInserter = class {
	#db;
	#table;
	#names;
	#insert;
	#values = [];
	constructor(db, table, names) {
		this.#db = db;
		this.#table = table;
		this.#names = names;
		this.#insert = insertInto(db, table, names, ROWS_AT_ONCE);
	}
	add(...values) {
		this.#values.push(...values);
		if (this.#values.length < ROWS_AT_ONCE * this.#names.length) return;
		this.#insert.run(...this.#values);
		this.#values.length = 0;
	}
	finish() {
		const rows = this.#values.length / this.#names.length;
		if (rows > 0) insertInto(this.#db, this.#table, this.#names, rows).run(...this.#values);
		this.#values.length = 0;
	}
};
function createTables(db) {
	const range = RANGE_FIELDS.map(declaration).join(", ");
	db.exec(`
    -- One row per scan. ended is NULL while it runs, or after it was killed; compacted is 1 once host and port_range have all of it.
    CREATE TABLE scan (
      id INTEGER PRIMARY KEY, started_ms INTEGER NOT NULL, written_ms INTEGER NOT NULL, ended_ms INTEGER, ended TEXT,
      targets TEXT NOT NULL, ports TEXT, excluded TEXT, excluded_ports TEXT, space TEXT NOT NULL,
      args TEXT NOT NULL, version TEXT NOT NULL, technique TEXT NOT NULL, hosts INTEGER NOT NULL, probes INTEGER NOT NULL,
      ${STATES.map((state) => `"${state}" INTEGER NOT NULL DEFAULT 0`).join(", ")},
      summary TEXT, compacted INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX scan_by_space ON scan (space, id);

    -- One row per scan and port that is open, was open in an earlier scan, replied late or has a note; finding is a JSON object of what
    -- service detection found. While a scan runs, a port may
    -- have several rows, here and below: the one with the highest number counts, one of this table before others.
    CREATE TABLE port (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, number INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
      ${PROBED_FIELDS.map(declaration).join(", ")}, finding TEXT, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;
    -- With the port as well, each row of a scan would change another page: three times as slow, tests/bench/history_bench.ts.
    CREATE INDEX port_open ON port (number) WHERE state = 'open';

    -- All other ports: one row per scan, host, state and reason, with the ports as ranges such as "1-21,23,25-1000". Neighbouring
    -- hosts that sent no reply and have the same ports share a row: so many hosts, from ip on.
    -- A scan that probed no port has port 0 of each host, of the protocol host, which is up, absent or silent.
    CREATE TABLE port_range (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, number INTEGER NOT NULL, ip TEXT NOT NULL, hosts INTEGER NOT NULL,
      ${range}, ports TEXT NOT NULL, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;
    -- The same ports while a scan runs, and of one that was killed until the next scan begins: a JSON object of each number with its
    -- ports. They count before port_range.
    CREATE TABLE port_part (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, ${range}, results TEXT NOT NULL, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;

    -- The names by which a scan asked for hosts, in the order in which they were typed; ports is NULL for all ports of the scan.
    CREATE TABLE name (
      scan INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, ports TEXT, UNIQUE (scan, number, name)
    );
    CREATE INDEX name_of_host ON name (number, scan);
    -- The usual names of services.
    CREATE TABLE service (proto TEXT NOT NULL, port INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (proto, port)) WITHOUT ROWID;

    -- One row per host that ever replied, with the names by which it was last asked for.
    CREATE VIEW host AS
      SELECT number, ip, (
          SELECT group_concat(name, ' ') FROM name
          WHERE number = up.number AND scan = (SELECT max(scan) FROM name WHERE number = up.number)
        ) AS name, min(seen_ms) AS first_seen_ms, max(seen_ms) AS last_seen_ms
      FROM (
        SELECT number, ip, state, reason, seen_ms FROM port
        UNION ALL SELECT number, ip, state, reason, started_ms FROM port_range JOIN scan ON scan.id = scan
      ) AS up WHERE state = 'closed' OR reason IN (${OWN_ANSWERS}) GROUP BY number;

    -- What service detection found of each port.
    CREATE VIEW version AS
      SELECT scan, number, ip, proto, port, seen_ms, finding ->> '$.service' AS service, finding ->> '$.product' AS product,
        finding ->> '$.version' AS version, finding ->> '$.info' AS info, finding ->> '$.cpe[0]' AS cpe
      FROM port WHERE finding IS NOT NULL;

    -- Each time that a port that was ever open was found in another state than before.
    CREATE VIEW port_change AS
      SELECT ip, proto, technique, port, before, state, seen_ms, scan FROM (
        SELECT number, ip, proto, technique, port, state, seen_ms, scan, row, lag(state) OVER (
            -- A SYN and connect(2) find the same states.
            PARTITION BY number, proto, iif(technique IN ('syn', 'connect'), '', technique), port ORDER BY seen_ms, scan, row
          ) AS before
        FROM port WHERE state <> 'undecided' AND (number, proto, port) IN (SELECT number, proto, port FROM port WHERE state = 'open')
      ) WHERE before IS NULL OR before <> state ORDER BY number, proto, port, seen_ms;
  `);
}
function createLaterTables(db) {
	db.exec(`
    -- The hardware address of each host on an own link that replied to ARP or neighbor solicitations.
    CREATE TABLE IF NOT EXISTS mac (
      scan INTEGER NOT NULL, number INTEGER NOT NULL, ip TEXT NOT NULL, mac TEXT NOT NULL, PRIMARY KEY (scan, number)
    ) WITHOUT ROWID;
  `);
}
function declaration(field) {
	return `${column(field)} ${{
		"text": "TEXT",
		"whole": "INTEGER",
		"fraction": "REAL",
		"yes or no": "INTEGER",
		"list": "TEXT"
	}[field.type]}`;
}
function fieldsNamed(names) {
	return names.split(" ").map((name) => fieldNamed(name));
}

function textual(text) {
	return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

// src/store/database.ts
const PATIENT_MS = 1e4;
const RETRY_MS = 20;
const INDEX_LEN = 32768;
function openDatabase(path, { write }) {
	refuseNoFile(path);
	return explaining(path, write ? "write" : "read", () => {
		const db = write ? new DatabaseSync(path, { timeout: PATIENT_MS }) : openToRead(path);
		try {
			db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
			if (write) prepareToWrite(db, path);
			else if (isEmpty(db, path)) throw new UsageError(`Cannot read the history ${named(path)}: it is empty. Scan with --db first`);
			return db;
		} catch (error) {
			if (db.isOpen) db.close();
			throw error;
		}
	});
}
function openToRead(path) {
	try {
		const db = new DatabaseSync(path, {
			readOnly: true,
			timeout: PATIENT_MS
		});
		try {
			db.exec("PRAGMA user_version");
			return db;
		} catch (error) {
			db.close();
			throw error;
		}
	} catch (error) {
		if (!/unable to open|readonly/.test(String(error)) || !/file/.test(lookAt(path))) throw error;
		const log = ["-wal", "-journal"].map((suffix) => `${path}${suffix}`).find((name) => !["missing", "empty file"].includes(lookAt(name)));
		if (log !== void 0) throw new CannotScanError(`Cannot read the history ${named(path)}: ${named(log)} beside it has changes that are not in it yet, and SQLite cannot write to their directory. Copy both files to one that can be written, and name the copy with --db`);
		try {
			return new DatabaseSync(immutableUri(path), { readOnly: true });
		} catch (second) {
			throw second instanceof Deno.errors.NotCapable ? second : error;
		}
	}
}
function immutableUri(path) {
	return `file:${path.replace(/^\/+/, "/").split("/").map(encodeURIComponent).join("/")}?immutable=1`;
}
function transaction(db, change, how = {}) {
	const { isDurable = false } = how;
	if (isDurable) db.exec("PRAGMA synchronous = FULL");
	try {
		db.exec("BEGIN IMMEDIATE");
		try {
			change();
			if (isDurable) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
			db.exec("COMMIT");
		} catch (error) {
			if (db.isTransaction) db.exec("ROLLBACK");
			throw error;
		}
	} finally {
		if (isDurable) db.exec("PRAGMA synchronous = NORMAL");
	}
}
function isBusy(error) {
	return error instanceof Error && /database (table )?is locked/.test(error.message);
}
function explaining(path, aim, action) {
	try {
		return action();
	} catch (error) {
		throw explained(path, aim, error);
	}
}
function explained(path, aim, error) {
	if (!(error instanceof Error) || error instanceof CannotScanError || error instanceof UsageError) return error;
	const cannot = `Cannot ${aim} the history ${named(path)}`;
	if (error instanceof Deno.errors.NotCapable) return new CannotScanError(`${cannot}: that needs the right to use files. Add ${aim === "write" ? "--allow-read and --allow-write" : "--allow-read"} to deno run`);
	const { code } = error;
	if (code !== "ERR_SQLITE_ERROR" && code !== "ERR_OUT_OF_RANGE") return error;
	const misnamed = whyMisnamed(path, aim, /unable to open/.test(error.message));
	if (misnamed !== void 0) return new UsageError(`${cannot}: ${misnamed}`);
	const cause = aim === "write" && /unable to open|readonly|disk I\/O/.test(error.message) ? errorBeside(path) : "";
	const [, why] = TROUBLES.find(([says]) => says.test(`${aim}: ${code}: ${error.message}${cause}`)) ?? [];
	return new CannotScanError(`${cannot}: ${why ?? `${printable(error.message)}. Name another file for --db`}`);
}
const TROUBLES = [
	[/ERR_OUT_OF_RANGE|malformed/, "it is damaged. Restore it from a copy, or name another file for --db"],
	[/^read.*readonly/, "SQLite needs the right to write its directory, for its locks. Copy it to a directory that can be written, and name the copy with --db"],
	[/not a database/, "it is no SQLite database. Name another file for --db"],
	[/os error 30\b/, "the file system is read-only. Name another file for --db"],
	[/is full|os error 28\b/, "the disk is full. Make room; what had been written before is kept"],
	[/os error 27\b/, "a file has reached the limit on its size (ulimit -f). Raise it; what had been written before is kept"],
	[/is locked/, "another program holds it. End that program, or name another file for --db"],
	[/readonly/, "it may not be written. Ask its owner for the right, or name another file for --db"],
	[/disk I\/O/, "the disk does not read or write. Look at the disk, or name another file for --db"],
	[/unable to open/, "permission denied. Ask its owner for the right, or name another file for --db"]
];
function whyMisnamed(path, aim, isUnopened) {
	const found = lookAt(path);
	if (found === "directory") return "it is a directory. Name a file for --db";
	if (!isUnopened || found !== "missing") return void 0;
	const folder = path.slice(0, path.lastIndexOf("/") + 1);
	if (lookAt(folder || ".") === "missing") return `there is no directory ${named(folder)}. Make it, or name another file for --db`;
	return aim === "read" ? "there is no such file. Scan with --db first, which makes it" : void 0;
}
function errorBeside(path) {
	try {
		const probe = `${lookAt(path) === "missing" ? path : Deno.realPathSync(path)}-probe`;
		using file = Deno.openSync(probe, {
			write: true,
			createNew: true
		});
		try {
			for (let room = INDEX_LEN; room > 0;) room -= file.writeSync(new Uint8Array(room));
			file.truncateSync(INDEX_LEN + Math.max(...["", "-wal"].map((suffix) => sizeOf(`${path}${suffix}`))));
		} finally {
			Deno.removeSync(probe);
		}
		return "";
	} catch (error) {
		return String(error);
	}
}
function sizeOf(path) {
	return lookAt(path) === "file" ? Deno.statSync(path).size : 0;
}
function lookAt(path) {
	try {
		const { isDirectory, size } = Deno.statSync(path);
		return isDirectory ? "directory" : size > 0 ? "file" : "empty file";
	} catch (error) {
		return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ? "missing" : "unknown";
	}
}
function prepareToWrite(db, path) {
	isEmpty(db, path);
	useWal(db);
	db.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384");
	transaction(db, () => {
		if (isEmpty(db, path)) createTables(db);
		createLaterTables(db);
		db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${7}`);
	});
}
function useWal(db) {
	for (let waitedMs = 0;; waitedMs += RETRY_MS) try {
		db.exec("PRAGMA journal_mode = WAL");
		return;
	} catch (error) {
		if (!isBusy(error) || waitedMs >= 1e4) throw error;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
	}
}
function isEmpty(db, path) {
	const { application, version, tables } = db.prepare("SELECT application_id AS application, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables FROM pragma_application_id, pragma_user_version").get();
	if (application === 0 && version === 0 && tables === 0) return true;
	if (application !== 1398361683) throw new CannotScanError(`Cannot use ${named(path)} as a history: it is another program's database. Name another file for --db`);
	if (version === 7) return false;
	const [other, advice] = version > 7 ? ["a newer", "Use the newer synscan, or name"] : ["an older", "Name"];
	throw new CannotScanError(`Cannot use the history ${named(path)}: ${other} synscan made it (version ${version}, this one uses ${7}). ${advice} another file for --db`);
}
function named(path) {
	return `"${printable(path)}"`;
}

// src/store/parts.ts
const MAX_LENGTH = 1 << 26;
const MAX_PARTS = 1 << 20;
const HOSTS = 2 ** 32;
const QUOTE = 34;
const COMMA = 44;
const ZERO$1 = 48;
const COLON = 58;
const BRACE = 123;
const END = 125;
var PartCursor = class {
	scan;
	row;
	host = -1;
	ports = "";
	#bytes;
	#at = 1;
	#from = 0;
	#to = 0;
	constructor(scan, row, bytes) {
		this.scan = scan;
		this.row = row;
		this.#bytes = bytes;
	}
	get number() {
		return this.host;
	}
	get isAtEnd() {
		const bytes = this.#bytes;
		const isEmpty = bytes.length === 2 && bytes[1] === END;
		return bytes[0] === BRACE && (isEmpty || this.#at === bytes.length && bytes[this.#at - 1] === END);
	}
	skip() {
		const bytes = this.#bytes;
		let at = this.#at;
		let host = 0;
		const isBegun = bytes[at++] === QUOTE && bytes[at] !== QUOTE;
		for (; bytes[at] >= ZERO$1 && bytes[at] < 58; at++) host = 10 * host + bytes[at] - ZERO$1;
		const isKey = bytes[at] === QUOTE && bytes[at + 1] === COLON && bytes[at + 2] === QUOTE;
		const from = at + 3;
		const to = isKey ? bytes.indexOf(QUOTE, from) : -1;
		const isEnded = bytes[to + 1] === COMMA || bytes[to + 1] === END;
		if (!isBegun || to < 0 || !isEnded || host <= this.host || host >= HOSTS) return false;
		this.host = host;
		this.#at = to + 2;
		this.#from = from;
		this.#to = to;
		return true;
	}
	next() {
		const bytes = this.#bytes;
		const [beforeFrom, beforeTo] = [this.#from, this.#to];
		this.skip();
		const length = this.#to - this.#from;
		let isSame = length === beforeTo - beforeFrom;
		for (let i = 0; isSame && i < length; i++) isSame = bytes[beforeFrom + i] === bytes[this.#from + i];
		if (!isSame) this.ports = DECODER$1.decode(bytes.subarray(this.#from, this.#to));
	}
};
const DECODER$1 = new TextDecoder();
function hostPortsOf(db, scans) {
	const ofScans = `FROM port_part WHERE scan IN (${scans.join()})`;
	const { rows, length } = db.prepare(`SELECT count(*) AS rows, sum(length(results)) AS length ${ofScans}`).get();
	if (Number(rows) > MAX_PARTS || Number(length) > MAX_LENGTH) return void 0;
	const parts = db.prepare(`SELECT scan, row, CAST(results AS BLOB) AS bytes ${ofScans} ORDER BY scan, row`).all();
	const cursors = () => parts.map(({ scan, row, bytes }) => new PartCursor(Number(scan), Number(row), bytes));
	const read = cursors();
	const keys = keysOf(read);
	return read.every(({ isAtEnd }) => isAtEnd) ? inOrder(cursors(), keys) : void 0;
}
function keysOf(cursors) {
	const keys = new TypedVector(/* @__PURE__ */ new Float64Array(1024));
	for (const [at, cursor] of cursors.entries()) while (cursor.skip()) keys.push(cursor.number * MAX_PARTS + at);
	sortWhole(keys.values);
	return keys.values;
}
function* inOrder(cursors, keys) {
	for (const key of keys) {
		const cursor = cursors[key % MAX_PARTS];
		cursor.next();
		yield cursor;
	}
}

// src/store/validate.ts
const LAST_MS = 864e13;
const MAX_TTL = 255;
const PLAIN = /^[\w.:+-]{1,64}$/;
const WORDS = /^[\w ,.()+-]{0,64}$/;
function damaged(what) {
	return new CannotScanError(`Cannot read ${what}: the history is damaged. Restore the file from a copy`);
}
const isPlain = ((value) => typeof value === "string" && PLAIN.test(value));
const isTechnique = (value) => typeof value === "string" && /^[\w+:,()-]{1,65536}$/.test(value);
const isPort = (value) => isWhole(value, PORTS - 1);
const isYesOrNo = (value) => typeof value === "boolean";
const isTime = (value) => isWhole(value, LAST_MS);
const isCount = (value) => isWhole(value);
const isAmount = (value) => Number.isFinite(value) && isWhole(Math.floor(Number(value)));
const isEnding = (value) => [
	"done",
	"deadline",
	"interrupted",
	"failed"
].includes(String(value));
function isHostKey(value) {
	return isWhole(value, MAX_HOST_NUMBER) || typeof value === "string" && /^[\da-f]{4}(:[\da-f]{4}){7}(%[\w.@:-]{1,15})?$/.test(value);
}
function fieldCheck({ name, type, plain }) {
	const check = FIELD_CHECKS.get(name);
	if (check !== void 0) return check;
	if (type === "text" || type === "list") return orNull(plain ? isPlain : isText);
	if (type === "yes or no") return orNull((value) => isWhole(value, 1));
	return orNull(type === "whole" ? isCount : isAmount);
}
function isSummary(value) {
	if (!isObject(value)) return false;
	const { hostnames, aliased, os, hostsAbsent, hostsSilent, hostsUndecided, roundTrips } = UNTOLD;
	return summaryFault({
		hostnames,
		aliased,
		os,
		hostsAbsent,
		hostsSilent,
		hostsUndecided,
		roundTrips,
		...value
	}) === void 0;
}
function summaryFault(summary) {
	return Object.entries(SUMMARY).find(([name, shape]) => !hasShape(Reflect.get(summary, name), shape))?.[0];
}
function knownSummary(summary) {
	const known = Object.keys(UNTOLD);
	return Object.fromEntries(known.map((name) => [name, summary[name] ?? UNTOLD[name]]));
}
function isAddress(value) {
	if (typeof value !== "string") return false;
	if (typeof hostKey(value) === "number") return true;
	const [, address] = /^([\da-f:.]+)(?:%[\w.@:-]{1,15})?$/.exec(value) ?? [];
	return address !== void 0 && URL.canParse(`http://[${address}]`);
}
const FIELD_CHECKS = /* @__PURE__ */ new Map([
	["port", isPort],
	["proto", (value) => PROTOCOLS.includes(value)],
	["state", (value) => STATES.includes(value) || HOST_STATES.includes(value)],
	["reason", (value) => REASONS.includes(value)],
	["ttl", orNull((value) => isWhole(value, MAX_TTL))],
	["tries", isCount],
	["from", orNull(isAddress)]
]);
const isCode = (value) => isText(value) && WORDS.test(String(value));
const isPorts = (value) => isText(value) && /^[\d,-]*$/.test(String(value));
const FILTERED = {
	ports: isPorts,
	proto: isCode,
	technique: isCode,
	probed: isPorts,
	afterHop: isWhole,
	ip: orMissing(isAddress)
};
const SUMMARY = {
	...Object.fromEntries(Object.entries(UNTOLD).filter(([, value]) => typeof value === "number").map(([name]) => [name, isCount])),
	elapsedMs: isAmount,
	ratePps: isAmount,
	roundTrips: isAmount,
	expectedWrong: isAmount,
	loss: orNull((value) => isAmount(value) && Number(value) <= 1),
	sendErrors: (value) => isObject(value) && Object.entries(value).every(([name, count]) => isCode(name) && isWhole(count)),
	suspects: [{
		ip: isAddress,
		suspect: isCode
	}],
	notes: [{
		ip: isAddress,
		note: isText,
		more: isWhole,
		ports: [isPort]
	}],
	aliased: [{
		prefix: isText,
		hosts: isWhole,
		controls: isWhole,
		replied: isWhole
	}],
	hostnames: [{
		ip: isAddress,
		name: isText
	}],
	os: [{
		ip: isAddress,
		family: orNull(isText),
		evidence: isText,
		ports: [isPort]
	}],
	traces: [{
		ip: isAddress,
		proto: isCode,
		port: orMissing(isPort),
		isReached: isYesOrNo,
		shared: orMissing({
			hops: isWhole,
			ip: isAddress
		}),
		hops: [{
			ttl: isWhole,
			ip: orMissing(isAddress),
			rttMs: orMissing(isAmount),
			hostname: orMissing(isText)
		}],
		filtered: [FILTERED]
	}],
	ended: isEnding,
	warnings: [isText],
	trusted: isYesOrNo,
	transport: isCode
};
function isMac(value) {
	return /^[\da-f]{2}(?::[\da-f]{2}){5}$/.test(String(value));
}

// src/store/hosts.ts
const NONE$1 = [];

function hostsOfScan(db, scan, parts) {
	return joined$1(rowsOf(db, [scan], parts?.hosts, parts?.isApart), [[scan]]);
}
function* joined$1(source, sides) {
	let rows = [];
	let host = 0;
	for (let next = source.next(); !next.done || rows.length > 0;) {
		if (rows.length === 0) host = next.value.host;
		for (; next.value?.host === host; next = source.next()) rows.push(next.value);
		let count = distance(host, next.value?.host);
		for (const row of rows) count = Math.min(count, row.hosts === 1 ? 1 : Number(row.host) + row.hosts - Number(host));
		if (sides.length === 1 && rows.length === 1) yield {
			host,
			count,
			sides: [rows[0].segments],
			superseded: NONE$1
		};
		else {
			const superseded = [];
			const ports = sides.map((scans) => merged(rows.filter(({ scan }) => scans.includes(scan)), superseded));
			yield {
				host,
				count,
				sides: ports,
				superseded
			};
		}
		const end = typeof host === "number" ? host + count : 1e400;
		if (rows.length === 1 && rows[0].hosts <= count) rows.pop();
		else rows = rows.filter((row) => Number(row.host) + row.hosts > end);
		host = end;
	}
}
function* addressesOf({ host, count }) {
	for (let i = 0; i < count; i++) yield hostText(typeof host === "number" ? host + i : host);
}
function isUp(segments) {
	return segments.some(({ result }) => showsHost(result));
}
function showsHost(result) {
	return isOwnAnswer(result) || stateOfHost(result) === "up";
}
function stateOfHost({ proto, state }) {
	return proto === "host" ? state : void 0;
}
function merged(rows, superseded) {
	const [one, other] = rows;
	if (one === void 0) return [];
	if (other === void 0) return one.segments;
	if (rows.length === 2 && isBehind(one, other)) return [...one.segments, ...other.segments];
	if (rows.length === 2 && isBehind(other, one)) return [...other.segments, ...one.segments];
	const segments = rows.flatMap((row) => row.segments).sort(byFirst);
	if (segments.every(({ first }, at) => at === 0 || first > segments[at - 1].last)) return segments;
	const ports = /* @__PURE__ */ new Map();
	for (const { first, last, ...rest } of rows.toSorted(byWeight).flatMap((row) => row.segments)) for (let key = first; key <= last; key++) if (rest.result.state !== "undecided" || !ports.has(key)) ports.set(key, {
		first: key,
		last: key,
		...rest
	});
	const found = [...ports.values()].sort(byFirst);
	const used = new Set(found.map(({ row }) => row));
	superseded.push(...segments.map(({ row }) => row).filter((row) => row > 0 && !used.has(row)));
	return found;
}
function isBehind({ segments: before }, { segments: behind }) {
	return before.length > 0 && behind.length > 0 && before.at(-1).last < behind[0].first;
}
function byFirst(one, other) {
	return one.first - other.first;
}
function byWeight(one, other) {
	return one.scan - other.scan || one.table - other.table || one.row - other.row;
}
const KIND_FIELDS = [...RANGE_FIELDS, ...fieldsNamed("service late note")].map((field) => ({
	...field,
	check: fieldCheck(field)
}));
function kindOf$1(fields, finding = "NULL") {
	const own = new Set(fields.map(({ name }) => name));
	return `json_array(${[...KIND_FIELDS.map((field) => own.has(field.name) ? column(field) : "NULL"), finding].join(", ")})`;
}
function readKind(kind) {
	const values = JSON.parse(String(kind));
	if (!KIND_FIELDS.every(({ check }, at) => check(values[at]))) throw damaged("this scan");
	const valueOf = (type, value) => type === "yes or no" ? value === 1 : value ?? void 0;
	const fields = KIND_FIELDS.map(({ name, type }, at) => [name, valueOf(type, values[at])]);
	const text = values[KIND_FIELDS.length];
	return {
		...NOTHING,
		...Object.fromEntries(fields),
		...text === null ? {} : { finding: readFinding(text) }
	};
}
function readFinding(text) {
	try {
		const value = JSON.parse(String(text));
		if (isFinding(value)) return value;
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	throw damaged("this scan");
}
function* sorted(db, queries, width) {
	const union = [...queries, `SELECT x''${", NULL".repeat(width - 1)}`].join(" UNION ALL ");
	const statement = db.prepare(`${union} ORDER BY 1, 2, 3, 4`);
	statement.setReturnArrays(true);
	let isWhole = false;
	for (const row of statement.iterate()) {
		isWhole = row[0] instanceof Uint8Array && row[1] === null;
		if (!isWhole) yield row;
	}
	if (!isWhole) throw damaged("this scan");
}
const IN_PART = 1;
const IN_PORT = 2;
const isRoundTrip = orNull(Number.isFinite);
function* rowsOf(db, scans, parts = hostPortsOf(db, scans), isApart = false) {
	const results = /* @__PURE__ */ new Map();
	let [before, list, segments] = [
		"",
		void 0,
		[]
	];
	const kind = kindOf$1(RANGE_FIELDS);
	const ofScans = `WHERE scan IN (${scans.join()})`;
	const kindOfPart = /* @__PURE__ */ new Map();
	for (const part of db.prepare(`SELECT scan, row, ${kind} AS kind FROM port_part ${ofScans}`).all()) kindOfPart.set(rowKey(part["scan"], part["row"]), part["kind"]);
	const stored = sorted(db, [
		`number, scan, 0, row, hosts, ports, ${kind}, NULL FROM port_range`,
		...parts === void 0 ? [`iif(key GLOB '*[^0-9]*', key, CAST(key AS INTEGER)), scan, ${IN_PART}, row, 1, value, NULL, NULL FROM port_part, json_each(results)`] : [],
		...isApart ? [] : [`number, scan, ${IN_PORT}, row, 1, CAST(port AS TEXT), ${kindOf$1(PROBED_FIELDS, "finding")}, rtt_ms FROM port`]
	].map((query) => `SELECT ${query} ${ofScans}`), 8);
	const all = parts === void 0 ? stored : withParts(stored, parts);
	for (const [host, scan, table, row, hosts, ports, inRow, rttMs] of all) {
		const kind = table === IN_PART ? kindOfPart.get(rowKey(scan, row)) : inRow;
		if (kind === void 0) throw damaged("this scan");
		if (table === IN_PORT || ports !== list || kind !== before) {
			let result = results.get(kind);
			if (result === void 0) results.set(kind, result = readKind(kind));
			if (!isRoundTrip(rttMs)) throw damaged("this scan");
			segments = segmentsIn(ports, {
				result,
				rttMs: rttMs === null ? void 0 : Number(rttMs),
				row: table === IN_PORT ? Number(row) : 0
			});
			[before, list] = [kind, table === IN_PORT ? void 0 : ports];
		}
		const { reason } = segments[0].result;
		const isShared = typeof host === "number" && !isOwnAnswer({ reason });
		if (!isHostKey(host) || !isWhole(hosts, isShared ? MAX_HOST_NUMBER + 1 - host : 1) || hosts === 0) throw damaged("this scan");
		yield {
			host,
			hosts: Number(hosts),
			scan: Number(scan),
			table: Number(table),
			row: Number(row),
			segments
		};
	}
}
function* withParts(stored, parts) {
	let part = parts.next().value;
	for (const row of stored) {
		for (; part !== void 0 && isBefore(part, row); part = parts.next().value) yield partRow(part);
		yield row;
	}
	for (; part !== void 0; part = parts.next().value) yield partRow(part);
}
function partRow({ host, scan, row, ports }) {
	return [
		host,
		scan,
		IN_PART,
		row,
		1,
		ports,
		null,
		null
	];
}
function isBefore(part, [host, scan, table]) {
	if (part.host !== host) return isHostBefore(part.host, host);
	return part.scan === scan ? Number(table) > IN_PART : part.scan < Number(scan);
}
function rowKey(scan, row) {
	return Number(scan) * 2 ** 32 + Number(row);
}
function segmentsIn(list, { result, rttMs, row }) {
	if (typeof list !== "string" || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) throw damaged("this scan");
	const base = portKey({
		...result,
		port: 0
	});
	const segments = [];
	let [first, number, end] = [
		-1,
		0,
		-1
	];
	for (let at = 0; at <= list.length; at++) {
		const code = list.charCodeAt(at);
		if (code >= ZERO) {
			number = 10 * number + code - ZERO;
			continue;
		}
		if (code === DASH) first = number;
		else {
			if (first < 0) first = number;
			if (first <= end || number < first || number >= 65536) throw damaged("this scan");
			segments.push({
				first: base + first,
				last: base + number,
				result,
				rttMs,
				row
			});
			[first, end] = [-1, number];
		}
		number = 0;
	}
	return segments;
}
const ZERO = 48;
const DASH = 45;
function portsText(keys) {
	let text = "";
	let [first, last] = [-1, -1];
	for (const key of keys) {
		const [from, to] = [portIn(key.first), portIn(key.last)];
		if (from <= last) return joinedText(keys);
		if (first >= 0 && from === last + 1) {
			last = to;
			continue;
		}
		if (first >= 0) text += `${rangeText$2(first, last)},`;
		[first, last] = [from, to];
	}
	return first < 0 ? "" : text + rangeText$2(first, last);
}
function rangeText$2(first, last) {
	return first === last ? `${first}` : `${first}-${last}`;
}
function joinedText(keys) {
	const ranges = new RangesBuilder();
	for (const { first, last } of keys) ranges.add(portIn(first), portIn(last));
	return PortSet.fromRanges(ranges.build()).toString();
}

// src/store/stored_summary.ts
const SYSTEMS = [{
	hosts: (value) => isText(value) && String(value).split(",").every(isRange),
	guesses: [{
		family: orNull(isText),
		evidence: isText,
		ports: [isPort]
	}]
}];
function summaryText(summary) {
	const others = Object.keys(summary).filter((name) => name !== "os");
	const values = Object.fromEntries(others.map((name) => [name, summary[name]]));
	return JSON.stringify({
		...values,
		systems: systemsOf(guessedHosts(summary))
	});
}
function systemsOf(hosts) {
	const byGuesses = /* @__PURE__ */ new Map();
	let before;
	let ranges = [];
	for (let index = 0; index < hosts.length; index++) {
		const guesses = hosts.guessesOf(index);
		if (guesses !== before) {
			const text = JSON.stringify(guesses.map(({ family, evidence, ports }) => ({
				family,
				evidence,
				ports
			})));
			[before, ranges] = [guesses, byGuesses.getOrInsertComputed(text, () => [])];
		}
		addTo(ranges, hosts.ipOf(index));
	}
	return [...byGuesses].map(([text, ranges]) => ({
		hosts: ranges.map(rangeText$1).join(),
		guesses: JSON.parse(text)
	}));
}
function addTo(ranges, ip) {
	const number = ip.includes(":") ? NaN : Number(hostKey(ip));
	const range = ranges.at(-1);
	if (range?.lastNumber === number - 1) [range.last, range.lastNumber] = [ip, number];
	else ranges.push({
		first: ip,
		last: ip,
		lastNumber: number
	});
}
function rangeText$1({ first, last }) {
	return first === last ? first : `${first}-${last}`;
}
function isStoredSummary(value) {
	return isSummary(value) && hasShape(value.systems, orMissing(SYSTEMS));
}
function summaryIn(stored) {
	const known = knownSummary(stored);
	return stored.systems === void 0 ? known : withOs(known, hostsIn$1(stored.systems));
}
function hostsIn$1(systems) {
	const ranges = systems.flatMap(({ hosts, guesses }) => hosts.split(",").map((text) => ({
		first: hostKey(endsOf(text)[0]),
		text,
		guesses
	}))).sort((one, other) => isHostBefore(one.first, other.first) ? -1 : 1);
	let length = 0;
	const starts = ranges.map(({ text }) => {
		const start = length;
		length += countOf(text);
		return start;
	});
	return {
		length,
		ipOf: (index) => {
			const at = lastAtMost(starts, index);
			const { first } = ranges[at];
			return hostText(typeof first === "number" ? first + index - starts[at] : first);
		},
		guessesOf: (index) => ranges[lastAtMost(starts, index)].guesses
	};
}
function isRange(text) {
	return endsOf(text).every(isAddress) && countOf(text) > 0;
}
function countOf(text) {
	const [first, last] = endsOf(text);
	return first === last ? 1 : distance(hostKey(first), hostKey(last)) + 1;
}
function endsOf(text) {
	const [, first = text, last = text] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
	return [first, last];
}

// src/store/records.ts
function jsonLine(value) {
	return `${jsonText(value)}\n`;
}
function readRecords(db, condition, ...values) {
	return db.prepare(`SELECT ${COLUMNS} FROM scan ${condition}`).all(...values).map(toRecord);
}
const COLUMNS = `id, space, targets, args, version, technique, hosts, probes, ports, excluded,
  excluded_ports AS excludedPorts, started_ms AS startedAtMs, ifnull(ended_ms, written_ms) AS endedAtMs, ended, summary,
  json_object(${STATES.map(((state) => `'${state}', "${state}"`)).join(", ")}) AS counts`;
const TITLES = [
	"SCAN",
	"BEGAN",
	"TOOK",
	"ENDED",
	"HOSTS",
	"PORTS",
	"OPEN",
	"TARGETS"
];
const NUMBERS = /* @__PURE__ */ new Set([
	"SCAN",
	"TOOK",
	"HOSTS",
	"PORTS",
	"OPEN"
]);
function recordsText(records) {
	if (records.length === 0) return "No scans yet\n";
	const lines = records.map(({ id, head, summary, endedAtMs, ended, counts, targets }) => {
		const tookMs = summary?.elapsedMs ?? endedAtMs - head.startedAtMs;
		const sizes = [
			summary?.hosts ?? head.hosts,
			head.probes,
			counts.open
		].map(grouped);
		return [
			`${id}`,
			dateText(head.startedAtMs),
			spanText(tookMs),
			ended,
			...sizes,
			printable(targets)
		];
	});
	const widths = TITLES.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i].length)));
	const aligned = (cell, i) => cell[NUMBERS.has(TITLES[i]) ? "padStart" : "padEnd"](widths[i]);
	return [TITLES, ...lines].map((cells) => `${cells.map(aligned).join("  ").trimEnd()}\n`).join("");
}
function recordsJson(records) {
	return records.map(({ id, targets, head, ended, endedAtMs, counts, summary }) => {
		const { args, technique, version, startedAtMs, probes } = head;
		const [started, ended_at] = [startedAtMs, endedAtMs].map((ms) => new Date(ms).toISOString());
		const byState = STATES.filter((state) => USUAL.has(state) || counts[state] > 0).map((state) => [state.replace("|", "_"), counts[state]]);
		return jsonLine({
			type: "scan",
			scan: id,
			targets,
			args,
			technique,
			version,
			started,
			ended_at,
			ended,
			hosts: summary?.hosts ?? head.hosts,
			probes,
			...Object.fromEntries(byState),
			trusted: summary?.trusted ?? false
		});
	}).join("");
}
const USUAL = /* @__PURE__ */ new Set([
	"open",
	"closed",
	"filtered",
	"undecided"
]);
function summaryOf(record, hostsUp) {
	if (record.summary !== null) return record.summary;
	const { id, counts, head: { hosts, probes, startedAtMs }, endedAtMs } = record;
	const { open, closed, filtered, unfiltered, "open|filtered": openFiltered, "closed|filtered": closedFiltered } = counts;
	const known = open + closed + filtered + unfiltered + openFiltered + closedFiltered;
	const warning = `Scan ${id} is unfinished: it was killed, or still runs. ` + (probes === 0 ? "It has the hosts found by then" : `${grouped(known)} of ${counted(probes, "port")} are known`);
	return {
		...UNTOLD,
		hosts,
		hostsUp,
		probes,
		elapsedMs: endedAtMs - startedAtMs,
		ended: "interrupted",
		open,
		closed,
		filtered,
		unfiltered,
		openFiltered,
		closedFiltered,
		undecided: probes - known,
		warnings: [warning]
	};
}
const isRanges = (value) => isText(value) && /^[\d.,-]*$/.test(String(value));
const isHosts = (value) => isText(value) && /^[\w.:%@,-]*$/.test(String(value));
const RECORD = {
	hosts: isCount,
	probes: isCount,
	counts: Object.fromEntries(STATES.map((state) => [state, isCount])),
	technique: isTechnique,
	version: isPlain,
	args: [isText],
	summary: orNull(isStoredSummary),
	startedAtMs: isTime,
	endedAtMs: isTime,
	ended: orNull(isEnding),
	excluded: orNull(isHosts),
	excludedPorts: orNull(isRanges),
	ports: orNull(isRanges)
};
function toRecord(row) {
	const json = [
		"args",
		"counts",
		"summary"
	].map((name) => [name, row[name] === null ? null : parsed(row[name])]);
	const values = {
		...row,
		...Object.fromEntries(json)
	};
	if (!hasShape(values, RECORD)) throw damaged("the list of scans");
	const { hosts, probes, technique, version, startedAtMs, args, ended, summary, ...rest } = values;
	const passes = probes === 0 ? [] : passesNamed(technique, protocolOf);
	const isOfOne = new Set(passes.map(({ proto }) => proto)).size === 1;
	return {
		...rest,
		head: {
			hosts,
			probes,
			technique,
			passes,
			version,
			startedAtMs,
			args,
			targets: rest.targets,
			...isOfOne && rest.ports !== null && { ports: {
				count: countIn(rest.ports),
				text: rest.ports
			} }
		},
		ended: ended ?? "unfinished",
		summary: summary && summaryIn(summary)
	};
}
function countIn(ports) {
	return ports.split(",").reduce((sum, item) => {
		const [first = 0, last = first] = item.split("-").map(Number);
		return sum + last - first + 1;
	}, 0);
}
function parsed(text) {
	try {
		const value = JSON.parse(String(text));
		if (value !== null) return value;
	} catch {}
	throw damaged("the list of scans");
}

// src/store/names.ts
function readServices(db) {
	const rows = db.prepare("SELECT proto, port, name FROM service").all();
	return new Map(rows.map(({ proto, port, name }) => [serviceKey(String(proto), Number(port)), String(name)]));
}
const NONE = [];
var StoredNames = class {
	#byIp;
	constructor(db, ...scans) {
		const where = `WHERE scan IN (${scans.join()}) ORDER BY rowid`;
		const names = db.prepare(`SELECT number, CAST(name AS TEXT) AS name, ports FROM name ${where}`).all().map(({ number, name, ports }) => {
			if (!isHostKey(number) || ports !== null && !/^\d[\d,-]*$/.test(String(ports))) throw damaged("this scan");
			return {
				ip: hostText(number),
				name: String(name),
				ports
			};
		});
		this.#byIp = Map.groupBy(names, ({ ip }) => ip);
	}
	of(ip) {
		return [...new Set(this.#byIp.get(ip)?.map(({ name }) => name))];
	}
	at(ip, port) {
		return (this.#byIp.get(ip)?.filter(({ ports }) => ports === null || holds(ports, port)))?.map(({ name }) => name) ?? NONE;
	}
	addresses() {
		const byName = Map.groupBy([...this.#byIp.values()].flat(), ({ name }) => name.toLowerCase());
		return new Map([...byName].map(([key, found]) => [key, {
			name: found[0].name,
			ips: new Set(found.map(({ ip }) => ip))
		}]));
	}
};


// src/store/side.ts
var Side = class {
	records;
	constructor(records) {
		this.records = records;
	}
	get last() {
		return this.records.at(-1);
	}
	get ids() {
		return this.records.map(({ id }) => id);
	}
	get label() {
		return this.ids.join("+");
	}
	get hostnames() {
		return new Map(this.records.flatMap(({ summary }) => summary?.hostnames.map(({ ip, name }) => [ip, name]) ?? []));
	}
};
function movedNames(db, before, after) {
	const now = new StoredNames(db, ...after.ids).addresses();
	return [...new StoredNames(db, ...before.ids).addresses()].flatMap(([key, { ips }]) => {
		const found = now.get(key);
		if (found === void 0 || ips.symmetricDifference(found.ips).size === 0) return [];
		return [{
			name: found.name,
			before: [...ips],
			after: [...found.ips]
		}];
	});
}
function renamedHosts(before, after) {
	const now = after.hostnames;
	return [...before.hostnames].flatMap(([ip, name]) => {
		const found = now.get(ip);
		return found === void 0 || found === name ? [] : [{
			ip,
			before: name,
			after: found
		}];
	});
}
function excludedBy({ last: one }, { last: other }) {
	if (one.excluded === null || other.excluded === null) return "";
	const texts = subtract(addressRangesIn(one.excluded), addressRangesIn(other.excluded)).map(rangeText);
	const { excludedPorts } = one;
	if (excludedPorts !== other.excludedPorts && excludedPorts) texts.push(`port ${excludedPorts}`);
	return texts.join(", ");
}
const ITEM = /^([\da-f.:]+?)(?:%(.+?))?(?:-([\da-f]*[.:][\da-f.:]*)(?:%.+)?)?$/;
function addressRangesIn(text) {
	return text.split(",").flatMap((item) => {
		const [, first = "", zone = "", last = first] = ITEM.exec(item) ?? [];
		const [from, to] = [hostKey(first), hostKey(last)];
		if (!isHostKey(from) || !isHostKey(to)) return [];
		return [{
			space: typeof from === "number" ? "4" : `6${zone}`,
			first: numberOf(from),
			last: numberOf(to)
		}];
	});
}
function numberOf(key) {
	return BigInt(typeof key === "number" ? key : `0x${key.replaceAll(":", "")}`);
}
function rangeText({ space, first, last }) {
	const text = (address) => {
		if (space === "4") return hostText(Number(address));
		const groups = address.toString(16).padStart(32, "0").match(/.{4}/g).join(":");
		return hostText(space === "6" ? groups : `${groups}%${space.slice(1)}`);
	};
	return first === last ? text(first) : `${text(first)}-${text(last)}`;
}
function subtract(ranges, others) {
	const bySpace = Map.groupBy(others, ({ space }) => space);
	const left = [];
	for (const [space, own] of Map.groupBy(ranges, ({ space }) => space)) {
		const cuts = bySpace.get(space) ?? [];
		let next = 0;
		for (const range of own) {
			let { first } = range;
			while (next < cuts.length && cuts[next].last < first) next++;
			for (let at = next; at < cuts.length && cuts[at].first <= range.last; at++) {
				if (cuts[at].first > first) left.push({
					space,
					first,
					last: cuts[at].first - 1n
				});
				first = cuts[at].last + 1n;
			}
			if (first <= range.last) left.push({
				...range,
				first
			});
		}
	}
	return left;
}

// src/store/diff.ts
var DiffTotals = class {
	hosts = 0;
	ports = 0;
	opened = 0;
	closed = 0;
	otherwise = 0;
	versions = 0;
	hostsUp = 0;
	hostsDown = 0;
	onlyBefore = 0;
	onlyAfter = 0;
	undecided = 0;
};
const RANGES = 20;
var ScanDiff = class {
	before;
	after;
	#reading;
	moved = [];
	renamed;
	totals = new DiffTotals();
	constructor(before, after, reading) {
		this.before = before;
		this.after = after;
		this.#reading = reading;
		this.renamed = renamedHosts(before, after);
	}
	get #unit() {
		return [this.before, this.after].every(({ last }) => last.head.probes === 0) ? "host" : "port";
	}
	get isDifferent() {
		const { opened, closed, otherwise, versions, hostsUp, hostsDown } = this.totals;
		return opened + closed + otherwise + versions + hostsUp + hostsDown + this.moved.length + this.renamed.length > 0;
	}
	hosts() {
		return this.#reading((db) => this.#compare(db));
	}
	*text() {
		const { before: { label: one, last: before }, after: { label: other, last: after }, totals } = this;
		yield `Scan ${one} (${dateText(before.head.startedAtMs)}) against scan ${other} (${dateText(after.head.startedAtMs)})\n`;
		for (const host of this.hosts()) yield hostChangeText(host, one, other);
		for (const { name, before, after } of this.moved) yield `${printable(name)} moved: ${before.join(", ")} -> ${after.join(", ")}\n`;
		for (const { ip, before, after } of this.renamed) yield `${ip} has another name: ${printable(before)} -> ${printable(after)}\n`;
		for (const { what, now } of this.#excluded()) yield `${what} ${/[,-]/.test(what) ? "are" : "is"} ${now ? "excluded now" : "no longer excluded"}\n`;
		const what = this.#unit;
		const areHosts = what === "host";
		const compared = `${areHosts ? "" : `${counted(totals.ports, "port")} of `}${counted(totals.hosts, "host")} compared`;
		yield this.isDifferent ? `${compared}: ${areHosts ? "" : this.#portsText()}${counted(totals.hostsUp, "host")} came up, ${grouped(totals.hostsDown)} went down\n` : `${compared}: no difference\n`;
		if (totals.onlyBefore > 0) yield `Not probed in scan ${other}: ${counted(totals.onlyBefore, what)}\n`;
		if (totals.onlyAfter > 0) yield `Not probed in scan ${one}: ${counted(totals.onlyAfter, what)}\n`;
		if (totals.undecided > 0) yield `Not decided in one of them: ${counted(totals.undecided, what)}\n`;
	}
	#portsText() {
		const { opened, closed, otherwise, versions } = this.totals;
		const more = versions === 0 ? "" : `, ${grouped(versions)} with another service or version`;
		return `${grouped(opened)} opened, ${grouped(closed)} no longer open, ${grouped(otherwise)} changed otherwise${more}; `;
	}
	changes(most) {
		const up = [];
		const down = [];
		const ofOpen = [];
		const others = [];
		let more = 0;
		const add = (list, item) => void (list.length < most ? list.push(item) : more++);
		for (const { ip, wasUp, isUp, ports } of this.hosts()) {
			if (wasUp !== isUp) add(isUp ? up : down, ip);
			for (const { port, proto, technique, before, after, service } of ports) {
				const versions = hasOtherService(before, after) ? {
					was: foundText(before.finding),
					now: foundText(after.finding)
				} : {};
				const change = {
					ip,
					port,
					proto,
					technique,
					before: before.state,
					after: after.state,
					service,
					...versions
				};
				add(isOpenIn(before, after) ? ofOpen : others, change);
			}
		}
		const { before: { last: { id, head } }, totals: { ports: compared, opened, closed, otherwise, versions } } = this;
		const listed = [...ofOpen, ...others];
		return {
			scan: id,
			startedAtMs: head.startedAtMs,
			compared,
			opened,
			closed,
			otherwise,
			versions,
			up,
			down,
			ports: listed.slice(0, most),
			more: more + Math.max(0, listed.length - most)
		};
	}
	*json() {
		for (const host of this.hosts()) yield hostChangeJson(host);
		for (const moved of this.moved) yield jsonLine({
			type: "moved",
			...moved
		});
		for (const renamed of this.renamed) yield jsonLine({
			type: "renamed",
			...renamed
		});
		for (const excluded of this.#excluded()) yield jsonLine({
			type: "excluded",
			...excluded
		});
		const scans = {
			before: idsOf(this.before),
			after: idsOf(this.after),
			different: this.isDifferent
		};
		const snake = (name) => name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
		const totals = Object.entries(this.totals).map(([name, count]) => [snake(name), count]);
		yield jsonLine({
			type: "diff",
			...scans,
			...Object.fromEntries(totals)
		});
	}
	#excluded() {
		const { before, after } = this;
		return [{
			what: excludedBy(after, before),
			now: true
		}, {
			what: excludedBy(before, after),
			now: false
		}].filter(({ what }) => what !== "");
	}
	*#compare(db) {
		this.moved = movedNames(db, this.before, this.after);
		const names = [this.after, this.before].map(({ ids }) => new StoredNames(db, ...ids));
		const byIp = [...this.before.hostnames, ...this.after.hostnames];
		const hostnames = new Map(byIp.map(([ip, name]) => [ip, [name]]));
		const services = readServices(db);
		for (const run of hostsOf(db, this.before.ids, this.after.ids)) {
			const change = this.#changeOf(run, services);
			if (change.ports.length + change.uncompared.length === 0 && change.wasUp === change.isUp) continue;
			for (const ip of addressesOf(run)) {
				const own = [...names.flatMap((each) => each.of(ip)), ...hostnames.get(ip) ?? []];
				yield {
					ip,
					names: [...new Set(own)],
					...change
				};
			}
		}
		if (this.totals.ports === 0 && this.moved.length === 0) throw new UsageError(`Cannot compare scans ${this.before.label} and ${this.after.label}: no ${this.#unit} was decided in both. Name two scans of the same targets; synscan history lists them`);
	}
	#changeOf({ count: hosts, sides }, services) {
		const { totals } = this;
		const [ports, uncompared] = [[], []];
		let [compared, wasUp, isUp] = [
			0,
			false,
			false
		];
		for (const { first, last, before, after } of pairsOf(sides[0], sides[1])) {
			const count = hosts * (last - first + 1);
			let list = isOpenIn(before, after) ? uncompared : void 0;
			if (before === void 0) totals.onlyAfter += count;
			else if (after === void 0) totals.onlyBefore += count;
			else if (!areDecided(before, after)) totals.undecided += count;
			else {
				compared += count;
				wasUp ||= showsHost(before);
				isUp ||= showsHost(after);
				if (stateOfHost(after) !== void 0) continue;
				const isOther = hasOtherService(before, after);
				list = before.state === after.state && !isOther ? void 0 : ports;
				if (isOther) totals.versions += count;
				else if (list !== void 0) totals[after.state === "open" ? "opened" : before.state === "open" ? "closed" : "otherwise"] += count;
			}
			for (let key = first; key <= last && list !== void 0; key++) {
				const lane = laneIn(key);
				const port = portIn(key);
				const service = after?.service ?? before?.service ?? services.get(serviceKey(lane.proto, port));
				list.push({
					port,
					...lane,
					before,
					after,
					service
				});
			}
		}
		totals.ports += compared;
		if (compared > 0) totals.hosts += hosts;
		if (wasUp !== isUp) totals[isUp ? "hostsUp" : "hostsDown"] += hosts;
		return {
			wasUp,
			isUp,
			ports,
			uncompared
		};
	}
};
function haveCommon(db, one, other) {
	return hostsOf(db, one.ids, other.ids).some(({ sides }) => pairsOf(sides[0], sides[1]).some(({ before, after }) => areDecided(before, after)));
}
function areDecided(...results) {
	return results.every((result) => result !== void 0 && result.state !== "undecided");
}
function isOpenIn(...results) {
	return results.some((result) => result?.state === "open");
}

function idsOf({ ids }) {
	return ids.length === 1 ? ids[0] : ids;
}
function gapOf({ before, after }) {
	return {
		openIn: before?.state === "open" ? "before" : "after",
		why: before === void 0 || after === void 0 ? "not probed" : "undecided"
	};
}
function hostChangeText({ ip, names, wasUp, isUp, ports, uncompared }, one, other) {
	let text = `${ip}${names.length === 0 ? "" : ` (${names.map(printable).join(", ")})`}${wasUp === isUp ? "" : isUp ? " came up" : " went down"}\n`;
	const others = [];
	for (const change of ports) {
		const { port, proto, technique, before, after } = change;
		if (before !== void 0 && after !== void 0 && hasOtherService(before, after)) {
			text += portLine("~", {
				...change,
				service: void 0
			}, printable(`${foundText(before.finding)} -> ${foundText(after.finding)}`));
			continue;
		}
		const states = `${before?.state} -> ${after?.state}${technique === void 0 ? "" : ` (${technique})`}`;
		if (isOpenIn(before, after)) text += portLine(after?.state === "open" ? "+" : "-", change, states);
		else others.push({
			states: proto === "tcp" ? states : `${proto} ${states}`,
			port
		});
	}
	for (const change of uncompared) {
		const { openIn, why } = gapOf(change);
		const how = change.technique === void 0 ? "" : `${change.technique}: `;
		const scans = openIn === "before" ? [one, other] : [other, one];
		text += portLine("?", change, `${how}open in scan ${scans[0]}, ${why} in scan ${scans[1]}`);
	}
	for (const [states, alike] of Map.groupBy(others, ({ states }) => states)) {
		const ranges = PortSet.of(alike.map(({ port }) => port)).toString().split(",");
		const list = [...ranges.slice(0, RANGES), ...ranges.length > RANGES ? ["..."] : []].join();
		text += `  ~ ${states}: ${list} (${counted(alike.length, "port")})\n`;
	}
	return text;
}
function portLine(sign, { port, proto, service }, states) {
	const line = `  ${sign} ${`${port}/${proto}`.padEnd(9)} ${states}`;
	return service === void 0 ? `${line}\n` : `${line.padEnd(36)} ${printable(service)}\n`;
}
function hostChangeJson({ ip, names, wasUp, isUp, ports, uncompared }) {
	const host = names.length === 0 ? { ip } : {
		ip,
		names
	};
	const turn = wasUp ? {
		before: "up",
		after: "down"
	} : {
		before: "down",
		after: "up"
	};
	let text = wasUp === isUp ? "" : jsonLine({
		type: "host",
		...host,
		...turn
	});
	for (const { before, after, service = null, ...port } of ports) {
		const states = {
			before: before?.state,
			after: after?.state
		};
		const reasons = {
			reason_before: before?.reason,
			reason_after: after?.reason
		};
		const versions = before !== void 0 && after !== void 0 && hasOtherService(before, after) ? {
			version_before: foundText(before.finding),
			version_after: foundText(after.finding)
		} : {};
		text += jsonLine({
			type: "change",
			...host,
			...port,
			...states,
			...reasons,
			...versions,
			service
		});
	}
	for (const change of uncompared) {
		const { before: _, after: __, service = null, ...port } = change;
		const { openIn, why } = gapOf(change);
		text += jsonLine({
			type: "uncompared",
			...host,
			...port,
			open_in: openIn,
			why,
			service
		});
	}
	return text;
}

// src/store/compact.ts
const ABANDONED_MS = 6e4;
function compactAbandoned(db, nowMs) {
	const scans = db.prepare("SELECT id FROM scan WHERE compacted = 0 AND written_ms < ?").all(nowMs - ABANDONED_MS);
	for (const { id } of scans) compact(db, Number(id));
}
function compact(db, scan, parts) {
	db.exec(`PRAGMA busy_timeout = ${PATIENT_MS}; ${TEMPORARY}`);
	try {
		const version = db.prepare("SELECT written_ms, compacted, (SELECT max(row) FROM port WHERE scan = id), (SELECT max(row) FROM port_part WHERE scan = id) FROM scan WHERE id = ?");
		const before = Object.values(version.get(scan)).join();
		const superseded = inOneView(db, () => writeRanges(db, scan, parts));
		transaction(db, () => {
			if (Object.values(version.get(scan)).join() !== before) return;
			const deleteRow = db.prepare("DELETE FROM port WHERE scan = ? AND row = ?");
			for (const row of superseded) deleteRow.run(scan, row);
			for (const statement of SETTLE) db.prepare(statement).run(scan);
		});
	} finally {
		db.exec("DROP TABLE temp.settled; DROP TABLE temp.kind");
	}
}
function inOneView(db, action) {
	db.exec("BEGIN DEFERRED");
	try {
		return action();
	} finally {
		if (db.isTransaction) db.exec("COMMIT");
	}
}
const RANGE_COLUMNS = RANGE_FIELDS.map(column).join(", ");
const TEMPORARY = `
  CREATE TEMP TABLE settled (row INTEGER PRIMARY KEY, number, ip TEXT, hosts INTEGER, ports TEXT, kind INTEGER);
  CREATE TEMP TABLE kind AS SELECT row AS kind, ${RANGE_COLUMNS} FROM port_range LIMIT 0;
  CREATE UNIQUE INDEX temp.kind_by_number ON kind (kind)`;
const SETTLE = [
	"DELETE FROM port_range WHERE scan = ?1",
	`INSERT INTO port_range SELECT ?1, row, number, ip, hosts, ${RANGE_COLUMNS}, ports
    FROM temp.settled CROSS JOIN temp.kind USING (kind)`,
	"DELETE FROM port_part WHERE scan = ?1",
	"UPDATE scan SET compacted = 1 WHERE id = ?1"
];
function byResult(segments) {
	const own = segments.filter(({ row }) => row === 0);
	const [one] = own;
	if (one === void 0) return [];
	return own.length === 1 ? [[one.result, own]] : Map.groupBy(own, ({ result }) => result);
}
function writeRanges(db, scan, parts) {
	const insertKind = insertInto(db, "temp.kind", ["kind", ...RANGE_FIELDS.map(({ name }) => name)]);
	const settled = new RowInserter(db, "temp.settled", [
		"number",
		"ip",
		"hosts",
		"ports",
		"kind"
	]);
	const kinds = /* @__PURE__ */ new Map();
	const kindOf = (result) => {
		const kind = kinds.size;
		insertKind.run(kind, ...RANGE_FIELDS.map((field) => bound(field, result)));
		return kind;
	};
	const write = (result, { host, ports, hosts }) => settled.add(host, hostText(host), hosts, ports, kinds.getOrInsertComputed(result, kindOf));
	const waiting = /* @__PURE__ */ new Map();
	const superseded = [];
	for (const { host, count: hosts, sides: [segments], superseded: rows } of hostsOfScan(db, scan, parts)) {
		superseded.push(...rows);
		for (const [result, alike] of byResult(segments)) {
			const ports = portsText(alike);
			const before = waiting.get(result);
			if (before?.ports === ports && distance(before.host, host) === before.hosts && !isOwnAnswer(result)) before.hosts += hosts;
			else {
				if (before !== void 0) write(result, before);
				waiting.set(result, {
					host,
					ports,
					hosts
				});
			}
		}
	}
	for (const [result, neighbours] of waiting) write(result, neighbours);
	settled.finish();
	return superseded;
}

// src/store/held.ts
const MAX_HELD = 1 << 21;
const MAX_KINDS = 4096;
var HeldResults = class {
	#kinds = /* @__PURE__ */ new Map();
	#isWhole;
	#isApart = true;
	#columns = -1;
	#kind;
	#hosts = [];
	#numbers = /* @__PURE__ */ new Map();
	#written = 0;
	#waiting = 0;
	#text = new Utf8Buffer();
	constructor(isWhole) {
		this.#isWhole = isWhole;
	}
	get isWhole() {
		return this.#isWhole;
	}
	get waiting() {
		return this.#waiting;
	}
	beginBatch() {
		this.#columns = -1;
	}
	add(result, host) {
		if (result.replacesState !== void 0) this.#isWhole = false;
		this.#kindOf(result).keys.push((typeof host === "number" ? host : this.#numberOf(host)) * PORTS + result.port);
		this.#waiting++;
	}
	passBy({ late, replacesState }) {
		if (late || replacesState !== void 0) this.#isApart = false;
	}
	*unwritten(row) {
		for (const kind of this.#kinds.values()) {
			if (kind.written === kind.keys.length) continue;
			const keys = kind.keys.values.subarray(kind.written);
			sortWhole(keys);
			kind.row = row();
			yield {
				result: kind.result,
				results: this.#packed(keys)
			};
		}
	}
	markWritten() {
		this.#written += this.#waiting;
		this.#waiting = 0;
		this.#isWhole &&= this.#written <= MAX_HELD && this.#kinds.size <= MAX_KINDS;
		if (this.#isWhole) for (const kind of this.#kinds.values()) kind.written = kind.keys.length;
		else {
			this.#kinds.clear();
			this.#columns = -1;
		}
	}
	inOrder(scan) {
		if (!this.#isWhole) return void 0;
		this.#sortHosts();
		const kinds = [...this.#kinds.values()].sort((one, other) => one.row - other.row);
		for (const { keys } of kinds) sortWhole(keys.values);
		const cursors = () => kinds.map(({ keys, row }) => new HeldCursor(scan, row, keys.values, this.#hosts, this.#text));
		return {
			hosts: inOrder(cursors(), keysOf(cursors())),
			isApart: this.#isApart
		};
	}
	#kindOf(result) {
		const { columns } = result;
		if (columns !== void 0 && columns === this.#columns) return this.#kind;
		const key = kindOf(result);
		let kind = this.#kinds.get(key);
		if (kind === void 0) {
			kind = {
				result: toResult(result),
				keys: new TypedVector(/* @__PURE__ */ new Float64Array(1)),
				written: 0,
				row: 0
			};
			this.#kinds.set(key, kind);
		}
		if (columns !== void 0) [this.#columns, this.#kind] = [columns, kind];
		return kind;
	}
	#numberOf(host) {
		let number = this.#numbers.get(host);
		if (number === void 0) this.#numbers.set(host, number = MAX_HOST_NUMBER + this.#hosts.push(host));
		return number;
	}
	#sortHosts() {
		const before = this.#hosts;
		if (before.length === 0) return;
		this.#hosts = before.toSorted((one, other) => isHostBefore(one, other) ? -1 : 1);
		this.#hosts.forEach((host, at) => this.#numbers.set(host, MAX_HOST_NUMBER + 1 + at));
		const from = (MAX_HOST_NUMBER + 1) * PORTS;
		for (const { keys: { values: keys } } of this.#kinds.values()) for (let at = 0; at < keys.length; at++) {
			if (keys[at] < from) continue;
			const host = Math.floor(keys[at] / PORTS);
			keys[at] = keys[at] + (this.#numbers.get(before[host - MAX_HOST_NUMBER - 1]) - host) * PORTS;
		}
	}
	#packed(keys) {
		const text = this.#text;
		text.clear();
		const cursor = new HeldCursor(0, 0, keys, this.#hosts, text);
		for (let before = "{"; cursor.skip(); before = ",") {
			text.addText(before);
			text.addText("\"");
			if (typeof cursor.host === "number") text.addNumber(cursor.host);
			else text.addText(cursor.host);
			text.addText("\":\"");
			cursor.addPorts(text);
			text.addText("\"");
		}
		text.addText("}");
		return new TextDecoder().decode(text.bytes);
	}
};
var HeldCursor = class {
	scan;
	row;
	#keys;
	#hosts;
	number = -1;
	ports = "";
	#from = 0;
	#to = 0;
	#text;
	constructor(scan, row, keys, hosts, text) {
		this.scan = scan;
		this.row = row;
		this.#keys = keys;
		this.#hosts = hosts;
		this.#text = text;
	}
	get host() {
		return this.number > MAX_HOST_NUMBER ? this.#hosts[this.number - MAX_HOST_NUMBER - 1] : this.number;
	}
	skip() {
		const keys = this.#keys;
		let at = this.#from = this.#to;
		if (at === keys.length) return false;
		this.number = Math.floor(keys[at] / PORTS);
		const end = (this.number + 1) * PORTS;
		while (at < keys.length && keys[at] < end) at++;
		this.#to = at;
		return true;
	}
	next() {
		const [from, to, base] = [
			this.#from,
			this.#to,
			this.number * PORTS
		];
		this.skip();
		const offset = this.number * PORTS - base;
		let isSame = this.#to - this.#from === to - from;
		for (let at = from; isSame && at < to; at++) isSame = this.#keys[at + to - from] === this.#keys[at] + offset;
		if (isSame) return;
		this.#text.clear();
		this.addPorts(this.#text);
		this.ports = DECODER.decode(this.#text.bytes);
	}
	addPorts(text) {
		const [keys, end, base] = [
			this.#keys,
			this.#to,
			this.number * PORTS
		];
		for (let at = this.#from; at < end;) {
			const first = keys[at++] - base;
			let last = first;
			for (; at < end && keys[at] <= base + last + 1; at++) last = keys[at] - base;
			text.addNumber(first);
			if (last > first) {
				text.addText("-");
				text.addNumber(last);
			}
			if (at < end) text.addText(",");
		}
	}
};
const DECODER = new TextDecoder();
function kindOf({ proto, technique, state, reason, ttl = 0, tries, from }) {
	const outcome = stateCode(state) * REASONS.length + reasonCode(reason);
	const kind = ((tries * TTLS + ttl) * OUTCOMES + outcome) * PORT_KEYS + portKey({
		proto,
		technique,
		port: 0
	});
	return from === void 0 ? kind : `${kind} ${from}`;
}
const TTLS = 256;
const OUTCOMES = STATES.length * REASONS.length;

// src/store/recorder.ts
const INTERVAL_MS = 1e3;
const COST_RATIO = 15;
const MAX_WAITING = 1 << 17;
const MAX_HELD_WAITING = 32768;
const MAX_ROWS = 8192;
const BACKLOG = 16;
const BUSY_MS = 25;
const BUSY_RETRY_MS = 200;
function newScan(db, { head, space, targets, names = [], excluded }) {
	const { args, version, technique, hosts, probes, startedAtMs, ports } = head;
	const values = {
		space: textual(space),
		targets: textual(targets),
		ports: ports?.text ?? null,
		args: JSON.stringify(args),
		version,
		technique,
		hosts,
		probes,
		started_ms: startedAtMs,
		written_ms: startedAtMs,
		excluded: excluded?.hosts ?? null,
		excluded_ports: excluded?.ports ?? null
	};
	let id = 0;
	transaction(db, () => {
		id = Number(insertInto(db, "scan", Object.keys(values)).run(...Object.values(values)).lastInsertRowid);
		const insertName = db.prepare("INSERT OR IGNORE INTO name (scan, number, name, ports) VALUES (?, ?, ?, ?)");
		for (const { ip, name, ports: own } of names) insertName.run(id, hostKey(ip), textual(name), own === ports?.text ? null : own);
	});
	return id;
}
var ScanRecorder = class {
	id;
	#db;
	#path;
	#known;
	#head;
	#findings = new HostFindings();
	#newFindings = new HostFindings();
	#addresses;
	#counts = Object.fromEntries(STATES.map((state) => [state, 0]));
	#held;
	#rows = [];
	#services = /* @__PURE__ */ new Map();
	#servicesWritten = 0;
	#writeMs;
	#retryMs = -1e400;
	#lastMs;
	#row;
	#ended = false;
	constructor(db, path, start, before) {
		this.#db = db;
		this.#path = path;
		this.#head = start.head;
		this.#lastMs = start.head.startedAtMs;
		this.#writeMs = this.#lastMs + INTERVAL_MS;
		this.id = before?.id ?? newScan(db, start);
		this.#held = new HeldResults(before === void 0);
		this.#row = Number(db.prepare(LAST_ROW).get(this.id)?.["last"]);
		if (before !== void 0) {
			db.prepare("UPDATE scan SET ended = NULL, ended_ms = NULL, summary = NULL, compacted = 0 WHERE id = ?").run(this.id);
			STATES.forEach((state, code) => this.#counts[state] = before.byState[code] ?? 0);
		}
		this.#known = knownPorts(db, this.id);
	}
	add(batch, nowMs) {
		this.#held.beginBatch();
		if (probesHosts(batch)) this.#findHosts(batch);
		else for (const result of batch) this.#take(result, batch.addresses, nowMs);
		if (this.#isFull(BACKLOG)) this.#write(nowMs, PATIENT_MS);
		else if ((nowMs >= this.#writeMs || this.#isFull(1)) && nowMs >= this.#retryMs) this.#write(nowMs, BUSY_MS);
	}
	flush(nowMs) {
		return this.#write(nowMs, BUSY_MS, { isDurable: true });
	}
	finish(summary, endedAtMs) {
		this.#write(endedAtMs, PATIENT_MS, {
			summary,
			isDurable: true
		});
		this.#ended = true;
		explaining(this.#path, "write", () => transaction(this.#db, () => {
			this.#writeHosts();
			this.#writeAbsent();
		}));
		explaining(this.#path, "write", () => compact(this.#db, this.id, this.#held.inOrder(this.id)));
	}
	*lost(earlier) {
		if (this.#addresses === void 0) return;
		const techniques = portsOfEach(this.#head).map(({ ports, ...each }) => ({
			...each,
			ports: new Set(parsePorts(ports.text))
		}));
		for (const host of this.#findings.absent().addresses()) {
			const ip = this.#addresses.text(host);
			for (const result of earlier.lost(ip, this.#findings.reasonOfAbsence(host), techniques)) yield {
				...result,
				names: this.#head.names?.at(ip, result.port) ?? []
			};
		}
	}
	[Symbol.dispose]() {
		if (!this.#ended && this.#db.isOpen) this.#write(this.#lastMs, PATIENT_MS);
		this.#ended = true;
	}
	#isFull(times) {
		const most = this.#held.isWhole && times === 1 ? MAX_HELD_WAITING : times * MAX_WAITING;
		return this.#held.waiting >= most || this.#rows.length >= times * MAX_ROWS;
	}
	#findHosts(batch) {
		this.#addresses = batch.addresses ?? this.#addresses;
		if (this.#addresses === void 0) return;
		this.#findings.take(batch, this.#addresses);
		this.#newFindings.take(batch, this.#addresses);
	}
	get #isOfHosts() {
		return this.#head.passes?.length === 0;
	}
	#writeAbsent() {
		const each = portsOfEach(this.#head);
		if (each.length === 0 || this.#addresses === void 0) return;
		for (const [reason, hosts] of this.#findings.absentByReason()) this.#putRuns(runsOf(hosts, this.#addresses), each.map(({ technique, proto, ports }) => ({
			technique,
			proto,
			state: "filtered",
			reason,
			ports: ports.text
		})));
	}
	#writeHosts() {
		if (!this.#isOfHosts || this.#addresses === void 0) return;
		this.#db.prepare("DELETE FROM port_range WHERE scan = ? AND proto = ?").run(this.id, HOST);
		this.#putUp(this.#findings.hostsUp);
		for (const [reason, hosts] of this.#findings.absentByReason()) this.#putHosts(runsOf(hosts, this.#addresses), "absent", reason);
		this.#putHosts(runsOf(this.#findings.silent().addresses(), this.#addresses), "silent", "no-response");
	}
	#putUp(hosts) {
		for (const host of hosts) {
			const found = this.#findings.up(host);
			if (found === void 0) continue;
			this.#putHosts(runsOf([host], this.#addresses), "up", reasonUp(found) ?? "localhost-response", found.evidence[0]?.ttl);
		}
	}
	#putMacs(hosts) {
		const insert = this.#db.prepare("INSERT OR REPLACE INTO mac (scan, number, ip, mac) VALUES (?, ?, ?, ?)");
		for (const host of hosts) {
			const found = this.#findings.up(host);
			const mac = found && macText(found);
			if (mac === void 0) continue;
			const ip = this.#addresses.text(host);
			insert.run(this.id, hostKey(ip), ip, mac);
		}
	}
	#putHosts(runs, state, reason, ttl) {
		this.#putRuns(runs, [{
			technique: HOST,
			proto: HOST,
			state,
			reason,
			ttl,
			ports: "0"
		}]);
	}
	#putRuns(runs, results) {
		const columns = [
			"scan",
			"row",
			"number",
			"ip",
			"hosts",
			"ports",
			...RANGE_FIELDS.map(({ name }) => name)
		];
		const insert = insertInto(this.#db, "port_range", columns);
		for (const { first, count } of runs) for (const { ports, ...result } of results) {
			const values = RANGE_FIELDS.map((field) => bound(field, {
				...result,
				ip: hostText(first),
				tries: 0
			}));
			insert.run(this.id, ++this.#row, first, hostText(first), count, ports, ...values);
		}
	}
	#take(result, addresses, nowMs) {
		const { state, port, service, late, note, replacesState } = result;
		this.#counts[state]++;
		if (replacesState !== void 0) this.#counts[replacesState]--;
		const address = result.host === void 0 ? -1 : addresses?.address(result.host) ?? -1;
		const host = address < 0 ? hostKey(result.ip) : address;
		const isKnown = this.#known.size > 0 && typeof host === "number" && this.#known.has(keyOf(host, result));
		if (state === "open" || late || note !== void 0 || isKnown && state !== "undecided") {
			this.#held.passBy(result);
			this.#rows.push({
				result: toResult(result),
				seenMs: nowMs
			});
			return;
		}
		this.#held.add(result, host);
		const key = serviceKey(result.proto, port);
		if (service !== void 0 && !this.#services.has(key)) this.#services.set(key, service);
	}
	#write(nowMs, patienceMs, how = {}) {
		const from = performance.now();
		try {
			this.#db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
			transaction(this.#db, () => this.#writeAll(nowMs, how.summary), how);
		} catch (error) {
			if (!isBusy(error) || patienceMs === 1e4) throw explained(this.#path, "write", error);
			this.#retryMs = nowMs + BUSY_RETRY_MS;
			return false;
		}
		this.#rows.length = 0;
		this.#newFindings = new HostFindings();
		this.#held.markWritten();
		this.#servicesWritten = this.#services.size;
		this.#lastMs = nowMs;
		this.#writeMs = nowMs + Math.max(INTERVAL_MS, COST_RATIO * (performance.now() - from));
		return true;
	}
	#writeAll(nowMs, summary) {
		const [db, scan] = [this.#db, this.id];
		const putService = db.prepare("INSERT OR REPLACE INTO service (proto, port, name) VALUES (?, ?, ?)");
		for (const [key, name] of this.#services.entries().drop(this.#servicesWritten)) putService.run(laneIn(key).proto, portIn(key), textual(name));
		const ports = new RowInserter(db, "port", [
			"scan",
			"row",
			"number",
			"seen_ms",
			"finding",
			...PROBED_FIELDS.map(({ name }) => name)
		]);
		for (const { result, seenMs } of this.#rows) {
			const finding = result.finding === void 0 ? null : textual(JSON.stringify(result.finding));
			const values = PROBED_FIELDS.map((field) => bound(field, result));
			ports.add(scan, ++this.#row, hostKey(result.ip), seenMs, finding, ...values);
		}
		ports.finish();
		const putPart = insertInto(db, "port_part", [
			"scan",
			"row",
			"results",
			...RANGE_FIELDS.map(({ name }) => name)
		]);
		for (const { result, results } of this.#held.unwritten(() => ++this.#row)) {
			const values = RANGE_FIELDS.map((field) => bound(field, result));
			putPart.run(scan, this.#row, results, ...values);
		}
		if (this.#isOfHosts) this.#putUp(this.#newFindings.hostsUp);
		this.#putMacs(this.#newFindings.hostsUp);
		const end = summary && {
			ended_ms: nowMs,
			ended: summary.ended,
			summary: summaryText(summary)
		};
		const values = {
			...this.#counts,
			written_ms: nowMs,
			compacted: 0,
			...end
		};
		const columns = Object.keys(values).map((name) => `${column({ name })} = ?`).join(", ");
		db.prepare(`UPDATE scan SET ${columns} WHERE id = ?`).run(...Object.values(values), scan);
	}
};
const LAST_ROW = `SELECT max(row) AS last FROM (${[
	"port",
	"port_part",
	"port_range"
].map((table) => `SELECT row FROM ${table} WHERE scan = ?1`).join(" UNION ALL ")})`;
function knownPorts(db, scan) {
	const rows = db.prepare("SELECT number, proto, technique, port FROM port WHERE (state = 'open' OR scan = ?) AND typeof(number) = 'integer'").iterate(scan);
	const known = /* @__PURE__ */ new Set();
	for (const row of rows) known.add(keyOf(Number(row["number"]), row));
	return known;
}
function keyOf(host, port) {
	return host * PORT_KEYS + portKey(port);
}
function runsOf(hosts, addresses) {
	const runs = [];
	for (const host of hosts) {
		const address = addresses.address(host);
		const key = address < 0 ? hostKey(addresses.text(host)) : address;
		const last = runs.at(-1);
		if (last !== void 0 && distance(last.first, key) === last.count) last.count++;
		else runs.push({
			first: key,
			count: 1
		});
	}
	return runs;
}

// src/store/history.ts
var history_exports$1 = /* @__PURE__ */ __exportAll({ History: () => History });
const BATCH = 1024;
const USABLE = "ended IN ('done', 'deadline', 'interrupted')";
const WHOLE = `ended = 'done' AND undecided = 0
  AND ${STATES.map((state) => `"${state}"`).join(" + ")} + ifnull(summary ->> '\$.hostsAbsent', 0) * probes / max(hosts, 1) >= probes`;
const SHARD = /^(\S+) \d+\/(\d+) (\d+)$/;
const MAX_NOT_UP = 1 << 18;
const LOOKED_BACK = 20;
var History = class History {
	#path;
	#db;
	constructor(path, db) {
		this.#path = path;
		this.#db = db;
	}
	static open(path, options) {
		return new History(path, openDatabase(path, options));
	}
	scans() {
		return this.#records("ORDER BY id");
	}
	scan(name) {
		const [, id] = /^@?(last|\d{1,15})$/.exec(name) ?? [];
		if (id === void 0) throw new UsageError(`Cannot find the scan "${printable(name)}": it is no number. Write one, or last`);
		const which = id === "last" ? `WHERE ${USABLE} ORDER BY id DESC LIMIT 1` : `WHERE id = ${Number(id)}`;
		const [found] = this.#records(which);
		if (found !== void 0) return found;
		throw new UsageError(id === "last" ? "Cannot find the last scan: none has ended yet. Scan with --db first" : `Cannot find scan ${id}: the history does not have it. synscan history lists those that it has`);
	}
	lastOf(space, before = Number.MAX_SAFE_INTEGER, typed, technique = "syn") {
		const hash = textual(SHARD.test(space) ? space.split(" ")[0] : space);
		const techniques = comparableTechniques(technique);
		const isOfOne = techniques.map(() => "'+' || technique || '+' LIKE ?").join(" OR ");
		const typedSpace = [textual(typed?.targets ?? ""), typed?.ports ?? ""];
		return this.#records(`WHERE id < ? AND ${USABLE} AND (${isOfOne})
         AND (space = ? OR space = ? OR space LIKE ? OR targets = ? AND ports = ?)
       ORDER BY ${WHOLE} DESC, id DESC LIMIT 1`, ...[
			before,
			...techniques.map((name) => `%+${name}+%`),
			textual(space),
			hash,
			`${hash} %/%`,
			...typedSpace
		])[0];
	}
	begin(start) {
		return explaining(this.#path, "write", () => {
			compactAbandoned(this.#db, start.head.startedAtMs);
			return new ScanRecorder(this.#db, this.#path, start);
		});
	}
	resume(before, start) {
		const [scan] = this.#records("WHERE id = ? AND space = ?", before.id, textual(start.space));
		if (scan === void 0) return this.begin(start);
		return explaining(this.#path, "write", () => new ScanRecorder(this.#db, this.#path, start, before));
	}
	baseline(scan) {
		const { ids } = this.#withShards(scan);
		return this.#readOnce((db) => new Baseline(hostsOf(db, ids), readServices(db)));
	}
	results(scan) {
		return this.#reading((db) => resultsOf(db, scan.id));
	}
	ipv6Hosts(scan) {
		return this.#reading(function* (db) {
			for (const { host } of hostsOf(db, [scan.id])) if (typeof host === "string") yield hostText(host);
		});
	}
	*show(scan, writer, filter, hosts) {
		const names = explaining(this.#path, "read", () => new StoredNames(this.#db, scan.id));
		const hostnames = hostnamesByIp(scan.summary ?? { hostnames: [] });
		const byIp = hostnames.size === 0 ? {} : { hostnames: { of: (ip) => hostnames.get(ip) } };
		const detectsServices = this.#readOnce((db) => hasFindings(db, scan.id));
		yield writer.start({
			...scan.head,
			names,
			...byIp,
			detectsServices
		});
		const found = hosts === void 0 ? [] : this.#readOnce((db) => hostsIn(db, scan.id));
		if (found.length > 0 || scan.head.probes === 0) hosts?.(found);
		const absent = new Set(found.flatMap(({ ip, state }) => state === "up" ? [] : [ip]));
		for (const all of this.results(scan)) {
			const batch = absent.size > 0 ? all.filter(({ ip }) => !absent.has(ip)) : all;
			yield writer.results(filter === void 0 ? batch : batch.filter(filter), scan.endedAtMs);
		}
		const hostsUp = scan.summary?.hostsUp ?? this.#hosts(scan).reduce((count) => count + 1, 0);
		yield* writer.end(summaryOf(scan, hostsUp), scan.endedAtMs);
	}
	targets(name, technique = "tcp") {
		const [, scanName, , state] = /^(@(last|\d+))(?::([\w|]+))?$/.exec(name) ?? [];
		if (scanName === void 0 || state !== void 0 && !STATES.includes(state)) {
			const named = `Cannot read the target "${printable(name)}": it names no scan`;
			throw new UsageError(`${named}. Write @last or @7, or @last:open for open ports`);
		}
		const protocols = [...new Set([technique].flat().map(protocolOf))];
		const targets = [...this.#hosts(this.scan(scanName), state, protocols)];
		if (targets.length > 0) return targets;
		const of = protocols.map((each) => each.toUpperCase()).join(" or ");
		const kind = state === void 0 ? "no host that replied" : `no ${state} port of ${of}`;
		throw new UsageError(`Cannot scan ${name}: that scan found ${kind}. Name another scan or another state`);
	}
	diff(before, after) {
		const last = this.#side(after ?? "last");
		const named = before === void 0 ? void 0 : this.#side(before);
		const isLast = named !== void 0 && after === void 0 && named.last.id >= last.last.id;
		const later = isLast ? named : last;
		const earlier = named === void 0 || isLast ? this.#baselineOf(later) : named;
		if (earlier === void 0) throw new UsageError(`Cannot compare scan ${later.label}: it is the first one of its targets. Name two scans, like synscan diff 1 2`);
		return new ScanDiff(earlier, later, (compare) => this.#reading(compare));
	}
	#side(name) {
		if (!/^@?\d+(\+\d+)+$/.test(name)) return this.#withShards(this.scan(name));
		return new Side(name.split("+").map((each) => this.scan(each)).sort((one, other) => one.id - other.id));
	}
	#withShards(scan) {
		const [, hash, count, seed] = SHARD.exec(scan.space) ?? [];
		if (hash === void 0) return new Side([scan]);
		const last = `SELECT max(id) FROM scan WHERE space LIKE ? AND id <= ? AND (${USABLE} OR id = ?) GROUP BY space`;
		const like = `${hash} %/${count} ${seed}`;
		return new Side(this.#records(`WHERE id IN (${last}) ORDER BY id`, like, scan.id, scan.id));
	}
	#baselineOf(later) {
		const before = Math.min(...later.records.map(({ id }) => id));
		const { space, targets, ports, head } = later.last;
		const same = this.lastOf(space, before, {
			targets,
			ports
		}, head.technique);
		if (same !== void 0) return this.#withShards(same);
		return this.#records(`WHERE id < ? AND ${USABLE} ORDER BY id DESC LIMIT ${LOOKED_BACK}`, before).map((other) => this.#withShards(other)).find((side) => this.#readOnce((db) => haveCommon(db, side, later)));
	}
	[Symbol.dispose]() {
		if (this.#db.isOpen) this.#db.close();
	}
	#records(condition, ...values) {
		return explaining(this.#path, "read", () => readRecords(this.#db, condition, ...values));
	}
	#hosts(scan, state, protocols) {
		return this.#reading((db) => targetsOf(db, scan.id, state, protocols));
	}
	#readOnce(read) {
		const [value] = this.#reading(function* (db) {
			yield read(db);
		});
		return value;
	}
	*#reading(read) {
		const db = openDatabase(this.#path, { write: false });
		try {
			db.exec("BEGIN");
			yield* read(db);
		} catch (error) {
			throw explained(this.#path, "read", error);
		} finally {
			db.close();
		}
	}
};
function hasFindings(db, scan) {
	return db.prepare("SELECT 1 FROM port WHERE scan = ? AND finding IS NOT NULL LIMIT 1").get(scan) !== void 0;
}
function absenceOf(segments) {
	const isUntried = ({ result }, reason) => result.reason === reason && result.tries === 0;
	if (segments.some((segment) => isUntried(segment, "host-unreach"))) return "host-unreach";
	return segments.every((segment) => isUntried(segment, "no-arp-response")) ? "no-arp-response" : void 0;
}
function* resultsOf(db, scan) {
	const names = new StoredNames(db, scan);
	const services = readServices(db);
	let batch = [];
	for (const run of hostsOf(db, [scan])) {
		const ports = run.sides[0].filter(({ result }) => stateOfHost(result) === void 0);
		if (ports.length === 0) continue;
		for (const ip of addressesOf(run)) for (const { first, last, result, rttMs } of ports) for (let key = first; key <= last; key++) {
			const port = portIn(key);
			const service = result.service ?? services.get(serviceKey(result.proto, port));
			batch.push({
				...result,
				ip,
				port,
				rttMs,
				names: names.at(ip, port),
				service
			});
			if (batch.length < BATCH) continue;
			yield batch;
			batch = [];
		}
	}
	if (batch.length > 0) yield batch;
}
const HAS_HOSTS = ["port_range", "port_part"].map((table) => `SELECT 1 FROM ${table}
     WHERE scan = ?1 AND (proto = 'host' OR reason IN ('host-unreach', 'no-arp-response') AND tries = 0)`).join(" UNION ALL ") + " LIMIT 1";
function hostsIn(db, scan) {
	const macs = macsIn(db, scan);
	if (macs.size === 0 && db.prepare(HAS_HOSTS).get(scan) === void 0) return [];
	const found = [];
	let others = 0;
	for (const run of hostsOf(db, [scan])) {
		const segments = run.sides[0];
		const absence = absenceOf(segments);
		const state = absence === void 0 ? stateOfHost(segments[0].result) : "absent";
		if (state === void 0) continue;
		if (state !== "up") others += run.count;
		if (state !== "up" && others > MAX_NOT_UP) continue;
		const { reason = segments[0].result.reason, ttl = null } = {
			reason: absence,
			ttl: segments[0].result.ttl
		};
		for (const ip of addressesOf(run)) {
			found.push(state === "up" ? upHost(ip, reason, ttl, macs.get(ip)) : {
				ip,
				state,
				reason
			});
			macs.delete(ip);
		}
	}
	for (const [ip, mac] of macs) found.push(upHost(ip, ip.includes(":") ? "nd-response" : "arp-response", null, mac));
	return others > MAX_NOT_UP ? found.filter(({ state }) => state === "up") : found;
}
const PROBES = {
	"arp-response": "arp",
	"nd-response": "nd",
	"localhost-response": "arp",
	"echo-reply": "echo",
	"timestamp-reply": "timestamp",
	"mask-reply": "mask"
};
function upHost(ip, reason, ttl, mac) {
	return {
		ip,
		state: "up",
		reason,
		evidence: [{
			probe: PROBES[reason] ?? "ping",
			reason,
			rtt_ms: null,
			ttl
		}],
		...mac === void 0 ? {} : { mac }
	};
}
function macsIn(db, scan) {
	if (db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'mac'").get() === void 0) return /* @__PURE__ */ new Map();
	const rows = db.prepare("SELECT number, CAST(mac AS TEXT) AS mac FROM mac WHERE scan = ? ORDER BY number").all(scan);
	return new Map(rows.map(({ number, mac }) => {
		if (!isHostKey(number) || !isMac(mac)) throw damaged("this scan");
		return [hostText(number), mac];
	}));
}
function* targetsOf(db, scan, state, protocols = []) {
	for (const run of hostsOf(db, [scan])) {
		const all = run.sides[0];
		const found = all.filter(({ result }) => result.state === state && protocols.includes(result.proto));
		if (state === void 0 ? !isUp(all) : found.length === 0) continue;
		const ports = portsText(found);
		for (const ip of addressesOf(run)) yield state === void 0 ? ip : withPort(ip, ports);
	}
}

// src/cli/shards/host_lines.ts
const isReason = (value) => REASONS.includes(value);
const isMs = orNull(isAmount);
const HOST_LINE = {
	ip: isAddress,
	names: orMissing([isText]),
	hostname: orMissing(isText),
	notes: orMissing([isText]),
	state: orMissing((value) => HOST_STATES.includes(value)),
	reason: orMissing(orNull(isReason)),
	mac: orMissing((value) => parseMac(String(value)) !== void 0),
	vendor: orMissing(isText),
	evidence: orMissing([{
		probe: (value) => /^[\w:-]{1,32}$/.test(String(value)),
		reason: isReason,
		rtt_ms: isMs,
		ttl: orNull((value) => isWhole(value, 255))
	}]),
	trace: orMissing({ hops: [isObject] }),
	where_filtered: orMissing([isObject]),
	suspect: orMissing(isText),
	os: orMissing([isObject])
};
function isHostLine(fields) {
	return hasShape(fields, HOST_LINE);
}
function told(hosts) {
	const each = (of) => hosts.flatMap((line) => of(line) ?? []);
	return {
		suspects: each(({ ip, suspect }) => suspect && [{
			ip,
			suspect
		}]),
		notes: each(({ ip, notes }) => notes?.map((note) => ({
			ip,
			ports: [],
			more: 0,
			note
		}))),
		hostnames: each(({ ip, hostname }) => hostname === void 0 ? void 0 : [{
			ip,
			name: hostname
		}]),
		os: each(({ ip, os }) => os?.map((guess) => ({
			ip,
			ports: [],
			...guess
		}))),
		traces: each((line) => line.trace && [traceOf(line, line.trace)])
	};
}
function traceOf({ ip, where_filtered = [] }, { proto, port, reached, shared, hops }) {
	return {
		ip,
		proto,
		port,
		shared,
		isReached: reached,
		hops: hops.map(({ ttl, ip, rtt_ms: rttMs, hostname }) => ({
			ttl,
			ip: ip ?? void 0,
			rttMs: rttMs ?? void 0,
			hostname
		})),
		filtered: where_filtered.map(({ ip, after_hop: afterHop, ...ports }) => ({
			...ports,
			afterHop,
			ip: ip ?? void 0
		}))
	};
}
function hostBatch(hosts, book = bookOfTexts(hosts.map(({ ip }) => ip))) {
	const probes = [.../* @__PURE__ */ new Set(["arp", ...hosts.flatMap(({ evidence = [] }) => evidence.map(({ probe }) => probe))])];
	const batches = [];
	const macs = /* @__PURE__ */ new Map();
	const batcher = new ResultBatcher((rows) => batches.push(rows));
	const add = (host, what, state, reason, ttl = 0, rttMs = -1) => batcher.result(host, what, hostStateCode(state), reasonCode(reason), ttl, rttMs, 1, host, -1, 0);
	for (const { ip, state, reason, mac, evidence = [] } of hosts) {
		const host = book.hostOf(ip);
		if (host < 0 || state === void 0) continue;
		if (mac !== void 0) {
			macs.set(host, parseMac(mac));
			if (!evidence.some(({ reason }) => OF_LINKS.includes(reasonCode(reason)))) add(host, 0, "undecided", "proxy-arp");
		}
		for (const { probe, reason, ttl, rtt_ms } of evidence) add(host, probes.indexOf(probe), "up", reason, ttl ?? 0, rtt_ms ?? -1);
		if (evidence.length === 0 && reason !== "proxy-arp") add(host, 0, state, reason ?? "no-response");
	}
	batcher.flush();
	const rows = joined(batches);
	for (let at = 0; at < rows.length; at += 6) if (OF_LINKS.includes(reasonAt(rows, at))) setMac(rows, at, macs.get(hostAt(rows, at)) ?? 0);
	return resultsIn(rows, {
		number: 0,
		technique: `ping(${probes.join(",")})`,
		proto: HOST
	}, book);
}
function joined(batches) {
	const rows = new Uint32Array(batches.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const batch of batches) {
		rows.set(batch, at);
		at += batch.length;
	}
	return rows;
}

// src/cli/shards/shard.ts
function commonBook(shards) {
	return shards.find(({ book }) => book !== void 0)?.book ?? bookOfTexts(shards.flatMap(({ addresses }) => [...addresses]));
}
function cannotMerge(path, why) {
	return new UsageError(`Cannot merge ${quote(path)}: ${why}`);
}
var ShardNames = class {
	#names;
	#ports;
	constructor(names, ports) {
		this.#names = names;
		this.#ports = ports;
	}
	of(ip) {
		return this.#names.get(ip) ?? [];
	}
	at(ip) {
		return this.of(ip);
	}
	*[Symbol.iterator]() {
		for (const [ip, names] of this.#names) for (const name of names) yield {
			ip,
			name,
			ports: this.#ports
		};
	}
};

// src/cli/commands/history.ts
var history_exports = /* @__PURE__ */ __exportAll({
	beginRecording: () => beginRecording,
	changesOf: () => changesOf,
	diffScans: () => diffScans,
	listHistory: () => listHistory,
	openHistory: () => openHistory,
	showScan: () => showScan
});
async function openHistory(path, { write, why }, system) {
	if (path === void 0) throw new UsageError(`Cannot open a history ${why}: none is named. Name it with --db FILE`);
	refuseNoFile(path);
	const rights = write ? ["read", "write"] : ["read"];
	if (!rights.every((name) => system.isAllowed({
		name,
		path
	}))) throw noRightTo(`Cannot open ${quote(path)}: --db`, ...rights);
	const { History } = await Promise.resolve().then(() => history_exports$1);
	return write ? system.asLaterUser(() => History.open(path, { write })) : History.open(path, { write });
}
function beginRecording(history, start, { changed, before }) {
	const typed = {
		targets: start.targets,
		ports: start.head.ports?.text ?? null
	};
	const last = changed ? history.lastOf(start.space, before?.id, typed, start.head.technique) : void 0;
	return {
		history,
		earlier: last === void 0 ? void 0 : history.baseline(last),
		recorder: before === void 0 ? history.begin(start) : history.resume(before, start)
	};
}
const CHANGES_LISTED = 2e3;
function changesOf(history, scan) {
	try {
		return history.diff(void 0, String(scan)).changes(CHANGES_LISTED);
	} catch (error) {
		if (error instanceof UsageError) return void 0;
		throw error;
	}
}
async function listHistory(line, system) {
	using history = await openHistory(line.db, {
		write: false,
		why: "to list its scans"
	}, system);
	const scans = history.scans();
	const text = line.outputs.length > 0 ? recordsJson(scans) : hangingLines(recordsText(scans), lineWidth(system));
	await stdoutSink(system).add(text, "");
	return EXIT.done;
}
async function showScan(line, system) {
	const { openOnly, reason, verbosity, fields, filter, quiet } = line;
	using history = await openHistory(line.db, {
		write: false,
		why: "to show a scan"
	}, system);
	const scan = history.scan(line.operands[0] ?? "last");
	if (scan.head.probes === 0) refuseReportsOfHosts(`scan ${scan.id}, which found hosts alone,`, line.outputs);
	const addresses = commonBook([{
		addresses: new Set(history.ipv6Hosts(scan)),
		book: void 0
	}]);
	for (const { format, path, flag } of outputsOf(line)) {
		const color = path === "-" && isColored(line, system);
		const columns = path === "-" ? lineWidth(system) : void 0;
		const FormatWriter = await writerOf(format);
		const style = {
			openOnly,
			reason,
			verbosity,
			fields,
			color,
			quiet,
			columns
		};
		const aggregator = newAggregator(verbosity, {
			openOnly,
			addresses
		});
		if (filter !== void 0) aggregator.listMatches();
		else if (scan.ended !== "done") aggregator.countNotProbed(portsOfEach(scan.head));
		const writer = new FormatWriter(style, aggregator);
		const changes = writer.compared && changesOf(history, scan.id);
		if (changes !== void 0) writer.compared?.(changes);
		using sink = path === "-" ? stdoutSink(system) : fileSink(path, flag, system);
		const hosts = (found) => void writer.hosts?.(hostBatch(found, addresses));
		for (const piece of history.show(scan, writer, filter, hosts)) if (piece.length > 0) await sink.add(piece, writer.tail?.() ?? "");
		sink.finish();
	}
	for (const remark of remarksOnStderr(line, summaryOf(scan, 0))) system.writeStderr(`${remark}\n`);
	return EXIT.done;
}
const SCANS = /^@?(?:last|\d+(?:\+\d+)*)$/;
async function diffFiles({ operands, outputs }, system) {
	if (operands.length !== 2 || operands.some((name) => SCANS.test(name))) throw new UsageError(`Cannot compare ${operands.map((name) => quote(name)).join(" with ")}: give either two scans of the history or two files. Name two of the same kind`);
	const files = [];
	for (const path of operands) files.push({
		path,
		text: await readText(path, "synscan diff", system)
	});
	const { compareFiles } = await import("./rest.js").then((n) => n.A);
	const folder = await Deno.makeTempDir();
	try {
		using history = compareFiles(files, `${folder}/files.db`);
		const diff = history.diff("1", "2");
		files.forEach(({ path }, at) => outputs.length === 0 && system.writeStderr(`Scan ${at + 1} is ${quote(path)}\n`));
		return await writeDiff(diff, outputs.length > 0, system);
	} finally {
		await Deno.remove(folder, { recursive: true });
	}
}
async function diffScans(line, system) {
	if (line.operands.some((name) => !SCANS.test(name))) return await diffFiles(line, system);
	using history = await openHistory(line.db, {
		write: false,
		why: "to compare scans"
	}, system);
	const [before, after] = line.operands;
	return await writeDiff(history.diff(before, after), line.outputs.length > 0, system);
}
async function writeDiff(diff, isJson, system) {
	const sink = stdoutSink(system);
	const columns = isJson ? void 0 : lineWidth(system);
	for (const text of isJson ? diff.json() : diff.text()) await sink.add(hangingLines(text, columns), "");
	return diff.isDifferent ? DIFF_STATUS.different : DIFF_STATUS.same;
}

export { hostBatch as a, History as c, isPlain as d, isPort as f, summaryFault as h, commonBook as i, fieldCheck as l, isTime as m, ShardNames as n, isHostLine as o, isTechnique as p, cannotMerge as r, told as s, history_exports as t, isAddress as u };