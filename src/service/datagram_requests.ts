/**
 * The requests by which services of UDP ports are identified: those of the port scan, and further ones that make a service say more of
 * itself. None changes anything, and none asks for a list.
 *
 * @module
 */

import { bytesOf, type Payload, word } from "../technique/payloads/payload.ts";
import { PAYLOADS, requestName } from "../technique/payloads/payloads.ts";

/** A request. */
export interface DatagramRequest {
  readonly name: string;
  readonly payload: Payload;
  /** True for one that is only sent where a reply has led to it. */
  readonly isFollow: boolean;
}

/** RFC 5531 section 9: a call of a version that no program has; the reply has the lowest and the highest that there are. */
function rpcVersions(service: string, program: string): DatagramRequest {
  const bytes = bytesOf("00000000 00000000 00000002", program, "7fffffff", new Uint8Array(20));
  const payload = { service, ports: [], bytes, cookies: [word(0)], echoes: [[0, 0, 4]] as const };
  return { name: `${service} versions`, payload, isFollow: true };
}

/** IPMI 2.0 section 22.13: the authentication of the present channel, without a session. */
const IPMI: Payload = {
  service: "asf-rmcp",
  ports: [],
  bytes: bytesOf("0600ff07 00 00000000 00000000 09 20 18 c8 81 00 38 8e 04 b5"),
  cookies: [],
  echoes: [],
};

/** Quake III: the facts of the server; the challenge is repeated, and the request as long as a third of the reply. */
const QUAKE_INFO: Payload = {
  service: "quake3",
  ports: [],
  bytes: bytesOf("ffffffff", `'getinfo ${"x".repeat(120)}`),
  cookies: [],
  echoes: [],
};

/** The requests: those of the port scan, in their order, and further ones. */
export const DATAGRAM_REQUESTS: readonly DatagramRequest[] = [
  ...PAYLOADS.map((payload) => ({ name: requestName(payload), payload, isFollow: false })),
  rpcVersions("rpcbind", "000186a0"),
  rpcVersions("nfs", "000186a3"),
  rpcVersions("mountd", "000186a5"),
  rpcVersions("nlockmgr", "000186b5"),
  { name: "ipmi", payload: IPMI, isFollow: true },
  { name: "quake3 info", payload: QUAKE_INFO, isFollow: true },
];

const BY_NAME = new Map(DATAGRAM_REQUESTS.map((request) => [request.name, request]));

/** Returns the request of a name. */
export function datagramRequest(name: string): DatagramRequest | undefined {
  return BY_NAME.get(name);
}
