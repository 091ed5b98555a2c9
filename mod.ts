/**
 * synscan: a scanner of TCP and UDP ports in TypeScript on Deno, with raw sockets. The program is `sudo deno run --allow-ffi mod.ts
 * TARGET...`; the library is {@linkcode scan}. Importing it opens nothing.
 *
 * ```ts
 * import { scan } from "./mod.ts";
 *
 * for await (const { ip, port, state } of scan({ targets: "127.0.0.1", ports: "22,80" })) {
 *   console.log(ip, port, state);
 * }
 * ```
 *
 * @module
 */

export { CannotScanError, UsageError } from "./src/base/errors.ts";
export type {
  LaterUser,
  ScanOptions,
  ServiceOptions,
  TargetList,
  Technique,
  Timing,
  TransportName,
} from "./src/scan/options.ts";
export {
  type HostAddresses,
  type NamesByHost,
  type PortResult,
  type ResultCursor,
  type ResultList,
  toResult,
} from "./src/result/port_result.ts";
export type { Finding, HttpFacts, SshKey, TlsFacts } from "./src/result/finding.ts";
export { type HostResult, hostResults } from "./src/result/host_result.ts";
export type { Pass } from "./src/result/pass.ts";
export type { Reason } from "./src/result/reasons.ts";
export type { ScanShare } from "./src/result/share.ts";
export type { HostState, State } from "./src/result/states.ts";
export type {
  AliasedPrefix,
  Hostname,
  HostnamesSoFar,
  HostNote,
  HostOs,
  Progress,
  Summary,
  Suspicion,
} from "./src/result/summary.ts";
export type { FilteredPorts, Hop, Trace } from "./src/result/trace.ts";
export type { KeptTraces } from "./src/scan/trace_targets.ts";
export type { DryRun, HostList, ListedHost, Scan, ScanControl, ScanNames, ScanPlan } from "./src/scan/api.ts";
export type { Exclusions, RemainingPart, ScanSnapshot } from "./src/scan/snapshot.ts";
export type { ScanDone } from "./src/scan/worker_task.ts";
export { listHosts, planScan, scan, suggestSource } from "./src/scan/scan.ts";
import { listHosts, planScan, scan, suggestSource } from "./src/scan/scan.ts";

if (import.meta.main) {
  const { run } = await import("./src/cli/program.js");
  await run({ listHosts, planScan, scan, suggestSource });
}
