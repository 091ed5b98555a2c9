import { assertEquals } from "@std/assert";
import { Silences } from "../../src/engine/silences.ts";

const ROUTER = 0x0a470001;
const NETWORK = 0xc0000200;

Deno.test("silences: errors of a router are counted against the silence of the same networks", () => {
  const silences = new Silences();
  silences.onSilence(NETWORK + 1);
  silences.onError(NETWORK + 2, ROUTER);
  silences.onError(NETWORK + 3, ROUTER);
  for (let host = 4; host < 10; host++) silences.onSilence(NETWORK + host);
  silences.onSilence(NETWORK + 256);
  assertEquals(silences.report().rationed, [{ sender: ROUTER, answered: 2, silent: 6 }]);
});

Deno.test("silences: a router that answered for everything rations nothing", () => {
  const silences = new Silences();
  silences.onError(NETWORK, ROUTER);
  assertEquals(silences.report().rationed, []);
});

Deno.test("silences: of a host that fell silent it is known who reports it as unreachable", () => {
  const silences = new Silences();
  const host = { host: NETWORK + 1, afterMs: 1000, replies: 17, isGone: false, reportedBy: 0 };
  silences.onUnreachable(NETWORK + 1, ROUTER);
  silences.fell(host);
  assertEquals([silences.hasFallen(NETWORK + 1), silences.hasFallen(NETWORK + 2)], [true, false]);
  assertEquals(silences.report().fallen, [{ ...host, reportedBy: ROUTER }]);
});
