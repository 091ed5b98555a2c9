/**
 * The memory of simulated scans of one port of 2^20, 2^22 and 2^24 hosts: it must not follow the number of hosts.
 *
 *   deno task bench memory
 *
 * @module
 */

import type { BigOutcome } from "../sim/big_scan.ts";

const SIZES: readonly number[] = [2 ** 20, 2 ** 22, 2 ** 24];
/** The highest peak, in bytes. */
const MOST = 110e6;

async function scanned(hosts: number): Promise<BigOutcome> {
  const program = new URL("../sim/big_scan.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "--allow-all", "--v8-flags=--expose-gc", program, `${hosts}`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (code !== 0) throw new Error(`Cannot simulate ${hosts} hosts: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Prints the peak of memory of each scan; resolves to true if all hosts were found and no peak is too high. */
export async function benchMemory(): Promise<boolean> {
  let met = true;
  console.log("      hosts      probes  found  peak MB  kept MB");
  for (const hosts of SIZES) {
    const { sent, there, found, peak, kept } = await scanned(hosts);
    const cells = [hosts.toLocaleString("en"), sent.toLocaleString("en"), found.toLocaleString("en")];
    const megabytes = [peak, kept].map((bytes) => (bytes / 1e6).toFixed(1));
    const [size = "", probes = "", hits = ""] = cells;
    console.log(
      `${size.padStart(11)} ${probes.padStart(11)} ${hits.padStart(6)} ${megabytes[0]!.padStart(8)} ${
        megabytes[1]!.padStart(8)
      }`,
    );
    met &&= found === there && peak <= MOST;
  }
  console.log(`peak <= ${MOST / 1e6} MB, all hosts found: ${met ? "met" : "MISSED"}`);
  return met;
}
