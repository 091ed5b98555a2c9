import { assert, assertEquals } from "@std/assert";
import { writePayload } from "../../src/technique/payloads/payload.ts";
import { ICMPV4_HEADER_LEN } from "../../src/wire/icmpv4.ts";
import { proxyFindings } from "../../src/engine/proxies.ts";
import { Reply } from "../../src/technique/technique.ts";
import { UDP } from "../../src/technique/udp.ts";
import { UDP_HEADER_LEN } from "../../src/wire/udp.ts";
import { LIMITS } from "../support/sim.ts";
import { payloadsOf } from "../../src/technique/payloads/payloads.ts";
import { simHosts, type SimIp } from "../support/sim_ip.ts";
import { FIRST_HOST, LINUX, OWN_ADDRESS, OWN_PORT, PORT_UNREACHABLE, type UdpConditions } from "../support/sim_udp.ts";
import { Random } from "../support/random.ts";
import { simTest } from "./mixes.ts";

const PORTS = Array.from({ length: 100 }, (_, index) => index + 1);
const ROUTER = 0x0b000001;
/** Open ports: one with a cookie, one without, one that replies from another port. */
const OPEN = [53, 17, 69];

const CLOSED = "closed port-unreach";
const IS_OPEN = "open udp-response";
const SILENT = "open|filtered no-response";

/** A host with some open ports, some that are silent, and closed ones. */
function port(_host: number, port: number): ReturnType<UdpConditions["port"]> {
  if (OPEN.includes(port)) return { reply: (request) => request, ...(port === 69 ? { fromPort: 40_000 } : {}) };
  return port % 10 === 0 ? "silent" : "closed";
}

function truthOf(port: number): string {
  return OPEN.includes(port) ? IS_OPEN : port % 10 === 0 ? SILENT : CLOSED;
}

for (const hasSockets of [false, true]) {
  const name = hasSockets ? "udp scan over sockets" : "udp scan";

  simTest(`${name}: without a limit every port gets its state, at once`, async ({ simulateUdp }) => {
    const { results, elapsedMs } = await simulateUdp({ conditions: { port, hasSockets }, ports: PORTS });
    for (const each of PORTS) assertEquals(results.get(`0:${each}`), truthOf(each));
    assert(elapsedMs < 3000, `${elapsedMs}`);
  });

  for (
    // Linux over IPv4 and over IPv6; 4 and 16 before 6.18 over IPv6, to a peer of the own /64 and through a default route.
    const [burst, perSecond, loss] of [
      ...[[6, 1, 0], [6, 1, 0.1], [6, 10, 0.1], [6, 4, 0.1], [6, 16, 0.1], [200, 200, 0.05]] as const,
    ]
  ) {
    const title = `${name}: no port is wrong at ${perSecond} errors/s and a loss of ${100 * loss} % each way`;
    simTest(title, async ({ simulateUdp }) => {
      const limit = { burst, perSecond };
      for (let seed = 1; seed <= 4; seed++) {
        const conditions = { port, limit, loss, seed, hasSockets };
        const { results, decidedAt } = await simulateUdp({ conditions, ports: PORTS, seed });
        for (const each of PORTS) assertEquals(results.get(`0:${each}`), truthOf(each), `port ${each}, seed ${seed}`);
        for (const each of OPEN) assert(decidedAt.get(`0:${each}`)! < 5000, `port ${each}`);
      }
    });
  }

  simTest(
    `${name}: a port-unreachable of a router is filtered, and its limit is that of all hosts behind it`,
    async ({ simulateUdp }) => {
      const { count, results } = await simulateUdp({
        conditions: { port: () => ({ code: PORT_UNREACHABLE, router: ROUTER }), limit: LINUX, hasSockets },
        hosts: 4,
        ports: PORTS.slice(0, 25),
        untilMs: 20_000,
      });
      assert(count("filtered port-unreach") >= 20);
      assertEquals(count(SILENT), 0);
      assertEquals(results.size, 100);
    },
  );
}

simTest(
  "udp scan: a host that sends nothing but replies without a token is up, and counts once",
  async ({ simulateUdp }) => {
    for (const ports of [[17], [17, 20, 30]]) {
      const { results, engine } = await simulateUdp({ conditions: { port }, hosts: 2, ports });
      assertEquals(results.get("1:17"), IS_OPEN);
      assertEquals(engine.hostsUp().length + engine.counts.singlesUp, 2);
    }
  },
);

const TWENTY = Array.from({ length: 20 }, (_, index) => 40_001 + index);
const X: ReturnType<UdpConditions["port"]> = { reply: () => Uint8Array.of(0x78) };
const ECHO: ReturnType<UdpConditions["port"]> = { reply: (request) => request };

const RESPONDERS:
  readonly (readonly [name: string, port: UdpConditions["port"], ports: number[], isSuspect: boolean])[] = [
    ["every port replies, whatever is sent", () => X, TWENTY, true],
    ["every port echoes, those of services too", () => ECHO, PORTS, true],
    ["nearly every port", (_host, port) => port % 20 === 0 ? "closed" : X, TWENTY, true],
    ["20 open of 20, control ports closed", (_host, port) => TWENTY.includes(port) ? X : "closed", TWENTY, false],
    ["20 open of 20, control ports silent", (_host, port) => TWENTY.includes(port) ? X : "silent", TWENTY, false],
    ["half of the ports", (_host, port) => port % 2 === 0 ? "closed" : X, TWENTY, false],
  ];

for (const [name, port, ports, isSuspect] of RESPONDERS) {
  simTest(`udp scan: a responder at every port: ${name}`, async ({ simulateUdp }) => {
    for (const [loss, hasSockets] of [[0, false], [0.1, false], [0, true]] as const) {
      const { results, engine } = await simulateUdp({ conditions: { port, limit: LINUX[4], loss, hasSockets }, ports });
      assertEquals(engine.suspects(), isSuspect ? [FIRST_HOST] : []);
      assertEquals([...proxyFindings(engine.noteRows()).everyUdpPort], engine.suspects());
      // Control ports are no results.
      assertEquals(results.size, ports.length);
      for (const each of loss > 0 ? [] : ports) {
        const does = port(FIRST_HOST, each);
        assertEquals(
          results.get(`0:${each}`),
          does === "closed" ? CLOSED : does === "silent" ? SILENT : IS_OPEN,
          `${each}`,
        );
      }
    }
  });
}

simTest(
  "udp scan: the limit of a router's errors about one network says nothing of the silence in another",
  async ({ simulateUdp }) => {
    const scan = (networkOf?: (host: number) => number) =>
      simulateUdp({
        conditions: { port: (host) => host === FIRST_HOST ? { code: 13, router: ROUTER } : "silent", limit: LINUX[4] },
        ...{ hosts: 2, ports: PORTS.slice(0, 25), untilMs: 10_000, ...networkOf === undefined ? {} : { networkOf } },
      });
    const silentOf = ({ results }: Awaited<ReturnType<typeof scan>>) =>
      results.entries().filter(([key, result]) => key.startsWith("1:") && result === SILENT).toArray().length;
    assertEquals(silentOf(await scan((host) => host)), 25);
    // A neighbour's errors may be missing for the same reason.
    assertEquals(silentOf(await scan()), 0);
  },
);

simTest(
  "udp scan over sockets: ports whose requests have no token are closed by what errors about others quote",
  async ({ simulateUdp }) => {
    // Of each some request has no room for a token.
    const ports = [137, 177, 427, 623, 1434, 3671, 5351, 11211, 27960, 47808];
    const scan = (loss: number, seed: number) =>
      simulateUdp({ conditions: { port: () => "closed", loss, seed, hasSockets: true }, ports, seed });
    const sure = await scan(0, 1);
    assertEquals([sure.count(CLOSED), sure.engine.noteRows().length], [ports.length, 0]);
    // Where the error that proves itself was lost, two others that agree decide: then the result has a note.
    let notes = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const { count, engine } = await scan(0.2, seed);
      assertEquals(count(CLOSED), ports.length);
      notes += engine.noteRows().length;
    }
    assert(notes > 0);
  },
);

simTest(
  "udp scan over sockets: a forged error about a request without a token changes nothing, two that agree have a note",
  async ({ ip, simulateUdp }) => {
    const port = 1434;
    const request = payloadsOf(port)[0]!.bytes;
    const forge = (...attempts: number[]) =>
      simulateUdp({
        conditions: { port: () => "silent", hasSockets: true },
        ports: [port],
        afterStep: (_, network) => {
          if (attempts.length === 0 || network.counters.sent <= attempts[0]!) return;
          const probe = ip.datagram(OWN_ADDRESS, OWN_PORT + attempts.shift()!, FIRST_HOST, port, request);
          network.inject(ip.unreachable(FIRST_HOST, OWN_ADDRESS, PORT_UNREACHABLE, new Uint8Array(probe.buffer)));
        },
      });
    // Every second attempt is that request; what is sent before it is a token.
    for (const attempts of [[], [1], [0, 1, 2]]) {
      const { results, engine } = await forge(...attempts);
      assertEquals([results.get(`0:${port}`), engine.noteRows().length], [SILENT, 0], `${attempts}`);
    }
    const { results, engine } = await forge(1, 3);
    assertEquals([results.get(`0:${port}`), engine.noteRows().length > 0], [CLOSED, true]);
  },
);

simTest(
  "udp scan: a scan that ends early leaves what no error could have shown undecided, and has used the limit",
  async ({ family, simulateUdp }) => {
    const { perSecond } = LINUX[family];
    const { results, count, engine } = await simulateUdp({
      conditions: { port: (host, each) => OPEN.includes(each) ? port(host, each) : "closed", limit: LINUX },
      ports: PORTS,
      untilMs: 60_000 / perSecond,
    });
    for (const [key, result] of results) {
      const isOpen = OPEN.includes(Number(key.split(":")[1]));
      if (!result.startsWith("undecided")) assertEquals(result, isOpen ? IS_OPEN : CLOSED);
    }
    // The kernel gives 6 + 60.
    assert(count(CLOSED) >= 59, `${count(CLOSED)}`);
    assertEquals(count("undecided icmp-limited") > 0, true);
    const [limited] = engine.silences().limited;
    assertEquals([limited!.sender, limited!.perSecond], [FIRST_HOST, perSecond]);
    assertEquals(limited!.undecided, count("undecided icmp-limited"));
  },
);

// Of 6 + 80 errors in 20 s; without loss of 6 + 320 those about the 87 closed ports.
for (const [perSecond, loss, least] of [[4, 0, 70], [4, 0.1, 40], [16, 0, 87]] as const) {
  const name = `${perSecond} errors/s, as Linux had it over IPv6 before 6.18, at a loss of ${100 * loss} % each way`;
  simTest(`udp scan: most of a limit is used: ${name}`, async ({ simulateUdp }) => {
    for (let seed = 1; seed <= 10; seed++) {
      const conditions = { port, limit: { burst: 6, perSecond }, loss, seed };
      const { count } = await simulateUdp({ conditions, ports: PORTS, seed, untilMs: 20_000 });
      assert(count(CLOSED) >= least, `${count(CLOSED)}, seed ${seed}`);
    }
  });
}

simTest("udp scan: few retries, and a user who does not wait, end the settling", async ({ simulateUdp }) => {
  const few = await simulateUdp({ conditions: { port, limit: LINUX }, ports: PORTS, limits: { maxRetries: 2 } });
  assert(few.count("undecided icmp-limited") > 0, "two retries were enough for every port");
  const defeated = await simulateUdp({
    conditions: { port, limit: LINUX },
    ports: PORTS,
    limits: { defeatsIcmpLimit: true },
  });
  assert(defeated.count("closed|filtered no-response") > 50 && defeated.elapsedMs < 5000);
  assertEquals(defeated.count(IS_OPEN), 3);
});

simTest(
  "udp scan: a host that has sent no error when it could have has its silence taken for what it is",
  async ({ simulateUdp }) => {
    const { count, elapsedMs } = await simulateUdp({ conditions: { port: () => "silent" }, ports: PORTS });
    assertEquals(count(SILENT), 100);
    assert(elapsedMs < 10_000, `${elapsedMs}`);
  },
);

simTest("udp scan: errors that quote eight bytes of the probe count", async ({ simulateUdp }) => {
  const conditions = { port, quoteLen: 8 };
  const { results } = await simulateUdp({ conditions, ports: PORTS });
  for (const each of PORTS) assertEquals(results.get(`0:${each}`), truthOf(each));
});

/** The packets of a forger who knows addresses and ports, and how probes look, but has not seen them. */
class Forger {
  readonly #random = new Random(3);
  readonly #ip: SimIp;
  readonly #packets: DataView[];
  readonly #isError: boolean;
  readonly #ports: readonly number[];

  /** @param count The number of packets that may be under way at a time. */
  constructor(ip: SimIp, ports: readonly number[], isError: boolean, count: number) {
    this.#ip = ip;
    this.#ports = ports;
    this.#isError = isError;
    this.#packets = Array.from({ length: count }, (_, index) => {
      const port = ports[index % ports.length]!;
      const [payload] = payloadsOf(port);
      if (!isError) return ip.datagram(FIRST_HOST, port, OWN_ADDRESS, OWN_PORT, payload!.bytes);
      const probe = ip.datagram(OWN_ADDRESS, OWN_PORT, FIRST_HOST, port, payload!.bytes);
      return ip.unreachable(FIRST_HOST, OWN_ADDRESS, PORT_UNREACHABLE, new Uint8Array(probe.buffer));
    });
  }

  /** Returns a packet with a token that is guessed, about one of eight attempts. */
  packet(index: number): DataView {
    const packet = this.#packets[index % this.#packets.length]!;
    const [payload] = payloadsOf(this.#ports[index % this.#packets.length % this.#ports.length]!);
    const random = this.#random;
    const token = random.below(2 ** 32);
    const ownPort = OWN_PORT + random.below(8);
    const ip = this.#ip;
    const quoteAt = ip.headerLen + ICMPV4_HEADER_LEN;
    const udpAt = ip.headerLen + (this.#isError ? quoteAt : 0);
    writePayload(payload!, packet, udpAt + UDP_HEADER_LEN, token);
    packet.setUint16(udpAt + (this.#isError ? 0 : 2), ownPort);
    if (this.#isError) ip.setTokenBits(packet, quoteAt, random.below(2 ** 20));
    ip.fillChecksum(packet);
    return packet;
  }
}

/** Ports of whose requests replies repeat, or errors quote, enough of the token. A reply may be the request itself. */
const PROVEN = { replies: [7, 53, 111, 5060], errors: [7, 9, 53, 123, 161, 5060] };
const MILLION = 1_000_000;

for (const hasSockets of [false, true]) {
  for (const kind of ["replies", "errors"] as const) {
    const where = hasSockets ? " over sockets" : "";
    simTest(
      `udp scan${where}: a million forged ${kind} change nothing where a token decides`,
      async ({ family, ip, simulateUdp }) => {
        const ports = PROVEN[kind];
        const together = 1000;
        const forger = new Forger(ip, ports, kind === "errors", together);
        const technique = simHosts(family, OWN_ADDRESS).over(UDP);
        for (let i = 0; i < together; i++) {
          const packet = forger.packet(i);
          assert(technique.parse(packet, 0, packet.byteLength, new Reply()), `packet ${i} is no reply in its form`);
        }
        let forged = 0;
        const { results, driver } = await simulateUdp({
          conditions: { port: () => "silent", hasSockets },
          ports,
          limits: { timeouts: LIMITS.timeouts },
          afterStep: (_, network, clock) => {
            for (let i = 0; i < together && forged < MILLION; i++) network.inject(forger.packet(forged++));
            if (forged < MILLION) clock.advanceTo(clock.now() + 0.5);
          },
        });
        assertEquals([forged, driver.counters.unmatched], [MILLION, MILLION]);
        assertEquals([results.size, [...new Set(results.values())]], [ports.length, [SILENT]]);
      },
    );
  }
}

simTest(
  "udp scan: where a protocol repeats 8 bits, forged replies open a port as often as chance has it, with a note",
  async ({ ip, simulateUdp }) => {
    const IPMI = 623;
    const RUNS = 200;
    // So many replies to each of two attempts, each with one of 256 numbers: both have to be hit.
    for (const each of [64, 256]) {
      const chance = (1 - (1 - 1 / 256) ** each) ** 2;
      let opened = 0;
      for (let run = 1; run <= RUNS; run++) {
        const random = new Random(run);
        let attempt = 0;
        const { results, engine } = await simulateUdp({
          conditions: { port: () => "silent" },
          ports: [IPMI],
          seed: run,
          afterStep: (_, network) => {
            if (attempt === 2 || network.counters.sent <= attempt) return;
            for (let i = 0; i < each; i++) {
              const reply = payloadsOf(IPMI)[0]!.bytes.slice();
              reply[9] = random.below(256);
              network.inject(ip.datagram(FIRST_HOST, IPMI, OWN_ADDRESS, OWN_PORT + attempt, reply));
            }
            attempt++;
          },
        });
        const isOpen = results.get(`0:${IPMI}`) === IS_OPEN;
        assertEquals(engine.noteRows().length > 0, isOpen);
        if (isOpen) opened++;
      }
      const spread = Math.sqrt(RUNS * chance * (1 - chance));
      assert(Math.abs(opened - RUNS * chance) < 4 * spread, `${opened} of ${RUNS} runs, ${chance} expected of each`);
    }
  },
);
