/**
 * Requests to services by which machines are managed, and to those of their files and clocks.
 *
 * @module
 */

import { ber, bytesOf, digits, half, lowByte, type Payload, positive, word } from "./payload.ts";

/** RFC 5905 section 7.3: mode 3 (client), version 4. The transmit timestamp comes back as the origin timestamp. */
const NTP: Payload = {
  service: "ntp",
  ports: [123],
  bytes: bytesOf("e3 00 0a fa", new Uint8Array(44)),
  cookies: [word(40), word(44)],
  echoes: [[40, 24, 8]],
};

/** RFC 3414 section 4, RFC 3412 section 6: discovery of the engine, without a user or a community; the msgID is repeated. */
const SNMP: Payload = (() => {
  const header = ber(0x30, "0204 40000000 020205c0 040104 020103");
  const usm = ber(0x04, ber(0x30, "0400 020100 020100 0400 0400 0400"));
  const pdu = ber(0x30, "0400 0400", ber(0xa0, "0204 40000000 020100 020100 3000"));
  const bytes = ber(0x30, "020103", header, usm, pdu);
  // Version, and the tags and lengths of the message, its header and the id are before it.
  return {
    service: "snmp",
    ports: [161, 162],
    bytes,
    cookies: [positive(9), positive(bytes.length - 12)],
    echoes: [[7, -1, 6]],
  };
})();

/** RFC 5531 section 9: a call of procedure 0, which does nothing; the reply begins with the xid and the type of a reply. */
function rpc(service: string, ports: number[], program: string, version: number): Payload {
  const bytes = bytesOf("00000000 00000000 00000002", program, Uint8Array.of(0, 0, 0, version), new Uint8Array(20));
  return { service, ports, bytes, cookies: [word(0)], echoes: [[0, 0, 4]] };
}

/** RFC 1350 section 5: reads a file that no server has. The reply, an error, comes from a port of its own (section 4). */
const TFTP: Payload = {
  service: "tftp",
  ports: [69],
  bytes: bytesOf("0001", "'no-such-00000000", "00", "'netascii", "00"),
  cookies: [digits(10)],
  echoes: [],
  isElsewhere: true,
};

/** ASF 2.0 section 3.2.4.3: presence ping over RMCP; the tag is repeated. */
const IPMI: Payload = {
  service: "asf-rmcp",
  ports: [623, 664],
  bytes: bytesOf("0600ff06 000011be 80000000"),
  cookies: [lowByte(9)],
  echoes: [[9, 9, 1]],
};

/** RFC 2865, RFC 5997: Status-Server; the identifier is repeated. */
const RADIUS: Payload = {
  service: "radius",
  ports: [1645, 1646, 1812, 1813],
  bytes: bytesOf("0c00 0026", new Uint8Array(16), "5012", new Uint8Array(16)),
  cookies: [lowByte(1), word(4)],
  echoes: [[1, 1, 1]],
};

/** Protocol of memcached, section UDP protocol, and its command version; the request id is repeated. */
const MEMCACHED: Payload = {
  service: "memcache",
  ports: [11211],
  bytes: bytesOf("0000 0000 0001 0000", "'version\r\n"),
  cookies: [half(0)],
  echoes: [[0, 0, 2]],
};

/** RFC 2453 section 3.9.1: the metric of one address, which is repeated. */
const RIP: Payload = {
  service: "route",
  ports: [520],
  bytes: bytesOf("01020000 00020000 00000000 ffffffff 00000000 00000010"),
  cookies: [word(8)],
  echoes: [[8, 8, 4]],
};

/** OpenAFS, Rx protocol: a packet of type 13 asks for the version; epoch and connection id are repeated. */
const AFS: Payload = {
  service: "afs3-fileserver",
  ports: [7000, 7001, 7002, 7003, 7005],
  bytes: bytesOf("00000000 00000000", new Uint8Array(12), "0d050000 00000000"),
  cookies: [word(0), word(4)],
  echoes: [[0, 0, 8]],
};

/** MC-SQLR, section 2.2.4: the port for administrators of the default instance. */
const MSSQL: Payload = {
  service: "ms-sql-m",
  ports: [1434],
  bytes: bytesOf("0f01", "'MSSQLSERVER", "00"),
  cookies: [],
  echoes: [],
};

/** XDMCP section 4: Query, with the names of two authentications. */
const XDMCP: Payload = {
  service: "xdmcp",
  ports: [177],
  bytes: bytesOf("0001 0002 002b 02 0014", "'XDM-AUTHENTICATION-1", "0012", "'MIT-MAGIC-COOKIE-1"),
  cookies: [],
  echoes: [],
};

/** RFC 862: comes back as it is. RFC 865 and RFC 864: any datagram is replied to, by up to 512 bytes. */
const SMALL: readonly Payload[] = [
  { service: "echo", ports: [7], bytes: new Uint8Array(8), cookies: [word(0), word(4)], echoes: [[0, 0, 8]] },
  { service: "qotd", ports: [17], bytes: new Uint8Array(160), cookies: [word(0)], echoes: [] },
  { service: "chargen", ports: [19], bytes: new Uint8Array(160), cookies: [word(0)], echoes: [] },
];

/** The requests. */
export const MACHINE_PAYLOADS: readonly Payload[] = [
  ...[NTP, SNMP, TFTP, IPMI, RADIUS, MEMCACHED, RIP, AFS, MSSQL, XDMCP],
  ...SMALL,
  rpc("rpcbind", [111], "000186a0", 2),
  rpc("nfs", [2049], "000186a3", 3),
  rpc("mountd", [20048], "000186a5", 3),
  rpc("nlockmgr", [4045], "000186b5", 4),
  rpc("wdbrpc", [17185], "55555555", 1),
];
