// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { a as requestName, c as word, i as PAYLOADS, l as writePayload, o as bytesOf, s as isEchoed } from "./udp.js";
import { _ as toHex, a as rank, c as readDns, d as kerberosError, f as completeReading, g as printable, h as latin1, i as merged, l as textIn, m as isText, n as bannerOf, o as unread, p as Reader, r as findingOf, s as STUN, u as readResponse } from "./services.js";
const readDatagram = (function readDatagram(exchange) {
	const payload = datagramRequest(exchange.probe)?.payload;
	if (payload !== void 0 && isSame(payload, exchange.reply)) {
		const isVague = exchange.probe !== ECHO_REQUEST;
		return {
			service: "echo",
			isComplete: !isVague,
			isVague,
			fields: {},
			facts: {}
		};
	}
	for (const { parse } of DATAGRAM_PROTOCOLS) {
		const reading = parse(exchange);
		if (reading !== void 0) return reading;
	}
});


// src/service/datagram_requests.ts
function rpcVersions(service, program) {
	const payload = {
		service,
		ports: [],
		bytes: bytesOf("00000000 00000000 00000002", program, "7fffffff", /* @__PURE__ */ new Uint8Array(20)),
		cookies: [word(0)],
		echoes: [[
			0,
			0,
			4
		]]
	};
	return {
		name: `${service} versions`,
		payload,
		isFollow: true
	};
}
const IPMI = {
	service: "asf-rmcp",
	ports: [],
	bytes: bytesOf("0600ff07 00 00000000 00000000 09 20 18 c8 81 00 38 8e 04 b5"),
	cookies: [],
	echoes: []
};
const QUAKE_INFO = {
	service: "quake3",
	ports: [],
	bytes: bytesOf("ffffffff", `'getinfo ${"x".repeat(120)}`),
	cookies: [],
	echoes: []
};
const DATAGRAM_REQUESTS = [
	...PAYLOADS.map((payload) => ({
		name: requestName(payload),
		payload,
		isFollow: false
	})),
	rpcVersions("rpcbind", "000186a0"),
	rpcVersions("nfs", "000186a3"),
	rpcVersions("mountd", "000186a5"),
	rpcVersions("nlockmgr", "000186b5"),
	{
		name: "ipmi",
		payload: IPMI,
		isFollow: true
	},
	{
		name: "quake3 info",
		payload: QUAKE_INFO,
		isFollow: true
	}
];
const BY_NAME = new Map(DATAGRAM_REQUESTS.map((request) => [request.name, request]));
function datagramRequest(name) {
	return BY_NAME.get(name);
}

// src/service/datagrams/devices.ts
function ssdp({ reply }) {
	const response = readResponse(latin1(reply));
	if (response?.protocol !== "HTTP/1.1") return void 0;
	const { headers } = response;
	const server = headers.get("server");
	if (!headers.has("st") && !headers.has("usn")) return void 0;
	return completeReading("upnp", {
		...server === void 0 ? {} : { "http.server": server },
		"ssdp.names": [...headers.keys()].join(",")
	}, server);
}
function discovery({ reply }) {
	if (!isText(reply)) return void 0;
	const text = latin1(reply, 0, 4096);
	if (!/<(?:\w+:)?ProbeMatches\b/.test(text)) return void 0;
	const types = /<(?:\w+:)?Types[^>]{0,200}>([^<]{0,200})</.exec(text)?.[1]?.trim();
	const prefix = /^(?:<\?xml[^>]{0,80}>\s{0,4})?<(\w+):Envelope/.exec(text)?.[1] ?? "-";
	const order = [...text.matchAll(/<(\w+:)?(\w+)[ >]/g)].slice(0, 16).map(([, , name]) => name).join(",");
	return completeReading("wsdapi", {
		"wsd.form": `${prefix} ${order}`,
		...types === void 0 ? {} : { "wsd.types": types }
	}, types);
}
function natPmp({ probe, reply }) {
	if (probe !== "nat-pmp" || reply[1] !== 128 && reply[1] !== 0 || reply.length < 8 || reply.length > 24) return;
	if (reply[0] !== 0 && reply[0] !== 2) return void 0;
	const code = new Reader(reply, 2).u16();
	return completeReading("nat-pmp", { "natpmp.reply": `version ${reply[0]} code ${code} length ${reply.length}` });
}
function bacnet({ reply }) {
	if (reply[0] !== 129 || reply[1] !== 10 && reply[1] !== 11 || new Reader(reply, 2).u16() !== reply.length) return;
	const kind = (reply[6] ?? 0) >> 4;
	if (kind === 0) return void 0;
	return completeReading("bacnet", { "bacnet.reply": [
		"?",
		"?",
		"simple",
		"complex",
		"?",
		"error",
		"reject"
	][kind] ?? "?" });
}
function etherNetIp({ reply }) {
	if (reply[0] !== 4 || reply[1] !== 0 || reply.length < 26 || new Reader(reply, 2).u16le() !== reply.length - 24) return;
	const name = /[A-Za-z][\x20-\x7e]{2,15}/.exec(latin1(reply, 32))?.[0] ?? "";
	return completeReading("EtherNetIP", { "enip.service": name }, name);
}
function knx({ reply }) {
	const reader = new Reader(reply);
	if (reader.u16() !== 1552 || reader.u16() !== 516 || reader.u16() !== reply.length) return void 0;
	reader.skip(1);
	if (reader.u8() !== 1) return void 0;
	reader.skip(22);
	const name = reader.text(30).replace(/\0[^]*$/, "");
	return reader.isShort ? void 0 : completeReading("knxnet-ip", { "knx.name": name }, printable(name));
}
function minecraft({ reply }) {
	if (reply[0] !== 28 || toHex(reply.subarray(17, 33)) !== "00ffff00fefefefefdfdfdfd12345678") return void 0;
	const text = latin1(reply, 35, 300);
	const [edition, , protocol, version] = text.split(";");
	return completeReading("minecraft-bedrock", { "raknet.pong": text }, [
		edition,
		version,
		protocol
	].join(" ").trim());
}
function dht({ probe, reply }) {
	const text = latin1(reply, 0, 512);
	if (probe !== "bittorrent-dht" || !text.startsWith("d") || !/1:y1:[re]/.test(text)) return void 0;
	const client = /1:v(\d):/.exec(text);
	const name = (client === null ? void 0 : reply.subarray(client.index + client[0].length))?.subarray(0, Number(client[1]));
	return completeReading("bittorrent-dht", {
		"dht.keys": [...text.matchAll(/1:([a-z])/g)].map(([, key]) => key).join(""),
		...clientOf(name)
	});
}
function clientOf(name) {
	if (name === void 0 || name.length < 2) return {};
	return { "dht.client": `${printable(latin1(name, 0, 2))} ${toHex(name.subarray(2))}` };
}
function quake({ reply }) {
	const text = latin1(reply, 0, 1024);
	if (!/^\xff\xff\xff\xff(?:challengeResponse|infoResponse)\b/.test(text)) return void 0;
	const facts = text.split("\n")[1]?.split("\\").slice(1) ?? [];
	const of = (key) => facts[facts.indexOf(key) + 1];
	const game = facts.includes("gamename") ? of("gamename") : void 0;
	const found = completeReading("quake3", {
		"quake.reply": text.slice(4, 60),
		...game ? { "quake.game": game } : {}
	}, game);
	return facts.length === 0 ? {
		...found,
		isComplete: false,
		next: ["quake3 info"]
	} : found;
}
function mumble({ probe, reply }) {
	if (probe !== "murmur" || reply.length !== 24 || reply[0] !== 0) return void 0;
	const version = `${reply[1]}.${reply[2]}.${reply[3]}`;
	const [users, most] = [new Reader(reply, 12).u32(), new Reader(reply, 16).u32()];
	return completeReading("murmur", { "mumble.release": `${version} ping` }, `users: ${users}, most: ${most}`);
}
const DEVICE_DATAGRAMS = [
	{
		name: "ssdp",
		parse: ssdp
	},
	{
		name: "wsd",
		parse: discovery
	},
	{
		name: "quake3",
		parse: quake
	},
	{
		name: "raknet",
		parse: minecraft
	},
	{
		name: "bacnet",
		parse: bacnet
	},
	{
		name: "enip",
		parse: etherNetIp
	},
	{
		name: "knx",
		parse: knx
	},
	{
		name: "mumble",
		parse: mumble
	},
	{
		name: "dht",
		parse: dht
	},
	{
		name: "nat-pmp",
		parse: natPmp
	}
];

// src/service/datagrams/machines.ts
function ntp({ probe, reply }) {
	const reader = new Reader(reply);
	const first = reader.u8();
	const [stratum, poll, precision] = [
		reader.u8(),
		reader.u8(),
		reader.u8()
	];
	if (probe !== "ntp" || reply.length < 48 || (first & 7) !== 4 || stratum > 16) return void 0;
	reader.skip(8);
	const refid = reader.take(4);
	const source = stratum > 1 && stratum < 16 ? "-" : printable(latin1(refid));
	const [leap, version] = [first >> 6, first >> 3 & 7];
	const isSynchronized = leap !== 3 && stratum > 0 && stratum < 16;
	return completeReading("ntp", { "ntp.state": `leap ${leap} version ${version} stratum ${stratum} poll ${poll} precision ${precision} ${source}` }, `NTP v${version}; ${isSynchronized ? `stratum ${stratum}` : "unsynchronized"}`);
}
function berValue(reader) {
	const tag = reader.u8();
	let length = reader.u8();
	if (length >= 128) {
		const count = length & 127;
		length = 0;
		for (let i = 0; i < Math.min(count, 4); i++) length = length * 256 + reader.u8();
	}
	return {
		tag,
		content: reader.part(length)
	};
}
const MIN_ENGINE_LEN = 5;
function snmp({ reply }) {
	const { tag, content: message } = berValue(new Reader(reply));
	const version = berValue(message);
	if (tag !== 48 || version.tag !== 2 || version.content.u8() !== 3 || berValue(message).tag !== 48) return;
	const security = berValue(message);
	if (security.tag !== 4) return void 0;
	const usm = berValue(security.content);
	const engine = berValue(usm.content);
	if (usm.tag !== 48 || engine.tag !== 4) return void 0;
	const id = engine.content.take(Math.min(engine.content.left, 32));
	if (id.length < MIN_ENGINE_LEN) return void 0;
	const enterprise = new Reader(id).u32() & 2147483647;
	const name = id.length > 5 && id[4] === 4 ? latin1(id, 5) : void 0;
	return completeReading("snmp", {
		"snmp.engine": `${enterprise} ${id[4] ?? 0}`,
		...name === void 0 ? {} : { "snmp.engine-text": name }
	}, `SNMPv3; engine ${toHex(id)}`);
}
function rpc({ probe, reply }) {
	const program = PROGRAMS[probe.replace(/ versions$/, "")];
	const reader = new Reader(reply);
	reader.skip(4);
	const type = reader.u32();
	const status = reader.u32();
	if (program === void 0 || reader.isShort || type !== 1 || status > 1) return void 0;
	const service = probe.replace(/ versions$/, "");
	if (status === 1) return completeReading(service, { "rpc.status": `denied ${reader.u32()}` }, `RPC #${program}`);
	reader.skip(4);
	reader.skip(Math.min(reader.u32(), 400));
	const accepted = reader.u32();
	if (reader.isShort || accepted > 5) return void 0;
	const isThere = accepted !== 1;
	const range = accepted === 2 ? `${reader.u32()}-${reader.u32()}` : void 0;
	const found = completeReading(isThere ? service : "rpc", {
		"rpc.status": `accepted ${accepted}`,
		...range === void 0 ? {} : { "rpc.range": range }
	}, range === void 0 ? `RPC #${program}` : `RPC #${program} versions ${range}`);
	return range === void 0 && isThere ? {
		...found,
		isComplete: false,
		next: [`${service} versions`]
	} : found;
}
const PROGRAMS = {
	rpcbind: 1e5,
	nfs: 100003,
	mountd: 100005,
	nlockmgr: 100021,
	wdbrpc: 1431655765
};
function tftp({ probe, reply }) {
	const reader = new Reader(reply);
	const code = reader.u16();
	const number = reader.u16();
	if (reader.isShort) return void 0;
	if (probe === "tftp" && code === 3 && number === 1) return completeReading("tftp", { "tftp.reply": "data" });
	const text = latin1(reply, 4, 200).replace(/\0$/, "");
	if (code !== 5 || number > 8 || !/^[\x20-\x7e]*$/.test(text)) return void 0;
	return completeReading("tftp", { "tftp.error": `${number} ${text}` });
}
function rmcp({ reply }) {
	const reader = new Reader(reply);
	const [version, , , kind] = [
		reader.u8(),
		reader.u8(),
		reader.u8(),
		reader.u8()
	];
	if (version !== 6) return void 0;
	if (kind === 6) {
		const enterprise = reader.u32();
		const type = reader.u8();
		reader.skip(3);
		const oem = [reader.u32(), reader.u32()];
		const entities = reader.u8();
		if (reader.isShort || enterprise !== 4542 || type !== 64) return void 0;
		const found = completeReading("asf-rmcp", { "rmcp.pong": `${oem[0]} ${entities}` });
		return (entities & 128) !== 0 ? {
			...found,
			isComplete: false,
			next: ["ipmi"]
		} : found;
	}
	if (kind !== 7) return void 0;
	const authentication = reader.u8();
	reader.skip(8);
	const length = reader.u8();
	reader.skip(6);
	const completion = reader.u8();
	const [, types, , extended] = [
		reader.u8(),
		reader.u8(),
		reader.u8(),
		reader.u8()
	];
	if (reader.isShort || authentication !== 0 || length < 8 || completion !== 0) return void 0;
	const versions = (types & 128) !== 0 && (extended & 2) !== 0 ? "IPMI 2.0" : "IPMI 1.5";
	const oem = toHex(reader.take(3));
	return completeReading("asf-rmcp", {
		"ipmi.version": versions,
		"ipmi.oem": oem
	}, versions);
}
function memcached({ reply }) {
	const reader = new Reader(reply, 2);
	const [sequence, count, reserved] = [
		reader.u16(),
		reader.u16(),
		reader.u16()
	];
	if (sequence !== 0 || count !== 1 || reserved !== 0) return void 0;
	const line = /^(VERSION (.{1,40})|(?:CLIENT_|SERVER_)?ERROR.{0,80})\r\n$/.exec(latin1(reply, reader.at, 200));
	if (line === null) return void 0;
	return completeReading("memcache", line[2] === void 0 ? { "memcached.error": line[1] } : { "memcached.version": line[2] });
}
function rip({ reply }) {
	if (!(reply[0] === 2 && (reply[1] === 1 || reply[1] === 2) && reply[2] === 0 && reply[3] === 0) || reply.length < 24 || (reply.length - 4) % 20 !== 0) return void 0;
	return completeReading("route", { "rip.version": String(reply[1]) }, `RIP ${reply[1]}`);
}
function afs({ reply }) {
	if (reply.length < 30 || reply[20] !== 13) return void 0;
	const text = latin1(reply, 28, 128).replace(/\0[^]*$/, "").trim();
	if (!/^[\x20-\x7e]+$/.test(text)) return void 0;
	return completeReading("afs", { "afs.version": text }, text);
}
function xdmcp({ reply }) {
	const reader = new Reader(reply);
	const version = reader.u16();
	const code = reader.u16();
	const length = reader.u16();
	if (version !== 1 || code !== 5 && code !== 6 || length !== reader.left) return void 0;
	const texts = Array.from({ length: code === 5 ? 3 : 2 }, () => reader.text(reader.u16()));
	if (reader.isShort || reader.left > 0) return void 0;
	const [hostname, status] = texts.slice(-2);
	const found = completeReading("xdmcp", { "xdmcp.status": `${code === 5 ? "willing" : "unwilling"} ${status}` }, status);
	return hostname === "" ? found : {
		...found,
		facts: {
			...found.facts,
			hostname
		}
	};
}
const SEQUENCE_LEN = 40;
function small({ probe, reply }) {
	if (isSequence(reply)) return completeReading("chargen", { "chargen.text": latin1(reply, 0, 72) });
	const text = latin1(reply, 0, 72);
	return probe === "qotd" && isText(reply) && !/^(?:[A-Z]{2,8}\/\d\.\d )?\d{3}[ -]/.test(text) ? completeReading("qotd", { "qotd.text": text }) : void 0;
}
function isSequence(reply) {
	const line = reply.subarray(0, SEQUENCE_LEN);
	return line.length === SEQUENCE_LEN && line.every((byte, at) => byte >= 32 && byte < 127 && (at === 0 || byte === line[at - 1] + 1 || byte <= 33 && line[at - 1] >= 125));
}
const MACHINE_DATAGRAMS = [
	{
		name: "snmp",
		parse: snmp
	},
	{
		name: "rpc",
		parse: rpc
	},
	{
		name: "memcache",
		parse: memcached
	},
	{
		name: "rmcp",
		parse: rmcp
	},
	{
		name: "afs",
		parse: afs
	},
	{
		name: "rip",
		parse: rip
	},
	{
		name: "xdmcp",
		parse: xdmcp
	},
	{
		name: "ntp",
		parse: ntp
	},
	{
		name: "tftp",
		parse: tftp
	},
	{
		name: "small",
		parse: small
	}
];

// src/service/datagrams/names.ts
const TYPE_PTR = 12;
const TYPE_NBSTAT = 33;
const MDNS_FLAGS = 33792;
const MDNS_REQUEST = "zeroconf";
const QUERIES = /* @__PURE__ */ new Set([
	"domain",
	MDNS_REQUEST,
	"netbios-ns"
]);
const HEADER_LEN = 12;
const FORMERR = 1;
const NOTIMP = 4;
const REFUSED = 5;
const MAX_RCODE = 10;
const MAX_NAMES = 12;
function dns({ probe, reply }) {
	const message = readDns(new Reader(reply));
	if (message === void 0 || !isPlausible(message, probe, reply.length)) return void 0;
	if (probe === MDNS_REQUEST && message.flags === MDNS_FLAGS) return mdns(message, reply);
	const { rcode } = message;
	const version = textIn(message, message.answers);
	return {
		...completeReading("domain", {
			...version === void 0 ? {} : { "dns.version": version },
			"dns.rcode": rcode
		}, version === void 0 ? rcode : void 0),
		...version === void 0 && probe !== "domain" ? { next: ["domain"] } : {}
	};
}
function isPlausible({ flags }, probe, length) {
	const [operation, rcode] = [flags >> 11 & 15, flags & 15];
	if (QUERIES.has(probe)) return operation === 0 && rcode <= MAX_RCODE;
	return length === HEADER_LEN && [
		FORMERR,
		NOTIMP,
		REFUSED
	].includes(rcode);
}
function mdns({ answers, records }, reply) {
	const pointers = records.slice(0, answers).filter(({ type }) => type === TYPE_PTR);
	const types = pointers.map(({ at }) => nameAt(reply, at).replace(/\.local$/, ""));
	const shown = [...new Set(types)].filter((name) => name !== "").slice(0, MAX_NAMES).join(", ");
	const ttl = pointers[0]?.ttl;
	return completeReading("mdns", {
		"mdns.reply": `answers ${answers} ttl ${ttl ?? "-"}`,
		"mdns.types": shown
	}, shown);
}
function nameAt(message, at) {
	const labels = [];
	for (let jumps = 0, read = 0; read < 64 && jumps < 16; read++) {
		const length = message[at];
		if (length === void 0 || length === 0) break;
		if (length >= 192) {
			at = (length & 63) * 256 + (message[at + 1] ?? 0);
			jumps++;
			continue;
		}
		labels.push(latin1(message, at + 1, at + 1 + length));
		at += 1 + length;
	}
	return labels.join(".");
}
function netbios({ reply }) {
	const reader = new Reader(reply);
	reader.skip(2);
	const flags = reader.u16();
	const counts = [reader.u16(), reader.u16()];
	reader.skip(4);
	if ((flags & 32768) === 0 || counts[0] !== 0 || counts[1] !== 1 || reader.u8() !== 32) return void 0;
	reader.skip(33);
	if (reader.u16() !== TYPE_NBSTAT || reader.u16() !== 1) return void 0;
	reader.skip(6);
	const count = reader.u8();
	const names = Array.from({ length: Math.min(count, 32) }, () => {
		return {
			name: reader.text(15).trim(),
			suffix: reader.u8(),
			isGroup: (reader.u16() & 32768) !== 0
		};
	});
	const mac = toHex(reader.take(6));
	if (reader.isShort) return void 0;
	const hostname = names.find(({ suffix, isGroup }) => suffix === 0 && !isGroup)?.name;
	const workgroup = names.find(({ suffix, isGroup }) => suffix === 0 && isGroup)?.name;
	return {
		service: "netbios-ns",
		isComplete: true,
		fields: {
			"netbios.mac": mac,
			...workgroup === void 0 ? {} : { "netbios.group": workgroup }
		},
		facts: {
			...hostname ? { hostname } : {},
			...workgroup ? { info: `workgroup: ${workgroup}` } : {}
		}
	};
}
function cldap({ reply }) {
	const start = toHex(reply.subarray(0, 16));
	const match = /^30(?:[0-7].|81..|82....|84........)02(?:01..|02....|03......|04........)(64|65)/.exec(start);
	if (match === null) return void 0;
	return completeReading("ldap", { "cldap.reply": match[1] === "64" ? "entry" : "result" }, "connectionless");
}
function kerberos({ reply }) {
	const error = reply[0] === 126 ? kerberosError(reply) : void 0;
	return error && {
		...error,
		facts: {}
	};
}
function slp({ reply }) {
	const reader = new Reader(reply);
	const version = reader.u8();
	const kind = reader.u8();
	const length = reader.u24();
	if (version !== 2 || ![
		2,
		5,
		7,
		8,
		10,
		11
	].includes(kind) || length !== reply.length) return void 0;
	return completeReading("svrloc", { "slp.function": String(kind) });
}
const NAME_DATAGRAMS = [
	{
		name: "netbios-ns",
		parse: netbios
	},
	{
		name: "domain",
		parse: dns
	},
	{
		name: "kerberos",
		parse: kerberos
	},
	{
		name: "cldap",
		parse: cldap
	},
	{
		name: "slp",
		parse: slp
	}
];

// src/service/datagrams/sessions.ts
const NOTIFY = 11;
const NOTIFY_V2 = 41;
const VENDOR = 13;
const VENDOR_V2 = 43;
const MAX_PAYLOADS = 16;
function ike({ probe, reply }) {
	const isNatT = probe.startsWith("nat-t-ike");
	if (!isNatT && !probe.startsWith("isakmp")) return void 0;
	const reader = new Reader(reply);
	if (isNatT && reader.u32() !== 0) return void 0;
	const begin = reader.at;
	reader.skip(8);
	const responder = toHex(reader.take(8));
	let next = reader.u8();
	const version = reader.u8();
	const exchange = reader.u8();
	const flags = reader.u8();
	reader.skip(4);
	const length = reader.u32();
	if (reader.isShort || version >> 4 === 0 || version >> 4 > 3 || length !== reply.length - begin) return void 0;
	const isFirst = version >> 4 === 1;
	const notices = [];
	const vendors = [];
	for (let i = 0; i < MAX_PAYLOADS && next !== 0 && reader.left >= 4; i++) {
		const kind = next;
		next = reader.u8();
		reader.skip(1);
		const content = reader.part(reader.u16() - 4);
		if (kind === NOTIFY || kind === NOTIFY_V2) {
			content.skip(isFirst ? 4 : 0);
			content.skip(2);
			notices.push(String(content.u16()));
		} else if (kind === VENDOR || kind === VENDOR_V2) vendors.push(toHex(content.take(Math.min(content.left, 24))));
	}
	const name = `IKEv${version >> 4}.${version & 15}`;
	return completeReading(isNatT ? "nat-t-ike" : "isakmp", {
		"ike.reply": `${name} exchange ${exchange} flags ${flags} notices ${notices.join(",") || "-"} responder ${/^0+$/.test(responder) ? "none" : "some"}`,
		...vendors.length === 0 ? {} : { "ike.vendors": vendors.join(" ") }
	}, `IKEv${version >> 4}`);
}
function openvpn({ probe, reply }) {
	if (probe !== "openvpn" || reply[0] !== 64 || reply.length < 22 || reply[9] !== 1) return void 0;
	return completeReading("openvpn", { "openvpn.reset": `length ${reply.length}` });
}
function sip({ reply }) {
	const response = readResponse(latin1(reply));
	if (response?.protocol !== "SIP/2.0") return void 0;
	const { status, reason, headers } = response;
	const [server, agent] = [headers.get("server"), headers.get("user-agent")];
	return completeReading("sip", {
		"sip.headers": latin1(reply, 0, 1024).replace(/^[^\n]*\n/, ""),
		"sip.server": server ?? agent ?? "",
		"sip.status": `${status} ${reason}`,
		"sip.names": [...headers.keys()].join(",")
	}, server ?? agent ?? `status ${status}: ${printable(reason, 40)}`);
}
function coap({ probe, reply }) {
	const reader = new Reader(reply);
	const first = reader.u8();
	const code = reader.u8();
	if (first >> 4 === 7 && code === 0 && reply.length === 4) return {
		...completeReading("coap", { "coap.code": "reset" }),
		isComplete: false,
		isVague: true
	};
	if (probe !== "coap" || first >> 6 !== 1 || (first & 15) !== 8 || code >> 5 < 2 || code >> 5 > 5) return void 0;
	reader.skip(10);
	let option = 0;
	for (let i = 0; i < 32 && reader.left > 0; i++) {
		const head = reader.u8();
		if (head === 255) break;
		const [delta, length] = [extended(head >> 4, reader), extended(head & 15, reader)];
		option += delta;
		reader.skip(length);
	}
	if (reader.isShort) return void 0;
	const text = latin1(reply, reader.at, reader.at + 64);
	const shown = `${code >> 5}.${String(code & 31).padStart(2, "0")}`;
	return completeReading("coap", {
		"coap.core": text,
		"coap.code": shown
	}, `reply ${shown}`);
}
function extended(nibble, reader) {
	return nibble === 13 ? reader.u8() + 13 : nibble === 14 ? reader.u16() + 269 : nibble;
}
function dtls({ reply }) {
	const reader = new Reader(reply);
	const type = reader.u8();
	const version = reader.u16();
	reader.skip(8);
	const length = reader.u16();
	if (reader.isShort || version !== 65279 && version !== 65277 || length > reader.left) return void 0;
	if (type === 21 && length === 2) return completeReading("dtls", { "dtls.alert": `${reader.u8()} ${reader.u8()}` });
	if (type !== 22) return void 0;
	const kind = reader.u8();
	if (kind !== 3) return kind === 2 ? completeReading("dtls", { "dtls.hello": toHex(reply.subarray(25, 27)) }) : void 0;
	reader.skip(11);
	const offered = reader.u16();
	const cookieLen = reader.u8();
	const text = `record ${version.toString(16)} version ${offered.toString(16)} cookie ${cookieLen}`;
	return reader.isShort ? void 0 : completeReading("dtls", { "dtls.verify": text });
}
function quic({ probe, reply }) {
	const reader = new Reader(reply);
	const first = reader.u8();
	if (probe !== "quic" || (first & 128) === 0 || reader.u32() !== 0) return void 0;
	reader.skip(reader.u8());
	reader.skip(reader.u8());
	if (reader.isShort || reader.left === 0 || reader.left % 4 !== 0 || reader.left > 128) return void 0;
	const versions = [];
	while (reader.left > 0) {
		const version = reader.u32();
		if ((version & 252645135) === 168430090) continue;
		versions.push(VERSIONS[version] ?? version.toString(16).padStart(8, "0"));
	}
	return completeReading("quic", { "quic.versions": versions.join(" ") }, `QUIC ${versions.join(", ")}`);
}
const VERSIONS = {
	1: "v1",
	1798521807: "v2",
	4278190109: "draft-29"
};
function gtp({ probe, reply }) {
	if (probe !== "gtp-control" || reply.length < 8 || reply[0] !== 50) return void 0;
	if (reply[1] === 3) return completeReading("gtp", {});
	return reply[1] === 2 ? completeReading("gtp", { "gtp.echo": toHex(reply.subarray(12, 14)) }) : void 0;
}
function mgcp({ probe, reply }) {
	const match = /^([1-5]\d\d) (\d{1,9})(?: ([\x20-\x7e]{0,80}))?\r?\n/.exec(latin1(reply, 0, 200));
	if (match === null) return void 0;
	const [, code, transaction, text = ""] = match;
	if (probe === "mgcp") return completeReading("mgcp", { "mgcp.code": code }, `${code} ${text}`.trim());
	return !/^0+$/.test(transaction) ? void 0 : {
		...completeReading("mgcp", { "mgcp.code": code }),
		isVague: true,
		next: ["mgcp"]
	};
}
const HOST_NAME = 7;
const VENDOR_NAME = 8;
const FIRMWARE = 6;
function l2tp({ probe, reply }) {
	const reader = new Reader(reply);
	const [flags, length] = [reader.u16(), reader.u16()];
	if (probe !== "L2TP" || (flags & 51215) !== 51202 || length !== reply.length || !reader.skip(8)) return void 0;
	const values = /* @__PURE__ */ new Map();
	for (let i = 0; i < MAX_PAYLOADS && reader.left >= 6; i++) {
		const size = reader.u16() & 1023;
		const vendor = reader.u16();
		const type = reader.u16();
		const value = reader.take(size - 6);
		if (vendor === 0 && !values.has(type)) values.set(type, value);
	}
	const textOf = (type) => printable(latin1(values.get(type) ?? /* @__PURE__ */ new Uint8Array()).replace(/\0+$/, ""), 64);
	const vendor = textOf(VENDOR_NAME);
	const hostname = textOf(HOST_NAME);
	const firmware = toHex(values.get(FIRMWARE) ?? /* @__PURE__ */ new Uint8Array());
	return {
		...completeReading("L2TP", { "l2tp.vendor": vendor }, [vendor, ...firmware === "" ? [] : [`firmware ${firmware}`]].filter((text) => text !== "").join("; ")),
		...hostname === "" ? {} : { facts: { hostname } }
	};
}
function teeworlds({ probe, reply }) {
	return probe === "teeworlds" && toHex(reply.subarray(0, 3)) === "040000" && reply[7] === 5 && reply.length === 12 ? completeReading("teeworlds", { "teeworlds.token": "sent" }) : void 0;
}
const SESSION_DATAGRAMS = [
	{
		name: "sip",
		parse: sip
	},
	{
		name: "mgcp",
		parse: mgcp
	},
	{
		name: "ike",
		parse: ike
	},
	{
		name: "openvpn",
		parse: openvpn
	},
	{
		name: "quic",
		parse: quic
	},
	{
		name: "dtls",
		parse: dtls
	},
	{
		name: "gtp",
		parse: gtp
	},
	{
		name: "coap",
		parse: coap
	},
	{
		name: "l2tp",
		parse: l2tp
	},
	{
		name: "teeworlds",
		parse: teeworlds
	}
];

// src/service/datagrams/all.ts
const DATAGRAM_PROTOCOLS = [...[
	STUN,
	...SESSION_DATAGRAMS,
	...DEVICE_DATAGRAMS,
	...MACHINE_DATAGRAMS,
	...NAME_DATAGRAMS
]];
const ECHO_REQUEST = "echo";

function isSame(payload, reply) {
	if (reply.length !== payload.bytes.length) return false;
	const [zeros, ones] = [0, 4294967295].map((token) => {
		const bytes = new Uint8Array(reply.length);
		writePayload(payload, new DataView(bytes.buffer), 0, token);
		return bytes;
	});
	return reply.every((byte, at) => zeros[at] !== ones[at] || byte === zeros[at]);
}

// src/service/datagram_matcher.ts
function identifyDatagrams(exchanges) {
	const sent = new Set(exchanges.map(({ probe }) => probe));
	const found = exchanges.flatMap((exchange) => {
		const reading = exchange.reply.length === 0 ? void 0 : readDatagram(exchange);
		return reading === void 0 ? [] : [{
			...findingOf(reading, exchange, true),
			reading
		}];
	});
	const best = found.reduce((before, one) => before === void 0 || rank(one) >= rank(before) ? one : before, void 0);
	const next = found.flatMap(({ reading }) => reading.next ?? []).filter((name) => !sent.has(name));
	return {
		finding: best === void 0 ? unread(exchanges) : merged(best.finding, found.map(({ finding }) => finding), bannerOf(exchanges)),
		next: [...new Set(next)]
	};
}
function isSure(finding) {
	return finding !== void 0 && finding.confidence >= 8;
}

// src/service/datagram_dialogue.ts
const MAX_TOGETHER = 4;
const TRIES = 3;
const GUESS_TRIES = 1;
const MAX_FOLLOWS = 4;
const MAX_PORT_MS = 5e3;
const MAX_REPLY_LEN = 4096;
const MAX_INTENSITY = 9;
var DatagramDialogue = class {
	#options;
	#knowledge;
	#connections;
	#exchanges;
	#sendings = /* @__PURE__ */ new Map();
	#sent;
	#count = 0;
	#follows = 0;
	#beganMs = 0;
	#identification;
	#finding;
	constructor(options, knowledge, connections) {
		this.#options = options;
		this.#knowledge = knowledge;
		this.#connections = connections;
		this.#exchanges = [...options.known];
		this.#sent = new Set(options.known.map(({ probe }) => probe));
		this.#identification = knowledge.identify(this.#exchanges);
	}
	get finding() {
		return this.#finding;
	}
	get isLooking() {
		return false;
	}
	get isQuiet() {
		return this.#count > 1 && !this.hasReply;
	}
	get hasReply() {
		return this.#exchanges.length > 0;
	}
	get dueMs() {
		let dueMs = 1e400;
		for (const sending of this.#sendings.values()) dueMs = Math.min(dueMs, sending.dueMs);
		return dueMs;
	}
	start(nowMs) {
		this.#beganMs = nowMs;
		this.#advance(nowMs);
	}
	stop(label) {
		if (this.#finding === void 0) this.#finish(label);
	}
	connecting(connection, nowMs) {
		const sending = this.#sendings.get(connection);
		if (sending !== void 0) sending.dueMs = nowMs + this.#options.times.connectMs;
	}
	opened(connection, nowMs) {
		const sending = this.#sendings.get(connection);
		if (sending === void 0) return;
		sending.isOpen = true;
		this.#send(connection, sending, nowMs);
	}
	received(connection, bytes, nowMs) {
		const sending = this.#sendings.get(connection);
		if (sending === void 0 || !this.#isReply(sending, bytes)) return;
		const { request: { name }, sentMs } = sending;
		this.#options.times.addReply(nowMs - sentMs);
		const reply = bytes.slice(0, MAX_REPLY_LEN);
		this.#exchanges.push({
			probe: name,
			reply,
			firstByteMs: nowMs - sentMs,
			end: "open",
			connection
		});
		this.#identification = this.#knowledge.identify(this.#exchanges);
		this.#end(connection);
		if (isSure(this.#identification.finding)) this.#endGuesses();
		this.#advance(nowMs);
	}
	ended(connection, _end, nowMs) {
		if (this.#sendings.delete(connection)) this.#advance(nowMs);
	}
	expire(nowMs) {
		for (const [connection, sending] of [...this.#sendings]) {
			if (sending.dueMs > nowMs) continue;
			if (sending.isOpen && sending.count < sending.tries) this.#send(connection, sending, nowMs);
			else this.#end(connection);
		}
		this.#advance(nowMs);
	}
	#send(connection, sending, nowMs) {
		sending.count++;
		sending.sentMs = nowMs;
		sending.dueMs = nowMs + this.#options.times.probeMs;
		this.#connections.send(connection, sending.bytes);
	}
	#end(connection) {
		this.#sendings.delete(connection);
		this.#connections.end(connection, false);
	}
	#endGuesses() {
		for (const [connection, { request }] of [...this.#sendings]) if (!request.isFollow) this.#end(connection);
	}
	#isReply({ request, bytes }, reply) {
		return isEchoed(request.payload, viewOf(bytes), 0, viewOf(reply), 0, reply.length);
	}
	#advance(nowMs) {
		if (this.#finding !== void 0) return;
		const isOver = nowMs - this.#beganMs > MAX_PORT_MS + this.#options.times.extraMs;
		while (!isOver && this.#sendings.size < MAX_TOGETHER) {
			const request = this.#next();
			if (request === void 0) break;
			this.#open(request);
		}
		if (this.#sendings.size === 0 || isOver) this.#finish();
	}
	#open(request) {
		const connection = this.#count++;
		const { isFollow, payload, name } = request;
		const bytes = new Uint8Array(payload.bytes.length);
		writePayload(payload, viewOf(bytes), 0, this.#options.token);
		this.#sent.add(name);
		if (isFollow) this.#follows++;
		const tries = isFollow || this.#isOwn(request) ? TRIES : GUESS_TRIES;
		this.#sendings.set(connection, {
			request,
			bytes,
			tries,
			count: 0,
			isOpen: false,
			sentMs: 0,
			dueMs: 1e400
		});
		this.#connections.begin(connection, false);
	}
	#isOwn({ payload }) {
		return payload.ports.includes(this.#options.target.port);
	}
	#next() {
		const { requests } = this.#knowledge;
		const { next, finding } = this.#identification;
		const unsent = requests.filter(({ name }) => !this.#sent.has(name));
		if (this.#follows < MAX_FOLLOWS) {
			const follow = unsent.find(({ name }) => next.includes(name));
			if (follow !== void 0) return follow;
		}
		if (isSure(finding)) return void 0;
		const guesses = requests.slice(0, Math.ceil(requests.length * this.#options.intensity / MAX_INTENSITY));
		return unsent.find((request) => this.#isOwn(request)) ?? guesses.find(({ name, isFollow }) => !isFollow && !this.#sent.has(name));
	}
	#finish(label) {
		for (const connection of this.#sendings.keys()) this.#connections.end(connection, false);
		this.#sendings.clear();
		const { finding } = this.#identification;
		const found = finding ?? {
			service: "unknown",
			confidence: 0
		};
		const why = label ?? (this.hasReply ? void 0 : "silent");
		this.#finding = why === void 0 ? found : {
			...found,
			label: why
		};
	}
};
function viewOf({ buffer, byteOffset, byteLength }) {
	return new DataView(buffer, byteOffset, byteLength);
}

// src/service/over_udp.ts
var over_udp_exports = /* @__PURE__ */ __exportAll({ overUdp: () => overUdp });
function overUdp(intensity) {
	const knowledge = {
		requests: DATAGRAM_REQUESTS,
		identify: identifyDatagrams
	};
	const random = /* @__PURE__ */ new Uint32Array(1);
	return {
		dialogue: (target, times, known, connections) => {
			const [token] = crypto.getRandomValues(random);
			return new DatagramDialogue({
				target,
				intensity,
				times,
				known,
				token
			}, knowledge, connections);
		},
		hasProbe: (port) => DATAGRAM_REQUESTS.some(({ payload }) => payload.ports.includes(port)),
		isLeftAlone: () => false
	};
}

export { over_udp_exports as t };