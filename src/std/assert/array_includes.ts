import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { show, withReason } from "./message.ts";

/** An array, or an object that can be read like one; not a string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** Throws an {@linkcode AssertionError} unless each item of `expected` is somewhere in `actual`, deeply equal. */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const items = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !items.some((item) => equal(item, wanted)));
  if (missing.length === 0) return;
  throw new AssertionError(
    withReason(`Expected ${show(actual)} to have ${show(missing)} in it`, msg),
  );
}
