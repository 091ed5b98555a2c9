/**
 * Descriptors of this process, for tests of what is left open.
 *
 * @module
 */

import { until } from "./program.ts";

/** Returns the sockets and other files that are open, each by its descriptor. */
export function openFiles(): ReadonlySet<string> {
  const files = new Set<string>();
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      files.add(`${name} ${Deno.readLinkSync(`/proc/self/fd/${name}`)}`);
    } catch (error) {
      // The descriptor of the folder itself.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return files;
}

/** Resolves once nothing is open that was not before: some sockets are closed on another thread, also those of earlier tests. */
export const nothingMoreIsOpen = (before: ReadonlySet<string>) => until(() => openFiles().isSubsetOf(before));
