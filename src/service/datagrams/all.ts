/**
 * The parsers of replies over UDP, in the order in which they are tried: forms that only one protocol has come first.
 *
 * @module
 */

import { type Payload, writePayload } from "../../technique/payloads/payload.ts";
import { datagramRequest } from "../datagram_requests.ts";
import type { Exchange } from "../exchange.ts";
import { STUN } from "../protocols/network.ts";
import type { Reading } from "../protocols/protocol.ts";
import { DEVICE_DATAGRAMS } from "./devices.ts";
import { MACHINE_DATAGRAMS } from "./machines.ts";
import { NAME_DATAGRAMS } from "./names.ts";
import { SESSION_DATAGRAMS } from "./sessions.ts";

/** The parsers. */
export const DATAGRAM_PROTOCOLS = [
  ...[STUN, ...SESSION_DATAGRAMS, ...DEVICE_DATAGRAMS, ...MACHINE_DATAGRAMS, ...NAME_DATAGRAMS],
];

const ECHO_REQUEST = "echo";

/** Returns the fields of a reply by the first protocol that reads it; undefined if none does. It accepts any bytes. */
export function readDatagram(exchange: Exchange): Reading | undefined {
  const payload = datagramRequest(exchange.probe)?.payload;
  if (payload !== undefined && isSame(payload, exchange.reply)) {
    // Servers of other protocols send back what they do not understand, and change bits that the token may have set.
    const isVague = exchange.probe !== ECHO_REQUEST;
    return { service: "echo", isComplete: !isVague, isVague, fields: {}, facts: {} };
  }
  for (const { parse } of DATAGRAM_PROTOCOLS) {
    const reading = parse(exchange);
    if (reading !== undefined) return reading;
  }
  return undefined;
}

/** True for a reply that is the request itself, but for the places of a token. */
function isSame(payload: Payload, reply: Uint8Array): boolean {
  if (reply.length !== payload.bytes.length) return false;
  const [zeros, ones] = [0, 0xffff_ffff].map((token) => {
    const bytes = new Uint8Array(reply.length);
    writePayload(payload, new DataView(bytes.buffer), 0, token);
    return bytes;
  });
  return reply.every((byte, at) => zeros![at] !== ones![at] || byte === zeros![at]);
}
