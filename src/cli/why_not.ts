/**
 * The reasons of system errors, in a few words.
 *
 * @module
 */

/** Returns true if the error is about a directory, or a path through something that is none. */
export function isDirectory(error: unknown): boolean {
  return error instanceof Deno.errors.IsADirectory || error instanceof Deno.errors.NotADirectory;
}

/** Returns the reason of a system error in a few words. */
export function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) {
    return /^permission denied to /.test(error.message) ? error.message : "permission denied";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no directory";
  if (error instanceof Deno.errors.InvalidData) return "it is not text in UTF-8";
  const message = error instanceof Error ? error.message : String(error);
  const system = /^(.*?) \(os error \d+\)/.exec(message)?.[1] ?? message.split("\n")[0] ?? "";
  return system.charAt(0).toLowerCase() + system.slice(1);
}
