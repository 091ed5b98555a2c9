import { assertEquals } from "@std/assert";
import { decode, encode, type Kept } from "../../src/checkpoint/encoding.ts";
import { HostLists } from "../../src/cli/discovered_hosts.ts";
import type { ScanDone } from "../../src/scan/snapshot.ts";
import { Random } from "../support/random.ts";

/** What a scan has done, as far as these lists go. */
function done(hostsUp: readonly number[], cappedHosts: readonly number[], suspects: readonly number[]): ScanDone {
  return { hostsUp, cappedHosts, suspects } as unknown as ScanDone;
}

function someOf(random: Random, addresses: readonly number[]): number[] {
  return addresses.filter(() => random.below(3) > 0);
}

Deno.test("findings: lists of hosts, known by their changes alone, are those of the scan at every moment", async () => {
  const random = new Random(5);
  const told = new HostLists();
  const changes: Kept[] = [];
  let up = 0;
  for (let moment = 0; moment < 40; moment++) {
    // Hosts in a row, with a gap now and then; the others come and go.
    up += random.below(3);
    const hostsUp = [0, up, up + 2, up + 2 + random.below(9)];
    const now = done(hostsUp, someOf(random, [1, 2, 3, 9, 4_294_967_295]), someOf(random, [0, 7]));
    const change = told.change(now);
    if (change !== null) changes.push(await decode(await encode(change as unknown as Kept)));
    assertEquals(told.change(now), null, "nothing has changed since");
    const heard = new HostLists();
    for (const each of changes) heard.learn(each as unknown as Parameters<HostLists["learn"]>[0]);
    const { hostsUp: bounds, cappedHosts, suspects } = heard.into(told.without(now));
    const upNow = new Set(rangeMembers(bounds));
    assertEquals([upNow, cappedHosts, suspects], [new Set(rangeMembers(hostsUp)), now.cappedHosts, now.suspects]);
  }
});

function rangeMembers(bounds: readonly number[]): number[] {
  return bounds.flatMap((first, at) =>
    at % 2 > 0 ? [] : Array.from({ length: bounds[at + 1]! - first + 1 }, (_, step) => first + step)
  );
}
