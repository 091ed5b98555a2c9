import { AssertionError } from "./assertion_error.ts";
import { withReason } from "./message.ts";

/** Throws an {@linkcode AssertionError} unless `actual` was made by `expectedType`. */
export function assertInstanceOf<
  T extends abstract new (...args: never[]) => unknown,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const found = typeof actual === "object" && actual !== null ? actual.constructor?.name ?? "Object" : typeof actual;
  const got = actual === null ? "null" : found;
  throw new AssertionError(
    withReason(`Expected an instance of ${expectedType.name}, got ${got}`, msg),
  );
}
