/** Runs the command line with Deno's own arguments, and ends the process. */
export function run(scanner: unknown): Promise<never>;
