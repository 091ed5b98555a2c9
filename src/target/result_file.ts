/**
 * Result files as lists of targets: those of synscan, nmap, masscan and zmap.
 *
 * @module
 */
import { parseIpv4 } from "../wire/address.ts";

/** A format of results. */
export interface ResultFormat {
  /** Its name, for a person. */
  readonly name: string;
  /** Yields the hosts that replied; missing if a file of the format cannot be read as targets. */
  readonly hostsUp?: (text: string) => Iterable<string>;
  /** Yields the hosts of a list scan (`-sL`), to which nothing was sent; missing if the format has no such hosts. */
  readonly hostsListed?: (text: string) => Iterable<string>;
}

/** Returns the format of a text that holds results, or undefined for an ordinary list. */
export function resultFormatOf(text: string): ResultFormat | undefined {
  const head = text.slice(0, 4096).trimStart();
  const format = FORMATS.find(([begins]) => begins.test(head))?.[1];
  return format === FOR_PEOPLE && !OTHER_THAN_LISTED.test(text) ? LIST_FOR_PEOPLE : format;
}

/** A report for people. That of a scan does not show well enough which hosts replied. */
const FOR_PEOPLE: ResultFormat = { name: "a report for people (-oN)" };
/** The same of a list scan, which has a line for each host and none of results. */
const LIST_FOR_PEOPLE: ResultFormat = { ...FOR_PEOPLE, hostsListed: hostsOfList };

/** A whole line that no list scan has, or the first one of another scan. */
const OTHER_THAN_LISTED =
  /^(?:(?!#|(?:synscan|Nmap scan) report for |Starting Nmap |Nmap done|synscan done|Other addresses for )\S|# .* scan initiated (?!.* -sL\b)).*\n/m;

const FORMATS: readonly (readonly [begins: RegExp, format: ResultFormat])[] = [
  [/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?(?:<!DOCTYPE nmaprun\b|<\?xml-stylesheet\b|<nmaprun\b)/i, {
    name: "nmap's XML",
    hostsUp: hostsOfXml,
    hostsListed: (text) => hostsOfXml(text, true),
  }],
  [/^<!doctype html|^<html/i, { name: "an HTML page" }],
  [/^</, { name: "XML" }],
  [/^\{\s*"type"\s*:/, { name: "synscan's JSON lines", hostsUp: hostsOfJsonLines }],
  [/^\[?\s*\{\s*"ip"\s*:/, { name: "masscan's JSON", hostsUp: hostsOfMasscanJson }],
  [/^\{[^{}]*"saddr"\s*:/, { name: "zmap's JSON", hostsUp: hostsOfZmapJson }],
  [/^[{[]/, { name: "JSON" }],
  [/^#masscan\b|^(?:open|closed|banner) (?:tcp|udp|sctp) \d+ [\da-f.:]+ \d+/, {
    name: "masscan's list",
    hostsUp: hostsOfMasscanList,
  }],
  [/^ip,port,proto,/, { name: "synscan's CSV" }],
  [/^masscan\/\d/, { name: "masscan's binary format, which masscan --readscan reads" }],
  [/^(?:[\w-]+,)*saddr(?:,[\w-]+)*\s*?(?:\n|$)/, { name: "zmap's CSV", hostsUp: hostsOfZmapCsv }],
  [/^(?:Timestamp: \d+\t)?Host: \S+ \([^)]*\)\t/m, {
    name: "nmap's grepable format",
    hostsUp: hostsOfGrepable,
    hostsListed: (text) => hostsOfGrepable(text, /^Status: Unknown/),
  }],
  [/^#.*\b(?:synscan|Nmap)\b.* scan initiated |^(?:synscan|Nmap scan) report for /m, FOR_PEOPLE],
];

/** The tags of XML, closing ones without attributes; nothing else of it matters here. */
const TAG = /<(\/?[\w-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g;

/** Yields the tags of XML, `/host` for a closing one, each with its attributes as they stand. */
export function* tagsIn(text: string): Generator<{ readonly tag: string; readonly attributes: string }> {
  for (const [, tag = "", attributes = ""] of text.replaceAll(/<!--[^]*?-->/g, "").matchAll(TAG)) {
    yield { tag, attributes };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The value of an attribute; empty where there is none. */
export function attributeOf(attributes: string, name: string): string {
  const [, value = ""] = new RegExp(String.raw`\s${name}\s*=\s*["']([^"']*)["']`).exec(attributes) ?? [];
  return value.replaceAll(/&(\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole);
}

/** True for an address of either family. */
function isAddress(text: string): boolean {
  const [, ipv6] = /^([\da-f:.]*:[\da-f:.]*)(?:%[^\s%/]+)?$/i.exec(text) ?? [];
  return ipv6 === undefined ? parseIpv4(text) !== undefined : URL.canParse(`http://[${ipv6}]`);
}

/** @param isList True for the hosts of a list scan, of which nothing is known; otherwise those that replied. */
function* hostsOfXml(text: string, isList = false): Generator<string> {
  let ip = "";
  let isWanted = false;
  for (const { tag, attributes } of tagsIn(text)) {
    const is = (name: string, value: string) => attributeOf(attributes, name) === value;
    if (tag === "host") [ip, isWanted] = ["", false];
    // With -Pn the user declares every host up: no reply is implied.
    else if (tag === "status") {
      isWanted = isList ? is("state", "unknown") : is("state", "up") && !is("reason", "user-set");
    } else if (tag === "address" && /^ipv[46]$/.test(attributeOf(attributes, "addrtype"))) {
      ip = attributeOf(attributes, "addr");
    } else if (!isList && (tag === "state" || tag === "extraports")) {
      isWanted ||= /^(?:open|closed|unfiltered)$/.test(attributeOf(attributes, "state"));
    } else if (tag === "/host" && isWanted && isAddress(ip)) yield ip;
  }
}

/** @param shows Matches the rest of a line of a host that is wanted. */
function* hostsOfGrepable(
  text: string,
  shows = /^Status: Up|\/(?:open|closed|unfiltered)\/|Ignored State: closed/,
): Generator<string> {
  // masscan writes a time before each host.
  for (const [, ip = "", rest = ""] of text.matchAll(/^(?:Timestamp: \d+\t)?Host: (\S+) \([^)]*\)\t(.*)$/gm)) {
    if (shows.test(rest) && isAddress(ip)) yield ip;
  }
}

/** A host with a name has its address in parentheses. */
function* hostsOfList(text: string): Generator<string> {
  for (const [, host = "", address] of text.matchAll(/^\S+(?: scan)? report for (\S+)(?: \(([^()]*)\))?\r?$/gm)) {
    const ip = address ?? host;
    if (isAddress(ip)) yield ip;
  }
}

function* hostsOfJsonLines(text: string): Generator<string> {
  for (const line of text.split("\n")) {
    const { type, ip, state, ...counts } = parsedLine(line) ?? {};
    const isUp = type === "port"
      ? SHOWN_BY_REPLY.some((shown) => state === shown)
      // Without discovery a host has no state of its own.
      : type === "host" &&
        (state === "up" || state === undefined && SHOWN_BY_REPLY.some((shown) => Number(counts[shown]) > 0));
    if (isUp && typeof ip === "string" && isAddress(ip)) yield ip;
  }
}

/** The states of ports of hosts that replied. */
const SHOWN_BY_REPLY = ["open", "closed", "unfiltered"];

/** Each line by itself: masscan leaves a comma too many or too few between them. */
function* hostsOfMasscanJson(text: string): Generator<string> {
  for (const [, ip = ""] of text.matchAll(/"ip"\s*:\s*"([\da-f.:]+)"/g)) if (isAddress(ip)) yield ip;
}

function* hostsOfMasscanList(text: string): Generator<string> {
  for (const [, ip = ""] of text.matchAll(/^(?:open|closed|banner) \w+ \d+ (\S+)/gm)) {
    if (isAddress(ip)) yield ip;
  }
}

/** Without an output filter, zmap's files have what is no success too, such as ICMP errors with the address of their sender. */
function* hostsOfZmapCsv(text: string): Generator<string> {
  const [head = [], ...rows] = text.trimStart().split(/\r?\n/)
    .map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, "").split(","));
  const [source, success] = [head.indexOf("saddr"), head.indexOf("success")];
  for (const row of rows) {
    const ip = row[source] ?? "";
    if (isAddress(ip) && (success < 0 || isSuccess(row[success]))) yield ip;
  }
}

function* hostsOfZmapJson(text: string): Generator<string> {
  for (const line of text.split("\n")) {
    const { saddr, success = 1 } = parsedLine(line) ?? {};
    if (typeof saddr === "string" && isAddress(saddr) && isSuccess(success)) yield saddr;
  }
}

/** True for `1` and `true`, which zmap writes for a success, depending on its version. */
function isSuccess(value: unknown): boolean {
  return /^(?:1|true)$/.test(String(value));
}

/** Reads a line of JSON; `undefined` where it is none. */
export function parsedLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    // The last line of a file that was cut off.
    return undefined;
  }
}
