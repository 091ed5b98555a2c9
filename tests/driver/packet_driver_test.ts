import { SYN, SYN_OPTIONS } from "../../src/technique/tcp_syn.ts";
import { assert, assertEquals } from "@std/assert";
import { ERRNO } from "../../ffi/errno.ts";
import { probeId } from "../../src/driver/driver.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import { mssOption, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import {
  addressOf,
  buildIcmpError,
  buildTcp,
  cutTo,
  patched,
  type TcpSettings,
  toHex,
  viewOf,
} from "../support/packets.ts";
import { EvidenceLog, type Seen } from "./evidence_log.ts";
import { FakeTransport } from "./fake_transport.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const OWN = addressOf("192.0.2.1");
const OTHER = addressOf("203.0.113.9");
const HOST = addressOf("198.51.100.7");
const ROUTER = addressOf("198.51.100.1");
const FIRST_PORT = 61000;
const PORT_COUNT = 4;
const TOKEN = 0x89abcdef;

/** A prober that sends from 192.0.2.1, or from 203.0.113.9 to odd addresses, at ports 61000 to 61003. */
function setUp(transport = new FakeTransport()): { transport: FakeTransport; prober: PacketDriver } {
  const prober = new PacketDriver({
    technique: SYN,
    book: IPV4_BOOK,
    transport,
    sources: { addresses: [OTHER, OWN], indexFor: (host) => host === HOST ? 1 : 0 },
    ports: { first: FIRST_PORT, count: PORT_COUNT },
    ttl: 57,
    broadcasts: [addressOf("192.0.2.255")],
  });
  return { transport, prober };
}

/** A segment from the host in answer to a probe of attempt 2 to port 22. */
function answer(settings: TcpSettings): Uint8Array {
  return buildTcp({
    source: HOST,
    destination: OWN,
    sourcePort: 22,
    destinationPort: FIRST_PORT + 2,
    ack: TOKEN + 1,
    ttl: 50,
    options: mssOption(1460),
    ...settings,
  });
}

/** The probe of attempt 2 to port 22, as it left. */
function probe(settings: TcpSettings = {}): Uint8Array {
  return buildTcp({
    source: OWN,
    destination: HOST,
    sourcePort: FIRST_PORT + 2,
    destinationPort: 22,
    seq: TOKEN,
    ...settings,
  });
}

/** The calls of a sink for one packet that arrives at 1234 ms. */
function told(packet: Uint8Array, genuine: (token: number) => boolean = () => true): {
  seen: Seen[];
  sent: Uint8Array[];
  unmatched: number;
} {
  const { transport, prober } = setUp();
  const log = new EvidenceLog(genuine);
  transport.arriving.push(packet);
  assertEquals(prober.drain(log, 1234), 1);
  prober.flush(log, 1234);
  assertEquals(log.refusals, []);
  return { seen: log.seen, sent: transport.sent, unmatched: prober.counters.unmatched };
}

const SEEN: Seen = {
  host: HOST,
  port: 22,
  attempt: 2,
  token: TOKEN,
  kind: "",
  ttl: 50,
  from: HOST,
  odd: false,
  nowMs: 1234,
  timed: true,
};

Deno.test("says what it is", async () => {
  const { transport, prober } = setUp(new FakeTransport(5));
  assertEquals([prober.name, prober.batch, prober.drainBatch], ["fake", 5, 16]);
  assertEquals([prober.maxInFlight, prober.attemptPeriod], [Infinity, PORT_COUNT]);
  await prober.wait(17);
  assertEquals(transport.waits, [17]);
  prober[Symbol.dispose]();
  assertEquals(transport.disposed, 1);
});

Deno.test("packet driver: without an address to send from every probe is refused, and nothing is sent", () => {
  const transport = new FakeTransport();
  const prober = new PacketDriver({
    ...{ technique: SYN, book: IPV4_BOOK, transport, sources: { addresses: [], indexFor: () => 0 }, ttl: 64 },
    ports: { first: FIRST_PORT, count: PORT_COUNT },
  });
  const log = new EvidenceLog();
  const ids = Array.from({ length: prober.batch }, (_, slot) => probeId(slot, 0));
  for (const id of ids) assertEquals(prober.send(HOST, 22, 0, TOKEN, id), true);
  assertEquals(prober.send(HOST, 22, 0, TOKEN, probeId(1000, 0)), false, "more than a batch");
  for (let flushes = 0; flushes < 2; flushes++) prober.flush(log, 0);
  assertEquals(log.refusals, ids.map((id) => ({ id, reason: "unroutable" })));
  assertEquals([transport.sent.length, prober.counters.sent, log.left], [0, 0, []]);
  assertEquals([...prober.counters.sendErrors], [["ENETUNREACH", ids.length]]);
});

Deno.test("asks from the source of each host, and from the port of each attempt", () => {
  const { transport, prober } = setUp(new FakeTransport(16));
  const log = new EvidenceLog();
  const even = HOST + 1;
  for (let attempt = 0; attempt < 10; attempt++) {
    assert(prober.send(attempt % 2 === 0 ? HOST : even, 1000 + attempt, attempt, 0x10000 * attempt + 7));
  }
  assertEquals([transport.sent.length, prober.flush(log, 0), prober.counters.sent], [0, 0, 10]);
  assertEquals(
    transport.sent.map(toHex),
    Array.from({ length: 10 }, (_, attempt) =>
      toHex(buildTcp({
        source: attempt % 2 === 0 ? OWN : OTHER,
        destination: attempt % 2 === 0 ? HOST : even,
        sourcePort: FIRST_PORT + attempt % PORT_COUNT,
        destinationPort: 1000 + attempt,
        seq: 0x10000 * attempt + 7,
        id: attempt | 1,
        ttl: 57,
        options: SYN_OPTIONS["windows"]!,
      }))),
  );
  assertEquals(transport.destinations, transport.sent.map((packet) => viewOf(packet).getUint32(16)));
});

Deno.test("takes no more questions than the transport has room for, until it is flushed", () => {
  const { transport, prober } = setUp(new FakeTransport(2));
  const log = new EvidenceLog();
  assertEquals([1, 2, 3].map((port) => prober.send(HOST, port, 0, port)), [true, true, false]);
  let room = 1;
  transport.fate = () => room-- > 0 ? 0 : -1;
  assertEquals([prober.flush(log, 0), prober.counters.sendRetries, prober.counters.sent], [1, 1, 2]);
  assertEquals([3, 4].map((port) => prober.send(HOST, port, 0, port)), [true, false]);
  transport.fate = () => 0;
  assertEquals(prober.flush(log, 0), 0);
  assertEquals(transport.sent.map((packet) => viewOf(packet).getUint16(22)), [1, 2, 3]);
});

const ANSWERS: readonly (readonly [name: string, packet: Uint8Array, seen: Partial<Seen>])[] = [
  ["a SYN-ACK", answer({ flags: TCP_SYN | TCP_ACK }), { kind: "syn-ack" }],
  ["a SYN-ACK with window 0", answer({ flags: TCP_SYN | TCP_ACK, window: 0 }), { kind: "syn-ack", odd: true }],
  ["a SYN-ACK to the first attempt", answer({ flags: TCP_SYN | TCP_ACK, destinationPort: FIRST_PORT }), {
    kind: "syn-ack",
    attempt: 0,
  }],
  ["a SYN-ACK to the last attempt told apart", answer({ flags: TCP_SYN | TCP_ACK, destinationPort: FIRST_PORT + 3 }), {
    kind: "syn-ack",
    attempt: 3,
  }],
  ["a SYN-ACK that acknowledges number 0", answer({ flags: TCP_SYN | TCP_ACK, ack: 0 }), {
    kind: "syn-ack",
    token: 0xffffffff,
  }],
  ["a RST", answer({ flags: TCP_RST | TCP_ACK, window: 0 }), { kind: "reset" }],
  ["a RST with a window", answer({ flags: TCP_RST | TCP_ACK }), { kind: "reset", odd: true }],
  ["a SYN", answer({ flags: TCP_SYN, ack: 0 }), { kind: "split-handshake-syn", token: 0 }],
  ...([
    [3, 0, "net-unreach"],
    [3, 1, "host-unreach"],
    [3, 2, "proto-unreach"],
    [3, 3, "port-unreach"],
    [3, 6, "net-unreach"],
    [3, 7, "host-unreach"],
    [3, 8, "host-unreach"],
    [3, 9, "net-prohibited"],
    [3, 10, "host-prohibited"],
    [3, 11, "net-unreach"],
    [3, 12, "host-unreach"],
    [3, 13, "admin-prohibited"],
    [3, 14, "admin-prohibited"],
    [3, 15, "admin-prohibited"],
    [11, 0, "time-exceeded"],
    [11, 1, "time-exceeded"],
  ] as const).map(([type, code, kind]): [string, Uint8Array, Partial<Seen>] => [
    `ICMP type ${type} code ${code}`,
    buildIcmpError({ type, code, quoted: probe(), source: ROUTER, ttl: 61 }),
    { kind, from: ROUTER, ttl: 61 },
  ]),
];

for (const [name, packet, seen] of ANSWERS) {
  Deno.test(`tells of ${name}: which question, which attempt, which token`, () => {
    const outcome = told(packet);
    assertEquals(outcome.seen, [{ ...SEEN, ...seen }]);
    assertEquals(outcome.unmatched, 0);
    // Nothing but a SYN-ACK is answered.
    assertEquals(outcome.sent.length, seen.kind === "syn-ack" ? 1 : 0);
  });

  Deno.test(`counts what the sink does not take for genuine, and answers it with nothing: ${name}`, () => {
    const outcome = told(packet, () => false);
    assertEquals([outcome.sent.length, outcome.unmatched], [0, 1]);
  });
}

Deno.test("a RST may give the probe's number back as it was", () => {
  const packet = answer({ flags: TCP_RST, ack: TOKEN });
  const { seen, unmatched } = told(packet, (token) => token === TOKEN);
  assertEquals([seen.map(({ token }) => token), unmatched], [[TOKEN], 0]);
  // The usual way is tried first, and then no other.
  const usual = told(answer({ flags: TCP_RST | TCP_ACK }), (token) => token === TOKEN);
  assertEquals([usual.seen.map(({ token }) => token), usual.unmatched], [[TOKEN], 0]);
});

Deno.test("a genuine SYN-ACK is answered with a RST that ends what it began", () => {
  const { sent } = told(answer({ flags: TCP_SYN | TCP_ACK, ack: 0, seq: 0x55667788 }));
  assertEquals(
    sent.map(toHex),
    [toHex(
      buildTcp({
        source: OWN,
        destination: HOST,
        sourcePort: FIRST_PORT + 2,
        destinationPort: 22,
        seq: 0, // What the SYN-ACK acknowledges.
        flags: TCP_RST,
        window: 0,
        ttl: 57,
      }),
    )],
  );
});

Deno.test("packet driver: a SYN-ACK of another number is answered where the engine wants that, and counted as unmatched", () => {
  const { transport, prober } = setUp();
  const log = new EvidenceLog(() => false);
  log.answersSynAcks = true;
  transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK, ack: 0x1234_5678 }));
  prober.drain(log, 0);
  prober.flush(log, 0);
  const [rst] = transport.sent;
  assertEquals([viewOf(rst!).getUint32(24), rst![33], transport.sent.length], [0x1234_5678, TCP_RST, 1]);
  assertEquals([log.strayAcks.length, prober.counters.unmatched], [1, 1]);
});

Deno.test("a RST is sent from the address that the SYN-ACK came to", () => {
  const { sent } = told(answer({ flags: TCP_SYN | TCP_ACK, destination: OTHER }));
  assertEquals(viewOf(sent[0]!).getUint32(12), OTHER);
});

Deno.test("RSTs go out between probes, and are not counted as such", () => {
  const { transport, prober } = setUp(new FakeTransport(2));
  const log = new EvidenceLog();
  prober.send(HOST, 1, 0, 1);
  prober.send(HOST, 2, 0, 2);
  for (let i = 0; i < 3; i++) transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK, sourcePort: 100 + i }));
  prober.drain(log, 0);
  prober.flush(log, 0);
  const flags = transport.sent.map((packet) => [viewOf(packet).getUint16(22), packet[33]]);
  assertEquals(flags, [[1, TCP_SYN], [2, TCP_SYN], [100, TCP_RST], [101, TCP_RST], [102, TCP_RST]]);
  assertEquals([prober.counters.sent, prober.counters.owed], [2, 3]);
});

Deno.test("packet driver: nothing is sent from inside the receive path", () => {
  const { transport, prober } = setUp(new FakeTransport(1));
  const log = new EvidenceLog();
  const isSending: boolean[] = [];
  transport.fate = () => {
    isSending.push(transport.arriving.length > 0);
    return 0;
  };
  for (let i = 0; i < 5; i++) transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK, sourcePort: 100 + i }));
  prober.drain(log, 0);
  assertEquals([transport.sent.length, transport.destinations.length], [0, 0]);
  assertEquals(prober.flush(log, 0), 0);
  assertEquals(transport.sent.map((packet) => viewOf(packet).getUint16(22)), [100, 101, 102, 103, 104]);
});

Deno.test("packet driver: owed RSTs wait for room, and leave before the next probe", () => {
  const { transport, prober } = setUp(new FakeTransport(1));
  const log = new EvidenceLog();
  transport.fate = () => -1;
  prober.send(HOST, 1, 0, 1);
  for (const sourcePort of [7, 8]) transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK, sourcePort }));
  prober.drain(log, 0);
  assertEquals([prober.flush(log, 0), prober.send(HOST, 2, 0, 2)], [3, false]);
  transport.fate = () => 0;
  assertEquals([prober.flush(log, 0), prober.send(HOST, 2, 0, 2), prober.flush(log, 0)], [0, true, 0]);
  assertEquals(transport.sent.map((packet) => [viewOf(packet).getUint16(22), packet[33]]), [
    [1, TCP_SYN],
    [7, TCP_RST],
    [8, TCP_RST],
    [2, TCP_SYN],
  ]);
});

Deno.test("packet driver: without room for long, owed RSTs are bounded, and later ones are dropped", () => {
  const { transport, prober } = setUp(new FakeTransport(1));
  const log = new EvidenceLog();
  transport.fate = () => -1;
  prober.send(HOST, 1, 0, 1);
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < prober.drainBatch; i++) transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK }));
    prober.drain(log, 0);
    prober.flush(log, 0);
  }
  transport.fate = () => 0;
  assertEquals([prober.flush(log, 0), transport.sent.length], [0, 1 + 2 * prober.drainBatch]);
});

const FOREIGN: readonly (readonly [name: string, packet: Uint8Array])[] = [
  ["a segment to the port below ours", answer({ flags: TCP_SYN | TCP_ACK, destinationPort: FIRST_PORT - 1 })],
  ["a segment to the port above ours", answer({ flags: TCP_SYN | TCP_ACK, destinationPort: FIRST_PORT + PORT_COUNT })],
  ["a segment to port 0", answer({ flags: TCP_RST, destinationPort: 0 })],
  [
    "an ICMP error about another's probe",
    buildIcmpError({ type: 3, code: 1, quoted: probe({ sourcePort: FIRST_PORT - 1 }) }),
  ],
  ["an ACK of our SYN without a SYN", answer({ flags: TCP_ACK })],
  ["a FIN without ACK", answer({ flags: TCP_FIN })],
  ["a fragment", answer({ flags: TCP_SYN | TCP_ACK, moreFragments: true })],
  ["UDP", patched(answer({ flags: TCP_SYN | TCP_ACK }), { 9: PROTOCOL_UDP })],
  ["a packet cut short", cutTo(answer({ flags: TCP_SYN | TCP_ACK }), 39)],
  ["nothing at all", new Uint8Array()],
  ["a SYN-ACK with a wrong TCP checksum", damaged(answer({ flags: TCP_SYN | TCP_ACK }), 36)],
  ["a RST with a wrong TCP checksum", damaged(answer({ flags: TCP_RST | TCP_ACK }), 37)],
  ["a SYN-ACK with a wrong IP checksum", damaged(answer({ flags: TCP_SYN | TCP_ACK }), 10)],
  ["an ICMP error with a wrong checksum", damaged(buildIcmpError({ type: 3, code: 3, quoted: probe() }), 22)],
  ...["127.0.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "255.255.255.255", "192.0.2.255"].map((
    source,
  ): [string, Uint8Array] => [
    `an ICMP error "from" ${source}`,
    buildIcmpError({ type: 3, code: 13, quoted: probe(), source }),
  ]),
];

/** The packet with a bit of one byte turned over. */
function damaged(packet: Uint8Array, at: number): Uint8Array {
  packet[at]! ^= 0x10;
  return packet;
}

Deno.test("an ICMP error from loopback is told where loopback is scanned", () => {
  const quoted = probe({ source: "127.0.0.1", destination: "127.0.0.1" });
  const { seen } = told(buildIcmpError({ type: 3, code: 13, quoted, source: "127.0.0.1" }));
  assertEquals(seen.map(({ kind }) => kind), ["admin-prohibited"]);
});

for (const [name, packet] of FOREIGN) {
  Deno.test(`tells nothing of ${name}, and counts it`, () => {
    const { seen, sent, unmatched } = told(packet);
    assertEquals([seen, sent.length, unmatched], [[], 0, 1]);
  });
}

Deno.test("a FIN-ACK with our numbers is told as such, and not answered", () => {
  const { seen, sent, unmatched } = told(answer({ flags: TCP_FIN | TCP_ACK }));
  assertEquals([seen, sent.length, unmatched], [[{ ...SEEN, kind: "fin-ack" }], 0, 0]);
});

for (const flags of [TCP_ACK, TCP_ACK | TCP_PSH, TCP_ACK | TCP_FIN]) {
  Deno.test(`a segment that acknowledges another SYN (flags ${flags}) is answered by <SEQ=SEG.ACK><RST>`, () => {
    const ack = 0x5eed_0001;
    const { seen, sent, unmatched } = told(answer({ flags, ack }), (token) => token === TOKEN);
    const rst = probe({ flags: TCP_RST, seq: ack, window: 0, ttl: 57, options: new Uint8Array() });
    assertEquals([seen, sent.map(toHex), unmatched], [[], [toHex(rst)], 1]);
  });
}

Deno.test("a segment that acknowledges another SYN is not answered to an address that does not ask this host", () => {
  const { sent, unmatched } = told(
    answer({ flags: TCP_ACK, ack: 0x5eed_0001, destination: OTHER }),
    (token) => token === TOKEN,
  );
  assertEquals([sent.length, unmatched], [0, 1]);
});

Deno.test("its own probes, seen again on loopback, are neither answers nor foreign", () => {
  // A scan of the very ports that it asks from.
  for (const source of [OWN, OTHER]) {
    const packet = buildTcp({
      source,
      destination: source,
      sourcePort: FIRST_PORT + 1,
      destinationPort: FIRST_PORT + 2,
      seq: TOKEN,
    });
    const { seen, sent, unmatched } = told(packet);
    assertEquals([seen, sent.length, unmatched], [[], 0, 0]);
  }
});

Deno.test("a SYN is taken for an own probe only if address and port say so", () => {
  const elsewhere = answer({ flags: TCP_SYN, sourcePort: FIRST_PORT + 1 });
  assertEquals(told(elsewhere).seen.map(({ kind, port }) => [kind, port]), [["split-handshake-syn", FIRST_PORT + 1]]);
  const ownService = answer({ flags: TCP_SYN, source: OWN, sourcePort: 80 });
  assertEquals(told(ownService).seen.map(({ kind, port }) => [kind, port]), [["split-handshake-syn", 80]]);
});

const FAILURES: readonly (readonly [errno: number, name: string, reason: string])[] = [
  [ERRNO.ENETUNREACH, "ENETUNREACH", "unroutable"],
  [ERRNO.EHOSTUNREACH, "EHOSTUNREACH", "unroutable"],
  [ERRNO.ENETDOWN, "ENETDOWN", "interface-down"],
  [ERRNO.ENODEV, "ENODEV", "interface-down"],
  [ERRNO.EPERM, "EPERM", "local-firewall"],
  [ERRNO.EACCES, "EACCES", "send-failed"],
  [ERRNO.EINVAL, "EINVAL", "send-failed"],
  [ERRNO.EMSGSIZE, "EMSGSIZE", "send-failed"],
];

for (const [errno, name, reason] of FAILURES) {
  Deno.test(`tells which question the kernel refused to send, ${name}`, () => {
    const { transport, prober } = setUp();
    const log = new EvidenceLog();
    transport.fate = (packet) => viewOf(packet).getUint16(22) === 23 ? errno : 0;
    for (const port of [22, 23, 24]) assert(prober.send(HOST, port, 5, TOKEN + port, probeId(port, 5)));
    assertEquals(prober.flush(log, 0), 0);
    assertEquals(log.refusals, [{ id: probeId(23, 5), reason }]);
    assertEquals([prober.counters.sent, [...prober.counters.sendErrors]], [2, [[name, 1]]]);
    prober.send(HOST, 23, 0, 1, probeId(23, 0));
    prober.flush(log, 0);
    assertEquals([...prober.counters.sendErrors], [[name, 2]]);
  });
}

Deno.test("a RST that the kernel refused to send is counted, and reported for no probe", () => {
  const { transport, prober } = setUp();
  const log = new EvidenceLog();
  transport.fate = () => ERRNO.EPERM;
  transport.arriving.push(answer({ flags: TCP_SYN | TCP_ACK }));
  prober.drain(log, 0);
  prober.flush(log, 0);
  assertEquals([log.refusals, prober.counters.sent, [...prober.counters.sendErrors]], [[], 0, [["EPERM", 1]]]);
});

Deno.test("passes on what the transport has counted", () => {
  const { transport, prober } = setUp();
  Object.assign(transport.counters, { receiveDrops: 7, sendRetries: 9 });
  const log = new EvidenceLog();
  prober.drain(log, 0);
  prober.flush(log, 0);
  assertEquals([prober.counters.receiveDrops, prober.counters.sendRetries], [7, 9]);
});
