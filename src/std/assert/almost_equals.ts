import { AssertionError } from "./assertion_error.ts";
import { withReason } from "./message.ts";

/**
 * Throws an {@linkcode AssertionError} unless `actual` and `expected` differ by at most `tolerance`: by default the
 * ten-millionth part of `expected`.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (Math.abs(expected - actual) <= allowed) return;
  throw new AssertionError(
    withReason(
      `Expected ${actual} to be within ${allowed} of ${expected}`,
      msg,
    ),
  );
}
