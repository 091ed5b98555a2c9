import { AssertionError } from "./assertion_error.ts";
import { withReason } from "./message.ts";

/** Marks a place that must never be reached. */
export function unreachable(msg?: string): never {
  throw new AssertionError(
    withReason("Reached a place thought unreachable", msg),
  );
}
