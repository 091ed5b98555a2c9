/**
 * HTTP responses (RFC 9112).
 *
 * @module
 */

import { bytesOf, isText, latin1 } from "../bytes.ts";
import type { End, Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const MAX_HEADERS = 100;
const MAX_VALUE = 512;
/** The part of a body that rows see. */
const MAX_BODY = 4096;

/** The head of a response: headers by lower-case name; values of equal names are joined by `, `. */
interface HttpResponse {
  readonly protocol: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** True if the head ends in the reply. */
  readonly isWhole: boolean;
}

/** Reads a response; undefined if it does not begin with a status line. A header that is cut off is left out. */
export function readResponse(text: string): HttpResponse | undefined {
  const match = /^((?:HTTP|RTSP|SIP|ICY)(?:\/\d\.\d)?|\(null\)) (\d{3})(?: ([^\r\n]*))?(?:\r?\n|$)/.exec(text);
  if (!match) return undefined;
  const headers = new Map<string, string>();
  let at = match[0].length;
  let isWhole = false;
  for (let i = 0; i < MAX_HEADERS && at < text.length; i++) {
    const stop = text.indexOf("\n", at);
    if (stop < 0) break;
    const line = text.slice(at, stop).replace(/\r$/, "");
    at = stop + 1;
    if (line === "") {
      isWhole = true;
      break;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1, colon + 1 + MAX_VALUE).trim();
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (before.length < MAX_VALUE) headers.set(name, `${before}, ${value}`);
  }
  const [, protocol = "", status = "", reason = ""] = match;
  return {
    protocol,
    status: Number(status),
    reason: reason.trim(),
    headers,
    body: isWhole ? text.slice(at) : "",
    isWhole,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Returns the text of the first title element, without line breaks. A page that is not in UTF-8 is in its declared charset. */
function titleOf(body: string, contentType = ""): string | undefined {
  const open = /<title[^>]{0,100}>/i.exec(body);
  if (!open) return undefined;
  const from = open.index + open[0].length;
  const raw = body.slice(from, from + MAX_VALUE);
  const stop = raw.search(/<\/title/i);
  const charset = /charset\s*=\s*["']?([\w-]{1,40})/i.exec(`${contentType} ${body.slice(0, 1024)}`)?.[1];
  const text = decoded(stop < 0 ? raw : raw.slice(0, stop), charset).replaceAll(/\s+/g, " ").trim();
  return text.replaceAll(
    /&(?:#(\d{1,6}|x[\da-f]{1,5})|([a-z]{2,6}));/gi,
    (whole, code?: string, name?: string) =>
      code !== undefined ? String.fromCodePoint(Number(code.replace(/^x/i, "0x"))) : ENTITIES[name ?? ""] ?? whole,
  );
}

/** Decodes text of one character per byte: as UTF-8 if it is that, else by `charset`, which may be unknown. */
function decoded(text: string, charset = "windows-1252"): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  const bytes = bytesOf(text);
  for (const label of ["utf-8", charset]) {
    try {
      // A stream may end within a character, where a long title is cut off.
      return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
    } catch {
      // Another encoding, or none that is known.
    }
  }
  return text;
}

function attribute(body: string, name: RegExp): string | undefined {
  const tag = name.exec(body)?.[0];
  return tag && /content\s*=\s*["']?([^"'>]{1,200})/i.exec(tag)?.[1];
}

/** The names of the request with a transfer coding that no server knows, and of the one with a long fragment. */
export const CODING_PROBE = "http-coding";
export const FRAGMENT_PROBE = "http-fragment";

/** Returns true for the name of a request for a page. */
function isGet(probe: string): boolean {
  return probe === "http" || probe === "http11" || probe === "http-missing" || probe.startsWith("get ");
}

/** Servers say that they want TLS in these words. */
const WANTS_TLS =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|sent an HTTP request to an HTTPS server|requires TLS|use HTTPS/i;

/** Headers that name software, in the order in which they decide. */
const NAMED_HEADERS = [
  "server",
  "x-powered-by",
  "x-generator",
  "x-aspnet-version",
  "x-jenkins",
  "x-influxdb-version",
  "x-influxdb-build",
  "x-server-hostname",
  "x-clickhouse-server-display-name",
  "x-syncthing-version",
  "x-mopidy-version",
  "docker-distribution-api-version",
  "via",
  "dav",
  "proxy-agent",
  "access-control-allow-headers",
];

function read(exchange: Exchange): Reading | undefined {
  if (!isText(exchange.reply.subarray(0, 16))) return undefined;
  const text = latin1(exchange.reply);
  const response = readResponse(text);
  if (!response) return bare(text, exchange.probe);
  const { headers, body, status } = response;
  // Servers that repeat the protocol of the request (RTSP, SIP) are told from those that speak it by their own parsers.
  if (/^(RTSP|SIP)/.test(response.protocol) && headers.has("cseq")) return undefined;
  if (exchange.probe === "uwsgi") {
    return completeReading("uwsgi", { "uwsgi.status": String(status) });
  }
  const title = titleOf(body, headers.get("content-type"));
  const realm = /realm="?([^",]{1,200})/i.exec(headers.get("www-authenticate") ?? "")?.[1];
  const fields: Record<string, string> = {};
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") fields[name] = value;
  };
  for (const name of NAMED_HEADERS) set(`http.${name}`, headers.get(name));
  set("http.generator", attribute(body, /<meta[^>]{0,100}name\s*=\s*["']?generator["']?[^>]{0,300}>/i));
  set("http.title", title);
  set("http.realm", realm);
  set("http.cookies", cookieNames(headers.get("set-cookie")));
  set("http.location", headers.get("location"));
  set("http.content-type", headers.get("content-type"));
  set("http.status-line", `${response.protocol} ${status} ${response.reason}`.trim());
  set("http.header-names", [...headers.keys()].join(" "));
  set("http.body", body.slice(0, MAX_BODY));
  set("http.raw", text.slice(0, 1024));
  if (exchange.probe === CODING_PROBE) set("http.coding", text.slice(0, 1024));
  if (exchange.probe === FRAGMENT_PROBE) set("http.fragment", text.slice(0, 1024));
  const wantsTls = exchange.tunnel === undefined && WANTS_TLS.test(body);
  // Servers without a name are told by an HTTP/1.1 reply, or by their error page.
  const isNameless = exchange.probe === "http" && !headers.has("server");
  return {
    service: "http",
    isComplete: !wantsTls && isComplete(response, exchange.end),
    isPage: isGet(exchange.probe),
    fields,
    facts: {
      http: {
        status,
        ...withText("server", headers.get("server")),
        ...withText("title", title),
        ...withText("location", headers.get("location")),
      },
    },
    ...(wantsTls ? { next: ["tls"] } : isNameless ? { next: ["http11", "http-missing", "help", "crlf2"] } : {}),
  };
}

/** Returns true if the body has arrived, or as much of it as is read. */
function isComplete({ isWhole, body, headers, status }: HttpResponse, end: End): boolean {
  if (!isWhole) return false;
  const length = Number(headers.get("content-length") ?? Infinity);
  return end !== "open" || body.length >= Math.min(length, MAX_BODY) || status === 204 || status === 304 ||
    body.endsWith("0\r\n\r\n");
}

function withText<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value ? { [key]: value } as Record<K, string> : {};
}

function cookieNames(header: string | undefined): string | undefined {
  return header?.split(/[;,] */).filter((part) => /^[\w.-]{1,64}=/.test(part)).map((part) => part.split("=")[0])
    .filter((name) => !/^(path|expires|max-age|domain|samesite)$/i.test(name ?? "")).slice(0, 8).join(" ");
}

/** An HTML page without a status line, as HTTP/0.9 has it. */
function bare(text: string, probe: string): Reading | undefined {
  if (!/^\s{0,20}<(?:!doctype html|html|head)\b/i.test(text)) return undefined;
  const title = titleOf(text);
  return {
    service: "http",
    isComplete: true,
    isVague: true,
    isPage: isGet(probe),
    fields: { ...(title ? { "http.title": title } : {}), "http.bare-body": text.slice(0, 4096) },
    facts: title ? { http: { title } } : {},
  };
}

/** HTTP of any version up to 1.1. */
export const HTTP: Protocol = { name: "http", parse: read };
