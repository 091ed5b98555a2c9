// The sources in place of a bundle; `deno task bundle` makes one.
import "../../scan/worker.ts";
