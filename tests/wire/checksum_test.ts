import { assertEquals } from "@std/assert";
import { checksum, foldChecksum, sumWords } from "../../src/wire/checksum.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";

/** RFC 1071 as literally as it can be said: add words in pairs of bytes, carry each overflow round at once. */
function naiveChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return 0xffff - sum;
}

const KNOWN: readonly { name: string; hex: string; checksum: number }[] = [
  { name: "nothing", hex: "", checksum: 0xffff },
  { name: "one byte", hex: "01", checksum: 0xfeff },
  { name: "zeros", hex: "00000000", checksum: 0xffff },
  { name: "all ones", hex: "ffffffff", checksum: 0 },
  // RFC 1071 section 3: the sum of these words is 2ddf0, folded ddf2.
  { name: "the example of RFC 1071", hex: "0001f203f4f5f6f7", checksum: 0x220d },
  { name: "the example of RFC 1071 and an odd byte", hex: "0001f203f4f5f6f780", checksum: 0xa20c },
  // The header of a captured SYN, its checksum field empty; tshark says what belongs there.
  { name: "a captured IPv4 header", hex: "4500003c5bc6400040060000c0000201c6336407", checksum: 0xf2b9 },
  { name: "a captured IPv4 header with its checksum", hex: "4500003c5bc640004006f2b9c0000201c6336407", checksum: 0 },
];

for (const row of KNOWN) {
  Deno.test(`checksum: ${row.name}`, () => {
    const bytes = fromHex(row.hex);
    assertEquals(checksum(viewOf(bytes), 0, bytes.length), row.checksum);
  });
}

Deno.test("checksum: the checksum equals a naive one at every length and alignment", () => {
  const random = new Random(1071);
  const bytes = random.bytes(128);
  for (let at = 0; at < 8; at++) {
    for (let length = 0; at + length <= bytes.length; length++) {
      const expected = naiveChecksum(bytes.subarray(at, at + length));
      // A view that ends where the bytes end: reading past them would throw.
      assertEquals(
        checksum(viewOf(bytes.subarray(0, at + length)), at, length),
        expected,
        `at ${at}, length ${length}`,
      );
    }
  }
});

Deno.test("checksum: unfolded sums add up, wherever whole words are parted", () => {
  const random = new Random(1624);
  const bytes = random.bytes(61);
  const view = viewOf(bytes);
  const whole = sumWords(view, 0, bytes.length);
  for (let first = 0; first <= bytes.length; first += 2) {
    const parts = sumWords(view, first, bytes.length - first, sumWords(view, 0, first));
    assertEquals(parts, whole, `parted at ${first}`);
  }
  assertEquals(foldChecksum(whole), naiveChecksum(bytes));
});

Deno.test("checksum: the largest datagram of the largest words does not overflow", () => {
  const bytes = new Uint8Array(65_535).fill(0xff);
  const sum = sumWords(viewOf(bytes), 0, bytes.length, 0x7fff_ffff);
  assertEquals(sum < 2 ** 32, true);
  assertEquals(sum, 0x7fff_ffff + 32_767 * 0xffff + 0xff00);
  assertEquals(foldChecksum(sum), 0xffff - (sum % 0xffff || 0xffff));
});
