import { assertEquals, assertGreater } from "@std/assert";
import { probeId } from "../../src/driver/driver.ts";
import { ConnectDriver } from "../../src/driver/connect_driver.ts";
import { SocketPingDriver } from "../../src/driver/socket_ping_driver.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { socketPingName, socketPingOutcomes, socketPingPorts } from "../../src/technique/ping.ts";
import { icmpv6ErrorKind } from "../../src/technique/icmpv6_errors.ts";
import { icmpErrorKind } from "../../src/technique/ip_reply.ts";
import { DualBook, ipv6BookParts } from "../../src/target/ipv6_book.ts";
import { Ipv6Echo } from "../../src/transport/ipv6_ping_socket.ts";
import { Ipv4Echo, PingSocket } from "../../src/transport/ping_socket.ts";
import { parseIpv4 } from "../../src/wire/address.ts";
import { parseIpv6 } from "../../src/wire/address6.ts";
import { Lab, labTest, linkedLab } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { EvidenceLog } from "./evidence_log.ts";

const TARGET = parseIpv4("10.64.1.2")!;
const UNREACHABLE = parseIpv4("10.64.9.1")!;
const ECHO = 0;
const CONNECT = 1;
/** The longest wait for replies, in milliseconds. */
const PATIENCE_MS = 600_000;

function pingLab() {
  return linkedLab({
    scanner: { sysctls: { "net.ipv4.ping_group_range": "0 0" }, routes: ["10.64.9.0/24 via 10.64.1.2"] },
    target: { forward: true, routes: ["unreachable 10.64.9.0/24"] },
  });
}

function openDriver(): { driver: SocketPingDriver; connect: ConnectDriver } {
  const connect = new ConnectDriver(IPV4_BOOK);
  const pings = { 4: new PingSocket(new Ipv4Echo(IPV4_BOOK), icmpErrorKind) };
  const parts = { book: IPV4_BOOK, ports: [0, 81], outcomes: socketPingOutcomes({}), connect, pings };
  return { driver: new SocketPingDriver(parts), connect };
}

/** Flushes and drains until there are so many replies that are no errors, and an error. */
async function collect(driver: SocketPingDriver, log: EvidenceLog, count: number): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  const errors = () => log.seen.filter(({ kind }) => kind === "host-unreach").length;
  driver.flush(log, performance.now());
  while ((log.seen.length - errors() < count || errors() === 0) && performance.now() < endMs) {
    if (driver.drain(log, performance.now()) === 0) await driver.wait(50);
  }
}

Deno.test("socket ping: the name of the technique tells its kinds", () => {
  const name = socketPingName(["echo", "connect:443", "connect:0"]);
  assertEquals([name, socketPingPorts(name)], ["socketping(echo,connect:443,connect:0)", [0, 443, 0]]);
  assertEquals(["ping(echo)", "connect", "socketpings"].map(socketPingPorts), [undefined, undefined, undefined]);
});

labTest("socket ping: replies and errors are given with the fields of their probes", [], async () => {
  await using lab = await pingLab();
  using _inside = enterNetns(lab.name("scanner"));
  const { driver, connect } = openDriver();
  using _connect = connect;
  using _driver = driver;
  const log = new EvidenceLog();
  driver.send(TARGET, ECHO, 3, 0xfedcba98, probeId(7, 3));
  driver.send(UNREACHABLE, ECHO, 0, 5, probeId(8, 0));
  driver.send(TARGET, CONNECT, 0, 0, probeId(9, 0));
  await collect(driver, log, 2);
  assertEquals(
    log.seen.map(({ host, port, attempt, token, kind, ttl, from, timed }) => [
      host,
      port,
      attempt,
      token,
      kind,
      ttl,
      from,
      timed,
    ]).toSorted(([, , , one], [, , , other]) => Number(other) - Number(one)),
    [
      [TARGET, ECHO, 3, 0xfedcba98, "echo-reply", 64, TARGET, true],
      [TARGET, CONNECT, 0, probeId(9, 0), "conn-refused", 0, TARGET, false],
      [UNREACHABLE, ECHO, 0, 5, "host-unreach", 0, TARGET, false],
    ],
  );
  assertEquals([driver.counters.sent, driver.counters.unmatched, log.refusals], [3, 0, []]);
  assertGreater(log.left.find(({ id }) => id === probeId(7, 3))!.sentMs, 0);
});

labTest("socket ping: an error of an earlier request does not refuse a later one", [], async () => {
  await using lab = await pingLab();
  using _inside = enterNetns(lab.name("scanner"));
  const { driver, connect } = openDriver();
  using _connect = connect;
  using _driver = driver;
  const log = new EvidenceLog();
  for (let round = 0; round < 50; round++) {
    driver.send(UNREACHABLE, ECHO, 0, round, probeId(round, 0));
    driver.send(TARGET, ECHO, 0, 1000 + round, probeId(100 + round, 0));
    driver.flush(log, performance.now());
  }
  await collect(driver, log, 50);
  assertEquals([log.refusals, driver.counters.sent, driver.counters.unmatched], [[], 100, 0]);
  assertEquals(Map.groupBy(log.seen, ({ kind }) => kind).get("echo-reply")?.length, 50);
});

labTest("socket ping: what a request could not be sent for is told", [], async () => {
  await using lab = await pingLab();
  using _inside = enterNetns(lab.name("scanner"));
  const { driver, connect } = openDriver();
  using _connect = connect;
  using _driver = driver;
  const log = new EvidenceLog();
  driver.send(parseIpv4("192.0.2.1")!, ECHO, 0, 1, probeId(1, 0)); // No route.
  driver.flush(log, performance.now());
  assertEquals(log.refusals, [{ id: probeId(1, 0), reason: "unroutable" }]);
  assertEquals([...driver.counters.sendErrors], [["ENETUNREACH", 1]]);
});

labTest("socket ping: a reply with another number or from another host is none", [], async () => {
  await using lab = await pingLab();
  using _inside = enterNetns(lab.name("scanner"));
  const { driver, connect } = openDriver();
  using _connect = connect;
  using _driver = driver;
  const log = new EvidenceLog();
  driver.send(TARGET, ECHO, 0, 77, probeId(1, 0));
  driver.flush(log, performance.now());
  driver.drain(log, performance.now());
  const before = log.seen.length;
  driver.echoReply(0, 78, TARGET, 64, performance.now());
  driver.echoReply(0, 77, TARGET + 1, 64, performance.now());
  driver.echoReply(1, 77, TARGET, 64, performance.now());
  assertEquals([log.seen.length, driver.counters.unmatched], [before, 3]);
});

labTest(
  "socket ping: hosts of both families have replies and errors of their own, link-local ones too",
  [],
  async () => {
    await using lab = await Lab.create({
      spaces: {
        scanner: { sysctls: { "net.ipv4.ping_group_range": "0 0" }, routes: ["fd64:9::/64 via fd64:1::2"] },
        target: { forward: true, routes: ["unreachable fd64:9::/64"] },
      },
      links: [{
        between: ["scanner", "target"],
        addresses: ["10.64.1.1/24 fd64:1::1/64", "10.64.1.2/24 fd64:1::2/64"],
      }],
    });
    lab.ip("target", "-6 address add fe80::66:2/64 dev scanner nodad");
    using _inside = enterNetns(lab.name("scanner"));
    const scope = Number(/^(\d+):/.exec(lab.set("scanner", ["ip", "-o", "link", "show", "target"]))![1]);
    const range = (text: string, scope = 0) => ({ first: parseIpv6(text)!, last: parseIpv6(text)!, scope });
    const zones = [[scope, "target"]] as const;
    const ranges = [range("fd64:1::2"), range("fd64:9::1"), range("fe80::66:2", scope)];
    const book = new DualBook(ipv6BookParts(ranges, true, zones)!);
    using connect = new ConnectDriver(book);
    using driver = new SocketPingDriver({
      ...{ book, ports: [0], outcomes: socketPingOutcomes({}), connect },
      pings: {
        4: new PingSocket(new Ipv4Echo(book), icmpErrorKind),
        6: new PingSocket(new Ipv6Echo(book.ipv6), icmpv6ErrorKind),
      },
    });
    const log = new EvidenceLog();
    const targets = ["10.64.1.2", "fd64:1::2", "fd64:9::1", "fe80::66:2%target"];
    targets.forEach((ip, at) => driver.send(book.hostOf(ip), ECHO, at, 0xfedcba90 + at, probeId(at, at)));
    driver.flush(log, performance.now());
    const endMs = performance.now() + PATIENCE_MS;
    while (log.seen.length < targets.length && performance.now() < endMs) {
      if (driver.drain(log, performance.now()) === 0) await driver.wait(50);
    }
    assertEquals(
      log.seen.map(({ host, port, attempt, token, kind, ttl, from }) =>
        [book.text(host), port, attempt, token, kind, ttl, book.text(from)] as const
      ).toSorted(([, , one], [, , other]) => one - other),
      [
        ["10.64.1.2", ECHO, 0, 0xfedcba90, "echo-reply", 64, "10.64.1.2"],
        ["fd64:1::2", ECHO, 1, 0xfedcba91, "echo-reply", 64, "fd64:1::2"],
        ["fd64:9::1", ECHO, 2, 0xfedcba92, "net-unreach", 0, "fd64:1::2"],
        ["fe80::66:2%target", ECHO, 3, 0xfedcba93, "echo-reply", 64, "fe80::66:2%target"],
      ],
    );
    assertEquals([driver.counters.sent, driver.counters.unmatched, log.refusals], [4, 0, []]);
  },
);
