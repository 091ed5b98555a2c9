/**
 * Engines that scan the ports of one simulated host together, each on a processor of its own that stands still now and then.
 *
 * @module
 */

import type { Engine } from "../../src/engine/engine.ts";
import { ManualClock } from "./clock.ts";
import { Random } from "./random.ts";
import { simEngine, type SimScan } from "./sim.ts";
import { SimNetwork } from "./sim_network.ts";

/** A scan by several engines. */
interface PeerScan {
  readonly scan: SimScan;
  readonly engines: number;
  /** The longest standstill of an engine in milliseconds; 0 for none. */
  readonly maxStallMs: number;
  readonly seed: number;
}

/** The longest time between two steps, as the loop has it, in milliseconds. */
const WAIT_MS = 100;
/** The longest time until the first standstill, and between two, in milliseconds. */
const FIRST_STALL_MS = 200;
const STALL_GAP_MS = 300;

interface Peer {
  readonly engine: Engine;
  readonly network: SimNetwork;
  nextMs: number;
  stalledUntil: number;
  nextStallAt: number;
}

/** Runs a scan of one host by several engines; returns its results by port. */
export function simulatePeers({ scan, engines, maxStallMs, seed }: PeerScan): Map<number, number> {
  const clock = new ManualClock();
  const random = new Random(seed);
  const results = new Map<number, number>();
  const sink = { result: (_host: number, port: number, state: number) => void results.set(port, state) };
  const peers: Peer[] = [];
  for (let i = 0; i < engines; i++) {
    const network = new SimNetwork(clock, { sendMs: 0.005, ...scan.conditions }, peers[0]?.network);
    const part = { ...scan, seed, shard: { index: i + 1, count: engines } };
    const { engine } = simEngine(part, network, clock, sink);
    const stalledUntil = maxStallMs > 0 ? random.fraction() * 30 : 0;
    const nextStallAt = maxStallMs > 0 ? 20 + random.fraction() * FIRST_STALL_MS : Infinity;
    peers.push({ engine, network, nextMs: 0, stalledUntil, nextStallAt });
  }
  for (;;) {
    const running = peers.filter(({ engine }) => !engine.finished);
    if (running.length === 0) return results;
    const peer = running.reduce((first, other) => dueAt(other) < dueAt(first) ? other : first);
    clock.advanceTo(dueAt(peer));
    const nowMs = clock.now();
    if (nowMs < peer.nextStallAt) {
      peer.nextMs = Math.min(peer.engine.step(nowMs), nowMs + WAIT_MS);
    } else {
      // Most standstills are short.
      peer.stalledUntil = nowMs + 10 + random.fraction() ** 3 * maxStallMs;
      peer.nextStallAt = peer.stalledUntil + random.fraction() * STALL_GAP_MS;
    }
  }
}

function dueAt({ network, nextMs, stalledUntil }: Peer): number {
  return Math.max(Math.min(nextMs, network.nextArrivalAt), stalledUntil);
}
