/**
 * The library, from its sources. In this project mod.ts exports that of the program's bundle, whose classes are others.
 *
 * @module
 */
export { CannotScanError, UsageError } from "../../src/base/errors.ts";
export { type PortResult, toResult } from "../../src/result/port_result.ts";
export type { Summary } from "../../src/result/summary.ts";
export type { Scan, ScanPlan } from "../../src/scan/api.ts";
export type { ScanOptions } from "../../src/scan/options.ts";
export { listHosts, planScan, scan, suggestSource } from "../../src/scan/scan.ts";
export type { ScanSnapshot } from "../../src/scan/snapshot.ts";
