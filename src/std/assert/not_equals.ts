import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} if the two are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    withReason(`Expected anything but ${show(expected)}`, msg),
  );
}
