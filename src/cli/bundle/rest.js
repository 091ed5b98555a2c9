// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { n as VERSION, t as RELEASED } from "./start.js";
import { CannotScanError, F as isOwnAnswer, NOTHING, Q as REASONS, UsageError, Y as STATES, Z as stateCode, at as orMissing, c as probesHosts$1, d as techniquesOfPort, hostResults, it as isWhole, l as shownTechnique, n as isByHost, nt as isObject, o as passesOverPorts, ot as orNull, probesHosts, rt as isText, t as HOST, tt as hasShape, u as techniqueOf } from "./library.js";
import { $t as ShardedOrder, A as doneBefore, B as hostName, C as Journal, D as readCheckpoint, E as replaceCheckpoint, F as ReportSet, Fn as passesThatRun, Ht as restricted, I as openReport, In as passesWanted, L as newAggregator, M as hostsOfShard, N as sum, O as writeCheckpoint, P as SessionRecord, Pn as passesIn, Q as resultsIn, Qt as parsePorts, S as withCheckpoint, T as openJournal, Ut as shardOrders, Vt as hostShare, Wt as countProbedHosts, Xt as ProbeSpace, Zt as PortSet, _ as parseTargets, _i as IPV4_BOOK, a as checkOptions, at as portsOfEach, b as resultsOf, cr as routePlanOf, d as withTimeout, dr as wantedLink, dt as decidedIn, en as WHOLE, f as Vendors, fi as Ranges, g as parseExclusions, gt as sortWhole, h as resolveTargets, ht as wrongText, i as planTargets, it as mayBeOpen, j as hashOfSpace, k as summarize, ki as parseMac, l as KEYS, lt as COUNT_NAMES, m as resolveExclusions, n as openHostnames, o as ScanLayout, p as reservedAddresses, pi as RangesBuilder, pt as isMuchWrong, r as checkTraces, s as Session, tn as TypedVector, ut as UNTOLD, w as checkpointBytes, x as resumeCommand, y as checkpointError, yi as rangeTexts, zt as portTiers } from "./scan.js";
import { B as EXIT, Dt as grouped, F as outputsOf, G as FLAGS, Gt as shellWord, H as SIGNAL_STATUS, I as remarksOnStderr, J as flagNamed, K as GROUPS, Lt as spanText, Nt as printable, Ot as jsonText, Pt as probedText, R as ENDING, Tt as counted, Ut as canOpenRaw, V as EXIT_MEANINGS, W as refuseReportsOfHosts, Wt as quote, a as SUBCOMMANDS, b as whyNot, bt as isFinding, c as FileCheck, d as journalPath, f as readText, g as stdoutSink, gt as FIELDS, h as fileSink, i as readArguments, l as currentFolder, o as flagsOf, p as scanOptions, q as commonOptions, r as parseCommandLine, s as TOPICS, x as noRightTo, z as END_SIGNALS } from "./main.js";
import { a as hostBatch, c as History, d as isPlain, f as isPort, h as summaryFault, i as commonBook, l as fieldCheck, m as isTime, n as ShardNames, o as isHostLine, p as isTechnique, r as cannotMerge, s as told, u as isAddress } from "./history.js";
import { a as tagsIn, n as parsedLine, r as resultFormatOf, t as attributeOf } from "./lists.js";
import { S as ipv6PatternParts, T as patternSize, _ as DualBook, d as Ipv6Reach, g as readIpv6, u as withoutIpv6, v as addressOfText, w as keptBook, x as ipv6Capacity, y as addressText } from "./ipv6.js";
import { a as closingXml, l as endedComment, o as hostnamesXml, s as openingXml, u as initiatedComment } from "./formats.js";
import { n as JSON_EVENTS } from "./json.js";
import { i as TITLE, n as SCAN_ONLY, o as plain, r as TARGET_HELP, t as EXAMPLES } from "./help.js";
const checked = (function checked(members) {
	const finding = filled(members);
	return isFinding(finding) ? finding : void 0;
});
const statusOf = (function statusOf(state, word) {
	if (word === "user-set") return {};
	const reason = REASONS.find(((each) => each === word)) ?? "no-response";
	return {
		state: state === "up" ? "up" : state === "down" ? "absent" : "silent",
		reason
	};
});
const portsIn = (function* portsIn(text) {
	const replaced = replacedIn(text);
	for (const { start, text: line } of linesOf(text)) {
		if (replaced.has(start)) continue;
		const fields = parsedLine(line);
		if (fields["type"] === "port") yield resultIn(fields);
	}
});
const checkTogether = (function checkTogether(shards) {
	const [first, ...others] = shards;
	for (const other of others) for (const [of, what, remedy] of COMMON) {
		const [one, two] = [of(first), of(other)];
		if (one === two || one === void 0 || two === void 0) continue;
		throw notTogether(first, other, `they differ in ${what} (${shown(one)} and ${shown(two)}). ${remedy}`);
	}
	const byIndex = /* @__PURE__ */ new Map();
	for (const shard of shards) {
		const { index, count } = shard.share;
		const other = byIndex.get(index);
		if (other !== void 0) throw notTogether(other, shard, `both are shard ${index}/${count}. Name each shard once`);
		byIndex.set(index, shard);
	}
	const byHost = /* @__PURE__ */ new Map();
	for (const shard of shards) for (const ip of shard.results) {
		const other = byHost.get(ip);
		if (other !== void 0) throw notTogether(other, shard, `both have results of ${ip}. One is damaged: scan it again`);
		byHost.set(ip, shard);
	}
	const port = doubleIn(shards.flatMap((({ portKeys }) => portKeys?.keys ?? [])));
	if (port !== void 0) {
		const having = ((shard) => shard.portKeys?.linesOf(port)[0]);
		const [one, two] = shards.filter(((shard) => having(shard) !== void 0));
		throw notTogether(one, two, `both have a result of one port, in ${`lines ${having(one)} and ${having(two)}`}. One is damaged: scan it again`);
	}
	const hosts = new Set(shards.flatMap((({ addresses }) => [...addresses]))).size;
	if (hosts > first.share.hosts) {
		const paths = shards.map((({ path }) => path)).join(" ");
		const wrong = `they have results of ${grouped(hosts)} hosts, and the scan has ${grouped(first.share.hosts)}`;
		throw cannotMerge(paths, `${wrong}. One is damaged: restore it from a copy`);
	}
});


// src/cli/args/job_shard.ts
var job_shard_exports = /* @__PURE__ */ __exportAll({ shardOfJob: () => shardOfJob });
const COUNT = "SYNSCAN_SHARDS";
const FLAG = "--shard";
const SLURM = "SLURM_ARRAY_TASK_";
const SCHEDULERS = [
	[`${SLURM}ID`, slurmShard],
	["JOB_COMPLETION_INDEX", (env) => countedShard(env, "JOB_COMPLETION_INDEX", 0)],
	["PARALLEL_SEQ", (env) => countedShard(env, "PARALLEL_SEQ", 1)]
];
const VARIABLES = [...[
	"ID",
	"MIN",
	"MAX",
	"STEP",
	"COUNT"
].map((name) => SLURM + name), ...[
	"JOB_COMPLETION_INDEX",
	"PARALLEL_SEQ",
	COUNT
]];
function shardOfJob({ env, isAllowed }) {
	if (!VARIABLES.some((variable) => isAllowed({
		name: "env",
		variable
	}))) throw new CannotScanError(`Cannot use ${FLAG} auto: it needs the right to read the environment. Add --allow-env to deno run, or write ${FLAG} I/N`);
	const found = SCHEDULERS.filter(([variable]) => env(variable) !== void 0);
	const [[, shardOf] = []] = found;
	if (found.length > 1) throw refusal(`${found.map(([name]) => name).join(" and ")} are both set`);
	if (shardOf !== void 0) return shardOf(env);
	throw refusal(`this is no task of a job: none of ${SCHEDULERS.map(([name]) => name).join(", ")} is set`);
}
function slurmShard(env) {
	const id = wholeIn(env, `${SLURM}ID`);
	const [min, max, step] = [
		wholeIn(env, `${SLURM}MIN`),
		wholeIn(env, `${SLURM}MAX`),
		wholeIn(env, `${SLURM}STEP`, 1)
	];
	const count = Math.floor((max - min) / step) + 1;
	const told = env(`${SLURM}COUNT`);
	const at = (id - min) / step;
	if (at >= 0 && at < count && Number.isInteger(at) && (told === void 0 || Number(told) === count)) return `${at + 1}/${count}`;
	throw refusal(`task ${id} of ${told ?? "an unknown number"} is none of the array ${min}-${max}:${step}, whose indices must have one step`);
}
function countedShard(env, variable, first) {
	const at = wholeIn(env, variable) - first;
	if (env(COUNT) === void 0) throw refusal(`${variable} is set, but not ${COUNT}, the number of shards`);
	const count = wholeIn(env, COUNT);
	if (at >= 0 && at < count) return `${at + 1}/${count}`;
	throw refusal(`${variable} is ${at + first}, and ${COUNT} is ${count}`);
}
function wholeIn(env, variable, least = 0) {
	const text = env(variable) ?? "";
	const value = Number(text);
	if (/^\d{1,9}$/.test(text) && value >= least) return value;
	throw refusal(`${variable} is ${text === "" ? "not set" : JSON.stringify(text)}, and no number`);
}
function refusal(why) {
	return new UsageError(`Cannot use ${FLAG} auto: ${why}. Write ${FLAG} I/N`);
}

// src/report/detected.ts
function findingInJson(fields) {
	const { service_by: by, service, conf, ssh_keys: keys } = fields;
	if (by !== "probed" && by !== "table") return void 0;
	const name = (from) => fields[from];
	return checked({
		service: by === "probed" ? service : "unknown",
		confidence: by === "probed" ? conf : 0,
		product: name("product"),
		version: name("version"),
		info: name("info"),
		hostname: name("service_hostname"),
		os: name("service_os"),
		device: name("device"),
		cpe: name("cpe"),
		tunnel: name("tunnel"),
		tls: filled({
			version: name("tls_version"),
			cipher: name("tls_cipher"),
			subject: name("tls_subject"),
			names: name("tls_names"),
			issuer: name("tls_issuer"),
			expires: name("tls_expires"),
			sha256: name("tls_sha256"),
			hello: name("tls_hello"),
			alpn: name("alpn")
		}),
		http: filled({
			status: name("http_status"),
			server: name("http_server"),
			title: name("http_title"),
			location: name("http_location")
		}),
		sshKeys: Array.isArray(keys) ? keys.map(readKey) : void 0,
		banner: name("banner"),
		row: name("why"),
		label: name("service_label")
	});
}
function findingInXml(of) {
	if (of("method") !== "probed") return void 0;
	const text = (name) => of(name) || void 0;
	return checked({
		service: of("name"),
		confidence: Number(of("conf")),
		product: text("product"),
		version: text("version"),
		info: text("extrainfo"),
		hostname: text("hostname"),
		os: text("ostype"),
		device: text("devicetype"),
		tunnel: text("tunnel")
	});
}
function readKey(text) {
	const [type, bits, fingerprint] = String(text).split(" ");
	return {
		type,
		fingerprint,
		...bits === "?" ? {} : { bits: Number(bits) }
	};
}
function filled(members) {
	const known = Object.entries(members).filter(([, value]) => value !== void 0);
	return known.length === 0 ? void 0 : Object.fromEntries(known);
}


// src/cli/commands/compare_files.ts
var compare_files_exports = /* @__PURE__ */ __exportAll({ compareFiles: () => compareFiles });
const OF_TECHNIQUE = /(\w+): ([\w|]+) \(([\w-]+)\)/g;
const USUAL = {
	tcp: "syn",
	udp: "udp"
};
const COMPARED = new Set(Object.keys(USUAL));
const REASON_OF = {
	open: "syn-ack",
	closed: "reset",
	unfiltered: "reset",
	undecided: "not-asked"
};
function compareFiles(files, db) {
	const history = History.open(db, { write: true });
	const scans = files.map(({ path, text }) => ({
		path,
		...readResults(path, text)
	}));
	for (const [at, scan] of scans.entries()) for (const result of absentPorts(scan, scans[1 - at])) scan.results.push(result);
	const areHosts = scans.some(({ results }) => results.length === 0);
	for (const { path, startedAtMs, results, hosts, hostnames } of scans) {
		const techniques = [...new Set(results.map(({ technique }) => technique))];
		const head = {
			...areHosts ? {
				hosts: hosts.length,
				probes: 0,
				technique: HOST,
				passes: []
			} : {
				hosts: new Set(results.map(({ ip }) => ip)).size,
				probes: results.length,
				technique: techniques.join("+")
			},
			startedAtMs,
			args: [],
			version: "1"
		};
		const names = (areHosts ? hosts.map((host) => ({
			names: [],
			...host,
			port: 0
		})) : results).flatMap(({ ip, port, names }) => names.map((name) => ({
			ip,
			name,
			ports: `${port}`
		})));
		const recorder = history.begin({
			head,
			space: path,
			targets: path,
			names
		});
		recorder.add(areHosts ? hostBatch(hosts) : results, startedAtMs);
		recorder.finish({
			...UNTOLD,
			hostnames,
			ended: "done"
		}, startedAtMs);
	}
	return history;
}
function* absentPorts({ hosts, results, passes }, other) {
	const ofOther = Map.groupBy(other.results, ({ ip }) => ip);
	const probed = new Set(results.map(({ ip }) => ip));
	const each = passes.map((pass) => ({
		...pass,
		ports: new Set(pass.ports === "" ? [] : parsePorts(pass.ports))
	}));
	for (const { ip, names = [], state, reason } of hosts) {
		if (state !== "absent" || probed.has(ip)) continue;
		const own = ofOther.get(ip) ?? [];
		for (const { technique, proto, ports } of each) {
			const asked = new Set(own.flatMap((result) => result.proto === proto ? result.port : []));
			for (const port of asked.intersection(ports)) yield resultOf({
				ip,
				port,
				proto,
				names,
				technique
			}, known("filtered", reason ?? ""));
		}
	}
}
function readResults(path, text) {
	const cannot = (why) => new UsageError(`Cannot compare ${quote(path)}: ${why}`);
	const format = resultFormatOf(text)?.name;
	const read = format === "nmap's XML" ? readXml : format === "synscan's JSON lines" ? readJson : void 0;
	if (read === void 0) throw cannot(`it is ${format ?? "no file of results"}. Name nmap's XML or synscan's JSON lines`);
	try {
		const scan = read(text);
		if (scan.results.length + scan.hosts.length === 0) throw new UsageError("it contains no results. Name another file");
		checkScan(scan);
		return scan;
	} catch (error) {
		throw error instanceof UsageError ? cannot(error.message.replace(/^Cannot/, "cannot")) : error;
	}
}
function checkScan({ startedAtMs, passes, results, hosts }) {
	for (const { ports } of passes) if (ports !== "") parsePorts(ports);
	const faulty = (values, check) => [...new Set(values)].filter((value) => !check(value));
	const faults = [
		...faulty([startedAtMs], isTime).map(() => "its time of start is out of range"),
		...faulty([...results, ...hosts].map(({ ip }) => ip), isAddress).map((ip) => `${quote(ip)} is no address`),
		...faulty(results.map(({ port }) => port), isPort).map((port) => `${port} is no port`),
		...faulty(results.map(({ technique }) => technique), isTechnique).map((name) => `${quote(name)} is no technique`)
	];
	if (faults.length > 0) throw new UsageError(`it is damaged: ${faults[0]}. Name another file`);
}
function readXml(text) {
	const scan = {
		startedAtMs: 0,
		passes: [],
		results: [],
		hosts: [],
		hostnames: []
	};
	const { passes } = scan;
	let ip = "";
	let status = {};
	let names = [];
	let hidden = [];
	let ports = /* @__PURE__ */ new Map();
	let port = -1;
	let proto = "";
	const firstOf = (name) => passes.find(({ proto }) => proto === name);
	const techniqueOf = (proto) => firstOf(proto)?.technique ?? USUAL[proto] ?? proto;
	const keyOf = (technique, port) => `${technique} ${proto} ${port}`;
	for (const { tag, attributes } of tagsIn(text)) {
		const of = (name) => attributeOf(attributes, name);
		if (tag === "nmaprun") scan.startedAtMs = Math.round((Number(of("start")) || 0) * 1e3);
		else if (tag === "scaninfo" && COMPARED.has(of("protocol"))) passes.push({
			technique: of("type"),
			proto: of("protocol"),
			ports: of("services")
		});
		else if (tag === "host") [ip, status, names, hidden, ports] = [
			"",
			{},
			[],
			[],
			/* @__PURE__ */ new Map()
		];
		else if (tag === "status") status = statusOf(of("state"), of("reason"));
		else if (tag === "address" && of("addrtype") !== "mac") ip = of("addr");
		else if (tag === "hostname" && of("type") === "user") names.push(of("name"));
		else if (tag === "hostname" && of("type") === "PTR") scan.hostnames.push({
			ip,
			name: of("name")
		});
		else if (tag === "extraports") hidden.push({
			...known(of("state"), ""),
			proto: ""
		});
		else if (tag === "extrareasons" && hidden.length > 0) {
			const { state } = hidden.at(-1);
			const group = {
				...known(state, of("reason")),
				proto: of("proto")
			};
			const place = hidden.findIndex((each) => each.state === state && (each.proto === "" || each.proto === group.proto));
			hidden[place < 0 ? hidden.length : place] = group;
		} else if (tag === "port") {
			proto = of("protocol");
			port = COMPARED.has(proto) ? Number(of("portid")) : -1;
		} else if (tag === "state" && port >= 0) {
			const technique = techniqueOf(proto);
			const outcome = known(of("state"), of("reason"));
			ports.set(keyOf(technique, port), resultOf({
				ip,
				port,
				proto,
				names,
				technique
			}, outcome));
		} else if (tag === "service" && port >= 0) {
			const key = keyOf(techniqueOf(proto), port);
			const before = ports.get(key);
			if (before === void 0) continue;
			const found = {
				...before,
				service: of("name"),
				finding: findingInXml(of)
			};
			ports.set(key, found);
			const each = [...of("extrainfo").matchAll(OF_TECHNIQUE)];
			if (each.length > 0) ports.delete(key);
			for (const [, technique = "", state = "", reason = ""] of each) ports.set(keyOf(technique, port), {
				...found,
				...known(state, reason),
				technique
			});
		} else if (tag === "/host" && ip !== "") {
			for (const pass of passes) {
				const { technique, ports: services } = pass;
				if (pass !== firstOf(pass.proto)) continue;
				proto = pass.proto;
				const groups = hidden.filter((each) => each.proto === "" || each.proto === proto);
				const other = groups.length === 1 ? known(groups[0].state, groups[0].reason) : known("undecided", "");
				for (const port of groups.length === 0 || services === "" ? [] : parsePorts(services)) {
					const key = keyOf(technique, port);
					if (!ports.has(key)) ports.set(key, resultOf({
						ip,
						port,
						proto,
						names,
						technique
					}, other));
				}
			}
			scan.results.push(...ports.values());
			if (status.state !== void 0) scan.hosts.push({
				ip,
				names,
				...status
			});
		}
	}
	return scan;
}
function readJson(text) {
	const scan = {
		startedAtMs: 0,
		passes: [],
		results: [],
		hosts: [],
		hostnames: []
	};
	const found = /* @__PURE__ */ new Map();
	for (const line of text.split("\n")) {
		const fields = parsedLine(line) ?? {};
		const { type, started, ip, state, reason, names: named, hostname, service } = fields;
		const [port, proto] = [Number(fields.port), String(fields.proto ?? "tcp")];
		if (type === "host" && typeof ip === "string" && typeof hostname === "string") scan.hostnames.push({
			ip,
			name: hostname
		});
		if (type === "host" && isHostLine(fields) && fields.state !== void 0) scan.hosts.push(fields);
		if (type === "start") {
			scan.startedAtMs = Date.parse(String(started)) || 0;
			for (const { technique, proto } of passesIn(String(fields.technique))) {
				const ports = proto === "udp" ? fields.udp_ports ?? fields.ports : fields.ports;
				if (COMPARED.has(proto) && typeof ports === "string") scan.passes.push({
					technique,
					proto,
					ports
				});
			}
		}
		if (type !== "port" || typeof ip !== "string" || !(port >= 0 && port <= 65535) || !COMPARED.has(proto)) continue;
		const names = Array.isArray(named) ? named.map(String) : [];
		const technique = String(fields.technique ?? USUAL[proto]);
		const result = resultOf({
			ip,
			port,
			proto,
			names,
			technique
		}, known(String(state), String(reason)));
		const more = {
			finding: findingInJson(fields),
			...typeof service === "string" ? { service } : {}
		};
		found.set(`${technique} ${proto} ${ip} ${port}`, {
			...result,
			...more
		});
	}
	scan.results.push(...found.values());
	return scan;
}

function known(state, reason) {
	const own = STATES.find((each) => each === state) ?? "undecided";
	return {
		state: own,
		reason: REASONS.find((each) => each === reason) ?? REASON_OF[own] ?? "no-response"
	};
}
function resultOf(place, { state, reason }) {
	return {
		...NOTHING,
		...place,
		state,
		reason
	};
}

// src/report/list.ts
const LISTED_FIELDS = [
	["ip", "The host's address"],
	["names", "The target names that led to it; omitted if there are none"],
	["hostname", "Its name by reverse DNS; omitted if it is not known"]
];
const LIST_SUMMARY_FIELDS = [
	"hosts",
	"elapsed_ms",
	"ended",
	"warnings",
	"trusted"
];
function summaryOf({ hosts, startedAtMs, ended, warnings, isComplete }, endedAtMs) {
	return {
		ended,
		hosts,
		hostsUp: 0,
		elapsedMs: endedAtMs - startedAtMs,
		warnings,
		trusted: isComplete
	};
}
const LIST_FORMATS = {
	table: {
		start: () => "",
		host: (host) => `synscan report for ${hostName(host)}\n`,
		end: ({ hosts, startedAtMs }, endedAtMs) => `synscan done: ${counted(hosts, "host")} listed in ${spanText(endedAtMs - startedAtMs)}; nothing was sent to ${hosts === 1 ? "it" : "them"}\n`
	},
	normal: {
		start: initiatedComment,
		host: (host) => `Nmap scan report for ${hostName(host)}\n`,
		end: (head, endedAtMs) => endedComment(summaryOf(head, endedAtMs), endedAtMs)
	},
	grepable: {
		start: initiatedComment,
		host: ({ ip, names: [name], hostname }) => `Host: ${ip} (${printable(name ?? hostname ?? "").replace(/[/,()]/g, "|")})\tStatus: Unknown\n`,
		end: (head, endedAtMs) => endedComment(summaryOf(head, endedAtMs), endedAtMs)
	},
	xml: {
		start: (head, verbosity) => openingXml(head, verbosity),
		host: (host) => `<host><status state="unknown" reason="user-set" reason_ttl="0"/>\n${hostnamesXml(host)}</host>\n`,
		end: (head, endedAtMs) => closingXml(summaryOf(head, endedAtMs), endedAtMs, {
			up: 0,
			hosts: head.hosts
		})
	},
	json: {
		start: () => "",
		host: ({ ip, names, hostname }) => `${jsonText({
			type: "target",
			ip,
			names: names.length === 0 ? void 0 : names,
			hostname
		})}\n`,
		end: (head, endedAtMs) => {
			const { ended, hosts, elapsedMs, warnings, trusted } = summaryOf(head, endedAtMs);
			return `${jsonText({
				type: "summary",
				hosts,
				elapsed_ms: elapsedMs,
				ended,
				warnings,
				trusted
			})}\n`;
		}
	}
};

// src/cli/commands/list.ts
var list_exports = /* @__PURE__ */ __exportAll({ listScan: () => listScan });
const PIECE = 65536;
async function listScan(args, line, scanner, system) {
	const files = new FileCheck(line, system);
	files.before();
	const startedAtMs = line.typedAtMs;
	const beganMs = performance.now();
	const options = await scanOptions(line, scanner, system);
	using opened = new DisposableStack();
	const reports = outputsOf(line).flatMap(({ format: name, path, flag }) => {
		const format = LIST_FORMATS[name];
		if (format === void 0) return [];
		return [{
			format,
			sink: opened.use(path === "-" ? stdoutSink(system) : fileSink(path, flag, system, { files })),
			isForPeople: name === "table"
		}];
	});
	const discard = () => {
		for (const { sink } of reports) sink.discard();
	};
	const abort = new AbortController();
	let signal;
	let hasBegun = false;
	using _signals = system.onSignal(END_SIGNALS, (each) => {
		if (signal !== void 0 || each === "SIGQUIT") {
			if (!hasBegun) discard();
			system.exit(SIGNAL_STATUS[each]);
		}
		signal = each;
		if (each === "SIGINT") system.writeStderr(`${ENDING}\n`);
		abort.abort();
	});
	let list;
	try {
		list = await scanner.listHosts(options, { signal: abort.signal });
	} catch (error) {
		discard();
		if (signal !== void 0) return SIGNAL_STATUS[signal];
		throw error;
	}
	hasBegun = true;
	const atLookups = signal;
	for (const warning of list.warnings) system.writeStderr(`${printable(warning)}\n`);
	const { hosts, warnings } = list;
	const head = () => ({
		args,
		startedAtMs,
		version: VERSION,
		hosts,
		warnings,
		isComplete: list.isComplete && signal === void 0,
		ended: signal === void 0 ? list.ended : "interrupted"
	});
	for (const { format, sink, isForPeople } of reports) {
		let text = format.start(head(), line.verbosity);
		for (const host of list.entries()) {
			text += format.host(host);
			if (text.length < PIECE) continue;
			await sink.add(text, "");
			text = "";
			await new Promise((resolve) => setTimeout(resolve));
			if (signal !== atLookups) break;
		}
		const endedAtMs = startedAtMs + Math.round(performance.now() - beganMs);
		await sink.add(text + (line.quiet && isForPeople ? "" : format.end(head(), endedAtMs)), "");
		sink.finish();
	}
	if (signal !== void 0) return SIGNAL_STATUS[signal];
	return list.isComplete ? EXIT.done : EXIT.untrusted;
}

// src/result/joined_summary.ts
const SUMS = [...[
	"hostsAbsent",
	"hostsSilent",
	"hostsUndecided",
	"probes",
	"sent",
	"answered",
	...COUNT_NAMES,
	"roundTrips"
], ...[
	"expectedWrong",
	"late",
	"duplicates",
	"finAcks",
	"unmatched",
	"sendRetries",
	"receiveDrops",
	"workers"
]];
const ENDINGS = [
	"failed",
	"interrupted",
	"deadline",
	"done"
];
function joinSummaries(shards, whole) {
	const summaries = shards.map(({ summary }) => summary);
	const sum = (of) => summaries.reduce((all, summary) => all + of(summary), 0);
	const sums = Object.fromEntries(SUMS.map((name) => [name, sum((summary) => summary[name])]));
	const lost = sum(({ loss, roundTrips }) => (loss ?? 0) * roundTrips);
	const busyMs = sum(({ elapsedMs }) => elapsedMs);
	const elapsedMs = timeOf(shards);
	const sendingMs = sum(({ sent, ratePps }) => ratePps > 0 ? sent * 1e3 / ratePps : 0) * elapsedMs / Math.max(1, busyMs);
	const undecided = sums.undecided + whole.missing;
	const isByHost = shards.every(({ share }) => share.by === "host");
	const capped = summaries.map(({ cappedHosts }) => cappedHosts);
	return {
		...summaries[0],
		...sums,
		hosts: whole.hosts,
		hostsUp: whole.hostsUp,
		probes: sums.probes + whole.missing,
		undecided,
		cappedHosts: isByHost ? capped.reduce((all, count) => all + count, 0) : Math.max(...capped),
		elapsedMs,
		ratePps: sendingMs > 0 ? sums.sent * 1e3 / sendingMs : 0,
		loss: sums.roundTrips > 0 ? lost / sums.roundTrips : null,
		sendErrors: addedUp(summaries.map(({ sendErrors }) => sendErrors)),
		suspects: distinct(summaries.flatMap(({ suspects }) => suspects), ({ ip }) => ip),
		notes: distinct(summaries.flatMap(({ notes }) => notes), (note) => JSON.stringify(note)),
		aliased: joinedPrefixes(summaries.flatMap(({ aliased }) => aliased)),
		hostnames: distinct(summaries.flatMap(({ hostnames }) => hostnames), ({ ip }) => ip),
		traces: distinct(summaries.flatMap(({ traces }) => traces), ({ ip }) => ip),
		os: byHost(distinct(summaries.flatMap(({ os }) => os), ({ ip, evidence }) => `${ip} ${evidence}`)),
		ended: ENDINGS.find((ended) => summaries.some((summary) => summary.ended === ended)) ?? "done",
		warnings: [
			...whole.warnings,
			...warningsOf(shards),
			...isMuchWrong(sums) && !summaries.some(isMuchWrong) ? [wrongText(sums)] : []
		],
		trusted: whole.isComplete && summaries.every(({ trusted }) => trusted) && !isMuchWrong(sums),
		transport: [...new Set(summaries.map(({ transport }) => transport).filter((name) => name !== ""))].join("+")
	};
}
function timeOf(shards) {
	let elapsedMs = 0;
	let untilMs = 0;
	for (const { startedAtMs, summary } of shards.toSorted((one, other) => one.startedAtMs - other.startedAtMs)) {
		const endMs = startedAtMs + summary.elapsedMs;
		elapsedMs += Math.max(0, endMs - Math.max(startedAtMs, untilMs));
		untilMs = Math.max(untilMs, endMs);
	}
	return elapsedMs;
}
function warningsOf(shards) {
	const all = Map.groupBy(shards.flatMap(({ share, summary }) => summary.warnings.map((text) => ({
		text,
		share
	}))), ({ text }) => text);
	return Array.from(all, ([text, from]) => {
		const { index, count } = from[0].share;
		if (from.length === shards.length) return text;
		return `Shard ${index}/${count}${from.length === 1 ? "" : ` and ${grouped(from.length - 1)} more`}: ${text}`;
	});
}
function addedUp(errors) {
	const sums = {};
	for (const [name, count] of errors.flatMap((each) => Object.entries(each))) sums[name] = (sums[name] ?? 0) + count;
	return sums;
}
function joinedPrefixes(aliased) {
	return Array.from(Map.groupBy(aliased, ({ prefix }) => prefix).values(), (same) => ({
		...same[0],
		hosts: same.reduce((sum, { hosts }) => sum + hosts, 0)
	}));
}
function distinct(items, keyOf) {
	const found = /* @__PURE__ */ new Map();
	for (const item of items) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
	return [...found.values()];
}
function byHost(items) {
	return [...Map.groupBy(items, ({ ip }) => ip).values()].flat();
}

// src/cli/args/shard_command.ts
function commandOfShard(args, { seed, ...of }, index) {
	const { given, operands } = readArguments(args);
	const words = ["synscan"];
	const add = ({ name, spelling }, value) => {
		const { takes, mayTake } = flagNamed(name);
		if (takes !== void 0) words.push(spelling, value);
		else if (mayTake === void 0 || value === "true") words.push(spelling);
		else words.push(`${spelling}${spelling.startsWith("--") ? "=" : ""}${value}`);
	};
	const shard = `${index}/${of.count}`;
	for (const each of given) {
		const isWritten = flagNamed(each.name).writes === true || each.name === "--all-files" || each.name === "--checkpoint";
		add(each, each.name === "--shard" ? shard : isWritten ? pathOfShard(each.value, of, index) : each.value);
	}
	const has = (name) => given.some((each) => each.name === name);
	if (!has("--shard")) words.push("--shard", shard);
	if (!has("--seed")) words.push("--seed", String(seed));
	if (operands.some((operand) => operand.startsWith("-"))) words.push("--");
	return [...words, ...operands].map(shellWord).join(" ");
}
function pathOfShard(path, of, index) {
	if (path === "-" || path === "/dev/null" || path.includes("%i")) return path;
	const [, folder = "", name = ""] = /^(.*\/)?([^/]*)$/s.exec(path) ?? [];
	const own = new RegExp(`(?<!\\d)0*${of.index}(?!\\d)(?!.*(?<!\\d)0*${of.index}(?!\\d))`);
	const renamed = name.replace(own, (digits) => String(index).padStart(digits.length, "0"));
	return folder + (renamed === name ? name.replace(/(?=\.[^.]*$)|$/, `-${index}`) : renamed);
}

// src/cli/shards/absent_hosts.ts
var AbsentInShards = class {
	#hosts;
	#isByHost;
	#withdrawn = STATES.map(() => 0);
	constructor(shards, book) {
		this.#isByHost = shards.every(({ share }) => share.by === "host");
		const mayDiffer = !this.#isByHost || shards.some(({ remedy }) => remedy !== void 0);
		this.#hosts = mayDiffer ? absentIn(shards, book) : /* @__PURE__ */ new Set();
	}
	without(batch) {
		if (this.#hosts.size === 0 || probesHosts(batch)) return batch;
		return batch.filter((result) => !this.#withdraws(result));
	}
	correct(summary) {
		if (this.#hosts.size === 0) return summary;
		const all = this.#withdrawn.reduce((sum, count) => sum + count, 0);
		const counts = COUNT_NAMES.map((name, state) => [name, summary[name] - this.#withdrawn[state]]);
		const hostsAbsent = this.#isByHost ? summary.hostsAbsent : this.#hosts.size;
		return {
			...summary,
			...Object.fromEntries(counts),
			probes: summary.probes - all,
			hostsAbsent
		};
	}
	#withdraws({ ip, state, replacesState }) {
		if (!this.#hosts.has(ip)) return false;
		this.#withdrawn[stateCode(state)]++;
		if (replacesState !== void 0) this.#withdrawn[stateCode(replacesState)]--;
		return true;
	}
};
function absentIn(shards, book) {
	const absent = /* @__PURE__ */ new Set();
	if (shards.every(({ summary, remedy }) => summary.hostsAbsent === 0 && remedy === void 0)) return absent;
	const up = /* @__PURE__ */ new Set();
	for (const shard of shards) for (const { batch } of shard.batches(book)) {
		for (const { ip, state, reason } of hostResults(batch)) if (state === "absent" && reason === "host-unreach") absent.add(ip);
		if (!probesHosts(batch)) {
			for (const result of batch) if (isOwnAnswer(result)) up.add(result.ip);
		}
	}
	for (const ip of up) absent.delete(ip);
	return absent;
}

// src/cli/shards/checkpoint_shard.ts
function readCheckpointShard(path, { checkpoint, journal }) {
	const remedy = resumeCommand(path);
	const { args, given, operands, startedAtMs } = checkpoint;
	const rest = checkpoint.rest;
	if (rest === null) throw cannotMerge(path, `its scan has not begun. To go on: ${remedy}`);
	const book = rest.ipv6 === void 0 ? IPV4_BOOK : keptBook(rest.ipv6);
	if (book === void 0) throw cannotMerge(path, `its hosts of IPv6 are too many. To finish it first: ${remedy}`);
	const passes = passesIn(rest.technique);
	const overPorts = passesOverPorts(passes);
	const done = {
		...rest.done,
		shapes: journal.shapes
	};
	const by = isByHost(passesThatRun(passes)) ? "host" : "probe";
	const probes = sum(done.byState, (count) => count) + sum(rest.undelivered, ({ rows }) => rows.length);
	const summary = summarize({
		addresses: book,
		probes,
		technique: rest.technique,
		transport: "",
		workers: rest.parts.length
	}, [], [doneBefore({
		...rest,
		done
	}, passes)], {
		hosts: by === "host" ? hostsOfShard(rest) : rest.hosts ?? 0,
		elapsedMs: done.elapsedMs,
		hostnames: [],
		traces: [],
		aliased: [],
		sizes: [],
		warnings: [],
		isComplete: false
	});
	const decided = decidedIn(summary);
	const found = rest.parts.map((parts) => parts.findLast((part) => part.found !== void 0)?.found);
	const hostsIn = (state) => sum(found, (each) => each === void 0 ? 0 : Ranges.fromSortedBounds(Uint32Array.from(each[state])).size);
	const names = namesByAddress(rest);
	return {
		path,
		args,
		startedAtMs,
		remedy,
		names,
		book,
		version: checkpoint.version,
		share: {
			key: rest.space,
			seed: rest.seed,
			...rest.shard,
			by,
			hosts: rest.hosts ?? 0,
			probes: rest.size * techniquesOfPort(overPorts)
		},
		technique: shownTechnique(passes),
		options: commonOptions(given),
		detectsServices: given.some(({ name }) => /^--(services$|version-|allports$)/.test(name)),
		targets: operands.join(" "),
		...portsByProtocol(given.find(({ name }) => name === "--ports")?.value, overPorts),
		hosts: 0,
		probes: decided,
		vendors: /* @__PURE__ */ new Map(),
		results: /* @__PURE__ */ new Set(),
		addresses: /* @__PURE__ */ new Set(),
		summary: {
			...summary,
			probes: decided,
			undecided: 0,
			warnings: [],
			ended: "interrupted",
			hostsAbsent: hostsIn("absent"),
			hostsSilent: hostsIn("silent"),
			hostsUndecided: hostsIn("undecided")
		},
		*batches() {
			const own = new ShardNames(names, "");
			yield* resultsOf(journal, {
				passes,
				addresses: book,
				names: own
			});
			for (const { pass, rows } of rest.undelivered) yield {
				batch: resultsIn(Uint32Array.from(rows), passes[pass], book, own),
				timeMs: startedAtMs
			};
		}
	};
}
function portsByProtocol(typed, passes) {
	const protocols = [...new Set(passes.map(({ proto }) => proto))];
	if (typed === void 0 || protocols.length < 2) return {
		ports: typed,
		udpPorts: void 0
	};
	const of = (protocol) => parsePorts(typed, {
		protocols,
		protocol
	}).toString();
	return {
		ports: of("tcp"),
		udpPorts: of("udp")
	};
}
function namesByAddress({ names }) {
	const byAddress = /* @__PURE__ */ new Map();
	for (const [name, addresses] of names) for (const address of addresses) {
		const ip = typeof address === "number" ? IPV4_BOOK.text(address) : addressText(BigInt(address));
		byAddress.set(ip, [...byAddress.get(ip) ?? [], name]);
	}
	return byAddress;
}

// src/cli/shards/port_keys.ts
const MAX_PASSES = 16;
const PORTS = 65536;
const IPV4_HOSTS = 2 ** 32;
var PortKeys = class {
	#keys = new TypedVector(/* @__PURE__ */ new Float64Array(64));
	#lines = new TypedVector(/* @__PURE__ */ new Uint32Array(64));
	#ipv6;
	constructor(ipv6) {
		this.#ipv6 = ipv6;
	}
	add(line, ip, pass, port) {
		let host = IPV4_BOOK.hostOf(ip);
		if (host === -1) {
			host = this.#ipv6.get(ip) ?? IPV4_HOSTS + this.#ipv6.size;
			this.#ipv6.set(ip, host);
		}
		this.#keys.push((host * MAX_PASSES + pass) * PORTS + port);
		this.#lines.push(line);
	}
	get keys() {
		return this.#keys.values;
	}
	linesOf(key) {
		return Array.from(this.#lines.values).filter((_, at) => this.#keys.at(at) === key);
	}
};
function doubleIn(keys) {
	const sorted = new Float64Array(keys.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const some of keys) {
		sorted.set(some, at);
		at += some.length;
	}
	sortWhole(sorted);
	return sorted.find((key, index) => key === sorted[index + 1]);
}

// src/cli/shards/shard_space.ts
const UDP$1 = "udp";
var ShardSpace = class ShardSpace {
	passes;
	#shard;
	#byProtocol = /* @__PURE__ */ new Map();
	#hosts;
	#own;
	#hasIpv6;
	constructor({ technique, shard, ports, udp_ports }) {
		this.passes = passesOverPorts(passesIn(technique));
		this.#shard = shard;
		for (const { proto } of this.passes) {
			const text = proto === UDP$1 ? udp_ports ?? ports : ports;
			this.#byProtocol.set(proto, { ports: text === void 0 ? void 0 : parsePorts(text) });
		}
	}
	static async of(stated) {
		const space = new ShardSpace(stated);
		await space.#findHosts(stated);
		return space;
	}
	async #findHosts(stated) {
		const typed = await typedTargets(stated);
		if (typed === void 0) return;
		this.#hasIpv6 = typed.hasIpv6;
		this.#hosts = this.#own = typed.targets.reduce((all, { hosts }) => all.union(hosts), Ranges.EMPTY);
		const spaces = Array.from(this.#byProtocol, ([proto, { ports = PortSet.EMPTY }]) => {
			const tiers = portTiers(proto);
			return {
				proto,
				ports,
				space: new ProbeSpace({
					...typed,
					defaultPorts: ports,
					tiers
				})
			};
		}).sort((one, other) => Number(one.proto === UDP$1) - Number(other.proto === UDP$1));
		if (spaces.length === 0) return;
		if (await hashOfSpace(spaces.map(({ space }) => space)) !== stated.key) return;
		this.#hosts = spaces[0].space.hostRanges();
		const { by, ...shard } = this.#shard;
		this.#own = by === "host" ? hostShare(this.#hosts, shard) : this.#hosts;
		for (const { proto, ports, space } of spaces) {
			const [order] = by === "host" ? [] : shardOrders(space.tierSizes, {
				seed: stated.seed,
				shard
			}, 1);
			this.#byProtocol.set(proto, {
				ports,
				space,
				order
			});
		}
	}
	whyNotHost(ip) {
		if (ip.includes(":")) return this.#hasIpv6?.(ip) === false ? `${ip} is none of the targets` : void 0;
		const host = IPV4_BOOK.hostOf(ip);
		if (host === -1 || this.#own === void 0 || this.#own.has(host)) return void 0;
		return `${ip} is ${this.#hosts.has(host) ? this.#ofAnother() : "none of the targets"}`;
	}
	whyNotPort(ip, pass, port) {
		const { ports, space, order } = this.#byProtocol.get(this.passes[pass].proto);
		const why = this.whyNotHost(ip);
		if (why !== void 0) return why;
		const index = space?.indexOf(IPV4_BOOK.hostOf(ip), port);
		if (index === void 0 ? ports?.has(port) === false : index < 0) return `port ${port} of ${ip} is none of the ports`;
		return order?.has(index) === false ? `port ${port} of ${ip} is ${this.#ofAnother()}` : void 0;
	}
	#ofAnother() {
		return `in another shard than ${this.#shard.index}/${this.#shard.count}`;
	}
};
async function typedTargets({ targets, args }) {
	if (targets === void 0 || targets.trim() === "" || /(?:^|\s)(?:-iL |@)/.test(targets)) return void 0;
	const resolve = () => Promise.reject(new UsageError("names are not looked up"));
	try {
		const { given } = readArguments(args);
		const reserved = given.some(({ name }) => name === "--include-reserved") ? Ranges.EMPTY : reservedAddresses();
		const found = await resolveTargets(parseTargets(targets, { ipv6: readIpv6 }), {
			resolve,
			reserved
		});
		if (found.failures.length > 0) return void 0;
		const excluded = given.filter(({ name }) => name === "--exclude").map(({ value }) => value);
		const { hosts, ipv6 } = await resolveExclusions(parseExclusions(excluded, { ipv6: readIpv6 }), resolve);
		const left = ipv6.filter(({ zone }) => zone === void 0);
		const hasIpv6 = found.patterns.length > 0 ? void 0 : (ip) => isIn(found.ipv6, ip) && !isIn(left, ip);
		return {
			targets: found.targets,
			excludeHosts: hosts,
			hasIpv6
		};
	} catch (error) {
		if (error instanceof UsageError) return void 0;
		throw error;
	}
}
function isIn(ranges, ip) {
	const read = readIpv6({
		text: ip,
		where: void 0,
		column: 1
	}, true);
	return "first" in read && ranges.some(({ first, last }) => first <= read.first && read.first <= last);
}

// src/cli/shards/json_shard.ts
const BATCH = 1024;
const RESTORE = "Restore the file from a copy";
const LATE = "\"late\":true";
const HEAD = {
	schema: isWhole,
	version: isPlain,
	args: [isText],
	technique: isTechnique,
	hosts: isWhole,
	probes: isWhole,
	started: (value) => Date.parse(String(value)) > 0,
	targets: orMissing(isText),
	ports: orMissing(isText),
	udp_ports: orMissing(isText),
	key: (value) => /^[\da-f]{16,64}$/.test(String(value)),
	seed: isWhole,
	options: [isText],
	shard: {
		index: isCount,
		count: isCount,
		hosts: isWhole,
		probes: isWhole,
		by: (value) => value === "host" || value === "probe"
	}
};
function isCount(value) {
	return isWhole(value) && value !== 0;
}
const PORT_CHECKS = FIELDS.map((field) => [field.name, field.name === "ip" ? isAddress : field.name === "technique" ? isPlain : field.name === "tries" ? orNull(isWhole) : field.type === "list" ? orNull([isText]) : field.type === "yes or no" ? orNull((value) => typeof value === "boolean") : fieldCheck(field)]);
async function readJsonShard(path, text, ipv6) {
	const { head, hosts, summary, counts, addresses, ports } = await checkedLines(path, text, new PortKeys(ipv6));
	const { key, seed, shard, args } = head;
	const share = {
		key,
		seed,
		...shard
	};
	const whole = {
		...summary,
		...told(hosts)
	};
	const wrong = summaryFault(whole);
	if (wrong !== void 0) throw cannotMerge(path, `${wrong} in its lines of hosts is damaged. ${RESTORE}`);
	checkCounts(path, head, whole, counts);
	const startedAtMs = Date.parse(head.started);
	const endedAtMs = startedAtMs + Math.round(whole.elapsedMs);
	const isDone = whole.ended === "done";
	return {
		path,
		share,
		args,
		startedAtMs,
		addresses,
		summary: whole,
		version: head.version,
		technique: head.technique,
		portKeys: ports,
		results: head.shard.by === "host" ? addresses : /* @__PURE__ */ new Set(),
		detectsServices: text.includes("\"service_by\":"),
		options: head.options,
		targets: head.targets,
		ports: head.ports,
		udpPorts: head.udp_ports,
		hosts: head.hosts,
		probes: head.probes,
		remedy: isDone ? void 0 : commandOfShard(args, share, share.index),
		names: new Map(hosts.flatMap(({ ip, names }) => names === void 0 ? [] : [[ip, names]])),
		vendors: new Map(hosts.flatMap(({ mac, vendor }) => mac === void 0 || vendor === void 0 ? [] : [[parseMac(mac), vendor]])),
		book: void 0,
		*batches(book) {
			const found = hostBatch(hosts, book);
			if (found.length > 0) yield {
				batch: found,
				timeMs: endedAtMs
			};
			let batch = [];
			for (const result of portsIn(text)) {
				batch.push(result);
				if (batch.length < BATCH) continue;
				yield {
					batch,
					timeMs: endedAtMs
				};
				batch = [];
			}
			if (batch.length > 0) yield {
				batch,
				timeMs: endedAtMs
			};
		}
	};
}
async function checkedLines(path, text, ports) {
	let head;
	let space;
	let summary;
	const hosts = [];
	const replaced = replacedIn(text);
	const counts = STATES.map(() => 0);
	const addresses = /* @__PURE__ */ new Set();
	let number = 0;
	for (const line of linesOf(text)) {
		const isCut = line.end === text.length;
		number++;
		const fields = parsedLine(line.text);
		const damaged = (what = `line ${number}`) => cannotMerge(path, `${what} is damaged. ${RESTORE}`);
		const check = (why) => {
			if (why !== void 0) throw cannotMerge(path, `line ${number} is no result of it: ${why}. ${RESTORE}`);
		};
		if (number === 1 && fields?.["type"] !== "start") break;
		if (!isObject(fields)) {
			if (isCut) break;
			throw damaged();
		}
		const { type } = fields;
		if (summary !== void 0) throw cannotMerge(path, `more follows its summary, in line ${number}. Name files of one scan each`);
		if (type === "start" && head === void 0 && number === 1) {
			head = headIn(path, fields);
			space = await ShardSpace.of(head).catch(() => {
				throw damaged();
			});
		} else if (head === void 0 || space === void 0 || type === "start") throw damaged();
		else if (type === "port") {
			const missing = PORT_CHECKS.find(([name, check]) => !check(fields[name] ?? null));
			if (missing !== void 0) {
				const [name] = missing;
				if (fields[name] !== void 0) throw damaged(`${name} in line ${number}`);
				throw cannotMerge(path, `line ${number} has no ${name}. Write the results of shards without --fields`);
			}
			if (replaced.has(line.start)) continue;
			const { ip, port, technique, proto } = fields;
			const pass = space.passes.findIndex((each) => each.technique === technique && each.proto === proto);
			check(pass < 0 ? `the scan has no ${technique} of ${proto}` : space.whyNotPort(ip, pass, port));
			ports.add(number, ip, pass, port);
			addresses.add(ip);
			counts[stateCode(fields["state"])]++;
		} else if (type === "host") {
			if (!isHostLine(fields)) throw damaged();
			check(space.whyNotHost(fields.ip));
			hosts.push(fields);
			addresses.add(fields.ip);
		} else if (type === "summary") {
			summary = summaryIn(fields);
			const wrong = summaryFault(summary) ?? impossibleIn(summary, head);
			if (wrong !== void 0) throw damaged(`${snake(wrong)} in the summary, line ${number},`);
		}
	}
	if (head === void 0) {
		const why = text.startsWith("{\"type\":\"start\"") ? "its first line is cut off" : "it is no file of synscan's JSON lines";
		throw cannotMerge(path, `${why}. Name the whole file of -oJ`);
	}
	if (summary !== void 0) {
		const twice = (what, lines) => cannotMerge(path, `${what} is there twice, in lines ${lines.join(" and ")}. ${RESTORE}`);
		const port = doubleIn([ports.keys]);
		if (port !== void 0) throw twice("a port", ports.linesOf(port).slice(0, 2));
		if (addresses.size > head.hosts) throw cannotMerge(path, `it has results of ${addresses.size} hosts, and the shard has ${head.hosts}. ${RESTORE}`);
		return {
			head,
			hosts,
			summary,
			counts,
			addresses,
			ports
		};
	}
	const { index, count } = head.shard;
	const again = commandOfShard(head.args, {
		key: head.key,
		seed: head.seed,
		...head.shard
	}, index);
	throw cannotMerge(path, `it is cut off: it has no summary, so shard ${index}/${count} was killed, or still runs. Name its checkpoint, or scan it again: ${again}`);
}
function headIn(path, fields) {
	if (hasShape(fields, HEAD) && fields["schema"] === 2) {
		const head = fields;
		if (head.shard.index <= head.shard.count) return head;
	}
	const { schema, key, version } = fields;
	if (isWhole(schema) && schema !== 2 || key === void 0) {
		const writer = isPlain(version) ? `synscan ${version}` : "another program";
		throw cannotMerge(path, `${writer} wrote it, and its first line does not state the shard. Use one version for all shards`);
	}
	throw cannotMerge(path, `its first line is damaged. ${RESTORE}`);
}
function summaryIn(fields) {
	const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
	const own = Object.entries(fields).map(([name, value]) => [camel(name), value]);
	return {
		...UNTOLD,
		...Object.fromEntries(own.filter(([name]) => name in UNTOLD))
	};
}
function impossibleIn(summary, { hosts, probes, started }) {
	if (summary.hosts > hosts) return "hosts";
	if (summary.hostsUp + summary.hostsAbsent > summary.hosts) return "hostsUp";
	if (summary.probes > probes || summary.probes !== decidedIn(summary) + summary.undecided) return "probes";
	return isTime(Math.round(Date.parse(started) + summary.elapsedMs)) ? void 0 : "elapsedMs";
}
function snake(name) {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
function checkCounts(path, { options }, summary, counts) {
	const has = (name) => options.some((option) => option.split(" ")[0] === name);
	if (has("--filter") || has("--changed")) return;
	for (const [code, name] of COUNT_NAMES.entries()) {
		const state = STATES[code];
		if (has("--open") && !mayBeOpen(state)) continue;
		const [found, counted] = [counts[code], summary[name]];
		if (found === counted || state === "undecided" && found < counted) continue;
		throw cannotMerge(path, `it is damaged: it lists ${found} ${state} ports, and its summary counts ${counted}. ${RESTORE}`);
	}
}
function* linesOf(text) {
	for (let start = 0; start < text.length;) {
		const found = text.indexOf("\n", start);
		const end = found < 0 ? text.length : found;
		if (end > start) yield {
			start,
			end,
			text: text.slice(start, end)
		};
		start = end + 1;
	}
}
function replacedIn(text) {
	const replaced = /* @__PURE__ */ new Set();
	if (!text.includes(LATE)) return replaced;
	const keyOf = ({ ip, proto, port, technique }) => `${technique} ${proto} ${ip} ${port}`;
	const late = /* @__PURE__ */ new Set();
	for (const line of linesOf(text)) if (line.text.includes(LATE)) late.add(keyOf(parsedLine(line.text) ?? {}));
	const last = /* @__PURE__ */ new Map();
	for (const { start, text: line } of linesOf(text)) {
		const fields = line.startsWith("{\"type\":\"port\"") ? parsedLine(line) : void 0;
		const key = fields && keyOf(fields);
		if (key === void 0 || !late.has(key)) continue;
		const before = last.get(key);
		if (before !== void 0) replaced.add(before);
		last.set(key, start);
	}
	return replaced;
}

function resultIn(fields) {
	const { ip, port, proto, technique, state, reason, ttl, rtt_ms: rttMs, tries, from, service, names, late, note } = fields;
	const finding = findingInJson(fields);
	return {
		...NOTHING,
		ip,
		port,
		proto,
		technique,
		state,
		reason,
		ttl: ttl ?? void 0,
		rttMs: rttMs ?? void 0,
		tries: tries ?? 0,
		from: from ?? void 0,
		service: service ?? void 0,
		names: names ?? [],
		late: late === true,
		note: note ?? void 0,
		...finding === void 0 ? {} : { finding }
	};
}

// src/cli/shards/together.ts
const MAX_NAMED = 16;
const COMMON = [
	[
		({ version }) => version,
		"version of synscan",
		"Use one version for all shards"
	],
	[
		({ share }) => share.key,
		"key: their targets or ports differ",
		"Name shards of one scan"
	],
	[
		({ share }) => share.seed,
		"seed",
		"Give every shard the same --seed"
	],
	[
		({ share }) => share.count,
		"number of shards",
		"Divide the scan in one way"
	],
	[
		({ share }) => share.by,
		"division: where hosts are discovered first, hosts are divided",
		"Scan from one network, or with -Pn -sT"
	],
	[
		({ technique }) => technique,
		"technique",
		"Scan every shard with the same"
	],
	[
		({ options }) => options.join(" "),
		"options",
		"Scan every shard with the same"
	],
	[
		({ share }) => share.probes,
		"number of ports of the whole scan",
		"Name shards of one scan"
	]
];

function notTogether(one, other, why) {
	return new UsageError(`Cannot merge ${quote(one.path)} with ${quote(other.path)}: ${why}`);
}
function shown(value) {
	const text = String(value);
	if (text === "") return "none";
	return /^[\da-f]{64}$/.test(text) ? text.slice(0, 12) : text.replaceAll(/[^\x20-\x7e]/g, "?");
}
function missingShards(shards) {
	const [{ share: { count, by, hosts, probes } }] = shards;
	const found = new Set(shards.map(({ share }) => share.index));
	const missing = count - found.size;
	const first = [];
	for (let index = 1; index <= count && first.length < Math.min(missing, MAX_NAMED); index++) if (!found.has(index)) first.push(index);
	if (missing === 0 && shards.every(({ remedy }) => remedy === void 0)) {
		const sum = (of) => shards.reduce((all, shard) => all + of(shard), 0);
		const [ports, all] = [sum((shard) => shard.probes), sum((shard) => shard.hosts)];
		if (ports !== probes || by === "host" && all !== hosts) {
			const wrong = `their ${grouped(ports)} ports of ${grouped(all)} hosts are not the ${grouped(probes)} ports of ${grouped(hosts)} hosts of the scan, so that one is damaged. Restore it from a copy`;
			throw cannotMerge(shards.map(({ path }) => path).join(" "), wrong);
		}
	}
	return {
		count: missing,
		first
	};
}

// src/cli/commands/resume.ts
var resume_exports$1 = /* @__PURE__ */ __exportAll({ resume: () => resume });
const EXCLUDE_PORTS = "--exclude-ports";
const EXCLUSIONS = /* @__PURE__ */ new Set([
	"--exclude",
	"--exclude-file",
	EXCLUDE_PORTS
]);
async function resume(path, given, scanner, system) {
	const opened = openCheckpoint("Cannot resume from", path, system);
	using journal = opened.journal;
	const added = withAbsolutePaths(given, system);
	enter(opened.checkpoint.folder, system);
	const kindOf = ({ name }) => EXCLUSIONS.has(name) ? "exclusions" : "others";
	const { exclusions = [], others = [] } = Object.groupBy(added, kindOf);
	const checkpoint = await withExclusions(opened, exclusions);
	const line = parseCommandLine({
		subcommand: void 0,
		given: withAdded(checkpoint.given, others),
		operands: checkpoint.operands
	}, [], { typedAtMs: checkpoint.startedAtMs });
	if (checkpoint.technique !== null) {
		const overPorts = passesOverPorts(passesIn(checkpoint.technique));
		if (overPorts.length > 0) line.scan.technique = overPorts.map(({ technique }) => technique);
	}
	const kept = checkpoint.rest;
	const rest = kept === null ? void 0 : {
		...kept,
		done: {
			...kept.done,
			shapes: journal.shapes
		}
	};
	if (line.packetTrace) refuseTrace(checkpoint.technique ?? line.scan.technique, rest?.parts.length ?? 1);
	if (checkpoint.sourceIp !== null) line.scan.sourceIp = checkpoint.sourceIp;
	const resumed = {
		checkpoint,
		rest,
		journal,
		path: opened.path
	};
	return await new Session(checkpoint.args, line, scanner, system, resumed).run();
}
async function withExclusions({ path, checkpoint }, added) {
	if (added.length === 0) return checkpoint;
	const changed = {
		...checkpoint,
		given: withAdded(checkpoint.given, added)
	};
	try {
		await replaceCheckpoint(path.file, writeCheckpoint(changed));
	} catch (error) {
		throw checkpointError(`Cannot keep the exclusions in ${quote(path.shown)}`, path.shown, error);
	}
	return changed;
}
function withAbsolutePaths(given, system) {
	const folder = currentFolder(system);
	return given.map((each) => {
		return flagNamed(each.name).takes === "FILE" && each.value !== "-" && !each.value.startsWith("/") && folder !== null ? {
			...each,
			value: `${folder}/${each.value}`
		} : each;
	});
}
function withAdded(before, added) {
	const names = new Set(added.map(({ name }) => name));
	if (names.has("--verbose")) names.add("--quiet");
	const kept = before.filter(({ name }) => flagNamed(name).repeats === true || !names.has(name));
	const excludedPorts = before.find(({ name }) => name === EXCLUDE_PORTS)?.value;
	const merged = added.map((each) => each.name === EXCLUDE_PORTS && excludedPorts !== void 0 ? {
		...each,
		value: `${excludedPorts},${each.value}`
	} : each);
	return [...kept, ...merged];
}
function refuseTrace(technique, workers) {
	const why = technique === "connect" ? "the scan is by connect(2), and the kernel does not show its packets" : workers > 1 ? `the scan is divided among ${workers} workers, and packets are traced by one alone` : void 0;
	if (why !== void 0) throw new UsageError(`Cannot show packets: ${why}. Leave out --packet-trace`);
}
function openCheckpoint(what, path, system) {
	const folder = currentFolder(system);
	const file = path.startsWith("/") || folder === null ? path : `${folder}/${path}`;
	const names = {
		file,
		shown: path
	};
	return withCheckpoint(what, names, system, () => {
		system.laterUser([file]);
		return system.asLaterUser(() => {
			readCheckpoint(checkpointBytes(file));
			using undo = new DisposableStack();
			const journalFile = undo.use(openJournal(file));
			const checkpoint = readCheckpoint(checkpointBytes(file));
			const journal = Journal.open(journalFile, checkpoint.journal);
			undo.move();
			return {
				checkpoint,
				journal,
				path: names
			};
		});
	});
}
function enter(folder, system) {
	const current = currentFolder(system);
	if (folder === null || folder === current) return;
	if (current === null) throw noRightTo("Cannot resume: that", "read");
	try {
		Deno.chdir(folder);
	} catch (error) {
		const where = `${quote(folder)}, where the scan was started`;
		throw new UsageError(`Cannot resume in ${where}: ${whyNot(error)}. Start the scan again`);
	}
}

// src/cli/commands/merge.ts
var merge_exports = /* @__PURE__ */ __exportAll({ merge: () => merge });
const CHECKPOINT = /^\{"synscan":"checkpoint"/;
const LESS_THAN_ALL = /^--(?:open|filter|changed)\b/;
const JOURNAL = /^\{"synscan":"journal"/;
async function merge(args, line, system) {
	using opened = new DisposableStack();
	const shards = [];
	const ipv6 = /* @__PURE__ */ new Map();
	for (const path of line.operands) shards.push(await readShard(path, {
		opened,
		ipv6
	}, system));
	shards.sort((one, other) => one.share.index - other.share.index);
	checkTogether(shards);
	const missing = missingShards(shards);
	const say = (text) => system.writeStderr(`${text}\n`);
	const joined = new JoinedShards(shards, missing);
	const head = joined.head(args);
	if (head.probes === 0) refuseReportsOfHosts("shards that found hosts alone", line.outputs);
	const vendors = new Vendors(system);
	await vendors.open(line);
	const known = new Map(shards.flatMap((shard) => [...shard.vendors]));
	const aggregator = newAggregator(line.verbosity, {
		openOnly: line.openOnly,
		vendorOf: (mac) => known.get(mac) ?? vendors.of(mac)
	});
	let hasReports = true;
	const reports = new ReportSet({
		failed: say,
		noneLeft: () => hasReports = false
	});
	const record = new SessionRecord({
		line,
		system,
		resumed: void 0,
		say,
		failed: say
	});
	await record.open(opened);
	const files = new FileCheck(line, system);
	for (const output of outputsOf(line)) reports.add(opened.use(await openReport(output, {
		line,
		system,
		aggregator,
		files
	})));
	record.begin({
		head,
		space: shards[0].share.key,
		targets: head.targets ?? "",
		names: joined.names
	});
	await reports.toAll((report) => report.start(head));
	for (const { batch, timeMs } of joined.batches()) {
		if (!hasReports && line.db === void 0) break;
		record.add(batch, timeMs);
		await vendors.meet(batch);
		const shown = line.filter === void 0 || probesHosts$1(batch) ? batch : batch.filter(line.filter);
		await reports.toAll((report) => report.results(shown, timeMs));
	}
	const summary = joined.summary();
	const endedAtMs = joined.endedAtMs;
	if (!(line.filter !== void 0 || shards[0].options.some((option) => LESS_THAN_ALL.test(option))) && summary.undecided > 0) aggregator.countNotProbed(portsOfEach(head));
	record.finish(summary, endedAtMs);
	await reports.toAll((report) => report.end(summary, endedAtMs));
	for (const remark of remarksOnStderr(line, summary)) say(remark);
	for (const text of remedies(shards, missing)) say(text);
	if (reports.hasFailed || record.hasFailed) return EXIT.cannot;
	return summary.trusted && summary.ended === "done" || reports.isPipeClosed ? EXIT.done : EXIT.untrusted;
}
async function readShard(path, { opened, ipv6 }, system) {
	const text = await readText(path, "synscan merge", system);
	if (!CHECKPOINT.test(text) && !JOURNAL.test(text)) return await readJsonShard(path, text, ipv6);
	const checkpoint = JOURNAL.test(text) ? checkpointOf(path) : path;
	const found = openCheckpoint("Cannot merge", checkpoint, system);
	opened.use(found.journal);
	return readCheckpointShard(checkpoint, found);
}
function checkpointOf(path) {
	const checkpoint = path.slice(0, -journalPath("").length);
	if (journalPath(checkpoint) === path) return checkpoint;
	throw new UsageError(`Cannot merge "${path}": a journal needs its checkpoint. Name the file that was given to --checkpoint`);
}
function remedies(shards, { count, first }) {
	const [{ args, share }] = shards;
	const lines = shards.flatMap(({ path, share: { index, count }, remedy }) => remedy === void 0 ? [] : [`Shard ${index}/${count} in ${path} is unfinished. To finish it: ${remedy}`]);
	for (const index of first) lines.push(`Shard ${index}/${share.count} is missing. To supply it: ${commandOfShard(args, share, index)}`);
	if (count > first.length) lines.push(`${counted(count - first.length, "more shard")} are missing`);
	return lines;
}
var JoinedShards = class {
	names;
	#shards;
	#missing;
	#absent;
	#book;
	#up = /* @__PURE__ */ new Set();
	constructor(shards, missing) {
		this.#shards = shards;
		this.#missing = missing;
		this.#book = commonBook(shards);
		this.#absent = new AbsentInShards(shards, this.#book);
		this.names = new ShardNames(new Map(shards.flatMap(({ names }) => [...names])), this.#ports ?? "");
	}
	get endedAtMs() {
		return Math.max(...this.#shards.map(({ startedAtMs, summary }) => Math.round(startedAtMs + summary.elapsedMs)));
	}
	get #hosts() {
		return Math.max(...this.#shards.map(({ share }) => share.hosts));
	}
	get #ports() {
		return this.#shards.find(({ ports }) => ports !== void 0)?.ports;
	}
	head(args) {
		const shards = this.#shards;
		const [{ share, technique, options }] = shards;
		const ports = this.#ports;
		const udpPorts = shards.find(({ udpPorts }) => udpPorts !== void 0)?.udpPorts;
		const hostnames = new Map(shards.flatMap(({ summary }) => summary.hostnames.map(({ ip, name }) => [ip, name])));
		return {
			hosts: this.#hosts,
			probes: share.probes,
			technique,
			options,
			args,
			version: VERSION,
			ports: ports === void 0 ? void 0 : countedPorts(ports),
			...udpPorts === void 0 ? {} : { udpPorts: countedPorts(udpPorts) },
			detectsServices: shards.some((shard) => shard.detectsServices),
			passes: passesIn(technique).filter((pass) => !probesHosts$1(pass)),
			share: {
				...share,
				hosts: this.#hosts,
				index: 1,
				count: 1
			},
			startedAtMs: Math.min(...shards.map(({ startedAtMs }) => startedAtMs)),
			targets: shards.find(({ targets }) => targets !== void 0)?.targets ?? "",
			names: this.names,
			hostnames: { of: (ip) => hostnames.get(ip) }
		};
	}
	*batches() {
		for (const shard of this.#shards) for (const { batch, timeMs } of shard.batches(this.#book)) {
			this.#noteUp(batch);
			yield {
				batch: this.#absent.without(batch),
				timeMs
			};
		}
	}
	#noteUp(batch) {
		if (this.#shards[0].share.by === "host") return;
		for (const result of batch) if (isOwnAnswer(result)) this.#up.add(result.ip);
	}
	summary() {
		const shards = this.#shards;
		const [{ share: { by, probes } }] = shards;
		const sum = (of) => shards.reduce((all, shard) => all + of(shard), 0);
		const most = (of) => Math.max(...shards.map(of));
		const isComplete = this.#missing.count === 0 && shards.every(({ remedy }) => remedy === void 0);
		const missing = Math.max(0, probes - sum((shard) => shard.probes));
		const summary = joinSummaries(shards, {
			hosts: isComplete ? this.#hosts : (by === "host" ? sum : most)(({ summary }) => summary.hosts),
			hostsUp: by === "host" ? sum(upIn) : Math.max(this.#up.size, most(upIn)),
			missing,
			isComplete,
			warnings: this.#warnings(missing)
		});
		return this.#absent.correct(summary);
	}
	#warnings(ports) {
		const { count, first } = this.#missing;
		const shards = this.#shards;
		const name = (index) => `${index}/${shards[0].share.count}`;
		const unfinished = shards.filter(({ remedy }) => remedy !== void 0);
		const undecided = ports === 0 ? "" : `: ${counted(ports, "port")} ${ports === 1 ? "is" : "are"} undecided`;
		const named = (indices, all, what) => `${all === 1 ? "Shard" : "Shards"} ${indices.map(name).join(", ")}${all > indices.length ? ` and ${grouped(all - indices.length)} more` : ""} ${all === 1 ? "is" : "are"} ${what}`;
		const texts = [...count === 0 ? [] : [named(first, count, "missing")], ...unfinished.length === 0 ? [] : [named(unfinished.map(({ share }) => share.index), unfinished.length, "unfinished")]];
		return texts.length === 0 ? [] : [texts.join("; ") + undecided];
	}
};
function upIn({ summary }) {
	return summary.hostsUp;
}
function countedPorts(text) {
	return {
		text,
		count: text === "" ? 0 : parsePorts(text).size
	};
}

// src/cli/docs/completion.ts
var completion_exports = /* @__PURE__ */ __exportAll({ completionText: () => completionText });
const INTERFACES = "/sys/class/net";
function completionText(shell) {
	switch (shell) {
		case "bash": return bashText();
		case "zsh": return zshText();
		case "fish": return fishText();
	}
}
function spellings(flag) {
	return [...flag.also, flag.name];
}
function takesFile({ takes }) {
	return takes === "FILE" || takes === "BASE";
}
function takesInterface({ name }) {
	return name === "--interface";
}
function quoted(text) {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
function bashText() {
	const cases = FLAGS.filter(({ takes }) => takes !== void 0).map((flag) => {
		const names = spellings(flag).join("|");
		if (takesFile(flag)) return `    ${names}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;\n`;
		if (takesInterface(flag)) return `    ${names}) mapfile -t COMPREPLY < <(compgen -W "$(command ls ${INTERFACES} 2>/dev/null)" -- "$cur") ;;\n`;
		if (flag.words === void 0) return `    ${names}) ;;\n`;
		const words = flag.words.join(" ");
		if (flag.takesList !== true) return `    ${names}) mapfile -t COMPREPLY < <(compgen -W ${quoted(words)} -- "$cur") ;;\n`;
		return `    ${names})
      [[ $cur == *,* ]] && before=\${cur%,*},
      compopt -o nospace
      mapfile -t COMPREPLY < <(compgen -P "$before" -W ${quoted(words)} -- "\${cur##*,}") ;;\n`;
	});
	const subcommands = SUBCOMMANDS.map((subcommand) => {
		const { name, words = [], takes } = subcommand;
		return `    ${name}) flags=${quoted(flagsOf(subcommand).flatMap(spellings).join(" "))} ${takes === "FILE" ? "files=yes" : `words=${quoted(words.join(" "))}`} ;;\n`;
	});
	return `# Completion of synscan for bash. Put it where bash-completion looks, for example in
# ~/.local/share/bash-completion/completions/synscan, or read it from ~/.bashrc.

_synscan() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} before= flags words= files=
  # bash breaks --name=value into three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case $flag in
${cases.join("")}    *)
      flags=${quoted(FLAGS.flatMap(spellings).join(" "))}
      if ((COMP_CWORD == 1)); then
        words=${quoted(SUBCOMMANDS.map(({ name }) => name).join(" "))}
      else
        _synscan_subcommand
      fi
      if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
      elif [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
      elif [[ -n $files ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi ;;
  esac
}

_synscan_subcommand() {
  case \${COMP_WORDS[1]} in
${subcommands.join("")}  esac
}

complete -F _synscan synscan
`;
}
function zshFlag(flag) {
	const names = spellings(flag);
	const takes = flag.takes === void 0 ? "" : `:${flag.takes}:${zshAction(flag)}`;
	const help = `[${flag.help.replace(/[\\\]]/g, "\\$&")}]${takes}`;
	const others = flag.repeats === true ? "*" : names.length > 1 ? `(${names.join(" ")})` : "";
	return names.map((name) => {
		const attached = flag.takes === void 0 ? "" : name.startsWith("--") ? "=" : name.length === 2 ? "+" : "";
		return `    ${quoted(`${others}${name}${attached}${help}`)} \\\n`;
	}).join("");
}
function zshAction(flag) {
	if (takesFile(flag)) return "_files";
	if (takesInterface(flag)) return "_net_interfaces";
	if (flag.words === void 0) return " ";
	const words = flag.words.join(" ");
	return flag.takesList === true ? `_values -s , ${flag.takes} ${words}` : `(${words})`;
}
function zshText() {
	const names = SUBCOMMANDS.map(({ name }) => name);
	const functions = SUBCOMMANDS.map((subcommand) => {
		const operand = zshOperand(subcommand);
		return `_synscan_${subcommand.name}() {
  _arguments -S \\
${operand === "" ? "" : `    ${quoted(operand)} \\\n`}${flagsOf(subcommand).map(zshFlag).join("").replace(/ \\\n$/, "\n")}}\n`;
	});
	const described = SUBCOMMANDS.map(({ name, help }) => `    ${quoted(`${name}:${help.replaceAll(":", "\\:")}`)}\n`);
	return `#compdef synscan
# Completion of synscan for zsh. Put it as _synscan into a directory of $fpath, or read it after compinit.

_synscan() {
  if ((CURRENT > 2)); then
    case $words[2] in
      (${names.join("|")})
        shift words
        ((CURRENT--))
        _synscan_$words[1]
        return ;;
    esac
  fi
  _arguments -S \\
${FLAGS.map(zshFlag).join("")}    '1:target:_synscan_first' \\
    '*:target:_hosts'
}

_synscan_first() {
  local -a subcommands=(
${described.join("")}  )
  _describe -t subcommands subcommand subcommands
  _hosts
}

${functions.join("\n")}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _synscan "$@"
else
  compdef _synscan synscan
fi
`;
}
function zshOperand({ takes, words, operands }) {
	if (operands.most === 0) return "";
	const action = words !== void 0 ? `(${words.join(" ")})` : takes === "FILE" ? "_files" : " ";
	return `*:${takes.replaceAll(":", "\\:")}:${action}`;
}
function fishFlag(flag) {
	return `${spellings(flag).map((name) => name.startsWith("--") ? `-l ${name.slice(2)}` : name.length === 2 ? `-s ${name.slice(1)}` : `-o ${name.slice(1)}`).join(" ")}${fishValue(flag)} -d ${fishQuoted(flag.help)}`;
}
function fishValue(flag) {
	if (flag.takes === void 0) return "";
	if (takesFile(flag)) return " -r -F";
	if (takesInterface(flag)) return ` -x -a '(command ls ${INTERFACES} 2>/dev/null)'`;
	if (flag.words === void 0) return " -x";
	const words = flag.words.join(" ");
	return flag.takesList === true ? ` -x -a '(__fish_append , ${words})'` : ` -x -a ${fishQuoted(words)}`;
}
function fishQuoted(text) {
	return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
function fishText() {
	const ofSubcommands = SUBCOMMANDS.flatMap((subcommand) => {
		const { name, help, words, takes } = subcommand;
		const when = `-n '__synscan_does ${name}'`;
		return [
			`complete -c synscan -n '__synscan_does nothing' -a ${name} -d ${fishQuoted(help)}`,
			...words === void 0 ? [] : [`complete -c synscan ${when} -a ${fishQuoted(words.join(" "))}`],
			...takes === "FILE" ? [`complete -c synscan ${when} -F`] : [],
			...flagsOf(subcommand).map((flag) => `complete -c synscan ${when} ${fishFlag(flag)}`)
		];
	});
	const ofScans = FLAGS.map((flag) => `complete -c synscan -n '__synscan_does scan' ${fishFlag(flag)}`);
	return `# Completion of synscan for fish. Put it where fish looks, for example in ~/.config/fish/completions/synscan.fish

# Succeeds if the command line so far is a subcommand's, is empty (nothing), or is a scan (an empty one is too).
function __synscan_does
    set -l words (commandline -opc)
    if contains -- "$words[2]" ${SUBCOMMANDS.map(({ name }) => name).join(" ")}
        test "$words[2]" = $argv[1]
    else
        test $argv[1] = scan; or test $argv[1] = nothing -a (count $words) -eq 1
    end
end

complete -c synscan -f
complete -c synscan -n '__synscan_does scan' -a '(__fish_print_hostnames)'
${[...ofSubcommands, ...ofScans].join("\n")}
`;
}

// src/cli/docs/man.ts
var man_exports = /* @__PURE__ */ __exportAll({ manText: () => manText });
const DESCRIPTION = [
	"synscan sends a TCP SYN to each port of each target and reports which are open, closed or filtered, the reason, and the loss and reliability of the scan. Without the right to send raw packets it makes a connect scan instead.",
	TARGET_HELP,
	SCAN_ONLY
];
const ENVIRONMENT = [["XDG_CONFIG_HOME", "The directory of synscan/config.json, instead of ~/.config."], ["NO_COLOR", "If set, output has no colour."]];
async function manText() {
	const topics = await Promise.all(TOPICS.map(async ({ title, load }) => ({
		title,
		blocks: (await load()).BLOCKS
	})));
	return [
		`.TH SYNSCAN 1 ${RELEASED} "synscan ${VERSION}" "User Commands"\n`,
		".nh\n.ad l\n",
		section("NAME", `synscan \\- ${roff(TITLE)}\n`),
		section("SYNOPSIS", `.B synscan\n[\\fIFLAGS\\fR] \\fITARGET\\fR...\n` + SUBCOMMANDS.map((each) => {
			const takes = each.takes === "" ? "" : ` \\fI${roff(each.takes)}\\fR`;
			return `.br\n.B synscan ${roff(each.name)}\n${takes === "" ? "" : `${takes.trim()}\n`}`;
		}).join("")),
		section("DESCRIPTION", DESCRIPTION.map((text) => `${roff(text)}\n`).join(".PP\n")),
		section("OPTIONS", GROUPS.map(groupText).join("")),
		section("SUBCOMMANDS", `${roff("A subcommand is the first argument: synscan -- man scans a host of that name.")}\n` + SUBCOMMANDS.map(({ name, takes, help, more }) => entry(`\\fB${roff(name)}\\fR${takes === "" ? "" : ` \\fI${roff(takes)}\\fR`}`, sentences([help, more]))).join("")),
		...topics.map(({ title, blocks }) => section(title.toUpperCase(), blocksText(blocks))),
		section("ENVIRONMENT", ENVIRONMENT.map(([name, does]) => entry(bold([name]), does)).join("")),
		section("FILES", entry("\\fI\\(ti/.config/synscan/config.json\\fR", "The user's configuration: see --config.")),
		section("EXAMPLES", EXAMPLES.map(([line, does]) => entry(bold([`synscan ${line}`]), `${does}.`)).join("")),
		section("SEE ALSO", ".BR nmap (1)\n")
	].join("");
}
function section(title, text) {
	return `.SH ${title.includes(" ") ? `"${title}"` : title}\n${text}`;
}
function blocksText(blocks) {
	return blocks.map((block, at) => {
		const before = blocks[at - 1];
		const begin = before === void 0 || typeof before === "object" && "heading" in before ? "" : ".PP\n";
		if (typeof block === "string") return `${begin}${roff(plain(block))}\n`;
		if ("heading" in block) return `.SS "${roff(block.heading)}"\n`;
		if ("code" in block) return `${begin}.nf\n${block.code.map((line) => `${roff(line)}\n`).join("")}.fi\n`;
		if ("flags" in block) return `${begin}${roff(`Flags: see ${block.flags} under OPTIONS.`)}\n`;
		return block.rows.map(([name, text]) => entry(bold([name].flat()), plain(text))).join("");
	}).join("");
}
function groupText(group) {
	return `.SS "${group}"\n${FLAGS.filter((flag) => flag.group === group).map(flagText).join("")}`;
}
function flagText(flag) {
	const value = flag.takes === void 0 ? "" : ` \\fI${roff(flag.takes)}\\fR`;
	const byDefault = flag.byDefault === void 0 ? void 0 : `Default: ${flag.byDefault}`;
	return entry(bold([...flag.also, flag.name]) + value, sentences([
		flag.help,
		flag.more,
		byDefault
	]));
}
function sentences(texts) {
	return texts.filter((text) => text !== void 0).map((text) => `${text}.`).join(" ");
}
function bold(words) {
	return words.map((word) => `\\fB${roff(word)}\\fR`).join(", ");
}
function entry(tag, text) {
	return `.TP\n${tag}\n${roff(text)}\n`;
}
const ESCAPES = {
	"\\": "\\e",
	"-": "\\-",
	"'": "\\(aq",
	"`": "\\(ga",
	"~": "\\(ti",
	"^": "\\(ha"
};
function roff(text) {
	return text.replace(/[\\'`~^-]/g, (letter) => ESCAPES[letter] ?? letter).replace(/^\./, "\\&.");
}

// src/cli/docs/topics/cluster.ts
var cluster_exports = /* @__PURE__ */ __exportAll({
	BLOCKS: () => BLOCKS$18,
	KUBERNETES_JOB: () => KUBERNETES_JOB,
	SLURM_JOB: () => SLURM_JOB
});
const SLURM_JOB = [
	"#!/bin/bash",
	"#SBATCH --job-name=synscan",
	"#SBATCH --array=0-7",
	"#SBATCH --cpus-per-task=2",
	"#SBATCH --requeue",
	"#SBATCH --output=synscan-%a.log",
	"exec synscan --shard auto --seed 7 -q -oJ found-%i.json -iL targets.txt"
];
const KUBERNETES_JOB = [
	"apiVersion: batch/v1",
	"kind: Job",
	"metadata: {name: synscan}",
	"spec:",
	"  completions: 8",
	"  parallelism: 8",
	"  completionMode: Indexed",
	"  backoffLimit: 16",
	"  template:",
	"    spec:",
	"      restartPolicy: OnFailure",
	"      containers:",
	"        - name: synscan",
	"          image: synscan",
	"          args: [--shard, auto, --seed, \"7\", -q, -oJ, /out/found-%i.json, 192.0.2.0/24]",
	"          env: [{name: SYNSCAN_SHARDS, value: \"8\"}]",
	"          securityContext: {capabilities: {add: [NET_RAW]}}",
	"          volumeMounts: [{name: out, mountPath: /out}]",
	"      volumes:",
	"        - name: out",
	"          persistentVolumeClaim: {claimName: synscan}"
];
const BLOCKS$18 = [
	"Each of several machines scans one shard: --shard I/N with the same targets, ports, options and --seed everywhere. Where hosts are discovered first, a host with all its ports is in one shard; otherwise the ports of a host are divided too. Each probe is in exactly one shard. --max-rate holds for each machine.",
	"--shard auto takes I and N from the environment of a job, which needs --allow-env: from a Slurm array with any first index and step, or from the index of a Kubernetes Indexed Job or the sequence number of GNU parallel; these two need the number of shards in SYNSCAN_SHARDS. %i in the names of reports is the number of the shard.",
	{ heading: "Slurm: sbatch scan.sh" },
	{ code: SLURM_JOB },
	{ heading: "Kubernetes: kubectl apply -f scan.yaml" },
	{ code: KUBERNETES_JOB },
	{ heading: "GNU parallel" },
	{ code: ["SYNSCAN_SHARDS=8 parallel -n0 synscan --shard auto --seed 7 -q -oJ found-%i.json 192.0.2.0/24 ::: {1..8}"] },
	{ heading: "Afterwards" },
	{ code: ["synscan merge found-*.json -oX found.xml --db history.db"] },
	"synscan merge checks that the files are shards of one scan, each once and whole, and names those that are missing, each with its command. To scan one shard again, use that command or --shard I/N: an array of one task is a scan of its own. A task that was killed leaves a file without a summary, which is refused; scan its shard again, or with --checkpoint, resume it. merge also takes the checkpoint of a shard that is not finished."
];

// src/cli/docs/topics/configuration.ts
var configuration_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$17 });
const BLOCKS$17 = [
	"Defaults for every scan are read from ~/.config/synscan/config.json (or below XDG_CONFIG_HOME), or from the file of --config: a JSON object whose keys are the long names of flags.",
	{ code: ["{ \"timing\": 4, \"reason\": true, \"exclude\": [\"192.0.2.1\", \"192.0.2.128/25\"], \"max-rate\": \"10k\" }"] },
	"The command line wins: a flag that is typed replaces the configured one, and those that contradict it; --reason=false undoes a configured one. Only exclusions add up. An unknown or repeated key is refused. --print-config prints the options in effect, as a configuration; --no-config reads none. Configured reports are those of scans: synscan show writes only what is typed.",
	"The usual file is read only if Deno may read it without a prompt (--allow-read and --allow-env=HOME,XDG_CONFIG_HOME). If it exists and cannot be read, no scan starts, because it may hold exclusions: grant these rights, or use --no-config.",
	{ flags: "Other" }
];

// src/cli/docs/topics/exit.ts
var exit_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$16 });
const BLOCKS$16 = [
	{ rows: EXIT_MEANINGS.map(([status, meaning]) => [`${status}`, `${meaning}.`]) },
	"If standard output is closed (synscan ... | head), the scan ends with status 0.",
	"synscan diff: 0 no difference, 1 differences, 2 trouble, including a closed standard output."
];

// src/cli/docs/history_queries.ts
const HISTORY_QUERIES = [
	{
		title: "Open ports of the last scan",
		sql: `SELECT ip, port, proto, service, names FROM port
WHERE scan = (SELECT max(id) FROM scan WHERE ended IS NOT NULL) AND state = 'open'
ORDER BY number, port`
	},
	{
		title: "Ports that were ever open, with the first and the last time",
		sql: `SELECT ip, port, proto, datetime(min(seen_ms) / 1000, 'unixepoch') AS first,
  datetime(max(seen_ms) / 1000, 'unixepoch') AS last
FROM port WHERE state = 'open' GROUP BY number, proto, port`
	},
	{
		title: "Products and versions that service detection (-sV) found last at each port",
		sql: `SELECT ip, port, proto, service, product, version, cpe, datetime(max(seen_ms) / 1000, 'unixepoch') AS seen
FROM version GROUP BY number, proto, port`
	},
	{
		title: "Ports that opened or closed, each time",
		sql: `SELECT ip, port, proto, before, state, datetime(seen_ms / 1000, 'unixepoch') AS at, scan
FROM port_change WHERE before IS NOT NULL`
	},
	{
		title: "Hosts that did not reply since a date",
		sql: `SELECT ip, name, datetime(last_seen_ms / 1000, 'unixepoch') AS last
FROM host WHERE last_seen_ms < unixepoch('2026-11-21 04:30:00') * 1000 ORDER BY number`
	},
	{
		title: "Hardware addresses that hosts on own links had, with the last time",
		sql: `SELECT ip, mac, datetime(max(started_ms) / 1000, 'unixepoch') AS last
FROM mac JOIN scan ON scan.id = mac.scan GROUP BY number, mac ORDER BY number`
	},
	{
		title: "All other ports of the last scan, as ranges",
		sql: `SELECT ip, hosts, state, reason, ports FROM port_range
WHERE scan = (SELECT max(id) FROM scan WHERE ended IS NOT NULL) ORDER BY number, state`
	}
];

// src/cli/docs/topics/history.ts
var history_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$15 });
const BLOCKS$15 = [
	"With --db FILE a scan is recorded in an SQLite database that later scans add to:",
	{ rows: [
		["synscan --db scans.db 192.0.2.0/24", "Scans, and records the scan."],
		["synscan history --db scans.db", "Lists the scans."],
		["synscan diff --db scans.db", "Prints the changes since the previous scan; status 1 if there are any."],
		["synscan show 1 --db scans.db -oH r.html", "Writes an earlier scan in any format."],
		["synscan --db scans.db --changed 192.0.2.0/24", "Scans, and reports only what is new."],
		["synscan --db scans.db -sT @last:open", "Scans the ports that the last scan found open."]
	] },
	"The key \"db\" of the configuration replaces the flag. Two scans can write to one history at the same time, and the results of a scan that is killed are in it. A scan that is continued by synscan resume is recorded as one scan.",
	"synscan diff and --changed compare with the last scan of the same targets that decided every port; a scan that was interrupted, or could not decide a port, is skipped if there is a complete one.",
	"The tables are plain, and their columns are named as in JSON: scan has a row per scan, host one per host that ever replied, port one per scan and port that is open or was open in an earlier scan, and port_range one per scan, host, state and reason for all other ports. Neighbouring hosts without replies share a row of port_range: so many hosts from ip on. Of -sn it has the hosts: port 0 of the protocol host, in the state up, absent or silent. The column number sorts addresses. Times (_ms) are in milliseconds since 1970. Queries for sqlite3 scans.db:",
	...HISTORY_QUERIES.flatMap(({ title, sql }) => [{ heading: title }, { code: `${sql};`.split("\n") }])
];

// src/cli/docs/topics/hosts.ts
var hosts_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$14 });
const BLOCKS$14 = [
	"With raw sockets, hosts on own links are asked by ARP first, those of IPv6 by neighbor solicitations (ND) in the same way. One that replies is up, and its hardware address is reported; one that does not reply to any of several requests is absent, and none of its ports is probed. The requests are synscan's own: the kernel's table of neighbours stays as it is. Addresses of this machine need no request.",
	"A station that replies for an address that no host has replies for every address (a router with proxy ARP, a program behind a tap interface). Its replies prove nothing: the hosts that it replies for are undecided (proxy-arp), and their ports are probed. An address that two stations reply for has a note.",
	"Beyond own links a missing reply proves nothing, so every port is probed, until a router reports that it has looked for the host in vain (synscan help reliability). With a flag for a ping (-PE, -PP, -PM, -PS, -PA, -PU), hosts there are pinged first, and those that reply to none of them are silent: their ports are not probed.",
	"-PU sends datagrams with the requests of the UDP scan. A reply, or an error of the host itself that the port is unreachable, shows that it is up: the default port is one that no service has.",
	{ rows: [
		["up", "The host has replied."],
		["absent", "It does not reply to ARP or ND on its link, or its router reports that it finds no such host."],
		["silent", "It replies to no ping, which proves nothing."],
		["undecided", "It was not probed, or the link failed meanwhile."]
	] },
	"The addresses of an IPv6 link are too many to try. -sn -e eth0 without targets finds its hosts: echo requests, and packets with an option that every host has to report as unknown, go to all nodes (ff02::1), from a link-local address and one of each own prefix. The addresses that reply are then asked by ND. As multicast reaches every host, exclusions rule it out: then only neighbors that the kernel knows already are asked, with a note.",
	"-sn probes hosts alone, and -Pn every port of every host, but for hosts of own links that do not reply to ARP or ND: to these nothing can be sent, with --disable-arp-ping neither. Their ports are filtered (no-arp-response), and the table counts the address alone. A connect scan (-sT) finds hosts first only with -sn or a flag for that.",
	"Without the right to open raw sockets, -PE sends echo requests through ping sockets, where the sysctl net.ipv4.ping_group_range, which is for both address families, has one of the user's groups, -PU sends from UDP sockets, and -PS and -PA open connections: one that is accepted or refused shows a host. -sn then pings by echo and by connections to ports 80 and 443, and the kernel's own ARP or ND shows absent hosts. -PP, -PM and -PR are refused.",
	{ flags: "Hosts" }
];

// src/cli/docs/topics/internals.ts
var internals_exports = /* @__PURE__ */ __exportAll({
	BLOCKS: () => BLOCKS$13,
	PROBE_STEPS: () => PROBE_STEPS,
	REPLY_STEPS: () => REPLY_STEPS
});
const PROBE_STEPS = [
	[
		"mod.ts",
		"run",
		"Loads the program and passes the library to it."
	],
	[
		"src/cli/main.ts",
		"main",
		"Runs the program; every error becomes one line and an exit status."
	],
	[
		"src/cli/args/parse.ts",
		"readArguments",
		"Splits argv into flags and operands by the declarations in flags.ts."
	],
	[
		"src/cli/args/config.ts",
		"configFor",
		"Reads the configuration; its flags precede the typed ones."
	],
	[
		"src/cli/args/parse.ts",
		"parseCommandLine",
		"Checks contradictions and sets the options of the scan."
	],
	[
		"src/cli/inputs.ts",
		"scanOptions",
		"Reads target lists, exclusions and ports from files."
	],
	[
		"src/cli/commands/scan.ts",
		"Session",
		"Opens the reports, then calls scan() of the library."
	],
	[
		"src/scan/running_scan.ts",
		"RunningScan",
		"Runs the scan: plan, route, workers, summary."
	],
	[
		"src/scan/plan.ts",
		"planTargets",
		"Parses targets and ports, resolves names, subtracts exclusions."
	],
	[
		"src/target/space.ts",
		"ProbeSpace",
		"Numbers the (host, port) pairs of the scan from 0 on, common ports (port_tiers.ts) first."
	],
	[
		"src/transport/target_routes.ts",
		"findRoutePlan",
		"Finds interfaces, source addresses and next hops of all targets."
	],
	[
		"src/scan/pool.ts",
		"runPool",
		"Divides the scan among workers, and drops privileges once all sockets are open."
	],
	[
		"src/scan/worker_run.ts",
		"runWorker",
		"Opens the sockets of one worker and runs its passes, an engine for each."
	],
	[
		"src/engine/loop.ts",
		"run",
		"Calls the engine's step, waits for packets or timers, yields to the event loop."
	],
	[
		"src/engine/engine.ts",
		"step",
		"One tick: receive, expire, refill, send, flush."
	],
	[
		"src/engine/refill.ts",
		"Refill",
		"Takes the next position of the order while there is room in the probe table."
	],
	[
		"src/order/permutation.ts",
		"Permutation",
		"Maps the position to a pseudorandom index of its tier (shard.ts), each exactly once."
	],
	[
		"src/scan/probe_source.ts",
		"ShardProbeSource",
		"Maps the index to host and port."
	],
	[
		"src/engine/probe_table.ts",
		"ProbeTable",
		"Holds the probe in a slot of typed arrays until it has a result."
	],
	[
		"src/engine/probe_sender.ts",
		"ProbeSender",
		"Computes token and timeout, sends the probe, starts its timer."
	],
	[
		"src/engine/token.ts",
		"Correlator",
		"Seals slot, host, port and attempt into the 32-bit sequence number."
	],
	[
		"src/driver/packet_driver.ts",
		"send",
		"Reserves a send slot; the attempt chooses the source port."
	],
	[
		"src/technique/tcp_probe.ts",
		"write",
		"Completes the prepared IPv4 and TCP header in the slot, with checksums."
	],
	[
		"src/transport/send_queue.ts",
		"SendQueue",
		"Collects committed slots; a flush passes them to the sender, or to a thread (send_thread.ts)."
	],
	[
		"ffi/message_batch.ts",
		"SendBatch",
		"Calls sendmmsg(2); the kernel puts the packets on the wire."
	]
];
const REPLY_STEPS = [
	[
		"src/technique/reply_filter.ts",
		"replyFilter",
		"In the kernel, passes only replies to the scan's ports and ICMP errors."
	],
	[
		"ffi/packet_ring.ts",
		"PacketRing",
		"Maps the TPACKET_V3 ring in which the kernel stores packets with timestamps."
	],
	[
		"src/transport/ring_receiver.ts",
		"RingReceiver",
		"Reads a bounded number of packets of the ring."
	],
	[
		"src/driver/packet_driver.ts",
		"drain",
		"Is called first in every tick, and passes each packet on."
	],
	[
		"src/technique/tcp_technique.ts",
		"parse",
		"Checks lengths and checksums, and reads addresses, ports and numbers."
	],
	[
		"src/driver/packet_driver.ts",
		"packet",
		"Checks port and sender; counts other packets as unmatched."
	],
	[
		"src/target/address_book.ts",
		"find",
		"Returns the host number of the address; the engine knows no addresses."
	],
	[
		"src/engine/replies.ts",
		"onReply",
		"Matches the reply to a probe; late or forged ones change nothing else."
	],
	[
		"src/engine/token.ts",
		"open",
		"Opens the acknowledged number into the slot that sent it."
	],
	[
		"src/engine/matched_replies.ts",
		"take",
		"Finds the attempt, the round trip, and what the reply shows of the host."
	],
	[
		"src/result/outcome.ts",
		"stateIn",
		"Looks up the state of the reply's reason in the technique's table."
	],
	[
		"src/engine/loss_account.ts",
		"measure",
		"Updates the round trip, from which timeouts follow (RFC 6298), and the loss."
	],
	[
		"src/engine/results.ts",
		"decide",
		"Decides the port, releases the slot and its timer, and emits the result."
	],
	[
		"src/result/batch.ts",
		"ResultBatcher",
		"Writes the result into a row of 24 bytes, and emits batches."
	],
	[
		"src/driver/owed_packets.ts",
		"OwedPackets",
		"Queues the RST that a genuine SYN-ACK is owed, for the next flush."
	],
	[
		"src/engine/silence_policy.ts",
		"expire",
		"Without a reply: retransmits or decides, when the timer expires."
	],
	[
		"src/engine/refusal_checks.ts",
		"take",
		"Once all else is decided: probes some of the ports again that ICMP errors have decided."
	],
	[
		"src/scan/pool.ts",
		"runPool",
		"Passes batches of other threads to the thread of the scan."
	],
	[
		"src/scan/result_queue.ts",
		"ResultQueue",
		"Queues the batch until the reader asks for it."
	],
	[
		"src/result/rows.ts",
		"ResultRows",
		"Reads rows through one reusable cursor, with text for addresses and states."
	],
	[
		"src/cli/events.ts",
		"events",
		"Merges batches, snapshots and the end of the scan into one order."
	],
	[
		"src/cli/result_reporter.ts",
		"report",
		"Filters the batch; passes it to the history, all reports and the journal."
	],
	[
		"src/report/json.ts",
		"results",
		"Writes each result as a line of JSON, by the fields of fields.ts."
	],
	[
		"src/cli/report.ts",
		"Report",
		"Writes the text to standard output or the file, with what would end it."
	]
];
const rowsOf$1 = (steps) => ({ rows: steps.map(([file, name, text], at) => [`${at + 1}`, `${file}, ${name}: ${text}`]) });
const BLOCKS$13 = [
	"The path of one probe of a SYN scan, and of its reply. Imports go downwards only: cli, store and report, scan, engine, driver, technique and transport, wire, ffi.",
	{ heading: "From argv to the wire" },
	rowsOf$1(PROBE_STEPS),
	{ heading: "From the wire to JSON" },
	rowsOf$1(REPLY_STEPS)
];

// src/cli/dry_run.ts
var dry_run_exports$1 = /* @__PURE__ */ __exportAll({ dryRun: () => dryRun });
const TARGET_FIELDS = [["ip", "An address that would be probed"], ["ports", "Its ports that would be probed, written as for `-p`; empty with `-sn`"]];
async function dryRun(line, scanner, system) {
	new FileCheck(line, system).before();
	const plan = await scanner.planScan(await scanOptions(line, scanner, system));
	for (const warning of plan.warnings) system.writeStderr(`${printable(warning)}\n`);
	const json = line.outputs.some(({ format }) => format === "json");
	const sink = stdoutSink(system);
	let text = "";
	for (const { ip, ports } of plan.entries()) {
		text += json ? `${JSON.stringify({
			type: "target",
			ip,
			ports
		})}\n` : `${ip}${ports === "" ? "" : `: ${ports}`}\n`;
		if (text.length > 65536) {
			await sink.add(text, "");
			text = "";
		}
	}
	const { hosts, probes, portsOfEach, technique } = plan;
	const total = `Would ${portsOfEach === 0 ? `ping ${counted(hosts, "host")}` : `probe ${probedText(hosts, probes / techniquesOfPort(passesIn(technique)), portsOfEach)} (${technique})`}; nothing was sent\n`;
	if (!line.quiet) {
		if (json) system.writeStderr(total);
		else text += total;
	}
	await sink.add(text, "");
	return EXIT.done;
}

// src/cli/docs/topics/json.ts
var json_exports = /* @__PURE__ */ __exportAll({ BLOCKS: (() => BLOCKS$12) });
const rowsOf = (fields) => ({ rows: fields.map(({ name, doc }) => [name, doc]) });
const BLOCKS$12 = [
	"With --json or -oJ FILE every line is a JSON object whose type states what it is. Readers should skip types and fields that they do not know; the schema in the first line changes if a reader could be misled.",
	{ heading: "port, as each port is decided" },
	rowsOf(FIELDS),
	`A field that is not known is null; ${FIELDS.filter(({ sparse }) => sparse).map(({ name }) => name).join(", ")} are left out instead. With --changed, was is the state in the previous scan, if known.`,
	"Round trips are taken from the kernel's timestamps of probe and reply. In a fast scan the first 1,536 probes and a sample of the others have a transmit timestamp of their own; the rest get their share of the time of a system call that sends up to 32 packets, which bounds the error. -sT reports the kernel's measurement of the handshake (TCP_INFO), and none for a refused connection.",
	"If a scan ends early, ports that were not probed are reported as well if they are at most 65,536; more are only counted, in the summary's undecided.",
	...JSON_EVENTS.flatMap(({ type, when, fields }) => [{ heading: `${type}, ${when.replaceAll("`", "")}` }, rowsOf(fields)]),
	{ heading: "target, the only type with --dry-run: one line for each host" },
	rowsOf(TARGET_FIELDS.map(([name, doc]) => ({
		name,
		doc
	}))),
	{ heading: "target, with -sL: one line for each address" },
	rowsOf(LISTED_FIELDS.map(([name, doc]) => ({
		name,
		doc
	}))),
	`The last line is a summary with ${LIST_SUMMARY_FIELDS.join(", ")}; trusted is false if names are missing.`
];

// src/cli/docs/topics/keys.ts
var keys_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$11 });
const SIGNALS = [
	["SIGINT, SIGTERM, SIGHUP", "End the scan; what is known is printed. A second one ends the program at once."],
	["SIGQUIT", "Ends the program at once; results that were not printed yet are lost."],
	["SIGUSR2", "Prints the status of the scan on standard error."],
	["SIGTSTP (Ctrl-Z)", "Stops the scan until fg continues it."]
];
const BLOCKS$11 = [
	"On a terminal, one line shows progress, remaining time, open ports, rate and loss while a scan runs. Keys work if standard input, output and error are the terminal:",
	{ rows: KEYS.map(([keys, does]) => [keys.length === 0 ? "any other" : keys.join(" "), does]) },
	{ heading: "Signals" },
	{ rows: SIGNALS },
	"A signal that is ignored when the scan starts (nohup ignores SIGHUP) stays ignored. SIGUSR1, by which Deno opens its debugger, is ignored during a scan.",
	"--stats-every TIME prints the status repeatedly, without a terminal too. --no-progress leaves the progress line out, for example for a screen reader, and so does TERM=dumb; --no-keys does not read the keyboard."
];

// src/cli/docs/topics/library.ts
var library_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$10 });
const BLOCKS$10 = [
	"mod.ts exports scan(options, control). It can be imported by a relative or an absolute path, also from another project; importing it opens nothing:",
	{ code: [
		"import { scan } from \"/path/to/synscan/mod.ts\";",
		"",
		"const running = scan({ targets: \"127.0.0.1\", ports: \"22,80\" });",
		"for await (const { ip, port, state, reason } of running) {",
		"  console.log(ip, port, state, reason);",
		"}",
		"const { elapsedMs, trusted } = await running.summary;"
	] },
	{ rows: [
		["for await (... of running)", "Results one by one. Leaving the loop ends the scan."],
		["running.batches()", "The same results in batches read through a cursor; toResult(cursor) copies one."],
		["running.plan", "A promise of what was decided before the first probe."],
		["running.summary", "A promise of the summary; it can be awaited alone if no results are needed."],
		["running.progress()", "The status of the scan."],
		["running.setMaxRate(pps)", "Changes the upper bound of the rate."],
		["running.setOnPacket(f)", "Passes each packet, as text, to a function."],
		["planScan(options)", "What would be probed; sends nothing."]
	] },
	"The second argument of scan can hold an AbortSignal, which ends the scan. Options that make no sense reject with a UsageError, and what cannot be done on this machine with a CannotScanError.",
	"A library does not change the user or the rights of its process unless dropPrivileges is given: true drops them as the program does (help permissions), for the user who called sudo; { uid, gid, name } names another user. Afterwards the process can neither run programs nor listen on ports.",
	"deno doc mod.ts prints every export with an example."
];

// src/cli/docs/topics/output.ts
var output_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$9 });
const BLOCKS$9 = [
	"The table goes to standard output, everything else (warnings, progress, -v) to standard error. Every format can go to a file by a flag of its own, and to standard output with - as file name. Several reports can be written at once; -oA BASE writes five.",
	{ rows: [
		["-oN", "The table. First and last lines are nmap's; the last one only if the scan finished."],
		["-oX", "nmap's XML. Undecided ports are counted (extraports in the state unknown) and never listed."],
		["-oG", "nmap's grepable format."],
		["-oJ, --json", "JSON lines: one object for each port as it is decided, then hosts and a summary (help json)."],
		["-oC", "Comma-separated values: one line for each port, with the fields of --fields, those from service_by on with -sV only: service_by is table, or empty, where service is only the one usually found at the port."],
		["-oL", "masscan's list of open ports."],
		["-oI, --ip-port", "Open ports as ip:port lines, for other programs; those of UDP as ip:U:port, which -iL reads with -sU alone."],
		["-oH", "A report for browsers in one file: search, sort, copy; it loads nothing."]
	] },
	"nmap's formats are tested with ndiff, python-libnmap, python3-nmap, Nmap::Parser, node-nmap and brutespray, on finished, interrupted, suspect and silent scans. Ports have the names that nmap reports (143 is imap, 8080 http-proxy), independent of /etc/services.",
	"With -sV, nmap's XML has at most one script element for a port, the first of these that is known: ssl-cert, ssh-hostkey, http-title, and banner where the service was not identified. JSON has all of them. ndiff of Debian fails where a port has two scripts, also in nmap's own files; it fails as well where a script's output is all that differs, such as a new certificate: use synscan diff then.",
	"A scan of several techniques has a state of each port for each of them. The table, JSON, CSV and HTML name the technique beside it. nmap's XML and grepable format have room for one state: that of the strongest reply (SYN-ACK, then RST, then ICMP error), and all of them in extrainfo, or in a comment. -oL and -oI list an open port once.",
	"A host is up if it replied to a probe or to ARP, and down if it did not and its own link has no such address (no-arp-response). As with nmap -Pn, a host without any reply is listed as up (user-set) in nmap's formats if its ports are listed; it does not count as up in their totals, as nothing shows that it exists.",
	"nmap's XML and grepable format list a host that is down (Down), and one that discovery did not find (Unknown), as nmap does with -v: by them, synscan diff of two files shows which hosts went down.",
	"JSON, CSV, the lists and HTML hold each open port as soon as it is found. nmap's formats are ordered by host and written at the end; until then the file is renewed about every second with the results so far, marked as interrupted. Beyond 4,096 hosts or 50,000 listed ports it is written only at the end: use --checkpoint or -oJ for such scans.",
	"With -q, standard output holds only results; warnings and errors go to standard error. With --json, the last line of standard output has the warnings of the scan, and standard error does not repeat them.",
	"Before anything is opened, every file is identified by device and inode. A report that would overwrite a target list, an exclusion list, the configuration, the history, a checkpoint, another report or the file behind standard output or error is refused with status 1. A report can go to a FIFO; if its reader closes, the scan completes the other reports and ends with status 2.",
	{ flags: "Output" }
];

// src/cli/docs/topics/permissions.ts
var permissions_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$8 });
const BLOCKS$8 = [
	{ rows: [
		["--allow-ffi", "Every scan: sockets, routes and name resolution are the C library's."],
		["--allow-read", "-iL FILE, --exclude-file, --ports-file, the configuration, history, checkpoints, several workers, the DNS servers of /etc/resolv.conf."],
		["--allow-write", "Reports to files, history, checkpoints."],
		["--allow-env", "HOME and XDG_CONFIG_HOME, to find the configuration; the variables of a job, for --shard auto."],
		["root or CAP_NET_RAW", "SYN scans, ARP and pings by packets; CAP_NET_ADMIN additionally for --transport ethernet beside IPsec policies."]
	] },
	"With --allow-ffi alone nothing prompts: a flag that needs another right is refused with one line. Without the right to open raw sockets a connect scan is made (-sT), and -sU sends from UDP sockets. If -sS is required, use sudo; or sudo setcap cap_net_raw,cap_net_admin=ep synscan on the compiled program; or -sT.",
	{ heading: "Privileges that a scan drops" },
	"When the sockets of all workers are open, and before the first probe, every thread of the process permanently drops what the rest of the scan does not need, with -sT as with -sS. -v prints the result, and what the system refused.",
	{ rows: [
		["sudo synscan", "The process continues as the user who called sudo, with that user's groups."],
		["root", "The process continues as user 65534 without groups; if that user cannot replace the checkpoint or the history, as the owner of their directory, which may be root."],
		["file capabilities", "The process continues as the same user."]
	] },
	"No thread keeps a capability. no_new_privs is set, other processes of the same user cannot trace this one, and a seccomp filter denies (EPERM) to all threads: other programs, tracing, mounts, namespaces, kernel modules, BPF, keys, io_uring, raw and packet sockets, listening for connections, and typing into a terminal.",
	{ rows: [
		["reports", "Opened before the scan, with the rights of the user who called sudo or else of root, and written through that descriptor. A report under sudo belongs to the user; to write root's files, be root (sudo -i)."],
		["checkpoint, history", "Opened before the scan, with the rights of the user who continues and replaces them later. What that user cannot write is refused with status 2."],
		["input files", "Target lists, configuration and services are read before the scan, with the rights of the caller."]
	] },
	"As root, a report, checkpoint or history that is reached through a symbolic link is refused unless the link and its file belong to root or to the user who called sudo.",
	"What remains: open sockets can send and receive raw packets until the scan ends, and connections can be opened. If root's directory holds the checkpoint or the history, the process is still the owner of root's files. A connect scan with a source port below 1024 keeps CAP_NET_BIND_SERVICE, and before Linux 5.7 -sT -e keeps CAP_NET_RAW, in the thread that connects. A kernel without seccomp does not filter system calls, and a container without other users leaves the process its root, without capabilities."
];

// src/cli/docs/topics/ports.ts
var ports_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$7 });
const BLOCKS$7 = [
	"Without a flag, the 1,000 most useful TCP ports are scanned. A list of ports (-p) has commas between its items:",
	{ rows: [
		["-p 22,80", "Ports."],
		["-p 8000-8100", "A range; -p -1024 begins at 1, -p 60000- ends at 65535."],
		["-p-", "Every port but 0; -p 0-65535 includes it."],
		["-p http,ssh", "Names of services: those of the system's services file, then the built-in ones."],
		["-p T:80,U:53,161", "T: (TCP) or U: (UDP) before an item makes it and those behind it ports of that protocol."]
	] },
	"A target can have ports of its own, which replace those of -p: 192.0.2.7:22,80.",
	"The lists of most useful ports (--top-ports, -F and the default) are synscan's own and differ from nmap's, which are derived from nmap's data; give -p the exact list if you compare the two. The first 100 of them are probed before other ports, whatever ports are scanned (see synscan help technique).",
	"Ports of --exclude-ports are never probed.",
	{ flags: "Ports" }
];

// src/cli/docs/topics/reliability.ts
var reliability_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$6 });
const BLOCKS$6 = [
	"Probes without a reply are retransmitted. The number of attempts follows the loss that the scan measures (a reply to a later attempt proves that an earlier one was lost): a port is reported as filtered once less than half a wrong result is expected in the whole scan. The summary states the loss and the number of results that are expected to be wrong. If these are too many, the exit status is 3.",
	"A host that limits its rate of replies, as Linux and the BSDs do for RSTs, is detected and probed at a lower rate of its own.",
	"Faults of this machine, or of the link to the next router, are never reported as the state of a remote port. Probes that were not sent are retried for ten seconds; then their ports are undecided, the summary states why and how many, and the exit status is 3. A connect scan (-sT) depends on this machine's firewall in one more way: dropped replies look like silence, where a SYN scan reads replies before the firewall. A dropped connection is noticed after a second, so that -sT takes that long to call a port silent, unless a reply is not waited for as long (--max-rtt-timeout, -T5).",
	"An ICMP error may be gone a second later, as where a route flaps, and a firewall may reject no more than the probes beyond a rate. So of the ports of a host that errors with one reason have decided, up to 16 are probed again at the end, 1.1 s after the last error. If none of them gets another reply, all results stay. Else all of these ports are probed again, at the pace at which other replies came, until nothing changes: a new result replaces the one before. If that would take more than three minutes, the summary names the sender of the errors, and the exit status is 3. Pings that a router refuses are probed again alike. Of more than 512 hosts that are refused alike a part is checked first. With --max-retries 0, and in a UDP scan, errors are believed at once.",
	{ heading: "Many hosts beyond a gateway" },
	"If at least 16 hosts beyond a gateway are probed at 100 ports or more each, a first round sends every host an ICMP echo and a SYN to the three ports of the scan that are most often open. Then the other ports of hosts that replied are probed, and those of silent hosts last: with as many attempts as the measured loss demands, a single one where nothing is lost, since few of these hosts reply at all. No port is left out because a host is silent. -Pn sends no first round.",
	"If a router reports a host as unreachable 3 s after the first probe or later, and the host has not replied to anything, the router has looked for it in vain: the host is absent, is reported once, and no further port of it is probed. Results of its ports are held until then, for 262,144 ports at a time. At once a firewall may have sent the error: the port is filtered. Routers limit such errors, so that not every absent host is reported. With -Pn the ports of these hosts are probed and reported: filtered (host-unreach).",
	{ heading: "Hosts for which something else replies" },
	"If nearly every port of a host is open, three more ports are probed (control ports, never one of --exclude-ports). If these are open too, something else replies for the host, and the summary marks it as suspect. If nearly every port of every host is open, up to eight hosts are checked; if something replies for every address, the scan is not trusted (status 3). Open ports are listed nevertheless; only the table counts them if more than 100 are alike. A SYN-ACK with window 0 is a SYN proxy's and adds a note to the port. A host of which every UDP port replies is a udp-responder.",
	"Programs on this side of the path reply too: the user-mode network of a container (slirp4netns, pasta), tun2socks, a transparent proxy. If the TTL of a reply from beyond a gateway was not decremented, and packets go to a tun or tap interface or control ports are open, up to four hosts are sent a SYN with a TTL of 1, which no router forwards. If it is replied to, the replies are generated on this side (own-side): open means that the proxy could connect or did not try, closed may be any error, and the scan is not trusted. A virtual network that does not decrement the TTL looks alike if it is reached through a tun or tap interface. A single host for which a kernel seems to reply may be the far end of a tunnel, and only gets a note.",
	"Some devices on the path refuse connections by RSTs in the name of a host (rst-spoof). If at least two ports of a host reply to a single probe by RST and then by SYN-ACK, the host is marked as suspect. These ports are open, but others whose reply the device dropped would be reported as closed, so that the scan is not trusted. A different TTL of RSTs alone is no proof: ports that a router forwards look alike, and get a note.",
	"Firewalls and fail2ban may refuse everything once they have seen a scan, by RSTs or ICMP errors. Where replies of one kind have ended, a port of that kind is probed once more, and later, at ever longer intervals, again: after common ports, which come first, open ones usually end. If it is refused now (blocked), the host gets a note, and the scan is not trusted: closed and filtered may mean just that. Something may also refuse or drop what is beyond a rate, SYN-ACKs alone for example. So an open port of a host is probed once more after 32 and 512 of its other replies. If it is refused twice in a row (blocked), or stays silent twice while the host replies to other probes (limited), the scan is not trusted. A connect scan probes no port again that has replied.",
	"One machine may have every address of an IPv6 prefix, or reply to every neighbor solicitation for one. Where at least eight hosts of a prefix (/48, /64, /80, /96 or /112) are up, beyond a gateway or on an own link with one hardware address, 16 addresses chosen at random in it are probed after the ports, by what the hosts replied to; never one that is excluded. If at least 12 of them reply too, the prefix is aliased: its hosts are likely one machine. The table lists one host of it for each set of ports (-v lists all), other formats every host with a note, and the summary in JSON the prefixes (aliased). Without raw sockets, and once the program has dropped its rights, these addresses are probed by connections.",
	"Kernels limit their ICMP errors: Linux sends one address six at once, and then one a second over IPv4 and ten over IPv6. Silence of a UDP port counts only where an error could have been sent. Of TCP ports that a firewall refuses by ICMP errors, some are filtered (no-response) because of this, and others filtered (admin-prohibited): the state is the same.",
	{ heading: "Systems of hosts" },
	"A SYN-ACK shows which TCP/IP stack sent it: by the order of its options, MSS, window, window scale, TTL and the Don't Fragment bit. Reports name the family (OS guess, os in JSON) of hosts with this evidence, if the shape is that of one stack in a table: Linux, gVisor netstack, lwIP, LWIPv6, slirp and pasta. Other shapes get no guess; JSON has their evidence. If ports of one address are replied for by different stacks, as where some are forwarded, each is listed with some of its ports. A guess needs an open port, and a SYN with options (--syn-options windows, linux or bsd). It is made for the first 65,536 hosts of a worker."
];

// src/cli/docs/topics/resume.ts
var resume_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$5 });
const BLOCKS$5 = [
	"With --checkpoint FILE a scan that is interrupted, even by kill -9 or a power failure, can be resumed probe by probe:",
	{ code: ["synscan -p- --checkpoint scan.ck -oJ found.jsonl -oX found.xml 192.0.2.0/24", "synscan resume scan.ck"] },
	"The resumed scan has the options and reports of the first one. In the end the reports are those of one whole scan: nothing is missing or doubled, and the summary is of the whole. The checkpoint is replaced about twice a second and removed when the scan is done; a deadline leaves it. Without --checkpoint, Ctrl-C leaves a checkpoint in the current directory, or in /tmp if the user of the running scan cannot write there, and prints the command that resumes the scan.",
	"The checkpoint's size is bounded by the probes in flight and the hosts found. The results, 24 bytes each, and what SYN-ACKs show of their hosts are appended to FILE.journal, from which the reports are filled again. If you move one file, move both.",
	"Standard output cannot be taken back: the second part follows the first, and the last results before the interruption may be repeated. Names keep their addresses. If a target list was changed, or a report was modified, nothing is sent and no file is touched."
];

// src/cli/docs/topics/services.ts
var services_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$4 });
const BLOCKS$4 = [
	"-sV identifies the services of open ports while the scan continues: the protocol, and product and version where the server tells them. It opens connections by the kernel, needs no privilege, and works with -sS, -sT and -sU alike. A port is reported once it is identified, or given up.",
	"What the port's number suggests is sent first. Elsewhere a greeting is waited for, 300 ms or four round trips, and then a request of HTTP is sent on the same connection. Other probes follow, each on a connection of its own, two at a time at most: generic ones that servers of many protocols reply to, and then those for one protocol. A reply of text rules out binary probes, which some servers do not survive. If a port speaks TLS, the service inside is identified as well; certificates are read, and not checked.",
	{ rows: [
		["--version-intensity N", "The probes for ports that are not their usual ones: 0 sends none, 9 all; 7 by default."],
		["--version-light", "Intensity 2: what most servers reply to."],
		["--version-all", "Intensity 9, with more time for ports that stay silent."],
		["--allports", "Ports 9100 to 9107 too: printers print what they are sent there."]
	] },
	"Of UDP ports (-sU), the reply that the port scan has had is read first; most show the service, and many the version. Further requests are sent where that shows too little, such as the range of versions of an RPC program, and to ports that replied without showing what they are: those of the scan, four at a time, for 5 seconds at most. None changes anything, and none asks for a list.",
	"Product and version are those of a known server, with confidence 10. A server that is not known is named as it names itself in a Server header, a version line of SSH, or a greeting, with confidence 8.",
	"A port that stays silent takes about 5 seconds, in which other ports are identified. At most 1,024 connections are open at a time, to 128 ports of a host on an own link, and to 16 of a host beyond a gateway (-T4: 32, -T5: 64, -T0 to -T2: one in all); up to twice as many ports that have not replied to their first probes wait beside them. --max-rate bounds the connections too: each counts as two probes.",
	"Where nothing more is known of a port, a label states the reason:",
	{ rows: [
		["silent", "It accepts data and replies to nothing for 4 seconds."],
		["closes", "It closes each connection without a byte."],
		["no-data", "It completes the handshake and acknowledges no data: a firewall or proxy replies for it."],
		["middlebox", "Almost no open port of the host replies: after a sample, only ports with a probe of their own were probed."],
		["refused", "It refuses connections since it was found open."],
		["no-connection", "No connection could be established since then."],
		["not-probed", "The scan ended before, or the port is one of a printer."]
	] }
];

// src/cli/docs/states.ts
const STATE_MEANINGS = {
	open: "the host accepts connections",
	closed: "the host refuses connections",
	filtered: "no reply after every attempt, or an ICMP error",
	unfiltered: "the host replied to a probe that does not show whether the port is open (`-sA`)",
	"open|filtered": "no reply: the port is open and ignored the probe, or the probe was dropped (`-sF`, `-sU`)",
	"closed|filtered": "no reply: the port is closed, or the probe was dropped (`-sU --defeat-icmp-ratelimit`)",
	undecided: "the scan ended, or failed, before there was a result"
};
const HOST_STATE_MEANINGS = {
	up: "the host has replied to something",
	absent: "no host has this address: no reply to ARP requests on its own link, or its router reports that it finds none",
	silent: "no reply, which proves nothing: the host may drop what it is sent",
	undecided: "the scan ended, or the link failed, before there was a result"
};
const REASON_MEANINGS = [
	[["syn-ack", "conn-accept"], "the host accepted: by a SYN-ACK, or the kernel's connection (`-sT`)"],
	[["conn-reset"], "the connection was accepted and reset at once: by the server, or by a SYN proxy without a server behind it (`-sT`)"],
	[["udp-response"], "the service replied to a datagram (`-sU`)"],
	[["icmp-limited"], "silence of a UDP port while its host, or a router, could send no ICMP error: it limits these, and there was no time to wait"],
	[["split-handshake-syn"], "the host replied to a SYN with a SYN, which opens a connection too"],
	[["reset", "conn-refused"], "the host refused: by a RST, or the kernel's connection (`-sT`)"],
	[["reset-no-ack"], "a RST without ACK, which a TCP that connects ignores: pasta, the network of rootless containers, sends it for a closed port, an ICMP error and a missing route alike, so that `-sT` reports the same port as filtered"],
	[["neighbor-timeout"], "a RST after about 3.07 s on a path of milliseconds: the kernel behind a proxy found no host at the address"],
	[["rst-always"], "the host sent a RST, but it resets such probes at ports that SYN showed open as well, so that the RST says nothing"],
	[["no-response"], "no reply after every attempt"],
	[["no-arp-response"], "no host has this address of an own link: no reply to ARP requests or neighbor solicitations"],
	[[
		"net-unreach",
		"host-unreach",
		"proto-unreach",
		"port-unreach"
	], "ICMP type 3, codes 0 to 3; codes 6 and 11 are net-unreach too, 7, 8 and 12 host-unreach; ICMPv6 type 1, codes 0, 3 and 4, and type 4, code 1 (proto-unreach); in `-oX` and `-oN`, nmap's word for ICMPv6 type 1, code 0 is `no-route`. Of `-sU`, port-unreach of the host itself shows a closed port"],
	[[
		"net-prohibited",
		"host-prohibited",
		"admin-prohibited"
	], "ICMP type 3, codes 9, 10 and 13 to 15; ICMPv6 type 1, codes 1 and 5 (admin-prohibited)"],
	[["beyond-scope", "reject-route"], "ICMPv6 type 1, codes 2 and 6"],
	[["param-problem"], "ICMPv6 type 4, code 0; it never makes a port open"],
	[["time-exceeded"], "ICMP type 11 or ICMPv6 type 3: a routing loop, or a TTL that was too small"],
	[["host-silent"], "the host had replied, then stopped replying to anything: no response means nothing for a port"],
	[["unroutable", "send-failed"], "the probe could not be sent: no route, or an error of the kernel"],
	[["no-route"], "in histories of earlier versions, what is `unroutable` now"],
	[["no-carrier", "interface-down"], "the probe was not sent: the interface had no carrier, was down or removed"],
	[["next-hop-silent"], "the probe did not leave this link: the next router did not reply"],
	[["local-firewall"], "this machine's own firewall refused to send the probe"],
	[["arp-response"], "the host replied to an ARP request on its own link"],
	[["nd-response"], "the host replied to a neighbor solicitation (IPv6) on its own link"],
	[["proxy-arp"], "a station replied to ARP that replies for every address: the host may be there or not"],
	[[
		"echo-reply",
		"timestamp-reply",
		"mask-reply"
	], "the host replied to an ICMP request"],
	[["localhost-response"], "the address is one of this machine"],
	[["host-timeout"], "the time of the host (`--host-timeout`) was up before a reply, or before the probe was sent"],
	[[
		"deadline",
		"interrupted",
		"not-asked"
	], "the scan ended before a reply, or before the probe was sent"]
];
const REPLY_RULES = [
	"Replies from one port can contradict each other. A SYN-ACK wins over a RST, a RST over an ICMP error, an ICMP error over silence, in whatever order they arrive; a reply that wins after the port was reported supersedes the result (a line of JSON with `late`), and the host gets a note such as `port 80: SYN-ACK and RST`. So does, without a note, the reply to a probe that checks an ICMP error.",
	"An ACK of a connection that was left over at the host, from the same port (`-g`), is replied to with a RST, and the port is probed again. A FIN-ACK with the scan's numbers, which a proxy sends whose own connection failed (slirp4netns), decides nothing and is counted (`fin_acks`).",
	"Packets are counted as unmatched, and decide nothing, if they acknowledge another number, have a wrong checksum, are ICMP errors from an address that cannot send one (loopback, multicast, broadcast, 0.0.0.0), or were addressed by the link to another host, to all hosts or to a VLAN that the interface is not on. A bare SYN carries no number: it counts as open if it replies to two attempts while no unrelated bare SYNs and ACKs arrive."
];

// src/cli/docs/topics/states.ts
var states_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$3 });
const BLOCKS$3 = [
	{ heading: "States of a port" },
	{ rows: Object.entries(STATE_MEANINGS) },
	{ heading: "States of a host" },
	{ rows: Object.entries(HOST_STATE_MEANINGS) },
	{ heading: "Reasons" },
	{ rows: REASON_MEANINGS },
	...REPLY_RULES
];

// src/cli/docs/topics/targets.ts
var targets_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$2 });
const BLOCKS$2 = [
	"A target is an address of IPv4 or IPv6, a block, a range or a name. Several targets are separated by blanks on the command line, and by white space or commas in files.",
	{ rows: [
		["192.0.2.7", "One address."],
		["192.0.2.0/24", "A CIDR block; host bits may be set."],
		["192.0.2.1-9", "A range in the last byte; 10.0.0.1-10.0.1.9 is a range between two addresses."],
		["10.0.0-3.1,3,5", "Ranges and lists in each byte, as in nmap; * is 0-255."],
		["www.example.com", "A name: its first address of each family, or every one with --all-addresses. NAME/24 is the block around it."],
		["2001:db8::1-ff", "IPv6: an address, a block of at most 2^32 addresses (/96), or a range in the last group."],
		["2001:db8::/32-64", "Every /64 of the /32: a pattern, in each of which --iid chooses the address, at most 2^32 in all."],
		["fe80::1%eth0", "A link-local address has the interface behind it that leads to its link; without one, it is that of -e."],
		["[2001:db8::1]:22,80", "An IPv6 target with ports of its own stands in brackets."],
		["192.0.2.7:22,80", "A target with ports of its own, which replace those of -p; 192.0.2.7:U:53 with -sU alone."],
		["@last:open", "With --db: the ports found open by the last scan in the history (help history)."]
	] },
	"Targets of both address families may be in one scan. A name that has addresses of both is scanned by both, if this machine has routes to both; -4 or -6 chooses one.",
	"In a file (-iL FILE), # begins a comment. If the file is a result file (synscan's JSON, nmap's XML, masscan's list or JSON, the grepable format of both, zmap's CSV or JSON), the targets are the hosts that replied; those of a list scan (-sL, in any format) are all its hosts.",
	"A target of more than a /8, or a range in the first byte, skips reserved addresses (private, loopback, multicast and others) unless --include-reserved is given. A reserved address that is named is scanned.",
	"Exclusions (--exclude, --exclude-file) apply to every target and are never probed. Exclusions of the configuration add up with those of the command line. An exclusion list that is empty is refused; a list without exclusions must hold a comment.",
	"Names of hosts that reply are looked up by reverse DNS, in scans of at most 256 hosts; -R looks up the name of every host, -n none. The servers are those of --dns-servers, or of /etc/resolv.conf if --allow-read permits that, or else the C library's. Names of private addresses are asked of private servers only, and those of loopback addresses of none, unless -R or --dns-servers is given. The addresses of target names are those of the system's resolver (/etc/hosts, /etc/resolv.conf). A name proves nothing: the owner of the address chooses it. Characters other than letters, digits, dots, hyphens, underscores and slashes are shown as numbers, such as \\032 for a space.",
	"--dry-run prints every host and its ports, and sends nothing. -sL lists every address with its name.",
	{ flags: "Targets" }
];

// src/cli/docs/topics/technique.ts
var technique_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS$1 });
const BLOCKS$1 = [
	"A SYN scan (-sS) sends a TCP SYN to each port by a raw socket and needs CAP_NET_RAW. A connect scan (-sT) opens a connection by the kernel and needs no privilege. Without either flag, synscan makes a SYN scan if it may open raw sockets, else a connect scan, and prints one line about it.",
	"Other TCP flags need raw sockets as well. Replies mean what they mean in nmap; an ICMP error (type 3, codes 0 to 3, 9, 10 and 13, or type 11) means filtered:",
	{ rows: [
		["-sS, -sT", "SYN-ACK: open. RST: closed. No response: filtered."],
		["-sF, -sN, -sX, -sM", "RST: closed. No response: open|filtered."],
		["-sA", "RST: unfiltered. No response: filtered."],
		["-sW", "RST with a window: open. RST without one: closed. No response: filtered."],
		["--scanflags", "As the technique that is named with it, or else -sS."]
	] },
	"Closed ports reset the probes of -sF, -sN and -sX, and open ports ignore them (RFC 9293, section 3.10.7); some stacks, such as Windows, reset them at open ports too. -sA shows whether a firewall filters a port, for both open and closed ones reset an ACK. -sM sends FIN and ACK, which Linux resets at open ports too. Few systems send a window with the RST that -sW reads.",
	"A UDP scan (-sU) sends requests of the usual services, and elsewhere four bytes. A reply means open, port-unreachable from the host itself closed, any other ICMP error filtered, and silence open|filtered. It goes together with techniques of TCP: -sS -sU -p T:80,U:53. Without the right to open raw sockets it sends from UDP sockets and reads their error queues (IP_RECVERR), which gives the same states; -sT -sU then scans both protocols.",
	"Hosts limit their ICMP errors, Linux to six and then one a second for each peer. Silence counts only where the host could have sent one. A scan just before may have used them up, so a silent port of a host without any error so far is probed again for two to four seconds; until an error could have come, its port is undecided with the reason icmp-limited.",
	"The limit is one for each address that asks: scans of one host that run at once from one address share its errors, and each settles fewer ports in the same time. Run them one after the other, or from an address each (-S); one scan from several addresses (-S A,B) gets the errors of all.",
	"Replies prove themselves by a cookie that the protocol repeats, and ICMP errors by the probe that they quote: a forger who knows addresses and ports, but has not seen the probe, has to guess 24 bits at least. Where less is repeated, replies to two attempts have to agree, and the result has a note. A forger's packet then hits an attempt with a chance of 1 in 2^n for n repeated bits: of memcached, NetBIOS, mDNS, SLP and GTP 16, of IPMI and RADIUS 8, of TFTP, DTLS, Kerberos, SSDP, XDMCP, NAT-PMP and requests to ports without a usual service none, so that two packets are enough.",
	"Techniques of packets can be combined, as in -sS -sF -sA: the scan makes a pass over all ports with each, -sS first, and each port has a state for each. A host that resets the probes of -sF, -sN, -sX, -sM or -sW at a port that -sS showed open as well is marked rst-always, and what that technique would call closed is undecided. For that, RSTs of a host with open ports are reported once the technique has probed all of these; a RST that comes after its port was reported without a response marks only later results.",
	"-sT cannot be combined: scan once with each. It has -e, -S and --ttl, as the kernel offers them; --scanflags, --syn-options, -g, --transport and --packet-trace need packets of the scan's own.",
	"--traceroute traces the path to each host that replied, once all ports are decided, by probes that the host is known to answer. All leave from and to the same ports, so that routers which balance load by ports send them one way. Routers limit the ICMP errors that they send, Linux to one a second: hosts of one network at the same distance share the routers that were probed for the first of them, once the last routers of some agree. A router that stays silent is shown as *.",
	"--where-filtered sends probes with hop limits to filtered ports: the last router that replies is the last that they reach, and it, the next one or the host drops them. At most 10 ports of a host are probed, and 128 in all, of 64 hosts at most; ports between two of them with the same result are taken to have it too. Hosts that replied to nothing are traced by such a port.",
	"On Ethernet, once the next hop's hardware address is known, probes are sent to it directly through AF_PACKET (--transport ethernet, the default there) and do not pass the kernel's routing. They also bypass this machine's own firewall. Therefore the first probe to each network, and one now and then, is sent through the kernel; if the firewall drops one of these, all further probes are sent through the kernel. If the kernel has IPsec policies for outgoing packets, or does not show them because CAP_NET_ADMIN is missing, all probes are sent through the kernel.",
	"Hosts and ports are probed in a random order in which each is probed exactly once; --seed repeats an order. Common ports come first: the 8 most useful of all hosts, then the next 16, the next 76 and all others, each tier in random order. So a scan that ends early has probed the ports that matter most, and so has one of hosts that block it after ten closed ports or more: the first tier has fewer. Large scans are divided among workers (threads), and with --shard among machines; each has its part of every tier, and waits for no other.",
	"Probes are sent from free source ports outside the kernel's ephemeral range, which are reserved so that no connection of this machine uses them.",
	{ flags: "Technique" }
];

// src/cli/docs/topics/timing.ts
var timing_exports = /* @__PURE__ */ __exportAll({ BLOCKS: () => BLOCKS });
const BLOCKS = [
	"This machine and its own links are scanned as fast as the kernel can send. Beyond a gateway, a scan starts slowly and its rate is bounded, to spare access lines, connection tables of home routers and intrusion detection. The rate rises above the first bound only while hosts reply and their replies show that little is lost (among silent hosts, ports known to reply are probed for that), and falls back to it if they stop. -v prints the rates that were chosen.",
	"Probes per second beyond a gateway, and the timeout before a round trip is measured; own links are unlimited from -T3 on:",
	{ rows: [
		["-T0", "one in 300 s; first timeout 300 s"],
		["-T1", "one in 15 s; first timeout 15 s"],
		["-T2", "2.5; first timeout 1 s"],
		["-T3", "1,000, growing to 10,000, with replies to 100,000; first timeout 1 s"],
		["-T4", "4,000, growing to 50,000, with replies to 500,000; first timeout 500 ms"],
		["-T5", "unlimited; first timeout 250 ms"]
	] },
	"-T0 to -T2 probe one port at a time, on own links too. --max-rate sets another upper bound, which needs no replies and of which a quarter is the initial rate at least; --min-rate sets a lower one. The rate falls when packets are lost because of it, on the path or on this machine, and rises again.",
	"Timeouts follow the measured round trips (RFC 6298). Probes without a reply are retransmitted; the number of retransmissions follows the measured loss (help reliability).",
	"--host-timeout ends each host by itself, --deadline the whole scan, in every pass: ARP, pings, ports, services and traces. The time of a host begins with its first probe; hosts are probed at the same time, so that a large scan needs a long one. In a scan that is resumed the times begin again.",
	"Times are written as 500ms, 2s, 1m, 1h or 1h30m; a plain number is seconds. Rates are written as 500, 10k or 1.5m.",
	{ flags: "Timing and rate" }
];

// src/target/listing.ts
function* listSpace(space, has) {
	for (const { hosts, ports } of space.blocks) {
		if (has === void 0) {
			const text = ports.toString();
			for (const [first, last] of hosts) yield {
				first,
				last,
				ports: text
			};
			continue;
		}
		let listed;
		for (const [first, last] of hosts) for (let host = first; host <= last; host++) {
			const wanted = new RangesBuilder();
			for (const port of ports) if (has(space.indexOf(host, port))) wanted.add(port, port);
			const text = PortSet.fromRanges(wanted.build()).toString();
			if (listed?.last === host - 1 && listed.ports === text) {
				listed = {
					...listed,
					last: host
				};
				continue;
			}
			if (listed !== void 0) yield listed;
			listed = text === "" ? void 0 : {
				first: host,
				last: host,
				ports: text
			};
		}
		if (listed !== void 0) yield listed;
	}
}

// src/scan/dry_run.ts
var dry_run_exports = /* @__PURE__ */ __exportAll({
	planScan: () => planScan,
	suggestSource: () => suggestSource
});
const UDP = "udp";
const HOSTS_ONLY = "ping";
async function planScan(options) {
	checkOptions(options);
	const passes = passesWanted(options);
	checkTraces(options, passes);
	const targets = await planTargets(options);
	const { book, warnings } = targets;
	const { shard = WHOLE, hostsOnly = false } = options;
	const byHost = shard.count > 1 && await isDividedByHost(options, passes, targets);
	const shareOf = (space) => byHost ? restricted(space, hostShare(space.hostRanges(), shard)) : space;
	const space = shareOf(targets.space);
	const udpSpace = targets.udpSpace && shareOf(targets.udpSpace);
	const order = new ShardedOrder(space.tierSizes, options.seed ?? 0, byHost ? WHOLE : shard);
	const has = order.size < space.size ? (index) => order.has(index) : void 0;
	const overTcp = passes.filter(({ proto }) => udpSpace === void 0 || proto !== UDP);
	return {
		hosts: countProbedHosts(space, [{
			order,
			count: order.size
		}]),
		warnings,
		probes: hostsOnly ? 0 : order.size * overTcp.length + (udpSpace?.size ?? 0),
		portsOfEach: hostsOnly ? 0 : udpSpace === void 0 && space.blocks.length === 1 ? space.blocks[0].ports.size : void 0,
		technique: hostsOnly ? HOSTS_ONLY : techniqueOf(passes),
		*entries() {
			const listed = hostsOnly ? listHostsOf(space) : listSpace(space, has);
			for (const { first, last, ports } of listed) for (const ip of rangeTexts(book, first, last)) yield {
				ip,
				ports: udpSpace === void 0 || hostsOnly ? ports : `T:${ports}`
			};
			for (const { first, last, ports } of udpSpace === void 0 || hostsOnly ? [] : listSpace(udpSpace)) for (const ip of rangeTexts(book, first, last)) yield {
				ip,
				ports: `U:${ports}`
			};
		}
	};
}
async function isDividedByHost(options, passes, targets) {
	return options.hostsOnly === true || isByHost(passes) || (await ScanLayout.of(options, targets, passes, void 0)).isByHost;
}
function* listHostsOf(space) {
	for (const [first, last] of space.hostRanges()) yield {
		first,
		last,
		ports: ""
	};
}
async function suggestSource(target) {
	try {
		const { book, space } = await planTargets({
			targets: target === "" ? "192.0.2.1" : target,
			ports: [80]
		});
		const { sources, sources6 } = await routePlanOf({ targets: space.hostRanges() }, book);
		return sources.texts[0] ?? sources6?.texts[0];
	} catch (error) {
		if (error instanceof UsageError || error instanceof CannotScanError) return void 0;
		throw error;
	}
}

// src/scan/ipv6_patterns.ts
var ipv6_patterns_exports = /* @__PURE__ */ __exportAll({ planIpv6Pattern: () => planIpv6Pattern });
const ADDRESS_BITS = 128;
const EUI64_BITS = 64;
const POLICIES = "low, zero, random, eui64:OUI or set:FILE";
function planIpv6Pattern(options, { ipv6, patterns, targets }, exclusions) {
	const [pattern] = patterns;
	const { base, from, to, ports } = pattern;
	const text = `${addressText(base)}/${from}-${to}`;
	const refuse = (why, remedy) => {
		throw new UsageError(`Cannot scan the pattern ${text}: ${why}. ${remedy}`);
	};
	if (patterns.length > 1 || ipv6.length > 0) refuse("there are other targets of IPv6, and the numbers of its hosts are computed", "Scan it by itself");
	if (options.iid === void 0) refuse("the addresses in its prefixes are not chosen", `Add --iid ${POLICIES}`);
	const policy = parseIid(options.iid, ADDRESS_BITS - to, options.seed ?? 0);
	const why = new Ipv6Reach().problem(base, 0);
	const hasIpv4 = targets.length > 0;
	if (why !== void 0) {
		if (!hasIpv4) refuse(why, "Check the prefix and the routes of this machine (ip -6 route)");
		return withoutIpv6([`Cannot scan the pattern ${text}: ${why}. It is left out`]);
	}
	const whole = {
		base,
		from,
		to,
		policy
	};
	const parts = ipv6PatternParts(whole, hasIpv4);
	if (parts === void 0) return refuse(`it has ${grouped(patternSize(whole))} addresses`, `At most ${grouped(ipv6Capacity(hasIpv4))} fit${hasIpv4 ? " beside hosts of IPv4" : ""}: scan a narrower block`);
	const book = new DualBook(parts);
	const excluded = new RangesBuilder();
	for (const exclusion of exclusions) book.ipv6.addNumbers({
		...exclusion,
		scope: 0
	}, excluded);
	return {
		book,
		targets: [{
			hosts: Ranges.of(book.ipv6.first, book.ipv6.last),
			ports
		}],
		excluded: excluded.build(),
		lost: [],
		warnings: [],
		find: (address) => book.ipv6.numberOf(address, 0)
	};
}
function parseIid(text, bits, key) {
	const refuse = (why, remedy) => {
		throw new UsageError(`Cannot use the interface identifiers ${quote(text.slice(0, 40))}: ${why}. ${remedy}`);
	};
	if (text === "zero") return {
		kind: "set",
		iids: [0n]
	};
	if (text === "random") return {
		kind: "random",
		key
	};
	if (text === "low") return bits > 0 ? {
		kind: "set",
		iids: [1n]
	} : refuse("the prefixes are whole addresses", "Use --iid zero");
	const [, oui] = /^eui64:((?:[\da-f]{2}[:-]?){2}[\da-f]{2})$/i.exec(text) ?? [];
	if (oui !== void 0) {
		if (bits < EUI64_BITS) refuse(`they have 64 bits, and the prefixes leave ${bits}`, "Scan prefixes of at most /64");
		return {
			kind: "eui64",
			oui: Number.parseInt(oui.replaceAll(/[:-]/g, ""), 16),
			key
		};
	}
	if (!text.startsWith("set:")) refuse("they are none of the choices", `Write ${POLICIES}`);
	const words = text.slice(4).replaceAll(/#.*/g, "").split(/[\s,]+/).filter((word) => word !== "");
	const iids = /* @__PURE__ */ new Set();
	for (const word of words) {
		const iid = addressOfText(word);
		if (iid === void 0) refuse(`${quote(word)} is no interface identifier`, "Write each like ::1 or ::face:b00c");
		if (iid >> BigInt(bits) !== 0n) refuse(`${word} has more than ${bits} bits`, "Write those behind the prefix only");
		iids.add(iid);
	}
	if (iids.size === 0) refuse("there is none", "Write each like ::1, one a line");
	return {
		kind: "set",
		iids: [...iids].sort((one, other) => one < other ? -1 : 1)
	};
}

// src/scan/link_hosts.ts
var link_hosts_exports = /* @__PURE__ */ __exportAll({ withLinkHosts: () => withLinkHosts });
async function withLinkHosts(options) {
	const { interface: name = "", exclude = [], excludeLists = [], family } = options;
	const link = wantedLink(name);
	if (family === 4) throw new UsageError(`Cannot find the hosts on ${name} by IPv4: only IPv6 reaches all of them at once. Name targets`);
	if (!canOpenRaw()) throw new CannotScanError(`Cannot find the hosts on ${name}: CAP_NET_RAW is missing. Use sudo, or name targets`);
	if (!link.up) throw new CannotScanError(`Cannot find the hosts on ${name}: it is down. Name another interface`);
	const { findNodes, knownNodes } = await import("./ipv6.js").then((n) => n.p);
	if (exclude.length + excludeLists.length === 0) {
		const found = await findNodes(link);
		if (found.length > 0) return {
			options: {
				...options,
				targets: found
			},
			warnings: []
		};
		throw new CannotScanError(`Cannot find hosts on ${name}: none replied to IPv6 multicast. Name targets`);
	}
	const known = knownNodes(link);
	if (known.length === 0) throw new UsageError(`Cannot find the hosts on ${name}: multicast would reach those that are excluded too, and the kernel knows no other. Name targets, or leave out the exclusions`);
	const warning = `Excluded hosts rule out IPv6 multicast on ${name}: only neighbors that the kernel knows already are looked for. Name targets to look for others`;
	return {
		options: {
			...options,
			targets: known
		},
		warnings: [warning]
	};
}

// src/scan/list_hosts.ts
var list_hosts_exports = /* @__PURE__ */ __exportAll({ listHosts: () => listHosts });
async function listHosts(options, { signal } = {}) {
	checkOptions(options);
	const deadlineMs = options.deadlineMs ?? 1e400;
	const endMs = performance.now() + deadlineMs;
	const aborted = Promise.withResolvers();
	aborted.promise.catch(() => {});
	signal?.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });
	const planning = withTimeout(planTargets(options), deadlineMs, () => new CannotScanError("Cannot list in time: the deadline passed while names were looked up. Give more time"));
	const { book, space, excluded, names, warnings, unresolved } = await Promise.race([planning, aborted.promise]);
	const hosts = space.hostRanges();
	const lookup = await openHostnames(options, {
		hosts,
		book,
		excluded: excluded.hosts,
		isResumed: false,
		isOfEveryHost: true,
		maxRatePps: () => options.maxRatePps ?? 1e400
	});
	aborted.promise.catch(() => lookup?.stop());
	await lookup?.finish(endMs);
	const isCut = (lookup?.missing ?? 0) > 0;
	return {
		hosts: hosts.size,
		isComplete: unresolved.length === 0 && !isCut,
		ended: signal?.aborted === true ? "interrupted" : isCut ? "deadline" : "done",
		warnings: [...warnings, ...lookup?.warnings() ?? []],
		*entries() {
			for (const [first, last] of hosts) for (let host = first; host <= last; host++) {
				const ip = book.text(host);
				yield {
					ip,
					names: names.of(ip),
					hostname: lookup?.of(ip)
				};
			}
		}
	};
}

export { compare_files_exports as A, configuration_exports as C, merge_exports as D, completion_exports as E, resume_exports$1 as O, exit_exports as S, man_exports as T, json_exports as _, timing_exports as a, hosts_exports as b, states_exports as c, reliability_exports as d, ports_exports as f, keys_exports as g, library_exports as h, dry_run_exports as i, job_shard_exports as j, list_exports as k, services_exports as l, output_exports as m, link_hosts_exports as n, technique_exports as o, permissions_exports as p, ipv6_patterns_exports as r, targets_exports as s, list_hosts_exports as t, resume_exports as u, dry_run_exports$1 as v, cluster_exports as w, history_exports as x, internals_exports as y };