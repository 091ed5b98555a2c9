/**
 * Requests that make a server name its version, by what its first reply showed.
 *
 * @module
 */

import { bytesOf } from "../bytes.ts";
import { CODING_PROBE, FRAGMENT_PROBE } from "../protocols/http.ts";
import type { Follow, Reading } from "../protocols/protocol.ts";

/** A field that shows which request would say more. */
interface FollowRow {
  readonly field: string;
  readonly pattern: RegExp;
  readonly name: string;
  readonly text: string;
  readonly sameConnection: boolean;
}

const get = (field: string, pattern: RegExp, path: string, method = "GET"): FollowRow => ({
  field,
  pattern,
  name: `${method.toLowerCase()} ${path}`,
  text: `${method} ${path} HTTP/1.0\r\n\r\n`,
  sameConnection: false,
});

/** A fragment longer than the parser of Mongrel and its heirs takes. */
const LONG_FRAGMENT = 1030;

const FOLLOWS: readonly FollowRow[] = [
  get("http.header-names", /^cache-control date content-length(?: connection)?$/, "/v2/"),
  get("http.location", /^\/(?:classic\/)?graph$/, "/api/v1/status/buildinfo"),
  get("http.title", /^Prometheus Pushgateway$/, "/api/v1/status"),
  get("http.title", /^Alertmanager$/, "/api/v2/status"),
  get("http.access-control-allow-headers", /^accept, content-type, authorization$/, "/version"),
  get("http.body", /^WebSockets request was expected/, "/json/version"),
  get("http.body", /^404 page not found\n$/, "/version"),
  get(
    "http.body",
    /^<html lang="en">\s{0,10}<head>\s{0,10}<link rel="shortcut icon" href="https:\/\/nats\.io\//,
    "/varz",
  ),
  get(
    "http.header-names",
    /^date connection access-control-allow-origin access-control-max-age content-length$/,
    "/janus/info",
  ),
  get(
    "http.header-names",
    /^date content-length expires cache-control connection$/,
    "/jsonrpc?method=aria2.getVersion&id=1",
  ),
  get("http.body", /^Ok\.\n$/, "/?query=SELECT%20version()"),
  get("http.raw", /^HTTP\/1\.1 404 Not Found\r\nContent-Length: 0\r\n\r\n$/, "/adv"),
  get("http.location", /^app\/explorer\.html$/, "/system"),
  get("http.location", /^\/mopidy\/$/, "/mopidy/rpc", "HEAD"),
  get("http.body", /^\n<!DOCTYPE html>\n.{1,3000}window\.location= 'ola\.html';/s, "/json/server_stats"),
  {
    field: "http.body",
    pattern: /^\{ "result": 400, "text": "Bad Request" \}$/,
    name: "post version-get",
    text: 'POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{"command":"version-get"}',
    sameConnection: false,
  },
  {
    field: "http.raw",
    pattern: /^HTTP\/1\.1 400 Bad Request\r\n\r\n$/,
    name: CODING_PROBE,
    text: "GET / HTTP/1.1\r\nHost: synscan\r\nTransfer-Encoding: synscan\r\n\r\n",
    sameConnection: false,
  },
  {
    field: "http.coding",
    pattern: /^HTTP\/1\.1 (?!501)/,
    name: FRAGMENT_PROBE,
    text: `GET /#${"x".repeat(LONG_FRAGMENT)} HTTP/1.0\r\n\r\n`,
    sameConnection: false,
  },
];

/** Returns the request that would say more than a reading does. */
export function followOf({ fields }: Reading): Follow | undefined {
  for (const { field, pattern, name, text, sameConnection } of FOLLOWS) {
    if (fields[field] !== undefined && pattern.test(fields[field])) {
      return { name, bytes: bytesOf(text), sameConnection };
    }
  }
  return undefined;
}
