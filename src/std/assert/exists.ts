import { AssertionError } from "./assertion_error.ts";
import { withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} if `actual` is null or undefined. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(
      withReason(`Expected a value, got ${actual}`, msg),
    );
  }
}
