/**
 * Names that can be those of a history's file.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { printable } from "../base/text.ts";

/**
 * Refuses a name that SQLite would take for something else than a file: such a history would be gone with the process, or
 * be at an unexpected place.
 *
 * @throws {UsageError} if it is one.
 */
export function refuseNoFile(path: string): void {
  const why = path.startsWith("file:")
    ? "SQLite would take it for a URI. Name a file by its path for --db"
    : path === "" || path === ":memory:" || path.includes("\0")
    ? "it names no file. Name a file for --db"
    : undefined;
  if (why !== undefined) throw new UsageError(`Cannot use "${printable(path)}" as a history: ${why}`);
}
