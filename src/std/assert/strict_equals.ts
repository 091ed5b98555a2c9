import { AssertionError } from "./assertion_error.ts";
import { difference, show, withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} that shows the difference unless the two are one and the same (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const text = show(actual);
  const found = text === show(expected)
    ? `Equal in structure, but not one object:\n${text}`
    : difference(actual, expected);
  throw new AssertionError(`${withReason("Not the same", msg)}\n${found}`);
}
