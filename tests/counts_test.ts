/** Counts of probed hosts and ports: whole programs on the loopback of this machine. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ShardedOrder } from "../src/order/shard.ts";
import { countProbedHosts } from "../src/scan/probed_hosts.ts";
import { PortSet } from "../src/target/ports.ts";
import { Ranges } from "../src/target/ranges.ts";
import { ProbeSpace } from "../src/target/space.ts";
import { Random } from "./support/random.ts";
import { withFolder } from "./support/folder.ts";
import { runIn } from "./support/program.ts";

const NET = `127.${20 + Deno.pid % 100}`;

/** The time after which a rate is known, in seconds, as in progress_meter.ts. */
const FIRST_RATE_S = 0.2;

const run = (folder: string, args: readonly string[]) => runIn(folder, ["--no-config", ...args]);

interface Counts {
  readonly hosts: number;
  readonly up: number;
  readonly sent: number;
}

/** The statements of every format about the hosts of a scan, which must agree. */
async function countsOf(folder: string, args: readonly string[]): Promise<Counts> {
  const { out } = await run(folder, [...args, "-oX", "x", "-oG", "g", "-oJ", "j"]);
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
  const { hosts, hosts_up: up, sent } = JSON.parse((await read("j")).trimEnd().split("\n").at(-1)!);
  assertStringIncludes(await read("x"), `<hosts up="${up}" down="${hosts - up}" total="${hosts}"/>`);
  const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;
  const said = `${many(hosts, "IP address", "IP addresses")} (${many(up, "host", "hosts")} up)`;
  assertStringIncludes((await read("g")).replaceAll(",", ""), said);
  // Those that were to be probed follow where the scan has ended early.
  assertMatch(out.replaceAll(",", ""), new RegExp(`: ${hosts}(?: of \\d+)? hosts? \\(${up} up\\)`));
  return { hosts, up, sent };
}

Deno.test("counts: two shards count what each probed, and add up", () =>
  withFolder(async (folder) => {
    const shard = (part: string) => countsOf(folder, [`${NET}.0.0/28`, "-p", "1", "--seed", "7", "--shard", part]);
    const [one, other] = [await shard("1/2"), await shard("2/2")];
    assertEquals([one.hosts + other.hosts, one.up + other.up], [16, 16]);
    assert(one.hosts > 0 && other.hosts > 0);
  }));

Deno.test("counts: a scan cut by its deadline counts only hosts that were probed", () =>
  withFolder(async (folder) => {
    const { hosts, up, sent } = await countsOf(folder, [
      `${NET}.0.0/16`,
      "-p",
      "1-2",
      "--max-rate",
      "500",
      "--deadline",
      "1s",
    ]);
    assert(hosts <= sent && hosts >= sent / 2 && sent < 1000, `${hosts} hosts by ${sent} probes`);
    assert(up <= hosts && up > hosts / 2, `${up} of ${hosts}`);
  }));

Deno.test("counts: hosts of a part of a space are those that its ports have", () => {
  const random = new Random(5);
  const space = new ProbeSpace({
    targets: [
      { hosts: Ranges.of(100, 199), ports: PortSet.of([1, 2, 3]) },
      { hosts: Ranges.of(180, 259), ports: PortSet.of([9]) },
    ],
    defaultPorts: PortSet.EMPTY,
  });
  const removed = Ranges.of(120, 139);
  for (let round = 0; round < 50; round++) {
    const order = new ShardedOrder(space.tierSizes, random.u32(), { index: 1 + round % 2, count: 2 });
    const before = random.below(order.size);
    const count = before + random.below(order.size - before + 1);
    const expected = new Set<number>();
    for (let position = 0; position < count; position++) {
      space.locate(order.at(position));
      if (position < before || !removed.has(space.host)) expected.add(space.host);
    }
    assertEquals(countProbedHosts(space, [{ order, count, before }], removed), expected.size);
  }
  const whole = new ShardedOrder(space.tierSizes, 1);
  assertEquals(countProbedHosts(space, [{ order: whole, count: whole.size }]), 160);
});

Deno.test("counts: ports are told of each host, and a rate once one is known", () =>
  withFolder(async (folder) => {
    const { err } = await run(folder, ["-v", `${NET}.0.0/24`, "-p", "1-3"]);
    assertStringIncludes(err, "Scanning 3 ports on each of 256 hosts (");
    const stats = await run(folder, [
      `${NET}.0.1`,
      "-p",
      "1-400",
      "--max-rate",
      "400",
      "--stats-every",
      "100ms",
      "-oJ",
      "j",
    ]);
    const lines = stats.err.split("\n").filter((line) => line.startsWith("Status:"));
    // On a busy machine the first line comes later, with a rate.
    const early = lines.filter((line) => Number(/after ([\d.]+) s/.exec(line)?.[1]) < FIRST_RATE_S);
    for (const line of early) assert(!/probes\/s/.test(line), line);
    assertMatch(lines.at(-1) ?? "", / open; [1-9]\d* probes\/s/);
    const [first] = (await Deno.readTextFile(`${folder}/j`)).split("\n").filter((line) => line.includes('"progress"'));
    const { elapsed_ms: elapsedMs, rate_pps: ratePps } = JSON.parse(first ?? "{}");
    assert(elapsedMs > 0 && (ratePps === null || elapsedMs >= FIRST_RATE_S * 1000), first);
  }));
