/**
 * Formats gone on with by other writers: after any number of results, what is remembered passes through a checkpoint to new
 * writers, and the document is the same as if one had written it all.
 */
import { assert, assertEquals } from "@std/assert";
import { decode, encode, type Kept } from "../../src/checkpoint/encoding.ts";
import { FORMATS, newAggregator } from "../../src/report/formats.ts";
import type { Memory, ScanHead, Writer } from "../../src/report/writer.ts";
import type { PortResult, Reason, State } from "../../src/result/outcome.ts";
import { result, summary, textOf } from "../support/results.ts";
import { Random } from "../support/random.ts";
import { newWriter } from "../support/writers.ts";

const HEAD: ScanHead = {
  hosts: 40,
  probes: 1000,
  technique: "syn",
  startedAtMs: 1_700_000_000_000,
  args: ["-p", "1-25", "10.0.0.0/27"],
  version: "1.2.3",
};
const OPTIONS = { openOnly: false, reason: true, verbosity: 0, color: false };

const KINDS: readonly (readonly [State, Reason])[] = [
  ["open", "syn-ack"],
  ["closed", "reset"],
  ["filtered", "no-response"],
  ["filtered", "admin-prohibited"],
  ["undecided", "send-failed"],
];

/** Hosts of every sort, in any order: open, closed, silent, answered for by a router, late, named. */
function batchesOf(seed: number): PortResult[][] {
  const random = new Random(seed);
  return Array.from({ length: 30 }, () =>
    Array.from({ length: 40 }, () => {
      const host = random.below(40);
      const [state, reason] = KINDS[host < 5 ? 2 : random.below(KINDS.length)]!;
      const answered = reason !== "no-response" && reason !== "send-failed";
      return result({
        ip: `10.0.0.${host}`,
        port: 1 + random.below(2000),
        state,
        reason,
        ttl: answered ? 64 : undefined,
        rttMs: answered ? random.below(1000) / 100 : undefined,
        from: reason === "admin-prohibited" ? `10.1.0.${random.below(4)}` : undefined,
        service: random.below(4) === 0 ? "http" : undefined,
        names: host % 7 === 0 ? [`host-${host}.example`] : [],
        ...(state === "open" && random.below(10) === 0 ? { late: true, replaces: "no-response" } : {}),
      });
    }));
}

interface Writing {
  readonly writers: readonly Writer[];
  readonly remember: () => Kept;
  /** What was found since the last time. */
  readonly findings: () => Kept;
}

function begin(memories?: Kept, findings: readonly Kept[] = []): Writing {
  const book = newAggregator(0);
  const writers = FORMATS.map((format) => newWriter(format, OPTIONS, book));
  if (memories !== undefined) {
    const [ofBook, ...ofWriters] = memories as readonly (Memory | null)[];
    book.load(ofBook!);
    writers.forEach((writer, index) => {
      const memory = ofWriters[index];
      writer.start(HEAD);
      if (memory !== null && memory !== undefined) writer.load?.(memory);
    });
    for (const [ofBook, ...ofWriters] of findings as readonly (readonly (Memory | null)[])[]) {
      if (ofBook) book.loadDiscovered(ofBook);
      writers.forEach((writer, index) => {
        if (ofWriters[index]) writer.loadDiscovered?.(ofWriters[index]);
      });
    }
  }
  return {
    writers,
    remember: () => [book.save(), ...writers.map((writer) => writer.save?.() ?? null)],
    findings: () => [book.discovered() ?? null, ...writers.map((writer) => writer.discovered?.() ?? null)],
  };
}

for (const seed of [1, 2, 3]) {
  Deno.test(`memory: documents are the same, left anywhere and gone on with (seed ${seed})`, async () => {
    const batches = batchesOf(seed);
    const whole = begin();
    const expected = whole.writers.map((writer) => [writer.start(HEAD)]);
    let parts = begin();
    const found = parts.writers.map((writer) => [writer.start(HEAD)]);
    const findings: Kept[] = [];
    for (const [at, batch] of batches.entries()) {
      whole.writers.forEach((writer, index) =>
        expected[index]!.push(textOf(writer.results(batch, HEAD.startedAtMs + at)))
      );
      parts.writers.forEach((writer, index) =>
        found[index]!.push(textOf(writer.results(batch, HEAD.startedAtMs + at)))
      );
      // Now and then another one goes on; what was found is told piece by piece, and no piece twice.
      if (at % 3 === 1) continue;
      findings.push(await decode(await encode(parts.findings())));
      if (at % 3 === 2) continue;
      parts = begin(await decode(await encode(parts.remember())), findings);
      FORMATS.forEach((format, index) =>
        assertEquals(parts.writers[index]!.tail(), whole.writers[index]!.tail(), `${format} after batch ${at}`)
      );
    }
    const last = summary({ hosts: 40, probes: 1000 });
    FORMATS.forEach((format, index) => {
      expected[index]!.push(...whole.writers[index]!.end(last, HEAD.startedAtMs + 1000));
      found[index]!.push(...parts.writers[index]!.end(last, HEAD.startedAtMs + 1000));
      assertEquals(found[index]!.join(""), expected[index]!.join(""), format);
    });
  });
}

Deno.test("memory: what is not remembered at all is missed", async () => {
  const batches = batchesOf(1);
  const whole = begin();
  const table = whole.writers[0]!;
  table.start(HEAD);
  for (const batch of batches) table.results(batch, 0);
  const forgetful = begin(await decode(await encode(begin().remember())));
  const last = summary({ hosts: 40 });
  const [one, other] = [table, forgetful.writers[0]!].map((writer) => [...writer.end(last, 0)].join(""));
  assertEquals(one === other, false);
});

Deno.test("memory: what is remembered does not grow with the hosts that are found, nor does a piece with those before", async () => {
  const parts = begin();
  parts.writers.forEach((writer) => writer.start(HEAD));
  const sizes: (readonly [memory: number, piece: number])[] = [];
  for (let at = 0; at < 16; at++) {
    const batch = Array.from(
      { length: 1024 },
      (_, host) =>
        result({
          ip: `10.${at}.${host >> 8}.${host & 255}`,
          port: 80,
          state: "open",
          reason: "syn-ack",
          service: "http",
        }),
    );
    parts.writers.forEach((writer) => writer.results(batch, at));
    sizes.push([(await encode(parts.remember())).length, (await encode(parts.findings())).length]);
  }
  const [memory, piece] = sizes.at(-1)!;
  assert(memory < sizes[0]![0] + 100 && piece < sizes[0]![1] * 1.1, `${sizes}`);
  assertEquals(parts.findings(), [null, ...FORMATS.map(() => null)]);
});
