/**
 * All tests but the labs, as one module: what they import is loaded and compiled once for all of them.
 *
 * @module
 */

async function importTests(folder: URL): Promise<void> {
  const entries = [...Deno.readDirSync(folder)].sort((one, other) => one.name < other.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    if (isDirectory && name !== "lab") await importTests(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) await import(new URL(name, folder).href);
  }
}

await importTests(new URL("./", import.meta.url));
