// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { $ as reasonCode, R as weightOf, i as passesNamed } from "./library.js";
import { B as hostName, Ct as lastHopsByPort, G as osText, J as isAbsent, K as HostTexts, U as osFamily, V as remarksByHost, X as isUnknown, Y as isTimedOut, Z as shownOf, it as mayBeOpen, q as inNmapWords, rt as hasSeveral, vt as otherHostname, xt as filteredText, yt as withHostnames, z as TableWriter } from "./scan.js";
import { Ct as versionText, Dt as grouped, Et as dateText, Ft as roundTripDigits, It as scannedText, Nt as printable, Q as NMAP_SERVICE, Rt as withPort, Tt as counted, _t as PROBED_FIELDS, at as namesTexts, gt as FIELDS, it as aliasText, jt as nmapState, ot as noteText, rt as shownService, vt as chooser, wt as commandText, xt as isIdentified } from "./main.js";
const roundTripOf = (function roundTripOf(rttMs) {
	return rttMs === void 0 ? void 0 : {
		smoothedMs: rttMs,
		variationMs: rttMs / 2
	};
});
const portsIn = (function portsIn({ passes, udpPorts = NO_PORTS }, ports) {
	return passes?.every((({ proto }) => proto === "udp")) === true ? [NO_PORTS, ports] : [ports, udpPorts];
});
const fieldText = (function fieldText(text) {
	return printable(text).replace(/[/,()]/g, "|");
});


// src/report/normal.ts
var normal_exports = /* @__PURE__ */ __exportAll({ NormalWriter: () => NormalWriter });
var NormalWriter = class {
	#table;
	constructor(options, aggregator) {
		this.#table = new TableWriter({
			...options,
			color: false,
			columns: void 0
		}, aggregator, nmapWords(chooser(options.fields)));
	}
	start(head) {
		return initiatedComment(head) + this.#table.start(head);
	}
	results(batch) {
		return this.#table.results(batch);
	}
	hosts(batch) {
		return this.#table.hosts(batch);
	}
	*end(summary, endedAtMs) {
		yield* this.#table.end(summary);
		yield endedComment(summary, endedAtMs);
	}
};
function initiatedComment({ version, startedAtMs, args }) {
	return `# Nmap synscan-${version} scan initiated ${dateText(startedAtMs)} as: ${commandText(["synscan", ...args])}\n`;
}
function nmapWords(has) {
	return {
		service: NMAP_SERVICE,
		host: inNmapWords,
		title: (host) => `Nmap scan report for ${hostName(host)}${host.found?.state === "absent" ? " [host down]" : ""}`,
		status: ({ answer, roundTrip, found }, reason) => answer === void 0 ? "" : `Host is up${reason}${has("rtt_ms") ? latencyText(roundTrip?.smoothedMs ?? found?.rttMs) : ""}.\n${macLine(found)}`,
		hidden: (groups, atLeast, several) => groups.map((group) => hiddenText(group, atLeast, several)).join(", ")
	};
}
const ENDINGS = {
	done: "done",
	deadline: "stopped",
	interrupted: "interrupted",
	failed: "failed"
};
function endedComment({ ended, hosts, hostsUp, elapsedMs }, endedAtMs) {
	return `# Nmap ${ENDINGS[ended]} at ${dateText(endedAtMs)} -- ${scannedText(hosts, hostsUp, elapsedMs)} by synscan\n`;
}
function latencyText(roundTripMs) {
	return roundTripMs === void 0 ? "" : ` (${(roundTripMs / 1e3).toPrecision(2)}s latency)`;
}
function macLine(found) {
	if (found?.mac === void 0) return "";
	return `MAC Address: ${found.mac.toUpperCase()} (${printable(found.vendor ?? "Unknown")})\n`;
}
function hiddenText({ technique, proto, state, reason, count }, atLeast, several) {
	return `${atLeast && reason === "no-response" ? "at least " : ""}${count} ${state} ${proto} ${count === 1 ? "port" : "ports"} (${reason}${several ? `, ${technique}` : ""})`;
}

// src/report/ports_seen.ts
const PORT_COUNT = 65536;
const NO_PORTS = {
	count: 0,
	text: ""
};
var PortsSeen = class {
	#ports = /* @__PURE__ */ new Map();
	take(batch) {
		for (const { port, proto } of batch) {
			let ports = this.#ports.get(proto);
			if (ports === void 0) this.#ports.set(proto, ports = new Uint8Array(PORT_COUNT));
			ports[port] = 1;
		}
	}
	text(proto) {
		const ports = this.#ports.get(proto);
		if (ports === void 0) return NO_PORTS;
		let count = 0;
		const ranges = [];
		for (let port = 0; port < PORT_COUNT; port++) {
			if (ports[port] === 0) continue;
			const first = port;
			while (ports[port + 1] === 1) port++;
			count += port - first + 1;
			ranges.push(first === port ? `${first}` : `${first}-${port}`);
		}
		return {
			count,
			text: ranges.join(",")
		};
	}
};

// src/report/techniques.ts
function portsOf(rows, several) {
	if (!several) return rows.map((shown) => ({
		shown,
		all: []
	}));
	const ports = Map.groupBy(rows, ({ proto, port }) => `${port}/${proto}`);
	return Array.from(ports.values(), (all) => ({
		shown: all.reduce((best, row) => strength(row) > strength(best) ? row : best),
		all
	}));
}
function strength({ state, reason }) {
	return state === "undecided" ? -1 : weightOf(reasonCode(reason));
}
function groupsOf(groups, technique) {
	const [main] = passesNamed(technique);
	const { first = [], rest = [] } = Object.groupBy(groups, (group) => group.technique === main?.technique ? "first" : "rest");
	return {
		first,
		others: Map.groupBy(rest, (group) => group.technique)
	};
}
function groupsText(groups) {
	return groups.map(({ state, reason, count }) => `${count} ${state} (${reason})`).join(", ");
}

// src/report/xml.ts
var xml_exports = /* @__PURE__ */ __exportAll({ XmlWriter: () => XmlWriter });
const LEAST_TIMEOUT_MICROS = 1e5;
const ADDRESS_AT = 7;
var XmlWriter = class {
	#options;
	#has;
	#aggregator;
	#ports = new PortsSeen();
	#head;
	#several = false;
	#tail = "";
	#texts = new HostTexts();
	constructor(options, aggregator) {
		this.#options = options;
		this.#has = chooser(options.fields);
		this.#aggregator = aggregator;
	}
	start(head) {
		this.#head = head;
		this.#several = hasSeveral(head);
		const opening = this.#opening(head);
		const stats = closingXml(CUT_OFF, head.startedAtMs, {
			up: 0,
			hosts: 0
		});
		this.#tail = head.ports === void 0 ? opening + stats : stats;
		return head.ports === void 0 ? "" : opening;
	}
	results(batch) {
		if (this.#head?.ports === void 0) this.#ports.take(batch);
		this.#aggregator.take(batch);
		return "";
	}
	hosts(batch) {
		this.#aggregator.take(batch);
		return "";
	}
	tail() {
		return this.#tail;
	}
	*end(summary, endedAtMs) {
		const head = this.#head;
		if (head === void 0) return;
		const report = this.#aggregator.report(head.hosts);
		const remarksOn = remarksByHost(summary, this.#aggregator);
		const totals = {
			up: summary.hostsUp,
			hosts: summary.hosts
		};
		this.#tail = closingXml({
			...summary,
			...CUT_OFF_FILE
		}, endedAtMs, totals);
		if (head.ports === void 0) yield this.#opening(head);
		for (const host of withHostnames(report.hostsAndAbsent(head.names), summary)) {
			if (this.#options.openOnly && host.maybeOpenCount === 0) continue;
			yield this.#hostOf(inNmapWords(host), remarksOn(host.ip), endedAtMs);
		}
		this.#tail = "";
		yield closingXml(summary, endedAtMs, totals);
	}
	#opening(head) {
		const { technique, passes = passesNamed(technique), ports, udpPorts } = head;
		const techniques = passes.map(({ technique, proto }) => {
			const { count, text } = (proto === "udp" ? udpPorts ?? ports : ports) ?? this.#ports.text(proto);
			return `<scaninfo type="${technique}" protocol="${proto}" numservices="${count}" services="${text}"/>\n`;
		});
		return openingXml(head, this.#options.verbosity, techniques);
	}
	#hostOf(host, remarks, endedAtMs) {
		const { ip, kind } = host;
		const { suspect, notes, os, alias } = remarks;
		if (kind === void 0 || suspect !== void 0 || notes.length > 0 || alias !== void 0) return this.#host(host, remarks, endedAtMs) + this.#times(host);
		const [begin, end] = this.#texts.of(kind, os, () => {
			const text = this.#host(host, remarks, endedAtMs);
			const at = text.indexOf(` addr="${ip}"`) + ADDRESS_AT;
			return [text.slice(0, at), text.slice(at + ip.length)];
		});
		return begin + ip + end + this.#times(host);
	}
	#host(host, { suspect, notes, os, alias }, endedAtMs) {
		const { openOnly } = this.#options;
		const has = this.#has;
		const several = this.#several;
		const { answer, answerTtl = 0 } = host;
		const timedOut = isTimedOut(host) ? " timedout=\"true\"" : "";
		const lastHopOf = lastHopsByPort(host);
		const names = has("names") ? host.names : [];
		const hostname = has("names") ? host.hostname : void 0;
		if (isAbsent(host) || isUnknown(host)) return `<host${timedOut}><status state="${isAbsent(host) ? "down" : "unknown"}" reason="${host.found?.reason === "host-unreach" ? "host-unreach" : "no-response"}" reason_ttl="0"/>\n${addressElements(host, names, hostname)}`;
		const { rows, hidden: all } = shownOf(host, ({ state }) => mayBeOpen(state) || state !== "undecided" && !openOnly);
		const { first: hidden, others } = several ? groupsOf(all, this.#head.technique) : {
			first: all,
			others: /* @__PURE__ */ new Map()
		};
		const suspicion = suspect === void 0 ? [] : [`suspect: ${suspect}`];
		const counted = Array.from(others, ([technique, groups]) => `${technique}: ${groupsText(groups)}`);
		const aliasing = alias === void 0 ? [] : [aliasText(alias)];
		const guess = osText(os);
		const guesses = guess === void 0 ? [] : [`OS guess: ${guess}`];
		const remarks = [
			...suspicion,
			...notes.map(noteText),
			...aliasing,
			...guesses,
			...counted
		].join("; ");
		const comment = remarks === "" ? "" : ` comment="${attribute(remarks)}"`;
		return `<host starttime="${seconds(this.#head.startedAtMs)}" endtime="${seconds(endedAtMs)}"${timedOut}${comment}><status state="up" reason="${answer ?? "user-set"}" reason_ttl="${has("ttl") ? answerTtl : 0}"/>
${addressElements(host, names, hostname)}<ports>${extraPorts(hidden, has)}${portsOf(rows, several).map((port) => {
			const own = port.shown.names;
			return portElement(port, {
				names: has("names") && own.length < names.length ? own : [],
				lastHop: lastHopOf(port.shown)
			}, has);
		}).join("")}</ports>
${osElement(osFamily(os))}${hostScript(host)}${traceElement(host, has)}`;
	}
	#times(host) {
		const roundTrip = !isAbsent(host) && !isUnknown(host) && this.#has("rtt_ms") ? host.roundTrip ?? roundTripOf(host.found?.rttMs) : void 0;
		return `${roundTrip === void 0 ? "" : timesElement(roundTrip)}</host>\n`;
	}
};
function openingXml({ args, startedAtMs, version }, verbosity, scans = []) {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="${attribute(commandText(["synscan", ...args]))}" start="${seconds(startedAtMs)}" startstr="${dateText(startedAtMs)}" \
version="${version}" xmloutputversion="1.05">
${scans.join("")}<verbose level="${verbosity}"/>
<debugging level="0"/>
`;
}
function hostScript({ trace }) {
	if (trace === void 0 || trace.filtered.length === 0) return "";
	return `<hostscript><script id="where-filtered" output="${attribute(trace.filtered.map(filteredText).join("; "))}"/></hostscript>\n`;
}
function traceElement({ trace }, has) {
	if (trace === void 0) return "";
	const hops = trace.hops.flatMap(({ ttl, ip, rttMs, hostname }) => {
		if (ip === void 0) return [];
		const rtt = rttMs === void 0 || !has("rtt_ms") ? "--" : roundTripDigits(rttMs);
		const host = hostname === void 0 || !has("names") ? "" : ` host="${attribute(hostname)}"`;
		return [`<hop ttl="${ttl}" ipaddr="${attribute(ip)}" rtt="${rtt}"${host}/>\n`];
	});
	return `<trace${trace.port === void 0 ? "" : ` port="${trace.port}"`} proto="${trace.proto}">\n${hops.join("")}</trace>\n`;
}
const OS_ACCURACY = 85;
function osElement(family) {
	if (family === void 0) return "";
	return `<os><osmatch name="${attribute(family)}" accuracy="${OS_ACCURACY}" line="0"/>\n</os>\n`;
}
function addressElements({ ip, found }, names, hostname) {
	const vendor = found?.vendor === void 0 ? "" : ` vendor="${attribute(found.vendor)}"`;
	const mac = found?.mac === void 0 ? "" : `<address addr="${found.mac.toUpperCase()}" addrtype="mac"${vendor}/>\n`;
	return hostnamesXml({
		ip,
		names,
		hostname
	}, mac);
}
function hostnamesXml({ ip, names, hostname }, more = "") {
	const elements = names.map((name) => hostnameElement(name, "user"));
	if (hostname !== void 0) elements.push(hostnameElement(hostname, "PTR"));
	return `<address addr="${attribute(ip)}" addrtype="${ip.includes(":") ? "ipv6" : "ipv4"}"/>
${more}<hostnames>
${elements.join("")}</hostnames>
`;
}
function hostnameElement(name, type) {
	return `<hostname name="${attribute(name)}" type="${type}"/>\n`;
}
const CUT_OFF = {
	ended: "failed",
	elapsedMs: 0,
	warnings: ["The scan was cut off"],
	trusted: false
};
const CUT_OFF_FILE = {
	ended: "failed",
	warnings: ["The file was cut off: hosts are missing"],
	trusted: false
};
function closingXml(summary, endedAtMs, { up, hosts }) {
	const { ended, elapsedMs, warnings } = summary;
	const elapsed = (elapsedMs / 1e3).toFixed(2);
	const text = `synscan ${ended} at ${dateText(endedAtMs)}; ${scannedText(hosts, up, elapsedMs)}`;
	const exit = ended === "done" ? "exit=\"success\"" : `exit="error" errormsg="${attribute(warnings.join("; ") || ended)}"`;
	return `<runstats><finished time="${seconds(endedAtMs)}" timestr="${dateText(endedAtMs)}" summary="${attribute(text)}" elapsed="${elapsed}" ${exit}/><hosts up="${up}" down="${hosts - up}" total="${hosts}"/>
</runstats>
</nmaprun>
`;
}
function extraPorts(groups, has) {
	return [...Map.groupBy(groups, ({ state }) => state)].map(([state, reasons]) => {
		const count = reasons.reduce((sum, group) => sum + group.count, 0);
		const each = (has("reason") ? reasons : []).map((group) => `<extrareasons reason="${group.reason}" count="${group.count}" proto="${group.proto}"/>\n`);
		return `<extraports state="${nmapState(state)}" count="${count}">\n${each.join("")}</extraports>\n`;
	}).join("");
}
function portElement({ shown: { port, proto, state, reason, ttl, from, service, finding }, all }, { names, lastHop }, has) {
	const sender = from === void 0 || !has("from") ? "" : ` reason_ip="${attribute(from)}"`;
	const results = all.map(({ technique, state, reason }) => `${technique}: ${state} (${reason})`).join("; ");
	const shown = finding === void 0 || !has("version") ? void 0 : finding;
	const known = [
		shown?.info ?? "",
		results,
		lastHop ?? ""
	].filter((text) => text !== "").join("; ");
	const name = has("service") ? service ?? "unknown" : "unknown";
	const named = has("service") || known !== "" || shown !== void 0 ? serviceElement(name, known, shown) : "";
	return `<port protocol="${proto}" portid="${port}"><state state="${nmapState(state)}" reason="${reason}" reason_ttl="${has("ttl") ? ttl ?? 0 : 0}"${sender}/>${named}${scriptElement(shown, names)}</port>\n`;
}
function serviceElement(name, extra, finding) {
	const attributes = [
		...[
			["name", name],
			["product", finding?.product],
			["version", finding?.version]
		],
		...[
			["extrainfo", extra || void 0],
			["tunnel", finding?.tunnel],
			["hostname", finding?.hostname]
		],
		...[["ostype", finding?.os], ["devicetype", finding?.device]]
	].flatMap(([name, value]) => value === void 0 ? [] : [` ${name}="${attribute(value)}"`]).join("");
	const how = isIdentified(finding) ? `method="probed" conf="${finding.confidence}"` : "method=\"table\" conf=\"3\"";
	const names = (finding?.cpe ?? []).map((name) => `<cpe>${attribute(name)}</cpe>`).join("");
	return `<service${attributes} ${how}${names === "" ? "/>" : `>${names}</service>`}`;
}
function scriptElement(finding, names) {
	const { tls, http, sshKeys = [], banner } = finding ?? {};
	const scripts = [
		["ssl-cert", [
			["Subject", tls?.subject],
			["Subject Alternative Name", tls?.names?.map((name) => `DNS:${name}`).join(", ")],
			["Issuer", tls?.issuer],
			["Not valid before", tls?.notBefore],
			["Not valid after", tls?.expires],
			["SHA-256", tls?.sha256]
		].map(([title, value]) => value === void 0 ? void 0 : `${title}: ${value}`)],
		["ssh-hostkey", sshKeys.map(({ type, bits, fingerprint }) => `${bits ?? "?"} ${fingerprint} (${type})`)],
		["http-title", [http?.title]],
		["banner", isIdentified(finding) ? [] : [banner]],
		["names", [names.join(" ")]]
	];
	for (const [id, lines] of scripts) {
		const output = lines.flatMap((line) => line === void 0 || line === "" ? [] : [attribute(line)]).join("&#xa;");
		if (output !== "") return `<script id="${id}" output="${output}"/>`;
	}
	return "";
}
function timesElement({ smoothedMs, variationMs }) {
	const [srtt, rttvar] = [Math.round(smoothedMs * 1e3), Math.round(variationMs * 1e3)];
	return `<times srtt="${srtt}" rttvar="${rttvar}" to="${Math.max(LEAST_TIMEOUT_MICROS, srtt + 4 * rttvar)}"/>\n`;
}

function seconds(ms) {
	return Math.floor(ms / 1e3);
}
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&apos;"
};
function attribute(text) {
	return printable(text).toWellFormed().replace(/[\ufffe\uffff]/g, "\ufffd").replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}

// src/report/csv.ts
var csv_exports = /* @__PURE__ */ __exportAll({ CsvWriter: () => CsvWriter });
var CsvWriter = class {
	#openOnly;
	#fields;
	#stateBefore;
	#isWhole;
	#hostnames;
	constructor(options) {
		this.#openOnly = options.openOnly;
		this.#fields = options.fields ?? PROBED_FIELDS;
		this.#isWhole = options.fields === void 0;
		this.#stateBefore = this.#isWhole ? options.stateBefore : void 0;
	}
	start({ hostnames, detectsServices }) {
		if (this.#isWhole && detectsServices === true) this.#fields = FIELDS;
		this.#hostnames = this.#isWhole ? hostnames : void 0;
		const was = this.#stateBefore === void 0 ? "" : ",was";
		const hostname = this.#hostnames === void 0 ? "" : ",hostname";
		return `${this.#fields.map(({ name }) => name).join(",")}${was}${hostname}\n`;
	}
	results(batch) {
		let text = "";
		for (const result of batch) {
			if (this.#openOnly && !mayBeOpen(result.state)) continue;
			let separator = "";
			for (const field of this.#fields) {
				const value = field.get(result);
				text += separator;
				const shown = Array.isArray(value) ? value.join(" ") : value;
				if (shown !== void 0) text += typeof shown === "string" && !field.plain ? quoted(shown) : shown;
				separator = ",";
			}
			if (this.#stateBefore !== void 0) text += `,${this.#stateBefore(result) ?? ""}`;
			if (this.#hostnames !== void 0) {
				const hostname = this.#hostnames.of(result.ip);
				text += hostname === void 0 ? "," : `,${quoted(hostname)}`;
			}
			text += "\n";
		}
		return text;
	}
	end() {
		return [];
	}
};
function quoted(text) {
	return `"${printable(text).replaceAll("\"", "\"\"")}"`;
}

// src/report/grepable.ts
var grepable_exports = /* @__PURE__ */ __exportAll({ GrepableWriter: () => GrepableWriter });
var GrepableWriter = class {
	#openOnly;
	#has;
	#aggregator;
	#ports = new PortsSeen();
	#head;
	constructor(options, aggregator) {
		this.#openOnly = options.openOnly;
		this.#has = chooser(options.fields);
		this.#aggregator = aggregator;
	}
	start(head) {
		this.#head = head;
		return initiatedComment(head) + (head.ports === void 0 ? "" : portsComment(portsIn(head, head.ports)));
	}
	results(batch) {
		if (this.#head?.ports === void 0) this.#ports.take(batch);
		this.#aggregator.take(batch);
		return "";
	}
	hosts(batch) {
		this.#aggregator.take(batch);
		return "";
	}
	*end(summary, endedAtMs) {
		if (this.#head?.ports === void 0) yield portsComment([this.#ports.text("tcp"), this.#ports.text("udp")]);
		const report = this.#aggregator.report(this.#head?.hosts ?? summary.hosts);
		const remarksOn = remarksByHost(summary, this.#aggregator);
		for (const host of withHostnames(report.hostsAndAbsent(this.#head?.names), summary)) {
			if (this.#openOnly && host.maybeOpenCount === 0) continue;
			const { suspect, notes, os, alias } = remarksOn(host.ip);
			const remarks = notes.map((note) => `# Note on ${host.ip}: ${noteText(note)}\n`);
			if (alias !== void 0) remarks.push(`# Note on ${host.ip}: ${aliasText(alias)}\n`);
			for (const text of this.#has("names") ? namesTexts(host) : []) remarks.push(`# Names of ${host.ip}: ${text}\n`);
			const hostname = this.#has("names") ? otherHostname(host) : void 0;
			if (hostname !== void 0) remarks.push(`# rDNS record for ${host.ip}: ${printable(hostname)}\n`);
			if (os.length > 1) remarks.push(`# OS of ${host.ip}: ${osText(os)}\n`);
			yield remarks.join("") + this.#host(host, suspect, osFamily(os));
		}
		yield endedComment(summary, endedAtMs);
	}
	#host(host, suspicion, family) {
		const has = this.#has;
		const [name = host.hostname ?? ""] = host.names;
		const who = `Host: ${host.ip} (${has("names") ? fieldText(name) : ""})`;
		const { rows, hidden: all } = shownOf(host, ({ state }) => mayBeOpen(state) || !this.#openOnly);
		const technique = this.#head?.technique ?? "";
		const several = this.#head !== void 0 && hasSeveral(this.#head);
		const { first: hidden, others } = several ? groupsOf(all, technique) : {
			first: all,
			others: /* @__PURE__ */ new Map()
		};
		const ports = portsOf(rows, several).map(({ shown }) => {
			const { port, proto, state, finding } = shown;
			const service = !has("service") || shown.service === void 0 && finding === void 0 ? "" : shownService(shown);
			const version = !has("version") || finding === void 0 ? "" : versionText(finding);
			return `${port}/${nmapState(state)}/${proto}//${fieldText(service)}//${fieldText(version)}/`;
		});
		let text = several ? techniqueComments(host.ip, rows, others) : "";
		text += suspicion === void 0 ? "" : `# Suspect: ${host.ip} (${suspicion})\n`;
		text += `${who}\tStatus: ${isAbsent(host) ? "Down" : isUnknown(host) ? "Unknown" : "Up"}\n`;
		if (isTimedOut(host)) text += `${who}\tStatus: Timeout\n`;
		if (ports.length === 0 && hidden.length === 0) return text;
		text += `${who}\tPorts: ${ports.join(", ")}`;
		const [first] = hidden;
		if (first !== void 0) {
			const count = hidden.reduce((sum, { state, count }) => state === first.state ? sum + count : sum, 0);
			text += `\tIgnored State: ${nmapState(first.state)} (${count})`;
		}
		if (family !== void 0) text += `\tOS: ${fieldText(family)}`;
		return `${text}\n`;
	}
};
function portsComment([tcp, udp]) {
	return `# Ports scanned: TCP(${tcp.count};${tcp.text}) UDP(${udp.count};${udp.text}) SCTP(0;) PROTOCOLS(0;)\n`;
}

function techniqueComments(ip, rows, others) {
	const byTechnique = Map.groupBy(rows, ({ technique }) => technique);
	const techniques = /* @__PURE__ */ new Set([...byTechnique.keys(), ...others.keys()]);
	return Array.from(techniques, (technique) => {
		const ports = (byTechnique.get(technique) ?? []).map(({ port, proto, state }) => `${port}/${state}/${proto}`);
		const groups = others.get(technique);
		const counts = groups === void 0 ? [] : [groupsText(groups)];
		return `# Technique ${technique} on ${ip}: ${[...ports, ...counts].join(", ")}\n`;
	}).join("");
}


// src/report/open_ports.ts
var OpenPorts = class {
	#named;
	start(head) {
		this.#named = hasSeveral(head) ? /* @__PURE__ */ new Set() : void 0;
	}
	isNew({ ip, port, proto, state, replacesState }) {
		if (state !== "open" || replacesState === "open") return false;
		if (this.#named === void 0) return true;
		const count = this.#named.size;
		return this.#named.add(`${ip} ${port}/${proto}`).size > count;
	}
};

// src/report/ip_port.ts
var ip_port_exports = /* @__PURE__ */ __exportAll({ IpPortWriter: () => IpPortWriter });
var IpPortWriter = class {
	#open = new OpenPorts();
	start(head) {
		this.#open.start(head);
		return "";
	}
	results(batch) {
		let text = "";
		for (const result of batch) {
			if (!this.#open.isNew(result)) continue;
			const { ip, port, proto } = result;
			text += `${withPort(ip, proto === "udp" ? `U:${port}` : port)}\n`;
		}
		return text;
	}
	end() {
		return [];
	}
};

// src/report/masscan.ts
var masscan_exports = /* @__PURE__ */ __exportAll({ MasscanListWriter: () => MasscanListWriter });
const END = "# end\n";
const CUT = "# cut\n";
const WHY = {
	deadline: "the deadline ended the scan",
	interrupted: "the scan was interrupted",
	failed: "the scan failed"
};
var MasscanListWriter = class {
	#open = new OpenPorts();
	#tail = CUT;
	#counts = "port";
	start(head) {
		this.#open.start(head);
		if (hasSeveral(head)) this.#counts = "result";
		return "#masscan\n";
	}
	results(batch, nowMs) {
		const seconds = Math.floor(nowMs / 1e3);
		let text = "";
		for (const result of batch) if (this.#open.isNew(result)) text += `open ${result.proto} ${result.port} ${result.ip} ${seconds}\n`;
		return text;
	}
	tail() {
		return this.#tail;
	}
	end({ ended, undecided, probes }) {
		this.#tail = "";
		if (ended === "done") return [END];
		return [`# cut: ${WHY[ended]}, ${grouped(undecided)} of ${counted(probes, this.#counts)} undecided\n`];
	}
};

export { closingXml as a, xml_exports as c, normal_exports as d, csv_exports as i, endedComment as l, ip_port_exports as n, hostnamesXml as o, grepable_exports as r, openingXml as s, masscan_exports as t, initiatedComment as u };