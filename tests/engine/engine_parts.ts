/**
 * An engine's shared state over a driver without a network, for the tests of single policies.
 *
 * @module
 */

import type { Driver } from "../../src/driver/driver.ts";
import type { EngineLimits } from "../../src/engine/interfaces.ts";
import { Policies } from "../../src/engine/policies.ts";
import { Correlator } from "../../src/engine/token.ts";
import { type LocalFacts, NO_FACTS } from "../../src/local/local.ts";
import { HANDSHAKE_OUTCOMES } from "../../src/result/outcome.ts";
import { reasonSet } from "../../src/result/reasons.ts";
import { LIMITS } from "../support/sim.ts";

export const HOST = 0x0a000001;

/** The state of an engine that probes ports 1 and up of {@linkcode HOST}, and the packets that its driver was given. */
interface TestState {
  readonly state: Policies;
  readonly sent: { readonly host: number; readonly port: number; readonly attempt: number }[];
  readonly reported: string[];
}

/** Makes an engine's state. */
export function testState(
  options: { readonly ports?: number; readonly limits?: Partial<EngineLimits>; readonly local?: Partial<LocalFacts> } =
    {},
): TestState {
  const sent: { host: number; port: number; attempt: number }[] = [];
  const reported: string[] = [];
  const { ports = 100 } = options;
  const driver: Driver = {
    name: "test",
    overlaps: true,
    outcomes: HANDSHAKE_OUTCOMES,
    rationed: reasonSet([]),
    hasPorts: true,
    isTokenless: false,
    batch: 64,
    drainBatch: 64,
    maxInFlight: Infinity,
    attemptPeriod: 16,
    counters: { sent: 0, owed: 0, sendRetries: 0, sendErrors: new Map(), receiveDrops: 0, unmatched: 0 },
    send: (host, port, attempt) => sent.push({ host, port, attempt }) > 0,
    flush: () => 0,
    drain: () => 0,
    cancel: () => {},
    wait: () => Promise.resolve(),
    [Symbol.dispose]: () => {},
  };
  const state = new Policies({
    source: {
      size: ports,
      host: HOST,
      port: 1,
      locate(position: number) {
        (this as { port: number }).port = position + 1;
      },
      portCountOf: () => ports,
      isSpare: (_host, port) => port > ports,
    },
    driver,
    correlator: new Correlator(new Uint32Array([1, 2])),
    limits: { ...LIMITS, ...options.limits },
    sink: { result: (_host, port, code, reason) => reported.push(`${port} ${code} ${reason}`) },
    nowMs: 0,
    local: { ...NO_FACTS, ...options.local },
  });
  return { state, sent, reported };
}
