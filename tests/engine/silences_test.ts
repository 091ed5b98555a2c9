import { assertEquals } from "@std/assert";
import { Silences } from "../../src/engine/silences.ts";

const ROUTER = 0x0a470001;
const OTHER_ROUTER = 0x0a470002;
const NETWORK = 0xc0000200;

/** Silences in networks of 256 hosts. */
function newSilences(): Silences {
  return new Silences((host) => host >>> 8);
}

Deno.test("silences: errors of a router are counted against the silence of the same networks", () => {
  const silences = newSilences();
  silences.onSilence(NETWORK + 1);
  silences.onError(NETWORK + 2, ROUTER);
  silences.onError(NETWORK + 3, ROUTER);
  for (let host = 4; host < 10; host++) silences.onSilence(NETWORK + host);
  silences.onSilence(NETWORK + 256);
  assertEquals(silences.report().rationed, [{ senders: [ROUTER], answered: 2, silent: 6 }]);
});

Deno.test("silences: networks are those of the function, and no others", () => {
  // Hosts of two networks whose numbers follow each other, as those of IPv6 do.
  const silences = new Silences((host) => host < 10 ? 1 : 10);
  silences.onError(3, ROUTER);
  for (let host = 4; host < 20; host++) silences.onSilence(host);
  assertEquals(silences.report().rationed, [{ senders: [ROUTER], answered: 1, silent: 6 }]);
});

Deno.test("silences: several senders of errors about one network are all named", () => {
  const silences = newSilences();
  silences.onError(NETWORK + 1, ROUTER);
  silences.onError(NETWORK + 2, OTHER_ROUTER);
  silences.onError(NETWORK + 3, ROUTER);
  silences.onError(NETWORK + 257, OTHER_ROUTER);
  for (const host of [NETWORK + 4, NETWORK + 258, NETWORK + 259]) silences.onSilence(host);
  assertEquals(silences.report().rationed, [
    { senders: [ROUTER, OTHER_ROUTER], answered: 3, silent: 1 },
    { senders: [OTHER_ROUTER], answered: 1, silent: 2 },
  ]);
});

Deno.test("silences: errors of a host about its own ports explain no silence of its neighbours", () => {
  const silences = newSilences();
  silences.onError(NETWORK + 1, NETWORK + 1);
  silences.onSilence(NETWORK + 1);
  silences.onSilence(NETWORK + 2);
  assertEquals(silences.report().rationed, [{ senders: [NETWORK + 1], answered: 1, silent: 1 }]);
});

Deno.test("silences: a router that answered for everything rations nothing", () => {
  const silences = newSilences();
  silences.onError(NETWORK, ROUTER);
  assertEquals(silences.report().rationed, []);
});

Deno.test("silences: of a host that fell silent it is known who reports it as unreachable", () => {
  const silences = newSilences();
  const host = { host: NETWORK + 1, afterMs: 1000, replies: 17, isGone: false, reportedBy: 0 };
  silences.onUnreachable(NETWORK + 1, ROUTER);
  silences.fell(host);
  assertEquals([silences.hasFallen(NETWORK + 1), silences.hasFallen(NETWORK + 2)], [true, false]);
  assertEquals(silences.report().fallen, [{ ...host, reportedBy: ROUTER }]);
});
