import { AssertionError } from "./assertion_error.ts";
import { withReason } from "./message.ts";

/** Fails at once. */
export function fail(msg?: string): never {
  throw new AssertionError(withReason("Failed", msg));
}
