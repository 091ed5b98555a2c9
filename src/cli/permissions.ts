/**
 * Errors about permissions of Deno that are missing.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";

/** Returns the error for missing rights to files; `subject` is the beginning of its message, up to "needs". */
export function noRightTo(subject: string, ...rights: readonly ("read" | "write")[]): CannotScanError {
  const flags = rights.map((right) => `--allow-${right}`).join(" and ");
  return new CannotScanError(`${subject} needs the right to ${rights.join(" and ")} files. Add ${flags} to deno run`);
}
