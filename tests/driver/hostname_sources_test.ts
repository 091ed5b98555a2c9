import { assertEquals } from "@std/assert";
import type { HostnameResult } from "../../src/driver/dns_driver.ts";
import { LibrarySource } from "../../src/driver/hostname_sources.ts";

/** Looks up addresses by a resolver; returns the results, and the most calls at once. */
async function lookUp(count: number, resolve: (address: number) => Promise<Uint8Array | null | undefined>) {
  let calls = 0;
  let atOnce = 0;
  let most = 0;
  const results = new Map<number, HostnameResult>();
  const source = new LibrarySource((address, name) => results.set(address, name), async (address) => {
    calls++;
    most = Math.max(most, ++atOnce);
    await undefined;
    atOnce--;
    return await resolve(Number(address));
  });
  for (let address = 1; address <= count; address++) source.add(address);
  for (source.step(); source.pending > 0; source.step()) await source.wait();
  return { calls, most, results, warnings: source.warnings() };
}

Deno.test("hostname_sources: the C library is called for a few addresses at once, and hostile names are made safe", async () => {
  const name = new TextEncoder().encode("Host\x1b.Example");
  const { calls, most, results, warnings } = await lookUp(
    100,
    (address) => Promise.resolve(address % 2 === 0 ? name : null),
  );
  assertEquals([calls, most, results.size, warnings], [100, 16, 100, []]);
  assertEquals([results.get(1), results.get(2)], [null, "host\\027.example"]);
});

Deno.test("hostname_sources: a C library that only fails is left after a few calls", async () => {
  const { calls, warnings } = await lookUp(1000, () => Promise.resolve(undefined));
  assertEquals(calls <= 31, true, `${calls} calls`);
  assertEquals(warnings, ["The system's resolver failed to look up 1,000 addresses"]);
});

Deno.test("hostname_sources: a C library that fails now and then is asked for every address", async () => {
  const { calls, warnings } = await lookUp(100, (address) => Promise.resolve(address % 4 === 0 ? null : undefined));
  assertEquals([calls, warnings], [100, ["The system's resolver failed to look up 75 addresses"]]);
});
