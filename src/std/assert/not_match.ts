import { AssertionError } from "./assertion_error.ts";
import { show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} if `expected` matches anywhere in `actual`. */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    withReason(`Expected ${show(actual)} not to match ${expected}`, msg),
  );
}
