/**
 * The engine's cost for each probe, without packets: `deno bench tests/bench/engine_bench.ts`. Each iteration probes 65,536 ports,
 * so that 65 ms on the page are a microsecond for each probe.
 *
 * @module
 */

import { type Driver, KIND_RST, type ReplySink } from "../../src/driver/driver.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Correlator } from "../../src/engine/token.ts";
import { HANDSHAKE_OUTCOMES } from "../../src/result/outcome.ts";
import { LIMITS } from "../support/sim.ts";

const PROBES = 65_536;
const BATCH = 256;

/** A driver whose probes are replied to by a RST in the next step, but for one in `lossIn`. */
class EchoDriver implements Driver {
  readonly technique = "syn";
  readonly overlaps = true;
  readonly outcomes = HANDSHAKE_OUTCOMES;
  readonly name = "echo";
  readonly batch = BATCH;
  readonly drainBatch = 2 * BATCH;
  readonly maxInFlight = Infinity;
  readonly attemptPeriod = 16;
  readonly counters = { sent: 0, sendRetries: 0, sendErrors: new Map<string, number>(), receiveDrops: 0, unmatched: 0 };
  readonly #probes = new Float64Array(4 * 4096);
  #count = 0;
  #sent = 0;

  constructor(readonly lossIn: number) {}

  send(host: number, port: number, attempt: number, token: number): boolean {
    if (this.#sent++ % this.lossIn === 1) return true;
    const at = 4 * this.#count++;
    this.#probes[at] = host;
    this.#probes[at + 1] = port;
    this.#probes[at + 2] = attempt;
    this.#probes[at + 3] = token;
    return true;
  }

  flush(): number {
    return 0;
  }

  drain(sink: ReplySink, nowMs: number): number {
    const count = this.#count;
    this.#count = 0;
    for (let at = 0; at < 4 * count; at += 4) {
      const host = this.#probes[at]!;
      const port = this.#probes[at + 1]!;
      sink.onReply(host, port, this.#probes[at + 2]!, this.#probes[at + 3]!, KIND_RST, 64, host, false, nowMs, true);
    }
    return count;
  }

  cancel(): void {}

  wait(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}

function scan(hosts: number, lossIn: number): void {
  const driver = new EchoDriver(lossIn);
  const ports = PROBES / hosts;
  const engine = new Engine({
    source: {
      size: PROBES,
      host: 0,
      port: 0,
      locate(position: number) {
        this.host = 0x0a000001 + position % hosts;
        this.port = 1 + Math.floor(position / hosts);
      },
      portCountOf: () => ports,
      isSpare: () => false,
    } as ConstructorParameters<typeof Engine>[0]["source"] & { host: number; port: number },
    driver,
    correlator: new Correlator(new Uint32Array([1, 2])),
    limits: LIMITS,
    sink: { result() {} },
    nowMs: 0,
  });
  for (let nowMs = 0; !engine.finished; nowMs += 0.1) {
    const nextMs = engine.step(nowMs);
    if (nextMs > nowMs) nowMs = nextMs;
  }
}

for (const hosts of [1, 256, PROBES]) {
  Deno.bench(`engine: ${PROBES} probes, ${hosts} hosts`, { group: "engine" }, () => scan(hosts, Infinity));
}
Deno.bench(`engine: ${PROBES} probes, 256 hosts, every tenth probe lost`, { group: "engine" }, () => scan(256, 10));
