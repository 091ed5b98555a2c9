import { AssertionError } from "./assertion_error.ts";
import { show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} unless `actual` has `expected` in it. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    withReason(`Expected ${show(actual)} to have ${show(expected)} in it`, msg),
  );
}
