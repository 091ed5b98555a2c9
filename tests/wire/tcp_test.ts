import { assertEquals, assertThrows } from "@std/assert";
import { checksum } from "../../src/wire/checksum.ts";
import { ipv4Destination, ipv4Source, PROTOCOL_TCP, pseudoHeaderSum } from "../../src/wire/ipv4.ts";
import {
  checkTcp,
  fillTcpChecksum,
  mssOption,
  setTcpAck,
  setTcpChecksum,
  setTcpHeaderLen,
  setTcpPorts,
  setTcpSeq,
  TCP_MIN_HEADER_LEN,
  TCP_OPTION_MSS,
  TCP_OPTION_NOP,
  TCP_OPTION_SACK_PERMITTED,
  TCP_OPTION_TIMESTAMPS,
  TCP_OPTION_WINDOW_SCALE,
  TCP_SYN,
  tcpAck,
  tcpChecksum,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderLen,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
  writeTcp,
} from "../../src/wire/tcp.ts";
import { fromHex, tcpMss, tcpOption, viewOf } from "../support/packets.ts";
import { FRAMES } from "../vectors/frames.ts";

function readAll(view: DataView, at: number, headerLen: number): Record<string, number> {
  return {
    sourcePort: tcpSourcePort(view, at),
    destinationPort: tcpDestinationPort(view, at),
    seq: tcpSeq(view, at),
    ack: tcpAck(view, at),
    headerLen: tcpHeaderLen(view, at),
    flags: tcpFlags(view, at),
    window: tcpWindow(view, at),
    checksum: tcpChecksum(view, at),
    urgent: view.getUint16(at + 18),
    mss: tcpMss(view, at, headerLen),
  };
}

for (const vector of FRAMES) {
  const expected = vector.tcp;
  if (expected === undefined) continue;
  const packet = fromHex(vector.hex).subarray(vector.payloadOffset, vector.payloadOffset + vector.ip.totalLen);
  const segment = packet.subarray(vector.ip.headerLen);

  Deno.test(`tcp: header of the ${vector.name}`, () => {
    const view = viewOf(packet);
    const headerLen = checkTcp(view, vector.ip.headerLen, segment.length);
    assertEquals(headerLen, expected.headerLen);
    assertEquals(readAll(view, vector.ip.headerLen, headerLen), expected);
    const pseudo = pseudoHeaderSum(ipv4Source(view, 0), ipv4Destination(view, 0), PROTOCOL_TCP, segment.length);
    assertEquals(checksum(view, vector.ip.headerLen, segment.length, pseudo), 0);
  });

  Deno.test(`tcp: segment of the ${vector.name}, written back`, () => {
    const view = viewOf(segment);
    const written = new Uint8Array(3 + segment.length + 1).fill(0xa5);
    const headerLen = writeTcp(viewOf(written), 3, {
      sourcePort: tcpSourcePort(view, 0),
      destinationPort: tcpDestinationPort(view, 0),
      seq: tcpSeq(view, 0),
      ack: tcpAck(view, 0),
      flags: tcpFlags(view, 0),
      window: tcpWindow(view, 0),
      urgent: view.getUint16(18),
      options: segment.subarray(TCP_MIN_HEADER_LEN, expected.headerLen),
    });
    assertEquals(headerLen, expected.headerLen);
    written.set(segment.subarray(headerLen), 3 + headerLen);
    const ip = viewOf(packet);
    fillTcpChecksum(viewOf(written), 3, segment.length, ipv4Source(ip, 0), ipv4Destination(ip, 0));
    assertEquals(written.subarray(3, -1), segment);
    assertEquals([...written.subarray(0, 3), written.at(-1)], [0xa5, 0xa5, 0xa5, 0xa5]);
  });

  Deno.test(`tcp: segment of the ${vector.name}, cut at every length`, () => {
    for (let length = 0; length <= segment.length; length++) {
      const view = viewOf(segment.subarray(0, length));
      const headerLen = checkTcp(view, 0, length);
      assertEquals(headerLen, length < expected.headerLen ? 0 : expected.headerLen);
      if (headerLen > 0) assertEquals(readAll(view, 0, headerLen), expected);
    }
  });
}

function segmentWith(options: string, dataOffset?: number): Uint8Array {
  const bytes = fromHex(options);
  const segment = new Uint8Array(TCP_MIN_HEADER_LEN + bytes.length);
  segment.set(bytes, TCP_MIN_HEADER_LEN);
  setTcpHeaderLen(viewOf(segment), 0, dataOffset === undefined ? segment.length : dataOffset * 4);
  return segment;
}

const DATA_OFFSETS: readonly (readonly [name: string, dataOffset: number, headerLen: number])[] = [
  ["0", 0, 0],
  ["1", 1, 0],
  ["under 5", 4, 0],
  ["5", 5, 20],
  ["6, up to the end", 6, 24],
  ["7, past the end", 7, 0],
  ["15, past the end", 15, 0],
];

for (const [name, dataOffset, headerLen] of DATA_OFFSETS) {
  Deno.test(`tcp: TCP data offset ${name}`, () => {
    const segment = segmentWith("020405b4", dataOffset);
    assertEquals(checkTcp(viewOf(segment), 0, segment.length), headerLen);
  });
}

/** `found` are the bytes after the fixed header at which the option begins; undefined where there is none. */
const OPTIONS: readonly (readonly [name: string, hex: string, kind: number, found: number | undefined, mss: number])[] =
  [
    ["none", "", TCP_OPTION_MSS, undefined, 0],
    ["MSS alone", "020405b4", TCP_OPTION_MSS, 0, 1460],
    ["MSS after NOPs", "0101010101010101020405b4", TCP_OPTION_MSS, 8, 1460],
    ["the first of two", "020405b402040200", TCP_OPTION_MSS, 0, 1460],
    ["another kind", "020405b4", TCP_OPTION_TIMESTAMPS, undefined, 1460],
    ["after the end of the list", "00000000020405b4", TCP_OPTION_MSS, undefined, 0],
    ["after an end that looks like 4 bytes", "00040000020405b4", TCP_OPTION_MSS, undefined, 0],
    ["inside another option", "fe06020405b40000", TCP_OPTION_MSS, undefined, 0],
    ["length 0", "0800000001010101", TCP_OPTION_TIMESTAMPS, undefined, 0],
    ["length 0 before MSS", "fe000000020405b4", TCP_OPTION_MSS, undefined, 0],
    ["length 1", "08010000020405b4", TCP_OPTION_TIMESTAMPS, undefined, 0],
    ["length past the end", "080a0000", TCP_OPTION_TIMESTAMPS, undefined, 0],
    ["length 255", "02ff05b4", TCP_OPTION_MSS, undefined, 0],
    ["length just to the end", "01010402", TCP_OPTION_SACK_PERMITTED, 2, 0],
    ["a kind at the very end, no room for its length", "01010102", TCP_OPTION_MSS, undefined, 0],
    ["MSS of 2 bytes, which is no MSS", "02020101", TCP_OPTION_MSS, 0, 0],
    ["MSS of 3 bytes", "02030501", TCP_OPTION_MSS, 0, 0],
    ["MSS of 6 bytes", "020605b400000101", TCP_OPTION_MSS, 0, 0],
    ["MSS 0", "02040000", TCP_OPTION_MSS, 0, 0],
    ["MSS 65535", "0204ffff", TCP_OPTION_MSS, 0, 65535],
    ["a NOP is an option too", "020405b401010101", TCP_OPTION_NOP, 4, 1460],
    ["forty NOPs", "01".repeat(40), TCP_OPTION_MSS, undefined, 0],
    ["what Linux sends", "020405b40402080a8f388206000000000103030a", TCP_OPTION_WINDOW_SCALE, 17, 1460],
  ];

for (const [name, hex, kind, found, mss] of OPTIONS) {
  Deno.test(`tcp: options: ${name}`, () => {
    const segment = segmentWith(hex);
    // The view ends with the header, so that reading past it would throw; and begins before it, as in a packet.
    const bytes = Uint8Array.of(0xa5, 0xa5, 0xa5, ...segment);
    const headerLen = checkTcp(viewOf(bytes), 3, segment.length);
    assertEquals(headerLen, segment.length);
    const expected = found === undefined ? 0 : 3 + TCP_MIN_HEADER_LEN + found;
    assertEquals(tcpOption(viewOf(bytes), 3, headerLen, kind), expected);
    assertEquals(tcpMss(viewOf(bytes), 3, headerLen), mss);
  });
}

Deno.test("tcp: options are not read past the header into the payload", () => {
  const segment = Uint8Array.of(...segmentWith("01010101", 6), ...fromHex("020405b4"));
  assertEquals(tcpMss(viewOf(segment), 0, checkTcp(viewOf(segment), 0, segment.length)), 0);
  const straddling = Uint8Array.of(...segmentWith("01010204", 6), ...fromHex("05b40000"));
  assertEquals(tcpMss(viewOf(straddling), 0, checkTcp(viewOf(straddling), 0, straddling.length)), 0);
});

Deno.test("tcp: each setter changes what its getter reads, and nothing else", () => {
  const rows: readonly [
    set: (view: DataView, at: number, value: number) => void,
    get: (view: DataView, at: number) => number,
    value: number,
  ][] = [
    [(view, at, port) => setTcpPorts(view, at, port, tcpDestinationPort(view, at)), tcpSourcePort, 0xfffe],
    [(view, at, port) => setTcpPorts(view, at, tcpSourcePort(view, at), port), tcpDestinationPort, 0x8001],
    [setTcpSeq, tcpSeq, 0xfffffffe],
    [setTcpAck, tcpAck, 0x80000001],
    [setTcpHeaderLen, tcpHeaderLen, 60],
    [setTcpChecksum, tcpChecksum, 0xbeef],
  ];
  for (const [set, get, value] of rows) {
    const segment = segmentWith("");
    const before = readAll(viewOf(segment), 0, 20);
    set(viewOf(segment), 0, value);
    assertEquals(get(viewOf(segment), 0), value, set.name);
    const after = readAll(viewOf(segment), 0, 20);
    assertEquals(Object.keys(after).filter((key) => after[key] !== before[key]).length, 1, set.name);
  }
});

const FIELDS = { sourcePort: 1, destinationPort: 2, seq: 3, ack: 4, flags: TCP_SYN, window: 5 };

Deno.test("tcp: options are filled up to a multiple of 4", () => {
  for (let count = 0; count <= 40; count++) {
    const written = new Uint8Array(64).fill(0xa5);
    const headerLen = writeTcp(viewOf(written), 0, { ...FIELDS, options: new Uint8Array(count).fill(1) });
    assertEquals(headerLen, TCP_MIN_HEADER_LEN + Math.ceil(count / 4) * 4);
    assertEquals(checkTcp(viewOf(written), 0, headerLen), headerLen);
    for (let i = 0; i < 44; i++) {
      assertEquals(written[20 + i], i < count ? 1 : 20 + i < headerLen ? 0 : 0xa5, `option byte ${i} of ${count}`);
    }
  }
});

Deno.test("tcp: options that no header can hold are refused before anything is written", () => {
  const written = new Uint8Array(80).fill(0xa5);
  const options = new Uint8Array(41);
  assertThrows(() => writeTcp(viewOf(written), 0, { ...FIELDS, options }), RangeError, "Cannot write a TCP header");
  assertEquals(written, new Uint8Array(80).fill(0xa5));
});

Deno.test("tcp: the MSS option is read back", () => {
  for (const mss of [0, 536, 1460, 8960, 65535]) {
    const written = viewOf(new Uint8Array(24));
    const headerLen = writeTcp(written, 0, { ...FIELDS, options: mssOption(mss) });
    assertEquals(tcpMss(written, 0, headerLen), mss);
  }
});
