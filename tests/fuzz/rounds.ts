/**
 * Rounds of fuzzing: damaged and random packets by seed.
 *
 * @module
 */

import { toHex } from "../support/packets.ts";
import { Random } from "../support/random.ts";

const DEFAULT_ROUNDS = 100_000;
const DEFAULT_SEED = 9293;

/** Values that sit on the edges of checks. */
const EDGES = [0, 1, 2, 4, 5, 0x0f, 0x10, 0x14, 0x40, 0x44, 0x45, 0x4f, 0x50, 0x60, 0x7f, 0x80, 0xf0, 0xfe, 0xff];

/** Returns a packet with damage in up to four places. */
export function mutate(random: Random, original: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = original.slice();
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random.pick(EDGES);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...random.bytes(random.below(12)), ...bytes.subarray(at));
        break;
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random.below(8)));
        break;
      case 5:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...other.subarray(random.below(other.length)));
        break;
    }
  }
  return bytes;
}

function settingOf(name: string, otherwise: number): number {
  // Asking never prompts: without the permission the default holds.
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return otherwise;
  const text = Deno.env.get(name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
}

const ROUNDS = settingOf("SYNSCAN_FUZZ_ROUNDS", DEFAULT_ROUNDS);
const SEED = settingOf("SYNSCAN_FUZZ_SEED", DEFAULT_SEED);

/** Registers a test of many packets; each has its own seed, so that the one that fails can be made again alone. */
export function fuzz(
  what: string,
  make: (random: Random) => Uint8Array,
  read: (packet: Uint8Array) => void,
): void {
  Deno.test(`fuzz: ${ROUNDS} ${what} from seed ${SEED}`, () => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = SEED + round;
      const packet = make(new Random(seed));
      try {
        read(packet);
      } catch (cause) {
        const again = `SYNSCAN_FUZZ_SEED=${seed} SYNSCAN_FUZZ_ROUNDS=1`;
        throw new Error(`Cannot read packet ${toHex(packet)}: ${cause}. Run again with ${again}`, { cause });
      }
    }
  });
}
