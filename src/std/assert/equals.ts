import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} that shows the difference unless the two are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `${withReason("Not equal", msg)}\n${difference(actual, expected)}`,
  );
}
