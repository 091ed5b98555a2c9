/**
 * Requests to devices, and to games.
 *
 * @module
 */

import { bytesOf, digits, lowByte, offsetOf, type Payload, word } from "./payload.ts";

/** UPnP Device Architecture 2.0 section 1.3.2: a unicast search for root devices. */
const SSDP: Payload = (() => {
  const lines = [
    "M-SEARCH * HTTP/1.1",
    "HOST: 239.255.255.250:1900",
    'MAN: "ssdp:discover"',
    "ST: upnp:rootdevice",
    `USER-AGENT: ${"-".repeat(160)}`,
    "\r\n",
  ];
  const bytes = bytesOf("'" + lines.join("\r\n"));
  return { service: "upnp", ports: [1900], bytes, cookies: [digits(offsetOf(bytes, "--"))], echoes: [] };
})();

/** WS-Discovery 1.1 section 5.2: Probe; the reply relates to the id of the message. */
const WS_DISCOVERY: Payload = (() => {
  const soap = "http://www.w3.org/2003/05/soap-envelope";
  const addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
  const discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
  const bytes = bytesOf(
    `'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}" xmlns:d="${discovery}">` +
      `<s:Header><a:Action>${discovery}/Probe</a:Action><a:MessageID>urn:uuid:00000000-0000-4000-8000-000000000001</a:MessageID>` +
      "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe/></s:Body></s:Envelope>",
  );
  const id = offsetOf(bytes, "00000000-0000");
  return { service: "wsdapi", ports: [3702], bytes, cookies: [digits(id)], echoes: [[id, -1, 36]] };
})();

/** RFC 6886 section 3.2: the external address. */
const NAT_PMP: Payload = { service: "nat-pmp", ports: [5351], bytes: bytesOf("0000"), cookies: [], echoes: [] };

/** ANSI/ASHRAE 135, clauses 20 and 21: reads the object identifier of the device; the invoke id is repeated. */
const BACNET: Payload = {
  service: "bacnet",
  ports: [47808],
  bytes: bytesOf("810a0011 0104 0005 00 0c 0c 023fffff 19 4b"),
  cookies: [lowByte(8)],
  echoes: [],
};

/** CIP Networks Library, volume 2, section 2-4.4: ListServices; the sender context is repeated. */
const ETHERNET_IP: Payload = {
  service: "EtherNetIP",
  ports: [44818],
  bytes: bytesOf("0400 0000 00000000 00000000", new Uint8Array(8), "00000000"),
  cookies: [word(12), word(16)],
  echoes: [[12, 12, 8]],
};

/** KNX standard 3.8.2 (EN 13321-2): asks for the description of the device, to be sent to the address that the request comes from. */
const KNX: Payload = {
  service: "efcp",
  ports: [3671],
  bytes: bytesOf("0610 0203 000e 0801 00000000 0000"),
  cookies: [],
  echoes: [],
};

/** RakNet: an unconnected ping, whose time is repeated. */
const MINECRAFT: Payload = {
  service: "minecraft-bedrock",
  ports: [19132],
  bytes: bytesOf("01", new Uint8Array(8), "00ffff00fefefefefdfdfdfd12345678", new Uint8Array(8)),
  cookies: [word(1), word(5)],
  echoes: [[1, 1, 8]],
};

/** BEP 5: a ping of the distributed hash table; the transaction id is repeated. */
const DHT: Payload = (() => {
  const bytes = bytesOf("'d1:ad2:id20:aaaaaaaaaaaaaaaaaaaae1:q4:ping1:t4:0000", "'1:y1:qe");
  const id = offsetOf(bytes, "t4:0000") + 3;
  return { service: "bittorrent-dht", ports: [6881], bytes, cookies: [word(id)], echoes: [[id - 3, -1, 7]] };
})();

/** Quake III: the challenge that would begin a connection. */
const QUAKE: Payload = {
  service: "quake3",
  ports: [27960],
  bytes: bytesOf("ffffffff", "'getchallenge\n"),
  cookies: [],
  echoes: [],
};

/** Mumble protocol, section ping: a type of zero, and an identifier that is repeated. */
const MUMBLE: Payload = {
  service: "murmur",
  ports: [64738],
  bytes: new Uint8Array(12),
  cookies: [word(4), word(8)],
  echoes: [[4, 4, 8]],
};

/** The requests. */
export const DEVICE_PAYLOADS: readonly Payload[] = [
  ...[SSDP, WS_DISCOVERY, NAT_PMP, BACNET, ETHERNET_IP, KNX, MINECRAFT, DHT, QUAKE, MUMBLE],
];
