/**
 * Requests to name services and directories.
 *
 * @module
 */

import { ber, bytesOf, domainName, half, idAndCase, type Payload, positive } from "./payload.ts";

const DNS_HEADER_LEN = 12;
const VERSION_BIND = domainName("version.bind");
const SERVICES = domainName("_services._dns-sd._udp.local");
/** RFC 6891: an OPT record with padding (RFC 7830), so that replies of several records are no amplification. */
const PADDING_LEN = 128;
const PADDED = bytesOf(
  "00 0029 0578 00000000",
  uint16(PADDING_LEN + 4),
  "000c",
  uint16(PADDING_LEN),
  new Uint8Array(PADDING_LEN),
);

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** A question of the whole name service, and the parts that its reply has in common with it: id, name, type and class. */
function query(service: string, ports: number[], flags: string, name: Uint8Array, typeAndClass: string): Payload {
  return {
    service,
    ports,
    bytes: bytesOf("0000", flags, "0001 0000 0000 0000", name, typeAndClass),
    cookies: [idAndCase(0, DNS_HEADER_LEN, name.length)],
    echoes: [[0, 0, 2], [DNS_HEADER_LEN, DNS_HEADER_LEN, name.length + 4]],
  };
}

/** RFC 1035, RFC 4892 (version.bind): the server's version, TXT of class CH, without recursion. */
const DNS = query("domain", [53], "0000", VERSION_BIND, "0010 0003");

/** RFC 6762 section 6.7: a legacy unicast query, whose reply repeats id and question; RFC 6763 section 9: types of services. */
const MDNS: Payload = (() => {
  const { bytes, ...more } = query("zeroconf", [5353], "0000", SERVICES, "000c 0001");
  const padded = bytesOf(bytes, PADDED);
  padded[11] = 1;
  // The case of the name may be another one in replies.
  return { ...more, bytes: padded, echoes: [[0, 0, 2]] };
})();

/** RFC 1002 section 4.2.17: the status of the node `*`; the name is encoded as in RFC 1001 section 14.1. */
const NETBIOS: Payload = {
  service: "netbios-ns",
  ports: [137],
  bytes: bytesOf("0000 0000 0001 0000 0000 0000 20", `'CK${"A".repeat(30)}`, "00 0021 0001"),
  cookies: [half(0)],
  echoes: [[0, 0, 2]],
};

/** RFC 2608 section 8.1: service agents; RFC 2608 section 8: the XID is repeated. */
const SLP: Payload = (() => {
  const body = bytesOf("0000", uint16(21), "'service:service-agent", "0007", "'DEFAULT", "0000 0000");
  const header = bytesOf("02 01", "0000", uint16(16 + body.length), "0000 000000 0000 0002", "'en");
  return { service: "svrloc", ports: [427], bytes: bytesOf(header, body), cookies: [half(10)], echoes: [[10, 10, 2]] };
})();

/** RFC 1798, RFC 4511 section 4.5: the entry of the server itself without attributes; the message id is repeated. */
const CLDAP: Payload = (() => {
  const filter = ber(0x87, "'objectClass");
  const request = ber(0x63, ber(0x04), "0a0100 0a0100 020101 020100 010100", filter, ber(0x30, ber(0x04, "'1.1")));
  const bytes = ber(0x30, ber(0x02, "40000000"), request);
  const at = bytes.length - request.length - 4;
  return { service: "ldap", ports: [389], bytes, cookies: [positive(at)], echoes: [[at - 2, -1, 6]] };
})();

/** RFC 4120 section 5.4.1: a ticket for a client of a realm that no server has; it replies with an error. */
const KERBEROS: Payload = (() => {
  const name = (...parts: string[]) =>
    ber(0x30, ber(0xa0, "020101"), ber(0xa1, ber(0x30, ...parts.map((part) => ber(0x1b, `'${part}`)))));
  const encryption = ber(0x30, "020112 020111");
  const body = ber(
    0x30,
    ...[ber(0xa0, "0305 0040000000"), ber(0xa1, name("nobody")), ber(0xa2, ber(0x1b, "'INVALID"))],
    ...[ber(0xa3, name("krbtgt", "INVALID")), ber(0xa5, ber(0x18, "'19700101000000Z"))],
    ...[ber(0xa7, "0204 40000000"), ber(0xa8, encryption)],
  );
  const bytes = ber(0x6a, ber(0x30, ber(0xa1, "020105"), ber(0xa2, "02010a"), ber(0xa4, body)));
  // The nonce is the last but one; errors do not repeat it.
  const nonce = bytes.length - ber(0xa8, encryption).length - 4;
  return { service: "kerberos-sec", ports: [88], bytes, cookies: [positive(nonce)], echoes: [] };
})();

/** The requests. */
export const NAME_PAYLOADS: readonly Payload[] = [DNS, MDNS, NETBIOS, SLP, CLDAP, KERBEROS];
