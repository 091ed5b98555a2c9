import { assertEquals } from "@std/assert";
import { NeighborTimeouts } from "../../src/engine/neighbor_timeout.ts";

const HOST = 0xc0000207;

Deno.test("neighbor timeout: a RST without ACK after three seconds is a proxy's, and so are those that follow it", () => {
  const timeouts = new NeighborTimeouts();
  assertEquals(timeouts.isRstOfProxy(HOST, false, 100, 100, 100, -1), false);
  assertEquals(timeouts.isRstOfProxy(HOST, false, 3070, 3070, 3070, -1), true);
  // What was queued fails at the same moment, after whatever wait.
  assertEquals(timeouts.isRstOfProxy(HOST, false, 100, 100, 100, -1), true);
  assertEquals(timeouts.isRstOfProxy(HOST + 1, false, 100, 100, 100, -1), false);
});

Deno.test("neighbor timeout: a host that has appeared since refuses by itself, sooner", () => {
  const timeouts = new NeighborTimeouts();
  timeouts.isRstOfProxy(HOST, false, 3070, 3070, 3070, -1);
  assertEquals(timeouts.isRstOfProxy(HOST, false, 1, 1, 1, -1), false);
});

Deno.test("neighbor timeout: a RST with ACK is a proxy's only within the kernel's three ARP requests", () => {
  for (
    const [rttMs, pathMs, expected] of [[2900, 5, false], [3000, 5, true], [3600, 5, false], [
      3000,
      400,
      false,
    ]] as const
  ) {
    assertEquals(new NeighborTimeouts().isRstOfProxy(HOST, true, rttMs, rttMs, rttMs, pathMs), expected, `${rttMs}`);
  }
});
