// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { Ot as jsonText, gt as FIELDS, ht as Utf8Buffer, kt as lossEachWay, ot as noteText, st as notesByHost } from "./main.js";
import { NO_NAMES, Y as STATES } from "./library.js";
import { H as osByHost, J as isAbsent, K as HostTexts, Tt as tracesByIp, W as osOf, Y as isTimedOut, _t as hostnamesByIp, bt as filteredEntries, ft as guessedHosts, it as mayBeOpen, wt as traceEntry, yt as withHostnames } from "./scan.js";
const isUsual = (function isUsual(state) {
	return state !== "unfiltered" && !state.includes("|");
});
const field = (function field(name, doc, get) {
	return {
		name,
		doc,
		get
	};
});
const stateOf = (function stateOf(host) {
	return isAbsent(host) ? "absent" : host.found?.state;
});
const portsIn = (function portsIn({ ports, hidden, unlisted = [] }, state) {
	let count = 0;
	for (const port of ports) if (port.state === state) count++;
	for (const group of hidden) if (group.state === state) count += group.count;
	for (const group of unlisted) if (group.state === state) count += group.count;
	return count;
});
const roundedLoss = (function roundedLoss(loss, convert = ((loss) => loss)) {
	return loss === null ? null : rounded(convert(loss), 1e6);
});
const rounded = (function rounded(value, parts) {
	return Math.round(value * parts) / parts;
});
const fieldText = (function fieldText({ name, sparse, plain }, value) {
	if (value === void 0) return sparse ? "" : `,"${name}":null`;
	if (typeof value === "object") return `,"${name}":${jsonText(value)}`;
	if (typeof value === "string") return `,"${name}":${plain ? `"${value}"` : jsonText(value)}`;
	return `,"${name}":${typeof value === "number" && Number.isNaN(value) ? null : value}`;
});
const isPlain = (function isPlain({ host, suspect, notes, os }) {
	const { found, ports, hidden, names, hostname, trace, roundTrip } = host;
	return suspect === void 0 && notes === void 0 && os === void 0 && trace === void 0 && roundTrip === void 0 && names.length === 0 && hostname === void 0 && ports.length === 0 && hidden.length === 0 && (found === void 0 || found.state !== "up" && found.mac === void 0 && found.evidence.length === 0);
});
const eventLine = (function eventLine(type, fields, value) {
	let text = `{"type":"${type}"`;
	for (const { name, get } of fields) {
		const found = get(value);
		if (found !== void 0) text += `,"${name}":${jsonText(found)}`;
	}
	return `${text}}\n`;
});


// src/report/json_events.ts
const JSON_SCHEMA = 2;
function osEntry({ family, evidence, ports }) {
	return {
		family,
		evidence,
		...ports.length > 0 && { ports }
	};
}


const START_FIELDS = [
	field("schema", "Version of these lines; it increases if an existing reader could misread them", (() => 2)),
	field("version", "synscan's version", (({ version }) => version)),
	field("started", "When the scan began: ISO 8601, UTC", (({ startedAtMs }) => new Date(startedAtMs).toISOString())),
	field("args", "The command line, as typed", (({ args }) => args)),
	field("technique", "The scan technique, such as `syn`; several are joined by `+`", (({ technique }) => technique)),
	field("hosts", "Hosts to scan", (({ hosts }) => hosts)),
	field("probes", "Ports of hosts to decide, once for each technique", (({ probes }) => probes)),
	field("targets", "The targets, as the user named them", (({ targets }) => targets)),
	field("ports", "The ports to probe, as text", (({ ports }) => ports?.text)),
	field("udp_ports", "Those of UDP, if ports of TCP are probed as well", (({ udpPorts }) => udpPorts?.text)),
	field("key", "A hash of hosts and ports: the same in all shards of a scan", (({ share }) => share?.key)),
	field("seed", "The seed of the order of probes", (({ share }) => share?.seed)),
	field("shard", "The part of the whole scan: `index` of `count` parts, what is divided (`by`: `host` or `probe`), and the `hosts` and `probes` of all parts together", (({ share }) => {
		if (share === void 0) return void 0;
		const { index, count, by, hosts, probes } = share;
		return {
			index,
			count,
			by,
			hosts,
			probes
		};
	})),
	field("options", "The options that all shards of a scan have in common, as flags", (({ options }) => options))
];
const PROGRESS_FIELDS = [
	field("elapsed_ms", "Milliseconds since the scan began", ({ elapsedMs }) => rounded(elapsedMs, 1e3)),
	field("left_ms", "Milliseconds to the end, as estimated", ({ leftMs }) => leftMs === void 0 ? null : rounded(leftMs, 1)),
	field("decided", "Ports decided so far", ({ decided }) => decided),
	field("probes", "Ports to decide", ({ probes }) => probes),
	field("sent", "Probe packets sent so far", ({ sent }) => sent),
	field("open", "Ports found open so far", ({ open }) => open),
	field("in_flight", "Probes waiting for a reply", ({ inFlight }) => inFlight),
	field("rate_pps", "Recent probe packets per second; `null` while unknown", ({ ratePps }) => ratePps === void 0 ? null : rounded(ratePps, 10)),
	field("loss", "Share of round trips lost, 0 to 1, as estimated", ({ loss }) => roundedLoss(loss))
];
const HOST_FIELDS = [
	field("ip", "The host's address", (({ host }) => host.ip)),
	field("names", "The target names that led to it; omitted if there are none", (({ host: { names } }) => names.length === 0 ? void 0 : names)),
	field("hostname", "Its name by reverse DNS; omitted if it is not known", (({ host: { hostname } }) => hostname)),
	field("state", "`up`, `absent`, `silent` or `undecided`; omitted if discovery has not looked for it", (({ host }) => stateOf(host))),
	field("reason", "Its reply, or why there is none", (({ host }) => host.answer ?? host.found?.reason ?? absenceOf(host))),
	field("mac", "Its hardware address on an own link; omitted if it is not known", (({ host }) => host.found?.mac)),
	field("vendor", "The holder of the block that this address is from; omitted if it is not known", (({ host }) => host.found?.vendor)),
	field("evidence", "Every reply that shows it is up: `probe`, `reason`, `rtt_ms` and `ttl` of each; omitted without discovery", (({ host: { found } }) => found === void 0 || found.evidence.length === 0 ? void 0 : found.evidence.map((({ probe, reason, rttMs, ttl }) => ({
		probe,
		reason,
		rtt_ms: rttMs === void 0 ? null : rounded(rttMs, 1e3),
		ttl: ttl ?? null
	}))))),
	field("rtt_ms", "Its smoothed round trip, in milliseconds", (({ host: { roundTrip, found } }) => {
		const ms = roundTrip?.smoothedMs ?? found?.rttMs;
		return ms === void 0 ? null : rounded(ms, 1e3);
	})),
	...STATES.map(((state) => field(state.replace("|", "_"), `Its ports that are ${state}${isUsual(state) ? "" : "; omitted if there is none"}`, (({ host }) => portsIn(host, state) || (isUsual(state) ? 0 : void 0))))),
	field("at_least", "True if it has more ports without a reply than are counted, as so many are; omitted otherwise", (({ host }) => host.atLeast || void 0)),
	field("trace", "The path to it: `proto`, `port`, `reached`, `shared` and `hops`, of which each has `ttl`, `ip`, `rtt_ms` and `hostname`; omitted if it was not traced", (({ host: { trace } }) => trace && traceEntry(trace))),
	field("where_filtered", "Filtered `ports` (`proto`, `technique`), those of them that were `probed`, and the last hop that such probes reach (`after_hop`, `ip`); omitted if it is not known", (({ host: { trace } }) => trace && filteredEntries(trace))),
	field("timed_out", "True if its time (`--host-timeout`) was up before everything was known; omitted otherwise", (({ host }) => isTimedOut(host) || void 0)),
	field("suspect", "Another device that may reply for it; omitted if there is no suspicion", (({ suspect }) => suspect)),
	field("notes", "Notes on it and on its ports, a text each; omitted if there are none", (({ notes }) => notes)),
	field("os", "Guesses of its system by the shape of its SYN-ACKs: `family` (null if unknown), `evidence` and, if different stacks reply for its ports, some `ports` of each; omitted if no port is open", (({ os }) => os?.map(osEntry)))
];
const SUMMARY_FIELDS = [
	field("hosts", "Hosts that were probed", (({ hosts }) => hosts)),
	field("hosts_up", "Hosts that replied to a probe or to ARP", (({ hostsUp }) => hostsUp)),
	field("hosts_absent", "Hosts that are known not to be there; omitted if there is none", (({ hostsAbsent }) => hostsAbsent || void 0)),
	field("hosts_silent", "Hosts that replied to no probe of discovery, and whose ports were not probed; omitted if there is none", (({ hostsSilent }) => hostsSilent || void 0)),
	field("hosts_undecided", "Hosts that discovery has no result for; omitted if there is none", (({ hostsUndecided }) => hostsUndecided || void 0)),
	field("probes", "Ports of hosts to decide", (({ probes }) => probes)),
	field("sent", "Probe packets sent, retransmissions included", (({ sent }) => sent)),
	field("answered", "Replies that decided a port", (({ answered }) => answered)),
	field("open", "Ports found open", (({ open }) => open)),
	field("closed", "Ports found closed", (({ closed }) => closed)),
	field("filtered", "Ports found filtered", (({ filtered }) => filtered)),
	field("unfiltered", "Ports found unfiltered; omitted if there is none", (({ unfiltered }) => unfiltered || void 0)),
	field("open_filtered", "Ports found open or filtered; omitted if there is none", (({ openFiltered }) => openFiltered || void 0)),
	field("closed_filtered", "Ports found closed or filtered; omitted if there is none", (({ closedFiltered }) => closedFiltered || void 0)),
	field("undecided", "Ports without a result", (({ undecided }) => undecided)),
	field("elapsed_ms", "From the first probe to the last result, in milliseconds", (({ elapsedMs }) => rounded(elapsedMs, 1e3))),
	field("rate_pps", "Probe packets per second while sending", (({ ratePps }) => rounded(ratePps, 10))),
	field("loss", "Share of round trips lost, 0 to 1, as estimated", (({ loss }) => roundedLoss(loss))),
	field("round_trips", "Round trips that this share is of; omitted if there is none", (({ roundTrips }) => roundTrips || void 0)),
	field("loss_each_way", "The share lost each way, if both ways lose the same", (({ loss }) => roundedLoss(loss, lossEachWay))),
	field("expected_wrong", "Results expected to be wrong, given that loss", (({ expectedWrong }) => rounded(expectedWrong, 1e6))),
	field("late", "Replies that arrived after their port was reported, and replaced its result", (({ late }) => late)),
	field("duplicates", "Replies to probes that already had one", (({ duplicates }) => duplicates)),
	field("fin_acks", "Replies of FIN and ACK with our sequence numbers, sent by a proxy whose own connection failed; they decide nothing", (({ finAcks }) => finAcks)),
	field("unmatched", "Packets that match no probe: forged, stale or damaged", (({ unmatched }) => unmatched)),
	field("send_retries", "Packets that had to wait for room in the kernel's queues", (({ sendRetries }) => sendRetries)),
	field("send_errors", "Probes that the kernel refused to send, by errno name", (({ sendErrors }) => sendErrors)),
	field("receive_drops", "Packets that the kernel dropped before they were read", (({ receiveDrops }) => receiveDrops)),
	field("capped_hosts", "Hosts that limit the rate of their replies, and were probed more slowly", (({ cappedHosts }) => cappedHosts)),
	field("suspects", "Hosts for which another device may reply: `ip` and `suspect` of each", (({ suspects }) => suspects)),
	field("aliased", "Prefixes of IPv6 of which every address seems to reply: `prefix`, its `hosts` that are up, `controls`, how many addresses chosen at random were probed there, and `replied`, how many of these replied; omitted if there is none", (({ aliased }) => aliased.length === 0 ? void 0 : aliased)),
	field("ended", "`done`, `deadline`, `interrupted` or `failed`", (({ ended }) => ended)),
	field("warnings", "Warnings about the reliability of the results", (({ warnings }) => warnings)),
	field("trusted", "True if every target was found, every port decided, less than half a result is expected to be wrong, and no device replies for every host", (({ trusted }) => trusted)),
	field("transport", "The transport of packets, such as `ethernet`", (({ transport }) => transport)),
	field("workers", "Number of workers", (({ workers }) => workers))
];
const JSON_EVENTS = [
	{
		type: "start",
		when: "the first line",
		fields: START_FIELDS
	},
	{
		type: "progress",
		when: "at the interval of `--stats-every`",
		fields: PROGRESS_FIELDS
	},
	{
		type: "host",
		when: "after the ports, for each host that replied, and with discovery for each that it has looked for; if each host has one port and there is no discovery, for each with a `hostname`, notes or a guess of its system; with `--filter` and `--changed` for each with ports above",
		fields: HOST_FIELDS
	},
	{
		type: "summary",
		when: "the last line",
		fields: SUMMARY_FIELDS
	}
];

function absenceOf({ conclusion }) {
	return conclusion === "no-arp-response" ? conclusion : void 0;
}




// src/report/json.ts
var json_exports = /* @__PURE__ */ __exportAll({ JsonLinesWriter: (() => JsonLinesWriter) });
const LINE_END = "}\n";
const HOSTS_A_PIECE = 256;

const MAX_LITERALS = 16384;
var JsonLinesWriter = class {
	#openOnly;
	#stateBefore;
	#aggregator;
	#hosts = 0;
	#names = NO_NAMES;
	#hasHostLines = true;
	#hasDiscovery = false;
	#fields;
	#varying;
	#literals = /* @__PURE__ */ new Map();
	#lastTechnique = "";
	#literalCount = 0;
	#lastColumns;
	#lastService;
	#lastLiterals = [];
	#plainEnds = /* @__PURE__ */ new Map();
	#frames = new HostTexts();
	#encoder = new TextEncoder();
	#text = new Utf8Buffer();
	constructor(options, aggregator) {
		this.#openOnly = options.openOnly;
		this.#stateBefore = options.fields === void 0 ? options.stateBefore : void 0;
		this.#aggregator = aggregator;
		this.#fields = options.fields ?? FIELDS;
		this.#varying = this.#fields.filter((({ varies }) => varies));
	}
	static { this.prototype.start = (function(head) {
		this.#hosts = head.hosts;
		this.#names = head.names ?? NO_NAMES;
		this.#hasHostLines = head.probes > head.hosts || this.#aggregator.listsMatches;
		return eventLine("start", START_FIELDS, head);
	}); }
	static { this.prototype.results = (function(batch) {
		if (this.#hasHostLines) this.#aggregator.take(batch);
		const text = this.#text;
		const varying = this.#varying;
		text.clear();
		for (const result of batch) {
			if (this.#openOnly && !mayBeOpen(result.state)) continue;
			const literals = this.JsonLinesWriter$literalsFor(result);
			for (let at = 0; at < varying.length; at++) {
				text.addBytes(literals[at]);
				const value = varying[at].get(result);
				if (typeof value === "number" && !Number.isNaN(value)) text.addNumber(value);
				else text.addText(typeof value === "string" ? value : "null");
			}
			const before = this.#stateBefore?.(result);
			const end = literals[varying.length];
			if (before === void 0) text.addBytes(end);
			else {
				text.addBytes(end.subarray(0, -2));
				text.addText(`,"was":"${before}"${LINE_END}`);
			}
		}
		return text.bytes;
	}); }
	static { this.prototype.JsonLinesWriter$literalsFor = (function(result) {
		const { columns, service, technique, finding } = result;
		if (finding !== void 0) return this.JsonLinesWriter$literalsOf(result);
		if (columns !== void 0 && columns === this.#lastColumns && service === this.#lastService && technique === this.#lastTechnique) return this.#lastLiterals;
		if (this.#literalCount >= MAX_LITERALS) {
			this.#literals.clear();
			this.#literalCount = 0;
		}
		let ofTechnique = this.#literals.get(technique);
		if (ofTechnique === void 0) this.#literals.set(technique, ofTechnique = /* @__PURE__ */ new Map());
		let ofService = ofTechnique.get(service);
		if (ofService === void 0) ofTechnique.set(service, ofService = /* @__PURE__ */ new Map());
		const key = columns ?? valuesKey(result);
		let literals = ofService.get(key);
		if (literals === void 0) {
			ofService.set(key, literals = this.JsonLinesWriter$literalsOf(result));
			this.#literalCount++;
		}
		this.#lastColumns = columns;
		this.#lastService = service;
		this.#lastTechnique = technique;
		return this.#lastLiterals = literals;
	}); }
	static { this.prototype.JsonLinesWriter$literalsOf = (function(result) {
		const literals = [];
		let text = "{\"type\":\"port\"";
		for (const field of this.#fields) {
			if (!field.varies) {
				text += fieldText(field, field.get(result));
				continue;
			}
			const quote = field.type === "text" ? "\"" : "";
			literals.push(`${text},"${field.name}":${quote}`);
			text = quote;
		}
		return [...literals, `${text}}\n`].map(((literal) => this.#encoder.encode(literal)));
	}); }
	hosts(batch) {
		this.#hasHostLines = this.#hasDiscovery = true;
		this.#aggregator.take(batch);
		return "";
	}
	progress(progress) {
		return eventLine("progress", PROGRESS_FIELDS, progress);
	}
	static { this.prototype.end = (function*(summary) {
		if (this.#hasHostLines) yield* this.JsonLinesWriter$hostLines(summary);
		else yield* this.#noteLines(summary);
		yield eventLine("summary", SUMMARY_FIELDS, summary);
	}); }
	*#noteLines(summary) {
		const notes = notesByHost(summary);
		const hostnames = hostnamesByIp(summary);
		const traces = tracesByIp(summary);
		const remarked = /* @__PURE__ */ new Set([
			...notes.keys(),
			...hostnames.keys(),
			...traces.keys()
		]);
		const os = osOf(summary, remarked);
		for (const ip of remarked) {
			const trace = traces.get(ip);
			const line = {
				type: "host",
				ip,
				hostname: hostnames.get(ip),
				...trace === void 0 ? {} : {
					trace: traceEntry(trace),
					where_filtered: filteredEntries(trace)
				},
				notes: notes.get(ip)?.map(noteText),
				os: os.get(ip)?.map(osEntry)
			};
			yield `${jsonText(line)}\n`;
		}
		const hosts = guessedHosts(summary);
		const known = /* @__PURE__ */ new Map();
		for (let from = 0; from < hosts.length; from += HOSTS_A_PIECE) yield guessLines(hosts, [from, Math.min(hosts.length, from + HOSTS_A_PIECE)], remarked, known);
	}
	static { this.prototype.JsonLinesWriter$hostLines = (function*(summary) {
		const { suspects } = summary;
		const notes = notesByHost(summary);
		const os = osByHost(summary);
		const suspicions = new Map(suspects.map((({ ip, suspect }) => [ip, suspect])));
		let text = "";
		let waiting = 0;
		const report = this.#aggregator.report(this.#hosts);
		const reports = this.#hasDiscovery ? report.hostsAndAbsent(this.#names) : report.hosts(this.#names);
		for (const host of withHostnames(reports, summary)) {
			if (!(host.answer !== void 0 || notes.has(host.ip) || host.hostname !== void 0 || host.trace !== void 0 || isAbsent(host) || host.found !== void 0) || this.#openOnly && host.maybeOpenCount === 0) continue;
			const event = {
				host,
				suspect: suspicions.get(host.ip),
				notes: notes.get(host.ip)?.map(noteText),
				os: os.get(host.ip)
			};
			text += isPlain(event) ? this.#plainLine(event) : host.kind !== void 0 && host.roundTrip !== void 0 && event.suspect === void 0 && event.notes === void 0 ? this.#usualLine(event, host.kind) : eventLine("host", HOST_FIELDS, event);
			if (++waiting % HOSTS_A_PIECE > 0) continue;
			yield text;
			text = "";
		}
		yield text;
	}); }
	#plainLine(event) {
		const { ip, conclusion, found, unlisted = [], atLeast } = event.host;
		const begin = `{"type":"host","ip":"${ip}"`;
		let key = `${conclusion} ${found?.state} ${found?.reason} ${atLeast}`;
		for (const { state, count } of unlisted) key += ` ${count} ${state}`;
		let end = this.#plainEnds.get(key);
		if (end === void 0) this.#plainEnds.set(key, end = eventLine("host", HOST_FIELDS, event).slice(begin.length));
		return begin + end;
	}
	#usualLine(event, kind) {
		const [begin, end] = this.#frames.of(kind, event.os, () => {
			const host = {
				...event.host,
				ip: "",
				roundTrip: {
					...event.host.roundTrip,
					smoothedMs: PLACE
				}
			};
			const [begin = "", end = ""] = eventLine("host", HOST_FIELDS, {
				...event,
				host
			}).split(`${PLACE}`);
			return [begin.slice(HOST_BEGIN.length), end];
		});
		return `${HOST_BEGIN}${event.host.ip}${begin}${rounded(event.host.roundTrip.smoothedMs, 1e3)}${end}`;
	}
};
const HOST_BEGIN = "{\"type\":\"host\",\"ip\":\"";
const PLACE = 123456.789;

function guessLines(hosts, [from, to], others, known) {
	let text = "";
	for (let index = from; index < to; index++) {
		const ip = hosts.ipOf(index);
		const guesses = hosts.guessesOf(index);
		if (guesses.length === 1 && guesses[0].family === null || others.size > 0 && others.has(ip)) continue;
		let end = known.get(guesses);
		if (end === void 0) {
			end = `","os":${jsonText(guesses.map(osEntry))}${LINE_END}`;
			if (known.size < MAX_LITERALS) known.set(guesses, end);
		}
		text += "{\"type\":\"host\",\"ip\":\"" + ip + end;
	}
	return text;
}
function valuesKey({ state, reason, ttl, tries, late, from, note, names }) {
	return `${state} ${reason} ${ttl} ${tries} ${late} ${from} ${note}\n${names.join("\n")}`;
}


export { JSON_EVENTS as n, json_exports as t };