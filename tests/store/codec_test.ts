/** Packed ports, and what damage may do to them. */

import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { CannotScanError } from "../../src/base/errors.ts";
import { PortBuffer, RowDecoder, RowEncoder } from "../../src/store/codec.ts";
import { Random } from "../support/random.ts";

const NEVER_LATE = new Uint8Array(65536);

function pack(buffer: PortBuffer, lateness = NEVER_LATE): Uint8Array[] {
  const segments: Uint8Array[] = [];
  buffer.pack(0, lateness, new RowEncoder((segment) => segments.push(segment)));
  return segments;
}

/** Each port as `host:port=group`. */
function unpack(segments: readonly Uint8Array[]): string[] {
  const unpacker = new RowDecoder();
  const ports: string[] = [];
  for (const segment of segments) {
    unpacker.load(segment);
    while (unpacker.next()) {
      for (let host = unpacker.host; host < unpacker.host + unpacker.count; host++) {
        for (let run = 0; run < 3 * unpacker.runCount; run += 3) {
          const [first = 0, count = 0, group = 0] = unpacker.runs.subarray(run, run + 3);
          for (let port = first; port < first + count; port++) ports.push(`${host}:${port}=${group}`);
        }
      }
    }
  }
  return ports;
}

const SHAPES: readonly {
  name: string;
  hosts: number;
  ports: number;
  groups: number;
  count: number;
  mostLen: number;
}[] = [
  { name: "nothing", hosts: 1, ports: 1, groups: 1, count: 0, mostLen: 0 },
  { name: "few hosts, many ports", hosts: 3, ports: 65536, groups: 4, count: 5000, mostLen: 5000 * 4 },
  { name: "many hosts, few ports", hosts: 2 ** 32, ports: 3, groups: 2, count: 5000, mostLen: 5000 * 6 },
  { name: "hosts side by side, one port", hosts: 3000, ports: 1, groups: 1, count: 20_000, mostLen: 3000 },
  { name: "every group there can be", hosts: 2 ** 16, ports: 65536, groups: 65536, count: 5000, mostLen: 5000 * 12 },
];

for (const { name, hosts, ports, groups, count, mostLen } of SHAPES) {
  Deno.test(`packing: what was packed is read again: ${name}`, () => {
    const random = new Random(11);
    const model = new Map<number, [host: number, port: number, group: number]>();
    for (let i = 0; i < count; i++) {
      const [host, port] = [random.below(hosts), random.below(ports)];
      model.set(host * 65536 + port, [host, port, random.below(groups)]);
    }
    const buffer = new PortBuffer(model.size);
    for (const [host, port, group] of model.values()) buffer.push(host, port, group);
    const segments = pack(buffer);
    const expected = [...model].sort(([one], [other]) => one - other).map(([, [host, port, group]]) =>
      `${host}:${port}=${group}`
    );
    assertEquals(unpack(segments).join(" "), expected.join(" "));
    const length = segments.reduce((sum, segment) => sum + segment.length, 0);
    assertLess(length, mostLen + 1);
  });
}

Deno.test("packing: a network of hosts that are alike takes a few octets", () => {
  const segments: Uint8Array[] = [];
  const packer = new RowEncoder((segment) => segments.push(segment));
  for (let i = 0; i < 256; i++) {
    packer.beginHost(i * 2 ** 24, 2 ** 24);
    packer.run(80, 1, 3);
    packer.endHost();
  }
  packer.end();
  assertEquals(segments.map((segment) => segment.length < 30), [true]);
  const unpacker = new RowDecoder();
  unpacker.load(segments[0]!);
  assertEquals([unpacker.next(), unpacker.host, unpacker.count, unpacker.next()], [true, 0, 2 ** 32, false]);
});

Deno.test("packing: of two verdicts on a port the later one is kept", () => {
  const lateness = new Uint8Array(65536);
  lateness.set([1, 2], 4);
  for (const groups of [[4, 5], [5, 4], [1, 4, 5], [5, 1, 4]]) {
    const buffer = new PortBuffer(4);
    for (const group of groups) buffer.push(7, 22, group);
    assertEquals(unpack(pack(buffer, lateness)), ["7:22=5"]);
  }
  lateness[2] = 1;
  for (const groups of [[1, 2], [2, 1], [2, 3], [3, 2], [2, 2]]) {
    const buffer = new PortBuffer(4);
    buffer.push(7, 21, 1);
    for (const group of groups) buffer.push(7, 22, group);
    buffer.push(7, 23, 1);
    assertEquals(unpack(pack(buffer, lateness)), ["7:21=1", "7:22=2", "7:23=1"]);
  }
});

Deno.test("packing: damaged segments are refused or read, and never hang", () => {
  const random = new Random(5);
  const buffer = new PortBuffer(300);
  for (let i = 0; i < 300; i++) buffer.push(random.below(40) * 3, random.below(30) * 2, random.below(5));
  const [segment] = pack(buffer);
  const read = (bytes: Uint8Array): void => {
    const unpacker = new RowDecoder();
    try {
      unpacker.load(bytes);
      while (unpacker.next()) {
        assertLess(unpacker.host + unpacker.count, 2 ** 32 + 1);
        for (let run = 0; run < 3 * unpacker.runCount; run += 3) {
          assertLess(unpacker.runs[run]! + unpacker.runs[run + 1]!, 65537);
        }
      }
    } catch (error) {
      if (!(error instanceof CannotScanError)) throw error;
    }
  };
  for (let length = 0; length < segment!.length; length++) read(segment!.subarray(0, length));
  for (let round = 0; round < 5000; round++) {
    const bytes = segment!.slice();
    for (let flips = random.below(4); flips >= 0; flips--) bytes[random.below(bytes.length)] = random.below(256);
    read(bytes);
  }
  for (let round = 0; round < 1000; round++) read(random.bytes(random.below(64)));
  assertThrows(() => new RowDecoder().load(new Uint8Array(3)), CannotScanError, "the file is damaged");
});

const DAMAGED: readonly { name: string; segment: readonly number[] }[] = [
  { name: "shorter than its head", segment: [0, 0, 0, 7, 0, 0, 0] },
  { name: "profiles longer than the segment", segment: [0, 0, 0, 7, 0, 0, 0, 4, 1, 88] },
  { name: "a profile longer than the profiles", segment: [0, 0, 0, 7, 0, 0, 0, 2, 9, 88, 0, 0] },
  { name: "a profile without runs", segment: [0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0] },
  { name: "ports after the last", segment: [0, 0, 0, 7, 0, 0, 0, 5, 4, 0xfe, 0xff, 0x0f, 1, 0, 0] },
  { name: "hosts after the last", segment: [255, 255, 255, 255, 0, 0, 0, 2, 1, 88, 1, 0, 0] },
  { name: "a profile that is not there", segment: [0, 0, 0, 7, 0, 0, 0, 2, 1, 88, 0, 5] },
  { name: "a number without an end", segment: [0, 0, 0, 7, 0, 0, 0, 2, 1, 88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
  { name: "a record cut off", segment: [0, 0, 0, 7, 0, 0, 0, 2, 1, 88, 0] },
];

for (const { name, segment } of DAMAGED) {
  Deno.test(`packing: refused: ${name}`, () => {
    const unpacker = new RowDecoder();
    const read = (): void => {
      unpacker.load(Uint8Array.from(segment));
      while (unpacker.next());
    };
    assertThrows(read, CannotScanError, "the file is damaged");
  });
}
