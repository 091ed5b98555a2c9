import { replyFilter, withPorts } from "../../src/technique/reply_filter.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { AF_INET, AF_PACKET, SOCK_DGRAM } from "../../ffi/constants.ts";
import { assembleBpf, type BpfRow, rejectAll } from "../../ffi/bpf.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { openSocket } from "../../ffi/socket.ts";
import { attachFilter } from "../../ffi/socket_options.ts";
import { icmpError, ipPacket, tcpHeader, testWith } from "./support.ts";

/**
 * Runs a program as the kernel would, and answers how many bytes it accepts. Written from the instruction set alone, with
 * the numbers of `<linux/bpf_common.h>`, so that a slip in the assembler shows.
 */
function interpret(program: Uint8Array, packet: Uint8Array, packetType = 0): number {
  const rows = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const bytes = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let a = 0;
  let x = 0;
  for (let pc = 0; pc * 8 < program.length; pc++) {
    const code = rows.getUint16(pc * 8, true);
    const jt = rows.getUint8(pc * 8 + 2);
    const jf = rows.getUint8(pc * 8 + 3);
    const k = rows.getUint32(pc * 8 + 4, true);
    const operand = (code & 0x08) !== 0 ? x : k;
    switch (code & 0x07) {
      case 0x00: { // ld
        if (k === 0xffff_f004) { // SKF_AD_OFF + SKF_AD_PKTTYPE
          a = packetType;
          break;
        }
        const at = (code & 0xe0) === 0x40 ? x + k : k;
        const width = [4, 2, 1][(code & 0x18) >> 3]!;
        if (at + width > packet.length) return 0;
        a = width === 4 ? bytes.getUint32(at) : width === 2 ? bytes.getUint16(at) : bytes.getUint8(at);
        break;
      }
      case 0x01: // ldx 4*([k]&0xf)
        if (code !== 0xb1) throw new Error(`ldx of mode ${code}`);
        if (k >= packet.length) return 0;
        x = 4 * (bytes.getUint8(k) & 0xf);
        break;
      case 0x04: {
        const operations: Record<number, number> = {
          0x00: a + operand,
          0x50: a & operand,
          0x60: a << operand,
        };
        const result = operations[code & 0xf0];
        if (result === undefined) throw new Error(`alu ${code}`);
        a = result >>> 0;
        break;
      }
      case 0x05: {
        const tests: Record<number, boolean> = {
          0x10: a === operand,
          0x20: a > operand,
          0x30: a >= operand,
          0x40: (a & operand) !== 0,
        };
        pc += tests[code & 0xf0] ? jt : jf;
        break;
      }
      case 0x06:
        return k;
      case 0x07: // tax
        x = a;
        break;
    }
  }
  throw new Error("the program runs past its end");
}

const LOW = 61000;
const HIGH = 61007;
const PORTS = { first: LOW, count: HIGH - LOW + 1 };
const OURS = tcpHeader(80, LOW);
const PROBE = ipPacket({ payload: tcpHeader(LOW, 80) });

const REPLIES: [name: string, accepted: boolean, packet: Uint8Array][] = [
  ["TCP to the lowest port", true, ipPacket({ payload: tcpHeader(80, LOW) })],
  ["TCP to the highest port", true, ipPacket({ payload: tcpHeader(80, HIGH) })],
  ["TCP to a port below", false, ipPacket({ payload: tcpHeader(80, LOW - 1) })],
  ["TCP to a port above", false, ipPacket({ payload: tcpHeader(80, HIGH + 1) })],
  ["TCP from one of our ports to another", false, ipPacket({ payload: tcpHeader(LOW, 80) })],
  ["TCP behind IP options", true, ipPacket({ payload: OURS, optionsLen: 4 })],
  ["TCP behind the most IP options", true, ipPacket({ payload: OURS, optionsLen: 40 })],
  ["TCP whose source port stands where a port of ours would", false, ipPacket({ payload: tcpHeader(LOW, LOW - 1) })],
  ["TCP with don't fragment", true, ipPacket({ payload: OURS, fragment: 0x4000 })],
  ["the first fragment of TCP", true, ipPacket({ payload: OURS, fragment: 0x2000 })],
  ["a later fragment of TCP", false, ipPacket({ payload: OURS, fragment: 0x2001 })],
  ["the last fragment of TCP", false, ipPacket({ payload: OURS, fragment: 0x1fff })],
  ["UDP to a port of ours", false, ipPacket({ payload: OURS, protocol: 17 })],
  ["IPv6's version", false, ipPacket({ payload: OURS, version: 6 })],
  ["ICMP unreachable", true, ipPacket({ payload: icmpError(3, PROBE), protocol: 1 })],
  ["ICMP time exceeded", true, ipPacket({ payload: icmpError(11, PROBE), protocol: 1 })],
  ["ICMP redirect", false, ipPacket({ payload: icmpError(5, PROBE), protocol: 1 })],
  ["ICMP echo reply", false, ipPacket({ payload: icmpError(0, PROBE), protocol: 1 })],
  ["ICMP behind IP options", true, ipPacket({ payload: icmpError(3, PROBE), protocol: 1, optionsLen: 24 })],
  ["a fragment of ICMP", false, ipPacket({ payload: icmpError(3, PROBE), protocol: 1, fragment: 8 })],
  ["ICMP quoting eight bytes of TCP", true, ipPacket({ payload: icmpError(3, PROBE.subarray(0, 28)), protocol: 1 })],
  ["ICMP quoting two bytes of TCP", true, ipPacket({ payload: icmpError(3, PROBE.subarray(0, 22)), protocol: 1 })],
  ["ICMP quoting one byte of TCP", false, ipPacket({ payload: icmpError(3, PROBE.subarray(0, 21)), protocol: 1 })],
  ["ICMP quoting no TCP", false, ipPacket({ payload: icmpError(3, PROBE.subarray(0, 20)), protocol: 1 })],
  ["ICMP quoting nothing", false, ipPacket({ payload: icmpError(3, []), protocol: 1 })],
  [
    "ICMP quoting a packet with IP options",
    true,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(LOW, 80), optionsLen: 40 })), protocol: 1 }),
  ],
  [
    "ICMP quoting another's packet with IP options",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(80, LOW), optionsLen: 40 })), protocol: 1 }),
  ],
  [
    "ICMP behind IP options, quoting a packet with IP options",
    true,
    ipPacket({
      payload: icmpError(3, ipPacket({ payload: tcpHeader(HIGH, 80), optionsLen: 12 })),
      protocol: 1,
      optionsLen: 20,
    }),
  ],
  [
    "ICMP quoting UDP",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(LOW, 80), protocol: 17 })), protocol: 1 }),
  ],
  [
    "ICMP quoting IPv6's version",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(LOW, 80), version: 6 })), protocol: 1 }),
  ],
  [
    "ICMP quoting a later fragment",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(LOW, 80), fragment: 0x2005 })), protocol: 1 }),
  ],
  [
    "ICMP quoting another's port below",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(LOW - 1, 80) })), protocol: 1 }),
  ],
  [
    "ICMP quoting another's port above",
    false,
    ipPacket({ payload: icmpError(3, ipPacket({ payload: tcpHeader(HIGH + 1, 80) })), protocol: 1 }),
  ],
];

for (const [name, accepted, packet] of REPLIES) {
  Deno.test(`bpf: ${accepted ? "accepts" : "rejects"} ${name}`, () => {
    assertEquals(interpret(replyFilter([withPorts(PROTOCOL_TCP, PORTS)]), packet) >= packet.length, accepted);
  });
}

Deno.test("bpf: one byte is accepted of packets that the link addressed to others or to all", () => {
  const filter = replyFilter([withPorts(PROTOCOL_TCP, PORTS)]);
  for (const [name, accepted, packet] of REPLIES) {
    for (const packetType of [1, 2, 3, 4]) assertEquals(interpret(filter, packet, packetType), accepted ? 1 : 0, name);
  }
});

Deno.test("bpf: rejects packets that are cut before the port", () => {
  const filter = replyFilter([withPorts(PROTOCOL_TCP, PORTS)]);
  for (const [packet, portEnd] of [[REPLIES[0]![2], 24], [REPLIES[14]![2], 50]] as const) {
    for (let length = 0; length < packet.length; length++) {
      assertEquals(interpret(filter, packet.subarray(0, length)) > 0, length >= portEnd, `${length} bytes`);
    }
  }
});

Deno.test("bpf: one port is a range too, and so are all", () => {
  const one = replyFilter([withPorts(PROTOCOL_TCP, { first: LOW, count: 1 })]);
  const all = replyFilter([withPorts(PROTOCOL_TCP, { first: 0, count: 65536 })]);
  const to = (port: number) => ipPacket({ payload: tcpHeader(80, port) });
  assertEquals([LOW - 1, LOW, LOW + 1].map((port) => interpret(one, to(port)) > 0), [false, true, false]);
  assertEquals([0, 1, 65535].map((port) => interpret(all, to(port)) > 0), [true, true, true]);
});

Deno.test("bpf: replies of several protocols, ICMP among them", () => {
  const filter = replyFilter([
    {
      protocol: PROTOCOL_ICMP,
      isReply: [["ldb_at", 0], ["jeq", 0, "ours", "reject"]],
      isProbe: [["ldb_at", 8], ["jeq", 8, "ours", "reject"]],
    },
    withPorts(PROTOCOL_TCP, PORTS),
  ]);
  const echo = (type: number) => ipPacket({ payload: [type, ...new Array<number>(7).fill(0)], protocol: 1 });
  const quoting = (packet: Uint8Array) => ipPacket({ payload: icmpError(3, packet), protocol: 1 });
  const other = ipPacket({ payload: tcpHeader(LOW - 1, 80) });
  const packets = [echo(0), quoting(echo(8)), REPLIES[0]![2], quoting(PROBE)];
  assertEquals(packets.map((packet) => interpret(filter, packet) > 0), [true, true, true, true]);
  const foreign = [echo(8), echo(13), quoting(echo(0)), quoting(other), ipPacket({ payload: OURS, protocol: 17 })];
  assertEquals(foreign.map((packet) => interpret(filter, packet) > 0), [false, false, false, false, false]);
});

Deno.test("bpf: rejects everything", () => {
  for (const [, , packet] of REPLIES) assertEquals(interpret(rejectAll(), packet), 0);
});

Deno.test("bpf: every instruction does what its name says", () => {
  const packet = Uint8Array.of(0x46, 0x01, 0x02, 0x03, 0x04, 0x05);
  const rows: [name: string, rows: BpfRow[], result: number][] = [
    ["ldh", [["ldh", 1]], 0x0102],
    ["ldb", [["ldb", 1]], 1],
    ["ldx_msh, ldb at X", [["ldx_msh", 1], ["ldb_at", 1]], 5],
    ["tax, ldh at X", [["ldb", 2], ["tax"], ["ldh_at", 1]], 0x0304],
    ["tax, ldb at X", [["ldb", 2], ["tax"], ["ldb_at", 1]], 3],
    ["add X", [["ldb", 3], ["tax"], ["ldb", 4], ["add_x"]], 7],
    ["and, lsh", [["ldb", 0], ["and", 0xf0], ["lsh", 4]], 0x400],
    ["jeq", [["ldb", 2], ["jeq", 2, "end", "next"], ["ldb", 3], "end:"], 2],
    ["jset", [["ldb", 1], ["jset", 2, "end", "next"], ["ldb", 2], "end:"], 2],
    ["jgt", [["ldb", 1], ["jgt", 1, "end", "next"], ["ldb", 2], "end:"], 2],
    ["jge", [["ldb", 1], ["jge", 1, "end", "next"], ["ldb", 2], "end:"], 1],
  ];
  for (const [name, program, result] of rows) {
    // Only what has been computed is accepted: 7 bytes if it is the result, 0 if not.
    const ending: BpfRow[] = [["jeq", result, "right", "wrong"], "right:", ["ret", 7], "wrong:", ["ret", 0]];
    assertEquals(interpret(assembleBpf([...program, ...ending]), packet), 7, name);
  }
});

Deno.test("bpf: a jump must lead ahead, to a row that exists, within reach", () => {
  const far = Array.from({ length: 300 }, (): BpfRow => ["ldb", 0]);
  const rows: [name: string, rows: BpfRow[]][] = [
    ["no such label", [["jeq", 0, "nowhere", "next"], ["ret", 0]]],
    ["back", ["start:", ["ldb", 0], ["jeq", 0, "start", "next"], ["ret", 0]]],
    ["past the end", [["jeq", 0, "end", "next"], ["ret", 0], "end:"]],
    ["next at the end", [["jeq", 0, "next", "next"]]],
    ["too far", [["jeq", 0, "end", "next"], ...far, "end:", ["ret", 0]]],
  ];
  for (const [name, program] of rows) assertThrows(() => assembleBpf(program), Error, "Cannot jump", name);
  assembleBpf([["jeq", 0, "end", "next"], ...far.slice(0, 255), "end:", ["ret", 0]]);
});

Deno.test("bpf: the kernel accepts the programs, and refuses malformed ones", () => {
  using fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  attachFilter(fd, replyFilter([withPorts(PROTOCOL_TCP, PORTS)]));
  attachFilter(fd, rejectAll());
  assertThrows(() => attachFilter(fd, assembleBpf([["ldb", 0]])), SyscallError, "setsockopt: EINVAL");
  assertThrows(() => attachFilter(fd, new Uint8Array(8).fill(0xff)), SyscallError, "setsockopt: EINVAL");
  assertThrows(() => attachFilter(fd, new Uint8Array(0)), SyscallError, "setsockopt: EINVAL");
});

testWith(Deno.uid() === 0, "run it as root", "a packet socket takes the programs", () => {
  using fd = openSocket(AF_PACKET, SOCK_DGRAM, 0);
  attachFilter(fd, replyFilter([withPorts(PROTOCOL_TCP, PORTS)]));
});
