/** Service detection as a stream of results, with servers on loopback. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hostAt, portAt, ResultBatcher, type ResultColumns, ROW_LEN } from "../../src/result/batch.ts";
import { outcomeCode } from "../../src/result/outcome.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { CLOSED, FILTERED, OPEN } from "../../src/result/states.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ConnectSockets } from "../../src/transport/connect_sockets.ts";
import { ServiceDetection, type ServicePlan } from "../../src/scan/services.ts";
import { overTcp } from "../../src/service/over_tcp.ts";
import {
  closing,
  dripping,
  endless,
  endlessHandshake,
  http,
  hugeTitle,
  serveTls,
  silent,
  ssh,
  stuckHandshake,
  Talkers,
} from "../support/talkers.ts";

const LOOPBACK = 0x7f000001;
const SOCKETS = { sourceIp: undefined, sourcePort: undefined, interfaceName: undefined, ttl: undefined };
const SYN_ACK = reasonCode("syn-ack");
const RESET = reasonCode("reset");

/** Returns rows of results. */
function rowsOf(results: readonly { port: number; state?: number; replaced?: number }[]): ResultColumns {
  let rows: ResultColumns = new Uint32Array();
  const batcher = new ResultBatcher((batch) => rows = batch);
  for (const { port, state = OPEN, replaced = -1 } of results) {
    batcher.result(LOOPBACK, port, state, state === OPEN ? SYN_ACK : RESET, 64, 0.1, 1, LOOPBACK, replaced, 0);
  }
  batcher.flush();
  return rows;
}

/** Parts of the plan that are other than usual. */
type StreamOptions = Partial<ServicePlan> & { readonly intensity?: number; readonly allPorts?: boolean };

/** Service detection and the results that have left it. */
class Stream implements Disposable {
  readonly services: ServiceDetection;
  readonly left: { readonly port: number; readonly pass: number; readonly state: number }[] = [];

  constructor({ intensity = 7, allPorts = false, ...plan }: StreamOptions = {}) {
    this.services = new ServiceDetection({
      ...overTcp(intensity, allPorts),
      ...{ width: 256, widthOf: () => 128 },
      targetOf: (_host, port) => ({ host: "127.0.0.1", port, names: [] }),
      isExcluded: () => false,
      maxRatePps: () => Infinity,
      emit: (rows, pass) => {
        for (let at = 0; at < rows.length; at += ROW_LEN) {
          assertEquals(hostAt(rows, at), LOOPBACK);
          this.left.push({ port: portAt(rows, at), pass, state: rows[at + 1]! >>> 16 & 7 });
        }
      },
      ...plan,
    }, new ConnectSockets(SOCKETS, IPV4_BOOK, undefined));
  }

  add(ports: readonly number[], pass = 0): ResultColumns {
    return this.services.add(rowsOf(ports.map((port) => ({ port }))), pass);
  }

  finding(port: number) {
    return this.services.finding(LOOPBACK, port);
  }

  get ports(): number[] {
    return this.left.map(({ port }) => port).sort((one, other) => one - other);
  }

  [Symbol.dispose](): void {
    this.services[Symbol.dispose]();
  }
}

Deno.test("services: open ports are held until they are identified, and others pass at once", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(3, ssh);
  using stream = new Stream();
  const passed = stream.services.add(
    rowsOf([{ port: 1, state: CLOSED }, { port: ports[0]! }, { port: 2, state: FILTERED }]),
    1,
  );
  assertEquals(Array.from({ length: 2 }, (_, row) => portAt(passed, row * ROW_LEN)), [1, 2]);
  assertEquals(passed.length, 2 * ROW_LEN);
  assertEquals([stream.left, stream.services.pending], [[], 1]);
  assertEquals([...stream.services.held()].map(({ pass, rows }) => [pass, portAt(rows, 0)]), [[1, ports[0]]]);
  stream.add(ports.slice(1), 1);
  await stream.services.finish(Infinity);
  assertEquals(stream.ports, ports);
  assertEquals(stream.left.map(({ pass, state }) => [pass, state]), ports.map(() => [1, OPEN]));
  assertEquals(stream.finding(ports[2]!)?.service, "ssh");
  assertEquals([stream.services.pending, [...stream.services.held()].length], [0, 0]);
  assertEquals(talkers.connections, 3);
});

Deno.test("services: a result that follows a held one of the same port leaves behind it", async () => {
  using talkers = new Talkers();
  const port = talkers.serve(ssh);
  using stream = new Stream();
  stream.add([port]);
  const replaced = outcomeCode(OPEN, SYN_ACK);
  assertEquals(stream.services.add(rowsOf([{ port, state: CLOSED, replaced }]), 0).length, 0);
  await stream.services.finish(Infinity);
  assertEquals(stream.left.map(({ state }) => state), [OPEN, CLOSED]);
});

Deno.test("services: a port that another pass finds open as well is identified once", async () => {
  using talkers = new Talkers();
  const port = talkers.serve(ssh);
  using stream = new Stream();
  stream.add([port], 0);
  stream.add([port], 1);
  await stream.services.finish(Infinity);
  assertEquals(stream.left.map(({ pass }) => pass), [0, 1]);
  assertEquals(stream.add([port], 2).length, ROW_LEN, "it is known by then");
  assertEquals(talkers.connections, 1);
});

Deno.test("services: the width of a host bounds its connections", async () => {
  using talkers = new Talkers();
  const ports = [...talkers.serveMany(30, http), ...talkers.serveMany(30, ssh)];
  using stream = new Stream({ widthOf: () => 4 });
  stream.add(ports);
  await stream.services.finish(Infinity);
  assertEquals(stream.left.length, 60);
  assert(ports.every((port) => stream.finding(port)?.service !== "unknown"));
  // A connection that the client has ended is counted until the server has noticed.
  assert(talkers.together <= 30, `${talkers.together} connections at a time`);
});

Deno.test("services: a port that has not replied to its first probes makes room for another of its host", async () => {
  using quiet = new Talkers();
  const ports = quiet.serveMany(2, silent);
  using talkers = new Talkers();
  let before = 0;
  const port = talkers.serve((talk) => {
    before = quiet.connections;
    return ssh(talk);
  });
  using stream = new Stream({ widthOf: () => 2 });
  stream.add([...ports, port]);
  while (stream.left.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(stream.finding(port)?.service, "ssh");
  assert(before >= 2 && before <= 8, `after ${before} connections to the silent ports, of ${quiet.connections}`);
});

Deno.test("services: with room for one connection in all, no port is lost", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(20, ssh);
  using stream = new Stream({ width: 1 });
  stream.add(ports);
  await stream.services.finish(Infinity);
  assertEquals(stream.ports, ports);
  assert(ports.every((port) => stream.finding(port)?.service === "ssh"));
});

Deno.test("services: a deadline reports the ports that are left, with a label, and a warning counts them", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(5, silent);
  using stream = new Stream();
  stream.add(ports);
  const beganMs = performance.now();
  await stream.services.finish(beganMs + 300);
  assertEquals(stream.ports, ports);
  assertEquals(stream.finding(ports[0]!), { service: "unknown", confidence: 0, label: "not-probed" });
  assertEquals(stream.services.report().ended, "deadline");
  assertEquals(stream.services.warnings(), ["The scan ended before 5 open ports could be identified"]);
});

Deno.test("services: when the time of a host is up its ports are given up, waiting or not, and a warning counts them", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(6, silent);
  const untilMs = performance.now() + 300;
  using stream = new Stream({ widthOf: () => 2, isOver: (_host, nowMs) => nowMs >= untilMs });
  stream.add(ports);
  await stream.services.finish(untilMs + 60_000);
  assertEquals(stream.ports, ports);
  assertEquals(stream.finding(ports[0]!), { service: "unknown", confidence: 0, label: "not-probed" });
  assertEquals(stream.services.report().ended, "done");
  assertEquals(stream.services.warnings(), [
    "6 open ports could not be identified before the time of the host was up",
  ]);
});

Deno.test("services: stopping reports the ports that are left at once", () => {
  using stream = new Stream();
  stream.add([1, 2, 3]);
  stream.services.stop("interrupted");
  assertEquals([stream.ports, stream.services.report().ended], [[1, 2, 3], "interrupted"]);
  assertEquals(stream.add([4]).length, ROW_LEN, "later results pass");
});

Deno.test("services: excluded ports and those of printers receive no connection", async () => {
  using talkers = new Talkers();
  const port = talkers.serve(ssh);
  using stream = new Stream({ isExcluded: (_host, each) => each === port });
  stream.add([port, 9100, 9107]);
  await stream.services.finish(Infinity);
  assertEquals(stream.ports, [port, 9100, 9107].sort((one, other) => one - other));
  assertEquals([port, 9100, 9107].map((each) => stream.finding(each)?.label), Array(3).fill("not-probed"));
  assertEquals(talkers.connections, 0);
  using all = new Stream({ allPorts: true });
  all.add([9107]);
  assertEquals(all.services.pending, 1);
});

Deno.test("services: a service inside TLS is identified, with the facts of its certificate", async () => {
  using server = serveTls(http);
  using greeter = serveTls(ssh);
  using picky = serveTls(ssh, ["ftp"]);
  using stream = new Stream();
  const ports = [server.port, greeter.port, picky.port];
  stream.add(ports);
  await stream.services.finish(Infinity);
  const [found, greeted, third] = ports.map((port) => stream.finding(port));
  assertEquals([found?.service, found?.tunnel], ["http", "ssl"]);
  assertEquals([greeted?.service, greeted?.tunnel, greeted?.product], ["ssh", "ssl", "OpenSSH"]);
  const { version, subject, issuer, names, sha256 } = found?.tls ?? {};
  assertEquals([version, subject, issuer], ["TLSv1.3", "CN=lab.example,O=Lab", "CN=lab.example,O=Lab"]);
  assertEquals(names, ["lab.example", "www.lab.example"]);
  assertMatch(sha256 ?? "", /^[0-9a-f]{64}$/);
  assertEquals(
    [third?.service, third?.tunnel],
    ["ssh", "ssl"],
    "a server may refuse the protocols that a client offers",
  );
});

Deno.test("services: the upper bound of the rate bounds connections", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(9, ssh);
  using stream = new Stream({ maxRatePps: () => 20 });
  const beganMs = performance.now();
  stream.add(ports);
  await stream.services.finish(Infinity);
  // Two probes each: ten connections a second, the first at once.
  assert(performance.now() - beganMs >= 750, `${performance.now() - beganMs} ms`);
  assertEquals(stream.left.length, 9);
});

Deno.test("services: hostile servers are bounded in time, and the others do not wait for them", async () => {
  using talkers = new Talkers();
  const hostile = [endless, dripping, hugeTitle, endlessHandshake, stuckHandshake].map((serve) => talkers.serve(serve));
  const friendly = talkers.serveMany(20, ssh);
  using stream = new Stream();
  const beganMs = performance.now();
  stream.add([...hostile, ...friendly]);
  const over = stream.services.finish(Infinity);
  while (friendly.some((port) => stream.finding(port) === undefined)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert(hostile.some((port) => stream.finding(port) === undefined), "the friendly ones are first");
  await over;
  assertEquals(stream.left.length, 25);
  assert(performance.now() - beganMs < 30_000, `${performance.now() - beganMs} ms`);
  const [, , title] = hostile.map((port) => stream.finding(port));
  assertEquals(title?.service, "http");
  assert(JSON.stringify(hostile.map((port) => stream.finding(port))).length < 8000);
});

Deno.test("services: a host on whose ports almost nothing replies is sampled, and its known ports are probed", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(150, closing);
  using stream = new Stream({ width: 64, intensity: 0 });
  stream.add(ports);
  await stream.services.finish(Infinity);
  assertEquals(stream.left.length, 150);
  const labels = ports.map((port) => stream.finding(port)?.label);
  const skipped = labels.filter((label) => label === "middlebox").length;
  assert(skipped > 50 && skipped <= 150 - 32, `${skipped} skipped`);
  assertEquals(stream.services.warnings().length, 1);
});
