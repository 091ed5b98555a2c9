import { assertRejects } from "@std/assert";
import { scan, type ScanOptions, UsageError } from "../support/library.ts";

const REFUSED: readonly (readonly [options: Record<string, unknown>, message: string])[] = [
  [{ prts: "22" }, 'Cannot scan with the option "prts": there is none of that name. Did you mean ports?'],
  [{ maxRate: 5 }, 'Cannot scan with the option "maxRate": there is none of that name. Did you mean maxRatePps?'],
  [{ constructor: 5 }, 'Cannot scan with the option "constructor"'],
  [{ zzzzzzzz: 5 }, "Use targets, targetLists, ports"],
  [{ timing: 9 }, "Cannot scan with timing 9: give an integer from 0 to 5"],
  [{ timing: "4" }, 'Cannot scan with timing "4": give an integer from 0 to 5'],
  [{ technique: "sctp" }, 'Cannot scan with technique "sctp": give auto, syn, fin'],
  [{ transport: "pigeon" }, 'Cannot scan with transport "pigeon"'],
  [{ targets: 5 }, "Cannot scan with targets 5: give a string or an array of strings"],
  [{ targets: undefined }, "Cannot scan without targets"],
  [{ targets: ["127.0.0.1", 5] }, "Cannot scan with targets"],
  [{ ports: 22 }, "Cannot scan with ports 22"],
  [{ ports: [22, 70000] }, "Cannot scan with ports [22,70000]"],
  [{ ports: ["22"] }, 'Cannot scan with ports ["22"]'],
  [{ exclude: "192.0.2.1" }, 'Cannot scan with exclude "192.0.2.1": give an array of strings'],
  [{ excludeLists: [{ text: "192.0.2.1" }] }, "Cannot scan with excludeLists"],
  [{ excludePorts: 22 }, "Cannot scan with excludePorts 22: give a string"],
  [{ maxRatePps: 0 }, "Cannot scan with maxRatePps 0: give a number of probes a second above 0"],
  [{ maxRatePps: NaN }, "Cannot scan with maxRatePps NaN"],
  [{ minRatePps: -1 }, "Cannot scan with minRatePps -1"],
  [{ maxRetries: 1.5 }, "Cannot scan with maxRetries 1.5: give an integer from 0 to 100"],
  [{ timeoutMs: "2s" }, 'Cannot scan with timeoutMs "2s": give a number of milliseconds above 0'],
  [{ deadlineMs: NaN }, "Cannot scan with deadlineMs NaN"],
  [{ seed: -1 }, "Cannot scan with seed -1"],
  [{ ttl: 0 }, "Cannot scan with ttl 0: give an integer from 1 to 255"],
  [{ ttl: 5n }, "Cannot scan with ttl 5"],
  [{ sourcePort: 65536 }, "Cannot scan with sourcePort 65536: give an integer from 1 to 65535"],
  [{ shard: { index: 3, count: 2 } }, "Cannot scan with shard"],
  [{ shard: { index: 0, count: 2 } }, "give { index, count } with index from 1 to count"],
  [{ shard: null }, "Cannot scan with shard null"],
  [{ shard: { index: 1, count: 2 } }, "Cannot scan a shard without seed: all shards must have the same random order"],
  [{ noDiscovery: true, pings: ["echo"] }, "Cannot scan with pings and noDiscovery: one finds hosts, the other"],
  [{ noDiscovery: true, hostsOnly: true }, "Cannot scan with hostsOnly and noDiscovery: no host is probed at all then"],
  [{ timeoutMs: 900, maxRttTimeoutMs: 500 }, "Cannot scan with timeoutMs 900: it is above maxRttTimeoutMs 500"],
  [{ workers: 65 }, "Cannot scan with workers 65: give an integer from 1 to 64"],
  [{ topPorts: 0 }, "Cannot scan with topPorts 0"],
  [{ includeReserved: "yes" }, 'Cannot scan with includeReserved "yes": give true or false'],
  [{ onPacket: "print" }, "Cannot scan with onPacket"],
];

for (const [given, message] of REFUSED) {
  Deno.test(`options: ${Deno.inspect(given, { breakLength: Infinity })} is refused by name`, async () => {
    const running = scan({ targets: "127.0.0.1", ports: "1", ...given } as ScanOptions);
    running.summary.catch(() => {});
    await assertRejects(async () => void await running.plan, UsageError, message);
  });
}

for (const given of [undefined, null, "127.0.0.1", 5, ["127.0.0.1"]]) {
  Deno.test(`options: ${Deno.inspect(given)} instead of an object is refused`, async () => {
    const running = scan(given as unknown as ScanOptions);
    running.summary.catch(() => {});
    await assertRejects(async () => void await running.plan, UsageError, "Cannot scan without options");
  });
}

Deno.test("options: undefined is an option that is not given", async () => {
  const given = { targets: "127.0.0.1", ports: "1", timing: undefined, seed: undefined } as unknown as ScanOptions;
  const running = scan(given);
  await running.plan;
  await running.summary;
});
