import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { type ResolvedTargets, resolveExclusions, type ResolveName, resolveTargets } from "../../src/target/resolve.ts";
import { parseTargets } from "../../src/target/parse.ts";
import { formatIpv4, parseIpv4, RESERVED_IPV4 } from "../../src/wire/address.ts";
import { parseIpv6 } from "../../src/wire/address6.ts";

const ZONE: Record<string, string[]> = {
  "one.example": ["192.0.2.1"],
  "two.example": ["192.0.2.2", "198.51.100.2", "203.0.113.2"],
  "alias.example": ["192.0.2.1"],
  "six.example": [],
};

function zone(asked: string[] = []): ResolveName {
  return (name) => {
    asked.push(name);
    const addresses = ZONE[name];
    if (addresses === undefined) return Promise.reject(new Error("no such name is known"));
    return Promise.resolve(addresses.map((text) => parseIpv4(text)!));
  };
}

function describe({ targets }: ResolvedTargets): string[] {
  return targets.map(({ hosts, ports }) => {
    const ranges = Array.from(
      hosts,
      ([first, last]) => first === last ? formatIpv4(first) : `${formatIpv4(first)}-${formatIpv4(last)}`,
    );
    return ranges.join(" ") + (ports === undefined ? "" : ` :${ports}`);
  });
}

function resolved(text: string, options: { allAddresses?: boolean; reserved?: Ranges } = {}): Promise<ResolvedTargets> {
  return resolveTargets(parseTargets(text), { resolve: zone(), ...options });
}

Deno.test("targets become hosts and ports, one entry for each list of ports", async (t) => {
  const rows: [input: string, expected: string[]][] = [
    ["", []],
    ["192.0.2.7", ["192.0.2.7"]],
    ["192.0.2.7 192.0.2.9 192.0.2.8", ["192.0.2.7-192.0.2.9"]],
    ["192.0.2.7:80 192.0.2.8:443 192.0.2.9:80", ["192.0.2.7 192.0.2.9 :80", "192.0.2.8 :443"]],
    ["192.0.2.7:80,81 192.0.2.8:81,80", ["192.0.2.7-192.0.2.8 :80-81"]],
    ["192.0.2.7 192.0.2.7:80", ["192.0.2.7", "192.0.2.7 :80"]],
    ["10.0.0.1,3 10.0.0.2", ["10.0.0.1-10.0.0.3"]],
    ["one.example", ["192.0.2.1"]],
    ["one.example:22 alias.example:80", ["192.0.2.1 :22", "192.0.2.1 :80"]],
    ["two.example", ["192.0.2.2"]],
    ["two.example/24", ["192.0.2.0-192.0.2.255"]],
  ];
  for (const [input, expected] of rows) {
    await t.step(input, async () => assertEquals(describe(await resolved(input)), expected));
  }
});

Deno.test("only the first address of a name, unless all are asked for", async () => {
  const first = await resolved("two.example one.example");
  assertEquals(describe(first), ["192.0.2.1-192.0.2.2"]);
  assertEquals([...first.otherAddresses], [["two.example", [parseIpv4("198.51.100.2")!, parseIpv4("203.0.113.2")!]]]);
  const all = await resolved("two.example one.example", { allAddresses: true });
  assertEquals(describe(all), ["192.0.2.1-192.0.2.2 198.51.100.2 203.0.113.2"]);
  assertEquals(all.otherAddresses.size, 0);
});

Deno.test("resolve: a name of both families has no addresses of IPv4 without a route, and needs one for a block", async () => {
  const both: ResolveName = () =>
    Promise.resolve([parseIpv4("192.0.2.1")!, parseIpv4("192.0.2.2")!, parseIpv6("2001:db8::1")!]);
  const of = async (routed: readonly string[], text = "both.example") => {
    const options = { resolve: both, hasIpv4Route: (address: number) => routed.includes(formatIpv4(address)) };
    const found = await resolveTargets(parseTargets(text), options);
    return [describe(found).join(), found.ipv6.length, found.ofBoth.join(), [...found.otherAddresses.keys()].join()];
  };
  assertEquals(await of(["192.0.2.1"]), ["192.0.2.1", 1, "both.example", "both.example"]);
  assertEquals(await of([]), ["", 1, "", ""]);
  assertEquals(await of(["192.0.2.1"], "both.example/31"), ["192.0.2.0-192.0.2.1", 0, "both.example", "both.example"]);
  const six: ResolveName = () => Promise.resolve([parseIpv6("2001:db8::1")!]);
  const why = 'Cannot resolve "six.example/24": it has no address of IPv4, and a block around a name is one of IPv4';
  await assertRejects(() => resolveTargets(parseTargets("six.example/24"), { resolve: six }), UsageError, why);
  await assertRejects(
    () => resolveExclusions(parseTargets("six.example/24"), six),
    UsageError,
    'Cannot exclude "six.example/24"',
  );
  // An address of IPv4 alone is not left out: its hosts are undecided.
  const four: ResolveName = () => Promise.resolve([parseIpv4("192.0.2.1")!]);
  const kept = await resolveTargets(parseTargets("four.example"), { resolve: four, hasIpv4Route: () => false });
  assertEquals(describe(kept), ["192.0.2.1"]);
});

Deno.test("resolve: hosts keep all names by which they were asked for, each with its ports", async () => {
  const { names } = await resolved(
    "two.example/30 one.example:22 alias.example ONE.example:80 one.example:22 192.0.2.9",
    { allAddresses: true },
  );
  const shown = Array.from(names, ([address, all]) => {
    return `${formatIpv4(Number(address))} ${all.map(({ name, ports }) => `${name}:${ports.join("+")}`).join(" ")}`;
  });
  assertEquals(shown, [
    "192.0.2.2 two.example:",
    "198.51.100.2 two.example:",
    "203.0.113.2 two.example:",
    "192.0.2.1 one.example:22+80 alias.example:",
  ]);
});

Deno.test("a name that fails is told, and the others go on", async () => {
  const { targets, failures } = await resolved("gone.example one.example six.example gone.example:80");
  assertEquals(targets.length, 1);
  assertEquals(failures, [{ name: "gone.example", why: "no such name is known" }, {
    name: "six.example",
    why: "it has no address",
  }]);
});

Deno.test("where every target fails, that is an error", async () => {
  await assertRejects(
    () => resolved("gone.example"),
    UsageError,
    `Cannot resolve "gone.example": no such name is known. Check the spelling, or give the address`,
  );
  await assertRejects(
    () => resolved("gone.example six.example"),
    UsageError,
    `Cannot resolve any of 2 names, as "gone.example"`,
  );
});

Deno.test("each name is asked for once, a few at a time", async () => {
  const asked: string[] = [];
  await resolveTargets(parseTargets("one.example one.example:80 one.example/24"), { resolve: zone(asked) });
  assertEquals(asked, ["one.example"]);

  let running = 0, most = 0;
  const slow: ResolveName = async (name) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return [Number(/\d+/.exec(name)![0])];
  };
  const names = Array.from({ length: 100 }, (_, i) => parseTargets(`h${i}.example`)[0]!);
  const { targets } = await resolveTargets(names, { resolve: slow });
  assertEquals(targets[0]!.hosts.size, 100);
  assertEquals(most, 16);
});

Deno.test("a mistake in the last target is found before any name is asked for", async () => {
  const asked: string[] = [];
  function* specs() {
    yield parseTargets("one.example")[0]!;
    yield parseTargets("10.0.0.999")[0]!;
  }
  await assertRejects(() => resolveTargets(specs(), { resolve: zone(asked) }), UsageError, "more than 255");
  assertEquals(asked, []);
});

Deno.test("wide targets leave reserved space out, named ones do not", async (t) => {
  const reserved = Ranges.from(RESERVED_IPV4.map(({ first, last }) => [first, last]));
  const rows: [input: string, skips: number][] = [
    ["0.0.0.0/0", reserved.size],
    ["*.*.*.*", reserved.size],
    ["0.0.0.0-255.255.255.255", reserved.size],
    ["126.0.0.0/7", 2 ** 24],
    ["1-126.*.0.1", 256 + 64],
    ["10.0.0.0-11.0.0.0", 2 ** 24],
    ["10.0.0.0/8", 0],
    ["127.0.0.1", 0],
    ["10,127.*.*.*", 0],
    ["10.*.*.1", 0],
    ["192.0.0.0/8", 0],
    ["172.16.0.0-172.32.0.0", 0],
  ];
  for (const [input, skips] of rows) {
    await t.step(input, async () => {
      const { reservedSkipped, targets } = await resolved(input, { reserved });
      assertEquals(reservedSkipped, skips);
      const all = await resolved(input);
      assertEquals(targets[0]!.hosts.size, all.targets[0]!.hosts.size - skips);
    });
  }
  await t.step("a wide target and a named one", async () => {
    const { targets } = await resolved("0.0.0.0/0 10.0.0.1", { reserved });
    assertEquals([targets[0]!.hosts.has(parseIpv4("10.0.0.1")!), targets[0]!.hosts.has(parseIpv4("10.0.0.2")!)], [
      true,
      false,
    ]);
  });
});

Deno.test("exclusions are every address of every name, or no scan at all", async () => {
  const excluded = await resolveExclusions(parseTargets("10.0.0.0/31 two.example"), zone());
  assertEquals(Array.from(excluded.hosts, ([first]) => formatIpv4(first)), [
    "10.0.0.0",
    "192.0.2.2",
    "198.51.100.2",
    "203.0.113.2",
  ]);
  assertEquals((await resolveExclusions([], zone())).hosts.size, 0);
  for (const text of ["gone.example", "10.0.0.1 gone.example", "six.example"]) {
    await assertRejects(() => resolveExclusions(parseTargets(text), zone()), UsageError, "Cannot exclude");
  }
});
