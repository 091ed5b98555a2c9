/**
 * A scan while forged packets arrive: how long it takes, and whether its states are those of the same scan without them.
 *
 * @module
 */

import { chain, delay, expandPorts, type Lab, linkedLab, rule } from "./lab.ts";
import { runSynscan } from "./lab_synscan.ts";

const OPEN = "22,80,443,3000-3009";
const DROPPED = "2000-2049";
const REJECTED = "2500-2509";

/** One scan. */
export interface FloodedScan {
  /** Ports in the wrong state, as `port state (reason)`. */
  readonly wrong: readonly string[];
  readonly elapsedMs: number;
  readonly trusted: boolean;
  readonly unmatched: number;
  readonly receiveDrops: number;
  /** Probes sent. */
  readonly sent: number;
}

/** The result of a flood. */
interface Flood {
  readonly sent: number;
  readonly seconds: number;
}

/** A scanner and a target with ports in every state. */
export function createFloodLab(): Promise<Lab> {
  return linkedLab({
    scanner: {},
    target: {
      listen: OPEN,
      chains: [chain("input", [rule.drop(DROPPED), rule.reject(REJECTED, "admin-prohibited")])],
    },
  });
}

/** Scans ports 1 to `ports` at `rate` probes a second. */
export async function scanOnce(lab: Lab, ports: number, rate: number): Promise<FloodedScan> {
  const args = ["-p", `1-${ports}`, "--max-rate", `${rate}`, "10.64.1.2"];
  const { ports: found, summary } = await runSynscan(lab, "scanner", args);
  const states = new Map(found.map(({ port, state, reason }) => [port, `${state} (${reason})`]));
  const [open, dropped, rejected] = [OPEN, DROPPED, REJECTED].map((text) => new Set(expandPorts(text)));
  const wrong: string[] = [];
  for (let port = 1; port <= ports; port++) {
    const expected = open!.has(port)
      ? "open (syn-ack)"
      : dropped!.has(port)
      ? "filtered (no-response)"
      : rejected!.has(port)
      ? "filtered (admin-prohibited)"
      : "closed (reset)";
    if (states.get(port) !== expected) wrong.push(`${port} ${states.get(port)} not ${expected}`);
  }
  const { elapsed_ms: elapsedMs, trusted, unmatched, receive_drops: receiveDrops, sent } = summary;
  return { wrong, elapsedMs, trusted, unmatched, receiveDrops, sent };
}

/** The same while `pps` forged packets a second arrive for `seconds`. */
export async function scanFlooded(
  lab: Lab,
  ports: number,
  rate: number,
  pps: number,
  seconds: number,
): Promise<{ scan: FloodedScan; flood: Flood }> {
  const program = await lab.compile(new URL("../lab/flood.c", import.meta.url));
  const flooding = lab.run("target", [program, "scanner", `${pps}`, `${seconds}`]);
  await delay(200);
  const scan = await scanOnce(lab, ports, rate);
  const { stdout } = await flooding;
  return { scan, flood: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") };
}
