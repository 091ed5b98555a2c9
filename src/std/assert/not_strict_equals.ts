import { AssertionError } from "./assertion_error.ts";
import { show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} if the two are one and the same (`Object.is`). */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    withReason(`Expected anything but this very ${show(expected)}`, msg),
  );
}
