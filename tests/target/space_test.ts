import { assert, assertEquals } from "@std/assert";
import { parsePorts, PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { resolveTargets } from "../../src/target/resolve.ts";
import { type HostPorts, ProbeSpace, type ProbeSpaceParts } from "../../src/target/space.ts";
import { parseTargetFile } from "../../src/target/parse.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { Random } from "../support/random.ts";
import { assertUsageError } from "./one_line.ts";

type Pairs = [first: number, last: number][];

function hosts(pairs: Pairs, ports?: string): HostPorts {
  return { hosts: Ranges.from(pairs), ports: ports === undefined ? undefined : parsePorts(ports) };
}

function space(targets: HostPorts[], rest: Partial<ProbeSpaceParts> = {}): ProbeSpace {
  return new ProbeSpace({ targets, defaultPorts: parsePorts("80,443"), ...rest });
}

function everything(of: ProbeSpace): string[] {
  return Array.from({ length: of.size }, (_, index) => {
    of.locate(index);
    return `${of.host}:${of.port}`;
  });
}

Deno.test("hosts x ports, each once", async (t) => {
  const rows: [name: string, parts: ProbeSpace, expected: string[]][] = [
    ["one host", space([hosts([[5, 5]])]), ["5:80", "5:443"]],
    ["two hosts", space([hosts([[5, 6]])]), ["5:80", "5:443", "6:80", "6:443"]],
    ["a host with ports of its own", space([hosts([[5, 5]], "22")]), ["5:22"]],
    ["the same host twice", space([hosts([[5, 5]]), hosts([[5, 5]])]), ["5:80", "5:443"]],
    ["a host that is also in a block", space([hosts([[5, 6]]), hosts([[6, 6]])]), ["5:80", "5:443", "6:80", "6:443"]],
    ["ports of both mentions", space([hosts([[5, 5]], "22"), hosts([[5, 5]])]), ["5:22", "5:80", "5:443"]],
    ["ports of three mentions", space([hosts([[5, 5]], "3"), hosts([[5, 5]], "1"), hosts([[5, 5]], "2")]), [
      "5:1",
      "5:2",
      "5:3",
    ]],
    ["a block and one of its hosts with more ports", space([hosts([[4, 6]], "1"), hosts([[5, 5]], "2")]), [
      "4:1",
      "6:1",
      "5:1",
      "5:2",
    ]],
    ["equal sets that were written apart", space([hosts([[1, 1]], "1-2"), hosts([[9, 9]], "2,1")]), [
      "1:1",
      "1:2",
      "9:1",
      "9:2",
    ]],
    ["a host excluded", space([hosts([[5, 7]], "1")], { excludeHosts: Ranges.of(6) }), ["5:1", "7:1"]],
    ["a port excluded", space([hosts([[5, 6]])], { excludePorts: parsePorts("80") }), ["5:443", "6:443"]],
    [
      "exclusions beyond the targets",
      space([hosts([[5, 5]], "1")], { excludeHosts: Ranges.from([[0, 4], [6, 2 ** 32 - 1]]) }),
      ["5:1"],
    ],
    [
      "a host whose only port is excluded",
      space([hosts([[5, 5]], "80"), hosts([[6, 6]])], { excludePorts: parsePorts("80") }),
      ["6:443"],
    ],
    ["the first and the last address", space([hosts([[0, 0], [2 ** 32 - 1, 2 ** 32 - 1]], "0,65535")]), [
      "0:0",
      "0:65535",
      "4294967295:0",
      "4294967295:65535",
    ]],
  ];
  for (const [name, of, expected] of rows) {
    await t.step(name, () => {
      assertEquals(everything(of), expected);
      assertEquals(of.whyEmpty, undefined);
    });
  }
});

Deno.test("an empty space says why", async (t) => {
  const all = Ranges.of(0, 2 ** 32 - 1);
  const rows: [name: string, parts: ProbeSpace, why: string][] = [
    ["no target", space([]), "no target was named"],
    ["no host", space([hosts([])]), "no target was named"],
    ["no port", space([hosts([[1, 9]])], { defaultPorts: PortSet.EMPTY }), "no port was named"],
    ["hosts excluded", space([hosts([[1, 9]])], { excludeHosts: all }), "every host is excluded"],
    ["ports excluded", space([hosts([[1, 9]])], { excludePorts: parsePorts("0-") }), "every port is excluded"],
    [
      "both",
      space([hosts([[1, 1]]), hosts([[2, 2]], "7")], { excludeHosts: Ranges.of(1), excludePorts: parsePorts("7") }),
      "every port is excluded",
    ],
  ];
  for (const [name, of, why] of rows) {
    await t.step(name, () => {
      assertEquals([of.size, of.hostCount, of.whyEmpty], [0, 0, why]);
      assertEquals([of.contains(1, 80), of.portCountOf(1), of.hostRanges().size], [false, 0, 0]);
    });
  }
});

Deno.test("the whole Internet on every port fits", () => {
  const whole = space([hosts([[0, 2 ** 32 - 1]], "0-65535")]);
  assertEquals([whole.size, whole.hostCount, whole.blocks.length], [2 ** 48, 2 ** 32, 1]);
  for (const index of [0, 1, 65535, 65536, 2 ** 47 + 12345, 2 ** 48 - 1]) {
    whole.locate(index);
    assertEquals(whole.host * 65536 + whole.port, index);
  }
});

Deno.test("spaces of any mixture agree with counting every pair out", () => {
  const random = new Random(41);
  for (let round = 0; round < 400; round++) {
    const offset = random.pick([0, 1000, 2 ** 32 - 64]);
    const targets = Array.from({ length: random.below(8) }, () => {
      return hosts(randomPairs(random, 64, offset), random.chance(0.3) ? undefined : randomPorts(random));
    });
    const parts: ProbeSpaceParts = {
      targets,
      defaultPorts: parsePorts(randomPorts(random)),
      ...(random.chance(0.5) ? { excludeHosts: Ranges.from(randomPairs(random, 64, offset)) } : {}),
      ...(random.chance(0.5) ? { excludePorts: parsePorts(randomPorts(random)) } : {}),
      ...(random.chance(0.7) ? { tiers: randomTiers(random) } : {}),
    };
    const expected = new Set<string>();
    const ports = new Map<number, number>();
    for (const target of targets) {
      for (const [first, last] of target.hosts) {
        for (let host = first; host <= last; host++) {
          if (parts.excludeHosts?.has(host)) continue;
          for (const port of target.ports ?? parts.defaultPorts) {
            if (parts.excludePorts?.has(port) || expected.has(`${host}:${port}`)) continue;
            expected.add(`${host}:${port}`);
            ports.set(host, (ports.get(host) ?? 0) + 1);
          }
        }
      }
    }
    const of = new ProbeSpace(parts);
    assertEquals(everything(of).sort(), [...expected].sort(), `round ${round}`);
    assertEquals(of.hostCount, ports.size);
    assertEquals(of.hostRanges().size, ports.size);
    for (let host = offset; host < offset + 64; host++) {
      assertEquals(of.portCountOf(host), ports.get(host) ?? 0);
      assertEquals(of.hostRanges().has(host), ports.has(host));
      for (let port = 0; port < 8; port++) assertEquals(of.contains(host, port), expected.has(`${host}:${port}`));
    }
    // Each block has ports of its own.
    const texts = of.blocks.map((block) => `${block.ports}`);
    assertEquals(new Set(texts).size, texts.length);
    // Tiers lie one after the other; a port of several is in the first of them.
    const { tiers = [] } = parts;
    const tierOf = (port: number) =>
      (tiers.findIndex((ports) => ports.has(port)) + tiers.length + 1) % (tiers.length + 1);
    const expectedTiers = Array.from(expected, (pair) => tierOf(Number(pair.split(":")[1]))).sort((a, b) => a - b);
    for (let index = 0; index < of.size; index++) {
      of.locate(index);
      assertEquals([tierOf(of.port), of.indexOf(of.host, of.port)], [expectedTiers[index], index]);
    }
    assertEquals(of.tierSizes, [...tiers, 0].map((_, tier) => expectedTiers.filter((each) => each === tier).length));
    assertEquals([of.indexOf(offset, 9), of.indexOf(offset - 1, 1)], [-1, -1]);
  }
});

Deno.test("more lists of ports than can be told apart are refused", () => {
  const one = hosts([[1, 1]], "1");
  const targets = Array.from({ length: 2 ** 20 }, () => one);
  assertUsageError(() => space(targets), "1048576 different lists of ports");
  assertEquals(space(targets.slice(1)).size, 1);
});

Deno.test("a million ip:port lines become a space in seconds", async () => {
  const random = new Random(43);
  const pairs = new Set<number>();
  while (pairs.size < 1_000_000) pairs.add(random.below(2 ** 24) * 256 * 65536 + random.below(1000));
  const lines: string[] = [];
  for (const pair of pairs) {
    const host = Math.floor(pair / 65536);
    lines.push(`${formatIpv4(host)}:${pair % 65536}\n`);
  }
  const text = lines.join("");
  const startMs = performance.now();
  const { targets } = await resolveTargets(parseTargetFile(text, "million.txt"), {
    resolve: () => Promise.resolve([]),
  });
  const of = space([...targets]);
  const tookMs = performance.now() - startMs;
  assertEquals(of.size, pairs.size);
  for (let i = 0; i < 10_000; i++) {
    of.locate(random.below(of.size));
    assert(pairs.has(of.host * 65536 + of.port));
    assert(of.contains(of.host, of.port));
  }
  assert(tookMs < 20_000, `it took ${tookMs.toFixed(0)} ms`);
});

function randomPairs(random: Random, spaceSize: number, offset: number): Pairs {
  return Array.from({ length: random.below(5) }, () => {
    const first = random.below(spaceSize);
    return [offset + first, offset + Math.min(spaceSize - 1, first + random.below(12))];
  });
}

function randomTiers(random: Random): PortSet[] {
  return Array.from({ length: random.below(4) }, () => parsePorts(randomPorts(random)));
}

function randomPorts(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => random.below(8)).join();
}
