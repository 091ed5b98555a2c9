/**
 * Requests to services that begin a session: tunnels, calls, encrypted connections. The first message of each leaves no state behind, or
 * a state that is dropped after seconds.
 *
 * @module
 */

import { bytesOf, digits, half, offsetOf, type Payload, word } from "./payload.ts";

/** RFC 7296 section 3.1: a header of the next major version, which is replied to with an error (section 2.5). */
const IKE = bytesOf(new Uint8Array(16), "00 30 22 08 00000000 0000001c");
/** RFC 2409 section 5, RFC 2408: main mode with one proposal of 3DES, SHA and a group of 1,024 bits. */
const IKE_V1 = bytesOf(
  ...[new Uint8Array(16), "01 10 02 00 00000000 00000054"],
  ...["00000038 00000001 00000001", "0000002c 01 01 00 01", "00000024 01 01 0000"],
  "8001 0005 8002 0002 8003 0001 8004 0002 800b 0001 000c 0004 00007080",
);
/** RFC 3948 section 2.2: the marker of IKE at the port of encapsulated packets. */
const NON_ESP = new Uint8Array(4);

function ike(service: string, port: number, before: Uint8Array, message: Uint8Array): Payload {
  const at = before.length;
  const bytes = bytesOf(before, message);
  return { service, ports: [port], bytes, cookies: [word(at), word(at + 4)], echoes: [[at, at, 8]] };
}

/** OpenVPN's protocol: P_CONTROL_HARD_RESET_CLIENT_V2 of a session, whose id the reply acknowledges. */
const OPENVPN: Payload = {
  service: "openvpn",
  ports: [1194],
  bytes: bytesOf("38", new Uint8Array(8), "00 00000000"),
  cookies: [word(1), word(5)],
  echoes: [[1, 14, 8]],
};

/** RFC 8489 section 5: binding; the transaction id is repeated. */
const STUN: Payload = {
  service: "stun",
  ports: [3478, 5349, 19302],
  bytes: bytesOf("0001 0000 2112a442", new Uint8Array(12)),
  cookies: [word(8), word(12), word(16)],
  echoes: [[4, 4, 16]],
};

/** RFC 3261 section 11: OPTIONS; the branch of the topmost Via and the Call-ID are repeated (section 8.2.6.2). */
const SIP: Payload = (() => {
  const bytes = bytesOf(
    "'" + [
      "OPTIONS sip:ping@invalid SIP/2.0",
      "Via: SIP/2.0/UDP invalid;branch=z9hG4bK00000000;rport",
      "Max-Forwards: 0",
      "To: <sip:ping@invalid>",
      "From: <sip:ping@invalid>;tag=1",
      "Call-ID: 11111111@invalid",
      "CSeq: 1 OPTIONS",
      "Accept: application/sdp",
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n"),
  );
  const [branch, call] = [offsetOf(bytes, "z9hG4bK00000000"), offsetOf(bytes, "11111111")];
  return {
    service: "sip",
    ports: [5060, 5061],
    bytes,
    cookies: [digits(branch + 7), digits(call)],
    echoes: [[branch, -1, 15], [call, -1, 8]],
  };
})();

/** RFC 3435 section 2.3.10: AuditEndpoint of one that no gateway has; the transaction is repeated behind the code (section 3.3). */
const MGCP: Payload = (() => {
  const bytes = bytesOf("'AUEP 100000000 ping@invalid MGCP 1.0\r\n\r\n");
  const transaction = offsetOf(bytes, "100000000");
  return {
    service: "mgcp",
    ports: [2427, 2727],
    bytes,
    // A transaction has decimal digits: no room for a token.
    cookies: [],
    echoes: [[transaction, 4, 9]],
  };
})();

/** RFC 7252: GET of /.well-known/core by 16 bytes (RFC 7959); the token is repeated. */
const COAP: Payload = {
  service: "coap",
  ports: [5683],
  bytes: bytesOf("48 01 0000", new Uint8Array(8), "bb", "'.well-known", "04", "'core", "c1 00"),
  cookies: [half(2), word(4), word(8)],
  echoes: [[4, 4, 8]],
};

/** RFC 6347 section 4.2: a ClientHello without a cookie, which is replied to with HelloVerifyRequest. */
const DTLS: Payload = (() => {
  const body = bytesOf("fefd", new Uint8Array(32), "00 00 0008 c02b c02f 009c 002f 0100");
  const length = (more: number) => Uint8Array.of(0, body.length + more);
  const bytes = bytesOf(
    ...["16 feff 0000 000000000000", length(12), "01 00", length(0), "0000 000000 00", length(0), body],
  );
  return {
    service: "dtls",
    ports: [443, 853, 4433, 5684],
    bytes,
    // The random of the client, behind the version: replies do not have it.
    cookies: [word(bytes.length - body.length + 2)],
    echoes: [],
  };
})();

/** RFC 9000 section 17.2.1, RFC 8999: a reserved version, which is replied to with those known; the connection ids come back. */
const QUIC: Payload = {
  service: "quic",
  ports: [443, 80, 784, 853, 8443, 8853],
  bytes: bytesOf("c0 1a2a3a4a 08", new Uint8Array(8), "08", new Uint8Array(8), new Uint8Array(1200 - 23)),
  cookies: [word(6), word(10), word(15), word(19)],
  echoes: [[15, 6, 8], [6, 15, 8]],
};

/** 3GPP TS 29.060 section 7.2.1: echo; the sequence number is repeated. No flag gives the byte behind it a meaning. */
const GTP: Payload = {
  service: "gtp-control",
  ports: [2123, 2152, 3386],
  bytes: bytesOf("32 01 0004 00000000 0000 0000"),
  cookies: [half(8), (view, at, token) => view.setUint8(at + 10, token >>> 16 & 0xff)],
  echoes: [[8, 8, 2]],
};

/**
 * RFC 2661 section 6.1: Start-Control-Connection-Request of a host whose name is a token; the tunnel's id, which is not 0, is that of the
 * reply. The server drops the tunnel after its last retransmission.
 */
const L2TP: Payload = (() => {
  const bytes = bytesOf(
    ...["c802 003c 0000 0000 0000 0000", "8008 0000 0000 0001", "8008 0000 0002 0100"],
    ...["800a 0000 0003 00000003", "800e 0000 0007", "'00000000", "8008 0000 0009 8000"],
  );
  const tunnel: Payload["cookies"][number] = (view, at, token) =>
    view.setUint16(at + bytes.length - 2, token & 0xffff | 0x8000);
  return {
    service: "L2TP",
    ports: [1701],
    bytes,
    cookies: [digits(offsetOf(bytes, "00000000")), tunnel],
    echoes: [[bytes.length - 2, 4, 2]],
  };
})();

/** Teeworlds 0.7, engine/shared/network.h: a request for a token, whose own is repeated; shorter ones are not replied to. */
const TEEWORLDS: Payload = {
  service: "teeworlds",
  ports: [8303],
  bytes: bytesOf("04 00 00 ffffffff 05 00000000", new Uint8Array(507)),
  cookies: [word(8)],
  echoes: [[8, 3, 4]],
};

/** The requests. */
export const SESSION_PAYLOADS: readonly Payload[] = [
  ike("isakmp", 500, new Uint8Array(), IKE),
  ike("isakmp", 500, new Uint8Array(), IKE_V1),
  ike("nat-t-ike", 4500, NON_ESP, IKE),
  ike("nat-t-ike", 4500, NON_ESP, IKE_V1),
  ...[OPENVPN, STUN, SIP, MGCP, COAP, QUIC, DTLS, GTP, L2TP, TEEWORLDS],
];
