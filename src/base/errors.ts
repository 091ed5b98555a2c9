/**
 * The two ways in which a scan can fail before it starts. Both carry one line for a person: what is wrong, where, and
 * what to do.
 *
 * @module
 */

/** What the user asked for makes no sense: a flag, a target, a port, a file. The program ends with status 1. */
export class UsageError extends Error {
  /** The name of the class. */
  override readonly name = "UsageError";
}

/** An error of a scan of which the exclusions leave nothing. */
export class NothingLeftError extends UsageError {}

/** What the user asked for cannot be done here: a permission, an interface, a route. The program ends with status 2. */
export class CannotScanError extends Error {
  /** The name of the class. */
  override readonly name = "CannotScanError";
}
