// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { wi as parseIpv4 } from "./scan.js";


// src/target/result_file.ts
var result_file_exports = /* @__PURE__ */ __exportAll({ resultFormatOf: () => resultFormatOf });
function resultFormatOf(text) {
	const head = text.slice(0, 4096).trimStart();
	const format = FORMATS.find(([begins]) => begins.test(head))?.[1];
	return format === FOR_PEOPLE && !OTHER_THAN_LISTED.test(text) ? LIST_FOR_PEOPLE : format;
}
const FOR_PEOPLE = { name: "a report for people (-oN)" };
const LIST_FOR_PEOPLE = {
	...FOR_PEOPLE,
	hostsListed: hostsOfList
};
const OTHER_THAN_LISTED = /^(?:(?!#|(?:synscan|Nmap scan) report for |Starting Nmap |Nmap done|synscan done|Other addresses for )\S|# .* scan initiated (?!.* -sL\b)).*\n/m;
const FORMATS = [
	[/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?(?:<!DOCTYPE nmaprun\b|<\?xml-stylesheet\b|<nmaprun\b)/i, {
		name: "nmap's XML",
		hostsUp: hostsOfXml,
		hostsListed: (text) => hostsOfXml(text, true)
	}],
	[/^<!doctype html|^<html/i, { name: "an HTML page" }],
	[/^</, { name: "XML" }],
	[/^\{\s*"type"\s*:/, {
		name: "synscan's JSON lines",
		hostsUp: hostsOfJsonLines
	}],
	[/^\[?\s*\{\s*"ip"\s*:/, {
		name: "masscan's JSON",
		hostsUp: hostsOfMasscanJson
	}],
	[/^\{[^{}]*"saddr"\s*:/, {
		name: "zmap's JSON",
		hostsUp: hostsOfZmapJson
	}],
	[/^[{[]/, { name: "JSON" }],
	[/^#masscan\b|^(?:open|closed|banner) (?:tcp|udp|sctp) \d+ [\da-f.:]+ \d+/, {
		name: "masscan's list",
		hostsUp: hostsOfMasscanList
	}],
	[/^ip,port,proto,/, { name: "synscan's CSV" }],
	[/^masscan\/\d/, { name: "masscan's binary format, which masscan --readscan reads" }],
	[/^(?:[\w-]+,)*saddr(?:,[\w-]+)*\s*?(?:\n|$)/, {
		name: "zmap's CSV",
		hostsUp: hostsOfZmapCsv
	}],
	[/^(?:Timestamp: \d+\t)?Host: \S+ \([^)]*\)\t/m, {
		name: "nmap's grepable format",
		hostsUp: hostsOfGrepable,
		hostsListed: (text) => hostsOfGrepable(text, /^Status: Unknown/)
	}],
	[/^#.*\b(?:synscan|Nmap)\b.* scan initiated |^(?:synscan|Nmap scan) report for /m, FOR_PEOPLE]
];
const TAG = /<(\/?[\w-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g;
function* tagsIn(text) {
	for (const [, tag = "", attributes = ""] of text.replaceAll(/<!--[^]*?-->/g, "").matchAll(TAG)) yield {
		tag,
		attributes
	};
}
const ENTITIES = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	apos: "'"
};
function attributeOf(attributes, name) {
	const [, value = ""] = new RegExp(String.raw`\s${name}\s*=\s*["']([^"']*)["']`).exec(attributes) ?? [];
	return value.replaceAll(/&(\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole);
}
function isAddress(text) {
	const [, ipv6] = /^([\da-f:.]*:[\da-f:.]*)(?:%[^\s%/]+)?$/i.exec(text) ?? [];
	return ipv6 === void 0 ? parseIpv4(text) !== void 0 : URL.canParse(`http://[${ipv6}]`);
}
function* hostsOfXml(text, isList = false) {
	let ip = "";
	let isWanted = false;
	for (const { tag, attributes } of tagsIn(text)) {
		const is = (name, value) => attributeOf(attributes, name) === value;
		if (tag === "host") [ip, isWanted] = ["", false];
		else if (tag === "status") isWanted = isList ? is("state", "unknown") : is("state", "up") && !is("reason", "user-set");
		else if (tag === "address" && /^ipv[46]$/.test(attributeOf(attributes, "addrtype"))) ip = attributeOf(attributes, "addr");
		else if (!isList && (tag === "state" || tag === "extraports")) isWanted ||= /^(?:open|closed|unfiltered)$/.test(attributeOf(attributes, "state"));
		else if (tag === "/host" && isWanted && isAddress(ip)) yield ip;
	}
}
function* hostsOfGrepable(text, shows = /^Status: Up|\/(?:open|closed|unfiltered)\/|Ignored State: closed/) {
	for (const [, ip = "", rest = ""] of text.matchAll(/^(?:Timestamp: \d+\t)?Host: (\S+) \([^)]*\)\t(.*)$/gm)) if (shows.test(rest) && isAddress(ip)) yield ip;
}
function* hostsOfList(text) {
	for (const [, host = "", address] of text.matchAll(/^\S+(?: scan)? report for (\S+)(?: \(([^()]*)\))?\r?$/gm)) {
		const ip = address ?? host;
		if (isAddress(ip)) yield ip;
	}
}
function* hostsOfJsonLines(text) {
	for (const line of text.split("\n")) {
		const { type, ip, state, ...counts } = parsedLine(line) ?? {};
		if ((type === "port" ? SHOWN_BY_REPLY.some((shown) => state === shown) : type === "host" && (state === "up" || state === void 0 && SHOWN_BY_REPLY.some((shown) => Number(counts[shown]) > 0))) && typeof ip === "string" && isAddress(ip)) yield ip;
	}
}
const SHOWN_BY_REPLY = [
	"open",
	"closed",
	"unfiltered"
];
function* hostsOfMasscanJson(text) {
	for (const [, ip = ""] of text.matchAll(/"ip"\s*:\s*"([\da-f.:]+)"/g)) if (isAddress(ip)) yield ip;
}
function* hostsOfMasscanList(text) {
	for (const [, ip = ""] of text.matchAll(/^(?:open|closed|banner) \w+ \d+ (\S+)/gm)) if (isAddress(ip)) yield ip;
}
function* hostsOfZmapCsv(text) {
	const [head = [], ...rows] = text.trimStart().split(/\r?\n/).map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, "").split(","));
	const [source, success] = [head.indexOf("saddr"), head.indexOf("success")];
	for (const row of rows) {
		const ip = row[source] ?? "";
		if (isAddress(ip) && (success < 0 || isSuccess(row[success]))) yield ip;
	}
}
function* hostsOfZmapJson(text) {
	for (const line of text.split("\n")) {
		const { saddr, success = 1 } = parsedLine(line) ?? {};
		if (typeof saddr === "string" && isAddress(saddr) && isSuccess(success)) yield saddr;
	}
}
function isSuccess(value) {
	return /^(?:1|true)$/.test(String(value));
}
function parsedLine(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}

export { tagsIn as a, result_file_exports as i, parsedLine as n, resultFormatOf as r, attributeOf as t };