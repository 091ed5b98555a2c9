/** The version of synscan; `tests/cli/docs/help_test.ts` compares it with `deno.json`. */
export const VERSION = "0.1.0";
/** The date of its release. */
export const RELEASED = "2026-11-21";
