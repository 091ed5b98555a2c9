import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { POLLIN, POLLOUT } from "../../ffi/constants.ts";
import { PollSet } from "../../ffi/poll.ts";
import { Fd } from "../../ffi/fd.ts";
import { Inbox, ROOT, runScript } from "./support.ts";

Deno.test("poll: returns the ready descriptors", () => {
  using quiet = new Inbox();
  using full = new Inbox();
  const set = new PollSet(4);
  assertEquals(set.pollNow(), 0);
  set.set(0, quiet.fd, POLLIN);
  set.set(2, full.fd, POLLIN | POLLOUT);
  full.fill();
  assertEquals(set.pollNow(), 1);
  assertEquals([0, 1, 2, 3].map((index) => set.revents(index)), [0, 0, POLLIN | POLLOUT, 0]);
  set.clear(2);
  assertEquals([set.pollNow(), set.revents(2)], [0, 0]);
});

/** `POLLNVAL` of `<poll.h>`. */
const POLLNVAL = 0x020;

Deno.test("poll: a descriptor that does not exist is reported, not waited for", () => {
  const set = new PollSet(1);
  set.set(0, new Fd(9999), POLLIN);
  assertEquals([set.pollNow(1000), set.revents(0)], [1, POLLNVAL]);
});

Deno.test("poll: waits no shorter than its timeout, with the thread and without it", async () => {
  using quiet = new Inbox();
  const set = new PollSet(1);
  set.set(0, quiet.fd, POLLIN);
  let begin = performance.now();
  assertEquals(set.pollNow(20.5), 0);
  assertGreaterOrEqual(performance.now() - begin, 20.4);
  begin = performance.now();
  assertEquals(await set.pollUntil(20.5), 0);
  assertGreaterOrEqual(performance.now() - begin, 20.4);
  assertEquals(await set.pollUntil(0), 0);
  assertEquals(await set.pollUntil(-5), 0);
});

Deno.test("poll: the event loop lives while a set waits, and ends the waiting", async () => {
  using inbox = new Inbox();
  const set = new PollSet(1);
  set.set(0, inbox.fd, POLLIN);
  const begin = performance.now();
  const timer = setTimeout(() => inbox.fill(), 20);
  assertEquals(await set.pollUntil(60_000), 1);
  assertEquals(set.revents(0), POLLIN);
  assertLess(performance.now() - begin, 30_000);
  clearTimeout(timer);
});

Deno.test("poll: a set may be changed, and waited for twice, while it waits", async () => {
  using first = new Inbox();
  using second = new Inbox();
  const set = new PollSet(2);
  set.set(0, first.fd, POLLIN);
  const waitFirst = set.pollUntil(60_000);
  set.set(0, second.fd, POLLIN);
  const waitSecond = set.pollUntil(60_000);
  second.fill();
  assertEquals(await waitSecond, 1);
  second.empty();
  first.fill();
  // What has woken it is watched no more: nothing is reported.
  assertEquals([await waitFirst, set.revents(0)], [0, 0]);
});

Deno.test("poll: memory that a pool thread reads is not freed with its set", async () => {
  using quiet = new Inbox();
  const waits = Array.from({ length: 50 }, () => {
    const set = new PollSet(100);
    for (let index = 0; index < 100; index++) set.set(index, quiet.fd, POLLIN);
    return set.pollUntil(30);
  });
  for (let round = 0; round < 300; round++) new ArrayBuffer(100_000);
  assertEquals(new Set(await Promise.all(waits)), new Set([0]));
});

Deno.test("poll: a signal does not end a wait", () => {
  // A process of its own: the kernel gives signals to the first thread, which under `deno test` is not the test's.
  const source = `
    import { PollSet } from "${ROOT}ffi/poll.ts";
    let signals = 0;
    Deno.addSignalListener("SIGUSR2", () => signals++);
    new Deno.Command("sh", { args: ["-c", "sleep 0.05; kill -USR2 " + Deno.pid] }).spawn();
    const begin = performance.now();
    const ready = new PollSet(1).pollNow(300);
    const waited = performance.now() - begin;
    while (signals === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log(ready, waited >= 300 && waited < 30_000);
    Deno.exit();
  `;
  assertEquals(runScript(source, "-A"), "0 true\n");
});
