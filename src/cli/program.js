// @ts-nocheck: a project that checks JavaScript would check this file by its own rules.
// @ts-self-types="./program.d.ts"
/**
 * The way from mod.ts to the command line. `#program` is the bundle of main.ts, by the import map in deno.json: a project that
 * imports mod.ts by its path has another map, so that its type check and its compiled program leave the command line, and with
 * it `@std`, out. (A specifier that is computed would do the same, but takes --allow-read to run.)
 *
 * @module
 */
export async function run(scanner) {
  const program = await load();
  return await program.run(scanner);
}

/** Loads the program; without the import map (`deno run --no-config`) from the file, which may be read only with a right to it. */
async function load() {
  try {
    return await import("#program");
  } catch (error) {
    if (!(error instanceof TypeError && error.message.includes('"#program"'))) throw error;
    const bundle = new URL("bundle/start.js", import.meta.url);
    if (Deno.permissions.querySync({ name: "read", path: bundle }).state === "granted") {
      return await import(bundle.href);
    }
    console.error(
      "Cannot start: the import map in deno.json is not used, and the files of the program may not be read. " +
        "Leave out --no-config, or add --allow-read",
    );
    Deno.exit(1);
  }
}
