/**
 * Rows of fields that only replies over UDP have; what they share with replies over TCP is in the rows of these.
 *
 * @module
 */

import { readRows } from "./row.ts";

/** The rows. Their last column names recordings of servers of UDP. */
export const DATAGRAM_ROWS = readRows(
  "datagrams",
  String.raw`
udp-dns-knot | dns.version | ^Knot DNS (\d[\d.]*)$ | Knot DNS | $1 | a:nic:knot_dns:$1 | - | udp-knot
udp-dns-rbldnsd | dns.version | ^rbldnsd (\d\S*) \(snapshot (\d+)\)$ | rbldnsd | $1 | - | info:snapshot $2 | udp-rbldnsd
udp-kerberos-mit | kerberos.text | ^CLIENT_NOT_FOUND$ | MIT Kerberos | - | a:mit:kerberos_5 | - | udp-krb5-kdc
udp-snmp-net | snmp.engine | ^8072 | net-snmp | - | a:net-snmp:net-snmp | - | udp-snmpd udp-snmptrapd
udp-tftp-dnsmasq | tftp.error | ^1 file \S+ not found for [\da-f.:]+$ | dnsmasq | - | a:thekelleys:dnsmasq | - | udp-dnsmasq-tftp
udp-stun-vovida | stun.software | ^Vovida\.org (\d[\d.]*)$ | Vovida stund | $1 | - | - | udp-stun-server
udp-stun-baresip | stun.software | ^baresip v(\d[\d.]*) \(([^)]*)\)$ | baresip | $1 | - | info:$2; service:sip | udp-baresip
udp-sip-baresip | sip.server | ^baresip v(\d[\d.]*) \(([^)]*)\)$ | baresip | $1 | - | info:$2 | udp-baresip
udp-coap-libcoap | coap.core | ^</>;title="Gener | libcoap | - | a:libcoap:libcoap | info:example server | udp-coap-server
udp-xl2tpd | l2tp.vendor | ^xelerance\.com$ | xl2tpd | - | a:xelerance:xl2tpd | - | udp-xl2tpd
udp-teeworlds | teeworlds.token | ^sent$ | Teeworlds | - | a:teeworlds:teeworlds | info:0.7 | udp-teeworlds
udp-dht-aria2 | dht.client | ^A2 | aria2 | - | a:aria2_project:aria2 | - | udp-aria2
`,
);
