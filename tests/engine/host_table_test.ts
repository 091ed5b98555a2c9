import { assert, assertEquals } from "@std/assert";
import { GLOBAL, HostTable } from "../../src/engine/host_table.ts";
import { Random } from "../support/random.ts";

Deno.test("hosts: who was never added is everybody", () => {
  const hosts = new HostTable();
  assertEquals([hosts.find(0), hosts.find(1), hosts.find(0xffff_ffff), hosts.count], [
    GLOBAL,
    GLOBAL,
    GLOBAL,
    1,
  ]);
  assertEquals([hosts.srtt[GLOBAL], hosts.aliveAt[GLOBAL]], [-1, -1]);
});

Deno.test("hosts: address 0 is a host like any", () => {
  const hosts = new HostTable();
  const index = hosts.findOrAdd(0);
  assert(index !== GLOBAL);
  assertEquals([hosts.find(0), hosts.address[index]], [index, 0]);
});

Deno.test("hosts: the table grows, finds each host again and keeps what it knows", () => {
  const hosts = new HostTable();
  const random = new Random(3);
  const known = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    const address = random.chance(0.5) ? random.u32() : 0x0a000000 + random.below(3000);
    const index = hosts.findOrAdd(address);
    if (known.has(address)) assertEquals(index, known.get(address));
    known.set(address, index);
    hosts.srtt[index] = address;
    hosts.livenessPort[index] = address & 0xffff;
  }
  assertEquals(hosts.count, known.size + 1);
  for (const [address, index] of known) {
    assertEquals(hosts.find(address), index);
    assertEquals([hosts.address[index], hosts.srtt[index], hosts.livenessPort[index]], [
      address,
      address,
      address & 0xffff,
    ]);
  }
  const fresh = hosts.findOrAdd(0xfffffffe);
  assertEquals([hosts.srtt[fresh], hosts.aliveAt[fresh], hosts.answered[fresh]], [-1, -1, 0]);
});

Deno.test("hosts: a host is gone after eight lost liveness probes and five seconds, not before", () => {
  for (
    const [livenessProbes, atMs, gone] of [[7, 99_000, false], [8, 5999, false], [8, 6000, true], [
      30,
      6000,
      true,
    ]] as const
  ) {
    const hosts = new HostTable();
    const index = hosts.findOrAdd(7);
    for (let i = 0; i < livenessProbes; i++) hosts.noteLivenessLost(index, 1000 + i);
    assertEquals(hosts.isUnreachable(index, atMs), gone, `${livenessProbes} liveness probes, ${atMs} ms`);
  }
});

Deno.test("hosts: the longer a host is silent, the more rarely it is asked", () => {
  const hosts = new HostTable();
  assertEquals(hosts.livenessPause(GLOBAL, 5000, 40), 40);
  hosts.noteLivenessLost(GLOBAL, 1000);
  for (const [atMs, pauseMs] of [[1050, 40], [1400, 100], [5000, 1000], [100_000, 2000]] as const) {
    assertEquals(hosts.livenessPause(GLOBAL, atMs, 40), pauseMs, `${atMs}`);
  }
});

Deno.test("hosts: what was known of loss is kept with little weight", () => {
  const hosts = new HostTable();
  const index = hosts.findOrAdd(7);
  hosts.returned[index] = 900;
  hosts.lost[index] = 100;
  hosts.forgetLoss(index, 50);
  assertEquals([hosts.returned[index], hosts.lost[index]], [45, 5]);
});

Deno.test("host table: the hosts of a network of 2^12 addresses fill it", () => {
  const hosts = new HostTable();
  for (let at = 0; at < 1 << 12; at++) hosts.findOrAdd(0x0a00_0000 + at);
  assertEquals(hosts.count, (1 << 12) + 1);
  assertEquals(hosts.address.length, hosts.count);
});
