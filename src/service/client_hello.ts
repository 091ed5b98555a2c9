/**
 * A ClientHello of TLS 1.2 (RFC 5246) that draws the certificate in clear, and names what the most servers accept.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join } from "./bytes.ts";

/** Cipher suites, preferred first: ECDHE and DHE, RSA, old ones, then anonymous ones, which NRPE needs. */
const SUITES = hex(
  "c02b c02f c02c c030 cca9 cca8 c023 c027 c009 c013 c024 c028 c00a c014 009e 009f ccaa 0067 006b 0033 0039" +
    "009c 009d 003c 003d 002f 0035 0041 0084 000a c008 c012 0016 0005 0004 0032 0038 0040 006a" +
    "00a6 00a7 006c 006d 0034 003a c018 c019 001b 0018 00ff",
);
const GROUPS = hex("001d 0017 0018 0019 0100");
const SIGNATURES = hex("0403 0503 0603 0807 0804 0805 0806 0401 0501 0601 0203 0201 0402 0202");
/** The client's random bytes: no secret depends on them, because the handshake ends after the server's reply. */
const RANDOM = bytesOf("synscan asks for a certificate  ");

/** Returns the record of a ClientHello; with a server name if there is one. */
export function clientHello(serverName?: string): Uint8Array<ArrayBuffer> {
  const extensions = join(
    ...(serverName === undefined ? [] : [extension(0, vector(2, join(hex("00"), vector(2, bytesOf(serverName)))))]),
    extension(10, vector(2, GROUPS)),
    extension(11, vector(1, hex("00"))),
    extension(13, vector(2, SIGNATURES)),
  );
  const body = join(
    hex("0303"),
    RANDOM,
    vector(1, hex("")),
    vector(2, SUITES),
    vector(1, hex("00")),
    vector(2, extensions),
  );
  const handshake = join(hex("01"), vector(3, body));
  return join(hex("16 0301"), vector(2, handshake));
}

/** Bytes behind their length. */
function vector(lengthBytes: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return join(bigEndian(bytes.length, lengthBytes), bytes);
}

function extension(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return join(bigEndian(type, 2), vector(2, body));
}
