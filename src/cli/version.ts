/** synscan's version; `tests/cli/version_test.ts` compares it with `deno.json`. */
export const VERSION = "0.1.0";
/** When it was released. */
export const RELEASED = "2026-11-21";
