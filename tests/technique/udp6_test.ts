import { assert, assertEquals } from "@std/assert";
import { stateIn } from "../../src/result/outcome.ts";
import { type Reason, REASONS } from "../../src/result/reasons.ts";
import { BY_TOKEN, UNPROVEN } from "../../src/result/reply_kind.ts";
import { STATES } from "../../src/result/states.ts";
import { DualBook, ipv6BookParts } from "../../src/target/ipv6_book.ts";
import { Ipv6Packets } from "../../src/technique/ipv6_packets.ts";
import { hasToken } from "../../src/technique/payloads/payload.ts";
import { PAYLOADS } from "../../src/technique/payloads/payloads.ts";
import { Reply } from "../../src/technique/technique.ts";
import { techniqueOver } from "../../src/technique/techniques.ts";
import { UDP } from "../../src/technique/udp.ts";
import { parseIpv6, writeIpv6Address } from "../../src/wire/address6.ts";
import { PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import {
  IPV6_HEADER_LEN,
  ipv6FlowLabel,
  ipv6HopLimit,
  Ipv6Payload,
  setIpv6FlowLabel,
  upperChecksum,
} from "../../src/wire/ipv6.ts";
import { checkUdp, UDP_HEADER_LEN, udpChecksum, udpDestinationPort, udpSourcePort } from "../../src/wire/udp.ts";
import { viewOf } from "../support/packets.ts";
import { buildIcmpv6, buildIpv6, buildUdp6, withExtensions } from "../support/packets6.ts";

const OWN = "2001:db8::1";
const HOST = "2001:db8::7";
const ROUTER = "2001:db8:ffff::1";
const OWN_PORT = 61_000;
const TOKEN = 0xdead_beef;
const PAYLOAD_AT = IPV6_HEADER_LEN + UDP_HEADER_LEN;

const IPV6 = new DualBook(
  ipv6BookParts([{ first: parseIpv6(HOST)!, last: parseIpv6("2001:db8::1:6")!, scope: 0 }], false, [])!,
).ipv6!;

function numberOf(address: string): number {
  const view = new DataView(new ArrayBuffer(16));
  writeIpv6Address(view, 0, parseIpv6(address)!);
  return IPV6.sender(view, 0, 0);
}

const SOURCE = numberOf(OWN);
const TARGET = numberOf(HOST);
const UDP6 = techniqueOver(UDP, new Ipv6Packets(IPV6, [SOURCE]))!;

/** Returns the probe of a port, written into a slot that is full of other bytes. */
function probeOf(port: number, token = TOKEN, sourcePort = OWN_PORT): Uint8Array<ArrayBuffer> {
  const slot = new Uint8Array(UDP6.maxLength + 8).fill(0xa5);
  const length = UDP6.prepare({ source: SOURCE, ttl: 57 }).write(viewOf(slot), 4, TARGET, port, sourcePort, token);
  return slot.slice(4, 4 + length);
}

function parsed(packet: Uint8Array): Reply | undefined {
  const reply = new Reply();
  return UDP6.parse(viewOf(packet), 0, packet.length, reply) ? reply : undefined;
}

/** Returns the strength of the proof that a packet is a reply to the probe with a token; below 0 if there is none. */
function proofOf(packet: Uint8Array, token = TOKEN): number {
  const reply = parsed(packet);
  return reply !== undefined && UDP6.proves!(viewOf(packet), 0, reply, token) ? reply.strength : -1;
}

function portUnreachable(quoted: Uint8Array): Uint8Array {
  return buildIcmpv6({ type: 1, code: 4, quoted });
}

Deno.test("udp over ipv6: a probe is a whole datagram with the right checksum, for every payload", () => {
  for (const { ports: [port], service } of PAYLOADS) {
    for (let sourcePort = OWN_PORT; sourcePort < OWN_PORT + 2; sourcePort++) {
      const packet = probeOf(port!, TOKEN, sourcePort);
      const view = viewOf(packet);
      const payload = new Ipv6Payload();
      assert(payload.find(view, 0), service);
      assertEquals([payload.protocol, payload.at, ipv6HopLimit(view, 0)], [PROTOCOL_UDP, 40, 57], service);
      assertEquals(checkUdp(view, 40, payload.length), UDP_HEADER_LEN, service);
      assertEquals(upperChecksum(view, 0, 40, payload.length, PROTOCOL_UDP), 0, service);
      assertEquals([udpSourcePort(view, 40), udpDestinationPort(view, 40)], [sourcePort, port]);
      assertEquals(ipv6FlowLabel(view, 0), TOKEN >>> 12);
    }
  }
});

Deno.test("udp over ipv6: a checksum that adds up to 0 is sent as its complement, and a reply without one is none", () => {
  let complements = 0;
  for (let token = 0; token < 0x2_0000; token++) {
    const checksum = udpChecksum(viewOf(probeOf(9, token)), 40);
    assert(checksum !== 0, `token ${token}`);
    if (checksum === 0xffff) complements++;
  }
  assert(complements > 0);
  const reply = buildUdp6(9, OWN_PORT, new Uint8Array(4));
  assertEquals(REASONS[parsed(reply)!.kind], "udp-response");
  viewOf(reply).setUint16(46, 0);
  assertEquals(parsed(reply), undefined);
});

Deno.test("udp over ipv6: a checksum that is left to hardware is right, and any other wrong one is not", () => {
  const packet = buildUdp6(9, OWN_PORT, new Uint8Array(4).fill(0x55));
  const view = viewOf(packet);
  const empty = buildUdp6(9, OWN_PORT, new Uint8Array(4));
  // The sum of the pseudo header is that of a packet of which everything behind the IP header is 0.
  empty.fill(0, 40);
  const pseudo = upperChecksum(viewOf(empty), 0, 40, 12, PROTOCOL_UDP) ^ 0xffff;
  view.setUint16(46, pseudo);
  assertEquals(REASONS[parsed(packet)!.kind], "udp-response");
  view.setUint16(46, pseudo ^ 1);
  assertEquals(parsed(packet), undefined);
});

Deno.test("udp over ipv6: the first fragment of a reply that is too long for a packet stands for it", () => {
  const datagram = buildUdp6(9, OWN_PORT, new Uint8Array(1000).fill(7)).subarray(40);
  // RFC 8200 section 4.5: next header, reserved, offset in units of eight bytes and the flag for more, identification.
  const part = (field: number, datagramLen: number) => {
    const fragment = buildIpv6(44, Uint8Array.of(17, 0, field >> 8, field, 0, 0, 0, 9, ...datagram), {
      source: HOST,
      destination: OWN,
    });
    viewOf(fragment).setUint16(40 + 8 + 4, datagramLen);
    return fragment;
  };
  const first = parsed(part(1, 4000));
  assertEquals(REASONS[first!.kind], "udp-response");
  assertEquals(UDP6.serviceData!(viewOf(part(1, 4000)), first!)!.bytes.length, 1000);
  // A later fragment, and a length that the fragment holds.
  assertEquals(parsed(part(8 | 1, 4000)), undefined);
  assertEquals(parsed(part(8, 4000)), undefined);
  assertEquals(parsed(part(1, datagram.length)), undefined);
});

/** Reasons by type and code, and the state of a port by its sender: the host, or a router. */
const CODES: readonly (readonly [type: number, code: number, reason: Reason | undefined, own: string])[] = [
  [1, 0, "net-unreach", "filtered"],
  [1, 1, "admin-prohibited", "filtered"],
  [1, 2, "beyond-scope", "filtered"],
  [1, 3, "host-unreach", "filtered"],
  [1, 4, "port-unreach", "closed"],
  [1, 5, "admin-prohibited", "filtered"],
  [1, 6, "reject-route", "filtered"],
  [1, 7, undefined, ""],
  [2, 0, undefined, ""],
  [3, 0, "time-exceeded", "filtered"],
  [4, 0, "param-problem", "filtered"],
  [4, 1, "proto-unreach", "filtered"],
  [4, 2, undefined, ""],
  [129, 0, undefined, ""],
];

Deno.test("udp over ipv6: a port unreachable of the host closes a port, every other error filters it", () => {
  for (const [type, code, reason, own] of CODES) {
    for (const source of [HOST, ROUTER]) {
      const reply = parsed(buildIcmpv6({ type, code, source, quoted: probeOf(161) }));
      assertEquals([type, code, reply && REASONS[reply.kind]], [type, code, reason]);
      if (reply === undefined) continue;
      assertEquals([reply.host, reply.port, reply.ownPort, reply.from], [TARGET, 161, OWN_PORT, numberOf(source)]);
      const state = STATES[stateIn(UDP6.states, reply.kind, source === HOST)];
      assertEquals(state, source === HOST ? own : "filtered", `${type}/${code} from ${source}`);
    }
  }
});

Deno.test("udp over ipv6: a quoted probe proves an error by its flow label and its payload, or the checksum of that", () => {
  for (const port of [9, 53, 69, 123, 161, 443, 5060]) {
    const probe = probeOf(port);
    for (const quoted of [probe, probe.subarray(0, PAYLOAD_AT), probe.subarray(0, PAYLOAD_AT + 2)]) {
      const packet = portUnreachable(quoted);
      assertEquals(proofOf(packet), BY_TOKEN, `${port}`);
      assertEquals(proofOf(packet, TOKEN ^ 0x0100_0000), -1, `${port}`);
      if (port !== 69) assertEquals(proofOf(packet, TOKEN ^ 2), -1, `${port}`);
    }
    const extended = portUnreachable(withExtensions(probe, [[44, "000000000001"]]));
    assertEquals(proofOf(extended), BY_TOKEN, "an atomic fragment");
  }
});

Deno.test("udp over ipv6: extensions behind a quote are no part of it (RFC 4884)", () => {
  for (const { ports: [port], service } of PAYLOADS) {
    const quoted = new Uint8Array(140);
    quoted.set(probeOf(port!).subarray(0, 128));
    // The labels of MPLS (RFC 4950).
    quoted.set([0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0x11, 0x40], 128);
    assertEquals(proofOf(buildIcmpv6({ type: 1, code: 4, rest: 16 << 24, quoted })), BY_TOKEN, service);
  }
});

Deno.test("udp over ipv6: a flow label that was changed is made up for by a payload with the token, and by no other", () => {
  for (const payload of PAYLOADS) {
    const [port] = payload.ports;
    if (probeOf(port!).length !== PAYLOAD_AT + payload.bytes.length) continue;
    const probe = probeOf(port!);
    setIpv6FlowLabel(viewOf(probe), 0, 0);
    assertEquals(
      proofOf(portUnreachable(probe)),
      hasToken(payload, payload.bytes.length) ? BY_TOKEN : -1,
      payload.service,
    );
    assertEquals(proofOf(portUnreachable(probe.subarray(0, PAYLOAD_AT))), -1, payload.service);
  }
});

Deno.test("udp over ipv6: a cookie proves a reply, and a reply without it proves nothing", () => {
  const question = probeOf(53).subarray(PAYLOAD_AT);
  assertEquals(proofOf(buildUdp6(53, OWN_PORT, question)), BY_TOKEN);
  assertEquals(proofOf(withExtensions(buildUdp6(53, OWN_PORT, question), [[60, "010400000000"]])), BY_TOKEN);
  assertEquals(proofOf(buildUdp6(53, OWN_PORT, question), TOKEN ^ 4), -1);
  assertEquals(proofOf(buildUdp6(53, OWN_PORT, new Uint8Array(60))), -1);
  assertEquals(proofOf(buildUdp6(13, OWN_PORT, new TextEncoder().encode("Sat Nov 28"))), UNPROVEN);
});

Deno.test("udp over ipv6: what is cut, or not between a target and us, is no reply", () => {
  const question = probeOf(53).subarray(PAYLOAD_AT);
  assertEquals(parsed(buildUdp6(53, OWN_PORT, question, { source: "2001:db8::2" })), undefined, "no target");
  assertEquals(parsed(buildUdp6(53, OWN_PORT, question, { destination: "2001:db8::9" })), undefined, "not to us");
  assertEquals(parsed(portUnreachable(buildUdp6(OWN_PORT, 53, question))), undefined, "a quote of another's probe");
  for (const packet of [buildUdp6(53, OWN_PORT, question), portUnreachable(probeOf(161))]) {
    for (let length = 0; length < packet.length; length++) {
      assertEquals(parsed(packet.subarray(0, length)), undefined, `${length} bytes`);
    }
  }
  const probe = probeOf(161);
  for (let length = 0; length < PAYLOAD_AT; length++) {
    assertEquals(parsed(portUnreachable(probe.subarray(0, length))), undefined, `${length} bytes quoted`);
  }
});
