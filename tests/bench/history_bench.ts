/**
 * Results a second that the history takes, and the longest stop of the scan. Run it by itself:
 *
 * ```sh
 * deno run --allow-read --allow-write tests/bench/history_bench.ts [RESULTS] [FOLDER]
 * ```
 *
 * @module
 */
import { History } from "../../src/store/history.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Permutation } from "../../src/order/permutation.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { result, start, summary } from "../store/support.ts";

/** A scan: how its results fall. */
interface Workload {
  readonly name: string;
  readonly hosts: number;
  readonly isOpen: (host: number, port: number) => boolean;
  /** True if the host sends RSTs; otherwise it is silent. */
  readonly isUp: (host: number) => boolean;
}

const BATCH = 1024;
const FIRST = 0x0a000000;

const WORKLOADS: readonly Workload[] = [
  { name: "16 hosts, all ports, closed", hosts: 16, isOpen: (_, port) => port % 10_000 === 22, isUp: () => true },
  {
    name: "1,000 ports, 1 % open, a fifth up",
    hosts: 0,
    isOpen: (_, port) => port % 100 === 0,
    isUp: (host) => host % 5 === 0,
  },
  {
    name: "one port, a tenth up, a tenth of them open",
    hosts: Infinity,
    isOpen: (host) => host % 100 === 0,
    isUp: (host) => host % 10 === 0,
  },
  { name: "everything open", hosts: 16, isOpen: () => true, isUp: () => true },
];

if (import.meta.main) {
  const size = Number(Deno.args[0] ?? 1_000_000);
  for (const workload of WORKLOADS) run(workload, size, Deno.args[1]);
}

function run({ name, hosts, isOpen, isUp }: Workload, size: number, folder: string | undefined): void {
  const hostCount = hosts === 0 ? Math.ceil(size / 1000) : Math.min(hosts, size);
  const order = new Permutation(size, 2026);
  const make = (index: number): PortResult => {
    const host = index % hostCount;
    const port = Math.floor(index / hostCount);
    const ip = formatIpv4(FIRST + host);
    if (!isUp(host)) return result(ip, port, "filtered");
    return isOpen(host, port) ? result(ip, port, "open", { service: "http" }) : result(ip, port, "closed");
  };
  const place = Deno.makeTempDirSync({ prefix: "synscan-bench-", ...folder === undefined ? {} : { dir: folder } });
  const path = `${place}/scans.db`;
  try {
    using history = History.open(path, { write: true });
    const begun = start({ probes: size });
    const recorder = history.begin({ ...begun, head: { ...begun.head, hosts: hostCount } });
    let spentMs = 0;
    let longestMs = 0;
    for (let at = 0; at < size; at += BATCH) {
      const batch: PortResult[] = [];
      for (let i = at; i < Math.min(size, at + BATCH); i++) batch.push(make(order.at(i)));
      const ms = timed(() => recorder.add(batch, Date.now()));
      spentMs += ms;
      longestMs = Math.max(longestMs, ms);
    }
    const beforeLen = sizeOf(path);
    const finishMs = timed(() => recorder.finish(summary(), Date.now()));
    const scan = history.scan("last");
    let read = 0;
    const readMs = timed(() => {
      for (const batch of history.results(scan)) read += batch.length;
    });
    const baselineMs = timed(() => history.baseline(scan));
    const diff = timed(() => void [...history.diff("1", "1").hosts()]);
    console.log(
      `${name}: ${perSecond(size, spentMs)} taken (longest stop ${longestMs.toFixed(0)} ms), ` +
        `${perSecond(size, spentMs + finishMs)} with the end (${finishMs.toFixed(0)} ms); ` +
        `${(beforeLen / size).toFixed(2)} bytes each, ${(sizeOf(path) / size).toFixed(2)} at the end; ` +
        `read ${perSecond(read, readMs)}, baseline ${baselineMs.toFixed(0)} ms, compared ${diff.toFixed(0)} ms`,
    );
  } finally {
    Deno.removeSync(place, { recursive: true });
  }
}

function timed(action: () => void): number {
  const from = performance.now();
  action();
  return performance.now() - from;
}

/** Bytes in use. */
function sizeOf(path: string): number {
  const db = openDatabase(path, { write: false });
  const [pages, free] = ["page_count", "freelist_count"].map((name) =>
    Number(db.prepare(`PRAGMA ${name}`).get()![name])
  );
  db.close();
  return 4096 * (pages! - free!);
}

function perSecond(count: number, ms: number): string {
  return `${Math.round(count / ms)}k/s`;
}
