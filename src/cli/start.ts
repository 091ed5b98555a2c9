/**
 * The entry of the program. It prints the version alone by itself: the command line and its flags are loaded for everything else.
 *
 * @module
 */
import type { Scanner } from "./scanner.ts";
import { VERSION } from "./version.ts";

/** Runs the program with Deno's own arguments, and ends it. */
export async function run(scanner: Scanner): Promise<never> {
  if (Deno.args.length === 1 && Deno.args[0] === "--version" && printVersion()) Deno.exit(0);
  const { run } = await import("./main.ts");
  return await run(scanner);
}

/** Prints the version; returns false if that fails, which the command line reports. */
function printVersion(): boolean {
  try {
    const text = new TextEncoder().encode(`synscan ${VERSION}\n`);
    return Deno.stdout.writeSync(text) === text.length;
  } catch {
    return false;
  }
}
