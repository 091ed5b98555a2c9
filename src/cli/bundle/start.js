// The sources in place of a bundle; `deno task bundle` makes one.
export { run } from "../start.ts";
