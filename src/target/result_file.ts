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
}

/** Returns the format of a text that holds results, or undefined for an ordinary list. */
export function resultFormatOf(text: string): ResultFormat | undefined {
  const head = text.slice(0, 4096).trimStart();
  return FORMATS.find(([begins]) => begins.test(head))?.[1];
}

const FORMATS: readonly (readonly [begins: RegExp, format: ResultFormat])[] = [
  [/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?(?:<!DOCTYPE nmaprun\b|<\?xml-stylesheet\b|<nmaprun\b)/i, {
    name: "nmap's XML",
    hostsUp: hostsOfXml,
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
  [/^(?:Timestamp: \d+\t)?Host: \S+ \([^)]*\)\t/m, { name: "nmap's grepable format", hostsUp: hostsOfGrepable }],
  [/^#.*\b(?:synscan|Nmap)\b.* scan initiated |^(?:synscan|Nmap scan) report for /m, {
    name: "a report for people (-oN)",
  }],
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

function* hostsOfXml(text: string): Generator<string> {
  let ip = "";
  let isUp = false;
  for (const { tag, attributes } of tagsIn(text)) {
    const is = (name: string, value: string) => attributeOf(attributes, name) === value;
    if (tag === "host") [ip, isUp] = ["", false];
    // With -Pn the user declares every host up: no reply is implied.
    else if (tag === "status") isUp = is("state", "up") && !is("reason", "user-set");
    else if (tag === "address" && /^ipv[46]$/.test(attributeOf(attributes, "addrtype"))) {
      ip = attributeOf(attributes, "addr");
    } else if (tag === "state" || tag === "extraports") {
      isUp ||= /^(?:open|closed|unfiltered)$/.test(attributeOf(attributes, "state"));
    } else if (tag === "/host" && isUp && isAddress(ip)) yield ip;
  }
}

function* hostsOfGrepable(text: string): Generator<string> {
  // masscan writes a time before each host.
  for (const [, ip = "", rest = ""] of text.matchAll(/^(?:Timestamp: \d+\t)?Host: (\S+) \([^)]*\)\t(.*)$/gm)) {
    if (/^Status: Up|\/(?:open|closed|unfiltered)\/|Ignored State: closed/.test(rest) && isAddress(ip)) {
      yield ip;
    }
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
