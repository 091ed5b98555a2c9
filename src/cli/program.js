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
  const program = await import("#program");
  return await program.run(scanner);
}
