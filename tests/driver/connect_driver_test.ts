import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { AF_INET, IPPROTO_TCP, SOCK_STREAM } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { pin } from "../../ffi/memory.ts";
import {
  bindInet4,
  connectInet4,
  type Fd,
  getSocketName,
  listen,
  openSocket,
  receive,
  resetOnClose,
} from "../../ffi/socket.ts";
import { CannotScanError, UsageError } from "../../src/base/errors.ts";
import { ConnectDriver } from "../../src/driver/connect_driver.ts";
import { chain, ICMP_REASONS, type IcmpCode, Lab, labTest, rule } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { Random } from "../support/random.ts";
import { accept, sendFin } from "../support/accept.ts";
import { EvidenceLog } from "./evidence_log.ts";

const LOOPBACK = 0x7f000001;

/** A port of 127.0.0.1 on which nobody listens, and that nobody is given while it is held. */
class ClosedPort implements Disposable {
  readonly #fd = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  readonly port: number;

  constructor() {
    bindInet4(this.#fd, LOOPBACK, 0);
    this.port = getSocketName(this.#fd).port;
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }
}

/** A port that drops SYNs until it is told to hear: its queue is full. */
class DeafPort implements Disposable {
  readonly #fds: Fd[] = [openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP)];
  readonly port: number;

  constructor() {
    const [listener] = this.#fds;
    bindInet4(listener!, LOOPBACK, 0);
    listen(listener!, 0);
    this.port = getSocketName(listener!).port;
    // One more than the backlog fills the queue; what comes later gets no answer.
    for (let i = 0; i < 3; i++) {
      const filler = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
      this.#fds.push(filler);
      connectInet4(filler, LOOPBACK, this.port);
    }
  }

  hear(): void {
    // With room for all who come again: otherwise a filler that does may take the place of what is waited for.
    listen(this.#fds[0]!, 16);
    for (let next = accept(this.#fds[0]!); next !== undefined; next = accept(this.#fds[0]!)) this.#fds.push(next);
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) fd.close();
  }
}

/** Flushes and drains until there are so many pieces of evidence, or for `patienceMs`. */
async function collect(prober: ConnectDriver, log: EvidenceLog, count: number, patienceMs = 5000): Promise<void> {
  const endMs = performance.now() + patienceMs;
  prober.flush(log, performance.now());
  while (log.seen.length < count && performance.now() < endMs) {
    if (prober.drain(log, performance.now()) === 0) await prober.wait(Math.min(50, endMs - performance.now()));
  }
}

Deno.test("tells who listens and who refuses, with what was asked, as it was asked", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using closed = new ClosedPort();
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  assert(prober.send(LOOPBACK, listener.addr.port, 3, 0xfffffffe));
  assert(prober.send(LOOPBACK, closed.port, 249, 0));
  assertEquals(log.seen, []);
  await collect(prober, log, 2);
  const common = { host: LOOPBACK, ttl: 0, from: LOOPBACK, odd: false };
  assertEquals(
    log.seen.map(({ nowMs: _, ...rest }) => rest).toSorted((a, b) => b.token - a.token),
    [
      { ...common, port: listener.addr.port, attempt: 3, token: 0xfffffffe, kind: "connected", timed: true },
      { ...common, port: closed.port, attempt: 249, token: 0, kind: "refused", timed: false },
    ],
  );
  assertEquals([prober.technique, prober.name, prober.counters.sent], ["connect", "connect", 2]);
  assertEquals(log.refusals, []);
});

Deno.test("ends what it has connected with a RST", async () => {
  using listener = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  bindInet4(listener, LOOPBACK, 0);
  listen(listener, 8);
  const { port } = getSocketName(listener);
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  prober.send(LOOPBACK, port, 0, 1);
  await collect(prober, log, 1);
  assertEquals(log.kinds(), [`${port} connected`]);
  using connection = accept(listener)!;
  assertEquals(receive(connection, pin(1), 0, 1), -ERRNO.ECONNRESET);
});

Deno.test("connect: a connection that the host has reset by the time it is looked at is told as such", async () => {
  using prober = new ConnectDriver();
  using listener = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  bindInet4(listener, LOOPBACK, 0);
  listen(listener, 1);
  const { port } = getSocketName(listener);
  prober.send(LOOPBACK, port, 0, 1);
  // Closing a listener resets what waits in its queue.
  listener.close();
  const log = new EvidenceLog();
  await collect(prober, log, 1);
  assertEquals(log.kinds(), [`${port} connected-reset`]);
});

for (const fin of [false, true]) {
  Deno.test(`connect: a connection that the host resets right after is told as such${fin ? ", a FIN before" : ""}`, async () => {
    using prober = new ConnectDriver();
    using listener = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    bindInet4(listener, LOOPBACK, 0);
    listen(listener, 1);
    const { port } = getSocketName(listener);
    const log = new EvidenceLog();
    prober.send(LOOPBACK, port, 0, 1);
    prober.flush(log, performance.now());
    while (log.held.length === 0) prober.drain(log, performance.now());
    assertEquals([log.seen, log.held[0]!.port], [[], port]);
    const connection = accept(listener)!;
    if (fin) sendFin(connection);
    resetOnClose(connection);
    connection.close();
    await collect(prober, log, 1);
    assertEquals(log.kinds(), [`${port} connected-reset`]);
    assertGreater(performance.now(), log.held[0]!.untilMs);
  });
}

Deno.test("connect: a connection that lasts is told once it was looked at, with the round trip of its SYN", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  const beganMs = performance.now();
  prober.send(LOOPBACK, listener.addr.port, 0, 1, 12);
  await collect(prober, log, 1);
  assertGreater(performance.now() - beganMs, 20);
  const { id, sentMs } = log.left[0]!;
  const { nowMs, timed } = log.seen[0]!;
  assertEquals([id, timed], [12, true]);
  assert(sentMs >= beganMs && nowMs > sentMs, "it left before its reply arrived");
  assertLess(nowMs - sentMs, 5);
});

Deno.test("connect: several questions about one port are answered each by itself", async () => {
  using closed = new ClosedPort();
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  // Two attempts at one question, and pulses.
  for (const id of [4, 5, 8, 12]) prober.send(LOOPBACK, closed.port, 0, id, id);
  await collect(prober, log, 3, 500);
  assertEquals(new Set(log.seen.map(({ token }) => token >> 2)), new Set([1, 2, 3]));
  assertEquals(log.seen.length, 3);
});

Deno.test("a port that connects with itself is not open", async () => {
  using closed = new ClosedPort();
  const { port } = closed;
  closed[Symbol.dispose]();
  using prober = new ConnectDriver({ sourceIp: "127.0.0.1", sourcePort: port });
  const log = new EvidenceLog();
  prober.send(LOOPBACK, port, 0, 1);
  await collect(prober, log, 1);
  assertEquals(log.kinds(), [`${port} refused`]);
});

Deno.test("answers thousands of questions, each once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  const random = new Random(1);
  const tokens = new Map<number, number>();
  while (tokens.size < 5000) tokens.set(random.below(2 ** 24) * 65536 + random.below(20) + 1, random.u32());
  let asked = 0;
  for (const [place, token] of tokens) {
    // Hosts 127.x.y.z, of which each is this machine.
    const host = 0x7f000000 + Math.floor(place / 65536);
    const port = place % 65536 === 1 ? listener.addr.port : place % 65536;
    assert(prober.send(host, port, 0, token));
    if (++asked % prober.batch === 0) prober.flush(log, performance.now());
    while (prober.drain(log, performance.now()) === prober.drainBatch);
  }
  await collect(prober, log, tokens.size);
  assertEquals(new Set(log.seen.map(({ token }) => token)), new Set(tokens.values()));
  assertEquals(log.seen.length, tokens.size);
  assert(log.seen.every(({ kind }) => kind === "refused" || kind === "connected"));
});

Deno.test("an answer that comes after its attempt was given up still counts, and ends the other attempts", async () => {
  using deaf = new DeafPort();
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  prober.send(LOOPBACK, deaf.port, 0, 10);
  await collect(prober, log, 1, 100);
  prober.cancel(LOOPBACK, deaf.port, 0, 10);
  prober.send(LOOPBACK, deaf.port, 1, 11);
  await collect(prober, log, 1, 100);
  assertEquals(log.seen, []);
  deaf.hear();
  // The kernel sends its SYNs again a second after the first.
  await collect(prober, log, 1, 8000);
  await collect(prober, log, 2, 500);
  assertEquals(log.seen.map(({ attempt, token, kind }) => [attempt, token, kind]), [[0, 10, "connected"]]);
});

Deno.test("what nobody waits for is ended after three seconds", async () => {
  using deaf = new DeafPort();
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  prober.flush(log, 0);
  prober.send(LOOPBACK, deaf.port, 0, 1);
  prober.cancel(LOOPBACK, deaf.port, 0, 1);
  prober.drain(log, 3000);
  deaf.hear();
  await collect(prober, log, 1, 1500);
  assertEquals(log.seen, []);
});

Deno.test("what is kept for late answers gives its room to what is asked", async () => {
  using deaf = new DeafPort();
  using closed = new ClosedPort();
  using prober = new ConnectDriver({ maxInFlight: 1 });
  const log = new EvidenceLog();
  let room = 0;
  while (prober.send(LOOPBACK, deaf.port, room, room)) room++;
  assertEquals([prober.maxInFlight, prober.counters.sent, prober.counters.sendRetries], [1, room, 1]);
  for (let attempt = 0; attempt < room; attempt++) prober.cancel(LOOPBACK, deaf.port, attempt, attempt);
  for (let i = 0; i < room; i++) assert(prober.send(LOOPBACK, closed.port, i, 1000 + i));
  assertEquals(prober.send(LOOPBACK, closed.port, room, 1), false);
  await collect(prober, log, 1);
  assertEquals(log.kinds(), [`${closed.port} refused`]);
});

Deno.test("a wait ends when an answer has come, and at its time when none has", async () => {
  using deaf = new DeafPort();
  using closed = new ClosedPort();
  using prober = new ConnectDriver();
  prober.send(LOOPBACK, deaf.port, 0, 1);
  let beganMs = performance.now();
  await prober.wait(30);
  assertGreater(performance.now() - beganMs, 29);
  prober.send(LOOPBACK, closed.port, 0, 2);
  beganMs = performance.now();
  await prober.wait(5000);
  assertLess(performance.now() - beganMs, 4000);
});

Deno.test("asks from the address and by the interface that it is given", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using prober = new ConnectDriver({ sourceIp: "127.9.8.7", interface: "lo", ttl: 9 });
  prober.send(LOOPBACK, listener.addr.port, 0, 1);
  using connection = await listener.accept();
  assertEquals((connection.remoteAddr as Deno.NetAddr).hostname, "127.9.8.7");
});

Deno.test("many hosts are asked from one port", async () => {
  using free = new ClosedPort();
  const sourcePort = free.port;
  free[Symbol.dispose]();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using prober = new ConnectDriver({ sourcePort });
  const log = new EvidenceLog();
  // Two attempts at one port cannot be made from one port at a time; a forgotten one makes way.
  for (let attempt = 0; attempt < 3; attempt++) {
    for (let host = 0; host < 10; host++) assert(prober.send(LOOPBACK + 0x100 + host, 1, attempt, host));
    prober.flush(log, performance.now());
    assertEquals(log.refusals, []);
    for (let host = 0; host < 10; host++) prober.cancel(LOOPBACK + 0x100 + host, 1, attempt, host);
  }
  prober.send(LOOPBACK, listener.addr.port, 0, 1);
  using connection = await listener.accept();
  assertEquals((connection.remoteAddr as Deno.NetAddr).port, sourcePort);
});

const IMPOSSIBLE: readonly {
  readonly name: string;
  readonly options: ConstructorParameters<typeof ConnectDriver>[0];
  readonly error: new () => Error;
  readonly says: string;
}[] = [
  {
    name: "an address that is none",
    options: { sourceIp: "127.0.0" },
    error: UsageError,
    says: "Cannot connect from 127.0.0: it is not an IPv4 address",
  },
  {
    name: "an address of another machine",
    options: { sourceIp: "192.0.2.1" },
    error: CannotScanError,
    says: "Cannot connect from 192.0.2.1: EADDRNOTAVAIL. Give an address of this machine",
  },
  {
    name: "an interface that is not there",
    options: { interface: "nosuch0" },
    error: CannotScanError,
    says: "Cannot connect by nosuch0: ENODEV. Give an interface that exists",
  },
];

for (const { name, options, error, says } of IMPOSSIBLE) {
  Deno.test(`says in one line that it cannot ask from ${name}`, () => {
    assertThrows(() => new ConnectDriver(options), error, says);
  });
}

Deno.test("says in one line that another program holds the port to ask from", () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assertThrows(
    () => new ConnectDriver({ sourcePort: listener.addr.port }),
    CannotScanError,
    `at port ${listener.addr.port}: EADDRINUSE. Another program holds the port`,
  );
});

Deno.test("keeps within few descriptors, and asks all the same", async () => {
  const script = `
    import { ConnectDriver } from ${
    JSON.stringify(new URL("../../src/driver/connect_driver.ts", import.meta.url).href)
  };
    import { EvidenceLog } from ${JSON.stringify(new URL("./evidence_log.ts", import.meta.url).href)};
    using prober = new ConnectDriver();
    const log = new EvidenceLog();
    // Takes what the prober had reckoned with, so that the kernel has to say no.
    const taken = [];
    try { for (let i = 0; i < 30; i++) taken.push(Deno.openSync("/dev/null")); } catch { /* All are taken. */ }
    let peak = 0;
    for (let asked = 0; asked < 2000;) {
      if (prober.send(0x7f000100 + asked, 1, 0, asked)) asked++;
      else prober.drain(log, performance.now());
      peak = Math.max(peak, asked - log.seen.length);
    }
    prober.flush(log, performance.now());
    while (log.seen.length < 2000 && prober.drain(log, performance.now()) > 0);
    console.log(JSON.stringify({ max: prober.maxInFlight, peak, refusals: log.refusals.length, taken: taken.length,
      retries: prober.counters.sendRetries, kinds: [...new Set(log.seen.map(({ kind }) => kind))] }));
  `;
  const { stdout, stderr, success } = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -n 72 && exec "$0" eval "$1"', Deno.execPath(), script],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const told = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(told.max, 27);
  assertLess(told.peak, 40);
  assertGreater(told.retries, 0);
  assertEquals([told.refusals, told.kinds], [0, ["refused"]]);
});

const CODES = Object.keys(ICMP_REASONS) as IcmpCode[];

/** A host behind a router; ports that answer with each ICMP error. */
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
          ...CODES.map((code, i) => rule.reject(`${100 + i}`, code)),
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

labTest("connect: each ICMP error is told by its own name, with its sender", [], async () => {
  await using lab = await connectLab();
  using _inside = enterNetns(lab.name("scanner"));
  using prober = new ConnectDriver({ ttl: 7 });
  const log = new EvidenceLog();
  const ports = [22, 80, 90, 95, ...CODES.map((_, i) => 100 + i), 120];
  for (const port of ports) assert(prober.send(TARGET, port, 0, port));
  assert(prober.send(0x0a420304, 1, 0, 1)); // Of this network the router says that it is prohibited.
  await collect(prober, log, ports.length);
  assertEquals(log.senders(), [
    "1 icmp-admin-prohibited 10.66.1.2",
    "22 connected 10.66.2.2",
    "80 refused 10.66.2.2",
    "95 connected 10.66.2.2", // The router lets it pass with the right TTL only.
    ...CODES.map((code, i) => `${100 + i} icmp-${ICMP_REASONS[code]} 10.66.2.2`),
    "120 refused 10.66.2.2",
  ]);
  assertEquals(log.refusals, []);
});

labTest("connect: a TTL that ends on the way is told", [], async () => {
  await using lab = await connectLab();
  using _inside = enterNetns(lab.name("scanner"));
  using prober = new ConnectDriver({ ttl: 1 });
  const log = new EvidenceLog();
  prober.send(TARGET, 22, 0, 1);
  await collect(prober, log, 1);
  assertEquals(log.senders(), ["22 icmp-time-exceeded 10.66.1.2"]);
});

labTest("connect: a host that nobody knows on the link is told as unreachable by this machine", [], async () => {
  await using lab = await connectLab();
  using _inside = enterNetns(lab.name("scanner"));
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  prober.send(0x0a4201c8, 22, 0, 1);
  await collect(prober, log, 1);
  assertEquals(log.senders(), ["22 icmp-host-unreach 10.66.1.1"]);
});

labTest("connect: what the kernel refuses to send is told as refused, and whether it may pass", [], async () => {
  await using lab = await connectLab();
  using _inside = enterNetns(lab.name("scanner"));
  using prober = new ConnectDriver();
  const log = new EvidenceLog();
  const hosts = [0x0a420801, 0x0a420701, 0x0a420601, 0x0a426301];
  for (const [i, host] of hosts.entries()) assert(prober.send(host, 80, i, 100 + i));
  assertEquals(log.refusals, []);
  prober.flush(log, 0);
  prober.flush(log, 0);
  const [unreachable, prohibited, blackhole, unknown] = hosts;
  assertEquals(log.refusals, [
    { host: unreachable!, port: 80, attempt: 0, token: 100, reason: "unroutable" },
    { host: prohibited!, port: 80, attempt: 1, token: 101, reason: "send-failed" },
    { host: blackhole!, port: 80, attempt: 2, token: 102, reason: "send-failed" },
    { host: unknown!, port: 80, attempt: 3, token: 103, reason: "unroutable" },
  ]);
  assertEquals(prober.counters.sent, 0);
  assertEquals(
    [...prober.counters.sendErrors],
    [["EHOSTUNREACH", 1], ["EACCES", 1], ["EINVAL", 1], ["ENETUNREACH", 1]],
  );
  // No more are taken than a flush can tell.
  for (let i = 0; i < prober.batch; i++) assert(prober.send(unknown!, 1 + i, 0, i));
  assertEquals(prober.send(unknown!, 1000, 0, 0), false);
});
