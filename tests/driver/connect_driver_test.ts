import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { AF_INET, IPPROTO_TCP, SOCK_STREAM } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, connectInet4, getSocketName, listen, openSocket, receive } from "../../ffi/socket.ts";
import { resetOnClose } from "../../ffi/socket_options.ts";
import { CannotScanError, UsageError } from "../../src/base/errors.ts";
import { probeId } from "../../src/driver/driver.ts";
import { ConnectDriver } from "../../src/driver/connect_driver.ts";
import { Family, IPV4 } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { Random } from "../support/random.ts";
import { accept, sendFin } from "../support/accept.ts";
import { EvidenceLog } from "./evidence_log.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ListBook } from "../support/list_book.ts";

const LOOPBACK = 0x7f000001;

/** Opens a TCP socket bound to a free port of 127.0.0.1. */
function boundSocket(): Fd {
  const fd = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  bindInet4(fd, LOOPBACK, 0);
  return fd;
}

/** A port of 127.0.0.1 without a listener, which no other socket gets while it is held. */
class ClosedPort implements Disposable {
  readonly #fd = boundSocket();
  readonly port: number = getSocketName(this.#fd).port;

  [Symbol.dispose](): void {
    this.#fd.close();
  }
}

/** A port that drops SYNs until {@linkcode accept} is called: its queue is full. */
class FullPort implements Disposable {
  readonly #fds: Fd[] = [boundSocket()];
  readonly port: number = getSocketName(this.#fds[0]!).port;

  constructor() {
    listen(this.#fds[0]!, 0);
    // One more than the backlog fills the queue; later SYNs get no reply.
    for (let i = 0; i < 3; i++) {
      const filler = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
      this.#fds.push(filler);
      connectInet4(filler, LOOPBACK, this.port);
    }
  }

  accept(): void {
    // With room for every retransmitted SYN: otherwise a filler's may take the place of the expected one.
    listen(this.#fds[0]!, 16);
    for (let next = accept(this.#fds[0]!); next !== undefined; next = accept(this.#fds[0]!)) this.#fds.push(next);
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) fd.close();
  }
}

/** Flushes and drains until there are `count` replies; if it is not certain that they come, for `patienceMs`. */
async function collect(driver: ConnectDriver, log: EvidenceLog, count: number, patienceMs = 600_000): Promise<void> {
  const endMs = performance.now() + patienceMs;
  driver.flush(log, performance.now());
  while (log.seen.length < count && performance.now() < endMs) {
    if (driver.drain(log, performance.now()) === 0) await driver.wait(Math.min(50, endMs - performance.now()));
  }
}

Deno.test("connect: open and closed ports are reported with the fields of their probes", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using closed = new ClosedPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  assert(driver.send(LOOPBACK, listener.addr.port, 3, 0, probeId(7, 3)));
  assert(driver.send(LOOPBACK, closed.port, 249, 0, probeId(0, 249)));
  assertEquals(log.seen, []);
  await collect(driver, log, 2);
  const common = { host: LOOPBACK, ttl: 0, from: LOOPBACK, odd: false };
  assertEquals(
    log.seen.map(({ nowMs: _, ...rest }) => rest).toSorted((a, b) => b.token - a.token),
    [
      { ...common, port: listener.addr.port, attempt: 3, token: probeId(7, 3), kind: "conn-accept", timed: true },
      { ...common, port: closed.port, attempt: 1, token: probeId(0, 1), kind: "conn-refused", timed: false },
    ],
  );
  assertEquals([driver.name, driver.counters.sent], ["connect", 2]);
  assertEquals(log.refusals, []);
});

Deno.test("connect: hosts are known by the numbers of any address book", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using driver = new ConnectDriver(new ListBook([LOOPBACK, LOOPBACK + 8]));
  const log = new EvidenceLog();
  for (const host of [1, 2]) driver.send(host, listener.addr.port, 0, 0, probeId(host, 0));
  await collect(driver, log, 2);
  assertEquals(log.seen.map(({ host, from, kind }) => [host, from, kind]).toSorted(), [
    [1, 1, "conn-accept"],
    [2, 2, "conn-refused"],
  ]);
});

Deno.test("connect: a connection is closed by RST", async () => {
  using listener = boundSocket();
  listen(listener, 8);
  const { port } = getSocketName(listener);
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  driver.send(LOOPBACK, port, 0, 0, 4);
  await collect(driver, log, 1);
  assertEquals(log.kinds(), [`${port} conn-accept`]);
  using connection = accept(listener)!;
  assertEquals(receive(connection, pin(1), 0, 1), -ERRNO.ECONNRESET);
});

Deno.test("connect: a connection reset before it is examined is reported as such", async () => {
  using driver = new ConnectDriver(IPV4_BOOK);
  using listener = boundSocket();
  listen(listener, 1);
  const { port } = getSocketName(listener);
  driver.send(LOOPBACK, port, 0, 0, 4);
  // Closing a listener resets what waits in its queue.
  listener.close();
  const log = new EvidenceLog();
  await collect(driver, log, 1);
  assertEquals(log.kinds(), [`${port} conn-reset`]);
});

for (const fin of [false, true]) {
  Deno.test(`connect: a connection reset right after it is made is reported as such${fin ? ", a FIN before" : ""}`, async () => {
    using driver = new ConnectDriver(IPV4_BOOK);
    using listener = boundSocket();
    listen(listener, 1);
    const { port } = getSocketName(listener);
    const log = new EvidenceLog();
    driver.send(LOOPBACK, port, 0, 0, 4);
    driver.flush(log, performance.now());
    while (log.held.length === 0) driver.drain(log, performance.now());
    assertEquals([log.seen, log.held[0]!.port], [[], port]);
    const connection = accept(listener)!;
    if (fin) sendFin(connection);
    resetOnClose(connection);
    connection.close();
    await collect(driver, log, 1);
    assertEquals(log.kinds(), [`${port} conn-reset`]);
    assertGreater(performance.now(), log.held[0]!.untilMs);
  });
}

Deno.test("connect: a connection that lasts is reported after its examination, with the round trip of its SYN", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  const beganMs = performance.now();
  driver.send(LOOPBACK, listener.addr.port, 0, 1, 12);
  await collect(driver, log, 1);
  assertGreater(performance.now() - beganMs, 20);
  const { id, sentMs } = log.left[0]!;
  const { nowMs, timed } = log.seen[0]!;
  assertEquals([id, timed], [12, true]);
  assert(sentMs >= beganMs && nowMs > sentMs, "it left before its reply arrived");
  assertLess(nowMs - sentMs, 5);
});

Deno.test("connect: several probes of one port get a reply each", async () => {
  using closed = new ClosedPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  // Two attempts of one probe, and liveness probes.
  for (const id of [4, 5, 8, 12]) driver.send(LOOPBACK, closed.port, 0, id, id);
  await collect(driver, log, 3, 500);
  assertEquals(new Set(log.seen.map(({ token }) => token >> 2)), new Set([1, 2, 3]));
  assertEquals(log.seen.length, 3);
});

Deno.test("connect: a port that connects with itself is not open", async () => {
  using closed = new ClosedPort();
  const { port } = closed;
  closed[Symbol.dispose]();
  using driver = new ConnectDriver(IPV4_BOOK, { sourceIp: "127.0.0.1", sourcePort: port });
  const log = new EvidenceLog();
  driver.send(LOOPBACK, port, 0, 0, 4);
  await collect(driver, log, 1);
  assertEquals(log.kinds(), [`${port} conn-refused`]);
});

Deno.test("connect: thousands of probes get one reply each", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  const random = new Random(1);
  const places = new Set<number>();
  while (places.size < 5000) places.add(random.below(2 ** 24) * 65536 + random.below(20) + 1);
  let asked = 0;
  for (const place of places) {
    // Hosts 127.x.y.z, of which each is this machine.
    const host = 0x7f000000 + Math.floor(place / 65536);
    const port = place % 65536 === 1 ? listener.addr.port : place % 65536;
    assert(driver.send(host, port, 0, 0, probeId(asked, 0)));
    if (++asked % driver.batch === 0) driver.flush(log, performance.now());
    while (driver.drain(log, performance.now()) === driver.drainBatch);
  }
  await collect(driver, log, places.size);
  assertEquals(new Set(log.seen.map(({ token }) => token)).size, places.size);
  assertEquals(log.seen.length, places.size);
  assert(log.seen.every(({ kind }) => kind === "conn-refused" || kind === "conn-accept"));
});

Deno.test("connect: a reply after its attempt timed out counts, and ends the other attempts", async () => {
  // A machine that stalled may have lost the retransmission that is waited for.
  while (!await acceptsLate());
});

/** Has the first of two attempts accepted by its retransmission; false if too late for that. */
async function acceptsLate(): Promise<boolean> {
  using full = new FullPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  const beganMs = performance.now();
  // The engine's first call, as of its every tick: sockets begin at the time of the last one.
  driver.drain(log, beganMs);
  driver.send(LOOPBACK, full.port, 0, 0, 40);
  // So long that a stalled machine does not see the retransmissions of both SYNs at once.
  await collect(driver, log, 1, 500);
  driver.cancel(40);
  driver.send(LOOPBACK, full.port, 1, 0, 41);
  await collect(driver, log, 1, 100);
  assertEquals(log.seen, []);
  full.accept();
  // The kernel sends its SYNs again a second after the first.
  if (performance.now() - beganMs > 950) return false;
  await collect(driver, log, 1, 8000);
  await collect(driver, log, 2, 500);
  assertEquals(log.seen.map(({ attempt, token, kind }) => [attempt, token, kind]), [[0, 40, "conn-accept"]]);
  return true;
}

Deno.test("connect: attempts at a probe end once its slot is for another", async () => {
  using full = new FullPort();
  using closed = new ClosedPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  driver.send(LOOPBACK, full.port, 0, 0, 40);
  driver.cancel(40);
  driver.send(LOOPBACK, closed.port, 0, 0, 40);
  await collect(driver, log, 1);
  full.accept();
  // The kernel would send its SYN again a second after the first.
  await collect(driver, log, 2, 1500);
  assertEquals(log.kinds(), [`${closed.port} conn-refused`]);
});

Deno.test("connect: a cancelled attempt is ended after three seconds", async () => {
  using full = new FullPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  const log = new EvidenceLog();
  driver.flush(log, 0);
  driver.send(LOOPBACK, full.port, 0, 0, 4);
  driver.cancel(4);
  driver.drain(log, 3000);
  full.accept();
  await collect(driver, log, 1, 1500);
  assertEquals(log.seen, []);
});

Deno.test("connect: sockets kept for late replies make room for new probes", async () => {
  using full = new FullPort();
  using closed = new ClosedPort();
  using driver = new ConnectDriver(IPV4_BOOK, { maxInFlight: 1 });
  const log = new EvidenceLog();
  let room = 0;
  while (driver.send(LOOPBACK, full.port, 0, 0, probeId(room, 0))) room++;
  assertEquals([driver.maxInFlight, driver.counters.sent, driver.counters.sendRetries], [1, room, 1]);
  for (let slot = 0; slot < room; slot++) driver.cancel(probeId(slot, 0));
  for (let i = 0; i < room; i++) assert(driver.send(LOOPBACK, closed.port, i, 0, probeId(1000, i)));
  assertEquals(driver.send(LOOPBACK, closed.port, room, 0, probeId(1000, room)), false);
  await collect(driver, log, 1);
  assertEquals(log.kinds(), [`${closed.port} conn-refused`]);
});

Deno.test("connect: a wait ends with a reply, or at its timeout", async () => {
  using full = new FullPort();
  using closed = new ClosedPort();
  using driver = new ConnectDriver(IPV4_BOOK);
  driver.send(LOOPBACK, full.port, 0, 0, 4);
  let beganMs = performance.now();
  await driver.wait(30);
  assertGreater(performance.now() - beganMs, 29);
  driver.send(LOOPBACK, closed.port, 0, 0, 8);
  beganMs = performance.now();
  await driver.wait(60_000);
  assertLess(performance.now() - beganMs, 30_000);
});

Deno.test("connect: probes are sent from the given address and by the given interface", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using driver = new ConnectDriver(IPV4_BOOK, { sourceIp: "127.9.8.7", interface: "lo", ttl: 9 });
  driver.send(LOOPBACK, listener.addr.port, 0, 0, 4);
  using connection = await listener.accept();
  assertEquals((connection.remoteAddr as Deno.NetAddr).hostname, "127.9.8.7");
});

Deno.test("connect: many hosts are probed from one port", async () => {
  using free = new ClosedPort();
  const sourcePort = free.port;
  free[Symbol.dispose]();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using driver = new ConnectDriver(IPV4_BOOK, { sourcePort });
  const log = new EvidenceLog();
  // Two attempts at one port cannot be made from one port at a time; a cancelled one makes way.
  for (let attempt = 0; attempt < 3; attempt++) {
    for (let host = 0; host < 10; host++) {
      assert(driver.send(LOOPBACK + 0x100 + host, 1, attempt, 0, probeId(host, attempt)));
    }
    driver.flush(log, performance.now());
    assertEquals(log.refusals, []);
    for (let host = 0; host < 10; host++) driver.cancel(probeId(host, attempt));
  }
  driver.send(LOOPBACK, listener.addr.port, 0, 0, 4);
  using connection = await listener.accept();
  assertEquals((connection.remoteAddr as Deno.NetAddr).port, sourcePort);
});

const IMPOSSIBLE: readonly (readonly [
  name: string,
  options: ConstructorParameters<typeof ConnectDriver>[1],
  error: new () => Error,
  message: string,
])[] = [
  ["an invalid address", { sourceIp: "127.0.0" }, UsageError, "from 127.0.0: it is not an IPv4 address"],
  [
    "an address of another machine",
    { sourceIp: "192.0.2.1" },
    CannotScanError,
    "from 192.0.2.1: Cannot assign requested address. Give an address of this machine",
  ],
  [
    "an absent interface",
    { interface: "nosuch0" },
    CannotScanError,
    "by nosuch0: No such device. Give an interface that exists",
  ],
];

for (const [name, options, error, message] of IMPOSSIBLE) {
  Deno.test(`connect: ${name} is a one-line error`, () => {
    assertThrows(() => new ConnectDriver(IPV4_BOOK, options), error, `Cannot connect ${message}`);
  });
}

Deno.test("connect: a source port that another program holds is a one-line error", () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assertThrows(
    () => new ConnectDriver(IPV4_BOOK, { sourcePort: listener.addr.port }),
    CannotScanError,
    `at port ${listener.addr.port}: Address already in use. Another program holds the port`,
  );
});

Deno.test("connect: a low limit of descriptors is kept, and every port is probed", async () => {
  const script = `
    import { ConnectDriver } from ${
    JSON.stringify(new URL("../../src/driver/connect_driver.ts", import.meta.url).href)
  };
    import { EvidenceLog } from ${JSON.stringify(new URL("./evidence_log.ts", import.meta.url).href)};
    import { IPV4_BOOK } from ${JSON.stringify(new URL("../../src/target/address_book.ts", import.meta.url).href)};
    using driver = new ConnectDriver(IPV4_BOOK);
    const log = new EvidenceLog();
    // Takes the descriptors that the driver counted on, so that the kernel refuses more.
    const taken = [];
    try { for (let i = 0; i < 30; i++) taken.push(Deno.openSync("/dev/null")); } catch { /* All are taken. */ }
    let peak = 0;
    for (let asked = 0; asked < 2000;) {
      if (driver.send(0x7f000100 + asked, 1, 0, 0, 4 * asked)) asked++;
      else driver.drain(log, performance.now());
      peak = Math.max(peak, asked - log.seen.length);
    }
    driver.flush(log, performance.now());
    while (log.seen.length < 2000 && driver.drain(log, performance.now()) > 0);
    console.log(JSON.stringify({ max: driver.maxInFlight, peak, refusals: log.refusals.length, taken: taken.length,
      retries: driver.counters.sendRetries, kinds: [...new Set(log.seen.map(({ kind }) => kind))] }));
  `;
  const { stdout, stderr, success } = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -n 72 && exec "$0" eval "$1"', Deno.execPath(), script],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const printed = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(printed.max, 27);
  assertLess(printed.peak, 40);
  assertGreater(printed.retries, 0);
  assertEquals([printed.refusals, printed.kinds], [0, ["conn-refused"]]);
});

/** A host behind a router; ports that reply with each ICMP error. */
function connectLab(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: {
        routes: [
          "10.66.2.0/24 via 10.66.1.2",
          "10.66.3.0/24 via 10.66.1.2",
          "unreachable 10.66.8.0/24",
          "prohibit 10.66.7.0/24",
          "blackhole 10.66.6.0/24",
        ],
      },
      router: {
        forward: true,
        routes: ["prohibit 10.66.3.0/24"],
        chains: [chain("forward", ["tcp dport 95 ip ttl != 6 drop", "tcp dport 96 ip ttl set 1"])],
      },
      target: {
        routes: ["default via 10.66.2.1"],
        listen: "22,95,96",
        chains: [chain("input", [
          rule.drop("90"),
          ...new Family("IPv4", [IPV4]).rejections(100),
          rule.reset("120"),
        ])],
      },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] },
      { between: ["router", "target"], addresses: ["10.66.2.1/24", "10.66.2.2/24"] },
    ],
  });
}

const TARGET = 0x0a420202;

function testInLab(
  name: string,
  options: ConstructorParameters<typeof ConnectDriver>[1],
  fn: (driver: ConnectDriver, log: EvidenceLog) => void | Promise<void>,
): void {
  labTest(name, [], async () => {
    await using lab = await connectLab();
    using _inside = enterNetns(lab.name("scanner"));
    using driver = new ConnectDriver(IPV4_BOOK, options);
    await fn(driver, new EvidenceLog());
  });
}

testInLab("connect: each ICMP error is reported by its own name, with its sender", { ttl: 7 }, async (driver, log) => {
  const ports = [22, 80, 90, 95, ...IPV4.errors.map((_, i) => 100 + i), 120];
  for (const port of ports) assert(driver.send(TARGET, port, 0, 0, probeId(port, 0)));
  assert(driver.send(0x0a420304, 1, 0, 0, probeId(1, 0))); // The router prohibits this network.
  await collect(driver, log, ports.length);
  assertEquals(log.senders(), [
    "1 admin-prohibited 10.66.1.2",
    "22 conn-accept 10.66.2.2",
    "80 conn-refused 10.66.2.2",
    "95 conn-accept 10.66.2.2", // The router lets it pass with the right TTL only.
    ...IPV4.errors.map(({ reason }, i) => `${100 + i} ${reason} 10.66.2.2`),
    "120 conn-refused 10.66.2.2",
  ]);
  assertEquals(log.refusals, []);
});

testInLab("connect: a TTL that ends on the way is reported", { ttl: 1 }, async (driver, log) => {
  driver.send(TARGET, 22, 0, 0, 4);
  await collect(driver, log, 1);
  assertEquals(log.senders(), ["22 time-exceeded 10.66.1.2"]);
});

testInLab("connect: an absent host of the link is reported as unreachable by this machine", {}, async (driver, log) => {
  driver.send(0x0a4201c8, 22, 0, 0, 4);
  await collect(driver, log, 1);
  assertEquals(log.senders(), ["22 host-unreach 10.66.1.1"]);
});

testInLab("connect: probes that the kernel refuses are reported with the reason", {}, (driver, log) => {
  const hosts = [0x0a420801, 0x0a420701, 0x0a420601, 0x0a426301];
  for (const [i, host] of hosts.entries()) assert(driver.send(host, 80, i, 100 + i, 100 + i));
  assertEquals(log.refusals, []);
  driver.flush(log, 0);
  driver.flush(log, 0);
  const reasons = ["unroutable", "send-failed", "send-failed", "unroutable"];
  assertEquals(log.refusals, reasons.map((reason, i) => ({ id: 100 + i, reason })));
  assertEquals(driver.counters.sent, 0);
  assertEquals(
    [...driver.counters.sendErrors],
    [["EHOSTUNREACH", 1], ["EACCES", 1], ["EINVAL", 1], ["ENETUNREACH", 1]],
  );
  // No more are taken than a flush can report.
  for (let i = 0; i < driver.batch; i++) assert(driver.send(hosts[3]!, 1 + i, 0, 0, i));
  assertEquals(driver.send(hosts[3]!, 1000, 0, 0, 0), false);
});
