/**
 * A folder of a test's own.
 *
 * @module
 */

/** Does something in a new folder, which goes with whatever is in it then. */
export async function withFolder(act: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
