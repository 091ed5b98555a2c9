import { AssertionError } from "./assertion_error.ts";
import { show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} unless `expected` matches somewhere in `actual`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    withReason(`Expected ${show(actual)} to match ${expected}`, msg),
  );
}
