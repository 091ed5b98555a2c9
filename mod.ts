/**
 * synscan: a TCP port scanner in TypeScript on Deno, with raw sockets. The program is `sudo deno run --allow-ffi mod.ts
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
export type { LaterUser, ScanOptions, TargetList, Technique, Timing, TransportName } from "./src/scan/options.ts";
export {
  type HostNote,
  type NamesByHost,
  type PortResult,
  type Progress,
  type Reason,
  type ResultCursor,
  type ResultList,
  type State,
  type Summary,
  type Suspicion,
  toResult,
} from "./src/result/outcome.ts";
export {
  type DryRun,
  type Exclusions,
  planScan,
  type Scan,
  scan,
  type ScanControl,
  type ScanDone,
  type ScanNames,
  type ScanPlan,
  type ScanSnapshot,
  suggestSource,
} from "./src/scan/scan.ts";
import { planScan, scan, suggestSource } from "./src/scan/scan.ts";

if (import.meta.main) {
  const { run } = await import("./src/cli/program.js");
  await run({ scan, planScan, suggestSource });
}
