/**
 * The errors of a scan that cannot start. The message of each is one line: the fault, its place, and the remedy.
 *
 * @module
 */

/**
 * An error of the options: a target, a port, a flag, a file. The program ends with status 1.
 *
 * @example
 * ```ts
 * import { scan, UsageError } from "@synscan/synscan";
 *
 * try {
 *   await scan({ targets: "127.0.0.1", ports: "70000" }).summary;
 * } catch (error) {
 *   if (!(error instanceof UsageError)) throw error;
 *   console.log(error.message); // Cannot read ports "70000": "70000" is more than 65535 (column 1). ...
 * }
 * ```
 */
export class UsageError extends Error {
  /** The name of the class. */
  override readonly name = "UsageError";
}

/** An error of a scan of which the exclusions leave nothing. */
export class NothingLeftError extends UsageError {}

/**
 * An error of this machine: a permission, an interface that is down, a route. The program ends with status 2.
 *
 * @example
 * ```ts
 * import { CannotScanError, scan } from "@synscan/synscan";
 *
 * try {
 *   await scan({ targets: "127.0.0.1", ports: "22", technique: "connect", sourceIp: "192.0.2.1" }).summary;
 * } catch (error) {
 *   if (!(error instanceof CannotScanError)) throw error;
 *   console.log(error.message);
 * }
 * ```
 */
export class CannotScanError extends Error {
  /** The name of the class. */
  override readonly name = "CannotScanError";
}
