import { assertEquals } from "@std/assert";
import { type Reason, reasonCode, REASONS } from "../../src/result/reasons.ts";
import { BY_TOKEN } from "../../src/result/reply_kind.ts";
import { stateIn } from "../../src/result/outcome.ts";
import { STATES } from "../../src/result/states.ts";
import { DualBook, ipv6BookParts } from "../../src/target/ipv6_book.ts";
import { ECHO } from "../../src/technique/icmp_probe.ts";
import { Ipv6Packets } from "../../src/technique/ipv6_packets.ts";
import { ND } from "../../src/technique/nd.ts";
import { pingKind, PingTechnique } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { Reply, type Technique } from "../../src/technique/technique.ts";
import { techniqueOver } from "../../src/technique/techniques.ts";
import { formatIpv6, parseIpv6, readIpv6Address, writeIpv6Address } from "../../src/wire/address6.ts";
import { fillIcmpv6Checksum } from "../../src/wire/icmpv6.ts";
import { IPV6_DESTINATION, IPV6_HEADER_LEN, ipv6HopLimit, Ipv6Payload, upperChecksum } from "../../src/wire/ipv6.ts";
import { setSolicitationMac } from "../../src/wire/ndp.ts";
import {
  TCP_ACK,
  TCP_RST,
  TCP_SYN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
} from "../../src/wire/tcp.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { buildIcmpv6, buildTcp6, type Icmp6Settings, type Tcp6Settings, withExtensions } from "../support/packets6.ts";
import { ADVERTISEMENT } from "../vectors/frames6.ts";

const OWN = "2001:db8::1";
const HOST = "2001:db8::7";
const ROUTER = "2001:db8:ffff::1";
const PORT = 22;
const OWN_PORT = 61000;
const TOKEN = 0xfedc_ba98;

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
const PACKETS = new Ipv6Packets(IPV6, [SOURCE]);

function over(technique: Technique): Technique {
  return techniqueOver(technique, PACKETS)!;
}

/** Writes a probe into a slot full of other bytes; returns the packet. */
function probeOf(technique: Technique, what = PORT): Uint8Array {
  const slot = new Uint8Array(256).fill(0xa5);
  const template = technique.prepare({ source: SOURCE, ttl: 57 });
  for (let times = 0; times < 2; times++) {
    const length = template.write(viewOf(slot), 4, TARGET, what, OWN_PORT, TOKEN);
    if (times === 1) return slot.slice(4, 4 + length);
  }
  throw new Error();
}

function readBy(technique: Technique, packet: Uint8Array): Reply | undefined {
  const reply = new Reply();
  return technique.parse(viewOf(packet), 0, packet.length, reply) ? reply : undefined;
}

function segment(settings: Tcp6Settings): Uint8Array {
  const ends = { source: HOST, destination: OWN, sourcePort: PORT, destinationPort: OWN_PORT };
  return buildTcp6({ ...ends, ack: TOKEN + 1, flags: TCP_SYN | TCP_ACK, ...settings });
}

const SYN6 = over(SYN);

Deno.test("ipv6 packets: every TCP technique writes probes that are right, also into a slot that it has used", () => {
  for (const technique of [SYN, ...FLAG_SCANS].map(over)) {
    const packet = probeOf(technique);
    const view = viewOf(packet);
    const payload = new Ipv6Payload();
    assertEquals([payload.find(view, 0), payload.at, ipv6HopLimit(view, 0)], [true, 40, 57], technique.name);
    assertEquals(upperChecksum(view, 0, 40, payload.length, payload.protocol), 0, technique.name);
    assertEquals(formatIpv6(readIpv6Address(view, 8)), OWN);
    assertEquals(formatIpv6(readIpv6Address(view, IPV6_DESTINATION)), HOST);
    assertEquals([tcpSourcePort(view, 40), tcpDestinationPort(view, 40), tcpSeq(view, 40)], [OWN_PORT, PORT, TOKEN]);
    if ((tcpFlags(view, 40) & TCP_ACK) !== 0) assertEquals(tcpAck(view, 40), TOKEN);
    assertEquals(packet.length <= technique.maxLength, true);
  }
});

Deno.test("ipv6 packets: a slot that holds an owed RST, or a probe of another technique, is written anew", () => {
  const slot = new Uint8Array(256);
  const templates = [SYN, ...FLAG_SCANS].map((each) => over(each).prepare({ source: SOURCE, ttl: 64 }));
  for (const template of templates) {
    PACKETS.writeRst(viewOf(slot), 0, { source: SOURCE, ttl: 64 }, TARGET, PORT, OWN_PORT, 5);
    const clean = new Uint8Array(256);
    for (const other of [...templates, template]) other.write(viewOf(slot), 0, TARGET, 1, OWN_PORT, 9);
    const length = template.write(viewOf(slot), 0, TARGET + 3, 80, OWN_PORT + 1, 7);
    assertEquals(template.write(viewOf(clean), 0, TARGET + 3, 80, OWN_PORT + 1, 7), length);
    assertEquals(slot.slice(0, length), clean.slice(0, length));
  }
});

Deno.test("ipv6 packets: a SYN-ACK, a RST and their token are read, also behind extension headers", () => {
  const synAck = readBy(SYN6, segment({ hopLimit: 61 }))!;
  assertEquals(
    [REASONS[synAck.kind], synAck.host, synAck.from, synAck.port, synAck.ownPort, synAck.token, synAck.ttl],
    ["syn-ack", TARGET, TARGET, PORT, OWN_PORT, TOKEN, 61],
  );
  assertEquals([synAck.ownAddress, synAck.strength, synAck.odd], [SOURCE, BY_TOKEN, false]);
  assertEquals(REASONS[readBy(SYN6, segment({ flags: TCP_RST | TCP_ACK }))!.kind], "reset");
  const chain = [[0, "010400000000"], [43, "000000000000"], [60, "010400000000"]] as const;
  assertEquals(readBy(SYN6, withExtensions(segment({}), chain))!.token, TOKEN);
  assertEquals(readBy(SYN6, withExtensions(segment({}), Array(9).fill(chain[2]))), undefined);
});

Deno.test("ipv6 packets: what is damaged, or not between a target and us, is no reply", () => {
  assertEquals(readBy(SYN6, segment({ source: "2001:db8::2" })), undefined, "no target");
  assertEquals(readBy(SYN6, segment({ destination: "2001:db8::9" })), undefined, "not to us");
  assertEquals(readBy(SYN6, segment({ source: "ff02::1" })), undefined, "group");
  const wrong = segment({});
  wrong[59]! ^= 1;
  assertEquals(readBy(SYN6, wrong), undefined, "checksum");
  // A checksum that is left to hardware is the sum of the pseudo header.
  const partial = segment({});
  const view = viewOf(partial);
  const whole = partial.slice(40);
  view.setUint16(56, 0);
  partial.fill(0, 40);
  view.setUint16(56, upperChecksum(view, 0, 40, 20, 6) ^ 0xffff);
  partial.set(whole.subarray(0, 16), 40);
  partial.set(whole.subarray(18), 58);
  assertEquals(readBy(SYN6, partial)!.token, TOKEN);
  for (let length = 0; length < 60; length++) {
    assertEquals(readBy(SYN6, segment({}).subarray(0, length)), undefined);
  }
});

/** Reasons by type and code, and the state that a SYN's port has then. */
const CODES: readonly (readonly [type: number, code: number, reason: Reason | undefined])[] = [
  [1, 0, "net-unreach"],
  [1, 1, "admin-prohibited"],
  [1, 2, "beyond-scope"],
  [1, 3, "host-unreach"],
  [1, 4, "port-unreach"],
  [1, 5, "admin-prohibited"],
  [1, 6, "reject-route"],
  [1, 7, undefined],
  [2, 0, undefined],
  [3, 0, "time-exceeded"],
  [4, 0, "param-problem"],
  [4, 1, "proto-unreach"],
  [4, 2, undefined],
  [100, 0, undefined],
];

Deno.test("ipv6 packets: ICMPv6 errors that quote a probe have nmap's reasons, and none makes a port open", () => {
  const probe = probeOf(SYN6);
  for (const [type, code, reason] of CODES) {
    for (const source of [HOST, ROUTER]) {
      const reply = readBy(SYN6, buildIcmpv6({ type, code, source, destination: OWN, quoted: probe }));
      assertEquals([type, code, reply && REASONS[reply.kind]], [type, code, reason]);
      if (reply === undefined) continue;
      assertEquals([reply.host, reply.port, reply.ownPort, reply.token], [TARGET, PORT, OWN_PORT, TOKEN]);
      assertEquals(reply.from, numberOf(source));
      assertEquals(STATES[stateIn(SYN6.states, reasonCode(reason!), source === HOST)], "filtered");
    }
  }
});

Deno.test("ipv6 packets: cut, nested and foreign quotes are no reply", () => {
  const probe = probeOf(SYN6);
  const error = (settings: Partial<Icmp6Settings>) =>
    readBy(SYN6, buildIcmpv6({ type: 1, code: 3, source: ROUTER, destination: OWN, quoted: probe, ...settings }));
  for (let length = 0; length < probe.length; length++) {
    assertEquals(error({ quoted: probe.subarray(0, length) }) !== undefined, length >= 48, `${length} bytes`);
  }
  assertEquals(error({ quoted: buildIcmpv6({ type: 1, code: 3, quoted: probe }) }), undefined);
  assertEquals(error({ quoted: buildTcp6({ source: "2001:db8::9" }) }), undefined);
  assertEquals(error({ quoted: buildTcp6({ destination: "2001:db8::3" }) }), undefined);
  assertEquals(error({ quoted: withExtensions(probe, [[44, "000800000001"]]) }), undefined);
  assertEquals(error({ quoted: withExtensions(probe, [[44, "000100000001"]]) })!.token, TOKEN);
});

Deno.test("ipv6 packets: pings by echo, SYN and ACK are told apart, and an echo's token comes back in replies and errors", () => {
  const ping = over(new PingTechnique(["echo", "syn:443", "ack:80"].map((name) => pingKind(name)!)));
  const echo = probeOf(ping, 0);
  const view = viewOf(echo);
  assertEquals(upperChecksum(view, 0, 40, echo.length - 40, 58), 0);
  const data = echo.subarray(48);
  const answer = buildIcmpv6({ type: 129, rest: view.getUint32(44), quoted: data, source: HOST, destination: OWN });
  const reply = readBy(ping, answer)!;
  assertEquals([REASONS[reply.kind], reply.host, reply.port, reply.ownPort, reply.token], [
    ...["echo-reply", TARGET, 0, OWN_PORT, TOKEN],
  ]);
  const error = readBy(ping, buildIcmpv6({ type: 1, code: 3, source: ROUTER, destination: OWN, quoted: echo }))!;
  assertEquals([REASONS[error.kind], error.port, error.token, error.ownPort], ["host-unreach", 0, TOKEN, OWN_PORT]);
  const opened = readBy(ping, segment({ sourcePort: 443 }))!;
  assertEquals([REASONS[opened.kind], opened.port], ["syn-ack", 1]);
  const reset = readBy(ping, segment({ sourcePort: 80, flags: TCP_RST, seq: TOKEN, ack: 0 }))!;
  assertEquals([reset.port, reset.token], [2, TOKEN]);
  assertEquals(ECHO.type, 8, "the request of IPv4 stands for that of IPv6");
});

Deno.test("nd: a solicitation is complete with its link's hardware address, and its advertisement is a reply of the host", () => {
  const nd = over(ND);
  const packet = probeOf(nd);
  setSolicitationMac(viewOf(packet), 0, 0x02_00_5e_10_00_01);
  assertEquals(upperChecksum(viewOf(packet), 0, IPV6_HEADER_LEN, 32, 58), 0);
  assertEquals(formatIpv6(readIpv6Address(viewOf(packet), IPV6_DESTINATION)), "ff02::1:ff00:7");
  assertEquals(formatIpv6(readIpv6Address(viewOf(packet), 48)), HOST);
  const advertisement = fromHex(ADVERTISEMENT);
  const reply = readBy(nd, advertisement)!;
  assertEquals([REASONS[reply.kind], reply.host, reply.from], ["nd-response", TARGET, TARGET]);
  // For another address, which is no target, and from beyond a router.
  advertisement[63] = 3;
  fillIcmpv6Checksum(viewOf(advertisement), 0, 40, 32);
  assertEquals(readBy(nd, advertisement), undefined);
  const far = fromHex(ADVERTISEMENT);
  far[7] = 64;
  assertEquals(readBy(nd, far), undefined);
});
