import { assert, assertEquals } from "@std/assert";
import { reasonCode } from "../../src/result/reasons.ts";
import { stateIn } from "../../src/result/outcome.ts";
import { BY_TOKEN, UNPROVEN } from "../../src/result/reply_kind.ts";
import { hasToken, isWeak, writePayload } from "../../src/technique/payloads/payload.ts";
import { PAYLOADS, payloadsOf } from "../../src/technique/payloads/payloads.ts";
import { UP } from "../../src/result/states.ts";
import { Reply } from "../../src/technique/technique.ts";
import { UDP } from "../../src/technique/udp.ts";
import { UdpPingTechnique } from "../../src/technique/udp_ping.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { checkIpv4, IPV4_MIN_HEADER_LEN, setIpv4Checksum } from "../../src/wire/ipv4.ts";
import { checkUdp, UDP_HEADER_LEN, udpDestinationPort, udpLen, udpSourcePort } from "../../src/wire/udp.ts";
import { simIp } from "../support/sim_ip.ts";
import { Random } from "../support/random.ts";

const HOST = 0x0a000001;
const OWN = 0x0a0000fe;
const TOKEN = 0xdeadbeef;
const PAYLOAD_AT = IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN;
const IP = simIp(4);

/** Returns the probe of a port. */
function probeOf(port: number, sourcePort = 61_000): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(UDP.maxLength));
  new Uint8Array(view.buffer).fill(0xa5);
  const length = UDP.prepare({ source: OWN, ttl: 64 }).write(view, 0, HOST, port, sourcePort, TOKEN);
  return new DataView(view.buffer.slice(0, length));
}

function bytesOf(view: DataView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer);
}

function parsed(packet: DataView): Reply | undefined {
  const reply = new Reply();
  return UDP.parse(packet, 0, packet.byteLength, reply) ? reply : undefined;
}

/** Returns the strength of the proof that a packet is a reply to the probe with a token; below 0 if there is none. */
function proofOf(packet: DataView, token = TOKEN): number {
  const reply = parsed(packet);
  return reply !== undefined && UDP.proves!(packet, 0, reply, token) ? reply.strength : -1;
}

Deno.test("udp: a probe is a whole datagram with right checksums, for every payload", () => {
  for (const { ports: [port], bytes, service } of PAYLOADS) {
    for (let sourcePort = 61_000; sourcePort < 61_002; sourcePort++) {
      const probe = probeOf(port!, sourcePort);
      assertEquals(checkIpv4(probe, 0, probe.byteLength), IPV4_MIN_HEADER_LEN, service);
      assert(checkUdp(probe, IPV4_MIN_HEADER_LEN, probe.byteLength - IPV4_MIN_HEADER_LEN) > 0, service);
      assert(hasRightChecksums(probe, 0), service);
      assertEquals(udpSourcePort(probe, IPV4_MIN_HEADER_LEN), sourcePort);
      assertEquals(udpDestinationPort(probe, IPV4_MIN_HEADER_LEN), port);
    }
    assert(payloadsOf(port!).some((payload) => payload.bytes === bytes), service);
  }
  assertEquals(udpLen(probeOf(9), IPV4_MIN_HEADER_LEN), UDP_HEADER_LEN + 4);
});

Deno.test("udp: attempts have the payloads of a port in turn", () => {
  const lengths = [0, 1, 2, 3].map((attempt) => probeOf(443, 61_000 + attempt).byteLength - PAYLOAD_AT);
  const [one, other] = payloadsOf(443).map(({ bytes }) => bytes.length);
  assertEquals(lengths, [one!, other!, one!, other!]);
});

Deno.test("udp: at least 30 services have a payload, and most of them a cookie", () => {
  assert(new Set(PAYLOADS.map(({ service }) => service)).size >= 30);
  assert(PAYLOADS.filter((payload) => !isWeak(payload)).length >= 20);
});

Deno.test("udp: no payload changes anything or asks for a list", () => {
  const text = new TextDecoder("latin1");
  for (const payload of PAYLOADS) {
    for (const token of [0, TOKEN, 0xffff_ffff, 0x0002_0002]) {
      const view = new DataView(new ArrayBuffer(payload.bytes.length));
      writePayload(payload, view, 0, token);
      const bytes = new Uint8Array(view.buffer);
      for (const port of payload.ports) {
        // TFTP: no write request. NTP: clients only. DNS: a question, not an update or a transfer of a zone.
        if (port === 69) assertEquals(view.getUint16(0), 1);
        if (port === 123) assertEquals(bytes[0]! & 7, 3);
        if (port === 53 || port === 5353 || port === 137) {
          assertEquals(bytes[2]! & 0xf8, 0);
          assertEquals(view.getUint16(4), 1);
        }
        // SNMP: get (A0); not getNext, set or getBulk. LDAP: search alone, of the entry itself.
        if (port === 161) assert(bytes.includes(0xa0) && ![0xa1, 0xa3, 0xa5].some((tag) => bytes.includes(tag)));
        if (port === 389) assert(bytes.includes(0x63));
        if (port === 5683) assertEquals(bytes[1], 1);
        if (port === 5060) assert(text.decode(bytes).startsWith("OPTIONS "));
        if (port === 11211) assertEquals(text.decode(bytes.subarray(8)), "version\r\n");
        // Procedure 0 of RPC does nothing.
        if ([111, 2049, 20048, 4045, 17185].includes(port)) assertEquals(view.getUint32(20), 0);
        if (port === 520) assertEquals([bytes[0], view.getUint16(4)], [1, 2]);
        if (port === 1434) assertEquals(bytes[0], 0x0f);
      }
    }
  }
});

Deno.test("udp: the first fragment of a reply that is too long for a packet stands for it, over both versions of IP", () => {
  const whole = bytesOf(probeOf(53)).slice(PAYLOAD_AT);
  const data = new Uint8Array(1472);
  data.set(whole.subarray(0, 2));
  data[2] = 0x81;
  data.set(whole.subarray(12), 12);
  const packet = IP.datagram(HOST, 53, OWN, 61_000, data);
  const proof = proofOf(packet);
  assertEquals(proof, BY_TOKEN);
  const part = (flags: number, length = UDP_HEADER_LEN + 4000) => {
    const fragment = new DataView(packet.buffer.slice(0));
    fragment.setUint16(6, flags);
    setIpv4Checksum(fragment, 0, 0);
    setIpv4Checksum(fragment, 0, checksum(fragment, 0, IPV4_MIN_HEADER_LEN));
    fragment.setUint16(IPV4_MIN_HEADER_LEN + 4, length);
    return fragment;
  };
  const MORE = 0x2000;
  assertEquals(proofOf(part(MORE)), BY_TOKEN);
  // Of what was captured, nothing beyond is read.
  const reply = parsed(part(MORE))!;
  assertEquals(UDP.serviceData(part(MORE), reply)!.bytes, data);
  // Another token, a later fragment, a length that the fragment holds, and an error in fragments.
  assertEquals(proofOf(part(MORE), TOKEN ^ 0x0101_0101), -1);
  assertEquals(parsed(part(MORE | 185)), undefined);
  assertEquals(parsed(part(185)), undefined);
  assertEquals(parsed(part(MORE, packet.byteLength - IPV4_MIN_HEADER_LEN)), undefined);
  assertEquals(parsed(part(0)), undefined);
});

Deno.test("udp: a quoted probe proves an error, whether its payload is quoted or its checksum alone", () => {
  for (const port of [9, 53, 69, 123, 161, 443, 5060]) {
    const probe = probeOf(port);
    const quotes = [bytesOf(probe), bytesOf(probe).subarray(0, PAYLOAD_AT), bytesOf(probe).subarray(0, PAYLOAD_AT + 2)];
    for (const quoted of quotes) {
      const packet = IP.unreachable(HOST, OWN, 3, quoted);
      assertEquals(proofOf(packet), BY_TOKEN, `${port}`);
      // A token of another identification, or of another cookie.
      assertEquals(proofOf(packet, TOKEN ^ 0x0100_0000), -1, `${port}`);
      if (port !== 69) assertEquals(proofOf(packet, TOKEN ^ 2), -1, `${port}`);
    }
    const reply = parsed(IP.unreachable(HOST, OWN, 3, quotes[1]!))!;
    assertEquals([reply.host, reply.port, reply.ownPort, reply.kind], [HOST, port, 61_000, reasonCode("port-unreach")]);
  }
});

/** An object of RFC 4950, the labels of MPLS, behind the header of extensions. */
const EXTENSIONS = Uint8Array.of(0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0x11, 0x40);

Deno.test("udp: extensions behind a quote are no part of it (RFC 4884)", () => {
  for (const { ports: [port], service } of PAYLOADS) {
    const quoted = new Uint8Array(128 + EXTENSIONS.length);
    quoted.set(bytesOf(probeOf(port!)).subarray(0, 128));
    quoted.set(EXTENSIONS, 128);
    for (const words of [32, 255]) {
      const error = IP.unreachable(HOST, OWN, 3, quoted);
      error.setUint8(IPV4_MIN_HEADER_LEN + 5, words);
      IP.fillChecksum(error);
      const isLonger = payloadsOf(port!)[0]!.bytes.length > 128 - PAYLOAD_AT;
      assertEquals(proofOf(error), words === 32 || !isLonger ? BY_TOKEN : -1, service);
    }
  }
});

Deno.test("udp: an identification that a firewall changed is made up for by a payload with the token, and by no other", () => {
  for (const payload of PAYLOADS) {
    const probe = bytesOf(probeOf(payload.ports[0]!));
    if (probe.length !== PAYLOAD_AT + payload.bytes.length) continue;
    probe[5]! ^= 2;
    assertEquals(
      proofOf(IP.unreachable(HOST, OWN, 3, probe)),
      hasToken(payload, payload.bytes.length) ? BY_TOKEN : -1,
      payload.service,
    );
    assertEquals(proofOf(IP.unreachable(HOST, OWN, 3, probe.subarray(0, PAYLOAD_AT))), -1, payload.service);
  }
});

/** Returns a reply that has what the protocol repeats, from the bytes of a probe. */
const REPLIES: readonly (readonly [port: number, reply: (request: Uint8Array) => Uint8Array])[] = [
  [53, (request) => request],
  [7, (request) => request],
  [123, (request) => Uint8Array.of(0x24, ...new Uint8Array(23), ...request.subarray(40, 48), ...new Uint8Array(16))],
  [161, (request) => Uint8Array.of(0x30, 0x81, 0x60, 2, 1, 3, 0x30, 17, ...request.subarray(7, 13), 0, 0)],
  [3478, (request) => Uint8Array.of(1, 1, 0, 0, ...request.subarray(4, 20))],
  [5683, (request) => Uint8Array.of(0x68, 0x45, 0, 0, ...request.subarray(4, 12))],
  [111, (request) => Uint8Array.of(...request.subarray(0, 4), 0, 0, 0, 1)],
  [5060, (request) => request],
  [1194, (request) => Uint8Array.of(0x40, ...new Uint8Array(8), 1, 0, 0, 0, 0, ...request.subarray(1, 9))],
];

Deno.test("udp: a cookie proves a reply, and a reply without it proves nothing", () => {
  for (const [port, reply] of REPLIES) {
    const request = bytesOf(probeOf(port)).subarray(PAYLOAD_AT);
    const packet = IP.datagram(HOST, port, OWN, 61_000, reply(request));
    assertEquals(proofOf(packet), BY_TOKEN, `${port}`);
    assertEquals(proofOf(packet, TOKEN ^ 4), -1, `${port}`);
    assertEquals(proofOf(IP.datagram(HOST, port, OWN, 61_000, new Uint8Array(60))), -1, `${port}`);
    assertEquals(proofOf(IP.datagram(HOST, port, OWN, 61_000, new Uint8Array())), -1, `${port}`);
  }
  assertEquals(proofOf(IP.datagram(HOST, 13, OWN, 61_000, new TextEncoder().encode("Sat Nov 28"))), UNPROVEN);
  // Sixteen bits are repeated, and are too few alone.
  const memcached = bytesOf(probeOf(11211)).subarray(PAYLOAD_AT);
  assertEquals(proofOf(IP.datagram(HOST, 11211, OWN, 61_000, memcached)), UNPROVEN);
  assertEquals(proofOf(IP.datagram(HOST, 11211, OWN, 61_000, new Uint8Array(8))), -1);
});

Deno.test("udp: pings are datagrams to their ports, and what replies to them is told by port and token", () => {
  const ping = new UdpPingTechnique("udpping(udp:40125,udp:53)");
  for (const [what, port] of [40125, 53].entries()) {
    const view = new DataView(new ArrayBuffer(ping.maxLength));
    const length = ping.prepare({ source: OWN, ttl: 64 }).write(view, 0, HOST, what, 61_000, TOKEN);
    const probe = new Uint8Array(view.buffer, 0, length);
    assertEquals(probe, bytesOf(probeOf(port)));
    const packets = [
      [IP.unreachable(HOST, OWN, 3, probe), "port-unreach"],
      ...port === 53
        ? [[IP.datagram(HOST, port, OWN, 61_000, probe.subarray(PAYLOAD_AT)), "udp-response"] as const]
        : [],
    ] as const;
    for (const [packet, reason] of packets) {
      const reply = new Reply();
      assert(ping.parse(packet, 0, packet.byteLength, reply));
      assertEquals([reply.port, reply.kind], [what, reasonCode(reason)]);
      assertEquals([ping.proves(packet, 0, reply, TOKEN), reply.port, reply.strength], [true, what, BY_TOKEN]);
      assertEquals(ping.proves(packet, 0, reply, TOKEN ^ 0x0100_0004), false);
      assertEquals(stateIn(ping.states, reply.kind), UP);
    }
  }
  const other = IP.unreachable(HOST, OWN, 3, bytesOf(probeOf(161)));
  assertEquals(ping.parse(other, 0, other.byteLength, new Reply()), false);
});

Deno.test("udp: packets that are cut, damaged or random are no replies, and nothing is read beyond them", () => {
  const whole = [
    IP.datagram(HOST, 53, OWN, 61_000, bytesOf(probeOf(53)).subarray(PAYLOAD_AT)),
    IP.unreachable(HOST, OWN, 3, bytesOf(probeOf(161))),
  ];
  const random = new Random(1);
  for (const packet of whole) {
    const bytes = new Uint8Array(packet.buffer);
    for (let length = 0; length < bytes.length; length++) {
      const cut = new DataView(bytes.slice(0, length).buffer);
      assertEquals(proofOf(cut), -1);
    }
    for (let i = 0; i < 20_000; i++) {
      const damaged = bytes.slice();
      for (let flips = 1 + random.below(4); flips > 0; flips--) {
        damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
      }
      proofOf(new DataView(damaged.buffer));
    }
  }
});
