// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { B as reasonCode, M as outcomeTable } from "./library.js";
import { $n as setIpv4Destination, Cn as udpChecksum, Dn as writeUdp, En as udpSourcePort, Jn as ipv4Id, Qn as setIpv4Checksum, Sn as checkUdp, Tn as udpLen, Xn as ipv4TotalLen, Yn as ipv4Protocol, Zn as pseudoHeaderSum, _n as ICMP_ERRORS, bn as readIpv4, cr as foldChecksum, er as setIpv4Id, gn as withPorts, hn as replyFilter, lr as sumWords, nr as writeIpv4, tr as setIpv4TotalLen, wn as udpDestinationPort, xn as hasRightChecksums, yn as readIcmpError } from "./scan.js";

// src/target/top_udp_ports.ts
var top_udp_ports_exports = /* @__PURE__ */ __exportAll({
	TOP_UDP_PORT_COUNT: () => 100,
	topUdpPorts: () => topUdpPorts
});
const TOP_UDP_PORT_COUNT = 100;
const GROUPS = [
	"53 123 161 137 138 67 68 69 111 514 1900 5353 500 4500 631 162 520 88 389 445 135 1434",
	"443 1194 51820 1701 3478 5060 5061 80 853 1723 4789 3784 8472 5349 19302",
	"1812 1813 1645 1646 2049 20048 464 11211 623 177 523 4045 3702 427 5355 1433 7001 7000",
	"5683 5684 47808 44818 5351 3671 5050 20000 34964 502 9600 10001 3283 1604 5632 5555 17185 30718 9999",
	"7 9 13 17 19 37 49 79 113 512 513 517 518 19132 27015 27960 25565 6881 2123 2152 784 8853 8443 4433 664 49152 49153 32768"
];
const SYSTEM_MAX = 1023;
const PORT_MAX = 65535;
function topUdpPorts(count) {
	const ports = /* @__PURE__ */ new Set();
	for (const item of GROUPS.join(" ").split(" ")) ports.add(Number(item));
	for (let port = 1; port <= SYSTEM_MAX; port++) ports.add(port);
	for (let port = 0; port <= PORT_MAX; port++) ports.add(port);
	return [...ports].slice(0, count);
}

// src/technique/payloads/payload.ts
const STRONG_BITS = 24;
const WEAK = /* @__PURE__ */ new WeakMap();
function isWeak(payload) {
	const known = WEAK.get(payload);
	if (known !== void 0) return known;
	const isSo = echoedBits(payload) < STRONG_BITS;
	WEAK.set(payload, isSo);
	return isSo;
}
function echoedBits(payload) {
	const [one, other] = [0, 1].map(() => new DataView(new ArrayBuffer(payload.bytes.length)));
	const length = writePayload(payload, one, 0, 0);
	let bits = 0;
	for (let bit = 0; bit < 32; bit++) {
		writePayload(payload, other, 0, 1 << bit >>> 0);
		if (payload.echoes.some(([from, , count]) => !areSame(one, from, other, 0, length, from, count))) bits++;
	}
	return bits;
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
function word(offset) {
	return (view, at, token) => view.setUint32(at + offset, token);
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
function bytesOf(...parts) {
	const arrays = parts.map((part) => typeof part !== "string" ? part : part.startsWith("'") ? new TextEncoder().encode(part.slice(1)) : Uint8Array.fromHex(part.replaceAll(" ", "")));
	const bytes = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const array of arrays) {
		bytes.set(array, at);
		at += array.length;
	}
	return bytes;
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
const SSDP = {
	service: "upnp",
	ports: [1900],
	bytes: bytesOf("'" + [
		"M-SEARCH * HTTP/1.1",
		"HOST: 239.255.255.250:1900",
		"MAN: \"ssdp:discover\"",
		"ST: upnp:rootdevice",
		`USER-AGENT: ${"-".repeat(160)}`,
		"\r\n"
	].join("\r\n")),
	cookies: [],
	echoes: []
};
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
const DEVICE_PAYLOADS = [...[
	SSDP,
	WS_DISCOVERY,
	NAT_PMP,
	BACNET,
	ETHERNET_IP,
	KNX,
	MINECRAFT,
	DHT,
	QUAKE
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
		ports: [161],
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
	bytes: bytesOf("0001", "'no-such-file", "00", "'netascii", "00"),
	cookies: [],
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
		cookies: [],
		echoes: []
	},
	{
		service: "chargen",
		ports: [19],
		bytes: /* @__PURE__ */ new Uint8Array(160),
		cookies: [],
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
		cookies: [half(0)],
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
	const body = ber(48, ...[
		ber(160, "0305 0040000000"),
		ber(161, name("nobody")),
		ber(162, ber(27, "'INVALID"))
	], ...[ber(163, name("krbtgt", "INVALID")), ber(165, ber(24, "'19700101000000Z"))], ...[ber(167, "0204 40000000"), ber(168, ber(48, "020112 020111"))]);
	return {
		service: "kerberos-sec",
		ports: [88],
		bytes: ber(106, ber(48, ber(161, "020105"), ber(162, "02010a"), ber(164, body))),
		cookies: [],
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
	return {
		service: "dtls",
		ports: [
			443,
			853,
			4433,
			5684
		],
		bytes: bytesOf(...[
			"16 feff 0000 000000000000",
			length(12),
			"01 00",
			length(0),
			"0000 000000 00",
			length(0),
			body
		]),
		cookies: [],
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
	ports: [2123, 2152],
	bytes: bytesOf("32 01 0004 00000000 0000 0000"),
	cookies: [half(8)],
	echoes: [[
		8,
		8,
		2
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
		COAP,
		QUIC,
		DTLS,
		GTP
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
function hasPayload(port) {
	return BY_PORT.has(port);
}

// src/technique/udp.ts
var udp_exports = /* @__PURE__ */ __exportAll({ UDP: () => UDP });
const UDP_RESPONSE = reasonCode("udp-response");
const HEADERS_LEN = 20 + 8;
const MAX_PAYLOAD_LEN = Math.max(...PAYLOADS.map(({ bytes }) => bytes.length));
const ATTEMPT_PERIOD = 8;
const ENOUGH_QUOTED = 4;
function payloadOf(port, sourcePort) {
	const payloads = payloadsOf(port);
	return payloads.length === 1 ? payloads[0] : payloads[sourcePort % payloads.length];
}
const ELSEWHERE = PAYLOADS.find(({ isElsewhere }) => isElsewhere).ports[0];
var UdpTemplate = class {
	#source;
	#header = new DataView(new ArrayBuffer(20));
	#ipSum;
	constructor({ source, ttl }) {
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
		const length = 8 + writePayload(payloadOf(port, sourcePort), view, udpAt + 8, token);
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
const request = new DataView(new ArrayBuffer(MAX_PAYLOAD_LEN));
function readReply(view, at, length, reply) {
	const headerLen = readIpv4(view, at, length, reply);
	if (headerLen === 0) return 255;
	const behind = at + headerLen;
	const behindLen = ipv4TotalLen(view, at) - headerLen;
	if (ipv4Protocol(view, at) === 17) {
		if (checkUdp(view, behind, behindLen) === 0) return 255;
		reply.host = reply.from;
		reply.port = udpSourcePort(view, behind);
		reply.ownPort = udpDestinationPort(view, behind);
		reply.number = behind;
		reply.odd = false;
		return UDP_RESPONSE;
	}
	if (ipv4Protocol(view, at) !== 1) return 255;
	const quotedAt = readIcmpError(view, behind, behindLen, 17, 8, reply);
	if (quotedAt === 0) return 255;
	reply.port = udpDestinationPort(view, quotedAt);
	reply.ownPort = udpSourcePort(view, quotedAt);
	reply.number = quotedAt;
	return reply.kind;
}
const UDP = {
	name: "udp",
	protocol: "udp",
	families: [4],
	maxLength: HEADERS_LEN + MAX_PAYLOAD_LEN,
	attemptPeriod: ATTEMPT_PERIOD,
	isTokenless: true,
	states: outcomeTable({
		"no-response": "open|filtered",
		"port-unreach": {
			own: "closed",
			other: "filtered"
		}
	}),
	rationed: ICMP_ERRORS,
	elsewhere: ELSEWHERE,
	isLikely: hasPayload,
	serviceOf(port) {
		return payloadsOf(port)[0].service || void 0;
	},
	filter(_family, ports) {
		return replyFilter([withPorts(17, ports)]);
	},
	prepare(traits) {
		return new UdpTemplate(traits);
	},
	parse(view, at, length, reply) {
		reply.kind = readReply(view, at, length, reply);
		reply.seq = reply.token = reply.otherTokenCount = 0;
		reply.strength = 2;
		return reply.kind !== 255 && hasRightChecksums(view, at);
	},
	proves(view, at, reply, token) {
		const payload = payloadOf(reply.port, reply.ownPort);
		const requestLen = writePayload(payload, request, 0, token);
		const headerAt = reply.number;
		const behind = headerAt + 8;
		if (reply.kind === UDP_RESPONSE) {
			if (isWeak(payload)) reply.strength = 0;
			return isEchoed(payload, request, 0, view, behind, udpLen(view, headerAt) - 8);
		}
		if (ipv4Id(view, headerAt - 20) !== idOf(token)) return false;
		const quotedLen = Math.min(requestLen, at + ipv4TotalLen(view, at) - behind);
		if (quotedLen < ENOUGH_QUOTED && quotedLen < requestLen) {
			const datagramLen = 8 + requestLen;
			const sum = pseudoHeaderSum(reply.ownAddress, reply.host, 17, datagramLen) + reply.ownPort + reply.port + datagramLen;
			return udpChecksum(view, headerAt) === (foldChecksum(sumWords(request, 0, requestLen, sum)) || 65535);
		}
		for (let i = 0; i < quotedLen; i++) if (view.getUint8(behind + i) !== request.getUint8(i)) return false;
		return true;
	}
};

export { top_udp_ports_exports as n, udp_exports as t };