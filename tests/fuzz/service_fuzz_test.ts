/**
 * Replies of any content: every parser reads damaged and random ones without throwing, in bounded time, and returns text.
 *
 * With `--allow-env`, `SYNSCAN_FUZZ_ROUNDS` and `SYNSCAN_FUZZ_SEED` choose how many and which.
 */
import { assert } from "@std/assert";
import { bytesOf } from "../../src/service/bytes.ts";
import { identify } from "../../src/service/matcher.ts";
import { PROBES } from "../../src/service/probes.ts";
import { identifyDatagrams } from "../../src/service/datagram_matcher.ts";
import { DATAGRAM_REQUESTS } from "../../src/service/datagram_requests.ts";
import { DATAGRAM_PROTOCOLS } from "../../src/service/datagrams/all.ts";
import { PROTOCOLS } from "../../src/service/protocols/all.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import { Random } from "../support/random.ts";
import { REPLIES } from "../service/replies.ts";
import { readTranscript } from "../services/transcript.ts";

const TRANSCRIPTS = new URL("../services/transcripts/", import.meta.url);
const DATAGRAMS = new URL("../services/datagrams/", import.meta.url);

const DEFAULT_ROUNDS = 200_000;
/** A round reads a whole reply by every parser: it takes as long as so many of the other fuzz tests. */
const COST = 20;
const DEFAULT_SEED = 1414;
const NAMES = [
  ...["null", "pg-startup", "rfb-version", "smb-session", "mqtt-version"],
  ...[...PROBES, ...DATAGRAM_REQUESTS].map(({ name }) => name),
];

function numberFrom(name: string, fallback: number): number {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  const value = state === "granted" ? Deno.env.get(name) : undefined;
  return value === undefined ? fallback : Number(value);
}

/** Replies to start from: those of the unit tables and of all recorded servers. */
function readSeeds(): readonly { probe: string; reply: Uint8Array }[] {
  const recorded = [TRANSCRIPTS, DATAGRAMS].flatMap((folder) =>
    [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".txt")).flatMap(({ name }) =>
      readTranscript(Deno.readTextFileSync(new URL(name, folder))).exchanges.filter(({ reply }) => reply.length > 0)
    )
  );
  return [...REPLIES.map(({ probe, reply }) => ({ probe, reply: bytesOf(reply) })), ...recorded];
}

function damaged(random: Random, seed: Uint8Array): Uint8Array {
  const bytes = seed.slice(0, random.below(2) === 0 ? seed.length : random.below(seed.length + 1));
  for (let count = random.below(6); count > 0 && bytes.length > 0; count--) {
    const at = random.below(bytes.length);
    const how = random.below(4);
    if (how === 0) bytes[at] = random.below(256);
    else if (how === 1) bytes[at]! ^= 1 << random.below(8);
    else if (how === 2) bytes[at] = 0xff;
    else bytes.copyWithin(at, random.below(bytes.length));
  }
  return bytes;
}

function check(exchange: Exchange): void {
  for (const { name, parse } of [...PROTOCOLS, ...DATAGRAM_PROTOCOLS]) {
    const reading = parse(exchange);
    if (!reading) continue;
    for (const [field, text] of Object.entries(reading.fields)) {
      assert(typeof text === "string" && text.length <= 16_384, `${name} ${field}`);
    }
    JSON.stringify(reading.facts);
  }
  const { finding } = identify([exchange], 80);
  identifyDatagrams([exchange]);
  assert(!finding || /^[\x20-\x7e]*$/.test(finding.banner ?? ""));
}

Deno.test("service fuzz: damaged and random replies are read without an exception", () => {
  const rounds = numberFrom("SYNSCAN_FUZZ_ROUNDS", DEFAULT_ROUNDS) / COST;
  const seed = numberFrom("SYNSCAN_FUZZ_SEED", DEFAULT_SEED);
  const random = new Random(seed);
  const seeds = readSeeds();
  for (let round = 0; round < rounds; round++) {
    const start = seeds[random.below(seeds.length)]!;
    const isRandom = random.below(8) === 0;
    const reply = isRandom
      ? Uint8Array.from({ length: random.below(300) }, () => random.below(256))
      : damaged(random, start.reply);
    const probe = random.below(2) === 0 ? start.probe : NAMES[random.below(NAMES.length)]!;
    const end = random.below(2) === 0 ? "open" : "fin";
    try {
      check({ probe, reply, firstByteMs: 1, end, connection: 0 });
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}: ${probe} ${reply}`, { cause: error });
    }
  }
});

Deno.test("service fuzz: long replies of one repeated character take no long time", () => {
  for (
    const unit of [
      "a",
      " ",
      "<",
      "\n",
      "220 ",
      "220-a\n",
      "\x00",
      "0",
      "<title",
      "* OK [",
      "SSH-",
      "a=b; ",
      "x: y\n",
      "{",
      "\xff\xfb\x01",
    ]
  ) {
    const reply = bytesOf(unit.repeat(65_536 / unit.length));
    const begun = performance.now();
    for (const probe of NAMES) identify([{ probe, reply, firstByteMs: 1, end: "open", connection: 0 }], 80);
    const perReply = (performance.now() - begun) / NAMES.length;
    assert(perReply < 200, `${JSON.stringify(unit)}: ${perReply} ms for each reply`);
  }
});
