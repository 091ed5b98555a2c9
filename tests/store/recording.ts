/**
 * Records scans until it is killed, and says what is safe by then. It runs as a process of its own.
 *
 * What was added is flushed before it is said to be safe: an `add` that fills the buffer in its middle leaves the rest to
 * wait. Result number i of a scan is the same in each process.
 *
 * @module
 */
import { History } from "../../src/store/history.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";
import { result, start, summary } from "./support.ts";

/** Results in one `add`. */
export const BATCH = 2500;

const FIRST = 0x0a000000;
const HOSTS = 16381;

/** Result number `i` of any scan here. */
export function resultAt(i: number): PortResult {
  const state = i % 50 === 0 ? "open" : i % 3 === 0 ? "closed" : "filtered";
  return result(formatIpv4(FIRST + i % HOSTS), Math.floor(i / HOSTS), state);
}

/** The number of a result. */
export function numberOf({ ip, port }: PortResult): number {
  return port * HOSTS + parseIpv4(ip)! - FIRST;
}

/** Batches of a scan. */
export const BATCHES = 60;

if (import.meta.main) {
  const [path = "", beginMs = "0", scans = "Infinity"] = Deno.args;
  using history = History.open(path, { write: true });
  let nowMs = Number(beginMs);
  for (let scan = 0; scan < Number(scans); scan++) {
    const recorder = history.begin(start({ startedAtMs: nowMs }));
    for (let batch = 0; batch < BATCHES; batch++) {
      recorder.add(Array.from({ length: BATCH }, (_, i) => resultAt(batch * BATCH + i)), nowMs += 1000);
      while (!recorder.flush(nowMs)) nowMs++;
      say(`${recorder.id} ${(batch + 1) * BATCH}`);
    }
    recorder.finish(summary(), nowMs += 1000);
    say(`${recorder.id} ended`);
  }
}

/** Tells the test; nothing may be left in this process. */
function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
