/**
 * The requests of probes whose bytes are put together.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, littleEndian } from "./bytes.ts";

/** The server that a probe is for. */
export interface ProbeTarget {
  /** The address, as text. */
  readonly host: string;
  readonly port: number;
  /** The names under which the host was given. */
  readonly names: readonly string[];
}

/** Returns the value of a Host header: the first name, or the address. */
function hostOf({ host, names }: ProbeTarget): string {
  const name = names[0] ?? host;
  return name.includes(":") ? `[${name}]` : name;
}

/** A GET with a Host header, which servers of several names need. */
export function http11(target: ProbeTarget): Uint8Array {
  return bytesOf(
    `GET / HTTP/1.1\r\nHost: ${hostOf(target)}\r\nUser-Agent: synscan\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
}

/** SIP OPTIONS (RFC 3261 11). */
export function sip({ host, port }: ProbeTarget): Uint8Array {
  const name = host.includes(":") ? `[${host}]` : host;
  return bytesOf(
    `OPTIONS sip:${name}:${port} SIP/2.0\r\nVia: SIP/2.0/TCP synscan.invalid;branch=z9hG4bKsynscan\r\n` +
      `From: <sip:synscan@synscan.invalid>;tag=1\r\nTo: <sip:${name}>\r\nCall-ID: synscan@synscan.invalid\r\n` +
      "CSeq: 1 OPTIONS\r\nContact: <sip:synscan@synscan.invalid>\r\nMax-Forwards: 5\r\nAccept: application/sdp\r\n" +
      "Content-Length: 0\r\n\r\n",
  );
}

/** The header of a client's XML stream (RFC 6120 4.7). */
export function xmpp({ host, names }: ProbeTarget): Uint8Array {
  return bytesOf(
    `<?xml version='1.0'?><stream:stream to='${names[0] ?? host}' xmlns='jabber:client' ` +
      "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
  );
}

/** A request of `length` bytes behind its length, as DNS over TCP and Git have it. */
export function counted(body: Uint8Array, lengthBytes: number, ownBytes = 0): Uint8Array {
  return join(bigEndian(body.length + ownBytes, lengthBytes), body);
}

/** A line of Git's protocol behind its length in hexadecimal. */
export function packetLine(text: string): Uint8Array {
  return bytesOf((text.length + 4).toString(16).padStart(4, "0") + text);
}

/** A record of FastCGI: version 1, a type, request 1. */
function fastcgi(type: number, body: Uint8Array): Uint8Array {
  return join(Uint8Array.of(1, type, 0, 1), bigEndian(body.length, 2), hex("0000"), body);
}

function fastcgiParameters(parameters: Readonly<Record<string, string>>): Uint8Array {
  return join(
    ...Object.entries(parameters).map(([name, value]) =>
      join(Uint8Array.of(name.length, value.length), bytesOf(name + value))
    ),
  );
}

/** A GET of a script that is not there: the reply names the interpreter. */
export const FASTCGI = join(
  fastcgi(1, hex("0001 00 0000000000")),
  fastcgi(
    4,
    fastcgiParameters({
      REQUEST_METHOD: "GET",
      SCRIPT_NAME: "/synscan.php",
      SCRIPT_FILENAME: "/synscan.php",
      REQUEST_URI: "/synscan.php",
      SERVER_PROTOCOL: "HTTP/1.0",
    }),
  ),
  fastcgi(4, hex("")),
  fastcgi(5, hex("")),
);

/** SMB2 NEGOTIATE (MS-SMB2 2.2.3) behind its NetBIOS length, for dialects 2.0.2 to 3.0.2. */
export const SMB2 = counted(
  join(
    hex("fe534d42 4000 0000 00000000 0000 0000 00000000 00000000 0000000000000000 00000000 00000000 0000000000000000"),
    hex("00000000000000000000000000000000"),
    hex("2400 0500 0100 0000 00000000"),
    bytesOf("synscan-client-1"),
    hex("0000000000000000 0202 1002 0003 0203 0003"),
  ),
  4,
);

/** LDAP search of the root DSE (RFC 4512 5.1) for all attributes. */
export const LDAP = hex(
  "30 2b 02 01 07 63 26 04 00 0a 01 00 0a 01 00 02 01 05 02 01 05 01 01 00 87 0b 6f 62 6a 65 63 74 43 6c 61 73 73" +
    "30 06 04 01 2a 04 01 2b",
);

/** An ONC RPC call (RFC 5531) of the null procedure of a program and version, without credentials. */
function rpcCall(program: string): Uint8Array {
  return hex(`80000028 53594e53 00000000 00000002 ${program} 00000000 00000000 00000000 00000000 00000000`);
}

/** ONC RPC call (RFC 5531) of the portmapper's null procedure, with a version that no server has. */
export const RPC = rpcCall("000186a0 0001977c");
/** The same of the administration server of MIT Kerberos, version 2. */
export const KADMIN = rpcCall("00000840 00000002");

/** A value of ASN.1 (X.690) with a tag and at most 255 bytes: from 128 on, a byte with their number stands before the length. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts);
  return join(body.length < 0x80 ? Uint8Array.of(tag, body.length) : Uint8Array.of(tag, 0x81, body.length), body);
}

function derInteger(tag: number, ...bytes: readonly number[]): Uint8Array {
  return der(tag, der(2, Uint8Array.from(bytes)));
}

/** Kerberos AS-REQ (RFC 4120) for a principal of a realm that no server has. */
export const KERBEROS = counted(
  der(
    0x6a,
    der(
      0x30,
      derInteger(0xa1, 5),
      derInteger(0xa2, 10),
      der(
        0xa4,
        der(
          0x30,
          der(0xa0, der(3, hex("0050800010"))),
          der(0xa1, der(0x30, derInteger(0xa0, 1), der(0xa1, der(0x30, der(0x1b, bytesOf("synscan")))))),
          der(0xa2, der(0x1b, bytesOf("SYNSCAN.INVALID"))),
          der(
            0xa3,
            der(
              0x30,
              derInteger(0xa0, 2),
              der(0xa1, der(0x30, der(0x1b, bytesOf("krbtgt")), der(0x1b, bytesOf("SYNSCAN.INVALID")))),
            ),
          ),
          der(0xa5, der(0x18, bytesOf("20370913024805Z"))),
          derInteger(0xa7, 0x1f, 0x1e, 0xb9, 0xd9),
          der(0xa8, der(0x30, der(2, Uint8Array.of(18)), der(2, Uint8Array.of(17)), der(2, Uint8Array.of(23)))),
        ),
      ),
    ),
  ),
  4,
);

/** Firebird op_connect with user identification, for protocols 10 and 13. */
export const FIREBIRD = join(
  hex("00000001 00000013 00000002 00000001"),
  hex("00000002 2d2d 0000"),
  hex("00000002 0000000a"),
  join(Uint8Array.of(9, 6), bytesOf("SYSDBA"), Uint8Array.of(11, 0)),
  hex("0000"),
  hex("0000000a 00000001 00000000 00000003 00000002"),
  hex("ffff800d 00000001 00000000 00000003 00000004"),
);

/** A request for the values of a metric, as Python pickles it in protocol 0. */
export const CARBON_QUERY = "(dp0\nS'type'\np1\nS'cache-query'\np2\nsS'metric'\np3\nS'synscan'\np4\ns.";

/** A message of SWANK: its length in six hexadecimal digits, and a form that each client sends first. */
export function swank(form: string): string {
  return form.length.toString(16).padStart(6, "0") + form;
}

/** Snapcast's message of type 4 with the number 1: a client asks for the time, and is not registered by it. */
export function snapcast(): Uint8Array {
  return join(hex("0400 0100 0000"), new Uint8Array(16), littleEndian(8, 4), new Uint8Array(8));
}

/** A request of OLA's RPC, version 1, for a method that is not there: type 1, number 1, name. */
export function ola(): Uint8Array {
  const name = bytesOf("Synscan");
  const message = join(hex("08 01 10 01 1a"), Uint8Array.of(name.length), name);
  return join(littleEndian(0x10000000 + message.length, 4), message);
}

/** The first message of Erlang's distribution handshake since OTP 23: flags, creation and name of the node. */
export function erlang(): Uint8Array {
  const name = bytesOf("synscan@synscan.invalid");
  return counted(join(hex("4e 0000000d07df7fbd 00000001"), bigEndian(name.length, 2), name), 2);
}

/** A request of uWSGI's protocol: modifiers 0 and the variables of a GET. */
export function uwsgi(): Uint8Array {
  const variables = {
    REQUEST_METHOD: "GET",
    PATH_INFO: "/",
    REQUEST_URI: "/",
    SERVER_PROTOCOL: "HTTP/1.0",
    HTTP_HOST: "synscan",
  };
  const body = join(
    ...Object.entries(variables).flatMap((pair) =>
      pair.map((text) => join(littleEndian(text.length, 2), bytesOf(text)))
    ),
  );
  return join(hex("00"), littleEndian(body.length, 2), hex("00"), body);
}

/** PPTP Start-Control-Connection-Request (RFC 2637 2.1). */
export function pptp(): Uint8Array {
  const name = new Uint8Array(64);
  name.set(bytesOf("synscan"));
  return join(hex("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0000"), name, new Uint8Array(64));
}

/** iSCSI login (RFC 7143 11.12) for a discovery session. */
export function iscsi(): Uint8Array {
  const text = bytesOf("InitiatorName=iqn.2000-01.invalid:synscan\0SessionType=Discovery\0AuthMethod=None\0");
  const padding = new Uint8Array((4 - text.length % 4) % 4);
  return join(
    hex("43 87 00 00 00"),
    bigEndian(text.length, 3),
    hex("400000000001 0000 00000001 0001 0000 00000001 00000000"),
    new Uint8Array(16),
    text,
    padding,
  );
}

/** Diameter's Capabilities-Exchange-Request (RFC 6733 5.3.1) of a peer that no server has, for the relay application. */
export function diameter(): Uint8Array {
  const pair = (code: number, flags: number, value: Uint8Array) =>
    join(
      bigEndian(code, 4),
      Uint8Array.of(flags),
      bigEndian(8 + value.length, 3),
      value,
      new Uint8Array((4 - value.length % 4) % 4),
    );
  const pairs = join(
    pair(264, 0x40, bytesOf("synscan.invalid")),
    pair(296, 0x40, bytesOf("invalid")),
    pair(257, 0x40, hex("0001 c0000201")),
    pair(266, 0x40, hex("00000000")),
    pair(269, 0, bytesOf("synscan")),
    pair(258, 0x40, hex("ffffffff")),
  );
  return join(hex("01"), bigEndian(20 + pairs.length, 3), hex("80 000101 00000000 73796e73 63616e21"), pairs);
}

/** iSNS DevAttrQry (RFC 4171 5.6.5.2) for a node that no server has: source, key, delimiter, and the attribute that is asked for. */
export function isns(): Uint8Array {
  const attribute = (tag: number, value = "") => join(bigEndian(tag, 4), bigEndian(value.length, 4), bytesOf(value));
  const node = attribute(32, "iqn.2000-01.invalid:synscan\0");
  const body = join(node, node, attribute(0), attribute(32));
  return join(hex("0001 0002"), bigEndian(body.length, 2), hex("8c00 0001 0000"), body);
}

/** PulseAudio's AUTH command, of protocol version 35 and with a cookie that no server has. */
export function pulse(): Uint8Array {
  const payload = join(hex("4c 00000008 4c 00000000 4c 00000023 78 00000100"), new Uint8Array(256));
  return join(bigEndian(payload.length, 4), hex("ffffffff 00000000 00000000 00000000"), payload);
}

/** The first two chunks of RTMP's handshake, C0 and C1: version 3, time 0. */
export function rtmp(): Uint8Array {
  return join(hex("03 00000000 00000000"), new Uint8Array(1528));
}
